//! Questions and claims over theories and draws.
//!
//! The one idea: theories stand where equilibria stand in a game. A claim is true in a draw only if all
//! theories say so, and the same bound as for games decides whether it holds.

use super::draws::Drawn;
use super::spread::{Spread, spread};
use super::sweep::Tipping;
use crate::council::{ByTheory, Session, Sitting};
use crate::council_witness::CouncilWitness;
use crate::flip::Fragile;
use crate::shares::{Finding, finding, lower_bound};
use crate::verdict::Class;
use detente_model::model::{Ask, Claim};
use detente_model::question::Body;
use serde::Serialize;

/// Least share of draws that a claim's `where` must leave.
const VACUOUS: f64 = 0.05;

/// A claim about councils.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimStudy {
    pub name: String,
    pub label: String,
    /// The theories that decide it; one empty word where none is needed.
    pub theories: Vec<String>,
    /// Does its `where` hold at the base values?
    pub applies: bool,
    /// At the base values, by theory.
    pub base: Vec<Option<bool>>,
    /// All of them together.
    pub base_class: Class,
    /// Draws that its `where` leaves.
    pub used: u64,
    pub true_in_all: u64,
    pub true_in_some: u64,
    pub false_in_all: u64,
    pub undefined: u64,
    /// Share of those draws in which each theory says yes.
    pub shares: Vec<Option<f64>>,
    /// One-sided lower 95 % bounds of the shares "true in all" and "false in all".
    pub holds_at_least: f64,
    pub fails_at_least: f64,
    pub finding: Finding,
    /// Single parameters that change the verdict of a theory at the base values, the nearest first.
    pub tipping: Vec<Tipping>,
    /// What overturns the verdict of all theories together; `None` where it was not looked for.
    pub fragile: Option<Fragile>,
    /// Numbers at which it is false; `None` where none were found, or not looked for.
    pub witness: Option<CouncilWitness>,
}

/// A question to councils.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskStudy {
    pub name: String,
    pub label: String,
    pub theories: Vec<String>,
    /// At the base values; a truth is 1 or 0.
    pub base: Vec<Option<f64>>,
    pub spreads: Vec<Option<Spread>>,
}

/// Decides all claims.
pub fn claims(
    session: &Session,
    base: &[f64],
    sittings: &[Sitting],
    drawn: &[Option<Drawn>],
) -> Vec<ClaimStudy> {
    let list = session.model.council_claims.iter().enumerate();
    list.map(|(at, claim)| {
        let by = session.truth(&claim.body, base, sittings);
        let (theories, found): (Vec<String>, Vec<Option<bool>>) =
            by.into_iter().map(|(word, holds)| (word, holds.ok())).unzip();
        let used: Vec<&Vec<Option<bool>>> =
            drawn.iter().flatten().filter_map(|d| d.claims[at].as_ref()).collect();
        let count = |class: Class| used.iter().filter(|by| together(by) == class).count() as u64;
        let share = |theory: usize| {
            let said: Vec<bool> = used.iter().filter_map(|by| by.get(theory).copied().flatten()).collect();
            (!said.is_empty()).then(|| said.iter().filter(|x| **x).count() as f64 / said.len() as f64)
        };
        let (all, none, n) = (count(Class::TrueInAll), count(Class::FalseInAll), used.len() as f64);
        let (holds, fails) = (lower_bound(all as f64, n), lower_bound(none as f64, n));
        let vacuous = n < VACUOUS * drawn.len() as f64;
        ClaimStudy {
            name: claim.name.clone(),
            label: claim.support.label.clone(),
            applies: applies(session, claim, base, sittings),
            base_class: together(&found),
            used: used.len() as u64,
            true_in_all: all,
            true_in_some: count(Class::TrueInSome),
            false_in_all: none,
            undefined: count(Class::Undefined),
            shares: (0..theories.len()).map(share).collect(),
            holds_at_least: holds,
            fails_at_least: fails,
            finding: if vacuous { Finding::Vacuous } else { finding(holds, fails) },
            theories,
            base: found,
            tipping: Vec::new(),
            fragile: None,
            witness: None,
        }
    })
    .collect()
}

/// What theories say together.
pub(super) fn together(by: &[Option<bool>]) -> Class {
    if by.is_empty() || by.iter().any(Option::is_none) {
        Class::Undefined
    } else if by.iter().all(|x| *x == Some(true)) {
        Class::TrueInAll
    } else if by.iter().all(|x| *x == Some(false)) {
        Class::FalseInAll
    } else {
        Class::TrueInSome
    }
}

/// Answers all questions.
pub fn asks(session: &Session, base: &[f64], sittings: &[Sitting], drawn: &[Option<Drawn>]) -> Vec<AskStudy> {
    let list = session.model.council_asks.iter().enumerate();
    list.map(|(at, ask)| {
        let by = answered(session, ask, base, sittings);
        let (theories, base): (Vec<String>, Vec<Option<f64>>) =
            by.into_iter().map(|(word, value)| (word, value.ok())).unzip();
        let over = |theory: usize| {
            let list = drawn.iter().flatten().filter_map(|d| d.asks[at].get(theory).copied().flatten());
            spread(list.collect())
        };
        let spreads = (0..theories.len()).map(over).collect();
        AskStudy { name: ask.name.clone(), label: ask.support.label.clone(), theories, base, spreads }
    })
    .collect()
}

/// Returns what each theory answers; a truth is 1 or 0.
pub(crate) fn answered(session: &Session, ask: &Ask, point: &[f64], sittings: &[Sitting]) -> ByTheory<f64> {
    match &ask.body {
        Body::Number(number) => session.number(number, point, sittings),
        Body::Truth(truth) => session
            .truth(truth, point, sittings)
            .into_iter()
            .map(|(word, holds)| (word, holds.map(|h| f64::from(u8::from(h)))))
            .collect(),
    }
}

/// Does a claim's `where` hold here?
pub(crate) fn applies(session: &Session, claim: &Claim, point: &[f64], sittings: &[Sitting]) -> bool {
    claim.restriction.as_ref().is_none_or(|r| {
        session.truth(r, point, sittings).first().is_some_and(|(_, holds)| *holds == Ok(true))
    })
}
