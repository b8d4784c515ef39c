//! Who sees what: events in rows, players in columns.
//!
//! The one idea: the table is read off the information sets themselves, so it is right for any
//! game. A player knows an event at a set if it went the same way on every path into the set.

use crate::names::history;
use crate::paint::{Paint, pad, printable};
use detente_game::{EventId, EventKind, Game, PlayerId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How much a player knows of an event when it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knows {
    /// At every information set that can follow the event.
    Always,
    /// At some of them.
    Partly,
    /// At none.
    Never,
}

/// One cell: a player's own decisions that can follow the event, and what is known there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The player decides the event, or owns the fact.
    pub own: bool,
    /// In the order of play.
    pub decisions: Vec<(EventId, Knows)>,
}

impl Cell {
    /// Returns what the player knows over all its later decisions; `None` if it has none.
    pub fn overall(&self) -> Option<Knows> {
        let first = self.decisions.first()?.1;
        Some(if self.decisions.iter().all(|(_, k)| *k == first) { first } else { Knows::Partly })
    }
}

/// The table: one row per event that takes place, in the order of play.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sees {
    pub rows: Vec<(EventId, Vec<Cell>)>,
}

/// Returns who sees what.
pub fn sees(game: &Game) -> Sees {
    // For (event, player, later decision): at how many sets it is known, and at how many not.
    let mut counts: BTreeMap<(EventId, PlayerId, EventId), (usize, usize)> = BTreeMap::new();
    for set in &game.infosets {
        let mut arms: BTreeMap<EventId, (u32, usize)> = BTreeMap::new();
        let mut blurred: Vec<EventId> = Vec::new();
        for node in &set.nodes {
            for (event, arm) in history(game, *node) {
                let slot = arms.entry(event).or_insert((arm, 0));
                slot.1 += 1;
                if slot.0 != arm {
                    blurred.push(event);
                }
            }
        }
        for (event, (_, times)) in arms {
            // On a path where the event does not happen, it is not known that it did.
            let known = times >= set.nodes.len() && !blurred.contains(&event);
            let slot = counts.entry((event, set.player, set.event)).or_default();
            if known { slot.0 += 1 } else { slot.1 += 1 }
        }
    }
    let first_met = order_of_play(game);
    let rows = first_met
        .iter()
        .map(|event| {
            let cells = (0..game.players.len()).map(|p| cell(game, &counts, &first_met, *event, p)).collect();
            (*event, cells)
        })
        .collect();
    Sees { rows }
}

fn cell(
    game: &Game,
    counts: &BTreeMap<(EventId, PlayerId, EventId), (usize, usize)>,
    order: &[EventId],
    event: EventId,
    player: usize,
) -> Cell {
    let player = PlayerId(player as u32);
    let knows = |decision: &EventId| {
        let (known, unknown) = counts.get(&(event, player, *decision))?;
        Some((
            *decision,
            match (known, unknown) {
                (_, 0) => Knows::Always,
                (0, _) => Knows::Never,
                _ => Knows::Partly,
            },
        ))
    };
    Cell {
        own: game.events[event.index()].owner == Some(player),
        decisions: order.iter().filter_map(knows).collect(),
    }
}

/// Events in the order in which a reader of the tree meets them.
fn order_of_play(game: &Game) -> Vec<EventId> {
    let mut depth = vec![0_usize; game.nodes.len()];
    let mut first: BTreeMap<EventId, (usize, usize)> = BTreeMap::new();
    for (i, node) in game.nodes.iter().enumerate() {
        if let Some((parent, _)) = node.parent {
            depth[i] = depth[parent.index()] + 1;
        }
        let event = match node.kind {
            detente_game::NodeKind::Decision(h) => game.infosets[h.index()].event,
            detente_game::NodeKind::Chance(c) => game.chances[c.index()].event,
            detente_game::NodeKind::Terminal(_) => continue,
        };
        let here = (depth[i], i);
        let slot = first.entry(event).or_insert(here);
        *slot = (*slot).min(here);
    }
    let mut order: Vec<EventId> = first.keys().copied().collect();
    order.sort_by_key(|e| first[e]);
    order
}

/// Returns the table as text.
pub fn sees_text(game: &Game, table: &Sees, colour: bool) -> String {
    let paint = Paint { colour };
    let mut grid: Vec<Vec<String>> = vec![vec![String::new()]];
    grid[0].extend(game.players.iter().map(|p| printable(&p.name)));
    for (event, cells) in &table.rows {
        let mut row = vec![printable(&game.event_name(*event))];
        row.extend(cells.iter().map(|c| cell_text(game, *event, c)));
        grid.push(row);
    }
    let widths: Vec<usize> = (0..grid[0].len())
        .map(|k| grid.iter().map(|row| row[k].chars().count()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for (i, row) in grid.iter().enumerate() {
        let line: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
        let line = line.join("  ");
        let line = line.trim_end();
        out.push_str(&if i == 0 { paint.strong(line) } else { line.to_string() });
        out.push('\n');
    }
    out.push_str("\nA dash: the player decides nothing afterwards.\n");
    out
}

/// Returns a cell in words.
pub fn cell_text(game: &Game, event: EventId, cell: &Cell) -> String {
    let own = match (cell.own, game.events[event.index()].kind) {
        (true, EventKind::Move) => "decides",
        (true, _) => "own fact",
        (false, _) => "",
    };
    let word = |k: Knows| match k {
        Knows::Always => "sees",
        Knows::Partly => "sees at times",
        Knows::Never => "hidden",
    };
    let seen = match cell.overall() {
        None if cell.own => return own.into(),
        None => return "-".into(),
        Some(Knows::Always) if cell.own => return own.into(),
        Some(k) if cell.decisions.len() == 1 || k != Knows::Partly => word(k).to_string(),
        Some(_) => cell
            .decisions
            .iter()
            .map(|(d, k)| format!("{} at {}", word(*k), printable(&crate::names::decision_name(game, *d))))
            .collect::<Vec<_>>()
            .join("; "),
    };
    if own.is_empty() { seen } else { format!("{own}; {seen}") }
}

/// Returns the table as JSON: one object per event, in the order of play.
pub fn sees_json(game: &Game, table: &Sees) -> Value {
    let word = |k: Knows| match k {
        Knows::Always => "always",
        Knows::Partly => "partly",
        Knows::Never => "never",
    };
    let row = |(event, cells): &(EventId, Vec<Cell>)| {
        let e = &game.events[event.index()];
        let mut players = Map::new();
        for (player, cell) in game.players.iter().zip(cells) {
            let decisions: Map<String, Value> =
                cell.decisions.iter().map(|(d, k)| (game.event_name(*d), json!(word(*k)))).collect();
            let entry = json!({"own": cell.own, "knows": cell.overall().map(word), "decisions": decisions});
            players.insert(player.name.clone(), entry);
        }
        let kind = match e.kind {
            EventKind::Move => "move",
            EventKind::Chance => "chance",
            EventKind::Private => "private",
        };
        json!({"event": game.event_name(*event), "kind": kind, "players": players})
    };
    let rows: Vec<Value> = table.rows.iter().map(row).collect();
    json!({"detente": env!("CARGO_PKG_VERSION"), "title": game.title, "events": rows})
}
