//! Sweeps: threads, shards, crashes and foreign files change no number.

mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{Folder, detente, root};

/// A small game with many equilibria in a part of its range.
const MODEL: &str = r#"game "Entry" players Entrant, Incumbent
param f "Cost of a fight" assumed "wide" ~ uniform(-1, 1) at 0.5
param s "Share of tough ones" assumed "wide" ~ uniform(0.05, 0.95) at 0.3
private Incumbent.kind { tough: s, soft: rest }
outcome out { Entrant: 0, Incumbent: 2 }
outcome shared { Entrant: 1, Incumbent: 1 }
outcome fought { Entrant: -1, Incumbent: if Incumbent.kind == tough then 1.5 else -f }
play {
  Entrant chooses entry { stay => end out, enter }
  Incumbent chooses reply { fight => end fought, share => end shared }
}
ask war "How likely is a fight?" = prob(fought)
claim deterred "Entry is deterred" = prob(out) > 0.5
"#;

fn folder(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("entry.det", MODEL.as_bytes());
    folder
}

fn ok(args: &[&str]) -> String {
    let output = detente(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(args: &[&str], code: i32, words: &str) {
    let output = detente(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn threads_and_shards_change_no_bit() {
    let folder = folder("sweep-shards");
    let model = folder.path("entry.det");
    let sweep = |out: &str, more: &[&str]| {
        let out = folder.path(out);
        ok(&[&["sweep", &model, "--draws", "700", "--seed", "5", "-o", &out], more].concat())
    };
    let whole = sweep("whole.parquet", &["--threads", "1"]);
    let bytes = fs::read(folder.path("whole.parquet")).expect("the table");
    for threads in ["2", "8"] {
        let name = format!("threads{threads}.parquet");
        assert_eq!(sweep(&name, &["--threads", threads]), whole);
        assert_eq!(fs::read(folder.path(&name)).expect("the table"), bytes);
    }
    let mut shards = vec![];
    for k in [3, 1, 7, 2, 6, 5, 4] {
        let name = format!("shard{k}.parquet");
        sweep(&name, &["--shard", &format!("{k}/7"), "--threads", "2"]);
        shards.push(folder.path(&name));
    }
    let all = folder.path("all.parquet");
    let list: Vec<&str> = shards.iter().map(String::as_str).collect();
    assert_eq!(ok(&[&["merge", "-o", &all], &list[..]].concat()), whole);
    assert_eq!(fs::read(&all).expect("the table"), bytes);
    // In two steps, of shards that are no neighbours.
    let some = folder.path("some.parquet");
    ok(&[&["merge", "--partial", "-o", &some], &list[..4]].concat());
    let again = folder.path("again.parquet");
    assert_eq!(ok(&[&["merge", "-o", &again, &some], &list[4..]].concat()), whole);
    assert_eq!(fs::read(&again).expect("the table"), bytes);

    refused(&[&["merge"], &list[1..]].concat(), 1, "draws are missing");
    refused(&["merge", list[0], &all], 1, "hold the same draws");
    let other = folder.path("other.parquet");
    ok(&["sweep", &model, "--draws", "700", "--seed", "6", "--shard", "1/7", "-o", &other]);
    refused(&["merge", list[0], &other], 1, "it has seed 6 instead of 5");
    // The same call again computes nothing; another one does not overwrite.
    let again = detente(&["sweep", &model, "--draws", "700", "--seed", "5", "-o", &all]);
    assert_eq!(String::from_utf8_lossy(&again.stdout), whole);
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing was computed"));
    refused(&["sweep", &model, "--draws", "800", "--seed", "5", "-o", &all], 2, "draws 700 instead of 800");
}

#[test]
fn a_killed_sweep_goes_on_from_its_blocks() {
    let folder = folder("sweep-killed");
    let (model, out, calm) =
        (folder.path("entry.det"), folder.path("killed.parquet"), folder.path("calm.parquet"));
    let args = |out: &str| -> Vec<String> {
        ["sweep", &model, "--draws", "3000", "--threads", "1", "-o", out].map(String::from).to_vec()
    };
    let whole = ok(&args(&calm).iter().map(String::as_str).collect::<Vec<_>>());
    let parts = folder.0.join("killed.parquet.parts");
    let count = || fs::read_dir(&parts).map_or(0, |list| list.flatten().count());
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(args(&out))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let started = Instant::now();
    while count() < 3 && started.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(2));
    }
    // SIGKILL: nothing can be tidied up.
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let kept = count();
    assert!(kept >= 3 && !folder.0.join("killed.parquet").exists(), "{kept} parts");
    // A part that was torn, as by a power cut, is computed again.
    let torn = fs::read_dir(&parts).expect("parts").flatten().map(|e| e.path()).max().expect("a part");
    let bytes = fs::read(&torn).expect("a part");
    fs::write(&torn, &bytes[..bytes.len() / 2]).expect("a torn part");
    let again = detente(&args(&out).iter().map(String::as_str).collect::<Vec<_>>());
    assert!(again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("going on from there"));
    assert_eq!(String::from_utf8_lossy(&again.stdout), whole);
    assert_eq!(fs::read(&out).expect("the table"), fs::read(&calm).expect("the table"));
    assert!(!parts.exists());
}

#[test]
fn other_files_and_versions_are_told_apart() {
    let folder = folder("sweep-files");
    let (model, out) = (folder.path("entry.det"), folder.path("sweep.parquet"));
    ok(&["sweep", &model, "--draws", "64", "-o", &out]);
    let bytes = fs::read(&out).expect("the table");
    folder.write("cut.parquet", &bytes[..bytes.len() - 9]);
    folder.write("text.parquet", b"draw,param.f\n0,0.5\n");
    refused(&["merge", &folder.path("cut.parquet")], 1, "the file is cut short: its end is missing");
    refused(&["merge", &folder.path("text.parquet")], 1, "this is not a Parquet file");
    refused(&["merge", &folder.path("none.parquet")], 2, "there is no such file");
    // Another model under the same name of the result.
    let changed = MODEL.replace("uniform(-1, 1)", "uniform(-1, 2)");
    folder.write("entry.det", changed.as_bytes());
    refused(&["sweep", &model, "--draws", "64", "-o", &out], 2, "another version of this model");
    // A part of the folder of another run.
    fs::create_dir(folder.0.join("new.parquet.parts")).expect("a folder");
    folder.write("new.parquet.parts/00000000000000.parquet", &bytes);
    refused(
        &["sweep", &model, "--draws", "64", "-o", &folder.path("new.parquet")],
        2,
        "parts of another run",
    );
}

#[test]
fn selections_stand_beside_the_bounds() {
    let folder = folder("sweep-selections");
    let model = folder.path("entry.det");
    let args = ["sweep", &model, "--draws", "128", "--logit", "3", "--sampler", "random", "--format", "json"];
    let found: serde_json::Value = serde_json::from_str(&ok(&args)).expect("JSON");
    let outcomes = found["summary"]["outcomes"].as_array().expect("outcomes");
    for o in outcomes {
        let number = |path: &str| o.pointer(path).and_then(serde_json::Value::as_f64).expect("a number");
        let (low, high) = (number("/all/low/value"), number("/all/high/value"));
        assert!(low <= number("/uniform/value") && number("/uniform/value") <= high);
        assert!(number("/intuitive/low/value") >= low - 1e-12);
        assert!((0.0..=1.0).contains(&number("/logit/value")));
    }
    let sum: f64 = outcomes.iter().filter_map(|o| o["logit"]["value"].as_f64()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    // A parameter that is set is not drawn.
    let fixed = ok(&["sweep", &model, "--draws", "32", "--set", "f=0.5", "--format", "json"]);
    let fixed: serde_json::Value = serde_json::from_str(&fixed).expect("JSON");
    assert_eq!(fixed["run"]["params"].as_array().map(Vec::len), Some(1));
    refused(
        &["sweep", &model, "--set", "f=0.5", "--set", "s=0.5"],
        2,
        "no parameter of this model is uncertain",
    );
    assert!(root().join("docs/sweep-columns.md").exists());
}
