//! The game cut into the certificate's stages, with the terms of every row listed once.
//!
//! The one idea: a terminal enters the row of one action per player, the player's
//! last before it. Listing these terms once makes every later row a filtered sum.

use crate::field::Field;
use detente_exact::Q;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};

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

/// What is known where a walk through a stage stands.
struct Frame<N> {
    node: u32,
    next: usize,
    /// Chance probability of the path within the stage.
    chance: N,
    /// Largest absolute payoff per player found below so far.
    largest: Vec<Q>,
    /// Players who move at the node or below, by position.
    movers: Vec<bool>,
}

/// Walks one stage: nodes below `root`, cut at nested roots.
pub struct Builder<'t, 'a, N = Q> {
    tree: &'t Tree<'a, N>,
    /// Stage index and payoff vectors by nested root.
    nested: &'t dyn Fn(u32) -> Option<(u32, &'t [Vec<N>])>,
    stage: StageTree<N>,
    /// Position of a set in this stage, by set; shared between stages, since no set is in two.
    place: &'t mut [Option<(u32, u32)>],
    index: u32,
    path: Vec<(u32, u32, u32)>,
    /// Players who move below some member of each set of the stage.
    below: Vec<Vec<bool>>,
}

impl<'t, 'a, N: Field> Builder<'t, 'a, N> {
    /// Builds the stage `index` with this root.
    ///
    /// # Errors
    /// The root does not start a subgame, or the game has no perfect recall.
    pub fn build(
        tree: &'t Tree<'a, N>,
        index: u32,
        root: u32,
        place: &'t mut [Option<(u32, u32)>],
        nested: &'t dyn Fn(u32) -> Option<(u32, &'t [Vec<N>])>,
        relative: bool,
    ) -> Result<StageTree<N>, String> {
        let players = tree.game.players.len();
        let (sets, leaves) = (Vec::new(), Vec::new());
        let stage = StageTree { root, sets, leaves, first: vec![Vec::new(); players], perfect: true };
        let mut builder = Builder { tree, nested, stage, place, index, path: Vec::new(), below: Vec::new() };
        builder.walk(root)?;
        if relative {
            builder.share();
        }
        let stage = builder.stage;
        for data in &stage.sets {
            let nodes = &tree.game.infosets[data.set as usize].nodes;
            if nodes.iter().any(|n| !tree.below(root, n.0)) {
                return Err(format!(
                    "node {root} does not start a subgame: set {} reaches outside",
                    data.set
                ));
            }
        }
        Ok(stage)
    }

    fn walk(&mut self, root: u32) -> Result<(), String> {
        let players = self.tree.game.players.len();
        let zero = vec![Q::ZERO; players];
        let mut stack = vec![Frame {
            node: root,
            next: 0,
            chance: N::one(),
            largest: zero.clone(),
            movers: vec![false; players],
        }];
        self.arrive(root, &N::one(), &mut stack[0].largest)?;
        while let Some(top) = stack.last_mut() {
            let node = top.node;
            let children = self.tree.game.children(NodeId(node));
            let cut = node != root && (self.nested)(node).is_some();
            if cut || top.next >= children.len() {
                let mut frame = stack.pop().expect("the loop runs while there is a frame");
                self.depart(&mut frame);
                if let Some(parent) = stack.last_mut() {
                    if let NodeKind::Decision(_) = self.tree.kind(parent.node) {
                        self.path.pop();
                    }
                    for (mine, theirs) in parent.largest.iter_mut().zip(&frame.largest) {
                        if *theirs > *mine {
                            *mine = theirs.clone();
                        }
                    }
                    for (mine, theirs) in parent.movers.iter_mut().zip(&frame.movers) {
                        *mine |= *theirs;
                    }
                }
                continue;
            }
            let arm = top.next;
            top.next += 1;
            let child = children[arm].0;
            let chance = match self.tree.kind(node) {
                NodeKind::Chance(c) => top.chance.times(&self.tree.chance[c.index()][arm]),
                NodeKind::Decision(h) => {
                    let action = self.tree.offset[h.index()] + arm as u32;
                    self.path.push((h.0, action, node));
                    top.chance.clone()
                }
                NodeKind::Terminal(_) => top.chance.clone(),
            };
            let mut frame =
                Frame { node: child, next: 0, chance, largest: zero.clone(), movers: vec![false; players] };
            self.arrive(child, &frame.chance, &mut frame.largest)?;
            stack.push(frame);
        }
        Ok(())
    }

    /// Finds the weights that rows leave out, where three or more players move.
    fn share(&mut self) {
        let players = self.tree.game.players.len();
        let moves = |p: u32| self.stage.sets.iter().any(|s| s.player == p);
        if (0..players as u32).filter(|p| moves(*p)).count() < 3 {
            return;
        }
        for (data, below) in self.stage.sets.iter_mut().zip(&self.below) {
            for p in (0..players as u32).filter(|p| *p != data.player && !below[*p as usize]) {
                let last = |m: &Member| m.path.iter().copied().rfind(|a| self.tree.owner(*a) == p);
                let first = data.members.first().and_then(last);
                if let Some(action) = first.filter(|_| data.members.iter().all(|m| last(m) == first)) {
                    data.shared.push(action);
                }
            }
        }
    }

    /// Position on the path of the player's last move.
    fn last_own(&self, player: u32) -> Option<usize> {
        self.path.iter().rposition(|(h, _, _)| self.tree.game.infosets[*h as usize].player.0 == player)
    }

    /// Last action of every player on the path, sorted.
    fn last_actions(&self) -> Vec<u32> {
        let mut last: Vec<u32> = (0..self.tree.game.players.len() as u32)
            .filter_map(|p| self.last_own(p).map(|at| self.path[at].1))
            .collect();
        last.sort_unstable();
        last
    }

    fn arrive(&mut self, node: u32, chance: &N, largest: &mut [Q]) -> Result<(), String> {
        let nested = if node == self.stage.root { None } else { (self.nested)(node) };
        match (nested, self.tree.kind(node)) {
            (None, NodeKind::Decision(h)) => self.arrive_set(h, node),
            (None, NodeKind::Chance(_)) => Ok(()),
            (nested, _) => self.arrive_leaf(node, chance, nested, largest),
        }
    }

    fn arrive_leaf(
        &mut self,
        node: u32,
        chance: &N,
        nested: Option<(u32, &[Vec<N>])>,
        largest: &mut [Q],
    ) -> Result<(), String> {
        let weights = self.last_actions();
        for p in 0..self.tree.game.players.len() {
            let (coefficient, end) = match nested {
                None => {
                    let payoff = self.tree.payoff(node, p);
                    largest[p] = payoff.bound();
                    (chance.times(payoff), End::Terminal)
                }
                Some((stage, vectors)) => {
                    let sizes = vectors.iter().map(|v| v[p].bound());
                    largest[p] = sizes.max().unwrap_or(Q::ZERO);
                    (chance.clone(), End::Nested(stage))
                }
            };
            if coefficient.is_zero() {
                continue;
            }
            let others = weights.iter().copied().filter(|a| self.tree.owner(*a) != p as u32).collect();
            self.add_term(p as u32, others, coefficient, end)?;
        }
        let path = self.path.iter().map(|(_, a, _)| *a).collect();
        let nested = nested.map(|(stage, _)| stage);
        self.stage.leaves.push(Leaf { node, chance: chance.clone(), path, weights, nested });
        Ok(())
    }

    fn arrive_set(&mut self, h: InfosetId, node: u32) -> Result<(), String> {
        let set = &self.tree.game.infosets[h.index()];
        let player = set.player.0;
        self.stage.perfect &= set.nodes.len() == 1;
        let before = self.last_own(player).map(|at| self.path[at].1);
        let position = self.tree.member_position(h.0, node)?;
        let place = match self.place[h.index()] {
            Some((stage, place)) if stage == self.index => place as usize,
            Some(_) => return Err(format!("information set {} lies in two stages", h.0)),
            None => {
                let place = self.stage.sets.len();
                self.place[h.index()] = Some((self.index, place as u32));
                let members = set.nodes.iter().map(|n| Member { node: n.0, path: Vec::new() }).collect();
                let terms = vec![Vec::new(); set.actions.len()];
                self.below.push(vec![false; self.tree.game.players.len()]);
                self.stage.sets.push(SetData {
                    set: h.0,
                    player,
                    before,
                    bound: Q::ZERO,
                    members,
                    shared: Vec::new(),
                    terms,
                });
                place
            }
        };
        let data = &mut self.stage.sets[place];
        if data.before != before || self.path.iter().any(|(g, _, _)| *g == h.0) {
            return Err(format!("information set {} has no perfect recall", h.0));
        }
        let owner = |set: u32| self.tree.game.infosets[set as usize].player.0;
        data.members[position].path =
            self.path.iter().filter(|(g, _, _)| owner(*g) != player).map(|(_, a, _)| *a).collect();
        self.add_term(player, Vec::new(), N::one(), End::Next { set: h.0, member: position })
    }

    /// Files a term under the player's last action on the path.
    fn add_term(&mut self, player: u32, weights: Vec<u32>, coefficient: N, end: End) -> Result<(), String> {
        let at = self.last_own(player);
        let path = self.path[at.map_or(0, |at| at + 1)..].iter().map(|(_, a, _)| *a).collect();
        let mut term = Term { member: 0, path, weights, coefficient, end };
        let Some(at) = at else {
            self.stage.first[player as usize].push(term);
            return Ok(());
        };
        let (set, action, node) = self.path[at];
        term.member = self.tree.member_position(set, node)?;
        let (_, place) = self.place[set as usize].ok_or("a set was entered before it was met")?;
        let arm = (action - self.tree.offset[set as usize]) as usize;
        self.stage.sets[place as usize].terms[arm].push(term);
        Ok(())
    }

    /// Adds a finished member's share to its set's value bound.
    fn depart(&mut self, frame: &mut Frame<N>) {
        let NodeKind::Decision(h) = self.tree.kind(frame.node) else { return };
        if frame.node != self.stage.root && (self.nested)(frame.node).is_some() {
            return;
        }
        if let Some((stage, place)) = self.place[h.index()]
            && stage == self.index
        {
            let data = &mut self.stage.sets[place as usize];
            data.bound += &(frame.chance.bound() * &frame.largest[data.player as usize]);
            let movers = &mut self.below[place as usize];
            movers.iter_mut().zip(&frame.movers).for_each(|(all, below)| *all |= *below);
            frame.movers[data.player as usize] = true;
        }
    }
}
