//! Equilibria of a finite game, all of them, with a proof.
//!
//! The order of work, one file each:
//! 1. `stages`   – cut the game into subgames, innermost first;
//! 2. `stage`    – one subgame as arrays: weights, rows' ingredients, paths;
//! 3. `state`    – what a branch of the search has decided;
//! 4. `rows`     – the conditions that every equilibrium of a state satisfies;
//! 5. `bounds`   – actions that are worse whatever is played;
//! 6. `search`, `conclude` – the proof by cases, cut into independent parts where it falls apart;
//! 7. `leaf`     – a fully decided part: a polyhedron, roots, or nothing;
//! 8. `cells`, `join`, `contact` – cells glued into connected components;
//! 9. `describe`, `ranges`, `conditions`, `wording` – a component as numbers a reader can use.
//!
//! `matrix` answers games in which two choose once, at the same time; `perfect` answers games of perfect information directly, `strict` those without near ties;
//! `logit` gives the play on the logit path in plain floats;
//! `known` walks a proof again at other numbers; `intuitive` and `divinity` test signalling
//! equilibria; `weaker` lists sequential equilibria where a weaker concept's search does not
//! finish; `polyhedra` lists extreme equilibria and maximal subsets by a search of its own; `quasi` finds one quasi-perfect equilibrium of two players, `large` one of a game too large to list; `secure` finds what a player can be sure of; `qre` follows the logit path, and `polish` makes its end an answer with bounds.

mod barren;
mod beliefs;
mod bounds;
mod boxes;
pub mod branch;
mod carry;
mod cells;
mod choice;
mod coarse;
mod conclude;
mod conditions;
mod contact;
mod cuts;
mod describe;
mod divinity;
mod flat;
mod given;
mod idle;
mod intuitive;
mod join;
mod known;
mod large;
mod leaf;
mod lean;
mod left;
pub mod logit;
mod matrix;
mod mono;
mod outcomes;
mod parts;
mod perfect;
mod polish;
mod polygon;
mod polyhedra;
mod polytope;
mod pure;
mod qre;
mod quasi;
mod ranges;
mod regrets;
mod relax;
mod roots;
mod rows;
mod scales;
mod search;
mod secure;
mod segment;
mod settings;
mod stage;
mod stages;
mod state;
mod strict;
mod units;
mod weaker;
mod wording;

pub use detente_sequence::checkpoint::{Checkpoint, Refusal, read as read_checkpoint};
pub use detente_sequence::regret::Arm;
pub use divinity::refinements;
pub use known::Known;
pub use polyhedra::nash_sets;
pub use pure::{pure_equilibria, pure_nash};
pub use quasi::{MOST_ACTIONS_TO_PIVOT, quasi_perfect};
pub use regrets::{Regrets, regrets};
pub use secure::secure;
pub use settings::{Progress, Settings, Silent};
pub use stages::{solve, solve_again};
