//! Whether a statement is true in an equilibrium, and in all of a set.
//!
//! On a continuum "true" needs a proof for every point: bounds over a box that
//! holds the component, cut into smaller boxes where they are too wide. What
//! cannot be proved is undecided, never true.

use crate::chain::Strategies;
use crate::number::{Scene, Seat, scene};
use crate::query::{Equilibrium, View};
use crate::range::Range;
use crate::solved::World;
use crate::undefined::Undefined;
use detente_exact::Q;
use detente_game::solution::FreeWhat;
use detente_model::question::Truth;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// Most boxes that a continuum is cut into.
const MAX_BOXES: usize = 256;

/// A statement in one combination of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// True, and on a continuum proven true at every point.
    True,
    /// False, and on a continuum proven false at every point.
    False,
    /// True at one point of a continuum and false at another.
    Mixed,
    /// Not proven either way; `shown` is the truth at the point that shows the component.
    Undecided { shown: Option<bool> },
    /// Neither true nor false.
    Undefined(Undefined),
}

/// A statement over a set of equilibria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    TrueInAll,
    TrueInSome,
    FalseInAll,
    /// Nothing can be said: undefined or undecided somewhere and true nowhere, no
    /// equilibrium in the column, or a set of equilibria that is not proven complete.
    Undefined,
}

impl Verdict {
    /// Whether the statement is true at one point at least.
    pub fn somewhere(&self) -> bool {
        matches!(self, Verdict::True | Verdict::Mixed | Verdict::Undecided { shown: Some(true) })
    }
}

/// Sums up verdicts.
pub fn class(verdicts: impl Iterator<Item = impl Borrow<Verdict>>) -> Class {
    let (mut count, mut all, mut some, mut none) = (0, true, false, true);
    for v in verdicts {
        let v = v.borrow();
        count += 1;
        all &= *v == Verdict::True;
        some |= v.somewhere();
        none &= *v == Verdict::False;
    }
    match (count, all, some, none) {
        (0, ..) => Class::Undefined,
        (_, true, ..) => Class::TrueInAll,
        (_, _, true, _) => Class::TrueInSome,
        (_, _, _, true) => Class::FalseInAll,
        _ => Class::Undefined,
    }
}

/// Decides a statement in one combination of equilibria.
pub fn verdict(params: &[Q], world: &World, truth: &Truth) -> Verdict {
    let list = &world.equilibria;
    let shown = match scene(params, list, false).truth(truth) {
        Err(why) => return Verdict::Undefined(why),
        Ok(None) => return Verdict::Undecided { shown: None },
        Ok(Some(b)) => b,
    };
    let decided = |b: bool| if b { Verdict::True } else { Verdict::False };
    if !list.iter().any(|(_, e)| e.varies()) {
        return decided(shown);
    }
    match scene(params, list, true).truth(truth) {
        Ok(Some(b)) if b == shown => return decided(b),
        Err(_) => return Verdict::Undecided { shown: Some(shown) },
        _ => {}
    }
    if at_extremes(params, list, truth, !shown) || at_ends(params, list, truth, !shown) {
        return Verdict::Mixed;
    }
    if over_boxes(params, list, truth, shown) {
        decided(shown)
    } else {
        Verdict::Undecided { shown: Some(shown) }
    }
}

/// Whether the statement is `wanted` at an extreme distribution of outcomes of some component.
fn at_extremes(params: &[Q], list: &[(Option<usize>, &Equilibrium)], truth: &Truth, wanted: bool) -> bool {
    list.iter().enumerate().any(|(k, (_, e))| {
        let points = e.distributions().filter(|d| d.len() > 1).unwrap_or_default();
        points.iter().any(|point| {
            let mut scene = scene(params, list, false);
            scene.seats[k].view = View::Distribution(point);
            scene.truth(truth) == Ok(Some(wanted))
        })
    })
}

/// Whether the statement is `wanted` wherever some number that varies is at an end of its range, which
/// some equilibrium of the component attains.
fn at_ends(params: &[Q], list: &[(Option<usize>, &Equilibrium)], truth: &Truth, wanted: bool) -> bool {
    list.iter().enumerate().any(|(k, (_, e))| {
        // With its pieces listed, a component's ranges are those of its pieces.
        !e.component.inequalities.is_empty()
            && e.component.free.iter().any(|free| {
                [&free.low, &free.high].into_iter().filter_map(|end| end.exact.clone()).any(|end| {
                    let mut boxes: Vec<Strategies> = list.iter().map(|(_, e)| e.whole.clone()).collect();
                    let (rows, h, place) = match free.what {
                        FreeWhat::Action(h, a) => (&mut boxes[k].moves, h, a),
                        FreeWhat::Belief(h, n) => (&mut boxes[k].beliefs, h, n),
                    };
                    let Some(row) = rows.get_mut(h as usize) else { return false };
                    let Some(range) = row.get_mut(place as usize) else { return false };
                    *range = Range::Point(end);
                    tighten(row) && truth_at(params, list, truth, &boxes) == Ok(Some(wanted))
                })
            })
    })
}

/// Whether the statement is `wanted` in every one of the boxes that a continuum is cut into.
fn over_boxes(params: &[Q], list: &[(Option<usize>, &Equilibrium)], truth: &Truth, wanted: bool) -> bool {
    let mut open: Vec<Vec<Strategies>> = vec![list.iter().map(|(_, e)| e.whole.clone()).collect()];
    let mut tried = 0;
    while let Some(boxes) = open.pop() {
        tried += 1;
        match truth_at(params, list, truth, &boxes) {
            Ok(Some(b)) if b == wanted => continue,
            Ok(None) if tried < MAX_BOXES => {}
            _ => return false,
        }
        // No box around a point that speaks against the statement will ever prove it.
        let point: Vec<Strategies> = boxes.iter().map(corner).collect();
        if truth_at(params, list, truth, &point) == Ok(Some(!wanted)) {
            return false;
        }
        let Some(place) = widest(&boxes, list) else { return false };
        open.extend(halves(&boxes, place).into_iter().flatten());
    }
    true
}

/// The truth of a statement over one box.
fn truth_at(
    params: &[Q],
    list: &[(Option<usize>, &Equilibrium)],
    truth: &Truth,
    boxes: &[Strategies],
) -> Result<Option<bool>, Undefined> {
    let mut seats = vec![];
    for (s, (variant, e)) in boxes.iter().zip(list) {
        seats.push(Seat { variant: *variant, equilibrium: e, view: View::At(s, false) });
    }
    Scene { params, seats }.truth(truth)
}

/// One point of a box: each menu's last actions get as much as they may.
fn corner(strategies: &Strategies) -> Strategies {
    let row = |row: &Vec<Range>| -> Vec<Range> {
        let mut rest = Q::ONE - row.iter().map(|r| r.low().clone()).sum::<Q>();
        let mut point: Vec<Range> = vec![];
        for range in row.iter().rev() {
            let extra = (range.high() - range.low()).min(rest.clone()).max(Q::ZERO);
            rest -= &extra;
            point.push(Range::Point(range.low() + &extra));
        }
        point.reverse();
        point
    };
    Strategies {
        moves: strategies.moves.iter().map(row).collect(),
        beliefs: strategies.beliefs.iter().map(row).collect(),
        chance: strategies.chance.clone(),
    }
}

/// The action whose probability varies most: game, information set, action.
fn widest(boxes: &[Strategies], list: &[(Option<usize>, &Equilibrium)]) -> Option<(usize, usize, usize)> {
    let mut best: Option<(Q, (usize, usize, usize))> = None;
    for (g, (strategies, (_, e))) in boxes.iter().zip(list).enumerate() {
        for free in &e.component.free {
            let FreeWhat::Action(h, a) = free.what else { continue };
            let place = (g, h as usize, a as usize);
            let range = strategies.moves.get(place.1).and_then(|row| row.get(place.2));
            let width = range.map_or(Q::ZERO, |r| r.high() - r.low());
            if width.is_positive() && best.as_ref().is_none_or(|(w, _)| width > *w) {
                best = Some((width, place));
            }
        }
    }
    best.map(|(_, place)| place)
}

/// Cuts a box in two at the middle of one range.
fn halves(boxes: &[Strategies], (g, h, a): (usize, usize, usize)) -> [Option<Vec<Strategies>>; 2] {
    let range = boxes[g].moves[h][a].clone();
    let middle = (range.low() + range.high()) / Q::from(2);
    let parts = [Range::new(range.low().clone(), middle.clone()), Range::new(middle, range.high().clone())];
    parts.map(|part| {
        let mut cut = boxes.to_vec();
        cut[g].moves[h][a] = part;
        tighten(&mut cut[g].moves[h]).then_some(cut)
    })
}

/// Narrows the probabilities of one menu to what a sum of one allows; false if nothing is left.
fn tighten(row: &mut [Range]) -> bool {
    let least: Q = row.iter().map(|r| r.low().clone()).sum();
    let most: Q = row.iter().map(|r| r.high().clone()).sum();
    if least > Q::ONE || most < Q::ONE {
        return false;
    }
    for range in row {
        let floor = Q::ONE - (&most - range.high());
        let roof = Q::ONE - (&least - range.low());
        let low = floor.max(range.low().clone());
        let high = roof.min(range.high().clone());
        *range = Range::new(low, high);
    }
    true
}
