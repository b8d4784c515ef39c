//! A council on the page: the answer first, everything it rests on below.

use super::super::frame::{esc, grid, paragraphs};
use super::super::link_id;
use super::{CouncilPart, IssuePart};
use crate::chart::{Chart, chart_svg};
use crate::svg::SvgOptions;
use std::fmt::Write;

/// Why several theories stand side by side, and what none of them knows.
const LIMITS: &str = "<p class=\"small\">Theories of bargaining disagree, and none is known to do better than the weighted mean \
(Achen 2006). All take positions, saliences and capabilities as given, as comparable between actors, and as known to all; none knows \
of commitments, linkage by threats, or a position that was misstated. A settlement is a place on a scale that people wrote. \
The theories are computed in rounded numbers and are not proven: so the values at which a claim or a settlement turns are searched \
for and may miss one, and no distance is given within which a verdict is proven to stay.</p>\n";

/// Returns one part for each council.
pub fn councils(parts: &[CouncilPart]) -> String {
    let mut out = String::new();
    for (c, part) in parts.iter().enumerate() {
        let _ = writeln!(
            out,
            "<article id=\"{}\"><h3>{}</h3>",
            link_id("council", &part.model, &part.name),
            esc(&part.title)
        );
        out.push_str(&grid(&part.settlements));
        let _ = writeln!(
            out,
            "<p class=\"small\">Council <code>{}</code> of <code>{}</code>. {}</p>",
            esc(&part.name),
            esc(&part.model),
            esc(&part.about)
        );
        out.push_str(&paragraphs(&part.paragraphs));
        if !part.moves.is_empty() {
            out.push_str("<h4>Who moves whom</h4>\n<ul>");
            for sentence in &part.moves {
                let _ = writeln!(out, "<li>{}</li>", esc(sentence));
            }
            out.push_str("</ul>\n");
        }
        out.push_str(&grid(&part.answers));
        let list: Vec<(&Chart, String)> = part
            .charts
            .iter()
            .enumerate()
            .map(|(k, chart)| (chart, format!("council-{c}-chart-{k}")))
            .collect();
        pictures(&mut out, &list);
        for (i, issue) in part.issues.iter().enumerate() {
            issue_html(&mut out, issue, &format!("council-{c}-issue-{i}"), i == 0);
        }
        out.push_str("</article>\n");
    }
    out.push_str(LIMITS);
    out
}

fn issue_html(out: &mut String, issue: &IssuePart, id: &str, open: bool) {
    let state = if open { " open" } else { "" };
    if !open {
        // A sheet has the answer of every issue, and all numbers of the first.
        let said =
            [&issue.answer, &issue.link, &issue.bloc].into_iter().filter(|s| !s.is_empty()).map(|s| esc(s));
        let _ = writeln!(
            out,
            "<div class=\"issue on-paper\"><p><strong>{}</strong> {}</p></div>",
            esc(&issue.title),
            said.collect::<Vec<_>>().join(" ")
        );
    }
    let class = if open { "issue" } else { "issue on-screen" };
    let _ = writeln!(
        out,
        "<details class=\"{class}\"{state}><summary><strong>{}</strong></summary>\n<p>{}</p>",
        esc(&issue.title),
        esc(&issue.answer)
    );
    let list: Vec<(&Chart, String)> =
        issue.charts.iter().enumerate().map(|(k, chart)| (chart, format!("{id}-chart-{k}"))).collect();
    pictures(out, &list);
    out.push_str(&grid(&issue.drivers));
    for sentence in [&issue.link, &issue.bloc].into_iter().filter(|s| !s.is_empty()) {
        let _ = writeln!(out, "<p>{}</p>", esc(sentence));
    }
    let tables = [&issue.flips, &issue.coalition, &issue.links, &issue.power].map(grid).concat();
    let _ = writeln!(out, "<div class=\"pairs\">{tables}</div>");
    out.push_str("</details>\n");
}

fn pictures(out: &mut String, list: &[(&Chart, String)]) {
    if list.is_empty() {
        return;
    }
    out.push_str("<div class=\"charts\">\n");
    for (chart, id) in list {
        let drawing = chart_svg(chart, &SvgOptions { inline_id: Some(id.clone()) });
        let title = esc(&chart.title);
        let _ = writeln!(
            out,
            "<figure><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><div class=\"fit\">{drawing}</div></div>\
             <figcaption>{title}. {}</figcaption></figure>",
            esc(&chart.description)
        );
    }
    out.push_str("</div>\n");
}
