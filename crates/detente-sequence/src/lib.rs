//! The sequence form of a game, and what runs on it.
//!
//! The order of work, one file each:
//! 1. `form`    – a game as slots and leaves, exact;
//! 2. `merge`   – sets that play the same part, merged;
//! 3. `kernel`  – the same in floats, laid out for iteration; best responses and gaps;
//! 4. `regret`  – regret minimisation, many variants, one loop;
//! 5. `sample`  – the same on drawn plays; `together` – all players at once, and what play over time
//!    is; `mixture` – that play as a device of a few plans; `search` – variants side by side; `checkpoint` – a
//!    search as bytes, to go on with later;
//! 6. `lanes`   – eight draws of payoffs, iterated together;
//! 7. `linear`  – zero-sum games solved exactly by one linear program;
//! 8. `lemke`   – one equilibrium of two players, whatever the sum, exact, with trembles;
//! 9. `all`     – all equilibria of two players on the same tables, with indices;
//! 10. `bound`  – what a profile is worth, enclosed.

pub mod all;
pub mod bound;
pub mod checkpoint;
pub mod form;
pub mod kernel;
pub mod lanes;
pub mod lemke;
pub mod linear;
pub mod merge;
pub mod mixture;
pub mod regret;
pub mod sample;
pub mod search;
pub mod together;
