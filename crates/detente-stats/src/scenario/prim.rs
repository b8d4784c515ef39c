//! PRIM: peel thin slices off a box while the share of draws with the claim rises, then paste back.
//!
//! J. H. Friedman, N. I. Fisher, "Bump hunting in high-dimensional data" (1999), as used by Bryant and
//! Lempert (2010). Where slices end, how candidates are scored and how ties are broken follows the
//! description of sdtoolkit and the EMA Workbench, so that trajectories can be compared with theirs.

use super::cases::{Cases, Measure, Region};
use super::rule::Rule;
use crate::error::StatsError;
use serde::Serialize;

/// What a candidate box is scored by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// The gain in density per draw given up. Fair to inputs with few values.
    #[default]
    GainPerDraw,
    /// The density of the candidate: Friedman and Fisher's first criterion.
    Density,
}

/// How finely to peel and when to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimSettings {
    /// The share of the box that one peel takes away. Smaller is more patient and slower. Default 0.05.
    pub peel: f64,
    /// The share of what lies outside an end that one paste gives back. Default 0.05.
    pub paste: f64,
    /// The least share of all draws that a box holds. Default 0.05.
    pub least_mass: f64,
    /// What to maximise.
    pub objective: Objective,
}

impl Default for PrimSettings {
    fn default() -> PrimSettings {
        PrimSettings { peel: 0.05, paste: 0.05, least_mass: 0.05, objective: Objective::GainPerDraw }
    }
}

/// The boxes of one run, from the whole space to the densest: what to trade coverage for density on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trajectory {
    /// Boxes with their measures; the first restricts nothing.
    pub boxes: Vec<(Region, Measure)>,
}

impl Trajectory {
    /// Returns the place of the box of most coverage among those at least so dense; of equal ones the
    /// first, which is the least restricted. `None` if no box is so dense.
    pub fn at_density(&self, least: f64) -> Option<usize> {
        let dense = self.boxes.iter().enumerate().filter(|(_, (_, m))| m.density() >= least);
        dense.max_by(|a, b| a.1.1.hits.cmp(&b.1.1.hits).then(b.0.cmp(&a.0))).map(|(place, _)| place)
    }
}

/// Finds one box among some rows of the table.
///
/// # Errors
/// A setting outside (0, 0.5], or a least mass outside [0, 1].
pub fn find_box(cases: &Cases, rows: &[usize], settings: &PrimSettings) -> Result<Trajectory, StatsError> {
    for (what, share) in [("the peel", settings.peel), ("the paste", settings.paste)] {
        if !(share > 0.0 && share <= 0.5) {
            return Err(StatsError::Setting { what, range: "above 0 and at most 0.5" });
        }
    }
    if !(0.0..=1.0).contains(&settings.least_mass) {
        return Err(StatsError::Setting { what: "the least mass", range: "between 0 and 1" });
    }
    let mut current = (Region::whole(cases.inputs()), rows.to_vec());
    let mut boxes = vec![(current.0.clone(), cases.measure(&current.1))];
    while let Some(next) = peel(cases, &current, settings) {
        boxes.push((next.0.clone(), cases.measure(&next.1)));
        current = next;
    }
    while let Some(next) = paste(cases, rows, &current, settings) {
        boxes.push((next.0.clone(), cases.measure(&next.1)));
        current = next;
    }
    Ok(Trajectory { boxes })
}

/// Finds up to `most` boxes one after the other, each among the draws that no earlier box holds.
///
/// Of each run the box of most coverage with at least `density` is taken. Coverage counts all draws,
/// so those of several boxes add up; the measures of later boxes leave out what earlier ones hold.
///
/// # Errors
/// As [`find_box`].
pub fn find_boxes(
    cases: &Cases,
    settings: &PrimSettings,
    density: f64,
    most: usize,
) -> Result<Vec<Rule>, StatsError> {
    let mut rows = cases.rows();
    let mut found = Vec::new();
    while found.len() < most && cases.hits(&rows) > 0 {
        let trajectory = find_box(cases, &rows, settings)?;
        let Some(place) = trajectory.at_density(density) else { break };
        let (region, measure) = trajectory.boxes[place].clone();
        rows.retain(|&row| !region.contains(|column| cases.value(column, row)));
        found.push(Rule { region, measure });
    }
    Ok(found)
}

type Boxed = (Region, Vec<usize>);

/// The best box one slice smaller, or `None` where none is worth taking.
fn peel(cases: &Cases, current: &Boxed, settings: &PrimSettings) -> Option<Boxed> {
    let (region, rows) = current;
    if rows.is_empty() {
        return None;
    }
    let mut candidates = Vec::new();
    for column in 0..cases.inputs() {
        let mut sorted: Vec<f64> = rows.iter().map(|&row| cases.value(column, row)).collect();
        sorted.sort_by(f64::total_cmp);
        for upper in [true, false] {
            let end = slice_end(&sorted, if upper { 1.0 - settings.peel } else { settings.peel });
            let mut smaller = region.clone();
            let bounds = &mut smaller.bounds[column];
            if upper {
                bounds.high = Some(end);
            } else {
                bounds.low = Some(end);
            }
            let bounds = *bounds;
            let kept: Vec<usize> =
                rows.iter().copied().filter(|&row| bounds.contain(cases.value(column, row))).collect();
            if kept.len() < rows.len() {
                candidates.push((smaller, kept));
            }
        }
    }
    let next = best(cases, rows, candidates, settings)?;
    let heavy = next.1.len() as f64 / cases.len() as f64 >= settings.least_mass;
    (heavy && !next.1.is_empty()).then_some(next)
}

/// The best box one slice larger, if it is denser as well.
fn paste(cases: &Cases, rows: &[usize], current: &Boxed, settings: &PrimSettings) -> Option<Boxed> {
    let (region, inside) = current;
    let mut candidates = Vec::new();
    for column in 0..cases.inputs() {
        for upper in [false, true] {
            let bounds = region.bounds[column];
            let Some(end) = (if upper { bounds.high } else { bounds.low }) else { continue };
            // What lies beyond the end, within all other spans.
            let mut beyond = region.clone();
            let span = &mut beyond.bounds[column];
            (span.low, span.high) = if upper { (Some(end), None) } else { (None, Some(end)) };
            let outside = cases.inside(&beyond, rows);
            let mut sorted: Vec<f64> = outside.iter().map(|&row| cases.value(column, row)).collect();
            sorted.sort_by(f64::total_cmp);
            let share = if upper { settings.paste } else { 1.0 - settings.paste };
            let mut larger = region.clone();
            let span = &mut larger.bounds[column];
            let end = (!sorted.is_empty()).then(|| slice_end(&sorted, share));
            if upper {
                span.high = end;
            } else {
                span.low = end;
            }
            let kept = cases.inside(&larger, rows);
            if kept.len() > inside.len() {
                candidates.push((larger, kept));
            }
        }
    }
    best(cases, inside, candidates, settings)
}

/// The candidate of highest score, if it is denser than `rows`; of equal ones the least restricted,
/// then the first.
fn best(cases: &Cases, rows: &[usize], candidates: Vec<Boxed>, settings: &PrimSettings) -> Option<Boxed> {
    let mean = |rows: &[usize]| cases.hits(rows) as f64 / rows.len().max(1) as f64;
    let old = mean(rows);
    let score = |kept: &[usize]| match settings.objective {
        Objective::GainPerDraw => (mean(kept) - old) / rows.len().abs_diff(kept.len()) as f64,
        Objective::Density => mean(kept),
    };
    let mut chosen: Option<(f64, usize, Boxed)> = None;
    for candidate in candidates {
        let score = score(&candidate.1);
        let restricted = candidate.0.restricted();
        let better = chosen
            .as_ref()
            .is_none_or(|(best, few, _)| score > *best || (score == *best && restricted < *few));
        if better {
            chosen = Some((score, restricted, candidate));
        }
    }
    chosen.map(|(_, _, boxed)| boxed).filter(|boxed| mean(&boxed.1) > old)
}

/// The end of a slice of a sorted list: halfway between the two values at the quantile, past any ties.
fn slice_end(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * share;
    let (mut lower, mut higher) = (place.floor() as usize, place.ceil() as usize);
    if share > 0.5 {
        while sorted[lower] == sorted[higher] && lower > 0 {
            lower -= 1;
        }
    } else {
        while sorted[lower] == sorted[higher] && higher < sorted.len() - 1 {
            higher += 1;
        }
    }
    sorted[lower] / 2.0 + sorted[higher] / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_prob::Sobol;

    /// Draws in three dimensions; the claim holds in one corner and never elsewhere.
    fn corner(n: u64) -> (Vec<Vec<f64>>, Vec<bool>) {
        let points = Sobol::new(3, 1).unwrap();
        let columns: Vec<Vec<f64>> = (0..3).map(|d| (0..n).map(|i| points.share(i, d)).collect()).collect();
        let holds = (0..n as usize).map(|i| columns[0][i] > 0.6 && columns[1][i] < 0.3).collect();
        (columns, holds)
    }

    #[test]
    fn a_box_is_found_where_it_is() {
        let (columns, holds) = corner(2000);
        let cases = Cases::new(&columns, &holds).unwrap();
        let rules = find_boxes(&cases, &PrimSettings::default(), 0.95, 3).unwrap();
        let bounds = &rules[0].region.bounds;
        assert!((bounds[0].low.unwrap() - 0.6).abs() < 0.03 && bounds[0].high.is_none(), "{bounds:?}");
        assert!((bounds[1].high.unwrap() - 0.3).abs() < 0.03 && bounds[1].low.is_none(), "{bounds:?}");
        assert!(bounds[2].open());
        assert!(rules[0].measure.coverage() > 0.9);
        let covered: usize = rules.iter().map(|r| r.measure.hits).sum();
        assert!(covered <= cases.hits(&cases.rows()));
    }

    #[test]
    fn density_rises_along_the_trajectory_and_mass_keeps_its_floor() {
        let (columns, holds) = corner(500);
        let cases = Cases::new(&columns, &holds).unwrap();
        for objective in [Objective::GainPerDraw, Objective::Density] {
            let settings = PrimSettings { objective, least_mass: 0.1, ..PrimSettings::default() };
            let trajectory = find_box(&cases, &cases.rows(), &settings).unwrap();
            assert!(trajectory.boxes.windows(2).all(|w| w[0].1.density() < w[1].1.density()));
            assert!(trajectory.boxes.iter().all(|b| b.1.mass() >= 0.1));
            assert_eq!(trajectory.at_density(1.1), None);
            assert_eq!(trajectory.at_density(0.0), Some(0));
        }
    }

    #[test]
    fn two_corners_make_two_boxes() {
        let (columns, _) = corner(2000);
        let both = |i: usize| columns[0][i] > 0.75 || columns[2][i] < 0.2;
        let holds: Vec<bool> = (0..2000).map(both).collect();
        let cases = Cases::new(&columns, &holds).unwrap();
        let rules = find_boxes(&cases, &PrimSettings::default(), 0.98, 5).unwrap();
        assert_eq!(rules.len(), 2);
        let coverage: f64 = rules.iter().map(|r| r.measure.coverage()).sum();
        assert!(coverage > 0.9 && coverage <= 1.0, "{coverage}");
    }

    #[test]
    fn few_values_and_equal_columns_end() {
        let columns = [vec![1.0; 40], (0..40).map(|i| f64::from(i % 2)).collect()];
        let holds: Vec<bool> = (0..40).map(|i| i % 2 == 1).collect();
        let cases = Cases::new(&columns, &holds).unwrap();
        let trajectory = find_box(&cases, &cases.rows(), &PrimSettings::default()).unwrap();
        let (region, measure) = trajectory.boxes.last().unwrap();
        assert_eq!((measure.n, measure.hits, region.bounds[1].low), (20, 20, Some(0.5)));
        let wrong = PrimSettings { peel: 0.0, ..PrimSettings::default() };
        assert!(find_box(&cases, &cases.rows(), &wrong).is_err());
    }
}
