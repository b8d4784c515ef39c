//! Two parameters: which equilibria there are where, proven box by box.
//!
//! The one idea: a proof is replayed over a whole box of parameters; where a sign is not sure all
//! over the box, the box is cut in four. What is left at the finest size is a border about which
//! nothing is said. Where play is of perfect information, a box counts if what is played on the
//! path is the same all over it.

use crate::cell::{Around, Cell};
use crate::evaluate::functions;
use crate::reasons::on_path;
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, ParamId};
use detente_solve::{Known, Progress, Settings};
use detente_verify::over::{self, Found, Stop};
use serde::Serialize;
use std::rc::Rc;

/// Boxes where a proof has no functions to go on with are not cut further than this.
const HOPELESS: u32 = 4;

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
    pub digest: String,
    pub base: Vec<Q>,
    pub x: Axis,
    pub y: Axis,
    /// The finest box is one over two to this number of the whole, on each side.
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

/// An outcome's range over the middle points of a region's boxes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub outcome: String,
    pub low: f64,
    pub high: f64,
}

/// All boxes with the same equilibria in outline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// A, B, C … by falling area.
    pub name: String,
    /// Share of the plane that is proven to belong to it.
    pub area: f64,
    /// Per equilibrium, outcomes that occur. Several equilibria: they overlap here.
    pub equilibria: Vec<Vec<Seen>>,
    /// The middle of its largest box.
    pub sample: (f64, f64),
    /// Borders of the region as closed lines through the corners of boxes, in the parameters'
    /// units: outer ones, and those of holes in them.
    pub polygons: Vec<Vec<(f64, f64)>>,
    #[serde(skip)]
    pub squares: Vec<Square>,
}

/// The answer over a plane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Map {
    pub x: Side,
    pub y: Side,
    /// Number of finest boxes along each side.
    pub resolution: u32,
    /// Share of the plane that is covered by proofs.
    pub certified: f64,
    pub regions: Vec<Region>,
    /// Why boxes at the finest size are open, the commonest reason first.
    pub open: Vec<(String, u32)>,
    #[serde(skip)]
    pub border: Vec<Square>,
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

/// What is collected of a region on the way.
struct Draft {
    key: Vec<String>,
    squares: Vec<Square>,
    outcomes: Vec<Vec<(f64, f64)>>,
}

/// Makes the map of a plane.
pub fn map(plane: &Plane) -> Map {
    let whole = 1u32 << plane.depth;
    let mut open = vec![Square { x: 0, y: 0, size: whole }];
    let mut drafts: Vec<Draft> = vec![];
    let mut border: Vec<Square> = vec![];
    let mut why: Vec<(String, u32)> = vec![];
    let mut known: Option<Known> = None;
    let mut done: u64 = 0;
    let area = |s: &Square| u64::from(s.size) * u64::from(s.size);
    while let Some(square) = open.pop() {
        let share = done as f64 / (f64::from(whole) * f64::from(whole));
        let going = plane.progress.keep_going(share);
        let found =
            if going { plane.look(&square, &mut known) } else { Err(Stop::Never("interrupted".into())) };
        match found {
            Ok(found) => {
                done += area(&square);
                file(plane.game, &mut drafts, square, &found);
            }
            Err(stop) => {
                let hopeless =
                    matches!(stop, Stop::Never(_)) && square.size <= whole >> HOPELESS.min(plane.depth);
                if square.size > 1 && going && !hopeless {
                    let half = square.size / 2;
                    let corners = [(0, 0), (half, 0), (0, half), (half, half)];
                    open.extend(corners.map(|(dx, dy)| Square {
                        x: square.x + dx,
                        y: square.y + dy,
                        size: half,
                    }));
                    continue;
                }
                done += area(&square);
                border.push(square);
                match why.iter_mut().find(|w| w.0 == stop.words()) {
                    Some(entry) => entry.1 += 1,
                    None => why.push((stop.words().to_string(), 1)),
                }
            }
        }
    }
    why.sort_by_key(|w| std::cmp::Reverse(w.1));
    let total = f64::from(whole) * f64::from(whole);
    let size = |d: &Draft| d.squares.iter().map(area).sum::<u64>();
    drafts.sort_by_key(|d| std::cmp::Reverse(size(d)));
    let certified = drafts.iter().map(size).sum::<u64>() as f64 / total;
    let regions =
        drafts.iter().enumerate().map(|(k, d)| plane.region(k, d, size(d) as f64 / total)).collect();
    Map {
        x: plane.side(&plane.x),
        y: plane.side(&plane.y),
        resolution: whole,
        certified,
        regions,
        open: why,
        border,
    }
}

/// Puts a box into its region.
fn file(game: &Game, drafts: &mut Vec<Draft>, square: Square, found: &Found<Cell>) {
    let mut parts: Vec<(String, Vec<(f64, f64)>)> = found
        .components
        .iter()
        .map(|c| {
            let shown = c.places.iter().map(|p| p.outcomes.iter().map(center).collect::<Vec<f64>>());
            let mut ranges: Vec<(f64, f64)> = vec![];
            for list in shown {
                match ranges.is_empty() {
                    true => ranges = list.iter().map(|v| (*v, *v)).collect(),
                    false => widen(&mut ranges, &list.iter().map(|v| (*v, *v)).collect::<Vec<_>>()),
                }
            }
            (on_path(game, &c.supports), ranges)
        })
        .collect();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    let (key, ranges): (Vec<String>, Vec<Vec<(f64, f64)>>) = parts.into_iter().unzip();
    match drafts.iter_mut().find(|d| d.key == key) {
        Some(draft) => {
            draft.squares.push(square);
            draft.outcomes.iter_mut().zip(&ranges).for_each(|(old, new)| widen(old, new));
        }
        None => drafts.push(Draft { key, squares: vec![square], outcomes: ranges }),
    }
}

fn center(value: &Cell) -> f64 {
    use detente_verify::over::Field;
    value.center().to_f64()
}

fn widen(ranges: &mut [(f64, f64)], by: &[(f64, f64)]) {
    for (r, b) in ranges.iter_mut().zip(by) {
        *r = (r.0.min(b.0), r.1.max(b.1));
    }
}

impl Plane<'_> {
    /// A place on a side, in finest boxes from its start.
    fn at(&self, axis: &Axis, steps: u32) -> Q {
        let share = Q::from(i64::from(steps)) / Q::from(1i64 << self.depth);
        &axis.from + (&axis.to - &axis.from) * share
    }

    fn look(&self, square: &Square, known: &mut Option<Known>) -> Result<Found<Cell>, Stop> {
        let x = (self.at(&self.x, square.x), self.at(&self.x, square.x + square.size));
        let y = (self.at(&self.y, square.y), self.at(&self.y, square.y + square.size));
        let middle = |s: &(Q, Q)| (&s.0 + &s.1) / Q::from(2);
        let center = [middle(&x), middle(&y)];
        let sides = [x, y];
        let around: Rc<Around> = Around::new(&sides, &center);
        let mut params = self.base.clone();
        let mut free: Vec<Option<Cell>> = vec![None; params.len()];
        for (k, axis) in [&self.x, &self.y].into_iter().enumerate() {
            params[axis.param.index()] = center[k].clone();
            free[axis.param.index()] = Some(Cell::variable(k, &sides[k], &center[k], &around));
        }
        let numbers = functions(self.game, &params, &free).map_err(Stop::Here)?;
        let perfect = self.game.infosets.iter().all(|h| h.nodes.len() == 1);
        if perfect && self.settings.concept != detente_game::solution::Concept::Nash {
            return over::on_path(self.game, &numbers.chance, &numbers.payoffs);
        }
        let solution = self.solve(&params, known)?;
        let careful =
            || over::replay(self.game, &numbers.chance, &numbers.payoffs, &solution.certificate, true);
        let found = over::replay(self.game, &numbers.chance, &numbers.payoffs, &solution.certificate, false);
        let found = found.or_else(|_| careful())?;
        *known = Some(Known::new(self.game, &solution));
        Ok(found)
    }

    fn solve(&self, params: &[Q], known: &Option<Known>) -> Result<Solution, Stop> {
        let numbers = self.game.numbers(params).map_err(|e| Stop::Here(e.to_string()))?;
        // A proof by cases holds on ranges; one about a table does not.
        let settings = Settings { by_cases: true, ..self.settings.clone() };
        let solution = match known {
            Some(k) => detente_solve::solve_again(self.game, &numbers, &settings, k, self.progress),
            None => detente_solve::solve(self.game, &numbers, &settings, self.progress),
        };
        match solution.status {
            Status::ExactComplete => Ok(solution),
            _ => Err(Stop::Here(solution.unresolved.first().cloned().unwrap_or_default())),
        }
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

    fn region(&self, k: usize, draft: &Draft, area: f64) -> Region {
        let keys = self.game.outcome_keys();
        let seen = |ranges: &Vec<(f64, f64)>| {
            let list = keys.iter().zip(ranges).filter(|(_, r)| r.1 > 0.0);
            list.map(|(name, r)| Seen { outcome: name.clone(), low: r.0, high: r.1 }).collect()
        };
        let largest = draft.squares.iter().max_by_key(|s| s.size);
        let middle = |axis: &Axis, at: u32, size: u32| {
            let scale = (&axis.to - &axis.from).to_f64() / f64::from(1u32 << self.depth);
            axis.from.to_f64() + (f64::from(at) + f64::from(size) / 2.0) * scale
        };
        let sample =
            largest.map_or((0.0, 0.0), |s| (middle(&self.x, s.x, s.size), middle(&self.y, s.y, s.size)));
        let place = |(x, y): (u32, u32)| (self.at(&self.x, x).to_f64(), self.at(&self.y, y).to_f64());
        let loops = crate::outline::loops(&draft.squares);
        Region {
            name: letters(k),
            area,
            equilibria: draft.outcomes.iter().map(seen).collect(),
            sample,
            polygons: loops.into_iter().map(|l| l.into_iter().map(place).collect()).collect(),
            squares: draft.squares.clone(),
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
