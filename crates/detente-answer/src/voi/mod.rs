//! The value of information: what a player gains by learning a parameter or a private fact.
//!
//! The one idea: two different questions. *Privately*, nobody notices, the others play as before, and
//! knowing more cannot hurt. *Publicly*, the game is another one, and it can. Beside both stands what
//! to wait for: which move or draw would tell most.

#[cfg(test)]
mod agree;
mod desk;
mod found;
mod lanes;
pub mod plans;
mod private;
pub mod public;

pub use found::{FactWorth, MeanEnds, ParamWorth, Public, Voi, Worth};

use crate::draws::Plan;
use crate::ends::{Ends, mean, overall};
use crate::fast::points::Bodies;
use crate::indicators::indicators;
use crate::levers::stake;
use crate::sampler::Sampler;
use crate::solved::{Games, Memory, on_big_stack, solve};
use crate::spread::spread;
use desk::{Desk, Fact, FactPiece, Piece, facts};
use detente_exact::Q;
use detente_game::PlayerId;
use detente_model::Model;
use detente_model::question::{Body, Conditions, Number, Query, QueryKind};
use detente_solve::Progress;
use lanes::Lanes;
use plans::Plans;
use private::{average, error, everything, mean_weights, one, ways};
use public::Asked;

/// Most draws of the other parameters behind the public value of one.
const PUBLIC_DRAWS: u64 = 32;

/// Computes what information is worth.
///
/// # Errors
/// Words: a game without numbers at the base values, or correlations that cannot hold together.
pub fn voi(model: &Model, player: PlayerId, plan: &Plan, progress: &dyn Progress) -> Result<Voi, String> {
    let sampler = Sampler::new(model).map_err(|e| e.to_string())?;
    let params = model.game.base_params();
    let games: Games = [None].into();
    let solved = on_big_stack(|| solve(model, &params, &games, &plan.settings, progress));
    let base = solved.and_then(|found| found).map_err(|e| e.words)?;
    let memory = Memory::of(&base);
    let value = value_of(player);
    let concept = plan.settings.concept;
    let bodies = Bodies::new(model, &base, concept, &[&value]);
    let asked = Asked { player, value: &value, lanes: Lanes::new(&model.game, concept), bodies };
    let plans = Plans::new(&model.game, player, &[]);
    let facts = on_big_stack(|| facts(model, player, &plans, plan, progress)).map_err(|e| e.words)?;
    let desk = Desk { model, player, plans: &plans, facts: &facts, memory: &memory, value: &value, plan };
    let open = vec![[None; 2]; facts.len()];
    let at_base = on_big_stack(|| desk.at(&params, None, &open, progress)).and_then(|p| p);
    let at_base = at_base.map_err(|e| e.words)?;
    let rows: Vec<Vec<f64>> = (0..plan.draws).map(|i| sampler.values(plan.seed, i)).collect();
    let points: Vec<Vec<Q>> = rows.iter().map(|row| sampler.params(row)).collect();
    let informed = on_big_stack(|| desk.informed(&points, progress)).map_err(|e| e.words)?;
    let now = desk.now(&points);
    let drawn = spread(plan.draws, plan.threads, progress, |index, watch| {
        let k = index as usize;
        desk.at(&points[k], Some(now[k].as_ref()), &informed[k], watch).ok()
    });
    let kept: Vec<(usize, Piece)> =
        drawn.into_iter().enumerate().filter_map(|(i, p)| Some((i, p??))).collect();
    let weights: Vec<Vec<Vec<f64>>> = kept.iter().map(|(_, p)| p.weights.clone()).collect();
    let ways = if weights.len() < 16 { vec![] } else { ways(&plans, &weights) };
    let mut worth: Vec<ParamWorth> = vec![];
    for (k, (param, prior)) in sampler.uncertain().enumerate() {
        let column: Vec<f64> = kept.iter().map(|(i, _)| rows[*i][k]).collect();
        let at = |params: &[Q], watch: &dyn Progress| {
            public::of_param(model, (param, prior), params, &memory, &asked, &plan.settings, watch)
        };
        let found = on_big_stack(|| at(&params, progress));
        let public = found.unwrap_or_else(|e| Err(e.words));
        // What others are correlated with it would tell of it, too: then its own prior is not what is doubted.
        let tied = model.correlations.iter().any(|c| c.left == param || c.right == param);
        let others = if public.is_err() || tied { 0 } else { plan.draws.min(PUBLIC_DRAWS) };
        let public_drawn = spread(others, plan.threads, progress, |index, watch| {
            at(&sampler.params(&sampler.values(plan.seed, index)), watch).ok()
        });
        let public_drawn: Vec<Ends> = public_drawn.into_iter().flatten().flatten().collect();
        let info = &model.game.params[param.index()];
        worth.push(ParamWorth {
            name: info.name.clone(),
            label: info.label.clone(),
            private: if ways.is_empty() { None } else { one(&plans, &ways, &column) },
            open: public.as_ref().err().cloned(),
            public: public.ok(),
            public_drawn: if public_drawn.len() > 1 { mean_ends(&public_drawn) } else { None },
        });
    }
    let key = |w: &ParamWorth| w.private.as_ref().map_or((false, 0.0), |p| (p.distinguishable, p.value.high));
    worth.sort_by(|a, b| key(b).0.cmp(&key(a).0).then(key(b).1.total_cmp(&key(a).1)));
    let chosen = ways.first().map(|picked| plans.best(&mean_weights(picked)).1);
    let hands = base.hands();
    Ok(Voi {
        player: model.game.players[player.index()].name.clone(),
        stake: stake(&base, player),
        strength: base.status(),
        value_now: overall(&hands, &value),
        draws: plan.draws,
        seed: plan.seed,
        incomplete: plan.draws - kept.len() as u64,
        several: weights.iter().filter(|w| w.len() > 1).count() as u64,
        plan: chosen.map(|c| plans.words(&model.game, &c)).unwrap_or_default(),
        everything: if ways.is_empty() { None } else { everything(&plans, &ways) },
        params: worth,
        facts: facts.iter().enumerate().map(|(k, f)| fact_worth(model, f, k, &at_base, &kept)).collect(),
        indicators: indicators(model, &hands),
    })
}

/// The question for a player's own value.
fn value_of(player: PlayerId) -> Body {
    let kind = QueryKind::Value(player);
    let query = Query { kind, conditions: Conditions::default(), span: Default::default() };
    Body::Number(Number::Query(Box::new(query)))
}

fn fact_worth(model: &Model, fact: &Fact, at: usize, base: &Piece, kept: &[(usize, Piece)]) -> FactWorth {
    let over = |read: fn(&FactPiece) -> Option<Ends>| {
        let list: Vec<Ends> = kept.iter().filter_map(|(_, p)| read(&p.facts[at])).collect();
        mean_ends(&list)
    };
    let event = &model.game.events[fact.event.index()];
    let here = &base.facts[at];
    FactWorth {
        name: model.game.event_name(fact.event),
        label: event.label.clone(),
        private: here.private,
        private_drawn: over(|f| f.private),
        to_player: Public { base: here.to_player, drawn: over(|f| f.to_player) },
        to_all: fact.to_all.is_some().then(|| Public { base: here.to_all, drawn: over(|f| f.to_all) }),
    }
}

fn mean_ends(list: &[Ends]) -> Option<MeanEnds> {
    let ends = |f: fn(&Ends) -> f64| list.iter().map(f).collect::<Vec<f64>>();
    let (low, high) = (ends(|e| e.low), ends(|e| e.high));
    let below = |list: &[f64]| average(&list.iter().map(|x| f64::from(*x < 0.0)).collect::<Vec<_>>());
    Some(MeanEnds {
        mean: mean(list)?,
        error: 2.0 * error(&low).max(error(&high)),
        negative: Ends { low: below(&high), high: below(&low) },
    })
}
