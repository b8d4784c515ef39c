//! Every change to a number or step of an accepted solution that changes its meaning is
//! rejected: the referee reads everything it is given.

mod common;
#[path = "common/games.rs"]
mod games;

use common::numbers;
use detente_game::solution::{Concept, Solution};
use detente_verify::verify;
use serde_json::Value;

/// Words that the referee has nothing to say about.
const UNREAD: [&str; 8] =
    ["free", "inequalities", "intuitive", "unresolved", "outcome_vertices", "outcome_set", "why", "status"];

/// One place in a JSON document: keys and positions from the root.
type Place = Vec<String>;

/// Lists every value of the document, arrays and objects included.
fn places(value: &Value, at: &mut Place, found: &mut Vec<Place>) {
    found.push(at.clone());
    let children: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(k, v)| (k.to_string(), v)).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v)).collect(),
        _ => vec![],
    };
    for (key, child) in children {
        if UNREAD.contains(&key.as_str()) {
            continue;
        }
        at.push(key);
        places(child, at, found);
        at.pop();
    }
}

fn get<'v>(value: &'v mut Value, place: &[String]) -> &'v mut Value {
    let mut at = value;
    for key in place {
        at = match at {
            Value::Array(list) => &mut list[key.parse::<usize>().expect("a position")],
            other => &mut other[key.as_str()],
        };
    }
    at
}

/// All changed versions of one value. A multiplier that is a little off may still refute, so
/// multipliers are negated or dropped.
fn changes(place: &[String], value: &Value) -> Vec<Value> {
    let multiplier = place.iter().any(|key| key == "combination" || key == "excluded");
    match value {
        Value::String(s) if multiplier => {
            let q = detente_exact::Q::parse(s).expect("a multiplier is a number");
            let changed = [-&q, detente_exact::Q::ZERO];
            changed.into_iter().map(|m| Value::from(m.to_string())).collect()
        }
        Value::Number(n) if n.is_u64() => {
            let n = n.as_u64().expect("checked");
            [n.checked_sub(1), Some(n + 1), Some(99)].into_iter().flatten().map(Value::from).collect()
        }
        Value::Number(n) => vec![Value::from(n.as_f64().expect("a float") + 0.125)],
        Value::Bool(b) => vec![Value::from(!b)],
        Value::String(s) => match detente_exact::Q::parse(s) {
            Some(q) => {
                let moved = [&q + &detente_exact::Q::new(1, 7), &q - &detente_exact::Q::new(1, 3), -&q];
                moved.into_iter().filter(|m| *m != q).map(|m| Value::from(m.to_string())).collect()
            }
            None => vec![Value::from(format!("{s}x"))],
        },
        Value::Array(list) => {
            let mut changed: Vec<Value> = (0..list.len())
                .map(|k| {
                    let mut fewer = list.clone();
                    fewer.remove(k);
                    Value::Array(fewer)
                })
                .collect();
            for k in 1..list.len() {
                let mut swapped = list.clone();
                swapped.swap(k - 1, k);
                changed.push(Value::Array(swapped));
            }
            changed
        }
        Value::Object(map) => match (map.get("zero"), map.get("positive")) {
            (Some(zero), Some(positive)) => {
                let mut swapped = map.clone();
                swapped["zero"] = positive.clone();
                swapped["positive"] = zero.clone();
                vec![Value::Object(swapped)]
            }
            _ => vec![],
        },
        Value::Null => vec![],
    }
}

/// Mutates everything once. Returns the number of mutants and the places of survivors.
fn survivors(case: &games::Case) -> (usize, Vec<String>) {
    let (game, solution) = case;
    let numbers = numbers(game);
    assert!(verify(game, &numbers, solution).accepted);
    let document = serde_json::to_value(solution).expect("a solution is plain data");
    let mut found = Vec::new();
    places(&document, &mut Vec::new(), &mut found);
    let (mut tried, mut alive) = (0, Vec::new());
    for place in found {
        let old = get(&mut document.clone(), &place).clone();
        for new in changes(&place, &old) {
            if new == old {
                continue;
            }
            let mut mutant = document.clone();
            *get(&mut mutant, &place) = new.clone();
            let Ok(mutant) = serde_json::from_value::<Solution>(mutant) else { continue };
            if mutant == *solution {
                continue;
            }
            tried += 1;
            if verify(game, &numbers, &mutant).accepted {
                alive.push(format!("{}: {old} -> {new}", place.join("/")));
            }
        }
    }
    (tried, alive)
}

/// A mutant that says the same in another way, or something weaker, is rightly accepted.
fn is_harmless(survivor: &str) -> bool {
    let (place, change) = survivor.split_once(": ").expect("a survivor has a place");
    // The order within a list of rows, options, members or cells is free; within a pair it is not.
    let (old, new) = change.split_once(" -> ").expect("a change has two sides");
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let pair = ["larger", "equal", "weight", "best", "split"].iter().any(|name| place.ends_with(name));
    let reordered = place.starts_with("certificate/") && !pair && sorted(old) == sorted(new);
    // With two actions of probability one half, either may be fixed.
    let twin = place.ends_with("fix/variable/weight/1");
    reordered || twin
}

fn check(name: &str, case: &games::Case, unseen: &[usize], at_least: usize) {
    let (tried, alive) = survivors(case);
    let order = |s: &str| {
        (s.contains("/0: 1 -> ") || s.contains("/0: 2 -> "))
            && unseen.iter().any(|h| s.starts_with(&format!("components/0/tremble/{h}/")))
    };
    let wrong: Vec<&String> = alive.iter().filter(|s| !is_harmless(s) && !order(s)).collect();
    assert!(wrong.is_empty(), "{name}: {} of {tried} mutants survive: {wrong:#?}", wrong.len());
    assert!(tried >= at_least, "{name}: only {tried} mutants");
}

#[test]
fn mutants_of_entry_deterrence_are_rejected() {
    check("entry", &games::entry_sequential(), &[0, 1], 100);
    check("entry perfect", &games::entry_perfect(), &[], 100);
    check("entry nash", &games::entry_nash(), &[], 150);
}

#[test]
fn mutants_of_mixed_games_are_rejected() {
    check("pennies", &games::pennies(Concept::Sequential, "sequential"), &[], 150);
    check("pennies nash", &games::pennies(Concept::Nash, "nash"), &[], 150);
    check("fight", &games::fight_or_not(), &[0], 200);
}

#[test]
fn mutants_of_the_horse_are_rejected() {
    check("horse", &games::horse(true), &[2], 200);
    let case = games::horse(false);
    let (_, alive) = survivors(&case);
    // Both cells belong to the one component, so either name says the same.
    let same = |s: &String| s.contains("/cell/cell: ") || s.contains("tremble/2/");
    let wrong: Vec<&String> = alive.iter().filter(|s| !is_harmless(s) && !same(s)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn mutants_of_excluded_beliefs_are_rejected() {
    // What is left open may be left open in other ways; the exclusions may not change.
    let (tried, alive) = survivors(&games::shared_tremble());
    let wrong: Vec<&String> = alive.iter().filter(|s| s.contains("excluded") && !is_harmless(s)).collect();
    let wrong: Vec<&&String> =
        wrong.iter().filter(|s| !s.contains(": {") && !s.starts_with("certificate/stages:")).collect();
    assert!(wrong.is_empty() && tried > 200, "{tried} mutants, {wrong:#?}");
}

#[test]
fn mutants_of_a_box_proof_are_rejected() {
    let case = games::irrational();
    let (tried, alive) = survivors(&case);
    // A listed box may be larger or smaller as long as the test passes, boxes that only a
    // bound excludes may be excluded by another equation, and open cases may change places.
    let steps = ["/root", "/boxes/inequalities"];
    let printed = |s: &String| s.starts_with("components");
    let loose =
        |s: &String| steps.iter().any(|step| s.contains(step)) || s.contains("/split") || is_harmless(s);
    let wrong: Vec<&String> = alive.iter().filter(|s| printed(s) || !loose(s)).collect();
    let wrong: Vec<&&String> =
        wrong.iter().filter(|s| !s.contains("radius") && !s.contains("certificate/stages:")).collect();
    assert!(wrong.is_empty(), "{} of {tried}: {wrong:#?}", wrong.len());
}
