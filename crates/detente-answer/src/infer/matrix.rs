//! Hypotheses beside observations, as in analysis of competing hypotheses.
//!
//! The one idea: a cell says how much an observation favours a hypothesis over its denial, in bits,
//! so an observation that fits everything weighs nothing however well it fits, and the row that
//! tells hypotheses apart stands first (Heuer, "Psychology of Intelligence Analysis", 1999).

use super::ModelInference;
use super::rivals::Rivals;
use crate::evidence::{Factor, Update};
use serde::{Deserialize, Serialize};

/// The matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    pub columns: Vec<Column>,
    /// In the order of dates.
    pub rows: Vec<Row>,
}

/// A hypothesis, a type, or a rival model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub label: String,
    pub kind: Kind,
}

/// What a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Hypothesis,
    Type,
    /// A whole model, against the others together.
    Model,
}

/// An observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub date: Option<String>,
    pub label: String,
    pub text: String,
    /// One per column.
    pub cells: Vec<Cell>,
    /// Largest minus smallest log-likelihood ratio over the hypotheses under quantal response: how
    /// well this observation tells them apart. With one hypothesis, the size of its ratio.
    pub diagnosticity: f64,
}

/// What an observation says of a hypothesis, given those before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Log-likelihood ratio in bits at the base values, low and high over equilibria.
    pub exact: Option<(f64, f64)>,
    /// Equilibria in which the observation is impossible if the hypothesis is true.
    pub impossible_if_true: Vec<String>,
    /// Equilibria in which it is impossible unless the hypothesis is true.
    pub impossible_if_false: Vec<String>,
    /// Under quantal response at the base values.
    pub smooth: Option<f64>,
    /// Under quantal response over the draws.
    pub pooled: Option<f64>,
}

/// Sets the matrix up: the first model's hypotheses and types, then the models.
pub fn matrix(models: &[ModelInference], rivals: Option<&Rivals>) -> Matrix {
    let Some(first) = models.first() else { return Matrix { columns: vec![], rows: vec![] } };
    let kind = |k: usize| if k < first.declared { Kind::Hypothesis } else { Kind::Type };
    let mut columns: Vec<Column> = first
        .exact
        .hypotheses
        .iter()
        .enumerate()
        .map(|(k, h)| Column { name: h.name.clone(), label: h.label.clone(), kind: kind(k) })
        .collect();
    let rivals = rivals.map_or(&[][..], |r| &r.models);
    columns.extend(rivals.iter().map(|r| Column {
        name: r.name.clone(),
        label: String::new(),
        kind: Kind::Model,
    }));
    let row = |(n, step): (usize, &crate::evidence::Step)| {
        let mut cells: Vec<Cell> = (0..first.exact.hypotheses.len()).map(|h| cell(first, h, n)).collect();
        for r in rivals {
            let before = n.checked_sub(1).and_then(|b| r.steps.get(b));
            let bits = |a: Option<(f64, f64)>| a.unwrap_or((0.0, 0.0));
            let at = r.steps.get(n);
            // Over several equilibria a difference of intervals would mix them: only points subtract.
            let point = |x: (f64, f64)| x.0 == x.1;
            let exact = at.and_then(|s| s.exact_bits).and_then(|now| {
                let was = bits(before.and_then(|s| s.exact_bits));
                (point(now) && point(was)).then_some((now.0 - was.0, now.0 - was.0))
            });
            cells.push(Cell { exact, pooled: at.and_then(|s| s.step_bits), ..Cell::default() });
        }
        let told: Vec<f64> = cells.iter().filter_map(|c| c.pooled.or(c.smooth)).collect();
        let most = told.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = told.iter().copied().fold(f64::INFINITY, f64::min);
        Row {
            date: step.date.clone(),
            label: step.label.clone(),
            text: step.text.clone(),
            diagnosticity: match told.len() {
                0 => 0.0,
                1 => told[0].abs(),
                _ => most - least,
            },
            cells,
        }
    };
    Matrix { columns, rows: first.exact.steps.iter().enumerate().map(row).collect() }
}

fn cell(model: &ModelInference, h: usize, n: usize) -> Cell {
    let smooth = model.smooth.hypotheses.get(h).and_then(|s| s.updates.get(n));
    let pooled = model.pooled.as_ref().and_then(|p| p.smooth.hypotheses.get(h));
    let mut cell = of_update(&model.exact.hypotheses[h].updates[n]);
    cell.smooth = smooth.and_then(|u| u.step_bits);
    cell.pooled = pooled.and_then(|p| p.updates.get(n)).and_then(|u| u.step_bits);
    cell
}

fn of_update(update: &Update) -> Cell {
    let mut cell = Cell::default();
    for row in &update.rows {
        match &row.step {
            Factor::Ratio { bits, .. } => {
                let (low, high) = cell.exact.unwrap_or(*bits);
                cell.exact = Some((low.min(bits.0), high.max(bits.1)));
            }
            Factor::ImpossibleUnder => cell.impossible_if_true.push(row.equilibrium.clone()),
            Factor::ImpossibleOtherwise => cell.impossible_if_false.push(row.equilibrium.clone()),
            Factor::Undefined => {}
        }
    }
    cell
}
