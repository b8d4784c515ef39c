//! The model with names resolved, before elaboration: declarations and `play` as code.
//!
//! Formulas still mention moves, counters and arguments; elaboration runs the
//! code along every path and turns formulas into tape over the parameters.
//! All references between declarations are positions in these lists.

use crate::model::Support;
use detente_diag::Span;
use detente_exact::Q;
use detente_game::EventKind;
use detente_syntax::ast::{BinaryOp, Quantifier, UnaryOp};

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
