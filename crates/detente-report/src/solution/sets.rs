//! The set of Nash equilibria of two players as polyhedra, in text and JSON.
//!
//! The one idea: text counts, JSON lists; plans are listed once per player and named by number.

use crate::names::decision_name;
use crate::number::num_json;
use detente_game::Game;
use detente_game::nash::{NashSets, Plan};
use detente_game::solution::Num;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Returns a line per component: its index, extreme equilibria and maximal subsets.
pub fn nash_sets_text(sets: &NashSets, proven: bool) -> String {
    let beside =
        if proven { "" } else { " (a second search, over the sequence form; not part of the proof)" };
    let mut text = format!("maximal Nash subsets{beside}:\n");
    for (k, c) in sets.components.iter().enumerate() {
        let index = match c.index {
            None => "not computed".to_string(),
            Some(0) => "0".to_string(),
            Some(i) => format!("{i:+}"),
        };
        let several = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let extreme = several(c.extreme.len(), "extreme equilibrium", "extreme equilibria");
        let subsets = several(c.subsets.len(), "maximal subset", "maximal subsets");
        let _ = writeln!(text, "  E{}: index {index}; {extreme} in {subsets}", k + 1);
    }
    if sets.index_sum() == Some(1) {
        text.push_str("  The indices sum to +1, as those of all components must.\n");
    }
    text
}

/// Returns the whole structure: plans per player, and components by the numbers of plans.
pub fn nash_sets_json(game: &Game, sets: &NashSets) -> Value {
    let mut plans = Map::new();
    for (player, list) in game.players.iter().zip(&sets.plans) {
        let list: Vec<Value> = list.iter().map(|p| plan(game, p)).collect();
        plans.insert(player.name.clone(), Value::Array(list));
    }
    let components: Vec<Value> = sets
        .components
        .iter()
        .enumerate()
        .map(|(k, c)| {
            let extreme: Vec<[u32; 2]> = c.extreme.iter().map(|(x, y)| [*x, *y]).collect();
            json!({"id": format!("E{}", k + 1), "index": c.index, "extreme": extreme, "subsets": c.subsets})
        })
        .collect();
    json!({"plans": plans, "components": components, "index_sum": sets.index_sum()})
}

fn plan(game: &Game, plan: &Plan) -> Value {
    let entry = |(set, row): &(detente_game::InfosetId, Vec<detente_exact::Q>)| {
        let h = &game.infosets[set.index()];
        let actions = row
            .iter()
            .enumerate()
            .map(|(a, p)| (game.action_name(*set, a).to_string(), num_json(&Num::exact(p.clone()))));
        json!({
            "decision": decision_name(game, h.event),
            "infoset": h.label,
            "actions": Value::Object(actions.collect()),
        })
    };
    Value::Array(plan.iter().map(entry).collect())
}
