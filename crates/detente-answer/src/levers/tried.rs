//! All levers tried at one point of the parameters.
//!
//! The one idea: the game as it is is solved once per point; a move that is only made is read off its
//! equilibria, one by one, and a lever that makes another game is compared over every pair.

use super::policies::{Change, Policy, after};
use super::{Inquiry, Measure};
use crate::ends::{Ends, by_world, each_query, games_of, hull};
use crate::solved::{Games, Memory, Point, solve, solve_near};
use crate::undefined::{Undefined, Why};
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};
use detente_solve::{Progress, Settings};

/// What is asked of every policy.
pub(super) struct Bodies {
    /// The measure and the player's own value in each scenario, the plain one first.
    pub scenarios: Vec<(String, Body, Body)>,
    pub games: Games,
}

impl Bodies {
    pub fn of(model: &Model, inquiry: &Inquiry) -> Bodies {
        let Measure { body, .. } = &inquiry.measure;
        let mut span = None;
        body.queries(&mut |q| span = span.or(Some(q.span)));
        let value = Query {
            kind: QueryKind::Value(inquiry.player),
            conditions: Conditions::default(),
            span: span.unwrap_or_default(),
        };
        let own = Body::Number(Number::Query(Box::new(value)));
        let mut scenarios = vec![("base values".to_string(), body.clone(), own.clone())];
        // A scenario is a condition on the plays of the model's own game.
        let plain = games_of(body).len() == 1;
        for h in model.hypotheses.iter().filter(|_| plain) {
            let not = Happening::Not(Box::new(h.event.clone()));
            for (name, event) in [(h.name.clone(), h.event.clone()), (format!("not {}", h.name), not)] {
                if let (Some(x), Some(own)) = (given(body, &event), given(&own, &event)) {
                    scenarios.push((name, x, own));
                }
            }
        }
        let mut games = games_of(body);
        games.insert(None);
        Bodies { scenarios, games }
    }
}

/// A body with something more that is known to have happened.
fn given(body: &Body, event: &Happening) -> Option<Body> {
    each_query(body, &|query| {
        let mut query = query.clone();
        query.conditions.given = Some(match query.conditions.given.take() {
            Some(before) => Happening::And(vec![before, event.clone()]),
            None => event.clone(),
        });
        Some(query)
    })
}

/// What a policy brings at one point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reading {
    pub x: Option<Ends>,
    pub own: Option<Ends>,
    /// Against leaving things as they are.
    pub effect: Option<Ends>,
    pub own_effect: Option<Ends>,
}

impl Reading {
    /// Things as they are, in every combination of equilibria.
    pub fn as_it_is(x: &[Option<Ends>], own: &[Option<Ends>]) -> Reading {
        let nothing = Some(Ends::point(0.0));
        Reading { x: all(x), own: all(own), effect: nothing, own_effect: nothing }
    }

    /// Another game beside the one as it is, over every pair of equilibria: the measure and the own value.
    pub fn of_pairs([x, own]: [&[Option<Ends>]; 2], [x_before, own_before]: [&[Option<Ends>]; 2]) -> Reading {
        let pairs = |after: &[Option<Ends>], before: &[Option<Ends>]| Some(all(after)?.minus(all(before)?));
        Reading { x: all(x), own: all(own), effect: pairs(x, x_before), own_effect: pairs(own, own_before) }
    }
}

/// The hull over all combinations in which there is a value.
pub(super) fn all(list: &[Option<Ends>]) -> Option<Ends> {
    hull(list.iter().flatten().copied())
}

/// The policies, each with what is known of its games.
pub(super) struct Bench<'m> {
    pub model: &'m Model,
    pub policies: Vec<Policy>,
    /// Policies to which the question has no answer, in words.
    pub unasked: Vec<String>,
    pub scenarios: Vec<String>,
    pub base: Point<'m>,
    games: Games,
    memory: Memory,
    /// Per policy that makes another game.
    memories: Vec<Option<Memory>>,
    pub settings: Settings,
}

impl<'m> Bench<'m> {
    /// Solves every game at the base values, so that draws can start from what is known there.
    ///
    /// # Errors
    /// A game that has no numbers at the base values.
    pub fn new(
        model: &'m Model,
        bodies: &Bodies,
        policies: Vec<Policy>,
        settings: &Settings,
        progress: &dyn Progress,
    ) -> Result<Bench<'m>, Undefined> {
        let params = model.game.base_params();
        let base = solve(model, &params, &bodies.games, settings, progress)?;
        let (mut kept, mut unasked, mut memories) = (vec![], vec![], vec![]);
        for policy in policies {
            let memory = match &policy.change {
                Change::Moves(moves) => {
                    if after(model, &bodies.scenarios[0].1, moves).is_none() {
                        unasked
                            .push(format!("{}: the question itself says how this is decided", policy.name));
                        continue;
                    }
                    None
                }
                Change::Game(Some(changed), sets) => {
                    let params = with(&params, sets);
                    solve(changed, &params, &bodies.games, settings, progress).ok().map(|p| Memory::of(&p))
                }
                Change::Game(None, _) => None,
            };
            kept.push(policy);
            memories.push(memory);
        }
        Ok(Bench {
            model,
            policies: kept,
            unasked,
            scenarios: bodies.scenarios.iter().map(|s| s.0.clone()).collect(),
            memory: Memory::of(&base),
            base,
            games: bodies.games.clone(),
            memories,
            settings: settings.clone(),
        })
    }

    /// Every policy in every scenario at one point, leaving things as they are first; `proven`: a set
    /// of equilibria that is not proven complete counts as unknown.
    ///
    /// # Errors
    /// The game as it is has no numbers there, or no proven complete answer.
    pub fn at(
        &self,
        params: &[Q],
        scenarios: &[(String, Body, Body)],
        proven: bool,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Reading>>, Undefined> {
        let now = solve_near(self.model, params, &self.games, &self.settings, Some(&self.memory), progress)?;
        if proven && !now.complete() {
            return Err(Undefined::new(Why::Unknown, "The equilibria are not proven complete."));
        }
        let hands = now.hands();
        let read = |point: &Point, x: &Body, own: &Body| {
            let hands = point.hands();
            (by_world(&hands, x), by_world(&hands, own))
        };
        let before: Vec<_> =
            scenarios.iter().map(|(_, x, own)| (by_world(&hands, x), by_world(&hands, own))).collect();
        let mut rows =
            vec![before.iter().map(|(x, own)| Reading::as_it_is(x, own)).collect::<Vec<Reading>>()];
        for (policy, memory) in self.policies.iter().zip(&self.memories) {
            let solved = match &policy.change {
                Change::Moves(_) => None,
                Change::Game(changed, sets) => {
                    let params = with(params, sets);
                    let (model, near) = match changed {
                        Some(model) => (&**model, memory.as_ref()),
                        None => (self.model, Some(&self.memory)),
                    };
                    Some(solve_near(model, &params, &self.games, &self.settings, near, progress))
                }
            };
            let row = scenarios.iter().zip(&before).map(|((_, x, own), (x_before, own_before))| {
                match (&policy.change, &solved) {
                    (Change::Moves(moves), _) => {
                        let ask = |body: &Body| after(self.model, body, moves).map(|b| by_world(&hands, &b));
                        let (x, own) = (ask(x).unwrap_or_default(), ask(own).unwrap_or_default());
                        Reading {
                            x: all(&x),
                            own: all(&own),
                            effect: one_by_one(&x, x_before),
                            own_effect: one_by_one(&own, own_before),
                        }
                    }
                    (_, Some(Ok(point))) if point.complete() || !proven => {
                        let (x, own) = read(point, x, own);
                        Reading::of_pairs([&x, &own], [x_before, own_before])
                    }
                    _ => Reading::default(),
                }
            });
            rows.push(row.collect());
        }
        Ok(rows)
    }
}

/// The parameters with some of them set.
pub(super) fn with(params: &[Q], sets: &[(ParamId, Q)]) -> Vec<Q> {
    let mut params = params.to_vec();
    sets.iter().for_each(|(param, value)| params[param.index()] = value.clone());
    params
}

/// The change within each equilibrium.
pub(super) fn one_by_one(after: &[Option<Ends>], before: &[Option<Ends>]) -> Option<Ends> {
    hull(after.iter().zip(before).filter_map(|(a, b)| Some(a.as_ref()?.minus(*b.as_ref()?))))
}
