//! How noise enters choices: the named error models.
//!
//! The one idea: a player takes the action with the highest expected payoff plus a shock; who draws
//! the shock, and where, makes the model. λ is the precision: the shocks' scale is 1 / λ.

use crate::dual::{Dual, log_sum};
use serde::{Deserialize, Serialize};

/// The error models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shocks {
    /// A shock per action, extreme-value: agent logit quantal response (McKelvey and Palfrey,
    /// "Quantal Response Equilibria for Extensive Form Games", Experimental Economics 1998).
    Logit,
    /// A normal shock per action, standard deviation 1 / λ: agent error of the strategic probit
    /// (Signorino, "Strategic Interaction and the Statistical Analysis of International Conflict",
    /// American Political Science Review 1999).
    Probit,
    /// A normal shock on each player's payoff at each end of play, standard deviation 1 / λ, known
    /// to that player alone: private information (Signorino, "Structure and Uncertainty in Discrete
    /// Choice Models", Political Analysis 2003). No player may move twice in one play.
    Private,
}

impl Shocks {
    /// The model's name as options write it.
    pub fn name(self) -> &'static str {
        match self {
            Shocks::Logit => "logit",
            Shocks::Probit => "probit",
            Shocks::Private => "private",
        }
    }

    /// What it assumes, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Shocks::Logit => "an extreme-value shock per action (agent logit quantal response)",
            Shocks::Probit => "a normal shock per action, standard deviation 1/λ (agent error)",
            Shocks::Private => {
                "a normal shock on each own payoff at each end of play, standard deviation 1/λ, \
                 privately known (private information)"
            }
        }
    }

    /// Logarithms of the choice probabilities. `worth[a]` is the expected payoff of action `a`;
    /// `squares[a]` the sum of squared probabilities of the ends of play after it.
    pub fn choose(self, worth: &[Dual], squares: &[Dual], lambda: &Dual) -> Vec<Dual> {
        match self {
            Shocks::Logit => {
                let scaled: Vec<Dual> = worth.iter().map(|u| u.times(lambda)).collect();
                let sum = log_sum(&scaled);
                scaled.iter().map(|u| u.minus(&sum)).collect()
            }
            Shocks::Probit => {
                let one = vec![Dual::of(1.0); worth.len()];
                normal(worth, &one, lambda)
            }
            Shocks::Private => normal(worth, squares, lambda),
        }
    }
}

/// Choice where the shock of action `a` is normal with variance `variance[a]` / λ².
fn normal(worth: &[Dual], variance: &[Dual], lambda: &Dual) -> Vec<Dual> {
    match worth.len() {
        1 => vec![Dual::of(0.0)],
        2 => {
            let gap = worth[1].minus(&worth[0]).times(lambda);
            let score = gap.over(&variance[0].plus(&variance[1]).root());
            let back = score.through(-score.value, -1.0);
            vec![log_normal(&back), log_normal(&score)]
        }
        n => {
            let spread: Vec<Dual> = variance.iter().map(Dual::root).collect();
            let raw: Vec<Dual> = (0..n).map(|a| one_of_many(a, worth, &spread, lambda)).collect();
            // The quadrature leaves a sum that is 1 but for its error.
            let sum = log_sum(&raw);
            raw.iter().map(|l| l.minus(&sum)).collect()
        }
    }
}

/// The probability that action `a` is best: an integral over its own shock z, by the trapezoidal
/// rule, which for a smooth integrand that vanishes like a normal density converges geometrically
/// (Trefethen and Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 2014).
fn one_of_many(a: usize, worth: &[Dual], spread: &[Dual], lambda: &Dual) -> Dual {
    const STEP: f64 = 0.125;
    const ENDS: i32 = 72;
    let terms: Vec<Dual> = (-ENDS..=ENDS)
        .map(|k| {
            let z = f64::from(k) * STEP;
            let mut sum = Dual::of(-0.5 * z * z);
            for b in (0..worth.len()).filter(|b| *b != a) {
                let lead = worth[a].minus(&worth[b]).times(lambda);
                let own = spread[a].through(spread[a].value * z, z);
                sum = sum.plus(&log_normal(&lead.plus(&own).over(&spread[b])));
            }
            sum
        })
        .collect();
    let total = log_sum(&terms);
    total.through(total.value + libm::log(STEP) - HALF_LOG_TAU, 1.0)
}

/// ln √(2π).
const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_8;

/// The logarithm of the standard normal distribution function.
pub fn log_normal(x: &Dual) -> Dual {
    let value = log_phi(x.value);
    // The derivative is the inverse Mills ratio, by logarithms: neither part may underflow.
    let slope = libm::exp(-0.5 * x.value * x.value - HALF_LOG_TAU - value);
    x.through(value, slope)
}

/// ln Φ(x), accurate in both tails.
pub fn log_phi(x: f64) -> f64 {
    if x > -14.0 {
        if x > 0.0 {
            return libm::log1p(-0.5 * libm::erfc(x / std::f64::consts::SQRT_2));
        }
        return libm::log(0.5 * libm::erfc(-x / std::f64::consts::SQRT_2));
    }
    // The asymptotic series of the Mills ratio; its error is below the first term left out.
    let r = 1.0 / (x * x);
    let series = 1.0 - r * (1.0 - 3.0 * r * (1.0 - 5.0 * r * (1.0 - 7.0 * r * (1.0 - 9.0 * r))));
    -0.5 * x * x - libm::log(-x) - HALF_LOG_TAU + libm::log(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_tail_is_smooth_where_formulas_meet() {
        let (a, b) = (log_phi(-13.999_999), log_phi(-14.000_001));
        assert!((a - b - 28.142e-6).abs() < 1e-6, "{a} {b}");
        assert!((log_phi(-1.96) - 0.024_997_895_148_220_43f64.ln()).abs() < 1e-12);
        assert!((log_phi(8.0) + 6.220_960_574_271_785e-16).abs() < 1e-20);
    }

    #[test]
    fn three_equal_actions_share_and_two_of_many_are_two() {
        let u = |x: f64| Dual::of(x);
        let third = Shocks::Probit.choose(&[u(1.0), u(1.0), u(1.0)], &[], &u(2.0));
        assert!(third.iter().all(|l| (l.value + 3f64.ln()).abs() < 1e-12), "{third:?}");
        // A third action that is hopeless changes nothing.
        let two = Shocks::Probit.choose(&[u(0.0), u(0.7)], &[], &u(1.5));
        let three = Shocks::Probit.choose(&[u(0.0), u(0.7), u(-90.0)], &[], &u(1.5));
        assert!((two[1].value - three[1].value).abs() < 1e-10, "{two:?} {three:?}");
    }

    #[test]
    fn three_normal_shocks_have_the_known_derivative() {
        let p = |x: f64| {
            let list = [Dual::variable(x, 0, 1), Dual::of(0.2), Dual::of(-0.4)];
            Shocks::Probit.choose(&list, &[], &Dual::of(1.3))[0].clone()
        };
        let h = 1e-5;
        let slope = (p(0.3 + h).value - p(0.3 - h).value) / (2.0 * h);
        assert!((p(0.3).by(0) - slope).abs() < 1e-8, "{slope} {:?}", p(0.3));
    }
}
