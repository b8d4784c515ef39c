//! The model with names resolved, before elaboration: declarations and `play` as code.
//!
//! Formulas still mention moves, counters and arguments; elaboration runs the
//! code along every path and turns formulas into tape over the parameters.
//! All references between declarations are positions in these lists.

mod council;
mod formula;
mod play;

pub use council::*;
pub use formula::*;
pub use play::*;

use crate::model::Support;
use detente_diag::Span;
use detente_exact::Q;
use detente_game::EventKind;

/// A resolved model.
#[derive(Debug, Default)]
pub struct Program {
    pub title: String,
    pub doc: String,
    pub players: Vec<PlayerDecl>,
    pub consts: Vec<ConstDecl>,
    pub params: Vec<ParamDecl>,
    pub functions: Vec<FunctionDecl>,
    pub tables: Vec<TableDecl>,
    pub ledgers: Vec<LedgerDecl>,
    pub outcomes: Vec<OutcomeDecl>,
    /// Private facts first, then events of `play` in the order of the text.
    pub events: Vec<EventDecl>,
    /// The `repeat`s, by position; events name the ones around them.
    pub loops: Vec<LoopDecl>,
    pub privates: Vec<PrivateDecl>,
    /// Tables from which several private facts are drawn together.
    pub joints: Vec<JointDecl>,
    pub councils: Vec<CouncilDecl>,
    pub body: Vec<Stmt>,
    pub play_span: Option<Span>,
}

#[derive(Debug)]
pub struct PlayerDecl {
    pub name: String,
    pub support: Support,
}

#[derive(Debug)]
pub struct ConstDecl {
    pub name: String,
    pub support: Support,
    pub value: Formula,
}

#[derive(Debug)]
pub struct ParamDecl {
    pub name: String,
    pub unit: Option<String>,
    pub support: Support,
    pub value: ParamValue,
}

/// What a parameter is, as written.
#[derive(Clone, Debug)]
pub enum ParamValue {
    Prior { dist: Dist, at: Option<Formula> },
    Fixed(Formula),
    Missing,
}

/// A distribution whose arguments are still formulas.
#[derive(Clone, Debug)]
pub enum Dist {
    Family { name: String, args: Vec<Formula>, span: Span },
    Quantiles { lo: Formula, hi: Formula, span: Span },
    Truncated { inner: Box<Dist>, lo: Formula, hi: Formula, span: Span },
    Discrete { points: Vec<(Formula, Weight)>, span: Span },
    Point(Formula),
    Error,
}

impl Dist {
    pub fn span(&self) -> Span {
        match self {
            Dist::Family { span, .. }
            | Dist::Quantiles { span, .. }
            | Dist::Truncated { span, .. }
            | Dist::Discrete { span, .. } => *span,
            Dist::Point(formula) => formula.span,
            Dist::Error => Span::default(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Weight {
    Formula(Formula),
    Rest(Span),
}

#[derive(Debug)]
pub struct FunctionDecl {
    pub name: String,
    pub args: Vec<String>,
    pub body: Formula,
    pub support: Support,
}

/// A table: the value in the row (and column) whose keys match the arguments.
#[derive(Debug)]
pub struct TableDecl {
    pub name: String,
    /// Static events that index it, one or more.
    pub keys: Vec<usize>,
    pub unit: Option<String>,
    pub support: Support,
    /// One key for each event, and the value there.
    pub cells: Vec<(Vec<Key>, Formula)>,
}

/// A key of a table: the name of an arm, or a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Word(String),
    Number(Q),
}

impl Key {
    /// Returns the name, if it is one.
    pub fn word(&self) -> Option<&str> {
        match self {
            Key::Word(word) => Some(word),
            Key::Number(_) => None,
        }
    }
}

#[derive(Debug)]
pub struct LedgerDecl {
    pub name: String,
    pub support: Support,
}

#[derive(Debug)]
pub struct OutcomeDecl {
    pub name: String,
    pub support: Support,
    pub pays: Vec<PayCode>,
    pub span: Span,
}

#[derive(Debug)]
pub struct LoopDecl {
    pub counter: String,
    pub span: Span,
}

/// A decision, chance event or private fact, wherever it is asked.
#[derive(Debug)]
pub struct EventDecl {
    pub kind: EventKind,
    pub owner: Option<usize>,
    pub name: String,
    pub support: Support,
    /// Names of the arms; empty for a grid or cells.
    pub arms: Vec<String>,
    /// True for a grid or cells: its arms are numbers.
    pub numeric: bool,
    /// The `repeat`s around it, outermost first.
    pub loops: Vec<usize>,
    /// Where its name stands first.
    pub span: Span,
}

impl Program {
    /// Positions of the parameters that are cells of councils.
    pub fn cell_params(&self) -> std::collections::BTreeSet<usize> {
        let cells = self.councils.iter().flat_map(|council| {
            let grids = council.position.iter().chain(&council.salience).flatten();
            council.capability.iter().chain(grids).flatten()
        });
        cells
            .filter_map(|cell| match cell.value {
                CellCode::Param(at) => Some(at),
                CellCode::Formula(_) => None,
            })
            .collect()
    }

    /// Is there a game to play? A file may hold a council only.
    pub fn has_play(&self) -> bool {
        self.play_span.is_some() || self.councils.is_empty()
    }

    /// Returns the event's name as a formula writes it, without an index.
    pub fn event_name(&self, event: usize) -> String {
        let e = &self.events[event];
        match e.owner {
            Some(owner) => format!("{}.{}", self.players[owner].name, e.name),
            None => e.name.clone(),
        }
    }
}

/// A private fact: an event drawn before play.
#[derive(Debug)]
pub struct PrivateDecl {
    pub event: usize,
    pub owner: usize,
    pub draw: PrivateDraw,
    pub span: Span,
}

#[derive(Debug)]
pub enum PrivateDraw {
    /// Arm, weight.
    Listed(Vec<(u32, Weight, Span)>),
    Split {
        dist: Dist,
        cells: Formula,
    },
    /// The fact at position `at` of a joint table, given those before it.
    Joint {
        table: usize,
        at: usize,
    },
    Missing,
}

/// A joint distribution of private facts.
#[derive(Debug)]
pub struct JointDecl {
    /// The facts, in the order in which they are drawn.
    pub events: Vec<usize>,
    /// For each fact its values.
    pub values: Vec<JointValues>,
    /// One for each combination: positions of its values, and its probability.
    pub cells: Vec<(Vec<usize>, Weight, Span)>,
}

/// The values of a fact in a joint table.
#[derive(Debug)]
pub enum JointValues {
    /// Arms of the event, in its order.
    Words(Vec<String>),
    Numbers(Vec<Formula>),
}

impl JointValues {
    pub fn count(&self) -> usize {
        match self {
            JointValues::Words(words) => words.len(),
            JointValues::Numbers(numbers) => numbers.len(),
        }
    }
}
