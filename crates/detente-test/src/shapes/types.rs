//! Private types: signalling, and simultaneous moves of players who know their own type.

use super::{outcome, payoffs, player_names};
use crate::builder::{TreeBuilder, numbered};
use crate::random::{Payoffs, SplitMix};
use detente_game::Game;

/// Chance draws the sender's type; the receiver sees the message only.
pub(super) fn signalling(
    random: &mut SplitMix,
    types: usize,
    messages: usize,
    replies: usize,
    from: Payoffs,
) -> Game {
    let mut tree = TreeBuilder::new("", &["Sender", "Receiver"]);
    let nature = tree.chance_event(Some(0), "type", &numbered("t", types));
    let message = tree.decision_event(0, "message", &numbered("m", messages));
    let reply = tree.decision_event(1, "reply", &numbered("r", replies));
    let senders: Vec<_> = (0..types).map(|t| tree.infoset(message, &format!("type = t{}", t + 1))).collect();
    let receivers: Vec<_> =
        (0..messages).map(|m| tree.infoset(reply, &format!("message = m{}", m + 1))).collect();
    let root = tree.chance(None, nature, &random.distribution(types));
    for (t, sender) in senders.into_iter().enumerate() {
        let sends = tree.decision(Some((root, t as u32)), sender);
        for (m, receiver) in receivers.iter().enumerate() {
            let answers = tree.decision(Some((sends, m as u32)), *receiver);
            for r in 0..replies {
                let name = outcome(random);
                tree.end(Some((answers, r as u32)), name, &payoffs(random, 2, from));
            }
        }
    }
    tree.finish()
}

/// Types are drawn, together or each alone; then all players move without seeing the others.
pub(super) fn simultaneous(
    random: &mut SplitMix,
    players: usize,
    types: usize,
    actions: usize,
    from: Payoffs,
) -> Game {
    let names = player_names(players);
    let mut tree = TreeBuilder::new("", &names);
    let facts: Vec<_> =
        (0..players).map(|p| tree.chance_event(Some(p), "type", &numbered("t", types))).collect();
    let moves: Vec<_> =
        (0..players).map(|p| tree.decision_event(p, "act", &numbered("a", actions))).collect();
    let sets: Vec<Vec<_>> = moves
        .iter()
        .map(|event| (0..types).map(|t| tree.infoset(*event, &format!("type = t{}", t + 1))).collect())
        .collect();
    let independent = random.once_in(2);
    let marginals: Vec<_> = (0..players).map(|_| random.distribution(types)).collect();
    let mut layer = vec![(None, Vec::new())];
    for p in 0..players {
        let mut next = Vec::new();
        for (at, drawn) in layer {
            let probs = if independent { marginals[p].clone() } else { random.distribution(types) };
            let node = tree.chance(at, facts[p], &probs);
            for t in 0..types {
                let mut longer = drawn.clone();
                longer.push(t);
                next.push((Some((node, t as u32)), longer));
            }
        }
        layer = next;
    }
    for p in 0..players {
        let mut next = Vec::new();
        for (at, drawn) in layer {
            let node = tree.decision(at, sets[p][drawn[p]]);
            next.extend((0..actions).map(|a| (Some((node, a as u32)), drawn.clone())));
        }
        layer = next;
    }
    for (at, _) in layer {
        let name = outcome(random);
        tree.end(at, name, &payoffs(random, players, from));
    }
    tree.finish()
}
