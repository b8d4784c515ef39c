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
use detente_sequence::lemke::{By, QuasiPerfect, quasi_perfect_by};
use std::cell::Cell;

/// Most sequences of both players: the two tables have as many entries as sequences of one times those of the other.
pub const MOST_ACTIONS_TO_PIVOT: usize = 6_000;

/// One equilibrium where one was asked for, an answer for every concept from Nash to sequential. `None` if more was
/// asked for or the game is of another kind or too large, or the caller stopped.
pub fn solve(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    progress: &dyn Progress,
) -> Option<Solution> {
    let asked =
        settings.one && matches!(settings.concept, Concept::Nash | Concept::Spe | Concept::Sequential);
    if !asked || !applies(game) {
        return None;
    }
    let form = Form::new(game, numbers);
    // Where merged sets make it small, a linear program is quicker.
    if form.constant_sum && settings.concept == Concept::Nash {
        return None;
    }
    let why = "one equilibrium was looked for; there may be others";
    follow(game, numbers, &form, settings.concept, why, progress)
}

/// Returns one quasi-perfect equilibrium of a two-player game, as a sequential one: that is what its
/// trembles prove. `None` if the game has not two players or has more than 6,000 sequences, or if the
/// caller stopped.
pub fn quasi_perfect(game: &Game, numbers: &Numbers, progress: &dyn Progress) -> Option<Solution> {
    if !applies(game) {
        return None;
    }
    let form = Form::new(game, numbers);
    let why = "one quasi-perfect equilibrium was looked for; there may be others. What the referee proves is that it is \
               sequential; that it is quasi-perfect the solver alone has checked";
    let mut found = follow(game, numbers, &form, Concept::Sequential, why, progress)?;
    found.certificate.game = game.sha256();
    Some(found)
}

/// Entries of the two tables times steps for which it takes about a second to follow the path.
const LAST_WORK: u64 = 3_000_000_000;

/// One equilibrium of two players where a search, stopped or not, found none: the path is followed all the same, but
/// not for longer than about a second.
pub fn at_last(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    unresolved: &[String],
) -> Option<Solution> {
    let listed = matches!(settings.concept, Concept::Nash | Concept::Spe | Concept::Sequential);
    if !listed || !applies(game) {
        return None;
    }
    let form = Form::new(game, numbers);
    let entries: u64 = form.sides.iter().map(|side| side.slots() as u64).product();
    let left = Cell::new(LAST_WORK / entries.max(1));
    let keep_going = || left.replace(left.get().saturating_sub(1)) > 0;
    let found = quasi_perfect_by(&form, By::Floats, &keep_going)?;
    Some(shown(game, numbers, &form, &found, settings.concept, unresolved.to_vec()))
}

fn applies(game: &Game) -> bool {
    let actions: usize = game.infosets.iter().map(|h| h.actions.len()).sum();
    game.players.len() == 2 && (1..=MOST_ACTIONS_TO_PIVOT).contains(&actions)
}

fn follow(
    game: &Game,
    numbers: &Numbers,
    form: &Form,
    concept: Concept,
    why: &str,
    progress: &dyn Progress,
) -> Option<Solution> {
    let found = detente_sequence::lemke::quasi_perfect(form, &|| progress.keep_going(0.0))?;
    Some(shown(game, numbers, form, &found, concept, vec![why.into()]))
}

/// The equilibrium as a solution, with what is open.
fn shown(
    game: &Game,
    numbers: &Numbers,
    form: &Form,
    found: &QuasiPerfect,
    concept: Concept,
    open: Vec<String>,
) -> Solution {
    let tremble = by_set(game, form, &found.tremble);
    let settled = |(order, weight): &(u32, Q)| if *order == 0 { weight.clone() } else { Q::ZERO };
    let profile: Vec<Vec<Q>> = tremble.iter().map(|h| h.iter().map(settled).collect()).collect();
    let beliefs = beliefs(game, numbers, &tremble);
    let zero = Num::exact(Q::ZERO);
    let found = Candidate { profile, tremble, beliefs, gap_nash: zero.clone(), gap_sequential: zero };
    let component = component(game, numbers, found, concept);
    solution(game, numbers, concept, Status::ExactSome, open, component)
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
