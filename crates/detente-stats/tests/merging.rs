//! Shards in any number and any order give the bits of one run.

use detente_stats::merge::{ExactSum, Spread, Tally, Witnesses};
use proptest::prelude::*;

/// Everything kept of one shard.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    sum: ExactSum,
    spread: Spread,
    tally: Tally<u8>,
    witnesses: Witnesses<u8>,
}

fn empty() -> Kept {
    Kept { sum: ExactSum::new(), spread: Spread::new(), tally: Tally::new(), witnesses: Witnesses::new(1, 3) }
}

fn add(kept: &mut Kept, number: usize, x: f64) {
    kept.sum.add(x);
    kept.spread.add(x);
    let key = (x.to_bits() % 5) as u8;
    kept.tally.add(key);
    kept.witnesses.add(key, number as u64);
}

fn merge(into: &mut Kept, from: &Kept) {
    into.sum.merge(&from.sum);
    into.spread.merge(&from.spread);
    into.tally.merge(&from.tally);
    into.witnesses.merge(&from.witnesses).expect("all shards have one seed");
}

proptest! {
    #[test]
    fn shards_merge_to_the_same_bits_in_any_order(
        numbers in prop::collection::vec(prop_oneof![any::<f64>(), -1e3..1e3f64, Just(-0.0)], 0..200),
        shards in 1usize..8,
        turn in 0usize..8,
    ) {
        let mut whole = empty();
        numbers.iter().enumerate().for_each(|(i, &x)| add(&mut whole, i, x));

        let mut parts = vec![empty(); shards];
        for (i, &x) in numbers.iter().enumerate().rev() {
            add(&mut parts[i % shards], i, x);
        }
        parts.rotate_left(turn % shards);
        let mut forward = empty();
        parts.iter().for_each(|part| merge(&mut forward, part));
        // A tree of merges, from the other end.
        let mut tree = parts;
        while tree.len() > 1 {
            let last = tree.pop().expect("more than one part");
            let middle = tree.len() / 2;
            merge(&mut tree[middle], &last);
        }
        let text = |k: &Kept| {
            serde_json::to_string(&(&k.sum, &k.spread, &k.tally, &k.witnesses)).expect("plain data")
        };
        prop_assert_eq!(text(&whole), text(&forward));
        prop_assert_eq!(text(&whole), text(&tree[0]));
        prop_assert_eq!(&whole, &tree[0]);
        prop_assert_eq!(whole.sum.value().to_bits(), forward.sum.value().to_bits());
    }

    /// Against a sum of integers: multiples of 2^-20 below 2^20 add exactly in 128 bits.
    #[test]
    fn sums_are_exact(numbers in prop::collection::vec(-(1i64 << 40)..(1i64 << 40), 0..300)) {
        let mut sum = ExactSum::new();
        numbers.iter().for_each(|&n| sum.add(n as f64 / (1u64 << 20) as f64));
        let exact: i128 = numbers.iter().map(|&n| i128::from(n)).sum();
        prop_assert_eq!(sum.value(), exact as f64 / (1u64 << 20) as f64);
    }

    /// What was written and read again is the same, and can go on.
    #[test]
    fn kept_parts_survive_a_file(numbers in prop::collection::vec(-1e9..1e9f64, 0..50)) {
        let mut kept = empty();
        numbers.iter().enumerate().for_each(|(i, &x)| add(&mut kept, i, x));
        let text = serde_json::to_string(&(&kept.sum, &kept.spread)).expect("plain data");
        let (sum, spread): (ExactSum, Spread) = serde_json::from_str(&text).expect("what was written");
        prop_assert_eq!(sum, kept.sum);
        prop_assert_eq!(spread, kept.spread);
    }
}
