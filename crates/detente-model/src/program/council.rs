//! A council with its names resolved.

use super::Formula;
use crate::model::Support;
use detente_diag::Span;
use detente_exact::Q;

/// A council with its names resolved.
#[derive(Debug)]
pub struct CouncilDecl {
    pub name: String,
    pub support: Support,
    /// Where its name stands.
    pub span: Span,
    pub issues: Vec<IssueDecl>,
    pub actors: Vec<ActorDecl>,
    /// One for each actor; `None` after an error.
    pub capability: Vec<Option<CellDecl>>,
    /// `[actor][issue]`
    pub position: Vec<Vec<Option<CellDecl>>>,
    /// `[actor][issue]`
    pub salience: Vec<Vec<Option<CellDecl>>>,
    pub whole: Q,
    pub each: bool,
    pub options: Vec<OptionDecl>,
}

#[derive(Debug)]
pub struct IssueDecl {
    pub name: String,
    pub support: Support,
    pub span: Span,
    /// Ascending, at least two, unless an error has been reported.
    pub marks: Vec<(Q, String)>,
}

#[derive(Debug)]
pub struct ActorDecl {
    pub name: String,
    pub support: Support,
    pub span: Span,
}

#[derive(Debug)]
pub struct CellDecl {
    pub value: CellCode,
    pub support: Support,
}

#[derive(Debug)]
pub enum CellCode {
    /// A prior: a parameter of its own.
    Param(usize),
    Formula(Formula),
}

#[derive(Debug)]
pub struct OptionDecl {
    pub name: String,
    pub support: Support,
    pub values: Vec<crate::council::OptionWord>,
}
