//! What a branch of the search has decided, and what follows at once.

use crate::flat::Flat;
use crate::stage::{Stage, Weight};
use detente_exact::Q;
use detente_game::certificate::Variable;

/// Number of a variable: a plan weight, or `num_weights + set` for a set's value.
pub type Var = u32;

/// What is known about an action's probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Undecided,
    Zero,
    Positive,
}

/// The decisions of one branch.
#[derive(Clone, Debug)]
pub struct State {
    pub status: Vec<Status>,
    /// Which component each nested stage plays.
    pub choice: Vec<Option<usize>>,
    /// Leading members that a belief step chose.
    pub leading: Vec<Option<Vec<bool>>>,
    /// Sets whose beliefs are free in the whole simplex.
    pub any: Vec<bool>,
    /// Variables with known numbers.
    pub fixed: Flat<Var, Q>,
    /// Per weight: the weight it equals, because its set has no other action left.
    alias: Vec<Weight>,
}

impl State {
    /// Returns the state in which nothing is decided.
    pub fn new(stage: &Stage) -> State {
        let mut state = State {
            status: vec![Status::Undecided; stage.num_weights()],
            choice: stage.nested.iter().map(|n| (n.1.len() == 1).then_some(0)).collect(),
            leading: vec![None; stage.sets.len()],
            any: vec![false; stage.sets.len()],
            fixed: Flat::new(),
            alias: (0..stage.num_weights() as Weight).collect(),
        };
        state.settle(stage);
        state
    }

    /// A state without a stage in which nothing is decided.
    #[cfg(test)]
    pub fn undecided(weights: usize) -> State {
        State {
            status: vec![Status::Undecided; weights],
            choice: vec![],
            leading: vec![],
            any: vec![],
            fixed: Flat::new(),
            alias: (0..weights as Weight).collect(),
        }
    }

    /// Draws the conclusions that need no proof: a last remaining action is positive,
    /// and has the weight with which its owner comes to this set.
    ///
    /// Returns false if a set has no action left.
    pub fn settle(&mut self, stage: &Stage) -> bool {
        for (s, set) in stage.sets.iter().enumerate() {
            let left: Vec<Weight> =
                stage.weights(s).filter(|w| self.status[*w as usize] != Status::Zero).collect();
            match left[..] {
                [] => return false,
                [only] => {
                    self.status[only as usize] = Status::Positive;
                    match set.before {
                        None => {
                            self.fixed.insert(only, Q::ONE);
                        }
                        Some(b) => self.alias[only as usize] = self.alias[b as usize],
                    }
                }
                _ => {}
            }
        }
        true
    }

    /// Takes over what other states know of equal weights.
    pub fn align(&mut self, others: &[&State]) {
        for other in others {
            for (mine, theirs) in self.alias.iter_mut().zip(&other.alias) {
                *mine = (*mine).min(*theirs);
            }
        }
        for v in 0..self.alias.len() {
            // Weights are numbered down the tree, so an earlier one is settled already.
            self.alias[v] = self.alias[self.alias[v] as usize];
        }
    }

    /// Returns the variable that stands for `v`: a weight may equal an earlier one.
    pub fn resolve(&self, v: Var) -> Var {
        self.alias.get(v as usize).copied().unwrap_or(v)
    }

    /// Returns the number of a variable, if it is known.
    pub fn known(&self, v: Var) -> Option<&Q> {
        self.fixed.get(&self.resolve(v))
    }

    /// Whether the action has probability 0.
    pub fn is_zero(&self, w: Weight) -> bool {
        self.status[w as usize] == Status::Zero
    }

    /// Whether every action of the set is decided.
    pub fn decided(&self, stage: &Stage, set: usize) -> bool {
        stage.weights(set).all(|w| self.status[w as usize] != Status::Undecided)
    }

    /// Whether the set lies behind a zero action of its own player.
    pub fn behind_zero(&self, stage: &Stage, set: usize) -> bool {
        let mut before = stage.sets[set].before;
        while let Some(w) = before {
            if self.is_zero(w) {
                return true;
            }
            before = stage.sets[stage.owner[w as usize].0].before;
        }
        false
    }

    /// The members whose tremble order is smallest as far as zeros are decided: those that
    /// the owner's previous set leads to; else those whose set of zero actions of others is
    /// contained in every other member's. `None` if no member's is.
    pub fn leading(&self, stage: &Stage, set: usize) -> Option<Vec<bool>> {
        if let Some(chosen) = &self.leading[set] {
            return Some(chosen.clone());
        }
        let others = &stage.sets[set].others;
        if others.len() == 1 {
            return Some(vec![true]);
        }
        if let Some(entered) = self.entered(stage, set) {
            return Some(entered);
        }
        let zeros: Vec<Vec<Weight>> =
            others.iter().map(|o| o.iter().copied().filter(|w| self.is_zero(*w)).collect()).collect();
        let least = zeros.iter().min_by_key(|z| z.len()).expect("a set has members");
        let contained = |z: &Vec<Weight>| least.iter().all(|w| z.binary_search(w).is_ok());
        zeros.iter().all(contained).then(|| zeros.iter().map(|z| z == least).collect())
    }

    /// The members entered from the leading members of the owner's previous set, if any. A zero
    /// action on every way between the two sets makes no member less likely than another.
    fn entered(&self, stage: &Stage, set: usize) -> Option<Vec<bool>> {
        let (previous, action) = stage.owner[stage.sets[set].before? as usize];
        let live = self.leading(stage, previous)?;
        let ways = || stage.sets[previous].next[action].iter().filter(|n| n.set == set);
        let mut entered = vec![false; stage.sets[set].members.len()];
        for n in ways().filter(|n| live[n.member]) {
            let bars = |w: &Weight| self.is_zero(*w) && !ways().all(|other| other.between.contains(w));
            if !n.between.iter().any(bars) {
                entered[n.enters] = true;
            }
        }
        entered.contains(&true).then_some(entered)
    }

    /// Whether no later decision can make other members lead: some leading member has no
    /// undecided action of others on its path, apart from those on every member's path.
    pub fn leading_is_final(&self, stage: &Stage, set: usize) -> bool {
        let Some(lead) = self.leading(stage, set) else { return false };
        let others = &stage.sets[set].others;
        if others.len() == 1 || self.leading[set].is_some() {
            return true;
        }
        let shared = |w: &Weight| others.iter().all(|o| o.binary_search(w).is_ok());
        let sure = |w: &Weight| self.status[*w as usize] != Status::Undecided || shared(w);
        others.iter().zip(lead).any(|(o, l)| l && o.iter().all(sure))
    }

    /// Whether some member's path still has an undecided action of another player that is not on
    /// every member's path: what all share makes none of them less likely than another.
    pub fn path_undecided(&self, stage: &Stage, set: usize) -> bool {
        let others = &stage.sets[set].others;
        let undecided = |w: &Weight| self.status[*w as usize] == Status::Undecided;
        let shared = |w: &Weight| others.iter().all(|o| o.binary_search(w).is_ok());
        others.iter().flatten().any(|w| undecided(w) && !shared(w))
    }
}

/// Names a variable as certificates do: sets by their number in the game.
pub fn variable(stage: &Stage, var: Var) -> Variable {
    let n = stage.num_weights() as u32;
    if var < n {
        let (s, a) = stage.owner[var as usize];
        Variable::Weight(stage.sets[s].game.0, a as u32)
    } else {
        Variable::Value(stage.sets[(var - n) as usize].game.0)
    }
}
