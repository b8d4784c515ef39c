//! Small tables of a model for the page.

use super::Grid;
use crate::asks::{Answers, class_words};
use crate::number::{full_num, short_num};
use crate::sees::{cell_text, sees};
use detente_answer::asked::{Answer, Content};
use detente_answer::words;
use detente_game::solution::{Component, Num, Solution};
use detente_game::{Game, Infoset};
use detente_model::Model;

/// Decisions listed of one equilibrium.
const PLAYED: usize = 12;
/// Longest exact number in a cell, in characters.
const LONGEST: usize = 20;

/// Who sees what.
pub fn sees_grid(game: &Game) -> Grid {
    let table = sees(game);
    let columns = std::iter::once(String::new()).chain(game.players.iter().map(|p| p.name.clone())).collect();
    let rows = table
        .rows
        .iter()
        .map(|(event, cells)| {
            let words = cells.iter().map(|c| cell_text(game, *event, c));
            std::iter::once(game.event_name(*event)).chain(words).collect()
        })
        .collect();
    Grid { caption: "Who sees what: events in rows, players in columns".into(), columns, rows }
}

/// What each equilibrium plays, for games whose trees are too large to be drawn.
pub fn played_grid(game: &Game, solution: &Solution, most: usize) -> Grid {
    let told = |(set, probabilities): (&Infoset, &Vec<Num>)| {
        let used = set.actions.iter().zip(probabilities).filter(|(_, p)| p.value > 0.0);
        let arms = &game.events[set.event.index()].arms;
        let moves: Vec<String> = used
            .map(|(a, p)| match p.value == 1.0 {
                true => arms[*a as usize].clone(),
                false => format!("{} {}", arms[*a as usize], cell_num(p)),
            })
            .collect();
        format!("{}: {}", game.event_name(set.event), moves.join(", "))
    };
    let row = |(k, component): (usize, &Component)| {
        let list: Vec<String> = game.infosets.iter().zip(&component.profile).take(PLAYED).map(told).collect();
        let more = match game.infosets.len().saturating_sub(PLAYED) {
            0 => String::new(),
            n => format!("; and {n} more decisions"),
        };
        vec![format!("E{}", k + 1), format!("{}{more}", list.join("; "))]
    };
    let rows = solution.components.iter().enumerate().take(most).map(row).collect();
    Grid {
        caption: format!(
            "What is played at the base values; the tree has {} ends and is not drawn",
            game.num_terminals()
        ),
        columns: ["Equilibrium", "Decisions in their order, with probabilities where moves are mixed"]
            .map(String::from)
            .to_vec(),
        rows,
    }
}

/// A number for a cell: exact, but for fractions that nobody reads.
pub fn cell_num(num: &Num) -> String {
    let full = full_num(num);
    if full.chars().count() > LONGEST { short_num(num) } else { full }
}

/// The questions with their answers.
pub fn asks_grid(model: &Model, answers: &Answers) -> Grid {
    let columns = ["Question", "Over the equilibria at the base values", "Over the draws", "What moves it"];
    let columns = columns.map(String::from).to_vec();
    let rows = answers.asks.iter().map(|a| ask_row(model, answers, a)).collect();
    Grid { caption: "Questions asked of this model".into(), columns, rows }
}

fn ask_row(model: &Model, answers: &Answers, answer: &Answer) -> Vec<String> {
    let question = if answer.label.is_empty() { answer.name.clone() } else { answer.label.clone() };
    let undefined = answer.rows.iter().any(|r| matches!(r.content, Content::Undefined(_)));
    let mut at_base = match (&answer.low, &answer.high, answer.class) {
        (Some(low), Some(high), _) if low == high => cell_num(low),
        (Some(low), Some(high), _) => format!("{} to {}", short_num(low), short_num(high)),
        (_, _, Some(class)) => class_words(class).to_string(),
        _ => String::new(),
    };
    if undefined {
        at_base.push_str(if at_base.is_empty() { "undefined" } else { "; undefined in some" });
    }
    let study = answers.study.as_ref().and_then(|s| s.asks.iter().find(|a| a.name == answer.name));
    let drawn = match study.and_then(|s| s.pooled.as_ref()) {
        Some(p) => {
            let (low, high) = (words::percent(p.low), words::percent(p.high));
            let range = if low == high { low } else { format!("{low} to {high}") };
            format!("{} ({range})", p.words)
        }
        None => study
            .and_then(|s| Some((s.low?, s.high?)))
            .map(|(low, high)| {
                // What rounding leaves of a zero is a zero.
                let tidy = |x: f64| words::short(if x.abs() < 1e-9 { 0.0 } else { x });
                let (low, high) = (tidy(low[0]), tidy(high[2]));
                format!("{low} to {high} (5 % to 95 % of the draws)")
            })
            .unwrap_or_default(),
    };
    let pooled = study.and_then(|s| s.pooled.as_ref());
    let moved = pooled.map_or(String::new(), |p| super::bottom::moved_by(model, &p.drivers));
    vec![question, at_base, drawn, moved]
}
