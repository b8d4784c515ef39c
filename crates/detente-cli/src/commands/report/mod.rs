//! `detente report`: a whole case as one page, and its key judgments on the terminal.

mod study;

use crate::commands::Format;
use crate::commands::advice::{advice, strange_levers};
use crate::commands::ask::{DrawOptions, point};
use crate::commands::forecast::{foreseen, scored};
use crate::commands::map::{maps, strange_maps};
use crate::commands::sources::{answered, without};
use crate::failure::{Failure, Outcome};
use crate::input::{models_in, read_any_model, read_text};
use crate::output::{colour, print, print_json, write_file};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::council::Session;
use detente_answer::draws::Plan;
use detente_answer::ensemble::{self, Depth, EnsembleStudy};
use detente_answer::provenance::Dropped;
use detente_answer::solved::Point;
use detente_diag::Sources;
use detente_model::Model;
use detente_report::case::standards::{Text, standards};
use detente_report::case::{
    CouncilStudied, HEADINGS, Notes, RunNote, add_forecasts, add_standards, add_without, case_report, notes,
    strange_judgments,
};
use detente_report::provenance::listed;
use detente_report::{case_html, case_text};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use study::study_model;

/// Draws of the parameters, unless asked otherwise.
const DRAWS: u64 = 2000;
/// Most draws behind what falls without a source.
const DROPPED: u64 = 100;
/// Base points behind each Sobol' index of a council.
const POINTS: usize = 256;

/// Write the report of a case, and print its key judgments
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente report cases/europe-2022
  detente report cases/europe-2022 -o europe.html --draws 500

A case is a folder of models (.det); a page case.md in it gives the title, the question, the bottom
line, what the models leave out, whose levers to try and which two parameters to map. A single model is
a case too. Without --draws it takes 2,000, but 500 of a large game whose draws are slow; the page says how many.")]
pub struct ReportArgs {
    /// The case's folder, or a single model
    case: PathBuf,
    /// The page
    #[arg(short, long, value_name = "FILE", default_value = "./report.html")]
    output: PathBuf,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// How to print the key judgments
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Answers everything and writes the page.
///
/// # Errors
/// A folder without models, a model with errors, a page that cannot be written, an interrupt.
pub fn run(args: &ReportArgs) -> Outcome {
    let files = model_files(&args.case)?;
    let mut models: Vec<(String, Model, Sources)> = Vec::new();
    for file in &files {
        let (model, texts) = read_any_model(file)?;
        models.push((stem(file), model, texts));
    }
    let games: Vec<&(String, Model, Sources)> = models.iter().filter(|(_, m, _)| m.has_play()).collect();
    if games.is_empty() && models.iter().all(|(_, model, _)| model.councils.is_empty()) {
        return Err(Failure::misuse(
            format!("`{}` holds neither a game nor a council", args.case.display()),
            "write `play { ... }` or `council name { ... }` in one of its models",
        ));
    }
    let points = games
        .iter()
        .map(|(_, model, _)| point(model, &[], &args.options))
        .collect::<Result<Vec<Point>, Failure>>()?;
    let words = words(&args.case)?;
    let mut studied = Vec::new();
    for ((name, model, texts), point) in games.iter().zip(&points) {
        let mut found = study_model(args, name, model, texts, point)?;
        let (draws, most) = (&args.draws, args.draws.draws.unwrap_or(DRAWS));
        found.advice = advice(&words, name, model, &point.hands(), draws, &args.options, most)?;
        found.ranges.maps = maps(&words, name, model, &args.options)?;
        studied.push(found);
    }
    let named: Vec<(String, &Model)> = games.iter().map(|(name, model, _)| (name.clone(), model)).collect();
    for wrong in strange_levers(&words, &named).into_iter().chain(strange_maps(&words, &named)) {
        anstream::eprintln!("warning: {wrong}");
    }
    let mut councils = Vec::new();
    for (name, model, texts) in models.iter().filter(|(_, model, _)| !model.councils.is_empty()) {
        councils.push(CouncilStudied {
            name: name.clone(),
            model,
            texts,
            study: council(args, name, model)?,
        });
    }
    for wrong in strange_judgments(&words, &studied, &councils) {
        anstream::eprintln!("warning: {wrong}");
    }
    let mut report = case_report(&words, &studied, &councils, run_note(args, &models));
    if models.iter().any(|(_, model, _)| !model.forecasts.is_empty()) {
        let found = foreseen(&models, &args.options, &args.draws, DRAWS)?;
        add_forecasts(&mut report, &found, &scored(&found)?);
    }
    let (drops, draws) = without_sources(args, &models, &files)?;
    add_without(&mut report, &drops, draws);
    let texts: Vec<Text> = models.iter().map(|(name, model, texts)| Text { name, model, texts }).collect();
    add_standards(&mut report, &standards(&texts, &words, args.case.join("case.md").is_file()));
    write_file(&args.output, &case_html(&report))?;
    match args.format {
        Format::Text => print(&case_text(&report, colour()))?,
        Format::Json => print_json(&serde_json::to_value(&report).expect("plain data always serializes"))?,
    }
    anstream::eprintln!("wrote {}", args.output.display());
    Ok(ExitCode::SUCCESS)
}

/// The models of a case, by name.
fn model_files(case: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !case.is_dir() {
        return Ok(vec![case.to_path_buf()]);
    }
    let files = models_in(case)?;
    if files.is_empty() {
        return Err(Failure::misuse(
            format!("`{}` holds no model", case.display()),
            "a case is a folder with at least one .det file",
        ));
    }
    Ok(files)
}

fn stem(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned())
}

/// The author's words about the case, or a title made of its name.
fn words(case: &Path) -> Result<Notes, Failure> {
    let page = case.join("case.md");
    if !page.is_file() {
        return Ok(Notes { title: stem(case), ..Notes::default() });
    }
    let words = notes(&read_text(&page)?);
    for heading in &words.strange {
        anstream::eprintln!(
            "warning: `{}` has a heading `{heading}` that the report does not know; it knows {}",
            page.display(),
            HEADINGS.join(", ")
        );
    }
    Ok(words)
}

/// Plays all theories on the councils of a model, over draws.
fn council(args: &ReportArgs, name: &str, model: &Model) -> Result<EnsembleStudy, Failure> {
    let session = Session::new(model, &[]).map_err(|e| Failure::input(e, "correct the council's options"))?;
    let plan = ensemble::Plan {
        draws: args.draws.draws.unwrap_or(DRAWS),
        seed: args.draws.seed,
        threads: args.draws.cores(),
    };
    let depth = Depth { plan, points: POINTS, flips: true };
    let watch = args.options.watch(&format!("{name}: bargaining"));
    let found = ensemble::study(&session, &depth, &watch)
        .map_err(|e| Failure::input(e, "give the parameters other values"))?;
    watch.finish()?;
    Ok(found)
}

/// What each model says without each source that it cites, and over how many draws.
type Drops = (Vec<(String, Vec<(String, Dropped)>)>, u64);

fn without_sources(
    args: &ReportArgs,
    models: &[(String, Model, Sources)],
    files: &[PathBuf],
) -> Result<Drops, Failure> {
    let draws = DROPPED.min(args.draws.draws.unwrap_or(DRAWS));
    let plan = Plan {
        draws,
        seed: args.draws.seed,
        threads: args.draws.cores(),
        settings: args.options.settings()?,
    };
    let list = listed(&models.iter().map(|(_, model, _)| model).collect::<Vec<_>>());
    let mut drops: Vec<(String, Vec<(String, Dropped)>)> =
        list.iter().map(|source| (source.key.clone(), vec![])).collect();
    for ((name, model, _), file) in models.iter().zip(files).filter(|((_, model, _), _)| model.has_play()) {
        let before = answered(&args.options, &plan, &format!("{name}: with all sources"), model)?;
        for (key, found) in drops.iter_mut().filter(|(key, _)| model.sources.contains_key(key)) {
            found.push((
                name.clone(),
                without(&args.options, &plan, (name, model, file), (key, false), &before)?,
            ));
        }
    }
    drops.retain(|(_, found)| found.iter().any(|(_, d)| !d.conclusions.is_empty()));
    Ok((drops, draws))
}

fn run_note(args: &ReportArgs, models: &[(String, Model, Sources)]) -> RunNote {
    RunNote {
        version: env!("CARGO_PKG_VERSION").into(),
        command: format!("detente report {}", args.case.display()),
        concept: args.options.concept_name().into(),
        seed: args.draws.seed,
        draws: args.draws.draws.unwrap_or(DRAWS),
        digests: models.iter().map(|(name, model, _)| (name.clone(), model.game.sha256())).collect(),
    }
}
