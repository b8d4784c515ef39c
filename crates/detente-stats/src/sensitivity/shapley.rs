//! Shapley effects: variance shared out fairly among inputs that depend on each other.
//!
//! The effect of an input is the mean, over all orders in which inputs could become known, of the
//! variance it takes away. Effects are never negative in truth and sum to 1, correlated or not
//! (A. B. Owen, "Sobol' indices and Shapley value", 2014). Estimated over random orders by the
//! algorithm of E. Song, B. L. Nelson, J. Staum, "Shapley effects for global sensitivity analysis:
//! theory and computation" (2016): one outer draw and three inner ones per step.
//!
//! The inputs are tied by a Gaussian copula, in which drawing some given the others needs only the
//! triangular factor of the correlations, taken in the right order.

use super::effect::Effect;
use crate::error::{StatsError, all_finite, length, scaled};
use crate::random::order;
use detente_prob::copula::cholesky;
use detente_prob::families::{normal_cdf, normal_quantile};
use detente_prob::uniform;
use serde::Serialize;

/// How far correlations are drawn towards none, so that even perfect ties keep a triangular factor in
/// every order of the inputs. Far below what draws can tell.
const SHRINK: f64 = 1e-6;

/// Which points the model must be asked at.
#[derive(Clone, Debug)]
pub struct ShapleyPlan {
    scores: Vec<Vec<f64>>,
    /// The triangular factor with the inputs in their own order.
    plain: Vec<Vec<f64>>,
    /// Inputs that become known together.
    groups: Vec<Vec<usize>>,
    /// Draws for the variance itself.
    pub variance_draws: usize,
    /// Random orders of the groups; each costs (groups - 1) * outer * inner rows.
    pub orders: usize,
    /// Draws of what is known.
    pub outer: usize,
    /// Draws of what is not, given what is; at least 2.
    pub inner: usize,
    /// The seed of orders and draws.
    pub seed: u64,
}

/// Shapley effects of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShapleyEffects {
    /// The variance that is shared out.
    pub variance: f64,
    /// Effects in the order of the groups, which are single inputs unless planned otherwise; their raw
    /// numbers sum to 1.
    pub effects: Vec<Effect>,
}

impl ShapleyPlan {
    /// Plans for inputs whose normal scores have the given correlations: see [`detente_prob::Copula::scores`].
    /// Defaults: one outer and three inner draws, as many for the variance as for the orders, at least 1000.
    ///
    /// # Errors
    /// No inputs, no orders, or correlations that no distribution has.
    pub fn new(scores: Vec<Vec<f64>>, orders: usize, seed: u64) -> Result<ShapleyPlan, StatsError> {
        let inputs = scores.len();
        for (what, have, want) in [("inputs", inputs, 1), ("orders", orders, 2)] {
            if have < want {
                return Err(StatsError::TooFew { what, have, want });
            }
        }
        let square = scores.iter().all(|row| row.len() == inputs);
        let one = |i: usize| (scores[i][i] - 1.0).abs() < 1e-9;
        let even = |i: usize| (0..i).all(|j| (scores[i][j] - scores[j][i]).abs() < 1e-9);
        if !square || !(0..inputs).all(|i| one(i) && even(i)) || cholesky(&scores).is_none() {
            return Err(StatsError::Setting {
                what: "the correlations",
                range: "ones that can hold at once",
            });
        }
        let shrunk =
            |i: usize, j: usize| if i == j { 1.0 } else { (1.0 - SHRINK) * scores[i.max(j)][i.min(j)] };
        let scores: Vec<Vec<f64>> =
            (0..inputs).map(|i| (0..inputs).map(|j| shrunk(i, j)).collect()).collect();
        let plain = cholesky(&scores).expect("checked above, and drawn away from the singular ones");
        let groups: Vec<Vec<usize>> = (0..inputs).map(|i| vec![i]).collect();
        let variance_draws = (orders * inputs).max(1000);
        Ok(ShapleyPlan { scores, plain, groups, variance_draws, orders, outer: 1, inner: 3, seed })
    }

    /// Lets some inputs become known together: each group then has one effect, and orders are orders of groups.
    ///
    /// # Errors
    /// Groups that leave an input out, name one twice, or name one that does not exist.
    pub fn grouped(mut self, groups: Vec<Vec<usize>>) -> Result<ShapleyPlan, StatsError> {
        let mut named: Vec<usize> = groups.iter().flatten().copied().collect();
        named.sort_unstable();
        let each_once = named.iter().copied().eq(0..self.inputs());
        if !each_once || groups.iter().any(Vec::is_empty) {
            return Err(StatsError::Setting { what: "the groups", range: "every input in one of them" });
        }
        self.variance_draws = (self.orders * groups.len()).max(1000);
        self.groups = groups;
        Ok(self)
    }

    /// Returns the number of inputs.
    pub fn inputs(&self) -> usize {
        self.scores.len()
    }

    /// Returns how often the model must be asked: the variance draws first, then order by order.
    pub fn rows(&self) -> usize {
        self.variance_draws + self.orders * self.rows_per_order()
    }

    /// Returns the rows of one order.
    pub fn rows_per_order(&self) -> usize {
        (self.groups.len() - 1) * self.outer * self.inner
    }

    /// Returns one draw of all inputs for the variance, as numbers in (0, 1) for the priors' quantiles.
    pub fn variance_row(&self, number: usize) -> Vec<f64> {
        let plain: Vec<usize> = (0..self.inputs()).collect();
        let base = number as u64 * self.inputs() as u64;
        let scores: Vec<f64> = (0..self.inputs()).map(|k| self.score("variance", base + k as u64)).collect();
        self.shares(&plain, &self.plain, &scores)
    }

    /// Returns the rows of an order: for each of its steps but the last, for each outer draw, the inner
    /// draws.
    pub fn order_rows(&self, number: usize) -> Vec<Vec<f64>> {
        let inputs = self.inputs();
        // What is known at every step is a tail of the order, so reversed it comes first.
        let turned: Vec<usize> = self.order(number).into_iter().rev().collect();
        let reversed: Vec<usize> = turned.iter().flat_map(|g| self.groups[*g].iter().copied()).collect();
        let factor = self.factor(&reversed);
        let mut rows = Vec::with_capacity(self.rows_per_order());
        let mut address = number as u64 * (self.rows_per_order() * 2 * inputs) as u64;
        let mut next = || {
            address += 1;
            self.score("steps", address)
        };
        let mut unknown = 0;
        for group in turned.iter().skip(1).rev() {
            unknown += self.groups[*group].len();
            for _ in 0..self.outer {
                let known: Vec<f64> = (0..inputs - unknown).map(|_| next()).collect();
                for _ in 0..self.inner {
                    let mut scores = known.clone();
                    scores.extend((0..unknown).map(|_| next()));
                    rows.push(self.shares(&reversed, &factor, &scores));
                }
            }
        }
        rows
    }

    fn order(&self, number: usize) -> Vec<usize> {
        order(self.seed, "orders of inputs", number as u64, self.groups.len())
    }

    /// A standard normal number at an address.
    fn score(&self, purpose: &str, address: u64) -> f64 {
        normal_quantile(uniform(self.seed, purpose, address))
    }

    /// The triangular factor with the inputs in a given order.
    fn factor(&self, order: &[usize]) -> Vec<Vec<f64>> {
        let turned: Vec<Vec<f64>> =
            order.iter().map(|&i| order.iter().map(|&j| self.scores[i][j]).collect()).collect();
        cholesky(&turned).expect("`new` checked the matrix and drew it away from the singular ones")
    }

    /// Ties independent scores and puts them back into the order of the inputs, as shares.
    fn shares(&self, order: &[usize], factor: &[Vec<f64>], scores: &[f64]) -> Vec<f64> {
        let mut shares = vec![0.0; order.len()];
        for (&input, row) in order.iter().zip(factor) {
            let tied: f64 = row.iter().zip(scores).map(|(l, z)| l * z).sum();
            shares[input] = normal_cdf(tied).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        }
        shares
    }
}

/// Estimates the effects from the outputs of all rows: the variance rows, then order by order.
///
/// Intervals are 95 % by the spread over orders; the noise of the variance itself is not in them.
///
/// # Errors
/// Another number of outputs than rows, one that is not finite, fewer than two inner draws, or an
/// output that never changes.
pub fn shapley_effects(plan: &ShapleyPlan, outputs: &[f64]) -> Result<ShapleyEffects, StatsError> {
    const Z: f64 = 1.959_963_984_540_054;
    length("outputs", outputs.len(), plan.rows())?;
    all_finite("the outputs", outputs)?;
    for (what, have, want) in [
        ("orders", plan.orders, 2),
        ("inner draws", plan.inner, 2),
        ("outer draws", plan.outer, 1),
        ("variance draws", plan.variance_draws, 2),
    ] {
        if have < want {
            return Err(StatsError::TooFew { what, have, want });
        }
    }
    let (outputs, unit) = scaled(outputs);
    let (first, rest) = outputs.split_at(plan.variance_draws);
    let whole = sample_variance(first);
    // The variance of equal numbers may be a rounding error instead of 0.
    if whole <= 0.0 || first.iter().all(|y| *y == first[0]) {
        return Err(StatsError::Constant);
    }
    let mut sums = vec![(0.0, 0.0); plan.groups.len()];
    for number in 0..plan.orders {
        let own = &rest[number * plan.rows_per_order()..][..plan.rows_per_order()];
        let mut steps = own.chunks_exact(plan.outer * plan.inner);
        let mut before = 0.0;
        for input in plan.order(number) {
            // The variance left when only the inputs later in the order are known; at the last step
            // none is, so it is the whole.
            let left = steps.next().map_or(whole, |step| {
                step.chunks_exact(plan.inner).map(sample_variance).sum::<f64>() / plan.outer as f64
            });
            let share = (left - before) / whole;
            sums[input].0 += share;
            sums[input].1 += share * share;
            before = left;
        }
    }
    let n = plan.orders as f64;
    let effect = |&(sum, squares): &(f64, f64)| {
        let mean = sum / n;
        let error = ((squares / n - mean * mean).max(0.0) / (n - 1.0)).sqrt();
        Effect::new(mean, mean - Z * error, mean + Z * error)
    };
    Ok(ShapleyEffects { variance: whole * unit * unit, effects: sums.iter().map(effect).collect() })
}

fn sample_variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (n - 1.0)
}
