//! A part in which everything is decided: a polyhedron of equilibria, roots of
//! a polynomial system, or nothing.

use crate::cells::{Cell, Tree, Value};
use crate::known;
use crate::relax::Relaxation;
use crate::rows::Named;
use crate::search::{Part, Search};
use crate::state::{State, Status, Var};
use detente_game::certificate::Proof;
use detente_game::solution::Concept;
use std::collections::{BTreeMap, BTreeSet};

/// What a part turns out to be.
pub enum Leaf {
    /// Solved, refuted or left open.
    Done((Proof, Tree)),
    /// It depends on whether this action of this set is used.
    Decide(usize, usize),
}

/// Solves a decided part of which these are the rows. What refuted it at other numbers is tried first.
pub fn leaf(
    search: &mut Search,
    state: &State,
    part: &Part,
    rows: Vec<Named>,
    known: Option<&Proof>,
) -> Leaf {
    let open = |s: &usize| state.leading(search.stage, *s).is_none();
    if search.concept == Concept::Sequential && part.sets.iter().any(open) {
        return Leaf::Done(search.leave_open("beliefs that depend on what is not decided"));
    }
    let vars: Vec<Var> = match &part.vars {
        Some(vars) => vars.iter().copied().filter(|v| !state.fixed.contains_key(v)).collect(),
        None => {
            let mut all: Vec<Var> = rows.iter().flat_map(|r| r.poly.keys().flatten().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
    };
    // An action used behind one that is undecided, or that scales a free belief, is above 0 in the
    // points shown, or rows would lose what they say; but it may be 0 elsewhere, so that it
    // refutes nothing.
    let strict: Vec<Var> = shown(search, state).into_iter().filter(|v| vars.contains(v)).collect();
    let sure: Vec<Var> = strict.iter().copied().filter(|v| search.positive(state, *v)).collect();
    let unsure = strict.iter().find(|v| !sure.contains(v)).copied();
    let products = rows.iter().any(|r| r.poly.keys().any(|m| m.len() > 1));
    if products {
        return match unsure {
            Some(v) => undecided(search, state, part, v),
            None => Leaf::Done(crate::roots::solve(search, state.clone(), vars, strict, rows)),
        };
    }
    let again = known.and_then(|p| known::refuted_strictly_again(search.stage, &rows, &sure, p));
    if let Some(combination) = again {
        return Leaf::Done((Proof::Refuted { combination }, Tree::Empty));
    }
    let relaxation = Relaxation::new(search.stage, &rows);
    let x = match relaxation.strictly(&strict) {
        Ok(x) => x,
        Err(combination) => {
            return match (unsure, relaxation.strictly(&sure)) {
                (None, _) => Leaf::Done((Proof::Refuted { combination }, Tree::Empty)),
                (_, Err(combination)) => Leaf::Done((Proof::Refuted { combination }, Tree::Empty)),
                (Some(v), Ok(_)) => undecided(search, state, part, v),
            };
        }
    };
    let point = point(search, &relaxation, &vars, &x);
    Leaf::Done(keep(search, Cell { state: state.clone(), vars, rows, strict, point, linear: true }))
}

/// The variables that must be above 0 where a point is shown: the weights of used actions, and
/// in sequential equilibria of undecided ones behind which their owner moves.
fn shown(search: &Search, state: &State) -> BTreeSet<Var> {
    let stage = search.stage;
    let leads_on = |w: &Var| {
        search.concept == Concept::Sequential
            && state.status[*w as usize] == Status::Undecided
            && stage.sets.iter().any(|set| set.before == Some(*w))
    };
    let all = 0..stage.num_weights() as Var;
    all.filter(|w| search.used(state, *w) || leads_on(w)).map(|w| state.resolve(w)).collect()
}

/// Asks for the nearest undecided action of the owner on the way to a weight, itself included.
fn undecided(search: &mut Search, state: &State, part: &Part, weight: Var) -> Leaf {
    let stage = search.stage;
    let mut at = Some(weight);
    while let Some(w) = at {
        let (set, action) = stage.owner[w as usize];
        let own = part.vars.as_ref().is_none_or(|vars| vars.contains(&state.resolve(w)));
        if state.status[w as usize] == Status::Undecided && own {
            return Leaf::Decide(set, action);
        }
        at = stage.sets[set].before;
    }
    Leaf::Done(search.leave_open("play behind an action that may or may not be used"))
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
