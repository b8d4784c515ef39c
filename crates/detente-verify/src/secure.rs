//! The referee of secure play: both numbers by playing against the plans that prove them.
//!
//! The one idea: once one side's plan is fixed, the other side's best is a walk over its own sequences, since
//! nobody forgets what it knew and did. The least that the pool can leave the player against the listed
//! plan must be `low`; the most that the player gets against the pool, or against others who act apart,
//! must not exceed what is said. A pool that knows more than its members only makes `low` harder to reach.

use detente_exact::Q;
use detente_game::game::NodeKind;
use detente_game::secure::Secure;
use detente_game::{Game, InfosetId, NodeId, Numbers};
use std::collections::BTreeMap;

/// Sets met and actions taken, first ones first.
type Past = Vec<(u32, u32)>;

/// Confirms what a player can be sure of.
///
/// # Errors
/// Says which number is not proven, and what was found instead.
pub fn check_secure(game: &Game, numbers: &Numbers, found: &Secure) -> Result<(), String> {
    let player = found.player as usize;
    if player >= game.players.len() {
        return Err("there is no such player".into());
    }
    let plan = plans(game, &found.plan, |p| p == player)?;
    let apart = plans(game, &found.apart, |p| p != player)?;
    let pool = pools(game, player, found)?;
    let own = |h: InfosetId| game.infosets[h.index()].player.index() == player;
    let from_plan = |h: InfosetId, _: &Past, a: usize| plan.get(&h.0).map(|q| q[a].clone());
    let least = best(game, numbers, player, &|h| !own(h), &from_plan, false)?;
    if least != found.low {
        return Err(format!("the plan secures {least}, not {}", found.low));
    }
    let from_pool =
        |h: InfosetId, past: &Past, a: usize| pool.get(&(past.clone(), h.0)).map(|q| q[a].clone());
    let most = best(game, numbers, player, &own, &from_pool, true)?;
    if most != found.low {
        return Err(format!("against the pool {most} can be had, not {}", found.low));
    }
    let from_apart = |h: InfosetId, _: &Past, a: usize| apart.get(&h.0).map(|q| q[a].clone());
    let most = best(game, numbers, player, &own, &from_apart, true)?;
    if most > found.high {
        return Err(format!("against others who act apart {most} can be had, more than {}", found.high));
    }
    Ok(())
}

/// Reads plans, one for every set of the players meant.
fn plans(
    game: &Game,
    list: &[(u32, Vec<Q>)],
    whose: impl Fn(usize) -> bool,
) -> Result<BTreeMap<u32, Vec<Q>>, String> {
    let mut found = BTreeMap::new();
    for (set, probs) in list {
        let owner = game.infosets.get(*set as usize).ok_or("a plan names a set that does not exist")?;
        if !whose(owner.player.index()) {
            return Err("a plan is for another player".into());
        }
        distribution(probs, owner.actions.len())?;
        found.insert(*set, probs.clone());
    }
    Ok(found)
}

fn pools(game: &Game, player: usize, found: &Secure) -> Result<BTreeMap<(Past, u32), Vec<Q>>, String> {
    let mut list = BTreeMap::new();
    for p in &found.pool {
        let owner = game.infosets.get(p.set as usize).ok_or("the pool names a set that does not exist")?;
        if owner.player.index() == player {
            return Err("the pool plays for the player".into());
        }
        distribution(&p.probs, owner.actions.len())?;
        list.insert((p.knows.clone(), p.set), p.probs.clone());
    }
    Ok(list)
}

fn distribution(probs: &[Q], actions: usize) -> Result<(), String> {
    let sum: Q = probs.iter().cloned().sum();
    if probs.len() == actions && sum == Q::ONE && probs.iter().all(|q| !q.is_negative()) {
        Ok(())
    } else {
        Err("a plan is no list of probabilities".into())
    }
}

/// The payoff of `player` where those who are free do their most, or their least, against fixed plans.
///
/// # Errors
/// A fixed plan is missing where play may go.
fn best(
    game: &Game,
    numbers: &Numbers,
    player: usize,
    free: &dyn Fn(InfosetId) -> bool,
    fixed: &dyn Fn(InfosetId, &Past, usize) -> Option<Q>,
    most: bool,
) -> Result<Q, String> {
    let mut leaves: BTreeMap<Past, Q> = BTreeMap::new();
    let mut sets: BTreeMap<Past, BTreeMap<u32, usize>> = BTreeMap::new();
    // What the free side and what the fixed side did on the way, and the fixed side's and chance's weight.
    let mut open = vec![(NodeId(0), Past::new(), Past::new(), Q::ONE)];
    while let Some((node, freely, firmly, weight)) = open.pop() {
        if weight.is_zero() {
            continue;
        }
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                *leaves.entry(freely).or_insert(Q::ZERO) += &(&weight * numbers.payoff(game, node, player));
            }
            NodeKind::Chance(c) => {
                for (child, p) in children.iter().zip(&numbers.chance[c.index()]) {
                    open.push((*child, freely.clone(), firmly.clone(), &weight * p));
                }
            }
            NodeKind::Decision(h) if free(h) => {
                sets.entry(freely.clone()).or_default().insert(h.0, children.len());
                for (a, child) in children.iter().enumerate() {
                    let mut now = freely.clone();
                    now.push((h.0, a as u32));
                    open.push((*child, now, firmly.clone(), weight.clone()));
                }
            }
            NodeKind::Decision(h) => {
                for (a, child) in children.iter().enumerate() {
                    let p = fixed(h, &firmly, a).ok_or("a plan is missing where play may go")?;
                    let mut now = firmly.clone();
                    now.push((h.0, a as u32));
                    open.push((*child, freely.clone(), now, &weight * &p));
                }
            }
        }
    }
    // Longer sequences first: what follows a sequence is known before the sequence itself.
    let mut values = leaves;
    let mut order: Vec<&Past> = sets.keys().collect();
    order.sort_by_key(|past| std::cmp::Reverse(past.len()));
    for past in order {
        for (set, actions) in &sets[past] {
            let value = |a: usize| {
                let mut after = past.clone();
                after.push((*set, a as u32));
                values.get(&after).cloned().unwrap_or(Q::ZERO)
            };
            let all = (0..*actions).map(value);
            let chosen = if most { all.max() } else { all.min() };
            let chosen = chosen.unwrap_or(Q::ZERO);
            *values.entry(past.clone()).or_insert(Q::ZERO) += &chosen;
        }
    }
    Ok(values.remove(&Past::new()).unwrap_or(Q::ZERO))
}
