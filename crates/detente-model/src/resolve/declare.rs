//! Declares players and every name that stands for a value or can be called, each once.

use super::lower::{Lower, has_council};
use super::{Callee, Named};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, Item, ItemKind};
use detente_syntax::words;

/// Most players a model may have: who sees what is one machine word.
const MOST_PLAYERS: usize = 64;

impl<'a> Lower<'a> {
    pub(super) fn duplicate(&mut self, name: &str, span: Span, first: Span) {
        self.twice(name, span, first, "give one of them another name");
    }

    /// As `duplicate`, with help that fits the case.
    pub(super) fn twice(&mut self, name: &str, span: Span, first: Span, help: &str) {
        self.report(
            Diagnostic::error("duplicate-name", format!("`{name}` is declared twice"))
                .label(span, "declared again here")
                .label(first, "declared here first")
                .help(help),
        );
    }

    /// Declares a value; returns false if the name is taken or missing.
    pub(super) fn declare(&mut self, name: &ast::Name, named: Named) -> bool {
        if name.text.is_empty() {
            return false;
        }
        let first = self.names.values.get(&name.text).map(|(_, span)| *span);
        match first.or_else(|| self.names.players.get(&name.text).map(|(_, span)| *span)) {
            Some(first) => {
                self.duplicate(&name.text, name.span, first);
                false
            }
            None => {
                self.names.values.insert(name.text.clone(), (named, name.span));
                true
            }
        }
    }

    pub(super) fn declare_players(&mut self, items: &'a [Item]) {
        for item in items {
            let ItemKind::Players(players) = &item.kind else { continue };
            for player in players {
                let name = &player.name;
                if name.text.is_empty() {
                    continue;
                }
                if let Some((_, first)) = self.names.players.get(&name.text) {
                    let first = *first;
                    self.duplicate(&name.text, name.span, first);
                    continue;
                }
                if self.program.players.len() == MOST_PLAYERS {
                    self.report(
                        Diagnostic::error("too-large", format!("more than {MOST_PLAYERS} players"))
                            .label(name.span, "one too many")
                            .help("merge players that act as one"),
                    );
                    return;
                }
                let at = self.program.players.len();
                self.names.players.insert(name.text.clone(), (at, name.span));
                let support = self.support(&player.caption, &item.doc, name.span);
                self.program.players.push(PlayerDecl { name: name.text.clone(), support });
            }
        }
        if self.program.players.is_empty() && !has_council(items) {
            self.report(
                Diagnostic::error("no-players", "the model has no players").help("add `players A, B`"),
            );
        }
    }

    pub(super) fn declare_values(&mut self, items: &'a [Item]) {
        let (mut consts, mut params, mut outcomes) = (0, 0, 0);
        for item in items {
            match &item.kind {
                // The first title counts; a second one is reported elsewhere.
                ItemKind::Game(_) if !self.program.title.is_empty() => {}
                ItemKind::Game(title) => {
                    self.program.title = title.value.clone();
                    self.program.doc = item.doc.clone();
                }
                ItemKind::Unit(unit) => {
                    if let Some(first) = self.names.units.insert(unit.name.text.clone(), unit.name.span) {
                        self.duplicate(&unit.name.text, unit.name.span, first);
                    }
                    self.support(&unit.caption, &item.doc, item.span);
                }
                ItemKind::Const(c) => {
                    self.declare(&c.name, Named::Const(consts));
                    consts += 1;
                }
                ItemKind::Param(p) => {
                    self.declare(&p.name, Named::Param(params));
                    params += 1;
                }
                ItemKind::Outcome(o) => {
                    self.declare(&o.name, Named::Outcome(outcomes));
                    outcomes += 1;
                }
                ItemKind::Hypothesis(h) => {
                    self.declare(&h.name, Named::Hypothesis(self.hypotheses.len()));
                    self.hypotheses.push((item, h));
                    self.support(&h.caption, "", item.span);
                }
                ItemKind::Function(f) => {
                    self.callee(&f.name, Callee::Function(self.functions.len()));
                    self.functions.push((item, f));
                }
                ItemKind::Table(t) => {
                    self.callee(&t.name, Callee::Table(self.tables.len()));
                    self.tables.push((item, t));
                }
                _ => {}
            }
        }
    }

    fn callee(&mut self, name: &ast::Name, callee: Callee) {
        if name.text.is_empty() {
            return;
        }
        if let Some((_, first)) = self.names.calls.get(&name.text) {
            let first = *first;
            self.duplicate(&name.text, name.span, first);
        } else {
            let asks = words::QUESTION_WORDS.contains(&name.text.as_str());
            if asks || words::QUANTIFIER_WORDS.contains(&name.text.as_str()) {
                self.report(
                    Diagnostic::error("reserved-word", format!("`{}(` already has a meaning", name.text))
                        .label(name.span, if asks { "asks a question" } else { "speaks of repeated moves" })
                        .help(format!("give it another name: `{}_of`", name.text)),
                );
            }
            if detente_syntax::words::COUNCIL_QUESTIONS.contains(&name.text.as_str()) && self.has_council {
                self.report(
                    Diagnostic::error("reserved-word", format!("`{}(` asks the council", name.text))
                        .label(name.span, "declared here")
                        .help(format!("give it another name: `{}_of`", name.text)),
                );
            }
            if Builtin::find(&name.text).is_some() {
                self.report(
                    Diagnostic::error(
                        "duplicate-name",
                        format!("`{}` is a function of the language", name.text),
                    )
                    .label(name.span, "declared here")
                    .help("give it another name"),
                );
            }
            self.names.calls.insert(name.text.clone(), (callee, name.span));
        }
    }
}
