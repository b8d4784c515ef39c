//! What dated observations say of aims, and of rival models.
//!
//! The one idea: every answer stands three times, because each rests on another assumption. Under
//! exact equilibrium, one number per equilibrium and low to high over all; under quantal response
//! with its precision λ integrated over a prior, where nothing is impossible; and over the draws of
//! all parameters. The Bayes factor stands first, in bits, because no prior enters it.
//!
//! - `translate` – what was seen, said of another game;
//! - `table`, `lambda`, `smooth` – quantal response, λ integrated;
//! - `draws`, `pooled` – the same over the priors of the parameters;
//! - `rivals`, `matrix` – models against models, and all hypotheses beside all observations.

pub mod draws;
pub mod lambda;
pub mod matrix;
pub mod parallel;
pub mod pooled;
pub mod rivals;
pub mod smooth;
pub mod table;
pub mod translate;

use crate::evidence::{Evidence, evidence_among};
use crate::observed::in_order;
use crate::play::Setting;
use crate::solved::{Games, Memory, Point, solve_near};
use crate::undefined::Undefined;
use detente_diag::Span;
use detente_exact::Q;
use detente_game::{EventId, EventKind, Game};
use detente_model::Model;
use detente_model::model::{Hypothesis, Observe, Support};
use detente_model::question::Happening;
use detente_solve::logit::Logit;
use detente_solve::{Progress, Settings};
use lambda::LambdaPrior;
use matrix::Matrix;
use pooled::Pooled;
use rivals::Rivals;
use serde::{Deserialize, Serialize};
use smooth::Smooth;
use table::Fits;

/// Private facts with more arms than this are not followed type by type.
const MOST_TYPES: usize = 12;

/// One model that may explain the observations.
#[derive(Clone, Debug)]
pub struct Contender<'m> {
    /// How it is called in tables.
    pub name: String,
    pub model: &'m Model,
    /// A variant of it, or `None` for the model itself.
    pub variant: Option<usize>,
    /// The analyst's prior that this is the right one among those compared; any positive unit.
    pub prior: f64,
}

/// What is to be computed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Draws of the parameters; 0 for the base values only.
    pub draws: u64,
    pub seed: u64,
    pub threads: usize,
    pub settings: Settings,
    pub lambda: LambdaPrior,
    /// At how many precisions quantal response is computed at the base values.
    pub precisions: usize,
}

/// The whole inference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inference {
    pub models: Vec<ModelInference>,
    /// Hypotheses of the first model, and the models themselves, beside each observation.
    pub matrix: Matrix,
    /// Models against models; `None` where there is one only.
    pub rivals: Option<Rivals>,
}

/// What the observations say within one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInference {
    pub name: String,
    pub title: String,
    pub sha256: String,
    /// Names of the equilibria at the base values.
    pub equilibria: Vec<String>,
    /// At the base values, per equilibrium; hypotheses first, then one entry per type.
    pub exact: Evidence,
    /// How many entries are declared hypotheses; the rest are types.
    pub declared: usize,
    /// At the base values under quantal response.
    pub smooth: Smooth,
    /// Over the draws of the parameters.
    pub pooled: Option<Pooled>,
    /// What the reader must know before using any number, in sentences.
    pub warnings: Vec<String>,
}

/// Why there is no inference.
#[derive(Clone, Debug, PartialEq)]
pub struct InferError {
    /// Which model, by position.
    pub contender: usize,
    pub words: String,
    pub help: String,
    /// The item at fault, in that model's text.
    pub span: Option<Span>,
}

/// A contender with everything said of its own game.
pub struct Ready<'m> {
    pub contender: Contender<'m>,
    pub observes: Vec<Observe>,
    pub hypotheses: Vec<Hypothesis>,
    pub declared: usize,
}

impl<'m> Ready<'m> {
    /// The game that is meant.
    pub fn game(&self) -> &'m Game {
        self.contender.model.game_of(self.contender.variant)
    }

    /// The plays of a game at one point, sorted by what they fit.
    pub fn fits(&self, setting: Setting) -> Fits {
        let seen: Vec<&Happening> = self.observes.iter().map(|o| &o.event).collect();
        let held: Vec<&Happening> = self.hypotheses.iter().map(|h| &h.event).collect();
        Fits::new(setting, &seen, &held)
    }

    /// Solves the game at a point.
    ///
    /// # Errors
    /// A game that has no numbers there.
    pub fn solve(
        &self,
        params: &[Q],
        plan: &Plan,
        memory: Option<&Memory>,
        progress: &dyn Progress,
    ) -> Result<Point<'m>, Undefined> {
        let games = Games::from([self.contender.variant]);
        solve_near(self.contender.model, params, &games, &plan.settings, memory, progress)
    }
}

/// Infers. The observations are the first contender's; a rival with observations of its own must
/// have as many, on the same dates.
///
/// # Errors
/// No observations, observations that no play fits, a name that a rival lacks, a game without
/// numbers at its base values; with the place.
pub fn infer(
    contenders: &[Contender],
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Inference, InferError> {
    let ready = prepare(contenders)?;
    let share = 1.0 / ready.len().max(1) as f64;
    let mut models = vec![];
    for (k, r) in ready.iter().enumerate() {
        let part = Part { progress, from: k as f64 * share, share };
        models.push(one(k, r, plan, &part)?);
    }
    let priors: Vec<f64> = contenders.iter().map(|c| c.prior).collect();
    let rivals = (models.len() > 1).then(|| rivals::compare(&models, &priors));
    let matrix = matrix::matrix(&models, rivals.as_ref());
    Ok(Inference { models, matrix, rivals })
}

/// A share of a longer work.
struct Part<'a> {
    progress: &'a dyn Progress,
    from: f64,
    share: f64,
}

impl Progress for Part<'_> {
    fn keep_going(&self, done: f64) -> bool {
        self.progress.keep_going(self.from + self.share * done)
    }
}

/// Says observations and hypotheses of each contender's own game.
///
/// # Errors
/// As [`infer`], before anything is solved.
pub fn prepare<'m>(contenders: &[Contender<'m>]) -> Result<Vec<Ready<'m>>, InferError> {
    let fault = |contender, words: String, help: &str, span| {
        Err(InferError { contender, words, help: help.into(), span })
    };
    let Some(first) = contenders.first() else {
        return fault(0, "there is no model".into(), "name a file", None);
    };
    let seen = in_order(first.model);
    if seen.is_empty() {
        let help = "add `observe \"what was seen\" on 2022-02-24 Player.move == action`";
        return fault(0, "the model observes nothing, so nothing can be inferred".into(), help, None);
    }
    let mut list = vec![];
    for (k, c) in contenders.iter().enumerate() {
        let game = c.model.game_of(c.variant);
        let own = in_order(c.model);
        let (source, from) = if own.is_empty() { (&seen, &first.model.game) } else { (&own, &c.model.game) };
        if source.len() != seen.len() || source.iter().zip(&seen).any(|(a, b)| a.date != b.date) {
            let differs = source.iter().zip(&seen).position(|(a, b)| a.date != b.date);
            let place = source.get(differs.unwrap_or(seen.len())).or(source.last());
            let words = format!(
                "`{}` observes other things than `{}`: {} on these dates against {}",
                c.name,
                first.name,
                source.len(),
                seen.len()
            );
            let help = "rival models must explain the same observations: as many, on the same dates";
            return fault(k, words, help, place.map(|o| o.support.span));
        }
        let mut observes = vec![];
        for o in source {
            let found = match std::ptr::eq(from, &c.model.game) {
                true => translate::of_variant(&o.event, from, game),
                false => translate::translate(&o.event, from, game),
            };
            match found {
                Ok(event) => observes.push(Observe { event, ..(*o).clone() }),
                Err(name) => {
                    let words = format!("`{}` has no `{name}`, which was observed: `{}`", c.name, o.text);
                    let help = "give the rival model `observe`s of its own, on the same dates";
                    return fault(k, words, help, None);
                }
            }
        }
        let mut hypotheses = vec![];
        for h in &c.model.hypotheses {
            if let Ok(event) = translate::of_variant(&h.event, &c.model.game, game) {
                hypotheses.push(Hypothesis { event, ..h.clone() });
            }
        }
        let declared = hypotheses.len();
        hypotheses.extend(
            types(game).into_iter().filter(|t| c.model.hypotheses.iter().all(|h| h.event != t.event)),
        );
        list.push(Ready { contender: c.clone(), observes, hypotheses, declared });
    }
    Ok(list)
}

/// One hypothesis per arm of each private fact.
fn types(game: &Game) -> Vec<Hypothesis> {
    let mut list = vec![];
    for (k, event) in game.events.iter().enumerate() {
        if event.kind != EventKind::Private || event.arms.len() < 2 || event.arms.len() > MOST_TYPES {
            continue;
        }
        let id = EventId(k as u32);
        for (arm, name) in event.arms.iter().enumerate() {
            list.push(Hypothesis {
                name: format!("{} == {name}", game.event_name(id)),
                event: Happening::Arm { event: id, arms: vec![arm as u32] },
                prior: None,
                support: Support::default(),
            });
        }
    }
    list
}

fn one(k: usize, ready: &Ready, plan: &Plan, progress: &dyn Progress) -> Result<ModelInference, InferError> {
    let fault = |words: String, help: &str, span| InferError { contender: k, words, help: help.into(), span };
    let game = ready.game();
    let base = ready.contender.model.game.base_params();
    let point = ready.solve(&base, plan, None, progress).map_err(|e| {
        fault(e.words, "give the parameters values at which every formula and probability is defined", None)
    })?;
    let hands = point.hands();
    let solved = &point.games[0];
    let setting = Setting { game, numbers: &solved.numbers, params: &solved.params };
    let fits = ready.fits(setting);
    if let Some(o) = ready.observes.get(fits.possible()) {
        let before = match fits.possible() {
            0 => "no play of the game fits this observation",
            _ => "no play of the game fits this observation together with those before it",
        };
        let words = format!("in `{}` {before}: `{}`", ready.contender.name, o.text);
        let help = "let the play allow what was seen, or correct the observation";
        return Err(fault(words, help, Some(o.support.span)));
    }
    let observes: Vec<&Observe> = ready.observes.iter().collect();
    let exact = evidence_among(hands.own(), point.status(), &observes, &ready.hypotheses);
    let logit = Logit::new(game, &solved.numbers);
    let smooth = smooth::at_base(&logit, setting, &fits, &ready.hypotheses, plan, progress);
    let pooled =
        (plan.draws > 0).then(|| pooled::pooled(ready, plan, &Memory::of(&point), progress)).transpose();
    let pooled = pooled.map_err(|words| {
        fault(words, "make the correlations weaker, so that they can hold together", None)
    })?;
    let equilibria: Vec<String> = (1..=hands.own().len()).map(|n| format!("E{n}")).collect();
    let warnings = warnings(&exact, &equilibria, &smooth, pooled.as_ref());
    Ok(ModelInference {
        name: ready.contender.name.clone(),
        title: game.title.clone(),
        sha256: game.sha256(),
        equilibria,
        exact,
        declared: ready.declared,
        smooth,
        pooled,
        warnings,
    })
}

/// What must be known before any number is used.
fn warnings(
    exact: &Evidence,
    equilibria: &[String],
    smooth: &Smooth,
    pooled: Option<&Pooled>,
) -> Vec<String> {
    let mut list = vec![];
    if equilibria.is_empty() {
        list.push("No equilibrium was found at the base values; only quantal response speaks there.".into());
    } else if let Some(step) = exact.steps.iter().find(|s| s.refuted.len() == equilibria.len()) {
        list.push(format!(
            "At the base values every equilibrium is refuted from `{}` on: it gives what was seen \
             probability zero. Below, exact equilibrium is silent there.",
            step.text
        ));
    }
    list.extend(smooth.warnings(false));
    list.extend(pooled.iter().flat_map(|p| p.warnings()));
    list
}
