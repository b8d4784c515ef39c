//! Writes stages out: `do bargaining(A, B)` becomes the statements of the stage with its names replaced.
//!
//! A stage is a template. Its names are replaced by what stands in the call and hide whatever else
//! has their name; nothing in the call can be caught by a name of the stage. What it plays is then
//! play like any other, so information, recall and checks need not know of stages.

mod replace;

use detente_diag::{Diagnostic, Label, Span, nearest};
use detente_syntax::ast::{self, Block, Expr, ExprKind, Item, ItemKind, Statement, StatementKind};
use indexmap::IndexMap;
use replace::{Kind, Replacement};

/// More statements than this are refused.
const MOST_STATEMENTS: usize = 100_000;

/// The place of a stage's text and of a call that wrote it out.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    body: Span,
    call: Span,
    text: String,
}

/// Replaces every `do` in `play` by what it plays; returns what was written out where.
pub(crate) fn stages(items: &mut Vec<Item>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Written> {
    let mut stages: IndexMap<String, ast::Stage> = IndexMap::new();
    items.retain(|item| match &item.kind {
        ItemKind::Stage(stage) => {
            if let Some(first) = stages.get(&stage.name.text) {
                diagnostics.push(
                    Diagnostic::error("duplicate-name", format!("`{}` is declared twice", stage.name.text))
                        .label(stage.name.span, "declared again here")
                        .label(first.name.span, "declared here first")
                        .help("give one of them another name"),
                );
            } else if !stage.name.text.is_empty() {
                stages.insert(stage.name.text.clone(), stage.clone());
            }
            false
        }
        _ => true,
    });
    let kinds: IndexMap<String, Vec<Kind>> =
        stages.iter().map(|(name, stage)| (name.clone(), kinds(stage, diagnostics))).collect();
    let mut expander = Expander {
        stages: &stages,
        kinds: &kinds,
        open: Vec::new(),
        used: Vec::new(),
        written: Vec::new(),
        statements: 0,
        diagnostics,
    };
    for item in items.iter_mut() {
        if let ItemKind::Play(block) = &mut item.kind {
            expander.block(block);
        }
    }
    let (used, written) = (expander.used, expander.written);
    for (name, stage) in &stages {
        if !used.contains(name) && stage.name.span.file == detente_diag::FileId(0) {
            diagnostics.push(
                Diagnostic::warning("unused", format!("nothing plays stage `{name}`"))
                    .label(stage.name.span, "declared here")
                    .help(format!("play it: `do {name}(…)`, or remove it")),
            );
        }
    }
    written
}

/// Says of each message inside of a stage which calls wrote it out.
pub(crate) fn name_calls(written: &[Written], diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        let Some(place) = diagnostic.span() else { continue };
        let inside =
            |span: Span| span.file == place.file && span.start <= place.start && place.end <= span.end;
        for one in written.iter().filter(|one| inside(one.body)) {
            let said = diagnostic.labels.iter().any(|label| label.span == one.call);
            if !said {
                let label = format!("written out here: `{}`", one.text);
                diagnostic.labels.push(Label { span: one.call, text: label, primary: false });
            }
        }
    }
}

/// What each name of a stage stands for: its own word after `:`, or that of the next name that has one.
fn kinds(stage: &ast::Stage, diagnostics: &mut Vec<Diagnostic>) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut next = Kind::Player;
    for formal in stage.formals.iter().rev() {
        if let Some(word) = &formal.kind {
            next = match word.text.as_str() {
                "player" | "" => Kind::Player,
                "number" => Kind::Number,
                "outcome" => Kind::Outcome,
                other => {
                    let known = detente_syntax::words::FORMAL_KINDS.iter().copied();
                    diagnostics.push(crate::resolve::unknown(
                        other,
                        word.span,
                        "is nothing that a name of a stage can stand for",
                        known,
                    ));
                    Kind::Player
                }
            };
        }
        kinds.push(next);
    }
    kinds.reverse();
    for (at, formal) in stage.formals.iter().enumerate() {
        if let Some(first) = stage.formals[..at].iter().find(|one| one.name.text == formal.name.text) {
            diagnostics.push(
                Diagnostic::error("duplicate-name", format!("`{}` is declared twice", formal.name.text))
                    .label(formal.name.span, "declared again here")
                    .label(first.name.span, "declared here first")
                    .help("give one of them another name"),
            );
        }
    }
    kinds
}

struct Expander<'a> {
    stages: &'a IndexMap<String, ast::Stage>,
    kinds: &'a IndexMap<String, Vec<Kind>>,
    /// Stages being written out, with the place of each call.
    open: Vec<(String, Span)>,
    used: Vec<String>,
    written: Vec<Written>,
    statements: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Expander<'_> {
    fn block(&mut self, block: &mut Block) {
        let mut result = Vec::with_capacity(block.statements.len());
        for statement in std::mem::take(&mut block.statements) {
            self.statement(statement, &mut result);
        }
        block.statements = result;
    }

    fn statement(&mut self, mut statement: Statement, result: &mut Vec<Statement>) {
        self.statements += 1;
        match &mut statement.kind {
            StatementKind::Run { stage, args } => {
                let (stage, args) = (stage.clone(), std::mem::take(args));
                return self.run(&stage, &args, statement.span, result);
            }
            StatementKind::Choose(choose) => {
                if let ast::Options::Menu(arms) = &mut choose.options {
                    arms.iter_mut().filter_map(|arm| arm.then.as_mut()).for_each(|block| self.block(block));
                }
            }
            StatementKind::Chance(chance) => {
                chance
                    .arms
                    .iter_mut()
                    .filter_map(|arm| arm.then.as_mut())
                    .for_each(|block| self.block(block));
            }
            StatementKind::Together(block) | StatementKind::Repeat { body: block, .. } => self.block(block),
            StatementKind::If { then, otherwise, .. } => {
                self.block(then);
                if let Some(block) = otherwise {
                    self.block(block);
                }
            }
            _ => {}
        }
        result.push(statement);
    }

    fn run(&mut self, name: &ast::Name, args: &[Expr], call: Span, result: &mut Vec<Statement>) {
        if name.text.is_empty() {
            return;
        }
        let Some(stage) = self.stages.get(&name.text) else {
            let known = self.stages.keys().map(String::as_str);
            let mut diagnostic =
                crate::resolve::unknown(&name.text, name.span, "is not a stage", known.clone());
            if nearest(&name.text, known.clone()).is_none() && known.count() == 0 {
                diagnostic.help = Some("declare it: `stage bargaining(x, y: player) { … }`".to_string());
            }
            self.diagnostics.push(diagnostic);
            return;
        };
        if !self.used.contains(&name.text) {
            self.used.push(name.text.clone());
        }
        if self.open.iter().any(|(open, _)| *open == name.text) {
            let chain: Vec<&str> =
                self.open.iter().map(|(open, _)| open.as_str()).chain([name.text.as_str()]).collect();
            self.diagnostics.push(
                Diagnostic::error("cycle", format!("stage `{}` plays itself", name.text))
                    .label(call, chain.join(" -> "))
                    .help("for rounds write `repeat round in 1..3 { do … }`"),
            );
            return;
        }
        if stage.formals.len() != args.len() {
            self.diagnostics.push(crate::resolve::arity(&name.text, call, stage.formals.len(), args.len()));
            return;
        }
        if self.statements > MOST_STATEMENTS {
            self.diagnostics.push(
                Diagnostic::error("too-large", "the stages write out too many statements")
                    .label(call, "one too many")
                    .help("let stages play fewer others, or use `repeat`"),
            );
            return;
        }
        let Some(replacement) = self.replacement(stage, args) else { return };
        self.written.push(Written { body: stage.body.span, call, text: described(name, args) });
        self.open.push((name.text.clone(), call));
        let mut body = stage.body.clone();
        replacement.block(&mut body);
        self.block(&mut body);
        self.open.pop();
        result.append(&mut body.statements);
    }

    /// Pairs the names of a stage with what stands in a call; `None` after a message.
    fn replacement(&mut self, stage: &ast::Stage, args: &[Expr]) -> Option<Replacement> {
        let mut replacement = Replacement::default();
        let mut sound = true;
        for ((formal, kind), arg) in stage.formals.iter().zip(&self.kinds[&stage.name.text]).zip(args) {
            let plain = match &arg.kind {
                ExprKind::Ref(r) if r.owner.is_none() && r.index.is_empty() => Some(r.name.clone()),
                ExprKind::Error => return None,
                _ => None,
            };
            match (kind, plain) {
                (Kind::Number, _) => replacement.number(&formal.name.text, arg.clone()),
                (kind, Some(name)) => replacement.name(*kind, &formal.name.text, name),
                (kind, None) => {
                    let what = if *kind == Kind::Player { "a player" } else { "an outcome" };
                    self.diagnostics.push(
                        Diagnostic::error(
                            "type-mismatch",
                            format!("`{}` stands for {what}", formal.name.text),
                        )
                        .label(arg.span, "not a name")
                        .label(formal.name.span, "declared here")
                        .help(format!("write the name of {what}")),
                    );
                    sound = false;
                }
            }
        }
        if let Some((counter, span)) = replacement.caught(&stage.body) {
            self.diagnostics.push(
                Diagnostic::error(
                    "duplicate-name",
                    format!("`{counter}` counts rounds in this stage and outside of it"),
                )
                .label(span, "counts rounds here")
                .help("give one of the two counters another name"),
            );
            sound = false;
        }
        sound.then_some(replacement)
    }
}

/// A call as the author wrote it, as far as it can be said in short.
fn described(name: &ast::Name, args: &[Expr]) -> String {
    let word = |arg: &Expr| match &arg.kind {
        ExprKind::Ref(r) => match &r.owner {
            Some(owner) => format!("{}.{}", owner.text, r.name.text),
            None => r.name.text.clone(),
        },
        ExprKind::Number(number) => number.text.clone(),
        _ => "…".to_string(),
    };
    format!("do {}({})", name.text, args.iter().map(word).collect::<Vec<_>>().join(", "))
}
