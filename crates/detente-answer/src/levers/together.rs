//! All levers tried at many points at a time.
//!
//! The one idea: games that levers make are games like any other, so draws of them are answered in lanes; a point at
//! which one of them is left open is solved, all of it.

use super::policies::{Change, after};
use super::tried::{Bench, Bodies, Reading, all, one_by_one, with};
use crate::fast::points::{Bodies as Lanes, Values};
use crate::solved::solve;
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::question::Body;
use detente_solve::Progress;

/// The games of all policies, ready for many points.
pub(super) struct Together<'b> {
    /// The measure and the player's own value; then both under each policy that only makes moves.
    now: Lanes<'b>,
    ways: Vec<Way<'b>>,
}

/// How a policy is looked at.
enum Way<'b> {
    /// Where its two bodies stand among those of the game as it is.
    Moves([Option<usize>; 2]),
    /// The game as it is, with other numbers.
    Numbers(&'b [(ParamId, Q)]),
    /// Another game.
    Game(Lanes<'b>, &'b [(ParamId, Q)]),
}

impl<'b> Together<'b> {
    /// Prepares the games of all policies; it solves those that are other games once, at the base values.
    pub fn new(bench: &'b Bench, bodies: &'b Bodies, progress: &dyn Progress) -> Together<'b> {
        let (model, settings): (&Model, _) = (bench.model, &bench.settings);
        let (_, x, own) = &bodies.scenarios[0];
        let mut asked: Vec<Body> = vec![x.clone(), own.clone()];
        let mut ways = vec![];
        for policy in &bench.policies {
            ways.push(match &policy.change {
                Change::Moves(moves) => Way::Moves([x, own].map(|body| {
                    asked.push(after(model, body, moves)?);
                    Some(asked.len() - 1)
                })),
                Change::Game(None, sets) => Way::Numbers(sets),
                Change::Game(Some(changed), sets) => {
                    let params = with(&model.game.base_params(), sets);
                    let point = solve(changed, &params, &bodies.games, settings, progress).ok();
                    let lanes = point.map(|p| Lanes::new(changed, &p, settings.concept, &[x, own]));
                    Way::Game(lanes.unwrap_or_default(), sets)
                }
            });
        }
        let now = Lanes::new(model, &bench.base, settings.concept, &asked.iter().collect::<Vec<_>>());
        Together { now, ways }
    }

    /// As [`Bench::at`] in the plain scenario, at many points; `None` where the point is to be solved.
    pub fn at(&self, points: &[Vec<Q>]) -> Vec<Option<Vec<Reading>>> {
        let now = self.now.values(points);
        let elsewhere: Vec<Option<Vec<Option<Values>>>> = self
            .ways
            .iter()
            .map(|way| {
                let moved = |sets| points.iter().map(|p| with(p, sets)).collect::<Vec<_>>();
                match way {
                    Way::Moves(_) => None,
                    Way::Numbers(sets) => Some(self.now.values(&moved(sets))),
                    Way::Game(lanes, sets) => Some(lanes.values(&moved(sets))),
                }
            })
            .collect();
        let one = |(k, now): (usize, &Option<Values>)| {
            let now = now.as_ref()?;
            let mut row = vec![Reading::as_it_is(&now[0], &now[1])];
            for (way, found) in self.ways.iter().zip(&elsewhere) {
                row.push(match (way, found) {
                    (Way::Moves(places), _) => {
                        let values = |at: Option<usize>| at.map(|at| &now[at][..]).unwrap_or_default();
                        let [x, own] = places.map(values);
                        Reading {
                            x: all(x),
                            own: all(own),
                            effect: one_by_one(x, &now[0]),
                            own_effect: one_by_one(own, &now[1]),
                        }
                    }
                    (_, found) => {
                        let found = found.as_ref()?[k].as_ref()?;
                        Reading::of_pairs([&found[0], &found[1]], [&now[0], &now[1]])
                    }
                });
            }
            Some(row)
        };
        now.iter().enumerate().map(one).collect()
    }
}
