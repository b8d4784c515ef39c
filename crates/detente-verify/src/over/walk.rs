//! The steps of a stage's proof, checked over a range.
//!
//! The one idea: a case returns the leaves that it keeps, each as the list of what was decided on
//! the way. Independent parts combine by laying such lists side by side.

use super::{Component, Field, Solved, Stop, point};
use crate::dominance::Nested;
use crate::rows::Rules;
use crate::state::{Lead, State, Status};
use crate::{belief, dominance, legal};
use detente_exact::Q;
use detente_game::certificate::{Certificate, Proof, Row};
use std::collections::BTreeSet;

/// Most combinations of leaves of independent parts.
const MAX_TUPLES: usize = 4096;

/// What happens to the state when a case is entered.
#[derive(Clone, Debug)]
pub enum Setup<N> {
    Decide(u32, Status),
    Dominate(u32),
    Choose(u32, u32),
    Lead(u32, Lead),
    Fix(u32, N),
    Scale(Vec<u32>),
}

/// A leaf, or a choice of one leaf from each of several parts.
#[derive(Clone, Debug)]
pub struct Leaf<N> {
    pub cells: Vec<u32>,
    /// What was decided on the way, in order.
    pub way: Vec<Setup<N>>,
}

/// Changes the state as a case says. What is decided already stays.
pub fn enter<N: Field>(rules: &Rules<N>, state: &mut State<N>, setup: &Setup<N>) {
    match setup {
        Setup::Decide(a, status) if !state.is_decided(*a) => state.decide(rules.tree, *a, *status),
        Setup::Dominate(a) if !state.is_decided(*a) => state.dominate(rules.tree, *a),
        Setup::Decide(..) | Setup::Dominate(_) => {}
        Setup::Choose(stage, k) => state.choose(*stage, *k),
        Setup::Lead(set, lead) => state.set_lead(*set, lead.clone()),
        Setup::Fix(variable, value) => state.fix(*variable, value.clone()),
        Setup::Scale(group) => state.scale(group.clone()),
    }
}

/// Makes the only action of each set positive.
pub fn settle<N: Field>(rules: &Rules<N>, state: &mut State<N>, stage: u32) {
    for data in &rules.stages[stage as usize].sets {
        state.settle_single(rules.tree, data.set);
    }
}

/// A stage's proof on the way.
pub(super) struct Walk<'r, 'a, N> {
    pub(super) rules: &'r Rules<'a, N>,
    pub(super) state: State<N>,
    pub(super) stage: u32,
    nested: Nested,
    steps: usize,
    pub(super) careful: bool,
}

/// Replays one stage's proof and shows an equilibrium in each of its cells.
pub fn stage<N: Field>(
    rules: &Rules<N>,
    certificate: &Certificate,
    stage: u32,
    proof: &Proof,
    nested: &[(u32, u32)],
    solved: &[Solved<N>],
    (steps, careful): (&mut usize, bool),
) -> Result<Solved<N>, Stop> {
    let mut state = State::new(rules.tree, certificate.stages.len());
    settle(rules, &mut state, stage);
    let mut walk = Walk { rules, state, stage, nested: nested.to_vec(), steps: 0, careful };
    let leaves = walk.visit(proof)?;
    *steps += walk.steps;
    let lists = &certificate.stages[stage as usize].components;
    let last = stage as usize + 1 == certificate.stages.len();
    let mut components: Vec<Component<N>> =
        lists.iter().map(|_| Component { supports: BTreeSet::new(), places: vec![] }).collect();
    let mut payoffs: Vec<Option<Vec<N>>> = vec![None; lists.len()];
    for leaf in &leaves {
        let owner = lists.iter().position(|c| leaf.cells.iter().all(|cell| c.contains(cell)));
        let owner = owner.ok_or_else(|| Stop::Never("a cell is listed in no component".into()))?;
        let mut state = State::new(rules.tree, certificate.stages.len());
        settle(rules, &mut state, stage);
        leaf.way.iter().for_each(|setup| enter(rules, &mut state, setup));
        let place = point::find(rules, &state, stage, solved)?;
        components[owner].supports.extend(point::supports(rules, &state, stage, solved)?);
        if !last {
            let found = point::payoffs(rules, &state, stage)?;
            match &payoffs[owner] {
                Some(old) if old.iter().zip(&found).any(|(a, b)| !a.minus(b).is_zero()) => {
                    return Err(Stop::Here("cells of one nested component pay differently".into()));
                }
                _ => payoffs[owner] = Some(found),
            }
        }
        components[owner].places.push(place);
    }
    // One that lists no cell claims no equilibrium.
    let empty = |(c, list): (&Component<N>, &Vec<u32>)| c.places.is_empty() && !list.is_empty();
    if components.iter().zip(lists).any(empty) {
        return Err(Stop::Never("a component has no cell in the proof".into()));
    }
    if last {
        components.retain(|c| !c.places.is_empty());
    }
    Ok(Solved { components, payoffs: payoffs.into_iter().flatten().collect() })
}

impl<N: Field> Walk<'_, '_, N> {
    fn case(&mut self, setup: Setup<N>, proof: &Proof) -> Result<Vec<Leaf<N>>, Stop> {
        let mark = self.state.mark();
        enter(self.rules, &mut self.state, &setup);
        let found = self.visit(proof);
        self.state.undo(self.rules.tree, mark);
        let mut leaves = found?;
        leaves.iter_mut().for_each(|leaf| leaf.way.insert(0, setup.clone()));
        Ok(leaves)
    }

    fn visit(&mut self, proof: &Proof) -> Result<Vec<Leaf<N>>, Stop> {
        self.steps += 1;
        let (rules, stage) = (self.rules, self.stage);
        match proof {
            Proof::PerfectInformation { .. } => {
                Err(Stop::Never("perfect information is a proof of a whole stage".into()))
            }
            Proof::Split { infoset, action, zero, positive } => {
                let a = legal::undecided(rules, &self.state, stage, *infoset, *action)?;
                let mut leaves = self.case(Setup::Decide(a, Status::Zero), zero)?;
                leaves.extend(self.case(Setup::Decide(a, Status::Positive), positive)?);
                Ok(leaves)
            }
            Proof::Choose { stage: inner, options } => {
                let nested = self.nested.iter().any(|(_, s)| s == inner);
                let count = rules.vectors.get(*inner as usize).map_or(0, Vec::len);
                if !nested || self.state.choice[*inner as usize].is_some() || count != options.len() {
                    return Err(Stop::Here("a choice does not fit the nested subgame".into()));
                }
                let mut leaves = vec![];
                for (k, option) in options.iter().enumerate() {
                    leaves.extend(self.case(Setup::Choose(*inner, k as u32), option)?);
                }
                Ok(leaves)
            }
            Proof::Dominated { infoset, action, than, then } => {
                let ends = legal::contradicted(rules, &self.state, stage, (*infoset, *action), then)?;
                let at = (*infoset, *action);
                let a = legal::undecided_or(rules, &self.state, stage, at, Status::Positive, then)?;
                rules.action(stage, *infoset, *than)?;
                dominance::check(rules, &self.state, &self.nested, *infoset, *action, *than)?;
                if ends || self.state.is_decided(a) {
                    Ok(vec![])
                } else {
                    self.case(Setup::Dominate(a), then)
                }
            }
            Proof::MustBePositive { infoset, action, combination, then } => {
                self.forced((*infoset, *action), Status::Zero, combination, then)
            }
            Proof::MustBeZero { infoset, action, combination, then } => {
                self.forced((*infoset, *action), Status::Positive, combination, then)
            }
            Proof::Beliefs { infoset, options, excluded } => {
                legal::free_value(rules, &self.state, stage, *infoset)?;
                let data = rules.data(stage, *infoset)?;
                let (mut listed, mut cases) = (vec![], vec![]);
                for (list, then) in options {
                    let flags = belief::members(data, list)?;
                    listed.push(flags.clone());
                    cases.push((Setup::Lead(*infoset, Lead::Chosen(flags)), then));
                }
                for (list, labels) in excluded {
                    let flags = belief::members(data, list)?;
                    belief::check_excluded(rules, &self.state, stage, data, &flags, labels)?;
                    listed.push(flags);
                }
                belief::check_cover(rules, &self.state, data, &listed)?;
                let mut leaves = vec![];
                for (setup, then) in cases {
                    leaves.extend(self.case(setup, then)?);
                }
                Ok(leaves)
            }
            Proof::AnyBelief { infoset, then } => {
                legal::free_value(rules, &self.state, stage, *infoset)?;
                let own = belief::own_actions(rules, &self.state, rules.data(stage, *infoset)?)?;
                self.case(Setup::Lead(*infoset, Lead::Any(own)), then)
            }
            Proof::Fix { variable, value, combination, then } => {
                let (id, number) = self.fixed(*variable, value, combination)?;
                self.case(Setup::Fix(id, number), then)
            }
            Proof::Scale { group, then } => {
                let ids = legal::scale(rules, &self.state, stage, group)?;
                self.case(Setup::Scale(ids), then)
            }
            Proof::Both { parts } => self.both(parts),
            Proof::Refuted { combination } => self.refuted(combination).map(|()| vec![]),
            Proof::OutOfRange { variable } => self.out_of_range(*variable).map(|()| vec![]),
            Proof::Cell { cell } => Ok(vec![Leaf { cells: vec![*cell], way: vec![] }]),
            Proof::Roots { .. } | Proof::Boxes { .. } => {
                Err(Stop::Never("an equilibrium has irrational numbers".into()))
            }
            Proof::Open { why } => Err(Stop::Never(why.clone())),
        }
    }

    /// A part's leaf is a way; every choice of one leaf from each part is one case.
    fn both(&mut self, parts: &[Proof]) -> Result<Vec<Leaf<N>>, Stop> {
        let mut all = vec![Leaf { cells: vec![], way: vec![] }];
        for part in parts {
            let leaves = self.visit(part)?;
            if all.len().saturating_mul(leaves.len()) > MAX_TUPLES {
                return Err(Stop::Never("independent parts have too many combinations".into()));
            }
            let joined = |a: &Leaf<N>, b: &Leaf<N>| {
                let (mut cells, mut way) = (a.cells.clone(), a.way.clone());
                cells.extend(&b.cells);
                way.extend(b.way.iter().cloned());
                Leaf { cells, way }
            };
            all = all.iter().flat_map(|a| leaves.iter().map(move |b| joined(a, b))).collect();
        }
        Ok(all)
    }

    fn forced(
        &mut self,
        at: (u32, u32),
        status: Status,
        list: &[(Row, Q)],
        then: &Proof,
    ) -> Result<Vec<Leaf<N>>, Stop> {
        let a = legal::undecided_or(self.rules, &self.state, self.stage, at, status, then)?;
        let mark = self.state.mark();
        if !self.state.is_decided(a) {
            self.state.decide(self.rules.tree, a, status);
        }
        let result = self.refuted(list);
        self.state.undo(self.rules.tree, mark);
        result?;
        if self.state.is_decided(a) {
            return Ok(vec![]);
        }
        let other = if status == Status::Zero { Status::Positive } else { Status::Zero };
        self.case(Setup::Decide(a, other), then)
    }
}
