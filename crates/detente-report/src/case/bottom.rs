//! The bottom line: what a reader with one screen takes away.
//!
//! The one idea: the answer first, then few sentences of the author's own, each with a verdict, a
//! number and an assumption that were computed; everything else stands in the sections below.

use super::council::{CouncilStudied, of_council_claim, of_councils};
use super::fill::{Studied, called, studied};
use super::notes::{KeyNote, Notes};
use super::verdicts::{hangs_on, param_label};
use super::{Judgment, link_id};
use detente_answer::drivers::Driver;
use detente_answer::shares::Finding;
use detente_answer::study::{ClaimStudy, Pooled};
use detente_answer::words;
use detente_model::Model;
use detente_model::model::{ParamKind, Support};

/// Most judgments under the answer.
pub const MOST: usize = 6;

/// The bottom line: the answer, then what the author wrote about single claims and hypotheses
/// with what was found, or the most telling claims if nothing was written.
pub fn judgments(notes: &Notes, models: &[Studied], councils: &[CouncilStudied]) -> Vec<Judgment> {
    let mut tables: Vec<Judgment> = of_councils(councils);
    let mut list: Vec<Judgment> = match answer(models) {
        Some(answer) => vec![answer],
        // Without a game the first settlement is the answer.
        None if tables.is_empty() => vec![],
        None => vec![tables.remove(0)],
    };
    match notes.judgments.is_empty() {
        true => list.extend(telling(models)),
        false => {
            let notes = notes.judgments.iter().take(MOST);
            list.extend(notes.map(|note| judgment(note, models, councils)));
        }
    }
    list.extend(tables);
    if let Some(first) = list.first_mut() {
        first.confidence = Some(confidence(models, councils));
    }
    list
}

/// What is wrong with the references of the author's judgments, a sentence each.
pub fn strange_judgments(notes: &Notes, models: &[Studied], councils: &[CouncilStudied]) -> Vec<String> {
    let mut wrong = Vec::new();
    for note in &notes.judgments {
        let Some(about) = &note.about else { continue };
        match (found(about, models, councils).as_slice(), &note.expects) {
            ([], _) => wrong.push(format!("the bottom line speaks of `{about}`, which no model has")),
            ([one], Some(word)) if one.verdict.as_deref() != Some(word.as_str()) => wrong.push(format!(
                "the bottom line says `{about}: {word}`, but the word is `{}` now: rewrite the sentence",
                one.verdict.as_deref().unwrap_or("not drawn")
            )),
            ([_], _) => {}
            _ => wrong.push(format!("several models have `{about}`: write `MODEL.{about}`")),
        }
    }
    if notes.judgments.len() > MOST {
        wrong.push(format!("the bottom line shows the first {MOST} of {} sentences", notes.judgments.len()));
    }
    wrong
}

fn judgment(note: &KeyNote, models: &[Studied], councils: &[CouncilStudied]) -> Judgment {
    let mut found = note.about.as_deref().map_or(vec![], |about| found(about, models, councils));
    let computed = if found.len() == 1 { found.remove(0) } else { Judgment::default() };
    Judgment { text: note.text.clone(), ..computed }
}

/// What was found about a claim or a hypothesis, by its name or by `model.name`.
fn found(about: &str, models: &[Studied], councils: &[CouncilStudied]) -> Vec<Judgment> {
    let mut list = Vec::new();
    for m in models {
        let name = match about.split_once('.') {
            Some((model, name)) if model == m.name => name,
            Some(_) => continue,
            None => about,
        };
        if let Some(k) = m.model.claims.iter().position(|c| c.name == name) {
            list.push(of_claim(m, k));
        }
        let pooled = m.answers.study.iter().flat_map(|s| &s.hypotheses).find(|p| p.name == name);
        list.extend(pooled.map(|p| of_hypothesis(m, p)));
    }
    for m in councils {
        let name = match about.split_once('.') {
            Some((model, name)) if model == m.name => name,
            Some(_) => continue,
            None => about,
        };
        let at = m.model.council_claims.iter().position(|c| c.name == name);
        list.extend(at.map(|k| of_council_claim(m, k)));
    }
    list
}

/// What was found about a claim; its own label is the sentence.
fn of_claim(m: &Studied, k: usize) -> Judgment {
    let claim = &m.model.claims[k];
    let study = studied(m, &claim.name).map(|(_, s)| s).filter(|s| s.used > 0);
    let label = called(&claim.support.label, &claim.name);
    let about = claim.support.citations.first().map(|c| c.key.as_str()).map_or("", |_| "The author: ");
    Judgment {
        text: format!("{about}“{}”", label.trim_end_matches('.')),
        about: Some(format!("“{}”", label.trim_end_matches('.'))),
        verdict: study.and_then(|s| Some(finding_word(s.columns.first()?.finding).to_string())),
        number: study.map(number),
        hangs_on: Some(match &m.answers.claims[k] {
            decision if decision.applies => format!("at the base values {}", hangs_on(m, k, decision)),
            decision => hangs_on(m, k, decision),
        }),
        place: Some((link_id("claim", &m.name, &claim.name), short_name(m))),
        ..Judgment::default()
    }
}

/// The one number that carries a verdict: the share on the side of the larger part.
fn number(study: &ClaimStudy) -> String {
    let column = &study.columns[0];
    let share = |n: u64| words::percent(n as f64 / study.used as f64);
    let (word, n) = match column.finding {
        Finding::Fails => ("false", column.false_in_all),
        _ => ("true", column.true_in_all),
    };
    format!("{word} in {} of {} draws", share(n), thousands(study.used))
}

fn of_hypothesis(m: &Studied, pooled: &Pooled) -> Judgment {
    let label = m
        .model
        .hypotheses
        .iter()
        .find(|h| h.name == pooled.name)
        .map_or(pooled.name.as_str(), |h| called(&h.support.label, &h.name));
    let seen = if m.model.observes.is_empty() { "" } else { " given all that was observed" };
    Judgment {
        text: format!("“{label}”"),
        about: Some(format!("“{label}”")),
        verdict: Some(pooled.words.clone()),
        number: Some(format!("{}{seen}, over the draws and all equilibria", percents(pooled))),
        hangs_on: pooled
            .drivers
            .first()
            .map(|d| format!("moves most with {}", param_label(m.model, &d.param))),
        place: Some((link_id("evidence", &m.name, &pooled.name), short_name(m))),
        ..Judgment::default()
    }
}

/// Of every model the claim that was decided most clearly: those that hold or fail first.
fn telling(models: &[Studied]) -> Vec<Judgment> {
    let mut list: Vec<(bool, f64, Judgment)> = Vec::new();
    for m in models {
        for (k, claim) in m.model.claims.iter().enumerate() {
            let Some((_, study)) = studied(m, &claim.name).filter(|(_, s)| s.used > 0) else { continue };
            let Some(column) = study.columns.first() else { continue };
            let most = column.true_in_all.max(column.false_in_all) as f64 / study.used as f64;
            let settled = matches!(column.finding, Finding::Holds | Finding::Fails);
            list.push((settled, most, of_claim(m, k)));
        }
    }
    list.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    list.into_iter().take(MOST).map(|(.., judgment)| judgment).collect()
}

/// The model's short name: what its title begins with, such as `S1`.
fn short_name(m: &Studied) -> String {
    short_title(m.model, &m.name)
}

/// As [`short_name`], of any file.
pub(super) fn short_title(model: &Model, name: &str) -> String {
    let first = model.game.title.split_whitespace().next().unwrap_or_default();
    let short = first.len() <= 3 && first.chars().any(|c| c.is_ascii_digit());
    if short { first.to_string() } else { name.to_string() }
}

pub(super) fn finding_word(finding: Finding) -> &'static str {
    match finding {
        Finding::Holds => "holds",
        Finding::Fails => "fails",
        Finding::Depends => "depends",
        Finding::Vacuous => "vacuous",
    }
}

/// The answer in one sentence: how many claims hold, fail and depend.
fn answer(models: &[Studied]) -> Option<Judgment> {
    let found: Vec<(u64, Finding)> = models
        .iter()
        .flat_map(|m| m.answers.study.iter().flat_map(|s| s.claims.iter().map(|c| (s.draws, c))))
        .filter_map(|(draws, c)| Some((draws, c.columns.first()?.finding)))
        .collect();
    let (_, only) = *found.first()?;
    let least = found.iter().map(|(draws, _)| *draws).min()?;
    let most = found.iter().map(|(draws, _)| *draws).max()?;
    let draws = match least == most {
        true => thousands(most),
        false => format!("{} to {}", thousands(least), thousands(most)),
    };
    let of = |f: Finding| found.iter().filter(|(_, g)| *g == f).count();
    let many = |f: Finding, one: &str, more: &str| match of(f) {
        0 => format!("none {one}"),
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    };
    let vacuous = match of(Finding::Vacuous) {
        0 => String::new(),
        n => format!(", and {n} could not be drawn"),
    };
    let text = match found.len() {
        1 => format!("The one claim {}.", finding_word(only)),
        n => format!(
            "Of {n} claims {} wherever in its ranges the truth lies, {}, and {} on where it lies{vacuous}.",
            many(Finding::Holds, "holds", "hold"),
            many(Finding::Fails, "fails", "fail"),
            many(Finding::Depends, "depends", "depend"),
        ),
    };
    let rule = format!(
        "Each was decided in every equilibrium of {} draws of the assumptions; it holds, or fails, if at least 95 % of \
         the draws surely agree.",
        draws
    );
    Some(Judgment { text, number: Some(rule), ..Judgment::default() })
}

/// A count with its thousands apart.
pub(super) fn thousands(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// `21.8 %`, or `21.8 % to 24.6 %`.
fn percents(p: &Pooled) -> String {
    let (low, high) = (words::percent(p.low), words::percent(p.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// The assumption that moves a number most, as a sentence; empty if none stands out.
pub fn moved_by(model: &Model, drivers: &[Driver]) -> String {
    drivers.first().map_or(String::new(), |d| {
        let name = param_label(model, &d.param);
        match d.direction {
            Some(c) if c > 0.0 => format!("Rises most as {name} grows."),
            Some(_) => format!("Falls most as {name} grows."),
            None => format!("Moves most with {name}, both ways."),
        }
    })
}

/// What everything observed says of a hypothesis over the draws, as sentences.
pub fn pooled(m: &Studied, name: &str) -> Option<String> {
    let pooled = m.answers.study.as_ref()?.hypotheses.iter().find(|p| p.name == name)?;
    let seen = if m.model.observes.is_empty() { "" } else { ", given all that was observed" };
    let text = format!("Over the draws and all equilibria{seen}: {} ({}).", pooled.words, percents(pooled));
    Some(format!("{text} {}", moved_by(m.model, &pooled.drivers)).trim_end().to_string())
}

/// Confidence in the basis, by a rule that the page states.
fn confidence(models: &[Studied], councils: &[CouncilStudied]) -> String {
    let mut all: Vec<&Model> = models.iter().map(|m| m.model).collect();
    let new = councils.iter().filter(|c| models.iter().all(|m| m.name != c.name));
    all.extend(new.map(|c| c.model));
    let params: Vec<&Support> = all
        .iter()
        .flat_map(|m| &m.params)
        .filter(|i| matches!(i.kind, ParamKind::Prior))
        .map(|i| &i.support)
        .collect();
    let sourced = params.iter().filter(|s| !s.citations.is_empty()).count();
    let complete = models.iter().all(|m| m.point.complete());
    let word = match (complete, sourced * 3 >= params.len() * 2, sourced == params.len()) {
        (true, _, true) => "high",
        (true, true, _) => "moderate",
        _ => "low",
    };
    match params.len() - sourced {
        0 => format!("Confidence in the basis is {word}: all {} ranges have a source.", params.len()),
        _ => format!(
            "Confidence in the basis is {word}: {sourced} of {} ranges have a source; the rest is assumed.",
            params.len()
        ),
    }
}
