//! Names: from the syntax tree to a [`Program`], with every error of the model at once.
//!
//! Declarations are gathered first, so items may stand in any order; then each
//! formula and statement is lowered. A name that is not found is reported with
//! the nearest one that exists, and stands as an error from then on.

mod cells;
mod council;
mod declare;
mod events;
mod forecast;
mod formula;
mod grid;
mod joint;
mod lower;
mod play;
mod reference;
mod settings;
mod table;
mod values;

pub use forecast::{BaseCode, BaseCodeValue, ForecastCode};
pub(crate) use formula::{Scope, arity, no_variant};
pub use lower::{resolve, support};
pub(crate) use reference::{index_count, unknown_value};
pub use settings::{CorrelationCode, Extras, HypothesisCode, TestCode, VariantCode};

use crate::program::Program;
use detente_diag::{Diagnostic, Span, nearest};
use detente_syntax::ast;
use indexmap::{IndexMap, IndexSet};

/// What a name without an owner stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Const(usize),
    Param(usize),
    Outcome(usize),
    Event(usize),
    Hypothesis(usize),
    Council(usize),
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    Function(usize),
    Table(usize),
}

/// All names of a model.
#[derive(Debug, Default)]
pub struct Names {
    pub players: IndexMap<String, (usize, Span)>,
    pub values: IndexMap<String, (Named, Span)>,
    /// Moves and private facts by owner and name.
    pub owned: IndexMap<(usize, String), usize>,
    pub calls: IndexMap<String, (Callee, Span)>,
    pub units: IndexMap<String, Span>,
    pub ledgers: IndexMap<String, usize>,
    /// Names of all arms of all events.
    pub arms: IndexSet<String>,
    /// Names that some formula uses.
    pub used: IndexSet<String>,
    /// Citations in the order of the text.
    pub cited: Vec<(String, Span)>,
}

/// A resolved model with what was found on the way.
pub struct Resolved<'a> {
    pub program: Program,
    pub names: Names,
    pub hypotheses: Vec<(&'a ast::Item, &'a ast::Hypothesis)>,
    /// Functions as written, in the order of the program's.
    pub functions: Vec<&'a ast::Function>,
    /// Tables as written, in the order of the program's.
    pub tables: Vec<&'a ast::Table>,
    pub extras: Extras<'a>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Names {
    /// Finds a player, or says which one may have been meant.
    pub fn player(&self, name: &ast::Name) -> Result<usize, Option<Diagnostic>> {
        if name.text.is_empty() {
            return Err(None);
        }
        if let Some((player, _)) = self.players.get(&name.text) {
            return Ok(*player);
        }
        let known = self.players.keys().map(String::as_str);
        Err(Some(unknown(&name.text, name.span, "is not a player", known)))
    }
}

/// "`x` is not …", with the nearest known name.
pub fn unknown<'a>(
    name: &str,
    span: Span,
    what: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("unknown-name", format!("`{name}` {what}")).label(span, "not declared");
    match nearest(name, known.clone()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).edit(span, near),
        None => {
            let list: Vec<&str> = known.into_iter().take(12).collect();
            if list.is_empty() {
                diagnostic.help("the model declares none")
            } else {
                diagnostic.help(format!("known here: {}", words(&list)))
            }
        }
    }
}

/// Lists words in backquotes.
pub fn words<S: AsRef<str>>(list: &[S]) -> String {
    list.iter().map(|w| format!("`{}`", w.as_ref())).collect::<Vec<_>>().join(", ")
}
