//! The level of every node: members of one information set stand side by side.
//!
//! The one idea: a node stands below its parent, and a set at the level of its lowest member. In a
//! game where no order of time fits all sets, levels are plain depths.

use super::outline::Item;

/// Returns the level of every node, the root at 0; parents come before children in `items`.
pub fn levels(items: &[Item], sets: &[(usize, Vec<usize>)]) -> Vec<usize> {
    let mut level = depths(items);
    // Each round raises some level; a consistent order needs at most one round per level.
    for _ in 0..=items.len().min(200) {
        let mut changed = false;
        for (_, members) in sets {
            let lowest = members.iter().map(|m| level[*m]).max().unwrap_or(0);
            for m in members {
                changed |= level[*m] != lowest;
                level[*m] = lowest;
            }
        }
        for (i, item) in items.iter().enumerate() {
            let least = item.parent.map_or(0, |p| level[p] + 1);
            if level[i] < least {
                level[i] = least;
                changed = true;
            }
        }
        if !changed {
            return level;
        }
    }
    depths(items)
}

fn depths(items: &[Item]) -> Vec<usize> {
    let mut level = vec![0; items.len()];
    for (i, item) in items.iter().enumerate() {
        level[i] = item.parent.map_or(0, |p| level[p] + 1);
    }
    level
}
