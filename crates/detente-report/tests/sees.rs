//! Who sees what, read off the information sets.

#[path = "support/games.rs"]
mod games;

use detente_report::sees::{Knows, sees, sees_json, sees_text};

#[test]
fn a_private_fact_is_hidden_and_a_message_is_seen() {
    let g = games::threats();
    let json = sees_json(&g, &sees(&g));
    let fact = &json["events"][0];
    assert_eq!(fact["event"], "Home.resolve");
    assert_eq!(fact["players"]["Rival"]["knows"], "never");
    assert_eq!(fact["players"]["Home"]["knows"], "always");
    let message = &json["events"][1];
    assert_eq!(message["players"]["Rival"]["decisions"]["Rival.answer"], "always");
    // After the last move nobody decides.
    assert_eq!(json["events"][3]["players"]["Rival"]["knows"], serde_json::Value::Null);
}

#[test]
fn an_event_on_some_paths_only_is_not_known() {
    let g = games::uneven();
    let table = sees(&g);
    let coin = table.rows.iter().find(|(e, _)| g.event_name(*e) == "coin").expect("a row");
    assert_eq!(coin.1[1].overall(), Some(Knows::Never));
    let text = sees_text(&g, &table, false);
    assert!(text.contains("Seeker.guess") && text.contains("hidden"), "{text}");
}
