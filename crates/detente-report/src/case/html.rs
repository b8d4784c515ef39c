//! The report as one page that asks nothing from outside.
//!
//! The one idea: the bottom line first, then everything it rests on, in the order in which a
//! doubting reader asks for it.

use super::frame::{citations, esc, folded, grid, paragraphs, section, shut, with_code};
use super::{AdvicePart, CaseReport, Judgment, Statement};
use super::{
    annex::annex, claims::badge, claims::claims, council::councils, evidence::evidence, models::models,
    sourced::sources,
};
use crate::svg::tree_style;
use std::fmt::Write;

/// Returns the whole page.
pub fn case_html(report: &CaseReport) -> String {
    let mut body = String::new();
    section(&mut body, "bottom-line", "Bottom line", &bottom_line(report));
    section(&mut body, "claims", "What the author says, and what follows", &claims(report));
    if !report.scope.is_empty() {
        section(&mut body, "scope", "How far this reaches", &paragraphs(&report.scope));
    }
    if !report.models.is_empty() {
        section(&mut body, "game", "The game", &models(&report.models));
    }
    if !report.councils.is_empty() {
        section(&mut body, "councils", "Many actors at one table", &councils(&report.councils));
    }
    section(&mut body, "basis", "What we know, what we assume, what we judge", &basis(report));
    if !report.evidence.is_empty() {
        section(&mut body, "evidence", "Evidence so far", &evidence(&report.evidence));
    }
    if !report.forecasts.rows.is_empty() {
        section(&mut body, "forecasts", "Forecasts, and how good they were", &forecasts(report));
    }
    if !report.ranges.is_empty() {
        let parts = super::advice::parts(report, &report.ranges, "ranges");
        section(&mut body, "ranges", "Where it holds, and where it changes", &parts);
    }
    for (id, heading, parts) in advice(report) {
        section(&mut body, id, heading, &super::advice::parts(report, parts, id));
    }
    if !report.left_out.is_empty() {
        section(&mut body, "left-out", "What this model leaves out", &paragraphs(&report.left_out));
    }
    section(&mut body, "sources", "Sources, and which conclusion hangs on which", &sources(report));
    if !report.changed.is_empty() {
        section(&mut body, "changed", "What changed since the version before", &paragraphs(&report.changed));
    }
    if !report.standards.is_empty() {
        section(&mut body, "tradecraft", "Tradecraft", &tradecraft(report));
    }
    section(&mut body, "annex", "Annex: inputs and how to compute this again", &annex(report));
    let title = esc(&report.title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{}\n{}\n</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n\
         {}{}<main id=\"main\">\n{body}</main>\n{}</body>\n</html>\n",
        include_str!("page.css"),
        tree_style(),
        header(report),
        contents(report),
        footer(report)
    )
}

/// What the players could change, what to wait for, what is worth knowing; only what there is.
fn advice(report: &CaseReport) -> impl Iterator<Item = (&'static str, &'static str, &[AdvicePart])> {
    let all = [
        ("levers", "What the players could change", report.levers.as_slice()),
        ("waiting", "What to wait for", report.indicators.as_slice()),
        ("knowing", "What is worth knowing", report.information.as_slice()),
    ];
    all.into_iter().filter(|(_, _, parts)| !parts.is_empty())
}

fn contents(report: &CaseReport) -> String {
    let (games, tables) = (!report.models.is_empty(), !report.councils.is_empty());
    let links = [
        ("bottom-line", "Bottom line", true),
        ("claims", "Claims", true),
        ("scope", "Scope", !report.scope.is_empty()),
        ("game", "The game", games),
        ("councils", "Many actors", tables),
        ("basis", "Known, assumed, judged", true),
        ("evidence", "Evidence", !report.evidence.is_empty()),
        ("forecasts", "Forecasts", !report.forecasts.rows.is_empty()),
        ("ranges", "Ranges", !report.ranges.is_empty()),
        ("levers", "Levers", !report.levers.is_empty()),
        ("waiting", "What to wait for", !report.indicators.is_empty()),
        ("knowing", "Worth knowing", !report.information.is_empty()),
        ("left-out", "Left out", !report.left_out.is_empty()),
        ("sources", "Sources", true),
        ("tradecraft", "Tradecraft", !report.standards.is_empty()),
        ("annex", "Annex", true),
    ];
    let shown = links.iter().filter(|l| l.2);
    let items: String = shown.map(|(id, word, _)| format!("<li><a href=\"#{id}\">{word}</a></li>")).collect();
    format!("<nav aria-label=\"Contents\"><ul>{items}</ul></nav>\n")
}

fn header(report: &CaseReport) -> String {
    let mut out = format!("<header>\n<h1>{}</h1>\n", esc(&report.title));
    if !report.question.is_empty() {
        let _ = writeln!(out, "<p class=\"question\">{}</p>", esc(&report.question));
    }
    let mut dates = Vec::new();
    for (what, day) in [("Report of", &report.date), ("Information up to", &report.cutoff)] {
        if !day.is_empty() {
            dates.push(format!("{what} {}", esc(day)));
        }
    }
    dates.extend(strength(report));
    let _ = writeln!(out, "<p class=\"small\">{}</p>\n</header>", dates.join(" · "));
    out
}

/// The strength of the answers, said once where all models share it.
fn strength(report: &CaseReport) -> Option<String> {
    let (first, rest) = report.models.split_first()?;
    if rest.iter().all(|m| m.strength == first.strength) {
        let whose = if rest.is_empty() { "" } else { " of every model" };
        return Some(format!("Strength of the answers{whose}: {}", esc(&first.strength)));
    }
    let each = report.models.iter().map(|m| format!("{}: {}", esc(&m.name), esc(&m.strength)));
    Some(format!("Strength of the answers: {}", each.collect::<Vec<_>>().join(", ")))
}

fn bottom_line(report: &CaseReport) -> String {
    let Some((answer, rest)) = report.judgments.split_first() else {
        return "<p>This case makes no claims.</p>\n".into();
    };
    let small = |text: &Option<String>| match text {
        Some(text) => format!("<p class=\"small\">{}</p>\n", esc(text)),
        None => String::new(),
    };
    let mut out = format!(
        "<p class=\"answer\">{}{}</p>\n{}{}<ol class=\"judgments\">\n",
        esc(&answer.text),
        citations(&answer.cited),
        small(&answer.number),
        small(&answer.confidence)
    );
    for j in rest {
        out.push_str(&judgment(j));
    }
    out.push_str("</ol>\n");
    out
}

/// One sentence; under it the verdict, the number, what it hangs on, and where to read more.
fn judgment(j: &Judgment) -> String {
    let mut out = format!("<li><p>{}{}</p>", esc(&j.text), citations(&j.cited));
    let mut parts = Vec::new();
    if let Some(word) = &j.verdict {
        let class = match word.as_str() {
            "holds" => "good",
            "fails" => "bad",
            "depends" => "mixed",
            _ => "none",
        };
        parts.push(badge((class, &esc(word))));
    }
    // The author's own words are not said twice.
    let about = j.about.iter().filter(|a| !j.text.contains(a.as_str()));
    let computed = about.chain(&j.number).map(|part| esc(part)).collect::<Vec<_>>();
    if !computed.is_empty() {
        parts.push(computed.join(": "));
    }
    parts.extend(j.hangs_on.iter().map(|h| esc(h)));
    parts.extend(j.place.iter().map(|(id, name)| format!("<a href=\"#{}\">{}</a>", esc(id), esc(name))));
    if !parts.is_empty() {
        let _ = write!(out, "<p class=\"small\">{}</p>", parts.join(" · "));
    }
    out.push_str("</li>\n");
    out
}

/// Lists longer than this are folded; the annex has every parameter too.
const LONG: usize = 24;

fn basis(report: &CaseReport) -> String {
    let mut out = String::from("<div class=\"columns\">\n");
    let columns = [
        ("What we know", &report.known),
        ("What we assume", &report.assumed),
        ("What we judge", &report.judged),
    ];
    for (heading, statements) in columns {
        let _ = writeln!(out, "<div><h3>{heading}</h3>");
        let items: String = match statements.is_empty() {
            true => "<li>Nothing.</li>".into(),
            false => statements.iter().map(statement).collect(),
        };
        let list = format!("<ul>{items}</ul>");
        match statements.len() > LONG {
            true => out.push_str(&folded(&format!("All {}", statements.len()), &list)),
            false => out.push_str(&list),
        }
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
    out
}

fn statement(s: &Statement) -> String {
    let why =
        s.why.as_deref().map(|w| format!(" <span class=\"small\">{}</span>", esc(w))).unwrap_or_default();
    format!("<li>{}{}{why}</li>\n", with_code(&s.text), citations(&s.cited))
}

fn forecasts(report: &CaseReport) -> String {
    let mut out = format!("<div class=\"outlooks\">{}</div>\n", grid(&report.forecasts));
    if !report.scores.is_empty() {
        out.push_str("<ul>\n");
        for sentence in &report.scores {
            let _ = writeln!(out, "<li>{}</li>", esc(sentence));
        }
        out.push_str("</ul>\n");
    }
    out.push_str(&grid(&report.calibration));
    out
}

/// The nine standards; what is missing can be opened.
fn tradecraft(report: &CaseReport) -> String {
    let met = report.standards.iter().filter(|s| s.met).count();
    let mut out = format!(
        "<p>{met} of {} standards of Intelligence Community Directive 203 are met, as far as a machine can tell.</p>\n<ol>\n",
        report.standards.len()
    );
    for s in &report.standards {
        let word = if s.met { badge(("good", "met")) } else { badge(("mixed", "missing")) };
        let _ = write!(out, "<li>{} {word}", esc(s.title));
        if !s.met {
            let items: String = s
                .missing
                .iter()
                .map(|one| format!("<li><code>{}</code>: {}</li>", esc(&one.place), esc(&one.words)))
                .collect();
            out.push_str(&shut(
                &format!("What is missing: {}", s.missing.len()),
                &format!("<ul class=\"small\">{items}</ul>"),
            ));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    out
}

fn footer(report: &CaseReport) -> String {
    format!(
        "<footer><p class=\"small\">{}. An equilibrium of stated assumptions is not a forecast of what people will do. \
         This page asks nothing from outside.</p></footer>\n",
        esc(&report.title)
    )
}
