//! Whether all strategies that a case leaves are mixtures of listed ones.
//!
//! The one idea: the other's values are taken out of the conditions by adding them in pairs (Fourier and
//! Motzkin); what is left bounds a polytope of reaches, and each of its corners is listed or a mixture of
//! listed strategies.

use super::form::Form;
use detente_exact::Q;
use detente_exact::integer::{Solved, solve};
use detente_exact::lp::{Lp, Rel, feasible, vertices};
use std::collections::BTreeMap;

/// Most conditions at any time, and most corners.
const CONDITIONS: usize = 5_000;
const CORNERS: usize = 10_000;

/// A sum of reaches and values plus a constant that is 0, or at least 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Condition {
    equality: bool,
    /// Reaches by slot; slot 0 is the constant.
    reach: BTreeMap<usize, Q>,
    /// Values by set of the other player.
    value: BTreeMap<usize, Q>,
}

impl Condition {
    /// This one plus a multiple of another, with what is 0 left out.
    fn plus(&self, other: &Condition, times: &Q) -> Condition {
        let mut sum = self.clone();
        sum.equality &= other.equality;
        for (mine, theirs) in [(&mut sum.reach, &other.reach), (&mut sum.value, &other.value)] {
            for (k, q) in theirs {
                *mine.entry(*k).or_insert(Q::ZERO) += q * times;
            }
            mine.retain(|_, q| !q.is_zero());
        }
        sum
    }

    /// Whether it holds of all reaches.
    fn is_plain(&self) -> bool {
        let signs = || self.reach.values();
        self.value.is_empty() && (self.reach.is_empty() || (!self.equality && signs().all(Q::is_positive)))
    }
}

/// Checks that every strategy of `p` without the unused slots, against which the other's `best` slots are best
/// replies for some values, is a mixture of the listed ones.
///
/// # Errors
/// One is not, or there are too many conditions or corners.
pub(super) fn covered(
    form: &Form,
    p: usize,
    unused: &[bool],
    best: &[bool],
    listed: &[&[Q]],
) -> Result<(), String> {
    let side = &form.sides[p];
    // What follows an unused slot is unused.
    let mut left: Vec<bool> = unused.iter().map(|u| !u).collect();
    for k in 0..side.sets.len() {
        for s in side.range(k) {
            left[s] &= left[side.parent[k]];
        }
    }
    let conditions = without_values(shortfalls(form, p, &left, best), form.sides[1 - p].sets.len())?;
    let slots: Vec<usize> = (1..side.slots()).filter(|s| left[*s]).collect();
    let place = |slot: usize| slots.iter().position(|s| *s == slot);
    let mut lp = Lp::with_variables(slots.len(), Some(Q::ZERO), None);
    for k in (0..side.sets.len()).filter(|k| left[side.parent[*k]]) {
        let mut row: Vec<(usize, Q)> = side.range(k).filter_map(|s| Some((place(s)?, Q::ONE))).collect();
        row.extend(place(side.parent[k]).map(|v| (v, -Q::ONE)));
        lp.add_row(row, Rel::Eq, if side.parent[k] == 0 { Q::ONE } else { Q::ZERO });
    }
    for condition in conditions {
        let constant = condition.reach.get(&0).cloned().unwrap_or(Q::ZERO);
        let row = condition.reach.iter().filter_map(|(s, q)| Some((place(*s)?, q.clone()))).collect();
        lp.add_row(row, if condition.equality { Rel::Eq } else { Rel::Ge }, -constant);
    }
    let whole = |corner: &[Q]| {
        let mut reach = vec![Q::ZERO; side.slots()];
        reach[0] = Q::ONE;
        slots.iter().zip(corner).for_each(|(s, q)| reach[*s] = q.clone());
        reach
    };
    let corners = match only(&lp) {
        Some(list) => list,
        None => vertices(&lp, CORNERS).ok_or("a case has too many corners")?,
    };
    match corners.iter().all(|corner| is_mixture(&whole(corner), listed)) {
        true => Ok(()),
        false => Err("a case leaves a strategy that its piece does not hold".into()),
    }
}

/// The conditions that no sequence of the other pays more than the value of its set, and the marked ones that much.
fn shortfalls(form: &Form, p: usize, left: &[bool], best: &[bool]) -> Vec<Condition> {
    let other = &form.sides[1 - p];
    let mut list: Vec<Condition> = (0..other.slots())
        .map(|s| Condition { equality: best[s], reach: BTreeMap::new(), value: BTreeMap::new() })
        .collect();
    for (theirs, own, pay) in form.pays[1 - p].iter().filter(|(_, own, _)| left[*own]) {
        *list[*theirs].reach.entry(*own).or_insert(Q::ZERO) -= pay;
    }
    for k in 0..other.sets.len() {
        for s in other.range(k) {
            list[s].value.insert(k, Q::ONE);
        }
        if other.parent[k] != 0 {
            list[other.parent[k]].value.insert(k, -Q::ONE);
        }
    }
    list.remove(0);
    list.iter_mut().for_each(|c| c.reach.retain(|_, q| !q.is_zero()));
    list
}

/// Takes the values of all sets out, the last sets first.
fn without_values(mut list: Vec<Condition>, sets: usize) -> Result<Vec<Condition>, String> {
    for k in (0..sets).rev() {
        let (with, mut rest): (Vec<Condition>, Vec<Condition>) =
            list.into_iter().partition(|c| c.value.contains_key(&k));
        let equation = with.iter().position(|c| c.equality);
        if let Some(at) = equation {
            let pivot = &with[at];
            for c in with.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c) {
                let mut sum = c.plus(pivot, &-(&c.value[&k] / &pivot.value[&k]));
                sum.equality = c.equality;
                rest.push(sum);
            }
        } else {
            let (low, high): (Vec<&Condition>, Vec<&Condition>) =
                with.iter().partition(|c| c.value[&k].is_positive());
            for a in &low {
                for b in &high {
                    rest.push(a.plus(b, &-(&a.value[&k] / &b.value[&k])));
                }
            }
        }
        rest.retain(|c| !c.is_plain());
        rest.sort();
        rest.dedup();
        if rest.len() > CONDITIONS {
            return Err("a case has too many conditions".into());
        }
        list = rest;
    }
    Ok(list)
}

/// The one solution of the equations, where they have one, if it satisfies the rest; `None` if they leave more.
fn only(lp: &Lp) -> Option<Vec<Vec<Q>>> {
    let size = lp.lower.len();
    let equations = lp.rows.iter().filter(|row| row.rel == Rel::Eq);
    let rows: Vec<Vec<Q>> = equations
        .map(|row| {
            let mut line = vec![Q::ZERO; size + 1];
            row.coefs.iter().for_each(|(v, q)| line[*v] += q);
            line[size] = row.rhs.clone();
            line
        })
        .collect();
    match solve(&rows) {
        Solved::One(x) if lp.holds(&x) => Some(vec![x]),
        Solved::One(_) | Solved::None => Some(vec![]),
        Solved::Many => None,
    }
}

/// Whether a strategy is a mixture of listed ones.
fn is_mixture(x: &[Q], listed: &[&[Q]]) -> bool {
    listed.contains(&x) || (listed.len() > 1 && meet(&[x], listed))
}

/// Whether the mixtures of two lists have a strategy in common.
pub(super) fn meet(one: &[&[Q]], other: &[&[Q]]) -> bool {
    if one.iter().any(|x| other.contains(x)) {
        return true;
    }
    if one.len() == 1 && other.len() == 1 {
        return false;
    }
    let mut lp = Lp::with_variables(one.len() + other.len(), Some(Q::ZERO), None);
    let slots = one.iter().chain(other).map(|x| x.len()).min().unwrap_or(0);
    // Slot 0 is 1 in every strategy, so both sides weigh the same; one row sets how much.
    lp.add_row((0..one.len()).map(|v| (v, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    for slot in 0..slots {
        let mine = one.iter().map(|x| x[slot].clone());
        let theirs = other.iter().map(|x| -&x[slot]);
        let row: Vec<(usize, Q)> = mine.chain(theirs).enumerate().filter(|(_, q)| !q.is_zero()).collect();
        if !row.is_empty() {
            lp.add_row(row, Rel::Eq, Q::ZERO);
        }
    }
    feasible(&lp).is_ok()
}
