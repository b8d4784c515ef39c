//! Runs `play` depth first, with a list of work instead of recursion.
//!
//! At a branching statement one node is written and one piece of work is left
//! for each arm: what the players knew, where the code goes on. A hidden event
//! leaves no trace in what others know; moves inside `together` are seen when
//! the block closes.

use super::Builder;
use crate::elaborate::rest::{After, Rest};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{EventId, Node, NodeId, NodeKind, OutcomeId, Pay, PayListId, Seen};
use std::rc::Rc;

/// Code that a path runs next.
#[derive(Clone, Copy)]
pub(super) enum Code<'p> {
    /// Private facts, from this one on.
    Privates(usize),
    Block(&'p [Stmt]),
}

/// What changes along a path and must be restored for its siblings.
#[derive(Clone, Default)]
pub(super) struct State {
    pub knowledge: Vec<u32>,
    pub counters: Vec<Option<i64>>,
    /// Moves inside `together` that others see when it closes.
    pub pending: Vec<(Sight, Seen)>,
    pub together: u32,
}

struct Work<'p> {
    /// Where the new node hangs: parent and position; `None` for the root.
    parent: Option<(NodeId, u32)>,
    /// What has just happened: event, arm, who sees it, whose move it was.
    happened: Option<(EventId, u32, Sight, Option<usize>)>,
    depth: usize,
    code: Code<'p>,
    rest: Option<Rc<Rest<'p>>>,
    state: Rc<State>,
}

/// Statements run for each allowed node before building gives up.
const STEPS_PER_NODE: u64 = 50;

impl<'p> Builder<'p> {
    /// Builds the tree.
    pub(super) fn run(&mut self) {
        let players = self.program.players.len();
        let state =
            State { knowledge: vec![0; players], counters: self.counters.clone(), ..State::default() };
        let mut runner = Runner { state, work: Vec::new(), pays: Vec::new(), parent: None, steps: 0 };
        runner.work.push(Work {
            parent: None,
            happened: None,
            depth: 0,
            code: Code::Privates(0),
            rest: None,
            state: Rc::new(runner.state.clone()),
        });
        while let Some(work) = runner.work.pop() {
            self.resume(&mut runner, work);
            if self.game.nodes.len() > self.limits.nodes
                || runner.steps > self.limits.nodes as u64 * STEPS_PER_NODE
            {
                let diagnostic = super::size::over_limit(self);
                self.report(diagnostic);
                self.stopped = true;
            }
            if self.stopped
                || (!self.diagnostics.is_empty() && self.failed() && self.game.nodes.len() > 200_000)
            {
                self.stopped = true;
                break;
            }
        }
        for slot in &mut self.taken {
            *slot = None;
        }
        self.path.clear();
    }

    fn resume(&mut self, runner: &mut Runner<'p>, work: Work<'p>) {
        for (event, _) in self.path.drain(work.depth..) {
            self.taken[event.index()] = None;
        }
        runner.state.clone_from(&work.state);
        self.counters.clone_from(&runner.state.counters);
        runner.parent = work.parent;
        runner.pays.clear();
        if let Some((event, arm, sight, mover)) = work.happened {
            self.taken[event.index()] = Some(arm);
            self.path.push((event, arm));
            let seen = Seen { event, arm };
            if let Some(mover) = mover {
                self.learn(runner, mover, seen.clone());
            }
            let others = mover.map_or(sight, |m| sight.without(m));
            if runner.state.together > 0 {
                runner.state.pending.push((others, seen));
            } else {
                self.observe(runner, others, seen);
            }
        }
        self.advance(runner, work.code, work.rest);
    }

    /// Runs statements until a node is written.
    fn advance(&mut self, runner: &mut Runner<'p>, code: Code<'p>, rest: Option<Rc<Rest<'p>>>) {
        let program = self.program;
        let mut rest = rest;
        let mut block = match code {
            Code::Privates(at) if at < program.privates.len() => {
                return self.private(runner, at, rest);
            }
            Code::Privates(_) => &program.body[..],
            Code::Block(block) => block,
        };
        loop {
            let Some((stmt, tail)) = block.split_first() else {
                match self.unwind(runner, &mut rest) {
                    Some(next) => block = next,
                    None => return self.falls_off(runner),
                }
                continue;
            };
            runner.steps += 1;
            if runner.steps > self.limits.nodes as u64 * STEPS_PER_NODE {
                return;
            }
            self.here = stmt.span;
            self.effort.0 = 0;
            let enter = |inner: &'p [Stmt], rest: &mut Option<Rc<Rest<'p>>>| {
                *rest = Some(Rc::new(Rest { after: After::Block(tail), next: rest.take() }));
                inner
            };
            block = match &stmt.kind {
                StmtKind::Choose(choose) => return self.choose(runner, choose, tail, rest),
                StmtKind::Chance(code) => return self.draw(runner, code, stmt.span, tail, rest),
                StmtKind::End(outcome) => return self.end(runner, *outcome),
                StmtKind::Together(inner) => {
                    runner.state.together += 1;
                    let inner = enter(inner, &mut rest);
                    rest = Some(Rc::new(Rest { after: After::Close, next: rest }));
                    inner
                }
                StmtKind::Tell { players, what } => {
                    self.tell(runner, players, what, stmt.span);
                    tail
                }
                StmtKind::Pay(codes) => {
                    self.pay(codes, &mut runner.pays);
                    tail
                }
                StmtKind::If { condition, then, otherwise } => {
                    match self.known_truth(condition, "which way play goes") {
                        Some(true) => enter(then, &mut rest),
                        Some(false) => enter(otherwise, &mut rest),
                        None => return self.give_up(runner),
                    }
                }
                StmtKind::Repeat { id, from, to, body } => {
                    let Some((from, to)) = self.bounds(from, to) else { return self.give_up(runner) };
                    if from > to {
                        tail
                    } else {
                        self.set_counter(runner, *id, Some(from));
                        let body = enter(body, &mut rest);
                        let after = After::Loop { id: *id, body, value: from, to };
                        rest = Some(Rc::new(Rest { after, next: rest }));
                        body
                    }
                }
                StmtKind::Leave => self.leave(runner, &mut rest),
                StmtKind::Nothing => tail,
            };
        }
    }

    fn bounds(&mut self, from: &'p Formula, to: &'p Formula) -> Option<(i64, i64)> {
        let a = self.known_number(from, "the number of rounds");
        let b = self.known_number(to, "the number of rounds");
        let mut whole = |value: Option<Q>, formula: &Formula| {
            let value = value?;
            // Doubled bounds still fit, so that counting up cannot overflow.
            let fits = value.to_i64().filter(|v| v.abs() < i64::MAX / 4);
            if fits.is_none() {
                self.report(
                    Diagnostic::error("type-mismatch", "the number of rounds must be whole")
                        .label(formula.span, "not a whole number")
                        .help("write whole numbers at both ends: `repeat round in 1..3`"),
                );
            }
            fits
        };
        let a = whole(a, from);
        a.zip(whole(b, to))
    }

    pub(super) fn node(&mut self, runner: &mut Runner<'p>, kind: NodeKind, children: usize) -> NodeId {
        let pays = std::mem::take(&mut runner.pays);
        let pays = if pays.is_empty() { PayListId(0) } else { self.pay_list(&pays) };
        let id = NodeId(self.game.nodes.len() as u32);
        let first_child = self.game.children.len() as u32;
        self.game.children.resize(self.game.children.len() + children, NodeId(u32::MAX));
        self.game.nodes.push(Node {
            parent: runner.parent,
            kind,
            first_child,
            num_children: children as u32,
            pays,
        });
        if let Some((parent, position)) = runner.parent {
            let slot = self.game.nodes[parent.index()].first_child + position;
            self.game.children[slot as usize] = id;
        }
        id
    }

    /// Ends this path after an error, so that the tree stays whole.
    pub(super) fn give_up(&mut self, runner: &mut Runner<'p>) {
        self.node(runner, NodeKind::Terminal(None), 0);
    }

    fn falls_off(&mut self, runner: &mut Runner<'p>) {
        let history: Vec<String> = self
            .path
            .iter()
            .map(|(event, arm)| {
                let arm = &self.game.events[event.index()].arms[*arm as usize];
                format!("{} = {arm}", self.game.event_name(*event))
            })
            .collect();
        let span = self.program.play_span.unwrap_or_default();
        let close = Span { start: span.end.saturating_sub(1), ..span };
        let after =
            if history.is_empty() { "at once".to_string() } else { format!("after {}", history.join(", ")) };
        self.report(
            Diagnostic::error("falls-off", "play can reach its end without an outcome")
                .label(close, after)
                .help("add `end OUTCOME` as the last line of `play`"),
        );
        self.give_up(runner);
    }

    fn end(&mut self, runner: &mut Runner<'p>, outcome: usize) {
        self.facts.ended[outcome] = true;
        let list = self.outcome_pays(outcome);
        if runner.pays.is_empty() {
            let node = self.node(runner, NodeKind::Terminal(Some(OutcomeId(outcome as u32))), 0);
            self.game.nodes[node.index()].pays = list;
            return;
        }
        runner.pays.extend_from_slice(&self.game.pay_lists[list.index()]);
        self.node(runner, NodeKind::Terminal(Some(OutcomeId(outcome as u32))), 0);
    }

    /// Leaves work for each arm of a new node, the first arm on top.
    pub(super) fn branch(
        &mut self,
        runner: &mut Runner<'p>,
        node: NodeId,
        arms: impl DoubleEndedIterator<Item = (EventId, u32, Code<'p>)> + ExactSizeIterator,
        sight: Sight,
        mover: Option<usize>,
        rest: Option<Rc<Rest<'p>>>,
    ) {
        let state = Rc::new(runner.state.clone());
        for (position, (event, arm, code)) in arms.enumerate().rev() {
            runner.work.push(Work {
                parent: Some((node, position as u32)),
                happened: Some((event, arm, sight, mover)),
                depth: self.path.len(),
                code,
                rest: rest.clone(),
                state: state.clone(),
            });
        }
    }
}

/// The work left, and the state of the path being run.
pub(super) struct Runner<'p> {
    work: Vec<Work<'p>>,
    pub state: State,
    /// Payments made since the last node.
    pays: Vec<Pay>,
    parent: Option<(NodeId, u32)>,
    steps: u64,
}
