//! `detente convert`: one game or council, another format.

use crate::commands::convert_council;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, Kind, format_failure, kind_of_name};
use crate::output::{print, write_file};
use clap::Args;
use detente_game::formats::{efg, json, nfg};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a game as .efg, .nfg or JSON, a council as KTAB's .csv or .xml, and these as a model
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  detente convert docs/first.det -o first.efg   (for Gambit)\n  \
                  detente convert first.efg --to json\n  \
                  detente convert cases/europe-2022/s6-settlement.det -o order.xml   (a council, for KTAB)\n  \
                  detente convert order.xml -o order.det")]
pub struct ConvertArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The format to write; by default what the output file's name says
    #[arg(long, value_enum)]
    to: Option<Kind>,
    /// Which council, if the model has several
    #[arg(long, value_name = "NAME")]
    council: Option<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Converts.
///
/// # Errors
/// A file that cannot be read or written, or a game that the format cannot hold.
pub fn run(args: &ConvertArgs) -> Outcome {
    let Some(kind) = args.to.or_else(|| args.output.as_deref().and_then(kind_of_name)) else {
        return Err(Failure::misuse(
            "the format to write is not said",
            "add --to efg, nfg or json; for a council --to csv, xml or det",
        ));
    };
    let from = kind_of_name(&args.input.file);
    if kind.is_scenario() || from.is_some_and(Kind::is_scenario) {
        let text = convert_council::text(&args.input, from, kind, args.council.as_deref())?;
        return write(args, &text);
    }
    let loaded = args.input.load()?;
    let (game, numbers) = (&loaded.game, &loaded.numbers);
    let text = match kind {
        Kind::Efg => efg::write(game, numbers),
        Kind::Nfg => nfg::write(game, numbers).map_err(|e| format_failure(&args.input.file, &e))?,
        Kind::Json => json::write(game),
        Kind::Det | Kind::Csv | Kind::Xml => {
            return Err(Failure::misuse("a game cannot be written as a model", "choose efg, nfg or json"));
        }
    };
    for repair in &game.repairs {
        anstream::eprintln!("repaired: {}", detente_report::paint::printable(repair));
    }
    write(args, &text)
}

fn write(args: &ConvertArgs, text: &str) -> Outcome {
    match &args.output {
        Some(path) => write_file(path, text)?,
        None => print(text)?,
    }
    Ok(ExitCode::SUCCESS)
}
