//! `detente test`: the tests of models, each against its stated numbers.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{models_in, read_any_model};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::tests::{TestResult, run as run_test};
use detente_report::asks::tests_text;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run the `test` blocks of models
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente test docs/first.det
  detente test models/classics

An `expect` must hold in every equilibrium, an `expect some` in at least one. Exit code 1 if one
fails.")]
pub struct TestArgs {
    /// The models, or folders of models
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The files named, and the models in the folders named.
fn models(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = models_in(path)?;
        if inside.is_empty() {
            let words = format!("`{}` holds no model", path.display());
            return Err(Failure::misuse(words, "name a .det file, or a folder with at least one"));
        }
        files.extend(inside);
    }
    Ok(files)
}

/// Runs every test of every model.
///
/// # Errors
/// A model with errors, or an interrupt.
pub fn run(args: &TestArgs) -> Outcome {
    let mut files = Vec::new();
    for file in &models(&args.files)? {
        let (model, _) = read_any_model(file)?;
        let watch = args.options.watch("testing");
        let settings = args.options.settings()?;
        let results: Vec<TestResult> =
            model.tests.iter().map(|t| run_test(&model, t, &settings, &watch)).collect();
        watch.finish()?;
        files.push((file.display().to_string(), results));
    }
    let passed = files.iter().flat_map(|(_, results)| results).all(|r| r.passed);
    match args.format {
        Format::Text => print(&tests_text(&files, colour()))?,
        Format::Json => {
            let list: Vec<_> =
                files.iter().map(|(file, results)| json!({"file": file, "tests": results})).collect();
            print_json(&json!({"detente": env!("CARGO_PKG_VERSION"), "passed": passed, "files": list}))?;
        }
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
