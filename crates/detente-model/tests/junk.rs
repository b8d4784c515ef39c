//! Damaged models: messages, never a panic, a hang or a tree beyond its limit.

mod common;

use common::{Memory, corpus};
use detente_model::{Limits, load};

const ROUNDS: u64 = 12;
const WORDS: [&str; 12] = [
    "{",
    "}",
    " in ",
    "A",
    " => ",
    "1",
    "999999999",
    "repeat i in 1..99 {",
    "-",
    " A.move ",
    "\u{fffd}",
    "war",
];

/// A number below `n`, by round and place.
fn pick(name: &str, round: u64, what: u64, n: usize) -> usize {
    (detente_prob::uniform(what, name, round) * n as f64) as usize
}

fn damaged(name: &str, text: &str, round: u64) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return String::new();
    }
    let at = pick(name, round, 1, letters.len());
    let end = (at + pick(name, round, 2, 12)).min(letters.len());
    let (head, tail): (String, String) = (letters[..at].iter().collect(), letters[end..].iter().collect());
    match round % 3 {
        0 => format!("{head}{tail}"),
        1 => format!("{head}{}{tail}", WORDS[pick(name, round, 3, WORDS.len())]),
        _ => {
            let again: String = letters[at..end].iter().collect();
            format!("{head}{again}{again}{tail}")
        }
    }
}

#[test]
fn damaged_models_end_in_messages() {
    let mut broken = 0;
    for folder in ["check/accepted", "check/rejected", "elaborate"] {
        for path in corpus(folder, "det") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            for round in 0..ROUNDS {
                let text = damaged(&name, &text, round);
                let files = vec![("model.det".to_string(), text)];
                let loaded = load(&Memory { files }, "model.det", Limits { nodes: 20_000 });
                match loaded.model {
                    Some(model) => assert!(model.game.nodes.len() <= 20_100, "{name} {round}"),
                    None => {
                        assert!(
                            detente_diag::has_errors(&loaded.diagnostics),
                            "{name} {round} fails in silence"
                        );
                        broken += 1;
                    }
                }
            }
        }
    }
    assert!(broken > 500, "only {broken} were broken");
}
