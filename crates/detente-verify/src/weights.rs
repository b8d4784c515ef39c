//! The rows of a state as statements about weights alone.
//!
//! The one idea: where an action is surely best, its row is 0 and gives the value of its set, which
//! every other row may then name by weights; what is left says what an equilibrium's weights obey.

use crate::poly::Poly;
use crate::rows::Rules;
use crate::state::{Lead, State};
use crate::tree::{SetData, StageTree};
use detente_exact::Q;
use detente_game::certificate::Row;
use std::collections::BTreeMap;

/// What the rows of best replies, beliefs and scales say about weights.
#[derive(Default)]
pub struct OnWeights {
    /// A polynomial that is at least 0, or is 0 if marked.
    pub rows: Vec<(Poly, bool)>,
    /// Sums that only say how trembles are measured: each is 0.
    pub scales: Vec<Poly>,
    /// Whether these are all rows; else some are left out.
    pub whole: bool,
}

impl OnWeights {
    pub fn new(rules: &Rules, state: &State, stage: &StageTree) -> OnWeights {
        let mut found = OnWeights { whole: true, ..OnWeights::default() };
        let mut values = Values::new();
        // Sets are listed parents first, so values of later sets are known first.
        for data in stage.sets.iter().rev() {
            found.add_set(rules, state, data, &mut values);
            if matches!(state.lead[data.set as usize], Some(Lead::Any(_)))
                && let Ok(row) =
                    rules.row(state, rules.place[data.set as usize].map_or(0, |p| p.0), Row::Belief(data.set))
            {
                found.scales.push(row);
            }
        }
        for group in &state.units {
            let mut row = Poly::constant(-Q::ONE);
            group.iter().for_each(|a| row.add_scaled(&rules.weight_poly(state, *a), &Q::ONE));
            found.scales.push(row);
        }
        found
    }

    fn add_set(&mut self, rules: &Rules, state: &State, data: &SetData, values: &mut Values) {
        let own = rules.value_id(data.set);
        let mut list: Vec<(Poly, bool)> = Vec::new();
        for a in 0..data.terms.len() as u32 {
            let equation = rules.is_equation(state, Row::Best(data.set, a)).unwrap_or(true);
            let rows =
                rules.best(state, data, a).ok().and_then(|p| inserted(rules, p, equation, own, values));
            match rows {
                Some(rows) => list.extend(rows.into_iter().map(|row| (row, equation))),
                None => self.whole = false,
            }
        }
        if !list.iter().any(|(row, _)| row.0.keys().any(|m| m.contains(&own))) {
            self.rows.extend(list);
            return;
        }
        let less = |row: &Poly| {
            let mut value = Poly::variable(own);
            value.add_scaled(row, &-Q::ONE);
            value
        };
        let alone = |row: &Poly| row.0.get(&vec![own]) == Some(&Q::ONE);
        if let Some(at) = list.iter().position(|(row, equation)| *equation && alone(row)) {
            let value = less(&list.swap_remove(at).0);
            self.rows
                .extend(list.into_iter().map(|(row, equation)| (row.substituted(own, &value), equation)));
            values.insert(own, vec![value]);
        } else if list.iter().all(|(row, _)| alone(row)) {
            // The owner plays elsewhere, and would earn the most that some action here gives.
            self.whole &= !rules.sequential && rules.behind_zero(state, data.set);
            values.insert(own, list.iter().map(|(row, _)| less(row)).collect());
        } else {
            self.whole = false;
        }
    }
}

/// What a value may be: one polynomial, or the largest of several.
type Values = BTreeMap<u32, Vec<Poly>>;

/// Most rows that one row stands for.
const MAX_ROWS: usize = 64;

/// The row with later values replaced by all they may be; `None` if one is not known, or the row
/// does not say the same of the largest.
fn inserted(rules: &Rules, row: Poly, equation: bool, own: u32, values: &Values) -> Option<Vec<Poly>> {
    let mut done = Vec::new();
    let mut open = vec![row];
    while let Some(row) = open.pop() {
        let later = |v: &u32| rules.is_value(*v) && *v != own;
        let Some(v) = row.0.keys().flatten().copied().find(later) else {
            done.push(row);
            continue;
        };
        let options = values.get(&v)?;
        let falls = || row.0.iter().all(|(m, c)| !m.contains(&v) || c.is_negative());
        if options.len() > 1 && (equation || !falls()) || done.len() + open.len() > MAX_ROWS {
            return None;
        }
        open.extend(options.iter().map(|p| row.substituted(v, p)));
    }
    Some(done)
}
