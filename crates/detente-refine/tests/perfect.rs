//! Perfect Bayesian equilibria: textbook games, and what holds in every game.

use detente_exact::Q;
use detente_game::Game;
use detente_game::beliefs::{Definition, Perfect};
use detente_game::formats::efg;
use detente_game::solution::{Component, Concept};
use detente_refine::perfect;
use detente_solve::{Settings, Silent};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};

const BOTH: [Definition; 2] = [Definition::Weak, Definition::Plausibility];

/// The answer, and whether the referee calls it complete.
fn found(game: &Game, definition: Definition) -> (Perfect, bool) {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let answer = perfect(game, &numbers, definition, &Settings::default(), &Silent).expect("an answer");
    let complete = detente_verify::verify_perfect(game, &numbers, &answer)
        .unwrap_or_else(|why| panic!("{}: {why}", game.title));
    (answer, complete)
}

/// Entry deterrence: a threat that is never best holds up a Nash equilibrium, and no perfect Bayesian one.
#[test]
fn a_threat_that_is_never_best_goes() {
    let text = r#"EFG 2 R "Entry" { "Entrant" "Incumbent" }
p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "stays out" { 0, 2 }
p "" 2 1 "reply" { "fight" "accommodate" } 0
t "" 2 "war" { -1, -1 }
t "" 3 "shared" { 1, 1 }
"#;
    let game = efg::read(text).expect("a valid game");
    for definition in BOTH {
        let (answer, complete) = found(&game, definition);
        assert!(complete);
        assert_eq!(answer.found.len(), 1);
        assert_eq!(answer.found[0].profile, vec![vec![Q::ZERO, Q::ONE], vec![Q::ZERO, Q::ONE]]);
        let removed: Vec<(u32, u32)> = answer.removed.iter().flatten().map(|r| (r.set, r.action)).collect();
        // Fighting first, staying out after it.
        let expected = if definition == Definition::Weak { vec![(1, 0), (0, 0)] } else { vec![] };
        assert_eq!(removed, expected);
    }
}

/// One who enters by "left" or "right" must be believed to have chosen right, as left is worse for it than right
/// whatever follows; weak beliefs and subgame perfection allow any belief where play does not come (the game
/// of Kreps and Wilson 1982, section 2, in shape: no proper subgame).
const OUT: &str = r#"EFG 2 R "Two ways in" { "Entrant" "Incumbent" }
p "" 1 1 "entry" { "out" "left" "right" } 0
t "" 1 "out" { 2, 2 }
p "" 2 1 "reply" { "fight" "yield" } 0
t "" 2 "lf" { 0, 1 }
t "" 3 "ly" { 1, 0 }
p "" 2 1 "reply" { "fight" "yield" } 0
t "" 4 "rf" { 0, 0 }
t "" 5 "ry" { 3, 1 }
"#;

#[test]
fn free_beliefs_hold_up_staying_out() {
    let game = efg::read(OUT).expect("a valid game");
    for definition in BOTH {
        let (answer, complete) = found(&game, definition);
        assert!(complete, "{definition:?}");
        let outs: Vec<&Q> = answer.found.iter().map(|f| &f.profile[0][0]).collect();
        assert!(outs.contains(&&Q::ONE) && outs.contains(&&Q::ZERO), "{outs:?}");
        let out = answer.found.iter().find(|f| f.profile[0][0] == Q::ONE).expect("staying out");
        // It is held up by fighting, which is best only for one who believes in left enough.
        assert!(out.beliefs[1][0] >= Q::new(1, 2));
    }
}

/// Beliefs that a weak perfect Bayesian equilibrium may hold and a plausibility order may not: after a deviation of
/// one's own, chance's odds still count.
const CHANCE: &str = r#"EFG 2 R "Own deviation" { "One" "Two" }
p "" 1 1 "start" { "stop" "go" } 0
t "" 1 "stop" { 1, 0 }
c "" 1 "weather" { "fair" 3/4 "foul" 1/4 } 0
p "" 2 1 "reply" { "help" "harm" } 0
t "" 2 "fair help" { 2, 1 }
t "" 3 "fair harm" { 0, 0 }
p "" 2 1 "reply" { "help" "harm" } 0
t "" 4 "foul help" { 2, 0 }
t "" 5 "foul harm" { 0, 1 }
"#;

#[test]
fn a_plausibility_order_keeps_the_odds_of_chance() {
    let game = efg::read(CHANCE).expect("a valid game");
    let (weak, complete) = found(&game, Definition::Weak);
    assert!(complete);
    assert!(weak.found.iter().any(|f| f.profile[0][0] == Q::ONE), "stopping for fear of harm");
    let (plausible, complete) = found(&game, Definition::Plausibility);
    assert!(complete);
    assert_eq!(plausible.found.len(), 1);
    assert_eq!(plausible.found[0].profile[0], vec![Q::ZERO, Q::ONE]);
    assert_eq!(plausible.found[0].beliefs[1], vec![Q::new(3, 4), Q::new(1, 4)]);
}

#[test]
fn the_referee_refuses_other_beliefs_and_other_removals() {
    let game = efg::read(CHANCE).expect("a valid game");
    let numbers = game.numbers(&[]).expect("constants");
    let (answer, _) = found(&game, Definition::Plausibility);
    let mut other = answer.clone();
    other.found[0].beliefs[1] = vec![Q::new(1, 2), Q::new(1, 2)];
    assert!(detente_verify::verify_perfect(&game, &numbers, &other).is_err());
    let mut other = answer.clone();
    other.found[0].profile[0] = vec![Q::ONE, Q::ZERO];
    assert!(detente_verify::verify_perfect(&game, &numbers, &other).is_err());
    let entry = random_game(
        3,
        Shape::PerfectInformation { players: 2, decisions: 5, menu: 2, payoffs: Payoffs::Decimals },
    );
    let numbers = entry.numbers(&entry.base_params()).expect("constants");
    let (answer, _) = found(&entry, Definition::Weak);
    let mut other = answer.clone();
    let proof = other.removed.iter_mut().flatten().next().expect("something is dominated");
    proof.proofs.iter_mut().for_each(|(_, mixture)| mixture.clear());
    assert!(detente_verify::verify_perfect(&entry, &numbers, &other).is_err());
}

/// Sequential equilibria are of both kinds, so there is always one, and their outcomes are among the listed ones.
#[test]
fn every_game_has_one_and_sequential_ones_are_within() {
    let shapes = [
        Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(4) },
        Shape::General { players: 3, infosets: 4, menu: 2, payoffs: Payoffs::Integers(3) },
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: Payoffs::Integers(4) },
        Shape::Signalling { types: 2, messages: 2, replies: 3, payoffs: Payoffs::Decimals },
        Shape::PerfectInformation { players: 2, decisions: 6, menu: 2, payoffs: Payoffs::Decimals },
    ];
    let mut complete_ones = 0;
    for shape in shapes {
        for seed in 0..6 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
            for definition in BOTH {
                let (answer, complete) = found(&game, definition);
                complete_ones += usize::from(complete);
                let settings = Settings { concept: Concept::Sequential, ..Settings::default() };
                let sequential = detente_solve::solve(&game, &numbers, &settings, &Silent);
                // An irrational equilibrium is not listed.
                let exact = |c: &Component| c.profile.iter().flatten().all(|n| n.exact.is_some());
                let some = sequential.components.iter().any(exact);
                assert!(!some || !answer.found.is_empty(), "{} {definition:?}", game.title);
                if !complete {
                    continue;
                }
                // The smaller game may have lost all plays without an outcome, and their key with them.
                let mut stays: Vec<Vec<bool>> =
                    game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect();
                for removal in answer.removed.iter().flatten() {
                    stays[removal.set as usize][removal.action as usize] = false;
                }
                let (cut, _) =
                    detente_game::change::without_actions(&game, &stays).expect("something is left");
                let (keys, kept) = (game.outcome_keys(), cut.outcome_keys());
                for c in &sequential.components {
                    let within = |w: &Component| {
                        keys.iter().zip(&c.outcomes).all(|(key, o)| {
                            match kept.iter().position(|k| k == key) {
                                Some(at) => {
                                    let (low, high) = &w.outcome_range[at];
                                    low.value - 1e-9 <= o.value && o.value <= high.value + 1e-9
                                }
                                None => o.value.abs() < 1e-9,
                            }
                        })
                    };
                    let inside = answer.within.components.iter().any(within);
                    assert!(inside, "{} {definition:?}: {:?} {:?}", game.title, c.outcomes, answer);
                }
            }
        }
    }
    // Of 60 answers; a component without a witness makes an answer incomplete.
    assert!(complete_ones >= 30, "{complete_ones}");
}
