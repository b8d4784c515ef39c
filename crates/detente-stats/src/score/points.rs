//! Scores of a forecast over a few outcomes: yes or no, several, or several in order.

use crate::error::StatsError;

/// How far probabilities may sum from 1 by rounding in print.
const SUM_SLACK: f64 = 1e-6;

/// Returns the Brier score of a yes-or-no forecast, `(p - o)^2`, from 0 to 1 for a probability `p`.
///
/// G. W. Brier, "Verification of forecasts expressed in terms of probability" (1950), whose own form
/// sums over both outcomes and is twice this; [`brier_many`] is that form.
pub fn brier(p: f64, happened: bool) -> f64 {
    let miss = if happened { 1.0 - p } else { p };
    miss * miss
}

/// Returns the logarithmic loss of a yes-or-no forecast, in nats (I. J. Good, "Rational decisions", 1952).
///
/// Infinite if what happened was given no probability.
pub fn log_loss(p: f64, happened: bool) -> f64 {
    if happened { surprise(p) } else { -libm::log1p(-p) + 0.0 }
}

/// Returns the Brier score over several outcomes, `sum (p_k - o_k)^2`, from 0 to 2.
///
/// # Errors
/// Probabilities outside [0, 1] or not summing to 1, or an outcome that is not in the list.
pub fn brier_many(probs: &[f64], outcome: usize) -> Result<f64, StatsError> {
    check(probs, outcome)?;
    let miss = |(k, p): (usize, &f64)| if k == outcome { 1.0 - p } else { *p };
    Ok(probs.iter().enumerate().map(miss).map(|m| m * m).sum())
}

/// Returns the logarithmic loss over several outcomes, in nats.
///
/// # Errors
/// As [`brier_many`].
pub fn log_loss_many(probs: &[f64], outcome: usize) -> Result<f64, StatsError> {
    check(probs, outcome)?;
    Ok(surprise(probs[outcome]))
}

/// Returns the ranked probability score of outcomes that stand in an order, from 0 to their number
/// less one: the squared misses of the probabilities of "this or lower", summed.
///
/// E. S. Epstein, "A scoring system for probability forecasts of ranked categories" (1969), in the form
/// of A. H. Murphy (1971). Divide by the number of outcomes less one for a score from 0 to 1.
///
/// # Errors
/// As [`brier_many`].
pub fn ranked(probs: &[f64], outcome: usize) -> Result<f64, StatsError> {
    check(probs, outcome)?;
    let mut upto = 0.0;
    let mut score = 0.0;
    for (k, p) in probs.iter().enumerate().take(probs.len() - 1) {
        upto += p;
        let miss = upto - f64::from(u8::from(k >= outcome));
        score += miss * miss;
    }
    Ok(score)
}

/// Returns the baseline score of Metaculus, a gain: 100 for certainty, 0 for equal chances.
///
/// `100 ln(p n) / ln n` for the probability `p` given to what happened among `n` outcomes.
///
/// # Errors
/// As [`brier_many`], or fewer than two outcomes.
pub fn baseline(probs: &[f64], outcome: usize) -> Result<f64, StatsError> {
    check(probs, outcome)?;
    if probs.len() < 2 {
        return Err(StatsError::TooFew { what: "outcomes", have: probs.len(), want: 2 });
    }
    let n = libm::log(probs.len() as f64);
    Ok(100.0 * (1.0 - surprise(probs[outcome]) / n))
}

/// The loss of the logarithmic score; never minus zero.
fn surprise(p: f64) -> f64 {
    -libm::log(p) + 0.0
}

fn check(probs: &[f64], outcome: usize) -> Result<(), StatsError> {
    if outcome >= probs.len() {
        return Err(StatsError::Length { what: "probabilities", have: probs.len(), want: outcome + 1 });
    }
    if probs.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::Probability { row: 0, why: "a probability is not between 0 and 1" });
    }
    if (probs.iter().sum::<f64>() - 1.0).abs() > SUM_SLACK {
        return Err(StatsError::Probability { row: 0, why: "the probabilities do not sum to 1" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    /// `scoringrules` 0.10.0: `brier_score`, `log_score`.
    #[test]
    fn yes_or_no() {
        assert!(near(brier(0.73, true), 0.0729) && near(brier(0.73, false), 0.5329));
        assert!(near(log_loss(0.73, true), 0.314_710_744_839_700_24));
        assert!(near(log_loss(0.73, false), 1.309_333_319_983_762_3));
        assert_eq!(log_loss(0.0, true), f64::INFINITY);
        assert_eq!(log_loss(1.0, true).to_bits(), 0f64.to_bits());
        assert_eq!(log_loss(0.0, false).to_bits(), 0f64.to_bits());
    }

    /// `scoringrules` 0.10.0: `rps_score` of one forecast for each outcome.
    #[test]
    fn in_order() {
        let probs = [0.1, 0.25, 0.4, 0.2, 0.05];
        for (outcome, want) in [1.2975, 0.4975, 0.1975, 0.6975, 1.5975].into_iter().enumerate() {
            assert!(near(ranked(&probs, outcome).unwrap(), want), "{outcome}");
        }
        assert_eq!(ranked(&[0.0, 0.0, 1.0], 0), Ok(2.0));
        assert_eq!(ranked(&[1.0], 0), Ok(0.0));
    }

    #[test]
    fn several() {
        assert!(near(brier_many(&[0.2, 0.5, 0.3], 1).unwrap(), 0.04 + 0.25 + 0.09));
        assert!(near(brier_many(&[0.3, 0.7], 1).unwrap(), 2.0 * brier(0.7, true)));
        assert!(near(log_loss_many(&[0.2, 0.5, 0.3], 1).unwrap(), 2f64.ln()));
        assert!(near(baseline(&[0.25; 4], 2).unwrap(), 0.0));
        assert!(near(baseline(&[0.0, 1.0], 1).unwrap(), 100.0));
        // Two outcomes, 0.8 on the right one: 100 (1 + log2 0.8).
        assert!(near(baseline(&[0.2, 0.8], 1).unwrap(), 67.807_190_511_263_77));
    }

    /// The expected loss is least for the probability held.
    #[test]
    fn the_scores_are_proper() {
        for held in [0.05, 0.3, 0.5, 0.9] {
            let expected = |loss: fn(f64, bool) -> f64, said: f64| {
                held * loss(said, true) + (1.0 - held) * loss(said, false)
            };
            for loss in [brier as fn(f64, bool) -> f64, log_loss] {
                for said in (1..100).map(|k| f64::from(k) / 100.0) {
                    assert!(expected(loss, said) >= expected(loss, held) - 1e-12, "{held} {said}");
                }
            }
        }
    }

    #[test]
    fn bad_forecasts_are_refused() {
        assert!(brier_many(&[0.5, 0.4], 0).is_err());
        assert!(ranked(&[0.5, 0.5], 2).is_err());
        assert!(log_loss_many(&[1.5, -0.5], 0).is_err());
        assert!(log_loss_many(&[f64::NAN, 1.0], 0).is_err());
        assert!(baseline(&[1.0], 0).is_err());
        assert!(ranked(&[], 0).is_err());
    }
}
