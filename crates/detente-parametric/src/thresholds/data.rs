//! What is said along one parameter: values, pieces between them, gaps.
//!
//! The one idea: plain data, as exact as it is known; irrational values are roots with an interval, or
//! zeros of an expression that is written out.

use super::minimal::minimal;
use crate::end::End;
use crate::plane::words;
use crate::reasons::Reason;
use detente_exact::Q;
use detente_exact::poly::RealRoot;
use detente_game::solution::Status;
use serde::Serialize;

/// A value of the parameter: rational, or the root of a polynomial that an interval isolates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// The nearest float.
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Root>,
    /// Where it is the zero of an expression that is no polynomial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zero: Option<Enclosed>,
}

/// The zero of an expression with exponentials, logarithms or roots, between two numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Enclosed {
    /// Such as `exp(x) - 2 = 0`.
    pub equation: String,
    pub low: Q,
    pub high: Q,
    /// Whether there is surely one zero between them, and no other.
    pub sure: bool,
}

/// An irrational number: the only root of the polynomial in an open interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Root {
    /// The minimal polynomial: coprime whole coefficients, the constant term first.
    pub polynomial: Vec<Q>,
    /// Whether the polynomial is surely irreducible; else its degree bounds that of the number.
    pub minimal: bool,
    pub low: Q,
    pub high: Q,
}

impl Value {
    /// The value of an end; `name` is that of the parameter.
    pub fn of(end: &End, name: &str) -> Value {
        match end {
            End::Root(root) => Value::of_root(root),
            End::Zero(zero) => {
                let names = words::variables(vec![name.to_string()], &zero.atoms.list());
                let equation = words::equation(&zero.poly, &names);
                let mut narrow = end.clone();
                narrow.refine(&Q::from(2).pow(-70));
                let (low, high) = (narrow.lo().clone(), narrow.hi().clone());
                let zero = Enclosed { equation, low, high, sure: zero.sure };
                Value { value: end.to_f64(), exact: None, root: None, zero: Some(zero) }
            }
        }
    }

    fn of_root(root: &RealRoot) -> Value {
        let mut narrow = root.clone();
        narrow.refine(&Q::from(2).pow(-70));
        let value = narrow.to_f64();
        match &narrow {
            RealRoot::Rational(q) => Value { value, exact: Some(q.clone()), root: None, zero: None },
            RealRoot::Isolated { poly, lo, hi } => {
                let mut poly = poly.primitive();
                for q in poly.rational_roots().unwrap_or_default() {
                    let factor = detente_exact::poly::Poly::with_root(&q);
                    if let Some((quotient, _)) = poly.div_rem(&factor) {
                        poly = quotient;
                    }
                }
                let (poly, minimal) = minimal(&poly, lo, hi);
                let polynomial = poly.coefs().to_vec();
                Value {
                    value,
                    exact: None,
                    root: Some(Root { polynomial, minimal, low: lo.clone(), high: hi.clone() }),
                    zero: None,
                }
            }
        }
    }

    /// As a reader wants it: `1/3`, or `0.7071…`.
    pub fn text(&self) -> String {
        match &self.exact {
            Some(q) => q.to_string(),
            None => format!("{:.6}…", self.value),
        }
    }
}

/// Lowest and highest probability of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// Both, where they are one exact number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
}

/// An outcome's probability in one equilibrium, over a piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chance {
    pub outcome: String,
    /// Towards the lower end of the piece, and towards the upper end.
    pub from: Range,
    pub to: Range,
    /// As a function of the parameter, where one holds all over the piece and the equilibrium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// What is used at an information set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Use {
    pub decision: String,
    pub at: String,
    /// Each combination of actions that some equilibrium of the component uses.
    pub actions: Vec<Vec<String>>,
}

/// One connected component of equilibria, over a piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Equilibrium {
    pub name: String,
    pub outcomes: Vec<Chance>,
    /// Whether outcomes vary within the component; they are then those at the sample.
    pub varies: bool,
    pub uses: Vec<Use>,
}

/// An open range in which the set of equilibria stays the same in outline: proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Piece {
    pub from: Value,
    pub to: Value,
    /// A value inside at which the game was solved.
    pub sample: Q,
    /// Number of proofs that cover the piece.
    pub proofs: usize,
    pub equilibria: Vec<Equilibrium>,
}

/// The set of equilibria at one value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Here {
    pub status: Status,
    pub equilibria: Vec<Vec<(String, Range)>>,
}

/// A value at which the set of equilibria changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Threshold {
    pub at: Value,
    /// Who is indifferent there, or stops using what.
    pub reasons: Vec<Reason>,
    /// Whether some component's outcomes or its play on the path change, not only replies that
    /// are never called for.
    pub matters: bool,
    /// The set at the value itself; `None` if it is irrational, or there is no game.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub here: Option<Here>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A part of the range about which nothing is proven; `from` and `to` may be one value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    pub from: Value,
    pub to: Value,
    pub width: f64,
    pub why: String,
}

/// The answer along one parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    pub param: String,
    pub label: String,
    pub base: Q,
    pub from: Q,
    pub to: Q,
    /// Whether no change can be missing: the whole range is covered by proofs.
    pub complete: bool,
    pub pieces: Vec<Piece>,
    pub thresholds: Vec<Threshold>,
    pub gaps: Vec<Gap>,
}
