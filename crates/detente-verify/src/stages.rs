//! The frame of a certificate: what it is about, and the stages it cuts the game into.
//!
//! The one idea: stages are rebuilt from the game, so that the certificate only names them.

use crate::field::Field;
use crate::subgames::subgame_roots;
use crate::tree::{Builder, StageTree, Tree};
use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::certificate::Certificate;
use detente_game::{NodeKind, Numbers};
use std::collections::BTreeSet;

/// The stages of a certificate, rebuilt from the game.
pub struct Stages {
    pub trees: Vec<StageTree>,
    pub place: Vec<Option<(u32, u32)>>,
    pub vectors: Vec<Vec<Vec<Q>>>,
}

/// Rebuilds and checks the stages.
pub fn build_stages(tree: &Tree, certificate: &Certificate) -> Result<Stages, Rejected> {
    let players = tree.game.players.len();
    let nash = certificate.concept == "nash";
    let mut used = vec![false; certificate.stages.len()];
    let mut place = vec![None; tree.game.infosets.len()];
    let mut trees: Vec<StageTree> = Vec::with_capacity(certificate.stages.len());
    let vectors: Vec<Vec<Vec<Q>>> = certificate.stages.iter().map(|s| s.payoffs.clone()).collect();
    for (k, stage) in certificate.stages.iter().enumerate() {
        let fail = |reason: String| Rejected::at_stage(k, reason);
        if stage.root as usize >= tree.game.nodes.len() {
            return Err(fail(format!("node {} does not exist", stage.root)));
        }
        if stage.payoffs.iter().any(|v| v.len() != players) {
            return Err(fail("a payoff vector has the wrong length".into()));
        }
        let mut roots: Vec<(u32, u32)> = Vec::new();
        for n in &stage.nested {
            let inner = match certificate.stages.get(*n as usize) {
                Some(inner) if (*n as usize) < k => inner,
                _ => return Err(fail(format!("stage {n} is not an earlier stage"))),
            };
            if std::mem::replace(&mut used[*n as usize], true) {
                return Err(fail(format!("stage {n} is nested twice")));
            }
            if inner.root == stage.root || !tree.below(stage.root, inner.root) {
                return Err(fail(format!("stage {n} does not lie inside")));
            }
            if inner.payoffs.is_empty() || inner.payoffs.len() != inner.components.len() {
                return Err(fail(format!("stage {n} does not list one payoff vector per component")));
            }
            roots.push((inner.root, *n));
        }
        roots.sort_unstable();
        let vectors = &vectors;
        let nested = |node: u32| {
            let at = roots.binary_search_by_key(&node, |r| r.0).ok()?;
            Some((roots[at].1, vectors[roots[at].1 as usize].as_slice()))
        };
        let built = Builder::build(
            tree,
            k as u32,
            stage.root,
            &mut place,
            &nested,
            certificate.concept == "sequential",
        )
        .map_err(fail)?;
        let cut = built.leaves.iter().filter(|l| l.nested.is_some()).count();
        if cut != roots.len() {
            return Err(fail("nested stages overlap".into()));
        }
        trees.push(built);
    }
    let last = certificate.stages.len() - 1;
    if let Some(k) = (0..last).find(|k| !used[*k]) {
        return Err(Rejected::at_stage(k, "the stage is not nested anywhere".into()));
    }
    if certificate.stages[last].root != 0 {
        return Err(Rejected::at_stage(last, "the last stage is not the whole game".into()));
    }
    if nash && certificate.stages.len() > 1 {
        return Err(Rejected::at_stage(0, "a Nash certificate has one stage".into()));
    }
    Ok(Stages { trees, place, vectors })
}

/// Lists for each set the actions on the way from its stage's root to the smallest subgame that
/// holds the set: where play may not come there, being best in the stage says nothing about it.
pub fn uncut<N: Field>(
    tree: &Tree<N>,
    place: &[Option<(u32, u32)>],
    stages: &[StageTree<N>],
) -> Vec<Vec<u32>> {
    let starts: BTreeSet<u32> = subgame_roots(tree.game).into_iter().map(|n| n.0).collect();
    let way = |h: usize| {
        let Some((stage, _)) = place[h] else { return Vec::new() };
        let root = stages[stage as usize].root;
        let (mut at, mut inside) = (tree.game.infosets[h].nodes[0], true);
        let mut actions = Vec::new();
        while at.0 != root {
            inside &= !starts.contains(&at.0);
            let Some((parent, arm)) = tree.game.nodes[at.index()].parent else { break };
            if let (false, NodeKind::Decision(g)) = (inside, tree.kind(parent.0)) {
                actions.push(tree.offset[g.index()] + arm);
            }
            at = parent;
        }
        actions
    };
    (0..tree.game.infosets.len()).map(way).collect()
}

/// Checks everything about a certificate but its proofs: format, game, point, concept.
pub fn check_header(
    digest: &str,
    numbers: &Numbers,
    certificate: &Certificate,
    concept: &str,
) -> Result<(), Rejected> {
    let fail = |reason: &str| Err(Rejected { path: Vec::new(), reason: reason.into() });
    if certificate.version != 1 {
        return fail("the certificate's version is not 1");
    }
    if certificate.concept != concept {
        return fail("the certificate is about another concept");
    }
    if certificate.params != numbers.params {
        return fail("the certificate is about other parameter values");
    }
    if certificate.game != digest {
        return fail("the certificate is about another game");
    }
    Ok(())
}
