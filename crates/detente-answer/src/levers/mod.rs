//! Levers: what a player could do or change, and what comes of it.
//!
//! The one idea: every lever is tried on the same draws of the parameters, so what differs between two
//! levers differs by them alone. Effects are low to high over equilibria, never one number where the
//! equilibria differ; beside them stands what the player itself pays, by its own payoffs.

pub mod across;
#[cfg(test)]
mod agree;
pub mod policies;
pub mod robust;
mod together;
mod tried;

use crate::draws::Plan;
use crate::ends::{Ends, mean};
use crate::query::only_outcomes;
use crate::sampler::Sampler;
use crate::solved::{Point, on_big_stack};
use crate::spread::spread;
use detente_batch::LANES;
use detente_exact::Q;
use detente_game::solution::Status;
use detente_game::{NodeId, NodeKind, ParamId, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};
use detente_solve::Progress;
use policies::{Kind, Policy, crowded, policies};
use robust::{Aim, Chosen, Robust, choose, rate};
use serde::{Deserialize, Serialize};
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

/// Everything found about the levers of a player in one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levers {
    pub player: String,
    pub measure: String,
    pub label: String,
    /// True if the measure is the probability of an event, or a statement counted 0 or 1.
    pub share: bool,
    pub statement: bool,
    /// Whether more of it is taken as better, and who says so.
    pub more: bool,
    pub because: String,
    pub threshold: f64,
    pub strength: Status,
    pub draws: u64,
    pub seed: u64,
    /// Draws in which the game as it is has no proven complete answer.
    pub incomplete: u64,
    /// The measure and the player's own value as things are, at the base values.
    pub now: Option<Ends>,
    pub own_now: Option<Ends>,
    /// The measure as things are, over the draws: mean of the lowest and of the highest values.
    pub drawn_now: Option<Ends>,
    /// The player's largest payoff less its smallest: the unit of what levers cost it.
    pub stake: f64,
    /// The strongest first.
    pub levers: Vec<Lever>,
    /// The base values, then each hypothesis taken as true and as false.
    pub scenarios: Vec<String>,
    /// Per policy, the first being to leave things as they are: the measure in each scenario.
    pub table: Vec<PolicyRow>,
    /// What each rule would choose over the scenarios, and over the draws: positions in `table`.
    pub chosen: Chosen,
    pub chosen_by_draws: Option<Chosen>,
    /// Levers that say nothing here, with the reason.
    pub left_out: Vec<String>,
}

/// A lever and its effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    /// The measure with the lever, at the base values, and its change; over every pair of
    /// equilibria where the lever makes another game.
    pub after: Option<Ends>,
    pub effect: Option<Ends>,
    /// The change of the player's own value, and the same in units of its stake.
    pub own: Option<Ends>,
    pub own_stakes: Option<Ends>,
    pub drawn: Option<Drawn>,
    /// Place by how many draws it surely helps in, then by its worst draw; from 1.
    pub robust_place: usize,
}

/// A lever over the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Draws in which both games have a proven complete answer, and the measure a value.
    pub used: u64,
    pub undefined: u64,
    /// Mean of the lowest effects and mean of the highest; two standard errors of the two, the larger.
    pub effect: Ends,
    pub error: f64,
    /// Share of all draws in which it helps in every pair of equilibria, and in one at least.
    pub helps: Ends,
    /// And in which it does harm.
    pub harms: Ends,
    /// The least helpful effect of all draws, at the worst pair of equilibria.
    pub worst: f64,
    /// Mean change of the player's own value, in units of its stake at the base values.
    pub own_stakes: Option<Ends>,
    /// Mean and largest regret, against every other policy in the same draw.
    pub regret: Ends,
    pub most_regret: Ends,
    /// Share of draws in which the measure is good enough.
    pub enough: Ends,
}

/// A policy over the scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRow {
    pub policy: String,
    pub cells: Vec<Option<Ends>>,
    pub robust: Robust,
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

/// Which way is better, what is good enough, and who says so.
struct Said {
    aim: Aim,
    because: String,
}

fn aim(model: &Model, inquiry: &Inquiry, bench: &Bench, now: Option<Ends>) -> Said {
    let name = &model.game.players[inquiry.player.index()].name;
    let (more, because) = match inquiry.more {
        Some(more) => (more, "as asked".to_string()),
        None => match inclination(inquiry, &bench.base) {
            Some((with, without)) => {
                let said = format!(
                    "{name} gets {} where it happens and {} where it does not",
                    words(with),
                    words(without)
                );
                (with.low > without.high, said)
            }
            None => (true, "nothing says otherwise; --want less turns it round".to_string()),
        },
    };
    let threshold = inquiry.threshold.unwrap_or_else(|| match &inquiry.measure.body {
        Body::Truth(_) => {
            if more {
                1.0
            } else {
                0.0
            }
        }
        body if crate::asked::is_probability(body) => 0.5,
        _ => now.map_or(0.0, |n| if more { n.low } else { n.high }),
    });
    Said { aim: Aim { more, threshold }, because }
}

fn words(e: Ends) -> String {
    let short = |x: f64| format!("{}", (x * 1000.0).round() / 1000.0 + 0.0);
    if e.is_point() { short(e.low) } else { format!("{} to {}", short(e.low), short(e.high)) }
}

/// What the player gets with and without the event, where its own payoffs part the two clearly.
fn inclination(inquiry: &Inquiry, base: &Point) -> Option<(Ends, Ends)> {
    let Body::Number(Number::Query(q)) = &inquiry.measure.body else { return None };
    let QueryKind::Prob(what) = &q.kind else { return None };
    if q.conditions != Conditions::default() || !only_outcomes(what) {
        return None;
    }
    let hands = base.hands();
    let value = |given: Happening| {
        let conditions = Conditions { given: Some(given), ..Conditions::default() };
        let query = Query { kind: QueryKind::Value(inquiry.player), conditions, span: q.span };
        crate::ends::overall(&hands, &Body::Number(Number::Query(Box::new(query))))
    };
    let ends = (value(what.clone())?, value(Happening::Not(Box::new(what.clone())))?);
    (ends.0.low > ends.1.high || ends.0.high < ends.1.low).then_some(ends)
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

fn lever(
    policy: &Policy,
    at: usize,
    base: &[Vec<Reading>],
    drawn: &[Option<Vec<Reading>>],
    rated: Option<&Robust>,
    aim: Aim,
    per: &dyn Fn(Ends) -> Option<Ends>,
) -> Lever {
    let here = &base[at][0];
    let pairs: Vec<&Reading> = drawn.iter().flatten().map(|row| &row[at]).collect();
    let effects: Vec<Ends> = pairs.iter().filter_map(|r| r.effect).collect();
    let total = drawn.len() as f64;
    let good: Vec<Ends> = effects.iter().map(|e| aim.good(*e)).collect();
    let share = |low: fn(&Ends) -> bool, high: fn(&Ends) -> bool| Ends {
        low: good.iter().filter(|e| low(e)).count() as f64 / total,
        high: good.iter().filter(|e| high(e)).count() as f64 / total,
    };
    let drawn = mean(&effects).zip(rated).map(|(effect, rated)| {
        let regrets: Vec<Ends> = rated.regret.iter().flatten().copied().collect();
        Drawn {
            used: effects.len() as u64,
            undefined: drawn.len() as u64 - effects.len() as u64,
            effect,
            error: 2.0 * standard_error(&effects, |e| e.low).max(standard_error(&effects, |e| e.high)),
            helps: share(|e| e.low > 0.0, |e| e.high > 0.0),
            harms: share(|e| e.high < 0.0, |e| e.low < 0.0),
            worst: aim.good(Ends::point(good.iter().map(|e| e.low).fold(f64::INFINITY, f64::min))).low,
            own_stakes: mean(&pairs.iter().filter_map(|r| r.own_effect).collect::<Vec<_>>()).and_then(per),
            regret: mean(&regrets).unwrap_or(Ends::point(0.0)),
            most_regret: rated.most_regret.unwrap_or(Ends::point(0.0)),
            enough: rated.enough.unwrap_or(Ends::point(0.0)),
        }
    });
    Lever {
        name: policy.name.clone(),
        label: policy.label.clone(),
        kind: policy.kind,
        after: here.x,
        effect: here.effect,
        own: here.own_effect,
        own_stakes: here.own_effect.and_then(per),
        drawn,
        robust_place: 0,
    }
}

/// The standard error of the mean of one end.
fn standard_error(list: &[Ends], end: fn(&Ends) -> f64) -> f64 {
    let n = list.len() as f64;
    if list.len() < 2 {
        return 0.0;
    }
    let mean = list.iter().map(end).sum::<f64>() / n;
    let squares: f64 = list.iter().map(|e| (end(e) - mean) * (end(e) - mean)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// Orders levers by the wanted effect, counted at its worst end: over the draws, else at the base
/// values. Ties go by the best end, then by what the player itself gets, then by name.
fn rank(levers: &mut [Lever], aim: Aim) {
    let effect = |l: &Lever| l.drawn.as_ref().map(|d| d.effect).or(l.effect).map(|e| aim.good(e));
    let own = |l: &Lever| l.drawn.as_ref().and_then(|d| d.own_stakes).or(l.own_stakes).map(|e| e.low);
    // Sums in another order differ in their last digits; that is no difference.
    let round = |x: f64| (x * 1e9).round();
    let key = |l: &Lever| {
        let e = effect(l).unwrap_or(Ends::point(f64::NEG_INFINITY));
        (round(e.low), round(e.high), round(own(l).unwrap_or(f64::NEG_INFINITY)))
    };
    levers.sort_by(|a, b| {
        let (x, y) = (key(a), key(b));
        let by_effect = y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1));
        by_effect.then(y.2.total_cmp(&x.2)).then(a.name.cmp(&b.name))
    });
    let sturdy = |l: &Lever| match &l.drawn {
        Some(d) => (d.helps.low, aim.good(Ends::point(d.worst)).low),
        None => (key(l).0, key(l).1),
    };
    let mut order: Vec<usize> = (0..levers.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (sturdy(&levers[*a]), sturdy(&levers[*b]));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    for (place, k) in order.into_iter().enumerate() {
        levers[k].robust_place = place + 1;
    }
}
