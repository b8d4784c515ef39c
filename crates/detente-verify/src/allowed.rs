//! Whether all that a piece allows in a stage is an equilibrium of one choice of cells.
//!
//! The one idea: ranges and conditions are linear in weights, and so are the rows of a cell. If
//! linear programs show that the piece's numbers keep all rows, then everything inside of the
//! piece is an equilibrium of the cells, and everything else in it is a limit of such.

use crate::claim::Claim;
use crate::combine::reduced;
use crate::germ::Germ;
use crate::joins::Contacts;
use crate::poly::Poly;
use crate::rows::Rules;
use crate::shares::member_weights;
use crate::split::{Largest, Split};
use crate::state::State;
use crate::tree::{SetData, StageTree};
use crate::weights::OnWeights;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};

/// The numbers of a piece, in the terms of a choice of cells, as a polytope of weights.
struct Allowed<'a> {
    at: &'a Contacts<'a>,
    tree: &'a StageTree,
    state: &'a State,
    claim: &'a Claim<'a>,
    program: Lp,
    /// The program in parts, once it is complete.
    parts: OnceCell<Split>,
    column: BTreeMap<u32, usize>,
    /// Weights that the ranges alone say.
    known: BTreeMap<u32, Q>,
    /// Products that must be above 0 all over the piece.
    reached: Vec<Poly>,
    left: Cell<usize>,
}

/// Whether all numbers that a piece allows in this stage are those of equilibria in the closure
/// of a choice of cells. `programs` counts down the linear programs solved.
pub fn all_in(at: &Contacts, state: &State, claim: &Claim, programs: &mut usize) -> bool {
    let tree = &at.rules.stages[at.stage as usize];
    let said = OnWeights::new(at.rules, state, tree);
    let scales = said.scales.iter().flat_map(|p| p.0.keys()).filter(|m| !m.is_empty());
    let is_disjoint = scales.clone().count() == scales.collect::<BTreeSet<_>>().len();
    if !said.whole || !is_disjoint || state.range.iter().any(Option::is_some) {
        return false;
    }
    let column: BTreeMap<u32, usize> = claim.actions.keys().copied().zip(0..).collect();
    let program = Lp::with_variables(column.len(), Some(Q::ZERO), Some(Q::ONE));
    let left = Cell::new(*programs);
    let (parts, reached) = (OnceCell::new(), Vec::new());
    let known = known_weights(at.rules, tree, state, claim);
    let mut allowed = Allowed { at, tree, state, claim, program, parts, column, known, reached, left };
    let shown = allowed.is_filled(&said).is_some() && allowed.keeps(&said);
    *programs = allowed.left.get();
    shown
}

impl Allowed<'_> {
    fn rules(&self) -> &Rules<'_> {
        self.at.rules
    }

    /// Whether an action is only a tremble here.
    fn is_tremble(&self, a: u32) -> bool {
        self.rules().sequential && self.state.is_zero(a)
    }

    /// Writes down what the piece says; `None` if it cannot be said in these weights.
    fn is_filled(&mut self, said: &OnWeights) -> Option<()> {
        let (at, tree, claim, state) = (self.at, self.tree, self.claim, self.state);
        for data in &tree.sets {
            let before = data.before.map_or(Poly::constant(Q::ONE), Poly::variable);
            let mut flow = Poly::default();
            flow.add_scaled(&before, &-Q::ONE);
            for a in at.rules.tree.actions(data.set) {
                if self.is_tremble(a) {
                    claim.is_none(a).then_some(())?;
                    if let Some(q) = &state.fixed[a as usize] {
                        // How large it is, is ours to say: no belief that varies hangs on it.
                        let mut row = Poly::variable(a);
                        row.add_scaled(&Poly::constant(q.clone()), &-Q::ONE);
                        self.add(&row, true)?;
                    }
                    continue;
                }
                flow.add_term(vec![a], Q::ONE);
                let (low, high) = &claim.actions[&a];
                for (end, sign) in [(low, Q::ONE), (high, -Q::ONE)] {
                    let mut row = Poly::default();
                    row.add_scaled(&Poly::variable(a), &sign);
                    row.add_scaled(&before, &-(&sign * end));
                    self.add(&row, low == high && sign.is_positive())?;
                }
            }
            self.add(&flow, true)?;
        }
        said.scales.iter().try_for_each(|row| self.add(row, true))?;
        for condition in claim.conditions {
            if let Some(row) = claim.linear(at.rules, state, condition) {
                // A condition that is no sum of weights is left out: the rest must do.
                let _ = self.add(&row, condition.equality);
            }
        }
        if at.rules.sequential {
            let mut used = Vec::new();
            for data in tree.sets.iter().filter(|d| d.members.len() > 1) {
                self.say_beliefs(data, said, &mut used)?;
            }
        }
        Some(())
    }

    /// Adds a row; `None` if it is not linear.
    fn add(&mut self, row: &Poly, equation: bool) -> Option<()> {
        let row = self.with_known(row);
        if row.as_constant().is_some() {
            return Some(());
        }
        let mut coefs = Vec::new();
        let mut right = Q::ZERO;
        for (monomial, c) in &row.0 {
            match monomial[..] {
                [] => right = -c,
                [v] => coefs.push((*self.column.get(&v)?, c.clone())),
                _ => return None,
            }
        }
        self.program.add_row(coefs, if equation { Rel::Eq } else { Rel::Ge }, right);
        Some(())
    }

    /// Sees to it that every belief that the piece allows at a set follows from weights.
    fn say_beliefs(&mut self, data: &SetData, said: &OnWeights, used: &mut Vec<u32>) -> Option<()> {
        let (rules, state) = (self.at.rules, self.state);
        let (shares, total) = member_weights(rules, state, data).ok()?;
        let bounds = |x: usize| self.claim.beliefs.get(&(data.set, x as u32)).cloned();
        let trembles: Vec<u32> = shares.iter().flat_map(|p| p.0.keys().flatten()).copied().collect();
        let trembles: Vec<u32> = trembles.into_iter().filter(|a| state.is_zero(*a)).collect();
        let monomials: Vec<_> = shares.iter().flat_map(|p| p.0.keys()).collect();
        if monomials.windows(2).all(|pair| pair[0] == pair[1]) {
            // All leading members hang on the same: what is believed is certain.
            let whole: Q = total.0.values().next().cloned()?;
            let sure = shares.iter().enumerate().all(|(x, share)| {
                let belief = share.0.values().next().cloned().unwrap_or(Q::ZERO) / &whole;
                bounds(x).is_some_and(|b| b.0 == belief && b.1 == belief)
            });
            return if sure { Some(()) } else { self.is_reached(data, &total) };
        }
        if trembles.is_empty() {
            return self.is_reached(data, &total);
        }
        for (x, share) in shares.iter().enumerate() {
            match share.0.first_key_value() {
                None => bounds(x).filter(|b| !b.1.is_positive()).map(drop)?,
                Some((m, _)) => match m[..] {
                    [z] if state.is_zero(z) && !used.contains(&z) => used.push(z),
                    _ => return None,
                },
            }
        }
        // Trembles that are measured together may be measured anew together.
        for scale in &said.scales {
            let inside = trembles.iter().filter(|z| scale.0.contains_key(&vec![**z])).count();
            if inside != 0 && inside != trembles.len() {
                return None;
            }
        }
        for (x, share) in shares.iter().enumerate() {
            let (low, high) = bounds(x)?;
            for (end, sign) in [(low, Q::ONE), (high, -Q::ONE)] {
                let mut row = Poly::default();
                row.add_scaled(share, &sign);
                row.add_scaled(&total, &-(&sign * &end));
                self.add(&row, false)?;
            }
        }
        Some(())
    }

    /// Notes that play must come to the members, so that beliefs follow by Bayes' rule.
    fn is_reached(&mut self, data: &SetData, total: &Poly) -> Option<()> {
        let mut least = Poly::default();
        least.add_scaled(total, &-Q::ONE);
        self.reached.push(least);
        // A tremble may also be a number by now.
        let lead = self.at.rules.leading(self.state, data.set).ok()?;
        let mut leading = data.members.iter().zip(lead).filter(|(_, leads)| *leads);
        leading.all(|(m, _)| self.at.rules.is_live(self.state, &m.path)).then_some(())
    }

    fn with_known(&self, poly: &Poly) -> Poly {
        let mut poly = poly.clone();
        loop {
            let Some(v) = poly.0.keys().flatten().copied().find(|v| self.known.contains_key(v)) else {
                return poly;
            };
            poly = poly.substituted(v, &Poly::constant(self.known[&v].clone()));
        }
    }

    /// The largest value of a linear polynomial over the piece.
    fn maximum(&self, poly: &Poly) -> Option<Q> {
        let poly = self.with_known(poly);
        let mut rest = Q::ZERO;
        let mut objective = Vec::new();
        for (monomial, c) in &poly.0 {
            match monomial[..] {
                [] => rest += c,
                [v] => objective.push((*self.column.get(&v)?, c.clone())),
                _ => return None,
            }
        }
        if objective.is_empty() {
            return Some(rest);
        }
        self.left.set(self.left.get().checked_sub(1)?);
        match self.parts.get_or_init(|| Split::new(&self.program)).maximize(&objective) {
            Largest::At(value) => Some(value + rest),
            _ => None,
        }
    }

    /// Whether a polynomial is at least 0 (or is 0) all over the piece.
    fn follows(&self, poly: &Poly, equation: bool) -> bool {
        let Ok(poly) = reduced(self.rules(), self.state, &self.with_known(poly)) else { return false };
        let mut poly = self.with_known(&poly);
        while let Some(v) = poly.0.keys().find(|m| m.len() > 1).and_then(|m| {
            // A product with a weight that is the same all over the piece is none.
            m.iter().copied().find(|v| self.number(*v).is_some())
        }) {
            let Some(q) = self.number(v) else { return false };
            poly = poly.substituted(v, &Poly::constant(q));
        }
        let mut down = Poly::default();
        down.add_scaled(&poly, &-Q::ONE);
        let below = |p: &Poly| self.maximum(p).is_some_and(|q| !q.is_positive());
        below(&down) && (!equation || below(&poly))
    }

    /// The number that a weight is all over the piece.
    fn number(&self, v: u32) -> Option<Q> {
        let high = self.maximum(&Poly::variable(v))?;
        let mut down = Poly::default();
        down.add_term(vec![v], -Q::ONE);
        (self.maximum(&down)? == -&high).then_some(high)
    }

    /// Whether the piece's weights keep the rows of the cells, and some lie inside.
    fn keeps(&self, said: &OnWeights) -> bool {
        let (rules, state) = (self.rules(), self.state);
        let zero = |a: &u32| state.is_zero(*a) && !rules.sequential && !self.claim.is_none(*a);
        let fixed = |a: u32| {
            let mut row = Poly::variable(a);
            row.add_scaled(&Poly::constant(state.fixed[a as usize].clone().unwrap_or(Q::ZERO)), &-Q::ONE);
            row
        };
        let known = |a: &u32| zero(a) || state.fixed[*a as usize].is_some();
        let is = |row: &Poly| {
            let mut down = Poly::default();
            down.add_scaled(row, &-Q::ONE);
            [row, &down].into_iter().all(|p| self.maximum(p).is_some_and(|q| !q.is_positive()))
        };
        self.reached.iter().all(|p| self.maximum(p).is_some_and(|q| q.is_negative()))
            && self.column.keys().filter(|a| known(a)).all(|a| is(&fixed(*a)))
            && said.rows.iter().all(|(row, equation)| self.follows(row, *equation))
            && (!rules.sequential || self.tree.sets.iter().all(|d| self.is_planned(d)))
            && self.has_inside().is_some()
    }

    /// Whether the weights tell what is planned at a set, as they do unless its owner's way to it
    /// may have no weight.
    fn is_planned(&self, data: &SetData) -> bool {
        let Some(before) = data.before.filter(|_| !self.state.is_single(data.set)) else { return true };
        let mut down = Poly::default();
        down.add_term(vec![before], -Q::ONE);
        match self.is_tremble(before) {
            // Its size is at our choice, if it says nothing about beliefs.
            true => self.number(before).is_none_or(|q| q.is_positive()) && !self.is_believed(before),
            false => self.maximum(&down).is_some_and(|q| q.is_negative()),
        }
    }

    fn is_believed(&self, tremble: u32) -> bool {
        let sets = self.tree.sets.iter().filter(|d| d.members.len() > 1);
        sets.into_iter().any(|d| match member_weights(self.rules(), self.state, d) {
            Ok((shares, _)) => shares.iter().flat_map(|p| p.0.keys()).any(|m| m.contains(&tremble)),
            Err(_) => true,
        })
    }

    /// Whether an equilibrium of the cells lies in the piece.
    fn has_inside(&self) -> Option<()> {
        let mut program = self.program.clone();
        let least = program.add_variable(Some(Q::ZERO), Some(Q::ONE));
        let strict = |a: &u32| self.rules().is_strict(self.state, *a);
        if self.known.iter().any(|(a, q)| strict(a) && !q.is_positive()) {
            return None;
        }
        let open = self.column.iter().filter(|(a, _)| !self.known.contains_key(a));
        for at in open.filter(|(a, _)| strict(a)).map(|(_, at)| at) {
            program.add_row(vec![(*at, Q::ONE), (least, -Q::ONE)], Rel::Ge, Q::ZERO);
        }
        self.left.set(self.left.get().checked_sub(1)?);
        let Outcome::Optimal { x, value, .. } = lp::maximize(&program, &[(least, Q::ONE)]) else {
            return None;
        };
        let number = |w: u32| self.known.get(&w).or(self.column.get(&w).map(|at| &x[*at])).cloned();
        let point = |w: u32| Germ::constant(number(w).unwrap_or(Q::ZERO));
        let inside = value.is_positive() && self.at.limit(self.state, self.tree, &point).is_ok();
        inside.then_some(())
    }
}

/// The weights that ranges of one point make up. What hangs on a tremble is left out.
fn known_weights(rules: &Rules, tree: &StageTree, state: &State, claim: &Claim) -> BTreeMap<u32, Q> {
    let mut known: BTreeMap<u32, Q> = BTreeMap::new();
    // Sets are listed parents first.
    for data in &tree.sets {
        let before = data.before.map_or(Some(Q::ONE), |b| known.get(&b).cloned());
        for a in rules.tree.actions(data.set).filter(|a| !(rules.sequential && state.is_zero(*a))) {
            let (low, high) = &claim.actions[&a];
            match &before {
                Some(q) if q.is_zero() || low == high => drop(known.insert(a, q * low)),
                _ if !high.is_positive() => drop(known.insert(a, Q::ZERO)),
                _ => {}
            }
        }
    }
    known
}
