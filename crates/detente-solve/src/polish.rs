//! From the end of the logit path to an assessment with sure bounds.
//!
//! The one idea: far out on the path, the logarithm of a probability either settles (the
//! action is played) or falls without end (it is a tremble, and how fast tells its order).
//! These slopes give supports and leading members; tremble orders follow from a linear
//! program, the probabilities from indifference. What is returned is rational, and what a
//! deviation could gain is computed, not estimated; so it does not matter how it was found.

mod exact;
pub mod gaps;
mod newton;
mod orders;

use crate::cells::Value;
use crate::outcomes;
use crate::qre::field::Field;
use crate::qre::linear::Factored;
use crate::qre::path::{Stop, Trace, follow};
use crate::qre::{MAX_UNKNOWNS, doubts, has_decisions};
use crate::settings::{Grace, Progress, Settings};
use detente_exact::{Interval, Q};
use detente_game::certificate::Certificate;
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, NodeKind, Numbers};
use newton::Shape;

/// How far the path is followed, as λ times the payoff range; the first that gives a small
/// gap is taken.
const GOALS: [f64; 3] = [1e5, 1e7, 1e3];
/// Gap below which an assessment counts as an equilibrium, in payoff units.
const SMALL: f64 = 1e-9;
/// Work that the walk may still do once the caller's time is up, in questions to `Progress` times the nodes of the
/// game times the log-odds: about a second.
const GRACE: u64 = 600_000;
/// Probabilities are rounded to multiples of 2^-48.
const GRAIN: f64 = (1u64 << 48) as f64;
/// A simple fraction is tried for a probability within this distance of it.
const NEAR: f64 = 1e-10;
/// Exact numbers larger than this are printed as floats with a radius.
const MAX_BITS: usize = 256;

/// Whether the walk takes so long that a search before it must leave it time, where time is limited.
pub fn is_long(game: &Game) -> bool {
    let unknowns: usize = game.infosets.iter().map(|h| h.actions.len().saturating_sub(1)).sum();
    game.players.len() > 2 && (game.nodes.len() * unknowns) as u64 > GRACE / LONG
}

/// A walk of more questions than this may not end within its grace.
const LONG: u64 = 50;

/// An assessment in rational numbers.
pub struct Candidate {
    pub profile: Vec<Vec<Q>>,
    pub tremble: Vec<Vec<(u32, Q)>>,
    pub beliefs: Vec<Vec<Q>>,
    pub gap_nash: Num,
    pub gap_sequential: Num,
}

impl Candidate {
    /// Upper bound of the larger gap.
    fn gap(&self) -> f64 {
        let top = |n: &Num| (n.value + n.radius.unwrap_or(0.0)).next_up();
        if self.is_exact() { 0.0 } else { top(&self.gap_nash).max(top(&self.gap_sequential)) }
    }

    fn is_exact(&self) -> bool {
        [&self.gap_nash, &self.gap_sequential].iter().all(|n| n.exact.as_ref().is_some_and(Q::is_zero))
    }
}

/// Returns the best assessment that the logit path leads to, for a concept that is weaker than
/// sequential equilibrium or the same. `reasons` say why all equilibria were not found.
/// `None` if the path gives nothing.
pub fn fallback(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    reasons: &[String],
    progress: &dyn Progress,
) -> Option<Solution> {
    if !has_decisions(game) {
        return None;
    }
    let field = Field::<f64>::new(game, numbers);
    if field.unknowns() > MAX_UNKNOWNS {
        return None;
    }
    // The search may have used up the caller's time; a short walk is still worth it.
    let progress = &Grace::new(progress, GRACE / (game.nodes.len() * field.unknowns()).max(1) as u64);
    let mut best: Option<Candidate> = None;
    for goal in GOALS {
        let trace = follow(&field, goal / field.range().max(f64::MIN_POSITIVE), progress);
        let found = candidate(game, numbers, &field, &trace);
        best = better(best, found);
        if best.as_ref().is_some_and(|c| c.gap() <= SMALL) || trace.stop == Stop::Interrupted {
            break;
        }
    }
    let found = best?;
    let mut unresolved = reasons.to_vec();
    if unresolved.is_empty() {
        unresolved.push("one equilibrium was looked for; there may be others".into());
    }
    let (mut status, profile) = (strength(&found, &mut unresolved), found.profile.clone());
    let mut component = component(game, numbers, found, settings.concept);
    // Where all play is reached, a Nash equilibrium is sequential.
    let plain = settings.concept == Concept::Nash || exact::reached(game, &profile).iter().all(|r| *r);
    if status == Status::Certified
        && plain
        && let Some(proven) = exact::proven(game, numbers, &field, &profile, &component)
    {
        (component, status) = (proven, Status::ExactSome);
    }
    Some(solution(game, numbers, settings.concept, status, unresolved, component))
}

fn better(a: Option<Candidate>, b: Option<Candidate>) -> Option<Candidate> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.gap() <= b.gap() { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// The word that the gap allows.
fn strength(found: &Candidate, unresolved: &mut Vec<String>) -> Status {
    let gap = found.gap();
    if found.is_exact() {
        Status::ExactSome
    } else if gap <= SMALL {
        Status::Certified
    } else {
        unresolved.push(format!("the assessment found leaves a gain of up to {gap:e} from a deviation"));
        Status::Numeric
    }
}

/// Returns the limit of the principal logit branch.
pub fn limit(game: &Game, numbers: &Numbers, field: &Field<f64>, progress: &dyn Progress) -> Solution {
    let range = field.range().max(f64::MIN_POSITIVE);
    let mut open = vec![];
    let mut arrived = false;
    let mut best: Option<Candidate> = None;
    for goal in GOALS {
        let trace = follow(field, goal / range, progress);
        open = doubts(&trace);
        // Where another branch is met, the point is not proven any less: what is proven is not about the path.
        arrived = trace.stop == Stop::Reached;
        best = better(best, candidate(game, numbers, field, &trace));
        if trace.stop != Stop::Reached || best.as_ref().is_some_and(|c| c.gap() <= SMALL) {
            break;
        }
    }
    let Some(found) = best else {
        open.push("the end of the logit path could not be read".into());
        return crate::qre::solution(numbers, Status::Numeric, open, vec![]);
    };
    let status = match strength(&found, &mut open) {
        Status::Numeric => Status::Numeric,
        _ if !arrived => Status::Numeric,
        _ => Status::Certified,
    };
    if status == Status::Certified {
        open.push(
            "proven is a sequential equilibrium up to its gap; that the logit path ends in it is computed"
                .into(),
        );
    }
    let component = component(game, numbers, found, Concept::Qre);
    crate::qre::solution(numbers, status, open, vec![component])
}

/// Reads supports and trembles off the path's end and makes an assessment of them.
fn candidate(game: &Game, numbers: &Numbers, field: &Field<f64>, trace: &Trace) -> Option<Candidate> {
    let falls = falls(field, trace)?;
    let play = field.play(&trace.odds);
    let support: Vec<bool> = falls.iter().map(|e| *e < 0.5).collect();
    let leads: Vec<Vec<bool>> = field
        .sets
        .iter()
        .map(|s| {
            let fall =
                |k: usize| s.members[k].path.iter().map(|a| if support[*a] { 0.0 } else { falls[*a] }).sum();
            let list: Vec<f64> = (0..s.members.len()).map(fall).collect();
            let least = list.iter().copied().fold(f64::INFINITY, f64::min);
            list.iter().map(|f| *f < least + 0.5).collect()
        })
        .collect();
    let orders = orders::orders(field, &support, &leads)?;
    // A tremble's weight: what is left of its logarithm once the fall is taken out.
    let logs: Vec<f64> =
        (0..field.actions).map(|a| if support[a] { play.log[a] } else { play.log[a] + falls[a] }).collect();
    let shape = Shape { support, leads };
    let (logs, _) = newton::indifferent(field, &shape, &logs);
    let settled = newton::play(field, &shape, &logs);
    let simple = rational(field, &shape, &settled.log, &orders, &simplest);
    let simple = simple.map(|(profile, tremble)| assess(game, numbers, profile, tremble, true));
    if let Some(found) = simple.filter(Candidate::is_exact) {
        return Some(found);
    }
    let (profile, tremble) = rational(field, &shape, &settled.log, &orders, &dyadic)?;
    Some(assess(game, numbers, profile, tremble, false))
}

/// Per action: how fast its logarithm falls, relative to λ (0 if it settles).
fn falls(field: &Field<f64>, trace: &Trace) -> Option<Vec<f64>> {
    let play = field.play(&trace.odds);
    let worth = field.worth(&play, None);
    let (gains, slopes) = field.advantages(&play, &worth, true);
    let row = |(k, s): (usize, &Vec<f64>)| {
        let mut row: Vec<f64> = s.iter().map(|d| -trace.lambda * d).collect();
        row[k] += 1.0;
        row
    };
    let rows: Vec<Vec<f64>> = slopes.iter().enumerate().map(row).collect();
    let turn = if rows.is_empty() { vec![] } else { Factored::new(rows).solve(&gains)? };
    let mut falls = Vec::with_capacity(field.actions);
    let mut from = 0;
    for s in &field.sets {
        let mut list = vec![0.0];
        list.extend_from_slice(&turn[from..from + s.actions - 1]);
        from += s.actions - 1;
        let mean: f64 = list.iter().enumerate().map(|(a, d)| play.prob[s.first + a] * d).sum();
        falls.extend(list.iter().map(|d| trace.lambda * (mean - d)));
    }
    Some(falls)
}

/// A number as a nearby fraction.
type Rounding = dyn Fn(f64) -> Q;
/// Probabilities, and orders and weights of trembles, per set and action.
type Rational = (Vec<Vec<Q>>, Vec<Vec<(u32, Q)>>);

/// A multiple of 2^-48.
pub fn dyadic(p: f64) -> Q {
    Q::from_f64(libm::round(p * GRAIN) / GRAIN).unwrap_or(Q::ZERO)
}

/// The simplest fraction nearby, by continued fractions.
fn simplest(p: f64) -> Q {
    let (mut h, mut k) = ((1i64, 0i64), (0i64, 1i64));
    let mut x = p;
    for _ in 0..20 {
        let whole = libm::floor(x);
        if whole > 1e6 {
            break;
        }
        let a = whole as i64;
        h = (a * h.0 + h.1, h.0);
        k = (a * k.0 + k.1, k.0);
        if k.0 > 100_000 {
            break;
        }
        if (h.0 as f64 / k.0 as f64 - p).abs() <= NEAR {
            return Q::new(h.0, k.0);
        }
        x = 1.0 / (x - whole);
    }
    dyadic(p)
}

/// Rounds; the most likely action of a set takes what the others leave.
fn rational(
    field: &Field<f64>,
    shape: &Shape,
    logs: &[f64],
    orders: &[u32],
    round: &Rounding,
) -> Option<Rational> {
    let mut profile = vec![];
    let mut tremble = vec![];
    for s in &field.sets {
        let mut list: Vec<Q> = (s.first..s.first + s.actions)
            .map(|a| if shape.support[a] { round(libm::exp(logs[a])) } else { Q::ZERO })
            .collect();
        let most = (0..s.actions)
            .filter(|a| shape.support[s.first + a])
            .max_by(|a, b| logs[s.first + a].total_cmp(&logs[s.first + b]).then(b.cmp(a)))?;
        list[most] = Q::ZERO;
        let rest: Q = list.iter().cloned().sum();
        list[most] = Q::ONE - rest;
        let mut row = vec![];
        for (k, p) in list.iter().enumerate() {
            let a = s.first + k;
            if shape.support[a] && !p.is_positive() {
                return None;
            }
            row.push(if shape.support[a] { (0, p.clone()) } else { (orders[a], weight(logs[a], round)) });
        }
        profile.push(list);
        tremble.push(row);
    }
    Some((profile, tremble))
}

/// A tremble's weight as a fraction; far from 1 it is a power of two times a rounded number.
fn weight(log: f64, round: &Rounding) -> Q {
    let twos = libm::round(log.clamp(-700.0, 700.0) / std::f64::consts::LN_2);
    let near = round(libm::exp(log.clamp(-700.0, 700.0) - twos * std::f64::consts::LN_2));
    let near = if near.is_positive() { near } else { Q::ONE };
    if twos.abs() <= 8.0 {
        let plain = round(libm::exp(log));
        if plain.is_positive() {
            return plain;
        }
    }
    near * Q::from(2).pow(twos as i32)
}

/// Beliefs and gaps. Gaps are computed exactly if asked, else between sure bounds.
fn assess(
    game: &Game,
    numbers: &Numbers,
    profile: Vec<Vec<Q>>,
    tremble: Vec<Vec<(u32, Q)>>,
    exactly: bool,
) -> Candidate {
    let beliefs = beliefs(game, numbers, &tremble);
    let (gap_nash, gap_sequential) = if exactly {
        let nash = gaps::nash(game, numbers, &profile);
        (Num::exact(nash), Num::exact(gaps::sequential(game, numbers, &profile, &beliefs)))
    } else {
        let interval = |list: &Vec<Vec<Q>>| -> Vec<Vec<Interval>> {
            list.iter().map(|h| h.iter().map(Interval::from_q).collect()).collect()
        };
        let (probs, held) = (interval(&profile), interval(&beliefs));
        let nash = gaps::nash(game, numbers, &probs);
        (bound(nash), bound(gaps::sequential(game, numbers, &probs, &held)))
    };
    Candidate { profile, tremble, beliefs, gap_nash, gap_sequential }
}

/// A gain that lies between 0 and the interval's upper end.
pub fn bound(gain: Interval) -> Num {
    let half = (gain.hi().max(0.0) / 2.0).next_up();
    Num::within(half, half)
}

/// Beliefs by leading-order Bayes: the likelihoods of the members with the smallest order.
pub fn beliefs(game: &Game, numbers: &Numbers, tremble: &[Vec<(u32, Q)>]) -> Vec<Vec<Q>> {
    let mut likelihood = vec![(0u64, Q::ONE); game.nodes.len()];
    for (x, node) in game.nodes.iter().enumerate() {
        let Some((parent, arm)) = node.parent else { continue };
        let (order, weight) = &likelihood[parent.index()];
        likelihood[x] = match game.nodes[parent.index()].kind {
            NodeKind::Chance(c) => (*order, weight * &numbers.chance[c.index()][arm as usize]),
            NodeKind::Decision(h) => {
                let (more, factor) = &tremble[h.index()][arm as usize];
                (order + u64::from(*more), weight * factor)
            }
            NodeKind::Terminal(_) => continue,
        };
    }
    let of_set = |h: &detente_game::Infoset| {
        let least = h.nodes.iter().map(|x| likelihood[x.index()].0).min().unwrap_or(0);
        let leading = |x: &detente_game::NodeId| {
            let (order, weight) = &likelihood[x.index()];
            if *order == least { weight.clone() } else { Q::ZERO }
        };
        let total: Q = h.nodes.iter().map(leading).sum();
        h.nodes.iter().map(|x| leading(x) / &total).collect()
    };
    game.infosets.iter().map(of_set).collect()
}

/// Prints an exact number, or the floats around it if it is too long to read.
fn short(q: &Q) -> Num {
    if q.bits() <= MAX_BITS {
        return Num::exact(q.clone());
    }
    let value = q.to_f64();
    Num::within(value, (q.to_f64_up() - q.to_f64_down()).next_up())
}

fn shortened(n: Num) -> Num {
    n.exact.as_ref().map(short).unwrap_or(n)
}

pub fn component(game: &Game, numbers: &Numbers, found: Candidate, concept: Concept) -> Component {
    let values: Vec<Vec<Value>> =
        found.profile.iter().map(|h| h.iter().cloned().map(Value::Exact).collect()).collect();
    let reach = outcomes::reach(game, numbers, &values);
    let reached: Vec<bool> = game
        .infosets
        .iter()
        .map(|h| h.nodes.iter().any(|x| outcomes::is_positive(&reach[x.index()])))
        .collect();
    let point: Vec<Num> = outcomes::distribution(game, &reach).into_iter().map(shortened).collect();
    let known = |h: usize| matches!(concept, Concept::Sequential | Concept::Qre) || reached[h];
    let beliefs = found.beliefs.iter().enumerate();
    let beliefs = beliefs.map(|(h, b)| if known(h) { b.iter().map(short).collect() } else { vec![] });
    Component {
        profile: found.profile.iter().map(|h| h.iter().cloned().map(Num::exact).collect()).collect(),
        beliefs: beliefs.collect(),
        payoffs: outcomes::payoffs(game, numbers, &reach).into_iter().map(shortened).collect(),
        outcome_range: point.iter().map(|n| (n.clone(), n.clone())).collect(),
        outcomes: point,
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: found
            .tremble
            .iter()
            .map(|h| h.iter().map(|(o, w)| (*o, Num::exact(w.clone()))).collect())
            .collect(),
        reached,
        gap_nash: found.gap_nash,
        gap_sequential: matches!(concept, Concept::Sequential | Concept::Qre).then_some(found.gap_sequential),
    }
}

/// One answer with a certificate that proves nothing by itself. The digest of the game is left to whoever asked.
pub fn solution(
    game: &Game,
    numbers: &Numbers,
    concept: Concept,
    status: Status,
    unresolved: Vec<String>,
    component: Component,
) -> Solution {
    let certificate = Certificate {
        version: 1,
        game: String::new(),
        params: numbers.params.clone(),
        concept: crate::stages::concept_name(concept).into(),
        stages: vec![],
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
    };
    let mut components = vec![component];
    if concept == Concept::Sequential {
        crate::intuitive::mark(game, numbers, &mut components);
    }
    Solution { concept, status, unresolved, components, certificate }
}
