//! Charts as scenes: lines, areas, boxes, dots, arrows and labels, with the data beside.
//!
//! The one idea: each chart decides all coordinates once and carries the numbers it shows, so that the
//! picture, the table under it and the file beside it cannot differ.

mod branch;
mod gains;
mod influence;
mod levers;
mod map;
mod paper;
mod positions;
mod pressure;
mod theories;
mod tornado;
mod waterfall;

pub use branch::branch;
pub use gains::gains;
pub use influence::influence;
pub use levers::levers;
pub use map::map;
pub use paper::chart_svg;
pub use positions::positions;
pub use pressure::pressure;
pub use theories::theories;
pub use tornado::tornado;
pub use waterfall::waterfall;

use crate::scene::{Anchor, Ink, Label, Point, Rect, Role, Run};
use serde::Serialize;

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// A plain word, for file names.
    pub slug: String,
    pub width: f64,
    pub height: f64,
    /// What it shows, in one line.
    pub title: String,
    /// The picture in sentences, for readers who do not see it.
    pub description: String,
    /// Drawn in this order.
    pub items: Vec<Item>,
    pub data: Data,
}

/// The numbers behind a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Data {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Data {
    /// Returns the data as CSV, with a line of headings.
    pub fn csv(&self) -> String {
        let quoted = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        std::iter::once(&self.columns).chain(&self.rows).map(line).collect()
    }
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// One piece of a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Line {
        points: Vec<Point>,
        ink: Ink,
        width: f64,
        dash: Dash,
    },
    /// A filled rectangle; `strength` from 0 (not seen) to 1.
    Block {
        area: Rect,
        ink: Ink,
        strength: f64,
    },
    /// A filled area inside of closed lines; a line within another cuts a hole.
    Area {
        rings: Vec<Vec<Point>>,
        ink: Ink,
        strength: f64,
    },
    Dot {
        at: Point,
        radius: f64,
        ink: Ink,
        hollow: bool,
    },
    Arrow {
        from: Point,
        to: Point,
        ink: Ink,
    },
    Text(Label),
}

/// Font size of labels.
const SIZE: f64 = 12.0;

/// The dash of an actor whose tone another one has too.
fn dash(actor: usize) -> Dash {
    [Dash::Solid, Dash::Dashed, Dash::Dotted][actor / crate::palette::TONES.len() % 3]
}

fn text(words: &str, ink: Ink, x: f64, y: f64, anchor: Anchor) -> Item {
    Item::Text(label(words, ink, x, y, anchor))
}

fn label(words: &str, ink: Ink, x: f64, y: f64, anchor: Anchor) -> Label {
    Label::new(Role::Legend, vec![Run::new(words, ink)], Point { x, y }, anchor, SIZE)
}

fn line(from: (f64, f64), to: (f64, f64), ink: Ink, width: f64, dash: Dash) -> Item {
    let point = |(x, y)| Point { x, y };
    Item::Line { points: vec![point(from), point(to)], ink, width, dash }
}

fn width_of(words: &str) -> f64 {
    crate::measure::text_width(words, SIZE, false)
}

/// Moves places on a line apart until neighbours keep `gap`, staying between `low` and `high` as far as
/// there is room; the order stays.
fn apart(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    let mut placed = wanted.to_vec();
    let mut least = low;
    for k in &order {
        placed[*k] = wanted[*k].max(least);
        least = placed[*k] + gap;
    }
    let mut most = high;
    for k in order.iter().rev() {
        placed[*k] = placed[*k].min(most);
        most = placed[*k] - gap;
    }
    placed
}

/// A number for a label or a cell: at most two decimals.
fn short(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { "0".into() } else { format!("{rounded}") }
}

/// An axis along an issue's scale with its marks in words, below a plot; returns how much height it takes.
///
/// Marks are written one below the other, so that long words never meet.
fn scale_axis(items: &mut Vec<Item>, marks: &[(f64, String)], x_of: &dyn Fn(f64) -> f64, y: f64) -> f64 {
    let ends = (marks.first().map_or(0.0, |m| m.0), marks.last().map_or(1.0, |m| m.0));
    items.push(line((x_of(ends.0), y), (x_of(ends.1), y), Ink::Faint, 1.0, Dash::Solid));
    for (value, _) in marks {
        items.push(line((x_of(*value), y), (x_of(*value), y + 5.0), Ink::Faint, 1.0, Dash::Solid));
        items.push(text(&short(*value), Ink::Faint, x_of(*value), y + 18.0, Anchor::Middle));
    }
    let left = x_of(ends.0);
    for (k, (value, words)) in marks.iter().enumerate() {
        let row = y + 38.0 + 16.0 * k as f64;
        items.push(text(&format!("{}  {words}", short(*value)), Ink::Faint, left, row, Anchor::Start));
    }
    46.0 + 16.0 * marks.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_and_keep_their_order() {
        let placed = apart(&[10.0, 10.0, 11.0, 90.0], 14.0, 0.0, 100.0);
        assert_eq!(placed, vec![10.0, 24.0, 38.0, 90.0]);
        let pushed = apart(&[95.0, 99.0, 100.0], 10.0, 0.0, 100.0);
        assert_eq!(pushed, vec![80.0, 90.0, 100.0]);
    }

    #[test]
    fn data_is_quoted_where_it_must_be() {
        let data = Data { columns: vec!["a".into()], rows: vec![vec!["x, \"y\"".into()]] };
        assert_eq!(data.csv(), "a\n\"x, \"\"y\"\"\"\n");
    }
}
