//! The points at which a model must be asked for Sobol' indices: Saltelli's design.
//!
//! A. Saltelli and others, "Variance based sensitivity analysis of model output", Computer Physics
//! Communications 181 (2010): two tables A and B of N points, and for each input the table A with that
//! one column from B; N (d + 2) rows in all.
//!
//! Rows are numbered so that those of one base point follow each other: A, the d mixed ones, B. So any
//! stretch of whole base points can be computed on its own, and a longer run begins with a shorter one.

use crate::error::StatsError;
use detente_prob::{Sobol, uniform};

/// Saltelli's design for a number of inputs.
#[derive(Clone, Debug)]
pub struct Design {
    inputs: usize,
    seed: u64,
    /// `None` where there are more columns than Sobol' dimensions.
    points: Option<Sobol>,
}

impl Design {
    /// Prepares a design. It uses scrambled Sobol' points in twice as many dimensions as inputs, and
    /// random points where there are not that many ([`Design::is_random`] tells).
    ///
    /// # Errors
    /// No inputs.
    pub fn new(inputs: usize, seed: u64) -> Result<Design, StatsError> {
        if inputs == 0 {
            return Err(StatsError::TooFew { what: "inputs", have: 0, want: 1 });
        }
        Ok(Design { inputs, seed, points: Sobol::new(2 * inputs, seed).ok() })
    }

    /// Returns whether the points are random instead of Sobol' points.
    pub fn is_random(&self) -> bool {
        self.points.is_none()
    }

    /// Returns the number of rows per base point.
    pub fn rows_per_point(&self) -> usize {
        self.inputs + 2
    }

    /// Returns a row: for each input a number in (0, 1), to be put through its prior's quantile.
    pub fn row(&self, row: u64) -> Vec<f64> {
        let per = self.rows_per_point() as u64;
        let (point, part) = (row / per, (row % per) as usize);
        let share = |input: usize| {
            let from_b = part == self.inputs + 1 || part == input + 1;
            self.share(point, if from_b { self.inputs + input } else { input })
        };
        (0..self.inputs).map(share).collect()
    }

    fn share(&self, point: u64, dimension: usize) -> f64 {
        match &self.points {
            Some(points) => points.share(point, dimension),
            None => uniform(self.seed, &format!("design {dimension}"), point),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_rows_take_one_column_from_b() {
        for inputs in [3, 300] {
            let design = Design::new(inputs, 5).unwrap();
            assert_eq!(design.is_random(), inputs == 300);
            let per = design.rows_per_point() as u64;
            let a = design.row(7 * per);
            let b = design.row(7 * per + per - 1);
            for input in 0..inputs {
                let mixed = design.row(7 * per + 1 + input as u64);
                for other in 0..inputs {
                    assert_eq!(mixed[other], if other == input { b[other] } else { a[other] });
                }
                assert_ne!(a[input], b[input]);
            }
        }
        assert!(Design::new(0, 1).is_err());
    }
}
