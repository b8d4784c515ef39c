//! Mediators and persuasion against published values, and against what any correct answer satisfies.

use detente_correlate::{Going, Plans, devices, mediate};
use detente_exact::Q;
use detente_game::device::{Advice, Wanted, What};
use detente_game::mediation::{Knows, Mediation};
use detente_game::{Game, PlayerId};
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};
use std::sync::Arc;

fn ever() -> Going {
    Arc::new(|_| true)
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

/// All ranges, after the referee has seen them and has refused a value that is too good.
fn mediated(game: &Game, knows: Knows) -> Mediation {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let found = mediate(game, &numbers, knows, &Wanted::All, &ever()).expect("small").expect("not stopped");
    detente_verify::verify_mediation(game, &numbers, &found).expect("the referee agrees");
    let mut greedy = found.clone();
    let last = greedy.ranges.last_mut().expect("some range");
    last.high.value += &Q::ONE;
    assert!(detente_verify::verify_mediation(game, &numbers, &greedy).is_err());
    let mut bare = found.clone();
    bare.ranges.iter_mut().for_each(|r| r.high.multipliers.clear());
    let used = found.ranges.iter().any(|r| !r.high.multipliers.is_empty());
    assert_eq!(detente_verify::verify_mediation(game, &numbers, &bare).is_err(), used);
    found
}

fn range(found: &Mediation, what: What) -> (Q, Q) {
    let range = found.ranges.iter().find(|r| r.what == what).expect("every number has a range");
    (range.low.value.clone(), range.high.value.clone())
}

/// Kamenica and Gentzkow, "Bayesian persuasion", American Economic Review, 2011, section I: guilt has prior
/// 0.3, the judge wants to be right, the prosecutor wants convictions. The best investigation convicts with
/// probability 0.6.
fn prosecutor() -> Game {
    let mut tree = TreeBuilder::new("prosecutor", &["Prosecutor", "Judge"]);
    let guilt = tree.chance_event(None, "guilt", &words(&["guilty", "innocent"]));
    let verdict = tree.decision_event(1, "verdict", &words(&["convict", "acquit"]));
    let judge = tree.infoset(verdict, "knowing nothing");
    let root = tree.chance(None, guilt, &[Q::new(3, 10), Q::new(7, 10)]);
    for state in 0..2u32 {
        let node = tree.decision(Some((root, state)), judge);
        for act in 0..2u32 {
            let outcome = if act == 0 { "convicted" } else { "acquitted" };
            let right = Q::from(i64::from(act == state));
            tree.end(Some((node, act)), Some(outcome), &[Q::from(i64::from(act == 0)), right]);
        }
    }
    tree.finish()
}

#[test]
fn the_prosecutor_convicts_six_times_in_ten() {
    let found = mediated(&prosecutor(), Knows::Truth);
    assert_eq!(range(&found, What::Payoff(PlayerId(0))), (Q::ZERO, Q::new(3, 5)));
    // The judge is never worse off than without any evidence, and at best always right.
    assert_eq!(range(&found, What::Payoff(PlayerId(1))), (Q::new(7, 10), Q::ONE));
    let best = &found.ranges.iter().find(|r| r.what == What::Payoff(PlayerId(0))).expect("there").high;
    let told: Vec<Vec<Q>> = best.rule.iter().map(|(_, probs)| probs.clone()).collect();
    assert!(
        told.contains(&vec![Q::ONE, Q::ZERO]) && told.contains(&vec![Q::new(3, 7), Q::new(4, 7)]),
        "{told:?}"
    );
}

/// Bergemann and Morris, "Information design: a unified perspective", Journal of Economic Literature, 2019, section
/// 2 (the investment game of their 2016 paper): one firm, states good and bad equally likely, investing pays
/// x in the good state and -1 in the bad one. For x < 1 the government can make the firm invest in the bad state
/// with probability x, so with probability (1 + x) / 2 over all.
#[test]
fn investment_is_had_with_probability_one_plus_x_over_two() {
    for x in [Q::new(1, 2), Q::new(9, 10)] {
        let mut tree = TreeBuilder::new("investment", &["Firm", "Government"]);
        let state = tree.chance_event(None, "state", &words(&["good", "bad"]));
        let choice = tree.decision_event(0, "choice", &words(&["invest", "wait"]));
        let firm = tree.infoset(choice, "knowing nothing");
        let root = tree.chance(None, state, &[Q::new(1, 2), Q::new(1, 2)]);
        for (s, pay) in [x.clone(), Q::from(-1)].into_iter().enumerate() {
            let node = tree.decision(Some((root, s as u32)), firm);
            tree.end(Some((node, 0)), Some("invested"), &[pay, Q::ONE]);
            tree.end(Some((node, 1)), Some("not"), &[Q::ZERO, Q::ZERO]);
        }
        let game = tree.finish();
        let best = range(&mediated(&game, Knows::Truth), What::Payoff(PlayerId(1)));
        assert_eq!(best, (Q::ZERO, (Q::ONE + x) / Q::from(2)));
    }
}

/// A player who knows the state reports to a mediator; another acts. Where the informed one would always lie,
/// no mediator helps (Forges 1986: a communication equilibrium must make honesty best).
fn informed(sender: [[i64; 2]; 2]) -> Game {
    let mut tree = TreeBuilder::new("informed", &["Knows", "Acts"]);
    let state = tree.chance_event(None, "state", &words(&["left", "right"]));
    let wait = tree.decision_event(0, "wait", &words(&["wait"]));
    let act = tree.decision_event(1, "act", &words(&["left", "right"]));
    let sets = [tree.infoset(wait, "left"), tree.infoset(wait, "right")];
    let acts = tree.infoset(act, "knowing nothing");
    let root = tree.chance(None, state, &[Q::new(1, 2), Q::new(1, 2)]);
    for s in 0..2u32 {
        let node = tree.decision(Some((root, s)), sets[s as usize]);
        let node = tree.decision(Some((node, 0)), acts);
        for a in 0..2u32 {
            let right = Q::from(i64::from(a == s));
            tree.end(Some((node, a)), None, &[Q::from(sender[s as usize][a as usize]), right]);
        }
    }
    tree.finish()
}

#[test]
fn honesty_must_be_best() {
    // Shared interests: all can be told. Opposed ones: nothing, and the guess is right half the time.
    let friends = mediated(&informed([[1, 0], [0, 1]]), Knows::Reports);
    assert_eq!(range(&friends, What::Payoff(PlayerId(1))), (Q::new(1, 2), Q::ONE));
    let enemies = mediated(&informed([[0, 1], [1, 0]]), Knows::Reports);
    assert_eq!(range(&enemies, What::Payoff(PlayerId(1))), (Q::new(1, 2), Q::new(1, 2)));
    // One who sees the truth needs no honesty.
    let seen = mediated(&informed([[0, 1], [1, 0]]), Knows::Truth);
    assert_eq!(range(&seen, What::Payoff(PlayerId(1))), (Q::new(1, 2), Q::ONE));
}

/// Without private knowledge a mediator is Aumann's device; who sees the truth can do no less than who hears.
#[test]
fn tables_have_the_same_ranges_as_correlated_equilibrium() {
    for seed in 0..6 {
        let game =
            random_game(seed, Shape::Table { players: 2, strategies: 3, payoffs: Payoffs::Integers(4) });
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let plans = Plans::new(&game, &numbers).expect("small");
        let device = devices(&plans, Advice::AtStart, &Wanted::All, &ever()).expect("not stopped");
        let (hears, sees) = (mediated(&game, Knows::Reports), mediated(&game, Knows::Truth));
        for r in &device.ranges {
            assert_eq!(range(&hears, r.what), (r.low.value.clone(), r.high.value.clone()), "seed {seed}");
            let (low, high) = range(&sees, r.what);
            assert_eq!((low, high), (r.low.value.clone(), r.high.value.clone()), "seed {seed}");
        }
    }
}

#[test]
fn who_sees_more_can_bring_about_more() {
    for seed in 0..6 {
        let shape = Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) };
        let game = random_game(seed, shape);
        let (hears, sees) = (mediated(&game, Knows::Reports), mediated(&game, Knows::Truth));
        for r in &hears.ranges {
            let (low, high) = range(&sees, r.what);
            assert!(low <= r.low.value && r.high.value <= high, "seed {seed}");
        }
    }
}
