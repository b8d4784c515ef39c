//! Rationalizable plans, and equilibria without mixing with what may choose among them.
//!
//! The one idea: both look at the table of the players' reduced plans. "Beaten by a mixture whatever the others
//! do" is one linear program per plan; where it fails, its multipliers are a belief that makes the plan best.

use detente_correlate::Plans;
use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, feasible, maximize};
use detente_game::PlayerId;
use detente_game::device::Plan;
use detente_game::reason::{Beaten, Best, PurePoint, Rationalizable, RiskPair, Selection};

/// Removes beaten plans, all of a round at once, until none is left. `None` if the caller stops it.
pub fn rationalizable(plans: &Plans, keep_going: &dyn Fn(f64) -> bool) -> Option<Rationalizable> {
    let mut alive: Vec<Vec<bool>> = plans.own.iter().map(|own| vec![true; own.len()]).collect();
    let mut rounds = vec![];
    loop {
        let (mut round, mut left) = (vec![], vec![]);
        for p in 0..plans.own.len() {
            let others = others(plans, &alive, p);
            for i in (0..plans.own[p].len()).filter(|i| alive[p][*i]) {
                if !keep_going(0.5) {
                    return None;
                }
                match beaten(plans, &alive, p, i, &others)? {
                    Judged::Beaten(mixture) => round.push((p, i, mixture)),
                    Judged::Best(belief) => left.push((p, i, belief)),
                }
            }
        }
        if round.is_empty() {
            let told = |(p, i, belief): Supported| Best {
                player: PlayerId(p as u32),
                plan: plans.plan(p, i),
                belief: belief.into_iter().map(|(c, w)| (without(plans, plans.joint(c), p), w)).collect(),
            };
            let independent = match plans.own.len() {
                0..3 => vec![],
                _ => independent(plans, &alive, keep_going)?,
            };
            return Some(Rationalizable {
                rounds,
                left: left.into_iter().map(told).collect(),
                independent: independent.into_iter().map(told).collect(),
            });
        }
        round.iter().for_each(|(p, i, _)| alive[*p][*i] = false);
        let told = |(p, i, mixture): (usize, usize, Vec<(usize, Q)>)| Beaten {
            player: PlayerId(p as u32),
            plan: plans.plan(p, i),
            mixture: mixture.into_iter().map(|(j, w)| (plans.plan(p, j), w)).collect(),
        };
        rounds.push(round.into_iter().map(told).collect());
    }
}

/// A player's plan, and a belief about the others' combinations that makes it best.
type Supported = (usize, usize, Vec<(usize, Q)>);
/// What each player but one is believed to do by itself; that one has a plan that stands for any.
type Mixtures = Vec<Vec<(usize, Q)>>;

/// Plans that are best against independent beliefs about plans of this kind: what has no such belief that is found
/// goes, until nothing goes. `None` if the caller stops it.
fn independent(
    plans: &Plans,
    left: &[Vec<bool>],
    keep_going: &dyn Fn(f64) -> bool,
) -> Option<Vec<Supported>> {
    let mut alive = left.to_vec();
    loop {
        let (mut found, mut gone) = (vec![], vec![]);
        for p in 0..plans.own.len() {
            for i in (0..plans.own[p].len()).filter(|i| alive[p][*i]) {
                if !keep_going(0.9) {
                    return None;
                }
                match believed(plans, &alive, p, i) {
                    Some(belief) => found.push((p, i, belief)),
                    None => gone.push((p, i)),
                }
            }
        }
        if gone.is_empty() {
            return Some(found);
        }
        gone.iter().for_each(|(p, i)| alive[*p][*i] = false);
    }
}

/// An independent belief that makes plan `i` best: all others without mixing; all but one without mixing; or what each
/// does by itself in a belief that may be correlated.
fn believed(plans: &Plans, alive: &[Vec<bool>], p: usize, i: usize) -> Option<Vec<(usize, Q)>> {
    let others = others(plans, alive, p);
    let alone = |c: &usize| vec![(*c, Q::ONE)];
    if let Some(c) = others.iter().find(|c| is_best(plans, p, i, &alone(c))) {
        return Some(alone(c));
    }
    for q in (0..plans.own.len()).filter(|q| *q != p) {
        let first = alive[q].iter().position(|a| *a)?;
        for c in others.iter().filter(|c| plans.plan_in(**c, q) == first) {
            if let Some(belief) = one_mixes(plans, alive, (p, i), q, *c) {
                return Some(belief);
            }
        }
    }
    let Some(Judged::Best(belief)) = beaten(plans, alive, p, i, &others) else { return None };
    let belief = product(plans, p, &apart_from(plans, p, &belief));
    is_best(plans, p, i, &belief).then_some(belief)
}

/// A mixture of player `q` that makes the plan best, if the rest plays as in combination `c`.
fn one_mixes(
    plans: &Plans,
    alive: &[Vec<bool>],
    (p, i): (usize, usize),
    q: usize,
    c: usize,
) -> Option<Vec<(usize, Q)>> {
    let mixed: Vec<usize> =
        (0..plans.own[q].len()).filter(|k| alive[q][*k]).map(|k| plans.with(c, q, k)).collect();
    let mut lp = Lp::with_variables(mixed.len(), Some(Q::ZERO), None);
    lp.add_row((0..mixed.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    for j in (0..plans.own[p].len()).filter(|j| *j != i) {
        let margin = |d: &usize| &plans.pays[p][plans.with(*d, p, i)] - &plans.pays[p][plans.with(*d, p, j)];
        lp.add_row(mixed.iter().map(margin).enumerate().collect(), Rel::Ge, Q::ZERO);
    }
    let shares = feasible(&lp).ok()?;
    Some(mixed.into_iter().zip(shares).filter(|(_, w)| !w.is_zero()).collect())
}

fn is_best(plans: &Plans, p: usize, i: usize, belief: &[(usize, Q)]) -> bool {
    let expects =
        |j: usize| -> Q { belief.iter().map(|(c, w)| w * &plans.pays[p][plans.with(*c, p, j)]).sum() };
    let own = expects(i);
    (0..plans.own[p].len()).all(|j| expects(j) <= own)
}

/// What each other player does by itself in a belief.
fn apart_from(plans: &Plans, p: usize, belief: &[(usize, Q)]) -> Mixtures {
    let share = |q: usize, k: usize| -> Q {
        belief.iter().filter(|(c, _)| plans.plan_in(*c, q) == k).map(|(_, w)| w.clone()).sum()
    };
    let mixture = |q: usize| match q == p {
        true => vec![(0, Q::ONE)],
        false => (0..plans.own[q].len()).map(|k| (k, share(q, k))).filter(|(_, w)| !w.is_zero()).collect(),
    };
    (0..plans.own.len()).map(mixture).collect()
}

/// The belief in which the others choose independently.
fn product(plans: &Plans, p: usize, mixtures: &Mixtures) -> Vec<(usize, Q)> {
    let mut belief = vec![(0, Q::ONE)];
    for (q, mixture) in mixtures.iter().enumerate().filter(|(q, _)| *q != p) {
        belief = belief
            .iter()
            .flat_map(|(c, w)| mixture.iter().map(move |(k, share)| (plans.with(*c, q, *k), w * share)))
            .collect();
    }
    belief
}

/// A joint plan without one player's part.
fn without(plans: &Plans, mut joint: Plan, p: usize) -> Plan {
    plans.sides[p].sets.iter().for_each(|set| joint[set.index()] = None);
    joint
}

/// Combinations of plans that are left to the others, with the player's first plan.
fn others(plans: &Plans, alive: &[Vec<bool>], p: usize) -> Vec<usize> {
    let lives = |c: &usize| {
        (0..plans.own.len()).all(|q| match q == p {
            true => plans.plan_in(*c, q) == 0,
            false => alive[q][plans.plan_in(*c, q)],
        })
    };
    (0..plans.combinations()).filter(lives).collect()
}

enum Judged {
    Beaten(Vec<(usize, Q)>),
    Best(Vec<(usize, Q)>),
}

/// Whether a mixture of the player's living plans beats plan `i`, or a belief that makes it best.
fn beaten(plans: &Plans, alive: &[Vec<bool>], p: usize, i: usize, others: &[usize]) -> Option<Judged> {
    let rivals: Vec<usize> = (0..plans.own[p].len()).filter(|j| *j != i && alive[p][*j]).collect();
    if rivals.is_empty() {
        return Some(Judged::Best(vec![(*others.first()?, Q::ONE)]));
    }
    let mut lp = Lp::with_variables(rivals.len(), Some(Q::ZERO), None);
    let margin = lp.add_variable(None, None);
    lp.add_row((0..rivals.len()).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    for c in others {
        let pay = |j: usize| &plans.pays[p][plans.with(*c, p, j)];
        let mut row: Vec<(usize, Q)> = rivals.iter().enumerate().map(|(k, j)| (k, pay(*j).clone())).collect();
        row.push((margin, -Q::ONE));
        lp.add_row(row, Rel::Ge, pay(i).clone());
    }
    let Outcome::Optimal { x, value, dual } = maximize(&lp, &[(margin, Q::ONE)]) else { return None };
    if value.is_positive() {
        let used = rivals.iter().zip(x).filter(|(_, w)| !w.is_zero());
        return Some(Judged::Beaten(used.map(|(j, w)| (*j, w)).collect()));
    }
    // Rows say "at least", so their multipliers are at most 0; they sum to -1 as the margin is free.
    let used = others.iter().zip(&dual[1..]).filter(|(_, y)| !y.is_zero());
    Some(Judged::Best(used.map(|(c, y)| (*c, -y.clone())).collect()))
}

/// All equilibria in plans without mixing, compared by payoffs and by risk.
pub fn selection(plans: &Plans) -> Selection {
    let mut points: Vec<(usize, PurePoint)> = vec![];
    for c in 0..plans.combinations() {
        let (mut stable, mut strict) = (true, true);
        for p in 0..plans.own.len() {
            for i in (0..plans.own[p].len()).filter(|i| *i != plans.plan_in(c, p)) {
                let other = &plans.pays[p][plans.with(c, p, i)];
                stable &= *other <= plans.pays[p][c];
                strict &= *other < plans.pays[p][c];
            }
        }
        if stable {
            let payoffs = plans.pays.iter().map(|pays| pays[c].clone()).collect();
            points.push((c, PurePoint { plan: plans.joint(c), payoffs, strict }));
        }
    }
    let (mut payoff, mut risk) = (vec![], vec![]);
    for (a, (c, one)) in points.iter().enumerate() {
        for (b, (d, two)) in points.iter().enumerate() {
            if one.payoffs.iter().zip(&two.payoffs).all(|(x, y)| x > y) {
                payoff.push((a as u32, b as u32));
            }
            if a < b && one.strict && two.strict && plans.own.len() == 2 && apart(plans, *c, *d) {
                let products = (products(plans, *c, *d), products(plans, *d, *c));
                risk.push(RiskPair { pair: (a as u32, b as u32), products });
            }
        }
    }
    Selection { equilibria: points.into_iter().map(|(_, point)| point).collect(), payoff, risk }
}

fn apart(plans: &Plans, c: usize, d: usize) -> bool {
    (0..2).all(|p| plans.plan_in(c, p) != plans.plan_in(d, p))
}

/// The product of what each player alone loses by going over to the other equilibrium.
fn products(plans: &Plans, c: usize, d: usize) -> Q {
    let loss = |p: usize| &plans.pays[p][c] - &plans.pays[p][plans.with(c, p, plans.plan_in(d, p))];
    loss(0) * loss(1)
}
