//! Is there an exact equilibrium where a profile of floats is printed?
//!
//! The one idea (Krawczyk 1969): what the players who mix must be indifferent between gives as many equations
//! as there are free probabilities. If the interval Newton image of a box around the printed numbers lies
//! inside it, there is one exact solution there; and if every action that is not played is surely worse all
//! over the box, that solution is an equilibrium.

use crate::assess::View;
use crate::expected::enclosed_values;
use crate::newton::solution_near;
use crate::numbers::enclosure;
use detente_exact::{Interval, Q};
use detente_game::solution::{Component, Concept};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Most free probabilities that are looked at: the work grows with the third power.
const MAX_UNKNOWNS: usize = 400;

/// A set at which the owner mixes.
struct Mixed {
    set: usize,
    /// The action whose probability is what the others leave.
    base: usize,
    /// The other played actions; the first has the unknown with this number.
    others: Vec<usize>,
    first: usize,
}

/// The indifference equations of one profile's support.
struct Equations<'a> {
    game: &'a Game,
    chance: Vec<Vec<Interval>>,
    payoffs: Vec<Interval>,
    /// Probabilities at sets that nobody mixes at, or that play does not reach.
    fixed: Vec<Vec<Interval>>,
    mixed: Vec<Mixed>,
    /// Position in `mixed`, per set.
    place: Vec<Option<usize>>,
}

/// Checks that an equilibrium with this support lies within the printed radii.
///
/// # Errors
/// In words, what could not be shown.
pub fn exists(game: &Game, numbers: &Numbers, component: &Component, concept: Concept) -> Result<(), String> {
    let played: Vec<Vec<bool>> =
        component.profile.iter().map(|h| h.iter().map(|n| n.value > 0.0).collect()).collect();
    let reached = reached(game, &played);
    if concept != Concept::Nash && reached.contains(&false) {
        return Err("play that is not reached is not proven to be best".into());
    }
    let equations = Equations::new(game, numbers, component, &played, &reached)?;
    let start = equations.start(component);
    if start.is_empty() || start.len() > MAX_UNKNOWNS {
        return Err(format!("{} free probabilities", start.len()));
    }
    let found = solution_near(&start, &|y, derive| equations.at(y, derive))
        .ok_or("no exact solution is proven near the profile")?;
    let probs = equations.probs(&found);
    for (h, (list, sure)) in component.profile.iter().zip(&probs).enumerate() {
        for ((printed, p), is_played) in list.iter().zip(sure).zip(&played[h]) {
            let (low, high) = enclosure(printed)?;
            let ends = Q::from_f64(p.lo()).zip(Q::from_f64(p.hi()));
            if !ends.is_some_and(|(from, to)| low <= from && to <= high) {
                return Err(format!("the solution at set {h} is not within what is printed"));
            }
            if *is_played && p.lo() <= 0.0 {
                return Err(format!("a probability at set {h} may be 0"));
            }
        }
    }
    equations.nothing_better(numbers, probs, &played, &reached)
}

/// Which sets play reaches.
fn reached(game: &Game, played: &[Vec<bool>]) -> Vec<bool> {
    let mut on = vec![true; game.nodes.len()];
    let mut sets = vec![false; game.infosets.len()];
    for (x, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            on[x] = on[parent.index()]
                && match game.nodes[parent.index()].kind {
                    NodeKind::Decision(h) => played[h.index()][arm as usize],
                    _ => true,
                };
        }
        if let NodeKind::Decision(h) = node.kind {
            sets[h.index()] |= on[x];
        }
    }
    sets
}

impl<'a> Equations<'a> {
    fn new(
        game: &'a Game,
        numbers: &Numbers,
        component: &Component,
        played: &[Vec<bool>],
        reached: &[bool],
    ) -> Result<Equations<'a>, String> {
        let (mut mixed, mut place, mut first) = (Vec::new(), vec![None; game.infosets.len()], 0);
        let mut fixed = Vec::with_capacity(game.infosets.len());
        for (h, list) in component.profile.iter().enumerate() {
            let support: Vec<usize> = (0..list.len()).filter(|a| played[h][*a]).collect();
            let most = |a: &&usize, b: &&usize| list[**a].value.total_cmp(&list[**b].value).then(b.cmp(a));
            let base = *support.iter().max_by(most).ok_or("a set plays nothing")?;
            if reached[h] && support.len() > 1 {
                let others: Vec<usize> = support.into_iter().filter(|a| *a != base).collect();
                place[h] = Some(mixed.len());
                let next = first + others.len();
                mixed.push(Mixed { set: h, base, others, first });
                first = next;
                fixed.push(vec![Interval::ZERO; list.len()]);
                continue;
            }
            let exact = list.iter().map(|n| n.exact.as_ref().map(Interval::from_q));
            fixed.push(exact.collect::<Option<_>>().ok_or("a number is not exact")?);
        }
        Ok(Equations {
            game,
            chance: numbers.chance.iter().map(|c| c.iter().map(Interval::from_q).collect()).collect(),
            payoffs: numbers.payoffs.iter().map(Interval::from_q).collect(),
            fixed,
            mixed,
            place,
        })
    }

    fn start(&self, component: &Component) -> Vec<f64> {
        self.mixed.iter().flat_map(|m| m.others.iter().map(|a| component.profile[m.set][*a].value)).collect()
    }

    fn probs(&self, y: &[Interval]) -> Vec<Vec<Interval>> {
        let mut probs = self.fixed.clone();
        for m in &self.mixed {
            let mut rest = Interval::ONE;
            for (k, a) in m.others.iter().enumerate() {
                probs[m.set][*a] = y[m.first + k];
                rest = rest - y[m.first + k];
            }
            probs[m.set][m.base] = rest;
        }
        probs
    }

    /// The probability of a node's arm.
    fn step(&self, node: NodeId, arm: usize, probs: &[Vec<Interval>]) -> Interval {
        match self.game.nodes[node.index()].kind {
            NodeKind::Chance(c) => self.chance[c.index()][arm],
            NodeKind::Decision(h) => probs[h.index()][arm],
            NodeKind::Terminal(_) => Interval::ZERO,
        }
    }

    fn values(&self, probs: &[Vec<Interval>]) -> Vec<Interval> {
        enclosed_values(self.game, &self.payoffs, |node, arm| self.step(node, arm, probs))
    }

    /// Per member of a set: the probability of its path by chance and by others than the owner, and their
    /// actions on it.
    fn members(&self, set: usize, probs: &[Vec<Interval>]) -> Vec<(NodeId, Interval, Vec<(usize, usize)>)> {
        let owner = self.game.infosets[set].player;
        let of = |node: &NodeId| {
            let (mut weight, mut path, mut at) = (Interval::ONE, vec![], *node);
            while let Some((parent, arm)) = self.game.nodes[at.index()].parent {
                match self.game.nodes[parent.index()].kind {
                    NodeKind::Decision(h) if self.game.infosets[h.index()].player == owner => {}
                    NodeKind::Decision(h) => {
                        weight = weight * probs[h.index()][arm as usize];
                        path.push((h.index(), arm as usize));
                    }
                    _ => weight = weight * self.step(parent, arm as usize, probs),
                }
                at = parent;
            }
            (*node, weight, path)
        };
        self.game.infosets[set].nodes.iter().map(of).collect()
    }

    /// How much more each mixed action but the base earns, and the derivatives row by row if asked.
    fn at(&self, y: &[Interval], derive: bool) -> (Vec<Interval>, Vec<Vec<Interval>>) {
        let players = self.game.players.len();
        let probs = self.probs(y);
        let values = self.values(&probs);
        let (mut miss, mut rows) = (vec![], vec![]);
        for m in &self.mixed {
            let owner = self.game.infosets[m.set].player.index();
            let members = self.members(m.set, &probs);
            let below = |x: NodeId, a: usize| self.game.children(x)[a];
            let earned = |a: usize| {
                members.iter().fold(Interval::ZERO, |sum, (x, w, _)| {
                    sum + *w * values[below(*x, a).index() * players + owner]
                })
            };
            let base = earned(m.base);
            miss.extend(m.others.iter().map(|a| earned(*a) - base));
            if derive {
                let slope = |a: usize| self.slope(owner, a, &members, &values, &probs, y.len());
                let base = slope(m.base);
                for a in &m.others {
                    rows.push(slope(*a).iter().zip(&base).map(|(x, z)| *x - *z).collect());
                }
            }
        }
        (miss, rows)
    }

    /// Derivatives by all unknowns of what an action earns.
    fn slope(
        &self,
        owner: usize,
        action: usize,
        members: &[(NodeId, Interval, Vec<(usize, usize)>)],
        values: &[Interval],
        probs: &[Vec<Interval>],
        unknowns: usize,
    ) -> Vec<Interval> {
        let players = self.game.players.len();
        let mut by = vec![Interval::ZERO; unknowns];
        let mut add = |set: usize, a: usize, d: Interval| {
            let Some(m) = self.place[set].map(|k| &self.mixed[k]) else { return };
            if a == m.base {
                (0..m.others.len()).for_each(|k| by[m.first + k] = by[m.first + k] - d);
            } else if let Some(k) = m.others.iter().position(|b| *b == a) {
                by[m.first + k] = by[m.first + k] + d;
            }
        };
        let mut stack: Vec<(NodeId, Interval)> = vec![];
        for (x, weight, path) in members {
            let child = self.game.children(*x)[action];
            let value = values[child.index() * players + owner];
            for (skip, (set, a)) in path.iter().enumerate() {
                if self.place[*set].is_none() {
                    continue;
                }
                // The path's probability without this action, chance included.
                let others = path.iter().enumerate().filter(|(k, _)| *k != skip);
                let rest = others.fold(self.luck(*x), |w, (_, (h, b))| w * probs[*h][*b]);
                add(*set, *a, rest * value);
            }
            stack.push((child, *weight));
        }
        while let Some((node, weight)) = stack.pop() {
            if weight.lo() == 0.0 && weight.hi() == 0.0 {
                continue;
            }
            for (arm, child) in self.game.children(node).iter().enumerate() {
                if let NodeKind::Decision(h) = self.game.nodes[node.index()].kind {
                    add(h.index(), arm, weight * values[child.index() * players + owner]);
                }
                stack.push((*child, weight * self.step(node, arm, probs)));
            }
        }
        by
    }

    /// The probability by which chance leads to a node.
    fn luck(&self, node: NodeId) -> Interval {
        let (mut weight, mut at) = (Interval::ONE, node);
        while let Some((parent, arm)) = self.game.nodes[at.index()].parent {
            if let NodeKind::Chance(c) = self.game.nodes[parent.index()].kind {
                weight = weight * self.chance[c.index()][arm as usize];
            }
            at = parent;
        }
        weight
    }

    /// Checks that at every reached set each action that is not played is surely worse, even with the best
    /// that its owner could do afterwards.
    fn nothing_better(
        &self,
        numbers: &Numbers,
        probs: Vec<Vec<Interval>>,
        played: &[Vec<bool>],
        reached: &[bool],
    ) -> Result<(), String> {
        let players = self.game.players.len();
        let view = View::<Interval>::at(self.game, numbers, probs.clone(), true);
        for h in (0..reached.len()).filter(|h| reached[*h]) {
            let owner = self.game.infosets[h].player.index();
            let members = self.members(h, &probs);
            let Some(base) = played[h].iter().position(|p| *p) else { continue };
            let kept = members.iter().fold(Interval::ZERO, |sum, (x, w, _)| {
                let child = self.game.children(*x)[base];
                sum + *w * view.values[child.index() * players + owner]
            });
            for a in (0..played[h].len()).filter(|a| !played[h][*a]) {
                let starts = members.iter().map(|(x, w, _)| (self.game.children(*x)[a], *w)).collect();
                let best = view.best_response(owner, starts);
                if best.hi() >= kept.lo() {
                    return Err(format!("another action at set {h} may be as good"));
                }
            }
        }
        Ok(())
    }
}
