//! A game at one parameter point as `.efg` text.
//!
//! Rows are written by a walk with a stack of its own; sets are described where they are
//! first met, outcomes where they are first used.

use super::super::strict::{Outcomes, braced, plain, plain_distinct};
use crate::game::{Game, NodeId, NodeKind};
use crate::numbers::Numbers;
use detente_exact::Q;
use std::fmt::Write as _;

/// Writes a game at `numbers` so that pygambit 16.7 reads it: printable ASCII labels,
/// unique per player, set and outcome; exact fractions.
///
/// What the format cannot hold is left out: parameters, ledgers, what each set has seen.
pub fn write(game: &Game, numbers: &Numbers) -> String {
    let names = Names::new(game);
    let outcomes = Outcomes::new(game, numbers);
    let players: Vec<String> = names.players.iter().map(|p| format!("\"{p}\"")).collect();
    let mut out = format!(
        "EFG 2 R \"{}\" {{ {} }}\n\"{}\"\n\n",
        plain(&game.title),
        players.join(" "),
        outcomes.comment
    );
    let mut described_sets = vec![false; game.infosets.len()];
    let mut described_chances = vec![false; game.chances.len()];
    let mut described_outcomes = vec![false; outcomes.list.len()];
    let mut stack = vec![NodeId(0)];
    while let Some(node) = stack.pop() {
        match game.nodes[node.index()].kind {
            NodeKind::Decision(h) => {
                let set = &game.infosets[h.index()];
                let _ = write!(out, "p \"\" {} {}", set.player.0 + 1, names.number[h.index()]);
                if !std::mem::replace(&mut described_sets[h.index()], true) {
                    let actions: Vec<String> =
                        names.actions(game, set.event, &set.actions).map(|a| format!("\"{a}\"")).collect();
                    let _ = write!(out, " \"{}\" {{ {} }}", names.sets[h.index()], actions.join(" "));
                }
            }
            NodeKind::Chance(c) => {
                let chance = &game.chances[c.index()];
                let _ = write!(out, "c \"\" {}", c.0 + 1);
                if !std::mem::replace(&mut described_chances[c.index()], true) {
                    let arms =
                        names.actions(game, chance.event, &chance.arms).zip(&numbers.chance[c.index()]);
                    let arms: Vec<String> = arms.map(|(a, p): (String, &Q)| format!("\"{a}\" {p}")).collect();
                    let _ = write!(out, " \"{}\" {{ {} }}", names.chances[c.index()], arms.join(" "));
                }
            }
            NodeKind::Terminal(_) => out.push_str("t \"\""),
        }
        let number = outcomes.of(node);
        let _ = write!(out, " {number}");
        if let Some(k) = (number as usize).checked_sub(1) {
            if !std::mem::replace(&mut described_outcomes[k], true) {
                let (label, payoffs) = &outcomes.list[k];
                let _ = write!(out, " \"{label}\" {}", braced(payoffs.iter()));
            }
        }
        out.push('\n');
        stack.extend(game.children(node).iter().rev());
    }
    out
}

/// Labels that are unique where the format wants them unique.
struct Names {
    players: Vec<String>,
    sets: Vec<String>,
    /// The number of each set among its owner's.
    number: Vec<u32>,
    chances: Vec<String>,
}

impl Names {
    fn new(game: &Game) -> Names {
        // "Chance" is the format's own name for nature.
        let labels = std::iter::once("Chance").chain(game.players.iter().map(|p| p.name.as_str()));
        let players = plain_distinct(labels).split_off(1);
        let mut sets = vec![String::new(); game.infosets.len()];
        let mut number = vec![0; game.infosets.len()];
        for player in 0..game.players.len() {
            let own = || game.infosets.iter().enumerate().filter(|(_, h)| h.player.index() == player);
            let labels: Vec<String> = own()
                .map(|(_, h)| {
                    let event = decision_name(game, h.event);
                    if h.label.is_empty() || event == h.label {
                        event
                    } else if game.events[h.event.index()].name == h.label || h.label.starts_with(&event) {
                        h.label.clone()
                    } else {
                        format!("{event}: {}", h.label)
                    }
                })
                .collect();
            for (position, ((k, _), name)) in
                own().zip(plain_distinct(labels.iter().map(String::as_str))).enumerate()
            {
                number[k] = position as u32 + 1;
                sets[k] = name;
            }
        }
        let events: Vec<String> = game.chances.iter().map(|c| game.event_name(c.event)).collect();
        let chances = plain_distinct(events.iter().map(String::as_str));
        Names { players, sets, number, chances }
    }

    /// Labels of the arms offered at one move.
    fn actions<'a>(
        &self,
        game: &'a Game,
        event: crate::EventId,
        offered: &'a [u32],
    ) -> impl Iterator<Item = String> + use<'a> {
        let arms = &game.events[event.index()].arms;
        plain_distinct(offered.iter().map(|a| arms[*a as usize].as_str())).into_iter()
    }
}

/// A decision's name without its owner: `reply[2]`.
fn decision_name(game: &Game, event: crate::EventId) -> String {
    let event = &game.events[event.index()];
    let rounds: String = event.round.iter().map(|r| format!("[{r}]")).collect();
    format!("{}{rounds}", event.name)
}
