//! From rows to a [`Game`]: probabilities repaired, impossible branches pruned, names given.

use super::super::error::{FormatError, shown};
use super::super::strict::own_comment;
use super::super::{MAX_PAYOFFS, SUM_TOLERANCE, size};
use super::names::{self, SetName};
use super::parse::{RawGame, RawSet};
use crate::game::{
    Chance, ChanceId, Game, Infoset, InfosetId, Node, NodeId, NodeKind, Pay, PayListId, PlayerId,
};
use crate::recall;
use detente_exact::Q;

/// Builds the game of a file; `text` serves error positions only.
pub(crate) fn build(text: &str, mut raw: RawGame) -> Result<Game, FormatError> {
    if raw.nodes.len().saturating_mul(raw.players.len()) > MAX_PAYOFFS {
        let message = format!("{} nodes times {} players", raw.nodes.len(), raw.players.len());
        return Err(FormatError::game(message, format!("the limit is {MAX_PAYOFFS}; write a smaller game")));
    }
    let mut repairs = std::mem::take(&mut raw.repairs);
    for set in raw.sets.iter_mut().filter(|s| s.player == 0) {
        repair_probabilities(text, set, &mut repairs)?;
    }
    let kept = kept_rows(&raw, &mut repairs);
    let used = sets_in_use(&raw, &kept);
    let mut game = Game {
        title: raw.title.clone(),
        comment: own_comment(&raw.comment),
        pay_lists: vec![vec![]],
        ..Game::default()
    };
    game.players = names::players(&raw.players, &mut repairs);
    let (events, set_names) = names::sets(&raw, &used, &game.players, &mut repairs);
    game.events = events;
    game.repairs = shortened(repairs);
    let kinds = add_sets(&mut game, &raw, &used, set_names);
    let (outcomes, outcome_of) = names::outcomes(&raw);
    game.outcomes = outcomes;
    let amounts = add_payments(&mut game, &raw);

    let mut new_id = vec![u32::MAX; raw.nodes.len()];
    let mut rows: Vec<u32> = Vec::new();
    for (k, node) in raw.nodes.iter().enumerate().filter(|(k, _)| kept[*k]) {
        let id = game.nodes.len() as u32;
        new_id[k] = id;
        rows.push(node.at);
        let kind = match node.set {
            Some(set) => kinds[set as usize],
            None => NodeKind::Terminal(node.outcome.and_then(|o| outcome_of[o as usize])),
        };
        let parent = node.parent.map(|(parent, _)| NodeId(new_id[parent as usize]));
        let num_children = node.set.map_or(0, |s| kept_branches(&raw.sets[s as usize]) as u32);
        if let NodeKind::Decision(h) = kind {
            game.infosets[h.index()].nodes.push(NodeId(id));
        }
        let pays = PayListId(node.outcome.map_or(0, |o| o + 1));
        game.nodes.push(Node { parent: parent.map(|p| (p, 0)), kind, first_child: 0, num_children, pays });
    }
    link_children(&mut game);
    compact_pay_lists(&mut game);
    let amounts: Vec<_> = game
        .pay_lists
        .iter()
        .map(|l| l.iter().map(|p| (p.player.index(), amounts[p.amount.0 as usize].clone())).collect())
        .collect();
    check(text, game, &amounts, &rows)
}

/// The checks that need the whole tree.
fn check(text: &str, game: Game, amounts: &[Vec<(usize, Q)>], rows: &[u32]) -> Result<Game, FormatError> {
    let at = |node: NodeId| rows[node.index()] as usize;
    if let Some(node) = size::oversized_payoff(&game, amounts) {
        return Err(FormatError::at(
            text,
            at(node),
            "the payoffs along this path add up to a number with too many digits",
            "round them to fewer digits",
        ));
    }
    recall::check(&game).map_err(|error| {
        let help = "split the set into one per history that its owner remembers";
        FormatError::at(text, at(error.nodes.1), error.to_string(), help)
    })?;
    Ok(game)
}

fn kept_branches(set: &RawSet) -> usize {
    if set.player == 0 { set.probs.iter().filter(|p| !p.is_zero()).count() } else { set.actions.len() }
}

/// Makes a chance move's probabilities sum to exactly 1; zeros stay, for pruning.
fn repair_probabilities(text: &str, set: &mut RawSet, repairs: &mut Vec<String>) -> Result<(), FormatError> {
    if let Some(k) = set.probs.iter().position(|p| p.is_negative() || *p > Q::ONE) {
        let message = format!(
            "the probability of {} is {}, outside [0, 1]",
            shown(&set.actions[k]),
            shown(&set.probs[k].to_string())
        );
        return Err(FormatError::at(text, set.at, message, "write a probability from 0 to 1"));
    }
    let Some(sum) = size::sum(set.probs.iter()) else {
        let message = "the probabilities of this chance move sum to a number with too many digits";
        return Err(FormatError::at(text, set.at, message, "write them with a common denominator"));
    };
    if sum == Q::ONE {
        return Ok(());
    }
    let distance = (sum.clone() - Q::ONE).abs();
    if distance > Q::new(1, SUM_TOLERANCE) {
        let message =
            format!("the probabilities of this chance move sum to {}, not 1", shown(&sum.to_string()));
        return Err(FormatError::at(text, set.at, message, "write them as fractions that sum to exactly 1"));
    }
    for p in &mut set.probs {
        *p = p.clone() / sum.clone();
    }
    let name = if set.label.is_empty() { set.number.to_string() } else { set.label.clone() };
    let (side, size) = (if sum > Q::ONE { "more" } else { "less" }, distance.to_f64());
    repairs.push(format!(
        "the probabilities of chance move `{name}` summed to {size:.1e} {side} than 1; they are divided by their sum"
    ));
    Ok(())
}

/// Keeps a list of repairs readable: each sentence once, and not thousands.
fn shortened(mut repairs: Vec<String>) -> Vec<String> {
    const MOST: usize = 200;
    repairs.dedup();
    if repairs.len() > MOST {
        let more = repairs.len() - MOST;
        repairs.truncate(MOST);
        repairs.push(format!("and {more} more repairs of these kinds"));
    }
    repairs
}

/// Which rows can be reached: those below a branch of probability 0 are pruned.
fn kept_rows(raw: &RawGame, repairs: &mut Vec<String>) -> Vec<bool> {
    let mut kept = vec![true; raw.nodes.len()];
    let mut pruned = 0usize;
    for (k, node) in raw.nodes.iter().enumerate() {
        let Some((parent, branch)) = node.parent else { continue };
        let set = &raw.sets[raw.nodes[parent as usize].set.expect("a parent is not an end of play") as usize];
        let impossible = set.probs.get(branch as usize).is_some_and(Q::is_zero);
        kept[k] = kept[parent as usize] && !impossible;
        pruned += usize::from(!kept[k]);
    }
    for set in &raw.sets {
        for (action, _) in set.actions.iter().zip(&set.probs).filter(|(_, p)| p.is_zero()) {
            let name = if set.label.is_empty() { set.number.to_string() } else { set.label.clone() };
            repairs.push(format!(
                "branch {} of chance move `{name}` has probability 0 and is pruned",
                shown(action)
            ));
        }
    }
    if pruned > 0 {
        repairs.push(match pruned {
            1 => "1 node below a branch of probability 0 is left out".to_string(),
            _ => format!("{pruned} nodes below branches of probability 0 are left out"),
        });
    }
    kept
}

/// The sets that a kept row belongs to, in order of first appearance.
fn sets_in_use(raw: &RawGame, kept: &[bool]) -> Vec<u32> {
    let mut seen = vec![false; raw.sets.len()];
    let mut used = Vec::new();
    for set in raw.nodes.iter().zip(kept).filter(|(_, keep)| **keep).filter_map(|(n, _)| n.set) {
        if !std::mem::replace(&mut seen[set as usize], true) {
            used.push(set);
        }
    }
    used
}

/// Adds information sets and chance moves; returns the kind of a node of each raw set.
fn add_sets(game: &mut Game, raw: &RawGame, used: &[u32], names: Vec<SetName>) -> Vec<NodeKind> {
    let mut kinds = vec![NodeKind::Terminal(None); raw.sets.len()];
    for (&s, name) in used.iter().zip(names) {
        let set = &raw.sets[s as usize];
        kinds[s as usize] = match set.player.checked_sub(1) {
            Some(p) => {
                let player = PlayerId(p as u32);
                game.infosets.push(Infoset {
                    player,
                    event: name.event,
                    actions: name.arms,
                    nodes: vec![],
                    seen: vec![],
                    label: name.label,
                });
                NodeKind::Decision(InfosetId(game.infosets.len() as u32 - 1))
            }
            None => {
                let possible = || (0..set.probs.len()).filter(|k| !set.probs[*k].is_zero());
                let arms = possible().map(|k| name.arms[k]).collect();
                let probs = possible().map(|k| game.tape.constant(set.probs[k].clone())).collect();
                game.chances.push(Chance { event: name.event, arms, probs });
                NodeKind::Chance(ChanceId(game.chances.len() as u32 - 1))
            }
        };
    }
    kinds
}

/// Adds one pay list per outcome, at its position plus 1; returns the tape's values.
fn add_payments(game: &mut Game, raw: &RawGame) -> Vec<Q> {
    for outcome in &raw.outcomes {
        let payoffs = outcome.payoffs.iter().flatten().enumerate().filter(|(_, q)| !q.is_zero());
        let list = payoffs.map(|(p, q)| {
            let amount = game.tape.constant(q.clone());
            Pay { player: PlayerId(p as u32), ledger: None, amount }
        });
        let list: Vec<Pay> = list.collect();
        game.pay_lists.push(list);
    }
    game.tape
        .ops
        .iter()
        .map(|op| match op {
            crate::Op::Const(q) => q.clone(),
            _ => Q::ZERO,
        })
        .collect()
}

/// Lays out the children of all nodes back to back; nodes come in the order of a walk, so
/// the children of a node come in the order of its branches.
pub(crate) fn link_children(game: &mut Game) {
    let mut next = 0u32;
    for node in &mut game.nodes {
        node.first_child = next;
        next += node.num_children;
    }
    game.children = vec![NodeId(0); next as usize];
    let mut filled = vec![0u32; game.nodes.len()];
    for k in 0..game.nodes.len() {
        if let Some((parent, _)) = game.nodes[k].parent {
            let position = filled[parent.index()];
            filled[parent.index()] += 1;
            game.nodes[k].parent = Some((parent, position));
            let first = game.nodes[parent.index()].first_child;
            game.children[(first + position) as usize] = NodeId(k as u32);
        }
    }
}

/// Interns pay lists by content and drops those without a node.
pub(crate) fn compact_pay_lists(game: &mut Game) {
    let mut ids: std::collections::BTreeMap<Vec<(PlayerId, u32)>, u32> = std::collections::BTreeMap::new();
    let mut lists: Vec<Vec<Pay>> = vec![vec![]];
    ids.insert(vec![], 0);
    let mut new_id: Vec<Option<u32>> = vec![None; game.pay_lists.len()];
    for node in &mut game.nodes {
        let old = node.pays.index();
        let id = *new_id[old].get_or_insert_with(|| {
            let list = &game.pay_lists[old];
            let key = list.iter().map(|p| (p.player, p.amount.0)).collect();
            *ids.entry(key).or_insert_with(|| {
                lists.push(list.clone());
                lists.len() as u32 - 1
            })
        });
        node.pays = PayListId(id);
    }
    game.pay_lists = lists;
}
