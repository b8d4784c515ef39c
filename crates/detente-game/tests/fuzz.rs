//! The kept corpus of the fuzz target `efg`, and a fixed number of mutations of it.
//!
//! The same promise as the target's: any text is a game or an error, never a panic, and what
//! is written is read again. `DETENTE_FUZZ` sets the number of mutations per file.

use detente_game::formats::efg;
use detente_test::SplitMix;
use std::path::{Path, PathBuf};

fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/efg");
    let entries = std::fs::read_dir(folder).expect("the corpus is kept");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
    files.sort();
    files.into_iter().map(|p| (p.clone(), std::fs::read(p).expect("a readable file"))).collect()
}

/// Reads any bytes; returns whether they are a game.
fn reads(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Ok(game) = efg::read(&text) else { return false };
    if let Ok(numbers) = game.numbers(&game.base_params()) {
        let written = efg::write(&game, &numbers);
        efg::read(&written).expect("a written game is readable");
    }
    true
}

/// One to four edits: bytes changed, taken out, doubled, or pieces of the format put in.
fn mutated(bytes: &[u8], random: &mut SplitMix) -> Vec<u8> {
    const PIECES: [&str; 10] = [
        "\"",
        "{",
        "}",
        " 0 ",
        " -1 ",
        "1/0",
        "9999999999999999999",
        "\nt \"\" 1",
        "\np \"\" 1 1",
        "\nc \"\" 1",
    ];
    let mut out = bytes.to_vec();
    for _ in 0..random.between(1, 4) {
        let at = random.below(out.len().max(1));
        let to = (at + random.below(12)).min(out.len());
        match random.below(4) {
            0 if at < out.len() => out[at] = random.word() as u8,
            1 if at < to => drop(out.drain(at..to)),
            2 if at < to => {
                let copy = out[at..to].to_vec();
                out.splice(at..at, copy);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                out.splice(at.min(out.len())..at.min(out.len()), piece);
            }
        }
    }
    out
}

#[test]
fn the_corpus_and_its_mutations_never_panic() {
    let count = std::env::var("DETENTE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let random = &mut SplitMix::new(1);
    let (mut games, mut mutants) = (0, 0);
    for (path, bytes) in corpus() {
        games += usize::from(reads(&bytes));
        for _ in 0..count {
            let mutant = mutated(&bytes, random);
            let read = std::panic::catch_unwind(|| reads(&mutant));
            let text = String::from_utf8_lossy(&mutant);
            mutants += usize::from(read.unwrap_or_else(|_| panic!("from {}: {text}", path.display())));
        }
    }
    assert!(games > 2 && mutants > 100, "{games} games and {mutants} mutants were read");
}
