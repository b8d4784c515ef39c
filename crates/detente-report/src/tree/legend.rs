//! The legend: only the signs that the picture uses, in lines under it.

use super::fold::SIGN as FOLDED;
use super::outline::pretty;
use super::{LEGEND_SIZE, View};
use crate::scene::{Anchor, Ink, Key, Label, Point, Rect, Role, Run, Scene, Shape, Sign, Weight, runs_width};
use crate::solution::{concept_name, status_name};
use detente_game::Game;

/// Room for a sign before its text.
const SIGN: f64 = 30.0;
const LINE: f64 = 20.0;
const BETWEEN: f64 = 22.0;

/// Adds the legend below the picture and sets the picture's size.
pub fn add_legend(scene: &mut Scene, game: &Game, view: Option<&View>, folded: bool) {
    const MARGIN: f64 = 18.0;
    let bounds = scene.bounds();
    scene.shift(MARGIN - bounds.left, MARGIN - bounds.top);
    let tree_width = bounds.right - bounds.left;
    let mut entries = entries(scene, game, view);
    if folded {
        let words = format!("{FOLDED} n ends: branches folded away, the likeliest are open");
        entries.push((None, vec![Run::new(words, Ink::Text)]));
    }
    let widest = entries.iter().map(|(sign, runs)| entry_width(sign, runs)).fold(0.0, f64::max);
    let available = tree_width.max(widest).max(420.0);
    let mut at = Point { x: MARGIN, y: MARGIN + (bounds.bottom - bounds.top) + 34.0 };
    let mut used = Rect { left: MARGIN, top: at.y, right: MARGIN + tree_width, bottom: at.y };
    for (sign, runs) in entries {
        let width = entry_width(&sign, &runs);
        if at.x > MARGIN && at.x + width > MARGIN + available {
            at = Point { x: MARGIN, y: at.y + LINE };
        }
        let indent = if sign.is_some() { SIGN } else { 0.0 };
        let label =
            Label::new(Role::Legend, runs, Point { x: at.x + indent, y: at.y }, Anchor::Start, LEGEND_SIZE);
        used = used.around(&label.area);
        let sign = sign.map(|s| (s, Point { x: at.x + SIGN / 2.0 - 3.0, y: at.y - 4.0 }));
        scene.legend.push(Key { sign, label });
        at.x += width + BETWEEN;
    }
    // A tree narrower than its legend stands in the middle.
    let extra = (used.right - MARGIN - tree_width).max(0.0);
    scene.shift(extra / 2.0, 0.0);
    scene.width = (used.right + MARGIN).ceil();
    scene.height = (used.bottom + MARGIN).ceil();
}

fn entry_width(sign: &Option<Sign>, runs: &[Run]) -> f64 {
    runs_width(runs, LEGEND_SIZE) + if sign.is_some() { SIGN } else { 0.0 }
}

fn entries(scene: &Scene, game: &Game, view: Option<&View>) -> Vec<(Option<Sign>, Vec<Run>)> {
    let mut entries = Vec::new();
    let text = |words: &str| vec![Run::new(words, Ink::Text)];
    for (p, player) in game.players.iter().enumerate() {
        let moves = scene.marks.iter().any(|m| m.shape == Shape::Decision(p));
        let mut runs = vec![Run::bold(pretty(&player.name), Ink::Player(p))];
        if player.label != player.name && !player.label.is_empty() {
            runs.push(Run::new(format!(" {}", pretty(&player.label)), Ink::Faint));
        }
        entries.push((moves.then_some(Sign::Mark(Shape::Decision(p))), runs));
    }
    if scene.marks.iter().any(|m| m.shape == Shape::Chance) {
        entries.push((Some(Sign::Mark(Shape::Chance)), text("chance, with probabilities")));
    }
    if let Some(curve) = scene.sets.first() {
        let words = if view.is_some() { "one information set; [ ] belief" } else { "one information set" };
        entries.push((Some(Sign::Set(curve.player)), text(words)));
    }
    if let Some(view) = view {
        let uses = |w: Weight| scene.branches.iter().any(|b| b.weight == w);
        let name = format!("path of {}", view.name);
        if uses(Weight::Path) {
            entries.push((Some(Sign::Line(Weight::Path)), text(&name)));
        }
        if uses(Weight::Chosen) {
            entries.push((Some(Sign::Line(Weight::Chosen)), text("would be chosen off the path")));
        }
        if uses(Weight::Plain) {
            entries.push((Some(Sign::Line(Weight::Plain)), text("not chosen")));
        }
    }
    let mut payoffs = vec![Run::new("payoffs (", Ink::Faint)];
    for (p, player) in game.players.iter().enumerate() {
        if p > 0 {
            payoffs.push(Run::new(", ", Ink::Faint));
        }
        payoffs.push(Run::new(pretty(&player.name), Ink::Player(p)));
    }
    payoffs.push(Run::new(")", Ink::Faint));
    entries.push((None, payoffs));
    if let Some(view) = view {
        let line = format!(
            "{}: {} equilibrium, {}",
            view.name,
            concept_name(view.concept),
            status_name(view.status)
        );
        entries.push((None, vec![Run::new(line, Ink::Faint)]));
    }
    entries
}
