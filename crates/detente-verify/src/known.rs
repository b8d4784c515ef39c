//! What a choice weighs in the sums that reach it: a number, a variable, or nothing.
//!
//! The one idea: a weight is read off the state of the replay alone, and where trembles are compared,
//! only those of the leading order count.

use crate::field::Field;
use crate::poly::{Monomial, Poly};
use crate::rows::{Rules, Weight, is_common};
use crate::state::{Lead, State, Status};
use crate::tree::{End, Term};

impl<'a, N: Field> Rules<'a, N> {
    /// What the state knows of an action's weight.
    pub fn weight(&self, state: &State<N>, action: u32) -> Weight<N> {
        if self.is_sure(state, action) {
            return Weight::Number(N::one());
        }
        let mut at = action;
        loop {
            if !self.sequential && state.is_zero(at) {
                return Weight::Number(N::zero());
            }
            if let Some(q) = &state.fixed[at as usize] {
                return Weight::Number(q.clone());
            }
            if state.is_zero(at) {
                return Weight::Of(at);
            }
            let set = self.tree.set_of[at as usize];
            if !state.is_single(set) {
                break;
            }
            match self.set(set).before {
                Some(before) => at = before,
                None => return Weight::Number(N::one()),
            }
        }
        if !self.sequential && self.behind_zero(state, self.tree.set_of[at as usize]) {
            return Weight::Number(N::zero());
        }
        Weight::Of(at)
    }

    /// Whether the owner has no other action than this one, here and on the way.
    fn is_sure(&self, state: &State<N>, action: u32) -> bool {
        let mut at = Some(action);
        while let Some(a) = at {
            if state.is_zero(a) || !state.is_single(self.tree.set_of[a as usize]) {
                return false;
            }
            at = self.before(a);
        }
        true
    }

    /// Whether an action of the owner before the set is `Zero`.
    pub fn behind_zero(&self, state: &State<N>, set: u32) -> bool {
        let mut before = self.set(set).before;
        while let Some(action) = before {
            if state.is_zero(action) {
                return true;
            }
            before = self.before(action);
        }
        false
    }

    /// Whether every action of the owner before the set is `Positive`.
    pub fn surely_entered(&self, state: &State<N>, set: u32) -> bool {
        let mut before = self.set(set).before;
        while let Some(action) = before {
            if state.status[action as usize] != Status::Positive {
                return false;
            }
            before = self.before(action);
        }
        true
    }

    /// Whether the weight of an action is sure to be above 0.
    pub fn is_strict(&self, state: &State<N>, action: u32) -> bool {
        if state.range[action as usize].as_ref().is_some_and(|(low, _)| low.is_positive()) {
            return true;
        }
        let mut at = Some(action);
        while let Some(a) = at {
            let status = state.status[a as usize];
            let played = status == Status::Positive || (self.sequential && status == Status::Zero);
            if !played || state.free[a as usize] {
                return false;
            }
            at = self.before(a);
        }
        true
    }

    /// The polynomial of a weight.
    pub fn weight_poly(&self, state: &State<N>, action: u32) -> Poly<N> {
        match self.weight(state, action) {
            Weight::Number(q) => Poly::constant(q),
            Weight::Of(a) => Poly::variable(a),
        }
    }

    /// The polynomial of a value.
    pub fn value_poly(&self, state: &State<N>, set: u32) -> Poly<N> {
        let id = self.value_id(set);
        match &state.fixed[id as usize] {
            Some(q) => Poly::constant(q.clone()),
            None => Poly::variable(id),
        }
    }

    /// Whether no action of the path is `Zero`.
    pub fn is_live(&self, state: &State<N>, path: &[u32]) -> bool {
        path.iter().all(|a| !state.is_zero(*a))
    }

    /// The product of weights as a coefficient and a monomial; `None` if it is 0.
    pub fn product(&self, state: &State<N>, coefficient: &N, weights: &[u32]) -> Option<(Monomial, N)> {
        let mut factor = coefficient.clone();
        let mut monomial = Vec::with_capacity(weights.len());
        for a in weights {
            match self.weight(state, *a) {
                Weight::Number(q) if q.is_zero() => return None,
                Weight::Number(q) if q.is_one() => {}
                Weight::Number(q) => factor = factor.times(&q),
                Weight::Of(a) => monomial.push(a),
            }
        }
        monomial.sort_unstable();
        Some((monomial, factor))
    }

    /// Returns whether each member of the set leads (Nash: is not cut off by a `Zero` action).
    ///
    /// # Errors
    /// The state does not say which members lead.
    pub fn leading(&self, state: &State<N>, set: u32) -> Result<Vec<bool>, String> {
        let data = self.set(set);
        if !self.sequential {
            return Ok(data.members.iter().map(|m| self.is_live(state, &m.path)).collect());
        }
        // The chain of the owner's sets before this one, walked from its first set down.
        let mut chain = vec![set];
        let mut at = data;
        while let Some(action) = at.before {
            at = self.set(self.tree.set_of[action as usize]);
            chain.push(at.set);
        }
        let mut lead: Option<Vec<bool>> = None;
        let mut reason = String::new();
        while let Some(h) = chain.pop() {
            let inherited = lead.take().and_then(|above| self.entered(state, h, &above));
            lead = match inherited {
                Some(entered) => Some(entered),
                None => match self.own_leading(state, h) {
                    Ok(own) => Some(own),
                    Err(why) => {
                        reason = why;
                        None
                    }
                },
            };
        }
        lead.ok_or(reason)
    }

    /// Members that live paths enter from leading members of the owner's previous set. A `Zero` action
    /// on every path between the two sets makes no member less likely than another.
    fn entered(&self, state: &State<N>, set: u32, above: &[bool]) -> Option<Vec<bool>> {
        let data = self.set(set);
        let before = data.before?;
        let previous = self.set(self.tree.set_of[before as usize]);
        let arm = (before - self.tree.offset[previous.set as usize]) as usize;
        let here = |term: &&Term<N>| matches!(term.end, End::Next { set: next, .. } if next == set);
        let ways: Vec<&Term<N>> = previous.terms[arm].iter().filter(here).collect();
        let bars = |a: &u32| state.is_zero(*a) && !ways.iter().all(|other| other.path.contains(a));
        let mut entered = vec![false; data.members.len()];
        for term in &ways {
            if let End::Next { member, .. } = term.end
                && above[term.member]
                && !term.path.iter().any(bars)
            {
                entered[member] = true;
            }
        }
        entered.contains(&true).then_some(entered)
    }

    /// Leading members by the set's own steps or by the smallest set of `Zero` actions.
    fn own_leading(&self, state: &State<N>, set: u32) -> Result<Vec<bool>, String> {
        let data = self.set(set);
        if let Some(Lead::Any(_)) = &state.lead[set as usize] {
            return Ok(vec![true; data.members.len()]);
        }
        let zeros: Vec<Vec<u32>> = data.members.iter().map(|m| self.zeros(state, &m.path)).collect();
        let smallest = zeros.iter().min_by_key(|z| z.len()).ok_or("a set has no members")?;
        if zeros.iter().all(|z| smallest.iter().all(|a| z.contains(a))) {
            return Ok(zeros.iter().map(|z| z.len() == smallest.len()).collect());
        }
        let Some(Lead::Chosen(chosen)) = &state.lead[set as usize] else {
            return Err(format!("the leading members of set {set} are not known"));
        };
        let way = data.members.iter().zip(chosen).filter(|(_, c)| **c).flat_map(|(m, _)| &m.path);
        match way.copied().find(|a| !state.is_decided(*a) && !is_common(data, *a)) {
            Some(a) => Err(format!("set {set} has no rows while action {a} on the way to it is undecided")),
            None => Ok(chosen.clone()),
        }
    }

    /// The `Zero` actions of a path.
    pub fn zeros(&self, state: &State<N>, path: &[u32]) -> Vec<u32> {
        path.iter().copied().filter(|a| state.is_zero(*a)).collect()
    }
}
