//! Known branches: the proof of a game at other numbers, walked again.
//!
//! The one idea: near-by numbers have near-by proofs. Where the known proof refutes a branch, its
//! few rows are tried first, alone; where it splits, the same split is made without looking for
//! the best one. Every step is computed anew at the new numbers, so a step that no longer holds is
//! not taken, and the search goes on by itself below that point.

use crate::relax::{Combination, Relaxation};
use crate::rows::Named;
use crate::stage::Stage;
use detente_game::Game;
use detente_game::certificate::{self, BoxStep, Proof, Row};
use detente_game::solution::Solution;
use std::collections::BTreeSet;

/// A game solved before, at other numbers: its digest and the proofs of its stages.
#[derive(Clone, Debug)]
pub struct Known {
    pub(crate) digest: String,
    stages: Vec<certificate::Stage>,
}

impl Known {
    /// Remembers the proof of a solution of this game.
    pub fn new(game: &Game, solution: &Solution) -> Known {
        let certificate = &solution.certificate;
        // A certificate names its game; a fallback without one does not.
        let digest = if certificate.game.is_empty() { game.sha256() } else { certificate.game.clone() };
        Known { digest, stages: certificate.stages.clone() }
    }

    /// Remembers nothing but the game's digest, which takes as long as a small game's solution.
    pub fn digest_alone(digest: String) -> Known {
        Known { digest, stages: Vec::new() }
    }

    /// The digest of the game, see [`Game::sha256`].
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The proof of the stage with this root.
    pub(crate) fn proof(&self, root: u32) -> Option<&Proof> {
        self.stages.iter().find(|s| s.root == root).map(|s| &s.proof)
    }
}

/// Where the search stands: how deep, for what share of the work, and next to which known step.
#[derive(Clone, Copy)]
pub struct Way<'k> {
    pub depth: usize,
    pub share: f64,
    pub known: Option<&'k Proof>,
}

impl<'k> Way<'k> {
    /// One of `count` equal steps down, next to this known step.
    pub fn on(self, known: Option<&'k Proof>, count: usize) -> Way<'k> {
        Way { depth: self.depth + 1, share: self.share / count as f64, known }
    }

    /// Down to one side of a split.
    pub fn half(self, set: u32, act: u32, positive_side: bool) -> Way<'k> {
        let known = match self.known {
            Some(Proof::Split { infoset, action, zero, positive }) if (*infoset, *action) == (set, act) => {
                Some(if positive_side { &**positive } else { &**zero })
            }
            _ => None,
        };
        self.on(known, 2)
    }

    /// Down to one of several independent parts.
    pub fn part(self, k: usize, count: usize) -> Way<'k> {
        let known = match self.known {
            Some(Proof::Both { parts }) if parts.len() == count => parts.get(k),
            // One refuted part was the whole proof; which one is not known.
            Some(refuted @ Proof::Refuted { .. }) => Some(refuted),
            _ => None,
        };
        self.on(known, count)
    }

    /// Down to one component of a nested stage.
    pub fn option(self, number: u32, k: usize, count: usize) -> Way<'k> {
        let known = match self.known {
            Some(Proof::Choose { stage, options }) if *stage == number => options.get(k),
            _ => None,
        };
        self.on(known, count)
    }

    /// Down to one choice of leading members.
    pub fn belief(self, set: u32, nodes: &[u32], count: usize) -> Way<'k> {
        let known = match self.known {
            Some(Proof::Beliefs { infoset, options, .. }) if *infoset == set => {
                options.iter().find(|(members, _)| members == nodes).map(|(_, proof)| proof)
            }
            _ => None,
        };
        self.on(known, count)
    }
}

/// The step below conclusions that the search draws by itself.
pub fn core(mut proof: &Proof) -> &Proof {
    while let Proof::Dominated { then, .. }
    | Proof::Fix { then, .. }
    | Proof::AnyBelief { then, .. }
    | Proof::Scale { then, .. }
    | Proof::MustBePositive { then, .. }
    | Proof::MustBeZero { then, .. } = proof
    {
        proof = then;
    }
    proof
}

/// Whether the known proof has cases below, so that the branch was not refuted as it stood.
pub fn goes_on(proof: &Proof) -> bool {
    matches!(
        proof,
        Proof::Split { .. }
            | Proof::Both { .. }
            | Proof::Choose { .. }
            | Proof::Beliefs { .. }
            | Proof::Cell { .. }
            | Proof::Roots { .. }
    )
}

/// The rows that the known refutation uses, as they are here.
fn support(rows: &[Named], proof: &Proof) -> Option<Vec<Named>> {
    let Proof::Refuted { combination } = proof else { return None };
    let used: BTreeSet<Row> = combination.iter().map(|(row, _)| *row).collect();
    let few: Vec<Named> = rows.iter().filter(|r| used.contains(&r.row)).cloned().collect();
    (!few.is_empty() && few.len() < rows.len()).then_some(few)
}

/// Refutes with the rows of the known refutation alone, multipliers computed anew.
pub fn refuted_again(stage: &Stage, rows: &[Named], proof: &Proof) -> Option<Combination> {
    let few = support(rows, proof)?;
    Relaxation::new(stage, &few).feasible().err()
}

/// The same where some variables must be positive.
pub fn refuted_strictly_again(
    stage: &Stage,
    rows: &[Named],
    strict: &[crate::state::Var],
    proof: &Proof,
) -> Option<Combination> {
    let few = support(rows, proof)?;
    Relaxation::new(stage, &few).strictly(strict).err()
}

/// Whether a box search leaves no box open.
fn is_decided(step: &BoxStep) -> bool {
    match step {
        BoxStep::Open => false,
        BoxStep::Bisect(_, a, b) => is_decided(a) && is_decided(b),
        BoxStep::Shrink { then, .. } | BoxStep::Cuts { then, .. } => is_decided(then),
        _ => true,
    }
}

/// Whether a proof has no open leaf.
pub fn is_closed(proof: &Proof) -> bool {
    match proof {
        Proof::Open { .. } => false,
        Proof::Split { zero, positive, .. } => is_closed(zero) && is_closed(positive),
        Proof::Choose { options, .. } => options.iter().all(is_closed),
        Proof::Beliefs { options, .. } => options.iter().all(|(_, p)| is_closed(p)),
        Proof::Both { parts } => parts.iter().any(is_closed),
        Proof::Dominated { then, .. }
        | Proof::Fix { then, .. }
        | Proof::AnyBelief { then, .. }
        | Proof::Scale { then, .. }
        | Proof::MustBePositive { then, .. }
        | Proof::MustBeZero { then, .. } => is_closed(then),
        Proof::Boxes { boxes } => is_decided(&boxes.root),
        _ => true,
    }
}
