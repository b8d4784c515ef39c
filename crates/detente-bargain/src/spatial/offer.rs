//! What a challenger offers: new positions for itself and its target, issue by issue.
//!
//! The one idea: on each issue both move towards each other, and who cares more and is likelier to
//! prevail moves less.
//! Source: KTAB (see `options.rs`).

use super::options::{Interpolation, OfferModel, SpatialOptions, TargetView};
use super::table::Table;

/// Keeps two sides that neither care nor can prevail where they are.
const LEAST_WEIGHT: f64 = 1e-6;
/// Offers are rounded to this many parts of a scale.
const PARTS: f64 = 10_000.0;

/// Whose view of the odds an offer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Initiator,
    Target,
    /// The mean of both, weighted by power.
    Both,
}

/// An offer on the unit scale.
#[derive(Clone, Debug)]
pub(crate) struct UnitOffer {
    pub initiator: usize,
    pub target: usize,
    pub view: View,
    /// Where the initiator would stand on each issue.
    pub for_initiator: Vec<f64>,
    /// Where the target would stand.
    pub for_target: Vec<f64>,
}

/// Returns the offers that a challenge puts on the table. `odds` are those of the initiator to prevail,
/// in its own view and in the target's; only the views that the model asks for are read.
pub(crate) fn offers(
    table: &Table,
    options: &SpatialOptions,
    positions: &[f64],
    (initiator, target): (usize, usize),
    (own_odds, target_odds): (f64, f64),
) -> Vec<UnitOffer> {
    let offer = |view, odds| interpolate(table, options, positions, (initiator, target), odds, view);
    match options.offers {
        OfferModel::InitOnly => vec![offer(View::Initiator, own_odds)],
        OfferModel::InitReceiver => vec![offer(View::Initiator, own_odds), offer(View::Target, target_odds)],
        OfferModel::PowerWeighted => {
            let (first, second) = (offer(View::Initiator, own_odds), offer(View::Target, target_odds));
            vec![blend(table, options.target_view, &first, &second)]
        }
    }
}

fn interpolate(
    table: &Table,
    options: &SpatialOptions,
    positions: &[f64],
    (initiator, target): (usize, usize),
    odds: f64,
    view: View,
) -> UnitOffer {
    let issues = table.issues;
    let (mut for_initiator, mut for_target) = (Vec::with_capacity(issues), Vec::with_capacity(issues));
    for k in 0..issues {
        let (i, j) = (initiator * issues + k, target * issues + k);
        let places = (positions[i], positions[j]);
        let salience = (table.salience[i], table.salience[j]);
        let (a, b) = meet(options.interpolation, places, salience, odds, options.round_offers);
        for_initiator.push(a);
        for_target.push(b);
    }
    UnitOffer { initiator, target, view, for_initiator, for_target }
}

/// Returns where the two sides of one issue would stand.
fn meet(rule: Interpolation, places: (f64, f64), salience: (f64, f64), odds: f64, round: bool) -> (f64, f64) {
    let ((x, y), (s, t)) = (places, salience);
    // The squares are those of the odds as they come: what stands in for odds may lie outside 0 to 1.
    let (p, q) = (odds, 1.0 - odds);
    let (wx, wy) = match rule {
        Interpolation::S1P1 => (s * p.max(0.0), t * q.max(0.0)),
        Interpolation::S2P2 => (s * s * (p * p), t * t * (q * q)),
        Interpolation::S2PMax => {
            return weaker_moves(places, (s * s, t * t), p.clamp(0.0, 1.0), q.clamp(0.0, 1.0));
        }
    };
    let total = wx + LEAST_WEIGHT + wy;
    let first = ((wx + LEAST_WEIGHT) * x + wy * y) / total;
    let second = (wx * x + (LEAST_WEIGHT + wy) * y) / total;
    if round { (rounded(first), rounded(second)) } else { (first, second) }
}

/// The side with the worse odds moves, by how much worse they are; the published rule does not round.
fn weaker_moves((x, y): (f64, f64), (s, t): (f64, f64), p: f64, q: f64) -> (f64, f64) {
    let (behind_x, behind_y) = ((q - p).max(0.0), (p - q).max(0.0));
    let step_x = behind_x * t / (behind_x * t + LEAST_WEIGHT + (1.0 - behind_x) * s);
    let step_y = behind_y * s / (behind_y * s + LEAST_WEIGHT + (1.0 - behind_y) * t);
    (x + step_x * (y - x), y + step_y * (x - y))
}

fn rounded(place: f64) -> f64 {
    (0.5 + place * PARTS).floor() / PARTS
}

fn blend(table: &Table, rule: TargetView, first: &UnitOffer, second: &UnitOffer) -> UnitOffer {
    let (i, j) = (first.initiator, first.target);
    let (wi, wj) = match rule {
        TargetView::AsDescribed => (table.power[i], table.power[j]),
        TargetView::AsPublished => (table.attention[i], table.attention[j]),
    };
    let (wi, wj) = if wi + wj > 0.0 { (wi, wj) } else { (1.0, 1.0) };
    let mean = |a: &[f64], b: &[f64]| -> Vec<f64> {
        a.iter().zip(b).map(|(x, y)| (wi * x + wj * y) / (wi + wj)).collect()
    };
    UnitOffer {
        initiator: i,
        target: j,
        view: View::Both,
        for_initiator: mean(&first.for_initiator, &second.for_initiator),
        for_target: mean(&first.for_target, &second.for_target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cares_and_prevails_stays() {
        for rule in [Interpolation::S1P1, Interpolation::S2P2, Interpolation::S2PMax] {
            let (a, b) = meet(rule, (0.2, 0.8), (1.0, 0.5), 0.99, false);
            assert!((0.2..0.22).contains(&a) && a <= b && b < 0.25, "{rule:?}: {a} {b}");
            let (a, b) = meet(rule, (0.2, 0.8), (0.0, 0.0), 0.5, false);
            assert!((a - 0.2).abs() < 1e-9 && (b - 0.8).abs() < 1e-9, "{rule:?} without salience: {a} {b}");
        }
    }

    #[test]
    fn even_sides_meet_half_way_or_not_at_all() {
        let (a, b) = meet(Interpolation::S2P2, (0.2, 0.8), (0.5, 0.5), 0.5, true);
        assert_eq!((a, b), (0.5, 0.5));
        assert_eq!(meet(Interpolation::S2PMax, (0.2, 0.8), (0.5, 0.5), 0.5, true), (0.2, 0.8));
    }

    #[test]
    fn mirrored_sides_make_mirrored_offers() {
        for rule in [Interpolation::S1P1, Interpolation::S2P2, Interpolation::S2PMax] {
            let (a, b) = meet(rule, (0.1, 0.7), (0.3, 0.6), 0.35, false);
            let (c, d) = meet(rule, (0.9, 0.3), (0.3, 0.6), 0.35, false);
            assert!((a + c - 1.0).abs() < 1e-15 && (b + d - 1.0).abs() < 1e-15, "{rule:?}");
            let (e, f) = meet(rule, (0.7, 0.1), (0.6, 0.3), 0.65, false);
            assert!((a - f).abs() < 1e-15 && (b - e).abs() < 1e-15, "{rule:?}");
        }
    }
}
