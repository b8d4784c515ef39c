//! What moves a settlement over the draws: Sobol' indices, with the choice of theory as an input.
//!
//! The one idea: a council has hundreds of numbers, most of which move little. Those that rank highest by
//! rank correlation over the draws become inputs of their own, all others move together as one; so the
//! design stays small and nothing is left out: what the ranking missed shows in the group.

use super::Depth;
use super::draws::{Drawn, Table, spread_out};
use crate::council::{Session, play, seated};
use crate::shares::rank_correlation;
use detente_solve::Progress;
use detente_stats::sensitivity::{Design, Effect, IndexSettings, sobol_indices};
use serde::Serialize;

/// Draws that the ranking looks at.
const RANKED: usize = 1000;
/// Inputs of their own for each issue, before those of all issues are put together.
const OWN: usize = 5;
/// Inputs listed for each issue.
const SHOWN: usize = 8;

/// What moves one settlement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriverStudy {
    /// Base points behind each index.
    pub points: usize,
    /// Base points left out because a row gives no council.
    pub left_out: usize,
    /// The choice among the listed theories, all alike likely.
    pub theory: Option<Driver>,
    /// Parameters with an index of their own, the largest total first.
    pub inputs: Vec<Driver>,
    /// All other uncertain parameters together.
    pub rest: Option<Driver>,
    pub rest_count: usize,
}

/// One input's share of the variance, by itself and with all it interacts with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// The parameter's name; empty for the theory and the rest.
    pub param: String,
    pub label: String,
    pub first: Effect,
    pub total: Effect,
    /// Which way the settlement goes as the parameter grows: Spearman's rank correlation.
    pub way: Option<f64>,
}

/// Returns the drivers of every issue of a council.
///
/// None where parameters are tied by rank correlations: then variance has no such shares.
pub fn drivers(
    session: &Session,
    table: &Table,
    at: usize,
    listed: &[usize],
    drawn: &[Option<Drawn>],
    depth: &Depth,
    progress: &dyn Progress,
) -> Vec<Option<DriverStudy>> {
    let issues = session.model.councils[at].issues.len();
    let count = table.sampler.uncertain().count();
    let none = vec![None; issues];
    if depth.points < 8 || count == 0 || listed.is_empty() || !session.model.correlations.is_empty() {
        return none;
    }
    let ways = ways(table, at, listed, drawn, depth.plan.seed, issues);
    let own = own(&ways, count);
    let plan = Groups::new(count, own, listed.len() > 1, depth.plan.seed);
    let Ok(design) = &plan.design else { return none };
    let per = plan.groups + 2;
    let rows = spread_out((depth.points * per) as u64, depth.plan.threads, progress, |row| {
        let (shares, theory) = plan.row(design, row);
        let values: Vec<f64> =
            table.sampler.uncertain().zip(&shares).map(|((_, prior), u)| prior.quantile(*u)).collect();
        let council = seated(&session.model.councils[at], &session.model.game, &table.point(&values)).ok()?;
        let pick = ((theory * listed.len() as f64) as usize).min(listed.len() - 1);
        play(&council, &session.voices[at][listed[pick]].named.model).ok().map(|p| p.outcome)
    });
    (0..issues).map(|issue| plan.summed(session, table, &rows, issue, &ways, depth)).collect()
}

/// Rank correlations `[issue][input]` of the mean settlement over theories, over the first draws.
fn ways(
    table: &Table,
    at: usize,
    listed: &[usize],
    drawn: &[Option<Drawn>],
    seed: u64,
    issues: usize,
) -> Vec<Vec<Option<f64>>> {
    let kept: Vec<(Vec<f64>, &Drawn)> = drawn
        .iter()
        .take(RANKED)
        .enumerate()
        .filter_map(|(index, d)| Some((table.sampler.values(seed, index as u64), d.as_ref()?)))
        .collect();
    let mean = |d: &Drawn, issue: usize| {
        let places: Vec<f64> = listed.iter().filter_map(|v| d.place(at, *v, issue)).collect();
        places.iter().sum::<f64>() / places.len().max(1) as f64
    };
    let inputs = table.sampler.uncertain().count();
    (0..issues)
        .map(|issue| {
            let outcome: Vec<f64> = kept.iter().map(|(_, d)| mean(d, issue)).collect();
            let column = |k: usize| -> Vec<f64> { kept.iter().map(|(values, _)| values[k]).collect() };
            (0..inputs).map(|k| rank_correlation(&column(k), &outcome)).collect()
        })
        .collect()
}

/// The inputs that rank highest on any issue, ascending.
fn own(ways: &[Vec<Option<f64>>], count: usize) -> Vec<usize> {
    let mut own: Vec<usize> = Vec::new();
    for by_input in ways {
        let strength = |k: &usize| by_input[*k].unwrap_or(0.0).abs();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
        own.extend(order.into_iter().take(OWN));
    }
    own.sort_unstable();
    own.dedup();
    own
}

/// Inputs as groups: each own input, the rest, the theory.
struct Groups {
    inputs: usize,
    own: Vec<usize>,
    /// The group of each input.
    of: Vec<usize>,
    rest: Option<usize>,
    theory: Option<usize>,
    groups: usize,
    design: Result<Design, detente_stats::StatsError>,
}

impl Groups {
    fn new(inputs: usize, own: Vec<usize>, several: bool, seed: u64) -> Groups {
        let mut groups = own.len();
        let rest = (own.len() < inputs).then_some(groups);
        groups += usize::from(rest.is_some());
        let theory = several.then_some(groups);
        groups += usize::from(several);
        let of = (0..inputs).map(|k| own.binary_search(&k).unwrap_or(own.len())).collect();
        // One more input of the design chooses the theory.
        let design = Design::new(inputs + 1, seed);
        Groups { inputs, own, of, rest, theory, groups, design }
    }

    /// Returns the shares of all inputs in a row, and that of the theory: those of table A, with one group
    /// taken from table B.
    fn row(&self, design: &Design, row: u64) -> (Vec<f64>, f64) {
        let (per, all) = ((self.groups + 2) as u64, design.rows_per_point() as u64);
        let (point, part) = (row / per, (row % per) as usize);
        let a = design.row(point * all);
        if part == 0 {
            return (a[..self.inputs].to_vec(), a[self.inputs]);
        }
        let b = design.row(point * all + all - 1);
        let whole = part == self.groups + 1;
        let pick =
            |group: Option<usize>, k: usize| if whole || group == Some(part - 1) { b[k] } else { a[k] };
        let shares = (0..self.inputs).map(|k| pick(Some(self.of[k]), k)).collect();
        (shares, pick(self.theory, self.inputs))
    }

    fn summed(
        &self,
        session: &Session,
        table: &Table,
        rows: &[Option<Vec<f64>>],
        issue: usize,
        ways: &[Vec<Option<f64>>],
        depth: &Depth,
    ) -> Option<DriverStudy> {
        let per = self.groups + 2;
        let mut outputs = Vec::new();
        let mut left_out = 0;
        for point in rows.chunks_exact(per) {
            let places: Option<Vec<f64>> = point.iter().map(|r| Some(r.as_ref()?[issue])).collect();
            match places {
                Some(places) => outputs.extend(places),
                None => left_out += 1,
            }
        }
        let settings = IndexSettings { seed: depth.plan.seed, ..IndexSettings::default() };
        let found = sobol_indices(&outputs, self.groups, &settings).ok()?;
        let params: Vec<_> =
            table.sampler.uncertain().map(|(p, _)| &session.model.game.params[p.index()]).collect();
        let driver = |group: usize, input: Option<usize>| Driver {
            param: input.map(|k| params[k].name.clone()).unwrap_or_default(),
            label: input.map(|k| params[k].label.clone()).unwrap_or_default(),
            first: found.first[group],
            total: found.total[group],
            way: input.and_then(|k| ways[issue][k]),
        };
        let mut inputs: Vec<Driver> =
            self.own.iter().enumerate().map(|(group, k)| driver(group, Some(*k))).collect();
        inputs.sort_by(|a, b| b.total.raw().total_cmp(&a.total.raw()));
        inputs.truncate(SHOWN);
        Some(DriverStudy {
            points: found.points,
            left_out,
            theory: self.theory.map(|g| driver(g, None)),
            inputs,
            rest: self.rest.map(|g| driver(g, None)),
            rest_count: self.inputs - self.own.len(),
        })
    }
}
