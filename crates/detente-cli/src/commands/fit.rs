//! `detente fit`: payoffs and precision of choice from many observed plays.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{params, read_model, read_text, unknown};
use crate::output::{colour, print, print_json, reason};
use crate::watch::Watch;
use clap::{Args, ValueEnum};
use detente_fit::data::{Roles, read};
use detente_fit::fit::{Errors, FitError, Plan, Problem, fit};
use detente_fit::sheet::{Sheet, SheetRow, read_csv};
use detente_fit::shocks::Shocks;
use detente_game::Game;
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_report::fit::{fit_json, fit_text};
use detente_store::{Column, Reader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Estimate payoffs and the precision of choice from many observed plays of a game
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente fit models/crises/attack-defence.det --data plays.csv --weight count --shocks private
  detente fit model.det --data plays.csv --estimate b0,b1 --lambda 1 --errors clustered --cluster dyad
  detente fit model.det --data plays.csv --self-check 100

The data have one play per row. A column called as a parameter gives that parameter's value, row by
row; one called as an event (West.reply) the arm taken, `-` for a move not made, blank for one not
recorded; `outcome` the outcome. Before any table stands which combinations of numbers the data can
tell at all.")]
pub struct FitArgs {
    /// A model (.det)
    file: PathBuf,
    /// The plays: a CSV file with a heading, or a Parquet file
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Parameters to estimate, separated by commas, each within the support of its prior
    /// [default: what the model says with `estimate`; else every parameter with a prior that no column
    /// gives]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    estimate: Vec<String>,
    /// Fix the precision λ instead of estimating it: with λ = 1 payoffs are in units of the shocks
    #[arg(long, value_name = "X")]
    lambda: Option<f64>,
    /// How noise enters choices
    #[arg(long, value_enum, default_value_t)]
    shocks: ShocksName,
    /// Where standard errors come from
    #[arg(long, value_enum, default_value_t)]
    errors: ErrorsName,
    /// The column that counts how often a row was seen
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    /// The column whose equal values belong together in standard errors
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Data sets of a bootstrap
    #[arg(long, value_name = "N", default_value_t = 200)]
    resamples: u64,
    /// Starts of the climb beside the base values
    #[arg(long, value_name = "N", default_value_t = 8)]
    starts: u64,
    /// Simulate this many data sets at the estimate, fit each, and count how often the intervals hold
    #[arg(long, value_name = "N", default_value_t = 0)]
    self_check: u64,
    /// Threads for starts, resamples and checks; the numbers are the same for any [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// The seed of starts and simulations
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Give a parameter another base value, such as q=0.4; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Take this variant of the model
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The error models of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ShocksName {
    /// Extreme-value shocks per action: agent logit quantal response
    #[default]
    Logit,
    /// Normal shocks per action: agent error
    Probit,
    /// Normal shocks on own payoffs, privately known: the strategic probit
    Private,
}

/// The sources of standard errors of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ErrorsName {
    /// The observed information
    #[default]
    Observed,
    /// The sandwich over the clusters of --cluster, or over rows
    Clustered,
    /// A bootstrap with data drawn from the fit
    Parametric,
    /// A bootstrap with rows, or clusters, drawn again
    Case,
}

impl detente_fit::Watch for Watch {
    fn go_on(&self, done: f64) -> bool {
        self.may_go_on(done)
    }
}

/// Fits.
///
/// # Errors
/// A model or data with errors, names that nothing has, no likelihood, or an interrupt.
pub fn run(args: &FitArgs) -> Outcome {
    let (model, _) = read_model(&args.file)?;
    let mut game = game(&model, args.variant.as_deref())?.clone();
    let base = params(&game, &args.set)?;
    for (param, value) in game.params.iter_mut().zip(base) {
        param.base = value;
    }
    let sheet = sheet(&args.data)?;
    for name in sheet.columns.iter().chain(&args.estimate) {
        refuse_formula(&model, name)?;
    }
    let roles = Roles { weight: args.weight.clone(), cluster: args.cluster.clone() };
    let help = "one play per row; columns are called as parameters, as events (West.reply), or `outcome`";
    let data = read(&game, &sheet, &roles).map_err(|e| {
        // Rows of Parquet have no lines; every message that names a line begins with it.
        let words = match is_parquet(&args.data) {
            true => e.to_string().replacen("line ", "row ", 1),
            false => e.to_string(),
        };
        Failure::input(format!("{}, {words}", args.data.display()), help)
    })?;
    let names = match args.estimate.is_empty() {
        false => args.estimate.clone(),
        true => by_default(&model, &game, &sheet),
    };
    let shocks = match args.shocks {
        ShocksName::Logit => Shocks::Logit,
        ShocksName::Probit => Shocks::Probit,
        ShocksName::Private => Shocks::Private,
    };
    let problem = Problem::new(&game, &data, shocks, &names, args.lambda)
        .map_err(|e| Failure::misuse(e, "see `detente fit --help`"))?;
    let errors = match args.errors {
        ErrorsName::Observed => Errors::Observed,
        ErrorsName::Clustered => Errors::Clustered,
        ErrorsName::Parametric => Errors::Parametric,
        ErrorsName::Case => Errors::Case,
    };
    let plan = Plan {
        starts: args.starts,
        seed: args.seed,
        errors,
        resamples: args.resamples,
        self_check: args.self_check,
        threads: args
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
            .max(1),
    };
    let watch = Watch::start("fitting", None::<Duration>);
    let found = fit(&problem, &plan, &watch);
    watch.finish()?;
    let found = found.map_err(failure)?;
    match args.format {
        Format::Text => print(&fit_text(&game, &data, shocks, &found, colour()))?,
        Format::Json => print_json(&fit_json(&game, &data, shocks, &found))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn game<'m>(model: &'m Model, variant: Option<&str>) -> Result<&'m Game, Failure> {
    let Some(name) = variant else { return Ok(&model.game) };
    let known = model.variants.keys().map(String::as_str);
    model.variants.get(name).map(|v| &v.game).ok_or_else(|| unknown("variant", name, known))
}

fn sheet(path: &Path) -> Result<Sheet, Failure> {
    if is_parquet(path) {
        return parquet(path);
    }
    let text = read_text(path)?;
    read_csv(&text).map_err(|e| {
        Failure::input(format!("{}, {e}", path.display()), "write comma-separated values with a heading")
    })
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
}

/// Reads a Parquet file; its rows count from 1.
fn parquet(path: &Path) -> Result<Sheet, Failure> {
    let failed = |words: String| {
        let help =
            "write columns of doubles, of whole numbers that are not negative, and of words; or use CSV";
        Failure::input(format!("{}: {words}", path.display()), help)
    };
    let file = std::fs::File::open(path).map_err(|e| {
        Failure::misuse(format!("cannot read `{}`: {}", path.display(), reason(&e)), "check the path")
    })?;
    let reader = Reader::new(file).map_err(|e| failed(e.to_string()))?;
    let columns: Vec<String> = reader.fields().iter().map(|f| f.name.clone()).collect();
    let mut rows = vec![];
    for group in 0..reader.groups() {
        let cells: Vec<Vec<String>> =
            reader.group(group).map_err(|e| failed(e.to_string()))?.into_iter().map(words).collect();
        let height = cells.first().map_or(0, Vec::len);
        for k in 0..height {
            let cells = cells.iter().map(|c| c.get(k).cloned().unwrap_or_default()).collect();
            rows.push(SheetRow { line: rows.len() + 1, cells });
        }
    }
    Ok(Sheet { columns, rows })
}

/// The cells of a column as text; an empty cell is blank.
fn words(column: Column) -> Vec<String> {
    match column {
        Column::Whole(list) => list.iter().map(u64::to_string).collect(),
        Column::Number(list) => list.iter().map(|x| x.map_or(String::new(), |x| x.to_string())).collect(),
        Column::Word(names, list) => {
            let word = |code: u16| names.get(usize::from(code)).cloned().unwrap_or_default();
            list.into_iter().map(|code| code.map_or(String::new(), word)).collect()
        }
    }
}

/// A formula has no value of its own to give or to estimate.
fn refuse_formula(model: &Model, name: &str) -> Result<(), Failure> {
    let is = |p: &&detente_model::model::ParamInfo| p.name == name && matches!(p.kind, ParamKind::Formula(_));
    match model.params.iter().find(is) {
        None => Ok(()),
        Some(_) => Err(Failure::misuse(
            format!("`{name}` is a formula: it has no value of its own"),
            "give or estimate the parameters it is made of",
        )),
    }
}

/// What the model says is to be estimated; else every parameter with a prior that no column gives.
fn by_default(model: &Model, game: &Game, sheet: &Sheet) -> Vec<String> {
    if !model.estimates.is_empty() {
        return model.estimates.iter().map(|p| game.params[p.index()].name.clone()).collect();
    }
    let params = game.params.iter().zip(&model.params);
    let open = params.filter(|(p, info)| {
        p.prior.is_some() && info.kind == ParamKind::Prior && !sheet.columns.contains(&p.name)
    });
    open.map(|(p, _)| p.name.clone()).collect()
}

fn failure(e: FitError) -> Failure {
    let help = match &e {
        FitError::Nothing => "name parameters with --estimate, or leave out --lambda",
        FitError::NoLikelihood { .. } => {
            "give the parameters base values (--set) at which every play in the data can happen"
        }
        _ => "give it more time",
    };
    Failure::input(e, help)
}
