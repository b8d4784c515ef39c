//! Checks that the nodes of a game form one tree, and that sets and nodes agree.
//!
//! Every node but the root names its parent and its place there, and the parent names it
//! back; with parents before children that leaves no room for cycles or orphans.

use super::super::error::FormatError;
use super::super::{MAX_DEPTH, MAX_PAYOFFS};
use super::tables::bad;
use crate::game::{Game, Node, NodeId, NodeKind};

/// Checks the tree. The tables have been checked before.
pub(crate) fn check(game: &Game) -> Result<(), FormatError> {
    let nodes = &game.nodes;
    if nodes.first().is_none_or(|root| root.parent.is_some()) {
        return Err(bad("game.nodes[0]", "the first node must be the root, without a parent"));
    }
    if nodes.len().saturating_mul(game.players.len()) > MAX_PAYOFFS {
        let message = format!("{} nodes times {} players", nodes.len(), game.players.len());
        return Err(FormatError::path(
            "game.nodes",
            message,
            format!("the limit is {MAX_PAYOFFS}; write a smaller game"),
        ));
    }
    if game.children.len() != nodes.len() - 1 {
        return Err(bad(
            "game.children",
            format!("{} children for {} nodes", game.children.len(), nodes.len()),
        ));
    }
    let mut depth = vec![0u32; nodes.len()];
    for (k, node) in nodes.iter().enumerate() {
        let path = || format!("game.nodes[{k}]");
        node_alone(game, node).map_err(|message| bad(path(), message))?;
        let Some((parent, position)) = node.parent else {
            if k > 0 {
                return Err(bad(path(), "a second node without a parent"));
            }
            continue;
        };
        if parent.index() >= k {
            return Err(bad(path(), "a parent that does not come before its child"));
        }
        // The parent has been checked, so its children are in range.
        if game.children(parent).get(position as usize) != Some(&NodeId(k as u32)) {
            return Err(bad(path(), "its parent does not name this node as its child"));
        }
        depth[k] = depth[parent.index()] + 1;
        if depth[k] as usize > MAX_DEPTH {
            return Err(FormatError::path(
                path(),
                format!("the tree is deeper than {MAX_DEPTH} moves"),
                "write a shorter game",
            ));
        }
    }
    members(game)?;
    if game.strategic { strategic(game, &depth) } else { Ok(()) }
}

/// Checks one node's references and its number of children.
fn node_alone(game: &Game, node: &Node) -> Result<(), String> {
    let moves = match node.kind {
        NodeKind::Decision(h) => {
            game.infosets.get(h.index()).ok_or(format!("there is no information set {}", h.0))?.actions.len()
        }
        NodeKind::Chance(c) => {
            game.chances.get(c.index()).ok_or(format!("there is no chance move {}", c.0))?.arms.len()
        }
        NodeKind::Terminal(Some(o)) if o.index() >= game.outcomes.len() => {
            return Err(format!("there is no outcome {}", o.0));
        }
        NodeKind::Terminal(_) => 0,
    };
    if moves != node.num_children as usize {
        return Err(format!("{} children for {moves} actions", node.num_children));
    }
    if node.first_child as usize + moves > game.children.len() {
        return Err("its children lie beyond the end of `children`".into());
    }
    if node.pays.index() >= game.pay_lists.len() {
        return Err(format!("there is no list of payments {}", node.pays.0));
    }
    Ok(())
}

/// Checks that sets list exactly the nodes that belong to them, ascending.
fn members(game: &Game) -> Result<(), FormatError> {
    let mut listed = 0usize;
    for (k, set) in game.infosets.iter().enumerate() {
        let path = || format!("game.infosets[{k}].nodes");
        let belongs = |n: &NodeId| {
            game.nodes
                .get(n.index())
                .is_some_and(|n| n.kind == NodeKind::Decision(crate::InfosetId(k as u32)))
        };
        if set.nodes.is_empty() {
            return Err(bad(path(), "an information set without nodes"));
        }
        if !set.nodes.iter().all(belongs) {
            return Err(bad(path(), "a node that does not belong to this set"));
        }
        if set.nodes.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(bad(path(), "nodes that are not in ascending order"));
        }
        listed += set.nodes.len();
    }
    let decisions = game.nodes.iter().filter(|n| matches!(n.kind, NodeKind::Decision(_))).count();
    if listed == decisions {
        Ok(())
    } else {
        Err(bad("game.infosets", "a decision node that its set does not list"))
    }
}

/// A strategic form: player `d` moves at depth `d`, at one set; payments at the end only.
fn strategic(game: &Game, depth: &[u32]) -> Result<(), FormatError> {
    let players = game.players.len();
    let in_turn = game.infosets.iter().enumerate().all(|(k, h)| h.player.index() == k);
    let fits = |(node, depth): (&Node, &u32)| match node.kind {
        NodeKind::Decision(h) => h.0 == *depth && node.pays.0 == 0,
        NodeKind::Chance(_) => false,
        NodeKind::Terminal(_) => *depth as usize == players,
    };
    if game.infosets.len() == players && in_turn && game.nodes.iter().zip(depth).all(fits) {
        return Ok(());
    }
    Err(bad("game.strategic", "the tree is not one simultaneous move per player"))
}
