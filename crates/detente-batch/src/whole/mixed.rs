//! All equilibria of two layers: what the first side uses, case by case, each refuted or solved.
//!
//! The one idea: with as many indifferences as free probabilities on either side, both sides are
//! square linear systems. Fewer mixed replies than mixed moves leave the first side's indifferences
//! with too few unknowns, which a sign refutes; more would need the receiver to be indifferent by
//! chance, and then the check that all other replies are strictly worse fails to be sure, so the
//! draw goes to the exact path. Every case is closed by signs; none is left out. What a case says as rows stands in
//! `rows`, and what sets in the same position change in `ties`.

use super::core::{Core, FreeReply, Given, Layers};
use super::forest::Forest;
use super::linear::{self, at, over_unit_box};
use super::rows::{hull, minus};
use super::twins::{Pair, Segment};
use super::{Why, free, next, positive};
use detente_exact::Interval;

/// Most combinations of moves that are looked at.
const MOST: usize = 4096;

/// A row: a constant and a coefficient per unknown.
pub(super) type Row = Vec<Interval>;

/// One choice of which moves have positive probability.
pub(super) struct Case<'c> {
    pub(super) core: &'c Core,
    /// Per group, the moves in use.
    pub(super) used: Vec<Vec<usize>>,
    /// Per move, its probability as a row over the unknowns.
    pub(super) share: Vec<Option<Row>>,
    pub(super) unknowns: usize,
    pub(super) called: Vec<bool>,
}

/// Returns all equilibria of two layers.
pub fn solve(core: &Core) -> Result<Vec<Layers>, Why> {
    let counts: Vec<usize> = core.groups.iter().map(|g| (1usize << g.len()) - 1).collect();
    if core.groups.iter().any(|g| g.len() > 8) || counts.iter().product::<usize>() > MOST {
        return Err(Why::Large);
    }
    let mut found = vec![];
    let mut pick = vec![0; counts.len()];
    loop {
        let used = core.groups.iter().zip(&pick).map(|(g, p)| {
            g.iter().enumerate().filter(|(k, _)| (p + 1) >> k & 1 == 1).map(|(_, m)| *m).collect()
        });
        Case::new(core, used.collect()).solve(&mut found)?;
        if !next(&mut pick, &counts) {
            return Ok(found);
        }
    }
}

impl<'c> Case<'c> {
    fn new(core: &'c Core, used: Vec<Vec<usize>>) -> Case<'c> {
        let unknowns = used.iter().map(|u| u.len() - 1).sum();
        let mut share: Vec<Option<Row>> = vec![None; core.moves.len()];
        let mut k = 0;
        for list in &used {
            let mut first = vec![Interval::ZERO; unknowns + 1];
            first[0] = Interval::ONE;
            for m in &list[1..] {
                k += 1;
                let mut row = vec![Interval::ZERO; unknowns + 1];
                row[k] = Interval::ONE;
                first[k] = -Interval::ONE;
                share[*m] = Some(row);
            }
            share[list[0]] = Some(first);
        }
        let called =
            core.replies.iter().map(|r| r.ways.iter().any(|(way, _)| way.is_none_or(|m| share[m].is_some())));
        let called = called.collect();
        Case { core, used, share, unknowns, called }
    }

    fn solve(&self, found: &mut Vec<Layers>) -> Result<(), Why> {
        let equal = self.indifferences();
        let all: Vec<Vec<usize>> = self.core.replies.iter().map(|r| (0..r.actions.len()).collect()).collect();
        if equal.iter().any(|e| self.over(e, &all).sign().is_some_and(|s| s != 0)) {
            return Ok(());
        }
        // What each action of a reply that is called for gains, over the unknowns; the actions that
        // may be best somewhere.
        let gains: Vec<Vec<Row>> = self.core.replies.iter().map(|r| self.gains(r)).collect();
        let mut menus: Vec<Vec<usize>> = vec![];
        for (gain, called) in gains.iter().zip(&self.called) {
            menus.push(if *called { self.possible(menus.len(), gain) } else { vec![] });
        }
        let mut pattern: Vec<Vec<usize>> = vec![vec![]; menus.len()];
        self.patterns(0, 0, &equal, &gains, &menus, &mut pattern, found)
    }

    /// Goes through all supports of the replies with at most as many mixed as there are unknowns.
    #[allow(clippy::too_many_arguments)]
    fn patterns(
        &self,
        r: usize,
        mixed: usize,
        equal: &[Row],
        gains: &[Vec<Row>],
        menus: &[Vec<usize>],
        pattern: &mut Vec<Vec<usize>>,
        found: &mut Vec<Layers>,
    ) -> Result<(), Why> {
        if r == menus.len() {
            return self.pattern(mixed, equal, gains, pattern, found);
        }
        if !self.called[r] {
            pattern[r].clear();
            return self.patterns(r + 1, mixed, equal, gains, menus, pattern, found);
        }
        for bits in 1u32..1 << menus[r].len() {
            let size = bits.count_ones() as usize;
            if mixed + size - 1 > self.unknowns {
                continue;
            }
            let support: Vec<usize> =
                menus[r].iter().enumerate().filter(|(k, _)| bits >> k & 1 == 1).map(|(_, a)| *a).collect();
            let tie = |a: &usize| {
                let row = minus(&gains[r][*a], &gains[r][support[0]]);
                over_unit_box(&row).contains(0.0) && self.always(r, *a, support[0]).is_none()
            };
            if support[1..].iter().all(tie) {
                pattern[r] = support;
                self.patterns(r + 1, mixed + size - 1, equal, gains, menus, pattern, found)?;
            }
        }
        Ok(())
    }

    /// One support of every reply that is called for: refuted, or solved.
    fn pattern(
        &self,
        mixed: usize,
        equal: &[Row],
        gains: &[Vec<Row>],
        pattern: &[Vec<usize>],
        found: &mut Vec<Layers>,
    ) -> Result<(), Why> {
        let tied = self.tied(pattern);
        if mixed + tied.len() < self.unknowns {
            return self.too_few(mixed, equal, &tied, pattern);
        }
        // The moves: the replies in use are all equally good. Tied sets count by their average.
        let mut ties = vec![];
        for (r, support) in pattern.iter().enumerate() {
            ties.extend(support.iter().skip(1).map(|a| minus(&gains[r][*a], &gains[r][support[0]])));
        }
        let merged: Vec<Row> = ties.iter().map(|row| self.merged(row, &tied)).collect();
        if mixed + tied.len() > self.unknowns {
            // More conditions than unknowns: met by chance only.
            return if linear::refuted(&merged) { Ok(()) } else { Err(Why::Close) };
        }
        if mixed > linear::MAX {
            return Err(Why::Large);
        }
        let Some(z) = linear::solve(&merged) else {
            return if linear::refuted(&merged) { Ok(()) } else { Err(Why::Close) };
        };
        let z = self.spread_out(&z, &tied);
        if !self.inside(&z)? {
            return Ok(());
        }
        if tied.iter().enumerate().any(|(k, p)| tied[..k].iter().any(|q| q.first == p.first)) {
            // Three in the same position make more than a segment.
            return Err(Why::Close);
        }
        let mut segments: Vec<Segment> = tied.iter().map(|pair| self.segment(&z, pair)).collect();
        for (r, support) in pattern.iter().enumerate().filter(|(r, _)| self.called[*r]) {
            for a in (0..gains[r].len()).filter(|a| !support.contains(a)) {
                let row = minus(&gains[r][a], &gains[r][support[0]]);
                let kept = match &mut segments[..] {
                    [] => !positive(at(&row, &z))?,
                    [only] => only.keep(&row)?,
                    // Several segments: only where none of them matters.
                    [first, ..] => match first.over(&row).sign() {
                        Some(-1) if !row[1..].iter().any(|c| *c != Interval::ZERO) => true,
                        _ => return Err(Why::Close),
                    },
                };
                if !kept {
                    return Ok(());
                }
            }
        }
        let Some(y) = self.replies(equal, &tied, pattern)? else { return Ok(()) };
        self.others(&z, &y, &segments, pattern, found)
    }

    /// More indifferences than mixed replies: some of them has no solution left.
    fn too_few(
        &self,
        mixed: usize,
        equal: &[Row],
        tied: &[&Pair],
        pattern: &[Vec<usize>],
    ) -> Result<(), Why> {
        if equal.iter().any(|e| self.over(e, pattern).sign().is_some_and(|s| s != 0)) {
            return Ok(());
        }
        let Some(rows) = self.conditions(equal, tied, pattern) else { return Ok(()) };
        if linear::refuted(&rows) {
            return Ok(());
        }
        if mixed == 0 || mixed > linear::MAX {
            return Err(Why::Close);
        }
        // Any few of the equations fix the replies, and these may be no probabilities.
        for skip in 0..rows.len() {
            let few: Vec<Row> = (0..mixed).map(|k| rows[(skip + k) % rows.len()].clone()).collect();
            let Some(y) = linear::solve(&few) else { continue };
            if y.iter().any(|p| p.hi() < 0.0 || p.lo() > 1.0) {
                return Ok(());
            }
        }
        Err(Why::Close)
    }

    /// Whether the unknown moves all have positive probability; an error where that is not sure.
    fn inside(&self, z: &[Interval]) -> Result<bool, Why> {
        let shares = self.share.iter().flatten().filter(|row| row[1..].iter().any(|c| *c != Interval::ZERO));
        let list: Vec<Interval> = shares.map(|row| at(row, z)).collect();
        // One that is surely outside decides, whatever the others are.
        if list.iter().any(|p| p.hi() < 0.0) {
            return Ok(false);
        }
        list.iter().try_fold(true, |all, p| Ok(all && positive(*p)?))
    }

    /// The replies that make the first side indifferent; `None` if they are no probabilities.
    fn replies(
        &self,
        equal: &[Row],
        tied: &[&Pair],
        pattern: &[Vec<usize>],
    ) -> Result<Option<Vec<Vec<Interval>>>, Why> {
        let Some(rows) = self.conditions(equal, tied, pattern) else { return Ok(None) };
        let Some(solved) = linear::solve(&rows) else {
            return if linear::refuted(&rows) { Ok(None) } else { Err(Why::Close) };
        };
        let mut y: Vec<Vec<Interval>> = vec![];
        let mut next = solved.into_iter();
        for (r, support) in pattern.iter().enumerate() {
            let mut row = vec![Interval::ZERO; self.core.replies[r].actions.len()];
            if let Some(first) = support.first() {
                let mut rest = Interval::ONE;
                for a in &support[1..] {
                    row[*a] = next.next().unwrap_or(Interval::ENTIRE);
                    rest = rest - row[*a];
                }
                row[*first] = rest;
            }
            y.push(row);
        }
        let mixed = || pattern.iter().zip(&y).filter(|(s, _)| s.len() > 1);
        let inside = || mixed().flat_map(|(s, row)| s.iter().map(|a| row[*a]));
        if inside().any(|p| p.hi() < 0.0) {
            return Ok(None);
        }
        for p in inside() {
            if !positive(p)? {
                return Ok(None);
            }
        }
        Ok(Some(y))
    }

    /// The moves not used do not pay, given replies on the way; what replies never called for must be.
    fn others(
        &self,
        z: &[Interval],
        y: &[Vec<Interval>],
        segments: &[Segment],
        pattern: &[Vec<usize>],
        found: &mut Vec<Layers>,
    ) -> Result<(), Why> {
        let core = self.core;
        let mut limits: Vec<Vec<Vec<Interval>>> = vec![vec![]; core.replies.len()];
        for (g, (group, used)) in core.groups.iter().zip(&self.used).enumerate() {
            let worth = self.payoff(used[0], y);
            for m in group.iter().filter(|m| !used.contains(m)) {
                if self.end_of_segment(g, *m, pattern) {
                    return Ok(());
                }
                let gain = self.payoff(*m, y) - worth;
                let share =
                    |r: &usize| &core.by[*m][core.replies[*r].start..][..core.replies[*r].actions.len()];
                let asked: Vec<usize> = (0..core.replies.len())
                    .filter(|r| !self.called[*r] && share(r).iter().any(|c| *c != Interval::ZERO))
                    .collect();
                match asked[..] {
                    [] => {
                        if positive(gain)? {
                            return Ok(());
                        }
                    }
                    // Probabilities sum to 1, so the rest is part of each coefficient.
                    [r] => limits[r].push(share(&r).iter().map(|c| *c + gain).collect()),
                    _ => {
                        let most = asked.iter().fold(gain, |sum, r| sum + hull(share(r)));
                        match most.sign() {
                            Some(-1) => {}
                            Some(1) => return Ok(()),
                            _ => return Err(Why::Shape),
                        }
                    }
                }
            }
        }
        self.linked()?;
        let mut options: Vec<Vec<FreeReply>> = vec![];
        for (r, limit) in limits.iter().enumerate() {
            options.push(if self.called[r] { vec![] } else { free::regions(&core.replies[r], limit)? });
        }
        let moves: Vec<Interval> =
            self.share.iter().map(|row| row.as_ref().map_or(Interval::ZERO, |row| at(row, z))).collect();
        let spread = self.spread(segments);
        let counts: Vec<usize> =
            options.iter().zip(&self.called).map(|(o, called)| if *called { 1 } else { o.len() }).collect();
        if counts.contains(&0) {
            return Ok(());
        }
        let mut pick = vec![0; counts.len()];
        loop {
            let given = |r: usize| match self.called[r] {
                true => Given::Sure(y[r].clone()),
                false => Given::Free(options[r][pick[r]].clone()),
            };
            let replies = (0..counts.len()).map(given).collect();
            found.push(Layers { moves: moves.clone(), spread: spread.clone(), replies });
            if !next(&mut pick, &counts) {
                return Ok(());
            }
        }
    }

    /// Beliefs at sets that nobody reaches are free of each other only if no chain of them comes back to
    /// where it began.
    fn linked(&self) -> Result<(), Why> {
        let mut forest = Forest::default();
        let replies = self.core.replies.iter().zip(&self.called);
        for reply in replies.filter(|(_, called)| !**called).map(|(r, _)| r) {
            let ways: Vec<Option<usize>> = reply.ways.iter().map(|(way, _)| *way).collect();
            if !forest.apart(&ways) {
                return Err(Why::Shape);
            }
            forest.tie(&ways);
        }
        Ok(())
    }
}
