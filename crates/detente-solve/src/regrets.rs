//! One profile with a small gap, by regret minimisation, for games of any size and kind.
//!
//! The one idea: several variants play in turn, the plan with the smallest gap is kept, and its gap is
//! enclosed on the whole game. Regrets promise an equilibrium for two players with a constant sum
//! only; elsewhere the gap says how far the profile is from one, and beside it stands what the play
//! over time certainly is: a device of some of its plans, coarse correlated within what is enclosed, written
//! out for the referee (`coarse`), or where that is too long the regrets that were measured.

use crate::large::{answer, merged, plan_of, profile, settled};
use crate::polish::{bound, dyadic};
use crate::settings::Progress;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, Numbers};
use detente_sequence::checkpoint::{Checkpoint, Refusal, write};
use detente_sequence::form::{Form, Side};
use detente_sequence::kernel::Kernel;
use detente_sequence::merge::Merged;
use detente_sequence::regret::Arm;
use detente_sequence::sample::Tree;
use detente_sequence::search::{Board, Search, block};

/// The gap at which regret minimisation stops, relative to the least that is at stake at any set: a huge
/// payoff somewhere must not loosen it.
const GOAL: f64 = 1e-9;
/// No gap is asked for below this share of the largest stake: floats end there.
const FLOOR: f64 = 1e-15;
/// Most work where nothing else ends it, in leaves visited: some ten seconds.
const WORK: u64 = 4_000_000_000;
/// The rounds that a schedule is made for where no number of rounds is given.
const SCHEDULE: u64 = 1_000;

/// How regret minimisation is to go about it.
#[derive(Clone, Debug, Default)]
pub struct Regrets {
    /// The variants by name (see [`Arm::named`]), in order; none for those that suit the game.
    pub arms: Vec<String>,
    /// Decides the draws of the sampled variant; 0 if not given.
    pub seed: Option<u64>,
    /// Rounds of each variant after which to end; `None` to go on until the gap is tiny.
    pub rounds: Option<u64>,
    /// A state to go on from.
    pub resume: Option<Checkpoint>,
}

/// What regret minimisation works on: the game, and the game without sets that play the same part.
pub(crate) struct Compiled<'a> {
    pub game: &'a Game,
    pub numbers: &'a Numbers,
    pub form: &'a Form,
    pub merged: &'a Merged,
}

/// Returns the best profile that regret minimisation finds, with its gap, whatever the game. A
/// two-player game with a constant sum is solved exactly instead where that is moderate and nothing
/// in `how` asks for rounds. `Ok(None)` where payoffs are beyond floats.
///
/// # Errors
/// A checkpoint of another game, or one made with other variants or another seed.
pub fn regrets(
    game: &Game,
    numbers: &Numbers,
    how: Regrets,
    progress: &dyn Progress,
) -> Result<Option<Solution>, Refusal> {
    let form = Form::new(game, numbers);
    let merged = merged(&form);
    let compiled = Compiled { game, numbers, form: &form, merged: &merged };
    let why = "one equilibrium was looked for; there may be others".to_string();
    let free = how.arms.is_empty() && how.rounds.is_none() && how.resume.is_none();
    if free && let Some(found) = crate::large::exact(&compiled, &why) {
        return Ok(Some(found));
    }
    by_regret(&compiled, &[why], how, progress)
}

/// The same for callers that looked for something else first.
pub(crate) fn bounded(compiled: &Compiled<'_>, why: &[String], progress: &dyn Progress) -> Option<Solution> {
    by_regret(compiled, why, Regrets::default(), progress).ok().flatten()
}

fn by_regret(
    compiled: &Compiled<'_>,
    reasons: &[String],
    how: Regrets,
    progress: &dyn Progress,
) -> Result<Option<Solution>, Refusal> {
    let Compiled { game, numbers, form, merged } = compiled;
    let (least, most_at_stake) = stakes(game, numbers);
    if !most_at_stake.is_finite() {
        return Ok(None);
    }
    let goal = (GOAL * least).max(FLOOR * most_at_stake);
    let kernel = Kernel::new(&merged.form);
    let arms = arms(&how);
    let tree = arms.contains(&Arm::Sampled).then(|| Tree::new(game, numbers, form, &merged.class));
    let board = Board { kernel, tree };
    let leaves = (merged.form.num_leaves() * merged.form.players()).max(1) as u64;
    // Where nothing else ends the search, the work done does.
    let work = (!progress.limited() && !progress.keeps()).then_some(WORK);
    let most = how.rounds.or(work.map(|w| (w / leaves / arms.len().max(1) as u64).max(1)));
    let zero_sum = form.players() == 2 && form.constant_sum;
    let digest = if progress.keeps() || how.resume.is_some() { form.digest() } else { [0; 32] };
    let seed = how.seed.unwrap_or(0);
    let mut search = match how.resume {
        None => Search::new(&board, &arms, !zero_sum, seed, block(&board.kernel)),
        Some(held) => {
            if how.seed.is_some_and(|seed| seed != held.seed()) {
                return Err(Refusal::Settings(format!("the seed {}", held.seed())));
            }
            // A schedule keeps the length it was made for.
            let names: Vec<&str> = held.arms().iter().map(|arm| arm.name()).collect();
            if !how.arms.is_empty() && how.arms != names {
                return Err(Refusal::Settings(format!("the variants {}", names.join(", "))));
            }
            held.resume(&board, &digest)?
        }
    };
    while search.best.gap > goal && most.is_none_or(|most| search.rounds < most) {
        let left = most.map_or(u64::MAX, |most| most - search.rounds);
        search.turn(&board, search.block.min(left), &Hands(progress));
        progress.keep(false, &|| write(&search, &digest));
        let way = most.map_or(0.0, |most| search.rounds as f64 / most as f64);
        if !progress.keep_going(search.way(goal).max(way)) {
            break;
        }
    }
    progress.keep(true, &|| write(&search, &digest));
    let mut found = told(compiled, reasons, &search, least);
    if let Some(together) = &search.together {
        crate::coarse::add(compiled, &board.kernel, together, &search.best.plan, goal, &mut found);
    }
    Ok(Some(found))
}

/// The caller's threads, lent to the search.
struct Hands<'a>(&'a dyn Progress);

impl detente_sequence::search::Crew for Hands<'_> {
    fn each<'a>(&self, jobs: Vec<detente_sequence::search::Job<'a>>) {
        self.0.each(jobs);
    }
}

/// The variants asked for, or those that suit the game.
fn arms(how: &Regrets) -> Vec<Arm> {
    let rounds = how.rounds.unwrap_or(SCHEDULE).clamp(1, u64::from(u32::MAX)) as u32;
    if !how.arms.is_empty() {
        return how.arms.iter().filter_map(|name| Arm::named(name, rounds)).collect();
    }
    vec![Arm::Scheduled(rounds), Arm::Cautious, Arm::Discounted]
}

/// The best profile in exact numbers, its gap enclosed, and in words what it is.
fn told(compiled: &Compiled<'_>, reasons: &[String], search: &Search, least: f64) -> Solution {
    let Compiled { game, numbers, form, merged } = compiled;
    let at = |p: usize, s: usize| dyadic(search.best.plan[p][merged.class[p][s] as usize]);
    let profile = settled(profile(game, form, at));
    let plan: Vec<Vec<f64>> = form.sides.iter().map(|side: &Side| plan_of(side, &profile)).collect();
    let found = detente_sequence::bound::bound(form, &plan);
    let widest = found.gains.iter().copied().reduce(|a, b| a.max(b)).expect("a game has players");
    let gap = bound(widest);
    let mut open = vec![format!(
        "an equilibrium within its gap: no player gains more than {:e} by deviating; the least at stake at any \
         set is {least}",
        widest.hi(),
    )];
    if let Some(name) = search.winner() {
        open.push(format!("found by regret minimisation ({name}) after {} rounds", search.best.rounds));
    }
    let unresolved = [reasons, &open].concat();
    answer(game, numbers, profile, gap, Status::Certified, unresolved)
}

/// The least and the most that is at stake for its owner at any information set where something is:
/// the difference between the best and the worst end of play after it. Infinite where a payoff
/// is beyond floats.
fn stakes(game: &Game, numbers: &Numbers) -> (f64, f64) {
    let players = game.players.len();
    let (mut least, mut most) = (f64::INFINITY, 0.0f64);
    for p in 0..players {
        let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); game.nodes.len()];
        for (x, node) in game.nodes.iter().enumerate().rev() {
            if node.num_children == 0 {
                let pay = numbers.payoffs[x * players + p].to_f64();
                if !pay.is_finite() {
                    return (0.0, f64::INFINITY);
                }
                ends[x] = (pay, pay);
            }
            if let Some((parent, _)) = node.parent {
                let (low, high) = ends[x];
                let above = &mut ends[parent.index()];
                *above = (above.0.min(low), above.1.max(high));
            }
        }
        for set in game.infosets.iter().filter(|set| set.player.index() == p) {
            let wider = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
            let (low, high) = set.nodes.iter().map(|x| ends[x.index()]).reduce(wider).unwrap_or((0.0, 0.0));
            let stake = high - low;
            if stake > 0.0 {
                least = least.min(stake);
                most = most.max(stake);
            }
        }
    }
    // Nothing is at stake: any plan will do.
    if most == 0.0 { (1.0, 1.0) } else { (least, most) }
}
