//! The joint conditions on what varies, one list per maximal Nash subset.
//!
//! A subset is a product of two faces. The one idea: a face is said by the other player's best
//! replies: those to all of it pay the same, the others no more. What follows from the rest is left
//! out.

use super::describe::Table;
use crate::conditions::Piece;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::solution::{self, Factor, Free, FreeWhat};
use detente_game::wording::condition_text;
use detente_matrix::{Cases, Component, Mixed};

/// Most pieces that are listed.
const MAX_PIECES: usize = 200;

/// The conditions of each piece, in the order of the component's; `None` if there are too many pieces.
pub fn pieces(table: &Table, cases: &Cases, found: &Component, free: &[Free]) -> Option<Vec<Piece>> {
    if found.pieces.len() > MAX_PIECES {
        return None;
    }
    let several = found.pieces.len() > 1;
    let of_piece = |n: &u32| {
        let lists = &cases.pieces[*n as usize];
        let lines = (0..2).flat_map(|p| {
            let corners: Vec<&Mixed> = lists[p].iter().map(|x| &cases.strategies[p][*x as usize]).collect();
            Side { table, player: p, corners, free, several }.lines()
        });
        lines.map(|c| (condition_text(table.game, &c), c)).collect()
    };
    Some(found.pieces.iter().map(of_piece).collect())
}

/// One player's part of a piece.
struct Side<'a> {
    table: &'a Table<'a>,
    player: usize,
    corners: Vec<&'a Mixed>,
    free: &'a [Free],
    several: bool,
}

/// A linear form in the probabilities of the used actions but the last, and a constant: 0 or at most 0.
struct Condition {
    form: Vec<Q>,
    equality: bool,
}

impl Side<'_> {
    fn factor(&self, action: usize) -> Factor {
        Factor::Action(self.table.sets[self.player].0, action as u32)
    }

    fn varies(&self, what: FreeWhat) -> bool {
        self.free.iter().any(|f| f.what == what)
    }

    fn varying(&self, list: &[usize]) -> Vec<usize> {
        let set = self.table.sets[self.player].0;
        list.iter().copied().filter(|a| self.varies(FreeWhat::Action(set, *a as u32))).collect()
    }

    fn lines(&self) -> Vec<solution::Condition> {
        let size = self.table.matrix.size(self.player);
        let (used, gone): (Vec<usize>, Vec<usize>) =
            (0..size).partition(|i| self.corners.iter().any(|x| x[*i].is_positive()));
        let fixed = |what: Factor, number: &Q| solution::Condition {
            terms: vec![(vec![what], Q::ONE)],
            constant: -number,
            equality: true,
        };
        let mut lines = vec![];
        if let [x] = self.corners[..] {
            if self.several {
                lines.extend(self.varying(&used).iter().map(|i| fixed(self.factor(*i), &x[*i])));
                // What the other player believes of this one's choice is fixed with it.
                let other = self.table.sets[1 - self.player].0;
                let beliefs = (0..size as u32).filter(|a| self.varies(FreeWhat::Belief(other, *a)));
                lines.extend(beliefs.map(|a| fixed(Factor::Belief(other, a), &x[a as usize])));
            }
        } else {
            lines.extend(self.conditions(&used).iter().map(|c| self.line(c, &used)));
        }
        // Where one action is certain, nothing more is to be said of the others.
        if self.several && used.len() > 1 {
            lines.extend(self.varying(&gone).iter().map(|i| fixed(self.factor(*i), &Q::ZERO)));
        }
        lines
    }

    /// The conditions that say which mixtures of the used actions belong to the face.
    fn conditions(&self, used: &[usize]) -> Vec<Condition> {
        let matrix = &self.table.matrix;
        let replies: Vec<Vec<bool>> =
            self.corners.iter().map(|x| matrix.best_replies(1 - self.player, x)).collect();
        let others = matrix.payoffs(1 - self.player);
        let (tied, less): (Vec<usize>, Vec<usize>) =
            (0..others.len()).partition(|k| replies.iter().all(|r| r[*k]));
        let Some(anchor) = tied.first() else { return vec![] };
        // The last used action is what the others leave of 1.
        let (last, rest) = used.split_last().expect("some action is used");
        let form = |k: usize| -> Vec<Q> {
            let at = |i: &usize| &others[k][*i] - &others[*anchor][*i];
            let constant = at(last);
            rest.iter().map(|i| at(i) - &constant).chain([constant.clone()]).collect()
        };
        let mut list: Vec<Condition> = vec![];
        for (k, equality) in tied[1..].iter().map(|k| (*k, true)).chain(less.iter().map(|k| (*k, false))) {
            let mut new = Condition { form: form(k), equality };
            for old in list.iter().filter(|c| c.equality) {
                let pivot = (0..rest.len()).rev().find(|v| !old.form[*v].is_zero());
                let pivot = pivot.expect("equations without unknowns are not kept");
                let factor = &new.form[pivot] / &old.form[pivot];
                new.form.iter_mut().zip(&old.form).for_each(|(a, b)| a.sub_mul(&factor, b));
            }
            if new.form[..rest.len()].iter().any(|q| !q.is_zero()) {
                list.push(new);
            }
        }
        let mut k = 0;
        while k < list.len() {
            if !list[k].equality && follows(&list, k) {
                list.remove(k);
            } else {
                k += 1;
            }
        }
        list
    }

    fn line(&self, c: &Condition, used: &[usize]) -> solution::Condition {
        let (constant, form) = c.form.split_last().expect("a form ends with its constant");
        let named = used.iter().zip(form).filter(|(_, q)| !q.is_zero());
        let terms = named.map(|(i, q)| (vec![self.factor(*i)], -q)).collect();
        solution::Condition { terms, constant: -constant, equality: c.equality }
    }
}

/// Whether an inequality follows from the other conditions and from being probabilities.
fn follows(list: &[Condition], skip: usize) -> bool {
    let size = list[skip].form.len() - 1;
    let mut lp = Lp::with_variables(size, Some(Q::ZERO), None);
    lp.add_row((0..size).map(|v| (v, Q::ONE)).collect(), Rel::Le, Q::ONE);
    let coefs = |form: &[Q]| -> Vec<(usize, Q)> {
        form[..size].iter().cloned().enumerate().filter(|(_, q)| !q.is_zero()).collect()
    };
    for (_, c) in list.iter().enumerate().filter(|(k, _)| *k != skip) {
        let rel = if c.equality { Rel::Eq } else { Rel::Le };
        lp.add_row(coefs(&c.form), rel, -&c.form[size]);
    }
    match lp::maximize(&lp, &coefs(&list[skip].form)) {
        Outcome::Optimal { value, .. } => !(value + &list[skip].form[size]).is_positive(),
        Outcome::Infeasible { .. } => true,
        Outcome::Unbounded { .. } => false,
    }
}
