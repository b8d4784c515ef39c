//! The game at one parameter point: every probability and payoff a number.
//!
//! Payoffs are summed along the path once, so a solver only looks at
//! terminals. The numbers are exact rationals; a step that is irrational was
//! rounded once to the nearest f64, and `rounded` says that this happened.

use crate::game::{Game, NodeKind, ParamId};
use crate::tape::{ExprId, TapeError};
use detente_exact::Q;

/// Exact numbers of a game at one point of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// Value of every parameter.
    pub params: Vec<Q>,
    /// Value of every tape position; `None` where it is undefined and unused.
    pub tape: Vec<Option<Q>>,
    /// `chance[c][k]`: probability of arm `k` of chance move `c`.
    pub chance: Vec<Vec<Q>>,
    /// `payoffs[n * players + p]`: total payoff of player `p` from the root
    /// through node `n` (at a terminal: the payoff of that play).
    pub payoffs: Vec<Q>,
    /// True if some number had to be rounded to a float.
    pub rounded: bool,
}

/// Why a game has no numbers at a point.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumbersError {
    #[error("a formula has no value at these parameters: {error}")]
    Undefined { expr: ExprId, error: TapeError },
    #[error("the probabilities of `{event}` sum to {sum}, not 1")]
    Sum { event: String, sum: Q },
    #[error("the probability of `{arm}` in `{event}` is {value}, outside (0, 1]")]
    Range { event: String, arm: String, value: Q },
}

impl Game {
    /// Returns the base value of every parameter.
    pub fn base_params(&self) -> Vec<Q> {
        self.params.iter().map(|p| p.base.clone()).collect()
    }

    /// Returns the parameter called `name`.
    pub fn find_param(&self, name: &str) -> Option<ParamId> {
        self.params.iter().position(|p| p.name == name).map(|i| ParamId(i as u32))
    }

    /// Evaluates every probability and payoff at `params`.
    ///
    /// # Errors
    /// An undefined formula, or chance probabilities that are not positive or do not sum to 1.
    pub fn numbers(&self, params: &[Q]) -> Result<Numbers, NumbersError> {
        let tape = self.tape.eval_exact(params);
        let mut rounded = false;
        let mut at = |expr: ExprId| match &tape[expr.0 as usize] {
            Ok((value, mark)) => {
                rounded |= mark;
                Ok(value.clone())
            }
            Err(error) => Err(NumbersError::Undefined { expr, error: error.clone() }),
        };
        let mut chance = Vec::with_capacity(self.chances.len());
        for c in &self.chances {
            let probs = c.probs.iter().map(|e| at(*e)).collect::<Result<Vec<Q>, _>>()?;
            self.check_probabilities(c, &probs)?;
            chance.push(probs);
        }
        let mut lists: Vec<Vec<(usize, Q)>> = Vec::with_capacity(self.pay_lists.len());
        for list in &self.pay_lists {
            let amounts = list.iter().map(|p| Ok((p.player.index(), at(p.amount)?)));
            lists.push(amounts.collect::<Result<_, NumbersError>>()?);
        }
        let players = self.players.len();
        let mut payoffs = vec![Q::ZERO; self.nodes.len() * players];
        for (i, node) in self.nodes.iter().enumerate() {
            if let Some((parent, _)) = node.parent {
                for p in 0..players {
                    payoffs[i * players + p] = payoffs[parent.index() * players + p].clone();
                }
            }
            for (p, amount) in &lists[node.pays.index()] {
                payoffs[i * players + p] += amount;
            }
        }
        let tape = tape.into_iter().map(|v| v.ok().map(|v| v.0)).collect();
        Ok(Numbers { params: params.to_vec(), tape, chance, payoffs, rounded })
    }

    fn check_probabilities(&self, c: &crate::Chance, probs: &[Q]) -> Result<(), NumbersError> {
        let event = || self.event_name(c.event);
        for (k, p) in probs.iter().enumerate() {
            if !p.is_positive() || *p > Q::ONE {
                let arm = self.events[c.event.index()].arms[c.arms[k] as usize].clone();
                return Err(NumbersError::Range { event: event(), arm, value: p.clone() });
            }
        }
        let sum: Q = probs.iter().cloned().sum();
        if sum != Q::ONE {
            return Err(NumbersError::Sum { event: event(), sum });
        }
        Ok(())
    }
}

impl Numbers {
    /// Returns the payoff of player `p` for the play that ends at terminal `node`.
    pub fn payoff(&self, game: &Game, node: crate::NodeId, player: usize) -> &Q {
        debug_assert!(matches!(game.nodes[node.index()].kind, NodeKind::Terminal(_)));
        &self.payoffs[node.index() * game.players.len() + player]
    }
}
