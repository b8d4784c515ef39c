//! Scores of forecasts: each beside its base rate, the totals with their skill, calibration by word.

use crate::number::significant;
use crate::paint::{Paint, pad, printable};
use detente_answer::foresight::score::{Loss, Row, Rule, Scores, Total};
use detente_answer::words::percent;
use detente_stats::score::Bin;
use serde_json::{Value as Json, json};

/// With fewer forecasts than this in a band nothing is said of its calibration.
const FEW: usize = 5;

/// Scores as one JSON object, see `docs/schema/scores.schema.json`.
pub fn scores_json(scores: &Scores, draws: u64, seed: u64) -> Json {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": "detente-scores",
        "version": 1,
        "draws": draws,
        "seed": seed,
        // An infinite loss has no number in JSON; it stands as null.
        "scores": scores,
    })
}

/// Scores for reading: the totals first.
pub fn scores_text(scores: &Scores, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    if scores.rows.is_empty() {
        out.push_str("no forecast can be scored yet\n");
    }
    for total in &scores.totals {
        out.push_str(&format!("{}\n", total_words(total, paint)));
    }
    let width = scores.rows.iter().map(|r| full(r).chars().count()).max().unwrap_or(0);
    for row in &scores.rows {
        let said = match row.losses.first().map(|l| l.rule) {
            Some(Rule::Crps) => format!("mean {}", significant(row.said)),
            _ => format!("{} on it", percent(row.said)),
        };
        let losses: Vec<String> = row.losses.iter().map(loss_words).collect();
        let gain = row.baseline.map_or(String::new(), |b| format!(", Metaculus baseline {b:+.0}"));
        out.push_str(&format!(
            "  {}  {} on {}, {said}: {}{gain}\n",
            paint.strong(&pad(&full(row), width)),
            printable(&row.happened),
            row.date,
            losses.join(", ")
        ));
        if row.equal_chances {
            out.push_str(&paint.faint(&format!(
                "  {}  no base rate stated; equal chances stand in for it\n",
                pad("", width)
            )));
        }
    }
    out.push_str(&calibration(scores, paint));
    for (list, words) in [
        (&scores.void, "void, counted apart"),
        (&scores.unresolved, "not resolved yet"),
        (&scores.undated, "not dated (`made`), so not scored"),
    ] {
        if !list.is_empty() {
            out.push_str(&format!("{} {words}: {}\n", list.len(), printable(&list.join(", "))));
        }
    }
    for (name, why) in &scores.unscored {
        out.push_str(&paint.warn(&format!("not scored: {}: {}\n", printable(name), printable(why))));
    }
    out
}

fn full(row: &Row) -> String {
    format!("{}.{}", printable(&row.model), printable(&row.name))
}

/// The name of a scoring rule.
pub fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Brier => "Brier",
        Rule::Log => "log",
        Rule::RankedProbability => "ranked probability",
        Rule::Crps => "CRPS",
    }
}

/// One loss beside that of the base rate.
pub fn loss_words(loss: &Loss) -> String {
    let open = loss.range.1 - loss.range.0 > 5e-4;
    let range = match open {
        true => format!(" ({} to {} over the equilibria)", number(loss.range.0), number(loss.range.1)),
        false => String::new(),
    };
    let base = loss.base.map_or(String::new(), |b| format!(", base {}", number(b)));
    format!("{} {}{range}{base}", rule_name(loss.rule), number(loss.value))
}

fn number(x: f64) -> String {
    if x.is_infinite() { "infinite".to_string() } else { significant(x) }
}

/// The mean loss by one rule in a sentence without colour.
pub fn total_sentence(total: &Total) -> String {
    format!("{}.", total_words(total, Paint { colour: false }))
}

/// The mean loss by one rule, with its skill.
fn total_words(total: &Total, paint: Paint) -> String {
    let c = &total.comparison;
    let wide = |low: f64, high: f64| high - low > 5e-4;
    let three = |x: f64| significant((x * 1000.0).round() / 1000.0);
    let open = wide(total.range.0, total.range.1);
    let skill = match (total.skill_range, c.skill) {
        (Some((low, high)), _) if open && wide(low, high) => {
            format!("skill {} to {}", three(low), three(high))
        }
        (Some(_), Some(skill)) => format!("skill {}", three(skill)),
        (None, Some(skill)) => format!("skill {} at the middles, none at the worst", three(skill)),
        _ => "no skill can be said".to_string(),
    };
    let sure = match (total.distinguishable, c.n) {
        (true, _) => "more than noise".to_string(),
        (false, 1) => "one question tells nothing about the next".to_string(),
        (false, n) => format!("not distinguishable from the base rate with {n} questions"),
    };
    // At the worst of what the forecasts leave open.
    let better = total.range.1 < c.base;
    let skill = if better { paint.good(&skill) } else { paint.warn(&skill) };
    let loss = match open {
        true => format!(
            "{} to {} over what the forecasts leave open, {} at the middles,",
            number(total.range.0),
            number(total.range.1),
            number(c.mean)
        ),
        false => number(c.mean),
    };
    format!(
        "{} of {} {}: {loss} beside {} of the base rate; {skill}; {sure}",
        rule_name(total.rule),
        c.n,
        match (total.of, c.n) {
            ("yes-or-no", 1) => "yes-or-no forecast",
            ("yes-or-no", _) => "yes-or-no forecasts",
            ("alternatives", 1) => "forecast of alternatives",
            ("alternatives", _) => "forecasts of alternatives",
            (_, 1) => "forecast of a number",
            _ => "forecasts of numbers",
        },
        number(c.base)
    )
}

fn calibration(scores: &Scores, paint: Paint) -> String {
    let filled: Vec<&Bin> = scores.calibration.iter().filter(|bin| bin.n > 0).collect();
    if filled.is_empty() {
        return String::new();
    }
    let mut out = String::from("calibration by word (yes-or-no forecasts)\n");
    let width = filled.iter().map(|bin| bin.band.label.chars().count()).max().unwrap_or(0);
    for bin in filled {
        // Wilson's interval is too narrow for a handful of forecasts.
        let off = if bin.off() && bin.n >= FEW {
            paint.bad("  off: noise does not explain it")
        } else {
            String::new()
        };
        out.push_str(&format!(
            "  {}  n = {}: said {} on average, happened {} of {} (95 %: {} to {}){off}\n",
            pad(&bin.band.label, width),
            bin.n,
            percent(bin.said.unwrap_or(f64::NAN)),
            bin.hits,
            bin.n,
            percent(bin.interval.0),
            percent(bin.interval.1)
        ));
    }
    if scores.several_words > 0 {
        let (are, words) = match scores.several_words {
            1 => ("is an interval", "it counts"),
            _ => ("are intervals", "they count"),
        };
        out.push_str(&paint.faint(&format!(
            "  {} {are} over more than one word; {words} at the middle\n",
            scores.several_words
        )));
    }
    if let Some(parts) = &scores.parts {
        out.push_str(&paint.faint(&format!(
            "  Brier in parts: reliability {}, resolution {}, uncertainty {}\n",
            significant(parts.reliability),
            significant(parts.resolution),
            significant(parts.uncertainty)
        )));
    }
    out
}
