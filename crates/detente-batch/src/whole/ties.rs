//! One case of two layers where sets are in the same position: one unknown and one condition for both.
//!
//! The one idea: a pair that the replies in use do not tell apart counts by its average, so it gives up an unknown and
//! an equation, and what is found is a segment (`twins`).

use super::mixed::{Case, Row};
use super::twins::{Pair, Segment, one_sided};
use detente_exact::Interval;

impl<'c> Case<'c> {
    /// The pairs of mixing sets that the replies in use do not tell apart.
    pub(super) fn tied(&self, pattern: &[Vec<usize>]) -> Vec<&'c Pair> {
        let mut list: Vec<&Pair> = vec![];
        for pair in &self.core.pairs {
            if let Some([from, to]) = self.both_mix(pair)
                && pair.tied(&[from, to], pattern)
                && list.iter().all(|p| p.second != pair.second)
            {
                list.push(pair);
            }
        }
        list
    }

    /// The two positions that both sets of a pair mix, if they mix the same two.
    pub(super) fn both_mix(&self, pair: &Pair) -> Option<[usize; 2]> {
        let positions = |g: usize| -> Option<[usize; 2]> {
            let [a, b] = self.used[g][..] else { return None };
            let place = |m: usize| self.core.groups[g].iter().position(|x| *x == m);
            Some([place(a)?, place(b)?])
        };
        let first = positions(pair.first)?;
        (positions(pair.second)? == first).then_some(first)
    }

    /// The place of the unknown of a group that mixes two moves.
    pub(super) fn unknown(&self, group: usize) -> usize {
        self.used[..group].iter().map(|u| u.len() - 1).sum()
    }

    /// A row in which tied unknowns are one.
    pub(super) fn merged(&self, row: &Row, tied: &[&Pair]) -> Row {
        let mut row = row.clone();
        let mut gone = vec![];
        for pair in tied {
            let (to, from) = (1 + self.unknown(pair.first), 1 + self.unknown(pair.second));
            row[to] = row[to] + row[from];
            gone.push(from);
        }
        row.iter().enumerate().filter(|(k, _)| !gone.contains(k)).map(|(_, c)| *c).collect()
    }

    /// The solution for all unknowns, tied ones alike.
    pub(super) fn spread_out(&self, z: &[Interval], tied: &[&Pair]) -> Vec<Interval> {
        let mut all = vec![Interval::ZERO; self.unknowns];
        let mut next = z.iter();
        let second = |k: usize| tied.iter().find(|p| self.unknown(p.second) == k);
        for k in 0..self.unknowns {
            all[k] = match second(k) {
                Some(pair) => all[self.unknown(pair.first)],
                None => next.next().copied().unwrap_or(Interval::ENTIRE),
            };
        }
        all
    }

    pub(super) fn segment(&self, z: &[Interval], pair: &Pair) -> Segment {
        let places = [self.unknown(pair.first), self.unknown(pair.second)];
        Segment::new(z, places, [self.core.chance(pair.first), self.core.chance(pair.second)])
    }

    /// The indifferences over the unknown replies: one of two tied sets is left out, and of two that
    /// some replies tell apart the second stands as the difference. `None` if one cannot hold.
    pub(super) fn conditions(
        &self,
        equal: &[Row],
        tied: &[&Pair],
        pattern: &[Vec<usize>],
    ) -> Option<Vec<Row>> {
        let mut rows = vec![];
        for (g, used) in self.used.iter().enumerate().filter(|(_, u)| u.len() > 1) {
            if tied.iter().any(|p| p.second == g) {
                continue;
            }
            let start = self.unknown(g);
            let pairs = self.core.pairs.iter().filter(|p| p.second == g);
            let told = pairs.filter_map(|p| Some((p, self.both_mix(p)?))).next();
            if let Some((pair, [from, to])) = told {
                let sums = pair.difference(self.core, from, to, pattern);
                if one_sided(&sums) {
                    return None;
                }
                rows.push(folded(&sums));
                continue;
            }
            rows.extend((start..start + used.len() - 1).map(|k| self.in_replies(&equal[k], pattern)));
        }
        Some(rows)
    }

    /// Whether not using a move is just the end of a segment on which it is used: a set that is tied to
    /// this one mixes it. That segment is another case, and holds its ends.
    pub(super) fn end_of_segment(&self, g: usize, m: usize, pattern: &[Vec<usize>]) -> bool {
        let [own] = self.used[g][..] else { return false };
        let place = |m: usize| self.core.groups[g].iter().position(|x| *x == m);
        let (Some(a), Some(b)) = (place(own), place(m)) else { return false };
        self.core.pairs.iter().filter(|p| p.first == g || p.second == g).any(|pair| {
            let other = if pair.first == g { pair.second } else { pair.first };
            let used = &self.used[other];
            let mixes = |k: usize| used.contains(&self.core.groups[other][k]);
            used.len() == 2 && mixes(a) && mixes(b) && pair.tied(&[a, b], pattern)
        })
    }

    /// The ranges of the moves of tied sets.
    pub(super) fn spread(&self, segments: &[Segment]) -> Vec<Option<Interval>> {
        let mut spread = vec![None; self.core.moves.len()];
        for segment in segments {
            for place in segment.places {
                let group =
                    (0..self.used.len()).find(|g| self.used[*g].len() == 2 && self.unknown(*g) == place);
                if let Some([rest, own]) = group.map(|g| [self.used[g][0], self.used[g][1]]) {
                    let range = segment.range(place);
                    spread[own] = Some(range);
                    spread[rest] = Some(Interval::ONE - range);
                }
            }
        }
        spread
    }
}

/// Coefficients per reply in use, as a row over all but the first of each: probabilities sum to 1.
fn folded(sums: &[Vec<Interval>]) -> Row {
    let mut row = vec![Interval::ZERO];
    for list in sums {
        if let Some((first, rest)) = list.split_first() {
            row[0] = row[0] + *first;
            row.extend(rest.iter().map(|c| *c - *first));
        }
    }
    row
}
