//! One draw of the parameters: what every equilibrium and quantal response say of it.

use super::smooth::Weighted;
use super::table::{Table, of_equilibrium, of_logit};
use super::{Plan, Ready};
use crate::observed::chance;
use crate::play::Setting;
use crate::query::Equilibrium;
use crate::sampler::Sampler;
use crate::shares::Pair;
use crate::solved::Memory;
use detente_model::question::Happening;
use detente_prob::uniform;
use detente_solve::Progress;
use detente_solve::logit::Logit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is kept of a draw.
pub struct Draw {
    /// Whether all equilibria are known with proof.
    pub complete: bool,
    /// `seen[n]`: per equilibrium, low and high of the probability of the first `n` observations.
    pub seen: Vec<Vec<(f64, f64)>>,
    /// `pairs[h][n]`: P(h and the first `n`) and P(the first `n`); the extremes over each equilibrium.
    pub pairs: Vec<Vec<Vec<Pair>>>,
    /// λ of the draw, and what quantal response says there.
    pub lambda: f64,
    pub logit: Option<Weighted>,
}

/// Solves draw `index`. It depends on the seed and the index alone.
pub fn draw(
    ready: &Ready,
    sampler: &Sampler,
    plan: &Plan,
    index: u64,
    memory: &Memory,
    progress: &dyn Progress,
) -> Draw {
    let work = AssertUnwindSafe(|| solved(ready, sampler, plan, index, memory, progress));
    // A draw on which the solver breaks down counts as undecided.
    catch_unwind(work).ok().flatten().unwrap_or_else(|| {
        let (steps, hypotheses) = (ready.observes.len() + 1, ready.hypotheses.len());
        let (seen, pairs) = (vec![vec![]; steps], vec![vec![vec![]; steps]; hypotheses]);
        Draw { complete: false, seen, pairs, lambda: f64::NAN, logit: None }
    })
}

fn solved(
    ready: &Ready,
    sampler: &Sampler,
    plan: &Plan,
    index: u64,
    memory: &Memory,
    progress: &dyn Progress,
) -> Option<Draw> {
    let params = sampler.params(&sampler.values(plan.seed, index));
    let point = ready.solve(&params, plan, Some(memory), progress).ok()?;
    let game = &point.games[0];
    let setting = Setting { game: game.game, numbers: &game.numbers, params: &game.params };
    let fits = ready.fits(setting);
    let logit = Logit::new(game.game, &game.numbers);
    let lambda = plan.lambda.quantile(uniform(plan.seed, "precision of choice", index), logit.range());
    let smooth = logit.at(lambda, progress).ok().map(|play| Weighted {
        lambda,
        table: of_logit(game.game, &game.numbers, &fits, &play),
        doubt: play.doubts.first().cloned(),
    });
    let steps = ready.observes.len() + 1;
    let mut draw = Draw {
        complete: point.complete(),
        seen: vec![vec![]; steps],
        pairs: vec![vec![vec![]; steps]; ready.hypotheses.len()],
        lambda,
        logit: smooth,
    };
    if draw.complete {
        for eq in point.hands().own() {
            match eq.varies() {
                false => keep_point(&mut draw, &of_equilibrium(eq, &fits)),
                true => keep_range(&mut draw, eq, ready),
            }
        }
    }
    Some(draw)
}

fn keep_point(draw: &mut Draw, table: &Table) {
    let plain = |log: f64| libm::exp(log);
    for (n, place) in draw.seen.iter_mut().enumerate() {
        place.push((plain(table.seen[n]), plain(table.seen[n])));
    }
    for (h, steps) in draw.pairs.iter_mut().enumerate() {
        for (n, place) in steps.iter_mut().enumerate() {
            place.push((plain(table.with[h][n]), plain(table.seen[n])));
        }
    }
}

/// Over a continuum: sure bounds, and the two extreme pairs.
fn keep_range(draw: &mut Draw, eq: &Equilibrium, ready: &Ready) {
    for n in 0..=ready.observes.len() {
        let seen: Vec<Happening> = ready.observes[..n].iter().map(|o| o.event.clone()).collect();
        let ends = |parts: Vec<Happening>| {
            let range = chance(eq, &Happening::And(parts)).1;
            (range.low().to_f64().max(0.0), range.high().to_f64().min(1.0))
        };
        draw.seen[n].push(ends(seen.clone()));
        for (h, hypothesis) in ready.hypotheses.iter().enumerate() {
            let joint = |event: Happening| ends(seen.iter().cloned().chain([event]).collect());
            let (a, c) = joint(hypothesis.event.clone());
            let (b, d) = joint(Happening::Not(Box::new(hypothesis.event.clone())));
            draw.pairs[h][n].extend([(a, a + d), (c, c + b)]);
        }
    }
}
