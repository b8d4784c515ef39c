//! Forecasts and their scores as text and as JSON.
//!
//! The one idea: the probability and its word come first, then what it rests on: the days, the evidence
//! used and left out, the base rate, and what happened.

mod scores;

pub use scores::{loss_words, rule_name, scores_json, scores_text, total_sentence};

use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::foresight::{
    Base, BaseSaid, Chance, Foresight, Happened, Outlook, Resolution, Seen, Value,
};
use detente_answer::words::percent;
use serde_json::{Value as Json, json};

/// The forecasts of one model.
pub struct Foreseen {
    /// The model, as the user knows it.
    pub model: String,
    pub title: String,
    /// Digest of its game.
    pub sha256: String,
    pub foresight: Foresight,
}

/// Forecasts as one JSON object, see `docs/schema/forecasts.schema.json`.
pub fn forecasts_json(models: &[Foreseen]) -> Json {
    let list: Vec<Json> = models
        .iter()
        .map(|m| json!({"model": m.model, "title": m.title, "sha256": m.sha256, "found": m.foresight}))
        .collect();
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": "detente-forecasts",
        "version": 1,
        "models": list,
    })
}

/// Forecasts for reading.
pub fn forecasts_text(models: &[Foreseen], colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    for model in models.iter().filter(|m| !m.foresight.forecasts.is_empty()) {
        let found = &model.foresight;
        out.push_str(&format!("{}  {}\n", paint.strong(&printable(&model.model)), printable(&model.title)));
        if found.incomplete > 0 {
            let why = found.open.as_deref().unwrap_or("the equilibria are not proven complete");
            out.push_str(&paint.warn(&format!(
                "  {} of {} draws are left out: {}\n",
                found.incomplete,
                found.draws,
                printable(why)
            )));
        }
        for outlook in &found.forecasts {
            out.push_str(&one(outlook, found, paint));
        }
    }
    out
}

fn one(outlook: &Outlook, found: &Foresight, paint: Paint) -> String {
    let mut lines = Vec::new();
    let label = if outlook.label.is_empty() { &outlook.name } else { &outlook.label };
    lines.push(format!("\n  {}  {}", paint.strong(&printable(&outlook.name)), printable(label)));
    lines.push(format!("    {}", value_words(&outlook.value)));
    let made = outlook.made.as_ref().map_or("made on no stated day".to_string(), |day| format!("made {day}"));
    let pooled = match found.draws {
        0 | 1 => "no number is uncertain".to_string(),
        n => format!("pooled over {n} draws, worth {} equal ones", outlook.effective.round()),
    };
    lines.push(paint.faint(&format!("    {made}, by {}; {pooled}", outlook.deadline)));
    if !outlook.rule.is_empty() {
        lines.push(paint.faint(&format!("    {}", printable(&outlook.rule.replace('\n', " ")))));
    }
    lines.push(format!(
        "    base rate: {}",
        outlook.base.as_ref().map_or("none stated".to_string(), base_words)
    ));
    let used = match outlook.evidence.is_empty() {
        true => "none (write `given observed` to use what was seen by then)".to_string(),
        false => outlook.evidence.iter().map(seen_words).collect::<Vec<_>>().join("; "),
    };
    lines.push(format!("    evidence used: {used}"));
    if !outlook.left_out.is_empty() {
        let list: Vec<String> = outlook.left_out.iter().map(seen_words).collect();
        lines.push(paint.faint(&format!("    left out, not known before that day: {}", list.join("; "))));
    }
    if !outlook.drivers.is_empty() {
        let list: Vec<String> =
            outlook.drivers.iter().map(|d| format!("{} ({})", d.param, d.words())).collect();
        lines.push(format!("    moved by: {}", list.join(", ")));
    }
    let settled = outlook.resolution.as_ref().map_or("not resolved".to_string(), resolution_words);
    lines.push(format!("    {settled}"));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A forecast's value in words, the word for the probability first.
pub fn value_words(value: &Value) -> String {
    match value {
        Value::Probability(chance) => chance_words(chance),
        Value::Alternatives { arms, .. } => {
            let one = |arm: &detente_answer::foresight::Arm| {
                format!("{} {}", printable(&arm.name), range(&arm.chance))
            };
            arms.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Value::Number { low, high } => {
            let [a, b, c] = low.quantiles;
            let (x, y) = (significant(low.mean), significant(high.mean));
            let mean = if x == y { x } else { format!("{x} to {y}") };
            let spread = |a, b, c| {
                format!("{} (5 %), {} (50 %), {} (95 %)", significant(a), significant(b), significant(c))
            };
            let [d, e, f] = high.quantiles;
            match (a, b, c) == (d, e, f) {
                true => format!("mean {mean}; {}", spread(a, b, c)),
                false => format!("mean {mean}; lowest {}; highest {}", spread(a, b, c), spread(d, e, f)),
            }
        }
        Value::Undefined { why } => format!("undefined: {}", printable(why)),
    }
}

fn chance_words(chance: &Chance) -> String {
    let open = chance.high - chance.low > 5e-4;
    let over = if open { ", over the equilibria" } else { "" };
    format!("{} ({}{over})", chance.words, range(chance))
}

fn range(chance: &Chance) -> String {
    let (low, high) = (percent(chance.low), percent(chance.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A base rate in words.
pub fn base_words(base: &Base) -> String {
    let value = match &base.value {
        BaseSaid::Point(p) => significant(*p),
        BaseSaid::Alternatives(list) => list.iter().map(|p| significant(*p)).collect::<Vec<_>>().join(", "),
        BaseSaid::Distribution(points) => {
            let at =
                |share: f64| points.get((points.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
            format!("{} to {} (5 to 95 %)", significant(at(0.05)), significant(at(0.95)))
        }
    };
    let mut support: Vec<String> = base.sources.iter().map(|key| format!("@{key}")).collect();
    support.extend(base.assumed.as_ref().map(|why| format!("assumed: {}", printable(why))));
    if support.is_empty() {
        format!("{value}, without a source")
    } else {
        format!("{value}, {}", support.join(" "))
    }
}

fn seen_words(seen: &Seen) -> String {
    let label = if seen.label.is_empty() { &seen.text } else { &seen.label };
    format!("{} {}", seen.date.as_deref().unwrap_or("(no date)"), printable(label))
}

/// What happened, in words.
pub fn resolution_words(resolution: &Resolution) -> String {
    let answer = match &resolution.value {
        Happened::Yes => "yes".to_string(),
        Happened::No => "no".to_string(),
        Happened::Void => "void: the question has no answer".to_string(),
        Happened::Alternative(_, name) => printable(name),
        Happened::Number(y) => significant(*y),
    };
    let sources: String = resolution.sources.iter().map(|key| format!(" @{key}")).collect();
    let label = if resolution.label.is_empty() {
        String::new()
    } else {
        format!(": {}", printable(&resolution.label))
    };
    format!("resolved {answer} on {}{label}{sources}", resolution.date)
}
