//! From a loaded game to a checked solution.
//!
//! The one idea: no command prints a solution that the referee has not replayed, and none prints a
//! stronger word than the referee confirms.

use crate::failure::Failure;
use crate::watch::Watch;
use clap::{Args, ValueEnum};
use detente_game::solution::{Concept, Solution};
use detente_game::{Game, Numbers};
use detente_solve::Settings;
use std::time::Duration;

/// The solution concepts of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ConceptName {
    /// Sequential equilibrium (Kreps and Wilson 1982)
    #[default]
    Sequential,
    /// Subgame-perfect equilibrium (Selten 1965)
    Spe,
    /// Nash equilibrium
    Nash,
    /// Agent logit quantal response equilibrium (McKelvey and Palfrey 1998)
    Qre,
}

impl ConceptName {
    fn concept(self) -> Concept {
        match self {
            ConceptName::Sequential => Concept::Sequential,
            ConceptName::Spe => Concept::Spe,
            ConceptName::Nash => Concept::Nash,
            ConceptName::Qre => Concept::Qre,
        }
    }
}

/// What every command that solves takes.
#[derive(Clone, Debug, Args)]
pub struct SolveOptions {
    /// Which equilibria
    #[arg(long, value_enum, default_value_t)]
    concept: ConceptName,
    /// Stop at the first equilibrium
    #[arg(long)]
    one: bool,
    /// End after this many seconds with the best honest answer
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let value: f64 = text.parse().map_err(|_| "write a number of seconds, such as 2.5".to_string())?;
    Duration::try_from_secs_f64(value)
        .map_err(|_| "the number of seconds must be positive and finite".to_string())
}

/// A solution that the referee has seen.
pub struct Solved {
    pub solution: Solution,
    /// Time of the solver, without the referee.
    pub seconds: f64,
}

/// Solves and checks.
///
/// # Errors
/// An interrupt, or a game the concept does not apply to.
pub fn solve(game: &Game, numbers: &Numbers, options: &SolveOptions) -> Result<Solved, Failure> {
    let settings = Settings { concept: options.concept.concept(), one: options.one, ..Settings::default() };
    let watch = Watch::start("solving", options.time_limit);
    let solution = detente_solve::solve(game, numbers, &settings, &watch);
    let seconds = watch.finish()?;
    Ok(Solved { solution, seconds })
}
