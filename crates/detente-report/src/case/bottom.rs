//! The bottom line: what a reader with one minute takes away.
//!
//! The one idea: a sentence names what it speaks of, gives the number and the verdict, and says
//! which assumption it hangs on; what cannot be said that way stays in the tables below.

use super::Judgment;
use super::fill::{Studied, called, hangs_on, param_label, studied};
use super::notes::Notes;
use crate::number::full_num;
use detente_answer::shares::Finding;
use detente_answer::study::{ClaimStudy, Driver, Pooled};
use detente_answer::words;
use detente_model::Model;
use detente_model::model::{ParamKind, Support};
use detente_model::question::{Body, Happening, Number, QueryKind};

/// Most probabilities of events that the bottom line names.
const MOST_CHANCES: usize = 4;

/// The bottom line: the author's sentences, then the count of verdicts, the aims, the
/// probabilities, and the claims by model.
pub fn judgments(notes: &Notes, models: &[Studied]) -> Vec<Judgment> {
    let mut texts: Vec<String> = notes.judgments.clone();
    texts.extend(count(models));
    texts.extend(models.iter().flat_map(hypotheses));
    texts.extend(models.iter().flat_map(chances).take(MOST_CHANCES));
    texts.extend(models.iter().filter_map(claims));
    let mut list: Vec<Judgment> =
        texts.into_iter().map(|text| Judgment { text, ..Judgment::default() }).collect();
    if let Some(last) = list.last_mut() {
        last.confidence = Some(confidence(models));
    }
    list
}

/// A claim's label without its full stop, in quotation marks.
fn quoted(label: &str) -> String {
    format!("“{}”", label.trim_end_matches('.'))
}

/// The model's short name: what its title begins with, such as `S1`.
fn model_name(m: &Studied) -> String {
    let first = m.model.game.title.split_whitespace().next().unwrap_or_default();
    let short = first.len() <= 3 && first.chars().any(|c| c.is_ascii_digit());
    if short { first.to_string() } else { called(&m.model.game.title, &m.name).to_string() }
}

/// How many claims hold, fail and depend, and what the words mean.
fn count(models: &[Studied]) -> Option<String> {
    let found: Vec<(u64, Finding)> = models
        .iter()
        .flat_map(|m| m.answers.study.iter().flat_map(|s| s.claims.iter().map(|c| (s.draws, c))))
        .filter_map(|(draws, c)| Some((draws, c.columns.first()?.finding)))
        .collect();
    let (draws, _) = *found.first()?;
    let of = |f: Finding| found.iter().filter(|(_, g)| *g == f).count();
    let vacuous = match of(Finding::Vacuous) {
        0 => String::new(),
        n => format!(", {n} could not be drawn"),
    };
    let number = |f: Finding| match of(f) {
        0 => "none".to_string(),
        n if n == found.len() => format!("all {n}"),
        n => n.to_string(),
    };
    Some(format!(
        "Claims of the author that hold wherever in the ranges the truth lies: {1} of {0}; that fail wherever \
         it lies: {2}; that depend on where it lies: {3}{vacuous}. Each was decided in every equilibrium of {4} draws of the \
         assumptions; it holds, or fails, only if at least 95 % of the draws surely agree.",
        found.len(),
        number(Finding::Holds),
        number(Finding::Fails),
        number(Finding::Depends),
        thousands(draws),
    ))
}

/// A count with its thousands apart.
fn thousands(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// `21.8 %`, or `21.8 % to 24.6 %`.
fn percents(p: &Pooled) -> String {
    let (low, high) = (words::percent(p.low), words::percent(p.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// The assumption that moves a number most, as a sentence; empty if none stands out.
fn moved_by(model: &Model, drivers: &[Driver]) -> String {
    drivers.first().map_or(String::new(), |d| {
        let way = if d.correlation > 0.0 { "rises" } else { "falls" };
        format!(" It {way} most as {} grows.", param_label(model, &d.param))
    })
}

/// One sentence per hypothesis: what everything observed says of it.
fn hypotheses(m: &Studied) -> Vec<String> {
    let Some(study) = &m.answers.study else { return vec![] };
    let one = |p: &Pooled| {
        let hypothesis = m.model.hypotheses.iter().find(|h| h.name == p.name)?;
        let label = quoted(called(&hypothesis.support.label, &hypothesis.name));
        let before = m.answers.evidence.as_ref().and_then(|e| {
            let prior = e.hypotheses.iter().find(|h| h.name == p.name)?.prior.as_ref()?;
            let (low, high) = (full_num(&prior.0), full_num(&prior.1));
            Some(if low == high { low } else { format!("{low} to {high}") })
        });
        let before = before.map_or(String::new(), |b| {
            format!(" At the base values its probability before any observation is {b}.")
        });
        let seen = if m.model.observes.is_empty() { "" } else { ", given all that was observed" };
        Some(format!(
            "{}: {label} is {}{seen}: {}, over the draws and all equilibria.{before}{}",
            model_name(m),
            as_adjective(&p.words),
            percents(p),
            moved_by(m.model, &p.drivers),
        ))
    };
    study.hypotheses.iter().filter_map(one).collect()
}

/// ICD 203 words as they follow "is": "almost no chance" and "roughly even chance" are nouns.
fn as_adjective(text: &str) -> String {
    text.replace("almost no chance", "almost certainly not so")
        .replace("roughly even chance", "about as likely as not")
}

/// One sentence per probability that the model asks for, but those of hypotheses.
fn chances(m: &Studied) -> Vec<String> {
    let Some(study) = &m.answers.study else { return vec![] };
    let one = |k: usize| {
        let ask = &m.model.asks[k];
        let Body::Number(Number::Query(query)) = &ask.body else { return None };
        let QueryKind::Prob(what) = &query.kind else { return None };
        let conditional = query.conditions.given.is_some() || !query.conditions.interventions.is_empty();
        let of_hypothesis = m.model.hypotheses.iter().any(|h| h.event == *what);
        if conditional || of_hypothesis || query.conditions.variant.is_some() {
            return None;
        }
        let pooled = study.asks.iter().find(|a| a.name == ask.name)?.pooled.as_ref()?;
        let event = event_words(m.model, what).map_or(String::new(), |e| format!("{e}: "));
        Some(format!(
            "{}: {} {event}{} ({}, over the draws and all equilibria).{}",
            model_name(m),
            called(&ask.support.label, &ask.name),
            pooled.words,
            percents(pooled),
            moved_by(m.model, &pooled.drivers),
        ))
    };
    (0..m.model.asks.len()).filter_map(one).collect()
}

/// An event in the author's own labels, if it is short to say.
fn event_words(model: &Model, what: &Happening) -> Option<String> {
    match what {
        Happening::Outcome(o) => {
            let outcome = &model.game.outcomes[o.index()];
            Some(quoted(called(&outcome.label, &outcome.name)))
        }
        Happening::Arm { event, arms } => {
            let names = arms.iter().map(|a| model.game.events[event.index()].arms[*a as usize].as_str());
            let names: Vec<&str> = names.collect();
            let name = model.game.event_name(*event).replacen('.', "’s ", 1);
            Some(format!("{name} is {}", names.join(" or ")))
        }
        _ => None,
    }
}

/// What became of a model's claims: those that hold or fail by name, else the nearest to either.
fn claims(m: &Studied) -> Option<String> {
    let found: Vec<(usize, &ClaimStudy, Finding)> = m
        .model
        .claims
        .iter()
        .enumerate()
        .filter_map(|(k, c)| {
            let (_, study) = studied(m, &c.name)?;
            Some((k, study, study.columns.first()?.finding))
        })
        .filter(|(_, study, _)| study.used > 0)
        .collect();
    if found.is_empty() {
        return None;
    }
    let share = |s: &ClaimStudy, n: u64| words::percent(n as f64 / s.used as f64);
    let sentence = |k: usize, study: &ClaimStudy, fails: bool| {
        let column = &study.columns[0];
        let claim = &m.model.claims[k];
        let (word, n) = if fails { ("false", column.false_in_all) } else { ("true", column.true_in_all) };
        format!(
            "{} ({word} in {} of {} draws; hangs on {})",
            quoted(called(&claim.support.label, &claim.name)),
            share(study, n),
            thousands(study.used),
            hangs_on(m, k, &m.answers.claims[k]),
        )
    };
    let mut parts: Vec<String> = vec![];
    for (finding, word) in [(Finding::Holds, "Holds"), (Finding::Fails, "Fails")] {
        for (k, study, _) in found.iter().filter(|(.., f)| *f == finding) {
            parts.push(format!("{word}: {}.", sentence(*k, study, finding == Finding::Fails)));
        }
    }
    let open: Vec<_> = found.iter().filter(|(.., f)| *f == Finding::Depends).collect();
    let part = |s: &ClaimStudy, fails: bool| {
        let c = &s.columns[0];
        (if fails { c.false_in_all } else { c.true_in_all }) as f64 / s.used as f64
    };
    let nearest = |fails: bool| open.iter().max_by(|a, b| part(a.1, fails).total_cmp(&part(b.1, fails)));
    match (open.len(), nearest(false), nearest(true)) {
        (1, Some((k, study, _)), _) => parts.push(format!("Depends: {}.", sentence(*k, study, false))),
        (n, Some((k, holds, _)), Some((j, fails, _))) if n > 1 => {
            parts.push(format!("{n} claims depend."));
            parts.push(format!("Nearest to holding: {}.", sentence(*k, holds, false)));
            if k != j {
                parts.push(format!("Nearest to failing: {}.", sentence(*j, fails, true)));
            }
        }
        _ => {}
    }
    (!parts.is_empty()).then(|| format!("{}. {}", called(&m.model.game.title, &m.name), parts.join(" ")))
}

/// Confidence in the basis, by a rule that the page states.
fn confidence(models: &[Studied]) -> String {
    let params: Vec<&Support> = models
        .iter()
        .flat_map(|m| &m.model.params)
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
    format!(
        "Confidence in the basis is {word}: {sourced} of {} ranges have a source; the rest is assumed.",
        params.len()
    )
}
