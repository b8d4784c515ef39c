//! Models whose own `test` blocks state closed forms: all must pass, or all must fail.

mod support;

use detente_answer::tests::{TestResult, run};
use detente_solve::{Settings, Silent};
use std::path::Path;

/// Returns the texts of all tests of a folder for which `wrong` says so.
fn each(folder: &str, wrong: impl Fn(&TestResult) -> bool) -> Vec<String> {
    let mut found = vec![];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/answer").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .map(|f| f.expect("a file").path())
        .filter(|p| p.extension().is_some_and(|e| e == "det"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        let model = support::model(&text);
        assert!(!model.tests.is_empty(), "{} tests nothing", file.display());
        for test in &model.tests {
            let result = run(&model, test, &Settings::default(), &Silent);
            if wrong(&result) {
                found.push(format!("{}\n{result:#?}", file.display()));
            }
        }
    }
    found
}

#[test]
fn closed_forms_hold() {
    let failed = each("holds", |r| !r.passed);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_is_not_true_of_every_equilibrium_fails() {
    let passed = each("fails", |r| r.passed || r.error.is_some());
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}
