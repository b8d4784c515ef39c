//! The sequence form against games of known size and value, and against a slow referee.

use detente_exact::Q;
use detente_game::Game;
use detente_sequence::bound::bound;
use detente_sequence::form::Form;
use detente_sequence::kernel::{Kernel, uniform};
use detente_sequence::linear::{optimal, with_supports};
use detente_sequence::merge::merge;
use detente_sequence::regret::{Arm, Run};
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};

const ARMS: [Arm; 6] =
    [Arm::Plain, Arm::Plus, Arm::Discounted, Arm::Predictive, Arm::Cautious, Arm::Scheduled(300)];

fn form_of(game: &Game) -> Form {
    Form::new(game, &game.numbers(&game.base_params()).expect("the game has numbers"))
}

/// Sizes as published for these games: nodes, information sets, slots per player, leaves.
#[test]
fn sizes_are_those_of_the_literature() {
    let cases = [
        (poker::kuhn(2), 58, 12, vec![13, 13], 30),
        (poker::kuhn(3), 617, 48, vec![33, 33, 33], 312),
        (poker::leduc(), 9_457, 936, vec![1_093, 1_093], 5_520),
        (poker::liars_dice(3), 1_147, 192, vec![190, 190], 567),
    ];
    for (game, nodes, sets, slots, leaves) in cases {
        let form = form_of(&game);
        assert_eq!(game.nodes.len(), nodes);
        assert_eq!(game.infosets.len(), sets);
        assert_eq!(form.num_leaves(), leaves);
        let mut found: Vec<usize> = form.sides.iter().map(|s| s.slots()).collect();
        found.iter_mut().zip(&slots).for_each(|(f, s)| assert!(f.abs_diff(*s) <= 3, "{f} for {s}"));
    }
}

/// Kuhn 1950: the first player's value is −1/18.
#[test]
fn every_arm_finds_the_value_of_kuhn_poker() {
    let form = form_of(&poker::kuhn(2));
    let kernel = Kernel::new(&form);
    for arm in ARMS {
        let mut run = Run::new(&kernel, arm);
        run.play(&kernel, 300);
        let bound = bound(&form, &run.average(&kernel));
        let off = (bound.values[0].mid() + 1.0 / 18.0).abs();
        assert!(bound.gap() < 0.01 && off <= bound.gap(), "{}: {bound:?}", arm.name());
    }
}

/// Suits of Leduc hold'em play the same part: 1,093 sequences become the 337 of the game with
/// merged suits, and a plan found there is worth as much in the whole game.
#[test]
fn merged_suits_lose_nothing() {
    let form = form_of(&poker::leduc());
    let merged = merge(&form);
    assert!(merged.form.sides.iter().all(|s| s.slots() == 337));
    let kernel = Kernel::new(&merged.form);
    let mut run = Run::new(&kernel, Arm::Plus);
    run.play(&kernel, 1_000);
    let plan = run.average(&kernel);
    let whole: Vec<Vec<f64>> = lift(&merged.class, &plan);
    let small = bound(&merged.form, &plan);
    let large = bound(&form, &whole);
    // 5.1e-4 is what OpenSpiel's CFR+ reaches after as many rounds.
    assert!((small.gap() - 5.06e-4).abs() < 5e-6, "{}", small.gap());
    assert!((small.gap() - large.gap()).abs() < 1e-12);
    assert!((large.values[0].mid() + 0.085_606_4).abs() < large.gap());
}

fn lift(class: &[Vec<u32>], plan: &[Vec<f64>]) -> Vec<Vec<f64>> {
    class.iter().zip(plan).map(|(c, p)| c.iter().map(|s| p[*s as usize]).collect()).collect()
}

/// Merging must not change what a profile is worth, whatever the game.
#[test]
fn merging_keeps_values_and_gains_of_random_games() {
    for seed in 0..60 {
        for shape in shapes() {
            let form = form_of(&random_game(seed, shape));
            let merged = merge(&form);
            let kernel = Kernel::new(&merged.form);
            let mut run = Run::new(&kernel, Arm::Plus);
            run.play(&kernel, 5);
            let plan = run.average(&kernel);
            let small = bound(&merged.form, &plan);
            let large = bound(&form, &lift(&merged.class, &plan));
            for (a, b) in small.values.iter().chain(&small.gains).zip(large.values.iter().chain(&large.gains))
            {
                assert!((a.mid() - b.mid()).abs() < 1e-9, "{shape:?} {seed}: {small:?} {large:?}");
            }
        }
    }
}

/// The enclosed gains hold the exact ones, computed by walking the tree in rationals.
#[test]
fn bounds_hold_the_exact_gains() {
    for seed in 0..40 {
        for shape in shapes() {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
            let form = Form::new(&game, &numbers);
            let plan: Vec<Vec<f64>> = form.sides.iter().map(dyadic).collect();
            let bound = bound(&form, &plan);
            let mut profile: Vec<Vec<Q>> =
                game.infosets.iter().map(|h| vec![Q::ZERO; h.actions.len()]).collect();
            for (side, plan) in form.sides.iter().zip(&plan) {
                for (k, set) in side.sets.iter().enumerate() {
                    for (a, s) in side.range(k).enumerate() {
                        profile[set.index()][a] = Q::from_f64(plan[s]).expect("a finite float");
                    }
                }
            }
            for p in 0..game.players.len() {
                let best = detente_test::play::best_reply_value(&game, &numbers, &profile, p);
                let mean = detente_test::play::values(&game, &numbers, &profile, p)[0].clone();
                assert!(bound.values[p].contains_q(&mean), "{shape:?} {seed}");
                assert!(bound.gains[p].contains_q(&(best - mean)), "{shape:?} {seed}");
            }
        }
    }
}

/// Probabilities that add up to 1 exactly in floats.
fn dyadic(side: &detente_sequence::form::Side) -> Vec<f64> {
    let mut plan = uniform(side);
    for k in 0..side.sets.len() {
        let range = side.range(k);
        let first = range.start;
        let mut left = 1.0;
        for (n, s) in range.skip(1).enumerate() {
            plan[s] = 0.5f64.powi(n as i32 + 2);
            left -= plan[s];
        }
        plan[first] = left;
    }
    plan
}

/// A run that stops and goes on ends with the same bits.
#[test]
fn a_resumed_run_is_the_same_run() {
    let form = form_of(&poker::kuhn(3));
    let kernel = Kernel::new(&form);
    for arm in ARMS {
        let mut whole = Run::new(&kernel, arm);
        whole.play(&kernel, 60);
        let mut half = Run::new(&kernel, arm);
        half.play(&kernel, 25);
        let mut rest = Run::resume(&kernel, arm, half.rounds, half.memories.clone());
        rest.play(&kernel, 35);
        assert_eq!(whole.memories, rest.memories);
        assert_eq!(whole.average(&kernel), rest.average(&kernel));
    }
}

fn shapes() -> [Shape; 2] {
    [
        Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) },
        Shape::General { players: 3, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) },
    ]
}

/// The program's value is exact, and equals what a table of pure strategies would give.
#[test]
fn zero_sum_games_are_solved_exactly() {
    let form = form_of(&poker::kuhn(2));
    let found = optimal(&form).expect("Kuhn poker is zero-sum");
    assert_eq!(found.values, [Q::new(-1, 18), Q::new(1, 18)]);
    assert!(optimal(&form_of(&poker::kuhn(3))).is_none());
    // Liar's dice with three sides: merged and whole programs agree.
    let form = form_of(&poker::liars_dice(3));
    let whole = optimal(&form).expect("zero-sum");
    let merged = optimal(&merge(&form).form).expect("zero-sum");
    assert_eq!(whole.values, merged.values);
}

/// Where supports are read off regret minimisation, what comes out is an equilibrium or nothing;
/// on most small games of two players it is something.
#[test]
fn supports_lead_to_exact_equilibria() {
    let mut found = 0;
    for seed in 0..60 {
        let shape = Shape::General { players: 2, infosets: 5, menu: 2, payoffs: Payoffs::Integers(9) };
        let game = random_game(seed, shape);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let form = Form::new(&game, &numbers);
        let kernel = Kernel::new(&form);
        let mut run = Run::new(&kernel, Arm::Scheduled(1_000));
        run.play(&kernel, 1_000);
        let Some(plan) = with_supports(&form, &run.average(&kernel), 1e-4) else { continue };
        found += 1;
        let mut profile: Vec<Vec<Q>> = vec![vec![]; game.infosets.len()];
        for (side, plan) in form.sides.iter().zip(&plan) {
            for (k, set) in side.sets.iter().enumerate() {
                profile[set.index()] = side.range(k).map(|s| plan[s].clone()).collect();
            }
        }
        assert!(detente_test::play::is_nash(&game, &numbers, &profile), "{seed}");
    }
    assert!(found >= 50, "only {found} of 60");
}
