//! Sequential equilibria as limits: smoothed best replies with vanishing noise.
//!
//! At precision L every action has probability proportional to
//! `reference * exp(L * value)`, so every set is reached and Bayes' rule gives all beliefs.
//! As L grows, a convergent path of such points ends at a sequential equilibrium, whatever
//! the reference (Kreps and Wilson 1982; McKelvey and Palfrey, "Quantal response
//! equilibria for extensive form games", 1998). Random references and starts reach
//! different limits. Logarithms carry the probabilities, so nothing underflows.

use crate::random::SplitMix;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// The end of a converged path.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// `profile[h][a]`, every entry positive before rounding.
    pub profile: Vec<Vec<f64>>,
    /// `beliefs[h][k]` by member.
    pub beliefs: Vec<Vec<f64>>,
    /// The last precision times the range of payoffs.
    pub precision: f64,
    /// Largest gain from changing one action at one set given the beliefs, in payoff units.
    pub regret: f64,
}

/// Precision, in units of 1 over the payoff range, at which paths start and end.
const FIRST: f64 = 1.0;
const LAST: f64 = 1e7;
/// Largest residual of a point that counts as solved.
const RESIDUAL: f64 = 1e-7;

/// Follows `starts` random paths and returns the ends of those that converge.
pub fn trembles(game: &Game, numbers: &Numbers, seed: u64, starts: usize) -> Vec<Limit> {
    let tree = Tree::new(game, numbers);
    (0..starts)
        .filter_map(|k| {
            let mut random = SplitMix::new(seed ^ (k as u64).wrapping_mul(0x2545_F491_4F6C_DD1D));
            tree.path(&mut random)
        })
        .collect()
}

/// The game in floats; payoffs divided by their range.
struct Tree<'a> {
    game: &'a Game,
    log_chance: Vec<Vec<f64>>,
    pay: Vec<f64>,
    range: f64,
    /// Where each set's actions start in a vector of all actions.
    offset: Vec<usize>,
    actions: usize,
}

impl<'a> Tree<'a> {
    fn new(game: &'a Game, numbers: &Numbers) -> Tree<'a> {
        let log_chance = numbers.chance.iter().map(|c| c.iter().map(|p| p.to_f64().ln()).collect()).collect();
        let ends = || (0..game.nodes.len()).filter(|k| matches!(game.nodes[*k].kind, NodeKind::Terminal(_)));
        let players = game.players.len();
        let at = |k: usize, p: usize| numbers.payoffs[k * players + p].to_f64();
        let span = |p: usize| {
            let low = ends().map(|k| at(k, p)).fold(f64::INFINITY, f64::min);
            ends().map(|k| at(k, p)).fold(f64::NEG_INFINITY, f64::max) - low
        };
        let range = (0..players).map(span).fold(1e-9, f64::max);
        let pay = (0..game.nodes.len() * players).map(|k| numbers.payoffs[k].to_f64() / range).collect();
        let mut actions = 0;
        let offset = game.infosets.iter().map(|h| {
            actions += h.actions.len();
            actions - h.actions.len()
        });
        let offset = offset.collect();
        Tree { game, log_chance, pay, range, offset, actions }
    }

    /// Beliefs at every set and the value of every action, at log probabilities `log`.
    fn evaluate(&self, log: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let game = self.game;
        let players = game.players.len();
        let mut reach = vec![0.0; game.nodes.len()];
        for (k, node) in game.nodes.iter().enumerate() {
            if let Some((parent, position)) = node.parent {
                reach[k] = reach[parent.index()] + self.log_branch(parent, position as usize, log);
            }
        }
        let mut value = vec![0.0; game.nodes.len() * players];
        for k in (0..game.nodes.len()).rev() {
            let children = game.children(NodeId(k as u32));
            for p in 0..players {
                value[k * players + p] = if children.is_empty() {
                    self.pay[k * players + p]
                } else {
                    let branch = |a: usize| self.log_branch(NodeId(k as u32), a, log).exp();
                    (0..children.len()).map(|a| branch(a) * value[children[a].index() * players + p]).sum()
                };
            }
        }
        let mut beliefs = Vec::new();
        let mut action_values = vec![0.0; self.actions];
        for (h, set) in game.infosets.iter().enumerate() {
            let top = set.nodes.iter().map(|x| reach[x.index()]).fold(f64::NEG_INFINITY, f64::max);
            let raw: Vec<f64> = set.nodes.iter().map(|x| (reach[x.index()] - top).exp()).collect();
            let sum: f64 = raw.iter().sum();
            let belief: Vec<f64> = raw.iter().map(|w| w / sum).collect();
            for a in 0..set.actions.len() {
                let at = |x: &NodeId| value[game.children(*x)[a].index() * players + set.player.index()];
                action_values[self.offset[h] + a] =
                    set.nodes.iter().zip(&belief).map(|(x, b)| b * at(x)).sum();
            }
            beliefs.push(belief);
        }
        (beliefs, action_values)
    }

    fn log_branch(&self, node: NodeId, position: usize, log: &[f64]) -> f64 {
        match self.game.nodes[node.index()].kind {
            NodeKind::Decision(h) => log[self.offset[h.index()] + position],
            NodeKind::Chance(c) => self.log_chance[c.index()][position],
            NodeKind::Terminal(_) => 0.0,
        }
    }

    /// Log probabilities out of free logits: each set sums to 1 exactly.
    fn normalised(&self, logits: &[f64]) -> Vec<f64> {
        let mut log = logits.to_vec();
        for (h, set) in self.game.infosets.iter().enumerate() {
            let slice = &mut log[self.offset[h]..self.offset[h] + set.actions.len()];
            let top = slice.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = slice.iter().map(|l| (l - top).exp()).sum();
            slice.iter_mut().for_each(|l| *l -= top + sum.ln());
        }
        log
    }

    /// How far logits (relative to each set's first action) are from a smoothed reply.
    fn residual(&self, logits: &[f64], reference: &[f64], precision: f64) -> Vec<f64> {
        let (_, value) = self.evaluate(&self.normalised(logits));
        let mut out = vec![0.0; self.actions];
        for (h, set) in self.game.infosets.iter().enumerate() {
            let first = self.offset[h];
            for k in first + 1..first + set.actions.len() {
                let target = reference[k] - reference[first] + precision * (value[k] - value[first]);
                out[k] = logits[k] - logits[first] - target;
            }
            out[first] = logits[first];
        }
        out
    }

    /// Newton's method with halved steps; false if it does not converge.
    fn solve(&self, logits: &mut Vec<f64>, reference: &[f64], precision: f64) -> bool {
        let size = |r: &[f64]| r.iter().map(|x| x.abs()).fold(0.0, f64::max);
        let tolerance = RESIDUAL * (1.0 + precision * 1e-6);
        let mut residual = self.residual(logits, reference, precision);
        for _ in 0..30 {
            if size(&residual) <= tolerance {
                return true;
            }
            let Some(step) = self.newton_step(logits, &residual, reference, precision) else { return false };
            let mut scale = 1.0;
            loop {
                let trial: Vec<f64> = logits.iter().zip(&step).map(|(l, s)| l - scale * s).collect();
                let next = self.residual(&trial, reference, precision);
                if next.iter().all(|x| x.is_finite()) && size(&next) < size(&residual) {
                    *logits = trial;
                    residual = next;
                    break;
                }
                scale /= 2.0;
                if scale < 1e-4 {
                    return false;
                }
            }
        }
        false
    }

    fn newton_step(
        &self,
        logits: &[f64],
        residual: &[f64],
        reference: &[f64],
        precision: f64,
    ) -> Option<Vec<f64>> {
        const STEP: f64 = 1e-5;
        let n = self.actions;
        let mut matrix = vec![vec![0.0; n + 1]; n];
        for column in 0..n {
            let mut shifted = logits.to_vec();
            shifted[column] += STEP;
            let up = self.residual(&shifted, reference, precision);
            shifted[column] -= 2.0 * STEP;
            let down = self.residual(&shifted, reference, precision);
            for row in 0..n {
                matrix[row][column] = (up[row] - down[row]) / (2.0 * STEP);
            }
        }
        for row in 0..n {
            matrix[row][n] = residual[row];
        }
        solve_linear(matrix)
    }

    fn path(&self, random: &mut SplitMix) -> Option<Limit> {
        let reference: Vec<f64> = (0..self.actions).map(|_| 2.0 * random.unit().ln()).collect();
        let mut precision = FIRST * (1.0 + 30.0 * random.unit() * random.unit());
        let mut logits: Vec<f64> = (0..self.actions).map(|_| 4.0 * (random.unit() - 0.5)).collect();
        let start: Vec<f64> = self.offset.iter().map(|o| logits[*o]).collect();
        for (h, set) in self.game.infosets.iter().enumerate() {
            for k in 0..set.actions.len() {
                logits[self.offset[h] + k] -= start[h];
            }
        }
        if !self.solve(&mut logits, &reference, precision) {
            return None;
        }
        let mut factor: f64 = 1.3;
        let mut before: Option<(f64, Vec<f64>)> = None;
        while precision < LAST {
            let next = (precision * factor).min(LAST);
            // Logits grow in proportion to precision where an action is inferior.
            let mut trial = match &before {
                Some((last, old)) => {
                    let along = (next - precision) / (precision - last);
                    logits.iter().zip(old).map(|(l, o)| l + along * (l - o)).collect()
                }
                None => logits.clone(),
            };
            if self.solve(&mut trial, &reference, next) {
                before = Some((precision, std::mem::replace(&mut logits, trial)));
                precision = next;
                factor = (factor * 1.1).min(2.0);
            } else {
                factor = 1.0 + (factor - 1.0) / 2.0;
                if factor < 1.001 {
                    return None;
                }
            }
        }
        Some(self.limit(&logits, precision))
    }

    fn limit(&self, logits: &[f64], precision: f64) -> Limit {
        let log = self.normalised(logits);
        let (beliefs, value) = self.evaluate(&log);
        let mut profile = Vec::new();
        let mut regret: f64 = 0.0;
        for (h, set) in self.game.infosets.iter().enumerate() {
            let range = self.offset[h]..self.offset[h] + set.actions.len();
            let row: Vec<f64> = log[range.clone()].iter().map(|l| l.exp()).collect();
            let best = value[range.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mean: f64 = row.iter().zip(&value[range]).map(|(p, v)| p * v).sum();
            regret = regret.max((best - mean) * self.range);
            profile.push(row);
        }
        Limit { profile, beliefs, precision, regret }
    }
}

/// Gaussian elimination with row pivoting on rows with their right-hand side.
fn solve_linear(mut m: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = m.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| m[*a][column].abs().total_cmp(&m[*b][column].abs()))?;
        if m[pivot][column].abs() < 1e-300 || !m[pivot][column].is_finite() {
            return None;
        }
        m.swap(column, pivot);
        let source = m[column].clone();
        for row in m.iter_mut().skip(column + 1) {
            let factor = row[column] / source[column];
            for (entry, s) in row[column..].iter_mut().zip(&source[column..]) {
                *entry -= factor * s;
            }
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| m[row][k] * m[k][n]).sum();
        m[row][n] = (m[row][n] - known) / m[row][row];
    }
    Some(m.into_iter().map(|row| row[n]).collect())
}
