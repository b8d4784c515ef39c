//! Means and shares of enclosed numbers.
//!
//! The one idea: weights sum to 1, so where all values are one number the mean is that number, without rounding;
//! and where weights have ranges, the extreme means give what is left to the lowest or the highest values first.

use super::evaluate::{Open, Value};
use detente_exact::Interval;

/// Of two weights the share of the first; `None` if both are 0.
pub fn share(inside: Interval, rest: Interval) -> Value {
    let total = inside + rest;
    if total == Interval::ZERO {
        return Ok(None);
    }
    // All or nothing, however much there is.
    if rest == Interval::ZERO && inside.lo() > 0.0 {
        return Ok(Some(Interval::ONE));
    }
    if total.lo() <= 0.0 {
        return Err(Open);
    }
    let part = |a: f64, b: f64| {
        let (a, b) = (Interval::point(a)?, Interval::point(b)?);
        a.checked_div(a + b)
    };
    match (part(inside.lo(), rest.hi()), part(inside.hi(), rest.lo())) {
        (Some(low), Some(high)) => Ok(Some(low.hull(high))),
        _ => Err(Open),
    }
}

pub(super) fn used(row: &[Interval]) -> impl Iterator<Item = usize> + '_ {
    (0..row.len()).filter(|k| row[*k].hi() > 0.0)
}

/// A mean with weights that sum to 1 exactly: where all values are the same number, that number.
pub(super) fn mean(pairs: impl Iterator<Item = (Interval, Interval)>) -> Interval {
    let (mut sum, mut first, mut same) = (Interval::ZERO, None, true);
    for (weight, value) in pairs {
        let first = *first.get_or_insert(value);
        same &= value.is_point() && value == first;
        sum = sum + weight * value;
    }
    match first {
        Some(value) if same => value,
        _ => sum,
    }
}

/// All means with weights in their ranges that sum to 1.
pub(super) fn mix(pairs: &[(Interval, Interval)]) -> Interval {
    if let Some((first, rest)) = pairs.split_first()
        && first.1.is_point()
        && rest.iter().all(|(_, v)| *v == first.1)
    {
        return first.1;
    }
    let end = |low: bool| {
        let mut list: Vec<(Interval, f64)> =
            pairs.iter().map(|(w, v)| (*w, if low { v.lo() } else { v.hi() })).collect();
        list.sort_by(|a, b| if low { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
        fill(&list)
    };
    let (low, high) = (end(true), end(false));
    low.hull(high)
}

/// Gives every value its least weight, then the rest of the unit in the order of the list.
fn fill(list: &[(Interval, f64)]) -> Interval {
    let point = |x: f64| Interval::point(x).unwrap_or(Interval::ENTIRE);
    let least = list.iter().fold(Interval::ZERO, |sum, (w, _)| sum + point(w.lo()));
    let mut rest = (Interval::ONE - least).max(Interval::ZERO);
    let mut sum = Interval::ZERO;
    for (weight, value) in list {
        let room = point(weight.hi()) - point(weight.lo());
        let extra = rest.min(room);
        rest = (rest - extra).max(Interval::ZERO);
        sum = sum + (point(weight.lo()) + extra) * point(*value);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_undefined_and_of_perhaps_nothing_open() {
        let perhaps = Interval::new(0.0, 0.5).expect("ends in order");
        assert_eq!(share(Interval::ZERO, Interval::ZERO), Ok(None));
        assert_eq!(share(perhaps, Interval::ZERO), Err(Open));
        assert_eq!(share(Interval::ONE, Interval::ZERO), Ok(Some(Interval::ONE)));
    }
}
