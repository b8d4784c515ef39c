//! The table of claims: what the author says, and what the machine found, a row each.
//!
//! The one idea: a verdict never stands without the assumption it hangs on. What a reader of all claims
//! needs stands in the row; what a doubter of one claim needs is folded under it, and on paper it stands
//! after the table in small type.

use super::bottom::thousands;
use super::frame::{citations, esc, percent, percent_range};
use super::{CaseReport, ClaimRow, Fallen, OverPriors, Shares, Truth, Verdict, link_id};
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

/// The claims of games and councils with the titles of their models, in the order of the report.
fn groups(report: &CaseReport) -> Vec<(&str, Vec<&ClaimRow>)> {
    let games = report
        .models
        .iter()
        .map(|m| (m.title.as_str(), report.claims.iter().filter(|c| c.model == m.name).collect::<Vec<_>>()));
    let councils = report.councils.iter().map(|c| (c.title.as_str(), c.claims.iter().collect()));
    games.chain(councils).filter(|(_, rows)| !rows.is_empty()).collect()
}

/// Returns the table, one row per claim, then what does not follow, then what a doubter asks.
pub fn claims(report: &CaseReport) -> String {
    let groups = groups(report);
    if groups.is_empty() && report.fallen.is_empty() {
        return "<p>This case makes no claims.</p>\n".into();
    }
    let councils = report.councils.iter().any(|c| !c.claims.is_empty());
    let mut out = table(&groups, councils, report.run.draws);
    out.push_str(&not_following(&report.fallen));
    if !groups.is_empty() {
        out.push_str(&on_paper(&groups, report.run.draws));
    }
    out
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

/// What the columns mean, above the table.
fn caption(councils: bool) -> String {
    let theories = match councils {
        true => ", about a council by every theory of bargaining",
        false => "",
    };
    format!(
        "Each claim is decided in every equilibrium{theories}, at the base values and over many draws of the \
         parameters; “some” means in some of them only. Driven by: the parameters that move the answer over the draws, \
         the strongest first. Nearest flip: the assumption whose change overturns the verdict at the base values \
         soonest, and how far that is in standard deviations (SD) of the priors."
    )
}

fn table(groups: &[(&str, Vec<&ClaimRow>)], councils: bool, draws: u64) -> String {
    let mut out = format!(
        "<table class=\"claims\"><caption>{}</caption><thead><tr><th scope=\"col\">Claim</th>\
         <th scope=\"col\">At the base values</th><th scope=\"col\">Over the priors</th>\
         <th scope=\"col\">Driven by</th><th scope=\"col\">Nearest flip</th></tr></thead>\n",
        esc(&caption(councils))
    );
    for (title, rows) in groups {
        let _ = writeln!(
            out,
            "<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"5\">{}</th></tr>",
            esc(title)
        );
        rows.iter().for_each(|row| claim(&mut out, row, draws));
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    out
}

fn claim(out: &mut String, row: &ClaimRow, draws: u64) {
    let _ = write!(
        out,
        "<tr id=\"{}\"><th scope=\"row\" data-label=\"Claim\">{}{}</th><td data-label=\"At the base values\">",
        link_id("claim", &row.model, &row.name),
        esc(&row.says),
        citations(&row.cited),
    );
    match columns(row) {
        Some(truth) => out.push_str(&badge(truth_words(truth))),
        None if row.base.is_empty() => {
            let _ = write!(out, "<span class=\"small\">{}</span>", esc(&row.base_values));
        }
        None => {
            out.push_str("<ul class=\"plain\">");
            for (column, truth) in &row.base {
                let badge = badge(truth_words(*truth));
                let _ = write!(out, "<li>{badge} <span class=\"small\">{}</span></li>", esc(column));
            }
            out.push_str("</ul>");
        }
    }
    out.push_str("</td><td data-label=\"Over the priors\">");
    match &row.over_priors {
        Some(over) => over_priors(out, over),
        None => out.push_str("<span class=\"small\">not drawn</span>"),
    }
    let drivers: Vec<String> = row.drivers.iter().map(|(name, effect)| driver(name, effect)).collect();
    let drivers = if drivers.is_empty() { "–".to_string() } else { drivers.join(", ") };
    let _ = write!(
        out,
        "</td><td data-label=\"Driven by\">{drivers}</td><td data-label=\"Nearest flip\">{}{}</td></tr>\n\
         <tr class=\"more on-screen\"><td colspan=\"5\"><details><summary>What it means, what drives it, what overturns \
         it</summary><p><code>{} = {}</code></p>{}</details></td></tr>\n",
        esc(&row.hangs_on),
        row.flip_distance.map(|d| format!(" <span class=\"small\">{}</span>", far(d))).unwrap_or_default(),
        esc(&row.name),
        esc(&row.formal),
        detail(row, draws),
    );
}

/// How far a flip is, in a few words.
fn far(deviations: f64) -> String {
    format!("({} SD away)", crate::number::deviations(deviations))
}

/// The one verdict of all columns, if they agree.
fn columns(row: &ClaimRow) -> Option<Truth> {
    let (_, first) = row.base.first()?;
    row.base.iter().all(|(_, t)| t == first).then_some(*first)
}

/// A driver by its name and the way it works; how strongly stands below.
fn driver(name: &str, effect: &str) -> String {
    let way = effect.split(',').next().unwrap_or_default();
    format!("{} <span class=\"small\">{}</span>", esc(name), esc(way))
}

/// What a doubter of one claim asks: the margin, the weight of the evidence, how strong the drivers are, the
/// least change of several numbers, and values at which it is false; `draws` are those of the report.
fn detail(row: &ClaimRow, draws: u64) -> String {
    let mut parts: Vec<String> = vec![];
    if !row.base.is_empty() && !row.base_values.is_empty() {
        parts.push(format!("At the base values {}.", esc(&row.base_values)));
    }
    if let Some(over) = row.over_priors.as_ref().filter(|over| over.draws != draws) {
        parts.push(format!("Decided over {} draws.", thousands(over.draws)));
    }
    if let Some(over) = &row.over_priors
        && let Some(weighted) = &over.weighted
    {
        let effective = over.effective.map(|e| format!("worth {e:.0} draws; ")).unwrap_or_default();
        parts.push(format!(
            "Weighted by the evidence it {}: true {}, false {} ({effective}{} draws refuted).",
            verdict_words(weighted.verdict).1,
            percent_range(&weighted.all),
            percent_range(&weighted.none),
            thousands(over.refuted)
        ));
    }
    let mut drivers: Vec<String> =
        row.drivers.iter().map(|(name, effect)| format!("{} {}", esc(name), esc(effect))).collect();
    drivers.extend((!row.other_drivers.is_empty()).then(|| esc(&row.other_drivers)));
    if !drivers.is_empty() {
        parts.push(format!("Drivers: {}", drivers.join("; ")));
    }
    parts.extend([&row.flip, &row.would_change].into_iter().filter(|w| !w.is_empty()).map(|w| esc(w)));
    parts.iter().map(|part| format!("<p class=\"small\">{part}</p>\n")).collect()
}

/// The same for a sheet, where nothing can be opened: all claims in small type.
fn on_paper(groups: &[(&str, Vec<&ClaimRow>)], draws: u64) -> String {
    let mut out = String::from(
        "<div class=\"on-paper dense\"><p><strong>What drives each claim, and what overturns it</strong> Drivers: how far \
         knowing one parameter moves the answer (delta, 0 to 1, with its 99 % interval).</p>\n<div class=\"newspaper\">\n",
    );
    for row in groups.iter().flat_map(|(_, rows)| rows) {
        let _ = writeln!(
            out,
            "<div class=\"item\"><p><strong>{}</strong> ({} in {})</p>\n{}</div>",
            esc(&row.says),
            esc(&row.name),
            esc(&row.model),
            detail(row, draws)
        );
    }
    out.push_str("</div></div>\n");
    out
}

fn over_priors(out: &mut String, over: &OverPriors) {
    let _ = write!(out, "<div class=\"verdict\">{}", badge(verdict_words(over.verdict)));
    bar(out, &over.shares);
    if let Some(weighted) = &over.weighted {
        let _ = write!(
            out,
            "<p class=\"small\">by the evidence {}: true {}</p>",
            verdict_words(weighted.verdict).1,
            percent_range(&weighted.all),
        );
    }
}

/// A bar of four parts, with the same numbers in words below it.
fn bar(out: &mut String, shares: &Shares) {
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
    out.push_str("</div></div>");
    let words: Vec<String> = parts
        .iter()
        .filter(|p| p.1 > 0.0)
        .map(|(_, share, word)| format!("{word} {}", percent(*share)))
        .collect();
    let _ = write!(out, "<p class=\"small\">{}</p>", words.join(", "));
}
