//! Sets of the first side in the same position: what follows one follows the other.
//!
//! The one idea: if whatever is played the same follows for two sets, only the average of what they play
//! matters to anybody, and they count as one. Where only some replies fail to tell them apart, the pair
//! is noted for later.

use super::core::Core;
use super::reduce::Left;
use super::tree::Kind;
use super::twins::{Pair, Same};

impl Core {
    /// Finds groups that the same replies answer, and after which of them play ends alike.
    pub(super) fn compare(&mut self, left: &Left) {
        let sets = &left.lane.tree.sets;
        let alone = |g: usize| match self.twins[g][..] {
            [twin] if sets[twin.set as usize].nodes.len() == 1 => Some(twin.set),
            _ => None,
        };
        let child = |h: u32, k: u32| {
            let x = sets[h as usize].nodes[0];
            resolved(left, left.lane.tree.nodes[x as usize].children[k as usize])
        };
        let mut pairs = vec![];
        for first in 0..self.groups.len() {
            for second in first + 1..self.groups.len() {
                let (Some(a), Some(b)) = (alone(first), alone(second)) else { continue };
                if left.menu[a as usize] == left.menu[b as usize] {
                    let same = left.actions(a).into_iter().map(|k| self.same(left, child(a, k), child(b, k)));
                    if let Some(same) = same.collect() {
                        pairs.push(Pair { first, second, same });
                    }
                }
            }
        }
        self.pairs = pairs;
    }

    /// What follows at two nodes, if it is the same end or the same set.
    fn same(&self, left: &Left, a: u32, b: u32) -> Option<Same> {
        let nodes = &left.lane.tree.nodes;
        let (one, other) = (&nodes[a as usize], &nodes[b as usize]);
        match (one.kind, other.kind) {
            (Kind::Decision(h), Kind::Decision(g)) if h == g => {
                let r = self.replies.iter().position(|r| r.set == h)?;
                let alike = |k: &u32| alike(left, one.children[*k as usize], other.children[*k as usize]);
                Some(Same::After(r, self.replies[r].actions.iter().map(alike).collect()))
            }
            (Kind::End(_), Kind::End(_)) if one.alike == other.alike => Some(Same::End),
            _ => None,
        }
    }

    /// Makes one of sets that are in the same position: whatever is played, the same follows for all.
    /// Only their average then matters to anybody.
    pub(super) fn merge(&mut self, left: &Left) {
        let set = |core: &Core, g: usize| core.twins[g][0].set;
        let mut i = 0;
        while i < self.groups.len() {
            let mut j = i + 1;
            while j < self.groups.len() {
                if alike_sets(left, set(self, i), set(self, j)) {
                    self.join(i, j);
                } else {
                    j += 1;
                }
            }
            i += 1;
        }
    }

    /// Joins group `j` to group `i`.
    fn join(&mut self, i: usize, j: usize) {
        for (kept, gone) in self.groups[i].clone().into_iter().zip(self.groups[j].clone()) {
            for reply in &mut self.replies {
                let way = |m: usize| reply.ways.iter().position(|(way, _)| *way == Some(m));
                let (Some(to), Some(from)) = (way(kept), way(gone)) else { continue };
                let (_, values) = reply.ways.remove(from);
                let to = if to > from { to - 1 } else { to };
                for (sum, v) in reply.ways[to].1.iter_mut().zip(values) {
                    *sum = *sum + v;
                }
                for member in &mut reply.members {
                    member.way = match member.way {
                        w if w == from => to,
                        w if w > from => w - 1,
                        w => w,
                    };
                }
            }
        }
        self.groups.remove(j);
        let twins = self.twins.remove(j);
        self.twins[i].extend(twins);
    }
}

/// Whether two sets with one member each are in the same position: after each action that is left the
/// same follows.
fn alike_sets(left: &Left, a: u32, b: u32) -> bool {
    let sets = &left.lane.tree.sets;
    let (one, other) = (&sets[a as usize], &sets[b as usize]);
    if one.nodes.len() != 1 || other.nodes.len() != 1 || left.menu[a as usize] != left.menu[b as usize] {
        return false;
    }
    let child = |x: u32, k: u32| left.lane.tree.nodes[x as usize].children[k as usize];
    left.actions(a).into_iter().all(|k| alike(left, child(one.nodes[0], k), child(other.nodes[0], k)))
}

/// Whether the same follows at two nodes: the same replies are asked, and play ends alike after each.
pub fn alike(left: &Left, a: u32, b: u32) -> bool {
    let tree = left.lane.tree;
    let (a, b) = (resolved(left, a), resolved(left, b));
    let (one, other) = (&tree.nodes[a as usize], &tree.nodes[b as usize]);
    let child = |k: usize| (one.children[k], other.children[k]);
    match (one.kind, other.kind) {
        (Kind::End(_), Kind::End(_)) => one.alike == other.alike,
        (Kind::Chance(p), Kind::Chance(q)) => {
            one.children.len() == other.children.len()
                && tree.same_chances(p, q, one.children.len())
                && (0..one.children.len()).all(|k| alike(left, child(k).0, child(k).1))
        }
        (Kind::Decision(h), Kind::Decision(g)) => {
            let inside =
                left.stage.nodes.binary_search(&a).is_ok() && left.stage.nodes.binary_search(&b).is_ok();
            let same = |k: u32| alike(left, child(k as usize).0, child(k as usize).1);
            inside && h == g && left.actions(h).into_iter().all(same)
        }
        _ => false,
    }
}

/// Follows what is settled.
fn resolved(left: &Left, mut x: u32) -> u32 {
    let tree = left.lane.tree;
    while let Kind::Decision(h) = tree.nodes[x as usize].kind {
        let node = &tree.nodes[x as usize];
        let inside = left.stage.nodes.binary_search(&x).is_ok();
        x = match (node.open, inside && left.settled(h)) {
            (true, _) => node.children[usize::from(left.lane.choice[h as usize])],
            (false, true) => node.children[left.only(h) as usize],
            _ => break,
        };
    }
    x
}
