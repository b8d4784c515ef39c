//! A search over boxes for all roots of a square system in the unit cube.
//!
//! Box ends are dyadic, so floats hold them exactly; ranges are rounded outward.
//! Every conclusion is one that the referee repeats with exact numbers.

use crate::cells::Value;
use crate::cuts::{Cutter, Cutting, summed};
use crate::qre::real::Real;
use crate::roots::Reduced;
use crate::rows::Poly;
use crate::state::Var;
use detente_exact::{Interval, Q};
use detente_game::certificate::{BoxPart, BoxStep};

/// A polynomial in the unknowns as floats.
#[derive(Clone)]
pub struct Quick {
    terms: Vec<(Interval, Vec<usize>)>,
    exact: Vec<(Q, Vec<usize>)>,
    /// Coefficients without rounding control, in the same order.
    plain: Vec<f64>,
    /// The unknowns that occur, ascending.
    used: Vec<usize>,
}

impl Quick {
    /// Reads a polynomial whose variables are all among the unknowns.
    pub fn new(poly: &Poly, unknowns: &[Var]) -> Quick {
        let place = |v: &Var| unknowns.iter().position(|u| u == v).expect("a known unknown");
        let exact: Vec<(Q, Vec<usize>)> =
            poly.iter().map(|(m, q)| (q.clone(), m.iter().map(place).collect())).collect();
        Quick::of(exact)
    }

    fn of(exact: Vec<(Q, Vec<usize>)>) -> Quick {
        let mut used: Vec<usize> = exact.iter().flat_map(|(_, m)| m.iter().copied()).collect();
        used.sort_unstable();
        used.dedup();
        Quick {
            terms: exact.iter().map(|(q, m)| (Interval::from_q(q), m.clone())).collect(),
            plain: exact.iter().map(|(q, _)| q.to_f64()).collect(),
            used,
            exact,
        }
    }

    /// A sum with multipliers.
    pub fn sum<'a>(parts: impl Iterator<Item = (&'a Quick, Q)>) -> Quick {
        Quick::of(summed(parts.map(|(f, q)| (f.exact.as_slice(), q))))
    }

    /// The products of its terms.
    pub fn products(&self) -> impl Iterator<Item = &[usize]> {
        self.exact.iter().map(|(_, m)| m.as_slice())
    }

    /// The coefficients of its terms, in the same order, without rounding control.
    pub fn coefficients(&self) -> &[f64] {
        &self.plain
    }

    /// The unknowns that occur.
    pub fn used(&self) -> &[usize] {
        &self.used
    }

    /// Slope by one unknown, and the rest at 0 of it, at a point of the others, in plain floats.
    pub fn line(&self, point: &[f64], by: usize) -> (f64, f64) {
        let (mut slope, mut rest) = (0.0, 0.0);
        for (c, (_, m)) in self.plain.iter().zip(&self.exact) {
            let (mut t, mut has) = (*c, false);
            for k in m {
                if *k == by { has = true } else { t *= point[*k] }
            }
            if has { slope += t } else { rest += t }
        }
        (slope, rest)
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
    pub fn corner_range(&self, x: &[Interval]) -> Interval {
        let used: Vec<usize> = self.used.iter().copied().filter(|k| !x[*k].is_point()).collect();
        if used.len() > MAX_CORNER_UNKNOWNS {
            return self.range(x);
        }
        let terms = self.terms.iter().map(|(c, m)| (*c, m.as_slice()));
        let values = corner_values(terms, &used, x);
        values.into_iter().reduce(Interval::hull).unwrap_or(Interval::ZERO)
    }

    /// At every corner of the other unknowns: the slope by one unknown and the rest at 0 of it, in plain
    /// floats.
    pub fn lines(&self, by: usize, others: &[usize], x: &[Interval]) -> (Vec<f64>, Vec<f64>) {
        let without = |m: &[usize]| -> Vec<usize> { m.iter().copied().filter(|k| *k != by).collect() };
        let all: Vec<(f64, bool, Vec<usize>)> =
            self.plain.iter().zip(&self.exact).map(|(c, (_, m))| (*c, m.contains(&by), without(m))).collect();
        let part = |with: bool| {
            let terms = all.iter().filter(|(_, has, _)| *has == with).map(|(c, _, m)| (*c, m.as_slice()));
            corner_values(terms, others, x)
        };
        (part(true), part(false))
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
        self.line(x, by).0
    }

    /// The exact value at a rational point.
    fn value(&self, x: &[Q]) -> Q {
        self.exact.iter().map(|(q, m)| m.iter().fold(q.clone(), |t, k| t * &x[*k])).sum()
    }
}

/// The values at all corners of a box, in the order of the corners' bits, of a polynomial in which every
/// unknown has power 1; `wide`: the unknowns that are no points.
///
/// In t, with x = low + width t, the values at t = 0 or 1 are sums over subsets of the coefficients.
pub fn corner_values<'a, R: Real>(
    terms: impl Iterator<Item = (R, &'a [usize])>,
    wide: &[usize],
    x: &[Interval],
) -> Vec<R> {
    let mut values = vec![R::ZERO; 1 << wide.len()];
    let mut parts: Vec<(usize, R)> = vec![];
    for (c, product) in terms {
        parts.clear();
        parts.push((0, c));
        for k in product {
            let low = R::point(x[*k].lo());
            let bit = wide.iter().position(|w| w == k);
            let width = R::point(x[*k].hi()) - low;
            for at in 0..parts.len() {
                let (mask, value) = parts[at];
                parts[at].1 = value * low;
                if let Some(bit) = bit {
                    parts.push((mask | 1 << bit, value * width));
                }
            }
        }
        for (mask, value) in &parts {
            values[*mask] = values[*mask] + *value;
        }
    }
    for bit in 0..wide.len() {
        for mask in (0..values.len()).filter(|m| m >> bit & 1 == 1) {
            values[mask] = values[mask] + values[mask ^ 1 << bit];
        }
    }
    values
}

/// A root that was proven.
pub struct Root {
    tight: Vec<Interval>,
    pub value: Vec<Value>,
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
    cutter: Cutter,
    /// Who has each unknown.
    owners: Vec<usize>,
    pub roots: Vec<Root>,
    /// Boxes that could not be decided.
    pub left: Vec<Vec<Interval>>,
    steps: u32,
    tiny: u32,
    stopped: bool,
    n: usize,
}

/// Most unknowns of a polynomial whose corners are visited.
const MAX_CORNER_UNKNOWNS: usize = 10;
/// Most boxes looked at.
const MAX_BOXES: u32 = 400_000;
/// Most cuts and halvings of one box.
const MAX_DEPTH: u32 = 600;
/// A box narrower than this in every direction is tiny, and below the second number it is given up.
const TINY: (f64, f64) = (1e-4, 1e-8);
/// Most tiny boxes: more of them lie along a continuum of roots, or around a root that is not single.
const MAX_TINY: u32 = 3_000;
/// Boxes looked at between two questions whether to go on.
const PAUSE: u32 = 64;

/// Cut boxes end at multiples of 1 / GRID, so that numbers stay short.
const GRID: f64 = 16_777_216.0;

/// How much narrower than the widest an unknown may be to be halved before it.
const FIRST: f64 = 0.125;

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
    /// Prepares a search. `weights` may not be below 0 at a root; `owners`: who has each unknown.
    pub fn new(
        unknowns: &[Var],
        equations: &[&Reduced],
        inequalities: &[Reduced],
        weights: Vec<Bound>,
        owners: Vec<usize>,
    ) -> Hunt {
        let equations: Vec<Quick> = equations.iter().map(|r| Quick::new(&r.poly, unknowns)).collect();
        Hunt {
            inequalities: inequalities.iter().map(|r| Quick::new(&r.poly, unknowns)).collect(),
            weights,
            cutter: Cutter::new(&equations, &owners),
            equations,
            owners,
            roots: vec![],
            left: vec![],
            steps: 0,
            tiny: 0,
            stopped: false,
            n: unknowns.len(),
        }
    }

    /// Searches the unit cube, as long as `go_on` says so; what is not decided is kept in `left`.
    pub fn search(&mut self, go_on: &dyn Fn() -> bool) -> BoxStep {
        let unit = Interval::new(0.0, 1.0).expect("an interval");
        self.look(vec![unit; self.n], 0, go_on)
    }

    fn leave(&mut self, x: Vec<Interval>) -> BoxStep {
        self.left.push(x);
        BoxStep::Open
    }

    fn is_over(&mut self, x: &[Interval], depth: u32, go_on: &dyn Fn() -> bool) -> bool {
        self.steps += 1;
        let widest = x.iter().map(|i| i.width()).fold(0.0, f64::max);
        self.tiny += u32::from(widest < TINY.0);
        self.stopped |=
            self.steps > MAX_BOXES || self.tiny > MAX_TINY || self.steps.is_multiple_of(PAUSE) && !go_on();
        self.stopped || depth > MAX_DEPTH || widest < TINY.1
    }

    /// A condition that rules the whole box out.
    fn ruled_out(&self, x: &[Interval]) -> Option<BoxStep> {
        let below = |f: &Quick| f.range(x).hi() < 0.0 || f.corner_range(x).hi() < 0.0;
        if let Some(b) = self.weights.iter().find(|b| below(&b.weight)) {
            return Some(BoxStep::Never(vec![(BoxPart::Weight(b.infoset, b.action), Q::ONE)]));
        }
        if let Some(k) = self.inequalities.iter().position(below) {
            return Some(BoxStep::Violated(k as u32));
        }
        let misses = |r: Interval| r.lo() > 0.0 || r.hi() < 0.0;
        let missed = |f: &Quick| misses(f.range(x)) || misses(f.corner_range(x));
        self.equations.iter().position(missed).map(|k| BoxStep::NoRoot(k as u32))
    }

    fn look(&mut self, x: Vec<Interval>, depth: u32, go_on: &dyn Fn() -> bool) -> BoxStep {
        if let Some(step) = self.ruled_out(&x) {
            return step;
        }
        if self.is_over(&x, depth, go_on) {
            return self.leave(x);
        }
        match self.cutter.cut(&self.equations, &self.inequalities, &self.weights, &x) {
            Cutting::Empty(cuts, sum) if cuts.is_empty() => return BoxStep::Never(sum),
            Cutting::Empty(cuts, sum) => {
                return BoxStep::Cuts { cuts, then: Box::new(BoxStep::Never(sum)) };
            }
            Cutting::To(rest, cuts) if !cuts.is_empty() => {
                let then = Box::new(self.look(rest, depth + 1, go_on));
                return BoxStep::Cuts { cuts, then };
            }
            Cutting::To(..) => {}
        }
        match self.shrink(&x) {
            Shrunk::Missed => return BoxStep::Missed,
            Shrunk::To(y) => {
                let (low, high) = (ends(&y, false), ends(&y, true));
                let then = Box::new(self.look(y, depth + 1, go_on));
                return BoxStep::Shrink { low, high, then };
            }
            Shrunk::Little => {}
        }
        if let Some((listed, tight)) = self.single_root(&x) {
            let here = tight.iter().zip(&x).all(|(t, i)| t.intersect(*i).is_some());
            let (low, high) = (ends(&listed, false), ends(&listed, true));
            match if here { self.check(tight) } else { Checked::Fails } {
                Checked::Accepted(cell) => return BoxStep::Root { low, high, cell: cell as u32 },
                Checked::Outside(k, point) => {
                    let Bound { infoset, action, .. } = self.weights[k];
                    return BoxStep::Outside { low, high, point, infoset, action };
                }
                Checked::Fails => {}
                Checked::Undecided => return self.leave(x),
            }
        }
        let across = self.longest(&x);
        let mid = (x[across].lo() + x[across].hi()) / 2.0;
        let half = |lo: f64, hi: f64| {
            let mut y = x.clone();
            y[across] = Interval::new(lo, hi).expect("halves are ordered");
            y
        };
        let (low, high) = (half(x[across].lo(), mid), half(mid, x[across].hi()));
        let low = self.look(low, depth + 1, go_on);
        let high = self.look(high, depth + 1, go_on);
        BoxStep::Bisect(across as u32, Box::new(low), Box::new(high))
    }

    /// The unknown to halve. Those of the owner with the fewest come first: with them in short ranges, the
    /// equations are nearly linear in the others of a small game, and cuts do the rest.
    fn longest(&self, x: &[Interval]) -> usize {
        let many = |k: usize| self.owners.iter().filter(|o| **o == self.owners[k]).count();
        let widest = |list: &mut dyn Iterator<Item = usize>| {
            list.max_by(|a, b| x[*a].width().total_cmp(&x[*b].width()).then(b.cmp(a)))
        };
        let any = widest(&mut (0..self.n)).unwrap_or(0);
        let few = (0..self.n).min_by_key(|k| (many(*k), self.owners[*k])).map_or(0, |k| self.owners[k]);
        let first = widest(&mut (0..self.n).filter(|k| self.owners[*k] == few)).unwrap_or(any);
        if x[first].width() >= FIRST * x[any].width() { first } else { any }
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

/// Boxes that touch, or nearly, as one box around them.
pub fn clustered(boxes: &[Vec<Interval>]) -> Vec<Vec<Interval>> {
    const NEAR: f64 = 1e-3;
    let touch = |a: &[Interval], b: &[Interval]| {
        a.iter().zip(b).all(|(a, b)| a.lo() <= b.hi() + NEAR && b.lo() <= a.hi() + NEAR)
    };
    let mut found: Vec<Vec<Interval>> = vec![];
    for next in boxes {
        let mut whole = next.clone();
        while let Some(k) = found.iter().position(|f| touch(f, &whole)) {
            let other = found.swap_remove(k);
            whole = whole.iter().zip(&other).map(|(a, b)| a.hull(*b)).collect();
        }
        found.push(whole);
    }
    found
}

fn inside(a: &[Interval], b: &[Interval]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.lo() > b.lo() && a.hi() < b.hi())
}

fn overlap(a: &[Interval], b: &[Interval]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.lo() <= b.hi() && b.lo() <= a.hi())
}

/// The inverse of a small matrix by elimination with pivoting.
pub fn inverted(mut a: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
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
