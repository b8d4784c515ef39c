//! The border of a set of squares, as closed lines.
//!
//! The one idea: every side of every square, cut at all corners that lie on it, counts once from
//! each square; sides that two squares share cancel. The rest joins up into loops.

use crate::plane::Square;
use std::collections::{BTreeMap, BTreeSet};

type Point = (u32, u32);

/// Returns the borders; the set lies to the left of each line.
pub fn loops(squares: &[Square]) -> Vec<Vec<Point>> {
    let mut edges: BTreeMap<Point, BTreeSet<Point>> = BTreeMap::new();
    let (mut rows, mut columns): (BTreeMap<u32, BTreeSet<u32>>, BTreeMap<u32, BTreeSet<u32>>) =
        Default::default();
    for s in squares {
        for (x, y) in [(s.x, s.y), (s.x + s.size, s.y), (s.x, s.y + s.size), (s.x + s.size, s.y + s.size)] {
            rows.entry(y).or_default().insert(x);
            columns.entry(x).or_default().insert(y);
        }
    }
    let mut add = |a: Point, b: Point| {
        if edges.get_mut(&b).is_some_and(|ends| ends.remove(&a)) {
            return;
        }
        edges.entry(a).or_default().insert(b);
    };
    for s in squares {
        let (x0, y0, x1, y1) = (s.x, s.y, s.x + s.size, s.y + s.size);
        let cut = |list: &BTreeSet<u32>, from: u32, to: u32| -> Vec<u32> {
            list.range(from..=to).copied().collect()
        };
        let bottom: Vec<Point> = cut(&rows[&y0], x0, x1).into_iter().map(|x| (x, y0)).collect();
        let right: Vec<Point> = cut(&columns[&x1], y0, y1).into_iter().map(|y| (x1, y)).collect();
        let mut top: Vec<Point> = cut(&rows[&y1], x0, x1).into_iter().map(|x| (x, y1)).collect();
        let mut left: Vec<Point> = cut(&columns[&x0], y0, y1).into_iter().map(|y| (x0, y)).collect();
        top.reverse();
        left.reverse();
        for side in [bottom, right, top, left] {
            side.windows(2).for_each(|w| add(w[0], w[1]));
        }
    }
    let mut list = vec![];
    while let Some((start, _)) = edges.iter().find(|(_, ends)| !ends.is_empty()) {
        let start = *start;
        let mut line = vec![start];
        let mut at = start;
        let mut heading = (0i64, 0i64);
        while let Some(ends) = edges.get_mut(&at).filter(|e| !e.is_empty()) {
            // At a corner where two squares only touch, turn left: the loops stay apart.
            let turn = |to: &Point| {
                let way = (i64::from(to.0) - i64::from(at.0), i64::from(to.1) - i64::from(at.1));
                (heading.0 * way.1.signum() - heading.1 * way.0.signum(), *to)
            };
            let Some(next) = ends.iter().copied().max_by_key(turn) else { break };
            ends.remove(&next);
            heading = (
                (i64::from(next.0) - i64::from(at.0)).signum(),
                (i64::from(next.1) - i64::from(at.1)).signum(),
            );
            at = next;
            if at == start {
                break;
            }
            line.push(at);
        }
        list.push(straight(line));
    }
    list
}

/// Leaves out points in the middle of a straight part.
fn straight(line: Vec<Point>) -> Vec<Point> {
    let n = line.len();
    let bends = |k: usize| {
        let (a, b, c) = (line[(k + n - 1) % n], line[k], line[(k + 1) % n]);
        !(a.0 == b.0 && b.0 == c.0 || a.1 == b.1 && b.1 == c.1)
    };
    (0..n).filter(|k| bends(*k)).map(|k| line[k]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_has_an_outer_and_an_inner_border() {
        let mut squares = vec![];
        for x in 0..3 {
            for y in 0..3 {
                if (x, y) != (1, 1) {
                    squares.push(Square { x, y, size: 1 });
                }
            }
        }
        let mut found = loops(&squares);
        found.iter_mut().for_each(|l| l.sort_unstable());
        found.sort();
        assert_eq!(found, [vec![(0, 0), (0, 3), (3, 0), (3, 3)], vec![(1, 1), (1, 2), (2, 1), (2, 2)]]);
    }

    #[test]
    fn squares_of_different_sizes_share_their_sides() {
        let squares =
            [Square { x: 0, y: 0, size: 2 }, Square { x: 2, y: 0, size: 1 }, Square { x: 2, y: 1, size: 1 }];
        assert_eq!(loops(&squares).len(), 1);
        assert_eq!(loops(&squares)[0].len(), 4);
    }
}
