//! The prior over the precision of choice λ.
//!
//! The one idea: λ has the unit 1 / payoff, so a prior that is to suit any model must speak of λ
//! times what is at stake. At 1 the best action is at most e times as likely as the worst one; at
//! 50 a loss of a tenth of the stake makes an action less likely by a factor of 150.

use detente_prob::Prior;
use serde::{Deserialize, Serialize};

/// How precisely players are thought to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LambdaPrior {
    /// The logarithm of λ times the widest range of a player's payoffs is uniform between these.
    PerStake { low: f64, high: f64 },
    /// A prior over λ itself, in 1 / payoff units.
    Given { prior: Prior },
}

impl Default for LambdaPrior {
    fn default() -> LambdaPrior {
        LambdaPrior::PerStake { low: 1.0, high: 50.0 }
    }
}

impl LambdaPrior {
    /// The quantile at `share` where `stake` is the widest range of a player's payoffs.
    pub fn quantile(&self, share: f64, stake: f64) -> f64 {
        match self {
            LambdaPrior::PerStake { low, high } => {
                let unit = if stake > 0.0 { stake } else { 1.0 };
                low * libm::exp(share * libm::log(high / low)) / unit
            }
            LambdaPrior::Given { prior } => prior.quantile(share).max(0.0),
        }
    }

    /// The prior in words, for a sentence.
    pub fn words(&self) -> String {
        match self {
            LambdaPrior::PerStake { low, high } => {
                format!("log-uniform, {low} to {high} per widest range of a payoff")
            }
            LambdaPrior::Given { prior } => {
                let end = |share| crate::words::short(prior.quantile(share));
                format!("as given, 90 % between {} and {} per payoff unit", end(0.05), end(0.95))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_follows_the_stake() {
        let prior = LambdaPrior::default();
        assert!((prior.quantile(0.0, 4.0) - 0.25).abs() < 1e-12);
        assert!((prior.quantile(1.0, 4.0) - 12.5).abs() < 1e-9);
        let given = LambdaPrior::Given { prior: Prior::Uniform { lo: 1.0, hi: 3.0 } };
        assert_eq!(given.quantile(0.5, 100.0), 2.0);
    }
}
