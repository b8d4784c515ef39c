//! The rows of a state as one linear program.
//!
//! The one idea: every equilibrium of the state is a point of it, so a bound here is a bound
//! there; a product of weights counts as a number of its own.

use crate::poly::{Monomial, Poly};
use crate::rows::Rules;
use crate::split::{Largest, Split};
use crate::state::State;
use crate::tree::StageTree;
use detente_exact::Q;
use detente_exact::lp::{Lp, Rel};
use detente_game::certificate::Row;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// The rows of a state as a linear program, every product a number of its own.
pub struct Program {
    lp: Lp,
    /// The same in parts, from the first question on.
    parts: OnceCell<Split>,
    /// Whether no row has a product of weights: then its points are those of the cell's closure.
    linear: bool,
    column: BTreeMap<Monomial, usize>,
}

impl Program {
    pub fn new(rules: &Rules, state: &State, stage: &StageTree) -> Program {
        let mut program =
            Program { lp: Lp::default(), parts: OnceCell::new(), linear: true, column: BTreeMap::new() };
        for data in &stage.sets {
            let best = (0..data.terms.len() as u32).map(|a| Row::Best(data.set, a));
            for row in [Row::Flow(data.set), Row::Belief(data.set)].into_iter().chain(best) {
                let at = rules.place[data.set as usize].map_or(0, |p| p.0);
                let Ok(poly) = rules.row(state, at, row) else { continue };
                if !rules.sequential && matches!(row, Row::Flow(_)) && rules.behind_zero(state, data.set) {
                    continue;
                }
                let Ok(is_equation) = rules.is_equation(state, row) else { continue };
                program.add(rules, state, &poly, if is_equation { Rel::Eq } else { Rel::Ge });
            }
        }
        program
    }

    fn add(&mut self, rules: &Rules, state: &State, poly: &Poly, rel: Rel) {
        let mut coefs = Vec::new();
        let mut right = Q::ZERO;
        for (monomial, c) in &poly.0 {
            if monomial.is_empty() {
                right = -c;
                continue;
            }
            self.linear &= monomial.len() == 1;
            let next = self.column.len();
            let at = *self.column.entry(monomial.clone()).or_insert(next);
            if at == next {
                let value = monomial.iter().find(|v| rules.is_value(**v));
                let (low, high) = match value {
                    None => bounds(state, monomial),
                    Some(v) => {
                        let bound = rules.set(v - rules.tree.set_of.len() as u32).bound.clone();
                        (-&bound, bound)
                    }
                };
                self.lp.add_variable(Some(low), Some(high));
            }
            coefs.push((at, c.clone()));
        }
        self.lp.add_row(coefs, rel, right);
    }

    /// Whether a largest value of this polynomial is reached in the cell's closure.
    pub fn is_exact(&self, poly: &Poly) -> bool {
        self.linear && poly.0.keys().all(|m| m.is_empty() || self.column.contains_key(m))
    }

    /// The largest value of a polynomial in weights, or something above it; `None` if the
    /// rows allow nothing.
    pub fn maximum(&self, poly: &Poly) -> Option<Q> {
        let mut objective = Vec::new();
        let mut rest = Q::ZERO;
        for (monomial, c) in &poly.0 {
            match (monomial.is_empty(), self.column.get(monomial)) {
                (true, _) => rest += c,
                (_, Some(at)) => objective.push((*at, c.clone())),
                // A product in no row is a number in [0, 1].
                (_, None) => rest += &c.clone().max(Q::ZERO),
            }
        }
        match self.parts.get_or_init(|| Split::new(&self.lp)).maximize(&objective) {
            Largest::At(value) => Some(value + rest),
            // No equilibrium is here: nothing exceeds anything.
            Largest::Infeasible => Some(-Q::ONE),
            Largest::Unbounded => None,
        }
    }
}

/// What `Roots` steps say about a product of weights.
fn bounds(state: &State, monomial: &[u32]) -> (Q, Q) {
    let mut product = (Q::ONE, Q::ONE);
    for w in monomial {
        let (low, high) = state.range[*w as usize].clone().unwrap_or((Q::ZERO, Q::ONE));
        product = (&product.0 * &low.max(Q::ZERO), &product.1 * &high.min(Q::ONE));
    }
    product
}
