//! Weaker concepts whose search is cut short: sequential equilibria are listed all the same.

use detente_game::solution::{Component, Concept, Solution, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Progress, Settings, Silent, solve};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;

/// A caller whose time is up at once.
struct Late;

impl Progress for Late {
    fn keep_going(&self, _done: f64) -> bool {
        false
    }
}

fn answer(game: &Game, numbers: &Numbers, settings: &Settings, progress: &dyn Progress) -> Solution {
    let found = solve(game, numbers, settings, progress);
    let verdict = verify(game, numbers, &found);
    assert!(verdict.accepted, "{} {:?}: {:?}", game.title, settings.concept, verdict.rejected);
    if matches!(found.status, Status::ExactComplete | Status::ExactSome) {
        assert_eq!(verdict.proven, found.status, "{:?}", verdict.open);
    }
    found
}

fn small_games() -> Vec<Game> {
    let (generic, ties) = (Payoffs::Decimals, Payoffs::Integers(4));
    let three = Shape::General { players: 3, infosets: 6, menu: 2, payoffs: generic };
    let two = Shape::General { players: 2, infosets: 7, menu: 2, payoffs: ties };
    (0..60).flat_map(|seed| [random_game(seed, three), random_game(seed, two)]).collect()
}

fn is_exact(c: &Component) -> bool {
    c.profile.iter().flatten().all(|n| n.exact.is_some())
}

#[test]
fn a_search_cut_short_lists_sequential_equilibria() {
    let mut short = 0;
    for game in small_games() {
        let numbers = game.numbers(&[]).expect("numbers");
        for concept in [Concept::Nash, Concept::Spe] {
            let settings = Settings { concept, max_cells: 0, ..Settings::default() };
            let found = answer(&game, &numbers, &settings, &Silent);
            if found.status == Status::ExactComplete {
                continue;
            }
            short += 1;
            let inner = Settings { max_cells: 0, ..Settings::default() };
            let sequential = solve(&game, &numbers, &inner, &Silent);
            let proven = matches!(sequential.status, Status::ExactComplete | Status::ExactSome);
            if proven && sequential.components.iter().any(is_exact) {
                assert_eq!(found.status, Status::ExactSome, "{}", game.title);
            }
            assert!(!found.unresolved.is_empty());
            assert!(found.components.iter().all(|c| c.gap_sequential.is_none()));
        }
    }
    assert!(short > 60, "only {short} searches were cut short");
}

#[test]
fn a_caller_without_time_still_gets_an_equilibrium() {
    let payoffs = Payoffs::Decimals;
    let shape = Shape::PerfectInformation { players: 2, decisions: 60, menu: 3, payoffs };
    let game = random_game(1, shape);
    let numbers = game.numbers(&[]).expect("numbers");
    let settings = Settings { concept: Concept::Nash, ..Settings::default() };
    let found = answer(&game, &numbers, &settings, &Late);
    assert_eq!((found.status, found.components.len()), (Status::ExactSome, 1));
    assert!(found.unresolved.iter().any(|w| w.contains("sequential")), "{:?}", found.unresolved);
}

/// Every exact sequential equilibrium is somewhere in the answer: with the search unfinished it
/// is listed beside the components that have cells, and only then.
#[test]
fn what_the_search_holds_already_is_not_listed_twice() {
    let (mut beside, mut finished) = (0, 0);
    for game in small_games() {
        let numbers = game.numbers(&[]).expect("numbers");
        let settings = Settings { concept: Concept::Nash, ..Settings::default() };
        let found = answer(&game, &numbers, &settings, &Silent);
        let last = found.certificate.stages.last();
        let without_cells = last.map_or(0, |s| s.components.iter().filter(|c| c.is_empty()).count());
        if found.status == Status::ExactComplete {
            finished += 1;
            assert_eq!(without_cells, 0, "{}", game.title);
        }
        beside += without_cells;
    }
    assert!(finished > 60 && beside > 0, "{finished} searches finished, {beside} listed beside");
}
