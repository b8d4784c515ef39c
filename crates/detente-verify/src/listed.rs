//! The ranges that a solution lists for its components.
//!
//! The one idea: a number that is not listed as free has the range of one point.

use crate::numbers::enclosure;
use crate::rows::Rules;
use detente_exact::Q;
use detente_game::solution::{Component, FreeWhat};
use std::collections::BTreeSet;

/// A range of numbers.
pub type Bounds = (Q, Q);

/// What a range is about, within one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    Action(u32),
    Outcome(u32),
    /// Information set, position of the member.
    Belief(u32, u32),
}

/// A component's position and what its range is about.
pub type Key = (u32, Entry);

/// The ranges of one component, by action id and by outcome key.
pub struct Listed {
    actions: Vec<Bounds>,
    outcomes: Vec<Bounds>,
    /// Per set and member; empty where no beliefs are listed.
    beliefs: Vec<Vec<Bounds>>,
    /// Ranges with two ends that are exact numbers.
    exact: BTreeSet<Entry>,
}

impl Listed {
    /// Reads the ranges of a component: the free ones, and the point's numbers elsewhere.
    ///
    /// # Errors
    /// A range is none, names what does not exist, or does not hold the shown point.
    pub fn new(rules: &Rules, c: &Component) -> Result<Listed, String> {
        let mut actions = Vec::new();
        for num in c.profile.iter().flatten() {
            actions.push(enclosure(num)?);
        }
        let mut beliefs: Vec<Vec<Bounds>> = Vec::new();
        for list in &c.beliefs {
            beliefs.push(list.iter().map(enclosure).collect::<Result<Vec<Bounds>, String>>()?);
        }
        let mut exact = BTreeSet::new();
        for free in &c.free {
            let (low, high) = (enclosure(&free.low)?, enclosure(&free.high)?);
            if low.0 > high.1 {
                return Err("a free range is empty".into());
            }
            let ends = free.low.exact.is_some() && free.high.exact.is_some();
            let point = match free.what {
                FreeWhat::Action(h, a) => {
                    let id = rules.tree.action(h, a).ok_or("a free action does not exist")? as usize;
                    exact.extend(ends.then_some(Entry::Action(id as u32)));
                    Some(std::mem::replace(&mut actions[id], (low.0.clone(), high.1.clone())))
                }
                FreeWhat::Belief(h, k) => {
                    let set = rules.tree.game.infosets.get(h as usize).ok_or("a free set does not exist")?;
                    if k as usize >= set.nodes.len() {
                        return Err("a free belief is about no member".into());
                    }
                    exact.extend(ends.then_some(Entry::Belief(h, k)));
                    let listed = beliefs.get_mut(h as usize).and_then(|b| b.get_mut(k as usize));
                    listed.map(|b| std::mem::replace(b, (low.0.clone(), high.1.clone())))
                }
            };
            if point.is_some_and(|(from, to)| to < low.0 || high.1 < from) {
                return Err(format!("the shown point lies outside of its range of {:?}", free.what));
            }
        }
        let mut outcomes = Vec::new();
        for ((low, high), j) in c.outcome_range.iter().zip(0..) {
            let ends = low.exact.is_some() && high.exact.is_some();
            exact.extend(ends.then_some(Entry::Outcome(j)));
            outcomes.push((enclosure(low)?.0, enclosure(high)?.1));
        }
        Ok(Listed { actions, outcomes, beliefs, exact })
    }

    /// Whether both ends of a range are exact numbers.
    pub fn is_exact(&self, entry: Entry) -> bool {
        self.exact.contains(&entry)
    }

    /// What is listed about one number.
    pub fn bounds(&self, entry: Entry) -> &Bounds {
        match entry {
            Entry::Action(a) => &self.actions[a as usize],
            Entry::Outcome(k) => &self.outcomes[k as usize],
            Entry::Belief(h, x) => &self.beliefs[h as usize][x as usize],
        }
    }

    /// The listed beliefs at a set, by member; none where the concept defines none.
    pub fn beliefs_at(&self, set: u32) -> &[Bounds] {
        self.beliefs.get(set as usize).map_or(&[], |list| list)
    }

    /// Whether a range may not hold these numbers of an action.
    pub fn leaves_out(&self, action: u32, found: &Bounds) -> bool {
        let (low, high) = &self.actions[action as usize];
        found.0 < *low || *high < found.1
    }
}
