//! Looks values up: in tables, in the moves made so far, over rounds.

use super::Builder;
use super::value::{Value, short};
use crate::program::{Formula, FormulaKind, Key};
use crate::resolve::words;
use detente_diag::{Diagnostic, Span, nearest};
use detente_syntax::ast::Quantifier;

impl<'p> Builder<'p> {
    pub(super) fn table(
        &mut self,
        at: usize,
        values: &[Value<'p>],
        given: &'p [Formula],
        span: Span,
    ) -> Value<'p> {
        let program = self.program;
        let table = &program.tables[at];
        if values.iter().any(|v| matches!(v, Value::Error)) {
            return Value::Error;
        }
        let fits = |keys: &[Key]| {
            keys.len() == values.len() && values.iter().zip(keys).all(|(v, key)| self.matches(v, key))
        };
        if let Some((_, formula)) = table.cells.iter().find(|(keys, _)| fits(keys)) {
            return self.eval(formula, &[]);
        }
        for (k, (value, formula)) in values.iter().zip(given).enumerate() {
            let Some(word) = self.word(value) else { continue };
            let named = table.cells.iter().filter_map(|(keys, _)| match keys.get(k) {
                Some(Key::Word(word)) => Some(word.as_str()),
                _ => None,
            });
            let keys: Vec<&str> = named.collect();
            if !keys.contains(&word.as_str()) {
                let mut diagnostic = Diagnostic::error(
                    "unknown-value",
                    format!("table `{}` has no entry `{word}`", table.name),
                )
                .label(formula.span, format!("is `{word}` here"));
                diagnostic = match nearest(&word, keys.iter().copied()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => {
                        let mut known = keys.clone();
                        known.dedup();
                        diagnostic.help(format!("its entries: {}", words(&known)))
                    }
                };
                self.report(diagnostic);
                return Value::Error;
            }
        }
        let message = format!("table `{}` has no entry for these values", table.name);
        self.mismatch(message, span, "looked up here");
        Value::Error
    }

    fn word(&self, value: &Value<'p>) -> Option<String> {
        match value {
            Value::Word(word) => Some(word.to_string()),
            Value::Arm { event, arm } => Some(self.game.events[event.index()].arms[*arm as usize].clone()),
            Value::Number(value) => Some(short(value)),
            _ => None,
        }
    }

    fn matches(&self, value: &Value<'p>, key: &Key) -> bool {
        match (value, key) {
            (Value::Word(word), Key::Word(key)) => word == key,
            (Value::Arm { event, arm }, Key::Word(key)) => {
                self.game.events[event.index()].arms[*arm as usize] == *key
            }
            (Value::Number(value), Key::Number(key)) => value == key,
            (Value::Arm { event, arm }, Key::Number(key)) => {
                let values = &self.game.events[event.index()].values;
                values.get(*arm as usize).and_then(|id| self.game.tape.as_const(*id)) == Some(key)
            }
            _ => false,
        }
    }

    pub(super) fn event_value(
        &mut self,
        decl: usize,
        index: &'p [Formula],
        span: Span,
        args: &[Value<'p>],
    ) -> Value<'p> {
        self.facts.read[decl] = true;
        let Some(round) = self.round(decl, index, span, args) else { return Value::Error };
        let taken = self
            .event_ids
            .get(decl)
            .and_then(|known| known.get(&round))
            .copied()
            .and_then(|event| Some((event, self.taken.get(event.index()).copied().flatten()?)));
        match taken {
            Some((event, arm)) => Value::Arm { event, arm },
            None => {
                let name = self.program.event_name(decl);
                self.report(
                    Diagnostic::error("not-always-known", format!("`{name}` has not happened on every path to here"))
                        .label(span, "needed here")
                        .label(self.here, "reached here before it has happened")
                        .help("give that path its own outcome, or move the formula to where it is known: `pay { ... }`"),
                );
                Value::Error
            }
        }
    }

    /// Returns which repetition of an event is meant.
    fn round(
        &mut self,
        decl: usize,
        index: &'p [Formula],
        span: Span,
        args: &[Value<'p>],
    ) -> Option<Vec<i64>> {
        let loops = &self.program.events[decl].loops;
        if index.is_empty() {
            let round: Option<Vec<i64>> = loops.iter().map(|l| self.counters[*l]).collect();
            if round.is_none() {
                let name = self.program.event_name(decl);
                self.report(needs_index(&name, span));
            }
            return round;
        }
        let mut round = Vec::with_capacity(index.len());
        for formula in index {
            let value = self.eval(formula, args);
            match self.number(value, formula.span) {
                Value::Number(value) => match value.to_i64() {
                    Some(whole) => round.push(whole),
                    None => {
                        self.mismatch(
                            format!("an index is a whole number, not {}", short(&value)),
                            formula.span,
                            "not whole",
                        );
                        return None;
                    }
                },
                Value::Formula(_) => {
                    self.needs_const(formula, "an index");
                    return None;
                }
                _ => return None,
            }
        }
        Some(round)
    }

    /// `any(…)` and its kin over the rounds played so far.
    pub(super) fn quantified(
        &mut self,
        kind: Quantifier,
        body: &'p Formula,
        args: &[Value<'p>],
    ) -> Value<'p> {
        let program = self.program;
        let mut repeated = None;
        body.walk(&mut |f| {
            if let FormulaKind::Event { event, index } = &f.kind
                && index.is_empty()
                && repeated.is_none()
            {
                repeated = Some(*event);
            }
        });
        if kind == Quantifier::Made
            && let FormulaKind::Event { event, index } = &body.kind
        {
            self.facts.read[*event] = true;
            let inside = program.events[*event].loops.iter().all(|l| self.counters[*l].is_some());
            if !index.is_empty() || inside {
                let Some(round) = self.round(*event, index, body.span, args) else { return Value::Error };
                let id = self.event_ids[*event].get(&round).copied();
                return Value::Truth(id.is_some_and(|id| self.taken[id.index()].is_some()));
            }
            return Value::Truth(!self.rounds_played(*event).is_empty());
        }
        let Some(event) = repeated else {
            return self.truth(body, args);
        };
        let mut rounds = self.rounds_played(event);
        match kind {
            Quantifier::First => rounds.truncate(1),
            Quantifier::Last => rounds = rounds.pop().into_iter().collect(),
            _ => {}
        }
        let loops = &program.events[event].loops;
        let before: Vec<Option<i64>> = loops.iter().map(|l| self.counters[*l]).collect();
        let mut result = Value::Truth(kind == Quantifier::All);
        let alone = matches!(&body.kind, FormulaKind::Event { .. });
        if alone && rounds.is_empty() {
            let name = program.event_name(event);
            self.report(
                Diagnostic::error("not-always-known", format!("`{name}` may not have happened yet here"))
                    .label(body.span, "needed here")
                    .help(format!("ask first: `if made({name}) then ... else ...`")),
            );
            return Value::Error;
        }
        for round in rounds {
            for (l, value) in loops.iter().zip(&round) {
                self.counters[*l] = Some(*value);
            }
            if alone {
                // `last(P.move)` is the move itself, in that round.
                result = self.eval(body, args);
                continue;
            }
            match self.truth(body, args) {
                Value::Truth(truth) if truth == (kind == Quantifier::All) => {}
                Value::TruthFormula(_) => {
                    self.needs_const(body, "a statement over several rounds");
                    result = Value::Error;
                    break;
                }
                other => {
                    result = other;
                    break;
                }
            }
        }
        for (l, value) in loops.iter().zip(before) {
            self.counters[*l] = value;
        }
        result
    }

    /// Rounds in which a declared event has taken place on this path, in order.
    fn rounds_played(&self, decl: usize) -> Vec<Vec<i64>> {
        self.path
            .iter()
            .filter(|(event, _)| self.facts.decl[event.index()] == decl)
            .map(|(event, _)| self.game.events[event.index()].round.clone())
            .collect()
    }
}

/// A repeated move was named without saying which repetition.
pub(crate) fn needs_index(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("needs-index", format!("`{name}` is repeated: which time is meant?"))
        .label(span, "outside its `repeat`")
        .help(format!("write `{name}[1]`, or `any(...)`, `all(...)`, `first(...)`, `last(...)`"))
}
