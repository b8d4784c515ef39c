//! Pieces joined into components, and what is printed of these.
//!
//! The one idea: two pieces that share a strategy of one player, be it a mixture, are joined by lines of
//! equilibria; components that share none in one of the players are apart. What is printed is lowest and
//! highest at corners.

use super::cover::meet;
use super::form::Form;
use super::index::index;
use detente_exact::Q;
use detente_game::Game;
use detente_game::sequences::SequenceProof;
use detente_game::solution::{Component, FreeWhat, Num, OutcomeSet, Solution};
use std::collections::{BTreeMap, BTreeSet};

/// Most pairs of pieces that are told apart, and most pairs of corners whose outcomes are recomputed.
const APART: usize = 20_000;
const PAIRS: usize = 20_000;

/// Checks the components against the pieces; returns what is not confirmed.
///
/// # Errors
/// Says what is wrong.
pub(super) fn check(
    game: &Game,
    form: &Form,
    proof: &SequenceProof,
    reaches: &[Vec<Vec<Q>>; 2],
    solution: &Solution,
) -> Result<Vec<String>, String> {
    let mut listed: Vec<u32> = proof.components.iter().flatten().copied().collect();
    listed.sort_unstable();
    if listed != (0..proof.pieces.len() as u32).collect::<Vec<u32>>() {
        return Err("the components do not list every piece once".into());
    }
    if proof.components.len() != solution.components.len() || proof.index.len() != proof.components.len() {
        return Err("the proof has another number of components than the answer".into());
    }
    let sum: Option<i64> = proof.index.iter().copied().sum();
    if sum.is_some_and(|sum| sum != 1) {
        return Err("the indices do not sum to 1".into());
    }
    let pieces = Pieces { proof, reaches };
    let mut unconfirmed = vec![];
    for (k, list) in proof.components.iter().enumerate() {
        if !pieces.hang_together(list) {
            return Err(format!("the pieces of component {k} do not hang together"));
        }
    }
    if !pieces.apart()? {
        unconfirmed.push("that no two components are one".into());
    }
    let (mut left, mut skipped) = (PAIRS, 0);
    for (k, (component, list)) in solution.components.iter().zip(&proof.components).enumerate() {
        let printed = Printed { game, form, component, pairs: pieces.pairs(list), reaches };
        let mut results = vec![printed.check_profile(), printed.check_ranges()];
        match printed.pairs.len() <= left {
            true => {
                left -= printed.pairs.len();
                results.push(printed.check_outcomes());
            }
            false => skipped += 1,
        }
        let all: Result<(), String> = results.into_iter().collect();
        all.map_err(|why| format!("equilibrium {k}: {why}"))?;
    }
    if skipped > 0 {
        unconfirmed.push(format!("lowest and highest outcome probabilities ({skipped} components)"));
    }
    let any = |of: fn(&Component) -> bool| solution.components.iter().any(of);
    if any(|c| !c.conditions.is_empty() || c.inequalities.iter().any(|piece| !piece.is_empty())) {
        unconfirmed.push("conditions on what is free".into());
    }
    if any(|c| !c.outcome_vertices.is_empty()) {
        unconfirmed.push("that the outcome vertices are all extreme points".into());
    }
    unconfirmed.extend(check_indices(form, proof, reaches)?);
    Ok(unconfirmed)
}

/// Recomputes the index of each component that is one equilibrium with strict losses beside it; returns what is
/// not confirmed of the others. Of one component alone the sum of all says it.
fn check_indices(
    form: &Form,
    proof: &SequenceProof,
    reaches: &[Vec<Vec<Q>>; 2],
) -> Result<Option<String>, String> {
    let mut open = 0;
    for (k, (list, claimed)) in proof.components.iter().zip(&proof.index).enumerate() {
        let Some(claimed) = claimed else { continue };
        let found = match list.as_slice() {
            [n] => match &proof.pieces[*n as usize] {
                [x, y] if x.len() == 1 && y.len() == 1 => {
                    index(form, [&reaches[0][x[0] as usize], &reaches[1][y[0] as usize]])
                }
                _ => None,
            },
            _ => None,
        };
        match found {
            Some(found) if found != *claimed => {
                return Err(format!("the index of equilibrium {k} is {found}, not {claimed}"));
            }
            Some(_) => {}
            None => open += 1,
        }
    }
    let summed = proof.index.iter().all(Option::is_some);
    Ok(match open {
        0 => None,
        1 if summed => None,
        _ => Some(format!(
            "the index of {open} of {} components; that all sum to +1 is",
            proof.components.len()
        )),
    })
}

struct Pieces<'a> {
    proof: &'a SequenceProof,
    reaches: &'a [Vec<Vec<Q>>; 2],
}

impl Pieces<'_> {
    /// Whether some strategy of a player is a mixture in both pieces.
    fn share(&self, p: usize, one: u32, other: u32) -> bool {
        let list = |n: u32| -> Vec<&[Q]> {
            let all = &self.proof.pieces[n as usize][p];
            all.iter().map(|x| self.reaches[p][*x as usize].as_slice()).collect()
        };
        meet(&list(one), &list(other))
    }

    fn hang_together(&self, list: &[u32]) -> bool {
        let mut left: Vec<u32> = list.to_vec();
        let Some(first) = left.pop() else { return false };
        let mut queue = vec![first];
        while let Some(k) = queue.pop() {
            let (near, far): (Vec<u32>, Vec<u32>) =
                left.into_iter().partition(|j| (0..2).any(|p| self.share(p, k, *j)));
            queue.extend(near);
            left = far;
        }
        left.is_empty()
    }

    /// Whether it was shown that no two components have an equilibrium in common.
    fn apart(&self) -> Result<bool, String> {
        let mut left = APART;
        for (k, mine) in self.proof.components.iter().enumerate() {
            for theirs in &self.proof.components[..k] {
                for (a, b) in mine.iter().flat_map(|a| theirs.iter().map(move |b| (*a, *b))) {
                    if left == 0 {
                        return Ok(false);
                    }
                    left -= 1;
                    if (0..2).all(|p| self.share(p, a, b)) {
                        return Err("two components are one".into());
                    }
                }
            }
        }
        Ok(true)
    }

    /// The pairs of corners of a component.
    fn pairs(&self, list: &[u32]) -> BTreeSet<(u32, u32)> {
        let of = |n: &u32| {
            let [first, second] = &self.proof.pieces[*n as usize];
            first.iter().flat_map(move |x| second.iter().map(move |y| (*x, *y)))
        };
        list.iter().flat_map(of).collect()
    }
}

/// A component as printed, and the pairs of its corners.
struct Printed<'a> {
    game: &'a Game,
    form: &'a Form,
    component: &'a Component,
    pairs: BTreeSet<(u32, u32)>,
    reaches: &'a [Vec<Vec<Q>>; 2],
}

impl Printed<'_> {
    fn corner(&self, p: usize, pair: (u32, u32)) -> &[Q] {
        &self.reaches[p][if p == 0 { pair.0 } else { pair.1 } as usize]
    }

    /// The equilibrium that is shown is a pair of corners.
    fn check_profile(&self) -> Result<(), String> {
        let mut shown = [vec![], vec![]];
        for (p, shown) in shown.iter_mut().enumerate() {
            let side = &self.form.sides[p];
            *shown = vec![Q::ZERO; side.slots()];
            shown[0] = Q::ONE;
            for k in 0..side.sets.len() {
                let row =
                    self.component.profile.get(side.sets[k] as usize).filter(|r| r.len() == side.count[k]);
                let before = shown[side.parent[k]].clone();
                for (s, number) in side.range(k).zip(row.ok_or("a set has no probabilities")?) {
                    shown[s] = &before * number.exact.as_ref().ok_or("it is not exact")?;
                }
            }
        }
        let is = |pair: &(u32, u32)| (0..2).all(|p| self.corner(p, *pair) == shown[p]);
        if self.pairs.iter().any(is) { Ok(()) } else { Err("it is no corner of its component".into()) }
    }

    /// The listed ranges of probabilities are those of the corners that come to the set, and none is left out.
    fn check_ranges(&self) -> Result<(), String> {
        let mut ranges: BTreeMap<(u32, u32), (Q, Q)> = BTreeMap::new();
        for p in 0..2 {
            let side = &self.form.sides[p];
            let all: BTreeSet<&[Q]> = self.pairs.iter().map(|pair| self.corner(p, *pair)).collect();
            for k in 0..side.sets.len() {
                for s in side.range(k) {
                    let come = all.iter().filter(|x| !x[side.parent[k]].is_zero());
                    let shares: Vec<Q> = come.map(|x| &x[s] / &x[side.parent[k]]).collect();
                    if let (Some(low), Some(high)) = (shares.iter().min(), shares.iter().max())
                        && low != high
                    {
                        let action = (s - side.first[k]) as u32;
                        ranges.insert((side.sets[k], action), (low.clone(), high.clone()));
                    }
                }
            }
        }
        for free in &self.component.free {
            let FreeWhat::Action(h, a) = free.what else { return Err("a range of beliefs is listed".into()) };
            let ends = free.low.exact.clone().zip(free.high.exact.clone());
            if ranges.remove(&(h, a)) != ends || ends.is_none() {
                return Err("a range of probabilities is wrong".into());
            }
        }
        if ranges.is_empty() { Ok(()) } else { Err("a range of probabilities is missing".into()) }
    }

    /// The listed ranges of outcomes are those of the pairs of corners.
    fn check_outcomes(&self) -> Result<(), String> {
        let keys = self.game.outcome_keys().len();
        let mut ends: Vec<Option<(Q, Q)>> = vec![None; keys];
        for pair in &self.pairs {
            let mut found = vec![Q::ZERO; keys];
            let (x, y) = (self.corner(0, *pair), self.corner(1, *pair));
            for end in &self.form.ends {
                let (a, b) = (&x[end.slots[0]], &y[end.slots[1]]);
                if let Some(total) = end.key.and_then(|k| found.get_mut(k))
                    && !a.is_zero()
                    && !b.is_zero()
                {
                    *total += &(a * b) * &end.chance;
                }
            }
            for (range, q) in ends.iter_mut().zip(found) {
                *range = Some(match range.take() {
                    None => (q.clone(), q),
                    Some((low, high)) => (low.min(q.clone()), high.max(q)),
                });
            }
        }
        let is = |n: &Num, q: &Q| n.exact.as_ref() == Some(q);
        let listed = &self.component.outcome_range;
        let right = listed.len() == keys
            && listed.iter().zip(&ends).all(|((low, high), found)| {
                found.as_ref().is_some_and(|(from, to)| is(low, from) && is(high, to))
            });
        let varies = ends.iter().flatten().any(|(low, high)| low != high);
        match self.component.outcome_set {
            // Only outer bounds are claimed.
            OutcomeSet::Enclosure => Ok(()),
            set if right && varies == (set != OutcomeSet::Point) => Ok(()),
            _ => Err("a range of outcome probabilities is wrong".into()),
        }
    }
}
