//! What the search finds: cells, and how they combine.

use crate::rows::Named;
use crate::state::{State, Var};
use detente_exact::Q;
use detente_game::solution::Num;
use std::collections::BTreeMap;

/// One over what is added to a printed radius. Another enclosure of the same root, such as the
/// referee's, is a little wider or narrower; the printed one should hold it whole.
const LEEWAY: i64 = 1_000_000_000_000;

/// A number in a cell's sample point.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Exact(Q),
    /// A root known to lie in this box, and no other root with it.
    Within(Q, Q),
}

impl Value {
    /// Returns the number as answers print it.
    pub fn num(&self) -> Num {
        match self {
            Value::Exact(q) => Num::exact(q.clone()),
            Value::Within(low, high) => {
                let mid = (low + high) / Q::from(2);
                let value = mid.to_f64();
                let off = (Q::from_f64(value).unwrap_or(Q::ZERO) - mid).abs();
                let radius = ((high - low) / Q::from(2) + off + Q::new(1, LEEWAY)).to_f64_up();
                Num::within(value, radius)
            }
        }
    }
}

/// A decided part of the stage: all points that satisfy its rows with its strict
/// variables positive are equilibria (of this part).
#[derive(Clone, Debug)]
pub struct Cell {
    pub state: State,
    /// Variables that this cell determines.
    pub vars: Vec<Var>,
    pub rows: Vec<Named>,
    pub strict: Vec<Var>,
    /// One point of the cell.
    pub point: BTreeMap<Var, Value>,
    /// Whether all rows are linear, so that the cell is a polyhedron.
    pub linear: bool,
}

/// The equilibria of a state as alternatives and independent factors.
#[derive(Clone, Debug)]
pub enum Tree {
    Empty,
    Cell(usize),
    Union(Vec<Tree>),
    Product(Vec<Tree>),
}

impl Tree {
    /// Joins alternatives, dropping empty ones.
    pub fn union(list: Vec<Tree>) -> Tree {
        let mut flat = vec![];
        for t in list {
            match t {
                Tree::Empty => {}
                Tree::Union(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Tree::Empty,
            1 => flat.remove(0),
            _ => Tree::Union(flat),
        }
    }

    /// Joins independent factors; empty if one is.
    pub fn product(list: Vec<Tree>) -> Tree {
        if list.iter().any(|t| matches!(t, Tree::Empty)) {
            return Tree::Empty;
        }
        if list.len() == 1 { list.into_iter().next().expect("one factor") } else { Tree::Product(list) }
    }
}
