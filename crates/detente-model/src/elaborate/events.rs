//! Events, chance moves, payments and information sets, each stored once.

use super::Builder;
use super::value::short;
use crate::program::{Formula, FormulaKind, PayCode, Program, Weight};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{
    Chance, ChanceId, Event, EventId, ExprId, Infoset, InfosetId, LedgerId, NodeId, Op, Pay, PayListId,
    PlayerId,
};

impl<'p> Builder<'p> {
    /// Returns the game event of a declared event in the current round.
    pub(super) fn event(&mut self, decl: usize) -> EventId {
        let program = self.program;
        let e = &program.events[decl];
        if let Some(id) = self.find_event(decl) {
            return id;
        }
        let round: Vec<i64> = e.loops.iter().map(|l| self.counters[*l].unwrap_or(0)).collect();
        let id = EventId(self.game.events.len() as u32);
        self.event_ids[decl].insert(round.clone(), id);
        self.game.events.push(Event {
            kind: e.kind,
            owner: e.owner.map(|p| PlayerId(p as u32)),
            name: e.name.clone(),
            label: e.support.label.clone(),
            round,
            arms: e.arms.clone(),
            values: Vec::new(),
        });
        self.facts.decl.push(decl);
        self.taken.push(None);
        id
    }

    /// Returns the game event of a declared event in the current round, if there is one yet.
    pub(super) fn find_event(&self, decl: usize) -> Option<EventId> {
        let loops = &self.program.events[decl].loops;
        let known = &self.event_ids[decl];
        // Rounds rarely nest deeper; a slice on the stack saves an allocation for each look-up.
        let mut round = [0i64; 8];
        if loops.len() > round.len() {
            let round: Vec<i64> = loops.iter().map(|l| self.counters[*l].unwrap_or(0)).collect();
            return known.get(&round).copied();
        }
        for (slot, l) in round.iter_mut().zip(loops) {
            *slot = self.counters[*l].unwrap_or(0);
        }
        known.get(&round[..loops.len()]).copied()
    }

    /// Adds an event that stands for a statement told in this round.
    pub(super) fn told_event(&mut self, formula: &Formula) -> EventId {
        let round: Vec<i64> = self.counters.iter().flatten().copied().collect();
        // A stage is written out more than once: the same place, of other players.
        let name = format!("({})", described(self.program, formula));
        let key = (formula.span, round.clone(), name.clone());
        if let Some(id) = self.told_ids.get(&key) {
            return *id;
        }
        let id = EventId(self.game.events.len() as u32);
        self.told_ids.insert(key, id);
        self.game.events.push(Event {
            kind: detente_game::EventKind::Chance,
            owner: None,
            name,
            label: String::new(),
            round,
            arms: vec!["false".to_string(), "true".to_string()],
            values: Vec::new(),
        });
        self.facts.decl.push(usize::MAX);
        self.taken.push(None);
        id
    }

    /// Returns the arms of numbers, adding those that the event does not have yet.
    pub(super) fn numeric_arms(&mut self, event: EventId, values: &[ExprId]) -> Vec<u32> {
        let mut arms = Vec::with_capacity(values.len());
        for (k, value) in values.iter().enumerate() {
            let known = &self.game.events[event.index()].values;
            let at = match known.get(k) {
                Some(v) if v == value => Some(k),
                _ => known.iter().position(|v| v == value),
            };
            arms.push(at.unwrap_or(known.len()) as u32);
            if at.is_none() {
                let name = match self.game.tape.as_const(*value) {
                    Some(q) => short(q),
                    None => format!("#{}", k + 1),
                };
                let e = &mut self.game.events[event.index()];
                let name = if e.arms.contains(&name) { format!("{name}#{}", e.arms.len() + 1) } else { name };
                e.arms.push(name);
                e.values.push(*value);
            }
        }
        arms
    }

    /// Stores a chance move; `None` after an error.
    pub(super) fn chance(
        &mut self,
        event: EventId,
        weights: &[(u32, &'p Weight, Span)],
        whole: Span,
    ) -> Option<ChanceId> {
        let probs = self.probabilities(event, weights, whole)?;
        for ((_, _, span), prob) in weights.iter().zip(&probs) {
            self.facts.sites.entry(*prob).or_insert(*span);
        }
        let arms = weights.iter().map(|(arm, _, _)| *arm).collect();
        Some(self.intern_chance(Chance { event, arms, probs }, whole))
    }

    pub(super) fn intern_chance(&mut self, chance: Chance, whole: Span) -> ChanceId {
        if let Some(id) = self.chance_ids.get(&chance) {
            return *id;
        }
        let decl = self.facts.decl[chance.event.index()];
        self.facts.offered[decl].extend(&chance.arms);
        let id = ChanceId(self.game.chances.len() as u32);
        self.chance_ids.insert(chance.clone(), id);
        self.game.chances.push(chance);
        self.facts.chance_sites.push(whole);
        id
    }

    fn probabilities(
        &mut self,
        event: EventId,
        weights: &[(u32, &'p Weight, Span)],
        whole: Span,
    ) -> Option<Vec<ExprId>> {
        let mut probs: Vec<Option<ExprId>> = Vec::with_capacity(weights.len());
        let mut rest: Option<(usize, Span)> = None;
        for (k, (_, weight, _)) in weights.iter().enumerate() {
            match weight {
                Weight::Formula(formula) => probs.push(Some(self.number_expr(formula, &[])?)),
                Weight::Rest(span) => {
                    if let Some((_, first)) = rest {
                        self.report(
                            Diagnostic::error("probabilities", "two arms take the rest")
                                .label(*span, "`rest` again")
                                .label(first, "`rest` here first")
                                .help("give one of them a probability"),
                        );
                        return None;
                    }
                    rest = Some((k, *span));
                    probs.push(None);
                }
            }
        }
        let mut sum = self.game.tape.constant(Q::ZERO);
        for prob in probs.iter().flatten() {
            sum = self.game.tape.push(Op::Add(sum, *prob));
        }
        if let Some((k, _)) = rest {
            let one = self.game.tape.constant(Q::ONE);
            probs[k] = Some(self.game.tape.push(Op::Sub(one, sum)));
        } else if let Some(total) = self.game.tape.as_const(sum)
            && !total.is_one()
        {
            let name = self.game.event_name(event);
            let message = format!("the probabilities of `{name}` sum to {}, not 1", short(total));
            self.report(
                Diagnostic::error("probabilities", message)
                    .label(whole, "all arms together must have probability 1")
                    .help("write `rest` for the last arm"),
            );
            return None;
        }
        let probs: Vec<ExprId> = probs.into_iter().flatten().collect();
        for (prob, (arm, _, span)) in probs.iter().zip(weights) {
            self.constant_probability(event, *arm, *prob, *span)?;
        }
        Some(probs)
    }

    fn constant_probability(&mut self, event: EventId, arm: u32, prob: ExprId, span: Span) -> Option<()> {
        let Some(value) = self.game.tape.as_const(prob) else { return Some(()) };
        if value.is_positive() && *value <= Q::ONE {
            return Some(());
        }
        let value = value.clone();
        let name = self.game.event_name(event);
        let arm = &self.game.events[event.index()].arms[arm as usize];
        self.report(if value.is_zero() {
            Diagnostic::error("zero-probability", format!("`{arm}` of `{name}` has probability 0"))
                .label(span, "can never happen here")
                .help("remove the arm, or put the draw inside an `if` where it is possible")
        } else {
            Diagnostic::error(
                "probabilities",
                format!("`{arm}` of `{name}` has probability {}", short(&value)),
            )
            .label(span, "a probability lies between 0 and 1")
            .help("correct the formula; the arms must sum to 1")
        });
        None
    }

    /// Evaluates payments and adds them to the list.
    pub(super) fn pay(&mut self, codes: &'p [PayCode], list: &mut Vec<Pay>) {
        for code in codes {
            let Some(amount) = self.number_expr(&code.amount, &[]) else { continue };
            if self.game.tape.as_const(amount).is_some_and(Q::is_zero) {
                continue;
            }
            self.facts.sites.entry(amount).or_insert(code.amount.span);
            list.push(Pay {
                player: PlayerId(code.player as u32),
                ledger: code.ledger.map(|l| LedgerId(l as u32)),
                amount,
            });
        }
    }

    pub(super) fn pay_list(&mut self, list: &[Pay]) -> PayListId {
        if let Some(id) = self.pay_ids.get(list) {
            return *id;
        }
        let id = PayListId(self.game.pay_lists.len() as u32);
        self.pay_ids.insert(list.to_vec(), id);
        self.game.pay_lists.push(list.to_vec());
        id
    }

    /// Returns the information set of a decision, with `node` as a new member.
    pub(super) fn infoset(
        &mut self,
        player: usize,
        event: EventId,
        state: u32,
        actions: &[u32],
        node: NodeId,
    ) -> InfosetId {
        if let Some(id) = self.infoset_ids.get(&(player, event, state)).copied() {
            if self.game.infosets[id.index()].actions != actions {
                self.menu_leaks(player, event, id, actions);
            }
            self.game.infosets[id.index()].nodes.push(node);
            return id;
        }
        let decl = self.facts.decl[event.index()];
        self.facts.offered[decl].extend(actions);
        let id = InfosetId(self.game.infosets.len() as u32);
        self.infoset_ids.insert((player, event, state), id);
        self.infoset_knowledge.push(state);
        self.game.infosets.push(Infoset {
            player: PlayerId(player as u32),
            event,
            actions: actions.to_vec(),
            nodes: vec![node],
            seen: Vec::new(),
            label: String::new(),
        });
        id
    }

    fn menu_leaks(&mut self, player: usize, event: EventId, set: InfosetId, actions: &[u32]) {
        let mine = &self.game.infosets[set.index()];
        let known = self.seen(self.infoset_knowledge[set.index()]);
        let other = self.path_to(mine.nodes[0]);
        let hidden = self.path.iter().find_map(|(e, arm)| {
            let differs = other.iter().any(|(f, b)| e == f && arm != b);
            (differs && !known.iter().any(|s| s.event == *e)).then_some(*e)
        });
        let arms = &self.game.events[event.index()].arms;
        let list =
            |a: &[u32]| crate::resolve::words(&a.iter().map(|k| &arms[*k as usize]).collect::<Vec<_>>());
        let (name, player) = (self.game.event_name(event), self.program.players[player].name.clone());
        let menus = format!("the menu is {} here and {} there", list(actions), list(&mine.actions));
        let diagnostic = match hidden {
            Some(hidden) => {
                let decl = self.facts.decl[hidden.index()];
                let hidden = self.game.event_name(hidden);
                Diagnostic::error(
                    "menu-leaks",
                    format!("{player} learns about `{hidden}` from the menu of `{name}`"),
                )
                .label(self.here, menus)
                .label(self.program.events[decl].span, format!("{player} has not seen this"))
                .help(format!(
                    "offer the same menu in both cases, or say so openly: `tell {player} {hidden}`"
                ))
            }
            None => Diagnostic::error(
                "menu-leaks",
                format!("the menu of `{name}` tells {player} something unseen"),
            )
            .label(self.here, menus)
            .help("offer the same menu wherever the player knows the same"),
        };
        self.report(diagnostic);
    }

    /// Events and arms from the root to a node.
    fn path_to(&self, node: NodeId) -> Vec<(EventId, u32)> {
        crate::play::Play::to_node(&self.game, node).taken
    }
}

/// Writes a statement about moves as the author would, with `...` for what is not simple.
fn described(program: &Program, formula: &Formula) -> String {
    use detente_syntax::ast::{BinaryOp, UnaryOp};
    match &formula.kind {
        FormulaKind::Number(value) => short(value),
        FormulaKind::Word(word) => word.clone(),
        FormulaKind::Event { event, .. } => program.event_name(*event),
        FormulaKind::Const(at) => program.consts[*at].name.clone(),
        FormulaKind::Counter(id) => program.loops[*id].counter.clone(),
        FormulaKind::Unary(UnaryOp::Not, a) => format!("not {}", described(program, a)),
        FormulaKind::Binary(op, a, b) => {
            let sign = match op {
                BinaryOp::Equal => "==",
                BinaryOp::NotEqual => "!=",
                BinaryOp::Less => "<",
                BinaryOp::LessEqual => "<=",
                BinaryOp::Greater => ">",
                BinaryOp::GreaterEqual => ">=",
                BinaryOp::And => "and",
                BinaryOp::Or => "or",
                _ => return "...".to_string(),
            };
            format!("{} {sign} {}", described(program, a), described(program, b))
        }
        _ => "...".to_string(),
    }
}
