//! Which single parameter changes a claim's verdict, and at which value.
//!
//! The one idea: as for games, one parameter at a time through its range, then closing in on the nearest
//! value at which any theory says otherwise than at the base values.

use super::draws::{Table, spread_out};
use super::verdicts::{ClaimStudy, applies, together};
use crate::council::Session;
use crate::sampler::range_of;
use crate::verdict::Class;
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

/// Where a theory first says otherwise: the value, the theories by position, and what all say together there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub value: f64,
    pub theories: Vec<usize>,
    pub class: Class,
}

/// What one parameter turns: per claim the nearest turn below its base value, and the nearest above.
pub(super) struct Turns {
    pub param: ParamId,
    pub range: (f64, f64),
    /// Where any theory says otherwise.
    pub claims: Vec<Sides>,
    /// Where all theories together do.
    pub classes: Vec<Sides>,
}

pub(super) type Sides = [Option<Turn>; 2];

/// Walks through the range of every uncertain parameter, for claims that say this at the base values.
pub(super) fn turns(
    session: &Session,
    table: &Table,
    threads: usize,
    claims: &[ClaimStudy],
    progress: &dyn Progress,
) -> Vec<Turns> {
    let params: Vec<(ParamId, (f64, f64))> =
        table.sampler.uncertain().map(|(p, prior)| (p, range_of(prior))).collect();
    let before = claims.iter().map(|c| c.applies.then(|| c.base.clone())).collect();
    let together = claims.iter().map(|c| c.base_class).collect();
    let sweep = Sweep { session, table, before, together };
    spread_out(params.len() as u64, threads, progress, |k| {
        let (param, range) = params[k as usize];
        let (claims, classes) = sweep.turns(param, range);
        Turns { param, range, claims, classes }
    })
}

/// Fills in [`ClaimStudy::tipping`] for claims that speak of the base values.
pub(super) fn tipping(session: &Session, table: &Table, turns: &[Turns], claims: &mut [ClaimStudy]) {
    for (at, claim) in claims.iter_mut().enumerate().filter(|(_, c)| c.applies) {
        let mut list: Vec<Tipping> = Vec::new();
        for along in turns {
            let base = table.base[along.param.index()];
            let far = |t: &&Turn| (t.value - base).abs();
            let nearest = along.claims[at].iter().flatten().min_by(|a, b| far(a).total_cmp(&far(b)));
            let Some(turn) = nearest else { continue };
            let info = &session.model.game.params[along.param.index()];
            list.push(Tipping {
                param: info.name.clone(),
                label: info.label.clone(),
                base,
                value: turn.value,
                range: along.range,
                theories: turn.theories.iter().map(|t| claim.theories[*t].clone()).collect(),
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
    /// `[claim][theory]` at the base values; `None` for a claim that does not speak of them.
    before: Vec<Option<Vec<Option<bool>>>>,
    /// `[claim]`: what the theories say together there.
    together: Vec<Class>,
}

impl Sweep<'_, '_> {
    /// Returns for each claim the nearest values of a parameter, below and above its base value, at which a
    /// theory says otherwise, and at which all together do.
    fn turns(&self, param: ParamId, (low, high): (f64, f64)) -> (Vec<Sides>, Vec<Sides>) {
        let base = self.table.base[param.index()];
        let step = (high - low) / STEPS as f64;
        let none = || -> Vec<Sides> { self.before.iter().map(|_| [None, None]).collect() };
        let (mut single, mut together) = (none(), none());
        if step.is_nan() || step <= 0.0 {
            return (single, together);
        }
        let inside = |value: f64| value.clamp(low.min(base), high.max(base));
        for count in 1..=STEPS {
            let reach = step * count as f64;
            for (side, way) in [-1.0, 1.0].into_iter().enumerate() {
                let (near, far) = (inside(base + way * (reach - step)), inside(base + way * reach));
                if near == far {
                    continue;
                }
                for (claim, turn) in self.others(param, far).into_iter().enumerate() {
                    let Some(turn) = turn else { continue };
                    if single[claim][side].is_none() {
                        single[claim][side] = Some(self.close_in(param, claim, near, turn.clone(), |_| true));
                    }
                    let other = |t: &Turn| t.class != self.together[claim];
                    if other(&turn) && together[claim][side].is_none() {
                        together[claim][side] = Some(self.close_in(param, claim, near, turn, other));
                    }
                }
            }
        }
        (single, together)
    }

    /// Halves the way from a value without the change to one with it.
    fn close_in(
        &self,
        param: ParamId,
        claim: usize,
        mut near: f64,
        mut far: Turn,
        counts: impl Fn(&Turn) -> bool,
    ) -> Turn {
        for _ in 0..HALVINGS {
            let middle = near + (far.value - near) / 2.0;
            match self.others(param, middle).swap_remove(claim).filter(&counts) {
                None => near = middle,
                Some(turn) => far = turn,
            }
        }
        far
    }

    /// Returns for each claim who says otherwise where the parameter has that value, if anybody does.
    fn others(&self, param: ParamId, value: f64) -> Vec<Option<Turn>> {
        let mut point = self.table.base.clone();
        point[param.index()] = value;
        let point = self.table.filled(point);
        let Ok(sittings) = self.session.at(&point) else { return vec![None; self.before.len()] };
        let claims = self.session.model.council_claims.iter().zip(&self.before);
        claims
            .map(|(claim, before)| {
                let before = before.as_ref().filter(|_| applies(self.session, claim, &point, &sittings))?;
                let now: Vec<Option<bool>> = self
                    .session
                    .truth(&claim.body, &point, &sittings)
                    .into_iter()
                    .map(|(_, holds)| holds.ok())
                    .collect();
                let pairs = before.iter().zip(&now).enumerate();
                let differs =
                    pairs.filter(|(_, (b, n))| b.zip(**n).is_some_and(|(before, now)| before != now));
                let theories: Vec<usize> = differs.map(|(theory, _)| theory).collect();
                (!theories.is_empty()).then(|| Turn { value, theories, class: together(&now) })
            })
            .collect()
    }
}
