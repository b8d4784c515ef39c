//! The reduced strategic form of a tree: one strategy per plan that differs in play.
//!
//! A plan says what to do at every own set that it does not itself rule out (Kuhn 1953).
//! Sets of one player are met in the order of their first nodes, so the set before comes
//! before.

use super::super::error::FormatError;
use crate::game::{Game, NodeKind, PlayerId};
use crate::numbers::Numbers;
use detente_exact::Q;

/// A table made from a tree.
pub(crate) struct Reduced {
    /// Names of the plans of every player.
    pub strategies: Vec<Vec<String>>,
    /// Payoffs of all players, cell after cell, the first player's plan changing fastest.
    pub payoffs: Vec<Q>,
}

/// Most plans of one player, and most cells.
const MAX_PLANS: usize = 100_000;
/// Most cells times nodes: the work of filling the table.
const MAX_WORK: usize = 200_000_000;

/// Lists the plans of every player and the expected payoffs of every combination.
///
/// # Errors
/// More plans or cells than a table can sensibly hold.
pub(crate) fn reduce(game: &Game, numbers: &Numbers) -> Result<Reduced, FormatError> {
    let mut strategies = Vec::new();
    let mut plans = Vec::new();
    for p in 0..game.players.len() {
        let of_player = plans_of(game, PlayerId(p as u32))?;
        strategies.push(of_player.iter().map(|plan| plan_name(game, plan)).collect());
        plans.push(of_player);
    }
    let cells = plans.iter().fold(1usize, |n, p| n.saturating_mul(p.len()));
    if cells > MAX_PLANS || cells.saturating_mul(game.nodes.len()) > MAX_WORK {
        let what = format!("the table of this game would have {cells} cells");
        return Err(FormatError::game(what, "write it as .efg or JSON instead"));
    }
    let mut payoffs = Vec::with_capacity(cells * game.players.len());
    for cell in 0..cells {
        let mut rest = cell;
        let mut choice = vec![None; game.infosets.len()];
        for of_player in &plans {
            for (h, a) in &of_player[rest % of_player.len()] {
                choice[*h] = Some(*a);
            }
            rest /= of_player.len();
        }
        payoffs.extend(expected(game, numbers, &choice));
    }
    Ok(Reduced { strategies, payoffs })
}

/// A plan: own sets that are not ruled out, each with an action.
type Plan = Vec<(usize, u32)>;

fn plans_of(game: &Game, player: PlayerId) -> Result<Vec<Plan>, FormatError> {
    let mut sets: Vec<usize> =
        (0..game.infosets.len()).filter(|h| game.infosets[*h].player == player).collect();
    sets.sort_by_key(|h| game.infosets[*h].nodes.first());
    let mut plans: Vec<Plan> = vec![vec![]];
    for h in sets {
        let before = step_before(game, h);
        let mut next = Vec::new();
        for plan in plans {
            let possible = before.is_none_or(|step| plan.contains(&step));
            if !possible {
                next.push(plan);
                continue;
            }
            for a in 0..game.infosets[h].actions.len() as u32 {
                let mut longer = plan.clone();
                longer.push((h, a));
                next.push(longer);
            }
            if next.len() > MAX_PLANS {
                let name = &game.players[player.index()].name;
                return Err(FormatError::game(
                    format!("`{name}` has more than {MAX_PLANS} strategies"),
                    "write the game as .efg or JSON instead",
                ));
            }
        }
        plans = next;
    }
    Ok(plans)
}

/// The owner's last set and action before a set; by perfect recall any member will do.
fn step_before(game: &Game, h: usize) -> Option<(usize, u32)> {
    let mut at = *game.infosets[h].nodes.first()?;
    while let Some((parent, k)) = game.nodes[at.index()].parent {
        if let NodeKind::Decision(g) = game.nodes[parent.index()].kind
            && game.infosets[g.index()].player == game.infosets[h].player
        {
            return Some((g.index(), k));
        }
        at = parent;
    }
    None
}

fn plan_name(game: &Game, plan: &Plan) -> String {
    if plan.is_empty() {
        return "(no move)".into();
    }
    let actions = plan.iter().map(|(h, a)| game.action_name(crate::InfosetId(*h as u32), *a as usize));
    actions.collect::<Vec<_>>().join("; ")
}

/// Expected payoffs where every set on the way has a choice.
fn expected(game: &Game, numbers: &Numbers, choice: &[Option<u32>]) -> Vec<Q> {
    let players = game.players.len();
    let mut reach = vec![Q::ZERO; game.nodes.len()];
    reach[0] = Q::ONE;
    let mut total = vec![Q::ZERO; players];
    for (k, node) in game.nodes.iter().enumerate() {
        if reach[k].is_zero() {
            continue;
        }
        let children = game.children(crate::NodeId(k as u32));
        match node.kind {
            NodeKind::Decision(h) => {
                if let Some(a) = choice[h.index()] {
                    reach[children[a as usize].index()] = reach[k].clone();
                }
            }
            NodeKind::Chance(c) => {
                for (child, p) in children.iter().zip(&numbers.chance[c.index()]) {
                    reach[child.index()] = reach[k].clone() * p.clone();
                }
            }
            NodeKind::Terminal(_) => {
                for (p, sum) in total.iter_mut().enumerate() {
                    *sum += &(reach[k].clone() * numbers.payoffs[k * players + p].clone());
                }
            }
        }
    }
    total
}
