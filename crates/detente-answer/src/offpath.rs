//! Limits along trembles: what Bayes' rule says of an event of probability zero.
//!
//! Every unused action vanishes like a weight times a power of one small
//! number. A sum is led by its lowest power, a product adds powers, so the
//! limit of a ratio needs leading terms only (Kreps and Wilson, "Sequential
//! equilibria", Econometrica 1982).

use crate::chain::{Forced, mix};
use crate::query::{Equilibrium, chain};
use crate::range::Range;
use crate::undefined::OffPath;
use detente_exact::Q;
use detente_game::solution::{Concept, FreeWhat};
use detente_game::{InfosetId, NodeId, NodeKind};
use detente_model::question::Conditions;

/// A weight times a power of the tremble; `None` is zero.
type Leading = Option<(u32, Range)>;

fn sum(a: Leading, b: Leading) -> Leading {
    match (a, b) {
        (Some((i, x)), Some((j, y))) if i == j => Some((i, x.plus(&y))),
        (Some(a), Some(b)) => Some(if a.0 < b.0 { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// The mean of `values` over the plays that have one, in the limit; `None` outside
/// sequential equilibrium or where no limit can be told.
pub fn limit(eq: &Equilibrium, on: &Conditions, values: &[Option<Q>]) -> Option<OffPath> {
    if eq.concept != Concept::Sequential || eq.component.tremble.len() != eq.setting.game.infosets.len() {
        return None;
    }
    let beliefs_vary = eq.component.free.iter().any(|f| matches!(f.what, FreeWhat::Belief(..)));
    if on.interventions.is_empty()
        && let Some(range) = through_one_set(eq, values)
    {
        let (low, high) = range.ends();
        return Some(OffPath { low, high, may_vary: false });
    }
    let (low, high) = along_trembles(eq, on, values)?.ends();
    let moves_vary = eq.component.free.iter().any(|f| matches!(f.what, FreeWhat::Action(..)));
    Some(OffPath { low, high, may_vary: beliefs_vary || moves_vary })
}

/// The mean of `values` as the trembles of the point shown vanish.
pub fn along_trembles(eq: &Equilibrium, on: &Conditions, values: &[Option<Q>]) -> Option<Range> {
    let game = eq.setting.game;
    let forced = Forced::new(game, &on.interventions);
    let chain = chain(eq, &eq.shown, &forced);
    let mut reach: Vec<Leading> = vec![None; game.nodes.len()];
    reach[0] = Some((0, Range::Point(Q::ONE)));
    let mut total: Leading = None;
    for n in 0..game.nodes.len() {
        let Some((order, weight)) = reach[n].clone() else { continue };
        let node = NodeId(n as u32);
        if let NodeKind::Terminal(_) = game.nodes[n].kind {
            if values[n].is_some() {
                total = sum(total, Some((order, weight)));
            }
            continue;
        }
        let fixed = forced.is_forced(node);
        let branches = chain.branches(node);
        for (k, child) in game.children(node).iter().enumerate() {
            let step = match game.nodes[n].kind {
                NodeKind::Decision(h) if !fixed => {
                    let (order, weight) = eq.component.tremble[h.index()].get(k)?;
                    Some((*order, Range::of(weight)))
                }
                _ if branches[k].is_zero() => None,
                _ => Some((0, branches[k].clone())),
            };
            if let Some((more, factor)) = step.filter(|s| !s.1.is_zero()) {
                reach[child.index()] = Some((order + more, weight.times(&factor)));
            }
        }
    }
    let (lead, total) = total?;
    let mut sum = Range::ZERO;
    for (value, place) in values.iter().zip(&reach) {
        if let (Some(value), Some((order, weight))) = (value, place)
            && *order == lead
        {
            sum = sum.plus(&weight.times(&Range::Point(value.clone())));
        }
    }
    sum.over(&total)
}

/// Where all plays in question pass one unreached information set: the mean by the
/// beliefs there, over everything that the component leaves free.
fn through_one_set(eq: &Equilibrium, values: &[Option<Q>]) -> Option<Range> {
    let game = eq.setting.game;
    let count = counts_below(eq, values);
    for (h, set) in game.infosets.iter().enumerate() {
        let beliefs = &eq.whole.beliefs.get(h).filter(|b| b.len() == set.nodes.len())?;
        let passing: usize = set.nodes.iter().map(|n| count[n.index()]).sum();
        if eq.component.reached.get(h) != Some(&false) || passing != count[0] {
            continue;
        }
        if let Some(range) = mean_at(eq, InfosetId(h as u32), beliefs, values) {
            return Some(range);
        }
    }
    None
}

fn counts_below(eq: &Equilibrium, values: &[Option<Q>]) -> Vec<usize> {
    let game = eq.setting.game;
    let mut count: Vec<usize> = values.iter().map(|v| usize::from(v.is_some())).collect();
    for n in (0..game.nodes.len()).rev() {
        for child in game.children(NodeId(n as u32)) {
            count[n] += count[child.index()];
        }
    }
    count
}

fn mean_at(eq: &Equilibrium, h: InfosetId, beliefs: &[Range], values: &[Option<Q>]) -> Option<Range> {
    let known: Vec<&Q> = values.iter().flatten().collect();
    let least = (*known.iter().min()?).clone();
    let spread = *known.iter().max()? - &least;
    if spread.is_zero() {
        return Some(Range::Point(least));
    }
    let forced = Forced::new(eq.setting.game, &[]);
    let chain = chain(eq, &eq.whole, &forced);
    let scaled = |n: NodeId| values[n.index()].as_ref().map(|v| (v - &least) / &spread);
    let nodes = &eq.setting.game.infosets[h.index()].nodes;
    let at = |below: Vec<Range>| mix(beliefs.iter().zip(nodes.iter().map(|n| &below[n.index()])));
    let above = at(chain.expectations(|n| scaled(n).unwrap_or(Q::ZERO)));
    let rest = at(chain.expectations(|n| scaled(n).map_or(Q::ZERO, |w| Q::ONE - w)));
    // Where the plays in question may themselves be unlikely from here, look further down.
    if !above.plus(&rest).low().is_positive() {
        return None;
    }
    let low_sum = above.low() + rest.high();
    let high_sum = above.high() + rest.low();
    let low = if low_sum.is_positive() { above.low() / low_sum } else { Q::ZERO };
    let high = if high_sum.is_positive() { above.high() / high_sum } else { Q::ONE };
    Some(Range::Point(least).plus(&Range::new(low, high).times(&Range::Point(spread))))
}
