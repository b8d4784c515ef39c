//! Corners: where two borders cross.
//!
//! The one idea: Newton's method finds the place in floats, and Newton's method over intervals
//! (Krawczyk's test, 1969) proves that a small box around it holds exactly one common zero. If
//! short fractions in that box are zeros of both, they are the corner.

use super::cover::Cover;
use super::library::Library;
use super::trace::{Sheet, Spot, borders_of, distance};
use crate::slopes::gradient;
use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q};

/// Half the side of the box that is proven around a corner, as a share of the plane.
const AROUND: f64 = 1e-9;

/// Where regions meet.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub spot: Spot,
    pub factors: (usize, usize),
    /// The place, if it is rational.
    pub exact: Option<(Q, Q)>,
    /// The box that holds it, proven to hold exactly one.
    pub low: (f64, f64),
    pub high: (f64, f64),
    /// The keys that lie around it.
    pub keys: Vec<usize>,
}

/// All corners at which borders meet.
pub fn meetings(cover: &Cover, whole: u32) -> Vec<Meeting> {
    let sheet = Sheet { library: &cover.library, whole: f64::from(whole) };
    let mut list: Vec<Meeting> = vec![];
    let cut = cover.cut.iter().map(|c| {
        let mut factors: Vec<usize> = borders_of(c).into_iter().map(|b| b.0).collect();
        factors.dedup();
        (c.square, factors, true)
    });
    let open = cover.open.iter().map(|(square, curves)| (*square, curves.clone(), false));
    for (square, factors, sure) in cut.chain(open).filter(|(s, f, _)| s.size == 1 && f.len() > 1) {
        let middle = (f64::from(square.x) + 0.5, f64::from(square.y) + 0.5);
        for (k, f) in factors.iter().enumerate() {
            for g in &factors[k + 1..] {
                let Some(spot) = sheet.both((*f, *g), middle) else { continue };
                let inside = (-1e-6..=sheet.whole + 1e-6).contains(&spot.0)
                    && (-1e-6..=sheet.whole + 1e-6).contains(&spot.1);
                if distance(spot, middle) > 1.5 || !inside {
                    continue;
                }
                if list.iter().any(|m| distance(m.spot, spot) < 1e-6) {
                    continue;
                }
                let keys = keys_around(cover, &sheet, spot, sure);
                if keys.len() < 2 {
                    continue;
                }
                list.extend(proven(&cover.library, &sheet, spot, (*f, *g), keys));
            }
        }
    }
    list.sort_by(|a, b| a.spot.0.total_cmp(&b.spot.0).then(a.spot.1.total_cmp(&b.spot.1)));
    list
}

/// The keys on a small ring around a place, each once; none where only one border may run, unless it
/// is `sure` that both curves are borders there.
fn keys_around(cover: &Cover, sheet: &Sheet, spot: Spot, sure: bool) -> Vec<usize> {
    const RAYS: i32 = 24;
    let mut keys: Vec<usize> = vec![];
    let mut changes = 0;
    let mut last = None;
    for k in 0..=RAYS {
        let angle = std::f64::consts::TAU * (f64::from(k % RAYS) + 0.37) / f64::from(RAYS);
        let at = (spot.0 + 0.05 * angle.cos(), spot.1 + 0.05 * angle.sin());
        if !(0.0..=sheet.whole).contains(&at.0) || !(0.0..=sheet.whole).contains(&at.1) {
            continue;
        }
        let (x, y) = sheet.values(at);
        let Some(point) = Q::from_f64(x).zip(Q::from_f64(y)) else { continue };
        let point = [point.0, point.1];
        let basis = (0..cover.library.bases.len()).find(|b| cover.library.holds_at(*b, &point));
        let Some(key) = basis.map(|b| cover.library.bases[b].key) else { continue };
        if last.is_some_and(|l| l != key) {
            changes += 1;
        }
        last = Some(key);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    // Along one smooth border the ring changes twice.
    if sure || changes > 2 || keys.len() > 2 { keys } else { vec![] }
}

/// Krawczyk's test around a place; the exact place if it is rational.
fn proven(
    library: &Library,
    sheet: &Sheet,
    spot: Spot,
    factors: (usize, usize),
    keys: Vec<usize>,
) -> Option<Meeting> {
    let (x, y) = sheet.values(spot);
    let span = |k: usize| (&library.sides[k].1 - &library.sides[k].0).to_f64();
    let reach = (AROUND * span(0), AROUND * span(1));
    let (f, g) = (&library.factors[factors.0].poly, &library.factors[factors.1].poly);
    let plain = |p: &MPoly| p.vars().iter().all(|v| *v < 2);
    if plain(f)
        && plain(g)
        && let Some((a, b)) = exact_place(f, g, (x, y), &reach)
    {
        let at = (a.to_f64(), b.to_f64());
        return Some(Meeting { spot, factors, exact: Some((a, b)), low: at, high: at, keys });
    }
    let sides = [Interval::new(x - reach.0, x + reach.0)?, Interval::new(y - reach.1, y + reach.1)?];
    let middle = [Interval::point(x)?, Interval::point(y)?];
    let here = library.atoms.sides(&middle);
    let around = library.atoms.sides(&sides);
    let at = [f.eval(&here)?, g.eval(&here)?];
    let slopes = [gradient(f, &library.atoms, &around)?, gradient(g, &library.atoms, &around)?];
    // The inverse of the slopes at the middle, as plain numbers.
    let m = [0, 1].map(|k: usize| [slopes[k][0].mid(), slopes[k][1].mid()]);
    let det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    let exact = |v: f64| Interval::point(v);
    let inverse =
        [[exact(m[1][1] / det)?, exact(-m[0][1] / det)?], [exact(-m[1][0] / det)?, exact(m[0][0] / det)?]];
    let mut image = [Interval::ZERO; 2];
    for k in 0..2 {
        let step = inverse[k][0] * at[0] + inverse[k][1] * at[1];
        let mut sum = middle[k] - step;
        for j in 0..2 {
            let product = inverse[k][0] * slopes[0][j] + inverse[k][1] * slopes[1][j];
            let one = if j == k { Interval::ONE } else { Interval::ZERO };
            sum = sum + (one - product) * (sides[j] - middle[j]);
        }
        image[k] = sum;
    }
    if !image[0].is_interior(sides[0]) || !image[1].is_interior(sides[1]) {
        return None;
    }
    let (low, high) = ((image[0].lo(), image[1].lo()), (image[0].hi(), image[1].hi()));
    Some(Meeting { spot, factors, exact: None, low, high, keys })
}

/// The common zero near a place, if it is rational: by elimination where a polynomial is linear in
/// a variable, else by a short fraction that is tried.
fn exact_place(f: &MPoly, g: &MPoly, near: (f64, f64), reach: &(f64, f64)) -> Option<(Q, Q)> {
    let ends = |v: f64, r: f64| Some((Q::from_f64(v - r)?, Q::from_f64(v + r)?));
    let within = [ends(near.0, reach.0)?, ends(near.1, reach.1)?];
    let inside = |k: usize, q: &Q| within[k].0 <= *q && *q <= within[k].1;
    for (p, other) in [(f, g), (g, f)] {
        for (v, u) in [(0u32, 1u32), (1, 0)] {
            let parts = p.coefficients_in(v);
            let [low, high] = parts.as_slice() else { continue };
            let Some(single) = other.substitute_fraction(v, &-low, high).and_then(|s| s.to_univariate(u))
            else {
                continue;
            };
            for root in single.rational_roots().unwrap_or_default() {
                let at = |c: &MPoly| c.substitute(u, &root).as_constant();
                let value = at(low).zip(at(high)).and_then(|(l, h)| (-l).checked_div(&h));
                let Some(value) = value.filter(|q| inside(v as usize, q) && inside(u as usize, &root)) else {
                    continue;
                };
                return Some(if v == 0 { (value, root) } else { (root, value) });
            }
        }
    }
    let guess = [0, 1].map(|k: usize| Q::simplest_between(&within[k].0, &within[k].1));
    let zero = |p: &MPoly| p.eval(&guess[..]).is_some_and(|v| v.is_zero());
    let [x, y] = guess.clone();
    (zero(f) && zero(g)).then_some((x, y))
}
