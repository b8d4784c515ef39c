//! What moves a settlement over the draws: Sobol' indices, with the choice of theory as an input; Shapley
//! effects where parameters are tied by rank correlations, since then variance has no shares by Sobol'.
//!
//! The one idea: a council has hundreds of numbers, most of which move little. Those that rank highest by
//! rank correlation over the draws become inputs of their own, all others move together as one; so the
//! design stays small and nothing is left out: what the ranking missed shows in the group.

use super::Depth;
use super::draws::{Drawn, Table, spread_out};
use crate::council::{Session, seated};
use crate::shares::rank_correlation;
use detente_bargain::forecast;
use detente_solve::Progress;
use detente_stats::sensitivity::{
    Design, Effect, IndexSettings, ShapleyPlan, shapley_effects, sobol_indices,
};
use serde::Serialize;

/// Draws that the ranking looks at.
const RANKED: usize = 1000;
/// Inputs of their own for each issue, before those of all issues are put together.
const OWN: usize = 5;
/// Inputs listed for each issue.
const SHOWN: usize = 8;

/// Which shares of variance were computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DriverKind {
    /// Indices of inputs that are independent: alone, and with all they interact with.
    Sobol,
    /// Effects of inputs that may be correlated: one share each, all summing to 1 (Owen 2014).
    Shapley,
}

/// What moves one settlement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriverStudy {
    pub kind: DriverKind,
    /// Base points behind each index, or orders of learning behind each effect.
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

/// One input's share of the variance: by itself and with all it interacts with, or its one Shapley effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// The parameter's name; empty for the theory and the rest.
    pub param: String,
    pub label: String,
    /// `None` for Shapley effects.
    pub first: Option<Effect>,
    pub total: Effect,
    /// Which way the settlement goes as the parameter grows: Spearman's rank correlation.
    pub way: Option<f64>,
}

/// Returns the drivers of every issue of a council; `None` for one that nothing moves.
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
    if depth.points < 8 || count == 0 || listed.is_empty() {
        return none;
    }
    let ways = ways(table, at, listed, drawn, depth.plan.seed, issues);
    let groups = Groups::new(count, own(&ways, count), listed.len() > 1);
    let asked = Asked { session, table, at, listed, groups, ways, depth, progress };
    match table.sampler.scores() {
        None => sobol(&asked, issues),
        Some(scores) => shapley(&asked, scores, issues),
    }
    .unwrap_or(none)
}

/// What both kinds of shares are asked of.
struct Asked<'a, 'm> {
    session: &'a Session<'m>,
    table: &'a Table<'m>,
    at: usize,
    listed: &'a [usize],
    groups: Groups,
    ways: Vec<Vec<Option<f64>>>,
    depth: &'a Depth,
    progress: &'a dyn Progress,
}

impl Asked<'_, '_> {
    /// Returns where each issue settles if the inputs stand at these shares of their priors, by the theory at
    /// that share of the list; `None` where there is no council.
    fn settled(&self, shares: &[f64], theory: f64) -> Option<Vec<f64>> {
        let sampler = &self.table.sampler;
        let values: Vec<f64> =
            sampler.uncertain().zip(shares).map(|((_, prior), u)| prior.quantile(*u)).collect();
        let model = self.session.model;
        let council = seated(&model.councils[self.at], &model.game, &self.table.point(&values)).ok()?;
        let pick = ((theory * self.listed.len() as f64) as usize).min(self.listed.len() - 1);
        let theory = &self.session.voices[self.at][self.listed[pick]].named.model;
        forecast(&council, theory).ok().map(|found| found.outcome)
    }

    /// Puts the effects of all groups of an issue under the names of their inputs, the largest first.
    fn study(
        &self,
        issue: usize,
        kind: DriverKind,
        points: usize,
        left_out: usize,
        effects: impl Fn(usize) -> (Option<Effect>, Effect),
    ) -> DriverStudy {
        let game = &self.session.model.game;
        let params: Vec<_> = self.table.sampler.uncertain().map(|(p, _)| &game.params[p.index()]).collect();
        let driver = |group: usize, input: Option<usize>| {
            let (first, total) = effects(group);
            Driver {
                param: input.map(|k| params[k].name.clone()).unwrap_or_default(),
                label: input.map(|k| params[k].label.clone()).unwrap_or_default(),
                first,
                total,
                way: input.and_then(|k| self.ways[issue][k]),
            }
        };
        let groups = &self.groups;
        let mut inputs: Vec<Driver> =
            groups.own.iter().enumerate().map(|(group, k)| driver(group, Some(*k))).collect();
        inputs.sort_by(|a, b| b.total.raw().total_cmp(&a.total.raw()));
        inputs.truncate(SHOWN);
        DriverStudy {
            kind,
            points,
            left_out,
            theory: groups.theory.map(|g| driver(g, None)),
            inputs,
            rest: groups.rest.map(|g| driver(g, None)),
            rest_count: groups.inputs - groups.own.len(),
        }
    }
}

/// Sobol' indices of independent inputs.
fn sobol(asked: &Asked, issues: usize) -> Option<Vec<Option<DriverStudy>>> {
    let (groups, depth) = (&asked.groups, asked.depth);
    // One more input of the design chooses the theory.
    let design = Design::new(groups.inputs + 1, depth.plan.seed).ok()?;
    let per = groups.count + 2;
    let count = (depth.points * per) as u64;
    let rows = spread_out(count, depth.plan.threads, asked.progress, |row| {
        let (shares, theory) = groups.row(&design, row);
        asked.settled(&shares, theory)
    });
    let settings = IndexSettings { seed: depth.plan.seed, ..IndexSettings::default() };
    let summed = |issue: usize| {
        let mut outputs = Vec::new();
        let mut left_out = 0;
        for point in rows.chunks_exact(per) {
            let places: Option<Vec<f64>> = point.iter().map(|r| Some(r.as_ref()?[issue])).collect();
            match places {
                Some(places) => outputs.extend(places),
                None => left_out += 1,
            }
        }
        let found = sobol_indices(&outputs, groups.count, &settings).ok()?;
        let effects = |group: usize| (Some(found.first[group]), found.total[group]);
        Some(asked.study(issue, DriverKind::Sobol, found.points, left_out, effects))
    };
    Some((0..issues).map(summed).collect())
}

/// Shapley effects of inputs that may be tied; `None` if any row gives no council, since orders hold together.
fn shapley(asked: &Asked, mut scores: Vec<Vec<f64>>, issues: usize) -> Option<Vec<Option<DriverStudy>>> {
    let (groups, depth) = (&asked.groups, asked.depth);
    // The theory is one more input, tied to none.
    scores.iter_mut().for_each(|row| row.push(0.0));
    scores.push((0..=groups.inputs).map(|k| f64::from(k == groups.inputs)).collect());
    let plan = ShapleyPlan::new(scores, depth.points / 2, depth.plan.seed).ok()?;
    let plan = plan.grouped(groups.members()).ok()?;
    let settled = |row: &[f64]| {
        let (shares, theory) = row.split_at(groups.inputs);
        asked.settled(shares, theory[0])
    };
    let jobs = (plan.variance_draws + plan.orders) as u64;
    let rows = spread_out(jobs, depth.plan.threads, asked.progress, |job| -> Option<Vec<Vec<f64>>> {
        match (job as usize).checked_sub(plan.variance_draws) {
            None => Some(vec![settled(&plan.variance_row(job as usize))?]),
            Some(order) => plan.order_rows(order).iter().map(|row| settled(row)).collect(),
        }
    });
    if rows.len() as u64 != jobs {
        return None;
    }
    let rows: Vec<Vec<f64>> = rows.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    let summed = |issue: usize| {
        let outputs: Vec<f64> = rows.iter().map(|places| places[issue]).collect();
        let found = shapley_effects(&plan, &outputs).ok()?;
        let effects = |group: usize| (None, found.effects[group]);
        Some(asked.study(issue, DriverKind::Shapley, plan.orders, 0, effects))
    };
    Some((0..issues).map(summed).collect())
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
    count: usize,
}

impl Groups {
    fn new(inputs: usize, own: Vec<usize>, several: bool) -> Groups {
        let mut count = own.len();
        let rest = (own.len() < inputs).then_some(count);
        count += usize::from(rest.is_some());
        let theory = several.then_some(count);
        count += usize::from(several);
        let of = (0..inputs).map(|k| own.binary_search(&k).unwrap_or(own.len())).collect();
        Groups { inputs, own, of, rest, theory, count }
    }

    /// The inputs of each group; the theory is the input after all others. Where it does not matter it goes
    /// with the first group, whose effect it cannot change.
    fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.count];
        self.of.iter().enumerate().for_each(|(input, group)| members[*group].push(input));
        members[self.theory.unwrap_or(0)].push(self.inputs);
        members
    }

    /// Returns the shares of all inputs in a row, and that of the theory: those of table A, with one group
    /// taken from table B.
    fn row(&self, design: &Design, row: u64) -> (Vec<f64>, f64) {
        let (per, all) = ((self.count + 2) as u64, design.rows_per_point() as u64);
        let (point, part) = (row / per, (row % per) as usize);
        let a = design.row(point * all);
        if part == 0 {
            return (a[..self.inputs].to_vec(), a[self.inputs]);
        }
        let b = design.row(point * all + all - 1);
        let whole = part == self.count + 1;
        let pick =
            |group: Option<usize>, k: usize| if whole || group == Some(part - 1) { b[k] } else { a[k] };
        let shares = (0..self.inputs).map(|k| pick(Some(self.of[k]), k)).collect();
        (shares, pick(self.theory, self.inputs))
    }
}
