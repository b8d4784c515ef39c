//! Tables in which some moves are as good as others because what tells them apart is capped in this draw.
//!
//! The one idea: two moves that lead to the same, against all that the other side uses, count as one; what is
//! left is a square system as in any table. How the sum is split among them is free, as far as no move that is
//! not in use becomes better: a polytope of few dimensions, whose corners are enclosed (`corners`). Sets of
//! equilibria that might touch are for the exact path.

use super::core::{Given, Layers};
use super::corners::{self, Cut};
use super::linear::enclosed;
use super::reduce::Left;
use super::table::Table;
use super::tree::Kind;
use super::{Why, positive};
use crate::classes::Classes;
use detente_exact::Interval;
use std::collections::BTreeMap;

/// A table and which of its cells lead to the same.
struct Ties<'t, 'c> {
    table: &'t Table<'c>,
    /// Per row and column; cells with one number lead to the same outcomes, payments and chances.
    cells: Vec<Vec<u32>>,
}

/// Moves in use on either side, by position.
type Used = [Vec<usize>; 2];

/// Equilibria with these moves in use: moves that count as one, what they are played together, and how far
/// each may go.
struct Piece {
    used: Used,
    groups: [Vec<Vec<usize>>; 2],
    weights: [Vec<Interval>; 2],
    ranges: [Vec<Interval>; 2],
}

/// All equilibria of a table with such ties.
///
/// # Errors
/// A tie of another kind, or nearly one, or too many cases.
pub fn solve(table: &Table, left: &Left) -> Result<Vec<Layers>, Why> {
    let cells = cells(table, left).ok_or(Why::Close)?;
    let ties = Ties { table, cells };
    let mut list: Vec<Used> = vec![];
    let same = |side: usize, a: usize, b: usize, other: usize| ties.alike(side, a, b, &[other]);
    for used in table.supports(Some(&same))? {
        let used = ties.reduced(used);
        if used.iter().all(|u| !u.is_empty()) && !list.contains(&used) {
            list.push(used);
        }
    }
    let inside = |k: usize| (0..list.len()).any(|j| j != k && ties.holds(&list[j], &list[k]));
    let kept: Vec<Used> = (0..list.len()).filter(|k| !inside(*k)).map(|k| list[k].clone()).collect();
    let mut pieces: Vec<Piece> = vec![];
    for used in kept {
        pieces.extend(ties.piece(used)?);
    }
    for (k, piece) in pieces.iter().enumerate() {
        if pieces[..k].iter().any(|other| !apart(piece, other)) {
            return Err(Why::Close);
        }
    }
    // Beliefs of the side that answers are told where at most one pair of moves shares a sum.
    let told = |piece: &Piece| {
        let mut free = piece.groups[0].iter().filter(|g| g.len() > 1);
        free.next().is_none_or(|g| g.len() == 2) && free.next().is_none()
    };
    match pieces.iter().all(told) {
        true => Ok(pieces.iter().map(|piece| ties.layers(piece)).collect()),
        false => Err(Why::Close),
    }
}

/// Numbers the cells; `None` where a cell is no single node after which all is settled.
fn cells(table: &Table, left: &Left) -> Option<Vec<Vec<u32>>> {
    let (core, tree) = (table.core, left.lane.tree);
    let ([group], [reply]) = (&core.groups[..], &core.replies[..]) else { return None };
    if core.twins.first()?.len() != 1 {
        return None;
    }
    let classes = left.lane.classes();
    let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let mut rows = vec![];
    for m in group {
        let way = reply.ways.iter().position(|(way, _)| *way == Some(*m))?;
        let mut members = (0..reply.members.len()).filter(|k| reply.members[*k].way == way);
        let (member, None) = (members.next()?, members.next()) else { return None };
        let node = &tree.nodes[tree.sets[reply.set as usize].nodes[member] as usize];
        let mut row = vec![];
        for action in &reply.actions {
            let child = node.children[*action as usize];
            let mut paid = vec![];
            let mut at = child;
            while let Some((above, _)) = tree.nodes[at as usize].above {
                at = above;
                paid.extend(pays(left, &classes, at));
            }
            let mut name = vec![];
            follow(left, &classes, child, &paid, &mut name)?;
            let next = known.len() as u32;
            row.push(*known.entry(name).or_insert(next));
        }
        rows.push(row);
    }
    Some(rows)
}

/// Who is paid on reaching a node, and what; payments of 0 are none.
fn pays(left: &Left, classes: &Classes, x: u32) -> Vec<(u32, u32)> {
    let tree = left.lane.tree;
    let list = tree.lists[tree.nodes[x as usize].pays as usize].iter();
    let some = list.filter(|(_, source)| !classes.is_zero(*source));
    some.map(|(player, source)| (*player as u32, classes.of(*source))).collect()
}

/// Writes down everything that follows a node, where all is settled, with all payments on the way.
fn follow(left: &Left, classes: &Classes, x: u32, before: &[(u32, u32)], name: &mut Vec<u32>) -> Option<()> {
    let tree = left.lane.tree;
    let node = &tree.nodes[x as usize];
    let mut paid = [before, &pays(left, classes, x)].concat();
    match node.kind {
        Kind::Decision(h) if node.open => {
            let child = node.children[usize::from(left.lane.choice[h as usize])];
            follow(left, classes, child, &paid, name)
        }
        Kind::Decision(_) => None,
        Kind::Chance(start) => {
            name.extend([1, node.children.len() as u32]);
            for (k, child) in node.children.iter().enumerate() {
                name.push(classes.of(tree.probs[start as usize + k]));
                follow(left, classes, *child, &paid, name)?;
            }
            Some(())
        }
        Kind::End(key) => {
            paid.sort_unstable();
            name.extend([2, key, paid.len() as u32]);
            name.extend(paid.iter().flat_map(|(player, class)| [*player, *class]));
            Some(())
        }
    }
}

impl Ties<'_, '_> {
    fn cell(&self, side: usize, own: usize, other: usize) -> u32 {
        if side == 0 { self.cells[own][other] } else { self.cells[other][own] }
    }

    /// Whether two moves of a side lead to the same against all of these.
    fn alike(&self, side: usize, a: usize, b: usize, against: &[usize]) -> bool {
        against.iter().all(|j| self.cell(side, a, *j) == self.cell(side, b, *j))
    }

    /// What a side gains from one move instead of another against a move; exactly 0 where both lead to the same.
    fn gain(&self, side: usize, to: usize, from: usize, against: usize) -> Interval {
        if self.cell(side, to, against) == self.cell(side, from, against) {
            return Interval::ZERO;
        }
        self.table.pays[side][to][against] - self.table.pays[side][from][against]
    }

    /// Leaves out moves that are never used where all these are best replies: one reply is better than another
    /// against each of them, and as good against the rest.
    fn reduced(&self, mut used: Used) -> Used {
        loop {
            let before = used.clone();
            for side in 0..2 {
                for (n, a) in before[1 - side].iter().enumerate() {
                    for b in &before[1 - side][..n] {
                        let signs: Vec<Option<i32>> = used[side]
                            .iter()
                            .map(|own| self.gain(1 - side, *a, *b, *own))
                            .map(|g| if g == Interval::ZERO { Some(0) } else { g.sign().filter(|s| *s != 0) })
                            .collect();
                        let some = |sign: i32| signs.contains(&Some(sign));
                        if !signs.contains(&None) && some(1) != some(-1) {
                            let mut kept = signs.iter().map(|s| *s == Some(0));
                            used[side].retain(|_| kept.next().unwrap_or(true));
                        }
                    }
                }
            }
            if used == before || used.iter().any(Vec::is_empty) {
                return used;
            }
        }
    }

    /// Whether all equilibria with the second moves in use are among those with the first.
    fn holds(&self, whole: &Used, part: &Used) -> bool {
        (0..2).all(|side| {
            let more = |b: &&usize| !part[side].contains(b);
            part[side].iter().all(|a| whole[side].contains(a))
                && whole[side]
                    .iter()
                    .filter(more)
                    .all(|b| part[side].iter().any(|a| self.alike(side, *a, *b, &part[1 - side])))
        })
    }

    /// Moves that lead to the same against all that the other side uses.
    fn groups(&self, side: usize, used: &Used) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = vec![];
        for own in &used[side] {
            match groups.iter_mut().find(|g| self.alike(side, g[0], *own, &used[1 - side])) {
                Some(group) => group.push(*own),
                None => groups.push(vec![*own]),
            }
        }
        groups
    }

    /// The equilibria with these moves in use; `None` if there are none.
    fn piece(&self, used: Used) -> Result<Option<Piece>, Why> {
        let groups = [self.groups(0, &used), self.groups(1, &used)];
        if groups[0].len() != groups[1].len() {
            return Err(Why::Close);
        }
        let mut weights = [vec![], vec![]];
        for side in 0..2 {
            let Some(found) = self.weights(side, &groups)? else { return Ok(None) };
            weights[side] = found;
        }
        let mut ranges = [vec![], vec![]];
        for side in 0..2 {
            let mut cuts = vec![];
            for own in (0..self.table.pays[1 - side].len()).filter(|i| !used[1 - side].contains(i)) {
                let gain = |j: &usize| self.gain(1 - side, own, groups[1 - side][0][0], *j);
                let gains: Vec<Vec<Interval>> =
                    groups[side].iter().map(|group| group.iter().map(gain).collect()).collect();
                match over_splits(&gains, &weights[side]) {
                    Some(sum) if sum == Interval::ZERO || sum.hi() < 0.0 => {}
                    Some(sum) if sum.lo() > 0.0 => return Ok(None),
                    Some(_) => cuts.push(Cut { gains: self.marked(1 - side, own, &groups, gains) }),
                    None => return Err(Why::Close),
                }
            }
            let Some(found) = corners::ranges(&groups[side], &weights[side], &cuts)? else { return Ok(None) };
            ranges[side] = found;
        }
        Ok(Some(Piece { used, groups, weights, ranges }))
    }

    /// Gains with, per group of the other side, whether they are the same for all of the group.
    fn marked(
        &self,
        side: usize,
        own: usize,
        groups: &[Vec<Vec<usize>>; 2],
        gains: Vec<Vec<Interval>>,
    ) -> Vec<(Vec<Interval>, bool)> {
        let same = |group: &Vec<usize>| {
            group.iter().all(|j| self.cell(side, own, *j) == self.cell(side, own, group[0]))
        };
        groups[1 - side].iter().map(same).zip(gains).map(|(same, gains)| (gains, same)).collect()
    }

    /// What the groups of a side are played, so that the other side's groups are equally good; `None` if that
    /// cannot be.
    fn weights(&self, side: usize, groups: &[Vec<Vec<usize>>; 2]) -> Result<Option<Vec<Interval>>, Why> {
        let (own, others) = (&groups[side], &groups[1 - side]);
        if own.len() == 1 {
            return Ok(Some(vec![Interval::ONE]));
        }
        let mut system = vec![vec![Interval::ONE; own.len()]];
        let row = |other: &Vec<usize>| {
            own.iter().map(|group| self.gain(1 - side, other[0], others[0][0], group[0])).collect()
        };
        system.extend(others[1..].iter().map(row));
        let mut right = vec![0.0; own.len()];
        right[0] = 1.0;
        let solved = enclosed(&system, &right).ok_or(Why::Close)?;
        if solved.iter().any(|p| p.hi() < 0.0) {
            return Ok(None);
        }
        for p in &solved {
            positive(*p)?;
        }
        Ok(Some(solved))
    }

    fn layers(&self, piece: &Piece) -> Layers {
        let core = self.table.core;
        let free = |side: usize| piece.groups[side].iter().any(|g| g.len() > 1);
        // The groups' weights in equal parts, and the ranges, by position of all moves.
        let mut rows = [0, 1].map(|side| vec![[Interval::ZERO; 2]; self.table.pays[side].len()]);
        for side in 0..2 {
            let mut ranges = piece.ranges[side].iter();
            for (group, weight) in piece.groups[side].iter().zip(&piece.weights[side]) {
                let parts = Interval::from(group.len() as i32);
                let part =
                    if group.len() == 1 { *weight } else { weight.checked_div(parts).unwrap_or(*weight) };
                for own in group {
                    rows[side][*own] = [part, ranges.next().copied().unwrap_or(*weight)];
                }
            }
        }
        let mut moves = vec![Interval::ZERO; core.moves.len()];
        let mut spread = vec![None; core.moves.len()];
        for (m, [part, range]) in core.groups[0].iter().zip(&rows[0]) {
            moves[*m] = *part;
            spread[*m] = free(0).then_some(*range);
        }
        let row = |k: usize| rows[1].iter().map(|r| r[k]).collect();
        let reply = if free(1) { Given::Split(row(0), row(1)) } else { Given::Sure(row(0)) };
        Layers { moves, spread, replies: vec![reply] }
    }
}

/// The sum of gains over all splits of the groups' weights. `None` where its sign is open though no split could
/// change it.
fn over_splits(gains: &[Vec<Interval>], weights: &[Interval]) -> Option<Interval> {
    let mut sum = Interval::ZERO;
    let mut varies = false;
    for (list, weight) in gains.iter().zip(weights) {
        if list.iter().all(|g| *g == Interval::ZERO) {
            continue;
        }
        let hull = list.iter().skip(1).fold(*list.first()?, |a, b| a.hull(*b));
        varies |= list.len() > 1;
        sum = sum + *weight * hull;
    }
    let open = sum != Interval::ZERO && sum.hi() >= 0.0 && sum.lo() <= 0.0;
    (!open || varies).then_some(sum)
}

/// Whether two sets of equilibria surely have no point in common.
fn apart(one: &Piece, other: &Piece) -> bool {
    let mass = |piece: &Piece, side: usize, group: &[usize]| {
        let all = piece.groups[side].iter().flatten().zip(&piece.ranges[side]);
        let inside = all.filter(|(own, _)| group.contains(own)).map(|(_, range)| *range);
        inside.fold(Interval::ZERO, |a, b| a + b)
    };
    let tells = |one: &Piece, other: &Piece, side: usize| {
        one.groups[side].iter().zip(&one.weights[side]).any(|(group, weight)| {
            let there = mass(other, side, group);
            there.hi() < weight.lo() || there.lo() > weight.hi()
        })
    };
    let single = |side: usize| {
        let range = |piece: &Piece, own: usize| mass(piece, side, &[own]);
        let all = one.used[side].iter().chain(&other.used[side]);
        all.map(|own| (range(one, *own), range(other, *own))).any(|(a, b)| a.intersect(b).is_none())
    };
    (0..2).any(|side| tells(one, other, side) || tells(other, one, side) || single(side))
}
