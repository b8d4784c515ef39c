//! How dated observations move the hypotheses.
//!
//! The one idea: the factor comes first, because it does not depend on the reader's prior.

use super::frame::{citations, esc, number_range, percent_range};
use super::{EvidencePart, EvidenceStep, link_id};
use crate::infer::signed;
use detente_answer::words::percent;
use std::fmt::Write;

/// Returns one table per hypothesis.
pub fn evidence(parts: &[EvidencePart]) -> String {
    if parts.is_empty() {
        return "<p>No observation bears on a hypothesis of this case.</p>\n".into();
    }
    parts.iter().map(part).collect()
}

fn part(part: &EvidencePart) -> String {
    let id = link_id("evidence", &part.model, &part.name);
    let mut out = format!("<div class=\"part\"><h3 id=\"{id}\">{}</h3>\n", esc(&part.hypothesis));
    if let Some(pooled) = &part.pooled {
        let _ = writeln!(out, "<p>{}</p>", esc(pooled));
    }
    for warning in &part.warnings {
        let _ = writeln!(out, "<p class=\"small\">{}</p>", esc(warning));
    }
    out.push_str("<div class=\"beside\">");
    if let Some(picture) = &part.picture {
        let _ = writeln!(
            out,
            "<figure><div class=\"wide\"><div class=\"fit\" style=\"min-width: 420px\">{picture}</div></div></figure>"
        );
    }
    out.push_str("<div class=\"wide notes\"><table>");
    let refutes = part.steps.iter().any(|step| !step.refuted.is_empty());
    let _ = write!(
        out,
        "<caption>Prior {}. Ranges run over the exact equilibria that remain; under quantal response, its \
         precision integrated, nothing is impossible.</caption><thead><tr>\
         <th scope=\"col\">Date</th><th scope=\"col\">Observed</th><th scope=\"col\">Bayes factor</th>\
         <th scope=\"col\">Posterior</th>{}{}</tr></thead>\n<tbody>",
        percent_range(&part.prior),
        if refutes { "<th scope=\"col\">Equilibria refuted</th>" } else { "" },
        // The picture has these numbers.
        if part.picture.is_none() { "<th scope=\"col\">Quantal response: bits, posterior</th>" } else { "" }
    );
    for step in &part.steps {
        row(&mut out, step, (refutes, part.picture.is_none()));
    }
    out.push_str("</tbody></table></div></div></div>\n");
    out
}

fn row(out: &mut String, step: &EvidenceStep, (refutes, quantal_too): (bool, bool)) {
    let _ = write!(
        out,
        "<tr><th class=\"date\" scope=\"row\">{}</th><td>{}{}</td>",
        esc(&step.date),
        esc(&step.text),
        citations(&step.cited)
    );
    let factor = match (&step.bayes_factor, &step.note) {
        (Some(range), None) => number_range(range),
        (Some(range), Some(note)) => format!("{}; {}", number_range(range), esc(note)),
        (None, Some(note)) => esc(note),
        (None, None) => "undefined".into(),
    };
    let _ = write!(out, "<td>{factor}</td><td>");
    match &step.posterior {
        Some(range) => {
            // The strip runs from 0 to 100 %; the words beside it say the same.
            let (left, width) = (range.low * 100.0, ((range.high - range.low) * 100.0).max(1.5));
            let _ = write!(
                out,
                "<span class=\"strip\" aria-hidden=\"true\"><span style=\"left:{left:.2}%;width:{width:.2}%\"></span></span><span class=\"date\">{}</span>",
                percent_range(range)
            );
        }
        None => out.push_str("undefined"),
    }
    let refuted = if step.refuted.is_empty() { "none".to_string() } else { step.refuted.join(", ") };
    let quantal = match (step.quantal_bits, step.quantal_posterior) {
        (Some(bits), Some(after)) => {
            format!("{}, {}", signed((bits * 1000.0).round() / 1000.0), percent(after))
        }
        (None, Some(after)) => percent(after),
        _ => "not computed".into(),
    };
    let quantal = if quantal_too { format!("<td>{quantal}</td>") } else { String::new() };
    let refuted = if refutes { format!("<td>{}</td>", esc(&refuted)) } else { String::new() };
    let _ = writeln!(out, "</td>{refuted}{quantal}</tr>");
}
