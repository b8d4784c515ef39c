//! Listed ranges against what the cells allow.
//!
//! The one idea: every equilibrium of a cell satisfies the cell's rows, so a linear program over
//! the rows bounds each probability there from outside. A listed range that holds the bounds
//! of all its component's cells leaves no equilibrium out.

use crate::numbers::enclosure;
use crate::poly::{Monomial, Poly};
use crate::rows::{Rules, Weight};
use crate::state::State;
use crate::tree::StageTree;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::NodeId;
use detente_game::certificate::Row;
use detente_game::solution::{Component, FreeWhat};
use std::collections::{BTreeMap, BTreeSet};

/// A range of numbers.
pub type Bounds = (Q, Q);

/// What a range is about, within one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    Action(u32),
    Outcome(u32),
}

/// A component's position and what its range is about.
pub type Key = (u32, Entry);

/// The ranges of one component, by action id and by outcome key.
pub struct Listed {
    actions: Vec<Bounds>,
    outcomes: Vec<Bounds>,
}

impl Listed {
    /// Reads the ranges of a component: the free ones, and the point's numbers elsewhere.
    ///
    /// # Errors
    /// A range is none, names what does not exist, or does not hold the shown point.
    pub fn new(rules: &Rules, c: &Component) -> Result<Listed, String> {
        let mut actions = Vec::new();
        for num in c.profile.iter().flatten() {
            actions.push(enclosure(num)?);
        }
        for free in &c.free {
            let (low, high) = (enclosure(&free.low)?, enclosure(&free.high)?);
            if low.0 > high.1 {
                return Err("a free range is empty".into());
            }
            let point = match free.what {
                FreeWhat::Action(h, a) => {
                    let id = rules.tree.action(h, a).ok_or("a free action does not exist")? as usize;
                    Some(std::mem::replace(&mut actions[id], (low.0.clone(), high.1.clone())))
                }
                FreeWhat::Belief(h, k) => {
                    let set = rules.tree.game.infosets.get(h as usize).ok_or("a free set does not exist")?;
                    if k as usize >= set.nodes.len() {
                        return Err("a free belief is about no member".into());
                    }
                    match c.beliefs.get(h as usize).and_then(|b| b.get(k as usize)) {
                        Some(num) => Some(enclosure(num)?),
                        None => None,
                    }
                }
            };
            if point.is_some_and(|(from, to)| to < low.0 || high.1 < from) {
                return Err(format!("the shown point lies outside of its range of {:?}", free.what));
            }
        }
        let mut outcomes = Vec::new();
        for (low, high) in &c.outcome_range {
            outcomes.push((enclosure(low)?.0, enclosure(high)?.1));
        }
        Ok(Listed { actions, outcomes })
    }

    fn bounds(&self, entry: Entry) -> &Bounds {
        match entry {
            Entry::Action(a) => &self.actions[a as usize],
            Entry::Outcome(k) => &self.outcomes[k as usize],
        }
    }
}

/// What was found about all listed ranges so far.
pub struct Ranges {
    pub listed: Vec<Listed>,
    /// Ranges with an end that some cell comes to.
    low: BTreeSet<Key>,
    high: BTreeSet<Key>,
    /// Linear programs solved, to keep the referee faster than the solver.
    programs: usize,
    /// Outcome probabilities from the root of each stage on, per component, if known.
    below: Vec<Vec<Option<Vec<Bounds>>>>,
}

impl Ranges {
    pub fn new(rules: &Rules, components: &[Component], stages: usize) -> Result<Ranges, String> {
        let mut listed = Vec::new();
        for (k, c) in components.iter().enumerate() {
            listed.push(Listed::new(rules, c).map_err(|e| format!("equilibrium {k}: {e}"))?);
        }
        Ok(Ranges {
            listed,
            low: BTreeSet::new(),
            high: BTreeSet::new(),
            programs: 0,
            below: vec![Vec::new(); stages],
        })
    }

    /// Notes that a cell allows these numbers. Returns whether the listed range holds them.
    fn note(&mut self, key: Key, found: &Bounds) -> bool {
        let listed = self.listed[key.0 as usize].bounds(key.1);
        if found.0 <= listed.0 {
            self.low.insert(key);
        }
        if listed.1 <= found.1 {
            self.high.insert(key);
        }
        listed.0 <= found.0 && found.1 <= listed.1
    }

    /// Whether some cell comes to both ends of a range.
    pub fn is_attained(&self, key: Key) -> bool {
        self.low.contains(&key) && self.high.contains(&key)
    }

    /// Compares a perfect-information stage with the ranges of a component; `place` is the
    /// stage's number if it is nested.
    pub fn perfect(
        &mut self,
        k: u32,
        stage: &StageTree,
        place: Option<u32>,
        rules: &Rules,
        loose: &mut BTreeSet<Key>,
    ) {
        let players = rules.tree.game.players.len();
        let keys = rules.tree.game.outcome_keys().len();
        // Per node from the stage's root on, children first: payoffs and outcomes between bounds.
        let mut known: BTreeMap<u32, (Vec<Bounds>, Vec<Bounds>)> = BTreeMap::new();
        let ends: BTreeMap<u32, Option<u32>> = stage.leaves.iter().map(|l| (l.node, l.nested)).collect();
        let mut order = vec![stage.root];
        let mut at = 0;
        while at < order.len() {
            if !ends.contains_key(&order[at]) {
                order.extend(rules.tree.game.children(NodeId(order[at])).iter().map(|c| c.0));
            }
            at += 1;
        }
        for node in order.into_iter().rev() {
            let children = rules.tree.game.children(NodeId(node));
            let point = |q: &Q| (q.clone(), q.clone());
            let found = match (ends.get(&node), rules.tree.kind(node)) {
                (Some(Some(nested)), _) => {
                    let vectors = &rules.vectors[*nested as usize];
                    let payoffs = (0..players).map(|p| hull(vectors.iter().map(|v| point(&v[p]))));
                    let inner = &self.below[*nested as usize];
                    let known = inner.first().filter(|_| inner.len() == 1).cloned().flatten();
                    (payoffs.collect(), known.unwrap_or(vec![(Q::ZERO, Q::ONE); keys]))
                }
                (Some(None), _) => {
                    let key = rules.tree.game.outcome_key(NodeId(node));
                    let hit = |j: usize| if Some(j) == key { point(&Q::ONE) } else { point(&Q::ZERO) };
                    let payoffs = (0..players).map(|p| point(rules.tree.payoff(node, p)));
                    (payoffs.collect(), (0..keys).map(hit).collect())
                }
                (None, detente_game::NodeKind::Chance(c)) => {
                    let arms: Vec<(&Q, _)> = rules.tree.numbers.chance[c.index()]
                        .iter()
                        .zip(children.iter().map(|n| &known[&n.0]))
                        .collect();
                    let mean = |of: &dyn Fn(&(Vec<Bounds>, Vec<Bounds>)) -> Bounds| {
                        arms.iter().fold((Q::ZERO, Q::ZERO), |sum, (p, child)| {
                            let (low, high) = of(child);
                            (sum.0 + *p * &low, sum.1 + *p * &high)
                        })
                    };
                    let payoffs = (0..players).map(|p| mean(&|c| c.0[p].clone())).collect();
                    (payoffs, (0..keys).map(|j| mean(&|c| c.1[j].clone())).collect())
                }
                (None, detente_game::NodeKind::Decision(h)) => {
                    let owner = rules.tree.game.infosets[h.index()].player.index();
                    let below: Vec<&(Vec<Bounds>, Vec<Bounds>)> =
                        children.iter().map(|n| &known[&n.0]).collect();
                    let sure = below.iter().map(|c| &c.0[owner].0).max().cloned().unwrap_or(Q::ZERO);
                    let may: Vec<bool> = below.iter().map(|c| c.0[owner].1 >= sure).collect();
                    let left = may.iter().filter(|m| **m).count();
                    for (a, may) in may.iter().enumerate() {
                        let range = match (*may, left) {
                            (false, _) => (Q::ZERO, Q::ZERO),
                            (true, 1) => (Q::ONE, Q::ONE),
                            (true, _) => (Q::ZERO, Q::ONE),
                        };
                        let key = (k, Entry::Action(rules.tree.offset[h.index()] + a as u32));
                        if !self.note(key, &range) {
                            loose.insert(key);
                        }
                    }
                    let kept: Vec<&(Vec<Bounds>, Vec<Bounds>)> =
                        below.iter().zip(&may).filter(|(_, m)| **m).map(|(c, _)| *c).collect();
                    let payoffs = (0..players).map(|p| {
                        let all = hull(kept.iter().map(|c| c.0[p].clone()));
                        if p == owner { (sure.clone(), all.1) } else { all }
                    });
                    (
                        payoffs.collect(),
                        (0..keys).map(|j| hull(kept.iter().map(|c| c.1[j].clone()))).collect(),
                    )
                }
                (None, detente_game::NodeKind::Terminal(_)) => continue,
            };
            known.insert(node, found);
        }
        let Some((_, outcomes)) = known.get(&stage.root) else { return };
        match place {
            None => self.outcomes(k, &outcomes.iter().cloned().map(Some).collect::<Vec<_>>(), loose),
            Some(at) => self.below[at as usize] = vec![Some(outcomes.clone())],
        }
    }

    fn outcomes(&mut self, k: u32, found: &[Option<Bounds>], loose: &mut BTreeSet<Key>) {
        for (j, bounds) in found.iter().enumerate() {
            let key = (k, Entry::Outcome(j as u32));
            if !bounds.as_ref().is_some_and(|b| self.note(key, b)) {
                loose.insert(key);
            }
        }
    }

    /// Compares a leaf with the ranges of the components in `ks`; what is not held, or could
    /// not be bounded, goes to `loose`. `allowed` limits the linear programs solved in all.
    #[allow(clippy::too_many_arguments)]
    pub fn leaf(
        &mut self,
        rules: &Rules,
        state: &State,
        stage: &StageTree,
        ks: &[u32],
        is_last: bool,
        allowed: usize,
    ) -> BTreeSet<Key> {
        let mut loose = BTreeSet::new();
        let mut program: Option<Program> = None;
        for data in &stage.sets {
            for a in rules.tree.actions(data.set) {
                let open: Vec<u32> = ks
                    .iter()
                    .copied()
                    .filter(|k| {
                        let (low, high) = self.listed[*k as usize].bounds(Entry::Action(a));
                        !(low.is_zero() || low.is_negative()) || *high < Q::ONE
                    })
                    .collect();
                if open.is_empty() {
                    // A range of all probabilities holds anything; whether its ends are
                    // attained is asked below.
                    self.whole(ks, a, known_range(rules, state, data.set, a));
                    continue;
                }
                let known = known_range(rules, state, data.set, a);
                for k in open {
                    let key = (k, Entry::Action(a));
                    let holds = match &known {
                        Some(range) => self.note(key, range),
                        None => {
                            let program = program.get_or_insert_with(|| Program::new(rules, state, stage));
                            self.by_program(program, rules, state, key, a, allowed)
                        }
                    };
                    if !holds {
                        loose.insert(key);
                    }
                }
            }
        }
        if is_last {
            let found = self.outcome_bounds(rules, state, stage, ks, &mut program, allowed);
            for k in ks {
                self.outcomes(*k, &found, &mut loose);
            }
        }
        loose
    }

    /// Notes that an action whose listed ranges are all of [0, 1] may take these numbers here.
    fn whole(&mut self, ks: &[u32], a: u32, known: Option<Bounds>) {
        let range = known.unwrap_or((Q::ZERO, Q::ONE));
        for k in ks {
            self.note((*k, Entry::Action(a)), &range);
        }
    }

    fn by_program(
        &mut self,
        program: &Program,
        rules: &Rules,
        state: &State,
        key: Key,
        a: u32,
        allowed: usize,
    ) -> bool {
        let (low, high) = self.listed[key.0 as usize].bounds(key.1).clone();
        let before = match rules.before(a) {
            None => Poly::constant(Q::ONE),
            Some(b) => rules.weight_poly(state, b),
        };
        let weight = rules.weight_poly(state, a);
        let mut holds = true;
        // weight <= high * before, and low * before <= weight, over the whole cell.
        for (end, sign) in [(high, Q::ONE), (low, -Q::ONE)] {
            if self.programs >= allowed {
                return false;
            }
            self.programs += 1;
            let mut excess = Poly::default();
            excess.add_scaled(&weight, &sign);
            excess.add_scaled(&before, &-(&sign * &end));
            match program.maximum(&excess) {
                Some(top) if !top.is_positive() => {
                    if top.is_zero() {
                        let ends = if sign.is_positive() { &mut self.high } else { &mut self.low };
                        ends.insert(key);
                    }
                }
                _ => holds = false,
            }
        }
        holds
    }

    /// Bounds of the outcome probabilities over a leaf of the last stage.
    fn outcome_bounds(
        &mut self,
        rules: &Rules,
        state: &State,
        stage: &StageTree,
        ks: &[u32],
        program: &mut Option<Program>,
        allowed: usize,
    ) -> Vec<Option<Bounds>> {
        let keys = rules.tree.game.outcome_keys().len();
        let polys = self.outcome_polys(rules, state, stage, keys);
        let mut found = Vec::with_capacity(keys);
        for (j, (low, high)) in polys.into_iter().enumerate() {
            let constants = low.as_constant().zip(high.as_constant());
            let whole = |k: &u32| {
                let listed = self.listed[*k as usize].bounds(Entry::Outcome(j as u32));
                !listed.0.is_positive() && listed.1 >= Q::ONE
            };
            found.push(match constants {
                Some(range) => Some(range),
                None if ks.iter().all(whole) => Some((Q::ZERO, Q::ONE)),
                None if self.programs + 1 >= allowed => None,
                None => {
                    self.programs += 2;
                    let program = program.get_or_insert_with(|| Program::new(rules, state, stage));
                    let mut negative = Poly::default();
                    negative.add_scaled(&low, &-Q::ONE);
                    program.maximum(&negative).map(|m| -m).zip(program.maximum(&high))
                }
            });
        }
        found
    }

    /// Per outcome, a polynomial below and one above its probability.
    fn outcome_polys(
        &self,
        rules: &Rules,
        state: &State,
        stage: &StageTree,
        keys: usize,
    ) -> Vec<(Poly, Poly)> {
        let mut polys = vec![(Poly::default(), Poly::default()); keys];
        for leaf in stage.leaves.iter().filter(|l| rules.is_live(state, &l.path)) {
            let Some((monomial, c)) = rules.product(state, &leaf.chance, &leaf.weights) else { continue };
            match leaf.nested {
                None => {
                    if let Some(j) = rules.tree.game.outcome_key(NodeId(leaf.node)) {
                        polys[j].0.add_term(monomial.clone(), c.clone());
                        polys[j].1.add_term(monomial, c);
                    }
                }
                Some(nested) => {
                    let components = &self.below[nested as usize];
                    let known = match state.choice[nested as usize] {
                        Some(k) => components.get(k as usize),
                        None if components.len() == 1 => components.first(),
                        None => None,
                    };
                    let bounds = known.cloned().flatten().unwrap_or(vec![(Q::ZERO, Q::ONE); keys]);
                    for (j, (low, high)) in bounds.iter().enumerate() {
                        polys[j].0.add_term(monomial.clone(), &c * low);
                        polys[j].1.add_term(monomial.clone(), &c * high);
                    }
                }
            }
        }
        // Written in independent weights, equal probabilities are equal polynomials.
        let reduced = |p: Poly| crate::combine::reduced(rules, state, &p).unwrap_or(p);
        polys.into_iter().map(|(low, high)| (reduced(low), reduced(high))).collect()
    }

    /// Notes what a leaf of a nested stage says about outcomes, if they are certain there.
    pub fn nested_leaf(&mut self, rules: &Rules, state: &State, stage: &StageTree, at: u32, ks: &[usize]) {
        let keys = rules.tree.game.outcome_keys().len();
        let polys = self.outcome_polys(rules, state, stage, keys);
        let found = polys.iter().map(|(l, h)| l.as_constant().zip(h.as_constant()));
        let found: Vec<Bounds> = found.map(|b| b.unwrap_or((Q::ZERO, Q::ONE))).collect();
        for k in ks {
            let list = &mut self.below[at as usize];
            if list.len() <= *k {
                list.resize(*k + 1, None);
            }
            list[*k] = Some(match list[*k].take() {
                None => found.clone(),
                Some(old) => {
                    old.into_iter().zip(&found).map(|(a, b)| hull([a, b.clone()].into_iter())).collect()
                }
            });
        }
    }
}

fn hull(list: impl Iterator<Item = Bounds>) -> Bounds {
    list.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((Q::ZERO, Q::ONE))
}

/// The probability of an action in a state, as far as it needs no program.
fn known_range(rules: &Rules, state: &State, set: u32, a: u32) -> Option<Bounds> {
    if !rules.sequential && !rules.surely_entered(state, set) {
        // Never or not surely asked: anything may be planned there.
        return Some((Q::ZERO, Q::ONE));
    }
    if state.is_zero(a) {
        return Some((Q::ZERO, Q::ZERO));
    }
    if state.is_single(set) {
        return Some((Q::ONE, Q::ONE));
    }
    let before = match rules.before(a) {
        None => Weight::Number(Q::ONE),
        Some(b) => rules.weight(state, b),
    };
    match (rules.weight(state, a), before) {
        (Weight::Number(w), Weight::Number(b)) => w.checked_div(&b).map(|p| (p.clone(), p)),
        _ => None,
    }
}

/// The rows of a state as a linear program, every product a number of its own.
struct Program {
    lp: Lp,
    column: BTreeMap<Monomial, usize>,
}

impl Program {
    fn new(rules: &Rules, state: &State, stage: &StageTree) -> Program {
        let mut program = Program { lp: Lp::default(), column: BTreeMap::new() };
        for data in &stage.sets {
            let best = (0..data.terms.len() as u32).map(|a| Row::Best(data.set, a));
            for row in [Row::Flow(data.set), Row::Belief(data.set)].into_iter().chain(best) {
                let at = rules.place[data.set as usize].map_or(0, |p| p.0);
                let Ok(poly) = rules.row(state, at, row) else { continue };
                if !rules.sequential && matches!(row, Row::Flow(_)) && rules.behind_zero(state, data.set) {
                    continue;
                }
                let Ok(is_equation) = rules.is_equation(state, row) else { continue };
                program.add(rules, &poly, if is_equation { Rel::Eq } else { Rel::Ge });
            }
        }
        program
    }

    fn add(&mut self, rules: &Rules, poly: &Poly, rel: Rel) {
        let mut coefs = Vec::new();
        let mut right = Q::ZERO;
        for (monomial, c) in &poly.0 {
            if monomial.is_empty() {
                right = -c;
                continue;
            }
            let next = self.column.len();
            let at = *self.column.entry(monomial.clone()).or_insert(next);
            if at == next {
                let value = monomial.iter().find(|v| rules.is_value(**v));
                let (low, high) = match value {
                    None => (Q::ZERO, Q::ONE),
                    Some(v) => {
                        let bound = rules.set(v - rules.tree.set_of.len() as u32).bound.clone();
                        (-&bound, bound)
                    }
                };
                self.lp.add_variable(Some(low), Some(high));
            }
            coefs.push((at, c.clone()));
        }
        self.lp.add_row(coefs, rel, right);
    }

    /// The largest value of a polynomial in weights, or something above it; `None` if the
    /// rows allow nothing.
    fn maximum(&self, poly: &Poly) -> Option<Q> {
        let mut objective = Vec::new();
        let mut rest = Q::ZERO;
        for (monomial, c) in &poly.0 {
            match (monomial.is_empty(), self.column.get(monomial)) {
                (true, _) => rest += c,
                (_, Some(at)) => objective.push((*at, c.clone())),
                // A product in no row is a number in [0, 1].
                (_, None) => rest += &c.clone().max(Q::ZERO),
            }
        }
        match lp::maximize(&self.lp, &objective) {
            Outcome::Optimal { value, .. } => Some(value + rest),
            // No equilibrium is here: nothing exceeds anything.
            Outcome::Infeasible { .. } => Some(-Q::ONE),
            Outcome::Unbounded { .. } => None,
        }
    }
}
