//! Listed ranges against what the cells allow.
//!
//! The one idea: every equilibrium of a cell satisfies the cell's rows, so a linear program over
//! the rows bounds each probability there from outside. A listed range that holds the bounds
//! of all its component's cells leaves no equilibrium out.

use crate::listed::{Bounds, Entry, Key, Listed};
use crate::poly::Poly;
use crate::program::Program;
use crate::rows::Rules;
use crate::shares::{Root, known_range, member_weights};
use crate::state::State;
use crate::tree::StageTree;
use detente_exact::Q;
use detente_game::NodeId;
use detente_game::solution::Component;
use std::collections::BTreeSet;

/// What was found about all listed ranges so far.
pub struct Ranges {
    pub listed: Vec<Listed>,
    /// Ranges with an end that some cell comes to.
    low: BTreeSet<Key>,
    high: BTreeSet<Key>,
    /// Ranges with an end that some cell may come to, for all that is known of it.
    near: BTreeSet<(Key, bool)>,
    /// Ranges that some cell says something about.
    met: BTreeSet<Key>,
    /// Linear programs solved, to keep the referee faster than the solver.
    programs: usize,
    /// Outcome probabilities from the root of each stage on, per component, if known.
    pub(crate) below: Vec<Vec<Option<Vec<Bounds>>>>,
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
            near: BTreeSet::new(),
            met: BTreeSet::new(),
            programs: 0,
            below: vec![Vec::new(); stages],
        })
    }

    /// Notes that a cell allows these numbers. Returns whether the listed range holds them.
    pub(crate) fn note(&mut self, key: Key, found: &Bounds) -> bool {
        let listed = self.listed[key.0 as usize].bounds(key.1);
        self.met.insert(key);
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

    /// Whether a range of exact ends, in a proof that hides no cell, has an end that no cell comes to.
    pub(crate) fn is_missed(&self, key: Key) -> bool {
        let comes = |ends: &BTreeSet<Key>, high| ends.contains(&key) || self.near.contains(&(key, high));
        let (low, high) = self.listed[key.0 as usize].bounds(key.1);
        // From 0 to 1 says nothing of a probability.
        let says = low.is_positive() || *high < Q::ONE;
        says && self.met.contains(&key)
            && self.listed[key.0 as usize].is_exact(key.1)
            && !(comes(&self.low, false) && comes(&self.high, true))
    }

    pub(crate) fn outcomes(&mut self, k: u32, found: &[Option<Bounds>], loose: &mut BTreeSet<Key>) {
        for (j, bounds) in found.iter().enumerate() {
            let key = (k, Entry::Outcome(j as u32));
            if bounds.is_none() {
                self.near.extend([(key, false), (key, true)]);
            }
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
        root: Option<&Root>,
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
                let known = known_range(rules, state, data.set, a)
                    .or_else(|| root.and_then(|r| r.share(rules, state, a)));
                for k in open {
                    let key = (k, Entry::Action(a));
                    let holds = match &known {
                        Some(range) => self.note(key, range),
                        None => {
                            let before = match rules.before(a) {
                                None => Poly::constant(Q::ONE),
                                Some(b) => rules.weight_poly(state, b),
                            };
                            let weight = rules.weight_poly(state, a);
                            let program = program.get_or_insert_with(|| Program::new(rules, state, stage));
                            self.by_program(program, key, &weight, &before, allowed)
                        }
                    };
                    if !holds {
                        loose.insert(key);
                    }
                }
            }
        }
        if rules.sequential {
            self.beliefs(rules, state, stage, ks, root, &mut program, allowed, &mut loose);
        }
        if is_last {
            let found = self.outcome_bounds(rules, state, stage, ks, root, &mut program, allowed);
            for k in ks {
                self.outcomes(*k, &found, &mut loose);
            }
        }
        loose
    }

    /// Compares beliefs: shares of the leading members' products.
    #[allow(clippy::too_many_arguments)]
    fn beliefs(
        &mut self,
        rules: &Rules,
        state: &State,
        stage: &StageTree,
        ks: &[u32],
        root: Option<&Root>,
        program: &mut Option<Program>,
        allowed: usize,
        loose: &mut BTreeSet<Key>,
    ) {
        for data in stage.sets.iter().filter(|d| d.members.len() > 1) {
            let weights = member_weights(rules, state, data);
            for x in 0..data.members.len() as u32 {
                for k in ks {
                    let entry = Entry::Belief(data.set, x);
                    let listed = self.listed[*k as usize].beliefs_at(data.set);
                    let Some((low, high)) = listed.get(x as usize) else { continue };
                    let key = (*k, entry);
                    let is_whole = !low.is_positive() && *high >= Q::ONE;
                    let holds = match &weights {
                        _ if is_whole => self.note(key, &(Q::ZERO, Q::ONE)),
                        Err(_) => {
                            self.near.extend([(key, false), (key, true)]);
                            false
                        }
                        Ok((shares, total)) => {
                            let part = &shares[x as usize];
                            match (part.as_constant(), total.as_constant()) {
                                (Some(p), _) if p.is_zero() => self.note(key, &(Q::ZERO, Q::ZERO)),
                                (Some(p), Some(t)) if t.is_positive() => {
                                    let share = p / &t;
                                    self.note(key, &(share.clone(), share))
                                }
                                _ if part == total => self.note(key, &(Q::ONE, Q::ONE)),
                                _ if let Some(share) =
                                    root.and_then(|r| r.part_of(rules, state, part, total)) =>
                                {
                                    self.note(key, &share)
                                }
                                _ => {
                                    let program =
                                        program.get_or_insert_with(|| Program::new(rules, state, stage));
                                    self.by_program(program, key, part, total, allowed)
                                }
                            }
                        }
                    };
                    if !holds {
                        loose.insert(key);
                    }
                }
            }
        }
    }

    /// Notes that an action whose listed ranges are all of [0, 1] may take these numbers here.
    fn whole(&mut self, ks: &[u32], a: u32, known: Option<Bounds>) {
        let range = known.unwrap_or((Q::ZERO, Q::ONE));
        for k in ks {
            self.note((*k, Entry::Action(a)), &range);
        }
    }

    /// Whether part / whole stays within the listed range, over the whole cell.
    fn by_program(&mut self, program: &Program, key: Key, part: &Poly, whole: &Poly, allowed: usize) -> bool {
        let (low, high) = self.listed[key.0 as usize].bounds(key.1).clone();
        let mut holds = true;
        self.met.insert(key);
        // part <= high * whole, and low * whole <= part.
        for (end, sign) in [(high, Q::ONE), (low, -Q::ONE)] {
            if sign.is_negative() && !end.is_positive() {
                self.low.insert(key);
                continue;
            }
            if self.programs >= allowed {
                self.near.extend([(key, false), (key, true)]);
                return false;
            }
            self.programs += 1;
            let mut excess = Poly::default();
            excess.add_scaled(part, &sign);
            excess.add_scaled(whole, &-(&sign * &end));
            let top = program.maximum(&excess);
            if top.as_ref().is_none_or(|top| !top.is_negative()) {
                self.near.insert((key, sign.is_positive()));
            }
            match top {
                Some(top) if !top.is_positive() => {
                    if top.is_zero() && program.is_exact(&excess) {
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
    #[allow(clippy::too_many_arguments)]
    fn outcome_bounds(
        &mut self,
        rules: &Rules,
        state: &State,
        stage: &StageTree,
        ks: &[u32],
        root: Option<&Root>,
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
                None if root.is_some() => {
                    let at = |p: &Poly| root.and_then(|r| r.range(p));
                    at(&low).zip(at(&high)).map(|(l, h)| (l.0, h.1))
                }
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

pub(crate) fn hull(list: impl Iterator<Item = Bounds>) -> Bounds {
    list.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((Q::ZERO, Q::ONE))
}
