//! Games too large to list every equilibrium of: one, exact or within a proven gap.

use detente_exact::Q;
use detente_game::solution::{Concept, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Progress, Settings, Silent, solve};
use detente_test::poker;
use std::sync::atomic::{AtomicU64, Ordering};

fn numbers(game: &Game) -> Numbers {
    game.numbers(&[]).expect("constant payoffs")
}

/// Stops a solve when it has asked this often whether to go on.
struct After(AtomicU64);

impl Progress for After {
    fn keep_going(&self, _done: f64) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) > 1
    }
}

#[test]
fn one_equilibrium_of_a_zero_sum_game_is_exact() {
    let game = poker::kuhn(2);
    let settings = Settings { concept: Concept::Nash, one: true, ..Settings::default() };
    let found = solve(&game, &numbers(&game), &settings, &Silent);
    assert_eq!(found.status, Status::ExactSome);
    assert_eq!(found.components[0].payoffs[0].exact, Some(Q::new(-1, 18)));
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert_eq!(verdict.proven, Status::ExactSome);
}

/// With no wish stated, a large zero-sum game gets one equilibrium, exact, and says so.
#[test]
fn leduc_is_solved_exactly() {
    let game = poker::leduc();
    let found = solve(&game, &numbers(&game), &Settings::default(), &Silent);
    assert_eq!((found.status, found.concept), (Status::ExactSome, Concept::Nash));
    let value = found.components[0].payoffs[0].value;
    assert!((value + 0.085_606_424_078).abs() < 1e-11, "{value}");
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert_eq!(verdict.proven, Status::ExactSome);
}

/// Beyond exact programs the gap is proven instead; stopping early loses precision, not honesty.
#[test]
fn a_stopped_search_keeps_its_gap() {
    let game = poker::liars_dice(5);
    let stop = After(AtomicU64::new(2));
    let found = solve(&game, &numbers(&game), &Settings::default(), &stop);
    assert_eq!(found.status, Status::Certified);
    let gap = &found.components[0].gap_nash;
    let top = gap.value + gap.radius.unwrap_or(0.0);
    assert!(top > 0.0 && top < 0.05, "{top}");
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
}
