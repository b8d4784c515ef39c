//! Evidence on a hypothesis, one dated observation under the other, in bits.
//!
//! The one idea: bits add up, so each bar starts where the one above ended, and the place of the last
//! end is what all observations say together, whatever the prior was. Bars are quantal response; exact
//! equilibrium, which may exclude a hypothesis outright, stands in circles and words beside them.

use super::*;
use detente_answer::evidence::Factor;
use detente_answer::infer::ModelInference;
use detente_answer::words::percent;

const PLOT: f64 = 330.0;
const ROW: f64 = 46.0;
const TOP: f64 = 34.0;
const BAR: f64 = 15.0;
/// Longest line of an observation, in characters; longer ones are told in two lines.
const LONGEST: usize = 30;
/// Room on either side of the plot for the bits of a bar that ends there.
const BITS: f64 = 36.0;
/// Room for them within the plot, in bits.
const WORDS: f64 = 0.3;

/// Draws the evidence on the hypothesis at this position; `None` without observations.
pub fn waterfall(model: &ModelInference, place: usize) -> Option<Chart> {
    let exact = model.exact.hypotheses.get(place)?;
    let smooth = model.smooth.hypotheses.get(place)?;
    if model.exact.steps.is_empty() {
        return None;
    }
    let totals: Vec<Option<f64>> = smooth.updates.iter().map(|u| u.total_bits).collect();
    let marks: Vec<Vec<(String, Factor)>> = exact
        .updates
        .iter()
        .map(|u| u.rows.iter().map(|r| (r.equilibrium.clone(), r.total.clone())).collect())
        .collect();
    let ends = marks.iter().flatten().filter_map(|(_, f)| match f {
        Factor::Ratio { bits, .. } => Some([bits.0, bits.1]),
        _ => None,
    });
    let all: Vec<f64> =
        totals.iter().flatten().copied().chain(ends.flatten()).filter(|b| b.is_finite()).collect();
    // Room for the bits that stand at the end of a bar.
    let low = all.iter().map(|b| b - WORDS).fold(-1.0, f64::min).floor();
    let high = all.iter().map(|b| b + WORDS).fold(1.0, f64::max).ceil();
    let names: Vec<(String, Vec<String>)> = model.exact.steps.iter().map(observation).collect();
    let widest = |(date, lines): &(String, Vec<String>)| {
        lines.iter().map(|l| width_of(l)).fold(width_of(date), f64::max)
    };
    let left = names.iter().map(widest).fold(80.0, f64::max) + 8.0 + BITS;
    let right = left + PLOT + BITS;
    let x_of = |bits: f64| left + PLOT * (bits.clamp(low, high) - low) / (high - low);
    let floor = TOP + ROW * names.len() as f64;
    let mut items = axis(low, high, &x_of, floor);
    let columns =
        ["date", "observation", "bits", "bits so far", "posterior", "exact so far"].map(String::from);
    let mut data = Data { columns: columns.to_vec(), rows: vec![] };
    let mut before = 0.0;
    for (n, (date, words)) in names.iter().enumerate() {
        let y = TOP + ROW * n as f64;
        items.push(text(date, Ink::Faint, left - BITS, y + 10.0, Anchor::End));
        for (at, words) in words.iter().enumerate() {
            items.push(text(words, Ink::Text, left - BITS, y + 24.0 + 14.0 * at as f64, Anchor::End));
        }
        let update = smooth.updates.get(n);
        let total = totals.get(n).copied().flatten();
        if let Some(after) = total {
            bar(&mut items, (x_of(before), x_of(after)), y, after - before);
            let x = x_of(after);
            if n + 1 < names.len() {
                let (from, to) = ((x, y + 4.0 + BAR), (x, y + ROW + 4.0));
                items.push(line(from, to, Ink::Faint, 0.8, Dash::Dotted));
            }
            before = after;
        }
        let said = marks.get(n).map_or(String::new(), |row| exact_marks(&mut items, row, &x_of, y));
        let after = update.and_then(|u| u.posterior).map_or("undefined".into(), percent);
        items.push(text(&after, Ink::Text, right, y + 16.0, Anchor::Start));
        let bits = update.and_then(|u| u.step_bits).map_or(String::new(), |b| format!("{b}"));
        let so_far = total.map_or(String::new(), |b| format!("{b}"));
        data.rows.push(vec![date.clone(), words.join(" "), bits, so_far, after, said]);
    }
    let prior = format!("{} before", percent(smooth.prior));
    items.push(text(&prior, Ink::Faint, right, TOP - 14.0, Anchor::Start));
    let note = "bars: quantal response, its precision integrated; circles: exact equilibrium, all so far";
    items.push(text(note, Ink::Faint, 8.0, floor + 48.0, Anchor::Start));
    let name = if exact.label.is_empty() { &exact.name } else { &exact.label };
    Some(Chart {
        slug: format!("evidence-{}", super::positions::plain(&exact.name)),
        width: (right + width_of(&prior) + 8.0).max(width_of(note) + 16.0),
        height: floor + 58.0,
        title: format!("Evidence on: {name}"),
        description: "One bar per observation, in the order of dates, from the bits for (right) or against \
                      (left) the hypothesis before it to those after it; beside it the posterior under \
                      quantal response."
            .into(),
        items,
        data,
    })
}

/// The day of an observation, and its words in at most two lines.
fn observation(step: &detente_answer::evidence::Step) -> (String, Vec<String>) {
    let words = if step.label.is_empty() { &step.text } else { &step.label };
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        let room = lines.last().is_some_and(|l| l.chars().count() + 1 + word.chars().count() <= LONGEST);
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if room => line.push_str(&format!(" {word}")),
            _ => lines.push(word.to_string()),
        }
    }
    if lines.len() > 2 {
        lines.truncate(2);
        lines[1].push('…');
    }
    (step.date.clone().unwrap_or_default(), lines)
}

/// The scale of bits, with the line of no evidence.
fn axis(low: f64, high: f64, x_of: &dyn Fn(f64) -> f64, floor: f64) -> Vec<Item> {
    let mut items =
        vec![line((x_of(low), floor + 6.0), (x_of(high), floor + 6.0), Ink::Faint, 1.0, Dash::Solid)];
    let step = ((high - low) / 6.0).ceil().max(1.0);
    let mut at = (low / step).ceil() * step;
    while at <= high {
        let x = x_of(at);
        items.push(line(
            (x, TOP - 4.0),
            (x, floor + 10.0),
            Ink::Faint,
            if at == 0.0 { 1.2 } else { 0.3 },
            Dash::Solid,
        ));
        let words = match at {
            a if a < 0.0 => format!("−{}", -a),
            a if a > 0.0 => format!("+{a}"),
            _ => "0 bits".into(),
        };
        items.push(text(&words, Ink::Faint, x, floor + 24.0, Anchor::Middle));
        at += step;
    }
    items.push(text("against", Ink::Player(1), x_of(low), TOP - 14.0, Anchor::Start));
    items.push(text("for", Ink::Player(0), x_of(high), TOP - 14.0, Anchor::End));
    items
}

fn bar(items: &mut Vec<Item>, (from, to): (f64, f64), y: f64, bits: f64) {
    let ink = Ink::Player(usize::from(bits < 0.0));
    let (a, b) = (from.min(to), from.max(to));
    let area = Rect { left: a, top: y + 4.0, right: b.max(a + 1.5), bottom: y + 4.0 + BAR };
    items.push(Item::Block { area, ink, strength: 0.8 });
    let words = crate::infer::signed((bits * 100.0).round() / 100.0);
    let (x, anchor) = if bits < 0.0 { (a - 5.0, Anchor::End) } else { (b + 5.0, Anchor::Start) };
    items.push(text(&words, ink, x, y + 16.0, anchor));
}

/// Circles for finite totals, words for what is excluded; returns the words of the data.
fn exact_marks(items: &mut Vec<Item>, row: &[(String, Factor)], x_of: &dyn Fn(f64) -> f64, y: f64) -> String {
    let at = y + 4.0 + BAR + 9.0;
    let mut said = vec![];
    let (mut under, mut otherwise) = (vec![], vec![]);
    for (name, factor) in row {
        match factor {
            Factor::Ratio { bits, .. } => {
                let (a, b) = (x_of(bits.0), x_of(bits.1));
                if b - a > 1.0 {
                    items.push(line((a, at), (b, at), Ink::Text, 1.2, Dash::Solid));
                }
                for x in [a, b] {
                    items.push(Item::Dot {
                        at: Point { x, y: at },
                        radius: 3.6,
                        ink: Ink::Text,
                        hollow: true,
                    });
                }
                said.push(format!("{name} {} to {}", bits.0, bits.1));
            }
            Factor::ImpossibleUnder => under.push(name.as_str()),
            Factor::ImpossibleOtherwise => otherwise.push(name.as_str()),
            Factor::Undefined => {}
        }
    }
    for (list, words, to, anchor) in [
        (under, "exact: impossible if it is true", x_of(f64::NEG_INFINITY), Anchor::Start),
        (otherwise, "exact: impossible unless it is true", x_of(f64::INFINITY), Anchor::End),
    ] {
        if !list.is_empty() {
            let words = format!("{words} ({})", list.join(", "));
            let shift = if anchor == Anchor::End { -14.0 } else { 14.0 };
            items.push(Item::Arrow {
                from: Point { x: to + shift, y: at },
                to: Point { x: to, y: at },
                ink: Ink::Text,
            });
            items.push(text(&words, Ink::Text, to + 1.4 * shift, at + 4.0, anchor));
            said.push(words);
        }
    }
    said.join("; ")
}
