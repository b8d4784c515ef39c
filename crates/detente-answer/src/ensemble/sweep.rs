//! Which single parameter changes a claim's verdict, and at which value.
//!
//! The one idea: as for games, one parameter at a time through its range, then closing in on the nearest
//! value at which any theory says otherwise than at the base values.

use super::draws::{Table, spread_out};
use super::verdicts::{ClaimStudy, applies};
use crate::council::Session;
use crate::sampler::range_of;
use detente_game::ParamId;
use detente_solve::Progress;
use serde::Serialize;

/// Steps through a parameter's range.
const STEPS: usize = 8;
/// Halvings after the first step that changes a verdict.
const HALVINGS: usize = 12;
/// Parameters kept for each claim.
const KEPT: usize = 3;

/// A value at which a theory changes its mind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tipping {
    pub param: String,
    pub label: String,
    pub base: f64,
    /// The nearest value found at which a theory's verdict differs.
    pub value: f64,
    pub range: (f64, f64),
    /// The theories that say otherwise there.
    pub theories: Vec<String>,
}

/// Where a theory first says otherwise: the value, and the theories by position.
type Turn = Option<(f64, Vec<usize>)>;

/// Fills in [`ClaimStudy::tipping`] for claims that speak of the base values.
pub fn tipping(
    session: &Session,
    table: &Table,
    threads: usize,
    claims: &mut [ClaimStudy],
    progress: &dyn Progress,
) {
    let params: Vec<(ParamId, (f64, f64))> =
        table.sampler.uncertain().map(|(p, prior)| (p, range_of(prior))).collect();
    let sweep = Sweep { session, table, before: claims.iter().map(|c| c.base.clone()).collect() };
    let found = spread_out(params.len() as u64, threads, progress, |k| {
        let (param, range) = params[k as usize];
        sweep.turns(param, range)
    });
    for (at, claim) in claims.iter_mut().enumerate().filter(|(_, c)| c.applies) {
        let mut list: Vec<Tipping> = Vec::new();
        for ((param, range), turns) in params.iter().zip(&found) {
            let Some((value, theories)) = &turns[at] else { continue };
            let info = &session.model.game.params[param.index()];
            list.push(Tipping {
                param: info.name.clone(),
                label: info.label.clone(),
                base: table.base[param.index()],
                value: *value,
                range: *range,
                theories: theories.iter().map(|t| claim.theories[*t].clone()).collect(),
            });
        }
        let far =
            |t: &Tipping| (t.value - t.base).abs() / (t.range.1 - t.range.0).abs().max(f64::MIN_POSITIVE);
        list.sort_by(|a, b| far(a).total_cmp(&far(b)));
        list.truncate(KEPT);
        claim.tipping = list;
    }
}

/// What does not change while parameters are moved.
struct Sweep<'a, 'm> {
    session: &'a Session<'m>,
    table: &'a Table<'m>,
    /// `[claim][theory]` at the base values.
    before: Vec<Vec<Option<bool>>>,
}

impl Sweep<'_, '_> {
    /// Returns for each claim the nearest value of a parameter at which a theory says otherwise.
    fn turns(&self, param: ParamId, (low, high): (f64, f64)) -> Vec<Turn> {
        let base = self.table.base[param.index()];
        let step = (high - low) / STEPS as f64;
        let mut turns: Vec<Turn> = vec![None; self.before.len()];
        if step.is_nan() || step <= 0.0 {
            return turns;
        }
        let inside = |value: f64| value.clamp(low.min(base), high.max(base));
        for count in 1..=STEPS {
            let reach = step * count as f64;
            for way in [1.0, -1.0] {
                let (near, far) = (inside(base + way * (reach - step)), inside(base + way * reach));
                if near == far {
                    continue;
                }
                let there = self.others(param, far);
                for (claim, theories) in there.into_iter().enumerate() {
                    if !theories.is_empty() && turns[claim].is_none() {
                        turns[claim] = Some(self.close_in(param, claim, near, (far, theories)));
                    }
                }
            }
            if turns.iter().all(Option::is_some) {
                break;
            }
        }
        turns
    }

    /// Halves the way from a value without change to one with it.
    fn close_in(
        &self,
        param: ParamId,
        claim: usize,
        mut near: f64,
        mut far: (f64, Vec<usize>),
    ) -> (f64, Vec<usize>) {
        for _ in 0..HALVINGS {
            let middle = near + (far.0 - near) / 2.0;
            let theories = self.others(param, middle).swap_remove(claim);
            match theories.is_empty() {
                true => near = middle,
                false => far = (middle, theories),
            }
        }
        far
    }

    /// Returns for each claim the theories that say otherwise where the parameter has that value.
    fn others(&self, param: ParamId, value: f64) -> Vec<Vec<usize>> {
        let mut point = self.table.base.clone();
        point[param.index()] = value;
        let point = self.table.filled(point);
        let Ok(sittings) = self.session.at(&point) else { return vec![vec![]; self.before.len()] };
        let claims = self.session.model.council_claims.iter().zip(&self.before);
        claims
            .map(|(claim, before)| {
                if !applies(self.session, claim, &point, &sittings) {
                    return vec![];
                }
                let now = self.session.truth(&claim.body, &point, &sittings);
                let pairs = before.iter().zip(now).enumerate();
                let differs = pairs
                    .filter(|(_, (b, (_, n)))| matches!((b, n), (Some(before), Ok(now)) if before != now));
                differs.map(|(theory, _)| theory).collect()
            })
            .collect()
    }
}
