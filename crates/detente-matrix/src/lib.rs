//! Two-player games in strategic form: all equilibria, exactly, with a proof that none is missing.
//!
//! - [`Bimatrix`]: the game. [`equilibria`]: everything about its Nash equilibria, from here:
//!   [`all`] searches by cases and writes the [`Step`]s of a proof, [`components`] joins what was found,
//!   [`Indexer`] weighs it.
//! - [`lemke_howson`] finds one equilibrium, [`accessible`] those that its paths reach.
//! - [`optimal`] solves games of constant sum.
//! - [`supports`] is for tables known up to rounding, [`supports_of_tied`] for those with entries known to be equal.
//!
//! Floats look ahead; whole numbers decide. No file here prints, reads a clock or a file, or draws a number.

mod corners;
mod equilibria;
mod face;
mod game;
mod index;
mod lemke;
mod nearly;
mod pieces;
mod proof;
mod refute;
mod saddle;
mod search;
mod sets;

pub use equilibria::{Component, Equilibria, equilibria};
pub use game::{Bimatrix, Mixed};
pub use index::Indexer;
pub use lemke::{accessible, lemke_howson};
pub use nearly::{ENTRY_ERROR, Supports, supports, supports_of_tied};
pub use pieces::{Share, all, in_turn};
pub use proof::Step;
pub use saddle::optimal;
pub use search::{Cases, Limits};
pub use sets::{Pair, components, extreme};
