//! The principal branch of agent logit equilibria, followed from the uniform play.
//!
//! The one idea: with log-odds y and advantages D(y), equilibria at precision λ solve
//! y = λ D(y). The solutions form a curve that starts at (0, 0); it is followed by stepping
//! along its tangent and correcting back by Newton's method (Turocy, "A dynamic homotopy
//! interpretation of the logistic quantal response equilibrium correspondence", Games and
//! Economic Behavior 2005). The curve may turn back in λ. Where other branches cross it, the
//! determinant of the bordered matrix vanishes: it changes its sign where one crosses, and
//! touches 0 where two do, as they do in symmetric games. Both are reported.

use super::field::Field;
use super::linear::{Factored, dot, norm};
use crate::settings::Progress;

/// Most steps along the curve.
const MAX_STEPS: usize = 4_000;
/// Largest angle between tangents of successive points, as a cosine.
const STRAIGHT: f64 = 0.97;
/// Most Newton corrections of one step.
const CORRECTIONS: usize = 6;
/// How far the determinant must fall below its neighbours, as a logarithm, to have touched 0.
const TOUCH: f64 = 9.0;
/// Halvings that place a turn or a touch.
const HALVINGS: usize = 40;
/// How closely a touch is placed, as a share of the steps that it lies in.
const CLOSE: f64 = 1e-3;

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
    /// Precisions at which the curve turns back, or forward again.
    pub turns: Vec<f64>,
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

/// Where the curve goes from a point.
#[derive(Clone, Debug)]
struct Heading {
    /// The unit tangent.
    along: Vec<f64>,
    /// Sign of the determinant bordered by the tangent, and the logarithm of its size.
    sign: i32,
    size: f64,
}

/// A point that was corrected back to the curve.
struct Corrected {
    z: Vec<f64>,
    /// Length of all corrections.
    moved: f64,
    heading: Heading,
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

    /// The heading that follows from a matrix bordered by `border`, going on as `along` does.
    ///
    /// Any border b gives the tangent t by one solve, and the determinant bordered by t instead is
    /// that bordered by b divided by t's share along b.
    fn heading(&self, factored: &Factored, border: &[f64], along: &[f64]) -> Option<Heading> {
        let n = along.len();
        let mut right = vec![0.0; n];
        right[n - 1] = 1.0;
        let mut t = factored.solve(&right)?;
        let length = norm(&t) * if dot(&t, along) < 0.0 { -1.0 } else { 1.0 };
        t.iter_mut().for_each(|x| *x /= length);
        let share = dot(border, &t);
        let sign = if share < 0.0 { -factored.sign } else { factored.sign };
        Some(Heading { along: t, sign, size: factored.size_log - libm::log(share.abs()) })
    }

    /// The heading at a point, going on as `along` does.
    fn start(&self, z: &[f64], along: &[f64]) -> Option<Heading> {
        let mut rows = self.at(z).rows;
        rows.push(along.to_vec());
        self.heading(&Factored::new(rows), along, along)
    }

    /// Newton's method on the equations and one more: staying on the plane through `z` across
    /// `border`. The heading is that of the last but tiny correction.
    fn correct(&self, mut z: Vec<f64>, border: &[f64], along: &[f64]) -> Option<Corrected> {
        let size = norm(&z);
        let (mut last, mut moved) = (f64::INFINITY, 0.0);
        for _ in 0..CORRECTIONS {
            let Local { miss, mut rows } = self.at(&z);
            rows.push(border.to_vec());
            let mut right: Vec<f64> = miss.iter().map(|x| -x).collect();
            right.push(0.0);
            let factored = Factored::new(rows);
            let step = factored.solve(&right)?;
            z.iter_mut().zip(&step).for_each(|(x, d)| *x += d);
            let length = norm(&step);
            moved += length;
            // Rounding sets a floor below which steps no longer shrink.
            let is_floor = length <= 1e-7 + 1e-11 * size;
            let stuck = length > 0.5 * last || is_floor && length > 0.1 * last;
            if length <= 1e-10 + 1e-13 * size || stuck && is_floor {
                let heading = self.heading(&factored, border, along)?;
                return Some(Corrected { z, moved, heading });
            }
            if stuck {
                return None;
            }
            last = length;
        }
        None
    }

    /// The point a length further along, or nothing where it is lost.
    fn ahead(&self, z: &[f64], heading: &Heading, length: f64) -> Option<Corrected> {
        let guess = z.iter().zip(&heading.along).map(|(x, d)| x + length * d).collect();
        self.correct(guess, &heading.along, &heading.along)
    }
}

/// Follows the principal branch until λ reaches `target` for the first time.
pub fn follow(field: &Field<f64>, target: f64, progress: &dyn Progress) -> Trace {
    Walk::new(field).to(target, progress)
}

/// Sees each point of a walk: log-odds and λ.
pub type Seen<'s> = &'s mut dyn FnMut(&[f64], f64);

/// A walk along the principal branch that can stop at one precision and go on to a higher one.
pub struct Walk<'a, 'g> {
    curve: Curve<'a, 'g>,
    /// Log-odds, then λ times the payoff range.
    z: Vec<f64>,
    /// `None` before the first step.
    heading: Option<Heading>,
    /// Length of the next step.
    step: f64,
    /// The point before, with its heading and the length of the step from there.
    before: Option<(Vec<f64>, Heading, f64)>,
    /// Most that a probability may change in one step.
    fine: f64,
    crossings: Vec<(f64, f64)>,
    turns: Vec<f64>,
}

impl<'a, 'g> Walk<'a, 'g> {
    /// Stands at λ = 0.
    pub fn new(field: &'a Field<'g, f64>) -> Walk<'a, 'g> {
        Walk {
            curve: Curve { field, range: field.range() },
            z: vec![0.0; field.unknowns() + 1],
            heading: None,
            step: 0.05,
            before: None,
            fine: f64::INFINITY,
            crossings: vec![],
            turns: vec![],
        }
    }

    /// Takes steps in which no probability changes by more than `most`, so that points make a picture.
    pub fn finely(mut self, most: f64) -> Walk<'a, 'g> {
        self.fine = most;
        self
    }

    fn trace(&self, stop: Stop) -> Trace {
        let n = self.z.len() - 1;
        Trace {
            odds: self.z[..n].to_vec(),
            lambda: self.z[n] / self.curve.range,
            stop,
            crossings: self.crossings.clone(),
            turns: self.turns.clone(),
        }
    }

    /// Goes on until λ reaches `target`, which must not be below the last one, for the first time.
    pub fn to(&mut self, target: f64, progress: &dyn Progress) -> Trace {
        self.watched(target, progress, &mut |_, _| {})
    }

    /// As [`Walk::to`]; `seen` is shown every point after the first.
    pub fn watched(&mut self, target: f64, progress: &dyn Progress, seen: Seen) -> Trace {
        let n = self.z.len() - 1;
        let (range, goal) = (self.curve.range, target * self.curve.range);
        if n == 0 || range == 0.0 || goal <= self.z[n] {
            return Trace { lambda: target, ..self.trace(Stop::Reached) };
        }
        let mut up = vec![0.0; n + 1];
        up[n] = 1.0;
        if self.heading.is_none() {
            self.step = self.step.min(goal);
        }
        let heading = self.heading.take().or_else(|| self.curve.start(&self.z, &up));
        let Some(mut heading) = heading else {
            return Trace { lambda: 0.0, ..self.trace(Stop::Stalled(0.0)) };
        };
        let mut done = false;
        for step in 0..MAX_STEPS {
            if done || step % 16 == 15 && !progress.keep_going((self.z[n] / goal).clamp(0.0, 1.0)) {
                self.heading = Some(heading);
                return self.trace(if done { Stop::Reached } else { Stop::Interrupted });
            }
            let (h, rise) = (self.step, heading.along[n]);
            let landing = rise > 0.0 && self.z[n] + h * rise >= goal;
            let length = if landing { (goal - self.z[n]) / rise } else { h };
            let Some(next) = self.tried(&heading, length, landing.then_some((&up, goal)), goal) else {
                self.step = length / 2.0;
                if self.step < 1e-9 * (1.0 + norm(&self.z)) {
                    return self.trace(Stop::Stalled(self.z[n] / range));
                }
                continue;
            };
            let easy = next.moved <= 0.02 * length && dot(&next.heading.along, &heading.along) > 0.995;
            // A landing may be short for no reason of the curve's: it does not shorten what follows.
            self.step = if easy { (2.0 * length).max(if landing { h } else { 0.0 }) } else { length };
            self.notice(&heading, &next, length);
            let from = std::mem::replace(&mut self.z, next.z);
            self.before = Some((from, std::mem::replace(&mut heading, next.heading), length));
            seen(&self.z[..n], self.z[n] / range);
            done = landing;
        }
        self.trace(Stop::Long(self.z[n] / range))
    }

    /// The next point, if a step of this length is good enough; `landing`: on the goal.
    fn tried(
        &self,
        heading: &Heading,
        length: f64,
        landing: Option<(&Vec<f64>, f64)>,
        goal: f64,
    ) -> Option<Corrected> {
        let (curve, n) = (&self.curve, self.z.len() - 1);
        let next = match landing {
            None => curve.ahead(&self.z, heading, length)?,
            Some((up, goal)) => {
                let mut guess: Vec<f64> =
                    self.z.iter().zip(&heading.along).map(|(x, d)| x + length * d).collect();
                guess[n] = goal;
                curve.correct(guess, up, &heading.along)?
            }
        };
        // A changed sign may be a jump to another curve: only short steps may report a crossing.
        let short = length <= 1e-4 * (1.0 + norm(&self.z));
        let good = next.moved <= 0.3 * length + 1e-7
            && dot(&next.heading.along, &heading.along) >= STRAIGHT
            && (next.heading.sign == heading.sign || short)
            // The curve has no business below 0, and lands on the goal, not beyond it.
            && (landing.is_some() || (0.0..goal).contains(&next.z[n]));
        let smooth = || {
            let (a, b) = (curve.field.play(&self.z[..n]).prob, curve.field.play(&next.z[..n]).prob);
            a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= self.fine)
        };
        (good && (self.fine.is_infinite() || short || smooth())).then_some(next)
    }

    /// Writes down what happens between here and the next point: a crossing or a turn.
    fn notice(&mut self, heading: &Heading, next: &Corrected, length: f64) {
        let (n, range) = (self.z.len() - 1, self.curve.range);
        if next.heading.sign != heading.sign {
            let (a, b) = (self.z[n] / range, next.z[n] / range);
            self.crossings.push((a.min(b), a.max(b)));
        } else if let Some((z, from, first)) = &self.before
            && from.sign == heading.sign
            && heading.size < from.size
            && heading.size < next.heading.size
            && let Some((a, b)) = self.touched(z, from, *first, length)
        {
            self.crossings.push((a.min(b) / range, a.max(b) / range));
        }
        if heading.along[n] * next.heading.along[n] < 0.0 {
            self.turns.push(self.turn(heading, length) / range);
        }
    }

    /// The last coordinate where the curve turns in a step of this length from here.
    fn turn(&self, heading: &Heading, length: f64) -> f64 {
        let n = self.z.len() - 1;
        let (mut low, mut high, mut at) = (0.0, length, self.z[n]);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            let Some(point) = self.curve.ahead(&self.z, heading, middle) else { break };
            at = point.z[n];
            match point.heading.along[n] * heading.along[n] > 0.0 {
                true => low = middle,
                false => high = middle,
            }
        }
        at
    }

    /// Whether the determinant touches 0 within the two steps from `z`: the last coordinates around.
    /// Its least value is closed in on by golden sections.
    fn touched(&self, z: &[f64], from: &Heading, first: f64, second: f64) -> Option<(f64, f64)> {
        const GOLDEN: f64 = 0.618_033_988_749_895;
        let n = z.len() - 1;
        let curve = &self.curve;
        let look = |length: f64| curve.ahead(z, from, length).map(|p| (p.heading.size, p.z[n]));
        let (mut low, mut high) = (0.0, first + second);
        let end = look(high)?;
        let ends = from.size.min(end.0);
        let mut a = high - GOLDEN * (high - low);
        let mut b = low + GOLDEN * (high - low);
        let (mut at_a, mut at_b) = (look(a)?, look(b)?);
        let (mut around, mut least) = ((z[n], end.1), f64::INFINITY);
        for _ in 0..HALVINGS {
            least = least.min(at_a.0).min(at_b.0);
            // Too near to the touch the point itself is lost; what was closed in on before stands.
            if at_a.0 < at_b.0 {
                around.1 = at_b.1;
                (high, b, at_b) = (b, a, at_a);
                a = high - GOLDEN * (high - low);
                let Some(next) = look(a) else { break };
                at_a = next;
            } else {
                around.0 = at_a.1;
                (low, a, at_a) = (a, b, at_b);
                b = low + GOLDEN * (high - low);
                let Some(next) = look(b) else { break };
                at_b = next;
            }
            if least < ends - TOUCH && high - low <= CLOSE * (first + second) {
                break;
            }
        }
        (least < ends - TOUCH).then_some(around)
    }
}
