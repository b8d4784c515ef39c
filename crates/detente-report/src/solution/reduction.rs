//! What was removed before a game was solved, and what refinements say of its equilibria.
//!
//! The one idea: both stand beside a list of equilibria, in the author's own names.

use crate::names::{arm_name, branch_into, history, set_name};
use crate::number::full_num;
use crate::paint::printable;
use detente_game::beliefs::{Continuation, Removal};
use detente_game::reduction::{Reduction, Step};
use detente_game::refinements::{MessageRow, TypeRow};
use detente_game::solution::Num;
use detente_game::{Game, InfosetId, NodeId};
use serde_json::{Value, json};

/// What went, one line each, ending in a newline; says so if nothing did.
pub fn reduction_text(game: &Game, found: &Reduction, subgames: usize) -> String {
    let mut lines = vec![];
    for (k, round) in found.rounds.iter().enumerate() {
        let told =
            round.iter().map(|step| format!("removed ({}): {}", k + 1, printable(&step_text(game, step))));
        lines.extend(told);
    }
    if lines.is_empty() {
        lines.push("removed: nothing; no branch, no action can go".into());
    } else {
        lines.push(
            "What went has probability 0; an action may take any share of one that leads to the same.".into(),
        );
    }
    lines.push(match subgames {
        0 | 1 => "subgames: none of its own".into(),
        n => format!("subgames: {n}, the whole game included; each can be solved by itself, innermost first"),
    });
    lines.join("\n") + "\n"
}

fn action(game: &Game, set: u32, action: u32) -> String {
    format!("{}: {}", set_name(game, InfosetId(set)), game.action_name(InfosetId(set), action as usize))
}

fn step_text(game: &Game, step: &Step) -> String {
    match step {
        Step::Chance { node, arm, into } => {
            let children = game.children(NodeId(*node));
            let name = |k: u32| {
                branch_into(game, children[k as usize]).map_or("", |(event, arm)| arm_name(game, event, arm))
            };
            let before = history(game, NodeId(*node)).last().map(|(e, a)| arm_name(game, *e, *a).to_string());
            let place = before.map_or(String::new(), |name| format!(" after {name}"));
            format!("chance{place}: {} leads to the same as {}", name(*arm), name(*into))
        }
        Step::Duplicate { set, action: a, like } => {
            let like = game.action_name(InfosetId(*set), *like as usize);
            format!("{} leads to the same as {like}", action(game, *set, *a))
        }
        Step::Worse(removal) => {
            format!("{} is worse than {}", action(game, removal.set, removal.action), better(game, removal))
        }
        Step::NeverBetter(removal) => format!(
            "{} is never better than {} and sometimes worse (equilibria may be lost, and the order matters)",
            action(game, removal.set, removal.action),
            better(game, removal)
        ),
    }
}

/// What beats the first plan that begins with the action.
fn better(game: &Game, removal: &Removal) -> String {
    let plan = |plan: &Continuation| -> String {
        let parts = plan.iter().map(|(g, a)| game.action_name(InfosetId(*g), *a as usize).to_string());
        parts.collect::<Vec<_>>().join(" then ")
    };
    let Some((_, mixture)) = removal.proofs.first() else { return String::new() };
    let parts: Vec<String> = mixture
        .iter()
        .map(|(p, w)| match w.is_one() {
            true => plan(p),
            false => format!("{} of {}", full_num(&Num::exact(w.clone())), plan(p)),
        })
        .collect();
    parts.join(" and ")
}

/// The same as a list of JSON objects.
pub fn reduction_json(game: &Game, found: &Reduction) -> Value {
    let rounds = found.rounds.iter().enumerate();
    let steps = rounds.flat_map(|(k, round)| round.iter().map(move |step| (k, step)));
    steps
        .map(|(k, step)| {
            let kind = match step {
                Step::Chance { .. } => "same-branch",
                Step::Duplicate { .. } => "same-action",
                Step::Worse(_) => "worse",
                Step::NeverBetter(_) => "never-better",
            };
            json!({"round": k + 1, "kind": kind, "what": step_text(game, step)})
        })
        .collect()
}

/// The table of refinements per equilibrium and unsent message, ending in a newline; empty where there is none.
pub fn refinements_text(game: &Game, tables: &[Option<Vec<MessageRow>>]) -> String {
    let mut lines = vec![];
    for (k, table) in tables.iter().enumerate() {
        for row in table.iter().flatten() {
            let set = printable(&set_name(game, InfosetId(row.set)));
            lines.push(format!("  E{}  after the unsent message that {set} answers", k + 1));
            let label = |t: &TypeRow| printable(&game.infosets[t.set as usize].label);
            let say = |name: &str, stands: bool, round_of: &dyn Fn(&TypeRow) -> Option<u32>| {
                let verdict = if stands { "stands" } else { "falls" };
                let gone = row.types.iter().filter_map(|t| Some((label(t), round_of(t)?)));
                let gone: Vec<String> = gone.map(|(name, round)| format!("{name} (round {round})")).collect();
                let gone = if gone.is_empty() { "nobody".into() } else { gone.join(", ") };
                format!("      {name:20}  {verdict}   not expected from: {gone}")
            };
            lines.push(say("intuitive criterion", row.intuitive, &|t| t.never_gains.then_some(1)));
            lines.push(format!("      {:20}  {}", "divinity", divinity(row, &label)));
            lines.push(say("D1", row.d1, &|t| t.d1));
            lines.push(say("D2", row.d2, &|t| t.d2));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let head = "refinements of the equilibria shown, in rounds until nothing more goes (Cho and Kreps 1987; Banks and \
                Sobel 1987); strict variant: a rival must gain whenever the type does not lose";
    format!("{head}\n{}\n", lines.join("\n"))
}

/// What divinity says of a message: the verdict, and who the message may come from.
fn divinity(row: &MessageRow, label: &dyn Fn(&TypeRow) -> String) -> String {
    let verdict = match row.divine {
        Some(true) => "stands",
        Some(false) => "falls",
        None => return "not decided: more than 10 types".into(),
    };
    let Some(groups) = row.groups.last() else {
        return format!("{verdict}   nothing is ruled out");
    };
    let named = |group: &Vec<u32>| {
        let names: Vec<String> = group.iter().map(|t| label(&row.types[*t as usize])).collect();
        names.join(" + ")
    };
    let named: Vec<String> = groups.iter().map(named).collect();
    format!("{verdict}   expected from mixtures of (round {}): {}", row.groups.len(), named.join(", "))
}

/// The same for one equilibrium as a list of JSON objects.
pub fn refinements_json(game: &Game, table: &[MessageRow]) -> Value {
    let row = |row: &MessageRow| {
        let types: Vec<Value> = row
            .types
            .iter()
            .map(|t| {
                json!({
                    "type": set_name(game, InfosetId(t.set)),
                    "message": game.action_name(InfosetId(t.set), t.action as usize),
                    "never_gains": t.never_gains,
                    "d1": t.d1.is_some(),
                    "d1_round": t.d1,
                    "d2": t.d2.is_some(),
                    "d2_round": t.d2,
                })
            })
            .collect();
        let name = |t: &u32| set_name(game, InfosetId(row.types[*t as usize].set));
        let groups: Vec<Vec<Vec<String>>> = row
            .groups
            .iter()
            .map(|round| round.iter().map(|group| group.iter().map(name).collect()).collect())
            .collect();
        json!({
            "infoset": set_name(game, InfosetId(row.set)),
            "intuitive": row.intuitive,
            "divinity": row.divine,
            "divinity_rounds": groups,
            "d1": row.d1,
            "d2": row.d2,
            "not_expected": types,
        })
    };
    table.iter().map(row).collect()
}
