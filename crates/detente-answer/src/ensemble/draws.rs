//! Draws of the numbers at the table: each is one council, put to every theory.
//!
//! The one idea: draw *i* depends on the seed and *i* alone. Threads take stretches of draws and lay
//! them back in order, so their number changes no bit.

use super::verdicts;
use crate::council::{ByTheory, Session};
use crate::sampler::Sampler;
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_solve::Progress;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Draws that a thread takes at once.
const STRETCH: u64 = 16;

/// How many draws, from which seed, on how many threads.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub draws: u64,
    pub seed: u64,
    pub threads: usize,
}

/// The parameters of a model as floats: base values, and which of them are drawn.
pub struct Table<'m> {
    model: &'m Model,
    pub sampler: Sampler<'m>,
    pub base: Vec<f64>,
    /// True if a parameter is a formula over others.
    formulas: bool,
}

impl<'m> Table<'m> {
    /// Prepares the parameters.
    ///
    /// # Errors
    /// Rank correlations that no joint distribution has.
    pub fn new(model: &'m Model) -> Result<Table<'m>, String> {
        let sampler = Sampler::new(model).map_err(|e| e.to_string())?;
        let base = model.game.base_params().iter().map(Q::to_f64).collect();
        let formulas = model.params.iter().any(|p| matches!(p.kind, ParamKind::Formula(_)));
        Ok(Table { model, sampler, base, formulas })
    }

    /// The model they belong to.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Returns all parameters where the uncertain ones have these values, in the sampler's order.
    pub fn point(&self, values: &[f64]) -> Vec<f64> {
        let mut point = self.base.clone();
        for ((param, _), value) in self.sampler.uncertain().zip(values) {
            point[param.index()] = *value;
        }
        self.filled(point)
    }

    /// Returns a point with the formulas over other parameters computed.
    pub fn filled(&self, mut point: Vec<f64>) -> Vec<f64> {
        if self.formulas {
            let tape = self.model.game.tape.eval::<f64>(&point);
            for (k, info) in self.model.params.iter().enumerate() {
                if let ParamKind::Formula(expr) = info.kind {
                    point[k] = tape.get(expr.0 as usize).copied().flatten().unwrap_or(f64::NAN);
                }
            }
        }
        point
    }
}

/// What is kept of one draw. A draw that gives no council is `None` in its list.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The uncertain parameters, in the sampler's order.
    pub values: Vec<f64>,
    /// `[council]`: places by voice, then by issue; NaN where a theory has no answer.
    pub places: Vec<Vec<f64>>,
    /// `[council][voice]`.
    pub settled: Vec<Vec<Option<bool>>>,
    /// `[ask][theory]`.
    pub asks: Vec<Vec<Option<f64>>>,
    /// `[claim][theory]`; `None` where the claim's `where` excludes the draw.
    pub claims: Vec<Option<Vec<Option<bool>>>>,
}

impl Drawn {
    /// Returns where a theory settled an issue.
    pub fn place(&self, council: usize, voice: usize, issue: usize) -> Option<f64> {
        let places = &self.places[council];
        let issues = places.len() / self.settled[council].len().max(1);
        places.get(voice * issues + issue).copied().filter(|x| x.is_finite())
    }
}

/// Takes the draws of a plan, in order. Stopped early, it returns the first draws without a gap.
pub fn take(session: &Session, table: &Table, plan: &Plan, progress: &dyn Progress) -> Vec<Option<Drawn>> {
    spread_out(plan.draws, plan.threads, progress, |index| {
        // Number 0 is the base values'.
        let values = table.sampler.values(plan.seed, index);
        draw(session, &table.point(&values), values, index + 1)
    })
}

fn draw(session: &Session, point: &[f64], values: Vec<f64>, number: u64) -> Option<Drawn> {
    let sittings = session.at_draw(point, number).ok()?;
    let model = session.model;
    let mut drawn = Drawn { values, places: vec![], settled: vec![], asks: vec![], claims: vec![] };
    for (sitting, council) in sittings.iter().zip(&model.councils) {
        let issues = council.issues.len();
        let mut places = Vec::with_capacity(issues * sitting.played.len());
        for played in &sitting.played {
            match played {
                Ok(played) => places.extend(&played.outcome),
                Err(_) => places.extend(std::iter::repeat_n(f64::NAN, issues)),
            }
        }
        drawn.places.push(places);
        drawn.settled.push(sitting.played.iter().map(|p| p.as_ref().ok().and_then(|p| p.settled)).collect());
    }
    fn found<T>(list: ByTheory<T>) -> Vec<Option<T>> {
        list.into_iter().map(|(_, value)| value.ok()).collect()
    }
    drawn.asks =
        model.council_asks.iter().map(|a| found(verdicts::answered(session, a, point, &sittings))).collect();
    drawn.claims = model
        .council_claims
        .iter()
        .map(|c| {
            verdicts::applies(session, c, point, &sittings)
                .then(|| found(session.truth(&c.body, point, &sittings)))
        })
        .collect();
    Some(drawn)
}

/// Computes `work` of 0 to `count` on several threads, in order; a prefix without a gap if stopped.
pub(crate) fn spread_out<T: Send>(
    count: u64,
    threads: usize,
    progress: &dyn Progress,
    work: impl Fn(u64) -> T + Sync,
) -> Vec<T> {
    let (next, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let done: Mutex<Vec<(u64, Vec<T>)>> = Mutex::new(Vec::new());
    let run = || loop {
        let first = next.fetch_add(STRETCH, Ordering::Relaxed);
        if first >= count || stopped.load(Ordering::Relaxed) {
            return;
        }
        if !progress.keep_going(first as f64 / count as f64) {
            stopped.store(true, Ordering::Relaxed);
            return;
        }
        let list: Vec<T> = (first..count.min(first + STRETCH)).map(&work).collect();
        done.lock().unwrap_or_else(|e| e.into_inner()).push((first, list));
    };
    std::thread::scope(|scope| {
        let run = &run;
        for _ in 1..threads.max(1) {
            scope.spawn(run);
        }
        run();
    });
    let mut stretches = done.into_inner().unwrap_or_else(|e| e.into_inner());
    stretches.sort_by_key(|(first, _)| *first);
    let mut all = Vec::new();
    for (first, list) in stretches {
        if first != all.len() as u64 {
            break;
        }
        all.extend(list);
    }
    all
}
