//! The table of claims: what the author says, what it means, what the machine found.
//!
//! The one idea: a verdict never stands without the assumption it hangs on.

use super::frame::{citations, esc, folded, percent, percent_range};
use super::{ClaimRow, OverPriors, Shares, Truth, Verdict, link_id};
use std::fmt::Write;

/// Words for a verdict in one game.
pub fn truth_words(truth: Truth) -> (&'static str, &'static str) {
    match truth {
        Truth::All => ("good", "true"),
        Truth::Some => ("mixed", "true in some only"),
        Truth::None => ("bad", "false"),
        Truth::Undefined => ("none", "undefined"),
    }
}

/// Words for a verdict over the priors.
pub fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds => ("good", "holds"),
        Verdict::Fails => ("bad", "fails"),
        Verdict::Depends => ("mixed", "depends"),
        Verdict::Vacuous => ("none", "vacuous"),
    }
}

/// A word in a frame; `words` must be safe for the page.
pub(super) fn badge((class, words): (&str, &str)) -> String {
    format!("<span class=\"badge {class}\">{words}</span>")
}

/// Returns the table, one row per claim.
pub fn claims(rows: &[ClaimRow]) -> String {
    if rows.is_empty() {
        return "<p>This case makes no claims.</p>\n".into();
    }
    let caption = "Each claim is decided in every equilibrium, at the base values and over many draws of the parameters.";
    claims_table(rows, caption)
}

/// Returns the table under another caption.
pub fn claims_table(rows: &[ClaimRow], caption: &str) -> String {
    let mut out = format!(
        "<table class=\"claims\"><caption>{}</caption><thead><tr><th scope=\"col\">The author says</th>\
         <th scope=\"col\">Formal claim</th><th scope=\"col\">At the base values</th>\
         <th scope=\"col\">Over the priors</th><th scope=\"col\">Hangs on</th></tr></thead>\n<tbody>",
        esc(caption)
    );
    for row in rows {
        claim(&mut out, row);
    }
    out.push_str("</tbody></table>\n");
    out
}

fn claim(out: &mut String, row: &ClaimRow) {
    let _ = write!(
        out,
        "<tr id=\"{}\"><th scope=\"row\" data-label=\"The author says\">{}{}</th>",
        link_id("claim", &row.model, &row.name),
        esc(&row.says),
        citations(&row.cited)
    );
    let _ = write!(
        out,
        "<td data-label=\"Formal claim\"><code>{}</code><p class=\"small\">{} in {}</p></td>",
        esc(&row.formal),
        esc(&row.name),
        esc(&row.model)
    );
    out.push_str("<td data-label=\"At the base values\"><ul class=\"plain\">");
    let columns = match row.base.as_slice() {
        [(_, first), rest @ ..] if !rest.is_empty() && rest.iter().all(|(_, t)| t == first) => {
            &[("in all equilibria; refinements and observations change nothing".to_string(), *first)][..]
        }
        differing => differing,
    };
    for (column, truth) in columns {
        let _ = write!(
            out,
            "<li>{} <span class=\"small\">{}</span></li>",
            badge(truth_words(*truth)),
            esc(column)
        );
    }
    out.push_str("</ul>");
    if !row.base_values.is_empty() {
        let _ = write!(out, "<p class=\"small\">{}</p>", esc(&row.base_values));
    }
    out.push_str("</td><td data-label=\"Over the priors\">");
    match &row.over_priors {
        Some(over) => over_priors(out, over),
        None => out.push_str("<span class=\"small\">not drawn</span>"),
    }
    let _ = write!(out, "</td><td data-label=\"Hangs on\">{}", esc(&row.hangs_on));
    if !row.flip.is_empty() {
        let _ = write!(out, "<p class=\"small\">{}</p>", esc(&row.flip));
    }
    if !row.drivers.is_empty() {
        out.push_str(
            "<p class=\"small\">What drives it over the draws, strongest first, by how far knowing it moves \
             the answer (delta, 0 to 1, with its 99 % interval):</p><ul class=\"small\">",
        );
        for (name, effect) in &row.drivers {
            let _ = write!(out, "<li>{}: {}</li>", esc(name), esc(effect));
        }
        out.push_str("</ul>");
    }
    if !row.other_drivers.is_empty() {
        let _ = write!(out, "<p class=\"small\">{}</p>", esc(&row.other_drivers));
    }
    if !row.would_change.is_empty() {
        out.push_str(&folded(
            "Where it is false",
            &format!("<p class=\"small\">{}</p>", esc(&row.would_change)),
        ));
    }
    out.push_str("</td></tr>\n");
}

fn over_priors(out: &mut String, over: &OverPriors) {
    let _ = write!(out, "{}", badge(verdict_words(over.verdict)));
    bar(out, &over.shares, "share of draws");
    let _ = write!(out, "<p class=\"small\">{} draws</p>", over.draws);
    if let Some(weighted) = &over.weighted {
        let effective = over.effective.map(|e| format!("worth {e:.0} draws; ")).unwrap_or_default();
        let _ = write!(
            out,
            "<p class=\"small bar-title\">weighted by the evidence</p>{}<p class=\"small\">true {}, false {}; \
             {effective}{} refuted</p>",
            badge(verdict_words(weighted.verdict)),
            percent_range(&weighted.all),
            percent_range(&weighted.none),
            over.refuted
        );
    }
}

/// A bar of four parts, with the same numbers in words below it.
fn bar(out: &mut String, shares: &Shares, what: &str) {
    let parts = [
        ("good", shares.all, "true"),
        ("mixed", shares.some, "some"),
        ("bad", shares.none, "false"),
        ("none", shares.undefined, "undefined"),
    ];
    let _ = write!(out, "<p class=\"small bar-title\">{what}</p><div class=\"bar\" aria-hidden=\"true\">");
    for (class, share, _) in parts.iter().filter(|p| p.1 > 0.0) {
        let _ = write!(out, "<span class=\"{class}\" style=\"flex-grow:{:.4}\"></span>", share);
    }
    out.push_str("</div>");
    let words: Vec<String> = parts
        .iter()
        .filter(|p| p.1 > 0.0)
        .map(|(_, share, word)| format!("{word} {}", percent(*share)))
        .collect();
    let _ = write!(out, "<p class=\"small\">{}</p>", words.join(", "));
}
