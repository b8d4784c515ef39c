//! All vertices of a bounded polytope, by the double description method.
//!
//! The one idea: the solutions are a cone over one more variable; adding one condition at a time
//! keeps the rays it allows and joins each adjacent pair it separates (Motzkin, Raiffa, Thompson
//! and Thrall, "The double description method", 1953). Two rays are adjacent if no third one
//! satisfies with equality all the conditions both do, so degenerate corners need no special care.

use super::{Lp, Rel};
use crate::Q;

/// One condition `form · v >= 0`, or `= 0`, on homogeneous vectors; entry 0 is the scale.
struct Condition {
    form: Vec<Q>,
    equality: bool,
}

#[derive(Clone)]
struct Ray {
    entries: Vec<Q>,
    /// Bit `i` is set if condition `i` holds with equality.
    tight: Vec<u64>,
}

/// All vertices, sorted and without repeats; empty if there is no solution. `None` if there are
/// more than `cap`, if the solutions are unbounded, or if more than `64 · cap + 4096` rays turn up
/// on the way.
pub fn vertices(lp: &Lp, cap: usize) -> Option<Vec<Vec<Q>>> {
    let size = lp.lower.len() + 1;
    let conditions = conditions(lp);
    let words = conditions.len().div_ceil(64);
    let limit = cap.saturating_mul(64).saturating_add(4096);
    let mut lines: Vec<Vec<Q>> = (0..size).map(|axis| unit(size, axis)).collect();
    let mut rays: Vec<Ray> = Vec::new();
    for (index, condition) in conditions.iter().enumerate() {
        match take_crossing_line(&mut lines, &condition.form) {
            Some((line, slope)) => {
                flatten(&mut lines, &mut rays, &line, &slope, condition, index);
                if !condition.equality {
                    let tight = bits_below(index, words);
                    rays.push(normalized(line, tight));
                }
            }
            None => rays = split(rays, condition, index, limit)?,
        }
    }
    let is_empty = !rays.iter().any(|ray| ray.entries[0].is_positive());
    if is_empty {
        return Some(Vec::new());
    }
    let bounded = lines.is_empty() && rays.iter().all(|ray| ray.entries[0].is_positive());
    if !bounded || rays.len() > cap {
        return None;
    }
    let mut points: Vec<Vec<Q>> = rays.into_iter().map(|ray| ray.entries[1..].to_vec()).collect();
    points.sort();
    points.dedup();
    Some(points)
}

/// The scale first, then equalities, lower bounds, other rows, upper bounds: this order keeps
/// probability simplices small at every step.
fn conditions(lp: &Lp) -> Vec<Condition> {
    let size = lp.lower.len() + 1;
    let mut all = vec![Condition { form: unit(size, 0), equality: false }];
    let bound = |axis: usize, bound: &Q, upper: bool| {
        let mut form = unit(size, axis + 1);
        form[0] = -bound;
        if upper {
            form = form.iter().map(|entry| -entry).collect();
        }
        Condition { form, equality: false }
    };
    let (equalities, others): (Vec<_>, Vec<_>) = lp.rows.iter().partition(|r| r.rel == Rel::Eq);
    all.extend(equalities.into_iter().map(|row| row_condition(row, size)));
    for (axis, lower) in lp.lower.iter().enumerate() {
        all.extend(lower.iter().map(|lower| bound(axis, lower, false)));
    }
    all.extend(others.into_iter().map(|row| row_condition(row, size)));
    for (axis, upper) in lp.upper.iter().enumerate() {
        all.extend(upper.iter().map(|upper| bound(axis, upper, true)));
    }
    all
}

fn row_condition(row: &super::Row, size: usize) -> Condition {
    let mut form = vec![Q::ZERO; size];
    form[0] = -&row.rhs;
    for (variable, coefficient) in &row.coefs {
        form[variable + 1] += coefficient;
    }
    if row.rel == Rel::Le {
        form = form.iter().map(|entry| -entry).collect();
    }
    Condition { form, equality: row.rel == Rel::Eq }
}

fn unit(size: usize, axis: usize) -> Vec<Q> {
    let mut entries = vec![Q::ZERO; size];
    entries[axis] = Q::ONE;
    entries
}

fn dot(left: &[Q], right: &[Q]) -> Q {
    let mut total = Q::ZERO;
    for (a, b) in left.iter().zip(right) {
        if !a.is_zero() && !b.is_zero() {
            total += a * b;
        }
    }
    total
}

/// Removes a line the form is not 0 on, pointed to its positive side, with the form's value there.
fn take_crossing_line(lines: &mut Vec<Vec<Q>>, form: &[Q]) -> Option<(Vec<Q>, Q)> {
    let (at, slope) =
        lines.iter().map(|line| dot(form, line)).enumerate().find(|(_, slope)| !slope.is_zero())?;
    let line = lines.remove(at);
    if slope.is_negative() {
        return Some((line.iter().map(|entry| -entry).collect(), -slope));
    }
    Some((line, slope))
}

/// Shifts everything along the line onto the hyperplane of the condition.
fn flatten(
    lines: &mut [Vec<Q>],
    rays: &mut [Ray],
    line: &[Q],
    slope: &Q,
    condition: &Condition,
    index: usize,
) {
    let shift = |entries: &mut Vec<Q>| {
        let factor = dot(&condition.form, entries) / slope;
        for (entry, along) in entries.iter_mut().zip(line) {
            entry.sub_mul(&factor, along);
        }
    };
    lines.iter_mut().for_each(&shift);
    for ray in rays {
        shift(&mut ray.entries);
        ray.tight[index / 64] |= 1 << (index % 64);
    }
}

/// Keeps the rays on the right side and joins the adjacent pairs across; `None` over the limit.
fn split(rays: Vec<Ray>, condition: &Condition, index: usize, limit: usize) -> Option<Vec<Ray>> {
    let values: Vec<Q> = rays.iter().map(|ray| dot(&condition.form, &ray.entries)).collect();
    let side =
        |sign: i32| -> Vec<usize> { (0..rays.len()).filter(|&i| values[i].signum() == sign).collect() };
    let (aboves, belows) = (side(1), side(-1));
    let mut kept: Vec<Ray> = Vec::new();
    for &above in &aboves {
        for &below in &belows {
            if kept.len() > limit {
                return None;
            }
            if let Some(tight) = adjacent(&rays, above, below) {
                // The combination on which the form is 0.
                let (up, down) = (&values[above], &values[below]);
                let entries = rays[above].entries.iter().zip(&rays[below].entries);
                let joined = entries.map(|(a, b)| b * up - a * down).collect();
                let mut ray = normalized(joined, tight);
                ray.tight[index / 64] |= 1 << (index % 64);
                kept.push(ray);
            }
        }
    }
    for (mut ray, value) in rays.into_iter().zip(values) {
        if value.is_zero() {
            ray.tight[index / 64] |= 1 << (index % 64);
            kept.push(ray);
        } else if value.is_positive() && !condition.equality {
            kept.push(ray);
        }
    }
    (kept.len() <= limit).then_some(kept)
}

/// The conditions tight on both rays, if no third ray is tight on all of them.
fn adjacent(rays: &[Ray], one: usize, other: usize) -> Option<Vec<u64>> {
    let pairs = rays[one].tight.iter().zip(&rays[other].tight);
    let common: Vec<u64> = pairs.map(|(a, b)| a & b).collect();
    let blocks = |ray: &Ray| common.iter().zip(&ray.tight).all(|(need, have)| need & !have == 0);
    let blocked = rays.iter().enumerate().any(|(i, ray)| i != one && i != other && blocks(ray));
    (!blocked).then_some(common)
}

/// The bits of all conditions before `index`: a line is tight on every one of them.
fn bits_below(index: usize, words: usize) -> Vec<u64> {
    let mut bits = vec![0; words];
    for i in 0..index {
        bits[i / 64] |= 1 << (i % 64);
    }
    bits
}

/// Scales a ray so that its scale entry, or else its first entry that is not 0, is 1 in size.
fn normalized(mut entries: Vec<Q>, tight: Vec<u64>) -> Ray {
    if let Some(size) = entries.iter().find(|entry| !entry.is_zero()).map(Q::abs)
        && !size.is_one()
    {
        for entry in &mut entries {
            *entry /= &size;
        }
    }
    Ray { entries, tight }
}
