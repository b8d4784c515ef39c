//! The README says what the program does: its model, its output, its picture.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("a file of the repository")
}

/// Blocks of the README fenced with this word.
fn blocks(readme: &str, word: &str) -> Vec<String> {
    let fence = format!("```{word}\n");
    readme.split(&fence).skip(1).filter_map(|b| b.split("\n```").next()).map(|b| format!("{b}\n")).collect()
}

fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(args)
        .current_dir(root())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_model_of_the_readme_is_the_file() {
    assert_eq!(blocks(&read("README.md"), "detente"), [read("docs/first.det")]);
}

#[test]
fn the_output_in_the_readme_is_what_is_printed() {
    let mut found = 0;
    for block in blocks(&read("README.md"), "console") {
        let Some((call, printed)) = block.strip_prefix("$ detente ").and_then(|b| b.split_once('\n')) else {
            continue;
        };
        let args: Vec<&str> = call.split_whitespace().collect();
        assert_eq!(run(&args), printed, "detente {call}");
        found += 1;
    }
    assert!(found >= 2);
}

#[test]
fn the_picture_of_the_readme_is_what_is_drawn() {
    assert_eq!(run(&["tree", "docs/first.det"]), read("docs/pictures/first.svg"));
}

#[test]
fn the_first_model_passes_its_tests_and_is_laid_out() {
    assert!(run(&["test", "docs/first.det"]).contains("1 passed"));
    run(&["fmt", "--check", "docs/first.det"]);
}

#[test]
fn the_published_models_pass_their_tests() {
    let folder = |name: &str| std::fs::read_dir(root().join(name)).expect("the published models");
    let mut files: Vec<String> = folder("models/classics")
        .chain(folder("models/crises"))
        .map(|f| f.expect("a file").path().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".det"))
        .collect();
    files.sort();
    assert!(files.len() >= 8);
    for file in files {
        let printed = run(&["test", &file]);
        assert!(printed.contains("pass  "), "{file} tests nothing: {printed}");
    }
}
