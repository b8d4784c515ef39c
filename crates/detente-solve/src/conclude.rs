//! What follows in a branch without another case: dominated actions, numbers, refutations.
//!
//! The one idea: all that follows at once is drawn before a branch is split, since each number makes the rows
//! of both cases shorter.

use crate::bounds::Bounds;
use crate::carry::Carried;
use crate::choice::Known;
use crate::known;
use crate::relax::{self, Relaxation};
use crate::rows::{self, Named};
use crate::search::{Part, Search};
use crate::stage::{Mono, Weight};
use crate::state::{State, Status, Var, variable};
use detente_exact::Q;
use detente_game::certificate::{Proof, Row};
use detente_game::solution::Concept;

/// A conclusion that wraps the rest of a branch's proof.
pub enum Wrap {
    Dominated(u32, u32, u32),
    Fix(Var, Q, Vec<(Row, Q)>),
    AnyBelief(u32),
}

/// What conclusions leave of a branch.
pub enum Conclusion {
    Refuted(Proof),
    Left(Known),
}

/// What the `=` rows determined.
enum Fixed {
    Nothing,
    Some,
    Refuted(Proof),
}

impl Search<'_> {
    /// Draws conclusions until nothing more follows.
    pub fn conclude(
        &mut self,
        state: &mut State,
        part: &Part,
        wraps: &mut Vec<Wrap>,
        before: Option<&Proof>,
        mut from: Option<Carried>,
    ) -> Conclusion {
        if !state.settle(self.stage) {
            unreachable!("the last action of a set is never made zero");
        }
        let mut zeroed = vec![];
        if let Some(refuted) = self.drop_dominated(state, part, wraps, &mut zeroed) {
            return Conclusion::Refuted(refuted);
        }
        if let Some(from) = &mut from {
            from.zeroed.extend(zeroed);
        }
        if self.open_choice(state, part).is_some() {
            return Conclusion::Left(Known::default());
        }
        let mut rows = match from {
            Some(from) => self.carried(state, part, from),
            None => self.rows(state, part),
        };
        let mut settled = false;
        loop {
            if let Some(r) = rows.iter().find(|r| contradicts(r)) {
                let sign = if r.poly[&Mono::new()].is_positive() { -Q::ONE } else { Q::ONE };
                return Conclusion::Refuted(Proof::Refuted { combination: vec![(r.row, sign)] });
            }
            if settled {
                debug_assert!(matches!(
                    self.fix_some(&mut state.clone(), &rows, &mut vec![]),
                    Fixed::Nothing
                ));
                break;
            }
            match self.fix_some(state, &rows, wraps) {
                Fixed::Nothing => break,
                // Numbers change no support and no leading member: the rows stay, shorter.
                Fixed::Some => {
                    // What linear equations determine, one elimination shows whole.
                    let linear = rows.iter().all(|r| !r.equality || r.poly.keys().all(|m| m.len() < 2));
                    let more = rows::insert_fixed(self.stage, state, self.concept, &mut rows);
                    settled = linear && !more;
                }
                Fixed::Refuted(proof) => return Conclusion::Refuted(proof),
            }
        }
        if let Some(proof) = before {
            if let Some(combination) = known::refuted_again(self.stage, &rows, proof) {
                return Conclusion::Refuted(Proof::Refuted { combination });
            }
            if known::goes_on(proof) {
                // What is impossible here comes to light further down.
                return Conclusion::Left(Known { rows, point: None });
            }
        }
        if self.concept == Concept::Nash && !state.status.contains(&Status::Undecided) {
            // A leaf, which asks for more than a point of the relaxation.
            return Conclusion::Left(Known { rows, point: None });
        }
        let point = match Relaxation::new(self.stage, &rows).believed() {
            Ok(point) => Some(point),
            Err(combination) => return Conclusion::Refuted(Proof::Refuted { combination }),
        };
        Conclusion::Left(Known { rows, point })
    }

    /// Makes dominated actions zero; returns a refutation if a used action is dominated.
    /// The sets of those made zero are added to `zeroed`.
    fn drop_dominated(
        &self,
        state: &mut State,
        part: &Part,
        wraps: &mut Vec<Wrap>,
        zeroed: &mut Vec<usize>,
    ) -> Option<Proof> {
        loop {
            let bounds = Bounds::new(self.stage, &self.floats, state);
            let mut found = false;
            for &s in &part.sets {
                if !self.dominance_applies(state, s) {
                    continue;
                }
                let hit = bounds.dominated(self.stage, &self.floats, state, self.concept, s);
                let Some((a, b)) = hit else { continue };
                let set = self.stage.sets[s].game.0;
                let w = self.stage.weight(s, a);
                let was_positive = state.status[w as usize] == Status::Positive;
                wraps.push(Wrap::Dominated(set, a as u32, b as u32));
                if was_positive {
                    // The conclusion "zero" contradicts "positive": nothing is left.
                    return Some(Proof::Refuted { combination: vec![] });
                }
                state.status[w as usize] = Status::Zero;
                zeroed.push(s);
                state.settle(self.stage);
                found = true;
                break;
            }
            if !found {
                return None;
            }
        }
    }

    /// Under Nash, dominance binds only where the others surely come.
    fn dominance_applies(&self, state: &State, set: usize) -> bool {
        if self.concept == Concept::Sequential {
            return true;
        }
        let sure = |o: &Vec<Weight>| o.iter().all(|w| state.status[*w as usize] == Status::Positive);
        self.stage.sets[set].others.iter().any(sure) && self.played(state, set)
    }

    /// Whether the owner surely comes to the set as far as it depends on the owner.
    pub fn played(&self, state: &State, set: usize) -> bool {
        let mut before = self.stage.sets[set].before;
        while let Some(w) = before {
            if state.status[w as usize] != Status::Positive {
                return false;
            }
            before = self.stage.sets[self.stage.owner[w as usize].0].before;
        }
        true
    }

    /// Fixes the variables that the `=` rows determine.
    fn fix_some(&self, state: &mut State, rows: &[Named], wraps: &mut Vec<Wrap>) -> Fixed {
        let mut any = false;
        let found = relax::eliminated(self.stage, rows);
        for (k, (_, poly, _)) in found.results.iter().enumerate() {
            let Some((v, value)) = self.single(state, poly).or_else(|| self.factored(state, poly)) else {
                if poly.keys().all(|m| m.is_empty()) && !poly.is_empty() {
                    let sign = if poly[&Mono::new()].is_positive() { -Q::ONE } else { Q::ONE };
                    let combination = found.combination(k).into_iter().map(|(r, q)| (r, q * &sign)).collect();
                    return Fixed::Refuted(Proof::Refuted { combination });
                }
                continue;
            };
            if state.fixed.contains_key(&v) || !self.may_fix(state, v) {
                continue;
            }
            wraps.push(Wrap::Fix(v, value.clone(), found.combination(k).into_iter().collect()));
            if !self.in_domain(state, v, &value) {
                return Fixed::Refuted(Proof::OutOfRange { variable: variable(self.stage, v) });
            }
            state.fixed.insert(v, value);
            any = true;
        }
        if any { Fixed::Some } else { Fixed::Nothing }
    }

    /// Whether a variable keeps its meaning below: a weight whose owner's actions on the
    /// way are decided; a value whose set's paths are decided, apart
    /// from actions that its rows leave out.
    pub fn may_fix(&self, state: &State, v: Var) -> bool {
        let n = self.stage.num_weights();
        if v as usize >= n {
            let set = &self.stage.sets[v as usize - n];
            let undecided =
                |w: &Weight| state.status[*w as usize] == Status::Undecided && !set.shared.contains(w);
            return self.concept == Concept::Nash || !set.others.iter().flatten().any(undecided);
        }
        // A set that loses its other actions later would have weight 1 for its last one.
        let mut w = Some(v);
        while let Some(at) = w {
            let set = self.stage.owner[at as usize].0;
            if !state.decided(self.stage, set) {
                return false;
            }
            w = self.stage.sets[set].before;
        }
        true
    }

    /// Reads `monomial * (a * v + b) = 0` with a strictly positive monomial as `v = -b / a`.
    fn single(&self, state: &State, poly: &rows::Poly) -> Option<(Var, Q)> {
        let terms: Vec<(&Mono, &Q)> = poly.iter().collect();
        let (long, short, a, b) = match terms[..] {
            [(m, a)] if !m.is_empty() => (m, Mono::new(), a.clone(), Q::ZERO),
            [(m1, a1), (m2, a2)] if m1.len() < m2.len() => (m2, m1.clone(), a2.clone(), a1.clone()),
            [(m1, a1), (m2, a2)] if m2.len() < m1.len() => (m1, m2.clone(), a1.clone(), a2.clone()),
            _ => return None,
        };
        let mut rest: Vec<Var> = long.to_vec();
        for v in &short {
            let at = rest.iter().position(|w| w == v)?;
            rest.remove(at);
        }
        if b.is_zero() {
            // A single product is zero: one factor is, but which is known only if alone.
            let unsure: Vec<Var> = rest.iter().copied().filter(|v| !self.positive(state, *v)).collect();
            return match unsure[..] {
                [v] => Some((v, Q::ZERO)),
                [] => Some((*rest.first()?, Q::ZERO)),
                _ => None,
            };
        }
        let positive = short.iter().all(|v| self.positive(state, *v));
        match rest[..] {
            [v] if positive => Some((v, -b / a)),
            _ => None,
        }
    }

    /// Reads a polynomial of products, once written in independent weights, as a positive factor
    /// times `v - value`.
    fn factored(&self, state: &State, poly: &rows::Poly) -> Option<(Var, Q)> {
        let weights = self.stage.num_weights();
        if !poly.keys().any(|m| m.len() > 1) || poly.keys().flatten().any(|v| *v as usize >= weights) {
            return None;
        }
        let poly = crate::roots::reduce(self.stage, state, poly);
        crate::scales::factored(&poly, &|v| self.positive(state, v))
    }

    /// Whether a variable is sure to be above 0 in this state: every action of its owner on the
    /// way is used, or a tremble, and none scales a free belief.
    pub fn positive(&self, state: &State, v: Var) -> bool {
        if !self.used(state, v) {
            return false;
        }
        let mut before = self.stage.sets[self.stage.owner[v as usize].0].before;
        while let Some(w) = before {
            if !self.used(state, w) {
                return false;
            }
            before = self.stage.sets[self.stage.owner[w as usize].0].before;
        }
        true
    }

    /// Whether a weight is above 0 where the way to its set is.
    pub fn used(&self, state: &State, v: Var) -> bool {
        if v as usize >= self.stage.num_weights() {
            return false;
        }
        match state.status[v as usize] {
            Status::Positive if self.concept == Concept::Nash => {
                self.played(state, self.stage.owner[v as usize].0)
            }
            Status::Positive => true,
            Status::Zero => self.concept == Concept::Sequential && !self.free_weight(state, v),
            Status::Undecided => false,
        }
    }

    /// Whether the weight scales a free belief and may vanish.
    pub fn free_weight(&self, state: &State, v: Var) -> bool {
        (0..self.stage.sets.len())
            .filter(|s| state.any[*s])
            .any(|s| rows::own_zeros(self.stage, state, s).is_some_and(|list| list.contains(&v)))
    }

    /// Whether a number may be the variable's: within its bounds, and above 0 where the variable surely is.
    pub fn in_domain(&self, state: &State, v: Var, value: &Q) -> bool {
        if v as usize >= self.stage.num_weights() {
            return value.abs() <= self.stage.sets[v as usize - self.stage.num_weights()].bound;
        }
        *value <= Q::ONE && !value.is_negative() && (!value.is_zero() || !self.positive(state, v))
    }
}

/// Whether a row without variables is false.
fn contradicts(r: &Named) -> bool {
    match r.poly.get(&Mono::new()) {
        Some(q) if r.poly.len() == 1 => r.equality || q.is_negative(),
        _ => false,
    }
}
