//! Questions compiled for draws, as plain data.
//!
//! The one idea: which plays have what is asked, which branch a `do` forces, and which sets know what
//! is given are the same in every draw. What is left per draw is arithmetic.

use crate::play::ends;
use detente_exact::{Interval, Q};
use detente_game::Game;
use detente_model::question::{Arithmetic, Relation};

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    Const(Interval),
    Param(usize),
    Neg(Box<Formula>),
    Binary(Arithmetic, Box<Formula>, Box<Formula>),
    Abs(Box<Formula>),
    /// A constant and expectations, those under the same `do` of the same game together, so that what
    /// varies cancels.
    Sum(Box<Formula>, Vec<Group>),
    Asked(Box<Asked>),
}

/// A weighted sum of plain expectations.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub game: usize,
    pub forced: Forced,
    pub terms: Vec<(Formula, Leaf)>,
    /// Whether it speaks of nothing but outcomes.
    pub outcomes: bool,
}

/// What is read off the end of a play.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    Happens(Marks),
    Pays(usize),
}

/// Per node, whether the play that ends there has something.
#[derive(Clone, Debug, PartialEq)]
pub enum Marks {
    /// The same in every draw.
    Fixed(Vec<bool>),
    /// By the numbers of the draw: a table, by its place.
    Drawn(usize),
}

/// Per node, the branch that `do` forces; empty without `do`.
pub type Forced = Vec<Option<u32>>;

/// A question that is more than an expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub game: usize,
    pub forced: Forced,
    pub kind: Kind,
}

/// Its kinds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Of the plays that are known to have happened, the share that has something too.
    Share { known: Marks, yes: Marks, outcomes: bool },
    /// The mean of a number over the plays in which it is defined and what is given happened: its value
    /// at each end, the least one, and how far the largest is above it.
    Mean {
        values: Vec<Option<Interval>>,
        least: Interval,
        spread: f64,
        /// The values as fractions, and whether every end has one.
        exact: Vec<Option<Q>>,
        everywhere: bool,
    },
    /// The mean of a number that hangs on the numbers of the draw: a table, by its place, and whether every end has
    /// a value.
    Drawn { known: Marks, table: usize, everywhere: bool },
    /// The mean payoff over the plays that are known to have happened.
    Value { known: Marks, player: usize },
    /// The belief in something, at the sets that know what is given.
    Belief { yes: Marks, sets: Vec<usize> },
    /// What one action pays more than another, at such sets: set, action, other action.
    Gain { player: usize, sets: Vec<(usize, usize, usize)> },
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Const(bool),
    Compare(Relation, Formula),
    All(Vec<Statement>),
    Any(Vec<Statement>),
    Not(Box<Statement>),
}

/// Ends of a game by outcome key, for questions about outcomes alone: the first end of each.
pub fn end_of_each(game: &Game) -> Vec<Option<usize>> {
    let mut list = vec![None; game.outcome_keys().len()];
    for end in ends(game) {
        if let Some(key) = game.outcome_key(end) {
            list[key].get_or_insert(end.index());
        }
    }
    list
}
