//! A game at one parameter point as `.efg` text.
//!
//! Rows are written in the order of a walk; sets and outcomes are numbered and described where
//! the walk first meets them, so writing what was read changes nothing.

use super::super::strict::{Outcomes, braced, plain, plain_distinct, walk};
use crate::game::{Game, NodeId, NodeKind};
use crate::numbers::Numbers;
use detente_exact::Q;
use std::fmt::Write as _;

/// Writes a game at `numbers` so that pygambit 16.7 reads it: printable ASCII labels,
/// unique per player, set and outcome; exact fractions.
///
/// What the format cannot hold is left out: parameters, ledgers, what each set has seen.
pub fn write(game: &Game, numbers: &Numbers) -> String {
    let order = walk(game);
    let names = Names::new(game, &order);
    let outcomes = Outcomes::new(game, numbers);
    let players: Vec<String> = names.players.iter().map(|p| format!("\"{p}\"")).collect();
    let mut out = format!(
        "EFG 2 R \"{}\" {{ {} }}\n\"{}\"\n\n",
        plain(&game.title),
        players.join(" "),
        outcomes.comment
    );
    let mut described_sets = vec![false; game.infosets.len()];
    let mut described_outcomes = vec![false; outcomes.list.len()];
    let mut chances = 0;
    for node in order {
        match game.nodes[node.index()].kind {
            NodeKind::Decision(h) => {
                let set = &game.infosets[h.index()];
                let _ = write!(out, "p \"\" {} {}", set.player.0 + 1, names.number[h.index()]);
                if !std::mem::replace(&mut described_sets[h.index()], true) {
                    let actions: Vec<String> =
                        actions(game, set.event, &set.actions).map(|a| format!("\"{a}\"")).collect();
                    let _ = write!(out, " \"{}\" {{ {} }}", names.sets[h.index()], actions.join(" "));
                }
            }
            NodeKind::Chance(c) => {
                let chance = &game.chances[c.index()];
                let arms = actions(game, chance.event, &chance.arms).zip(&numbers.chance[c.index()]);
                let arms: Vec<String> = arms.map(|(a, p): (String, &Q)| format!("\"{a}\" {p}")).collect();
                let name = &names.chances[chances];
                chances += 1;
                let _ = write!(out, "c \"\" {chances} \"{name}\" {{ {} }}", arms.join(" "));
            }
            NodeKind::Terminal(_) => out.push_str("t \"\""),
        }
        let number = outcomes.of(node);
        let _ = write!(out, " {number}");
        if let Some(k) = (number as usize).checked_sub(1)
            && !std::mem::replace(&mut described_outcomes[k], true)
        {
            let (label, payoffs) = &outcomes.list[k];
            let _ = write!(out, " \"{label}\" {}", braced(payoffs.iter()));
        }
        out.push('\n');
    }
    out
}

/// Labels that are unique where the format wants them unique.
struct Names {
    players: Vec<String>,
    sets: Vec<String>,
    /// The number of each set among its owner's.
    number: Vec<usize>,
    /// The label of every chance node on a walk. Each is a move of its own: nodes that shared
    /// a number would be one information set of nature, which then seems to forget.
    chances: Vec<String>,
}

impl Names {
    fn new(game: &Game, order: &[NodeId]) -> Names {
        // "Chance" is the format's own name for nature.
        let labels = std::iter::once("Chance").chain(game.players.iter().map(|p| p.name.as_str()));
        let players = plain_distinct(labels).split_off(1);
        let met_sets = met_sets(game, order);
        let mut sets = vec![String::new(); game.infosets.len()];
        let mut number = vec![0; game.infosets.len()];
        for player in 0..game.players.len() {
            let own = || met_sets.iter().copied().filter(|h| game.infosets[*h].player.index() == player);
            let labels: Vec<String> = own().map(|h| set_name(game, h)).collect();
            let names = plain_distinct(labels.iter().map(String::as_str));
            for (position, (h, name)) in own().zip(names).enumerate() {
                number[h] = position + 1;
                sets[h] = name;
            }
        }
        let events = order.iter().filter_map(|n| match game.nodes[n.index()].kind {
            NodeKind::Chance(c) => Some(game.event_name(game.chances[c.index()].event)),
            _ => None,
        });
        let events: Vec<String> = events.collect();
        let chances = plain_distinct(events.iter().map(String::as_str));
        Names { players, sets, number, chances }
    }
}

/// Labels of the arms offered at one move.
fn actions<'a>(
    game: &'a Game,
    event: crate::EventId,
    offered: &'a [u32],
) -> impl Iterator<Item = String> + use<'a> {
    let arms = &game.events[event.index()].arms;
    plain_distinct(offered.iter().map(|a| arms[*a as usize].as_str())).into_iter()
}

/// Information sets in the order in which a walk first meets them.
fn met_sets(game: &Game, order: &[NodeId]) -> Vec<usize> {
    let mut seen = vec![false; game.infosets.len()];
    let mut sets = Vec::new();
    for node in order {
        if let NodeKind::Decision(h) = game.nodes[node.index()].kind
            && !std::mem::replace(&mut seen[h.index()], true)
        {
            sets.push(h.index());
        }
    }
    sets
}

/// A set's name for readers: its decision, without the owner, and what it has seen.
fn set_name(game: &Game, h: usize) -> String {
    let set = &game.infosets[h];
    let event = &game.events[set.event.index()];
    let rounds: String = event.round.iter().map(|r| format!("[{r}]")).collect();
    let decision = format!("{}{rounds}", event.name);
    if set.label.is_empty() {
        decision
    } else if set.label.starts_with(&event.name) {
        set.label.clone()
    } else {
        format!("{decision}: {}", set.label)
    }
}
