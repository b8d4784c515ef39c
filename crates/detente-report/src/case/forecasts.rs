//! Forecasts, their scores and the tradecraft standards as parts of a report.
//!
//! The one idea: a reader sees what was said beside what anybody could have said, and what came of it.

use super::standards::Standard;
use super::{CaseReport, Grid};
use crate::foresight::{Foreseen, base_words, resolution_words, value_words};
use crate::foresight::{rule_name, total_sentence};
use crate::number::three_digits;
use detente_answer::foresight::score::{Loss, Scores};
use detente_answer::foresight::{Outlook, Seen};
use detente_answer::words::percent;

/// Adds the forecasts of all models, and the scores of those that are resolved.
pub fn add_forecasts(report: &mut CaseReport, models: &[Foreseen], scores: &Scores) {
    let columns =
        ["Question", "Made; until", "Forecast", "Base rate", "Evidence used", "What happened", "Score"];
    let mut rows = Vec::new();
    for model in models {
        for outlook in &model.foresight.forecasts {
            rows.push(row(&model.model, outlook, scores));
        }
    }
    report.forecasts = Grid {
        caption: "Pooled over the draws of the parameters, each weighted by the evidence dated before the forecast was \
                  made; ranges run over the equilibria. A score is a loss, 0 is best, beside that of the base rate."
            .to_string(),
        columns: columns.map(String::from).to_vec(),
        rows,
    };
    report.scores = scores.totals.iter().map(total_sentence).collect();
    if !scores.void.is_empty() {
        report.scores.push(format!("Void, counted apart: {}.", scores.void.join(", ")));
    }
    if !scores.unresolved.is_empty() {
        report.scores.push(format!("Not resolved yet: {}.", scores.unresolved.join(", ")));
    }
    let bins = scores.calibration.iter().filter(|bin| bin.n > 0);
    report.calibration = Grid {
        caption: "Calibration by word, yes-or-no forecasts; the interval holds the true share with 95 % confidence.".to_string(),
        columns: ["Word", "n", "Said on average", "Happened", "Interval"].map(String::from).to_vec(),
        rows: bins
            .map(|bin| {
                vec![
                    bin.band.label.clone(),
                    bin.n.to_string(),
                    bin.said.map_or_else(String::new, percent),
                    format!("{} of {}", bin.hits, bin.n),
                    format!("{} to {}", percent(bin.interval.0), percent(bin.interval.1)),
                ]
            })
            .collect(),
    };
}

/// Adds the tradecraft standards.
pub fn add_standards(report: &mut CaseReport, standards: &[Standard]) {
    report.standards = standards.to_vec();
}

/// One loss beside that of the base rate, in few digits: the caption says what the range runs over.
fn loss(loss: &Loss) -> String {
    let number = |x: f64| if x.is_infinite() { "infinite".to_string() } else { three_digits(x) };
    let (low, high) = (number(loss.range.0), number(loss.range.1));
    let range = if low == high { String::new() } else { format!(" ({low} to {high})") };
    let base = loss.base.map_or(String::new(), |b| format!(", base {}", number(b)));
    format!("{} {}{range}{base}", rule_name(loss.rule), number(loss.value))
}

fn row(model: &str, outlook: &Outlook, scores: &Scores) -> Vec<String> {
    let label = if outlook.label.is_empty() { &outlook.name } else { &outlook.label };
    let seen =
        |seen: &Seen| format!("{} {}", seen.date.as_deref().unwrap_or(""), seen.label).trim().to_string();
    let used: Vec<String> = outlook.evidence.iter().map(seen).collect();
    let scored = scores.rows.iter().find(|row| row.model == model && row.name == outlook.name);
    let losses = scored.map(|row| row.losses.iter().map(loss).collect::<Vec<_>>().join("; "));
    vec![
        label.clone(),
        format!("{}; {}", outlook.made.as_deref().unwrap_or("no day"), outlook.deadline),
        value_words(&outlook.value).replace(", over the equilibria", ""),
        outlook.base.as_ref().map_or("none".to_string(), base_words),
        if used.is_empty() { "none".to_string() } else { used.join("; ") },
        outlook.resolution.as_ref().map_or("not resolved".to_string(), resolution_words),
        losses.unwrap_or_default(),
    ]
}
