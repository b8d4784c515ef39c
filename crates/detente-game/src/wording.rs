//! How conditions on what is free over a component are written.
//!
//! The one idea: a condition is data, and its words follow from it, so that whoever checks the
//! data has checked the words.

use crate::Game;
use crate::names::factor_name;
use crate::solution::{Condition, Factor};
use detente_exact::Q;

/// Returns a condition in words, with whole coefficients in lowest terms:
/// `2*A.move.left + 3*B.reply.yield <= 1`.
pub fn condition_text(game: &Game, c: &Condition) -> String {
    let product = |list: &Vec<Factor>| {
        let names: Vec<String> = list.iter().map(|f| factor_name(game, f)).collect();
        names.join("*")
    };
    let named: Vec<(String, Q)> = c.terms.iter().map(|(list, q)| (product(list), q.clone())).collect();
    relation(&named, &c.constant, c.equality)
}

/// Writes `sum + constant >= 0` (or `= 0`) with whole coefficients in lowest terms: what is
/// added on one side, what is taken away on the other.
fn relation(terms: &[(String, Q)], constant: &Q, equality: bool) -> String {
    let single = terms.len() == 1;
    let by = match terms {
        [(_, q)] => Q::ONE / q.abs(),
        _ => whole_numbers(terms.iter().map(|(_, q)| q).chain([constant])),
    };
    let positive: Vec<String> = side(terms, &by, false);
    let negative: Vec<String> = side(terms, &by, true);
    let number = constant * &by;
    let with = |mut list: Vec<String>, q: Q| -> String {
        if q.is_positive() || list.is_empty() {
            list.push(q.to_string());
        }
        list.join(" + ")
    };
    let none = Q::ZERO;
    let sign = |least: &'static str| if equality { "=" } else { least };
    // More than one number is easiest to read as a sum that stays below a bound.
    if negative.is_empty() || (single && !positive.is_empty()) {
        return format!("{} {} {}", positive.join(" + "), sign(">="), -number);
    }
    let (left, right) = if number.is_negative() { (-number, none) } else { (none, number) };
    format!("{} {} {}", with(negative, left), sign("<="), with(positive, right))
}

fn side(terms: &[(String, Q)], by: &Q, negative: bool) -> Vec<String> {
    let mine = terms.iter().filter(|(_, q)| q.is_negative() == negative);
    mine.map(|(name, q)| {
        let q = (q * by).abs();
        if q == Q::ONE { name.clone() } else { format!("{q}*{name}") }
    })
    .collect()
}

/// The factor that makes all numbers whole and without a common divisor.
fn whole_numbers<'a>(numbers: impl Iterator<Item = &'a Q>) -> Q {
    let list: Vec<&Q> = numbers.filter(|q| !q.is_zero()).collect();
    let mut by = Q::ONE;
    for q in &list {
        by *= (&by * *q).denominator();
    }
    let mut common = Q::ZERO;
    for q in &list {
        let mut a = (&by * *q).abs();
        while !a.is_zero() {
            let rest = &common - &a * (&common / &a).floor();
            common = std::mem::replace(&mut a, rest);
        }
    }
    by / common
}
