//! Did what was called likely happen as often as the word says? By bin or by word, with n in each.

use crate::error::StatsError;
use crate::score::compare::check;
use serde::Serialize;

/// A span of probabilities with the word for it: `from` inside, `to` outside except for the last band.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// The word, "likely" say, or the span itself.
    pub label: String,
    /// The least probability of the band.
    pub from: f64,
    /// The end of the band.
    pub to: f64,
}

/// One line of a calibration table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Which forecasts.
    pub band: Band,
    /// How many there are.
    pub n: usize,
    /// How many of them came true.
    pub hits: usize,
    /// Their mean probability; `None` if there are none.
    pub said: Option<f64>,
    /// The share that came true; `None` if there are none.
    pub happened: Option<f64>,
    /// Where the true share lies with 95 % confidence, 0 to 1 if there are none.
    pub interval: (f64, f64),
}

impl Bin {
    /// Returns whether the mean probability said lies outside the interval of what happened.
    pub fn off(&self) -> bool {
        self.said.is_some_and(|said| said < self.interval.0 || said > self.interval.1)
    }
}

/// Returns bands of equal width, labelled by their ends in per cent.
pub fn equal_bands(count: usize) -> Vec<Band> {
    let end = |k: usize| k as f64 / count as f64;
    let percent = |p: f64| ((p * 1000.0).round() / 10.0).to_string();
    let label = |k: usize| format!("{} to {} %", percent(end(k)), percent(end(k + 1)));
    (0..count).map(|k| Band { label: label(k), from: end(k), to: end(k + 1) }).collect()
}

/// Returns a line per band, in the order of the bands, and how many forecasts lie in no band.
///
/// The intervals are those of E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference" (1927), with the forecasts taken as independent.
///
/// # Errors
/// No forecasts, or a probability outside [0, 1].
pub fn calibration(forecasts: &[(f64, bool)], bands: &[Band]) -> Result<(Vec<Bin>, usize), StatsError> {
    check(forecasts)?;
    let last = bands.iter().map(|b| b.to).fold(f64::NEG_INFINITY, f64::max);
    let holds = |band: &Band, p: f64| p >= band.from && (p < band.to || (p == band.to && band.to == last));
    let mut members: Vec<Vec<(f64, bool)>> = vec![Vec::new(); bands.len()];
    let mut outside = 0;
    for &forecast in forecasts {
        match bands.iter().position(|band| holds(band, forecast.0)) {
            Some(k) => members[k].push(forecast),
            None => outside += 1,
        }
    }
    let bins = bands.iter().zip(members).map(|(band, members)| {
        let n = members.len();
        let hits = members.iter().filter(|m| m.1).count();
        let some = |x: f64| (n > 0).then(|| x / n as f64);
        Bin {
            band: band.clone(),
            n,
            hits,
            said: some(members.iter().map(|m| m.0).sum()),
            happened: some(hits as f64),
            interval: wilson(hits, n),
        }
    });
    Ok((bins.collect(), outside))
}

/// The Brier score in three parts (A. H. Murphy, "A new vector partition of the probability score", 1973).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decomposition {
    /// How far forecasts of one value were from what happened; 0 is best.
    pub reliability: f64,
    /// How far what happened differed between forecast values; more is better.
    pub resolution: f64,
    /// The variance of what happened, which no forecaster can change.
    pub uncertainty: f64,
}

/// Returns the parts of the mean Brier score: `reliability - resolution + uncertainty` is that score.
///
/// Forecasts are grouped by their exact value, so the identity holds without a remainder. With few
/// forecasts per value both first parts are biased upward by the same noise.
///
/// # Errors
/// No forecasts, or a probability outside [0, 1].
pub fn decompose(forecasts: &[(f64, bool)]) -> Result<Decomposition, StatsError> {
    check(forecasts)?;
    let mut sorted = forecasts.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = forecasts.len() as f64;
    let base = forecasts.iter().filter(|f| f.1).count() as f64 / n;
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let happened = group.iter().filter(|f| f.1).count() as f64 / size;
        reliability += size / n * (group[0].0 - happened) * (group[0].0 - happened);
        resolution += size / n * (happened - base) * (happened - base);
    }
    Ok(Decomposition { reliability, resolution, uncertainty: base * (1.0 - base) })
}

/// The Wilson interval at 95 %.
fn wilson(hits: usize, n: usize) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    if n == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (n as f64, hits as f64 / n as f64);
    let shrink = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / shrink;
    let half = Z / shrink * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    // At the ends the formula gives 0 or 1 but for rounding.
    let low = if hits == 0 { 0.0 } else { centre - half };
    let high = if p == 1.0 { 1.0 } else { centre + half };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::brier;

    fn words() -> Vec<Band> {
        let band = |label: &str, from, to| Band { label: label.into(), from, to };
        vec![band("unlikely", 0.2, 0.45), band("even", 0.45, 0.55), band("likely", 0.55, 0.8)]
    }

    #[test]
    fn each_forecast_counts_in_the_band_of_its_word() {
        let forecasts = [(0.2, false), (0.45, true), (0.55, true), (0.7, false), (0.8, true), (0.1, false)];
        let (bins, outside) = calibration(&forecasts, &words()).unwrap();
        let counts: Vec<(usize, usize)> = bins.iter().map(|b| (b.n, b.hits)).collect();
        assert_eq!(counts, [(1, 0), (1, 1), (3, 2)]);
        assert_eq!(outside, 1);
        assert!((bins[2].said.unwrap() - 2.05 / 3.0).abs() < 1e-15);
        let (none, _) = calibration(&forecasts[..1], &words()).unwrap();
        assert_eq!((none[2].n, none[2].happened, none[2].interval), (0, None, (0.0, 1.0)));
        assert!(!none[2].off());
    }

    #[test]
    fn equal_bands_cover_everything_once() {
        let (bins, outside) =
            calibration(&[(0.0, false), (0.5, true), (1.0, true)], &equal_bands(10)).unwrap();
        assert_eq!(outside, 0);
        assert_eq!(bins.iter().map(|b| b.n).collect::<Vec<_>>(), [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(bins[3].band.label, "30 to 40 %");
        assert!(equal_bands(0).is_empty());
    }

    /// R. G. Newcombe (1998), table I: 81 of 263 and 15 of 148, Wilson score intervals.
    #[test]
    fn published_intervals() {
        let near = |have: (f64, f64), want: (f64, f64)| {
            (have.0 - want.0).abs() < 5e-5 && (have.1 - want.1).abs() < 5e-5
        };
        assert!(near(wilson(81, 263), (0.2553, 0.3662)), "{:?}", wilson(81, 263));
        assert!(near(wilson(15, 148), (0.0624, 0.1605)), "{:?}", wilson(15, 148));
        assert!(near(wilson(0, 20), (0.0, 0.1611)));
    }

    #[test]
    fn a_band_is_off_only_when_noise_cannot_explain_it() {
        let often = vec![(0.3, true); 20];
        let (bins, _) = calibration(&often, &words()).unwrap();
        assert!(bins[0].off());
        let (bins, _) = calibration(&often[..1], &words()).unwrap();
        assert!(!bins[0].off(), "one surprise proves nothing");
    }

    #[test]
    fn the_parts_sum_to_the_score() {
        let forecasts: Vec<(f64, bool)> =
            (0..60u32).map(|i| (f64::from(i * i % 7) / 7.0, i * 5 % 11 < 4)).collect();
        let parts = decompose(&forecasts).unwrap();
        let score = forecasts.iter().map(|&(p, o)| brier(p, o)).sum::<f64>() / 60.0;
        assert!((parts.reliability - parts.resolution + parts.uncertainty - score).abs() < 1e-12);
        let perfect = decompose(&[(1.0, true), (0.0, false)]).unwrap();
        assert_eq!((perfect.reliability, perfect.resolution, perfect.uncertainty), (0.0, 0.25, 0.25));
    }
}
