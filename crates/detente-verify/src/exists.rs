//! Is the root in a verified box an equilibrium, exactly?
//!
//! The one idea: the root solves the listed equations; if every indifference the state asks
//! for is a combination of them, and every inequality is strict over the whole box, then the
//! root satisfies the state's rows, which are sufficient as well as necessary.

use crate::combine::reduced;
use crate::enclosure::{Function, Range};
use crate::poly::{Monomial, Poly};
use crate::rows::{Rules, Sum};
use crate::state::{Lead, State, Status};
use crate::tree::{SetData, StageTree};
use detente_exact::Q;

/// A box with one root: its unknowns, the equations they solve, and where the root is.
pub struct Root<'a> {
    pub ids: &'a [u32],
    pub equations: &'a [Poly],
    pub tight: &'a [Range],
}

/// Checks that the root of the box is an equilibrium of the stage in this state.
///
/// # Errors
/// Says what is not shown; the root may be an equilibrium all the same.
pub fn check(rules: &Rules, state: &State, stage: &StageTree, root: &Root) -> Result<(), String> {
    // Where members were chosen to lead, the listed trembles must have the orders that make
    // them lead: a listed point finds its way through `Beliefs` by its orders.
    if rules.sequential && state.lead.iter().any(|l| matches!(l, Some(Lead::Any(_)))) {
        return Err("the beliefs are free, so trembles would have to be shown".into());
    }
    let basis = Basis::new(root.equations);
    let mut values: Vec<Option<Poly>> = vec![None; rules.tree.offset.len()];
    for data in stage.sets.iter().rev() {
        for a in rules.tree.actions(data.set) {
            if rules.sequential && state.is_zero(a) && state.fixed[a as usize].is_some() {
                return Err("a tremble's weight is fixed".into());
            }
            if state.status[a as usize] == Status::Positive {
                let weight = without_strict(
                    rules,
                    state,
                    reduced(rules, state, &rules.weight_poly(state, a))?,
                    root.ids,
                );
                if rules.surely_entered(state, data.set) && !is_positive(&weight, root) {
                    return Err(format!("the weight of action {a} may be 0"));
                }
            }
        }
        let value = best_value(rules, state, data, &values, root, &basis)?;
        values[data.set as usize] = Some(value);
    }
    Ok(())
}

/// The owner's value at a set, once every action is shown to be as good as its status says.
fn best_value(
    rules: &Rules,
    state: &State,
    data: &SetData,
    values: &[Option<Poly>],
    root: &Root,
    basis: &Basis,
) -> Result<Poly, String> {
    let lead = rules.leading(state, data.set)?;
    let mut earned = Vec::new();
    for terms in &data.terms {
        let mut poly = Poly::default();
        rules.add_terms(
            state,
            data.player as usize,
            terms,
            Some(&lead),
            &Sum::relative(Q::ONE, data),
            &mut poly,
        )?;
        let open = |p: &Poly| p.0.keys().flatten().copied().find(|v| rules.is_value(*v));
        while let Some(v) = open(&poly) {
            let set = v as usize - rules.tree.set_of.len();
            poly = poly.substituted(v, values[set].as_ref().ok_or("a later set has no value")?);
        }
        earned.push(reduced(rules, state, &poly)?);
    }
    let entered = rules.sequential || rules.surely_entered(state, data.set);
    let first = rules.tree.offset[data.set as usize];
    let status = |k: usize| state.status[first as usize + k];
    let is_best = |k: usize| {
        (0..earned.len()).all(|other| {
            let mut margin = earned[k].clone();
            margin.add_scaled(&earned[other], &-Q::ONE);
            let margin = without_strict(rules, state, margin, root.ids);
            let same = basis.spans(&margin);
            // What is not decided may be played, and must be as good as what is.
            match entered && status(other) != Status::Zero {
                true => same,
                false => same || is_positive(&margin, root),
            }
        })
    };
    let mut choices = (0..earned.len()).filter(|k| !entered || status(*k) != Status::Zero);
    match choices.find(|k| is_best(*k)) {
        Some(k) => Ok(earned.swap_remove(k)),
        None => Err(format!("no action of set {} is shown to be best at the root", data.set)),
    }
}

/// The polynomial divided by strictly positive weights common to all its terms.
fn without_strict(rules: &Rules, state: &State, poly: Poly, ids: &[u32]) -> Poly {
    let Some(first) = poly.0.keys().next() else { return poly };
    let common: Monomial = first
        .iter()
        .copied()
        .filter(|v| !ids.contains(v) && !rules.is_value(*v) && rules.is_strict(state, *v))
        .filter(|v| poly.0.keys().all(|m| m.contains(v)))
        .collect();
    let mut rest = Poly::default();
    for (m, c) in poly.0 {
        rest.add_term(m.into_iter().filter(|v| !common.contains(v)).collect(), c);
    }
    rest
}

fn is_positive(poly: &Poly, root: &Root) -> bool {
    Function::new(poly, root.ids).is_some_and(|f| f.is_positive(root.tight))
}

/// Polynomials in echelon form: each leads with a monomial that no earlier one has reduced.
struct Basis(Vec<(Monomial, Poly)>);

impl Basis {
    fn new(equations: &[Poly]) -> Basis {
        let mut basis = Basis(Vec::new());
        for equation in equations {
            let rest = basis.residue(equation);
            if let Some((lead, _)) = rest.0.iter().next_back() {
                basis.0.push((lead.clone(), rest));
            }
        }
        basis
    }

    fn residue(&self, poly: &Poly) -> Poly {
        let mut rest = poly.clone();
        for (lead, p) in &self.0 {
            if let Some(c) = rest.0.get(lead) {
                let factor = -(c / &p.0[lead]);
                rest.add_scaled(p, &factor);
            }
        }
        rest
    }

    /// Whether the polynomial is a combination of the equations, so 0 at the root.
    fn spans(&self, poly: &Poly) -> bool {
        self.residue(poly).is_zero()
    }
}
