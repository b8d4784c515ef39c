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
    let n = field.unknowns();
    let range = field.range();
    let uniform = Trace { odds: vec![0.0; n], lambda: target, stop: Stop::Reached, crossings: vec![] };
    if n == 0 || range == 0.0 || target == 0.0 {
        return uniform;
    }
    let curve = Curve { field, range };
    let goal = target * range;
    let mut z = vec![0.0; n + 1];
    let mut ahead = vec![0.0; n + 1];
    ahead[n] = 1.0;
    let Some((mut t, mut sign)) = curve.tangent(curve.at(&z), &ahead) else {
        return Trace { stop: Stop::Stalled(0.0), lambda: 0.0, ..uniform };
    };
    let mut crossings = vec![];
    let mut h = (0.05f64).min(goal);
    let mut done = false;
    for step in 0..MAX_STEPS {
        if done || step % 16 == 15 && !progress.keep_going((z[n] / goal).clamp(0.0, 1.0)) {
            let stop = if done { Stop::Reached } else { Stop::Interrupted };
            return Trace { odds: z[..n].to_vec(), lambda: z[n] / range, stop, crossings };
        }
        let landing = t[n] > 0.0 && z[n] + h * t[n] >= goal;
        let length = if landing { (goal - z[n]) / t[n] } else { h };
        let mut guess: Vec<f64> = z.iter().zip(&t).map(|(x, d)| x + length * d).collect();
        if landing {
            guess[n] = goal;
        }
        let border = if landing { &ahead } else { &t };
        let next = curve
            .correct(guess, border)
            .filter(|(_, moved, _)| *moved <= 0.3 * length + 1e-7)
            .and_then(|(p, moved, local)| curve.tangent(local, &t).map(|(d, s)| (p, moved, d, s)))
            .filter(|(_, _, d, _)| dot(d, &t) >= STRAIGHT)
            // A changed sign may be a jump to another curve: only short steps may report a crossing.
            .filter(|(.., s)| *s == sign || length <= 1e-4 * (1.0 + norm(&z)))
            // The curve has no business below 0, and lands on the goal, not beyond it.
            .filter(|(p, ..)| landing || (0.0..goal).contains(&p[n]));
        let Some((point, moved, direction, turned)) = next else {
            h = length / 2.0;
            if h < 1e-9 * (1.0 + norm(&z)) {
                return Trace {
                    odds: z[..n].to_vec(),
                    lambda: z[n] / range,
                    stop: Stop::Stalled(z[n] / range),
                    crossings,
                };
            }
            continue;
        };
        if turned != sign {
            let (a, b) = (z[n] / range, point[n] / range);
            crossings.push((a.min(b), a.max(b)));
        }
        h = if moved <= 0.02 * length && dot(&direction, &t) > 0.995 { 2.0 * length } else { length };
        (z, t, sign, done) = (point, direction, turned, landing);
    }
    Trace { odds: z[..n].to_vec(), lambda: z[n] / range, stop: Stop::Long(z[n] / range), crossings }
}
