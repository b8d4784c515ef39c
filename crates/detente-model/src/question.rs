//! Questions with every name resolved, ready to be evaluated against equilibria.
//!
//! Three layers: a [`Truth`] or [`Number`] is arithmetic over answers and
//! parameters; a [`Query`] is one number asked of an equilibrium; a
//! [`Happening`] or [`PlayNumber`] speaks of a single play. All ids point into
//! the game that the query's [`Conditions`] name.

use crate::council::CouncilQuery;
use detente_diag::Span;
use detente_exact::Q;
use detente_game::{EventId, OutcomeId, ParamId, PlayerId};

/// A number computed from parameters and answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    Const(Q),
    /// A parameter of the draw; ids are the same in the model and all its variants.
    Param(ParamId),
    Neg(Box<Number>),
    Binary(Arithmetic, Box<Number>, Box<Number>),
    Function(Function, Box<Number>),
    If(Box<Truth>, Box<Number>, Box<Number>),
    /// Asked of an equilibrium.
    Query(Box<Query>),
    /// Asked of a council; stands only in its own asks and claims.
    Council(Box<CouncilQuery>),
}

/// A statement that is true or false of a draw and its equilibria.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    Const(bool),
    Compare(Relation, Box<Number>, Box<Number>),
    And(Vec<Truth>),
    Or(Vec<Truth>),
    Not(Box<Truth>),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
}

/// Functions of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Exp,
    Ln,
    Sqrt,
    Abs,
}

/// Comparisons, decided exactly; `Greater` and `Less` are strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Relation {
    /// Returns whether the relation holds for two values ordered as `order`.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Relation::Equal => order.is_eq(),
            Relation::NotEqual => order.is_ne(),
            Relation::Less => order.is_lt(),
            Relation::LessEqual => order.is_le(),
            Relation::Greater => order.is_gt(),
            Relation::GreaterEqual => order.is_ge(),
        }
    }
}

/// One number asked of one equilibrium of one game.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub kind: QueryKind,
    pub conditions: Conditions,
    /// Where it stands in the model.
    pub span: Span,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryKind {
    /// The probability of a happening.
    Prob(Happening),
    /// The expectation of a number over the plays in which it is defined.
    Mean(PlayNumber),
    /// A player's expected payoff.
    Value(PlayerId),
    /// What `player`, about to take decision `at`, believes of a happening.
    Belief { player: PlayerId, event: Happening, at: EventId },
    /// By how much arm `better` of a decision pays more than arm `worse`, to its
    /// owner, by that player's beliefs there.
    Gain { player: PlayerId, event: EventId, better: u32, worse: u32 },
}

/// Under which conditions. Interventions apply first, then what is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// The variant whose game is meant, by position in `Model::variants`; `None` for the model itself.
    pub variant: Option<usize>,
    /// Moves or draws replaced at all their information sets, all at once.
    pub interventions: Vec<Intervention>,
    /// What is known to have happened.
    pub given: Option<Happening>,
    /// True if `given` speaks of the model's observations (`observed`).
    pub observed: bool,
    /// True if the author wrote `as evidence`.
    pub as_evidence: bool,
}

/// `P.move == m` after `do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervention {
    pub event: EventId,
    pub arm: u32,
}

/// Something that is true or false of one play.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    Const(bool),
    /// Play ended in this outcome.
    Outcome(OutcomeId),
    /// The event took place, and with one of these arms.
    Arm {
        event: EventId,
        arms: Vec<u32>,
    },
    /// The event took place.
    Made(EventId),
    /// Both numbers are defined in this play, and the relation holds.
    Compare(Relation, Box<PlayNumber>, Box<PlayNumber>),
    And(Vec<Happening>),
    Or(Vec<Happening>),
    Not(Box<Happening>),
}

/// A number of one play; undefined where it speaks of a move that was not made.
#[derive(Clone, Debug, PartialEq)]
pub enum PlayNumber {
    Const(Q),
    Param(ParamId),
    /// The value of the arm taken at a grid or cell event (`Event::values`).
    Value(EventId),
    /// How many rounds of `repeat` were played: distinct values of the outermost index.
    Duration,
    /// 1 if it happens, else 0.
    Indicator(Box<Happening>),
    /// One number or another, by what happened in the play.
    If(Box<Happening>, Box<PlayNumber>, Box<PlayNumber>),
    /// Not defined in any play: a table asked for an entry that it does not have.
    Undefined,
    Neg(Box<PlayNumber>),
    Binary(Arithmetic, Box<PlayNumber>, Box<PlayNumber>),
    Function(Function, Box<PlayNumber>),
}

/// What an `ask` or a test's `expect` may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Number(Number),
    Truth(Truth),
}

impl Number {
    /// Calls `visit` on every query inside, in the order of the text.
    pub fn queries<'a>(&'a self, visit: &mut dyn FnMut(&'a Query)) {
        match self {
            Number::Const(_) | Number::Param(_) | Number::Council(_) => {}
            Number::Neg(a) | Number::Function(_, a) => a.queries(visit),
            Number::Binary(_, a, b) => {
                a.queries(visit);
                b.queries(visit);
            }
            Number::If(c, a, b) => {
                c.queries(visit);
                a.queries(visit);
                b.queries(visit);
            }
            Number::Query(query) => visit(query),
        }
    }
}

impl Number {
    /// Calls `visit` on every question to a council inside, in the order of the text.
    pub fn council_queries<'a>(&'a self, visit: &mut dyn FnMut(&'a CouncilQuery)) {
        match self {
            Number::Const(_) | Number::Param(_) | Number::Query(_) => {}
            Number::Neg(a) | Number::Function(_, a) => a.council_queries(visit),
            Number::Binary(_, a, b) => {
                a.council_queries(visit);
                b.council_queries(visit);
            }
            Number::If(c, a, b) => {
                c.council_queries(visit);
                a.council_queries(visit);
                b.council_queries(visit);
            }
            Number::Council(query) => visit(query),
        }
    }
}

impl Truth {
    /// Calls `visit` on every question to a council inside, in the order of the text.
    pub fn council_queries<'a>(&'a self, visit: &mut dyn FnMut(&'a CouncilQuery)) {
        match self {
            Truth::Const(_) => {}
            Truth::Compare(_, a, b) => {
                a.council_queries(visit);
                b.council_queries(visit);
            }
            Truth::And(parts) | Truth::Or(parts) => parts.iter().for_each(|p| p.council_queries(visit)),
            Truth::Not(part) => part.council_queries(visit),
        }
    }
}

impl Truth {
    /// Calls `visit` on every query inside, in the order of the text.
    pub fn queries<'a>(&'a self, visit: &mut dyn FnMut(&'a Query)) {
        match self {
            Truth::Const(_) => {}
            Truth::Compare(_, a, b) => {
                a.queries(visit);
                b.queries(visit);
            }
            Truth::And(parts) | Truth::Or(parts) => parts.iter().for_each(|p| p.queries(visit)),
            Truth::Not(part) => part.queries(visit),
        }
    }
}

impl Body {
    /// Calls `visit` on every question to a council inside, in the order of the text.
    pub fn council_queries<'a>(&'a self, visit: &mut dyn FnMut(&'a CouncilQuery)) {
        match self {
            Body::Number(number) => number.council_queries(visit),
            Body::Truth(truth) => truth.council_queries(visit),
        }
    }

    /// Calls `visit` on every query inside, in the order of the text.
    pub fn queries<'a>(&'a self, visit: &mut dyn FnMut(&'a Query)) {
        match self {
            Body::Number(number) => number.queries(visit),
            Body::Truth(truth) => truth.queries(visit),
        }
    }
}
