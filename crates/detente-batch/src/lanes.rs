//! Lanes: the same number of many draws side by side.
//!
//! The one idea: a step of a program is read once and done for a whole row, so what it costs to
//! find out *what* to do is paid once per block and not once per draw.

use detente_exact::Q;
use detente_game::Game;

/// Draws per block. Rows of this length keep the working set of a tree within the nearest cache.
pub const LANES: usize = 32;

/// One number in each draw of a block.
pub type Row = [f64; LANES];

/// A row of the same number.
pub const fn row(value: f64) -> Row {
    [value; LANES]
}

/// The parameters of a block of draws: exact floats where a parameter is drawn, the base value
/// elsewhere.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) values: Vec<Row>,
    /// How far the row is from the parameter at most; 0 where a float is the parameter itself.
    pub(crate) errors: Vec<f64>,
}

impl Block {
    /// A block in which every parameter has its base value in every draw.
    pub fn new(game: &Game) -> Block {
        let values = game.params.iter().map(|p| row(p.base.to_f64())).collect();
        let errors = game.params.iter().map(|p| distance(&p.base)).collect();
        Block { values, errors }
    }

    /// Gives a parameter another fixed value in all draws.
    pub fn fix(&mut self, param: usize, value: &Q) {
        self.values[param] = row(value.to_f64());
        self.errors[param] = distance(value);
    }

    /// Gives a parameter its value in one draw; the float is the value, exactly.
    ///
    /// Draw every lane of the parameter that is used: a lane that is not set keeps what was there.
    pub fn set(&mut self, param: usize, lane: usize, value: f64) {
        self.values[param][lane] = value;
        self.errors[param] = 0.0;
    }

    /// Gives a parameter its value in one draw, where it need not be a float. The game must have been compiled with a
    /// [`Block::loosened`] block.
    pub fn put(&mut self, param: usize, lane: usize, value: &Q) {
        self.values[param][lane] = value.to_f64();
        self.errors[param] = self.errors[param].max(distance(value));
    }

    /// The same block, for a game that is to be compiled without trust in any parameter being a float.
    pub fn loosened(&self) -> Block {
        let errors = self.errors.iter().map(|e| e.max(f64::MIN_POSITIVE)).collect();
        Block { values: self.values.clone(), errors }
    }

    /// The value of a parameter in one draw.
    pub fn value(&self, param: usize, lane: usize) -> f64 {
        self.values[param][lane]
    }
}

/// An upper bound of the distance between a number and its nearest float.
pub(crate) fn distance(value: &Q) -> f64 {
    let (low, high) = (value.to_f64_down(), value.to_f64_up());
    if low == high { 0.0 } else { (high - low).next_up() }
}
