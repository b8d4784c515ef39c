//! Two sets in the same position as far as the replies in use tell them apart.
//!
//! The one idea: two types that differ only in what they would do after a reply that nobody gives are
//! indifferent together, and only their average matters. So one equation and one unknown less are
//! left, and the equilibria form a segment: from one doing as much of it as possible to the other
//! doing so, as far as no reply that is not given becomes the better one.

use super::core::Core;
use super::linear::at;
use super::{Why, positive};
use detente_exact::Interval;

/// What is known of two groups; one entry per position in their menus.
#[derive(Clone, Debug)]
pub struct Pair {
    pub first: usize,
    pub second: usize,
    pub same: Vec<Same>,
}

/// What follows an action at both sets.
#[derive(Clone, Debug)]
pub enum Same {
    /// The same end.
    End,
    /// The same set replies; play ends alike after these of its actions.
    After(usize, Vec<bool>),
}

/// A choice of the replies in use, by position; nothing for replies that are never called for.
pub type Pattern = [Vec<usize>];

impl Pair {
    /// Whether play ends alike after these two positions and all replies in use.
    pub fn tied(&self, positions: &[usize], pattern: &Pattern) -> bool {
        positions.iter().all(|p| match &self.same[*p] {
            Same::End => true,
            Same::After(r, columns) => !pattern[*r].is_empty() && pattern[*r].iter().all(|a| columns[*a]),
        })
    }

    /// By how much the first set gains more than the second by changing from one move to the other, as
    /// a coefficient per reply in use; where play ends alike exactly nothing.
    pub fn difference(&self, core: &Core, from: usize, to: usize, pattern: &Pattern) -> Vec<Vec<Interval>> {
        let mut sums: Vec<Vec<Interval>> = pattern.iter().map(|s| vec![Interval::ZERO; s.len()]).collect();
        for (position, forward) in [(from, false), (to, true)] {
            let Same::After(r, columns) = &self.same[position] else { continue };
            let start = core.replies[*r].start;
            let total = |group: usize, a: usize| {
                let m = core.groups[group][position];
                core.sure[m] + core.by[m][start + a]
            };
            for (k, a) in pattern[*r].iter().enumerate().filter(|(_, a)| !columns[**a]) {
                let d = total(self.first, *a) - total(self.second, *a);
                sums[*r][k] = sums[*r][k] + if forward { d } else { -d };
            }
        }
        sums
    }
}

/// Whether a sum of these with positive weights is surely not 0.
pub fn one_sided(sums: &[Vec<Interval>]) -> bool {
    let signs: Vec<Option<i32>> = sums.iter().flatten().map(|s| s.sign()).collect();
    let only = |sign: i32| signs.iter().all(|s| *s == Some(sign) || *s == Some(0));
    (only(1) || only(-1)) && signs.iter().any(|s| *s != Some(0))
}

/// The segment of equilibria in which the average of two sets is fixed.
pub struct Segment {
    /// The unknowns of the two sets, counted from 0.
    pub places: [usize; 2],
    ends: [Vec<Interval>; 2],
    /// Which part of it is left, as shares of the way.
    low: Interval,
    high: Interval,
}

impl Segment {
    /// From the solution with the average for both; `chances` are the weights of the sets.
    pub fn new(z: &[Interval], places: [usize; 2], chances: [Interval; 2]) -> Segment {
        let [w, v] = chances;
        let mass = (w + v) * z[places[0]];
        let share = |x: Interval, of: Interval| x.checked_div(of).unwrap_or(Interval::ENTIRE);
        let cap = |x: Interval| x.max(Interval::ZERO).min(Interval::ONE);
        let (mut least, mut most) = (z.to_vec(), z.to_vec());
        least[places[0]] = cap(share(mass - v, w));
        least[places[1]] = cap(share(mass, v));
        most[places[0]] = cap(share(mass, w));
        most[places[1]] = cap(share(mass - w, v));
        Segment { places, ends: [least, most], low: Interval::ZERO, high: Interval::ONE }
    }

    /// Keeps the part where a row over the unknowns is not above 0; false if there is none.
    pub fn keep(&mut self, row: &[Interval]) -> Result<bool, Why> {
        let (a, b) = (at(row, &self.ends[0]), at(row, &self.ends[1]));
        let turn = a.checked_div(a - b);
        match (positive(a)?, positive(b)?) {
            (true, true) => return Ok(false),
            (false, false) => {}
            (false, true) => self.high = self.high.min(turn.ok_or(Why::Close)?),
            (true, false) => self.low = self.low.max(turn.ok_or(Why::Close)?),
        }
        positive(self.high - self.low)
    }

    /// The range of an unknown over what is left.
    pub fn range(&self, place: usize) -> Interval {
        let (a, b) = (self.ends[0][place], self.ends[1][place]);
        let on = |t: Interval| {
            if t == Interval::ZERO {
                a
            } else if t == Interval::ONE {
                b
            } else {
                (a + t * (b - a)).max(Interval::ZERO).min(Interval::ONE)
            }
        };
        on(self.low).hull(on(self.high))
    }

    /// The row's range over the whole segment.
    pub fn over(&self, row: &[Interval]) -> Interval {
        at(row, &self.ends[0]).hull(at(row, &self.ends[1]))
    }
}
