//! The sources on the page, which conclusion hangs on which, and what falls without each.
//!
//! The one idea: a source is told with what affects its quality, so that a reader can doubt it.

use super::frame::{esc, grid};
use super::{CaseReport, Hang, SourceRow};
use std::fmt::Write;

pub(super) fn sources(report: &CaseReport) -> String {
    let mut out = String::from("<ol class=\"sources\">\n");
    for (k, s) in report.sources.iter().enumerate() {
        let _ = writeln!(out, "<li id=\"source-{}\">{}</li>", k + 1, source(s));
    }
    out.push_str("</ol>\n");
    out.push_str(
        "<p class=\"small\">Grades: reliability of the source A (completely reliable) to E (unreliable), F cannot be \
         judged; credibility of the information 1 (confirmed) to 5 (improbable), 6 cannot be judged.</p>\n",
    );
    out.push_str(&hangs(report.sources.len(), &report.hangs));
    out.push_str(&grid(&report.without));
    out
}

fn source(s: &SourceRow) -> String {
    let mut out = match s.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://")) {
        Some(url) => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", esc(url), esc(&s.reference)),
        None => esc(&s.reference),
    };
    if let Some(grade) = &s.grade {
        let _ = write!(out, " <span class=\"badge none\">{}</span>", esc(grade));
    }
    if let Some(via) = &s.via {
        let _ = write!(out, " <span class=\"small\">At second hand, relayed by {}.</span>", esc(via));
    }
    if let Some(note) = &s.note {
        let _ = write!(out, " <span class=\"small\">{}</span>", esc(note));
    }
    out
}

/// Conclusions in rows, sources in columns.
fn hangs(count: usize, rows: &[Hang]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<div class=\"wide\"><table class=\"hangs\"><caption>A dot: without this source the conclusions of the row lose their \
         support.</caption><thead><tr><th scope=\"col\">Conclusions</th>",
    );
    for k in 1..=count {
        let _ =
            write!(out, "<th scope=\"col\"><a href=\"#source-{k}\" aria-label=\"source {k}\">[{k}]</a></th>");
    }
    out.push_str("<th scope=\"col\">Assumptions without a source</th></tr></thead>\n<tbody>");
    // Conclusions that hang on the same stand in one row.
    let mut groups: Vec<(&Hang, Vec<&str>)> = vec![];
    for row in rows {
        let same = |h: &Hang| h.sources == row.sources && h.assumptions == row.assumptions;
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, list)) => list.push(&row.conclusion),
            None => groups.push((row, vec![&row.conclusion])),
        }
    }
    for (row, conclusions) in groups {
        let items: String = conclusions.iter().map(|c| format!("<li>{}</li>", esc(c))).collect();
        let _ = write!(out, "<tr><th scope=\"row\"><ul class=\"plain\">{items}</ul></th>");
        for k in 1..=count {
            let cell = if row.sources.contains(&k) { "<span aria-label=\"yes\">●</span>" } else { "" };
            let _ = write!(out, "<td class=\"dot\">{cell}</td>");
        }
        let assumptions = if row.assumptions.is_empty() { "none".into() } else { row.assumptions.join("; ") };
        let _ = writeln!(out, "<td>{}</td></tr>", esc(&assumptions));
    }
    out.push_str("</tbody></table></div>\n");
    out
}
