//! Files into games: any format, by its name or by its first word.
//!
//! The one idea: every command reads its input here, so every command accepts the same files and
//! gives the same errors.

mod args;
mod case;
mod model;
mod text;

pub use args::{InputArgs, ModelArgs, numbers, params, unknown};
pub use case::{case_files, case_models, models_in, short_names};
pub use model::{model_without, place, prior, read_any_model, read_model, read_model_text};
pub use text::read_text;

use crate::failure::Failure;
use detente_bargain::ktab::{Scenario, read_csv, read_xml};
use detente_game::formats::{efg, json, nfg, text_of};
use detente_game::{FormatError, Game};
use detente_model::Limits;
use model::Disk;
use std::path::Path;
use text::{read_bytes, utf8};

/// The kinds of files that hold a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Gambit's extensive form
    Efg,
    /// Gambit's strategic form
    Nfg,
    /// detente's own JSON
    Json,
    /// A model in the detente language
    Det,
    /// A council as KTAB's table
    Csv,
    /// A council as KTAB's tree
    Xml,
}

impl Kind {
    /// Does this kind of file hold a council and no game?
    pub fn is_scenario(self) -> bool {
        matches!(self, Kind::Csv | Kind::Xml)
    }
}

/// Returns the kind that a file's name says, if it says one.
pub fn kind_of_name(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "efg" => Some(Kind::Efg),
        "nfg" => Some(Kind::Nfg),
        "json" => Some(Kind::Json),
        "det" | "detente" => Some(Kind::Det),
        "csv" => Some(Kind::Csv),
        "xml" => Some(Kind::Xml),
        _ => None,
    }
}

fn kind_of_text(text: &str) -> Kind {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("EFG") {
        Kind::Efg
    } else if start.starts_with("NFG") {
        Kind::Nfg
    } else if start.starts_with('<') {
        Kind::Xml
    } else if start.starts_with('{') {
        Kind::Json
    } else {
        Kind::Det
    }
}

/// What a file held.
pub enum Read {
    Game(Box<Game>),
    Model(Box<detente_model::Loaded>),
}

/// Reads any input file.
///
/// # Errors
/// A file that cannot be read, or a game file with an error. Errors of a model are in its
/// diagnostics.
pub fn read(path: &Path) -> Result<Read, Failure> {
    let (bytes, named) = (read_bytes(path)?, kind_of_name(path));
    let (text, repair) = match named {
        Some(Kind::Efg | Kind::Nfg) => text_of(bytes),
        _ => (utf8(path, bytes)?, None),
    };
    let parsed = match named.unwrap_or_else(|| kind_of_text(&text)) {
        Kind::Efg => efg::read(&text),
        Kind::Nfg => nfg::read(&text),
        Kind::Json => json::read(&text),
        Kind::Csv | Kind::Xml => {
            return Err(Failure::misuse(
                format!("`{}` holds a council and no game", path.display()),
                "`detente bargain` answers it; `detente convert` writes it as a model",
            ));
        }
        Kind::Det => {
            let name = path.to_string_lossy().replace('\\', "/");
            let files = Disk { main: (name.clone(), text) };
            return Ok(Read::Model(Box::new(detente_model::load(&files, &name, Limits::default()))));
        }
    };
    let mut game = parsed.map_err(|e| format_failure(path, &e))?;
    game.repairs.extend(repair);
    Ok(Read::Game(Box::new(game)))
}

/// Reads a scenario of KTAB.
///
/// # Errors
/// A file that cannot be read, or all of its faults, each with its line where one is at fault.
pub fn read_scenario(path: &Path, xml: bool) -> Result<Scenario, Failure> {
    let text = read_text(path)?;
    let read = if xml { read_xml(&text) } else { read_csv(&text) };
    read.map_err(|errors| {
        let list: Vec<String> = errors.iter().map(|e| format!("error: {}, {e}", path.display())).collect();
        Failure::Input(list.join("\n"))
    })
}

/// An error of a game file: file, place, message, help.
pub fn format_failure(path: &Path, e: &FormatError) -> Failure {
    Failure::input(format!("{}, {}: {}", path.display(), e.place, e.message), &e.help)
}
