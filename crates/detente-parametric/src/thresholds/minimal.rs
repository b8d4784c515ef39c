//! The minimal polynomial of an irrational threshold.
//!
//! The one idea (Kronecker's method, 1882): a factor with whole coefficients divides the polynomial's
//! values at whole numbers, and a polynomial of degree d is known from d + 1 values; so all factors are
//! among finitely many. Where these are too many to try, that is said.

use detente_exact::Q;
use detente_exact::poly::Poly;

/// Values beyond this are not taken apart.
const MOST: i64 = 1_000_000_000;
/// Most combinations of divisors that are tried for one degree.
const MAX_TRIED: usize = 20_000;

/// The irreducible factor of a polynomial that has its root between two numbers, and whether it is
/// surely irreducible. The polynomial has one root there, no repeated ones, and none that is rational.
pub fn minimal(poly: &Poly, low: &Q, high: &Q) -> (Poly, bool) {
    let mut poly = poly.primitive();
    let mut degree = 2;
    let mut sure = true;
    // Without rational roots the smallest factor has degree 2, so degrees 2 and 3 are irreducible.
    while 2 * degree <= poly.degree().unwrap_or(0) {
        match factor(&poly, degree) {
            Search::Found(found) => {
                let rest = poly.div_rem(&found).map_or(Poly::zero(), |(quotient, _)| quotient.primitive());
                poly = if found.count_roots(low, high) == Some(1) { found.primitive() } else { rest };
            }
            Search::None => degree += 1,
            Search::TooMany => (sure, degree) = (false, degree + 1),
        }
    }
    // One of the two signs, so that equal roots print alike.
    if poly.coefs().last().is_some_and(Q::is_negative) {
        poly = poly.scale(&-Q::ONE);
    }
    (poly, sure)
}

/// What a search for a factor of one degree ends with.
enum Search {
    Found(Poly),
    None,
    TooMany,
}

fn factor(poly: &Poly, degree: usize) -> Search {
    // 0, 1, -1, 2, -2 …
    let points: Vec<i64> =
        (0..=degree as i64).map(|k| if k % 2 == 1 { k / 2 + 1 } else { -(k / 2) }).collect();
    let mut lists: Vec<Vec<i64>> = vec![];
    for (k, x) in points.iter().enumerate() {
        let Some(value) = poly.eval(&Q::from(*x)).to_i64().filter(|v| v.abs() <= MOST && *v != 0) else {
            return Search::TooMany;
        };
        let divisors =
            (1..=value.abs().isqrt()).filter(|d| value % d == 0).flat_map(|d| [d, value.abs() / d]);
        let mut all: Vec<i64> = divisors.collect();
        all.sort_unstable();
        all.dedup();
        // A factor and its negative are one: at the first point it may be taken as positive.
        if k > 0 {
            all.extend(all.clone().iter().map(|d| -d));
        }
        lists.push(all);
    }
    if lists.iter().map(Vec::len).try_fold(1usize, usize::checked_mul).is_none_or(|n| n > MAX_TRIED) {
        return Search::TooMany;
    }
    let basis: Vec<Poly> = (0..points.len()).map(|k| through(&points, k)).collect();
    let mut chosen = vec![0; lists.len()];
    loop {
        let sum = (0..lists.len())
            .fold(Poly::zero(), |sum, k| &sum + &basis[k].scale(&Q::from(lists[k][chosen[k]])));
        let whole = sum.coefs().iter().all(|c| c.denominator().is_one());
        if whole && sum.degree() == Some(degree) && poly.div_rem(&sum).is_some_and(|(_, rest)| rest.is_zero())
        {
            return Search::Found(sum);
        }
        // The next combination, the last place running fastest.
        let Some(place) = (0..lists.len()).rev().find(|k| chosen[*k] + 1 < lists[*k].len()) else {
            return Search::None;
        };
        chosen[place] += 1;
        chosen[place + 1..].fill(0);
    }
}

/// The polynomial that is 1 at one of the points and 0 at the others (Lagrange).
fn through(points: &[i64], own: usize) -> Poly {
    let mut product = Poly::constant(Q::ONE);
    for (_, x) in points.iter().enumerate().filter(|(k, _)| *k != own) {
        let scale = Q::from(points[own] - x).recip();
        product = (&product * &Poly::with_root(&Q::from(*x))).scale(&scale);
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coefs: &[i64], low: i64, high: i64) -> (Vec<i64>, bool) {
        let (poly, sure) = minimal(&Poly::from_integers(coefs), &Q::from(low), &Q::from(high));
        (poly.coefs().iter().filter_map(Q::to_i64).collect(), sure)
    }

    #[test]
    fn factors_without_rational_roots_are_found() {
        // (x^2 - 2) (x^2 - 7): the root between 1 and 2, and the one between 2 and 3.
        assert_eq!(of(&[14, 0, -9, 0, 1], 1, 2), (vec![-2, 0, 1], true));
        assert_eq!(of(&[14, 0, -9, 0, 1], 2, 3), (vec![-7, 0, 1], true));
        // The square root of 2 and that of 3 together have degree 4.
        assert_eq!(of(&[1, 0, -10, 0, 1], 3, 4), (vec![1, 0, -10, 0, 1], true));
        // (x^3 - 2) (x^2 - 5): the cube root is left when the square is taken out.
        assert_eq!(of(&[10, 0, -2, -5, 0, 1], 1, 2), (vec![-2, 0, 0, 1], true));
    }
}
