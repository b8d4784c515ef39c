//! The table of claims: what the author says, what it means, what the machine found.
//!
//! The one idea: a verdict never stands without the assumption it hangs on.

use super::bottom::thousands;
use super::frame::{citations, esc, folded, percent, percent_range};
use super::{ClaimRow, Fallen, OverPriors, Shares, Truth, Verdict, link_id};
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

/// Returns what does not follow, then the table, one row per claim.
pub fn claims(rows: &[ClaimRow], fallen: &[Fallen]) -> String {
    match (rows.is_empty(), fallen.is_empty()) {
        (true, true) => return "<p>This case makes no claims.</p>\n".into(),
        // The claims of councils stand with their tables.
        (true, false) => return not_following(fallen),
        _ => {}
    }
    let caption = "Each claim is decided in every equilibrium, at the base values and over many draws of the parameters. \
                   Drivers: how far knowing one moves the answer (delta, 0 to 1, with its 99 % interval).";
    not_following(fallen) + &claims_table(rows, caption)
}

/// The claims that do not follow, each with what would rescue it.
fn not_following(fallen: &[Fallen]) -> String {
    if fallen.is_empty() {
        return "<p>Every claim follows at the base values, or does not speak of them.</p>\n".into();
    }
    let many =
        if fallen.len() == 1 { "One claim does".to_string() } else { format!("{} claims do", fallen.len()) };
    let mut out = format!(
        "<h3 id=\"not-following\">{many} not follow at the base values, or not at all</h3>\n<ul class=\"fallen\">\n"
    );
    for f in fallen {
        let _ = writeln!(
            out,
            "<li><a href=\"#{}\">“{}”</a>{} {} <span class=\"small\">{}</span></li>",
            link_id("claim", &f.model, &f.name),
            esc(&f.says),
            citations(&f.cited),
            esc(&f.words),
            esc(&f.rescue)
        );
    }
    out.push_str("</ul>\n");
    out
}

/// Returns the table under a caption.
pub fn claims_table(rows: &[ClaimRow], caption: &str) -> String {
    let mut out = format!(
        "<table class=\"claims\"><caption>{}</caption><thead><tr><th scope=\"col\">Claim</th>\
         <th scope=\"col\">At the base values</th><th scope=\"col\">Over the priors</th>\
         <th scope=\"col\">Hangs on</th></tr></thead>\n<tbody>",
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
        "<tr id=\"{}\"><th scope=\"row\" data-label=\"Claim\">{}{}\
         <details class=\"small\"><summary>{} in {}</summary><code>{}</code></details></th>",
        link_id("claim", &row.model, &row.name),
        esc(&row.says),
        citations(&row.cited),
        esc(&row.name),
        esc(&row.model),
        esc(&row.formal)
    );
    out.push_str("<td data-label=\"At the base values\"><ul class=\"plain\">");
    let columns = match row.base.as_slice() {
        [(_, first), rest @ ..] if !rest.is_empty() && rest.iter().all(|(_, t)| t == first) => {
            &[("whichever are selected".to_string(), *first)][..]
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
    let mut drivers: Vec<String> =
        row.drivers.iter().map(|(name, effect)| format!("{} {}", esc(name), esc(effect))).collect();
    drivers.extend((!row.other_drivers.is_empty()).then(|| esc(&row.other_drivers)));
    if !drivers.is_empty() {
        let _ = write!(out, "<p class=\"small\">Drivers over the draws: {}</p>", drivers.join("; "));
    }
    let more: String = [&row.flip, &row.would_change]
        .into_iter()
        .filter(|words| !words.is_empty())
        .map(|words| format!("<p class=\"small\">{}</p>", esc(words)))
        .collect();
    if !more.is_empty() {
        out.push_str(&folded("What overturns it", &more));
    }
    out.push_str("</td></tr>\n");
}

fn over_priors(out: &mut String, over: &OverPriors) {
    let _ = write!(out, "{}", badge(verdict_words(over.verdict)));
    bar(out, &over.shares, over.draws);
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
fn bar(out: &mut String, shares: &Shares, draws: u64) {
    let parts = [
        ("good", shares.all, "true"),
        ("mixed", shares.some, "some"),
        ("bad", shares.none, "false"),
        ("none", shares.undefined, "undefined"),
    ];
    out.push_str("<div class=\"bar\" aria-hidden=\"true\">");
    for (class, share, _) in parts.iter().filter(|p| p.1 > 0.0) {
        let _ = write!(out, "<span class=\"{class}\" style=\"flex-grow:{:.4}\"></span>", share);
    }
    out.push_str("</div>");
    let words: Vec<String> = parts
        .iter()
        .filter(|p| p.1 > 0.0)
        .map(|(_, share, word)| format!("{word} {}", percent(*share)))
        .collect();
    let _ = write!(out, "<p class=\"small\">{} of {} draws</p>", words.join(", "), thousands(draws));
}
