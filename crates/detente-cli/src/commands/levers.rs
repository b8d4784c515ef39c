//! `detente levers`: what a player could do about an outcome, and how sure that is.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::failure::{Failure, Outcome};
use crate::input::{models_in, params, read_any_model, read_model, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::{Args, ValueEnum};
use detente_answer::draws::Plan;
use detente_answer::levers::across::across;
use detente_answer::levers::{Inquiry, Levers, Measure, levers};
use detente_game::{OutcomeId, ParamId, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};
use detente_report::levers::{levers_json, levers_text};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draws of the parameters, unless asked otherwise.
const DRAWS: u64 = 200;

/// Which way the measure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Want {
    More,
    Less,
}

/// Rank what a player could do or change by its effect on an outcome, and by how robust that is
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente levers cases/europe-2022/s5-enlargement.det --player NATO --outcome enlarged
  detente levers cases/europe-2022/s1-crisis-diplomacy.det --player West --outcome attack --draws 500
  detente levers cases/europe-2022/s5-enlargement.det --player Russia --outcome worse --params border,effort
  detente levers cases/europe-2022 --player West --outcome attack

Levers: an action ruled out or a decision bound beforehand (the game is solved anew, all foresee it),
a move made unforeseen (`do`), and what the model declares with `lever NAME by PLAYER`; without such a
declaration the parameters in the player's payoffs and on its actions, moved to the 5 % and 95 % quantiles
of their priors. All are tried on the same draws. Effects are low to high over
the equilibria. Several files, or a case's folder, are rival models.")]
pub struct LeversArgs {
    /// Models (.det), or the folder of a case
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose levers
    #[arg(long, value_name = "NAME")]
    player: String,
    /// On what: an outcome, an ask or a claim of the model
    #[arg(long, value_name = "NAME")]
    outcome: String,
    /// Whether more or less of it is better; by default as the player's own payoffs say
    #[arg(long, value_enum)]
    want: Option<Want>,
    /// Parameters that the player could change, beside the declared levers
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    params: Option<Vec<String>>,
    /// What is good enough: for probabilities 0.5, unless said
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    threshold: Option<f64>,
    /// Give a parameter another value, such as q=0.4 or a=1/3; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// Show every lever, not only the strongest
    #[arg(long)]
    all: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Tries the levers.
///
/// # Errors
/// A file that cannot be read or holds errors, a name that nothing has, or an interrupt.
pub fn run(args: &LeversArgs) -> Outcome {
    let (files, many) = files(&args.files)?;
    let mut found: Vec<(String, Levers)> = vec![];
    let mut skipped: Vec<String> = vec![];
    for file in &files {
        let name = file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let model = if many { read_any_model(file)?.0 } else { read_model(file)?.0 };
        match inquiry(args, &model) {
            Ok(inquiry) => found.push((name, one(args, file, model, &inquiry)?)),
            Err(_) if many => {
                let lacks = if model.has_play() { "does not have both" } else { "holds no game" };
                skipped.push(format!("{name} {lacks} `{}` and `{}`", args.player, args.outcome));
            }
            Err(wrong) => return Err(wrong),
        }
    }
    if found.is_empty() {
        return Err(Failure::misuse(
            format!("no model here has both the player `{}` and `{}`", args.player, args.outcome),
            "name a player and an outcome, ask or claim of one of them",
        ));
    }
    let across = across(&found);
    match args.format {
        Format::Text => print(&levers_text(&found, across.as_ref(), &skipped, args.all, colour()))?,
        Format::Json => print_json(&levers_json(&found, across.as_ref(), &skipped))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The models meant, and whether some of them may lack what is asked for.
fn files(given: &[PathBuf]) -> Result<(Vec<PathBuf>, bool), Failure> {
    let mut files = vec![];
    for path in given {
        match path.is_dir() {
            true => files.extend(models_in(path)?),
            false => files.push(path.clone()),
        }
    }
    let many = files.len() > 1;
    Ok((files, many))
}

fn one(args: &LeversArgs, file: &Path, mut model: Model, inquiry: &Inquiry) -> Result<Levers, Failure> {
    let base = params(&model.game, &args.set)?;
    for (param, value) in model.game.params.iter_mut().zip(base) {
        param.base = value;
    }
    let watch = args.options.watch(&format!("{}: trying levers", file.display()));
    let found = levers(&model, inquiry, &watch);
    watch.finish()?;
    found.map_err(|e| Failure::input(e, "correct the model, or choose other parameters"))
}

fn inquiry(args: &LeversArgs, model: &Model) -> Result<Inquiry, Failure> {
    let game = &model.game;
    Ok(Inquiry {
        player: player(model, &args.player)?,
        measure: measure(model, &args.outcome)?,
        more: args.want.map(|w| w == Want::More),
        params: match &args.params {
            Some(names) => Some(names.iter().map(|n| param(game, n)).collect::<Result<Vec<_>, _>>()?),
            None => None,
        },
        threshold: args.threshold,
        plan: Plan {
            draws: args.draws.draws.unwrap_or(DRAWS),
            seed: args.draws.seed,
            threads: args.draws.cores(),
            settings: args.options.settings()?,
        },
    })
}

/// The player of this name.
///
/// # Errors
/// A name that no player has.
pub fn player(model: &Model, name: &str) -> Result<PlayerId, Failure> {
    let players = &model.game.players;
    match players.iter().position(|p| p.name == name) {
        Some(at) => Ok(PlayerId(at as u32)),
        None => Err(unknown("player", name, players.iter().map(|p| p.name.as_str()))),
    }
}

/// The parameter of this name.
///
/// # Errors
/// A name that no parameter has.
pub fn param(game: &detente_game::Game, name: &str) -> Result<ParamId, Failure> {
    let known = || game.params.iter().map(|p| p.name.as_str());
    game.find_param(name.trim()).ok_or_else(|| unknown("parameter", name.trim(), known()))
}

/// What is measured: an outcome's probability, an ask or a claim.
///
/// # Errors
/// A name that none of them has.
pub fn measure(model: &Model, name: &str) -> Result<Measure, Failure> {
    let game = &model.game;
    if let Some(at) = game.outcomes.iter().position(|o| o.name == name) {
        let kind = QueryKind::Prob(Happening::Outcome(OutcomeId(at as u32)));
        let query = Query { kind, conditions: Conditions::default(), span: Default::default() };
        let body = Body::Number(Number::Query(Box::new(query)));
        return Ok(Measure { name: name.into(), label: game.outcomes[at].label.clone(), body });
    }
    if let Some(ask) = model.asks.iter().find(|a| a.name == name) {
        return Ok(Measure { name: name.into(), label: ask.support.label.clone(), body: ask.body.clone() });
    }
    if let Some(claim) = model.claims.iter().find(|c| c.name == name) {
        let body = Body::Truth(claim.body.clone());
        return Ok(Measure { name: name.into(), label: claim.support.label.clone(), body });
    }
    let outcomes = game.outcomes.iter().map(|o| o.name.as_str());
    let asks = model.asks.iter().map(|a| a.name.as_str());
    let known = outcomes.chain(asks).chain(model.claims.iter().map(|c| c.name.as_str()));
    Err(unknown("outcome, ask or claim", name, known))
}
