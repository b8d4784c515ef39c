//! A parameter's range, covered by pieces on each of which one proof holds.
//!
//! The one idea: solve at a point, replay the proof over functions, and see how far the signs it
//! rests on stay what they are. The ends of that piece are roots of polynomials, or zeros of expressions
//! with exponentials, logarithms and roots; go on behind them.

mod tile;

pub use tile::Tile;
pub(crate) use tile::{LEAST_STEPS, LESS, over_certificate};

use crate::end::End;
use crate::thresholds::Value;
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, ParamId};
use detente_solve::{Known, Progress, Settings};
use detente_verify::over::{self, Found, Stop, Support};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Most pieces of one range.
const MAX_PIECES: usize = 400;
/// A range narrower than this share of the whole is a gap where no proof was carried over.
const NARROWEST: i64 = 1 << 16;
/// Where a proof cannot be carried over at all, ranges wider than this share are halved.
const HALVED: i64 = 64;
/// Most steps of a proof that is to be carried over: functions make each of them far longer.
pub(crate) const MOST_STEPS: u64 = 50_000;
/// So many failures, and so many more per piece, end the search.
const FAILURES: usize = 24;
const MORE_FAILURES: usize = 4;

/// One line through the space of parameters: the game, a point, and the parameter that is free.
pub struct Line<'a> {
    pub game: &'a Game,
    pub digest: String,
    pub base: Vec<Q>,
    pub param: ParamId,
    pub from: Q,
    pub to: Q,
    pub settings: &'a Settings,
    /// Most points from which a proof is carried over; what is not covered then is a gap.
    pub tries: usize,
    pub progress: &'a dyn Progress,
}

/// The set of equilibria in outline: the supports of each component.
pub type Shape = BTreeSet<BTreeSet<Support>>;

/// A part of the range.
pub enum Part {
    Proven(Box<Tile>),
    Gap { low: End, high: End, why: String },
}

/// What is known at one value of the parameter.
pub struct At {
    pub value: Q,
    /// `None` if the game has no numbers there; the reason is in `why`.
    pub solution: Option<Solution>,
    /// The set in outline, if the proof was replayed there.
    pub shape: Option<Shape>,
    pub why: Option<String>,
}

/// How far the search has come, and what the next solution may start from.
struct Search {
    known: Option<Known>,
    /// Steps that the next solution may take.
    steps: u64,
    /// Points tried, points without a proof, and pieces found.
    tries: usize,
    failures: usize,
    tiles: usize,
}

/// Returns the outline of what a replay found.
pub fn shape<N>(found: &Found<N>) -> Shape {
    found.components.iter().map(|c| c.supports.clone()).collect()
}

impl Line<'_> {
    fn params(&self, value: &Q) -> Vec<Q> {
        let mut params = self.base.clone();
        params[self.param.index()] = value.clone();
        params
    }

    /// An end as data.
    pub fn value(&self, end: &End) -> Value {
        Value::of(end, &self.game.params[self.param.index()].name)
    }

    /// Solves at one value; the answer keeps no stronger word than the referee confirms.
    fn solve(
        &self,
        value: &Q,
        known: Option<&Known>,
        max_steps: u64,
    ) -> Result<(Solution, detente_game::Numbers), String> {
        let numbers = self.game.numbers(&self.params(value)).map_err(|e| e.to_string())?;
        // A proof by cases holds on ranges; one about a table does not.
        let settings = Settings { by_cases: true, max_steps, ..self.settings.clone() };
        let mut solution = match known {
            Some(known) => detente_solve::solve_again(self.game, &numbers, &settings, known, self.progress),
            None => detente_solve::solve(self.game, &numbers, &settings, self.progress),
        };
        let (proven, why) = detente_verify::confirm(self.game, &self.digest, &numbers, &solution);
        if proven != solution.status {
            solution.status = proven;
            solution.unresolved.extend(why);
        }
        Ok((solution, numbers))
    }

    /// Solves at one value and replays the proof there.
    pub fn at(&self, value: &Q) -> At {
        let (solution, numbers) = match self.solve(value, None, self.settings.max_steps.min(MOST_STEPS)) {
            Ok(solved) => solved,
            Err(why) => return At { value: value.clone(), solution: None, shape: None, why: Some(why) },
        };
        let complete = solution.status == Status::ExactComplete;
        let replayed =
            over::replay(self.game, &numbers.chance, &numbers.payoffs, &solution.certificate, false);
        let (shape, why) = match replayed {
            Ok(found) if complete => (Some(shape(&found)), None),
            Ok(_) => (None, solution.unresolved.first().cloned()),
            Err(stop) => (None, Some(stop.words().to_string())),
        };
        At { value: value.clone(), solution: Some(solution), shape, why }
    }

    /// Covers the open range with proofs, in order.
    pub fn cover(&self) -> Vec<Part> {
        let mut parts = vec![];
        // The leftmost range is on top.
        let mut open = vec![(End::exact(&self.from), End::exact(&self.to))];
        let steps = self.settings.max_steps.min(MOST_STEPS);
        let mut search = Search { known: None, steps, tries: 0, failures: 0, tiles: 0 };
        let whole = &self.to - &self.from;
        while let Some((low, high)) = open.pop() {
            let (mut low_end, mut high_end) = (low.clone(), high.clone());
            separate(&mut low_end, &mut high_end, &(&whole / Q::from(NARROWEST * 4)));
            let (a, b) = (low_end.hi().clone(), high_end.lo().clone());
            let width = &b - &a;
            if let Some(why) = self.leaves_open(&search, parts.len(), &a, &width) {
                parts.push(Part::Gap { low, high, why });
                continue;
            }
            let (reason, never) = match self.first_tile(&mut search, (&a, &width), (&low, &high)) {
                Ok(tile) => {
                    // What is left of it comes next, what is right of it after the piece: so that
                    // pieces come in order, the piece waits as a range that is done.
                    let left = low.compare(&tile.low) == Ordering::Less;
                    let right = tile.high.compare(&high) == Ordering::Less;
                    let (mid_low, mid_high) = (tile.low.clone(), tile.high.clone());
                    parts.push(Part::Proven(Box::new(tile)));
                    if right {
                        open.push((mid_high, high));
                    }
                    if left {
                        open.push((low, mid_low));
                    }
                    continue;
                }
                Err(stop) => (stop.words().to_string(), matches!(stop, Stop::Never(_))),
            };
            if width <= &whole / Q::from(if never { HALVED } else { NARROWEST }) {
                parts.push(Part::Gap { low, high, why: reason });
                continue;
            }
            let middle = End::exact(&Q::simplest_between(
                &(&a + &width * Q::new(9, 20)),
                &(&a + &width * Q::new(11, 20)),
            ));
            open.push((middle.clone(), high));
            open.push((low, middle));
        }
        parts.sort_by(|a, b| a.ends().0.compare(b.ends().0));
        parts
    }

    /// Why a range that begins at `start` stays a gap without a look at it, if it does.
    fn leaves_open(&self, search: &Search, pieces: usize, start: &Q, width: &Q) -> Option<String> {
        if !width.is_positive() {
            Some("its two ends cannot be told apart".into())
        } else if pieces >= MAX_PIECES {
            Some("there are too many pieces".into())
        } else if search.tries >= self.tries {
            Some(format!("the search stopped at its budget of {} points", self.tries))
        } else if !self.progress.keep_going(self.share(start)) {
            Some("interrupted".into())
        } else if search.failures > FAILURES + MORE_FAILURES * search.tiles {
            Some("nearly no point gave a proof, so the search ended".into())
        } else {
            None
        }
    }

    /// The piece around the first point of a range, as start and width, from which a proof is carried over;
    /// it lies between the ends.
    ///
    /// # Errors
    /// Why none is, from the last point that was tried.
    fn first_tile(
        &self,
        search: &mut Search,
        (start, width): (&Q, &Q),
        (low, high): (&End, &End),
    ) -> Result<Tile, Stop> {
        let mut last = Stop::Here("no point of it could be solved".into());
        for share in [(46, 97), (71, 103), (29, 101)] {
            let center = start + width * Q::new(share.0, share.1);
            search.tries += 1;
            match self.tile(&center, low, high, search) {
                Ok(tile) => {
                    search.tiles += 1;
                    return Ok(tile);
                }
                Err(stop) => {
                    search.failures += 1;
                    last = stop;
                    if matches!(last, Stop::Never(_)) {
                        break;
                    }
                }
            }
        }
        Err(last)
    }

    fn share(&self, at: &Q) -> f64 {
        ((at - &self.from) / (&self.to - &self.from)).to_f64()
    }
}

impl Part {
    /// The ends of the part.
    pub fn ends(&self) -> (&End, &End) {
        match self {
            Part::Proven(tile) => (&tile.low, &tile.high),
            Part::Gap { low, high, .. } => (low, high),
        }
    }
}

/// Refines two different ends until their enclosures are apart, and no wider than `width`.
fn separate(low: &mut End, high: &mut End, width: &Q) {
    let mut width = width.clone();
    low.refine(&width);
    high.refine(&width);
    for _ in 0..200 {
        if low.hi() < high.lo() {
            return;
        }
        width /= Q::from(4);
        low.refine(&width);
        high.refine(&width);
    }
}
