//! Subgames: nodes whose subtree no information set crosses.
//!
//! Number the nodes in the order of a walk from the root, so that every subtree is a
//! range of numbers. A node starts a subgame (Selten, "Reexamination of the perfectness
//! concept for equilibrium points in extensive games", 1975) if the sets met in its
//! subtree have all their members in that range: a lowest and a highest number per
//! subtree decide it, in linear time.

use crate::game::{Game, NodeId, NodeKind};

/// Returns the roots of all subgames, nested ones before those that contain them; the last
/// is the root of the whole game. Ends of play are not subgames.
pub fn subgame_roots(game: &Game) -> Vec<NodeId> {
    let (enter, leave) = walk_numbers(game);
    // Lowest and highest member number over all sets met in the subtree of each node.
    let mut span: Vec<(u32, u32)> = vec![(u32::MAX, 0); game.nodes.len()];
    for set in &game.infosets {
        let numbers = || set.nodes.iter().map(|n| enter[n.index()]);
        let Some((low, high)) = numbers().min().zip(numbers().max()) else { continue };
        for node in &set.nodes {
            span[node.index()] = (low, high);
        }
    }
    for k in (1..game.nodes.len()).rev() {
        if let Some((parent, _)) = game.nodes[k].parent {
            let (low, high) = span[k];
            let above = &mut span[parent.index()];
            *above = (above.0.min(low), above.1.max(high));
        }
    }
    let starts = |k: &usize| {
        let inside = span[*k].0 >= enter[*k] && span[*k].1 < leave[*k];
        *k == 0 || (inside && !matches!(game.nodes[*k].kind, NodeKind::Terminal(_)))
    };
    (0..game.nodes.len()).rev().filter(starts).map(|k| NodeId(k as u32)).collect()
}

/// Numbers nodes in the order of a walk: each subtree is the range `enter..leave`.
fn walk_numbers(game: &Game) -> (Vec<u32>, Vec<u32>) {
    let count = game.nodes.len();
    let mut size = vec![1u32; count];
    for k in (1..count).rev() {
        if let Some((parent, _)) = game.nodes[k].parent {
            size[parent.index()] += size[k];
        }
    }
    let mut enter = vec![0u32; count];
    for k in 0..count {
        let mut next = enter[k] + 1;
        for child in game.children(NodeId(k as u32)) {
            enter[child.index()] = next;
            next += size[child.index()];
        }
    }
    let leave = enter.iter().zip(&size).map(|(e, s)| e + s).collect();
    (enter, leave)
}
