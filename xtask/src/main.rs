//! `cargo xtask test`: everything that must hold before a change is taken.
//!
//! The one idea: one command, no set-up. It prints each step with its time, goes on after a failure
//! so that one run shows all of them, and ends with a list.
#![forbid(unsafe_code)]

mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

const USAGE: &str = "\
cargo xtask test           every test of the project
cargo xtask tidy           sizes, first lines and words of all files
cargo xtask check          formatting, lints and tidy, without the tests

Options for test: --package NAME (only this crate, may be repeated)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = root();
    let steps = match words.split_first() {
        Some((&"test", rest)) => match packages(rest) {
            Some(packages) => [checks(), tests(&packages)].concat(),
            None => return usage(),
        },
        Some((&"check", [])) => checks(),
        Some((&"tidy", [])) => vec![Step::Tidy],
        _ => return usage(),
    };
    run(&root, &steps)
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

/// The workspace's folder, wherever the command is called from.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

fn packages(words: &[&str]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for pair in words.chunks(2) {
        match pair {
            ["--package" | "-p", name] => names.push((*name).to_string()),
            _ => return None,
        }
    }
    Some(names)
}

/// One thing to do.
#[derive(Clone)]
enum Step {
    /// The files themselves.
    Tidy,
    /// A call of cargo, with what it is for.
    Cargo(&'static str, Vec<String>),
}

fn cargo(purpose: &'static str, words: &str) -> Step {
    Step::Cargo(purpose, words.split_whitespace().map(String::from).collect())
}

fn checks() -> Vec<Step> {
    vec![
        Step::Tidy,
        cargo("formatting", "fmt --all --check"),
        cargo("lints", "clippy --workspace --all-targets --locked -- -D warnings"),
    ]
}

fn tests(packages: &[String]) -> Vec<Step> {
    let scope = match packages {
        [] => "--workspace".to_string(),
        some => some.iter().map(|p| format!("--package {p}")).collect::<Vec<_>>().join(" "),
    };
    // The corpus of models, games and programs under `tests` is run by the crates' own tests.
    if nextest() {
        vec![
            cargo(
                "tests and corpus",
                &format!("nextest run {scope} --locked --no-fail-fast --no-tests=pass"),
            ),
            cargo("examples in the documentation", &format!("test {scope} --locked --doc --no-fail-fast")),
        ]
    } else {
        vec![cargo(
            "tests, corpus and examples in the documentation",
            &format!("test {scope} --locked --no-fail-fast"),
        )]
    }
}

/// Is the faster test runner installed?
fn nextest() -> bool {
    let output = Command::new(cargo_program()).args(["nextest", "--version"]).output();
    output.is_ok_and(|o| o.status.success())
}

fn cargo_program() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

fn run(root: &Path, steps: &[Step]) -> ExitCode {
    let start = Instant::now();
    let mut failed = Vec::new();
    for step in steps {
        let began = Instant::now();
        let (name, good) = match step {
            Step::Tidy => {
                println!("==> tidy");
                ("tidy", tidy::tidy(root))
            }
            Step::Cargo(purpose, words) => {
                println!("==> {purpose}: cargo {}", words.join(" "));
                let status = Command::new(cargo_program()).args(words).current_dir(root).status();
                (*purpose, status.is_ok_and(|s| s.success()))
            }
        };
        println!(
            "    {name}: {} in {:.1} s",
            if good { "good" } else { "FAILED" },
            began.elapsed().as_secs_f64()
        );
        if !good {
            failed.push(name);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if failed.is_empty() {
        println!("All good in {seconds:.0} s.");
        ExitCode::SUCCESS
    } else {
        println!("Failed: {} (after {seconds:.0} s).", failed.join(", "));
        ExitCode::FAILURE
    }
}
