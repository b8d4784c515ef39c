//! Councils as text: settlements by issue and theory, questions, claims, turns.
//!
//! The one idea: the table comes first, theories across with the baselines at the left, so that their
//! disagreement is the first thing seen.

use crate::paint::{Paint, pad, printable};
use detente_answer::bargain::{BargainAnswer, ClaimAnswer, TableAnswer, ValueBy, Verdict};
use detente_answer::witness::Place;

/// Returns the answers as text for a terminal.
pub fn bargain_text(answer: &BargainAnswer, colour: bool) -> String {
    let paint = Paint { colour };
    let mut text = String::new();
    for table in &answer.councils {
        text.push_str(&table_text(table, answer.draws, paint));
        text.push('\n');
    }
    if !answer.asks.is_empty() {
        text.push_str(&format!("{}\n", paint.strong("Questions")));
    }
    for ask in &answer.asks {
        text.push_str(&format!("  {}: {}\n", named(&ask.name, &ask.label), numbers(&ask.by)));
        let spreads: Vec<String> = ask.by.iter().filter_map(spread).collect();
        if !spreads.is_empty() {
            text.push_str(&format!("    over the draws, 5 to 95 %: {}\n", spreads.join(", ")));
        }
    }
    if !answer.claims.is_empty() {
        text.push_str(&format!("{}\n", paint.strong("Claims")));
    }
    for claim in &answer.claims {
        text.push_str(&claim_text(claim, paint));
    }
    if answer.undefined > 0 {
        text.push_str(&format!("{} of {} draws give no council.\n", answer.undefined, answer.draws));
    }
    text
}

fn table_text(table: &TableAnswer, draws: u64, paint: Paint) -> String {
    let mut text = paint.strong(&named(&table.name, &table.label));
    text.push_str(&format!("\n{} actors: {}\n\n", table.actors.len(), table.actors.join(", ")));
    let first = table.issues.iter().map(|i| i.name.chars().count()).max().unwrap_or(5).max(8);
    let width = |at: usize| table.theories[at].word.chars().count().max(7) + 2;
    text.push_str(&pad("", first));
    for (at, theory) in table.theories.iter().enumerate() {
        text.push_str(&format!("{:>1$}", theory.word, width(at)));
    }
    text.push_str("    low to high\n");
    for issue in &table.issues {
        text.push_str(&pad(&printable(&issue.name), first));
        for (at, place) in issue.settlements.iter().enumerate() {
            let shown = place.map_or_else(|| "-".to_string(), short);
            text.push_str(&format!("{shown:>0$}", width(at)));
        }
        if let Some((low, high)) = issue.range {
            text.push_str(&format!("    {} to {}", short(low), short(high)));
        }
        text.push('\n');
        for (name, pick) in [("  5 %", 0), ("  95 %", 1)] {
            if draws == 0 || issue.spreads.is_empty() {
                break;
            }
            text.push_str(&pad(name, first));
            for (at, spread) in issue.spreads.iter().enumerate() {
                let value = spread.map(|s| if pick == 0 { s.low } else { s.high });
                let shown = value.map_or_else(|| "-".to_string(), short);
                text.push_str(&format!("{shown:>0$}", width(at)));
            }
            text.push('\n');
        }
    }
    text.push('\n');
    for issue in &table.issues {
        let marks: Vec<String> = issue
            .marks
            .iter()
            .map(|(value, words)| format!("{} {}", short(*value), printable(words)))
            .collect();
        text.push_str(&paint.faint(&format!("{}: {}", named(&issue.name, &issue.label), marks.join("; "))));
        text.push('\n');
    }
    for theory in &table.theories {
        if theory.settled == Some(false) {
            text.push_str(&paint.warn(&format!(
                "{} did not come to rest: its numbers are those of the last turn.",
                theory.word
            )));
            text.push('\n');
        }
        if let Some(problem) = &theory.problem {
            text.push_str(&format!("{}: {problem}\n", theory.word));
        }
    }
    text.push_str("Theories that differ are uncertainty about the theory; no average of them is shown.\n");
    for theory in table.theories.iter().filter(|t| !t.turns.is_empty()) {
        text.push_str(&format!("\n{} ({})\n", paint.strong(&theory.word), theory.name));
        for turn in &theory.turns {
            text.push_str(&format!("  turn {}\n", turn.turn));
            for one in &turn.moves {
                text.push_str(&format!(
                    "    {} on {}: {} to {}, with {}; {}\n",
                    printable(&one.actor),
                    printable(&one.issue),
                    short(one.from),
                    short(one.to),
                    printable(&one.with),
                    printable(&one.why)
                ));
            }
        }
    }
    text
}

fn claim_text(claim: &ClaimAnswer, paint: Paint) -> String {
    let cited: String = claim.citations.iter().map(|c| format!(" @{c}")).collect();
    let mut text = format!("  {}{}\n", named(&claim.name, &claim.label), paint.faint(&printable(&cited)));
    let words = |wanted: bool| -> Vec<&str> {
        claim.by.iter().filter(|b| b.holds == Some(wanted)).map(|b| b.theory.as_str()).collect()
    };
    let theories = match claim.by.iter().any(|b| b.theory.is_empty()) {
        true => String::new(),
        false => format!(" in all {} theories", claim.by.len()),
    };
    let verdict = match claim.verdict {
        Verdict::Holds => paint.good(&format!("holds{theories}")),
        Verdict::Fails => paint.bad(&format!("fails{theories}")),
        Verdict::Depends => paint.warn(&format!(
            "depends on the theory: holds in {}; fails in {}",
            words(true).join(", "),
            words(false).join(", ")
        )),
        Verdict::Undefined => {
            let why = claim.by.iter().find_map(|b| b.problem.as_deref()).unwrap_or("no theory answers it");
            paint.warn(&format!("undefined: {why}"))
        }
    };
    let outside = if claim.applies { "" } else { ", which its `where` leaves out" };
    text.push_str(&format!("    at the base values{outside}: {verdict}\n"));
    if claim.counted > 0 {
        let shares: Vec<String> = claim
            .by
            .iter()
            .filter_map(|b| Some(format!("{} {:.0} %", b.theory, 100.0 * b.share?).trim().to_string()))
            .collect();
        text.push_str(&format!("    over {} draws it holds in: {}\n", claim.counted, shares.join(", ")));
        text.push_str(&witness_text(claim));
    }
    text
}

/// Most numbers of a witness that are shown.
const MOST_PARAMS: usize = 8;

/// Where a claim is false, as for games; numbers that are not named keep their base values.
fn witness_text(claim: &ClaimAnswer) -> String {
    let Some(witness) = &claim.witness else {
        return "    No failure witness at the base values, at corners of the ranges or in draws.\n".into();
    };
    let place = match witness.place {
        Place::Base => return String::new(),
        Place::Corner => "at a corner of the ranges",
        Place::Draw | Place::Doubled => "at a draw",
    };
    let scope = match (witness.in_all, claim.by.len()) {
        (_, 1) => String::new(),
        (true, _) => ", in every theory".to_string(),
        (false, _) => format!(", in {}", witness.theories.join(", ")),
    };
    let params = witness.params.iter().take(MOST_PARAMS);
    let params: Vec<String> =
        params.map(|(name, x)| format!("{} = {}", printable(name), short(*x))).collect();
    let more = match witness.params.len().saturating_sub(MOST_PARAMS) {
        0 => String::new(),
        n => format!(" and {n} more, which `--format json` lists"),
    };
    format!("    It is false {place}{scope}: {}{more}.\n", params.join(", "))
}

fn named(name: &str, label: &str) -> String {
    match label.is_empty() {
        true => printable(name),
        false => format!("{} ({})", printable(name), printable(label)),
    }
}

fn numbers(by: &[ValueBy]) -> String {
    if let [only] = by {
        let word = if only.theory.is_empty() { String::new() } else { format!(" ({})", only.theory) };
        return match (only.value, &only.problem) {
            (Some(value), _) => format!("{}{word}", short(value)),
            (None, problem) => problem.clone().unwrap_or_default(),
        };
    }
    let known = || by.iter().filter_map(|b| b.value);
    let range = known().reduce(f64::min).zip(known().reduce(f64::max));
    let each: Vec<String> = by
        .iter()
        .map(|b| format!("{} {}", b.theory, b.value.map_or_else(|| "-".to_string(), short)))
        .collect();
    match range {
        Some((low, high)) => format!("{} to {} ({})", short(low), short(high), each.join(", ")),
        None => "undefined".to_string(),
    }
}

fn spread(by: &ValueBy) -> Option<String> {
    let spread = by.spread?;
    Some(format!("{} {} to {}", by.theory, short(spread.low), short(spread.high)).trim().to_string())
}

/// Three digits or one after the point; settlements are not known better.
fn short(x: f64) -> String {
    let digits = match x.abs() {
        size if size >= 100.0 => 0,
        size if size >= 1.0 => 1,
        _ => 3,
    };
    let text = format!("{x:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_string() } else { text.to_string() }
}
