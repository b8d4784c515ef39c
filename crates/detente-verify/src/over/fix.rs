//! Numbers that equations give a variable, over a range.
//!
//! The one idea: a variable's number is a quotient of two combinations of rows; as a function of the
//! parameters it is the same quotient, and where it leaves its range the case is empty.

use super::lift::{self, Equation};
use super::refute::{coefs, sum};
use super::walk::Walk;
use super::{Field, Stop};
use crate::combine::{reduced, unknown};
use crate::legal;
use crate::poly::{Monomial, Poly};
use detente_exact::Q;
use detente_game::certificate::{Row, Variable};
use std::collections::{BTreeMap, BTreeSet};

impl<N: Field> Walk<'_, '_, N> {
    /// The number that equations give a variable.
    pub(super) fn fixed(&self, variable: Variable, value: &Q, list: &[(Row, Q)]) -> Result<(u32, N), Stop> {
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

    /// The number v for which the combination is S * (`variable` - v), where S is a sum of products of
    /// weights with coefficients of one sign, one product strictly positive.
    fn solved_for(&self, rows: &[(Poly<N>, bool, Q)], variable: &Poly<N>) -> Result<N, Stop> {
        let odd = || Stop::Here("a combination does not say what a variable is".to_string());
        let known: Vec<Q> = rows.iter().map(|r| r.2.clone()).collect();
        let constant: Vec<N> = known.iter().map(N::of).collect();
        let all: BTreeSet<&Monomial> = rows.iter().flat_map(|r| r.0.0.keys()).collect();
        let center = |m: &Monomial| sum(rows, m, &constant).center();
        let lead = variable.0.keys().find(|m| !m.is_empty()).ok_or_else(odd)?;
        let own = variable.0.get(lead).ok_or_else(odd)?;
        // The products of S are what stands beside the leading variable.
        let holds = |m: &&&Monomial| lead.iter().all(|v| m.contains(v)) && !center(m).is_zero();
        let tops: Vec<&Monomial> = all.iter().filter(holds).copied().collect();
        let without = |m: &Monomial| m.iter().copied().filter(|v| !lead.contains(v)).collect::<Monomial>();
        let parts: Vec<Monomial> = tops.iter().map(|m| without(m)).collect();
        let strict = |v: &u32| !self.rules.is_value(*v) && self.rules.is_strict(&self.state, *v);
        let weights = |m: &Monomial| m.iter().all(|v| !self.rules.is_value(*v));
        if !parts.iter().all(weights) || !parts.iter().any(|m| m.iter().all(strict)) {
            return Err(odd());
        }
        // What the other terms of the variable's polynomial put beside each product of S.
        let mut beside: BTreeMap<Monomial, Vec<(usize, N)>> = BTreeMap::new();
        for (j, part) in parts.iter().enumerate() {
            for (term, factor) in variable.0.iter().filter(|(m, _)| *m != lead && !m.is_empty()) {
                let mut product: Monomial = [part.as_slice(), term.as_slice()].concat();
                product.sort_unstable();
                beside.entry(product).or_default().push((j, factor.clone()));
            }
        }
        // P[m] * own less the sum of P[top] * factor: 0 but for the products themselves.
        let left_over = |m: &Monomial| -> Vec<N> {
            let mut list: Vec<N> = coefs(rows, m).iter().map(|c| c.times(own)).collect();
            for (j, factor) in beside.get(m).into_iter().flatten() {
                for (c, t) in list.iter_mut().zip(&coefs(rows, tops[*j])) {
                    *c = c.minus(&t.times(factor));
                }
            }
            list
        };
        let mut others: BTreeSet<&Monomial> = all.clone();
        others.extend(beside.keys());
        let equations: Vec<Equation<N>> = others
            .into_iter()
            .filter(|m| !tops.contains(m) && !parts.contains(*m))
            .map(|m| Equation { coefs: left_over(m), rhs: N::zero() })
            .collect();
        let lifted = lift::solve(&equations, &known)?;
        let y = &lifted.values;
        let total = |list: &[N]| list.iter().zip(y).fold(N::zero(), |s, (c, y)| s.plus(&c.times(y)));
        let left = |e: &Equation<N>| total(&e.coefs).is_zero();
        if equations.iter().zip(&lifted.solved).any(|(e, solved)| !solved && !left(e)) {
            return Err(odd());
        }
        let slopes: Vec<N> = tops.iter().map(|m| sum(rows, m, y)).collect();
        let sign = slopes.first().and_then(Field::sign).filter(|s| *s != 0).ok_or_else(odd)?;
        if slopes.iter().any(|s| s.sign() != Some(sign)) {
            return Err(odd());
        }
        // Every product has to name the same number.
        let constant = variable.0.get(&vec![]).cloned().unwrap_or_else(N::zero);
        let mut number: Option<N> = None;
        for (part, slope) in parts.iter().zip(&slopes) {
            let named = constant.minus(&total(&left_over(part)).over(slope).ok_or_else(odd)?);
            match &number {
                Some(first) if !first.minus(&named).is_zero() => return Err(odd()),
                Some(_) => {}
                None => number = Some(named),
            }
        }
        number.ok_or_else(odd)
    }

    pub(super) fn out_of_range(&self, variable: Variable) -> Result<(), Stop> {
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
