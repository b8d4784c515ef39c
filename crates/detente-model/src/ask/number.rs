//! Numbers and truths over answers and parameters.

use super::play_number::apply;
use super::{Asker, Place, Room};
use crate::question::*;
use crate::resolve::{Callee, Named, no_variant};
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::{EventId, ParamId, PlayerId};
use detente_syntax::ast::{self, BinaryOp, Expr, ExprKind, UnaryOp};

/// Returns the arithmetic behind an operator.
pub(crate) fn arithmetic(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Subtract => Arithmetic::Sub,
        BinaryOp::Multiply => Arithmetic::Mul,
        BinaryOp::Divide => Arithmetic::Div,
        BinaryOp::Power => Arithmetic::Pow,
        _ => return None,
    })
}

/// Returns the relation behind an operator.
pub(crate) fn relation(op: BinaryOp) -> Option<Relation> {
    Some(match op {
        BinaryOp::Equal => Relation::Equal,
        BinaryOp::NotEqual => Relation::NotEqual,
        BinaryOp::Less => Relation::Less,
        BinaryOp::LessEqual => Relation::LessEqual,
        BinaryOp::Greater => Relation::Greater,
        BinaryOp::GreaterEqual => Relation::GreaterEqual,
        _ => return None,
    })
}

impl<'a> Asker<'a> {
    /// Resolves an `ask` or `expect`: a number, or a statement.
    pub(crate) fn body(&mut self, expr: &Expr, room: Room<'a>) -> Option<Body> {
        if self.is_truth(expr, 0) {
            self.truth(expr, room).map(Body::Truth)
        } else {
            self.number(expr, room).map(Body::Number)
        }
    }

    /// Is a formula true or false, rather than a number?
    fn is_truth(&self, expr: &Expr, calls: usize) -> bool {
        match &expr.kind {
            ExprKind::Unary { op: UnaryOp::Not, .. } => true,
            ExprKind::Binary { op, .. } => {
                relation(*op).is_some() || matches!(op, BinaryOp::And | BinaryOp::Or)
            }
            ExprKind::If { then, .. } => self.is_truth(then, calls),
            ExprKind::Call { name, .. } => match self.names.calls.get(&name.text) {
                Some((Callee::Function(at), _)) if calls < 64 => {
                    self.is_truth(&self.functions[*at].body, calls + 1)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Resolves a statement about answers.
    pub(crate) fn truth(&mut self, expr: &Expr, room: Room<'a>) -> Option<Truth> {
        match &expr.kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                Some(Truth::Not(Box::new(self.truth(operand, room)?)))
            }
            ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right, .. } => {
                let (a, b) = (self.truth(left, room), self.truth(right, room));
                let parts = vec![a?, b?];
                Some(if *op == BinaryOp::And { Truth::And(parts) } else { Truth::Or(parts) })
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.truth(condition, room)?;
                let (a, b) = (self.truth(then, room)?, self.truth(otherwise, room)?);
                let not = Truth::Not(Box::new(condition.clone()));
                Some(Truth::Or(vec![Truth::And(vec![condition, a]), Truth::And(vec![not, b])]))
            }
            ExprKind::Call { name, args, .. }
                if matches!(self.names.calls.get(&name.text), Some((Callee::Function(_), _))) =>
            {
                match self.callee(name)? {
                    Callee::Function(at) => {
                        self.through(at, name, args, |asker, body| asker.truth(body, room))
                    }
                    Callee::Table(_) => None,
                }
            }
            ExprKind::Binary { op, left, right, .. } if relation(*op).is_some() => {
                if let Some(truth) = self.council_actor(*op, left, right) {
                    return truth;
                }
                if let Some(truth) = self.compare_words(relation(*op)?, left, right) {
                    return Some(Truth::Const(truth));
                }
                let (a, b) = (self.number(left, room), self.number(right, room));
                Some(Truth::Compare(relation(*op)?, Box::new(a?), Box::new(b?)))
            }
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.report(
                    Diagnostic::error("type-mismatch", "a statement is needed, true or false")
                        .label(expr.span, "not a statement")
                        .help("compare two numbers: `prob(war) > 0.5`"),
                );
                None
            }
        }
    }

    /// Resolves a number over answers.
    pub(crate) fn number(&mut self, expr: &Expr, room: Room<'a>) -> Option<Number> {
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text).map(Number::Const),
            ExprKind::Ref(r) => self.number_reference(r, expr, room),
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                Some(Number::Neg(Box::new(self.number(operand, room)?)))
            }
            ExprKind::Binary { op, left, right, .. } if arithmetic(*op).is_some() => {
                let (a, b) = (self.number(left, room), self.number(right, room));
                Some(Number::Binary(arithmetic(*op)?, Box::new(a?), Box::new(b?)))
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.truth(condition, room)?;
                let (a, b) = (self.number(then, room)?, self.number(otherwise, room)?);
                Some(Number::If(Box::new(condition), Box::new(a), Box::new(b)))
            }
            ExprKind::Call { name, variant: Some(variant), .. } if !self.asks_council(name) => {
                self.report(no_variant(variant));
                None
            }
            ExprKind::Call { name, args, variant } => match self.callee(name) {
                Some(Callee::Function(at)) => {
                    self.through(at, name, args, |asker, body| asker.number(body, room))
                }
                Some(Callee::Table(at)) => self.table_constant(at, name, args, room),
                None if self.asks_council(name) => {
                    self.council_number(name, args, variant.as_ref(), expr.span)
                }
                None => {
                    let builtin = self.known_builtin(name, args.len())?;
                    let mut numbers = Vec::new();
                    for arg in args {
                        numbers.push(self.number(arg, room)?);
                    }
                    apply(builtin, numbers, Number::Function, Number::Binary)
                }
            },
            ExprKind::Prob { .. }
            | ExprKind::Mean { .. }
            | ExprKind::Value { .. }
            | ExprKind::Belief { .. }
            | ExprKind::Gain { .. } => self.query(expr, room),
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.report(
                    Diagnostic::error("type-mismatch", "a number is needed")
                        .label(expr.span, "not a number")
                        .help("ask `prob(...)`, `mean(...)`, `value(P)`, `belief(...)` or `gain(...)`"),
                );
                None
            }
        }
    }

    fn number_reference(&mut self, reference: &ast::Ref, expr: &Expr, room: Room<'a>) -> Option<Number> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Const(at)) => {
                    self.used.push(word.clone());
                    return room.facts.consts[at].clone().map(Number::Const);
                }
                Some(Named::Param(at)) => {
                    self.used.push(word.clone());
                    return Some(Number::Param(ParamId(at as u32)));
                }
                Some(Named::Council(_)) => {
                    self.report(
                        Diagnostic::error("type-mismatch", format!("`{word}` is a council, not a number"))
                            .label(expr.span, "not a number")
                            .help(format!("ask about it: `settlement({word}, issue)`")),
                    );
                    return None;
                }
                Some(Named::Outcome(_) | Named::Hypothesis(_) | Named::Event(_)) => {
                    self.report(
                        Diagnostic::error("type-mismatch", format!("`{word}` is not a number"))
                            .label(expr.span, "happens or does not happen")
                            .help(format!("ask for its probability: `prob({word})`")),
                    );
                    return None;
                }
                None if word == "duration" && room.game.nodes.is_empty() => {
                    self.no_game(expr.span);
                    return None;
                }
                None if word == "duration" => {
                    let kind = QueryKind::Mean(PlayNumber::Duration);
                    let query = Query { kind, conditions: Conditions::default(), span: expr.span };
                    return Some(Number::Query(Box::new(query)));
                }
                None => {}
            }
            if !word.is_empty() {
                let known: Vec<&str> = self.names.values.keys().map(String::as_str).collect();
                let diagnostic = crate::resolve::unknown(word, expr.span, "is not declared", known);
                self.report(diagnostic);
            }
            return None;
        }
        if self.event_decl(reference).is_some() {
            self.report(
                Diagnostic::error("type-mismatch", "a move differs from play to play")
                    .label(expr.span, "not one number")
                    .help("ask for `mean(...)`, or the probability of one of its values"),
            );
        }
        None
    }

    fn query(&mut self, expr: &Expr, room: Room<'a>) -> Option<Number> {
        if room.game.nodes.is_empty() {
            self.no_game(expr.span);
            return None;
        }
        let (kind, conditions) = match &expr.kind {
            ExprKind::Prob { event, conditions } => {
                let (conditions, room) = self.conditions(conditions, room)?;
                (QueryKind::Prob(self.happening(event, &Place::new(room))?), conditions)
            }
            ExprKind::Mean { number, conditions } => {
                let (conditions, room) = self.conditions(conditions, room)?;
                (QueryKind::Mean(self.play_number(number, &Place::new(room))?), conditions)
            }
            ExprKind::Value { player, conditions } => {
                let player = self.player(player);
                let (conditions, _) = self.conditions(conditions, room)?;
                (QueryKind::Value(player?), conditions)
            }
            ExprKind::Belief { player, event, at, conditions } => {
                let player = self.player(player);
                let (conditions, room) = self.conditions(conditions, room)?;
                let place = Place::new(room);
                let event = self.happening(event, &place)?;
                let at_span = at.span;
                let at = self.decision(at, player?, &place, at_span)?;
                (QueryKind::Belief { player: player?, event, at }, conditions)
            }
            ExprKind::Gain { player, better, worse, at, conditions } => {
                let player = self.player(player)?;
                let (conditions, room) = self.conditions(conditions, room)?;
                (self.gain(player, better, worse, at.as_ref(), &Place::new(room))?, conditions)
            }
            _ => return None,
        };
        Some(Number::Query(Box::new(Query { kind, conditions, span: expr.span })))
    }

    /// A question about a game, in a file that holds none.
    fn no_game(&mut self, span: detente_diag::Span) {
        self.report(
            Diagnostic::error("no-play", "the model has no `play`, so there is no game to ask about")
                .label(span, "asks about a game")
                .help("ask about the council: `settlement(council, issue)`; or add `play { ... }`"),
        );
    }

    fn player(&mut self, name: &ast::Name) -> Option<PlayerId> {
        match self.names.player(name) {
            Ok(player) => Some(PlayerId(player as u32)),
            Err(diagnostic) => {
                self.diagnostics.extend(diagnostic);
                None
            }
        }
    }

    /// A decision of this player.
    fn decision(
        &mut self,
        reference: &ast::Ref,
        player: PlayerId,
        place: &Place<'a>,
        span: detente_diag::Span,
    ) -> Option<EventId> {
        let decl = self.event_decl(reference)?;
        let event = &self.program.events[decl];
        if event.kind != detente_game::EventKind::Move || event.owner != Some(player.index()) {
            let name = self.program.event_name(decl);
            let who = self.program.players[player.index()].name.clone();
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` is not a decision of {who}"))
                    .label(span, "beliefs and gains are taken where the player itself decides")
                    .help(format!("name a move of {who}")),
            );
            return None;
        }
        let found = self.events(decl, reference, place)?;
        if found.is_none() {
            let name = self.program.event_name(decl);
            self.report(
                Diagnostic::error("never-happens", format!("`{name}` never happens in this game"))
                    .label(span, "asked here"),
            );
        }
        found
    }

    fn gain(
        &mut self,
        player: PlayerId,
        better: &Expr,
        worse: &Expr,
        at: Option<&ast::Ref>,
        place: &Place<'a>,
    ) -> Option<QueryKind> {
        let (full, better_arm) = split_action(better);
        let (_, worse_arm) = split_action(worse);
        let event = match at.or(full) {
            Some(reference) => self.decision(reference, player, place, reference.span)?,
            None => self.decision_with(player, better_arm, worse_arm, place)?,
        };
        let better = self.arm(event, better_arm, place);
        let worse = self.arm(event, worse_arm, place);
        Some(QueryKind::Gain { player, event, better: better?, worse: worse? })
    }

    /// The only decision of a player that offers both actions.
    fn decision_with(
        &mut self,
        player: PlayerId,
        better: &Expr,
        worse: &Expr,
        place: &Place<'a>,
    ) -> Option<EventId> {
        let word = |e: &Expr| match &e.kind {
            ExprKind::Ref(r) if r.owner.is_none() => r.name.text.clone(),
            _ => String::new(),
        };
        let (a, b) = (word(better), word(worse));
        let game = place.room.game;
        let found: Vec<EventId> = (0..game.events.len())
            .filter(|at| {
                let e = &game.events[*at];
                e.kind == detente_game::EventKind::Move
                    && e.owner == Some(player)
                    && e.arms.contains(&a)
                    && e.arms.contains(&b)
            })
            .map(|at| EventId(at as u32))
            .collect();
        if let [only] = found[..] {
            return Some(only);
        }
        let who = self.program.players[player.index()].name.clone();
        let message = if found.is_empty() {
            format!("{who} has no decision between `{a}` and `{b}`")
        } else {
            format!("{who} decides between `{a}` and `{b}` more than once")
        };
        let names: Vec<String> = found.iter().map(|e| game.event_name(*e)).collect();
        let help = match names.first() {
            Some(name) => format!("say where: `gain({who}, {a} over {b} at {name})`"),
            None => "name two actions of one menu".to_string(),
        };
        self.report(
            Diagnostic::error("which-decision", message)
                .label(better.span.to(worse.span), "asked here")
                .help(help),
        );
        None
    }
}

/// Splits `P.move == action` into the move and the action; a bare action has no move.
fn split_action(expr: &Expr) -> (Option<&ast::Ref>, &Expr) {
    if let ExprKind::Binary { op: BinaryOp::Equal, left, right, .. } = &expr.kind
        && let ExprKind::Ref(r) = &left.kind
    {
        return (Some(r), right);
    }
    (None, expr)
}
