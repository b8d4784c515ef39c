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
use detente_game::device::{Advice, Devices, End, Range, Rule, Wanted, What};
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

/// What every obeyed device can bring about: what is asked for; if all, each player's payoff and their sum, and each outcome's probability
/// where there are no more than [`MOST_OUTCOMES`]. `None` if the caller stops it before any device is known; an
/// end that it stops later is open by a gap.
pub fn devices(plans: &Plans, advice: Advice, asked: &Wanted, going: &Going) -> Option<Devices> {
    let wanted = wanted(plans, asked);
    let doubted = Doubted::new(plans, advice);
    let flow = Flow { forks: vec![(0, 1, plans.combinations())], sequences: 1 + plans.combinations() };
    let mut search = Search::new(flow, doubted);
    // An equilibrium without mixing is a device, whatever the advice; it is there if time runs out early.
    if let Some(c) = (0..plans.combinations()).find(|c| is_stable(plans, *c)) {
        let one = |s: usize| if s == 0 || s == 1 + c { Q::ONE } else { Q::ZERO };
        search.keep((0..=plans.combinations()).map(one).collect());
    }
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
    Some(Devices { advice, objective: asked.terms(), ranges })
}

/// Whether no player gains by another plan of its own.
fn is_stable(plans: &Plans, c: usize) -> bool {
    let best =
        |p: usize| (0..plans.own[p].len()).all(|i| plans.pays[p][plans.with(c, p, i)] <= plans.pays[p][c]);
    (0..plans.own.len()).all(best)
}

/// With more outcomes than this, their probabilities are not asked for: a large table names one per cell.
pub const MOST_OUTCOMES: usize = 60;

/// The numbers that are asked for, per combination.
fn wanted(plans: &Plans, asked: &Wanted) -> Vec<(What, Vec<Q>)> {
    match asked {
        Wanted::All => {
            let keys = Some(plans.outcomes.len()).filter(|count| *count <= MOST_OUTCOMES).unwrap_or(0);
            let outcomes = (0..keys as u32).map(What::Outcome);
            let players = (0..plans.pays.len() as u32).map(|p| What::Payoff(PlayerId(p)));
            outcomes.chain(players).chain([What::Total]).map(|what| (what, number(plans, what))).collect()
        }
        Wanted::One(what) => vec![(*what, number(plans, *what))],
        Wanted::Objective(terms) => {
            let mut sum = vec![Q::ZERO; plans.combinations()];
            for (what, weight) in terms {
                sum.iter_mut().zip(number(plans, *what)).for_each(|(sum, x)| *sum += &(weight * &x));
            }
            vec![(What::Objective, sum)]
        }
    }
}

/// A number per combination.
fn number(plans: &Plans, what: What) -> Vec<Q> {
    let mut number = vec![Q::ZERO; plans.combinations()];
    match what {
        What::Outcome(o) => plans.outcomes[o as usize].iter().for_each(|(c, share)| number[*c] += share),
        What::Payoff(p) => number.clone_from(&plans.pays[p.index()]),
        What::Total => {
            plans.pays.iter().for_each(|pays| number.iter_mut().zip(pays).for_each(|(n, x)| *n += x))
        }
        // It is the sum of others.
        What::Objective => {}
    }
    number
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

#[cfg(test)]
mod tests {
    use super::*;
    use detente_test::random::Payoffs;
    use detente_test::{Shape, random_game};

    /// Pivots and interior points are two ways to one number: where the second leaves a gap, the first lies in it,
    /// and the gap is small. Whole numbers bring ties, decimals full polytopes.
    #[test]
    fn interior_points_enclose_what_pivots_prove() {
        let going: Going = Arc::new(|_| true);
        let least = Q::new(1, 1_000_000);
        let mut exact = 0;
        for seed in 0..40 {
            for payoffs in [Payoffs::Integers(4), Payoffs::Decimals] {
                let shape = match seed % 2 {
                    0 => Shape::Table { players: 2, strategies: 5, payoffs },
                    _ => Shape::General { players: 2 + seed as usize / 2 % 2, infosets: 4, menu: 2, payoffs },
                };
                let game = random_game(seed, shape);
                let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
                let plans = Plans::new(&game, &numbers).expect("small");
                for advice in [Advice::Never, Advice::AtStart, Advice::WhereDue] {
                    let flow = Flow {
                        forks: vec![(0, 1, plans.combinations())],
                        sequences: 1 + plans.combinations(),
                    };
                    let mut search = Search::new(flow, Doubted::new(&plans, advice));
                    let sum = number(&plans, What::Total);
                    let sum: Vec<Q> = std::iter::once(Q::ZERO).chain(sum).map(|q| -q).collect();
                    let one = search.by_pivots(&sum, &going).expect("small programs end");
                    let other = search.by_interior(&sum, &going).expect("some device is obeyed");
                    assert_eq!(one.value, one.bound);
                    assert!(other.value <= one.value && one.value <= other.bound, "{seed} {advice:?}");
                    assert!(&other.bound - &other.value < least, "{seed} {advice:?}");
                    exact += usize::from(other.value == other.bound);
                }
            }
        }
        assert!(exact > 200, "only {exact} of 240 were made exact");
    }

    /// A search that may not even begin still knows an equilibrium without mixing.
    #[test]
    fn a_stopped_search_tells_what_it_has() {
        let shape = Shape::Table { players: 2, strategies: 4, payoffs: Payoffs::Integers(4) };
        for seed in 0..20 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
            let plans = Plans::new(&game, &numbers).expect("small");
            let never: Going = Arc::new(|_| false);
            let stable = (0..plans.combinations()).any(|c| is_stable(&plans, c));
            let found = devices(&plans, Advice::AtStart, &Wanted::All, &never);
            assert_eq!(found.is_some(), stable);
            if let Some(found) = found {
                detente_verify::verify_devices(&game, &numbers, &found).expect("open ends are proven too");
                let mut bold = found.clone();
                bold.ranges.iter_mut().for_each(|r| r.high.bound = r.high.value.clone());
                let wide = found.ranges.iter().any(|r| r.high.value != r.high.bound);
                assert_eq!(detente_verify::verify_devices(&game, &numbers, &bold).is_err(), wide);
            }
        }
    }
}
