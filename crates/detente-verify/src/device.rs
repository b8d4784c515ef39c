//! The referee's look at devices: does everybody obey, and is the end of the range the end?
//!
//! The one idea: list every plan from the game itself, play every combination out on the tree,
//! and check sums. A device is obeyed if no rule gains; a value is the largest if value minus the
//! number, with the multipliers' gains added, is at least 0 at every combination.

use crate::verdict::Rejected;
use crate::weakly;
use detente_exact::Q;
use detente_game::device::{Advice, Commitment, Devices, End, Plan, Rule, What};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers, PlayerId};
use std::collections::BTreeMap;

/// Most combinations that are played out.
const MOST: usize = 20_000;

/// Checks both ends of every range.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_devices(game: &Game, numbers: &Numbers, answer: &Devices) -> Result<(), Rejected> {
    let world = World::new(game, numbers)?;
    for range in &answer.ranges {
        for (end, sign) in [(&range.high, Q::ONE), (&range.low, -Q::ONE)] {
            world.obeyed(answer.advice, end)?;
            world.furthest(answer.advice, range.what, end, &sign)?;
        }
    }
    Ok(())
}

/// Every combination of plans, and what it pays and ends in.
pub(crate) struct World<'a> {
    game: &'a Game,
    /// The owner's information set before each, and the action taken there.
    before: Vec<Option<(usize, u32)>>,
    /// Plans per player.
    pub(crate) plans: Vec<Vec<Plan>>,
    pub(crate) played: BTreeMap<Plan, (Vec<Q>, Vec<Q>)>,
}

pub(crate) fn no(why: &str) -> Rejected {
    Rejected { path: vec!["device".into()], reason: why.into() }
}

impl<'a> World<'a> {
    pub(crate) fn new(game: &'a Game, numbers: &Numbers) -> Result<World<'a>, Rejected> {
        let before = (0..game.infosets.len()).map(|h| last_own(game, h)).collect();
        let mut world = World { game, before, plans: vec![], played: BTreeMap::new() };
        let mut joint = vec![vec![None; game.infosets.len()]];
        for p in 0..game.players.len() {
            let plans = world.plans_of(PlayerId(p as u32));
            if plans.len().saturating_mul(joint.len()) > MOST {
                return Err(no("the game has too many plans to be checked"));
            }
            joint = joint.iter().flat_map(|j| plans.iter().map(|plan| overlay(j, plan))).collect();
            world.plans.push(plans);
        }
        for plan in joint {
            let worth = play(game, numbers, &plan);
            world.played.insert(plan, worth);
        }
        Ok(world)
    }

    /// Every way in which a player can act at the sets that it comes to.
    fn plans_of(&self, player: PlayerId) -> Vec<Plan> {
        let mut sets: Vec<usize> =
            (0..self.game.infosets.len()).filter(|h| self.game.infosets[*h].player == player).collect();
        sets.retain(|h| !self.game.infosets[*h].nodes.is_empty());
        // An earlier own set has a member before the first of this one, so this order is by time.
        sets.sort_by_key(|h| self.game.infosets[*h].nodes[0]);
        let mut list: Vec<Plan> = vec![vec![None; self.game.infosets.len()]];
        for h in sets {
            let comes = |plan: &Plan| self.before[h].is_none_or(|(set, action)| plan[set] == Some(action));
            let count = self.game.infosets[h].actions.len() as u32;
            let split = |plan: Plan| -> Vec<Plan> {
                if !comes(&plan) {
                    return vec![plan];
                }
                let act = |a: u32| {
                    let mut next = plan.clone();
                    next[h] = Some(a);
                    next
                };
                (0..count).map(act).collect()
            };
            list = list.into_iter().flat_map(split).collect();
            if list.len() > MOST {
                break;
            }
        }
        list
    }

    fn obeyed(&self, advice: Advice, end: &End) -> Result<(), Rejected> {
        let total: Q = end.device.iter().map(|(_, share)| share.clone()).sum();
        if total != Q::ONE || end.device.iter().any(|(_, share)| share.is_negative()) {
            return Err(no("the device's probabilities are no distribution"));
        }
        if end.device.iter().any(|(plan, _)| !self.played.contains_key(plan)) {
            return Err(no("the device names plans that the game does not have"));
        }
        for p in 0..self.game.players.len() {
            for rule in self.rules(advice, p, end) {
                let gain: Q = end
                    .device
                    .iter()
                    .map(|(plan, share)| Ok(share * &self.gain(plan, p, &rule)?))
                    .collect::<Result<Vec<Q>, Rejected>>()?
                    .into_iter()
                    .sum();
                if gain.is_positive() {
                    return Err(no("a player gains by leaving the device's plan"));
                }
            }
        }
        Ok(())
    }

    /// Every rule that could gain against this device.
    fn rules(&self, advice: Advice, p: usize, end: &End) -> Vec<Rule> {
        let own = |plan: &Plan| self.part(plan, p, |_| true);
        match advice {
            Advice::Never => self.plans[p].iter().cloned().map(Rule::Always).collect(),
            Advice::AtStart => {
                let mut told: Vec<Plan> = end.device.iter().map(|(plan, _)| own(plan)).collect();
                told.sort();
                told.dedup();
                let pairs = told.iter().flat_map(|from| self.plans[p].iter().map(move |to| (from, to)));
                pairs.map(|(from, to)| Rule::Instead(from.clone(), to.clone())).collect()
            }
            Advice::WhereDue => {
                let mut rules = vec![];
                for h in (0..self.game.infosets.len()).filter(|h| self.game.infosets[*h].player.index() == p)
                {
                    let reaching = self.plans[p].iter().filter(|plan| plan[h].is_some());
                    let mut ways: Vec<Plan> =
                        reaching.map(|plan| self.part(plan, p, |set| self.follows(set, h))).collect();
                    ways.sort();
                    ways.dedup();
                    for told in 0..self.game.infosets[h].actions.len() as u32 {
                        rules.extend(ways.iter().map(|way| Rule::Onwards(h as u32, told, way.clone())));
                    }
                }
                rules
            }
        }
    }

    /// Whether a set is `first` or one of its owner's sets after it.
    fn follows(&self, set: usize, first: usize) -> bool {
        let mut at = Some(set);
        while let Some(h) = at {
            if h == first {
                return true;
            }
            at = self.before[h].map(|(earlier, _)| earlier);
        }
        false
    }

    /// The part of a plan that is the player's, at the sets that are kept.
    fn part(&self, plan: &Plan, p: usize, keep: impl Fn(usize) -> bool) -> Plan {
        let owner = |h: usize| self.game.infosets[h].player.index();
        plan.iter().enumerate().map(|(h, a)| a.filter(|_| owner(h) == p && keep(h))).collect()
    }

    /// What a rule gains its player at one combination.
    fn gain(&self, joint: &Plan, p: usize, rule: &Rule) -> Result<Q, Rejected> {
        let others = |keep: &dyn Fn(usize) -> bool| -> Plan {
            joint.iter().enumerate().map(|(h, a)| a.filter(|_| keep(h))).collect()
        };
        let owner = |h: usize| self.game.infosets[h].player.index();
        let turned = match rule {
            Rule::Always(to) => overlay(&others(&|h| owner(h) != p), to),
            Rule::Instead(from, to) if self.part(joint, p, |_| true) == *from => {
                overlay(&others(&|h| owner(h) != p), to)
            }
            Rule::Onwards(set, told, way) if joint.get(*set as usize) == Some(&Some(*told)) => {
                overlay(&others(&|h| owner(h) != p || !self.follows(h, *set as usize)), way)
            }
            Rule::Instead(..) | Rule::Onwards(..) => return Ok(Q::ZERO),
        };
        let Some((pays, _)) = self.played.get(&turned) else {
            return Err(no("a rule leads to a plan that the game does not have"));
        };
        Ok(&pays[p] - &self.played[joint].0[p])
    }

    /// Weak duality, combination by combination.
    fn furthest(&self, advice: Advice, what: What, end: &End, sign: &Q) -> Result<(), Rejected> {
        for (_, rule, weight) in &end.multipliers {
            let fits = matches!(
                (advice, rule),
                (Advice::Never, Rule::Always(_))
                    | (Advice::AtStart, Rule::Instead(..))
                    | (Advice::WhereDue, Rule::Onwards(..))
            );
            if !fits || weight.is_negative() {
                return Err(no("a multiplier belongs to no rule of this kind of advice"));
            }
        }
        let value = sign * &end.value;
        let mut reached = Q::ZERO;
        for (plan, share) in &end.device {
            reached += &(share * &self.number(plan, what)?);
        }
        if reached != end.value {
            return Err(no("the device does not bring the value claimed"));
        }
        for plan in self.played.keys() {
            let mut most = sign * &self.number(plan, what)?;
            for (player, rule, weight) in &end.multipliers {
                most -= &(weight * &self.gain(plan, player.index(), rule)?);
            }
            if most > value {
                return Err(no("the multipliers do not prove that no device goes further"));
            }
        }
        Ok(())
    }

    fn number(&self, plan: &Plan, what: What) -> Result<Q, Rejected> {
        let (pays, shares) = &self.played[plan];
        match what {
            What::Outcome(o) => shares.get(o as usize).cloned(),
            What::Payoff(p) => pays.get(p.index()).cloned(),
            What::Total => Some(pays.iter().cloned().sum()),
        }
        .ok_or_else(|| no("the range is about something that the game does not have"))
    }
}

/// Checks that the announcement brings what is claimed and that none brings more, the follower's
/// ties falling the leader's way, and the same for ties that fall against it.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_commitment(game: &Game, numbers: &Numbers, answer: &Commitment) -> Result<(), Rejected> {
    let leader = answer.leader.index();
    if game.players.len() != 2 || leader > 1 {
        return Err(no("commitment is for two players"));
    }
    let world = World::new(game, numbers)?;
    let pays = |own: &Plan, reply: &Plan, p: usize| -> Result<Q, Rejected> {
        let found = world.played.get(&overlay(own, reply));
        found.map(|(pays, _)| pays[p].clone()).ok_or_else(|| no("a plan is none of the game's"))
    };
    let mean = |reply: &Plan, p: usize| -> Result<Q, Rejected> {
        answer.plan.iter().map(|(own, share)| Ok(share * &pays(own, reply, p)?)).sum()
    };
    let total: Q = answer.plan.iter().map(|(_, share)| share.clone()).sum();
    if total != Q::ONE || answer.plan.iter().any(|(_, share)| share.is_negative()) {
        return Err(no("the announcement is no distribution"));
    }
    if mean(&answer.answer, leader)? != answer.strong || mean(&answer.answer, 1 - leader)? != answer.follower
    {
        return Err(no("the announcement does not bring what is claimed"));
    }
    for reply in &world.plans[1 - leader] {
        if mean(reply, 1 - leader)? > answer.follower {
            return Err(no("the follower has a better answer"));
        }
        let Some((_, weights)) = answer.bounds.iter().find(|(plan, _)| plan == reply) else {
            return Err(no("an answer of the follower has no bound"));
        };
        if weights.iter().any(|(_, y)| y.is_negative()) {
            return Err(no("a multiplier is negative"));
        }
        for own in &world.plans[leader] {
            let mut most = pays(own, reply, leader)?;
            for (other, y) in weights {
                most += &(y * &(pays(own, reply, 1 - leader)? - pays(own, other, 1 - leader)?));
            }
            if most > answer.strong {
                return Err(no("the multipliers do not prove that no announcement brings more"));
            }
        }
    }
    weakly::check(&world, answer)
}

/// The first plan, with the second's actions where it has any.
pub(crate) fn overlay(base: &Plan, over: &Plan) -> Plan {
    base.iter().zip(over).map(|(a, b)| b.or(*a)).collect()
}

/// The owner's last set and action before a set.
fn last_own(game: &Game, h: usize) -> Option<(usize, u32)> {
    let mut at = *game.infosets[h].nodes.first()?;
    while let Some((parent, arm)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Decision(InfosetId(set))
                if game.infosets[set as usize].player == game.infosets[h].player =>
            {
                return Some((set as usize, arm));
            }
            _ => at = parent,
        }
    }
    None
}

/// Plays a combination out: payoffs, and probabilities of outcome keys.
fn play(game: &Game, numbers: &Numbers, plan: &Plan) -> (Vec<Q>, Vec<Q>) {
    let mut pays = vec![Q::ZERO; game.players.len()];
    let mut shares = vec![Q::ZERO; game.outcome_keys().len()];
    let mut open = vec![(NodeId(0), Q::ONE)];
    while let Some((node, share)) = open.pop() {
        match game.nodes[node.index()].kind {
            NodeKind::Chance(c) => {
                for (child, p) in game.children(node).iter().zip(&numbers.chance[c.index()]) {
                    open.push((*child, &share * p));
                }
            }
            NodeKind::Decision(h) => {
                if let Some(action) = plan[h.index()] {
                    open.push((game.children(node)[action as usize], share));
                }
            }
            NodeKind::Terminal(_) => {
                for (p, pay) in pays.iter_mut().enumerate() {
                    *pay += &(&share * numbers.payoff(game, node, p));
                }
                if let Some(key) = game.outcome_key(node) {
                    shares[key] += &share;
                }
            }
        }
    }
    (pays, shares)
}
