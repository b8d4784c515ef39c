//! Maximisation of a smooth function with its gradient: BFGS.
//!
//! The one idea: the gradient is exact and the dimensions are few, so the classic method with a
//! backtracking line search is enough (Nocedal and Wright, "Numerical Optimization", chapter 6).
//! Written here because it is a page, reads no clock, and gives the same bits everywhere.

/// Where the maximisation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    pub z: Vec<f64>,
    pub value: f64,
    /// Largest component of the gradient.
    pub slope: f64,
    pub steps: usize,
    /// Whether the gradient vanished to rounding.
    pub converged: bool,
}

/// Largest move of one coordinate in one step.
const LONGEST: f64 = 3.0;

/// Climbs from `start`. `f` returns the value and gradient, or `None` where there is none; only the
/// coordinates in `moving` change. `None` if there is no value at the start.
pub fn maximise(
    f: &dyn Fn(&[f64]) -> Option<(f64, Vec<f64>)>,
    start: &[f64],
    moving: &[usize],
    most_steps: usize,
) -> Option<Peak> {
    let n = moving.len();
    let spread = |z: &[f64], x: &[f64]| {
        let mut full = z.to_vec();
        moving.iter().zip(x).for_each(|(k, v)| full[*k] = *v);
        full
    };
    let restrict = |g: &[f64]| moving.iter().map(|k| g[*k]).collect::<Vec<f64>>();
    let mut x = restrict(start);
    let (mut value, full) = f(start)?;
    let mut gradient = restrict(&full);
    let identity = |scale: f64| -> Vec<Vec<f64>> {
        (0..n).map(|i| (0..n).map(|j| if i == j { scale } else { 0.0 }).collect()).collect()
    };
    let mut h = identity(1.0 / (1.0 + size(&gradient)));
    let mut fresh = true;
    let mut steps = 0;
    while steps < most_steps && size(&gradient) > tolerance(value) {
        steps += 1;
        let mut direction: Vec<f64> = h.iter().map(|row| dot(row, &gradient)).collect();
        let most = size(&direction);
        if most > LONGEST {
            direction.iter_mut().for_each(|d| *d *= LONGEST / most);
        }
        let slope = dot(&direction, &gradient);
        let found =
            if slope > 0.0 { search(f, &|x| spread(start, x), &x, &direction, value, slope) } else { None };
        let Some((next, risen, full)) = found else {
            // Curvature gathered far away may mislead: once more along the gradient, then stop.
            if fresh {
                break;
            }
            h = identity(1.0 / (1.0 + size(&gradient)));
            fresh = true;
            continue;
        };
        let new = restrict(&full);
        let s: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        // Of the function turned upside down, so that curvature is positive.
        let y: Vec<f64> = gradient.iter().zip(&new).map(|(a, b)| a - b).collect();
        if fresh && dot(&s, &y) > 0.0 {
            h = identity(dot(&s, &y) / dot(&y, &y));
        }
        update(&mut h, &s, &y);
        fresh = false;
        (x, gradient) = (next, new);
        let gain = risen - value;
        value = risen;
        if gain <= 1e-15 * value.abs() && size(&gradient) <= 1e3 * tolerance(value) {
            break;
        }
    }
    let slope = size(&gradient);
    Some(Peak { z: spread(start, &x), value, slope, steps, converged: slope <= 1e3 * tolerance(value) })
}

/// A gradient of this size is rounding.
fn tolerance(value: f64) -> f64 {
    1e-9 * (1.0 + value.abs())
}

type Found = (Vec<f64>, f64, Vec<f64>);

/// Halves the step until the function rises enough, doubling first where it rises steeply.
fn search(
    f: &dyn Fn(&[f64]) -> Option<(f64, Vec<f64>)>,
    spread: &dyn Fn(&[f64]) -> Vec<f64>,
    x: &[f64],
    direction: &[f64],
    value: f64,
    slope: f64,
) -> Option<Found> {
    let at = |t: f64| -> Option<Found> {
        let next: Vec<f64> = x.iter().zip(direction).map(|(a, d)| a + t * d).collect();
        let (v, g) = f(&spread(&next))?;
        v.is_finite().then_some((next, v, g))
    };
    let mut t = 1.0;
    for _ in 0..60 {
        if let Some(found) = at(t)
            && found.1 >= value + 1e-4 * t * slope
        {
            return Some(found);
        }
        t *= 0.5;
    }
    None
}

/// The inverse Hessian after a step `s` that changed the gradient by `y`.
fn update(h: &mut [Vec<f64>], s: &[f64], y: &[f64]) {
    let sy = dot(s, y);
    if sy <= 1e-12 * (dot(s, s) * dot(y, y)).sqrt() {
        return;
    }
    let hy: Vec<f64> = h.iter().map(|row| dot(row, y)).collect();
    let factor = (1.0 + dot(y, &hy) / sy) / sy;
    for i in 0..s.len() {
        for j in 0..s.len() {
            h[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn size(g: &[f64]) -> f64 {
    g.iter().map(|x| x.abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curved_valley_is_climbed() {
        let f = |z: &[f64]| {
            let (x, y) = (z[0], z[1]);
            let value = -((1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2));
            let g = vec![2.0 * (1.0 - x) + 400.0 * x * (y - x * x), -200.0 * (y - x * x)];
            Some((value, g))
        };
        let peak = maximise(&f, &[-1.2, 1.0], &[0, 1], 500).unwrap();
        assert!(peak.converged && (peak.z[0] - 1.0).abs() < 1e-6, "{peak:?}");
        let held = maximise(&f, &[0.5, 3.0], &[1], 500).unwrap();
        assert!(held.z[0] == 0.5 && (held.z[1] - 0.25).abs() < 1e-8, "{held:?}");
    }

    #[test]
    fn a_cliff_is_not_jumped() {
        let f = |z: &[f64]| (z[0] > 0.0).then(|| (libm::log(z[0]) - z[0], vec![1.0 / z[0] - 1.0]));
        let peak = maximise(&f, &[0.01], &[0], 200).unwrap();
        assert!((peak.z[0] - 1.0).abs() < 1e-6);
        assert_eq!(maximise(&f, &[-1.0], &[0], 200), None);
    }
}
