//! Two kinds of doubt: over draws within a theory, and over theories within a draw.

use super::draws::Drawn;
use crate::shares::quantile;
use serde::Serialize;

/// A number over the draws: quantiles and mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The 5 % quantile.
    pub low: f64,
    /// The 50 % quantile.
    pub middle: f64,
    /// The 95 % quantile.
    pub high: f64,
    pub mean: f64,
}

/// Sums up a list of numbers; `None` if it is empty.
pub fn spread(mut list: Vec<f64>) -> Option<Spread> {
    let mean = list.iter().sum::<f64>() / list.len().max(1) as f64;
    list.sort_by(f64::total_cmp);
    Some(Spread {
        low: quantile(&list, 0.05)?,
        middle: quantile(&list, 0.5)?,
        high: quantile(&list, 0.95)?,
        mean,
    })
}

/// How the doubt about a settlement divides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Doubt {
    /// Lowest and highest median over draws, by theory: doubt about the theory.
    pub over_theories: (f64, f64),
    /// 5 % and 95 % quantile over draws of the mean over theories: doubt about the numbers.
    pub over_draws: (f64, f64),
    /// The share of all variance that lies between theories within a draw. The total variance of a
    /// settlement, with all listed theories weighing alike, is the mean over draws of the variance over
    /// theories plus the variance over draws of the mean over theories.
    pub share_of_theories: f64,
}

/// Divides the doubt about an issue among the listed theories and the draws; `None` with fewer than two
/// theories or two draws.
pub fn doubt(drawn: &[Option<Drawn>], council: usize, listed: &[usize], issue: usize) -> Option<Doubt> {
    let mut means = Vec::new();
    let mut by_theory: Vec<Vec<f64>> = vec![Vec::new(); listed.len()];
    let mut within = 0.0;
    for draw in drawn.iter().flatten() {
        let places: Option<Vec<f64>> = listed.iter().map(|v| draw.place(council, *v, issue)).collect();
        let Some(places) = places else { continue };
        let mean = places.iter().sum::<f64>() / places.len() as f64;
        within += places.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / places.len() as f64;
        means.push(mean);
        by_theory.iter_mut().zip(places).for_each(|(list, x)| list.push(x));
    }
    if listed.len() < 2 || means.len() < 2 {
        return None;
    }
    let count = means.len() as f64;
    let mean = means.iter().sum::<f64>() / count;
    let over_draws = means.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
    let over_theories = within / count;
    let medians: Vec<f64> = by_theory.into_iter().filter_map(|l| spread(l).map(|s| s.middle)).collect();
    let all = spread(means)?;
    let total = over_draws + over_theories;
    Some(Doubt {
        over_theories: (medians.iter().copied().reduce(f64::min)?, medians.iter().copied().reduce(f64::max)?),
        over_draws: (all.low, all.high),
        share_of_theories: if total > 0.0 { over_theories / total } else { 0.0 },
    })
}
