//! One equilibrium of a game that is too large to list them all.
//!
//! The one idea: a zero-sum game is a linear program over its sequence form, solved exactly where
//! that is moderate; beyond, and for any number of players, regret minimisation runs until the
//! gap is small or time is up, and the gap is enclosed. Regrets promise an equilibrium for two
//! players with a constant sum only; for all others it is the gap that counts, and it is printed.

use crate::polish::{Candidate, beliefs, bound, component, dyadic, solution};
use crate::settings::{Progress, Settings};
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use detente_sequence::form::{Form, Side};
use detente_sequence::kernel::{Kernel, uniform};
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
/// The gap at which regret minimisation stops, relative to the range of payoffs.
const GOAL: f64 = 1e-9;
/// Rounds between two looks at the gap.
const BLOCK: u64 = 500;
/// Most work without a time limit, in leaves visited: some ten seconds.
const WORK: u64 = 4_000_000_000;

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
    let slots: usize = merged.form.sides.iter().map(Side::slots).sum();
    if slots <= MODERATE
        && let Some(found) = optimal(&merged.form)
    {
        let at = |p: usize, s: usize| found.plan[p][merged.class[p][s] as usize].clone();
        let profile = profile(game, &form, at);
        return Some(answer(game, numbers, profile, Num::exact(Q::ZERO), Status::ExactSome, vec![why]));
    }
    by_regret(game, numbers, &form, &merged, &[why], progress)
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
    by_regret(game, numbers, &form, &merged, reasons, progress)
}

fn merged(form: &Form) -> Merged {
    if form.num_leaves() <= MERGEABLE {
        return merge(form);
    }
    let class = form.sides.iter().map(|s| (0..s.slots() as u32).collect()).collect();
    Merged { form: form.clone(), class }
}

/// Runs the arms in turn and keeps the plan with the smallest gap; `reasons` say why one is all that is given.
fn by_regret(
    game: &Game,
    numbers: &Numbers,
    form: &Form,
    merged: &Merged,
    reasons: &[String],
    progress: &dyn Progress,
) -> Option<Solution> {
    let kernel = Kernel::new(&merged.form);
    let range = range(game, numbers);
    if !range.is_finite() {
        return None;
    }
    let goal = GOAL * range;
    let leaves = (merged.form.num_leaves() * merged.form.players()).max(1) as u64;
    let rounds = (WORK / leaves).max(BLOCK);
    let scheduled = u32::try_from(rounds.min(1_000)).unwrap_or(1_000);
    let mut runs: Vec<Run> = [Arm::Scheduled(scheduled), Arm::Cautious, Arm::Discounted]
        .into_iter()
        .map(|arm| Run::new(&kernel, arm))
        .collect();
    let start: Vec<Vec<f64>> = kernel.views.iter().map(|v| uniform(&v.side)).collect();
    let mut best = (f64::INFINITY, start);
    let mut first = f64::INFINITY;
    'search: while runs[0].rounds * (runs.len() as u64) < rounds {
        for run in &mut runs {
            run.play(&kernel, BLOCK.min(rounds));
            let plan = run.average(&kernel);
            let gap = kernel.gap(&plan);
            if gap < best.0 {
                best = (gap, plan);
            }
            first = first.min(gap.max(goal));
            let way = if first > goal {
                libm::log(first / best.0.max(goal)) / libm::log(first / goal)
            } else {
                1.0
            };
            if best.0 <= goal || !progress.keep_going(way.clamp(0.0, 1.0)) {
                break 'search;
            }
        }
    }
    let at = |p: usize, s: usize| dyadic(best.1[p][merged.class[p][s] as usize]);
    let profile = settled(profile(game, form, at));
    let plan: Vec<Vec<f64>> = (0..form.players()).map(|p| plan_of(&form.sides[p], &profile)).collect();
    let found = detente_sequence::bound::bound(form, &plan);
    let widest = found.gains.iter().copied().reduce(|a, b| a.max(b)).expect("a game has players");
    let gap = bound(widest);
    let open = format!(
        "an equilibrium within its gap: no player gains more than {:e} by deviating, {:.1e} of the payoff range",
        widest.hi(),
        widest.hi() / range,
    );
    let unresolved = [reasons, &[open]].concat();
    Some(answer(game, numbers, profile, gap, Status::Certified, unresolved))
}

/// Largest minus smallest payoff of any player.
fn range(game: &Game, numbers: &Numbers) -> f64 {
    let ends = game.nodes.iter().enumerate().filter(|(_, n)| n.num_children == 0);
    let players = game.players.len();
    let all = ends.flat_map(|(n, _)| &numbers.payoffs[n * players..(n + 1) * players]);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for pay in all {
        low = low.min(pay.to_f64());
        high = high.max(pay.to_f64());
    }
    (high - low).max(f64::MIN_POSITIVE)
}

/// A number per player and slot, as a probability per information set and action.
fn profile(game: &Game, form: &Form, at: impl Fn(usize, usize) -> Q) -> Vec<Vec<Q>> {
    let mut profile = vec![vec![]; game.infosets.len()];
    for (p, side) in form.sides.iter().enumerate() {
        for (k, set) in side.sets.iter().enumerate() {
            profile[set.index()] = side.range(k).map(|s| at(p, s)).collect();
        }
    }
    profile
}

/// Rounded probabilities, the largest taking what the others leave.
fn settled(mut profile: Vec<Vec<Q>>) -> Vec<Vec<Q>> {
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

fn plan_of(side: &Side, profile: &[Vec<Q>]) -> Vec<f64> {
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
    let tremble: Vec<Vec<(u32, Q)>> = profile
        .iter()
        .map(|h| h.iter().map(|p| if p.is_positive() { (0, p.clone()) } else { (1, Q::ONE) }).collect())
        .collect();
    let beliefs = beliefs(game, numbers, &tremble);
    let found = Candidate { profile, tremble, beliefs, gap_nash: gap, gap_sequential: Num::exact(Q::ZERO) };
    let component = component(game, numbers, found, Concept::Nash);
    solution(game, numbers, Concept::Nash, status, unresolved, component)
}
