//! What a council's theories say, as plain data: settlements, questions, claims, and turns.
//!
//! The one idea: every number stands beside the baselines and has as many values as there are
//! theories; a spread over draws is kept for each theory, never mixed over them.

use crate::council::{ByTheory, Session, Sitting, Voice, play};
use crate::council_witness::{self, CouncilWitness};
use crate::sampler::Sampler;
use detente_bargain::forecast::{Model as Theory, fits};
use detente_bargain::{Council, exchange, expected_utility, spatial};
use detente_exact::Q;
use detente_model::council::CouncilModel;
use detente_model::model::Support;
use detente_solve::Progress;
use serde::Serialize;

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

/// Draws to be made.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    pub number: u64,
    pub seed: u64,
}

/// Answers everything at the base values `base`, and over draws if wanted. Stopped early, it rests on the
/// draws made until then.
///
/// # Errors
/// Base values that make no council.
pub fn bargain(
    session: &Session,
    base: &[Q],
    sampler: &Sampler,
    draws: Draws,
    trace: bool,
    progress: &dyn Progress,
) -> Result<BargainAnswer, String> {
    let point: Vec<f64> = base.iter().map(Q::to_f64).collect();
    let sittings = session.at(&point)?;
    let model = session.model;
    let councils = model.councils.iter().zip(&session.voices).zip(&sittings);
    let mut answer = BargainAnswer {
        councils: councils.map(|((c, voices), sitting)| table_of(c, voices, sitting, trace)).collect(),
        asks: Vec::new(),
        claims: Vec::new(),
        draws: draws.number,
        undefined: 0,
    };
    for ask in &model.council_asks {
        let by = values(session, ask, &point, &sittings);
        let by = by.into_iter().map(|(theory, value)| {
            let problem = value.as_ref().err().cloned();
            ValueBy { theory, value: value.ok(), problem, spread: None }
        });
        let (name, label) = (ask.name.clone(), ask.support.label.clone());
        answer.asks.push(AskAnswer { name, label, by: by.collect() });
    }
    for claim in &model.council_claims {
        let by: Vec<TruthBy> = session
            .truth(&claim.body, &point, &sittings)
            .into_iter()
            .map(|(theory, holds)| {
                let problem = holds.as_ref().err().cloned();
                TruthBy { theory, holds: holds.ok(), problem, share: None }
            })
            .collect();
        let verdict = verdict(&by);
        let (name, label) = (claim.name.clone(), claim.support.label.clone());
        let citations = citations(&claim.support);
        let applies = fulfils(session, claim, &point, &sittings);
        answer.claims.push(ClaimAnswer {
            name,
            label,
            citations,
            applies,
            verdict,
            by,
            counted: 0,
            witness: None,
        });
    }
    if draws.number > 0 {
        over_draws(session, sampler, draws, &mut answer, progress);
        let found = council_witness::search(session, sampler, draws.seed, draws.number, progress);
        answer.claims.iter_mut().zip(found).for_each(|(claim, witness)| claim.witness = witness);
    }
    Ok(answer)
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
    let sitting = Sitting { council: council.clone(), played };
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
    let cite = |c: &detente_model::model::Cited| match &c.locator {
        Some(place) => format!("{}[{place}]", c.key),
        None => c.key.clone(),
    };
    support.citations.iter().map(cite).collect()
}

fn fulfils(
    session: &Session,
    claim: &detente_model::model::Claim,
    point: &[f64],
    sittings: &[Sitting],
) -> bool {
    claim.restriction.as_ref().is_none_or(|r| {
        session.truth(r, point, sittings).first().is_some_and(|(_, holds)| holds.as_ref().is_ok_and(|h| *h))
    })
}

fn values(
    session: &Session,
    ask: &detente_model::model::Ask,
    point: &[f64],
    sittings: &[Sitting],
) -> ByTheory<f64> {
    use detente_model::question::Body;
    match &ask.body {
        Body::Number(number) => session.number(number, point, sittings),
        Body::Truth(truth) => session
            .truth(truth, point, sittings)
            .into_iter()
            .map(|(theory, holds)| (theory, holds.map(|h| f64::from(u8::from(h)))))
            .collect(),
    }
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

fn table_of(council: &CouncilModel, voices: &[Voice], sitting: &Sitting, trace: bool) -> TableAnswer {
    let issues = council
        .issues
        .iter()
        .map(|i| {
            let marks = i.marks.iter().map(|(value, words)| (value.to_f64(), words.clone())).collect();
            (i.name.clone(), i.support.label.clone(), marks)
        })
        .collect();
    table(&council.name, &council.support.label, issues, voices, sitting, trace)
}

fn table(
    name: &str,
    label: &str,
    issues: Vec<(String, String, Vec<(f64, String)>)>,
    voices: &[Voice],
    sitting: &Sitting,
    trace: bool,
) -> TableAnswer {
    let shown: Vec<usize> = (0..voices.len()).filter(|v| !voices[*v].only_named).collect();
    let theories = shown.iter().map(|v| {
        let (voice, played) = (&voices[*v], &sitting.played[*v]);
        TheoryAnswer {
            word: voice.word.clone(),
            name: voice.named.name.to_string(),
            source: voice.named.source.to_string(),
            settled: played.as_ref().ok().and_then(|p| p.settled),
            problem: played.as_ref().err().cloned(),
            turns: if trace { turns(&sitting.council, &voice.named.model) } else { Vec::new() },
        }
    });
    let issues = issues.into_iter().enumerate().map(|(at, (name, label, marks))| {
        let settlements: Vec<Option<f64>> = shown
            .iter()
            .map(|v| sitting.played[*v].as_ref().ok().and_then(|p| p.outcome.get(at).copied()))
            .collect();
        let known = || settlements.iter().flatten().copied();
        let range = known().reduce(f64::min).zip(known().reduce(f64::max));
        IssueAnswer { name, label, marks, settlements, range, spreads: Vec::new() }
    });
    TableAnswer {
        name: name.to_string(),
        label: label.to_string(),
        actors: sitting.council.actors().iter().map(|a| a.name.clone()).collect(),
        theories: theories.collect(),
        issues: issues.collect(),
    }
}

/// Repeats everything over draws, each addressed by (seed, number) alone.
fn over_draws(
    session: &Session,
    sampler: &Sampler,
    draws: Draws,
    answer: &mut BargainAnswer,
    progress: &dyn Progress,
) {
    let model = session.model;
    let mut settled: Vec<Vec<Vec<Vec<f64>>>> = answer
        .councils
        .iter()
        .map(|table| vec![vec![Vec::new(); table.theories.len()]; table.issues.len()])
        .collect();
    let mut asked: Vec<Vec<Vec<f64>>> = answer.asks.iter().map(|a| vec![Vec::new(); a.by.len()]).collect();
    let mut held: Vec<Vec<(u64, u64)>> = answer.claims.iter().map(|c| vec![(0, 0); c.by.len()]).collect();
    for number in 0..draws.number {
        if !progress.keep_going(number as f64 / draws.number as f64) {
            answer.draws = number;
            break;
        }
        let point: Vec<f64> =
            sampler.params(&sampler.values(draws.seed, number)).iter().map(Q::to_f64).collect();
        let Ok(sittings) = session.at_draw(&point, number + 1) else {
            answer.undefined += 1;
            continue;
        };
        for ((sitting, voices), kept) in sittings.iter().zip(&session.voices).zip(&mut settled) {
            let shown = voices.iter().zip(&sitting.played).filter(|(v, _)| !v.only_named);
            for (at, (_, played)) in shown.enumerate() {
                let Ok(played) = played else { continue };
                kept.iter_mut().zip(&played.outcome).for_each(|(issue, place)| issue[at].push(*place));
            }
        }
        for (ask, kept) in model.council_asks.iter().zip(&mut asked) {
            let found = values(session, ask, &point, &sittings);
            kept.iter_mut().zip(found).for_each(|(list, (_, value))| list.extend(value));
        }
        for (at, claim) in model.council_claims.iter().enumerate() {
            if !fulfils(session, claim, &point, &sittings) {
                continue;
            }
            answer.claims[at].counted += 1;
            for (count, (_, holds)) in held[at].iter_mut().zip(session.truth(&claim.body, &point, &sittings))
            {
                if let Ok(holds) = holds {
                    *count = (count.0 + u64::from(holds), count.1 + 1);
                }
            }
        }
    }
    for (table, kept) in answer.councils.iter_mut().zip(settled) {
        for (issue, lists) in table.issues.iter_mut().zip(kept) {
            issue.spreads = lists.into_iter().map(spread).collect();
        }
    }
    for (ask, lists) in answer.asks.iter_mut().zip(asked) {
        ask.by.iter_mut().zip(lists).for_each(|(by, list)| by.spread = spread(list));
    }
    for (claim, counts) in answer.claims.iter_mut().zip(held) {
        for (by, (yes, all)) in claim.by.iter_mut().zip(counts) {
            by.share = (all > 0).then(|| yes as f64 / all as f64);
        }
    }
}

fn spread(mut list: Vec<f64>) -> Option<Spread> {
    list.sort_by(f64::total_cmp);
    let last = list.len().checked_sub(1)?;
    let at = |share: f64| list[(share * last as f64).round() as usize];
    Some(Spread { low: at(0.05), middle: at(0.5), high: at(0.95) })
}

/// Who moved when, by one theory; baselines have no turns.
fn turns(council: &Council, theory: &Theory) -> Vec<TurnAnswer> {
    let actor = |at: usize| council.actors()[at].name.clone();
    let issue = |at: usize| council.issues()[at].name.clone();
    let mut turns: Vec<TurnAnswer> = Vec::new();
    if fits(council, theory).is_err() {
        return turns;
    }
    let mut add = |turn: usize, one: MoveAnswer| {
        while turns.len() < turn {
            turns.push(TurnAnswer { turn: turns.len() + 1, moves: Vec::new() });
        }
        turns[turn - 1].moves.push(one);
    };
    match theory {
        Theory::Mean | Theory::Median | Theory::TwoSides(_) => {}
        Theory::ExpectedUtility(options) => {
            for i in 0..council.issues().len() {
                let Ok(run) = expected_utility::run(council, i, options) else { continue };
                for (turn, round) in run.rounds.iter().enumerate() {
                    for shift in round.shifts.iter().filter(|s| s.from != s.to) {
                        let why = match shift.kind {
                            expected_utility::Kind::Confrontation => "loses a confrontation",
                            expected_utility::Kind::Compromise => "compromises",
                            expected_utility::Kind::Compelled => "is compelled",
                        };
                        let (from, to) = (shift.from, shift.to);
                        let (who, with) = (actor(shift.actor), actor(shift.rival));
                        add(
                            turn + 1,
                            MoveAnswer { actor: who, with, issue: issue(i), from, to, why: why.into() },
                        );
                    }
                }
            }
        }
        Theory::Spatial(options, _) => {
            let Ok(run) = spatial::run(council, options) else { return turns };
            for (turn, (step, before)) in run.turns.iter().zip(&run.positions).enumerate() {
                for one in step.moves() {
                    let side = if one.own_initiative { "takes its own offer" } else { "takes an offer" };
                    let why = format!("{side}, likeliest with {:.0} %", 100.0 * one.probability);
                    for (i, (from, to)) in before[one.actor].iter().zip(&one.to).enumerate() {
                        if from != to {
                            let (who, with) = (actor(one.actor), actor(one.with));
                            let why = why.clone();
                            add(
                                turn + 1,
                                MoveAnswer { actor: who, with, issue: issue(i), from: *from, to: *to, why },
                            );
                        }
                    }
                }
            }
        }
        Theory::Exchange(options) => {
            for trade in exchange::run(council, options).exchanges {
                for (one, other) in [(trade.first, trade.second), (trade.second, trade.first)] {
                    let why = format!("exchange for `{}`", issue(other.issue));
                    let (who, with) = (actor(one.actor), actor(other.actor));
                    let (from, to) = (one.from, one.to);
                    add(
                        trade.round + 1,
                        MoveAnswer { actor: who, with, issue: issue(one.issue), from, to, why },
                    );
                }
            }
        }
    }
    turns
}
