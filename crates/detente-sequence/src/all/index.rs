//! The index of a component: the signs of the trembling equilibria that tend to it, added up.
//!
//! The one idea: with both players' plans chosen anyhow, unused sequences and shortfalls are linear in
//! each other, and the sign of an equilibrium is that of the determinant of its positive part
//! (Shapley, "A note on the Lemke-Howson algorithm", 1974; Cottle, Pang and Stone, "The linear
//! complementarity problem", 1992, on degrees). Where one plan is
//! strictly best for everybody the determinant is that of nothing, 1; so all signs sum to +1.

use super::Equilibria;
use super::products::meet;
use super::search::Bases;
use crate::form::Form;
use crate::lemke::start;
use crate::lemke::table::{Beside, Table, Variable};
use detente_exact::Q;
use detente_exact::integer::determinant_sign;

impl Equilibria {
    /// Gives each component the sum of the signs of the trembling equilibria that tend to it.
    pub(super) fn weigh(&mut self, form: &Form, points: &[([Vec<Q>; 2], Bases)]) {
        let chosen = [0, 1].map(|p| start::against_all(form, p));
        let tables = [0, 1].map(|own| Table::new(form, own, [&chosen[0], &chosen[1]], Beside::Nothing));
        self.components.iter_mut().for_each(|c| c.index = Some(0));
        for (limit, bases) in points {
            let sign = i64::from(sign(&tables, bases));
            let home = self.home([&limit[0], &limit[1]]);
            match home {
                Some(k) => self.components[k].index = self.components[k].index.map(|i| i + sign),
                // A limit of equilibria is one: something is missing.
                None => self.complete = false,
            }
        }
    }

    /// Which component a pair of reaches belongs to; `None` if it is none of the listed equilibria.
    pub fn home(&self, pair: [&[Q]; 2]) -> Option<usize> {
        self.components
            .iter()
            .position(|c| c.products.iter().any(|k| (0..2).all(|p| self.holds(*k as usize, p, pair[p]))))
    }

    /// Whether a strategy is a mixture of those that a product lists of a player.
    fn holds(&self, product: usize, p: usize, x: &[Q]) -> bool {
        let list = &self.products[product][p];
        let corners: Vec<&[Q]> = list.iter().map(|k| self.strategies[p][*k as usize].as_slice()).collect();
        corners.contains(&x) || (list.len() > 1 && meet(&[x], &corners))
    }
}

/// The sign of an equilibrium, by the variables that are positive in it.
fn sign(tables: &[Table; 2], bases: &Bases) -> i32 {
    let positive: Vec<(usize, Variable)> = (0..2)
        .flat_map(|p| tables[p].nonbasic().iter().map(move |v| (p, *v)))
        .filter(|(p, v)| bases[*p].contains(v))
        .collect();
    let entry = |(p, row): (usize, Variable), (q, column): (usize, Variable)| {
        // What must be 0 with `row` is a function of the other table's variables only.
        let slope = if p == q { None } else { tables[q].slope(row.partner(), column) };
        slope.unwrap_or(Q::ZERO)
    };
    let matrix: Vec<Vec<Q>> =
        positive.iter().map(|row| positive.iter().map(|column| entry(*row, *column)).collect()).collect();
    determinant_sign(&matrix)
}
