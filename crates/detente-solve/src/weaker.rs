//! What stands in for a search that did not finish: a sequential equilibrium is an equilibrium
//! of every weaker concept.
//!
//! The one idea: where the search for all Nash or subgame-perfect equilibria ends with open
//! cases, the sequential ones are often found at once. Those that no listed component holds
//! already are listed as well; the referee checks each on its own.

use crate::describe;
use crate::settings::{Grace, Progress, Settings};
use detente_exact::Q;
use detente_game::certificate::{BoxStep, Certificate, Proof, Variable};
use detente_game::solution::{Component, Concept, Solution, Status};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Work that the sequential search may still do once the caller's time is up, in questions to
/// `Progress` times the nodes of the game; seconds at most.
const GRACE: u64 = 40_000;
/// Most cases looked at to see whether a point is listed already.
const MAX_CASES: usize = 1 << 16;

/// The sequential equilibria in rational numbers, as equilibria of the weaker concept. Without a
/// proof of its search, an irrational equilibrium has none that it exists.
pub fn sequential(game: &Game, numbers: &Numbers, settings: &Settings, progress: &dyn Progress) -> Solution {
    let inner = Settings { concept: Concept::Sequential, ..settings.clone() };
    let mut found =
        crate::solve(game, numbers, &inner, &Grace::new(progress, GRACE / game.nodes.len().max(1) as u64));
    found.components.retain(|c| c.profile.iter().flatten().all(|n| n.exact.is_some()));
    let exact = |n: &detente_game::solution::Num| n.exact.as_ref().is_some_and(Q::is_zero);
    found.components.retain(|c| exact(&c.gap_nash) && c.gap_sequential.as_ref().is_some_and(exact));
    found.components.iter_mut().for_each(describe::without_beliefs);
    found
}

/// Adds the sequential equilibria that the unfinished search does not hold already.
pub fn added(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    mut found: Solution,
    progress: &dyn Progress,
) -> Solution {
    let asked = settings.one && !found.components.is_empty();
    if !matches!(settings.concept, Concept::Nash | Concept::Spe) || found.unresolved.is_empty() || asked {
        return found;
    }
    let Some(stage) = found.certificate.stages.last() else { return found };
    let mut listed: Vec<(Component, Vec<u32>)> =
        found.components.iter().cloned().zip(stage.components.iter().cloned()).collect();
    let before = listed.len();
    for c in sequential(game, numbers, settings, progress).components {
        let at = Point { game, numbers, profile: c.profile.iter().map(|h| shares(h)).collect() };
        if !at.is_listed(&found.certificate) {
            listed.push((c, vec![]));
        }
        if settings.one {
            break;
        }
    }
    if listed.len() == before {
        return found;
    }
    let only: Vec<Component> = listed.iter().map(|(c, _)| c.clone()).collect();
    let order = describe::order(&only);
    let cells = order.iter().map(|k| listed[*k].1.clone()).collect();
    found.components = order.iter().map(|k| only[*k].clone()).collect();
    if let Some(last) = found.certificate.stages.last_mut() {
        last.components = cells;
    }
    found.unresolved.push(match before {
        0 => "only equilibria that are also sequential are listed".into(),
        _ => "what is listed beside the search's finds is sequential; it may belong to one of them".into(),
    });
    found.status = Status::ExactSome;
    found
}

fn shares(list: &[detente_game::solution::Num]) -> Vec<Q> {
    list.iter().map(|n| n.exact.clone().unwrap_or(Q::ZERO)).collect()
}

/// A profile in rational numbers.
struct Point<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    profile: Vec<Vec<Q>>,
}

impl Point<'_> {
    /// Whether the proof of the whole game leads this profile to a listed component.
    fn is_listed(&self, certificate: &Certificate) -> bool {
        let Some(stage) = certificate.stages.last() else { return false };
        let mut stack: Vec<(Vec<&Proof>, Vec<u32>)> = vec![(vec![&stage.proof], vec![])];
        for _ in 0..MAX_CASES {
            let Some((mut todo, cells)) = stack.pop() else { return false };
            let Some(proof) = todo.pop() else {
                if stage.components.iter().any(|c| cells.iter().all(|cell| c.contains(cell))) {
                    return true;
                }
                continue;
            };
            if let Proof::Both { parts } = proof {
                todo.extend(parts);
                stack.push((todo, cells));
                continue;
            }
            for (next, cell) in self.ways(certificate, proof) {
                let more = todo.iter().copied().chain(next).collect();
                stack.push((more, cells.iter().copied().chain(cell).collect()));
            }
        }
        false
    }

    /// Where a step leads the profile: the steps that follow it, or a cell.
    fn ways<'c>(&self, certificate: &Certificate, proof: &'c Proof) -> Vec<(Option<&'c Proof>, Option<u32>)> {
        let go = |proof: &'c Proof| (Some(proof), None);
        match proof {
            Proof::Split { infoset, action, zero, positive } => {
                let used = self.profile[*infoset as usize][*action as usize].is_positive();
                vec![go(if used { positive } else { zero })]
            }
            Proof::Choose { stage, options } => {
                let inner = &certificate.stages[*stage as usize];
                let mine = self.payoffs(NodeId(inner.root));
                let same = options.iter().zip(&inner.payoffs).filter(|(_, payoffs)| **payoffs == mine);
                same.map(|(option, _)| go(option)).collect()
            }
            Proof::Dominated { then, .. }
            | Proof::MustBePositive { then, .. }
            | Proof::MustBeZero { then, .. }
            | Proof::AnyBelief { then, .. }
            | Proof::Fix { then, .. }
            | Proof::Scale { then, .. } => vec![go(then)],
            Proof::Roots { variable, cases, .. } => {
                let fits = |low: &Q, high: &Q| self.within(*variable, low, high);
                cases.iter().filter(|(low, high, _)| fits(low, high)).map(|(_, _, p)| go(p)).collect()
            }
            Proof::Boxes { boxes } => {
                let mut cells = vec![];
                let mut stack = vec![&boxes.root];
                while let Some(step) = stack.pop() {
                    match step {
                        BoxStep::Bisect(_, a, b) => stack.extend([&**a, &**b]),
                        BoxStep::Shrink { then, .. } | BoxStep::Cuts { then, .. } => stack.push(then),
                        BoxStep::Root { low, high, cell } => {
                            let mut ends = boxes.variables.iter().zip(low.iter().zip(high));
                            if ends.all(|(v, (low, high))| self.within(*v, low, high)) {
                                cells.push((None, Some(*cell)));
                            }
                        }
                        _ => {}
                    }
                }
                cells
            }
            Proof::Cell { cell } | Proof::PerfectInformation { cell } => vec![(None, Some(*cell))],
            _ => vec![],
        }
    }

    /// Whether a plan weight lies in a range; values are not looked at.
    fn within(&self, variable: Variable, low: &Q, high: &Q) -> bool {
        let Variable::Weight(h, a) = variable else { return true };
        let set = &self.game.infosets[h as usize];
        let mut weight = self.profile[h as usize][a as usize].clone();
        let mut at = set.nodes[0];
        while let Some((parent, arm)) = self.game.nodes[at.index()].parent {
            if let NodeKind::Decision(g) = self.game.nodes[parent.index()].kind
                && self.game.infosets[g.index()].player == set.player
            {
                weight *= &self.profile[g.index()][arm as usize];
            }
            at = parent;
        }
        *low <= weight && weight <= *high
    }

    /// Expected payoffs from a node on.
    fn payoffs(&self, root: NodeId) -> Vec<Q> {
        let players = self.game.players.len();
        let mut sum = vec![Q::ZERO; players];
        let mut stack = vec![(root, Q::ONE)];
        while let Some((node, weight)) = stack.pop() {
            let shares: &[Q] = match self.game.nodes[node.index()].kind {
                NodeKind::Terminal(_) => {
                    let from = node.index() * players;
                    for (s, u) in sum.iter_mut().zip(&self.numbers.payoffs[from..from + players]) {
                        *s += &weight * u;
                    }
                    continue;
                }
                NodeKind::Chance(c) => &self.numbers.chance[c.index()],
                NodeKind::Decision(h) => &self.profile[h.index()],
            };
            let below = self.game.children(node).iter().zip(shares).filter(|(_, q)| !q.is_zero());
            stack.extend(below.map(|(child, q)| (*child, &weight * q)));
        }
        sum
    }
}
