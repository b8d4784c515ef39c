//! Own gain against the other's gain: what each challenge of a turn promises.
//!
//! The one idea: right of the upright line the challenger gains, above the level line the other does too;
//! what lies low on the right is pressure, what lies high on the right a deal.

use super::*;
use detente_answer::ensemble::Course;

const LEFT: f64 = 64.0;
const TOP: f64 = 22.0;
const PLOT: (f64, f64) = (360.0, 300.0);

/// Draws the challenges of one turn, counted from 0.
pub fn gains(course: &Course, turn: usize) -> Chart {
    let presses = course.turns.get(turn).map_or(&[][..], |t| &t.presses);
    let extent = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((0.0f64, 0.0f64), |(l, h), x| (l.min(x), h.max(x)));
        let room = ((high - low) * 0.08).max(1e-6);
        (low - room, high + room)
    };
    let (x0, x1) = extent(&mut presses.iter().map(|p| p.gain));
    let (y0, y1) = extent(&mut presses.iter().map(|p| p.rival_gain));
    let x_of = |v: f64| LEFT + PLOT.0 * (v - x0) / (x1 - x0);
    let y_of = |v: f64| TOP + PLOT.1 * (1.0 - (v - y0) / (y1 - y0));
    let mut items = vec![
        line((x_of(0.0), TOP), (x_of(0.0), TOP + PLOT.1), Ink::Faint, 1.0, Dash::Solid),
        line((LEFT, y_of(0.0)), (LEFT + PLOT.0, y_of(0.0)), Ink::Faint, 1.0, Dash::Solid),
        text("the other's gain", Ink::Faint, 4.0, 12.0, Anchor::Start),
        text("own gain", Ink::Faint, LEFT + PLOT.0, TOP + PLOT.1 + 36.0, Anchor::End),
    ];
    for v in [x0, x1] {
        items.push(text(&small(v), Ink::Faint, x_of(v), TOP + PLOT.1 + 18.0, Anchor::Middle));
    }
    for v in [y0, 0.0, y1] {
        items.push(text(&small(v), Ink::Faint, LEFT - 6.0, y_of(v) + 4.0, Anchor::End));
    }
    let wanted: Vec<f64> = presses.iter().map(|p| y_of(p.rival_gain)).collect();
    let places = apart(&wanted, 15.0, TOP, TOP + PLOT.1);
    let mut widest = 0.0f64;
    let edge = LEFT + PLOT.0 + 24.0;
    let columns = ["challenger", "other", "own gain", "other's gain", "odds"].map(String::from).to_vec();
    let mut data = Data { columns, rows: vec![] };
    for (press, y) in presses.iter().zip(places) {
        let at = Point { x: x_of(press.gain), y: y_of(press.rival_gain) };
        let ink = Ink::Player(press.by);
        let words = format!("{} → {}", course.actors[press.by], course.actors[press.to]);
        widest = widest.max(width_of(&words));
        items.push(line((at.x, at.y), (edge - 4.0, y), ink, 0.5, Dash::Dotted));
        items.push(Item::Dot { at, radius: 4.5, ink, hollow: press.by >= crate::palette::TONES.len() });
        items.push(text(&words, ink, edge, y + 4.0, Anchor::Start));
        data.rows.push(vec![
            course.actors[press.by].clone(),
            course.actors[press.to].clone(),
            format!("{}", press.gain),
            format!("{}", press.rival_gain),
            format!("{}", press.odds),
        ]);
    }
    Chart {
        slug: format!("gains-{}", turn + 1),
        width: edge + widest + 10.0,
        height: TOP + PLOT.1 + 46.0,
        title: format!("Own gain against the other's gain, turn {}", turn + 1),
        description:
            "One dot for each challenge, at what the challenger expects for itself and for the other.".into(),
        items,
        data,
    }
}

fn small(value: f64) -> String {
    let text = format!("{value:.3}");
    if text == "-0.000" { "0.000".into() } else { text }
}
