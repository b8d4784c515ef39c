//! Two parameters: which equilibria there are where, proven.
//!
//! The one idea: a proof found at a point holds wherever the polynomials it rests on keep their
//! signs. So the game is solved a few times only, and the plane is cut into boxes until those
//! signs are sure ([`cover`]). Between regions run curves, zeros of polynomials that are known
//! exactly ([`trace`]), and where they cross are corners ([`corners`]).

pub mod corners;
pub mod cover;
pub mod grid;
pub mod library;
pub mod outline;
pub mod regions;
pub mod trace;
pub(crate) mod words;

use self::cover::Cover;
use self::trace::{Sheet, Spot};
use crate::formula::Formula;
use crate::reasons::{Reason, on_path};
use detente_exact::Q;
use detente_game::{Game, ParamId};
use detente_solve::{Progress, Settings};
use detente_verify::over::Component;
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

/// Places in the parameters' units, as GeoJSON writes them (RFC 7946): rings are closed, outer ones
/// run against the clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", content = "coordinates")]
pub enum Geometry {
    MultiPolygon(Vec<Vec<Vec<(f64, f64)>>>),
    LineString(Vec<(f64, f64)>),
    Point((f64, f64)),
}

/// An outcome's probability in one equilibrium, over a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub outcome: String,
    /// Over the corners and middles of the region's boxes.
    pub low: f64,
    pub high: f64,
    /// As a function of the two parameters, where one holds all over the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// All places with the same equilibria in outline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// A, B, C … by falling area.
    pub name: String,
    /// What happens there, in a few words.
    pub title: String,
    /// Share of the plane.
    pub area: f64,
    /// Per equilibrium, outcomes that occur. Several equilibria: they overlap here.
    pub equilibria: Vec<Vec<Seen>>,
    /// The middle of its largest box.
    pub sample: (f64, f64),
    pub geometry: Geometry,
}

/// A border between two regions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Names of the regions on both sides.
    pub between: (String, String),
    /// Where the border runs, such as `q = 2/3`.
    pub equation: String,
    /// Who is indifferent there, or stops using what.
    pub reasons: Vec<Reason>,
    pub geometry: Geometry,
}

/// Where borders meet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corner {
    /// The place, if it is rational.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<(Q, Q)>,
    /// The box that holds exactly one common zero of the two borders: proven.
    pub low: (f64, f64),
    pub high: (f64, f64),
    /// The two borders.
    pub equations: (String, String),
    /// The regions around it.
    pub regions: Vec<String>,
    pub geometry: Geometry,
}

/// The answer over a plane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Map {
    pub x: Side,
    pub y: Side,
    /// Number of finest boxes along each side.
    pub resolution: u32,
    /// Share of the plane that is covered by proofs, all but the curves themselves.
    pub certified: f64,
    /// At how many points the game was solved.
    pub solved: u32,
    pub regions: Vec<Region>,
    pub curves: Vec<Curve>,
    pub corners: Vec<Corner>,
    /// Why boxes are open, the commonest reason first.
    pub open: Vec<(String, u32)>,
    /// Places to be shown besides the base values.
    pub marks: Vec<Marker>,
}

/// A place on the plane that somebody wants to see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Marker {
    pub label: String,
    pub x: f64,
    pub y: f64,
    /// The region that holds it; `None` on a border, in an open box or outside of the plane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// One side, for a reader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    pub param: String,
    pub label: String,
    pub from: f64,
    pub to: f64,
    pub base: f64,
}

/// Makes the map of a plane; `marks` are places to be shown.
pub fn map(plane: &Plane, marks: &[(String, f64, f64)]) -> Map {
    let (cover, whole) = cover::cover(plane);
    let meetings = corners::meetings(&cover, whole);
    let spots: Vec<Spot> = meetings.iter().map(|m| m.spot).collect();
    let boxes = regions::boxes(&cover, whole);
    let area = |list: &[Square]| list.iter().map(|s| u64::from(s.size) * u64::from(s.size)).sum::<u64>();
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

/// What is needed to put places into words and units.
struct Draft<'a> {
    plane: &'a Plane<'a>,
    cover: &'a Cover,
    whole: u32,
    names: &'a BTreeMap<usize, String>,
}

impl Draft<'_> {
    fn sheet(&self) -> Sheet<'_> {
        Sheet { library: &self.cover.library, whole: f64::from(self.whole) }
    }

    fn region(&self, key: usize, squares: &[Square], area: f64, rings: Vec<Vec<Spot>>) -> Region {
        let sheet = self.sheet();
        let closed = |ring: Vec<Spot>| {
            let mut points: Vec<(f64, f64)> = ring.iter().map(|p| sheet.values(*p)).collect();
            points.extend(points.first().copied());
            points
        };
        let polygons =
            regions::nested(rings).into_iter().map(|p| p.into_iter().map(closed).collect()).collect();
        let largest = squares.iter().max_by_key(|s| s.size);
        let middle = |s: &Square| {
            let half = f64::from(s.size) / 2.0;
            sheet.values((f64::from(s.x) + half, f64::from(s.y) + half))
        };
        let equilibria = self.equilibria(key);
        Region {
            name: self.names[&key].clone(),
            title: words::title(&equilibria),
            area,
            equilibria,
            sample: largest.map_or((0.0, 0.0), middle),
            geometry: Geometry::MultiPolygon(polygons),
        }
    }

    /// What the equilibria of a key lead to, over its boxes.
    fn equilibria(&self, key: usize) -> Vec<Vec<Seen>> {
        let (library, sheet) = (&self.cover.library, self.sheet());
        let keys = self.plane.game.outcome_keys();
        let mut drafts: Vec<Vec<Seen>> = vec![];
        let mut orders: BTreeMap<usize, Vec<&Component<Formula>>> = BTreeMap::new();
        let own = self.cover.whole.iter().filter(|w| w.1 == key).map(|w| (w.0, w.2));
        let beside = self.cover.cut.iter().filter_map(|c| {
            let basis = c.bases.iter().find(|b| library.bases[**b].key == key)?;
            Some((c.square, *basis))
        });
        for (square, basis) in own.chain(beside) {
            let parts = orders.entry(basis).or_insert_with(|| {
                let mut list: Vec<&Component<Formula>> =
                    library.bases[basis].found.components.iter().collect();
                list.sort_by_cached_key(|c| on_path(self.plane.game, &c.supports));
                list
            });
            if drafts.is_empty() {
                let blank = |name: &String| Seen {
                    outcome: name.clone(),
                    low: f64::INFINITY,
                    high: f64::NEG_INFINITY,
                    formula: None,
                };
                drafts = parts.iter().map(|_| keys.iter().map(blank).collect()).collect();
            }
            let (x, y, size) = (f64::from(square.x), f64::from(square.y), f64::from(square.size));
            let spots = [(0.5, 0.5), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
            let inside = if square.size == 1 { &spots[..1] } else { &spots[..] };
            for (dx, dy) in inside {
                let (vx, vy) = sheet.values((x + dx * size, y + dy * size));
                let values = library.floats(vx, vy);
                for (draft, part) in drafts.iter_mut().zip(parts.iter()) {
                    for (k, seen) in draft.iter_mut().enumerate() {
                        for p in
                            part.places.iter().map(|p| p.outcomes[k].at(&values)).filter(|p| p.is_finite())
                        {
                            let p = p.clamp(0.0, 1.0);
                            (seen.low, seen.high) = (seen.low.min(p), seen.high.max(p));
                        }
                    }
                }
            }
        }
        let names =
            words::names(&self.plane.game.params, &self.plane.x, &self.plane.y, &library.atoms.list());
        for (n, draft) in drafts.iter_mut().enumerate() {
            for (k, seen) in draft.iter_mut().enumerate() {
                let mut all = orders.values().flat_map(|o| &o[n].places).map(|p| p.outcomes[k].fraction());
                let first = all.next();
                if first.is_some()
                    && all.all(|f| Some(f) == first)
                    && orders.values().all(|o| o[n].places.iter().all(|p| p.fixed))
                {
                    seen.formula = first.map(|f| words::fraction(&f, &names)).filter(|t| t.len() <= 120);
                }
            }
            draft.retain(|s| s.high > 0.0);
        }
        drafts
    }

    fn curve(&self, border: &trace::Border) -> Curve {
        let sheet = self.sheet();
        let name = |k: usize| self.names.get(&k).cloned().unwrap_or_default();
        Curve {
            between: (name(border.keys.0), name(border.keys.1)),
            equation: self.equation(border.factor),
            reasons: self.reasons(border),
            geometry: Geometry::LineString(border.points.iter().map(|p| sheet.values(*p)).collect()),
        }
    }

    fn equation(&self, factor: usize) -> String {
        let library = &self.cover.library;
        let names =
            words::names(&self.plane.game.params, &self.plane.x, &self.plane.y, &library.atoms.list());
        words::equation(&library.factors[factor].poly, &names)
    }

    /// The margins that are 0 on a border, those of several actions first.
    fn reasons(&self, border: &trace::Border) -> Vec<Reason> {
        let library = &self.cover.library;
        let poly = &library.factors[border.factor].poly;
        let mut list: Vec<Reason> = vec![];
        for basis in &self.cover.cut[border.at].bases {
            let basis = &library.bases[*basis];
            if basis.key != border.keys.0 && basis.key != border.keys.1 {
                continue;
            }
            for place in basis.found.components.iter().flat_map(|c| &c.places) {
                for (margin, slack) in &place.margins {
                    let (num, _) = slack.fraction();
                    if num.is_coprime(poly) || num.exact_div(poly).is_none() {
                        continue;
                    }
                    let reason = crate::reasons::words(self.plane.game, margin, &place.profile);
                    if !list.iter().any(|r| r.is_same(&reason)) {
                        list.push(reason);
                    }
                }
            }
        }
        list.sort_by_key(|r| std::cmp::Reverse(r.actions.len() > 1));
        let doubles: Vec<(String, String)> =
            list.iter().filter(|r| r.actions.len() > 1).map(|r| (r.decision.clone(), r.at.clone())).collect();
        list.retain(|r| r.actions.len() > 1 || !doubles.contains(&(r.decision.clone(), r.at.clone())));
        list
    }

    fn corner(&self, meeting: &corners::Meeting) -> Corner {
        let place = match &meeting.exact {
            Some((x, y)) => (x.to_f64(), y.to_f64()),
            None => self.sheet().values(meeting.spot),
        };
        Corner {
            exact: meeting.exact.clone(),
            low: meeting.low,
            high: meeting.high,
            equations: (self.equation(meeting.factors.0), self.equation(meeting.factors.1)),
            regions: meeting.keys.iter().filter_map(|k| self.names.get(k).cloned()).collect(),
            geometry: Geometry::Point(place),
        }
    }

    /// The region of a point, by the proof that holds there.
    fn region_at(&self, x: f64, y: f64) -> Option<String> {
        let library = &self.cover.library;
        let at = [Q::from_f64(x)?, Q::from_f64(y)?];
        let inside = (0..2).all(|k| library.sides[k].0 <= at[k] && at[k] <= library.sides[k].1);
        let basis = (0..library.bases.len()).find(|b| library.holds_at(*b, &at)).filter(|_| inside)?;
        self.names.get(&library.bases[basis].key).cloned()
    }
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

/// A, B … Z, AA, AB …
fn letters(k: usize) -> String {
    let letter = char::from(b'A' + (k % 26) as u8);
    match k / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", letters(more - 1)),
    }
}
