//! `detente bargain`: what many actors at one table settle on, by every theory.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::failure::{Failure, Outcome};
use crate::input::{Kind, kind_of_name, params, read_any_model, read_model_text, read_scenario};
use crate::output::{colour, print, print_json};
use crate::watch::Watch;
use clap::Args;
use detente_answer::bargain::{BargainAnswer, bargain, bargain_table};
use detente_answer::council::{Choice, Seats, Session, declared, voices};
use detente_answer::ensemble::{Plan, Table};
use detente_answer::held::hold;
use detente_answer::scenario::{choices, to_model};
use detente_answer::theories::idle;
use detente_bargain::ktab::Scenario;
use detente_diag::Sources;
use detente_model::Model;
use detente_model::options::{OPTIONS, OptionKind};
use detente_report::bargain::bargain_text;
use detente_report::paint::printable;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Settle the issues of a council, by every theory beside the baselines
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente bargain cases/europe-2022/s6-settlement.det
  detente bargain cases/europe-2022/s6-settlement.det --draws 1000
  detente convert cases/europe-2022/s6-settlement.det -o order.xml
  detente bargain order.xml --option models=mean,spatial --option turns=20 --trace
  detente bargain cases/europe-2022/s6-settlement.det --study
  detente bargain cases/plan-b-2024/s12-cohesion.det --study --coalition US,Germany,France,Poland
  detente bargain cases/europe-2022/s6-settlement.det --goal 'entry <= 30' --by US,Germany
  detente bargain models/councils/emission.det --variants

The weighted mean and the weighted median come first; a theory that does no better has earned
nothing. Each theory answers every question and decides every claim. Options declared in the model
are defaults; `detente bargain --list-options` lists all of them. Two sides bargain with `side_a`,
`side_b` and `no_agreement`:
  --option side_a=A,B --option side_b=C --option no_agreement=50 --option models=mean,nash")]
pub struct BargainArgs {
    /// A model with a council (.det), or a scenario of KTAB (.csv, .xml)
    #[arg(required_unless_present = "list_options")]
    file: Option<PathBuf>,
    /// Give a parameter another value, such as exposure=20; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// An option of the council, such as models=mean,spatial or voting=cubic; may be repeated
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,
    #[command(flatten)]
    pub draws: DrawOptions,
    /// Who moved whom, turn by turn
    #[arg(long)]
    trace: bool,
    /// Every option with its values
    #[arg(long)]
    list_options: bool,
    /// Study the priors: doubt about theories and about numbers, drivers, flips, power, weakest links
    #[arg(long)]
    pub study: bool,
    /// With --study: the power and the weakest link of these actors together, such as US,Germany,France
    #[arg(long, value_name = "ACTORS", value_delimiter = ',', requires = "study")]
    coalition: Vec<String>,
    /// Look for the smallest single change that brings this about in each theory, such as "entry <= 50"
    #[arg(long, value_name = "GOAL")]
    pub goal: Option<String>,
    /// Only changes of these actors
    #[arg(long, value_name = "ACTORS", value_delimiter = ',', requires = "goal")]
    pub by: Vec<String>,
    /// Every published reading of each issue side by side, and whether there is one answer
    #[arg(long)]
    pub variants: bool,
    /// Write all pictures into this folder, as SVG with their data as CSV and JSON
    #[arg(long, value_name = "FOLDER")]
    pub pictures: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Bargains.
///
/// # Errors
/// A file that cannot be read, holds errors or no council; an option that does not exist.
pub fn run(args: &BargainArgs) -> Outcome {
    let Some(file) = args.file.as_deref().filter(|_| !args.list_options) else {
        let line = |o: &OptionKind| format!("{}\n  {}\n  {}\n", o.name, o.about, o.allowed.describe());
        print(&OPTIONS.iter().map(line).collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut options = options(&args.options)?;
    if !args.coalition.is_empty() {
        options.retain(|(name, _)| name != "coalition");
        options.push(("coalition".into(), args.coalition.iter().map(|a| a.trim().to_string()).collect()));
    }
    let kind = kind_of_name(file).filter(|kind| kind.is_scenario());
    let beyond = args.study || args.variants || args.goal.is_some() || args.pictures.is_some();
    if beyond {
        let (model, texts) = match kind {
            Some(kind) => scenario_as_model(file, args, kind)?,
            None => held_model(file, args)?,
        };
        return super::table::run(file, args, &options, &model, &texts);
    }
    let answer = match kind {
        Some(kind) => scenario(file, args, &options, kind)?,
        None => model(file, args, &options)?,
    };
    match args.format {
        Format::Text => print(&bargain_text(&answer, colour()))?,
        Format::Json => {
            let mut value = serde_json::to_value(&answer).expect("plain data always serializes");
            value["detente"] = json!(env!("CARGO_PKG_VERSION"));
            value["seed"] = json!(args.draws.seed);
            print_json(&value)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a model with a council; what `--set` says is held in every draw.
fn held_model(file: &Path, args: &BargainArgs) -> Result<(Model, Sources), Failure> {
    let (mut model, texts) = read_any_model(file)?;
    if model.councils.is_empty() {
        return Err(Failure::misuse(
            format!("`{}` holds no council", file.display()),
            "add `council name { ... }`, or use `detente ask` for a game",
        ));
    }
    let values = params(&model.game, &args.set)?;
    let named = args.set.iter().filter_map(|one| model.game.find_param(one.split('=').next()?.trim()));
    let held: Vec<_> = named.map(|id| (id, values[id.index()].clone())).collect();
    hold(&mut model, &held).map_err(|name| {
        Failure::misuse(
            format!("`{name}` is a formula over other parameters; it cannot be set"),
            "set the parameters that it is made of",
        )
    })?;
    Ok((model, texts))
}

fn model(
    file: &Path,
    args: &BargainArgs,
    options: &[(String, Vec<String>)],
) -> Result<BargainAnswer, Failure> {
    let (model, _) = held_model(file, args)?;
    let session = Session::new(&model, options).map_err(wrong_option)?;
    for council in &model.councils {
        tell_idle(&declared(council), options, &Seats::of_model(council))?;
    }
    let table = Table::new(&model).map_err(weaker)?;
    let draws = args.draws.draws.unwrap_or(0);
    let plan = Plan { draws, seed: args.draws.seed, threads: args.draws.cores() };
    let watch = Watch::start("drawing", None);
    let answer = bargain(&session, &table, &plan, args.trace, &watch);
    watch.finish()?;
    answer.map_err(|e| Failure::input(e, "give the parameters other values"))
}

/// Rank correlations that cannot hold together.
pub fn weaker(problem: String) -> Failure {
    Failure::input(problem, "make the correlations weaker, so that they can hold together")
}

/// A scenario as the model that `detente convert` would make of it.
fn scenario_as_model(file: &Path, args: &BargainArgs, kind: Kind) -> Result<(Model, Sources), Failure> {
    without_params(args)?;
    let scenario = read_scenario(file, kind == Kind::Xml)?;
    tell_choices(&choices(&scenario));
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let text =
        to_model(&scenario, &name).map_err(|e| Failure::input(e, "change the scenario and try again"))?;
    read_model_text(file, text)
}

fn without_params(args: &BargainArgs) -> Result<(), Failure> {
    if args.set.is_empty() && args.draws.draws.is_none() {
        return Ok(());
    }
    Err(Failure::misuse(
        "a scenario file has one number in each cell and no parameters",
        "leave out --set and --draws, or `detente convert` it into a model and write ranges there",
    ))
}

/// Tells what a scenario file asks the spatial model for.
fn tell_choices(all: &[Choice]) {
    if !all.is_empty() {
        let said: Vec<String> =
            all.iter().map(|(name, values)| format!("{name}={}", values.join(","))).collect();
        anstream::eprintln!(
            "note: the file asks the spatial model for {}; its random numbers are not those of KTAB",
            printable(&said.join(" "))
        );
    }
}

fn scenario(
    file: &Path,
    args: &BargainArgs,
    options: &[(String, Vec<String>)],
    kind: Kind,
) -> Result<BargainAnswer, Failure> {
    let scenario = read_scenario(file, kind == Kind::Xml)?;
    without_params(args)?;
    let mut all = choices(&scenario);
    // What the command line says comes last and counts.
    all.retain(|(name, _)| options.iter().all(|(other, _)| other != name));
    tell_choices(&all);
    let seats = Seats::of(&scenario.council);
    tell_idle(&all, options, &seats)?;
    all.extend(options.iter().cloned());
    let Scenario { name, description, council, .. } = scenario;
    let voices = voices(&all, &seats).map_err(wrong_option)?;
    let table = bargain_table(&name, &description, &council, &voices, args.trace);
    Ok(BargainAnswer { councils: vec![table], asks: vec![], claims: vec![], draws: 0, undefined: 0 })
}

/// Tells which options of the command line change nothing.
fn tell_idle(declared: &[Choice], given: &[Choice], seats: &Seats) -> Result<(), Failure> {
    for name in idle(declared, given, seats).map_err(wrong_option)? {
        anstream::eprintln!(
            "note: `--option {name}` changes nothing: no theory that answers takes it, or it is so anyway"
        );
    }
    Ok(())
}

pub fn wrong_option(problem: String) -> Failure {
    Failure::misuse(
        problem,
        "write it like --option models=mean,spatial; --list-options lists every option with its values",
    )
}

fn options(given: &[String]) -> Result<Vec<(String, Vec<String>)>, Failure> {
    given
        .iter()
        .map(|one| match one.split_once('=') {
            Some((name, values)) => {
                let values = values.split(',').map(|v| v.trim().to_string()).collect();
                Ok((name.trim().to_string(), values))
            }
            None => Err(wrong_option(format!("`--option {one}` has no `=`"))),
        })
        .collect()
}
