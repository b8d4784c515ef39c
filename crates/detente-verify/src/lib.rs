//! The independent referee: it believes nothing that it has not recomputed.
//!
//! It reads a game, its numbers and a [`Solution`](detente_game::solution::Solution), and shares
//! no code with any solver. [`check_assessment`] recomputes one equilibrium: probabilities,
//! beliefs, payoffs, and what the best deviation would gain. [`verify`] also replays the
//! certificate, which says why there are no other equilibria, and decides what is proven.
//! The rules of certificates are those of [`detente_game::certificate`].

mod allowed;
mod assess;
mod backward;
mod belief;
mod boxes;
mod cell;
mod claim;
mod claims;
mod combine;
mod commitment;
mod device;
mod divinity;
mod dominance;
mod enclosure;
mod enough;
mod exists;
mod expected;
mod extremes;
mod field;
mod floats;
mod germ;
mod idle;
mod intuitive;
mod joins;
mod known;
mod legal;
mod listed;
mod listing;
mod logit;
mod matrix;
mod mediation;
mod mixture;
mod near;
mod newton;
mod numbers;
pub mod over;
mod perfect;
mod pieces;
mod poly;
mod profile;
mod program;
mod quantal;
mod ranges;
mod reason;
mod reduction;
mod replay;
mod roots;
mod rows;
mod scales;
mod secure;
mod sequences;
mod shares;
mod split;
mod stages;
mod state;
mod steps;
mod strict;
mod subgames;
mod tree;
mod used;
mod verdict;
mod visit;
mod weakly;
mod weights;
mod witness;
mod world;

pub use assess::{AssessmentReport, Gap, LocalGap, check_assessment};
pub use commitment::verify_commitment;
pub use device::verify_devices;
pub use divinity::check_refinements;
pub use mediation::verify_mediation;
pub use perfect::verify_perfect;
pub use profile::{PlayerGap, player_gaps, profile_gaps, widest};
pub use reason::{verify_rationalizable, verify_selection};
pub use reduction::{verify_lifted, verify_reduction};
pub use secure::check_secure;
pub use subgames::subgame_roots;
pub use verdict::{Rejected, Verdict, confirm, verify};
