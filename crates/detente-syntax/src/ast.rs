//! What a model file says, as plain owned data with spans.
//!
//! The one idea: the tree mirrors the grammar (`docs/grammar.md`) and decides
//! nothing. Names are not resolved, numbers keep their exact decimal text,
//! and a part that could not be read is an `Error` node, never a panic.

#![allow(
    clippy::large_enum_variant,
    reason = "a model has few nodes; plain fields are easier to read than boxes"
)]

use detente_diag::Span;

mod council;
mod expr;
mod facts;
mod forecast;
mod inquiry;
mod play;
mod scenarios;
mod template;
mod values;

pub use council::*;
pub use expr::*;
pub use facts::*;
pub use forecast::*;
pub use inquiry::*;
pub use play::*;
pub use scenarios::*;
pub use template::*;
pub use values::*;

/// One file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// The items in the order of the text. Names may be used before they are declared.
    pub items: Vec<Item>,
}

/// A top-level item with its doc comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The lines of the `///` comment above it, joined by `\n`; empty if none.
    pub doc: String,
    /// What it is.
    pub kind: ItemKind,
    /// From its first word to its last, without the doc comment.
    pub span: Span,
}

/// The kinds of item.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `game "title"`
    Game(Text),
    /// `bibliography "refs.bib"`
    Bibliography(Text),
    /// `include "lib.det"`
    Include(Text),
    /// `unit share`
    Unit(Unit),
    /// `players A "Label", B`
    Players(Vec<Player>),
    /// `const n = 3`
    Const(Const),
    /// `param q ~ beta(4, 6) at 0.4`
    Param(Param),
    /// `private A.type { strong: q, weak: rest }`
    Private(Private),
    /// `correlate a, b = 0.6`
    Correlate(Correlate),
    /// `fn risk(rung) = …`
    Function(Function),
    /// `table odds(Ally.aid, Red.resolve) = | … |`
    Table(Table),
    /// `outcome war { A: …, B: … }`
    Outcome(Outcome),
    /// `play { … }`
    Play(Block),
    /// `stage bargaining(x, y: player) { … }`
    Stage(Stage),
    /// `private A.x, B.y = | … |`
    Joint(Joint),
    /// `case "Cuba" of "crisis.det" { … }`
    Case(Case),
    /// `observe "label" on 2022-02-24 A.move == m`
    Observe(Observe),
    /// `hypothesis bluff = A.type == weak`
    Hypothesis(Hypothesis),
    /// `claim c = … where …`
    Claim(Claim),
    /// `ask a = …`
    Ask(Ask),
    /// `forecast f by 2023-12-31 made 2022-02-25 base 0.1 = prob(…)`
    Forecast(Forecast),
    /// `resolve f yes on 2023-04-04`
    Resolve(Resolve),
    /// `council talks { issue … actor … }`
    Council(Council),
    /// `variant v { … }`
    Variant(Variant),
    /// `estimate …`
    Estimate(Estimate),
    /// `precision …`
    Precision(Precision),
    /// `test "label" { … }`
    Test(Test),
    /// Something that could not be read; an error has been reported.
    Error,
}

/// A name where it is declared or used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The word; empty where one is missing (an error has been reported).
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A string in quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The characters, with `\"` and `\\` resolved.
    pub value: String,
    /// Where, quotation marks included.
    pub span: Span,
}

/// `@key[locator]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The key in the bibliography.
    pub key: String,
    /// Where in the source: any text up to the closing bracket, trimmed.
    pub locator: Option<String>,
    /// Where in the model.
    pub span: Span,
}

/// Label and sources, which always stand together: `"label" @a[p. 3] @b assumed "why"`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Caption {
    /// The label.
    pub label: Option<Text>,
    /// The sources, in the order of the text.
    pub citations: Vec<Citation>,
    /// `assumed "why"`
    pub assumed: Option<Text>,
}

/// `unit share "Fraction of the prize"`
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The unit's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
}

/// One player of a `players` item.
#[derive(Debug, Clone, PartialEq)]
pub struct Player {
    /// The player's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
}
