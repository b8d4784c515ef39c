//! The corpus of game files, and readers under fire.
//!
//! Each file in `tests/formats/accepted` and `rejected` stands beside a `.txt` file that
//! says what becomes of it. To add a case, add the file and run the test once with
//! `UPDATE=1` in the environment; then read what it wrote.

use detente_game::formats::{FormatError, efg, json, nfg};
use detente_game::{Game, NodeId, NodeKind, RecallError};
use detente_test::SplitMix;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/formats").join(folder);
    let entries = std::fs::read_dir(&root).expect("the corpus is part of the repository");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e != "txt"));
    files.sort();
    files
}

fn read(file: &Path, text: &str) -> Result<Game, FormatError> {
    match file.extension().and_then(|e| e.to_str()) {
        Some("efg") => efg::read(text),
        Some("nfg") => nfg::read(text),
        _ => json::read(text),
    }
}

/// Compares with the file beside, or writes it.
fn settle(file: &Path, actual: &str) {
    let beside = PathBuf::from(format!("{}.txt", file.display()));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&beside, actual).expect("the corpus can be written");
    }
    let expected = std::fs::read_to_string(&beside).unwrap_or_default();
    assert_eq!(
        actual,
        expected,
        "{} has changed; run with UPDATE=1 and read the difference",
        beside.display()
    );
}

/// What a reader made of a file.
fn summary(game: &Game) -> String {
    let numbers = game.numbers(&[]).expect("a file has constants only");
    let mut out = format!("title: {}\n", game.title);
    let players: Vec<&str> = game.players.iter().map(|p| p.name.as_str()).collect();
    let _ = writeln!(out, "players: {}", players.join(" | "));
    let _ = writeln!(out, "outcomes: {}", game.outcome_keys().join(" | "));
    if game.strategic {
        out.push_str("strategic\n");
    }
    for (h, set) in game.infosets.iter().enumerate() {
        let id = detente_game::InfosetId(h as u32);
        let actions: Vec<&str> = (0..set.actions.len()).map(|a| game.action_name(id, a)).collect();
        let event = game.event_name(set.event);
        let _ =
            writeln!(out, "set {event} [{}], {} nodes: {}", set.label, set.nodes.len(), actions.join(" | "));
    }
    for k in 0..game.nodes.len() {
        if let NodeKind::Terminal(_) = game.nodes[k].kind {
            let node = NodeId(k as u32);
            let name = game.outcome_key(node).map(|o| game.outcome_keys()[o].clone()).unwrap_or_default();
            let pays: Vec<String> =
                (0..game.players.len()).map(|p| numbers.payoff(game, node, p).to_string()).collect();
            let _ = writeln!(
                out,
                "{} => {name} ({})",
                detente_game::recall::history(game, node),
                pays.join(", ")
            );
        }
    }
    for probs in &numbers.chance {
        let _ = writeln!(out, "chance {probs:?}");
    }
    for repair in &game.repairs {
        let _ = writeln!(out, "repair: {repair}");
    }
    out
}

#[test]
fn accepted_files_become_these_games() {
    for file in corpus("accepted") {
        let text = std::fs::read_to_string(&file).expect("readable");
        let game = read(&file, &text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        json::validate(&game).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        settle(&file, &summary(&game));
    }
}

#[test]
fn rejected_files_get_these_messages() {
    for file in corpus("rejected") {
        let text = std::fs::read_to_string(&file).expect("readable");
        match read(&file, &text) {
            Ok(_) => panic!("{} was accepted", file.display()),
            Err(error) => settle(&file, &format!("{error}\n")),
        }
    }
}

#[test]
fn what_is_written_reads_back_without_repairs() {
    for file in corpus("accepted") {
        let text = std::fs::read_to_string(&file).expect("readable");
        let game = read(&file, &text).expect("accepted");
        let numbers = game.numbers(&[]).expect("constants");
        let written = if game.strategic {
            nfg::write(&game, &numbers).expect("small")
        } else {
            efg::write(&game, &numbers)
        };
        let again = read(&file, &written).unwrap_or_else(|e| panic!("{}: {e}\n{written}", file.display()));
        assert_eq!(again.repairs, Vec::<String>::new(), "{written}");
        let ends = |game: &Game| {
            let text = summary(game);
            let lines = text.lines().filter(|l| l.contains(" => "));
            lines.map(|l| l.split(" => ").nth(1).unwrap_or_default().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(ends(&again), ends(&game), "{}\n{written}", file.display());
    }
}

#[test]
fn what_is_written_is_plain_and_unique() {
    let text = "EFG 2 R \"Zürich\" { \"Chance\" \"É\" \"E\" } p \"\" 1 1 \"ä  b\" { \"ß\" \"ss\" } 0 t \"\" 1 \"x\" {0 0 0} t \"\" 2 \"x#2\" {1 1 1}";
    let game = efg::read(text).expect("tolerant");
    let written = efg::write(&game, &game.numbers(&[]).expect("constants"));
    assert!(written.is_ascii());
    let expected = "EFG 2 R \"Zuerich\" { \"Chance#2\" \"E\" \"E#2\" }\n\"\"\n\np \"\" 1 1 \"ae b\" { \"ss\" \"ss#2\" } 0\n\
                    t \"\" 1 \"x\" { 0, 0, 0 }\nt \"\" 2 \"x#2\" { 1, 1, 1 }\n";
    assert_eq!(written, expected);
}

#[test]
fn old_letters_are_read_and_noted() {
    let bytes = b"EFG 2 R \"Z\xfcrich\" { \"A\" } t \"\" 1 \"\xe9\" { 1 }".to_vec();
    let (text, repair) = detente_game::formats::text_of(bytes);
    assert_eq!(efg::read(&text).expect("tolerant").title, "Zürich");
    assert_eq!(repair.as_deref(), Some("the file is not UTF-8; it is read as ISO 8859-1"));
    assert_eq!(detente_game::formats::text_of("Zürich".into()), ("Zürich".to_string(), None));
}

#[test]
fn numbers_as_names_of_a_table_do_not_meet_the_numbers_that_a_reader_gives() {
    let text =
        "NFG 1 R \"\" { \"2\" \"1\" } { { \"2\" \"3\" \"x\" } { \"1\" \"2\" } } 1 1 2 2 3 3 4 4 5 5 6 6";
    let game = nfg::read(text).expect("tolerant");
    let written = nfg::write(&game, &game.numbers(&[]).expect("constants")).expect("small");
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "NFG 1 R \"\" { \"no. 2\" \"no. 1\" }");
    assert_eq!(lines[1], "{ { \"no. 2\" \"no. 3\" \"x\" } { \"1\" \"2\" } }");
}

#[test]
fn a_name_with_several_payoffs_is_marked_and_found_again() {
    let text = "EFG 2 R \"\" { \"A\" } p \"\" 1 1 \"h\" { \"u\" \"d\" \"e\" } 0 t \"\" 1 \"x\" {0} t \"\" 2 \"x\" {1} t \"\" 3 \"y#2\" {1}";
    let game = efg::read(text).expect("tolerant");
    assert_eq!(game.outcome_keys(), ["x", "y#2"]);
    let again = efg::read(&efg::write(&game, &game.numbers(&[]).expect("constants"))).expect("strict");
    assert_eq!(again.outcome_keys(), ["x", "y_2"], "the author's own number sign gives way");
}

#[test]
fn bounds_hold() {
    let deep = |depth: usize| {
        let mut text = String::from("EFG 2 R \"\" { \"A\" }\n");
        for k in 1..=depth {
            let _ = writeln!(text, "p \"\" 1 {k} \"\" {{ \"on\" }} 0");
        }
        text + "t \"\" 0\n"
    };
    assert!(efg::read(&deep(9_000)).is_ok());
    let error = efg::read(&deep(11_000)).expect_err("too deep");
    assert!(error.message.contains("deeper than 10000"), "{error}");
    // Unlike denominators: the sum along the path would have thousands of digits.
    let mut text = String::from("EFG 2 R \"\" { \"A\" }\n");
    for k in 1..=400u64 {
        let _ = writeln!(text, "p \"\" 1 {k} \"\" {{ \"on\" }} {k} \"\" {{ 1/{} }}", 1_000_003 + 2 * k * k);
    }
    let error = efg::read(&(text + "t \"\" 0\n")).expect_err("too many digits");
    assert!(error.message.contains("too many digits"), "{error}");
}

#[test]
fn forgetting_shows_both_histories() {
    let text = std::fs::read_to_string(
        corpus("rejected").into_iter().find(|f| f.ends_with("forgets_move.efg")).expect("there"),
    )
    .expect("readable");
    let message = efg::read(&text).expect_err("imperfect recall").to_string();
    assert!(message.contains("[Ann.first = u]") && message.contains("[Ann.first = d]"), "{message}");
    // The same check on a game made in memory.
    let mut game = detente_test::random_game(
        3,
        detente_test::Shape::Signalling {
            types: 2,
            messages: 2,
            replies: 2,
            payoffs: detente_test::random::Payoffs::Decimals,
        },
    );
    for set in &mut game.infosets {
        set.player = detente_game::PlayerId(0);
    }
    let error: RecallError =
        detente_game::recall::check(&game).expect_err("one player for both forgets the type");
    assert_eq!(error.forgets, detente_game::recall::Forgets::Fact);
}

/// Cuts, doubles, swaps and replaces pieces of a text.
fn damaged(random: &mut SplitMix, text: &str, others: &[String]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    const PIECES: [&str; 20] = [
        "{",
        "}",
        "\"",
        "\\",
        "1",
        "0",
        "-1",
        "1/0",
        "1e9999",
        "99999999999999999999",
        "p",
        "c",
        "t",
        " ",
        "\n",
        ",",
        "nan",
        "\u{0}",
        "é",
        "0.0000000001",
    ];
    for _ in 0..random.between(1, 4) {
        let at = random.below(bytes.len() + 1);
        let length = random.below(12).min(bytes.len() - at);
        match random.below(6) {
            0 => drop(bytes.drain(at..at + length)),
            1 => {
                let copy = bytes[at..at + length].to_vec();
                bytes.splice(at..at, copy);
            }
            2 => drop(bytes.splice(at..at + length, PIECES[random.below(PIECES.len())].bytes())),
            3 => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
            4 => {
                let other = others[random.below(others.len())].as_bytes();
                let from = random.below(other.len() + 1);
                let to = (from + random.below(60)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ if at < bytes.len() => bytes[at] = random.word() as u8,
            _ => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn damaged_files_are_refused_or_are_games() {
    let files: Vec<PathBuf> = corpus("accepted").into_iter().chain(corpus("rejected")).collect();
    let texts: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).unwrap_or_default()).collect();
    let mut random = SplitMix::new(20_26);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..6_000 {
        let k = random.below(files.len());
        if texts[k].len() > 10_000 {
            continue;
        }
        let text = damaged(&mut random, &texts[k], &texts);
        match read(&files[k], &text) {
            Ok(game) => {
                accepted += 1;
                json::validate(&game).unwrap_or_else(|e| panic!("{e}\n{text}"));
                let numbers = game.numbers(&[]).unwrap_or_else(|e| panic!("{e}\n{text}"));
                let again = efg::read(&efg::write(&game, &numbers)).unwrap_or_else(|e| panic!("{e}\n{text}"));
                assert_eq!(again.num_terminals(), game.num_terminals());
            }
            Err(error) => {
                refused += 1;
                assert!(!error.help.is_empty() && !error.message.is_empty());
            }
        }
    }
    assert!(accepted > 100 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

/// Replaces one number, text, list or truth value of a document by another.
fn tampered(random: &mut SplitMix, value: &mut serde_json::Value) {
    use serde_json::Value;
    let leaf = |random: &mut SplitMix| {
        let choices = [
            "0",
            "1",
            "2",
            "7",
            "4294967295",
            "-1",
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"1/0\"",
            "\"x\"",
            "0.5",
            "[0]",
        ];
        serde_json::from_str(choices[random.below(choices.len())]).expect("these are JSON")
    };
    match value {
        Value::Object(map) if !map.is_empty() && !random.once_in(12) => {
            let k = random.below(map.len());
            if let Some((_, inner)) = map.iter_mut().nth(k) {
                tampered(random, inner);
            }
        }
        Value::Array(list) if !list.is_empty() && !random.once_in(6) => {
            let k = random.below(list.len());
            match random.below(12) {
                0 => drop(list.remove(k)),
                1 => list.push(list[k].clone()),
                2 => list.swap(k, 0),
                _ => tampered(random, &mut list[k]),
            }
        }
        Value::Number(n) if random.once_in(2) => {
            let near = n.as_i64().unwrap_or(0) + random.between(-2, 2);
            *value = near.into();
        }
        other => *other = leaf(random),
    }
}

#[test]
fn tampered_documents_are_refused_or_are_games() {
    use detente_test::{Shape, random::Payoffs, random_game};
    let payoffs = Payoffs::Decimals;
    let games = [
        random_game(1, Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs }),
        random_game(2, Shape::General { players: 3, infosets: 6, menu: 3, payoffs }),
        random_game(3, Shape::Table { players: 2, strategies: 3, payoffs }),
    ];
    let mut random = SplitMix::new(7);
    let (mut accepted, mut refused) = (0, 0);
    for k in 0..9_000 {
        let mut document: serde_json::Value =
            serde_json::from_str(&json::write(&games[k % 3])).expect("valid");
        if let Some(map) = document.as_object_mut() {
            map.remove("sha256");
        }
        for _ in 0..random.between(1, 2) {
            tampered(&mut random, &mut document["game"]);
        }
        match json::read(&document.to_string()) {
            Ok(game) => {
                accepted += 1;
                let numbers = game.numbers(&game.base_params()).expect("validated");
                assert!(detente_game::subgame_roots(&game).ends_with(&[NodeId(0)]));
                efg::read(&efg::write(&game, &numbers)).unwrap_or_else(|e| panic!("{e}"));
            }
            Err(error) => {
                refused += 1;
                let words = error.message;
                for foreign in ["expected", "invalid type", "u32", "struct", "enum", "variant"] {
                    assert!(!words.contains(foreign), "{words}");
                }
            }
        }
    }
    assert!(accepted > 100 && refused > 3_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn a_digest_belongs_to_its_game() {
    let game = efg::read("EFG 2 R \"\" { \"A\" } t \"\" 1 \"x\" { 1 }").expect("valid");
    let text = json::write(&game).replace("\"name\":\"x\"", "\"name\":\"y\"");
    let error = json::read(&text).expect_err("edited");
    assert_eq!(
        error.to_string(),
        "sha256: this is the digest of another game; if you edited the game, remove the field `sha256`"
    );
}

#[test]
fn a_tape_cannot_ask_for_endless_numbers() {
    use detente_game::{ExprId, Op};
    let mut game = efg::read("EFG 2 R \"\" { \"A\" } t \"\" 1 \"x\" { 3 }").expect("valid");
    for k in 0..60 {
        game.tape.ops.push(Op::Mul(ExprId(k), ExprId(k)));
    }
    let error = json::read(&json::write(&game)).expect_err("squared sixty times");
    assert!(error.to_string().contains("too many digits"), "{error}");
}
