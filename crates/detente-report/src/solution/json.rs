//! The published JSON of a solution; `docs/schema/solution.schema.json` describes it.
//!
//! The one idea: everything is named as the model names it, in a fixed order, so that two runs
//! differ in `seconds` only.

use super::value::value_json;
use crate::names::{decision_name, member_names};
use crate::number::{gap_text, num_json, num_map};
use detente_exact::Q;
use detente_game::names::factor_name;
use detente_game::solution::{Component, Condition, Factor, FreeWhat, Num, OutcomeSet, Solution};
use detente_game::{Game, InfosetId, Numbers};
use serde_json::{Map, Value, json};

/// Returns the solution as the JSON object that `detente solve --format json` prints.
///
/// `seconds` is the time the solver took; it is the one field that is not reproducible.
pub fn solution_json(game: &Game, numbers: &Numbers, solution: &Solution, seconds: f64) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.into(), value);
    put("detente", json!(env!("CARGO_PKG_VERSION")));
    let players: Vec<&str> = game.players.iter().map(|p| p.name.as_str()).collect();
    put("game", json!({"title": game.title, "sha256": game.sha256(), "players": players}));
    put("parameters", parameters(game, numbers));
    if numbers.rounded {
        put("rounded", json!(true));
    }
    put("repairs", json!(game.repairs));
    put("concept", json!(solution.concept));
    if let Some(logit) = &solution.certificate.logit {
        put("lambda", num_json(&Num::exact(logit.lambda.clone())));
        if !logit.weights.is_empty() {
            let each = game.players.iter().zip(&logit.weights);
            let each = each.map(|(p, w)| (p.name.clone(), num_json(&Num::exact(&logit.lambda * w))));
            put("precisions", Value::Object(each.collect()));
        }
    }
    put("status", json!(solution.status));
    put("unresolved", json!(solution.unresolved));
    if let Some(value) = value_json(game, numbers, solution) {
        put("value", value);
    }
    let is_table = game.is_strategic_form();
    let certificate = &solution.certificate;
    let lists =
        [certificate.matrix.as_ref().map(|m| &m.index), certificate.sequences.as_ref().map(|s| &s.index)];
    let index = |k: usize| lists.iter().flatten().find_map(|list| *list.get(k)?);
    let entry = |(k, c): (usize, &Component)| {
        let mut entry = component(game, k, c, is_table);
        if let Some(index) = index(k) {
            entry["index"] = json!(index);
        }
        entry
    };
    let equilibria: Vec<Value> = solution.components.iter().enumerate().map(entry).collect();
    put("equilibria", Value::Array(equilibria));
    put("seconds", json!(seconds));
    Value::Object(out)
}

fn parameters(game: &Game, numbers: &Numbers) -> Value {
    let entries = game.params.iter().zip(&numbers.params);
    Value::Object(entries.map(|(p, q)| (p.name.clone(), num_json(&Num::exact(q.clone())))).collect())
}

/// `is_table` leaves out beliefs, which are but the others' probabilities in a strategic form.
fn component(game: &Game, position: usize, c: &Component, is_table: bool) -> Value {
    let keys = game.outcome_keys();
    let vertices: Vec<Value> = c.outcome_vertices.iter().map(|v| named(&keys, v)).collect();
    let payoffs = game.players.iter().zip(&c.payoffs).map(|(p, n)| (p.name.clone(), num_json(n)));
    json!({
        "id": format!("E{}", position + 1),
        "profile": profile(game, c),
        "beliefs": if is_table { vec![] } else { beliefs(game, c) },
        "payoffs": Value::Object(payoffs.collect()),
        "outcomes": outcomes(&keys, c),
        "outcome_set": c.outcome_set,
        "outcome_vertices": vertices,
        "free": free(game, c, is_table),
        "refinements": {"intuitive": c.intuitive},
        "gap": {"nash": gap_text(&c.gap_nash), "sequential": c.gap_sequential.as_ref().map(gap_text)},
    })
}

/// The fields that say which information set an entry is about.
fn place(game: &Game, h: usize) -> Map<String, Value> {
    let set = &game.infosets[h];
    let mut map = Map::new();
    map.insert("player".into(), json!(game.players[set.player.index()].name));
    map.insert("decision".into(), json!(decision_name(game, set.event)));
    map.insert("infoset".into(), json!(set.label));
    map
}

fn profile(game: &Game, c: &Component) -> Vec<Value> {
    let mut entries = Vec::new();
    for (h, probs) in c.profile.iter().enumerate() {
        let mut entry = place(game, h);
        entry.insert("reached".into(), json!(c.reached[h]));
        let id = InfosetId(h as u32);
        let actions =
            probs.iter().enumerate().map(|(a, p)| (game.action_name(id, a).to_string(), num_json(p)));
        entry.insert("actions".into(), Value::Object(actions.collect()));
        entries.push(Value::Object(entry));
    }
    entries
}

/// Beliefs at sets with several members; elsewhere the owner knows the node.
fn beliefs(game: &Game, c: &Component) -> Vec<Value> {
    let mut entries = Vec::new();
    for (h, weights) in c.beliefs.iter().enumerate() {
        if weights.len() < 2 {
            continue;
        }
        let mut entry = place(game, h);
        entry.insert("reached".into(), json!(c.reached[h]));
        let names = member_names(game, InfosetId(h as u32));
        entry.insert("nodes".into(), named(&names, weights));
        entries.push(Value::Object(entry));
    }
    entries
}

fn named(names: &[String], numbers: &[Num]) -> Value {
    Value::Object(names.iter().zip(numbers).map(|(n, x)| (n.clone(), num_json(x))).collect())
}

fn outcomes(keys: &[String], c: &Component) -> Value {
    let mut map = Map::new();
    for (k, key) in keys.iter().enumerate() {
        let mut entry = num_map(&c.outcomes[k]);
        if let Some((low, high)) = c.outcome_range.get(k)
            && c.outcome_set != OutcomeSet::Point
        {
            entry.insert("low".into(), num_json(low));
            entry.insert("high".into(), num_json(high));
        }
        map.insert(key.clone(), Value::Object(entry));
    }
    Value::Object(map)
}

/// Ranges with the names of what varies, then the conditions that tie them together.
fn free(game: &Game, c: &Component, is_table: bool) -> Vec<Value> {
    let mut entries = Vec::new();
    for range in c.free.iter().filter(|f| !is_table || matches!(f.what, FreeWhat::Action(..))) {
        let mut entry = Map::new();
        let h = match range.what {
            FreeWhat::Action(h, a) => {
                entry.insert("what".into(), json!("action"));
                entry.extend(place(game, h as usize));
                entry.insert("action".into(), json!(game.action_name(InfosetId(h), a as usize)));
                h
            }
            FreeWhat::Belief(h, k) => {
                entry.insert("what".into(), json!("belief"));
                entry.extend(place(game, h as usize));
                entry.insert("node".into(), json!(member_names(game, InfosetId(h))[k as usize]));
                h
            }
        };
        entry.insert("reached".into(), json!(c.reached[h as usize]));
        entry.insert("low".into(), num_json(&range.low));
        entry.insert("high".into(), num_json(&range.high));
        entries.push(Value::Object(entry));
    }
    let several = c.inequalities.len() > 1;
    for (k, piece) in c.inequalities.iter().enumerate() {
        for (n, condition) in piece.iter().enumerate() {
            let mut entry = Map::new();
            entry.insert("what".into(), json!("condition"));
            if several {
                entry.insert("piece".into(), json!(k + 1));
            }
            entry.insert("condition".into(), json!(condition));
            if let Some(data) = c.conditions.get(k).and_then(|list| list.get(n)) {
                entry.extend(condition_data(game, data));
            }
            entries.push(Value::Object(entry));
        }
    }
    entries
}

/// A condition as data: terms, a constant, and how their sum compares with 0.
fn condition_data(game: &Game, c: &Condition) -> Map<String, Value> {
    let product = |list: &[Factor]| list.iter().map(|f| factor_name(game, f)).collect::<Vec<_>>();
    let term = |(list, q): &(Vec<Factor>, Q)| json!({"coefficient": q.to_string(), "product": product(list)});
    let terms: Vec<Value> = c.terms.iter().map(term).collect();
    let mut data = Map::new();
    data.insert("terms".into(), json!(terms));
    data.insert("constant".into(), json!(c.constant.to_string()));
    data.insert("relation".into(), json!(if c.equality { "= 0" } else { ">= 0" }));
    data
}
