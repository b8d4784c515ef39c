//! Levers side by side: a bar per lever, from its least to its most helpful equilibria.
//!
//! The one idea: bars right of the upright line change the outcome the wanted way. A bar is doubt about
//! which equilibrium; the share beside it is doubt about the numbers.

use super::*;
use detente_answer::ends::Ends;
use detente_answer::levers::{Lever, Levers};

const PLOT: f64 = 380.0;
const ROW: f64 = 22.0;
const TOP: f64 = 26.0;
/// Most bars.
const ROWS: usize = 12;

/// Draws the strongest levers of a player.
pub fn levers(found: &Levers) -> Chart {
    let shown: Vec<&Lever> = found.levers.iter().take(ROWS).collect();
    let good = |e: Ends| if found.more { e } else { e.times(-1.0) };
    let main = |l: &Lever| l.drawn.as_ref().map(|d| d.effect).or(l.effect).map(good);
    let all = shown.iter().flat_map(|l| [main(l), l.effect.map(good)]).flatten();
    let (low, high) = all.fold((0.0f64, 0.0f64), |(a, b), e| (a.min(e.low), b.max(e.high)));
    let room = ((high - low) * 0.06).max(1e-6);
    let (low, high) = (low - room, high + room);
    let left = shown.iter().map(|l| width_of(&l.name)).fold(60.0, f64::max) + 16.0;
    let x_of = |v: f64| left + PLOT * (v - low) / (high - low);
    let floor = TOP + ROW * shown.len() as f64 + 4.0;
    let wanted = if found.more { "more of it" } else { "less of it" };
    let mut items = vec![
        line((x_of(0.0), TOP - 4.0), (x_of(0.0), floor), Ink::Faint, 1.0, Dash::Solid),
        line((left, floor), (left + PLOT, floor), Ink::Faint, 1.0, Dash::Solid),
        text(&format!("{wanted} →"), Ink::Faint, left + PLOT, 12.0, Anchor::End),
    ];
    let sign = if found.more { 1.0 } else { -1.0 };
    for v in marks(low, high) {
        items.push(line((x_of(v), floor), (x_of(v), floor + 5.0), Ink::Faint, 1.0, Dash::Solid));
        items.push(text(&short(sign * v), Ink::Faint, x_of(v), floor + 18.0, Anchor::Middle));
    }
    let columns = [
        "lever",
        "effect low",
        "effect high",
        "base low",
        "base high",
        "helps",
        "own value low",
        "own value high",
    ];
    let mut data = Data { columns: columns.map(String::from).to_vec(), rows: vec![] };
    let mut widest = 0.0f64;
    for (k, lever) in shown.iter().enumerate() {
        let middle = TOP + ROW * k as f64 + ROW / 2.0;
        items.push(text(&lever.name, Ink::Text, left - 10.0, middle + 4.0, Anchor::End));
        if let Some(e) = main(lever) {
            let ink = if e.low > 0.0 { Ink::Player(0) } else { Ink::Faint };
            let (from, to) = (x_of(e.low), x_of(e.high));
            let area = Rect {
                left: from.min(to - 2.0),
                top: middle - 6.0,
                right: to.max(from + 2.0),
                bottom: middle + 6.0,
            };
            items.push(Item::Block { area, ink, strength: 0.55 });
        }
        if let Some(e) = lever.effect.map(good) {
            items.push(line((x_of(e.low), middle), (x_of(e.high), middle), Ink::Text, 1.0, Dash::Solid));
            for v in [e.low, e.high] {
                let at = Point { x: x_of(v), y: middle };
                items.push(Item::Dot { at, radius: 3.0, ink: Ink::Text, hollow: true });
            }
        }
        let helps = lever.drawn.as_ref().map(|d| helps(d.helps)).unwrap_or_default();
        widest = widest.max(width_of(&helps));
        items.push(text(&helps, Ink::Faint, left + PLOT + 12.0, middle + 4.0, Anchor::Start));
        let cell = |e: Option<Ends>| {
            e.map_or([String::new(), String::new()], |e| [format!("{}", e.low), format!("{}", e.high)])
        };
        let mut row = vec![lever.name.clone()];
        row.extend(cell(lever.drawn.as_ref().map(|d| d.effect)));
        row.extend(cell(lever.effect));
        row.push(helps);
        row.extend(cell(lever.own));
        data.rows.push(row);
    }
    let name = if found.label.is_empty() { &found.measure } else { &found.label };
    Chart {
        slug: format!("levers-{}-{}", found.player.to_lowercase(), found.measure.to_lowercase()),
        width: left + PLOT + widest + 24.0,
        height: floor + 28.0,
        title: format!("{}’s levers on: {name}", found.player),
        description: "For each lever a bar from the least to the most helpful equilibrium, on average over the draws, \
                      and rings joined by a line at the base values. Bars in colour surely help on average. Beside \
                      each: the share of draws in which it helps."
            .into(),
        items,
        data,
    }
}

fn helps(e: Ends) -> String {
    let (low, high) = ((e.low * 100.0).round(), (e.high * 100.0).round());
    if low == high { format!("helps in {low} %") } else { format!("helps in {low} to {high} %") }
}

/// Three to five round values within the range.
fn marks(low: f64, high: f64) -> Vec<f64> {
    let mut step = 1e-6;
    let wanted = (high - low) / 5.0;
    for factor in [2.0, 2.5, 2.0].iter().cycle() {
        if step >= wanted {
            break;
        }
        step *= factor;
    }
    let first = (low / step).ceil() as i64;
    (first..).map(|k| k as f64 * step).take_while(|v| *v <= high).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        for (low, high) in [(-0.3, 0.5), (0.0, 7.2), (-1e-6, 1e-6), (-120.0, 3.0)] {
            let marks = marks(low, high);
            assert!((2..=8).contains(&marks.len()) && marks.contains(&0.0), "{low} {high}: {marks:?}");
        }
    }
}
