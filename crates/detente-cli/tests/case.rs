//! The case as its readers meet it: what the page says of a claim can be tried, and is so.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn case() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/europe-2022")
}

fn detente(args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_detente")).args(args).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one object")
}

/// The class of a claim over all equilibria at the values given.
fn class(model: &Path, claim: &str, values: &[String]) -> Value {
    let file = model.display().to_string();
    let mut args = vec!["ask", &file, claim, "--format", "json"];
    args.extend(values.iter().flat_map(|v| ["--set", v.as_str()]));
    let answer = json(&detente(&args));
    assert_eq!(answer["claims"][0]["strength"], "exact-complete", "{claim}");
    answer["claims"][0]["columns"][0]["class"].clone()
}

/// Reads the values back from the very words that are printed, and solves there anew.
#[test]
fn every_claim_is_false_where_the_page_says_so() {
    let case = case();
    let page = std::env::temp_dir().join(format!("detente-case-{}.html", std::process::id()));
    let (folder, file) = (case.display().to_string(), page.display().to_string());
    let output = detente(&["report", &folder, "-o", &file, "--draws", "20", "--format", "json"]);
    let _ = std::fs::remove_file(&page);
    // With few draws every verdict is open, so only the references are asked for here.
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!words.contains("no model has") && !words.contains("several models"), "{words}");
    let report = json(&output);
    let claims = report["claims"].as_array().expect("a list");
    // The answer, at most six judgments, and a sentence for each council fit one screen.
    let count = |what: &str| report[what].as_array().expect("a list").len();
    assert!(claims.len() >= 20 && count("judgments") <= 7 + count("councils"));
    for claim in claims {
        let name = claim["name"].as_str().expect("a name");
        let said = claim["would_change"].as_str().expect("a sentence");
        let said = said.trim_end_matches('.');
        // At the base values nothing is changed, so nothing is listed.
        let (place, values) = said.split_once(": ").unwrap_or((said, ""));
        assert_eq!(values.is_empty(), place.contains("at the base values"), "{name}: {said}");
        assert!(!place.contains("outside the ranges"), "{name}: {said}");
        let values = values.split(", ").filter(|v| !v.is_empty());
        let values: Vec<String> = values.map(|v| v.replace(' ', "")).collect();
        let model = case.join(claim["model"].as_str().expect("a model")).with_extension("det");
        let found = class(&model, name, &values);
        match place.ends_with("in every equilibrium") {
            true => assert_eq!(found, "false-in-all", "{name}: {said}"),
            false => assert!(found == "false-in-all" || found == "true-in-some", "{name}: {said}"),
        }
    }
}
