//! The names under which decisions, information sets and their members are printed.
//!
//! The one idea: every name comes from the model's own words. A member of an information set is
//! named by what its owner does not know there: the events that differ between the members.

use crate::solution::Factor;
use crate::{EventId, Game, InfosetId, NodeId, NodeKind};

/// Returns a decision's name without its owner: `reply[2]` of `West.reply[2]`.
pub fn decision_name(game: &Game, event: EventId) -> String {
    let e = &game.events[event.index()];
    let mut name = e.name.clone();
    for r in &e.round {
        name.push_str(&format!("[{r}]"));
    }
    name
}

/// Returns the event and the arm on the branch that leads to `node`; `None` at the root.
pub fn branch_into(game: &Game, node: NodeId) -> Option<(EventId, u32)> {
    let (parent, position) = game.nodes[node.index()].parent?;
    match game.nodes[parent.index()].kind {
        NodeKind::Decision(h) => {
            let h = &game.infosets[h.index()];
            Some((h.event, h.actions[position as usize]))
        }
        NodeKind::Chance(c) => {
            let c = &game.chances[c.index()];
            Some((c.event, c.arms[position as usize]))
        }
        NodeKind::Terminal(_) => None,
    }
}

/// Returns everything that happened on the way to `node`, first event first.
pub fn history(game: &Game, node: NodeId) -> Vec<(EventId, u32)> {
    let mut path = Vec::new();
    let mut at = node;
    while let Some((parent, _)) = game.nodes[at.index()].parent {
        path.extend(branch_into(game, at));
        at = parent;
    }
    path.reverse();
    path
}

/// Returns the name of one arm of an event.
pub fn arm_name(game: &Game, event: EventId, arm: u32) -> &str {
    &game.events[event.index()].arms[arm as usize]
}

/// Returns one name per member of an information set, all different.
///
/// A single member is called `(certain)`: its owner knows all that happened.
pub fn member_names(game: &Game, infoset: InfosetId) -> Vec<String> {
    let nodes = &game.infosets[infoset.index()].nodes;
    if nodes.len() == 1 {
        return vec!["(certain)".into()];
    }
    let histories: Vec<_> = nodes.iter().map(|n| history(game, *n)).collect();
    let differs = |step: &(EventId, u32)| histories.iter().any(|h| !h.contains(step));
    let short: Vec<String> = histories
        .iter()
        .map(|h| join(h.iter().filter(|s| differs(s)), |s| arm_name(game, s.0, s.1).into()))
        .collect();
    if all_different(&short) {
        return short;
    }
    let long: Vec<String> = histories
        .iter()
        .map(|h| {
            join(h.iter().filter(|s| differs(s)), |s| {
                format!("{} {}", game.event_name(s.0), arm_name(game, s.0, s.1))
            })
        })
        .collect();
    if all_different(&long) {
        return long;
    }
    // Two events of one name: the position in the set is all that is left.
    long.iter().enumerate().map(|(k, name)| format!("{name} #{}", k + 1)).collect()
}

fn join<'a>(
    steps: impl Iterator<Item = &'a (EventId, u32)>,
    name: impl Fn(&(EventId, u32)) -> String,
) -> String {
    steps.map(name).collect::<Vec<_>>().join(", ")
}

fn all_different(names: &[String]) -> bool {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    sorted.windows(2).all(|w| w[0] != w[1]) && names.iter().all(|n| !n.is_empty())
}
/// Returns the name of an information set as conditions write it: `Player.decision[set]`.
pub fn set_name(game: &Game, infoset: InfosetId) -> String {
    let set = &game.infosets[infoset.index()];
    let decision = decision_name(game, set.event);
    let owner = &game.players[set.player.index()].name;
    if set.label.is_empty() || set.label == decision {
        format!("{owner}.{decision}")
    } else {
        format!("{owner}.{decision}[{}]", set.label)
    }
}

/// Returns the name of a number in a condition: `Player.decision[set].action`,
/// `belief(Player.decision[set]: node)`, `tremble(Player.decision[set].action)`.
pub fn factor_name(game: &Game, factor: &Factor) -> String {
    let action = |h: u32, a: u32| {
        let h = InfosetId(h);
        format!("{}.{}", set_name(game, h), game.action_name(h, a as usize))
    };
    match *factor {
        Factor::Action(h, a) => action(h, a),
        Factor::Tremble(h, a) => format!("tremble({})", action(h, a)),
        Factor::Belief(h, k) => {
            let name = &member_names(game, InfosetId(h))[k as usize];
            format!("belief({}: {name})", set_name(game, InfosetId(h)))
        }
    }
}
