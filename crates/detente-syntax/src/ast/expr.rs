//! Formulas and questions.
//!
//! The one idea: questions (`prob`, `value`, …) are expressions of their own
//! kind, so that `prob(a) - prob(b)` is ordinary arithmetic over answers.

use super::{Name, Text};
use detente_diag::Span;

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole, parentheses included.
    pub span: Span,
}

/// The kinds of formula.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `0.25`
    Number(Number),
    /// `x`, `West.reply`, `leak[1]`; also the words `observed` and `duration`.
    Ref(Ref),
    /// `-x`, `not x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// `a + b`, `a == b`, `a and b`, …
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left of it.
        left: Box<Expr>,
        /// Right of it.
        right: Box<Expr>,
    },
    /// `if c then a else b`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// When it holds.
        then: Box<Expr>,
        /// When it does not.
        otherwise: Box<Expr>,
    },
    /// `f(x, y)`: a function, a table, or a built-in such as `min`.
    Call {
        /// What is called.
        name: Name,
        /// The arguments.
        args: Vec<Expr>,
        /// `in V`: the variant whose council is asked; only in questions to councils.
        variant: Option<Name>,
    },
    /// `any(West.reply == x)`, `made(West.reply)`, …
    Quantifier {
        /// Which.
        kind: Quantifier,
        /// An event, or a move.
        body: Box<Expr>,
    },
    /// `prob(X do … given … in …)`
    Prob {
        /// The event.
        event: Box<Expr>,
        /// Under which conditions.
        conditions: Conditions,
    },
    /// `mean(x do … given … in …)`
    Mean {
        /// The number.
        number: Box<Expr>,
        /// Under which conditions.
        conditions: Conditions,
    },
    /// `value(P do … given … in …)`
    Value {
        /// The player.
        player: Name,
        /// Under which conditions.
        conditions: Conditions,
    },
    /// `belief(P, X at P.decision given … in …)`
    Belief {
        /// Who believes.
        player: Name,
        /// The event.
        event: Box<Expr>,
        /// At which decision.
        at: Ref,
        /// Under which conditions.
        conditions: Conditions,
    },
    /// `gain(P, a over b at P.decision given … in …)`
    Gain {
        /// The player.
        player: Name,
        /// One action: its name, or `P.move == name`.
        better: Box<Expr>,
        /// The other.
        worse: Box<Expr>,
        /// At which decision, if said.
        at: Option<Ref>,
        /// Under which conditions.
        conditions: Conditions,
    },
    /// A string where a formula was wanted; an error has been reported.
    Text(Text),
    /// Could not be read; an error has been reported.
    Error,
}

/// A number as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Digits, with an optional fraction and exponent: `0.25`, `12`, `1e-9`. No
    /// sign. At most 60 characters, the exponent at most 60 in size, unless an
    /// error has been reported.
    pub text: String,
}

/// `name`, `name[i]`, `Player.name`, `Player.name[i]`
#[derive(Debug, Clone, PartialEq)]
pub struct Ref {
    /// The part before the dot, if there is a dot: a player.
    pub owner: Option<Name>,
    /// The name itself.
    pub name: Name,
    /// Which repetition; one entry for each enclosing `repeat`, outermost first.
    pub index: Vec<Expr>,
    /// The whole.
    pub span: Span,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

/// Questions about a move that may be made more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `any(…)`: in at least one repetition in which it was made.
    Any,
    /// `all(…)`: in every repetition in which it was made.
    All,
    /// `first(…)`: the first time it was made.
    First,
    /// `last(…)`: the last time it was made.
    Last,
    /// `made(…)`: was it made at all?
    Made,
}

/// `do … given … in …`, in this order, each at most once. `do` applies first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions {
    /// Moves (or draws) that are replaced, all at once.
    pub interventions: Vec<Intervention>,
    /// What is known to have happened.
    pub given: Option<Given>,
    /// The variant in which the question is asked; the model itself if `None`.
    pub variant: Option<Name>,
}

/// `P.move == m` after `do`
#[derive(Debug, Clone, PartialEq)]
pub struct Intervention {
    /// The move or draw.
    pub target: Ref,
    /// The action put in its place.
    pub action: Expr,
    /// The whole.
    pub span: Span,
}

/// `given E [as evidence]`
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// What is known; the bare word `observed` stands for all observations.
    pub event: Box<Expr>,
    /// The author says that seeing, not doing, is meant.
    pub as_evidence: bool,
    /// The whole.
    pub span: Span,
}
