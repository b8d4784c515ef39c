//! Limits of trembles, computed in floats, lie in components.

mod differential;

use detente_game::solution::Concept;
use detente_test::random::Payoffs;
use detente_test::{Shape, trembles};
use differential::{Point, Tally, each_game, must_be_complete, numbers, seeds, with_room};

/// Numbers this close to a component count as inside.
const SLACK: f64 = 1e-4;
/// A path whose end still gains this much has not converged.
const REGRET: f64 = 1e-5;
const STARTS: usize = 50;

/// Looks up all limits in games with these payoffs; one test each, so that they share threads.
fn limits_lie_inside(payoffs: Payoffs) {
    with_room(move || {
        let mut tally = Tally::default();
        let shapes = [
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
            Shape::General { players: 2, infosets: 4, menu: 2, payoffs },
            Shape::General { players: 3, infosets: 5, menu: 2, payoffs },
            Shape::PrivateTypes { players: 2, types: 2, actions: 2, payoffs },
            Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs },
            Shape::PerfectInformation { players: 3, decisions: 4, menu: 2, payoffs },
            Shape::TwoSided { moves: 2, payoffs },
            Shape::Table { players: 2, strategies: 3, payoffs },
            Shape::Table { players: 3, strategies: 2, payoffs },
        ];
        each_game(&shapes, seeds(6), |shape, game| {
            let must = must_be_complete(shape, Concept::Sequential);
            let Some(solution) = tally.solve(game, Concept::Sequential, must) else { return };
            for limit in trembles(game, &numbers(game), 1, STARTS) {
                if limit.regret < REGRET {
                    let what = format!("{limit:?}");
                    let point = Point { profile: limit.profile, beliefs: Some(limit.beliefs) };
                    tally.inside(game, &solution, &point, SLACK, &what);
                }
            }
        });
        assert!(tally.points > 10 * tally.games, "only {} paths converged", tally.points);
        tally.finish("limits");
    });
}

#[test]
fn limits_of_trembles_lie_in_components() {
    limits_lie_inside(Payoffs::Decimals);
}

#[test]
fn limits_of_trembles_lie_in_components_with_ties() {
    limits_lie_inside(Payoffs::Integers(3));
}
