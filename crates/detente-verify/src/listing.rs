//! What cells say about the numbers that are listed for their components.
//!
//! The one idea: cells are collected part by part; where parts are independent, one part's
//! word about a listed range is enough, and where cases are alternatives, all must keep it.

use crate::listed::{Entry, Key};
use crate::replay::Walk;
use crate::shares::Root;
use detente_exact::Q;
use detente_game::solution::{Component, FreeWhat, OutcomeSet};
use std::collections::BTreeSet;

/// Linear programs about ranges that are solved even if the proof is short.
const PROGRAMS: usize = 64;

/// The cells a part of a proof ends in, and the sets that all its leaves settle.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) tuples: BTreeSet<Vec<u32>>,
    pub(crate) unsettled: Option<Vec<Option<String>>>,
    /// Listed ranges that some leaf is not shown to keep.
    pub(crate) loose: BTreeSet<Key>,
}

impl Part {
    pub(crate) fn add(
        &mut self,
        tuples: impl IntoIterator<Item = Vec<u32>>,
        unsettled: Vec<Option<String>>,
        loose: BTreeSet<Key>,
    ) {
        self.tuples.extend(tuples);
        self.loose.extend(loose);
        self.unsettled = Some(match self.unsettled.take() {
            None => unsettled,
            Some(old) => old.into_iter().zip(unsettled).map(|(a, b)| a.or(b)).collect(),
        });
    }
}

impl Walk<'_, '_> {
    /// Lists the ranges with an end that no cell is seen to come to.
    ///
    /// # Errors
    /// A range that is false: it has an end that certainly no cell comes to.
    pub(crate) fn note_wide(&mut self) -> Result<(), String> {
        for (k, c) in self.components.iter().enumerate() {
            let free = c.free.iter().filter_map(|f| match f.what {
                FreeWhat::Action(h, a) => self.rules.tree.action(h, a).map(Entry::Action),
                FreeWhat::Belief(h, k) => Some(Entry::Belief(h, k)),
            });
            let outcomes = (0..c.outcome_range.len() as u32).map(Entry::Outcome);
            let keys = free.chain(outcomes.filter(|_| c.outcome_set != OutcomeSet::Point));
            let missed = keys.map(|e| (k as u32, e)).filter(|key| !self.ranges.is_attained(*key));
            let missed: Vec<Key> = missed.collect();
            // An open branch may hide a cell that comes to it.
            if let Some(key) = missed.iter().find(|key| self.result.complete && self.ranges.is_missed(**key))
            {
                return Err(format!("{} has an end that no equilibrium comes to", self.named(*key)));
            }
            self.result.wide.extend(missed);
        }
        Ok(())
    }

    /// A listed range in words.
    fn named(&self, (k, entry): Key) -> String {
        let what = match entry {
            Entry::Action(a) => format!("the range of action {a}"),
            Entry::Outcome(j) => {
                format!("the range of outcome `{}`", self.rules.tree.game.outcome_keys()[j as usize])
            }
            Entry::Belief(h, x) => format!("the range of belief {x} at set {h}"),
        };
        format!("equilibrium {k}: {what}")
    }

    /// The solution's components whose equilibria may be in a cell of this stage.
    pub(crate) fn owners(&self, cell: u32) -> Vec<u32> {
        let stage = &self.certificate.stages[self.stage as usize];
        match self.is_last() {
            true => (0..stage.components.len() as u32)
                .filter(|k| stage.components[*k as usize].contains(&cell))
                .collect(),
            false => {
                let uses = |k: &u32| self.used[*k as usize][self.stage as usize].contains(&cell);
                (0..self.used.len() as u32).filter(uses).collect()
            }
        }
    }

    /// Compares a leaf with the ranges of its components.
    pub(crate) fn compare_ranges(&mut self, cell: u32, root: Option<&Root>) -> BTreeSet<Key> {
        if !self.reports {
            return BTreeSet::new();
        }
        let owners = self.owners(cell);
        let tree = &self.rules.stages[self.stage as usize];
        if !self.is_last() {
            let stage = &self.certificate.stages[self.stage as usize];
            let ks: Vec<usize> =
                (0..stage.components.len()).filter(|k| stage.components[*k].contains(&cell)).collect();
            self.ranges.nested_leaf(self.rules, &self.state, tree, self.stage, &ks);
        }
        // A search solves a program per step; as many are in proportion here.
        let allowed = self.result.steps + PROGRAMS;
        self.ranges.leaf(self.rules, &self.state, tree, &owners, self.is_last(), root, allowed)
    }
}

/// Checks that a cell's outcome probabilities lie in the component's listed ranges.
pub(crate) fn check_outcomes(found: &[Option<Q>], component: &Component) -> Result<(), String> {
    for (k, p) in found.iter().enumerate() {
        let (Some(p), Some((low, high))) = (p, component.outcome_range.get(k)) else { continue };
        let (low, _) = crate::numbers::enclosure(low)?;
        let (_, high) = crate::numbers::enclosure(high)?;
        if *p < low || *p > high {
            return Err(format!(
                "outcome {k} has probability {p} in this cell, outside its component's range"
            ));
        }
    }
    Ok(())
}
