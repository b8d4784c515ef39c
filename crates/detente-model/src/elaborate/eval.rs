//! Evaluates formulas along a path: what is known becomes a value, the rest tape.

use super::Builder;
use super::value::{Value, short};
use crate::play::combine;
use crate::program::{Builtin, Formula, FormulaKind, Key};
use crate::question::Arithmetic;
use crate::resolve::words;
use detente_diag::{Diagnostic, Span, nearest};
use detente_exact::Q;
use detente_game::{EventId, ExprId, Op};
use detente_syntax::ast::{BinaryOp, Quantifier, UnaryOp};

/// Evaluations for one statement, and for a whole game.
const MOST_FOR_ONE: u64 = 4_000_000;
const MOST_IN_ALL: u64 = 2_000_000_000;
/// Numbers with more bits than this are refused.
const MOST_BITS: usize = 1 << 16;

impl<'p> Builder<'p> {
    /// Evaluates a formula; `args` are the arguments of the function it is in.
    pub(super) fn eval(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        let span = formula.span;
        if !self.affordable(span) {
            return Value::Error;
        }
        match &formula.kind {
            FormulaKind::Number(value) => Value::Number(value.clone()),
            FormulaKind::Const(at) => self.constant(*at).map_or(Value::Error, Value::Number),
            FormulaKind::Param(at) => self.param(*at).map_or(Value::Error, |id| self.tape_value(id)),
            FormulaKind::Counter(id) => match self.counters[*id] {
                Some(value) => Value::Number(Q::new(value, 1)),
                None => Value::Error,
            },
            FormulaKind::Argument(at) => args.get(*at).cloned().unwrap_or(Value::Error),
            FormulaKind::Event { event, index } => self.event_value(*event, index, span, args),
            FormulaKind::Word(word) => Value::Word(word),
            FormulaKind::Unary(op, operand) => self.unary(*op, operand, args),
            FormulaKind::Binary(op, left, right) => self.binary(*op, left, right, span, args),
            FormulaKind::If(condition, then, otherwise) => match self.truth(condition, args) {
                Value::Truth(true) => self.eval(then, args),
                Value::Truth(false) => self.eval(otherwise, args),
                Value::TruthFormula(c) => {
                    let a = self.number_expr(then, args);
                    let b = self.number_expr(otherwise, args);
                    match a.zip(b) {
                        Some((a, b)) => self.push(Op::If(c, a, b)),
                        None => Value::Error,
                    }
                }
                _ => Value::Error,
            },
            FormulaKind::Call(at, given) => {
                let values: Vec<Value> = given.iter().map(|a| self.eval(a, args)).collect();
                let program = self.program;
                self.eval(&program.functions[*at].body, &values)
            }
            FormulaKind::Table(at, given) => {
                let values: Vec<Value> = given.iter().map(|a| self.eval(a, args)).collect();
                self.table(*at, &values, given, span)
            }
            FormulaKind::Builtin(builtin, given) => self.builtin(*builtin, given, args, span),
            FormulaKind::Quantified(kind, body) => self.quantified(*kind, body, args),
            FormulaKind::Error => Value::Error,
        }
    }

    /// Counts evaluations; a formula that calls functions that call functions may never end otherwise.
    fn affordable(&mut self, span: Span) -> bool {
        self.effort.0 += 1;
        self.effort.1 += 1;
        if self.effort.0 <= MOST_FOR_ONE && self.effort.1 <= MOST_IN_ALL {
            return true;
        }
        if !self.stopped {
            self.stopped = true;
            self.report(
                Diagnostic::error("too-large", "these formulas take too long to work out")
                    .label(span, "evaluated millions of times")
                    .help("let functions call each other less often: a chain that doubles at each step never ends"),
            );
        }
        false
    }

    fn push(&mut self, op: Op) -> Value<'p> {
        let id = self.game.tape.push(op);
        self.tape_value(id)
    }

    pub(super) fn tape_value(&self, id: ExprId) -> Value<'p> {
        match self.game.tape.as_const(id) {
            Some(value) => Value::Number(value.clone()),
            None => Value::Formula(id),
        }
    }

    /// Reads a value as a number: known, or on the tape.
    fn number(&mut self, value: Value<'p>, span: Span) -> Value<'p> {
        match value {
            Value::Number(_) | Value::Formula(_) | Value::Error => value,
            Value::Arm { event, arm } => {
                match self.game.events[event.index()].values.get(arm as usize).copied() {
                    Some(id) => self.tape_value(id),
                    None => {
                        let name = self.game.event_name(event);
                        self.mismatch(format!("`{name}` is not a number"), span, "used as a number");
                        Value::Error
                    }
                }
            }
            other => {
                let message = format!("a number is needed, but this is {}", other.kind());
                self.mismatch(message, span, "not a number");
                Value::Error
            }
        }
    }

    pub(super) fn mismatch(&mut self, message: String, span: Span, label: &str) {
        self.report(
            Diagnostic::error("type-mismatch", message)
                .label(span, label)
                .help("compare a move with one of its values, and calculate with numbers"),
        );
    }

    /// Evaluates to a position on the tape.
    pub(super) fn number_expr(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Option<ExprId> {
        let value = self.eval(formula, args);
        match self.number(value, formula.span) {
            Value::Number(value) => Some(self.game.tape.constant(value)),
            Value::Formula(id) => Some(id),
            _ => None,
        }
    }

    /// Evaluates to a number that must be known now.
    pub(super) fn known_number(&mut self, formula: &'p Formula, what: &str) -> Option<Q> {
        let value = self.eval(formula, &[]);
        match self.number(value, formula.span) {
            Value::Number(value) => Some(value),
            Value::Formula(_) => {
                self.needs_const(formula, what);
                None
            }
            _ => None,
        }
    }

    /// Evaluates to a truth that must be known now; `None` after an error.
    pub(super) fn known_truth(&mut self, formula: &'p Formula, what: &str) -> Option<bool> {
        match self.truth(formula, &[]) {
            Value::Truth(truth) => Some(truth),
            Value::TruthFormula(_) => {
                self.needs_const(formula, what);
                None
            }
            _ => None,
        }
    }

    fn needs_const(&mut self, formula: &Formula, what: &str) {
        let program = self.program;
        let mut name = None;
        formula.walk(&mut |f| {
            if let FormulaKind::Param(at) = f.kind
                && name.is_none()
            {
                name = Some((program.params[at].name.clone(), f.span));
            }
        });
        let (label, span) = match name {
            Some((name, span)) => (format!("`{name}` is a param; each draw would be a different tree"), span),
            None => ("depends on a param; each draw would be a different tree".to_string(), formula.span),
        };
        self.report(
            Diagnostic::error("structure-needs-const", format!("{what} cannot depend on an uncertain parameter"))
                .label(span, label)
                .help("write `const` for what shapes the tree; params may enter payoffs, probabilities and the ends of grids"),
        );
    }

    /// Evaluates to true, false, or a truth on the tape.
    fn truth(&mut self, formula: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        let value = self.eval(formula, args);
        match value {
            Value::Truth(_) | Value::TruthFormula(_) | Value::Error => value,
            other => {
                let message = format!("a condition is needed, but this is {}", other.kind());
                self.mismatch(message, formula.span, "not true or false");
                Value::Error
            }
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
        match op {
            UnaryOp::Negate => {
                let value = self.eval(operand, args);
                match self.number(value, operand.span) {
                    Value::Number(value) => Value::Number(-value),
                    Value::Formula(id) => self.push(Op::Neg(id)),
                    _ => Value::Error,
                }
            }
            UnaryOp::Not => match self.truth(operand, args) {
                Value::Truth(truth) => Value::Truth(!truth),
                Value::TruthFormula(id) => self.negated(id),
                _ => Value::Error,
            },
        }
    }

    fn negated(&mut self, id: ExprId) -> Value<'p> {
        let one = self.game.tape.constant(Q::ONE);
        Value::TruthFormula(self.game.tape.push(Op::Sub(one, id)))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        left: &'p Formula,
        right: &'p Formula,
        span: Span,
        args: &[Value<'p>],
    ) -> Value<'p> {
        match op {
            BinaryOp::And | BinaryOp::Or => return self.connective(op, left, right, args),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let a = self.eval(left, args);
                let b = self.eval(right, args);
                return self.equal(a, b, op == BinaryOp::NotEqual, left.span, right.span);
            }
            _ => {}
        }
        let a = self.eval(left, args);
        let a = self.number(a, left.span);
        let b = self.eval(right, args);
        let b = self.number(b, right.span);
        match op {
            BinaryOp::Less => self.less(a, b, false),
            BinaryOp::Greater => self.less(b, a, false),
            BinaryOp::LessEqual => self.less(b, a, true),
            BinaryOp::GreaterEqual => self.less(a, b, true),
            BinaryOp::Add => self.arithmetic(Arithmetic::Add, a, b, span),
            BinaryOp::Subtract => self.arithmetic(Arithmetic::Sub, a, b, span),
            BinaryOp::Multiply => self.arithmetic(Arithmetic::Mul, a, b, span),
            BinaryOp::Divide => self.arithmetic(Arithmetic::Div, a, b, span),
            _ => self.arithmetic(Arithmetic::Pow, a, b, span),
        }
    }

    fn connective(
        &mut self,
        op: BinaryOp,
        left: &'p Formula,
        right: &'p Formula,
        args: &[Value<'p>],
    ) -> Value<'p> {
        let and = op == BinaryOp::And;
        match self.truth(left, args) {
            // The right side may speak of a move that was made only if the left side holds.
            Value::Truth(truth) if truth != and => Value::Truth(truth),
            Value::Truth(_) => self.truth(right, args),
            Value::TruthFormula(a) => match self.truth(right, args) {
                Value::Truth(truth) if truth != and => Value::Truth(truth),
                Value::Truth(_) => Value::TruthFormula(a),
                Value::TruthFormula(b) => {
                    let op = if and { Op::Mul(a, b) } else { Op::Max(a, b) };
                    Value::TruthFormula(self.game.tape.push(op))
                }
                _ => Value::Error,
            },
            _ => Value::Error,
        }
    }

    /// `a < b`, or its negation.
    fn less(&mut self, a: Value<'p>, b: Value<'p>, negate: bool) -> Value<'p> {
        match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (Value::Number(a), Value::Number(b)) => return Value::Truth((a < b) != negate),
            _ => {}
        }
        let (a, b) = (self.on_tape(a), self.on_tape(b));
        let id = self.game.tape.push(Op::Less(a, b));
        if negate { self.negated(id) } else { Value::TruthFormula(id) }
    }

    fn on_tape(&mut self, value: Value<'p>) -> ExprId {
        match value {
            Value::Formula(id) => id,
            Value::Number(value) => self.game.tape.constant(value),
            _ => self.game.tape.constant(Q::ZERO),
        }
    }

    fn equal(&mut self, a: Value<'p>, b: Value<'p>, negate: bool, left: Span, right: Span) -> Value<'p> {
        let same = match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (Value::Arm { event, arm }, Value::Word(word)) => match self.is_word(*event, *arm, word, right) {
                Some(same) => same,
                None => return Value::Error,
            },
            (Value::Word(word), Value::Arm { event, arm }) => match self.is_word(*event, *arm, word, left) {
                Some(same) => same,
                None => return Value::Error,
            },
            (Value::Arm { event: e, arm: x }, Value::Arm { event: f, arm: y })
                if self.game.events[e.index()].values.is_empty()
                    && self.game.events[f.index()].values.is_empty() =>
            {
                self.game.events[e.index()].arms[*x as usize] == self.game.events[f.index()].arms[*y as usize]
            }
            (Value::Word(x), Value::Word(y)) => x == y,
            (Value::Truth(x), Value::Truth(y)) => x == y,
            _ => {
                let a = self.number(a, left);
                let b = self.number(b, right);
                match (&a, &b) {
                    (Value::Error, _) | (_, Value::Error) => return Value::Error,
                    (Value::Number(x), Value::Number(y)) => x == y,
                    _ => {
                        let (a, b) = (self.on_tape(a), self.on_tape(b));
                        let id = self.game.tape.push(Op::Equal(a, b));
                        return if negate { self.negated(id) } else { Value::TruthFormula(id) };
                    }
                }
            }
        };
        Value::Truth(same != negate)
    }

    fn is_word(&mut self, event: EventId, arm: u32, word: &str, span: Span) -> Option<bool> {
        let decl = self.facts.decl[event.index()];
        let arms = &self.program.events[decl].arms;
        if !arms.iter().any(|a| a == word) {
            let name = self.game.event_name(event);
            let diagnostic = crate::resolve::unknown_value(&name, arms, word, span);
            self.report(diagnostic);
            return None;
        }
        Some(self.game.events[event.index()].arms[arm as usize] == word)
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Value<'p>, b: Value<'p>, span: Span) -> Value<'p> {
        match (&a, &b) {
            (Value::Error, _) | (_, Value::Error) => return Value::Error,
            (_, Value::Number(zero)) if op == Arithmetic::Div && zero.is_zero() => {
                self.report(
                    Diagnostic::error("division-by-zero", "this divides by zero")
                        .label(span, "the divisor is 0 here")
                        .help("guard it: `if x == 0 then ... else y / x`"),
                );
                return Value::Error;
            }
            (Value::Number(a), Value::Number(b)) if too_long(op, a, b) => {
                self.report(
                    Diagnostic::error("too-large", "this number would have too many digits")
                        .label(span, "more than twenty thousand")
                        .help("use smaller powers"),
                );
                return Value::Error;
            }
            (Value::Number(a), Value::Number(b)) if op != Arithmetic::Pow => {
                return combine(op, a, b).map_or(Value::Error, Value::Number);
            }
            _ => {}
        }
        let (a, b) = (self.on_tape(a), self.on_tape(b));
        self.push(match op {
            Arithmetic::Add => Op::Add(a, b),
            Arithmetic::Sub => Op::Sub(a, b),
            Arithmetic::Mul => Op::Mul(a, b),
            Arithmetic::Div => Op::Div(a, b),
            Arithmetic::Pow => Op::Pow(a, b),
            Arithmetic::Min => Op::Min(a, b),
            Arithmetic::Max => Op::Max(a, b),
        })
    }

    fn builtin(
        &mut self,
        builtin: Builtin,
        given: &'p [Formula],
        args: &[Value<'p>],
        span: Span,
    ) -> Value<'p> {
        let mut values = Vec::with_capacity(given.len());
        for formula in given {
            let value = self.eval(formula, args);
            values.push(self.number(value, formula.span));
        }
        if values.iter().any(|v| matches!(v, Value::Error)) {
            return Value::Error;
        }
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Value::Error };
        match builtin {
            Builtin::Min => values.fold(first, |a, b| self.arithmetic(Arithmetic::Min, a, b, span)),
            Builtin::Max => values.fold(first, |a, b| self.arithmetic(Arithmetic::Max, a, b, span)),
            Builtin::Abs => {
                let a = self.on_tape(first);
                let minus = self.game.tape.push(Op::Neg(a));
                self.push(Op::Max(a, minus))
            }
            Builtin::Exp | Builtin::Ln | Builtin::Sqrt => {
                if let Value::Number(value) = &first
                    && ((builtin == Builtin::Ln && !value.is_positive())
                        || (builtin == Builtin::Sqrt && value.is_negative()))
                {
                    let message = format!("the logarithm or root of {} is not a number", short(value));
                    self.report(
                        Diagnostic::error("not-a-number", message)
                            .label(span, "undefined here")
                            .help("logarithms need a number above 0, roots one of at least 0"),
                    );
                    return Value::Error;
                }
                let a = self.on_tape(first);
                self.push(match builtin {
                    Builtin::Exp => Op::Exp(a),
                    Builtin::Ln => Op::Ln(a),
                    _ => Op::Sqrt(a),
                })
            }
        }
    }

    fn table(&mut self, at: usize, values: &[Value<'p>], given: &'p [Formula], span: Span) -> Value<'p> {
        let program = self.program;
        let table = &program.tables[at];
        if values.iter().any(|v| matches!(v, Value::Error)) {
            return Value::Error;
        }
        let found = table.cells.iter().find(|(row, column, _)| {
            self.matches(&values[0], row)
                && match (values.get(1), column) {
                    (Some(value), Some(key)) => self.matches(value, key),
                    (None, None) => true,
                    _ => false,
                }
        });
        if let Some((_, _, formula)) = found {
            return self.eval(formula, &[]);
        }
        for (k, (value, formula)) in values.iter().zip(given).enumerate() {
            let Some(word) = self.word(value) else { continue };
            let keys: Vec<&str> = table
                .cells
                .iter()
                .filter_map(|(row, column, _)| match if k == 0 { Some(row) } else { column.as_ref() } {
                    Some(Key::Word(word)) => Some(word.as_str()),
                    _ => None,
                })
                .collect();
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

    fn event_value(
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
    fn quantified(&mut self, kind: Quantifier, body: &'p Formula, args: &[Value<'p>]) -> Value<'p> {
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
        for round in rounds {
            for (l, value) in loops.iter().zip(&round) {
                self.counters[*l] = Some(*value);
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

/// Would an exact result be longer than any model needs?
fn too_long(op: Arithmetic, a: &Q, b: &Q) -> bool {
    match op {
        Arithmetic::Pow => {
            let whole = b.to_i64().unwrap_or(1).unsigned_abs().min(1 << 20) as usize;
            a.bits().saturating_mul(whole) > MOST_BITS
        }
        _ => a.bits() + b.bits() > MOST_BITS,
    }
}
