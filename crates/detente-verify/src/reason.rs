//! The referee's look at rationalizable plans and at equilibria without mixing.
//!
//! The one idea: all plans are listed from the game itself and played out; what goes must lose everywhere, what
//! stays must be best somewhere, and equilibria are looked for anew.

use crate::verdict::Rejected;
use crate::world::{World, no, overlay};
use detente_exact::Q;
use detente_game::device::Plan;
use detente_game::reason::{Best, Rationalizable, Selection};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// A joint plan of some players, all plans of theirs in every combination.
fn combinations(lists: &[&Vec<Plan>], sets: usize) -> Vec<Plan> {
    let mut all = vec![vec![None; sets]];
    for list in lists {
        all = all.iter().flat_map(|joint| list.iter().map(move |plan| overlay(joint, plan))).collect();
    }
    all
}

/// Checks every round and every plan that is left.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_rationalizable(
    game: &Game,
    numbers: &Numbers,
    answer: &Rationalizable,
) -> Result<(), Rejected> {
    let world = World::new(game, numbers)?;
    let mut left = world.plans.clone();
    let pay = |p: usize, own: &Plan, rest: &Plan| -> Result<Q, Rejected> {
        let found = world.played.get(&overlay(rest, own));
        found.map(|(pays, _)| pays[p].clone()).ok_or_else(|| no("a plan is none of the game's"))
    };
    for round in &answer.rounds {
        for beaten in round {
            let p = beaten.player.index();
            if p >= left.len() || !left[p].contains(&beaten.plan) {
                return Err(no("a plan goes that is not there"));
            }
            let total: Q = beaten.mixture.iter().map(|(_, w)| w.clone()).sum();
            let fits = |(plan, w): &(Plan, Q)| left[p].contains(plan) && !w.is_negative();
            if total != Q::ONE || !beaten.mixture.iter().all(fits) {
                return Err(no("a mixture is no distribution over plans that are left"));
            }
            for rest in rests(&left, p, game.infosets.len()) {
                let mut margin = -pay(p, &beaten.plan, &rest)?;
                for (plan, w) in &beaten.mixture {
                    margin += &(w * &pay(p, plan, &rest)?);
                }
                if !margin.is_positive() {
                    return Err(no("a plan that goes is not beaten everywhere"));
                }
            }
        }
        for beaten in round {
            left[beaten.player.index()].retain(|plan| *plan != beaten.plan);
        }
    }
    let count: usize = left.iter().map(Vec::len).sum();
    if count != answer.left.len() {
        return Err(no("the plans that are left are not all listed"));
    }
    let best = |best: &Best, among: &[Vec<Plan>]| -> Result<(), Rejected> {
        let p = best.player.index();
        if p >= among.len() || !among[p].contains(&best.plan) {
            return Err(no("a plan is listed that is not left"));
        }
        let rests = rests(among, p, game.infosets.len());
        let total: Q = best.belief.iter().map(|(_, w)| w.clone()).sum();
        let fits = |(rest, w): &(Plan, Q)| rests.contains(rest) && !w.is_negative();
        if total != Q::ONE || !best.belief.iter().all(fits) {
            return Err(no("a belief is no distribution over what is left to the others"));
        }
        let expects = |own: &Plan| -> Result<Q, Rejected> {
            best.belief.iter().map(|(rest, w)| Ok(w * &pay(p, own, rest)?)).sum()
        };
        let own = expects(&best.plan)?;
        for other in &left[p] {
            if expects(other)? > own {
                return Err(no("a plan that stays is not best against its belief"));
            }
        }
        Ok(())
    };
    answer.left.iter().try_for_each(|entry| best(entry, &left))?;
    // Plans with independent beliefs about each other: the list supports itself.
    let mut among: Vec<Vec<Plan>> = vec![vec![]; left.len()];
    for entry in &answer.independent {
        match among.get_mut(entry.player.index()) {
            Some(list) if !list.contains(&entry.plan) && left[entry.player.index()].contains(&entry.plan) => {
                list.push(entry.plan.clone());
            }
            _ => return Err(no("a plan is listed twice, or is not left")),
        }
    }
    for entry in &answer.independent {
        best(entry, &among)?;
        if !is_independent(game, entry) {
            return Err(no("a belief that should be independent is correlated"));
        }
    }
    Ok(())
}

/// Whether a belief is the product of what it says of each player by itself.
fn is_independent(game: &Game, entry: &Best) -> bool {
    let part = |joint: &Plan, q: usize| -> Plan {
        let owned = |h: usize| game.infosets[h].player.index() == q;
        joint.iter().enumerate().map(|(h, a)| a.filter(|_| owned(h))).collect()
    };
    let others: Vec<usize> = (0..game.players.len()).filter(|q| *q != entry.player.index()).collect();
    let mut alone: BTreeMap<(usize, Plan), Q> = BTreeMap::new();
    let mut together: BTreeMap<&Plan, Q> = BTreeMap::new();
    for (joint, w) in &entry.belief {
        *together.entry(joint).or_insert(Q::ZERO) += w;
        for q in &others {
            *alone.entry((*q, part(joint, *q))).or_insert(Q::ZERO) += w;
        }
    }
    // The weights sum to 1, so if each listed one is a product, no product is missing.
    let product = |joint: &Plan| -> Q {
        others.iter().fold(Q::ONE, |product, q| product * alone[&(*q, part(joint, *q))].clone())
    };
    together.iter().all(|(joint, w)| product(joint) == *w)
}

/// What the others can do with what is left to them.
fn rests(left: &[Vec<Plan>], p: usize, sets: usize) -> Vec<Plan> {
    let lists: Vec<&Vec<Plan>> = left.iter().enumerate().filter(|(q, _)| *q != p).map(|(_, l)| l).collect();
    combinations(&lists, sets)
}

/// Looks for all equilibria without mixing anew, and compares them.
///
/// # Errors
/// The first thing that differs, in words.
pub fn verify_selection(game: &Game, numbers: &Numbers, answer: &Selection) -> Result<(), Rejected> {
    let world = World::new(game, numbers)?;
    // A player's own part of a joint plan.
    let part = |joint: &Plan, p: usize| -> Plan {
        let owner = |h: usize| game.infosets[h].player.index();
        joint.iter().enumerate().map(|(h, a)| a.filter(|_| owner(h) == p)).collect()
    };
    // What a player gets by another plan against the same plans of the others.
    let turned = |joint: &Plan, p: usize, to: &Plan| -> Result<Q, Rejected> {
        let owner = |h: usize| game.infosets[h].player.index();
        let rest: Plan = joint.iter().enumerate().map(|(h, a)| a.filter(|_| owner(h) != p)).collect();
        let found = world.played.get(&overlay(&rest, to));
        found.map(|(pays, _)| pays[p].clone()).ok_or_else(|| no("a plan is none of the game's"))
    };
    let mut count = 0;
    for (joint, (pays, _)) in &world.played {
        let (mut stable, mut strict) = (true, true);
        for (p, plans) in world.plans.iter().enumerate() {
            let own = part(joint, p);
            for plan in plans.iter().filter(|plan| **plan != own) {
                let other = turned(joint, p, plan)?;
                stable &= other <= pays[p];
                strict &= other < pays[p];
            }
        }
        if stable {
            count += 1;
            let listed = answer.equilibria.iter().find(|e| e.plan == *joint);
            if listed.is_none_or(|e| e.strict != strict || e.payoffs != *pays) {
                return Err(no("an equilibrium without mixing is missing or listed wrongly"));
            }
        }
    }
    if count != answer.equilibria.len() {
        return Err(no("something is listed that is no equilibrium"));
    }
    for (a, b) in &answer.payoff {
        let (one, two) = (answer.equilibria.get(*a as usize), answer.equilibria.get(*b as usize));
        let (Some(one), Some(two)) = (one, two) else { return Err(no("there is no such equilibrium")) };
        if !one.payoffs.iter().zip(&two.payoffs).all(|(x, y)| x > y) {
            return Err(no("an equilibrium does not give everybody more"));
        }
    }
    for risk in &answer.risk {
        let at = |k: u32| answer.equilibria.get(k as usize).ok_or_else(|| no("there is no such equilibrium"));
        let (one, two) = (at(risk.pair.0)?, at(risk.pair.1)?);
        let product = |from: &Plan, to: &Plan, pays: &[Q]| -> Result<Q, Rejected> {
            let mut product = Q::ONE;
            for p in 0..2 {
                product *= &(&pays[p] - &turned(from, p, &part(to, p))?);
            }
            Ok(product)
        };
        let found =
            (product(&one.plan, &two.plan, &one.payoffs)?, product(&two.plan, &one.plan, &two.payoffs)?);
        if game.players.len() != 2 || !one.strict || !two.strict || found != risk.products {
            return Err(no("the products of losses are others"));
        }
    }
    Ok(())
}
