//! The map of a plane as plain data: regions, borders, corners, marks.

use crate::reasons::Reason;
use detente_exact::Q;
use serde::Serialize;

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
