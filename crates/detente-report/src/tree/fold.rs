//! Folding: of a tree too large to read, the part that is played, and what lies next to it.
//!
//! The one idea: the likeliest branches are opened first, until the picture is full; every branch
//! left closed says how many ends lie behind it, so that nothing disappears in silence.

use super::outline::Item;
use crate::scene::{Ink, Run, Shape};
use detente_game::solution::Component;
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BinaryHeap;

/// What stands at a closed branch, before the number of its ends.
pub const SIGN: &str = "▸";

/// A branch that may be opened: likelier ones first, then those nearer to the root.
struct Branch {
    chance: f64,
    depth: usize,
    node: usize,
}

impl Branch {
    /// Ascending in what is opened first.
    fn rank(&self, other: &Branch) -> std::cmp::Ordering {
        let by_chance = self.chance.total_cmp(&other.chance);
        by_chance.then(other.depth.cmp(&self.depth)).then(other.node.cmp(&self.node))
    }
}

impl PartialEq for Branch {
    fn eq(&self, other: &Branch) -> bool {
        self.rank(other).is_eq()
    }
}
impl Eq for Branch {}
impl PartialOrd for Branch {
    fn partial_cmp(&self, other: &Branch) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Branch {
    fn cmp(&self, other: &Branch) -> std::cmp::Ordering {
        self.rank(other)
    }
}

/// Closes branches until at most `most` ends are left; returns the items that are drawn and, for
/// each, its node. Nothing changes if the tree is small enough.
pub fn fold(
    game: &Game,
    numbers: &Numbers,
    shown: Option<&Component>,
    items: Vec<Item>,
    most: usize,
) -> (Vec<Item>, Vec<usize>) {
    let open = opened(game, numbers, shown, most);
    let drawn: Vec<usize> = (0..items.len()).filter(|i| items[*i].parent.is_none_or(|p| open[p])).collect();
    let mut place = vec![usize::MAX; items.len()];
    for (k, node) in drawn.iter().enumerate() {
        place[*node] = k;
    }
    let ends = ends_below(game);
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let take = |node: &usize| {
        let mut item = items[*node].take().expect("every node is drawn once");
        item.parent = item.parent.map(|p| place[p]);
        if item.children.is_empty() || open[*node] {
            item.children.iter_mut().for_each(|c| *c = place[*c]);
            return item;
        }
        let behind = format!("{SIGN} {} ends", ends[*node]);
        Item {
            children: vec![],
            shape: Shape::End,
            set: None,
            owner: vec![],
            belief: vec![],
            outcome: vec![Run::new(behind, Ink::Faint)],
            payoffs: vec![],
            ..item
        }
    };
    (drawn.iter().map(take).collect(), drawn)
}

/// Which inner nodes are opened.
fn opened(game: &Game, numbers: &Numbers, shown: Option<&Component>, most: usize) -> Vec<bool> {
    let mut open = vec![false; game.nodes.len()];
    let mut heap = BinaryHeap::from([Branch { chance: 1.0, depth: 0, node: 0 }]);
    let mut ends = 1;
    while let Some(Branch { chance, depth, node }) = heap.pop() {
        let children = game.children(NodeId(node as u32));
        if children.is_empty() || ends - 1 + children.len() > most {
            continue;
        }
        open[node] = true;
        ends += children.len() - 1;
        for (k, child) in children.iter().enumerate() {
            let share = match game.nodes[node].kind {
                NodeKind::Decision(h) => shown.map_or(1.0, |c| c.profile[h.index()][k].value),
                NodeKind::Chance(c) => numbers.chance[c.index()][k].to_f64(),
                NodeKind::Terminal(_) => 1.0,
            };
            heap.push(Branch { chance: chance * share, depth: depth + 1, node: child.index() });
        }
    }
    open
}

/// The number of ends at or below each node.
fn ends_below(game: &Game) -> Vec<usize> {
    let mut ends = vec![0; game.nodes.len()];
    for n in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(n as u32));
        ends[n] = if children.is_empty() { 1 } else { children.iter().map(|c| ends[c.index()]).sum() };
    }
    ends
}
