//! Which ends of a box are worth saying: quasi-p-values of its restrictions.
//!
//! Bryant and Lempert (2010, section 3.2): were the end not there, the box would hold the claim in a
//! share q of its draws; how likely are at least as many draws with the claim as the box has, if each
//! has it with probability q? "Quasi" because the end was chosen on the same draws, so a small value
//! is necessary for an end that matters, not sufficient.

use super::cases::{Cases, Measure, Region};
use serde::Serialize;
use statrs::function::beta::checked_beta_reg;

/// One end of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The least value.
    Low,
    /// The greatest value.
    High,
}

/// One end of a box, and how likely it is to be there by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Restriction {
    /// The input.
    pub column: usize,
    /// Which end.
    pub side: Side,
    /// The end itself.
    pub end: f64,
    /// The quasi-p-value, from 0 to 1.
    pub quasi_p: f64,
    /// What the box would be without this end.
    pub without: Measure,
}

/// Returns all ends of a box with their quasi-p-values, measured among some rows.
pub fn restrictions(cases: &Cases, rows: &[usize], region: &Region) -> Vec<Restriction> {
    let own = cases.measure(&cases.inside(region, rows));
    let mut found = Vec::new();
    for (column, bounds) in region.bounds.iter().enumerate() {
        for (side, end) in [(Side::Low, bounds.low), (Side::High, bounds.high)] {
            let Some(end) = end else { continue };
            let without = cases.measure(&cases.inside(&lifted(region, column, side), rows));
            let quasi_p = at_least(own.hits, own.n, without.density());
            found.push(Restriction { column, side, end, quasi_p, without });
        }
    }
    found
}

/// Lifts the ends of a box whose quasi-p-value is above `level`, the least significant one first.
///
/// The box that remains is larger, covers at least as much, and says only what the draws bear out.
pub fn simplify(cases: &Cases, rows: &[usize], region: &Region, level: f64) -> (Region, Measure) {
    let mut region = region.clone();
    loop {
        let ends = restrictions(cases, rows, &region);
        let weakest = ends.iter().max_by(|a, b| a.quasi_p.total_cmp(&b.quasi_p));
        match weakest {
            Some(end) if end.quasi_p > level => region = lifted(&region, end.column, end.side),
            _ => break,
        }
    }
    let measure = cases.measure(&cases.inside(&region, rows));
    (region, measure)
}

fn lifted(region: &Region, column: usize, side: Side) -> Region {
    let mut region = region.clone();
    match side {
        Side::Low => region.bounds[column].low = None,
        Side::High => region.bounds[column].high = None,
    }
    region
}

/// The probability of at least `hits` successes in `n` trials, by the incomplete beta function.
fn at_least(hits: usize, n: usize, p: f64) -> f64 {
    if hits == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    checked_beta_reg(hits as f64, (n - hits) as f64 + 1.0, p).unwrap_or(f64::NAN).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::cases::Bounds;

    #[test]
    fn binomial_tails() {
        assert!((at_least(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((at_least(5, 5, 0.3) - 0.3f64.powi(5)).abs() < 1e-12);
        assert!((at_least(1, 4, 0.25) - (1.0 - 0.75f64.powi(4))).abs() < 1e-12);
        assert_eq!((at_least(0, 4, 0.2), at_least(2, 4, 0.0), at_least(4, 4, 1.0)), (1.0, 0.0, 1.0));
    }

    #[test]
    fn an_end_that_changes_nothing_is_lifted() {
        let n = 100;
        let columns =
            [(0..n).map(f64::from).collect::<Vec<_>>(), (0..n).map(|i| f64::from(i * 37 % 100)).collect()];
        let holds: Vec<bool> = (0..n).map(|i| i >= 60).collect();
        let cases = Cases::new(&columns, &holds).unwrap();
        let mut region = Region::whole(2);
        region.bounds[0].low = Some(59.5);
        region.bounds[1].high = Some(80.0);
        let ends = restrictions(&cases, &cases.rows(), &region);
        assert!(ends[0].quasi_p < 1e-6 && ends[1].quasi_p == 1.0, "{ends:?}");
        let (simple, measure) = simplify(&cases, &cases.rows(), &region, 0.05);
        assert_eq!(simple.bounds[1], Bounds::default());
        assert_eq!((measure.n, measure.hits), (40, 40));
    }
}
