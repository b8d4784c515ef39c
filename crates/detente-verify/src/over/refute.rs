//! Combinations of rows that leave a case no room, over a range.
//!
//! The one idea: what must cancel at the center must cancel everywhere, which is a linear system for
//! the multipliers over the functions; what then remains is one sign.

use super::lift::{self, Equation};
use super::walk::Walk;
use super::{Field, Stop};
use crate::combine::is_strictly_below;
use crate::poly::{Monomial, Poly};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::certificate::Row;
use std::collections::BTreeSet;

impl<N: Field> Walk<'_, '_, N> {
    /// The rows of a list, whether each is an equation, and its multiplier at the center.
    pub(super) fn listed(&self, list: &[(Row, Q)]) -> Result<Vec<(Poly<N>, bool, Q)>, Stop> {
        let mut rows = Vec::with_capacity(list.len());
        for (row, y) in list {
            let poly = self.rules.row(&self.state, self.stage, *row)?;
            rows.push((poly, self.rules.is_equation(&self.state, *row)?, y.clone()));
        }
        Ok(rows)
    }

    pub(super) fn refuted(&self, list: &[(Row, Q)]) -> Result<(), Stop> {
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

    pub(super) fn bound_of(&self, value: u32) -> Q {
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
}

/// One coefficient of the combination.
pub(super) fn sum<N: Field>(rows: &[(Poly<N>, bool, Q)], m: &Monomial, y: &[N]) -> N {
    let mut total = N::zero();
    for ((poly, ..), y) in rows.iter().zip(y) {
        if let Some(c) = poly.0.get(m) {
            total = total.plus(&c.times(y));
        }
    }
    total
}

/// A monomial's coefficient in each row.
pub(super) fn coefs<N: Field>(rows: &[(Poly<N>, bool, Q)], m: &Monomial) -> Vec<N> {
    rows.iter().map(|r| r.0.0.get(m).cloned().unwrap_or_else(N::zero)).collect()
}
