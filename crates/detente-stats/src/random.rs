//! Random choices for resampling, each addressed by seed, purpose and number.

use detente_prob::bits;

/// Returns a number from 0 to `n - 1`, each as likely; 0 if `n` is 0.
///
/// By D. Lemire, "Fast random integer generation in an interval" (2019), without the rejection step:
/// the bias is below n / 2^64.
pub fn pick(seed: u64, purpose: &str, number: u64, n: usize) -> usize {
    ((u128::from(bits(seed, purpose, number)) * n as u128) >> 64) as usize
}

/// Returns a random order of `0..n`, order `number` of its purpose (Fisher and Yates 1938).
pub fn order(seed: u64, purpose: &str, number: u64, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        let address = number.wrapping_mul(n as u64).wrapping_add(last as u64);
        order.swap(last, pick(seed, purpose, address, last + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_orders_are_as_likely() {
        let mut counts = [0u32; 6];
        for number in 0..6000 {
            let o = order(4, "test", number, 3);
            counts[o[0] * 2 + usize::from(o[1] > o[2])] += 1;
        }
        // 1000 expected, standard deviation 29.
        assert!(counts.iter().all(|&c| (880..1120).contains(&c)), "{counts:?}");
        assert!(order(1, "test", 0, 0).is_empty());
        assert_eq!(pick(1, "test", 0, 0), 0);
    }
}
