//! The steps of a stage's proof, checked over a range.
//!
//! The one idea: a case returns the leaves that it keeps, each as the list of what was decided on
//! the way. Independent parts combine by laying such lists side by side.

use super::lift::{self, Equation};
use super::{Component, Field, Solved, Stop, point};
use crate::combine::{is_strictly_below, reduced, unknown};
use crate::dominance::Nested;
use crate::poly::{Monomial, Poly};
use crate::rows::Rules;
use crate::state::{Lead, State, Status};
use crate::{belief, dominance, legal};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::certificate::{Certificate, Proof, Row, Variable};
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

struct Walk<'r, 'a, N> {
    rules: &'r Rules<'a, N>,
    state: State<N>,
    stage: u32,
    nested: Nested,
    steps: usize,
    careful: bool,
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

    /// The rows of a list, whether each is an equation, and its multiplier at the center.
    fn listed(&self, list: &[(Row, Q)]) -> Result<Vec<(Poly<N>, bool, Q)>, Stop> {
        let mut rows = Vec::with_capacity(list.len());
        for (row, y) in list {
            let poly = self.rules.row(&self.state, self.stage, *row)?;
            rows.push((poly, self.rules.is_equation(&self.state, *row)?, y.clone()));
        }
        Ok(rows)
    }

    fn refuted(&self, list: &[(Row, Q)]) -> Result<(), Stop> {
        let rows = self.listed(list)?;
        let listed: Vec<Q> = rows.iter().map(|r| r.2.clone()).collect();
        if self.careful
            && let Some(sharp) = self.sharpest(&rows)
            && self.refuted_by(&rows, &sharp).is_ok()
        {
            return Ok(());
        }
        self.refuted_by(&rows, &listed)
    }

    /// The multipliers in [-1, 1] with the lowest bound at the center, if that is below 0. They
    /// are a corner of a linear program, so as functions they stay the best until another corner is.
    fn sharpest(&self, rows: &[(Poly<N>, bool, Q)]) -> Option<Vec<Q>> {
        let all: BTreeSet<&Monomial> = rows.iter().flat_map(|r| r.0.0.keys()).collect();
        let mut program = Lp::default();
        for row in rows {
            program.add_variable(Some(if row.1 { -Q::ONE } else { Q::ZERO }), Some(Q::ONE));
        }
        let mut objective: Vec<(usize, Q)> = vec![];
        for m in all {
            let coefs: Vec<(usize, Q)> = coefs(rows, m).iter().map(Field::center).enumerate().collect();
            if m.is_empty() {
                objective.extend(coefs.into_iter().map(|(k, c)| (k, -c)));
                continue;
            }
            let size = program.add_variable(Some(Q::ZERO), None);
            let value = m.iter().find(|v| self.rules.is_value(**v));
            let signs: &[Q] = if value.is_some() { &[Q::ONE, -Q::ONE] } else { &[-Q::ONE] };
            for sign in signs {
                let mut row: Vec<(usize, Q)> = coefs.iter().map(|(k, c)| (*k, c * sign)).collect();
                row.push((size, Q::ONE));
                program.add_row(row, Rel::Ge, Q::ZERO);
            }
            objective.push((size, -value.map_or(Q::ONE, |v| self.bound_of(*v))));
        }
        match lp::maximize(&program, &objective) {
            Outcome::Optimal { x, value, .. } if value.is_positive() => Some(x[..rows.len()].to_vec()),
            _ => None,
        }
    }

    fn refuted_by(&self, rows: &[(Poly<N>, bool, Q)], known: &[Q]) -> Result<(), Stop> {
        let constant: Vec<N> = known.iter().map(N::of).collect();
        let all: BTreeSet<&Monomial> = rows.iter().flat_map(|r| r.0.0.keys()).collect();
        let at = |m: &Monomial, y: &[N]| sum(rows, m, y);
        let vanish = |m: &&&Monomial| at(m, &constant).center().is_zero();
        let zeros: Vec<&Monomial> = all.iter().filter(vanish).copied().collect();
        let kept: Vec<&Monomial> = all.iter().filter(|m| !vanish(m)).copied().collect();
        let signed = |y: &[N]| rows.iter().zip(y).all(|(r, y)| r.1 || y.sign().is_some_and(|s| s >= 0));
        // As it is: the same multipliers, where nothing that must cancel depends on parameters.
        if zeros.iter().all(|m| at(m, &constant).is_zero())
            && signed(&constant)
            && self.leaves_no_room(kept.iter().map(|m| ((*m).clone(), at(m, &constant))), None).is_ok()
        {
            return Ok(());
        }
        let equation = |m: &Monomial| Equation { coefs: coefs(rows, m), rhs: N::zero() };
        let inside = |k: usize| !known[k].abs().is_one();
        let mut equations: Vec<Equation<N>> = zeros.iter().map(|m| equation(m)).collect();
        for with_bound in [false, true] {
            if with_bound {
                equations.push(self.bound_equation(rows, &kept, &constant)?);
            }
            let lifted = lift::solve_for(&equations, known, &inside)?;
            let y = &lifted.values;
            let mut terms: Vec<(Monomial, N)> = kept.iter().map(|m| ((*m).clone(), at(m, y))).collect();
            let rest = zeros.iter().zip(&lifted.solved).filter(|(_, solved)| !**solved);
            terms.extend(rest.map(|(m, _)| ((*m).clone(), at(m, y))).filter(|(_, c)| !c.is_zero()));
            // The equation for the bound speaks of the terms kept, with the signs they have here.
            let same = |(m, c): &(Monomial, N)| {
                let sign = at(m, &constant).center().signum();
                kept.contains(&m) && (m.is_empty() || c.sign() == Some(sign))
            };
            let exact = with_bound && lifted.solved.last() == Some(&true) && terms.iter().all(same);
            let bound = exact.then(N::zero);
            if signed(y) && self.leaves_no_room(terms.into_iter(), bound).is_ok() {
                return Ok(());
            }
        }
        Err(Stop::Here("a combination of rows does not refute its case off this point".into()))
    }

    /// The bound of the combination as one equation, if it is 0 at the center.
    fn bound_equation(
        &self,
        rows: &[(Poly<N>, bool, Q)],
        kept: &[&Monomial],
        y: &[N],
    ) -> Result<Equation<N>, Stop> {
        let mut total = vec![N::zero(); rows.len()];
        for m in kept {
            let positive = sum(rows, m, y).center().is_positive();
            let weight = match m.iter().find(|v| self.rules.is_value(**v)) {
                _ if m.is_empty() => Q::ONE,
                Some(v) if positive => self.bound_of(*v),
                Some(v) => -self.bound_of(*v),
                None if positive => Q::ONE,
                None => continue,
            };
            for (t, c) in total.iter_mut().zip(coefs(rows, m)) {
                *t = t.plus(&c.times(&N::of(&weight)));
            }
        }
        Ok(Equation { coefs: total, rhs: N::zero() })
    }

    fn bound_of(&self, value: u32) -> Q {
        self.rules.set(value - self.rules.tree.set_of.len() as u32).bound.clone()
    }

    /// Whether the upper bound of a polynomial that is >= 0 at every equilibrium leaves none.
    fn leaves_no_room(
        &self,
        terms: impl Iterator<Item = (Monomial, N)>,
        known: Option<N>,
    ) -> Result<(), Stop> {
        let lost = || Stop::Here("the sign of a coefficient is not sure".to_string());
        let mut bound = N::zero();
        let mut slack: Vec<Monomial> = vec![];
        for (monomial, c) in terms {
            let values = monomial.iter().filter(|v| self.rules.is_value(**v)).count();
            match (monomial.is_empty(), values) {
                (true, _) => bound = bound.plus(&c),
                (_, 0) => {
                    bound = bound.plus(&c.positive_part().ok_or_else(lost)?);
                    if c.sign() == Some(-1) {
                        slack.push(monomial);
                    }
                }
                (_, 1) => {
                    let value = *monomial.iter().find(|v| self.rules.is_value(**v)).ok_or_else(lost)?;
                    let size = c.sorted(&c.negated()).ok_or_else(lost)?.0;
                    bound = bound.plus(&size.times(&N::of(&self.bound_of(value))));
                }
                _ => return Err(Stop::Here("values are multiplied".into())),
            }
        }
        let bound = known.unwrap_or(bound);
        let slack: Vec<&Monomial> = slack.iter().collect();
        match bound.sign() {
            Some(-1) => Ok(()),
            Some(0) if bound.is_zero() && is_strictly_below(self.rules, &self.state, &slack) => Ok(()),
            _ => Err(Stop::Here("the bound of a combination is not below 0".into())),
        }
    }

    /// The number that equations give a variable.
    fn fixed(&self, variable: Variable, value: &Q, list: &[(Row, Q)]) -> Result<(u32, N), Stop> {
        let (rules, state) = (self.rules, &self.state);
        let raw = rules.variable(self.stage, variable)?;
        let id = unknown(rules, state, raw)?;
        let rows = self.listed(list)?;
        if rows.iter().any(|r| !r.1) {
            return Err(Stop::Here("an inequality where an equation is needed".into()));
        }
        let plain = self.solved_for(&rows, &Poly::variable(id));
        let number = match plain {
            Ok(number) => number,
            Err(_) => {
                let mut less = Vec::with_capacity(rows.len());
                for (poly, equation, y) in rows {
                    less.push((reduced(rules, state, &poly)?, equation, y));
                }
                self.solved_for(&less, &reduced(rules, state, &Poly::variable(id))?)?
            }
        };
        if number.center() != *value {
            return Err(Stop::Here("the equations give the variable another number".into()));
        }
        if rules.is_value(id) || number.sign() != Some(1) {
            legal::keeps_meaning(rules, state, id)?;
        }
        Ok((id, number))
    }

    /// The number v for which the combination is (product of weights) * s * (`variable` - v).
    fn solved_for(&self, rows: &[(Poly<N>, bool, Q)], variable: &Poly<N>) -> Result<N, Stop> {
        let odd = || Stop::Here("a combination does not say what a variable is".to_string());
        let known: Vec<Q> = rows.iter().map(|r| r.2.clone()).collect();
        let constant: Vec<N> = known.iter().map(N::of).collect();
        let all: BTreeSet<&Monomial> = rows.iter().flat_map(|r| r.0.0.keys()).collect();
        let center = |m: &Monomial| sum(rows, m, &constant).center();
        let lead = variable.0.keys().find(|m| !m.is_empty()).ok_or_else(odd)?;
        // The common factor is what stands beside the leading variable.
        let holds = |m: &&&Monomial| lead.iter().all(|v| m.contains(v)) && !center(m).is_zero();
        let top = all.iter().find(holds).copied().ok_or_else(odd)?;
        let rest: Monomial = top.iter().copied().filter(|v| !lead.contains(v)).collect();
        let strict = |v: &u32| !self.rules.is_value(*v) && self.rules.is_strict(&self.state, *v);
        if !rest.iter().all(strict) {
            return Err(odd());
        }
        let shape = variable.times(&rest);
        let own = shape.0.get(top).ok_or_else(odd)?;
        let mut equations = vec![];
        for m in all.iter().copied().filter(|m| **m != rest && *m != top) {
            let mut coefs = coefs(rows, m);
            if let Some(other) = shape.0.get(m) {
                // P[m] * own = P[top] * other.
                let tops = self::coefs(rows, top);
                for (c, t) in coefs.iter_mut().zip(&tops) {
                    *c = c.times(own).minus(&t.times(other));
                }
            }
            equations.push(Equation { coefs, rhs: N::zero() });
        }
        if shape.0.keys().any(|m| *m != rest && !all.contains(m)) {
            return Err(odd());
        }
        let lifted = lift::solve(&equations, &known)?;
        let y = &lifted.values;
        let left = |e: &Equation<N>| {
            e.coefs.iter().zip(y).fold(N::zero(), |s, (c, y)| s.plus(&c.times(y))).is_zero()
        };
        if equations.iter().zip(&lifted.solved).any(|(e, solved)| !solved && !left(e)) {
            return Err(odd());
        }
        let slope = sum(rows, top, y);
        if slope.sign().is_none_or(|s| s == 0) {
            return Err(odd());
        }
        let constant = shape.0.get(&rest).cloned().unwrap_or_else(N::zero);
        let ratio = sum(rows, &rest, y).times(own).over(&slope).ok_or_else(odd)?;
        Ok(constant.minus(&ratio))
    }

    fn out_of_range(&self, variable: Variable) -> Result<(), Stop> {
        let inside = || Stop::Here("a number is within its range off this point".to_string());
        let rules = self.rules;
        let mut id = rules.variable(self.stage, variable)?;
        if rules.is_value(id) {
            let value = self.state.fixed[id as usize].as_ref().ok_or_else(inside)?;
            let size = value.sorted(&value.negated()).ok_or_else(inside)?.0;
            return match size.minus(&N::of(&self.bound_of(id))).sign() {
                Some(1) => Ok(()),
                _ => Err(inside()),
            };
        }
        loop {
            if let Some(v) = &self.state.fixed[id as usize] {
                let strict = rules.is_strict(&self.state, id);
                return match v.sign().ok_or_else(inside)? {
                    -1 => Ok(()),
                    0 if strict && v.is_zero() => Ok(()),
                    1 if v.minus(&N::one()).sign() == Some(1) => Ok(()),
                    _ => Err(inside()),
                };
            }
            let set = rules.tree.set_of[id as usize];
            let alias = self.state.is_single(set) && !self.state.is_zero(id);
            match rules.before(id).filter(|_| alias) {
                Some(before) => id = before,
                None => return Err(inside()),
            }
        }
    }
}

/// One coefficient of the combination.
fn sum<N: Field>(rows: &[(Poly<N>, bool, Q)], m: &Monomial, y: &[N]) -> N {
    let mut total = N::zero();
    for ((poly, ..), y) in rows.iter().zip(y) {
        if let Some(c) = poly.0.get(m) {
            total = total.plus(&c.times(y));
        }
    }
    total
}

/// A monomial's coefficient in each row.
fn coefs<N: Field>(rows: &[(Poly<N>, bool, Q)], m: &Monomial) -> Vec<N> {
    rows.iter().map(|r| r.0.0.get(m).cloned().unwrap_or_else(N::zero)).collect()
}
