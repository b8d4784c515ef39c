//! Which action to split on.
//!
//! The one idea: where floats see complementarity violated most, both sides of the split are likely
//! to be refuted soon; a proof known from other numbers has made that choice already.

use crate::relax::{Combination, Point, Relaxation};
use crate::rows::Named;
use crate::search::{Part, Search};
use crate::state::{State, Status};
use detente_game::certificate::{Proof, Row};
use detente_game::solution::Concept;

/// Added to the score of an action that shapes beliefs: it is decided before any other.
/// Once it is known who acts how before a set, beliefs there are known or free, and the
/// messages not sent fall apart. Signalling with 3 types, 5 messages and 5 replies takes a
/// hundredth of the steps that it takes by violation alone.
const BELIEFS_FIRST: f64 = 1e3;

/// What the conclusions leave of a branch: its rows, and a point of their relaxation.
#[derive(Default)]
pub struct Known {
    pub rows: Vec<Named>,
    /// `None` where a known proof made it needless to look for one.
    pub point: Option<Point>,
}

impl Search<'_> {
    /// The action that the known proof splits on, if it is still to decide here.
    pub fn split_again(&self, state: &State, part: &Part, known: &Proof) -> Option<(usize, usize)> {
        let Proof::Split { infoset, action, .. } = known else { return None };
        let s = part.sets.iter().copied().find(|s| self.stage.sets[*s].game.0 == *infoset)?;
        let a = *action as usize;
        let open = state.status[self.stage.weight(s, a) as usize] == Status::Undecided;
        (open && self.needs_decision(state, s)).then_some((s, a))
    }

    /// Picks the action to split on: where the relaxation violates complementarity most.
    /// `Err` refutes the branch.
    pub fn pick(
        &self,
        state: &State,
        part: &Part,
        known: &Known,
    ) -> Result<Option<(usize, usize)>, Combination> {
        let open = |s: &usize| self.needs_decision_in(state, *s, &known.rows);
        let sets: Vec<usize> = part.sets.iter().copied().filter(open).collect();
        if sets.is_empty() {
            return Ok(None);
        }
        let by_row = |row: Row| known.rows.iter().find(|r| r.row == row);
        let point = match &known.point {
            Some(point) => point,
            None => &Relaxation::new(self.stage, &known.rows).believed()?,
        };
        let mut best: Option<(f64, usize, usize)> = None;
        let mut first = None;
        for &s in &sets {
            let written = self.concept == Concept::Nash || state.leading(self.stage, s).is_some();
            for a in 0..self.stage.sets[s].actions {
                let w = self.stage.weight(s, a);
                if state.status[w as usize] != Status::Undecided {
                    continue;
                }
                if written && first.is_none() {
                    first = Some((s, a));
                }
                let Some(r) = by_row(Row::Best(self.stage.sets[s].game.0, a as u32)) else { continue };
                let weight = point.at(state.resolve(w)).unwrap_or(0.0);
                let slack = point.value(&r.poly);
                let mut score = weight * slack;
                if self.stage.shapes_beliefs(w) {
                    score += BELIEFS_FIRST * (1.0 + 1e-3 * weight);
                }
                if score > 1e-12 && best.is_none_or(|(b, _, _)| score > b * 1.000001) {
                    best = Some((score, s, a));
                }
            }
        }
        if let Some((_, s, a)) = best {
            return Ok(Some((s, a)));
        }
        // Sets off the path wait for their beliefs, unless a belief waits for them.
        Ok(first.or_else(|| self.blocking(state, part, &sets)))
    }

    /// An open action on the path of a set whose leading members are not known.
    fn blocking(&self, state: &State, part: &Part, sets: &[usize]) -> Option<(usize, usize)> {
        if self.open_belief(state, part).is_some() {
            return None;
        }
        let s = *sets.first()?;
        let a = (0..self.stage.sets[s].actions)
            .find(|a| state.status[self.stage.weight(s, *a) as usize] == Status::Undecided)?;
        Some((s, a))
    }
}
