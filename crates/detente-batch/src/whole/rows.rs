//! One case of two layers as rows: what moves and replies bring, over what is unknown.
//!
//! The one idea: a row is a constant and a coefficient per unknown, each enclosed, so every condition of a case is a row
//! and its sign.

use super::best;
use super::core::Reply;
use super::linear::over_unit_box;
use super::mixed::{Case, Row};
use detente_exact::Interval;

impl Case<'_> {
    /// Per group, that its moves in use pay the same: a constant and a coefficient per column.
    pub(super) fn indifferences(&self) -> Vec<Row> {
        let core = self.core;
        let mut list = vec![];
        for used in &self.used {
            for m in &used[1..] {
                let mut row = vec![core.sure[*m] - core.sure[used[0]]];
                row.extend(core.by[*m].iter().zip(&core.by[used[0]]).map(|(a, b)| *a - *b));
                list.push(row);
            }
        }
        list
    }

    /// The range of an indifference over all replies with these supports.
    pub(super) fn over(&self, equal: &Row, pattern: &[Vec<usize>]) -> Interval {
        let mut sum = equal[0];
        for (r, support) in pattern.iter().enumerate().filter(|(r, _)| self.called[*r]) {
            let start = 1 + self.core.replies[r].start;
            sum = sum
                + support.iter().map(|a| equal[start + a]).reduce(|a, b| a.hull(b)).unwrap_or(Interval::ZERO);
        }
        sum
    }

    /// An indifference over the unknown replies: those in use but the first of each reply.
    pub(super) fn in_replies(&self, equal: &Row, pattern: &[Vec<usize>]) -> Row {
        let mut row = vec![equal[0]];
        for (r, support) in pattern.iter().enumerate() {
            let start = 1 + self.core.replies[r].start;
            let Some(first) = support.first() else { continue };
            row[0] = row[0] + equal[start + first];
            row.extend(support[1..].iter().map(|a| equal[start + a] - equal[start + first]));
        }
        row
    }

    /// What each action of a reply brings, over the unknown moves.
    pub(super) fn gains(&self, reply: &Reply) -> Vec<Row> {
        let mut rows = vec![vec![Interval::ZERO; self.unknowns + 1]; reply.actions.len()];
        for (way, values) in &reply.ways {
            let mut sure = vec![Interval::ZERO; self.unknowns + 1];
            sure[0] = Interval::ONE;
            let share = match way {
                None => Some(&sure),
                Some(m) => self.share[*m].as_ref(),
            };
            for (row, v) in rows.iter_mut().zip(values) {
                for (c, s) in row.iter_mut().zip(share.into_iter().flatten()) {
                    if *s != Interval::ZERO {
                        *c = *c + *s * *v;
                    }
                }
            }
        }
        rows
    }

    /// The sign of what `a` gains over `b` at a reply, if it is the same for every way there in use:
    /// all of these have positive probability.
    pub(super) fn always(&self, r: usize, a: usize, b: usize) -> Option<bool> {
        let used = |way: &Option<usize>| way.is_none_or(|m| self.share[m].is_some());
        let ways = self.core.replies[r].ways.iter().filter(|(way, _)| used(way));
        let mut signs = ways.map(|(_, v)| (v[a] - v[b]).sign().filter(|s| *s != 0));
        let first = signs.next()??;
        signs.all(|s| s == Some(first)).then_some(first > 0)
    }

    /// The actions of a reply that no other beats whatever the moves are.
    pub(super) fn possible(&self, r: usize, gain: &[Row]) -> Vec<usize> {
        // With all moves known the best is one action, or too close to call: see the checks that follow.
        if self.unknowns == 0
            && let Ok(top) = best(&gain.iter().map(|row| row[0]).collect::<Vec<_>>())
        {
            return vec![top];
        }
        let beats = |b: usize, a: usize| {
            self.always(r, b, a) == Some(true) || over_unit_box(&minus(&gain[b], &gain[a])).lo() > 0.0
        };
        let beaten = |a: usize| (0..gain.len()).any(|b| b != a && beats(b, a));
        (0..gain.len()).filter(|a| !beaten(*a)).collect()
    }

    /// A move's payoff; replies that are never called for count nothing.
    pub(super) fn payoff(&self, m: usize, y: &[Vec<Interval>]) -> Interval {
        let mut sum = self.core.sure[m];
        for (reply, row) in self.core.replies.iter().zip(y) {
            for (a, p) in row.iter().enumerate().filter(|(_, p)| **p != Interval::ZERO) {
                sum = sum + self.core.by[m][reply.start + a] * *p;
            }
        }
        sum
    }
}

/// The difference of two rows.
pub(super) fn minus(a: &Row, b: &Row) -> Row {
    a.iter().zip(b).map(|(a, b)| *a - *b).collect()
}

/// The smallest range that holds all of these; zero if there are none.
pub(super) fn hull(list: &[Interval]) -> Interval {
    list.iter().copied().reduce(|a, b| a.hull(b)).unwrap_or(Interval::ZERO)
}
