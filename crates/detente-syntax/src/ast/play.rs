//! The statements of `play`.
//!
//! The one idea: a body after `=>` is always a [`Block`], even if it is one
//! statement, so that a reader of the tree meets one shape only.

use super::{Caption, Expr, Name, Weight};
use detente_diag::Span;

/// Statements in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// Braces included, if there are any.
    pub span: Span,
}

/// A statement with its doc comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The lines of the `///` comment above it, joined by `\n`; empty if none.
    pub doc: String,
    /// What it is.
    pub kind: StatementKind,
    /// The whole, without the doc comment.
    pub span: Span,
}

/// The kinds of statement.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `P chooses d { … }`
    Choose(Choose),
    /// `chance c { … }`
    Chance(Chance),
    /// `together { … }`: moves inside are seen when the block closes.
    Together(Block),
    /// `tell P, Q expr`
    Tell {
        /// Who learns it.
        players: Vec<Name>,
        /// What they learn.
        what: Expr,
    },
    /// `pay domestic "label" { … }`
    Pay(Pay),
    /// `if expr { … } else { … }`
    If {
        /// The condition.
        condition: Expr,
        /// When it holds.
        then: Block,
        /// When it does not; `else if` is a block of one statement.
        otherwise: Option<Block>,
    },
    /// `repeat x in a..b { … }`, both ends included.
    Repeat {
        /// The counter.
        counter: Name,
        /// Its first value.
        from: Expr,
        /// Its last value.
        to: Expr,
        /// What is repeated.
        body: Block,
    },
    /// `do stage(A, B)`: the statements of a stage, with its names replaced.
    Run {
        /// The stage.
        stage: Name,
        /// What stands for each of its names.
        args: Vec<Expr>,
    },
    /// `leave`: go on after the innermost `repeat`.
    Leave,
    /// `end outcome`
    End(Name),
    /// Could not be read; an error has been reported.
    Error,
}

/// `P chooses d "label" @cite hidden from Q { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Choose {
    /// Who moves.
    pub player: Name,
    /// The decision's name.
    pub decision: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Who sees it, if not everybody.
    pub sight: Option<Sight>,
    /// What can be chosen.
    pub options: Options,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Options {
    /// `{ accept => …  refuse if … => … }`
    Menu(Vec<ChoiceArm>),
    /// `from lo to hi in n points`
    Grid {
        /// The least number.
        lo: Expr,
        /// The greatest number.
        hi: Expr,
        /// How many, both ends included.
        points: Expr,
        /// From `from` to `points`.
        span: Span,
    },
    /// Missing; an error has been reported.
    Missing,
}

/// One action of a menu.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceArm {
    /// The action's name.
    pub action: Name,
    /// It is on the menu only if this holds.
    pub guard: Option<Expr>,
    /// What follows; without it, play goes on below.
    pub then: Option<Block>,
    /// The whole.
    pub span: Span,
}

/// `chance c "label" @cite seen by P { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The event's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// Who sees it, if not everybody.
    pub sight: Option<Sight>,
    /// What can happen.
    pub arms: Vec<ChanceArm>,
}

/// One alternative of a chance event.
#[derive(Debug, Clone, PartialEq)]
pub struct ChanceArm {
    /// The alternative's name.
    pub value: Name,
    /// Its probability.
    pub weight: Weight,
    /// What follows; without it, play goes on below.
    pub then: Option<Block>,
    /// The whole.
    pub span: Span,
}

/// Who sees an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// Hidden from the players named, or seen by them alone.
    pub kind: SightKind,
    /// The players.
    pub players: Vec<Name>,
    /// The whole.
    pub span: Span,
}

/// How a list of players is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SightKind {
    /// `hidden from`: everybody else sees it.
    HiddenFrom,
    /// `seen by`: nobody else sees it (a mover sees the own move).
    SeenBy,
}

/// `pay domestic "label" @cite { West: -d }`
#[derive(Debug, Clone, PartialEq)]
pub struct Pay {
    /// The name of the ledger line.
    pub name: Option<Name>,
    /// Label and sources.
    pub caption: Caption,
    /// Who gets what.
    pub pays: Pays,
}

/// `{ A: …, B: { domestic: …, identity: … } }`
#[derive(Debug, Clone, PartialEq)]
pub struct Pays {
    /// One entry for each player named.
    pub entries: Vec<PayEntry>,
    /// Braces included.
    pub span: Span,
}

/// What one player gets.
#[derive(Debug, Clone, PartialEq)]
pub struct PayEntry {
    /// The player.
    pub player: Name,
    /// The payoff.
    pub payoff: Payoff,
    /// The whole.
    pub span: Span,
}

/// A payoff: one formula, or the lines of a ledger that add up to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Payoff {
    /// One formula.
    Plain(Expr),
    /// Named lines.
    Ledger(Vec<LedgerLine>),
}

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerLine {
    /// The line's name.
    pub name: Name,
    /// Label and sources.
    pub caption: Caption,
    /// The amount.
    pub value: Expr,
    /// The whole.
    pub span: Span,
}
