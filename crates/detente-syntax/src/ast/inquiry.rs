//! What is asked of the game, and what the world has said about it.
//!
//! The one idea: none of these items changes the game. They observe, suppose, claim,
//! ask, or name what data are to tell.

use super::{Caption, Dist, Expr, Name};
use detente_diag::Span;

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
