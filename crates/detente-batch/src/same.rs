//! Which chances are the same number in several games, whatever the parameters are.
//!
//! The one idea: two probabilities that are the same polynomial of the parameters are the same number, so
//! sums over plays that cancel as polynomials are exactly equal, and no rounding has to tell.

use crate::tape::polynomials;
use detente_exact::Q;
use detente_exact::poly::MPoly;
use detente_game::{Game, NodeKind};

/// Per game and node, a number for each arm of a chance move; arms with one number are as likely.
///
/// Each game comes with the parameters that it sets itself, and their values.
pub fn same_chances(games: &[(&Game, Vec<(u32, Q)>)]) -> Vec<Vec<Vec<u32>>> {
    // What is no polynomial of the parameters is compared within one game only.
    let mut known: Vec<(Option<usize>, MPoly)> = vec![];
    let mut list = vec![];
    for (k, (game, own)) in games.iter().enumerate() {
        let polys = polynomials(game);
        let params = game.params.len() as u32;
        let mut number = |poly: &MPoly| -> u32 {
            let whole = own.iter().fold(poly.clone(), |p, (param, value)| p.substitute(*param, value));
            let foreign = (params..params + game.tape.ops.len() as u32).any(|v| whole.degree_in(v) > 0);
            let key = (foreign.then_some(k), whole);
            let found = known.iter().position(|other| *other == key);
            found.unwrap_or_else(|| {
                known.push(key);
                known.len() - 1
            }) as u32
        };
        let chances: Vec<Vec<u32>> = game
            .chances
            .iter()
            .map(|c| c.probs.iter().map(|e| number(&polys[e.0 as usize])).collect())
            .collect();
        let arms = game.nodes.iter().map(|n| match n.kind {
            NodeKind::Chance(c) => chances[c.index()].clone(),
            _ => vec![],
        });
        list.push(arms.collect());
    }
    list
}
