//! From draws to one forecast: probabilities as ratios of sums, numbers as one weighted sample.

use super::drawn::{Drawn, Draws, Part, Worth};
use super::{Arm, Chance, Spread, Value};
use crate::draws::Draw;
use crate::drivers::Driver;
use crate::sampler::Sampler;
use crate::shares::{Pair, effective_size, ratio_bounds};
use crate::study::driven_by;
use crate::words::likelihood;
use detente_model::Model;
use detente_model::forecast::{Forecast, Forecasted};

/// The value of a forecast, the effective number of draws behind it, and what moves it.
pub(super) fn pooled(
    model: &Model,
    forecast: &Forecast,
    at: usize,
    draws: &Draws,
) -> (Value, f64, Vec<Driver>) {
    let solved: Vec<&Drawn> = draws.list.iter().filter(|d| d.open.is_none()).collect();
    let undefined = |why: &str| (Value::Undefined { why: why.to_string() }, 0.0, vec![]);
    if solved.is_empty() {
        return undefined("in no draw are all equilibria known with proof");
    }
    let impossible = "what it is given happens in no equilibrium of any draw";
    match &forecast.body {
        Forecasted::Number(_) => {
            let lists: Vec<&Vec<Vec<(f64, f64)>>> = solved
                .iter()
                .filter_map(|d| match &d.worth[at] {
                    Worth::Numbers(lists) => Some(lists),
                    Worth::Chances(_) => None,
                })
                .collect();
            let (Some(low), Some(high)) = (spread(sample(&lists, -1.0)), spread(sample(&lists, 1.0))) else {
                return undefined(impossible);
            };
            let weights: Vec<f64> = lists.iter().map(|worlds| heaviest(worlds)).collect();
            (Value::Number { low, high }, effective_size(&weights), vec![])
        }
        Forecasted::Probability(_) => match chance(&solved, at, 0) {
            Some(found) => {
                let drivers = drivers(model, &solved, at);
                (Value::Probability(found), size(&solved, at), drivers)
            }
            None => undefined(impossible),
        },
        Forecasted::Alternatives { ordered, arms } => {
            let known: Vec<Option<Chance>> = (0..arms.len()).map(|k| chance(&solved, at, k)).collect();
            let sum = |end: fn(&Chance) -> f64| known.iter().flatten().map(end).sum::<f64>();
            let rest = ((1.0 - sum(|c| c.high)).max(0.0), (1.0 - sum(|c| c.low)).max(0.0));
            let mut list = Vec::new();
            for ((name, number), found) in arms.iter().zip(known) {
                let chance = match (number, found) {
                    (Some(_), Some(found)) => found,
                    (Some(_), None) => return undefined(impossible),
                    (None, _) => said(rest.0, rest.1),
                };
                list.push(Arm { name: name.clone(), chance });
            }
            (Value::Alternatives { ordered: *ordered, arms: list }, size(&solved, at), vec![])
        }
    }
}

fn said(low: f64, high: f64) -> Chance {
    // What rounding takes beyond the ends is not a probability.
    let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    Chance { low, high, words: likelihood(low, high) }
}

/// One probability of a forecast over the draws.
fn chance(solved: &[&Drawn], at: usize, arm: usize) -> Option<Chance> {
    let mut pairs: Vec<Vec<Pair>> = Vec::new();
    let mut bounds: Vec<(f64, f64)> = Vec::new();
    for draw in solved {
        let Worth::Chances(parts) = &draw.worth[at] else { return None };
        match parts.get(arm)? {
            Part::Pairs(list) => pairs.push(list.clone()),
            Part::Bounds(found) => bounds.extend(found),
            Part::Rest => return None,
        }
    }
    if !bounds.is_empty() {
        let n = bounds.len() as f64;
        let mean = |end: fn(&(f64, f64)) -> f64| bounds.iter().map(end).sum::<f64>() / n;
        return Some(said(mean(|b| b.0), mean(|b| b.1)));
    }
    ratio_bounds(&pairs).map(|(low, high)| said(low, high))
}

/// The heaviest evidence of each draw over its equilibria.
fn weights(solved: &[&Drawn], at: usize) -> Vec<f64> {
    let weight = |draw: &&Drawn| {
        match &draw.worth[at] {
            Worth::Chances(parts) => parts.iter().map(|part| match part {
                Part::Pairs(list) => list.iter().map(|pair| pair.1).fold(0.0, f64::max),
                Part::Bounds(found) => f64::from(u8::from(found.is_some())),
                Part::Rest => 0.0,
            }),
            Worth::Numbers(_) => return 0.0,
        }
        .fold(0.0, f64::max)
    };
    solved.iter().map(weight).collect()
}

fn size(solved: &[&Drawn], at: usize) -> f64 {
    effective_size(&weights(solved, at))
}

fn drivers(model: &Model, solved: &[&Drawn], at: usize) -> Vec<Driver> {
    let Ok(sampler) = Sampler::new(model) else { return vec![] };
    let mean = |draw: &Drawn| -> Option<f64> {
        let Worth::Chances(parts) = &draw.worth[at] else { return None };
        match parts.first()? {
            Part::Pairs(list) => {
                let ratios: Vec<f64> = list.iter().filter(|p| p.1 > 0.0).map(|p| p.0 / p.1).collect();
                (!ratios.is_empty()).then(|| ratios.iter().sum::<f64>() / ratios.len() as f64)
            }
            Part::Bounds(found) => found.map(|(low, high)| (low + high) / 2.0),
            Part::Rest => None,
        }
    };
    let kept: Vec<(Draw, f64)> = solved.iter().filter_map(|d| Some((carrier(&d.values), mean(d)?))).collect();
    let scored: Vec<(&Draw, f64)> = kept.iter().map(|(draw, score)| (draw, *score)).collect();
    driven_by(model, &sampler, &scored).list
}

/// A draw that carries nothing but its parameters.
fn carrier(values: &[f64]) -> Draw {
    Draw {
        index: 0,
        values: values.to_vec(),
        complete: true,
        open: None,
        claims: vec![],
        asks: vec![],
        hypotheses: vec![],
        observed: vec![],
    }
}

fn heaviest(worlds: &[Vec<(f64, f64)>]) -> f64 {
    worlds.iter().map(|list| list.iter().map(|a| a.1).sum::<f64>()).fold(0.0, f64::max)
}

/// The values of all draws, in the combination of equilibria whose mean is lowest or highest in each.
fn sample(lists: &[&Vec<Vec<(f64, f64)>>], sign: f64) -> Vec<(f64, f64)> {
    let mean = |list: &Vec<(f64, f64)>| {
        let whole: f64 = list.iter().map(|a| a.1).sum();
        sign * list.iter().map(|a| a.0 * a.1).sum::<f64>() / whole
    };
    let best = |worlds: &&Vec<Vec<(f64, f64)>>| -> Vec<(f64, f64)> {
        let able = worlds.iter().filter(|list| !list.is_empty());
        able.max_by(|a, b| mean(a).total_cmp(&mean(b))).cloned().unwrap_or_default()
    };
    lists.iter().flat_map(best).collect()
}

/// Sums a weighted sample up; `None` if nothing has weight.
pub(super) fn spread(mut sample: Vec<(f64, f64)>) -> Option<Spread> {
    let whole: f64 = sample.iter().map(|a| a.1).sum();
    if whole <= 0.0 {
        return None;
    }
    sample.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Equal values stand once.
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (value, weight) in sample {
        match joined.last_mut() {
            Some(last) if last.0 == value => last.1 += weight,
            _ => joined.push((value, weight)),
        }
    }
    let mean = joined.iter().map(|a| a.0 * a.1).sum::<f64>() / whole;
    let quantile = |share: f64| {
        let mut upto = 0.0;
        let at = joined.iter().position(|a| {
            upto += a.1;
            upto >= share * whole * (1.0 - 1e-12)
        });
        joined[at.unwrap_or(joined.len() - 1)].0
    };
    Some(Spread { mean, quantiles: [quantile(0.05), quantile(0.5), quantile(0.95)], sample: joined })
}
