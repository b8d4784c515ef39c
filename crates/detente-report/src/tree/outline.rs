//! What each node of the picture says, before anything has a place.
//!
//! The one idea: all words and weights are chosen here, so the layout sees only lines of text of
//! known width.

use crate::names::{arm_name, branch_into, decision_name, history};
use crate::number::{short, short_num};
use crate::scene::{Ink, Run, Shape, Weight};
use detente_game::solution::Component;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// One node and its words.
#[derive(Clone, Debug)]
pub struct Item {
    pub parent: Option<usize>,
    /// Children in the order in which they are drawn.
    pub children: Vec<usize>,
    pub shape: Shape,
    /// The information set, if it has several members.
    pub set: Option<usize>,
    /// The action or arm on the branch into this node, with its probability.
    pub branch: Vec<Run>,
    pub weight: Weight,
    /// Who decides here, or what chance draws; for a set with several members it is said once.
    pub owner: Vec<Run>,
    /// The belief in this member.
    pub belief: Vec<Run>,
    pub outcome: Vec<Run>,
    pub payoffs: Vec<Run>,
    pub title: String,
}

/// A name as a picture shows it: underscores are spaces, control characters are gone.
pub fn pretty(name: &str) -> String {
    name.chars().map(|c| if c == '_' || c.is_control() { ' ' } else { c }).collect()
}

/// A number as a picture shows it, with a true minus sign.
fn figure(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

/// Returns one item per node of the game.
pub fn outline(game: &Game, numbers: &Numbers, shown: Option<&Component>) -> Vec<Item> {
    let path = path_marks(game, shown);
    (0..game.nodes.len()).map(|i| item(game, numbers, shown, &path, i)).collect()
}

/// Whether each node lies on the path of play of the equilibrium shown.
fn path_marks(game: &Game, shown: Option<&Component>) -> Vec<bool> {
    let mut on = vec![shown.is_some(); game.nodes.len()];
    for (i, node) in game.nodes.iter().enumerate() {
        if let (Some((parent, k)), Some(c)) = (node.parent, shown) {
            let taken = match game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => c.profile[h.index()][k as usize].value != 0.0,
                _ => true,
            };
            on[i] = on[parent.index()] && taken;
        }
    }
    on
}

fn item(game: &Game, numbers: &Numbers, shown: Option<&Component>, path: &[bool], i: usize) -> Item {
    let id = NodeId(i as u32);
    let node = &game.nodes[i];
    let mut item = Item {
        parent: node.parent.map(|(p, _)| p.index()),
        children: game.children(id).iter().map(|c| c.index()).collect(),
        shape: Shape::End,
        set: None,
        branch: vec![],
        weight: Weight::Plain,
        owner: vec![],
        belief: vec![],
        outcome: vec![],
        payoffs: vec![],
        title: story(game, id),
    };
    branch(game, numbers, shown, path, id, &mut item);
    match node.kind {
        NodeKind::Decision(h) => {
            let set = &game.infosets[h.index()];
            let player = set.player.index();
            item.shape = Shape::Decision(player);
            item.owner = vec![
                Run::bold(pretty(&game.players[player].name), Ink::Player(player)),
                Run::new(format!(" {}", pretty(&decision_name(game, set.event))), Ink::Player(player)),
            ];
            if set.nodes.len() > 1 {
                item.set = Some(h.index());
                let place = set.nodes.iter().position(|n| *n == id);
                let belief = shown.and_then(|c| c.beliefs.get(h.index())).and_then(|b| b.get(place?));
                if let Some(b) = belief {
                    item.belief = vec![Run::new(format!("[{}]", figure(&short_num(b))), Ink::Faint)];
                }
            }
        }
        NodeKind::Chance(c) => {
            item.shape = Shape::Chance;
            let event = game.chances[c.index()].event;
            let owner = game.events[event.index()].owner.map(|p| pretty(&game.players[p.index()].name));
            let name = pretty(&decision_name(game, event));
            let text = owner.map_or(name.clone(), |o| format!("{o}’s {name}"));
            item.owner = vec![Run::new(text, Ink::Faint)];
        }
        NodeKind::Terminal(outcome) => {
            if let Some(o) = outcome {
                item.outcome = vec![Run::new(pretty(&game.outcomes[o.index()].name), Ink::Text)];
            }
            item.payoffs = payoffs(game, numbers, id);
        }
    }
    item
}

/// The words on the branch into a node, and how heavily it is drawn.
fn branch(
    game: &Game,
    numbers: &Numbers,
    shown: Option<&Component>,
    path: &[bool],
    id: NodeId,
    item: &mut Item,
) {
    let (Some((parent, k)), Some((event, arm))) = (game.nodes[id.index()].parent, branch_into(game, id))
    else {
        return;
    };
    let name = pretty(arm_name(game, event, arm));
    item.weight = if path[id.index()] { Weight::Path } else { Weight::Plain };
    match game.nodes[parent.index()].kind {
        NodeKind::Decision(h) => {
            let player = game.infosets[h.index()].player.index();
            item.branch.push(Run::new(name, Ink::Text));
            let chance = shown.map(|c| &c.profile[h.index()][k as usize]).filter(|p| p.value != 0.0);
            if let Some(p) = chance {
                item.branch.push(Run::bold(format!(" {}", figure(&short_num(p))), Ink::Player(player)));
                if item.weight == Weight::Plain {
                    item.weight = Weight::Chosen;
                }
            }
        }
        NodeKind::Chance(c) => {
            item.branch.push(Run::new(name, Ink::Text));
            let p = &numbers.chance[c.index()][k as usize];
            item.branch.push(Run::new(format!(" {}", figure(&short(p))), Ink::Faint));
        }
        NodeKind::Terminal(_) => {}
    }
}

fn payoffs(game: &Game, numbers: &Numbers, id: NodeId) -> Vec<Run> {
    let mut runs = vec![Run::new("(", Ink::Faint)];
    for p in 0..game.players.len() {
        if p > 0 {
            runs.push(Run::new(", ", Ink::Faint));
        }
        runs.push(Run::new(figure(&short(numbers.payoff(game, id, p))), Ink::Player(p)));
    }
    runs.push(Run::new(")", Ink::Faint));
    runs
}

/// What happened on the way to a node, for readers who point at it or listen.
fn story(game: &Game, id: NodeId) -> String {
    let steps: Vec<String> = history(game, id)
        .iter()
        .map(|(event, arm)| {
            format!("{} {}", pretty(&game.event_name(*event)), pretty(arm_name(game, *event, *arm)))
        })
        .collect();
    if steps.is_empty() { "start of play".into() } else { steps.join(", then ") }
}
