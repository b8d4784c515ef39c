//! The spread of theories beside the baselines: one issue, a bar for each theory.
//!
//! The one idea: bars are doubt about the numbers, their distance from each other is doubt about the
//! theory, and the dashed lines of mean and median run through all rows, so that a theory that adds
//! nothing is seen to add nothing.

use super::positions::plain;
use super::*;
use detente_answer::ensemble::{CouncilStudy, IssueStudy};

const PLOT: f64 = 380.0;
const ROW: f64 = 22.0;
const TOP: f64 = 10.0;

/// Draws where each theory settles an issue, at the base values and over the draws.
pub fn theories(council: &CouncilStudy, issue: &IssueStudy) -> Chart {
    let name = if issue.label.is_empty() { &issue.name } else { &issue.label };
    let marks = &issue.marks;
    let (low, high) = (marks.first().map_or(0.0, |m| m.0), marks.last().map_or(1.0, |m| m.0));
    let left = council.theories.iter().map(|t| width_of(&t.name)).fold(40.0, f64::max) + 16.0;
    let x_of = |value: f64| left + PLOT * (value - low) / (high - low);
    let floor = TOP + ROW * council.theories.len() as f64 + 4.0;
    let mut items = Vec::new();
    for (k, word) in ["mean", "median"].iter().enumerate() {
        let at = council.theories.iter().position(|t| t.word == *word);
        if let Some(value) = at.and_then(|at| issue.base[at]) {
            let dash = [Dash::Dashed, Dash::Dotted][k];
            items.push(line((x_of(value), TOP - 4.0), (x_of(value), floor), Ink::Faint, 1.0, dash));
        }
    }
    let columns = ["theory", "base", "5 %", "50 %", "95 %", "mean"].map(String::from).to_vec();
    let mut data = Data { columns, rows: vec![] };
    for (t, theory) in council.theories.iter().enumerate() {
        let middle = TOP + ROW * t as f64 + ROW / 2.0;
        let ink = if matches!(theory.word.as_str(), "mean" | "median") { Ink::Faint } else { Ink::Player(0) };
        items.push(text(&theory.name, Ink::Text, left - 10.0, middle + 4.0, Anchor::End));
        let mut row = vec![theory.word.clone(), issue.base[t].map_or(String::new(), |x| format!("{x}"))];
        if let Some(s) = issue.spreads[t] {
            let area =
                Rect { left: x_of(s.low), top: middle - 4.0, right: x_of(s.high), bottom: middle + 4.0 };
            items.push(Item::Block { area, ink, strength: 0.35 });
            items.push(line(
                (x_of(s.middle), middle - 7.0),
                (x_of(s.middle), middle + 7.0),
                ink,
                2.0,
                Dash::Solid,
            ));
            row.extend([s.low, s.middle, s.high, s.mean].map(|x| format!("{x}")));
        }
        if let Some(base) = issue.base[t] {
            items.push(Item::Dot { at: Point { x: x_of(base), y: middle }, radius: 4.0, ink, hollow: true });
        }
        data.rows.push(row);
    }
    let axis = scale_axis(&mut items, marks, &x_of, floor);
    let widest = marks.iter().map(|m| width_of(&m.1) + 40.0).fold(PLOT + 16.0, f64::max);
    Chart {
        slug: format!("theories-{}", plain(&issue.name)),
        width: left + widest,
        height: floor + axis,
        title: format!("Where the theories settle: {name}"),
        description:
            "For each theory a bar from the 5 % to the 95 % quantile over the draws, a stroke at the median, \
                      and a ring at the base values; lines mark weighted mean (dashed) and median (dotted)."
                .into(),
        items,
        data,
    }
}
