//! Influence along an issue: where the weight at the table stands.
//!
//! The one idea: a bar for each actor at its position, as high as its share of all capability times
//! salience; names stand in rows above, tied to their bars, so that ten of them never meet.

use super::positions::plain;
use super::*;
use detente_answer::ensemble::Course;

const LEFT: f64 = 24.0;
const PLOT: (f64, f64) = (560.0, 130.0);
const ROW: f64 = 16.0;

/// Draws who weighs how much where; `mean` and `median` are the baselines.
pub fn influence(
    course: &Course,
    issue: usize,
    name: &str,
    marks: &[(f64, String)],
    baselines: &[(&str, f64)],
) -> Chart {
    let (low, high) = (marks.first().map_or(0.0, |m| m.0), marks.last().map_or(1.0, |m| m.0));
    let x_of = |value: f64| LEFT + PLOT.0 * (value - low) / (high - low);
    let stated = |actor: usize| course.positions[0][actor][issue];
    let weight = |actor: usize| course.weights[actor][issue];
    let most = (0..course.actors.len()).map(weight).fold(1e-9, f64::max);
    let names: Vec<String> =
        course.actors.iter().enumerate().map(|(a, n)| format!("{n} {:.0} %", 100.0 * weight(a))).collect();
    // From the left, each name takes the first row in which it does not meet another.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| stated(*a).total_cmp(&stated(*b)).then(a.cmp(b)));
    let mut free: Vec<f64> = Vec::new();
    let mut place = vec![(0.0, 0); names.len()];
    for a in &order {
        let width = width_of(&names[*a]);
        let middle =
            x_of(stated(*a)).clamp(LEFT + width / 2.0, (LEFT + PLOT.0 - width / 2.0).max(LEFT + width / 2.0));
        let row = free.iter().position(|x| *x <= middle - width / 2.0).unwrap_or(free.len());
        if row == free.len() {
            free.push(0.0);
        }
        free[row] = middle + width / 2.0 + 10.0;
        place[*a] = (middle, row);
    }
    let names_high = ROW * free.len() as f64;
    let baseline_rows = 2.0 * ROW + 6.0;
    let floor = baseline_rows + names_high + 10.0 + PLOT.1;
    let mut items = Vec::new();
    let mut next = 0.0;
    for (k, (word, value)) in baselines.iter().enumerate() {
        let x = x_of(*value);
        let y = 12.0 + ROW * k as f64;
        let words = format!("{word} {}", short(*value));
        let anchor = if x > LEFT + PLOT.0 - width_of(&words) - 8.0 { Anchor::End } else { Anchor::Start };
        let shift = if anchor == Anchor::End { -4.0 } else { 4.0 };
        items.push(line((x, y - 8.0), (x, floor), Ink::Faint, 1.0, [Dash::Dashed, Dash::Dotted][k % 2]));
        items.push(text(&words, Ink::Faint, x + shift, y, anchor));
        next = y;
    }
    let _ = next;
    let mut data = Data { columns: ["actor", "position", "weight"].map(String::from).to_vec(), rows: vec![] };
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for a in &order {
        let height = PLOT.1 * weight(*a) / most;
        let wanted = x_of(stated(*a));
        // Bars that would hide each other stand side by side.
        let mut x = wanted;
        while taken.iter().any(|(other, _)| (other - x).abs() < 9.0) {
            x += 9.0;
        }
        taken.push((x, height));
        let area = Rect { left: x - 4.0, top: floor - height, right: x + 4.0, bottom: floor };
        let (middle, row) = place[*a];
        let y = baseline_rows + ROW * (row as f64) + 12.0;
        items.push(line((x, floor - height), (middle, y + 3.0), Ink::Player(*a), 0.6, Dash::Dotted));
        items.push(Item::Block { area, ink: Ink::Player(*a), strength: 0.85 });
        data.rows.push(vec![course.actors[*a].clone(), format!("{}", stated(*a)), format!("{}", weight(*a))]);
    }
    for a in 0..names.len() {
        let (middle, row) = place[a];
        let y = baseline_rows + ROW * (row as f64) + 12.0;
        items.push(text(&names[a], Ink::Player(a), middle, y, Anchor::Middle));
    }
    let axis = scale_axis(&mut items, marks, &x_of, floor);
    let widest = marks.iter().map(|m| width_of(&m.1) + 40.0).fold(PLOT.0 + 20.0, f64::max);
    Chart {
        slug: format!("influence-{}", plain(name)),
        width: LEFT + widest + 8.0,
        height: floor + axis,
        title: format!("Influence along the issue: {name}"),
        description:
            "A bar for each actor at its stated position, as high as its share of all capability times \
                      salience; dashed lines mark the baselines."
                .into(),
        items,
        data,
    }
}
