//! `detente bench`: how long games take, and how strong their answers are.
//!
//! The one idea: what is timed is what users do: read, solve, check. Nothing is tuned per game.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, kind_of_name};
use crate::output::{print, print_json};
use crate::solving::{SolveOptions, temper};
use clap::Args;
use detente_report::solution::status_name;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Time reading, solving and checking of games
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente bench
  detente bench --lanes
  detente bench docs/first.det
  detente bench models/classics --repeat 5 --time-limit 10

Without games the project's own suite is timed, in the project's folder. Each time is the median of
the repetitions. Use a release build on an idle machine.")]
pub struct BenchArgs {
    /// Models, games, or folders of them; none: the project's own suite
    paths: Vec<PathBuf>,
    /// How often each game is solved
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Measure draws in lanes only
    #[arg(long, conflicts_with = "paths")]
    lanes: bool,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What was measured of one game.
struct Row {
    file: String,
    nodes: usize,
    sets: usize,
    status: &'static str,
    equilibria: usize,
    steps: usize,
    read: f64,
    solve: f64,
    check: f64,
}

/// Times every game.
///
/// # Errors
/// A path that cannot be read, a game with errors, or an interrupt.
pub fn run(args: &BenchArgs) -> Outcome {
    if args.lanes {
        return super::suite::run_lanes(Path::new("."), args.format);
    }
    if args.paths.is_empty() {
        return super::suite::run(Path::new("."), args.repeat, args.format);
    }
    let mut files = Vec::new();
    for path in &args.paths {
        collect(path, &mut files)?;
    }
    if files.is_empty() {
        return Err(Failure::misuse(
            "no game was found",
            "name .det, .efg, .nfg or .json files, or folders of them",
        ));
    }
    let mut rows = Vec::new();
    for file in &files {
        rows.push(measure(file, args)?);
    }
    match args.format {
        Format::Text => print(&table(&rows))?,
        Format::Json => print_json(&json!({
            "detente": env!("CARGO_PKG_VERSION"),
            "release": !cfg!(debug_assertions),
            "repeat": args.repeat,
            "games": rows.iter().map(object).collect::<Vec<Value>>(),
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Games below a path, in the order of their names.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|e| {
        Failure::misuse(
            format!("cannot read `{}`: {}", path.display(), crate::output::reason(&e)),
            "check the path",
        )
    })?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    found.sort();
    for entry in found {
        if entry.is_dir() || kind_of_name(&entry).is_some() {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

fn measure(file: &Path, args: &BenchArgs) -> Result<Row, Failure> {
    let input = InputArgs { file: file.to_path_buf(), set: vec![], variant: None };
    let start = Instant::now();
    let loaded = input.load()?;
    let read = start.elapsed().as_secs_f64();
    let (mut solve, mut check) = (Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..args.repeat {
        let watch = args.options.watch(&file.display().to_string());
        let mut solution =
            detente_solve::solve(&loaded.game, &loaded.numbers, &args.options.settings()?, &watch);
        solve.push(watch.finish()?);
        let start = Instant::now();
        let verdict = detente_verify::verify(&loaded.game, &loaded.numbers, &solution);
        check.push(start.elapsed().as_secs_f64());
        temper(&mut solution, &verdict);
        last = Some((status_name(solution.status), solution.components.len(), verdict.steps));
    }
    let (status, equilibria, steps) = last.unwrap_or(("numeric", 0, 0));
    Ok(Row {
        file: file.display().to_string(),
        nodes: loaded.game.nodes.len(),
        sets: loaded.game.infosets.len(),
        status,
        equilibria,
        steps,
        read,
        solve: median(&mut solve),
        check: median(&mut check),
    })
}

pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

fn table(rows: &[Row]) -> String {
    let mut out = String::from(
        "| game | nodes | sets | strength | equilibria | proof steps | read, s | solve, s | check, s |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for r in rows {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {:.4} | {:.4} | {:.4} |\n",
            r.file, r.nodes, r.sets, r.status, r.equilibria, r.steps, r.read, r.solve, r.check
        ));
    }
    if cfg!(debug_assertions) {
        out.push_str("\nThis is not a release build; its times say little.\n");
    }
    out
}

fn object(r: &Row) -> Value {
    json!({
        "file": r.file,
        "nodes": r.nodes,
        "information_sets": r.sets,
        "status": r.status,
        "equilibria": r.equilibria,
        "steps": r.steps,
        "seconds": {"read": r.read, "solve": r.solve, "check": r.check},
    })
}
