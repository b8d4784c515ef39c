//! The principal branch of agent logit equilibria, followed from the uniform play.
//!
//! The one idea: with log-odds y and advantages D(y), equilibria at precision λ solve
//! y = λ D(y). The solutions form a curve that starts at (0, 0); it is followed by stepping
//! along its tangent and correcting back by Newton's method (Turocy, "A dynamic homotopy
//! interpretation of the logistic quantal response equilibrium correspondence", Games and
//! Economic Behavior 2005). The curve may turn back in λ. Where another branch crosses it,
//! the determinant of the bordered matrix changes its sign, and that is reported.

use super::field::Field;
use super::linear::{Factored, dot, norm};
use crate::settings::Progress;

/// Most steps along the curve.
const MAX_STEPS: usize = 4_000;
/// Largest angle between tangents of successive points, as a cosine.
const STRAIGHT: f64 = 0.97;
/// Most Newton corrections of one step.
const CORRECTIONS: usize = 6;

/// Why the walk ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// At the precision asked for.
    Reached,
    /// Steps became too short at this precision.
    Stalled(f64),
    /// Too many steps; the precision reached.
    Long(f64),
    /// The caller stopped it.
    Interrupted,
}

/// Where the walk came to.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Log-odds against the first action of each set.
    pub odds: Vec<f64>,
    pub lambda: f64,
    pub stop: Stop,
    /// Ranges of λ in which other branches cross.
    pub crossings: Vec<(f64, f64)>,
}

/// A point of the curve: log-odds, then λ times the payoff range.
struct Curve<'a, 'g> {
    field: &'a Field<'g, f64>,
    range: f64,
}

/// The equations at a point, with derivatives by the log-odds and by the last coordinate.
struct Local {
    miss: Vec<f64>,
    rows: Vec<Vec<f64>>,
}

impl Curve<'_, '_> {
    fn at(&self, z: &[f64]) -> Local {
        let n = z.len() - 1;
        let lambda = z[n] / self.range;
        let play = self.field.play(&z[..n]);
        let worth = self.field.worth(&play, None);
        let (gains, slopes) = self.field.advantages(&play, &worth, true);
        let miss = (0..n).map(|k| z[k] - lambda * gains[k]).collect();
        let row = |(k, s): (usize, &Vec<f64>)| {
            let mut row: Vec<f64> = s.iter().map(|d| -lambda * d).collect();
            row[k] += 1.0;
            row.push(-gains[k] / self.range);
            row
        };
        Local { miss, rows: slopes.iter().enumerate().map(row).collect() }
    }

    /// The unit tangent that goes on in the direction `along`, and the sign of the bordered
    /// determinant.
    fn tangent(&self, local: Local, along: &[f64]) -> Option<(Vec<f64>, i32)> {
        let n = along.len();
        let mut rows = local.rows.clone();
        rows.push(along.to_vec());
        let mut right = vec![0.0; n];
        right[n - 1] = 1.0;
        let mut t = Factored::new(rows).solve(&right)?;
        let length = norm(&t);
        t.iter_mut().for_each(|x| *x /= length);
        let mut rows = local.rows;
        rows.push(t.clone());
        let sign = Factored::new(rows).sign;
        Some((t, sign))
    }

    /// Newton's method on the equations and one more: staying on the plane through `z` across
    /// `border`. Returns the point, the length of all corrections, and the equations there (up
    /// to the last, tiny correction).
    fn correct(&self, mut z: Vec<f64>, border: &[f64]) -> Option<(Vec<f64>, f64, Local)> {
        let size = norm(&z);
        let (mut last, mut total) = (f64::INFINITY, 0.0);
        for _ in 0..CORRECTIONS {
            let local = self.at(&z);
            let mut rows = local.rows.clone();
            rows.push(border.to_vec());
            let mut right: Vec<f64> = local.miss.iter().map(|x| -x).collect();
            right.push(0.0);
            let step = Factored::new(rows).solve(&right)?;
            z.iter_mut().zip(&step).for_each(|(x, d)| *x += d);
            let length = norm(&step);
            total += length;
            if length <= 1e-10 + 1e-13 * size {
                return Some((z, total, local));
            }
            // Rounding sets a floor below which steps no longer shrink.
            let is_floor = length <= 1e-7 + 1e-11 * size;
            if length > 0.5 * last || is_floor && length > 0.1 * last {
                return is_floor.then_some((z, total, local));
            }
            last = length;
        }
        None
    }
}

/// Follows the principal branch until λ reaches `target` for the first time.
pub fn follow(field: &Field<f64>, target: f64, progress: &dyn Progress) -> Trace {
    Walk::new(field).to(target, progress)
}

/// A walk along the principal branch that can stop at one precision and go on to a higher one.
pub struct Walk<'a, 'g> {
    curve: Curve<'a, 'g>,
    /// Log-odds, then λ times the payoff range.
    z: Vec<f64>,
    /// The unit tangent and the sign of the bordered determinant; `None` before the first step.
    heading: Option<(Vec<f64>, i32)>,
    /// Length of the next step.
    step: f64,
    crossings: Vec<(f64, f64)>,
}

impl<'a, 'g> Walk<'a, 'g> {
    /// Stands at λ = 0.
    pub fn new(field: &'a Field<'g, f64>) -> Walk<'a, 'g> {
        let curve = Curve { field, range: field.range() };
        Walk { curve, z: vec![0.0; field.unknowns() + 1], heading: None, step: 0.05, crossings: vec![] }
    }

    fn trace(&self, stop: Stop) -> Trace {
        let n = self.z.len() - 1;
        Trace {
            odds: self.z[..n].to_vec(),
            lambda: self.z[n] / self.curve.range,
            stop,
            crossings: self.crossings.clone(),
        }
    }

    /// Goes on until λ reaches `target`, which must not be below the last one, for the first time.
    pub fn to(&mut self, target: f64, progress: &dyn Progress) -> Trace {
        let n = self.z.len() - 1;
        let (range, goal) = (self.curve.range, target * self.curve.range);
        if n == 0 || range == 0.0 || goal <= self.z[n] {
            return Trace { lambda: target, ..self.trace(Stop::Reached) };
        }
        let mut ahead = vec![0.0; n + 1];
        ahead[n] = 1.0;
        if self.heading.is_none() {
            self.step = self.step.min(goal);
        }
        let heading = self.heading.take().or_else(|| self.curve.tangent(self.curve.at(&self.z), &ahead));
        let Some((mut t, mut sign)) = heading else {
            return Trace { lambda: 0.0, ..self.trace(Stop::Stalled(0.0)) };
        };
        let mut done = false;
        for step in 0..MAX_STEPS {
            let z = &self.z;
            if done || step % 16 == 15 && !progress.keep_going((z[n] / goal).clamp(0.0, 1.0)) {
                self.heading = Some((t, sign));
                return self.trace(if done { Stop::Reached } else { Stop::Interrupted });
            }
            let h = self.step;
            let landing = t[n] > 0.0 && z[n] + h * t[n] >= goal;
            let length = if landing { (goal - z[n]) / t[n] } else { h };
            let mut guess: Vec<f64> = z.iter().zip(&t).map(|(x, d)| x + length * d).collect();
            if landing {
                guess[n] = goal;
            }
            let border = if landing { &ahead } else { &t };
            let next = self
                .curve
                .correct(guess, border)
                .filter(|(_, moved, _)| *moved <= 0.3 * length + 1e-7)
                .and_then(|(p, moved, local)| self.curve.tangent(local, &t).map(|(d, s)| (p, moved, d, s)))
                .filter(|(_, _, d, _)| dot(d, &t) >= STRAIGHT)
                // A changed sign may be a jump to another curve: only short steps may report a crossing.
                .filter(|(.., s)| *s == sign || length <= 1e-4 * (1.0 + norm(z)))
                // The curve has no business below 0, and lands on the goal, not beyond it.
                .filter(|(p, ..)| landing || (0.0..goal).contains(&p[n]));
            let Some((point, moved, direction, turned)) = next else {
                self.step = length / 2.0;
                if self.step < 1e-9 * (1.0 + norm(z)) {
                    return self.trace(Stop::Stalled(z[n] / range));
                }
                continue;
            };
            if turned != sign {
                let (a, b) = (z[n] / range, point[n] / range);
                self.crossings.push((a.min(b), a.max(b)));
            }
            let easy = moved <= 0.02 * length && dot(&direction, &t) > 0.995;
            // A landing may be short for no reason of the curve's: it does not shorten what follows.
            self.step = if easy { (2.0 * length).max(if landing { h } else { 0.0 }) } else { length };
            (self.z, t, sign, done) = (point, direction, turned, landing);
        }
        self.trace(Stop::Long(self.z[n] / range))
    }
}
