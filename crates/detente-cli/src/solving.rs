//! From a loaded game to a checked solution.
//!
//! The one idea: no command prints a solution that the referee has not replayed, and none prints a
//! stronger word than the referee confirms.

use crate::failure::Failure;
use crate::watch::Watch;
use clap::{Args, ValueEnum};
use detente_exact::Q;
use detente_game::solution::{Concept, Solution, Status};
use detente_game::{Game, Numbers};
use detente_solve::Settings;
use detente_verify::Verdict;
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
    /// Precision of quantal response, in 1 / payoff units; implies --concept qre
    #[arg(long, value_name = "X", value_parser = precision)]
    lambda: Option<Q>,
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

impl SolveOptions {
    /// The solver's settings.
    pub fn settings(&self) -> Settings {
        Settings {
            concept: self.concept(),
            one: self.one,
            lambda: self.lambda.clone(),
            ..Settings::default()
        }
    }

    fn concept(&self) -> Concept {
        if self.lambda.is_some() { Concept::Qre } else { self.concept.concept() }
    }

    /// The concept's name in a sentence.
    pub fn concept_name(&self) -> &'static str {
        detente_report::solution::concept_name(self.concept())
    }

    /// Starts the clock.
    pub fn watch(&self, title: &str) -> Watch {
        Watch::start(title, self.time_limit)
    }
}

fn precision(text: &str) -> Result<Q, String> {
    match Q::parse(text) {
        Some(x) if !x.is_negative() && x.to_f64().is_finite() => Ok(x),
        _ => Err("write a number that is not negative, such as 2.5 or 5/2".to_string()),
    }
}

/// A solution that the referee has seen.
pub struct Solved {
    pub solution: Solution,
    /// Time of the solver, without the referee.
    pub seconds: f64,
    pub verdict: Verdict,
}

/// Solves and checks.
///
/// # Errors
/// An interrupt.
pub fn solve(game: &Game, numbers: &Numbers, options: &SolveOptions) -> Result<Solved, Failure> {
    let settings = options.settings();
    let watch = options.watch("solving");
    let mut solution = detente_solve::solve(game, numbers, &settings, &watch);
    let seconds = watch.finish()?;
    let verdict = detente_verify::verify(game, numbers, &solution);
    temper(&mut solution, &verdict);
    Ok(Solved { solution, seconds, verdict })
}

/// Takes back every word that the referee does not confirm.
pub fn temper(solution: &mut Solution, verdict: &Verdict) {
    let claimed = strength(solution.status);
    if strength(verdict.proven) >= claimed && verdict.accepted {
        return;
    }
    if strength(verdict.proven) < claimed {
        solution.status = verdict.proven;
    }
    if let Some(why) = &verdict.rejected {
        solution.unresolved.push(format!("the referee does not confirm the proof: {why}"));
    }
    for open in &verdict.open {
        if !solution.unresolved.contains(open) {
            solution.unresolved.push(open.clone());
        }
    }
}

fn strength(status: Status) -> u8 {
    match status {
        Status::ExactComplete => 3,
        Status::ExactSome => 2,
        Status::Certified => 1,
        Status::Numeric => 0,
    }
}

/// Returns the largest gap over all equilibria, as text, and the same relative to what is at stake
/// at the set where it occurs.
pub fn gaps(verdict: &Verdict, concept: Concept) -> Option<(String, f64)> {
    let widest =
        verdict.components.iter().filter_map(|r| r.gap(concept)).max_by(|a, b| a.high.total_cmp(&b.high))?;
    let text = match &widest.exact {
        Some(q) => q.to_string(),
        None => format!("at most {:e}", widest.high),
    };
    let local = verdict.components.iter().flat_map(|r| &r.local).map(|l| l.relative).fold(0.0, f64::max);
    Some((text, local))
}
