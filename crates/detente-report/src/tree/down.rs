//! Trees that grow downwards, for few ends: sloped branches with their names on them.
//!
//! The one idea: a name sits in the middle of its branch with a halo, so it can belong to no other
//! branch; siblings keep enough distance for their names.

use super::outline::Item;
use super::sets::{Frame, Hop, channel};
use super::spread::{Need, Room};
use super::{BRANCH_SIZE, END_SIZE, OWNER_SIZE, RADIUS};
use crate::scene::{Anchor, Label, Point, Role, Run, mix, runs_width};

/// Where on its branch a name stands, as a share of the way down.
const ON_BRANCH: f64 = 0.55;

/// Where the owner of a set is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Over the line between two members.
    Between(usize, usize),
    /// Outside, beside this member.
    Beside(usize),
}

/// The room that words need in this direction.
pub struct DownRoom<'a> {
    pub items: &'a [Item],
    pub level: &'a [usize],
    /// The naming of each set with several members, in the order of the sets.
    pub naming: &'a [Naming],
}

/// True if the words beside a node stand on its right.
fn on_the_right(items: &[Item], node: usize) -> bool {
    match items[node].parent {
        None => true,
        Some(parent) => {
            let siblings = &items[parent].children;
            let place = siblings.iter().position(|c| *c == node).unwrap_or(0);
            2 * place + 1 >= siblings.len()
        }
    }
}

/// The words beside a node.
fn beside(item: &Item, node: usize, naming: &[Naming]) -> Vec<Run> {
    let mut runs = item.belief.clone();
    let named_here = item.set.is_none() || naming.contains(&Naming::Beside(node));
    if named_here && item.parent.is_some() {
        if !runs.is_empty() {
            runs.push(Run::new(" ", crate::scene::Ink::Text));
        }
        runs.extend(item.owner.iter().cloned());
    }
    runs
}

impl DownRoom<'_> {
    fn branch_width(&self, node: usize) -> f64 {
        runs_width(&self.items[node].branch, BRANCH_SIZE)
    }
}

impl Room for DownRoom<'_> {
    fn needs(&self, node: usize) -> Vec<Need> {
        let item = &self.items[node];
        let band = 2 * self.level[node];
        let mut needs = vec![(band, -(RADIUS + 3.0), RADIUS + 3.0)];
        let words = runs_width(&beside(item, node, self.naming), OWNER_SIZE);
        if words > 0.0 {
            let reach = RADIUS + 4.0 + words;
            needs.push(if on_the_right(self.items, node) { (band, 0.0, reach) } else { (band, -reach, 0.0) });
        }
        if item.children.is_empty() {
            let half =
                runs_width(&item.outcome, END_SIZE).max(runs_width(&item.payoffs, END_SIZE)) / 2.0 + 2.0;
            needs.extend([(band, -half, half), (band + 1, -half, half)]);
        }
        if let Some(parent) = item.parent {
            // A branch that passes levels runs straight down to its node.
            needs.extend((2 * self.level[parent] + 2..band).map(|b| (b, -6.0, 6.0)));
        }
        needs
    }

    fn apart(&self, upper: usize, lower: usize) -> f64 {
        ((self.branch_width(upper) + self.branch_width(lower)) / 2.0 + 10.0) / ON_BRANCH
    }

    fn branch(&self, child: usize, offset: f64) -> Option<Need> {
        let parent = self.items[child].parent?;
        let (centre, half) = (offset * ON_BRANCH, self.branch_width(child) / 2.0 + 3.0);
        Some((2 * self.level[parent] + 1, centre - half, centre + half))
    }
}

/// Depth of every level.
pub fn depths(items: &[Item], level: &[usize], across: &[f64], hops: &[Hop]) -> Vec<f64> {
    let deepest = level.iter().copied().max().unwrap_or(0);
    let mut slope = vec![0.0_f64; deepest + 1];
    for (i, item) in items.iter().enumerate() {
        if let Some(parent) = item.parent {
            slope[level[parent]] = slope[level[parent]].max((across[i] - across[parent]).abs());
        }
    }
    let mut depth = vec![0.0; deepest + 1];
    for l in 0..deepest {
        let lanes = channel(hops, level, l + 1);
        let for_lanes = (lanes.max(RADIUS) + 16.0) / (1.0 - ON_BRANCH);
        depth[l + 1] = depth[l] + (0.3 * slope[l]).clamp(78.0, 120.0).max(for_lanes);
    }
    depth
}

/// Returns the line of a branch.
pub fn line(frame: &Frame, from: usize, to: usize) -> Vec<Point> {
    let (start, end) = (frame.node(from), frame.node(to));
    if frame.level[to] == frame.level[from] + 1 {
        return vec![start, end];
    }
    vec![start, Point { x: end.x, y: frame.depth[frame.level[from] + 1] }, end]
}

/// Chooses where each set is named: between two members where the words fit, else outside.
pub fn naming(items: &[Item], sets: &[(usize, Vec<usize>)], hops: &[Hop], across: &[f64]) -> Vec<Naming> {
    let mut chosen = Vec::new();
    for (s, (_, members)) in sets.iter().enumerate() {
        let words = runs_width(&items[members[0]].owner, OWNER_SIZE);
        let room = |h: &Hop| {
            let inner = |n: usize, right: bool| {
                let belief = runs_width(&items[n].belief, OWNER_SIZE);
                if on_the_right(items, n) == right && belief > 0.0 { belief + RADIUS + 4.0 } else { RADIUS }
            };
            across[h.to] - across[h.from] - inner(h.from, true) - inner(h.to, false) - 10.0
        };
        let straight = hops.iter().filter(|h| h.set == s && h.lane == 0);
        let widest = straight.max_by(|a, b| room(a).total_cmp(&room(b)));
        chosen.push(match widest {
            Some(h) if room(h) >= words => Naming::Between(h.from, h.to),
            _ => {
                let by_place = |a: &&usize, b: &&usize| across[**a].total_cmp(&across[**b]);
                let first = *members.iter().min_by(by_place).expect("a set has members");
                let last = *members.iter().max_by(by_place).expect("a set has members");
                let outside =
                    if !on_the_right(items, first) && on_the_right(items, last) { last } else { first };
                Naming::Beside(outside)
            }
        });
    }
    chosen
}

/// Returns the words of the whole tree.
pub fn labels(items: &[Item], frame: &Frame, sets: &[(usize, Vec<usize>)], naming: &[Naming]) -> Vec<Label> {
    let mut labels = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let at = frame.node(i);
        if let Some(parent) = item.parent {
            let knee = line(frame, parent, i)[1];
            let spot = mix(frame.node(parent), knee, ON_BRANCH);
            let place = Point { x: spot.x, y: spot.y + 4.5 };
            let label = Label::new(Role::Branch, item.branch.clone(), place, Anchor::Middle, BRANCH_SIZE);
            labels.push(Label { on_line: true, ..label });
        } else {
            let place = Point { x: at.x, y: at.y - RADIUS - 8.0 };
            labels.push(Label::new(Role::Owner, item.owner.clone(), place, Anchor::Middle, OWNER_SIZE));
        }
        let words = beside(item, i, naming);
        let (dx, anchor) =
            if on_the_right(items, i) { (RADIUS + 4.0, Anchor::Start) } else { (-RADIUS - 4.0, Anchor::End) };
        let role = if item.set.is_none() || naming.contains(&Naming::Beside(i)) {
            Role::Owner
        } else {
            Role::Belief
        };
        labels.push(Label::new(role, words, Point { x: at.x + dx, y: at.y - 5.0 }, anchor, OWNER_SIZE));
        if item.children.is_empty() {
            let mut y = at.y + 18.0;
            for runs in [&item.outcome, &item.payoffs] {
                if !runs.is_empty() {
                    let place = Point { x: at.x, y };
                    labels.push(Label::new(Role::End, runs.clone(), place, Anchor::Middle, END_SIZE));
                    y += 16.0;
                }
            }
        }
    }
    for (name, (_, members)) in naming.iter().zip(sets) {
        if let Naming::Between(a, b) = name {
            let middle = mix(frame.node(*a), frame.node(*b), 0.5);
            let place = Point { x: middle.x, y: middle.y - 5.0 };
            let words = items[members[0]].owner.clone();
            labels.push(Label::new(Role::Owner, words, place, Anchor::Middle, OWNER_SIZE));
        }
    }
    labels.retain(|l| !l.runs.is_empty());
    labels
}
