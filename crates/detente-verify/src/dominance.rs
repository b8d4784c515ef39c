//! Dominance: an action that loses against another whatever happens after both.
//!
//! The one idea: bound the owner's payoff below each member from above after
//! one action and from below after the other, over everything not `Zero`.

use crate::belief::candidates;
use crate::field::Field;
use crate::rows::{Rules, is_common};
use crate::state::{Lead, State, Status};
use crate::tree::{Member, SetData};
use detente_game::{NodeId, NodeKind};

/// Roots of nested stages and their stage, sorted by root.
pub type Nested = Vec<(u32, u32)>;

/// One node of the walk: lowest and highest payoff of what has been seen of it.
struct Frame<N> {
    node: NodeId,
    next: usize,
    range: Option<(N, N)>,
}

fn lower<N: Field>(a: &N, b: &N) -> Result<N, String> {
    a.sorted(b).map(|(_, low)| low).ok_or_else(|| "two payoffs cannot be compared".into())
}

fn higher<N: Field>(a: &N, b: &N) -> Result<N, String> {
    a.sorted(b).map(|(high, _)| high).ok_or_else(|| "two payoffs cannot be compared".into())
}

/// Returns the lowest and highest payoff of a player below a node.
fn payoff_range<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    nested: &Nested,
    player: usize,
    node: NodeId,
) -> Result<(N, N), String> {
    let game = rules.tree.game;
    let mut stack = vec![Frame { node, next: 0, range: None }];
    loop {
        let top = stack.last_mut().ok_or("an empty walk")?;
        let children = game.children(top.node);
        if top.next == 0 {
            top.range = end_range(rules, state, nested, player, top.node)?;
        }
        if top.range.is_some() && top.next == 0 || top.next >= children.len() {
            let done = stack.pop().ok_or("an empty walk")?;
            let range = done.range.ok_or("a node has no action left")?;
            let Some(parent) = stack.last_mut() else { return Ok(range) };
            let arm = parent.next - 1;
            let old = parent.range.take();
            parent.range = Some(match (game.nodes[parent.node.index()].kind, old) {
                (NodeKind::Chance(c), old) => {
                    let p = &rules.tree.chance[c.index()][arm];
                    let (low, high) = old.unwrap_or((N::zero(), N::zero()));
                    (low.plus(&p.times(&range.0)), high.plus(&p.times(&range.1)))
                }
                (_, None) => range,
                (_, Some((low, high))) => (lower(&low, &range.0)?, higher(&high, &range.1)?),
            });
            continue;
        }
        let arm = top.next;
        top.next += 1;
        if let NodeKind::Decision(h) = game.nodes[top.node.index()].kind
            && state.is_zero(rules.tree.offset[h.index()] + arm as u32)
        {
            continue;
        }
        let child = children[arm];
        stack.push(Frame { node: child, next: 0, range: None });
    }
}

/// The payoff range at a terminal or nested root; `None` at any other node.
fn end_range<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    nested: &Nested,
    player: usize,
    node: NodeId,
) -> Result<Option<(N, N)>, String> {
    if let Ok(at) = nested.binary_search_by_key(&node.0, |n| n.0) {
        let stage = nested[at].1 as usize;
        let vectors = &rules.vectors[stage];
        let chosen: Vec<&N> = match state.choice[stage] {
            Some(k) => vectors.get(k as usize).map(|v| &v[player]).into_iter().collect(),
            None => vectors.iter().map(|v| &v[player]).collect(),
        };
        let first = *chosen.first().ok_or("a nested stage has no payoffs")?;
        let mut ends = (first.clone(), first.clone());
        for payoff in &chosen[1..] {
            ends = (lower(&ends.0, payoff)?, higher(&ends.1, payoff)?);
        }
        return Ok(Some(ends));
    }
    Ok(match rules.tree.kind(node.0) {
        NodeKind::Terminal(_) => {
            let payoff = rules.tree.payoff(node.0, player);
            Some((payoff.clone(), payoff.clone()))
        }
        _ => None,
    })
}

/// Members that may have positive belief: those that lead, if one of them is sure to
/// be as likely as any, else those that no other member beats for sure.
fn may_lead<N: Field>(rules: &Rules<N>, state: &State<N>, data: &SetData<N>) -> Vec<bool> {
    let sure = |m: &Member| m.path.iter().all(|a| state.is_decided(*a) || is_common(data, *a));
    match rules.leading(state, data.set) {
        Ok(lead) if data.members.iter().zip(&lead).any(|(m, leads)| *leads && sure(m)) => lead,
        _ => candidates(rules, state, data),
    }
}

/// Checks that `action` loses against `than` at every member that may matter.
pub fn check<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    nested: &Nested,
    set: u32,
    action: u32,
    than: u32,
) -> Result<(), String> {
    let data = rules.set(set);
    let player = data.player as usize;
    if action == than {
        return Err("an action cannot dominate itself".into());
    }
    let relevant: Vec<bool> = if rules.sequential {
        match &state.lead[set as usize] {
            Some(Lead::Chosen(chosen)) => chosen.clone(),
            _ => may_lead(rules, state, data),
        }
    } else {
        let reached = |path: &[u32]| path.iter().all(|a| state.status[*a as usize] == Status::Positive);
        if !data.members.iter().any(|m| reached(&m.path)) {
            return Err(format!("set {set} may not be reached, so nothing is dominated there"));
        }
        data.members.iter().map(|m| rules.is_live(state, &m.path)).collect()
    };
    for (member, _) in data.members.iter().zip(&relevant).filter(|(_, r)| **r) {
        let children = rules.tree.game.children(NodeId(member.node));
        let highest = payoff_range(rules, state, nested, player, children[action as usize])?.1;
        let lowest = payoff_range(rules, state, nested, player, children[than as usize])?.0;
        if highest.minus(&lowest).sign() != Some(-1) {
            let (highest, lowest) = (highest.center(), lowest.center());
            return Err(format!(
                "at node {} the action may earn {highest}, the other as little as {lowest}",
                member.node
            ));
        }
    }
    Ok(())
}
