//! Borders between regions, followed as curves.
//!
//! The one idea: a border is where one factor is 0, so a step along the tangent and back onto the
//! zero (predictor and corrector; Allgower and Georg, Introduction to Numerical Continuation
//! Methods, 1990) goes from box to box until it leaves the plane or comes to a corner. Places are
//! counted in finest boxes, as floats: what is proven are the boxes around the curve.

use super::cover::{Cover, Cut};
use super::library::Library;
use std::collections::{BTreeMap, BTreeSet};

/// A place in finest boxes.
pub type Spot = (f64, f64);

/// Share of a finest box that a simplified line may be off.
const TOLERANCE: f64 = 0.02;
/// Length of a step, in finest boxes.
const STEP: f64 = 0.5;

/// A border between two keys.
#[derive(Clone, Debug)]
pub struct Border {
    pub factor: usize,
    pub keys: (usize, usize),
    pub points: Vec<Spot>,
    /// A box on it.
    pub at: usize,
}

/// Places as values: how factors are evaluated at them.
pub struct Sheet<'a> {
    pub library: &'a Library,
    pub whole: f64,
}

impl Sheet<'_> {
    /// The parameters' values at a place.
    pub fn values(&self, at: Spot) -> (f64, f64) {
        let along = |k: usize, v: f64| {
            let (from, to) = &self.library.sides[k];
            from.to_f64() + (to - from).to_f64() * v / self.whole
        };
        (along(0, at.0), along(1, at.1))
    }

    /// A factor's value at a place.
    pub fn value(&self, factor: usize, at: Spot) -> f64 {
        let (x, y) = self.values(at);
        self.library.value(factor, x, y)
    }

    fn gradient(&self, factor: usize, at: Spot) -> Spot {
        const H: f64 = 1e-4;
        let dx = self.value(factor, (at.0 + H, at.1)) - self.value(factor, (at.0 - H, at.1));
        let dy = self.value(factor, (at.0, at.1 + H)) - self.value(factor, (at.0, at.1 - H));
        (dx / (2.0 * H), dy / (2.0 * H))
    }

    /// The nearest zero of a factor, moving along the given directions only.
    pub fn onto(&self, factor: usize, from: Spot, free: (bool, bool)) -> Option<Spot> {
        let mut at = from;
        for _ in 0..30 {
            let value = self.value(factor, at);
            let (mut gx, mut gy) = self.gradient(factor, at);
            gx = if free.0 { gx } else { 0.0 };
            gy = if free.1 { gy } else { 0.0 };
            let size = gx * gx + gy * gy;
            if size <= 0.0 || !size.is_finite() {
                return None;
            }
            let (dx, dy) = (value * gx / size, value * gy / size);
            at = (at.0 - dx, at.1 - dy);
            if (dx * dx + dy * dy).sqrt() < 1e-9 {
                return Some(at);
            }
            if distance(at, from) > 4.0 {
                return None;
            }
        }
        None
    }

    /// Where two factors are both 0, near a place.
    pub fn both(&self, (f, g): (usize, usize), from: Spot) -> Option<Spot> {
        let mut at = from;
        for _ in 0..30 {
            let (u, v) = (self.value(f, at), self.value(g, at));
            let ((a, b), (c, d)) = (self.gradient(f, at), self.gradient(g, at));
            let det = a * d - b * c;
            if det == 0.0 || !det.is_finite() {
                return None;
            }
            let step = ((u * d - v * b) / det, (a * v - c * u) / det);
            at = (at.0 - step.0, at.1 - step.1);
            if distance(step, (0.0, 0.0)) < 1e-9 {
                return Some(at);
            }
            if distance(at, from) > 4.0 {
                return None;
            }
        }
        None
    }

    fn inside(&self, at: Spot) -> bool {
        (0.0..=self.whole).contains(&at.0) && (0.0..=self.whole).contains(&at.1)
    }
}

/// How far two places are apart.
pub fn distance(a: Spot, b: Spot) -> f64 {
    ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt()
}

/// The curves of a box that separate keys, with the keys on their negative and positive side.
pub fn borders_of(cut: &Cut) -> Vec<(usize, (usize, usize))> {
    let mut list = vec![];
    for (k, factor) in cut.curves.iter().enumerate() {
        for signs in (0..cut.keys.len()).filter(|s| s >> k & 1 == 0) {
            let keys = (cut.keys[signs], cut.keys[signs | 1 << k]);
            if keys.0 != keys.1 && !list.contains(&(*factor, keys)) {
                list.push((*factor, keys));
            }
        }
    }
    list
}

/// Follows every border.
pub fn borders(cover: &Cover, whole: u32, corners: &[Spot]) -> Vec<Border> {
    let sheet = Sheet { library: &cover.library, whole: f64::from(whole) };
    let mut groups: BTreeMap<(usize, (usize, usize)), BTreeMap<(u32, u32), usize>> = BTreeMap::new();
    for (k, cut) in cover.cut.iter().enumerate() {
        for border in borders_of(cut) {
            groups.entry(border).or_default().insert((cut.square.x, cut.square.y), k);
        }
    }
    let mut list = vec![];
    for ((factor, keys), boxes) in &groups {
        let mut open: BTreeSet<(u32, u32)> = boxes.keys().copied().collect();
        let mut own: Vec<Border> = vec![];
        while let Some(start) = open.pop_first() {
            let middle = (f64::from(start.0) + 0.5, f64::from(start.1) + 0.5);
            let Some(first) = sheet.onto(*factor, middle, (true, true)) else { continue };
            let known = own.iter().any(|b| b.points.iter().any(|p| distance(*p, first) < 2.0 * STEP));
            if distance(first, middle) > 1.0 || !sheet.inside(first) || known {
                continue;
            }
            let (mut back, closed) = follow(&sheet, *factor, first, -1.0, boxes, corners, &mut open);
            back.reverse();
            back.push(first);
            if !closed {
                back.extend(follow(&sheet, *factor, first, 1.0, boxes, corners, &mut open).0);
            } else {
                back.insert(0, first);
            }
            let length: f64 = back.windows(2).map(|w| distance(w[0], w[1])).sum();
            if length > 1.0 {
                own.push(Border { factor: *factor, keys: *keys, points: back, at: boxes[&start] });
            }
        }
        own.iter_mut().for_each(|b| b.points = simplified(&b.points, TOLERANCE));
        list.extend(own);
    }
    list
}

/// Goes one way; returns the places after the first, and whether it came round.
fn follow(
    sheet: &Sheet,
    factor: usize,
    first: Spot,
    way: f64,
    boxes: &BTreeMap<(u32, u32), usize>,
    corners: &[Spot],
    open: &mut BTreeSet<(u32, u32)>,
) -> (Vec<Spot>, bool) {
    let mut points: Vec<Spot> = vec![];
    let (mut at, mut heading): (Spot, Option<Spot>) = (first, None);
    for _ in 0..(sheet.whole as usize * 40) {
        let (gx, gy) = sheet.gradient(factor, at);
        let size = (gx * gx + gy * gy).sqrt();
        if size <= 0.0 || !size.is_finite() {
            break;
        }
        let mut tangent = (-gy / size * way, gx / size * way);
        if heading.is_some_and(|h| h.0 * tangent.0 + h.1 * tangent.1 < 0.0) {
            tangent = (-tangent.0, -tangent.1);
        }
        let guess = (at.0 + STEP * tangent.0, at.1 + STEP * tangent.1);
        let Some(next) = sheet.onto(factor, guess, (true, true)) else { break };
        if !sheet.inside(next) {
            points.extend(edge(sheet, factor, next));
            return (points, false);
        }
        let near = |margin: f64| {
            let range = |v: f64| ((v - margin).max(0.0) as u32, (v + margin) as u32);
            let ((x0, x1), (y0, y1)) = (range(next.0), range(next.1));
            (x0..=x1).any(|x| (y0..=y1).any(|y| boxes.contains_key(&(x, y))))
        };
        if !near(0.3) {
            break;
        }
        let (x, y) = (next.0 as u32, next.1 as u32);
        open.remove(&(x, y));
        heading = Some(tangent);
        at = next;
        points.push(at);
        if points.len() > 4 && distance(at, first) < STEP {
            return (points, true);
        }
    }
    // It ends at a corner, if one is near.
    let end = points.last().copied().unwrap_or(first);
    let nearest = corners.iter().min_by(|a, b| distance(**a, end).total_cmp(&distance(**b, end)));
    if let Some(corner) = nearest.filter(|c| distance(**c, end) < 2.5) {
        while points.last().is_some_and(|p| distance(*p, *corner) < STEP) {
            points.pop();
        }
        points.push(*corner);
    }
    (points, false)
}

/// Where the curve leaves the plane near a place outside of it.
fn edge(sheet: &Sheet, factor: usize, outside: Spot) -> Option<Spot> {
    let clamped = (outside.0.clamp(0.0, sheet.whole), outside.1.clamp(0.0, sheet.whole));
    let free = (clamped.0 == outside.0, clamped.1 == outside.1);
    sheet.onto(factor, clamped, free).filter(|p| sheet.inside(*p) && distance(*p, clamped) < 2.0)
}

/// Leaves out points that a straight line between others would pass (Douglas and Peucker, 1973).
pub fn simplified(points: &[Spot], tolerance: f64) -> Vec<Spot> {
    let n = points.len();
    if n < 3 {
        return points.to_vec();
    }
    let mut kept = vec![false; n];
    (kept[0], kept[n - 1]) = (true, true);
    let mut open = vec![(0, n - 1)];
    while let Some((a, b)) = open.pop() {
        let farthest =
            (a + 1..b).map(|k| (k, off(points[k], points[a], points[b]))).max_by(|p, q| p.1.total_cmp(&q.1));
        if let Some((k, far)) = farthest.filter(|f| f.1 > tolerance) {
            let _ = far;
            kept[k] = true;
            open.push((a, k));
            open.push((k, b));
        }
    }
    points.iter().zip(kept).filter(|(_, k)| *k).map(|(p, _)| *p).collect()
}

/// Distance of a place from a stretch.
fn off(p: Spot, a: Spot, b: Spot) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let share = match length > 0.0 {
        true => (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length).clamp(0.0, 1.0),
        false => 0.0,
    };
    distance(p, (a.0 + share * dx, a.1 + share * dy))
}
