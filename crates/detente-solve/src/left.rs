//! Cases that a search leaves open, told by what is played in them.
//!
//! The one idea: an answer that may miss equilibria says where to look for them: the actions that are used,
//! and boxes of their weights where a search for roots did not end.

use crate::cells::Tree;
use crate::search::Search;
use crate::stage::Weight;
use crate::state::{State, Status, Var};
use detente_exact::Interval;
use detente_game::certificate::Proof;

/// A case that was not decided.
#[derive(Clone, Debug)]
pub struct Left {
    /// Information set and action of what is played in it.
    pub used: Vec<(u32, u32)>,
    /// Boxes of weights, where it is known that equilibria can only lie in these.
    pub within: Vec<Vec<((u32, u32), f64, f64)>>,
}

impl Search<'_> {
    /// As [`Search::leave_open`], for a case that is told with the actions it uses.
    pub fn leave_case(&mut self, state: &State, why: &str) -> (Proof, Tree) {
        self.left.push(Left { used: self.actions_used(state), within: vec![] });
        self.leave_open(why)
    }

    /// Notes boxes of the unknowns in which a search for roots did not end.
    pub fn leave_boxes(&mut self, state: &State, unknowns: &[Var], boxes: &[Vec<Interval>]) {
        let name = |v: &Var| {
            let (set, action) = self.stage.owner[*v as usize];
            (self.stage.sets[set].game.0, action as u32)
        };
        let ends =
            |b: &Vec<Interval>| unknowns.iter().zip(b).map(|(v, i)| (name(v), i.lo(), i.hi())).collect();
        let within = crate::boxes::clustered(boxes).iter().map(ends).collect();
        self.left.push(Left { used: self.actions_used(state), within });
        self.leave_open("part of a search for roots is not decided");
    }

    fn actions_used(&self, state: &State) -> Vec<(u32, u32)> {
        let used = |w: &Weight| state.status[*w as usize] == Status::Positive;
        let all = 0..self.stage.num_weights() as Weight;
        let name = |w: Weight| {
            let (set, action) = self.stage.owner[w as usize];
            (self.stage.sets[set].game.0, action as u32)
        };
        all.filter(used).map(name).collect()
    }
}
