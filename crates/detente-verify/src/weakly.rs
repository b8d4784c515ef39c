//! The referee's look at a commitment whose ties fall against the leader.
//!
//! The one idea: where an answer is strictly best, no tie is left; the announcements at which some
//! group of equal answers is strictly best come as close to every announcement as one likes. So the value is
//! approached if the group shown is strictly best inside and the announcement keeps it best, and none
//! is higher if every group is bounded, or is strictly best nowhere.

use crate::verdict::Rejected;
use crate::world::{World, no, overlay};
use detente_exact::Q;
use detente_game::device::{Commitment, Plan, WeakBound};

/// A mixture of plans.
type Mixed = [(Plan, Q)];

/// Checks the value with ties against the leader.
///
/// # Errors
/// The first thing that does not hold.
pub(crate) fn check(world: &World, answer: &Commitment) -> Result<(), Rejected> {
    let look = Look { world, leader: answer.leader.index() };
    let shown = &answer.weakly;
    let group = look.group(&shown.answer)?;
    for (list, strictly) in [(&shown.inside, true), (&shown.plan, false)] {
        distribution(list)?;
        let best = look.mean(list, &shown.answer, false)?;
        for other in look.others(&group) {
            let worth = look.mean(list, other, false)?;
            if worth > best || (strictly && worth == best) {
                return Err(no("the group of answers is not best where it should be"));
            }
        }
    }
    let brings: Result<Vec<Q>, Rejected> =
        group.iter().map(|plan| look.mean(&shown.plan, plan, true)).collect();
    if brings?.into_iter().min() != Some(answer.weak.clone()) {
        return Err(no("the announcement does not bring the weak value"));
    }
    let mut seen: Vec<&Plan> = vec![];
    for (plan, bound) in &shown.groups {
        let group = look.group(plan)?;
        look.bounded(plan, &group, bound, &answer.weak)?;
        seen.extend(group);
    }
    match look.world.plans[1 - look.leader].iter().all(|plan| seen.contains(&plan)) {
        true => Ok(()),
        false => Err(no("an answer of the follower has no bound with ties against the leader")),
    }
}

fn distribution(list: &Mixed) -> Result<(), Rejected> {
    let total: Q = list.iter().map(|(_, share)| share.clone()).sum();
    match total == Q::ONE && list.iter().all(|(_, share)| !share.is_negative()) {
        true => Ok(()),
        false => Err(no("a mixture is no distribution")),
    }
}

struct Look<'a, 'b> {
    world: &'a World<'b>,
    leader: usize,
}

impl<'a> Look<'a, '_> {
    /// A payoff at one combination: the leader's or the follower's.
    fn pay(&self, own: &Plan, reply: &Plan, leaders: bool) -> Result<Q, Rejected> {
        let player = if leaders { self.leader } else { 1 - self.leader };
        let found = self.world.played.get(&overlay(own, reply));
        found.map(|(pays, _)| pays[player].clone()).ok_or_else(|| no("a plan is none of the game's"))
    }

    fn mean(&self, list: &Mixed, reply: &Plan, leaders: bool) -> Result<Q, Rejected> {
        list.iter().map(|(own, share)| Ok(share * &self.pay(own, reply, leaders)?)).sum()
    }

    /// All answers that are worth the same to the follower as this one, whatever is announced.
    fn group(&self, plan: &Plan) -> Result<Vec<&'a Plan>, Rejected> {
        let own = &self.world.plans[self.leader];
        let worth = |reply: &Plan| -> Result<Vec<Q>, Rejected> {
            own.iter().map(|o| self.pay(o, reply, false)).collect()
        };
        let sought = worth(plan)?;
        let mut group = vec![];
        for reply in &self.world.plans[1 - self.leader] {
            if worth(reply)? == sought {
                group.push(reply);
            }
        }
        Ok(group)
    }

    fn others(&self, group: &[&Plan]) -> Vec<&'a Plan> {
        self.world.plans[1 - self.leader].iter().filter(|plan| !group.contains(plan)).collect()
    }

    fn bounded(&self, plan: &Plan, group: &[&Plan], bound: &WeakBound, weak: &Q) -> Result<(), Rejected> {
        let (ease, over) = match bound {
            WeakBound::NeverAlone(mixture) => {
                distribution(mixture)?;
                if mixture.iter().any(|(other, _)| group.contains(&other)) {
                    return Err(no("a group of answers is compared with itself"));
                }
                for own in &self.world.plans[self.leader] {
                    let mixed: Result<Vec<Q>, Rejected> = mixture
                        .iter()
                        .map(|(other, share)| Ok(share * &self.pay(own, other, false)?))
                        .collect();
                    if self.pay(own, plan, false)? > mixed?.into_iter().sum() {
                        return Err(no("a group of answers may be strictly best somewhere"));
                    }
                }
                return Ok(());
            }
            WeakBound::AtMost(ease, over) => (ease, over),
        };
        distribution(ease)?;
        if ease.iter().any(|(a, _)| !group.contains(&a)) || over.iter().any(|(_, y)| y.is_negative()) {
            return Err(no("a multiplier is out of place"));
        }
        for own in &self.world.plans[self.leader] {
            let mut most = Q::ZERO;
            for (a, share) in ease {
                most += &(share * &self.pay(own, a, true)?);
            }
            for (other, y) in over {
                most += &(y * &(self.pay(own, plan, false)? - self.pay(own, other, false)?));
            }
            if most > *weak {
                return Err(no("the multipliers do not prove that ties against the leader bring no more"));
            }
        }
        Ok(())
    }
}
