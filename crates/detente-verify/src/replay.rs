//! Replays a certificate: rebuilds the stages and checks every step of every proof.
//!
//! The one idea: an explicit stack of cases instead of recursion, so a proof tree of
//! any depth is walked in bounded space, and the first wrong step ends the walk with
//! the path that led to it.

use crate::boxes::RootBox;
use crate::combine::refutes;
use crate::dominance::Nested;
use crate::joins::{Contacts, Kept};
use crate::listing::{Part, check_outcomes};
use crate::pieces::Fits;
use crate::ranges::{Key, Ranges, Root};
use crate::rows::Rules;
use crate::state::{Lead, State, Status};
use crate::tree::StageTree;
use crate::verdict::Rejected;
use crate::{belief, cell, dominance, legal};
use detente_exact::Q;
use detente_game::certificate::{BoxProof, Certificate, Label, Proof, Row};
use detente_game::solution::Component;
use std::collections::BTreeSet;

/// Most combinations of cells that one `Both` may stand for.
const MAX_TUPLES: usize = 1 << 14;

/// Contacts between cells that are checked even if the proof is short.
const CONTACTS: usize = 64;

/// What a replayed certificate proves.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// Whether every branch is closed: the listed components are all there are.
    pub complete: bool,
    /// What keeps the proof from being complete.
    pub open: Vec<String>,
    /// Steps checked.
    pub steps: usize,
    /// Cells that occur, per stage.
    pub cells: Vec<Vec<u32>>,
    /// Listed ranges that are not shown to hold every equilibrium of their component.
    pub loose: BTreeSet<Key>,
    /// Listed ranges with an end that no cell is seen to come to.
    pub wide: BTreeSet<Key>,
    /// Components that are not shown to be one connected piece.
    pub in_pieces: BTreeSet<u32>,
    /// Components whose conditions on what is free are not shown to hold all their equilibria.
    pub unbound: BTreeSet<u32>,
}

/// A box search with its verified roots, for equilibria with irrational numbers.
pub struct Boxed<'c> {
    pub proof: &'c BoxProof,
    pub roots: Vec<RootBox>,
}

/// What happens to the state when a case is entered.
pub(crate) enum Setup {
    Nothing,
    Decide(u32, Status),
    Dominate(u32),
    Choose(u32, u32),
    Lead(u32, Lead),
    Fix(u32, Q),
    Restrict(u32, Q, Q),
    Scale(Vec<u32>),
    /// A part of a `Both` begins.
    Part,
}

/// Leading members and the labels that refute them.
type Excluded = (Vec<u32>, Vec<(Label, Q)>);

/// A step's name and numbers, for the path of a rejection.
pub(crate) type Crumb = (&'static str, u32, u32);

pub(crate) enum Task<'c> {
    Case(Setup, &'c Proof, Crumb),
    Undo { mark: usize, path: usize },
    EndPart,
    EndBoth,
}

/// Walks the proof of one stage.
pub(crate) struct Walk<'c, 'r> {
    pub(crate) rules: &'r Rules<'r>,
    pub(crate) certificate: &'c Certificate,
    pub(crate) components: &'r [Component],
    pub(crate) state: State,
    pub(crate) stage: u32,
    nested: Nested,
    path: Vec<Crumb>,
    tasks: Vec<Task<'c>>,
    parts: Vec<Part>,
    both: Vec<Vec<Part>>,
    pub(crate) result: Replay,
    pub(crate) ranges: Ranges,
    pub(crate) boxed: Vec<Boxed<'c>>,
    /// The facts of this stage's leaves whose cells are to be joined with others.
    kept: Kept,
    /// Per component and stage: the cells it may use.
    pub(crate) used: Vec<Vec<BTreeSet<u32>>>,
    fits: Fits,
}

/// Replays the proofs of all stages. The certificate must have a stage.
pub fn replay<'c>(
    rules: &Rules,
    certificate: &'c Certificate,
    components: &[Component],
) -> Result<(Replay, Vec<Boxed<'c>>), Rejected> {
    let ranges = Ranges::new(rules, components, certificate.stages.len())
        .map_err(|reason| Rejected { path: Vec::new(), reason })?;
    let mut walk = Walk {
        rules,
        certificate,
        components,
        state: State::new(rules.tree, certificate.stages.len()),
        stage: 0,
        nested: Vec::new(),
        path: Vec::new(),
        tasks: Vec::new(),
        parts: Vec::new(),
        both: Vec::new(),
        result: Replay::default(),
        ranges,
        boxed: Vec::new(),
        kept: Kept::new(),
        used: crate::used::cells(certificate),
        fits: Fits::new(components.len()),
    };
    check_counts(certificate, components.len()).map_err(|why| walk.rejected(why))?;
    for k in 0..certificate.stages.len() {
        walk.stage_proof(k as u32).map_err(|reason| walk.rejected(reason))?;
    }
    walk.result.complete = walk.result.open.is_empty();
    walk.note_wide();
    walk.result.unbound = walk.fits.open(rules, components);
    Ok((walk.result, walk.boxed))
}

/// Whether the components of the last stage match the solution's.
fn check_counts(certificate: &Certificate, components: usize) -> Result<(), String> {
    let listed = certificate.stages.last().map_or(0, |s| s.components.len());
    match listed == components {
        true => Ok(()),
        false => Err(format!("the proof has {listed} components, the solution {components}")),
    }
}

impl<'c> Walk<'c, '_> {
    fn rejected(&self, reason: String) -> Rejected {
        let mut path = vec![format!("stage {}", self.stage)];
        path.extend(self.path.iter().map(|(name, a, b)| match *b {
            u32::MAX => format!("{name} {a}"),
            b => format!("{name} {a} {b}"),
        }));
        Rejected { path, reason }
    }

    pub(crate) fn is_last(&self) -> bool {
        self.stage as usize + 1 == self.certificate.stages.len()
    }

    pub(crate) fn tree(&self) -> &StageTree {
        &self.rules.stages[self.stage as usize]
    }

    fn stage_proof(&mut self, k: u32) -> Result<(), String> {
        let certificate = self.certificate;
        let stage = &certificate.stages[k as usize];
        self.stage = k;
        self.path.clear();
        self.nested = stage.nested.iter().map(|n| (certificate.stages[*n as usize].root, *n)).collect();
        self.nested.sort_unstable();
        let mark = self.state.mark();
        for at in 0..self.tree().sets.len() {
            let set = self.tree().sets[at].set;
            self.state.settle_single(self.rules.tree, set);
        }
        self.parts.push(Part::default());
        if let Proof::PerfectInformation { cell } = &stage.proof {
            self.perfect_information(*cell)?;
        } else {
            self.tasks.push(Task::Case(Setup::Nothing, &stage.proof, ("root", 0, u32::MAX)));
            while let Some(task) = self.tasks.pop() {
                self.run(task)?;
            }
        }
        self.state.undo(self.rules.tree, mark);
        self.path.clear();
        let part = self.parts.pop().unwrap_or_default();
        self.finish_stage(part)
    }

    /// Checks that every leaf has its component, and notes what is not settled.
    fn finish_stage(&mut self, part: Part) -> Result<(), String> {
        let stage = &self.certificate.stages[self.stage as usize];
        for tuple in &part.tuples {
            if !stage.components.iter().any(|c| tuple.iter().all(|cell| c.contains(cell))) {
                return Err(format!("no component lists the cells {tuple:?}"));
            }
        }
        let cells: BTreeSet<u32> = part.tuples.iter().flatten().copied().collect();
        if let Some(c) = stage.components.iter().flatten().find(|c| !cells.contains(c)) {
            // An open branch may have hidden the cell; then the proof is not complete anyway.
            if self.result.open.is_empty() {
                return Err(format!("cell {c} of a component does not occur in the proof"));
            }
        }
        let reasons = part.unsettled.into_iter().flatten().flatten();
        self.result.open.extend(reasons.take(3).map(|r| format!("stage {}: {r}", self.stage)));
        self.result.cells.push(cells.into_iter().collect());
        self.result.loose.extend(part.loose);
        let kept = std::mem::take(&mut self.kept);
        let contacts = Contacts { rules: self.rules, stage: self.stage, certificate: stage, kept: &kept };
        let allowed = self.result.steps + CONTACTS;
        let open = contacts.in_pieces(&part.tuples, allowed);
        self.fits.add_stage(&contacts, self.components, &self.used, &part.tuples, allowed);
        match self.is_last() {
            true => self.result.in_pieces.extend(open),
            false if open.is_empty() => {}
            false => self.result.in_pieces.extend(0..self.components.len() as u32),
        }
        Ok(())
    }

    fn perfect_information(&mut self, cell: u32) -> Result<(), String> {
        let stage = &self.certificate.stages[self.stage as usize];
        self.result.steps += 1;
        if self.certificate.concept == "nash" {
            return Err("perfect information says nothing about all Nash equilibria".into());
        }
        if !self.tree().perfect {
            return Err("an information set of the stage has several members".into());
        }
        let inner = stage.nested.iter().map(|n| &self.certificate.stages[*n as usize]);
        if inner.into_iter().any(|s| s.components.len() != 1) {
            return Err("a nested stage has several components".into());
        }
        if !self.is_last() {
            let payoffs = cell::perfect_payoffs(self.rules, self.tree())?;
            if stage.payoffs.iter().any(|listed| *listed != payoffs) {
                return Err("the listed payoffs are not those of backward induction".into());
            }
        }
        let settled = vec![None; self.tree().sets.len()];
        let mut loose = BTreeSet::new();
        let (owners, is_last) = (self.owners(cell), self.is_last());
        let tree = &self.rules.stages[self.stage as usize];
        let place = (!is_last).then_some(self.stage);
        for k in owners {
            self.ranges.perfect(k, tree, place, self.rules, &mut loose);
        }
        self.top().add([vec![cell]], settled, loose);
        Ok(())
    }

    fn top(&mut self) -> &mut Part {
        self.parts.last_mut().expect("a stage opens a part before its first step")
    }

    fn run(&mut self, task: Task<'c>) -> Result<(), String> {
        match task {
            Task::Undo { mark, path } => {
                self.state.undo(self.rules.tree, mark);
                self.path.truncate(path);
            }
            Task::EndPart => {
                let part = self.parts.pop().unwrap_or_default();
                self.both.last_mut().ok_or("a part ends outside a `Both`")?.push(part);
            }
            Task::EndBoth => self.end_both()?,
            Task::Case(setup, proof, crumb) => {
                let (mark, path) = (self.state.mark(), self.path.len());
                self.path.push(crumb);
                self.tasks.push(Task::Undo { mark, path });
                self.enter(setup);
                self.visit(proof)?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, setup: Setup) {
        match setup {
            Setup::Nothing => {}
            Setup::Decide(action, status) => self.state.decide(self.rules.tree, action, status),
            Setup::Dominate(action) => self.state.dominate(self.rules.tree, action),
            Setup::Choose(stage, k) => self.state.choose(stage, k),
            Setup::Lead(set, lead) => self.state.set_lead(set, lead),
            Setup::Fix(variable, value) => self.state.fix(variable, value),
            Setup::Restrict(action, low, high) => self.state.restrict(action, low, high),
            Setup::Scale(group) => self.state.scale(group),
            Setup::Part => {
                self.parts.push(Part::default());
                // Below the undo of this case, so that it runs when the part is done.
                let at = self.tasks.len() - 1;
                self.tasks.insert(at, Task::EndPart);
            }
        }
    }

    /// Pushes cases so that the first runs first.
    pub(crate) fn push(&mut self, cases: Vec<Task<'c>>) {
        self.tasks.extend(cases.into_iter().rev());
    }

    fn visit(&mut self, proof: &'c Proof) -> Result<(), String> {
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
        let told = self.components.iter().any(|c| !c.conditions.is_empty());
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
    fn end_both(&mut self) -> Result<(), String> {
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
