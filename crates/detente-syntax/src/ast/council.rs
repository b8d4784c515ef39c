//! Councils: many actors, several issues, one number in each cell.
//!
//! The one idea: a cell is a parameter without a name. It holds a value or a
//! prior with its sources, whether it stands in a table or below its actor.

use super::{Caption, Expr, Name, ParamValue, Text};
use detente_diag::Span;

/// `council talks "label" { issue … actor … position … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Council {
    /// The council's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// In the order of the text.
    pub parts: Vec<CouncilPart>,
}

/// One entry of a council.
#[derive(Debug, Clone, PartialEq)]
pub enum CouncilPart {
    /// `issue entry "label" scale 0 "…" to 100 "…"`
    Issue(Issue),
    /// `actor Russia "label" { capability = 80 }`
    Actor(Actor),
    /// `position "label" = | … |`
    Matrix(Matrix),
    /// `option models = mean, median`
    Option(CouncilOption),
}

/// `issue entry "label" @cite scale 0 "open" to 50 "undecided" to 100 "barred"`
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The issue's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// The lines of the `///` comment above it.
    pub doc: String,
    /// What the numbers of the scale mean, in the order of the text.
    pub marks: Vec<Mark>,
    /// The whole.
    pub span: Span,
}

/// One number of a scale and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The number.
    pub value: Expr,
    /// Its meaning in words, if given.
    pub label: Option<Text>,
    /// The whole.
    pub span: Span,
}

/// `actor Russia "label" @cite { capability ~ 60 to 90 }`
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The actor's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// The lines of the `///` comment above it.
    pub doc: String,
    /// Its cells, as far as they stand here and not in tables.
    pub lines: Vec<ActorLine>,
    /// The whole.
    pub span: Span,
}

/// `position entry "label" @cite ~ 80 to 100 at 95`
#[derive(Debug, Clone, PartialEq)]
pub struct ActorLine {
    /// Which number of the actor.
    pub quantity: Quantity,
    /// On which issue; a capability has none.
    pub issue: Option<Name>,
    /// Label and sources.
    pub caption: Caption,
    /// A prior or a formula.
    pub value: ParamValue,
    /// The whole.
    pub span: Span,
}

/// The three numbers of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// How much it can do at all, above 0.
    Capability,
    /// What it wants, on the issue's scale.
    Position,
    /// How much it cares about the issue.
    Salience,
}

impl Quantity {
    /// The word that says it.
    pub fn word(self) -> &'static str {
        match self {
            Quantity::Capability => "capability",
            Quantity::Position => "position",
            Quantity::Salience => "salience",
        }
    }
}

/// `position "label" @cite = | … |`: one quantity of all actors.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Which quantity.
    pub quantity: Quantity,
    /// Where the word stands.
    pub head: Span,
    /// `out of 100`: the whole that saliences are parts of.
    pub whole: Option<Expr>,
    /// `each`: every issue is rated by itself.
    pub each: bool,
    /// Label and sources; they speak for every cell without its own.
    pub caption: Caption,
    /// The rows; none if only the convention is said.
    pub rows: Vec<MatrixRow>,
    /// The whole.
    pub span: Span,
}

/// One line of a council's table.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixRow {
    /// The cells between the pipes.
    pub cells: Vec<MatrixCell>,
    /// The whole line.
    pub span: Span,
}

/// One cell of a council's table.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixCell {
    /// A value, a prior, or the name of an actor or issue; `None` if there is none.
    pub value: Option<ParamValue>,
    /// Its own sources.
    pub caption: Caption,
    /// From pipe to pipe, without the pipes.
    pub span: Span,
}

/// `option turns "why" = 30`
#[derive(Debug, Clone, PartialEq)]
pub struct CouncilOption {
    /// The option's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Words or numbers.
    pub values: Vec<OptionValue>,
    /// The whole.
    pub span: Span,
}

/// One value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// The name of a choice.
    Word(Name),
    /// A number.
    Number(Expr),
}
