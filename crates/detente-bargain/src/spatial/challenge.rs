//! Who can push whom: the odds of a contest between two actors, and what it would bring.
//!
//! The one idea: every number here is somebody's estimate. A *view* holds the utilities of all actors
//! as one of them sees them (`[position * actors + actor]`).
//! Source: KTAB (see `options.rs`).

use super::options::{SpatialOptions, ThirdParty, VotingRule};
use super::table::Table;
use super::vote::vote;

/// Each side of a contest has at least this strength.
const LEAST_SIDE: f64 = 1e-10;

/// Returns the probability, in that view, that `initiator` prevails over `target` with all third
/// parties having taken sides.
pub(crate) fn odds(
    table: &Table,
    options: &SpatialOptions,
    view: &[f64],
    initiator: usize,
    target: usize,
) -> f64 {
    let (n, rule) = (table.actors, options.voting);
    let at_initiator = &view[initiator * n..(initiator + 1) * n];
    let at_target = &view[target * n..(target + 1) * n];
    let (mut pro, mut contra) = (LEAST_SIDE, LEAST_SIDE);
    for principal in [initiator, target] {
        let v = vote(rule, table.power[principal], at_initiator[principal] - at_target[principal]);
        pro += v.max(0.0);
        contra += (-v).max(0.0);
    }
    if options.third_party != ThirdParty::Semi {
        // Joining costs the same on either side, so nobody does (see `ThirdParty`).
        return pro / (pro + contra);
    }
    let (alone_pro, alone_contra) = (pro, contra);
    for third in 0..n {
        if third == initiator || third == target {
            continue;
        }
        let (a, b, own) = (at_initiator[third], at_target[third], view[third * n + third]);
        let v = third_party(rule, table.power[third], [a, b, own], alone_pro, alone_contra);
        pro += v.max(0.0);
        contra += (-v).max(0.0);
    }
    pro / (pro + contra)
}

/// Returns the vote of a third party, positive for the initiator.
///
/// It first weighs the contest with itself on the side it prefers, then compares the utility of the
/// three positions if it joins one side or the other; a loser moves, a winner stays.
fn third_party(rule: VotingRule, weight: f64, worth: [f64; 3], pro: f64, contra: f64) -> f64 {
    let [a, b, own] = worth;
    let first = vote(rule, weight, a - b);
    let (pro, contra) = (pro + first.max(0.0), contra + (-first).max(0.0));
    let q = pro / (pro + contra);
    let join_initiator = q * (2.0 * a + own) + (1.0 - q) * (3.0 * b);
    let join_target = q * (3.0 * a) + (1.0 - q) * (2.0 * b + own);
    vote(rule, weight, join_initiator - join_target)
}

/// Returns what `gainer` would win over the status quo, in that view, if `initiator` challenged
/// `target` and prevailed with probability `odds`.
///
/// The target resists with the share of its attention that is on the table.
pub(crate) fn gain(
    table: &Table,
    view: &[f64],
    gainer: usize,
    initiator: usize,
    target: usize,
    odds: f64,
) -> f64 {
    let n = table.actors;
    let (a, b) = (view[initiator * n + gainer], view[target * n + gainer]);
    let contest = odds * (2.0 * a) + (1.0 - odds) * (2.0 * b);
    let resist = table.attention[target];
    (1.0 - resist) * (2.0 * a) + resist * contest - (a + b)
}

/// Returns the most rewarding target of `initiator` in its own view, its odds and its gain; the first
/// of several equal ones. `None` if no target promises more than `least_gain`.
pub(crate) fn best_target(
    table: &Table,
    options: &SpatialOptions,
    view: &[f64],
    initiator: usize,
) -> Option<(usize, f64, f64)> {
    let mut best: Option<(usize, f64, f64)> = None;
    for target in (0..table.actors).filter(|&j| j != initiator) {
        let p = odds(table, options, view, initiator, target);
        let g = gain(table, view, initiator, initiator, target, p);
        if g > options.least_gain && best.is_none_or(|(_, _, most)| g > most) {
            best = Some((target, p, g));
        }
    }
    best
}
