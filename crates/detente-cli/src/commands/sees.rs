//! `detente sees`: who sees what.

use crate::commands::Format;
use crate::failure::Outcome;
use crate::input::InputArgs;
use crate::output::{colour, print, print_json};
use clap::Args;
use std::process::ExitCode;

/// Print who sees what: events in rows, players in columns
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  detente sees docs/first.det")]
pub struct SeesArgs {
    #[command(flatten)]
    input: InputArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the table.
///
/// # Errors
/// A file that cannot be read.
pub fn run(args: &SeesArgs) -> Outcome {
    let loaded = args.input.load()?;
    let table = detente_report::sees(&loaded.game);
    match args.format {
        Format::Text => print(&detente_report::sees_text(&loaded.game, &table, colour()))?,
        Format::Json => print_json(&detente_report::sees_json(&loaded.game, &table))?,
    }
    Ok(ExitCode::SUCCESS)
}
