//! Shows that a formula stays within bounds for all values of the params, or finds where it does not.
//!
//! The one idea: intervals bound a formula over a whole box of params at once. Where its slope in a
//! param has one sign, only that param's end counts; where the bounds are still too wide the box is
//! cut in two (branch and bound with a monotonicity test; Ratschek and Rokne, "New Computer Methods
//! for Global Optimization", 1988).

use super::points::{ends, needs};
use detente_exact::Interval;
use detente_game::{ExprId, Game, Op, ParamId};
use detente_prob::Prior;
use std::collections::BTreeSet;

/// Steps that one formula may take: operations times params.
const MOST_STEPS: usize = 400_000;
/// Steps that all formulas of a model may take together.
pub(super) const MOST_IN_ALL: usize = 8_000_000;
/// Boxes with which discrete params begin, one for each combination of their values.
const MOST_STARTS: usize = 256;

/// What was found of a formula over all values of the params.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// It stays within the bounds everywhere.
    Inside,
    /// It leaves them at this point (one value for each param of the game).
    Leaves { point: Vec<f64>, value: f64 },
    /// Neither could be shown; the bounds over everything.
    Open { lo: f64, hi: f64 },
}

/// A sum of expressions over a box.
struct Form<'g> {
    game: &'g Game,
    roots: Vec<ExprId>,
    /// What the roots are computed from, operands first.
    order: Vec<ExprId>,
    /// The uncertain params among them.
    params: Vec<ParamId>,
}

/// Bounds of a value, and of its slope in each param where it has one.
#[derive(Clone)]
struct Bounds {
    value: Interval,
    slopes: Vec<Option<Interval>>,
}

/// Judges whether the sum of `roots` stays between `least` and `most`. Takes the steps it needs from
/// `left`; with none left nothing is shown.
pub(super) fn enclose(game: &Game, roots: &[ExprId], bounds: (f64, f64), left: &mut usize) -> Found {
    if *left == 0 {
        return Found::Open { lo: -f64::INFINITY, hi: f64::INFINITY };
    }
    let mut steps = 0;
    let found = search(game, roots, bounds, &mut steps, MOST_STEPS.min(*left));
    *left = left.saturating_sub(steps);
    found
}

fn search(
    game: &Game,
    roots: &[ExprId],
    (least, most): (f64, f64),
    steps: &mut usize,
    limit: usize,
) -> Found {
    let order: BTreeSet<ExprId> = roots.iter().flat_map(|root| needs(game, *root)).collect();
    let uncertain = |id: &ExprId| match game.tape.ops[id.0 as usize] {
        Op::Param(p) if game.params[p.index()].prior.is_some() => Some(p),
        _ => None,
    };
    let params: Vec<ParamId> = order.iter().filter_map(uncertain).collect();
    let form = Form { game, roots: roots.to_vec(), order: order.into_iter().collect(), params };
    let Some(mut open) = form.starts() else { return Found::Open { lo: -f64::INFINITY, hi: f64::INFINITY } };
    let whole =
        open.iter().filter_map(|start| form.range(start)).reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
    let (lo, hi) = whole.unwrap_or((-f64::INFINITY, f64::INFINITY));
    let widths: Vec<f64> = form.params.iter().map(|p| form.width(*p)).collect();
    let cost = form.order.len() * (1 + form.params.len());
    *steps = 6 * cost * open.len();
    while let Some(region) = open.pop() {
        let Some((low, high)) = form.range(&region) else {
            // Undefined somewhere in the box: cut it, unless it is a point.
            if !form.cut(region, &widths, &mut open) {
                return Found::Open { lo, hi };
            }
            *steps += cost;
            if *steps > limit {
                return Found::Open { lo, hi };
            }
            continue;
        };
        if low >= least && high <= most {
            continue;
        }
        for point in form.tries(&region, low < least) {
            if let Some(value) = form.at(&point).filter(|v| !(least..=most).contains(v)) {
                return Found::Leaves { point, value };
            }
        }
        *steps += 6 * cost;
        if *steps > limit || !form.cut(region, &widths, &mut open) {
            return Found::Open { lo, hi };
        }
    }
    Found::Inside
}

impl Form<'_> {
    /// The boxes to begin with; discrete params stand at their values.
    fn starts(&self) -> Option<Vec<Vec<Interval>>> {
        let mut starts = vec![Vec::new()];
        for p in &self.params {
            let sides: Vec<Interval> = match self.game.params[p.index()].prior.as_ref()? {
                Prior::Discrete { values, .. } if starts.len() * values.len() <= MOST_STARTS => {
                    values.iter().filter_map(|v| Interval::point(*v)).collect()
                }
                prior => {
                    let (lo, hi) = ends(prior);
                    vec![Interval::new(lo, hi)?]
                }
            };
            let longer = |start: &Vec<Interval>| -> Vec<Vec<Interval>> {
                sides.iter().map(|side| start.iter().copied().chain([*side]).collect()).collect()
            };
            starts = starts.iter().flat_map(longer).collect();
        }
        Some(starts)
    }

    fn width(&self, p: ParamId) -> f64 {
        let prior = self.game.params[p.index()].prior.as_ref();
        let (lo, hi) = prior.map_or((0.0, 0.0), ends);
        (hi - lo).max(f64::MIN_POSITIVE)
    }

    /// Cuts the widest side in two; false if nothing is left to cut.
    fn cut(&self, region: Vec<Interval>, widths: &[f64], open: &mut Vec<Vec<Interval>>) -> bool {
        let share = |k: &usize| region[*k].width() / widths[*k];
        let Some(at) = (0..region.len()).max_by(|a, b| share(a).total_cmp(&share(b))) else { return false };
        let side = region[at];
        let halves = (Interval::new(side.lo(), side.mid()), Interval::new(side.mid(), side.hi()));
        if side.mid() <= side.lo() || side.mid() >= side.hi() {
            return false;
        }
        for half in [halves.0, halves.1].into_iter().flatten() {
            let mut smaller = region.clone();
            smaller[at] = half;
            open.push(smaller);
        }
        true
    }

    /// Least and greatest value over a box, as far as they can be bounded.
    fn range(&self, region: &[Interval]) -> Option<(f64, f64)> {
        let low = self.bounds(&self.towards(region, true))?.value.lo();
        let high = self.bounds(&self.towards(region, false))?.value.hi();
        Some((low, high))
    }

    /// The face of a box on which the least (or greatest) value must lie.
    fn towards(&self, region: &[Interval], least: bool) -> Vec<Interval> {
        let mut face = region.to_vec();
        for _ in 0..region.len() {
            let Some(bounds) = self.bounds(&face) else { break };
            let mut moved = false;
            for (side, slope) in face.iter_mut().zip(&bounds.slopes) {
                let Some(slope) = slope.filter(|_| !side.is_point()) else { continue };
                let rises = slope.lo() >= 0.0;
                if rises || slope.hi() <= 0.0 {
                    let end = if rises == least { side.lo() } else { side.hi() };
                    *side = Interval::point(end).unwrap_or(*side);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        face
    }

    /// Points of a box at which a value outside the bounds is likeliest.
    fn tries(&self, region: &[Interval], least: bool) -> Vec<Vec<f64>> {
        let face = self.towards(region, least);
        let fill = |pick: &dyn Fn(usize) -> f64| {
            let mut point: Vec<f64> = self.game.params.iter().map(|p| p.base.to_f64()).collect();
            self.params.iter().enumerate().for_each(|(k, p)| point[p.index()] = pick(k));
            point
        };
        vec![fill(&|k| face[k].mid()), fill(&|k| region[k].mid())]
    }

    /// The value at a point, if the point can be drawn.
    fn at(&self, point: &[f64]) -> Option<f64> {
        let drawable = |p: &ParamId| match &self.game.params[p.index()].prior {
            Some(Prior::Discrete { values, .. }) => values.contains(&point[p.index()]),
            _ => true,
        };
        if !self.params.iter().all(drawable) {
            return None;
        }
        let values = self.game.tape.eval::<f64>(point);
        self.roots.iter().map(|root| values[root.0 as usize]).sum()
    }

    /// Bounds of the sum over a box.
    fn bounds(&self, region: &[Interval]) -> Option<Bounds> {
        let mut known: Vec<Option<Bounds>> = Vec::with_capacity(self.order.len());
        for id in &self.order {
            let get = |id: &ExprId| known[self.order.binary_search(id).ok()?].clone();
            let found = self.step(&self.game.tape.ops[id.0 as usize], region, get);
            known.push(found);
        }
        self.roots.iter().try_fold(self.flat(Interval::ZERO), |sum, root| {
            let root = known[self.order.binary_search(root).ok()?].as_ref()?;
            Some(sum.joined(root, |a, b| a + b, |_, _, x, y| x + y))
        })
    }

    fn flat(&self, value: Interval) -> Bounds {
        Bounds { value, slopes: vec![Some(Interval::ZERO); self.params.len()] }
    }

    fn step(&self, op: &Op, region: &[Interval], get: impl Fn(&ExprId) -> Option<Bounds>) -> Option<Bounds> {
        let chain = |a: &Bounds, value: Interval, outer: Option<Interval>| Bounds {
            value,
            slopes: a.slopes.iter().map(|s| Some((*s)? * outer?)).collect(),
        };
        Some(match op {
            Op::Const(q) => self.flat(Interval::from_q(q)),
            Op::Param(p) => match self.params.iter().position(|known| known == p) {
                Some(at) => {
                    let mut bounds = self.flat(region[at]);
                    bounds.slopes[at] = Some(Interval::ONE);
                    bounds
                }
                None => self.flat(Interval::from_q(&self.game.params[p.index()].base)),
            },
            Op::Neg(a) => chain(&get(a)?, -get(a)?.value, Some(-Interval::ONE)),
            Op::Add(a, b) => get(a)?.joined(&get(b)?, |a, b| a + b, |_, _, x, y| x + y),
            Op::Sub(a, b) => get(a)?.joined(&get(b)?, |a, b| a - b, |_, _, x, y| x - y),
            Op::Mul(a, b) => get(a)?.joined(&get(b)?, |a, b| a * b, |a, b, x, y| x * b + y * a),
            Op::Div(a, b) => {
                let (a, b) = (get(a)?, get(b)?);
                let ratio = a.value.checked_div(b.value)?;
                let inverse = Interval::ONE.checked_div(b.value)?;
                a.joined(&b, |_, _| ratio, |_, _, x, y| (x - y * ratio) * inverse)
            }
            Op::Pow(a, b) => {
                let (a, b) = (get(a)?, get(b)?);
                let outer =
                    b.value.is_point().then(|| Some(b.value * a.value.powf(b.value - Interval::ONE)?));
                chain(&a, a.value.powf(b.value)?, outer.flatten())
            }
            Op::Min(a, b) => get(a)?.chosen(&get(b)?, |a, b| a.min(b)),
            Op::Max(a, b) => get(a)?.chosen(&get(b)?, |a, b| a.max(b)),
            Op::Exp(a) => chain(&get(a)?, get(a)?.value.exp(), Some(get(a)?.value.exp())),
            Op::Ln(a) => chain(&get(a)?, get(a)?.value.ln()?, Interval::ONE.checked_div(get(a)?.value)),
            Op::Sqrt(a) => {
                let root = get(a)?.value.sqrt()?;
                chain(&get(a)?, root, Interval::ONE.checked_div(root + root))
            }
            Op::Less(a, b) => self.decided(get(a)?.value - get(b)?.value, |sign| sign < 0),
            Op::Equal(a, b) => self.decided(get(a)?.value - get(b)?.value, |sign| sign == 0),
            Op::If(c, a, b) => match get(c)?.value.sign() {
                Some(0) => get(b)?,
                Some(_) => get(a)?,
                // Either branch; at the seam the formula may jump, so it has no slope.
                None => {
                    let value = get(a)?.value.hull(get(b)?.value);
                    Bounds { value, slopes: vec![None; self.params.len()] }
                }
            },
        })
    }

    /// 1 or 0 by a sign, or both where it is not known.
    fn decided(&self, difference: Interval, holds: impl Fn(i32) -> bool) -> Bounds {
        match difference.sign() {
            Some(sign) => self.flat(if holds(sign) { Interval::ONE } else { Interval::ZERO }),
            None => {
                Bounds { value: Interval::ZERO.hull(Interval::ONE), slopes: vec![None; self.params.len()] }
            }
        }
    }
}

impl Bounds {
    /// Both operands at once; `slope` gets both values and both slopes.
    fn joined(
        &self,
        other: &Bounds,
        value: impl Fn(Interval, Interval) -> Interval,
        slope: impl Fn(Interval, Interval, Interval, Interval) -> Interval,
    ) -> Bounds {
        let slopes = self.slopes.iter().zip(&other.slopes);
        let each = |(x, y): (&Option<Interval>, &Option<Interval>)| {
            Some(slope(self.value, other.value, (*x)?, (*y)?))
        };
        Bounds { value: value(self.value, other.value), slopes: slopes.map(each).collect() }
    }

    /// The smaller or greater of two: its slope is one of theirs.
    fn chosen(&self, other: &Bounds, value: impl Fn(Interval, Interval) -> Interval) -> Bounds {
        self.joined(other, value, |_, _, x, y| x.hull(y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_exact::Q;
    use detente_game::Param;

    fn game(priors: Vec<Prior>) -> Game {
        let param = |(at, prior): (usize, Prior)| Param {
            name: format!("p{at}"),
            label: String::new(),
            unit: None,
            prior: Some(prior),
            base: Q::new(1, 2),
        };
        Game { params: priors.into_iter().enumerate().map(param).collect(), ..Game::default() }
    }

    /// `height * (1 - ((x - 0.37) / 0.002)^2)`, cut off at 0: a narrow hill between the usual points.
    #[test]
    fn a_narrow_hill_is_found() {
        for (height, inside) in [(0.9, true), (1.5, false)] {
            let mut game = game(vec![Prior::Uniform { lo: 0.0, hi: 1.0 }]);
            let t = &mut game.tape;
            let x = t.push(Op::Param(ParamId(0)));
            let c = |t: &mut detente_game::Tape, v: f64| t.constant(Q::from_f64(v).unwrap());
            let (centre, width, two, one, zero) = (c(t, 0.37), c(t, 0.002), c(t, 2.0), c(t, 1.0), c(t, 0.0));
            let (height, shift) = (c(t, height), t.push(Op::Sub(x, centre)));
            let scaled = t.push(Op::Div(shift, width));
            let square = t.push(Op::Pow(scaled, two));
            let dome = t.push(Op::Sub(one, square));
            let hill = t.push(Op::Mul(height, dome));
            let root = t.push(Op::Max(zero, hill));
            let found = enclose(&game, &[root], (0.0, 1.0), &mut MOST_IN_ALL.clone());
            assert_eq!(found == Found::Inside, inside, "{found:?}");
            assert_eq!(matches!(found, Found::Leaves { .. }), !inside);
        }
    }

    /// `1 - x - (1 - x) * y` is 0 along a whole edge; only its slopes show that it is not less.
    #[test]
    fn an_edge_of_zeros_is_inside() {
        let unit = Prior::Uniform { lo: 0.0, hi: 1.0 };
        let mut game = game(vec![unit.clone(), unit]);
        let t = &mut game.tape;
        let (x, y) = (t.push(Op::Param(ParamId(0))), t.push(Op::Param(ParamId(1))));
        let one = t.constant(Q::ONE);
        let less = t.push(Op::Sub(one, x));
        let product = t.push(Op::Mul(less, y));
        let root = t.push(Op::Sub(less, product));
        let mut left = MOST_IN_ALL;
        assert_eq!(enclose(&game, &[root], (-1e-9, 1.0 + 1e-9), &mut left), Found::Inside);
        assert_eq!(enclose(&game, &[x, less], (1.0 - 1e-9, 1.0 + 1e-9), &mut left), Found::Inside);
        assert!(matches!(enclose(&game, &[x, y], (0.0, 1.0), &mut left), Found::Leaves { .. }));
    }
}
