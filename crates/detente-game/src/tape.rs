//! Expressions over parameters, shared and evaluated in one forward pass.
//!
//! A [`Tape`] is a list of operations in which operands precede results, each
//! distinct operation stored once. The same tape is evaluated over exact
//! rationals, floats or intervals through [`Scalar`].

use crate::game::ParamId;
use detente_exact::{Q, Scalar};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A position on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// One operation. Comparisons give 1 or 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    Const(Q),
    Param(ParamId),
    Neg(ExprId),
    Add(ExprId, ExprId),
    Sub(ExprId, ExprId),
    Mul(ExprId, ExprId),
    Div(ExprId, ExprId),
    /// A power; exact over the rationals for integer exponents only.
    Pow(ExprId, ExprId),
    Min(ExprId, ExprId),
    Max(ExprId, ExprId),
    Exp(ExprId),
    Ln(ExprId),
    Sqrt(ExprId),
    /// 1 where the first is less than the second, else 0.
    Less(ExprId, ExprId),
    /// 1 where the two are equal, else 0.
    Equal(ExprId, ExprId),
    /// The second where the first is not 0, else the third.
    If(ExprId, ExprId, ExprId),
}

/// A list of operations over parameters, each stored once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tape {
    pub ops: Vec<Op>,
    #[serde(skip)]
    known: HashMap<Op, ExprId>,
}

impl PartialEq for Tape {
    fn eq(&self, other: &Self) -> bool {
        self.ops == other.ops
    }
}

/// Why an expression has no value at a point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TapeError {
    #[error("division by zero")]
    DivisionByZero,
    #[error("the value is not a real number (logarithm or root of a negative number)")]
    NotReal,
    #[error("the value is too large")]
    TooLarge,
}

impl Tape {
    /// Adds an operation, or returns the id of the same one added before. Constants fold.
    pub fn push(&mut self, op: Op) -> ExprId {
        let op = self.folded(op);
        if self.known.len() != self.ops.len() {
            self.known = self.ops.iter().enumerate().map(|(i, o)| (o.clone(), ExprId(i as u32))).collect();
        }
        if let Some(&id) = self.known.get(&op) {
            return id;
        }
        let id = ExprId(self.ops.len() as u32);
        self.ops.push(op.clone());
        self.known.insert(op, id);
        id
    }

    /// Adds a constant.
    pub fn constant(&mut self, value: Q) -> ExprId {
        self.push(Op::Const(value))
    }

    /// Returns the constant at `id`, if it is one.
    pub fn as_const(&self, id: ExprId) -> Option<&Q> {
        match &self.ops[id.0 as usize] {
            Op::Const(q) => Some(q),
            _ => None,
        }
    }

    /// Replaces an operation on constants by its exact value, and removes neutral elements.
    fn folded(&self, op: Op) -> Op {
        let c = |id: ExprId| self.as_const(id);
        let copy = |id: ExprId| self.ops[id.0 as usize].clone();
        match &op {
            Op::Add(a, b) if c(*a).is_some_and(Q::is_zero) => return copy(*b),
            Op::Add(a, b) | Op::Sub(a, b) if c(*b).is_some_and(Q::is_zero) => return copy(*a),
            Op::Mul(a, b) if c(*a).is_some_and(|q| *q == Q::ONE) => return copy(*b),
            Op::Mul(a, b) | Op::Div(a, b) if c(*b).is_some_and(|q| *q == Q::ONE) => return copy(*a),
            Op::If(cond, a, b) => {
                if let Some(q) = c(*cond) {
                    return if q.is_zero() { copy(*b) } else { copy(*a) };
                }
            }
            _ => {}
        }
        if op.operands().iter().all(|id| c(*id).is_some()) && !matches!(op, Op::Const(_) | Op::Param(_)) {
            let get = |id: ExprId| c(id).cloned().expect("checked to be constant");
            if let Ok((value, false)) = exact_value(&op, get, |_| Q::ZERO) {
                return Op::Const(value);
            }
        }
        op
    }

    /// Evaluates the whole tape exactly: each value with a mark that says whether it
    /// depends on a step that was irrational and rounded once to the nearest f64.
    ///
    /// An undefined value is an error only where it is used: the untaken branch of a
    /// conditional may divide by zero.
    pub fn eval_exact(&self, params: &[Q]) -> Vec<Result<(Q, bool), TapeError>> {
        let mut values: Vec<Result<(Q, bool), TapeError>> = Vec::with_capacity(self.ops.len());
        for op in &self.ops {
            let used = op.used_operands(|id| values[id.0 as usize].as_ref().ok().map(|v| v.0.is_zero()));
            let failed = used.iter().find_map(|id| values[id.0 as usize].clone().err());
            let value = match failed {
                Some(error) => Err(error),
                None => {
                    let get = |id: ExprId| values[id.0 as usize].clone().map_or(Q::ZERO, |v| v.0);
                    let inherited = used.iter().any(|id| matches!(values[id.0 as usize], Ok((_, true))));
                    exact_value(op, get, |p| params[p.index()].clone()).map(|(q, r)| (q, r || inherited))
                }
            };
            values.push(value);
        }
        values
    }

    /// Evaluates the whole tape over floats or intervals; `None` where a value is undefined
    /// or a comparison is undecided.
    pub fn eval<S: Scalar>(&self, params: &[S]) -> Vec<Option<S>> {
        let mut values: Vec<Option<S>> = Vec::with_capacity(self.ops.len());
        for op in &self.ops {
            let get = |id: &ExprId| values[id.0 as usize].clone();
            let value = match op {
                Op::Const(q) => Some(S::from_q(q)),
                Op::Param(p) => Some(params[p.index()].clone()),
                Op::Neg(a) => get(a).map(|a| a.neg()),
                Op::Add(a, b) => get(a).zip(get(b)).map(|(a, b)| a.add(&b)),
                Op::Sub(a, b) => get(a).zip(get(b)).map(|(a, b)| a.sub(&b)),
                Op::Mul(a, b) => get(a).zip(get(b)).map(|(a, b)| a.mul(&b)),
                Op::Div(a, b) => get(a).zip(get(b)).and_then(|(a, b)| a.div(&b)),
                Op::Pow(a, b) => get(a).zip(get(b)).and_then(|(a, b)| a.powf(&b)),
                Op::Min(a, b) => get(a).zip(get(b)).and_then(|(a, b)| {
                    let s = a.sub(&b).sign_certain()?;
                    Some(if s <= 0 { a } else { b })
                }),
                Op::Max(a, b) => get(a).zip(get(b)).and_then(|(a, b)| {
                    let s = a.sub(&b).sign_certain()?;
                    Some(if s >= 0 { a } else { b })
                }),
                Op::Exp(a) => get(a).and_then(|a| a.exp()),
                Op::Ln(a) => get(a).and_then(|a| a.ln()),
                Op::Sqrt(a) => get(a).and_then(|a| a.sqrt()),
                Op::Less(a, b) => get(a).zip(get(b)).and_then(|(a, b)| {
                    let s = a.sub(&b).sign_certain()?;
                    Some(if s < 0 { S::one() } else { S::zero() })
                }),
                Op::Equal(a, b) => get(a).zip(get(b)).and_then(|(a, b)| {
                    let s = a.sub(&b).sign_certain()?;
                    Some(if s == 0 { S::one() } else { S::zero() })
                }),
                Op::If(c, a, b) => match get(c).and_then(|c| c.sign_certain()) {
                    Some(0) => get(b),
                    Some(_) => get(a),
                    None => None,
                },
            };
            values.push(value);
        }
        values
    }
}

impl Op {
    /// Returns the operands, at most three.
    pub fn operands(&self) -> Vec<ExprId> {
        match self {
            Op::Const(_) | Op::Param(_) => vec![],
            Op::Neg(a) | Op::Exp(a) | Op::Ln(a) | Op::Sqrt(a) => vec![*a],
            Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Div(a, b)
            | Op::Pow(a, b)
            | Op::Min(a, b)
            | Op::Max(a, b)
            | Op::Less(a, b)
            | Op::Equal(a, b) => vec![*a, *b],
            Op::If(c, a, b) => vec![*c, *a, *b],
        }
    }
}

impl Op {
    /// The operands that decide the value: of a conditional, only the branch taken.
    fn used_operands(&self, is_zero: impl Fn(ExprId) -> Option<bool>) -> Vec<ExprId> {
        match self {
            Op::If(c, a, b) => match is_zero(*c) {
                Some(true) => vec![*c, *b],
                Some(false) => vec![*c, *a],
                None => vec![*c],
            },
            _ => self.operands(),
        }
    }
}

/// Largest exponent for which a power is computed exactly.
const MAX_EXACT_POWER: i32 = 512;

/// The exact value of one operation, and whether it had to be rounded to a float.
fn exact_value(
    op: &Op,
    get: impl Fn(ExprId) -> Q,
    param: impl Fn(ParamId) -> Q,
) -> Result<(Q, bool), TapeError> {
    let truth = |b: bool| if b { Q::ONE } else { Q::ZERO };
    let exact = |q: Q| Ok((q, false));
    match op {
        Op::Const(q) => exact(q.clone()),
        Op::Param(p) => exact(param(*p)),
        Op::Neg(a) => exact(-get(*a)),
        Op::Add(a, b) => exact(get(*a) + get(*b)),
        Op::Sub(a, b) => exact(get(*a) - get(*b)),
        Op::Mul(a, b) => exact(get(*a) * get(*b)),
        Op::Div(a, b) => {
            let b = get(*b);
            if b.is_zero() { Err(TapeError::DivisionByZero) } else { exact(get(*a) / b) }
        }
        Op::Pow(a, b) => power(&get(*a), &get(*b)),
        Op::Min(a, b) => exact(get(*a).min(get(*b))),
        Op::Max(a, b) => exact(get(*a).max(get(*b))),
        Op::Exp(a) if get(*a).is_zero() => exact(Q::ONE),
        Op::Exp(a) => rounded(libm::exp(get(*a).to_f64())),
        Op::Ln(a) if get(*a) == Q::ONE => exact(Q::ZERO),
        Op::Ln(a) => rounded(libm::log(get(*a).to_f64())),
        Op::Sqrt(a) => {
            let a = get(*a);
            match Scalar::sqrt(&a) {
                Some(root) => exact(root),
                None if a.is_negative() => Err(TapeError::NotReal),
                None => rounded(a.to_f64().sqrt()),
            }
        }
        Op::Less(a, b) => exact(truth(get(*a) < get(*b))),
        Op::Equal(a, b) => exact(truth(get(*a) == get(*b))),
        Op::If(c, a, b) => exact(if get(*c).is_zero() { get(*b) } else { get(*a) }),
    }
}

fn power(base: &Q, exponent: &Q) -> Result<(Q, bool), TapeError> {
    let whole = exponent.to_f64();
    if whole.fract() == 0.0 && whole.abs() <= f64::from(MAX_EXACT_POWER) {
        if base.is_zero() && whole < 0.0 {
            return Err(TapeError::DivisionByZero);
        }
        return Ok((base.pow(whole as i32), false));
    }
    rounded(libm::pow(base.to_f64(), whole))
}

fn rounded(x: f64) -> Result<(Q, bool), TapeError> {
    if x.is_nan() {
        return Err(TapeError::NotReal);
    }
    Q::from_f64(x).map(|q| (q, true)).ok_or(TapeError::TooLarge)
}
