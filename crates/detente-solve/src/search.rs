//! The proof by cases.
//!
//! A branch is a state and a part: the sets still to decide and the variables
//! whose rows it may use. Each step either decides something that follows
//! (dominance, a fixed number), refutes the branch, cuts the part into
//! independent parts, or splits on an action, a nested component or a belief.

use crate::bounds::Floats;
use crate::carry::Carried;
use crate::cells::{Cell, Tree};
use crate::choice::Known;
use crate::conclude::{Conclusion, Wrap};
use crate::known::{self, Way};
use crate::leaf::{self, Leaf};
use crate::left::Left;
use crate::rows::{self, Named};
use crate::settings::{Progress, Settings};
use crate::stage::{End, Kind, Stage, Weight};
use crate::state::{State, Status, Var, variable};
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
    pub floats: Floats,
    pub cells: Vec<Cell>,
    pub open: Vec<String>,
    /// Cases left open, as far as they can be told.
    pub left: Vec<Left>,
    steps: u64,
    stopped: bool,
    /// Share of the search done, by halving at each split.
    pub done: f64,
}

/// Steps between two questions whether to go on. A step solves programs of about the stage's size, so a large stage
/// asks at every step: the end of the time must not be noticed seconds late.
fn pace(nodes: usize) -> u64 {
    const SMALL: u64 = 60;
    let nodes = nodes.max(1) as u64;
    (64 * SMALL * SMALL / (nodes * nodes)).clamp(1, 64)
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
        self.branch(state, part, Way { depth: 0, share: 1.0, known }, None)
    }

    /// Solves one branch: conclusions first, then a split. `from` has rows of the branch above, if they help.
    fn branch(&mut self, mut state: State, part: Part, way: Way, from: Option<Carried>) -> (Proof, Tree) {
        if let Some(why) = self.must_stop(way.depth) {
            return self.leave_open(why);
        }
        let way = Way { known: way.known.map(known::core), ..way };
        let Way { share, .. } = way;
        let mut wraps = vec![];
        let (proof, tree) = match self.conclude(&mut state, &part, &mut wraps, way.known, from) {
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
        let is_due = self.steps.is_multiple_of(pace(self.stage.nodes.len()));
        if self.stopped || (is_due && !self.progress.keep_going(self.done)) {
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

    /// Returns a nested stage whose component is open and that the part's rows need.
    pub fn open_choice(&self, state: &State, part: &Part) -> Option<usize> {
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
                let from = Carried::whole(self.of_part(&state, &p, known.rows.clone()));
                let (proof, tree) = self.branch(state.clone(), p, way.part(k, n), Some(from));
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
            let rows = self.of_part(&state, &part, known.rows);
            return self.split(state, part, s, a, way, Some(rows));
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
            Leaf::Decide(s, a) => self.split(state, part, s, a, way, None),
        }
    }

    fn choose(&mut self, state: State, part: Part, k: usize, way: Way) -> (Proof, Tree) {
        let (number, list) = &self.stage.nested[k];
        let (mut options, mut trees) = (vec![], vec![]);
        for c in 0..list.len() {
            let mut next = state.clone();
            next.choice[k] = Some(c);
            let (proof, tree) =
                self.branch(next, part.clone(), way.option(*number as u32, c, list.len()), None);
            options.push(proof);
            trees.push(tree);
        }
        (Proof::Choose { stage: *number as u32, options }, Tree::union(trees))
    }

    /// Both cases of an action, used or not; `rows` are the part's in this state, if at hand.
    fn split(
        &mut self,
        state: State,
        part: Part,
        s: usize,
        a: usize,
        way: Way,
        rows: Option<Vec<Named>>,
    ) -> (Proof, Tree) {
        let w = self.stage.weight(s, a) as usize;
        let set = self.stage.sets[s].game.0;
        let one = |mut next: State, part: Part, status: Status, from: Option<Carried>, search: &mut Self| {
            next.status[w] = status;
            let way = way.half(set, a as u32, status == Status::Positive);
            search.branch(next, part, way, from)
        };
        let from = rows.as_deref().map(|rows| Carried::whole(self.with_used(&state, s, a, rows)));
        let (positive, in_support) = one(state.clone(), part.clone(), Status::Positive, from, self);
        if self.settings.one && !matches!(in_support, Tree::Empty) {
            let (zero, _) = self.leave_open("stopped at the first equilibrium, as asked");
            return (self.split_proof(s, a, zero, positive), in_support);
        }
        let (zero, outside) =
            one(state, part, Status::Zero, rows.map(|rows| Carried { rows, zeroed: vec![s] }), self);
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
            let (proof, tree) = self.branch(next, part, way.on(way.known, 1), None);
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
            let (proof, tree) = self.branch(next, part.clone(), way.belief(infoset, &nodes, n), None);
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
