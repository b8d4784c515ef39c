//! One equilibrium of two players: quasi-perfect, so sequential, and the referee agrees.

use detente_exact::Q;
use detente_game::solution::{Concept, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Progress, Settings, Silent, solve};
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};
use detente_verify::verify;

fn numbers(game: &Game) -> Numbers {
    game.numbers(&game.base_params()).expect("constant payoffs")
}

/// Solves for one equilibrium and has it checked.
fn one(game: &Game, concept: Concept) -> detente_game::solution::Solution {
    let settings = Settings { concept, one: true, ..Settings::default() };
    let found = solve(game, &numbers(game), &settings, &Silent);
    let verdict = verify(game, &numbers(game), &found);
    assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
    assert_eq!(found.components.len(), 1);
    assert!(matches!(verdict.proven, Status::ExactSome | Status::ExactComplete), "{}", game.title);
    found
}

#[test]
fn random_trees_are_sequential_by_the_referee() {
    for seed in 0..300 {
        for payoffs in [Payoffs::Integers(2), Payoffs::Decimals] {
            let infosets = 3 + seed as usize % 10;
            one(
                &random_game(seed, Shape::General { players: 2, infosets, menu: 3, payoffs }),
                Concept::Sequential,
            );
        }
    }
}

#[test]
fn signals_and_types_are_sequential_by_the_referee() {
    for seed in 0..60 {
        let payoffs = Payoffs::Integers(3);
        let shape = Shape::Signalling { types: 3, messages: 3, replies: 3, payoffs };
        for concept in [Concept::Nash, Concept::Spe, Concept::Sequential] {
            one(&random_game(seed, shape), concept);
        }
    }
}

/// Poker players mix, and a sequential equilibrium asks how they play hands that they never bet.
#[test]
fn poker_is_refined_to_a_sequential_equilibrium() {
    let found = one(&poker::kuhn(2), Concept::Sequential);
    assert_eq!(found.components[0].payoffs[0].exact, Some(Q::new(-1, 18)));
    one(&poker::liars_dice(2), Concept::Sequential);
}

/// A loss out of all proportion loosens nothing: all is exact.
#[test]
fn catastrophes_leave_the_gap_at_zero() {
    for seed in 0..40 {
        let payoffs = Payoffs::Integers(5);
        let game = random_game(seed, Shape::General { players: 2, infosets: 8, menu: 3, payoffs });
        let mut at = numbers(&game);
        let end = (0..game.nodes.len()).find(|n| game.nodes[*n].num_children == 0).expect("play ends");
        at.payoffs[2 * end] = Q::from(-1_000_000);
        let settings = Settings { one: true, ..Settings::default() };
        let found = solve(&game, &at, &settings, &Silent);
        let c = &found.components[0];
        let report =
            detente_verify::check_assessment(&game, &at, c, Concept::Sequential).expect("numbers agree");
        assert!(report.gap_sequential.is_some_and(|g| g.is_zero()), "seed {seed}");
    }
}

/// Hundreds of sets of either kind: exact, and accepted.
#[test]
fn hundreds_of_sets_are_solved_and_accepted() {
    for (seed, payoffs) in [(1, Payoffs::Integers(4)), (2, Payoffs::Decimals)] {
        for infosets in [100, 200] {
            let game = random_game(seed, Shape::General { players: 2, infosets, menu: 3, payoffs });
            one(&game, Concept::Sequential);
        }
    }
    let shape = Shape::Signalling { types: 20, messages: 8, replies: 6, payoffs: Payoffs::Decimals };
    one(&random_game(1, shape), Concept::Nash);
}

/// Says at once that time is up.
struct Stopped;

impl Progress for Stopped {
    fn keep_going(&self, _done: f64) -> bool {
        false
    }
    fn limited(&self) -> bool {
        true
    }
}

/// A search that ends without any equilibrium ends with this one, which is proven.
#[test]
fn a_search_that_is_stopped_still_ends_with_a_proven_equilibrium() {
    let shape = Shape::Signalling { types: 8, messages: 6, replies: 5, payoffs: Payoffs::Decimals };
    for concept in [Concept::Nash, Concept::Spe, Concept::Sequential] {
        let game = random_game(1, shape);
        let settings = Settings { concept, ..Settings::default() };
        let found = solve(&game, &numbers(&game), &settings, &Stopped);
        let verdict = verify(&game, &numbers(&game), &found);
        assert!(verdict.accepted, "{:?}", verdict.rejected);
        assert_eq!((verdict.proven, found.components.len()), (Status::ExactSome, 1));
        assert!(!found.unresolved.is_empty());
    }
}
