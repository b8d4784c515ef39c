//! All equilibria of two layers: what the first side uses, case by case, each refuted or solved.
//!
//! The one idea: with as many indifferences as free probabilities on either side, both sides are
//! square linear systems. Fewer mixed replies than mixed moves leave the first side's indifferences
//! with too few unknowns, which a sign refutes; more would need the receiver to be indifferent by
//! chance, and then the check that all other replies are strictly worse fails to be sure, so the
//! draw goes to the exact path. Every case is closed by signs; none is left out.

use super::core::{Core, FreeReply, Given, Layers, Reply};
use super::forest::Forest;
use super::linear::{self, at, over_unit_box};
use super::twins::{Pair, Segment, one_sided};
use super::{Why, best, free, next, positive};
use detente_exact::Interval;

/// Most combinations of moves that are looked at.
const MOST: usize = 4096;

/// A row: a constant and a coefficient per unknown.
type Row = Vec<Interval>;

/// One choice of which moves have positive probability.
struct Case<'c> {
    core: &'c Core,
    /// Per group, the moves in use.
    used: Vec<Vec<usize>>,
    /// Per move, its probability as a row over the unknowns.
    share: Vec<Option<Row>>,
    unknowns: usize,
    called: Vec<bool>,
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

    /// The pairs of mixing sets that the replies in use do not tell apart.
    fn tied(&self, pattern: &[Vec<usize>]) -> Vec<&'c Pair> {
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
    fn both_mix(&self, pair: &Pair) -> Option<[usize; 2]> {
        let positions = |g: usize| -> Option<[usize; 2]> {
            let [a, b] = self.used[g][..] else { return None };
            let place = |m: usize| self.core.groups[g].iter().position(|x| *x == m);
            Some([place(a)?, place(b)?])
        };
        let first = positions(pair.first)?;
        (positions(pair.second)? == first).then_some(first)
    }

    /// The place of the unknown of a group that mixes two moves.
    fn unknown(&self, group: usize) -> usize {
        self.used[..group].iter().map(|u| u.len() - 1).sum()
    }

    /// A row in which tied unknowns are one.
    fn merged(&self, row: &Row, tied: &[&Pair]) -> Row {
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
    fn spread_out(&self, z: &[Interval], tied: &[&Pair]) -> Vec<Interval> {
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

    fn segment(&self, z: &[Interval], pair: &Pair) -> Segment {
        let places = [self.unknown(pair.first), self.unknown(pair.second)];
        Segment::new(z, places, [self.core.chance(pair.first), self.core.chance(pair.second)])
    }

    /// The indifferences over the unknown replies: one of two tied sets is left out, and of two that
    /// some replies tell apart the second stands as the difference. `None` if one cannot hold.
    fn conditions(&self, equal: &[Row], tied: &[&Pair], pattern: &[Vec<usize>]) -> Option<Vec<Row>> {
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

    /// Whether not using a move is just the end of a segment on which it is used: a set that is tied to
    /// this one mixes it. That segment is another case, and holds its ends.
    fn end_of_segment(&self, g: usize, m: usize, pattern: &[Vec<usize>]) -> bool {
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
    fn spread(&self, segments: &[Segment]) -> Vec<Option<Interval>> {
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

    /// Per group, that its moves in use pay the same: a constant and a coefficient per column.
    fn indifferences(&self) -> Vec<Row> {
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
    fn over(&self, equal: &Row, pattern: &[Vec<usize>]) -> Interval {
        let mut sum = equal[0];
        for (r, support) in pattern.iter().enumerate().filter(|(r, _)| self.called[*r]) {
            let start = 1 + self.core.replies[r].start;
            sum = sum
                + support.iter().map(|a| equal[start + a]).reduce(|a, b| a.hull(b)).unwrap_or(Interval::ZERO);
        }
        sum
    }

    /// An indifference over the unknown replies: those in use but the first of each reply.
    fn in_replies(&self, equal: &Row, pattern: &[Vec<usize>]) -> Row {
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
    fn gains(&self, reply: &Reply) -> Vec<Row> {
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
    fn always(&self, r: usize, a: usize, b: usize) -> Option<bool> {
        let used = |way: &Option<usize>| way.is_none_or(|m| self.share[m].is_some());
        let ways = self.core.replies[r].ways.iter().filter(|(way, _)| used(way));
        let mut signs = ways.map(|(_, v)| (v[a] - v[b]).sign().filter(|s| *s != 0));
        let first = signs.next()??;
        signs.all(|s| s == Some(first)).then_some(first > 0)
    }

    /// The actions of a reply that no other beats whatever the moves are.
    fn possible(&self, r: usize, gain: &[Row]) -> Vec<usize> {
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
    fn payoff(&self, m: usize, y: &[Vec<Interval>]) -> Interval {
        let mut sum = self.core.sure[m];
        for (reply, row) in self.core.replies.iter().zip(y) {
            for (a, p) in row.iter().enumerate().filter(|(_, p)| **p != Interval::ZERO) {
                sum = sum + self.core.by[m][reply.start + a] * *p;
            }
        }
        sum
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

fn minus(a: &Row, b: &Row) -> Row {
    a.iter().zip(b).map(|(a, b)| *a - *b).collect()
}

fn hull(list: &[Interval]) -> Interval {
    list.iter().copied().reduce(|a, b| a.hull(b)).unwrap_or(Interval::ZERO)
}
