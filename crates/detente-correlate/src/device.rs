//! Devices that everybody obeys, and what they can bring about.
//!
//! The one idea: a deviation is a rule that turns one's own plan into another, so "nobody gains"
//! is one linear row per rule. The kinds of device differ only in the rules that a player has:
//! without having heard anything (coarse), having heard the whole plan (correlated), or hearing
//! each move where it is due (extensive form). Rows are added as they are violated, and the last
//! program's multipliers prove the end of the range.

use crate::plans::Plans;
use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, dual_bound, maximize};
use detente_game::PlayerId;
use detente_game::device::{Advice, Devices, End, Range, Rule, What};
use detente_sequence::form::Side;
use std::collections::{BTreeMap, BTreeSet};

/// A rule by which a player leaves its plan: `map[i]` is played in place of plan `i`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    pub player: usize,
    pub map: Vec<usize>,
    pub rule: Rule,
}

/// One end of a range in numbers of plans: a device, and multipliers of the rows used.
struct Found {
    value: Q,
    device: Vec<(usize, Q)>,
    multipliers: Vec<(usize, Q)>,
}

/// What every obeyed device can bring about: each outcome's probability, each player's payoff,
/// and their sum. `None` if the caller stops it.
pub fn devices(plans: &Plans, advice: Advice, keep_going: &dyn Fn(f64) -> bool) -> Option<Devices> {
    let deviations = deviations(plans, advice);
    let mut wanted: Vec<(What, Vec<Q>)> = vec![];
    for (o, shares) in plans.outcomes.iter().enumerate() {
        wanted.push((What::Outcome(o as u32), shares.clone()));
    }
    for (p, pays) in plans.pays.iter().enumerate() {
        wanted.push((What::Payoff(PlayerId(p as u32)), pays.clone()));
    }
    let total = (0..plans.combinations()).map(|c| plans.pays.iter().map(|p| p[c].clone()).sum());
    wanted.push((What::Total, total.collect()));
    // Rows that mattered once matter again: they are kept from one number to the next.
    let mut used: Vec<usize> = vec![];
    let mut ranges = vec![];
    for (k, (what, number)) in wanted.iter().enumerate() {
        if !keep_going(k as f64 / wanted.len() as f64) {
            return None;
        }
        let high = largest(plans, &deviations, &mut used, number);
        let minus: Vec<Q> = number.iter().map(|x| -x.clone()).collect();
        let mut low = largest(plans, &deviations, &mut used, &minus);
        low.value = -low.value;
        let end = |found: Found| told(plans, &deviations, found);
        ranges.push(Range { what: *what, low: end(low), high: end(high) });
    }
    Some(Devices { advice, ranges })
}

/// An end in terms of the game.
fn told(plans: &Plans, deviations: &[Deviation], found: Found) -> End {
    let multipliers = found.multipliers.into_iter().map(|(k, y)| {
        let deviation = &deviations[k];
        (PlayerId(deviation.player as u32), deviation.rule.clone(), y)
    });
    End {
        value: found.value,
        device: found.device.into_iter().map(|(c, share)| (plans.joint(c), share)).collect(),
        multipliers: multipliers.collect(),
    }
}

/// The device that makes a number largest.
fn largest(plans: &Plans, deviations: &[Deviation], used: &mut Vec<usize>, number: &[Q]) -> Found {
    let count = plans.combinations();
    let objective: Vec<(usize, Q)> =
        number.iter().cloned().enumerate().filter(|(_, x)| !x.is_zero()).collect();
    loop {
        let mut lp = Lp::with_variables(count, Some(Q::ZERO), None);
        lp.add_row((0..count).map(|c| (c, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for k in used.iter() {
            lp.add_row(gains(plans, &deviations[*k]), Rel::Le, Q::ZERO);
        }
        let Outcome::Optimal { x, value, dual } = maximize(&lp, &objective) else {
            unreachable!("devices form a polytope that is not empty: it holds a Nash equilibrium")
        };
        debug_assert_eq!(dual_bound(&lp, &objective, &dual).as_ref(), Some(&value));
        let device: Vec<(usize, Q)> = x.into_iter().enumerate().filter(|(_, p)| !p.is_zero()).collect();
        let fresh = violated(plans, deviations, used, &device);
        if fresh.is_empty() {
            let multipliers = used.iter().zip(&dual[1..]).filter(|(_, y)| !y.is_zero());
            let multipliers = multipliers.map(|(k, y)| (*k, y.clone())).collect();
            return Found { value, device, multipliers };
        }
        used.extend(fresh);
    }
}

/// For each player, the few deviations that gain most; none if the device is obeyed.
fn violated(plans: &Plans, deviations: &[Deviation], used: &[usize], device: &[(usize, Q)]) -> Vec<usize> {
    const FEW: usize = 8;
    let held: BTreeSet<usize> = used.iter().copied().collect();
    let mut fresh = vec![];
    for p in 0..plans.own.len() {
        let mut gaining: Vec<(Q, usize)> = deviations
            .iter()
            .enumerate()
            .filter(|(k, d)| d.player == p && !held.contains(k))
            .map(|(k, d)| (gain(plans, d, device), k))
            .filter(|(gain, _)| gain.is_positive())
            .collect();
        gaining.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        fresh.extend(gaining.into_iter().take(FEW).map(|(_, k)| k));
    }
    fresh
}

/// What a deviation gains on average.
pub fn gain(plans: &Plans, deviation: &Deviation, device: &[(usize, Q)]) -> Q {
    device.iter().map(|(c, share)| share * &gain_at(plans, deviation, *c)).sum()
}

fn gains(plans: &Plans, deviation: &Deviation) -> Vec<(usize, Q)> {
    (0..plans.combinations())
        .map(|c| (c, gain_at(plans, deviation, c)))
        .filter(|(_, gain)| !gain.is_zero())
        .collect()
}

fn gain_at(plans: &Plans, deviation: &Deviation, c: usize) -> Q {
    let p = deviation.player;
    let instead = deviation.map[plans.plan_in(c, p)];
    &plans.pays[p][plans.with(c, p, instead)] - &plans.pays[p][c]
}

/// Every deviation that the kind of advice allows; those that come to the same, once.
pub fn deviations(plans: &Plans, advice: Advice) -> Vec<Deviation> {
    let mut all: BTreeMap<(usize, Vec<usize>), Rule> = BTreeMap::new();
    for player in 0..plans.own.len() {
        let count = plans.own[player].len();
        match advice {
            Advice::Never => {
                for to in 0..count {
                    all.insert((player, vec![to; count]), Rule::Always(plans.plan(player, to)));
                }
            }
            Advice::AtStart => {
                for (from, to) in (0..count).flat_map(|i| (0..count).map(move |j| (i, j))) {
                    if from == to {
                        continue;
                    }
                    let mut map: Vec<usize> = (0..count).collect();
                    map[from] = to;
                    let rule = Rule::Instead(plans.plan(player, from), plans.plan(player, to));
                    all.insert((player, map), rule);
                }
            }
            Advice::WhereDue => where_due(plans, player, &mut all),
        }
    }
    all.into_iter().map(|((player, map), rule)| Deviation { player, map, rule }).collect()
}

/// Told a move at a set, the player may play on from there as it likes.
fn where_due(plans: &Plans, player: usize, all: &mut BTreeMap<(usize, Vec<usize>), Rule>) {
    let side = &plans.sides[player];
    let own = &plans.own[player];
    for k in 0..side.sets.len() {
        let below = below(side, k);
        // The ways to play on: the parts below the set of the plans that reach it.
        let ways: BTreeSet<Vec<bool>> = own
            .iter()
            .filter(|plan| plan[side.parent[k] as usize])
            .map(|plan| plan.iter().zip(&below).map(|(a, b)| *a && *b).collect())
            .collect();
        for (action, told) in side.range(k).enumerate() {
            for way in &ways {
                let turned = |(i, plan): (usize, &Vec<bool>)| {
                    if !plan[told] {
                        return i;
                    }
                    let mixed: Vec<bool> =
                        (0..plan.len()).map(|s| if below[s] { way[s] } else { plan[s] }).collect();
                    plans.find(player, &mixed).expect("the parts of two plans make a plan")
                };
                let map: Vec<usize> = own.iter().enumerate().map(turned).collect();
                if map.iter().enumerate().any(|(i, to)| i != *to) {
                    let onwards = plans.actions(player, way);
                    all.insert((player, map), Rule::Onwards(side.sets[k].0, action as u32, onwards));
                }
            }
        }
    }
}

/// The sequences at and after a set.
fn below(side: &Side, set: usize) -> Vec<bool> {
    let mut below = vec![false; side.slots()];
    for k in set..side.sets.len() {
        if k == set || below[side.parent[k] as usize] {
            side.range(k).for_each(|s| below[s] = true);
        }
    }
    below
}
