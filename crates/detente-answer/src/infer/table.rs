//! Joint probabilities of hypotheses and observations under one play, in logarithms.
//!
//! The one idea: a play fits the first so many observations and some hypotheses; adding up the
//! plays by these two answers every question of the inference at once.

use crate::play::{Setting, over_plays};
use crate::query::Equilibrium;
use detente_game::{Game, NodeId, NodeKind, Numbers};
use detente_model::question::Happening;
use detente_solve::logit::LogitPlay;

/// Natural logarithms of joint probabilities; minus infinity is impossible.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// `seen[n]`: the first `n` observations.
    pub seen: Vec<f64>,
    /// `with[h][n]`: hypothesis `h` and the first `n` observations.
    pub with: Vec<Vec<f64>>,
    /// `without[h][n]`: not hypothesis `h`, and the first `n` observations.
    pub without: Vec<Vec<f64>>,
}

/// Which plays fit what.
pub struct Fits {
    /// Per end of play: the node, how many leading observations it fits, which hypotheses hold.
    plays: Vec<(NodeId, usize, Vec<bool>)>,
    observations: usize,
    hypotheses: usize,
}

impl Fits {
    /// Sorts the plays of a game at one point of its parameters.
    pub fn new(setting: Setting, observations: &[&Happening], hypotheses: &[&Happening]) -> Fits {
        let mut plays = vec![];
        over_plays(setting, (), |play| {
            let fits = observations.iter().take_while(|o| play.happens(o)).count();
            plays.push((play.end(), fits, hypotheses.iter().map(|h| play.happens(h)).collect()));
        });
        Fits { plays, observations: observations.len(), hypotheses: hypotheses.len() }
    }

    /// How many leading observations some play fits.
    pub fn possible(&self) -> usize {
        self.plays.iter().map(|p| p.1).max().unwrap_or(0)
    }

    /// Adds up the plays, given the logarithm of the probability of each node.
    pub fn table(&self, log_reach: &[f64]) -> Table {
        let sum = |keep: &dyn Fn(&[bool]) -> bool| -> Vec<f64> {
            let mut bins: Vec<Vec<f64>> = vec![vec![]; self.observations + 1];
            for (end, fits, holds) in self.plays.iter().filter(|p| keep(&p.2)) {
                let log = log_reach[end.index()];
                debug_assert_eq!(holds.len(), self.hypotheses);
                bins[..=*fits].iter_mut().for_each(|bin| bin.push(log));
            }
            bins.iter().map(|bin| log_sum(bin)).collect()
        };
        Table {
            seen: sum(&|_| true),
            with: (0..self.hypotheses).map(|h| sum(&|holds| holds[h])).collect(),
            without: (0..self.hypotheses).map(|h| sum(&|holds| !holds[h])).collect(),
        }
    }
}

/// The logarithm of the sum of exponentials.
pub fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + libm::log(logs.iter().map(|l| libm::exp(l - most)).sum())
}

/// Logarithm of the probability of each node, given those of the moves.
pub fn log_reach(game: &Game, numbers: &Numbers, moves: &dyn Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut reach = vec![0.0; game.nodes.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        let Some((parent, arm)) = node.parent else { continue };
        let step = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => moves(h.index(), arm as usize),
            NodeKind::Chance(c) => libm::log(numbers.chance[c.index()][arm as usize].to_f64()),
            NodeKind::Terminal(_) => f64::NEG_INFINITY,
        };
        reach[n] = reach[parent.index()] + step;
    }
    reach
}

/// The table of a quantal response play.
pub fn of_logit(game: &Game, numbers: &Numbers, fits: &Fits, play: &LogitPlay) -> Table {
    fits.table(&log_reach(game, numbers, &|h, a| play.log[h][a]))
}

/// The table of an equilibrium at the point that shows it.
pub fn of_equilibrium(eq: &Equilibrium, fits: &Fits) -> Table {
    let moves = |h: usize, a: usize| libm::log(eq.shown.moves[h][a].middle().max(0.0));
    fits.table(&log_reach(eq.setting.game, eq.setting.numbers, &moves))
}
