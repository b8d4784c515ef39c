//! What each player of a given profile earns, and could still gain by another plan.
//!
//! The one idea: it does not matter where a profile comes from. One walk down the tree for each player finds
//! the best reply to the others; with perfect recall it meets every node once.

use crate::assess::{Gap, View};
use crate::numbers::Number;
use detente_exact::{Interval, Q};
use detente_game::{Game, Numbers};

/// Most nodes for which the walk is made in exact numbers; beyond, in outward-rounded intervals.
const EXACT_NODES: usize = 20_000;

/// One player of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerGap {
    /// Expected payoff, between bounds.
    pub payoff: Gap,
    /// What the best other plan would add.
    pub gain: Gap,
}

/// Returns, per player, the expected payoff and what a best reply would add.
///
/// `profile`: a probability for each action of each information set.
///
/// # Errors
/// In words: the profile does not have one probability per action, or they do not sum to 1.
pub fn profile_gaps(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Result<Vec<PlayerGap>, String> {
    check_shape(game, profile)?;
    Ok(match game.nodes.len() <= EXACT_NODES {
        true => walked::<Q>(game, numbers, profile.to_vec()),
        false => {
            let around = |list: &Vec<Q>| list.iter().map(Interval::from_q).collect();
            walked::<Interval>(game, numbers, profile.iter().map(around).collect())
        }
    })
}

/// Returns the most that each player could gain by another plan, in exact numbers however large the game.
///
/// # Errors
/// As [`profile_gaps`].
pub fn player_gaps(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Result<Vec<Gap>, String> {
    check_shape(game, profile)?;
    Ok(View::<Q>::at(game, numbers, profile.to_vec(), true).player_gaps())
}

pub(crate) fn check_shape(game: &Game, profile: &[Vec<Q>]) -> Result<(), String> {
    if profile.len() != game.infosets.len() {
        return Err(format!("{} sets are given instead of {}", profile.len(), game.infosets.len()));
    }
    for (list, set) in profile.iter().zip(&game.infosets) {
        let sum: Q = list.iter().cloned().sum();
        if list.len() != set.actions.len() || list.iter().any(Q::is_negative) || !sum.is_one() {
            return Err(format!("no probabilities that sum to 1 at the set `{}`", set.label));
        }
    }
    Ok(())
}

fn walked<S: Number>(game: &Game, numbers: &Numbers, probs: Vec<Vec<S>>) -> Vec<PlayerGap> {
    let view = View::at(game, numbers, probs, true);
    let payoffs = view.values.iter().map(Gap::new);
    payoffs.zip(view.player_gaps()).map(|(payoff, gain)| PlayerGap { payoff, gain }).collect()
}

/// The largest gain of any player.
pub fn widest(players: &[PlayerGap]) -> Option<Gap> {
    players.iter().map(|p| p.gain.clone()).reduce(Gap::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn game(text: &str) -> Game {
        detente_game::formats::nfg::read(text).expect("a valid game")
    }

    #[test]
    fn each_player_is_told_its_own_gain() {
        // Three matching games: the third player earns 2 by the first strategy, whatever the others do.
        let pays = "1 -1 2 -1 1 2 -1 1 2 1 -1 2 1 -1 0 -1 1 0 -1 1 0 1 -1 0";
        let game = game(&format!("NFG 1 R \"t\" {{ \"A\" \"B\" \"C\" }} {{ 2 2 2 }}\n{pays}\n"));
        let numbers = game.numbers(&[]).expect("constants only");
        let (half, third) = (Q::new(1, 2), Q::new(1, 3));
        let row = |p: &Q| vec![p.clone(), Q::ONE - p];
        let found = profile_gaps(&game, &numbers, &[row(&half), row(&third), row(&half)]).expect("a profile");
        let gains: Vec<Option<Q>> = found.iter().map(|p| p.gain.exact.clone()).collect();
        // Against 1/3 the first player earns 1/3 by its second strategy; the second cannot gain against 1/2.
        assert_eq!(gains, [Some(third.clone()), Some(Q::ZERO), Some(Q::ONE)]);
        assert_eq!(found[2].payoff.exact, Some(Q::ONE));
        assert_eq!(widest(&found).and_then(|g| g.exact), Some(Q::ONE));
        assert!(profile_gaps(&game, &numbers, &[row(&half), row(&third)]).is_err());
        assert!(profile_gaps(&game, &numbers, &[row(&half), row(&third), vec![half.clone(); 3]]).is_err());
        let twice = [row(&half), row(&third), vec![Q::from(2), Q::from(-1)]];
        assert!(profile_gaps(&game, &numbers, &twice).is_err());
    }
}
