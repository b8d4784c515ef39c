//! What regret minimisation is sure of where it promises no Nash equilibrium: a coarse correlated equilibrium.
//!
//! The one idea: of plans that were played a device is made whose weights and profiles are few enough to write
//! down; its gain is enclosed on the whole game, and the referee computes it again. In games where it
//! would be too long, the regret of the whole run is told instead, as a measurement that nobody else checks.

use crate::large::{plan_of, profile, settled};
use crate::polish::{bound, dyadic};
use crate::regrets::Compiled;
use detente_exact::{Interval, Q};
use detente_game::coarse::Coarse;
use detente_game::solution::{Num, Solution};
use detente_sequence::kernel::Kernel;
use detente_sequence::mixture::mixture;
use detente_sequence::together::Together;

/// Most nodes of a game for which a device is written out: the referee walks them once per profile.
const NODES: usize = 200_000;
/// Most actions of all information sets: each has a number per profile in the proof.
const ACTIONS: usize = 10_000;

/// Adds the device to the answer, or says why there is none.
pub(crate) fn add(
    compiled: &Compiled<'_>,
    kernel: &Kernel,
    together: &Together,
    best: &[Vec<f64>],
    goal: f64,
    answer: &mut Solution,
) {
    let Compiled { game, form, .. } = compiled;
    let kind = match form.players() {
        2 => "payoffs whose sum varies".to_string(),
        n => format!("{n} players"),
    };
    let mut say = |text: String| answer.unresolved.push(text);
    say(format!("with {kind} regret minimisation promises no Nash equilibrium: the gap above is what holds"));
    let actions: usize = game.infosets.iter().map(|set| set.actions.len()).sum();
    if together.kept.step == 0 || game.nodes.len() > NODES || actions > ACTIONS {
        let regret = together.regrets(kernel).into_iter().fold(0.0, f64::max);
        say(format!(
            "the play over time, measured and not part of the proof: a coarse correlated equilibrium within \
             {regret:.3e} (a device that draws one of the {} rounds, later ones more often); in a game of this size \
             only the gap above is checked",
            together.run.rounds
        ));
        return;
    }
    let device = device(compiled, kernel, together, best, goal);
    let within = match &device.gain.exact {
        Some(_) => "a coarse correlated equilibrium".to_string(),
        None => {
            let most = device.gain.value + device.gain.radius.unwrap_or(0.0);
            format!("a coarse correlated equilibrium within {most:e}")
        }
    };
    say(format!(
        "what the play over time certainly comes to: {within}, by a device that draws one of {} profiles, written \
         out in the proof",
        device.weights.len()
    ));
    answer.certificate.game = game.sha256();
    answer.certificate.coarse = Some(device);
}

/// The device in exact numbers, with its gain enclosed.
fn device(
    compiled: &Compiled<'_>,
    kernel: &Kernel,
    together: &Together,
    best: &[Vec<f64>],
    goal: f64,
) -> Coarse {
    let Compiled { game, form, merged, .. } = compiled;
    // The profile with the smallest gap is one of them, so the device is never worse than it.
    let plans = together.kept.plans.iter().cloned().chain([best.to_vec()]).collect();
    // No clock: an answer must not depend on when it was asked for.
    let found = mixture(kernel, plans, -goal, &|| true);
    let weights = found.weights.iter().map(|w| dyadic(*w)).collect();
    let weights = settled(vec![weights]).pop().expect("one list went in");
    let kept = weights.into_iter().zip(&found.plans).filter(|(w, _)| w.is_positive());
    let lift = |plan: &Vec<Vec<f64>>| {
        settled(profile(game, form, |p, s| dyadic(plan[p][merged.class[p][s] as usize])))
    };
    let (weights, profiles): (Vec<Q>, Vec<Vec<Vec<Q>>>) = kept.map(|(w, plan)| (w, lift(plan))).unzip();
    let floats: Vec<Vec<Vec<f64>>> = profiles
        .iter()
        .map(|profile| form.sides.iter().map(|side| plan_of(side, profile)).collect())
        .collect();
    let shares = weights.iter().map(Interval::from_q);
    let drawn: Vec<(Interval, &[Vec<f64>])> = shares.zip(floats.iter().map(Vec::as_slice)).collect();
    let gains = detente_sequence::bound::mixed(form, &drawn).gains;
    let widest = gains.into_iter().reduce(|a, b| a.max(b)).expect("a game has players");
    // Where everybody would only lose by refusing, nothing is left of the gain.
    let gain = if widest.hi() <= 0.0 { Num::exact(Q::ZERO) } else { bound(widest) };
    Coarse { weights, profiles, gain }
}
