//! One player who may lie and disobey: the plans by which it gains.
//!
//! The one idea: whatever plan gains, some plan gains that is honest and obedient until one place and goes its
//! own way from there. So for each such place the best way on is found, by one walk over the player's choices,
//! last ones first; each is a row of its own. One row per player, with all its ways together, is too weak: a
//! table of 7 x 8 plans did not end in a minute with it.

use crate::unfold::{Forks, Unfolded, game_before, honest};
use detente_exact::{Q, Scalar};
use detente_game::mediation::{Choice, Knows};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// Most rows that one player adds at once.
const FEW: usize = 40;

/// A disobedient plan, and what it gains per sequence of the mediator.
pub(crate) struct Cut {
    pub player: usize,
    /// Which choice at each fork.
    pub plan: Vec<usize>,
    /// Multiplied by `unit`, so that the largest coefficient is about 1.
    pub row: Vec<(usize, Q)>,
    pub unit: Q,
}

/// What is needed to doubt one player.
pub(crate) struct Doubt<'a> {
    player: usize,
    unfolded: &'a Unfolded,
    /// Chance's share times the player's payoff, per end of its unfolding.
    weights: Vec<Q>,
    floats: Vec<f64>,
    /// Per fork: the honest or obedient choice; `None` once the player has lied or disobeyed.
    honest: Vec<Option<usize>>,
    /// Whether a sequence is honest and obedient all along.
    straight: Vec<bool>,
}

impl<'a> Doubt<'a> {
    pub fn new(
        game: &Game,
        numbers: &Numbers,
        knows: Knows,
        unfolded: &'a Unfolded,
        player: usize,
    ) -> Doubt<'a> {
        let (own, leaves) = &unfolded.doubted[player];
        let players = game.players.len();
        let pay = |node: usize| &numbers.payoffs[node * players + player];
        let weights: Vec<Q> = leaves.iter().map(|leaf| &leaf.share * pay(leaf.node.index())).collect();
        let floats = weights.iter().map(Q::to_f64).collect();
        let before = game_before(game);
        let mut straight = vec![false; own.sequences];
        straight[0] = true;
        let mut choices = Vec::with_capacity(own.list.len());
        for fork in &own.list {
            let choice = if straight[fork.before] { honest(game, &before, knows, &fork.key) } else { None };
            if let Some(choice) = choice {
                straight[fork.first + choice] = true;
            }
            choices.push(choice);
        }
        Doubt { player, unfolded, weights, floats, honest: choices, straight }
    }

    /// Plans that gain more than this as far as floats tell, where the largest coefficient is about 1; the best first.
    pub fn believed(&self, rule: &[f64], least: f64) -> Vec<Cut> {
        let mut gaining = self.gaining(rule, &self.floats);
        gaining.retain(|(_, gain, _)| *gain > 0.0);
        gaining.sort_by(|a, b| b.1.total_cmp(&a.1));
        let cuts = gaining.into_iter().take(FEW).map(|(_, gain, plan)| (gain, self.cut(plan)));
        cuts.filter(|(gain, cut)| gain * cut.unit.to_f64() > least).map(|(_, cut)| cut).collect()
    }

    /// Plans that gain for certain, the best first.
    pub fn certain(&self, rule: &[Q]) -> Vec<Cut> {
        let mut gaining = self.gaining(rule, &self.weights);
        gaining.retain(|(_, gain, _)| gain.is_positive());
        gaining.sort_by(|a, b| b.1.cmp(&a.1));
        gaining.into_iter().take(FEW).map(|(_, _, plan)| self.cut(plan)).collect()
    }

    /// For each place where the player could first lie or disobey: what the best way from there gains against
    /// this rule, and the whole plan.
    fn gaining<S: Scalar + PartialOrd>(&self, rule: &[S], weights: &[S]) -> Vec<(usize, S, Vec<usize>)> {
        let (own, leaves) = &self.unfolded.doubted[self.player];
        let zero = S::zero();
        let mut best = vec![S::zero(); own.sequences];
        let mut honestly = vec![S::zero(); own.sequences];
        for (leaf, weight) in leaves.iter().zip(weights).filter(|(leaf, _)| rule[leaf.said] != zero) {
            let worth = weight.mul(&rule[leaf.said]);
            if self.straight[leaf.done] {
                honestly[leaf.done] = honestly[leaf.done].add(&worth);
            }
            best[leaf.done] = best[leaf.done].add(&worth);
        }
        let mut plan = vec![0usize; own.list.len()];
        let mut places = vec![];
        for (k, fork) in own.list.iter().enumerate().rev() {
            let after = &best[fork.first..fork.first + fork.count];
            let top = |choices: &mut dyn Iterator<Item = usize>| {
                choices.reduce(|a, b| if after[b] > after[a] { b } else { a })
            };
            if let Some(honest) = self.honest[k] {
                let other = top(&mut (0..fork.count).filter(|c| *c != honest));
                let obeying = honestly[fork.first + honest].clone();
                places.extend(other.map(|other| (k, other, after[other].sub(&obeying))));
                honestly[fork.before] = honestly[fork.before].add(&obeying);
            }
            plan[k] = top(&mut (0..fork.count)).unwrap_or(0);
            let value = after[plan[k]].clone();
            best[fork.before] = best[fork.before].add(&value);
        }
        let gains = places.into_iter().filter(|(_, _, gain)| *gain > zero);
        let whole = |place: usize, other: usize| {
            let choice = |(k, honest): (usize, &Option<usize>)| match k == place {
                true => other,
                false => honest.unwrap_or(plan[k]),
            };
            self.honest.iter().enumerate().map(choice).collect()
        };
        gains.map(|(k, other, gain)| (k, gain, whole(k, other))).collect()
    }

    /// The row of a plan.
    fn cut(&self, plan: Vec<usize>) -> Cut {
        let (own, leaves) = &self.unfolded.doubted[self.player];
        let kept = own.kept(&plan);
        let mut row: BTreeMap<usize, Q> = BTreeMap::new();
        for (leaf, weight) in leaves.iter().zip(&self.weights) {
            let sum = |row: &mut BTreeMap<usize, Q>, weight: &Q| {
                *row.entry(leaf.said).or_insert(Q::ZERO) += weight;
            };
            match (kept[leaf.done], self.straight[leaf.done]) {
                (true, false) => sum(&mut row, weight),
                (false, true) => sum(&mut row, &-weight.clone()),
                _ => {}
            }
        }
        row.retain(|_, q| !q.is_zero());
        let largest = row.values().map(|q| q.to_f64().abs()).fold(0.0, f64::max);
        let unit = Some(largest).filter(|size| size.is_normal()).map_or(Q::ONE, |size| {
            let (_, exponent) = libm::frexp(size);
            Q::from_f64(libm::ldexp(1.0, -exponent.clamp(-900, 900))).unwrap_or(Q::ONE)
        });
        let row = row.into_iter().map(|(s, q)| (s, q * &unit)).collect();
        Cut { player: self.player, plan, row, unit }
    }
}

impl Forks<Choice> {
    /// The sequences that a plan holds.
    pub(crate) fn kept(&self, plan: &[usize]) -> Vec<bool> {
        let mut kept = vec![false; self.sequences];
        kept[0] = true;
        for (fork, at) in self.list.iter().zip(plan) {
            kept[fork.first + at] = kept[fork.before];
        }
        kept
    }
}
