//! Ranges of a stage with perfect information, by backward induction between bounds.
//!
//! The one idea: an action that earns less at best than another at worst is never taken; over
//! all that is left, payoffs and outcomes lie between their extremes.

use crate::listed::{Bounds, Entry, Key};
use crate::ranges::{Ranges, hull};
use crate::rows::Rules;
use crate::tree::StageTree;
use detente_exact::Q;
use detente_game::NodeId;
use std::collections::{BTreeMap, BTreeSet};

impl Ranges {
    /// Compares a perfect-information stage with the ranges of a component; `place` is the
    /// stage's number if it is nested.
    pub fn perfect(
        &mut self,
        k: u32,
        stage: &StageTree,
        place: Option<u32>,
        rules: &Rules,
        loose: &mut BTreeSet<Key>,
    ) {
        let players = rules.tree.game.players.len();
        let keys = rules.tree.game.outcome_keys().len();
        // Per node from the stage's root on, children first: payoffs and outcomes between bounds.
        let mut known: BTreeMap<u32, (Vec<Bounds>, Vec<Bounds>)> = BTreeMap::new();
        let ends: BTreeMap<u32, Option<u32>> = stage.leaves.iter().map(|l| (l.node, l.nested)).collect();
        let mut order = vec![stage.root];
        let mut at = 0;
        while at < order.len() {
            if !ends.contains_key(&order[at]) {
                order.extend(rules.tree.game.children(NodeId(order[at])).iter().map(|c| c.0));
            }
            at += 1;
        }
        for node in order.into_iter().rev() {
            let children = rules.tree.game.children(NodeId(node));
            let point = |q: &Q| (q.clone(), q.clone());
            let found = match (ends.get(&node), rules.tree.kind(node)) {
                (Some(Some(nested)), _) => {
                    let vectors = &rules.vectors[*nested as usize];
                    let payoffs = (0..players).map(|p| hull(vectors.iter().map(|v| point(&v[p]))));
                    let inner = &self.below[*nested as usize];
                    let known = inner.first().filter(|_| inner.len() == 1).cloned().flatten();
                    (payoffs.collect(), known.unwrap_or(vec![(Q::ZERO, Q::ONE); keys]))
                }
                (Some(None), _) => {
                    let key = rules.tree.game.outcome_key(NodeId(node));
                    let hit = |j: usize| if Some(j) == key { point(&Q::ONE) } else { point(&Q::ZERO) };
                    let payoffs = (0..players).map(|p| point(rules.tree.payoff(node, p)));
                    (payoffs.collect(), (0..keys).map(hit).collect())
                }
                (None, detente_game::NodeKind::Chance(c)) => {
                    let arms: Vec<(&Q, _)> = rules.tree.chance[c.index()]
                        .iter()
                        .zip(children.iter().map(|n| &known[&n.0]))
                        .collect();
                    let mean = |of: &dyn Fn(&(Vec<Bounds>, Vec<Bounds>)) -> Bounds| {
                        arms.iter().fold((Q::ZERO, Q::ZERO), |sum, (p, child)| {
                            let (low, high) = of(child);
                            (sum.0 + *p * &low, sum.1 + *p * &high)
                        })
                    };
                    let payoffs = (0..players).map(|p| mean(&|c| c.0[p].clone())).collect();
                    (payoffs, (0..keys).map(|j| mean(&|c| c.1[j].clone())).collect())
                }
                (None, detente_game::NodeKind::Decision(h)) => {
                    let owner = rules.tree.game.infosets[h.index()].player.index();
                    let below: Vec<&(Vec<Bounds>, Vec<Bounds>)> =
                        children.iter().map(|n| &known[&n.0]).collect();
                    let sure = below.iter().map(|c| &c.0[owner].0).max().cloned().unwrap_or(Q::ZERO);
                    let may: Vec<bool> = below.iter().map(|c| c.0[owner].1 >= sure).collect();
                    let left = may.iter().filter(|m| **m).count();
                    for (a, may) in may.iter().enumerate() {
                        let range = match (*may, left) {
                            (false, _) => (Q::ZERO, Q::ZERO),
                            (true, 1) => (Q::ONE, Q::ONE),
                            (true, _) => (Q::ZERO, Q::ONE),
                        };
                        let key = (k, Entry::Action(rules.tree.offset[h.index()] + a as u32));
                        if !self.note(key, &range) {
                            loose.insert(key);
                        }
                    }
                    let kept: Vec<&(Vec<Bounds>, Vec<Bounds>)> =
                        below.iter().zip(&may).filter(|(_, m)| **m).map(|(c, _)| *c).collect();
                    let payoffs = (0..players).map(|p| {
                        let all = hull(kept.iter().map(|c| c.0[p].clone()));
                        if p == owner { (sure.clone(), all.1) } else { all }
                    });
                    (
                        payoffs.collect(),
                        (0..keys).map(|j| hull(kept.iter().map(|c| c.1[j].clone()))).collect(),
                    )
                }
                (None, detente_game::NodeKind::Terminal(_)) => continue,
            };
            known.insert(node, found);
        }
        let Some((_, outcomes)) = known.get(&stage.root) else { return };
        match place {
            None => self.outcomes(k, &outcomes.iter().cloned().map(Some).collect::<Vec<_>>(), loose),
            Some(at) => self.below[at as usize] = vec![Some(outcomes.clone())],
        }
    }
}
