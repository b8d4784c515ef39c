//! The table of refinements, checked round by round from the game.
//!
//! The one idea: a test is a question whether some mixture of replies, all best for one belief that is left, treats
//! the types so. The listed rounds are replayed: who goes in a round must be who is outdone among those left then,
//! nobody may be outdone after the last, and the beliefs at the end hold the equilibrium up or do not.

use crate::intuitive::{Sender, chance_to, messages, type_payoff, upsets};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::refinements::{MessageRow, TypeRow};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// Most types whose groups must be listed.
const MOST_TYPES: usize = 10;

/// Checks a table.
///
/// # Errors
/// Says which message's row does not hold.
pub fn check_refinements(
    game: &Game,
    numbers: &Numbers,
    profile: &[Vec<Q>],
    table: &[MessageRow],
) -> Result<(), String> {
    let all = messages(game, numbers).ok_or("the game is no signalling game in shape")?;
    let mut rows = table.iter();
    for (set, senders) in &all {
        if senders.iter().any(|s| profile[s.set][s.action].is_positive()) {
            continue;
        }
        let wrong = |why: &str| format!("the refinements after the message that set {set} answers: {why}");
        let row = rows.next().filter(|row| row.set as usize == *set);
        let row = row.ok_or_else(|| wrong("there are none"))?;
        check_row(game, numbers, profile, senders, row).map_err(|why| wrong(&why))?;
    }
    match rows.next() {
        None => Ok(()),
        Some(row) => Err(format!("set {} answers no unsent message", row.set)),
    }
}

/// What a question demands of the replies: a type gets at least, or at most, its equilibrium payoff.
type Demand = (usize, Rel);

struct Hearing<'a> {
    senders: &'a [Sender],
    /// Each type's equilibrium payoff and prior.
    stakes: Vec<(Q, Q)>,
}

fn check_row(
    game: &Game,
    numbers: &Numbers,
    profile: &[Vec<Q>],
    senders: &[Sender],
    row: &MessageRow,
) -> Result<(), String> {
    let prior = |h: usize| game.infosets[h].nodes.iter().map(|n| chance_to(game, numbers, *n)).sum();
    let stakes: Vec<(Q, Q)> =
        senders.iter().map(|s| (type_payoff(game, numbers, profile, s.set), prior(s.set))).collect();
    let payoffs: BTreeMap<usize, Q> =
        senders.iter().zip(&stakes).map(|(s, (pay, _))| (s.set, pay.clone())).collect();
    let hearing = Hearing { senders, stakes };
    if row.types.len() != senders.len() {
        return Err("the types are others".into());
    }
    let anybody: Vec<usize> = (0..senders.len()).collect();
    let free = hearing.all_best(&hearing.each_alone(&anybody));
    for (t, (told, s)) in row.types.iter().zip(senders).enumerate() {
        let reaches = free.iter().any(|replies| hearing.mixes(replies, &[(t, Rel::Ge)]));
        if (told.set as usize, told.action as usize, told.never_gains) != (s.set, s.action, !reaches) {
            return Err("a type, or whether it could gain, is another".into());
        }
    }
    if row.intuitive == upsets(senders, &payoffs) {
        return Err("the intuitive criterion says otherwise".into());
    }
    hearing.replay(
        "D1",
        row,
        row.d1,
        |told| told.d1,
        |replies, t, rivals| rivals.iter().any(|r| hearing.outdone(replies, t, &[*r])),
    )?;
    hearing.replay(
        "D2",
        row,
        row.d2,
        |told| told.d2,
        |replies, t, rivals| hearing.outdone(replies, t, rivals),
    )?;
    hearing.divine(row)
}

impl Hearing<'_> {
    /// One belief per type, sure of it.
    fn each_alone(&self, types: &[usize]) -> Vec<Vec<Q>> {
        let weigh = |t: &usize| {
            let mut belief = vec![Q::ZERO; self.senders.len()];
            belief[*t] = Q::ONE;
            belief
        };
        types.iter().map(weigh).collect()
    }

    /// Replays the rounds of a test that excludes types.
    fn replay(
        &self,
        name: &str,
        row: &MessageRow,
        stands: bool,
        round_of: impl Fn(&TypeRow) -> Option<u32>,
        goes: impl Fn(&[Vec<usize>], usize, &[usize]) -> bool,
    ) -> Result<(), String> {
        let rounds: Vec<Option<u32>> = row.types.iter().map(round_of).collect();
        let last = rounds.iter().flatten().max().copied().unwrap_or(0);
        for round in 1..=last.saturating_add(1) {
            let left: Vec<usize> =
                (0..rounds.len()).filter(|t| rounds[*t].is_none_or(|r| r >= round)).collect();
            let listed: Vec<usize> = left.iter().copied().filter(|t| rounds[*t] == Some(round)).collect();
            let replies = self.all_best(&self.each_alone(&left));
            let held = self.held(&replies);
            if round > last {
                if held != stands {
                    return Err(format!("the verdict of {name} is another"));
                }
                // Once it has fallen, nothing more need be said.
                if !held {
                    return Ok(());
                }
            } else if !held || listed.is_empty() {
                return Err(format!("round {round} of {name} is none"));
            }
            let out = |t: &usize| {
                let rivals: Vec<usize> = left.iter().copied().filter(|r| r != t).collect();
                goes(&replies, *t, &rivals)
            };
            if left.iter().copied().filter(out).collect::<Vec<usize>>() != listed {
                return Err(format!("others go in round {round} of {name}"));
            }
        }
        Ok(())
    }

    /// Replays the rounds of divinity: every list of groups is made anew, from the beliefs that the one before leaves.
    fn divine(&self, row: &MessageRow) -> Result<(), String> {
        let count = self.senders.len();
        let Some(stands) = row.divine else {
            return match count > MOST_TYPES && row.groups.is_empty() {
                true => Ok(()),
                false => Err("divinity is left out".into()),
            };
        };
        let everybody: Vec<usize> = (0..count).collect();
        let mut beliefs = self.each_alone(&everybody);
        let mut before: &[Vec<u32>] = &[];
        for listed in row.groups.iter().map(Some).chain([None]) {
            let replies = self.all_best(&beliefs);
            let held = self.held(&replies);
            let Some(listed) = listed else {
                let next = self.together(&replies);
                // A message that no reply makes worth sending rules nobody out.
                let steady = !held || next.is_empty() || next == before;
                return match held == stands && steady {
                    true => Ok(()),
                    false => Err("the verdict of divinity is another".into()),
                };
            };
            if !held || listed.as_slice() == before || self.together(&replies) != *listed {
                return Err("a round of divinity is another".into());
            }
            beliefs = listed.iter().map(|group| self.conditioned(group)).collect();
            before = listed;
        }
        Ok(())
    }

    /// The prior, given that the type is one of these.
    fn conditioned(&self, group: &[u32]) -> Vec<Q> {
        let mass = |t: usize| if group.contains(&(t as u32)) { self.stakes[t].1.clone() } else { Q::ZERO };
        let total: Q = (0..self.senders.len()).map(mass).sum();
        (0..self.senders.len()).map(|t| mass(t).checked_div(&total).unwrap_or(Q::ZERO)).collect()
    }

    /// All groups of types that some of these replies make send the message, in order.
    fn together(&self, replies: &[Vec<usize>]) -> Vec<Vec<u32>> {
        let count = self.senders.len();
        let mut found: Vec<Vec<u32>> = vec![];
        let mut open: Vec<Vec<Demand>> = vec![vec![]];
        while let Some(demands) = open.pop() {
            if !replies.iter().any(|r| self.mixes(r, &demands)) {
                continue;
            }
            if demands.len() == count {
                let sends = demands.iter().filter(|(_, rel)| *rel == Rel::Ge);
                found.push(sends.map(|(t, _)| *t as u32).collect());
                continue;
            }
            for rel in [Rel::Le, Rel::Ge] {
                let mut more = demands.clone();
                more.push((demands.len(), rel));
                open.push(more);
            }
        }
        found.retain(|group| !group.is_empty());
        found.sort();
        found
    }

    /// Whether a rival gains whenever `t` does not lose, and some rival gains at all.
    fn outdone(&self, replies: &[Vec<usize>], t: usize, rivals: &[usize]) -> bool {
        let mut demands = vec![(t, Rel::Ge)];
        demands.extend(rivals.iter().map(|r| (*r, Rel::Le)));
        // Mixtures gain no more than the best single reply of a set.
        let gains =
            |r: &usize| replies.iter().flatten().any(|a| self.senders[*r].own[*a] > self.stakes[*r].0);
        rivals.iter().any(gains) && !replies.iter().any(|r| self.mixes(r, &demands))
    }

    /// Sets of replies that are all best for one mixture of these beliefs.
    fn all_best(&self, beliefs: &[Vec<Q>]) -> Vec<Vec<usize>> {
        let count = self.senders[0].receiver.len();
        let mut found: Vec<Vec<usize>> = vec![];
        // A set of replies is all best only if each smaller one is, so sets grow by one reply at a time.
        let mut open: Vec<Vec<usize>> = (0..count).map(|a| vec![a]).collect();
        while let Some(replies) = open.pop() {
            if !self.believable(&replies, beliefs) {
                continue;
            }
            let next = replies.last().map_or(0, |a| a + 1);
            open.extend((next..count).map(|a| [replies.as_slice(), &[a]].concat()));
            found.push(replies);
        }
        found
    }

    fn believable(&self, replies: &[usize], beliefs: &[Vec<Q>]) -> bool {
        let mut weights = Lp::with_variables(beliefs.len(), Some(Q::ZERO), Some(Q::ONE));
        weights.add_row((0..beliefs.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for other in 0..self.senders[0].receiver.len() {
            let ahead = |belief: &Vec<Q>| -> Q {
                let each = belief.iter().zip(self.senders);
                each.map(|(share, s)| share * &(&s.receiver[other] - &s.receiver[replies[0]])).sum()
            };
            let rel = if replies.contains(&other) { Rel::Eq } else { Rel::Le };
            weights.add_row(beliefs.iter().map(ahead).enumerate().collect(), rel, Q::ZERO);
        }
        lp::feasible(&weights).is_ok()
    }

    /// Whether some mixture of these replies meets all demands.
    fn mixes(&self, replies: &[usize], demands: &[Demand]) -> bool {
        let mut shares = Lp::with_variables(replies.len(), Some(Q::ZERO), Some(Q::ONE));
        shares.add_row((0..replies.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for (t, rel) in demands {
            let gets = replies.iter().map(|a| self.senders[*t].own[*a].clone());
            shares.add_row(gets.enumerate().collect(), *rel, self.stakes[*t].0.clone());
        }
        lp::feasible(&shares).is_ok()
    }

    /// Whether nobody gains by some of these replies.
    fn held(&self, replies: &[Vec<usize>]) -> bool {
        let nobody: Vec<Demand> = (0..self.senders.len()).map(|t| (t, Rel::Le)).collect();
        replies.iter().any(|r| self.mixes(r, &nobody))
    }
}
