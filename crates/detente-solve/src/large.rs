//! One equilibrium of a game that is too large to list them all.
//!
//! The one idea: a zero-sum game is a linear program over its sequence form, solved exactly where
//! that is moderate; beyond, and for any number of players, regret minimisation takes over
//! (`regrets`).

use crate::polish::{Candidate, beliefs, component, solution};
use crate::regrets::{Compiled, bounded};
use crate::settings::{Progress, Settings};
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use detente_sequence::form::{Form, Side};
use detente_sequence::kernel::Kernel;
use detente_sequence::linear::{optimal, with_supports};
use detente_sequence::merge::{Merged, merge};
use detente_sequence::regret::{Arm, Run};

/// From this many information sets on, all equilibria of a two-player constant-sum game are not
/// looked for unless a concept is searched for that needs them.
const MANY_SETS: usize = 60;
/// Most sequences, after merging, for an exact program: its table has about the square of it.
const MODERATE: usize = 3_000;
/// Most leaves for which sets that play the same part are looked for.
const MERGEABLE: usize = 2_000_000;
/// Returns one Nash equilibrium of a two-player game, if one was asked for or (with a constant sum)
/// the game is too large to list all. `None` for other games.
pub fn two_players(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    progress: &dyn Progress,
) -> Option<Solution> {
    let one_nash = settings.one && settings.concept == Concept::Nash;
    let many = game.infosets.len() >= MANY_SETS && !settings.large_too;
    if game.players.len() != 2 || !(one_nash || many) || crate::perfect::applies(game) {
        return None;
    }
    let form = Form::new(game, numbers);
    if !form.constant_sum {
        return if one_nash { near_regret(game, numbers, &form, progress) } else { None };
    }
    let why = if one_nash {
        "one equilibrium was looked for; there may be others".to_string()
    } else {
        let sought = crate::stages::concept_name(settings.concept);
        format!("the game is too large to list every {sought} equilibrium: this is one Nash equilibrium")
    };
    let merged = merged(&form);
    let compiled = Compiled { game, numbers, form: &form, merged: &merged };
    exact(&compiled, &why).or_else(|| bounded(&compiled, &[why], progress))
}

/// Returns an exact equilibrium of a two-player game with a constant sum, where the program for it
/// is moderate.
pub(crate) fn exact(compiled: &Compiled<'_>, why: &str) -> Option<Solution> {
    let Compiled { game, numbers, form, merged } = compiled;
    let slots: usize = merged.form.sides.iter().map(Side::slots).sum();
    if slots > MODERATE {
        return None;
    }
    let found = optimal(&merged.form)?;
    let at = |p: usize, s: usize| found.plan[p][merged.class[p][s] as usize].clone();
    let profile = profile(game, form, at);
    let why = vec![why.to_string()];
    Some(answer(game, numbers, profile, Num::exact(Q::ZERO), Status::ExactSome, why))
}

/// Rounds of regret minimisation before supports are read off.
const HINT: u64 = 2_000;

/// Returns an exact equilibrium of a two-player game with the supports that regret minimisation
/// tends to. Nothing is promised where the sum is not constant; often it is found.
fn near_regret(game: &Game, numbers: &Numbers, form: &Form, progress: &dyn Progress) -> Option<Solution> {
    let kernel = Kernel::new(form);
    for arm in [Arm::Scheduled(HINT as u32), Arm::Cautious, Arm::Plus] {
        let mut run = Run::new(&kernel, arm);
        run.play(&kernel, HINT);
        for plan in [run.average(&kernel), run.current()] {
            for least in [1e-2, 1e-4, 1e-7] {
                if !progress.keep_going(0.0) {
                    return None;
                }
                let Some(exact) = with_supports(form, &plan, least) else { continue };
                let profile = profile(game, form, |p, s| exact[p][s].clone());
                let why = "one equilibrium was looked for; there may be others".to_string();
                let gap = Num::exact(Q::ZERO);
                return Some(answer(game, numbers, profile, gap, Status::ExactSome, vec![why]));
            }
        }
    }
    None
}

/// Returns the best profile that regret minimisation finds, with its gap, whatever the game.
/// `None` where its payoffs are beyond floats.
pub fn any(game: &Game, numbers: &Numbers, reasons: &[String], progress: &dyn Progress) -> Option<Solution> {
    let form = Form::new(game, numbers);
    let merged = merged(&form);
    bounded(&Compiled { game, numbers, form: &form, merged: &merged }, reasons, progress)
}

pub(crate) fn merged(form: &Form) -> Merged {
    if form.num_leaves() <= MERGEABLE {
        return merge(form);
    }
    let class = form.sides.iter().map(|s| (0..s.slots() as u32).collect()).collect();
    Merged { form: form.clone(), class }
}

/// A number per player and slot, as a probability per information set and action.
pub(crate) fn profile(game: &Game, form: &Form, at: impl Fn(usize, usize) -> Q) -> Vec<Vec<Q>> {
    let mut profile = vec![vec![]; game.infosets.len()];
    for (p, side) in form.sides.iter().enumerate() {
        for (k, set) in side.sets.iter().enumerate() {
            profile[set.index()] = side.range(k).map(|s| at(p, s)).collect();
        }
    }
    profile
}

/// Rounded probabilities, the largest taking what the others leave.
pub(crate) fn settled(mut profile: Vec<Vec<Q>>) -> Vec<Vec<Q>> {
    for list in &mut profile {
        let Some(most) = (0..list.len()).max_by(|a, b| list[*a].cmp(&list[*b]).then(b.cmp(a))) else {
            continue;
        };
        list[most] = Q::ZERO;
        let rest: Q = list.iter().cloned().sum();
        list[most] = Q::ONE - rest;
    }
    profile
}

pub(crate) fn plan_of(side: &Side, profile: &[Vec<Q>]) -> Vec<f64> {
    let mut plan = vec![1.0; side.slots()];
    for (k, set) in side.sets.iter().enumerate() {
        for (a, s) in side.range(k).enumerate() {
            plan[s] = profile[set.index()][a].to_f64();
        }
    }
    plan
}

pub(crate) fn answer(
    game: &Game,
    numbers: &Numbers,
    profile: Vec<Vec<Q>>,
    gap: Num,
    status: Status,
    unresolved: Vec<String>,
) -> Solution {
    if gap.exact.is_none() && game.nodes.len() > crate::lean::MANY_NODES {
        let component = crate::lean::component(game, numbers, &profile, gap);
        return solution(game, numbers, Concept::Nash, status, unresolved, component);
    }
    let tremble: Vec<Vec<(u32, Q)>> = profile
        .iter()
        .map(|h| h.iter().map(|p| if p.is_positive() { (0, p.clone()) } else { (1, Q::ONE) }).collect())
        .collect();
    let beliefs = beliefs(game, numbers, &tremble);
    let found = Candidate { profile, tremble, beliefs, gap_nash: gap, gap_sequential: Num::exact(Q::ZERO) };
    let component = component(game, numbers, found, Concept::Nash);
    solution(game, numbers, Concept::Nash, status, unresolved, component)
}
