//! Conditions of a cell that never bind, because others keep weights in a range.
//!
//! The one idea: a sum of products in which no weight stands twice is least at a corner of the ranges that
//! conditions on single weights give.

use crate::combine::reduced;
use crate::field::Field;
use crate::poly::Poly;
use crate::rows::Rules;
use crate::state::State;
use crate::tree::StageTree;
use detente_game::certificate::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Most weights of a condition.
const MOST: usize = 8;

/// The ranges that single conditions of a stage give weights; all are within [0, 1].
pub(crate) struct Ranges<N>(BTreeMap<u32, (N, N)>);

impl<N: Field> Ranges<N> {
    /// Reads all rows of the stage.
    pub(crate) fn new(rules: &Rules<N>, state: &State<N>, stage: &StageTree<N>) -> Ranges<N> {
        let mut ranges = Ranges(BTreeMap::new());
        for data in &stage.sets {
            for k in 0..data.terms.len() as u32 {
                let Ok(row) = rules.best(state, data, k) else { continue };
                let Ok(row) = reduced(rules, state, &row) else { continue };
                let equality = rules.is_equation(state, Row::Best(data.set, k)) == Ok(true);
                ranges.narrow(rules, &row, equality);
            }
        }
        ranges
    }

    /// Reads a condition on one weight as a bound.
    fn narrow(&mut self, rules: &Rules<N>, row: &Poly<N>, equality: bool) -> Option<()> {
        let mut terms = row.0.iter().filter(|(m, _)| !m.is_empty());
        let (m, slope) = terms.next().filter(|(m, _)| m.len() == 1 && !rules.is_value(m[0]))?;
        if terms.next().is_some() {
            return None;
        }
        let constant = row.0.get(&vec![]).cloned().unwrap_or_else(N::zero);
        let at = constant.negated().over(slope)?;
        let (low, high) = self.0.get(&m[0]).cloned().unwrap_or_else(|| (N::zero(), N::one()));
        let low = match equality || slope.sign()? > 0 {
            true => low.sorted(&at)?.0,
            false => low,
        };
        let high = match equality || slope.sign()? < 0 {
            true => high.sorted(&at)?.1,
            false => high,
        };
        self.0.insert(m[0], (low, high));
        Some(())
    }

    /// Whether a reduced condition holds at every corner of the ranges.
    pub(crate) fn imply(&self, rules: &Rules<N>, row: &Poly<N>) -> bool {
        let vars: BTreeSet<u32> = row.0.keys().flatten().copied().collect();
        let vars: Vec<u32> = vars.into_iter().collect();
        let twice = |m: &Vec<u32>| m.windows(2).any(|w| w[0] == w[1]);
        if vars.len() > MOST || vars.iter().any(|v| rules.is_value(*v)) || row.0.keys().any(twice) {
            return false;
        }
        let value = |corner: usize, v: &u32| -> N {
            let upper = vars.iter().position(|w| w == v).is_some_and(|k| corner >> k & 1 == 1);
            match (self.0.get(v), upper) {
                (Some((_, high)), true) => high.clone(),
                (Some((low, _)), false) => low.clone(),
                (None, true) => N::one(),
                (None, false) => N::zero(),
            }
        };
        (0..1usize << vars.len()).all(|corner| {
            let term = |(m, q): (&Vec<u32>, &N)| m.iter().fold(q.clone(), |p, v| p.times(&value(corner, v)));
            let sum = row.0.iter().map(term).fold(N::zero(), |sum, term| sum.plus(&term));
            sum.sign().is_some_and(|sign| sign >= 0)
        })
    }
}
