//! No pure equilibrium is missing: profiles are listed one by one and looked up.

mod differential;

use detente_game::Game;
use detente_game::solution::Concept;
use detente_test::{play, pure_nash, pure_sequential};
use differential::{
    EXACT, Point, Tally, each_game, must_be_complete, numbers, seeds, small_shapes, with_room,
};

/// Most pure profiles that are listed per game.
const MAX_PROFILES: usize = 1500;

fn can_be_listed(game: &Game) -> bool {
    game.infosets.iter().map(|h| h.actions.len()).product::<usize>() <= MAX_PROFILES
}

/// Looks up every listed profile in the answer.
fn look_up(tally: &mut Tally, game: &Game, concept: Concept, must: bool, listed: &[Vec<u32>]) {
    let Some(solution) = tally.solve(game, concept, must) else { return };
    for choice in listed {
        let point = Point::exact(&play::as_profile(game, choice), None);
        tally.inside(game, &solution, &point, EXACT, &format!("{choice:?}"));
    }
}

#[test]
fn every_pure_sequential_equilibrium_lies_in_a_component() {
    with_room(|| {
        let mut tally = Tally::default();
        each_game(&small_shapes(), seeds(56), |shape, game| {
            if can_be_listed(game) {
                let listed = pure_sequential(game, &numbers(game)).found;
                for concept in [Concept::Sequential, Concept::Spe] {
                    look_up(&mut tally, game, concept, must_be_complete(shape, concept), &listed);
                }
            }
        });
        assert!(tally.points > tally.games, "games without pure equilibria show nothing");
        tally.finish("pure sequential");
    });
}

#[test]
fn every_pure_nash_equilibrium_lies_in_a_component() {
    with_room(|| {
        let mut tally = Tally::default();
        each_game(&small_shapes(), seeds(56), |shape, game| {
            if can_be_listed(game) {
                let listed = pure_nash(game, &numbers(game));
                look_up(&mut tally, game, Concept::Nash, must_be_complete(shape, Concept::Nash), &listed);
            }
        });
        assert!(tally.points > tally.games, "games without pure equilibria show nothing");
        tally.finish("pure Nash");
    });
}
