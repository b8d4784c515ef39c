//! `detente sources`: what is cited, whether the texts have it, and what falls without a source.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::failure::{Failure, Outcome};
use crate::input::{case_files, case_models, model_without, read_text, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::{Args, Subcommand};
use detente_answer::draws::Plan;
use detente_answer::provenance::texts::{Check, DIGITS, Verdict, check, digest, digests, paragraphs};
use detente_answer::provenance::{Dropped, Said, compare, ranges, said};
use detente_model::Model;
use detente_model::without::{falling, widest};
use detente_report::provenance::{
    Listed, checks_json, checks_text, dropped_json, dropped_text, listed, sources_json, sources_text,
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draws of the parameters, unless asked otherwise.
const DRAWS: u64 = 300;

/// List the sources of a model or case, check them against texts, or leave one out
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Example:
  detente sources cases/europe-2022
  detente sources verify cases/europe-2022 --text harris2022=article.txt
  detente sources drop harris2022 cases/europe-2022

A source is an entry of a bibliography with `grade` (A to F for the source, 1 to 6 for the information), `via`
(the key of whoever relays it) and `digest` (paragraph digests, such as {6:ab12cd34})."
)]
pub struct SourcesArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// A model, or a case's folder
    #[arg(required = true)]
    case: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    Verify(VerifyArgs),
    Drop(DropArgs),
}

/// Check locators and digests against texts that you have
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente sources verify cases/europe-2022 --text harris2022=article.txt

A text belongs to the source whose key is its name (`harris2022.txt`), or that stands before `=`. Paragraphs are
blocks between blank lines, counted from 1; pages end at form feeds. Exit code 1: something is wrong.")]
struct VerifyArgs {
    /// A model, or a case's folder
    case: PathBuf,
    /// A text, as FILE or KEY=FILE; may be repeated
    #[arg(long = "text", value_name = "FILE", required = true, num_args = 1..)]
    texts: Vec<String>,
    /// Also print the digests of the cited paragraphs, for the bibliography
    #[arg(long)]
    digests: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Show which conclusions flip or lose their support without a source
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente sources drop harris2022 cases/europe-2022 --draws 500

What cites this source and no other goes: observations are removed, ranges are doubled and cut at 0 and 1 where
they did not go beyond. A range that is said to be `assumed` beside the source stays, unless --widen is given. The
same draws are answered with and without it.")]
struct DropArgs {
    /// The source's key in the bibliography
    key: String,
    /// A model, or a case's folder
    case: PathBuf,
    /// Give up ranges, too, that are assumed beside the source
    #[arg(long)]
    widen: bool,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Lists, verifies or drops.
///
/// # Errors
/// A model with errors, a key that does not exist, a text that cannot be read, or an interrupt.
pub fn run(args: &SourcesArgs) -> Outcome {
    match (&args.action, &args.case) {
        (Some(Action::Verify(verify)), _) => verified(verify),
        (Some(Action::Drop(drop)), _) => dropped(drop),
        (None, Some(case)) => {
            let models = case_models(case)?;
            let list = listed(&models.iter().map(|(_, model, _)| model).collect::<Vec<_>>());
            match args.format {
                Format::Text => print(&sources_text(&list, colour()))?,
                Format::Json => print_json(&sources_json(&list))?,
            }
            Ok(ExitCode::SUCCESS)
        }
        (None, None) => Err(Failure::misuse("no case is named", "name a model, or a case's folder")),
    }
}

fn verified(args: &VerifyArgs) -> Outcome {
    let models = case_models(&args.case)?;
    let all: Vec<&Model> = models.iter().map(|(_, model, _)| model).collect();
    let list = listed(&all);
    let mut checks: Vec<Check> = Vec::new();
    let mut read: Vec<&str> = Vec::new();
    let mut proposals = Vec::new();
    for text in &args.texts {
        let (source, file) = owner(text, &list)?;
        let words = read_text(&file)?;
        let entry = all.iter().find_map(|model| model.sources.get(&source.key)).expect("it is listed");
        checks.extend(check(&source.key, entry, &source.locators, &words));
        read.push(&source.key);
        if args.digests {
            proposals.push(proposal(source, &words, &digests(entry)));
        }
    }
    let cited = list.iter().filter(|one| !one.locators.is_empty() && !read.contains(&one.key.as_str()));
    let unread: Vec<String> = cited.map(|one| one.key.clone()).collect();
    match args.format {
        Format::Text => print(&checks_text(&checks, &unread, &proposals, colour()))?,
        Format::Json => print_json(&checks_json(&checks, &unread))?,
    }
    let wrong = checks.iter().any(|check| check.verdict == Verdict::Wrong);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The source that a text belongs to.
fn owner<'l>(text: &str, list: &'l [Listed]) -> Result<(&'l Listed, PathBuf), Failure> {
    let known = || list.iter().map(|one| one.key.as_str());
    if let Some((key, file)) = text.split_once('=')
        && let Some(source) = list.iter().find(|one| one.key == key)
    {
        return Ok((source, PathBuf::from(file)));
    }
    let file = PathBuf::from(text);
    let stem = file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    if let Some(source) = list.iter().find(|one| one.key == stem) {
        return Ok((source, file));
    }
    match text.split_once('=') {
        Some((key, _)) => Err(unknown("source", key, known())),
        None => Err(Failure::misuse(
            format!("`{text}` is named after no source"),
            format!("write KEY=FILE; the keys are {}", known().collect::<Vec<_>>().join(", ")),
        )),
    }
}

/// The digests of the cited paragraphs, ready for the bibliography.
fn proposal(source: &Listed, text: &str, stated: &[(usize, String)]) -> String {
    let found = paragraphs(text);
    let mut cited: Vec<usize> = source
        .locators
        .iter()
        .flat_map(|locator| locator.split([',', ';']))
        .filter_map(|part| part.trim().strip_prefix('¶')?.parse().ok())
        .chain(stated.iter().map(|(number, _)| *number))
        .filter(|number| (1..=found.len()).contains(number))
        .collect();
    cited.sort_unstable();
    cited.dedup();
    let list: Vec<String> =
        cited.iter().map(|number| format!("{number}:{}", &digest(&found[number - 1])[..DIGITS])).collect();
    format!("{}: digest = {{{}}}", source.key, list.join(", "))
}

/// What a model says, in the form in which it is compared.
///
/// # Errors
/// No numbers at the base values, or an interrupt.
pub fn answered(options: &SolveOptions, plan: &Plan, title: &str, model: &Model) -> Result<Said, Failure> {
    let watch = options.watch(title);
    let found = said(model, plan, &watch);
    watch.finish()?;
    found.map_err(|e| Failure::input(e.words, "give the parameters other values"))
}

/// What becomes of a model's conclusions without a source; `before`: what it says with it. With `widen`, ranges
/// that are assumed beside the source fall, too.
///
/// # Errors
/// A model that has no sense without the source, or an interrupt.
pub fn without(
    options: &SolveOptions,
    plan: &Plan,
    (name, model, file): (&str, &Model, &Path),
    (key, widen): (&str, bool),
    before: &Said,
) -> Result<Dropped, Failure> {
    let stated = ranges(model);
    let keys = falling(&model.sources, key);
    let (without, mut removed) = model_without(file, &keys, &stated, widen)?;
    removed.widened.retain(|param| stated.get(param).is_some_and(|range| widest(*range) != *range));
    let after = answered(options, plan, &format!("{name}: without {key}"), &without)?;
    Ok(compare(model, &removed, before, &after))
}

fn dropped(args: &DropArgs) -> Outcome {
    let models = case_models(&args.case)?;
    let list = listed(&models.iter().map(|(_, model, _)| model).collect::<Vec<_>>());
    if !list.iter().any(|one| one.key == args.key) {
        return Err(unknown("source", &args.key, list.iter().map(|one| one.key.as_str())));
    }
    let plan = Plan {
        draws: args.draws.draws.unwrap_or(DRAWS).max(1),
        seed: args.draws.seed,
        threads: args.draws.cores(),
        settings: args.options.settings()?,
    };
    let mut found: Vec<(String, Dropped)> = Vec::new();
    for ((name, model, _), file) in models.iter().zip(case_files(&args.case)?) {
        if !model.sources.contains_key(&args.key) {
            continue;
        }
        let before = answered(&args.options, &plan, &format!("{name}: with the source"), model)?;
        let gone = (args.key.as_str(), args.widen);
        let after = without(&args.options, &plan, (name, model, &file), gone, &before)?;
        found.push((name.clone(), after));
    }
    match args.format {
        Format::Text => print(&dropped_text(&found, &args.key, colour()))?,
        Format::Json => print_json(&dropped_json(&found))?,
    }
    Ok(ExitCode::SUCCESS)
}
