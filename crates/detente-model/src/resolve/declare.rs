//! Gathers declarations, then lowers each item.

use super::{Callee, Named, Names, Resolved, Scope, unknown};
use crate::model::{Cited, Support};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_game::EventKind;
use detente_syntax::ast::{self, Caption, Item, ItemKind};
use detente_syntax::words;
use indexmap::IndexSet;

/// Most players a model may have: who sees what is one machine word.
const MOST_PLAYERS: usize = 64;

/// The state of lowering.
pub(crate) struct Lower<'a> {
    pub(crate) program: Program,
    pub(crate) names: Names,
    diagnostics: Vec<Diagnostic>,
    /// Arity of each function and table, known before their bodies are lowered.
    functions: Vec<(&'a Item, &'a ast::Function)>,
    tables: Vec<(&'a Item, &'a ast::Table)>,
    hypotheses: Vec<(&'a Item, &'a ast::Hypothesis)>,
    has_council: bool,
}

/// Resolves the names of all items but questions.
pub fn resolve(items: &[Item]) -> Resolved<'_> {
    let mut lower = Lower {
        program: Program::default(),
        names: Names::default(),
        diagnostics: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        hypotheses: Vec::new(),
        has_council: has_council(items),
    };
    lower.declare_players(items);
    lower.declare_values(items);
    lower.declare_events(items);
    lower.lower_values(items);
    lower.lower_councils(items);
    lower.lower_play(items);
    let extras = lower.lower_extras(items);
    Resolved {
        extras,
        program: lower.program,
        names: lower.names,
        hypotheses: lower.hypotheses,
        functions: lower.functions.into_iter().map(|(_, f)| f).collect(),
        tables: lower.tables.into_iter().map(|(_, t)| t).collect(),
        diagnostics: lower.diagnostics,
    }
}

impl<'a> Lower<'a> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn report_all(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    pub(super) fn function_arity(&self, at: usize) -> usize {
        self.functions[at].1.args.len()
    }

    pub(super) fn table_arity(&self, at: usize) -> usize {
        self.tables[at].1.keys.len()
    }

    /// Turns a caption and doc comment into plain data, remembering what was cited.
    pub(crate) fn support(&mut self, caption: &Caption, doc: &str, span: Span) -> Support {
        for citation in caption.citations.iter().filter(|c| !c.key.is_empty()) {
            self.names.cited.push((citation.key.clone(), citation.span));
        }
        support(caption, doc, span)
    }

    pub(super) fn duplicate(&mut self, name: &str, span: Span, first: Span) {
        self.twice(name, span, first, "give one of them another name");
    }

    /// As `duplicate`, with help that fits the case.
    fn twice(&mut self, name: &str, span: Span, first: Span, help: &str) {
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

    fn declare_players(&mut self, items: &'a [Item]) {
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

    fn declare_values(&mut self, items: &'a [Item]) {
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

    fn declare_events(&mut self, items: &'a [Item]) {
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

    fn lower_values(&mut self, items: &'a [Item]) {
        let scope = Scope::default();
        for item in items {
            match &item.kind {
                ItemKind::Const(c) => {
                    let support = self.support(&c.caption, &item.doc, item.span);
                    let value = self.formula(&c.value, &scope);
                    self.program.consts.push(ConstDecl { name: c.name.text.clone(), support, value });
                }
                ItemKind::Param(p) => {
                    let support = self.support(&p.caption, &item.doc, item.span);
                    let value = self.param_value(&p.value);
                    self.check_unit(p.unit.as_ref());
                    let unit = p.unit.as_ref().map(|u| u.text.clone());
                    self.program.params.push(ParamDecl { name: p.name.text.clone(), unit, support, value });
                }
                ItemKind::Private(private) => self.lower_private(item, private),
                ItemKind::Joint(joint) => self.lower_joint(item, joint),
                ItemKind::Outcome(outcome) => self.lower_outcome(item, outcome),
                _ => {}
            }
        }
        for at in 0..self.functions.len() {
            let (item, function) = self.functions[at];
            let support = self.support(&function.caption, &item.doc, item.span);
            let args: Vec<String> = function.args.iter().map(|a| a.text.clone()).collect();
            let scope = Scope { args: args.clone(), counters: Vec::new() };
            let body = self.formula(&function.body, &scope);
            let name = function.name.text.clone();
            self.program.functions.push(FunctionDecl { name, args, body, support });
        }
        for at in 0..self.tables.len() {
            let (item, table) = self.tables[at];
            self.lower_table(item, table);
        }
    }

    pub(crate) fn param_value(&mut self, value: &ast::ParamValue) -> ParamValue {
        let scope = Scope::default();
        match value {
            ast::ParamValue::Prior { dist, at } => ParamValue::Prior {
                dist: self.dist(dist, &scope),
                at: at.as_ref().map(|e| self.formula(e, &scope)),
            },
            ast::ParamValue::Fixed(expr) => ParamValue::Fixed(self.formula(expr, &scope)),
            ast::ParamValue::Missing => ParamValue::Missing,
        }
    }

    pub(super) fn check_unit(&mut self, unit: Option<&ast::Name>) {
        let Some(unit) = unit else { return };
        if !unit.text.is_empty() && !self.names.units.contains_key(&unit.text) {
            let known: Vec<&str> = self.names.units.keys().map(String::as_str).collect();
            let mut diagnostic = unknown(&unit.text, unit.span, "is not a unit", known);
            if diagnostic.edits.is_empty() {
                diagnostic.help = Some(format!("declare it: `unit {}`", unit.text));
            }
            self.report(diagnostic);
        }
    }

    fn lower_private(&mut self, item: &Item, private: &ast::Private) {
        let Some((owner, _)) = self.names.players.get(&private.player.text).copied() else { return };
        let Some(event) = self.names.owned.get(&(owner, private.name.text.clone())).copied() else { return };
        let scope = Scope::default();
        let draw = match &private.values {
            ast::PrivateValues::Listed(arms) => PrivateDraw::Listed(
                arms.iter()
                    .filter_map(|arm| {
                        let at = self.program.events[event].arms.iter().position(|a| *a == arm.value.text)?;
                        Some((at as u32, self.weight(&arm.weight, &scope), arm.span))
                    })
                    .collect(),
            ),
            ast::PrivateValues::Split { dist, cells } => {
                PrivateDraw::Split { dist: self.dist(dist, &scope), cells: self.formula(cells, &scope) }
            }
            ast::PrivateValues::Missing => PrivateDraw::Missing,
        };
        self.program.privates.push(PrivateDecl { event, owner, draw, span: item.span });
    }

    fn lower_outcome(&mut self, item: &Item, outcome: &ast::Outcome) {
        let support = self.support(&outcome.caption, &item.doc, item.span);
        let pays = self.pays(&outcome.pays, None, &Scope::default());
        let paid: IndexSet<usize> = pays.iter().map(|p| p.player).collect();
        let missing: Vec<String> = (0..self.program.players.len())
            .filter(|p| !paid.contains(p))
            .map(|p| self.program.players[p].name.clone())
            .collect();
        if !missing.is_empty() && !outcome.name.text.is_empty() {
            let add = missing.iter().map(|p| format!("{p}: 0")).collect::<Vec<_>>().join(", ");
            self.report(
                Diagnostic::error(
                    "missing-payoff",
                    format!("outcome `{}` says nothing about {}", outcome.name.text, super::words(&missing)),
                )
                .label(outcome.name.span, "every player needs a payoff")
                .help(format!("add `{add}` if that is what is meant")),
            );
        }
        let name = outcome.name.text.clone();
        self.program.outcomes.push(OutcomeDecl { name, support, pays, span: outcome.name.span });
    }
}

/// A council needs neither players nor a `play`.
fn has_council(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item.kind, ItemKind::Council(_)))
}

/// The first `length` bytes of a span.
fn head(span: Span, length: u32) -> Span {
    Span { end: span.end.min(span.start + length), ..span }
}

/// Turns a caption and doc comment into plain data.
pub fn support(caption: &Caption, doc: &str, span: Span) -> Support {
    Support {
        label: caption.label.as_ref().map(|l| l.value.clone()).unwrap_or_default(),
        doc: doc.to_string(),
        citations: caption
            .citations
            .iter()
            .map(|c| Cited { key: c.key.clone(), locator: c.locator.clone(), span: c.span })
            .collect(),
        assumed: caption.assumed.as_ref().map(|a| a.value.clone()),
        span,
    }
}
