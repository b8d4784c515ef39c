//! Joint tables of private facts, drawn one after the other: the first by its own probability, each
//! later one by its probability given those before it.
//!
//! The product along a path is the probability in the table's cell, so the order in which the facts
//! stand changes nothing that can be asked.

use super::Builder;
use super::value::short;
use crate::program::{JointDecl, JointValues, Weight};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{Chance, ChanceId, EventId, ExprId, Op};

impl<'p> Builder<'p> {
    /// The draw of the fact at position `at`, given those before it on this path.
    pub(super) fn joint(
        &mut self,
        event: EventId,
        table: &'p JointDecl,
        at: usize,
        span: Span,
    ) -> Option<ChanceId> {
        let cells = self.joint_cells(event, table, span)?;
        let arms = self.joint_arms(event, table, at)?;
        let before: Option<Vec<usize>> = (0..at).map(|k| self.taken_value(table, k)).collect();
        let before = before?;
        let fits = |key: &[usize]| key.iter().zip(&before).all(|(a, b)| a == b);
        let mut shares: Vec<(u32, ExprId)> = Vec::new();
        for (value, arm) in arms.iter().enumerate() {
            let mine =
                table.cells.iter().zip(&cells).filter(|((key, _, _), _)| fits(key) && key[at] == value);
            let mine: Vec<ExprId> = mine.map(|(_, cell)| *cell).collect();
            let share = self.sum(&mine);
            // What never happens is no branch of the game.
            if !self.game.tape.as_const(share).is_some_and(Q::is_zero) {
                shares.push((*arm, share));
            }
        }
        let all: Vec<ExprId> = shares.iter().map(|(_, share)| *share).collect();
        let mut probs = all.clone();
        if at > 0 {
            let whole = self.sum(&all);
            self.facts.sites.entry(whole).or_insert(span);
            for prob in &mut probs {
                *prob = self.game.tape.push(Op::Div(*prob, whole));
            }
            // The last takes what the others leave, so that nobody need prove that they sum to 1.
            if let Some((last, others)) = probs.split_last_mut() {
                let others = self.sum(others);
                let one = self.game.tape.constant(Q::ONE);
                *last = self.game.tape.push(Op::Sub(one, others));
            }
        }
        for prob in &probs {
            self.facts.sites.entry(*prob).or_insert(span);
        }
        let arms = shares.into_iter().map(|(arm, _)| arm).collect();
        Some(self.intern_chance(Chance { event, arms, probs }, span))
    }

    /// The probabilities of all cells, `rest` worked out; `None` after a message.
    fn joint_cells(&mut self, event: EventId, table: &'p JointDecl, span: Span) -> Option<Vec<ExprId>> {
        let mut cells: Vec<Option<ExprId>> = Vec::with_capacity(table.cells.len());
        let mut rest: Option<(usize, Span)> = None;
        for (k, (_, weight, _)) in table.cells.iter().enumerate() {
            match weight {
                Weight::Formula(formula) => cells.push(Some(self.number_expr(formula, &[])?)),
                Weight::Rest(here) => {
                    if let Some((_, first)) = rest {
                        self.report(
                            Diagnostic::error("probabilities", "two cells take the rest")
                                .label(*here, "`rest` again")
                                .label(first, "`rest` here first")
                                .help("give one of them a probability"),
                        );
                        return None;
                    }
                    rest = Some((k, *here));
                    cells.push(None);
                }
            }
        }
        let known: Vec<ExprId> = cells.iter().flatten().copied().collect();
        let sum = self.sum(&known);
        if let Some((k, _)) = rest {
            let one = self.game.tape.constant(Q::ONE);
            cells[k] = Some(self.game.tape.push(Op::Sub(one, sum)));
        } else if let Some(total) = self.game.tape.as_const(sum)
            && !total.is_one()
        {
            let message = format!("the probabilities of this table sum to {}, not 1", short(total));
            self.report(
                Diagnostic::error("probabilities", message)
                    .label(
                        Span { end: span.start + 7, ..span },
                        "all combinations together must have probability 1",
                    )
                    .help("write `rest` into one cell"),
            );
            return None;
        }
        let cells: Vec<ExprId> = cells.into_iter().flatten().collect();
        for (cell, (_, _, here)) in cells.iter().zip(&table.cells) {
            if let Some(value) = self.game.tape.as_const(*cell)
                && (value.is_negative() || *value > Q::ONE)
            {
                let message = format!(
                    "a combination with `{}` has probability {}",
                    self.game.event_name(event),
                    short(value)
                );
                self.report(
                    Diagnostic::error("probabilities", message)
                        .label(*here, "a probability lies between 0 and 1")
                        .help("correct the cell; all of them must sum to 1"),
                );
                return None;
            }
        }
        Some(cells)
    }

    fn sum(&mut self, parts: &[ExprId]) -> ExprId {
        let mut sum = self.game.tape.constant(Q::ZERO);
        for part in parts {
            sum = self.game.tape.push(Op::Add(sum, *part));
        }
        sum
    }

    /// The arms of a fact, in the order of its values in the table.
    fn joint_arms(&mut self, event: EventId, table: &'p JointDecl, at: usize) -> Option<Vec<u32>> {
        match &table.values[at] {
            JointValues::Words(words) => Some((0..words.len() as u32).collect()),
            JointValues::Numbers(formulas) => {
                let values: Option<Vec<ExprId>> =
                    formulas.iter().map(|formula| self.number_expr(formula, &[])).collect();
                Some(self.numeric_arms(event, &values?))
            }
        }
    }

    /// Which value an earlier fact took on this path.
    fn taken_value(&mut self, table: &'p JointDecl, at: usize) -> Option<usize> {
        let event = self.event(table.events[at]);
        let arm = self.taken[event.index()]?;
        self.joint_arms(event, table, at)?.iter().position(|one| *one == arm)
    }
}
