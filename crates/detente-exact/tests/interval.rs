//! Intervals hold the exact value of what they enclose, and no wider than they must.

use detente_exact::{Interval, Q, Scalar};
use proptest::prelude::*;

/// An expression with exact leaves.
#[derive(Clone, Debug)]
enum Expression {
    Leaf(Q),
    Add(Box<Expression>, Box<Expression>),
    Sub(Box<Expression>, Box<Expression>),
    Mul(Box<Expression>, Box<Expression>),
    Div(Box<Expression>, Box<Expression>),
    Neg(Box<Expression>),
    Abs(Box<Expression>),
    Pow(Box<Expression>, i32),
    Sqrt(Box<Expression>),
}

fn evaluate<S: Scalar>(expression: &Expression) -> Option<S> {
    use Expression::*;
    Some(match expression {
        Leaf(value) => S::from_q(value),
        Add(a, b) => evaluate::<S>(a)?.add(&evaluate(b)?),
        Sub(a, b) => evaluate::<S>(a)?.sub(&evaluate(b)?),
        Mul(a, b) => evaluate::<S>(a)?.mul(&evaluate(b)?),
        Div(a, b) => evaluate::<S>(a)?.div(&evaluate(b)?)?,
        Neg(a) => evaluate::<S>(a)?.neg(),
        Abs(a) => evaluate::<S>(a)?.abs(),
        Pow(a, n) => evaluate::<S>(a)?.powi(*n)?,
        Sqrt(a) => {
            // Square first, so that the exact root exists.
            let inner = evaluate::<S>(a)?;
            inner.mul(&inner).sqrt()?
        }
    })
}

fn leaf() -> impl Strategy<Value = Q> {
    prop_oneof![
        (-40i64..40, 1i64..12).prop_map(|(p, q)| Q::new(p, q)),
        (any::<i64>(), 1i64..i64::MAX).prop_map(|(p, q)| Q::new(p, q)),
        (-300i32..300, -50i64..50).prop_map(|(e, p)| Q::from(p) * Q::from(10).pow(e)),
        any::<f64>().prop_filter_map("finite", Q::from_f64),
    ]
}

fn expression() -> impl Strategy<Value = Expression> {
    leaf().prop_map(Expression::Leaf).prop_recursive(4, 16, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| Expression::Add(Box::new(a), Box::new(b))),
            pair.clone().prop_map(|(a, b)| Expression::Sub(Box::new(a), Box::new(b))),
            pair.clone().prop_map(|(a, b)| Expression::Mul(Box::new(a), Box::new(b))),
            pair.prop_map(|(a, b)| Expression::Div(Box::new(a), Box::new(b))),
            inner.clone().prop_map(|a| Expression::Neg(Box::new(a))),
            inner.clone().prop_map(|a| Expression::Abs(Box::new(a))),
            (inner.clone(), -3i32..4).prop_map(|(a, n)| Expression::Pow(Box::new(a), n)),
            inner.prop_map(|a| Expression::Sqrt(Box::new(a))),
        ]
    })
}

/// Rounds down to a multiple of 2^-240: keeps the reference sums short.
fn shorten(value: &Q) -> Q {
    let grid = Q::from(2).pow(240);
    (value * &grid).floor() / grid
}

/// The exponential to far more digits than a float has, by Taylor's series after halving the
/// argument 12 times. Relative error below 2^-180 for arguments below 700 in size.
fn reference_exp(x: &Q) -> Q {
    if x.is_negative() {
        return reference_exp(&-x).recip();
    }
    let small = shorten(&(x / Q::from(4096)));
    let (mut term, mut total) = (Q::ONE, Q::ONE);
    for i in 1..60 {
        term = shorten(&(&term * &small / Q::from(i)));
        total += &term;
    }
    for _ in 0..12 {
        total = shorten(&(&total * &total));
    }
    total
}

/// Ends of intervals of every sign and size, many of them 0 or so small that products underflow.
fn end() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), -3.0f64..3.0, (-1e-150f64..1e-150), (-1e-310f64..1e-310), (-1e200f64..1e200),]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn encloses_exact_values(expression in expression()) {
        if let (Some(exact), Some(bound)) = (evaluate::<Q>(&expression), evaluate::<Interval>(&expression)) {
            prop_assert!(bound.contains_q(&exact), "{bound} misses {exact}");
            if let Some(sign) = bound.sign_certain() {
                prop_assert_eq!(sign, exact.signum());
            }
        }
    }

    #[test]
    fn encloses_for_every_choice_inside(
        a in -50i64..50, wa in 0i64..30, b in -50i64..50, wb in 0i64..30, s in 0i64..=8, t in 0i64..=8, n in -4i32..5
    ) {
        let (left, right) = (
            Interval::new(a as f64 / 7.0, (a + wa) as f64 / 7.0).unwrap(),
            Interval::new(b as f64 / 3.0, (b + wb) as f64 / 3.0).unwrap(),
        );
        let inside = |i: Interval, k: i64| {
            let (lo, hi) = (Q::from_f64(i.lo()).unwrap(), Q::from_f64(i.hi()).unwrap());
            &lo + (hi - &lo) * Q::new(k, 8)
        };
        let (x, y) = (inside(left, s), inside(right, t));
        prop_assert!((left + right).contains_q(&(&x + &y)));
        prop_assert!((left - right).contains_q(&(&x - &y)));
        prop_assert!((left * right).contains_q(&(&x * &y)));
        prop_assert!(left.hull(right).contains_q(&x));
        prop_assert!(left.abs().contains_q(&x.abs()));
        match left.checked_div(right) {
            Some(ratio) => prop_assert!(ratio.contains_q(&(&x / &y))),
            None => prop_assert!(right.contains(0.0)),
        }
        match left.pow(n) {
            Some(power) => prop_assert!(power.contains_q(&x.pow(n))),
            None => prop_assert!(n < 0 && left.contains(0.0)),
        }
        if let Some(common) = left.intersect(right) {
            prop_assert!(common.is_subset(left) && common.is_subset(right));
        } else {
            prop_assert!(left.hi() < right.lo() || right.hi() < left.lo());
        }
    }

    #[test]
    fn products_are_the_hull_of_products_of_ends(
        a in end(), b in end(), c in end(), d in end()
    ) {
        let (left, right) = (Interval::new(a.min(b), a.max(b)).unwrap(), Interval::new(c.min(d), c.max(d)).unwrap());
        let point = |x: f64| Interval::point(x).unwrap();
        let corners = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| point(x) * point(y));
        let hull = corners.into_iter().reduce(Interval::hull).unwrap();
        let product = left * right;
        prop_assert_eq!(product.lo().to_bits(), hull.lo().to_bits(), "{} {}", left, right);
        prop_assert_eq!(product.hi().to_bits(), hull.hi().to_bits(), "{} {}", left, right);
    }

    #[test]
    fn integers_stay_points(a in -100_000i64..100_000, b in -100_000i64..100_000) {
        let (x, y) = (Interval::point(a as f64).unwrap(), Interval::point(b as f64).unwrap());
        prop_assert!((x + y).is_point());
        prop_assert!((x - y).is_point());
        prop_assert!((x * y).is_point());
        prop_assert!((x * x).sqrt().unwrap().is_point());
        if b != 0 {
            prop_assert_eq!((x * y).checked_div(y), Some(x));
            // One rounding costs at most one unit in the last place.
            let ratio = x / y;
            prop_assert!(ratio.lo() == ratio.hi() || ratio.lo().next_up() == ratio.hi());
        }
    }

    #[test]
    fn roots_and_real_powers(p in 1i64..10_000, q in 1i64..10_000, e in -300i32..300) {
        let exact = Q::new(p, q) * Q::from(2).pow(e);
        let x = Interval::point(exact.to_f64()).unwrap();
        let exact = Q::from_f64(x.lo()).unwrap();
        let end = |value: f64| Q::from_f64(value).unwrap();
        let root = x.sqrt().unwrap();
        prop_assert!(end(root.lo()).pow(2) <= exact && exact <= end(root.hi()).pow(2));
        prop_assert!(root.width() <= root.hi() * 3e-16);
        let power = x.powf(Interval::point(0.75).unwrap()).unwrap();
        prop_assert!(end(power.lo()).pow(4) <= exact.pow(3) && exact.pow(3) <= end(power.hi()).pow(4));
        prop_assert!(power.width() <= power.hi() * 2e-15);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn exponential_and_logarithm(p in -600_000_000i64..600_000_000, q in 1_000_000i64..900_000_000) {
        let x = p as f64 / q as f64;
        let exact = Q::from_f64(x).unwrap();
        let grown = reference_exp(&exact);
        let slack = Q::from(2).pow(-170);
        let (low, high) = (&grown * (Q::ONE - &slack), &grown * (Q::ONE + &slack));
        let bound = Interval::point(x).unwrap().exp();
        prop_assert!(Q::from_f64(bound.lo()).unwrap() <= low && high <= Q::from_f64(bound.hi()).unwrap());
        prop_assert!(bound.width() <= bound.hi() * 1e-15);
        // The logarithm of a float is enclosed if its ends' exponentials enclose the float.
        if let Some(positive) = Interval::point(x.abs()).filter(|i| i.lo() > 0.0) {
            let log = positive.ln().unwrap();
            let ends = [log.lo(), log.hi()].map(|end| reference_exp(&Q::from_f64(end).unwrap()));
            let value = exact.abs();
            prop_assert!(&ends[0] * (Q::ONE - &slack) <= value && value <= &ends[1] * (Q::ONE + &slack));
        }
    }
}

#[test]
fn ends_of_the_range() {
    let huge = Interval::point(f64::MAX).unwrap();
    let grown = huge + huge;
    assert_eq!((grown.lo(), grown.hi()), (f64::MAX, f64::INFINITY));
    assert_eq!((huge * huge).lo(), f64::MAX);
    let tiny = Interval::point(5e-324).unwrap();
    let shrunk = tiny * tiny;
    assert_eq!((shrunk.lo(), shrunk.hi()), (0.0, 5e-324));
    assert_eq!(tiny.pow(-3).map(Interval::hi), Some(f64::INFINITY));
    assert_eq!(Interval::ENTIRE * Interval::ZERO, Interval::ZERO);
    assert_eq!(Interval::ONE / Interval::ENTIRE, Interval::ENTIRE);
    assert_eq!(Interval::ENTIRE.exp().lo(), 0.0);
    assert_eq!(Interval::ZERO.exp(), Interval::ONE);
    assert_eq!(Interval::ONE.ln(), Some(Interval::ZERO));
    assert_eq!(Interval::ZERO.ln(), None);
    assert_eq!((-Interval::ONE).sqrt(), None);
    assert_eq!(Interval::new(1.0, 0.0), None);
    assert_eq!(Interval::new(f64::INFINITY, f64::INFINITY), None);
    assert_eq!(Interval::point(f64::NAN), None);
    assert_eq!(Interval::ENTIRE.mid(), 0.0);
    assert!(huge.hull(-huge).mid() == 0.0);
}

#[test]
fn rationals_have_only_their_exact_functions() {
    assert_eq!(Scalar::exp(&Q::ZERO), Some(Q::ONE));
    assert_eq!(Scalar::exp(&Q::ONE), None);
    assert_eq!(Scalar::ln(&Q::ONE), Some(Q::ZERO));
    assert_eq!(Scalar::sqrt(&Q::new(9, 4)), Some(Q::new(3, 2)));
    assert_eq!(Scalar::sqrt(&Q::from(2)), None);
    assert_eq!(Scalar::powf(&Q::new(8, 27), &Q::new(-2, 3)), Some(Q::new(9, 4)));
    assert_eq!(Scalar::powf(&Q::from(2), &Q::new(1, 2)), None);
    assert_eq!(Scalar::powf(&Q::from(-2), &Q::from(3)), Some(Q::from(-8)));
    assert_eq!(Scalar::powf(&Q::ZERO, &Q::from(-1)), None);
    assert_eq!(Scalar::powi(&Q::from(3), 1_000_000_000), None);
    assert_eq!(Scalar::powi(&Q::from(-1), i32::MAX), Some(Q::from(-1)));
}
