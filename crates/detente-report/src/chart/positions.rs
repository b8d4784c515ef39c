//! Positions over turns on one issue: who gives way, when, and to whom the lines run together.

use super::*;
use detente_answer::ensemble::Course;

const LEFT: f64 = 50.0;
const TOP: f64 = 14.0;
const PLOT: (f64, f64) = (460.0, 260.0);
/// Turns shown at most; later ones hardly move.
const MOST_TURNS: usize = 30;

/// Draws the run of a council on one issue; `marks` are the numbers of its scale with their meaning.
pub fn positions(course: &Course, issue: usize, name: &str, marks: &[(f64, String)]) -> Chart {
    let states = course.positions.len().min(MOST_TURNS + 1);
    let (low, high) = (marks.first().map_or(0.0, |m| m.0), marks.last().map_or(1.0, |m| m.0));
    let x_of = |state: usize| LEFT + PLOT.0 * state as f64 / (states.max(2) - 1) as f64;
    let y_of = |value: f64| TOP + PLOT.1 * (1.0 - (value - low) / (high - low));
    let mut items = Vec::new();
    for (value, _) in marks {
        let y = y_of(*value);
        items.push(line((LEFT, y), (LEFT + PLOT.0, y), Ink::Faint, 0.6, Dash::Dotted));
        items.push(text(&short(*value), Ink::Faint, LEFT - 6.0, y + 4.0, Anchor::End));
    }
    let step = (states / 8).max(1);
    for state in (0..states).step_by(step) {
        items.push(text(&state.to_string(), Ink::Faint, x_of(state), TOP + PLOT.1 + 18.0, Anchor::Middle));
    }
    items.push(text("turn", Ink::Faint, LEFT + PLOT.0 + 10.0, TOP + PLOT.1 + 18.0, Anchor::Start));
    let last = states.saturating_sub(1);
    let ends: Vec<f64> =
        course.positions.get(last).into_iter().flatten().map(|row| y_of(row[issue])).collect();
    let places = apart(&ends, 14.5, TOP, TOP + PLOT.1);
    let mut widest = 0.0f64;
    let mut data = Data { columns: vec!["turn".into()], rows: Vec::new() };
    data.columns.extend(course.actors.iter().cloned());
    for (state, rows) in course.positions.iter().enumerate() {
        let cells = rows.iter().map(|row| format!("{}", row[issue]));
        data.rows.push(std::iter::once(state.to_string()).chain(cells).collect());
    }
    for (actor, who) in course.actors.iter().enumerate() {
        let points: Vec<Point> = course.positions[..states]
            .iter()
            .enumerate()
            .map(|(state, rows)| Point { x: x_of(state), y: y_of(rows[actor][issue]) })
            .collect();
        let ink = Ink::Player(actor);
        items.push(Item::Line { points, ink, width: 2.0, dash: dash(actor) });
        let words = format!("{who} {}", course.positions[last][actor][issue].round());
        widest = widest.max(width_of(&words));
        let x = LEFT + PLOT.0;
        items.push(line((x + 2.0, ends[actor]), (x + 18.0, places[actor]), ink, 0.8, Dash::Solid));
        items.push(text(&words, ink, x + 22.0, places[actor] + 4.0, Anchor::Start));
    }
    let mut y = TOP + PLOT.1 + 40.0;
    for (value, words) in marks {
        let words = format!("{}  {words}", short(*value));
        widest = widest.max(width_of(&words) - PLOT.0);
        items.push(text(&words, Ink::Faint, LEFT, y, Anchor::Start));
        y += 16.0;
    }
    Chart {
        slug: format!("positions-{}", plain(name)),
        width: LEFT + PLOT.0 + 30.0 + widest,
        height: y,
        title: format!("Positions over turns: {name}"),
        description: format!(
            "One line for each of {} actors over {last} turns of the spatial model at the base values.",
            course.actors.len()
        ),
        items,
        data,
    }
}

/// A name fit for a file.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}
