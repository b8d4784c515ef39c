//! A tree of splits (CART) and the rules along its branches.
//!
//! L. Breiman, J. Friedman, R. Olshen, C. Stone, "Classification and Regression Trees" (1984): each
//! split is the one that lowers the Gini impurity most. Small leaves are never made, which takes the
//! place of pruning; leaves with the same verdict are said as one rule.

use super::cases::{Cases, Measure, Region};
use super::rule::Rule;
use crate::error::StatsError;
use serde::Serialize;

/// How far the tree may grow.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeSettings {
    /// The most splits on one branch; more make rules nobody can say. Default 4.
    pub most_depth: usize,
    /// The least share of all draws in a leaf. Default 0.05.
    pub least_mass: f64,
}

impl Default for TreeSettings {
    fn default() -> TreeSettings {
        TreeSettings { most_depth: 4, least_mass: 0.05 }
    }
}

/// A node of the tree with all below it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    /// The box of the node.
    pub region: Region,
    /// What it holds.
    pub measure: Measure,
    /// The input it is split by, and the two parts; `None` for a leaf.
    pub split: Option<Split>,
}

/// A split of a node in two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// The input.
    pub column: usize,
    /// Draws at or below this value go to the lower part.
    pub at: f64,
    /// The lower part.
    pub below: Box<Tree>,
    /// The upper part.
    pub above: Box<Tree>,
}

/// Grows a tree on all draws.
///
/// # Errors
/// A least mass outside [0, 1].
pub fn grow(cases: &Cases, settings: &TreeSettings) -> Result<Tree, StatsError> {
    if !(0.0..=1.0).contains(&settings.least_mass) {
        return Err(StatsError::Setting { what: "the least mass", range: "between 0 and 1" });
    }
    let least = ((settings.least_mass * cases.len() as f64) as usize).max(1);
    Ok(node(cases, Region::whole(cases.inputs()), cases.rows(), least, settings.most_depth))
}

impl Tree {
    /// Returns the leaves, the lower ones first.
    pub fn leaves(&self) -> Vec<&Tree> {
        match &self.split {
            None => vec![self],
            Some(split) => [split.below.leaves(), split.above.leaves()].concat(),
        }
    }

    /// Returns the boxes in which the claim holds in at least a share `density` of draws, the one of
    /// most coverage first. A node all of whose leaves do is one rule.
    pub fn rules(&self, density: f64) -> Vec<Rule> {
        let mut rules = Vec::new();
        self.collect(density, &mut rules);
        // Sorting is stable, so equal ones stay in the order of the tree.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.measure.hits));
        rules
    }

    fn collect(&self, density: f64, rules: &mut Vec<Rule>) {
        if self.leaves().iter().all(|leaf| leaf.measure.density() >= density) {
            rules.push(Rule { region: self.region.clone(), measure: self.measure });
        } else if let Some(split) = &self.split {
            split.below.collect(density, rules);
            split.above.collect(density, rules);
        }
    }
}

fn node(cases: &Cases, region: Region, rows: Vec<usize>, least: usize, depth: usize) -> Tree {
    let measure = cases.measure(&rows);
    let pure = measure.hits == 0 || measure.hits == measure.n;
    let best = if pure || depth == 0 { None } else { best_cut(cases, &rows, least) };
    let split = best.map(|cut| {
        let at = cut.at();
        let (low, high): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|&&row| cases.value(cut.column, row) <= at);
        let (mut below, mut above) = (region.clone(), region.clone());
        below.bounds[cut.column].high = Some(at);
        // Both ends belong to a box: where no number lies between, the next value opens the upper one.
        above.bounds[cut.column].low = Some(if at > cut.last { at } else { cut.next });
        Split {
            column: cut.column,
            at,
            below: Box::new(node(cases, below, low, least, depth - 1)),
            above: Box::new(node(cases, above, high, least, depth - 1)),
        }
    });
    Tree { region, measure, split }
}

/// A place to split: between two values of an input that follow each other.
struct Cut {
    column: usize,
    last: f64,
    next: f64,
}

impl Cut {
    /// Halfway, or the lower value where halfway is not below the upper one.
    fn at(&self) -> f64 {
        let half = self.last / 2.0 + self.next / 2.0;
        if half < self.next && half > self.last { half } else { self.last }
    }
}

/// The cut that lowers the impurity most; of equal ones the first input and the lowest value.
fn best_cut(cases: &Cases, rows: &[usize], least: usize) -> Option<Cut> {
    let n = rows.len();
    let hits = cases.hits(rows);
    // Gini impurity summed over draws is n - (hits^2 + misses^2) / n; the part after the minus counts.
    let purity = |hits: usize, n: usize| {
        let (h, m) = (hits as f64, (n - hits) as f64);
        (h * h + m * m) / n as f64
    };
    let mut best = None;
    let mut most = purity(hits, n);
    for column in 0..cases.inputs() {
        let mut sorted: Vec<(f64, bool)> =
            rows.iter().map(|&row| (cases.value(column, row), cases.holds(row))).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut below = 0;
        for k in 1..n {
            below += usize::from(sorted[k - 1].1);
            let (last, next) = (sorted[k - 1].0, sorted[k].0);
            if k < least || n - k < least || last == next {
                continue;
            }
            let gain = purity(below, k) + purity(hits - below, n - k);
            if gain > most {
                most = gain;
                best = Some(Cut { column, last, next });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_say_where_the_claim_holds() {
        let n = 40;
        let x: Vec<f64> = (0..n * n).map(|i| f64::from(i / n)).collect();
        let y: Vec<f64> = (0..n * n).map(|i| f64::from(i % n)).collect();
        let holds: Vec<bool> = x.iter().zip(&y).map(|(&x, &y)| x >= 30.0 && y < 10.0).collect();
        let columns = [x, y];
        let cases = Cases::new(&columns, &holds).unwrap();
        let tree = grow(&cases, &TreeSettings::default()).unwrap();
        let rules = tree.rules(0.9);
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0].condition(&["x", "y"]).unwrap(), "x is at least 29.5 and y is at most 9.5");
        assert_eq!((rules[0].measure.n, rules[0].measure.hits), (100, 100));
        // Every draw is in one leaf, and boxes say what nodes hold.
        assert_eq!(tree.leaves().iter().map(|l| l.measure.n).sum::<usize>(), 1600);
        for leaf in tree.leaves() {
            assert_eq!(cases.measure(&cases.inside(&leaf.region, &cases.rows())), leaf.measure);
        }
    }

    #[test]
    fn neighbouring_floats_are_told_apart() {
        let next = f64::from_bits(1f64.to_bits() + 1);
        let columns = [vec![1.0, 1.0, next, next]];
        let cases = Cases::new(&columns, &[false, false, true, true]).unwrap();
        let tree = grow(&cases, &TreeSettings::default()).unwrap();
        let rule = &tree.rules(1.0)[0];
        assert_eq!(cases.inside(&rule.region, &cases.rows()), [2, 3]);
    }

    #[test]
    fn nothing_to_split_by_is_one_leaf() {
        let columns = [vec![1.0; 4]];
        let cases = Cases::new(&columns, &[false, false, true, true]).unwrap();
        let tree = grow(&cases, &TreeSettings::default()).unwrap();
        assert!(tree.split.is_none() && tree.rules(0.6).is_empty());
        assert_eq!(tree.rules(0.5)[0].condition(&[]), None);
        assert!(grow(&cases, &TreeSettings { least_mass: 2.0, ..TreeSettings::default() }).is_err());
    }
}
