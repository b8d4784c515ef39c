//! What is kept of a stream of draws: parts that add up to the same bits in any order.
//!
//! Every part here is a commutative monoid: counts are integers, sums are exact, sketches have fixed
//! bins, witnesses are the draws of lowest hash. So one machine or seven, in any order, give the same
//! result, and a shard that is computed twice by mistake is the only way to be wrong.

pub mod exact_sum;
pub mod spread;
pub mod tally;
pub mod witness;

pub use exact_sum::ExactSum;
pub use spread::Spread;
pub use tally::Tally;
pub use witness::{Unlike, Witnesses};
