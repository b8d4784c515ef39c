//! Where numbers come from: constants, parameters and their priors, functions, tables.
//!
//! The one idea: a number is a formula, a prior, or a row of a table, and whoever
//! declares one says what it rests on.

use super::{Caption, Expr, Name, Ref, Text};
use detente_diag::Span;

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
