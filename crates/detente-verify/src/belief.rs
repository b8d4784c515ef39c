//! Beliefs off the path: which members of a set may lead, by the orders of trembles.
//!
//! The one idea (Kreps and Wilson 1982, appendix): a belief support is consistent
//! only if tremble orders exist that make exactly these members least unlikely;
//! a sum of order conditions that reads "nothing above 0 is at least 1" refutes it.

use crate::field::Field;
use crate::rows::{Rules, is_common};
use crate::state::{Lead, State, Status};
use crate::tree::{Member, SetData};
use detente_exact::Q;
use detente_game::certificate::Label;
use detente_game::{NodeId, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Most classes of members for which subsets are counted.
const MAX_CLASSES: usize = 20;

/// Turns a list of member nodes into flags per member.
pub fn members<N>(data: &SetData<N>, list: &[u32]) -> Result<Vec<bool>, String> {
    let mut flags = vec![false; data.members.len()];
    for node in list {
        let at = data.members.binary_search_by_key(node, |m| m.node);
        let at = at.map_err(|_| format!("node {node} is no member of set {}", data.set))?;
        if std::mem::replace(&mut flags[at], true) {
            return Err(format!("node {node} is listed twice"));
        }
    }
    match flags.contains(&true) {
        true => Ok(flags),
        false => Err("a set of leading members is empty".into()),
    }
}

/// The actions of a path that are `Zero` or undecided.
fn possible_zeros<'p, N>(state: &'p State<N>, path: &'p [u32]) -> impl Iterator<Item = u32> + 'p {
    path.iter().copied().filter(|a| state.status[*a as usize] != Status::Positive)
}

/// Returns whether each member can have positive belief as far as `Zero` actions tell.
pub fn candidates<N: Field>(rules: &Rules<N>, state: &State<N>, data: &SetData<N>) -> Vec<bool> {
    // What is on every member's path makes none of them less likely than another.
    let own = |m: &Member| rules.zeros(state, &m.path).into_iter().filter(|a| !is_common(data, *a)).collect();
    let zeros: Vec<Vec<u32>> = data.members.iter().map(own).collect();
    let beaten = |x: usize| {
        data.members.iter().any(|y| {
            let mut size = 0;
            possible_zeros(state, &y.path).filter(|a| !is_common(data, *a)).all(|a| {
                size += 1;
                zeros[x].contains(&a)
            }) && size < zeros[x].len()
        })
    };
    (0..data.members.len()).map(|x| !beaten(x)).collect()
}

/// Checks that options and exclusions cover every possible set of leading members.
pub fn check_cover<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    data: &SetData<N>,
    listed: &[Vec<bool>],
) -> Result<(), String> {
    let candidates = candidates(rules, state, data);
    // Members with the same decided path lead together or not at all.
    let mut classes: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for (x, member) in data.members.iter().enumerate().filter(|(x, _)| candidates[*x]) {
        let mut key = rules.zeros(state, &member.path);
        key.sort_unstable();
        if !member.path.iter().all(|a| state.is_decided(*a) || is_common(data, *a)) {
            // Undecided paths are classes of their own; action ids stay below this mark.
            key.push(u32::MAX - x as u32);
        }
        classes.entry(key).or_default().push(x);
    }
    let classes: Vec<Vec<usize>> = classes.into_values().collect();
    let needed = match classes.len() {
        n if n <= MAX_CLASSES => (1usize << n) - 1,
        n => return Err(format!("{n} classes of members are more than the referee counts")),
    };
    let listed: BTreeSet<&Vec<bool>> = listed.iter().collect();
    if listed.len() < needed {
        return Err(format!("{needed} sets of leading members are possible, {} are listed", listed.len()));
    }
    for choice in 1..=needed {
        let mut flags = vec![false; data.members.len()];
        for (_, class) in classes.iter().enumerate().filter(|(k, _)| choice >> k & 1 == 1) {
            class.iter().for_each(|x| flags[*x] = true);
        }
        if !listed.contains(&flags) {
            let nodes: Vec<u32> =
                (0..flags.len()).filter(|x| flags[*x]).map(|x| data.members[x].node).collect();
            return Err(format!("the leading members {nodes:?} are neither an option nor excluded"));
        }
    }
    Ok(())
}

/// Checks that the labels refute `flags` as the leading members of `data`.
pub fn check_excluded<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    data: &SetData<N>,
    flags: &[bool],
    labels: &[(Label, Q)],
) -> Result<(), String> {
    let mut coefficients: BTreeMap<u32, Q> = BTreeMap::new();
    let mut right = Q::ZERO;
    for (label, factor) in labels {
        let signed = !matches!(label, Label::Equal(..));
        if signed && factor.is_negative() {
            return Err(format!("{label:?} has a negative multiplier"));
        }
        match label {
            Label::AtLeastOne(h, a) => {
                let action = rules.action(stage, *h, *a)?;
                if !state.is_zero(action) {
                    return Err(format!("{label:?} speaks of an action that is not zero"));
                }
                *coefficients.entry(action).or_insert(Q::ZERO) += factor;
                right += factor;
            }
            Label::Equal(x, y) | Label::Larger(x, y) => {
                let larger = matches!(label, Label::Larger(..));
                let (path_x, leads_x) = member(rules, state, stage, data, flags, *x, *y)?;
                let (path_y, leads_y) = member(rules, state, stage, data, flags, *y, *x)?;
                if !leads_y || leads_x == larger {
                    return Err(format!("{label:?} is not what the leading members say"));
                }
                for (path, sign) in [(path_x, factor.clone()), (path_y, -factor)] {
                    for a in possible_zeros(state, path) {
                        *coefficients.entry(a).or_insert(Q::ZERO) += &sign;
                    }
                }
                if larger {
                    right += factor;
                }
            }
        }
    }
    match right.is_positive() && coefficients.values().all(|c| !c.is_positive()) {
        true => Ok(()),
        false => Err("the labels do not refute the leading members".into()),
    }
}

/// The path of a member, and whether it leads; `other` must belong to the same set.
fn member<'r, N: Field>(
    rules: &Rules<'r, N>,
    state: &State<N>,
    stage: u32,
    data: &SetData<N>,
    flags: &[bool],
    node: u32,
    other: u32,
) -> Result<(&'r [u32], bool), String> {
    let set_of = |node: u32| match rules.tree.game.nodes.get(node as usize).map(|n| n.kind) {
        Some(NodeKind::Decision(h)) => Ok(h.0),
        _ => Err(format!("node {node} is no decision")),
    };
    let set = set_of(node)?;
    if set != set_of(other)? {
        return Err(format!("nodes {node} and {other} are not in one set"));
    }
    let found = rules.data(stage, set)?;
    let at = found.members.binary_search_by_key(&node, |m| m.node);
    let at = at.map_err(|_| format!("node {node} is no member of its set"))?;
    let leads = match &state.lead[set as usize] {
        _ if set == data.set => flags[at],
        Some(Lead::Chosen(chosen)) => chosen[at],
        _ => return Err(format!("no step chose the leading members of set {set}")),
    };
    Ok((&found.members[at].path, leads))
}

/// Returns each member's own `Zero` action for `AnyBelief`.
///
/// # Errors
/// A member has none, or an action on the way is undecided.
pub fn own_actions<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    data: &SetData<N>,
) -> Result<Vec<u32>, String> {
    let mut own = Vec::with_capacity(data.members.len());
    for (x, member) in data.members.iter().enumerate() {
        if let Some(a) = member.path.iter().find(|a| !state.is_decided(**a) && !is_common(data, **a)) {
            return Err(format!("action {a} on the way to set {} is undecided", data.set));
        }
        let shared = |a: u32| data.members.iter().enumerate().any(|(y, m)| y != x && m.path.contains(&a));
        let mut found = None;
        for a in rules.zeros(state, &member.path) {
            if !shared(a) && leads_to_single_sets(rules, state, a, data.set)? {
                found = Some(a);
                break;
            }
        }
        own.push(found.ok_or_else(|| format!("node {} has no zero action of its own", member.node))?);
    }
    Ok(own)
}

/// Whether every set below an action, but for `except`, has one member; no number fixed there.
fn leads_to_single_sets<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    action: u32,
    except: u32,
) -> Result<bool, String> {
    let set = rules.tree.set_of[action as usize];
    let arm = (action - rules.tree.offset[set as usize]) as usize;
    let nodes = &rules.tree.game.infosets[set as usize].nodes;
    let mut stack: Vec<NodeId> = nodes.iter().map(|n| rules.tree.game.children(*n)[arm]).collect();
    if state.fixed[action as usize].is_some() || state.range[action as usize].is_some() {
        return Err(format!("the weight of action {action} is already fixed"));
    }
    while let Some(node) = stack.pop() {
        if let NodeKind::Decision(h) = rules.tree.kind(node.0) {
            let inside = rules.place[h.index()]
                .is_some_and(|(s, _)| Some(s) == rules.place[set as usize].map(|p| p.0));
            if !inside {
                continue;
            }
            if h.0 != except && rules.tree.game.infosets[h.index()].nodes.len() > 1 {
                return Ok(false);
            }
            let mut below = rules.tree.actions(h.0).chain([rules.value_id(h.0)]);
            let mut weights = rules.tree.actions(h.0);
            let fixed = below.any(|v| state.fixed[v as usize].is_some());
            if fixed || weights.any(|a| state.range[a as usize].is_some()) {
                return Err(format!("a number of set {} below the freed action is already fixed", h.0));
            }
        }
        stack.extend(rules.tree.game.children(node));
    }
    Ok(true)
}
