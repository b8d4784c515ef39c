//! Free talk: messages that cost nothing and change nothing but what is believed.
//!
//! The one idea: kinds that all want the same one of two replies can tell nothing by words that are free (Farrell and
//! Rabin, "Cheap talk", 1996). All messages that are sent get the wanted reply as often, and what is believed behind
//! them averages to what was believed before, so that decides. Where it speaks against the wanted reply, no message
//! gets it, sent or not. Where it speaks for it, every message that is sent gets it for sure, and one that nobody
//! sends may get anything. Which kind says what is free within linear bounds, and all of it hangs together: one
//! component.

use super::alike::alike;
use super::core::{Core, Reply};
use super::reduce::{Answer, Left};
use super::{Why, positive};
use crate::found::{Heard, Play};
use detente_exact::Interval;

/// What is left as free talk.
pub struct Talk<'c> {
    core: &'c Core,
    /// The wanted reply, by its place among the two.
    wanted: usize,
    /// What the wanted reply gains the one who answers, against each kind.
    gains: Vec<Interval>,
    /// The same times the chance of that kind, in sum.
    average: Interval,
    /// Per message the set that hears it, and which of its members is which kind.
    heard: Vec<(usize, Vec<usize>)>,
}

/// Reads two layers as free talk; `None` for another shape, or where a sign is not sure.
pub fn read<'c>(core: &'c Core, left: &Left) -> Option<Talk<'c>> {
    let kinds = core.groups.len();
    let action = |m: &usize| core.moves[*m].action;
    let messages: Vec<u32> = core.groups.first()?.iter().map(action).collect();
    let same = core.groups.iter().all(|group| group.iter().map(action).eq(messages.iter().copied()));
    let single = core.twins.iter().all(|t| t.len() == 1);
    if kinds < 2 || !same || !single || messages.len() < 2 || core.replies.len() != messages.len() {
        return None;
    }
    let heard: Vec<(usize, Vec<usize>)> =
        (0..messages.len()).map(|k| listener(core, left, k)).collect::<Option<_>>()?;
    let replies = &core.replies[heard[0].0].actions;
    if replies.len() != 2 || core.replies.iter().any(|r| r.actions != *replies) {
        return None;
    }
    // After each reply to each kind play ends alike, whatever was said.
    let tree = left.lane.tree;
    let after = |message: usize, kind: usize, reply: usize| {
        let (r, members) = &heard[message];
        let x = tree.sets[core.replies[*r].set as usize].nodes[members[kind]];
        tree.nodes[x as usize].children[replies[reply] as usize]
    };
    let idle = |message: usize, kind: usize| {
        (0..2).all(|reply| alike(left, after(message, kind, reply), after(0, kind, reply)))
    };
    if !(1..messages.len()).all(|message| (0..kinds).all(|kind| idle(message, kind))) {
        return None;
    }
    let players = tree.players;
    let worth = |kind: usize, reply: usize, player: usize| {
        left.range[after(0, kind, reply) as usize * players + player]
    };
    let talker = tree.sets[core.moves[core.groups[0][0]].set as usize].player;
    let listener = tree.sets[core.replies[heard[0].0].set as usize].player;
    // All kinds want the same reply.
    let likes = |kind: usize| (worth(kind, 1, talker) - worth(kind, 0, talker)).sign().filter(|s| *s != 0);
    let wish = likes(0)?;
    if (1..kinds).any(|kind| likes(kind) != Some(wish)) {
        return None;
    }
    let wanted = usize::from(wish > 0);
    let gains: Vec<Interval> =
        (0..kinds).map(|kind| worth(kind, wanted, listener) - worth(kind, 1 - wanted, listener)).collect();
    let signs: Vec<i32> = gains.iter().map(|g| g.sign()).collect::<Option<_>>()?;
    if !(signs.contains(&1) && signs.contains(&-1)) || signs.contains(&0) {
        return None;
    }
    let average = (0..kinds).map(|kind| core.chance(kind) * gains[kind]).reduce(|a, b| a + b)?;
    Some(Talk { core, wanted, gains, average, heard })
}

/// The set that hears the message at this position, and which of its members is which kind: one member for each, and
/// nothing between saying and hearing.
fn listener(core: &Core, left: &Left, message: usize) -> Option<(usize, Vec<usize>)> {
    let tree = left.lane.tree;
    let arrives = |group: &Vec<usize>| {
        let m = core.moves[group[message]];
        let [x] = tree.sets[m.set as usize].nodes[..] else { return None };
        Some(tree.nodes[x as usize].children[m.action as usize])
    };
    let nodes: Vec<u32> = core.groups.iter().map(arrives).collect::<Option<_>>()?;
    let place = |r: &Reply| {
        let members = &tree.sets[r.set as usize].nodes;
        let at = |x: &u32| members.iter().position(|y| y == x);
        (members.len() == nodes.len()).then(|| nodes.iter().map(at).collect::<Option<Vec<_>>>())?
    };
    core.replies.iter().enumerate().find_map(|(r, reply)| Some((r, place(reply)?)))
}

impl Talk<'_> {
    /// The one component.
    ///
    /// # Errors
    /// What is believed on average is too close to where the reply turns.
    pub fn solve(&self, left: &Left) -> Result<Answer, Why> {
        let (core, tree) = (self.core, left.lane.tree);
        let granted = positive(self.average)?;
        let mut plays: Vec<(u32, Play)> =
            left.stage.sets.iter().filter(|h| left.settled(**h)).map(|h| (*h, left.play(*h))).collect();
        for group in &core.groups {
            let bits = group.iter().fold(0, |bits, m| bits | 1 << core.moves[*m].action);
            plays.push((core.moves[group[0]].set, Play::Tied(bits)));
        }
        let unit = Interval::ZERO.hull(Interval::ONE);
        for (r, members) in &self.heard {
            let reply = &core.replies[*r];
            let (yes, no) = (reply.actions[self.wanted] as usize, reply.actions[1 - self.wanted] as usize);
            let mut moves = vec![Interval::ZERO; tree.sets[reply.set as usize].actions as usize];
            let mut beliefs = vec![unit; members.len()];
            if granted {
                (moves[yes], moves[no]) = (unit, unit);
            } else {
                moves[no] = Interval::ONE;
                for (kind, member) in members.iter().enumerate() {
                    beliefs[*member] = self.against(kind).ok_or(Why::Close)?;
                }
            }
            let answer = if granted { yes } else { no } as u32;
            plays.push((reply.set, Play::Heard(Box::new(Heard { answer, moves, beliefs }))));
        }
        plays.sort_by_key(|p| p.0);
        let payoffs = (0..tree.players).map(|p| core.worth(left, &plays, left.stage.root, p)).collect();
        Ok((plays, payoffs))
    }

    /// The beliefs in a kind where the wanted reply does not gain: `Σ belief × gain <= 0`. An end of that range has
    /// at most one other kind beside it.
    fn against(&self, kind: usize) -> Option<Interval> {
        let own = self.gains[kind];
        let others = || (0..self.gains.len()).filter(|k| *k != kind).map(|k| self.gains[k]);
        let least = others().reduce(|a, b| a.min(b))?;
        // Where it and the kind that speaks least for the reply weigh each other up.
        let turn = least.checked_div(least - own);
        Some(match (own.hi() < 0.0, least.hi() < 0.0) {
            (true, true) => Interval::ZERO.hull(Interval::ONE),
            (true, false) => turn?.hull(Interval::ONE),
            (false, _) => Interval::ZERO.hull(turn?),
        })
    }
}
