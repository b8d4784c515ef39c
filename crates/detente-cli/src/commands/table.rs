//! `detente bargain` beyond one answer: studies over the priors, levers, readings, pictures.

use crate::commands::Format;
use crate::commands::bargain::BargainArgs;
use crate::failure::{Failure, Outcome};
use crate::output::{colour, print, print_json, reason, write_file};
use crate::watch::Watch;
use detente_answer::council::{Session, seated};
use detente_answer::ensemble::{self, Depth, Plan, Table};
use detente_bargain::Council;
use detente_bargain::expected_utility::{agreement, readings};
use detente_bargain::levers::{Goal, Wanted};
use detente_diag::Sources;
use detente_model::Model;
use detente_report::case::{CouncilStudied, council_charts, council_parts};
use detente_report::chart::chart_svg;
use detente_report::svg::SvgOptions;
use detente_report::tables::{Readings, levers_text, readings_json, readings_text, study_text};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Draws of a study, unless asked otherwise.
const DRAWS: u64 = 2000;
/// Base points behind each Sobol' index.
const POINTS: usize = 256;

/// Does what [`BargainArgs`] asks for beyond the plain answer.
///
/// # Errors
/// A file that holds errors or no council, a goal that cannot be read, a folder that cannot be written.
pub fn run(
    file: &Path,
    args: &BargainArgs,
    options: &[(String, Vec<String>)],
    model: &Model,
    texts: &Sources,
) -> Outcome {
    let session = Session::new(model, options).map_err(super::bargain::wrong_option)?;
    let table = Table::new(model).map_err(super::bargain::weaker)?;
    let councils = model.councils.iter().map(|c| seated(c, &model.game, &table.base));
    let councils = councils
        .collect::<Result<Vec<Council>, String>>()
        .map_err(|e| Failure::input(e, "give the parameters other values"))?;
    if args.variants {
        return variants(args, model, &councils);
    }
    if let Some(goal) = &args.goal {
        return levers(args, &session, &councils, goal);
    }
    study(file, args, &session, model, texts)
}

fn variants(args: &BargainArgs, model: &Model, councils: &[Council]) -> Outcome {
    let mut list = Vec::new();
    for (info, council) in model.councils.iter().zip(councils) {
        for (k, issue) in info.issues.iter().enumerate() {
            let variants = readings(council, k);
            let label = if issue.support.label.is_empty() { &issue.name } else { &issue.support.label };
            let agreement = agreement(council, k, &variants);
            list.push(Readings { title: format!("{}: {label}", info.name), agreement, variants });
        }
    }
    match args.format {
        Format::Text => print(&readings_text(&list, colour()))?,
        Format::Json => print_json(&readings_json(&list))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn levers(args: &BargainArgs, session: &Session, councils: &[Council], goal: &str) -> Outcome {
    let (at, wanted) = read_goal(session.model, goal)?;
    let council = &councils[at];
    let mut actors = Vec::new();
    for name in &args.by {
        let described = || council.actors().iter().position(|a| a.description == *name);
        let found = council.actor_named(name).or_else(described).ok_or_else(|| {
            let known: Vec<&str> = council.actors().iter().map(|a| a.name.as_str()).collect();
            Failure::misuse(format!("there is no actor `{name}`"), format!("known: {}", known.join(", ")))
        })?;
        actors.push(found);
    }
    if actors.is_empty() {
        actors = (0..council.actors().len()).collect();
    }
    let watch = Watch::start("looking for levers", None);
    let found = ensemble::pulls(session, at, council, wanted, &actors, (args.draws.cores(), &watch));
    watch.finish()?;
    let theories: Vec<String> =
        ensemble::listed(session, at).into_iter().map(|v| session.voices[at][v].word.clone()).collect();
    match args.format {
        Format::Text => print(&levers_text(goal, &theories, &found, colour()))?,
        Format::Json => print_json(&json!({"goal": goal, "theories": theories, "levers": found}))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads `issue >= 50` or `council.issue <= 20`.
fn read_goal(model: &Model, text: &str) -> Result<(usize, Goal), Failure> {
    let wrong = |why: String| {
        Failure::misuse(why, "write it like --goal \"entry <= 50\" or --goal \"council.issue >= 20\"")
    };
    let (sign, least) = if text.contains(">=") { (">=", true) } else { ("<=", false) };
    let (name, line) =
        text.split_once(sign).ok_or_else(|| wrong(format!("`{text}` has neither >= nor <=")))?;
    let line: f64 = line
        .trim()
        .parse()
        .ok()
        .filter(|x: &f64| x.is_finite())
        .ok_or_else(|| wrong(format!("`{}` is no number", line.trim())))?;
    let name = name.trim();
    for (at, council) in model.councils.iter().enumerate() {
        let own = name.strip_prefix(&format!("{}.", council.name)).unwrap_or(name);
        if let Some(issue) = council.issues.iter().position(|i| i.name == own || i.support.label == own) {
            let wanted = if least { Wanted::AtLeast(line) } else { Wanted::AtMost(line) };
            return Ok((at, Goal { issue, wanted }));
        }
    }
    let known: Vec<&str> = model.councils.iter().flat_map(|c| &c.issues).map(|i| i.name.as_str()).collect();
    Err(wrong(format!("there is no issue `{name}`; known: {}", known.join(", "))))
}

fn study(file: &Path, args: &BargainArgs, session: &Session, model: &Model, texts: &Sources) -> Outcome {
    let draws = args.draws.draws.unwrap_or(DRAWS);
    let plan = Plan { draws, seed: args.draws.seed, threads: args.draws.cores() };
    let watch = Watch::start("bargaining", None);
    let points = if args.study { POINTS } else { 0 };
    let found = ensemble::study(session, &Depth { plan, points, flips: args.study }, &watch)
        .map_err(|e| Failure::input(e, "give the parameters other values"))?;
    watch.finish()?;
    if let Some(folder) = &args.pictures {
        pictures(folder, &found)?;
    }
    match args.format {
        Format::Json => print_json(&serde_json::to_value(&found).expect("plain data always serializes"))?,
        Format::Text => {
            let name = file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
            let studied = CouncilStudied { name, model, texts, study: found };
            print(&study_text(&council_parts(&studied, &|_| vec![]), colour()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes every picture as SVG, with its data beside as CSV and JSON.
fn pictures(folder: &Path, found: &ensemble::EnsembleStudy) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|e| {
        Failure::misuse(format!("cannot make `{}`: {}", folder.display(), reason(&e)), "check the path")
    })?;
    let mut count = 0;
    for council in &found.councils {
        for chart in council_charts(council) {
            let file = |ending: &str| folder.join(format!("{}-{}.{ending}", council.name, chart.slug));
            write_file(&file("svg"), &chart_svg(&chart, &SvgOptions::default()))?;
            write_file(&file("csv"), &chart.data.csv())?;
            let data = json!({"title": chart.title, "data": chart.data});
            write_file(&file("json"), &format!("{data:#}\n"))?;
            count += 1;
        }
    }
    anstream::eprintln!("wrote {count} pictures with their data into {}", folder.display());
    Ok(())
}
