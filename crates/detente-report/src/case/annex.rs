//! The end of the page: inputs, and what is needed to compute it again.
//!
//! The one idea: what stands in the model files is folded on a screen and left out on paper.

use super::frame::{citations, esc, shut};
use super::{CaseReport, ParameterRow};
use std::fmt::Write;

pub(super) fn annex(report: &CaseReport) -> String {
    let mut out = String::new();
    if !report.parameters.is_empty() {
        let mut table = String::from(
            "<div class=\"wide\"><table><thead><tr>\
             <th scope=\"col\">Name</th><th scope=\"col\">Meaning</th><th scope=\"col\">Range</th>\
             <th scope=\"col\">Base value</th><th scope=\"col\">Support</th></tr></thead>\n<tbody>",
        );
        report.parameters.iter().for_each(|p| parameter(&mut table, p));
        table.push_str("</tbody></table></div>\n");
        out.push_str(&shut(
            &format!("All {} parameters: the analyst’s doubt", report.parameters.len()),
            &table,
        ));
        out.push_str(
            "<p class=\"small on-paper\">The parameters stand in the model files, with range, base value and support; those \
             assumed are listed above.</p>\n",
        );
    }
    let run = &report.run;
    let _ = writeln!(
        out,
        "<p>Computed by detente {} with <code>{}</code>: {}seed {}, {} draws.</p>",
        esc(&run.version),
        esc(&run.command),
        if report.models.is_empty() { String::new() } else { format!("{} equilibria, ", esc(&run.concept)) },
        run.seed,
        run.draws
    );
    if !run.digests.is_empty() {
        out.push_str("<ul class=\"small\">\n");
        for (model, digest) in &run.digests {
            let _ = writeln!(out, "<li>{}: SHA-256 <code>{}</code></li>", esc(model), esc(digest));
        }
        out.push_str("</ul>\n");
    }
    out.push_str(
        "<p class=\"small\">Confidence in the basis is high if every range has a source and all equilibria of every \
         model are known with proof; moderate if at least two thirds of the ranges have a source and the same is true \
         of the equilibria; else low.</p>\n",
    );
    out.push_str(&shut("Words for probabilities", WORDS));
    out.push_str(WORDS_ON_PAPER);
    out
}

fn parameter(out: &mut String, p: &ParameterRow) {
    let assumed = p.assumed.as_deref().map(|a| format!(" assumed: {}", esc(a))).unwrap_or_default();
    let _ = writeln!(
        out,
        "<tr><th scope=\"row\"><code>{}</code><span class=\"small\"> {}</span></th><td>{}</td><td>{}</td><td>{}</td>\
         <td>{}{assumed}</td></tr>",
        esc(&p.name),
        esc(&p.model),
        esc(&p.label),
        esc(&p.prior),
        esc(&p.base),
        citations(&p.cited)
    );
}

/// The same for a sheet, in one line.
const WORDS_ON_PAPER: &str = "<p class=\"small on-paper\">Words for probabilities: almost no chance, below 5 %; very unlikely, \
to 20 %; unlikely, to 45 %; roughly even chance, to 55 %; likely, to 80 %; very likely, to 95 %; almost certain, above.</p>\n";

/// Words for probabilities, after Intelligence Community Directive 203; upper ends excluded.
const WORDS: &str = "<div class=\"wide\"><table>\
<caption>Words stand for the probability of an event, never for a share of draws; the lower end belongs to the word, \
the upper end to the next.</caption><thead><tr><th scope=\"col\">Word</th><th scope=\"col\">Probability</th></tr></thead>\
<tbody><tr><th scope=\"row\">almost no chance</th><td>below 5 %</td></tr>\
<tr><th scope=\"row\">very unlikely</th><td>5 to 20 %</td></tr><tr><th scope=\"row\">unlikely</th><td>20 to 45 %</td></tr>\
<tr><th scope=\"row\">roughly even chance</th><td>45 to 55 %</td></tr><tr><th scope=\"row\">likely</th><td>55 to 80 %</td></tr>\
<tr><th scope=\"row\">very likely</th><td>80 to 95 %</td></tr><tr><th scope=\"row\">almost certain</th><td>95 % and more</td></tr>\
</tbody></table></div>\n";
