//! What happens under a profile: reach, values, best replies; by plain recursion.
//!
//! Written for clarity on small games. A behaviour profile is `profile[h][a]`, a pure one
//! `choice[h]`.

use detente_exact::Q;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// `profile[h][a]`: probability of action `a` at information set `h`.
pub type Profile = Vec<Vec<Q>>;

/// Writes a pure profile as probabilities.
pub fn as_profile(game: &Game, choice: &[u32]) -> Profile {
    let row = |(h, chosen): (usize, &u32)| {
        let count = game.infosets[h].actions.len() as u32;
        (0..count).map(|a| if a == *chosen { Q::ONE } else { Q::ZERO }).collect()
    };
    choice.iter().enumerate().map(row).collect()
}

/// Returns the probability of each node under a profile.
pub fn reach(game: &Game, numbers: &Numbers, profile: &Profile) -> Vec<Q> {
    weights(game, numbers, profile, None)
}

/// Returns the probability of each node, leaving out one player's own moves.
pub fn weights(game: &Game, numbers: &Numbers, profile: &Profile, without: Option<usize>) -> Vec<Q> {
    let mut reach = vec![Q::ONE; game.nodes.len()];
    for (k, node) in game.nodes.iter().enumerate() {
        let Some((parent, position)) = node.parent else { continue };
        let before = reach[parent.index()].clone();
        reach[k] = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) if without == Some(game.infosets[h.index()].player.index()) => before,
            NodeKind::Decision(h) => before * profile[h.index()][position as usize].clone(),
            NodeKind::Chance(c) => before * numbers.chance[c.index()][position as usize].clone(),
            NodeKind::Terminal(_) => before,
        };
    }
    reach
}

/// Returns a player's expected payoff from every node on, under a profile.
pub fn values(game: &Game, numbers: &Numbers, profile: &Profile, player: usize) -> Vec<Q> {
    let mut value = vec![Q::ZERO; game.nodes.len()];
    for k in (0..game.nodes.len()).rev() {
        let node = NodeId(k as u32);
        let children = game.children(node);
        let mean =
            |probs: &[Q]| children.iter().zip(probs).map(|(c, p)| value[c.index()].clone() * p.clone()).sum();
        value[k] = match game.nodes[k].kind {
            NodeKind::Terminal(_) => numbers.payoff(game, node, player).clone(),
            NodeKind::Decision(h) => mean(&profile[h.index()]),
            NodeKind::Chance(c) => mean(&numbers.chance[c.index()]),
        };
    }
    value
}

/// Returns a player's highest expected payoff over all its plans against a profile.
///
/// Own sets are decided from the last to the first (those with more own moves before them
/// first), each by the others' weights of its members.
pub fn best_reply_value(game: &Game, numbers: &Numbers, profile: &Profile, player: usize) -> Q {
    let weight = weights(game, numbers, profile, Some(player));
    let mut reply = profile.clone();
    let mut sets: Vec<usize> =
        (0..game.infosets.len()).filter(|h| game.infosets[*h].player.index() == player).collect();
    sets.sort_by_key(|h| std::cmp::Reverse(own_moves_before(game, *h)));
    for h in sets {
        let set = &game.infosets[h];
        let value = values(game, numbers, &reply, player);
        let total = |a: usize| -> Q {
            set.nodes
                .iter()
                .map(|x| weight[x.index()].clone() * value[game.children(*x)[a].index()].clone())
                .sum()
        };
        let totals: Vec<Q> = (0..set.actions.len()).map(total).collect();
        let best = (0..totals.len()).rev().max_by(|a, b| totals[*a].cmp(&totals[*b])).unwrap_or(0);
        reply[h] = (0..totals.len()).map(|a| if a == best { Q::ONE } else { Q::ZERO }).collect();
    }
    values(game, numbers, &reply, player)[0].clone()
}

fn own_moves_before(game: &Game, h: usize) -> usize {
    let mut count = 0;
    let mut at = game.infosets[h].nodes[0];
    while let Some((parent, _)) = game.nodes[at.index()].parent {
        if let NodeKind::Decision(g) = game.nodes[parent.index()].kind {
            count += usize::from(game.infosets[g.index()].player == game.infosets[h].player);
        }
        at = parent;
    }
    count
}

/// Tells whether no player gains by another plan: the definition of Nash equilibrium.
pub fn is_nash(game: &Game, numbers: &Numbers, profile: &Profile) -> bool {
    (0..game.players.len()).all(|p| {
        let value = values(game, numbers, profile, p)[0].clone();
        best_reply_value(game, numbers, profile, p) <= value
    })
}

/// The moves of others on the path to a node: information sets and actions.
pub fn moves_of_others(game: &Game, node: NodeId, player: usize) -> Vec<(usize, usize)> {
    let mut moves = Vec::new();
    let mut at = node;
    while let Some((parent, position)) = game.nodes[at.index()].parent {
        if let NodeKind::Decision(h) = game.nodes[parent.index()].kind
            && game.infosets[h.index()].player.index() != player
        {
            moves.push((h.index(), position as usize));
        }
        at = parent;
    }
    moves
}
