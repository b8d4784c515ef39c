//! Agent logit quantal response equilibrium (McKelvey and Palfrey, "Quantal Response
//! Equilibria for Extensive Form Games", Experimental Economics 1998).
//!
//! Every decision is taken by an agent of its own who plays each action with probability
//! proportional to exp(λ · conditional expected payoff). λ is in 1 / payoff units. The answer
//! depends on details of the tree: two moves in a row by one player are two noisy choices.
//!
//! - `real`, `field` – the equations over floats and over intervals;
//! - `linear`, `path` – the principal branch, followed from the uniform play at λ = 0;
//! - `certify` – the proof that an equilibrium lies near the point found;
//! - here – the answer. `certified` speaks of being an equilibrium at λ. That it is the one on
//!   the principal branch is computed, with care, but not proven.
//!
//! Each player may have a precision of its own, as a multiple of λ.

pub mod certify;
pub mod field;
pub mod linear;
pub mod path;
pub mod real;

use crate::cells::Value;
use crate::outcomes;
use crate::settings::{Progress, Settings};
use detente_exact::{Interval, Q};
use detente_game::certificate::{Certificate, Logit};
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, NodeKind, Numbers};
use field::{Field, Play};
use path::{Stop, Trace, follow};

/// Largest radius of a probability that counts as certified.
const RADIUS: f64 = 1e-9;
/// Most log-odds for which a path is followed; every step solves a dense system of this size.
pub const MAX_UNKNOWNS: usize = 600;

/// Returns the quantal response equilibrium of the principal branch at `settings.lambda`, or
/// the branch's limit if no precision is given.
pub fn solve(game: &Game, numbers: &Numbers, settings: &Settings, progress: &dyn Progress) -> Solution {
    let refuse = |why: String| solution(numbers, Status::Numeric, vec![why], vec![]);
    if let Err(why) = fitting(game, &settings.weights) {
        return refuse(why);
    }
    let field = Field::<f64>::weighted(game, numbers, &settings.weights);
    if field.unknowns() > MAX_UNKNOWNS {
        return refuse(format!(
            "{} free probabilities are more than the {MAX_UNKNOWNS} for which the logit path is followed",
            field.unknowns()
        ));
    }
    match &settings.lambda {
        None => crate::polish::limit(game, numbers, &field, progress),
        Some(lambda) if lambda.is_negative() || !lambda.to_f64().is_finite() => {
            refuse(format!("lambda must be a number of at least 0, not {lambda}"))
        }
        Some(lambda) => at(game, numbers, &field, lambda, &settings.weights, progress),
    }
}

/// Checks that weights, if any, are one finite number of at least 0 per player.
///
/// # Errors
/// In words.
pub fn fitting(game: &Game, weights: &[Q]) -> Result<(), String> {
    let players = game.players.len();
    if !weights.is_empty() && weights.len() != players {
        return Err(format!("{} precisions are given for {players} players", weights.len()));
    }
    match weights.iter().find(|w| w.is_negative() || !w.to_f64().is_finite()) {
        Some(wrong) => Err(format!("a precision must be a number of at least 0, not {wrong}")),
        None => Ok(()),
    }
}

fn at(
    game: &Game,
    numbers: &Numbers,
    field: &Field<f64>,
    lambda: &Q,
    weights: &[Q],
    progress: &dyn Progress,
) -> Solution {
    let near = lambda.to_f64();
    let trace = follow(field, near, progress);
    let mut open = doubts(&trace);
    if trace.stop != Stop::Reached {
        return solution(numbers, Status::Numeric, open, vec![]);
    }
    let odds = certify::sharpen(field, &trace.odds, near);
    let intervals = Field::<Interval>::weighted(game, numbers, weights);
    let enclosed = certify::enclose(field, &intervals, &odds, lambda);
    let (play, mut proven) = match enclosed {
        Some(play) => (play, true),
        None => {
            open.push(format!("no equilibrium could be proven near the point found at lambda {lambda}"));
            let play = field.play(&odds);
            let point = |x: &f64| Interval::point(*x).unwrap_or(Interval::ENTIRE);
            let sure = |list: &[f64]| list.iter().map(point).collect::<Vec<_>>();
            (Play { log: sure(&play.log), prob: sure(&play.prob) }, false)
        }
    };
    let widest = play.prob.iter().map(|p| enclosing(*p).radius.unwrap_or(0.0)).fold(0.0, f64::max);
    let component = component(game, numbers, &intervals, &play, proven);
    if proven && widest > RADIUS {
        open.push(format!("the probabilities are proven within {widest:e} only"));
        proven = false;
    }
    // What is proven is an equilibrium at this precision; where branches meet, others may stand beside it.
    let status = if proven { Status::Certified } else { Status::Numeric };
    let mut answer = solution(numbers, status, open, vec![component]);
    let odds = by_set(field, &odds);
    answer.certificate.logit = Some(Logit { lambda: lambda.clone(), weights: weights.to_vec(), odds });
    answer
}

/// Log-odds per set and action, the first action's being 0.
fn by_set(field: &Field<f64>, odds: &[f64]) -> Vec<Vec<f64>> {
    let mut rest = odds.iter().copied();
    let mut of_set = |actions: usize| -> Vec<f64> {
        std::iter::once(0.0).chain(rest.by_ref().take(actions - 1)).collect()
    };
    field.sets.iter().map(|s| of_set(s.actions)).collect()
}

/// What keeps a followed path from being sure, in words.
pub fn doubts(trace: &Trace) -> Vec<String> {
    let mut list: Vec<String> = trace
        .crossings
        .iter()
        .map(|(a, b)| {
            format!(
                "the branch from lambda 0 meets another one between lambda {a:.6} and {b:.6}: \
                 there are other logit equilibria beyond, and this answer goes straight on"
            )
        })
        .collect();
    match trace.stop {
        Stop::Reached => {}
        Stop::Stalled(at) => list.push(format!("the logit path could not be followed beyond lambda {at:.6}")),
        Stop::Long(at) => list.push(format!("the logit path is too long; it ends at lambda {at:.6}")),
        Stop::Interrupted => list.push("stopped while following the logit path".into()),
    }
    list
}

/// A number printed for an interval of probabilities. Its radius is wider than the interval,
/// so that others who compute the same in another order arrive within it.
fn enclosing(p: Interval) -> Num {
    let low = p.lo().clamp(0.0, 1.0);
    let high = p.hi().clamp(low, 1.0);
    let value = low / 2.0 + high / 2.0;
    let radius = (high - value).max(value - low);
    Num::within(value, 2.0 * radius + 1e-15)
}

/// A number printed for an interval; plain where no proof stands behind it.
fn printed(p: Interval, proven: bool) -> Num {
    if proven { enclosing(p) } else { Num { value: p.mid(), exact: None, radius: None } }
}

fn value_of(n: &Num) -> Value {
    let q = |x: f64| Q::from_f64(x).unwrap_or(Q::ZERO);
    let radius = q(n.radius.unwrap_or(0.0));
    Value::Within(q(n.value) - &radius, q(n.value) + radius)
}

fn component(
    game: &Game,
    numbers: &Numbers,
    field: &Field<Interval>,
    play: &Play<Interval>,
    proven: bool,
) -> Component {
    let worth = field.worth(play, None);
    let profile: Vec<Vec<Num>> = field
        .sets
        .iter()
        .map(|s| play.prob[s.first..s.first + s.actions].iter().map(|p| printed(*p, proven)).collect())
        .collect();
    let values: Vec<Vec<Value>> = profile.iter().map(|h| h.iter().map(value_of).collect()).collect();
    let reach = outcomes::reach(game, numbers, &values);
    let plain = |n: Num| if proven { n } else { Num { value: n.value, exact: None, radius: None } };
    let point: Vec<Num> = outcomes::distribution(game, &reach).into_iter().map(plain).collect();
    let payoffs = outcomes::payoffs(game, numbers, &reach).into_iter().map(plain).collect();
    let gap = gain_of_leaving(game, numbers, &profile);
    Component {
        beliefs: worth.beliefs.iter().map(|b| b.iter().map(|p| printed(*p, proven)).collect()).collect(),
        reached: vec![true; game.infosets.len()],
        payoffs,
        outcome_range: point.iter().map(|n| (n.clone(), n.clone())).collect(),
        outcomes: point,
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: profile.iter().map(|h| h.iter().map(|n| (0, n.clone())).collect()).collect(),
        profile,
        gap_nash: gap,
        gap_sequential: None,
    }
}

/// What a player with perfect choice could gain against this noisy play.
fn gain_of_leaving(game: &Game, numbers: &Numbers, profile: &[Vec<Num>]) -> Num {
    let interval = |n: &Num| {
        let r = n.radius.unwrap_or(0.0);
        Interval::new((n.value - r).next_down(), (n.value + r).next_up()).unwrap_or(Interval::ENTIRE)
    };
    let probs: Vec<Vec<Interval>> = profile.iter().map(|h| h.iter().map(interval).collect()).collect();
    let gain = crate::polish::gaps::nash(game, numbers, &probs);
    let (low, high) = (gain.lo(), gain.hi().max(0.0));
    if low <= 0.0 {
        return crate::polish::bound(gain);
    }
    let value = low / 2.0 + high / 2.0;
    Num::within(value, (high - value).max(value - low).next_up().min(value))
}

/// A solution without a proof of completeness: there may be other equilibria.
pub fn solution(
    numbers: &Numbers,
    status: Status,
    unresolved: Vec<String>,
    components: Vec<Component>,
) -> Solution {
    let certificate = Certificate {
        version: 1,
        game: String::new(),
        params: numbers.params.clone(),
        concept: crate::stages::concept_name(Concept::Qre).into(),
        stages: vec![],
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
    };
    Solution { concept: Concept::Qre, status, unresolved, components, certificate }
}

/// Whether a game has something to decide.
pub fn has_decisions(game: &Game) -> bool {
    game.nodes.iter().any(|n| matches!(n.kind, NodeKind::Decision(_)))
}
