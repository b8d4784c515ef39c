//! Box proofs: every root of a square system in a box, by exact interval arithmetic.
//!
//! The one idea (Krawczyk 1969): if K(X) = m - Y f(m) + (I - Y f'(X)) (X - m) lies in the
//! interior of X, f has exactly one root in X. Y may be any matrix; a float inverse
//! of the midpoint's Jacobian is a good guess, and the test itself is rigorous. Outward-rounded
//! floats (`floats`) come first; where they cannot tell, exact numbers decide.

use crate::enclosure::{Function, Range};
use crate::floats;
use detente_exact::{Interval, Q};
use detente_game::certificate::{BoxPart, BoxStep, BoxSum};
use std::collections::BTreeMap;

/// Largest number of unknowns of a box proof.
pub const MAX_UNKNOWNS: usize = 16;

/// One test of Krawczyk on a box; returns K(X).
fn krawczyk(functions: &[Function], jacobian: &[Vec<Function>], x: &[Range]) -> Option<Vec<Range>> {
    let n = x.len();
    let mid: Vec<Range> =
        x.iter().map(|r| Range::point(short(&r.mid()).clamp(r.low.clone(), r.high.clone()))).collect();
    let at_mid: Vec<Q> = functions.iter().map(|f| f.range(&mid).low).collect();
    let slope: Vec<Vec<f64>> =
        jacobian.iter().map(|row| row.iter().map(|d| d.range(&mid).low.to_f64()).collect()).collect();
    let inverse: Vec<Vec<Q>> = floats::inverted(slope)?
        .iter()
        .map(|row| row.iter().map(|v| Q::from_f64(*v)).collect())
        .collect::<Option<_>>()?;
    let slopes: Vec<Vec<Range>> =
        jacobian.iter().map(|row| row.iter().map(|d| d.range(x)).collect()).collect();
    let mut image = Vec::with_capacity(n);
    for i in 0..n {
        let mut sum = mid[i].clone();
        for k in 0..n {
            sum = sum.add(&Range::point(-(&inverse[i][k] * &at_mid[k])));
        }
        for j in 0..n {
            let mut entry = Range::point(if i == j { Q::ONE } else { Q::ZERO });
            for k in 0..n {
                entry = entry.add(&slopes[k][j].scaled(&-&inverse[i][k]));
            }
            let offset = Range::new(&x[j].low - &mid[j].low, &x[j].high - &mid[j].low);
            sum = sum.add(&entry.mul(&offset));
        }
        image.push(sum);
    }
    Some(image)
}

/// A nearby number with a short denominator; any point of the box will do as its middle.
fn short(q: &Q) -> Q {
    if q.bits() < 200 { q.clone() } else { rounded(q, false) }
}

/// The number rounded down (or up) to a multiple of 2^-160.
fn rounded(q: &Q, up: bool) -> Q {
    let unit = Q::from(2).pow(160);
    let scaled = q * &unit;
    let whole = if up { scaled.ceil() } else { scaled.floor() };
    whole / unit
}

/// A root box that passed the test, tightened.
#[derive(Clone, Debug)]
pub struct RootBox {
    pub cell: u32,
    pub listed: Vec<Range>,
    pub tight: Vec<Range>,
    /// Whether `tight` is what floats gave; exact numbers can close in further.
    pub is_quick: bool,
    /// Whether the root was shown to be an equilibrium.
    pub exists: bool,
}

/// A square system and its side conditions.
pub struct System {
    pub equations: Vec<Function>,
    pub inequalities: Vec<Function>,
    pub start: Vec<Range>,
    /// Weights by infoset and action, where the unknowns give them, and whether 0 is ruled out.
    pub weights: BTreeMap<(u32, u32), (Function, bool)>,
}

impl System {
    /// Checks that the root in a listed box gives an action a weight it cannot have.
    fn outside(
        &self,
        listed: &[Range],
        tight: &[Range],
        point: Option<&Vec<Q>>,
        of: (u32, u32),
    ) -> Result<(), String> {
        let (weight, strict) = self.weights.get(&of).ok_or("a weight is not given by the unknowns")?;
        let out = match point {
            None => weight.range(tight).high.is_negative(),
            Some(x) => {
                let inside =
                    x.len() == listed.len() && listed.iter().zip(x).all(|(l, q)| l.low <= *q && *q <= l.high);
                if !inside || !self.equations.iter().all(|f| f.value(x).is_zero()) {
                    return Err("the listed point is not the root of its box".into());
                }
                let value = weight.value(x);
                value.is_negative() || *strict && value.is_zero()
            }
        };
        match out {
            true => Ok(()),
            false => Err("a root is left out though its weights may be right".into()),
        }
    }

    /// The polynomial of a sum, which is at least 0 in every equilibrium.
    fn sum(&self, sum: &BoxSum) -> Result<Function, String> {
        let mut terms: BTreeMap<Vec<usize>, Q> = BTreeMap::new();
        for (part, factor) in sum {
            let (function, free) = match part {
                BoxPart::Equation(k) => (self.equations.get(*k as usize), true),
                BoxPart::Inequality(k) => (self.inequalities.get(*k as usize), false),
                BoxPart::Weight(h, a) => (self.weights.get(&(*h, *a)).map(|(f, _)| f), false),
            };
            let function = function.ok_or("a sum has a part that does not exist")?;
            if !free && factor.is_negative() {
                return Err("a sum takes a condition the wrong way round".into());
            }
            for (c, product) in &function.0 {
                *terms.entry(product.clone()).or_insert(Q::ZERO) += c * factor;
            }
        }
        let terms = terms.into_iter().filter(|(_, c)| !c.is_zero()).map(|(m, c)| (c, m));
        Ok(Function::of(terms.collect()))
    }

    /// Checks that no equilibrium lies in a box, because the sum is below 0 all over it.
    fn never(&self, sum: &BoxSum, x: &[Range]) -> Result<(), String> {
        let function = self.sum(sum)?;
        match function.1.sign(&outward(x)) == Some(-1) || function.range(x).high.is_negative() {
            true => Ok(()),
            false => Err("a sum may be 0 or more in a part that is left out".into()),
        }
    }

    /// Replays a box search. Returns the root boxes that occur, and whether boxes are left open.
    pub fn replay(&self, root: &BoxStep) -> Result<(Vec<RootBox>, bool), String> {
        let n = self.start.len();
        let jacobian: Vec<Vec<Function>> =
            self.equations.iter().map(|f| (0..n).map(|k| f.derivative(k)).collect()).collect();
        let quick = floats::System {
            functions: self.equations.iter().map(|f| &f.1).collect(),
            jacobian: jacobian.iter().map(|row| row.iter().map(|f| &f.1).collect()).collect(),
        };
        let single = |listed: &[Range]| match quick.tightened(listed) {
            Some(tight) => Ok((ranges(&tight), true)),
            None => tightened(&self.equations, &jacobian, listed).map(|tight| (tight, false)),
        };
        let mut found: Vec<RootBox> = Vec::new();
        let mut open = false;
        let mut stack = vec![(root, self.start.clone())];
        while let Some((step, x)) = stack.pop() {
            match step {
                BoxStep::Bisect(k, low, high) => {
                    let k = *k as usize;
                    let mid = x.get(k).ok_or("a box has no such coordinate")?.mid();
                    let (mut left, mut right) = (x.clone(), x);
                    left[k].high = mid.clone();
                    right[k].low = mid;
                    stack.push((high, right));
                    stack.push((low, left));
                }
                BoxStep::NoRoot(k) => {
                    let f = self.equations.get(*k as usize).ok_or("no such equation")?;
                    let exact = || {
                        let range = f.range(&x);
                        range.low.is_positive() || range.high.is_negative()
                    };
                    if !matches!(f.1.sign(&outward(&x)), Some(-1 | 1)) && !exact() {
                        return Err(format!("equation {k} may have a root in a box"));
                    }
                }
                BoxStep::Violated(k) => {
                    let f = self.inequalities.get(*k as usize).ok_or("no such inequality")?;
                    if f.1.sign(&outward(&x)) != Some(-1) && !f.range(&x).high.is_negative() {
                        return Err(format!("inequality {k} may hold in a box"));
                    }
                }
                BoxStep::Never(sum) => self.never(sum, &x)?,
                BoxStep::Open => open = true,
                BoxStep::Cuts { cuts, then } => {
                    let mut x = x;
                    for cut in cuts {
                        let k = cut.coordinate as usize;
                        let whole = x.get(k).ok_or("a box has no such coordinate")?.clone();
                        if cut.at < whole.low || cut.at > whole.high {
                            return Err("a box is cut beside itself".into());
                        }
                        let above = Range::new(cut.at.clone(), whole.high);
                        let below = Range::new(whole.low, cut.at.clone());
                        let (out, rest) = if cut.above { (above, below) } else { (below, above) };
                        x[k] = out;
                        self.never(&cut.sum, &x)?;
                        x[k] = rest;
                    }
                    stack.push((then, x));
                }
                BoxStep::Missed => {
                    if quick.contracted(&outward(&x)).is_some()
                        && contracted(&self.equations, &jacobian, &x, |_| false).is_some()
                    {
                        return Err("Krawczyk's image meets a box".into());
                    }
                }
                BoxStep::Shrink { low, high, then } => {
                    let listed = listed_box(low, high, n)?;
                    let inside = |x: &[Range]| listed.iter().zip(x).all(|(l, x)| l.contains(x));
                    let rest = quick.contracted(&outward(&x));
                    let shows = |rest: &Option<Vec<Range>>| rest.as_ref().is_none_or(|r| inside(r));
                    if !shows(&rest.map(|r| ranges(&r)))
                        && !shows(&contracted(&self.equations, &jacobian, &x, inside))
                    {
                        return Err("a box is cut by more than Krawczyk's image allows".into());
                    }
                    stack.push((then, listed));
                }
                BoxStep::Outside { low, high, point, infoset, action } => {
                    let listed = listed_box(low, high, n)?;
                    if !listed.iter().zip(&x).all(|(l, x)| l.contains(x)) {
                        return Err("a root box does not contain the box it is listed for".into());
                    }
                    let (tight, _) = single(&listed)?;
                    self.outside(&listed, &tight, point.as_ref(), (*infoset, *action))?;
                }
                BoxStep::Root { low, high, cell } => {
                    let listed = listed_box(low, high, n)?;
                    if !listed.iter().zip(&x).all(|(l, x)| l.contains(x)) {
                        return Err("a root box does not contain the box it is listed for".into());
                    }
                    if found.iter().any(|r| r.cell == *cell && r.listed == listed) {
                        continue;
                    }
                    let (tight, is_quick) = single(&listed)?;
                    found.push(RootBox { cell: *cell, listed, tight, is_quick, exists: false });
                }
            }
        }
        Ok((found, open))
    }

    /// Closes in on the root of a box further than floats can.
    pub fn exactly(&self, root: &RootBox) -> Result<Vec<Range>, String> {
        let n = self.start.len();
        let jacobian: Vec<Vec<Function>> =
            self.equations.iter().map(|f| (0..n).map(|k| f.derivative(k)).collect()).collect();
        tightened(&self.equations, &jacobian, &root.listed)
    }
}

fn outward(x: &[Range]) -> Vec<Interval> {
    x.iter().map(Range::outward).collect()
}

/// The same boxes in exact numbers; a float bound that is not finite becomes that of a weight.
fn ranges(x: &[Interval]) -> Vec<Range> {
    let end = |f: f64, other: Q| Q::from_f64(f).unwrap_or(other);
    x.iter().map(|i| Range::new(end(i.lo(), Q::ZERO), end(i.hi(), Q::ONE))).collect()
}

/// A box as listed in the certificate.
fn listed_box(low: &[Q], high: &[Q], n: usize) -> Result<Vec<Range>, String> {
    if low.len() != n || high.len() != n || low.iter().zip(high).any(|(l, h)| l > h) {
        return Err("a listed box is not one".into());
    }
    Ok(low.iter().zip(high).map(|(l, h)| Range::new(l.clone(), h.clone())).collect())
}

/// What a box shares with its Krawczyk image, a few times over until it is `enough`; `None`
/// if nothing is left. All roots of the box are in what is left.
fn contracted(
    functions: &[Function],
    jacobian: &[Vec<Function>],
    x: &[Range],
    enough: impl Fn(&[Range]) -> bool,
) -> Option<Vec<Range>> {
    const ROUNDS: usize = 4;
    let mut x = x.to_vec();
    for _ in 0..ROUNDS {
        if enough(&x) {
            break;
        }
        let Some(image) = krawczyk(functions, jacobian, &x) else { break };
        for (x, k) in x.iter_mut().zip(image) {
            let (low, high) = (rounded(&k.low, false), rounded(&k.high, true));
            let old = x.clone();
            *x = Range::new(old.low.max(low), old.high.min(high));
            if x.low > x.high {
                return None;
            }
        }
    }
    Some(x)
}

/// Proves that the box holds exactly one root, and closes in on it.
fn tightened(functions: &[Function], jacobian: &[Vec<Function>], x: &[Range]) -> Result<Vec<Range>, String> {
    const ROUNDS: usize = 12;
    let fails = || "Krawczyk's test fails on a root box".to_string();
    let image = krawczyk(functions, jacobian, x).ok_or_else(fails)?;
    let inside = image.iter().zip(x).all(|(k, x)| x.low < k.low && k.high < x.high);
    if !inside {
        return Err(fails());
    }
    let outward = |image: Vec<Range>| -> Vec<Range> {
        image.into_iter().map(|r| Range::new(rounded(&r.low, false), rounded(&r.high, true))).collect()
    };
    let mut tight = outward(image);
    for _ in 0..ROUNDS {
        let Some(next) = krawczyk(functions, jacobian, &tight).map(outward) else { break };
        let closer = next.iter().zip(&tight).all(|(n, t)| t.contains(n));
        if !closer || next == tight {
            break;
        }
        tight = next;
    }
    Ok(tight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poly::Poly;

    /// A set with the actions 0, 1 and 2, of which the last is written by the others; each of the
    /// first two has weight `quarters` / 4 by its own equation.
    fn system(quarters: i64, strict: bool) -> System {
        let weight = |v: u32| Poly::variable(v);
        let function = |p: &Poly| Function::new(p, &[0, 1]).expect("the unknowns are all there is");
        let equation = |v: u32| {
            let mut p = Poly::constant(Q::new(-quarters, 4));
            p.add_scaled(&weight(v), &Q::ONE);
            function(&p)
        };
        let mut last = Poly::constant(Q::ONE);
        last.add_scaled(&weight(0), &-Q::ONE);
        last.add_scaled(&weight(1), &-Q::ONE);
        System {
            equations: vec![equation(0), equation(1)],
            inequalities: vec![],
            start: vec![Range::new(Q::ZERO, Q::ONE); 2],
            weights: BTreeMap::from([((7, 2), (function(&last), strict))]),
        }
    }

    fn left_out(quarters: i64, strict: bool, point: Option<i64>) -> Result<usize, String> {
        let step = BoxStep::Outside {
            low: vec![Q::ZERO; 2],
            high: vec![Q::ONE; 2],
            point: point.map(|k| vec![Q::new(k, 4); 2]),
            infoset: 7,
            action: 2,
        };
        system(quarters, strict).replay(&step).map(|(roots, _)| roots.len())
    }

    #[test]
    fn a_root_is_left_out_where_the_weight_written_by_others_is_below_0() {
        // 1 - 3/4 - 3/4 is below 0, with the root shown or not.
        assert_eq!(left_out(3, false, Some(3)), Ok(0));
        assert_eq!(left_out(3, false, None), Ok(0));
        // 1 - 1/2 - 1/2 is 0: wrong only for an action that is used, and only at the point itself.
        assert_eq!(left_out(2, true, Some(2)), Ok(0));
        assert!(left_out(2, false, Some(2)).is_err());
        assert!(left_out(2, true, None).is_err());
        // 1 - 1/4 - 1/4 is a weight like any other, and another point is not the root.
        assert!(left_out(1, true, Some(1)).is_err());
        assert!(left_out(1, true, Some(3)).is_err());
    }
}
