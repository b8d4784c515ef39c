//! Trembles that are known only relative to each other.
//!
//! The one idea: if each product in a set's rows holds exactly one of some trembles' weights,
//! or none does, then multiplying these weights and the values measured in them by one positive
//! number changes nothing. The equilibria are then those where the weights sum to 1, times that
//! number; they are connected if those are.

use crate::field::Field;
use crate::poly::{Monomial, Poly};
use crate::rows::Rules;
use crate::state::State;
use crate::tree::StageTree;
use std::collections::BTreeSet;

/// One set's rows: products without values, and the sets whose values they add.
struct Measured {
    set: u32,
    products: Vec<Monomial>,
    /// Products with a value and weights besides.
    mixed: Vec<Monomial>,
    next: BTreeSet<u32>,
}

/// Groups of trembles with a scale of their own at a leaf.
pub struct Scales(Vec<Vec<u32>>);

impl Scales {
    /// No group: polynomials stay as they are.
    pub fn none() -> Scales {
        Scales(Vec::new())
    }

    pub fn new<N: Field>(rules: &Rules<N>, state: &State<N>, stage: &StageTree<N>, boxed: &[u32]) -> Scales {
        let mut scales = Scales(Vec::new());
        if !rules.sequential {
            return scales;
        }
        let mut measured = Vec::new();
        // Actions on the way to sets whose rows are not known here may matter there.
        let mut unknown: BTreeSet<u32> = BTreeSet::new();
        for data in &stage.sets {
            let rows: Result<Vec<Poly<N>>, String> =
                (0..data.terms.len() as u32).map(|k| rules.best(state, data, k)).collect();
            let Ok(rows) = rows else {
                unknown.extend(data.members.iter().flat_map(|m| &m.path));
                continue;
            };
            let mut found =
                Measured { set: data.set, products: vec![], mixed: vec![], next: BTreeSet::new() };
            for monomial in rows.iter().flat_map(|r| r.0.keys()) {
                match monomial.iter().find(|v| rules.is_value(**v)) {
                    None => found.products.push(monomial.clone()),
                    Some(v) => {
                        found.next.insert(v - rules.tree.set_of.len() as u32);
                        found.mixed.push(monomial.iter().copied().filter(|w| !rules.is_value(*w)).collect());
                    }
                }
            }
            found.next.remove(&data.set);
            measured.push(found);
        }
        let base = |v: u32| base_of(rules, state, v);
        let products = measured.iter().flat_map(|m| &m.products).filter(|m| m.len() > 1);
        let seeds: BTreeSet<u32> = products.flatten().filter_map(|v| base(*v)).collect();
        for seed in seeds {
            if scales.0.iter().any(|g| g.contains(&seed)) {
                continue;
            }
            let Some(group) = closed(&measured, &base, seed) else { continue };
            let usable = |a: &u32| {
                let below = |v: &u32| rules.place[rules.tree.set_of[*v as usize] as usize].is_some();
                !state.free[*a as usize]
                    && state.range[*a as usize].is_none()
                    && !boxed.contains(a)
                    && !state.units.iter().any(|group| group.contains(a))
                    && !scales.0.iter().any(|g| g.contains(a))
                    && !unknown.iter().any(|v| below(v) && base(*v) == Some(*a))
            };
            let settled =
                |v: u32| base(v).is_none_or(|b| !group.contains(&b) || b == v || !is_known(state, v));
            if group.iter().all(usable) && (0..rules.tree.set_of.len() as u32).all(settled) {
                scales.0.push(group.into_iter().collect());
            }
        }
        scales
    }

    /// Whether this is one of the groups; ids ascend.
    pub fn has(&self, group: &[u32]) -> bool {
        self.0.iter().any(|g| g == group)
    }

    /// The polynomial with each group's last weight written by the others, which sum to 1 with it.
    pub fn normalised<N: Field>(&self, poly: &Poly<N>) -> Poly<N> {
        self.0.iter().fold(poly.clone(), |poly, group| {
            let Some((last, rest)) = group.split_last() else { return poly };
            let mut instead = Poly::constant(N::one());
            rest.iter().for_each(|v| instead.add_term(vec![*v], N::one().negated()));
            poly.substituted(*last, &instead)
        })
    }
}

/// Whether the weight has a number or a range of its own.
fn is_known<N: Field>(state: &State<N>, v: u32) -> bool {
    state.fixed[v as usize].is_some() || state.range[v as usize].is_some()
}

/// The tremble that a weight is measured in: its own or the last one before it.
fn base_of<N: Field>(rules: &Rules<N>, state: &State<N>, v: u32) -> Option<u32> {
    rules.place[rules.tree.set_of[v as usize] as usize]?;
    let mut at = Some(v);
    while let Some(a) = at {
        if state.is_zero(a) {
            return Some(a).filter(|a| state.fixed[*a as usize].is_none());
        }
        at = rules.before(a);
    }
    None
}

/// The smallest group around `seed` of which every product of the sets that it measures holds
/// exactly one; values are added only to rows of the same scale.
fn closed(measured: &[Measured], base: &dyn Fn(u32) -> Option<u32>, seed: u32) -> Option<BTreeSet<u32>> {
    let mut group = BTreeSet::from([seed]);
    loop {
        let mut grown = group.clone();
        let held = |m: &Monomial| m.iter().filter(|v| base(**v).is_some_and(|b| group.contains(&b))).count();
        let measures = |m: &Measured| m.products.iter().any(|p| held(p) > 0);
        for set in measured.iter().filter(|m| measures(m)) {
            for product in &set.products {
                match held(product) {
                    1 => {}
                    0 => {
                        let mut others = product.iter().filter_map(|v| base(*v));
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
            // A sum of values of different scales would not stay what it is.
            let same = |m: &Measured| {
                if m.mixed.iter().any(|p| held(p) > 0) {
                    return false;
                }
                let of = |set: u32| measured.iter().find(|x| x.set == set).is_some_and(measures);
                m.next.iter().all(|g| of(*g) == measures(m))
            };
            return measured.iter().all(same).then_some(group);
        }
        group = grown;
    }
}
