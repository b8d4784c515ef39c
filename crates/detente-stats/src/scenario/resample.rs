//! Would other draws have restricted the same inputs? The resampling test of a box.
//!
//! Bryant and Lempert (2010, section 3.2): PRIM is run again on random halves of the draws, and of each
//! run the box nearest in coverage, and the one nearest in density, to the box under test is taken. An
//! input that few of them restrict is there by the luck of the draw.

use super::cases::{Cases, Measure};
use super::prim::{PrimSettings, Trajectory, find_box};
use crate::error::StatsError;
use crate::random::order;
use serde::Serialize;

/// How often each input was restricted again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reproduced {
    /// Per input, the share of halves whose box of nearest coverage restricts it.
    pub by_coverage: Vec<f64>,
    /// Per input, the share of halves whose box of nearest density restricts it.
    pub by_density: Vec<f64>,
    /// The halves used. Those in which the claim held always or never are left out.
    pub halves: usize,
}

/// Tests a box of some measure on random halves of all draws.
///
/// # Errors
/// As [`find_box`], or no half in which the claim holds sometimes.
pub fn reproduce(
    cases: &Cases,
    settings: &PrimSettings,
    tested: &Measure,
    repeats: usize,
    seed: u64,
) -> Result<Reproduced, StatsError> {
    let mut by_coverage = vec![0.0; cases.inputs()];
    let mut by_density = vec![0.0; cases.inputs()];
    let mut halves = 0;
    for number in 0..repeats as u64 {
        let mut half = order(seed, "halves of the draws", number, cases.len());
        half.truncate(cases.len() / 2);
        let columns: Vec<Vec<f64>> = (0..cases.inputs())
            .map(|column| half.iter().map(|&row| cases.value(column, row)).collect())
            .collect();
        let holds: Vec<bool> = half.iter().map(|&row| cases.holds(row)).collect();
        let Ok(part) = Cases::new(&columns, &holds) else { continue };
        let trajectory = find_box(&part, &part.rows(), settings)?;
        halves += 1;
        count(&mut by_coverage, &trajectory, |m| (m.coverage() - tested.coverage()).abs());
        count(&mut by_density, &trajectory, |m| (m.density() - tested.density()).abs());
    }
    if halves == 0 {
        return Err(StatsError::TooFew {
            what: "halves in which the claim holds sometimes",
            have: 0,
            want: 1,
        });
    }
    for share in by_coverage.iter_mut().chain(&mut by_density) {
        *share /= halves as f64;
    }
    Ok(Reproduced { by_coverage, by_density, halves })
}

/// Counts the inputs that the box at the least distance restricts; of equal ones the first box.
fn count(counts: &mut [f64], trajectory: &Trajectory, distance: impl Fn(&Measure) -> f64) {
    let nearest = trajectory.boxes.iter().min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)));
    if let Some((region, _)) = nearest {
        for (count, bounds) in counts.iter_mut().zip(&region.bounds) {
            *count += f64::from(u8::from(!bounds.open()));
        }
    }
}
