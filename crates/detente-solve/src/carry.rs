//! Rows carried from a branch to the next.
//!
//! The one idea: a case decides one action, and most rows say the same as before. Only sets whose rows could
//! tell the difference have theirs written anew; a debug build compares all of them with rows written anew.

use crate::rows::{self, Named};
use crate::search::{Part, Search};
use crate::state::State;
use detente_game::certificate::Row;
use detente_game::solution::Concept;

/// The rows of a part in the state of the branch above, and the sets of which an action became zero since.
pub struct Carried {
    pub rows: Vec<Named>,
    pub zeroed: Vec<usize>,
}

impl Carried {
    /// Rows of a state in which nothing has become zero since.
    pub fn whole(rows: Vec<Named>) -> Carried {
        Carried { rows, zeroed: vec![] }
    }
}

impl Search<'_> {
    /// The rows where this action is known to be used as well: its row is an equation, if its owner comes there.
    pub fn with_used(&self, state: &State, set: usize, action: usize, rows: &[Named]) -> Vec<Named> {
        let mut rows = rows.to_vec();
        let unplayed = self.concept == Concept::Nash && state.behind_zero(self.stage, set);
        let best = Row::Best(self.stage.sets[set].game.0, action as u32);
        if let Some(row) = rows.iter_mut().find(|r| r.row == best && !unplayed) {
            row.equality = true;
        }
        rows
    }

    /// The rows of the part, most of them from the branch above.
    pub fn carried(&self, state: &State, part: &Part, from: Carried) -> Vec<Named> {
        let Carried { rows: before, zeroed } = from;
        let rows = if zeroed.is_empty() { before } else { self.renewed(state, part, before, &zeroed) };
        debug_assert_eq!(rows, self.rows(state, part));
        rows
    }

    fn renewed(&self, state: &State, part: &Part, before: Vec<Named>, zeroed: &[usize]) -> Vec<Named> {
        let stage = self.stage;
        let mut rows = Vec::with_capacity(before.len());
        let mut before = before.into_iter().peekable();
        for s in 0..stage.sets.len() {
            let name = stage.sets[s].game.0;
            let of_set = |r: &Named| match r.row {
                Row::Best(h, _) | Row::Flow(h) | Row::Belief(h) => h == name,
                _ => false,
            };
            let anew = zeroed.iter().any(|z| stage.is_near(s, *z));
            while let Some(row) = before.next_if(of_set) {
                if !anew {
                    rows.push(row);
                }
            }
            let vars = part.vars.as_ref();
            if anew && vars.is_none_or(|vars| vars.iter().any(|v| stage.mentions(s, *v))) {
                let of_part =
                    |r: &Named| vars.is_none_or(|vars| r.poly.keys().flatten().all(|v| vars.contains(v)));
                let fresh = rows::all_rows(stage, state, self.concept, &[s]);
                rows.extend(fresh.into_iter().filter(of_part));
            }
        }
        rows
    }
}
