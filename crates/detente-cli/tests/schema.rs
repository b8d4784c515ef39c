//! What the commands print as JSON fits the published schemas.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a command in the project's folder and checks what it prints against a schema.
fn fits(schema: &str, args: &[&str]) {
    let path = root().join(format!("docs/schema/{schema}.schema.json"));
    let text = std::fs::read_to_string(path).expect("the schema is part of the repository");
    let value = serde_json::from_str(&text).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&value).expect("the schema is a schema");
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(args)
        .args(["--format", "json"])
        .current_dir(root())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let problems: Vec<String> =
        validator.iter_errors(&found).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(problems.is_empty(), "{args:?}: {problems:#?}");
    // A schema that takes anything would be worth nothing.
    let mut more = found;
    more["something_else"] = serde_json::Value::Null;
    assert!(!validator.is_valid(&more));
}

#[test]
fn answers_fit() {
    for model in ["s2-two-aims", "s5-enlargement"] {
        fits("answers", &["ask", &format!("cases/europe-2022/{model}.det"), "--draws", "6"]);
    }
    fits("answers", &["ask", "models/classics/beer-quiche.det"]);
}

/// A logit branch: in the answer, and in the file beside it.
#[test]
fn branches_fit() {
    let file = std::env::temp_dir().join(format!("detente-branch-{}.json", std::process::id()));
    let path = file.to_str().expect("a path");
    fits("solution", &["solve", "docs/first.det", "--lambda", "Home=2,Rival=5", "--branch", path]);
    let read = |name: &str| -> serde_json::Value {
        let text = std::fs::read_to_string(name).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    };
    let schema = read(root().join("docs/schema/branch.schema.json").to_str().expect("a path"));
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let found = read(path);
    std::fs::remove_file(&file).expect("the file was written");
    let problems: Vec<String> = validator.iter_errors(&found).map(|e| e.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    let points = found["points"].as_array().expect("points");
    assert_eq!(points[0]["lambda"], 0.0);
    assert_eq!(points[points.len() - 1]["lambda"], 5.0);
}

#[test]
fn gaps_fit() {
    let file = std::env::temp_dir().join(format!("detente-gaps-{}.json", std::process::id()));
    let path = file.to_str().expect("a path");
    let solved = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["solve", "docs/first.det", "--format", "json"])
        .current_dir(root())
        .output()
        .expect("the program runs");
    std::fs::write(&file, &solved.stdout).expect("a file");
    fits("gaps", &["verify", "docs/first.det", "--profile", path]);
    std::fs::remove_file(&file).expect("the file was written");
}

#[test]
fn sets_of_nash_equilibria_fit() {
    fits("solution", &["solve", "docs/first.det", "--concept", "nash"]);
    fits("solution", &["solve", "models/concepts/in-rounds.efg"]);
    fits("rationalizable", &["solve", "models/concepts/four-tables.nfg", "--concept", "rationalizable"]);
}

#[test]
fn secure_play_fits() {
    fits("secure", &["solve", "docs/first.det", "--concept", "maxmin=Home"]);
    fits("secure", &["solve", "cases/europe-2022/s5-enlargement.det", "--concept", "maxmin=Russia"]);
}

#[test]
fn devices_and_commitments_fit() {
    for concept in ["ce", "cce", "efce"] {
        fits("devices", &["solve", "docs/first.det", "--concept", concept]);
    }
    for concept in ["weak-pbe", "plausibility"] {
        fits("perfect", &["solve", "docs/first.det", "--concept", concept]);
        fits("perfect", &["solve", "models/classics/beer-quiche.det", "--concept", concept]);
    }
    for concept in ["rationalizable", "dominance"] {
        fits(concept, &["solve", "docs/first.det", "--concept", concept]);
    }
    for concept in ["mediator", "bce", "persuade=Home"] {
        fits("mediation", &["solve", "docs/first.det", "--concept", concept]);
    }
    fits("commitment", &["solve", "docs/first.det", "--concept", "commit=Home"]);
}

#[test]
fn settlements_fit() {
    fits("bargain", &["bargain", "cases/europe-2022/s6-settlement.det", "--draws", "4", "--trace"]);
    fits("bargain", &["bargain", "cases/plan-b-2024/s12-cohesion.det"]);
}

#[test]
fn thresholds_fit() {
    fits("thresholds", &["thresholds", "docs/first.det"]);
    fits("thresholds", &["thresholds", "models/classics/reputation.det", "--param", "b"]);
}

#[test]
fn flips_fit() {
    fits("flips", &["flip", "docs/first.det"]);
}

#[test]
fn inferences_fit() {
    fits("infer", &["infer", "cases/europe-2022/s1-crisis-diplomacy.det", "--draws", "6"]);
    fits("infer", &["infer", "cases/europe-2022/s2-two-aims.det", "--draws", "0"]);
}

#[test]
fn estimations_fit() {
    let call = ["fit", "models/crises/attack-defence.det", "--data", "models/crises/attack-defence.csv"];
    let more = |rest: &[&'static str]| [&call[..], &["--weight", "count"], rest].concat();
    fits("fit", &more(&["--shocks", "private", "--self-check", "3"]));
    fits(
        "fit",
        &more(&["--estimate", "u_peace,u_gain", "--errors", "case", "--resamples", "5", "--lambda", "1"]),
    );
}

#[test]
fn levers_fit() {
    let first = ["levers", "docs/first.det", "--player", "Rival"];
    fits("levers", &[&first[..], &["--outcome", "war", "--draws", "5"]].concat());
    fits("levers", &[&first[..], &["--outcome", "speaks", "--params", "a"]].concat());
    let two = ["levers", "docs/first.det", "models/classics/audience-costs.det", "--player", "Home"];
    fits("levers", &[&two[..], &["--outcome", "war", "--draws", "0"]].concat());
}

#[test]
fn values_of_information_fit() {
    fits("voi", &["voi", "docs/first.det", "--player", "Rival", "--draws", "40"]);
    fits("voi", &["voi", "models/classics/beer-quiche.det", "--player", "Bully", "--draws", "0"]);
}

#[test]
fn maps_fit() {
    fits("map", &["map", "docs/first.det", "--x", "q", "--y", "a", "--resolution", "8"]);
}

#[test]
fn sweeps_fit() {
    fits("sweep", &["sweep", "cases/europe-2022/s3-four-reasons.det", "--draws", "8", "--logit", "2"]);
    fits("sweep", &["sweep", "models/classics/beer-quiche.det", "--draws", "8", "--sampler", "random"]);
}

#[test]
fn sensitivities_fit() {
    let few = ["--draws", "64", "--points", "8", "--orders", "2"];
    let of = ["--of", "speaks", "--of", "war_now"];
    fits("sensitivity", &[&["sensitivity", "docs/first.det"], &few[..], &of].concat());
    let table = std::env::temp_dir().join(format!("detente-schema-{}.parquet", std::process::id()));
    let table = table.to_string_lossy().into_owned();
    fits("sweep", &["sweep", "docs/first.det", "--draws", "64", "-o", &table]);
    fits("sensitivity", &["sensitivity", &table]);
    std::fs::remove_file(table).expect("the table was written");
}

#[test]
fn forecasts_and_scores_fit() {
    fits("forecasts", &["forecast", "docs/forecast.det", "--draws", "5"]);
    fits("scores", &["score", "docs/forecast.det", "--draws", "5"]);
}

#[test]
fn sources_fit() {
    let case = "cases/europe-2022/s5-enlargement.det";
    fits("sources", &["sources", "cases/europe-2022"]);
    fits("sources", &["sources", "drop", "harris2022", case, "--draws", "4"]);
    fits("sources", &["sources", "verify", "tests/sources/case.det", "--text", "tests/sources/report.txt"]);
}

#[test]
fn standards_fit() {
    fits("standards", &["check", "--icd203", "cases/europe-2022"]);
}

#[test]
fn explanations_fit() {
    fits("why", &["why", "cases/europe-2022/s3-four-reasons.det", "West.reply"]);
    fits("why", &["why", "models/classics/beer-quiche.det"]);
}

#[test]
fn reports_fit() {
    let page = std::env::temp_dir().join(format!("detente-schema-{}.html", std::process::id()));
    let page = page.to_string_lossy().into_owned();
    fits("report", &["report", "models/classics/audience-costs.det", "--draws", "6", "-o", &page]);
    fits("report", &["report", "cases/plan-b-2024/s12-cohesion.det", "--draws", "60", "-o", &page]);
    std::fs::remove_file(page).expect("the page was written");
}
