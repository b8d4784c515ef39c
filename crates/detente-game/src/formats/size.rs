//! Keeps exact numbers small enough to compute with.
//!
//! A few bytes can ask for a number that fills the memory: fractions with unlike
//! denominators grow when they are added. Sums are checked while they are formed.

use super::MAX_NUMBER_BITS;
use crate::game::{Game, NodeId, NodeKind};
use detente_exact::Q;

/// Adds numbers; `None` if the sum grows beyond [`MAX_NUMBER_BITS`].
pub(crate) fn sum<'a>(numbers: impl Iterator<Item = &'a Q>) -> Option<Q> {
    let mut total = Q::ZERO;
    for number in numbers {
        total += number;
        if total.bits() > MAX_NUMBER_BITS {
            return None;
        }
    }
    Some(total)
}

/// Finds a node at which some player's payoffs, added along the path, are too large to
/// compute with. `amounts[l]` holds the payments of pay list `l` as (player, amount).
pub(crate) fn oversized_payoff(game: &Game, amounts: &[Vec<(usize, Q)>]) -> Option<NodeId> {
    let players = game.players.len();
    // Distinct sums along paths to inner nodes; position 0 is "nothing yet".
    let mut sums: Vec<Vec<Q>> = vec![vec![Q::ZERO; players]];
    let mut at: Vec<u32> = Vec::with_capacity(game.nodes.len());
    for (k, node) in game.nodes.iter().enumerate() {
        let before = node.parent.map_or(0, |(parent, _)| at[parent.index()]);
        let pays = &amounts[node.pays.index()];
        if pays.is_empty() {
            at.push(before);
            continue;
        }
        let mut total = sums[before as usize].clone();
        for (player, amount) in pays {
            total[*player] += amount;
            if total[*player].bits() > MAX_NUMBER_BITS {
                return Some(NodeId(k as u32));
            }
        }
        at.push(before);
        if !matches!(node.kind, NodeKind::Terminal(_)) {
            sums.push(total);
            at[k] = sums.len() as u32 - 1;
        }
    }
    None
}
