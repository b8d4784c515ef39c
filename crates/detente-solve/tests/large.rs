//! Games too large to list every equilibrium of: one, exact or within a proven gap.

use detente_exact::Q;
use detente_game::solution::{Concept, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Progress, Refusal, Regrets, Settings, Silent, read_checkpoint, regrets, solve};
use detente_test::poker;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

fn numbers(game: &Game) -> Numbers {
    game.numbers(&[]).expect("constant payoffs")
}

/// Stops a solve when it has asked this often whether to go on.
struct After(AtomicU64);

impl Progress for After {
    fn keep_going(&self, _done: f64) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) > 1
    }
}

#[test]
fn one_equilibrium_of_a_zero_sum_game_is_exact() {
    let game = poker::kuhn(2);
    let settings = Settings { concept: Concept::Nash, one: true, ..Settings::default() };
    let found = solve(&game, &numbers(&game), &settings, &Silent);
    assert_eq!(found.status, Status::ExactSome);
    assert_eq!(found.components[0].payoffs[0].exact, Some(Q::new(-1, 18)));
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert_eq!(verdict.proven, Status::ExactSome);
}

/// With no wish stated, a large zero-sum game gets one equilibrium, exact, and says so.
#[test]
fn leduc_is_solved_exactly() {
    let game = poker::leduc();
    let found = solve(&game, &numbers(&game), &Settings::default(), &Silent);
    assert_eq!((found.status, found.concept), (Status::ExactSome, Concept::Nash));
    let value = found.components[0].payoffs[0].value;
    assert!((value + 0.085_606_424_078).abs() < 1e-11, "{value}");
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert_eq!(verdict.proven, Status::ExactSome);
}

/// Beyond exact programs the gap is proven instead; stopping early loses precision, not honesty.
#[test]
fn a_stopped_search_keeps_its_gap() {
    let game = poker::liars_dice(5);
    let stop = After(AtomicU64::new(2));
    let found = solve(&game, &numbers(&game), &Settings::default(), &stop);
    assert_eq!(found.status, Status::Certified);
    let gap = &found.components[0].gap_nash;
    let top = gap.value + gap.radius.unwrap_or(0.0);
    assert!(top > 0.0 && top < 0.05, "{top}");
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
}

/// Kuhn poker behind a first choice to stay out of it at this price.
fn kuhn_or(price: &str) -> Game {
    let game = poker::kuhn(2);
    let text = detente_game::formats::efg::write(&game, &numbers(&game));
    let body = text.find("\nc ").expect("chance deals first") + 1;
    let start = "p \"\" 1 1000 \"start\" { \"play\" \"leave\" } 0\n";
    let end = format!("t \"\" 1000 \"left\" {{ -{price}, {price} }}\n");
    let text = format!("{}{start}{}\n{end}", &text[..body], text[body..].trim_end());
    detente_game::formats::efg::read(&text).expect("a valid game")
}

fn rounds(count: u64) -> Regrets {
    Regrets { rounds: Some(count), ..Regrets::default() }
}

/// The gap of the whole answer, at most.
fn gap(found: &detente_game::solution::Solution) -> f64 {
    let gap = &found.components[0].gap_nash;
    gap.value + gap.radius.unwrap_or(0.0)
}

/// A payoff of a million beside stakes of one must not let the search stop early, nor be what the gap is
/// told against.
#[test]
fn a_huge_payoff_loosens_no_gap() {
    for price in ["2", "1000000"] {
        let game = kuhn_or(price);
        let numbers = numbers(&game);
        let found =
            regrets(&game, &numbers, rounds(3_000), &Silent).expect("no checkpoint").expect("small payoffs");
        assert!(gap(&found) < 3e-9, "price {price}: {}", gap(&found));
        assert!(
            found.unresolved.iter().any(|open| open.ends_with("at any set is 1")),
            "{:?}",
            found.unresolved
        );
        let verdict = detente_verify::verify(&game, &numbers, &found);
        assert!(verdict.accepted, "{:?}", verdict.rejected);
    }
}

#[test]
fn payoffs_beyond_floats_are_refused() {
    let game = kuhn_or(&format!("1{}", "0".repeat(400)));
    assert_eq!(regrets(&game, &numbers(&game), rounds(10), &Silent), Ok(None));
}

/// Keeps the last state offered, and works through jobs from the last to the first.
struct Kept(Mutex<Vec<Vec<u8>>>);

impl Progress for Kept {
    fn keep_going(&self, _done: f64) -> bool {
        true
    }

    fn each<'a>(&self, jobs: Vec<Box<dyn FnOnce() + Send + 'a>>) {
        jobs.into_iter().rev().for_each(|job| job());
    }

    fn keeps(&self) -> bool {
        true
    }

    fn keep(&self, _end: bool, state: &dyn Fn() -> Vec<u8>) {
        self.0.lock().expect("one thread").push(state());
    }
}

/// Going on from any state gives the answer of the whole run; with another seed, variant or game the state
/// is refused.
#[test]
fn a_search_goes_on_from_its_states() {
    let game = poker::leduc();
    let numbers = numbers(&game);
    let arms = vec!["cfr+".to_string(), "sampled".to_string()];
    let how = |resume| Regrets { arms: arms.clone(), seed: Some(3), rounds: Some(1_500), resume };
    let kept = Kept(Mutex::default());
    let whole = regrets(&game, &numbers, how(None), &kept).expect("no checkpoint");
    let states = kept.0.into_inner().expect("one thread");
    assert_eq!(states.len(), 4, "three turns and the end");
    for state in &states {
        let read = read_checkpoint(state).expect("just written");
        assert_eq!(regrets(&game, &numbers, how(Some(read)), &Silent).expect("the same call"), whole);
    }
    let read = || Some(read_checkpoint(&states[0]).expect("just written"));
    let seed = Regrets { seed: Some(4), ..how(read()) };
    assert_eq!(regrets(&game, &numbers, seed, &Silent), Err(Refusal::Settings("the seed 3".into())));
    let variants = Regrets { arms: vec!["dcfr".into()], ..how(read()) };
    assert!(matches!(regrets(&game, &numbers, variants, &Silent), Err(Refusal::Settings(_))));
    let other = poker::kuhn(2);
    let found = regrets(&other, &other.numbers(&[]).expect("constants"), how(read()), &Silent);
    assert_eq!(found, Err(Refusal::Game));
}

/// With three players the gap is what holds, and the play over time is named for what it is.
#[test]
fn many_players_are_promised_no_more_than_holds() {
    let game = poker::kuhn(3);
    let found =
        regrets(&game, &numbers(&game), rounds(2_000), &Silent).expect("no checkpoint").expect("floats");
    assert_eq!((found.status, found.concept), (Status::Certified, Concept::Nash));
    assert!(gap(&found) < 1e-3);
    let said = found.unresolved.join("\n");
    assert!(said.contains("with 3 players regret minimisation promises no Nash equilibrium"), "{said}");
    assert!(said.contains("a coarse correlated equilibrium"), "{said}");
    let verdict = detente_verify::verify(&game, &numbers(&game), &found);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    let gain = verdict.coarse.expect("the certificate holds a device").high;
    assert!(gain <= gap(&found), "{gain} is more than the gap of one of its profiles");
    let device = found.certificate.coarse.as_ref().expect("a device");
    assert!((device.gain.value + device.gain.radius.unwrap_or(0.0) - gain).abs() < 1e-9);
    // A device that is not what it is said to be takes the whole answer with it.
    let mut changed = found.clone();
    let device = changed.certificate.coarse.as_mut().expect("a device");
    device.gain = detente_game::solution::Num::exact(Q::ZERO);
    device.profiles[0].iter_mut().for_each(|list| {
        let last = list.len() - 1;
        list.fill(Q::ZERO);
        list[last] = Q::ONE;
    });
    assert!(!detente_verify::verify(&game, &numbers(&game), &changed).accepted);
    let zero_sum = poker::kuhn(2);
    let found = regrets(&zero_sum, &numbers(&zero_sum), rounds(500), &Silent)
        .expect("no checkpoint")
        .expect("floats");
    assert!(!found.unresolved.join("\n").contains("coarse"), "{:?}", found.unresolved);
    assert_eq!(found.certificate.coarse, None);
}

/// Three players who chase each other: matching, matching, mismatching. Its only Nash equilibrium mixes, and
/// no average of rounds is promised to be near it; yet a device of a few rounds is written out and checked, the
/// same after a stop.
#[test]
fn a_device_of_rounds_is_written_out_and_survives_a_stop() {
    let pays = "1 1 -1 -1 1 1 -1 -1 -1 1 -1 1 1 -1 1 -1 -1 -1 -1 1 1 1 1 -1";
    let text = format!("NFG 1 R \"round\" {{ \"A\" \"B\" \"C\" }} {{ 2 2 2 }}\n{pays}\n");
    let game = detente_game::formats::nfg::read(&text).expect("a valid game");
    let numbers = numbers(&game);
    let how = |resume| Regrets { rounds: Some(1_200), resume, ..Regrets::default() };
    let kept = Kept(Mutex::default());
    let whole = regrets(&game, &numbers, how(None), &kept).expect("no checkpoint").expect("floats");
    let verdict = detente_verify::verify(&game, &numbers, &whole);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert!(verdict.coarse.is_some_and(|gain| gain.high < 1e-6));
    for state in kept.0.into_inner().expect("one thread") {
        let read = read_checkpoint(&state).expect("just written");
        let again = regrets(&game, &numbers, how(Some(read)), &Silent).expect("the same call");
        assert_eq!(again.as_ref(), Some(&whole));
    }
}
