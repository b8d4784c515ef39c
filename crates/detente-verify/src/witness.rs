//! Listed equilibria as witnesses against the proof that covers them.
//!
//! The one idea: an equilibrium satisfies every true statement about all equilibria. So each
//! listed point must find its way through the proof's cases to a cell of its own component;
//! a point that arrives at a refuted case shows that the proof or the point is wrong.

use crate::enclosure::Range;
use crate::numbers::enclosure;
use crate::replay::Boxed;
use crate::rows::Rules;
use detente_exact::Q;
use detente_game::certificate::{BoxProof, Certificate, Proof, Variable};
use detente_game::solution::Component;
use detente_game::{NodeId, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// A listed equilibrium as the proof sees it.
pub struct Point<'a> {
    rules: &'a Rules<'a>,
    component: &'a Component,
    /// Enclosure of each action's probability, by action id.
    probs: Vec<Range>,
    /// Tremble order of every node, if trembles are listed.
    orders: Vec<u64>,
}

/// Where a point ended: cells, and whether in a root box whose root is an equilibrium.
struct Arrival {
    tuples: BTreeSet<Vec<u32>>,
    exists: bool,
}

impl<'a> Point<'a> {
    pub fn new(rules: &'a Rules<'a>, component: &'a Component) -> Result<Point<'a>, String> {
        let mut probs = Vec::with_capacity(rules.tree.set_of.len());
        for num in component.profile.iter().flatten() {
            let (low, high) = enclosure(num)?;
            probs.push(Range::new(low.max(Q::ZERO), high.min(Q::ONE)));
        }
        let game = rules.tree.game;
        let mut orders = vec![0u64; game.nodes.len()];
        for (n, node) in game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else { continue };
            orders[n] = orders[parent.index()];
            if let NodeKind::Decision(h) = game.nodes[parent.index()].kind {
                let tremble = component.tremble.get(h.index()).and_then(|t| t.get(arm as usize));
                orders[n] += tremble.map_or(0, |t| u64::from(t.0));
            }
        }
        Ok(Point { rules, component, probs, orders })
    }

    fn may_be_zero(&self, action: u32) -> bool {
        !self.probs[action as usize].low.is_positive()
    }

    fn may_be_positive(&self, action: u32) -> bool {
        self.probs[action as usize].high.is_positive()
    }

    /// The plan weight of an action; `None` if an action on the way is not played, since
    /// its weight is then a matter of trembles.
    fn plan_weight(&self, action: u32) -> Option<Range> {
        let mut weight = Range::new(Q::ONE, Q::ONE);
        let mut at = Some(action);
        while let Some(a) = at {
            let p = &self.probs[a as usize];
            if !p.low.is_positive() {
                return None;
            }
            weight = Range::new(&weight.low * &p.low, &weight.high * &p.high);
            at = self.rules.before(a);
        }
        Some(weight)
    }

    /// Whether a weight may lie in [low, high].
    fn fits(&self, stage: u32, variable: Variable, low: &Q, high: &Q) -> bool {
        let Variable::Weight(h, a) = variable else { return true };
        let Ok(action) = self.rules.action(stage, h, a) else { return false };
        match self.plan_weight(action) {
            None => true,
            Some(w) => w.low <= *high && *low <= w.high,
        }
    }

    /// Expected payoffs at a node, enclosed; `None` if numbers are not exact.
    fn payoffs_at(&self, root: u32) -> Option<Vec<Q>> {
        let players = self.rules.tree.game.players.len();
        let mut sum = vec![Q::ZERO; players];
        let mut stack = vec![(NodeId(root), Q::ONE)];
        while let Some((node, weight)) = stack.pop() {
            if weight.is_zero() {
                continue;
            }
            let children = self.rules.tree.game.children(node);
            match self.rules.tree.kind(node.0) {
                NodeKind::Terminal(_) => {
                    for (p, s) in sum.iter_mut().enumerate() {
                        *s += &(&weight * self.rules.tree.payoff(node.0, p));
                    }
                }
                NodeKind::Chance(c) => {
                    for (child, p) in children.iter().zip(&self.rules.tree.chance[c.index()]) {
                        stack.push((*child, &weight * p));
                    }
                }
                NodeKind::Decision(h) => {
                    for (child, p) in children.iter().zip(&self.component.profile[h.index()]) {
                        stack.push((*child, &weight * p.exact.as_ref()?));
                    }
                }
            }
        }
        Some(sum)
    }

    /// Walks one stage's proof and returns the cells where the point may belong.
    fn walk(&self, stage: u32, certificate: &Certificate, boxed: &[Boxed]) -> Result<Arrival, String> {
        let vectors: BTreeMap<u32, Option<Vec<Q>>> = certificate.stages[stage as usize]
            .nested
            .iter()
            .map(|n| (*n, self.payoffs_at(certificate.stages[*n as usize].root)))
            .collect();
        let mut arrival = Arrival { tuples: BTreeSet::new(), exists: false };
        let mut conflict: Option<String> = None;
        let mut is_open = false;
        // Each task is a list of proofs all of which the point must pass (the parts of a
        // `Both`), with the cells collected so far.
        let mut stack: Vec<(Vec<&Proof>, Vec<u32>)> =
            vec![(vec![&certificate.stages[stage as usize].proof], Vec::new())];
        let mut steps = 0usize;
        while let Some((mut todo, mut cells)) = stack.pop() {
            steps += 1;
            if steps > 1 << 20 {
                return Err("a listed equilibrium fits too many cases".into());
            }
            let Some(proof) = todo.pop() else {
                cells.sort_unstable();
                cells.dedup();
                arrival.tuples.insert(cells);
                continue;
            };
            let mut go = |proof| {
                let mut next = todo.clone();
                next.push(proof);
                stack.push((next, cells.clone()));
            };
            match proof {
                Proof::Split { infoset, action, zero, positive } => {
                    let a = self.rules.action(stage, *infoset, *action)?;
                    if self.may_be_zero(a) {
                        go(zero);
                    }
                    if self.may_be_positive(a) {
                        go(positive);
                    }
                }
                Proof::Choose { stage: inner, options } => {
                    let mine = vectors.get(inner).and_then(|v| v.as_ref());
                    for (option, vector) in options.iter().zip(&self.rules.vectors[*inner as usize]) {
                        if mine.is_none_or(|m| m == vector) {
                            go(option);
                        }
                    }
                }
                Proof::Dominated { infoset, action, then, .. }
                | Proof::MustBeZero { infoset, action, then, .. } => {
                    match self.may_be_zero(self.rules.action(stage, *infoset, *action)?) {
                        true => go(then),
                        false => conflict = Some(format!("it plays action {action} of set {infoset}")),
                    }
                }
                Proof::MustBePositive { infoset, action, then, .. } => {
                    match self.may_be_positive(self.rules.action(stage, *infoset, *action)?) {
                        true => go(then),
                        false => {
                            conflict = Some(format!("it does not play action {action} of set {infoset}"))
                        }
                    }
                }
                Proof::Beliefs { infoset, options, .. } => {
                    let members = &self.rules.data(stage, *infoset)?.members;
                    let least = members.iter().map(|m| self.orders[m.node as usize]).min();
                    let lead: BTreeSet<u32> = members
                        .iter()
                        .filter(|m| Some(self.orders[m.node as usize]) == least)
                        .map(|m| m.node)
                        .collect();
                    match options
                        .iter()
                        .find(|(list, _)| list.iter().copied().collect::<BTreeSet<u32>>() == lead)
                    {
                        Some((_, option)) => go(option),
                        None => conflict = Some(format!("its beliefs at set {infoset} are excluded")),
                    }
                }
                Proof::AnyBelief { then, .. } | Proof::Scale { then, .. } => go(then),
                Proof::Fix { variable, value, then, .. } => match self.fits(stage, *variable, value, value) {
                    true => go(then),
                    false => conflict = Some(format!("its {variable:?} is not {value}")),
                },
                Proof::Roots { variable, cases, .. } => {
                    for (_, _, case) in cases.iter().filter(|(l, h, _)| self.fits(stage, *variable, l, h)) {
                        go(case);
                    }
                }
                Proof::Both { parts } => {
                    let mut next = todo;
                    next.extend(parts);
                    stack.push((next, cells));
                }
                Proof::Refuted { .. } | Proof::OutOfRange { .. } => {
                    conflict = Some("its case is refuted".into())
                }
                Proof::Boxes { boxes } => {
                    let found = self.root_cells(stage, boxes, boxed)?;
                    if found.is_empty() {
                        conflict = Some("no root box holds it".into());
                    }
                    for (cell, exists) in found {
                        arrival.exists |= exists;
                        let mut next = cells.clone();
                        next.push(cell);
                        stack.push((todo.clone(), next));
                    }
                }
                Proof::Cell { cell } | Proof::PerfectInformation { cell } => {
                    cells.push(*cell);
                    stack.push((todo, cells));
                }
                Proof::Open { .. } => is_open = true,
            }
        }
        if arrival.tuples.is_empty() && !is_open {
            let why = conflict.unwrap_or_else(|| "no case fits it".into());
            return Err(format!("a listed equilibrium contradicts the proof of stage {stage}: {why}"));
        }
        Ok(arrival)
    }

    /// Cells of the verified root boxes whose root may be this point.
    fn root_cells(&self, stage: u32, boxes: &BoxProof, boxed: &[Boxed]) -> Result<Vec<(u32, bool)>, String> {
        let found = boxed.iter().find(|b| std::ptr::eq(b.proof, boxes));
        let found = found.ok_or("a box proof was not replayed")?;
        let holds = |tight: &[Range]| {
            boxes.variables.iter().zip(tight).all(|(v, r)| self.fits(stage, *v, &r.low, &r.high))
        };
        Ok(found.roots.iter().filter(|r| holds(&r.tight)).map(|r| (r.cell, r.exists)).collect())
    }
}

/// Checks that a listed component's point arrives at its own cells in every stage.
/// Returns whether it encloses a root shown to be an equilibrium.
pub fn check(
    rules: &Rules,
    certificate: &Certificate,
    boxed: &[Boxed],
    component: &Component,
    index: usize,
) -> Result<bool, String> {
    let point = Point::new(rules, component)?;
    let mut exists = false;
    for (k, stage) in certificate.stages.iter().enumerate() {
        let arrival = point.walk(k as u32, certificate, boxed)?;
        let last = k + 1 == certificate.stages.len();
        let lists = |c: &Vec<u32>| arrival.tuples.iter().any(|t| t.iter().all(|cell| c.contains(cell)));
        if last {
            if !arrival.tuples.is_empty() && !stage.components.get(index).is_some_and(lists) {
                return Err(format!("equilibrium {index} lies in a cell of another component"));
            }
            exists = arrival.exists;
        } else if let Some(payoffs) = point.payoffs_at(stage.root) {
            let agrees = stage.components.iter().zip(&stage.payoffs).any(|(c, p)| lists(c) && *p == payoffs);
            if !arrival.tuples.is_empty() && !agrees {
                return Err(format!("equilibrium {index} has other payoffs in stage {k} than its cell"));
            }
        }
    }
    Ok(exists)
}
