//! One quasi-perfect equilibrium of two players, with the beliefs that its trembles give.
//!
//! The one idea: complementary pivoting on the sequence form, with every sequence used a little,
//! ends in an equilibrium that is best at every set, reached or not. Its trembles are polynomials in
//! e, so leading-order Bayes gives beliefs, and the referee can check it as a sequential equilibrium
//! (Miltersen and Sørensen, "Computing a quasi-perfect equilibrium of a two-player game", 2010).

use crate::polish::{Candidate, beliefs, component, solution};
use crate::settings::{Progress, Settings};
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use detente_sequence::form::Form;
use detente_sequence::lemke::quasi_perfect;

/// Most sequences of both players for which pivots take milliseconds rather than seconds.
const MOST: usize = 1_500;

/// Returns one quasi-perfect equilibrium of a two-player game, an answer for every concept from
/// Nash to sequential. `None` if the game is of another kind or too large, or the caller stopped.
pub fn solve(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    progress: &dyn Progress,
) -> Option<Solution> {
    let asked =
        settings.one && matches!(settings.concept, Concept::Nash | Concept::Spe | Concept::Sequential);
    if !asked || game.players.len() != 2 {
        return None;
    }
    let actions: usize = game.infosets.iter().map(|h| h.actions.len()).sum();
    if actions > MOST {
        return None;
    }
    let form = Form::new(game, numbers);
    if form.constant_sum && settings.concept == Concept::Nash {
        return None;
    }
    let found = quasi_perfect(&form, &|| progress.keep_going(0.0))?;
    let tremble = by_set(game, &form, &found.tremble);
    let settled = |(order, weight): &(u32, Q)| if *order == 0 { weight.clone() } else { Q::ZERO };
    let profile: Vec<Vec<Q>> = tremble.iter().map(|h| h.iter().map(settled).collect()).collect();
    let beliefs = beliefs(game, numbers, &tremble);
    let zero = Num::exact(Q::ZERO);
    let found = Candidate { profile, tremble, beliefs, gap_nash: zero.clone(), gap_sequential: zero };
    let why = "one equilibrium was looked for; there may be others".to_string();
    let component = component(game, numbers, found, settings.concept);
    Some(solution(game, numbers, settings.concept, Status::ExactSome, vec![why], component))
}

/// What stands at each slot of each player, by information set and action.
fn by_set<T: Clone>(game: &Game, form: &Form, slots: &[Vec<T>]) -> Vec<Vec<T>> {
    let mut sets = vec![vec![]; game.infosets.len()];
    for (side, slots) in form.sides.iter().zip(slots) {
        for (k, set) in side.sets.iter().enumerate() {
            sets[set.index()] = side.range(k).map(|s| slots[s].clone()).collect();
        }
    }
    sets
}
