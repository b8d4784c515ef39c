//! Whether a component is one piece: its cells, joined where they touch.
//!
//! The one idea: the certificate names a line through one cell to a point of the other. The
//! referee checks with germs that the line consists of equilibria shortly before its end, that
//! its end is an equilibrium of the other cell, and that the limit of all probabilities and
//! beliefs on the line is the assessment at the end. Equilibria form a closed set, so then both
//! cells are in one connected piece.

use crate::germ::Germ;
use crate::rows::{Rules, Weight};
use crate::shares::member_weights;
use crate::state::{Lead, State};
use crate::tree::StageTree;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::certificate::{Join, Row, Stage, Weights};
use std::collections::{BTreeMap, BTreeSet};

/// The facts of each leaf, by cell; `None` where a cell occurs in several leaves.
pub type Kept = BTreeMap<u32, Option<State>>;

/// Where a stage's joins are checked.
pub struct Contacts<'a> {
    pub rules: &'a Rules<'a>,
    pub stage: u32,
    pub certificate: &'a Stage,
    pub kept: &'a Kept,
}

/// What a point or line becomes at its end: probabilities by action id and beliefs by set.
#[derive(PartialEq)]
pub struct Limit {
    /// In Nash proofs, `None` where the owner does not play to the set.
    probabilities: BTreeMap<u32, Option<Q>>,
    beliefs: BTreeMap<u32, Vec<Q>>,
}

/// Reasons why a contact is neither shown nor refuted.
const OPEN: [&str; 6] = [
    "the line does not come to the point",
    "a cell has no leaf of its own",
    "a weight is a root",
    "a probability has no limit",
    "a belief has no limit",
    "no trembles make these members lead",
];

/// What the checks of contacts came to, by position of the contact.
#[derive(Default)]
struct Tried {
    /// Those that hold somewhere, or may.
    fine: BTreeSet<usize>,
    /// Why others do not.
    wrong: BTreeMap<usize, String>,
}

impl Contacts<'_> {
    /// Returns the components of the stage that are not shown to be one piece, and why a contact named for them is
    /// certainly none. At most `allowed` contacts are checked.
    pub fn in_pieces(&self, tuples: &BTreeSet<Vec<u32>>, allowed: usize) -> (BTreeSet<u32>, Option<String>) {
        let mut left = allowed;
        let mut open = BTreeSet::new();
        let mut tried = Tried::default();
        for (k, cells) in self.certificate.components.iter().enumerate() {
            let mine = |t: &&Vec<u32>| t.iter().all(|c| cells.contains(c));
            let mine: Vec<&Vec<u32>> = tuples.iter().filter(mine).collect();
            if mine.len() > 1 && !self.is_one_piece(&mine, &mut left, &mut tried) {
                open.insert(k as u32);
            }
        }
        let wrong = tried.wrong.into_iter().find(|(at, _)| !open.is_empty() && !tried.fine.contains(at));
        (open, wrong.map(|(at, why)| format!("contact {at} of cells is none: {why}")))
    }

    fn is_one_piece(&self, tuples: &[&Vec<u32>], left: &mut usize, tried: &mut Tried) -> bool {
        let place: BTreeMap<&Vec<u32>, usize> = tuples.iter().enumerate().map(|(k, t)| (*t, k)).collect();
        let mut groups = Groups::new(tuples.len());
        for (at, join) in self.certificate.joins.iter().enumerate() {
            for (from, tuple) in tuples.iter().enumerate() {
                if !join.from.iter().all(|c| tuple.contains(c)) {
                    continue;
                }
                let rest: Vec<u32> = tuple.iter().copied().filter(|c| !join.from.contains(c)).collect();
                let mut other: Vec<u32> = rest.iter().chain(&join.to).copied().collect();
                other.sort_unstable();
                let Some(to) = place.get(&other).copied() else { continue };
                if groups.are_one(from, to) {
                    tried.fine.insert(at);
                    continue;
                }
                if *left == 0 {
                    return false;
                }
                *left -= 1;
                match self.check(join, tuple, tuples[to], &rest) {
                    Ok(()) => {
                        tried.fine.insert(at);
                        groups.unite(from, to);
                    }
                    Err(why) if OPEN.iter().any(|open| why.ends_with(open)) => drop(tried.fine.insert(at)),
                    Err(why) => drop(tried.wrong.entry(at).or_insert(why)),
                }
            }
            if groups.count == 1 {
                return true;
            }
        }
        false
    }

    /// Checks one contact between two choices of cells.
    fn check(&self, join: &Join, from: &[u32], to: &[u32], rest: &[u32]) -> Result<(), String> {
        let (a, b) = (self.state(from)?, self.state(to)?);
        let tree = &self.rules.stages[self.stage as usize];
        if self.certificate.nested.iter().any(|n| a.choice[*n as usize] != b.choice[*n as usize]) {
            return Err("the cells play different equilibria of a subgame".into());
        }
        let mut known: BTreeMap<u32, Q> = BTreeMap::new();
        for (cell, weights) in self.certificate.points.iter().filter(|(c, _)| rest.contains(c)) {
            known.extend(self.read(weights).map_err(|e| format!("the point of cell {cell}: {e}"))?);
        }
        let with = |weights: &Weights| -> Result<BTreeMap<u32, Q>, String> {
            let mut all = known.clone();
            all.extend(self.read(weights)?);
            Ok(all)
        };
        let (start, end) = (with(&join.start)?, with(&join.end)?);
        let gone = |state: &State, w: u32| {
            state.is_zero(w) || self.rules.behind_zero(state, self.rules.tree.set_of[w as usize])
        };
        // A weight that is named nowhere, or 0 where it may not be, should be in no row: 1 will do.
        let at = |list: &BTreeMap<u32, Q>, other: &BTreeMap<u32, Q>, w: u32, inside: &State| {
            let q = list.get(&w).or(other.get(&w)).cloned().unwrap_or(Q::ONE);
            if q.is_zero() && self.rules.is_strict(inside, w) { Q::ONE } else { q }
        };
        let line = |w: u32| {
            let first = at(&start, &end, w, &a);
            let last = match gone(&b, w) && !gone(&a, w) {
                true => Q::ZERO,
                false => end.get(&w).cloned().unwrap_or_else(|| first.clone()),
            };
            Germ::line(&first, &last)
        };
        let point = |w: u32| Germ::constant(at(&end, &start, w, &b));
        let on_line = self.limit(&a, tree, &line)?;
        let at_end = self.limit(&b, tree, &point)?;
        let agrees = on_line.beliefs == at_end.beliefs
            && on_line.probabilities.iter().all(|(action, p)| {
                let other = &at_end.probabilities[action];
                other.is_none() || other == p
            });
        if agrees { Ok(()) } else { Err("the line does not come to the point".into()) }
    }

    fn read(&self, weights: &Weights) -> Result<BTreeMap<u32, Q>, String> {
        let id = |(h, a, q): &(u32, u32, Q)| Ok((self.rules.action(self.stage, *h, *a)?, q.clone()));
        weights.iter().map(id).collect()
    }

    /// The facts of several leaves together.
    pub fn state(&self, cells: &[u32]) -> Result<State, String> {
        let mut all: Option<State> = None;
        for cell in cells {
            let one = self.kept.get(cell).and_then(Option::as_ref).ok_or("a cell has no leaf of its own")?;
            match &mut all {
                None => all = Some(one.snapshot()),
                Some(state) => state.merge(self.rules.tree, one)?,
            }
        }
        all.ok_or_else(|| "no cells".into())
    }

    /// Checks that a germ of weights is one of equilibria in this state; returns its limit.
    pub fn limit(
        &self,
        state: &State,
        tree: &StageTree,
        given: &dyn Fn(u32) -> Germ,
    ) -> Result<Limit, String> {
        let rules = self.rules;
        let weight = |a: u32| match rules.weight(state, a) {
            Weight::Number(q) => Germ::constant(q),
            Weight::Of(w) => given(w),
        };
        let mut values: BTreeMap<u32, Germ> = BTreeMap::new();
        let mut limit = Limit { probabilities: BTreeMap::new(), beliefs: BTreeMap::new() };
        for data in tree.sets.iter().rev() {
            let value = self.best_value(state, data.set, &weight, &values)?;
            values.insert(rules.value_id(data.set), value);
            let unplayed = !rules.sequential && rules.behind_zero(state, data.set);
            if !unplayed && !self.eval(state, Row::Flow(data.set), &weight, &values)?.is_zero() {
                return Err("weights do not add up".into());
            }
            let before = data.before.map_or(Germ::constant(Q::ONE), &weight);
            for a in rules.tree.actions(data.set) {
                let share = if !rules.sequential && (unplayed || before.end().is_zero()) {
                    None
                } else if state.is_zero(a) {
                    Some(Q::ZERO)
                } else if state.is_single(data.set) {
                    Some(Q::ONE)
                } else {
                    Some(weight(a).limit_of_share(&before).ok_or("a probability has no limit")?)
                };
                limit.probabilities.insert(a, share);
            }
            if rules.sequential && data.members.len() > 1 {
                let (shares, total) = member_weights(rules, state, data)?;
                let total = Germ::of(&total, &weight);
                let belief = |p| -> Result<Q, String> {
                    let share = Germ::of(p, &weight).limit_of_share(&total);
                    share.ok_or_else(|| "a belief has no limit".into())
                };
                let list = shares.iter().map(belief).collect::<Result<_, String>>()?;
                limit.beliefs.insert(data.set, list);
            }
        }
        match !rules.sequential || has_orders(rules, state, tree) {
            true => Ok(limit),
            false => Err("no trembles make these members lead".into()),
        }
    }

    fn eval(
        &self,
        state: &State,
        row: Row,
        weight: &dyn Fn(u32) -> Germ,
        values: &BTreeMap<u32, Germ>,
    ) -> Result<Germ, String> {
        let poly = self.rules.row(state, self.stage, row)?;
        Ok(Germ::of(&poly, &|v| match self.rules.is_value(v) {
            true => values.get(&v).cloned().unwrap_or_default(),
            false => weight(v),
        }))
    }

    /// The owner's value at a set, if every action used there earns it.
    fn best_value(
        &self,
        state: &State,
        set: u32,
        weight: &dyn Fn(u32) -> Germ,
        values: &BTreeMap<u32, Germ>,
    ) -> Result<Germ, String> {
        let rules = self.rules;
        // The set's own value is not among `values` yet and counts as 0, unless it is fixed.
        let fixed = state.fixed[rules.value_id(set) as usize].clone();
        let base = Germ::constant(fixed.clone().unwrap_or(Q::ZERO));
        let mut earned: Vec<(u32, Germ)> = Vec::new();
        for (a, k) in rules.tree.actions(set).zip(0..) {
            if state.range[a as usize].is_some() {
                return Err("a weight is a root".into());
            }
            let w = weight(a);
            if w.is_negative() || rules.is_strict(state, a) && !w.is_positive() {
                return Err("a weight is not above 0".into());
            }
            earned.push((a, base.minus(&self.eval(state, Row::Best(set, k), weight, values)?)));
        }
        let mut best = earned.first().map(|(_, e)| e.clone()).ok_or("a set has no actions")?;
        for (_, e) in &earned {
            if e.minus(&best).is_positive() {
                best = e.clone();
            }
        }
        for ((a, e), k) in earned.iter().zip(0..) {
            let played = !state.is_zero(*a) && !weight(*a).is_zero();
            if (played || rules.is_equation(state, Row::Best(set, k))?) && *e != best {
                return Err(format!("action {k} of set {set} is not best"));
            }
        }
        match fixed.is_some_and(|q| Germ::constant(q) != best) {
            true => Err("a value is not the fixed number".into()),
            false => Ok(best),
        }
    }
}

/// Whether tremble orders exist with which exactly the leading members lead.
fn has_orders(rules: &Rules, state: &State, tree: &StageTree) -> bool {
    if tree.sets.iter().all(|d| state.lead[d.set as usize].is_none()) {
        return true;
    }
    let mut system = Lp::default();
    let mut column: BTreeMap<u32, usize> = BTreeMap::new();
    for data in tree.sets.iter().filter(|d| d.members.len() > 1) {
        let Ok(lead) = rules.leading(state, data.set) else { return false };
        let Some(first) = lead.iter().position(|l| *l) else { return false };
        for (member, leads) in data.members.iter().zip(&lead) {
            let mut order: BTreeMap<u32, Q> = BTreeMap::new();
            for (path, sign) in [(&member.path, Q::ONE), (&data.members[first].path, -Q::ONE)] {
                for a in rules.zeros(state, path) {
                    *order.entry(a).or_insert(Q::ZERO) += &sign;
                }
            }
            let mut coefs = Vec::new();
            for (a, q) in order.into_iter().filter(|(_, q)| !q.is_zero()) {
                let at = *column.entry(a).or_insert_with(|| system.add_variable(Some(Q::ONE), None));
                coefs.push((at, q));
            }
            let (rel, right) = if *leads { (Rel::Eq, Q::ZERO) } else { (Rel::Ge, Q::ONE) };
            system.add_row(coefs, rel, right);
        }
    }
    lp::feasible(&system).is_ok()
}

/// Things that are joined step by step.
struct Groups {
    parent: Vec<usize>,
    count: usize,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups { parent: (0..count).collect(), count }
    }

    fn root(&self, mut k: usize) -> usize {
        while self.parent[k] != k {
            k = self.parent[k];
        }
        k
    }

    fn are_one(&self, a: usize, b: usize) -> bool {
        self.root(a) == self.root(b)
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent[a] = b;
            self.count -= 1;
        }
    }
}

impl State {
    /// Adds the facts of another leaf.
    ///
    /// # Errors
    /// The two contradict each other.
    fn merge(&mut self, tree: &crate::tree::Tree, other: &State) -> Result<(), String> {
        for (a, status) in other.status.iter().enumerate() {
            if self.is_decided(a as u32) && other.is_decided(a as u32) && self.status[a] != *status {
                return Err("parts decide an action in two ways".into());
            }
            if !self.is_decided(a as u32) && other.is_decided(a as u32) {
                self.decide(tree, a as u32, *status);
            }
            if other.dominated[a] {
                self.dominated[a] = true;
            }
            self.free[a] |= other.free[a];
            if self.range[a].is_none() {
                self.range[a].clone_from(&other.range[a]);
            }
        }
        for (mine, theirs) in self.fixed.iter_mut().zip(&other.fixed) {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        for (mine, theirs) in self.choice.iter_mut().zip(&other.choice) {
            *mine = mine.or(*theirs);
        }
        for (set, theirs) in other.lead.iter().enumerate() {
            if self.lead[set].is_none()
                && let Some(lead) = theirs
            {
                if matches!(lead, Lead::Any(_)) {
                    self.any.push(set as u32);
                }
                self.lead[set] = Some(lead.clone());
            }
        }
        Ok(())
    }
}
