//! One draw of the parameters: its game solved, and what each forecast is worth there.

use crate::draws::{Plan, parts, unknown};
use crate::fast::Fast;
use crate::fast::further::{Heard, Want};
use crate::number::scene;
use crate::play::over_plays;
use crate::sampler::Sampler;
use crate::shares::Pair;
use crate::solved::{Games, Memory, Point, World, games_of_number, on_big_stack, solve, solve_near};
use crate::spread::spread;
use crate::undefined::{Undefined, Why};
use detente_batch::LANES;
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
    let point = on_big_stack(|| solve(model, &base, &games, &plan.settings, progress).ok())?;
    let bench = Bench {
        model,
        sampler: &sampler,
        plan,
        memory: point.as_ref().map(Memory::of),
        fast: point.as_ref().and_then(|point| in_lanes(model, plan, point)),
        games,
    };
    // Without doubt about the numbers one game is all there is.
    let count = if sampler.uncertain().next().is_some() { plan.draws } else { 1 };
    let size = LANES as u64;
    let blocks = spread(count.div_ceil(size), plan.threads, progress, |block, watch| {
        bench.block(block * size, count.min((block + 1) * size), watch)
    });
    let mut list = vec![];
    for (found, block) in blocks.into_iter().zip(0..) {
        let lost = || {
            let (from, to) = (block * size, count.min((block + 1) * size));
            (from..to).map(|i| bench.lost(i, "the solver broke down")).collect()
        };
        list.extend(found.unwrap_or_else(lost));
    }
    Ok(Draws { list })
}

/// The forecasts as questions for many draws at a time; `None` where one of them is of another kind.
fn in_lanes<'m>(model: &'m Model, plan: &Plan, point: &Point<'m>) -> Option<Fast<'m>> {
    let mut wanted = vec![];
    for forecast in &model.forecasts {
        match &forecast.body {
            _ if forecast.of_council => wanted.push(Want::Nothing),
            Forecasted::Probability(number) => wanted.push(Want::Chance(number)),
            Forecasted::Alternatives { arms, .. } => {
                let arm = |n: &'m Option<Number>| n.as_ref().map_or(Want::Nothing, Want::Chance);
                wanted.extend(arms.iter().map(|(_, n)| arm(n)));
            }
            Forecasted::Number(Number::Query(query)) => wanted.push(Want::Values(query)),
            Forecasted::Number(_) => wanted.push(Want::Nothing),
        }
    }
    Fast::bare(model, point, plan.settings.concept)?.asking(point, &wanted)
}

/// What every draw needs.
struct Bench<'a> {
    model: &'a Model,
    sampler: &'a Sampler<'a>,
    plan: &'a Plan,
    games: Games,
    memory: Option<Memory>,
    fast: Option<Fast<'a>>,
}

impl Bench<'_> {
    fn lost(&self, index: u64, why: &str) -> Drawn {
        let values = self.sampler.values(self.plan.seed, index);
        Drawn { values, open: Some(why.to_string()), worth: vec![] }
    }

    /// Some draws, many at a time where that is possible.
    fn block(&self, from: u64, to: u64, progress: &dyn Progress) -> Vec<Drawn> {
        let Some(fast) = &self.fast else { return (from..to).map(|i| self.exact(i, progress)).collect() };
        let drawn: Vec<usize> = self.sampler.uncertain().map(|(p, _)| p.index()).collect();
        let values = |i: u64| self.sampler.values(self.plan.seed, i);
        let empty = (from..to).map(|i| unknown(self.model, self.sampler, i, values(i))).collect();
        let each = fast.take(&drawn, empty).into_iter().map(|found| match found {
            Ok(quick) => {
                let worth = self.heard(&quick.further);
                Drawn { values: quick.draw.values, open: None, worth }
            }
            Err((draw, _)) => self.exact(draw.index, progress),
        });
        each.collect()
    }

    /// What was heard of each forecast.
    fn heard(&self, further: &[Vec<Heard>]) -> Vec<Worth> {
        let mut next = further.iter();
        let mut part = |absent: Part| {
            let list = next.next().map_or(&[][..], Vec::as_slice);
            let mut pairs = vec![];
            let mut hull: Option<(f64, f64)> = None;
            for heard in list {
                match heard {
                    Heard::Pairs(more) => pairs.extend(more.iter().copied()),
                    Heard::Bounds(Some((low, high))) => {
                        hull = Some(hull.map_or((*low, *high), |h| (h.0.min(*low), h.1.max(*high))));
                    }
                    _ => {}
                }
            }
            match list.first() {
                Some(Heard::Pairs(_)) => (Part::Pairs(pairs), vec![]),
                Some(Heard::Bounds(_)) => (Part::Bounds(hull), vec![]),
                Some(Heard::Atoms(_)) => {
                    let atoms = |h: &Heard| if let Heard::Atoms(a) = h { a.clone() } else { vec![] };
                    (absent, list.iter().map(atoms).collect())
                }
                _ => (absent, vec![]),
            }
        };
        let one = |forecast: &Forecast| match &forecast.body {
            Forecasted::Probability(_) => Worth::Chances(vec![part(Part::Bounds(None)).0]),
            Forecasted::Alternatives { arms, .. } if !forecast.of_council => {
                Worth::Chances(arms.iter().map(|_| part(Part::Rest).0).collect())
            }
            Forecasted::Alternatives { .. } => Worth::Chances(vec![part(Part::Rest).0]),
            Forecasted::Number(_) => Worth::Numbers(part(Part::Rest).1),
        };
        self.model.forecasts.iter().map(one).collect()
    }

    /// One draw by the exact path.
    fn exact(&self, index: u64, progress: &dyn Progress) -> Drawn {
        let (model, games, settings) = (self.model, &self.games, &self.plan.settings);
        let values = self.sampler.values(self.plan.seed, index);
        let params = self.sampler.params(&values);
        let point = match solve_near(model, &params, games, settings, self.memory.as_ref(), progress) {
            Ok(point) => point,
            Err(why) => return self.lost(index, &why.words),
        };
        if !point.complete() {
            let open = point.games.iter().flat_map(|g| &g.solution.unresolved).next();
            return self.lost(index, open.map_or("the equilibria are not proven complete", String::as_str));
        }
        let hands = point.hands();
        let worlds = hands.worlds(games);
        let worth = model.forecasts.iter().map(|f| worth(&point.params, &worlds, f)).collect();
        Drawn { values, open: None, worth }
    }
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
