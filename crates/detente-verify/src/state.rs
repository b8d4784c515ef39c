//! The state of a proof: what the steps from the root to here have established.
//!
//! The one idea: every change is written on a trail, so leaving a case undoes it
//! and no state is ever copied.

use crate::field::Field;
use crate::tree::Tree;
use detente_exact::Q;

/// What is known about an action's probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Undecided,
    Zero,
    Positive,
}

/// Which members of a set lead, where a step said so.
#[derive(Clone, Debug, PartialEq)]
pub enum Lead {
    /// Chosen by `Beliefs`: whether each member leads.
    Chosen(Vec<bool>),
    /// Freed by `AnyBelief`: each member's own `Zero` action.
    Any(Vec<u32>),
}

/// One undoable change.
enum Change {
    Status(u32),
    Dominated(u32),
    Fixed(u32),
    Range(u32, Option<(Q, Q)>),
    Lead(u32),
    Free(u32),
    Choice(u32),
    Unit,
}

/// The facts of a case.
pub struct State<N = Q> {
    pub status: Vec<Status>,
    /// Actions that `Dominated` made `Zero`: no belief makes them worth playing.
    pub dominated: Vec<bool>,
    /// Number of actions per set that are not `Zero`.
    left: Vec<u32>,
    /// Numbers of weights (by action id) and values (by number of actions + set).
    pub fixed: Vec<Option<N>>,
    /// Bounds from `Roots`, by action id.
    pub range: Vec<Option<(Q, Q)>>,
    pub lead: Vec<Option<Lead>>,
    /// Sets with `AnyBelief` in force.
    pub any: Vec<u32>,
    /// Actions whose weight `AnyBelief` lets be 0.
    pub free: Vec<bool>,
    /// Payoff vector chosen for each nested stage.
    pub choice: Vec<Option<u32>>,
    /// Groups of trembles whose weights sum to 1.
    pub units: Vec<Vec<u32>>,
    trail: Vec<Change>,
}

impl<N: Field> State<N> {
    pub fn new(tree: &Tree<N>, stages: usize) -> State<N> {
        let actions = tree.set_of.len();
        let sets = tree.offset.len();
        State {
            status: vec![Status::Undecided; actions],
            dominated: vec![false; actions],
            left: tree.game.infosets.iter().map(|h| h.actions.len() as u32).collect(),
            fixed: vec![None; actions + sets],
            range: vec![None; actions],
            lead: vec![None; sets],
            any: Vec::new(),
            free: vec![false; actions],
            choice: vec![None; stages],
            units: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// Returns the same facts without the way to undo them.
    pub fn snapshot(&self) -> State<N> {
        State {
            status: self.status.clone(),
            dominated: self.dominated.clone(),
            left: self.left.clone(),
            fixed: self.fixed.clone(),
            range: self.range.clone(),
            lead: self.lead.clone(),
            any: self.any.clone(),
            free: self.free.clone(),
            choice: self.choice.clone(),
            units: self.units.clone(),
            trail: Vec::new(),
        }
    }

    /// Returns a mark to which [`State::undo`] goes back.
    pub fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Takes back every change after the mark.
    pub fn undo(&mut self, tree: &Tree<N>, mark: usize) {
        while self.trail.len() > mark {
            match self.trail.pop() {
                Some(Change::Status(a)) => {
                    if self.status[a as usize] == Status::Zero {
                        self.left[tree.set_of[a as usize] as usize] += 1;
                    }
                    self.status[a as usize] = Status::Undecided;
                }
                Some(Change::Dominated(a)) => self.dominated[a as usize] = false,
                Some(Change::Fixed(v)) => self.fixed[v as usize] = None,
                Some(Change::Range(a, old)) => self.range[a as usize] = old,
                Some(Change::Lead(h)) => {
                    if let Some(Lead::Any(_)) = self.lead[h as usize].take() {
                        self.any.pop();
                    }
                }
                Some(Change::Free(a)) => self.free[a as usize] = false,
                Some(Change::Choice(s)) => self.choice[s as usize] = None,
                Some(Change::Unit) => drop(self.units.pop()),
                None => return,
            }
        }
    }

    /// Decides an undecided action. The last action of a set that is not `Zero` becomes
    /// `Positive`.
    pub fn decide(&mut self, tree: &Tree<N>, action: u32, status: Status) {
        self.status[action as usize] = status;
        self.trail.push(Change::Status(action));
        if status == Status::Zero {
            let set = tree.set_of[action as usize];
            self.left[set as usize] -= 1;
            self.settle_single(tree, set);
        }
    }

    /// Records that an action is `Zero` whatever is believed.
    pub fn dominate(&mut self, tree: &Tree<N>, action: u32) {
        self.dominated[action as usize] = true;
        self.trail.push(Change::Dominated(action));
        self.decide(tree, action, Status::Zero);
    }

    /// Makes the only action of a set that is not `Zero` positive.
    pub fn settle_single(&mut self, tree: &Tree<N>, set: u32) {
        if self.left[set as usize] != 1 {
            return;
        }
        let last = tree.actions(set).find(|a| self.status[*a as usize] == Status::Undecided);
        if let Some(last) = last {
            self.status[last as usize] = Status::Positive;
            self.trail.push(Change::Status(last));
        }
    }

    pub fn is_single(&self, set: u32) -> bool {
        self.left[set as usize] == 1
    }

    pub fn fix(&mut self, variable: u32, value: N) {
        self.fixed[variable as usize] = Some(value);
        self.trail.push(Change::Fixed(variable));
    }

    pub fn restrict(&mut self, action: u32, low: Q, high: Q) {
        let old = self.range[action as usize].replace((low, high));
        self.trail.push(Change::Range(action, old));
    }

    /// Lets the weights of a group of trembles sum to 1.
    pub fn scale(&mut self, group: Vec<u32>) {
        self.units.push(group);
        self.trail.push(Change::Unit);
    }

    pub fn choose(&mut self, stage: u32, component: u32) {
        self.choice[stage as usize] = Some(component);
        self.trail.push(Change::Choice(stage));
    }

    /// Records which members of a set lead.
    pub fn set_lead(&mut self, set: u32, lead: Lead) {
        if let Lead::Any(own) = &lead {
            self.any.push(set);
            for a in own {
                if !self.free[*a as usize] {
                    self.free[*a as usize] = true;
                    self.trail.push(Change::Free(*a));
                }
            }
        }
        self.lead[set as usize] = Some(lead);
        self.trail.push(Change::Lead(set));
    }

    pub fn is_zero(&self, action: u32) -> bool {
        self.status[action as usize] == Status::Zero
    }

    pub fn is_decided(&self, action: u32) -> bool {
        self.status[action as usize] != Status::Undecided
    }
}
