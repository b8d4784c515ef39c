//! The verdict on a solution: accepted or not, and how strong an answer is proven.
//!
//! The one idea: the strength follows from what was recomputed, never from what is
//! claimed; a claim above it is a rejection.

use crate::assess::{AssessmentReport, Gap, check_assessment};
use crate::claims;
use crate::quantal;
use crate::replay::{Replay, replay};
use crate::rows::Rules;
use crate::stages::{build_stages, check_header};
use crate::tree::Tree;
use crate::witness;
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use std::fmt;

/// Why a solution or its certificate is rejected, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The steps from the root of the proof, or empty.
    pub path: Vec<String>,
    pub reason: String,
}

impl Rejected {
    pub(crate) fn at_stage(stage: usize, reason: String) -> Rejected {
        Rejected { path: vec![format!("stage {stage}")], reason }
    }

    fn plain(reason: String) -> Rejected {
        Rejected { path: Vec::new(), reason }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.is_empty() {
            true => write!(out, "{}", self.reason),
            false => write!(out, "{} (at {})", self.reason, self.path.join(" / ")),
        }
    }
}

/// What the referee says about a solution.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether everything checked out and the claimed status is proven.
    pub accepted: bool,
    /// The strongest status that is proven.
    pub proven: Status,
    /// Why the solution is rejected; `None` if accepted.
    pub rejected: Option<Rejected>,
    /// What keeps a stronger status from being proven.
    pub open: Vec<String>,
    /// Whether the certificate proves that no component is missing.
    pub complete: bool,
    /// One report per component, in order, as far as the check came.
    pub components: Vec<AssessmentReport>,
    /// Number of proof steps replayed.
    pub steps: usize,
    /// Cells that occur in the proof, per stage.
    pub cells: Vec<Vec<u32>>,
    /// What the solution lists beside its proof and the referee could not confirm, in words.
    pub unconfirmed: Vec<String>,
    /// The most that any player gains by refusing the device that the certificate holds, if it holds one.
    pub coarse: Option<Gap>,
}

impl Verdict {
    fn rejection(mut self, why: Rejected) -> Verdict {
        self.accepted = false;
        self.proven = Status::Numeric;
        self.rejected = Some(why);
        self
    }
}

/// The strength of a status; larger is stronger.
fn strength(status: Status) -> u8 {
    match status {
        Status::ExactComplete => 3,
        Status::ExactSome => 2,
        Status::Certified => 1,
        Status::Numeric => 0,
    }
}

/// Recomputes every claim of a solution and replays its certificate.
///
/// ```
/// use detente_game::Game;
/// use detente_game::solution::{Concept, Solution, Status};
/// let game = Game::default();
/// let numbers = game.numbers(&[]).expect("an empty game has no formulas");
/// let solution = Solution {
///     concept: Concept::Nash,
///     status: Status::ExactComplete,
///     unresolved: vec![],
///     components: vec![],
///     certificate: Default::default(),
/// };
/// assert!(!detente_verify::verify(&game, &numbers, &solution).accepted);
/// ```
pub fn verify(game: &Game, numbers: &Numbers, solution: &Solution) -> Verdict {
    verify_digested(game, &game.sha256(), numbers, solution, true)
}

/// As [`verify`], for a game whose digest the caller computed before; without `reports`, what is
/// listed beside the proof is not compared with it.
///
/// Where play is of perfect information and every choice surely best, [`confirm`] is quicker.
fn verify_digested(
    game: &Game,
    digest: &str,
    numbers: &Numbers,
    solution: &Solution,
    reports: bool,
) -> Verdict {
    let mut verdict = Verdict {
        accepted: true,
        proven: Status::Numeric,
        rejected: None,
        open: Vec::new(),
        complete: false,
        components: Vec::new(),
        steps: 0,
        cells: Vec::new(),
        unconfirmed: Vec::new(),
        coarse: None,
    };
    if game.nodes.is_empty() || game.players.is_empty() {
        return verdict.rejection(Rejected::plain("the game has no nodes or no players".into()));
    }
    if let Err(why) = check_numbers(game, numbers) {
        return verdict.rejection(Rejected::plain(why));
    }
    if let Err(why) = quantal::check(game, solution) {
        return verdict.rejection(Rejected::plain(why));
    }
    for (k, component) in solution.components.iter().enumerate() {
        let report = match solution.concept {
            Concept::Qre => quantal::report(game, numbers, solution, component, &mut verdict.open),
            concept => check_assessment(game, numbers, component, concept),
        };
        let checked = claims::check(game, numbers, component, solution.concept);
        match checked.and(report) {
            Ok(report) => verdict.components.push(report),
            Err(why) => return verdict.rejection(Rejected::plain(format!("equilibrium {k}: {why}"))),
        }
    }
    let boxed = match check_certificate(game, digest, numbers, solution, reports, &mut verdict) {
        Ok(boxed) => boxed,
        Err(why) => return verdict.rejection(why),
    };
    for (k, (component, report)) in solution.components.iter().zip(&verdict.components).enumerate() {
        if let Err(why) = check_gaps(component, report, solution.concept, boxed[k]) {
            return verdict.rejection(Rejected::plain(format!("equilibrium {k}: {why}")));
        }
    }
    verdict.proven = proven(solution, &mut verdict, &boxed);
    let claimed = strength(solution.status);
    if claimed > strength(verdict.proven) {
        let why = format!(
            "{:?} is claimed, {:?} is proven: {}",
            solution.status,
            verdict.proven,
            verdict.open.join("; ")
        );
        let found = verdict.proven;
        let mut verdict = verdict.rejection(Rejected::plain(why));
        verdict.proven = found;
        return verdict;
    }
    verdict
}

/// The strongest status that is proven, and what keeps a stronger one from being so: [`verify`]
/// without its reports, for one of many solutions of the same game.
///
/// `digest` is the game's [`Game::sha256`], and `numbers` come from [`Game::numbers`].
pub fn confirm(game: &Game, digest: &str, numbers: &Numbers, solution: &Solution) -> (Status, Vec<String>) {
    if crate::strict::only_equilibrium(game, numbers, solution) {
        return (Status::ExactComplete, vec![]);
    }
    let verdict = verify_digested(game, digest, numbers, solution, false);
    let rejected = verdict.rejected.map(|r| format!("The referee rejects the proof: {r}."));
    (verdict.proven, rejected.into_iter().chain(verdict.open).collect())
}

/// The numbers must be those of the game at their own parameters.
fn check_numbers(game: &Game, numbers: &Numbers) -> Result<(), String> {
    if numbers.params.len() != game.params.len() {
        return Err("the numbers do not have one value per parameter".into());
    }
    match game.numbers(&numbers.params) {
        Ok(found) if found == *numbers => Ok(()),
        Ok(_) => Err("the numbers are not those of the game at these parameters".into()),
        Err(why) => Err(format!("the game has no numbers at these parameters: {why}")),
    }
}

/// The concept's name as certificates write it.
fn name_of(concept: Concept) -> &'static str {
    match concept {
        Concept::Nash => "nash",
        Concept::Spe => "spe",
        Concept::Sequential => "sequential",
        Concept::Qre => "qre",
    }
}

/// Replays the certificate. Returns for each component whether its equilibrium was
/// shown to exist inside a verified root box.
fn check_certificate(
    game: &Game,
    digest: &str,
    numbers: &Numbers,
    solution: &Solution,
    reports: bool,
    verdict: &mut Verdict,
) -> Result<Vec<bool>, Rejected> {
    let certificate = &solution.certificate;
    let none = vec![false; solution.components.len()];
    if let Some(device) = &certificate.coarse {
        check_header(digest, numbers, certificate, name_of(solution.concept))?;
        let found = crate::mixture::check(game, numbers, device).map_err(Rejected::plain)?;
        verdict.coarse = Some(found);
    }
    if solution.concept == Concept::Qre {
        check_header(digest, numbers, certificate, "qre")?;
        return match certificate.stages.is_empty() {
            true => {
                verdict.unconfirmed = claims::unconfirmed(game, solution, None);
                Ok(none)
            }
            false => Err(Rejected::plain("no proof speaks of all quantal response equilibria".into())),
        };
    }
    if let Some(proof) = &certificate.matrix {
        check_header(digest, numbers, certificate, name_of(solution.concept))?;
        if !certificate.stages.is_empty() {
            return Err(Rejected::plain("a proof for strategic games has no stages".into()));
        }
        let found = crate::matrix::check(game, numbers, solution, proof).map_err(Rejected::plain)?;
        (verdict.complete, verdict.steps) = (found.complete, found.steps);
        verdict.open.extend(found.open);
        verdict.unconfirmed = found.unconfirmed;
        return Ok(none);
    }
    if let Some(proof) = &certificate.sequences {
        check_header(digest, numbers, certificate, name_of(solution.concept))?;
        if !certificate.stages.is_empty() {
            return Err(Rejected::plain("a proof over the sequence form has no stages".into()));
        }
        verdict.unconfirmed =
            crate::sequences::check(game, numbers, solution, proof).map_err(Rejected::plain)?;
        (verdict.complete, verdict.steps) = (true, proof.steps.len());
        return Ok(none);
    }
    if certificate.stages.is_empty() {
        verdict.open.push("there is no proof that no other equilibria exist".into());
        verdict.unconfirmed = claims::unconfirmed(game, solution, None);
        return Ok(near(game, numbers, solution, verdict));
    }
    check_header(digest, numbers, certificate, name_of(solution.concept))?;
    let tree = Tree::new(game, numbers);
    let stages = build_stages(&tree, certificate)?;
    let rules = Rules {
        tree: &tree,
        stages: &stages.trees,
        vectors: &stages.vectors,
        place: &stages.place,
        sequential: solution.concept == Concept::Sequential,
        uncut: match solution.concept {
            Concept::Spe => crate::stages::uncut(&tree, &stages.place, &stages.trees),
            _ => vec![Vec::new(); game.infosets.len()],
        },
    };
    let (found, boxed) = replay(&rules, certificate, &solution.components, reports)?;
    verdict.unconfirmed = claims::unconfirmed(game, solution, Some(&found));
    let Replay { complete, open, steps, cells, .. } = found;
    (verdict.complete, verdict.steps, verdict.cells) = (complete, steps, cells);
    verdict.open.extend(open);
    let mut exists = none;
    for (k, component) in solution.components.iter().enumerate() {
        let in_box = witness::check(&rules, certificate, &boxed, component, k).map_err(Rejected::plain)?;
        let exact = component.profile.iter().flatten().all(|n| n.exact.is_some());
        exists[k] = in_box && !exact;
    }
    Ok(exists)
}

/// For each component whose numbers are not exact, whether an exact equilibrium is proven within its radii.
fn near(game: &Game, numbers: &Numbers, solution: &Solution, verdict: &mut Verdict) -> Vec<bool> {
    let inexact = |c: &Component| c.profile.iter().flatten().any(|n| n.exact.is_none());
    let mut found = vec![];
    for (k, component) in solution.components.iter().enumerate() {
        let exists =
            inexact(component).then(|| crate::near::exists(game, numbers, component, solution.concept));
        if let Some(Err(why)) = &exists {
            verdict.open.push(format!("equilibrium {k}: {why}"));
        }
        found.push(matches!(exists, Some(Ok(()))));
    }
    found
}

/// Checks that the printed gaps are not better than what is proven.
fn check_gaps(
    c: &Component,
    report: &AssessmentReport,
    concept: Concept,
    exists: bool,
) -> Result<(), String> {
    let mut pairs = vec![("nash", &c.gap_nash, Some(&report.gap_nash))];
    if let Some(printed) = &c.gap_sequential {
        pairs.push(("sequential", printed, report.gap_sequential.as_ref()));
    } else if concept == Concept::Sequential {
        return Err("the sequential gap is missing".into());
    }
    for (name, printed, found) in pairs {
        let Some(found) = found else { continue };
        let (low, high) = crate::numbers::enclosure(printed)?;
        let agrees = match (&printed.exact, &found.exact) {
            (Some(p), Some(q)) => p == q,
            // An irrational equilibrium proven to exist has no gap at all.
            (Some(p), None) => exists && p.is_zero(),
            (None, _) => !low.is_negative() && covers(&low, &high, printed, found.low, found.high),
        };
        if !agrees {
            return Err(format!(
                "the {name} gap is printed as {}, the referee finds {found:?}",
                printed.value
            ));
        }
    }
    Ok(())
}

/// Whether a printed range of gaps can hold the true gap in [from, to].
fn covers(low: &Q, high: &Q, printed: &Num, from: f64, to: f64) -> bool {
    let slack = match printed.radius {
        None => 1e-9 * (1.0 + printed.value.abs()),
        Some(_) => 0.0,
    };
    from <= high.to_f64_up() + slack && low.to_f64_down() - slack <= to
}

/// The strongest status that the reports and the certificate allow.
fn proven(solution: &Solution, verdict: &mut Verdict, exists: &[bool]) -> Status {
    if solution.components.is_empty() {
        verdict.open.push("no equilibrium is listed, and every finite game has one".into());
        verdict.complete = false;
        return Status::Numeric;
    }
    if solution.concept == Concept::Qre {
        return quantal::proven(solution, verdict);
    }
    let mut exact = true;
    for (k, report) in verdict.components.iter().enumerate() {
        let gap = report.gap(solution.concept);
        if !exists[k] && !gap.is_some_and(|g| g.is_zero()) {
            exact = false;
            let size = gap.map_or(f64::INFINITY, |g| g.high);
            verdict.open.push(format!("equilibrium {k} is proven up to a gap of {size:e} only"));
        }
    }
    let plain = |n: &Num| n.exact.is_none() && n.radius.is_none();
    let numeric = solution.components.iter().any(|c| c.profile.iter().flatten().any(plain));
    match (exact, verdict.complete) {
        (true, true) => Status::ExactComplete,
        (true, false) => Status::ExactSome,
        (false, _) if numeric && verdict.components.iter().any(|r| r.gap(solution.concept).is_none()) => {
            Status::Numeric
        }
        (false, _) => Status::Certified,
    }
}
