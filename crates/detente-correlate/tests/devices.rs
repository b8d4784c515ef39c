//! Devices and commitments against published values and properties that any correct answer has.

use detente_correlate::device::{Advice, deviations, gain};
use detente_correlate::{Plans, Range, commit, ranges};
use detente_exact::Q;
use detente_game::Game;
use detente_sequence::form::Form;
use detente_sequence::linear::optimal;
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, poker, random_game};

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

fn plans(game: &Game) -> Plans {
    Plans::new(game, &game.numbers(&game.base_params()).expect("the game has numbers")).expect("small")
}

fn welfare(plans: &Plans) -> Vec<Q> {
    (0..plans.combinations()).map(|c| plans.pays.iter().map(|p| p[c].clone()).sum()).collect()
}

fn range_of(plans: &Plans, advice: Advice, number: Vec<Q>) -> Range {
    ranges(plans, advice, &[number], &|_| true).expect("not stopped").remove(0)
}

/// Chicken with the payoffs of Aumann's example: half the time both yield, else one of them.
#[test]
fn aumanns_device_reaches_ten_and_a_half() {
    let plans = plans(&table([(6, 6), (2, 7), (7, 2), (0, 0)]));
    let best = range_of(&plans, Advice::AtStart, welfare(&plans)).high;
    assert_eq!(best.value, Q::new(21, 2));
    assert_eq!(best.device, vec![(0, Q::new(1, 2)), (1, Q::new(1, 4)), (2, Q::new(1, 4))]);
}

/// Conitzer and Sandholm 2006: committing to a fair coin is worth 3.5, no pure plan more than 3.
#[test]
fn commitment_is_worth_more_than_equilibrium() {
    let plans = plans(&table([(2, 1), (4, 0), (1, 0), (3, 1)]));
    let found = commit(&plans, 0).expect("two players");
    assert_eq!(found.strong, Q::new(7, 2));
    assert_eq!(found.weak, Q::new(7, 2));
    assert_eq!(found.plan, vec![(0, Q::new(1, 2)), (1, Q::new(1, 2))]);
}

/// A follower who never cares: what the leader gets is up to how it breaks its ties.
#[test]
fn ties_of_the_follower_are_told() {
    let plans = plans(&table([(5, 1), (0, 1), (1, 1), (1, 1)]));
    let found = commit(&plans, 0).expect("two players");
    assert_eq!((found.strong, found.weak, found.ties_matter), (Q::from(5), Q::ONE, true));
}

/// In a zero-sum game no device and no commitment changes what the players get.
#[test]
fn zero_sum_games_leave_nothing_to_advise() {
    let game = poker::kuhn(2);
    let plans = plans(&game);
    let value = Q::new(-1, 18);
    for advice in [Advice::Never, Advice::WhereDue] {
        let range = range_of(&plans, advice, plans.pays[0].clone());
        assert_eq!((range.low.value, range.high.value), (value.clone(), value.clone()));
    }
    for seed in 0..10 {
        let shape = Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) };
        let mut game = random_game(seed, shape);
        zero_sum(&mut game);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let best = optimal(&Form::new(&game, &numbers)).expect("zero-sum");
        let plans = Plans::new(&game, &numbers).expect("small");
        for advice in ALL {
            let range = range_of(&plans, advice, plans.pays[0].clone());
            assert_eq!((&range.low.value, &range.high.value), (&best.values[0], &best.values[0]), "{seed}");
        }
        let found = commit(&plans, 0).expect("two players");
        assert_eq!((&found.strong, &found.weak), (&best.values[0], &best.values[0]), "{seed}");
    }
}

/// Gives the second player minus what the first gets.
fn zero_sum(game: &mut Game) {
    use detente_game::{Pay, PlayerId};
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

/// Hearing less binds less: correlated ⊆ extensive-form ⊆ coarse. Every end of a range is obeyed.
#[test]
fn devices_nest_and_are_obeyed() {
    for seed in 0..25 {
        for players in [2, 3] {
            let shape = Shape::General { players, infosets: 4, menu: 2, payoffs: Payoffs::Integers(4) };
            let plans = plans(&random_game(seed, shape));
            let found: Vec<Range> = ALL.iter().map(|a| range_of(&plans, *a, welfare(&plans))).collect();
            for pair in found.windows(2) {
                assert!(pair[0].low.value <= pair[1].low.value && pair[1].high.value <= pair[0].high.value);
            }
            for (range, advice) in found.iter().zip(ALL) {
                let rules = deviations(&plans, advice);
                for end in [&range.low, &range.high] {
                    assert!(rules.iter().all(|d| !gain(&plans, d, &end.device).is_positive()));
                    let total: Q = end.device.iter().map(|(_, p)| p.clone()).sum();
                    assert_eq!(total, Q::ONE);
                }
            }
        }
    }
}
