//! What players may know and what an end is worth to them.

use super::{Caption, Dist, Expr, Name, Pays, Weight};
use detente_diag::Span;

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
