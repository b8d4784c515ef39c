//! From utilities to votes, from votes to coalitions, from coalitions to the odds of a pair.
//!
//! The one idea: an option's coalition is the sum of all votes for it against one other option.
//! Source: KTAB (see `options.rs`), where the rules carry these names.

use super::options::{Victory, VotingRule};

/// Added to every coalition, so that two empty ones are even. It is absolute, as published: capabilities
/// far below 1 drown in it.
pub const LEAST_COALITION: f64 = 1e-8;
/// A difference in utility below this is no sure binary vote.
const BINARY_WIDTH: f64 = 1e-8;
/// The share of the binary vote in [`VotingRule::PropBin`].
const BINARY_SHARE: f64 = 0.2;
/// The edge in strength that wins for sure under [`Victory::Binary`].
const SURE_EDGE: f64 = 1.1;
/// What the loser of a sure win keeps, before the odds are scaled to sum to 1.
const SURE_LOSER: f64 = 1e-6;

/// Returns the vote of an actor of that weight for an option that is better for it by `gain`.
pub fn vote(rule: VotingRule, weight: f64, gain: f64) -> f64 {
    match rule {
        VotingRule::Proportional => weight * gain,
        VotingRule::Binary => weight * (gain / BINARY_WIDTH).clamp(-1.0, 1.0),
        VotingRule::PropBin => {
            let binary = (gain / BINARY_WIDTH).clamp(-1.0, 1.0);
            weight * ((1.0 - BINARY_SHARE) * gain + BINARY_SHARE * binary)
        }
        VotingRule::PropCbc => weight * (0.5 * gain + 0.5 * gain * gain * gain),
        VotingRule::Cubic => weight * gain * gain * gain,
        VotingRule::AsymProsp if gain < 0.0 => weight * gain,
        VotingRule::AsymProsp => 2.0 * weight * gain / 3.0,
    }
}

/// Returns the probabilities that the first and the second coalition win.
///
/// Two coalitions without any strength are even.
pub fn victory(rule: Victory, first: f64, second: f64) -> (f64, f64) {
    let most = first.max(second);
    if most <= 0.0 {
        return (0.5, 0.5);
    }
    // Scaled by the larger, so that high powers of large strengths stay finite.
    let (a, b) = (first.max(0.0) / most, second.max(0.0) / most);
    let power = |x: f64| match rule {
        Victory::Square => x * x,
        Victory::Quartic => (x * x) * (x * x),
        Victory::Octic => {
            let fourth = (x * x) * (x * x);
            fourth * fourth
        }
        Victory::Linear | Victory::Binary => x,
    };
    let (a, b) = if rule == Victory::Binary { binary_odds(a, b) } else { (power(a), power(b)) };
    (a / (a + b), b / (a + b))
}

/// An edge of a tenth is sure; between the edges the odds are linear in the share of strength.
fn binary_odds(a: f64, b: f64) -> (f64, f64) {
    if a >= SURE_EDGE * b {
        (1.0, SURE_LOSER)
    } else if b >= SURE_EDGE * a {
        (SURE_LOSER, 1.0)
    } else {
        let odds = (a / (a + b) * (SURE_EDGE + 1.0) - 1.0) / (SURE_EDGE - 1.0);
        let odds = odds.clamp(0.0, 1.0);
        (odds, 1.0 - odds)
    }
}

/// Returns the strength of the coalition for `a` against `b` at `[a * options + b]`.
///
/// `utility[option * actors + actor]` is what an option is worth to an actor.
pub fn coalitions(rule: VotingRule, weights: &[f64], utility: &[f64]) -> Vec<f64> {
    let actors = weights.len();
    let options = utility.len().checked_div(actors).unwrap_or(0);
    let mut strength = vec![LEAST_COALITION; options * options];
    for a in 0..options {
        let for_a = &utility[a * actors..(a + 1) * actors];
        for b in 0..a {
            let for_b = &utility[b * actors..(b + 1) * actors];
            let (mut above, mut below) = (LEAST_COALITION, LEAST_COALITION);
            for ((x, y), w) in for_a.iter().zip(for_b).zip(weights) {
                let v = vote(rule, *w, x - y);
                above += v.max(0.0);
                below += (-v).max(0.0);
            }
            strength[a * options + b] = above;
            strength[b * options + a] = below;
        }
    }
    strength
}

/// Returns the probability that option `a` beats option `b` at `[a * options + b]`; even on the diagonal.
pub fn victories(rule: Victory, strength: &[f64], options: usize) -> Vec<f64> {
    let mut odds = vec![0.5; options * options];
    for a in 0..options {
        for b in 0..a {
            let (up, down) = victory(rule, strength[a * options + b], strength[b * options + a]);
            odds[a * options + b] = up;
            odds[b * options + a] = down;
        }
    }
    odds
}

#[cfg(test)]
mod tests {
    use super::super::options::Named;
    use super::*;

    #[test]
    fn votes_follow_their_definitions() {
        assert_eq!(vote(VotingRule::Proportional, 2.0, -0.25), -0.5);
        assert_eq!(vote(VotingRule::Binary, 2.0, 0.25), 2.0);
        assert!((vote(VotingRule::PropBin, 2.0, -0.5) - 2.0 * (-0.4 - 0.2)).abs() < 1e-15);
        assert_eq!(vote(VotingRule::PropCbc, 2.0, 0.5), 0.5 + 0.125);
        assert_eq!(vote(VotingRule::Cubic, 2.0, -0.5), -0.25);
        assert_eq!(vote(VotingRule::AsymProsp, 3.0, 0.5), 1.0);
        assert_eq!(vote(VotingRule::AsymProsp, 3.0, -0.5), -1.5);
        for (rule, name) in VotingRule::NAMES {
            assert_eq!(vote(*rule, 0.0, 1.0), 0.0, "{name} without weight");
            assert_eq!(vote(*rule, 5.0, 0.0), 0.0, "{name} without difference");
        }
    }

    #[test]
    fn odds_of_a_pair_sum_to_one_and_grow_with_strength() {
        for (rule, name) in Victory::NAMES {
            for (a, b) in [(1.0, 1.0), (3.0, 1.0), (1e-8, 1e8), (1e60, 2e60), (1.04, 1.0)] {
                let (up, down) = victory(*rule, a, b);
                assert!((up + down - 1.0).abs() < 1e-15, "{name} {a} {b}");
                let mirrored = victory(*rule, b, a);
                assert!(
                    (down - mirrored.0).abs() < 1e-14 && (up - mirrored.1).abs() < 1e-14,
                    "{name} {a} {b}"
                );
            }
            assert_eq!(victory(*rule, 0.0, 0.0), (0.5, 0.5));
        }
        assert_eq!(victory(Victory::Linear, 3.0, 1.0).0, 0.75);
        assert!((victory(Victory::Square, 3.0, 1.0).0 - 0.9).abs() < 1e-15);
        assert!((victory(Victory::Quartic, 3.0, 1.0).0 - 81.0 / 82.0).abs() < 1e-15);
        assert!((victory(Victory::Octic, 3.0, 1.0).0 - 6561.0 / 6562.0).abs() < 1e-15);
        assert!((victory(Victory::Binary, 1.1, 1.0).0 - 1.0).abs() < 2e-6);
        let near = victory(Victory::Binary, 1.05, 1.0).0;
        assert!((near - (1.05 / 2.05 * 2.1 - 1.0) / 0.1).abs() < 1e-9);
    }
}
