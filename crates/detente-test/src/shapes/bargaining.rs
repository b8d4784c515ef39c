//! Crisis bargaining: escalation with doubt on both sides, and offers under private costs.

use super::{outcome, payoffs};
use crate::builder::{TreeBuilder, numbered};
use crate::random::{Payoffs, SplitMix};
use detente_exact::Q;
use detente_game::Game;

/// Two private types, then escalate or quit in turn; quitting ends the crisis, and after the
/// last escalation there is war.
pub(super) fn two_sided(random: &mut SplitMix, moves: usize, from: Payoffs) -> Game {
    const NAMES: [&str; 2] = ["Home", "Abroad"];
    let mut tree = TreeBuilder::new("", &NAMES);
    let facts: Vec<_> = (0..2).map(|p| tree.chance_event(Some(p), "type", &numbered("t", 2))).collect();
    let arms = ["quit".to_string(), "escalate".to_string()];
    let mut sets = Vec::new();
    for k in 0..moves {
        let event = tree.decision_event(k % 2, &format!("move{}", k + 1), &arms);
        sets.push([1, 2].map(|t| tree.infoset(event, &format!("type = t{t}"))));
    }
    let (first, second) = (random.distribution(2), random.distribution(2));
    let root = tree.chance(None, facts[0], &first);
    // Structured stakes half of the time: prize, sunk costs per move, war by type.
    let structured = random.once_in(2);
    let prize = Q::from(random.between(2, 10));
    let cost = [Q::new(random.between(0, 8), 4), Q::new(random.between(0, 8), 4)];
    let war: Vec<[Q; 2]> =
        (0..2).map(|_| [random.between(-6, 0), random.between(-2, 6)].map(Q::from)).collect();
    for t in 0..2usize {
        let node = tree.chance(Some((root, t as u32)), facts[1], &second);
        for s in 0..2usize {
            let types = [t, s];
            let mut at = Some((node, s as u32));
            let mut sunk = [Q::ZERO, Q::ZERO];
            for k in 0..moves {
                let mover = k % 2;
                let here = tree.decision(at, sets[k][types[mover]]);
                let mut quits = [prize.clone() - sunk[0].clone(), prize.clone() - sunk[1].clone()];
                quits[mover] = -sunk[mover].clone();
                let (name, ends) = if structured {
                    (Some(NAMES[mover]), quits.to_vec())
                } else {
                    (outcome(random), payoffs(random, 2, from))
                };
                tree.end(Some((here, 0)), name.map(|n| format!("{n} quits")).as_deref(), &ends);
                sunk[mover] += &cost[mover];
                at = Some((here, 1));
            }
            let fights = [0, 1].map(|p| war[p][types[p]].clone() - sunk[p].clone());
            let ends = if structured { fights.to_vec() } else { payoffs(random, 2, from) };
            tree.end(at, Some("war"), &ends);
        }
    }
    tree.finish()
}

/// An offer on a grid of [0, 1]; the receiver knows its cost of war.
pub(super) fn offers(random: &mut SplitMix, offers: usize, types: usize) -> Game {
    let mut tree = TreeBuilder::new("", &["Proposer", "Receiver"]);
    let steps = (offers - 1).max(1) as i64;
    let nature = tree.chance_event(Some(1), "cost", &numbered("c", types));
    let names: Vec<String> = (0..offers).map(|k| format!("x{k}")).collect();
    let offer = tree.decision_event(0, "offer", &names);
    let answer = tree.decision_event(1, "answer", &["fight".to_string(), "accept".to_string()]);
    let proposer = tree.infoset(offer, "offer");
    let mut sets = Vec::new();
    for t in 0..types {
        let label = |k: usize| format!("cost = c{}, offer = x{k}", t + 1);
        sets.push((0..offers).map(|k| tree.infoset(answer, &label(k))).collect::<Vec<_>>());
    }
    let wins = Q::new(random.between(2, 8), 10);
    // Costs on a grid of twentieths: some offers leave a type exactly indifferent.
    let own_cost = Q::new(random.between(1, 6), 20);
    let costs: Vec<Q> = (0..types).map(|_| Q::new(random.between(0, 10), 20)).collect();
    let root = tree.chance(None, nature, &random.distribution(types));
    for t in 0..types {
        let proposes = tree.decision(Some((root, t as u32)), proposer);
        for k in 0..offers {
            let answers = tree.decision(Some((proposes, k as u32)), sets[t][k]);
            let war = [wins.clone() - own_cost.clone(), Q::ONE - wins.clone() - costs[t].clone()];
            tree.end(Some((answers, 0)), Some("war"), &war);
            let share = Q::new(k as i64, steps);
            tree.end(Some((answers, 1)), Some("deal"), &[Q::ONE - share.clone(), share]);
        }
    }
    tree.finish()
}
