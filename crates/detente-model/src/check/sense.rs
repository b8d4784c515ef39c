//! Warnings about models that work, but probably not as meant.

use super::points::params_of;
use crate::assemble::Games;
use crate::resolve::Resolved;
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::{EventKind, Game, Numbers};
use std::collections::{BTreeMap, BTreeSet};

/// Trees larger than this are not searched for dominated moves and ties.
const MOST_NODES: usize = 200_000;
/// A prior whose standard deviation exceeds this share of its mean is wide.
const WIDE: f64 = 0.5;

/// A wide prior on a number that only one player's payoffs use, in a game where
/// that player has no private fact: the author may have meant a private fact.
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
        if !has_private && deciders.contains(&owner) {
            let who = &game.players[owner].name;
            found.push(
                Diagnostic::warning(
                    "players-know-param",
                    format!("every player knows `{}` in every draw", param.name),
                )
                .label(
                    resolved.program.params[at].support.span,
                    format!("your doubt, not theirs; only {who}'s payoffs use it"),
                )
                .help(format!(
                    "if the others are unsure of it too, write `private {who}.{} ~ ... split 8`",
                    param.name
                )),
            );
        }
    }
}

/// Least and greatest payoff of each player below each node.
fn ranges(game: &Game, numbers: &Numbers) -> Vec<(Q, Q)> {
    let players = game.players.len();
    let mut ranges: Vec<(Q, Q)> = numbers.payoffs.iter().map(|v| (v.clone(), v.clone())).collect();
    for at in (0..game.nodes.len()).rev() {
        let children = game.children(detente_game::NodeId(at as u32));
        for p in 0..players {
            let lows = children.iter().map(|c| &ranges[c.index() * players + p].0).min().cloned();
            let highs = children.iter().map(|c| &ranges[c.index() * players + p].1).max().cloned();
            if let (Some(low), Some(high)) = (lows, highs) {
                ranges[at * players + p] = (low, high);
            }
        }
    }
    ranges
}

/// Actions that are always worse than another one, and exact ties on a grid.
pub(super) fn dominated_and_tied(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&games.base.game, &games.base.facts);
    if game.nodes.len() > MOST_NODES {
        return;
    }
    let Ok(numbers) = game.numbers(&game.base_params()) else { return };
    let ranges = ranges(game, &numbers);
    // (declared event, arm) -> offered somewhere without being dominated.
    let mut alive: BTreeMap<(usize, u32), bool> = BTreeMap::new();
    let mut tied: BTreeMap<usize, String> = BTreeMap::new();
    let grid = game.events.iter().any(|e| e.kind == EventKind::Move && !e.values.is_empty());
    for set in &game.infosets {
        let decl = facts.decl[set.event.index()];
        let p = set.player.index();
        let range = |node: usize, action: usize| {
            let child = game.children(set.nodes[node])[action];
            &ranges[child.index() * game.players.len() + p]
        };
        for (a, arm) in set.actions.iter().enumerate() {
            // Between two actions the last mover's choice is often clear, and meant to be.
            let dominated = set.actions.len() > 2
                && (0..set.actions.len())
                    .any(|b| (0..set.nodes.len()).all(|n| range(n, b).0 > range(n, a).1));
            *alive.entry((decl, *arm)).or_insert(false) |= !dominated;
        }
        if grid && set.nodes.len() == 1 && set.actions.len() == 2 {
            let (x, y) = (range(0, 0), range(0, 1));
            if x.0 == x.1 && x == y {
                tied.entry(decl).or_insert_with(|| set.label.clone());
            }
        }
    }
    for ((decl, arm), alive) in alive {
        // The arms of a grid are points, not ideas; a bad offer is no mistake.
        if !alive && !resolved.program.events[decl].numeric {
            let event = &resolved.program.events[decl];
            let name = resolved.program.event_name(decl);
            found.push(
                Diagnostic::warning(
                    "dominated-move",
                    format!("`{name}` is never `{}` at the base values", event.arms[arm as usize]),
                )
                .label(event.span, "another action always pays more")
                .help("check the payoffs; if it is meant, keep it as a benchmark"),
            );
        }
    }
    for (decl, label) in tied {
        let name = resolved.program.event_name(decl);
        found.push(
            Diagnostic::warning("exact-tie", format!("`{name}` is an exact tie at the base values"))
                .label(resolved.program.events[decl].span, format!("at {label}"))
                .help("an accident of the grid: move the base value or the number of points a little"),
        );
    }
}
