//! Distribution functions and quantiles of the families.
//!
//! The incomplete beta and gamma functions come from `statrs`; quantiles of
//! both are found by Newton steps kept inside a bracket, which end for every
//! argument. Arguments are those that passed [`Prior::check`].

use crate::prior::Prior;
use statrs::function::{beta::checked_beta_reg, erf::erfc_inv, gamma::checked_gamma_lr, gamma::ln_gamma};
use std::f64::consts::{PI, SQRT_2};

/// Shapes beyond these ends are numerically degenerate.
pub const SMALLEST_SHAPE: f64 = 1e-3;
pub const LARGEST_SHAPE: f64 = 1e5;

/// The 95 % quantile of the standard normal distribution.
pub const NORMAL_95: f64 = 1.644_853_626_951_472_7;

/// Returns the normal or lognormal prior behind `lo to hi`.
pub fn interval(lo: f64, hi: f64) -> Prior {
    if lo > 0.0 {
        let (a, b) = (libm::log(lo), libm::log(hi));
        Prior::Lognormal { mu: (a + b) / 2.0, sigma: (b - a) / (2.0 * NORMAL_95) }
    } else {
        Prior::Normal { mean: lo / 2.0 + hi / 2.0, sd: (hi / 2.0 - lo / 2.0) / NORMAL_95 }
    }
}

/// Returns the probabilities below `lo` and up to `hi` in a prior that is to be truncated.
pub fn truncation(prior: &Prior, lo: f64, hi: f64) -> (f64, f64) {
    let below = match prior {
        // Values equal to `lo` stay in.
        Prior::Discrete { values, probs } => {
            values.iter().zip(probs).filter(|(v, _)| **v < lo).map(|(_, p)| p).sum()
        }
        _ => prior.cdf(lo),
    };
    (below, prior.cdf(hi))
}

/// Returns the standard normal density.
pub fn normal_density(z: f64) -> f64 {
    if z.is_infinite() { 0.0 } else { libm::exp(-z * z / 2.0) / (2.0 * PI).sqrt() }
}

/// Returns the standard normal distribution function.
pub fn normal_cdf(z: f64) -> f64 {
    libm::erfc(-z / SQRT_2) / 2.0
}

/// Returns the standard normal quantile.
pub fn normal_quantile(u: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * u)
}

/// Is a shape one for which the incomplete functions converge? Wider by one than
/// [`Prior::check`], for the shifted shapes of partial means.
fn proper_shape(shape: f64) -> bool {
    (SMALLEST_SHAPE..=LARGEST_SHAPE + 1.0).contains(&shape)
}

/// Returns the regularised incomplete beta function, clamped to [0, 1].
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if !(proper_shape(a) && proper_shape(b)) {
        return f64::NAN;
    }
    checked_beta_reg(a, b, x).unwrap_or(f64::NAN).clamp(0.0, 1.0)
}

/// Returns the beta quantile.
pub fn beta_quantile(a: f64, b: f64, u: f64) -> f64 {
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let density = |x: f64| libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - ln_beta);
    bracketed_root(0.0, 1.0, a / (a + b), |x| beta_cdf(a, b, x) - u, density)
}

/// Returns the regularised lower incomplete gamma function, clamped to [0, 1].
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x.is_infinite() {
        return 1.0;
    }
    if !proper_shape(shape) {
        return f64::NAN;
    }
    checked_gamma_lr(shape, x).unwrap_or(f64::NAN).clamp(0.0, 1.0)
}

/// Returns the quantile of the gamma distribution with scale 1.
pub fn gamma_quantile(shape: f64, u: f64) -> f64 {
    if !proper_shape(shape) {
        return f64::NAN;
    }
    let mut high = shape.max(1.0) * 2.0;
    while gamma_cdf(shape, high) < u && high < 1e300 {
        high *= 2.0;
    }
    let ln_norm = ln_gamma(shape);
    let density = |x: f64| libm::exp((shape - 1.0) * libm::log(x) - x - ln_norm);
    bracketed_root(0.0, high, shape, |x| gamma_cdf(shape, x) - u, density)
}

/// Finds the root of a rising function by Newton steps, bisecting where one would leave the bracket.
fn bracketed_root(
    lo: f64,
    hi: f64,
    start: f64,
    excess: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
) -> f64 {
    let (mut lo, mut hi, mut x) = (lo, hi, start.clamp(lo, hi));
    for _ in 0..200 {
        let y = excess(x);
        if y == 0.0 {
            return x;
        }
        if y > 0.0 {
            hi = x
        } else {
            lo = x
        }
        let newton = x - y / slope(x);
        let next = if newton > lo && newton < hi { newton } else { lo + (hi - lo) / 2.0 };
        if (next - x).abs() <= 1e-16 * x.abs() || next <= lo || next >= hi {
            return next;
        }
        x = next;
    }
    x
}

/// Returns the shapes of the beta distribution behind a PERT prior.
pub fn pert_shapes(lo: f64, mode: f64, hi: f64) -> (f64, f64) {
    (1.0 + 4.0 * (mode - lo) / (hi - lo), 1.0 + 4.0 * (hi - mode) / (hi - lo))
}

/// Returns the triangular distribution function.
pub fn triangular_cdf(lo: f64, mode: f64, hi: f64, x: f64) -> f64 {
    if x < mode {
        (x - lo) * (x - lo) / ((hi - lo) * (mode - lo))
    } else {
        1.0 - (hi - x) * (hi - x) / ((hi - lo) * (hi - mode))
    }
}

/// Returns the triangular quantile.
pub fn triangular_quantile(lo: f64, mode: f64, hi: f64, u: f64) -> f64 {
    if u < (mode - lo) / (hi - lo) {
        lo + (u * (hi - lo) * (mode - lo)).sqrt()
    } else {
        hi - ((1.0 - u) * (hi - lo) * (hi - mode)).sqrt()
    }
}

/// Returns the integral of the triangular quantile from 0 to `u`.
pub fn triangular_integral(lo: f64, mode: f64, hi: f64, u: f64) -> f64 {
    let share = (mode - lo) / (hi - lo);
    let rising = |u: f64| lo * u + 2.0 / 3.0 * u * (u * (hi - lo) * (mode - lo)).sqrt();
    let falling = |v: f64| hi * v - 2.0 / 3.0 * v * (v * (hi - lo) * (hi - mode)).sqrt();
    if u <= share { rising(u) } else { rising(share) + falling(1.0 - share) - falling(1.0 - u) }
}

/// Returns the smallest listed value whose cumulative probability reaches `u`.
pub fn discrete_quantile(values: &[f64], probs: &[f64], u: f64) -> f64 {
    let mut sum = 0.0;
    for (value, prob) in values.iter().zip(probs) {
        sum += prob;
        if u <= sum {
            return *value;
        }
    }
    values.last().copied().unwrap_or(f64::NAN)
}

/// Returns the integral of the discrete quantile from 0 to `u`.
pub fn discrete_integral(values: &[f64], probs: &[f64], u: f64) -> f64 {
    let (mut left, mut total) = (u, 0.0);
    for (value, prob) in values.iter().zip(probs) {
        let part = prob.min(left).max(0.0);
        total += value * part;
        left -= part;
    }
    total
}
