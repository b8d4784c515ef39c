//! Replays the cases of a proof over the sequence form.
//!
//! The one idea: a weighted sum of shortfalls is never negative; as a function of one player's plans it is
//! largest at a pure one, which working backwards through the player's sets finds.

use super::cover;
use super::form::Form;
use detente_exact::Q;
use detente_game::sequences::{SequenceProof, SequenceStep, Weights};
use std::collections::BTreeSet;

/// Deepest nesting of cases; a proof needs no more than there are actions.
const DEEPEST: usize = 2_000;

/// What is marked of a player's slots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Marks {
    pub unused: Vec<bool>,
    pub best: Vec<bool>,
}

/// The state of a replay.
pub(super) struct Replay<'a> {
    form: &'a Form,
    proof: &'a SequenceProof,
    /// The reaches of each listed strategy.
    reaches: &'a [Vec<Vec<Q>>; 2],
    marks: [Marks; 2],
    at: usize,
    depth: usize,
    /// Which marks are known to leave only mixtures of which piece.
    covered: BTreeSet<(usize, u32, Vec<bool>, Vec<bool>)>,
}

/// The most that a sum can be, and where.
struct Most {
    /// `None` if no plan is left.
    total: Option<Q>,
    /// Per slot, whether some best plan uses it.
    used: Vec<bool>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(form: &'a Form, proof: &'a SequenceProof, reaches: &'a [Vec<Vec<Q>>; 2]) -> Replay<'a> {
        let none = |p: usize| {
            let slots = form.sides[p].slots();
            Marks { unused: vec![false; slots], best: vec![false; slots] }
        };
        let marks = [none(0), none(1)];
        Replay { form, proof, reaches, marks, at: 0, depth: 0, covered: BTreeSet::new() }
    }

    /// Replays all steps.
    ///
    /// # Errors
    /// Says which step proves nothing.
    pub(super) fn run(&mut self) -> Result<(), String> {
        self.case().map_err(|why| format!("step {} of the cases: {why}", self.at.saturating_sub(1)))?;
        match self.at == self.proof.steps.len() {
            true => Ok(()),
            false => Err("the proof goes on after its last case".into()),
        }
    }

    /// One case, to its end.
    fn case(&mut self) -> Result<(), String> {
        loop {
            let step = self.proof.steps.get(self.at).ok_or("the steps end within a case")?;
            self.at += 1;
            match step {
                SequenceStep::Refuted(p, weights) => {
                    let most = self.most(*p, weights)?;
                    return match most.total.is_none_or(|q| q.is_negative()) {
                        true => Ok(()),
                        false => Err("the weights do not refute the case".into()),
                    };
                }
                SequenceStep::Implied(p, weights) => self.imply(*p, weights)?,
                SequenceStep::Piece(n) => return self.piece(*n),
                SequenceStep::Branch(h, a) => return self.branch(*h, *a),
            }
        }
    }

    fn branch(&mut self, infoset: u32, action: u32) -> Result<(), String> {
        let found = (0..2).find_map(|p| Some((p, self.form.sides[p].slot(infoset, action)?)));
        let (p, slot) = found.ok_or("a case is about no action")?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("cases nest too deeply".into());
        }
        let before = self.marks.clone();
        self.marks[p].unused[slot] = true;
        self.case()?;
        self.marks.clone_from(&before);
        self.marks[p].best[slot] = true;
        self.case()?;
        self.marks = before;
        self.depth -= 1;
        Ok(())
    }

    fn imply(&mut self, p: u8, weights: &Weights) -> Result<(), String> {
        let most = self.most(p, weights)?;
        if most.total.as_ref().is_some_and(Q::is_positive) {
            return Err("the weights imply nothing".into());
        }
        let p = usize::from(p);
        // Where the most is below 0 or no plan is left, the case is empty, and marks hold of nothing.
        for (unused, used) in self.marks[p].unused.iter_mut().zip(&most.used).skip(1) {
            *unused |= !used;
        }
        for (h, a, _) in weights.iter().filter(|(_, _, q)| q.is_positive()) {
            if let Some(slot) = self.form.sides[1 - p].slot(*h, *a) {
                self.marks[1 - p].best[slot] = true;
            }
        }
        Ok(())
    }

    /// The most that a sum of shortfalls of the other can be over the plans of `p`.
    fn most(&self, p: u8, weights: &Weights) -> Result<Most, String> {
        let p = usize::from(p);
        if p > 1 {
            return Err("a step names no player".into());
        }
        let (side, other) = (&self.form.sides[p], &self.form.sides[1 - p]);
        let mut weight = vec![Q::ZERO; other.slots()];
        for (h, a, q) in weights {
            let slot = other.slot(*h, *a).ok_or("a weight is on no action of the other player")?;
            if !weight[slot].is_zero() || (q.is_negative() && !self.marks[1 - p].best[slot]) {
                return Err("a weight has a wrong sign, or is given twice".into());
            }
            weight[slot] = q.clone();
        }
        let cancels = |k: usize| {
            let sum: Q = weight[other.range(k)].iter().cloned().sum();
            sum == weight[other.parent[k]]
        };
        if !(0..other.sets.len()).all(cancels) {
            return Err("the weights leave a value in the sum".into());
        }
        // Minus what the other is paid: that is what is left of the shortfalls.
        let mut up: Vec<Option<Q>> = vec![Some(Q::ZERO); side.slots()];
        for (theirs, own, pay) in self.form.pays[1 - p].iter().filter(|(s, _, _)| !weight[*s].is_zero()) {
            if let Some(sum) = &mut up[*own] {
                *sum -= &(pay * &weight[*theirs]);
            }
        }
        let mut best: Vec<Option<Q>> = vec![None; side.sets.len()];
        for k in (0..side.sets.len()).rev() {
            let open = side.range(k).filter(|s| !self.marks[p].unused[*s]);
            best[k] = open.filter_map(|s| up[s].clone()).max();
            let parent = side.parent[k];
            up[parent] = up[parent].take().zip(best[k].clone()).map(|(sum, more)| sum + more);
        }
        let mut used = vec![false; side.slots()];
        used[0] = up[0].is_some();
        for k in (0..side.sets.len()).filter(|k| best[*k].is_some()) {
            for s in side.range(k) {
                used[s] = used[side.parent[k]] && !self.marks[p].unused[s] && up[s] == best[k];
            }
        }
        Ok(Most { total: up[0].clone(), used })
    }

    /// Whether all that has the marks lies in the piece.
    fn piece(&mut self, n: u32) -> Result<(), String> {
        let lists = self.proof.pieces.get(n as usize).ok_or("a case names no piece")?;
        for p in 0..2 {
            let key = (p, n, self.marks[p].unused.clone(), self.marks[1 - p].best.clone());
            if self.covered.contains(&key) {
                continue;
            }
            let listed: Vec<&[Q]> =
                lists[p].iter().map(|x| self.reaches[p][*x as usize].as_slice()).collect();
            cover::covered(self.form, p, &self.marks[p].unused, &self.marks[1 - p].best, &listed)?;
            self.covered.insert(key);
        }
        Ok(())
    }
}
