//! All equilibria of two players on the sequence form, against everything else that lists them.

use detente_exact::Q;
use detente_game::sequences::{SequenceProof, SequenceStep};
use detente_game::solution::{Concept, Solution, Status};
use detente_game::{Game, Numbers};
use detente_matrix::Bimatrix;
use detente_sequence::all::{Equilibria, Limits, Share, equilibria, in_turn};
use detente_sequence::form::{Form, Side};
use detente_sequence::linear::best_response;
use detente_solve::{Settings, Silent, nash_sets, solve};
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};

fn numbers(game: &Game) -> Numbers {
    game.numbers(&game.base_params()).expect("constant payoffs")
}

fn all(form: &Form) -> Equilibria {
    all_by(form, &in_turn)
}

fn all_by(form: &Form, share: &Share<'_>) -> Equilibria {
    let limits = Limits { cases: 100_000, corners: 20_000, keep_going: &|| true, share };
    equilibria(form, &limits).expect("two players")
}

/// Whoever does the pieces, and in which order: the answer is the same.
#[test]
fn threads_and_their_order_change_nothing() {
    let backwards = |count: usize, work: &(dyn Fn(usize) + Sync)| {
        std::thread::scope(|scope| {
            for k in (0..count).rev() {
                scope.spawn(move || work(k));
            }
        });
    };
    for seed in 0..20 {
        let payoffs = Payoffs::Integers(3);
        let game = random_game(seed, Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs });
        let form = Form::new(&game, &numbers(&game));
        assert_eq!(all(&form), all_by(&form, &backwards), "seed {seed}");
    }
}

/// What player `p` gets from two reaches.
fn payoff(form: &Form, p: usize, pair: [&Vec<Q>; 2]) -> Q {
    let cell = |(slots, weights): (&[u32], &[Q])| {
        &weights[p] * &(&pair[0][slots[0] as usize] * &pair[1][slots[1] as usize])
    };
    form.leaves.chunks(2).zip(form.weights.chunks(2)).map(cell).sum()
}

/// Complete, every extreme pair an equilibrium by the definition, and the indices sum to +1.
fn check(form: &Form, found: &Equilibria, what: &str) {
    assert!(found.complete, "{what}: {} cases", found.cases);
    assert_eq!(found.index_sum(), Some(1), "{what}: {:?}", found.components);
    for (x, y) in found.components.iter().flat_map(|c| &c.extreme) {
        let pair = [&found.strategies[0][*x as usize], &found.strategies[1][*y as usize]];
        let reach = vec![pair[0].clone(), pair[1].clone()];
        for p in 0..2 {
            assert_eq!(payoff(form, p, pair), best_response(form, p, &reach), "{what}");
        }
    }
}

fn small_trees() -> Vec<(String, Game)> {
    let mut games = vec![];
    for seed in 0..200 {
        for payoffs in [Payoffs::Integers(1), Payoffs::Integers(3), Payoffs::Decimals] {
            let infosets = 2 + seed as usize % 5;
            let game = random_game(
                seed,
                Shape::General { players: 2, infosets, menu: 2 + seed as usize % 2, payoffs },
            );
            games.push((format!("seed {seed}, {payoffs:?}"), game));
        }
    }
    games
}

/// The pure plans of a player that differ where it can come: reaches of 0 and 1.
fn pure(side: &Side) -> Vec<Vec<Q>> {
    let mut plans = vec![{
        let mut start = vec![Q::ZERO; side.slots()];
        start[0] = Q::ONE;
        start
    }];
    for k in 0..side.sets.len() {
        let mut next = vec![];
        for plan in plans {
            if plan[side.parent[k] as usize].is_zero() {
                next.push(plan);
                continue;
            }
            for s in side.range(k) {
                let mut more = plan.clone();
                more[s] = Q::ONE;
                next.push(more);
            }
        }
        plans = next;
    }
    plans
}

/// The reduced strategic form is the same game: as many components, with the same indices.
#[test]
fn the_table_of_plans_has_the_same_components() {
    let mut several = 0;
    for (what, game) in small_trees() {
        let form = Form::new(&game, &numbers(&game));
        let plans = [pure(&form.sides[0]), pure(&form.sides[1])];
        if plans.iter().any(|p| p.len() > 10) {
            continue;
        }
        let found = all(&form);
        check(&form, &found, &what);
        let table = |p: usize| -> Vec<Vec<Q>> {
            let row = |x: &Vec<Q>| plans[1].iter().map(|y| payoff(&form, p, [x, y])).collect();
            plans[0].iter().map(row).collect()
        };
        let matrix = Bimatrix::new(table(0), &table(1)).expect("two tables of one size");
        let limits = detente_matrix::Limits {
            steps: 1_000_000,
            keep_going: &|_| true,
            share: &detente_matrix::in_turn,
        };
        let listed = detente_matrix::equilibria(&matrix, &limits);
        assert!(listed.is_complete(), "{what}");
        let sorted = |list: Vec<Option<i64>>| {
            let mut list = list;
            list.sort_unstable();
            list
        };
        let here = sorted(found.components.iter().map(|c| c.index).collect());
        // With too many ties the table's indices are not computed.
        let there = sorted(listed.components.iter().map(|c| c.index).collect());
        assert_eq!(here.len(), there.len(), "{what}");
        assert!(there.contains(&None) || here == there, "{what}: {here:?} and {there:?}");
        several += usize::from(here.len() > 1);
    }
    assert!(several > 40, "only {several} games with several components");
}

/// The search that writes proofs finds the same components.
#[test]
fn the_proof_search_has_the_same_components() {
    let mut compared = 0;
    for (what, game) in small_trees() {
        let at = numbers(&game);
        let settings = Settings { concept: Concept::Nash, by_cases: true, ..Settings::default() };
        let proven = solve(&game, &at, &settings, &Silent);
        if proven.status != Status::ExactComplete {
            continue;
        }
        let form = Form::new(&game, &at);
        let found = all(&form);
        assert_eq!(found.components.len(), proven.components.len(), "{what}");
        let sets = nash_sets(&game, &at, &proven, &Silent).expect("the same components");
        assert_eq!(sets.index_sum(), Some(1), "{what}");
        compared += 1;
    }
    assert!(compared > 450, "{compared}");
}

/// A solve whose proof by subgames is given up at once.
fn hasty(game: &Game, at: &Numbers) -> Solution {
    solve(game, at, &Settings { max_steps: 2, concept: Concept::Nash, ..Settings::default() }, &Silent)
}

/// Where the other proof is given up at once, this search lists the same components, and its own proof says that
/// they are all.
#[test]
fn an_unfinished_proof_is_made_good_for() {
    let mut listed = 0;
    for (what, game) in small_trees().into_iter().take(300) {
        let at = numbers(&game);
        let settings = Settings { concept: Concept::Nash, ..Settings::default() };
        let full = solve(&game, &at, &settings, &Silent);
        let hasty = hasty(&game, &at);
        let verdict = detente_verify::verify(&game, &at, &hasty);
        assert!(verdict.accepted, "{what}: {:?}", verdict.rejected);
        if full.status != Status::ExactComplete || hasty.certificate.sequences.is_none() {
            continue;
        }
        assert!(verdict.complete && hasty.status == Status::ExactComplete, "{what}");
        assert_eq!(hasty.components.len(), full.components.len(), "{what}");
        let ends = |c: &detente_game::solution::Component| {
            let exact = |n: &detente_game::solution::Num| n.exact.clone();
            c.outcome_range.iter().map(|(low, high)| (exact(low), exact(high))).collect::<Vec<_>>()
        };
        let sorted = |list: &[detente_game::solution::Component]| {
            let mut list: Vec<_> = list.iter().map(ends).collect();
            list.sort();
            list
        };
        assert_eq!(sorted(&hasty.components), sorted(&full.components), "{what}");
        let sets = nash_sets(&game, &at, &hasty, &Silent).expect("the proof lists them");
        assert_eq!(sets.index_sum(), Some(1), "{what}");
        listed += 1;
    }
    assert!(listed > 50, "{listed}");
}

/// The referee rejects a proof over the sequence form once it is changed anywhere that matters.
#[test]
fn changed_proofs_over_the_sequence_form_are_rejected() {
    let (mut refuted, mut pieces, mut several) = (0, 0, 0);
    for seed in 0..12 {
        let payoffs = if seed % 2 == 0 { Payoffs::Integers(3) } else { Payoffs::Decimals };
        let game = random_game(seed, Shape::Signalling { types: 2, messages: 2, replies: 3, payoffs });
        let at = numbers(&game);
        let good = hasty(&game, &at);
        let Some(proof) = &good.certificate.sequences else { continue };
        assert!(detente_verify::verify(&game, &at, &good).accepted, "seed {seed}");
        let check = |what: &str, change: &dyn Fn(&mut SequenceProof)| {
            let mut bad = good.clone();
            change(bad.certificate.sequences.as_mut().expect("just seen"));
            let verdict = detente_verify::verify(&game, &at, &bad);
            assert!(!verdict.accepted, "seed {seed}: {what}");
        };
        for k in 0..proof.steps.len() {
            // What is implied may be of no use.
            if !matches!(proof.steps[k], SequenceStep::Implied(..)) {
                check("a step is left out", &|p| {
                    p.steps.remove(k);
                });
            }
            match &proof.steps[k] {
                SequenceStep::Refuted(_, weights) if !weights.is_empty() => {
                    // It may be that no plan is left and weights are not needed.
                    let mut bad = good.clone();
                    let steps = &mut bad.certificate.sequences.as_mut().expect("just seen").steps;
                    if let SequenceStep::Refuted(_, weights) = &mut steps[k] {
                        weights.clear();
                    }
                    refuted += usize::from(!detente_verify::verify(&game, &at, &bad).accepted);
                }
                SequenceStep::Piece(_) => {
                    check("a case that is said to be empty", &|p| {
                        p.steps[k] = SequenceStep::Refuted(0, vec![]);
                    });
                    check("a piece that is none", &|p| {
                        p.steps[k] = SequenceStep::Piece(p.pieces.len() as u32);
                    });
                    pieces += 1;
                }
                _ => {}
            }
        }
        for n in 0..proof.pieces.len() {
            for side in (0..2).filter(|side| proof.pieces[n][*side].len() > 1) {
                check("a strategy is left out of a piece", &|p| {
                    p.pieces[n][side].pop();
                });
            }
        }
        if proof.components.len() > 1 {
            check("two components are called one", &|p| {
                let last = p.components.pop().expect("several");
                p.components[0].extend(last);
            });
            let mut short = good.clone();
            short.components.pop();
            assert!(
                !detente_verify::verify(&game, &at, &short).accepted,
                "seed {seed}: a component is hidden"
            );
            several += 1;
        }
        check("an index is changed", &|p| p.index[0] = p.index[0].map(|i| i + 1));
        let mut wide = good.clone();
        if let Some(free) = wide.components.iter_mut().flat_map(|c| c.free.iter_mut()).next() {
            free.low = free.high.clone();
            assert!(!detente_verify::verify(&game, &at, &wide).accepted, "seed {seed}: a range is changed");
        }
    }
    assert!(refuted > 20 && pieces > 10 && several > 2, "{refuted} {pieces} {several}");
}

/// Two indices that are exchanged, or made larger and smaller by one, still sum to 1; the referee recomputes them.
#[test]
fn wrong_indices_with_the_right_sum_are_rejected() {
    let (mut exchanged, mut shifted) = (0, 0);
    for seed in 0..60 {
        let payoffs = Payoffs::Decimals;
        let game = match seed % 2 {
            0 => random_game(seed, Shape::Table { players: 2, strategies: 3, payoffs }),
            _ => random_game(seed, Shape::General { players: 2, infosets: 5, menu: 3, payoffs }),
        };
        let at = numbers(&game);
        let good = hasty(&game, &at);
        let Some(proof) = &good.certificate.sequences else { continue };
        let verdict = detente_verify::verify(&game, &at, &good);
        assert!(verdict.accepted, "seed {seed}: {:?}", verdict.rejected);
        let single = |k: &usize| {
            let list = &proof.components[*k];
            list.len() == 1 && proof.pieces[list[0] as usize].iter().all(|side| side.len() == 1)
        };
        let singles: Vec<usize> = (0..proof.components.len()).filter(single).collect();
        for (a, b) in singles.iter().zip(singles.iter().skip(1)) {
            let mut bad = good.clone();
            let index = &mut bad.certificate.sequences.as_mut().expect("just seen").index;
            index.swap(*a, *b);
            if proof.index[*a] != proof.index[*b] {
                assert!(!detente_verify::verify(&game, &at, &bad).accepted, "seed {seed}: exchanged");
                exchanged += 1;
            }
            let mut bad = good.clone();
            let index = &mut bad.certificate.sequences.as_mut().expect("just seen").index;
            (index[*a], index[*b]) = (index[*a].map(|i| i + 2), index[*b].map(|i| i - 2));
            assert!(!detente_verify::verify(&game, &at, &bad).accepted, "seed {seed}: shifted");
            shifted += 1;
        }
    }
    assert!(exchanged > 10 && shifted > 12, "{exchanged} {shifted}");
}

/// Two players choose one of n at the same time and want to meet.
fn coordination(n: usize) -> Game {
    let arms: Vec<String> = (0..n).map(|k| format!("a{k}")).collect();
    let mut tree = TreeBuilder::new("coordination", &["Row", "Column"]);
    let events = [tree.decision_event(0, "row", &arms), tree.decision_event(1, "column", &arms)];
    let sets = [tree.infoset(events[0], ""), tree.infoset(events[1], "")];
    let root = tree.decision(None, sets[0]);
    for a in 0..n as u32 {
        let node = tree.decision(Some((root, a)), sets[1]);
        for b in 0..n as u32 {
            let pay = if a == b { Q::ONE } else { Q::ZERO };
            tree.end(Some((node, b)), None, &[pay.clone(), pay]);
        }
    }
    tree.finish()
}

/// Coordination on one of n has 2^n - 1 equilibria; with k meeting points the index is (-1)^(k+1).
#[test]
fn coordination_has_every_set_of_meeting_points() {
    for n in 2..=4 {
        let form = Form::new(&coordination(n), &numbers(&coordination(n)));
        let found = all(&form);
        check(&form, &found, "coordination");
        assert_eq!(found.components.len(), (1 << n) - 1);
        for c in &found.components {
            assert_eq!(c.extreme.len(), 1);
            let used = found.strategies[0][c.extreme[0].0 as usize][1..].iter().filter(|p| p.is_positive());
            assert_eq!(c.index, Some(if used.count() % 2 == 1 { 1 } else { -1 }));
        }
    }
}

/// Where every payoff is the same, everything is one component, and its corners are the pure plans.
#[test]
fn without_stakes_everything_is_one_component() {
    for seed in 0..20 {
        let payoffs = Payoffs::Integers(0);
        let game = random_game(seed, Shape::General { players: 2, infosets: 4, menu: 2, payoffs });
        let form = Form::new(&game, &numbers(&game));
        let found = all(&form);
        check(&form, &found, "no stakes");
        let plans = form.sides.iter().map(|s| pure(s).len()).product::<usize>();
        assert_eq!((found.components.len(), found.products.len()), (1, 1));
        assert_eq!(found.components[0].extreme.len(), plans);
    }
}
