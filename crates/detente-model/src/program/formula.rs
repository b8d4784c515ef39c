//! Formulas with their names resolved.

use detente_diag::Span;
use detente_exact::Q;
use detente_syntax::ast::{BinaryOp, Quantifier, UnaryOp};

/// A formula with names resolved.
#[derive(Clone, Debug)]
pub struct Formula {
    pub kind: FormulaKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum FormulaKind {
    Number(Q),
    Const(usize),
    Param(usize),
    /// A `repeat`'s counter.
    Counter(usize),
    /// An argument of the function whose body this is.
    Argument(usize),
    Event {
        event: usize,
        index: Vec<Formula>,
    },
    /// The name of an arm of whatever it is compared with.
    Word(String),
    Unary(UnaryOp, Box<Formula>),
    Binary(BinaryOp, Box<Formula>, Box<Formula>),
    If(Box<Formula>, Box<Formula>, Box<Formula>),
    Call(usize, Vec<Formula>),
    Table(usize, Vec<Formula>),
    Builtin(Builtin, Vec<Formula>),
    Quantified(Quantifier, Box<Formula>),
    /// An error has been reported.
    Error,
}

/// Functions that the language brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    Min,
    Max,
    Abs,
    Exp,
    Ln,
    Sqrt,
}

impl Builtin {
    pub const ALL: [(&'static str, Builtin); 7] = [
        ("min", Builtin::Min),
        ("max", Builtin::Max),
        ("abs", Builtin::Abs),
        ("exp", Builtin::Exp),
        ("ln", Builtin::Ln),
        ("log", Builtin::Ln),
        ("sqrt", Builtin::Sqrt),
    ];

    pub fn find(name: &str) -> Option<Builtin> {
        Builtin::ALL.iter().find(|(n, _)| *n == name).map(|(_, b)| *b)
    }

    /// Is this number of arguments right?
    pub fn takes(self, count: usize) -> bool {
        match self {
            Builtin::Min | Builtin::Max => count >= 2,
            _ => count == 1,
        }
    }
}

impl Formula {
    pub fn error(span: Span) -> Formula {
        Formula { kind: FormulaKind::Error, span }
    }

    /// Calls `visit` on this formula and all inside, not entering functions or tables.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Formula)) {
        visit(self);
        match &self.kind {
            FormulaKind::Event { index, .. } => index.iter().for_each(|f| f.walk(visit)),
            FormulaKind::Unary(_, a) | FormulaKind::Quantified(_, a) => a.walk(visit),
            FormulaKind::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            FormulaKind::If(c, a, b) => {
                c.walk(visit);
                a.walk(visit);
                b.walk(visit);
            }
            FormulaKind::Call(_, args) | FormulaKind::Table(_, args) | FormulaKind::Builtin(_, args) => {
                args.iter().for_each(|f| f.walk(visit));
            }
            _ => {}
        }
    }
}
