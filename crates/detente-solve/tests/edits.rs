//! A proof with one number changed: rejected, or still true.
//!
//! The one idea: whoever edits a proof by hand must not be able to make it claim what is false. What is left over is
//! said in another way (a multiplier that still refutes, a tremble of another size), or a word that nobody needs.

use detente_game::Game;
use detente_game::solution::Solution;
use detente_solve::{Settings, Silent};
use detente_verify::verify;

fn corpus(name: &str) -> Game {
    let path = format!("{}/../../tests/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a game of the corpus");
    detente_game::formats::efg::read(&text).expect("a game of the corpus")
}

/// The starts and ends of all whole numbers in a text.
fn numbers_in(text: &str) -> Vec<(usize, usize)> {
    let digit = |k: usize| text.as_bytes().get(k).is_some_and(u8::is_ascii_digit);
    let starts = (0..text.len()).filter(|k| digit(*k) && !(*k > 0 && digit(k - 1)));
    starts.map(|from| (from, (from..).find(|k| !digit(*k)).unwrap_or(text.len()))).collect()
}

/// Every edit of one number that the referee accepts with words that the original's verdict does not have, or whose
/// conditions, ranges or vertices are other ones; each as text around the place.
fn survivors(name: &str) -> (usize, Vec<String>) {
    let game = corpus(name);
    let numbers = game.numbers(&[]).expect("constant payoffs");
    let solution = detente_solve::solve(&game, &numbers, &Settings::default(), &Silent);
    let honest = verify(&game, &numbers, &solution);
    assert!(honest.accepted);
    let text = serde_json::to_string(&solution).expect("plain data");
    let (mut tried, mut alive) = (0, vec![]);
    for (from, to) in numbers_in(&text) {
        // Long runs are digits of a digest or of a float.
        let Some(next) = text[from..to].parse::<u32>().ok().filter(|_| to - from < 4).map(|n| n + 1) else {
            continue;
        };
        let edited = format!("{}{next}{}", &text[..from], &text[to..]);
        let Ok(mutant) = Solution::from_json(&edited) else { continue };
        if mutant == solution {
            continue;
        }
        tried += 1;
        let verdict = verify(&game, &numbers, &mutant);
        if verdict.accepted
            && (verdict.unconfirmed != honest.unconfirmed || mutant.components != solution.components)
        {
            let around = &text[from.saturating_sub(60)..(to + 20).min(text.len())];
            // Trembles of another size are as good, and cells that no contact joins any more are said to be open.
            let tremble = mutant.components.iter().zip(&solution.components).all(|(new, old)| {
                let same = detente_game::solution::Component { tremble: old.tremble.clone(), ..new.clone() };
                same == *old
            });
            let unjoined = verdict.unconfirmed.iter().any(|what| what.contains("one connected piece"));
            if tremble && (verdict.unconfirmed == honest.unconfirmed || unjoined) {
                continue;
            }
            // What is no longer found to be true is at least said.
            if verdict.unconfirmed.iter().any(|what| !honest.unconfirmed.contains(what)) {
                continue;
            }
            alive.push(format!("{next} in {around}: {:?}", verdict.unconfirmed));
        }
    }
    (tried, alive)
}

#[test]
fn no_false_condition_or_range_is_accepted_without_a_remark() {
    for name in ["beer-quiche.efg", "biased-expert.efg"] {
        let (tried, alive) = survivors(name);
        assert!(tried > 100, "{name}: {tried}");
        assert!(alive.is_empty(), "{name}: {} of {tried}:\n{}", alive.len(), alive.join("\n"));
    }
}
