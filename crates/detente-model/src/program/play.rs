//! The statements of `play` with their names resolved, and who sees what they do.

use super::{Formula, Weight};
use detente_diag::Span;

/// Who sees something: one bit for each player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight(pub u64);

impl Sight {
    pub const NOBODY: Sight = Sight(0);
    pub fn everybody(players: usize) -> Sight {
        Sight(if players >= 64 { u64::MAX } else { (1 << players) - 1 })
    }
    pub fn with(self, player: usize) -> Sight {
        Sight(self.0 | 1 << player)
    }
    pub fn without(self, player: usize) -> Sight {
        Sight(self.0 & !(1 << player))
    }
    pub fn has(self, player: usize) -> bool {
        self.0 >> player & 1 == 1
    }
}

/// A statement of `play`.
#[derive(Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Debug)]
pub enum StmtKind {
    Choose(Choose),
    Chance(ChanceCode),
    Together(Vec<Stmt>),
    Tell {
        players: Vec<usize>,
        what: Formula,
    },
    Pay(Vec<PayCode>),
    If {
        condition: Formula,
        then: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    Repeat {
        id: usize,
        from: Formula,
        to: Formula,
        body: Vec<Stmt>,
    },
    Leave,
    End(usize),
    /// An error has been reported.
    Nothing,
}

#[derive(Debug)]
pub struct Choose {
    pub event: usize,
    pub player: usize,
    pub sight: Sight,
    pub options: Options,
}

#[derive(Debug)]
pub enum Options {
    Menu(Vec<MenuArm>),
    Grid { lo: Formula, hi: Formula, points: Formula },
}

#[derive(Debug)]
pub struct MenuArm {
    /// Position in the event's arms.
    pub arm: u32,
    pub guard: Option<Formula>,
    pub then: Vec<Stmt>,
    pub span: Span,
}

#[derive(Debug)]
pub struct ChanceCode {
    pub event: usize,
    pub sight: Sight,
    pub arms: Vec<ChanceArmCode>,
}

#[derive(Debug)]
pub struct ChanceArmCode {
    pub arm: u32,
    pub weight: Weight,
    pub then: Vec<Stmt>,
    pub span: Span,
}

/// One payment.
#[derive(Debug)]
pub struct PayCode {
    pub player: usize,
    pub ledger: Option<usize>,
    pub amount: Formula,
}
