//! Perfect information without near ties, by floats: every choice is best by a margin.
//!
//! Floats only choose; that each choice is strictly best is for a referee with rigorous bounds to
//! confirm. It then is the only equilibrium (Selten 1965, backward induction). The numbers of the
//! answer are exact: only nodes that are played enter them, and those are few.

use detente_exact::Q;
use detente_game::certificate::{Certificate, Proof, Stage};
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Least margin by which a choice must be best, relative to the largest payoff.
const MARGIN: f64 = 1e-9;

/// Returns the only equilibrium, or `None` where some choice is close to a tie.
pub fn solve(game: &Game, numbers: &Numbers, concept: Concept, digest: &str) -> Option<Solution> {
    let chosen = choices(game, numbers)?;
    let certificate = Certificate {
        version: 1,
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
        game: digest.into(),
        params: numbers.params.clone(),
        concept: crate::stages::concept_name(concept).into(),
        stages: vec![Stage {
            root: 0,
            nested: vec![],
            payoffs: vec![],
            components: vec![vec![0]],
            proof: Proof::PerfectInformation { cell: 0 },
            joins: vec![],
            points: vec![],
        }],
    };
    Some(Solution {
        concept,
        status: Status::ExactComplete,
        unresolved: vec![],
        components: vec![describe(game, numbers, concept, &chosen)],
        certificate,
    })
}

/// Backward induction: the best action of each set, `None` if another comes close.
fn choices(game: &Game, numbers: &Numbers) -> Option<Vec<usize>> {
    let n = game.players.len();
    let chance: Vec<Vec<f64>> =
        numbers.chance.iter().map(|list| list.iter().map(Q::to_f64).collect()).collect();
    let mut chosen = vec![0; game.infosets.len()];
    let mut value = vec![0.0; game.nodes.len() * n];
    let mut largest: f64 = 0.0;
    let mut smallest_margin = f64::INFINITY;
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                for p in 0..n {
                    let u = numbers.payoffs[x * n + p].to_f64();
                    largest = largest.max(u.abs());
                    value[x * n + p] = u;
                }
            }
            NodeKind::Chance(c) => {
                for (child, q) in children.iter().zip(&chance[c.index()]) {
                    for p in 0..n {
                        value[x * n + p] += q * value[child.index() * n + p];
                    }
                }
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.index();
                let at = |k: usize| value[children[k].index() * n + player];
                let best = (0..children.len()).max_by(|a, b| at(*a).total_cmp(&at(*b)))?;
                let others = (0..children.len()).filter(|k| *k != best).map(|k| at(best) - at(k));
                smallest_margin = others.fold(smallest_margin, f64::min);
                chosen[h.index()] = best;
                let from = children[best].index() * n;
                value.copy_within(from..from + n, x * n);
            }
        }
    }
    (smallest_margin > MARGIN * largest).then_some(chosen)
}

/// The component of one pure profile. Beliefs are certain, since every set has one member.
fn describe(game: &Game, numbers: &Numbers, concept: Concept, chosen: &[usize]) -> Component {
    let n = game.players.len();
    let zero = || Num::exact(Q::ZERO);
    let one = || Num::exact(Q::ONE);
    let mut reached = vec![false; game.infosets.len()];
    let mut payoffs = vec![Q::ZERO; n];
    let mut outcomes = vec![Q::ZERO; game.outcome_count()];
    let mut open = vec![(NodeId(0), Q::ONE)];
    while let Some((node, weight)) = open.pop() {
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                for (p, total) in payoffs.iter_mut().enumerate() {
                    *total += &weight * &numbers.payoffs[node.index() * n + p];
                }
                if let Some(key) = game.outcome_key(node) {
                    outcomes[key] += &weight;
                }
            }
            NodeKind::Chance(c) => {
                let arms = children.iter().zip(&numbers.chance[c.index()]);
                open.extend(arms.map(|(child, q)| (*child, &weight * q)));
            }
            NodeKind::Decision(h) => {
                reached[h.index()] = true;
                open.push((children[chosen[h.index()]], weight));
            }
        }
    }
    let rows = |pick: &dyn Fn(bool) -> Num| -> Vec<Vec<Num>> {
        let row = |h: usize| (0..game.infosets[h].actions.len()).map(move |a| pick(chosen[h] == a));
        (0..game.infosets.len()).map(|h| row(h).collect()).collect()
    };
    let outcomes: Vec<Num> = outcomes.into_iter().map(Num::exact).collect();
    let order = |played: bool| (u32::from(!played), one());
    Component {
        profile: rows(&|played| if played { one() } else { zero() }),
        beliefs: vec![vec![one()]; game.infosets.len()],
        reached,
        payoffs: payoffs.into_iter().map(Num::exact).collect(),
        outcome_range: outcomes.iter().map(|o| (o.clone(), o.clone())).collect(),
        outcomes,
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: chosen
            .iter()
            .zip(&game.infosets)
            .map(|(best, set)| (0..set.actions.len()).map(|a| order(a == *best)).collect())
            .collect(),
        gap_nash: zero(),
        gap_sequential: (concept == Concept::Sequential).then(zero),
    }
}
