//! The table of refinements, worked out once more from the game.
//!
//! The one idea: a test is a question whether some mixture of replies, all best for one belief, treats the
//! types so; each question is asked anew of every such set of replies, and the tables must be equal.

use crate::intuitive::{Sender, chance_to, messages, type_payoff, upsets};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::refinements::{MessageRow, TypeRow};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// Compares a table with one worked out here.
///
/// # Errors
/// Says which message's row differs.
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
        let found = row(game, numbers, profile, *set, senders);
        if rows.next() != Some(&found) {
            return Err(format!("the refinements after the message that set {set} answers are others"));
        }
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

fn row(game: &Game, numbers: &Numbers, profile: &[Vec<Q>], set: usize, senders: &[Sender]) -> MessageRow {
    let prior = |h: usize| game.infosets[h].nodes.iter().map(|n| chance_to(game, numbers, *n)).sum();
    let stakes: Vec<(Q, Q)> =
        senders.iter().map(|s| (type_payoff(game, numbers, profile, s.set), prior(s.set))).collect();
    let payoffs: BTreeMap<usize, Q> =
        senders.iter().zip(&stakes).map(|(s, (pay, _))| (s.set, pay.clone())).collect();
    let hearing = Hearing { senders, stakes };
    let types = 0..senders.len();
    let free = hearing.all_best(&[]);
    let possible = |demands: &[Demand]| free.iter().any(|replies| hearing.mixes(replies, demands));
    // Mixtures gain no more than the best single reply of a set.
    let gains = |t: usize| free.iter().flatten().any(|a| senders[t].own[*a] > hearing.stakes[t].0);
    let outdone = |t: usize, rivals: &[usize]| {
        let mut demands = vec![(t, Rel::Ge)];
        demands.extend(rivals.iter().map(|r| (*r, Rel::Le)));
        rivals.iter().any(|r| gains(*r)) && !possible(&demands)
    };
    let mut pairs = vec![];
    for t in types.clone() {
        pairs.extend(types.clone().filter(|r| *r != t && outdone(t, &[*r])).map(|r| (t, r)));
    }
    let d1: Vec<bool> = types.clone().map(|t| pairs.iter().any(|(a, _)| *a == t)).collect();
    let d2: Vec<bool> = types
        .clone()
        .map(|t| outdone(t, &types.clone().filter(|r| *r != t).collect::<Vec<usize>>()))
        .collect();
    let excluded = |gone: &[bool]| -> Vec<Vec<(usize, Q)>> {
        if gone.iter().all(|g| *g) {
            return vec![];
        }
        // What may not be believed at all is at most 0.
        types.clone().filter(|t| gone[*t]).map(|t| vec![(t, Q::ONE)]).collect()
    };
    let odds: Vec<Vec<(usize, Q)>> = pairs
        .iter()
        .map(|(t, r)| vec![(*t, hearing.stakes[*r].1.clone()), (*r, -hearing.stakes[*t].1.clone())])
        .collect();
    let rows = types.clone().map(|t| TypeRow {
        set: senders[t].set as u32,
        action: senders[t].action as u32,
        never_gains: !possible(&[(t, Rel::Ge)]),
        d1: d1[t],
        d2: d2[t],
    });
    MessageRow {
        set: set as u32,
        types: rows.collect(),
        intuitive: !upsets(senders, &payoffs),
        divine: hearing.held(&odds),
        d1: hearing.held(&excluded(&d1)),
        d2: hearing.held(&excluded(&d2)),
    }
}

impl Hearing<'_> {
    /// Sets of replies that are all best for one belief; `most`: sums over the belief that are at most 0.
    fn all_best(&self, most: &[Vec<(usize, Q)>]) -> Vec<Vec<usize>> {
        let count = self.senders[0].receiver.len();
        let mut found: Vec<Vec<usize>> = vec![];
        // A set of replies is all best only if each smaller one is, so sets grow by one reply at a time.
        let mut open: Vec<Vec<usize>> = (0..count).map(|a| vec![a]).collect();
        while let Some(replies) = open.pop() {
            if !self.believable(&replies, most) {
                continue;
            }
            let next = replies.last().map_or(0, |a| a + 1);
            open.extend((next..count).map(|a| [replies.as_slice(), &[a]].concat()));
            found.push(replies);
        }
        found
    }

    fn believable(&self, replies: &[usize], most: &[Vec<(usize, Q)>]) -> bool {
        let mut belief = Lp::with_variables(self.senders.len(), Some(Q::ZERO), Some(Q::ONE));
        belief.add_row((0..self.senders.len()).map(|t| (t, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for other in 0..self.senders[0].receiver.len() {
            let ahead = |s: &Sender| &s.receiver[other] - &s.receiver[replies[0]];
            let rel = if replies.contains(&other) { Rel::Eq } else { Rel::Le };
            belief.add_row(self.senders.iter().map(ahead).enumerate().collect(), rel, Q::ZERO);
        }
        for row in most {
            belief.add_row(row.clone(), Rel::Le, Q::ZERO);
        }
        lp::feasible(&belief).is_ok()
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

    /// Whether some belief has a best reply by which nobody gains.
    fn held(&self, most: &[Vec<(usize, Q)>]) -> bool {
        let nobody: Vec<Demand> = (0..self.senders.len()).map(|t| (t, Rel::Le)).collect();
        self.all_best(most).iter().any(|replies| self.mixes(replies, &nobody))
    }
}
