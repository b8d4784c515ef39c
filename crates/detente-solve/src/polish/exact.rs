//! Proof that an exact equilibrium lies near a polished profile.
//!
//! The one idea: with the supports given, the log-odds of what is mixed on the path solve as many indifference
//! equations; Krawczyk's test encloses one solution of them, and where every other action is surely worse all
//! over the box, it is an equilibrium, though its numbers may be irrational.

use super::gaps::View;
use crate::cells::Value;
use crate::outcomes;
use crate::qre::certify::enclosed;
use crate::qre::field::{Field, Play};
use crate::qre::linear::Factored;
use crate::qre::real::{Real, log_shares};
use detente_exact::{Interval, Q};
use detente_game::solution::{Component, Num};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Most free log-odds for which a proof is tried.
const MAX_UNKNOWNS: usize = 300;
/// Corrections before the proof.
const ROUNDS: usize = 8;
/// Added to printed radii, so that others who compute the same in another way arrive within them.
const LEEWAY: f64 = 1e-11;

/// A set at which play mixes: its base action and the others, numbered over the game.
struct Mix {
    set: usize,
    base: usize,
    others: Vec<usize>,
}

/// The indifference equations of one support.
struct Support<'a> {
    profile: &'a [Vec<Q>],
    mixes: Vec<Mix>,
    leads: Vec<Vec<bool>>,
    reached: Vec<bool>,
}

/// Whether play reaches each set.
pub fn reached(game: &Game, profile: &[Vec<Q>]) -> Vec<bool> {
    let mut on = vec![true; game.nodes.len()];
    let mut sets = vec![false; game.infosets.len()];
    for (x, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            let goes = match game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => profile[h.index()][arm as usize].is_positive(),
                _ => true,
            };
            on[x] = on[parent.index()] && goes;
        }
        if let NodeKind::Decision(h) = node.kind {
            sets[h.index()] |= on[x];
        }
    }
    sets
}

/// Turns a component that plays `profile` into one that encloses an exact equilibrium with its support;
/// `None` if that cannot be proven.
pub fn proven(
    game: &Game,
    numbers: &Numbers,
    field: &Field<f64>,
    profile: &[Vec<Q>],
    component: &Component,
) -> Option<Component> {
    let support = Support::new(game, field, profile)?;
    let odds = support.sharpened(field);
    let sure = Field::<Interval>::new(game, numbers);
    let inverse = support.inverse(field, &odds)?;
    let found = enclosed(&odds, &inverse, &|y, _| support.equations(&sure, y))?;
    let play = support.play(&sure, &found);
    let probs: Vec<Vec<Interval>> =
        sure.sets.iter().map(|s| play.prob[s.first..s.first + s.actions].to_vec()).collect();
    if !support.nothing_better(game, numbers, &probs) {
        return None;
    }
    let beliefs = sure.worth(&play, Some(&support.leads)).beliefs;
    Some(support.printed(game, numbers, &probs, &beliefs, component))
}

impl<'a> Support<'a> {
    fn new(game: &Game, field: &Field<f64>, profile: &'a [Vec<Q>]) -> Option<Support<'a>> {
        let reached = reached(game, profile);
        let plays = |a: usize, h: usize| profile[h][a].is_positive();
        let mut owner = vec![(0, 0); field.actions];
        for (h, s) in field.sets.iter().enumerate() {
            (0..s.actions).for_each(|a| owner[s.first + a] = (h, a));
        }
        let mut mixes = vec![];
        for (h, s) in field.sets.iter().enumerate().filter(|(h, _)| reached[*h]) {
            let played: Vec<usize> = (0..s.actions).filter(|a| plays(*a, h)).map(|a| s.first + a).collect();
            if let [base, others @ ..] = &played[..]
                && !others.is_empty()
            {
                mixes.push(Mix { set: h, base: *base, others: others.to_vec() });
            }
        }
        let unknowns: usize = mixes.iter().map(|m| m.others.len()).sum();
        let lead = |m: &crate::qre::field::Member<f64>| {
            m.path.iter().all(|b| {
                let (h, a) = owner[*b];
                plays(a, h)
            })
        };
        let leads = field.sets.iter().map(|s| s.members.iter().map(lead).collect()).collect();
        (1..=MAX_UNKNOWNS).contains(&unknowns).then_some(Support { profile, mixes, leads, reached })
    }

    fn play<R: Real>(&self, field: &Field<R>, y: &[R]) -> Play<R> {
        let mut play = Play { log: vec![R::ZERO; field.actions], prob: vec![R::ZERO; field.actions] };
        for (s, list) in field.sets.iter().zip(self.profile) {
            for (a, p) in list.iter().enumerate().filter(|(_, p)| p.is_positive()) {
                let p = R::of(p);
                (play.log[s.first + a], play.prob[s.first + a]) = (p.ln(), p);
            }
        }
        let mut rest = y.iter().copied();
        for m in &self.mixes {
            let mut odds = vec![R::ZERO];
            odds.extend(rest.by_ref().take(m.others.len()));
            for (a, l) in std::iter::once(&m.base).chain(&m.others).zip(log_shares(&odds)) {
                (play.log[*a], play.prob[*a]) = (l, l.exp());
            }
        }
        play
    }

    /// How much more each action but the base earns, and the derivatives by the log-odds.
    fn equations<R: Real>(&self, field: &Field<R>, y: &[R]) -> (Vec<R>, Vec<Vec<R>>) {
        let play = self.play(field, y);
        let worth = field.worth(&play, Some(&self.leads));
        let (mut miss, mut rows) = (vec![], vec![]);
        for m in &self.mixes {
            let first = field.sets[m.set].first;
            let slopes = field.slopes(m.set, &play, &worth);
            for a in &m.others {
                miss.push(worth.payoffs[*a] - worth.payoffs[m.base]);
                let (own, base) = (&slopes[a - first], &slopes[m.base - first]);
                let row: Vec<R> = own.iter().zip(base).map(|(x, z)| *x - *z).collect();
                rows.push(self.by_odds(&row, &play));
            }
        }
        (miss, rows)
    }

    fn by_odds<R: Real>(&self, row: &[R], play: &Play<R>) -> Vec<R> {
        let mut out = vec![];
        for m in &self.mixes {
            let total = m.others.iter().fold(row[m.base], |t, a| t + row[*a]);
            out.extend(m.others.iter().map(|a| row[*a] - play.prob[*a] * total));
        }
        out
    }

    /// The profile's log-odds, corrected by Newton's method.
    fn sharpened(&self, field: &Field<f64>) -> Vec<f64> {
        let p = |a: usize, m: &Mix| self.profile[m.set][a - field.sets[m.set].first].to_f64();
        let odd = |m: &Mix| -> Vec<f64> {
            m.others.iter().map(|a| libm::log(p(*a, m)) - libm::log(p(m.base, m))).collect()
        };
        let mut y: Vec<f64> = self.mixes.iter().flat_map(odd).collect();
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            let (miss, rows) = self.equations(field, &y);
            let right: Vec<f64> = miss.iter().map(|x| -x).collect();
            let Some(step) = Factored::new(rows).solve(&right) else { return y };
            let size = step.iter().fold(0.0f64, |m, d| m.max(d.abs()));
            if size >= best || size > 1e-3 {
                return y;
            }
            best = size;
            y.iter_mut().zip(&step).for_each(|(x, d)| *x += d);
        }
        y
    }

    fn inverse(&self, field: &Field<f64>, odds: &[f64]) -> Option<Vec<Vec<f64>>> {
        crate::qre::certify::inverse(self.equations(field, odds).1)
    }

    /// Whether at every reached set each action that is not played is surely worse, even with the best that
    /// its owner could do afterwards.
    fn nothing_better(&self, game: &Game, numbers: &Numbers, probs: &[Vec<Interval>]) -> bool {
        let view = View::new(game, numbers, probs);
        (0..self.profile.len()).filter(|h| self.reached[*h]).all(|h| {
            let owner = game.infosets[h].player.index();
            let played = |a: &usize| self.profile[h][*a].is_positive();
            let starts = |a: usize| -> Vec<(NodeId, Interval)> {
                let nodes = game.infosets[h].nodes.iter();
                nodes.map(|x| (game.children(*x)[a], view.likelihood(*x, owner))).collect()
            };
            let all = 0..self.profile[h].len();
            let Some(base) = all.clone().find(|a| played(a)) else { return false };
            let kept = view.follow(owner, &starts(base));
            all.filter(|a| !played(a)).all(|a| view.best(owner, starts(a)).hi() < kept.lo())
        })
    }

    fn printed(
        &self,
        game: &Game,
        numbers: &Numbers,
        probs: &[Vec<Interval>],
        beliefs: &[Vec<Interval>],
        component: &Component,
    ) -> Component {
        let mut c = component.clone();
        for m in &self.mixes {
            for a in (0..probs[m.set].len()).filter(|a| self.profile[m.set][*a].is_positive()) {
                c.profile[m.set][a] = around(probs[m.set][a]);
            }
        }
        for (tremble, list) in c.tremble.iter_mut().zip(&c.profile) {
            for ((_, weight), p) in tremble.iter_mut().zip(list).filter(|((order, _), _)| *order == 0) {
                *weight = p.clone();
            }
        }
        let known = c.beliefs.iter_mut().zip(beliefs).zip(&self.reached);
        for ((printed, found), _) in known.filter(|((b, _), reached)| **reached && b.len() > 1) {
            *printed = found.iter().map(|b| around(*b)).collect();
        }
        let value = |n: &Num| match &n.exact {
            Some(q) => Value::Exact(q.clone()),
            None => {
                let q = |x: f64| Q::from_f64(x).unwrap_or(Q::ZERO);
                let radius = q(n.radius.unwrap_or(0.0));
                Value::Within(q(n.value) - &radius, q(n.value) + radius)
            }
        };
        let values: Vec<Vec<Value>> = c.profile.iter().map(|h| h.iter().map(value).collect()).collect();
        let reach = outcomes::reach(game, numbers, &values);
        c.outcomes = outcomes::distribution(game, &reach);
        c.payoffs = outcomes::payoffs(game, numbers, &reach);
        c.outcome_range = c.outcomes.iter().map(|n| (n.clone(), n.clone())).collect();
        c.gap_nash = Num::exact(Q::ZERO);
        c.gap_sequential = c.gap_sequential.as_ref().map(|_| Num::exact(Q::ZERO));
        c
    }
}

/// A number printed for an interval of probabilities.
fn around(p: Interval) -> Num {
    if p.is_point() {
        return Q::from_f64(p.lo()).map_or(Num::within(p.lo(), 0.0), Num::exact);
    }
    let (low, high) = (p.lo().clamp(0.0, 1.0), p.hi().clamp(0.0, 1.0));
    let value = low / 2.0 + high / 2.0;
    Num::within(value, 2.0 * (high - value).max(value - low) + LEEWAY)
}
