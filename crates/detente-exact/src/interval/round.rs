//! Float operations rounded down or up on purpose.
//!
//! The one idea: the error of a float operation is itself a float that can be computed (two-sum
//! for sums, a fused multiply-add for products, quotients and roots; Dekker, "A floating-point
//! technique for extending the available precision", 1971), so its sign says whether the nearest
//! result already is a bound, and an exact result is never widened. Where the error itself could
//! underflow, the result is widened without looking.
//!
//! Rounding up is rounding down of the negated problem, so only downward versions are written; the
//! result is taken from 0 instead of negated, which keeps negative zeros out of the bits.

/// Below this size the error term of a product or quotient may not be representable: it is the
/// smallest normal float times 2^53, with room to spare.
const ERROR_MAY_UNDERFLOW: f64 = 1e-290;

/// A lower bound of the real number whose nearest float is `nearest`, where `error` has the sign
/// of (real number - nearest). A NaN error means unknown.
#[inline]
fn down_by_error(nearest: f64, error: f64) -> f64 {
    if error >= 0.0 { nearest } else { nearest.next_down() }
}

/// Largest convenient float not above `a + b`. Neither may be `+inf`; `-inf` stands for no bound.
#[inline]
pub(super) fn add_down(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum.is_infinite() {
        return if sum > 0.0 { f64::MAX } else { sum };
    }
    let b_part = sum - a;
    let error = (a - (sum - b_part)) + (b - b_part);
    down_by_error(sum, error)
}

/// Smallest convenient float not below `a + b`.
#[inline]
pub(super) fn add_up(a: f64, b: f64) -> f64 {
    0.0 - add_down(-a, -b)
}

/// Largest convenient float not above `a · b`, where 0 times infinity is 0: the infinities are
/// bounds of sets of reals, not reals.
#[inline]
pub(super) fn mul_down(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    let product = a * b;
    if product.is_infinite() {
        let overflow = a.is_finite() && b.is_finite();
        return if overflow && product > 0.0 { f64::MAX } else { product };
    }
    if product.abs() < ERROR_MAY_UNDERFLOW {
        return keep_sign(product.next_down(), (a > 0.0) == (b > 0.0));
    }
    down_by_error(product, a.mul_add(b, -product))
}

/// Smallest convenient float not below `a · b`.
#[inline]
pub(super) fn mul_up(a: f64, b: f64) -> f64 {
    0.0 - mul_down(-a, b)
}

/// Largest convenient float not above `a / b`; `b` is not 0, and not both are infinite.
#[inline]
pub(super) fn div_down(a: f64, b: f64) -> f64 {
    if a == 0.0 {
        return 0.0;
    }
    let positive = (a > 0.0) == (b > 0.0);
    if b.is_infinite() {
        // The quotient tends to 0 from the side its sign gives.
        return if positive { 0.0 } else { -f64::from_bits(1) };
    }
    let quotient = a / b;
    if quotient.is_infinite() {
        return if a.is_finite() && positive { f64::MAX } else { quotient };
    }
    if quotient.abs() < ERROR_MAY_UNDERFLOW || a.abs() < ERROR_MAY_UNDERFLOW {
        return keep_sign(quotient.next_down(), positive);
    }
    // The remainder has the sign of (a/b - quotient) times the sign of b.
    let remainder = (-quotient).mul_add(b, a);
    down_by_error(quotient, if b > 0.0 { remainder } else { -remainder })
}

/// Smallest convenient float not below `a / b`.
#[inline]
pub(super) fn div_up(a: f64, b: f64) -> f64 {
    0.0 - div_down(-a, b)
}

/// Largest convenient float not above the square root of `a`, which is not negative.
#[inline]
pub(super) fn sqrt_down(a: f64) -> f64 {
    let root = a.sqrt();
    if root == 0.0 || root.is_infinite() {
        return root;
    }
    if a < ERROR_MAY_UNDERFLOW {
        return root.next_down();
    }
    down_by_error(root, (-root).mul_add(root, a))
}

/// Smallest convenient float not below the square root of `a`, which is not negative.
#[inline]
pub(super) fn sqrt_up(a: f64) -> f64 {
    let root = a.sqrt();
    if root == 0.0 || root.is_infinite() {
        return root;
    }
    if a < ERROR_MAY_UNDERFLOW {
        return root.next_up();
    }
    let error = (-root).mul_add(root, a);
    if error <= 0.0 { root } else { root.next_up() }
}

/// A bound below a number known to be positive need not go below 0.
#[inline]
fn keep_sign(bound: f64, positive: bool) -> f64 {
    if positive { bound.max(0.0) } else { bound }
}
