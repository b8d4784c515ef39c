//! The answers: what each command that answers says of a small game, a model, a council or a case.

mod support;

use serde_json::Value;
use std::fs;
use support::{Folder, code, detente, err, out, root, threats};

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
fn the_whole_logit_branch_is_a_table_and_a_picture() {
    let folder = Folder::new("branch");
    let (game, table, plot) = (folder.path("entry.efg"), folder.path("b.csv"), folder.path("b.svg"));
    let o = detente(&["solve", &game, "--concept", "qre", "--branch", &table, "--plot", &plot]);
    assert_eq!(code(&o), 0, "{}", err(&o));
    assert!(out(&o).contains("branch: "), "{}", out(&o));
    let table = fs::read_to_string(&table).expect("a table");
    let mut lines = table.lines();
    assert!(lines.next().is_some_and(|l| l.starts_with("lambda,Entrant.")), "{table}");
    // The incumbent's odds of accommodating are exp(2 lambda).
    for line in lines {
        let cells: Vec<f64> = line.split(',').map(|c| c.parse().expect("a number")).collect();
        assert!((cells[4] - 1.0 / (1.0 + (-2.0 * cells[0]).exp())).abs() < 1e-9, "{line}");
    }
    assert!(fs::read_to_string(&plot).is_ok_and(|svg| svg.starts_with("<svg")));
    let wrong = detente(&["solve", &game, "--concept", "qre", "--branch", &folder.path("b.txt")]);
    assert_eq!(code(&wrong), 2, "{}", err(&wrong));
    let each = detente(&["solve", &game, "--lambda", "Entrant=1,Incumbent=3"]);
    assert!(out(&each).starts_with("certified:") && out(&each).contains("Incumbent 3"), "{}", out(&each));
    let wrong = detente(&["solve", &game, "--lambda", "Entrant=1"]);
    assert!(code(&wrong) == 2 && err(&wrong).contains("Incumbent"), "{}", err(&wrong));
}

#[test]
fn a_profile_of_any_origin_is_measured() {
    let folder = Folder::new("profile");
    let game = folder.path("entry.efg");
    // Staying out because of a threat is an equilibrium; entering against it is not.
    folder.write("p.txt", b"NE,1,0,1,0\n0,1,1,0\n");
    let o = detente(&["verify", &game, "--profile", &folder.path("p.txt")]);
    assert_eq!(code(&o), 0, "{}", err(&o));
    let text = out(&o);
    assert!(text.contains("profile 1: a Nash equilibrium"), "{text}");
    assert!(text.contains("profile 2: no player gains more than 2"), "{text}");
    folder.write("p.txt", b"NE,1,0,1\n");
    let o = detente(&["verify", &game, "--profile", &folder.path("p.txt")]);
    assert!(code(&o) == 1 && err(&o).contains("line 1"), "{}", err(&o));
    assert_eq!(code(&detente(&["verify", &game])), 2);
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
fn levers_and_information_come_with_the_answer_first_and_stand_on_the_page() {
    let folder = Folder::new("levers");
    folder.write("threats.det", &threats());
    let model = folder.path("threats.det");
    let asked = ["levers", &model, "--player", "Rival", "--outcome", "war", "--draws", "20"];
    let output = detente(&asked);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    assert!(text.starts_with("Rival’s strongest lever on war (“Both fight”) is "), "{text}");
    for words in
        ["Less of it is taken as better", "forbid Rival.answer == resist", "best worst case (maximin)"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let wrong = detente(&["levers", &model, "--player", "Nobody", "--outcome", "war"]);
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("there is no player `Nobody`"), "{}", err(&wrong));
    let fixed = detente(&["levers", &model, "--player", "Home", "--outcome", "wars"]);
    assert!(err(&fixed).contains("did you mean `war`?"), "{}", err(&fixed));
    let output = detente(&["voi", &model, "--player", "Rival", "--draws", "60"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    assert!(text.starts_with("Quietly learnt, Home.resolve is worth most to Rival"), "{text}");
    assert!(text.contains("not distinguishable from 0 at N = 60"), "{text}");
    assert!(text.contains("Home.finish on bluff"), "{text}");
    folder.write("case.md", b"# Threats\n\n## Levers\n- Rival on war\n- Rival on nothing\n");
    let page = folder.path("page.html");
    let output = detente(&["report", &folder.path(""), "-o", &page, "--draws", "20"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("`Rival on nothing` under Levers fits no model"), "{}", err(&output));
    let html = fs::read_to_string(&page).expect("the page");
    for words in [
        "What the players could change",
        "Rival’s strongest lever on war",
        "What to wait for",
        "Quietly learnt",
    ] {
        assert!(html.contains(words), "{words}");
    }
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
    assert!(text.contains("True at the base values"), "{text}");
    assert!(text.contains("None is nearer: proven within"), "{text}");
    assert!(text.contains("fight_pays above 2 (base 0): Incumbent is indifferent"), "{text}");
    // With one parameter, uniform from -1 to 4 and at 0, the bar lies at shares 0.2 and 0.6.
    let json = detente(&["flip", &entry, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).expect("one JSON object");
    let distance = json["claims"][0]["joint"]["distance"].as_f64().expect("a distance");
    assert!((distance - (0.253347 + 0.841621)).abs() < 1e-3, "{distance}");
    // A folder is a case: all claims in one table, those that fall first at its top.
    let councils = root().join("models/councils").display().to_string();
    let found = detente(&["flip", &councils]);
    let text = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success() && text.contains("one_answer"), "{text}");
    let empty = root().join("models/concepts").display().to_string();
    assert_eq!(detente(&["flip", &empty]).status.code(), Some(2), "a folder without models");
    let case = root().join("tests/answer/flips").display().to_string();
    let found = detente(&["flip", &case]);
    let text = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let at = |name: &str| text.find(name).unwrap_or_else(|| panic!("{name} in {text}"));
    assert!(at("near: soon") < at("far: late"), "{text}");
    let wrong = detente(&["flip", &entry, "--claim", "holow"]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// The games of `models/concepts` give what their page says.
#[test]
fn other_concepts_give_the_published_answers() {
    let solve = |file: &str, more: &[&str]| {
        let path = root().join("models/concepts").join(file).display().to_string();
        let output = detente(&[&["solve", path.as_str()], more].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    let persuasion = solve("prosecutor.efg", &["--concept", "persuade=Prosecutor"]);
    assert!(persuasion.contains("Prosecutor gets 0.6."), "{persuasion}");
    assert!(persuasion.contains("checked by the referee"));
    let stag = solve("stag-hunt.nfg", &["--concept", "dominance"]);
    assert!(stag.contains("2 Nash equilibria without mixing, 2 of them strict"), "{stag}");
    assert!(stag.contains("products 1 and 49") || stag.contains("products 49 and 1"), "{stag}");
    let weak = solve("own-deviation.efg", &["--concept", "weak-pbe"]);
    let plausible = solve("own-deviation.efg", &["--concept", "plausibility"]);
    assert!(weak.contains("\nE2") && !plausible.contains("\nE2"), "{weak}{plausible}");
    assert!(weak.contains("Definition: ") && plausible.contains("Bonanno 2013"));
    let smaller = solve("own-deviation.efg", &["--reduce"]);
    assert!(smaller.contains("removed: nothing"), "{smaller}");
    let refused = solve("stag-hunt.nfg", &["--concept", "rationalizable"]);
    assert!(refused.starts_with("exact-complete: 4 plans are rationalizable"), "{refused}");
    let tables = solve("four-tables.nfg", &["--concept", "rationalizable"]);
    assert!(tables.contains("7 of them surely are; 1, marked *, may not be"), "{tables}");
    let rounds = solve("in-rounds.efg", &[]);
    let falls = rounds.lines().find(|l| l.contains("D1  ")).expect("a table of refinements");
    assert!(falls.contains("falls") && falls.contains("A (round 2), C (round 1)"), "{rounds}");
    let professor = |concept: &str| solve("job-signal.efg", &["--concept", concept]);
    assert!(professor("efce").contains("6.5") && !professor("ce").contains("6.5"));
}
