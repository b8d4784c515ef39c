//! The steps of a proof, each checked against the facts that led to it.
//!
//! The one idea: a step that holds leaves cases behind, which are walked next; one that does not
//! hold ends the walk.

use crate::combine::refutes;
use crate::listed::Key;
use crate::listing::check_outcomes;
use crate::replay::{Crumb, Excluded, Setup, Task, Walk};
use crate::shares::Root;
use crate::state::{Lead, Status};
use crate::{belief, cell, dominance, legal};
use detente_exact::Q;
use detente_game::certificate::{Proof, Row};
use std::collections::BTreeSet;

/// Most combinations of cells that one `Both` may stand for.
const MAX_TUPLES: usize = 1 << 14;

impl<'c> Walk<'c, '_> {
    pub(crate) fn visit(&mut self, proof: &'c Proof) -> Result<(), String> {
        self.result.steps += 1;
        match proof {
            Proof::PerfectInformation { .. } => Err("perfect information is a proof of a whole stage".into()),
            Proof::Split { infoset, action, zero, positive } => {
                let a = legal::undecided(self.rules, &self.state, self.stage, *infoset, *action)?;
                let case = |status, proof, name| {
                    Task::Case(Setup::Decide(a, status), proof, (name, *infoset, *action))
                };
                self.push(vec![
                    case(Status::Zero, &**zero, "split zero"),
                    case(Status::Positive, &**positive, "split positive"),
                ]);
                Ok(())
            }
            Proof::Choose { stage, options } => self.choose(*stage, options),
            Proof::Dominated { infoset, action, than, then }
                if legal::contradicted(self.rules, &self.state, self.stage, (*infoset, *action), then)? =>
            {
                self.rules.action(self.stage, *infoset, *than)?;
                dominance::check(self.rules, &self.state, &self.nested, *infoset, *action, *than)
            }
            Proof::Dominated { infoset, action, than, then } => {
                let a = self.undecided_or((*infoset, *action), Status::Positive, then)?;
                self.rules.action(self.stage, *infoset, *than)?;
                dominance::check(self.rules, &self.state, &self.nested, *infoset, *action, *than)?;
                if self.state.is_decided(a) {
                    self.result.steps += 1;
                    return Ok(());
                }
                self.next(Setup::Dominate(a), then, ("dominated", *infoset, *action))
            }
            Proof::MustBePositive { infoset, action, combination, then } => {
                let a = self.undecided_or((*infoset, *action), Status::Zero, then)?;
                self.forced(a, Status::Zero, combination)?;
                self.decide(a, Status::Positive, then, ("positive", *infoset, *action))
            }
            Proof::MustBeZero { infoset, action, combination, then } => {
                let a = self.undecided_or((*infoset, *action), Status::Positive, then)?;
                self.forced(a, Status::Positive, combination)?;
                self.decide(a, Status::Zero, then, ("zero", *infoset, *action))
            }
            Proof::Beliefs { infoset, options, excluded } => self.beliefs(*infoset, options, excluded),
            Proof::AnyBelief { infoset, then } => {
                legal::free_value(self.rules, &self.state, self.stage, *infoset)?;
                let data = self.rules.data(self.stage, *infoset)?;
                let own = belief::own_actions(self.rules, &self.state, data)?;
                self.next(Setup::Lead(*infoset, Lead::Any(own)), then, ("any belief", *infoset, u32::MAX))
            }
            Proof::Fix { variable, value, combination, then } => {
                let id = self.check_fix(*variable, value, combination)?;
                self.next(Setup::Fix(id, value.clone()), then, ("fix", id, u32::MAX))
            }
            Proof::Roots { variable, combination, cases } => self.roots(*variable, combination, cases),
            Proof::Scale { group, then } => {
                let ids = legal::scale(self.rules, &self.state, self.stage, group)?;
                let first = ids.first().copied().unwrap_or(0);
                self.next(Setup::Scale(ids), then, ("scale", first, u32::MAX))
            }
            Proof::Both { parts } => {
                self.both.push(Vec::new());
                let mut tasks: Vec<Task<'c>> = parts
                    .iter()
                    .zip(0..)
                    .map(|(p, k)| Task::Case(Setup::Part, p, ("part", k, u32::MAX)))
                    .collect();
                if tasks.is_empty() {
                    return Err("a `Both` has no parts".into());
                }
                tasks.push(Task::EndBoth);
                self.push(tasks);
                Ok(())
            }
            Proof::Refuted { combination } => refutes(self.rules, &self.state, self.stage, combination),
            Proof::OutOfRange { variable } => self.out_of_range(*variable),
            Proof::Boxes { boxes } => self.boxes(boxes),
            Proof::Cell { cell } => self.leaf(*cell, None),
            Proof::Open { why } => {
                if !self.result.open.contains(why) {
                    self.result.open.push(why.clone());
                }
                Ok(())
            }
        }
    }

    fn next(&mut self, setup: Setup, then: &'c Proof, crumb: Crumb) -> Result<(), String> {
        self.tasks.push(Task::Case(setup, then, crumb));
        Ok(())
    }

    fn undecided_or(&self, action: (u32, u32), opposite: Status, then: &Proof) -> Result<u32, String> {
        legal::undecided_or(self.rules, &self.state, self.stage, action, opposite, then)
    }

    /// Goes on with the action decided, or ends if it was decided the other way before.
    fn decide(&mut self, action: u32, status: Status, then: &'c Proof, crumb: Crumb) -> Result<(), String> {
        if self.state.is_decided(action) {
            self.result.steps += 1;
            return Ok(());
        }
        self.next(Setup::Decide(action, status), then, crumb)
    }

    /// Checks that the combination refutes the action having `status`.
    fn forced(&mut self, a: u32, status: Status, list: &[(Row, Q)]) -> Result<(), String> {
        let mark = self.state.mark();
        if !self.state.is_decided(a) {
            self.state.decide(self.rules.tree, a, status);
        }
        let result = refutes(self.rules, &self.state, self.stage, list);
        self.state.undo(self.rules.tree, mark);
        result
    }

    fn choose(&mut self, stage: u32, options: &'c [Proof]) -> Result<(), String> {
        if !self.certificate.stages[self.stage as usize].nested.contains(&stage) {
            return Err(format!("stage {stage} is not nested here"));
        }
        if self.state.choice[stage as usize].is_some() {
            return Err(format!("stage {stage} is already chosen"));
        }
        if self.rules.vectors[stage as usize].len() != options.len() {
            return Err(format!("stage {stage} does not have {} components", options.len()));
        }
        let cases = options.iter().zip(0..);
        let cases =
            cases.map(|(p, k)| Task::Case(Setup::Choose(stage, k), p, ("choose", stage, k))).collect();
        self.push(cases);
        Ok(())
    }

    fn beliefs(
        &mut self,
        set: u32,
        options: &'c [(Vec<u32>, Proof)],
        excluded: &[Excluded],
    ) -> Result<(), String> {
        legal::free_value(self.rules, &self.state, self.stage, set)?;
        let data = self.rules.data(self.stage, set)?;
        let mut listed = Vec::new();
        let mut cases = Vec::new();
        for (list, proof) in options {
            let flags = belief::members(data, list)?;
            listed.push(flags.clone());
            let first = list.first().copied().unwrap_or(0);
            cases.push(Task::Case(Setup::Lead(set, Lead::Chosen(flags)), proof, ("beliefs", set, first)));
        }
        for (list, labels) in excluded {
            let flags = belief::members(data, list)?;
            belief::check_excluded(self.rules, &self.state, self.stage, data, &flags, labels)?;
            listed.push(flags);
        }
        belief::check_cover(self.rules, &self.state, data, &listed)?;
        self.push(cases);
        Ok(())
    }

    /// A leaf that keeps equilibria: the cell must be listed and say what it claims.
    pub(crate) fn leaf(&mut self, cell: u32, root: Option<&Root>) -> Result<(), String> {
        let boxed = root.map_or(&[] as &[u32], |r| r.ids);
        let certificate = self.certificate;
        let stage = &certificate.stages[self.stage as usize];
        let listing = || stage.components.iter().enumerate().filter(|(_, c)| c.contains(&cell));
        if listing().next().is_none() {
            return Err(format!("no component lists cell {cell}"));
        }
        if !self.is_last() {
            for (k, _) in listing() {
                let payoffs = stage.payoffs.get(k).ok_or("a nested component has no payoffs")?;
                cell::check_payoffs(self.rules, &self.state, self.tree(), payoffs)?;
            }
        } else if self.both.is_empty() && boxed.is_empty() {
            let found = cell::outcomes(self.rules, &self.state, self.tree())?;
            for (k, _) in listing() {
                check_outcomes(&found, &self.components[k])?;
            }
        }
        let told = self.components.iter().any(|c| !c.conditions.is_empty() || !c.outcome_vertices.is_empty());
        if told || stage.components.iter().any(|c| c.len() > 1 && c.contains(&cell)) {
            use std::collections::btree_map::Entry;
            match self.kept.entry(cell) {
                Entry::Vacant(slot) => drop(slot.insert(Some(self.state.snapshot()))),
                Entry::Occupied(mut slot) => drop(slot.insert(None)),
            }
        }
        let unsettled = cell::unsettled(self.rules, &self.state, self.tree(), boxed);
        let loose = self.compare_ranges(cell, root);
        self.top().add([vec![cell]], unsettled, loose);
        Ok(())
    }

    /// Joins the parts of a `Both`: every choice of one leaf from each.
    pub(crate) fn end_both(&mut self) -> Result<(), String> {
        let parts = self.both.pop().ok_or("a `Both` ends that did not begin")?;
        let mut tuples: BTreeSet<Vec<u32>> = BTreeSet::from([Vec::new()]);
        let mut unsettled: Option<Vec<Option<String>>> = None;
        let mut loose: Option<BTreeSet<Key>> = None;
        for part in parts {
            if tuples.len().saturating_mul(part.tuples.len()) > MAX_TUPLES {
                return Err("a `Both` stands for too many combinations of cells".into());
            }
            let joined = tuples.iter().flat_map(|t| part.tuples.iter().map(move |s| (t, s)));
            tuples = joined
                .map(|(t, s)| t.iter().chain(s).copied().collect::<BTreeSet<u32>>())
                .map(|s| s.into_iter().collect())
                .collect();
            // A range that one part keeps, all choices keep.
            loose = Some(match loose {
                None => part.loose,
                Some(old) => old.intersection(&part.loose).copied().collect(),
            });
            unsettled = match (unsettled, part.unsettled) {
                (Some(a), Some(b)) => Some(a.into_iter().zip(b).map(|(a, b)| a.and(b)).collect()),
                (a, b) => a.or(b),
            };
        }
        if let Some(unsettled) = unsettled.filter(|_| !tuples.is_empty()) {
            self.top().add(tuples, unsettled, loose.unwrap_or_default());
        }
        Ok(())
    }
}
