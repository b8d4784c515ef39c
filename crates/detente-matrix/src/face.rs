//! A face of a best-response polytope as a simplex dictionary over floats: it guesses, never proves.
//!
//! Player one's polytope is P = { x >= 0, s >= 0 : B'x + s = 1 } with positive payoffs B: up to
//! scale, x is a mixed strategy and s_j the loss of the other player's strategy j against a best
//! reply (von Stengel, "Equilibrium computation for two-player games in strategic and extensive
//! form", 2007). A face has some of these variables forced to 0. The one idea: forcing one more is a
//! short walk of the simplex method, and where the walk cannot end at 0, the row it stops at is
//! the vector that refutes the face.

/// Floats this close to 0 count as 0.
const TOLERANCE: f64 = 1e-9;
/// Most pivots of one walk.
const LIMIT: usize = 2_000;
/// From this pivot on the smallest labels enter and leave, so that a walk at one vertex ends (Bland 1977).
const PATIENT: usize = 200;

/// What forcing a variable to 0 found.
pub(crate) enum Forced {
    /// The face goes on.
    Done,
    /// The variable stays above 0: one multiplier per row of the polytope.
    Refuted(Vec<f64>),
    /// The walk was too long.
    Lost,
}

/// A dictionary: every basic variable plus its row of nonbasic ones equals the right side.
///
/// Variables are labels: first the own strategies, then the rows' slacks.
#[derive(Clone)]
pub(crate) struct Face {
    own: usize,
    rows: usize,
    /// Row by row; the last entry is the right side.
    cells: Vec<f64>,
    basic: Vec<u16>,
    nonbasic: Vec<u16>,
    forced: Vec<bool>,
    /// Position of each label: a row, or `rows` plus a column.
    place: Vec<u16>,
}

impl Face {
    /// The whole polytope of `payoffs[row][own strategy]`, all positive.
    pub(crate) fn new(payoffs: &[Vec<f64>]) -> Face {
        let rows = payoffs.len();
        let own = payoffs.first().map_or(0, Vec::len);
        let mut cells = Vec::with_capacity(rows * (own + 1));
        for row in payoffs {
            cells.extend_from_slice(row);
            cells.push(1.0);
        }
        Face {
            own,
            rows,
            cells,
            basic: (own as u16..(own + rows) as u16).collect(),
            nonbasic: (0..own as u16).collect(),
            forced: vec![false; own],
            place: (0..own).map(|i| (rows + i) as u16).chain(0..rows as u16).collect(),
        }
    }

    fn width(&self) -> usize {
        self.own + 1
    }

    /// The variable's value at the current vertex.
    pub(crate) fn value(&self, label: usize) -> f64 {
        let at = self.place[label] as usize;
        if at >= self.rows { 0.0 } else { self.cells[at * self.width() + self.own] }
    }

    /// Whether the row of a basic variable shows that it is above 0 all over the face.
    pub(crate) fn stays_positive(&self, label: usize) -> bool {
        let at = self.place[label] as usize;
        if at >= self.rows {
            return false;
        }
        let row = &self.cells[at * self.width()..(at + 1) * self.width()];
        row[self.own] > TOLERANCE
            && row[..self.own].iter().zip(&self.forced).all(|(t, forced)| *forced || *t <= TOLERANCE)
    }

    /// The multipliers of the polytope's rows that give the row of this basic variable.
    pub(crate) fn multipliers(&self, label: usize) -> Vec<f64> {
        let at = self.place[label] as usize;
        let row = &self.cells[at * self.width()..(at + 1) * self.width()];
        let mut found = vec![0.0; self.rows];
        for (column, other) in self.nonbasic.iter().enumerate() {
            if *other as usize >= self.own {
                found[*other as usize - self.own] = row[column];
            }
        }
        if label >= self.own {
            found[label - self.own] = 1.0;
        }
        found
    }

    /// Forces a variable to 0.
    pub(crate) fn force(&mut self, label: usize) -> Forced {
        for pivots in 0..LIMIT {
            let at = self.place[label] as usize;
            if at >= self.rows {
                self.forced[at - self.rows] = true;
                return Forced::Done;
            }
            let row = &self.cells[at * self.width()..(at + 1) * self.width()];
            let mut entering = None;
            let mut steepest = TOLERANCE;
            for (column, t) in row[..self.own].iter().enumerate() {
                if !self.forced[column] && *t > steepest {
                    let smaller = entering.is_none_or(|e: usize| self.nonbasic[column] < self.nonbasic[e]);
                    match pivots < PATIENT {
                        true => (entering, steepest) = (Some(column), *t),
                        false if smaller => entering = Some(column),
                        false => {}
                    }
                }
            }
            if row[self.own] <= TOLERANCE && entering.is_none() {
                // At 0 already, and it cannot rise: any entry but 0 may take its place.
                let largest = (0..self.own)
                    .filter(|c| !self.forced[*c])
                    .max_by(|a, b| row[*a].abs().total_cmp(&row[*b].abs()));
                match largest {
                    Some(column) if row[column].abs() > TOLERANCE => self.pivot(at, column),
                    // It is 0 all over the face: nothing to force.
                    _ => return Forced::Done,
                }
                continue;
            }
            let Some(column) = entering else {
                return Forced::Refuted(self.multipliers(label));
            };
            let leaving = match self.limit(column).filter(|_| pivots >= PATIENT) {
                Some(row) if !self.ends(row, at, column) => row,
                _ => self.leaving(column, at),
            };
            self.pivot(leaving, column);
        }
        Forced::Lost
    }

    /// Whether the variable is above 0 somewhere on the face; walks there. May say so wrongly, where
    /// the walk is too long.
    pub(crate) fn rises(&mut self, label: usize) -> bool {
        for _ in 0..LIMIT {
            let at = self.place[label] as usize;
            let column = if at >= self.rows {
                if self.forced[at - self.rows] {
                    return false;
                }
                Some(at - self.rows)
            } else {
                let row = &self.cells[at * self.width()..(at + 1) * self.width()];
                if row[self.own] > TOLERANCE {
                    return true;
                }
                // The smallest label, so that walks at one vertex end (Bland 1977).
                (0..self.own)
                    .filter(|c| !self.forced[*c] && row[*c] < -TOLERANCE)
                    .min_by_key(|c| self.nonbasic[*c])
            };
            let Some(column) = column else { return false };
            let Some(row) = self.limit(column) else { return true };
            self.pivot(row, column);
        }
        true
    }

    /// The row that limits an entering column, the smallest label on ties.
    fn limit(&self, column: usize) -> Option<usize> {
        let width = self.width();
        let mut best: Option<(usize, f64)> = None;
        for row in 0..self.rows {
            let t = self.cells[row * width + column];
            if t <= TOLERANCE {
                continue;
            }
            let here = self.cells[row * width + self.own].max(0.0) / t;
            let wins = best.is_none_or(|(other, ratio)| {
                here < ratio - TOLERANCE || (here < ratio + TOLERANCE && self.basic[row] < self.basic[other])
            });
            if wins {
                best = Some((row, here));
            }
        }
        best.map(|(row, _)| row)
    }

    /// Whether the wanted row limits an entering column as early as this one does.
    fn ends(&self, row: usize, wanted: usize, column: usize) -> bool {
        let ratio = |row: usize| {
            self.cells[row * self.width() + self.own].max(0.0) / self.cells[row * self.width() + column]
        };
        ratio(wanted) < ratio(row) + TOLERANCE
    }

    /// The row that limits the entering column; `wanted` wins ties.
    fn leaving(&self, column: usize, wanted: usize) -> usize {
        let width = self.width();
        let mut best = wanted;
        let mut ratio = self.cells[wanted * width + self.own] / self.cells[wanted * width + column];
        for row in 0..self.rows {
            let t = self.cells[row * width + column];
            if t > TOLERANCE {
                let here = self.cells[row * width + self.own].max(0.0) / t;
                if here < ratio - TOLERANCE {
                    (best, ratio) = (row, here);
                }
            }
        }
        best
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.width();
        let inverse = 1.0 / self.cells[row * width + column];
        let mut lead: Vec<f64> = self.cells[row * width..(row + 1) * width].to_vec();
        for t in &mut lead {
            *t *= inverse;
        }
        lead[column] = inverse;
        for (other, cells) in self.cells.chunks_exact_mut(width).enumerate() {
            if other == row {
                cells.copy_from_slice(&lead);
                continue;
            }
            let factor = cells[column];
            if factor == 0.0 {
                continue;
            }
            cells[column] = 0.0;
            for (t, l) in cells.iter_mut().zip(&lead) {
                *t -= factor * l;
            }
        }
        let (out, into) = (self.basic[row], self.nonbasic[column]);
        self.basic[row] = into;
        self.nonbasic[column] = out;
        self.forced[column] = false;
        self.place[into as usize] = row as u16;
        self.place[out as usize] = (self.rows + column) as u16;
    }
}
