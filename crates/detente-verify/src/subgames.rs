//! Where subgames start, found again: the referee does not ask the code that the solver asks.

use detente_game::{Game, NodeId, NodeKind};

/// Returns the nodes that start a subgame: no information set is partly below them.
pub fn subgame_roots(game: &Game) -> Vec<NodeId> {
    // Position in depth-first order, and the end of each subtree in it.
    let mut enter = vec![0usize; game.nodes.len()];
    let mut order = Vec::with_capacity(game.nodes.len());
    let mut stack = vec![NodeId(0)];
    while let Some(node) = stack.pop() {
        enter[node.index()] = order.len();
        order.push(node);
        stack.extend(game.children(node).iter().rev());
    }
    let mut end = vec![0usize; game.nodes.len()];
    // Lowest and highest position of any member of a set met below a node.
    let mut span = vec![(usize::MAX, 0usize); game.nodes.len()];
    let members: Vec<(usize, usize)> = game
        .infosets
        .iter()
        .map(|h| {
            h.nodes
                .iter()
                .fold((usize::MAX, 0), |(l, u), n| (l.min(enter[n.index()]), u.max(enter[n.index()])))
        })
        .collect();
    let mut roots = Vec::new();
    for node in order.iter().rev() {
        let n = node.index();
        end[n] = enter[n] + 1;
        if let NodeKind::Decision(h) = game.nodes[n].kind {
            span[n] = members[h.index()];
        }
        for child in game.children(*node) {
            end[n] = end[n].max(end[child.index()]);
            let below = span[child.index()];
            span[n] = (span[n].0.min(below.0), span[n].1.max(below.1));
        }
        let inside = span[n].0 >= enter[n] && span[n].1 < end[n].max(1);
        if inside && !matches!(game.nodes[n].kind, NodeKind::Terminal(_)) {
            roots.push(*node);
        }
    }
    roots.reverse();
    roots
}
