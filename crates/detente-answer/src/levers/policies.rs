//! What a player could change: its moves, ruled out beforehand, bound beforehand, or simply made; and
//! numbers that are its own.
//!
//! The one idea: an action ruled out is a game of its own, solved anew, in which all foresee it; a move
//! that is only made is `do`, which the others meet with the strategies they have.

use super::Inquiry;
use crate::ends::each_query;
use crate::sampler::Sampler;
use detente_exact::Q;
use detente_game::change::{told, without};
use detente_game::{EventId, EventKind, Game, NodeId, NodeKind, ParamId, PlayerId};
use detente_model::Model;
use detente_model::model::Lever;
use detente_model::question::{Body, Intervention};
use detente_prob::base::three_digits;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A parameter is moved to this quantile of its prior, and to the one as far from the other end.
pub const REACH: f64 = 0.05;
/// A decision with more actions than this is bound to each of them, not robbed of each of them.
const MOST_FORBIDDEN: usize = 8;
/// Most actions of a decision that are looked at.
const MOST_ARMS: usize = 32;
/// A decision with more actions than this is not tried action by action where levers are declared: each plan
/// of many would be a lever that nobody asked for.
const MOST_BESIDE: usize = 12;

/// How a lever works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An action is ruled out, and all know it.
    Forbid,
    /// A decision is bound to one action, and all know it.
    Commit,
    /// A move is made that the others did not foresee.
    Do,
    /// A number is changed, and all know it.
    Param,
    /// What the model declares that the player can change.
    Lever,
}

/// One thing that a player could do.
pub struct Policy {
    pub kind: Kind,
    /// In the words of the language where it has them: `forbid West.reply == talks`.
    pub name: String,
    /// The label of the action or the parameter.
    pub label: String,
    pub change: Change,
}

/// What is changed.
pub enum Change {
    /// The rules, if they change: this model in place of the given one; and numbers.
    Game(Option<Box<Model>>, Vec<(ParamId, Q)>),
    Moves(Vec<Intervention>),
}

/// Everything that a player could do, in the order of the model.
///
/// # Errors
/// A parameter asked for that has no prior: nobody says how far it could be moved.
pub fn policies(model: &Model, inquiry: &Inquiry, sampler: &Sampler) -> Result<Vec<Policy>, String> {
    let mut list = vec![];
    let beyond = crowded(model, inquiry.player);
    for events in decisions(&model.game, inquiry.player) {
        if !beyond.iter().any(|(name, _)| *name == whole(&model.game, &events)) {
            list.extend(of_decision(model, &events));
        }
    }
    let declared: Vec<&Lever> = model.levers.iter().filter(|l| l.player == inquiry.player).collect();
    list.extend(declared.iter().filter_map(|lever| of_lever(model, lever)));
    let wanted = match &inquiry.params {
        Some(chosen) => chosen.clone(),
        // The author has said what the player can change.
        None if !declared.is_empty() => vec![],
        None => own_params(&model.game, inquiry.player).into_iter().collect(),
    };
    for param in wanted {
        match sampler.uncertain().find(|(p, _)| *p == param) {
            Some((_, prior)) => list.extend(of_param(&model.game, param, prior)),
            None if inquiry.params.is_some() => {
                let name = &model.game.params[param.index()].name;
                return Err(format!("`{name}` has no prior, so nothing says how far it could be moved"));
            }
            None => {}
        }
    }
    Ok(list)
}

/// The decisions of a player whose actions are not tried, because levers are declared and there are too many;
/// with their number.
pub fn crowded(model: &Model, player: PlayerId) -> Vec<(String, usize)> {
    if !model.levers.iter().any(|l| l.player == player) {
        return vec![];
    }
    let game = &model.game;
    let actions = |events: &Vec<EventId>| {
        let sets = game.infosets.iter().filter(|h| events.contains(&h.event));
        sets.map(|h| h.actions.len()).max().unwrap_or(0)
    };
    let list = decisions(game, player).into_iter().map(|events| (whole(game, &events), actions(&events)));
    list.filter(|(_, n)| *n > MOST_BESIDE).collect()
}

/// A decision by its owner and name.
fn whole(game: &Game, events: &[EventId]) -> String {
    let first = &game.events[events[0].index()];
    let owner = first.owner.map(|p| game.players[p.index()].name.clone()).unwrap_or_default();
    format!("{owner}.{}", first.name)
}

/// The decisions of a player; those of several rounds are one.
fn decisions(game: &Game, player: PlayerId) -> Vec<Vec<EventId>> {
    let mut list: Vec<Vec<EventId>> = vec![];
    for (k, event) in game.events.iter().enumerate() {
        let made = game.infosets.iter().any(|h| h.event.index() == k && h.actions.len() > 1);
        if event.kind != EventKind::Move || event.owner != Some(player) || !made {
            continue;
        }
        let id = EventId(k as u32);
        match list.iter_mut().find(|l| game.events[l[0].index()].name == event.name) {
            Some(rounds) => rounds.push(id),
            None => list.push(vec![id]),
        }
    }
    list
}

fn of_decision(model: &Model, events: &[EventId]) -> Vec<Policy> {
    let game = &model.game;
    let mut arms: Vec<&String> = vec![];
    for set in game.infosets.iter().filter(|h| events.contains(&h.event)) {
        let event = &game.events[set.event.index()];
        let names = set.actions.iter().map(|a| &event.arms[*a as usize]);
        names.for_each(|name| {
            if !arms.contains(&name) {
                arms.push(name)
            }
        });
    }
    arms.truncate(MOST_ARMS);
    let first = &game.events[events[0].index()];
    let whole = whole(game, events);
    let label =
        |arm: &str| if first.label.is_empty() { arm.to_string() } else { format!("{} {arm}", first.label) };
    let mut list = vec![];
    let rule = |kind, name: String, arm: &str, gone: &dyn Fn(&str) -> bool| {
        let changed = changed_rules(model, &whole, gone)?;
        Some(Policy { kind, name, label: label(arm), change: Change::Game(Some(Box::new(changed)), vec![]) })
    };
    if arms.len() <= MOST_FORBIDDEN {
        for arm in &arms {
            list.extend(rule(Kind::Forbid, format!("forbid {whole} == {arm}"), arm, &|a| a == *arm));
        }
    }
    // With two actions, to be bound to one is to be robbed of the other.
    if arms.len() > 2 {
        for arm in &arms {
            list.extend(rule(Kind::Commit, format!("commit {whole} == {arm}"), arm, &|a| a != *arm));
        }
    }
    let at = |event: EventId, name: &str| {
        let arm = game.events[event.index()].arms.iter().position(|a| a == name)?;
        Some(Intervention { event, arm: arm as u32 })
    };
    for event in events {
        for arm in &arms {
            let name = format!("do {} == {arm}", game.event_name(*event));
            let offered = |h: &detente_game::Infoset| {
                h.event == *event && at(*event, arm).is_some_and(|i| h.actions.contains(&i.arm))
            };
            if let Some(one) = at(*event, arm).filter(|_| game.infosets.iter().any(offered)) {
                list.push(Policy {
                    kind: Kind::Do,
                    name,
                    label: label(arm),
                    change: Change::Moves(vec![one]),
                });
            }
        }
    }
    if events.len() > 1 {
        for arm in &arms {
            let all: Option<Vec<Intervention>> = events.iter().map(|e| at(*e, arm)).collect();
            if let Some(all) = all {
                let name = format!("do all({whole}) == {arm}");
                list.push(Policy { kind: Kind::Do, name, label: label(arm), change: Change::Moves(all) });
            }
        }
    }
    list
}

/// A declared lever; `None` where it leaves a decision nothing to choose.
fn of_lever(model: &Model, lever: &Lever) -> Option<Policy> {
    let mut changed: Option<Box<Model>> = None;
    if !lever.forbids.is_empty() || !lever.reveals.is_empty() {
        let change = |game: &Game| {
            let named = |event: EventId| {
                let event = &game.events[event.index()];
                let owner = event.owner.map(|p| game.players[p.index()].name.as_str()).unwrap_or_default();
                format!("{owner}.{}", event.name)
            };
            let gone = |event: EventId, arm: u32| {
                let (name, arm) = (named(event), &game.events[event.index()].arms[arm as usize]);
                lever.forbids.iter().any(|(decision, action)| *decision == name && action == arm)
            };
            let mut changed = if lever.forbids.is_empty() { game.clone() } else { without(game, gone)? };
            for (fact, player) in &lever.reveals {
                let id = (0..game.events.len() as u32).map(EventId).find(|e| named(*e) == *fact)?;
                changed = told(&changed, id, &[*player]);
            }
            Some(changed)
        };
        changed = Some(Box::new(with_games(model, &change)?));
    }
    Some(Policy {
        kind: Kind::Lever,
        name: format!("lever {}", lever.name),
        label: lever.support.label.clone(),
        change: Change::Game(changed, lever.sets.clone()),
    })
}

/// The model with its own game and those of its variants changed.
fn with_games(model: &Model, change: &dyn Fn(&Game) -> Option<Game>) -> Option<Model> {
    let mut changed = Model { game: change(&model.game)?, ..model.clone() };
    for variant in changed.variants.values_mut() {
        variant.game = change(&variant.game)?;
    }
    Some(changed)
}

/// The model with some actions of a decision gone, in its variants too.
fn changed_rules(model: &Model, decision: &str, gone: &dyn Fn(&str) -> bool) -> Option<Model> {
    let change = |game: &Game| {
        without(game, |event, arm| {
            let event = &game.events[event.index()];
            let owner = event.owner.map(|p| game.players[p.index()].name.as_str()).unwrap_or_default();
            decision == format!("{owner}.{}", event.name) && gone(&event.arms[arm as usize])
        })
    };
    with_games(model, &change)
}

/// To the low and to the high end of what the prior allows.
fn of_param(game: &Game, param: ParamId, prior: &detente_prob::Prior) -> Vec<Policy> {
    let info = &game.params[param.index()];
    let ends = [three_digits(prior.quantile(REACH)), three_digits(prior.quantile(1.0 - REACH))];
    let moved = ends.into_iter().flatten().filter(|value| *value != info.base);
    let policy = |value: Q| Policy {
        kind: Kind::Param,
        name: format!("{} = {}", info.name, value.to_f64()),
        label: info.label.clone(),
        change: Change::Game(None, vec![(param, value)]),
    };
    moved.map(policy).collect()
}

/// The parameters in a player's payoffs, and in what is paid on its actions.
pub fn own_params(game: &Game, player: PlayerId) -> BTreeSet<ParamId> {
    let of_player = |n: NodeId| match game.nodes[n.index()].kind {
        NodeKind::Decision(h) => game.infosets[h.index()].player == player,
        _ => false,
    };
    let mut exprs = BTreeSet::new();
    for list in &game.pay_lists {
        exprs.extend(list.iter().filter(|p| p.player == player).map(|p| p.amount));
    }
    for node in &game.nodes {
        // What an outcome pays the others is not the player's to change, though its move ends the play.
        let end = matches!(node.kind, NodeKind::Terminal(_));
        if !end && node.parent.is_some_and(|(parent, _)| of_player(parent)) {
            exprs.extend(game.pay_lists[node.pays.index()].iter().map(|p| p.amount));
        }
    }
    let mut params = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = exprs.into_iter().collect();
    while let Some(expr) = open.pop() {
        if !seen.insert(expr) {
            continue;
        }
        let op = &game.tape.ops[expr.0 as usize];
        if let detente_game::Op::Param(p) = op {
            params.insert(*p);
        }
        open.extend(op.operands());
    }
    params
}

/// A question as it stands after moves were made: `do` is added to every part of it. `None` where
/// the question itself says how one of these moves is made.
pub fn after(model: &Model, body: &Body, moves: &[Intervention]) -> Option<Body> {
    let names: BTreeMap<String, &str> = moves
        .iter()
        .map(|m| {
            (model.game.event_name(m.event), model.game.events[m.event.index()].arms[m.arm as usize].as_str())
        })
        .collect();
    each_query(body, &|query| {
        let mut query = query.clone();
        let game = model.game_of(query.conditions.variant);
        for (k, event) in game.events.iter().enumerate() {
            let id = EventId(k as u32);
            let Some(arm) = names.get(&game.event_name(id)) else { continue };
            if query.conditions.interventions.iter().any(|i| i.event == id) {
                return None;
            }
            let arm = event.arms.iter().position(|a| a == arm)? as u32;
            query.conditions.interventions.push(Intervention { event: id, arm });
        }
        Some(query)
    })
}
