//! One point, and every game in which the player or all know more there.
//!
//! The one idea: what lanes can tell of many points at once is asked first, and only what they leave
//! open is solved point by point.

use super::lanes::{Lanes, Now};
use super::plans::Plans;
use super::public;
use crate::draws::Plan;
use crate::ends::{Ends, hull, overall};
use crate::fast::points::Bodies;
use crate::solved::{Games, Memory, Point, solve, solve_near};
use crate::undefined::Undefined;
use detente_exact::Q;
use detente_game::{EventId, EventKind, NodeId, NodeKind, PlayerId};
use detente_model::Model;
use detente_model::question::Body;
use detente_solve::Progress;

/// Everything found at one point.
pub(super) struct Piece {
    /// Per equilibrium, the weights of own sequences.
    pub(super) weights: Vec<Vec<f64>>,
    pub(super) facts: Vec<FactPiece>,
}

/// One fact at one point.
pub(super) struct FactPiece {
    pub(super) private: Option<Ends>,
    pub(super) to_player: Option<Ends>,
    pub(super) to_all: Option<Ends>,
}

/// A fact that the player does not know, and the games in which more is known.
pub(super) struct Fact {
    pub(super) event: EventId,
    pub(super) plans: Plans,
    pub(super) to_player: (Model, Option<Memory>),
    pub(super) to_all: Option<(Model, Option<Memory>)>,
}

/// The private facts that the player does not know at some decision.
pub(super) fn facts(
    model: &Model,
    player: PlayerId,
    plans: &Plans,
    plan: &Plan,
    progress: &dyn Progress,
) -> Vec<Fact> {
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
pub(super) struct Desk<'a> {
    pub(super) model: &'a Model,
    pub(super) player: PlayerId,
    pub(super) plans: &'a Plans,
    pub(super) facts: &'a [Fact],
    pub(super) memory: &'a Memory,
    pub(super) value: &'a Body,
    pub(super) plan: &'a Plan,
}

/// The player's value where it alone knows a fact, and where all do: `None` where that game is to be solved.
type Informed = [Option<Option<Ends>>; 2];

impl Desk<'_> {
    /// The games in which more is known, at many points: per point and fact, as far as it needs no search.
    pub(super) fn informed(&self, points: &[Vec<Q>], progress: &dyn Progress) -> Vec<Vec<Informed>> {
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
    pub(super) fn now(&self, points: &[Vec<Q>]) -> Vec<Option<Now>> {
        let lanes = Lanes::new(&self.model.game, self.plan.settings.concept);
        lanes.at(points, self.player, &self.all_plans())
    }

    /// The plans of the player as it is, then as it were if it learnt each fact.
    fn all_plans(&self) -> Vec<&Plans> {
        std::iter::once(self.plans).chain(self.facts.iter().map(|f| &f.plans)).collect()
    }

    /// The game as it is at one point, solved.
    pub(super) fn solved(
        &self,
        params: &[Q],
        proven: bool,
        progress: &dyn Progress,
    ) -> Result<Now, Undefined> {
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
    pub(super) fn at(
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
pub(super) fn weights(solved: &Point, plans: &[&Plans], player: PlayerId) -> Vec<Vec<Vec<f64>>> {
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
