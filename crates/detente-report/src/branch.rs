//! A branch of quantal response equilibria as JSON, as a table, and in sentences.
//!
//! The one idea: what happens on the way (turns, meetings with other branches) is said first; the points
//! themselves are for programs and for the picture ([`crate::chart::branch`]).

use crate::chart::Data;
use crate::number::{num_json, significant};
use detente_game::branch::{Branch, Event, Point};
use detente_game::names::{decision_name, set_name};
use detente_game::solution::Num;
use detente_game::{Game, Infoset, InfosetId};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Returns the branch as the JSON object that `--branch FILE.json` writes; see
/// `docs/schema/branch.schema.json`.
pub fn branch_json(game: &Game, branch: &Branch) -> Value {
    let entry = |(h, set): (usize, &Infoset)| {
        json!({
            "player": game.players[set.player.index()].name,
            "decision": decision_name(game, set.event),
            "infoset": set.label,
            "actions": actions(game, h),
        })
    };
    let sets: Vec<Value> = game.infosets.iter().enumerate().map(entry).collect();
    let points: Vec<Value> =
        branch.points.iter().map(|p| json!({"lambda": p.lambda, "probabilities": p.probs()})).collect();
    let weights = game.players.iter().zip(&branch.weights);
    let weights: Map<String, Value> =
        weights.map(|(p, w)| (p.name.clone(), num_json(&Num::exact(w.clone())))).collect();
    json!({
        "format": "detente-branch",
        "version": 1,
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "status": "numeric",
        "weights": weights,
        "sets": sets,
        "events": events_json(branch),
        "stopped": branch.stopped,
        "points": points,
    })
}

/// Returns what happens on the branch, as a list.
pub fn events_json(branch: &Branch) -> Value {
    let entry = |event: &Event| match event {
        Event::Turn { lambda } => json!({"kind": "turn", "lambda": lambda}),
        Event::Crossing { low, high } => json!({"kind": "crossing", "low": low, "high": high}),
    };
    branch.events.iter().map(entry).collect()
}

fn actions(game: &Game, set: usize) -> Vec<&str> {
    let id = InfosetId(set as u32);
    (0..game.infosets[set].actions.len()).map(|a| game.action_name(id, a)).collect()
}

/// Returns the branch as a table: λ, then a column for each action of each information set.
pub fn branch_table(game: &Game, branch: &Branch) -> Data {
    let mut columns = vec!["lambda".to_string()];
    for h in 0..game.infosets.len() {
        let place = set_name(game, InfosetId(h as u32));
        columns.extend(actions(game, h).iter().map(|action| format!("{place}.{action}")));
    }
    let row = |p: &Point| {
        let probs = p.probs().into_iter().flatten().map(|x| format!("{x}"));
        std::iter::once(format!("{}", p.lambda)).chain(probs).collect()
    };
    Data { columns, rows: branch.points.iter().map(row).collect() }
}

/// Says in sentences how far the branch goes and what happens on it.
pub fn branch_text(branch: &Branch) -> String {
    let end = branch.points.last().map_or(0.0, |p| p.lambda);
    let mut out = format!("branch: {} points from lambda 0 to {}", branch.points.len(), significant(end));
    out.push_str(match &branch.stopped {
        Some(_) => "\n",
        None => "; nothing is proven of them but what a solve at one lambda proves\n",
    });
    for event in &branch.events {
        let _ = match event {
            Event::Turn { lambda } => writeln!(
                out,
                "turn: the branch turns in lambda at {}, so that some precisions have several points on it",
                six(*lambda)
            ),
            Event::Crossing { low, high } => writeln!(
                out,
                "meeting: other branches meet this one between lambda {} and {}; it goes straight on",
                six(*low),
                six(*high)
            ),
        };
    }
    if let Some(why) = &branch.stopped {
        let _ = writeln!(out, "stopped: {why}");
    }
    out
}

fn six(value: f64) -> String {
    format!("{value:.6}")
}
