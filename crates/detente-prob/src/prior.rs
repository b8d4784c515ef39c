//! The prior as plain data: a family and its parameters.
//!
//! Every quantity has a closed form or a bracketed root; the one idea is the
//! *partial mean* `E[X; X <= x]`, from which means, truncated means and the
//! means of equal-probability cells all follow.

use crate::families as f;
use serde::{Deserialize, Serialize};

/// The analyst's doubt about one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "family", rename_all = "lowercase")]
pub enum Prior {
    /// Every value between `lo` and `hi` alike.
    Uniform { lo: f64, hi: f64 },
    /// The bell curve.
    Normal { mean: f64, sd: f64 },
    /// The logarithm is normal with mean `mu` and standard deviation `sigma`.
    Lognormal { mu: f64, sigma: f64 },
    /// On [0, 1], mean `a / (a + b)`.
    Beta { a: f64, b: f64 },
    /// On (0, inf), mean `shape * scale`.
    Gamma { shape: f64, scale: f64 },
    /// Rises in a straight line from `lo` to `mode`, falls to `hi`.
    Triangular { lo: f64, mode: f64, hi: f64 },
    /// The beta distribution on [lo, hi] with mean `(lo + 4 mode + hi) / 6`
    /// (Malcolm, Roseboom, Clark, Fazar, "Application of a technique for research
    /// and development program evaluation", Operations Research 1959).
    Pert { lo: f64, mode: f64, hi: f64 },
    /// Finitely many values with their probabilities, values ascending.
    Discrete { values: Vec<f64>, probs: Vec<f64> },
    /// A prior conditioned on lying in [lo, hi].
    Truncated { prior: Box<Prior>, lo: f64, hi: f64 },
    /// `lo to hi`: the 5 % and the 95 % quantile; lognormal if `lo > 0`, else normal.
    Interval { lo: f64, hi: f64 },
}

impl Prior {
    /// Returns the smallest closed interval that holds all values; ends may be infinite.
    pub fn support(&self) -> (f64, f64) {
        match self {
            Prior::Uniform { lo, hi } | Prior::Triangular { lo, hi, .. } | Prior::Pert { lo, hi, .. } => {
                (*lo, *hi)
            }
            Prior::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Prior::Lognormal { .. } | Prior::Gamma { .. } => (0.0, f64::INFINITY),
            Prior::Beta { .. } => (0.0, 1.0),
            Prior::Discrete { values, .. } => {
                (values.first().copied().unwrap_or(f64::NAN), values.last().copied().unwrap_or(f64::NAN))
            }
            Prior::Truncated { prior, lo, hi } => {
                let (a, b) = prior.support();
                (a.max(*lo), b.min(*hi))
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).support(),
        }
    }

    /// Returns true if the ends of the support are values that can be drawn.
    ///
    /// A density touches its ends with probability zero; a discrete prior reaches them.
    pub fn reaches_ends(&self) -> bool {
        match self {
            Prior::Discrete { .. } => true,
            Prior::Truncated { prior, .. } => prior.reaches_ends(),
            _ => false,
        }
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        match self {
            Prior::Uniform { lo, hi } => lo + (hi - lo) / 2.0,
            Prior::Normal { mean, .. } => *mean,
            Prior::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Prior::Beta { a, b } => a / (a + b),
            Prior::Gamma { shape, scale } => shape * scale,
            Prior::Triangular { lo, mode, hi } => (lo + mode + hi) / 3.0,
            Prior::Pert { lo, mode, hi } => (lo + 4.0 * mode + hi) / 6.0,
            Prior::Discrete { values, probs } => values.iter().zip(probs).map(|(v, p)| v * p).sum(),
            Prior::Truncated { .. } => {
                let (lo, hi) = self.support();
                within(self.quantile_integral(1.0), lo, hi)
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).mean(),
        }
    }

    /// Returns the standard deviation; the integral of the squared quantile where there is no closed form.
    pub fn sd(&self) -> f64 {
        match self {
            Prior::Uniform { lo, hi } => (hi - lo) / 12f64.sqrt(),
            Prior::Normal { sd, .. } => *sd,
            Prior::Lognormal { sigma, .. } => self.mean() * libm::expm1(sigma * sigma).sqrt(),
            Prior::Beta { a, b } => (a * b / (a + b + 1.0)).sqrt() / (a + b),
            Prior::Gamma { shape, scale } => shape.sqrt() * scale,
            Prior::Triangular { lo, mode, hi } => {
                let (left, right) = (mode - lo, hi - mode);
                ((left * left + left * right + right * right) / 18.0).sqrt()
            }
            Prior::Pert { lo, mode, hi } => {
                let (a, b) = f::pert_shapes(*lo, *mode, *hi);
                (hi - lo) * Prior::Beta { a, b }.sd()
            }
            Prior::Discrete { values, probs } => {
                let mean = self.mean();
                values.iter().zip(probs).map(|(v, p)| p * (v - mean) * (v - mean)).sum::<f64>().sqrt()
            }
            Prior::Truncated { .. } => {
                let cells = self.cells(256);
                let mean = self.mean();
                (cells.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 256.0).sqrt()
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).sd(),
        }
    }

    /// Returns the probability of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let (lo, hi) = self.support();
        if x < lo {
            return 0.0;
        }
        if x >= hi {
            return 1.0;
        }
        match self {
            Prior::Uniform { lo, hi } => (x - lo) / (hi - lo),
            Prior::Normal { mean, sd } => f::normal_cdf((x - mean) / sd),
            Prior::Lognormal { .. } if x <= 0.0 => 0.0,
            Prior::Lognormal { mu, sigma } => f::normal_cdf((libm::log(x) - mu) / sigma),
            Prior::Beta { a, b } => f::beta_cdf(*a, *b, x),
            Prior::Gamma { shape, scale } => f::gamma_cdf(*shape, x / scale),
            Prior::Triangular { lo, mode, hi } => f::triangular_cdf(*lo, *mode, *hi, x),
            Prior::Pert { lo, mode, hi } => {
                let (a, b) = f::pert_shapes(*lo, *mode, *hi);
                f::beta_cdf(a, b, (x - lo) / (hi - lo))
            }
            Prior::Discrete { values, probs } => {
                values.iter().zip(probs).filter(|(v, _)| **v <= x).map(|(_, p)| p).sum::<f64>().min(1.0)
            }
            Prior::Truncated { prior, lo, hi } => {
                let (below, above) = f::truncation(prior, *lo, *hi);
                ((prior.cdf(x) - below) / (above - below)).clamp(0.0, 1.0)
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).cdf(x),
        }
    }

    /// Returns the value below which a share `u` of the probability lies. `u` is clamped to [0, 1].
    pub fn quantile(&self, u: f64) -> f64 {
        let (lo, hi) = self.support();
        if u.is_nan() {
            return f64::NAN;
        }
        if u <= 0.0 {
            return lo;
        }
        if u >= 1.0 {
            return hi;
        }
        let x = match self {
            Prior::Uniform { lo, hi } => lo + (hi - lo) * u,
            Prior::Normal { mean, sd } => mean + sd * f::normal_quantile(u),
            Prior::Lognormal { mu, sigma } => libm::exp(mu + sigma * f::normal_quantile(u)),
            Prior::Beta { a, b } => f::beta_quantile(*a, *b, u),
            Prior::Gamma { shape, scale } => scale * f::gamma_quantile(*shape, u),
            Prior::Triangular { lo, mode, hi } => f::triangular_quantile(*lo, *mode, *hi, u),
            Prior::Pert { lo, mode, hi } => {
                let (a, b) = f::pert_shapes(*lo, *mode, *hi);
                lo + (hi - lo) * f::beta_quantile(a, b, u)
            }
            Prior::Discrete { values, probs } => f::discrete_quantile(values, probs, u),
            Prior::Truncated { prior, lo, hi } => {
                let (below, above) = f::truncation(prior, *lo, *hi);
                prior.quantile(below + u * (above - below))
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).quantile(u),
        };
        within(x, lo, hi)
    }

    /// Returns the integral of the quantile function from 0 to `u`: the part of
    /// the mean that the lowest share `u` contributes.
    pub fn quantile_integral(&self, u: f64) -> f64 {
        if u <= 0.0 {
            return 0.0;
        }
        let x = self.quantile(u);
        match self {
            _ if u >= 1.0 && !matches!(self, Prior::Truncated { .. }) => self.mean(),
            Prior::Uniform { lo, hi } => u * (lo + (hi - lo) * u / 2.0),
            Prior::Normal { mean, sd } => mean * u - sd * f::normal_density(f::normal_quantile(u)),
            Prior::Lognormal { sigma, .. } => self.mean() * f::normal_cdf(f::normal_quantile(u) - sigma),
            Prior::Beta { a, b } => self.mean() * f::beta_cdf(a + 1.0, *b, x),
            Prior::Gamma { shape, scale } => self.mean() * f::gamma_cdf(shape + 1.0, x / scale),
            Prior::Triangular { lo, mode, hi } => f::triangular_integral(*lo, *mode, *hi, u),
            Prior::Pert { lo, mode, hi } => {
                let (a, b) = f::pert_shapes(*lo, *mode, *hi);
                lo * u + (hi - lo) * Prior::Beta { a, b }.quantile_integral(u)
            }
            Prior::Discrete { values, probs } => f::discrete_integral(values, probs, u),
            Prior::Truncated { prior, lo, hi } => {
                let (below, above) = f::truncation(prior, *lo, *hi);
                let upper = below + u.min(1.0) * (above - below);
                (prior.quantile_integral(upper) - prior.quantile_integral(below)) / (above - below)
            }
            Prior::Interval { lo, hi } => f::interval(*lo, *hi).quantile_integral(u),
        }
    }

    /// Returns `n` cells of equal probability, each at its conditional mean, ascending.
    pub fn cells(&self, n: usize) -> Vec<f64> {
        let share = |k: usize| k as f64 / n as f64;
        if let Prior::Uniform { lo, hi } = self {
            return (0..n).map(|k| lo + (hi - lo) * (2 * k + 1) as f64 / (2 * n) as f64).collect();
        }
        let parts: Vec<f64> = (0..=n).map(|k| self.quantile_integral(share(k))).collect();
        (0..n)
            .map(|k| {
                let (low, high) = (self.quantile(share(k)), self.quantile(share(k + 1)));
                within((parts[k + 1] - parts[k]) * n as f64, low, high)
            })
            .collect()
    }
}

/// Clamps without a panic where an end is not a number.
fn within(x: f64, lo: f64, hi: f64) -> f64 {
    if x < lo {
        lo
    } else if x > hi {
        hi
    } else {
        x
    }
}
