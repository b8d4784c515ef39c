//! What the players could change, what is worth knowing, and what to wait for, as parts of a page.
//!
//! The one idea: each part begins with the sentence that answers its question; the picture and the tables
//! are for those who doubt it.

use super::frame::{esc, grid, shut, with_code};
use super::{Grid, Studied};
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

/// The parts as they stand on the page, those of one model together.
pub(super) fn parts(list: &[AdvicePart], what: &str) -> String {
    let mut out = String::new();
    let mut model: Option<&str> = None;
    for (k, part) in list.iter().enumerate() {
        if model != Some(part.model.as_str()) {
            model = Some(part.model.as_str());
            let _ = writeln!(out, "<h3 id=\"{what}-of-{k}\" class=\"of-model\">{}</h3>", esc(&part.model));
        }
        let _ = writeln!(
            out,
            "<h4>{}</h4>\n<p><strong>{}</strong></p>",
            esc(&part.heading),
            with_code(&part.answer)
        );
        if let Some(chart) = &part.chart {
            let options = SvgOptions { inline_id: Some(format!("{what}-{k}")) };
            let _ = writeln!(
                out,
                "<figure><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">{}</div>\
                 <figcaption>{title}. {}</figcaption></figure>",
                chart_svg(chart, &options),
                esc(&chart.description),
                title = esc(&chart.title)
            );
        }
        for note in &part.notes {
            let _ = writeln!(out, "<p class=\"small\">{}</p>", with_code(note));
        }
        let tables: String = part.tables.iter().map(grid).collect();
        // Where a picture or a sentence says it, the numbers are for those who want them all.
        let folded = part.chart.is_some() || part.aside;
        match (tables.is_empty(), folded) {
            (true, _) => {}
            (false, true) => out.push_str(&shut("All numbers", &tables)),
            (false, false) => out.push_str(&tables),
        }
    }
    out
}
