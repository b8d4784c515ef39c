//! Whole numbers modulo a prime, which tell what is 0 and what is equal.
//!
//! The one idea: floats see which of two numbers is larger but never that they are equal; residues see that
//! and nothing else. Together they guide a path through ties.

use detente_exact::Q;

/// The prime 2^31 - 1: products fit a word, and remainders are two additions.
const PRIME: u64 = (1 << 31) - 1;

/// The remainder of a number below 2^62.
#[inline]
fn reduced(value: u64) -> u64 {
    let once = (value & PRIME) + (value >> 31);
    let twice = (once & PRIME) + (once >> 31);
    if twice >= PRIME { twice - PRIME } else { twice }
}

/// The product.
#[inline]
pub fn product(a: u32, b: u32) -> u32 {
    reduced(u64::from(a) * u64::from(b)) as u32
}

/// The number that is added for a number to vanish.
#[inline]
pub fn negative(a: u32) -> u32 {
    if a == 0 { 0 } else { PRIME as u32 - a }
}

/// `a + b * c`.
#[inline]
pub fn plus_product(a: u32, b: u32, c: u32) -> u32 {
    reduced(u64::from(a) + u64::from(b) * u64::from(c)) as u32
}

/// The number whose product with this one is 1; `None` for 0.
pub fn inverse(a: u32) -> Option<u32> {
    let (mut base, mut exponent, mut result) = (a, PRIME - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, base);
        }
        base = product(base, base);
        exponent >>= 1;
    }
    (a != 0).then_some(result)
}

/// A fraction modulo the prime; `None` if the prime divides its denominator.
pub fn of(value: &Q) -> Option<u32> {
    value.modulo(PRIME).map(|r| r as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_of_fractions_are_those_of_their_residues() {
        let list = [Q::new(-3, 7), Q::new(1, 1 << 40), Q::new(i64::MAX, 10), Q::new(22, 7), Q::ZERO];
        for k in 0..125 {
            let (a, b, c) = (&list[k / 25], &list[k / 5 % 5], &list[k % 5]);
            let (x, y, z) = (of(a).unwrap(), of(b).unwrap(), of(c).unwrap());
            assert_eq!(of(&(a + &(b * c))), Some(plus_product(x, y, z)));
            assert_eq!(of(&-a), Some(negative(x)));
        }
        assert_eq!(of(&Q::new(1, PRIME as i64)), None);
    }
}
