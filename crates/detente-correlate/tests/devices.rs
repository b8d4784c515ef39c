//! Devices and commitments against published values and properties that any correct answer has.

use detente_correlate::{Going, Plans, commit, devices};
use detente_exact::Q;
use detente_game::device::{Advice, Commitment, Range, Wanted, What};
use detente_game::{Game, Pay, PlayerId};
use detente_sequence::form::Form;
use detente_sequence::linear::optimal;
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, poker, random_game};
use std::sync::Arc;

const ALL: [Advice; 3] = [Advice::Never, Advice::WhereDue, Advice::AtStart];

/// A table of two players with two actions each: payoffs in the order of rows.
fn table(pays: [(i64, i64); 4]) -> Game {
    let mut tree = TreeBuilder::new("table", &["Row", "Column"]);
    let arms = ["a".to_string(), "b".to_string()];
    let (row, column) = (tree.decision_event(0, "r", &arms), tree.decision_event(1, "c", &arms));
    let (row, column) = (tree.infoset(row, "r"), tree.infoset(column, "c"));
    let root = tree.decision(None, row);
    for i in 0..2u32 {
        let below = tree.decision(Some((root, i)), column);
        for j in 0..2u32 {
            let (a, b) = pays[(2 * i + j) as usize];
            tree.end(Some((below, j)), None, &[Q::from(a), Q::from(b)]);
        }
    }
    tree.finish()
}

fn ever() -> Going {
    Arc::new(|_| true)
}

fn plans(game: &Game) -> Plans {
    Plans::new(game, &game.numbers(&game.base_params()).expect("the game has numbers")).expect("small")
}

/// The range of one number, after the referee has seen all of them.
fn range_of(game: &Game, advice: Advice, what: What) -> Range {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let found = devices(&plans(game), advice, &Wanted::All, &ever()).expect("not stopped");
    detente_verify::verify_devices(game, &numbers, &found).expect("the referee agrees");
    found.ranges.into_iter().find(|r| r.what == what).expect("every number has a range")
}

/// The first player's commitment, seen by the referee.
fn committed(game: &Game) -> Commitment {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let found = commit(&plans(game), 0).expect("two players");
    detente_verify::verify_commitment(game, &numbers, &found).expect("the referee agrees");
    let mut greedy = found.clone();
    greedy.bounds.iter_mut().for_each(|(_, weights)| weights.clear());
    greedy.strong += &Q::ONE;
    assert!(detente_verify::verify_commitment(game, &numbers, &greedy).is_err());
    found
}

/// Commitment never hurts, and the referee agrees, whatever the game.
#[test]
fn commitment_is_never_worse_than_equilibrium() {
    for seed in 0..30 {
        let shape = Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(4) };
        let game = random_game(seed, shape);
        let found = committed(&game);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        for pure in detente_test::pure_nash(&game, &numbers) {
            let profile = detente_test::play::as_profile(&game, &pure);
            let value = detente_test::play::values(&game, &numbers, &profile, 0)[0].clone();
            assert!(found.strong >= value && found.strong >= found.weak, "{seed}");
        }
    }
}

/// Chicken with the payoffs of Aumann's example: half the time both yield, else one of them.
#[test]
fn aumanns_device_reaches_ten_and_a_half() {
    let best = range_of(&table([(6, 6), (2, 7), (7, 2), (0, 0)]), Advice::AtStart, What::Total).high;
    assert_eq!(best.value, Q::new(21, 2));
    let told = |a: u32, b: u32, share: Q| (vec![Some(a), Some(b)], share);
    let device = vec![told(0, 0, Q::new(1, 2)), told(0, 1, Q::new(1, 4)), told(1, 0, Q::new(1, 4))];
    assert_eq!(best.device, device);
}

/// Conitzer and Sandholm 2006: committing to a fair coin is worth 3.5, no pure plan more than 3.
#[test]
fn commitment_is_worth_more_than_equilibrium() {
    let found = committed(&table([(2, 1), (4, 0), (1, 0), (3, 1)]));
    assert_eq!(found.strong, Q::new(7, 2));
    assert_eq!(found.weak, Q::new(7, 2));
    let half = |a: u32| (vec![Some(a), None], Q::new(1, 2));
    assert_eq!(found.plan, vec![half(0), half(1)]);
}

/// A follower who never cares: what the leader gets is up to how it breaks its ties.
#[test]
fn ties_of_the_follower_are_told() {
    let found = committed(&table([(5, 1), (0, 1), (1, 1), (1, 1)]));
    assert_eq!((found.strong, found.weak), (Q::from(5), Q::ONE));
}

/// In a zero-sum game no device and no commitment changes what the players get.
#[test]
fn zero_sum_games_leave_nothing_to_advise() {
    let game = poker::kuhn(2);
    let value = Q::new(-1, 18);
    let range = range_of(&game, Advice::Never, What::Payoff(PlayerId(0)));
    assert_eq!((range.low.value, range.high.value), (value.clone(), value));
    for seed in 0..10 {
        let shape = Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) };
        let mut game = random_game(seed, shape);
        zero_sum(&mut game);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let best = optimal(&Form::new(&game, &numbers)).expect("zero-sum");
        for advice in ALL {
            let range = range_of(&game, advice, What::Payoff(PlayerId(0)));
            assert_eq!((&range.low.value, &range.high.value), (&best.values[0], &best.values[0]), "{seed}");
        }
        let found = committed(&game);
        assert_eq!((&found.strong, &found.weak), (&best.values[0], &best.values[0]), "{seed}");
    }
}

/// Gives the second player minus what the first gets.
fn zero_sum(game: &mut Game) {
    for list in &mut game.pay_lists {
        list.retain(|pay| pay.player.index() == 0);
        if let Some(first) = list.first().cloned() {
            let minus = game
                .tape
                .constant(-game.tape.eval_exact(&[])[first.amount.0 as usize].clone().expect("constant").0);
            list.push(Pay { player: PlayerId(1), ledger: None, amount: minus });
        }
    }
}

/// Hearing less binds more: correlated ⊆ extensive-form ⊆ coarse.
#[test]
fn devices_nest() {
    for seed in 0..25 {
        for players in [2, 3] {
            let shape = Shape::General { players, infosets: 4, menu: 2, payoffs: Payoffs::Integers(4) };
            let game = random_game(seed, shape);
            let found: Vec<Range> = ALL.iter().map(|a| range_of(&game, *a, What::Total)).collect();
            for pair in found.windows(2) {
                assert!(pair[1].low.value >= pair[0].low.value && pair[0].high.value >= pair[1].high.value);
            }
        }
    }
}

/// The referee refuses a value that is a little too good, and a device that is not obeyed.
#[test]
fn the_referee_refuses_what_does_not_hold() {
    let game = table([(6, 6), (2, 7), (7, 2), (0, 0)]);
    let numbers = game.numbers(&[]).expect("constant payoffs");
    let found = devices(&plans(&game), Advice::AtStart, &Wanted::All, &ever()).expect("not stopped");
    let mut greedy = found.clone();
    for range in &mut greedy.ranges {
        range.high.value += &Q::new(1, 100);
        range.high.bound = range.high.value.clone();
    }
    assert!(detente_verify::verify_devices(&game, &numbers, &greedy).is_err());
    let mut naive = found.clone();
    for range in &mut naive.ranges {
        range.high.device = vec![(vec![Some(0), Some(0)], Q::ONE)];
        range.high.value = Q::from(6);
    }
    assert!(detente_verify::verify_devices(&game, &numbers, &naive).is_err());
    let mut unproven = found;
    for range in &mut unproven.ranges {
        range.high.multipliers.clear();
    }
    assert!(detente_verify::verify_devices(&game, &numbers, &unproven).is_err());
}
