//! Is a sum of expressions 1, whatever the params are?
//!
//! The one idea: written out as polynomials, equal expressions have equal terms. What is no
//! polynomial (a root, a conditional) stands as an unknown of its own, so a match is a proof.

use detente_exact::Q;
use detente_game::{ExprId, Game, Op};
use std::collections::BTreeMap;

/// Polynomials with more terms are given up.
const MOST_TERMS: usize = 400;
/// Powers above this are given up.
const MOST_POWER: i64 = 12;

/// Coefficients by unknowns; an unknown stands as often as its power says, in order.
type Terms = BTreeMap<Vec<ExprId>, Q>;

/// Returns whether the expressions surely sum to 1 everywhere.
pub(super) fn sum_is_one(game: &Game, parts: &[ExprId]) -> bool {
    let mut sum = Terms::new();
    for part in parts {
        let Some(terms) = terms(game, *part) else { return false };
        add(&mut sum, terms, &Q::ONE);
    }
    sum == Terms::from([(Vec::new(), Q::ONE)])
}

fn terms(game: &Game, id: ExprId) -> Option<Terms> {
    let unknown = || Terms::from([(vec![id], Q::ONE)]);
    let found = match &game.tape.ops[id.0 as usize] {
        Op::Const(q) if q.is_zero() => Terms::new(),
        Op::Const(q) => Terms::from([(Vec::new(), q.clone())]),
        Op::Neg(a) => scaled(terms(game, *a)?, &-Q::ONE),
        Op::Add(a, b) => joined(terms(game, *a)?, terms(game, *b)?, &Q::ONE),
        Op::Sub(a, b) => joined(terms(game, *a)?, terms(game, *b)?, &-Q::ONE),
        Op::Mul(a, b) => product(&terms(game, *a)?, &terms(game, *b)?)?,
        Op::Div(a, b) => match game.tape.as_const(*b).and_then(Q::checked_recip) {
            Some(factor) => scaled(terms(game, *a)?, &factor),
            None => unknown(),
        },
        Op::Pow(a, b) => match game.tape.as_const(*b).and_then(Q::to_i64) {
            Some(power) if (1..=MOST_POWER).contains(&power) => {
                let base = terms(game, *a)?;
                (1..power).try_fold(base.clone(), |whole, _| product(&whole, &base))?
            }
            _ => unknown(),
        },
        _ => unknown(),
    };
    (found.len() <= MOST_TERMS).then_some(found)
}

fn add(sum: &mut Terms, more: Terms, factor: &Q) {
    for (unknowns, coefficient) in more {
        let place = sum.entry(unknowns.clone()).or_insert(Q::ZERO);
        *place += &coefficient * factor;
        if place.is_zero() {
            sum.remove(&unknowns);
        }
    }
}

fn joined(mut a: Terms, b: Terms, factor: &Q) -> Terms {
    add(&mut a, b, factor);
    a
}

fn scaled(a: Terms, factor: &Q) -> Terms {
    joined(Terms::new(), a, factor)
}

fn product(a: &Terms, b: &Terms) -> Option<Terms> {
    if a.len() * b.len() > MOST_TERMS {
        return None;
    }
    let mut whole = Terms::new();
    for (x, p) in a {
        for (y, q) in b {
            let mut unknowns: Vec<ExprId> = x.iter().chain(y).copied().collect();
            unknowns.sort_unstable();
            add(&mut whole, Terms::from([(unknowns, p * q)]), &Q::ONE);
        }
    }
    Some(whole)
}
