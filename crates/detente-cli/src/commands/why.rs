//! `detente why`: what a player knows, believes and earns, and what would change its mind.

use crate::commands::Format;
use crate::commands::ask::point;
use crate::failure::Outcome;
use crate::input::{ModelArgs, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::flip::Ground;
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Games, Memory};
use detente_answer::why::{Why, add_flips, why};
use detente_game::{EventId, EventKind};
use detente_model::Model;
use detente_report::asks::why_text;
use serde_json::json;
use std::process::ExitCode;

/// Explain a decision: what the player knows, believes and earns, and what would end the choice
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente why docs/first.det Rival.answer
  detente why docs/first.det          (every decision)")]
pub struct WhyArgs {
    #[command(flatten)]
    input: ModelArgs,
    /// The decision, such as West.reply or West.reply[2]; by default every decision
    decision: Option<String>,
    #[command(flatten)]
    options: SolveOptions,
    /// Leave out the search for the parameter change that would end the choice
    #[arg(long)]
    no_flips: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Explains.
///
/// # Errors
/// A model with errors, a decision that does not exist, or an interrupt.
pub fn run(args: &WhyArgs) -> Outcome {
    let model = args.input.model()?;
    let events = decisions(&model, args.decision.as_deref())?;
    let point = point(&model, &args.input.set, &args.options)?;
    let hands = point.hands();
    let mut list: Vec<Why> = events.iter().flat_map(|e| why(&hands, *e)).collect();
    // The search starts at the base values, so it speaks of nothing else.
    let flips = !args.no_flips && args.input.set.is_empty();
    if flips && let Ok(sampler) = Sampler::new(&model) {
        let watch = args.options.watch("looking for what would change it");
        let (games, settings) = (Games::from([None]), args.options.settings()?);
        let memory = Memory::of(&point);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let ground = Ground::new(&model, &sampler, &games, &settings, &memory, threads, &watch);
        add_flips(&mut list, &ground, threads, &watch);
        watch.finish()?;
    }
    match args.format {
        Format::Text => print(&why_text(&list, colour()))?,
        Format::Json => print_json(&json!({
            "detente": env!("CARGO_PKG_VERSION"),
            "game": {"title": model.game.title, "sha256": model.game.sha256()},
            "why": list,
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The decisions of that name; a name without an index means every round.
fn decisions(model: &Model, name: Option<&str>) -> Result<Vec<EventId>, crate::failure::Failure> {
    let game = &model.game;
    let all: Vec<EventId> = (0..game.events.len())
        .map(|i| EventId(i as u32))
        .filter(|e| game.events[e.index()].kind == EventKind::Move)
        .collect();
    let Some(name) = name else { return Ok(all) };
    let bare = |e: &EventId| game.event_name(*e).split('[').next().unwrap_or("").to_string();
    let found: Vec<EventId> =
        all.iter().copied().filter(|e| game.event_name(*e) == name || bare(e) == name).collect();
    if found.is_empty() {
        let names: Vec<String> = all.iter().map(|e| game.event_name(*e)).collect();
        return Err(unknown("decision", name, names.iter().map(String::as_str)));
    }
    Ok(found)
}
