//! Pieces joined into components, and what is printed of these.
//!
//! The one idea: corners decide. Two pieces touch only in shared corners, and a probability, linear
//! in each player's strategy, is lowest and highest at corners.

use super::corners::determinant_sign;
use super::replay::Facts;
use super::table::Table;
use detente_exact::Q;
use detente_game::matrix::MatrixProof;
use detente_game::solution::{Component, Condition, Factor, FreeWhat, Num, OutcomeSet, Solution};
use std::collections::{BTreeMap, BTreeSet};

/// Most pairs of corners at which outcome probabilities are recomputed, over all components.
const PAIRS: usize = 20_000;

/// Checks the components against the pieces; returns what is not confirmed.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn check(
    table: &Table,
    proof: &MatrixProof,
    facts: &Facts,
    solution: &Solution,
    complete: bool,
) -> Result<Vec<String>, String> {
    let mut listed: Vec<u32> = proof.components.iter().flatten().copied().collect();
    listed.sort_unstable();
    if listed != (0..proof.pieces.len() as u32).collect::<Vec<u32>>() {
        return Err("the components do not list every piece once".into());
    }
    if proof.components.len() != solution.components.len() {
        return Err("the proof has another number of components than the answer".into());
    }
    for (k, pieces) in proof.components.iter().enumerate() {
        if !hangs_together(proof, pieces) {
            return Err(format!("the pieces of component {k} do not hang together"));
        }
    }
    if complete {
        check_closed(proof, facts)?;
        check_apart(proof)?;
    }
    let mut unconfirmed = vec![];
    let (mut left, mut skipped) = (PAIRS, 0);
    for (k, (component, pieces)) in solution.components.iter().zip(&proof.components).enumerate() {
        let printed = Printed { table, proof, component, pieces };
        printed.check_profile().map_err(|why| format!("equilibrium {k}: {why}"))?;
        if complete {
            printed.check_ranges().map_err(|why| format!("equilibrium {k}: {why}"))?;
            printed.check_conditions().map_err(|why| format!("equilibrium {k}: {why}"))?;
            match printed.pairs() {
                n if n <= left => {
                    left -= n;
                    printed.check_outcomes().map_err(|why| format!("equilibrium {k}: {why}"))?;
                }
                _ => skipped += 1,
            }
        }
    }
    if skipped > 0 {
        unconfirmed.push(format!("lowest and highest outcome probabilities ({skipped} components)"));
    }
    let any = |of: fn(&Component) -> bool| solution.components.iter().any(of);
    if !complete && any(|c| !c.free.is_empty() || c.outcome_set != OutcomeSet::Point) {
        unconfirmed.push("ranges of probabilities".into());
    }
    if any(|c| c.inequalities.iter().any(|piece| !piece.is_empty())) {
        unconfirmed.push(match complete {
            true => "that all that the conditions on what is free allow is an equilibrium".into(),
            false => "conditions on what is free".into(),
        });
    }
    if any(|c| !c.outcome_vertices.is_empty()) {
        unconfirmed.push("that the outcome vertices are all extreme points".into());
    }
    Ok(unconfirmed)
}

/// Whether two pieces share a pair of corners.
fn touch(one: &[Vec<u32>; 2], other: &[Vec<u32>; 2]) -> bool {
    (0..2).all(|p| one[p].iter().any(|x| other[p].binary_search(x).is_ok()))
}

fn hangs_together(proof: &MatrixProof, pieces: &[u32]) -> bool {
    let mut left: Vec<u32> = pieces.to_vec();
    let Some(first) = left.pop() else { return false };
    let mut queue = vec![first];
    while let Some(k) = queue.pop() {
        let (near, far): (Vec<u32>, Vec<u32>) =
            left.into_iter().partition(|j| touch(&proof.pieces[k as usize], &proof.pieces[*j as usize]));
        queue.extend(near);
        left = far;
    }
    left.is_empty()
}

/// Every piece lists all strategies that fit it.
fn check_closed(proof: &MatrixProof, facts: &Facts) -> Result<(), String> {
    for (n, piece) in proof.pieces.iter().enumerate() {
        for p in 0..2 {
            let of = |facts: &[Vec<Vec<bool>>; 2], x: u32| facts[p][x as usize].clone();
            let (mut used, mut replies) = (of(&facts.used, piece[p][0]), of(&facts.replies, piece[p][0]));
            for x in &piece[p] {
                used.iter_mut().zip(of(&facts.used, *x)).for_each(|(a, b)| *a |= b);
                replies.iter_mut().zip(of(&facts.replies, *x)).for_each(|(a, b)| *a &= b);
            }
            for x in (0..proof.strategies[p].len() as u32).filter(|x| piece[p].binary_search(x).is_err()) {
                let (own, other) = (&facts.used[p][x as usize], &facts.replies[p][x as usize]);
                let inside = own.iter().zip(&used).all(|(a, b)| *b || !*a);
                if inside && replies.iter().zip(other).all(|(a, b)| *b || !*a) {
                    return Err(format!("piece {n} leaves out a strategy that fits it"));
                }
            }
        }
    }
    Ok(())
}

/// Different components share no pair of corners.
fn check_apart(proof: &MatrixProof) -> Result<(), String> {
    let mut owner: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (k, pieces) in proof.components.iter().enumerate() {
        for piece in pieces.iter().map(|n| &proof.pieces[*n as usize]) {
            for x in &piece[0] {
                for y in &piece[1] {
                    if *owner.entry((*x, *y)).or_insert(k) != k {
                        return Err("two components are one".into());
                    }
                }
            }
        }
    }
    Ok(())
}

/// A component as printed, and its pieces.
struct Printed<'a> {
    table: &'a Table,
    proof: &'a MatrixProof,
    component: &'a Component,
    pieces: &'a [u32],
}

impl Printed<'_> {
    fn corners(&self, p: usize) -> BTreeSet<u32> {
        self.pieces.iter().flat_map(|n| self.proof.pieces[*n as usize][p].iter().copied()).collect()
    }

    fn pairs(&self) -> usize {
        let size = |n: &u32| {
            let [first, second] = &self.proof.pieces[*n as usize];
            first.len().saturating_mul(second.len())
        };
        self.pieces.iter().map(size).fold(0, usize::saturating_add)
    }

    /// The equilibrium that is shown is a pair of corners of a piece.
    fn check_profile(&self) -> Result<(), String> {
        let profile: Option<Vec<Vec<Q>>> =
            self.component.profile.iter().map(|h| h.iter().map(|n| n.exact.clone()).collect()).collect();
        let profile = profile.ok_or("it is not exact")?;
        let shown = |p: usize, list: &[u32]| {
            list.iter()
                .any(|x| Some(&self.proof.strategies[p][*x as usize]) == profile.get(self.table.sets[p]))
        };
        let inside = self.pieces.iter().any(|n| {
            let piece = &self.proof.pieces[*n as usize];
            shown(0, &piece[0]) && shown(1, &piece[1])
        });
        if inside { Ok(()) } else { Err("it is no corner of its component".into()) }
    }

    /// The listed ranges of probabilities are those of the corners, and none is left out.
    fn check_ranges(&self) -> Result<(), String> {
        let mut ranges = BTreeMap::new();
        for p in 0..2 {
            let corners = self.corners(p);
            for a in 0..self.table.size(p) {
                let all = corners.iter().map(|x| &self.proof.strategies[p][*x as usize][a]);
                let (low, high) = (all.clone().min(), all.max());
                if low != high {
                    let ends = low.cloned().zip(high.cloned());
                    ranges.insert((self.table.sets[p] as u32, a as u32), ends);
                }
            }
        }
        // A belief of the player who moves second is the first one's choice.
        let leader = usize::from(self.component.beliefs[self.table.sets[0]].len() > 1);
        let (leads, follows) = (self.table.sets[leader] as u32, self.table.sets[1 - leader] as u32);
        let beliefs: BTreeMap<u32, Option<(Q, Q)>> =
            ranges.iter().filter(|((h, _), _)| *h == leads).map(|((_, a), r)| (*a, r.clone())).collect();
        for free in &self.component.free {
            let (h, a) = match free.what {
                FreeWhat::Action(h, a) => (h, a),
                FreeWhat::Belief(h, a) => {
                    let ends = free.low.exact.clone().zip(free.high.exact.clone());
                    if h != follows || beliefs.get(&a) != Some(&ends) {
                        return Err("a range of beliefs is wrong".into());
                    }
                    continue;
                }
            };
            let ends = free.low.exact.clone().zip(free.high.exact.clone());
            if ranges.remove(&(h, a)) != Some(ends) {
                return Err("a range of probabilities is wrong".into());
            }
        }
        if ranges.is_empty() { Ok(()) } else { Err("a range of probabilities is missing".into()) }
    }

    /// The corners of each piece satisfy its conditions, so all of the piece does.
    fn check_conditions(&self) -> Result<(), String> {
        let listed = &self.component.conditions;
        if !listed.is_empty() && listed.len() != self.pieces.len() {
            return Err("there is not one list of conditions per piece".into());
        }
        for (n, conditions) in self.pieces.iter().zip(listed) {
            let corners = &self.proof.pieces[*n as usize];
            for condition in conditions {
                let player = self.speaks_of(condition)?;
                for x in &corners[player] {
                    let x = &self.proof.strategies[player][*x as usize];
                    let mut value = condition.constant.clone();
                    for (factors, q) in &condition.terms {
                        let Some(p) = factors.first().and_then(|f| x.get(number_of(f))) else {
                            return Err("a condition speaks of no action".into());
                        };
                        value += q * p;
                    }
                    if value.is_negative() || (condition.equality && !value.is_zero()) {
                        return Err("a condition leaves an equilibrium out".into());
                    }
                }
            }
        }
        Ok(())
    }

    /// The player whose probabilities, one per term, a condition ties together. A belief of the player who
    /// moves second is a probability of the first one's.
    fn speaks_of(&self, condition: &Condition) -> Result<usize, String> {
        let set = |p: usize| self.table.sets[p] as u32;
        let owner = |f: &Factor| match f {
            Factor::Action(h, _) => (0..2).find(|p| set(*p) == *h),
            Factor::Belief(h, _) => {
                let follows = self.component.beliefs.get(*h as usize).is_some_and(|b| b.len() > 1);
                (0..2).find(|p| follows && set(1 - *p) == *h)
            }
            Factor::Tremble(..) => None,
        };
        let mut player = None;
        for (factors, _) in &condition.terms {
            let [factor] = &factors[..] else { return Err("a condition has a product".into()) };
            let found = owner(factor).ok_or("a condition speaks of what is not free")?;
            if player.is_some_and(|p| p != found) {
                return Err("a condition speaks of both players".into());
            }
            player = Some(found);
        }
        player.ok_or_else(|| "a condition speaks of nothing".into())
    }

    /// The listed ranges of outcomes are those of the pairs of corners.
    fn check_outcomes(&self) -> Result<(), String> {
        let keys = self.component.outcome_range.len();
        let mut ends: Vec<Option<(Q, Q)>> = vec![None; keys];
        let mut seen = BTreeSet::new();
        for piece in self.pieces.iter().map(|n| &self.proof.pieces[*n as usize]) {
            for x in &piece[0] {
                for y in piece[1].iter().filter(|y| seen.insert((*x, **y))) {
                    let found = self.distribution(*x, *y, keys);
                    for (range, q) in ends.iter_mut().zip(found) {
                        *range = Some(match range.take() {
                            None => (q.clone(), q),
                            Some((low, high)) => (low.min(q.clone()), high.max(q)),
                        });
                    }
                }
            }
        }
        let is = |n: &Num, q: &Q| n.exact.as_ref() == Some(q);
        let right = self.component.outcome_range.iter().zip(&ends).all(|((low, high), found)| {
            found.as_ref().is_some_and(|(from, to)| is(low, from) && is(high, to))
        });
        let varies = ends.iter().flatten().any(|(low, high)| low != high);
        let said = self.component.outcome_set != OutcomeSet::Point;
        if right && varies == said { Ok(()) } else { Err("a range of outcome probabilities is wrong".into()) }
    }

    fn distribution(&self, x: u32, y: u32, keys: usize) -> Vec<Q> {
        let mut found = vec![Q::ZERO; keys];
        let (first, second) = (&self.proof.strategies[0][x as usize], &self.proof.strategies[1][y as usize]);
        for (i, p) in first.iter().enumerate().filter(|(_, p)| !p.is_zero()) {
            for (j, q) in second.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
                for (key, chance) in &self.table.outcomes[i * second.len() + j] {
                    if let Some(total) = found.get_mut(*key) {
                        *total += &(p * q) * chance;
                    }
                }
            }
        }
        found
    }
}

/// The position that a factor names.
fn number_of(factor: &Factor) -> usize {
    match factor {
        Factor::Action(_, a) | Factor::Belief(_, a) | Factor::Tremble(_, a) => *a as usize,
    }
}

/// Recomputes the index of components without ties, and the sum of all.
///
/// # Errors
/// An index is wrong, or the sum is not 1.
pub(crate) fn check_indices(
    table: &Table,
    proof: &MatrixProof,
    facts: &Facts,
    complete: bool,
) -> Result<Vec<String>, String> {
    if proof.index.len() != proof.components.len() {
        return Err("there is not one index per component".into());
    }
    let mut tied = 0;
    for (k, (pieces, claimed)) in proof.components.iter().zip(&proof.index).enumerate() {
        match (regular_index(table, proof, facts, pieces), claimed) {
            (Some(found), Some(claimed)) if found != *claimed => {
                return Err(format!("the index of component {k} is {found}, not {claimed}"));
            }
            (None, Some(_)) => tied += 1,
            _ => {}
        }
    }
    let sum: Option<i64> = proof.index.iter().copied().sum();
    if complete && sum.is_some_and(|sum| sum != 1) {
        return Err("the indices do not sum to 1".into());
    }
    Ok(if tied > 0 { vec![format!("the indices of {tied} components with ties")] } else { vec![] })
}

/// The index of a component that is one equilibrium in which everybody uses all best replies.
fn regular_index(table: &Table, proof: &MatrixProof, facts: &Facts, pieces: &[u32]) -> Option<i64> {
    let [piece] = pieces else { return None };
    let [first, second] = &proof.pieces[*piece as usize];
    let ([x], [y]) = (&first[..], &second[..]) else { return None };
    let pair = [*x as usize, *y as usize];
    let strict = (0..2).all(|p| facts.used[p][pair[p]] == facts.replies[1 - p][pair[1 - p]]);
    let support =
        |p: usize| (0..table.size(p)).filter(|i| facts.used[p][pair[p]][*i]).collect::<Vec<usize>>();
    let supports = [support(0), support(1)];
    if !strict || supports[0].len() != supports[1].len() {
        return None;
    }
    let mut sign = if supports[0].len() % 2 == 1 { 1 } else { -1 };
    for p in 0..2 {
        // The formula is for positive payoffs; shifting them keeps the game.
        let low = table.payoffs[p].iter().flatten().min()?;
        let rows = supports[p].iter().map(|i| {
            let cells = supports[1 - p].iter().map(|j| &table.payoffs[p][*i][*j] - low + Q::ONE);
            cells.collect()
        });
        sign *= i64::from(determinant_sign(rows.collect()));
    }
    (sign != 0).then_some(sign)
}
