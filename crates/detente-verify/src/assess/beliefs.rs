//! Beliefs, by Bayes' rule where play arrives and from the orders of trembles elsewhere.

use super::{View, probability};
use crate::numbers::{Number, check_printed, enclosure};
use detente_exact::{Interval, Q};
use detente_game::solution::Component;
use detente_game::{NodeId, NodeKind};

impl<'a, S: Number> View<'a, S> {
    /// Beliefs printed for reached sets follow by Bayes; others must at least be beliefs.
    pub(super) fn check_bayes(&self, c: &Component, reach: &[S]) -> Result<(), String> {
        for (h, printed) in c.beliefs.iter().enumerate().filter(|(_, b)| !b.is_empty()) {
            let nodes = &self.game.infosets[h].nodes;
            let sum = nodes.iter().fold(S::zero(), |s, n| s.add(&reach[n.index()]));
            for (num, n) in printed.iter().zip(nodes) {
                probability::<Interval>(num)?;
                if let Some(found) = reach[n.index()].div(&sum) {
                    self.agrees(&format!("the belief in node {} of set {h}", n.0), num, &found)?;
                }
            }
            let exact = printed.iter().map(|n| n.exact.clone()).collect::<Option<Vec<Q>>>();
            if exact.is_some_and(|list| list.into_iter().sum::<Q>() != Q::ONE) {
                return Err(format!("the beliefs at set {h} do not sum to 1"));
            }
        }
        Ok(())
    }

    /// Beliefs at every set by leading-order Bayes.
    pub(super) fn beliefs(&self, c: &Component) -> Result<Vec<Vec<S>>, String> {
        if c.tremble.is_empty() && !c.profile.is_empty() {
            return Err("a sequential assessment needs trembles".into());
        }
        let mut weights: Vec<Vec<S>> = Vec::with_capacity(c.tremble.len());
        for (h, list) in c.tremble.iter().enumerate() {
            let mut row = Vec::with_capacity(list.len());
            for (a, (order, weight)) in list.iter().enumerate() {
                let (low, high) = enclosure(weight)?;
                let p = &self.probs[h][a];
                let fits = match order {
                    0 => !p.is_zero() && check_printed("a tremble's weight", weight, p).is_ok(),
                    _ => p.is_zero(),
                };
                if !fits || !low.is_positive() {
                    return Err(format!("the tremble of action {a} at set {h} does not fit its probability"));
                }
                row.push(S::from_range(&low, &high).ok_or("a tremble's weight is not exact")?);
            }
            weights.push(row);
        }
        let likelihood = self.reach(|h, a| Some(weights[h][a].clone()));
        let mut orders = vec![0u64; self.game.nodes.len()];
        for (n, node) in self.game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else { continue };
            let step = match self.game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => u64::from(c.tremble[h.index()][arm as usize].0),
                _ => 0,
            };
            orders[n] = orders[parent.index()] + step;
        }
        let mut beliefs = Vec::with_capacity(self.game.infosets.len());
        for set in &self.game.infosets {
            let least = set.nodes.iter().map(|n| orders[n.index()]).min().unwrap_or(0);
            let leads = |n: &NodeId| orders[n.index()] == least;
            let sum =
                set.nodes.iter().filter(|n| leads(n)).fold(S::zero(), |s, n| s.add(&likelihood[n.index()]));
            let belief = |n: &NodeId| match leads(n) {
                true => likelihood[n.index()].div(&sum),
                false => Some(S::zero()),
            };
            beliefs.push(
                set.nodes.iter().map(belief).collect::<Option<Vec<S>>>().ok_or("a belief is not defined")?,
            );
        }
        Ok(beliefs)
    }

    pub(super) fn check_beliefs(&self, c: &Component, beliefs: &[Vec<S>]) -> Result<(), String> {
        if c.beliefs.len() != beliefs.len() {
            return Err("beliefs are needed at every set".into());
        }
        for (h, (printed, found)) in c.beliefs.iter().zip(beliefs).enumerate() {
            if printed.len() != found.len() {
                return Err(format!("set {h} has no beliefs"));
            }
            for (k, (num, found)) in printed.iter().zip(found).enumerate() {
                self.agrees(&format!("the belief in member {k} of set {h}"), num, found)?;
            }
        }
        Ok(())
    }
}
