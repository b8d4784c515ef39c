//! Happenings and numbers of a single play.

use super::number::{arithmetic, relation};
use super::{Asker, Place};
use crate::program::Builtin;
use crate::question::{Arithmetic, Function, Happening, PlayNumber, Relation};
use crate::resolve::Named;
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::{EventId, OutcomeId, ParamId};
use detente_syntax::ast::{BinaryOp, Expr, ExprKind, Quantifier, Ref, UnaryOp};

impl<'a> Asker<'a> {
    /// Resolves a statement about one play.
    pub(crate) fn happening(&mut self, expr: &Expr, place: &Place<'a>) -> Option<Happening> {
        match &expr.kind {
            ExprKind::Ref(r) => self.named_happening(r, place),
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                Some(Happening::Not(Box::new(self.happening(operand, place)?)))
            }
            ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                let (a, b) = (self.happening(left, place), self.happening(right, place));
                Some(Happening::And(vec![a?, b?]))
            }
            ExprKind::Binary { op: BinaryOp::Or, left, right, .. } => {
                let (a, b) = (self.happening(left, place), self.happening(right, place));
                Some(Happening::Or(vec![a?, b?]))
            }
            ExprKind::Binary { op, left, right, .. } if relation(*op).is_some() => {
                self.comparison(relation(*op)?, left, right, place)
            }
            ExprKind::Quantifier { kind, body } => self.quantified(*kind, body, place),
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.not_a_happening(expr.span);
                None
            }
        }
    }

    fn not_a_happening(&mut self, span: detente_diag::Span) {
        self.report(
            Diagnostic::error("type-mismatch", "this is not something that happens in a play")
                .label(span, "an outcome, `P.move == action`, or a hypothesis is needed")
                .help("name an outcome, or compare a move with one of its values"),
        );
    }

    fn named_happening(&mut self, reference: &Ref, place: &Place<'a>) -> Option<Happening> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            if word == "observed" {
                return self.observed(reference.span, place);
            }
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Outcome(at)) => {
                    self.used.push(word.clone());
                    return Some(Happening::Outcome(OutcomeId(at as u32)));
                }
                Some(Named::Hypothesis(at)) => return self.hypothesis(at, reference, place),
                Some(_) => {
                    self.not_a_happening(reference.span);
                    return None;
                }
                None => {}
            }
            if word.is_empty() {
                return None;
            }
            let values = &self.names.values;
            let known: Vec<&str> = values
                .iter()
                .filter(|(_, (named, _))| matches!(named, Named::Outcome(_) | Named::Hypothesis(_)))
                .map(|(name, _)| name.as_str())
                .collect();
            let diagnostic =
                crate::resolve::unknown(word, reference.span, "is not an outcome or hypothesis", known);
            self.report(diagnostic);
            return None;
        }
        if let Some(decl) = self.event_decl(reference) {
            let name = self.program.event_name(decl);
            let value = self.program.events[decl].arms.first().cloned().unwrap_or_else(|| "value".into());
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` alone is neither true nor false"))
                    .label(reference.span, "a move or draw")
                    .help(format!("compare it: `{name} == {value}`, or ask `made({name})`")),
            );
        }
        None
    }

    fn hypothesis(&mut self, at: usize, reference: &Ref, place: &Place<'a>) -> Option<Happening> {
        self.used.push(reference.name.text.clone());
        if self.open.contains(&at) {
            self.report(
                Diagnostic::error("cycle", format!("`{}` is defined by itself", reference.name.text))
                    .label(reference.span, "leads back here"),
            );
            return None;
        }
        self.open.push(at);
        let result = self.happening(&self.hypotheses[at].1.event, &Place::new(place.room));
        self.open.pop();
        result
    }

    fn comparison(
        &mut self,
        relation: Relation,
        left: &Expr,
        right: &Expr,
        place: &Place<'a>,
    ) -> Option<Happening> {
        let (a, b) = (self.is_named_event(left), self.is_named_event(right));
        match (a, b) {
            (true, false) => self.compare_arm(relation, left, right, place),
            (false, true) => self.compare_arm(relation, right, left, place),
            (true, true) => self.compare_events(relation, left, right, place),
            (false, false) => {
                // After an unknown move its value beside it would only be unknown as well.
                let a = self.play_number(left, place)?;
                let b = self.play_number(right, place)?;
                Some(Happening::Compare(relation, Box::new(a), Box::new(b)))
            }
        }
    }

    /// Is this a reference to an event whose arms have names?
    fn is_named_event(&self, expr: &Expr) -> bool {
        let ExprKind::Ref(r) = &expr.kind else { return false };
        let decl = match &r.owner {
            Some(owner) => self
                .names
                .players
                .get(&owner.text)
                .and_then(|(player, _)| self.names.owned.get(&(*player, r.name.text.clone())))
                .copied(),
            None => match self.names.values.get(&r.name.text) {
                Some((Named::Event(event), _)) => Some(*event),
                _ => None,
            },
        };
        match decl {
            Some(decl) => !self.program.events[decl].numeric,
            // An unknown move is reported when it is resolved.
            None => r.owner.is_some(),
        }
    }

    /// The event that one side of a comparison names; `None` in it if it never happens in this game.
    fn side(&mut self, expr: &Expr, place: &Place<'a>) -> Option<(usize, Option<EventId>)> {
        let ExprKind::Ref(r) = &expr.kind else { return None };
        let decl = self.event_decl(r)?;
        let event = self.events(decl, r, place)?;
        Some((decl, event))
    }

    /// `P.move == action`.
    fn compare_arm(
        &mut self,
        relation: Relation,
        event: &Expr,
        word: &Expr,
        place: &Place<'a>,
    ) -> Option<Happening> {
        let (decl, event_id) = self.side(event, place)?;
        let equal = match relation {
            Relation::Equal => true,
            Relation::NotEqual => false,
            _ => {
                let name = self.program.event_name(decl);
                self.report(
                    Diagnostic::error("type-mismatch", format!("the values of `{name}` have no order"))
                        .label(event.span.to(word.span), "`<` and `>` compare numbers")
                        .help("use `==`"),
                );
                return None;
            }
        };
        let arms = &self.program.events[decl].arms;
        let ExprKind::Ref(r) = &word.kind else {
            let name = self.program.event_name(decl);
            self.report(crate::resolve::unknown_value(&name, arms, "this", word.span));
            return None;
        };
        let Some(at) = arms.iter().position(|a| *a == r.name.text && r.owner.is_none()) else {
            let name = self.program.event_name(decl);
            if !r.name.text.is_empty() {
                self.report(crate::resolve::unknown_value(&name, arms, &r.name.text, word.span));
            }
            return None;
        };
        let Some(event) = event_id else { return Some(Happening::Const(false)) };
        let chosen = at as u32;
        let all = 0..arms.len() as u32;
        let arms = all.filter(|arm| (*arm == chosen) == equal).collect();
        Some(Happening::Arm { event, arms })
    }

    /// `Red.move == Blue.move`: both made, with arms of the same (or another) name.
    fn compare_events(
        &mut self,
        relation: Relation,
        left: &Expr,
        right: &Expr,
        place: &Place<'a>,
    ) -> Option<Happening> {
        let ((a, x), (b, y)) = (self.side(left, place)?, self.side(right, place)?);
        let equal = match relation {
            Relation::Equal => true,
            Relation::NotEqual => false,
            _ => {
                self.report(
                    Diagnostic::error("type-mismatch", "named values have no order")
                        .label(left.span.to(right.span), "`<` and `>` compare numbers")
                        .help("use `==`"),
                );
                return None;
            }
        };
        let (Some(x), Some(y)) = (x, y) else { return Some(Happening::Const(false)) };
        let (a, b) = (&self.program.events[a].arms, &self.program.events[b].arms);
        let mut parts = Vec::new();
        for (i, first) in a.iter().enumerate() {
            let arms: Vec<u32> =
                (0..b.len()).filter(|j| (b[*j] == *first) == equal).map(|j| j as u32).collect();
            if !arms.is_empty() {
                parts.push(Happening::And(vec![
                    Happening::Arm { event: x, arms: vec![i as u32] },
                    Happening::Arm { event: y, arms },
                ]));
            }
        }
        Some(Happening::Or(parts))
    }

    /// `any(…)` and its kin, over all repetitions that the game has.
    fn quantified(&mut self, kind: Quantifier, body: &Expr, place: &Place<'a>) -> Option<Happening> {
        let mut found = None;
        self.first_repeated(body, place, &mut found);
        if kind == Quantifier::Made {
            return self.made(body, place);
        }
        let Some(decl) = found else {
            self.report(
                Diagnostic::warning("idle-quantifier", "nothing in here is repeated")
                    .label(body.span, "no move without an index")
                    .help("leave the quantifier out"),
            );
            return self.happening(body, place);
        };
        let rounds = self.rounds(decl, place);
        let loops = self.program.events[decl].loops.clone();
        let mut parts = Vec::new();
        for (at, (event, round)) in rounds.iter().enumerate() {
            let mut inner = place.clone();
            inner.rounds.extend(loops.iter().copied().zip(round.iter().copied()));
            // A move may be missing from some rounds; there it simply was not made.
            inner.room.lenient = true;
            let holds = self.happening(body, &inner)?;
            let made = Happening::Made(*event);
            parts.push(match kind {
                Quantifier::All => Happening::Or(vec![Happening::Not(Box::new(made)), holds]),
                Quantifier::Any | Quantifier::Made => holds,
                Quantifier::First | Quantifier::Last => {
                    let others = if kind == Quantifier::First { &rounds[..at] } else { &rounds[at + 1..] };
                    let mut all = vec![made, holds];
                    all.extend(others.iter().map(|(e, _)| Happening::Not(Box::new(Happening::Made(*e)))));
                    Happening::And(all)
                }
            });
        }
        Some(if kind == Quantifier::All { Happening::And(parts) } else { Happening::Or(parts) })
    }

    fn made(&mut self, body: &Expr, place: &Place<'a>) -> Option<Happening> {
        let ExprKind::Ref(r) = &body.kind else {
            self.report(
                Diagnostic::error("type-mismatch", "`made` asks about a move")
                    .label(body.span, "not a move")
                    .help("write `made(P.move)`"),
            );
            return None;
        };
        let decl = self.event_decl(r)?;
        let known =
            self.program.events[decl].loops.iter().all(|l| place.rounds.iter().any(|(id, _)| id == l));
        if r.index.is_empty() && !known {
            let rounds = self.rounds(decl, place);
            return Some(Happening::Or(rounds.into_iter().map(|(e, _)| Happening::Made(e)).collect()));
        }
        Some(match self.events(decl, r, place)? {
            Some(event) => Happening::Made(event),
            None => Happening::Const(false),
        })
    }

    /// The first repeated event without an index whose round is not known yet.
    fn first_repeated(&mut self, expr: &Expr, place: &Place<'a>, found: &mut Option<usize>) {
        if found.is_some() {
            return;
        }
        match &expr.kind {
            ExprKind::Ref(r) if r.index.is_empty() => {
                let decl = match &r.owner {
                    Some(owner) => self
                        .names
                        .players
                        .get(&owner.text)
                        .and_then(|(p, _)| self.names.owned.get(&(*p, r.name.text.clone())))
                        .copied(),
                    None => match self.names.values.get(&r.name.text) {
                        Some((Named::Event(event), _)) => Some(*event),
                        _ => None,
                    },
                };
                if let Some(decl) = decl {
                    let loops = &self.program.events[decl].loops;
                    if loops.iter().any(|l| !place.rounds.iter().any(|(id, _)| id == l)) {
                        *found = Some(decl);
                    }
                }
            }
            ExprKind::Unary { operand, .. } => self.first_repeated(operand, place, found),
            ExprKind::Binary { left, right, .. } => {
                self.first_repeated(left, place, found);
                self.first_repeated(right, place, found);
            }
            ExprKind::Quantifier { body, .. } => self.first_repeated(body, place, found),
            ExprKind::Call { args, .. } => args.iter().for_each(|a| self.first_repeated(a, place, found)),
            _ => {}
        }
    }

    /// Resolves a number of one play.
    pub(crate) fn play_number(&mut self, expr: &Expr, place: &Place<'a>) -> Option<PlayNumber> {
        let boxed = |n: PlayNumber| Box::new(n);
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text).map(PlayNumber::Const),
            ExprKind::Ref(r) => self.play_reference(r, place),
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                Some(PlayNumber::Neg(boxed(self.play_number(operand, place)?)))
            }
            ExprKind::Binary { op, left, right, .. } if arithmetic(*op).is_some() => {
                let (a, b) = (self.play_number(left, place), self.play_number(right, place));
                Some(PlayNumber::Binary(arithmetic(*op)?, boxed(a?), boxed(b?)))
            }
            ExprKind::Call { name, args } => {
                let mut numbers = Vec::new();
                for arg in args {
                    numbers.push(self.play_number(arg, place)?);
                }
                self.builtin(name, numbers, PlayNumber::Function, PlayNumber::Binary)
            }
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                let happening = self.happening(expr, place)?;
                Some(PlayNumber::Indicator(Box::new(happening)))
            }
        }
    }

    /// Applies a built-in function to resolved arguments.
    pub(super) fn builtin<N>(
        &mut self,
        name: &detente_syntax::ast::Name,
        args: Vec<N>,
        function: impl Fn(Function, Box<N>) -> N,
        binary: impl Fn(Arithmetic, Box<N>, Box<N>) -> N,
    ) -> Option<N> {
        let Some(builtin) = Builtin::find(&name.text) else {
            if name.text.is_empty() {
                return None;
            }
            let known = Builtin::ALL.iter().map(|(n, _)| *n);
            let mut diagnostic =
                crate::resolve::unknown(&name.text, name.span, "cannot be used in a question", known);
            if self.names.calls.contains_key(&name.text) {
                diagnostic = Diagnostic::error(
                    "type-mismatch",
                    format!("`{}` belongs to the game and cannot be used in a question", name.text),
                )
                .label(name.span, "a function or table of the game")
                .help("ask about moves and outcomes, or write the formula out");
            }
            self.report(diagnostic);
            return None;
        };
        if !builtin.takes(args.len()) {
            let wanted = if matches!(builtin, Builtin::Min | Builtin::Max) { 2 } else { 1 };
            self.report(crate::resolve::arity(&name.text, name.span, wanted, args.len()));
            return None;
        }
        let mut args = args.into_iter();
        let first = args.next()?;
        Some(match builtin {
            Builtin::Min => args.fold(first, |a, b| binary(Arithmetic::Min, Box::new(a), Box::new(b))),
            Builtin::Max => args.fold(first, |a, b| binary(Arithmetic::Max, Box::new(a), Box::new(b))),
            Builtin::Abs => function(Function::Abs, Box::new(first)),
            Builtin::Exp => function(Function::Exp, Box::new(first)),
            Builtin::Ln => function(Function::Ln, Box::new(first)),
            Builtin::Sqrt => function(Function::Sqrt, Box::new(first)),
        })
    }

    fn play_reference(&mut self, reference: &Ref, place: &Place<'a>) -> Option<PlayNumber> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            if word == "duration" {
                return Some(PlayNumber::Duration);
            }
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Const(at)) => {
                    self.used.push(word.clone());
                    return place.room.facts.consts[at].clone().map(PlayNumber::Const);
                }
                Some(Named::Param(at)) => {
                    self.used.push(word.clone());
                    return Some(PlayNumber::Param(ParamId(at as u32)));
                }
                Some(Named::Outcome(_) | Named::Hypothesis(_)) => {
                    let happening = self.named_happening(reference, place)?;
                    return Some(PlayNumber::Indicator(Box::new(happening)));
                }
                Some(Named::Event(_)) => {}
                None => {
                    if !word.is_empty() {
                        let known: Vec<&str> = self.names.values.keys().map(String::as_str).collect();
                        let diagnostic =
                            crate::resolve::unknown(word, reference.span, "is not declared", known);
                        self.report(diagnostic);
                    }
                    return None;
                }
            }
        }
        let decl = self.event_decl(reference)?;
        if !self.program.events[decl].numeric {
            let name = self.program.event_name(decl);
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` is not a number"))
                    .label(reference.span, "its values have names")
                    .help(format!("ask for a probability: `prob({name} == ...)`")),
            );
            return None;
        }
        match self.events(decl, reference, place)? {
            Some(event) => Some(PlayNumber::Value(event)),
            None => {
                let name = self.program.event_name(decl);
                self.report(
                    Diagnostic::error("never-happens", format!("`{name}` never happens in this game"))
                        .label(reference.span, "has no value there"),
                );
                None
            }
        }
    }
}
