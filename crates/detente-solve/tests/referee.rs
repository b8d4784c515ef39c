//! The referee accepts what the solver proves, and nothing that was tampered with.

mod differential;

use detente_exact::Q;
use detente_game::certificate::Proof;
use detente_game::matrix::MatrixStep;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{Tally, each_game, must_be_complete, numbers, seeds, small_shapes, solved, with_room};

const ALL: [Concept; 3] = [Concept::Sequential, Concept::Spe, Concept::Nash];

/// The classes that must be complete, at sizes that slow builds can take.
fn promised() -> Vec<Shape> {
    let payoffs = Payoffs::Decimals;
    vec![
        Shape::PerfectInformation { players: 3, decisions: 50, menu: 12, payoffs: Payoffs::Integers(4) },
        Shape::Signalling { types: 3, messages: 3, replies: 3, payoffs },
        Shape::Offers { offers: 11, types: 2 },
        Shape::Reputation { textbook: true },
        Shape::Reputation { textbook: false },
        Shape::TwoSided { moves: 6, payoffs },
        Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs },
    ]
}

#[test]
fn promised_classes_are_complete_and_accepted() {
    with_room(|| {
        let mut tally = Tally::default();
        each_game(&promised(), seeds(1), |_, game| {
            let Some(solution) = tally.solve(game, Concept::Sequential, true) else { return };
            let verdict = verify(game, &numbers(game), &solution);
            tally.expect(verdict.accepted, || format!("{}: {:?}", game.title, verdict.rejected));
            tally.expect(verdict.proven == Status::ExactComplete, || {
                format!("{}: {:?}", game.title, verdict.open)
            });
            tally.points += verdict.steps;
        });
        tally.finish("promised classes");
    });
}

#[test]
fn every_answer_is_accepted_at_the_strength_it_claims() {
    with_room(|| {
        let mut tally = Tally::default();
        each_game(&small_shapes(), seeds(1), |_, game| {
            for concept in ALL {
                let solution = solved(game, concept);
                let verdict = verify(game, &numbers(game), &solution);
                tally.games += 1;
                tally.complete += usize::from(verdict.proven == Status::ExactComplete);
                tally.points += verdict.steps;
                tally.expect(verdict.accepted, || {
                    format!("{} {concept:?} {:?}: {:?}", game.title, solution.status, verdict.rejected)
                });
            }
        });
        tally.finish("all answers");
    });
}

/// Games where play behind an undecided action, beliefs that no one had settled, or a condition
/// that had become a number once led to a wrong equilibrium or to a refutation that is none.
#[test]
fn conditions_that_products_hide_are_kept() {
    with_room(|| {
        let general = |infosets, high| Shape::General {
            players: 3,
            infosets,
            menu: 2,
            payoffs: Payoffs::Integers(high),
        };
        for (seed, shape) in
            [(177, general(5, 2)), (279, general(5, 2)), (136, general(6, 3)), (173, general(6, 3))]
        {
            let game = random_game(seed, shape);
            let solution = solved(&game, Concept::Sequential);
            let verdict = verify(&game, &numbers(&game), &solution);
            assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
            assert!(
                matches!(solution.status, Status::ExactComplete | Status::ExactSome),
                "{}: {:?}",
                game.title,
                solution.status
            );
        }
    });
}

/// Steps of a proof, the step itself first.
fn steps(proof: &Proof) -> usize {
    let mut copy = proof.clone();
    1 + copy.next_mut().into_iter().map(|p| steps(p)).sum::<usize>()
}

/// The step at a position in the order of [`steps`].
fn step_at<'p>(proof: &'p mut Proof, position: &mut usize) -> Option<&'p mut Proof> {
    if *position == 0 {
        return Some(proof);
    }
    *position -= 1;
    proof.next_mut().into_iter().find_map(|p| step_at(p, position))
}

/// Changes a step so that it no longer says something true; false if it cannot be.
fn damage(proof: &mut Proof) -> bool {
    match proof {
        // A gap where a case was closed, or a case closed that holds equilibria.
        Proof::Refuted { combination } if !combination.is_empty() => combination.clear(),
        Proof::Cell { .. } => *proof = Proof::Refuted { combination: vec![] },
        Proof::Split { zero, positive, .. } if zero != positive => std::mem::swap(zero, positive),
        Proof::MustBePositive { combination, .. } | Proof::MustBeZero { combination, .. }
            if !combination.is_empty() =>
        {
            combination.iter_mut().for_each(|(_, q)| *q = -q.clone())
        }
        Proof::Fix { value, .. } => *value = value.clone() + Q::new(1, 7),
        Proof::Dominated { action, than, .. } => std::mem::swap(action, than),
        Proof::Roots { cases, .. } => drop(cases.pop()),
        Proof::Both { parts } => drop(parts.pop()),
        _ => return false,
    }
    true
}

/// Answers that differ from a true one in a single place.
fn mutants(solution: &Solution) -> Vec<(String, Solution)> {
    let mut list = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Solution)| {
        let mut mutant = solution.clone();
        change(&mut mutant);
        list.push((what, mutant));
    };
    add("no last component".into(), &|s| drop(s.components.pop()));
    add("another game".into(), &|s| s.certificate.game.push('0'));
    add("another concept".into(), &|s| s.certificate.concept.push('0'));
    add("an open step".into(), &|s| match &mut s.certificate.matrix {
        Some(table) => table.steps = vec![MatrixStep::Open],
        None => {
            let last = s.certificate.stages.last_mut().expect("a proof has stages");
            last.proof = Proof::Open { why: "damaged".into() };
        }
    });
    for k in 0..solution.components.len() {
        let off = |n: &mut Num| *n = Num::exact(n.exact.clone().unwrap_or(Q::ZERO) + Q::new(1, 9));
        add(format!("payoff of {k}"), &|s| off(&mut s.components[k].payoffs[0]));
        add(format!("outcome of {k}"), &|s| off(&mut s.components[k].outcomes[0]));
        add(format!("probability of {k}"), &|s| off(&mut s.components[k].profile[0][0]));
        add(format!("gap of {k}"), &|s| off(&mut s.components[k].gap_nash));
    }
    for stage in 0..solution.certificate.stages.len() {
        for position in 0..steps(&solution.certificate.stages[stage].proof) {
            let mut mutant = solution.clone();
            let proof = &mut mutant.certificate.stages[stage].proof;
            let step = step_at(proof, &mut position.clone()).expect("positions are counted");
            let name = format!("{step:?}").chars().take(60).collect::<String>();
            if damage(step) {
                list.push((format!("stage {stage} step {position}: {name}"), mutant));
            }
        }
    }
    list
}

#[test]
fn mutants_are_rejected() {
    with_room(|| {
        let payoffs = Payoffs::Decimals;
        let shapes = [
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
            Shape::General { players: 2, infosets: 4, menu: 2, payoffs },
            Shape::TwoSided { moves: 3, payoffs },
            Shape::Table { players: 2, strategies: 3, payoffs },
            Shape::Reputation { textbook: true },
        ];
        let mut tally = Tally::default();
        for (seed, shape) in (0..seeds(1)).flat_map(|s| shapes.map(|shape| (s, shape))) {
            let game = random_game(seed, shape);
            for concept in [Concept::Sequential, Concept::Nash] {
                if !must_be_complete(&shape, concept) {
                    continue;
                }
                let Some(solution) = tally.solve(&game, concept, true) else { continue };
                for (what, mutant) in mutants(&solution) {
                    tally.points += 1;
                    let accepted = verify(&game, &numbers(&game), &mutant).accepted;
                    tally.expect(!accepted, || format!("{} {concept:?} accepts: {what}", game.title));
                }
            }
        }
        tally.finish("mutants");
    });
}
