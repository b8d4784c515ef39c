//! One player announces its plan first and is believed.
//!
//! The one idea: for each plan of the follower, the announcements to which it is a best answer
//! form a polytope, and the best of them is one linear program (Conitzer and Sandholm, "Computing
//! the optimal strategy to commit to", 2006). Ties of the follower matter: broken for the leader
//! the value is a maximum; broken against it, it is what the leader can secure up to any small
//! amount (von Stengel and Zamir, "Leadership games with convex strategy sets", 2010).

use crate::plans::Plans;
use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, maximize};
use detente_game::PlayerId;
use detente_game::device::{Commitment, Plan, WeakBound, Weakly};

/// Solves for the leader's best announcement. `None` unless the game has two players.
pub fn commit(plans: &Plans, leader: usize) -> Option<Commitment> {
    if plans.own.len() != 2 {
        return None;
    }
    let answers = plans.own[1 - leader].len();
    let mut best: Option<(Q, Vec<Q>, usize)> = None;
    let mut duals = vec![];
    for answer in 0..answers {
        let region = region(plans, leader, &[answer]);
        let objective = row(plans, leader, leader, answer);
        let (x, value) = match maximize(&region, &objective) {
            Outcome::Optimal { x, value, dual } => {
                duals.push((answer, dual, true));
                (x, value)
            }
            Outcome::Infeasible { farkas } => {
                duals.push((answer, farkas, false));
                continue;
            }
            Outcome::Unbounded { .. } => return None,
        };
        if best.as_ref().is_none_or(|(v, _, _)| value > *v) {
            best = Some((value, x, answer));
        }
    }
    let (strong, x, answer) = best?;
    let follower = row(plans, leader, 1 - leader, answer).iter().map(|(k, pay)| pay * &x[*k]).sum();
    let (weak, weakly) = weak(plans, leader)?;
    let announced = x.into_iter().enumerate().filter(|(_, p)| !p.is_zero());
    let plan = announced.map(|(i, share)| (plans.plan(leader, i), share)).collect();
    let answer = plans.plan(1 - leader, answer);
    let bounds = duals.into_iter().map(|(answer, dual, feasible)| {
        let scale = if feasible { Q::ONE } else { enough(plans, leader, answer, &dual, &strong) };
        let others = (0..answers).filter(|b| *b != answer);
        let weights = others.zip(&dual[1..]).filter(|(_, y)| !y.is_zero());
        // Rows say "at least 0", so their multipliers are at most 0.
        let weights = weights.map(|(b, y)| (plans.plan(1 - leader, b), -(y * &scale))).collect();
        (plans.plan(1 - leader, answer), weights)
    });
    let bounds = bounds.collect();
    Some(Commitment { leader: PlayerId(leader as u32), strong, plan, answer, follower, bounds, weak, weakly })
}

/// How often a refutation must be taken so that it also bounds the leader's payoff.
fn enough(plans: &Plans, leader: usize, answer: usize, farkas: &[Q], strong: &Q) -> Q {
    let worth = row(plans, leader, 1 - leader, answer);
    let pays = row(plans, leader, leader, answer);
    let others: Vec<usize> = (0..plans.own[1 - leader].len()).filter(|b| *b != answer).collect();
    let rows: Vec<Vec<(usize, Q)>> = others.iter().map(|b| row(plans, leader, 1 - leader, *b)).collect();
    let mut scale = Q::ONE;
    for (k, pay) in pays {
        let ahead: Q = rows.iter().zip(&farkas[1..]).map(|(r, y)| -(y * &(&worth[k].1 - &r[k].1))).sum();
        // Negative, as no announcement makes the answer best.
        let excess = pay - strong;
        if excess.is_positive() && ahead.is_negative() {
            scale = scale.max(excess / -ahead);
        }
    }
    scale
}

/// The best value over groups of answers that are alone best somewhere; among answers that are always
/// worth the same to the follower, the worst for the leader counts. With what proves it.
fn weak(plans: &Plans, leader: usize) -> Option<(Q, Weakly)> {
    let follower = 1 - leader;
    let answers = plans.own[follower].len();
    let announced = |x: &[Q]| -> Vec<(Plan, Q)> {
        let shares = x.iter().take(plans.own[leader].len()).enumerate().filter(|(_, p)| !p.is_zero());
        shares.map(|(i, share)| (plans.plan(leader, i), share.clone())).collect()
    };
    let mut best: Option<(Q, Weakly)> = None;
    let mut groups = vec![];
    let mut grouped = vec![false; answers];
    for answer in 0..answers {
        if grouped[answer] {
            continue;
        }
        let worth = row(plans, leader, follower, answer);
        let group: Vec<usize> =
            (answer..answers).filter(|b| row(plans, leader, follower, *b) == worth).collect();
        group.iter().for_each(|b| grouped[*b] = true);
        let others: Vec<usize> = (0..answers).filter(|b| !group.contains(b)).collect();
        // Rows say "at least 0", so their multipliers are at most 0.
        let told = |list: &[usize], dual: &[Q]| -> Vec<(Plan, Q)> {
            let weights = list.iter().zip(dual).filter(|(_, y)| !y.is_zero());
            weights.map(|(b, y)| (plans.plan(follower, *b), -y.clone())).collect()
        };
        let (x, margin, dual) = margin(plans, leader, &group)?;
        if !margin.is_positive() {
            groups.push((plans.plan(follower, answer), WeakBound::NeverAlone(told(&others, &dual[1..]))));
            continue;
        }
        let inside = announced(&x);
        let mut lp = region(plans, leader, &group);
        let least = lp.add_variable(None, None);
        for b in &group {
            let mut bound = row(plans, leader, leader, *b);
            bound.push((least, -Q::ONE));
            lp.add_row(bound, Rel::Ge, Q::ZERO);
        }
        let Outcome::Optimal { x, value, dual } = maximize(&lp, &[(least, Q::ONE)]) else { return None };
        let (over, ease) = dual[1..].split_at(others.len());
        let bound = WeakBound::AtMost(told(&group, ease), told(&others, over));
        groups.push((plans.plan(follower, answer), bound));
        if best.as_ref().is_none_or(|(v, _)| value > *v) {
            let answer = plans.plan(follower, answer);
            best = Some((value, Weakly { answer, plan: announced(&x), inside, groups: vec![] }));
        }
    }
    best.map(|(value, weakly)| (value, Weakly { groups, ..weakly }))
}

/// The largest margin by which these answers can be better than all others, at most 1: where, how much,
/// and the multipliers that prove it.
fn margin(plans: &Plans, leader: usize, group: &[usize]) -> Option<(Vec<Q>, Q, Vec<Q>)> {
    let mut lp = announcements(plans, leader);
    let margin = lp.add_variable(None, Some(Q::ONE));
    let worth = row(plans, leader, 1 - leader, group[0]);
    for other in (0..plans.own[1 - leader].len()).filter(|b| !group.contains(b)) {
        let mut ahead = worth.clone();
        ahead.extend(row(plans, leader, 1 - leader, other).into_iter().map(|(k, pay)| (k, -pay)));
        ahead.push((margin, -Q::ONE));
        lp.add_row(ahead, Rel::Ge, Q::ZERO);
    }
    match maximize(&lp, &[(margin, Q::ONE)]) {
        Outcome::Optimal { x, value, dual } => Some((x, value, dual)),
        _ => None,
    }
}

fn announcements(plans: &Plans, leader: usize) -> Lp {
    let count = plans.own[leader].len();
    let mut lp = Lp::with_variables(count, Some(Q::ZERO), None);
    lp.add_row((0..count).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    lp
}

/// The announcements to which the first of these answers is a best one.
fn region(plans: &Plans, leader: usize, group: &[usize]) -> Lp {
    let mut lp = announcements(plans, leader);
    let worth = row(plans, leader, 1 - leader, group[0]);
    for other in (0..plans.own[1 - leader].len()).filter(|b| !group.contains(b)) {
        let mut ahead = worth.clone();
        ahead.extend(row(plans, leader, 1 - leader, other).into_iter().map(|(k, pay)| (k, -pay)));
        lp.add_row(ahead, Rel::Ge, Q::ZERO);
    }
    lp
}

/// A player's payoff per plan of the leader, at one answer.
fn row(plans: &Plans, leader: usize, player: usize, answer: usize) -> Vec<(usize, Q)> {
    let at = |k: usize| plans.with(plans.with(0, leader, k), 1 - leader, answer);
    (0..plans.own[leader].len()).map(|k| (k, plans.pays[player][at(k)].clone())).collect()
}
