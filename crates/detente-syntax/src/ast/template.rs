//! Templates: stages, joint tables and cases.
//!
//! The one idea: each is written out into plain items before names are
//! resolved, so everything after that knows only plain items.

use super::{Block, Caption, Item, Name, Setting, TableRow, Text};
use detente_diag::Span;

/// `stage bargaining(x, y: player, price: number) "label" @cite { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The stage's name.
    pub name: Name,
    /// The names that each use replaces.
    pub formals: Vec<Formal>,
    /// Label and sources.
    pub caption: Caption,
    /// What is played.
    pub body: Block,
}

/// A name that each use of a stage replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct Formal {
    /// The name.
    pub name: Name,
    /// The word after `:`; `x, y: player` says it of both.
    pub kind: Option<Name>,
}

/// `private A.kind, B.kind "label" @cite = | … |`: private facts drawn together.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Who knows what, in the order of the table's keys.
    pub facts: Vec<JointFact>,
    /// Label and sources.
    pub caption: Caption,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// One of the private facts of a joint table.
#[derive(Debug, Clone, PartialEq)]
pub struct JointFact {
    /// Who knows it.
    pub player: Name,
    /// The fact's name.
    pub name: Name,
}

/// `case "Cuba 1962" of "crisis.det" { set …  observe … }`: a model with numbers and evidence of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its title.
    pub title: Text,
    /// The model's file.
    pub model: Text,
    /// What differs.
    pub lines: Vec<CaseLine>,
    /// The whole.
    pub span: Span,
}

/// One line of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseLine {
    /// `set x = expr`, one for each name of the list.
    Set(Setting),
    /// `observe …`
    Observe(Item),
}
