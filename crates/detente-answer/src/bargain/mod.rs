//! What a council's theories say, as plain data: settlements, questions, claims, and turns.
//!
//! The one idea: every number stands beside the baselines and has as many values as there are
//! theories; a spread over draws is kept for each theory, never mixed over them.

mod table;
mod turns;

use crate::council::{Session, Sitting, Voice, play};
use crate::council_witness::{self, CouncilWitness};
use crate::ensemble::verdicts::{answered, applies};
use crate::ensemble::{Drawn, Plan, Table, listed, settlements, spread, take};
use detente_bargain::Council;
use detente_model::model::{Ask, Cited, Claim, Support};
use detente_solve::Progress;
use serde::Serialize;
use table::{table, table_of};

/// Everything that was asked of the councils of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BargainAnswer {
    pub councils: Vec<TableAnswer>,
    pub asks: Vec<AskAnswer>,
    pub claims: Vec<ClaimAnswer>,
    /// Draws asked for; 0 if none.
    pub draws: u64,
    /// Draws without a council, such as a formula that leaves its scale.
    pub undefined: u64,
}

/// One council: theories across, issues down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableAnswer {
    pub name: String,
    pub label: String,
    pub actors: Vec<String>,
    pub theories: Vec<TheoryAnswer>,
    pub issues: Vec<IssueAnswer>,
}

/// A theory, and how its run ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TheoryAnswer {
    pub word: String,
    pub name: String,
    pub source: String,
    /// False if the table was still in motion when the turns ran out.
    pub settled: Option<bool>,
    pub problem: Option<String>,
    /// `[turn]`, where a trace was asked for.
    pub turns: Vec<TurnAnswer>,
}

/// One issue, with a settlement for each theory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IssueAnswer {
    pub name: String,
    pub label: String,
    /// Numbers of the scale and what they mean, ascending.
    pub marks: Vec<(f64, String)>,
    pub settlements: Vec<Option<f64>>,
    /// Lowest and highest over the theories.
    pub range: Option<(f64, f64)>,
    /// For each theory; empty without draws.
    pub spreads: Vec<Option<Spread>>,
}

/// The 5 %, 50 % and 95 % quantiles over the draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// A question, answered by each theory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskAnswer {
    pub name: String,
    pub label: String,
    pub by: Vec<ValueBy>,
}

/// One theory's value; a truth is 1 or 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueBy {
    /// Empty where no theory is needed, or the question names its own.
    pub theory: String,
    pub value: Option<f64>,
    pub problem: Option<String>,
    pub spread: Option<Spread>,
}

/// A claim, decided by each theory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimAnswer {
    pub name: String,
    pub label: String,
    pub citations: Vec<String>,
    /// Does its restriction hold at the base values? A claim outside of it says nothing there.
    pub applies: bool,
    /// At the base values: holds in all theories, fails in all, depends on the theory, or is undefined.
    pub verdict: Verdict,
    pub by: Vec<TruthBy>,
    /// Draws that fulfil its restriction.
    pub counted: u64,
    /// Numbers at which it is false, where draws were asked for and some were found.
    pub witness: Option<CouncilWitness>,
}

/// What a claim comes to over the theories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Holds,
    Fails,
    Depends,
    Undefined,
}

/// One theory's verdict, and the share of draws in which the claim holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TruthBy {
    pub theory: String,
    pub holds: Option<bool>,
    pub problem: Option<String>,
    pub share: Option<f64>,
}

/// Who moved in one turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnAnswer {
    /// Counted from 1.
    pub turn: usize,
    pub moves: Vec<MoveAnswer>,
}

/// One actor's move on one issue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoveAnswer {
    pub actor: String,
    /// The other side.
    pub with: String,
    pub issue: String,
    pub from: f64,
    pub to: f64,
    pub why: String,
}

/// Answers everything at the base values, and over the draws of a plan if it has any. Stopped early, it
/// rests on the draws made until then.
///
/// # Errors
/// Base values that make no council.
pub fn bargain(
    session: &Session,
    base: &Table,
    plan: &Plan,
    trace: bool,
    progress: &dyn Progress,
) -> Result<BargainAnswer, String> {
    let sittings = session.at(&base.base)?;
    let model = session.model;
    let councils = model.councils.iter().zip(&session.voices).zip(&sittings);
    let mut answer = BargainAnswer {
        councils: councils.map(|((c, voices), sitting)| table_of(c, voices, sitting, trace)).collect(),
        asks: model.council_asks.iter().map(|ask| asked(session, ask, &base.base, &sittings)).collect(),
        claims: model
            .council_claims
            .iter()
            .map(|claim| claimed(session, claim, &base.base, &sittings))
            .collect(),
        draws: plan.draws,
        undefined: 0,
    };
    if plan.draws > 0 {
        over_draws(session, &take(session, base, plan, progress), &mut answer);
        let found = council_witness::search(session, &base.sampler, plan.seed, plan.draws, progress);
        answer.claims.iter_mut().zip(found).for_each(|(claim, witness)| claim.witness = witness);
    }
    Ok(answer)
}

fn asked(session: &Session, ask: &Ask, point: &[f64], sittings: &[Sitting]) -> AskAnswer {
    let by = answered(session, ask, point, sittings).into_iter().map(|(theory, value)| {
        let problem = value.as_ref().err().cloned();
        ValueBy { theory, value: value.ok(), problem, spread: None }
    });
    AskAnswer { name: ask.name.clone(), label: ask.support.label.clone(), by: by.collect() }
}

fn claimed(session: &Session, claim: &Claim, point: &[f64], sittings: &[Sitting]) -> ClaimAnswer {
    let truth = session.truth(&claim.body, point, sittings).into_iter().map(|(theory, holds)| {
        let problem = holds.as_ref().err().cloned();
        TruthBy { theory, holds: holds.ok(), problem, share: None }
    });
    let by: Vec<TruthBy> = truth.collect();
    ClaimAnswer {
        name: claim.name.clone(),
        label: claim.support.label.clone(),
        citations: citations(&claim.support),
        applies: applies(session, claim, point, sittings),
        verdict: verdict(&by),
        by,
        counted: 0,
        witness: None,
    }
}

/// Fills in what the draws say: spreads of settlements and questions, shares of claims.
fn over_draws(session: &Session, drawn: &[Option<Drawn>], answer: &mut BargainAnswer) {
    answer.draws = drawn.len() as u64;
    answer.undefined = drawn.iter().filter(|d| d.is_none()).count() as u64;
    for (at, table) in answer.councils.iter_mut().enumerate() {
        let listed = listed(session, at);
        for (issue, row) in table.issues.iter_mut().enumerate() {
            row.spreads = listed.iter().map(|v| quantiles(settlements(drawn, at, *v, issue))).collect();
        }
    }
    for (at, ask) in answer.asks.iter_mut().enumerate() {
        for (theory, by) in ask.by.iter_mut().enumerate() {
            let values = drawn.iter().flatten().filter_map(|d| d.asks[at].get(theory).copied().flatten());
            by.spread = quantiles(values.collect());
        }
    }
    for (at, claim) in answer.claims.iter_mut().enumerate() {
        let used = || drawn.iter().flatten().filter_map(|d| d.claims[at].as_ref());
        claim.counted = used().count() as u64;
        for (theory, by) in claim.by.iter_mut().enumerate() {
            let said = || used().filter_map(|list| list.get(theory).copied().flatten());
            let (yes, all) = (said().filter(|holds| *holds).count(), said().count());
            by.share = (all > 0).then(|| yes as f64 / all as f64);
        }
    }
}

fn quantiles(list: Vec<f64>) -> Option<Spread> {
    spread(list).map(|s| Spread { low: s.low, middle: s.middle, high: s.high })
}

/// Answers for a council without questions, as scenario files hold.
pub fn bargain_table(
    name: &str,
    label: &str,
    council: &Council,
    voices: &[Voice],
    trace: bool,
) -> TableAnswer {
    let played = voices.iter().map(|v| play(council, &v.named.model).map_err(|e| e.to_string())).collect();
    let sitting = Sitting::new(council.clone(), played, 0);
    let issues = council
        .issues()
        .iter()
        .map(|i| {
            let marks = vec![(i.low, i.low_label.clone()), (i.high, i.high_label.clone())];
            (i.name.clone(), String::new(), marks)
        })
        .collect();
    table(name, label, issues, voices, &sitting, trace)
}

fn citations(support: &Support) -> Vec<String> {
    let cite = |c: &Cited| match &c.locator {
        Some(place) => format!("{}[{place}]", c.key),
        None => c.key.clone(),
    };
    support.citations.iter().map(cite).collect()
}

fn verdict(by: &[TruthBy]) -> Verdict {
    if by.iter().any(|b| b.holds.is_none()) || by.is_empty() {
        Verdict::Undefined
    } else if by.iter().all(|b| b.holds == Some(true)) {
        Verdict::Holds
    } else if by.iter().all(|b| b.holds == Some(false)) {
        Verdict::Fails
    } else {
        Verdict::Depends
    }
}
