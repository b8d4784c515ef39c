//! Declares what happens in play: private facts, moves, draws, and their arms.
//!
//! The one idea: a move may stand at several places of `play`; it is one event if it repeats alike.

use super::Named;
use super::lower::{Lower, has_council};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_game::EventKind;
use detente_syntax::ast::{self, Item, ItemKind};
use indexmap::IndexSet;

impl<'a> Lower<'a> {
    pub(super) fn declare_events(&mut self, items: &'a [Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Private(private) => self.declare_private(item, private),
                ItemKind::Joint(joint) => self.declare_joint(item, joint),
                _ => {}
            }
        }
        let mut plays = items.iter().filter_map(|item| match &item.kind {
            ItemKind::Play(block) => Some((item, block)),
            _ => None,
        });
        match plays.next() {
            Some((item, block)) => {
                self.program.play_span = Some(item.span);
                self.declare_block(block, &mut Vec::new());
                for (again, _) in plays {
                    let (again, first) = (head(again.span, 4), head(item.span, 4));
                    self.twice("play", again, first, "a model has one `play`: join the two");
                }
            }
            None if has_council(items) => {}
            None => self.report(
                Diagnostic::error("no-play", "the model has no `play`")
                    .help("add `play { ... }`: who moves when"),
            ),
        }
    }

    fn declare_private(&mut self, item: &Item, private: &ast::Private) {
        let owner = match self.names.player(&private.player) {
            Ok(owner) => owner,
            Err(diagnostic) => return self.report_all(diagnostic),
        };
        let arms: Vec<&ast::Name> = match &private.values {
            ast::PrivateValues::Listed(arms) => arms.iter().map(|a| &a.value).collect(),
            _ => Vec::new(),
        };
        let decl = EventDecl {
            kind: EventKind::Private,
            owner: Some(owner),
            name: private.name.text.clone(),
            support: self.support(&private.caption, &item.doc, item.span),
            arms: Vec::new(),
            numeric: matches!(private.values, ast::PrivateValues::Split { .. }),
            loops: Vec::new(),
            span: private.name.span,
        };
        if let Some(event) = self.declare_event(decl, private.player.span.to(private.name.span), false) {
            self.declare_arms(event, &arms);
        }
    }

    /// Declares a move, draw or fact. The same move may stand at several places of
    /// `play` if the `repeat`s around it are the same.
    pub(super) fn declare_event(&mut self, decl: EventDecl, span: Span, again: bool) -> Option<usize> {
        if decl.name.is_empty() {
            return None;
        }
        let known = match decl.owner {
            Some(owner) => self.names.owned.get(&(owner, decl.name.clone())).copied(),
            None => match self.names.values.get(&decl.name) {
                Some((Named::Event(event), _)) => Some(*event),
                Some((_, first)) => {
                    let first = *first;
                    self.duplicate(&decl.name, span, first);
                    return None;
                }
                None => None,
            },
        };
        if let Some(event) = known {
            let first = &self.program.events[event];
            if again && first.kind == decl.kind && first.loops == decl.loops && first.numeric == decl.numeric
            {
                return Some(event);
            }
            let apart = again && first.loops != decl.loops;
            let (name, first) = (self.program.event_name(event), first.span);
            let help = match apart {
                true => "a move of one name is repeated by one `repeat`; give the other one another name",
                false => "give one of them another name",
            };
            self.twice(&name, span, first, help);
            return None;
        }
        let event = self.program.events.len();
        match decl.owner {
            Some(owner) => {
                self.names.owned.insert((owner, decl.name.clone()), event);
            }
            None => {
                self.names.values.insert(decl.name.clone(), (Named::Event(event), decl.span));
            }
        }
        self.program.events.push(decl);
        Some(event)
    }

    /// Adds arms that the event does not have yet; one list must not name an arm twice.
    pub(super) fn declare_arms(&mut self, event: usize, arms: &[&ast::Name]) {
        let mut here: IndexSet<&str> = IndexSet::new();
        for arm in arms {
            if arm.text.is_empty() {
                continue;
            }
            if !here.insert(&arm.text) {
                let first = arms.iter().find(|a| a.text == arm.text).map_or(arm.span, |a| a.span);
                self.duplicate(&arm.text, arm.span, first);
            }
            self.names.arms.insert(arm.text.clone());
            let decl = &mut self.program.events[event];
            if !decl.arms.contains(&arm.text) {
                decl.arms.push(arm.text.clone());
            }
        }
    }
}

/// The first `length` bytes of a span.
pub(super) fn head(span: Span, length: u32) -> Span {
    Span { end: span.end.min(span.start + length), ..span }
}
