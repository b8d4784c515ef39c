//! The referee's look at devices: does everybody obey, and is the end of the range the end?
//!
//! The one idea: list every plan from the game itself, play every combination out on the tree,
//! and check sums. A device is obeyed if no rule gains; nothing goes beyond a bound if bound minus the
//! number, with the multipliers' gains added, is at least 0 at every combination.

use crate::verdict::Rejected;
use crate::world::{World, no};
use detente_exact::Q;
use detente_game::device::{Advice, Devices, End, Plan, Rule, Terms, What};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// Checks both ends of every range: what is reached, and what is not exceeded.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_devices(game: &Game, numbers: &Numbers, answer: &Devices) -> Result<(), Rejected> {
    let world = World::new(game, numbers)?;
    let court = Court::new(&world, &answer.objective);
    for range in &answer.ranges {
        for (end, sign) in [(&range.high, Q::ONE), (&range.low, -Q::ONE)] {
            court.obeyed(answer.advice, end)?;
            court.furthest(answer.advice, range.what, end, &sign)?;
        }
    }
    Ok(())
}

struct Court<'a, 'b> {
    world: &'a World<'b>,
    /// The number of each combination.
    number: BTreeMap<&'a Plan, usize>,
    /// Payoffs per player and combination.
    pays: Vec<Vec<Q>>,
    outcomes: usize,
    objective: &'a Terms,
}

impl<'a, 'b> Court<'a, 'b> {
    fn new(world: &'a World<'b>, objective: &'a Terms) -> Court<'a, 'b> {
        let number = world.joint.iter().enumerate().map(|(c, plan)| (plan, c)).collect();
        let pays = |p: usize| world.joint.iter().map(|plan| world.played[plan].0[p].clone()).collect();
        let outcomes = world.game.outcome_keys().len();
        Court { world, number, pays: (0..world.plans.len()).map(pays).collect(), outcomes, objective }
    }

    fn obeyed(&self, advice: Advice, end: &End) -> Result<(), Rejected> {
        let total: Q = end.device.iter().map(|(_, share)| share.clone()).sum();
        if total != Q::ONE || end.device.iter().any(|(_, share)| share.is_negative()) {
            return Err(no("the device's probabilities are no distribution"));
        }
        let mut shares = vec![Q::ZERO; self.world.joint.len()];
        for (plan, share) in &end.device {
            let c = self.number.get(plan);
            shares[*c.ok_or_else(|| no("the device names plans that the game does not have"))?] += share;
        }
        for p in 0..self.world.plans.len() {
            for rule in self.rules(advice, p, end) {
                let mut gain = Q::ZERO;
                for (from, to) in self.moves(p, &rule)? {
                    for (c, instead) in self.world.turned(p, from, to).filter(|(c, _)| !shares[*c].is_zero())
                    {
                        gain += &(&shares[c] * &(&self.pays[p][instead] - &self.pays[p][c]));
                    }
                }
                if gain.is_positive() {
                    return Err(no("a player gains by leaving the device's plan"));
                }
            }
        }
        Ok(())
    }

    /// Every rule that could gain against this device.
    fn rules(&self, advice: Advice, p: usize, end: &End) -> Vec<Rule> {
        let own = |plan: &Plan| self.world.part(plan, p, |_| true);
        match advice {
            Advice::Never => self.world.plans[p].iter().cloned().map(Rule::Always).collect(),
            Advice::AtStart => {
                let mut told: Vec<Plan> = end.device.iter().map(|(plan, _)| own(plan)).collect();
                told.sort();
                told.dedup();
                let pairs = told.iter().flat_map(|from| self.world.plans[p].iter().map(move |to| (from, to)));
                pairs.map(|(from, to)| Rule::Instead(from.clone(), to.clone())).collect()
            }
            Advice::WhereDue => {
                let mut rules = vec![];
                for h in (0..self.world.game.infosets.len())
                    .filter(|h| self.world.game.infosets[*h].player.index() == p)
                {
                    let reaching = self.world.plans[p].iter().filter(|plan| plan[h].is_some());
                    let mut ways: Vec<Plan> = reaching
                        .map(|plan| self.world.part(plan, p, |set| self.world.follows(set, h)))
                        .collect();
                    ways.sort();
                    ways.dedup();
                    for told in 0..self.world.game.infosets[h].actions.len() as u32 {
                        rules.extend(ways.iter().map(|way| Rule::Onwards(h as u32, told, way.clone())));
                    }
                }
                rules
            }
        }
    }

    /// The plans that a rule leaves, and what is played in their place.
    fn moves(&self, p: usize, rule: &Rule) -> Result<Vec<(usize, usize)>, Rejected> {
        let plans = &self.world.plans[p];
        let find = |plan: &Plan| {
            let place = plans.iter().position(|own| own == plan);
            place.ok_or_else(|| no("a rule leads to a plan that the game does not have"))
        };
        match rule {
            Rule::Always(to) => {
                let to = find(to)?;
                Ok((0..plans.len()).map(|from| (from, to)).collect())
            }
            Rule::Instead(from, to) => Ok(vec![(find(from)?, find(to)?)]),
            Rule::Onwards(set, told, way) => {
                let hears = |plan: &Plan| plan.get(*set as usize) == Some(&Some(*told));
                let turn = |(from, plan): (usize, &Plan)| {
                    let kept = self.world.part(plan, p, |h| !self.world.follows(h, *set as usize));
                    Ok((from, find(&crate::world::overlay(&kept, way))?))
                };
                plans.iter().enumerate().filter(|(_, plan)| hears(plan)).map(turn).collect()
            }
        }
    }

    /// Weak duality, combination by combination.
    fn furthest(&self, advice: Advice, what: What, end: &End, sign: &Q) -> Result<(), Rejected> {
        let mut reached = Q::ZERO;
        for (plan, share) in &end.device {
            reached += &(share * &self.brings(plan, what)?);
        }
        if reached != end.value {
            return Err(no("the device does not bring the value claimed"));
        }
        let mut left: Vec<Q> = vec![];
        for plan in &self.world.joint {
            left.push(sign * &self.brings(plan, what)?);
        }
        for (player, rule, weight) in &end.multipliers {
            let fits = matches!(
                (advice, rule),
                (Advice::Never, Rule::Always(_))
                    | (Advice::AtStart, Rule::Instead(..))
                    | (Advice::WhereDue, Rule::Onwards(..))
            );
            let p = player.index();
            if !fits || weight.is_negative() || p >= self.world.plans.len() {
                return Err(no("a multiplier belongs to no rule of this kind of advice"));
            }
            for (from, to) in self.moves(p, rule)? {
                for (c, instead) in self.world.turned(p, from, to) {
                    left[c].sub_mul(weight, &(&self.pays[p][instead] - &self.pays[p][c]));
                }
            }
        }
        match left.into_iter().max() > Some(sign * &end.bound) {
            true => Err(no("the multipliers do not prove that no device goes further")),
            false => Ok(()),
        }
    }

    fn brings(&self, plan: &Plan, what: What) -> Result<Q, Rejected> {
        let (pays, shares) = &self.world.played[plan];
        match what {
            What::Outcome(o) if (o as usize) < self.outcomes => {
                Some(shares.get(&(o as usize)).cloned().unwrap_or(Q::ZERO))
            }
            What::Outcome(_) => None,
            What::Payoff(p) => pays.get(p.index()).cloned(),
            What::Total => Some(pays.iter().cloned().sum()),
            What::Objective => {
                let plain = |what: &What| *what != What::Objective;
                let terms = self.objective.iter().filter(|(what, _)| plain(what));
                let sum = terms.map(|(what, weight)| Ok(weight * &self.brings(plan, *what)?));
                Some(sum.collect::<Result<Vec<Q>, Rejected>>()?.into_iter().sum())
            }
        }
        .ok_or_else(|| no("the range is about something that the game does not have"))
    }
}
