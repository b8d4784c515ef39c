//! Variants and tests: lists of lines that change the model or question it.

use super::{Caption, Expr, Name, ParamValue, Ref};
use detente_diag::Span;

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
