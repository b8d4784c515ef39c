//! The joint conditions on what varies over a component, in the words of the model.
//!
//! A component is a union of convex pieces: the closures of those cells that no other cell's
//! closure contains. A piece is listed as the equations and irredundant inequalities between
//! probabilities (and beliefs off the path) that say no more than that each distribution sums to 1
//! and is nowhere negative. Values of sets are eliminated (Fourier and Motzkin).

use crate::cells::Cell;
use crate::describe::{member_mono, place_of_member};
use crate::join::{Joined, Whole};
use crate::polytope::Form;
use crate::stages::Solved;
use crate::state::{Status, Var};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::names::{decision_name, member_names};
use detente_game::solution::{Concept, Free, FreeWhat};
use detente_game::{Game, InfosetId};
use std::collections::{BTreeMap, BTreeSet};

/// Most pieces that are listed.
const MAX_PIECES: usize = 12;
/// Most cells looked at.
const MAX_CELLS: usize = 60;
/// Most rows while values are eliminated.
const MAX_ROWS: usize = 120;

/// A linear condition on weights: the form is 0 or at least 0.
#[derive(Clone)]
struct Condition {
    form: Form,
    equality: bool,
    /// Says only that a distribution sums to 1.
    sums: bool,
}

/// Returns one list of conditions per convex piece of a stage's component, or `None` if a
/// piece is not a polyhedron or there are too many. No conditions at all: one empty list.
pub fn pieces(
    game: &Game,
    s: &Solved,
    joined: &Joined,
    concept: Concept,
    free: &[Free],
) -> Option<Vec<Vec<String>>> {
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
            if choices.len() > MAX_CELLS {
                return None;
            }
        }
        parts.extend(choices.iter().map(|c| Part::new(s, c)).collect::<Option<Vec<_>>>()?);
        if parts.len() > MAX_CELLS {
            return None;
        }
    }
    let kept = maximal(s, concept, &parts);
    if kept.len() > MAX_PIECES {
        return None;
    }
    let several = kept.len() > 1;
    Some(kept.iter().map(|k| printed(game, s, free, &parts[*k], several)).collect())
}

/// All pairs of a piece of one factor and a piece of another; `None` if there are too many.
pub fn combined(a: &[Vec<String>], b: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    if a.len() * b.len() > MAX_PIECES {
        return None;
    }
    let both = |x: &Vec<String>, y: &Vec<String>| {
        let lines: BTreeSet<String> = x.iter().chain(y).cloned().collect();
        lines.into_iter().collect()
    };
    Some(a.iter().flat_map(|x| b.iter().map(move |y| both(x, y))).collect())
}

/// A choice of cells, one per factor, with the conditions of all.
struct Part<'a> {
    whole: Whole<'a>,
    conditions: Vec<Condition>,
}

impl<'a> Part<'a> {
    fn new(s: &'a Solved, choice: &Vec<usize>) -> Option<Part<'a>> {
        let mut conditions = vec![];
        for c in choice.iter().filter(|c| s.cells[**c].linear) {
            conditions.extend(reduced(s, &s.cells[*c])?);
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
    // A single root has no conditions beyond its numbers; beside others it may be curved.
    let curved = factor.iter().any(|c| !s.cells[*c].linear);
    if factor.len() > MAX_CELLS || (curved && factor.len() > 1) {
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
    let inside = |k: usize, j: usize| within(s, concept, &parts[k], &parts[j]);
    let covered =
        |k: &usize| (0..parts.len()).any(|j| j != *k && inside(*k, j) && (j < *k || !inside(j, *k)));
    (0..parts.len()).filter(|k| !covered(k)).collect()
}

fn weights_of(s: &Solved) -> Var {
    s.stage.num_weights() as Var
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
fn without(rows: Vec<(Form, bool)>, v: Var) -> Vec<(Form, bool)> {
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
fn cancelled(f: &Form, pivot: &Form, v: Var) -> Form {
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
fn follows(conditions: &[Condition], skip: Option<usize>, form: &Form) -> bool {
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
            None => Form { coefs: BTreeMap::from([(a.resolve(w), Q::ONE)]), ..Form::default() },
        }
    };
    let holds = |form: &Form, equality: bool| {
        let mut mine = Form { constant: form.constant.clone(), ..Form::default() };
        for (v, q) in &form.coefs {
            mine = mine.plus(&scaled(&at_small(*v), q));
        }
        let mine = tidy(mine);
        follows(&small.conditions, None, &mine)
            && (!equality || follows(&small.conditions, None, &scaled(&mine, &-Q::ONE)))
    };
    let weights = 0..weights_of(s);
    let fixed = weights.clone().all(|w| {
        let there = if behind(b, w) { Some(Q::ZERO) } else { b.known(w).cloned() };
        match there {
            Some(q) => holds(&Form { coefs: BTreeMap::from([(w, Q::ONE)]), constant: -q }, true),
            None if b.resolve(w) != w => holds(
                &Form { coefs: BTreeMap::from([(w, Q::ONE), (b.resolve(w), -Q::ONE)]), ..Form::default() },
                true,
            ),
            None => !(concept == Concept::Sequential && b.is_zero(w) && !a.is_zero(w)),
        }
    });
    fixed && large.conditions.iter().all(|c| holds(&c.form, c.equality))
}

/// The irredundant conditions of a part as text.
fn printed(game: &Game, s: &Solved, free: &[Free], part: &Part, several: bool) -> Vec<String> {
    let mut list = part.conditions.clone();
    // Equations first: each removes one weight from everything after it. Sums come before
    // others, so that a set's last action is the one left out.
    list.sort_by_key(|c| (!c.equality, !c.sums));
    let mut k = 0;
    while k < list.len() && list[k].equality {
        let pivot = list[k].form.clone();
        if let Some(v) = pivot.coefs.keys().next_back().copied() {
            for later in list[k + 1..].iter_mut() {
                later.form = cancelled(&later.form, &pivot, v);
            }
        }
        k += 1;
    }
    list.retain(|c| !c.form.coefs.is_empty());
    let mut k = 0;
    while k < list.len() {
        if !list[k].equality && follows(&list, Some(k), &list[k].form) {
            list.remove(k);
        } else {
            k += 1;
        }
    }
    let names = Names { game, s, part };
    let mut lines: Vec<String> = list.iter().filter(|c| !c.sums).map(|c| names.line(c)).collect();
    if several {
        lines.extend(names.fixed_numbers(free));
    }
    lines
}

/// How the weights of a part are written.
struct Names<'a> {
    game: &'a Game,
    s: &'a Solved,
    part: &'a Part<'a>,
}

impl Names<'_> {
    fn place(&self, set: usize) -> String {
        let info = &self.game.infosets[self.s.stage.sets[set].game.index()];
        let decision = decision_name(self.game, info.event);
        let owner = &self.game.players[info.player.index()].name;
        if info.label.is_empty() || info.label == decision {
            format!("{owner}.{decision}")
        } else {
            format!("{owner}.{decision}[{}]", info.label)
        }
    }

    fn action(&self, w: Var) -> String {
        let (set, a) = self.s.stage.owner[w as usize];
        let h: InfosetId = self.s.stage.sets[set].game;
        format!("{}.{}", self.place(set), self.game.action_name(h, a))
    }

    /// A weight as a product of probabilities along its owner's path.
    fn weight(&self, w: Var) -> String {
        let state = &self.part.whole.state;
        let mut factors = vec![];
        let mut at = Some(w);
        while let Some(v) = at {
            let set = self.s.stage.owner[v as usize].0;
            let left = self.s.stage.weights(set).filter(|x| !state.is_zero(*x)).count();
            if state.is_zero(v) {
                // Below a tremble weights are relative to it.
                factors.push(format!("tremble({})", self.action(v)));
                break;
            }
            if left > 1 {
                factors.push(self.action(v));
            }
            at = self.s.stage.sets[set].before;
        }
        factors.reverse();
        factors.join("*")
    }

    /// Weights of trembles as beliefs: the factor and the name of each, if all of a form's
    /// weights are those of members of one set.
    fn beliefs(&self, form: &Form) -> Option<BTreeMap<Var, (Q, String)>> {
        let (s, state) = (self.s, &self.part.whole.state);
        if !form.constant.is_zero() || !form.coefs.keys().all(|v| state.is_zero(*v)) {
            return None;
        }
        (0..s.stage.sets.len()).filter(|set| s.stage.sets[*set].members.len() > 1).find_map(|set| {
            let lead = state.leading(&s.stage, set)?;
            let info = &s.stage.sets[set];
            let names = member_names(self.game, info.game);
            let mut found = BTreeMap::new();
            for k in (0..info.members.len()).filter(|k| lead[*k]) {
                let mut factor = s.stage.nodes[info.members[k]].chance.clone();
                let mut open = vec![];
                for w in member_mono(&s.stage, set, k) {
                    match state.known(w) {
                        Some(q) => factor *= q,
                        None => open.push(state.resolve(w)),
                    }
                }
                let [v] = open[..] else { return None };
                let place = place_of_member(self.game, &s.stage, set, k);
                let name = format!("belief({}: {})", self.place(set), names[place]);
                if found.insert(v, (Q::ONE / factor, name)).is_some() {
                    return None;
                }
            }
            form.coefs.keys().all(|v| found.contains_key(v)).then_some(found)
        })
    }

    fn line(&self, c: &Condition) -> String {
        let Some(found) = self.beliefs(&c.form) else {
            let named: Vec<_> = c.form.coefs.iter().map(|(v, q)| (self.weight(*v), q.clone())).collect();
            return relation(&named, &c.form.constant, c.equality);
        };
        // The last belief is what the others leave of 1.
        let of = |v: &Var| c.form.coefs.get(v).map_or(Q::ZERO, |q| q * &found[v].0);
        let last = found.keys().next_back().map_or(Q::ZERO, of);
        let rest = found.iter().take(found.len() - 1).map(|(v, (_, name))| (name.clone(), of(v) - &last));
        let rest: Vec<(String, Q)> = rest.filter(|(_, q)| !q.is_zero()).collect();
        relation(&rest, &last, c.equality)
    }

    /// Probabilities that are the same all over this piece, though not over the others.
    fn fixed_numbers(&self, free: &[Free]) -> Vec<String> {
        let state = &self.part.whole.state;
        let varies = |w: &Var| {
            let (set, a) = self.s.stage.owner[*w as usize];
            let what = FreeWhat::Action(self.s.stage.sets[set].game.0, a as u32);
            free.iter().any(|f| f.what == what)
        };
        let mut lines = vec![];
        for (set, info) in self.s.stage.sets.iter().enumerate() {
            if state.behind_zero(&self.s.stage, set) {
                continue;
            }
            let positive: Vec<Var> = self
                .s
                .stage
                .weights(set)
                .filter(|w| state.status[*w as usize] != Status::Zero && varies(w))
                .collect();
            let left = self.s.stage.weights(set).filter(|w| !state.is_zero(*w)).count();
            if left > 1 {
                let gone = self.s.stage.weights(set).filter(|w| state.is_zero(*w) && varies(w));
                lines.extend(gone.map(|w| format!("{} = 0", self.action(w))));
            }
            match positive[..] {
                [w] if left == 1 => lines.push(format!("{} = 1", self.action(w))),
                _ if info.before.is_none() => {
                    let known = positive.iter().filter_map(|w| Some((w, state.known(*w)?)));
                    lines.extend(known.map(|(w, q)| format!("{} = {q}", self.action(*w))));
                }
                _ => {}
            }
        }
        lines
    }
}

/// Writes `sum + constant >= 0` (or `= 0`) with whole coefficients in lowest terms: what is
/// added on one side, what is taken away on the other.
fn relation(terms: &[(String, Q)], constant: &Q, equality: bool) -> String {
    let single = terms.len() == 1;
    let by = match terms {
        [(_, q)] => Q::ONE / q.abs(),
        _ => whole_numbers(terms.iter().map(|(_, q)| q).chain([constant])),
    };
    let positive: Vec<String> = side(terms, &by, false);
    let negative: Vec<String> = side(terms, &by, true);
    let number = constant * &by;
    let with = |mut list: Vec<String>, q: Q| -> String {
        if q.is_positive() || list.is_empty() {
            list.push(q.to_string());
        }
        list.join(" + ")
    };
    let none = Q::ZERO;
    let sign = |least: &'static str| if equality { "=" } else { least };
    // More than one number is easiest to read as a sum that stays below a bound.
    if negative.is_empty() || (single && !positive.is_empty()) {
        return format!("{} {} {}", positive.join(" + "), sign(">="), -number);
    }
    let (left, right) = if number.is_negative() { (-number, none) } else { (none, number) };
    format!("{} {} {}", with(negative, left), sign("<="), with(positive, right))
}

fn side(terms: &[(String, Q)], by: &Q, negative: bool) -> Vec<String> {
    let mine = terms.iter().filter(|(_, q)| q.is_negative() == negative);
    mine.map(|(name, q)| {
        let q = (q * by).abs();
        if q == Q::ONE { name.clone() } else { format!("{q}*{name}") }
    })
    .collect()
}

/// The factor that makes all numbers whole and without a common divisor.
fn whole_numbers<'a>(numbers: impl Iterator<Item = &'a Q>) -> Q {
    let list: Vec<&Q> = numbers.filter(|q| !q.is_zero()).collect();
    let mut by = Q::ONE;
    for q in &list {
        by *= (&by * *q).denominator();
    }
    let mut common = Q::ZERO;
    for q in &list {
        let mut a = (&by * *q).abs();
        while !a.is_zero() {
            let rest = &common - &a * (&common / &a).floor();
            common = std::mem::replace(&mut a, rest);
        }
    }
    by / common
}
