//! Conditions with products that others already imply.
//!
//! The one idea: conditions on one weight alone give it a range; a sum of products takes its least value over
//! such ranges at a corner. Where that is not below 0 the condition says nothing, as with a threat that would
//! have to be carried out against a threat. The rule is that of `detente_game::certificate`.

use crate::roots::Reduced;
use crate::rows::Poly;
use crate::stage::Mono;
use crate::state::Var;
use detente_exact::Q;
use std::collections::{BTreeMap, BTreeSet};

/// Most weights in one condition.
const MOST: usize = 8;

/// Leaves out conditions with products that never bind.
pub fn without(equations: &[Reduced], inequalities: Vec<Reduced>) -> Vec<Reduced> {
    let mut ranges: BTreeMap<Var, (Q, Q)> = BTreeMap::new();
    for (r, equality) in equations.iter().map(|r| (r, true)).chain(inequalities.iter().map(|r| (r, false))) {
        narrow(&mut ranges, &r.poly, equality);
    }
    inequalities
        .into_iter()
        .filter(|r| r.poly.keys().all(|m| m.len() <= 1) || !holds(&ranges, &r.poly))
        .collect()
}

/// Reads a condition on one weight as a bound.
fn narrow(ranges: &mut BTreeMap<Var, (Q, Q)>, poly: &Poly, equality: bool) {
    let mut of_one = poly.iter().filter(|(m, _)| !m.is_empty());
    let (Some((m, slope)), None) = (of_one.next(), of_one.next()) else { return };
    let [v] = m[..] else { return };
    let at = -(poly.get(&Mono::new()).cloned().unwrap_or(Q::ZERO) / slope);
    let (low, high) = ranges.entry(v).or_insert((Q::ZERO, Q::ONE));
    if equality || slope.is_positive() {
        *low = low.clone().max(at.clone());
    }
    if equality || slope.is_negative() {
        *high = high.clone().min(at);
    }
}

/// Whether a sum of products is at least 0 at every corner of the ranges.
fn holds(ranges: &BTreeMap<Var, (Q, Q)>, poly: &Poly) -> bool {
    let vars: BTreeSet<Var> = poly.keys().flatten().copied().collect();
    let vars: Vec<Var> = vars.into_iter().collect();
    if vars.len() > MOST || poly.keys().any(|m| m.windows(2).any(|w| w[0] == w[1])) {
        return false;
    }
    let value = |corner: usize, v: &Var| -> Q {
        let upper = vars.iter().position(|w| w == v).is_some_and(|k| corner >> k & 1 == 1);
        match ranges.get(v) {
            Some((low, high)) => (if upper { high } else { low }).clone(),
            None => Q::from(i64::from(upper)),
        }
    };
    (0..1usize << vars.len()).all(|corner| {
        let term = |(m, q): (&Mono, &Q)| m.iter().fold(q.clone(), |p, v| p * value(corner, v));
        !poly.iter().map(term).sum::<Q>().is_negative()
    })
}
