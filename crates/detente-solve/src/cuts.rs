//! Cuts: parts of a box in which some sum of conditions cannot hold.
//!
//! The one idea: with all other players' weights in a box, a player's indifference is linear in the weights
//! of one of them. Multipliers that single out one weight there (the inverse of the slopes in the middle)
//! give a sum of equations that moves with that weight and hardly with its neighbours; it takes its
//! extremes at corners, so the weights at which it may be 0 are a range, often a short one. Each cut is a
//! slab in which the sum has one sign; the referee evaluates that sum again. Where to cut is found in floats; the
//! sum is added up exactly only once a cut is worth it.

use crate::boxes::{Bound, Quick, corner_values, inverted};
use detente_exact::{Interval, Q};
use detente_game::certificate::{BoxCut, BoxPart, BoxSum};
use std::collections::BTreeMap;

/// Most unknowns of a sum beside the one that is cut.
const MAX_OTHERS: usize = 9;
/// Most unknowns in all for which the inverse of all slopes is tried, too.
const MAX_WHOLE: usize = 9;
/// Rounds over all unknowns.
const ROUNDS: usize = 2;
/// A cut is made if it takes this share of an unknown's range.
const WORTH: f64 = 0.1;
/// Multipliers are multiples of one over this, relative to the largest.
const FINE: f64 = 1_048_576.0;
/// Cuts are made at multiples of one over this.
const GRID: f64 = 16_777_216.0;

/// Equations, and unknowns that they may be solved for.
struct Group {
    equations: Vec<usize>,
    unknowns: Vec<usize>,
    /// The products that occur in some equation, and per equation their coefficients.
    products: Vec<Vec<usize>>,
    coefficients: Vec<Vec<f64>>,
    /// Per unknown: each product without it, where it occurs.
    without: Vec<Vec<Option<Vec<usize>>>>,
}

impl Group {
    fn new(all: &[Quick], equations: Vec<usize>, unknowns: Vec<usize>) -> Group {
        let terms = |k: &usize| all[*k].products().map(<[usize]>::to_vec).collect::<Vec<_>>();
        let mut products: Vec<Vec<usize>> = equations.iter().flat_map(terms).collect();
        products.sort();
        products.dedup();
        let of = |k: &usize| {
            let mut list = vec![0.0; products.len()];
            for (product, c) in all[*k].products().zip(all[*k].coefficients()) {
                if let Ok(at) = products.binary_search_by(|p| p.as_slice().cmp(product)) {
                    list[at] = *c;
                }
            }
            list
        };
        let coefficients = equations.iter().map(of).collect();
        let part = |u: &usize, p: &Vec<usize>| {
            p.contains(u).then(|| p.iter().copied().filter(|k| k != u).collect::<Vec<usize>>())
        };
        let without = unknowns.iter().map(|u| products.iter().map(|p| part(u, p)).collect()).collect();
        Group { equations, unknowns, products, coefficients, without }
    }

    /// Where the sum of the equations with these multipliers may be 0 in the unknown with this position.
    fn zeros(&self, position: usize, multipliers: &[f64], x: &[Interval]) -> Option<Zeros> {
        let mut sum = vec![0.0; self.products.len()];
        for (factor, list) in multipliers.iter().zip(&self.coefficients).filter(|(f, _)| **f != 0.0) {
            sum.iter_mut().zip(list).for_each(|(s, c)| *s += factor * c);
        }
        // What is left of terms that cancel is noise.
        let noise = 1e-13 * sum.iter().fold(0.0f64, |m, c| m.max(c.abs()));
        let live: Vec<usize> = (0..sum.len()).filter(|k| sum[*k].abs() > noise).collect();
        let unknown = self.unknowns[position];
        let mut others: Vec<usize> = live.iter().flat_map(|k| self.products[*k].iter().copied()).collect();
        others.sort_unstable();
        others.dedup();
        if others.len() > MAX_OTHERS + 1 {
            return None;
        }
        others.retain(|k| *k != unknown && !x[*k].is_point());
        let without = &self.without[position];
        let slopes = live.iter().filter_map(|k| Some((sum[*k], without[*k].as_deref()?)));
        let rests = live.iter().filter(|k| without[**k].is_none());
        let rests = rests.map(|k| (sum[*k], self.products[*k].as_slice()));
        between(&corner_values(slopes, &others, x), &corner_values(rests, &others, x))
    }
}

/// What can be cut, and with what.
pub struct Cutter {
    groups: Vec<Group>,
}

/// How the cutting of a box ends.
pub enum Cutting {
    /// No equilibrium in the box: once it is cut so, this sum is below 0 all over the rest.
    Empty(Vec<BoxCut>, BoxSum),
    /// What is left, and the cuts.
    To(Vec<Interval>, Vec<BoxCut>),
}

impl Cutter {
    /// `owners`: who has each unknown.
    pub fn new(equations: &[Quick], owners: &[usize]) -> Cutter {
        let mut kinds: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (k, f) in equations.iter().enumerate() {
            let mut of: Vec<usize> = f.used().iter().map(|u| owners[*u]).collect();
            of.sort_unstable();
            of.dedup();
            kinds.entry(of).or_default().push(k);
        }
        let mut groups = vec![];
        for (of, list) in &kinds {
            for owner in of {
                let occurs = |u: &usize| list.iter().any(|k| equations[*k].used().contains(u));
                let unknowns: Vec<usize> =
                    (0..owners.len()).filter(|u| owners[*u] == *owner).filter(occurs).collect();
                if list.len() >= unknowns.len() {
                    groups.push(Group::new(equations, list.clone(), unknowns));
                }
            }
        }
        if owners.len() <= MAX_WHOLE && kinds.len() > 1 {
            groups.push(Group::new(equations, (0..equations.len()).collect(), (0..owners.len()).collect()));
        }
        Cutter { groups }
    }

    /// Cuts a box as far as it goes.
    pub fn cut(
        &self,
        equations: &[Quick],
        inequalities: &[Quick],
        weights: &[Bound],
        x: &[Interval],
    ) -> Cutting {
        let mut work = Work { x: x.to_vec(), cuts: vec![] };
        for _ in 0..ROUNDS {
            let before = work.cuts.len();
            for bound in weights {
                let part = BoxPart::Weight(bound.infoset, bound.action);
                if let Some(empty) = work.by_side(&bound.weight, part) {
                    return Cutting::Empty(work.cuts, empty);
                }
            }
            for (k, f) in inequalities.iter().enumerate() {
                if let Some(empty) = work.by_side(f, BoxPart::Inequality(k as u32)) {
                    return Cutting::Empty(work.cuts, empty);
                }
            }
            for group in &self.groups {
                if let Some(empty) = work.by_group(equations, group) {
                    return Cutting::Empty(work.cuts, empty);
                }
            }
            if work.cuts.len() == before {
                break;
            }
        }
        Cutting::To(work.x, work.cuts)
    }
}

/// A box while it is being cut.
struct Work {
    x: Vec<Interval>,
    cuts: Vec<BoxCut>,
}

/// Where a sum that is linear in one unknown may be 0.
struct Zeros {
    low: f64,
    high: f64,
    /// Whether the sum grows with the unknown.
    grows: bool,
}

impl Work {
    /// Cuts with a condition that is at least 0.
    fn by_side(&mut self, f: &Quick, part: BoxPart) -> Option<BoxSum> {
        for unknown in f.used().to_vec() {
            let Some(zeros) = zeros(f, unknown, &self.x) else { continue };
            let sum = || (f.clone(), vec![(part, Q::ONE)]);
            let found = match zeros.grows {
                true => self.raise(unknown, zeros.low, &sum),
                false => self.lower(unknown, zeros.high, &sum),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Cuts with equations.
    fn by_group(&mut self, equations: &[Quick], group: &Group) -> Option<BoxSum> {
        let mid: Vec<f64> = self.x.iter().map(|i| (i.lo() + i.hi()) / 2.0).collect();
        let rows = multipliers(equations, group, &mid)?;
        for (position, (unknown, row)) in group.unknowns.iter().zip(&rows).enumerate() {
            if self.x[*unknown].is_point() {
                continue;
            }
            let Some(zeros) = group.zeros(position, row, &self.x) else { continue };
            let sum = |sign: i64| {
                let short = |q: f64| Q::new((q * FINE) as i64, FINE as i64) * Q::from(sign);
                let parts = || group.equations.iter().zip(row).filter(|(_, q)| **q != 0.0);
                let f = Quick::sum(parts().map(|(k, q)| (&equations[*k], short(*q))));
                (f, parts().map(|(k, q)| (BoxPart::Equation(*k as u32), short(*q))).collect::<BoxSum>())
            };
            // Above its zeros a sum that grows is above 0, so its negative is below.
            let (above, below) = if zeros.grows { (-1, 1) } else { (1, -1) };
            let found = self
                .lower(*unknown, zeros.high, &|| sum(above))
                .or_else(|| self.raise(*unknown, zeros.low, &|| sum(below)));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Leaves out what lies above `to`, where `f` is below 0. Returns the sum if nothing is left.
    fn lower(&mut self, unknown: usize, to: f64, sum: &dyn Fn() -> (Quick, BoxSum)) -> Option<BoxSum> {
        let old = self.x[unknown];
        let at = ((to * GRID).floor() + 2.0) / GRID;
        if at < old.lo() {
            let (f, sum) = sum();
            return is_negative(&f, &self.x).then_some(sum);
        }
        if old.hi() - at < WORTH * old.width() || at <= old.lo() {
            return None;
        }
        let (rest, slab) = (Interval::new(old.lo(), at)?, Interval::new(at, old.hi())?);
        self.keep((unknown, at, true), rest, slab, sum());
        None
    }

    /// Leaves out what lies below `to`, where `f` is below 0. Returns the sum if nothing is left.
    fn raise(&mut self, unknown: usize, to: f64, sum: &dyn Fn() -> (Quick, BoxSum)) -> Option<BoxSum> {
        let old = self.x[unknown];
        let at = ((to * GRID).ceil() - 2.0) / GRID;
        if at > old.hi() {
            let (f, sum) = sum();
            return is_negative(&f, &self.x).then_some(sum);
        }
        if at - old.lo() < WORTH * old.width() || at >= old.hi() {
            return None;
        }
        let (rest, slab) = (Interval::new(at, old.hi())?, Interval::new(old.lo(), at)?);
        self.keep((unknown, at, false), rest, slab, sum());
        None
    }

    /// Keeps the rest of the box if the sum is below 0 all over the slab beyond the cut.
    fn keep(
        &mut self,
        (unknown, at, above): (usize, f64, bool),
        rest: Interval,
        slab: Interval,
        (f, sum): (Quick, BoxSum),
    ) {
        let old = std::mem::replace(&mut self.x[unknown], slab);
        let good = is_negative(&f, &self.x);
        self.x[unknown] = if good { rest } else { old };
        if let Some(at) = Q::from_f64(at).filter(|_| good) {
            self.cuts.push(BoxCut { coordinate: unknown as u32, at, above, sum });
        }
    }
}

/// Whether a sum is below 0 all over a box, rounding included.
fn is_negative(f: &Quick, x: &[Interval]) -> bool {
    f.range(x).hi() < 0.0 || f.corner_range(x).hi() < 0.0
}

/// The zeros of a sum in one unknown over all corners of the others; `None` if it does not always move
/// the same way.
fn zeros(f: &Quick, unknown: usize, x: &[Interval]) -> Option<Zeros> {
    let others: Vec<usize> =
        f.used().iter().copied().filter(|k| *k != unknown && !x[*k].is_point()).collect();
    if others.len() > MAX_OTHERS {
        return None;
    }
    let (slopes, rests) = f.lines(unknown, &others, x);
    between(&slopes, &rests)
}

/// The zeros of lines with these slopes and values at 0; `None` if they do not all move the same way.
fn between(slopes: &[f64], rests: &[f64]) -> Option<Zeros> {
    let grows = slopes[0] > 0.0;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (slope, rest) in slopes.iter().zip(rests) {
        let zero = -rest / slope;
        if !zero.is_finite() || (*slope > 0.0) != grows {
            return None;
        }
        (low, high) = (low.min(zero), high.max(zero));
    }
    Some(Zeros { low, high, grows })
}

/// Per unknown of the group: short multipliers of its equations that single it out at a point.
fn multipliers(equations: &[Quick], group: &Group, mid: &[f64]) -> Option<Vec<Vec<f64>>> {
    let slope =
        |k: &usize| -> Vec<f64> { group.unknowns.iter().map(|u| equations[*k].line(mid, *u).0).collect() };
    let rows: Vec<Vec<f64>> = group.equations.iter().map(slope).collect();
    let size = group.unknowns.len();
    // The shortest multipliers C with C J = 1: the inverse, or (J' J)^-1 J' with more equations.
    let found = if rows.len() == size {
        inverted(rows)?
    } else {
        let entry = |i: usize, j: usize| rows.iter().map(|r| r[i] * r[j]).sum();
        let normal = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
        let inverse = inverted(normal)?;
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum();
        inverse.iter().map(|i| rows.iter().map(|r| dot(i, r)).collect()).collect()
    };
    Some(found.iter().map(|row| short(row)).collect())
}

/// Multipliers relative to the largest, as short fractions.
fn short(row: &[f64]) -> Vec<f64> {
    let top = row.iter().fold(0.0f64, |m, c| m.max(c.abs())).max(f64::MIN_POSITIVE);
    row.iter().map(|c| (c / top * FINE).round() / FINE).collect()
}

/// A sum of polynomials with multipliers, terms gathered.
pub fn summed<'a>(parts: impl Iterator<Item = (&'a [(Q, Vec<usize>)], Q)>) -> Vec<(Q, Vec<usize>)> {
    let mut terms: BTreeMap<Vec<usize>, Q> = BTreeMap::new();
    for (list, factor) in parts {
        for (q, product) in list {
            *terms.entry(product.clone()).or_insert(Q::ZERO) += q * &factor;
        }
    }
    terms.into_iter().filter(|(_, q)| !q.is_zero()).map(|(m, q)| (q, m)).collect()
}
