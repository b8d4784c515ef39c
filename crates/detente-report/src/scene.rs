//! A picture as plain coordinates: nodes, branches, sets, labels.
//!
//! The one idea: the layout decides every position here once, and a back end only writes it down
//! in its own syntax. Coordinates are in pixels, x to the right, y down.

use crate::measure::text_width;

/// A point of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// An axis-parallel rectangle, by its corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// Do the two share an area of more than a hair?
    pub fn overlaps(&self, other: &Rect) -> bool {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width > 0.5 && height > 0.5
    }

    /// The smallest rectangle around both.
    pub fn around(&self, other: &Rect) -> Rect {
        Rect {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// What a text is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The colour of ordinary text.
    Text,
    /// Less important.
    Faint,
    /// The colour of the player with this position.
    Player(usize),
}

/// A stretch of text in one style.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    pub ink: Ink,
}

impl Run {
    /// A stretch of ordinary weight.
    pub fn new(text: impl Into<String>, ink: Ink) -> Run {
        Run { text: text.into(), bold: false, ink }
    }

    /// A stretch in bold.
    pub fn bold(text: impl Into<String>, ink: Ink) -> Run {
        Run { text: text.into(), bold: true, ink }
    }
}

/// Returns the width of a line of text.
pub fn runs_width(runs: &[Run], size: f64) -> f64 {
    runs.iter().map(|r| text_width(&r.text, size, r.bold)).sum()
}

/// Which point of a text its position names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The action or arm on a branch.
    Branch,
    /// Who decides at a node or a set, or what chance draws.
    Owner,
    /// The belief at a member of a set.
    Belief,
    /// Outcome or payoffs at an end.
    End,
    /// A line of the legend.
    Legend,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub role: Role,
    pub runs: Vec<Run>,
    /// The anchor's place on the baseline.
    pub at: Point,
    pub anchor: Anchor,
    /// Font size.
    pub size: f64,
    /// The room kept for it.
    pub area: Rect,
    /// True if the text stands on a line, which is then hidden behind the whole of it.
    pub on_line: bool,
}

impl Label {
    /// Places a line of text; its room follows from the widths of its letters.
    pub fn new(role: Role, runs: Vec<Run>, at: Point, anchor: Anchor, size: f64) -> Label {
        let width = runs_width(&runs, size);
        let left = match anchor {
            Anchor::Start => at.x,
            Anchor::Middle => at.x - width / 2.0,
            Anchor::End => at.x - width,
        };
        let area = Rect { left, top: at.y - size * 0.80, right: left + width, bottom: at.y + size * 0.24 };
        Label { role, runs, at, anchor, size, area, on_line: false }
    }
}

/// What stands at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A decision of the player with this position: a filled circle.
    Decision(usize),
    /// Chance: a hollow square.
    Chance,
    /// An end of play: a dot.
    End,
}

/// A node of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Position of the node in the game.
    pub node: usize,
    pub at: Point,
    pub shape: Shape,
    /// Radius of the circle, half the side of the square.
    pub radius: f64,
    /// What a pointer resting on it reads.
    pub title: String,
}

/// How a branch stands to the equilibrium shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Not chosen.
    Plain,
    /// Chosen at a place that play does not reach.
    Chosen,
    /// On the path of play.
    Path,
}

/// A branch as a line through points.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Positions of its two nodes in the game.
    pub from: usize,
    pub to: usize,
    pub line: Vec<Point>,
    pub weight: Weight,
}

/// One piece of a curve, starting where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    Move(Point),
    Line(Point),
    Cubic(Point, Point, Point),
}

/// The curve that joins the members of one information set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCurve {
    /// Position of the information set in the game.
    pub set: usize,
    pub player: usize,
    /// Positions of its members in the game.
    pub members: Vec<usize>,
    pub pieces: Vec<Piece>,
}

impl SetCurve {
    /// Returns points along the curve, close enough to test what it touches.
    pub fn points(&self) -> Vec<Point> {
        const STEPS: u32 = 32;
        let mut points: Vec<Point> = Vec::new();
        let mut at = Point { x: 0.0, y: 0.0 };
        for piece in &self.pieces {
            let (c1, c2, end) = match *piece {
                Piece::Move(p) => (p, p, p),
                Piece::Line(p) => (mix(at, p, 1.0 / 3.0), mix(at, p, 2.0 / 3.0), p),
                Piece::Cubic(a, b, p) => (a, b, p),
            };
            if !matches!(piece, Piece::Move(_)) {
                points.extend((0..=STEPS).map(|i| cubic(at, c1, c2, end, f64::from(i) / f64::from(STEPS))));
            }
            at = end;
        }
        points
    }
}

/// The point a share of the way from `a` to `b`.
pub fn mix(a: Point, b: Point, share: f64) -> Point {
    Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
}

fn cubic(a: Point, b: Point, c: Point, d: Point, t: f64) -> Point {
    let (ab, bc, cd) = (mix(a, b, t), mix(b, c, t), mix(c, d, t));
    mix(mix(ab, bc, t), mix(bc, cd, t), t)
}

/// A small sign in the legend, left of its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    Mark(Shape),
    Line(Weight),
    Set(usize),
}

/// One entry of the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub sign: Option<(Sign, Point)>,
    pub label: Label,
}

/// A whole picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    /// The picture in a few words, for readers who do not see it.
    pub title: String,
    /// The picture in sentences.
    pub description: String,
    pub branches: Vec<Branch>,
    pub sets: Vec<SetCurve>,
    pub marks: Vec<Mark>,
    pub labels: Vec<Label>,
    pub legend: Vec<Key>,
}

impl Scene {
    /// Moves everything by a vector.
    pub fn shift(&mut self, dx: f64, dy: f64) {
        let go = |p: &mut Point| {
            p.x += dx;
            p.y += dy;
        };
        self.branches.iter_mut().flat_map(|b| &mut b.line).for_each(go);
        self.marks.iter_mut().for_each(|m| go(&mut m.at));
        for piece in self.sets.iter_mut().flat_map(|s| &mut s.pieces) {
            match piece {
                Piece::Move(p) | Piece::Line(p) => go(p),
                Piece::Cubic(a, b, c) => [a, b, c].into_iter().for_each(go),
            }
        }
        for label in &mut self.labels {
            go(&mut label.at);
            label.area.left += dx;
            label.area.right += dx;
            label.area.top += dy;
            label.area.bottom += dy;
        }
    }

    /// Returns the smallest rectangle around everything but the legend.
    pub fn bounds(&self) -> Rect {
        let spot = |p: Point, r: f64| Rect { left: p.x - r, top: p.y - r, right: p.x + r, bottom: p.y + r };
        let mut all: Vec<Rect> = self.labels.iter().map(|l| l.area).collect();
        all.extend(self.marks.iter().map(|m| spot(m.at, m.radius)));
        all.extend(self.sets.iter().flat_map(|s| s.points()).map(|p| spot(p, 1.0)));
        let empty = Rect { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
        all.into_iter().reduce(|a, b| a.around(&b)).unwrap_or(empty)
    }
}
