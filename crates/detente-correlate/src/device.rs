//! Devices that everybody obeys, and what they can bring about.
//!
//! The one idea: a deviation is a rule that turns one's own plan into another, so "nobody gains"
//! is one linear row per rule. The kinds of device differ only in the rules that a player has:
//! without having heard anything (coarse), having heard the whole plan (correlated), or hearing
//! each move where it is due (extensive form). Rows are added as they are violated, and the last
//! program's multipliers prove the end of the range.

use crate::ends::{Doubts, Found, Row, Search};
use crate::flow::Flow;
use crate::interior::Going;
use crate::plans::Plans;
use detente_exact::{Q, Scalar};
use detente_game::PlayerId;
use detente_game::device::{Advice, Devices, End, Range, Rule, What};
use detente_sequence::form::Side;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A rule by which a player leaves its plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    pub player: usize,
    /// Plans that it leaves, and what it plays in their place.
    pub moves: Vec<(usize, usize)>,
    pub rule: Rule,
}

/// What every obeyed device can bring about: each player's payoff and their sum, and each outcome's probability
/// where there are no more than [`MOST_OUTCOMES`]. `None` if the caller stops it before any device is known; an
/// end that it stops later is open by a gap.
pub fn devices(plans: &Plans, advice: Advice, going: &Going) -> Option<Devices> {
    let wanted = wanted(plans);
    let doubted = Doubted::new(plans, advice);
    let flow = Flow { forks: vec![(0, 1, plans.combinations())], sequences: 1 + plans.combinations() };
    let mut search = Search::new(flow, doubted);
    let mut ranges = vec![];
    for (k, (what, number)) in wanted.iter().enumerate() {
        let number: Vec<Q> = std::iter::once(Q::ZERO).chain(number.iter().cloned()).collect();
        let minus: Vec<Q> = number.iter().map(|x| -x.clone()).collect();
        let part = |side: usize| within(going, (2 * k + side) as f64, 2.0 * wanted.len() as f64);
        let high = told(plans, search.largest(&number, &part(0))?);
        let mut low = told(plans, search.largest(&minus, &part(1))?);
        (low.value, low.bound) = (-low.value, -low.bound);
        ranges.push(Range { what: *what, low, high });
    }
    Some(Devices { advice, ranges })
}

/// With more outcomes than this, their probabilities are not asked for: a large table names one per cell.
pub const MOST_OUTCOMES: usize = 60;

/// The numbers that are asked for, per combination.
fn wanted(plans: &Plans) -> Vec<(What, Vec<Q>)> {
    let mut wanted: Vec<(What, Vec<Q>)> = vec![];
    if plans.outcomes.len() <= MOST_OUTCOMES {
        for (o, shares) in plans.outcomes.iter().enumerate() {
            let mut number = vec![Q::ZERO; plans.combinations()];
            shares.iter().for_each(|(c, share)| number[*c] += share);
            wanted.push((What::Outcome(o as u32), number));
        }
    }
    for (p, pays) in plans.pays.iter().enumerate() {
        wanted.push((What::Payoff(PlayerId(p as u32)), pays.clone()));
    }
    let total = (0..plans.combinations()).map(|c| plans.pays.iter().map(|p| p[c].clone()).sum());
    wanted.push((What::Total, total.collect()));
    wanted
}

/// The same question about a part of the work.
pub(crate) fn within(going: &Going, done: f64, all: f64) -> Going {
    let going = going.clone();
    Arc::new(move |share| going((done + share.min(1.0)) / all))
}

/// An end in terms of the game.
fn told(plans: &Plans, found: Found<(usize, Rule)>) -> End {
    let multipliers = found.multipliers.into_iter();
    let device = found.plan.into_iter().skip(1).enumerate().filter(|(_, share)| !share.is_zero());
    End {
        value: found.value,
        bound: found.bound,
        device: device.map(|(c, share)| (plans.joint(c), share)).collect(),
        multipliers: multipliers.map(|((player, rule), y)| (PlayerId(player as u32), rule, y)).collect(),
    }
}

/// All deviations of a kind, ready to be weighed against a device.
struct Doubted<'a> {
    plans: &'a Plans,
    deviations: Vec<Deviation>,
    /// Payoffs in floats.
    floats: Vec<Vec<f64>>,
}

impl<'a> Doubted<'a> {
    fn new(plans: &'a Plans, advice: Advice) -> Doubted<'a> {
        let floats = plans.pays.iter().map(|pays| pays.iter().map(Q::to_f64).collect()).collect();
        Doubted { plans, deviations: deviations(plans, advice), floats }
    }

    /// For each player, the few deviations that gain most.
    fn gaining<S: Scalar + PartialOrd>(&self, device: &[S], pays: &[Vec<S>], least: &S) -> Vec<usize> {
        const FEW: usize = 8;
        let mut found = vec![];
        for p in 0..self.plans.own.len() {
            let own = self.deviations.iter().enumerate().filter(|(_, d)| d.player == p);
            let gain = |(k, d): (usize, &Deviation)| (gain(self.plans, d, device, &pays[p]), k);
            let mut gaining: Vec<(S, usize)> = own.map(gain).filter(|(gain, _)| gain > least).collect();
            gaining.sort_by(|a, b| {
                b.0.partial_cmp(&a.0).unwrap_or(std::cmp::Ordering::Equal).then(a.1.cmp(&b.1))
            });
            found.extend(gaining.into_iter().take(FEW).map(|(_, k)| k));
        }
        found
    }

    fn told(&self, k: usize) -> ((usize, Rule), Row) {
        let deviation = &self.deviations[k];
        ((deviation.player, deviation.rule.clone()), gains(self.plans, deviation))
    }
}

/// With more deviations than this, not all are looked at in one program.
const MOST_AT_ONCE: usize = 40_000;

impl Doubts for Doubted<'_> {
    type Label = (usize, Rule);

    fn believed(&self, plan: &[f64], least: f64) -> Vec<(Self::Label, Row)> {
        let found = self.gaining(&plan[1..], &self.floats, &least);
        found.into_iter().map(|k| self.told(k)).collect()
    }

    fn certain(&self, plan: &[Q]) -> Vec<(Self::Label, Row)> {
        let found = self.gaining(&plan[1..], &self.plans.pays, &Q::ZERO);
        found.into_iter().map(|k| self.told(k)).collect()
    }

    fn all(&self) -> Option<Vec<(Self::Label, Row)>> {
        let count = self.deviations.len();
        (count <= MOST_AT_ONCE).then(|| (0..count).map(|k| self.told(k)).collect())
    }
}

/// What a deviation gains on average against a device, with these payoffs of its player.
fn gain<S: Scalar + PartialOrd>(plans: &Plans, deviation: &Deviation, device: &[S], pays: &[S]) -> S {
    let (p, zero) = (deviation.player, S::zero());
    let mut sum = S::zero();
    for (from, to) in &deviation.moves {
        for c in plans.holding(p, *from).filter(|c| device[*c] != zero) {
            let instead = plans.with(c, p, *to);
            sum = sum.add(&device[c].mul(&pays[instead].sub(&pays[c])));
        }
    }
    sum
}

/// What a deviation gains at each combination, where that is not 0; as a condition on sequences.
fn gains(plans: &Plans, deviation: &Deviation) -> Row {
    let p = deviation.player;
    let pays = &plans.pays[p];
    let mut row: Row = vec![];
    for (from, to) in &deviation.moves {
        for c in plans.holding(p, *from) {
            let gain = &pays[plans.with(c, p, *to)] - &pays[c];
            if !gain.is_zero() {
                row.push((1 + c, gain));
            }
        }
    }
    row
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
    let moves = |map: Vec<usize>| map.into_iter().enumerate().filter(|(from, to)| from != to).collect();
    all.into_iter().map(|((player, map), rule)| Deviation { player, moves: moves(map), rule }).collect()
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
