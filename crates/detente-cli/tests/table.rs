//! `detente bargain` beyond one answer: readings, levers, pictures.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detente(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente")).args(args).output().expect("the program runs")
}

#[test]
fn the_emission_example_has_no_single_answer() {
    let model = root().join("models/councils/emission.det").display().to_string();
    let text = detente(&["bargain", &model, "--variants"]);
    let shown = String::from_utf8_lossy(&text.stdout).into_owned();
    assert_eq!(text.status.code(), Some(0), "{}", String::from_utf8_lossy(&text.stderr));
    assert!(
        shown.contains("This issue has no single answer: the same 10 rows settle anywhere between 4 and"),
        "{shown}"
    );
    let json = detente(&["bargain", &model, "--variants", "--format", "json"]);
    let found: Value = serde_json::from_slice(&json.stdout).expect("one JSON object");
    let readings = found["issues"][0]["readings"].as_array().expect("a list");
    let outcome = |name: &str| {
        let one = readings.iter().find(|r| r["name"] == name).expect("a reading");
        one["outcome"].as_f64().expect("a number")
    };
    // Published or computed from the same ten rows by each account's own rule.
    for (name, years) in [
        ("weighted mean", 7.389956),
        ("weighted median", 7.0),
        ("textbook, Q = 1", 7.0),
        ("textbook, Q = 1/2", 4.0),
        ("spatial model, scale 4 to 10", 6.43),
        ("spatial model, scale 0 to 10", 7.62),
    ] {
        assert!((outcome(name) - years).abs() < 0.01, "{name}: {}", outcome(name));
    }
    assert!(readings.iter().any(|r| r["settled"] == false));
}

#[test]
fn levers_name_the_cheapest_change_by_theory() {
    let model = root().join("models/councils/emission.det").display().to_string();
    let args =
        ["bargain", &model, "--option", "models=mean,median", "--goal", "delay <= 7", "--by", "UK,France"];
    let text = detente(&args);
    let shown = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        shown.starts_with("delay <= 7: cheapest by") && shown.contains("Holds already in median."),
        "{shown}"
    );
    let wrong = detente(&["bargain", &model, "--goal", "speed <= 7"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("delay"));
}

#[test]
fn pictures_of_a_council_have_their_data_beside() {
    let folder = std::env::temp_dir().join(format!("detente-pictures-{}", std::process::id()));
    let model = root().join("models/councils/emission.det").display().to_string();
    let into = folder.display().to_string();
    let done = detente(&["bargain", &model, "--draws", "8", "--pictures", &into]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    for kind in ["positions-delay", "influence-delay", "theories-delay", "gains-1", "pressure"] {
        for ending in ["svg", "csv", "json"] {
            let file = std::path::Path::new(&into).join(format!("europe-{kind}.{ending}"));
            assert!(std::fs::metadata(&file).is_ok_and(|m| m.len() > 40), "{}", file.display());
        }
    }
    std::fs::remove_dir_all(folder).expect("the folder was written");
}
