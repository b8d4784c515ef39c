//! Levers: what a player could do or change, and what comes of it.
//!
//! The one idea: every lever is tried on the same draws of the parameters, so what differs between two
//! levers differs by them alone. Effects are low to high over equilibria, never one number where the
//! equilibria differ; beside them stands what the player itself pays, by its own payoffs.

pub mod across;
#[cfg(test)]
mod agree;
mod direction;
mod effect;
mod found;
pub mod policies;
pub mod robust;
mod together;
mod tried;

pub use found::{Drawn, Lever, Levers, PolicyRow};

use crate::draws::Plan;
use crate::ends::{Ends, mean};
use crate::sampler::Sampler;
use crate::solved::{Point, on_big_stack};
use crate::spread::spread;
use detente_batch::LANES;
use detente_exact::Q;
use detente_game::{NodeId, NodeKind, ParamId, PlayerId};
use detente_model::Model;
use detente_model::question::Body;
use detente_solve::Progress;
use direction::{Said, aim};
use effect::{lever, rank};
use policies::{crowded, policies};
use robust::{choose, rate};
use std::panic::AssertUnwindSafe;
use together::Together;
use tried::{Bench, Bodies, Reading};

/// What is looked at, and for whom.
#[derive(Clone, Debug)]
pub struct Inquiry {
    pub player: PlayerId,
    pub measure: Measure,
    /// Whether more of it is better; `None`: as the player's own payoffs say.
    pub more: Option<bool>,
    /// Parameters that the player could change; `None`: those in its payoffs and on its actions.
    pub params: Option<Vec<ParamId>>,
    /// What is good enough; `None`: even odds, a true statement, or what is now.
    pub threshold: Option<f64>,
    pub plan: Plan,
}

/// An outcome, an ask or a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub name: String,
    pub label: String,
    pub body: Body,
}

/// The name of leaving things as they are.
pub const AS_IS: &str = "as things are";

/// Tries every lever of a player.
///
/// # Errors
/// Words: a parameter that cannot be moved, or a game without numbers at the base values.
pub fn levers(model: &Model, inquiry: &Inquiry, progress: &dyn Progress) -> Result<Levers, String> {
    let sampler = Sampler::new(model).map_err(|e| e.to_string())?;
    let all = policies(model, inquiry, &sampler)?;
    let bodies = Bodies::of(model, inquiry);
    let params = model.game.base_params();
    let bench = on_big_stack(|| Bench::new(model, &bodies, all, &inquiry.plan.settings, progress))
        .and_then(|found| found)
        .map_err(|e| e.words)?;
    let base = on_big_stack(|| bench.at(&params, &bodies.scenarios, false, progress)).map_err(|e| e.words)?;
    let base = base.map_err(|e| e.words)?;
    let aim = aim(model, inquiry, &bench, base[0][0].x);
    let together = on_big_stack(|| Together::new(&bench, &bodies, progress)).map_err(|e| e.words)?;
    let size = LANES as u64;
    let points = |block: u64| -> Vec<Vec<Q>> {
        let indices = block * size..inquiry.plan.draws.min((block + 1) * size);
        indices.map(|index| sampler.params(&sampler.values(inquiry.plan.seed, index))).collect()
    };
    let exact = |params: &[Q], watch: &dyn Progress| {
        // A point on which the solver breaks down says nothing.
        let work = AssertUnwindSafe(|| bench.at(params, &bodies.scenarios[..1], true, watch).ok());
        let row = std::panic::catch_unwind(work).ok().flatten()?;
        Some(row.into_iter().map(|mut scenarios| scenarios.swap_remove(0)).collect::<Vec<Reading>>())
    };
    let drawn = spread(inquiry.plan.draws.div_ceil(size), inquiry.plan.threads, progress, |block, watch| {
        let points = points(block);
        let found = together.at(&points).into_iter().zip(&points);
        found.map(|(row, params)| row.or_else(|| exact(params, watch))).collect::<Vec<_>>()
    });
    let lost = |block: usize| vec![None; points(block as u64).len()];
    let drawn = drawn.into_iter().enumerate().flat_map(|(k, rows)| rows.unwrap_or_else(|| lost(k)));
    let drawn: Vec<Option<Vec<Reading>>> = drawn.collect();
    Ok(put_together(model, inquiry, &bench, &base, &drawn, &aim))
}

/// The largest payoff of a player less the smallest, over all ends of play.
pub fn stake(point: &Point, player: PlayerId) -> f64 {
    let Some(own) = point.games.first() else { return 0.0 };
    let ends = own.game.nodes.iter().enumerate().filter(|(_, n)| matches!(n.kind, NodeKind::Terminal(_)));
    let pays: Vec<f64> =
        ends.map(|(n, _)| own.numbers.payoff(own.game, NodeId(n as u32), player.index()).to_f64()).collect();
    let fold = |f: fn(f64, f64) -> f64| pays.iter().copied().reduce(f).unwrap_or(0.0);
    fold(f64::max) - fold(f64::min)
}

fn put_together(
    model: &Model,
    inquiry: &Inquiry,
    bench: &Bench,
    base: &[Vec<Reading>],
    drawn: &[Option<Vec<Reading>>],
    said: &Said,
) -> Levers {
    let aim = said.aim;
    let stake = stake(&bench.base, inquiry.player);
    let names = std::iter::once(AS_IS.to_string()).chain(bench.policies.iter().map(|p| p.name.clone()));
    let cells: Vec<Vec<Option<Ends>>> = base.iter().map(|r| r.iter().map(|c| c.x).collect()).collect();
    let ratings = rate(&cells, aim);
    let by_draw: Vec<Vec<Option<Ends>>> = (0..base.len())
        .map(|p| drawn.iter().map(|d| d.as_ref().and_then(|row| row[p].x)).collect())
        .collect();
    let over_draws = if drawn.is_empty() { vec![] } else { rate(&by_draw, aim) };
    let per = |e: Ends| if stake > 0.0 { Some(e.times(1.0 / stake)) } else { None };
    let mut levers: Vec<Lever> = bench
        .policies
        .iter()
        .enumerate()
        .map(|(k, policy)| lever(policy, k + 1, base, drawn, over_draws.get(k + 1), aim, &per))
        .collect();
    let idle = |l: &Lever| l.after.is_none() && l.drawn.as_ref().is_none_or(|d| d.used == 0);
    let mut left_out: Vec<String> = bench.unasked.clone();
    left_out.extend(crowded(model, inquiry.player).into_iter().map(|(name, n)| {
        format!("{name}: its {n} actions are not tried one by one, because levers are declared")
    }));
    left_out
        .extend(levers.iter().filter(|l| idle(l)).map(|l| format!("{}: the question has no value", l.name)));
    levers.retain(|l| !idle(l));
    rank(&mut levers, aim);
    Levers {
        player: model.game.players[inquiry.player.index()].name.clone(),
        measure: inquiry.measure.name.clone(),
        label: inquiry.measure.label.clone(),
        share: crate::asked::is_probability(&inquiry.measure.body)
            || matches!(inquiry.measure.body, Body::Truth(_)),
        statement: matches!(inquiry.measure.body, Body::Truth(_)),
        more: aim.more,
        because: said.because.clone(),
        threshold: aim.threshold,
        strength: bench.base.status(),
        draws: drawn.len() as u64,
        seed: inquiry.plan.seed,
        incomplete: drawn.iter().filter(|d| d.is_none()).count() as u64,
        now: base[0][0].x,
        own_now: base[0][0].own,
        drawn_now: mean(&by_draw[0].iter().flatten().copied().collect::<Vec<_>>()),
        stake,
        scenarios: bench.scenarios.clone(),
        chosen: choose(&ratings, aim),
        chosen_by_draws: (!over_draws.is_empty()).then(|| choose(&over_draws, aim)),
        table: names
            .zip(cells)
            .zip(ratings)
            .map(|((policy, cells), robust)| PolicyRow { policy, cells, robust })
            .collect(),
        levers,
        left_out,
    }
}
