//! Actions that are worse whatever is played.
//!
//! Each node gets the lowest and highest payoff of each player over all plays
//! through actions not yet zero. If an action's highest is below another's lowest
//! at every member that can have positive belief, the action is never played.
//! Floats find such pairs with a margin; the referee recomputes them exactly.

use crate::stage::{End, Kind, Stage};
use crate::state::{State, Status};
use detente_game::solution::Concept;

/// Lowest and highest payoff per node and player, `node * players + player`.
pub struct Bounds {
    low: Vec<f64>,
    high: Vec<f64>,
}

/// The stage's payoffs as floats, computed once.
pub struct Floats {
    ends: Vec<Vec<Vec<f64>>>,
    arms: Vec<f64>,
    margin: f64,
}

impl Floats {
    /// Rounds the stage's numbers.
    pub fn new(stage: &Stage) -> Floats {
        let mut largest: f64 = 0.0;
        let mut list = |u: &Vec<detente_exact::Q>| -> Vec<f64> {
            let v: Vec<f64> = u.iter().map(|q| q.to_f64()).collect();
            largest = v.iter().fold(largest, |m, x| m.max(x.abs()));
            v
        };
        let ends = stage
            .nodes
            .iter()
            .map(|n| match &n.kind {
                Kind::End(End::Payoffs(u)) => vec![list(u)],
                Kind::End(End::Nested(k)) => stage.nested[*k].1.iter().map(&mut list).collect(),
                _ => vec![],
            })
            .collect();
        let arms = stage.nodes.iter().map(|n| n.arm.to_f64()).collect();
        Floats { ends, arms, margin: 1e-9 * largest.max(1e-300) }
    }
}

impl Bounds {
    /// Computes the ranges of all nodes, bottom up.
    pub fn new(stage: &Stage, floats: &Floats, state: &State) -> Bounds {
        let n = stage.players;
        let mut b = Bounds { low: vec![0.0; stage.nodes.len() * n], high: vec![0.0; stage.nodes.len() * n] };
        for x in (0..stage.nodes.len()).rev() {
            let node = &stage.nodes[x];
            match &node.kind {
                Kind::End(end) => {
                    let list = &floats.ends[x];
                    let chosen = match end {
                        End::Nested(k) => state.choice[*k],
                        End::Payoffs(_) => Some(0),
                    };
                    for p in 0..n {
                        let (low, high) = match chosen {
                            Some(c) => (list[c][p], list[c][p]),
                            None => list.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), u| {
                                (l.min(u[p]), h.max(u[p]))
                            }),
                        };
                        (b.low[x * n + p], b.high[x * n + p]) = (low, high);
                    }
                }
                Kind::Chance => {
                    for &c in &node.children {
                        for p in 0..n {
                            b.low[x * n + p] += floats.arms[c] * b.low[c * n + p];
                            b.high[x * n + p] += floats.arms[c] * b.high[c * n + p];
                        }
                    }
                }
                Kind::Decision(s) => {
                    for p in 0..n {
                        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
                        for (a, &c) in node.children.iter().enumerate() {
                            if !state.is_zero(stage.weight(*s, a)) {
                                low = low.min(b.low[c * n + p]);
                                high = high.max(b.high[c * n + p]);
                            }
                        }
                        (b.low[x * n + p], b.high[x * n + p]) = (low, high);
                    }
                }
            }
        }
        b
    }

    /// Returns an action of the set that is worse than another one: `(worse, than)`.
    pub fn dominated(
        &self,
        stage: &Stage,
        floats: &Floats,
        state: &State,
        concept: Concept,
        set: usize,
    ) -> Option<(usize, usize)> {
        let info = &stage.sets[set];
        let n = stage.players;
        let live = match concept {
            Concept::Sequential if state.leading_is_final(stage, set) => state.leading(stage, set),
            _ => None,
        };
        let members: Vec<usize> = info
            .members
            .iter()
            .enumerate()
            .filter(|(k, _)| live.as_ref().is_none_or(|l| l[*k]))
            .map(|(_, m)| *m)
            .collect();
        let worse_than = |a: usize, b: usize| {
            members.iter().all(|m| {
                let (xa, xb) = (stage.nodes[*m].children[a], stage.nodes[*m].children[b]);
                self.high[xa * n + info.player] < self.low[xb * n + info.player] - floats.margin
            })
        };
        for a in 0..info.actions {
            let status = state.status[stage.weight(set, a) as usize];
            if status == Status::Zero {
                continue;
            }
            for b in 0..info.actions {
                if b != a && worse_than(a, b) {
                    return Some((a, b));
                }
            }
        }
        None
    }
}
