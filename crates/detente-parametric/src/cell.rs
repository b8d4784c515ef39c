//! Numbers over a box of parameters: an enclosure of all values, and the value at the center.
//!
//! The one idea: a sign that the enclosure shows is the sign everywhere in the box. To lose less
//! where a parameter occurs more than once, the derivatives are enclosed too, and the value is also
//! bounded from the center outwards (mean value form; Moore, Interval Analysis, 1966).

use crate::evaluate::Number;
use detente_exact::{Interval, Q, Scalar};
use detente_game::Op;
use detente_verify::over::Field;
use std::rc::Rc;

/// A box: per free parameter, how far its values lie from the center.
#[derive(Debug, PartialEq)]
pub struct Around {
    offsets: Vec<Interval>,
}

impl Around {
    /// A box from its sides and its center, which lies inside.
    pub fn new(sides: &[(Q, Q)], center: &[Q]) -> Rc<Around> {
        let offset = |((lo, hi), c): (&(Q, Q), &Q)| Interval::between(&(lo - c), &(hi - c));
        Rc::new(Around { offsets: sides.iter().zip(center).map(offset).collect() })
    }
}

/// A function of the parameters over a box.
#[derive(Clone, Debug)]
pub struct Cell {
    center: Q,
    /// Enclosures of the value and of the derivatives, and the box; `None` for a constant.
    over: Option<(Interval, Vec<Interval>, Rc<Around>)>,
}

impl PartialEq for Cell {
    fn eq(&self, other: &Cell) -> bool {
        match (&self.over, &other.over) {
            (None, None) => self.center == other.center,
            // Different computations may give one function; nothing here can tell.
            (Some(a), Some(b)) => self.center == other.center && a.0 == b.0 && a.1 == b.1,
            _ => false,
        }
    }
}

impl Cell {
    /// Parameter `k` of the box, which has these sides and this center.
    pub fn variable(k: usize, side: &(Q, Q), center: &Q, around: &Rc<Around>) -> Cell {
        let mut slopes = vec![Interval::ZERO; around.offsets.len()];
        slopes[k] = Interval::ONE;
        Cell {
            center: center.clone(),
            over: Some((Interval::between(&side.0, &side.1), slopes, around.clone())),
        }
    }

    /// All values.
    pub fn range(&self) -> Interval {
        self.over.as_ref().map_or_else(|| Interval::from_q(&self.center), |o| o.0)
    }

    fn slope(&self, k: usize) -> Interval {
        self.over.as_ref().map_or(Interval::ZERO, |o| o.1[k])
    }

    fn make(center: Q, range: Interval, slopes: Vec<Interval>, around: &Rc<Around>) -> Cell {
        let steps = slopes.iter().zip(&around.offsets).map(|(s, d)| *s * *d);
        let mean = steps.fold(Interval::from_q(&center), |sum, step| sum + step);
        let range = range.intersect(mean).unwrap_or(range);
        // What is 0 all over the box is the constant, so that it cancels for good.
        if center.is_zero() && range == Interval::ZERO {
            return Cell::zero();
        }
        Cell { center, over: Some((range, slopes, around.clone())) }
    }

    /// A function of two, from its value, its range and its derivatives.
    fn with(
        &self,
        other: &Cell,
        center: Q,
        range: Interval,
        slope: impl Fn(Interval, Interval) -> Interval,
    ) -> Cell {
        let Some(around) = self.over.as_ref().or(other.over.as_ref()).map(|o| o.2.clone()) else {
            return Cell { center, over: None };
        };
        let slopes = (0..around.offsets.len()).map(|k| slope(self.slope(k), other.slope(k))).collect();
        Cell::make(center, range, slopes, &around)
    }
}

impl Field for Cell {
    fn of(value: &Q) -> Cell {
        Cell { center: value.clone(), over: None }
    }

    fn plus(&self, other: &Cell) -> Cell {
        self.with(other, &self.center + &other.center, self.range() + other.range(), |a, b| a + b)
    }

    fn times(&self, other: &Cell) -> Cell {
        if self.is_zero() || other.is_zero() {
            return Cell::zero();
        }
        let (x, y) = (self.range(), other.range());
        self.with(other, &self.center * &other.center, x * y, |a, b| a * y + x * b)
    }

    fn negated(&self) -> Cell {
        let over = self.over.as_ref();
        let over = over.map(|(r, s, a)| (-*r, s.iter().map(|s| -*s).collect(), a.clone()));
        Cell { center: -&self.center, over }
    }

    fn over(&self, divisor: &Cell) -> Option<Cell> {
        let (x, y) = (self.range(), divisor.range());
        let center = self.center.checked_div(&divisor.center)?;
        let quotient = x.checked_div(y)?;
        let inverse = Interval::ONE.checked_div(y)?;
        Some(self.with(divisor, center, quotient, |a, b| (a - quotient * b) * inverse))
    }

    fn is_zero(&self) -> bool {
        self.over.is_none() && self.center.is_zero()
    }

    fn is_one(&self) -> bool {
        self.over.is_none() && self.center.is_one()
    }

    fn sign(&self) -> Option<i32> {
        match &self.over {
            None => Some(self.center.signum()),
            Some((range, ..)) => range.sign(),
        }
    }

    fn center(&self) -> Q {
        self.center.clone()
    }

    fn sorted(&self, other: &Cell) -> Option<(Cell, Cell)> {
        if self.over.is_none() && other.over.is_none() {
            let (high, low) = if self.center >= other.center { (self, other) } else { (other, self) };
            return Some((high.clone(), low.clone()));
        }
        match self.minus(other).sign() {
            Some(s) if s >= 0 => Some((self.clone(), other.clone())),
            Some(_) => Some((other.clone(), self.clone())),
            // Which is larger changes in the box: both ends are enclosed, derivatives too.
            None => {
                let (x, y) = (self.range(), other.range());
                let (a, b) = (self.center.clone(), other.center.clone());
                let either = |s: Interval, t: Interval| s.hull(t);
                let high = self.with(other, a.clone().max(b.clone()), Scalar::max(&x, &y), either);
                Some((high, self.with(other, a.min(b), Scalar::min(&x, &y), either)))
            }
        }
    }

    fn hull(&self, other: &Cell) -> Option<Cell> {
        let (x, y) = (self.range().hull(other.range()), self.over.as_ref().or(other.over.as_ref()));
        match y {
            // Which of the two it is may jump, so nothing is said of the slope.
            Some((_, slopes, around)) => {
                let over = Some((x, vec![Interval::ENTIRE; slopes.len()], around.clone()));
                Some(Cell { center: self.center.clone(), over })
            }
            None => (self.center == other.center).then(|| self.clone()),
        }
    }

    fn positive_part(&self) -> Option<Cell> {
        self.sorted(&Cell::zero()).map(|s| s.0)
    }

    fn bound(&self) -> Q {
        match &self.over {
            None => self.center.abs(),
            // An enclosure without end bounds nothing: no refutation will rest on it.
            Some((range, ..)) => {
                Q::from_f64(range.magnitude()).unwrap_or_else(|| Q::from_f64(f64::MAX).unwrap_or(Q::ONE))
            }
        }
    }
}

impl Number for Cell {
    fn irrational(op: &Op, operands: &[Cell]) -> Option<Cell> {
        let x = operands.first()?;
        let (_, _, around) = x.over.as_ref().or(operands.last()?.over.as_ref())?;
        let (range, center, slope) = match op {
            Op::Exp(_) => {
                let range = x.range().exp();
                (range, libm::exp(x.center.to_f64()), range)
            }
            Op::Ln(_) => {
                (x.range().ln()?, libm::log(x.center.to_f64()), Interval::ONE.checked_div(x.range())?)
            }
            Op::Sqrt(_) => {
                let range = x.range().sqrt()?;
                (range, x.center.to_f64().sqrt(), Interval::ONE.checked_div(range + range)?)
            }
            _ => {
                let y = operands.get(1)?;
                let range = x.range().powf(y.range())?;
                let entire = vec![Interval::ENTIRE; around.offsets.len()];
                let center = Q::from_f64(libm::pow(x.center.to_f64(), y.center.to_f64()))?;
                return Some(Cell { center, over: Some((range, entire, around.clone())) });
            }
        };
        let slopes = (0..around.offsets.len()).map(|k| slope * x.slope(k)).collect();
        // The value at the center is rounded, so that the mean value form is left out.
        Some(Cell { center: Q::from_f64(center)?, over: Some((range, slopes, around.clone())) })
    }

    fn vanishes(&self) -> bool {
        match &self.over {
            None => self.center.is_zero(),
            Some((range, ..)) => self.center.is_zero() && range.contains(0.0),
        }
    }
}
