//! No pure equilibrium is missing: profiles are listed one by one and looked up.

mod differential;

use detente_exact::Q;
use detente_game::solution::Concept;
use detente_game::{Game, NodeKind};
use detente_solve::Silent;
use detente_test::{play, pure_nash, pure_sequential};
use differential::{
    EXACT, Point, Tally, each_game, must_be_complete, numbers, seeds, small_shapes, with_room,
};
use std::collections::BTreeSet;

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

/// The profile with the first action at every set that its owner's own moves avoid.
fn reduced(game: &Game, choice: &[u32]) -> Vec<u32> {
    let avoided = |set: &detente_game::Infoset| {
        let mut node = set.nodes[0];
        while let Some((parent, action)) = game.nodes[node.index()].parent {
            if let NodeKind::Decision(h) = game.nodes[parent.index()].kind
                && game.infosets[h.index()].player == set.player
                && choice[h.index()] != action
            {
                return true;
            }
            node = parent;
        }
        false
    };
    game.infosets.iter().zip(choice).map(|(set, a)| if avoided(set) { 0 } else { *a }).collect()
}

#[test]
fn the_table_of_plans_holds_the_same_pure_equilibria() {
    let (mut games, mut found) = (0, 0);
    each_game(&small_shapes(), seeds(56), |_, game| {
        if !can_be_listed(game) {
            return;
        }
        let listed: BTreeSet<Vec<u32>> =
            pure_nash(game, &numbers(game)).iter().map(|choice| reduced(game, choice)).collect();
        let plans = detente_solve::pure_nash(game, &numbers(game), &Silent).expect("small enough");
        let chosen = |rows: &Vec<Vec<Q>>| -> Vec<u32> {
            rows.iter().map(|r| r.iter().position(Q::is_one).expect("one is chosen") as u32).collect()
        };
        let ours: BTreeSet<Vec<u32>> = plans.iter().map(chosen).collect();
        assert_eq!(ours.len(), plans.len(), "{}: each once", game.title);
        assert_eq!(ours, listed, "{}", game.title);
        games += 1;
        found += ours.len();
    });
    assert!(games > 500 && found > games / 2, "{found} equilibria in {games} games");
}
