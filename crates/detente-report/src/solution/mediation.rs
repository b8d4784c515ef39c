//! What a mediator can bring about, as text and as JSON.
//!
//! The one idea: the ranges first, then one rule, place by place, in the players' own words.

use super::lines::{left_out, number, range_lines, rounding, say, shown, strength, terms};
use crate::names::{arm_name, decision_name, set_name};
use crate::paint::{Paint, printable};
use crate::solution::device::{head, what_name};
use detente_exact::Q;
use detente_game::device::What;
use detente_game::mediation::{CHANCE, Knows, MediatedEnd, Mediation, Place};
use detente_game::{EventId, Game, InfosetId, Numbers, PlayerId};
use serde_json::{Value, json};

/// Most places of a rule that are printed as text.
const SHOWN: usize = 40;

/// Returns the ranges and the rule that brings the players most together as text, ending in a newline.
pub fn mediation_text(game: &Game, numbers: &Numbers, found: &Mediation, colour: bool) -> String {
    let (name, sentence) = match found.knows {
        Knows::Reports => (
            "communication equilibrium",
            "A mediator hears from each player where it stands and tells it what to do; players may lie and \
             need not obey.",
        ),
        Knows::Truth => (
            "Bayes correlated equilibrium",
            "Whatever more the players could learn about chance and each other's knowledge: a mediator who sees \
             both tells each what to do, and nobody gains by disobeying.",
        ),
    };
    let (word, ends) = strength(&found.gap());
    let word = Paint { colour }.good(word);
    let mut lines = vec![format!("{word}: the ranges over every {name}, {ends}."), sentence.to_string()];
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
        lines.push(format!("a rule that {words}, {}:", say(&best.high.value)));
        lines.extend(rule_lines(game, found.knows, &best.high));
    }
    lines.join("\n") + "\n"
}

/// Returns what it is worth to a player to decide who learns what, as text, ending in a newline.
pub fn persuasion_text(
    game: &Game,
    numbers: &Numbers,
    found: &Mediation,
    player: PlayerId,
    colour: bool,
) -> String {
    let word = Paint { colour }.good(strength(&found.gap()).0);
    let name = printable(&game.players[player.index()].name);
    let mut lines = vec![];
    for range in &found.ranges {
        lines.push(format!(
            "{word}: deciding beforehand who is to learn what, {name} gets {}.",
            say(&range.high.value)
        ));
        lines.push(format!(
            "Others' ties fall {name}'s way. The information that is worst for {name} would leave it {}.",
            say(&range.low.value)
        ));
        lines.extend(rounding(numbers));
        lines.push(String::new());
        lines.push(
            "what is told, where play stands there (the told act is what the signal stands for)".into(),
        );
        lines.extend(rule_lines(game, found.knows, &range.high));
    }
    lines.join("\n") + "\n"
}

/// One line per place: what is known there, and what is told to whom.
fn rule_lines(game: &Game, knows: Knows, end: &MediatedEnd) -> Vec<String> {
    let line = |(place, probs): &(Place, Vec<Q>)| {
        let set = InfosetId(place.now);
        let told: Vec<String> = probs
            .iter()
            .enumerate()
            .filter(|(_, p)| !p.is_zero())
            .map(|(a, p)| format!("{} {}", game.action_name(set, a), say(p)))
            .collect();
        let owner = &game.players[game.infosets[set.index()].player.index()].name;
        printable(&format!("  {}; {owner} is told {}", known(game, knows, place), told.join(", ")))
    };
    let mut lines: Vec<String> = end.rule.iter().take(SHOWN).map(line).collect();
    if end.rule.len() > SHOWN {
        lines.push(format!("  and {} more places; --format json lists all", end.rule.len() - SHOWN));
    }
    lines
}

/// What the mediator knows at a place, in words.
fn known(game: &Game, knows: Knows, place: &Place) -> String {
    let mut parts: Vec<String> = vec![];
    let met = |set: u32| set_name(game, InfosetId(set));
    for (what, which) in &place.past {
        if what & CHANCE != 0 {
            let event = EventId(what & !CHANCE);
            parts.push(format!("{}: {}", decision_name(game, event), arm_name(game, event, *which)));
        } else {
            let word = game.action_name(InfosetId(*what), *which as usize);
            let verb = if knows == Knows::Reports { "heard " } else { "" };
            parts.push(format!("{verb}{}, told {word}", met(*what)));
        }
    }
    let verb = if knows == Knows::Reports { "hears " } else { "at " };
    parts.push(format!("{verb}{}", met(place.now)));
    parts.join(", ")
}

/// Returns the ranges as the JSON object that `detente solve --concept mediator|bce|persuade=PLAYER` prints;
/// see `docs/schema/mediation.schema.json`.
pub fn mediation_json(
    game: &Game,
    numbers: &Numbers,
    found: &Mediation,
    concept: &str,
    seconds: f64,
) -> Value {
    let mut json = head(game, numbers, "detente-mediation", concept, seconds);
    let end = |end: &MediatedEnd| {
        let rule: Vec<Value> =
            end.rule.iter().map(|(place, probs)| told(game, found.knows, place, probs)).collect();
        json!({"value": number(&end.value), "bound": number(&end.bound), "rule": rule})
    };
    json["status"] = strength(&found.gap()).0.into();
    json["knows"] = match found.knows {
        Knows::Reports => "reports".into(),
        Knows::Truth => "truth".into(),
    };
    if !found.objective.is_empty() {
        json["objective"] = terms(game, &found.objective);
    }
    json["ranges"] = found
        .ranges
        .iter()
        .map(|r| json!({"what": what_name(game, r.what), "low": end(&r.low), "high": end(&r.high)}))
        .collect();
    json
}

fn told(game: &Game, knows: Knows, place: &Place, probs: &[Q]) -> Value {
    let set = InfosetId(place.now);
    let says: Vec<Value> = probs
        .iter()
        .enumerate()
        .filter(|(_, p)| !p.is_zero())
        .map(|(a, p)| json!({"action": game.action_name(set, a), "probability": number(p)}))
        .collect();
    json!({
        "player": game.players[game.infosets[set.index()].player.index()].name,
        "infoset": set_name(game, set),
        "knows": known(game, knows, place),
        "says": says,
    })
}
