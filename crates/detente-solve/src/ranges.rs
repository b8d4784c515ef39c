//! Lowest and highest value, over a component, of every action's probability and every belief.
//!
//! Factors of a product are independent. So each number is looked at once per cell of the factor
//! that binds it, with any cells of the other factors, and what no cell binds may be anything.

use crate::cells::{Cell, Value};
use crate::describe::{conditional, member_mono, place_of_member};
use crate::join::{Joined, Product, Whole, value_at};
use crate::outcomes;
use crate::polytope::{Form, ratio_range};
use crate::stage::Mono;
use crate::stages::Solved;
use crate::state::{Status, Var};
use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::{Concept, Free, FreeWhat};
use std::collections::{BTreeMap, BTreeSet};

/// Most cells of a component whose ranges are computed by linear programs; beyond, a number
/// that is not fixed in a cell counts as anything from 0 to 1.
const MAX_RANGED: usize = 400;

/// What a range is about: kind (0 an action, 1 a belief), information set, position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u8, u32, u32);

/// Lowest and highest value found so far.
struct Span {
    low: Value,
    high: Value,
    /// Whether both ends are the same number, if a box is all that is known of it.
    single: bool,
}

type Hull = BTreeMap<Key, Span>;

/// Returns a range for everything that varies over the component.
pub fn ranges(game: &Game, s: &Solved, joined: &Joined, concept: Concept) -> Vec<Free> {
    let mut work = Work { game, s, concept, hull: Hull::new(), seen: BTreeSet::new(), many: false };
    let cells: BTreeSet<usize> = joined.products.iter().flat_map(|p| &p.factors).flatten().copied().collect();
    work.many = cells.len() > MAX_RANGED;
    joined.products.iter().for_each(|p| work.product(p));
    let mut free = vec![];
    for (Key(kind, h, a), span) in work.hull {
        if !span.single {
            let what = if kind == 0 { FreeWhat::Action(h, a) } else { FreeWhat::Belief(h, a) };
            free.push(Free { what, low: span.low.num(), high: span.high.num() });
        }
    }
    free
}

fn ends(v: &Value) -> (&Q, &Q) {
    match v {
        Value::Exact(q) => (q, q),
        Value::Within(low, high) => (low, high),
    }
}

fn widen(hull: &mut Hull, key: Key, low: Value, high: Value) {
    let single = low == high;
    match hull.get_mut(&key) {
        None => {
            hull.insert(key, Span { low, high, single });
        }
        Some(span) => {
            span.single &= single && low == span.low;
            if ends(&low).0 < ends(&span.low).0 {
                span.low = low;
            }
            if ends(&high).1 > ends(&span.high).1 {
                span.high = high;
            }
        }
    }
}

fn exactly(range: (Q, Q)) -> (Value, Value) {
    (Value::Exact(range.0), Value::Exact(range.1))
}

fn anything() -> (Value, Value) {
    exactly((Q::ZERO, Q::ONE))
}

/// One component being measured.
struct Work<'a> {
    game: &'a Game,
    s: &'a Solved,
    concept: Concept,
    hull: Hull,
    /// What was measured already: a set, the cells that bind its numbers, and its decisions.
    seen: BTreeSet<(u8, usize, Vec<usize>, Vec<u8>)>,
    many: bool,
}

impl Work<'_> {
    fn product(&mut self, p: &Product) {
        let base: Vec<usize> = p.factors.iter().map(|f| f[0]).collect();
        self.choice(&base);
        for (f, factor) in p.factors.iter().enumerate() {
            for c in &factor[1..] {
                let mut choice = base.clone();
                choice[f] = *c;
                self.choice(&choice);
            }
        }
    }

    fn choice(&mut self, choice: &Vec<usize>) {
        let whole = Whole::new(&self.s.cells, choice);
        for set in 0..self.s.stage.sets.len() {
            let name = self.s.stage.sets[set].game.0;
            if let Some(list) = self.actions(&whole, choice, set) {
                for (a, (low, high)) in list.into_iter().enumerate() {
                    widen(&mut self.hull, Key(0, name, a as u32), low, high);
                }
            }
            if self.concept == Concept::Sequential && self.s.stage.sets[set].members.len() > 1 {
                for (k, (low, high)) in self.beliefs(&whole, choice, set).into_iter().flatten().enumerate() {
                    let place = place_of_member(self.game, &self.s.stage, set, k);
                    widen(&mut self.hull, Key(1, name, place as u32), low, high);
                }
            }
        }
    }

    /// The cells of a choice that bind any of these variables.
    fn binding(&self, whole: &Whole, choice: &[usize], vars: &[Var]) -> Vec<usize> {
        let binds = |c: &usize| vars.iter().any(|v| self.s.cells[*c].vars.contains(&whole.state.resolve(*v)));
        choice.iter().copied().filter(binds).collect()
    }

    /// Whether this was not measured yet.
    fn is_new(&mut self, kind: u8, whole: &Whole, set: usize, cells: &[usize], paths: &[Var]) -> bool {
        let status = paths.iter().map(|w| whole.state.status[*w as usize] as u8);
        let behind = u8::from(whole.state.behind_zero(&self.s.stage, set));
        let status = status.chain([behind]).collect();
        self.seen.insert((kind, set, cells.to_vec(), status))
    }

    /// Range of each action's probability; `None` if known already.
    fn actions(&mut self, whole: &Whole, choice: &[usize], set: usize) -> Option<Vec<(Value, Value)>> {
        let s = self.s;
        let info = &s.stage.sets[set];
        let weights: Vec<Var> = s.stage.weights(set).collect();
        let bound: Vec<Var> = weights.iter().copied().chain(info.before).collect();
        let cells = self.binding(whole, choice, &bound);
        if !self.is_new(0, whole, set, &cells, &weights) {
            return None;
        }
        let nash = self.concept != Concept::Sequential;
        if nash && (whole.state.behind_zero(&s.stage, set) || self.may_stay_away(whole, &cells, set)) {
            // Nobody sees what is planned where the owner itself never comes.
            return Some(vec![anything(); info.actions]);
        }
        let left: Vec<Var> = weights.iter().copied().filter(|w| !whole.state.is_zero(*w)).collect();
        let bound = |w: &Var| {
            whole.state.known(*w).is_some()
                || cells.iter().any(|c| s.cells[*c].vars.contains(&whole.state.resolve(*w)))
        };
        let all_bound = left.iter().all(bound) && !self.may_stay_away(whole, &cells, set);
        let number = |w: Var| -> (Value, Value) {
            if whole.state.is_zero(w) {
                exactly((Q::ZERO, Q::ZERO))
            } else if left[..] == [w] {
                exactly((Q::ONE, Q::ONE))
            } else if !all_bound {
                anything()
            } else {
                let top = form(whole, &[w], &Q::ONE);
                let bottom = match info.before {
                    Some(b) => form(whole, &[b], &Q::ONE),
                    None => Form { constant: Q::ONE, ..Form::default() },
                };
                self.ratio(&cells, &top, &bottom).unwrap_or_else(|| {
                    let at = conditional(&s.stage, whole, set, w);
                    (at.clone(), at)
                })
            }
        };
        Some(weights.into_iter().map(number).collect())
    }

    /// Whether some points of the cell have the owner never come to the set, though an
    /// undecided action lets it.
    fn may_stay_away(&self, whole: &Whole, cells: &[usize], set: usize) -> bool {
        let stage = &self.s.stage;
        let mut undecided = false;
        let mut way = stage.sets[set].before;
        while let Some(w) = way {
            undecided |= whole.state.status[w as usize] == Status::Undecided;
            way = stage.sets[stage.owner[w as usize].0].before;
        }
        undecided
            && stage.sets[set].before.is_some_and(|b| self.may_vanish(cells, &form(whole, &[b], &Q::ONE)))
    }

    /// Range of a ratio of forms over the cells that bind it; `None` where the point of a
    /// cell that is no polyhedron says it.
    fn ratio(&self, cells: &[usize], top: &Form, bottom: &Form) -> Option<(Value, Value)> {
        if top.coefs.is_empty() && bottom.coefs.is_empty() {
            let at = top.constant.checked_div(&bottom.constant)?;
            return Some(exactly((at.clone(), at)));
        }
        let has = |c: &Cell| top.coefs.keys().chain(bottom.coefs.keys()).all(|v| c.vars.contains(v));
        let cell = cells.iter().map(|c| &self.s.cells[*c]).find(|c| has(c));
        match cell {
            Some(cell) if !cell.linear => None,
            Some(cell) if !self.many => Some(
                ratio_range(cell, self.s.stage.num_weights(), top, bottom).map_or_else(anything, exactly),
            ),
            _ => Some(anything()),
        }
    }

    /// Range of the belief in each member; `None` if known already.
    fn beliefs(&mut self, whole: &Whole, choice: &[usize], set: usize) -> Option<Vec<(Value, Value)>> {
        let s = self.s;
        let info = &s.stage.sets[set];
        let n = info.members.len();
        let paths: BTreeSet<Var> = info.others.iter().flatten().copied().collect();
        let paths: Vec<Var> = paths.into_iter().collect();
        let cells = self.binding(whole, choice, &paths);
        let lead = whole.state.leading(&s.stage, set);
        // Options of one belief step differ in nothing but the members that lead.
        let leaders = lead.iter().flatten().map(|l| usize::from(*l));
        let key: Vec<usize> = leaders.chain(cells.iter().copied()).collect();
        if !self.is_new(1, whole, set, &key, &paths) {
            return None;
        }
        let Some(lead) = lead else { return Some(vec![anything(); n]) };
        if self.leaders_may_vanish(whole, &cells, set, &lead) {
            return Some((0..n).map(|k| self.whatever_leads(whole, set, k)).collect());
        }
        let monos: Vec<Mono> =
            (0..n).map(|k| if lead[k] { member_mono(&s.stage, set, k) } else { Mono::new() }).collect();
        let shared = |w: &Var| (0..n).all(|k| !lead[k] || monos[k].contains(w));
        let monos: Vec<Mono> =
            monos.iter().map(|m| m.iter().copied().filter(|w| !shared(w)).collect()).collect();
        let chance = |k: usize| {
            if lead[k] { s.stage.nodes[info.members[k]].chance.clone() } else { Q::ZERO }
        };
        let open = |m: &Mono| m.iter().filter(|v| whole.state.known(**v).is_none()).count();
        if monos.iter().all(|m| open(m) <= 1) {
            let forms: Vec<Form> = (0..n).map(|k| form(whole, &monos[k], &chance(k))).collect();
            let bottom = forms.iter().fold(Form::default(), |total, f| total.plus(f));
            let list: Option<Vec<_>> = forms.iter().map(|f| self.ratio(&cells, f, &bottom)).collect();
            if let Some(list) = list {
                return Some(list);
            }
        }
        let spans: Vec<(Value, Value)> =
            (0..n).map(|k| self.product_range(whole, &cells, &monos[k], chance(k))).collect();
        Some((0..n).map(|k| share(&spans, k)).collect())
    }

    /// Whether at some points nobody comes to the leading members, because actions that are
    /// not decided may have probability 0. Then trembles say who leads.
    fn leaders_may_vanish(&self, whole: &Whole, cells: &[usize], set: usize, lead: &[bool]) -> bool {
        let undecided = |w: &&Var| whole.state.status[**w as usize] == Status::Undecided;
        let mut total = Form::default();
        for (path, _) in self.s.stage.sets[set].others.iter().zip(lead).filter(|(_, leads)| **leads) {
            let open = path.iter().find(undecided);
            total = total.plus(&match open {
                Some(w) => form(whole, &[*w], &Q::ONE),
                None => Form { constant: Q::ONE, ..Form::default() },
            });
        }
        self.may_vanish(cells, &total)
    }

    /// Range of a belief where undecided actions may make any member lead that does not
    /// always need more trembles than another.
    fn whatever_leads(&self, whole: &Whole, set: usize, k: usize) -> (Value, Value) {
        let others = &self.s.stage.sets[set].others;
        let with = |path: &[Var], undecided: bool| -> Vec<Var> {
            let counts = |w: &&Var| match whole.state.status[**w as usize] {
                Status::Zero => true,
                Status::Undecided => undecided,
                Status::Positive => false,
            };
            path.iter().filter(counts).copied().collect()
        };
        let mine = with(&others[k], false);
        let behind = others.iter().any(|other| {
            let most = with(other, true);
            most.len() < mine.len() && most.iter().all(|w| mine.contains(w))
        });
        if behind { exactly((Q::ZERO, Q::ZERO)) } else { anything() }
    }

    /// Whether a sum of weights may be 0.
    fn may_vanish(&self, cells: &[usize], total: &Form) -> bool {
        let one = Form { constant: Q::ONE, ..Form::default() };
        self.ratio(cells, total, &one).is_none_or(|(low, _)| !outcomes::is_positive(&low))
    }

    /// Bounds on a product of weights.
    fn product_range(&self, whole: &Whole, cells: &[usize], mono: &Mono, factor: Q) -> (Value, Value) {
        let one = Form { constant: Q::ONE, ..Form::default() };
        let mut range = exactly((factor.clone(), factor));
        for w in mono {
            let f = form(whole, &[*w], &Q::ONE);
            let (low, high) = self.ratio(cells, &f, &one).unwrap_or_else(|| {
                let at = value_at(whole, *w).unwrap_or(Value::Exact(Q::ONE));
                (at.clone(), at)
            });
            range = (outcomes::product(&range.0, &low), outcomes::product(&range.1, &high));
        }
        range
    }
}

/// Bounds on one number's share of a sum, from bounds on all.
fn share(spans: &[(Value, Value)], k: usize) -> (Value, Value) {
    let zero = || Value::Exact(Q::ZERO);
    let others = |pick: &dyn Fn(&(Value, Value)) -> Value| {
        let rest = spans.iter().enumerate().filter(|(j, _)| *j != k);
        rest.fold(zero(), |t, (_, s)| outcomes::sum(&t, &pick(s)))
    };
    let of = |mine: &Value, rest: Value| outcomes::quotient(mine, &outcomes::sum(mine, &rest));
    let low = of(&spans[k].0, others(&|s| s.1.clone()));
    let high = of(&spans[k].1, others(&|s| s.0.clone()));
    let (least, most) = anything();
    (low.unwrap_or(least), high.unwrap_or(most))
}

/// `factor` times a product of weights with at most one open factor.
fn form(whole: &Whole, mono: &[Var], factor: &Q) -> Form {
    let mut f = Form::default();
    let mut q = factor.clone();
    let mut open = None;
    for v in mono {
        match whole.state.known(*v) {
            Some(value) => q *= value,
            None => open = Some(whole.state.resolve(*v)),
        }
    }
    match open {
        Some(v) if !q.is_zero() => {
            f.coefs.insert(v, q);
        }
        Some(_) => {}
        None => f.constant = q,
    }
    f
}
