//! How far each of several moves may go that share a sum, while nothing else becomes better.
//!
//! The one idea: a polytope of few dimensions has few corners. Each is where as many limits are met as there is
//! freedom: a square system, enclosed; its other limits are kept or broken by a sign. If a sign is not sure the
//! draw is for the exact path.

use super::Why;
use super::linear::enclosed;
use detente_exact::Interval;

/// Most dimensions, and most cuts.
const MOST_FREE: usize = 3;
const MOST_CUTS: usize = 6;

/// A move that is not used and might become better: per group what it gains against each of its moves, and
/// whether that is the same for all of them.
pub struct Cut {
    pub gains: Vec<(Vec<Interval>, bool)>,
}

/// The range of every move, group by group; `None` where the cuts leave nothing.
///
/// # Errors
/// A sign that is not sure, or too many limits.
pub fn ranges(
    groups: &[Vec<usize>],
    weights: &[Interval],
    cuts: &[Cut],
) -> Result<Option<Vec<Interval>>, Why> {
    let whole = |group: &Vec<usize>, weight: &Interval| match group.len() {
        1 => vec![*weight],
        n => vec![Interval::ZERO.hull(*weight); n],
    };
    if cuts.is_empty() {
        return Ok(Some(groups.iter().zip(weights).flat_map(|(g, w)| whole(g, w)).collect()));
    }
    let free: usize = groups.iter().map(|g| g.len() - 1).sum();
    if free > MOST_FREE || cuts.len() > MOST_CUTS {
        return Err(Why::Large);
    }
    let body = Body { groups, weights, cuts, starts: starts(groups), all: groups.iter().map(Vec::len).sum() };
    let mut hull: Option<Vec<Interval>> = None;
    let mut chosen: Vec<usize> = (0..free).collect();
    let limits = body.all + cuts.len();
    loop {
        if let Some(corner) = body.corner(&chosen)? {
            let joined = |old: Vec<Interval>| old.iter().zip(&corner).map(|(a, b)| a.hull(*b)).collect();
            hull = Some(hull.map_or_else(|| corner.clone(), joined));
        }
        // The next choice of so many limits, in lexicographic order.
        let Some(place) = (0..free).rev().find(|k| chosen[*k] + free - k < limits) else { break };
        chosen[place] += 1;
        for k in place + 1..free {
            chosen[k] = chosen[k - 1] + 1;
        }
    }
    let Some(shares) = hull else { return Ok(None) };
    let of = |k: usize| (starts(groups)[k]..starts(groups)[k] + groups[k].len()).map(move |i| (k, i));
    let list = (0..groups.len()).flat_map(of).map(|(k, i)| match shares[i] {
        share if share == Interval::ZERO => Interval::ZERO,
        share => weights[k] * share,
    });
    Ok(Some(list.collect()))
}

/// Where each group starts in a list of all moves.
fn starts(groups: &[Vec<usize>]) -> Vec<usize> {
    groups.iter().scan(0, |at, g| Some(std::mem::replace(at, *at + g.len()))).collect()
}

struct Body<'a> {
    groups: &'a [Vec<usize>],
    weights: &'a [Interval],
    cuts: &'a [Cut],
    starts: Vec<usize>,
    all: usize,
}

impl Body<'_> {
    /// The shares of all moves in their groups where these limits are met: moves that are not used, then cuts.
    /// `None` if there is no such corner.
    fn corner(&self, chosen: &[usize]) -> Result<Option<Vec<Interval>>, Why> {
        let unused = |i: usize| chosen.contains(&i);
        let left = |k: usize| (self.starts[k]..self.starts[k] + self.groups[k].len()).filter(|i| !unused(*i));
        let spare: Vec<usize> = (0..self.groups.len()).map(|k| left(k).count()).collect();
        if spare.contains(&0) {
            return Ok(None);
        }
        let met: Vec<&Cut> = chosen.iter().filter_map(|c| self.cuts.get(c.checked_sub(self.all)?)).collect();
        let spare: Vec<usize> = spare.iter().map(|n| n - 1).collect();
        if !settles(&met, &spare) {
            return Ok(None);
        }
        let open: Vec<usize> = (0..self.groups.len()).flat_map(left).collect();
        let mut system = vec![];
        let mut right = vec![];
        for (start, group) in self.starts.iter().zip(self.groups) {
            let inside = |i: &usize| (*start..start + group.len()).contains(i);
            system
                .push(open.iter().map(|i| if inside(i) { Interval::ONE } else { Interval::ZERO }).collect());
            right.push(1.0);
        }
        for cut in &met {
            system.push(open.iter().map(|i| self.gain(cut, *i)).collect());
            right.push(0.0);
        }
        let solved = enclosed(&system, &right).ok_or(Why::Close)?;
        let mut shares = vec![Interval::ZERO; self.all];
        for (i, share) in open.iter().zip(&solved) {
            shares[*i] = if self.only(*i, chosen) { Interval::ONE } else { *share };
        }
        if open.iter().any(|i| shares[*i].hi() < 0.0) {
            return Ok(None);
        }
        for (_, cut) in self.cuts.iter().enumerate().filter(|(k, _)| !chosen.contains(&(self.all + k))) {
            let sum = (0..self.all).fold(Interval::ZERO, |sum, i| match shares[i] == Interval::ZERO {
                true => sum,
                false => sum + self.gain(cut, i) * shares[i],
            });
            match sum.sign() {
                Some(-1) => {}
                Some(1) => return Ok(None),
                _ => return Err(Why::Close),
            }
        }
        if open.iter().any(|i| shares[*i].lo() <= 0.0) {
            return Err(Why::Close);
        }
        Ok(Some(shares))
    }

    /// Whether a move is the only one left of its group.
    fn only(&self, i: usize, chosen: &[usize]) -> bool {
        let k = self.starts.iter().rposition(|start| *start <= i).unwrap_or(0);
        let mut others = self.starts[k]..self.starts[k] + self.groups[k].len();
        others.all(|j| j == i || chosen.contains(&j))
    }

    /// What a cut gains against a move, times the weight of its group.
    fn gain(&self, cut: &Cut, i: usize) -> Interval {
        let k = self.starts.iter().rposition(|start| *start <= i).unwrap_or(0);
        let gain = cut.gains[k].0[i - self.starts[k]];
        if gain == Interval::ZERO { gain } else { self.weights[k] * gain }
    }
}

/// Whether cuts can settle so much freedom of each group: each of them one dimension of a group in which it
/// varies. Otherwise the limits meet in no single point, or in none.
fn settles(cuts: &[&Cut], spare: &[usize]) -> bool {
    let Some((first, rest)) = cuts.split_first() else { return spare.iter().all(|n| *n == 0) };
    (0..spare.len()).any(|k| {
        let fits = spare[k] > 0 && !first.gains[k].1;
        fits && {
            let mut less = spare.to_vec();
            less[k] -= 1;
            settles(rest, &less)
        }
    })
}
