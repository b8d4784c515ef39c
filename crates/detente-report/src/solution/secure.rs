//! What a player can be sure of, as text and as JSON.
//!
//! The one idea: the number comes first, then the plan that secures it, then the plan that shows why there
//! is no more.

use super::lines::rounding;
use crate::names::decision_name;
use crate::number::{full_num, num_json};
use crate::paint::{Paint, pad, printable};
use detente_exact::Q;
use detente_game::secure::{Pooled, Secure};
use detente_game::solution::Num;
use detente_game::{Game, InfosetId, Numbers};
use serde_json::{Map, Value, json};

/// Returns secure play as text, ending in a newline.
pub fn secure_text(game: &Game, numbers: &Numbers, found: &Secure, colour: bool) -> String {
    let paint = Paint { colour };
    let name = printable(&game.players[found.player as usize].name);
    let say = |q: &Q| full_num(&Num::exact(q.clone()));
    let mut lines = vec![];
    if found.low == found.high {
        let word = paint.good("exact-complete");
        lines.push(format!("{word}: {name} can be sure of {}, and of no more.", say(&found.low)));
    } else {
        let word = paint.strong("certified");
        lines.push(format!("{word}: {name} can be sure of {}.", say(&found.low)));
        lines.push(format!(
            "No plan secures more against all others acting as one with what they know together; against others \
             who act apart at most {} can be secured.",
            say(&found.high)
        ));
    }
    lines.extend(rounding(numbers));
    lines.push(String::new());
    lines.push(format!("{name}'s secure plan (there may be others that secure as much)"));
    lines.extend(plan(game, &found.plan));
    lines.push(String::new());
    let pooled = game.players.len() > 2;
    lines.push(match pooled {
        false => format!("what holds {name} to that"),
        true => format!("what the others do, each by itself, to hold {name} to {}", say(&found.high)),
    });
    lines.extend(plan(game, &found.apart));
    lines.join("\n") + "\n"
}

fn plan(game: &Game, list: &[(u32, Vec<Q>)]) -> Vec<String> {
    let heads: Vec<String> = list
        .iter()
        .map(|(h, _)| {
            let set = &game.infosets[*h as usize];
            let owner = &game.players[set.player.index()].name;
            printable(&format!("{owner}.{} at {}", decision_name(game, set.event), set.label))
        })
        .collect();
    let width = heads.iter().map(|h| h.chars().count()).max().unwrap_or(0);
    let line = |(head, (h, probs)): (&String, &(u32, Vec<Q>))| {
        let used = probs.iter().enumerate().filter(|(_, q)| !q.is_zero());
        let name = |a: usize| printable(game.action_name(InfosetId(*h), a));
        let parts: Vec<String> =
            used.map(|(a, q)| format!("{} {}", name(a), full_num(&Num::exact(q.clone())))).collect();
        format!("  {}  {}", pad(head, width), parts.join(", "))
    };
    heads.iter().zip(list).map(line).collect()
}

/// Returns secure play as the JSON object that `detente solve --concept maxmin=PLAYER` prints; see
/// `docs/schema/secure.schema.json`.
pub fn secure_json(game: &Game, numbers: &Numbers, found: &Secure, seconds: f64) -> Value {
    let num = |q: &Q| num_json(&Num::exact(q.clone()));
    let players: Vec<&str> = game.players.iter().map(|p| p.name.as_str()).collect();
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": {"name": "detente-secure", "version": 1},
        "game": {"title": game.title, "sha256": game.sha256(), "players": players},
        "concept": "maxmin",
        "player": players[found.player as usize],
        "status": if found.low == found.high { "exact-complete" } else { "certified" },
        "rounded": numbers.rounded,
        "low": num(&found.low),
        "high": num(&found.high),
        "plan": entries(game, &found.plan),
        "apart": entries(game, &found.apart),
        "pool": found.pool.iter().map(|p| pooled(game, p)).collect::<Vec<Value>>(),
        "seconds": seconds,
    })
}

fn entries(game: &Game, list: &[(u32, Vec<Q>)]) -> Vec<Value> {
    list.iter().map(|(h, probs)| Value::Object(entry(game, *h, probs))).collect()
}

fn entry(game: &Game, h: u32, probs: &[Q]) -> Map<String, Value> {
    let set = &game.infosets[h as usize];
    let mut map = Map::new();
    map.insert("player".into(), json!(game.players[set.player.index()].name));
    map.insert("decision".into(), json!(decision_name(game, set.event)));
    map.insert("infoset".into(), json!(set.label));
    let name = |a: usize| game.action_name(InfosetId(h), a).to_string();
    let actions = probs.iter().enumerate().map(|(a, q)| (name(a), num_json(&Num::exact(q.clone()))));
    map.insert("actions".into(), Value::Object(actions.collect()));
    map
}

fn pooled(game: &Game, p: &Pooled) -> Value {
    let mut map = entry(game, p.set, &p.probs);
    let step = |(h, a): &(u32, u32)| {
        let set = &game.infosets[*h as usize];
        let owner = &game.players[set.player.index()].name;
        let action = game.action_name(InfosetId(*h), *a as usize);
        json!(format!("{owner}.{} at {}: {action}", decision_name(game, set.event), set.label))
    };
    map.insert("knows".into(), p.knows.iter().map(step).collect());
    Value::Object(map)
}
