//! One draw of the parameters: its game solved, and what each forecast is worth there.

use crate::draws::{Plan, parts};
use crate::ensemble::draws::spread_out;
use crate::number::scene;
use crate::play::over_plays;
use crate::sampler::Sampler;
use crate::shares::Pair;
use crate::solved::{Games, Memory, World, games_of_number, on_big_stack, solve, solve_near};
use crate::undefined::{Undefined, Why};
use detente_exact::Q;
use detente_model::Model;
use detente_model::forecast::{Forecast, Forecasted};
use detente_model::question::{Arithmetic, Happening, Number, PlayNumber, Query, QueryKind, Relation};
use detente_solve::Progress;

/// All draws.
pub(super) struct Draws {
    pub list: Vec<Drawn>,
}

/// What is kept of one draw.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    /// The uncertain parameters, in the sampler's order.
    pub values: Vec<f64>,
    /// Why not all equilibria are known here, in words.
    pub open: Option<String>,
    /// Per forecast.
    pub worth: Vec<Worth>,
}

/// A forecast in one draw.
#[derive(Clone, Debug)]
pub(super) enum Worth {
    /// Per alternative, one for a probability.
    Chances(Vec<Part>),
    /// Per combination of equilibria: values of the number, each with P(value and evidence).
    Numbers(Vec<Vec<(f64, f64)>>),
}

/// A probability in one draw.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// P(X and E) and P(E), per combination of equilibria.
    Pairs(Vec<Pair>),
    /// Low and high of a formula that is more than one probability.
    Bounds(Option<(f64, f64)>),
    /// What the others leave.
    Rest,
}

/// Solves every draw and asks it all forecasts about the game.
///
/// # Errors
/// Correlations that no distribution has, or no thread to work on.
pub(super) fn draws(model: &Model, plan: &Plan, progress: &dyn Progress) -> Result<Draws, Undefined> {
    let asked: Vec<&Forecast> = model.forecasts.iter().filter(|f| !f.of_council).collect();
    if asked.is_empty() || !model.has_play() {
        return Ok(Draws { list: vec![] });
    }
    let sampler =
        Sampler::new(model).map_err(|e| Undefined::new(Why::NoGame, format!("There are no draws: {e}.")))?;
    let mut games = Games::from([None]);
    asked.iter().for_each(|f| numbers(f).for_each(|n| games_of_number(n, &mut games)));
    let base = model.game.base_params();
    let memory = on_big_stack(|| {
        solve(model, &base, &games, &plan.settings, progress).ok().map(|point| Memory::of(&point))
    })?;
    // Without doubt about the numbers one game is all there is.
    let count = if sampler.uncertain().next().is_some() { plan.draws } else { 1 };
    let one = |index: u64| {
        let values = sampler.values(plan.seed, index);
        let params = sampler.params(&values);
        let lost = |why: &str| Drawn { values: values.clone(), open: Some(why.to_string()), worth: vec![] };
        let found = on_big_stack(|| {
            let point = match solve_near(model, &params, &games, &plan.settings, memory.as_ref(), progress) {
                Ok(point) => point,
                Err(why) => return lost(&why.words),
            };
            if !point.complete() {
                let open = point.games.iter().flat_map(|g| &g.solution.unresolved).next();
                return lost(open.map_or("the equilibria are not proven complete", String::as_str));
            }
            let hands = point.hands();
            let worlds = hands.worlds(&games);
            let worth = model.forecasts.iter().map(|f| worth(&point.params, &worlds, f)).collect();
            Drawn { values: values.clone(), open: None, worth }
        });
        found.unwrap_or_else(|why| lost(&why.words))
    };
    Ok(Draws { list: spread_out(count, plan.threads, progress, one) })
}

/// The numbers that a forecast consists of.
fn numbers(forecast: &Forecast) -> impl Iterator<Item = &Number> {
    let list: Vec<&Number> = match &forecast.body {
        Forecasted::Probability(number) | Forecasted::Number(number) => vec![number],
        Forecasted::Alternatives { arms, .. } => {
            arms.iter().filter_map(|(_, number)| number.as_ref()).collect()
        }
    };
    list.into_iter()
}

fn worth(params: &[Q], worlds: &[World], forecast: &Forecast) -> Worth {
    match &forecast.body {
        Forecasted::Probability(number) => Worth::Chances(vec![part(params, worlds, number)]),
        Forecasted::Alternatives { arms, .. } => Worth::Chances(
            arms.iter()
                .map(|(_, number)| number.as_ref().map_or(Part::Rest, |n| part(params, worlds, n)))
                .collect(),
        ),
        Forecasted::Number(Number::Query(query)) => {
            Worth::Numbers(worlds.iter().map(|world| atoms(params, world, query)).collect())
        }
        Forecasted::Number(_) => Worth::Numbers(vec![]),
    }
}

fn part(params: &[Q], worlds: &[World], number: &Number) -> Part {
    let pairs =
        |query: &Query| -> Vec<Pair> { worlds.iter().flat_map(|w| parts(params, w, query)).collect() };
    match number {
        Number::Query(query) if matches!(query.kind, QueryKind::Prob(_)) => Part::Pairs(pairs(query)),
        // 1 - prob(X): the rest of the same evidence.
        Number::Binary(Arithmetic::Sub, one, other) => match (&**one, &**other) {
            (Number::Const(one), Number::Query(query))
                if *one == Q::ONE && matches!(query.kind, QueryKind::Prob(_)) =>
            {
                Part::Pairs(pairs(query).into_iter().map(|(a, b)| (b - a, b)).collect())
            }
            _ => bounds(params, worlds, number),
        },
        _ => bounds(params, worlds, number),
    }
}

fn bounds(params: &[Q], worlds: &[World], number: &Number) -> Part {
    let mut hull: Option<(f64, f64)> = None;
    for world in worlds {
        let Some(reading) = crate::asked::both(params, world, number).bounds() else { continue };
        let (low, high) = (reading.range.low().to_f64(), reading.range.high().to_f64());
        hull = Some(hull.map_or((low, high), |h| (h.0.min(low), h.1.max(high))));
    }
    Part::Bounds(hull)
}

/// The values that a number of the play takes, with the probability of each and of the evidence.
fn atoms(params: &[Q], world: &World, query: &Query) -> Vec<(f64, f64)> {
    let QueryKind::Mean(what) = &query.kind else { return vec![] };
    let variant = query.conditions.variant;
    let Some((_, eq)) = world.equilibria.iter().find(|(v, _)| *v == variant) else { return vec![] };
    let mut values: Vec<Q> = Vec::new();
    over_plays(eq.setting, (), |play| {
        if query.conditions.given.as_ref().is_none_or(|given| play.happens(given))
            && let Some(value) = play.number(what)
        {
            values.push(value);
        }
    });
    values.sort();
    values.dedup();
    let mut list = Vec::with_capacity(values.len());
    for value in values {
        let equal = PlayNumber::Const(value.clone());
        let is = Happening::Compare(Relation::Equal, Box::new(what.clone()), Box::new(equal));
        let mut conditions = query.conditions.clone();
        let given = conditions.given.take();
        let event = Happening::And([Some(is), given].into_iter().flatten().collect());
        let number =
            Number::Query(Box::new(Query { kind: QueryKind::Prob(event), conditions, span: query.span }));
        // On a continuum the point that shows the component counts.
        if let Ok(reading) = scene(params, &world.equilibria, false).number(&number) {
            let weight = (reading.range.low().to_f64() + reading.range.high().to_f64()) / 2.0;
            if weight > 0.0 {
                list.push((value.to_f64(), weight));
            }
        }
    }
    list
}
