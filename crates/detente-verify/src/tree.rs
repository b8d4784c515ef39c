//! The game cut into the certificate's stages, with the terms of every row listed once.
//!
//! The one idea: a terminal enters the row of one action per player, the player's
//! last before it. Listing these terms once makes every later row a filtered sum.

mod builder;

pub use builder::Builder;

use crate::field::Field;
use detente_exact::Q;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Where a term of a row ends.
#[derive(Clone, Debug)]
pub enum End {
    /// A terminal; the coefficient is chance times the owner's payoff.
    Terminal,
    /// The root of a nested stage; the coefficient is chance.
    Nested(u32),
    /// A member (by position) of the owner's next set.
    Next { set: u32, member: usize },
}

/// A path from a member of a set through one of its actions, without a further own move.
#[derive(Clone, Debug)]
pub struct Term<N = Q> {
    /// Position of the member where the path starts; 0 for paths without an own move.
    pub member: usize,
    /// Actions of other players on the path after the member.
    pub path: Vec<u32>,
    /// Last action of each other player before the end, within the stage.
    pub weights: Vec<u32>,
    pub coefficient: N,
    pub end: End,
}

/// A member of a set.
#[derive(Clone, Debug)]
pub struct Member {
    pub node: u32,
    /// Actions of other players from the stage's root to the member.
    pub path: Vec<u32>,
}

/// An information set as its stage sees it.
#[derive(Clone, Debug)]
pub struct SetData<N = Q> {
    pub set: u32,
    pub player: u32,
    /// The owner's last action before the set, within the stage.
    pub before: Option<u32>,
    /// Bound of `Value(set)`.
    pub bound: Q,
    pub members: Vec<Member>,
    /// Weights that rows relative to the set leave out: last actions of others that all
    /// members share, whose owners do not move below. Empty in Nash proofs.
    pub shared: Vec<u32>,
    /// `terms[a]`: everything that follows action `a`.
    pub terms: Vec<Vec<Term<N>>>,
}

/// A terminal or nested root of a stage.
#[derive(Clone, Debug)]
pub struct Leaf<N = Q> {
    pub node: u32,
    pub chance: N,
    /// All actions on the way, and the last action of each player who moved.
    pub path: Vec<u32>,
    pub weights: Vec<u32>,
    pub nested: Option<u32>,
}

/// One stage, rebuilt from the game.
#[derive(Clone, Debug)]
pub struct StageTree<N = Q> {
    pub root: u32,
    pub sets: Vec<SetData<N>>,
    pub leaves: Vec<Leaf<N>>,
    /// `first[p]`: terms on which player `p` has no move, or the first one comes next.
    pub first: Vec<Vec<Term<N>>>,
    pub perfect: bool,
}

/// Positions that do not depend on the certificate.
pub struct Tree<'a, N = Q> {
    pub game: &'a Game,
    /// As in [`Numbers::chance`] and [`Numbers::payoffs`].
    pub chance: &'a [Vec<N>],
    pub payoffs: &'a [N],
    /// First action id of every set.
    pub offset: Vec<u32>,
    pub set_of: Vec<u32>,
    /// Depth-first interval of every node's subtree.
    enter: Vec<u32>,
    leave: Vec<u32>,
}

impl<'a> Tree<'a> {
    pub fn new(game: &'a Game, numbers: &'a Numbers) -> Tree<'a> {
        Tree::over(game, &numbers.chance, &numbers.payoffs)
    }
}

impl<'a, N: Field> Tree<'a, N> {
    /// The tree with these probabilities of chance and payoffs.
    pub fn over(game: &'a Game, chance: &'a [Vec<N>], payoffs: &'a [N]) -> Tree<'a, N> {
        let mut offset = Vec::with_capacity(game.infosets.len());
        let mut set_of = Vec::new();
        for (h, set) in game.infosets.iter().enumerate() {
            offset.push(set_of.len() as u32);
            set_of.extend(std::iter::repeat_n(h as u32, set.actions.len()));
        }
        let mut enter = vec![0; game.nodes.len()];
        let mut leave = vec![0; game.nodes.len()];
        let mut clock = 0;
        let mut stack = vec![(0u32, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                leave[node as usize] = clock;
                continue;
            }
            enter[node as usize] = clock;
            clock += 1;
            stack.push((node, true));
            stack.extend(game.children(NodeId(node)).iter().map(|c| (c.0, false)));
        }
        Tree { game, chance, payoffs, offset, set_of, enter, leave }
    }

    /// Returns the id of an action, if it exists.
    pub fn action(&self, set: u32, action: u32) -> Option<u32> {
        let h = self.game.infosets.get(set as usize)?;
        ((action as usize) < h.actions.len()).then(|| self.offset[set as usize] + action)
    }

    /// Returns the ids of a set's actions.
    pub fn actions(&self, set: u32) -> std::ops::Range<u32> {
        let start = self.offset[set as usize];
        start..start + self.game.infosets[set as usize].actions.len() as u32
    }

    pub fn owner(&self, action: u32) -> u32 {
        self.game.infosets[self.set_of[action as usize] as usize].player.0
    }

    /// Returns whether `node` lies in the subtree of `root`.
    pub fn below(&self, root: u32, node: u32) -> bool {
        let at = self.enter[node as usize];
        self.enter[root as usize] <= at && at < self.leave[root as usize]
    }

    pub fn kind(&self, node: u32) -> NodeKind {
        self.game.nodes[node as usize].kind
    }

    pub fn payoff(&self, node: u32, player: usize) -> &N {
        &self.payoffs[node as usize * self.game.players.len() + player]
    }

    /// The position of a member among its set's nodes.
    fn member_position(&self, set: u32, node: u32) -> Result<usize, String> {
        self.game.infosets[set as usize]
            .nodes
            .binary_search_by_key(&node, |n| n.0)
            .map_err(|_| format!("node {node} is not listed in its information set"))
    }
}
