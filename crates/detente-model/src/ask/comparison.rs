//! Comparisons of moves, draws and facts: with one of their values, or with each other.

use super::calls::bare_word;
use super::{Asker, Place};
use crate::question::{Happening, Relation};
use crate::resolve::Named;
use detente_diag::{Diagnostic, Span};
use detente_game::EventId;
use detente_syntax::ast::{Expr, ExprKind};

impl<'a> Asker<'a> {
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
    pub(super) fn side(&mut self, expr: &Expr, place: &Place<'a>) -> Option<(usize, Option<EventId>)> {
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
}
