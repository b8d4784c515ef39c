//! Quantal response in plain floats: the principal branch at one precision after another.
//!
//! The one idea: inference needs the play at hundreds of precisions and no proof of each, so this
//! door gives the computed logarithms of all probabilities and says where the branch is in doubt.
//! One answer with bounds is what [`crate::solve`] gives for `Concept::Qre`.

use crate::qre::certify::sharpen;
use crate::qre::field::Field;
use crate::qre::path::{Stop, Walk};
use crate::qre::{MAX_UNKNOWNS, doubts};
use crate::settings::Progress;
use detente_game::{Game, Numbers};

/// A game at one point of its parameters, ready to be followed.
pub struct Logit<'a> {
    field: Field<'a, f64>,
}

/// The play on the principal branch at one precision.
#[derive(Clone, Debug, PartialEq)]
pub struct LogitPlay {
    /// Precision of choice, in 1 / payoff units.
    pub lambda: f64,
    /// Natural logarithm of the probability of each action, per information set.
    pub log: Vec<Vec<f64>>,
    /// What makes it doubtful that this is the one equilibrium meant, in words: the branch turned
    /// back, or met another one.
    pub doubts: Vec<String>,
}

impl<'a> Logit<'a> {
    /// Prepares a game.
    pub fn new(game: &'a Game, numbers: &Numbers) -> Logit<'a> {
        Logit { field: Field::new(game, numbers) }
    }

    /// The widest range of any player's payoff: the unit in which 1 / λ is best understood.
    pub fn range(&self) -> f64 {
        self.field.range()
    }

    /// The play at precision `lambda`, where the branch from λ = 0 first reaches it.
    ///
    /// # Errors
    /// In words: the game is too large to follow, λ is not a number of at least 0, or the branch
    /// could not be followed that far.
    pub fn at(&self, lambda: f64, progress: &dyn Progress) -> Result<LogitPlay, String> {
        self.along(&[lambda], progress).swap_remove(0)
    }

    /// The plays at several precisions in ascending order, in one walk. After the first one that
    /// cannot be reached, all fail.
    pub fn along(&self, lambdas: &[f64], progress: &dyn Progress) -> Vec<Result<LogitPlay, String>> {
        let mut walk = Walk::new(&self.field);
        let mut failed: Option<String> = None;
        let mut one = |lambda: &f64| {
            if let Some(why) = &failed {
                return Err(why.clone());
            }
            let found = self.step(&mut walk, *lambda, progress);
            failed = found.as_ref().err().cloned();
            found
        };
        lambdas.iter().map(&mut one).collect()
    }

    fn step(&self, walk: &mut Walk, lambda: f64, progress: &dyn Progress) -> Result<LogitPlay, String> {
        if self.field.unknowns() > MAX_UNKNOWNS {
            return Err(format!(
                "{} free probabilities are more than the {MAX_UNKNOWNS} for which the logit path is followed",
                self.field.unknowns()
            ));
        }
        if !(lambda.is_finite() && lambda >= 0.0) {
            return Err(format!("lambda must be a number of at least 0, not {lambda}"));
        }
        let trace = walk.to(lambda, progress);
        let doubts = doubts(&trace);
        if trace.stop != Stop::Reached {
            return Err(doubts.join("; "));
        }
        let play = self.field.play(&sharpen(&self.field, &trace.odds, lambda));
        let log = self.field.sets.iter().map(|s| play.log[s.first..s.first + s.actions].to_vec()).collect();
        Ok(LogitPlay { lambda, log, doubts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Silent;

    #[test]
    fn one_decision_is_a_logit_choice() {
        let text = "EFG 2 R \"t\" { \"A\" }\np \"\" 1 1 \"h\" { \"l\" \"r\" } 0\n\
                    t \"\" 1 \"x\" { 1 }\nt \"\" 2 \"y\" { 3 }\n";
        let game = detente_game::formats::efg::read(text).expect("a valid game");
        let numbers = game.numbers(&[]).expect("constants only");
        let logit = Logit::new(&game, &numbers);
        assert_eq!(logit.range(), 2.0);
        let play = logit.at(0.75, &Silent).expect("a short path");
        assert!((play.log[0][0] + libm::log(1.0 + libm::exp(1.5))).abs() < 1e-12, "{play:?}");
        let several = logit.along(&[0.1, 0.75, 0.75, 40.0], &Silent);
        for (found, lambda) in several.iter().zip([0.1, 0.75, 0.75, 40.0]) {
            let log = &found.as_ref().expect("a short path").log;
            assert!((log[0][0] + libm::log1p(libm::exp(2.0 * lambda))).abs() < 1e-10, "{lambda} {log:?}");
        }
        assert!(logit.at(-1.0, &Silent).is_err() && logit.at(f64::NAN, &Silent).is_err());
    }
}
