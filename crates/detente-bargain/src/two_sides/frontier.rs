//! The bargains of Nash and of Kalai and Smorodinsky on a frontier of utility pairs.
//!
//! The one idea: what two sides can reach is a chain of straight pieces, so each solution is found exactly, on
//! the one piece that holds it.
//! Sources: Nash, J. "The bargaining problem", Econometrica 18 (1950); Kalai, E. and Smorodinsky, M.
//! "Other solutions to Nash's bargaining problem", Econometrica 43 (1975).

use super::{Pair, TwoSidesError};

/// The utility pairs that no other reachable pair beats for both sides, from the first side's best to the
/// second's. Between two neighbours all mixtures can be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Frontier {
    pub(super) points: Vec<Pair>,
}

impl Frontier {
    /// Returns the frontier of the mixtures of some outcomes.
    ///
    /// # Errors
    /// [`TwoSidesError::NoPoints`] and [`TwoSidesError::NotFinite`].
    pub fn of_outcomes(outcomes: &[Pair]) -> Result<Frontier, TwoSidesError> {
        if outcomes.is_empty() {
            return Err(TwoSidesError::NoPoints);
        }
        if outcomes.iter().any(|p| !p.0.is_finite() || !p.1.is_finite()) {
            return Err(TwoSidesError::NotFinite);
        }
        let mut sorted = outcomes.to_vec();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
        let mut points: Vec<Pair> = Vec::new();
        for p in sorted {
            // Worth less to the first side; kept only if worth more to the second.
            if points.last().is_some_and(|last| p.1 <= last.1) {
                continue;
            }
            while points.len() >= 2 && below(points[points.len() - 2], points[points.len() - 1], p) {
                points.pop();
            }
            points.push(p);
        }
        Ok(Frontier { points })
    }

    /// Returns the corners, from the first side's best to the second's.
    pub fn corners(&self) -> &[Pair] {
        &self.points
    }

    /// Returns the first side's utility where the second's is `y`; beyond the ends, the nearest end's.
    fn first_at(&self, y: f64) -> f64 {
        let p = &self.points;
        if y <= p[0].1 {
            return p[0].0;
        }
        for pair in p.windows(2) {
            if y <= pair[1].1 {
                let t = (y - pair[0].1) / (pair[1].1 - pair[0].1);
                return pair[0].0 + t * (pair[1].0 - pair[0].0);
            }
        }
        p[p.len() - 1].0
    }

    fn second_at(&self, x: f64) -> f64 {
        let p = &self.points;
        if x >= p[0].0 {
            return p[0].1;
        }
        for pair in p.windows(2) {
            if x >= pair[1].0 {
                let t = (x - pair[0].0) / (pair[1].0 - pair[0].0);
                return pair[0].1 + t * (pair[1].1 - pair[0].1);
            }
        }
        p[p.len() - 1].1
    }

    fn best(&self) -> Pair {
        (self.points[0].0, self.points[self.points.len() - 1].1)
    }

    /// Returns the part of the frontier that leaves neither side worse off than `none`.
    fn gains(&self, none: Pair) -> Result<Vec<Pair>, TwoSidesError> {
        if !none.0.is_finite() || !none.1.is_finite() {
            return Err(TwoSidesError::NotFinite);
        }
        let best = self.best();
        // A point without agreement that lies on the frontier itself may miss it by rounding.
        let room = 1e-12 * (1.0 + none.0.abs().max(none.1.abs()));
        if best.0 < none.0 - room || best.1 < none.1 - room {
            return Err(TwoSidesError::NothingToGain);
        }
        let start = (self.first_at(none.1), self.points[0].1.max(none.1));
        let end = (self.points[self.points.len() - 1].0.max(none.0), self.second_at(none.0));
        if start.0 < none.0 - room || end.1 < none.1 - room {
            return Err(TwoSidesError::NothingToGain);
        }
        let inner = self.points.iter().copied().filter(|p| p.0 < start.0 && p.0 > end.0);
        let mut part = vec![start];
        part.extend(inner);
        part.push(end);
        Ok(part)
    }
}

/// Whether `middle` lies on or below the line from `left` to `right`.
fn below(left: Pair, middle: Pair, right: Pair) -> bool {
    let cross = (middle.0 - left.0) * (right.1 - left.1) - (middle.1 - left.1) * (right.0 - left.0);
    cross <= 0.0
}

/// Returns the Nash bargain: the largest product of gains over no agreement, the first side's gain to the
/// power `power` and the second's to `1 - power`.
///
/// # Errors
/// [`TwoSidesError::NothingToGain`] if no agreement serves both, and errors of the numbers.
pub fn nash(frontier: &Frontier, none: Pair, power: f64) -> Result<Pair, TwoSidesError> {
    if !(0.0..=1.0).contains(&power) {
        return Err(TwoSidesError::Power { value: power });
    }
    let part = frontier.gains(none)?;
    if power == 1.0 {
        return Ok(part[0]);
    }
    if power == 0.0 {
        return Ok(part[part.len() - 1]);
    }
    // The logarithm of the product rises, then falls along the frontier: the first piece on which it
    // no longer rises to the end holds the best point.
    for pair in part.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        if dx >= 0.0 || dy <= 0.0 {
            continue;
        }
        // With x = a.0 + t dx and y = a.1 + t dy: power dx / (x - none.0) + (1 - power) dy / (y - none.1) = 0.
        let (u, v) = (a.0 - none.0, a.1 - none.1);
        let t = -(power * dx * v + (1.0 - power) * dy * u) / (dx * dy);
        if t <= 0.0 {
            return Ok(a);
        }
        if t <= 1.0 {
            return Ok((a.0 + t * dx, a.1 + t * dy));
        }
    }
    Ok(part[part.len() - 1])
}

/// Returns the Kalai–Smorodinsky bargain: gains in proportion to the most that each side could gain.
///
/// # Errors
/// [`TwoSidesError::NothingToGain`] if no agreement serves both, and errors of the numbers.
pub fn kalai_smorodinsky(frontier: &Frontier, none: Pair) -> Result<Pair, TwoSidesError> {
    let part = frontier.gains(none)?;
    let (start, end) = (part[0], part[part.len() - 1]);
    let most = (start.0 - none.0, end.1 - none.1);
    // Positive where the point lies on the first side's side of the ray towards the best of both.
    let side = |p: Pair| (p.0 - none.0) * most.1 - (p.1 - none.1) * most.0;
    for pair in part.windows(2) {
        let (a, b) = (side(pair[0]), side(pair[1]));
        if a >= 0.0 && b <= 0.0 {
            let t = if a - b > 0.0 { a / (a - b) } else { 0.0 };
            let (p, q) = (pair[0], pair[1]);
            return Ok((p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1)));
        }
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Pair, b: Pair) -> bool {
        (a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-12
    }

    #[test]
    fn splitting_a_pie() {
        let pie = Frontier::of_outcomes(&[(1.0, 0.0), (0.0, 1.0), (0.2, 0.3)]).expect("points");
        assert_eq!(pie.corners(), &[(1.0, 0.0), (0.0, 1.0)]);
        assert!(near(nash(&pie, (0.0, 0.0), 0.5).expect("gain"), (0.5, 0.5)));
        assert!(near(nash(&pie, (0.2, 0.0), 0.5).expect("gain"), (0.6, 0.4)));
        assert!(near(nash(&pie, (0.0, 0.0), 0.7).expect("gain"), (0.7, 0.3)));
        assert!(near(kalai_smorodinsky(&pie, (0.2, 0.0)).expect("gain"), (0.6, 0.4)));
        assert_eq!(nash(&pie, (0.9, 0.9), 0.5), Err(TwoSidesError::NothingToGain));
        assert_eq!(nash(&pie, (0.0, 0.0), 1.5), Err(TwoSidesError::Power { value: 1.5 }));
    }

    /// The two differ where one side's best is cut: Nash ignores what is not chosen, Kalai and
    /// Smorodinsky do not (1975, section 1).
    #[test]
    fn a_bent_frontier_tells_the_two_apart() {
        let bent = Frontier::of_outcomes(&[(1.0, 0.0), (1.0, 0.5), (0.0, 1.0)]).expect("points");
        assert!(near(nash(&bent, (0.0, 0.0), 0.5).expect("gain"), (1.0, 0.5)));
        let (x, y) = kalai_smorodinsky(&bent, (0.0, 0.0)).expect("gain");
        assert!((x - y).abs() < 1e-12 && (x - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn scales_and_sides_do_not_matter() {
        let points = [(3.0, 1.0), (2.5, 2.0), (1.0, 3.5), (0.0, 3.6)];
        let plain = Frontier::of_outcomes(&points).expect("points");
        let scaled = points.map(|p| (2.0 * p.0 + 1.0, 5.0 * p.1 - 3.0));
        let scaled = Frontier::of_outcomes(&scaled).expect("points");
        let mirrored = Frontier::of_outcomes(&points.map(|p| (p.1, p.0))).expect("points");
        for power in [0.3, 0.5, 0.8] {
            let (x, y) = nash(&plain, (0.5, 0.5), power).expect("gain");
            assert!(near(nash(&scaled, (2.0, -0.5), power).expect("gain"), (2.0 * x + 1.0, 5.0 * y - 3.0)));
            assert!(near(nash(&mirrored, (0.5, 0.5), 1.0 - power).expect("gain"), (y, x)));
            // No point of the frontier has a larger product.
            let product = |p: Pair| libm::pow(p.0 - 0.5, power) * libm::pow(p.1 - 0.5, 1.0 - power);
            for step in 0..=1000 {
                let u = 0.5 + 2.5 * f64::from(step) / 1000.0;
                assert!(product((u, plain.second_at(u))) <= product((x, y)) + 1e-9);
            }
        }
        let (x, y) = kalai_smorodinsky(&plain, (0.5, 0.5)).expect("gain");
        let other = kalai_smorodinsky(&scaled, (2.0, -0.5)).expect("gain");
        assert!(near(other, (2.0 * x + 1.0, 5.0 * y - 3.0)));
        assert!(near(kalai_smorodinsky(&mirrored, (0.5, 0.5)).expect("gain"), (y, x)));
    }
}
