//! The proof by cases.
//!
//! A branch is a state and a part: the sets still to decide and the variables
//! whose rows it may use. Each step either decides something that follows
//! (dominance, a fixed number), refutes the branch, cuts the part into
//! independent parts, or splits on an action, a nested component or a belief.

use crate::bounds::{Bounds, Floats};
use crate::cells::{Cell, Tree};
use crate::choice::Known;
use crate::known::{self, Way};
use crate::leaf::{self, Leaf};
use crate::left::Left;
use crate::relax::{self, Relaxation};
use crate::rows::{self, Named};
use crate::settings::{Progress, Settings};
use crate::stage::{End, Kind, Mono, Stage, Weight};
use crate::state::{State, Status, Var, variable};
use detente_exact::Q;
use detente_game::certificate::{Proof, Row};
use detente_game::solution::Concept;
use std::collections::BTreeSet;

/// Deepest nesting of steps; beyond it a branch is left open.
const MAX_DEPTH: usize = 4_000;

/// Work after which the share done says whether the search can end, in nodes looked at.
const TRIAL: u64 = 200_000;
/// Share of the search that must be done per trial: less would take years.
const HOPELESS: f64 = 1e-12;

/// What a branch still has to decide.
#[derive(Clone, Debug)]
pub struct Part {
    /// Sets with something to decide.
    pub sets: Vec<usize>,
    /// Variables whose rows belong to this part; `None` is all.
    pub vars: Option<BTreeSet<Var>>,
}

/// The search over one stage.
pub struct Search<'a> {
    pub stage: &'a Stage,
    pub concept: Concept,
    pub settings: &'a Settings,
    pub progress: &'a dyn Progress,
    floats: Floats,
    pub cells: Vec<Cell>,
    pub open: Vec<String>,
    /// Cases left open, as far as they can be told.
    pub left: Vec<Left>,
    steps: u64,
    stopped: bool,
    /// Share of the search done, by halving at each split.
    pub done: f64,
}

/// A conclusion that wraps the rest of a branch's proof.
enum Wrap {
    Dominated(u32, u32, u32),
    Fix(Var, Q, Vec<(Row, Q)>),
    AnyBelief(u32),
}

impl<'a> Search<'a> {
    /// Prepares a search.
    pub fn new(stage: &'a Stage, settings: &'a Settings, progress: &'a dyn Progress) -> Search<'a> {
        Search {
            stage,
            concept: match settings.concept {
                Concept::Sequential => Concept::Sequential,
                _ => Concept::Nash,
            },
            settings,
            progress,
            floats: Floats::new(stage),
            cells: vec![],
            open: vec![],
            left: vec![],
            steps: 0,
            stopped: false,
            done: 0.0,
        }
    }

    /// Searches the whole stage.
    ///
    /// `known` is the proof of the same stage at other numbers: its steps are tried first, and
    /// where they do not hold here the search goes its own way.
    pub fn run(&mut self, known: Option<&Proof>) -> (Proof, Tree) {
        let part = Part { sets: (0..self.stage.sets.len()).collect(), vars: None };
        let state = State::new(self.stage);
        self.branch(state, part, Way { depth: 0, share: 1.0, known })
    }

    /// Solves one branch: conclusions first, then a split.
    fn branch(&mut self, mut state: State, part: Part, way: Way) -> (Proof, Tree) {
        if let Some(why) = self.must_stop(way.depth) {
            return self.leave_open(why);
        }
        let way = Way { known: way.known.map(known::core), ..way };
        let Way { share, .. } = way;
        let mut wraps = vec![];
        let (proof, tree) = match self.conclude(&mut state, &part, &mut wraps, way.known) {
            Conclusion::Refuted(refuted) => {
                self.done += share;
                (refuted, Tree::Empty)
            }
            Conclusion::Left(known) => self.divide(state, part, known, way),
        };
        (self.wrapped(proof, wraps), tree)
    }

    fn must_stop(&mut self, depth: usize) -> Option<&'static str> {
        self.steps += 1;
        if self.stopped || (self.steps.is_multiple_of(64) && !self.progress.keep_going(self.done)) {
            self.stopped = true;
            return Some("stopped before the search was finished");
        }
        // Deterministic, unlike a clock: steps times the size of what each step looks at.
        let work = self.steps.saturating_mul(self.stage.nodes.len() as u64);
        if work > TRIAL && self.done < HOPELESS * (work / TRIAL) as f64 {
            self.stopped = true;
            return Some("the search is too large to be finished");
        }
        if self.steps > self.settings.max_steps || self.cells.len() > self.settings.max_cells {
            return Some("the search is larger than its limit of steps");
        }
        (depth > MAX_DEPTH).then_some("the search is nested too deeply")
    }

    pub fn leave_open(&mut self, why: &str) -> (Proof, Tree) {
        if !self.open.iter().any(|w| w == why) {
            self.open.push(why.to_string());
        }
        (Proof::Open { why: why.to_string() }, Tree::Empty)
    }

    fn wrapped(&self, mut proof: Proof, wraps: Vec<Wrap>) -> Proof {
        for wrap in wraps.into_iter().rev() {
            let then = Box::new(proof);
            proof = match wrap {
                Wrap::Dominated(infoset, action, than) => Proof::Dominated { infoset, action, than, then },
                Wrap::Fix(v, value, combination) => {
                    Proof::Fix { variable: variable(self.stage, v), value, combination, then }
                }
                Wrap::AnyBelief(infoset) => Proof::AnyBelief { infoset, then },
            };
        }
        proof
    }

    /// Draws conclusions until nothing more follows.
    fn conclude(
        &mut self,
        state: &mut State,
        part: &Part,
        wraps: &mut Vec<Wrap>,
        before: Option<&Proof>,
    ) -> Conclusion {
        if !state.settle(self.stage) {
            unreachable!("the last action of a set is never made zero");
        }
        if let Some(refuted) = self.drop_dominated(state, part, wraps) {
            return Conclusion::Refuted(refuted);
        }
        if self.open_choice(state, part).is_some() {
            return Conclusion::Left(Known::default());
        }
        let mut rows = self.rows(state, part);
        loop {
            if let Some(r) = rows.iter().find(|r| contradicts(r)) {
                let sign = if r.poly[&Mono::new()].is_positive() { -Q::ONE } else { Q::ONE };
                return Conclusion::Refuted(Proof::Refuted { combination: vec![(r.row, sign)] });
            }
            match self.fix_some(state, &rows, wraps) {
                Fixed::Nothing => break,
                // Numbers change no support and no leading member: the rows stay, shorter.
                Fixed::Some => rows::insert_fixed(self.stage, state, self.concept, &mut rows),
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
    fn drop_dominated(&self, state: &mut State, part: &Part, wraps: &mut Vec<Wrap>) -> Option<Proof> {
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
    fn played(&self, state: &State, set: usize) -> bool {
        let mut before = self.stage.sets[set].before;
        while let Some(w) = before {
            if state.status[w as usize] != Status::Positive {
                return false;
            }
            before = self.stage.sets[self.stage.owner[w as usize].0].before;
        }
        true
    }

    /// Those of a larger part's rows that belong to this one: what [`Search::rows`] would write anew.
    fn of_part(&self, state: &State, part: &Part, mut rows: Vec<Named>) -> Vec<Named> {
        if let Some(vars) = &part.vars {
            let mentions = |s: usize| vars.iter().any(|v| self.stage.mentions(s, *v));
            let near: Vec<bool> = (0..self.stage.sets.len()).map(mentions).collect();
            let here = |row: &Row| match row {
                Row::Best(h, _) | Row::Flow(h) | Row::Belief(h) => near[self.stage.set_of(*h)],
                _ => false,
            };
            rows.retain(|r| here(&r.row) && r.poly.keys().flatten().all(|v| vars.contains(v)));
        }
        debug_assert_eq!(rows, self.rows(state, part));
        rows
    }

    /// Returns the rows that belong to the part.
    pub fn rows(&self, state: &State, part: &Part) -> Vec<Named> {
        let Some(vars) = &part.vars else {
            let all: Vec<usize> = (0..self.stage.sets.len()).collect();
            return rows::all_rows(self.stage, state, self.concept, &all);
        };
        let sets: Vec<usize> =
            (0..self.stage.sets.len()).filter(|s| vars.iter().any(|v| self.stage.mentions(*s, *v))).collect();
        let mut rows = rows::all_rows(self.stage, state, self.concept, &sets);
        rows.retain(|r| r.poly.keys().flatten().all(|v| vars.contains(v)));
        rows
    }

    /// Fixes the variables that the `=` rows determine.
    fn fix_some(&self, state: &mut State, rows: &[Named], wraps: &mut Vec<Wrap>) -> Fixed {
        let mut any = false;
        for (_, d) in relax::eliminate(self.stage, rows) {
            let combination: Vec<(Row, Q)> = d.combination.into_iter().collect();
            let Some((v, value)) = self.single(state, &d.poly).or_else(|| self.factored(state, &d.poly))
            else {
                if d.poly.keys().all(|m| m.is_empty()) && !d.poly.is_empty() {
                    let sign = if d.poly[&Mono::new()].is_positive() { -Q::ONE } else { Q::ONE };
                    let combination = combination.into_iter().map(|(r, q)| (r, q * &sign)).collect();
                    return Fixed::Refuted(Proof::Refuted { combination });
                }
                continue;
            };
            if state.fixed.contains_key(&v) || !self.may_fix(state, v) {
                continue;
            }
            wraps.push(Wrap::Fix(v, value.clone(), combination));
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
    fn may_fix(&self, state: &State, v: Var) -> bool {
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

    fn in_domain(&self, state: &State, v: Var, value: &Q) -> bool {
        if v as usize >= self.stage.num_weights() {
            return value.abs() <= self.stage.sets[v as usize - self.stage.num_weights()].bound;
        }
        *value <= Q::ONE && !value.is_negative() && (!value.is_zero() || !self.positive(state, v))
    }

    /// Returns a nested stage whose component is open and that the part's rows need.
    fn open_choice(&self, state: &State, part: &Part) -> Option<usize> {
        let needed = |s: &usize| {
            self.stage.sets[*s].entries.iter().flatten().find_map(|e| match self.stage.nodes[e.end].kind {
                Kind::End(End::Nested(k)) if state.choice[k].is_none() => Some(k),
                _ => None,
            })
        };
        // A component below a chance move may matter to no row; it is chosen all the same.
        let any = || state.choice.iter().position(Option::is_none).filter(|_| part.vars.is_none());
        part.sets.iter().find_map(needed).or_else(any)
    }

    /// Splits: a nested component, independent parts, a belief, an action; or a leaf.
    fn divide(&mut self, state: State, part: Part, known: Known, way: Way) -> (Proof, Tree) {
        if let Some(k) = self.open_choice(&state, &part) {
            return self.choose(state, part, k, way);
        }
        let parts = crate::parts::cut(self, &state, &part, &known.rows);
        if parts.len() > 1 {
            let (mut proofs, mut trees) = (vec![], vec![]);
            let n = parts.len();
            let kept = self.cells.len();
            for (k, p) in parts.into_iter().enumerate() {
                let (proof, tree) = self.branch(state.clone(), p, way.part(k, n));
                let refuted = matches!(tree, Tree::Empty) && known::is_closed(&proof);
                proofs.push(proof);
                trees.push(tree);
                if refuted {
                    // One empty factor empties the product; it alone is the proof.
                    self.cells.truncate(kept);
                    return (proofs.pop().expect("just pushed"), Tree::Empty);
                }
            }
            if trees.iter().any(|t| matches!(t, Tree::Empty)) {
                // An open part hides which combinations exist.
                let why = self.open.last().cloned().unwrap_or_default();
                return self.leave_open(&why);
            }
            return (Proof::Both { parts: proofs }, Tree::product(trees));
        }
        let part = parts.into_iter().next().unwrap_or(part);
        let again = way.known.and_then(|proof| self.split_again(&state, &part, proof));
        let action = match again {
            Some(action) => Some(action),
            None => match self.pick(&state, &part, &known) {
                Ok(action) => action,
                Err(combination) => return (Proof::Refuted { combination }, Tree::Empty),
            },
        };
        if let Some((s, a)) = action {
            return self.split(state, part, s, a, way);
        }
        if let Some(s) = self.open_belief(&state, &part) {
            return self.beliefs(state, part, s, way);
        }
        let rows = self.of_part(&state, &part, known.rows);
        match leaf::leaf(self, &state, &part, rows, way.known) {
            Leaf::Done(found) => {
                self.done += way.share;
                found
            }
            Leaf::Decide(s, a) => self.split(state, part, s, a, way),
        }
    }

    fn choose(&mut self, state: State, part: Part, k: usize, way: Way) -> (Proof, Tree) {
        let (number, list) = &self.stage.nested[k];
        let (mut options, mut trees) = (vec![], vec![]);
        for c in 0..list.len() {
            let mut next = state.clone();
            next.choice[k] = Some(c);
            let (proof, tree) = self.branch(next, part.clone(), way.option(*number as u32, c, list.len()));
            options.push(proof);
            trees.push(tree);
        }
        (Proof::Choose { stage: *number as u32, options }, Tree::union(trees))
    }

    fn split(&mut self, state: State, part: Part, s: usize, a: usize, way: Way) -> (Proof, Tree) {
        let w = self.stage.weight(s, a) as usize;
        let set = self.stage.sets[s].game.0;
        let one = |status: Status, search: &mut Self| {
            let mut next = state.clone();
            next.status[w] = status;
            let way = way.half(set, a as u32, status == Status::Positive);
            search.branch(next, part.clone(), way)
        };
        let (positive, in_support) = one(Status::Positive, self);
        if self.settings.one && !matches!(in_support, Tree::Empty) {
            let (zero, _) = self.leave_open("stopped at the first equilibrium, as asked");
            return (self.split_proof(s, a, zero, positive), in_support);
        }
        let (zero, outside) = one(Status::Zero, self);
        (self.split_proof(s, a, zero, positive), Tree::union(vec![in_support, outside]))
    }

    fn split_proof(&self, s: usize, a: usize, zero: Proof, positive: Proof) -> Proof {
        let infoset = self.stage.sets[s].game.0;
        Proof::Split { infoset, action: a as u32, zero: Box::new(zero), positive: Box::new(positive) }
    }

    /// Splits on which members lead a set off the path.
    fn beliefs(&mut self, state: State, part: Part, s: usize, way: Way) -> (Proof, Tree) {
        let infoset = self.stage.sets[s].game.0;
        if crate::beliefs::any_belief(self.stage, &state, s) {
            let mut next = state;
            next.leading[s] = Some(vec![true; self.stage.sets[s].members.len()]);
            next.any[s] = true;
            let (proof, tree) = self.branch(next, part, way.on(way.known, 1));
            return (self.wrapped(proof, vec![Wrap::AnyBelief(infoset)]), tree);
        }
        let Some((options, excluded)) = crate::beliefs::options(self.stage, &state, s) else {
            return self.leave_open("an information set has too many members for its beliefs to be listed");
        };
        let (mut proofs, mut trees) = (vec![], vec![]);
        let n = options.len().max(1);
        for members in options {
            let mut next = state.clone();
            let lead = (0..self.stage.sets[s].members.len()).map(|k| members.contains(&(k as u32)));
            next.leading[s] = Some(lead.collect());
            let nodes = self.nodes_of(s, &members);
            let (proof, tree) = self.branch(next, part.clone(), way.belief(infoset, &nodes, n));
            proofs.push((nodes, proof));
            trees.push(tree);
        }
        let excluded = excluded.into_iter().map(|(m, y)| (self.nodes_of(s, &m), y)).collect();
        (Proof::Beliefs { infoset, options: proofs, excluded }, Tree::union(trees))
    }

    fn nodes_of(&self, s: usize, members: &[u32]) -> Vec<u32> {
        let node = |k: &u32| self.stage.nodes[self.stage.sets[s].members[*k as usize]].game.0;
        members.iter().map(node).collect()
    }

    /// Whether the owner is indifferent at the set, as these rows of the same state may show already.
    fn is_indifferent(&self, state: &State, set: usize, rows: &[Named]) -> bool {
        let seen = match self.concept {
            Concept::Nash => rows::seen_indifferent(self.stage, state, set, rows),
            _ => None,
        };
        debug_assert!(
            seen.is_none_or(|seen| seen == rows::indifferent(self.stage, state, self.concept, set))
        );
        seen.unwrap_or_else(|| rows::indifferent(self.stage, state, self.concept, set))
    }

    /// As [`Search::needs_decision`], with rows written in this state.
    pub fn needs_decision_in(&self, state: &State, set: usize, rows: &[Named]) -> bool {
        match self.concept {
            Concept::Nash if state.decided(self.stage, set) => false,
            Concept::Nash => self.played(state, set) && !self.is_indifferent(state, set, rows),
            _ => self.needs_decision(state, set),
        }
    }

    /// Whether rationality at the set, or beliefs elsewhere, depend on its open actions.
    pub fn needs_decision(&self, state: &State, set: usize) -> bool {
        if state.decided(self.stage, set) {
            return false;
        }
        if self.concept == Concept::Nash {
            return self.played(state, set) && !rows::indifferent(self.stage, state, self.concept, set);
        }
        !rows::indifferent(self.stage, state, self.concept, set) || self.shapes_beliefs(state, set)
    }

    /// Under Nash: whether the set is still to decide once its owner is seen to come there.
    pub fn may_be_played(&self, state: &State, set: usize, rows: &[Named]) -> bool {
        self.concept == Concept::Nash
            && !state.decided(self.stage, set)
            && !state.behind_zero(self.stage, set)
            && !self.is_indifferent(state, set, rows)
    }

    /// Whether an open action of the set lies on the paths of some but not all members of
    /// a set whose owner does not find all actions alike.
    fn shapes_beliefs(&self, state: &State, set: usize) -> bool {
        let open: Vec<Weight> =
            self.stage.weights(set).filter(|w| state.status[*w as usize] == Status::Undecided).collect();
        (0..self.stage.sets.len()).any(|g| {
            let others = &self.stage.sets[g].others;
            others.len() > 1
                && open.iter().any(|w| {
                    let on = others.iter().filter(|o| o.binary_search(w).is_ok()).count();
                    on > 0 && on < others.len()
                })
                && !rows::indifferent_at_every_member(self.stage, state, g)
        })
    }

    /// Returns a set whose leading members are open and can be chosen now.
    pub fn open_belief(&self, state: &State, part: &Part) -> Option<usize> {
        if self.concept == Concept::Nash {
            return None;
        }
        part.sets
            .iter()
            .copied()
            .find(|s| state.leading(self.stage, *s).is_none() && !state.path_undecided(self.stage, *s))
    }
}

enum Conclusion {
    Refuted(Proof),
    Left(Known),
}

enum Fixed {
    Nothing,
    Some,
    Refuted(Proof),
}

/// Whether a row without variables is false.
fn contradicts(r: &Named) -> bool {
    match r.poly.get(&Mono::new()) {
        Some(q) if r.poly.len() == 1 => r.equality || q.is_negative(),
        _ => false,
    }
}
