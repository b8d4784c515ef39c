//! Trembles that are known only relative to each other.
//!
//! The one idea: if every product in the rows that speak of some trembles' weights holds exactly
//! one of them, these weights may all be multiplied by one number. So their sum may be set to
//! 1, and products with that sum disappear. The rule is that of `detente_game::certificate`.

use crate::rows::{Named, Poly};
use crate::stage::{Mono, Stage};
use crate::state::{State, Var};
use detente_exact::Q;
use detente_game::certificate::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the groups of trembles' weights that have a scale of their own.
pub fn groups(stage: &Stage, state: &State, rows: &[Named]) -> Vec<Vec<Var>> {
    let weights = stage.num_weights() as Var;
    // What each set's rows multiply: products without values, and which values occur.
    let mut of_set: BTreeMap<u32, Vec<&Mono>> = BTreeMap::new();
    for r in rows {
        if let Row::Best(h, _) = r.row {
            let products = r.poly.keys().filter(|m| !m.iter().any(|v| *v >= weights));
            of_set.entry(h).or_default().extend(products);
        }
    }
    let base = |v: Var| base_of(stage, state, v);
    let in_products = of_set.values().flatten().filter(|m| m.len() > 1);
    let seeds: BTreeSet<Var> = in_products.flat_map(|m| m.iter().filter_map(|v| base(*v))).collect();
    let mut found: Vec<Vec<Var>> = vec![];
    for seed in seeds {
        if found.iter().any(|g| g.contains(&seed)) {
            continue;
        }
        if let Some(group) = closed(&of_set, &base, seed)
            && !found.iter().any(|g| g.iter().any(|v| group.contains(v)))
        {
            found.push(group.into_iter().collect());
        }
    }
    found
}

/// Whether multiplying a group by one number changes no row, and nothing measured in it is known:
/// values are added only to rows on the same scale and multiply no weight of the group.
pub fn is_own(stage: &Stage, state: &State, rows: &[Named], group: &[Var]) -> bool {
    let weights = stage.num_weights() as Var;
    let based = |v: Var| v < weights && base_of(stage, state, v).is_some_and(|b| group.contains(&b));
    let mut measured: BTreeSet<u32> = BTreeSet::new();
    for r in rows {
        if let Row::Best(h, _) = r.row
            && r.poly.keys().any(|m| m.iter().all(|v| *v < weights) && m.iter().any(|v| based(*v)))
        {
            measured.insert(h);
        }
    }
    let fits = |h: u32, m: &Mono| match m.iter().find(|v| **v >= weights) {
        None => true,
        Some(v) => {
            let added = stage.sets[(*v - weights) as usize].game.0;
            !m.iter().any(|w| based(*w)) && measured.contains(&added) == measured.contains(&h)
        }
    };
    let known = |v: &Var| state.fixed.contains_key(v) && based(*v);
    rows.iter().all(|r| match r.row {
        Row::Best(h, _) => r.poly.keys().all(|m| fits(h, m)),
        _ => true,
    }) && !(0..weights).any(|v| known(&v))
}

/// The tremble that a weight is measured in: its own or the last one before it.
fn base_of(stage: &Stage, state: &State, v: Var) -> Option<Var> {
    let mut at = Some(v);
    while let Some(w) = at {
        if state.is_zero(w) {
            return Some(w).filter(|w| !state.fixed.contains_key(w));
        }
        at = stage.sets[stage.owner[w as usize].0].before;
    }
    None
}

/// The smallest group around `seed` of which every product of the sets that it measures
/// holds exactly one; `None` if there is none.
fn closed(
    of_set: &BTreeMap<u32, Vec<&Mono>>,
    base: &dyn Fn(Var) -> Option<Var>,
    seed: Var,
) -> Option<BTreeSet<Var>> {
    let mut group = BTreeSet::from([seed]);
    loop {
        let mut grown = group.clone();
        for products in of_set.values() {
            let held = |m: &Mono| m.iter().filter(|v| base(**v).is_some_and(|b| group.contains(&b))).count();
            if products.iter().all(|m| held(m) == 0) {
                continue;
            }
            for m in products {
                match held(m) {
                    1 => {}
                    0 => {
                        let mut others = m.iter().filter_map(|v| base(*v));
                        match (others.next(), others.next()) {
                            (Some(b), None) => drop(grown.insert(b)),
                            _ => return None,
                        }
                    }
                    _ => return None,
                }
            }
        }
        if grown == group {
            return Some(group);
        }
        group = grown;
    }
}

/// Reads S * (v - value) = 0 as `v = value`, where S is a sum of products of weights with
/// coefficients of one sign, one of them strictly positive. The polynomial must be reduced.
pub fn factored(poly: &Poly, positive: &dyn Fn(Var) -> bool) -> Option<(Var, Q)> {
    let vars: BTreeSet<Var> = poly.keys().flatten().copied().collect();
    vars.into_iter().find_map(|v| Some((v, value_of(poly, v, positive)?)))
}

fn value_of(poly: &Poly, v: Var, positive: &dyn Fn(Var) -> bool) -> Option<Q> {
    let (mut factor, mut rest) = (Poly::new(), Poly::new());
    for (m, q) in poly {
        match m.iter().position(|w| *w == v) {
            None => drop(rest.insert(m.clone(), q.clone())),
            Some(at) => {
                let mut others = m.clone();
                others.remove(at);
                factor.insert(others, q.clone());
            }
        }
    }
    let (first, sign) = factor.iter().next().map(|(m, q)| (m.clone(), q.signum()))?;
    let one_sign = factor.values().all(|q| q.signum() == sign);
    let strict = factor.keys().any(|m| m.iter().all(|w| *w != v && positive(*w)));
    if !one_sign || !strict || factor.keys().flatten().any(|w| *w == v) {
        return None;
    }
    let value = rest.get(&first).map_or(Q::ZERO, |r| -(r / &factor[&first]));
    let same = |m: &Mono| {
        let q = factor.get(m).cloned().unwrap_or(Q::ZERO);
        rest.get(m).cloned().unwrap_or(Q::ZERO) == -(q * &value)
    };
    (factor.keys().all(same) && rest.keys().all(same)).then_some(value)
}

/// Writes the last weight of a group by the others, which sum to 1 with it.
pub fn normalised(poly: &Poly, group: &[Var]) -> Poly {
    let Some((last, rest)) = group.split_last() else { return poly.clone() };
    let mut out = Poly::new();
    let mut add = |m: Mono, q: Q| *out.at(m, Q::ZERO) += q;
    for (m, q) in poly {
        let Some(at) = m.iter().position(|v| v == last) else {
            add(m.clone(), q.clone());
            continue;
        };
        let mut without = m.clone();
        without.remove(at);
        add(without.clone(), q.clone());
        for v in rest {
            let mut with = without.clone();
            with.push(*v);
            with.sort_unstable();
            add(with, -q.clone());
        }
    }
    out.retain(|_, q| !q.is_zero());
    out
}

/// The equation that a group's weights sum to 1.
pub fn unit(group: &[Var]) -> Poly {
    let mut poly: Poly = group.iter().map(|v| (Mono::from_slice(&[*v]), Q::ONE)).collect();
    poly.insert(Mono::new(), -Q::ONE);
    poly
}
