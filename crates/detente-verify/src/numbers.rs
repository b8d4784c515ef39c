//! Printed numbers: what a [`Num`] claims, and whether a recomputed number agrees.
//!
//! The one idea: a printed number is an interval of rationals, a point if it is exact.

use detente_exact::{Interval, Q, Scalar};
use detente_game::Game;
use detente_game::solution::{Component, Condition, Factor, Num};
use detente_game::wording::condition_text;

/// Slack for numbers printed without a claim of accuracy, relative to 1 + size.
const UNCLAIMED: f64 = 1e-9;

/// Returns the lowest and highest number that a printed number stands for.
///
/// # Errors
/// It is not finite, its radius is negative, or `value` is not the float next to `exact`.
pub fn enclosure(num: &Num) -> Result<(Q, Q), String> {
    if let Some(q) = &num.exact {
        if q.to_f64() != num.value || num.radius.is_some_and(|r| r != 0.0) {
            return Err(format!("{} is printed for {q}", num.value));
        }
        return Ok((q.clone(), q.clone()));
    }
    let value = Q::from_f64(num.value).ok_or("a number is not finite")?;
    let radius = match num.radius {
        None => Q::ZERO,
        Some(r) => Q::from_f64(r).filter(|r| !r.is_negative()).ok_or("a radius is not a number >= 0")?,
    };
    Ok((&value - &radius, &value + &radius))
}

/// Numbers a referee computes with: exact rationals, or intervals around them.
pub trait Number: Scalar {
    /// The smallest representation of a range.
    fn from_range(low: &Q, high: &Q) -> Option<Self>;
    /// The lowest and highest value, as floats rounded outward.
    fn bounds(&self) -> (f64, f64);
    /// The exact value, if known.
    fn exact(&self) -> Option<Q>;
    /// Whether the number is sure to be 0.
    fn is_zero(&self) -> bool;
}

impl Number for Q {
    fn from_range(low: &Q, high: &Q) -> Option<Q> {
        (low == high).then(|| low.clone())
    }
    fn bounds(&self) -> (f64, f64) {
        (self.to_f64_down(), self.to_f64_up())
    }
    fn exact(&self) -> Option<Q> {
        Some(self.clone())
    }
    fn is_zero(&self) -> bool {
        Q::is_zero(self)
    }
}

impl Number for Interval {
    fn from_range(low: &Q, high: &Q) -> Option<Interval> {
        Some(Interval::between(low, high))
    }
    fn bounds(&self) -> (f64, f64) {
        (self.lo(), self.hi())
    }
    fn exact(&self) -> Option<Q> {
        None
    }
    fn is_zero(&self) -> bool {
        self.lo() == 0.0 && self.hi() == 0.0
    }
}

/// Checks that a printed number agrees with the recomputed one.
pub fn check_printed<S: Number>(what: &str, printed: &Num, found: &S) -> Result<(), String> {
    let (low, high) = enclosure(printed).map_err(|e| format!("{what}: {e}"))?;
    let agrees = match found.exact() {
        Some(q) if printed.exact.is_some() || printed.radius.is_some() => low <= q && q <= high,
        _ => {
            let slack = match (&printed.exact, printed.radius) {
                (None, None) => UNCLAIMED * (1.0 + printed.value.abs()),
                _ => 0.0,
            };
            let (from, to) = found.bounds();
            low.to_f64_down() - slack <= to && from <= high.to_f64_up() + slack
        }
    };
    match agrees {
        true => Ok(()),
        false => Err(format!("{what} is printed as {} but is {found:?}", shown(printed))),
    }
}

/// Checks that a printed number holds every number that the recomputed one may be.
pub fn check_holds<S: Number>(what: &str, printed: &Num, found: &S) -> Result<(), String> {
    let (low, high) = enclosure(printed).map_err(|e| format!("{what}: {e}"))?;
    let holds = match found.exact() {
        Some(q) => low <= q && q <= high,
        None => {
            let (from, to) = found.bounds();
            low.to_f64_up() <= from && to <= high.to_f64_down()
        }
    };
    match holds {
        true => Ok(()),
        false => Err(format!("{what} is printed as {} but is {found:?}", shown(printed))),
    }
}

fn shown(num: &Num) -> String {
    match &num.exact {
        Some(q) => q.to_string(),
        None => format!("{} (radius {:?})", num.value, num.radius),
    }
}

/// Whether the printed conditions of a component are the words of its data.
pub fn is_text_of(game: &Game, c: &Component) -> bool {
    let factors = c.conditions.iter().flatten().flat_map(|x| &x.terms).flat_map(|(list, _)| list);
    let exists = |f: &Factor| {
        let (h, k, is_belief) = match *f {
            Factor::Action(h, a) | Factor::Tremble(h, a) => (h, a, false),
            Factor::Belief(h, k) => (h, k, true),
        };
        let set = game.infosets.get(h as usize);
        set.is_some_and(|s| (k as usize) < if is_belief { s.nodes.len() } else { s.actions.len() })
    };
    let words = |piece: &Vec<Condition>| piece.iter().map(|x| condition_text(game, x)).collect::<Vec<_>>();
    factors.into_iter().all(exists) && c.conditions.iter().map(words).eq(c.inequalities.iter().cloned())
}
