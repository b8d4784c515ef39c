//! For tests only: random games, and a referee that owes nothing to any solver.
//!
//! The generators make games of the kinds the product promises to solve, each a function
//! of a seed. The referee finds equilibria the slow way: it lists profiles, or all
//! supports with all belief supports, or follows limits of trembles. It uses the game, its
//! numbers and exact arithmetic, and a linear program of its own.

pub mod builder;
pub mod cells;
pub mod doubted;
pub mod play;
pub mod poker;
pub mod pure;
pub mod random;
pub mod shapes;
pub mod simplex;
pub mod trembles;

pub use builder::TreeBuilder;
pub use cells::{Cell, enumerate_two_block};
pub use doubted::{doubted, free_param};
pub use pure::{Pure, PureSequential, pure_nash, pure_sequential};
pub use random::SplitMix;
pub use shapes::{Shape, random_game};
pub use trembles::{Limit, trembles};
