//! Two parameters: which equilibria there are where, proven.
//!
//! The one idea: a proof found at a point holds wherever the polynomials it rests on keep their
//! signs. So the game is solved a few times only, and the plane is cut into boxes until those
//! signs are sure ([`cover`]). Between regions run curves, zeros of polynomials that are known
//! exactly ([`trace`]), and where they cross are corners ([`corners`]).

pub mod corners;
pub mod cover;
mod draft;
pub mod grid;
pub mod library;
mod map;
pub mod outline;
pub mod regions;
pub mod trace;
pub(crate) mod words;

pub use self::map::{Corner, Curve, Geometry, Map, Marker, Region, Seen, Side};

use self::draft::{Draft, letters};
use self::trace::Spot;
use detente_exact::Q;
use detente_game::{Game, ParamId};
use detente_solve::{Progress, Settings};
use serde::Serialize;
use std::collections::BTreeMap;

/// One side of the plane.
#[derive(Clone, Debug)]
pub struct Axis {
    pub param: ParamId,
    pub from: Q,
    pub to: Q,
}

/// A plane through the space of parameters; all others keep their base values.
pub struct Plane<'a> {
    pub game: &'a Game,
    pub base: Vec<Q>,
    pub x: Axis,
    pub y: Axis,
    /// The finest box is one over two to this number of the whole, on each side; a coarse map is cut on
    /// where borders crowd.
    pub depth: u32,
    pub settings: &'a Settings,
    pub progress: &'a dyn Progress,
}

/// A box in units of the finest size: lower left corner and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Square {
    pub x: u32,
    pub y: u32,
    pub size: u32,
}

impl Square {
    /// Its number of finest boxes.
    fn area(&self) -> u64 {
        u64::from(self.size) * u64::from(self.size)
    }
}

/// Makes the map of a plane; `marks` are places to be shown.
pub fn map(plane: &Plane, marks: &[(String, f64, f64)]) -> Map {
    let (cover, whole) = cover::cover(plane);
    let meetings = corners::meetings(&cover, whole);
    let spots: Vec<Spot> = meetings.iter().map(|m| m.spot).collect();
    let boxes = regions::boxes(&cover, whole);
    let area = |list: &[Square]| list.iter().map(|s| s.area()).sum::<u64>();
    let total = f64::from(whole) * f64::from(whole);
    let mut order: Vec<usize> = boxes.keys().copied().collect();
    order.sort_by_key(|k| (std::cmp::Reverse(area(&boxes[k])), *k));
    let names: BTreeMap<usize, String> = order.iter().enumerate().map(|(n, k)| (*k, letters(n))).collect();
    let draft = Draft { plane, cover: &cover, whole, names: &names };
    let regions = order
        .iter()
        .map(|k| {
            let rings = regions::polygons(&cover, &boxes[k], whole, &spots);
            draft.region(*k, &boxes[k], area(&boxes[k]) as f64 / total, rings)
        })
        .collect();
    let open: Vec<Square> = cover.open.iter().map(|o| o.0).collect();
    let mut map = Map {
        x: plane.side(&plane.x),
        y: plane.side(&plane.y),
        resolution: whole,
        certified: 1.0 - area(&open) as f64 / total,
        solved: cover.solved,
        regions,
        curves: trace::borders(&cover, whole, &spots).iter().map(|b| draft.curve(b)).collect(),
        corners: meetings.iter().map(|m| draft.corner(m)).collect(),
        open: cover.why.clone(),
        marks: vec![],
    };
    map.marks = marks
        .iter()
        .map(|(label, x, y)| Marker { label: label.clone(), x: *x, y: *y, region: draft.region_at(*x, *y) })
        .collect();
    map
}

impl Plane<'_> {
    /// A place on a side, in finest boxes from its start.
    fn at(&self, axis: &Axis, steps: u32) -> Q {
        let share = Q::from(i64::from(steps)) / Q::from(1i64 << self.depth);
        &axis.from + (&axis.to - &axis.from) * share
    }

    fn side(&self, axis: &Axis) -> Side {
        let info = &self.game.params[axis.param.index()];
        Side {
            param: info.name.clone(),
            label: info.label.clone(),
            from: axis.from.to_f64(),
            to: axis.to.to_f64(),
            base: self.base[axis.param.index()].to_f64(),
        }
    }
}
