//! Evaluates formulas along a path: what is known becomes a value, the rest tape.

use super::Builder;
use super::value::Value;
use crate::program::{Formula, FormulaKind};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{ExprId, Op};

/// Evaluations for one statement, and for a whole game.
const MOST_FOR_ONE: u64 = 4_000_000;
const MOST_IN_ALL: u64 = 2_000_000_000;

impl<'p> Builder<'p> {
    /// Evaluates a formula; `args` are the arguments of the function it is in.
    pub(super) fn eval(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        let span = formula.span;
        if !self.affordable(span) {
            return Value::Error;
        }
        match &formula.kind {
            FormulaKind::Number(value) => Value::Number(value.clone()),
            FormulaKind::Const(at) => self.constant_value(*at).unwrap_or(Value::Error),
            FormulaKind::Param(at) => self.param(*at).map_or(Value::Error, |id| self.tape_value(id)),
            FormulaKind::Counter(id) => match self.counters[*id] {
                Some(value) => Value::Number(Q::new(value, 1)),
                None => Value::Error,
            },
            FormulaKind::Argument(at) => args.get(*at).cloned().unwrap_or(Value::Error),
            FormulaKind::Event { event, index } => self.event_value(*event, index, span, args),
            FormulaKind::Word(word) => Value::Word(word),
            FormulaKind::Unary(op, operand) => self.unary(*op, operand, args),
            FormulaKind::Binary(op, left, right) => self.binary(*op, left, right, span, args),
            FormulaKind::If(condition, then, otherwise) => match self.truth(condition, args) {
                Value::Truth(true) => self.eval(then, args),
                Value::Truth(false) => self.eval(otherwise, args),
                Value::TruthFormula(c) => {
                    let a = self.number_expr(then, args);
                    let b = self.number_expr(otherwise, args);
                    match a.zip(b) {
                        Some((a, b)) => self.push(Op::If(c, a, b)),
                        None => Value::Error,
                    }
                }
                _ => Value::Error,
            },
            FormulaKind::Call(at, given) => {
                let values: Vec<Value> = given.iter().map(|a| self.eval(a, args)).collect();
                let program = self.program;
                self.eval(&program.functions[*at].body, &values)
            }
            FormulaKind::Table(at, given) => {
                let values: Vec<Value> = given.iter().map(|a| self.eval(a, args)).collect();
                self.table(*at, &values, given, span)
            }
            FormulaKind::Builtin(builtin, given) => self.builtin(*builtin, given, args, span),
            FormulaKind::Quantified(kind, body) => self.quantified(*kind, body, args),
            FormulaKind::Error => Value::Error,
        }
    }

    /// Counts evaluations; a formula that calls functions that call functions may never end otherwise.
    fn affordable(&mut self, span: Span) -> bool {
        self.effort.0 += 1;
        self.effort.1 += 1;
        if self.effort.0 <= MOST_FOR_ONE && self.effort.1 <= MOST_IN_ALL {
            return true;
        }
        if !self.stopped {
            self.stopped = true;
            self.report(
                Diagnostic::error("too-large", "these formulas take too long to work out")
                    .label(span, "evaluated millions of times")
                    .help("let functions call each other less often: a chain that doubles at each step never ends"),
            );
        }
        false
    }

    pub(super) fn push(&mut self, op: Op) -> Value<'p> {
        let id = self.game.tape.push(op);
        self.tape_value(id)
    }

    pub(super) fn tape_value(&self, id: ExprId) -> Value<'p> {
        match self.game.tape.as_const(id) {
            Some(value) => Value::Number(value.clone()),
            None => Value::Formula(id),
        }
    }

    /// Reads a value as a number: known, or on the tape.
    pub(super) fn number(&mut self, value: Value<'p>, span: Span) -> Value<'p> {
        match value {
            Value::Number(_) | Value::Formula(_) | Value::Error => value,
            Value::Arm { event, arm } => {
                match self.game.events[event.index()].values.get(arm as usize).copied() {
                    Some(id) => self.tape_value(id),
                    None => {
                        let name = self.game.event_name(event);
                        self.mismatch(format!("`{name}` is not a number"), span, "used as a number");
                        Value::Error
                    }
                }
            }
            other => {
                let message = format!("a number is needed, but this is {}", other.kind());
                self.mismatch(message, span, "not a number");
                Value::Error
            }
        }
    }

    pub(super) fn mismatch(&mut self, message: String, span: Span, label: &str) {
        self.report(
            Diagnostic::error("type-mismatch", message)
                .label(span, label)
                .help("compare a move with one of its values, and calculate with numbers"),
        );
    }

    /// Evaluates to a position on the tape.
    pub(super) fn number_expr(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Option<ExprId> {
        let value = self.eval(formula, args);
        match self.number(value, formula.span) {
            Value::Number(value) => Some(self.game.tape.constant(value)),
            Value::Formula(id) => Some(id),
            _ => None,
        }
    }

    /// Evaluates to a number that must be known now.
    pub(super) fn known_number(&mut self, formula: &'p Formula, what: &str) -> Option<Q> {
        let value = self.eval(formula, &[]);
        match self.number(value, formula.span) {
            Value::Number(value) => Some(value),
            Value::Formula(_) => {
                self.needs_const(formula, what);
                None
            }
            _ => None,
        }
    }

    /// Evaluates to a truth that must be known now; `None` after an error.
    pub(super) fn known_truth(&mut self, formula: &'p Formula, what: &str) -> Option<bool> {
        match self.truth(formula, &[]) {
            Value::Truth(truth) => Some(truth),
            Value::TruthFormula(_) => {
                self.needs_const(formula, what);
                None
            }
            _ => None,
        }
    }

    pub(super) fn needs_const(&mut self, formula: &Formula, what: &str) {
        let program = self.program;
        let mut name = None;
        formula.walk(&mut |f| {
            if let FormulaKind::Param(at) = f.kind
                && name.is_none()
            {
                name = Some((program.params[at].name.clone(), f.span));
            }
        });
        let (label, span) = match name {
            Some((name, span)) => (format!("`{name}` is a param; each draw would be a different tree"), span),
            // A call or another constant hides the param, or a root or a logarithm is irrational.
            None => {
                ("this depends on a param, or is irrational: round it to a decimal".to_string(), formula.span)
            }
        };
        self.report(
            Diagnostic::error("structure-needs-const", format!("{what} cannot depend on an uncertain parameter"))
                .label(span, label)
                .help("write `const` for what shapes the tree; params may enter payoffs, probabilities and the ends of grids"),
        );
    }

    /// Evaluates to true, false, or a truth on the tape.
    pub(super) fn truth(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        let value = self.eval(formula, args);
        match value {
            Value::Truth(_) | Value::TruthFormula(_) | Value::Error => value,
            other => {
                let message = format!("a condition is needed, but this is {}", other.kind());
                self.mismatch(message, formula.span, "not true or false");
                Value::Error
            }
        }
    }
}
