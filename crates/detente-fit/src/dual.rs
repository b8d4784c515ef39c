//! A number with its derivatives: forward differentiation.
//!
//! The one idea: whatever is computed over these numbers comes with its exact gradient, so no step
//! size is ever chosen. An empty gradient is a constant.

use detente_exact::{Q, Scalar};

/// A value and its derivatives by some list of variables; no derivatives mean all are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Dual {
    pub value: f64,
    pub slope: Vec<f64>,
}

impl Dual {
    /// A constant.
    pub fn of(value: f64) -> Dual {
        Dual { value, slope: vec![] }
    }

    /// Variable `place` of `count`.
    pub fn variable(value: f64, place: usize, count: usize) -> Dual {
        let mut slope = vec![0.0; count];
        slope[place] = 1.0;
        Dual { value, slope }
    }

    /// The derivative by variable `k`.
    pub fn by(&self, k: usize) -> f64 {
        self.slope.get(k).copied().unwrap_or(0.0)
    }

    /// A function of this number with the value `value` and the derivative `slope` here.
    pub fn through(&self, value: f64, slope: f64) -> Dual {
        Dual { value, slope: self.slope.iter().map(|s| s * slope).collect() }
    }

    /// `a · self + b · other`, as far as the derivatives go.
    fn mixed(&self, a: f64, other: &Dual, b: f64, value: f64) -> Dual {
        if other.slope.is_empty() {
            return self.through(value, a);
        }
        if self.slope.is_empty() {
            return other.through(value, b);
        }
        let slope = self.slope.iter().zip(&other.slope).map(|(x, y)| a * x + b * y).collect();
        Dual { value, slope }
    }

    /// Sum.
    pub fn plus(&self, other: &Dual) -> Dual {
        self.mixed(1.0, other, 1.0, self.value + other.value)
    }

    /// Difference.
    pub fn minus(&self, other: &Dual) -> Dual {
        self.mixed(1.0, other, -1.0, self.value - other.value)
    }

    /// Product.
    pub fn times(&self, other: &Dual) -> Dual {
        self.mixed(other.value, other, self.value, self.value * other.value)
    }

    /// Quotient; infinite or NaN where the divisor is 0.
    pub fn over(&self, other: &Dual) -> Dual {
        let value = self.value / other.value;
        self.mixed(1.0 / other.value, other, -value / other.value, value)
    }

    /// Exponential.
    pub fn exponential(&self) -> Dual {
        let e = libm::exp(self.value);
        self.through(e, e)
    }

    /// Natural logarithm.
    pub fn logarithm(&self) -> Dual {
        self.through(libm::log(self.value), 1.0 / self.value)
    }

    /// Square root.
    pub fn root(&self) -> Dual {
        let r = libm::sqrt(self.value);
        self.through(r, 0.5 / r)
    }
}

/// The logarithm of a sum of exponentials; minus infinity for an empty list.
pub fn log_sum(logs: &[Dual]) -> Dual {
    let most = logs.iter().map(|l| l.value).fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return Dual::of(most);
    }
    let mut sum = Dual::of(0.0);
    for l in logs.iter().filter(|l| l.value > f64::NEG_INFINITY) {
        let e = libm::exp(l.value - most);
        sum = sum.plus(&l.through(e, e));
    }
    sum.through(most + libm::log(sum.value), 1.0 / sum.value)
}

impl Scalar for Dual {
    fn zero() -> Dual {
        Dual::of(0.0)
    }
    fn one() -> Dual {
        Dual::of(1.0)
    }
    fn from_q(value: &Q) -> Dual {
        Dual::of(value.to_f64())
    }
    fn add(&self, other: &Dual) -> Dual {
        self.plus(other)
    }
    fn sub(&self, other: &Dual) -> Dual {
        self.minus(other)
    }
    fn mul(&self, other: &Dual) -> Dual {
        self.times(other)
    }
    fn div(&self, other: &Dual) -> Option<Dual> {
        let found = self.over(other);
        found.value.is_finite().then_some(found)
    }
    fn neg(&self) -> Dual {
        self.through(-self.value, -1.0)
    }
    fn abs(&self) -> Dual {
        if self.value < 0.0 { self.neg() } else { self.clone() }
    }
    fn min(&self, other: &Dual) -> Dual {
        if self.value <= other.value { self.clone() } else { other.clone() }
    }
    fn max(&self, other: &Dual) -> Dual {
        if self.value >= other.value { self.clone() } else { other.clone() }
    }
    fn sign_certain(&self) -> Option<i32> {
        let v = self.value;
        if v.is_nan() { None } else { Some(i32::from(v > 0.0) - i32::from(v < 0.0)) }
    }
    fn exp(&self) -> Option<Dual> {
        Some(self.exponential()).filter(|d| d.value.is_finite())
    }
    fn ln(&self) -> Option<Dual> {
        (self.value > 0.0).then(|| self.logarithm())
    }
    fn sqrt(&self) -> Option<Dual> {
        (self.value >= 0.0).then(|| self.root())
    }
    fn powf(&self, exponent: &Dual) -> Option<Dual> {
        let value = libm::pow(self.value, exponent.value);
        if !value.is_finite() {
            return None;
        }
        let by_base = exponent.value * libm::pow(self.value, exponent.value - 1.0);
        let by_exponent = if self.value > 0.0 { value * libm::log(self.value) } else { 0.0 };
        Some(self.mixed(by_base, exponent, by_exponent, value))
    }
    fn powi(&self, exponent: i32) -> Option<Dual> {
        self.powf(&Dual::of(f64::from(exponent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_differences() {
        let f = |x: f64, y: f64, n: usize| {
            let (a, b) = match n {
                0 => (Dual::of(x), Dual::of(y)),
                n => (Dual::variable(x, 0, n), Dual::variable(y, 1, n)),
            };
            let part = a.times(&b).exponential().over(&a.plus(&b).root());
            log_sum(&[part.logarithm(), a.minus(&b), a.powf(&b).unwrap()])
        };
        let (x, y, h) = (0.7, 1.3, 1e-6);
        let d = f(x, y, 2);
        let by_x = (f(x + h, y, 0).value - f(x - h, y, 0).value) / (2.0 * h);
        let by_y = (f(x, y + h, 0).value - f(x, y - h, 0).value) / (2.0 * h);
        assert!((d.by(0) - by_x).abs() < 1e-8 && (d.by(1) - by_y).abs() < 1e-8, "{d:?} {by_x} {by_y}");
        assert_eq!(d.value, f(x, y, 0).value);
    }
}
