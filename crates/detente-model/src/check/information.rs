//! Who learns what, and whether the author meant it.

use crate::assemble::Games;
use crate::elaborate::Mixed;
use crate::program::*;
use crate::resolve::{Resolved, words};
use detente_diag::Diagnostic;
use detente_game::{EventId, EventKind, Game};
use std::collections::BTreeSet;

/// A player learns a hidden event from being asked, or from not being asked.
///
/// Compares the plays in which a player with the same knowledge is asked next
/// with those in which it sees something else first. Plays that end in between
/// do not count: everybody notices the end.
pub(super) fn turn_leaks(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&games.base.game, &games.base.facts);
    let mut told = BTreeSet::new();
    for mixed in &facts.mixed {
        let Some((event, only)) = separating(mixed) else { continue };
        let (hidden, asked) = (facts.decl[event.index()], facts.decl[mixed.asked.index()]);
        if hidden == usize::MAX || !told.insert((mixed.player, hidden)) {
            continue;
        }
        let program = &resolved.program;
        let player = &program.players[mixed.player].name;
        let name = game.event_name(event);
        let arms: Vec<&String> =
            only.iter().flatten().map(|arm| &game.events[event.index()].arms[*arm as usize]).collect();
        let when = if arms.is_empty() {
            format!("... yet {player} moves only when it has not happened")
        } else {
            format!("... yet {player} moves only when it is {}", words(&arms))
        };
        found.push(
            Diagnostic::error(
                "turn-leaks",
                format!("{player} learns about `{name}` just by being asked to move"),
            )
            .label(program.events[asked].span, when)
            .label(program.events[hidden].span, format!("{player} must not see this ..."))
            .help(format!("let {player} choose in both cases, or say so openly: `tell {player} {name}`")),
        );
    }
}

/// A hidden event whose arm tells apart the plays with the question from those
/// without, and its arms in the plays with it.
fn separating(mixed: &Mixed) -> Option<(EventId, BTreeSet<Option<u32>>)> {
    let known: BTreeSet<EventId> = mixed.seen.iter().map(|s| s.event).collect();
    let mut events: Vec<EventId> = Vec::new();
    for (event, _) in mixed.with.iter().chain(&mixed.without).flatten() {
        if !known.contains(event) && !events.contains(event) {
            events.push(*event);
        }
    }
    let arms = |side: &[Vec<(EventId, u32)>], event: EventId| -> BTreeSet<Option<u32>> {
        side.iter().map(|path| path.iter().find(|(e, _)| *e == event).map(|(_, arm)| *arm)).collect()
    };
    if mixed.with.is_empty() || mixed.without.is_empty() {
        return None;
    }
    let split = |event: &EventId| {
        let (with, without) = (arms(&mixed.with, *event), arms(&mixed.without, *event));
        with.is_disjoint(&without).then_some((*event, with))
    };
    // An event that took place in all of them says most clearly what leaks.
    let everywhere = |event: &&EventId| {
        !arms(&mixed.with, **event).contains(&None) && !arms(&mixed.without, **event).contains(&None)
    };
    let first = events.iter().filter(everywhere).find_map(split);
    first.or_else(|| events.iter().find_map(split)).or_else(|| {
        let differs = |event: &&EventId| arms(&mixed.with, **event) != arms(&mixed.without, **event);
        events.iter().find(differs).map(|event| (*event, arms(&mixed.with, *event)))
    })
}

/// Telling players what they have always seen already.
pub(super) fn redundant_tells(games: &Games, found: &mut Vec<Diagnostic>) {
    for (span, (times, news)) in &games.base.facts.told {
        if *times > 0 && *news == 0 {
            found.push(
                Diagnostic::warning("redundant-tell", "this tells nothing new")
                    .label(*span, "already seen by everybody who is told")
                    .help("remove it, or hide the event where it happens"),
            );
        }
    }
}

/// Moves and draws that no formula reads, no arm follows and no later mover sees.
pub(super) fn idle(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let program = &resolved.program;
    let (game, facts) = (&games.base.game, &games.base.facts);
    let mut matters: Vec<bool> = facts.read.clone();
    followed(&program.body, &mut matters);
    for set in &game.infosets {
        for seen in &set.seen {
            let event = &game.events[seen.event.index()];
            let decl = facts.decl[seen.event.index()];
            if decl != usize::MAX && event.owner != Some(set.player) {
                matters[decl] = true;
            }
        }
    }
    for (at, decl) in program.events.iter().enumerate() {
        if matters[at] || facts.offered[at].is_empty() || facts.offered[at].len() < 2 {
            continue;
        }
        let what = match decl.kind {
            EventKind::Move => "this move",
            EventKind::Chance => "this draw",
            EventKind::Private => "this fact",
        };
        found.push(
            Diagnostic::warning("idle-move", format!("nothing depends on `{}`", program.event_name(at)))
                .label(decl.span, format!("no payoff, rule or later mover uses {what}"))
                .help("let a payoff depend on it, let somebody see it, or remove it"),
        );
    }
}

/// Marks events with an arm after which something of its own follows.
fn followed(list: &[Stmt], matters: &mut [bool]) {
    for stmt in list {
        match &stmt.kind {
            StmtKind::Choose(choose) => {
                if let Options::Menu(arms) = &choose.options {
                    matters[choose.event] |= arms.iter().any(|a| !a.then.is_empty());
                    arms.iter().for_each(|a| followed(&a.then, matters));
                }
            }
            StmtKind::Chance(chance) => {
                matters[chance.event] |= chance.arms.iter().any(|a| !a.then.is_empty());
                chance.arms.iter().for_each(|a| followed(&a.then, matters));
            }
            StmtKind::Together(inner) => followed(inner, matters),
            StmtKind::If { then, otherwise, .. } => {
                followed(then, matters);
                followed(otherwise, matters);
            }
            StmtKind::Repeat { body, .. } => followed(body, matters),
            _ => {}
        }
    }
}

/// Perfect recall holds by construction; this proves it again on the tree.
pub(super) fn recall(game: &Game, found: &mut Vec<Diagnostic>) {
    if let Err(error) = detente_game::recall::check(game) {
        found.push(Diagnostic::error("imperfect-recall", error.to_string()).help(
            "every player must remember what it knew and did; make the moves involved public to their mover",
        ));
    }
}
