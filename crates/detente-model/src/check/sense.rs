//! Warnings about models that work, but probably not as meant.

use super::points::{boxes, params_of};
use crate::assemble::Games;
use crate::resolve::Resolved;
use detente_diag::Diagnostic;
use detente_exact::{Interval, Q};
use detente_game::{EventKind, ExprId, Game, NodeId, NodeKind, Param};
use std::collections::{BTreeMap, BTreeSet};

/// Trees larger than this are not searched for dominated moves and ties.
const MOST_NODES: usize = 200_000;
/// A prior whose standard deviation exceeds this share of its mean is wide.
const WIDE: f64 = 0.5;

/// A wide prior on a number that only one player's payoffs use, that no `assumed` owns,
/// and that would matter to somebody who moves before that player does: the author may have
/// meant a private fact.
pub(super) fn players_know_param(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let game = &games.base.game;
    let deciders: BTreeSet<usize> = game.infosets.iter().map(|h| h.player.index()).collect();
    if deciders.len() < 2 {
        return;
    }
    let mut payers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for pay in game.pay_lists.iter().flatten() {
        for param in params_of(game, pay.amount) {
            payers.entry(param.index()).or_default().insert(pay.player.index());
        }
    }
    let mut public = BTreeSet::new();
    for chance in &game.chances {
        chance.probs.iter().for_each(|p| public.extend(params_of(game, *p)));
    }
    for event in &game.events {
        event.values.iter().for_each(|v| public.extend(params_of(game, *v)));
    }
    for (at, param) in game.params.iter().enumerate() {
        let Some(prior) = &param.prior else { continue };
        let Some(players) = payers.get(&at) else { continue };
        let wide = prior.sd() > WIDE * prior.mean().abs();
        let only = players.iter().next().filter(|_| players.len() == 1).copied();
        let Some(owner) = only.filter(|_| wide && !public.iter().any(|p| p.index() == at)) else { continue };
        let has_private = resolved.program.privates.iter().any(|p| p.owner == owner);
        let support = &resolved.program.params[at].support;
        if !has_private && support.assumed.is_none() && foreseen(game, owner) {
            let who = &game.players[owner].name;
            found.push(
                Diagnostic::warning(
                    "players-know-param",
                    format!("every player knows `{}` in every draw", param.name),
                )
                .label(support.span, format!("your doubt, not theirs; only {who}'s payoffs use it"))
                .help(format!(
                    "if the others are unsure of it too, write `private {who}.{} ~ ... split 8`; \
                     if they know it, own that: `assumed \"known to all\"`",
                    param.name
                )),
            );
        }
    }
}

/// Does somebody decide before a decision of this player, and so have to guess at it?
fn foreseen(game: &Game, owner: usize) -> bool {
    let decider = |node: usize| match game.nodes[node].kind {
        NodeKind::Decision(h) => Some(game.infosets[h.index()].player.index()),
        _ => None,
    };
    let mut after_other = vec![false; game.nodes.len()];
    for at in 0..game.nodes.len() {
        if let Some((parent, _)) = game.nodes[at].parent {
            let parent = parent.index();
            after_other[at] = after_other[parent] || decider(parent).is_some_and(|p| p != owner);
        }
        if after_other[at] && decider(at) == Some(owner) {
            return true;
        }
    }
    false
}

/// What a player may still get below each node: least and greatest, whatever is done and drawn.
/// `range[node * players + player]`.
fn ranges<T: Clone>(
    game: &Game,
    zero: &T,
    paid: impl Fn(&T, ExprId) -> T,
    hull: impl Fn(&T, &T) -> T,
) -> Vec<T> {
    let players = game.players.len();
    let mut ranges: Vec<T> = vec![zero.clone(); game.nodes.len() * players];
    for at in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(at as u32));
        for p in 0..players {
            let below = children.iter().map(|c| ranges[c.index() * players + p].clone());
            if let Some(all) = below.reduce(|a, b| hull(&a, &b)) {
                ranges[at * players + p] = all;
            }
        }
        for pay in &game.pay_lists[game.nodes[at].pays.index()] {
            let place = &mut ranges[at * players + pay.player.index()];
            *place = paid(place, pay.amount);
        }
    }
    ranges
}

/// Actions that are worse than another one, wherever they are offered and for all values of the params.
pub(super) fn dominated(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&games.base.game, &games.base.facts);
    let Some(boxes) = boxes(game).filter(|_| game.nodes.len() <= MOST_NODES) else { return };
    let values = game.tape.eval::<Interval>(&boxes);
    let wide = Interval::new(f64::NEG_INFINITY, f64::INFINITY);
    let amount = |id: ExprId| values[id.0 as usize].or(wide).unwrap_or(Interval::ZERO);
    let ranges = ranges(game, &Interval::ZERO, |sum, id| *sum + amount(id), |a, b| a.hull(*b));
    // (declared event, arm) -> offered somewhere without being dominated.
    let mut alive: BTreeMap<(usize, u32), bool> = BTreeMap::new();
    for set in &game.infosets {
        let decl = facts.decl[set.event.index()];
        let range = |node: usize, action: usize| {
            let child = game.children(set.nodes[node])[action];
            ranges[child.index() * game.players.len() + set.player.index()]
        };
        // The last mover's choice between two is often clear, and meant to be.
        let ends = |n: &NodeId| game.children(*n).iter().all(|c| game.children(*c).is_empty());
        let clear = set.actions.len() == 2 && set.nodes.iter().all(ends);
        for (a, arm) in set.actions.iter().enumerate() {
            let worse = |b| (0..set.nodes.len()).all(|n| range(n, b).lo() > range(n, a).hi());
            *alive.entry((decl, *arm)).or_insert(false) |= clear || !(0..set.actions.len()).any(worse);
        }
    }
    for ((decl, arm), alive) in alive {
        let event = &resolved.program.events[decl];
        // The arms of a grid are points, not ideas; a bad offer is no mistake.
        if alive || event.numeric {
            continue;
        }
        let name = resolved.program.event_name(decl);
        found.push(
            Diagnostic::warning(
                "dominated-move",
                format!("`{name}` is never `{}`", event.arms[arm as usize]),
            )
            .label(event.span, "another action always pays more, for all values of the params")
            .help("check the payoffs; if it is meant, keep it as a benchmark"),
        );
    }
}

/// Exact indifference at the base values of somebody who knows what follows: at a point of a
/// grid, or elsewhere by an accident of the base values.
pub(super) fn tied(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&games.base.game, &games.base.facts);
    if game.nodes.len() > MOST_NODES {
        return;
    }
    let grid = game.events.iter().any(|e| e.kind == EventKind::Move && !e.values.is_empty());
    let Some(base) = ties(game, &game.base_params()) else { return };
    // A tie that stays when the numbers move is part of the model, not an accident.
    let lasting = if grid { None } else { ties(game, &moved(game)) };
    if !grid && lasting.is_none() {
        return;
    }
    let mut tied: BTreeMap<usize, String> = BTreeMap::new();
    for set in base.into_iter().filter(|set| !lasting.as_ref().is_some_and(|l| l.contains(set))) {
        let set = &game.infosets[set];
        tied.entry(facts.decl[set.event.index()]).or_insert_with(|| set.label.clone());
    }
    for (decl, label) in tied {
        let name = resolved.program.event_name(decl);
        let help = match grid {
            true => "an accident of the grid: move the base value or the number of points a little",
            false => "an accident of round numbers: move a base value a little",
        };
        found.push(
            Diagnostic::warning("exact-tie", format!("`{name}` is an exact tie at the base values"))
                .label(resolved.program.events[decl].span, format!("at {label}"))
                .help(help),
        );
    }
}

/// Another point of the params, off every round number.
fn moved(game: &Game) -> Vec<Q> {
    let value = |p: &Param| match &p.prior {
        Some(prior) => Q::from_f64(prior.draw(3, &p.name, 0)).unwrap_or_else(|| p.base.clone()),
        None => p.base.clone(),
    };
    game.params.iter().map(value).collect()
}

/// Information sets at which two best actions lead to one and the same payoff for sure.
fn ties(game: &Game, params: &[Q]) -> Option<BTreeSet<usize>> {
    let numbers = game.numbers(params).ok()?;
    let amount = |id: ExprId| numbers.tape[id.0 as usize].clone().unwrap_or(Q::ZERO);
    let zero = (Q::ZERO, Q::ZERO);
    let ranges = ranges(
        game,
        &zero,
        |sum, id| (&sum.0 + amount(id), &sum.1 + amount(id)),
        |a, b| (a.0.clone().min(b.0.clone()), a.1.clone().max(b.1.clone())),
    );
    let mut tied = BTreeSet::new();
    for (at, set) in game.infosets.iter().enumerate().filter(|(_, set)| set.nodes.len() == 1) {
        let place = |c: &NodeId| &ranges[c.index() * game.players.len() + set.player.index()];
        let sure: Vec<&(Q, Q)> = game.children(set.nodes[0]).iter().map(place).collect();
        let best = sure.iter().map(|r| &r.1).max()?;
        if sure.iter().filter(|r| r.0 == r.1 && r.0 == *best).count() > 1 {
            tied.insert(at);
        }
    }
    Some(tied)
}
