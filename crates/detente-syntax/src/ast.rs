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
mod forecast;
mod play;
mod template;

pub use council::*;
pub use expr::*;
pub use forecast::*;
pub use play::*;
pub use template::*;

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

/// `const offers "label" @cite = 21`
#[derive(Debug, Clone, PartialEq)]
pub struct Const {
    /// The constant's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Its value.
    pub value: Expr,
}

/// `param a : share "label" @cite ~ lognormal(-1.3, 0.4) at 0.3`
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// The parameter's name.
    pub name: Name,
    /// The word after `:`.
    pub unit: Option<Name>,
    /// Label and sources.
    pub caption: Caption,
    /// A prior or a formula.
    pub value: ParamValue,
}

/// What a parameter is.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// `~ dist [at VALUE]`: the analyst's doubt.
    Prior {
        /// The prior.
        dist: Dist,
        /// The base value, if given.
        at: Option<Expr>,
    },
    /// `= expr`: a number or a formula over other parameters.
    Fixed(Expr),
    /// Missing; an error has been reported.
    Missing,
}

/// A distribution.
#[derive(Debug, Clone, PartialEq)]
pub enum Dist {
    /// `beta(4, 6)`: any named family; the name is not checked here.
    Family {
        /// The family's name.
        name: Name,
        /// Its arguments.
        args: Vec<Expr>,
        /// The whole.
        span: Span,
    },
    /// `lo to hi`: 5 % and 95 % quantiles.
    Quantiles {
        /// The 5 % quantile.
        lo: Box<Expr>,
        /// The 95 % quantile.
        hi: Box<Expr>,
        /// The whole.
        span: Span,
    },
    /// `truncated(dist, lo, hi)`
    Truncated {
        /// What is cut.
        inner: Box<Dist>,
        /// The least value left.
        lo: Box<Expr>,
        /// The greatest value left.
        hi: Box<Expr>,
        /// The whole.
        span: Span,
    },
    /// `discrete(0.1: 0.5, 0.4: rest)`: values and their probabilities.
    Discrete {
        /// Value and weight, in the order of the text.
        points: Vec<(Expr, Weight)>,
        /// The whole.
        span: Span,
    },
    /// A plain value; only the prior of a hypothesis may be one.
    Point(Box<Expr>),
    /// Could not be read; an error has been reported.
    Error(Span),
}

/// A probability in a list of alternatives.
#[derive(Debug, Clone, PartialEq)]
pub enum Weight {
    /// A formula.
    Expr(Expr),
    /// `rest`: what the others leave.
    Rest(Span),
}

/// `private P.x "label" { … }` or `private P.x "label" ~ dist split n`
#[derive(Debug, Clone, PartialEq)]
pub struct Private {
    /// Who knows it.
    pub player: Name,
    /// The fact's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Its values and their probabilities.
    pub values: PrivateValues,
}

/// What a private fact may be.
#[derive(Debug, Clone, PartialEq)]
pub enum PrivateValues {
    /// `{ strong: q, weak: rest }`
    Listed(Vec<PrivateArm>),
    /// `~ dist split n`: `n` cells of equal probability, each at its mean.
    Split {
        /// The distribution.
        dist: Dist,
        /// The number of cells.
        cells: Expr,
    },
    /// Missing; an error has been reported.
    Missing,
}

/// One listed value of a private fact.
#[derive(Debug, Clone, PartialEq)]
pub struct PrivateArm {
    /// The value's name.
    pub value: Name,
    /// Its probability.
    pub weight: Weight,
    /// The whole.
    pub span: Span,
}

/// `correlate a, b = 0.6`: rank correlation of two priors.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlate {
    /// One parameter.
    pub left: Name,
    /// The other.
    pub right: Name,
    /// Label and sources.
    pub caption: Caption,
    /// The correlation.
    pub value: Expr,
}

/// `fn risk(rung) = …`
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The function's name.
    pub name: Name,
    /// Its arguments.
    pub args: Vec<Name>,
    /// Label and sources.
    pub caption: Caption,
    /// Its value.
    pub body: Expr,
}

/// `table odds(Ally.aid, Red.resolve) : unit = | … |`
///
/// Rows are given as written. With one key each row is `| key | value |`;
/// with two keys a first row `|  | b1 | b2 |` heads the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The table's name.
    pub name: Name,
    /// What it is indexed by.
    pub keys: Vec<Ref>,
    /// The word after `:`.
    pub unit: Option<Name>,
    /// Label and sources.
    pub caption: Caption,
    /// The rows; none if they come from a file.
    pub rows: Vec<TableRow>,
    /// `from "odds.csv"`
    pub from: Option<Text>,
}

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// The cells between the pipes.
    pub cells: Vec<TableCell>,
    /// The whole line.
    pub span: Span,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    /// What stands in it; `None` if it is empty.
    pub value: Option<Expr>,
    /// From pipe to pipe, without the pipes.
    pub span: Span,
}

/// `outcome war "label" @cite { A: …, B: { domestic: -d, identity: -i } }`
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The outcome's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Who gets what.
    pub pays: Pays,
}

/// `observe "label" @cite on 2022-02-24 expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Observe {
    /// Label and sources.
    pub caption: Caption,
    /// When it was seen.
    pub date: Option<Date>,
    /// What was seen.
    pub event: Expr,
}

/// A day of the calendar, checked to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// The year, 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// Where.
    pub span: Span,
}

/// `hypothesis bluff "label" @cite prior 0.2 to 0.8 = expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// The hypothesis' name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// The analyst's own prior; it changes posteriors, never the game.
    pub prior: Option<Dist>,
    /// What it says.
    pub event: Expr,
}

/// `claim c "label" @cite = expr where expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The claim's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// What is claimed.
    pub body: Expr,
    /// The draws it speaks of.
    pub restriction: Option<Expr>,
}

/// `ask risk "label" = expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The question's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// What is asked.
    pub body: Expr,
}

/// `variant v "label" { … }`: a game of its own, solved again; `lever v "label" by P { … }`: one that a
/// player can bring about.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The variant's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Who can bring it about, if it is a lever.
    pub by: Option<Name>,
    /// What differs.
    pub changes: Vec<Change>,
}

/// `estimate a, b`: what data are to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Parameters.
    pub params: Vec<Name>,
    /// Label and sources.
    pub caption: Caption,
}

/// `precision ~ lognormal(1, 0.5)`: the analyst's doubt about how exactly players choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Label and sources.
    pub caption: Caption,
    /// Of λ, in 1 / payoff.
    pub prior: Dist,
}

/// One difference of a variant.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// `forbid P.move == action`
    Forbid {
        /// The move.
        target: Ref,
        /// The action that may not be chosen.
        action: Name,
        /// The whole.
        span: Span,
    },
    /// `set x = expr`, one for each name of the list.
    Set(Setting),
    /// `reveal A.cost to B, C`
    Reveal {
        /// The private fact.
        fact: Ref,
        /// Who learns it.
        to: Vec<Name>,
        /// The whole.
        span: Span,
    },
}

/// `x = expr` or `x ~ dist` in a `set`.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The parameter or constant.
    pub name: Name,
    /// Label and sources of the new value.
    pub caption: Caption,
    /// Its new value.
    pub value: ParamValue,
    /// From name to value.
    pub span: Span,
}

/// `test "label" @cite { set …  expect … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Label and sources.
    pub caption: Caption,
    /// In the order of the text.
    pub steps: Vec<TestStep>,
}

/// One line of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum TestStep {
    /// `set x = expr`, one for each name of the list.
    Set(Setting),
    /// `expect …`
    Expect(Expect),
}

/// `expect [some] expr [near expr within expr]`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// `some`: one equilibrium is enough; otherwise all must satisfy it.
    pub some: bool,
    /// A truth value, or a number if `near` follows.
    pub body: Expr,
    /// Target and tolerance.
    pub near: Option<Near>,
    /// The whole.
    pub span: Span,
}

/// `near expr within expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The expected number.
    pub target: Expr,
    /// The largest difference allowed.
    pub tolerance: Expr,
}
