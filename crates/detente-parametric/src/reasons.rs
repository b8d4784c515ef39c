//! Why the set of equilibria changes at a value: whose choice hangs in the balance.
//!
//! The one idea: an equilibrium ends where one of its margins comes to 0. Margins are functions of
//! the parameter, so whether one is 0 at the value is decided exactly.

use crate::end::End;
use crate::formula::{Atoms, Formula};
use crate::line::Tile;
use detente_game::{Game, InfosetId};
use detente_verify::over::{Field, Margin, Support};
use serde::Serialize;
use std::collections::BTreeSet;

/// What happens at a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub player: String,
    pub decision: String,
    /// The information set, as the model names it.
    pub at: String,
    /// The actions between which the player is indifferent; one if it stops being used.
    pub actions: Vec<String>,
    pub words: String,
}

impl Reason {
    /// Whether it is the same indifference, seen from the other side perhaps.
    pub(crate) fn is_same(&self, other: &Reason) -> bool {
        let sorted = |r: &Reason| {
            let mut all = r.actions.clone();
            all.sort();
            all
        };
        self.decision == other.decision && self.at == other.at && sorted(self) == sorted(other)
    }
}

/// The margins that are 0 at a value, of the components that end there; and whether one of them
/// differs from those on the other side in more than replies off the path.
pub fn reasons(game: &Game, at: &End, left: Option<&Tile>, right: Option<&Tile>) -> (Vec<Reason>, bool) {
    let mut found: Vec<Reason> = vec![];
    let mut others: Vec<Reason> = vec![];
    for (own, other) in [(left, right), (right, left)] {
        let Some(tile) = own else { continue };
        for component in &tile.found.components {
            let goes_on = |t: &Tile| t.found.components.iter().any(|c| c.supports == component.supports);
            let ends = other.is_none_or(|t| !goes_on(t));
            let list = if ends { &mut found } else { &mut others };
            for place in &component.places {
                for (margin, _) in place.margins.iter().filter(|(_, g)| vanishes(g, at, &tile.atoms)) {
                    let reason = words(game, margin, &place.profile);
                    if !list.iter().any(|r| r.is_same(&reason)) {
                        list.push(reason);
                    }
                }
            }
        }
    }
    if found.is_empty() {
        found = others;
    }
    // An action that stops being used is one side of an indifference on the other side.
    let named: Vec<(String, String)> =
        found.iter().filter(|r| r.actions.len() > 1).map(|r| (r.decision.clone(), r.at.clone())).collect();
    let single = |r: &Reason| r.actions.len() == 1 && named.contains(&(r.decision.clone(), r.at.clone()));
    found.retain(|r| !single(r));
    let matters = match (left, right) {
        (Some(a), Some(b)) => {
            let list = |t: &Tile| {
                let mut all: Vec<String> =
                    t.found.components.iter().map(|c| on_path(game, &c.supports)).collect();
                all.sort();
                all.dedup();
                all
            };
            list(a) != list(b)
        }
        _ => false,
    };
    (found, matters)
}

/// Whether a function is 0 at a value.
fn vanishes(slack: &Formula, at: &End, atoms: &Atoms) -> bool {
    !slack.is_zero() && at.is_zero_of(&slack.fraction().0, atoms)
}

pub(crate) fn words<N: Field>(game: &Game, margin: &Margin, profile: &[Option<Vec<N>>]) -> Reason {
    let (Margin::Worse(h, a) | Margin::Used(h, a)) = margin;
    let set = &game.infosets[h.index()];
    let player = game.players[set.player.index()].name.clone();
    let decision = game.event_name(set.event);
    let own = game.action_name(*h, *a as usize).to_string();
    let used: Vec<String> = match (&profile[h.index()], margin) {
        (Some(row), Margin::Worse(..)) => used_actions(game, *h, row),
        _ => vec![],
    };
    let place = if set.label.is_empty() { String::new() } else { format!(" at {}", set.label) };
    let (actions, words) = match used.is_empty() {
        true => (vec![own.clone()], format!("{player} stops using {own} ({decision}{place})")),
        false => {
            let between = used.join(", ");
            let words = format!("{player} is indifferent between {between} and {own} ({decision}{place})");
            ([used, vec![own]].concat(), words)
        }
    };
    Reason { player, decision, at: set.label.clone(), actions, words }
}

fn used_actions<N: Field>(game: &Game, h: InfosetId, row: &[N]) -> Vec<String> {
    let used = row.iter().enumerate().filter(|(_, g)| g.center().is_positive());
    used.map(|(a, _)| game.action_name(h, a).to_string()).collect()
}

/// A component's play on the path, as a text to compare: which sets are reached, and what is used.
pub(crate) fn on_path(game: &Game, supports: &BTreeSet<Support>) -> String {
    let mut texts: Vec<String> = supports
        .iter()
        .map(|support| {
            let mut text = String::new();
            let mut open = vec![detente_game::NodeId(0)];
            while let Some(node) = open.pop() {
                let children = game.children(node);
                match game.nodes[node.index()].kind {
                    detente_game::NodeKind::Decision(h) => {
                        let used = support[h.index()].clone().unwrap_or_else(|| vec![true; children.len()]);
                        text.push_str(&format!("{}:{used:?};", h.0));
                        open.extend(children.iter().zip(&used).filter(|(_, u)| **u).map(|(c, _)| *c));
                    }
                    _ => open.extend(children),
                }
            }
            text
        })
        .collect();
    texts.sort();
    texts.dedup();
    texts.join("|")
}
