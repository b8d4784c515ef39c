//! Sources: what each is worth, which conclusions would go without it, and whether a text says what is cited.
//!
//! The one idea: a source is judged by what falls when it falls. The model is answered twice with the
//! same seed, once as it is and once without the source, and the two answers are set side by side.

pub mod texts;

use crate::claims::{Column, decide, refuted};
use crate::council::Session;
use crate::draws::{Plan, take_near};
use crate::ensemble::{self, Table, take};
use crate::foresight::{Value, foresee};
use crate::sampler::{Sampler, range_of};
use crate::shares::Finding;
use crate::solved::{all_games, on_big_stack, solve};
use crate::study::study;
use crate::undefined::{Undefined, Why};
use crate::verdict::Class;
use detente_model::Model;
use detente_model::without::Removed;
use detente_solve::Progress;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a model says, in the form in which two models are compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Said {
    /// By name.
    pub claims: Vec<(String, ClaimSaid)>,
    /// Probabilities asked or forecast, pooled over the draws: low, high, and the words.
    pub chances: Vec<(String, (f64, f64), String)>,
}

/// A claim: at the base values, and over the draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimSaid {
    pub base: Class,
    /// Nothing without draws.
    pub finding: Option<Finding>,
    /// Share of draws in which it is true in all equilibria.
    pub share: Option<f64>,
}

/// What happens without a source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dropped {
    /// The keys that fall: the source itself, then what it alone relays.
    pub keys: Vec<String>,
    pub observations: Vec<String>,
    /// Parameters with the range they have now.
    pub widened: Vec<Widened>,
    pub kept: Vec<String>,
    /// Parameters whose range nothing but its assumption supports now.
    pub assumed: Vec<String>,
    pub structure: Vec<String>,
    pub conclusions: Vec<Conclusion>,
}

/// A parameter whose range nobody supports any more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Widened {
    pub param: String,
    pub stated: (f64, f64),
    pub now: (f64, f64),
}

/// One conclusion with and without the source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conclusion {
    /// `claim`, `question` or `forecast`.
    pub kind: &'static str,
    pub name: String,
    pub label: String,
    pub before: String,
    pub after: String,
    pub fate: Fate,
    /// True if only this source supports the statement itself.
    pub unsupported: bool,
}

/// What becomes of a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The verdict or the word is another one.
    Flips,
    /// Nothing is left to answer it with.
    LosesEvidence,
    Stands,
}

/// Returns the range of every parameter that is a number of its own, by name.
pub fn ranges(model: &Model) -> BTreeMap<String, (f64, f64)> {
    let own = model.params.iter().zip(&model.game.params);
    own.filter(|(info, _)| !matches!(info.kind, detente_model::model::ParamKind::Formula(_)))
        .map(|(info, param)| {
            let base = param.base.to_f64();
            (info.name.clone(), param.prior.as_ref().map_or((base, base), range_of))
        })
        .collect()
}

/// Answers a model in the form in which two are compared.
///
/// # Errors
/// No numbers at the base values, or correlations that no distribution has.
pub fn said(model: &Model, plan: &Plan, progress: &dyn Progress) -> Result<Said, Undefined> {
    let mut said = Said::default();
    if model.has_play() && (!model.claims.is_empty() || !model.asks.is_empty()) {
        let params = model.game.base_params();
        let point = on_big_stack(|| solve(model, &params, &all_games(model), &plan.settings, progress))??;
        let sampler = Sampler::new(model)
            .map_err(|e| Undefined::new(Why::NoGame, format!("There are no draws: {e}.")))?;
        let drawn = match sampler.uncertain().next().is_some() {
            true => take_near(model, &sampler, plan, &point, progress),
            false => vec![],
        };
        let found = (!drawn.is_empty()).then(|| study(model, &sampler, plan.seed, &drawn));
        let hands = point.hands();
        let out = refuted(model, &hands);
        for claim in &model.claims {
            let over = found.as_ref().and_then(|s| s.claims.iter().find(|c| c.name == claim.name));
            let column = over.and_then(|c| c.columns.first());
            let share = over.zip(column).filter(|(c, _)| c.used > 0);
            said.claims.push((
                claim.name.clone(),
                ClaimSaid {
                    base: decide(&hands, claim, &out).class(Column::All),
                    finding: column.map(|c| c.finding),
                    share: share.map(|(c, column)| column.true_in_all as f64 / c.used as f64),
                },
            ));
        }
        let pooled = found.iter().flat_map(|s| &s.asks).filter_map(|ask| ask.pooled.as_ref());
        said.chances.extend(pooled.map(|p| (p.name.clone(), (p.low, p.high), p.words.clone())));
    }
    if !model.council_claims.is_empty() {
        said.claims.extend(councils(model, plan, progress)?);
    }
    if !model.forecasts.is_empty() {
        for outlook in foresee(model, plan, progress)?.forecasts {
            match outlook.value {
                Value::Probability(c) => said.chances.push((outlook.name, (c.low, c.high), c.words)),
                Value::Alternatives { arms, .. } => said.chances.extend(arms.into_iter().map(|arm| {
                    (
                        format!("{}.{}", outlook.name, arm.name),
                        (arm.chance.low, arm.chance.high),
                        arm.chance.words,
                    )
                })),
                Value::Number { .. } | Value::Undefined { .. } => {}
            }
        }
    }
    Ok(said)
}

/// What the theories of bargaining say of the claims about councils; theories stand where equilibria do.
fn councils(
    model: &Model,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Vec<(String, ClaimSaid)>, Undefined> {
    let failed = |words: String| Undefined::new(Why::NoGame, words);
    let session = Session::new(model, &[]).map_err(failed)?;
    let table = Table::new(model).map_err(failed)?;
    let sittings = session.at(&table.base).map_err(failed)?;
    let draws = ensemble::Plan { draws: plan.draws, seed: plan.seed, threads: plan.threads };
    let drawn = take(&session, &table, &draws, progress);
    let studied = ensemble::claims(&session, &table.base, &sittings, &drawn);
    let said = studied.into_iter().map(|claim| {
        let share = (claim.used > 0).then(|| claim.true_in_all as f64 / claim.used as f64);
        let finding = (!drawn.is_empty()).then_some(claim.finding);
        (claim.name, ClaimSaid { base: claim.base_class, finding, share })
    });
    Ok(said.collect())
}

/// Sets what a model says with and without a source side by side.
pub fn compare(model: &Model, removed: &Removed, before: &Said, after: &Said) -> Dropped {
    let mut conclusions = Vec::new();
    for claim in model.claims.iter().chain(&model.council_claims) {
        let find =
            |said: &Said| said.claims.iter().find(|(name, _)| *name == claim.name).map(|(_, c)| c.clone());
        let (Some(was), now) = (find(before), find(after)) else { continue };
        let fate = match &now {
            None => Fate::LosesEvidence,
            Some(now) if now.base != was.base || now.finding != was.finding => Fate::Flips,
            Some(_) => Fate::Stands,
        };
        conclusions.push(Conclusion {
            kind: "claim",
            name: claim.name.clone(),
            label: claim.support.label.clone(),
            before: claim_words(&was),
            after: now.as_ref().map_or("no evidence is left".to_string(), claim_words),
            fate,
            unsupported: removed.unsupported.contains(&claim.name),
        });
    }
    let forecasts: Vec<&str> = model.forecasts.iter().map(|f| f.name.as_str()).collect();
    for (name, (low, high), words) in &before.chances {
        let plain = name.split('.').next().unwrap_or(name);
        let now = after.chances.iter().find(|(other, ..)| other == name);
        let fate = match now {
            None => Fate::LosesEvidence,
            Some((_, _, word)) if word != words => Fate::Flips,
            Some(_) => Fate::Stands,
        };
        let ask = model.asks.iter().find(|ask| ask.name == plain).map(|ask| &ask.support);
        let support = ask.or_else(|| model.forecasts.iter().find(|f| f.name == plain).map(|f| &f.support));
        conclusions.push(Conclusion {
            kind: if forecasts.contains(&plain) { "forecast" } else { "question" },
            name: name.clone(),
            label: support.map_or_else(String::new, |s| s.label.clone()),
            before: chance_words(words, *low, *high),
            after: now.map_or("no evidence is left".to_string(), |(_, (l, h), w)| chance_words(w, *l, *h)),
            fate,
            unsupported: removed.unsupported.iter().any(|name| name == plain),
        });
    }
    let stated = ranges(model);
    let widened = removed.widened.iter().filter_map(|name| {
        let stated = *stated.get(name)?;
        Some(Widened { param: name.clone(), stated, now: detente_model::without::widest(stated) })
    });
    Dropped {
        keys: removed.keys.clone(),
        observations: removed.observations.clone(),
        widened: widened.collect(),
        kept: removed.kept.clone(),
        assumed: removed.assumed.clone(),
        structure: removed.structure.clone(),
        conclusions,
    }
}

fn claim_words(claim: &ClaimSaid) -> String {
    let base = match claim.base {
        Class::TrueInAll => "true",
        Class::TrueInSome => "true in some",
        Class::FalseInAll => "false",
        Class::Undefined => "undefined",
    };
    let over = claim.finding.map(|finding| match finding {
        Finding::Holds => "holds",
        Finding::Fails => "fails",
        Finding::Depends => "depends",
        Finding::Vacuous => "vacuous",
    });
    match (over, claim.share) {
        (Some(over), Some(share)) => {
            format!(
                "{over} over the draws (true in {}), {base} at the base values",
                crate::words::percent(share)
            )
        }
        (Some(over), None) => format!("{over} over the draws, {base} at the base values"),
        _ => format!("{base} at the base values"),
    }
}

fn chance_words(words: &str, low: f64, high: f64) -> String {
    let (a, b) = (crate::words::percent(low), crate::words::percent(high));
    if a == b { format!("{words} ({a})") } else { format!("{words} ({a} to {b})") }
}
