//! Decisions that depend on each other in a circle: the play as a fixed point.
//!
//! The one idea: from λ = 0, where all choices are even, the play is followed upward in λ by Newton steps;
//! where the steps become too short the branch has folded, and that is said.

use crate::dual::{Dual, log_sum};
use crate::engine::{Engine, Point, Solved};
use crate::matrix::solve;

/// Largest change of a log-odd that counts as solved.
const SOLVED: f64 = 1e-11;
/// Shortest step in the share of λ before the branch counts as folded.
const SHORTEST: f64 = 1.0 / 1024.0;

impl Engine<'_> {
    /// What the log-odds `y` miss of being a fixed point.
    fn miss(&self, point: &Point, y: &[Dual]) -> Vec<Dual> {
        let log = self.play(y);
        let mut list = vec![];
        for h in 0..log.len() {
            let answer = self.response(h, point, &log);
            list.extend(answer[1..].iter().map(|l| l.minus(&answer[0])));
        }
        y.iter().zip(&list).map(|(y, g)| y.minus(g)).collect()
    }

    /// The play with these log-odds against the first action of each set.
    fn play(&self, y: &[Dual]) -> Vec<Vec<Dual>> {
        let mut rest = y.iter();
        let of_set = |h: &detente_game::Infoset| {
            let mut logs = vec![Dual::of(0.0)];
            logs.extend(rest.by_ref().take(h.actions.len() - 1).cloned());
            let sum = log_sum(&logs);
            logs.iter().map(|l| l.minus(&sum)).collect()
        };
        self.game.infosets.iter().map(of_set).collect()
    }

    /// One Newton step from `y`: the size of the largest change, and the point after it.
    fn newton(&self, point: &Point, y: &[f64]) -> Option<(f64, Vec<f64>)> {
        let n = y.len();
        let vars: Vec<Dual> = y.iter().enumerate().map(|(k, v)| Dual::variable(*v, k, n)).collect();
        let miss = self.miss(point, &vars);
        let rows: Vec<Vec<f64>> = miss.iter().map(|m| (0..n).map(|k| m.by(k)).collect()).collect();
        let step = solve(rows, miss.iter().map(|m| vec![-m.value]).collect())?;
        let size = step.iter().map(|d| d[0].abs()).fold(0.0, f64::max);
        let next: Vec<f64> = y.iter().zip(&step).map(|(y, d)| y + d[0]).collect();
        (size.is_finite()).then_some((size, next))
    }

    /// Newton's method from `y`; `None` unless it settles without wandering off.
    fn settle(&self, point: &Point, y: &[f64], tries: usize, reach: f64) -> Option<Vec<f64>> {
        let mut at = y.to_vec();
        for _ in 0..tries {
            let (size, next) = self.newton(point, &at)?;
            at = next;
            let away = at.iter().zip(y).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            if away > reach {
                return None;
            }
            if size <= SOLVED * (1.0 + away) {
                return Some(at);
            }
        }
        None
    }

    /// The principal branch from λ = 0 to the point's λ; true if it folds on the way.
    pub(crate) fn follow(&self, point: &Point) -> Result<(Vec<f64>, bool), String> {
        let at = |share: f64| Point { lambda: Dual::of(point.lambda.value * share), ..point.clone() };
        let mut y = vec![0.0; self.unknowns()];
        let (mut done, mut step) = (0.0_f64, 0.25_f64);
        while done < 1.0 {
            let next = (done + step).min(1.0);
            match self.settle(&at(next), &y, 8, 1.5) {
                Some(found) => {
                    (y, done) = (found, next);
                    step *= 2.0;
                }
                None => step /= 2.0,
            }
            if step < SHORTEST {
                let found = self.settle(point, &y, 60, f64::INFINITY);
                return found.map(|y| (y, true)).ok_or("no equilibrium was found here".to_string());
            }
        }
        Ok((y, false))
    }

    /// Fixed points found from several starts, the principal one first; log-odds.
    ///
    /// # Errors
    /// In words: no fixed point was found.
    pub fn several(&self, point: &Point, starts: &[Vec<f64>]) -> Result<Vec<Solved>, String> {
        if !self.is_circular() {
            return Ok(vec![self.solve(point)?]);
        }
        let plain = point.plain();
        let (first, folded) = self.follow(&plain)?;
        let mut found = vec![first];
        for start in starts {
            let start: Vec<f64> = start.iter().copied().cycle().take(self.unknowns()).collect();
            let Some(y) = self.settle(&plain, &start, 60, f64::INFINITY) else { continue };
            let near = |other: &Vec<f64>| y.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-6);
            if !found.iter().any(near) {
                found.push(y);
            }
        }
        let solved = |y: Vec<f64>| {
            let duals: Vec<Dual> = y.iter().map(|v| Dual::of(*v)).collect();
            Solved { log: self.play(&duals), folded }
        };
        Ok(found.into_iter().map(solved).collect())
    }

    /// The play at a fixed point with its derivatives.
    pub(crate) fn with_slopes(&self, point: &Point, plain: &Point, y: &[f64]) -> Option<Vec<Vec<Dual>>> {
        let n = y.len();
        let vars: Vec<Dual> = y.iter().enumerate().map(|(k, v)| Dual::variable(*v, k, n)).collect();
        let rows: Vec<Vec<f64>> =
            self.miss(plain, &vars).iter().map(|m| (0..n).map(|k| m.by(k)).collect()).collect();
        let fixed: Vec<Dual> = y.iter().map(|v| Dual::of(*v)).collect();
        let moved = self.miss(point, &fixed);
        let count = moved.iter().map(|m| m.slope.len()).max().unwrap_or(0);
        let right = moved.iter().map(|m| (0..count).map(|k| -m.by(k)).collect()).collect();
        let slopes = solve(rows, right)?;
        let y: Vec<Dual> = y.iter().zip(slopes).map(|(v, slope)| Dual { value: *v, slope }).collect();
        Some(self.play(&y))
    }
}
