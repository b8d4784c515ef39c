//! The sequence form as the referee builds it: slots, and what pairs of them pay.
//!
//! The one idea: a slot is an own set with an action; a path of the tree is one slot of each player, so what a
//! pair of strategies pays is a sum over pairs of slots.

use detente_exact::Q;
use detente_game::{Game, NodeKind, Numbers};
use std::collections::BTreeMap;

/// One player's slots. Slot 0 is the empty sequence; sets stand after those that they follow.
pub(crate) struct Side {
    /// The information set of each set, and its first slot; slots of a set stand together.
    pub sets: Vec<u32>,
    pub first: Vec<usize>,
    pub count: Vec<usize>,
    /// The slot before each set.
    pub parent: Vec<usize>,
    /// The sets that follow each slot.
    pub next: Vec<Vec<usize>>,
}

impl Side {
    pub(crate) fn slots(&self) -> usize {
        self.next.len()
    }

    /// The slots of a set.
    pub(crate) fn range(&self, set: usize) -> std::ops::Range<usize> {
        self.first[set]..self.first[set] + self.count[set]
    }

    /// The slot of an action.
    pub(crate) fn slot(&self, infoset: u32, action: u32) -> Option<usize> {
        let set = self.sets.iter().position(|h| *h == infoset)?;
        ((action as usize) < self.count[set]).then(|| self.first[set] + action as usize)
    }
}

/// The end of a play: both players' slots, its probability by chance, its outcome.
pub(crate) struct End {
    pub slots: [usize; 2],
    pub chance: Q,
    pub key: Option<usize>,
}

/// The game of two players as slots.
pub(crate) struct Form {
    pub sides: [Side; 2],
    /// `pays[p]`: own slot, the other's slot, and what player `p` gets there, times chance.
    pub pays: [Vec<(usize, usize, Q)>; 2],
    pub ends: Vec<End>,
}

impl Form {
    /// Reads a game.
    ///
    /// # Errors
    /// It has not two players, or somebody forgets.
    pub(crate) fn new(game: &Game, numbers: &Numbers) -> Result<Form, String> {
        if game.players.len() != 2 {
            return Err("a proof over the sequence form is about two players".into());
        }
        let none = || Side { sets: vec![], first: vec![], count: vec![], parent: vec![], next: vec![vec![]] };
        let mut sides = [none(), none()];
        let mut ends: Vec<End> = vec![];
        let mut sums = [BTreeMap::new(), BTreeMap::new()];
        // Per node: both players' slots and the probability by chance.
        let mut at: Vec<([usize; 2], Q)> = Vec::with_capacity(game.nodes.len());
        for (n, node) in game.nodes.iter().enumerate() {
            let here = match node.parent {
                None if n == 0 => ([0, 0], Q::ONE),
                Some((parent, arm)) if parent.index() < n => {
                    let (mut slots, mut chance) = at[parent.index()].clone();
                    match game.nodes[parent.index()].kind {
                        NodeKind::Chance(c) => chance *= &numbers.chance[c.index()][arm as usize],
                        NodeKind::Decision(h) => {
                            let p = game.infosets[h.index()].player.index();
                            let slot = sides[p].slot(h.index() as u32, arm);
                            slots[p] = slot.ok_or("a move has no set")?;
                        }
                        NodeKind::Terminal(_) => return Err("play goes on after its end".into()),
                    }
                    (slots, chance)
                }
                _ => return Err("the tree does not begin at its root".into()),
            };
            match node.kind {
                NodeKind::Decision(h) => {
                    let set = &game.infosets[h.index()];
                    let p = set.player.index();
                    enter(&mut sides[p], h.index() as u32, set.actions.len(), here.0[p])?;
                }
                NodeKind::Terminal(_) => {
                    let id = detente_game::NodeId(n as u32);
                    for (p, sums) in sums.iter_mut().enumerate() {
                        let pay = &here.1 * numbers.payoff(game, id, p);
                        *sums.entry((here.0[p], here.0[1 - p])).or_insert(Q::ZERO) += pay;
                    }
                    let key = game.outcome_key(id);
                    ends.push(End { slots: here.0, chance: here.1.clone(), key });
                }
                NodeKind::Chance(_) => {}
            }
            at.push(here);
        }
        let list = |sums: BTreeMap<(usize, usize), Q>| {
            sums.into_iter().filter(|(_, q)| !q.is_zero()).map(|((own, other), q)| (own, other, q)).collect()
        };
        Ok(Form { sides, pays: sums.map(list), ends })
    }

    /// What each own slot of player `p` pays against reaches of the other.
    pub(crate) fn gains(&self, p: usize, other: &[Q]) -> Vec<Q> {
        let mut gains = vec![Q::ZERO; self.sides[p].slots()];
        for (own, theirs, pay) in self.pays[p].iter().filter(|(_, theirs, _)| !other[*theirs].is_zero()) {
            gains[*own] += pay * &other[*theirs];
        }
        gains
    }

    /// The reaches that a list of the proof gives.
    ///
    /// # Errors
    /// It is no strategy.
    pub(crate) fn reach(&self, p: usize, rows: &[Vec<Q>]) -> Result<Vec<Q>, String> {
        let side = &self.sides[p];
        let wrong = || "a list of the proof is no strategy".to_string();
        let mut order: Vec<usize> = (0..side.sets.len()).collect();
        order.sort_by_key(|k| side.sets[*k]);
        if rows.len() != order.len() {
            return Err(wrong());
        }
        let mut reach = vec![Q::ZERO; side.slots()];
        reach[0] = Q::ONE;
        for (k, row) in order.into_iter().zip(rows) {
            if row.len() != side.count[k] || row.iter().any(Q::is_negative) {
                return Err(wrong());
            }
            side.range(k).zip(row).for_each(|(s, q)| reach[s] = q.clone());
        }
        let flows = |k: usize| reach[side.range(k)].iter().cloned().sum::<Q>() == reach[side.parent[k]];
        if (0..side.sets.len()).all(flows) { Ok(reach) } else { Err(wrong()) }
    }
}

/// Notes that a set is reached after a slot.
fn enter(side: &mut Side, infoset: u32, actions: usize, before: usize) -> Result<(), String> {
    if let Some(k) = side.sets.iter().position(|h| *h == infoset) {
        return match side.parent[k] == before {
            true => Ok(()),
            false => Err("a player forgets what it did".into()),
        };
    }
    side.next[before].push(side.sets.len());
    side.sets.push(infoset);
    side.first.push(side.next.len());
    side.count.push(actions);
    side.parent.push(before);
    side.next.extend((0..actions).map(|_| vec![]));
    Ok(())
}
