//! Names for what an `.efg` file numbers: players, sets, actions, outcomes.
//!
//! A set with a label is the decision of that name; sets of one player that share a label
//! are one decision met in several states of knowledge, unless a path meets two of them.

use super::super::labels::{distinct, sentence};
use super::super::strict::{COMMENT, outcome_name};
use super::parse::RawGame;
use crate::game::{Event, EventId, EventKind, Outcome, OutcomeId, Player, PlayerId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Gives every player a name of its own.
pub(crate) fn players(labels: &[String], repairs: &mut Vec<String>) -> Vec<Player> {
    let (names, changed) = distinct(labels, |k| (k + 1).to_string());
    repairs.extend(sentence("players", labels, &names, &changed));
    names.into_iter().map(|name| Player { label: name.clone(), name }).collect()
}

/// What a set is called: its event, its own label, and where its actions stand among the
/// event's arms.
pub(crate) struct SetName {
    pub event: EventId,
    pub label: String,
    pub arms: Vec<u32>,
}

/// Names all sets that are in use and their actions. The results are in the order of `used`.
pub(crate) fn sets(
    raw: &RawGame,
    used: &[u32],
    players: &[Player],
    repairs: &mut Vec<String>,
) -> (Vec<Event>, Vec<SetName>) {
    let separate = labels_met_twice(raw);
    let mut own_label: Vec<String> = vec![String::new(); raw.sets.len()];
    for player in 0..=players.len() {
        let of_player: Vec<usize> =
            used.iter().map(|s| *s as usize).filter(|s| raw.sets[*s].player == player).collect();
        let labels: Vec<String> = of_player.iter().map(|s| raw.sets[*s].label.clone()).collect();
        let (names, changed) = distinct(&labels, |k| raw.sets[of_player[k]].number.to_string());
        let what = match player.checked_sub(1) {
            None => "chance moves".to_string(),
            Some(p) => format!("information sets of `{}`", players[p].name),
        };
        repairs.extend(sentence(&what, &labels, &names, &changed));
        for (set, name) in of_player.into_iter().zip(names) {
            own_label[set] = name;
        }
    }
    let mut events: Vec<Event> = Vec::new();
    let mut common = common_events(raw, used, &separate);
    // Positions of actions among the arms of events that several sets have in common.
    let mut arms: HashMap<(usize, String), u32> = HashMap::new();
    let mut names = Vec::with_capacity(used.len());
    for &s in used {
        let set = &raw.sets[s as usize];
        let label = std::mem::take(&mut own_label[s as usize]);
        let (actions, changed) = distinct(&set.actions, |k| (k + 1).to_string());
        if !changed.is_empty() {
            let what = match set.player.checked_sub(1) {
                None => format!("branches of chance move `{label}`"),
                Some(p) => format!("actions at information set `{label}` of `{}`", players[p].name),
            };
            repairs.extend(sentence(&what, &set.actions, &actions, &changed));
        }
        let Some(known) = common.get_mut(&(set.player, set.label.as_str())) else {
            let positions = (0..actions.len() as u32).collect();
            events.push(Event { arms: actions, ..event(set.player, label.clone()) });
            names.push(SetName { event: EventId(events.len() as u32 - 1), label, arms: positions });
            continue;
        };
        let id = *known.get_or_insert_with(|| {
            events.push(event(set.player, set.label.clone()));
            events.len() - 1
        });
        let list = &mut events[id].arms;
        let positions = actions.into_iter().map(|action| {
            *arms.entry((id, action.clone())).or_insert_with(|| {
                list.push(action);
                list.len() as u32 - 1
            })
        });
        names.push(SetName { event: EventId(id as u32), label, arms: positions.collect() });
    }
    (events, names)
}

/// The labels that several sets in use share as one decision, their events still to be made.
fn common_events<'a>(
    raw: &'a RawGame,
    used: &[u32],
    separate: &BTreeMap<(usize, &str), ()>,
) -> HashMap<(usize, &'a str), Option<usize>> {
    let mut met = HashSet::new();
    let mut common = HashMap::new();
    for &s in used {
        let key = (raw.sets[s as usize].player, raw.sets[s as usize].label.as_str());
        if !key.1.is_empty() && !separate.contains_key(&key) && !met.insert(key) {
            common.insert(key, None);
        }
    }
    common
}

fn event(player: usize, name: String) -> Event {
    let owner = player.checked_sub(1).map(|p| PlayerId(p as u32));
    let kind = if owner.is_some() { EventKind::Move } else { EventKind::Chance };
    Event { kind, owner, label: name.clone(), name, round: vec![], arms: vec![], values: vec![] }
}

/// The set labels that some path meets more than once: their sets are different decisions.
fn labels_met_twice(raw: &RawGame) -> BTreeMap<(usize, &str), ()> {
    let mut met = BTreeMap::new();
    let mut groups: BTreeMap<(usize, &str), u32> = BTreeMap::new();
    let mut group_of: Vec<Option<u32>> = Vec::with_capacity(raw.sets.len());
    for set in &raw.sets {
        let count = groups.len() as u32;
        let key = (set.player, set.label.as_str());
        group_of.push((!set.label.is_empty()).then(|| *groups.entry(key).or_insert(count)));
    }
    // Rows are in the order of a walk: the path to a row is a stack of earlier rows.
    let mut on_path = vec![0u32; groups.len()];
    let mut path: Vec<u32> = Vec::new();
    for (k, node) in raw.nodes.iter().enumerate() {
        while path.last().copied() != node.parent.map(|(parent, _)| parent) {
            let Some(left) = path.pop() else { break };
            if let Some(group) = raw.nodes[left as usize].set.and_then(|s| group_of[s as usize]) {
                on_path[group as usize] -= 1;
            }
        }
        let Some(set) = node.set else { continue };
        path.push(k as u32);
        let Some(group) = group_of[set as usize] else { continue };
        on_path[group as usize] += 1;
        if on_path[group as usize] == 2 {
            let set = &raw.sets[set as usize];
            met.insert((set.player, set.label.as_str()), ());
        }
    }
    met
}

/// Names the outcomes at ends of play: for each outcome of the file, its place in the list.
pub(crate) fn outcomes(raw: &RawGame) -> (Vec<Outcome>, Vec<Option<OutcomeId>>) {
    let ours = raw.comment.starts_with(COMMENT);
    let mut ids: BTreeMap<String, OutcomeId> = BTreeMap::new();
    let mut list = Vec::new();
    let mut of_raw = vec![None; raw.outcomes.len()];
    let mut done = vec![false; raw.outcomes.len()];
    for o in raw.nodes.iter().filter(|n| n.set.is_none()).filter_map(|n| n.outcome) {
        let outcome = &raw.outcomes[o as usize];
        if std::mem::replace(&mut done[o as usize], true) {
            continue;
        }
        let label =
            if outcome.label.is_empty() { format!("#{}", outcome.number) } else { outcome.label.clone() };
        let Some(name) = (if ours { outcome_name(&label) } else { Some(label.as_str()) }) else { continue };
        let name = name.to_string();
        let id = *ids.entry(name.clone()).or_insert_with(|| {
            list.push(Outcome { label: name.clone(), name });
            OutcomeId(list.len() as u32 - 1)
        });
        of_raw[o as usize] = Some(id);
    }
    (list, of_raw)
}
