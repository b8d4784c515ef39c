//! Regions: boxes of one key, drawn with the curves for borders.
//!
//! The one idea: the outline of a region's boxes is a staircase along its borders; each of its
//! steps is moved onto the curve that runs through the boxes beside it, by less than a box.

use super::cover::Cover;
use super::trace::{Sheet, Spot, borders_of, distance, simplified};
use super::{Square, outline};
use std::collections::BTreeMap;

/// How far a step of the staircase is moved at most, in finest boxes.
const MOST: f64 = 1.6;
/// Share of a finest box that a simplified outline may be off.
const TOLERANCE: f64 = 0.03;

/// The boxes of each key: those it fills, and those in whose middle it is.
pub fn boxes(cover: &Cover, whole: u32) -> BTreeMap<usize, Vec<Square>> {
    let mut all: BTreeMap<usize, Vec<Square>> = BTreeMap::new();
    for (square, key, _) in &cover.whole {
        all.entry(*key).or_default().push(*square);
    }
    let sheet = Sheet { library: &cover.library, whole: f64::from(whole) };
    for cut in &cover.cut {
        let middle = (f64::from(cut.square.x) + 0.5, f64::from(cut.square.y) + 0.5);
        let bit = |(k, f): (usize, &usize)| usize::from(sheet.value(*f, middle) > 0.0) << k;
        let signs: usize = cut.curves.iter().enumerate().map(bit).sum();
        all.entry(cut.keys[signs]).or_default().push(cut.square);
    }
    all
}

/// Outlines of boxes with their steps moved onto the curves.
pub fn polygons(cover: &Cover, squares: &[Square], whole: u32, corners: &[Spot]) -> Vec<Vec<Spot>> {
    let sheet = Sheet { library: &cover.library, whole: f64::from(whole) };
    let at: BTreeMap<(u32, u32), usize> =
        cover.cut.iter().enumerate().map(|(k, c)| ((c.square.x, c.square.y), k)).collect();
    let moved = |(x, y): (u32, u32)| -> Spot {
        let from = (f64::from(x), f64::from(y));
        let free = (x != 0 && x != whole, y != 0 && y != whole);
        let beside = [(1, 1), (0, 1), (1, 0), (0, 0)]
            .into_iter()
            .filter_map(|(dx, dy)| at.get(&(x.checked_sub(dx)?, y.checked_sub(dy)?)));
        let mut factors: Vec<usize> =
            beside.flat_map(|k| borders_of(&cover.cut[*k]).into_iter().map(|b| b.0)).collect();
        factors.sort_unstable();
        factors.dedup();
        if factors.is_empty() || !free.0 && !free.1 {
            return from;
        }
        let corner = corners.iter().filter(|c| distance(**c, from) < 0.9);
        let near = corner.min_by(|a, b| distance(**a, from).total_cmp(&distance(**b, from)));
        if let Some(corner) = near.filter(|_| factors.len() > 1) {
            return *corner;
        }
        let zeros = factors.iter().filter_map(|f| sheet.onto(*f, from, free));
        let best = zeros.min_by(|a, b| distance(*a, from).total_cmp(&distance(*b, from)));
        best.filter(|p| distance(*p, from) <= MOST).unwrap_or(from)
    };
    let mut list = vec![];
    for line in outline::loops(squares) {
        let mut points: Vec<Spot> = line.into_iter().map(moved).collect();
        points.dedup_by(|a, b| distance(*a, *b) < 1e-9);
        // Start where it turns for sure: at the point farthest from the first.
        let Some(first) = points.first().copied() else { continue };
        let far = (0..points.len())
            .max_by(|a, b| distance(points[*a], first).total_cmp(&distance(points[*b], first)));
        points.rotate_left(far.unwrap_or(0));
        points.push(points[0]);
        let half = (0..points.len())
            .max_by(|a, b| distance(points[*a], points[0]).total_cmp(&distance(points[*b], points[0])));
        let half = half.unwrap_or(0);
        let mut ring = simplified(&points[..=half], TOLERANCE);
        ring.pop();
        ring.extend(simplified(&points[half..], TOLERANCE));
        ring.pop();
        if ring.len() > 2 {
            list.push(ring);
        }
    }
    list
}

/// Twice the area that a ring goes round, positive if against the clock.
pub fn turned(ring: &[Spot]) -> f64 {
    (0..ring.len())
        .map(|k| {
            let (a, b) = (ring[k], ring[(k + 1) % ring.len()]);
            a.0 * b.1 - a.1 * b.0
        })
        .sum()
}

/// Rings as polygons: each outer one with the holes that lie in it.
pub fn nested(rings: Vec<Vec<Spot>>) -> Vec<Vec<Vec<Spot>>> {
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|r| turned(r) > 0.0);
    let mut list: Vec<Vec<Vec<Spot>>> = outer.into_iter().map(|r| vec![r]).collect();
    for hole in holes {
        let home = (0..list.len())
            .filter(|k| holds(&list[*k][0], hole[0]))
            .min_by(|a, b| turned(&list[*a][0]).total_cmp(&turned(&list[*b][0])));
        if let Some(home) = home {
            list[home].push(hole);
        }
    }
    list
}

/// Whether a ring goes round a place.
fn holds(ring: &[Spot], at: Spot) -> bool {
    let crosses = |k: usize| {
        let (a, b) = (ring[k], ring[(k + 1) % ring.len()]);
        (a.1 > at.1) != (b.1 > at.1) && at.0 < a.0 + (at.1 - a.1) / (b.1 - a.1) * (b.0 - a.0)
    };
    (0..ring.len()).filter(|k| crosses(*k)).count() % 2 == 1
}
