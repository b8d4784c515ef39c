//! Polynomials: ring laws, roots against known factors, ranges against sampled values.

use std::cmp::Ordering;

use detente_exact::poly::{MPoly, Monomial, Poly, RealRoot};
use detente_exact::{Interval, Q};
use proptest::collection::vec;
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Q> {
    (-12i64..13, 1i64..7).prop_map(|(p, q)| Q::new(p, q))
}

fn poly() -> impl Strategy<Value = Poly> {
    vec(number(), 0..6).prop_map(Poly::new)
}

fn mpoly() -> impl Strategy<Value = MPoly> {
    vec((vec((0u32..4, 0u16..4), 0..3), number()), 0..5)
        .prop_map(|terms| MPoly::from_terms(terms.into_iter().map(|(m, c)| (Monomial::new(m), c))))
}

fn product<'a>(factors: impl IntoIterator<Item = &'a Poly>) -> Poly {
    factors.into_iter().fold(Poly::constant(Q::ONE), |total, factor| &total * factor)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn values_respect_arithmetic(p in poly(), q in poly(), x in number()) {
        prop_assert_eq!((&p + &q).eval(&x), p.eval(&x) + q.eval(&x));
        prop_assert_eq!((&p - &q).eval(&x), p.eval(&x) - q.eval(&x));
        prop_assert_eq!((&p * &q).eval(&x), p.eval(&x) * q.eval(&x));
        prop_assert_eq!(p.eval_scalar(&x), p.eval(&x));
        prop_assert!(p.eval_scalar(&Interval::from_q(&x)).contains_q(&p.eval(&x)));
        // Leibniz's rule ties the derivative to the product.
        let leibniz = &(&p.derivative() * &q) + &(&p * &q.derivative());
        prop_assert_eq!((&p * &q).derivative(), leibniz);
        match p.div_rem(&q) {
            Some((quotient, rest)) => {
                prop_assert_eq!(&(&quotient * &q) + &rest, p.clone());
                prop_assert!(rest.degree() < q.degree() || rest.is_zero());
            }
            None => prop_assert!(q.is_zero()),
        }
        let json = serde_json::to_string(&p).unwrap();
        prop_assert_eq!(serde_json::from_str::<Poly>(&json).unwrap(), p);
    }

    #[test]
    fn common_divisors_divide(p in poly(), q in poly(), c in poly()) {
        let (left, right) = (&p * &c, &q * &c);
        let common = left.gcd(&right);
        if !common.is_zero() {
            prop_assert!(left.div_rem(&common).unwrap().1.is_zero());
            prop_assert!(right.div_rem(&common).unwrap().1.is_zero());
        }
        if !c.is_zero() && !common.is_zero() {
            prop_assert!(common.div_rem(&c).unwrap().1.is_zero());
        }
    }

    #[test]
    fn known_roots_are_found(
        rational in vec((number(), 1usize..3), 0..4),
        irrational in vec((2i64..40, 1i64..5), 0..3),
        lo in number(), span in 0i64..9,
    ) {
        // Factors (x - r)^k, and d·x² - n with its roots ±√(n/d), and x² + 1 without any.
        let mut poly = Poly::from_integers(&[1, 0, 1]);
        let mut exact: Vec<Q> = Vec::new();
        for (root, times) in &rational {
            for _ in 0..*times {
                poly = &poly * &Poly::with_root(root);
            }
            exact.push(root.clone());
        }
        let mut squares: Vec<Q> = Vec::new();
        for (n, d) in &irrational {
            poly = &poly * &Poly::from_integers(&[-n, 0, *d]);
            let square = Q::new(*n, *d);
            match square.exact_sqrt() {
                Some(root) => exact.extend([-&root, root]),
                None => squares.push(square),
            }
        }
        exact.sort();
        exact.dedup();
        squares.sort();
        squares.dedup();
        let roots = poly.real_roots().unwrap();
        prop_assert_eq!(poly.rational_roots().unwrap(), exact.clone());
        prop_assert_eq!(roots.len(), exact.len() + 2 * squares.len());
        for pair in roots.windows(2) {
            prop_assert_eq!(pair[0].compare_root(&pair[1]), Ordering::Less);
        }
        for root in &roots {
            prop_assert!(root.is_valid());
            prop_assert_eq!(root.compare_root(root), Ordering::Equal);
            prop_assert_eq!(root.sign_of(&poly), 0);
            prop_assert_eq!(root.sign_of(&Poly::from_integers(&[1, 0, 1])), 1);
            if root.rational().is_none() {
                let mut narrow = root.clone();
                let width = Q::from(2).pow(-80);
                narrow.refine(&width);
                prop_assert!(narrow.hi() - narrow.lo() <= width);
                // Its square is one of the known ones, and the sign of x² - s proves which.
                let known = squares.iter().any(|s| {
                    root.sign_of(&Poly::new(vec![-s, Q::ZERO, Q::ONE])) == 0
                });
                prop_assert!(known);
                prop_assert_eq!(narrow.compare(&Q::ZERO), if narrow.to_f64() < 0.0 { Ordering::Less } else { Ordering::Greater });
            }
        }
        // Half-open counting: the left end out, the right end in.
        let hi = &lo + Q::from(span);
        let inside = roots.iter().filter(|r| r.compare(&lo) == Ordering::Greater && r.compare(&hi) != Ordering::Greater);
        let count = inside.count();
        prop_assert_eq!(poly.count_roots(&lo, &hi), Some(count));
        prop_assert_eq!(poly.roots_in(&lo, &hi).unwrap().len(), count);
    }

    #[test]
    fn many_variables_respect_arithmetic(p in mpoly(), q in mpoly(), r in mpoly(), x in vec(number(), 4)) {
        let at = |poly: &MPoly| poly.eval(&x).unwrap();
        prop_assert_eq!(at(&(&p + &q)), at(&p) + at(&q));
        prop_assert_eq!(at(&(&p * &q)), at(&p) * at(&q));
        prop_assert_eq!(&(&p + &q) * &r, &(&p * &r) + &(&q * &r));
        prop_assert!((&p - &p).is_zero());
        prop_assert_eq!(at(&p.scale(&x[0])), at(&p) * &x[0]);
        prop_assert_eq!(at(&p.substitute(1, &x[1])), at(&p));
        prop_assert_eq!(p.substitute(1, &x[1]).degree_in(1), 0);
        // Coefficients put back together.
        let variable = MPoly::variable(2);
        let mut total = MPoly::zero();
        for part in p.coefficients_in(2).iter().rev() {
            total = &(&total * &variable) + part;
        }
        prop_assert_eq!(&total, &p);
        // A fraction in place of a variable, denominators cleared.
        let cleared = p.substitute_fraction(0, &q, &r).unwrap();
        if let Some(fraction) = at(&q).checked_div(&at(&r)) {
            let mut moved = x.clone();
            moved[0] = fraction;
            let expected = p.eval(&moved).unwrap() * at(&r).pow(i32::from(p.degree_in(0)));
            prop_assert_eq!(at(&cleared), expected);
        }
        let (content, rest) = p.split_content();
        prop_assert_eq!(&MPoly::from_terms([(content, Q::ONE)]) * &rest, p.clone());
        prop_assert_eq!(rest.monomial_content(), Monomial::one());
        prop_assert_eq!((&p * &q).derivative(3), &(&p.derivative(3) * &q) + &(&p * &q.derivative(3)));
        let json = serde_json::to_string(&p).unwrap();
        prop_assert_eq!(serde_json::from_str::<MPoly>(&json).unwrap(), p);
    }

    #[test]
    fn ranges_hold_the_values_inside(p in mpoly(), lo in vec(number(), 4), width in vec(0i64..4, 4), at in vec(0i64..5, 4)) {
        let sides: Vec<(Q, Q)> = lo.iter().zip(&width).map(|(l, w)| (l.clone(), l + Q::from(*w))).collect();
        let x: Vec<Q> = sides.iter().zip(&at).map(|((l, h), k)| l + (h - l) * Q::new(*k, 4)).collect();
        let boxes: Vec<Interval> = sides.iter().map(|(l, h)| Interval::between(l, h)).collect();
        let value = p.eval(&x).unwrap();
        prop_assert!(p.range(&boxes).unwrap().contains_q(&value));
        if let Some((least, greatest)) = p.multilinear_range(&sides) {
            prop_assert!(least <= value && value <= greatest);
            // Both are values at corners, so they cannot be improved.
            let corners = (0..16u32).map(|mask| {
                let corner: Vec<Q> = (0..4).map(|i| if mask >> i & 1 == 0 { sides[i].0.clone() } else { sides[i].1.clone() }).collect();
                p.eval(&corner).unwrap()
            });
            let corners: Vec<Q> = corners.collect();
            prop_assert_eq!(corners.iter().min(), Some(&least));
            prop_assert_eq!(corners.iter().max(), Some(&greatest));
        }
    }
}

#[test]
fn roots_of_textbook_polynomials() {
    // Wilkinson's: the roots 1 to 12, hopeless for floats in this form.
    let factors: Vec<Poly> = (1..=12).map(|k| Poly::with_root(&Q::from(k))).collect();
    let expected: Vec<Q> = (1..=12).map(Q::from).collect();
    assert_eq!(product(&factors).rational_roots(), Some(expected));
    // The golden ratio, to the last bit of a float.
    let golden = Poly::from_integers(&[-1, -1, 1]).roots_in(&Q::ZERO, &Q::from(5)).unwrap();
    assert_eq!(golden.len(), 1);
    assert_eq!(golden[0].to_f64(), (1.0 + 5f64.sqrt()) / 2.0);
    assert_eq!(golden[0].compare(&Q::new(13, 8)), Ordering::Less);
    assert_eq!(golden[0].compare(&Q::new(8, 5)), Ordering::Greater);
    // Mignotte's: two roots about 1e-5 apart beside 1/10.
    let squeezed = &Poly::from_integers(&[0, 0, 0, 0, 0, 0, 0, 1]) - &Poly::from_integers(&[2, -40, 200]);
    assert_eq!(squeezed.roots_in(&Q::ZERO, &Q::ONE).map(|roots| roots.len()), Some(2));
    assert_eq!(Poly::zero().real_roots(), None);
    assert_eq!(Poly::constant(Q::from(3)).real_roots(), Some(vec![]));
    assert_eq!(Poly::from_integers(&[0, 0, 1]).real_roots(), Some(vec![RealRoot::Rational(Q::ZERO)]));
}

#[test]
fn bad_isolations_are_seen() {
    let two = Poly::from_integers(&[-2, 0, 1]);
    let root = |poly: &Poly, lo: i64, hi: i64| RealRoot::Isolated {
        poly: poly.clone(),
        lo: Q::from(lo),
        hi: Q::from(hi),
    };
    assert!(root(&two, 1, 2).is_valid());
    assert!(!root(&two, -2, 2).is_valid());
    assert!(!root(&two, 2, 3).is_valid());
    assert!(!root(&two, 2, 1).is_valid());
    assert!(!root(&(&two * &two), 1, 2).is_valid());
    assert!(!root(&Poly::zero(), 1, 2).is_valid());
    // √2 as a root of two different polynomials is one number.
    let other = &two * &Poly::from_integers(&[-3, 1]);
    assert_eq!(root(&two, 1, 2).compare_root(&root(&other, 0, 2)), Ordering::Equal);
    assert_eq!(root(&two, 1, 2).compare_root(&root(&Poly::from_integers(&[-3, 0, 1]), 1, 2)), Ordering::Less);
}

#[test]
fn printing() {
    assert_eq!(Poly::new(vec![Q::ONE, Q::new(-3, 2), Q::ONE]).to_string(), "x^2 - 3/2 x + 1");
    let x = MPoly::variable(0);
    let y = MPoly::variable(2);
    let sum = &(&x * &(&y * &y)).scale(&Q::new(3, 2)) - &MPoly::one();
    assert_eq!(sum.to_string(), "3/2 x0 x2^2 - 1");
    assert_eq!(MPoly::zero().to_string(), "0");
    let tall = MPoly::from_terms([(Monomial::new(vec![(0, 40_000)]), Q::ONE)]);
    assert_eq!(tall.checked_mul(&tall), None);
}
