//! The referee's look at a commitment: does the announcement bring what is claimed, and does none bring more?
//!
//! The one idea: for each answer of the follower, multipliers bound what the leader can get where that answer is best.

use crate::verdict::Rejected;
use crate::weakly;
use crate::world::{World, no, overlay};
use detente_exact::Q;
use detente_game::device::{Commitment, Plan};
use detente_game::{Game, Numbers};

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
