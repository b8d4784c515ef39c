//! The game with a mediator, unfolded for one player who may lie and disobey.
//!
//! The one idea: only one player at a time need be doubted (the others are honest and obedient), so each
//! player has its own unfolding, in which every end of play stands with two sequences, what the
//! mediator said on the way and what the doubted player chose. The mediator's sequences are shared by all
//! unfoldings; one without a doubted player says what happens if everybody obeys.

use detente_exact::Q;
use detente_game::mediation::{CHANCE, Choice, Knows, NOTHING, Place, Turn};
use detente_game::names::branch_into;
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// Most ends of play over all unfoldings.
pub const MOST: usize = 600_000;

/// The game unfolds into more ends than can be handled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("what can be reported, told and done has more than {MOST} endings: this concept needs them listed")]
pub struct TooWide;

/// Where somebody chooses: which sequence leads there, and the sequences after it.
#[derive(Clone, Debug)]
pub struct Fork<K> {
    pub key: K,
    pub before: usize,
    pub first: usize,
    pub count: usize,
}

/// A tree of choices; sequence 0 is "nothing yet". Forks follow the forks they depend on.
#[derive(Clone, Debug)]
pub struct Forks<K> {
    pub list: Vec<Fork<K>>,
    pub sequences: usize,
    at: BTreeMap<K, usize>,
}

impl<K: Ord + Clone> Forks<K> {
    fn new() -> Forks<K> {
        Forks { list: vec![], sequences: 1, at: BTreeMap::new() }
    }

    /// The first sequence of a fork, which is made if it is new.
    fn first(&mut self, key: K, before: usize, count: usize) -> usize {
        if let Some(k) = self.at.get(&key) {
            return self.list[*k].first;
        }
        let first = self.sequences;
        self.sequences += count;
        self.at.insert(key.clone(), self.list.len());
        self.list.push(Fork { key, before, first, count });
        first
    }
}

/// An end of play: the last sequence of the mediator and of the doubted player, chance's share, the node.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub said: usize,
    pub done: usize,
    pub share: Q,
    pub node: NodeId,
}

/// All unfoldings.
#[derive(Clone, Debug)]
pub struct Unfolded {
    pub mediator: Forks<Place>,
    /// Ends if everybody obeys.
    pub honest: Vec<Leaf>,
    /// Per player who may disobey: its choices, and the ends.
    pub doubted: Vec<(Forks<Choice>, Vec<Leaf>)>,
}

/// A place on a walk.
#[derive(Clone)]
struct At {
    node: NodeId,
    share: Q,
    said: usize,
    past: Vec<(u32, u32)>,
    done: usize,
    turns: Vec<Turn>,
}

/// Unfolds a game.
///
/// # Errors
/// More than [`MOST`] ends.
pub fn unfold(game: &Game, numbers: &Numbers, knows: Knows) -> Result<Unfolded, TooWide> {
    let mut walker =
        Walker { game, numbers, knows, before: game_before(game), mediator: Forks::new(), ends: 0 };
    let (_, honest) = walker.walk(None)?;
    let mut doubted = vec![];
    for player in 0..game.players.len() {
        doubted.push(walker.walk(Some(player))?);
    }
    Ok(Unfolded { mediator: walker.mediator, honest, doubted })
}

/// The owner's set and action before each set.
pub(crate) fn game_before(game: &Game) -> Vec<Option<(u32, u32)>> {
    let of = |h: usize| {
        let owner = game.infosets[h].player;
        let mut at = *game.infosets[h].nodes.first()?;
        while let Some((parent, arm)) = game.nodes[at.index()].parent {
            match game.nodes[parent.index()].kind {
                NodeKind::Decision(set) if game.infosets[set.index()].player == owner => {
                    return Some((set.0, arm));
                }
                _ => at = parent,
            }
        }
        None
    };
    (0..game.infosets.len()).map(of).collect()
}

struct Walker<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    knows: Knows,
    before: Vec<Option<(u32, u32)>>,
    mediator: Forks<Place>,
    ends: usize,
}

impl Walker<'_> {
    fn walk(&mut self, doubted: Option<usize>) -> Result<(Forks<Choice>, Vec<Leaf>), TooWide> {
        let start = At { node: NodeId(0), share: Q::ONE, said: 0, past: vec![], done: 0, turns: vec![] };
        let mut own = Forks::new();
        let mut leaves = vec![];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let children = self.game.children(at.node);
            match self.game.nodes[at.node.index()].kind {
                NodeKind::Terminal(_) => {
                    self.ends += 1;
                    if self.ends > MOST {
                        return Err(TooWide);
                    }
                    leaves.push(Leaf { said: at.said, done: at.done, share: at.share, node: at.node });
                }
                NodeKind::Chance(c) => {
                    let arms = children.iter().zip(&self.numbers.chance[c.index()]).rev();
                    for (child, p) in arms.filter(|(_, p)| !p.is_zero()) {
                        let past = self.seen(&at, *child);
                        open.push(At { node: *child, share: &at.share * p, past, ..at.clone() });
                    }
                }
                NodeKind::Decision(h) if doubted == Some(self.game.infosets[h.index()].player.index()) => {
                    self.disobey(&at, h.0, &mut own, &mut open);
                }
                NodeKind::Decision(h) => {
                    for (rec, said, past) in self.told(&at, h.0).into_iter().rev() {
                        open.push(At { node: children[rec as usize], said, past, ..at.clone() });
                    }
                }
            }
        }
        Ok((own, leaves))
    }

    /// What the mediator has seen after a move of chance.
    fn seen(&self, at: &At, child: NodeId) -> Vec<(u32, u32)> {
        let mut past = at.past.clone();
        if self.knows == Knows::Truth
            && let Some((event, arm)) = branch_into(self.game, child)
        {
            past.push((CHANCE | event.0, arm));
        }
        past
    }

    /// What the mediator may say on this report: the action, its sequence, and its past from then on.
    fn told(&mut self, at: &At, report: u32) -> Vec<(u32, usize, Vec<(u32, u32)>)> {
        if report == NOTHING {
            return vec![(NOTHING, at.said, at.past.clone())];
        }
        let count = self.game.infosets[report as usize].actions.len();
        let key = Place { past: at.past.clone(), now: report };
        let first = self.mediator.first(key, at.said, count);
        (0..count)
            .map(|a| {
                let mut past = at.past.clone();
                past.push((report, a as u32));
                (a as u32, first + a, past)
            })
            .collect()
    }

    /// The doubted player's turn: what it reports, what it hears, what it does.
    fn disobey(&mut self, at: &At, set: u32, own: &mut Forks<Choice>, open: &mut Vec<At>) {
        let reports = self.reports(set, &at.turns);
        let asked = Choice { turns: at.turns.clone(), set, told: None };
        let reported = own.first(asked, at.done, reports.len());
        let children = self.game.children(at.node);
        for (r, report) in reports.into_iter().enumerate() {
            for (rec, said, past) in self.told(at, report) {
                let heard = Choice { turns: at.turns.clone(), set, told: Some((report, rec)) };
                let acts = own.first(heard, reported + r, children.len());
                for (a, child) in children.iter().enumerate() {
                    let mut turns = at.turns.clone();
                    turns.push([set, report, rec, a as u32]);
                    let share = at.share.clone();
                    open.push(At { node: *child, share, said, past: past.clone(), done: acts + a, turns });
                }
            }
        }
    }

    /// What a player may report at a set, after these turns.
    fn reports(&self, set: u32, turns: &[Turn]) -> Vec<u32> {
        reports(self.game, &self.before, self.knows, set, turns)
    }
}

/// What a player may report at a set: in truth, or as if it had reported the truth before and obeyed.
fn reports(game: &Game, before: &[Option<(u32, u32)>], knows: Knows, set: u32, turns: &[Turn]) -> Vec<u32> {
    if knows == Knows::Truth {
        return vec![set];
    }
    let last = turns.iter().rev().find(|turn| turn[1] != NOTHING).map(|turn| (turn[1], turn[2]));
    let owner = game.infosets[set as usize].player;
    let fits = |g: &u32| {
        let info = &game.infosets[*g as usize];
        info.player == owner && !info.nodes.is_empty() && before[*g as usize] == last
    };
    let list: Vec<u32> = (0..game.infosets.len() as u32).filter(fits).collect();
    if list.is_empty() { vec![NOTHING] } else { list }
}

/// The number that stands for a choice: which report, or which action.
pub fn chosen(game: &Game, knows: Knows, choice: &Choice, at: usize) -> u32 {
    match choice.told {
        Some(_) => at as u32,
        None => reports(game, &game_before(game), knows, choice.set, &choice.turns)[at],
    }
}

/// The honest or obedient choice at a place that the player comes to without having lied or disobeyed; `None` where
/// the truth cannot be told.
pub(crate) fn honest(
    game: &Game,
    before: &[Option<(u32, u32)>],
    knows: Knows,
    choice: &Choice,
) -> Option<usize> {
    match choice.told {
        Some((_, rec)) => Some(rec as usize),
        None => {
            reports(game, before, knows, choice.set, &choice.turns).iter().position(|set| *set == choice.set)
        }
    }
}
