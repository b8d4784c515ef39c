//! What a device or a commitment can bring about, as text and as JSON.
//!
//! The one idea: ranges first, then the device that does most for all together, in the players' own words.

use super::lines::{left_out, number, range_lines, rounding, say, shown, strength, terms};
use crate::names::decision_name;
use crate::number::num_json;
use crate::paint::{Paint, printable};
use detente_exact::Q;
use detente_game::device::{Advice, Commitment, Devices, End, Plan, What};
use detente_game::solution::Num;
use detente_game::{Game, InfosetId, Numbers};
use serde_json::{Value, json};

/// Most plans of a device that are printed as text.
const SHOWN: usize = 40;

/// The concept's name in a sentence.
pub fn advice_name(advice: Advice) -> &'static str {
    match advice {
        Advice::Never => "coarse correlated equilibrium",
        Advice::AtStart => "correlated equilibrium",
        Advice::WhereDue => "extensive-form correlated equilibrium",
    }
}

fn advice_sentence(advice: Advice) -> &'static str {
    match advice {
        Advice::Never => {
            "Each player takes all of the device's plan before it hears any of it, or goes its own way."
        }
        Advice::AtStart => "Each player hears its whole plan at the start and is free not to follow it.",
        Advice::WhereDue => "Each player hears each move where it is due and is free not to follow it.",
    }
}

/// Returns the ranges as text, ending in a newline.
pub fn devices_text(game: &Game, numbers: &Numbers, found: &Devices, colour: bool) -> String {
    let (word, ends) = strength(&found.gap());
    let word = Paint { colour }.good(word);
    let mut lines = vec![
        format!("{word}: the ranges over every {}, {ends}.", advice_name(found.advice)),
        advice_sentence(found.advice).to_string(),
    ];
    lines.extend(rounding(numbers));
    lines.push(String::new());
    let ranges =
        found.ranges.iter().map(|r| (r.what, [&r.low.value, &r.low.bound], [&r.high.value, &r.high.bound]));
    lines.extend(range_lines(game, ranges));
    let outcomes = found.ranges.iter().filter(|r| matches!(r.what, What::Outcome(_))).count();
    if found.objective.is_empty() {
        lines.extend(left_out(game.outcome_keys().len(), outcomes));
    }
    if let Some((best, words)) = found.ranges.iter().find_map(|r| Some((r, shown(r.what)?))) {
        lines.push(String::new());
        lines.push(format!("a device that {words}, {}:", say(&best.high.value)));
        for (plan, share) in best.high.device.iter().take(SHOWN) {
            lines.push(format!("  {}  {}", say(share), joint(game, plan)));
        }
        if best.high.device.len() > SHOWN {
            lines.push(format!("  and {} more; --format json lists all", best.high.device.len() - SHOWN));
        }
    }
    lines.join("\n") + "\n"
}

/// Returns a commitment as text, ending in a newline.
pub fn commitment_text(game: &Game, numbers: &Numbers, found: &Commitment, colour: bool) -> String {
    let paint = Paint { colour };
    let leader = printable(&game.players[found.leader.index()].name);
    let follower = printable(&game.players[1 - found.leader.index()].name);
    let word = paint.good("exact-complete");
    let mut lines = vec![format!(
        "{word}: announcing its plan first and being believed, {leader} gets {}.",
        say(&found.strong)
    )];
    if found.strong == found.weak {
        lines.push(format!(
            "However {follower} breaks its ties, {leader} can come as close to that as it likes."
        ));
    } else {
        lines.push(format!(
            "That is so if {follower} breaks its ties in {leader}'s favour; if against, {leader} can secure {} \
             and no more.",
            say(&found.weak)
        ));
    }
    if numbers.rounded {
        lines.push(
            "Some numbers were rounded once to the nearest f64; the answer is about those numbers.".into(),
        );
    }
    lines.push(String::new());
    lines.push(format!("{leader} announces"));
    for (plan, share) in &found.plan {
        lines.push(format!("  {}  {}", say(share), joint(game, plan)));
    }
    lines.push(format!("{follower} answers, and gets {}", say(&found.follower)));
    lines.push(format!("  {}", joint(game, &found.answer)));
    lines.join("\n") + "\n"
}

pub(super) fn what_name(game: &Game, what: What) -> String {
    match what {
        What::Outcome(o) => match game.outcome_keys().get(o as usize) {
            Some(key) => format!("prob({})", printable(key)),
            None => String::new(),
        },
        What::Payoff(p) => format!("payoff of {}", printable(&game.players[p.index()].name)),
        What::Total => "all payoffs together".into(),
        What::Objective => "objective".into(),
    }
}

/// A plan in words: what is done at each set it comes to.
pub(super) fn joint(game: &Game, plan: &Plan) -> String {
    let parts = plan.iter().enumerate().filter_map(|(h, a)| {
        let set = &game.infosets[h];
        let owner = &game.players[set.player.index()].name;
        let action = game.action_name(InfosetId(h as u32), (*a)? as usize);
        let decision = decision_name(game, set.event);
        let alone = game.infosets.iter().filter(|other| other.event == set.event).count() == 1;
        let place = if alone { String::new() } else { format!(" at {}", set.label) };
        Some(printable(&format!("{owner}.{decision}{place}: {action}")))
    });
    parts.collect::<Vec<String>>().join(", ")
}

/// Returns the ranges as the JSON object that `detente solve --concept ce|cce|efce` prints; see
/// `docs/schema/devices.schema.json`.
pub fn devices_json(game: &Game, numbers: &Numbers, found: &Devices, seconds: f64) -> Value {
    let concept = match found.advice {
        Advice::Never => "cce",
        Advice::AtStart => "ce",
        Advice::WhereDue => "efce",
    };
    let mut json = head(game, numbers, "detente-devices", concept, seconds);
    json["status"] = strength(&found.gap()).0.into();
    if !found.objective.is_empty() {
        json["objective"] = terms(game, &found.objective);
    }
    json["ranges"] = found
        .ranges
        .iter()
        .map(|r| json!({"what": what_name(game, r.what), "low": end(game, &r.low), "high": end(game, &r.high)}))
        .collect();
    json
}

/// Returns a commitment as the JSON object that `detente solve --concept commit=PLAYER` prints; see
/// `docs/schema/commitment.schema.json`.
pub fn commitment_json(game: &Game, numbers: &Numbers, found: &Commitment, seconds: f64) -> Value {
    let num = |q: &Q| num_json(&Num::exact(q.clone()));
    let mut json = head(game, numbers, "detente-commitment", "commit", seconds);
    json["leader"] = game.players[found.leader.index()].name.clone().into();
    json["strong"] = num(&found.strong);
    json["weak"] = num(&found.weak);
    json["follower"] = num(&found.follower);
    json["announces"] = device(game, &found.plan);
    json["answer"] = actions(game, &found.answer);
    json
}

pub(super) fn head(game: &Game, numbers: &Numbers, format: &str, concept: &str, seconds: f64) -> Value {
    let players: Vec<&str> = game.players.iter().map(|p| p.name.as_str()).collect();
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": {"name": format, "version": 1},
        "game": {"title": game.title, "sha256": game.sha256(), "players": players},
        "concept": concept,
        "status": "exact-complete",
        "rounded": numbers.rounded,
        "seconds": seconds,
    })
}

fn end(game: &Game, end: &End) -> Value {
    json!({"value": number(&end.value), "bound": number(&end.bound), "device": device(game, &end.device)})
}

fn device(game: &Game, list: &[(Plan, Q)]) -> Value {
    list.iter()
        .map(|(plan, share)| json!({"probability": number(share), "plan": actions(game, plan)}))
        .collect()
}

pub(super) fn actions(game: &Game, plan: &Plan) -> Value {
    plan.iter()
        .enumerate()
        .filter_map(|(h, a)| {
            let set = &game.infosets[h];
            Some(json!({
                "player": game.players[set.player.index()].name,
                "decision": decision_name(game, set.event),
                "infoset": set.label,
                "action": game.action_name(InfosetId(h as u32), (*a)? as usize),
            }))
        })
        .collect()
}
