//! A part in which everything is decided: a polyhedron of equilibria, roots of
//! a polynomial system, or nothing.

use crate::cells::{Cell, Tree, Value};
use crate::known;
use crate::relax::Relaxation;
use crate::search::{Part, Search};
use crate::state::{State, Var};
use detente_game::certificate::Proof;
use std::collections::BTreeMap;

/// Solves a decided part. What refuted it at other numbers is tried first.
pub fn leaf(search: &mut Search, state: State, part: Part, known: Option<&Proof>) -> (Proof, Tree) {
    let rows = search.rows(&state, &part);
    let vars: Vec<Var> = match &part.vars {
        Some(vars) => vars.iter().copied().filter(|v| !state.fixed.contains_key(v)).collect(),
        None => {
            let mut all: Vec<Var> = rows.iter().flat_map(|r| r.poly.keys().flatten().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
    };
    let strict: Vec<Var> = vars.iter().copied().filter(|v| search.positive(&state, *v)).collect();
    if rows.iter().any(|r| r.poly.keys().any(|m| m.len() > 1)) {
        return crate::roots::solve(search, state, vars, strict, rows);
    }
    let again = known.and_then(|p| known::refuted_strictly_again(search.stage, &rows, &strict, p));
    if let Some(combination) = again {
        return (Proof::Refuted { combination }, Tree::Empty);
    }
    let relaxation = Relaxation::new(search.stage, &rows);
    match relaxation.strictly(&strict) {
        Err(combination) => (Proof::Refuted { combination }, Tree::Empty),
        Ok(x) => {
            let point = point(search, &relaxation, &vars, &x);
            keep(search, Cell { state, vars, rows, strict, point, linear: true })
        }
    }
}

/// Stores a cell.
pub fn keep(search: &mut Search, cell: Cell) -> (Proof, Tree) {
    search.cells.push(cell);
    let id = search.cells.len() - 1;
    (Proof::Cell { cell: id as u32 }, Tree::Cell(id))
}

/// Reads a point of a relaxation as numbers for the part's variables.
pub fn point(search: &Search, r: &Relaxation, vars: &[Var], x: &[detente_exact::Q]) -> BTreeMap<Var, Value> {
    let mut point = BTreeMap::new();
    for v in vars {
        // A variable in no row is bound by nothing; weights may then be 1, values 0.
        let free = if (*v as usize) < search.stage.num_weights() {
            detente_exact::Q::ONE
        } else {
            detente_exact::Q::ZERO
        };
        point.insert(*v, Value::Exact(r.at(*v, x).unwrap_or(free)));
    }
    point
}
