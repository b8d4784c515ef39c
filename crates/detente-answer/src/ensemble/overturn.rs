//! What overturns a claim about a council: one number alone, and several together.
//!
//! The one idea: a table has a hundred numbers, and a verdict may hang a little on each of them. So the
//! nearest joint change is looked for where the draws point: straight toward the mean of those draws in
//! which the verdict is another, and in the space of the few numbers that part these draws from the rest.

use super::draws::{Drawn, Plan, Table, spread_out, take};
use super::sweep::{Turn, Turns, tipping, turns};
use super::verdicts::{ClaimStudy, applies, claims, together};
use crate::council::Session;
use crate::flip::joint::{Nearest, nearest, starts, toward};
use crate::flip::quick::Decides;
use crate::flip::{Cause, Flip, Fragile, Over};
use crate::sampler::Sampler;
use crate::verdict::Class;
use detente_exact::Q;
use detente_model::Model;
use detente_prob::families::normal_quantile;
use detente_solve::Progress;

/// Numbers that the nearest joint change is looked for in.
const FEW: usize = 6;
/// Of these, those that overturn the claim alone.
const ALONE: usize = 3;
/// A share this near to 0 or 1 counts as that far out.
const EDGE: f64 = 1e-6;
/// Why no distance is proven.
const UNPROVEN: &str = "theories of bargaining are computed in rounded numbers";

/// Examines the claims of all councils of a model, on draws of its own.
///
/// # Errors
/// Base values that make no council, or rank correlations that no distribution has.
pub fn fragility(session: &Session, plan: &Plan, progress: &dyn Progress) -> Result<Vec<Fragile>, String> {
    let table = Table::new(session.model)?;
    let sittings = session.at(&table.base)?;
    let drawn = take(session, &table, plan, progress);
    let mut studied = claims(session, &table.base, &sittings, &drawn);
    overturned(session, &table, &drawn, plan.threads, &mut studied, progress);
    Ok(studied.into_iter().filter_map(|c| c.fragile).collect())
}

/// Fills in what tips and what overturns each claim. Stopped early, it leaves out what it has not looked at.
pub fn overturned(
    session: &Session,
    table: &Table,
    drawn: &[Option<Drawn>],
    threads: usize,
    claims: &mut [ClaimStudy],
    progress: &dyn Progress,
) {
    let walked = turns(session, table, threads, claims, progress);
    tipping(session, table, &walked, claims);
    let found = spread_out(claims.len() as u64, threads, progress, |k| {
        let claim = &claims[k as usize];
        let alone = alone(table, &walked, k as usize, claim);
        let near = claim.applies.then(|| joint(session, table, drawn, k as usize, claim, &alone));
        (alone, near.unwrap_or_default())
    });
    for (claim, (alone, Nearest { joint, stopped })) in claims.iter_mut().zip(found) {
        let unproven =
            if claim.applies { UNPROVEN } else { "its own restriction is false at the base values" };
        claim.fragile = Some(Fragile {
            claim: claim.name.clone(),
            label: claim.label.clone(),
            over: Over::Theories,
            class: if claim.applies { claim.base_class } else { Class::Undefined },
            alone,
            joint,
            stopped,
            steady: None,
            unproven: Some(unproven.into()),
        });
    }
}

/// The values at which one number alone makes another verdict of all theories together.
fn alone(table: &Table, walked: &[Turns], at: usize, claim: &ClaimStudy) -> Vec<Flip> {
    let because = |turn: &Turn| Cause {
        exact: None,
        words: vec![format!(
            "it turns in {}",
            match turn.theories.len() == claim.theories.len() {
                true => "every theory".to_string(),
                false =>
                    turn.theories.iter().map(|t| claim.theories[*t].clone()).collect::<Vec<_>>().join(", "),
            }
        )],
    };
    let one = |along: &Turns| {
        let prior = table.sampler.uncertain().find(|(p, _)| *p == along.param).map(|(_, prior)| prior);
        let sides = along.classes[at].each_ref().map(Option::as_ref);
        let mut flip = Flip {
            param: table.model().game.params[along.param.index()].name.clone(),
            base: table.base[along.param.index()],
            range: along.range,
            below: sides[0].map(|t| t.value),
            above: sides[1].map(|t| t.value),
            deviations: None,
            below_because: sides[0].map(because),
            above_because: sides[1].map(because),
            complete: false,
            open: None,
        };
        let sd = prior.map_or(0.0, |p| p.sd());
        flip.deviations = flip.nearest().filter(|_| sd > 0.0).map(|x| (x - flip.base).abs() / sd);
        flip
    };
    walked.iter().map(one).collect()
}

/// The nearest change of several numbers that was found.
fn joint(
    session: &Session,
    table: &Table,
    drawn: &[Option<Drawn>],
    at: usize,
    claim: &ClaimStudy,
    alone: &[Flip],
) -> Nearest {
    let oracle = Theories { session, table, at };
    let model = session.model;
    let apart = apart(table, drawn, at, claim.base_class);
    let straight = apart
        .as_ref()
        .and_then(|apart| toward(model, &table.sampler, &apart.middle, claim.base_class, &oracle));
    let mut chosen: Vec<usize> = vec![];
    let mut flips: Vec<(usize, f64)> =
        alone.iter().enumerate().filter_map(|(k, f)| Some((k, f.deviations?))).collect();
    flips.sort_by(|a, b| a.1.total_cmp(&b.1));
    chosen.extend(flips.iter().take(ALONE).map(|(k, _)| *k));
    let telling = apart.map_or(vec![], |apart| apart.order);
    for k in telling.into_iter().chain(flips.iter().map(|(k, _)| *k)) {
        if chosen.len() < FEW && !chosen.contains(&k) {
            chosen.push(k);
        }
    }
    let few = of_few(model, table, &chosen);
    let search = |sampler| nearest(&few, &sampler, &starts(alone), claim.base_class, &oracle);
    let near = Sampler::new(&few).map_or_else(|_| Nearest::default(), search);
    let both = [straight, near.joint].into_iter().flatten();
    Nearest { joint: both.min_by(|a, b| a.distance.total_cmp(&b.distance)), ..near }
}

/// The model with all but a few of its numbers at their base values.
fn of_few(model: &Model, table: &Table, chosen: &[usize]) -> Model {
    let kept: Vec<usize> = table
        .sampler
        .uncertain()
        .enumerate()
        .filter(|(k, _)| chosen.contains(k))
        .map(|(_, (p, _))| p.index())
        .collect();
    let mut few = model.clone();
    for (k, param) in few.game.params.iter_mut().enumerate() {
        if !kept.contains(&k) {
            param.prior = None;
        }
    }
    few
}

/// How the draws with another verdict lie apart from the base values.
struct Apart {
    /// The means of their numbers, as medians of their normal scores say.
    middle: Vec<f64>,
    /// The numbers that part them most from all draws, first.
    order: Vec<usize>,
}

fn apart(table: &Table, drawn: &[Option<Drawn>], at: usize, base: Class) -> Option<Apart> {
    let priors: Vec<_> = table.sampler.uncertain().map(|(_, prior)| prior).collect();
    let score = |k: usize, x: f64| normal_quantile(priors[k].cdf(x).clamp(EDGE, 1.0 - EDGE));
    let (mut sums, mut all) = (vec![0.0; priors.len()], vec![0.0; priors.len()]);
    let (mut other, mut count) = (0.0_f64, 0.0_f64);
    for found in drawn.iter().flatten() {
        let Some(by) = &found.claims[at] else { continue };
        let differs = together(by) != base;
        count += 1.0;
        other += f64::from(u8::from(differs));
        for (k, x) in found.values.iter().enumerate() {
            let s = score(k, *x);
            all[k] += s;
            sums[k] += if differs { s } else { 0.0 };
        }
    }
    if other == 0.0 {
        return None;
    }
    let means: Vec<f64> = sums.iter().map(|s| s / other).collect();
    let beyond: Vec<f64> = means.iter().zip(&all).map(|(m, a)| (m - a / count).abs()).collect();
    let mut order: Vec<usize> = (0..priors.len()).collect();
    order.sort_by(|a, b| beyond[*b].total_cmp(&beyond[*a]));
    let middle = means.iter().zip(&priors).map(|(m, p)| p.quantile(detente_prob::families::normal_cdf(*m)));
    Some(Apart { middle: middle.collect(), order })
}

/// One claim, put to all of its theories.
struct Theories<'a, 'm> {
    session: &'a Session<'m>,
    table: &'a Table<'m>,
    at: usize,
}

impl Decides for Theories<'_, '_> {
    fn exact(&self, params: &[Q]) -> Option<Class> {
        let point = self.table.filled(params.iter().map(Q::to_f64).collect());
        let sittings = self.session.at(&point).ok()?;
        let claim = &self.session.model.council_claims[self.at];
        if !applies(self.session, claim, &point, &sittings) {
            return None;
        }
        let by = self.session.truth(&claim.body, &point, &sittings);
        Some(together(&by.into_iter().map(|(_, holds)| holds.ok()).collect::<Vec<_>>()))
    }
}
