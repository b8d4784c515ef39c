//! The corners of a face: all strategies that a table allows are mixtures of these.
//!
//! The one idea: with ties broken, feasible tables and their single exchanges form a connected graph
//! that meets every corner. At a set that the other does not reach, its value may be anything from the
//! best that can be had there upwards; kept at the best it is a function of the strategy, so each point
//! is met once and not once for every choice of such values.

use crate::form::Side;
use crate::lemke::table::{Table, Variable};
use detente_exact::Q;
use std::collections::{BTreeSet, VecDeque};

/// The reach of every slot at each corner, sorted. `held` are slots of the other that are best
/// replies all over the face. `None` if there are more than `most` tables, if the caller stops, or if
/// the face has no end.
pub fn corners(
    mut table: Table,
    sides: [&Side; 2],
    held: &BTreeSet<usize>,
    most: usize,
    keep_going: &dyn Fn() -> bool,
) -> Option<Vec<Vec<Q>>> {
    let [own, other] = sides;
    // The set of each slot at which nothing is held.
    let mut loose = vec![None; other.slots()];
    for k in (0..other.sets.len()).filter(|k| !other.range(*k).any(|s| held.contains(&s))) {
        other.range(k).for_each(|s| loose[s] = Some(k));
    }
    table.lower_values()?;
    let place = |variable: Variable| match variable {
        Variable::Bonus => 0,
        Variable::Reach(s) => s,
        Variable::Short(s) => own.slots() + s,
    };
    let key = |table: &Table| {
        let mut bits = vec![0u64; (own.slots() + other.slots()).div_ceil(64)];
        table.basic().iter().for_each(|v| flip(&mut bits, place(*v)));
        bits
    };
    let mut seen: BTreeSet<Vec<u64>> = BTreeSet::from([key(&table)]);
    let mut found: BTreeSet<Vec<Q>> = BTreeSet::new();
    let mut open = VecDeque::from([table]);
    while let Some(table) = open.pop_front() {
        if !keep_going() {
            return None;
        }
        found.insert(table.limit(own));
        let here = key(&table);
        let mut tight = vec![0; other.sets.len()];
        let short = |variable: Variable| variable.short_of().and_then(|s| loose[s]);
        table.nonbasic().iter().filter_map(|v| short(*v)).for_each(|k| tight[k] += 1);
        for column in table.free_columns() {
            // The last best action of a set stays best: else the value would leave the best.
            if short(table.nonbasic()[column]).is_some_and(|k| tight[k] < 2) {
                continue;
            }
            // Most neighbours are known: the pivot waits until this one is not.
            let row = table.falls(column)?;
            let mut basic = here.clone();
            flip(&mut basic, place(table.basic()[row]));
            flip(&mut basic, place(table.nonbasic()[column]));
            if seen.insert(basic) {
                if seen.len() > most {
                    return None;
                }
                let mut next = table.clone();
                next.exchange(row, column);
                open.push_back(next);
            }
        }
    }
    Some(found.into_iter().collect())
}

/// Says of a variable that it is basic now, or is no longer.
fn flip(bits: &mut [u64], place: usize) {
    bits[place / 64] ^= 1 << (place % 64);
}
