//! The piece around one point: solve there, carry the proof over, find where it ends.

use super::{Line, Search, Shape, shape};
use crate::end::{End, nearest};
use crate::evaluate::functions;
use crate::formula::{Atoms, Formula, Watch};
use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::{Solution, Status};
use detente_solve::Known;
use detente_verify::over::{self, Found, Stop};
use std::cmp::Ordering;
use std::rc::Rc;

/// After a point where the search was not finished, the next may take this part of its steps, but no fewer than these.
pub(crate) const LESS: u64 = 8;
pub(crate) const LEAST_STEPS: u64 = 2_000;

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

impl Line<'_> {
    /// The piece around a point, inside an open range.
    pub(super) fn tile(&self, center: &Q, low: &End, high: &End, search: &mut Search) -> Result<Tile, Stop> {
        let (solution, _) = self.solve(center, search.known.as_ref(), search.steps).map_err(Stop::Here)?;
        if solution.status != Status::ExactComplete {
            search.steps = (search.steps / LESS).max(LEAST_STEPS.min(search.steps));
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
        let solution = if carried.is_err() && search.known.is_some() {
            // A proof found by itself may be one that can be carried over.
            let (fresh, _) = self.solve(center, None, search.steps).map_err(Stop::Here)?;
            carried = self.carried(center, low, high, &fresh, true);
            fresh
        } else {
            solution
        };
        let Carried { found, low, high, atoms } = carried?;
        search.known = Some(Known::new(self.game, &solution));
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
