//! Scenario files of KTAB, as text in and text out: a table (CSV) and a tree (XML).
//!
//! The one idea: a file that its own program reads is read here with the same meaning, and what is
//! written here its program reads. Positions and saliences are on 0 to 100, saliences are shares of one
//! attention; issues on other scales are carried onto 0 to 100 when written.
//! Source of the formats: KTAB, King Abdullah Petroleum Studies and Research Center (MIT licence): its
//! schema `smpSchema.xsd`, its readers and its example files.

pub mod csv;
pub mod xml;

use crate::council::{Actor, Council, CouncilData, CouncilError, Issue, SalienceRule};
use crate::spatial::SpatialOptions;
use std::fmt;

pub use csv::{read_csv, write_csv};
pub use xml::{read_xml, write_xml};

/// A scenario: a council, and the choices and seed that its file asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub name: String,
    pub description: String,
    pub council: Council,
    /// The defaults where the file says nothing; always the defaults from a CSV.
    pub options: SpatialOptions,
    /// The seed in the file. Its random numbers are another program's; a stochastic run here with the
    /// same seed is another run of the same chances.
    pub seed: Option<u64>,
}

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct KtabError {
    /// The line, counted from 1; `None` if no single line is at fault.
    pub line: Option<usize>,
    pub message: String,
}

impl KtabError {
    fn at(line: usize, message: impl Into<String>) -> KtabError {
        KtabError { line: Some(line), message: message.into() }
    }

    fn whole(message: impl Into<String>) -> KtabError {
        KtabError { line: None, message: message.into() }
    }
}

impl fmt::Display for KtabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for KtabError {}

/// What both formats hold.
struct Table {
    issues: Vec<String>,
    actors: Vec<Actor>,
    /// The line of each actor.
    lines: Vec<usize>,
    capability: Vec<f64>,
    position: Vec<Vec<f64>>,
    salience: Vec<Vec<f64>>,
}

impl Table {
    fn council(self) -> Result<Council, Vec<KtabError>> {
        let places: Vec<(String, usize)> =
            self.actors.iter().map(|a| a.name.clone()).zip(self.lines).collect();
        let data = CouncilData {
            issues: self.issues.into_iter().map(|name| Issue::new(name, 0.0, 100.0)).collect(),
            actors: self.actors,
            capability: self.capability,
            position: self.position,
            salience: self.salience,
            full_salience: 100.0,
            salience_rule: SalienceRule::Shares,
        };
        // Of two actors of one name the second is at fault.
        let placed = |error: CouncilError| {
            let line = places.iter().rfind(|(name, _)| error.actor() == Some(name)).map(|(_, line)| *line);
            KtabError { line, message: error.to_string() }
        };
        Council::new(data).map_err(|errors| errors.into_iter().map(placed).collect())
    }
}

/// Returns a position on 0 to 100.
fn percent_position(council: &Council, actor: usize, issue: usize) -> f64 {
    let scale = &council.issues()[issue];
    let place = council.position(actor, issue);
    if (scale.low, scale.high) == (0.0, 100.0) { place } else { 100.0 * council.to_unit(issue, place) }
}

/// Returns a salience as a share of 100.
fn percent_salience(council: &Council, actor: usize, issue: usize) -> f64 {
    let data = council.data();
    let given = data.salience[actor][issue];
    let share = match data.salience_rule {
        SalienceRule::Shares => 1.0,
        SalienceRule::Each => council.issues().len() as f64,
    };
    if data.full_salience == 100.0 && share == 1.0 {
        given
    } else {
        100.0 * given / (data.full_salience * share)
    }
}
