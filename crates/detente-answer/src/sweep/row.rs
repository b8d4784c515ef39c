//! One draw as a flat row: its parameters, its set of equilibria, and every answer as low and high.

use crate::draws::{Draw, DrawnAsk, DrawnClaim, answer_all, unknown};
use crate::fast::{Fast, Quick};
use crate::observed::{everything, refutes};
use crate::query::Equilibrium;
use crate::range::Range;
use crate::sampler::{Points, Sampler};
use crate::shares::Pair;
use crate::solved::{Games, Hands, Memory, Point, all_games, on_big_stack, solve, solve_near};
use crate::undefined::Undefined;
use detente_batch::LANES;
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Status};
use detente_model::Model;
use detente_solve::{Progress, Settings};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;

/// How strongly a draw is answered; `NoAnswer`: there is no game there, or the solver broke down.
pub const STRENGTHS: [&str; 5] = ["exact-complete", "exact-some", "certified", "numeric", "no-answer"];

/// Everything that a draw is a function of.
pub struct Job<'m> {
    pub model: &'m Model,
    pub sampler: &'m Sampler<'m>,
    pub points: Points,
    pub seed: u64,
    pub settings: Settings,
    /// Precision at which the principal logit branch is also followed.
    pub logit: Option<Q>,
    games: Games,
    memory: Option<Memory>,
    /// Answers most draws many at a time, where the model is of that kind.
    fast: Option<Fast<'m>>,
}

/// What is kept of one draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub draw: u64,
    pub values: Vec<f64>,
    /// Position in [`STRENGTHS`].
    pub strength: u16,
    /// Why it took the exact path though draws of this model are answered many at a time.
    pub exact: Option<&'static str>,
    /// Why it is not complete.
    pub open: Option<String>,
    /// Components of equilibria of the model's own game; those that do not fail the intuitive
    /// criterion; those that the observations do not refute.
    pub equilibria: [u64; 3],
    /// Which outcomes can happen in which component, in words.
    pub pattern: Option<String>,
    /// Per outcome.
    pub outcomes: Vec<Chances>,
    pub claims: Vec<Option<DrawnClaim>>,
    pub asks: Vec<DrawnAsk>,
    pub hypotheses: Vec<Vec<Pair>>,
    pub observed: Vec<Pair>,
}

/// The probability of an outcome in one draw. `None`: unknown, or no equilibrium is of the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chances {
    /// Low and high over all equilibria.
    pub all: Option<(f64, f64)>,
    /// Over those that do not fail the intuitive criterion.
    pub intuitive: Option<(f64, f64)>,
    /// Over those that the observations do not refute.
    pub not_refuted: Option<(f64, f64)>,
    /// If each component is as likely as any other, at the point that shows it.
    pub uniform: Option<f64>,
    /// On the principal branch of logit equilibria.
    pub logit: Option<f64>,
}

impl<'m> Job<'m> {
    /// Prepares a run. The proofs at the base values are the known branches of every draw, so that
    /// a draw depends on no other one.
    pub fn new(
        model: &'m Model,
        sampler: &'m Sampler<'m>,
        points: Points,
        seed: u64,
        settings: Settings,
        progress: &dyn Progress,
    ) -> Job<'m> {
        let games = all_games(model);
        let base = on_big_stack(|| {
            let point = solve(model, &model.game.base_params(), &games, &settings, progress).ok()?;
            Some((Memory::of(&point), Fast::new(model, &point, settings.concept)))
        });
        let (memory, fast) = base.ok().flatten().map_or((None, None), |(memory, fast)| (Some(memory), fast));
        Job { model, sampler, points, seed, settings, logit: None, games, memory, fast }
    }

    /// As [`Job::new`], where the model is solved at its base values already.
    pub fn near(
        sampler: &'m Sampler<'m>,
        points: Points,
        seed: u64,
        settings: Settings,
        (model, point): (&'m Model, &Point<'m>),
    ) -> Job<'m> {
        let fast = on_big_stack(|| Fast::new(model, point, settings.concept)).ok().flatten();
        let (games, memory) = (all_games(model), Some(Memory::of(point)));
        Job { model, sampler, points, seed, settings, logit: None, games, memory, fast }
    }

    /// The share of the first `tried` draws that takes the exact path; 1 where draws of this model are
    /// not answered many at a time.
    pub fn exact_share(&self, tried: u64) -> f64 {
        let Some(fast) = &self.fast else { return 1.0 };
        let drawn: Vec<usize> = self.sampler.uncertain().map(|(p, _)| p.index()).collect();
        let mut left = 0;
        for from in (0..tried).step_by(LANES) {
            let value = |i: u64| self.sampler.values_at(&self.points, self.seed, i);
            let draws = from..tried.min(from + LANES as u64);
            let draws = draws.map(|i| unknown(self.model, self.sampler, i, value(i))).collect();
            left += fast.take(&drawn, draws).iter().filter(|found| found.is_err()).count();
        }
        left as f64 / tried.max(1) as f64
    }

    /// Also follows the principal logit branch to this precision.
    pub fn with_logit(self, lambda: Option<Q>) -> Job<'m> {
        Job { logit: lambda, ..self }
    }

    /// Solves the model where the uncertain parameters have these values.
    ///
    /// # Errors
    /// There is no game there, in words.
    pub fn solve(&self, values: &[f64], progress: &dyn Progress) -> Result<Point<'m>, Undefined> {
        let params = self.sampler.params(values);
        solve_near(self.model, &params, &self.games, &self.settings, self.memory.as_ref(), progress)
    }
}

/// The draws from `from` up to `to`, in order; `None` if the progress said stop.
///
/// This is the one place where a sweep solves. Where the model allows it many draws are answered at a
/// time, and those that rounding or a continuum leaves open take the exact path, one by one. A draw's
/// row does not depend on the others.
/// It recurses as deep as a proof: call it on a big stack.
pub fn rows(job: &Job, from: u64, to: u64, progress: &dyn Progress) -> Option<Vec<Row>> {
    rows_with(job, from, to, &|draw| job.sampler.values_at(&job.points, job.seed, draw), progress)
}

/// As [`rows`], where `values` gives the uncertain parameters of a draw.
pub fn rows_with(
    job: &Job,
    from: u64,
    to: u64,
    values: &dyn Fn(u64) -> Vec<f64>,
    progress: &dyn Progress,
) -> Option<Vec<Row>> {
    let mut list = vec![];
    // The logit branch is followed from the exact game.
    let Some(fast) = job.fast.as_ref().filter(|_| job.logit.is_none()) else {
        for draw in from..to {
            list.push(row_at(job, draw, values(draw), progress)?);
        }
        return Some(list);
    };
    let drawn: Vec<usize> = job.sampler.uncertain().map(|(p, _)| p.index()).collect();
    for start in (from..to).step_by(LANES) {
        let end = to.min(start + LANES as u64);
        let draws = (start..end).map(|i| unknown(job.model, job.sampler, i, values(i))).collect();
        for found in fast.take(&drawn, draws) {
            list.push(match found {
                Ok(quick) => quick_row(job, quick),
                Err((draw, left)) => {
                    let row = row_at(job, draw.index, draw.values, progress)?;
                    Row { exact: Some(left.words()), ..row }
                }
            });
        }
        if !progress.keep_going(0.0) {
            return None;
        }
    }
    Some(list)
}

/// The row of a draw that was answered with many others.
fn quick_row(job: &Job, quick: Quick) -> Row {
    let Quick { draw, outcomes, refuted, .. } = quick;
    let Draw { index, values, claims, asks, hypotheses, observed, .. } = draw;
    let keys = job.model.game.outcome_keys();
    let over = |k: usize, left: bool| -> Option<(f64, f64)> {
        let some = outcomes.iter().zip(&refuted).filter(|(_, out)| !left || !**out).map(|(o, _)| o[k]);
        some.map(|p| (p, p)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let count = outcomes.len() as u64;
    let chances = (0..keys.len()).map(|k| Chances {
        all: over(k, false),
        // The criterion applies to none of these games.
        intuitive: over(k, false),
        not_refuted: over(k, true),
        uniform: (count > 0).then(|| outcomes.iter().map(|o| o[k]).sum::<f64>() / count as f64),
        logit: None,
    });
    let words = |o: &Vec<f64>| {
        let may = keys.iter().zip(o).filter(|(_, p)| **p > 0.0);
        may.map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ")
    };
    let kinds: BTreeSet<String> = outcomes.iter().map(words).collect();
    Row {
        draw: index,
        values,
        strength: 0,
        exact: None,
        open: None,
        equilibria: [count, count, refuted.iter().filter(|out| !**out).count() as u64],
        pattern: Some(kinds.into_iter().collect::<Vec<_>>().join(" | ")),
        outcomes: chances.collect(),
        claims,
        asks,
        hypotheses,
        observed,
    }
}

/// The row of a draw with these values; `None` if the progress said stop.
pub fn row_at(job: &Job, draw: u64, values: Vec<f64>, progress: &dyn Progress) -> Option<Row> {
    let work = AssertUnwindSafe(|| row(job, draw, values.clone(), progress));
    let found = std::panic::catch_unwind(work);
    // A draw that was cut short is not the draw that its address names.
    progress.keep_going(0.0).then(|| {
        found.unwrap_or_else(|_| empty(job, draw, values.clone(), Some("the solver broke down".into())))
    })
}

fn row(job: &Job, draw: u64, values: Vec<f64>, progress: &dyn Progress) -> Row {
    let point = match job.solve(&values, progress) {
        Ok(point) => point,
        Err(why) => return empty(job, draw, values, Some(without_numbers(&why.words))),
    };
    let mut row = empty(job, draw, values, None);
    row.strength = strength(point.status());
    if !point.complete() {
        let open = point.games.iter().flat_map(|g| &g.solution.unresolved).next();
        let words = open.map_or("the equilibria are not proven complete", String::as_str);
        row.open = Some(without_numbers(words));
        return row;
    }
    let hands = point.hands();
    let mut taken = unknown(job.model, job.sampler, draw, row.values.clone());
    answer_all(job.model, &hands, &mut taken);
    let Draw { claims, asks, hypotheses, observed, .. } = taken;
    let row = Row { claims, asks, hypotheses, observed, ..row };
    with_equilibria(job, &hands, row, progress)
}

/// The row of a draw of which nothing is known but its parameters.
pub(super) fn lost(job: &Job, draw: u64) -> Row {
    let values = job.sampler.values_at(&job.points, job.seed, draw);
    empty(job, draw, values, Some("the solver broke down".into()))
}

fn empty(job: &Job, draw: u64, values: Vec<f64>, open: Option<String>) -> Row {
    let Draw { values, claims, asks, hypotheses, .. } = unknown(job.model, job.sampler, draw, values);
    Row {
        draw,
        values,
        strength: 4,
        exact: None,
        open,
        equilibria: [0; 3],
        pattern: None,
        outcomes: vec![Chances::default(); job.model.game.outcome_keys().len()],
        claims,
        asks,
        hypotheses,
        observed: vec![],
    }
}

/// A reason without the numbers of one draw, so that draws with the same reason count together.
fn without_numbers(words: &str) -> String {
    let plain = |word: &str| {
        let bare = word.trim_start_matches('-').trim_end_matches(['.', ',', ';', ':']);
        let number = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.contains(['/', '.', 'e']);
        if number { word.replace(bare, "…").replace("-…", "…") } else { word.to_string() }
    };
    words.split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

fn strength(status: Status) -> u16 {
    match status {
        Status::ExactComplete => 0,
        Status::ExactSome => 1,
        Status::Certified => 2,
        Status::Numeric => 3,
    }
}

fn with_equilibria(job: &Job, hands: &Hands, mut row: Row, progress: &dyn Progress) -> Row {
    let own = hands.own();
    let seen = everything(job.model);
    let intuitive: Vec<&Component> =
        own.iter().map(|e| e.component).filter(|c| c.intuitive != Some(false)).collect();
    let left = |e: &&Equilibrium| seen.as_ref().is_none_or(|event| !refutes(e, event));
    let not_refuted: Vec<&Component> = own.iter().filter(left).map(|e| e.component).collect();
    let all: Vec<&Component> = own.iter().map(|e| e.component).collect();
    row.equilibria = [all.len() as u64, intuitive.len() as u64, not_refuted.len() as u64];
    row.pattern = Some(pattern(&job.model.game.outcome_keys(), &all));
    let logit = job.logit.as_ref().and_then(|lambda| branch(job, hands, lambda, progress));
    for (k, chances) in row.outcomes.iter_mut().enumerate() {
        let shown: Vec<f64> = all.iter().filter_map(|c| Some(c.outcomes.get(k)?.value)).collect();
        *chances = Chances {
            all: bounds(&all, k),
            intuitive: bounds(&intuitive, k),
            not_refuted: bounds(&not_refuted, k),
            uniform: (!shown.is_empty()).then(|| shown.iter().sum::<f64>() / shown.len() as f64),
            logit: logit.as_ref().and_then(|c| Some(c.outcomes.get(k)?.value)),
        };
    }
    row
}

/// Lowest and highest probability of an outcome over some components.
fn bounds(components: &[&Component], outcome: usize) -> Option<(f64, f64)> {
    let mut ends: Option<(f64, f64)> = None;
    for component in components {
        let (low, high) = component.outcome_range.get(outcome)?;
        let low = Range::of(low).low().to_f64().max(0.0);
        let high = Range::of(high).high().to_f64().min(1.0);
        ends = Some(ends.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
    }
    ends
}

/// Which outcomes happen in which component: `deal | deal, war`, without repetitions.
fn pattern(keys: &[String], components: &[&Component]) -> String {
    let words = |c: &&Component| {
        let may = keys.iter().zip(&c.outcome_range).filter(|(_, r)| r.1.value > 0.0);
        may.map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ")
    };
    let kinds: BTreeSet<String> = components.iter().map(words).collect();
    kinds.into_iter().collect::<Vec<_>>().join(" | ")
}

/// The principal logit branch of the model's own game at a precision.
fn branch(job: &Job, hands: &Hands, lambda: &Q, progress: &dyn Progress) -> Option<Component> {
    let own = hands.point.games.first()?;
    let settings = Settings { concept: Concept::Qre, lambda: Some(lambda.clone()), ..job.settings.clone() };
    let found = detente_solve::solve(own.game, &own.numbers, &settings, progress);
    found.components.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn reasons_of_two_draws_are_one() {
        let one = without_numbers(
            "There is no game here: the probability of `a` in `b` is 1234/1001, outside (0, 1].",
        );
        let two =
            without_numbers("There is no game here: the probability of `a` in `b` is -7/3, outside (0, 1].");
        assert_eq!(one, two);
        assert_eq!(one, "There is no game here: the probability of `a` in `b` is …, outside (0, 1].");
        assert_eq!(without_numbers("3 sets stay open"), "3 sets stay open");
    }
}
