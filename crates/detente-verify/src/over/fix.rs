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
use std::collections::BTreeSet;

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
            let mut list = coefs(rows, m);
            if let Some(other) = shape.0.get(m) {
                // P[m] * own = P[top] * other.
                let tops = coefs(rows, top);
                for (c, t) in list.iter_mut().zip(&tops) {
                    *c = c.times(own).minus(&t.times(other));
                }
            }
            equations.push(Equation { coefs: list, rhs: N::zero() });
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
