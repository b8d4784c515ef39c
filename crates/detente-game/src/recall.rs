//! Perfect recall: does every player remember what it knew and what it did?
//!
//! At each information set, all members must have the same history of the owner's own
//! earlier sets and actions (Kuhn, "Extensive games and the problem of information",
//! 1953). By induction it is enough to compare the owner's *last* set and action before
//! each member; only a failure looks at the whole histories.

use crate::game::{Game, InfosetId, NodeId, NodeKind, PlayerId};

/// What a player forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgets {
    /// A fact it knew at an earlier information set.
    Fact,
    /// An action of its own.
    Move,
    /// Whether it has been at this very information set before (absent-mindedness).
    Itself,
}

/// A player forgets: the information set, and two histories that it confuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{player}` forgets {} at information set `{name}`: it cannot tell [{}] from [{}]",
    self.what(), self.histories.0, self.histories.1)]
pub struct RecallError {
    pub forgets: Forgets,
    pub infoset: InfosetId,
    /// Two members of the set.
    pub nodes: (NodeId, NodeId),
    /// The owner's name.
    pub player: String,
    /// The set's printed name.
    pub name: String,
    /// The moves that lead to the two members, in names.
    pub histories: (String, String),
}

impl RecallError {
    fn what(&self) -> &'static str {
        match self.forgets {
            Forgets::Fact => "what it knew earlier",
            Forgets::Move => "its own move",
            Forgets::Itself => "that it was there before",
        }
    }
}

/// An own set and the action taken there, with the node where it was taken.
type Step = (InfosetId, u32, NodeId);

/// Checks that every player has perfect recall, in time linear in nodes times players.
///
/// # Errors
/// The first information set, in order, at which its owner forgets.
pub fn check(game: &Game) -> Result<(), RecallError> {
    let mut last: Vec<Option<Step>> = Vec::new();
    let mut worst: Option<(InfosetId, RecallError)> = None;
    for player in 0..game.players.len() {
        let player = PlayerId(player as u32);
        if game.infosets.iter().all(|h| h.player != player || h.nodes.len() < 2) {
            continue;
        }
        last_own_moves(game, player, &mut last);
        for (k, set) in game.infosets.iter().enumerate().filter(|(_, h)| h.player == player) {
            let id = InfosetId(k as u32);
            let Some(&first) = set.nodes.first() else { continue };
            let known = |node: NodeId| last[node.index()].map(|(h, a, _)| (h, a));
            let Some(&other) = set.nodes.iter().find(|n| known(**n) != known(first)) else { continue };
            if worst.as_ref().is_none_or(|(h, _)| id < *h) {
                worst = Some((id, failure(game, id, first, other, &last)));
            }
            break;
        }
    }
    worst.map_or(Ok(()), |(_, error)| Err(error))
}

/// Fills `last` with the owner's last move before each node.
fn last_own_moves(game: &Game, player: PlayerId, last: &mut Vec<Option<Step>>) {
    last.clear();
    last.reserve(game.nodes.len());
    for node in &game.nodes {
        let step = node.parent.and_then(|(parent, k)| match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) if game.infosets[h.index()].player == player => Some((h, k, parent)),
            _ => last[parent.index()],
        });
        last.push(step);
    }
}

fn failure(game: &Game, id: InfosetId, first: NodeId, other: NodeId, last: &[Option<Step>]) -> RecallError {
    let own_history = |node: NodeId| {
        let mut steps: Vec<(InfosetId, u32)> = Vec::new();
        let mut at = node;
        while let Some((h, a, before)) = last[at.index()] {
            steps.push((h, a));
            at = before;
        }
        steps.reverse();
        steps
    };
    let (one, two) = (own_history(first), own_history(other));
    let visits = |steps: &[(InfosetId, u32)]| steps.iter().any(|(h, _)| *h == id);
    let forgets = if visits(&one) || visits(&two) {
        Forgets::Itself
    } else {
        match one.iter().zip(&two).find(|(a, b)| a != b) {
            Some((a, b)) if a.0 != b.0 => Forgets::Fact,
            // The same set and another action, or a move that only one history has.
            _ => Forgets::Move,
        }
    };
    let set = &game.infosets[id.index()];
    RecallError {
        forgets,
        infoset: id,
        nodes: (first, other),
        player: game.players[set.player.index()].name.clone(),
        name: set.label.clone(),
        histories: (history(game, first), history(game, other)),
    }
}

/// Writes the moves that lead to a node in names: `nature = strong, Home.threat = yes`.
/// The root is `start`.
pub fn history(game: &Game, node: NodeId) -> String {
    let mut steps = Vec::new();
    let mut at = node;
    while let Some((parent, k)) = game.nodes[at.index()].parent {
        let (event, arm) = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => {
                let set = &game.infosets[h.index()];
                (set.event, set.actions.get(k as usize))
            }
            NodeKind::Chance(c) => {
                let chance = &game.chances[c.index()];
                (chance.event, chance.arms.get(k as usize))
            }
            NodeKind::Terminal(_) => break,
        };
        let arms = &game.events[event.index()].arms;
        let arm = arm.and_then(|a| arms.get(*a as usize)).map_or("?", String::as_str);
        steps.push(format!("{} = {arm}", game.event_name(event)));
        at = parent;
    }
    if steps.is_empty() {
        return "start".into();
    }
    steps.reverse();
    steps.join(", ")
}
