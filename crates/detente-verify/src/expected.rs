//! Expected payoffs at every node, enclosed.

use detente_exact::Interval;
use detente_game::{Game, NodeId, NodeKind};

/// Expected payoffs of all players at all nodes, node by node, children before parents; `step` is the
/// probability of a node's arm.
pub(crate) fn enclosed_values(
    game: &Game,
    payoffs: &[Interval],
    step: impl Fn(NodeId, usize) -> Interval,
) -> Vec<Interval> {
    let players = game.players.len();
    let mut values = payoffs.to_vec();
    for n in (0..game.nodes.len()).rev() {
        let node = NodeId(n as u32);
        if let NodeKind::Terminal(_) = game.nodes[n].kind {
            continue;
        }
        for p in 0..players {
            let children = game.children(node).iter().enumerate();
            values[n * players + p] = children.fold(Interval::ZERO, |sum, (arm, child)| {
                sum + step(node, arm) * values[child.index() * players + p]
            });
        }
    }
    values
}
