//! Happenings: statements that are true or false of a single play.
//!
//! The one idea: a statement over all repetitions of a move is written out over the rounds that the
//! game has.

use super::calls::bare_word;
use super::number::relation;
use super::{Asker, Place};
use crate::question::{Happening, Relation};
use crate::resolve::{Callee, Named};
use detente_diag::{Diagnostic, Span};
use detente_game::{EventId, OutcomeId};
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
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.happening(condition, place)?;
                let (a, b) = (self.happening(then, place)?, self.happening(otherwise, place)?);
                let not = Happening::Not(Box::new(condition.clone()));
                Some(Happening::Or(vec![Happening::And(vec![condition, a]), Happening::And(vec![not, b])]))
            }
            ExprKind::Call { name, args, .. } => match self.callee(name) {
                Some(Callee::Function(at)) => {
                    self.through(at, name, args, |asker, body| asker.happening(body, place))
                }
                _ => {
                    self.not_a_happening(expr.span);
                    None
                }
            },
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.not_a_happening(expr.span);
                None
            }
        }
    }

    fn not_a_happening(&mut self, span: Span) {
        self.report(
            Diagnostic::error("type-mismatch", "this is not something that happens in a play")
                .label(span, "an outcome, `P.move == action`, or a hypothesis is needed")
                .help("name an outcome, or compare a move with one of its values"),
        );
    }

    pub(super) fn named_happening(&mut self, reference: &Ref, place: &Place<'a>) -> Option<Happening> {
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

    pub(super) fn comparison(
        &mut self,
        relation: Relation,
        left: &Expr,
        right: &Expr,
        place: &Place<'a>,
    ) -> Option<Happening> {
        if let Some(truth) = self.compare_words(relation, left, right) {
            return Some(Happening::Const(truth));
        }
        match (self.names_event(left), self.names_event(right)) {
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

    /// Two names of values, as a function called with one compares them.
    pub(super) fn compare_words(&self, relation: Relation, left: &Expr, right: &Expr) -> Option<bool> {
        let (a, b) = (bare_word(left)?, bare_word(right)?);
        let value = |w: &str| self.names.arms.contains(w) && !self.names.values.contains_key(w);
        match relation {
            Relation::Equal if value(a) && value(b) => Some(a == b),
            Relation::NotEqual if value(a) && value(b) => Some(a != b),
            _ => None,
        }
    }

    /// The declared event that a formula names, if it is nothing but such a name.
    pub(super) fn event_of(&self, expr: &Expr) -> Option<usize> {
        let ExprKind::Ref(r) = &expr.kind else { return None };
        match &r.owner {
            Some(owner) => {
                let (player, _) = self.names.players.get(&owner.text)?;
                self.names.owned.get(&(*player, r.name.text.clone())).copied()
            }
            None => match self.names.values.get(&r.name.text) {
                Some((Named::Event(event), _)) => Some(*event),
                _ => None,
            },
        }
    }

    /// The declared event that a formula names, if its values have names.
    pub(super) fn named_event(&self, expr: &Expr) -> Option<usize> {
        self.event_of(expr).filter(|event| !self.program.events[*event].numeric)
    }

    /// Is this a reference to an event whose values have names? An unknown move is
    /// reported when it is resolved.
    fn names_event(&self, expr: &Expr) -> bool {
        let unknown = matches!(&expr.kind, ExprKind::Ref(r) if r.owner.is_some());
        self.named_event(expr).is_some() || (unknown && self.event_of(expr).is_none())
    }

    /// The event that one side of a comparison names; `None` in it if it never happens in this game.
    fn side(&mut self, expr: &Expr, place: &Place<'a>) -> Option<(usize, Option<EventId>)> {
        let ExprKind::Ref(r) = &expr.kind else { return None };
        let decl = self.event_decl(r)?;
        let event = self.events(decl, r, place)?;
        Some((decl, event))
    }

    /// True for `==`, false for `!=`; values with names have no order.
    fn equality(&mut self, relation: Relation, decl: usize, span: Span) -> Option<bool> {
        match relation {
            Relation::Equal => return Some(true),
            Relation::NotEqual => return Some(false),
            _ => {}
        }
        let name = self.program.event_name(decl);
        self.report(
            Diagnostic::error("type-mismatch", format!("the values of `{name}` have no order"))
                .label(span, "`<` and `>` compare numbers")
                .help("use `==`"),
        );
        None
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
        let equal = self.equality(relation, decl, event.span.to(word.span))?;
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
        let equal = self.equality(relation, a, left.span.to(right.span))?;
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
        if let Some(event) = self.event_of(body) {
            self.alone(kind, event, body.span);
            return None;
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

    /// `any(P.move)`: a quantifier needs a statement about the move.
    fn alone(&mut self, kind: Quantifier, event: usize, span: Span) {
        let word = match kind {
            Quantifier::Any => "any",
            Quantifier::All => "all",
            Quantifier::First => "first",
            Quantifier::Last => "last",
            Quantifier::Made => "made",
        };
        let name = self.program.event_name(event);
        let value = self.program.events[event].arms.first().map_or("0.5", String::as_str);
        self.report(
            Diagnostic::error("type-mismatch", format!("`{word}({name})` is neither true nor false"))
                .label(span, "a move, without what it is compared with")
                .help(format!("write `{word}({name} == {value})`")),
        );
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
    fn first_repeated(&self, expr: &Expr, place: &Place<'a>, found: &mut Option<usize>) {
        if found.is_some() {
            return;
        }
        match &expr.kind {
            ExprKind::Ref(r) if r.index.is_empty() => {
                if let Some(decl) = self.event_of(expr) {
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
            ExprKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].iter().for_each(|e| self.first_repeated(e, place, found));
            }
            ExprKind::Quantifier { body, .. } => self.first_repeated(body, place, found),
            ExprKind::Call { args, .. } => args.iter().for_each(|a| self.first_repeated(a, place, found)),
            _ => {}
        }
    }
}
