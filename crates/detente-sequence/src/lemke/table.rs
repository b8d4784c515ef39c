//! One player's table: its reach, and by how much each sequence of the other falls short of best.
//!
//! The one idea: pivots in whole numbers and the lexicographic rule, so that no case is ever in doubt. Right
//! sides are polynomials in e, one column for each power.

pub use super::rows::{Beside, Variable};

use super::Pivoting;
use super::rows::Rows;
use super::start::lengths;
use crate::form::{Form, Side};
use detente_exact::Q;
use detente_exact::integer::{Entry, Integers};
use std::cmp::Ordering;

/// What counts as 0 when cases are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The game as it is: powers of e break ties and mean nothing else.
    Exact,
    /// The game with its trembles: what is positive for small e is positive.
    Trembling,
}

/// The table: basic variables as functions of the others.
#[derive(Clone, Debug)]
pub struct Table {
    cells: Integers,
    basic: Vec<Variable>,
    nonbasic: Vec<Variable>,
    /// Nonbasic variables that stay 0.
    fixed: Vec<bool>,
    /// The basic variables at the start: the least of all perturbations are of these.
    first: Vec<Variable>,
    /// What each of them is multiplied by in the table.
    scale: Vec<Q>,
}

/// What comes of making a variable 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forced {
    /// It is.
    Zero,
    /// It is, and so is all that makes it larger, by this row.
    Follows(usize),
    /// It is always positive, by this row.
    Never(usize),
    /// Something falls without end, which no table of a game does.
    Lost,
}

/// Weights on shortfalls, by slot.
pub type Weights = Vec<(usize, Q)>;

impl Table {
    /// The table of player `own`, where both play the `chosen` slots of each set and tremble.
    pub fn new(form: &Form, own: usize, chosen: [&[usize]; 2], beside: Beside) -> Table {
        Table::of(&Rows::new(form, own, chosen, beside))
    }

    /// The table with these rows.
    pub fn of(rows: &Rows) -> Table {
        let cells = Integers::new(&rows.cells);
        let (basic, nonbasic) = (rows.basic.clone(), rows.nonbasic.clone());
        let scale = (0..basic.len()).map(|row| scale_of(&cells, row, &rows.cells[row])).collect();
        Table { cells, first: basic.clone(), scale, basic, fixed: vec![false; nonbasic.len()], nonbasic }
    }

    /// Makes a variable 0 for good, and with it what must then be 0. Returns whether that can be.
    pub fn force(&mut self, variable: Variable, mode: Mode) -> bool {
        matches!(self.forced(variable, mode), Forced::Zero | Forced::Follows(_))
    }

    /// As [`Table::force`], and says by which row.
    pub fn forced(&mut self, variable: Variable, mode: Mode) -> Forced {
        if let Some(column) = self.nonbasic.iter().position(|v| *v == variable) {
            self.fixed[column] = true;
            return Forced::Zero;
        }
        let Some(row) = self.basic.iter().position(|v| *v == variable) else { return Forced::Lost };
        // Bring it down as far as it goes; it stays in its row until it is out.
        loop {
            let falls = self.free_columns().find(|c| self.cells.sign(row, *c) > 0);
            let Some(column) = falls else { break };
            let rows = (0..self.basic.len()).filter(|r| self.cells.sign(*r, column) > 0);
            let Some(blocking) = rows.min_by(|a, b| self.compare(*a, *b, column)) else {
                return Forced::Lost;
            };
            self.exchange(blocking, column);
            if blocking == row {
                self.fixed[column] = true;
                return Forced::Zero;
            }
        }
        if mode == Mode::Trembling || self.cells.sign(row, self.nonbasic.len()) != 0 {
            return Forced::Never(row);
        }
        // It is 0 where everything that makes it larger is.
        for column in 0..self.nonbasic.len() {
            self.fixed[column] |= self.cells.sign(row, column) < 0;
        }
        Forced::Follows(row)
    }

    /// What a row says of shortfalls: their sum with these weights, and with reaches that are left out
    /// and have weights of at least 0 wherever they may rise, is less than 0, or 0 where the row's right
    /// side is.
    pub fn weights(&self, row: usize) -> Weights {
        let mut list: Weights = vec![];
        let mut take = |variable: Variable, weight: Q| {
            let Some(slot) = variable.short_of().filter(|_| !weight.is_zero()) else { return };
            let scale = self.first.iter().position(|v| *v == variable).map(|k| &self.scale[k]);
            list.push((slot, scale.map_or_else(|| weight.clone(), |scale| &weight * scale)));
        };
        take(self.basic[row], -Q::ONE);
        for (column, variable) in self.nonbasic.iter().enumerate() {
            take(*variable, -self.cells.ratio(row, column));
        }
        list.sort();
        list
    }

    /// Columns of variables that may rise.
    pub fn free_columns(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.nonbasic.len()).filter(|c| !self.fixed[*c])
    }

    /// The row of the variable that is 0 first when that of a column rises. `None` if it rises without end.
    pub fn falls(&self, column: usize) -> Option<usize> {
        let rows = (0..self.basic.len()).filter(|r| self.cells.sign(*r, column) > 0);
        rows.min_by(|a, b| self.compare(*a, *b, column))
    }

    /// Lets the variable of a column rise until another is 0. `None` if it rises without end.
    pub fn enter_column(&mut self, column: usize) -> Option<()> {
        let row = self.falls(column)?;
        self.exchange(row, column);
        Some(())
    }

    /// Brings the sum of the other's values down as far as it goes: then each is the best that can be
    /// had at its set. `None` if it falls without end, which no strategy allows.
    pub fn lower_values(&mut self) -> Option<()> {
        let row = self.basic.len();
        loop {
            let falls = self.free_columns().find(|c| self.cells.sign(row, *c) > 0);
            let Some(column) = falls else { return Some(()) };
            self.enter_column(column)?;
        }
    }

    /// Whether a variable is plainly 0 wherever the fixed ones are.
    pub fn vanishes(&self, variable: Variable, mode: Mode) -> bool {
        match self.nonbasic.iter().position(|v| *v == variable) {
            Some(column) => self.fixed[column],
            None if mode == Mode::Trembling => false,
            None => self.basic.iter().position(|v| *v == variable).is_some_and(|row| {
                self.cells.sign(row, self.nonbasic.len()) == 0
                    && self.free_columns().all(|c| self.cells.sign(row, c) == 0)
            }),
        }
    }

    /// Whether a variable is positive at the table's present point.
    pub fn is_positive(&self, variable: Variable, mode: Mode) -> bool {
        self.basic
            .iter()
            .position(|v| *v == variable)
            .is_some_and(|row| mode == Mode::Trembling || self.cells.sign(row, self.nonbasic.len()) > 0)
    }

    /// The variables that are functions of the others.
    pub fn basic(&self) -> &[Variable] {
        &self.basic
    }

    /// The reach of every own slot without trembles.
    pub fn limit(&self, side: &Side) -> Vec<Q> {
        let mut reach = vec![Q::ZERO; side.slots()];
        reach[0] = Q::ONE;
        for (row, variable) in self.basic.iter().enumerate() {
            if let Variable::Reach(s) = variable {
                reach[*s] = self.cells.ratio(row, self.nonbasic.len());
            }
        }
        reach
    }

    /// How a basic variable depends on a nonbasic one, up to a positive factor per row.
    pub fn slope(&self, basic: Variable, nonbasic: Variable) -> Option<Q> {
        let row = self.basic.iter().position(|v| *v == basic)?;
        let column = self.nonbasic.iter().position(|v| *v == nonbasic)?;
        Some(-self.cells.ratio(row, column))
    }

    /// The variables that the others are functions of.
    pub fn nonbasic(&self) -> &[Variable] {
        &self.nonbasic
    }

    /// Exchanges the variable of a row with that of a column; returns the former.
    pub fn exchange(&mut self, row: usize, column: usize) -> Variable {
        self.cells.pivot(row, column);
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.nonbasic[column]
    }

    /// The columns of the right side, lowest power of e first.
    fn powers(&self) -> std::ops::Range<usize> {
        self.nonbasic.len()..self.cells.columns() + 1
    }

    /// The lexicographic order of two rows' ratios to a column.
    fn compare(&self, one: usize, other: usize, column: usize) -> Ordering {
        let (below, above) = ((one, column), (other, column));
        for power in self.powers() {
            let order = self.cells.compare((Entry::At(one, power), below), (Entry::At(other, power), above));
            if order != Ordering::Equal {
                return order;
            }
        }
        for variable in &self.first {
            let entry = |row: usize| match self.nonbasic.iter().position(|v| v == variable) {
                Some(column) => Entry::At(row, column),
                None if self.basic[row] == *variable => Entry::Denominator,
                None => Entry::Zero,
            };
            let order = self.cells.compare((entry(one), below), (entry(other), above));
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    /// The reach of every own slot, a polynomial in e.
    pub fn reach(&self, side: &Side) -> Vec<Vec<Q>> {
        let lengths = lengths(side);
        let width = self.powers().len();
        let mut reach = vec![vec![Q::ZERO; width]; side.slots()];
        for (s, powers) in reach.iter_mut().enumerate() {
            powers[lengths[s]] = Q::ONE;
        }
        for (row, variable) in self.basic.iter().enumerate() {
            if let Variable::Reach(s) = variable {
                for (power, column) in self.powers().enumerate() {
                    reach[*s][power] += &self.cells.ratio(row, column);
                }
            }
        }
        reach
    }
}

impl Pivoting for Table {
    fn start(&mut self) -> Option<Variable> {
        let column = self.nonbasic.iter().position(|v| *v == Variable::Bonus)?;
        let rows = (0..self.basic.len()).filter(|r| self.cells.sign(*r, column) < 0);
        // Both divisors are negative, so ratios compare as if both were positive.
        let row = rows.max_by(|a, b| self.compare(*a, *b, column))?;
        let sign = self.powers().map(|c| self.cells.sign(row, c)).find(|s| *s != 0);
        sign.is_some_and(|s| s < 0).then(|| self.exchange(row, column))
    }

    fn enter(&mut self, variable: Variable) -> Option<Variable> {
        let column = self.nonbasic.iter().position(|v| *v == variable)?;
        let row = self.falls(column)?;
        Some(self.exchange(row, column))
    }
}

/// What a row of whole numbers is of the row it was made from.
fn scale_of(cells: &Integers, row: usize, from: &[Q]) -> Q {
    let entry = (0..from.len()).find(|c| !from[*c].is_zero());
    entry.map_or(Q::ONE, |c| &cells.ratio(row, c) / &from[c])
}
