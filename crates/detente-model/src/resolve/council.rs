//! Councils: issues, actors, options, and one cell for every number.
//!
//! The one idea: whether a number stands in a table or below its actor, it ends in one grid; a cell
//! given twice or not at all is an error that names its actor and issue.

use super::grid::Grid;
use super::lower::Lower;
use super::{Named, unknown, words};
use crate::check::options::{Allowed, known_options, missing_sides, option_values};
use crate::council::OptionWord;
use crate::program::{ActorDecl, CouncilDecl, IssueDecl, OptionDecl};
use detente_diag::{Diagnostic, nearest};
use detente_exact::Q;
use detente_syntax::ast::{
    self, CouncilPart, Expr, ExprKind, Item, ItemKind, OptionValue, Quantity, UnaryOp,
};
use indexmap::IndexMap;

/// Most cells a council may have: more is a mistake, or a data set of its own.
const MOST_CELLS: usize = 20_000;

impl<'a> Lower<'a> {
    pub(super) fn lower_councils(&mut self, items: &'a [Item]) {
        for item in items {
            if let ItemKind::Council(council) = &item.kind {
                self.declare(&council.name, Named::Council(self.program.councils.len()));
                self.lower_council(item, council);
            }
        }
    }

    fn lower_council(&mut self, item: &Item, council: &ast::Council) {
        let support = self.support(&council.caption, &item.doc, item.span);
        let mut decl = CouncilDecl {
            name: council.name.text.clone(),
            support,
            span: council.name.span,
            issues: Vec::new(),
            actors: Vec::new(),
            capability: Vec::new(),
            position: Vec::new(),
            salience: Vec::new(),
            whole: Q::ONE,
            each: false,
            options: Vec::new(),
        };
        self.issues(council, &mut decl);
        self.actors(council, &mut decl);
        self.salience_rule(council, &mut decl);
        self.options(council, &mut decl);
        if decl.issues.is_empty() || decl.actors.is_empty() {
            let (what, add) = match decl.issues.is_empty() {
                true => ("issue", "issue tax \"The tax\" scale 0 \"none\" to 100 \"all of it\""),
                false => ("actor", "actor Russia { capability = 80, position = 90, salience = 0.5 }"),
            };
            self.report(
                Diagnostic::error("council-cells", format!("the council has no {what}"))
                    .label(decl.span, "")
                    .help(format!("add `{add}`")),
            );
        } else if decl.issues.len() * decl.actors.len() > MOST_CELLS {
            self.report(
                Diagnostic::error("too-large", format!("more than {MOST_CELLS} pairs of actor and issue"))
                    .label(decl.span, "")
                    .help("leave out actors or issues that decide nothing"),
            );
        } else {
            let mut grid = Grid::new(decl);
            self.fill(council, &mut grid);
            decl = self.filled(grid);
        }
        self.program.councils.push(decl);
    }

    fn issues(&mut self, council: &ast::Council, decl: &mut CouncilDecl) {
        for part in &council.parts {
            let CouncilPart::Issue(issue) = part else { continue };
            let support = self.support(&issue.caption, &issue.doc, issue.span);
            let name = &issue.name;
            if name.text.is_empty() {
                continue;
            }
            if let Some(first) = decl.issues.iter().find(|i| i.name == name.text) {
                let first = first.span;
                self.duplicate(&name.text, name.span, first);
                continue;
            }
            let marks = self.scale(issue);
            decl.issues.push(IssueDecl { name: name.text.clone(), support, span: name.span, marks });
        }
    }

    /// The numbers of a scale with their meanings, or two made-up ends after an error.
    fn scale(&mut self, issue: &ast::Issue) -> Vec<(Q, String)> {
        let made_up = || vec![(Q::ZERO, String::new()), (Q::new(100, 1), String::new())];
        let mut marks: Vec<(Q, String)> = Vec::new();
        for (at, mark) in issue.marks.iter().enumerate() {
            let Some(value) = constant(&mark.value) else { return made_up() };
            let end = at == 0 || at + 1 == issue.marks.len();
            let words = mark.label.as_ref().map_or("", |l| l.value.trim());
            if words.is_empty() {
                let which = if end { "end" } else { "mark" };
                self.report(
                    Diagnostic::error("scale-ends", format!("this {which} of the scale has no meaning"))
                        .label(mark.span, "a number only")
                        .help("say in words what it stands for: `scale 0 \"none\" to 100 \"all of it\"`"),
                );
            }
            if let Some((before, _)) = marks.last()
                && *before >= value
            {
                self.report(
                    Diagnostic::error("scale-ends", "the scale does not ascend")
                        .label(mark.span, "not above the number before it")
                        .help("write the lowest number first; which end is called what is up to you"),
                );
                return made_up();
            }
            marks.push((value, words.to_string()));
        }
        // Fewer than two were reported by the parser.
        if marks.len() < 2 { made_up() } else { marks }
    }

    fn actors(&mut self, council: &ast::Council, decl: &mut CouncilDecl) {
        for part in &council.parts {
            let CouncilPart::Actor(actor) = part else { continue };
            let support = self.support(&actor.caption, &actor.doc, actor.name.span);
            let name = &actor.name;
            if name.text.is_empty() {
                continue;
            }
            let twice = decl.actors.iter().find(|a| a.name == name.text).map(|a| a.span);
            let issue = decl.issues.iter().find(|i| i.name == name.text).map(|i| i.span);
            if let Some(first) = twice.or(issue) {
                self.duplicate(&name.text, name.span, first);
                continue;
            }
            decl.actors.push(ActorDecl { name: name.text.clone(), support, span: name.span });
        }
    }

    /// What saliences are parts of; only one table may say it.
    fn salience_rule(&mut self, council: &ast::Council, decl: &mut CouncilDecl) {
        let mut said = None;
        for part in &council.parts {
            let CouncilPart::Matrix(matrix) = part else { continue };
            if matrix.quantity != Quantity::Salience || (matrix.whole.is_none() && !matrix.each) {
                continue;
            }
            if let Some(first) = said {
                self.report(
                    Diagnostic::error("salience-range", "what saliences are parts of is said twice")
                        .label(matrix.head, "again here")
                        .label(first, "first here")
                        .help("say it once; one convention holds for the whole council"),
                );
                continue;
            }
            said = Some(matrix.head);
            decl.each = matrix.each;
            if let Some(whole) = &matrix.whole
                && let Some(value) = constant(whole)
            {
                if value.is_positive() {
                    decl.whole = value;
                } else {
                    self.report(
                        Diagnostic::error("salience-range", "the whole of a salience is above 0")
                            .label(whole.span, "not above 0")
                            .help("write `out of 100`, or leave it out for parts of 1"),
                    );
                }
            }
        }
    }

    fn options(&mut self, council: &ast::Council, decl: &mut CouncilDecl) {
        let mut seen: IndexMap<&str, detente_diag::Span> = IndexMap::new();
        let names: Vec<String> = decl.actors.iter().map(|a| a.name.clone()).collect();
        let actors: Vec<&str> = names.iter().map(String::as_str).collect();
        let end = |mark: Option<&(Q, String)>| mark.map_or(0.0, |(value, _)| value.to_f64());
        let scales: Vec<(f64, f64)> =
            decl.issues.iter().map(|i| (end(i.marks.first()), end(i.marks.last()))).collect();
        for part in &council.parts {
            let CouncilPart::Option(option) = part else { continue };
            let support = self.support(&option.caption, "", option.span);
            let name = &option.name;
            if name.text.is_empty() {
                continue;
            }
            if let Some(first) = seen.insert(&name.text, name.span) {
                self.duplicate(&name.text, name.span, first);
                continue;
            }
            let Some(allowed) = option_values(&name.text) else {
                let mut diagnostic =
                    unknown(&name.text, name.span, "is not an option of a council", known_options());
                diagnostic.slug = "unknown-option";
                self.report(diagnostic);
                continue;
            };
            let mut values = Vec::new();
            let mut spans = Vec::new();
            for value in &option.values {
                let (word, span) = match value {
                    OptionValue::Word(word) => (OptionWord::Word(word.text.clone()), word.span),
                    OptionValue::Number(number) => match constant(number) {
                        Some(value) => (OptionWord::Number(value), number.span),
                        None => continue,
                    },
                };
                values.push(word);
                spans.push(span);
            }
            // An empty word stands for a mistake that the parser has reported.
            if values.is_empty() || values.contains(&OptionWord::Word(String::new())) {
                continue;
            }
            if let Err((at, problem)) = allowed.judge(&values, &actors, &scales) {
                let diagnostic = match (values.get(at), spans.get(at)) {
                    (Some(word), Some(span)) => {
                        let known = if names_actors(allowed, at) { &actors[..] } else { allowed.words() };
                        wrong_value(&name.text, word, *span, &problem, known, allowed)
                    }
                    _ => Diagnostic::error("unknown-option", format!("`{}` is not complete", name.text))
                        .label(option.span, problem)
                        .help(format!("write {}", allowed.describe())),
                };
                self.report(diagnostic);
                continue;
            }
            decl.options.push(OptionDecl { name: name.text.clone(), support, values });
        }
        self.two_sides(&seen, decl);
    }

    /// Theories of two sides need both sides, and what holds without agreement.
    fn two_sides(&mut self, seen: &IndexMap<&str, detente_diag::Span>, decl: &CouncilDecl) {
        let values = |name: &str| -> Vec<&str> {
            let option = decl.options.iter().find(|o| o.name == name);
            let values = option.iter().flat_map(|o| &o.values);
            values
                .filter_map(|v| if let OptionWord::Word(word) = v { Some(word.as_str()) } else { None })
                .collect()
        };
        if let Some(missing) =
            missing_sides(&values("models"), decl.actors.len(), |name| seen.contains_key(name))
        {
            let place = ["models", "side_a", "side_b"].iter().find_map(|name| seen.get(name));
            let what = option_values(missing).map(|a| a.describe()).unwrap_or_default();
            self.report(
                Diagnostic::error("unknown-option", format!("`{missing}` is missing"))
                    .label(*place.unwrap_or(&decl.span), "two sides bargain here")
                    .help(format!("add `option {missing} = ...`: {what}")),
            );
        }
        let (first, second) = (values("side_a"), values("side_b"));
        if let Some(both) = first.iter().find(|actor| second.contains(actor)) {
            self.report(
                Diagnostic::error("unknown-option", format!("`{both}` stands on both sides"))
                    .label(*seen.get("side_b").unwrap_or(&decl.span), "named in `side_a` too")
                    .help("leave it out of one of them"),
            );
        }
    }
}

/// Does this value of an option name an actor?
fn names_actors(allowed: Allowed, at: usize) -> bool {
    allowed == Allowed::Actors || (allowed == Allowed::Following && at % 3 != 2)
}

fn shown(word: &OptionWord) -> String {
    match word {
        OptionWord::Word(word) => word.clone(),
        OptionWord::Number(value) => value.to_f64().to_string(),
    }
}

fn wrong_value(
    option: &str,
    word: &OptionWord,
    span: detente_diag::Span,
    problem: &str,
    known: &[&str],
    allowed: Allowed,
) -> Diagnostic {
    let shown = shown(word);
    let diagnostic =
        Diagnostic::error("unknown-option", format!("`{option}` cannot be `{shown}`")).label(span, problem);
    let near = nearest(&shown, known.iter().copied()).filter(|_| !known.contains(&shown.as_str()));
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).edit(span, near),
        None if known.is_empty() => diagnostic.help(format!("write {}", allowed.describe())),
        None => diagnostic.help(format!("it can be {}", words(known))),
    }
}

/// A plain number with its sign.
pub(super) fn constant(expr: &Expr) -> Option<Q> {
    match &expr.kind {
        ExprKind::Number(number) => Q::parse(&number.text),
        ExprKind::Unary { op: UnaryOp::Negate, operand } => constant(operand).map(|value| -value),
        _ => None,
    }
}
