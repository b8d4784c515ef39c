//! Points of the parameter space at which formulas are tried.
//!
//! The corners of the priors' supports and some points inside look for a likely
//! counterexample, which the message then shows; bounds over whole boxes
//! (`enclose.rs`) prove that there is none.

use detente_exact::Interval;
use detente_game::{ExprId, Game, Op, Param, ParamId};
use detente_prob::{Prior, uniform};
use std::collections::BTreeSet;

/// Corners tried where there are too many to try all.
const CORNERS: usize = 256;
/// Points inside.
const INSIDE: usize = 64;
/// How near to the open end of a support a point is put.
const NEAR: f64 = 1e-9;

/// Returns the ends between which a parameter is tried. An end that is never
/// drawn (0 of a beta prior) is approached, not reached.
pub(super) fn ends(prior: &Prior) -> (f64, f64) {
    match prior {
        Prior::Beta { .. } => (NEAR, 1.0 - NEAR),
        Prior::Normal { mean, sd } => (mean - 40.0 * sd, mean + 40.0 * sd),
        Prior::Lognormal { mu, sigma } => (libm::exp(mu - 8.0 * sigma), libm::exp(mu + 8.0 * sigma)),
        Prior::Gamma { .. } => {
            (prior.quantile(NEAR).max(f64::MIN_POSITIVE), prior.quantile(1.0 - 1e-12) * 4.0)
        }
        Prior::Interval { lo, hi } if *lo > 0.0 => {
            let (a, b) = (libm::log(*lo), libm::log(*hi));
            (libm::exp(a - 2.0 * (b - a)), libm::exp(b + 2.0 * (b - a)))
        }
        Prior::Interval { lo, hi } => (lo - 12.0 * (hi - lo), hi + 12.0 * (hi - lo)),
        Prior::Truncated { prior: inner, lo, hi } => {
            let (a, b) = ends(inner);
            (a.max(*lo), b.min(*hi))
        }
        _ => prior.support(),
    }
}

/// Is a parameter of this expression put at an end that it only approaches? Floats may
/// round a small number to 0 there.
pub(super) fn approached(game: &Game, root: ExprId, point: &[f64]) -> bool {
    params_of(game, root).into_iter().any(|p| match &game.params[p.index()].prior {
        None | Some(Prior::Uniform { .. } | Prior::Triangular { .. } | Prior::Pert { .. }) => false,
        Some(Prior::Discrete { .. } | Prior::Truncated { .. }) => false,
        Some(prior) => {
            let (lo, hi) = ends(prior);
            point[p.index()] == lo || point[p.index()] == hi
        }
    })
}

/// An enclosure of each parameter; fixed parameters are points.
pub(super) fn boxes(game: &Game) -> Option<Vec<Interval>> {
    let side = |p: &Param| match &p.prior {
        Some(prior) => Interval::new(ends(prior).0, ends(prior).1),
        None => Some(Interval::from_q(&p.base)),
    };
    game.params.iter().map(side).collect()
}

/// Points, the likeliest first: base values, one parameter at its 5 % or 95 % quantile,
/// points inside, one parameter at an end, corners.
pub(super) fn points(game: &Game) -> Vec<Vec<f64>> {
    let base: Vec<f64> = game.params.iter().map(|p| p.base.to_f64()).collect();
    let free: Vec<(usize, &Prior, (f64, f64))> = game
        .params
        .iter()
        .enumerate()
        .filter_map(|(at, p)| p.prior.as_ref().map(|prior| (at, prior, ends(prior))))
        .collect();
    let mut points = vec![base.clone()];
    let one_at_a_time = |ends_of: &dyn Fn(&Prior) -> (f64, f64), points: &mut Vec<Vec<f64>>| {
        for (at, prior, _) in &free {
            let (lo, hi) = ends_of(prior);
            for end in [lo, hi] {
                let mut point = base.clone();
                point[*at] = end;
                points.push(point);
            }
        }
    };
    one_at_a_time(&|prior| (prior.quantile(0.05), prior.quantile(0.95)), &mut points);
    for inside in 0..INSIDE {
        let mut point = base.clone();
        for (at, prior, _) in &free {
            point[*at] = prior.draw(2, &game.params[*at].name, inside as u64);
        }
        points.push(point);
    }
    one_at_a_time(&ends, &mut points);
    let all = if free.len() < 8 { 1usize << free.len() } else { CORNERS };
    for corner in 0..all {
        let mut point = base.clone();
        for (k, (at, _, (lo, hi))) in free.iter().enumerate() {
            let high = if free.len() < 8 {
                corner >> k & 1 == 1
            } else {
                uniform(1, &game.params[*at].name, corner as u64) < 0.5
            };
            point[*at] = if high { *hi } else { *lo };
        }
        points.push(point);
    }
    points
}

/// Positions on the tape that an expression is computed from, itself included.
pub(super) fn needs(game: &Game, root: ExprId) -> BTreeSet<ExprId> {
    let mut needed = BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(at) = open.pop() {
        for id in game.tape.ops[at.0 as usize].operands() {
            if needed.insert(id) {
                open.push(id);
            }
        }
    }
    needed
}

/// Parameters that an expression depends on.
pub(super) fn params_of(game: &Game, root: ExprId) -> BTreeSet<ParamId> {
    let ops = &game.tape.ops;
    needs(game, root)
        .into_iter()
        .filter_map(|id| match ops[id.0 as usize] {
            Op::Param(param) => Some(param),
            _ => None,
        })
        .collect()
}

/// "slope = 0.45, q = 0.1": the parameters behind an expression at a point, uncertain ones if any.
pub(super) fn at_point(game: &Game, root: ExprId, point: &[f64]) -> String {
    let all = params_of(game, root);
    let uncertain: Vec<ParamId> =
        all.iter().copied().filter(|p| game.params[p.index()].prior.is_some()).collect();
    // Where nothing is uncertain the fixed values themselves are the reason.
    let named = if uncertain.is_empty() { all.into_iter().collect() } else { uncertain };
    named
        .into_iter()
        .map(|p| format!("{} = {}", game.params[p.index()].name, rounded(point[p.index()])))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Writes a number to three digits.
pub(super) fn rounded(x: f64) -> String {
    if x == 0.0 {
        return "0".to_string();
    }
    let digits = 2 - libm::floor(libm::log10(x.abs())) as i64;
    if (0..=9).contains(&digits) {
        let text = format!("{x:.*}", digits as usize);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
    } else if (-15..0).contains(&digits) {
        format!("{x:.0}")
    } else {
        format!("{x:.2e}")
    }
}
