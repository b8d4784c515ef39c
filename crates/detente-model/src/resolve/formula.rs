//! Lowers formulas of the game: numbers, moves, tables, functions.
//!
//! A bare word beside a move (`West.reply == harden`) is one of that move's
//! arms; everywhere else it is a declared name.

use super::lower::Lower;
use super::{Callee, Named, unknown};
use crate::program::{Builtin, Dist, Formula, FormulaKind, Weight};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_syntax::ast::{self, BinaryOp, Expr, ExprKind, Name};

/// Names that a place adds to the declared ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Arguments of the function.
    pub args: Vec<String>,
    /// Counters of the enclosing `repeat`s, outermost first.
    pub counters: Vec<(String, usize)>,
}

/// What stands on the other side of a comparison.
enum Beside {
    /// A move or draw with named arms.
    Event(usize),
    /// Something whose arms are not known yet: a function's argument.
    Unknown,
    /// Anything else.
    Number,
}

/// `in V` stands only in questions to councils.
pub(crate) fn no_variant(variant: &Name) -> Diagnostic {
    Diagnostic::error("type-mismatch", "only questions take `in`")
        .label(variant.span, "asks nothing of a variant")
        .help("write it in a question: `settlement(council, issue in variant)`, `prob(war in variant)`")
}

impl Lower<'_> {
    pub(super) fn formula(&mut self, expr: &Expr, scope: &Scope) -> Formula {
        let span = expr.span;
        let kind = match &expr.kind {
            ExprKind::Number(number) => match Q::parse(&number.text) {
                Some(value) => FormulaKind::Number(value),
                None => FormulaKind::Error,
            },
            ExprKind::Ref(reference) => return self.reference(reference, scope),
            ExprKind::Unary { op, operand } => {
                FormulaKind::Unary(*op, Box::new(self.formula(operand, scope)))
            }
            ExprKind::Binary { op, left, right, .. } => {
                let (a, b) = self.sides(*op, left, right, scope);
                FormulaKind::Binary(*op, Box::new(a), Box::new(b))
            }
            ExprKind::If { condition, then, otherwise } => FormulaKind::If(
                Box::new(self.formula(condition, scope)),
                Box::new(self.formula(then, scope)),
                Box::new(self.formula(otherwise, scope)),
            ),
            ExprKind::Call { variant: Some(variant), .. } => {
                self.report(no_variant(variant));
                FormulaKind::Error
            }
            ExprKind::Call { name, args, .. } => self.call(name, args, scope),
            ExprKind::Quantifier { kind, body } => {
                FormulaKind::Quantified(*kind, Box::new(self.formula(body, scope)))
            }
            ExprKind::Prob { .. }
            | ExprKind::Mean { .. }
            | ExprKind::Value { .. }
            | ExprKind::Belief { .. }
            | ExprKind::Gain { .. } => {
                self.report(
                    Diagnostic::error("question-in-game", "the game cannot ask about its own solution")
                        .label(span, "answers exist only after the game is solved")
                        .help("ask in `ask`, `claim` or `test`; inside the game use params and moves"),
                );
                FormulaKind::Error
            }
            ExprKind::Text(_) | ExprKind::Error => FormulaKind::Error,
        };
        Formula { kind, span }
    }

    fn sides(&mut self, op: BinaryOp, left: &Expr, right: &Expr, scope: &Scope) -> (Formula, Formula) {
        if !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return (self.formula(left, scope), self.formula(right, scope));
        }
        match (self.beside(left, scope), self.beside(right, scope)) {
            (Beside::Number, Beside::Number) => (self.formula(left, scope), self.formula(right, scope)),
            (Beside::Number, other) => (self.arm_or_formula(left, &other, scope), self.formula(right, scope)),
            (other, Beside::Number) => (self.formula(left, scope), self.arm_or_formula(right, &other, scope)),
            _ => (self.formula(left, scope), self.formula(right, scope)),
        }
    }

    fn beside(&self, expr: &Expr, scope: &Scope) -> Beside {
        let ExprKind::Ref(reference) = &expr.kind else { return Beside::Number };
        let event = match &reference.owner {
            Some(owner) => self
                .names
                .players
                .get(&owner.text)
                .and_then(|(player, _)| self.names.owned.get(&(*player, reference.name.text.clone())))
                .copied(),
            None if scope.args.contains(&reference.name.text) => return Beside::Unknown,
            None if scope.counters.iter().any(|(name, _)| *name == reference.name.text) => None,
            None => match self.names.values.get(&reference.name.text) {
                Some((Named::Event(event), _)) => Some(*event),
                _ => None,
            },
        };
        match event {
            Some(event) if !self.program.events[event].numeric => Beside::Event(event),
            _ => Beside::Number,
        }
    }

    fn arm_or_formula(&mut self, expr: &Expr, beside: &Beside, scope: &Scope) -> Formula {
        let ExprKind::Ref(reference) = &expr.kind else { return self.formula(expr, scope) };
        if reference.owner.is_some() || !reference.index.is_empty() {
            return self.formula(expr, scope);
        }
        let word = &reference.name.text;
        match beside {
            Beside::Event(event) => {
                if !self.program.events[*event].arms.contains(word) {
                    if let Some(diagnostic) = self.unknown_value(*event, word, expr.span) {
                        self.report(diagnostic);
                    }
                    return Formula::error(expr.span);
                }
                Formula { kind: FormulaKind::Word(word.clone()), span: expr.span }
            }
            _ if self.names.arms.contains(word) => {
                Formula { kind: FormulaKind::Word(word.clone()), span: expr.span }
            }
            _ => self.formula(expr, scope),
        }
    }

    fn call(&mut self, name: &ast::Name, args: &[Expr], scope: &Scope) -> FormulaKind {
        let lowered: Vec<Formula> = args.iter().map(|a| self.formula(a, scope)).collect();
        if name.text.is_empty() {
            return FormulaKind::Error;
        }
        let wanted = match self.names.calls.get(&name.text).map(|(callee, _)| *callee) {
            Some(Callee::Function(at)) => {
                self.names.used.insert(name.text.clone());
                let wanted = self.function_arity(at);
                if wanted == args.len() {
                    return FormulaKind::Call(at, lowered);
                }
                wanted
            }
            Some(Callee::Table(at)) => {
                self.names.used.insert(name.text.clone());
                let wanted = self.table_arity(at);
                if wanted == args.len() {
                    return FormulaKind::Table(at, lowered);
                }
                wanted
            }
            None => match Builtin::find(&name.text) {
                Some(builtin) if builtin.takes(args.len()) => return FormulaKind::Builtin(builtin, lowered),
                Some(Builtin::Min | Builtin::Max) => 2,
                Some(_) => 1,
                None => {
                    let known = self.names.calls.keys().map(String::as_str);
                    let known: Vec<&str> = known.chain(Builtin::ALL.iter().map(|(n, _)| *n)).collect();
                    let diagnostic = unknown(&name.text, name.span, "is not a function or table", known);
                    self.report(diagnostic);
                    return FormulaKind::Error;
                }
            },
        };
        self.report(arity(&name.text, name.span, wanted, args.len()));
        FormulaKind::Error
    }

    pub(super) fn dist(&mut self, dist: &ast::Dist, scope: &Scope) -> Dist {
        match dist {
            ast::Dist::Family { name, args, span } => Dist::Family {
                name: name.text.clone(),
                args: args.iter().map(|a| self.formula(a, scope)).collect(),
                span: *span,
            },
            ast::Dist::Quantiles { lo, hi, span } => {
                Dist::Quantiles { lo: self.formula(lo, scope), hi: self.formula(hi, scope), span: *span }
            }
            ast::Dist::Truncated { inner, lo, hi, span } => Dist::Truncated {
                inner: Box::new(self.dist(inner, scope)),
                lo: self.formula(lo, scope),
                hi: self.formula(hi, scope),
                span: *span,
            },
            ast::Dist::Discrete { points, span } => Dist::Discrete {
                points: points.iter().map(|(v, w)| (self.formula(v, scope), self.weight(w, scope))).collect(),
                span: *span,
            },
            ast::Dist::Point(expr) => Dist::Point(self.formula(expr, scope)),
            ast::Dist::Error(_) => Dist::Error,
        }
    }

    pub(super) fn weight(&mut self, weight: &ast::Weight, scope: &Scope) -> Weight {
        match weight {
            ast::Weight::Expr(expr) => Weight::Formula(self.formula(expr, scope)),
            ast::Weight::Rest(span) => Weight::Rest(*span),
        }
    }
}

/// "`f` takes 2 arguments, but 3 are given".
pub(crate) fn arity(name: &str, span: Span, wanted: usize, given: usize) -> Diagnostic {
    let noun = if wanted == 1 { "argument" } else { "arguments" };
    Diagnostic::error("wrong-arguments", format!("`{name}` takes {wanted} {noun}, but {given} given"))
        .label(span, "called here")
        .help(format!("give it {wanted} {noun}"))
}
