//! A search over boxes for all roots of a square system in the unit cube.
//!
//! Box ends are dyadic, so floats hold them exactly; ranges are rounded outward.
//! Every conclusion is one that the referee repeats with exact numbers.

use crate::cells::Value;
use crate::roots::Reduced;
use crate::rows::Poly;
use crate::state::Var;
use detente_exact::{Interval, Q};
use detente_game::certificate::BoxStep;

/// A polynomial in the unknowns as floats.
pub struct Quick {
    terms: Vec<(Interval, Vec<usize>)>,
    exact: Vec<(Q, Vec<usize>)>,
}

impl Quick {
    /// Reads a polynomial whose variables are all among the unknowns.
    pub fn new(poly: &Poly, unknowns: &[Var]) -> Quick {
        let place = |v: &Var| unknowns.iter().position(|u| u == v).expect("a known unknown");
        let exact: Vec<(Q, Vec<usize>)> =
            poly.iter().map(|(m, q)| (q.clone(), m.iter().map(place).collect())).collect();
        Quick { terms: exact.iter().map(|(q, m)| (Interval::from_q(q), m.clone())).collect(), exact }
    }

    /// The range over a box, term by term.
    pub fn range(&self, x: &[Interval]) -> Interval {
        let mut total = Interval::ZERO;
        for (c, m) in &self.terms {
            let mut t = *c;
            for k in m {
                t = t * x[*k];
            }
            total = total + t;
        }
        total
    }

    /// The range over a box from its corners: every unknown has power 1, so the polynomial
    /// takes its extremes there. Only for few unknowns.
    fn corner_range(&self, x: &[Interval]) -> Interval {
        let mut used: Vec<usize> = self.terms.iter().flat_map(|(_, m)| m.iter().copied()).collect();
        used.sort_unstable();
        used.dedup();
        if used.len() > MAX_CORNER_UNKNOWNS {
            return self.range(x);
        }
        let mut corner: Vec<Interval> = x.to_vec();
        let mut hull: Option<Interval> = None;
        for mask in 0u32..1 << used.len() {
            for (bit, k) in used.iter().enumerate() {
                let end = if mask >> bit & 1 == 1 { x[*k].hi() } else { x[*k].lo() };
                corner[*k] = Interval::point(end).expect("a finite end");
            }
            let r = self.range(&corner);
            hull = Some(hull.map_or(r, |h| h.hull(r)));
        }
        hull.unwrap_or_else(|| self.range(x))
    }

    /// The range of the slope by one unknown (all powers are 1).
    fn slope(&self, x: &[Interval], by: usize) -> Interval {
        let mut total = Interval::ZERO;
        for (c, m) in self.terms.iter().filter(|(_, m)| m.contains(&by)) {
            let mut t = *c;
            for k in m.iter().filter(|k| **k != by) {
                t = t * x[*k];
            }
            total = total + t;
        }
        total
    }

    /// The slope at a point, without rounding control.
    pub fn slope_at(&self, x: &[f64], by: usize) -> f64 {
        let point: Vec<Interval> = x.iter().map(|v| Interval::point(*v).expect("a finite point")).collect();
        let s = self.slope(&point, by);
        (s.lo() + s.hi()) / 2.0
    }

    /// The exact value at a rational point.
    fn value(&self, x: &[Q]) -> Q {
        self.exact.iter().map(|(q, m)| m.iter().fold(q.clone(), |t, k| t * &x[*k])).sum()
    }
}

/// A root that was proven.
pub struct Root {
    tight: Vec<Interval>,
    pub value: Vec<Value>,
}

/// How a hunt ends.
pub enum Finding {
    Done(BoxStep),
    Open(&'static str),
}

/// An action's weight in terms of the unknowns.
pub struct Bound {
    pub infoset: u32,
    pub action: u32,
    pub weight: Quick,
    /// Whether the action is used, so that 0 is ruled out.
    pub strict: bool,
}

/// A search for the roots of a system.
pub struct Hunt {
    equations: Vec<Quick>,
    inequalities: Vec<Quick>,
    weights: Vec<Bound>,
    pub roots: Vec<Root>,
    steps: u32,
    n: usize,
}

/// Most unknowns of a polynomial whose corners are visited.
const MAX_CORNER_UNKNOWNS: usize = 6;
/// Most boxes looked at.
const MAX_BOXES: u32 = 400_000;
/// Most halvings of one box.
const MAX_DEPTH: u32 = 300;

/// Cut boxes end at multiples of 1 / GRID, so that numbers stay short.
const GRID: f64 = 16_777_216.0;

enum Shrunk {
    Missed,
    To(Vec<Interval>),
    Little,
}

fn ends(x: &[Interval], high: bool) -> Vec<Q> {
    let end = |i: &Interval| Q::from_f64(if high { i.hi() } else { i.lo() }).expect("a finite end");
    x.iter().map(end).collect()
}

enum Checked {
    Accepted(usize),
    /// Some side condition fails here: look closer until a box shows it.
    Fails,
    /// The numbered weight is below 0 there, or 0 though it may not be; the root if rational.
    Outside(usize, Option<Vec<Q>>),
    Undecided,
}

impl Hunt {
    /// Prepares a search. `weights` may not be below 0 at a root.
    pub fn new(
        unknowns: &[Var],
        equations: &[&Reduced],
        inequalities: &[Reduced],
        weights: Vec<Bound>,
    ) -> Hunt {
        Hunt {
            equations: equations.iter().map(|r| Quick::new(&r.poly, unknowns)).collect(),
            inequalities: inequalities.iter().map(|r| Quick::new(&r.poly, unknowns)).collect(),
            weights,
            roots: vec![],
            steps: 0,
            n: unknowns.len(),
        }
    }

    /// Searches the unit cube.
    pub fn search(&mut self) -> Finding {
        let unit = Interval::new(0.0, 1.0).expect("an interval");
        match self.look(vec![unit; self.n], 0) {
            Some(step) => Finding::Done(step),
            None => Finding::Open("a root of a polynomial system could not be separated or decided"),
        }
    }

    fn look(&mut self, x: Vec<Interval>, depth: u32) -> Option<BoxStep> {
        self.steps += 1;
        if self.steps > MAX_BOXES || depth > MAX_DEPTH {
            return None;
        }
        for (k, f) in self.inequalities.iter().enumerate() {
            if f.range(&x).hi() < 0.0 || f.corner_range(&x).hi() < 0.0 {
                return Some(BoxStep::Violated(k as u32));
            }
        }
        for (k, f) in self.equations.iter().enumerate() {
            let misses = |r: Interval| r.lo() > 0.0 || r.hi() < 0.0;
            if misses(f.range(&x)) || misses(f.corner_range(&x)) {
                return Some(BoxStep::NoRoot(k as u32));
            }
        }
        match self.shrink(&x) {
            Shrunk::Missed => return Some(BoxStep::Missed),
            Shrunk::To(y) => {
                let then = Box::new(self.look(y.clone(), depth + 1)?);
                let (low, high) = (ends(&y, false), ends(&y, true));
                return Some(BoxStep::Shrink { low, high, then });
            }
            Shrunk::Little => {}
        }
        if let Some((listed, tight)) = self.single_root(&x) {
            let here = tight.iter().zip(&x).all(|(t, i)| t.intersect(*i).is_some());
            match if here { self.check(tight) } else { Checked::Fails } {
                Checked::Accepted(cell) => {
                    let (low, high) = (ends(&listed, false), ends(&listed, true));
                    return Some(BoxStep::Root { low, high, cell: cell as u32 });
                }
                Checked::Outside(k, point) => {
                    let (low, high) = (ends(&listed, false), ends(&listed, true));
                    let Bound { infoset, action, .. } = self.weights[k];
                    return Some(BoxStep::Outside { low, high, point, infoset, action });
                }
                Checked::Fails => {}
                Checked::Undecided => return None,
            }
        }
        let widest = (0..self.n).max_by(|a, b| x[*a].width().total_cmp(&x[*b].width()).then(b.cmp(a)))?;
        let mid = (x[widest].lo() + x[widest].hi()) / 2.0;
        let half = |lo: f64, hi: f64| {
            let mut y = x.clone();
            y[widest] = Interval::new(lo, hi).expect("halves are ordered");
            y
        };
        let (low, high) = (half(x[widest].lo(), mid), half(mid, x[widest].hi()));
        let a = self.look(low, depth + 1)?;
        let b = self.look(high, depth + 1)?;
        Some(BoxStep::Bisect(widest as u32, Box::new(a), Box::new(b)))
    }

    /// Cuts the box to its Krawczyk image, if that helps.
    fn shrink(&self, x: &[Interval]) -> Shrunk {
        if x.iter().all(|i| i.width() < 1e-3) {
            return Shrunk::Little;
        }
        let Some(image) = self.krawczyk(x) else { return Shrunk::Little };
        let mut y = vec![];
        let mut gain = 1.0;
        for (i, k) in x.iter().zip(&image) {
            // The referee's image may differ in the last bits: keep clear of them.
            let (lo, hi) = (k.lo() - 1e-9, k.hi() + 1e-9);
            if lo > i.hi() || hi < i.lo() {
                return Shrunk::Missed;
            }
            let low = ((lo.max(i.lo())) * GRID).floor() / GRID;
            let high = ((hi.min(i.hi())) * GRID).ceil() / GRID;
            let cut = Interval::new(low.max(i.lo()), high.min(i.hi()));
            let Some(cut) = cut else { return Shrunk::Little };
            gain *= cut.width().max(1e-6) / i.width().max(1e-6);
            y.push(cut);
        }
        if gain < 0.5 { Shrunk::To(y) } else { Shrunk::Little }
    }

    /// Krawczyk's test on a slightly larger box; returns it and the tightened root.
    fn single_root(&self, x: &[Interval]) -> Option<(Vec<Interval>, Vec<Interval>)> {
        if x.iter().any(|i| i.width() > 0.26) {
            return None;
        }
        let listed: Vec<Interval> = x
            .iter()
            .map(|i| {
                // A dyadic margin keeps the ends short.
                let margin = i.width() / 8.0;
                Interval::new(i.lo() - margin, i.hi() + margin).expect("wider is ordered")
            })
            .collect();
        let mut now = self.krawczyk(&listed)?;
        if !inside(&now, &listed) {
            return None;
        }
        for _ in 0..30 {
            let Some(next) = self.krawczyk(&now) else { break };
            let meet: Option<Vec<Interval>> = next.iter().zip(&now).map(|(a, b)| a.intersect(*b)).collect();
            let Some(meet) = meet else { break };
            let done = meet.iter().zip(&now).all(|(a, b)| a.width() >= 0.9 * b.width());
            now = meet;
            if done {
                break;
            }
        }
        Some((listed, now))
    }

    fn krawczyk(&self, x: &[Interval]) -> Option<Vec<Interval>> {
        let n = self.n;
        let mid: Vec<f64> = x.iter().map(|i| (i.lo() + i.hi()) / 2.0).collect();
        let at: Vec<Interval> = mid.iter().map(|m| Interval::point(*m)).collect::<Option<_>>()?;
        let slope: Vec<Vec<f64>> =
            self.equations.iter().map(|f| (0..n).map(|k| f.slope_at(&mid, k)).collect()).collect();
        let inverse = inverted(slope)?;
        let values: Vec<Interval> = self.equations.iter().map(|f| f.range(&at)).collect();
        let slopes: Vec<Vec<Interval>> =
            self.equations.iter().map(|f| (0..n).map(|k| f.slope(x, k)).collect()).collect();
        let mut image = vec![];
        for i in 0..n {
            let mut total = at[i];
            for k in 0..n {
                total = total - Interval::point(inverse[i][k])? * values[k];
            }
            for j in 0..n {
                let mut entry = Interval::point(if i == j { 1.0 } else { 0.0 })?;
                for k in 0..n {
                    entry = entry - Interval::point(inverse[i][k])? * slopes[k][j];
                }
                total = total + entry * (x[j] - at[j]);
            }
            image.push(total);
        }
        Some(image)
    }

    /// Decides whether a root is an equilibrium, and numbers it.
    fn check(&mut self, tight: Vec<Interval>) -> Checked {
        if let Some(k) = self.roots.iter().position(|r| overlap(&r.tight, &tight)) {
            return Checked::Accepted(k);
        }
        let exact = self.rational(&tight);
        for (k, bound) in self.weights.iter().enumerate() {
            let range = bound.weight.range(&tight);
            match &exact {
                Some(x) => {
                    let value = bound.weight.value(x);
                    if value.is_negative() || bound.strict && value.is_zero() {
                        return Checked::Outside(k, exact);
                    }
                }
                None if range.hi() < 0.0 => return Checked::Outside(k, None),
                None if range.lo() < 0.0 || bound.strict && range.lo() <= 0.0 => return Checked::Undecided,
                None => {}
            }
        }
        for f in &self.inequalities {
            let r = f.range(&tight);
            if r.hi() < 0.0 {
                return Checked::Fails;
            }
            if r.lo() < 0.0 {
                match &exact {
                    Some(x) if f.value(x).is_negative() => return Checked::Fails,
                    Some(_) => {}
                    None => return Checked::Undecided,
                }
            }
        }
        let value = match exact {
            Some(x) => x.into_iter().map(Value::Exact).collect(),
            None => tight
                .iter()
                .map(|i| {
                    let q = |v: f64| Q::from_f64(v).expect("a finite end");
                    Value::Within(q(i.lo()), q(i.hi()))
                })
                .collect(),
        };
        self.roots.push(Root { tight, value });
        Checked::Accepted(self.roots.len() - 1)
    }

    /// The simplest rational point in the box, if it solves all equations exactly.
    fn rational(&self, tight: &[Interval]) -> Option<Vec<Q>> {
        let x: Vec<Q> = tight
            .iter()
            .map(|i| {
                let (lo, hi) = (Q::from_f64(i.lo())?, Q::from_f64(i.hi())?);
                Some(if lo == hi { lo } else { Q::simplest_between(&lo, &hi) })
            })
            .collect::<Option<_>>()?;
        self.equations.iter().all(|f| f.value(&x).is_zero()).then_some(x)
    }
}

fn inside(a: &[Interval], b: &[Interval]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.lo() > b.lo() && a.hi() < b.hi())
}

fn overlap(a: &[Interval], b: &[Interval]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.lo() <= b.hi() && b.lo() <= a.hi())
}

/// The inverse of a small matrix by elimination with pivoting.
fn inverted(mut a: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| if i == j { 1.0 } else { 0.0 }));
    }
    for k in 0..n {
        let pivot = (k..n).max_by(|x, y| a[*x][k].abs().total_cmp(&a[*y][k].abs()))?;
        a.swap(k, pivot);
        let by = a[k][k];
        if by.abs() < 1e-12 {
            return None;
        }
        a[k].iter_mut().for_each(|v| *v /= by);
        let row = a[k].clone();
        for (i, other) in a.iter_mut().enumerate() {
            if i != k {
                let factor = other[k];
                other.iter_mut().zip(&row).for_each(|(v, r)| *v -= factor * r);
            }
        }
    }
    Some(a.into_iter().map(|row| row[n..].to_vec()).collect())
}
