//! What the players could change, what is worth knowing, and what to wait for, as parts of a page.
//!
//! The one idea: each part begins with the sentence that answers its question; the picture and the tables
//! are for those who doubt it.

use super::frame::{esc, grid, paragraphs, shut, with_code};
use super::{CaseReport, Grid, Studied};
use crate::chart::{Chart, chart_svg, levers as levers_chart};
use crate::levers::{lever_answer, lever_grid, policy_grid, range, rule_lines};
use crate::svg::SvgOptions;
use crate::voi::{fact_grid, indicator_grid, param_grid, voi_answer};
use detente_answer::ends::Ends;
use detente_answer::indicators::Indicator;
use detente_answer::levers::Levers;
use detente_answer::voi::Voi;
use serde::Serialize;
use std::fmt::Write;

/// Smallest scale at which a chart's labels are still easy to read, and the width that no screen lacks.
const READABLE: f64 = 0.7;
const LEAST: f64 = 560.0;

/// What was computed for a model beside its answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advice {
    pub levers: Vec<Levers>,
    pub information: Vec<Voi>,
    pub indicators: Vec<Indicator>,
}

/// One question with its answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AdvicePart {
    pub model: String,
    pub heading: String,
    pub answer: String,
    pub notes: Vec<String>,
    pub tables: Vec<Grid>,
    /// Whether the tables are for those who want all numbers: folded on a screen, left out on paper.
    #[serde(skip)]
    pub aside: bool,
    #[serde(skip)]
    pub chart: Option<Chart>,
}

/// Levers, one part per player and measure.
pub(super) fn lever_parts(m: &Studied) -> Vec<AdvicePart> {
    m.advice.levers.iter().map(|l| lever_part(&m.name, l)).collect()
}

fn lever_part(model: &str, l: &Levers) -> AdvicePart {
    let what = if l.label.is_empty() { &l.measure } else { &l.label };
    let better = if l.more { "More" } else { "Less" };
    // What follows a semicolon tells how to turn it round at the terminal.
    let because = l.because.split(';').next().unwrap_or_default();
    let mut notes = vec![format!("{better} of it is taken as better: {because}.")];
    if l.incomplete > 0 {
        notes.push(format!("{} of {} draws have no proven complete answer.", l.incomplete, l.draws));
    }
    notes.extend(rule_lines(l));
    notes.extend(l.left_out.iter().map(|left| format!("{left}.")));
    AdvicePart {
        model: model.into(),
        heading: format!("{}: {what}", l.player),
        answer: lever_answer(l),
        notes,
        tables: vec![lever_grid(l), policy_grid(l)],
        aside: false,
        chart: (!l.levers.is_empty()).then(|| levers_chart(l)),
    }
}

/// What is worth knowing, one part per player.
pub(super) fn information_parts(m: &Studied) -> Vec<AdvicePart> {
    let part = |v: &Voi| AdvicePart {
        model: m.name.clone(),
        heading: v.player.clone(),
        answer: voi_answer(v),
        notes: vec![],
        tables: vec![fact_grid(v), param_grid(v)],
        aside: true,
        chart: None,
    };
    m.advice.information.iter().map(part).collect()
}

/// What to wait for, one part per hypothesis.
pub(super) fn indicator_parts(m: &Studied) -> Vec<AdvicePart> {
    let of = |name: &str| -> Vec<&Indicator> {
        m.advice.indicators.iter().filter(|i| i.hypothesis == name).collect()
    };
    m.model
        .hypotheses
        .iter()
        .filter_map(|h| {
            let own = of(&h.name);
            let first = own.first()?;
            let label = if h.support.label.is_empty() { h.name.clone() } else { h.support.label.clone() };
            let bits = range(Ends { low: first.low, high: first.high });
            Some(AdvicePart {
                model: m.name.clone(),
                answer: format!("Wait for {}: it is expected to tell {bits} bits on “{label}”.", first.event),
                heading: label,
                notes: vec![],
                tables: vec![indicator_grid(&own)],
                aside: false,
                chart: None,
            })
        })
        .collect()
}

/// The parts as they stand on the page, those of one model together under its title.
pub(super) fn parts(report: &CaseReport, list: &[AdvicePart], what: &str) -> String {
    // Where no part has anything to show, a list says it all.
    if list.iter().all(|part| part.aside) {
        return answers(list);
    }
    let mut out = String::new();
    let mut model: Option<&str> = None;
    // How a picture is read is told with the first of its kind.
    let mut told: Vec<&str> = vec![];
    for (k, part) in list.iter().enumerate() {
        let explained = part.chart.as_ref().map_or("", |c| c.description.as_str());
        let anew = !told.contains(&explained);
        if anew {
            told.push(explained);
        }
        if model != Some(part.model.as_str()) {
            model = Some(part.model.as_str());
            let title = report.models.iter().find(|m| m.name == part.model).map_or(&part.model, |m| &m.title);
            let _ = writeln!(out, "<h3 id=\"{what}-of-{k}\" class=\"of-model\">{}</h3>", esc(title));
        }
        let _ = writeln!(out, "<div class=\"part\">{}</div>", shown(part, &format!("{what}-{k}"), anew));
    }
    out
}

/// Answers without pictures: one line each, all numbers folded below.
fn answers(list: &[AdvicePart]) -> String {
    let mut out = String::from("<ul class=\"answers\">\n");
    for part in list {
        let tables: String = part.tables.iter().map(grid).collect();
        let _ = write!(
            out,
            "<li><strong>{}</strong> <span class=\"small\">({})</span> {}",
            esc(&part.heading),
            esc(&part.model),
            with_code(&part.answer)
        );
        out.push_str(&paragraphs(&part.notes));
        if !tables.is_empty() {
            out.push_str(&shut("All numbers", &tables));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
    out
}

/// The answer of a part, its picture with the notes beside it, then its tables.
fn shown(part: &AdvicePart, id: &str, explain: bool) -> String {
    let said = format!(
        "<h4>{}</h4>\n<p class=\"said\"><strong>{}</strong></p>\n",
        esc(&part.heading),
        with_code(&part.answer)
    );
    let notes: String =
        part.notes.iter().map(|note| format!("<p class=\"small\">{}</p>\n", with_code(note))).collect();
    let tables: String = part.tables.iter().map(grid).collect();
    let Some(chart) = &part.chart else { return said + &notes + &tables };
    let options = SvgOptions { inline_id: Some(id.into()) };
    // Where a picture says it, the numbers are for those who want them all.
    let tables = if tables.is_empty() { tables } else { shut("All numbers", &tables) };
    format!(
        "<div class=\"kept\">{said}<div class=\"beside\"><figure><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">\
         <div class=\"fit\" style=\"min-width: {least:.0}px\">{}</div></div></figure>\n<div class=\"notes\"><p \
         class=\"small\">{title}. {}</p>\n{notes}</div></div></div>\n{tables}",
        chart_svg(chart, &options),
        if explain { esc(&chart.description) } else { String::new() },
        title = esc(&chart.title),
        least = (chart.width * READABLE).min(LEAST),
    )
}
