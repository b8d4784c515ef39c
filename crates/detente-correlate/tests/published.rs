//! What devices, mediators and commitments can bring about in the published games of `tests/corpus`.
//!
//! The one idea: the `.txt` beside a game says what is known by hand, from its source or from a few lines of algebra
//! that stand there after `known since`. A line reads `known ce Row 2 to 7`: a concept, a player (or `total`), and
//! the range, with `*` for an end of which nothing is known. `commit` has the weak value, then the strong one.

use detente_correlate::{Plans, commit, devices, mediate};
use detente_exact::Q;
use detente_game::device::{Advice, Wanted, What};
use detente_game::formats::{efg, nfg};
use detente_game::mediation::Knows;
use detente_game::{Game, Numbers, PlayerId};
use std::path::{Path, PathBuf};

const WORDS: [&str; 7] = ["ce", "efce", "cce", "mediator", "bce", "persuade", "commit"];

/// A known line: the concept, the number, its ends.
struct Known {
    word: String,
    what: What,
    low: Option<Q>,
    high: Option<Q>,
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let entries = std::fs::read_dir(root).expect("the corpus is part of the repository");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "efg" || e == "nfg"));
    files.sort();
    files
}

fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{}.txt", file.display())).unwrap_or_default();
    let known = text.lines().filter_map(|l| l.strip_prefix("known "));
    known.filter(|l| l.split(' ').next().is_some_and(|w| WORDS.contains(&w))).map(str::to_string).collect()
}

fn end(text: &str) -> Option<Q> {
    (text != "*").then(|| text.parse().unwrap_or_else(|_| panic!("`{text}` is no number")))
}

fn known(game: &Game, line: &str) -> Known {
    let words: Vec<&str> = line.split(' ').collect();
    let [word, number, low, "to", high] = words[..] else { panic!("`{line}` is no known line") };
    let what = match number {
        "total" => What::Total,
        name => {
            let player = game.players.iter().position(|p| p.name == name);
            What::Payoff(PlayerId(player.unwrap_or_else(|| panic!("`{line}` names no player")) as u32))
        }
    };
    Known { word: word.into(), what, low: end(low), high: end(high) }
}

/// Both ends as found, after the referee has seen them.
fn found(game: &Game, numbers: &Numbers, known: &Known) -> (Q, Q) {
    let mediated = |knows: Knows, wanted: Wanted| {
        let found = mediate(game, numbers, knows, &wanted, &ever()).expect("small").expect("not stopped");
        detente_verify::verify_mediation(game, numbers, &found).expect("the referee agrees");
        let range =
            found.ranges.into_iter().find(|r| r.what == known.what).expect("every number has a range");
        (range.low.value, range.high.value)
    };
    let advised = |advice: Advice| {
        let found = devices(&Plans::new(game, numbers).expect("small"), advice, &Wanted::All, &ever())
            .expect("not stopped");
        detente_verify::verify_devices(game, numbers, &found).expect("the referee agrees");
        let range =
            found.ranges.into_iter().find(|r| r.what == known.what).expect("every number has a range");
        (range.low.value, range.high.value)
    };
    match known.word.as_str() {
        "ce" => advised(Advice::AtStart),
        "efce" => advised(Advice::WhereDue),
        "cce" => advised(Advice::Never),
        "mediator" => mediated(Knows::Reports, Wanted::All),
        "bce" => mediated(Knows::Truth, Wanted::All),
        "persuade" => mediated(Knows::Truth, Wanted::One(known.what)),
        _ => {
            let What::Payoff(player) = known.what else { panic!("a player commits") };
            let plans = Plans::new(game, numbers).expect("small");
            let found = commit(&plans, player.index()).expect("two players");
            detente_verify::verify_commitment(game, numbers, &found).expect("the referee agrees");
            (found.weak, found.strong)
        }
    }
}

#[test]
fn published_ranges_are_found() {
    let (mut faults, mut count) = (vec![], 0);
    for file in files() {
        let lines = lines(&file);
        if lines.is_empty() {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        let table = file.extension().is_some_and(|e| e == "nfg");
        let game = if table { nfg::read(&text) } else { efg::read(&text) }.expect("a valid game");
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        for line in lines {
            let known = known(&game, &line);
            let (low, high) = found(&game, &numbers, &known);
            count += 1;
            let fits = |known: &Option<Q>, found: &Q| known.as_ref().is_none_or(|k| k == found);
            if !fits(&known.low, &low) || !fits(&known.high, &high) {
                faults.push(format!("{}: {line}: found {low} to {high}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count >= 30, "{count} known ranges");
}

fn ever() -> detente_correlate::Going {
    std::sync::Arc::new(|_| true)
}
