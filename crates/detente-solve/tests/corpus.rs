//! The corpus of published games in `tests/corpus`: each is read, solved, refereed, and written again.
//!
//! A game's source stands in its own comment. The `.txt` beside it begins with what is `known` from there
//! or from a few lines of algebra, written by hand; below stands what this program answers, without sets that
//! are not reached and play anything. To add a game, add the file and the known lines, run the test once with
//! `UPDATE=1` in the environment, and read what it wrote.
//! Without known lines the file says only that the answer has not changed, so write some. `known since` gives
//! reasons; lines about devices, mediators and commitments are read in `detente-correlate` (`tests/published.rs`).

mod differential;

use detente_exact::Q;
use detente_game::formats::{FormatError, efg, json, nfg};
use detente_game::solution::{Component, Concept, FreeWhat, Num, Solution, Status};
use detente_game::{Game, InfosetId};
use differential::{numbers, solved, with_room};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let entries = std::fs::read_dir(root).expect("the corpus is part of the repository");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "efg" || e == "nfg"));
    files.sort();
    files
}

fn is_table(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "nfg")
}

fn read(file: &Path) -> Result<Game, FormatError> {
    let text = std::fs::read_to_string(file).expect("readable");
    if is_table(file) { nfg::read(&text) } else { efg::read(&text) }
}

fn name(file: &Path) -> String {
    file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn beside(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.txt", file.display()))
}

/// The lines written by hand, without their first word.
fn known(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(beside(file)).unwrap_or_default();
    text.lines().filter_map(|l| l.strip_prefix("known ")).map(str::to_string).collect()
}

/// A number as the text has it: exact, or to nine digits.
fn shown(n: &Num) -> String {
    match &n.exact {
        Some(exact) => exact.to_string(),
        None => format!("~{:.9}", n.value),
    }
}

fn row(numbers: &[Num]) -> String {
    numbers.iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn set_name(game: &Game, h: usize) -> String {
    let set = &game.infosets[h];
    format!("{} {}", game.players[set.player.index()].name, set.label)
}

/// One component: payoffs, then each set's probabilities, with ranges where they vary. Of an answer that is not
/// complete the payoffs alone.
fn component(game: &Game, c: &Component, complete: bool, out: &mut String) {
    let _ = writeln!(out, "  pays {}", row(&c.payoffs));
    let free = |h: usize, a: usize| {
        let range = c.free.iter().find(|f| f.what == FreeWhat::Action(h as u32, a as u32));
        range.is_some_and(|f| f.low.value == 0.0 && f.high.value == 1.0)
    };
    for (h, probs) in c.profile.iter().enumerate().filter(|_| complete) {
        if !c.reached[h] && (0..probs.len()).all(|a| free(h, a)) {
            continue;
        }
        let each: Vec<String> = probs
            .iter()
            .enumerate()
            .map(|(a, p)| {
                let action = game.action_name(InfosetId(h as u32), a);
                let what = FreeWhat::Action(h as u32, a as u32);
                match c.free.iter().find(|f| f.what == what) {
                    Some(f) => format!("{action} {} to {}", shown(&f.low), shown(&f.high)),
                    None => format!("{action} {}", shown(p)),
                }
            })
            .collect();
        let off = if c.reached[h] { "" } else { " (not reached)" };
        let _ = writeln!(out, "    {}: {}{off}", set_name(game, h), each.join(", "));
    }
}

fn concepts(game: &Game) -> &'static [(&'static str, Concept)] {
    const ALL: [(&str, Concept); 3] =
        [("nash", Concept::Nash), ("spe", Concept::Spe), ("sequential", Concept::Sequential)];
    if game.strategic { &ALL[..1] } else { &ALL }
}

fn number_close(expected: &str, low: &Num, high: &Num) -> bool {
    match expected.strip_prefix('~') {
        Some(float) => {
            let x: f64 = float.parse().expect("a decimal after ~");
            let room = 1e-9 + low.radius.unwrap_or(0.0) + high.radius.unwrap_or(0.0);
            low.value - room <= x && x <= high.value + room
        }
        None => {
            let x: Q = expected.parse().unwrap_or_else(|_| panic!("`{expected}` is no number"));
            match (&low.exact, &high.exact) {
                (Some(low), Some(high)) => *low <= x && x <= *high,
                _ => low.value - 1e-9 <= x.to_f64() && x.to_f64() <= high.value + 1e-9,
            }
        }
    }
}

fn pays(c: &Component, expected: &str) -> bool {
    let parts: Vec<&str> = expected.split(' ').collect();
    parts.len() == c.payoffs.len() && parts.iter().zip(&c.payoffs).all(|(e, n)| number_close(e, n, n))
}

/// Whether each set named plays as said somewhere in the component: `One left 1 0, Two right 1/2 1/2`.
fn plays(game: &Game, c: &Component, expected: &str) -> bool {
    expected.split(", ").all(|entry| {
        let found = (0..game.infosets.len()).find(|h| {
            let name = set_name(game, *h) + " ";
            entry.strip_prefix(&name).is_some_and(|rest| {
                rest.split(' ').count() == c.profile[*h].len()
                    && rest.starts_with(|c: char| c.is_ascii_digit() || c == '~')
            })
        });
        let h = found.unwrap_or_else(|| panic!("`{entry}` names no set with so many actions"));
        let rest = &entry[set_name(game, h).len() + 1..];
        rest.split(' ').enumerate().all(|(a, expected)| {
            let what = FreeWhat::Action(h as u32, a as u32);
            let (low, high) = match c.free.iter().find(|f| f.what == what) {
                Some(f) => (&f.low, &f.high),
                None => (&c.profile[h][a], &c.profile[h][a]),
            };
            number_close(expected, low, high)
        })
    })
}

/// Whether an answer is what a known line says: `count N`, `pays ...` in all, `some pays ...`, `some SET ...`.
fn holds(game: &Game, solution: &Solution, line: &str) -> bool {
    let all = &solution.components;
    if let Some(count) = line.strip_prefix("count ") {
        return solution.status == Status::ExactComplete && count.parse() == Ok(all.len());
    }
    if let Some(payoffs) = line.strip_prefix("pays ") {
        return !all.is_empty() && all.iter().all(|c| pays(c, payoffs));
    }
    match line.strip_prefix("some ") {
        Some(rest) => match rest.strip_prefix("pays ") {
            Some(payoffs) => all.iter().any(|c| pays(c, payoffs)),
            None => all.iter().any(|c| plays(game, c, rest)),
        },
        None => panic!("`{line}` is no known line"),
    }
}

/// Solves a game under every concept; returns the text and the faults.
fn answers(file: &Path, game: &Game, faults: &mut Vec<String>) -> String {
    let known = known(file);
    let mut out = format!("{}\n", game.title);
    let (nodes, sets) = (game.nodes.len(), game.infosets.len());
    let _ = writeln!(out, "{} players, {nodes} nodes, {sets} information sets", game.players.len());
    for repair in &game.repairs {
        let _ = writeln!(out, "repair: {repair}");
    }
    for (word, concept) in concepts(game) {
        let solution = solved(game, *concept);
        let verdict = detente_verify::verify(game, &numbers(game), &solution);
        if !verdict.accepted {
            faults.push(format!("{}: {word}: {:?}", name(file), verdict.rejected));
        }
        let _ = writeln!(out, "{word}: {:?}, {} found", solution.status, solution.components.len());
        for open in &solution.unresolved {
            let _ = writeln!(out, "  open: {open}");
        }
        for c in &solution.components {
            component(game, c, solution.status == Status::ExactComplete, &mut out);
        }
        let own = known.iter().filter_map(|l| l.strip_prefix(word)?.strip_prefix(' '));
        for line in own.filter(|line| !holds(game, &solution, line)) {
            faults.push(format!("{}: not so: {word} {line}\n{out}", name(file)));
        }
    }
    out
}

#[test]
fn every_game_is_solved_as_known_or_refused() {
    with_room(|| {
        let update = std::env::var_os("UPDATE").is_some();
        let mut faults = Vec::new();
        for file in corpus() {
            let known = known(&file);
            let text = match read(&file) {
                Ok(game) => {
                    if known.iter().any(|l| l == "refused") {
                        faults.push(format!("{} is read, but should be refused", name(&file)));
                    }
                    answers(&file, &game, &mut faults)
                }
                Err(error) => {
                    if !known.iter().any(|l| l == "refused") {
                        faults.push(format!("{}: {error}", name(&file)));
                    }
                    format!("refused: {error}\n")
                }
            };
            let head: String = known.iter().map(|l| format!("known {l}\n")).collect();
            let whole = format!("{head}\n{text}");
            let old = std::fs::read_to_string(beside(&file)).unwrap_or_default();
            if update {
                std::fs::write(beside(&file), whole).expect("the corpus can be written");
            } else if old != whole {
                faults.push(format!("{} has changed; run with UPDATE=1 and read it:\n{whole}", name(&file)));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

#[test]
fn the_corpus_is_large_and_says_where_it_is_from() {
    let files = corpus();
    assert!(files.len() >= 40, "{} files", files.len());
    for file in files {
        assert!(!known(&file).is_empty(), "{} has no known line", name(&file));
        let text = std::fs::read_to_string(&file).expect("readable");
        let longest = text.split('"').map(str::len).max().unwrap_or(0);
        let bare = name(&file) == "counts-only.nfg";
        assert!(bare || longest > 30, "{} names no source", name(&file));
    }
}

/// Whether title and comment came back; letters outside of ASCII are written by others.
fn says_the_same(game: &Game, again: &Game) -> bool {
    let same = |a: &str, b: &str| a == b || (!a.is_ascii() && !b.is_empty());
    same(&game.title, &again.title) && same(&game.comment, &again.comment)
}

#[test]
fn every_game_comes_back_from_every_format() {
    for file in corpus() {
        let Ok(game) = read(&file) else { continue };
        let numbers = numbers(&game);
        assert_eq!(json::read(&json::write(&game)).expect("own JSON"), game, "{}", name(&file));
        let tree = efg::write(&game, &numbers);
        let again = efg::read(&tree).unwrap_or_else(|e| panic!("{}: {e}\n{tree}", name(&file)));
        assert_eq!(again.repairs, Vec::<String>::new(), "{}", name(&file));
        assert_eq!(efg::write(&again, &again.numbers(&[]).expect("constants")), tree, "{}", name(&file));
        assert!(says_the_same(&game, &again), "{}: {}", name(&file), again.comment);
        // A tree may have too many plans for a table; then that is said.
        let table = match nfg::write(&game, &numbers) {
            Ok(table) => table,
            Err(error) => {
                assert!(error.to_string().contains("the table of this game would have"), "{error}");
                continue;
            }
        };
        let again = nfg::read(&table).unwrap_or_else(|e| panic!("{}: {e}\n{table}", name(&file)));
        assert_eq!(again.repairs, Vec::<String>::new(), "{}", name(&file));
        assert!(says_the_same(&game, &again), "{}: {}", name(&file), again.comment);
        let once_more = nfg::write(&again, &again.numbers(&[]).expect("constants"));
        assert_eq!(once_more.expect("as small"), table, "{}", name(&file));
    }
}

/// Behaviour in a tree and mixtures of its plans are the same thing (Kuhn 1953), so that both hold as many
/// connected sets of Nash equilibria.
#[test]
fn a_tree_and_its_table_have_as_many_components() {
    with_room(|| {
        let mut compared = 0;
        for file in corpus().into_iter().filter(|f| !is_table(f)) {
            let Ok(game) = read(&file) else { continue };
            let Ok(table) = nfg::write(&game, &numbers(&game)) else { continue };
            let table = nfg::read(&table).expect("own table");
            let cells: usize = table.infosets.iter().map(|h| h.actions.len()).product();
            if table.players.len() != 2 || cells > 2_000 {
                continue;
            }
            let [here, there] = [&game, &table].map(|g| solved(g, Concept::Nash));
            let complete = |s: &Solution| s.status == Status::ExactComplete;
            if complete(&here) && complete(&there) {
                compared += 1;
                assert_eq!(here.components.len(), there.components.len(), "{}", name(&file));
            }
        }
        assert!(compared >= 20, "only {compared} trees compared");
    });
}
