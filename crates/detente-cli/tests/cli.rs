//! The door: how commands are called, what goes to which stream and file, and with which exit code.

mod support;

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use support::{ENTRY, Folder, code, detente, err, out, root};

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
    let calls: [&[&str]; 13] = [
        &["solve", &file, "--concept", "maxmin=Entrant", "--one"],
        &["solve", &file, "--concept", "ce", "--certificate", &file],
        &["solve", &file, "--concept", "maxmin"],
        &["solve", &file, "--all", "--one"],
        &["ask", &file, "--concept", "ce"],
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
fn the_table_of_concepts_needs_no_game() {
    let table = detente(&["solve", "--concept", "help"]);
    assert_eq!(code(&table), 0, "{}", err(&table));
    let text = out(&table);
    for name in [
        "sequential",
        "spe",
        "nash",
        "pure",
        "qre",
        "quasi-perfect",
        "ce",
        "efce",
        "cce",
        "commit=PLAYER",
        "maxmin=PLAYER",
    ] {
        assert!(text.contains(&format!("\n  {name}\n")), "{name} is missing:\n{text}");
    }
}

#[test]
fn one_careful_equilibrium_comes_with_its_check() {
    let folder = Folder::new("quasi");
    let file = folder.path("entry.efg");
    let found = detente(&["solve", &file, "--concept", "quasi-perfect"]);
    assert_eq!(code(&found), 0, "{}", err(&found));
    let text = out(&found);
    assert!(text.starts_with("exact-some") && text.contains("checked by the referee"), "{text}");
    let json = detente(&["solve", &file, "--concept", "nash", "--one", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!(json["equilibria"].as_array().map(Vec::len), Some(1));
    // The one that is found makes no empty threat: the entrant gets 1, not 0.
    assert_eq!(json["equilibria"][0]["payoffs"]["Entrant"]["exact"], "1", "{json}");
}

#[test]
fn nash_equilibria_of_two_come_with_their_subsets_and_indices() {
    let folder = Folder::new("subsets");
    let file = folder.path("entry.efg");
    let text = out(&detente(&["solve", &file, "--concept", "nash"]));
    assert!(text.contains(": index +1;") && text.contains("The indices sum to +1"), "{text}");
    let json = detente(&["solve", &file, "--concept", "nash", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!(json["nash_sets"]["index_sum"], 1, "{json}");
}

#[test]
fn pure_equilibria_are_all_listed_and_their_absence_is_said() {
    let folder = Folder::new("pure");
    let found = detente(&["solve", &folder.path("entry.efg"), "--concept", "pure", "--format", "json"]);
    assert_eq!(code(&found), 0, "{}", err(&found));
    let json: serde_json::Value = serde_json::from_str(&out(&found)).expect("JSON");
    assert_eq!(json["equilibria"].as_array().map(Vec::len), Some(2), "{json}");
    let pennies = folder.path("pennies.nfg");
    let text = "NFG 1 R \"pennies\" { \"A\" \"B\" } { 2 2 } 1 -1 -1 1 -1 1 1 -1";
    std::fs::write(&pennies, text).expect("a folder of its own");
    let none = detente(&["solve", &pennies, "--concept", "pure"]);
    assert_eq!(code(&none), 0, "{}", err(&none));
    assert!(out(&none).contains("No combination of pure plans is an equilibrium"), "{}", out(&none));
}

#[test]
fn a_tree_is_written_for_latex_by_the_name_of_its_file() {
    let folder = Folder::new("latex");
    let file = folder.path("entry.efg");
    for (name, begins) in [("tree.tex", "\\documentclass"), ("tree.tikz", "% In the preamble")] {
        let to = folder.path(name);
        let output = detente(&["tree", &file, "-o", &to]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let text = std::fs::read_to_string(&to).expect("written");
        assert!(text.starts_with(begins) && text.contains("\\begin{tikzpicture}"), "{text}");
    }
    let printed = detente(&["tree", &file, "--format", "tikz"]);
    assert!(out(&printed).contains("\\end{tikzpicture}"), "{}", err(&printed));
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
