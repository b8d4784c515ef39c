//! Compiled questions asked of enclosed equilibria.
//!
//! The one idea: the same sums as in `chain` and `query`, over intervals that round outward; what they
//! leave open is left to the exact path.

use super::drawn::Row;
use super::formula::{Asked, Forced, Formula, Group, Kind, Leaf, Marks, Statement};
use detente_batch::{Equilibrium, Play, Point};
use detente_exact::Interval;
use detente_game::{Game, NodeId, NodeKind};
use detente_model::question::Arithmetic;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Rounding, or a continuum, leaves it open: for the exact path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open;

/// A number, or `None` where it is surely undefined.
pub type Value = Result<Option<Interval>, Open>;

/// One game with one of its equilibria.
#[derive(Clone, Copy)]
pub struct Seat<'a> {
    pub game: &'a Game,
    pub point: &'a Point<'a>,
    pub equilibrium: &'a Equilibrium,
    pub end_of_each: &'a [Option<usize>],
    /// Per node, the numbers of its chances (`detente_batch::same_chances`).
    pub chances: &'a [Vec<u32>],
}

/// One equilibrium of each game asked about, by the game's position.
pub struct Scene<'a> {
    pub params: &'a [Interval],
    pub seats: Vec<Option<Seat<'a>>>,
    /// What hangs on the numbers of the draw, by table.
    pub rows: &'a [Result<Row, Open>],
}

impl Scene<'_> {
    fn seat(&self, game: usize) -> Result<&Seat<'_>, Open> {
        self.seats.get(game).and_then(Option::as_ref).ok_or(Open)
    }

    /// Computes a number.
    ///
    /// # Errors
    /// It cannot be told here.
    pub fn number(&self, f: &Formula) -> Value {
        Ok(Some(match f {
            Formula::Const(c) => *c,
            Formula::Param(p) => *self.params.get(*p).ok_or(Open)?,
            Formula::Neg(a) => match self.number(a)? {
                Some(a) => -a,
                None => return Ok(None),
            },
            Formula::Abs(a) => match self.number(a)? {
                Some(a) => a.abs(),
                None => return Ok(None),
            },
            Formula::Binary(op, a, b) => {
                let (Some(a), Some(b)) = (self.number(a)?, self.number(b)?) else { return Ok(None) };
                match op {
                    Arithmetic::Add => a + b,
                    Arithmetic::Sub => a - b,
                    Arithmetic::Mul => a * b,
                    Arithmetic::Min => a.min(b),
                    Arithmetic::Max => a.max(b),
                    Arithmetic::Div if b == Interval::ZERO => return Ok(None),
                    Arithmetic::Div => a.checked_div(b).ok_or(Open)?,
                    Arithmetic::Pow => return Err(Open),
                }
            }
            Formula::Sum(constant, groups) => {
                let Some(mut sum) = self.number(constant)? else { return Ok(None) };
                for group in groups {
                    sum = sum + self.attained(group.game, self.group(group)?)?;
                }
                sum
            }
            Formula::Asked(asked) => {
                let found = self.asked(asked)?;
                return found.map(|range| self.attained(asked.game, range)).transpose();
            }
        }))
    }

    /// A range over tied moves holds every value, but its ends need not be attained: then it is open.
    fn attained(&self, game: usize, range: Interval) -> Result<Interval, Open> {
        let wide = range.hi() - range.lo() > 1e-9 * (1.0 + range.mid().abs());
        if wide && self.seat(game)?.equilibrium.tied { Err(Open) } else { Ok(range) }
    }

    /// Which plays have something in this draw.
    pub(super) fn marks<'s>(&'s self, marks: &'s Marks) -> Result<Cow<'s, [bool]>, Open> {
        match marks {
            Marks::Fixed(list) => Ok(Cow::Borrowed(list)),
            Marks::Drawn(table) => {
                Ok(self.row(*table)?.iter().map(|v| v.is_some_and(|v| v == Interval::ONE)).collect())
            }
        }
    }

    fn row(&self, table: usize) -> Result<&Row, Open> {
        self.rows.get(table).ok_or(Open)?.as_ref().map_err(|open| *open)
    }

    fn group(&self, group: &Group) -> Result<Interval, Open> {
        let seat = self.seat(group.game)?;
        let mut factors = vec![];
        for (factor, _) in &group.terms {
            factors.push(self.number(factor)?.ok_or(Open)?);
        }
        let mut lists = vec![];
        for (_, leaf) in &group.terms {
            lists.push(match leaf {
                Leaf::Happens(marks) => self.marks(marks)?,
                Leaf::Pays(_) => Cow::Borrowed(&[][..]),
            });
        }
        let read = |end: usize| {
            let mut sum = Interval::ZERO;
            for ((factor, list), (_, leaf)) in factors.iter().zip(&lists).zip(&group.terms) {
                match leaf {
                    Leaf::Happens(_) if list[end] => sum = sum + *factor,
                    Leaf::Happens(_) => {}
                    Leaf::Pays(player) => sum = sum + *factor * seat.point.paid(end, *player),
                }
            }
            sum
        };
        Ok(if group.outcomes { seat.over_outcomes(read) } else { seat.expect(&group.forced, 0, &read) })
    }

    fn asked(&self, asked: &Asked) -> Value {
        let seat = self.seat(asked.game)?;
        let forced = &asked.forced;
        match &asked.kind {
            Kind::Share { known, yes, outcomes } => {
                let (known, yes) = (self.marks(known)?, self.marks(yes)?);
                let unit = |b: bool| if b { Interval::ONE } else { Interval::ZERO };
                let over = |read: &dyn Fn(usize) -> Interval| match outcomes {
                    true => seat.over_outcomes(read),
                    false => seat.expect(forced, 0, read),
                };
                let inside = over(&|n| unit(known[n] && yes[n]));
                let rest = over(&|n| unit(known[n] && !yes[n]));
                share(inside, rest)
            }
            Kind::Mean { values, least, spread, .. } => {
                let over = |weight: &dyn Fn(Interval) -> Interval| {
                    seat.expect(forced, 0, &|n| values[n].map_or(Interval::ZERO, weight))
                };
                if *spread == 0.0 {
                    let total = over(&|_| Interval::ONE);
                    if total == Interval::ZERO {
                        return Ok(None);
                    }
                    return if total.lo() > 0.0 { Ok(Some(*least)) } else { Err(Open) };
                }
                let whole = Interval::point(*spread).ok_or(Open)?;
                let above = over(&|v| v - *least);
                let below = over(&|v| whole - (v - *least));
                Ok(share(above, below)?.map(|part| *least + part * whole))
            }
            Kind::Drawn { known, table, everywhere } => {
                let (known, row) = (self.marks(known)?, self.row(*table)?);
                if *everywhere {
                    return Ok(Some(seat.expect(forced, 0, &|n| row[n].unwrap_or(Interval::ZERO))));
                }
                let values = || row.iter().zip(&*known).filter(|(_, k)| **k).filter_map(|(v, _)| *v);
                let least = values().map(Interval::lo).fold(f64::INFINITY, f64::min);
                let most = values().map(Interval::hi).fold(f64::NEG_INFINITY, f64::max);
                let ends = Interval::point(least).zip(Interval::point(most)).filter(|_| least <= most);
                let Some((least, most)) = ends else { return Ok(None) };
                let over = |weight: &dyn Fn(Interval) -> Interval| {
                    let read = |n: usize| row[n].filter(|_| known[n]).map_or(Interval::ZERO, weight);
                    seat.expect(forced, 0, &read)
                };
                let (above, below) = (over(&|v| v - least), over(&|v| most - v));
                if above == Interval::ZERO && below == Interval::ZERO {
                    // All values are one number, or nothing of it happens.
                    let total = over(&|_| Interval::ONE);
                    return match total.lo() > 0.0 {
                        true => Ok(Some(least)),
                        false if total == Interval::ZERO => Ok(None),
                        false => Err(Open),
                    };
                }
                Ok(share(above, below)?.map(|part| least + part * (most - least)))
            }
            Kind::Value { known, player } => {
                let known = self.marks(known)?;
                if seat.equilibrium.varies {
                    return Err(Open);
                }
                let one = |n: usize| if known[n] { Interval::ONE } else { Interval::ZERO };
                let total = seat.expect(forced, 0, &one);
                if total == Interval::ZERO {
                    return Ok(None);
                }
                let paid = |n: usize| if known[n] { seat.point.paid(n, *player) } else { Interval::ZERO };
                let sum = seat.expect(forced, 0, &paid);
                sum.checked_div(total).map(Some).ok_or(Open)
            }
            Kind::Belief { yes, sets } => {
                let yes = self.marks(yes)?;
                seat.at_sets(forced, sets.iter().map(|h| (*h, *h)), |h| {
                    let unit = |n: usize| if yes[n] { Interval::ONE } else { Interval::ZERO };
                    let nodes = &seat.game.infosets[h].nodes;
                    let below = nodes.iter().map(|n| seat.expect(forced, n.index(), &unit)).collect();
                    seat.by_beliefs(h, below)
                })
            }
            Kind::Gain { player, sets } => {
                seat.at_sets(forced, sets.iter().map(|s| (s.0, *s)), |(h, a, b)| {
                    let pays = |n: usize| seat.point.paid(n, *player);
                    let gain = |n: &NodeId| {
                        let children = seat.game.children(*n);
                        let at = |k: usize| seat.expect(forced, children[k].index(), &pays);
                        at(a) - at(b)
                    };
                    let below = seat.game.infosets[h].nodes.iter().map(gain).collect();
                    seat.by_beliefs(h, below)
                })
            }
        }
    }

    /// Decides a statement; `None` where it is undefined.
    ///
    /// # Errors
    /// It cannot be told here, or differs over a continuum.
    pub fn truth(&self, t: &Statement) -> Result<Option<bool>, Open> {
        match t {
            Statement::Const(b) => Ok(Some(*b)),
            Statement::Not(part) => Ok(self.truth(part)?.map(|b| !b)),
            Statement::All(parts) => self.all(parts, false),
            Statement::Any(parts) => self.all(parts, true),
            Statement::Compare(relation, difference) => {
                let Some(d) = self.number(difference)? else { return Ok(None) };
                let against = |x: f64| x.partial_cmp(&0.0).unwrap_or(Ordering::Equal);
                let (low, high) = (against(d.lo()), against(d.hi()));
                let truth = relation.holds(low);
                let crosses = low.is_lt() && high.is_gt();
                let open =
                    truth != relation.holds(high) || crosses && truth != relation.holds(Ordering::Equal);
                if !open {
                    return Ok(Some(truth));
                }
                // What is exactly 0 needs no sign.
                match self.terms(difference) {
                    Some(terms) if terms.is_empty() => Ok(Some(relation.holds(Ordering::Equal))),
                    _ => Err(Open),
                }
            }
        }
    }

    /// Decides a statement over continua: `Some(None)` stands for true at one point and false at
    /// another, as it is where numbers that vary are at ends of their ranges.
    ///
    /// # Errors
    /// It cannot be told here.
    pub fn verdict(&self, t: &Statement) -> Result<Option<Option<bool>>, Open> {
        match self.truth(t) {
            Ok(truth) => return Ok(truth.map(Some)),
            Err(Open) if !self.seats.iter().flatten().any(|s| s.equilibrium.varies) => return Err(Open),
            // Ends of ranges over tied moves need not be attained.
            Err(Open) if self.seats.iter().flatten().any(|s| s.equilibrium.tied) => return Err(Open),
            Err(Open) => {}
        }
        let (mut yes, mut no) = (false, false);
        for (k, seat) in self.seats.iter().enumerate() {
            let Some(seat) = seat else { continue };
            for slice in slices(seat) {
                let mut seats = self.seats.clone();
                seats[k] = Some(Seat { equilibrium: &slice, ..*seat });
                match (Scene { params: self.params, seats, rows: self.rows }).truth(t) {
                    Ok(Some(true)) => yes = true,
                    Ok(Some(false)) => no = true,
                    _ => {}
                }
                if yes && no {
                    return Ok(Some(None));
                }
            }
        }
        Err(Open)
    }

    fn all(&self, parts: &[Statement], decisive: bool) -> Result<Option<bool>, Open> {
        let (mut open, mut undefined) = (false, false);
        for part in parts {
            match self.truth(part) {
                Ok(Some(b)) if b == decisive => return Ok(Some(decisive)),
                Ok(Some(_)) => {}
                Ok(None) => undefined = true,
                Err(Open) => open = true,
            }
        }
        match (open, undefined) {
            (true, _) => Err(Open),
            (_, true) => Ok(None),
            _ => Ok(Some(!decisive)),
        }
    }
}

impl Seat<'_> {
    /// The expectation at a node of what is read off the end.
    pub fn expect(&self, forced: &Forced, node: usize, read: &dyn Fn(usize) -> Interval) -> Interval {
        let below = |child: &NodeId| self.expect(forced, child.index(), read);
        let children = self.game.children(NodeId(node as u32));
        if let Some(k) = forced.get(node).copied().flatten() {
            return below(&children[k as usize]);
        }
        match self.game.nodes[node].kind {
            NodeKind::Terminal(_) => read(node),
            NodeKind::Chance(_) => {
                mean((0..children.len()).map(|k| (self.point.chance(node, k), below(&children[k]))))
            }
            NodeKind::Decision(h) => {
                let h = h.index();
                let row = self.equilibrium.moves(h, children.len());
                match &self.equilibrium.plays[h] {
                    Play::Pure(a) => below(&children[*a as usize]),
                    Play::Mixed(_) => mean(used(row).map(|k| (row[k], below(&children[k])))),
                    Play::Tied(_) | Play::Split(..) | Play::Free(_) => {
                        mix(&used(row).map(|k| (row[k], below(&children[k]))).collect::<Vec<_>>())
                    }
                }
            }
        }
    }

    /// The expectation of what outcomes alone decide.
    fn over_outcomes(&self, read: impl Fn(usize) -> Interval) -> Interval {
        let pairs = self.equilibrium.outcomes.iter().zip(self.end_of_each);
        mean(pairs.filter(|(p, _)| p.hi() > 0.0).filter_map(|(p, end)| Some((*p, read((*end)?)))))
    }

    /// How likely a node is.
    fn reach(&self, forced: &Forced, node: usize) -> Interval {
        let mut reach = Interval::ONE;
        let mut at = NodeId(node as u32);
        while let Some((above, k)) = self.game.nodes[at.index()].parent {
            let p = match (forced.get(above.index()).copied().flatten(), self.game.nodes[above.index()].kind)
            {
                (Some(f), _) if f == k => Interval::ONE,
                (Some(_), _) => Interval::ZERO,
                (None, NodeKind::Chance(_)) => self.point.chance(above.index(), k as usize),
                (None, NodeKind::Decision(h)) => {
                    let count = self.game.nodes[above.index()].num_children as usize;
                    self.equilibrium.moves(h.index(), count)[k as usize]
                }
                (None, NodeKind::Terminal(_)) => Interval::ONE,
            };
            if p != Interval::ONE {
                reach = reach * p;
            }
            at = above;
        }
        reach
    }

    /// The mean over the members of a set, by the beliefs there.
    fn by_beliefs(&self, h: usize, below: Vec<Interval>) -> Result<Interval, Open> {
        let beliefs = self.equilibrium.beliefs(h, below.len());
        if beliefs.iter().any(|b| !b.hi().is_finite()) {
            return Err(Open);
        }
        let pairs: Vec<(Interval, Interval)> =
            beliefs.iter().copied().zip(below).filter(|(b, _)| b.hi() > 0.0).collect();
        let sure = pairs.iter().all(|(b, _)| b.hi() - b.lo() < 1e-9);
        Ok(if sure { mean(pairs.into_iter()) } else { mix(&pairs) })
    }

    /// The mean over sets by how often they are reached; the hull if none is.
    fn at_sets<S: Copy>(
        &self,
        forced: &Forced,
        sets: impl Iterator<Item = (usize, S)>,
        read: impl Fn(S) -> Result<Interval, Open>,
    ) -> Value {
        let mut found = vec![];
        for (h, s) in sets {
            let nodes = self.game.infosets[h].nodes.iter();
            let visits = nodes.fold(Interval::ZERO, |sum, n| sum + self.reach(forced, n.index()));
            found.push((visits, s));
        }
        if found.iter().any(|(visits, _)| visits.lo() > 0.0) {
            found.retain(|(visits, _)| *visits != Interval::ZERO);
        }
        let mut values = vec![];
        for (visits, s) in found {
            values.push((visits, read(s)?));
        }
        let hull = || values.iter().map(|v| v.1).reduce(|a, b| a.hull(b));
        let point = |v: Interval| v.hi() - v.lo() < 1e-9;
        let total = values.iter().fold(Interval::ZERO, |sum, v| sum + v.0);
        if values.len() <= 1 || total == Interval::ZERO || values.iter().any(|v| !point(v.0)) {
            return Ok(hull());
        }
        let sum = values.iter().fold(Interval::ZERO, |sum, (visits, v)| sum + *visits * *v);
        Ok(sum.checked_div(total).or_else(hull))
    }
}

/// A component with one number that varies at an end of its range.
fn slices(seat: &Seat) -> Vec<Equilibrium> {
    let whole = seat.equilibrium;
    let mut list = vec![];
    let mut add =
        |rows: fn(&mut Equilibrium) -> &mut Vec<Interval>, start: usize, count: usize, blur: f64| {
            for k in start..start + count {
                let range = rows(&mut whole.clone())[k];
                if range.hi() - range.lo() < 1e-6 {
                    continue;
                }
                let (low, high) = ((range.lo() + blur).next_up(), (range.hi() - blur).next_down());
                let ends = [Interval::new(range.lo(), low), Interval::new(high, range.hi())];
                for end in ends.into_iter().flatten().filter(|end| certain(*end, blur)) {
                    let mut slice = whole.clone();
                    let row = &mut rows(&mut slice)[start..start + count];
                    row[k - start] = end;
                    tighten(row);
                    list.push(slice);
                }
            }
        };
    for (h, set) in seat.game.infosets.iter().enumerate() {
        let blur = match &whole.plays[h] {
            Play::Free(region) if region.tight && region.blur < 1e-9 => region.blur,
            // What is settled there is so whatever is believed.
            Play::Pure(_) => 0.0,
            _ => continue,
        };
        add(|e| &mut e.moves, whole.starts[h], set.actions.len(), blur);
        if whole.beliefs(h, set.nodes.len()).iter().all(|b| b.hi().is_finite()) {
            add(|e| &mut e.beliefs, whole.members[h], set.nodes.len(), blur);
        }
    }
    list
}

/// Whether some point of the component has its number in this end of a range: where its blur is known, or at
/// certainties.
fn certain(end: Interval, blur: f64) -> bool {
    blur > 0.0 || end.contains(0.0) || end.contains(1.0)
}

/// Narrows the probabilities of one menu to what a sum of one allows.
fn tighten(row: &mut [Interval]) {
    let old = row.to_vec();
    for (k, range) in row.iter_mut().enumerate() {
        let others = || old.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, r)| r);
        let rest = others().fold(Interval::ONE, |rest, r| rest - *r);
        *range = range.intersect(rest).unwrap_or(*range);
    }
}

/// Of two weights the share of the first; `None` if both are 0.
pub fn share(inside: Interval, rest: Interval) -> Value {
    let total = inside + rest;
    if total == Interval::ZERO {
        return Ok(None);
    }
    if total.lo() <= 0.0 {
        return Err(Open);
    }
    let part = |a: f64, b: f64| {
        let (a, b) = (Interval::point(a)?, Interval::point(b)?);
        a.checked_div(a + b)
    };
    match (part(inside.lo(), rest.hi()), part(inside.hi(), rest.lo())) {
        (Some(low), Some(high)) => Ok(Some(low.hull(high))),
        _ => Err(Open),
    }
}

fn used(row: &[Interval]) -> impl Iterator<Item = usize> + '_ {
    (0..row.len()).filter(|k| row[*k].hi() > 0.0)
}

/// A mean with weights that sum to 1 exactly: where all values are the same number, that number.
fn mean(pairs: impl Iterator<Item = (Interval, Interval)>) -> Interval {
    let (mut sum, mut first, mut same) = (Interval::ZERO, None, true);
    for (weight, value) in pairs {
        let first = *first.get_or_insert(value);
        same &= value.is_point() && value == first;
        sum = sum + weight * value;
    }
    match first {
        Some(value) if same => value,
        _ => sum,
    }
}

/// All means with weights in their ranges that sum to 1.
fn mix(pairs: &[(Interval, Interval)]) -> Interval {
    if let Some((first, rest)) = pairs.split_first()
        && first.1.is_point()
        && rest.iter().all(|(_, v)| *v == first.1)
    {
        return first.1;
    }
    let end = |low: bool| {
        let mut list: Vec<(Interval, f64)> =
            pairs.iter().map(|(w, v)| (*w, if low { v.lo() } else { v.hi() })).collect();
        list.sort_by(|a, b| if low { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
        fill(&list)
    };
    let (low, high) = (end(true), end(false));
    low.hull(high)
}

/// Gives every value its least weight, then the rest of the unit in the order of the list.
fn fill(list: &[(Interval, f64)]) -> Interval {
    let point = |x: f64| Interval::point(x).unwrap_or(Interval::ENTIRE);
    let least = list.iter().fold(Interval::ZERO, |sum, (w, _)| sum + point(w.lo()));
    let mut rest = (Interval::ONE - least).max(Interval::ZERO);
    let mut sum = Interval::ZERO;
    for (weight, value) in list {
        let room = point(weight.hi()) - point(weight.lo());
        let extra = rest.min(room);
        rest = (rest - extra).max(Interval::ZERO);
        sum = sum + (point(weight.lo()) + extra) * point(*value);
    }
    sum
}
