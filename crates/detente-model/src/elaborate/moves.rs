//! Moves, draws and private facts: what a statement offers, and the node it becomes.

use super::Builder;
use super::rest::{After, Rest};
use super::run::{Code, Runner};
use super::value::Value;
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{Chance, ChanceId, EventId, ExprId, NodeId, NodeKind, Op, Seen};
use std::rc::Rc;

impl<'p> Builder<'p> {
    pub(super) fn tell(&mut self, runner: &mut Runner<'p>, players: &[usize], what: &'p Formula, span: Span) {
        let seen = match self.eval(what, &[]) {
            Value::Arm { event, arm } => Seen { event, arm },
            Value::Truth(truth) => {
                let event = self.told_event(what);
                Seen { event, arm: u32::from(truth) }
            }
            Value::Error => return,
            other => {
                let message =
                    format!("a player is told a move, a draw, or yes or no; this is {}", other.kind());
                return self.mismatch(message, what.span, "cannot be told");
            }
        };
        for player in players {
            let known = self.knows(runner.state.knowledge[*player], &seen);
            let entry = self.facts.told.entry(span).or_default();
            entry.0 += 1;
            if !known {
                entry.1 += 1;
                self.learn(runner, *player, seen.clone());
            }
        }
    }

    fn knows(&self, state: u32, seen: &Seen) -> bool {
        let mut at = state;
        while at != 0 {
            let (before, last) = &self.knowledge[at as usize];
            if last.event == seen.event {
                return true;
            }
            at = *before;
        }
        false
    }

    pub(super) fn private(&mut self, runner: &mut Runner<'p>, at: usize, rest: Option<Rc<Rest<'p>>>) {
        let program = self.program;
        let private = &program.privates[at];
        self.here = private.span;
        let event = self.event(private.event);
        let chance = match &private.draw {
            PrivateDraw::Listed(arms) => {
                let weights: Vec<_> = arms.iter().map(|(arm, weight, span)| (*arm, weight, *span)).collect();
                if weights.is_empty() { None } else { self.chance(event, &weights, private.span) }
            }
            PrivateDraw::Split { dist, cells } => self.split(event, dist, cells, private.span),
            PrivateDraw::Joint { table, at } => self.joint(event, &program.joints[*table], *at, private.span),
            PrivateDraw::Missing => None,
        };
        let Some(chance) = chance else { return self.give_up(runner) };
        let mut sight = Sight::NOBODY.with(private.owner);
        for (fact, player) in &self.settings.reveal {
            if *fact == private.event {
                sight = sight.with(*player);
            }
        }
        self.facts.sights[private.event] = Some(sight);
        let arms = self.game.chances[chance.index()].arms.clone();
        let node = self.node(runner, NodeKind::Chance(chance), arms.len());
        let arms = arms.into_iter().map(|arm| (event, arm, Code::Privates(at + 1)));
        self.branch(runner, node, arms, sight, None, rest);
    }

    /// A private fact split into cells of equal probability.
    fn split(&mut self, event: EventId, dist: &'p Dist, cells: &'p Formula, span: Span) -> Option<ChanceId> {
        let n = self.count(cells, "the number of cells")?;
        let values = self.cells(dist, n)?;
        let arms = self.numeric_arms(event, &values);
        let share = self.game.tape.constant(Q::new(1, n as i64));
        Some(self.intern_chance(Chance { event, arms, probs: vec![share; n] }, span))
    }

    pub(super) fn not_whole(&mut self, message: &str, span: Span) {
        self.report(
            Diagnostic::error("type-mismatch", message)
                .label(span, "not such a number")
                .help("write a whole number, or a const that is one"),
        );
    }

    /// A whole number of at least 1.
    pub(super) fn count(&mut self, formula: &'p Formula, what: &str) -> Option<usize> {
        let value = self.known_number(formula, what)?;
        match value.to_i64() {
            Some(n) if n >= 1 => Some(n as usize),
            _ => {
                self.not_whole(&format!("{what} must be a whole number of at least 1"), formula.span);
                None
            }
        }
    }

    fn once(&mut self, event: EventId) -> bool {
        if self.taken[event.index()].is_none() {
            return true;
        }
        let name = self.game.event_name(event);
        self.report(
            Diagnostic::error("made-twice", format!("`{name}` happens twice in one play"))
                .label(self.here, "reached again here")
                .help("give the second one another name"),
        );
        false
    }

    pub(super) fn choose(
        &mut self,
        runner: &mut Runner<'p>,
        choose: &'p Choose,
        tail: &'p [Stmt],
        rest: Option<Rc<Rest<'p>>>,
    ) {
        let event = self.event(choose.event);
        if !self.once(event) {
            return self.give_up(runner);
        }
        let Some(mut arms) = self.options(choose, event) else { return self.give_up(runner) };
        arms.retain(|(arm, _)| {
            !self.settings.forbid.iter().any(|(decl, a, _)| *decl == choose.event && a == arm)
        });
        if arms.is_empty() {
            let name = self.game.event_name(event);
            self.report(
                Diagnostic::error("empty-menu", format!("`{name}` can be reached with nothing to choose"))
                    .label(self.here, "every action is ruled out here")
                    .help("leave one action without a guard, or do not ask"),
            );
            return self.give_up(runner);
        }
        self.facts.sights[choose.event] = Some(choose.sight);
        self.end_of_knowledge(runner, choose.player, Some(event));
        let actions: Vec<u32> = arms.iter().map(|(arm, _)| *arm).collect();
        let state = runner.state.knowledge[choose.player];
        let next = NodeId(self.game.nodes.len() as u32);
        let set = self.infoset(choose.player, event, state, &actions, next);
        let node = self.node(runner, NodeKind::Decision(set), arms.len());
        let rest = Some(Rc::new(Rest { after: After::Block(tail), next: rest }));
        let arms = arms.into_iter().map(|(arm, code)| (event, arm, Code::Block(code)));
        self.branch(runner, node, arms, choose.sight, Some(choose.player), rest);
    }

    /// Arms on offer here, with what follows each.
    fn options(&mut self, choose: &'p Choose, event: EventId) -> Option<Vec<(u32, &'p [Stmt])>> {
        match &choose.options {
            Options::Menu(menu) => {
                let mut arms = Vec::with_capacity(menu.len());
                for arm in menu {
                    let offered = match &arm.guard {
                        Some(guard) => self.known_truth(guard, "a menu")?,
                        None => true,
                    };
                    if offered {
                        arms.push((arm.arm, &arm.then[..]));
                    }
                }
                Some(arms)
            }
            Options::Grid { lo, hi, points } => {
                let n = self.count(points, "the number of points")?;
                let a = self.number_expr(lo, &[])?;
                let b = self.number_expr(hi, &[])?;
                let values = self.grid(a, b, n, lo.span.to(hi.span))?;
                let arms = self.numeric_arms(event, &values);
                Some(arms.into_iter().map(|arm| (arm, &[][..])).collect())
            }
        }
    }

    fn grid(&mut self, lo: ExprId, hi: ExprId, n: usize, span: Span) -> Option<Vec<ExprId>> {
        if let (Some(a), Some(b)) = (self.game.tape.as_const(lo), self.game.tape.as_const(hi))
            && (a > b || (a == b && n > 1))
        {
            self.mismatch("the grid runs from a greater to a smaller number".to_string(), span, "these ends");
            return None;
        }
        let width = self.game.tape.push(Op::Sub(hi, lo));
        let steps = n.saturating_sub(1).max(1) as i64;
        let point = |k: usize, builder: &mut Builder<'p>| {
            let share = builder.game.tape.constant(Q::new(k as i64, steps));
            let part = builder.game.tape.push(Op::Mul(width, share));
            builder.game.tape.push(Op::Add(lo, part))
        };
        Some((0..n).map(|k| point(k, self)).collect())
    }

    pub(super) fn draw(
        &mut self,
        runner: &mut Runner<'p>,
        code: &'p ChanceCode,
        span: Span,
        tail: &'p [Stmt],
        rest: Option<Rc<Rest<'p>>>,
    ) {
        let event = self.event(code.event);
        if !self.once(event) {
            return self.give_up(runner);
        }
        let drawn = self.remembered_draw(code, |builder| {
            let weights: Vec<_> = code.arms.iter().map(|a| (a.arm, &a.weight, a.span)).collect();
            builder.chance(event, &weights, span)
        });
        let Some(chance) = drawn else { return self.give_up(runner) };
        self.facts.sights[code.event] = Some(code.sight);
        let node = self.node(runner, NodeKind::Chance(chance), code.arms.len());
        let rest = Some(Rc::new(Rest { after: After::Block(tail), next: rest }));
        let arms = code.arms.iter().map(|a| (event, a.arm, Code::Block(&a.then[..])));
        self.branch(runner, node, arms, code.sight, None, rest);
    }
}
