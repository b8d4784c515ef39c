//! Draws of the priors: each is one game, solved on its own.
//!
//! A draw keeps only what the summaries need. Where the model allows it many draws are answered at a
//! time (`fast`), and what rounding or a continuum leaves open takes the exact path. Work is spread over
//! threads; a draw depends on its index alone, so the number of threads changes nothing.

use crate::asked::both;
use crate::claims::{COLUMNS, applies, decide, refuted};
use crate::fast::Fast;
use crate::number::scene;
use crate::observed::{chance, everything};
use crate::query::Reading;
use crate::range::Range;
use crate::sampler::Sampler;
use crate::shares::Pair;
use crate::solved::{
    Hands, Memory, Point, World, all_games, needed, on_big_stack, solve, solve_near, with_formulas,
};
use crate::spread::spread;
use crate::verdict::{Class, class, verdict};
use detente_batch::LANES;
use detente_model::Model;
use detente_model::model::Ask;
use detente_model::question::{Body, Happening, Number, Query, QueryKind};
use detente_solve::{Progress, Settings};
use std::panic::AssertUnwindSafe;

/// How many draws, from which seed, on how many threads.
#[derive(Clone, Debug)]
pub struct Plan {
    pub draws: u64,
    pub seed: u64,
    pub threads: usize,
    pub settings: Settings,
}

/// What is kept of one draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    pub index: u64,
    /// The uncertain parameters, in the sampler's order.
    pub values: Vec<f64>,
    /// False if the equilibria are not all known with proof, or there is no game here.
    pub complete: bool,
    /// Why it is not complete, in words.
    pub open: Option<String>,
    /// Per claim; `None` where its `where` excludes the draw.
    pub claims: Vec<Option<DrawnClaim>>,
    pub asks: Vec<DrawnAsk>,
    /// Per hypothesis: P(h and everything observed) and P(everything observed), per equilibrium.
    pub hypotheses: Vec<Vec<Pair>>,
    /// Probability of everything observed, low and high over each equilibrium.
    pub observed: Vec<(f64, f64)>,
}

/// A claim in one draw.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnClaim {
    /// In the order of [`COLUMNS`].
    pub classes: [Class; 3],
    pub margin: Option<f64>,
}

/// An ask in one draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnAsk {
    /// Low and high over the equilibria in which it has a value.
    pub bounds: Option<(f64, f64)>,
    /// Whether it is undefined in some equilibrium.
    pub undefined: bool,
    /// For a probability: P(X and E) and P(E), per equilibrium.
    pub pairs: Vec<Pair>,
    /// For a statement.
    pub class: Option<Class>,
}

/// How a model's draws are answered: many at a time where that is possible, else by the exact path.
pub struct Drawing<'m> {
    model: &'m Model,
    memory: Option<Memory>,
    fast: Option<Fast<'m>>,
    /// The uncertain parameters, in the sampler's order.
    drawn: Vec<usize>,
}

impl<'m> Drawing<'m> {
    /// Prepares draws near a point that is solved; `None`: the model has no game at its base values.
    pub fn new(
        model: &'m Model,
        sampler: &Sampler,
        settings: &Settings,
        point: Option<&Point<'m>>,
    ) -> Drawing<'m> {
        Drawing {
            model,
            memory: point.map(Memory::of),
            fast: point.and_then(|p| Fast::new(model, p, settings.concept)),
            drawn: sampler.uncertain().map(|(p, _)| p.index()).collect(),
        }
    }

    /// The share of the first `tried` draws that needs the exact path.
    pub fn exact_share(&self, sampler: &Sampler, plan: &Plan, tried: u64) -> f64 {
        let Some(fast) = &self.fast else { return 1.0 };
        let mut left = 0;
        for from in (0..tried).step_by(LANES) {
            let indices = from..tried.min(from + LANES as u64);
            let empty = indices.map(|index| lost(self.model, sampler, plan, index)).collect();
            left += fast.take(&self.drawn, empty).iter().filter(|found| found.is_err()).count();
        }
        left as f64 / tried.max(1) as f64
    }

    /// How many draws are answered at a time.
    fn at_a_time(&self) -> u64 {
        if self.fast.is_some() { LANES as u64 } else { 1 }
    }

    /// The draws from one index up to another, at most [`LANES`].
    ///
    /// It recurses as deep as a proof: call it on a big stack.
    pub fn block(
        &self,
        sampler: &Sampler,
        plan: &Plan,
        (from, to): (u64, u64),
        progress: &dyn Progress,
    ) -> Vec<Draw> {
        let exact =
            |index: u64| draw_or_lost(self.model, sampler, plan, index, self.memory.as_ref(), progress);
        let Some(fast) = &self.fast else { return (from..to).map(exact).collect() };
        let empty = (from..to).map(|index| lost(self.model, sampler, plan, index)).collect();
        let found = fast.take(&self.drawn, empty).into_iter();
        found.map(|one| one.map_or_else(|(draw, _)| exact(draw.index), |quick| quick.draw)).collect()
    }
}

/// Takes the draws of a plan, in order. Stopped early, it returns the first draws without a gap.
///
/// The proofs at the base values are the known branches of every draw, so that a draw depends on
/// no other one.
pub fn take(model: &Model, sampler: &Sampler, plan: &Plan, progress: &dyn Progress) -> Vec<Draw> {
    let drawing = on_big_stack(|| {
        let base = model.game.base_params();
        let point = solve(model, &base, &all_games(model), &plan.settings, progress).ok();
        Drawing::new(model, sampler, &plan.settings, point.as_ref())
    });
    let exact = || Drawing::new(model, sampler, &plan.settings, None);
    take_all(&drawing.unwrap_or_else(|_| exact()), sampler, plan, progress)
}

/// As [`take`], with what is known already from the base values.
pub fn take_near<'m>(
    model: &'m Model,
    sampler: &Sampler,
    plan: &Plan,
    point: &Point<'m>,
    progress: &dyn Progress,
) -> Vec<Draw> {
    take_all(&Drawing::new(model, sampler, &plan.settings, Some(point)), sampler, plan, progress)
}

fn take_all(drawing: &Drawing, sampler: &Sampler, plan: &Plan, progress: &dyn Progress) -> Vec<Draw> {
    let size = drawing.at_a_time();
    let range = |block: u64| (block * size, plan.draws.min((block + 1) * size));
    let blocks = spread(plan.draws.div_ceil(size), plan.threads, progress, |block, watch| {
        drawing.block(sampler, plan, range(block), watch)
    });
    let lost = |block: u64| {
        let (from, to) = range(block);
        (from..to).map(|index| lost(drawing.model, sampler, plan, index)).collect::<Vec<Draw>>()
    };
    let each = blocks.into_iter().zip(0..);
    each.flat_map(|(found, block)| found.unwrap_or_else(|| lost(block))).collect()
}

/// A draw; one on which the solver breaks down counts as undecided.
fn draw_or_lost(
    model: &Model,
    sampler: &Sampler,
    plan: &Plan,
    index: u64,
    memory: Option<&Memory>,
    watch: &dyn Progress,
) -> Draw {
    let work = AssertUnwindSafe(|| draw(model, sampler, plan, index, memory, watch));
    std::panic::catch_unwind(work).unwrap_or_else(|_| lost(model, sampler, plan, index))
}

/// A draw of which nothing is known but its parameters.
fn lost(model: &Model, sampler: &Sampler, plan: &Plan, index: u64) -> Draw {
    unknown(model, sampler, index, sampler.values(plan.seed, index))
}

/// A draw with these values, of which nothing else is known.
pub fn unknown(model: &Model, sampler: &Sampler, index: u64, values: Vec<f64>) -> Draw {
    let full = with_formulas(model, &sampler.params(&values));
    let unknown = DrawnClaim { classes: [Class::Undefined; 3], margin: None };
    Draw {
        index,
        values,
        complete: false,
        open: Some("the solver broke down".into()),
        claims: model.claims.iter().map(|c| applies(c, &full).then(|| unknown.clone())).collect(),
        asks: model.asks.iter().map(|_| DrawnAsk { undefined: true, ..DrawnAsk::default() }).collect(),
        hypotheses: vec![vec![]; model.hypotheses.len()],
        observed: vec![],
    }
}

/// Solves one draw and answers everything there; without a memory, by a search of its own.
pub fn draw(
    model: &Model,
    sampler: &Sampler,
    plan: &Plan,
    index: u64,
    memory: Option<&Memory>,
    progress: &dyn Progress,
) -> Draw {
    let mut draw = lost(model, sampler, plan, index);
    let params = sampler.params(&draw.values);
    let point = match solve_near(model, &params, &all_games(model), &plan.settings, memory, progress) {
        Ok(point) => point,
        Err(why) => {
            draw.open = Some(why.words);
            return draw;
        }
    };
    draw.complete = point.complete();
    if !draw.complete {
        let open = point.games.iter().flat_map(|g| &g.solution.unresolved).next();
        draw.open = Some(open.cloned().unwrap_or_else(|| "the equilibria are not proven complete".into()));
        return draw;
    }
    draw.open = None;
    answer_all(model, &point.hands(), &mut draw);
    draw
}

/// Answers everything that is asked of a model at a point where all equilibria are known.
pub(crate) fn answer_all(model: &Model, hands: &Hands, draw: &mut Draw) {
    let out = refuted(model, hands);
    for (claim, kept) in model.claims.iter().zip(&mut draw.claims) {
        if let Some(kept) = kept {
            let decision = decide(hands, claim, &out);
            *kept = DrawnClaim {
                classes: COLUMNS.map(|c| decision.class(c)),
                margin: decision.smallest_margin(),
            };
        }
    }
    draw.asks = model.asks.iter().map(|a| drawn_ask(hands, a)).collect();
    let seen = everything(model);
    let event = seen.clone().unwrap_or(Happening::Const(true));
    let floats = |r: Range| (r.low().to_f64().max(0.0), r.high().to_f64());
    draw.observed = hands.own().iter().map(|e| floats(chance(e, &event).1)).collect();
    for (hypothesis, kept) in model.hypotheses.iter().zip(&mut draw.hypotheses) {
        *kept = hands.own().iter().flat_map(|e| pairs_of(e, &hypothesis.event, seen.as_ref())).collect();
    }
}

fn drawn_ask(hands: &Hands, ask: &Ask) -> DrawnAsk {
    let params = &hands.point.params;
    let worlds = hands.worlds(&needed(std::iter::empty(), std::iter::once(&ask.body)));
    let mut kept = DrawnAsk::default();
    match &ask.body {
        Body::Truth(t) => {
            let verdicts: Vec<_> = worlds.iter().map(|w| verdict(params, w, t)).collect();
            kept.class = Some(class(verdicts.iter()));
        }
        Body::Number(n) => {
            for world in &worlds {
                let found = both(params, world, n);
                kept.undefined |= found.shown.is_err();
                match found.bounds() {
                    Some(r) => {
                        let (low, high) = (r.range.low().to_f64(), r.range.high().to_f64());
                        let so_far = kept.bounds.unwrap_or((low, high));
                        kept.bounds = Some((so_far.0.min(low), so_far.1.max(high)));
                    }
                    None => kept.undefined = true,
                }
                if let Number::Query(q) = n {
                    kept.pairs.extend(parts(params, world, q));
                }
            }
        }
    }
    kept
}

/// P(X and E) and P(E) of a probability in one combination of equilibria; over a continuum
/// the two extreme pairs.
pub(crate) fn parts(params: &[detente_exact::Q], world: &World, query: &Query) -> Vec<Pair> {
    let QueryKind::Prob(what) = &query.kind else { return vec![] };
    let given = query.conditions.given.clone().unwrap_or(Happening::Const(true));
    let mut conditions = query.conditions.clone();
    conditions.given = None;
    let number = |parts: Vec<Happening>| {
        let kind = QueryKind::Prob(Happening::And(parts));
        Number::Query(Box::new(Query { kind, conditions: conditions.clone(), span: query.span }))
    };
    let inside = number(vec![what.clone(), given.clone()]);
    let outside = number(vec![Happening::Not(Box::new(what.clone())), given]);
    let at = |n: &Number| scene(params, &world.equilibria, true).number(n).ok();
    let (Some(a), Some(b)) = (at(&inside), at(&outside)) else { return vec![] };
    pair_ends(&a, &b)
}

fn pair_ends(inside: &Reading, outside: &Reading) -> Vec<Pair> {
    let ends = |r: &Reading| (r.range.low().to_f64().max(0.0), r.range.high().to_f64());
    let ((a, c), (b, d)) = (ends(inside), ends(outside));
    if a == c && b == d { vec![(a, a + b)] } else { vec![(a, a + d), (c, c + b)] }
}

fn pairs_of(eq: &crate::query::Equilibrium, what: &Happening, given: Option<&Happening>) -> Vec<Pair> {
    let given = given.cloned().unwrap_or(Happening::Const(true));
    let inside = Happening::And(vec![what.clone(), given.clone()]);
    let outside = Happening::And(vec![Happening::Not(Box::new(what.clone())), given]);
    let reading = |h: &Happening| Reading::sure(chance(eq, h).1);
    pair_ends(&reading(&inside), &reading(&outside))
}
