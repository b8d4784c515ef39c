//! The game as plain arrays: nodes, events, information sets, payments.
//!
//! Parents come before children in `nodes`, so one backward pass over the
//! array is a bottom-up pass over the tree. Everything that depends on a
//! parameter is an [`ExprId`] into the game's [`Tape`].

use crate::tape::{ExprId, Tape};
use detente_exact::Q;
use detente_prob::Prior;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// Returns the position in the array that this id indexes.
            pub fn index(self) -> usize { self.0 as usize }
        }
    };
}
id!(/** A player; `Game::players`. */ PlayerId);
id!(/** A node of the tree; `Game::nodes`. */ NodeId);
id!(/** An information set; `Game::infosets`. */ InfosetId);
id!(/** A chance move with its probabilities; `Game::chances`. */ ChanceId);
id!(/** A named event: a decision, a chance event or a private fact; `Game::events`. */ EventId);
id!(/** A named outcome; `Game::outcomes`. */ OutcomeId);
id!(/** A parameter; `Game::params`. */ ParamId);
id!(/** A label of payments, such as "domestic"; `Game::ledgers`. */ LedgerId);
id!(/** A list of payments made on reaching a node; `Game::pay_lists`. */ PayListId);

/// One finite game with perfect recall, its numbers symbolic in the parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Game {
    pub title: String,
    /// What the author of a game file says of it, such as where it comes from. No part of what the game is: the
    /// digest leaves it out, and JSON holds it beside the game.
    #[serde(skip)]
    pub comment: String,
    pub players: Vec<Player>,
    pub params: Vec<Param>,
    pub outcomes: Vec<Outcome>,
    pub ledgers: Vec<Ledger>,
    pub events: Vec<Event>,
    pub chances: Vec<Chance>,
    pub infosets: Vec<Infoset>,
    /// Interned payment lists; index 0 is always the empty list.
    pub pay_lists: Vec<Vec<Pay>>,
    /// Node 0 is the root; parents precede children.
    pub nodes: Vec<Node>,
    /// Children of all nodes, back to back; see [`Node::first_child`].
    pub children: Vec<NodeId>,
    pub tape: Tape,
    /// True for a game read from a strategic form (`.nfg`): one simultaneous move each.
    pub strategic: bool,
    /// Repairs made while reading a tolerant format, in words.
    pub repairs: Vec<String>,
}

/// A player's name in formulas and its label in prose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Player {
    pub name: String,
    pub label: String,
}

/// A parameter: the analyst's doubt. One value of every parameter is one game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    pub label: String,
    pub unit: Option<String>,
    /// The prior, or `None` for a fixed value.
    pub prior: Option<Prior>,
    /// The value used where nothing else is said.
    pub base: Q,
}

/// A named end of play.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub name: String,
    pub label: String,
}

/// A label under which payments are added up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    pub name: String,
    pub label: String,
}

/// What kind of thing an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// A player's decision.
    Move,
    /// A chance event that is not a private fact.
    Chance,
    /// A fact about a player, drawn before play and seen by its owner.
    Private,
}

/// A named event, shared by every node where it takes place in the same round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub kind: EventKind,
    /// The player who moves or owns the fact; `None` for public chance.
    pub owner: Option<PlayerId>,
    /// The name without its owner: `reply` of `West.reply[2]`.
    pub name: String,
    pub label: String,
    /// The loop indices of the enclosing `repeat`s, outermost first: `[2]` of `West.reply[2]`.
    pub round: Vec<i64>,
    /// Names of the actions or arms.
    pub arms: Vec<String>,
    /// Numeric value of each arm where the event ranges over a grid or cells; empty otherwise.
    pub values: Vec<ExprId>,
}

/// A chance move: an event and the probability of each arm. Interned by content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Chance {
    pub event: EventId,
    /// Arms offered here, as positions in the event's `arms`.
    pub arms: Vec<u32>,
    /// One probability per offered arm.
    pub probs: Vec<ExprId>,
}

/// One thing a player knows at an information set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    pub event: EventId,
    /// Position in the event's `arms`.
    pub arm: u32,
}

/// An information set: one player, one decision, one state of knowledge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Infoset {
    pub player: PlayerId,
    pub event: EventId,
    /// Actions offered here, as positions in the event's `arms`.
    pub actions: Vec<u32>,
    /// Member nodes, ascending.
    pub nodes: Vec<NodeId>,
    /// What the player has seen, in order; empty for games read from `.efg`.
    pub seen: Vec<Seen>,
    /// The name printed for this set, unique within the player's decision.
    pub label: String,
}

/// One payment to one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pay {
    pub player: PlayerId,
    /// The author's label, or `None`.
    pub ledger: Option<LedgerId>,
    pub amount: ExprId,
}

/// What happens at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeKind {
    Decision(InfosetId),
    Chance(ChanceId),
    /// The end of play, with its outcome's name if it has one.
    Terminal(Option<OutcomeId>),
}

/// A node of the tree. Child `k` follows action or arm `k` of its set or chance move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The parent and the position of this node among its children; `None` at the root.
    pub parent: Option<(NodeId, u32)>,
    pub kind: NodeKind,
    /// Start of this node's children in `Game::children`.
    pub first_child: u32,
    pub num_children: u32,
    /// Payments made on reaching this node; they add up along the path.
    pub pays: PayListId,
}

impl Game {
    /// Returns the children of a node, one per action or arm.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        let n = &self.nodes[node.index()];
        let start = n.first_child as usize;
        &self.children[start..start + n.num_children as usize]
    }

    /// Returns the number of terminal nodes.
    pub fn num_terminals(&self) -> usize {
        self.nodes.iter().filter(|n| matches!(n.kind, NodeKind::Terminal(_))).count()
    }

    /// Returns an event's full name as formulas write it: `West.reply[2]`, `leak`.
    pub fn event_name(&self, event: EventId) -> String {
        let e = &self.events[event.index()];
        let mut name = match e.owner {
            Some(p) => format!("{}.{}", self.players[p.index()].name, e.name),
            None => e.name.clone(),
        };
        if !e.round.is_empty() {
            let round: Vec<String> = e.round.iter().map(i64::to_string).collect();
            name.push_str(&format!("[{}]", round.join(", ")));
        }
        name
    }

    /// Returns the name of an action of an information set.
    pub fn action_name(&self, infoset: InfosetId, action: usize) -> &str {
        let h = &self.infosets[infoset.index()];
        &self.events[h.event.index()].arms[h.actions[action] as usize]
    }

    /// Returns the SHA-256 of the game's canonical JSON, in hexadecimal.
    ///
    /// Two games with the same digest are the same game, names included.
    pub fn sha256(&self) -> String {
        use sha2::{Digest, Sha256};
        /// Hashes what is written to it, so that the text of a large game is never held.
        struct Hash(Sha256);
        impl std::io::Write for Hash {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.update(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut hash = std::io::BufWriter::new(Hash(Sha256::new()));
        serde_json::to_writer(&mut hash, self).expect("a game is plain data and always serializes");
        let hash = hash.into_inner().unwrap_or_else(|_| unreachable!("a hash takes every byte"));
        hash.0.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}
