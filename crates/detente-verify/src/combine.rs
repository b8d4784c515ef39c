//! Combinations of rows: what a list of multipliers proves.
//!
//! The one idea: a nonnegative combination whose upper bound is negative
//! leaves no room for an equilibrium (the polynomial form of Farkas' lemma).

use crate::field::Field;
use crate::poly::{Monomial, Poly};
use crate::rows::{Rules, Weight};
use crate::state::{Lead, State};
use detente_exact::Q;
use detente_game::certificate::Row;

/// Returns the sum of multiplier * row, which is >= 0 at every equilibrium of the state.
///
/// # Errors
/// A row does not exist, or an inequality has a negative multiplier.
pub fn combine(rules: &Rules, state: &State, stage: u32, list: &[(Row, Q)]) -> Result<Poly, String> {
    let mut sum = Poly::default();
    for (row, factor) in list {
        let poly = rules.row(state, stage, *row)?;
        if factor.is_negative() && !rules.is_equation(state, *row)? {
            return Err(format!("{row:?} is an inequality and has a negative multiplier"));
        }
        sum.add_scaled(&poly, factor);
    }
    Ok(sum)
}

/// As [`combine`], for equations only: the sum is 0 at every equilibrium of the state.
pub fn combine_equations(
    rules: &Rules,
    state: &State,
    stage: u32,
    list: &[(Row, Q)],
) -> Result<Poly, String> {
    let mut sum = Poly::default();
    for (row, factor) in list {
        let poly = rules.row(state, stage, *row)?;
        if !rules.is_equation(state, *row)? {
            return Err(format!("{row:?} is an inequality where an equation is needed"));
        }
        sum.add_scaled(&poly, factor);
    }
    Ok(sum)
}

/// Checks that a combination refutes the state.
pub fn refutes(rules: &Rules, state: &State, stage: u32, list: &[(Row, Q)]) -> Result<(), String> {
    let poly = combine(rules, state, stage, list)?;
    let mut bound = Q::ZERO;
    let mut slack: Vec<&Monomial> = Vec::new();
    for (monomial, c) in &poly.0 {
        match monomial.as_slice() {
            [] => bound += c,
            product if product.iter().any(|v| rules.is_value(*v)) => {
                bound += &(c.abs() * value_bound(rules, product)?);
            }
            weights => {
                let size = weight_bound(rules, state, weights, c.is_positive())?;
                if c.is_negative() && size.is_zero() {
                    slack.push(monomial);
                }
                bound += &(c * &size);
            }
        }
    }
    if bound.is_negative() {
        return Ok(());
    }
    if bound.is_zero() && is_strictly_below(rules, state, &slack) {
        return Ok(());
    }
    Err(format!("the combination does not refute: its bound is {bound}"))
}

/// Bound of a product with one value; its weights are at most 1.
fn value_bound(rules: &Rules, product: &[u32]) -> Result<Q, String> {
    let mut values = product.iter().filter(|v| rules.is_value(**v));
    match (values.next(), values.next()) {
        (Some(v), None) => Ok(rules.set(v - rules.tree.set_of.len() as u32).bound.clone()),
        _ => Err("values are multiplied".into()),
    }
}

/// Upper or lower bound of a product of weights.
fn weight_bound(rules: &Rules, state: &State, weights: &[u32], upper: bool) -> Result<Q, String> {
    let mut bound = Q::ONE;
    for w in weights {
        if rules.is_value(*w) {
            return Err("a value is multiplied".into());
        }
        match (&state.range[*w as usize], upper) {
            (Some((_, high)), true) => bound *= high,
            (Some((low, _)), false) => bound *= low,
            (None, true) => {}
            (None, false) => return Ok(Q::ZERO),
        }
    }
    Ok(bound)
}

/// Whether some of the monomials, each counted as 0, is sure to be above 0.
pub fn is_strictly_below<N: Field>(rules: &Rules<N>, state: &State<N>, slack: &[&Monomial]) -> bool {
    let strict = |m: &Monomial| m.iter().all(|w| rules.is_strict(state, *w));
    if slack.iter().any(|m| strict(m)) {
        return true;
    }
    // After `AnyBelief`, one of the members' own weights is above 0.
    let covers = |own: u32| {
        slack.iter().any(|m| m.contains(&own) && m.iter().all(|w| *w == own || rules.is_strict(state, *w)))
    };
    state.any.iter().any(|set| match &state.lead[*set as usize] {
        Some(Lead::Any(own)) => own.iter().all(|a| covers(*a)),
        _ => false,
    })
}

/// Replaces each set's last weight by what `Flow` leaves for it.
pub fn reduced<N: Field>(rules: &Rules<N>, state: &State<N>, poly: &Poly<N>) -> Result<Poly<N>, String> {
    let mut poly = poly.clone();
    // Each substitution moves a weight to its set's other actions or to an earlier set.
    let limit = 4 * rules.tree.set_of.len() + 16;
    for _ in 0..limit {
        let last = poly.0.keys().flatten().copied().find(|v| is_last(rules, state, *v));
        let Some(last) = last else { return Ok(poly) };
        let set = rules.tree.set_of[last as usize];
        let mut rest = match rules.set(set).before {
            None => Poly::constant(N::one()),
            Some(before) => rules.weight_poly(state, before),
        };
        for a in rules.tree.actions(set).filter(|a| *a != last && !state.is_zero(*a)) {
            rest.add_scaled(&rules.weight_poly(state, a), &N::one().negated());
        }
        poly = poly.substituted(last, &rest);
    }
    Err("a combination does not reduce".into())
}

/// Whether a variable is the weight of its set's last action that is not `Zero`.
fn is_last<N: Field>(rules: &Rules<N>, state: &State<N>, variable: u32) -> bool {
    if rules.is_value(variable) || state.is_zero(variable) {
        return false;
    }
    let set = rules.tree.set_of[variable as usize];
    rules.tree.actions(set).rfind(|a| !state.is_zero(*a)) == Some(variable)
}

/// Returns whether `poly` is S * `factor`, where S is a sum of products of weights with
/// coefficients of one sign, one product strictly positive.
pub fn is_multiple(rules: &Rules, state: &State, poly: &Poly, variable: u32, factor: &Poly) -> bool {
    let Some(own) = factor.0.get(&vec![variable] as &Monomial) else { return false };
    let mut scale = Poly::default();
    for (monomial, c) in &poly.0 {
        if let Ok(at) = monomial.binary_search(&variable) {
            let mut rest = monomial.clone();
            rest.remove(at);
            scale.add_term(rest, c / own);
        }
    }
    let is_weights = |m: &Monomial| m.iter().all(|w| !rules.is_value(*w) && *w != variable);
    let is_strict = |m: &Monomial| m.iter().all(|w| rules.is_strict(state, *w));
    let Some(sign) = scale.0.values().next().map(Q::signum) else { return false };
    let positive = scale.0.keys().all(is_weights)
        && scale.0.keys().any(is_strict)
        && scale.0.values().all(|c| c.signum() == sign);
    if !positive {
        return false;
    }
    let mut difference = poly.clone();
    for (monomial, c) in &scale.0 {
        difference.add_scaled(&factor.times(monomial), &-c);
    }
    difference.is_zero()
}

/// Returns a weight's variable, if the state does not know its number.
pub fn unknown<N: Field>(rules: &Rules<N>, state: &State<N>, variable: u32) -> Result<u32, String> {
    if rules.is_value(variable) {
        return match state.fixed[variable as usize] {
            None => Ok(variable),
            Some(_) => Err("the value is already fixed".into()),
        };
    }
    match rules.weight(state, variable) {
        Weight::Of(a) => Ok(a),
        Weight::Number(_) => Err("the weight is already known".into()),
    }
}
