//! A proof replayed over a whole range of parameters at once.
//!
//! The one idea: a certificate found at one point is the skeleton of a proof near it. Which rows
//! a step adds up stays; its multipliers, numbers and equilibria become functions of the
//! parameters, solved for anew from what must cancel. What then remains are signs. They are asked
//! of the [`Field`], which knows where they hold: everywhere that all answers stay the same, the
//! whole replay goes through word for word, so the proof holds there.
//!
//! Nothing here trusts the certificate: a wrong step is a [`Stop`], as it is a rejection in the
//! replay at a point. Roots of polynomials and box searches have no functions to go on with; a
//! proof with such steps stops too.

mod fix;
mod lift;
mod perfect;
mod point;
mod refute;
mod walk;

pub use crate::field::Field;
pub use point::{Margin, Place};

use crate::rows::Rules;
use crate::tree::{Builder, Tree};
use detente_game::certificate::{Certificate, Proof};
use detente_game::{Game, InfosetId};
use std::collections::BTreeSet;

/// Why a proof was not carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A coincidence at this very point: another point near by may do.
    Here(String),
    /// The proof has a step that is not one about rational functions, or is open.
    Never(String),
}

impl Stop {
    /// The reason in words.
    pub fn words(&self) -> &str {
        match self {
            Stop::Here(words) | Stop::Never(words) => words,
        }
    }
}

impl From<String> for Stop {
    fn from(words: String) -> Stop {
        Stop::Here(words)
    }
}

/// The supports of some equilibria: per information set of the game, which actions may be used.
/// `None` where the set is not in the stage, or (Nash) is not played to.
pub type Support = Vec<Option<Vec<bool>>>;

/// One connected component of the equilibria of the whole game, as far as a replay sees it.
#[derive(Clone, Debug)]
pub struct Component<N> {
    /// Its supports, all of them, in order: two components with other lists are not the same set.
    pub supports: BTreeSet<Support>,
    /// One equilibrium with each support that a cell of the proof shows.
    pub places: Vec<Place<N>>,
}

/// All equilibria over the range, with the functions that were found.
#[derive(Clone, Debug)]
pub struct Found<N> {
    pub components: Vec<Component<N>>,
    /// Steps replayed.
    pub steps: usize,
}

/// A solved stage: its components, each with its payoffs.
struct Solved<N> {
    components: Vec<Component<N>>,
    payoffs: Vec<Vec<N>>,
}

/// Most supports that the undecided actions of one cell stand for.
const MAX_SUPPORTS: usize = 512;

/// Replays the certificate with these probabilities of chance and payoffs, laid out as in
/// [`detente_game::Numbers`]. A careful replay looks for the multipliers anew, those that hold
/// furthest, which takes longer.
///
/// # Errors
/// A [`Stop`]: a step that does not hold, is open, or has no functions.
pub fn replay<N: Field>(
    game: &Game,
    chance: &[Vec<N>],
    payoffs: &[N],
    certificate: &Certificate,
    careful: bool,
) -> Result<Found<N>, Stop> {
    let tree = Tree::over(game, chance, payoffs);
    if !["sequential", "spe", "nash"].contains(&certificate.concept.as_str()) {
        return Err(Stop::Never("no proof speaks of all quantal response equilibria".into()));
    }
    let (sequential, nash) = (certificate.concept == "sequential", certificate.concept == "nash");
    if certificate.stages.is_empty() {
        return Err(Stop::Never("there is no proof that no other equilibria exist".into()));
    }
    let mut place = vec![None; game.infosets.len()];
    let mut trees = Vec::new();
    let mut vectors: Vec<Vec<Vec<N>>> = Vec::new();
    let mut solved: Vec<Solved<N>> = Vec::new();
    let mut steps = 0;
    for (k, stage) in certificate.stages.iter().enumerate() {
        let last = k + 1 == certificate.stages.len();
        if stage.root as usize >= game.nodes.len() || last && stage.root != 0 {
            return Err(Stop::Never("a stage of the proof is not one of the game".into()));
        }
        let mut roots = Vec::new();
        for n in &stage.nested {
            let inside = certificate.stages.get(*n as usize).filter(|_| (*n as usize) < k);
            let inner = inside.ok_or_else(|| Stop::Never("a nested stage comes later".into()))?;
            roots.push((inner.root, *n));
        }
        roots.sort_unstable();
        let tree_of = {
            let vectors = &vectors;
            let nested = |node: u32| {
                let at = roots.binary_search_by_key(&node, |r| r.0).ok()?;
                Some((roots[at].1, vectors[roots[at].1 as usize].as_slice()))
            };
            Builder::build(&tree, k as u32, stage.root, &mut place, &nested, sequential)
                .map_err(Stop::Never)?
        };
        if tree_of.leaves.iter().filter(|l| l.nested.is_some()).count() != roots.len() {
            return Err(Stop::Never("nested stages overlap".into()));
        }
        trees.push(tree_of);
        let uncut = match certificate.concept.as_str() {
            "spe" => crate::stages::uncut(&tree, &place, &trees),
            _ => vec![vec![]; game.infosets.len()],
        };
        let rules =
            Rules { tree: &tree, stages: &trees, vectors: &vectors, place: &place, sequential, uncut };
        let found = match &stage.proof {
            Proof::PerfectInformation { .. } if !nash => perfect::stage(&rules, k as u32, &solved)?,
            proof => {
                walk::stage(&rules, certificate, k as u32, proof, &roots, &solved, (&mut steps, careful))?
            }
        };
        if found.components.is_empty() {
            return Err(Stop::Here("no equilibrium was found, and every finite game has one".into()));
        }
        if !last && found.payoffs.len() != found.components.len() {
            return Err(Stop::Here("a nested subgame has a continuum of payoffs".into()));
        }
        vectors.push(found.payoffs.clone());
        solved.push(found);
    }
    let components = solved.pop().map(|s| s.components).unwrap_or_default();
    Ok(Found { components, steps })
}

/// A support that says nothing yet.
fn no_support(game: &Game) -> Support {
    vec![None; game.infosets.len()]
}

/// Lays one support over another.
fn laid_over(below: &Support, above: &Support) -> Support {
    below.iter().zip(above).map(|(b, a)| a.clone().or_else(|| b.clone())).collect()
}

/// Every way to combine one support from each list.
fn combined(start: BTreeSet<Support>, lists: &[&BTreeSet<Support>]) -> Result<BTreeSet<Support>, Stop> {
    let mut all = start;
    for list in lists {
        if all.len().saturating_mul(list.len()) > MAX_SUPPORTS * 8 {
            return Err(Stop::Never("too many supports to list".into()));
        }
        all = all.iter().flat_map(|a| list.iter().map(move |b| laid_over(a, b))).collect();
    }
    Ok(all)
}

/// Returns the id of the information set with this position.
fn set_id(set: u32) -> InfosetId {
    InfosetId(set)
}
