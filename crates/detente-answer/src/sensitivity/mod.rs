//! Which doubts an answer hangs on, and where in the space of doubts a claim holds.
//!
//! The one idea: the lowest and the highest answer over the equilibria of a draw are two outputs, each
//! explained on its own, so no equilibrium is chosen on the way. The statistics are those of
//! `detente-stats`; here they get their draws from a model, or from the table of a sweep.

pub mod target;

pub use detente_stats::sensitivity::Effect;
pub use target::{Table, Target, of_draws, outputs, targets};

use crate::sampler::Sampler;
use crate::sweep::{Identity, Job, Row, evaluate};
use detente_solve::Progress;
use detente_stats::scenario::{Cases, PrimSettings, Rule, TreeSettings, find_boxes, grow, simplify};
use detente_stats::sensitivity::{
    Design, GivenSettings, IndexSettings, ShapleyPlan, given_data, shapley_effects, sobol_indices,
};
use serde::Serialize;

#[cfg(test)]
mod tests;

/// Least share of a box's draws in which what is said of it holds.
const DENSITY: f64 = 0.8;
/// A box must also leave at most this part of the share in which it does not hold anywhere.
const LEFT: f64 = 1.0 / 3.0;
/// Most boxes of one target.
const BOXES: usize = 3;
/// An end of a box that chance could have set this often is lifted.
const CHANCE: f64 = 0.05;
/// Digits of the ends of boxes.
const DIGITS: usize = 2;

/// How much is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Depth {
    /// Base points of Saltelli's design; each costs as many solves as there are parameters, and two.
    pub points: u64,
    /// Random orders of the parameters for Shapley effects; 0: only where correlations are declared.
    pub orders: usize,
    /// Resamples behind the intervals.
    pub resamples: usize,
    pub seed: u64,
    pub threads: usize,
}

/// What is found on one output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    pub name: String,
    pub label: String,
    /// What the number is, in words.
    pub what: String,
    /// Draws in which it is known, and their mean.
    pub known: u64,
    pub mean: f64,
    /// By Saltelli's design; `None` for a table alone, for correlated inputs, and where the output is
    /// undefined somewhere.
    pub sobol: Option<Vec<SobolRow>>,
    /// By random orders of the inputs.
    pub shapley: Option<Vec<ShapleyRow>>,
    /// From the draws alone.
    pub given: Option<Vec<GivenRow>>,
    /// Boxes (PRIM) in which what is said holds, of most coverage first.
    pub boxes: Vec<Said>,
    /// Rules along the branches of a tree (CART): where it holds, and where it does not.
    pub rules: Vec<Said>,
    pub rules_against: Vec<Said>,
    /// What could not be computed, and why.
    pub notes: Vec<String>,
}

/// Sobol' indices of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SobolRow {
    pub param: String,
    /// Share of the variance that goes with it alone.
    pub first: Effect,
    /// Share that goes with it, alone or together with others.
    pub total: Effect,
}

/// The Shapley effect of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShapleyRow {
    pub param: String,
    pub effect: Effect,
}

/// Measures of one parameter from the draws alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GivenRow {
    pub param: String,
    pub first: Effect,
    /// How far knowing it moves the whole distribution, from 0 to 1 (Borgonovo 2007).
    pub delta: Effect,
}

/// A rule with what it covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    pub sentence: String,
    #[serde(flatten)]
    pub rule: Rule,
}

/// Explains the outputs of a table of draws, as far as draws alone can.
pub fn explain(table: &Table, depth: &Depth) -> Vec<Findings> {
    table.targets.iter().map(|target| one(table, target, depth)).collect()
}

fn one(table: &Table, target: &Target, depth: &Depth) -> Findings {
    let rows: Vec<usize> = (0..target.values.len()).filter(|k| target.values[*k].is_some()).collect();
    let values: Vec<f64> = rows.iter().filter_map(|k| target.values[*k]).collect();
    let columns: Vec<Vec<f64>> = table.columns.iter().map(|c| rows.iter().map(|k| c[*k]).collect()).collect();
    let mut found = empty(target);
    let settings = GivenSettings { resamples: depth.resamples, seed: depth.seed, ..GivenSettings::default() };
    match given_data(&columns, &values, &settings) {
        Ok(list) => {
            let row = |(param, g): (&String, detente_stats::sensitivity::Given)| GivenRow {
                param: param.clone(),
                first: g.first,
                delta: g.delta,
            };
            found.given = Some(table.params.iter().zip(list).map(row).collect());
        }
        Err(why) => found.notes.push(format!("no measures from the draws: {why}")),
    }
    scenario(table, target, &mut found);
    found
}

/// Where each output of a table holds, as boxes and rules; no measures.
pub fn where_it_holds(table: &Table) -> Vec<Findings> {
    let one = |target: &Target| {
        let mut found = empty(target);
        scenario(table, target, &mut found);
        found
    };
    table.targets.iter().map(one).collect()
}

/// An output of which only the mean is known.
fn empty(target: &Target) -> Findings {
    let values: Vec<f64> = target.values.iter().flatten().copied().collect();
    Findings {
        name: target.name.clone(),
        label: target.label.clone(),
        what: target.what.clone(),
        known: values.len() as u64,
        mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
        sobol: None,
        shapley: None,
        given: None,
        boxes: vec![],
        rules: vec![],
        rules_against: vec![],
        notes: vec![],
    }
}

/// Where it holds, as boxes and as rules.
fn scenario(table: &Table, target: &Target, found: &mut Findings) {
    let rows: Vec<usize> = (0..target.holds.len()).filter(|k| target.holds[*k].is_some()).collect();
    let holds: Vec<bool> = rows.iter().filter_map(|k| target.holds[*k]).collect();
    let columns: Vec<Vec<f64>> = table.columns.iter().map(|c| rows.iter().map(|k| c[*k]).collect()).collect();
    let names: Vec<&str> = table.params.iter().map(String::as_str).collect();
    let said = |cases: &Cases, rule: Rule, words: &str| {
        let rule = rule.rounded(cases, &cases.rows(), DIGITS);
        Said { sentence: rule.sentence(&names, words), rule }
    };
    let cases = match Cases::new(&columns, &holds) {
        Ok(cases) => cases,
        Err(why) => {
            found.notes.push(format!("no rules for {}: {why}", target.holding));
            return;
        }
    };
    let boxes = find_boxes(&cases, &PrimSettings::default(), dense(&cases), BOXES).unwrap_or_default();
    for rule in boxes {
        // An end that chance could have set says nothing, unless the box is worth less without it.
        let (region, measure) = simplify(&cases, &cases.rows(), &rule.region, CHANCE);
        let plain = Rule { region, measure };
        let rule = if plain.measure.density() >= dense(&cases) { plain } else { rule };
        found.boxes.push(said(&cases, rule, &target.holding));
    }
    let settings = TreeSettings::default();
    if let Ok(tree) = grow(&cases, &settings) {
        found.rules =
            tree.rules(dense(&cases)).into_iter().map(|r| said(&cases, r, &target.holding)).collect();
    }
    let fails: Vec<bool> = holds.iter().map(|h| !h).collect();
    if let Ok(cases) = Cases::new(&columns, &fails)
        && let Ok(tree) = grow(&cases, &settings)
    {
        let words = format!("the opposite of {}", target.holding);
        found.rules_against =
            tree.rules(dense(&cases)).into_iter().map(|r| said(&cases, r, &words)).collect();
    }
}

/// How dense a box must be to say more than all draws together do.
fn dense(cases: &Cases) -> f64 {
    let everywhere = cases.measure(&cases.rows()).density();
    DENSITY.max(1.0 - LEFT * (1.0 - everywhere))
}

/// Adds what needs the model to be asked at points of its own: Sobol' indices for independent
/// parameters, Shapley effects for correlated ones. Returns how often the model was solved; `None` if
/// the progress said stop.
pub fn design(
    job: &Job,
    sampler: &Sampler,
    id: &Identity,
    depth: &Depth,
    found: &mut [Findings],
    progress: &dyn Progress,
) -> Option<u64> {
    let mut solves = 0;
    let wanted: Vec<String> = found.iter().map(|f| f.name.clone()).collect();
    let read = |row: &Row| -> Vec<Option<f64>> {
        let all = outputs(id, row);
        wanted.iter().map(|name| all.iter().find(|o| o.0 == *name).and_then(|o| o.1)).collect()
    };
    let names: Vec<String> = id.params.iter().map(|p| p.name.clone()).collect();
    if !id.correlated && depth.points > 0 {
        let Ok(design) = Design::new(names.len(), depth.seed) else { return Some(0) };
        let count = depth.points * design.rows_per_point() as u64;
        let values = |k: u64| sampler.quantiles(&design.row(k));
        let rows = evaluate(job, count, depth.threads, &values, &read, progress)?;
        solves += count;
        let settings = IndexSettings { seed: depth.seed, ..IndexSettings::default() };
        for (k, target) in found.iter_mut().enumerate() {
            let list: Option<Vec<f64>> = rows.iter().map(|r| r[k]).collect();
            let Some(list) = list else {
                target.notes.push("no Sobol' indices: it is undefined in some of the draws".into());
                continue;
            };
            match sobol_indices(&list, names.len(), &settings) {
                Ok(indices) => {
                    let both = indices.first.into_iter().zip(indices.total);
                    let row = |(param, (first, total)): (&String, _)| SobolRow {
                        param: param.clone(),
                        first,
                        total,
                    };
                    target.sobol = Some(names.iter().zip(both).map(row).collect());
                }
                Err(why) => target.notes.push(format!("no Sobol' indices: {why}")),
            }
        }
    }
    if id.correlated || depth.orders > 0 {
        solves += shapley(job, sampler, depth, &names, found, &read, progress)?;
    }
    Some(solves)
}

/// Random orders where correlations are declared and no number of orders was given.
const ORDERS: usize = 200;

fn shapley(
    job: &Job,
    sampler: &Sampler,
    depth: &Depth,
    names: &[String],
    found: &mut [Findings],
    read: &(dyn Fn(&Row) -> Vec<Option<f64>> + Sync),
    progress: &dyn Progress,
) -> Option<u64> {
    let n = names.len();
    let alone = || (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
    let scores = sampler.scores().unwrap_or_else(alone);
    let orders = if depth.orders > 0 { depth.orders } else { ORDERS };
    let plan = match ShapleyPlan::new(scores, orders, depth.seed) {
        Ok(plan) => plan,
        Err(why) => {
            found.iter_mut().for_each(|f| f.notes.push(format!("no Shapley effects: {why}")));
            return Some(0);
        }
    };
    let first = plan.variance_draws as u64;
    let per = plan.rows_per_order().max(1) as u64;
    let values = |k: u64| match k.checked_sub(first) {
        None => sampler.quantiles(&plan.variance_row(k as usize)),
        Some(k) => sampler.quantiles(&plan.order_rows((k / per) as usize)[(k % per) as usize]),
    };
    let rows = evaluate(job, plan.rows() as u64, depth.threads, &values, read, progress)?;
    for (k, target) in found.iter_mut().enumerate() {
        let list: Option<Vec<f64>> = rows.iter().map(|r| r[k]).collect();
        let Some(list) = list else {
            target.notes.push("no Shapley effects: it is undefined in some of the draws".into());
            continue;
        };
        match shapley_effects(&plan, &list) {
            Ok(effects) => {
                let row = |(param, effect): (&String, Effect)| ShapleyRow { param: param.clone(), effect };
                target.shapley = Some(names.iter().zip(effects.effects).map(row).collect());
            }
            Err(why) => target.notes.push(format!("no Shapley effects: {why}")),
        }
    }
    Some(plan.rows() as u64)
}
