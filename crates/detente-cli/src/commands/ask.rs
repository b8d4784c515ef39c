//! `detente ask`: the questions and claims of a model, over all its equilibria.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{ModelArgs, params, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::claims::{Column, decide, refuted};
use detente_answer::draws::{Plan, take};
use detente_answer::evidence::evidence;
use detente_answer::flip::{Fragile, fragility_near};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{self, Point};
use detente_answer::study::{Study, study};
use detente_answer::verdict::Class;
use detente_answer::{asked, shares::Finding};
use detente_model::Model;
use detente_model::model::Claim;
use detente_report::asks::{Answers, answers_json, answers_text};
use std::process::ExitCode;

/// Answer the questions and decide the claims of a model
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente ask docs/first.det
  detente ask docs/first.det war_now --set q=0.5
  detente ask docs/first.det --draws 2000 --format json

A question is answered in every equilibrium, with the lowest and highest value over all of them.
A claim is decided in all equilibria, in those that do not fail the intuitive criterion, and in
those that the observations leave. With draws, each claim also names what drives it and what
overturns it.")]
pub struct AskArgs {
    #[command(flatten)]
    input: ModelArgs,
    /// Only the asks and claims of these names
    names: Vec<String>,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// With draws: leave out the search for what overturns each claim
    #[arg(long)]
    no_flips: bool,
    /// End with exit code 1 if a claim is not true in all equilibria, or fails over the draws
    #[arg(long)]
    strict: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How many draws of the parameters.
#[derive(Clone, Debug, Args)]
pub struct DrawOptions {
    /// Also decide over this many draws of the parameters
    #[arg(long, value_name = "N")]
    pub draws: Option<u64>,
    /// The seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Threads for the draws; by default all cores. The answer does not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

impl DrawOptions {
    /// Number of threads for the draws.
    pub fn cores(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

/// Answers.
///
/// # Errors
/// A model with errors, a name that nothing has, or an interrupt.
pub fn run(args: &AskArgs) -> Outcome {
    let mut model = args.input.model()?;
    select(&mut model, &args.names)?;
    let point = point(&model, &args.input.set, &args.options)?;
    let hands = point.hands();
    let out = refuted(&model, &hands);
    let study = draw(&model, &args.draws, args.draws.draws, &args.options)?;
    let flips = match study.is_some() && args.input.set.is_empty() && !args.no_flips {
        true => flips(&model, &point, args)?,
        false => vec![],
    };
    let answers = Answers {
        asks: model.asks.iter().map(|a| asked::answer(&hands, a)).collect(),
        claims: model.claims.iter().map(|c| decide(&hands, c, &out)).collect(),
        study,
        evidence: args.names.is_empty().then(|| evidence(&model, &hands)),
        flips,
    };
    match args.format {
        Format::Text => print(&answers_text(&model.game, &point, &answers, colour()))?,
        Format::Json => print_json(&answers_json(&model.game, &point, &answers))?,
    }
    let failed = args.strict && failing(&answers);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What overturns each claim, from the base values.
fn flips(model: &Model, point: &Point, args: &AskArgs) -> Result<Vec<Fragile>, Failure> {
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let watch = args.options.watch("looking for what overturns the claims");
    let found = fragility_near(model, point, &claims, &args.options.settings()?, args.draws.cores(), &watch);
    watch.finish()?;
    found.map_err(|e| Failure::input(e.words, "give the parameters other values"))
}

/// Keeps the asks and claims of these names, all if there are none.
fn select(model: &mut Model, names: &[String]) -> Result<(), Failure> {
    let known: Vec<&str> = model
        .asks
        .iter()
        .map(|a| a.name.as_str())
        .chain(model.claims.iter().map(|c| c.name.as_str()))
        .collect();
    if let Some(name) = names.iter().find(|n| !known.contains(&n.as_str())) {
        return Err(unknown("ask or claim", name, known.into_iter()));
    }
    if !names.is_empty() {
        model.asks.retain(|a| names.contains(&a.name));
        model.claims.retain(|c| names.contains(&c.name));
    }
    Ok(())
}

/// Solves the games that the questions need; the referee sees each of them.
///
/// # Errors
/// A value that is no number, a game without numbers, or an interrupt.
pub fn point<'m>(model: &'m Model, set: &[String], options: &SolveOptions) -> Result<Point<'m>, Failure> {
    let params = params(&model.game, set)?;
    let watch = options.watch("solving");
    let games = solved::all_games(model);
    let solved = solved::solve(model, &params, &games, &options.settings()?, &watch);
    watch.finish()?;
    solved.map_err(|e| {
        Failure::input(
            e.words,
            "give the parameters values at which every formula and probability is defined",
        )
    })
}

/// Takes the draws and sums them up; `None` without draws.
///
/// # Errors
/// Correlations that cannot hold together, or an interrupt.
pub fn draw(
    model: &Model,
    options: &DrawOptions,
    draws: Option<u64>,
    solving: &SolveOptions,
) -> Result<Option<Study>, Failure> {
    let Some(draws) = draws.filter(|n| *n > 0) else { return Ok(None) };
    let sampler = Sampler::new(model)
        .map_err(|e| Failure::input(e, "make the correlations weaker, so that they can hold together"))?;
    let plan = Plan { draws, seed: options.seed, threads: options.cores(), settings: solving.settings()? };
    let watch = solving.watch("drawing");
    let taken = take(model, &sampler, &plan, &watch);
    watch.finish()?;
    Ok(Some(study(model, &sampler, options.seed, &taken)))
}

/// Whether some claim fails.
fn failing(answers: &Answers) -> bool {
    let at_point = answers.claims.iter().any(|c| c.applies && c.class(Column::All) != Class::TrueInAll);
    let over_draws = answers
        .study
        .iter()
        .flat_map(|s| &s.claims)
        .any(|c| c.columns.first().is_some_and(|column| matches!(column.finding, Finding::Fails)));
    at_point || over_draws
}
