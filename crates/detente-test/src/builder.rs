//! Builds a game node by node, in any order that puts parents before children.

use detente_exact::Q;
use detente_game::{
    Chance, ChanceId, Event, EventId, EventKind, Game, Infoset, InfosetId, Node, NodeId, NodeKind, Outcome,
    OutcomeId, Pay, PayListId, Player, PlayerId,
};

/// Where a node hangs: its parent and the position of the action that leads to it.
pub type Place = Option<(NodeId, u32)>;

/// A game under construction.
#[derive(Clone, Debug)]
pub struct TreeBuilder {
    game: Game,
}

impl TreeBuilder {
    /// Starts a game.
    pub fn new(title: &str, players: &[&str]) -> TreeBuilder {
        let player = |name: &&str| Player { name: name.to_string(), label: name.to_string() };
        let players = players.iter().map(player).collect();
        TreeBuilder {
            game: Game { title: title.into(), players, pay_lists: vec![vec![]], ..Game::default() },
        }
    }

    /// Adds a decision of a player.
    pub fn decision_event(&mut self, player: usize, name: &str, arms: &[String]) -> EventId {
        self.event(EventKind::Move, Some(player), name, arms)
    }

    /// Adds a chance event, private to its owner if it has one.
    pub fn chance_event(&mut self, owner: Option<usize>, name: &str, arms: &[String]) -> EventId {
        let kind = if owner.is_some() { EventKind::Private } else { EventKind::Chance };
        self.event(kind, owner, name, arms)
    }

    fn event(&mut self, kind: EventKind, owner: Option<usize>, name: &str, arms: &[String]) -> EventId {
        self.game.events.push(Event {
            kind,
            owner: owner.map(|p| PlayerId(p as u32)),
            name: name.into(),
            label: name.into(),
            round: vec![],
            arms: arms.to_vec(),
            values: vec![],
        });
        EventId(self.game.events.len() as u32 - 1)
    }

    /// Adds an information set that offers all arms of a decision.
    pub fn infoset(&mut self, event: EventId, label: &str) -> InfosetId {
        let owner = self.game.events[event.index()].owner.expect("a decision has an owner");
        let actions = (0..self.game.events[event.index()].arms.len() as u32).collect();
        let set = Infoset { player: owner, event, actions, nodes: vec![], seen: vec![], label: label.into() };
        self.game.infosets.push(set);
        InfosetId(self.game.infosets.len() as u32 - 1)
    }

    /// Adds a node at which a player moves.
    pub fn decision(&mut self, at: Place, infoset: InfosetId) -> NodeId {
        let node = NodeId(self.game.nodes.len() as u32);
        let set = &mut self.game.infosets[infoset.index()];
        set.nodes.push(node);
        let count = set.actions.len();
        self.node(at, NodeKind::Decision(infoset), count, &[])
    }

    /// Adds a node at which chance moves, with one probability per arm of the event.
    pub fn chance(&mut self, at: Place, event: EventId, probs: &[Q]) -> NodeId {
        let arms = (0..probs.len() as u32).collect();
        let probs: Vec<_> = probs.iter().map(|p| self.game.tape.constant(p.clone())).collect();
        let count = probs.len();
        let chance = Chance { event, arms, probs };
        let known = self.game.chances.iter().position(|c| *c == chance);
        let id = known.unwrap_or_else(|| {
            self.game.chances.push(chance);
            self.game.chances.len() - 1
        });
        self.node(at, NodeKind::Chance(ChanceId(id as u32)), count, &[])
    }

    /// Adds an end of play.
    pub fn end(&mut self, at: Place, outcome: Option<&str>, payoffs: &[Q]) -> NodeId {
        let outcome = outcome.map(|name| {
            let known = self.game.outcomes.iter().position(|o| o.name == name);
            let id = known.unwrap_or_else(|| {
                self.game.outcomes.push(Outcome { name: name.into(), label: name.into() });
                self.game.outcomes.len() - 1
            });
            OutcomeId(id as u32)
        });
        self.node(at, NodeKind::Terminal(outcome), 0, payoffs)
    }

    fn node(&mut self, parent: Place, kind: NodeKind, children: usize, payoffs: &[Q]) -> NodeId {
        let mut list = Vec::new();
        for (p, q) in payoffs.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
            let amount = self.game.tape.constant(q.clone());
            list.push(Pay { player: PlayerId(p as u32), ledger: None, amount });
        }
        let known = self.game.pay_lists.iter().position(|l| *l == list);
        let pays = known.unwrap_or_else(|| {
            self.game.pay_lists.push(list);
            self.game.pay_lists.len() - 1
        });
        let pays = PayListId(pays as u32);
        self.game.nodes.push(Node { parent, kind, first_child: 0, num_children: children as u32, pays });
        NodeId(self.game.nodes.len() as u32 - 1)
    }

    /// Returns the number of branches of a node.
    pub fn branches(&self, node: NodeId) -> u32 {
        self.game.nodes[node.index()].num_children
    }

    /// Returns the number of information sets so far.
    pub fn infosets(&self) -> usize {
        self.game.infosets.len()
    }

    /// Lays out the children and returns the game. Every action must have its node.
    pub fn finish(mut self) -> Game {
        let mut next = 0;
        for node in &mut self.game.nodes {
            node.first_child = next;
            next += node.num_children;
        }
        self.game.children = vec![NodeId(u32::MAX); next as usize];
        for k in 0..self.game.nodes.len() {
            if let Some((parent, position)) = self.game.nodes[k].parent {
                let first = self.game.nodes[parent.index()].first_child;
                self.game.children[(first + position) as usize] = NodeId(k as u32);
            }
        }
        debug_assert!(!self.game.children.contains(&NodeId(u32::MAX)), "an action without its node");
        self.game
    }
}

/// Names `prefix1`, `prefix2`, ...
pub fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|k| format!("{prefix}{k}")).collect()
}
