//! A number over a set of equilibria as floats, for statistics: its lowest and its highest value.
//!
//! The one idea: arithmetic keeps the ends apart. The difference of two numbers that belong to
//! equilibria of different games ranges over every pair.

use crate::asked::both;
use crate::solved::{Games, Hands, World, needed};
use crate::verdict::{Class, class, verdict};
use detente_model::question::{Body, Number, Query, Truth};
use serde::{Deserialize, Serialize};

/// Differences below this are equal numbers after rounding.
pub const SAME: f64 = 1e-9;

/// The lowest and the highest value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    pub low: f64,
    pub high: f64,
}

impl Ends {
    /// One value.
    pub fn point(value: f64) -> Ends {
        Ends { low: value, high: value }
    }

    /// The smallest range that holds both.
    pub fn hull(self, other: Ends) -> Ends {
        Ends { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The difference over every pair.
    pub fn minus(self, other: Ends) -> Ends {
        Ends { low: clean(self.low - other.high), high: clean(self.high - other.low) }
    }

    /// Multiplied by a factor of either sign.
    pub fn times(self, factor: f64) -> Ends {
        let (a, b) = (self.low * factor, self.high * factor);
        Ends { low: a.min(b), high: a.max(b) }
    }

    /// Whether this is one value.
    pub fn is_point(self) -> bool {
        self.high - self.low < SAME
    }
}

/// Zero where only rounding differs from it.
fn clean(value: f64) -> f64 {
    if value.abs() < SAME { 0.0 } else { value }
}

/// The hull of all; `None` if there are none.
pub fn hull(list: impl IntoIterator<Item = Ends>) -> Option<Ends> {
    list.into_iter().reduce(Ends::hull)
}

/// The mean of the low ends, and of the high ends; `None` if there are none.
pub fn mean(list: &[Ends]) -> Option<Ends> {
    let n = list.len() as f64;
    let sum = |f: fn(&Ends) -> f64| list.iter().map(f).sum::<f64>() / n;
    (!list.is_empty()).then(|| Ends { low: sum(|e| e.low), high: sum(|e| e.high) })
}

/// The games that a body speaks of.
pub fn games_of(body: &Body) -> Games {
    needed(std::iter::empty(), std::iter::once(body))
}

/// A body in every combination of equilibria: a statement counts 1 where it is true and 0 where it
/// is false. `None` where it has no value.
pub fn by_world(hands: &Hands, body: &Body) -> Vec<Option<Ends>> {
    hands.worlds(&games_of(body)).iter().map(|world| in_world(hands, world, body)).collect()
}

/// A body in one combination of equilibria, over the whole of each component.
pub fn in_world(hands: &Hands, world: &World, body: &Body) -> Option<Ends> {
    let params = &hands.point.params;
    match body {
        Body::Number(n) => {
            let range = both(params, world, n).bounds()?.range;
            Some(Ends { low: range.low().to_f64(), high: range.high().to_f64() })
        }
        Body::Truth(t) => match class(std::iter::once(&verdict(params, world, t))) {
            Class::TrueInAll => Some(Ends::point(1.0)),
            Class::TrueInSome => Some(Ends { low: 0.0, high: 1.0 }),
            Class::FalseInAll => Some(Ends::point(0.0)),
            Class::Undefined => None,
        },
    }
}

/// A body over all equilibria in which it has a value; `None` if there is none.
pub fn overall(hands: &Hands, body: &Body) -> Option<Ends> {
    hull(by_world(hands, body).into_iter().flatten())
}

/// The body with every question in it replaced; `None` if one of them cannot be.
pub fn each_query(body: &Body, change: &dyn Fn(&Query) -> Option<Query>) -> Option<Body> {
    Some(match body {
        Body::Number(n) => Body::Number(in_number(n, change)?),
        Body::Truth(t) => Body::Truth(in_truth(t, change)?),
    })
}

fn in_number(n: &Number, change: &dyn Fn(&Query) -> Option<Query>) -> Option<Number> {
    let inner = |n: &Number| in_number(n, change).map(Box::new);
    Some(match n {
        Number::Const(_) | Number::Param(_) | Number::Council(_) => n.clone(),
        Number::Neg(a) => Number::Neg(inner(a)?),
        Number::Binary(op, a, b) => Number::Binary(*op, inner(a)?, inner(b)?),
        Number::Function(f, a) => Number::Function(*f, inner(a)?),
        Number::If(c, a, b) => Number::If(Box::new(in_truth(c, change)?), inner(a)?, inner(b)?),
        Number::Query(q) => Number::Query(Box::new(change(q)?)),
    })
}

fn in_truth(t: &Truth, change: &dyn Fn(&Query) -> Option<Query>) -> Option<Truth> {
    let list = |parts: &[Truth]| parts.iter().map(|p| in_truth(p, change)).collect::<Option<Vec<_>>>();
    Some(match t {
        Truth::Const(_) => t.clone(),
        Truth::Compare(relation, a, b) => {
            Truth::Compare(*relation, Box::new(in_number(a, change)?), Box::new(in_number(b, change)?))
        }
        Truth::And(parts) => Truth::And(list(parts)?),
        Truth::Or(parts) => Truth::Or(list(parts)?),
        Truth::Not(part) => Truth::Not(Box::new(in_truth(part, change)?)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_range_over_every_pair() {
        let (a, b) = (Ends { low: 0.2, high: 0.5 }, Ends { low: 0.1, high: 0.4 });
        let d = a.minus(b);
        assert!((d.low + 0.2).abs() < 1e-12 && (d.high - 0.4).abs() < 1e-12, "{d:?}");
        assert_eq!(a.times(-1.0), Ends { low: -0.5, high: -0.2 });
        assert_eq!(mean(&[a, b]).map(|m| (m.low * 20.0).round()), Some(3.0));
        assert_eq!(mean(&[]), None);
        // Two floats of the same number differ by nothing.
        assert_eq!(Ends::point(0.1 + 0.2).minus(Ends::point(0.3)), Ends::point(0.0));
    }
}
