//! The joint conditions on what varies over a component, in the words of the model.
//!
//! A component is a union of convex pieces: the closures of those cells that no other cell's
//! closure contains. A piece is listed as the equations and irredundant inequalities between
//! probabilities (and beliefs off the path) that say no more than that each distribution sums to 1
//! and is nowhere negative. Values of sets are eliminated (Fourier and Motzkin).

use crate::cells::{Cell, Value};
use crate::flat::Flat;
use crate::join::{Joined, Whole, value_at};
use crate::polytope::Form;
use crate::stages::Solved;
use crate::state::Var;
use crate::wording::printed;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::Game;
use detente_game::solution::{self, Concept, Free};
use std::collections::{BTreeMap, BTreeSet};

/// Most pieces that are listed.
const MAX_PIECES: usize = 1_000;
/// Most cells of which those inside of others are left out; beyond, pieces may overlap.
const MAX_CELLS: usize = 60;
/// Most rows while values are eliminated.
const MAX_ROWS: usize = 120;

/// A linear condition on weights: the form is 0 or at least 0.
#[derive(Clone)]
pub struct Condition {
    pub form: Form,
    pub equality: bool,
    /// Says only that a distribution sums to 1.
    pub sums: bool,
}

/// The conditions of one convex piece by their wording.
pub type Piece = BTreeMap<String, solution::Condition>;

/// Returns one list of conditions per convex piece of a stage's component, or `None` if a
/// piece is not a polyhedron or there are too many. No conditions at all: one empty list.
pub fn pieces(
    game: &Game,
    s: &Solved,
    joined: &Joined,
    concept: Concept,
    free: &[Free],
) -> Option<Vec<Piece>> {
    let mut parts: Vec<Part> = vec![];
    for p in &joined.products {
        let base: Vec<usize> = p.factors.iter().map(|f| f[0]).collect();
        let mut choices: Vec<Vec<usize>> = vec![vec![]];
        for (f, factor) in p.factors.iter().enumerate() {
            let kept = maximal_cells(s, concept, &base, f, factor)?;
            choices = choices
                .iter()
                .flat_map(|c| kept.iter().map(move |k| c.iter().copied().chain([*k]).collect()))
                .collect();
            if choices.len() > MAX_PIECES {
                return None;
            }
        }
        parts.extend(choices.iter().map(|c| Part::new(s, c)).collect::<Option<Vec<_>>>()?);
        if parts.len() > MAX_PIECES {
            return None;
        }
    }
    let kept = maximal(s, concept, &parts);
    let several = kept.len() > 1;
    Some(kept.iter().map(|k| printed(game, s, free, &parts[*k], several)).collect())
}

/// All pairs of a piece of one factor and a piece of another; `None` if there are too many.
pub fn combined(a: &[Piece], b: &[Piece]) -> Option<Vec<Piece>> {
    if a.len() * b.len() > MAX_PIECES {
        return None;
    }
    let both = |x: &Piece, y: &Piece| x.iter().chain(y).map(|(k, c)| (k.clone(), c.clone())).collect();
    Some(a.iter().flat_map(|x| b.iter().map(move |y| both(x, y))).collect())
}

/// A choice of cells, one per factor, with the conditions of all.
pub struct Part<'a> {
    pub whole: Whole<'a>,
    pub conditions: Vec<Condition>,
}

impl<'a> Part<'a> {
    fn new(s: &'a Solved, choice: &Vec<usize>) -> Option<Part<'a>> {
        let mut conditions = vec![];
        for cell in choice.iter().map(|c| &s.cells[*c]) {
            conditions.extend(if cell.linear { reduced(s, cell)? } else { numbers(s, cell) });
        }
        Some(Part { whole: Whole::new(&s.cells, choice), conditions })
    }
}

/// The cells of a factor whose closures lie in no other's.
fn maximal_cells(
    s: &Solved,
    concept: Concept,
    base: &[usize],
    f: usize,
    factor: &[usize],
) -> Option<Vec<usize>> {
    // Beside others, a root must be known exactly to be told as a piece.
    let inexact = |c: &usize| s.cells[*c].point.values().any(|v| !matches!(v, Value::Exact(_)));
    if factor.len() > 1 && factor.iter().any(|c| !s.cells[*c].linear && inexact(c)) {
        return None;
    }
    let with = |c: &usize| {
        let mut choice = base.to_vec();
        choice[f] = *c;
        Part::new(s, &choice)
    };
    let parts: Vec<Part> = factor.iter().map(with).collect::<Option<_>>()?;
    Some(maximal(s, concept, &parts).into_iter().map(|k| factor[k]).collect())
}

/// The parts that lie in no other; of equal ones the first.
fn maximal(s: &Solved, concept: Concept, parts: &[Part]) -> Vec<usize> {
    if parts.len() > MAX_CELLS {
        return (0..parts.len()).collect();
    }
    let inside = |k: usize, j: usize| within(s, concept, &parts[k], &parts[j]);
    let covered =
        |k: &usize| (0..parts.len()).any(|j| j != *k && inside(*k, j) && (j < *k || !inside(j, *k)));
    (0..parts.len()).filter(|k| !covered(k)).collect()
}

fn weights_of(s: &Solved) -> Var {
    s.stage.num_weights() as Var
}

/// The numbers of a root.
fn numbers(s: &Solved, cell: &Cell) -> Vec<Condition> {
    let exact = |(v, value): (&Var, &Value)| match value {
        Value::Exact(q) if *v < weights_of(s) => {
            let form = Form { coefs: Flat::from([(*v, Q::ONE)]), constant: -q.clone() };
            Some(Condition { form, equality: true, sums: false })
        }
        _ => None,
    };
    cell.point.iter().filter_map(exact).collect()
}

/// The conditions of a cell on weights alone.
fn reduced(s: &Solved, cell: &Cell) -> Option<Vec<Condition>> {
    let limit = weights_of(s);
    let mut rows: Vec<(Form, bool)> =
        cell.rows.iter().map(|r| Some((Form::from_poly(&r.poly)?, r.equality))).collect::<Option<_>>()?;
    let values: BTreeSet<Var> =
        rows.iter().flat_map(|(f, _)| f.coefs.keys().copied()).filter(|v| *v >= limit).collect();
    for v in values {
        rows = without(rows, v);
        if rows.len() > MAX_ROWS {
            return None;
        }
    }
    rows.retain(|(f, _)| !f.coefs.is_empty());
    let scale = |f: &Form| {
        // Free beliefs are measured on a scale of their own, which is no condition.
        !f.constant.is_zero() && f.coefs.keys().all(|v| cell.state.is_zero(*v))
    };
    rows.retain(|(f, equality)| !(*equality && scale(f)));
    Some(
        rows.into_iter()
            .map(|(form, equality)| Condition { sums: equality && sums_up(s, &form), form, equality })
            .collect(),
    )
}

/// Eliminates a variable: by an equation if there is one, else by pairing inequalities.
pub fn without(rows: Vec<(Form, bool)>, v: Var) -> Vec<(Form, bool)> {
    let (with, mut rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(f, _)| f.coefs.contains_key(&v));
    if let Some(k) = with.iter().position(|(_, equality)| *equality) {
        let pivot = with[k].0.clone();
        for (_, (f, equality)) in with.iter().enumerate().filter(|(j, _)| *j != k) {
            rest.push((cancelled(f, &pivot, v), *equality));
        }
        return rest;
    }
    let (up, down): (Vec<_>, Vec<_>) = with.into_iter().partition(|(f, _)| f.coefs[&v].is_positive());
    for (a, _) in &up {
        for (b, _) in &down {
            let sum = scaled(a, &b.coefs[&v].abs()).plus(&scaled(b, &a.coefs[&v]));
            rest.push((tidy(sum), false));
        }
    }
    rest
}

fn scaled(f: &Form, by: &Q) -> Form {
    Form { coefs: f.coefs.iter().map(|(v, q)| (*v, q * by)).collect(), constant: &f.constant * by }
}

fn tidy(mut f: Form) -> Form {
    f.coefs.retain(|_, q| !q.is_zero());
    f
}

/// `f` plus a multiple of `pivot` in which `v` does not occur.
pub fn cancelled(f: &Form, pivot: &Form, v: Var) -> Form {
    let Some(q) = f.coefs.get(&v) else { return f.clone() };
    let by = -(q / &pivot.coefs[&v]);
    tidy(f.clone().plus(&scaled(pivot, &by)))
}

/// Whether an equation is a multiple of: the weights of one set sum to the weight before it.
fn sums_up(s: &Solved, f: &Form) -> bool {
    let Some((last, lead)) = f.coefs.iter().next_back() else { return false };
    let set = s.stage.owner[*last as usize].0;
    let own = |v: Var| s.stage.owner[v as usize].0 == set;
    let rest: Vec<&Q> = f.coefs.iter().filter(|(v, _)| !own(**v)).map(|(_, q)| q).collect();
    let even = f.coefs.iter().filter(|(v, _)| own(**v)).all(|(_, q)| q == lead);
    let total = -lead.clone();
    even && match rest[..] {
        [] => f.constant == total,
        [before] => f.constant.is_zero() && *before == total,
        _ => false,
    }
}

/// A program over the closure of a cell; the column of each weight it mentions.
fn program(conditions: &[Condition], skip: Option<usize>) -> (Lp, BTreeMap<Var, usize>) {
    let mut lp = Lp::default();
    let mut column = BTreeMap::new();
    for v in conditions.iter().flat_map(|c| c.form.coefs.keys()) {
        column.entry(*v).or_insert_with(|| lp.add_variable(Some(Q::ZERO), Some(Q::ONE)));
    }
    for c in conditions.iter().enumerate().filter(|(k, _)| Some(*k) != skip).map(|(_, c)| c) {
        let coefs = c.form.coefs.iter().map(|(v, q)| (column[v], q.clone())).collect();
        lp.add_row(coefs, if c.equality { Rel::Eq } else { Rel::Ge }, -c.form.constant.clone());
    }
    (lp, column)
}

/// Whether a form is at least 0 wherever the conditions hold.
pub fn follows(conditions: &[Condition], skip: Option<usize>, form: &Form) -> bool {
    // Weights lie between 0 and 1.
    let negative = form.coefs.values().filter(|q| q.is_negative());
    if !(negative.sum::<Q>() + &form.constant).is_negative() {
        return true;
    }
    let (mut lp, mut column) = program(conditions, skip);
    for v in form.coefs.keys() {
        column.entry(*v).or_insert_with(|| lp.add_variable(Some(Q::ZERO), Some(Q::ONE)));
    }
    let down: Vec<(usize, Q)> = form.coefs.iter().map(|(v, q)| (column[v], -q)).collect();
    match lp::maximize(&lp, &down) {
        Outcome::Optimal { value, .. } => value <= form.constant,
        _ => false,
    }
}

/// Whether the first part's closure lies in the second's.
fn within(s: &Solved, concept: Concept, small: &Part, large: &Part) -> bool {
    let (a, b) = (&small.whole.state, &large.whole.state);
    if concept == Concept::Sequential {
        // Beliefs where both differ in what vanishes are not compared.
        for (set, info) in s.stage.sets.iter().enumerate().filter(|(_, i)| i.members.len() > 1) {
            let differs = |w: &Var| a.is_zero(*w) != b.is_zero(*w);
            // Where play comes to in the first, beliefs follow by Bayes' rule, in limits as well.
            let played = |path: &Vec<Var>| path.iter().all(|w| !a.is_zero(*w));
            if !a.behind_zero(&s.stage, set) && info.others.iter().any(played) {
                continue;
            }
            if a.any[set] != b.any[set]
                || a.leading(&s.stage, set) != b.leading(&s.stage, set)
                || info.others.iter().flatten().any(differs)
            {
                return false;
            }
        }
    }
    let behind = |state: &crate::state::State, w: Var| {
        concept != Concept::Sequential
            && (state.is_zero(w) || state.behind_zero(&s.stage, s.stage.owner[w as usize].0))
    };
    let at_small = |w: Var| -> Form {
        let sequential_zero = a.is_zero(w) && !b.is_zero(w);
        if behind(a, w) || sequential_zero {
            return Form::default();
        }
        match a.known(w) {
            Some(q) => Form { constant: q.clone(), ..Form::default() },
            None => Form { coefs: Flat::from([(a.resolve(w), Q::ONE)]), ..Form::default() },
        }
    };
    // At the point that is known of the first part it is quickly seen what does not hold.
    let at_point = |form: &Form| -> Option<Q> {
        let mut value = form.constant.clone();
        for (v, q) in &form.coefs {
            match value_at(&small.whole, *v)? {
                Value::Exact(x) => value += q * &x,
                Value::Within(..) => return None,
            }
        }
        Some(value)
    };
    let holds = |form: &Form, equality: bool| {
        let mut mine = Form { constant: form.constant.clone(), ..Form::default() };
        for (v, q) in &form.coefs {
            mine = mine.plus(&scaled(&at_small(*v), q));
        }
        let mine = tidy(mine);
        let broken = |value: Q| value.is_negative() || (equality && !value.is_zero());
        if at_point(&mine).is_some_and(broken) {
            return false;
        }
        follows(&small.conditions, None, &mine)
            && (!equality || follows(&small.conditions, None, &scaled(&mine, &-Q::ONE)))
    };
    let weights = 0..weights_of(s);
    let fixed = weights.clone().all(|w| {
        let there = if behind(b, w) { Some(Q::ZERO) } else { b.known(w).cloned() };
        match there {
            Some(q) => holds(&Form { coefs: Flat::from([(w, Q::ONE)]), constant: -q }, true),
            None if b.resolve(w) != w => holds(
                &Form { coefs: Flat::from([(w, Q::ONE), (b.resolve(w), -Q::ONE)]), ..Form::default() },
                true,
            ),
            None => !(concept == Concept::Sequential && b.is_zero(w) && !a.is_zero(w)),
        }
    });
    fixed && large.conditions.iter().all(|c| holds(&c.form, c.equality))
}
