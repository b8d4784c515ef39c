//! The command as its users meet it: what is printed where, and with which exit code.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const ENTRY: &str = r#"EFG 2 R "Entry deterrence" { "Entrant" "Incumbent" }
""

p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "stay_out" { 0, 2 }
p "" 2 1 "reply" { "fight" "accommodate" } 0
t "" 2 "fight" { -1, -1 }
t "" 3 "share" { 1, 1 }
"#;

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("detente-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        let folder = Folder(path);
        folder.write("entry.efg", ENTRY.as_bytes());
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("a temporary file");
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        let mut names: Vec<String> =
            entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detente(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente")).args(args).output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_command_has_a_help_with_an_example() {
    let top = out(&detente(&["--help"]));
    let commands: Vec<&str> = top
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .take_while(|l| l.starts_with("  "))
        // Lines that go on with a description are indented further.
        .filter(|l| !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        let help = detente(&[command, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(
            out(&help).contains(&format!("detente {command}")) && out(&help).contains("Example"),
            "{command}"
        );
    }
}

#[cfg(unix)]
#[test]
fn examples_of_the_help_work_when_pasted() {
    let folder = Folder::new("pasted");
    for shown in ["docs", "models", "cases"] {
        // Copied, because some examples write.
        let copied = Command::new("cp").arg("-r").arg(root().join(shown)).arg(&folder.0).status();
        assert!(copied.expect("cp exists").success());
    }
    let mut ran = 0;
    for command in [
        "solve", "verify", "ask", "bargain", "test", "check", "tree", "why", "sees", "convert", "fmt",
        "explain",
    ] {
        let help = out(&detente(&[command, "--help"]));
        let examples = help.lines().skip_while(|l| !l.starts_with("Example:"));
        for line in examples.filter(|l| l.starts_with("  detente ")) {
            let line = line.split("  (").next().unwrap_or(line).trim();
            let pasted = line.replacen("detente", "\"$DETENTE\"", 1);
            let output = Command::new("sh")
                .args(["-c", &pasted])
                .env("DETENTE", env!("CARGO_BIN_EXE_detente"))
                .current_dir(&folder.0)
                .output()
                .expect("a shell");
            assert_eq!(code(&output), 0, "{line}: {}", err(&output));
            ran += 1;
        }
    }
    assert!(ran >= 20, "{ran}");
}

#[test]
fn json_is_one_object_and_options_come_in_any_order() {
    let folder = Folder::new("json");
    let file = folder.path("entry.efg");
    let orders: [&[&str]; 3] = [
        &["solve", &file, "--format", "json", "--concept", "nash"],
        &["solve", "--concept", "nash", "--format=json", &file],
        &["solve", "--format", "json", &file, "--concept=nash"],
    ];
    let mut answers = Vec::new();
    for args in orders {
        let output = detente(args);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let mut json: Value = serde_json::from_slice(&output.stdout).expect("one object");
        json["seconds"] = Value::Null;
        answers.push(json);
    }
    assert!(answers.windows(2).all(|w| w[0] == w[1]));
    assert_eq!(answers[0]["concept"], "nash");
    for output in
        [detente(&["check", &file, "--format", "json"]), detente(&["sees", "--format", "json", &file])]
    {
        let _: Value = serde_json::from_slice(&output.stdout).expect("one object");
        assert!(output.stderr.is_empty(), "{}", err(&output));
    }
}

#[test]
fn the_strength_stands_first_and_the_referee_has_seen_it() {
    let folder = Folder::new("strength");
    let output = detente(&["solve", &folder.path("entry.efg")]);
    let text = out(&output);
    assert!(text.starts_with("exact-complete:"), "{text}");
    assert!(text.contains("checked by the referee"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_proof_is_accepted_and_a_changed_one_is_not() {
    let folder = Folder::new("proof");
    let (game, proof) = (folder.path("entry.efg"), folder.path("proof.json"));
    assert_eq!(code(&detente(&["solve", &game, "--certificate", &proof])), 0);
    let good = detente(&["verify", &game, &proof]);
    assert_eq!(code(&good), 0, "{}", err(&good));
    assert!(out(&good).starts_with("accepted: exact-complete"));
    let text = fs::read_to_string(&proof).expect("the proof");
    let changed = text.replace("\"exact-complete\"", "\"numeric\"").replacen("\"1\"", "\"1/2\"", 1);
    folder.write("bad.json", changed.as_bytes());
    let bad = detente(&["verify", &game, &folder.path("bad.json"), "--format", "json"]);
    assert_eq!(code(&bad), 1);
    let json: Value = serde_json::from_slice(&bad.stdout).expect("one object");
    assert_eq!(json["accepted"], false);
    let words = detente(&["verify", &game, &folder.path("bad.json")]);
    assert_eq!(code(&words), 1);
    assert!(out(&words).starts_with("rejected: "), "{}", out(&words));
    assert_eq!(out(&words).lines().count(), 1, "nothing else is claimed: {}", out(&words));
    // The cells of every listed equilibrium are struck out; the rest is as it was.
    let mut struck: Value = serde_json::from_str(&text).expect("a proof");
    let stages = struck["certificate"]["stages"].as_array_mut().expect("stages");
    stages.iter_mut().for_each(|stage| stage["components"] = serde_json::json!([]));
    folder.write("struck.json", struck.to_string().as_bytes());
    let struck = detente(&["verify", &game, &folder.path("struck.json")]);
    assert_eq!(code(&struck), 1);
    assert!(out(&struck).starts_with("rejected: "), "{}", out(&struck));
    folder.write("none.json", b"{\"a\": [");
    let none = detente(&["verify", &game, &folder.path("none.json")]);
    assert_eq!(code(&none), 1);
    assert!(err(&none).contains("this is no proof"), "{}", err(&none));
}

#[test]
fn a_quantal_response_is_certified_and_replayed() {
    let folder = Folder::new("quantal");
    let (game, proof) = (folder.path("entry.efg"), folder.path("proof.json"));
    let solved = detente(&[
        "solve",
        &game,
        "--concept",
        "qre",
        "--lambda",
        "1.1",
        "--format",
        "json",
        "--certificate",
        &proof,
    ]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    let json: Value = serde_json::from_slice(&solved.stdout).expect("one object");
    assert_eq!((&json["status"], &json["lambda"]["exact"]), (&"certified".into(), &"11/10".into()));
    // The incumbent's odds of accommodating are exp(1.1 * 2).
    let reply = &json["equilibria"][0]["profile"][1]["actions"]["accommodate"];
    let (value, radius) = (reply["value"].as_f64().expect("a value"), reply["radius"].as_f64());
    assert!(radius.is_some_and(|r| r <= 1e-9), "{reply}");
    assert!((value - 1.0 / (1.0 + (-2.2f64).exp())).abs() <= radius.unwrap_or(0.0) + 1e-15, "{reply}");
    assert_eq!(code(&detente(&["verify", &game, &proof])), 0);
    let text = fs::read_to_string(&proof).expect("the proof");
    folder.write("bad.json", text.replace("\"11/10\"", "\"12/10\"").as_bytes());
    let bad = detente(&["verify", &game, &folder.path("bad.json")]);
    assert_eq!(code(&bad), 1, "{}", out(&bad));
    let shown = out(&detente(&["solve", &game, "--lambda", "1.1"]));
    assert!(shown.starts_with("certified:") && shown.contains("checked by the referee"), "{shown}");
}

#[test]
fn a_weaker_concept_out_of_time_lists_what_is_sequential() {
    let escalation = root().join("cases/europe-2022/s4-escalation.det");
    let path = escalation.to_str().expect("a path");
    let output = detente(&["solve", path, "--concept", "nash", "--time-limit", "0.2", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let json: Value = serde_json::from_slice(&output.stdout).expect("one object");
    if json["status"] != "exact-complete" {
        assert_eq!(json["status"], "exact-some");
        assert!(json["unresolved"].as_array().is_some_and(|list| !list.is_empty()));
    }
    assert!(json["equilibria"].as_array().is_some_and(|list| !list.is_empty()));
}

#[test]
fn one_equilibrium_is_listed_where_one_was_asked_for() {
    // A search by cases comes upon several at once in this game.
    let ladder = root().join("models/crises/escalation-ladder.det").display().to_string();
    let o = detente(&["solve", &ladder, "--one", "--time-limit", "60", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&o)).expect("one object");
    assert_eq!(json["equilibria"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["status"], "exact-some");
    assert!(json["unresolved"].as_array().is_some_and(|open| !open.is_empty()));
}

#[test]
fn what_cannot_be_read_is_said_with_the_reason() {
    let folder = Folder::new("read");
    let missing = detente(&["solve", &folder.path("none.efg")]);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("there is no such file") && err(&missing).contains("help:"));
    let is_folder = detente(&["solve", &folder.path("")]);
    assert_eq!(code(&is_folder), 2);
    folder.write("bytes.efg", b"EFG 2 R\n\xff\xfe");
    let bytes = detente(&["solve", &folder.path("bytes.efg")]);
    assert_eq!(code(&bytes), 1);
    assert!(err(&bytes).contains("line 2"), "{}", err(&bytes));
    folder.write("broken.efg", b"EFG 2 R \"x\" { \"A\" }\np \"\" 1");
    let broken = detente(&["solve", &folder.path("broken.efg"), "--format", "json"]);
    assert_eq!(code(&broken), 1);
    assert!(err(&broken).contains("line 2") && broken.stdout.is_empty(), "{}", err(&broken));
}

#[test]
fn a_wrong_call_is_code_two() {
    let folder = Folder::new("call");
    let file = folder.path("entry.efg");
    let calls: [&[&str]; 8] = [
        &[],
        &["solve"],
        &["nothing"],
        &["solve", &file, "--concept", "perfect"],
        &["solve", &file, "--set", "q"],
        &["solve", &file, "--set", "q=1"],
        &["solve", &file, "--time-limit", "-1"],
        &["explain", "no-such-page"],
    ];
    for args in calls {
        let output = detente(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn a_picture_is_written_whole_and_nothing_else() {
    let folder = Folder::new("tree");
    let file = folder.path("entry.efg");
    let svg = folder.path("tree.svg");
    let output = detente(&["tree", &file, "-o", &svg]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(output.stdout.is_empty());
    let text = fs::read_to_string(&svg).expect("the picture");
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    assert_eq!(folder.names(), ["entry.efg", "tree.svg"]);
    let unknown = detente(&["tree", &file, "--equilibrium", "E9"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("E1 to E1"));
}

#[test]
fn a_file_that_cannot_be_replaced_stays_whole() {
    let folder = Folder::new("keep");
    let file = folder.path("entry.efg");
    fs::create_dir(folder.0.join("taken")).expect("a folder");
    let taken = detente(&["tree", &file, "-o", &folder.path("taken")]);
    assert_eq!(code(&taken), 2);
    assert!(err(&taken).contains("cannot write"));
    let nowhere = detente(&["tree", &file, "-o", &folder.path("no/such/place.svg")]);
    assert_eq!(code(&nowhere), 2);
    folder.write("old.svg", b"old");
    let bad = detente(&["tree", &folder.path("none.efg"), "-o", &folder.path("old.svg")]);
    assert_eq!(code(&bad), 2);
    assert_eq!(fs::read(folder.0.join("old.svg")).expect("the old file"), b"old");
    assert_eq!(folder.names(), ["entry.efg", "old.svg", "taken"]);
}

#[test]
fn a_full_disk_is_an_error_and_not_a_crash() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let folder = Folder::new("full");
    let file = folder.path("entry.efg");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["solve", &file])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("the disk is full"), "{}", err(&output));
    for args in [&["--help"][..], &["solve", "--help"], &["explain"], &["check", &file]] {
        let full = fs::File::options().write(true).open("/dev/full").expect("the device");
        let output = Command::new(env!("CARGO_BIN_EXE_detente")).args(args).stdout(full).output();
        let output = output.expect("the program starts");
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(err(&output).contains("the disk is full"), "{}", err(&output));
    }
    let device = detente(&["tree", &file, "-o", "/dev/full"]);
    assert_eq!(code(&device), 2);
    assert!(err(&device).contains("the disk is full"), "{}", err(&device));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new("pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["tree", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    child.stdin.take().expect("a pipe").write_all(ENTRY.as_bytes()).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    drop(folder);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_code_130() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["solve", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    // The program waits for its input, which stays open; give it time to set up its handler.
    let input = child.stdin.take();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill exists");
    assert!(status.success());
    assert_eq!(child.wait().expect("the program ends").code(), Some(130));
    drop(input);
}

#[test]
fn formats_change_into_each_other() {
    let folder = Folder::new("convert");
    let (file, json) = (folder.path("entry.efg"), folder.path("entry.json"));
    assert_eq!(code(&detente(&["convert", &file, "-o", &json])), 0);
    let back = detente(&["convert", &json, "--to", "efg"]);
    assert!(out(&back).starts_with("EFG 2 R \"Entry deterrence\""), "{}", err(&back));
    assert!(out(&detente(&["convert", &file, "--to", "nfg"])).starts_with("NFG 1 R"));
    assert_eq!(code(&detente(&["convert", &file])), 2);
}

#[test]
fn the_formatter_says_what_would_change_and_then_changes_it() {
    let folder = Folder::new("fmt");
    folder.write("loose.det", b"game   \"x\"\nplayers A,B\n");
    let file = folder.path("loose.det");
    let check = detente(&["fmt", "--check", &file]);
    assert_eq!(code(&check), 1);
    assert!(err(&check).contains("would change"), "{}", err(&check));
    assert_eq!(code(&detente(&["fmt", &file])), 0);
    assert_eq!(code(&detente(&["fmt", "--check", &file])), 0);
    folder.write("broken.det", b"game \"x\nplay {");
    let before = fs::read(folder.0.join("broken.det")).expect("the file");
    let broken = detente(&["fmt", &folder.path("broken.det")]);
    assert_eq!(code(&broken), 1);
    assert_eq!(fs::read(folder.0.join("broken.det")).expect("the file"), before);
}

#[test]
fn a_model_with_errors_is_reported_whole() {
    let folder = Folder::new("check");
    folder.write(
        "bad.det",
        b"game \"x\"\nplayers A\nplay {\n  A chooses go { stay => end nowhere\n leave }\n}\n",
    );
    let text = detente(&["check", &folder.path("bad.det")]);
    assert_eq!(code(&text), 1);
    assert!(err(&text).contains("error[") && text.stdout.is_empty(), "{}", err(&text));
    let json = detente(&["check", "--format", "json", &folder.path("bad.det")]);
    assert_eq!(code(&json), 1);
    let json: Value = serde_json::from_slice(&json.stdout).expect("one object");
    assert!(json["errors"].as_u64() > Some(0));
}

/// The README's model, with a claim and a test that fail.
fn threats() -> Vec<u8> {
    let first = fs::read_to_string(root().join("docs/first.det")).expect("the first model");
    let more = r#"
ask bluffing "Is it a bluff?" = prob(Home.resolve == weak given Home.message == threat as evidence)
claim peace "War is out of the question" assumed "x" = prob(war) < 0.05
test "a wrong number" {
  expect prob(Home.resolve == weak do Home.message == threat) near 1 / 3 within 0.0001
}
"#;
    format!("{first}{more}").into_bytes()
}

#[test]
fn questions_and_claims_are_answered_and_strict_counts_failures() {
    let folder = Folder::new("ask");
    folder.write("threats.det", &threats());
    let file = folder.path("threats.det");
    let output = detente(&["ask", &file, "--format", "json", "--draws", "40"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let json: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(json["asks"][1]["low"]["exact"], "1/3");
    assert_eq!(json["claims"][1]["columns"][0]["class"], "false-in-all");
    assert_eq!(json["study"]["draws"], 40);
    let text = out(&detente(&["ask", &file]));
    for words in ["bluffing", "true in all", "false in all", "evidence on bluff", "Bayes factor 1/3"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(code(&detente(&["ask", &file, "--strict"])), 1);
    assert_eq!(code(&detente(&["ask", &file, "speaks", "--strict"])), 0);
    assert_eq!(code(&detente(&["ask", &file, "nothing"])), 2);
}

#[test]
fn tests_of_a_model_pass_or_fail_with_what_was_found() {
    let folder = Folder::new("test");
    folder.write("threats.det", &threats());
    let output = detente(&["test", &folder.path("threats.det")]);
    assert_eq!(code(&output), 1);
    let text = out(&output);
    assert!(text.contains("pass") && text.contains("FAIL") && text.contains("found 0.6"), "{text}");
    assert!(text.contains("1 failed, 1 passed"), "{text}");
}

#[test]
fn a_choice_is_explained() {
    let folder = Folder::new("why");
    folder.write("threats.det", &threats());
    let output = detente(&["why", &folder.path("threats.det"), "Rival.answer"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    for words in ["Rival knows Home.message == threat", "believes Home.resolve", "earn the same"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(code(&detente(&["why", &folder.path("threats.det"), "Rival.replies"])), 2);
}

#[test]
fn a_case_becomes_one_page() {
    let folder = Folder::new("report");
    folder.write("threats.det", &threats());
    folder
        .write("case.md", b"# Threats at home\n\nDo they speak?\n\n## What this model leaves out\nOthers.\n");
    let page = folder.path("page.html");
    let output = detente(&["report", &folder.path(""), "-o", &page, "--draws", "30"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).starts_with("Threats at home"), "{}", out(&output));
    let html = fs::read_to_string(&page).expect("the page");
    for words in ["Do they speak?", "<svg ", "Others.", "Bayes factor", "exact-complete"] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("src="), "nothing is asked from outside");
    let empty = Folder::new("report-empty");
    fs::remove_file(empty.0.join("entry.efg")).expect("the file");
    assert_eq!(code(&detente(&["report", &empty.path("")])), 2);
}

#[test]
fn a_bottom_line_that_no_longer_fits_is_reported() {
    let folder = Folder::new("bottom-line");
    folder.write("threats.det", &threats());
    folder.write("case.md", b"# Threats\n\n## Bottom line\n- Much. [nobody]\n");
    let output = detente(&["report", &folder.path(""), "-o", &folder.path("p.html"), "--draws", "5"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        err(&output).contains("the bottom line speaks of `nobody`, which no model has"),
        "{}",
        err(&output)
    );
}

#[test]
fn the_tests_of_a_folder_run() {
    let folder = Folder::new("test-folder");
    let none = detente(&["test", &folder.path("")]);
    assert_eq!(code(&none), 2);
    assert!(err(&none).contains("holds no model"), "{}", err(&none));
    folder.write("threats.det", &threats());
    let output = detente(&["test", &folder.path(""), "--format", "json"]);
    // That model states a wrong number on purpose.
    assert_eq!(code(&output), 1, "{}", err(&output));
    let json: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(json["files"].as_array().map(Vec::len), Some(1));
}

#[test]
fn times_come_with_the_strength() {
    let folder = Folder::new("bench");
    let output = detente(&["bench", &folder.path(""), "--repeat", "1", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let json: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(json["games"][0]["status"], "exact-complete");
    assert_eq!(code(&detente(&["bench", &folder.path("nothing")])), 2);
}

#[test]
fn a_council_is_answered_by_every_theory_and_is_no_game() {
    let folder = Folder::new("bargain");
    folder.write(
        "talks.csv",
        b"Tax,,2,1,\nActor,Description,Power,Rate,Rate salience,\nNorth,,30,90,50,\nSouth,,10,10,50,\n",
    );
    let csv = folder.path("talks.csv");
    let json = detente(&["bargain", &csv, "--option", "models=mean,median", "--format", "json"]);
    assert_eq!(json.status.code(), Some(0), "{}", String::from_utf8_lossy(&json.stderr));
    let found: Value = serde_json::from_slice(&json.stdout).expect("one JSON object");
    // Mean: (30 * 90 + 10 * 10) / 40; the median is where more than half of the weight stands.
    assert_eq!(found["councils"][0]["issues"][0]["settlements"], serde_json::json!([70.0, 90.0]));
    let wrong = detente(&["bargain", &csv, "--option", "voting=often"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("prop_bin"));
    let model = root().join("cases/plan-b-2024/s12-cohesion.det").display().to_string();
    let game = detente(&["solve", &model]);
    assert_eq!(game.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&game.stderr).contains("detente bargain"));
}

#[test]
fn thresholds_are_exact_and_say_who_is_indifferent() {
    let first = root().join("docs/first.det").display().to_string();
    let found = detente(&["thresholds", &first, "--param", "q", "--from", "0.1", "--to", "0.9"]);
    let text = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    assert!(text.contains("exact-complete: The set of sequential equilibria changes at one value"), "{text}");
    assert!(text.contains("q = 2/3: Rival is indifferent between concede and resist"), "{text}");
    let wrong = detente(&["thresholds", &first, "--param", "qq"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `q`?"));
    let empty = detente(&["thresholds", &first, "--param", "q", "--from", "0.9", "--to", "0.1"]);
    assert_eq!(empty.status.code(), Some(2));
}

#[test]
fn flips_name_the_nearest_change_and_who_is_indifferent() {
    let entry = root().join("models/classics/entry-deterrence.det").display().to_string();
    let found = detente(&["flip", &entry, "--claim", "hollow"]);
    let text = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    assert!(text.contains("holds at the base values"), "{text}");
    assert!(text.contains("fight_pays above 2 (base 0): Incumbent is indifferent"), "{text}");
    // With one parameter, uniform from -1 to 4 and at 0, the bar lies at shares 0.2 and 0.6.
    let json = detente(&["flip", &entry, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).expect("one JSON object");
    let distance = json["claims"][0]["joint"]["distance"].as_f64().expect("a distance");
    assert!((distance - (0.253347 + 0.841621)).abs() < 1e-3, "{distance}");
    let wrong = detente(&["flip", &entry, "--claim", "holow"]);
    assert_eq!(wrong.status.code(), Some(2));
}
