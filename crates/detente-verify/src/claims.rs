//! What is printed beside the proof: confirmed here, or said to be no part of it.
//!
//! The one idea: whatever a reader sees was either recomputed, or is named as not confirmed.

use crate::intuitive;
use crate::listed::{Entry, Key};
use crate::numbers::{enclosure, is_text_of};
use crate::replay::Replay;
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Condition, Factor, FreeWhat, Num, OutcomeSet, Solution};
use detente_game::{Game, Numbers};
use std::collections::BTreeSet;

/// Checks what can be checked of one component without the certificate.
///
/// # Errors
/// A verdict or a vertex is wrong.
pub fn check(game: &Game, numbers: &Numbers, c: &Component, concept: Concept) -> Result<(), String> {
    check_vertices(game, c)?;
    check_conditions(game, c, concept)?;
    if let Some(printed) = c.intuitive {
        let exact = |list: &Vec<Num>| list.iter().map(|n| n.exact.clone()).collect::<Option<Vec<Q>>>();
        let profile = c.profile.iter().map(exact).collect::<Option<Vec<Vec<Q>>>>();
        let profile = profile.ok_or("the intuitive criterion is decided for inexact numbers")?;
        let found = (concept == Concept::Sequential).then(|| intuitive::passes(game, numbers, &profile));
        if found.flatten() != Some(printed) {
            return Err(format!("the intuitive criterion is said to be {printed} and is not"));
        }
    }
    Ok(())
}

/// Conditions say in words what they say in numbers, and the shown point keeps those of some piece.
fn check_conditions(game: &Game, c: &Component, concept: Concept) -> Result<(), String> {
    if c.conditions.is_empty() {
        return Ok(());
    }
    if !is_text_of(game, c) {
        return Err("the conditions on what is free are worded otherwise than their numbers".into());
    }
    // Weaker concepts leave open what the shown point plays where its owner does not come.
    let certainly_none =
        concept == Concept::Sequential && c.conditions.iter().all(|piece| piece.iter().any(|x| fails(c, x)));
    match certainly_none {
        true => Err("the shown point keeps the conditions of no piece".into()),
        false => Ok(()),
    }
}

/// Whether a condition is certainly false at the shown point.
fn fails(c: &Component, condition: &Condition) -> bool {
    let number = |factor: &Factor| -> Option<Q> {
        let (lists, h, k) = match *factor {
            Factor::Action(h, a) => (&c.profile, h, a),
            Factor::Belief(h, x) => (&c.beliefs, h, x),
            // The point does not say how large trembles are.
            Factor::Tremble(..) => return None,
        };
        lists.get(h as usize)?.get(k as usize)?.exact.clone()
    };
    let mut sum = condition.constant.clone();
    for (factors, coefficient) in &condition.terms {
        let mut product = coefficient.clone();
        for factor in factors {
            let Some(q) = number(factor) else { return false };
            product *= &q;
        }
        sum += &product;
    }
    sum.is_negative() || condition.equality && !sum.is_zero()
}

/// Outcome vertices are distributions whose extremes are the listed ranges.
fn check_vertices(game: &Game, c: &Component) -> Result<(), String> {
    let listed = match c.outcome_set {
        OutcomeSet::Point | OutcomeSet::Enclosure => {
            return match c.outcome_vertices.is_empty() {
                true => Ok(()),
                false => Err("outcome vertices are listed for what has none".into()),
            };
        }
        OutcomeSet::Segment => (2, 2),
        OutcomeSet::Polytope => (3, usize::MAX),
    };
    let keys = game.outcome_keys();
    let count = c.outcome_vertices.len();
    if count < listed.0 || count > listed.1 || c.outcome_vertices.iter().any(|v| v.len() != keys.len()) {
        return Err("the outcome vertices do not make the shape that is named".into());
    }
    let mut distributions = BTreeSet::new();
    for vertex in &c.outcome_vertices {
        let exact: Option<Vec<Q>> = vertex.iter().map(|n| n.exact.clone()).collect();
        let mut sum = (Q::ZERO, Q::ZERO);
        for number in vertex {
            let (low, high) = enclosure(number)?;
            if high.is_negative() || low > Q::ONE {
                return Err("an outcome vertex holds what is no probability".into());
            }
            sum = (sum.0 + low, sum.1 + high);
        }
        if sum.0 > Q::ONE || sum.1 < Q::ONE {
            return Err("an outcome vertex does not sum to 1".into());
        }
        if exact.is_some_and(|v| !distributions.insert(v)) {
            return Err("an outcome vertex is listed twice".into());
        }
    }
    for (k, (low, high)) in c.outcome_range.iter().enumerate() {
        let (mut from, mut to): (Option<Q>, Option<Q>) = (None, None);
        for vertex in &c.outcome_vertices {
            let Some(p) = &vertex[k].exact else { continue };
            from = Some(from.map_or(p.clone(), |x| x.min(p.clone())));
            to = Some(to.map_or(p.clone(), |x| x.max(p.clone())));
        }
        let ends = low.exact.as_ref().zip(high.exact.as_ref());
        if let (Some((low, high)), Some((from, to))) = (ends, from.zip(to))
            && (*low != from || *high != to)
        {
            return Err(format!("the range of outcome `{}` is not that of its vertices", keys[k]));
        }
    }
    Ok(())
}

/// Lists in words what is printed and not confirmed. `replay` is `None` without a certificate.
///
/// A table's beliefs are the others' probabilities, which are spoken of as such: nothing is said of them twice.
pub fn unconfirmed(game: &Game, solution: &Solution, replay: Option<&Replay>) -> Vec<String> {
    let is_table = game.is_strategic_form();
    let mut list = Vec::new();
    let ids = |of: &dyn Fn(usize, &Component) -> bool| -> Vec<String> {
        let all = solution.components.iter().enumerate();
        all.filter(|(k, c)| of(*k, c)).map(|(k, _)| format!("E{}", k + 1)).collect()
    };
    let mut say = |what: &str, of: Vec<String>| {
        if !of.is_empty() {
            list.push(format!("{what} ({})", shortened(of)));
        }
    };
    let of_actions = |c: &Component| c.free.iter().any(|f| matches!(f.what, FreeWhat::Action(..)));
    let of_beliefs = |c: &Component| c.free.iter().any(|f| matches!(f.what, FreeWhat::Belief(..)));
    let varies = |c: &Component| c.outcome_set != OutcomeSet::Point;
    let any = |keys: &BTreeSet<Key>, k: usize, kind: fn(&Entry) -> bool| {
        keys.iter().any(|(at, e)| *at as usize == k && kind(e))
    };
    let action: fn(&Entry) -> bool = |e| matches!(e, Entry::Action(_));
    let outcome: fn(&Entry) -> bool = |e| matches!(e, Entry::Outcome(_));
    let belief: fn(&Entry) -> bool = |e| matches!(e, Entry::Belief(..));
    match replay {
        None => {
            say("ranges of probabilities", ids(&|_, c| of_actions(c)));
            say("lowest and highest outcome probabilities", ids(&|_, c| varies(c)));
            say("ranges of beliefs", ids(&|_, c| !is_table && of_beliefs(c)));
        }
        Some(r) => {
            say(
                "that ranges of probabilities leave no equilibrium out",
                ids(&|k, _| any(&r.loose, k, action)),
            );
            say("that the ends of these ranges are reached", ids(&|k, _| any(&r.wide, k, action)));
            let beliefs = |keys: &BTreeSet<Key>, k: usize| !is_table && any(keys, k, belief);
            say("that ranges of beliefs leave none out", ids(&|k, _| beliefs(&r.loose, k)));
            say("that the ends of ranges of beliefs are reached", ids(&|k, _| beliefs(&r.wide, k)));
            say(
                "that outcome probabilities stay between the lowest and highest given",
                ids(&|k, _| any(&r.loose, k, outcome)),
            );
            say(
                "that the lowest and highest outcome probabilities are reached",
                ids(&|k, _| any(&r.wide, k, outcome)),
            );
        }
    }
    let told = |c: &Component| c.inequalities.iter().any(|piece| !piece.is_empty());
    match replay {
        None => say("conditions on what is free", ids(&|_, c| told(c))),
        Some(r) => {
            say(
                "that conditions on what is free leave no equilibrium out",
                ids(&|k, c| told(c) && r.unbound.contains(&(k as u32))),
            );
            say(
                "that all that these conditions allow is an equilibrium",
                ids(&|k, c| told(c) && r.too_wide.contains(&(k as u32))),
            );
            say(
                "that all within these ranges is an equilibrium",
                ids(&|k, c| !told(c) && r.too_wide.contains(&(k as u32))),
            );
        }
    }
    say(
        "that the outcome vertices are all extreme points",
        ids(&|k, c| !c.outcome_vertices.is_empty() && replay.is_none_or(|r| r.blunt.contains(&(k as u32)))),
    );
    let cells = solution.certificate.stages.last().map(|s| &s.components);
    say(
        "that the listed set is one connected piece",
        ids(&|k, _| match replay {
            Some(r) => r.in_pieces.contains(&(k as u32)),
            None => cells.and_then(|c| c.get(k)).is_some_and(|list| list.len() > 1),
        }),
    );
    list
}

/// A list of names, cut where it gets long.
fn shortened(mut names: Vec<String>) -> String {
    const SHOWN: usize = 6;
    if names.len() > SHOWN {
        let more = names.len() - SHOWN;
        names.truncate(SHOWN);
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
