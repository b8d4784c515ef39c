//! `Q` against dashu's rationals, its canonical form, its text and its float conversions.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use detente_exact::Q;
use proptest::prelude::*;

/// Numbers at the edges of the small representation, and ordinary ones.
fn part() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -30i64..30,
        2 => any::<i64>(),
        1 => Just(i64::MAX),
        1 => Just(i64::MIN),
        1 => Just(i64::MIN + 1),
        1 => (0u32..63).prop_map(|k| 1i64 << k),
    ]
}

fn number() -> impl Strategy<Value = (Q, RBig)> {
    (part(), part(), 0usize..3, part()).prop_map(|(n, d, power, extra)| {
        let d = if d == 0 { 7 } else { d };
        let mut ours = Q::new(n, d);
        let mut theirs = RBig::from_parts_signed(IBig::from(n), IBig::from(d));
        for _ in 0..power {
            ours *= Q::from(extra);
            theirs *= RBig::from(IBig::from(extra));
        }
        (ours, theirs)
    })
}

fn hash(value: &Q) -> u64 {
    let mut state = DefaultHasher::new();
    value.hash(&mut state);
    state.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arithmetic_agrees_with_dashu((a, ra) in number(), (b, rb) in number()) {
        prop_assert_eq!(a.to_string(), ra.to_string());
        prop_assert_eq!((&a + &b).to_string(), (&ra + &rb).to_string());
        prop_assert_eq!((&a - &b).to_string(), (&ra - &rb).to_string());
        prop_assert_eq!((&a * &b).to_string(), (&ra * &rb).to_string());
        prop_assert_eq!((-&a).to_string(), (-ra.clone()).to_string());
        prop_assert_eq!(a.cmp(&b), ra.cmp(&rb));
        prop_assert_eq!(a.floor().to_string(), ra.floor().to_string());
        prop_assert_eq!(a.ceil().to_string(), ra.ceil().to_string());
        match a.checked_div(&b) {
            Some(ratio) => prop_assert_eq!(ratio.to_string(), (&ra / &rb).to_string()),
            None => prop_assert!(b.is_zero()),
        }
    }

    #[test]
    fn ring_laws_and_one_form_per_value((a, _) in number(), (b, _) in number(), (c, _) in number()) {
        let left = (&a + &b) * &c;
        let right = &a * &c + &b * &c;
        prop_assert_eq!(hash(&left), hash(&right));
        prop_assert_eq!(left, right);
        // A detour through big numbers must come back to the same small form.
        let huge = Q::from(i64::MAX).pow(3);
        let back = (&a + &huge) - &huge;
        prop_assert_eq!(hash(&back), hash(&a));
        prop_assert_eq!(&back, &a);
        if !b.is_zero() {
            prop_assert_eq!(&a / &b * &b, a.clone());
            prop_assert_eq!(b.recip() * &b, Q::ONE);
        }
    }

    #[test]
    fn text_round_trips((a, _) in number()) {
        prop_assert_eq!(Q::parse(&a.to_string()), Some(a.clone()));
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Q>(&json).unwrap(), a);
    }

    #[test]
    fn floats_are_exact_in_and_rounded_out((a, ra) in number(), bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        match Q::from_f64(value) {
            Some(exact) => prop_assert_eq!(exact.to_f64(), value),
            None => prop_assert!(!value.is_finite()),
        }
        prop_assert_eq!(a.to_f64(), ra.to_f64().value());
        let (down, up) = (a.to_f64_down(), a.to_f64_up());
        let (low, high) = (Q::from_f64(down).unwrap(), Q::from_f64(up).unwrap());
        prop_assert!(low <= a && a <= high);
        prop_assert!(down == up || down.next_up() == up);
        // Nearest really is the nearer of the two neighbours.
        let near = Q::from_f64(a.to_f64()).unwrap();
        prop_assert!((&near - &a).abs() <= (&low - &a).abs());
        prop_assert!((&near - &a).abs() <= (&high - &a).abs());
    }

    #[test]
    fn simplest_is_inside_and_minimal(p in -200i64..200, q in 1i64..60, r in -200i64..200, s in 1i64..60) {
        let (lo, hi) = (Q::new(p, q).min(Q::new(r, s)), Q::new(p, q).max(Q::new(r, s)));
        let best = Q::simplest_between(&lo, &hi);
        prop_assert!(lo <= best && best <= hi);
        let den = best.denominator().to_i64().unwrap();
        for smaller in 1..den {
            let first = (&lo * Q::from(smaller)).ceil() / Q::from(smaller);
            prop_assert!(first > hi, "{} is simpler than {}", first, best);
        }
    }

    #[test]
    fn squares_have_roots((a, _) in number()) {
        prop_assert_eq!((&a * &a).exact_sqrt(), Some(a.abs()));
        if !a.is_zero() {
            prop_assert_eq!((&a * &a * Q::from(2)).exact_sqrt(), None);
        }
    }
}

#[test]
fn reads_the_written_forms() {
    let cases = [
        ("3", Some(Q::from(3))),
        ("-0.25", Some(Q::new(-1, 4))),
        ("+1/3", Some(Q::new(1, 3))),
        ("6/4", Some(Q::new(3, 2))),
        ("1e-3", Some(Q::new(1, 1000))),
        ("2.5E2", Some(Q::from(250))),
        (".5", Some(Q::new(1, 2))),
        ("0.1", Some(Q::new(1, 10))),
        ("1e4096", Some(Q::from(10).pow(4096))),
        ("1e4097", None),
        ("1e99999999999", None),
        ("1/0", None),
        ("1/-3", None),
        ("", None),
        ("-", None),
        (".", None),
        ("5.", None),
        ("5.e1", None),
        ("1e", None),
        ("1e+", None),
        ("1/2/3", None),
        ("1.5/2", None),
        (" 1", None),
        ("1_000", None),
        ("١", None),
        ("inf", None),
    ];
    for (text, expected) in cases {
        assert_eq!(Q::parse(text), expected, "{text:?}");
    }
}

#[test]
fn floats_at_the_ends_of_their_range() {
    let huge = Q::from(10).pow(400);
    assert_eq!(huge.to_f64(), f64::INFINITY);
    assert_eq!(huge.to_f64_down(), f64::MAX);
    assert_eq!((-&huge).to_f64_up(), -f64::MAX);
    let tiny = huge.recip();
    assert_eq!(tiny.to_f64(), 0.0);
    assert_eq!(tiny.to_f64_down(), 0.0);
    assert_eq!(tiny.to_f64_up(), 5e-324);
    assert_eq!((huge.clone() / (huge + Q::ONE)).to_f64(), 1.0);
    assert_eq!(Q::from_f64(5e-324).unwrap().to_f64(), 5e-324);
    // Halfway between the two smallest floats ties to even, which is zero.
    let half = Q::from_f64(5e-324).unwrap() / Q::from(2);
    assert_eq!(half.to_f64(), 0.0);
}

#[test]
fn small_numbers_take_sixteen_bytes() {
    assert_eq!(std::mem::size_of::<Q>(), 16);
    assert_eq!(Q::default(), Q::ZERO);
    assert_eq!(Q::new(i64::MIN, i64::MIN), Q::ONE);
    assert_eq!(Q::from(i64::MIN).to_i64(), Some(i64::MIN));
    assert_eq!(-Q::from(i64::MIN), Q::from(i64::MAX) + Q::ONE);
    assert_eq!(UBig::from(3u8).to_string(), Q::from(3).to_string());
    assert_eq!([Q::new(1, 2), Q::new(1, 3)].iter().sum::<Q>(), Q::new(5, 6));
    assert_eq!(Q::ZERO.checked_pow(-1), None);
    assert_eq!(Q::ZERO.pow(0), Q::ONE);
}
