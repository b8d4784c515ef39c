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

/// What part of a tree is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The node at which the picture begins.
    pub root: usize,
    /// Most ends of the picture.
    pub most: usize,
    /// Most moves on one way through the picture.
    pub deepest: usize,
}

/// Closes branches until the part has few enough ends; returns the items that are drawn and, for
/// each, its node. Nothing changes if the whole tree is wanted and small enough.
pub fn fold(game: &Game, reach: &[f64], mut items: Vec<Item>, part: Part) -> (Vec<Item>, Vec<usize>) {
    let open = opened(game, reach, part);
    items[part.root].parent = None;
    items[part.root].branch.clear();
    let shown = |i: &usize| *i == part.root || items[*i].parent.is_some_and(|p| open[p]);
    let drawn: Vec<usize> = (0..items.len()).filter(shown).collect();
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
        Item {
            children: vec![],
            shape: Shape::End,
            set: None,
            owner: vec![],
            belief: vec![],
            outcome: vec![Run::new(format!("{SIGN} {} ends", ends[*node]), Ink::Faint)],
            payoffs: vec![],
            ..item
        }
    };
    (drawn.iter().map(take).collect(), drawn)
}

/// The probability of each node, where an equilibrium is given; without one every move counts as
/// made.
pub fn reach(game: &Game, numbers: &Numbers, shown: Option<&Component>) -> Vec<f64> {
    let mut reach = vec![1.0; game.nodes.len()];
    for (i, node) in game.nodes.iter().enumerate() {
        let Some((parent, k)) = node.parent else { continue };
        let share = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => shown.map_or(1.0, |c| c.profile[h.index()][k as usize].value),
            NodeKind::Chance(c) => numbers.chance[c.index()][k as usize].to_f64(),
            NodeKind::Terminal(_) => 1.0,
        };
        reach[i] = reach[parent.index()] * share;
    }
    reach
}

/// Which inner nodes are opened.
fn opened(game: &Game, reach: &[f64], part: Part) -> Vec<bool> {
    let mut open = vec![false; game.nodes.len()];
    let mut heap = BinaryHeap::from([Branch { chance: reach[part.root], depth: 0, node: part.root }]);
    let mut ends = 1;
    while let Some(Branch { depth, node, .. }) = heap.pop() {
        let children = game.children(NodeId(node as u32));
        if children.is_empty() || depth >= part.deepest || ends - 1 + children.len() > part.most {
            continue;
        }
        open[node] = true;
        ends += children.len() - 1;
        for child in children {
            heap.push(Branch { chance: reach[child.index()], depth: depth + 1, node: child.index() });
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
