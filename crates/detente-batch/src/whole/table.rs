//! Both sides choose at once: a table, with many moves on each side.
//!
//! The one idea: moves that are worse against everything go first, row by row and column by column; then
//! floats walk the cases (`detente_matrix::supports`) and name the pairs of supports, and each pair is one
//! square linear system, enclosed. A pair that is no such system, or a sign that is not sure, is for the
//! exact path.

use super::core::{Core, Given, Layers};
use super::linear::enclosed;
use super::{Why, positive};
use detente_exact::Interval;
use detente_matrix::{ENTRY_ERROR, Supports, supports, supports_of_tied};

/// Smaller games are cut into cases one by one (`mixed`).
const SMALL: usize = 4;
/// Most steps of the walk.
const STEPS: u32 = 20_000;
/// The same where entries are known to be equal: beyond that the exact path is quicker.
const TIED_STEPS: u32 = 3_000;

/// Which payments are known to be equal: to a side, for two of its moves, against one of the other's.
type Same<'a> = &'a dyn Fn(usize, usize, usize, usize) -> bool;

/// A table: what each pair of moves brings either side.
pub struct Table<'c> {
    pub(super) core: &'c Core,
    /// `pays[0][row][column]` and `pays[1][column][row]`.
    pub(super) pays: [Vec<Vec<Interval>>; 2],
}

/// Reads two layers as a table: one set moves, and one set that knows nothing of it answers. `None` for
/// another shape, or a small one.
pub fn read(core: &Core) -> Option<Table<'_>> {
    let ([group], [reply]) = (&core.groups[..], &core.replies[..]) else { return None };
    let knows = reply.ways.iter().any(|(way, _)| way.is_none());
    if knows || group.len() <= SMALL && reply.actions.len() <= SMALL {
        return None;
    }
    let mut first = vec![];
    let mut second = vec![vec![]; reply.actions.len()];
    // Ways of moves that were taken out already are left out.
    for m in group {
        let (_, values) = reply.ways.iter().find(|(way, _)| *way == Some(*m))?;
        let share = &core.by[*m][reply.start..reply.start + reply.actions.len()];
        first.push(share.iter().map(|s| core.sure[*m] + *s).collect());
        values.iter().zip(&mut second).for_each(|(v, row)| row.push(*v));
    }
    Some(Table { core, pays: [first, second] })
}

impl Table<'_> {
    /// All equilibria.
    ///
    /// # Errors
    /// A tie or nearly one, or too many cases.
    pub fn solve(&self) -> Result<Vec<Layers>, Why> {
        let mut list = vec![];
        for used in self.supports(None)? {
            list.extend(self.equilibrium(used)?);
        }
        Ok(list)
    }

    /// The pairs of supports in which all equilibria lie; `same(side, a, b, other)` says which entries are known to
    /// be equal.
    pub(super) fn supports(&self, same: Option<Same>) -> Result<Vec<Supports>, Why> {
        let left = self.undominated();
        let tables = [self.scaled(0, &left, same)?, self.scaled(1, &left, same)?];
        let found = match same {
            None => supports(&tables, STEPS),
            Some(same) => {
                let placed =
                    |k: usize, a: usize, b: usize, i: usize| same(k, left[k][a], left[k][b], left[1 - k][i]);
                supports_of_tied(&tables, &placed, TIED_STEPS)
            }
        };
        let found = found.ok_or(Why::Close)?;
        let place = |pair: &Supports, k: usize| pair[k].iter().map(|i| left[k][*i]).collect();
        Ok(found.iter().map(|pair| [place(pair, 0), place(pair, 1)]).collect())
    }

    /// The moves that no other beats against everything that is left, on either side.
    fn undominated(&self) -> [Vec<usize>; 2] {
        let mut left = [0, 1].map(|k: usize| (0..self.pays[k].len()).collect::<Vec<usize>>());
        loop {
            let before = left.clone();
            for k in 0..2 {
                let (pays, against) = (&self.pays[k], left[1 - k].clone());
                let beats = |b: usize, a: usize| against.iter().all(|j| pays[b][*j].lo() > pays[a][*j].hi());
                let own = left[k].clone();
                left[k].retain(|a| !own.iter().any(|b| beats(*b, *a)));
            }
            if left == before {
                return left;
            }
        }
    }

    /// What the other side gets against each move of side `k`, shifted and scaled to [1/2, 3/2]; 1 where that is
    /// the same whatever it does.
    fn scaled(&self, k: usize, left: &[Vec<usize>; 2], same: Option<Same>) -> Result<Vec<Vec<f64>>, Why> {
        let pays = &self.pays[1 - k];
        let mut table = vec![vec![1.0; left[k].len()]; left[1 - k].len()];
        for (column, own) in left[k].iter().enumerate() {
            let values = || left[1 - k].iter().map(|other| pays[*other][*own]);
            let low = values().map(Interval::mid).fold(f64::INFINITY, f64::min);
            let high = values().map(Interval::mid).fold(f64::NEG_INFINITY, f64::max);
            let error = values().map(|v| v.width() + 4.0 * f64::EPSILON * v.magnitude()).fold(0.0, f64::max);
            let as_good =
                |same: Same| left[1 - k].iter().all(|other| same(1 - k, left[1 - k][0], *other, *own));
            if low == high && values().all(Interval::is_point) || same.is_some_and(as_good) {
                continue;
            }
            if error > ENTRY_ERROR * (high - low) {
                return Err(Why::Close);
            }
            for (row, v) in table.iter_mut().zip(values()) {
                row[column] = 0.5 + (v.mid() - low) / (high - low);
            }
        }
        Ok(table)
    }

    /// The equilibrium with these supports; `None` if there is none.
    fn equilibrium(&self, used: [Vec<usize>; 2]) -> Result<Option<Layers>, Why> {
        if used[0].len() != used[1].len() {
            return Err(Why::Close);
        }
        let mut plays: Vec<Vec<Interval>> = vec![];
        for k in 0..2 {
            let Some(row) = self.indifferent(k, &used)? else { return Ok(None) };
            plays.push(row);
        }
        for k in 0..2 {
            let worth = |own: usize| {
                let others = used[1 - k].iter();
                others.fold(Interval::ZERO, |sum, j| sum + self.pays[k][own][*j] * plays[1 - k][*j])
            };
            let now = worth(used[k][0]);
            for own in (0..self.pays[k].len()).filter(|i| !used[k].contains(i)) {
                if positive(worth(own) - now)? {
                    return Ok(None);
                }
            }
        }
        let second = plays.pop().unwrap_or_default();
        let first = plays.pop().unwrap_or_default();
        let mut moves = vec![Interval::ZERO; self.core.moves.len()];
        self.core.groups[0].iter().zip(first).for_each(|(m, p)| moves[*m] = p);
        let spread = vec![None; self.core.moves.len()];
        Ok(Some(Layers { moves, spread, replies: vec![Given::Sure(second)] }))
    }

    /// The mixture of side `k` over its support that makes the other's support equally good; `None` if it
    /// is none.
    fn indifferent(&self, k: usize, used: &[Vec<usize>; 2]) -> Result<Option<Vec<Interval>>, Why> {
        let (own, others, pays) = (&used[k], &used[1 - k], &self.pays[1 - k]);
        let mut row = vec![Interval::ZERO; self.pays[k].len()];
        if let [only] = own[..] {
            row[only] = Interval::ONE;
            return Ok(Some(row));
        }
        let mut system = vec![vec![Interval::ONE; own.len()]];
        system.extend(
            others[1..].iter().map(|j| own.iter().map(|i| pays[*j][*i] - pays[others[0]][*i]).collect()),
        );
        let mut right = vec![0.0; own.len()];
        right[0] = 1.0;
        let solved = enclosed(&system, &right).ok_or(Why::Close)?;
        if solved.iter().any(|p| p.hi() < 0.0) {
            return Ok(None);
        }
        for (i, p) in own.iter().zip(solved) {
            positive(p)?;
            row[*i] = p;
        }
        Ok(Some(row))
    }
}
