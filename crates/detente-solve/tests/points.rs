//! Equilibria that are points are told as points, and equations as equations.

use detente_game::solution::{Concept, OutcomeSet, Solution};
use detente_game::{Game, formats};
use detente_solve::{Settings, Silent, solve};
use detente_verify::{Verdict, verify};

fn solved(game: &Game) -> (Solution, Verdict) {
    let numbers = game.numbers(&[]).expect("the game has numbers");
    let settings = Settings { concept: Concept::Sequential, ..Settings::default() };
    let solution = solve(game, &numbers, &settings, &Silent);
    let verdict = verify(game, &numbers, &solution);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    (solution, verdict)
}

/// Nine equilibria, two of them rational roots of three equations of degree two (McKelvey and McLennan 1996).
#[test]
fn rational_roots_are_points_and_nothing_is_left_to_confirm() {
    let text = include_str!("../../../tests/corpus/mckelvey-mclennan.nfg");
    let game = formats::nfg::read(text).expect("a table");
    let (solution, verdict) = solved(&game);
    assert_eq!(solution.components.len(), 9);
    for c in &solution.components {
        assert_eq!((c.outcome_set, c.free.len()), (OutcomeSet::Point, 0));
        assert!(c.outcome_range.iter().all(|(low, high)| low == high && low.exact.is_some()));
    }
    assert_eq!(verdict.unconfirmed, Vec::<String>::new());
}

#[test]
fn two_bounds_that_meet_are_one_equation() {
    let text = include_str!("../../../tests/corpus/kuhn-poker.efg");
    let (solution, _) = solved(&formats::efg::read(text).expect("a tree"));
    let mut equations = 0;
    for piece in solution.components.iter().flat_map(|c| &c.inequalities) {
        for line in piece {
            let other = line.replace("<=", ">=");
            assert!(other == *line || !piece.contains(&other), "{line} and {other}");
            equations += usize::from(!line.contains("<=") && !line.contains(">="));
        }
    }
    assert!(equations > 0, "in some pieces a probability is one number");
}
