//! What the report of a case says beside its answers: levers, what is worth knowing, what to wait for.

use crate::commands::ask::DrawOptions;
use crate::commands::levers::{measure, param, player};
use crate::failure::Failure;
use crate::solving::SolveOptions;
use detente_answer::draws::Plan;
use detente_answer::indicators::indicators;
use detente_answer::levers::policies::crowded;
use detente_answer::levers::{Inquiry, levers};
use detente_answer::query::only_outcomes;
use detente_answer::solved::Hands;
use detente_answer::voi::voi;
use detente_game::{ParamId, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Number, QueryKind};
use detente_report::case::{Advice, Notes};

/// Most draws behind the levers of a page, and behind the values of information.
const DRAWS: (u64, u64) = (200, 500);
/// Nodes of a game whose levers are not tried unasked.
const LARGE: usize = 1_000;
/// Players whose levers are shown where the page of the case names none.
const PLAYERS: usize = 2;

/// Whose levers on what.
struct Wanted {
    player: PlayerId,
    measure: String,
    params: Option<Vec<ParamId>>,
}

/// Computes the advice on one model; `draws`: those of the report, of which it needs fewer.
///
/// # Errors
/// An interrupt, or numbers that the levers cannot be tried with.
pub fn advice(
    words: &Notes,
    name: &str,
    model: &Model,
    hands: &Hands,
    draws: &DrawOptions,
    options: &SolveOptions,
    most: u64,
) -> Result<Advice, Failure> {
    let mut found = Advice { indicators: indicators(model, hands), ..Advice::default() };
    let settings = options.settings()?;
    let plan = |draws_wanted: u64| Plan {
        draws: draws_wanted.min(most),
        seed: draws.seed,
        threads: draws.cores(),
        settings: settings.clone(),
    };
    let wanted = wanted(words, name, model);
    for w in &wanted {
        let inquiry = Inquiry {
            player: w.player,
            measure: measure(model, &w.measure)?,
            more: None,
            params: w.params.clone(),
            threshold: None,
            plan: plan(DRAWS.0),
        };
        let watch = options.watch(&format!("{name}: trying levers"));
        let tried = levers(model, &inquiry, &watch);
        watch.finish()?;
        found.levers.push(tried.map_err(|e| Failure::input(e, "correct the model, or name other levers"))?);
    }
    let mut players: Vec<PlayerId> = wanted.iter().map(|w| w.player).collect();
    players.sort();
    players.dedup();
    // What a player could learn is tried against each of its plans, which takes long where there are many.
    players.retain(|player| crowded(model, *player).is_empty());
    for player in players {
        let watch = options.watch(&format!("{name}: weighing what could be learnt"));
        let worth = voi(model, player, &plan(DRAWS.1), &watch);
        watch.finish()?;
        found.information.push(worth.map_err(|e| Failure::input(e, "correct the model"))?);
    }
    Ok(found)
}

/// The levers that the page of the case asks for, in this model. Where it asks for none here, those of the
/// first deciding players on the first event that the model asks about, or else on its first outcome; none
/// for a large game, where each takes long.
fn wanted(words: &Notes, name: &str, model: &Model) -> Vec<Wanted> {
    let named = named(words, name, model);
    match named.is_empty() && model.game.nodes.len() < LARGE {
        true => default(model),
        false => named,
    }
}

/// The levers that the page of the case names and this model has.
fn named(words: &Notes, name: &str, model: &Model) -> Vec<Wanted> {
    let here = |note: &detente_report::case::LeverNote| {
        let (place, what) = note.measure.split_once('.').unwrap_or((name, &note.measure));
        let named = place == name || name.starts_with(&format!("{place}-"));
        let player = player(model, &note.player).ok().filter(|_| named)?;
        measure(model, what).ok()?;
        let params: Vec<ParamId> = note.params.iter().filter_map(|p| param(&model.game, p).ok()).collect();
        let params = (!note.params.is_empty()).then_some(params);
        Some(Wanted { player, measure: what.to_string(), params })
    };
    words.levers.iter().filter_map(here).collect()
}

fn default(model: &Model) -> Vec<Wanted> {
    let plain = |body: &Body| match body {
        Body::Number(Number::Query(q)) => {
            q.conditions == Conditions::default()
                && matches!(&q.kind, QueryKind::Prob(what) if only_outcomes(what))
        }
        _ => false,
    };
    let asked = model.asks.iter().find(|a| plain(&a.body)).map(|a| a.name.clone());
    let keys = || model.game.outcome_keys();
    // With one outcome there is nothing to pull at.
    let first = || keys().into_iter().next().filter(|_| keys().len() > 1);
    let Some(measure) = asked.or_else(first) else { return vec![] };
    let mut players: Vec<PlayerId> =
        model.game.infosets.iter().filter(|h| h.actions.len() > 1).map(|h| h.player).collect();
    players.sort();
    players.dedup();
    players.truncate(PLAYERS);
    players.into_iter().map(|player| Wanted { player, measure: measure.clone(), params: None }).collect()
}

/// Lines about levers that fit no model of the case.
pub fn strange_levers(words: &Notes, models: &[(String, &Model)]) -> Vec<String> {
    let fits = |note: &detente_report::case::LeverNote| {
        let alone = Notes { levers: vec![note.clone()], ..Notes::default() };
        models.iter().any(|(name, model)| !named(&alone, name, model).is_empty())
    };
    let strange = words.levers.iter().filter(|n| !fits(n));
    strange
        .map(|n| {
            format!(
                "`{} on {}` under Levers fits no model: write `PLAYER on OUTCOME`, with names of one model",
                n.player, n.measure
            )
        })
        .collect()
}
