//! What one piece of a component says about a stage: ranges and conditions.
//!
//! The one idea: a product of probabilities along an owner's path is a weight, so that a condition
//! is a sum of weights, times the weight with which the owner comes to where it begins.

use crate::listed::{Bounds, Entry, Listed};
use crate::pieces::of_beliefs;
use crate::poly::Poly;
use crate::rows::Rules;
use crate::state::State;
use crate::tree::StageTree;
use detente_exact::Q;
use detente_game::solution::{Condition, Factor};
use std::collections::BTreeMap;

/// What a piece says about one number each.
pub struct Claim<'a> {
    /// By action id.
    pub actions: BTreeMap<u32, Bounds>,
    /// By set and member.
    pub beliefs: BTreeMap<(u32, u32), Bounds>,
    pub conditions: &'a [Condition],
}

impl<'a> Claim<'a> {
    /// Reads ranges of a component, narrowed by the conditions of one piece on single numbers.
    pub fn new(rules: &Rules, stage: &StageTree, listed: &Listed, conditions: &'a [Condition]) -> Claim<'a> {
        let mut claim = Claim { actions: BTreeMap::new(), beliefs: BTreeMap::new(), conditions };
        for data in &stage.sets {
            for a in rules.tree.actions(data.set) {
                claim.actions.insert(a, listed.bounds(Entry::Action(a)).clone());
            }
            for (x, bounds) in listed.beliefs_at(data.set).iter().enumerate() {
                claim.beliefs.insert((data.set, x as u32), bounds.clone());
            }
        }
        for condition in conditions {
            let [(list, q)] = &condition.terms[..] else { continue };
            let bounds = match list[..] {
                [Factor::Action(h, a)] => rules.tree.action(h, a).and_then(|id| claim.actions.get_mut(&id)),
                [Factor::Belief(h, x)] => claim.beliefs.get_mut(&(h, x)),
                _ => None,
            };
            let (Some(bounds), Some(end)) = (bounds, (-&condition.constant).checked_div(q)) else { continue };
            if condition.equality || q.is_positive() {
                bounds.0 = bounds.0.clone().max(end.clone());
            }
            if condition.equality || q.is_negative() {
                bounds.1 = bounds.1.clone().min(end);
            }
        }
        for data in &stage.sets {
            let actions: Vec<u32> = rules.tree.actions(data.set).collect();
            summed(&mut claim.actions, &actions);
            let beliefs: Vec<(u32, u32)> = (0..data.members.len() as u32).map(|x| (data.set, x)).collect();
            summed(&mut claim.beliefs, &beliefs);
        }
        claim
    }

    fn is_sure(&self, action: u32) -> bool {
        self.actions.get(&action).is_some_and(|b| b.0.is_one())
    }

    /// Whether an action is never taken.
    pub fn is_none(&self, action: u32) -> bool {
        self.actions.get(&action).is_some_and(|b| !b.1.is_positive())
    }

    /// The condition as a sum of weights: its own times the weight with which its terms' owners
    /// come to where they begin. `None` if it is no such sum.
    pub fn linear(&self, rules: &Rules, state: &State, condition: &Condition) -> Option<Poly> {
        if let Some([Factor::Belief(h, _)]) = condition.terms.first().map(|(list, _)| &list[..]) {
            return of_beliefs(rules, state, condition, *h);
        }
        let mut sum = Poly::default();
        let mut head: Option<Option<u32>> = None;
        for (list, c) in &condition.terms {
            let (last, from) = self.path(rules, list)?;
            if *head.get_or_insert(from) != from {
                return None;
            }
            let gone = rules.sequential
                && list.iter().any(|f| action_of(rules, f).is_some_and(|a| state.is_zero(a)));
            if !gone {
                sum.add_scaled(&Poly::variable(last), c);
            }
        }
        let one = head?.map_or(Poly::constant(Q::ONE), Poly::variable);
        sum.add_scaled(&one, &condition.constant);
        Some(sum)
    }

    /// The last action of a product of probabilities, and the action before its first one.
    fn path(&self, rules: &Rules, list: &[Factor]) -> Option<(u32, Option<u32>)> {
        let mut ids: Vec<u32> = list.iter().map(|f| action_of(rules, f)).collect::<Option<_>>()?;
        let last = *ids.last()?;
        let mut at = Some(last);
        while let Some(a) = at {
            if ids.last() == Some(&a) {
                ids.pop();
            } else if !self.is_sure(a) {
                break;
            }
            at = rules.before(a);
        }
        ids.is_empty().then_some((last, at))
    }
}

fn action_of(rules: &Rules, factor: &Factor) -> Option<u32> {
    let Factor::Action(h, a) = factor else { return None };
    rules.place.get(*h as usize).copied().flatten()?;
    rules.tree.action(*h, *a)
}

/// Narrows the ranges of numbers that sum to 1 by what the others leave.
fn summed<K: Ord + Copy>(ranges: &mut BTreeMap<K, Bounds>, keys: &[K]) {
    let old: Option<Vec<Bounds>> = keys.iter().map(|k| ranges.get(k).cloned()).collect();
    let Some(old) = old else { return };
    for (k, key) in keys.iter().enumerate() {
        let others = || old.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, b)| b);
        let low = Q::ONE - others().map(|b| b.1.clone()).sum::<Q>();
        let high = Q::ONE - others().map(|b| b.0.clone()).sum::<Q>();
        ranges.insert(*key, (old[k].0.clone().max(low), old[k].1.clone().min(high)));
    }
}
