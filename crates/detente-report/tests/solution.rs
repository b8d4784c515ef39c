//! The published JSON against its published schema, and the terminal text.

#[path = "support/games.rs"]
mod games;

use detente_exact::Q;
use detente_game::solution::{Free, FreeWhat, Num, OutcomeSet, Status};
use detente_report::{solution_json, solution_text};
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../../docs/schema/solution.schema.json");
    let schema: Value = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

fn problems(value: &Value) -> Vec<String> {
    schema().iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect()
}

#[test]
fn every_form_of_answer_fits_the_schema() {
    let g = games::threats();
    let (mut numbers, mut solution) = games::threats_solved(&g);
    assert_eq!(problems(&solution_json(&g, &numbers, &solution, 0.001)), Vec::<String>::new());

    numbers.rounded = true;
    solution.status = Status::ExactSome;
    solution.unresolved = vec!["two branches".into()];
    let c = &mut solution.components[0];
    c.outcome_set = OutcomeSet::Segment;
    c.outcome_vertices = vec![c.outcomes.clone(), c.outcomes.clone()];
    c.free = vec![
        Free { what: FreeWhat::Action(2, 0), low: Num::exact(Q::ZERO), high: Num::exact(Q::ONE) },
        Free { what: FreeWhat::Belief(2, 1), low: Num::exact(Q::ZERO), high: Num::within(0.5, 1e-12) },
    ];
    c.inequalities = vec![vec!["Rival.answer concede <= 1/2".into()]];
    c.gap_sequential = None;
    c.gap_nash = Num::within(0.0, 1e-12);
    c.intuitive = Some(true);
    assert_eq!(problems(&solution_json(&g, &numbers, &solution, 0.5)), Vec::<String>::new());
    solution.components.clear();
    assert_eq!(problems(&solution_json(&g, &numbers, &solution, 0.5)), Vec::<String>::new());
}

#[test]
fn the_schema_refuses_what_the_document_forbids() {
    let g = games::threats();
    let (numbers, solution) = games::threats_solved(&g);
    let good = solution_json(&g, &numbers, &solution, 0.001);
    let breaks: [(&str, Value); 5] = [
        ("/status", json!("proven")),
        ("/equilibria/0/id", json!("first")),
        ("/equilibria/0/outcomes/war", json!({"value": 0.1, "exact": "1/10", "radius": 0.1})),
        ("/equilibria/0/outcomes/war/exact", json!("0.5")),
        ("/game/sha256", json!("abc")),
    ];
    for (place, value) in breaks {
        let mut bad = good.clone();
        *bad.pointer_mut(place).expect("the place exists") = value;
        assert!(!problems(&bad).is_empty(), "{place}");
    }
}

#[test]
fn the_numbers_of_the_threat_game_are_named_and_exact() {
    let g = games::threats();
    let (numbers, solution) = games::threats_solved(&g);
    let json = solution_json(&g, &numbers, &solution, 0.001);
    let e = &json["equilibria"][0];
    assert_eq!(e["outcomes"]["war"]["exact"], "4/13");
    let answer = &e["profile"][2];
    assert_eq!((&answer["player"], &answer["decision"]), (&json!("Rival"), &json!("answer")));
    assert_eq!(answer["actions"]["concede"]["exact"], "3/13");
    // Bayes after the threat: 0.4 strong against 0.6 / 3 weak.
    assert_eq!(e["beliefs"][0]["nodes"]["strong"]["exact"], "2/3");
    assert_eq!(e["beliefs"].as_array().map(Vec::len), Some(1));
    let total: f64 =
        e["outcomes"].as_object().expect("an object").values().filter_map(|o| o["value"].as_f64()).sum();
    assert!((total - 1.0).abs() < 1e-12);
}

#[test]
fn the_text_puts_the_strength_first_and_the_path_before_the_rest() {
    let g = games::beer_quiche();
    let (numbers, solution) = games::beer_quiche_solved(&g);
    let text = solution_text(&g, &numbers, &solution, false);
    assert!(text.starts_with("exact-complete:"), "{text}");
    let on = text.find("on the path").expect("a heading");
    let off = text.find("off the path").expect("a heading");
    assert!(on < off);
    assert!(text[off..].contains("quiche") && text[off..].contains("believes weak 1"), "{text}");
    assert!(!text.contains('\u{1b}'));
    assert!(solution_text(&g, &numbers, &solution, true).contains('\u{1b}'));
}

#[test]
fn control_characters_in_names_stay_visible() {
    let mut g = games::entry();
    g.title = "a\u{1b}[2Jb".into();
    let (numbers, solution) = games::solved(&g, &[&["0", "1"], &["0", "1"]], &[]);
    let text = solution_text(&g, &numbers, &solution, false);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
