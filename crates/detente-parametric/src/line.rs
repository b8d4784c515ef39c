//! A parameter's range, covered by pieces on each of which one proof holds.
//!
//! The one idea: solve at a point, replay the proof over functions, and see how far the signs it
//! rests on stay what they are. The ends of that piece are roots of polynomials, or zeros of expressions
//! with exponentials, logarithms and roots; go on behind them.

use crate::end::{End, nearest};
use crate::evaluate::functions;
use crate::formula::{Atoms, Formula, Watch};
use crate::thresholds::Value;
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, ParamId};
use detente_solve::{Known, Progress, Settings};
use detente_verify::over::{self, Found, Stop, Support};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Most pieces of one range.
const MAX_PIECES: usize = 400;
/// A range narrower than this share of the whole is a gap where no proof was carried over.
const NARROWEST: i64 = 1 << 16;
/// Where a proof cannot be carried over at all, ranges wider than this share are halved.
const HALVED: i64 = 64;
/// Most steps of a proof that is to be carried over: functions make each of them far longer.
pub(crate) const MOST_STEPS: u64 = 50_000;
/// After a point where the search was not finished, the next may take this part of its steps, but no fewer than these.
pub(crate) const LESS: u64 = 8;
pub(crate) const LEAST_STEPS: u64 = 2_000;
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

/// An open range on which one proof holds.
pub struct Tile {
    pub low: End,
    pub high: End,
    /// Where it was solved.
    pub center: Q,
    pub solution: Solution,
    pub found: Found<Formula>,
    /// The irrational steps that its functions speak of.
    pub atoms: Rc<Atoms>,
    pub shape: Shape,
}

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
        let mut known: Option<Known> = None;
        let mut tries = 0;
        let mut steps = self.settings.max_steps.min(MOST_STEPS);
        let (mut failures, mut tiles) = (0, 0);
        while let Some((low, high)) = open.pop() {
            let (mut low_end, mut high_end) = (low.clone(), high.clone());
            let whole = &self.to - &self.from;
            separate(&mut low_end, &mut high_end, &(&whole / Q::from(NARROWEST * 4)));
            let (a, b) = (low_end.hi().clone(), high_end.lo().clone());
            let width = &b - &a;
            let gap = |why: &str| Part::Gap { low: low.clone(), high: high.clone(), why: why.into() };
            if !width.is_positive() {
                parts.push(gap("its two ends cannot be told apart"));
                continue;
            }
            if parts.len() >= MAX_PIECES {
                parts.push(gap("there are too many pieces"));
                continue;
            }
            if tries >= self.tries {
                parts.push(gap(&format!("the search stopped at its budget of {} points", self.tries)));
                continue;
            }
            if !self.progress.keep_going(self.share(&a)) {
                parts.push(gap("interrupted"));
                continue;
            }
            if failures > FAILURES + MORE_FAILURES * tiles {
                parts.push(gap("nearly no point gave a proof, so the search ended"));
                continue;
            }
            let mut reason = String::from("no point of it could be solved");
            let mut never = false;
            let mut tile = None;
            for share in [(46, 97), (71, 103), (29, 101)] {
                let center = &a + &width * Q::new(share.0, share.1);
                tries += 1;
                match self.tile(&center, &low, &high, (&mut known, &mut steps)) {
                    Ok(found) => {
                        tile = Some(found);
                        tiles += 1;
                        break;
                    }
                    Err(stop) => {
                        never |= matches!(stop, Stop::Never(_));
                        failures += 1;
                        reason = stop.words().to_string();
                        if never {
                            break;
                        }
                    }
                }
            }
            if let Some(tile) = tile {
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
            let least = &whole / Q::from(if never { HALVED } else { NARROWEST });
            if width <= least {
                parts.push(gap(&reason));
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

    fn share(&self, at: &Q) -> f64 {
        ((at - &self.from) / (&self.to - &self.from)).to_f64()
    }

    /// The piece around a point, inside an open range.
    fn tile(
        &self,
        center: &Q,
        low: &End,
        high: &End,
        (known, steps): (&mut Option<Known>, &mut u64),
    ) -> Result<Tile, Stop> {
        let (solution, _) = self.solve(center, known.as_ref(), *steps).map_err(Stop::Here)?;
        if solution.status != Status::ExactComplete {
            *steps = (*steps / LESS).max(LEAST_STEPS.min(*steps));
            let why = solution.unresolved.first().cloned();
            return Err(Stop::Never(why.unwrap_or_else(|| "not all equilibria are known".into())));
        }
        let mut carried = self.carried(center, low, high, &solution, false);
        // The multipliers at hand may hold less far than others would.
        let inside = |c: &Carried| c.low.compare(low).is_gt() || c.high.compare(high).is_lt();
        if carried.as_ref().map_or(true, inside)
            && let Ok(further) = self.carried(center, low, high, &solution, true)
        {
            carried = Ok(further);
        }
        let solution = if carried.is_err() && known.is_some() {
            // A proof found by itself may be one that can be carried over.
            let (fresh, _) = self.solve(center, None, *steps).map_err(Stop::Here)?;
            carried = self.carried(center, low, high, &fresh, true);
            fresh
        } else {
            solution
        };
        let Carried { found, low, high, atoms } = carried?;
        *known = Some(Known::new(self.game, &solution));
        let shape = shape(&found);
        Ok(Tile { low, high, center: center.clone(), solution, found, atoms, shape })
    }

    fn carried(
        &self,
        center: &Q,
        low: &End,
        high: &End,
        solution: &Solution,
        careful: bool,
    ) -> Result<Carried, Stop> {
        let atoms = Atoms::new(1);
        let sides = [(self.from.clone(), self.to.clone())];
        let watch = Watch::new(std::slice::from_ref(center), &sides, None, &atoms);
        let params = self.params(center);
        let mut free: Vec<Option<Formula>> = vec![None; params.len()];
        free[self.param.index()] = Some(Formula::variable(0, &watch));
        let numbers = functions(self.game, &params, &free).map_err(Stop::Here)?;
        let certificate = over_certificate(self.game, solution);
        let found = over::replay(self.game, &numbers.chance, &numbers.payoffs, &certificate, careful)?;
        let (mut below, mut above) = (low.clone(), high.clone());
        for poly in watch.asked()? {
            let [left, right] = nearest(&poly, &atoms, center, below.lo(), above.hi());
            if let Some(end) = left.filter(|end| end.compare(&below) == Ordering::Greater) {
                below = end;
            }
            if let Some(end) = right.filter(|end| end.compare(&above) == Ordering::Less) {
                above = end;
            }
        }
        Ok(Carried { found, low: below, high: above, atoms })
    }
}

/// What a replay found, and between which ends it holds.
struct Carried {
    found: Found<Formula>,
    low: End,
    high: End,
    atoms: Rc<Atoms>,
}

/// The certificate to carry over: where play is of perfect information, one step says it all.
pub(crate) fn over_certificate(game: &Game, solution: &Solution) -> detente_game::certificate::Certificate {
    use detente_game::certificate::{Proof, Stage};
    let mut certificate = solution.certificate.clone();
    let perfect = game.infosets.iter().all(|h| h.nodes.len() == 1);
    if perfect && certificate.concept != "nash" {
        certificate.stages = vec![Stage {
            root: 0,
            nested: vec![],
            payoffs: vec![],
            components: vec![vec![0]],
            proof: Proof::PerfectInformation { cell: 0 },
            joins: vec![],
            points: vec![],
        }];
    }
    certificate
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
