//! Councils on the command line: scenario files in and out, options, and what is wrong with a table.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A file of its own for one test, removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> File {
        let path = std::env::temp_dir().join(format!("detente-council-{}-{name}", std::process::id()));
        fs::write(&path, text).expect("a temporary file");
        File(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path in letters")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn detente(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente")).args(args).output().expect("the program starts")
}

fn good(args: &[&str]) -> String {
    let output = detente(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The error stream of a command that must fail.
fn bad(args: &[&str]) -> String {
    let output = detente(args);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{args:?}: {:?}", output.status);
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Settlements by theory and issue; none may be missing unless the theory says why.
fn settlements(args: &[&str]) -> Vec<(String, Vec<Option<f64>>, Option<String>)> {
    let mut all = vec!["bargain", "--format", "json"];
    all.extend(args);
    let found: Value = serde_json::from_str(&good(&all)).expect("one object");
    let council = &found["councils"][0];
    let theories = council["theories"].as_array().expect("theories");
    let issues = council["issues"].as_array().expect("issues");
    theories
        .iter()
        .enumerate()
        .map(|(at, theory)| {
            let places = issues.iter().map(|i| i["settlements"][at].as_f64()).collect();
            let word = theory["word"].as_str().expect("a word").to_string();
            (word, places, theory["problem"].as_str().map(str::to_string))
        })
        .collect()
}

const TABLE: &str = "Water,\"A test, no more\",3,2,\nActor,Description,Power,Pace,Sal,Price cap,Sal,\n\
    North,Upstream,100,75,50,6,5,\nSouth bank,,50,82,30,73,21,\nEast,East,20,0,0,100,100,\n";

const TREE: &str = "<?xml version=\"1.0\"?>
<Scenario><name>Water &amp; power</name><desc>A test</desc><prngSeed>9507583219545544127</prngSeed>
  <ModelParameters><PCEModel>MarkovIncentive</PCEModel><VotingRule>Cubic</VotingRule>
    <StateTransitions>Stochastic</StateTransitions><BigRAdjust>Half</BigRAdjust></ModelParameters>
  <Dimensions><dName>Pace</dName></Dimensions>
  <Actors>
    <Actor><name>North</name><description>One</description><capability>117.7</capability>
      <Position><dCoord>52.8</dCoord></Position><Salience><dSal>32.3</dSal></Salience></Actor>
    <Actor><name>South bank</name><description/><capability>93.2</capability>
      <Position><dCoord>15.9</dCoord></Position><Salience><dSal>25.2</dSal></Salience></Actor>
    <Actor><name>not</name><description/><capability>50</capability>
      <Position><dCoord>88</dCoord></Position><Salience><dSal>60</dSal></Salience></Actor>
  </Actors>
  <IdealAdjustment>
    <iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>North</referencePos><adjust>0.87</adjust></iaPair>
    <iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>South bank</referencePos><adjust>0.1</adjust></iaPair>
  </IdealAdjustment>
</Scenario>
";

#[test]
fn scenarios_become_models_and_models_scenarios() {
    // Chances fall by the names of actors, and a name may become another word; hence no chances here.
    let tree = TREE.replace("Stochastic", "Deterministic");
    for (name, text) in [("round.csv", TABLE), ("round.xml", &tree)] {
        let ending = name.rsplit('.').next().expect("an ending");
        let scenario = File::new(name, text);
        let model = File::new(&format!("{name}.det"), &good(&["convert", scenario.path(), "--to", "det"]));
        good(&["check", model.path()]);
        good(&["fmt", model.path()]);
        good(&["check", model.path()]);
        // The model says the same numbers and the same choices as the scenario.
        let (of_scenario, of_model) = (settlements(&[scenario.path()]), settlements(&[model.path()]));
        assert_eq!(of_scenario, of_model);
        let back = File::new(&format!("back-{name}"), &good(&["convert", model.path(), "--to", ending]));
        assert_eq!(settlements(&[back.path()]), of_scenario);
        // From there on nothing changes any more.
        let again = good(&["convert", back.path(), "--to", "det"]);
        let again = File::new(&format!("again-{name}.det"), &again);
        assert_eq!(
            good(&["convert", again.path(), "--to", ending]),
            fs::read_to_string(&back.0).expect("text")
        );
    }
}

#[test]
fn names_descriptions_choices_and_seed_survive() {
    let scenario = File::new("names.xml", TREE);
    let model = good(&["convert", scenario.path(), "--to", "det"]);
    for line in [
        "council Water___power \"Water & power\" {",
        "actor North \"One\"",
        "actor South_bank \"South bank\"",
        "actor actor_not \"not\"",
        "option voting = cubic",
        "option election = markov_incentive",
        "option risk_adjust = half",
        "option transition = stochastic",
        "option affinity = North, North, 0.87, North, South_bank, 0.1",
    ] {
        assert!(model.contains(line), "{line} is not in\n{model}");
    }
    let model = File::new("names.det", &model);
    let back = good(&["convert", model.path(), "--to", "xml"]);
    for part in [
        "<name>South bank</name>",
        "<name>not</name>",
        "<VotingRule>Cubic</VotingRule>",
        "<desc>A test</desc>",
    ] {
        assert!(back.contains(part), "{part} is not in\n{back}");
    }
    // What the file asks for is said, and the command line may say otherwise.
    let note = detente(&["bargain", scenario.path()]).stderr;
    assert!(String::from_utf8_lossy(&note).contains("voting=cubic"));
    let plain = settlements(&[scenario.path(), "--option", "models=spatial"]);
    let other = settlements(&[scenario.path(), "--option", "models=spatial", "--option", "voting=binary"]);
    assert_ne!(plain, other);
    let loss = detente(&["convert", model.path(), "--to", "csv"]).stderr;
    assert!(String::from_utf8_lossy(&loss).contains("CSV has no place for voting"));
    let error = bad(&["convert", scenario.path(), "--to", "efg"]);
    assert!(error.contains("positions and no moves"), "{error}");
    assert!(bad(&["solve", scenario.path()]).contains("a council and no game"));
}

#[test]
fn two_sides_bargain_where_they_are_named() {
    let scenario = File::new("sides.csv", TABLE);
    let option = |text: &'static str| ["--option", text];
    let mut args = vec![scenario.path()];
    let models = option("models=mean,nash,kalai_smorodinsky");
    let sides = [option("side_a=North"), option("side_b=South bank,East"), option("no_agreement=50,50")];
    args.extend(models);
    args.extend(sides[0]);
    args.extend(sides[1]);
    let error = bad(&[&["bargain"], &args[..]].concat());
    assert!(error.contains("`no_agreement` is missing"), "{error}");
    args.extend(sides[2]);
    let found = settlements(&args);
    let words: Vec<&str> = found.iter().map(|(word, ..)| word.as_str()).collect();
    assert_eq!(words, ["mean", "nash", "kalai_smorodinsky"]);
    assert!(found.iter().all(|(_, places, problem)| problem.is_none() && places.iter().all(Option::is_some)));
    let list = good(&["bargain", "--list-options"]);
    assert!(list.contains("eu_denominator") && list.contains("this_pair, all_pairs"));
}

#[test]
fn small_and_even_tables_have_answers() {
    let one = "T,,1,1,\nActor,D,Power,Pace,Sal,\nNorth,,10,30,50,\n";
    let equal = "T,,3,1,\nActor,D,Power,Pace,Sal,\nA,,10,30,50,\nB,,20,30,50,\nC,,5,30,10,\n";
    let idle = "T,,2,1,\nActor,D,Power,Pace,Sal,\nA,,10,20,0,\nB,,10,40,0,\n";
    for (name, text, places) in
        [("one.csv", one, 30.0..=30.0), ("equal.csv", equal, 30.0..=30.0), ("idle.csv", idle, 20.0..=40.0)]
    {
        let file = File::new(name, text);
        let found = settlements(&[file.path()]);
        assert_eq!(found.len(), 8);
        for (word, settled, problem) in found {
            assert_eq!(problem, None, "{name}, {word}");
            let place = settled[0].unwrap_or_else(|| panic!("{name}: {word} has no place"));
            assert!(
                places.contains(&place) || (place - places.start()).abs() < 1e-9,
                "{name}, {word}: {place}"
            );
        }
        good(&["bargain", file.path(), "--trace"]);
    }
}

#[test]
fn a_thousand_actors_are_answered_by_whoever_can() {
    let mut text = String::from("T,,1000,1,\nActor,D,Power,Pace,Sal,\n");
    (0..1000).for_each(|k| text.push_str(&format!("A{k},,1,{},50,\n", k % 101)));
    let file = File::new("many.csv", &text);
    let found =
        settlements(&[file.path(), "--option", "models=mean,median,eu_sure,spatial,exchange", "--trace"]);
    assert!(found[0].1[0].is_some() && found[1].1[0].is_some());
    for (word, places, problem) in &found[2..] {
        assert_eq!(places[0], None, "{word}");
        assert!(
            problem.as_ref().is_some_and(|p| p.contains("1000 actors are too many")),
            "{word}: {problem:?}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_its_line() {
    let head = "T,,2,1,\nActor,D,Power,Pace,Sal,\n";
    for (name, rows, line, words) in [
        (
            "nan.csv",
            "A,,10,NaN,50,\nB,,10,20,50,\n",
            3,
            "the position on `Pace` of actor `A` is `NaN`, not a number",
        ),
        ("text.csv", "A,,10,20,50,\nB,,much,20,50,\n", 4, "the power of actor `B` is `much`, not a number"),
        ("short.csv", "A,,10,20,50,\nB,,10,20,\n", 4, "an actor's line has 5 entries, this one 4"),
        ("off.csv", "A,,10,120,50,\nB,,10,20,50,\n", 3, "outside its scale from 0 to 100"),
        ("twice.csv", "A,,10,20,50,\nA,,10,20,50,\n", 4, "actor `A` stands twice"),
        ("sum.csv", "A,,10,20,50,\nB,,10,20,101,\n", 4, "is 101; it must lie between 0 and 100"),
        ("inf.csv", "A,,inf,20,50,\nB,,10,20,50,\n", 3, "`inf`, not a number"),
    ] {
        let file = File::new(name, &format!("{head}{rows}"));
        let error = bad(&["bargain", file.path()]);
        assert!(error.contains(words), "{name}: {error}");
        assert!(error.contains(&format!("line {line}")), "{name}: {error}");
        assert!(bad(&["convert", file.path(), "--to", "det"]).contains(words), "{name}");
    }
    let columns = File::new("columns.csv", "T,,1,2,\nActor,D,Power,Pace,Sal,\nA,,10,20,50,\n");
    assert!(bad(&["bargain", columns.path()]).contains("line 2: 2 issues need 4 columns"));
    let powerless = File::new("powerless.csv", &format!("{head}A,,0,20,50,\nB,,10,20,50,\n"));
    good(&["bargain", powerless.path()]);
    assert!(bad(&["convert", powerless.path(), "--to", "det"]).contains("actor `A` has capability 0"));
    let tree = File::new("nan.xml", &TREE.replace("<dCoord>88</dCoord>", "<dCoord>nan</dCoord>"));
    let error = bad(&["bargain", tree.path()]);
    assert!(error.contains("the position on `Pace` of actor `not` is `nan`"), "{error}");
    assert!(error.contains("line 12"), "{error}");
}

#[test]
fn models_say_where_a_table_is_wrong() {
    let model = |position: &str, salience: &str| {
        format!(
            "council talks {{\n  issue tax scale 0 \"none\" to 100 \"all\"\n  actor A\n  actor B\n  capability assumed \"x\" =\n    \
             | A | 30 |\n    | B | 10 |\n  position assumed \"x\" =\n    | A | {position} |\n    | B | 20 |\n  \
             salience assumed \"x\" =\n    | A | {salience} |\n    | B | 0.5 |\n}}\n"
        )
    };
    for (name, text, words) in [
        ("nan.det", model("NaN", "0.5"), ":9:"),
        ("none.det", model("1 / 0", "0.5"), ":9:"),
        ("word.det", model("\"much\"", "0.5"), ":9:"),
        ("off.det", model("120", "0.5"), "leaves the scale"),
        ("salience.det", model("12", "50"), "parts of 1"),
    ] {
        let file = File::new(name, &text);
        let error = bad(&["bargain", file.path()]);
        assert!(error.contains(words), "{name}: {error}");
    }
    let idle = File::new("idle.det", &model("80", "0").replace("| B | 0.5 |", "| B | 0 |"));
    assert!(settlements(&[idle.path()]).iter().all(|(_, places, _)| places[0].is_some()));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_draws_with_code_130() {
    let case = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/europe-2022/s6-settlement.det");
    let child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["bargain", case.to_str().expect("a path in letters"), "--draws", "10000000"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill exists");
    assert!(status.success());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(130), 0));
}

/// A scenario file is studied, and read in all published ways, like a model.
#[test]
fn scenario_files_are_studied_too() {
    for (name, text) in [("studied.csv", TABLE), ("studied.xml", TREE)] {
        let file = File::new(name, text);
        let study = good(&["bargain", file.path(), "--study"]);
        assert!(study.contains("Settles at") && study.contains("Single changes"), "{study}");
        let variants = good(&["bargain", file.path(), "--variants"]);
        assert!(variants.contains("Each reading by its own rule"), "{variants}");
    }
}

/// A coalition is named on the command line, and what is set stays set in every draw.
#[test]
fn studies_take_a_coalition_and_values() {
    let case = |name: &str| format!("{}/../../cases/{name}", env!("CARGO_MANIFEST_DIR"));
    let cohesion = case("plan-b-2024/s12-cohesion.det");
    let few = ["--study", "--draws", "20"];
    let text = good(&[&["bargain", &cohesion, "--coalition", "US,Germany"], &few[..]].concat());
    assert!(text.contains("US, Germany hold") && text.contains("Weakest link now"), "{text}");
    assert!(
        bad(&[&["bargain", &cohesion, "--coalition", "US,Nobody"], &few[..]].concat()).contains("`Nobody`")
    );
    let settlement = case("europe-2022/s6-settlement.det");
    let held = good(&[&["bargain", &settlement, "--set", "exposure=20"], &few[..]].concat());
    assert!(!held.contains("(exposure)"), "a number that is set moves nothing: {held}");
}
