//! Forecasts about councils: a number at the table, over draws; theories take the place of equilibria.

use super::Value;
use super::pool::spread;
use crate::council::Session;
use crate::draws::Plan;
use crate::ensemble::{self, Table, take};
use crate::undefined::{Undefined, Why};
use detente_model::Model;
use detente_model::forecast::Forecasted;
use detente_model::model::Ask;
use detente_model::question::Body;
use detente_solve::Progress;

/// The value of each forecast that asks a council; `None` for the others.
///
/// # Errors
/// Councils that cannot sit, or correlations that no distribution has.
pub(super) fn values(
    model: &Model,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Vec<Option<Value>>, Undefined> {
    let mut values: Vec<Option<Value>> = vec![None; model.forecasts.len()];
    let asked: Vec<usize> = (0..values.len()).filter(|at| model.forecasts[*at].of_council).collect();
    if asked.is_empty() {
        return Ok(values);
    }
    let mut table_only = model.clone();
    table_only.council_claims.clear();
    table_only.council_asks = asked.iter().filter_map(|at| ask(model, *at)).collect();
    let failed = |words: String| Undefined::new(Why::NoGame, words);
    let session = Session::new(&table_only, &[]).map_err(|e| failed(e.to_string()))?;
    let table = Table::new(&table_only).map_err(failed)?;
    let some = ensemble::Plan { draws: plan.draws, seed: plan.seed, threads: plan.threads };
    let drawn = take(&session, &table, &some, progress);
    for (k, at) in asked.into_iter().enumerate() {
        let theories = drawn.iter().flatten().map(|d| d.asks[k].len()).max().unwrap_or(0);
        let mut ends: Vec<super::Spread> = (0..theories)
            .filter_map(|t| {
                let places = drawn.iter().flatten().filter_map(|d| d.asks[k].get(t).copied().flatten());
                spread(places.map(|x| (x, 1.0)).collect())
            })
            .collect();
        ends.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        values[at] = Some(match (ends.first(), ends.last()) {
            (Some(low), Some(high)) => Value::Number { low: low.clone(), high: high.clone() },
            _ => Value::Undefined { why: "no theory has an answer in any draw".to_string() },
        });
    }
    Ok(values)
}

fn ask(model: &Model, at: usize) -> Option<Ask> {
    let forecast = &model.forecasts[at];
    let Forecasted::Number(number) = &forecast.body else { return None };
    Some(Ask {
        name: forecast.name.clone(),
        body: Body::Number(number.clone()),
        support: forecast.support.clone(),
    })
}
