//! From a loaded game to a checked solution.
//!
//! The one idea: no command prints a solution that the referee has not replayed, and none prints a
//! stronger word than the referee confirms.

use crate::concepts::{self, Wish};
use crate::failure::Failure;
use crate::precision::Precision;
use crate::watch::Watch;
use clap::Args;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use detente_solve::Settings;
use detente_verify::{Gap, Verdict};
use std::time::{Duration, Instant};

/// What every command that solves takes.
#[derive(Clone, Debug, Args)]
pub struct SolveOptions {
    /// Which concept: sequential, spe, nash or qre
    #[arg(long, value_name = "CONCEPT", value_parser = concepts::wish, default_value = "sequential",
          hide_default_value = false, long_help = concepts::common_help())]
    concept: Wish,
    /// Precision of quantal response, in 1 / payoff units; implies --concept qre
    #[arg(long, value_name = "X", value_parser = Precision::parse, allow_hyphen_values = true)]
    lambda: Option<Precision>,
    /// Stop at the first equilibrium
    #[arg(long)]
    one: bool,
    /// End after this many seconds with the best honest answer
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_hyphen_values = true)]
    time_limit: Option<Duration>,
    /// End when the program holds more memory than this, with the best honest answer
    #[arg(long, value_name = "MEGABYTES", value_parser = megabytes, allow_hyphen_values = true)]
    memory_limit: Option<u64>,
}

/// Reads a number of megabytes, in bytes.
fn megabytes(text: &str) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().and_then(|n| n.checked_mul(1_000_000));
    let number = number.ok_or_else(|| "write a whole number of megabytes, such as 4000".to_string())?;
    match crate::watch::held() {
        Some(_) => Ok(number),
        None => {
            Err("this system does not tell a program how much memory it holds; limit it from outside".into())
        }
    }
}

/// Reads a number of seconds.
///
/// # Errors
/// What can be written instead.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let value: f64 = text.parse().map_err(|_| "write a number of seconds, such as 2.5".to_string())?;
    Duration::try_from_secs_f64(value)
        .map_err(|_| "the number of seconds must not be negative, and finite".to_string())
}

impl SolveOptions {
    /// The solver's settings.
    ///
    /// # Errors
    /// The call asks for what is no list of equilibria.
    pub fn settings(&self) -> Result<Settings, Failure> {
        match self.wish().row.lists {
            Some(_) if matches!(self.lambda, Some(Precision::Each(_))) => Err(Failure::misuse(
                "a precision for each player is for `detente solve` alone",
                "here write one number after --lambda",
            )),
            Some(concept) => Ok(self.search_settings(concept)),
            None => Err(Failure::misuse(
                "this concept is answered by `detente solve` alone",
                "here write --concept sequential, spe, nash or qre",
            )),
        }
    }

    /// The solver's settings for this kind of equilibrium.
    pub fn search_settings(&self, concept: Concept) -> Settings {
        let lambda = match &self.lambda {
            Some(Precision::All(lambda)) => Some(lambda.clone()),
            Some(Precision::Each(_)) | None => None,
        };
        Settings { concept, one: self.one, lambda, ..Settings::default() }
    }

    /// What is asked for; a precision asks for quantal response.
    pub fn wish(&self) -> Wish {
        if self.lambda.is_some() && self.concept.row.lists.is_some() {
            return Wish::of(Concept::Qre);
        }
        self.concept.clone()
    }

    /// Whether one equilibrium is enough.
    pub fn one(&self) -> bool {
        self.one
    }

    /// Whether a precision of quantal response is given.
    pub fn has_lambda(&self) -> bool {
        self.lambda.is_some()
    }

    /// The precision of quantal response, if one is given.
    pub fn precision(&self) -> Option<&Precision> {
        self.lambda.as_ref()
    }

    /// The concept's name in a sentence.
    pub fn concept_name(&self) -> &'static str {
        detente_report::solution::concept_name(self.wish().row.lists.unwrap_or(Concept::Sequential))
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

    /// Starts the clock for one of so many parts that are left, `spent` seconds having gone into those before.
    pub fn watch_part(&self, title: &str, spent: f64, left: f64) -> Watch {
        let rest = |limit: Duration| limit.saturating_sub(Duration::from_secs_f64(spent.max(0.0)));
        let limit = self.time_limit.map(|limit| rest(limit).div_f64(left.max(1.0)));
        Watch::start(title, limit).memory(self.memory_limit)
    }

    /// Starts the clock.
    pub fn watch(&self, title: &str) -> Watch {
        Watch::start(title, self.time_limit).memory(self.memory_limit)
    }
}

/// A solution that the referee has seen.
pub struct Solved {
    pub solution: Solution,
    /// Time of the solver, without the referee.
    pub seconds: f64,
    /// Time of the referee, in seconds.
    pub check_seconds: f64,
    pub verdict: Verdict,
}

/// Solves and checks.
///
/// # Errors
/// An interrupt.
pub fn solve(game: &Game, numbers: &Numbers, options: &SolveOptions) -> Result<Solved, Failure> {
    let settings = options.settings()?;
    let watch = options.watch("solving");
    let solution = detente_solve::solve(game, numbers, &settings, &watch);
    let seconds = watch.finish()?;
    Ok(checked(game, numbers, solution, seconds))
}

/// Has the referee look, and takes back what it does not confirm.
pub fn checked(game: &Game, numbers: &Numbers, mut solution: Solution, seconds: f64) -> Solved {
    let started = Instant::now();
    let verdict = detente_verify::verify(game, numbers, &solution);
    let check_seconds = started.elapsed().as_secs_f64();
    temper(&mut solution, &verdict);
    Solved { solution, seconds, check_seconds, verdict }
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
    let num = gap_num;
    for (component, report) in solution.components.iter_mut().zip(&verdict.components) {
        component.gap_nash = num(&report.gap_nash);
        if let Some(printed) = &mut component.gap_sequential {
            *printed = report.gap_sequential.as_ref().map_or(printed.clone(), num);
        }
    }
}

/// A gap as answers print it: exact, or between 0 and its upper bound.
pub fn gap_num(gap: &Gap) -> Num {
    match &gap.exact {
        Some(q) => Num::exact(q.clone()),
        None => {
            let half = (gap.high.max(0.0) / 2.0).next_up();
            Num::within(half, half)
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

/// Longest exact gap printed, in bits of numerator plus denominator.
const READABLE: usize = 160;

/// Returns the largest gap over all equilibria, as text, and the same relative to what is at stake
/// at the set where it occurs.
pub fn gaps(verdict: &Verdict, concept: Concept) -> Option<(String, f64)> {
    let widest =
        verdict.components.iter().filter_map(|r| r.gap(concept)).max_by(|a, b| a.high.total_cmp(&b.high))?;
    let text = match &widest.exact {
        // Nobody reads hundreds of digits.
        Some(q) if q.bits() <= READABLE => q.to_string(),
        _ => format!("at most {:e}", widest.high),
    };
    let local = verdict.components.iter().flat_map(|r| &r.local).map(|l| l.relative).fold(0.0, f64::max);
    Some((text, local))
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_exact::Q;
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
