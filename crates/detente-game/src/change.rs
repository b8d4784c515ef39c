//! Another game by a change of this one's rules: actions that are gone, a fact that is told.
//!
//! The one idea: names stay. Events, arms, outcomes, parameters and the tape keep their ids, so a
//! question asked of the game can be asked of the changed one as it stands.

use crate::game::{
    Chance, ChanceId, EventId, Game, Infoset, InfosetId, Node, NodeId, NodeKind, PlayerId, Seen,
};
use crate::names::{arm_name, history};
use crate::reduction::Merged;
use crate::tape::Op;
use std::collections::BTreeMap;

/// Returns the game in which no decision offers an arm that `gone` names; `None` where a decision
/// would be left with nothing to choose.
pub fn without(game: &Game, gone: impl Fn(EventId, u32) -> bool) -> Option<Game> {
    let stays: Vec<Vec<bool>> =
        game.infosets.iter().map(|h| h.actions.iter().map(|arm| !gone(h.event, *arm)).collect()).collect();
    without_actions(game, &stays).map(|(changed, _)| changed)
}

/// Returns the game in which only these actions are offered, and the new number of each information set that is
/// left; `None` where a decision would be left with nothing to choose. `stays[h][a]`: whether
/// action `a` of set `h` stays.
pub fn without_actions(game: &Game, stays: &[Vec<bool>]) -> Option<(Game, Vec<Option<InfosetId>>)> {
    smaller(game, stays, &Merged::new())
}

/// As [`without_actions`], with branches of chance moves that go into others: their probabilities are added.
pub fn smaller(game: &Game, stays: &[Vec<bool>], merged: &Merged) -> Option<(Game, Vec<Option<InfosetId>>)> {
    let kept = kept_nodes(game, stays, merged);
    let reached = |h: &Infoset| h.nodes.iter().any(|n| kept[n.index()].is_some());
    if game.infosets.iter().zip(stays).any(|(h, s)| reached(h) && !s.contains(&true)) {
        return None;
    }
    let mut changed = Game {
        infosets: vec![],
        chances: vec![],
        nodes: vec![],
        children: vec![],
        strategic: false,
        ..game.clone()
    };
    let mut sets: Vec<Option<InfosetId>> = vec![None; game.infosets.len()];
    for (k, (set, stays)) in game.infosets.iter().zip(stays).enumerate() {
        let nodes: Vec<NodeId> = set.nodes.iter().filter_map(|n| kept[n.index()]).collect();
        if !nodes.is_empty() {
            let actions = set.actions.iter().zip(stays).filter(|(_, s)| **s).map(|(a, _)| *a).collect();
            sets[k] = Some(InfosetId(changed.infosets.len() as u32));
            changed.infosets.push(Infoset { actions, nodes, ..set.clone() });
        }
    }
    let mut chances: Vec<Option<ChanceId>> = vec![None; game.chances.len()];
    for (n, node) in game.nodes.iter().enumerate().filter(|(n, _)| kept[*n].is_some()) {
        let kind = match node.kind {
            NodeKind::Decision(h) => NodeKind::Decision(sets[h.index()]?),
            NodeKind::Chance(c) if merged.keys().any(|(at, _)| *at as usize == n) => {
                let fewer = fewer_arms(&mut changed, &game.chances[c.index()], n as u32, merged);
                changed.chances.push(fewer);
                NodeKind::Chance(ChanceId(changed.chances.len() as u32 - 1))
            }
            NodeKind::Chance(c) => {
                let id = *chances[c.index()].get_or_insert_with(|| {
                    changed.chances.push(game.chances[c.index()].clone());
                    ChanceId(changed.chances.len() as u32 - 1)
                });
                NodeKind::Chance(id)
            }
            end => end,
        };
        let first_child = changed.children.len() as u32;
        changed.children.extend(game.children(NodeId(n as u32)).iter().filter_map(|c| kept[c.index()]));
        let num_children = changed.children.len() as u32 - first_child;
        let parent = node.parent.and_then(|(parent, position)| {
            let before = game.children(parent)[..position as usize].iter();
            let position = before.filter(|c| kept[c.index()].is_some()).count() as u32;
            Some((kept[parent.index()]?, position))
        });
        changed.nodes.push(Node { parent, kind, first_child, num_children, pays: node.pays });
    }
    Some((changed, sets))
}

/// A chance move without the arms that went into others.
fn fewer_arms(changed: &mut Game, chance: &Chance, node: u32, merged: &Merged) -> Chance {
    let mut fewer = Chance { event: chance.event, arms: vec![], probs: vec![] };
    for (k, arm) in chance.arms.iter().enumerate() {
        if merged.contains_key(&(node, k as u32)) {
            continue;
        }
        let mut prob = chance.probs[k];
        for (j, more) in chance.probs.iter().enumerate() {
            if merged.get(&(node, j as u32)) == Some(&(k as u32)) {
                prob = changed.tape.push(Op::Add(prob, *more));
            }
        }
        fewer.arms.push(*arm);
        fewer.probs.push(prob);
    }
    fewer
}

/// The new id of every node that stays; parents precede children.
fn kept_nodes(game: &Game, stays: &[Vec<bool>], merged: &Merged) -> Vec<Option<NodeId>> {
    let mut kept: Vec<Option<NodeId>> = Vec::with_capacity(game.nodes.len());
    let mut count = 0;
    for node in &game.nodes {
        let stay = node.parent.is_none_or(|(parent, position)| {
            kept[parent.index()].is_some()
                && match game.nodes[parent.index()].kind {
                    NodeKind::Decision(h) => stays[h.index()][position as usize],
                    _ => !merged.contains_key(&(parent.0, position)),
                }
        });
        kept.push(stay.then_some(NodeId(count)));
        count += u32::from(stay);
    }
    kept
}

/// Returns the game in which these players know `fact` whenever they decide, and all know that
/// they know it. Information sets are split by the arm of the fact on the way to each member.
pub fn told(game: &Game, fact: EventId, players: &[PlayerId]) -> Game {
    let mut changed = Game { infosets: vec![], strategic: false, ..game.clone() };
    for set in &game.infosets {
        let mut parts: BTreeMap<Option<u32>, Vec<NodeId>> = BTreeMap::new();
        for node in &set.nodes {
            let arm = match players.contains(&set.player) && !set.seen.iter().any(|s| s.event == fact) {
                true => history(game, *node).iter().find(|(event, _)| *event == fact).map(|(_, arm)| *arm),
                false => None,
            };
            parts.entry(arm).or_default().push(*node);
        }
        for (arm, nodes) in parts {
            let id = InfosetId(changed.infosets.len() as u32);
            nodes.iter().for_each(|n| changed.nodes[n.index()].kind = NodeKind::Decision(id));
            let mut part = Infoset { nodes, ..set.clone() };
            if let Some(arm) = arm {
                learn(game, &mut part, Seen { event: fact, arm });
            }
            changed.infosets.push(part);
        }
    }
    changed
}

/// Puts what was learnt at its place among the things seen: where the fact was drawn.
fn learn(game: &Game, set: &mut Infoset, news: Seen) {
    let path = set.nodes.first().map(|n| history(game, *n)).unwrap_or_default();
    let place = |event: EventId| path.iter().position(|(e, _)| *e == event).unwrap_or(path.len());
    let own = place(news.event);
    let at = set.seen.iter().take_while(|s| place(s.event) < own).count();
    set.seen.insert(at, news);
    let words =
        set.seen.iter().map(|s| format!("{}={}", game.event_name(s.event), arm_name(game, s.event, s.arm)));
    set.label = words.collect::<Vec<_>>().join(", ");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::efg;

    /// Nature makes a fact; A sees it and speaks or stays silent; B, who sees only that, replies.
    const TALK: &str = r#"EFG 2 R "talk" { "A" "B" }
c "" 1 "fact" { "high" 1/2 "low" 1/2 } 0
p "" 1 1 "a high" { "speak" "silent" } 0
p "" 2 1 "b heard" { "yes" "no" } 0
t "" 1 "" { 2, 1 }
t "" 2 "" { 0, 0 }
t "" 3 "" { 1, 0 }
p "" 1 2 "a low" { "speak" "silent" } 0
p "" 2 1 "b heard" { "yes" "no" } 0
t "" 4 "" { 2, -1 }
t "" 5 "" { 0, 0 }
t "" 6 "" { 1, 0 }
"#;

    #[test]
    fn a_forbidden_action_takes_its_branch_with_it() {
        let game = efg::read(TALK).unwrap();
        let silent = |event: EventId, arm: u32| arm_name(&game, event, arm) == "silent";
        let changed = without(&game, silent).unwrap();
        assert_eq!((changed.nodes.len(), changed.num_terminals()), (game.nodes.len() - 2, 4));
        assert_eq!(changed.infosets.iter().map(|h| h.actions.len()).collect::<Vec<_>>(), vec![1, 2, 1]);
        for (n, node) in changed.nodes.iter().enumerate() {
            for (k, child) in changed.children(NodeId(n as u32)).iter().enumerate() {
                assert_eq!(changed.nodes[child.index()].parent, Some((NodeId(n as u32), k as u32)));
            }
            if let NodeKind::Decision(h) = node.kind {
                assert!(changed.infosets[h.index()].nodes.contains(&NodeId(n as u32)));
            }
        }
        assert!(crate::recall::check(&changed).is_ok());
        assert_eq!(without(&game, |e, a| silent(e, a) || arm_name(&game, e, a) == "speak"), None);
    }

    #[test]
    fn a_told_fact_splits_the_sets_of_those_who_are_told() {
        let game = efg::read(TALK).unwrap();
        let fact = EventId(game.events.iter().position(|e| e.arms.contains(&"high".into())).unwrap() as u32);
        let knowing = told(&game, fact, &[PlayerId(1)]);
        let of_b = |g: &Game| g.infosets.iter().filter(|h| h.player == PlayerId(1)).count();
        assert_eq!((of_b(&game), of_b(&knowing)), (1, 2));
        assert!(knowing.infosets.iter().filter(|h| h.player == PlayerId(1)).all(|h| h.seen.len() == 1));
        assert!(crate::recall::check(&knowing).is_ok());
        assert_eq!(told(&game, fact, &[]).infosets, game.infosets);
    }
}
