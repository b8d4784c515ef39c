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

/// What commitment is worth to the leader.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// The leader's payoff if ties of the follower fall its way.
    pub strong: Q,
    /// Probabilities of the leader's plans that reach it, and the follower's answer.
    pub plan: Vec<(usize, Q)>,
    pub answer: usize,
    /// The follower's payoff there.
    pub follower: Q,
    /// The leader's payoff if ties fall against it: secured up to any small amount.
    pub weak: Q,
    /// Whether it matters how ties fall: the two values differ.
    pub ties_matter: bool,
}

/// Solves for the leader's best announcement. `None` unless the game has two players.
pub fn commit(plans: &Plans, leader: usize) -> Option<Commitment> {
    if plans.own.len() != 2 {
        return None;
    }
    let answers = plans.own[1 - leader].len();
    let mut best: Option<(Q, Vec<Q>, usize)> = None;
    for answer in 0..answers {
        let region = region(plans, leader, &[answer]);
        let objective = row(plans, leader, leader, answer);
        let Outcome::Optimal { x, value, .. } = maximize(&region, &objective) else { continue };
        if best.as_ref().is_none_or(|(v, _, _)| value > *v) {
            best = Some((value, x, answer));
        }
    }
    let (strong, x, answer) = best?;
    let follower = row(plans, leader, 1 - leader, answer).iter().map(|(k, pay)| pay * &x[*k]).sum();
    let weak = weak(plans, leader)?;
    let plan = x.into_iter().enumerate().filter(|(_, p)| !p.is_zero()).collect();
    let ties_matter = weak != strong;
    Some(Commitment { strong, plan, answer, follower, weak, ties_matter })
}

/// The best value over answers that are alone best somewhere; among answers that are always worth
/// the same to the follower, the worst for the leader counts.
fn weak(plans: &Plans, leader: usize) -> Option<Q> {
    let answers = plans.own[1 - leader].len();
    let mut best: Option<Q> = None;
    let mut grouped = vec![false; answers];
    for answer in 0..answers {
        if grouped[answer] {
            continue;
        }
        let worth = row(plans, leader, 1 - leader, answer);
        let group: Vec<usize> =
            (answer..answers).filter(|b| row(plans, leader, 1 - leader, *b) == worth).collect();
        group.iter().for_each(|b| grouped[*b] = true);
        if !alone_somewhere(plans, leader, &group) {
            continue;
        }
        let mut lp = region(plans, leader, &group);
        let least = lp.add_variable(None, None);
        for b in &group {
            let mut bound = row(plans, leader, leader, *b);
            bound.push((least, -Q::ONE));
            lp.add_row(bound, Rel::Ge, Q::ZERO);
        }
        let Outcome::Optimal { value, .. } = maximize(&lp, &[(least, Q::ONE)]) else { continue };
        if best.as_ref().is_none_or(|v| value > *v) {
            best = Some(value);
        }
    }
    best
}

/// Whether some announcement makes these answers strictly better than all others.
fn alone_somewhere(plans: &Plans, leader: usize, group: &[usize]) -> bool {
    let mut lp = announcements(plans, leader);
    let margin = lp.add_variable(None, Some(Q::ONE));
    let worth = row(plans, leader, 1 - leader, group[0]);
    for other in (0..plans.own[1 - leader].len()).filter(|b| !group.contains(b)) {
        let mut ahead = worth.clone();
        ahead.extend(row(plans, leader, 1 - leader, other).into_iter().map(|(k, pay)| (k, -pay)));
        ahead.push((margin, -Q::ONE));
        lp.add_row(ahead, Rel::Ge, Q::ZERO);
    }
    matches!(maximize(&lp, &[(margin, Q::ONE)]), Outcome::Optimal { value, .. } if value.is_positive())
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
