//! Parts whose rows multiply weights of different players.

use crate::cells::Tree;
use crate::rows::Named;
use crate::search::Search;
use crate::state::{State, Var};
use detente_game::certificate::Proof;

/// Solves a decided part with products.
pub fn solve(search: &mut Search, _state: State, _vars: Vec<Var>, _strict: Vec<Var>, _rows: Vec<Named>) -> (Proof, Tree) {
    search.leave_open("a system with products of unknown probabilities")
}
