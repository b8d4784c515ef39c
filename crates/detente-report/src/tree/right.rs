//! Trees that grow to the right, for many ends: one row per end, words on level branches.
//!
//! The one idea: a branch leaves its node as a short slope and then runs level, so its name stands
//! on it and names of different branches stand in different rows.

use super::outline::Item;
use super::sets::{Frame, Hop, channel};
use super::spread::{Need, Room};
use super::{BRANCH_SIZE, END_SIZE, OWNER_SIZE, RADIUS};
use crate::scene::{Anchor, Label, Point, Role, Run, runs_width};

/// Room for words above and below a branch.
const ABOVE: f64 = 18.0;
const BELOW: f64 = 18.0;

/// The room that words need in this direction.
pub struct RightRoom<'a> {
    pub items: &'a [Item],
    pub level: &'a [usize],
    pub deepest: usize,
}

impl Room for RightRoom<'_> {
    fn needs(&self, node: usize) -> Vec<Need> {
        let item = &self.items[node];
        let band = 2 * self.level[node];
        let mut needs = vec![(band, -(RADIUS + 3.0), RADIUS + 3.0)];
        if let Some(parent) = item.parent {
            let below = if item.owner.is_empty() { 4.0 } else { BELOW };
            needs.extend((2 * self.level[parent] + 1..band).map(|b| (b, -ABOVE, below)));
        }
        if item.children.is_empty() {
            needs.extend((band..=2 * self.deepest + 1).map(|b| (b, -9.0, 9.0)));
        }
        needs
    }

    fn apart(&self, _upper: usize, _lower: usize) -> f64 {
        0.0
    }

    fn branch(&self, _child: usize, _offset: f64) -> Option<Need> {
        None
    }
}

/// Returns the words under the branch into a node: the owner, once per set, and the belief.
fn under(item: &Item, first_of_set: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    if item.set.is_none() || first_of_set {
        runs.extend(item.owner.iter().cloned());
    }
    if !runs.is_empty() && !item.belief.is_empty() {
        runs.push(Run::new(" ", crate::scene::Ink::Text));
    }
    runs.extend(item.belief.iter().cloned());
    runs
}

/// Depth of the slope at the start of the branches below each level, and depth of each level.
pub fn depths(
    items: &[Item],
    level: &[usize],
    across: &[f64],
    hops: &[Hop],
    firsts: &[bool],
) -> (Vec<f64>, Vec<f64>) {
    let deepest = level.iter().copied().max().unwrap_or(0);
    let (mut slope, mut words) = (vec![0.0_f64; deepest + 1], vec![0.0_f64; deepest + 1]);
    for (i, item) in items.iter().enumerate() {
        let Some(parent) = item.parent else { continue };
        let rise = (across[i] - across[parent]).abs();
        let start = level[parent];
        slope[start] = slope[start].max((10.0 + 0.14 * rise).clamp(26.0, 64.0));
        words[start] = words[start].max(runs_width(&item.branch, BRANCH_SIZE));
        let end = level[i] - 1;
        words[end] = words[end].max(runs_width(&under(item, firsts[i]), OWNER_SIZE));
    }
    let mut depth = vec![0.0; deepest + 1];
    for l in 0..deepest {
        let lanes = channel(hops, level, l + 1);
        let free = depth[l] + slope[l] + words[l] + 12.0;
        depth[l + 1] =
            free.max(behind_ends(items, level, across, hops, &depth, l + 1)) + lanes.max(RADIUS + 2.0);
    }
    (slope, depth)
}

/// Where a level may begin so that the curves of its sets pass behind the words of the ends that
/// stand in rows between their members.
fn behind_ends(
    items: &[Item],
    level: &[usize],
    across: &[f64],
    hops: &[Hop],
    depth: &[f64],
    at: usize,
) -> f64 {
    let outcomes = outcome_widths(items, level, depth.len());
    let mut least = 0.0_f64;
    for hop in hops.iter().filter(|h| level[h.from] == at || level[h.to] == at) {
        let same = level[hop.from] == level[hop.to];
        let (low, high) = if same { (across[hop.from], across[hop.to]) } else { (f64::MIN, f64::MAX) };
        for (i, item) in items.iter().enumerate() {
            if item.children.is_empty() && level[i] < at && across[i] > low && across[i] < high {
                let words = payoffs_start(outcomes[level[i]]) + runs_width(&item.payoffs, END_SIZE);
                least = least.max(depth[level[i]] + words + 6.0);
            }
        }
    }
    least
}

/// The widest outcome name among the ends of each level.
fn outcome_widths(items: &[Item], level: &[usize], levels: usize) -> Vec<f64> {
    let mut widest = vec![0.0_f64; levels];
    for (i, item) in items.iter().enumerate() {
        widest[level[i]] = widest[level[i]].max(runs_width(&item.outcome, END_SIZE));
    }
    widest
}

/// Where the payoffs of an end begin, from its mark, if the outcome names of its level are so wide.
fn payoffs_start(outcome_width: f64) -> f64 {
    9.0 + outcome_width + if outcome_width > 0.0 { 12.0 } else { 0.0 }
}

/// Returns the line of a branch.
pub fn line(frame: &Frame, slope: &[f64], from: usize, to: usize) -> Vec<Point> {
    let start = frame.node(from);
    let end = frame.node(to);
    if (start.y - end.y).abs() < 0.01 {
        return vec![start, end];
    }
    vec![start, Point { x: start.x + slope[frame.level[from]], y: end.y }, end]
}

/// Returns the words of the whole tree.
pub fn labels(items: &[Item], frame: &Frame, slope: &[f64], hops: &[Hop], firsts: &[bool]) -> Vec<Label> {
    let mut labels = Vec::new();
    let outcome_width = outcome_widths(items, frame.level, frame.depth.len());
    for (i, item) in items.iter().enumerate() {
        let at = frame.node(i);
        if let Some(parent) = item.parent {
            let start = frame.node(parent).x + slope[frame.level[parent]];
            let place = Point { x: start + 5.0, y: at.y - 6.5 };
            labels.push(Label::new(Role::Branch, item.branch.clone(), place, Anchor::Start, BRANCH_SIZE));
        }
        let words = under(item, firsts[i]);
        if !words.is_empty() {
            let role = if item.set.is_none() || firsts[i] { Role::Owner } else { Role::Belief };
            let lanes = channel(hops, frame.level, frame.level[i]);
            let place = match item.parent {
                Some(_) => Point { x: at.x - lanes.max(RADIUS + 2.0) - 2.0, y: at.y + 14.5 },
                None => Point { x: at.x - RADIUS - 6.0, y: at.y + 4.0 },
            };
            labels.push(Label::new(role, words, place, Anchor::End, OWNER_SIZE));
        }
        if item.children.is_empty() {
            let width = outcome_width[frame.level[i]];
            let start = Point { x: at.x + 9.0, y: at.y + 4.5 };
            if !item.outcome.is_empty() {
                labels.push(Label::new(Role::End, item.outcome.clone(), start, Anchor::Start, END_SIZE));
            }
            let place = Point { x: at.x + payoffs_start(width), y: start.y };
            labels.push(Label::new(Role::End, item.payoffs.clone(), place, Anchor::Start, END_SIZE));
        }
    }
    labels.retain(|l| !l.runs.is_empty());
    labels
}
