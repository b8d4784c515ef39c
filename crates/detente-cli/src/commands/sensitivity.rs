//! `detente sensitivity`: which doubts an answer hangs on, and where a claim holds.

use crate::commands::Format;
use crate::commands::sweep::{Drawing, SamplerName, fix, sampler};
use crate::failure::{Failure, Outcome};
use crate::input::{read_model, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use crate::sweeps::{Sweep, open, unreadable};
use clap::Args;
use detente_answer::sensitivity::{Depth, Table, design, explain, targets};
use detente_answer::sweep::columns::{Cells, Column, columns};
use detente_answer::sweep::identity::{Run, identity};
use detente_answer::sweep::{Identity, Job, Row, evaluate};
use detente_report::sensitivity::{Origin, sensitivity_json, sensitivity_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Most draws of a table that are looked at: more would change no digit that is printed.
const MOST: usize = 20_000;

/// Find which parameters an answer hangs on, and say in words where a claim holds
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente sensitivity cases/europe-2022/s3-four-reasons.det --of no_ground
  detente sensitivity docs/first.det --points 1024
  detente sweep docs/first.det --draws 20000 -o first.parquet
  detente sensitivity first.parquet --of speaks

From a model: Sobol' indices (or Shapley effects, where correlations are declared), measures from the
draws, and rules. From the table of a sweep: the last two. A number that noise could have made is
not printed as a finding.")]
pub struct SensitivityArgs {
    /// A model (.det), or the table of a sweep (.parquet)
    file: PathBuf,
    /// Give a parameter a value, such as q=0.4; it is not drawn then; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Only these claims, outcomes and asks; may be repeated. Without it: all claims
    #[arg(long = "of", value_name = "NAME")]
    of: Vec<String>,
    #[command(flatten)]
    drawing: Drawing,
    /// Base points of Saltelli's design for Sobol' indices; 0 leaves them out
    #[arg(long, value_name = "N", default_value_t = 256)]
    points: u64,
    /// Random orders for Shapley effects; by default 200 where correlations are declared, else none
    #[arg(long, value_name = "N", default_value_t = 0)]
    orders: usize,
    /// Rules for numbers say where they are above this
    #[arg(long, value_name = "X", default_value_t = 0.5, allow_hyphen_values = true)]
    above: f64,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Explains.
///
/// # Errors
/// A file that is neither a model nor a sweep, a name that nothing has, or an interrupt.
pub fn run(args: &SensitivityArgs) -> Outcome {
    let depth = Depth {
        points: args.points,
        orders: args.orders,
        resamples: 100,
        seed: args.drawing.seed,
        threads: args.drawing.cores(),
    };
    let parquet = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    let (id, origin, found) = if parquet { from_table(args, &depth)? } else { from_model(args, &depth)? };
    match args.format {
        Format::Text => print(&sensitivity_text(&id, &origin, &found, colour()))?,
        Format::Json => print_json(&sensitivity_json(&id, &origin, &found))?,
    }
    Ok(ExitCode::SUCCESS)
}

type Found = (Identity, Origin, Vec<detente_answer::sensitivity::Findings>);

fn from_table(args: &SensitivityArgs, depth: &Depth) -> Result<Found, Failure> {
    if !args.set.is_empty() {
        return Err(Failure::misuse("the draws of a table are fixed", "leave out --set, or name the model"));
    }
    let sweep = open(&args.file)?;
    let list = read(&sweep)?;
    let draws = rows_of(&list);
    let table = chosen(targets(&sweep.id, &list, args.above), &args.of, &sweep.id)?;
    let origin = Origin { draws, solves: 0, left_out: sweep.state.draws - draws };
    Ok((sweep.id, origin, explain(&table, depth)))
}

/// The first rows of a sweep, group by group.
fn read(sweep: &Sweep) -> Result<Vec<Column>, Failure> {
    let broken = |e| unreadable(&sweep.path, &e);
    let names = sweep.reader.fields().iter().map(|f| f.name.clone());
    let mut columns: Vec<Option<detente_store::Column>> = names.clone().map(|_| None).collect();
    let mut rows = 0;
    for group in 0..sweep.reader.groups() {
        if rows >= MOST {
            break;
        }
        let mut more = sweep.reader.group(group).map_err(broken)?;
        for (own, more) in columns.iter_mut().zip(&mut more) {
            let more = more.take(MOST - rows);
            match own {
                None => *own = Some(more),
                Some(own) => own.append(more).map_err(broken)?,
            }
        }
        rows = columns.first().and_then(Option::as_ref).map_or(0, detente_store::Column::len);
    }
    let cells = |c: Option<detente_store::Column>| match c {
        Some(detente_store::Column::Whole(list)) => Cells::Whole(list),
        Some(detente_store::Column::Number(list)) => Cells::Number(list),
        Some(detente_store::Column::Word(names, list)) => Cells::Word(names, list),
        None => Cells::Whole(vec![]),
    };
    Ok(names.zip(columns).map(|(name, c)| Column { name, cells: cells(c) }).collect())
}

fn rows_of(list: &[Column]) -> u64 {
    match list.first().map(|c| &c.cells) {
        Some(Cells::Whole(draws)) => draws.len() as u64,
        _ => 0,
    }
}

fn from_model(args: &SensitivityArgs, depth: &Depth) -> Result<Found, Failure> {
    let (mut model, _) = read_model(&args.file)?;
    fix(&mut model, &args.set)?;
    let sampler = sampler(&model)?;
    let points = args.drawing.points(&sampler)?;
    let settings = args.options.settings()?;
    let run = Run {
        seed: args.drawing.seed,
        sobol: args.drawing.sampler == SamplerName::Sobol,
        draws: args.drawing.draws,
        concept: settings.concept,
        lambda: settings.lambda.clone(),
        logit: None,
    };
    let id = identity(&model, &sampler, &run);
    let watch = args.options.watch("drawing");
    let job = Job::new(&model, &sampler, points, args.drawing.seed, settings, &watch);
    let values = |k: u64| sampler.values_at(&job.points, job.seed, k);
    let rows = evaluate(&job, id.draws, depth.threads, &values, &Row::clone, &watch);
    watch.finish()?;
    let late = || {
        Failure::misuse(
            "the time limit came before the draws were done",
            "give more time, or ask for fewer --draws and --points",
        )
    };
    let list = columns(&id, &rows.ok_or_else(late)?);
    let table = chosen(targets(&id, &list, args.above), &args.of, &id)?;
    let mut found = explain(&table, depth);
    let watch = args.options.watch("solving for the indices");
    let solves = design(&job, &sampler, &id, depth, &mut found, &watch);
    watch.finish()?;
    let origin = Origin { draws: id.draws, solves: solves.ok_or_else(late)?, left_out: 0 };
    Ok((id, origin, found))
}

/// Keeps the outputs that were asked for: of these claims, outcomes and asks, or of all claims.
fn chosen(mut table: Table, of: &[String], id: &Identity) -> Result<Table, Failure> {
    let plain = |name: &str| name.trim_end_matches(".low").trim_end_matches(".high").to_string();
    let known: Vec<String> = table.targets.iter().map(|t| plain(&t.name)).collect();
    if let Some(name) = of.iter().find(|n| !known.contains(&plain(n))) {
        return Err(unknown("claim, outcome or ask", name, known.iter().map(String::as_str)));
    }
    let claims: Vec<&str> = id.claims.iter().map(|c| c.name.as_str()).collect();
    match of.is_empty() {
        // A model without claims: its outcomes.
        true if claims.is_empty() => {}
        true => table.targets.retain(|t| claims.contains(&t.name.as_str())),
        false => table.targets.retain(|t| of.contains(&t.name) || of.contains(&plain(&t.name))),
    }
    Ok(table)
}
