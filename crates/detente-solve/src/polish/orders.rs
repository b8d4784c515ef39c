//! Whole tremble orders that make given members the least unlikely ones.
//!
//! The one idea (Kreps and Wilson 1982): beliefs are consistent only if orders of vanishing
//! exist, 0 on the support and at least 1 off it, such that at every set the members believed
//! in have the smallest sum of orders along their paths. That is a linear program.

use crate::qre::field::Field;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use std::collections::BTreeMap;

/// Returns an order per action, or `None` if no orders fit the leading members.
pub fn orders(field: &Field<f64>, support: &[bool], leads: &[Vec<bool>]) -> Option<Vec<u32>> {
    let zeros: Vec<usize> = (0..support.len()).filter(|a| !support[*a]).collect();
    let column: BTreeMap<usize, usize> = zeros.iter().enumerate().map(|(c, a)| (*a, c)).collect();
    let mut lp = Lp::with_variables(zeros.len(), Some(Q::ONE), None);
    for (s, lead) in field.sets.iter().zip(leads) {
        let first = lead.iter().position(|l| *l)?;
        for k in (0..lead.len()).filter(|k| *k != first) {
            let mut coefs: BTreeMap<usize, i64> = BTreeMap::new();
            for (member, sign) in [(k, 1), (first, -1)] {
                for a in s.members[member].path.iter().filter(|a| !support[**a]) {
                    *coefs.entry(column[a]).or_insert(0) += sign;
                }
            }
            let coefs: Vec<(usize, Q)> =
                coefs.into_iter().filter(|(_, q)| *q != 0).map(|(c, q)| (c, Q::from(q))).collect();
            match (lead[k], coefs.is_empty()) {
                (true, true) => {}
                (false, true) => return None,
                (true, false) => drop(lp.add_row(coefs, Rel::Eq, Q::ZERO)),
                (false, false) => drop(lp.add_row(coefs, Rel::Ge, Q::ONE)),
            }
        }
    }
    lp.rows.sort_by(|x, y| format!("{x:?}").cmp(&format!("{y:?}")));
    lp.rows.dedup();
    let found = lp::feasible(&lp).ok()?;
    let scale = (1..=5_040i64).find(|s| found.iter().all(|q| (q * &Q::from(*s)).is_integer()))?;
    let mut list = vec![0; support.len()];
    for (a, q) in zeros.iter().zip(&found) {
        list[*a] = (q * &Q::from(scale)).to_f64() as u32;
    }
    Some(list)
}
