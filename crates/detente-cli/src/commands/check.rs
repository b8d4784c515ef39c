//! `detente check`: everything that is wrong with a file, in one run.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{Read, case_models, read, read_text};
use crate::output::{colour, error_colour, print, print_json};
use clap::Args;
use detente_diag::{has_errors, render_terminal_all, to_json};
use detente_game::Game;
use detente_model::Model;
use detente_model::council::CouncilModel;
use detente_report::case::standards::{Text, standards};
use detente_report::case::{Notes, notes};
use detente_report::standards::{standards_json, standards_text};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Report every error and warning of a model or game, and its size
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  detente check docs/first.det\n  detente check cases/europe-2022/s1-crisis-diplomacy.det --format json\n  detente check --icd203 cases/europe-2022"
)]
pub struct CheckArgs {
    /// A model (.det) or a game (.efg, .nfg, .json); - reads the standard input
    file: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// Check a whole case (a folder or a model) against the nine tradecraft standards of ICD 203
    #[arg(long)]
    icd203: bool,
}

/// Checks.
///
/// # Errors
/// A file that cannot be read; a model with errors, or with warnings under `--strict`.
pub fn run(args: &CheckArgs) -> Outcome {
    if args.icd203 {
        return tradecraft(args);
    }
    match read(&args.file)? {
        Read::Game(game) => {
            let game = *game;
            match args.format {
                Format::Json => print_json(
                    &json!({"errors": 0, "messages": [], "game": size(&game), "repairs": game.repairs}),
                )?,
                Format::Text => {
                    for repair in &game.repairs {
                        anstream::eprintln!("repaired: {}", detente_report::paint::printable(repair));
                    }
                    print(&sentence(&game))?;
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Read::Model(model) => {
            let game = model.model.as_ref().map(|m| &m.game);
            let errors = model.diagnostics.iter().filter(|d| d.is_error()).count();
            let clean = model.diagnostics.is_empty();
            let good = clean || !(args.strict || has_errors(&model.diagnostics));
            match args.format {
                Format::Json => print_json(&json!({
                    "errors": errors,
                    "messages": to_json(&model.sources, &model.diagnostics),
                    "game": game.map(size),
                    "councils": model.model.as_ref().map_or(&[][..], |m| &m.councils).iter().map(seats).collect::<Vec<_>>(),
                    "repairs": [],
                }))?,
                Format::Text => {
                    anstream::eprint!(
                        "{}",
                        render_terminal_all(&model.sources, &model.diagnostics, error_colour())
                    );
                    if let Some(model) = model.model.as_ref().filter(|_| good) {
                        print(&words(model))?;
                    }
                }
            }
            if good {
                Ok(ExitCode::SUCCESS)
            } else if args.format == Format::Json {
                Ok(ExitCode::FAILURE)
            } else {
                Err(Failure::Input(format!("{} does not pass", args.file.display())))
            }
        }
    }
}

/// Checks a case against the tradecraft standards; with `--strict` a missing one is exit code 1.
fn tradecraft(args: &CheckArgs) -> Outcome {
    let models = case_models(&args.file)?;
    let texts: Vec<Text> = models.iter().map(|(name, model, texts)| Text { name, model, texts }).collect();
    let page = args.file.join("case.md");
    let found = match page.is_file() {
        true => standards(&texts, &notes(&read_text(&page)?), true),
        false => standards(&texts, &Notes::default(), false),
    };
    match args.format {
        Format::Text => print(&standards_text(&found, colour()))?,
        Format::Json => print_json(&standards_json(&found))?,
    }
    let short = args.strict && found.iter().any(|standard| !standard.met);
    Ok(if short { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// One sentence for the game, and one for each council.
fn words(model: &Model) -> String {
    let mut text = if model.has_play() { sentence(&model.game) } else { String::new() };
    for council in &model.councils {
        text.push_str(&format!(
            "good: council `{}` with {} actors, {} issues, {} uncertain numbers\n",
            council.name,
            council.actors.len(),
            council.issues.len(),
            council.cells().filter(|cell| cell.param.is_some()).count(),
        ));
    }
    text
}

fn seats(council: &CouncilModel) -> serde_json::Value {
    json!({
        "name": council.name,
        "actors": council.actors.len(),
        "issues": council.issues.len(),
        "uncertain": council.cells().filter(|cell| cell.param.is_some()).count(),
    })
}

fn size(game: &Game) -> serde_json::Value {
    json!({
        "title": game.title,
        "players": game.players.len(),
        "nodes": game.nodes.len(),
        "ends": game.num_terminals(),
        "information_sets": game.infosets.len(),
        "parameters": game.params.len(),
    })
}

fn sentence(game: &Game) -> String {
    format!(
        "good: {} players, {} nodes, {} information sets, {} ends, {} parameters\n",
        game.players.len(),
        game.nodes.len(),
        game.infosets.len(),
        game.num_terminals(),
        game.params.len()
    )
}
