//! The verdict on one claim at many points at a time.
//!
//! The one idea: a search for the nearest change asks for thousands of verdicts near the base values,
//! and the lanes that answer draws (`fast`) answer points as well. What they leave open, and
//! whatever is printed, is solved exactly.

use crate::draws::{Draw, DrawnClaim};
use crate::fast::Fast;
use crate::sampler::Sampler;
use crate::solved::{Games, Memory, needed, solve_near};
use crate::verdict::Class;
use detente_batch::LANES;
use detente_model::Model;
use detente_model::model::Claim;
use detente_solve::{Progress, Settings};

/// Decides one claim at points of the parameters.
pub trait Decides {
    /// The verdict where all parameters have these values; `None` where there is none.
    fn exact(&self, params: &[detente_exact::Q]) -> Option<Class>;

    /// The verdicts where the uncertain parameters have these values, proven; `None` where it takes
    /// [`Decides::exact`] to know.
    fn quick(&self, points: &[Vec<f64>]) -> Vec<Option<Class>> {
        vec![None; points.len()]
    }

    /// What one point costs to decide, as the number of nodes that are looked at.
    fn nodes(&self) -> u64 {
        1
    }

    /// Whether many points cost less than one by one.
    fn is_quick(&self) -> bool {
        false
    }
}

/// A claim, ready to be decided in lanes, and exactly where need be.
pub struct Verdicts<'a, 'm> {
    model: &'m Model,
    claim: &'a Claim,
    /// The games that the claim is about.
    games: Games,
    settings: &'a Settings,
    memory: &'a Memory,
    progress: &'a dyn Progress,
    fast: Option<Fast<'m>>,
    /// The uncertain parameters, in the sampler's order.
    drawn: Vec<usize>,
}

impl<'a, 'm> Verdicts<'a, 'm> {
    /// Prepares a claim; `memory` is what is known from the base values.
    ///
    /// It recurses as deep as a proof: call it on a big stack.
    pub fn new(
        model: &'m Model,
        sampler: &Sampler,
        claim: &'a Claim,
        settings: &'a Settings,
        memory: &'a Memory,
        progress: &'a dyn Progress,
    ) -> Verdicts<'a, 'm> {
        let games = needed(std::iter::once(&claim.body), std::iter::empty());
        let base = model.game.base_params();
        let point = solve_near(model, &base, &games, settings, Some(memory), progress).ok();
        let fast = point.and_then(|p| Fast::about(model, &p, settings.concept, claim));
        let drawn = sampler.uncertain().map(|(p, _)| p.index()).collect();
        Verdicts { model, claim, games, settings, memory, progress, fast, drawn }
    }
}

impl Decides for Verdicts<'_, '_> {
    fn exact(&self, params: &[detente_exact::Q]) -> Option<Class> {
        if !self.progress.keep_going(0.0) {
            return None;
        }
        let memory = Some(self.memory);
        let point = solve_near(self.model, params, &self.games, self.settings, memory, self.progress).ok()?;
        // Where not all equilibria are known, there is no verdict, and so no change of it.
        if !point.complete() {
            return None;
        }
        super::classes(&point, &[self.claim]).pop()
    }

    fn quick(&self, points: &[Vec<f64>]) -> Vec<Option<Class>> {
        let Some(fast) = &self.fast else { return vec![None; points.len()] };
        let blank = |values: &Vec<f64>| Draw {
            index: 0,
            values: values.clone(),
            complete: false,
            open: None,
            claims: vec![Some(DrawnClaim { classes: [Class::Undefined; 3], margin: None })],
            asks: vec![],
            hypotheses: vec![],
            observed: vec![],
        };
        let block = |points: &[Vec<f64>]| fast.take(&self.drawn, points.iter().map(blank).collect());
        let found = points.chunks(LANES).flat_map(block);
        found.map(|one| one.ok()?.draw.claims.first()?.as_ref().map(|c| c.classes[0])).collect()
    }

    fn nodes(&self) -> u64 {
        self.games.iter().map(|g| self.model.game_of(*g).nodes.len() as u64).sum()
    }

    fn is_quick(&self) -> bool {
        self.fast.is_some()
    }
}
