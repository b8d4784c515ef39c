//! What answers list beside the proof: the referee confirms it, or says that it does not.

mod differential;

use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::{Component, Concept, FreeWhat, Num, OutcomeSet, Solution};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{numbers, solved, with_room};

fn shapes() -> Vec<Shape> {
    let (generic, ties) = (Payoffs::Decimals, Payoffs::Integers(3));
    vec![
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: generic },
        Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs: ties },
        Shape::General { players: 2, infosets: 5, menu: 2, payoffs: ties },
        Shape::PerfectInformation { players: 2, decisions: 6, menu: 3, payoffs: ties },
        Shape::TwoSided { moves: 3, payoffs: generic },
    ]
}

/// Whether an answer that was changed is rejected, or something is no longer confirmed.
fn is_noticed(game: &Game, honest: &[String], changed: &Solution) -> bool {
    let verdict = verify(game, &numbers(game), changed);
    !verdict.accepted || verdict.unconfirmed.iter().any(|what| !honest.contains(what))
}

/// The answer with one of its components changed.
fn with(solution: &Solution, k: usize, change: impl FnOnce(&mut Component)) -> Solution {
    let mut changed = solution.clone();
    change(&mut changed.components[k]);
    changed
}

fn middle(low: &Num, high: &Num) -> Num {
    let ends = low.exact.clone().zip(high.exact.clone());
    ends.map_or(low.clone(), |(low, high)| Num::exact((low + high) / Q::from(2)))
}

/// Changes every free range and outcome range of confirmed answers.
#[test]
fn changed_ranges_are_noticed() {
    with_room(|| {
        let (mut confirmed, mut answers, mut ranges, mut missed) = (0, 0, 0, Vec::new());
        for shape in shapes() {
            for seed in 0..15 {
                let game = random_game(seed, shape);
                let solution = solved(&game, Concept::Sequential);
                let verdict = verify(&game, &numbers(&game), &solution);
                assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
                answers += 1;
                let about_ranges = |what: &String| what.contains("leave no equilibrium out");
                if verdict.unconfirmed.iter().any(about_ranges) {
                    continue;
                }
                confirmed += 1;
                for (k, c) in solution.components.iter().enumerate() {
                    for (at, free) in c.free.iter().enumerate() {
                        if !matches!(free.what, FreeWhat::Action(..)) || free.low.exact == free.high.exact {
                            continue;
                        }
                        let mid = middle(&free.low, &free.high);
                        let narrower = [
                            with(&solution, k, |c| c.free[at].high = mid.clone()),
                            with(&solution, k, |c| c.free[at].low = mid.clone()),
                        ];
                        for changed in narrower {
                            ranges += 1;
                            if !is_noticed(&game, &verdict.unconfirmed, &changed) {
                                missed.push(format!("{} E{} {:?}", game.title, k + 1, free.what));
                            }
                        }
                    }
                }
            }
        }
        eprintln!("{confirmed} of {answers} answers confirmed, {ranges} changed ranges");
        assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
        assert!(ranges > 40 && confirmed * 10 >= answers * 8, "{confirmed} of {answers}, {ranges}");
    });
}

/// A wrong verdict, wrong vertices and points outside of their ranges are rejected.
#[test]
fn changed_claims_are_rejected() {
    with_room(|| {
        let (mut verdicts, mut vertices, mut points) = (0, 0, 0);
        for shape in shapes() {
            for seed in 0..15 {
                let game = random_game(seed, shape);
                let solution = solved(&game, Concept::Sequential);
                let rejected = |changed: Solution, what: &str| {
                    let verdict = verify(&game, &numbers(&game), &changed);
                    assert!(!verdict.accepted, "{}: {what} is accepted", game.title);
                };
                for (k, c) in solution.components.iter().enumerate() {
                    if let Some(passes) = c.intuitive {
                        verdicts += 1;
                        let flipped = with(&solution, k, |c| c.intuitive = Some(!passes));
                        rejected(flipped, "another verdict on the intuitive criterion");
                    } else {
                        rejected(
                            with(&solution, k, |c| c.intuitive = Some(true)),
                            "a verdict without ground",
                        );
                    }
                    if !c.outcome_vertices.is_empty() {
                        vertices += 1;
                        if c.outcome_set == OutcomeSet::Segment {
                            let fewer = with(&solution, k, |c| drop(c.outcome_vertices.pop()));
                            rejected(fewer, "a missing vertex");
                        }
                        let twice = with(&solution, k, |c| {
                            let first = c.outcome_vertices[0].clone();
                            *c.outcome_vertices.last_mut().expect("not empty") = first;
                        });
                        rejected(twice, "a vertex listed twice");
                        rejected(with(&solution, k, |c| c.outcome_set = OutcomeSet::Point), "another shape");
                        let off = with(&solution, k, |c| c.outcome_vertices[0][0] = Num::exact(Q::from(2)));
                        rejected(off, "a vertex that is no distribution");
                    }
                    for (at, free) in c.free.iter().enumerate() {
                        points += 1;
                        let beyond = with(&solution, k, |c| {
                            c.free[at].low = Num::exact(Q::from(2));
                            c.free[at].high = Num::exact(Q::from(3));
                        });
                        rejected(beyond, "a range that the shown point is not in");
                        let reversed = with(&solution, k, |c| {
                            c.free[at].low = Num::exact(Q::ONE);
                            c.free[at].high = Num::exact(Q::ZERO);
                        });
                        rejected(reversed, "an empty range");
                        let nowhere = with(&solution, k, |c| {
                            c.free[at].what = match free.what {
                                FreeWhat::Action(h, _) => FreeWhat::Action(h, 99),
                                FreeWhat::Belief(_, k) => FreeWhat::Belief(9_999, k),
                            }
                        });
                        rejected(nowhere, "a range of nothing");
                    }
                }
            }
        }
        assert!(verdicts > 10 && vertices > 3 && points > 40, "{verdicts} {vertices} {points}");
    });
}

/// Without its joins, with wrong ones, and with two components taken for one, a set is no longer
/// called one piece.
#[test]
fn wrong_joins_are_noticed() {
    with_room(|| {
        const PIECE: &str = "one connected piece";
        let shapes = [
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: Payoffs::Integers(3) },
            Shape::General { players: 2, infosets: 5, menu: 2, payoffs: Payoffs::Integers(3) },
            Shape::General { players: 3, infosets: 5, menu: 2, payoffs: Payoffs::Integers(3) },
        ];
        let (mut joined, mut open, mut moved, mut merged) = (0, 0, 0, 0);
        for concept in [Concept::Sequential, Concept::Nash] {
            for shape in shapes {
                for seed in 0..20 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let Some(last) = honest.certificate.stages.len().checked_sub(1) else { continue };
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        !verdict.accepted || verdict.unconfirmed.iter().any(|what| what.contains(PIECE))
                    };
                    let stage = &honest.certificate.stages[last];
                    if stage.joins.is_empty() {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    joined += 1;
                    let mut without = honest.clone();
                    without.certificate.stages[last].joins.clear();
                    assert!(doubts(&without), "{}: no joins", game.title);
                    for (k, join) in stage.joins.iter().enumerate() {
                        let mut wrong = honest.clone();
                        let list = &mut wrong.certificate.stages[last].joins[k];
                        list.start.iter_mut().chain(&mut list.end).for_each(|(_, _, q)| *q = -q.clone());
                        let named = join.start.iter().chain(&join.end).any(|(_, _, q)| q.is_positive());
                        moved += 1;
                        assert!(!named || doubts(&wrong), "{}: a line elsewhere", game.title);
                    }
                    if let [.., a, b] = &stage.components[..] {
                        let mut one = honest.clone();
                        let shown = one.certificate.stages[last].joins[0].clone();
                        let (a, b) = (a.clone(), b.clone());
                        let kept = one.components.len() - 1;
                        one.components.truncate(kept);
                        let stage = &mut one.certificate.stages[last];
                        stage.components.truncate(kept);
                        stage.components[kept - 1] = a.iter().chain(&b).copied().collect();
                        for (x, y) in a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))) {
                            for (from, to) in [(x, y), (y, x)] {
                                let join = detente_game::certificate::Join {
                                    from: vec![from],
                                    to: vec![to],
                                    ..shown.clone()
                                };
                                stage.joins.push(join);
                            }
                        }
                        merged += 1;
                        assert!(doubts(&one), "{}: two components are taken for one", game.title);
                    }
                }
            }
        }
        eprintln!("{joined} joined, {open} not confirmed, {moved} lines moved, {merged} merged");
        assert!(joined > 20 && moved > 40 && merged > 5 && open * 5 <= joined);
    });
}

/// Conditions that leave equilibria out, or are worded otherwise than meant, are no longer confirmed.
#[test]
fn changed_conditions_are_noticed() {
    with_room(|| {
        const OUT: &str = "conditions on what is free leave no equilibrium out";
        let (mut confirmed, mut open) = (0, 0);
        for concept in [Concept::Sequential, Concept::Nash] {
            for shape in shapes() {
                for seed in 0..12 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        !verdict.accepted || verdict.unconfirmed.iter().any(|what| what.contains(OUT))
                    };
                    let is_told = |c: &Component| !c.conditions.is_empty();
                    if !honest.components.iter().any(is_told) {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    for (k, c) in honest.components.iter().enumerate() {
                        if c.conditions.is_empty() || c.conditions.iter().any(Vec::is_empty) {
                            continue;
                        }
                        confirmed += 1;
                        let narrower = with(&honest, k, |c| {
                            for (data, words) in c.conditions.iter_mut().zip(&mut c.inequalities) {
                                data[0].constant -= Q::from(1_000);
                                words[0] = detente_game::wording::condition_text(&game, &data[0]);
                            }
                        });
                        assert!(doubts(&narrower), "{}: a condition that nothing meets", game.title);
                        let said = with(&honest, k, |c| c.inequalities[0][0].push('0'));
                        assert!(doubts(&said), "{}: other words", game.title);
                    }
                }
            }
        }
        eprintln!("{confirmed} components with conditions, {open} answers not confirmed");
        assert!(confirmed > 20 && open * 3 <= confirmed, "{confirmed} confirmed, {open} open");
    });
}
