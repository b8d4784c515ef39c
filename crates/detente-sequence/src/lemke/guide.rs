//! A table in floats beside the same table modulo a prime: it walks the path of the exact one, nearly always.
//!
//! The one idea: floats say which ratio is smaller, residues say which are equal; only where two ratios
//! differ by less than rounding errors can the step be wrong. Where it is in doubt the floats are made anew from
//! the first rows, or given up for longer ones. The end is proven exactly in any case.

use super::Pivoting;
use super::double::Guess;
use super::residue;
use super::rows::{Rows, Variable};

/// Steps between two tables made anew, at least.
const APART: u32 = 40;

/// A number that is 0 modulo the prime is 0 if its float is below this; and two ratios that are equal modulo
/// the prime are equal if their floats are this close, relatively.
const NEAR: f64 = 1e-5;

/// Where a variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Row(usize),
    Column(usize),
}

/// The table. Variables are numbers: first the basic ones of the start, then the others.
pub struct Guided<F> {
    rows: usize,
    /// Columns of variables.
    variables: usize,
    /// All columns, powers of e included.
    width: usize,
    names: Vec<Variable>,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    place: Vec<Place>,
    /// The floats of the start.
    start: Vec<F>,
    floats: Vec<F>,
    residues: Vec<u32>,
    /// Steps since the floats were made.
    age: u32,
    /// The largest float met since then that residues say is 0: how wrong the others may be.
    error: f64,
}

impl<F: Guess> Guided<F> {
    /// The table with these rows; `None` if there are none, or numbers are beyond floats or the prime's
    /// multiples.
    pub fn new(rows: &Rows) -> Option<Guided<F>> {
        let (count, variables) = (rows.basic.len(), rows.nonbasic.len());
        let width = rows.cells.first()?.len();
        if count != rows.cells.len() {
            return None;
        }
        let residues = rows.cells.iter().flatten().map(residue::of).collect::<Option<Vec<u32>>>()?;
        let start = scaled(rows, variables, width)?;
        let mut place: Vec<Place> = (0..count).map(Place::Row).collect();
        place.extend((0..variables).map(Place::Column));
        Some(Guided {
            rows: count,
            variables,
            width,
            names: rows.basic.iter().chain(&rows.nonbasic).copied().collect(),
            basic: (0..count).collect(),
            nonbasic: (count..count + variables).collect(),
            place,
            floats: start.clone(),
            start,
            residues,
            age: 0,
            error: 0.0,
        })
    }

    /// The same table in other floats; `None` if these cannot be made.
    pub fn in_floats<G: Guess>(&self, rows: &Rows) -> Option<Guided<G>> {
        let mut other = Guided::<G>::new(rows)?;
        (other.basic, other.nonbasic) = (self.basic.clone(), self.nonbasic.clone());
        (other.place, other.residues) = (self.place.clone(), self.residues.clone());
        other.floats = other.renewed()?;
        Some(other)
    }

    /// The variables that are functions of the others.
    pub fn basic(&self) -> impl Iterator<Item = Variable> + '_ {
        self.basic.iter().map(|v| self.names[*v])
    }

    fn at(&self, row: usize, column: usize) -> usize {
        row * self.width + column
    }

    /// The sign of an entry, as far as it can be told.
    fn sign(&self, row: usize, column: usize) -> i32 {
        let at = self.at(row, column);
        let float = self.floats[at].to_f64();
        if self.residues[at] == 0 && float.abs() < NEAR {
            return 0;
        }
        i32::from(float > 0.0) - i32::from(float < 0.0)
    }

    /// Whether the sign of an entry may be wrong.
    fn is_doubtful(&self, row: usize, column: usize) -> bool {
        let at = self.at(row, column);
        self.residues[at] != 0 && self.floats[at].to_f64().abs() < F::DOUBT
    }

    /// An entry of a row in the column that a variable of the start has or would have.
    fn entry(&self, row: usize, variable: usize) -> (F, u32) {
        match self.place[variable] {
            Place::Column(column) => (self.floats[self.at(row, column)], self.residues[self.at(row, column)]),
            Place::Row(own) if own == row => (F::ONE, 1),
            Place::Row(_) => (F::ZERO, 0),
        }
    }

    /// The row of lexicographically smallest ratio to a column among those in which the column has this
    /// sign, and whether the choice is in doubt.
    fn choose(&self, column: usize, sign: i32) -> (Option<usize>, bool) {
        let mut doubt = (0..self.rows).any(|r| self.is_doubtful(r, column));
        let mut left: Vec<usize> = (0..self.rows).filter(|r| self.sign(*r, column) == sign).collect();
        let powers = (self.variables..self.width).map(Err);
        for place in powers.chain((0..self.rows).map(Ok)) {
            if left.len() < 2 {
                break;
            }
            let (kept, doubtful) = self.smallest(&left, column, |row| match place {
                Err(power) => (self.floats[self.at(row, power)], self.residues[self.at(row, power)]),
                Ok(variable) => self.entry(row, variable),
            });
            doubt |= doubtful;
            left = kept;
        }
        (left.first().copied(), doubt)
    }

    /// The rows in which the ratio of an entry to a column is smallest.
    fn smallest(
        &self,
        rows: &[usize],
        column: usize,
        entry: impl Fn(usize) -> (F, u32),
    ) -> (Vec<usize>, bool) {
        let ratio = |row: usize| match entry(row) {
            (float, 0) if float.to_f64().abs() < NEAR => F::ZERO,
            (float, _) => float.over(self.floats[self.at(row, column)]),
        };
        let ratios: Vec<F> = rows.iter().map(|r| ratio(*r)).collect();
        let mut best = 0;
        for k in 1..rows.len() {
            if ratios[k] < ratios[best] {
                best = k;
            }
        }
        let (first, least) = (rows[best], ratios[best].to_f64());
        let mut doubt = false;
        let mut kept = vec![];
        for (row, ratio) in rows.iter().zip(&ratios) {
            let (size, apart) = (least.abs().max(ratio.to_f64().abs()), ratio.minus(ratios[best]).to_f64());
            if apart > NEAR * size.max(NEAR) {
                continue;
            }
            let left = residue::product(entry(*row).1, self.residues[self.at(first, column)]);
            let right = residue::product(entry(first).1, self.residues[self.at(*row, column)]);
            if left == right {
                kept.push(*row);
            } else {
                doubt |= apart < F::DOUBT * size;
            }
        }
        (kept, doubt)
    }

    /// As [`Guided::choose`], with floats made anew if they leave it in doubt. `None` also if it stays so.
    fn decide(&mut self, column: usize, sign: i32) -> Option<usize> {
        self.clean((0..self.rows).map(|r| self.at(r, column)).collect());
        let (row, doubt) = self.choose(column, sign);
        let worn = self.error > F::DOUBT / 16.0;
        if !doubt && !worn {
            return row;
        }
        if self.age >= APART || worn {
            self.floats = self.renewed()?;
            (self.age, self.error) = (0, 0.0);
            self.clean((0..self.floats.len()).collect());
            self.error = 0.0;
        }
        match self.choose(column, sign) {
            (row, false) => row,
            (_, true) => None,
        }
    }

    /// Sets floats to 0 that are nothing but errors of rounding.
    fn clean(&mut self, places: Vec<usize>) {
        for at in places {
            let size = self.floats[at].to_f64().abs();
            if self.residues[at] == 0 && size < NEAR {
                self.error = self.error.max(size);
                self.floats[at] = F::ZERO;
            }
        }
    }

    fn column_of(&self, variable: Variable) -> Option<usize> {
        self.nonbasic.iter().position(|v| self.names[*v] == variable)
    }

    fn exchange(&mut self, row: usize, column: usize) -> Option<Variable> {
        self.age += 1;
        self.clean((0..self.width).map(|c| self.at(row, c)).collect());
        pivot_residues(&mut self.residues, self.width, row, column)?;
        pivot_floats(&mut self.floats, self.width, row, column)?;
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.place[self.basic[row]] = Place::Row(row);
        self.place[self.nonbasic[column]] = Place::Column(column);
        Some(self.names[self.nonbasic[column]])
    }

    /// The floats of the present table, from the first ones: largest pivots first.
    fn renewed(&self) -> Option<Vec<F>> {
        let mut floats = self.start.clone();
        let mut basic: Vec<usize> = (0..self.rows).collect();
        let mut nonbasic: Vec<usize> = (self.rows..self.rows + self.variables).collect();
        let is_basic = |v: usize| matches!(self.place[v], Place::Row(_));
        let mut leaving: Vec<usize> = (0..self.rows).filter(|r| !is_basic(basic[*r])).collect();
        let mut entering: Vec<usize> = (0..self.variables).filter(|c| is_basic(nonbasic[*c])).collect();
        while !entering.is_empty() {
            let mut best = (0, 0, 0.0);
            for (i, row) in leaving.iter().enumerate() {
                for (j, column) in entering.iter().enumerate() {
                    let size = floats[row * self.width + column].to_f64().abs();
                    if size > best.2 {
                        best = (i, j, size);
                    }
                }
            }
            if best.2 == 0.0 {
                return None;
            }
            let (row, column) = (leaving.swap_remove(best.0), entering.swap_remove(best.1));
            pivot_floats(&mut floats, self.width, row, column)?;
            std::mem::swap(&mut basic[row], &mut nonbasic[column]);
        }
        let mut sorted = floats.clone();
        for (row, variable) in basic.iter().enumerate() {
            let Place::Row(to) = self.place[*variable] else { return None };
            let (from, to) =
                (&floats[row * self.width..], &mut sorted[to * self.width..(to + 1) * self.width]);
            for (column, variable) in nonbasic.iter().enumerate() {
                let Place::Column(place) = self.place[*variable] else { return None };
                to[place] = from[column];
            }
            to[self.variables..].copy_from_slice(&from[self.variables..self.width]);
        }
        Some(sorted)
    }
}

impl<F: Guess> Pivoting for Guided<F> {
    fn start(&mut self) -> Option<Variable> {
        let column = self.column_of(Variable::Bonus)?;
        // Ratios to entries below 0: the largest bonus at which something is as good, so the smallest of its
        // negative.
        let at = |guide: &Self, row: usize, column: usize| guide.at(row, column);
        for row in 0..self.rows {
            let place = at(self, row, column);
            self.floats[place] = F::ZERO.minus(self.floats[place]);
            self.residues[place] = residue::negative(self.residues[place]);
        }
        let (row, _) = self.choose(column, 1);
        for row in 0..self.rows {
            let place = at(self, row, column);
            self.floats[place] = F::ZERO.minus(self.floats[place]);
            self.residues[place] = residue::negative(self.residues[place]);
        }
        let row = row?;
        let sign = (self.variables..self.width).map(|c| self.sign(row, c)).find(|s| *s != 0);
        if sign.is_some_and(|s| s < 0) { self.exchange(row, column) } else { None }
    }

    fn enter(&mut self, variable: Variable) -> Option<Variable> {
        let column = self.column_of(variable)?;
        let row = self.decide(column, 1)?;
        self.exchange(row, column)
    }
}

/// The first rows in floats, rows and columns scaled by powers of two so that entries are near 1. The scale
/// of a variable's own row and of its column cancel, as if the variable had another unit.
fn scaled<F: Guess>(rows: &Rows, variables: usize, width: usize) -> Option<Vec<F>> {
    let cells: Vec<F> = rows.cells.iter().flatten().map(F::from_q).collect();
    if cells.iter().any(|c| !c.to_f64().is_finite()) {
        return None;
    }
    let size = |k: usize| cells[k].to_f64().abs();
    let (mut across, mut down) = (vec![1.0; rows.cells.len()], vec![1.0; width]);
    for _ in 0..2 {
        for (row, scale) in across.iter_mut().enumerate() {
            let largest = (0..variables).map(|c| size(row * width + c) * down[c]).fold(0.0, f64::max);
            *scale = inverse_power(largest);
        }
        for (column, scale) in down.iter_mut().enumerate() {
            let largest = (0..across.len()).map(|r| size(r * width + column) * across[r]).fold(0.0, f64::max);
            *scale = inverse_power(largest);
        }
    }
    let place = |k: usize| (k / width, k % width);
    Some(
        cells
            .iter()
            .enumerate()
            .map(|(k, c)| c.scaled(across[place(k).0]).scaled(down[place(k).1]))
            .collect(),
    )
}

/// The power of two nearest to the inverse of a number, from below; 1 for 0.
fn inverse_power(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 1.0;
    }
    let (_, exponent) = libm::frexp(value);
    libm::ldexp(1.0, -exponent.clamp(-500, 500))
}

fn pivot_floats<F: Guess>(cells: &mut [F], width: usize, row: usize, column: usize) -> Option<()> {
    let pivot = cells[row * width + column];
    if pivot.to_f64() == 0.0 || !pivot.to_f64().is_finite() {
        return None;
    }
    let mut lead: Vec<F> = cells[row * width..(row + 1) * width].to_vec();
    lead[column] = F::ONE;
    lead.iter_mut().for_each(|x| *x = x.over(pivot));
    let filled: Vec<usize> = (0..width).filter(|k| lead[*k].to_f64() != 0.0).collect();
    for (other, line) in cells.chunks_exact_mut(width).enumerate() {
        let factor = line[column];
        if other == row {
            line.copy_from_slice(&lead);
        } else if factor.to_f64() != 0.0 {
            line[column] = F::ZERO;
            if filled.len() * 3 < width {
                filled.iter().for_each(|k| line[*k] = line[*k].minus(factor.times(lead[*k])));
            } else {
                line.iter_mut().zip(&lead).for_each(|(x, lead)| *x = x.minus(factor.times(*lead)));
            }
        }
    }
    Some(())
}

fn pivot_residues(cells: &mut [u32], width: usize, row: usize, column: usize) -> Option<()> {
    let inverse = residue::inverse(cells[row * width + column])?;
    let mut lead: Vec<u32> = cells[row * width..(row + 1) * width].to_vec();
    lead[column] = 1;
    lead.iter_mut().for_each(|x| *x = residue::product(*x, inverse));
    let filled: Vec<usize> = (0..width).filter(|k| lead[*k] != 0).collect();
    for (other, line) in cells.chunks_exact_mut(width).enumerate() {
        let factor = residue::negative(line[column]);
        if other == row {
            line.copy_from_slice(&lead);
        } else if factor != 0 {
            line[column] = 0;
            if filled.len() * 3 < width {
                filled.iter().for_each(|k| line[*k] = residue::plus_product(line[*k], factor, lead[*k]));
            } else {
                line.iter_mut()
                    .zip(&lead)
                    .for_each(|(x, lead)| *x = residue::plus_product(*x, factor, *lead));
            }
        }
    }
    Some(())
}
