//! What overturns a claim: one bar for each parameter, from the tipping value below to the one above.
//!
//! The one idea: within its bar a parameter changes nothing, all others at their base values; so the
//! shortest reach from the base value stands on top, and a bar that fills its range harms nobody.

use super::*;
use crate::number::three_digits;
use detente_answer::flip::{Flip, Fragile};

const PLOT: f64 = 300.0;
const ROW: f64 = 26.0;
const TOP: f64 = 30.0;
/// Width of a column of numbers beside the plot, where they never meet a mark.
const COLUMN: f64 = 76.0;
/// Parameters drawn; the others change nothing within their ranges or are farther away.
const MOST: usize = 12;

/// Draws the tipping values of one claim.
pub fn tornado(claim: &Fragile) -> Chart {
    let mut list: Vec<&Flip> = claim.alone.iter().filter(|t| t.range.0 < t.range.1).collect();
    let reach = |t: &Flip| t.deviations.unwrap_or(f64::INFINITY);
    list.sort_by(|a, b| reach(a).total_cmp(&reach(b)));
    let steady = list.iter().filter(|t| t.nearest().is_none()).count();
    list.retain(|t| t.nearest().is_some());
    let farther = list.len().saturating_sub(MOST);
    list.truncate(MOST);
    let left = list.iter().map(|t| width_of(&t.param)).fold(60.0, f64::max) + 20.0;
    let column = |k: usize| left + PLOT + 6.0 + COLUMN * (k + 1) as f64;
    let mut items = vec![
        text("low end of the range", Ink::Faint, left, 14.0, Anchor::Start),
        text("high end", Ink::Faint, left + PLOT, 14.0, Anchor::End),
    ];
    for (k, words) in ["base", "flips below", "flips above"].into_iter().enumerate() {
        items.push(text(words, Ink::Faint, column(k), 14.0, Anchor::End));
    }
    let columns = ["parameter", "base", "low", "high", "flips below", "flips above", "standard deviations"];
    let mut data = Data { columns: columns.map(String::from).to_vec(), rows: vec![] };
    for (k, flip) in list.iter().enumerate() {
        let (low, high) = flip.range;
        let x_of = |v: f64| left + PLOT * ((v - low) / (high - low)).clamp(0.0, 1.0);
        let y = TOP + ROW * k as f64 + 10.0;
        items.push(text(&flip.param, Ink::Text, left - 10.0, y + 4.0, Anchor::End));
        items.push(line((left, y), (left + PLOT, y), Ink::Faint, 0.8, Dash::Dotted));
        let (from, to) = (flip.below.unwrap_or(low), flip.above.unwrap_or(high));
        let area = Rect { left: x_of(from), top: y - 7.0, right: x_of(to), bottom: y + 7.0 };
        items.push(Item::Block { area, ink: Ink::Player(0), strength: 0.45 });
        for value in [flip.below, flip.above].into_iter().flatten() {
            let x = x_of(value);
            items.push(line((x, y - 9.0), (x, y + 9.0), Ink::Player(1), 2.0, Dash::Solid));
        }
        let number = |v: Option<f64>| v.map_or("–".to_string(), three_digits);
        let numbers =
            [(Some(flip.base), Ink::Text), (flip.below, Ink::Player(1)), (flip.above, Ink::Player(1))];
        for (k, (value, ink)) in numbers.into_iter().enumerate() {
            items.push(text(&number(value), ink, column(k), y + 4.0, Anchor::End));
        }
        let base = Point { x: x_of(flip.base), y };
        items.push(Item::Dot { at: base, radius: 3.5, ink: Ink::Text, hollow: false });
        let cell = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v}"));
        data.rows.push(vec![
            flip.param.clone(),
            format!("{}", flip.base),
            format!("{low}"),
            format!("{high}"),
            cell(flip.below),
            cell(flip.above),
            cell(flip.deviations),
        ]);
    }
    let mut y = TOP + ROW * list.len() as f64 + 14.0;
    let mut note = |words: String| {
        items.push(text(&words, Ink::Faint, left, y, Anchor::Start));
        y += 17.0;
    };
    note("dot: base value; bar: nothing changes; mark: the verdict flips, all others at base".into());
    if steady > 0 {
        let many =
            if steady == 1 { "1 parameter changes".into() } else { format!("{steady} parameters change") };
        note(format!("{many} nothing within the range"));
    }
    if farther > 0 {
        note(format!("{farther} more flip farther away"));
    }
    Chart {
        slug: format!("tornado-{}", claim.claim),
        width: column(2) + 8.0,
        height: y + 4.0,
        title: format!("What overturns {}, one assumption at a time", claim.claim),
        description:
            "For each parameter a bar over the values that change nothing, its base value as a dot, \
                      and the values at which the verdict flips as marks; the nearest on top."
                .into(),
        items,
        data,
    }
}
