//! A branch of quantal response equilibria: one panel for each decision, one line for each action.
//!
//! The one idea: all panels share one axis of λ, in powers, so that what happens at one precision stands in
//! one column; where the branch turns back, so does the line.

use super::*;
use crate::branch::branch_table;
use crate::number::significant;
use detente_game::branch::{Branch, Event, Point as Place};
use detente_game::names::set_name;
use detente_game::{Game, InfosetId};

/// Most panels; what is left out stands in the data.
const PANELS: usize = 24;
/// Panels side by side.
const ACROSS: usize = 3;
/// The plot of a panel.
const PLOT: (f64, f64) = (230.0, 130.0);
const LEFT: f64 = 40.0;
const ABOVE: f64 = 34.0;
const BELOW: f64 = 44.0;
/// Most room for the names of actions, right of a plot.
const BESIDE: f64 = 130.0;
/// Height of a name.
const NAME: f64 = 14.0;
/// A probability that has moved by this much is worth showing.
const MOVED: f64 = 0.005;

/// Draws a branch.
pub fn branch(game: &Game, branch: &Branch) -> Chart {
    let wanted = |h: &usize| game.infosets[*h].actions.len() > 1;
    let all: Vec<usize> = (0..game.infosets.len()).filter(wanted).collect();
    let shown = &all[..all.len().min(PANELS)];
    let axis = Axis::new(branch);
    let across = shown.len().clamp(1, ACROSS);
    let (wide, high) = (LEFT + PLOT.0 + BESIDE, ABOVE + PLOT.1 + BELOW);
    let mut items = vec![];
    for (k, h) in shown.iter().enumerate() {
        let corner = ((k % across) as f64 * wide + LEFT, (k / across) as f64 * high + ABOVE);
        panel(&mut items, game, branch, *h, &axis, corner);
    }
    let rows = shown.len().div_ceil(across).max(1) as f64;
    let mut height = rows * high;
    if shown.len() < all.len() {
        let words = format!("{} more decisions stand in the data", all.len() - shown.len());
        items.push(text(&words, Ink::Faint, LEFT, height + 12.0, Anchor::Start));
        height += 22.0;
    }
    Chart {
        slug: "branch".into(),
        width: across as f64 * wide,
        height,
        title: format!("The principal branch of quantal response equilibria of {}", game.title),
        description: description(branch),
        items,
        data: branch_table(game, branch),
    }
}

fn description(branch: &Branch) -> String {
    let end = branch.points.last().map_or(0.0, |p| p.lambda);
    let mut words = format!(
        "For each decision the probability of every action against the precision lambda, from 0 to {}.",
        significant(end)
    );
    for event in &branch.events {
        words.push_str(&match event {
            Event::Turn { lambda } => format!(" The branch turns at {}.", significant(*lambda)),
            Event::Crossing { low, .. } => format!(" Other branches meet it near {}.", significant(*low)),
        });
    }
    words
}

/// The axis of λ: logarithmic, from where play begins to move.
struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn new(branch: &Branch) -> Axis {
        let to = branch.points.iter().map(|p| p.lambda).fold(0.0, f64::max).max(1e-300);
        let start = branch.points.first().map(|p| p.probs()).unwrap_or_default();
        let moved = |p: &&Place| {
            let pairs = start.iter().flatten().zip(p.log.iter().flatten());
            pairs.map(|(a, l)| (a - libm::exp(*l)).abs()).fold(0.0, f64::max) > MOVED
        };
        let first = branch.points.iter().find(moved).map_or(to / 1000.0, |p| p.lambda / 2.0);
        Axis { from: first.clamp(to * 1e-8, to / 10.0), to }
    }

    /// Whether the axis shows this precision.
    fn holds(&self, lambda: f64) -> bool {
        (self.from..=self.to).contains(&lambda)
    }

    /// Share of the way along the axis.
    fn share(&self, lambda: f64) -> f64 {
        libm::log(lambda.max(self.from) / self.from) / libm::log(self.to / self.from)
    }

    /// Marks: powers of ten, and halves between if those are few.
    fn marks(&self) -> Vec<f64> {
        let (low, high) = (libm::floor(libm::log10(self.from)), libm::ceil(libm::log10(self.to)));
        let of = |step: f64, parts: &[f64]| -> Vec<f64> {
            let mut list = vec![];
            let mut power = low;
            while power <= high {
                list.extend(parts.iter().map(|p| p * libm::pow(10.0, power)));
                power += step;
            }
            list.retain(|x| (self.from..=self.to).contains(x));
            list
        };
        let tens = of(1.0, &[1.0]);
        match tens.len() {
            0 | 1 => of(1.0, &[1.0, 2.0, 5.0]),
            2..=5 => tens,
            many => of((many as f64 / 4.0).ceil(), &[1.0]),
        }
    }
}

/// One decision.
fn panel(items: &mut Vec<Item>, game: &Game, branch: &Branch, set: usize, axis: &Axis, at: (f64, f64)) {
    let x_of = |lambda: f64| at.0 + PLOT.0 * axis.share(lambda);
    let y_of = |p: f64| at.1 + PLOT.1 * (1.0 - p);
    let id = InfosetId(set as u32);
    let heading = fitting(&set_name(game, id), PLOT.0 + BESIDE - 10.0);
    items.push(text(&heading, Ink::Text, at.0, at.1 - 14.0, Anchor::Start));
    for p in [0.0, 0.5, 1.0] {
        items.push(line((at.0, y_of(p)), (at.0 + PLOT.0, y_of(p)), Ink::Faint, 0.6, Dash::Solid));
        items.push(text(&short(p), Ink::Faint, at.0 - 6.0, y_of(p) + 4.0, Anchor::End));
    }
    let foot = at.1 + PLOT.1;
    for mark in axis.marks() {
        items.push(line((x_of(mark), foot), (x_of(mark), foot + 4.0), Ink::Faint, 1.0, Dash::Solid));
        items.push(text(&significant(mark), Ink::Faint, x_of(mark), foot + 17.0, Anchor::Middle));
    }
    items.push(text("λ", Ink::Faint, at.0 - 14.0, foot + 17.0, Anchor::End));
    // A walk that was stopped may end before what it saw coming: no mark stands outside its panel.
    for event in branch.events.iter().filter(|event| axis.holds(event.lambda())) {
        let x = x_of(event.lambda());
        items.push(line((x, at.1), (x, foot), Ink::Text, 0.9, Dash::Dotted));
    }
    let actions = game.infosets[set].actions.len();
    let last: Vec<f64> = branch.points.last().map(|p| p.probs()[set].clone()).unwrap_or_default();
    let ends: Vec<f64> = last.iter().map(|p| y_of(*p) + 4.0).collect();
    let places = apart(&ends, NAME, at.1, foot + 2.0);
    for a in 0..actions {
        let ink = Ink::Player(a);
        items.push(Item::Line {
            points: thinned(branch, set, a, &x_of, &y_of),
            ink,
            width: 1.8,
            dash: dash(a),
        });
        // With too many actions for their room, names would run into each other.
        if (actions - 1) as f64 * NAME <= PLOT.1 {
            let name = fitting(game.action_name(id, a), BESIDE - 24.0);
            let y = places.get(a).copied().unwrap_or(foot);
            items.push(text(&name, ink, at.0 + PLOT.0 + 8.0, y, Anchor::Start));
        }
    }
}

/// The line of an action, without points that nobody would see.
fn thinned(
    branch: &Branch,
    set: usize,
    action: usize,
    x_of: &dyn Fn(f64) -> f64,
    y_of: &dyn Fn(f64) -> f64,
) -> Vec<Point> {
    let mut list: Vec<Point> = vec![];
    let count = branch.points.len();
    for (k, p) in branch.points.iter().enumerate() {
        let here = Point { x: x_of(p.lambda), y: y_of(libm::exp(p.log[set][action])) };
        let far = |q: &Point| (q.x - here.x).abs() > 1.5 || (q.y - here.y).abs() > 0.5;
        if k + 1 == count || list.last().is_none_or(far) {
            list.push(here);
        }
    }
    list
}

/// A text cut to a width.
fn fitting(words: &str, width: f64) -> String {
    if width_of(words) <= width {
        return words.to_string();
    }
    let mut cut: String = words.to_string();
    while !cut.is_empty() && width_of(&cut) + width_of("…") > width {
        cut.pop();
    }
    format!("{}…", cut.trim_end())
}
