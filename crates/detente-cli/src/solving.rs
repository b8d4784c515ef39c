//! From a loaded game to a checked solution.
//!
//! The one idea: no command prints a solution that the referee has not replayed, and none prints a
//! stronger word than the referee confirms.

use crate::failure::Failure;
use crate::watch::Watch;
use clap::{Args, ValueEnum};
use detente_exact::Q;
use detente_game::device::Advice;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use detente_solve::Settings;
use detente_verify::{Gap, Verdict};
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

/// What `--concept` may say: equilibria, or something else that strategy decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConceptChoice {
    /// Equilibria of this kind.
    Equilibria(ConceptName),
    Other(Other),
}

/// Answers that are no list of equilibria; for `detente solve` only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// What the player of this name can be sure of.
    Maxmin(String),
    /// What a device that advises the players can bring about.
    Devices(Advice),
    /// What it is worth to the player of this name to announce its plan first.
    Commit(String),
}

fn concept(text: &str) -> Result<ConceptChoice, String> {
    let other = match (text, text.split_once('=')) {
        ("ce", _) => Some(Other::Devices(Advice::AtStart)),
        ("cce", _) => Some(Other::Devices(Advice::Never)),
        ("efce", _) => Some(Other::Devices(Advice::WhereDue)),
        (_, Some(("maxmin", player))) => Some(Other::Maxmin(player.into())),
        (_, Some(("commit", player))) => Some(Other::Commit(player.into())),
        _ => None,
    };
    if let Some(other) = other {
        return Ok(ConceptChoice::Other(other));
    }
    let names: Vec<String> = ConceptName::value_variants()
        .iter()
        .filter_map(|v| v.to_possible_value())
        .map(|v| v.get_name().to_string())
        .collect();
    ConceptName::from_str(text, false).map(ConceptChoice::Equilibria).map_err(|_| {
        format!("write one of {}, ce, cce, efce, maxmin=PLAYER or commit=PLAYER", names.join(", "))
    })
}

/// What every command that solves takes.
#[derive(Clone, Debug, Args)]
pub struct SolveOptions {
    /// Which equilibria: sequential, spe, nash, qre; for `detente solve` also ce, cce, efce, maxmin=PLAYER
    /// and commit=PLAYER
    #[arg(long, value_name = "CONCEPT", value_parser = concept, default_value = "sequential", hide_default_value = false,
          long_help = "\
Which equilibria
- sequential:    sequential equilibrium (Kreps and Wilson 1982)
- spe:           subgame-perfect equilibrium (Selten 1965)
- nash:          Nash equilibrium
- qre:           agent logit quantal response equilibrium (McKelvey and Palfrey 1998)
For `detente solve` only, and no list of equilibria:
- maxmin=PLAYER: what the player can be sure of, whatever the others do
- commit=PLAYER: what it is worth to announce one's plan first and be believed (two players)
- ce:            what a device can bring about that tells each player its plan at the start
- efce:          the same, telling each move where it is due
- cce:           the same, for players who must accept before they hear anything")]
    concept: ConceptChoice,
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
    ///
    /// # Errors
    /// The call asks for what is no list of equilibria.
    pub fn settings(&self) -> Result<Settings, Failure> {
        if self.other().is_some() {
            return Err(Failure::misuse(
                "this concept is answered by `detente solve` alone",
                "here write --concept sequential, spe, nash or qre",
            ));
        }
        Ok(Settings {
            concept: self.concept(),
            one: self.one,
            lambda: self.lambda.clone(),
            ..Settings::default()
        })
    }

    fn concept(&self) -> Concept {
        match &self.concept {
            ConceptChoice::Equilibria(name) if self.lambda.is_none() => name.concept(),
            _ => Concept::Qre,
        }
    }

    /// What is asked for instead of equilibria, if anything.
    pub fn other(&self) -> Option<&Other> {
        match &self.concept {
            ConceptChoice::Other(other) => Some(other),
            ConceptChoice::Equilibria(_) => None,
        }
    }

    /// The concept's name in a sentence.
    pub fn concept_name(&self) -> &'static str {
        detente_report::solution::concept_name(self.concept())
    }

    /// Leaves one equilibrium if one was asked for: a search may come upon several at once.
    pub fn keep_to_one(&self, solution: &mut Solution) {
        if !self.one || solution.components.len() < 2 {
            return;
        }
        solution.components.truncate(1);
        if solution.status == Status::ExactComplete {
            solution.status = Status::ExactSome;
        }
        let why = "only the first equilibrium is listed, as asked".to_string();
        if !solution.unresolved.iter().any(|open| open.ends_with("as asked")) {
            solution.unresolved.push(why);
        }
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
    let settings = options.settings()?;
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
        solution.unresolved.insert(0, format!("the referee does not confirm this answer: {why}"));
        found_gaps(solution, verdict);
    }
    for open in &verdict.open {
        if !solution.unresolved.contains(open) {
            solution.unresolved.push(open.clone());
        }
    }
}

/// Prints the gaps that the referee found in place of those that the solver claims.
fn found_gaps(solution: &mut Solution, verdict: &Verdict) {
    let num = |gap: &Gap| match &gap.exact {
        Some(q) => Num::exact(q.clone()),
        None => {
            let half = (gap.high.max(0.0) / 2.0).next_up();
            Num::within(half, half)
        }
    };
    for (component, report) in solution.components.iter_mut().zip(&verdict.components) {
        component.gap_nash = num(&report.gap_nash);
        if let Some(printed) = &mut component.gap_sequential {
            *printed = report.gap_sequential.as_ref().map_or(printed.clone(), num);
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

#[cfg(test)]
mod tests {
    use super::*;
    use detente_solve::Silent;

    const ENTRY: &str = r#"EFG 2 R "Entry deterrence" { "Entrant" "Incumbent" }
p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "stay_out" { 0, 2 }
p "" 2 1 "reply" { "fight" "accommodate" } 0
t "" 2 "fight" { -1, -1 }
t "" 3 "share" { 1, 1 }
"#;

    /// The answer as printed, in text and as JSON, if the solver had made this mistake.
    fn printed(mistake: impl FnOnce(&mut Solution)) -> (String, serde_json::Value) {
        let game = detente_game::formats::efg::read(ENTRY).expect("a valid game");
        let numbers = game.numbers(&[]).expect("constants only");
        let settings = Settings { concept: Concept::Nash, ..Settings::default() };
        let mut solution = detente_solve::solve(&game, &numbers, &settings, &Silent);
        mistake(&mut solution);
        let verdict = detente_verify::verify(&game, &numbers, &solution);
        temper(&mut solution, &verdict);
        let text = detente_report::solution_text(&game, &numbers, &solution, false);
        (text, detente_report::solution_json(&game, &numbers, &solution, 0.0))
    }

    #[test]
    fn an_answer_that_the_referee_rejects_says_so_first() {
        let (text, json) = printed(|_| ());
        assert!(text.starts_with("exact-complete"), "{text}");
        assert_eq!(json["unresolved"], serde_json::json!([]));

        let mistakes: [fn(&mut Solution); 3] = [
            |s| s.certificate.stages.iter_mut().for_each(|t| t.components.clear()),
            |s| s.components[0].payoffs[0] = Num::exact(Q::from(7)),
            |s| s.components[0].gap_nash = Num::exact(Q::ONE),
        ];
        for mistake in mistakes {
            let (text, json) = printed(mistake);
            assert!(text.starts_with("numeric: Nash equilibria computed, not proven."), "{text}");
            assert!(text.contains("unresolved: the referee does not confirm this answer: "), "{text}");
            assert_eq!(json["status"], "numeric");
            let first = json["unresolved"][0].as_str().unwrap_or_default();
            assert!(first.starts_with("the referee does not confirm this answer"), "{json}");
        }
        // The gap is the referee's, not the one claimed.
        let (_, json) = printed(|s| s.components[0].gap_nash = Num::exact(Q::ONE));
        assert_eq!(json["equilibria"][0]["gap"]["nash"], "0");
    }
}
