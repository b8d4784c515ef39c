//! From the odds of pairs to one distribution over options: the probabilistic Condorcet election.
//!
//! The one idea: if one option beats all others it wins; these rules say how likely each is to be that
//! one, either at once (conditional) or as the favourite after many challenges (Markov).
//! Source: KTAB (see `options.rs`).

use super::options::{Election, Victory};
use super::vote::victories;

/// Added to an option's incentive to challenge itself, so that a favourite of all stays.
const SELF_SUPPORT: f64 = 1e-10;
/// The chain rests when no probability moves by more than this; the published tolerances.
const UNIFORM_REST: f64 = 1e-6;
const INCENTIVE_REST: f64 = 1e-8;
/// The chain is halved towards its image in each step and is at rest long before.
const MOST_STEPS: usize = 10_000;

/// Returns the probability of each option, from coalition strengths (`[a * options + b]`: for a against b).
///
/// Of options that nobody can tell apart each is equally likely; of none the answer is empty.
pub fn election(rule: Election, victory: Victory, strength: &[f64], options: usize) -> Vec<f64> {
    let odds = victories(victory, strength, options);
    match rule {
        Election::Conditional => conditional(&odds, options),
        Election::MarkovUniform => markov_uniform(&odds, options),
        Election::MarkovIncentive => markov_incentive(strength, &odds, options),
    }
}

fn conditional(odds: &[f64], options: usize) -> Vec<f64> {
    let mut all: Vec<f64> =
        (0..options).map(|a| odds[a * options..(a + 1) * options].iter().product()).collect();
    let total: f64 = all.iter().sum();
    // Below this the products have lost digits; the same in logarithms has not.
    if total < 1e-280 {
        return conditional_by_logarithms(odds, options);
    }
    all.iter_mut().for_each(|p| *p /= total);
    all
}

fn conditional_by_logarithms(odds: &[f64], options: usize) -> Vec<f64> {
    let sums: Vec<f64> = (0..options)
        .map(|a| odds[a * options..(a + 1) * options].iter().map(|p| libm::log(p.max(1e-300))).sum())
        .collect();
    let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let all: Vec<f64> = sums.iter().map(|s| libm::exp(s - most)).collect();
    let total: f64 = all.iter().sum();
    all.iter().map(|p| p / total).collect()
}

/// Each option challenges the favourite equally often.
fn markov_uniform(odds: &[f64], options: usize) -> Vec<f64> {
    let mut step: Vec<f64> = odds.iter().map(|p| p / options as f64).collect();
    for a in 0..options {
        let keeps: f64 = odds[a * options..(a + 1) * options].iter().sum();
        step[a * options + a] += keeps / options as f64;
    }
    long_run(&step, options, UNIFORM_REST)
}

/// Each option challenges the favourite in proportion to what its coalition would gain.
fn markov_incentive(strength: &[f64], odds: &[f64], options: usize) -> Vec<f64> {
    // How likely `a` is to be the challenger while `b` is the favourite.
    let mut challenge = vec![0.0; options * options];
    for b in 0..options {
        let incentive = |a: usize| {
            let own = if a == b { SELF_SUPPORT } else { 0.0 };
            strength[a * options + b] * odds[a * options + b] + own
        };
        let total: f64 = (0..options).map(incentive).sum();
        for a in 0..options {
            challenge[a * options + b] = incentive(a) / total;
        }
    }
    // From favourite `b`, option `a` comes next by challenging and winning, or by being the favourite
    // and beating off whoever challenges.
    let mut step = vec![0.0; options * options];
    for a in 0..options {
        let mut keeps = 0.0;
        for b in 0..options {
            step[a * options + b] = odds[a * options + b] * challenge[a * options + b];
            keeps += odds[a * options + b] * challenge[b * options + a];
        }
        step[a * options + a] += keeps;
    }
    long_run(&step, options, INCENTIVE_REST)
}

/// Returns where the chain with these steps (`[to * options + from]`) rests, started from all options
/// alike and moved half of the way in each step.
fn long_run(step: &[f64], options: usize, rest: f64) -> Vec<f64> {
    let mut now = vec![1.0 / options as f64; options];
    let mut next = now.clone();
    for _ in 0..MOST_STEPS {
        let mut change = 0.0f64;
        for (a, row) in step.chunks(options.max(1)).enumerate() {
            let sum: f64 = row.iter().zip(&now).map(|(p, q)| p * q).sum();
            change = change.max((sum - now[a]).abs());
            next[a] = (now[a] + sum) / 2.0;
        }
        std::mem::swap(&mut now, &mut next);
        if change <= rest {
            break;
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::super::options::Named;
    use super::*;

    /// The published matrix with three options and its three answers (KTAB, demonstration of
    /// elections, victory rule Square; printed to four decimals).
    #[test]
    fn three_options_have_their_published_answers() {
        let strength = [0.0, 12.099, 54.921, 10.333, 0.0, 27.079, 5.007, 55.047, 0.0];
        let published = [
            (Election::MarkovUniform, [0.6351, 0.2148, 0.1501]),
            (Election::MarkovIncentive, [0.5094, 0.2796, 0.2110]),
            (Election::Conditional, [0.8659, 0.1241, 0.0100]),
        ];
        for (rule, answer) in published {
            let found = election(rule, Victory::Square, &strength, 3);
            for (x, y) in found.iter().zip(answer) {
                assert!((x - y).abs() < 1e-4, "{rule:?}: {found:?}");
            }
        }
        let odds = victories(Victory::Square, &strength, 3);
        let printed = [0.5, 0.5782, 0.9918, 0.4218, 0.5, 0.1948, 0.0082, 0.8052, 0.5];
        assert!(odds.iter().zip(printed).all(|(x, y)| (x - y).abs() < 5e-5), "{odds:?}");
    }

    #[test]
    fn equal_options_are_equally_likely_and_one_is_certain() {
        for (rule, name) in Election::NAMES {
            for options in [1usize, 2, 7] {
                let even = election(*rule, Victory::Linear, &vec![1e-8; options * options], options);
                for p in &even {
                    assert!((p - 1.0 / options as f64).abs() < 1e-12, "{name}: {even:?}");
                }
            }
            assert!(election(*rule, Victory::Linear, &[], 0).is_empty());
        }
    }

    #[test]
    fn very_small_odds_do_not_vanish() {
        let options = 60;
        let strength: Vec<f64> =
            (0..options * options).map(|x| if (x / options) < (x % options) { 1.0 } else { 1e-8 }).collect();
        for (rule, name) in Election::NAMES {
            let found = election(*rule, Victory::Octic, &strength, options);
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}");
            assert!(found[0] > 0.9, "{name}: {}", found[0]);
        }
    }
}
