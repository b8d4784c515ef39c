//! The referee of games of two over the sequence form: the cases, the pieces, the components.
//!
//! The rules are those of [`detente_game::sequences`]. The one idea: equilibria are checked by their
//! definition, and that there are no others by replaying the cases.

mod components;
mod cover;
mod form;
mod index;
mod replay;

use detente_exact::Q;
use detente_game::sequences::SequenceProof;
use detente_game::solution::{Concept, Solution};
use detente_game::{Game, Numbers};
use form::Form;
use replay::Replay;

/// Replays the proof and compares the solution's components with it. Returns what is not confirmed.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn check(
    game: &Game,
    numbers: &Numbers,
    solution: &Solution,
    proof: &SequenceProof,
) -> Result<Vec<String>, String> {
    if solution.concept != Concept::Nash {
        return Err("a proof over the sequence form is about Nash equilibria".into());
    }
    let form = Form::new(game, numbers)?;
    let reach = |p: usize| -> Result<Vec<Vec<Q>>, String> {
        proof.strategies[p].iter().map(|rows| form.reach(p, rows)).collect()
    };
    let reaches = [reach(0)?, reach(1)?];
    check_pieces(&form, proof, &reaches)?;
    Replay::new(&form, proof, &reaches).run()?;
    components::check(game, &form, proof, &reaches, solution)
}

/// Every pair of a piece is an equilibrium.
fn check_pieces(form: &Form, proof: &SequenceProof, reaches: &[Vec<Vec<Q>>; 2]) -> Result<(), String> {
    // What each listed strategy leaves the other per slot, and the most that it can get.
    let against = |p: usize| -> Vec<(Vec<Q>, Q)> {
        let one = |y: &Vec<Q>| {
            let gains = form.gains(p, y);
            let most = most(form, p, gains.clone());
            (gains, most)
        };
        reaches[1 - p].iter().map(one).collect()
    };
    let against = [against(0), against(1)];
    let is_best = |p: usize, x: u32, y: u32| {
        let (gains, most) = &against[p][y as usize];
        let own = reaches[p][x as usize].iter().zip(gains).filter(|(x, _)| !x.is_zero());
        own.map(|(x, gain)| x * gain).sum::<Q>() == *most
    };
    for (n, piece) in proof.pieces.iter().enumerate() {
        for p in 0..2 {
            let known = piece[p].iter().all(|x| (*x as usize) < reaches[p].len());
            if piece[p].is_empty() || !known || piece[p].windows(2).any(|w| w[0] >= w[1]) {
                return Err(format!("piece {n} does not list strategies in order"));
            }
        }
        for x in &piece[0] {
            if let Some(y) = piece[1].iter().find(|y| !is_best(0, *x, **y) || !is_best(1, **y, *x)) {
                return Err(format!("strategies {x} and {y} of piece {n} are no equilibrium"));
            }
        }
    }
    Ok(())
}

/// The most that a player gets, from what each slot pays.
fn most(form: &Form, p: usize, mut value: Vec<Q>) -> Q {
    let side = &form.sides[p];
    for k in (0..side.sets.len()).rev() {
        if let Some(best) = side.range(k).map(|s| value[s].clone()).max() {
            value[side.parent[k]] += best;
        }
    }
    value.swap_remove(0)
}
