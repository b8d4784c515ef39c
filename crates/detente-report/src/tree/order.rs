//! The order of branches: some are mirrored so that information sets do not tangle.
//!
//! The one idea: the author's order is kept unless turning a node's branches round makes the
//! curves of information sets pass fewer strangers.

use super::outline::Item;

/// Trees beyond this many nodes keep the author's order.
const LIMIT: usize = 700;

/// Turns round the branches of nodes where that untangles the information sets.
pub fn untangle(items: &mut [Item], level: &[usize], sets: &[(usize, Vec<usize>)]) {
    if sets.is_empty() || items.len() > LIMIT {
        return;
    }
    let mut best = tangle(items, level, sets);
    for _ in 0..4 {
        let before = best;
        for node in 0..items.len() {
            if items[node].children.len() < 2 || best == 0 {
                continue;
            }
            items[node].children.reverse();
            let now = tangle(items, level, sets);
            if now < best {
                best = now;
            } else {
                items[node].children.reverse();
            }
        }
        if best == before {
            break;
        }
    }
}

/// Returns the nodes in drawing order, depth first.
pub fn drawing_order(items: &[Item]) -> Vec<usize> {
    let mut order = Vec::with_capacity(items.len());
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        order.push(node);
        open.extend(items[node].children.iter().rev());
    }
    order
}

/// Strangers passed by the curves, and crossings between curves at three times the price.
fn tangle(items: &[Item], level: &[usize], sets: &[(usize, Vec<usize>)]) -> usize {
    let mut place = vec![0; items.len()];
    let mut used = vec![0; level.iter().max().map_or(0, |m| m + 1)];
    for node in drawing_order(items) {
        place[node] = used[level[node]];
        used[level[node]] += 1;
    }
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for (_, members) in sets {
        let mut at: Vec<(usize, usize)> = members.iter().map(|m| (level[*m], place[*m])).collect();
        at.sort_unstable();
        spans.extend(at.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| (w[0].0, w[0].1, w[1].1)));
    }
    let strangers: usize = spans.iter().map(|s| s.2 - s.1 - 1).sum();
    let mut crossings = 0;
    for (i, a) in spans.iter().enumerate() {
        for b in &spans[i + 1..] {
            let (first, second) = if a.1 <= b.1 { (a, b) } else { (b, a) };
            let crosses =
                first.0 == second.0 && first.1 < second.1 && second.1 < first.2 && first.2 < second.2;
            crossings += usize::from(crosses);
        }
    }
    strangers + 3 * crossings
}
