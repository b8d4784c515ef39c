//! The report as one page that asks nothing from outside.
//!
//! The one idea: the bottom line first, then everything it rests on, in the order in which a
//! doubting reader asks for it.

use super::frame::{citations, esc, folded, grid, paragraphs, section, shut, with_code};
use super::{AdvicePart, CaseReport, Hang, Judgment, ParameterRow, SourceRow, Statement};
use super::{claims::badge, claims::claims, council::councils, evidence::evidence, models::models};
use crate::svg::tree_style;
use std::fmt::Write;

/// Returns the whole page.
pub fn case_html(report: &CaseReport) -> String {
    let mut body = String::new();
    section(&mut body, "bottom-line", "Bottom line", &bottom_line(report));
    if !report.scope.is_empty() {
        section(&mut body, "scope", "How far this reaches", &paragraphs(&report.scope));
    }
    if !report.models.is_empty() {
        section(
            &mut body,
            "claims",
            "What the author says, and what follows",
            &claims(&report.claims, &report.fallen),
        );
        section(&mut body, "game", "The game", &models(&report.models));
    }
    if !report.councils.is_empty() {
        section(&mut body, "councils", "Many actors at one table", &councils(&report.councils));
    }
    section(&mut body, "basis", "What we know, what we assume, what we judge", &basis(report));
    if !report.models.is_empty() {
        section(&mut body, "evidence", "Evidence so far", &evidence(&report.evidence));
    }
    if !report.forecasts.rows.is_empty() {
        section(&mut body, "forecasts", "Forecasts, and how good they were", &forecasts(report));
    }
    if !report.ranges.is_empty() {
        let parts = super::advice::parts(&report.ranges, "ranges");
        section(&mut body, "ranges", "Where it holds, and where it changes", &parts);
    }
    for (id, heading, parts) in advice(report) {
        section(&mut body, id, heading, &super::advice::parts(parts, id));
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
        ("claims", "Claims", games),
        ("game", "The game", games),
        ("councils", "Many actors", tables),
        ("basis", "Known, assumed, judged", true),
        ("evidence", "Evidence", games),
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

fn sources(report: &CaseReport) -> String {
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
        "<div class=\"wide\"><table class=\"hangs\"><caption>A dot: without this source the conclusion loses its \
         support.</caption><thead><tr><th scope=\"col\">Conclusion</th>",
    );
    for k in 1..=count {
        let _ =
            write!(out, "<th scope=\"col\"><a href=\"#source-{k}\" aria-label=\"source {k}\">[{k}]</a></th>");
    }
    out.push_str("<th scope=\"col\">Assumptions without a source</th></tr></thead>\n<tbody>");
    for row in rows {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", esc(&row.conclusion));
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

fn forecasts(report: &CaseReport) -> String {
    let mut out = grid(&report.forecasts);
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

fn annex(report: &CaseReport) -> String {
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

fn footer(report: &CaseReport) -> String {
    format!(
        "<footer><p class=\"small\">{}. An equilibrium of stated assumptions is not a forecast of what people will do. \
         This page asks nothing from outside.</p></footer>\n",
        esc(&report.title)
    )
}
