//! The flat game: the hall where every other room meets.
//!
//! A model is elaborated once into a [`Game`]: a tree of plain arrays whose
//! payoffs and probabilities are nodes of an expression [`Tape`] over the
//! parameters. Solvers read [`Numbers`] (the game at one parameter point) and
//! return a [`solution::Solution`] with a [`certificate::Certificate`].

pub mod beliefs;
pub mod branch;
pub mod certificate;
pub mod change;
pub mod coarse;
pub mod device;
pub mod formats;
pub mod game;
pub mod matrix;
pub mod mediation;
pub mod names;
pub mod nash;
pub mod numbers;
pub mod reason;
pub mod recall;
pub mod reduction;
pub mod refinements;
pub mod secure;
pub mod sequences;
pub mod shape;
pub mod solution;
pub mod subgames;
pub mod tape;
pub mod wording;

pub use formats::FormatError;
pub use game::{
    Chance, ChanceId, Event, EventId, EventKind, Game, Infoset, InfosetId, LedgerId, Node, NodeId, NodeKind,
    Outcome, OutcomeId, Param, ParamId, Pay, PayListId, Player, PlayerId, Seen,
};
pub use numbers::{Numbers, NumbersError};
pub use recall::RecallError;
pub use subgames::subgame_roots;
pub use tape::{ExprId, Op, Tape};
