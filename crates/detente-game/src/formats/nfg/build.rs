//! From a table to a tree of simultaneous moves, layer by layer.

use super::super::efg::{compact_pay_lists, player_names};
use super::super::error::FormatError;
use super::super::labels::{distinct, sentence};
use super::super::strict::{COMMENT, outcome_name, own_comment};
use super::parse::{Cells, RawTable};
use crate::game::{
    Event, EventId, EventKind, Game, Infoset, InfosetId, Node, NodeId, NodeKind, Outcome, OutcomeId, Pay,
    PayListId, PlayerId,
};
use detente_exact::Q;
use std::collections::BTreeMap;

/// The name of the one decision of a player in a strategic game.
const DECISION: &str = "strategy";

/// Builds the game of a table.
pub(crate) fn build(raw: RawTable) -> Result<Game, FormatError> {
    let mut game = Game {
        title: raw.title.clone(),
        comment: own_comment(&raw.comment),
        strategic: true,
        pay_lists: vec![vec![]],
        ..Game::default()
    };
    let mut repairs = raw.repairs.clone();
    game.players = player_names(&raw.players, &mut repairs);
    let mut arms = Vec::new();
    for (player, labels) in game.players.iter().zip(&raw.strategies) {
        let (names, changed) = distinct(labels, |k| (k + 1).to_string());
        repairs.extend(sentence(&format!("strategies of `{}`", player.name), labels, &names, &changed));
        arms.push(names);
    }
    game.repairs = repairs;
    let layers = add_moves(&mut game, &arms);
    let ends = add_ends(&mut game, &raw, &arms);
    let leaves = layers.last().copied().unwrap_or(0) as usize;
    let sizes: Vec<usize> = arms.iter().map(Vec::len).collect();
    for (position, node) in game.nodes[leaves..].iter_mut().enumerate() {
        let (outcome, pays) = ends[cell_of(position, &sizes)];
        node.kind = NodeKind::Terminal(outcome);
        node.pays = pays;
    }
    compact_pay_lists(&mut game);
    Ok(game)
}

/// The cell of a leaf: in the tree the last player's strategy changes fastest, in the
/// table the first player's.
fn cell_of(leaf: usize, sizes: &[usize]) -> usize {
    let (mut rest, mut stride, mut cell) = (leaf, sizes.iter().product::<usize>(), 0);
    for size in sizes.iter().rev() {
        stride /= size;
        cell += (rest % size) * stride;
        rest /= size;
    }
    cell
}

/// Adds the players' sets and all nodes; returns where each layer of nodes starts.
fn add_moves(game: &mut Game, arms: &[Vec<String>]) -> Vec<u32> {
    let mut starts = vec![0u32];
    let mut width = 1u32;
    game.nodes.push(Node {
        parent: None,
        kind: NodeKind::Terminal(None),
        first_child: 0,
        num_children: 0,
        pays: PayListId(0),
    });
    for (p, names) in arms.iter().enumerate() {
        let player = PlayerId(p as u32);
        let event = EventId(p as u32);
        game.events.push(Event {
            kind: EventKind::Move,
            owner: Some(player),
            name: DECISION.into(),
            label: DECISION.into(),
            round: vec![],
            arms: names.clone(),
            values: vec![],
        });
        let start = starts[p];
        let size = names.len() as u32;
        game.infosets.push(Infoset {
            player,
            event,
            actions: (0..size).collect(),
            nodes: (start..start + width).map(NodeId).collect(),
            seen: vec![],
            label: DECISION.into(),
        });
        for k in 0..width {
            let id = start + k;
            let node = &mut game.nodes[id as usize];
            node.kind = NodeKind::Decision(InfosetId(p as u32));
            node.first_child = game.children.len() as u32;
            node.num_children = size;
            for a in 0..size {
                game.children.push(NodeId(game.nodes.len() as u32));
                let parent = Some((NodeId(id), a));
                game.nodes.push(Node {
                    parent,
                    kind: NodeKind::Terminal(None),
                    first_child: 0,
                    num_children: 0,
                    pays: PayListId(0),
                });
            }
        }
        starts.push(start + width);
        width *= size;
    }
    let end = game.children.len() as u32;
    let leaves = starts.last().copied().unwrap_or(0) as usize;
    for node in &mut game.nodes[leaves..] {
        node.first_child = end;
    }
    starts
}

/// Adds outcomes and payments; returns both for every cell.
fn add_ends(game: &mut Game, raw: &RawTable, arms: &[Vec<String>]) -> Vec<(Option<OutcomeId>, PayListId)> {
    match &raw.cells {
        Cells::Payoffs(payoffs) => {
            let sizes: Vec<usize> = arms.iter().map(Vec::len).collect();
            payoffs
                .chunks(game.players.len())
                .enumerate()
                .map(|(cell, payoffs)| {
                    let outcome = add_outcome(game, cell_name(cell, &sizes, arms));
                    (Some(outcome), add_payoffs(game, payoffs))
                })
                .collect()
        }
        Cells::Outcomes(list, cells) => {
            let ours = raw.comment.starts_with(COMMENT);
            let mut ids: BTreeMap<String, OutcomeId> = BTreeMap::new();
            let mut ends = vec![(None, PayListId(0))];
            for (k, (label, payoffs)) in list.iter().enumerate() {
                let label = if label.is_empty() { format!("#{}", k + 1) } else { label.clone() };
                let name = if ours { outcome_name(&label) } else { Some(label.as_str()) };
                let outcome = name.map(|name| {
                    *ids.entry(name.to_string()).or_insert_with(|| add_outcome(game, name.to_string()))
                });
                let pays = add_payoffs(game, payoffs);
                ends.push((outcome, pays));
            }
            cells.iter().map(|k| ends[*k as usize]).collect()
        }
    }
}

/// The strategies of a cell, joined by commas.
pub(crate) fn cell_name(cell: usize, sizes: &[usize], arms: &[Vec<String>]) -> String {
    let mut rest = cell;
    let names = sizes.iter().zip(arms).map(|(size, arms)| {
        let strategy = rest % size;
        rest /= size;
        arms[strategy].as_str()
    });
    names.collect::<Vec<_>>().join(",")
}

fn add_outcome(game: &mut Game, name: String) -> OutcomeId {
    game.outcomes.push(Outcome { label: name.clone(), name });
    OutcomeId(game.outcomes.len() as u32 - 1)
}

fn add_payoffs(game: &mut Game, payoffs: &[Q]) -> PayListId {
    let mut list = Vec::new();
    for (p, q) in payoffs.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
        let amount = game.tape.constant(q.clone());
        list.push(Pay { player: PlayerId(p as u32), ledger: None, amount });
    }
    game.pay_lists.push(list);
    PayListId(game.pay_lists.len() as u32 - 1)
}
