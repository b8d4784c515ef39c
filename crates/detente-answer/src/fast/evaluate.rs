//! Compiled questions asked of enclosed equilibria.
//!
//! The one idea: the same sums as in `chain` and `query`, over intervals that round outward; what they
//! leave open is left to the exact path.

use super::drawn::Row;
use super::formula::{Formula, Group, Leaf, Marks, Statement};
use super::seat::Seat;
use super::slices::slices;
use detente_exact::Interval;
use detente_model::question::Arithmetic;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Rounding, or a continuum, leaves it open: for the exact path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open;

/// A number, or `None` where it is surely undefined.
pub type Value = Result<Option<Interval>, Open>;

/// One equilibrium of each game asked about, by the game's position.
pub struct Scene<'a> {
    pub params: &'a [Interval],
    pub seats: Vec<Option<Seat<'a>>>,
    /// What hangs on the numbers of the draw, by table.
    pub rows: &'a [Result<Row, Open>],
}

impl Scene<'_> {
    pub(super) fn seat(&self, game: usize) -> Result<&Seat<'_>, Open> {
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

    pub(super) fn row(&self, table: usize) -> Result<&Row, Open> {
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
