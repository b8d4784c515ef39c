//! The curves that join the members of information sets, around every stranger.
//!
//! The one idea: between two neighbouring members the curve runs straight along their level; where
//! other nodes stand between, it bows towards the parents into a lane of its own. Lanes are free of
//! nodes and words; nested bows get lanes further out.

use super::outline::Item;
use crate::scene::{Piece, Point, SetCurve, Shape};

/// Distance of the first lane from the nodes' centres.
pub const FIRST_LANE: f64 = 20.0;
/// Distance between lanes.
pub const LANE: f64 = 8.0;

/// The piece of a set's curve between two neighbouring members.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Position in the list of sets.
    pub set: usize,
    pub from: usize,
    pub to: usize,
    /// Positions across the level of the nodes that stand between, ascending.
    pub strangers: Vec<f64>,
    /// 0 for a straight line, else the lane of the bow.
    pub lane: usize,
}

/// Returns the hops of all sets, in order, with lanes that do not collide.
pub fn hops(items: &[Item], sets: &[(usize, Vec<usize>)], level: &[usize], across: &[f64]) -> Vec<Hop> {
    let mut hops = Vec::new();
    for (s, (_, members)) in sets.iter().enumerate() {
        let mut order = members.clone();
        order.sort_by(|a, b| (level[*a], across[*a]).partial_cmp(&(level[*b], across[*b])).expect("finite"));
        for pair in order.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let between =
                |i: &usize| level[*i] == level[from] && across[*i] > across[from] && across[*i] < across[to];
            let mut strangers: Vec<f64> = (0..items.len()).filter(between).map(|i| across[i]).collect();
            strangers.sort_by(f64::total_cmp);
            hops.push(Hop { set: s, from, to, strangers, lane: 0 });
        }
    }
    assign_lanes(&mut hops, level, across);
    hops
}

fn assign_lanes(hops: &mut [Hop], level: &[usize], across: &[f64]) {
    let bows = |h: &Hop| !h.strangers.is_empty() || level[h.from] != level[h.to];
    let mut order: Vec<usize> = (0..hops.len()).filter(|i| bows(&hops[*i])).collect();
    let span = |h: &Hop| {
        if level[h.from] == level[h.to] {
            (across[h.from], across[h.to])
        } else {
            (-1e9, across[h.from].max(across[h.to]))
        }
    };
    let length = |h: &Hop| span(h).1 - span(h).0;
    order.sort_by(|a, b| length(&hops[*a]).total_cmp(&length(&hops[*b])).then(a.cmp(b)));
    let mut placed: Vec<usize> = Vec::new();
    for i in order {
        let (low, high) = span(&hops[i]);
        let touches = |other: &Hop| {
            let (l, h) = span(other);
            let same = [level[hops[i].from], level[hops[i].to]].contains(&level[other.from])
                || [level[hops[i].from], level[hops[i].to]].contains(&level[other.to]);
            same && l < high && low < h
        };
        let taken: Vec<usize> =
            placed.iter().map(|p| &hops[*p]).filter(|o| touches(o)).map(|o| o.lane).collect();
        hops[i].lane = (1..).find(|lane| !taken.contains(lane)).expect("there is always a next lane");
        placed.push(i);
    }
}

/// Returns how far from the nodes of `level` the lanes reach; 0 without lanes.
pub fn channel(hops: &[Hop], level: &[usize], at: usize) -> f64 {
    let lanes = hops.iter().filter(|h| level[h.from] == at || level[h.to] == at).map(|h| h.lane).max();
    match lanes {
        None | Some(0) => 0.0,
        Some(n) => FIRST_LANE + LANE * (n as f64 - 1.0) + 4.0,
    }
}

/// Where nodes stand: depth by level and position across, and how that becomes a point.
pub struct Frame<'a> {
    pub level: &'a [usize],
    pub across: &'a [f64],
    /// Depth of every level.
    pub depth: &'a [f64],
    /// True if depth runs to the right, false if it runs down.
    pub rightward: bool,
}

impl Frame<'_> {
    /// Returns the point at a depth and a position across.
    pub fn point(&self, depth: f64, across: f64) -> Point {
        if self.rightward { Point { x: depth, y: across } } else { Point { x: across, y: depth } }
    }

    /// Returns the place of a node.
    pub fn node(&self, node: usize) -> Point {
        self.point(self.depth[self.level[node]], self.across[node])
    }
}

/// Returns one curve per set.
pub fn curves(items: &[Item], sets: &[(usize, Vec<usize>)], hops: &[Hop], frame: &Frame) -> Vec<SetCurve> {
    let mut curves = Vec::new();
    for (s, (set, members)) in sets.iter().enumerate() {
        let player = match items[members[0]].shape {
            Shape::Decision(p) => p,
            _ => 0,
        };
        let mut pieces = Vec::new();
        for hop in hops.iter().filter(|h| h.set == s) {
            pieces.push(Piece::Move(frame.node(hop.from)));
            if hop.lane == 0 {
                pieces.push(Piece::Line(frame.node(hop.to)));
            } else if frame.level[hop.from] == frame.level[hop.to] {
                bow(&mut pieces, hop, frame);
            } else {
                around(&mut pieces, hop, frame);
            }
        }
        curves.push(SetCurve { set: *set, player, members: members.clone(), pieces });
    }
    curves
}

fn lane_distance(lane: usize) -> f64 {
    FIRST_LANE + LANE * (lane as f64 - 1.0)
}

/// Into the lane before the first stranger, along it, and back after the last.
fn bow(pieces: &mut Vec<Piece>, hop: &Hop, frame: &Frame) {
    const CLEAR: f64 = 10.0;
    const CORNER: f64 = 30.0;
    let base = frame.depth[frame.level[hop.from]];
    let lane = base - lane_distance(hop.lane);
    let (a, b) = (frame.across[hop.from], frame.across[hop.to]);
    let first = hop.strangers.first().copied().unwrap_or(b);
    let last = hop.strangers.last().copied().unwrap_or(a);
    let up = (first - a - CLEAR).clamp(4.0, CORNER);
    let down = (b - last - CLEAR).clamp(4.0, CORNER);
    pieces.push(Piece::Cubic(
        frame.point(base - (base - lane) * 0.7, a + up * 0.1),
        frame.point(lane, a + up * 0.3),
        frame.point(lane, a + up),
    ));
    pieces.push(Piece::Line(frame.point(lane, b - down)));
    pieces.push(Piece::Cubic(
        frame.point(lane, b - down * 0.3),
        frame.point(base - (base - lane) * 0.7, b - down * 0.1),
        frame.point(base, b),
    ));
}

/// Out of the tree and back in, where two members cannot stand at one level.
fn around(pieces: &mut Vec<Piece>, hop: &Hop, frame: &Frame) {
    let distance = lane_distance(hop.lane);
    let outside = -30.0 - distance;
    let (a, b) = (frame.node(hop.from), frame.node(hop.to));
    let lane = |n: usize| frame.depth[frame.level[n]] - distance;
    let corners = [
        frame.point(lane(hop.from), frame.across[hop.from]),
        frame.point(lane(hop.from), outside),
        frame.point(lane(hop.to), outside),
        frame.point(lane(hop.to), frame.across[hop.to]),
    ];
    debug_assert!(a != b);
    pieces.extend(corners.into_iter().map(Piece::Line));
    pieces.push(Piece::Line(b));
}
