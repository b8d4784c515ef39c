//! A table of draws with the verdict of a claim on each, boxes in it, and how a box is measured.
//!
//! Every draw counts the same. Inputs are numbers; an input without an order is one column of 0 and 1
//! for each of its values.

use crate::error::{StatsError, all_finite, length};
use serde::Serialize;

/// Draws by column, and whether the claim holds in each.
#[derive(Clone, Copy, Debug)]
pub struct Cases<'a> {
    columns: &'a [Vec<f64>],
    holds: &'a [bool],
}

impl<'a> Cases<'a> {
    /// Takes a table whose columns are the inputs.
    ///
    /// # Errors
    /// No draws, columns of another length than the verdicts, values that are not finite, or a claim
    /// that holds in every draw or in none.
    pub fn new(columns: &'a [Vec<f64>], holds: &'a [bool]) -> Result<Cases<'a>, StatsError> {
        if holds.is_empty() {
            return Err(StatsError::TooFew { what: "draws", have: 0, want: 1 });
        }
        for (number, column) in columns.iter().enumerate() {
            length("a column", column.len(), holds.len())?;
            all_finite(&format!("column {number}"), column)?;
        }
        match holds.iter().filter(|&&h| h).count() {
            0 => Err(StatsError::OneSided { always: false }),
            hits if hits == holds.len() => Err(StatsError::OneSided { always: true }),
            _ => Ok(Cases { columns, holds }),
        }
    }

    /// Returns the number of draws.
    pub fn len(&self) -> usize {
        self.holds.len()
    }

    /// Returns whether there are no draws; never so.
    pub fn is_empty(&self) -> bool {
        self.holds.is_empty()
    }

    /// Returns the number of inputs.
    pub fn inputs(&self) -> usize {
        self.columns.len()
    }

    /// Returns the value of an input in a draw.
    pub fn value(&self, column: usize, row: usize) -> f64 {
        self.columns[column][row]
    }

    /// Returns whether the claim holds in a draw.
    pub fn holds(&self, row: usize) -> bool {
        self.holds[row]
    }

    /// Counts the draws among some rows in which the claim holds.
    pub fn hits(&self, rows: &[usize]) -> usize {
        rows.iter().filter(|&&row| self.holds[row]).count()
    }

    /// Returns those of some rows that lie in a box.
    pub fn inside(&self, region: &Region, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|&row| region.contains(|column| self.columns[column][row])).collect()
    }

    /// Measures a set of rows against all draws.
    pub fn measure(&self, rows: &[usize]) -> Measure {
        let all_hits = self.holds.iter().filter(|&&h| h).count();
        Measure { n: rows.len(), hits: self.hits(rows), all: self.len(), all_hits }
    }

    /// Returns the numbers of all rows.
    pub fn rows(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }
}

/// The span of one input in a box; both ends belong to it, and `None` is no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bounds {
    /// The least value.
    pub low: Option<f64>,
    /// The greatest value.
    pub high: Option<f64>,
}

impl Bounds {
    /// Returns whether a value lies within.
    pub fn contain(&self, x: f64) -> bool {
        self.low.is_none_or(|low| x >= low) && self.high.is_none_or(|high| x <= high)
    }

    /// Returns whether neither end is set.
    pub fn open(&self) -> bool {
        self.low.is_none() && self.high.is_none()
    }
}

/// A box: one span per input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// The spans, in the order of the inputs.
    pub bounds: Vec<Bounds>,
}

impl Region {
    /// Returns the box that holds everything.
    pub fn whole(inputs: usize) -> Region {
        Region { bounds: vec![Bounds::default(); inputs] }
    }

    /// Returns whether a point, given by its value per input, lies in the box.
    pub fn contains(&self, value: impl Fn(usize) -> f64) -> bool {
        self.bounds.iter().enumerate().all(|(input, b)| b.open() || b.contain(value(input)))
    }

    /// Returns how many inputs the box restricts.
    pub fn restricted(&self) -> usize {
        self.bounds.iter().filter(|b| !b.open()).count()
    }
}

/// How many draws a box holds, and in how many of them the claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Draws in the box.
    pub n: usize,
    /// Draws in the box with the claim.
    pub hits: usize,
    /// All draws.
    pub all: usize,
    /// All draws with the claim.
    pub all_hits: usize,
}

impl Measure {
    /// The share of the box's draws with the claim; 0 for an empty box.
    pub fn density(&self) -> f64 {
        share(self.hits, self.n)
    }

    /// The share of all draws with the claim that lie in the box.
    pub fn coverage(&self) -> f64 {
        share(self.hits, self.all_hits)
    }

    /// The share of all draws that lie in the box.
    pub fn mass(&self) -> f64 {
        share(self.n, self.all)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_say_nothing_are_refused() {
        let column = [vec![1.0, 2.0]];
        assert!(Cases::new(&column, &[true, false]).is_ok());
        assert_eq!(Cases::new(&column, &[true; 2]).unwrap_err(), StatsError::OneSided { always: true });
        assert_eq!(Cases::new(&column, &[false; 2]).unwrap_err(), StatsError::OneSided { always: false });
        assert!(Cases::new(&column, &[true]).is_err());
        assert!(Cases::new(&[], &[]).is_err());
        let hole = [vec![1.0, f64::NAN]];
        let error = Cases::new(&hole, &[true, false]).unwrap_err();
        assert_eq!(error.to_string(), "row 1 of column 0 is not a finite number");
    }

    #[test]
    fn ends_belong_to_the_box() {
        let mut region = Region::whole(2);
        region.bounds[1] = Bounds { low: Some(1.0), high: Some(2.0) };
        let at = |y: f64| region.contains(|input| [9.0, y][input]);
        assert!(at(1.0) && at(2.0) && !at(0.999) && !at(2.001));
        assert_eq!(region.restricted(), 1);
    }
}
