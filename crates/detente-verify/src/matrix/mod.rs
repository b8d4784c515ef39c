//! The referee of strategic games for two: the cases, the pieces, the components.
//!
//! The rules are those of [`detente_game::matrix`]. The one idea: equilibria are checked by their
//! definition, and that there are no others by replaying the cases with whole numbers.

mod components;
mod corners;
mod replay;
mod table;

use detente_game::matrix::MatrixProof;
use detente_game::solution::Solution;
use detente_game::{Game, Numbers};
use replay::{Facts, Replay};
use table::Table;

/// What a proof of this kind shows.
pub(crate) struct Found {
    /// Whether no equilibrium is missing.
    pub complete: bool,
    pub open: Vec<String>,
    pub steps: usize,
    pub unconfirmed: Vec<String>,
}

/// Replays the proof and compares the solution's components with it.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn check(
    game: &Game,
    numbers: &Numbers,
    solution: &Solution,
    proof: &MatrixProof,
) -> Result<Found, String> {
    let table = Table::new(game, numbers)?;
    let facts = Facts::new(&table, proof)?;
    check_pieces(proof, &facts)?;
    let mut replay = Replay::new(&table, proof, &facts);
    replay.run()?;
    let complete = !replay.open;
    let mut unconfirmed = components::check(&table, proof, &facts, solution, complete)?;
    unconfirmed.extend(components::check_indices(&table, proof, &facts, complete)?);
    let open = if complete { vec![] } else { vec!["some cases were not decided".to_string()] };
    Ok(Found { complete, open, steps: proof.steps.len(), unconfirmed })
}

/// Every pair of a piece is an equilibrium.
fn check_pieces(proof: &MatrixProof, facts: &Facts) -> Result<(), String> {
    for (n, piece) in proof.pieces.iter().enumerate() {
        for p in 0..2 {
            let known = piece[p].iter().all(|x| (*x as usize) < proof.strategies[p].len());
            if piece[p].is_empty() || !known || piece[p].windows(2).any(|w| w[0] >= w[1]) {
                return Err(format!("piece {n} does not list strategies in order"));
            }
        }
        for x in &piece[0] {
            if let Some(y) = piece[1].iter().find(|y| !facts.is_equilibrium([*x, **y])) {
                return Err(format!("strategies {x} and {y} of piece {n} are no equilibrium"));
            }
        }
    }
    Ok(())
}
