//! Lowers formulas of the game: numbers, moves, tables, functions.
//!
//! A bare word beside a move (`West.reply == harden`) is one of that move's
//! arms; everywhere else it is a declared name.

use super::declare::Lower;
use super::{Callee, Named, unknown, words};
use crate::program::{Builtin, Dist, Formula, FormulaKind, Weight};
use detente_diag::{Diagnostic, Span, nearest};
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

    /// "Home.message is never `treat`".
    pub(crate) fn unknown_value(&self, event: usize, word: &str, span: Span) -> Option<Diagnostic> {
        if word.is_empty() {
            return None;
        }
        Some(unknown_value(&self.program.event_name(event), &self.program.events[event].arms, word, span))
    }

    fn reference(&mut self, reference: &ast::Ref, scope: &Scope) -> Formula {
        let span = reference.span;
        let word = &reference.name.text;
        if word.is_empty() {
            return Formula::error(span);
        }
        if reference.owner.is_some() {
            return match self.owned(reference) {
                Some(event) => self.event(event, reference, scope),
                None => Formula::error(span),
            };
        }
        let plain = |kind| Formula { kind, span };
        let kind = if let Some(at) = scope.args.iter().position(|a| a == word) {
            FormulaKind::Argument(at)
        } else if let Some((_, id)) = scope.counters.iter().rev().find(|(name, _)| name == word) {
            FormulaKind::Counter(*id)
        } else {
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Event(event)) => return self.event(event, reference, scope),
                Some(Named::Const(at)) => FormulaKind::Const(at),
                Some(Named::Param(at)) => FormulaKind::Param(at),
                Some(Named::Council(_)) => {
                    self.report(
                        Diagnostic::error("type-mismatch", format!("`{word}` is a council, not a number"))
                            .label(span, "cannot be calculated with")
                            .help(format!("ask about it: `ask x = settlement({word}, issue)`")),
                    );
                    FormulaKind::Error
                }
                Some(Named::Outcome(_) | Named::Hypothesis(_)) => {
                    self.report(
                        Diagnostic::error("question-in-game", format!("the game cannot depend on `{word}`"))
                            .label(span, "an outcome or hypothesis is read off a finished play")
                            .help("use the move or fact that it stands for"),
                    );
                    FormulaKind::Error
                }
                None if self.names.arms.contains(word) => FormulaKind::Word(word.clone()),
                None => {
                    self.unknown_reference(word, span, scope);
                    FormulaKind::Error
                }
            }
        };
        self.names.used.insert(word.clone());
        if !reference.index.is_empty() {
            self.report(
                Diagnostic::error("bad-index", format!("`{word}` is not a repeated move and takes no index"))
                    .label(span, "remove the index"),
            );
            return Formula::error(span);
        }
        plain(kind)
    }

    fn unknown_reference(&mut self, word: &str, span: Span, scope: &Scope) {
        let mut known: Vec<&str> = scope.args.iter().map(String::as_str).collect();
        known.extend(scope.counters.iter().map(|(name, _)| name.as_str()));
        known.extend(self.names.values.iter().filter_map(|(name, (named, _))| {
            let usable = matches!(named, Named::Const(_) | Named::Param(_) | Named::Event(_));
            usable.then_some(name.as_str())
        }));
        known.extend(self.names.arms.iter().map(String::as_str));
        let mut diagnostic = unknown(word, span, "is not declared", known);
        let owners: Vec<String> = self
            .names
            .owned
            .iter()
            .filter(|((_, name), _)| name == word)
            .map(|(_, event)| self.program.event_name(*event))
            .collect();
        if matches!(word.to_lowercase().as_str(), "nan" | "inf" | "infinity" | "infinite") {
            diagnostic.help =
                Some("every number of a game is finite; for \"at any price\" write a large one".into());
            diagnostic.edits.clear();
        }
        if let Some(full) = owners.first() {
            diagnostic.help = Some(format!("write {}", words(&owners)));
            diagnostic.edits.clear();
            diagnostic = diagnostic.edit(span, full.clone());
        }
        self.report(diagnostic);
    }

    /// Finds the event behind `Player.name`.
    pub(crate) fn owned(&mut self, reference: &ast::Ref) -> Option<usize> {
        let owner = reference.owner.as_ref()?;
        let player = match self.names.player(owner) {
            Ok(player) => player,
            Err(diagnostic) => {
                self.report_all(diagnostic);
                return None;
            }
        };
        let word = &reference.name.text;
        if word.is_empty() {
            return None;
        }
        if let Some(event) = self.names.owned.get(&(player, word.clone())) {
            return Some(*event);
        }
        let names: Vec<&str> =
            self.names.owned.keys().filter(|(p, _)| *p == player).map(|(_, name)| name.as_str()).collect();
        let what = format!("is not a move or private fact of {}", owner.text);
        let diagnostic = unknown(word, reference.name.span, &what, names);
        self.report(diagnostic);
        None
    }

    fn event(&mut self, event: usize, reference: &ast::Ref, scope: &Scope) -> Formula {
        let span = reference.span;
        let loops = self.program.events[event].loops.len();
        if !reference.index.is_empty() && reference.index.len() != loops {
            let name = self.program.event_name(event);
            self.report(index_count(&name, loops, span));
            return Formula::error(span);
        }
        let index = reference.index.iter().map(|e| self.formula(e, scope)).collect();
        Formula { kind: FormulaKind::Event { event, index }, span }
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

/// "`Home.message` is never `treat`", with the nearest value.
pub(crate) fn unknown_value(event: &str, arms: &[String], word: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-value", format!("`{event}` is never `{word}`"))
        .label(span, "not one of its values");
    let list = words(arms);
    match nearest(word, arms.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`? (values: {list})")).edit(span, near),
        None if arms.is_empty() => diagnostic.help("its values are numbers; compare it with a number"),
        None => diagnostic.help(format!("values: {list}")),
    }
}

/// "`A.move` is made once and takes no index".
pub(crate) fn index_count(name: &str, loops: usize, span: Span) -> Diagnostic {
    let (takes, help) = match loops {
        0 => ("is not repeated and takes no index".to_string(), "remove the index"),
        1 => ("takes one index".to_string(), "write the round: `P.move[1]`"),
        n => (format!("takes {n} indices"), "write one for each `repeat` around it, outermost first"),
    };
    Diagnostic::error("bad-index", format!("`{name}` {takes}")).label(span, "does not fit").help(help)
}
