//! Replays a certificate: rebuilds the stages and checks every step of every proof.
//!
//! The one idea: an explicit stack of cases instead of recursion, so a proof tree of
//! any depth is walked in bounded space, and the first wrong step ends the walk with
//! the path that led to it.

use crate::boxes::RootBox;
use crate::cell;
use crate::dominance::Nested;
use crate::enough::Enough;
use crate::extremes::Extremes;
use crate::joins::{Contacts, Kept};
use crate::listed::Key;
use crate::listing::Part;
use crate::pieces::Fits;
use crate::ranges::Ranges;
use crate::rows::Rules;
use crate::state::{Lead, State, Status};
use crate::tree::StageTree;
use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::certificate::{BoxProof, Certificate, Label, Proof};
use detente_game::solution::Component;
use std::collections::BTreeSet;

/// Linear programs about conditions and vertices for each step of the proof.
const PER_STEP: usize = 16;

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
    /// Components whose conditions are not shown to allow equilibria only.
    pub too_wide: BTreeSet<u32>,
    /// Components whose outcome vertices are not shown to be the extreme points.
    pub blunt: BTreeSet<u32>,
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
pub(crate) type Excluded = (Vec<u32>, Vec<(Label, Q)>);

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
    pub(crate) nested: Nested,
    path: Vec<Crumb>,
    pub(crate) tasks: Vec<Task<'c>>,
    parts: Vec<Part>,
    pub(crate) both: Vec<Vec<Part>>,
    pub(crate) result: Replay,
    pub(crate) ranges: Ranges,
    pub(crate) boxed: Vec<Boxed<'c>>,
    /// The facts of this stage's leaves whose cells are to be joined with others.
    pub(crate) kept: Kept,
    /// Whether to check also what a solution lists beside its proof.
    pub(crate) reports: bool,
    /// Per component and stage: the cells it may use.
    pub(crate) used: Vec<Vec<BTreeSet<u32>>>,
    fits: Fits,
    enough: Enough,
    extremes: Extremes,
}

/// Replays the proofs of all stages. The certificate must have a stage. With `reports`, also what
/// the components list beside the proof is checked.
pub fn replay<'c>(
    rules: &Rules,
    certificate: &'c Certificate,
    components: &[Component],
    reports: bool,
) -> Result<(Replay, Vec<Boxed<'c>>), Rejected> {
    let ranges = Ranges::new(rules, components, certificate.stages.len())
        .map_err(|reason| Rejected { path: Vec::new(), reason })?;
    check_counts(certificate, components.len())
        .map_err(|reason| Rejected { path: vec!["stage 0".into()], reason })?;
    let used = crate::used::cells(certificate);
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
        reports,
        fits: Fits::new(components.len()),
        enough: Enough::new(rules, certificate, components, &used),
        extremes: Extremes::default(),
        used,
    };
    for k in 0..certificate.stages.len() {
        walk.stage_proof(k as u32).map_err(|reason| walk.rejected(reason))?;
    }
    walk.result.complete = walk.result.open.is_empty();
    if reports {
        walk.note_wide().map_err(|reason| Rejected { path: Vec::new(), reason })?;
    }
    walk.result.unbound = walk.fits.open(rules, components);
    walk.result.too_wide = walk.enough.open;
    walk.result.blunt = walk.extremes.open;
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
        if !self.reports {
            return Ok(());
        }
        let contacts = Contacts { rules: self.rules, stage: self.stage, certificate: stage, kept: &kept };
        let allowed = self.result.steps + CONTACTS;
        let (open, wrong) = contacts.in_pieces(&part.tuples, allowed);
        if let Some(why) = wrong.filter(|_| self.result.open.is_empty()) {
            return Err(why);
        }
        let mut left = PER_STEP * allowed;
        let fitting = self.fits.add_stage(&contacts, self.components, &self.used, &part.tuples, left);
        self.enough.add_stage(&contacts, self.components, &self.ranges, &fitting, &mut left);
        if self.components.iter().any(|c| !c.outcome_vertices.is_empty()) {
            let listed = self.is_last().then_some(self.components);
            let below = &self.ranges.below[self.stage as usize];
            self.extremes.add_stage(&contacts, listed, &part.tuples, below, PER_STEP * allowed);
        }
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

    pub(crate) fn top(&mut self) -> &mut Part {
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
}
