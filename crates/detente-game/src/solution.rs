//! Answers as plain data: numbers with their strength, components, statuses.

use crate::certificate::Certificate;
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// A computed number: exact where it is rational, else a value with a rigorous radius.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Num {
    pub value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
    /// The true number lies within this distance of `value`; `None` for exact numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<f64>,
}

impl Num {
    /// Wraps an exact rational.
    pub fn exact(q: Q) -> Num {
        Num { value: q.to_f64(), exact: Some(q), radius: None }
    }

    /// Wraps an enclosure: the number lies within `radius` of `value`.
    pub fn within(value: f64, radius: f64) -> Num {
        Num { value, exact: None, radius: Some(radius) }
    }
}

/// What an equilibrium is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Concept {
    /// Nash equilibrium: no deviation over a whole continuation from reached sets pays.
    Nash,
    /// Nash equilibrium in every subgame (Selten 1965).
    Spe,
    /// Sequential equilibrium (Kreps and Wilson 1982).
    Sequential,
    /// Agent logit quantal response (McKelvey and Palfrey 1998).
    Qre,
}

/// How strong an answer is; never stronger than its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All equilibria of the concept, proven.
    ExactComplete,
    /// Exact equilibria, perhaps not all; `unresolved` says what is open.
    ExactSome,
    /// Within a rigorous bound.
    Certified,
    /// Computed, not proven.
    Numeric,
}

/// The shape of the outcome distributions over one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeSet {
    Point,
    Segment,
    /// The convex hull is a polytope whose extreme points are listed.
    Polytope,
    /// Only outer bounds are known.
    Enclosure,
}

/// A range over a component: of a strategy probability, a belief or an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Free {
    /// What varies.
    pub what: FreeWhat,
    pub low: Num,
    pub high: Num,
}

/// What a range is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FreeWhat {
    /// Probability of an action: information set, position of the action.
    Action(u32, u32),
    /// Belief in a member node: information set, position of the node.
    Belief(u32, u32),
}

/// A number that conditions speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Factor {
    /// Probability of an action at its set: information set, position of the action.
    Action(u32, u32),
    /// Belief in a member node: information set, position of the node.
    Belief(u32, u32),
    /// Weight of an action's tremble: information set, position of the action.
    Tremble(u32, u32),
}

/// A condition: the sum of the terms plus a constant is 0, or at least 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Products with their coefficients.
    pub terms: Vec<(Vec<Factor>, Q)>,
    pub constant: Q,
    pub equality: bool,
}

/// One connected component of equilibria, shown by one point that is itself an equilibrium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// `profile[h][a]`: probability of action `a` at information set `h`.
    pub profile: Vec<Vec<Num>>,
    /// `beliefs[h][k]`: belief in member `k` of information set `h`; empty where the
    /// concept defines none (Nash off the path).
    pub beliefs: Vec<Vec<Num>>,
    /// Whether each information set is reached with positive probability.
    pub reached: Vec<bool>,
    /// Expected payoff per player.
    pub payoffs: Vec<Num>,
    /// Probability per outcome key, see [`crate::Game::outcome_keys`].
    pub outcomes: Vec<Num>,
    /// Lowest and highest probability per outcome key over the component.
    pub outcome_range: Vec<(Num, Num)>,
    pub outcome_set: OutcomeSet,
    /// Extreme distributions, where `outcome_set` is a segment or a polytope.
    pub outcome_vertices: Vec<Vec<Num>>,
    /// Everything that varies over the component.
    pub free: Vec<Free>,
    /// Joint conditions on the free numbers, in words of the model: one list per convex
    /// piece of the component, which is their union. One list, perhaps empty: the ranges
    /// and these conditions say it all. No list: the component is a point, or has more
    /// pieces than are listed.
    pub inequalities: Vec<Vec<String>>,
    /// The same conditions as data, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Vec<Condition>>,
    /// Passes the intuitive criterion (Cho and Kreps 1987); `None` where it does not apply.
    pub intuitive: Option<bool>,
    /// Order of vanishing and weight of every action's tremble: with these, beliefs
    /// follow by leading-order Bayes. Order 0 and weight = probability on the support.
    pub tremble: Vec<Vec<(u32, Num)>>,
    /// Largest gain from a deviation: over a whole continuation on the path, and at any
    /// information set given its beliefs. Zero for exact equilibria.
    pub gap_nash: Num,
    pub gap_sequential: Option<Num>,
}

/// The answer to "what are the equilibria?".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solution {
    pub concept: Concept,
    pub status: Status,
    /// What stays open, in words; empty for `ExactComplete`.
    pub unresolved: Vec<String>,
    pub components: Vec<Component>,
    pub certificate: Certificate,
}

/// Deepest nesting of a written proof; the search nests less.
const MAX_NESTING: usize = 20_000;

impl Solution {
    /// Reads a solution that `serde_json` wrote. Proofs nest as deep as the search that made
    /// them: the caller's thread should have a stack of some hundred megabytes.
    ///
    /// # Errors
    /// Says where the text is no solution, or that it nests too deeply.
    pub fn from_json(text: &str) -> Result<Solution, String> {
        if nesting(text) > MAX_NESTING {
            return Err(format!("it is nested more than {MAX_NESTING} levels deep"));
        }
        if text.trim_start().starts_with('[') {
            return Err("a list stands where an object should".into());
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        // Safe, as the depth is bounded above.
        reader.disable_recursion_limit();
        let place = |e: serde_json::Error| {
            format!("line {}, column {}: {}", e.line(), e.column(), crate::formats::reading::in_words(&e))
        };
        let solution = Solution::deserialize(&mut reader).map_err(place)?;
        reader.end().map_err(place)?;
        Ok(solution)
    }
}

/// How deep brackets nest outside of strings.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl crate::Game {
    /// Returns the names under which outcome probabilities are reported: the declared
    /// outcomes in order, then `(none)` if some play ends without one.
    pub fn outcome_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.outcomes.iter().map(|o| o.name.clone()).collect();
        if self.nodes.iter().any(|n| n.kind == crate::NodeKind::Terminal(None)) {
            keys.push("(none)".into());
        }
        keys
    }

    /// Returns how many [`Game::outcome_keys`](crate::Game::outcome_keys) there are.
    pub fn outcome_count(&self) -> usize {
        let unnamed = self.nodes.iter().any(|n| n.kind == crate::NodeKind::Terminal(None));
        self.outcomes.len() + usize::from(unnamed)
    }

    /// Returns the position of a terminal node's outcome in [`Game::outcome_keys`](crate::Game::outcome_keys).
    pub fn outcome_key(&self, node: crate::NodeId) -> Option<usize> {
        match self.nodes[node.index()].kind {
            crate::NodeKind::Terminal(Some(o)) => Some(o.index()),
            crate::NodeKind::Terminal(None) => Some(self.outcomes.len()),
            _ => None,
        }
    }
}
