//! Linear systems and linear programs over `Q`, decided with certificates.
//!
//! The one idea: whatever finds an answer, a few exact sums prove it. A feasible point is checked
//! by substitution, infeasibility by a Farkas vector ([`farkas_refutes`]), optimality by a dual
//! vector ([`dual_bound`]). So a float simplex may guess first and exact pivoting is only the last
//! resort.
//!
//! # Farkas convention
//! One multiplier per row: `y_i >= 0` for `Le` rows, `<= 0` for `Ge` rows, free for `Eq` rows.
//! Then every solution of the rows has `(yᵀA)x <= yᵀb`. The vector refutes the system if the
//! minimum of `(yᵀA)x` over the variables' bounds is above `yᵀb`; a variable with a nonzero
//! combined coefficient and no bound on the side the minimum wants makes the check fail. If some
//! variable's bounds exclude each other, every vector of the right signs refutes.
//!
//! # Dual convention
//! The same signs. With `d = c - yᵀA`, every solution has `c·x <= yᵀb + max over the bounds of d·x`;
//! at an optimum the right side equals the value.

mod adapt;
mod basis;
mod cell;
mod climb;
mod eliminate;
mod float;
mod grow;
mod lift;
mod long;
mod peel;
mod solve;
mod stable;
mod tableau;
mod vertices;

pub use float::fast_refute;
pub use grow::Growing;
pub use peel::solve_all;
pub use solve::{believed, feasible, maximize};
pub use vertices::vertices;

use crate::Q;

/// How a row's sum relates to its right side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rel {
    /// At most the right side.
    Le,
    /// At least the right side.
    Ge,
    /// Equal to the right side.
    Eq,
}

/// One linear condition: the sum of `coefficient · variable` relates to `rhs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Pairs of a variable's index and its coefficient; an index that occurs twice counts twice.
    pub coefs: Vec<(usize, Q)>,
    /// The relation.
    pub rel: Rel,
    /// The right side.
    pub rhs: Q,
}

impl Row {
    /// A row from its parts.
    pub fn new(coefs: Vec<(usize, Q)>, rel: Rel, rhs: Q) -> Row {
        Row { coefs, rel, rhs }
    }

    /// The row's sum at a point.
    pub fn value(&self, x: &[Q]) -> Q {
        let mut total = Q::ZERO;
        for (variable, coefficient) in &self.coefs {
            total += coefficient * &x[*variable];
        }
        total
    }

    /// Whether a point satisfies the row.
    pub fn holds(&self, x: &[Q]) -> bool {
        let value = self.value(x);
        match self.rel {
            Rel::Le => value <= self.rhs,
            Rel::Ge => value >= self.rhs,
            Rel::Eq => value == self.rhs,
        }
    }
}

/// Variables with bounds, and rows. The number of variables is `lower.len()`; `upper` has the same
/// length, and rows name variables below it. Functions of this module panic on an index beyond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lp {
    /// Lower bounds; `None` is unbounded below.
    pub lower: Vec<Option<Q>>,
    /// Upper bounds; `None` is unbounded above.
    pub upper: Vec<Option<Q>>,
    /// The conditions.
    pub rows: Vec<Row>,
}

impl Lp {
    /// No rows yet, and `count` variables with the same bounds.
    pub fn with_variables(count: usize, lower: Option<Q>, upper: Option<Q>) -> Lp {
        Lp { lower: vec![lower; count], upper: vec![upper; count], rows: Vec::new() }
    }

    /// Adds a variable and returns its index.
    pub fn add_variable(&mut self, lower: Option<Q>, upper: Option<Q>) -> usize {
        self.lower.push(lower);
        self.upper.push(upper);
        self.lower.len() - 1
    }

    /// Adds a row and returns its index.
    pub fn add_row(&mut self, coefs: Vec<(usize, Q)>, rel: Rel, rhs: Q) -> usize {
        self.rows.push(Row { coefs, rel, rhs });
        self.rows.len() - 1
    }

    /// Whether bounds come in pairs and every row names existing variables only.
    pub fn is_well_formed(&self) -> bool {
        let count = self.lower.len();
        self.upper.len() == count
            && self.rows.iter().all(|row| row.coefs.iter().all(|(variable, _)| *variable < count))
    }

    /// Whether the point satisfies all bounds and rows.
    pub fn holds(&self, x: &[Q]) -> bool {
        self.is_well_formed()
            && x.len() == self.lower.len()
            && self.within_bounds(x)
            && self.rows.iter().all(|row| row.holds(x))
    }

    fn within_bounds(&self, x: &[Q]) -> bool {
        let above = |(bound, value): (&Option<Q>, &Q)| bound.as_ref().is_none_or(|b| b <= value);
        let below = |(bound, value): (&Option<Q>, &Q)| bound.as_ref().is_none_or(|b| value <= b);
        self.lower.iter().zip(x).all(above) && self.upper.iter().zip(x).all(below)
    }

    /// Whether some variable's bounds exclude each other.
    fn has_empty_box(&self) -> bool {
        self.lower
            .iter()
            .zip(&self.upper)
            .any(|bounds| matches!(bounds, (Some(lower), Some(upper)) if lower > upper))
    }

    /// The smallest value of a linear form over the bounds alone; `None` if unbounded below.
    fn box_minimum(&self, form: &[Q]) -> Option<Q> {
        let mut total = Q::ZERO;
        for (variable, coefficient) in form.iter().enumerate() {
            let bound = match coefficient.signum() {
                0 => continue,
                1 => self.lower[variable].as_ref()?,
                _ => self.upper[variable].as_ref()?,
            };
            total += coefficient * bound;
        }
        Some(total)
    }

    /// Whether a vector has one multiplier per row with the sign its relation asks for.
    fn signs_fit(&self, y: &[Q]) -> bool {
        y.len() == self.rows.len()
            && self.rows.iter().zip(y).all(|(row, y)| match row.rel {
                Rel::Le => !y.is_negative(),
                Rel::Ge => !y.is_positive(),
                Rel::Eq => true,
            })
    }

    /// The combined row: the form `yᵀA` and the right side `yᵀb`.
    fn combine(&self, y: &[Q]) -> (Vec<Q>, Q) {
        let mut form = vec![Q::ZERO; self.lower.len()];
        let mut rhs = Q::ZERO;
        for (row, y) in self.rows.iter().zip(y) {
            if y.is_zero() {
                continue;
            }
            rhs += y * &row.rhs;
            for (variable, coefficient) in &row.coefs {
                form[*variable] += y * coefficient;
            }
        }
        (form, rhs)
    }
}

/// What maximising found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No point satisfies the system; `farkas` refutes it.
    Infeasible {
        /// A vector [`farkas_refutes`] accepts.
        farkas: Vec<Q>,
    },
    /// The best value is reached.
    Optimal {
        /// A point that reaches it.
        x: Vec<Q>,
        /// The best value.
        value: Q,
        /// A vector whose [`dual_bound`] is `value`.
        dual: Vec<Q>,
    },
    /// Values grow without end from `x` along `ray`; [`ray_improves`] accepts the ray.
    Unbounded {
        /// A direction that stays feasible and improves.
        ray: Vec<Q>,
        /// A feasible point.
        x: Vec<Q>,
    },
}

/// Whether `y` proves that the system has no solution; see the module's Farkas convention.
/// False for vectors of the wrong length or signs, and for a malformed system.
pub fn farkas_refutes(lp: &Lp, y: &[Q]) -> bool {
    if !lp.is_well_formed() || !lp.signs_fit(y) {
        return false;
    }
    if lp.has_empty_box() {
        return true;
    }
    let (form, rhs) = lp.combine(y);
    lp.box_minimum(&form).is_some_and(|minimum| minimum > rhs)
}

/// The upper bound on `objective · x` over all solutions that the multipliers `y` prove; `None` if
/// they have the wrong length or signs, or prove no bound. See the module's dual convention.
pub fn dual_bound(lp: &Lp, objective: &[(usize, Q)], y: &[Q]) -> Option<Q> {
    if !lp.is_well_formed() || !lp.signs_fit(y) {
        return None;
    }
    let (mut form, rhs) = lp.combine(y);
    for (variable, coefficient) in objective {
        *form.get_mut(*variable)? -= coefficient;
    }
    // The maximum of (c - yᵀA)x is minus the minimum of (yᵀA - c)x.
    lp.box_minimum(&form).map(|minimum| rhs - minimum)
}

/// Whether walking along `ray` from any solution stays within all bounds and rows and improves the
/// objective: together with one solution, the proof that it is unbounded.
pub fn ray_improves(lp: &Lp, objective: &[(usize, Q)], ray: &[Q]) -> bool {
    let count = lp.lower.len();
    if !lp.is_well_formed() || ray.len() != count || objective.iter().any(|(v, _)| *v >= count) {
        return false;
    }
    let gain: Q = objective.iter().map(|(variable, coefficient)| coefficient * &ray[*variable]).sum();
    let within_bounds = ray.iter().enumerate().all(|(variable, along)| {
        (lp.lower[variable].is_none() || !along.is_negative())
            && (lp.upper[variable].is_none() || !along.is_positive())
    });
    let within_rows = lp.rows.iter().all(|row| match row.rel {
        Rel::Le => !row.value(ray).is_positive(),
        Rel::Ge => !row.value(ray).is_negative(),
        Rel::Eq => row.value(ray).is_zero(),
    });
    gain.is_positive() && within_bounds && within_rows
}
