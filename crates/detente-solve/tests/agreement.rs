//! Solver and referee use the same words: games where one of them once said more than the other
//! could show, and a proof that is about another concept.

mod differential;

use detente_exact::Q;
use detente_game::formats::efg;
use detente_game::solution::{Concept, Num, Status};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{numbers, solved, with_room};

fn general(players: usize, infosets: usize, ties: u32) -> Shape {
    Shape::General { players, infosets, menu: 2, payoffs: Payoffs::Integers(ties) }
}

/// Rows linear once the value is gone; and an irrational root beside a set whose owner does not
/// care.
#[test]
fn what_the_solver_calls_complete_the_referee_proves() {
    with_room(|| {
        let known = [(general(3, 5, 2), 919), (general(3, 6, 3), 737), (general(3, 6, 3), 531)];
        for (shape, seed) in known {
            let game = random_game(seed, shape);
            let solution = solved(&game, Concept::Sequential);
            assert_eq!(solution.status, Status::ExactComplete, "{}", game.title);
            let verdict = verify(&game, &numbers(&game), &solution);
            assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
            assert_eq!(verdict.proven, Status::ExactComplete, "{}: {:?}", game.title, verdict.open);
        }
    });
}

/// Inside a subgame, another one whose equilibria pay differently is left out by play: that play
/// is best on the path says nothing about it.
#[test]
fn subgames_within_subgames_are_not_passed_over() {
    with_room(|| {
        let mut passed = 0;
        for seed in 0..400 {
            let game = random_game(seed, general(2, 7, 4));
            let solution = solved(&game, Concept::Spe);
            let verdict = verify(&game, &numbers(&game), &solution);
            assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
            assert_eq!(verdict.proven, solution.status, "{}: {:?}", game.title, verdict.open);
            passed += usize::from(solution.unresolved.iter().any(|w| w.contains("pay differently")));
        }
        assert!(passed > 0, "no game has such a subgame");
    });
}

/// The entrant stays out whatever is threatened, so every threat is a Nash equilibrium; one is
/// carried out. The proof for Nash equilibria does not become one for subgame-perfect ones by
/// its name.
#[test]
fn a_nash_proof_is_no_proof_about_subgames() {
    let text = r#"EFG 2 R "Out" { "Entrant" "Incumbent" }
p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "out" { 2, 2 }
p "" 2 1 "reply" { "fight" "share" } 0
t "" 2 "fight" { -1, -1 }
t "" 3 "share" { 1, 1 }
"#;
    let game = efg::read(text).expect("a game");
    let mut solution = solved(&game, Concept::Nash);
    assert_eq!((solution.status, solution.components.len()), (Status::ExactComplete, 1));
    assert!(solution.components[0].free.iter().any(|f| f.low.exact == Some(Q::ZERO)));
    solution.components[0].profile[1] = vec![Num::exact(Q::ZERO), Num::exact(Q::ONE)];
    let verdict = verify(&game, &numbers(&game), &solution);
    assert_eq!((verdict.accepted, verdict.proven), (true, Status::ExactComplete), "{:?}", verdict.rejected);

    solution.concept = Concept::Spe;
    solution.certificate.concept = "spe".into();
    let verdict = verify(&game, &numbers(&game), &solution);
    assert!(!verdict.accepted && verdict.proven == Status::ExactSome, "{verdict:?}");
    assert!(verdict.open.iter().any(|w| w.contains("stage of its own")), "{:?}", verdict.open);
}
