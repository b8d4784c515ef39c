//! `detente infer`: what the observations say of aims and of rival models.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::failure::{Failure, Outcome};
use crate::input::{params, read_model, unknown};
use crate::output::{colour, print, print_json, reason, write_file};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::infer::lambda::LambdaPrior;
use detente_answer::infer::{Contender, InferError, Inference, Plan, infer};
use detente_diag::Sources;
use detente_model::Model;
use detente_prob::Prior;
use detente_report::chart::{chart_svg, waterfall};
use detente_report::infer::{infer_json, infer_text};
use detente_report::svg::SvgOptions;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Precisions at which quantal response is computed at the base values.
pub const PRECISIONS: usize = 64;
/// Draws of the parameters unless asked otherwise.
const DRAWS: u64 = 200;

/// Follow aims and rival models through the dated observations, in bits
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente infer cases/europe-2022/s1-crisis-diplomacy.det
  detente infer model.det rival.det --prior 0.7 --prior 0.3
  detente infer model.det --variant no_joining --lambda-prior \"lognormal(1, 0.5)\"

Each number stands under exact equilibrium, low to high over all equilibria, and under quantal
response with its precision λ integrated over a prior; at the base values and over the draws.
Several files, or variants of the first one, are rival models of the same observations.")]
pub struct InferArgs {
    /// Models (.det); the first one's observations are to be explained
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Also compare this variant of the first model; may be repeated
    #[arg(long = "variant", value_name = "NAME")]
    variants: Vec<String>,
    /// Your prior for each model compared, in their order (files, then variants); equal by default
    #[arg(long = "prior", value_name = "P")]
    priors: Vec<f64>,
    /// Give a parameter of the first model another base value; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Prior of the precision λ, in 1 / payoff units: a distribution as after `~`, or the name of a
    /// `param` of the first model [default: what the model says with `precision`; else log-uniform, 1 to
    /// 50 over the widest payoff range]
    #[arg(long, value_name = "PRIOR")]
    lambda_prior: Option<String>,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// Write a waterfall of evidence for each hypothesis into this folder, as SVG with its data as CSV
    #[arg(long, value_name = "FOLDER")]
    pictures: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Infers.
///
/// # Errors
/// Models with errors, names that nothing has, observations that cannot be explained by any play,
/// or an interrupt.
pub fn run(args: &InferArgs) -> Outcome {
    let mut read: Vec<(Model, Sources)> =
        args.files.iter().map(|f| read_model(f)).collect::<Result<_, _>>()?;
    let base = params(&read[0].0.game, &args.set)?;
    for (param, value) in read[0].0.game.params.iter_mut().zip(base) {
        param.base = value;
    }
    let lambda = lambda_prior(&read[0].0, args.lambda_prior.as_deref())?;
    let contenders = contenders(args, &read)?;
    let plan = Plan {
        draws: args.draws.draws.unwrap_or(DRAWS),
        seed: args.draws.seed,
        threads: args.draws.cores(),
        settings: args.options.settings()?,
        lambda,
        precisions: PRECISIONS,
    };
    let watch = args.options.watch("inferring");
    let found = infer(&contenders, &plan, &watch);
    watch.finish()?;
    let texts: Vec<&Sources> = (0..contenders.len()).map(|k| &read.get(k).unwrap_or(&read[0]).1).collect();
    let found = found.map_err(|e| failure(&e, texts.get(e.contender).copied()))?;
    if let Some(folder) = &args.pictures {
        pictures(folder, &found)?;
    }
    let concept = args.options.concept_name();
    match args.format {
        Format::Text => print(&infer_text(&found, concept, colour()))?,
        Format::Json => print_json(&infer_json(&found, concept))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes one picture per hypothesis and type of each model.
fn pictures(folder: &Path, found: &Inference) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|e| {
        let words = format!("cannot make the folder `{}`: {}", folder.display(), reason(&e));
        Failure::misuse(words, "choose another place")
    })?;
    for model in &found.models {
        for chart in (0..model.exact.hypotheses.len()).filter_map(|k| waterfall(model, k)) {
            let name = match found.models.len() {
                1 => chart.slug.clone(),
                _ => format!("{}-{}", model.name.replace(['/', '\\'], "-"), chart.slug),
            };
            write_file(&folder.join(format!("{name}.svg")), &chart_svg(&chart, &SvgOptions::default()))?;
            write_file(&folder.join(format!("{name}.csv")), &chart.data.csv())?;
        }
    }
    Ok(())
}

/// The files, then the variants of the first one.
fn contenders<'m>(args: &InferArgs, read: &'m [(Model, Sources)]) -> Result<Vec<Contender<'m>>, Failure> {
    let names = crate::input::short_names(&args.files);
    let mut list: Vec<Contender> = read
        .iter()
        .zip(names)
        .map(|((model, _), name)| Contender { name, model, variant: None, prior: 1.0 })
        .collect();
    let first = &read[0].0;
    for name in &args.variants {
        let known = || first.variants.keys().map(String::as_str);
        let place = first.variants.get_index_of(name).ok_or_else(|| unknown("variant", name, known()))?;
        list.push(Contender { name: name.clone(), model: first, variant: Some(place), prior: 1.0 });
    }
    if !args.priors.is_empty() && args.priors.len() != list.len() {
        return Err(Failure::misuse(
            format!("{} priors for {} models", args.priors.len(), list.len()),
            "give one --prior per model: the files in their order, then the variants",
        ));
    }
    for (contender, prior) in list.iter_mut().zip(&args.priors) {
        if !(prior.is_finite() && *prior > 0.0) {
            return Err(Failure::misuse(format!("a prior of {prior} is none"), "write positive numbers"));
        }
        contender.prior = *prior;
    }
    Ok(list)
}

/// The prior of λ that the model states with `precision`; else the default.
pub fn stated_lambda(model: &Model) -> LambdaPrior {
    match &model.precision {
        Some(stated) => LambdaPrior::Given { prior: stated.prior.clone() },
        None => LambdaPrior::default(),
    }
}

/// Reads the prior of λ: the name of a parameter, or a distribution as a model writes it.
fn lambda_prior(model: &Model, text: Option<&str>) -> Result<LambdaPrior, Failure> {
    let Some(text) = text else { return Ok(stated_lambda(model)) };
    let prior = match model.game.params.iter().find(|p| p.name == text) {
        Some(param) => param.prior.clone(),
        None => crate::input::prior(text),
    };
    let help =
        "write a distribution such as \"lognormal(1, 0.5)\" or \"0.5 to 5\", or name a `param` with a prior";
    let prior = prior.ok_or_else(|| Failure::misuse(format!("`{text}` is no prior of λ"), help))?;
    let negative = matches!(&prior, p if p.support().0 < 0.0 && !matches!(p, Prior::Interval { .. }));
    if negative || prior.quantile(0.05) < 0.0 {
        return Err(Failure::misuse(format!("`{text}` lets λ be negative"), help));
    }
    Ok(LambdaPrior::Given { prior })
}

/// An error of the inference, with its place.
fn failure(e: &InferError, sources: Option<&Sources>) -> Failure {
    let place = e.span.zip(sources).map(|(span, sources)| crate::input::place(sources, span));
    let words = match place {
        Some(place) => format!("{place}: {}", e.words),
        None => e.words.clone(),
    };
    Failure::input(words, &e.help)
}
