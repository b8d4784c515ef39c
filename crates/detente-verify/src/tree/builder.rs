//! Builds one stage's tree: a walk that lists each set, each row's terms and each end once.

use super::{End, Leaf, Member, SetData, StageTree, Term, Tree};
use crate::field::Field;
use detente_exact::Q;
use detente_game::{InfosetId, NodeId, NodeKind};

/// What is known where a walk through a stage stands.
pub(super) struct Frame<N> {
    pub(super) node: u32,
    pub(super) next: usize,
    /// Chance probability of the path within the stage.
    pub(super) chance: N,
    /// Largest absolute payoff per player found below so far.
    pub(super) largest: Vec<Q>,
    /// Players who move at the node or below, by position.
    pub(super) movers: Vec<bool>,
}

/// Walks one stage: nodes below `root`, cut at nested roots.
pub struct Builder<'t, 'a, N = Q> {
    pub(super) tree: &'t Tree<'a, N>,
    /// Stage index and payoff vectors by nested root.
    pub(super) nested: &'t dyn Fn(u32) -> Option<(u32, &'t [Vec<N>])>,
    pub(super) stage: StageTree<N>,
    /// Position of a set in this stage, by set; shared between stages, since no set is in two.
    pub(super) place: &'t mut [Option<(u32, u32)>],
    pub(super) index: u32,
    pub(super) path: Vec<(u32, u32, u32)>,
    /// Players who move below some member of each set of the stage.
    pub(super) below: Vec<Vec<bool>>,
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

    pub(super) fn walk(&mut self, root: u32) -> Result<(), String> {
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
    pub(super) fn share(&mut self) {
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
    pub(super) fn last_own(&self, player: u32) -> Option<usize> {
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

    pub(super) fn arrive(&mut self, node: u32, chance: &N, largest: &mut [Q]) -> Result<(), String> {
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
    pub(super) fn add_term(
        &mut self,
        player: u32,
        weights: Vec<u32>,
        coefficient: N,
        end: End,
    ) -> Result<(), String> {
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
