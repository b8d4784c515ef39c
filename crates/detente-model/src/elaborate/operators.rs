//! Operators and built-in functions: exact where both sides are known, otherwise a step on the tape.

use super::Builder;
use super::value::{Value, short};
use crate::play::combine;
use crate::program::{Builtin, Formula};
use crate::question::Arithmetic;
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{EventId, ExprId, Op};
use detente_syntax::ast::{BinaryOp, UnaryOp};

/// Numbers with more bits than this are refused.
const MOST_BITS: usize = 1 << 16;

impl<'p> Builder<'p> {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        match op {
            UnaryOp::Negate => {
                let value = self.eval(operand, args);
                match self.number(value, operand.span) {
                    Value::Number(value) => Value::Number(-value),
                    Value::Formula(id) => self.push(Op::Neg(id)),
                    _ => Value::Error,
                }
            }
            UnaryOp::Not => match self.truth(operand, args) {
                Value::Truth(truth) => Value::Truth(!truth),
                Value::TruthFormula(id) => self.negated(id),
                _ => Value::Error,
            },
        }
    }

    fn negated(&mut self, id: ExprId) -> Value<'p> {
        let one = self.game.tape.constant(Q::ONE);
        Value::TruthFormula(self.game.tape.push(Op::Sub(one, id)))
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &'p Formula,
        right: &'p Formula,
        span: Span,
        args: &[Value<'p>],
    ) -> Value<'p> {
        match op {
            BinaryOp::And | BinaryOp::Or => return self.connective(op, left, right, args),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let a = self.eval(left, args);
                let b = self.eval(right, args);
                return self.equal(a, b, op == BinaryOp::NotEqual, left.span, right.span);
            }
            _ => {}
        }
        let a = self.eval(left, args);
        let a = self.number(a, left.span);
        let b = self.eval(right, args);
        let b = self.number(b, right.span);
        match op {
            BinaryOp::Less => self.less(a, b, false),
            BinaryOp::Greater => self.less(b, a, false),
            BinaryOp::LessEqual => self.less(b, a, true),
            BinaryOp::GreaterEqual => self.less(a, b, true),
            BinaryOp::Add => self.arithmetic(Arithmetic::Add, a, b, span),
            BinaryOp::Subtract => self.arithmetic(Arithmetic::Sub, a, b, span),
            BinaryOp::Multiply => self.arithmetic(Arithmetic::Mul, a, b, span),
            BinaryOp::Divide => self.arithmetic(Arithmetic::Div, a, b, span),
            _ => self.arithmetic(Arithmetic::Pow, a, b, span),
        }
    }

    fn connective(
        &mut self,
        op: BinaryOp,
        left: &'p Formula,
        right: &'p Formula,
        args: &[Value<'p>],
    ) -> Value<'p> {
        let and = op == BinaryOp::And;
        match self.truth(left, args) {
            // The right side may speak of a move that was made only if the left side holds.
            Value::Truth(truth) if truth != and => Value::Truth(truth),
            Value::Truth(_) => self.truth(right, args),
            Value::TruthFormula(a) => match self.truth(right, args) {
                Value::Truth(truth) if truth != and => Value::Truth(truth),
                Value::Truth(_) => Value::TruthFormula(a),
                Value::TruthFormula(b) => {
                    let op = if and { Op::Mul(a, b) } else { Op::Max(a, b) };
                    Value::TruthFormula(self.game.tape.push(op))
                }
                _ => Value::Error,
            },
            _ => Value::Error,
        }
    }

    /// `a < b`, or its negation.
    pub(super) fn less(&mut self, a: Value<'p>, b: Value<'p>, negate: bool) -> Value<'p> {
        match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (Value::Number(a), Value::Number(b)) => return Value::Truth((a < b) != negate),
            _ => {}
        }
        let (a, b) = (self.on_tape(a), self.on_tape(b));
        let id = self.game.tape.push(Op::Less(a, b));
        if negate { self.negated(id) } else { Value::TruthFormula(id) }
    }

    fn on_tape(&mut self, value: Value<'p>) -> ExprId {
        match value {
            Value::Formula(id) => id,
            Value::Number(value) => self.game.tape.constant(value),
            _ => self.game.tape.constant(Q::ZERO),
        }
    }

    pub(super) fn equal(
        &mut self,
        a: Value<'p>,
        b: Value<'p>,
        negate: bool,
        left: Span,
        right: Span,
    ) -> Value<'p> {
        let same = match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (Value::Arm { event, arm }, Value::Word(word)) => match self.is_word(*event, *arm, word, right) {
                Some(same) => same,
                None => return Value::Error,
            },
            (Value::Word(word), Value::Arm { event, arm }) => match self.is_word(*event, *arm, word, left) {
                Some(same) => same,
                None => return Value::Error,
            },
            (Value::Arm { event: e, arm: x }, Value::Arm { event: f, arm: y })
                if self.game.events[e.index()].values.is_empty()
                    && self.game.events[f.index()].values.is_empty() =>
            {
                self.game.events[e.index()].arms[*x as usize] == self.game.events[f.index()].arms[*y as usize]
            }
            (Value::Word(x), Value::Word(y)) => x == y,
            (Value::Truth(x), Value::Truth(y)) => x == y,
            _ => {
                let a = self.number(a, left);
                let b = self.number(b, right);
                match (&a, &b) {
                    (Value::Error, _) | (_, Value::Error) => return Value::Error,
                    (Value::Number(x), Value::Number(y)) => x == y,
                    _ => {
                        let (a, b) = (self.on_tape(a), self.on_tape(b));
                        let id = self.game.tape.push(Op::Equal(a, b));
                        return if negate { self.negated(id) } else { Value::TruthFormula(id) };
                    }
                }
            }
        };
        Value::Truth(same != negate)
    }

    fn is_word(&mut self, event: EventId, arm: u32, word: &str, span: Span) -> Option<bool> {
        let decl = self.facts.decl[event.index()];
        let arms = &self.program.events[decl].arms;
        if !arms.iter().any(|a| a == word) {
            let name = self.game.event_name(event);
            let diagnostic = crate::resolve::unknown_value(&name, arms, word, span);
            self.report(diagnostic);
            return None;
        }
        Some(self.game.events[event.index()].arms[arm as usize] == word)
    }

    pub(super) fn arithmetic(&mut self, op: Arithmetic, a: Value<'p>, b: Value<'p>, span: Span) -> Value<'p> {
        match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (_, Value::Number(zero)) if op == Arithmetic::Div && zero.is_zero() => {
                self.report(
                    Diagnostic::error("division-by-zero", "this divides by zero")
                        .label(span, "the divisor is 0 here")
                        .help("guard it: `if x == 0 then ... else y / x`"),
                );
                return Value::Error;
            }
            (Value::Number(a), Value::Number(b)) if too_long(op, a, b) => {
                self.report(
                    Diagnostic::error("too-large", "this number would have too many digits")
                        .label(span, "more than twenty thousand")
                        .help("use smaller powers"),
                );
                return Value::Error;
            }
            (Value::Number(a), Value::Number(b)) if op != Arithmetic::Pow => {
                return combine(op, a, b).map_or(Value::Error, Value::Number);
            }
            _ => {}
        }
        let (a, b) = (self.on_tape(a), self.on_tape(b));
        self.push(match op {
            Arithmetic::Add => Op::Add(a, b),
            Arithmetic::Sub => Op::Sub(a, b),
            Arithmetic::Mul => Op::Mul(a, b),
            Arithmetic::Div => Op::Div(a, b),
            Arithmetic::Pow => Op::Pow(a, b),
            Arithmetic::Min => Op::Min(a, b),
            Arithmetic::Max => Op::Max(a, b),
        })
    }

    pub(super) fn builtin(
        &mut self,
        builtin: Builtin,
        given: &'p [Formula],
        args: &[Value<'p>],
        span: Span,
    ) -> Value<'p> {
        let mut values = Vec::with_capacity(given.len());
        for formula in given {
            let value = self.eval(formula, args);
            values.push(self.number(value, formula.span));
        }
        if values.iter().any(|v| matches!(v, Value::Error)) {
            return Value::Error;
        }
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Value::Error };
        match builtin {
            Builtin::Min => values.fold(first, |a, b| self.arithmetic(Arithmetic::Min, a, b, span)),
            Builtin::Max => values.fold(first, |a, b| self.arithmetic(Arithmetic::Max, a, b, span)),
            Builtin::Abs => {
                let a = self.on_tape(first);
                let minus = self.game.tape.push(Op::Neg(a));
                self.push(Op::Max(a, minus))
            }
            Builtin::Exp | Builtin::Ln | Builtin::Sqrt => {
                if let Value::Number(value) = &first
                    && ((builtin == Builtin::Ln && !value.is_positive())
                        || (builtin == Builtin::Sqrt && value.is_negative()))
                {
                    let message = format!("the logarithm or root of {} is not a number", short(value));
                    self.report(
                        Diagnostic::error("not-a-number", message)
                            .label(span, "undefined here")
                            .help("logarithms need a number above 0, roots one of at least 0"),
                    );
                    return Value::Error;
                }
                let a = self.on_tape(first);
                self.push(match builtin {
                    Builtin::Exp => Op::Exp(a),
                    Builtin::Ln => Op::Ln(a),
                    _ => Op::Sqrt(a),
                })
            }
        }
    }
}

/// Would an exact result be longer than any model needs?
fn too_long(op: Arithmetic, a: &Q, b: &Q) -> bool {
    match op {
        Arithmetic::Pow => {
            let whole = b.to_i64().unwrap_or(1).unsigned_abs().min(1 << 20) as usize;
            a.bits().saturating_mul(whole) > MOST_BITS
        }
        _ => a.bits() + b.bits() > MOST_BITS,
    }
}
