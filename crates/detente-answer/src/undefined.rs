//! Why a question has no answer in an equilibrium, and what its limit off the path is.

use detente_game::solution::Num;
use serde::{Deserialize, Serialize};

/// Why a question has no answer there. Undefined is neither zero nor false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undefined {
    pub why: Why,
    /// The reason as a sentence.
    pub words: String,
    /// Under sequential equilibrium: the limit along the certified trembles, off the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_path: Option<Box<OffPath>>,
}

/// The kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// What is given has probability zero.
    ProbabilityZero,
    /// The arm after `do` is not offered everywhere the move can be made.
    NotOffered,
    /// No information set of the decision knows what is given.
    NoInformationSet,
    /// The concept defines no beliefs there.
    NoBeliefs,
    /// A division by zero, or the root or logarithm of a negative number.
    Arithmetic,
    /// The range cannot be told from what is known of the continuum.
    Unknown,
    /// A game that the question needs has no numbers or no solution here.
    NoGame,
}

/// A conditional probability or mean as trembles vanish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OffPath {
    pub low: Num,
    pub high: Num,
    /// True if other trembles of the same component give other limits, and the ends
    /// cover only the trembles shown.
    pub may_vary: bool,
}

impl Undefined {
    /// Makes a reason without a limit.
    pub fn new(why: Why, words: impl Into<String>) -> Undefined {
        Undefined { why, words: words.into(), off_path: None }
    }
}
