//! The base value of a parameter: a short exact decimal near the centre of its prior.

use crate::prior::Prior;
use detente_exact::Q;

impl Prior {
    /// Returns the value used where nothing else is said: the mean to three
    /// significant digits, as that exact decimal; for `lo to hi` the median.
    ///
    /// Returns `None` only where the prior is not proper.
    pub fn base(&self) -> Option<Q> {
        let centre = match self {
            Prior::Interval { .. } => self.quantile(0.5),
            _ => self.mean(),
        };
        three_digits(centre)
    }
}

/// Returns `x` to three significant digits as an exact decimal.
pub fn three_digits(x: f64) -> Option<Q> {
    decimal(x, 3)
}

/// Returns `x` to 1 to 15 significant digits as an exact decimal; `None` if it is not finite.
pub fn decimal(x: f64, digits: usize) -> Option<Q> {
    if !x.is_finite() {
        return None;
    }
    let after = digits.clamp(1, 15) - 1;
    let text = format!("{x:.after$e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let whole: i64 = mantissa.replace('.', "").parse().ok()?;
    let exponent: i32 = exponent.parse::<i32>().ok()? - after as i32;
    Some(Q::new(whole, 1) * Q::new(10, 1).pow(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_values_are_short_decimals() {
        let base = |p: Prior| p.base().unwrap();
        assert_eq!(base(Prior::Beta { a: 4.0, b: 6.0 }), Q::new(2, 5));
        assert_eq!(base(Prior::Uniform { lo: 0.02, hi: 0.08 }), Q::new(1, 20));
        // exp(-1.3 + 0.08) = 0.2952...
        assert_eq!(base(Prior::Lognormal { mu: -1.3, sigma: 0.4 }), Q::new(295, 1000));
        assert_eq!(base(Prior::Interval { lo: 2.0, hi: 8.0 }), Q::new(4, 1));
        assert_eq!(base(Prior::Interval { lo: -1.0, hi: 3.0 }), Q::new(1, 1));
        assert_eq!(three_digits(123_456.0).unwrap(), Q::new(123_000, 1));
        assert_eq!(three_digits(-0.000_123_456).unwrap(), Q::new(-123, 1_000_000));
        assert_eq!(three_digits(0.0).unwrap(), Q::ZERO);
        assert_eq!(three_digits(f64::NAN), None);
        assert_eq!(decimal(0.312_499_999_999_999_8, 12).unwrap(), Q::new(5, 16));
    }
}
