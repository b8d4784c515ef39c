//! Long searches: killed, cut, changed, stopped by a clock, and gone on with.

mod support;

use detente_solve::read_checkpoint;
use serde_json::Value;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{Folder, code, detente, err, out, root};

/// Leduc hold'em as a file.
fn leduc(folder: &Folder) -> String {
    let game = detente_test::poker::leduc();
    let numbers = game.numbers(&[]).expect("constant payoffs");
    folder.write("leduc.efg", detente_game::formats::efg::write(&game, &numbers).as_bytes());
    folder.path("leduc.efg")
}

/// The answer without the time it took.
fn answer(text: &str) -> Value {
    let mut json: Value = serde_json::from_str(text).expect("JSON");
    json["seconds"] = Value::Null;
    json
}

const CALL: [&str; 8] =
    ["--arms", "cfr+,dcfr,sampled", "--seed", "5", "--rounds", "20000", "--format", "json"];

fn start(game: &str, state: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["solve", game, "--checkpoint", state, "--checkpoint-every", "0", "--threads", "2"])
        .args(CALL)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Rounds in the checkpoint; 0 if there is none yet. A checkpoint that is there is whole.
fn reached(state: &str) -> u64 {
    match fs::read(state) {
        Ok(bytes) => read_checkpoint(&bytes).expect("a checkpoint on disk is whole at any moment").rounds(),
        Err(_) => 0,
    }
}

/// Killed again and again, at moments that differ, the search still ends with the bits of one that was
/// never disturbed, on another number of threads; a kill loses only what came after the last checkpoint.
#[test]
fn a_killed_search_goes_on_to_the_same_bits() {
    let folder = Folder::new("killed");
    let game = leduc(&folder);
    let whole = detente(&[&["solve", &game, "--threads", "1"], &CALL[..]].concat());
    assert_eq!(code(&whole), 0, "{}", err(&whole));
    let state = folder.path("state.bin");
    let mut last = 0;
    for kill in 0..6u64 {
        let mut child = start(&game, &state);
        // Wait for progress, then a little longer, so that kills fall at different moments of a turn.
        while reached(&state) <= last && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(3));
        }
        std::thread::sleep(Duration::from_millis(7 * kill % 17));
        // On Unix this is SIGKILL: no handler runs.
        child.kill().expect("a child of ours");
        child.wait().expect("a child of ours");
        let now = reached(&state);
        assert!(now > last, "kill {kill}: {now} after {last}");
        last = now;
    }
    let ended = detente(&[&["solve", &game, "--checkpoint", &state], &CALL[..]].concat());
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert!(err(&ended).contains("goes on from"), "{}", err(&ended));
    assert_eq!(answer(&out(&ended)), answer(&out(&whole)));
    assert_eq!(reached(&state), 20_000);
    // What killed programs left half-written is gone.
    assert_eq!(folder.names(), ["entry.efg", "leduc.efg", "state.bin"]);
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused() {
    let folder = Folder::new("refused");
    let (entry, state) = (folder.path("entry.efg"), folder.path("state.bin"));
    let call = |game: &str, more: &[&str]| {
        detente(&[&["solve", game, "--rounds", "40", "--checkpoint", &state], more].concat())
    };
    let first = call(&entry, &[]);
    assert_eq!(code(&first), 0, "{}", err(&first));
    let good = fs::read(&state).expect("a checkpoint");
    let refused = |bytes: &[u8], more: &[&str], why: &str| {
        fs::write(&state, bytes).expect("a temporary file");
        let found = call(&entry, more);
        assert_eq!((code(&found), out(&found).as_str()), (1, ""), "{why}");
        assert!(err(&found).contains(why) && err(&found).contains("is not used"), "{}", err(&found));
        assert_eq!(fs::read(&state).expect("still there"), bytes, "a refused file is left alone");
    };
    refused(&good[..good.len() / 2], &[], "cut short or was changed");
    let mut changed = good.clone();
    changed[good.len() / 2] ^= 1;
    refused(&changed, &[], "cut short or was changed");
    refused(b"", &[], "cut short or was changed");
    refused(b"EFG 2 R", &[], "no checkpoint");
    refused(&good, &["--seed", "9"], "made with the seed 0");
    refused(&good, &["--arms", "cfr"], "made with the variants");
}

/// A clock ends the search with the best answer so far, in good order, and the state is kept.
#[test]
fn a_time_limit_ends_with_what_is_certified() {
    let folder = Folder::new("limited");
    let (game, state) = (leduc(&folder), folder.path("state.bin"));
    let call = ["solve", &game, "--checkpoint", &state, "--arms", "cfr", "--time-limit", "0.05"];
    let found = detente(&call);
    assert_eq!(code(&found), 0, "{}", err(&found));
    assert!(out(&found).starts_with("certified: "), "{}", out(&found));
    assert!(out(&found).contains("no player gains more than"), "{}", out(&found));
    // The exact gap has hundreds of digits.
    assert!(out(&found).contains("largest gap at most"), "{}", out(&found));
    assert!(out(&found).lines().all(|line| line.len() < 400), "{}", out(&found));
    let before = reached(&state);
    assert!(before > 0);
    // Called again it goes on.
    let again = detente(&call);
    assert_eq!(code(&again), 0, "{}", err(&again));
    assert!(reached(&state) > before);
}

/// So does a limit of memory.
#[cfg(target_os = "linux")]
#[test]
fn a_memory_limit_ends_with_what_is_certified() {
    let folder = Folder::new("memory");
    let game = leduc(&folder);
    let call = ["solve", &game, "--arms", "cfr", "--time-limit", "600", "--memory-limit", "1"];
    let found = detente(&call);
    assert_eq!(code(&found), 0, "{}", err(&found));
    assert!(out(&found).starts_with("certified: "), "{}", out(&found));
    assert_eq!(code(&detente(&["solve", &game, "--memory-limit", "few"])), 2);
}

/// The first Ctrl-C ends a search like a clock: what is proven is printed, and the exit code says that it was stopped.
#[cfg(unix)]
#[test]
fn an_interrupt_prints_what_is_proven_so_far() {
    let folder = Folder::new("interrupted");
    let (game, state) = (leduc(&folder), folder.path("state.bin"));
    let child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["solve", &game, "--concept", "nash", "--arms", "cfr", "--time-limit", "600"])
        .args(["--checkpoint", &state, "--checkpoint-every", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while reached(&state) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill is on every Unix").success());
    let found = child.wait_with_output().expect("a child of ours");
    assert_eq!(code(&found), 130, "{}", err(&found));
    assert!(out(&found).starts_with("certified: "), "{}", out(&found));
    assert!(
        err(&found).contains("interrupted: this is the best proven answer so far; the checkpoint is kept")
    );
    assert!(reached(&state) > 0);
}

/// Regret minimisation is played when it is asked for, with a concept as without; an option that changes nothing
/// is told.
#[test]
fn regret_minimisation_is_played_for_nash_too() {
    let folder = Folder::new("asked");
    let (entry, state) = (folder.path("entry.efg"), folder.path("state.bin"));
    let solve = |more: &[&str]| {
        let found = detente(&[&["solve", &entry, "--concept", "nash"], more].concat());
        assert_eq!(code(&found), 0, "{}", err(&found));
        found
    };
    let found = solve(&["--arms", "cfr+", "--rounds", "5", "--checkpoint", &state]);
    assert!(out(&found).contains("found by regret minimisation ("), "{}", out(&found));
    assert_eq!((reached(&state), err(&found).as_str()), (5, ""));
    for more in [&["--seed", "3"][..], &["--seed", "3", "--arms", "cfr", "--rounds", "5"]] {
        assert!(err(&solve(more)).starts_with("note: --seed has no effect here: "), "{more:?}");
    }
    assert!(out(&solve(&["--seed", "3"])).starts_with("exact-complete"));
    assert_eq!(err(&solve(&["--seed", "3", "--arms", "sampled", "--rounds", "5"])), "");
    // A game that a linear program answers leaves nothing to keep.
    let (kuhn, none) = (root().join("tests/corpus/kuhn-poker.efg"), folder.path("none.bin"));
    let found = detente(&["solve", &kuhn.display().to_string(), "--checkpoint", &none]);
    assert!(err(&found).starts_with("note: --checkpoint has no effect here: "), "{}", err(&found));
}

#[test]
fn options_that_do_not_fit_are_told() {
    let folder = Folder::new("options");
    let entry = folder.path("entry.efg");
    for (more, word) in [
        (&["--arms", "fast"][..], "sapcfr+"),
        (&["--all", "--rounds", "5"], "cannot be used with"),
        (&["--concept", "ce", "--rounds", "5"], "says nothing to"),
        (&["--concept", "spe", "--checkpoint", "x"], "says nothing to"),
        (&["--reduce", "--rounds", "5"], "says nothing to regret minimisation"),
    ] {
        let found = detente(&[&["solve", &entry], more].concat());
        assert_eq!(code(&found), 2, "{more:?}");
        assert!(err(&found).contains(word), "{}", err(&found));
    }
}
