//! `detente flip`: what overturns the claims of a model or of a whole case.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{models_in, read_any_model, short_names, unknown};
use crate::output::{colour, print, print_json, write_file};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::council::Session;
use detente_answer::ensemble::{self, Plan};
use detente_answer::flip::{Fragile, fragility};
use detente_model::Model;
use detente_model::model::Claim;
use detente_report::SvgOptions;
use detente_report::chart::{chart_svg, tornado};
use detente_report::flips::{ModelFlips, flips_json, flips_text, weakest};
use std::path::PathBuf;
use std::process::ExitCode;

/// Draws of a council that show where its numbers must go for another verdict.
const DRAWS: u64 = 512;

/// Find what overturns each claim: one parameter alone, and the least change of several together
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente flip cases/europe-2022/s4-escalation.det
  detente flip cases/europe-2022          (every claim of the case, in one table)
  detente flip docs/first.det --claim speaks --format json
  detente flip cases/europe-2022/s4-escalation.det --claim hardens_first -o tornado.svg

Distances are in standard deviations of the priors, measured from the base values. The claim whose
verdict lies nearest to a change comes first. Both sides of each change are proven, by an exact solution
or by enclosures, with the values that are printed. That no nearer joint change exists is proven as far as
the text says, and searched for beyond. A claim about a council is decided by all theories that it lists; for
it nothing is proven.")]
pub struct FlipArgs {
    /// A model (.det), or the folder of a case
    file: PathBuf,
    /// Give a parameter another base value, such as q=0.4 or a=1/3; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Write a picture of the tipping values of the most fragile claim to this file (.svg)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only the claims of these names; may be repeated
    #[arg(long = "claim", value_name = "NAME")]
    claims: Vec<String>,
    #[command(flatten)]
    options: SolveOptions,
    /// Threads; by default all cores. The answer does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Looks for flips.
///
/// # Errors
/// A model with errors or without claims, a claim that does not exist, or an interrupt.
pub fn run(args: &FlipArgs) -> Outcome {
    let models = models(args)?;
    let known =
        || models.iter().flat_map(|(_, m)| m.claims.iter().chain(&m.council_claims).map(|c| c.name.as_str()));
    if let Some(name) = args.claims.iter().find(|n| !known().any(|k| k == n.as_str())) {
        return Err(unknown("claim", name, known()));
    }
    if known().next().is_none() {
        return Err(Failure::misuse(
            format!("`{}` claims nothing", args.file.display()),
            "add a `claim`, or use `detente thresholds`",
        ));
    }
    let mut list: Vec<ModelFlips> = vec![];
    for (name, model) in &models {
        let chosen = |c: &&Claim| args.claims.is_empty() || args.claims.contains(&c.name);
        let claims: Vec<&Claim> = model.claims.iter().filter(chosen).collect();
        let mut found = if claims.is_empty() { vec![] } else { flips(args, name, model, &claims)? };
        if model.council_claims.iter().any(|c| chosen(&c)) {
            let of_councils = council_flips(args, name, model)?;
            found.extend(
                of_councils.into_iter().filter(|f| args.claims.is_empty() || args.claims.contains(&f.claim)),
            );
        }
        if !found.is_empty() {
            list.push(ModelFlips { model: name.clone(), game: &model.game, found });
        }
    }
    if let Some((path, claim)) = args.output.as_ref().zip(weakest(&list)) {
        write_file(path, &chart_svg(&tornado(claim), &SvgOptions::default()))?;
    }
    match args.format {
        Format::Text => print(&flips_text(&list, colour()))?,
        Format::Json => print_json(&flips_json(&list))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The models, by name.
fn models(args: &FlipArgs) -> Result<Vec<(String, Model)>, Failure> {
    let files = if args.file.is_dir() { models_in(&args.file)? } else { vec![args.file.clone()] };
    let mut list = vec![];
    for (file, name) in files.iter().zip(short_names(&files)) {
        let (mut model, _) = read_any_model(file)?;
        let params = crate::input::params(&model.game, &args.set)?;
        for (param, value) in model.game.params.iter_mut().zip(params) {
            param.base = value;
        }
        list.push((name, model));
    }
    Ok(list)
}

/// What overturns the claims about councils.
fn council_flips(args: &FlipArgs, name: &str, model: &Model) -> Result<Vec<Fragile>, Failure> {
    let session = Session::new(model, &[]).map_err(|e| Failure::input(e, "correct the council's options"))?;
    let watch = args.options.watch(&format!("{name}: looking for what overturns the council's claims"));
    let found =
        ensemble::fragility(&session, &Plan { draws: DRAWS, seed: 1, threads: threads(args) }, &watch);
    watch.finish()?;
    found.map_err(|e| Failure::input(e, "give the parameters other values"))
}

fn threads(args: &FlipArgs) -> usize {
    args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn flips(args: &FlipArgs, name: &str, model: &Model, claims: &[&Claim]) -> Result<Vec<Fragile>, Failure> {
    let watch = args.options.watch(&format!("{name}: looking for what overturns the claims"));
    let found = fragility(model, claims, &args.options.settings()?, threads(args), &watch);
    watch.finish()?;
    found.map_err(|e| {
        Failure::input(
            e.words,
            "give the parameters values at which every formula and probability is defined",
        )
    })
}
