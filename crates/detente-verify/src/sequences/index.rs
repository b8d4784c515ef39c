//! The index of an equilibrium that stands alone, recomputed.
//!
//! The one idea: where whatever is not used is strictly worse, nearby play is a matter of the used actions
//! alone. There what each player gains from moving between its used actions is linear in the other's moves, and
//! the sign of the determinant of both is the index (Shapley, "A note on the Lemke-Howson algorithm", 1974,
//! in the words of Hofbauer and Sigmund, "Evolutionary Games and Population Dynamics", 1998: the sign of the
//! field of gains, turned around). No trembles and no pivots are needed, as the search needs them.

use super::form::Form;
use detente_exact::Q;
use detente_exact::integer::determinant_sign;

/// The index of this pair of reaches. `None` where something unused is as good as what is used, or gains do not
/// tell moves apart: such an equilibrium may be one of a continuum.
pub(super) fn index(form: &Form, pair: [&[Q]; 2]) -> Option<i64> {
    if !(0..2).all(|p| is_strict(form, p, pair)) {
        return None;
    }
    let moves = [0, 1].map(|p| moves(form, p, pair[p]));
    if moves[0].len() != moves[1].len() {
        return None;
    }
    let sign = |p: usize| {
        let cell = |own: &[Q], other: &[Q]| -> Q {
            let pays = form.pays[p].iter().filter(|(s, t, _)| !own[*s].is_zero() && !other[*t].is_zero());
            pays.map(|(s, t, pay)| pay * &(&own[*s] * &other[*t])).sum()
        };
        let row = |own: &Vec<Q>| moves[1 - p].iter().map(|other| cell(own, other)).collect();
        determinant_sign(&moves[p].iter().map(row).collect::<Vec<Vec<Q>>>())
    };
    let around = if moves[0].len().is_multiple_of(2) { 1 } else { -1 };
    let index = i64::from(around * sign(0) * sign(1));
    (index != 0).then_some(index)
}

/// Whether every unused action falls short at every set to which the player itself comes.
fn is_strict(form: &Form, p: usize, pair: [&[Q]; 2]) -> bool {
    let (side, own) = (&form.sides[p], pair[p]);
    let mut value = form.gains(p, pair[1 - p]);
    let mut strict = true;
    for k in (0..side.sets.len()).rev() {
        let Some(best) = side.range(k).map(|s| value[s].clone()).max() else { continue };
        if own[side.parent[k]].is_positive() {
            strict &= side.range(k).all(|s| own[s].is_positive() || value[s] < best);
        }
        value[side.parent[k]] += best;
    }
    strict
}

/// The moves of a strategy between its used actions: at each set, from the first to each other, going on as before.
fn moves(form: &Form, p: usize, own: &[Q]) -> Vec<Vec<Q>> {
    let side = &form.sides[p];
    let mut list = vec![];
    for k in 0..side.sets.len() {
        let used: Vec<usize> = side.range(k).filter(|s| own[*s].is_positive()).collect();
        for to in used.iter().skip(1) {
            let mut change = vec![Q::ZERO; side.slots()];
            change[used[0]] = -Q::ONE;
            change[*to] = Q::ONE;
            for later in k + 1..side.sets.len() {
                let before = side.parent[later];
                if !change[before].is_zero() {
                    for s in side.range(later) {
                        change[s] = &change[before] * &(&own[s] / &own[before]);
                    }
                }
            }
            list.push(change);
        }
    }
    list
}
