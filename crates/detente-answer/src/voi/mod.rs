//! The value of information: what a player gains by learning a parameter or a private fact.
//!
//! The one idea: two different questions. *Privately*, nobody notices, the others play as before, and
//! knowing more cannot hurt. *Publicly*, the game is another one, and it can. Beside both stands what
//! to wait for: which move or draw would tell most.

#[cfg(test)]
mod agree;
mod lanes;
pub mod plans;
mod private;
pub mod public;

use crate::draws::Plan;
use crate::ends::{Ends, hull, mean, overall};
use crate::fast::points::Bodies;
use crate::indicators::{Indicator, indicators};
use crate::levers::stake;
use crate::sampler::Sampler;
use crate::solved::{Games, Memory, Point, on_big_stack, solve, solve_near};
use crate::spread::spread;
use crate::undefined::Undefined;
use detente_exact::Q;
use detente_game::solution::Status;
use detente_game::{EventId, EventKind, NodeId, NodeKind, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Number, Query, QueryKind};
use detente_solve::Progress;
use lanes::{Lanes, Now};
use plans::Plans;
use private::{average, error, everything, mean_weights, one, ways};
use public::Asked;
use serde::{Deserialize, Serialize};

/// Most draws of the other parameters behind the public value of one.
const PUBLIC_DRAWS: u64 = 32;

/// What information is worth to a player.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voi {
    pub player: String,
    /// The player's largest payoff less its smallest.
    pub stake: f64,
    pub strength: Status,
    pub value_now: Option<Ends>,
    pub draws: u64,
    pub seed: u64,
    /// Draws without a proven complete answer; left out.
    pub incomplete: u64,
    /// Draws with several equilibria: private values are then low to high over the equilibrium best for
    /// the player, the one worst for it, and the first, picked in every draw.
    pub several: u64,
    /// What it would do without knowing the parameters, in the first way to pick equilibria.
    pub plan: Vec<(String, String)>,
    /// Knowing all parameters; `None` without enough draws.
    pub everything: Option<Worth>,
    /// The most valuable first.
    pub params: Vec<ParamWorth>,
    pub facts: Vec<FactWorth>,
    pub indicators: Vec<Indicator>,
}

/// A private value from draws: never negative, and perhaps not distinguishable from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    pub value: Ends,
    /// Two standard errors.
    pub error: f64,
    /// The gain on draws that did not choose the plans.
    pub held_out: Ends,
    /// Whether that gain is above two standard errors.
    pub distinguishable: bool,
    /// Share of draws in which knowing it changes what the player does.
    pub changes: Ends,
}

/// What a parameter is worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamWorth {
    pub name: String,
    pub label: String,
    pub private: Option<Worth>,
    /// Known to all, against nobody knowing it, the other parameters at their base values.
    pub public: Option<Ends>,
    /// The same over draws of the other parameters.
    pub public_drawn: Option<MeanEnds>,
    /// Why there is no public value.
    pub open: Option<String>,
}

/// What a private fact is worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactWorth {
    pub name: String,
    pub label: String,
    /// Learnt unnoticed: per equilibrium at the base values, and over the draws.
    pub private: Option<Ends>,
    pub private_drawn: Option<MeanEnds>,
    /// Learnt by the player alone, and all know that it knows.
    pub to_player: Public,
    /// Learnt by all; `None` if nobody but the player lacks it.
    pub to_all: Option<Public>,
}

/// A change of the player's value from one game to another, over every pair of equilibria.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Public {
    pub base: Option<Ends>,
    pub drawn: Option<MeanEnds>,
}

/// The mean of low ends and of high ends over draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanEnds {
    pub mean: Ends,
    /// Two standard errors, the larger of the two ends.
    pub error: f64,
    /// Share of draws in which it is surely negative, and in some pair of equilibria.
    pub negative: Ends,
}

/// Everything found at one point.
struct Piece {
    /// Per equilibrium, the weights of own sequences.
    weights: Vec<Vec<f64>>,
    facts: Vec<FactPiece>,
}

/// One fact at one point.
struct FactPiece {
    private: Option<Ends>,
    to_player: Option<Ends>,
    to_all: Option<Ends>,
}

/// A fact that the player does not know, and the games in which more is known.
struct Fact {
    event: EventId,
    plans: Plans,
    to_player: (Model, Option<Memory>),
    to_all: Option<(Model, Option<Memory>)>,
}

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

/// The private facts that the player does not know at some decision.
fn facts(model: &Model, player: PlayerId, plans: &Plans, plan: &Plan, progress: &dyn Progress) -> Vec<Fact> {
    let game = &model.game;
    let private =
        |k: &usize| game.events[*k].kind == EventKind::Private && game.events[*k].owner != Some(player);
    let mut list = vec![];
    for event in (0..game.events.len()).filter(private).map(|k| EventId(k as u32)) {
        let informed = Plans::new(game, player, &[event]);
        let ignorant = public::ignorant(model, event);
        if informed.decisions() == plans.decisions() {
            continue;
        }
        let prepared = |players: &[PlayerId]| {
            let changed = public::knowing(model, event, players);
            let params = game.base_params();
            let solved = solve(&changed, &params, &[None].into(), &plan.settings, progress);
            let memory = solved.ok().map(|p| Memory::of(&p));
            (changed, memory)
        };
        list.push(Fact {
            event,
            plans: informed,
            to_player: prepared(&[player]),
            to_all: (ignorant.len() > 1).then(|| prepared(&ignorant)),
        });
    }
    list
}

/// What every point needs.
struct Desk<'a> {
    model: &'a Model,
    player: PlayerId,
    plans: &'a Plans,
    facts: &'a [Fact],
    memory: &'a Memory,
    value: &'a Body,
    plan: &'a Plan,
}

/// The player's value where it alone knows a fact, and where all do: `None` where that game is to be solved.
type Informed = [Option<Option<Ends>>; 2];

impl Desk<'_> {
    /// The games in which more is known, at many points: per point and fact, as far as it needs no search.
    fn informed(&self, points: &[Vec<Q>], progress: &dyn Progress) -> Vec<Vec<Informed>> {
        let mut found = vec![vec![[None; 2]; self.facts.len()]; points.len()];
        let (games, base): (Games, _) = ([None].into(), self.model.game.base_params());
        for (k, fact) in self.facts.iter().enumerate() {
            for (side, changed) in [Some(&fact.to_player), fact.to_all.as_ref()].into_iter().enumerate() {
                let Some((changed, memory)) = changed else { continue };
                let settings = &self.plan.settings;
                let near = solve_near(changed, &base, &games, settings, memory.as_ref(), progress);
                let Ok(point) = near else { continue };
                let lanes = Bodies::new(changed, &point, settings.concept, &[self.value]);
                for (row, value) in found.iter_mut().zip(lanes.overall(points)) {
                    row[k][side] = value;
                }
            }
        }
        found
    }

    /// The game as it is at many points, as far as it needs no search.
    fn now(&self, points: &[Vec<Q>]) -> Vec<Option<Now>> {
        let lanes = Lanes::new(&self.model.game, self.plan.settings.concept);
        lanes.at(points, self.player, &self.all_plans())
    }

    /// The plans of the player as it is, then as it were if it learnt each fact.
    fn all_plans(&self) -> Vec<&Plans> {
        std::iter::once(self.plans).chain(self.facts.iter().map(|f| &f.plans)).collect()
    }

    /// The game as it is at one point, solved.
    fn solved(&self, params: &[Q], proven: bool, progress: &dyn Progress) -> Result<Now, Undefined> {
        let games: Games = [None].into();
        let now = solve_near(self.model, params, &games, &self.plan.settings, Some(self.memory), progress)?;
        if proven && !now.complete() {
            return Err(Undefined::new(crate::undefined::Why::Unknown, "Not proven complete."));
        }
        Ok(Now {
            value: overall(&now.hands(), self.value),
            weights: weights(&now, &self.all_plans(), self.player),
        })
    }

    /// One point and every game in which more is known there. What lanes told is not solved again: the game as it is
    /// (`drawn`: `None` at the base values, `Some` in a draw, which counts only if proven complete), and the values
    /// among `informed`.
    fn at(
        &self,
        params: &[Q],
        drawn: Option<Option<&Now>>,
        informed: &[Informed],
        progress: &dyn Progress,
    ) -> Result<Piece, Undefined> {
        let games: Games = [None].into();
        let (settings, proven) = (&self.plan.settings, drawn.is_some());
        let now = match drawn.flatten() {
            Some(now) => now.clone(),
            None => self.solved(params, proven, progress)?,
        };
        let before = now.value;
        let change = |(model, memory): &(Model, Option<Memory>), known: Option<Option<Ends>>| {
            if let Some(value) = known {
                return Some(value?.minus(before?));
            }
            let point = solve_near(model, params, &games, settings, memory.as_ref(), progress).ok()?;
            let known = !proven || point.complete();
            Some(overall(&point.hands(), self.value).filter(|_| known)?.minus(before?))
        };
        let (own, learnt) = now.weights.split_first().map_or((&[][..], &[][..]), |(own, l)| (&own[..], l));
        let facts =
            self.facts.iter().zip(informed).zip(learnt).map(|((f, [one, every]), learnt)| FactPiece {
                private: hull(own.iter().zip(learnt).map(|(own, learnt)| {
                    let gain = f.plans.best(learnt).0 - self.plans.best(own).0;
                    Ends::point(if gain < 1e-12 { 0.0 } else { gain })
                })),
                to_player: change(&f.to_player, *one),
                to_all: f.to_all.as_ref().and_then(|all| change(all, *every)),
            });
        let facts = facts.collect();
        if own.is_empty() {
            return Err(Undefined::new(crate::undefined::Why::Unknown, "No equilibrium was found."));
        }
        Ok(Piece { weights: own.to_vec(), facts })
    }
}

/// Per state of knowledge and equilibrium, the weights of own sequences at a solved point.
fn weights(solved: &Point, plans: &[&Plans], player: PlayerId) -> Vec<Vec<Vec<f64>>> {
    let hands = solved.hands();
    let weigh = |plans: &&Plans| {
        let one = |eq: &crate::query::Equilibrium| {
            let (game, numbers) = (eq.setting.game, eq.setting.numbers);
            let chance = |n: usize, k: usize| match game.nodes[n].kind {
                NodeKind::Chance(c) => numbers.chance[c.index()][k].to_f64(),
                _ => 0.0,
            };
            let paid = |n: usize| numbers.payoff(game, NodeId(n as u32), player.index()).to_f64();
            plans.weights(game, &|h, k| eq.shown.moves[h][k].middle(), &chance, &paid)
        };
        hands.own().iter().map(one).collect()
    };
    plans.iter().map(weigh).collect()
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
