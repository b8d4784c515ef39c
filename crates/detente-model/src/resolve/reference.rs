//! What a name in a formula stands for, with or without an owner and an index.

use super::lower::Lower;
use super::{Named, unknown, words};
use crate::program::{Formula, FormulaKind};
use crate::resolve::Scope;
use detente_diag::{Diagnostic, Span, nearest};
use detente_syntax::ast;

impl Lower<'_> {
    /// "Home.message is never `treat`".
    pub(crate) fn unknown_value(&self, event: usize, word: &str, span: Span) -> Option<Diagnostic> {
        if word.is_empty() {
            return None;
        }
        Some(unknown_value(&self.program.event_name(event), &self.program.events[event].arms, word, span))
    }

    pub(super) fn reference(&mut self, reference: &ast::Ref, scope: &Scope) -> Formula {
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

    pub(super) fn event(&mut self, event: usize, reference: &ast::Ref, scope: &Scope) -> Formula {
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
