//! Probabilities and beliefs of a state as shares of weights.
//!
//! The one idea: a probability is a weight over the weight before it, and a belief is a member's
//! product over that of all leading members.

use crate::enclosure::{Function, Range};
use crate::listed::{Bounds, Listed};
use crate::poly::Poly;
use crate::rows::{Rules, Weight};
use crate::state::State;
use crate::tree::{SetData, StageTree};
use detente_exact::Q;
use detente_game::NodeId;
use std::collections::BTreeMap;

/// The probability of an action in a state, as far as it needs no program.
pub fn known_range(rules: &Rules, state: &State, set: u32, a: u32) -> Option<Bounds> {
    if !rules.sequential && !rules.surely_entered(state, set) {
        // Never or not surely asked: anything may be planned there.
        return Some((Q::ZERO, Q::ONE));
    }
    if state.is_zero(a) {
        return Some((Q::ZERO, Q::ZERO));
    }
    if state.is_single(set) {
        return Some((Q::ONE, Q::ONE));
    }
    let before = match rules.before(a) {
        None => Weight::Number(Q::ONE),
        Some(b) => rules.weight(state, b),
    };
    match (rules.weight(state, a), before) {
        (Weight::Number(w), Weight::Number(b)) => w.checked_div(&b).map(|p| (p.clone(), p)),
        _ => None,
    }
}

/// A box with one root, for numbers that follow from it.
pub struct Root<'a> {
    pub ids: &'a [u32],
    pub tight: &'a [Range],
}

impl Root<'_> {
    /// The range of a polynomial over the box, if it has no other unknowns.
    pub fn range(&self, poly: &Poly) -> Option<Bounds> {
        let range = Function::new(poly, self.ids)?.range(self.tight);
        Some((range.low, range.high))
    }

    /// The range of one polynomial over another that is above 0 in the box.
    pub fn part_of(&self, rules: &Rules, state: &State, part: &Poly, total: &Poly) -> Option<Bounds> {
        let of = |p: &Poly| self.range(&crate::combine::reduced(rules, state, p).ok()?);
        let (part, total) = (of(part)?, of(total)?);
        total.0.is_positive().then(|| (&part.0 / &total.1, &part.1 / &total.0))
    }

    /// The range of an action's probability.
    pub fn share(&self, rules: &Rules, state: &State, a: u32) -> Option<Bounds> {
        let set = rules.tree.set_of[a as usize];
        let entered = rules.sequential || rules.surely_entered(state, set);
        if entered && state.is_single(set) && !state.is_zero(a) {
            // Not the quotient of two enclosures of the same weight.
            return Some((Q::ONE, Q::ONE));
        }
        let of = |w: u32| -> Option<Bounds> {
            self.range(&crate::combine::reduced(rules, state, &rules.weight_poly(state, w)).ok()?)
        };
        let weight = of(a)?;
        let Some(before) = rules.before(a) else { return Some(weight) };
        let before = of(before)?;
        before.0.is_positive().then(|| (&weight.0 / &before.1, &weight.1 / &before.0))
    }

    /// Actions whose probability at the root is not sure to be what is listed.
    pub fn outside(&self, rules: &Rules, state: &State, stage: &StageTree, listed: &Listed) -> Vec<u32> {
        let all = stage.sets.iter().flat_map(|d| rules.tree.actions(d.set));
        all.filter(|a| self.share(rules, state, *a).is_some_and(|p| listed.leaves_out(*a, &p))).collect()
    }
}

/// The leading members' products of chance and weights, and their sum.
pub(crate) fn member_weights(
    rules: &Rules,
    state: &State,
    data: &SetData,
) -> Result<(Vec<Poly>, Poly), String> {
    let lead = rules.leading(state, data.set)?;
    let (mut shares, mut total) = (Vec::with_capacity(lead.len()), Poly::default());
    for (member, leads) in data.members.iter().zip(&lead) {
        let mut share = Poly::default();
        if *leads {
            let mut chance = Q::ONE;
            let mut node = NodeId(member.node);
            while let Some((parent, arm)) = rules.tree.game.nodes[node.index()].parent {
                if let detente_game::NodeKind::Chance(c) = rules.tree.kind(parent.0) {
                    chance *= &rules.tree.chance[c.index()][arm as usize];
                }
                node = parent;
            }
            let mut last: BTreeMap<u32, u32> = BTreeMap::new();
            for a in &member.path {
                last.insert(rules.tree.owner(*a), *a);
            }
            let weights: Vec<u32> = last.into_values().filter(|a| !data.shared.contains(a)).collect();
            if let Some((monomial, c)) = rules.product(state, &chance, &weights) {
                share.add_term(monomial, c);
            }
        }
        total.add_scaled(&share, &Q::ONE);
        shares.push(share);
    }
    Ok((shares, total))
}
