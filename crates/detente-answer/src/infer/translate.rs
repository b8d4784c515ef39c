//! Observations and hypotheses of one game, said of another by the names of events and arms.
//!
//! The one idea: a variant or a rival model is a game of its own with ids of its own; what was seen
//! is the same all the same. A name that the other game lacks is an error, not a guess.

use detente_game::{EventId, Game, OutcomeId};
use detente_model::question::{Happening, PlayNumber};

/// Says `what` of game `to`, a variant of `from`: a move that the variant does not offer is never
/// made there.
///
/// # Errors
/// The name of a number that `to` lacks.
pub fn of_variant(what: &Happening, from: &Game, to: &Game) -> Result<Happening, String> {
    let all = |parts: &[Happening]| parts.iter().map(|p| of_variant(p, from, to)).collect::<Result<_, _>>();
    match what {
        Happening::And(parts) => Ok(Happening::And(all(parts)?)),
        Happening::Or(parts) => Ok(Happening::Or(all(parts)?)),
        Happening::Not(part) => Ok(Happening::Not(Box::new(of_variant(part, from, to)?))),
        Happening::Arm { .. } | Happening::Made(_) | Happening::Outcome(_) => {
            Ok(translate(what, from, to).unwrap_or(Happening::Const(false)))
        }
        Happening::Const(_) | Happening::Compare(..) => translate(what, from, to),
    }
}

/// Says `what` of game `to`.
///
/// # Errors
/// The name of the event, arm, outcome or parameter that `to` lacks.
pub fn translate(what: &Happening, from: &Game, to: &Game) -> Result<Happening, String> {
    let all =
        |parts: &[Happening]| parts.iter().map(|p| translate(p, from, to)).collect::<Result<Vec<_>, _>>();
    Ok(match what {
        Happening::Const(truth) => Happening::Const(*truth),
        Happening::Outcome(o) => Happening::Outcome(outcome(*o, from, to)?),
        Happening::Arm { event, arms } => {
            let there = find(*event, from, to)?;
            let arm = |a: &u32| {
                let name = &from.events[event.index()].arms[*a as usize];
                let place = to.events[there.index()].arms.iter().position(|n| n == name);
                place.map(|p| p as u32).ok_or_else(|| format!("{} {name}", from.event_name(*event)))
            };
            Happening::Arm { event: there, arms: arms.iter().map(arm).collect::<Result<_, _>>()? }
        }
        Happening::Made(event) => Happening::Made(find(*event, from, to)?),
        Happening::Compare(relation, a, b) => {
            Happening::Compare(*relation, Box::new(number(a, from, to)?), Box::new(number(b, from, to)?))
        }
        Happening::And(parts) => Happening::And(all(parts)?),
        Happening::Or(parts) => Happening::Or(all(parts)?),
        Happening::Not(part) => Happening::Not(Box::new(translate(part, from, to)?)),
    })
}

fn find(event: EventId, from: &Game, to: &Game) -> Result<EventId, String> {
    let name = from.event_name(event);
    let found = (0..to.events.len()).map(|k| EventId(k as u32)).find(|e| to.event_name(*e) == name);
    found.ok_or(name)
}

fn outcome(o: OutcomeId, from: &Game, to: &Game) -> Result<OutcomeId, String> {
    let name = &from.outcomes[o.index()].name;
    let found = to.outcomes.iter().position(|x| x.name == *name);
    found.map(|k| OutcomeId(k as u32)).ok_or_else(|| name.clone())
}

fn number(n: &PlayNumber, from: &Game, to: &Game) -> Result<PlayNumber, String> {
    let boxed = |n: &PlayNumber| number(n, from, to).map(Box::new);
    Ok(match n {
        PlayNumber::Const(q) => PlayNumber::Const(q.clone()),
        PlayNumber::Param(p) => {
            let name = &from.params[p.index()].name;
            PlayNumber::Param(to.find_param(name).ok_or_else(|| name.clone())?)
        }
        PlayNumber::Value(event) => PlayNumber::Value(find(*event, from, to)?),
        PlayNumber::Duration => PlayNumber::Duration,
        PlayNumber::Indicator(what) => PlayNumber::Indicator(Box::new(translate(what, from, to)?)),
        PlayNumber::If(what, a, b) => {
            PlayNumber::If(Box::new(translate(what, from, to)?), boxed(a)?, boxed(b)?)
        }
        PlayNumber::Undefined => PlayNumber::Undefined,
        PlayNumber::Neg(a) => PlayNumber::Neg(boxed(a)?),
        PlayNumber::Binary(op, a, b) => PlayNumber::Binary(*op, boxed(a)?, boxed(b)?),
        PlayNumber::Function(f, a) => PlayNumber::Function(*f, boxed(a)?),
    })
}
