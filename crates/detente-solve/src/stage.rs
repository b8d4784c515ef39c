//! One stage of the game as arrays: the subgame's tree with solved subgames
//! replaced by terminals, its plan weights numbered, and for every action the
//! ingredients of its row.

pub use crate::mono::Mono;
use detente_exact::Q;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// Number of a plan weight: `Stage::first_weight[h] + action`.
pub type Weight = u32;

/// What ends a path in the stage.
#[derive(Clone, Debug)]
pub enum End {
    /// A play's end with the payoff of every player.
    Payoffs(Vec<Q>),
    /// The root of a nested stage: position in `Stage::nested`.
    Nested(usize),
}

/// A node of the stage.
#[derive(Clone, Debug)]
pub enum Kind {
    Decision(usize),
    Chance,
    End(End),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub game: NodeId,
    pub kind: Kind,
    pub children: Vec<usize>,
    /// Probability of the arm of chance that leads here; 1 after a decision.
    pub arm: Q,
    /// Product of chance probabilities from the stage's root.
    pub chance: Q,
    /// Every action on the path from the root, in order, with its owner.
    pub path: Vec<(usize, Weight)>,
}

/// An end that a row's action leads to without a further move of the owner.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Position of the member from which the end is reached.
    pub member: usize,
    pub chance: Q,
    /// Node of the end.
    pub end: usize,
    /// Minus what the end pays the row's owner, times the probability of chance; `None` at a nested stage.
    pub pay: Option<Q>,
    /// Last actions of the other players before the end.
    pub mono: Mono,
    /// Actions of others between the member and the end.
    pub between: SmallVec<[Weight; 4]>,
}

/// An own set that a row's action leads to next.
#[derive(Clone, Debug)]
pub struct Next {
    pub member: usize,
    pub set: usize,
    /// Position of the entered node among the next set's members.
    pub enters: usize,
    pub between: SmallVec<[Weight; 4]>,
}

/// An information set of the stage.
#[derive(Clone, Debug)]
pub struct Set {
    pub game: InfosetId,
    pub player: usize,
    pub actions: usize,
    pub members: Vec<usize>,
    /// Weight of the owner's last action before this set.
    pub before: Option<Weight>,
    /// Per member: the other players' actions on its path, sorted.
    pub others: Vec<Vec<Weight>>,
    pub entries: Vec<Vec<Entry>>,
    pub next: Vec<Vec<Next>>,
    /// Bound on the absolute value of the set's value.
    pub bound: Q,
    /// Weights that every product of the set's rows would share, left out of them; only
    /// where three or more players move.
    pub shared: Vec<Weight>,
}

/// A subgame with its solved subgames cut off.
#[derive(Clone, Debug)]
pub struct Stage {
    pub players: usize,
    pub nodes: Vec<Node>,
    pub sets: Vec<Set>,
    pub first_weight: Vec<Weight>,
    /// Owner set and action of each weight.
    pub owner: Vec<(usize, usize)>,
    /// Per nested stage: its number and the payoff vectors of its components.
    pub nested: Vec<(usize, Vec<Vec<Q>>)>,
    /// Per set and variable: whether a row of the set can hold the variable in some state.
    mentions: Vec<Vec<bool>>,
    /// Per set: the sets of which an action that becomes zero may change its rows.
    near: Vec<Vec<bool>>,
    /// Per weight: whether it lies on the paths of some but not all members of a set.
    shapes: Vec<bool>,
}

impl Stage {
    /// Builds the stage rooted at `root`. `solved` maps the roots of nested stages to
    /// their number and payoff vectors.
    pub fn new(
        game: &Game,
        numbers: &Numbers,
        root: NodeId,
        solved: &BTreeMap<NodeId, (usize, Vec<Vec<Q>>)>,
    ) -> Stage {
        let mut stage = Stage {
            players: game.players.len(),
            nodes: vec![],
            sets: vec![],
            first_weight: vec![],
            owner: vec![],
            nested: vec![],
            mentions: vec![],
            near: vec![],
            shapes: vec![],
        };
        stage.add_nodes(game, numbers, root, solved);
        stage.add_sets(game);
        stage.mentions = (0..stage.sets.len()).map(|s| stage.mentioned(s)).collect();
        stage.near = (0..stage.sets.len()).map(|s| stage.nearby(s)).collect();
        stage.shapes = (0..stage.num_weights() as Weight).map(|w| stage.shapes(w)).collect();
        stage
    }

    fn add_nodes(
        &mut self,
        game: &Game,
        numbers: &Numbers,
        root: NodeId,
        solved: &BTreeMap<NodeId, (usize, Vec<Vec<Q>>)>,
    ) {
        let mut local: BTreeMap<InfosetId, usize> = BTreeMap::new();
        // (node, parent, arm probability, whether an action leads here: (player, weight))
        let mut stack: Vec<(NodeId, Option<usize>, Q, Option<(usize, Weight)>)> =
            vec![(root, None, Q::ONE, None)];
        while let Some((id, parent, arm, action)) = stack.pop() {
            let here = self.nodes.len();
            let (mut path, mut chance) = match parent {
                Some(p) => (self.nodes[p].path.clone(), self.nodes[p].chance.clone()),
                None => (vec![], Q::ONE),
            };
            path.extend(action);
            chance *= &arm;
            if let Some(p) = parent {
                self.nodes[p].children.push(here);
            }
            let node = &game.nodes[id.index()];
            let kind = match node.kind {
                _ if id != root && solved.contains_key(&id) => {
                    self.nested.push(solved[&id].clone());
                    Kind::End(End::Nested(self.nested.len() - 1))
                }
                NodeKind::Terminal(_) => {
                    let n = self.players;
                    let from = id.index() * n;
                    Kind::End(End::Payoffs(numbers.payoffs[from..from + n].to_vec()))
                }
                NodeKind::Chance(c) => {
                    // Pushed in reverse so that children come out in order.
                    let probs = &numbers.chance[c.index()];
                    for (k, child) in game.children(id).iter().enumerate().rev() {
                        stack.push((*child, Some(here), probs[k].clone(), None));
                    }
                    Kind::Chance
                }
                NodeKind::Decision(h) => {
                    let set = *local.entry(h).or_insert_with(|| {
                        let info = &game.infosets[h.index()];
                        self.first_weight.push(self.owner.len() as Weight);
                        let s = self.sets.len();
                        self.owner.extend((0..info.actions.len()).map(|a| (s, a)));
                        self.sets.push(Set {
                            game: h,
                            player: info.player.index(),
                            actions: info.actions.len(),
                            members: vec![],
                            before: None,
                            others: vec![],
                            entries: vec![],
                            next: vec![],
                            bound: Q::ZERO,
                            shared: vec![],
                        });
                        s
                    });
                    let player = self.sets[set].player;
                    self.sets[set].members.push(here);
                    let first = self.first_weight[set];
                    for (k, child) in game.children(id).iter().enumerate().rev() {
                        stack.push((*child, Some(here), Q::ONE, Some((player, first + k as Weight))));
                    }
                    Kind::Decision(set)
                }
            };
            self.nodes.push(Node { game: id, kind, children: vec![], arm, chance, path });
        }
    }

    fn add_sets(&mut self, _game: &Game) {
        for s in 0..self.sets.len() {
            let player = self.sets[s].player;
            let mut others = vec![];
            for &m in &self.sets[s].members {
                let mut list: Vec<Weight> =
                    self.nodes[m].path.iter().filter(|(p, _)| *p != player).map(|(_, w)| *w).collect();
                list.sort_unstable();
                others.push(list);
            }
            let first = self.sets[s].members[0];
            let before = self.nodes[first].path.iter().rev().find(|(p, _)| *p == player).map(|(_, w)| *w);
            let mut bound = Q::ZERO;
            for &m in &self.sets[s].members {
                bound += &self.nodes[m].chance * self.largest_payoff(m, player);
            }
            let (mut entries, mut next) = (vec![], vec![]);
            for a in 0..self.sets[s].actions {
                let (mut e, mut n) = (vec![], vec![]);
                for (k, &m) in self.sets[s].members.iter().enumerate() {
                    self.collect(player, k, m, self.nodes[m].children[a], &mut e, &mut n);
                }
                entries.push(e);
                next.push(n);
            }
            let shared = self.shared(s);
            let set = &mut self.sets[s];
            set.shared = shared;
            (set.others, set.before, set.bound, set.entries, set.next) =
                (others, before, bound, entries, next);
        }
    }

    /// The last actions of others on the path to every member, of owners who move no more.
    fn shared(&self, s: usize) -> Vec<Weight> {
        let mut players: Vec<usize> = self.sets.iter().map(|set| set.player).collect();
        players.sort_unstable();
        players.dedup();
        if players.len() < 3 {
            return vec![];
        }
        let set = &self.sets[s];
        let last = |m: usize| -> BTreeMap<usize, Weight> {
            self.nodes[m].path.iter().filter(|(p, _)| *p != set.player).copied().collect()
        };
        let mut common = last(set.members[0]);
        for m in &set.members[1..] {
            let there = last(*m);
            common.retain(|p, w| there.get(p) == Some(w));
        }
        let mut stack = set.members.clone();
        while let Some(x) = stack.pop() {
            if let Kind::Decision(g) = self.nodes[x].kind {
                common.remove(&self.sets[g].player);
            }
            stack.extend(&self.nodes[x].children);
        }
        let mut list: Vec<Weight> = common.into_values().collect();
        list.sort_unstable();
        list
    }

    /// The variables that some row of the set can hold, with the weights these may equal.
    fn mentioned(&self, s: usize) -> Vec<bool> {
        let set = &self.sets[s];
        let mut list = vec![false; self.num_weights() + self.sets.len()];
        list[self.num_weights() + s] = true;
        for g in set.next.iter().flatten().map(|n| n.set) {
            list[self.num_weights() + g] = true;
        }
        let own = self.weights(s).chain(set.before);
        let ends = set.entries.iter().flatten().flat_map(|e| e.mono.iter().copied());
        for w in own.chain(ends).chain(set.others.iter().flatten().copied()).chain(set.shared.iter().copied())
        {
            let mut at = Some(w);
            while let Some(v) = at {
                list[v as usize] = true;
                at = self.sets[self.owner[v as usize].0].before;
            }
        }
        list
    }

    /// The sets whose actions the set's rows hold, or that lie on a way to where a row leads.
    fn nearby(&self, s: usize) -> Vec<bool> {
        let mut list = vec![false; self.sets.len()];
        let held = (0..self.num_weights()).filter(|w| self.mentions[s][*w]);
        held.for_each(|w| list[self.owner[w].0] = true);
        let set = &self.sets[s];
        let on_ways = set.entries.iter().flatten().flat_map(|e| &e.between);
        let further = set
            .next
            .iter()
            .flatten()
            .flat_map(|n| n.between.iter().chain(self.sets[n.set].others.iter().flatten()));
        for w in on_ways.chain(further) {
            let mut at = Some(*w);
            while let Some(v) = at {
                let owner = self.owner[v as usize].0;
                list[owner] = true;
                at = self.sets[owner].before;
            }
        }
        list
    }

    /// Whether an action of the other set that becomes zero may change the set's rows.
    pub fn is_near(&self, set: usize, other: usize) -> bool {
        self.near[set][other]
    }

    /// Whether a row of the set can hold the variable in some state.
    pub fn mentions(&self, set: usize, var: u32) -> bool {
        self.mentions[set][var as usize]
    }

    /// Whether the action lies on the paths of some but not all members of a set.
    pub fn shapes_beliefs(&self, w: Weight) -> bool {
        self.shapes[w as usize]
    }

    fn shapes(&self, w: Weight) -> bool {
        self.sets.iter().any(|g| {
            let on = g.others.iter().filter(|o| o.binary_search(&w).is_ok()).count();
            on > 0 && on < g.others.len()
        })
    }

    /// Returns the position of an information set of the game in this stage.
    ///
    /// The set must belong to the stage, as those in names of rows do.
    pub fn set_of(&self, infoset: u32) -> usize {
        self.sets.iter().position(|s| s.game.0 == infoset).expect("rows name sets of their stage")
    }

    /// Gathers the ends and next own sets below `start` for one member.
    fn collect(
        &self,
        player: usize,
        member: usize,
        from: usize,
        start: usize,
        e: &mut Vec<Entry>,
        n: &mut Vec<Next>,
    ) {
        let skip = self.nodes[from].path.len() + 1;
        let mut stack = vec![start];
        while let Some(x) = stack.pop() {
            let node = &self.nodes[x];
            let between = || node.path[skip..].iter().map(|(_, w)| *w).collect();
            match &node.kind {
                Kind::End(_) => {
                    let mut last: BTreeMap<usize, Weight> = BTreeMap::new();
                    for (p, w) in node.path.iter().filter(|(p, _)| *p != player) {
                        last.insert(*p, *w);
                    }
                    let mut mono: Mono = last.into_values().collect();
                    mono.sort_unstable();
                    let pay = match &node.kind {
                        Kind::End(End::Payoffs(u)) => Some(-(&node.chance * &u[player])),
                        _ => None,
                    };
                    let chance = node.chance.clone();
                    e.push(Entry { member, chance, end: x, pay, mono, between: between() });
                }
                Kind::Decision(g) if self.sets[*g].player == player => {
                    let enters = self.sets[*g].members.iter().position(|m| *m == x);
                    let enters = enters.expect("a decision node is a member of its own set");
                    n.push(Next { member, set: *g, enters, between: between() });
                }
                _ => stack.extend(node.children.iter().rev()),
            }
        }
    }

    fn largest_payoff(&self, from: usize, player: usize) -> Q {
        let mut largest = Q::ZERO;
        let mut stack = vec![from];
        while let Some(x) = stack.pop() {
            match &self.nodes[x].kind {
                Kind::End(End::Payoffs(u)) => largest = largest.max(u[player].abs()),
                Kind::End(End::Nested(k)) => {
                    for u in &self.nested[*k].1 {
                        largest = largest.max(u[player].abs());
                    }
                }
                _ => stack.extend(&self.nodes[x].children),
            }
        }
        largest
    }

    /// Returns the number of a weight.
    pub fn weight(&self, set: usize, action: usize) -> Weight {
        self.first_weight[set] + action as Weight
    }

    /// Returns the weights of a set's actions.
    pub fn weights(&self, set: usize) -> std::ops::Range<Weight> {
        let first = self.first_weight[set];
        first..first + self.sets[set].actions as Weight
    }

    /// Returns the number of weights; values are numbered after them.
    pub fn num_weights(&self) -> usize {
        self.owner.len()
    }
}
