//! The key judgments and verdicts for a terminal.
//!
//! The one idea: what a reader with ten seconds needs; the page has the rest.

use super::claims::{truth_words, verdict_words};
use super::frame::percent;
use super::{CaseReport, ClaimRow, Truth, Verdict};
use crate::paint::{Paint, pad, printable};

/// Returns the bottom line and one line per claim, ending in a newline.
pub fn case_text(report: &CaseReport, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(paint.strong(&printable(&report.title)));
    for (k, j) in report.judgments.iter().enumerate() {
        let mark = if k == 0 { "" } else { "* " };
        line(format!("  {mark}{}", printable(&j.text)));
        let place = j.place.as_ref().map(|(_, model)| model.clone());
        let about = j.about.clone().filter(|a| !j.text.contains(a.as_str()));
        let said: Vec<String> = [about, j.number.clone()].into_iter().flatten().collect();
        let parts = [j.verdict.clone(), Some(said.join(": ")), j.hangs_on.clone(), place];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if j.number.is_some() {
            line(paint.faint(&format!("    {}", printable(&parts.join(" · ")))));
        }
        if let Some(confidence) = &j.confidence {
            line(paint.faint(&format!("    {}", printable(confidence))));
        }
    }
    let claims: Vec<&ClaimRow> =
        report.claims.iter().chain(report.councils.iter().flat_map(|c| &c.claims)).collect();
    if !claims.is_empty() {
        line(String::new());
        line("claims".into());
    }
    let width = claims.iter().map(|c| c.name.chars().count()).max().unwrap_or(0);
    for claim in claims {
        let name = pad(&printable(&claim.name), width);
        let base = claim.base.first().map_or(Truth::Undefined, |(_, t)| *t);
        let at_base = format!("{} at the base values", truth_words(base).1);
        let over = claim.over_priors.as_ref().map(|o| {
            let word = verdict_words(o.verdict).1;
            let word = match o.verdict {
                Verdict::Holds => paint.good(word),
                Verdict::Fails => paint.bad(word),
                Verdict::Depends | Verdict::Vacuous => paint.warn(word),
            };
            format!(
                "{word} over {} draws (true in {})",
                o.draws,
                percent(o.shares.all).replace('\u{202f}', " ")
            )
        });
        let words: Vec<String> = over.into_iter().chain([at_base]).collect();
        line(format!("  {name}  {}", words.join("; ")));
        if !claim.hangs_on.is_empty() {
            line(paint.faint(&format!("  {}  {}", pad("", width), printable(&claim.hangs_on))));
        }
    }
    if !report.forecasts.rows.is_empty() {
        line(String::new());
        line("forecasts".into());
        for row in &report.forecasts.rows {
            let happened = row.get(5).map_or("", String::as_str);
            line(format!("  {}: {}; {}", printable(&row[0]), printable(&row[2]), printable(happened)));
        }
        report.scores.iter().for_each(|sentence| line(paint.faint(&format!("  {}", printable(sentence)))));
    }
    if !report.standards.is_empty() {
        let met = report.standards.iter().filter(|s| s.met).count();
        let lacking: Vec<String> =
            report.standards.iter().filter(|s| !s.met).map(|s| s.number.to_string()).collect();
        let rest = if lacking.is_empty() { String::new() } else { format!("; see {}", lacking.join(", ")) };
        line(String::new());
        line(format!(
            "tradecraft  {met} of {} standards met{rest} (`detente check --icd203`)",
            report.standards.len()
        ));
    }
    let strengths: Vec<String> =
        report.models.iter().map(|m| format!("{} {}", printable(&m.name), m.strength)).collect();
    if !strengths.is_empty() {
        line(String::new());
        line(format!("strength  {}", strengths.join(", ")));
    }
    out
}
