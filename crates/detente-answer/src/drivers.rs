//! Which parameters drive an answer, measured over the draws.
//!
//! The one idea: a driver is a parameter that, once known, moves the distribution of the answer
//! (E. Borgonovo, "A new uncertainty importance measure", 2007). That sees drivers that work both
//! ways, and is meant with correlated parameters too. A rank correlation says the direction only.

use crate::shares::rank_correlation;
use detente_stats::sensitivity::{Effect, GivenSettings, given_data};
use serde::{Deserialize, Serialize};

/// The level of intervals and of what counts as found: three are picked out of many, so that one
/// in twenty would find something in noise too often.
const LEVEL: f64 = 0.99;
/// Most drivers that are named.
const MOST: usize = 3;

/// A parameter and what knowing it does to the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    pub param: String,
    /// Borgonovo's delta, from 0 to 1: how far knowing the parameter moves the distribution of the
    /// answer, on average; with a 99 % interval above 0.
    pub delta: f64,
    pub low: f64,
    pub high: f64,
    /// Spearman's rank correlation with the answer; `None` where its sign could be noise.
    pub direction: Option<f64>,
}

impl Driver {
    /// The share with its direction, as `0.31, rising`.
    pub fn words(&self) -> String {
        let way = match self.direction {
            Some(d) if d > 0.0 => ", upwards",
            Some(_) => ", downwards",
            None => ", either way",
        };
        format!("{:.2}{way}", self.delta)
    }
}

/// What the draws say about one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Driven {
    /// The strongest, at most three.
    pub list: Vec<Driver>,
    /// How many of the others cannot be told from 0 at this number of draws.
    pub indistinct: usize,
}

/// Finds what drives the scores. `columns` are the values of the parameters of these names, draw by
/// draw. Where there are too few draws, or the score never changes, nothing drives it.
pub fn driven(names: &[&str], columns: &[Vec<f64>], scores: &[f64]) -> Driven {
    let settings = GivenSettings { level: LEVEL, ..GivenSettings::default() };
    let Ok(found) = given_data(columns, scores, &settings) else { return Driven::default() };
    // Below about two standard errors a correlation is noise.
    let noise = 2.0 / (scores.len() as f64).sqrt();
    let mut driven = Driven::default();
    for ((name, column), given) in names.iter().zip(columns).zip(&found) {
        let Effect::Found { estimate, low, high } = given.delta else {
            driven.indistinct += 1;
            continue;
        };
        let direction = rank_correlation(column, scores).filter(|c| c.abs() > noise);
        driven.list.push(Driver { param: (*name).to_string(), delta: estimate, low, high, direction });
    }
    driven.list.sort_by(|a, b| b.delta.total_cmp(&a.delta));
    driven.list.truncate(MOST);
    driven
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_prob::uniform;

    #[test]
    fn a_driver_that_works_both_ways_is_found_and_noise_is_not() {
        let names = ["both", "up", "noise"];
        let column = |name: &str| (0..2000).map(|i| uniform(7, name, i)).collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = names.iter().map(|n| column(n)).collect();
        let far = |k: usize| (columns[0][k] - 0.5).abs() > 0.3 && columns[1][k] > 0.2;
        let scores: Vec<f64> = (0..2000).map(|k| f64::from(far(k))).collect();
        let found = driven(&names, &columns, &scores);
        let list: Vec<&str> = found.list.iter().map(|d| d.param.as_str()).collect();
        assert_eq!(list, ["both", "up"]);
        assert_eq!(found.indistinct, 1);
        assert_eq!(found.list[0].direction, None);
        assert!(found.list[1].direction.is_some_and(|d| d > 0.0));
        // The chance is 0.32; knowing `both` makes it 0.8 in 0.4 of all cases and 0 in the others:
        // 0.384, less what classes that straddle the edges hide.
        assert!((found.list[0].delta - 0.384).abs() < 0.08, "{:?}", found.list[0]);
        assert_eq!(driven(&names, &columns, &vec![1.0; 2000]), Driven::default());
    }
}
