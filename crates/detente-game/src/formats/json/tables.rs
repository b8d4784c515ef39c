//! Checks the tables of a game: names, parameters, events, sets, payments.

use super::super::MAX_NODES;
use super::super::error::{FormatError, shown};
use crate::game::{EventKind, Game};
use crate::tape::{ExprId, Op};
use std::collections::{BTreeSet, HashSet};

/// Checks all tables but the tree.
pub(crate) fn check(game: &Game) -> Result<(), FormatError> {
    if game.players.is_empty() {
        return Err(bad("game.players", "the game has no players"));
    }
    clean(&game.title, || "game.title".into())?;
    for (k, repair) in game.repairs.iter().enumerate() {
        clean(repair, || format!("game.repairs[{k}]"))?;
    }
    names("players", game.players.iter().map(|p| (&p.name, &p.label)))?;
    names("params", game.params.iter().map(|p| (&p.name, &p.label)))?;
    names("outcomes", game.outcomes.iter().map(|o| (&o.name, &o.label)))?;
    names("ledgers", game.ledgers.iter().map(|l| (&l.name, &l.label)))?;
    tape(game)?;
    params(game)?;
    events(game)?;
    chances(game)?;
    infosets(game)?;
    pay_lists(game)
}

/// An error about a document that contradicts itself.
pub(crate) fn bad(path: impl Into<String>, message: impl Into<String>) -> FormatError {
    FormatError::path(path, message, "the document contradicts itself; write it again with `detente convert`")
}

fn clean(text: &str, path: impl Fn() -> String) -> Result<(), FormatError> {
    if text.contains(char::is_control) { Err(bad(path(), "a text with control characters")) } else { Ok(()) }
}

fn names<'a>(table: &str, names: impl Iterator<Item = (&'a String, &'a String)>) -> Result<(), FormatError> {
    let mut known = BTreeSet::new();
    for (k, (name, label)) in names.enumerate() {
        let path = || format!("game.{table}[{k}]");
        clean(name, path)?;
        clean(label, path)?;
        if name.is_empty() {
            return Err(bad(path(), "an empty name"));
        }
        if !known.insert(name) {
            return Err(bad(path(), format!("the name {} is used twice", shown(name))));
        }
    }
    Ok(())
}

/// A position in a table of `len` entries.
fn within(position: u32, len: usize, what: &str, path: impl Fn() -> String) -> Result<(), FormatError> {
    if (position as usize) < len {
        return Ok(());
    }
    Err(bad(path(), format!("there is no {what} {position}; the game has {len}")))
}

fn tape(game: &Game) -> Result<(), FormatError> {
    let mut known: HashSet<&Op> = HashSet::new();
    for (k, op) in game.tape.ops.iter().enumerate() {
        let path = || format!("game.tape.ops[{k}]");
        if op.operands().iter().any(|id| id.0 as usize >= k) {
            return Err(bad(path(), "an operand that does not come before its result"));
        }
        if let Op::Param(p) = op {
            within(p.0, game.params.len(), "parameter", path)?;
        }
        if !known.insert(op) {
            return Err(bad(path(), "an operation that is listed twice"));
        }
    }
    Ok(())
}

fn params(game: &Game) -> Result<(), FormatError> {
    for (k, param) in game.params.iter().enumerate() {
        let path = format!("game.params[{k}]");
        clean(param.unit.as_deref().unwrap_or_default(), || path.clone())?;
        if let Some(Err(error)) = param.prior.as_ref().map(|p| p.check()) {
            return Err(FormatError::path(format!("{path}.prior"), error.to_string(), "correct the prior"));
        }
    }
    Ok(())
}

fn expression(game: &Game, id: ExprId, path: impl Fn() -> String) -> Result<(), FormatError> {
    within(id.0, game.tape.ops.len(), "tape position", path)
}

fn events(game: &Game) -> Result<(), FormatError> {
    for (k, event) in game.events.iter().enumerate() {
        let path = || format!("game.events[{k}]");
        clean(&event.name, path)?;
        clean(&event.label, path)?;
        match event.owner {
            Some(player) => within(player.0, game.players.len(), "player", path)?,
            None if event.kind == EventKind::Chance => {}
            None => return Err(bad(path(), "a move or private fact without an owner")),
        }
        names(&format!("events[{k}].arms"), event.arms.iter().map(|a| (a, a)))?;
        if event.arms.is_empty() || event.name.is_empty() {
            return Err(bad(path(), "an event without a name or without arms"));
        }
        if !event.values.is_empty() && event.values.len() != event.arms.len() {
            return Err(bad(path(), format!("{} values for {} arms", event.values.len(), event.arms.len())));
        }
        for value in &event.values {
            expression(game, *value, path)?;
        }
    }
    Ok(())
}

/// Positions in an event's arms: at least one, each in range and listed once.
fn arms(
    game: &Game,
    event: crate::EventId,
    offered: &[u32],
    path: impl Fn() -> String + Copy,
) -> Result<(), FormatError> {
    within(event.0, game.events.len(), "event", path)?;
    let arms = game.events[event.index()].arms.len();
    let mut known = BTreeSet::new();
    for arm in offered {
        within(*arm, arms, "arm", path)?;
        if !known.insert(arm) {
            return Err(bad(path(), format!("arm {arm} is offered twice")));
        }
    }
    if offered.is_empty() { Err(bad(path(), "a move without actions")) } else { Ok(()) }
}

fn chances(game: &Game) -> Result<(), FormatError> {
    for (k, chance) in game.chances.iter().enumerate() {
        let path = || format!("game.chances[{k}]");
        arms(game, chance.event, &chance.arms, path)?;
        if game.events[chance.event.index()].kind == EventKind::Move {
            return Err(bad(path(), "chance at a player's move"));
        }
        if chance.probs.len() != chance.arms.len() {
            return Err(bad(
                path(),
                format!("{} probabilities for {} arms", chance.probs.len(), chance.arms.len()),
            ));
        }
        for prob in &chance.probs {
            expression(game, *prob, path)?;
        }
    }
    Ok(())
}

fn infosets(game: &Game) -> Result<(), FormatError> {
    let mut labels = BTreeSet::new();
    for (k, set) in game.infosets.iter().enumerate() {
        let path = || format!("game.infosets[{k}]");
        within(set.player.0, game.players.len(), "player", path)?;
        arms(game, set.event, &set.actions, path)?;
        let event = &game.events[set.event.index()];
        if event.kind != EventKind::Move || event.owner != Some(set.player) {
            return Err(bad(path(), "an information set whose event is not a move of its player"));
        }
        clean(&set.label, path)?;
        if !labels.insert((set.event, &set.label)) {
            return Err(bad(
                path(),
                format!("the label {} is used twice for one decision", shown(&set.label)),
            ));
        }
        for seen in &set.seen {
            within(seen.event.0, game.events.len(), "event", path)?;
            within(seen.arm, game.events[seen.event.index()].arms.len(), "arm", path)?;
        }
    }
    Ok(())
}

fn pay_lists(game: &Game) -> Result<(), FormatError> {
    if game.pay_lists.first().is_none_or(|list| !list.is_empty()) {
        return Err(bad("game.pay_lists[0]", "the first list of payments must be empty"));
    }
    if game.nodes.len() > MAX_NODES {
        return Err(FormatError::path(
            "game.nodes",
            format!("{} nodes", game.nodes.len()),
            format!("the limit is {MAX_NODES}; write a smaller game"),
        ));
    }
    for (k, list) in game.pay_lists.iter().enumerate() {
        let path = || format!("game.pay_lists[{k}]");
        for pay in list {
            within(pay.player.0, game.players.len(), "player", path)?;
            expression(game, pay.amount, path)?;
            if let Some(ledger) = pay.ledger {
                within(ledger.0, game.ledgers.len(), "ledger", path)?;
            }
        }
    }
    Ok(())
}
