//! Cuts of boxes: tables of several players are listed whole, and a cut that goes too far is rejected.

mod differential;

use detente_exact::Q;
use detente_game::certificate::{BoxPart, BoxStep, Proof};
use detente_game::solution::{Concept, Solution, Status};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{numbers, solved, with_room};

/// Calls `visit` for each step of each box search.
fn each_step(solution: &mut Solution, visit: &mut dyn FnMut(&mut BoxStep)) {
    fn steps(step: &mut BoxStep, visit: &mut dyn FnMut(&mut BoxStep)) {
        visit(step);
        match step {
            BoxStep::Bisect(_, low, high) => {
                steps(low, visit);
                steps(high, visit);
            }
            BoxStep::Shrink { then, .. } | BoxStep::Cuts { then, .. } => steps(then, visit),
            _ => {}
        }
    }
    fn proofs(proof: &mut Proof, visit: &mut dyn FnMut(&mut BoxStep)) {
        if let Proof::Boxes { boxes } = proof {
            steps(&mut boxes.root, visit);
        }
        proof.next_mut().into_iter().for_each(|p| proofs(p, visit));
    }
    solution.certificate.stages.iter_mut().for_each(|s| proofs(&mut s.proof, visit));
}

fn table(players: usize, strategies: usize) -> Shape {
    Shape::Table { players, strategies, payoffs: Payoffs::Decimals }
}

/// Almost all tables have a finite and odd number of equilibria (Wilson, "Computing equilibria of n-person
/// games", SIAM Journal on Applied Mathematics 1971).
#[test]
fn tables_of_several_players_are_listed_whole() {
    with_room(|| {
        let shapes = [(table(3, 2), 12), (table(3, 3), 5), (table(4, 2), 5), (table(5, 2), 3)];
        for (shape, seeds) in shapes {
            for seed in 0..seeds {
                let game = random_game(seed, shape);
                let solution = solved(&game, Concept::Nash);
                assert_eq!(
                    solution.status,
                    Status::ExactComplete,
                    "{}: {:?}",
                    game.title,
                    solution.unresolved
                );
                let verdict = verify(&game, &numbers(&game), &solution);
                assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
                assert_eq!(verdict.proven, Status::ExactComplete, "{}: {:?}", game.title, verdict.open);
                assert!(solution.components.len() % 2 == 1, "{}: {}", game.title, solution.components.len());
            }
        }
    });
}

/// A strategy given twice leaves what can happen as it was, and makes no equilibrium out of nothing.
#[test]
fn a_strategy_given_twice_is_borne() {
    let once =
        [[1, -5, 3], [-7, 8, -2], [4, 4, -9], [-3, -6, 5], [2, -1, 7], [-9, 3, -4], [0, 6, 1], [5, -8, 2]];
    let text = |strategies: usize| {
        let mut list: Vec<String> = vec![];
        for cell in 0..strategies * 4 {
            let own = (cell % strategies).min(1);
            list.extend(once[own + 2 * (cell / strategies)].iter().map(i32::to_string));
        }
        format!("NFG 1 R \"t\" {{ \"A\" \"B\" \"C\" }} {{ {strategies} 2 2 }}\n{}\n", list.join(" "))
    };
    let answers = |strategies: usize| {
        let game = detente_game::formats::nfg::read(&text(strategies)).expect("a valid game");
        let solution = solved(&game, Concept::Nash);
        let verdict = verify(&game, &numbers(&game), &solution);
        assert!(verdict.accepted, "{:?}", verdict.rejected);
        assert_eq!(verdict.proven, solution.status, "{:?}", verdict.open);
        let mut payoffs: Vec<Vec<i64>> = (solution.components.iter())
            .map(|c| c.payoffs.iter().map(|n| (n.value * 1e6).round() as i64).collect())
            .collect();
        payoffs.sort();
        payoffs.dedup();
        (solution.status, payoffs)
    };
    let (status, plain) = answers(2);
    assert_eq!(status, Status::ExactComplete);
    assert_eq!(answers(3).1, plain);
}

/// What a step that leaves a part of a box out must not say instead, by name.
type Change = (&'static str, fn(&mut BoxStep) -> Option<()>);

const CHANGES: [Change; 7] = [
    ("a cut further in", |step| {
        let BoxStep::Cuts { cuts, .. } = step else { return None };
        let by = Q::new(1, 1_000) * Q::from(if cuts[0].above { -1 } else { 1 });
        cuts[0].at = &cuts[0].at + &by;
        Some(())
    }),
    ("the other side of a cut", |step| {
        let BoxStep::Cuts { cuts, .. } = step else { return None };
        cuts[0].above = !cuts[0].above;
        Some(())
    }),
    ("a sum of nothing", |step| {
        let BoxStep::Cuts { cuts, .. } = step else { return None };
        cuts[0].sum.clear();
        Some(())
    }),
    ("a coordinate that is none", |step| {
        let BoxStep::Cuts { cuts, .. } = step else { return None };
        cuts[0].coordinate = 99;
        Some(())
    }),
    ("a sum the wrong way round", |step| {
        let BoxStep::Never(sum) = step else { return None };
        sum.iter_mut().for_each(|(_, q)| *q = -q.clone());
        Some(())
    }),
    ("a part that is none", |step| {
        let BoxStep::Never(sum) = step else { return None };
        sum[0].0 = BoxPart::Inequality(9_999);
        Some(())
    }),
    ("nothing at all, as if all were known", |step| {
        let BoxStep::Root { .. } = step else { return None };
        *step = BoxStep::Open;
        Some(())
    }),
];

#[test]
fn a_cut_that_goes_too_far_is_rejected() {
    with_room(|| {
        let mut tried = [0; CHANGES.len()];
        for seed in 0..4 {
            let game = random_game(seed, table(3, 3));
            let mut solution = solved(&game, Concept::Nash);
            let mut count = 0;
            each_step(&mut solution, &mut |_| count += 1);
            for (k, (what, change)) in CHANGES.iter().enumerate() {
                // Some of many are enough.
                for number in (0..count).step_by(1 + count / 60) {
                    let mut mutant = solution.clone();
                    let (mut at, mut done) = (0, false);
                    each_step(&mut mutant, &mut |step| {
                        done |= at >= number && !done && change(step).is_some();
                        at += 1;
                    });
                    if !done {
                        continue;
                    }
                    tried[k] += 1;
                    let verdict = verify(&game, &numbers(&game), &mutant);
                    assert!(!verdict.accepted, "{}: {what} is accepted at {number}", game.title);
                }
            }
        }
        assert!(tried.iter().all(|n| *n > 0), "changes tried: {tried:?}");
    });
}

/// Two players who mix as a third one likes, and need not: a continuum of roots is no root, and what is
/// not decided is named.
#[test]
fn what_is_not_decided_is_named() {
    // All pay the same whatever is played but for a product of all three: its zeros are surfaces.
    let text = "NFG 1 R \"surface\" { \"A\" \"B\" \"C\" } { 2 2 2 }\n\
                1 1 1 0 0 0 0 0 0 1 1 1 0 0 0 1 1 1 1 1 1 0 0 0\n";
    let game = detente_game::formats::nfg::read(text).expect("a valid game");
    let solution = solved(&game, Concept::Nash);
    let verdict = verify(&game, &numbers(&game), &solution);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert_eq!(verdict.proven, solution.status);
    if solution.status != Status::ExactComplete {
        let told = solution.unresolved.iter().filter(|w| w.starts_with("not decided: play of "));
        assert!(told.count() > 0, "{:?}", solution.unresolved);
    }
}
