//! A cell of at most one dimension: every number of it is a straight function of one.
//!
//! The one idea: most components of small games are points and segments. Where the equations leave one
//! unknown, its lowest and highest value follow from the other conditions one by one, and no linear
//! program is needed to see what any ratio of forms can be.

use crate::cells::Cell;
use crate::conditions;
use crate::polytope::Form;
use crate::state::Var;
use detente_exact::Q;
use std::collections::BTreeSet;

/// Most unknowns that are looked at; a program is no slower beyond.
const MAX_UNKNOWNS: usize = 16;
/// Most conditions while values are eliminated.
const MAX_ROWS: usize = 60;

/// A straight function of the one unknown that is left: its value where that is 0, and its slope.
struct Straight {
    at_zero: Q,
    slope: Q,
}

impl Straight {
    fn at(&self, t: &Q) -> Q {
        &self.at_zero + &(&self.slope * t)
    }
}

/// The lowest and highest value of `top / bottom` over the closed cell, seen in its `related` variables; `None` where
/// they leave more than one unknown, or it has no end, or `bottom` is not above 0 at both ends.
pub fn ratio_range(
    cell: &Cell,
    weights: usize,
    related: &BTreeSet<Var>,
    top: &Form,
    bottom: &Form,
) -> Option<(Q, Q)> {
    if related.len() > MAX_UNKNOWNS {
        return None;
    }
    let mut rows: Vec<(Form, bool)> = cell
        .rows
        .iter()
        .filter(|r| r.poly.keys().flatten().any(|v| related.contains(v)))
        .map(|r| Some((Form::from_poly(&r.poly)?, r.equality)))
        .collect::<Option<_>>()?;
    // Values that nothing here asks for leave their meaning for the weights.
    let mut columns: Vec<Var> = related.iter().copied().collect();
    let asked =
        |v: &Var| (*v as usize) < weights || top.coefs.contains_key(v) || bottom.coefs.contains_key(v);
    for v in related.iter().filter(|v| !asked(v)) {
        rows = conditions::without(rows, *v);
        if rows.len() > MAX_ROWS {
            return None;
        }
    }
    columns.retain(asked);
    let equations = rows.iter().filter(|(_, equality)| *equality).count();
    if columns.len() > equations + 1 {
        return None;
    }
    let written = straight(&columns, rows.iter().filter(|(_, equality)| *equality).map(|(f, _)| f))?;
    let of = |f: &Form| -> Option<Straight> {
        let mut sum = Straight { at_zero: f.constant.clone(), slope: Q::ZERO };
        for (v, q) in &f.coefs {
            let own = &written[columns.binary_search(v).ok()?];
            sum.at_zero += q * &own.at_zero;
            sum.slope += q * &own.slope;
        }
        Some(sum)
    };
    let mut ends = Ends::default();
    for (k, _) in columns.iter().enumerate().filter(|(_, v)| (**v as usize) < weights) {
        let own = &written[k];
        ends.keep(&own.at_zero, &own.slope)?;
        ends.keep(&(Q::ONE - &own.at_zero), &-&own.slope)?;
    }
    for (f, _) in rows.iter().filter(|(_, equality)| !equality) {
        let f = of(f)?;
        ends.keep(&f.at_zero, &f.slope)?;
    }
    let (top, bottom) = (of(top)?, of(bottom)?);
    let (low, high) = match ends {
        Ends { low: Some(low), high: Some(high) } if low <= high => (low, high),
        // Nothing binds the unknown, and nothing here depends on it: most often, there is none.
        Ends { low: None, high: None } if top.slope.is_zero() && bottom.slope.is_zero() => (Q::ZERO, Q::ZERO),
        _ => return None,
    };
    let value = |t: &Q| -> Option<Q> {
        let under = bottom.at(t);
        under.is_positive().then(|| top.at(t) / under)
    };
    let (a, b) = (value(&low)?, value(&high)?);
    Some(if a <= b { (a, b) } else { (b, a) })
}

/// How far the unknown may go.
#[derive(Default)]
struct Ends {
    low: Option<Q>,
    high: Option<Q>,
}

impl Ends {
    /// Keeps to where `at_zero + slope · t` is at least 0; `None` if that is nowhere.
    fn keep(&mut self, at_zero: &Q, slope: &Q) -> Option<()> {
        if slope.is_zero() {
            return (!at_zero.is_negative()).then_some(());
        }
        let end = -(at_zero / slope);
        if slope.is_positive() {
            if self.low.as_ref().is_none_or(|low| *low < end) {
                self.low = Some(end);
            }
        } else if self.high.as_ref().is_none_or(|high| *high > end) {
            self.high = Some(end);
        }
        Some(())
    }
}

/// Every variable by the one that the equations leave, if it is not more than one; `None` too if they exclude each other.
fn straight<'a>(columns: &[Var], equations: impl Iterator<Item = &'a Form>) -> Option<Vec<Straight>> {
    let n = columns.len();
    // Each equation as coefficients and a right side, in the end solved for one variable each.
    let mut solved: Vec<(usize, Vec<Q>)> = Vec::with_capacity(n);
    for f in equations {
        let mut row = vec![Q::ZERO; n + 1];
        for (v, q) in &f.coefs {
            row[columns.binary_search(v).ok()?] = q.clone();
        }
        row[n] = -&f.constant;
        for (pivot, other) in &solved {
            clear(&mut row, *pivot, other);
        }
        let Some(pivot) = row[..n].iter().position(|q| !q.is_zero()) else {
            if row[n].is_zero() {
                continue;
            }
            return None;
        };
        let by = row[pivot].recip();
        row.iter_mut().filter(|q| !q.is_zero()).for_each(|q| *q *= &by);
        for (_, other) in &mut solved {
            clear(other, pivot, &row);
        }
        solved.push((pivot, row));
    }
    if solved.len() + 1 < n {
        return None;
    }
    let left = (0..n).find(|v| solved.iter().all(|(pivot, _)| pivot != v));
    let by_the_rest = |v: usize| match solved.iter().find(|(pivot, _)| *pivot == v) {
        Some((_, row)) => {
            let slope = left.map_or(Q::ZERO, |t| -&row[t]);
            Straight { at_zero: row[n].clone(), slope }
        }
        None => Straight { at_zero: Q::ZERO, slope: Q::ONE },
    };
    Some((0..n).map(by_the_rest).collect())
}

/// Subtracts the multiple of a solved equation that clears a column.
fn clear(row: &mut [Q], column: usize, by: &[Q]) {
    if row[column].is_zero() {
        return;
    }
    let factor = -&row[column];
    for (q, other) in row.iter_mut().zip(by).filter(|(_, other)| !other.is_zero()) {
        *q += &factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flat::Flat;
    use crate::polytope;
    use crate::rows::{Named, Poly};
    use crate::stage::Mono;
    use detente_game::certificate::Row;
    use std::collections::BTreeMap;

    /// A cell over weights 0 to 2 and the value 3 with these rows: four coefficients, the constant, and whether it
    /// is an equation.
    fn cell(rows: &[([i64; 5], bool)]) -> Cell {
        let poly = |c: &[i64; 5]| -> Poly {
            let terms = c.iter().enumerate().filter(|(_, q)| **q != 0);
            let mono = |v: usize| if v == 4 { Mono::new() } else { Mono::from_slice(&[v as u32]) };
            terms.map(|(v, q)| (mono(v), Q::from(*q))).collect()
        };
        let named = |(k, (c, equality)): (usize, &([i64; 5], bool))| Named {
            row: Row::Flow(k as u32),
            poly: poly(c),
            equality: *equality,
        };
        Cell {
            state: crate::state::State::undecided(3),
            vars: (0..4).collect(),
            rows: rows.iter().enumerate().map(named).collect(),
            strict: vec![],
            point: BTreeMap::new(),
            linear: true,
        }
    }

    /// On cells with small random rows, a segment says what the linear program says.
    #[test]
    fn as_the_program_says() {
        let mut seed = 5u64;
        let mut draw = |most: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as i64 % (2 * most + 1) - most
        };
        let mut seen = 0;
        for _ in 0..4_000 {
            let rows: Vec<([i64; 5], bool)> = (0..4)
                .map(|k| (std::array::from_fn(|v| if v == 4 { draw(1) } else { draw(2) }), k < 3))
                .collect();
            let cell = cell(&rows);
            let form = |v: Var, constant: i64| Form {
                coefs: Flat::from([(v, Q::from(1))]),
                constant: Q::from(constant),
            };
            for (top, bottom) in [
                (form(0, 0), Form { constant: Q::ONE, ..Form::default() }),
                (form(3, 1), Form { constant: Q::from(2), ..Form::default() }),
                (form(1, 0), form(2, 1)),
                (form(2, 0), form(0, 0)),
            ] {
                let seeds = top.coefs.keys().chain(bottom.coefs.keys());
                let related = polytope::related_vars(&cell, seeds);
                let Some(found) = ratio_range(&cell, 3, &related, &top, &bottom) else { continue };
                seen += 1;
                assert_eq!(polytope::by_program(&cell, 3, &related, &top, &bottom), Some(found), "{rows:?}");
            }
        }
        assert!(seen > 500, "{seen}");
    }
}
