//! The corners of a face: all strategies that a table allows are mixtures of these.
//!
//! The one idea: with ties broken, feasible tables and their single exchanges form a connected graph
//! that meets every corner; what the other falls short by is left out of what is listed, so several
//! tables may give one strategy.

use crate::form::Side;
use crate::lemke::table::{Table, Variable};
use detente_exact::Q;
use std::collections::{BTreeSet, VecDeque};

/// The reach of every slot at each corner, sorted. `None` if there are more than `most` tables, or
/// if the face has no end.
pub fn corners(table: &Table, side: &Side, most: usize) -> Option<Vec<Vec<Q>>> {
    let mut seen: BTreeSet<Vec<Variable>> = BTreeSet::from([key(table)]);
    let mut found: BTreeSet<Vec<Q>> = BTreeSet::new();
    let mut open = VecDeque::from([table.clone()]);
    while let Some(table) = open.pop_front() {
        found.insert(table.limit(side));
        for column in table.free_columns() {
            let mut next = table.clone();
            next.enter_column(column)?;
            if seen.insert(key(&next)) {
                if seen.len() > most {
                    return None;
                }
                open.push_back(next);
            }
        }
    }
    Some(found.into_iter().collect())
}

fn key(table: &Table) -> Vec<Variable> {
    let mut basic = table.basic().to_vec();
    basic.sort_unstable();
    basic
}
