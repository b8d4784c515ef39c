//! How fast a polynomial over parameters and irrational steps can change over a box.
//!
//! The one idea: derivatives are enclosed with intervals, those of an exponential, logarithm, root or
//! power by the chain rule from the steps before it.

use crate::formula::{Atoms, Kind};
use detente_exact::Interval;
use detente_exact::poly::MPoly;

/// Enclosures of the derivatives by every parameter, where all variables (parameters, then atoms)
/// lie in `known`; `None` where a step has no derivative all over the box.
pub fn gradient(poly: &MPoly, atoms: &Atoms, known: &[Interval]) -> Option<Vec<Interval>> {
    let list = atoms.list();
    let last = poly.vars().last().map_or(0, |v| *v as usize);
    let mut slopes: Vec<Vec<Interval>> = vec![];
    for (k, atom) in list.iter().enumerate().take((last + 1).saturating_sub(atoms.free)) {
        let value = *known.get(atoms.free + k)?;
        let inner = |n: usize| {
            let (num, den) = atom.operands.get(n)?;
            fraction(num, den, atoms.free, known, &slopes)
        };
        let (x, dx) = inner(0)?;
        let row: Option<Vec<Interval>> = match atom.kind {
            Kind::Exp => Some(dx.into_iter().map(|d| value * d).collect()),
            Kind::Ln => dx.into_iter().map(|d| d.checked_div(x)).collect(),
            Kind::Sqrt => dx.into_iter().map(|d| d.checked_div(value + value)).collect(),
            Kind::Power => {
                let (y, dy) = inner(1)?;
                let log = x.ln()?;
                let one =
                    |(dx, dy): (Interval, Interval)| Some(value * (dy * log + (y * dx).checked_div(x)?));
                dx.into_iter().zip(dy).map(one).collect()
            }
        };
        slopes.push(row?);
    }
    total(poly, atoms.free, known, &slopes)
}

/// A quotient and its derivatives.
fn fraction(
    num: &MPoly,
    den: &MPoly,
    free: usize,
    known: &[Interval],
    slopes: &[Vec<Interval>],
) -> Option<(Interval, Vec<Interval>)> {
    let (top, bottom) = (total(num, free, known, slopes)?, total(den, free, known, slopes)?);
    let divisor = den.eval(known)?;
    let value = num.eval(known)?.checked_div(divisor)?;
    let rows = top.into_iter().zip(bottom).map(|(a, b)| (a - value * b).checked_div(divisor));
    Some((value, rows.collect::<Option<_>>()?))
}

/// The derivatives of a polynomial by the parameters, those of its atoms included.
fn total(poly: &MPoly, free: usize, known: &[Interval], slopes: &[Vec<Interval>]) -> Option<Vec<Interval>> {
    let mut sum = vec![Interval::point(0.0)?; free];
    for v in poly.vars() {
        let own = poly.derivative(v).eval(known)?;
        match (v as usize).checked_sub(free) {
            None => sum[v as usize] = sum[v as usize] + own,
            Some(atom) => {
                for (s, d) in sum.iter_mut().zip(slopes.get(atom)?) {
                    *s = *s + own * *d;
                }
            }
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Atom;

    #[test]
    fn derivatives_of_irrational_steps_follow_the_chain_rule() {
        // f = x exp(x y): df/dx = (1 + x y) exp(x y), df/dy = x^2 exp(x y).
        let (x, y) = (MPoly::variable(0), MPoly::variable(1));
        let atoms = Atoms::new(2);
        let product = Atom { kind: Kind::Exp, operands: vec![(&x * &y, MPoly::one())] };
        let f = &x * &MPoly::variable(atoms.number(product) as u32);
        let at = |lo: f64, hi: f64| Interval::new(lo, hi).expect("two floats in order");
        let known = atoms.sides(&[at(0.5, 0.5), at(2.0, 2.0)]);
        let found = gradient(&f, &atoms, &known).expect("smooth everywhere");
        let e = 1f64.exp();
        assert!(found[0].contains(2.0 * e) && found[0].width() < 1e-12, "{:?}", found[0]);
        assert!(found[1].contains(0.25 * e), "{:?}", found[1]);
        // Over a box the enclosure holds the derivative at every point of it.
        let known = atoms.sides(&[at(0.4, 0.6), at(1.0, 2.0)]);
        let wide = gradient(&f, &atoms, &known).expect("smooth everywhere");
        for (x, y) in [(0.4, 1.0), (0.6, 2.0), (0.5, 1.5)] {
            let e = f64::exp(x * y);
            assert!(wide[0].contains((1.0 + x * y) * e) && wide[1].contains(x * x * e));
        }
    }
}
