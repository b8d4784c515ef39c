//! A tiny exact linear program, so that the referee needs nobody else's.
//!
//! Bland's rule ("New finite pivoting rules for the simplex method", 1977) on a dense
//! tableau of rationals: slow, short, and it ends.

use detente_exact::Q;

/// Maximises `objective * x` subject to `rows: coefficients * x <= bound` and `x >= 0`.
///
/// Returns the optimum and a maximiser, or `None` if no point satisfies the rows.
///
/// # Panics
/// If the optimum is unbounded: the referee bounds all its programs.
pub fn maximise(objective: &[Q], rows: &[(Vec<Q>, Q)]) -> Option<(Q, Vec<Q>)> {
    let count = objective.len();
    let artificial = count + rows.len();
    // One slack per row, and one artificial variable that relaxes rows with negative bounds.
    let mut table = Tableau { rows: vec![], basis: vec![], width: artificial + 1 };
    for (k, (coefficients, bound)) in rows.iter().enumerate() {
        let mut row = coefficients.clone();
        row.resize(artificial + 2, Q::ZERO);
        row[count + k] = Q::ONE;
        row[artificial] = Q::from(-1);
        row[artificial + 1] = bound.clone();
        table.rows.push(row);
        table.basis.push(count + k);
    }
    let lowest = (0..rows.len()).min_by(|a, b| rows[*a].1.cmp(&rows[*b].1));
    if let Some(k) = lowest.filter(|k| rows[*k].1.is_negative()) {
        table.pivot(k, artificial);
        let mut relax = vec![Q::ZERO; artificial + 1];
        relax[artificial] = Q::from(-1);
        table.solve(&relax);
        if table.value(artificial).is_positive() {
            return None;
        }
        if let Some(row) = table.basis.iter().position(|b| *b == artificial)
            && let Some(column) = (0..artificial).find(|c| !table.rows[row][*c].is_zero())
        {
            table.pivot(row, column);
        }
    }
    for row in &mut table.rows {
        row[artificial] = Q::ZERO;
    }
    let mut full = objective.to_vec();
    full.resize(artificial + 1, Q::ZERO);
    table.solve(&full);
    let point: Vec<Q> = (0..count).map(|v| table.value(v)).collect();
    let optimum = objective.iter().zip(&point).map(|(c, x)| c.clone() * x.clone()).sum();
    Some((optimum, point))
}

struct Tableau {
    /// Coefficients, then the right-hand side.
    rows: Vec<Vec<Q>>,
    basis: Vec<usize>,
    /// Number of variables.
    width: usize,
}

impl Tableau {
    fn value(&self, variable: usize) -> Q {
        let row = self.basis.iter().position(|b| *b == variable);
        row.map_or(Q::ZERO, |r| self.rows[r][self.width].clone())
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let scale = self.rows[row][column].recip();
        for entry in &mut self.rows[row] {
            *entry = entry.clone() * scale.clone();
        }
        let source = self.rows[row].clone();
        for (_, target) in self.rows.iter_mut().enumerate().filter(|(k, _)| *k != row) {
            let factor = target[column].clone();
            if factor.is_zero() {
                continue;
            }
            for (entry, s) in target.iter_mut().zip(&source) {
                if !s.is_zero() {
                    *entry = entry.clone() - factor.clone() * s.clone();
                }
            }
        }
        self.basis[row] = column;
    }

    fn solve(&mut self, objective: &[Q]) {
        loop {
            let reduced = |column: usize| {
                let basic: Q = self
                    .basis
                    .iter()
                    .zip(&self.rows)
                    .map(|(b, r)| objective[*b].clone() * r[column].clone())
                    .sum();
                objective[column].clone() - basic
            };
            let entering = (0..self.width).find(|c| !self.basis.contains(c) && reduced(*c).is_positive());
            let Some(column) = entering else { return };
            let ratio = |r: &usize| self.rows[*r][self.width].clone() / self.rows[*r][column].clone();
            let leaving = (0..self.rows.len())
                .filter(|r| self.rows[*r][column].is_positive())
                .min_by(|a, b| ratio(a).cmp(&ratio(b)).then(self.basis[*a].cmp(&self.basis[*b])));
            let row = leaving.expect("the referee's programs are bounded");
            self.pivot(row, column);
        }
    }
}

/// Rows of a program, collected one by one over variables known by position.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub variables: usize,
    pub rows: Vec<(Vec<Q>, Q)>,
}

impl Program {
    /// Adds a nonnegative variable.
    pub fn variable(&mut self) -> usize {
        self.variables += 1;
        self.variables - 1
    }

    /// Adds `sum of terms <= bound`.
    pub fn at_most(&mut self, terms: &[(usize, Q)], bound: Q) {
        let mut row = vec![Q::ZERO; self.variables];
        for (variable, coefficient) in terms {
            row[*variable] += coefficient;
        }
        self.rows.push((row, bound));
    }

    /// Adds `sum of terms >= bound`.
    pub fn at_least(&mut self, terms: &[(usize, Q)], bound: Q) {
        let negated: Vec<_> = terms.iter().map(|(v, c)| (*v, -c.clone())).collect();
        self.at_most(&negated, -bound);
    }

    /// Adds `sum of terms = bound`.
    pub fn equal(&mut self, terms: &[(usize, Q)], bound: Q) {
        self.at_most(terms, bound.clone());
        self.at_least(terms, bound);
    }

    /// Maximises one variable.
    pub fn maximise(&self, variable: usize) -> Option<(Q, Vec<Q>)> {
        let mut objective = vec![Q::ZERO; self.variables];
        objective[variable] = Q::ONE;
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|(row, bound)| {
                let mut row = row.clone();
                row.resize(self.variables, Q::ZERO);
                (row, bound.clone())
            })
            .collect();
        maximise(&objective, &rows)
    }
}

#[cfg(test)]
mod tests {
    use super::Program;
    use detente_exact::Q;

    #[test]
    fn a_small_program_has_its_vertex() {
        // max x with x + 2y <= 4, x - y <= 1/2, x + y >= 1: x = 5/3 at y = 7/6.
        let mut program = Program::default();
        let (x, y) = (program.variable(), program.variable());
        program.at_most(&[(x, Q::ONE), (y, Q::from(2))], Q::from(4));
        program.at_most(&[(x, Q::ONE), (y, Q::from(-1))], Q::new(1, 2));
        program.at_least(&[(x, Q::ONE), (y, Q::ONE)], Q::ONE);
        let (best, point) = program.maximise(x).expect("feasible");
        assert_eq!((best, point), (Q::new(5, 3), vec![Q::new(5, 3), Q::new(7, 6)]));
    }

    #[test]
    fn contradiction_is_seen() {
        let mut program = Program::default();
        let x = program.variable();
        program.at_most(&[(x, Q::ONE)], Q::ONE);
        program.at_least(&[(x, Q::ONE)], Q::from(2));
        assert!(program.maximise(x).is_none());
    }
}
