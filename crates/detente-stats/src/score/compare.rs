//! Forecasts beside a base rate: a score means little until it is set against a forecast that knows
//! nothing of the case.

use crate::error::{StatsError, length};
use crate::score::points::{brier, log_loss};
use serde::Serialize;

/// The forecast to beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Base {
    /// One probability for every question, known beforehand.
    Given(f64),
    /// For each question the share of yes among the *other* questions: what their record would have
    /// said. The share among all questions would already know the answer. It needs two questions.
    Others,
}

/// Losses of forecasts and of a base, paired by question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The number of questions.
    pub n: usize,
    /// The mean loss of the forecasts.
    pub mean: f64,
    /// The mean loss of the base.
    pub base: f64,
    /// `1 - mean / base`: 1 is perfect, 0 no better than the base. `None` if the base lost nothing or
    /// a loss is infinite.
    pub skill: Option<f64>,
    /// The mean of (base - forecast), positive where the forecasts are better. `None` if infinite.
    pub gain: Option<f64>,
    /// The standard error of that mean over questions, taken as independent; `None` below two questions.
    pub gain_error: Option<f64>,
}

impl Comparison {
    /// Returns whether the gain is more than two of its standard errors from 0.
    ///
    /// `false` also where the standard error cannot be had: too few questions to tell.
    pub fn distinguishable(&self) -> bool {
        match (self.gain, self.gain_error) {
            (Some(gain), Some(error)) => gain != 0.0 && gain.abs() > 2.0 * error,
            _ => false,
        }
    }
}

/// Compares yes-or-no forecasts with a base, by Brier score and by logarithmic loss, in this order.
///
/// # Errors
/// No forecasts, or a probability outside [0, 1].
pub fn compare_binary(forecasts: &[(f64, bool)], base: Base) -> Result<[Comparison; 2], StatsError> {
    check(forecasts)?;
    let yes = forecasts.iter().filter(|f| f.1).count() as f64;
    let n = forecasts.len();
    let rate = |happened: bool| match base {
        Base::Given(p) => p,
        Base::Others => (yes - f64::from(u8::from(happened))) / (n as f64 - 1.0),
    };
    match base {
        Base::Given(p) if !(0.0..=1.0).contains(&p) => {
            return Err(StatsError::Setting { what: "the base rate", range: "between 0 and 1" });
        }
        Base::Others if n < 2 => return Err(StatsError::TooFew { what: "questions", have: n, want: 2 }),
        _ => {}
    }
    let by = |loss: fn(f64, bool) -> f64| {
        let own: Vec<f64> = forecasts.iter().map(|&(p, o)| loss(p, o)).collect();
        let other: Vec<f64> = forecasts.iter().map(|&(_, o)| loss(rate(o), o)).collect();
        compare_losses(&own, &other)
    };
    Ok([by(brier)?, by(log_loss)?])
}

/// Compares any two lists of losses on the same questions.
///
/// # Errors
/// Lists of different length, empty ones, or a NaN. Infinite losses are allowed.
pub fn compare_losses(own: &[f64], base: &[f64]) -> Result<Comparison, StatsError> {
    length("losses of the base", base.len(), own.len())?;
    let n = own.len();
    if n == 0 {
        return Err(StatsError::TooFew { what: "forecasts", have: 0, want: 1 });
    }
    if let Some(row) = (0..n).find(|&i| own[i].is_nan() || base[i].is_nan()) {
        return Err(StatsError::NotFinite { what: "losses".to_string(), row });
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / n as f64;
    let (own_mean, base_mean) = (mean(own), mean(base));
    let finite = own_mean.is_finite() && base_mean.is_finite();
    let gain = finite.then_some(base_mean - own_mean);
    let gain_error = gain.filter(|_| n > 1).map(|gain| {
        let squares: f64 = own.iter().zip(base).map(|(o, b)| (b - o - gain) * (b - o - gain)).sum();
        (squares / (n as f64 - 1.0) / n as f64).sqrt()
    });
    let skill = (finite && base_mean > 0.0).then(|| 1.0 - own_mean / base_mean);
    Ok(Comparison { n, mean: own_mean, base: base_mean, skill, gain, gain_error })
}

/// Checks that there are forecasts and that each is a probability.
pub(crate) fn check(forecasts: &[(f64, bool)]) -> Result<(), StatsError> {
    if forecasts.is_empty() {
        return Err(StatsError::TooFew { what: "forecasts", have: 0, want: 1 });
    }
    match forecasts.iter().position(|(p, _)| !(0.0..=1.0).contains(p)) {
        Some(row) => Err(StatsError::Probability { row, why: "a probability is not between 0 and 1" }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_given_base_rate() {
        let [brier, log] =
            compare_binary(&[(0.8, true), (0.4, false), (0.9, true)], Base::Given(0.5)).unwrap();
        assert!((brier.mean - (0.04 + 0.16 + 0.01) / 3.0).abs() < 1e-15);
        assert!((brier.skill.unwrap() - (1.0 - 0.07 / 0.25)).abs() < 1e-12);
        assert!((log.base - 2f64.ln()).abs() < 1e-15);
        // Differences 0.21, 0.09, 0.24: mean 0.18, standard deviation 0.0794.
        assert!((brier.gain_error.unwrap() - (0.0063f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(brier.distinguishable());
    }

    #[test]
    fn the_others_record_does_not_know_the_answer() {
        let forecasts = [(0.5, true), (0.5, false), (0.5, false)];
        let [brier, log] = compare_binary(&forecasts, Base::Others).unwrap();
        // 0 of the other two for the yes, 1 of 2 for each no.
        assert!((brier.base - (1.0 + 0.25 + 0.25) / 3.0).abs() < 1e-15);
        assert!(log.base.is_infinite() && log.skill.is_none() && !log.distinguishable());
        assert!(compare_binary(&forecasts[..1], Base::Others).is_err());
    }

    #[test]
    fn noise_is_not_called_a_gain() {
        let [brier, _] = compare_binary(&[(0.6, true), (0.6, false)], Base::Given(0.5)).unwrap();
        assert!(!brier.distinguishable());
        let [one, _] = compare_binary(&[(1.0, true)], Base::Given(0.5)).unwrap();
        assert_eq!((one.skill, one.gain_error, one.distinguishable()), (Some(1.0), None, false));
        assert!(compare_binary(&[], Base::Given(0.5)).is_err());
        assert!(compare_binary(&[(1.2, true)], Base::Given(0.5)).is_err());
        assert!(compare_binary(&[(0.2, true)], Base::Given(-0.5)).is_err());
        assert!(compare_losses(&[0.1], &[f64::NAN]).is_err());
    }
}
