//! Replaces the names of a stage throughout its statements and formulas.

use detente_diag::Span;
use detente_syntax::ast::*;
use indexmap::IndexMap;

/// What a name of a stage stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Player,
    Number,
    Outcome,
}

/// What stands for each name.
#[derive(Debug, Default)]
pub(super) struct Replacement {
    players: IndexMap<String, Name>,
    outcomes: IndexMap<String, Name>,
    numbers: IndexMap<String, Expr>,
}

impl Replacement {
    pub fn name(&mut self, kind: Kind, formal: &str, name: Name) {
        let map = if kind == Kind::Player { &mut self.players } else { &mut self.outcomes };
        map.insert(formal.to_string(), name);
    }

    pub fn number(&mut self, formal: &str, value: Expr) {
        self.numbers.insert(formal.to_string(), value);
    }

    /// A counter of the block that would catch a name in one of the numbers.
    pub fn caught(&self, block: &Block) -> Option<(String, Span)> {
        let mut used = Vec::new();
        self.numbers.values().for_each(|value| names(value, &mut used));
        counters(block).into_iter().find(|(counter, _)| used.contains(counter))
    }

    pub fn block(&self, block: &mut Block) {
        block.statements.iter_mut().for_each(|statement| self.statement(statement));
    }

    fn player(&self, name: &mut Name) {
        if let Some(actual) = self.players.get(&name.text) {
            *name = actual.clone();
        }
    }

    fn statement(&self, statement: &mut Statement) {
        match &mut statement.kind {
            StatementKind::Choose(choose) => {
                self.player(&mut choose.player);
                self.sight(choose.sight.as_mut());
                match &mut choose.options {
                    Options::Menu(arms) => {
                        for arm in arms {
                            arm.guard.iter_mut().for_each(|guard| self.expr(guard));
                            arm.then.iter_mut().for_each(|block| self.block(block));
                        }
                    }
                    Options::Grid { lo, hi, points, .. } => {
                        [lo, hi, points].into_iter().for_each(|value| self.expr(value));
                    }
                    Options::Missing => {}
                }
            }
            StatementKind::Chance(chance) => {
                self.sight(chance.sight.as_mut());
                for arm in &mut chance.arms {
                    if let Weight::Expr(weight) = &mut arm.weight {
                        self.expr(weight);
                    }
                    arm.then.iter_mut().for_each(|block| self.block(block));
                }
            }
            StatementKind::Together(block) => self.block(block),
            StatementKind::Tell { players, what } => {
                players.iter_mut().for_each(|player| self.player(player));
                self.expr(what);
            }
            StatementKind::Pay(pay) => {
                for entry in &mut pay.pays.entries {
                    self.player(&mut entry.player);
                    match &mut entry.payoff {
                        Payoff::Plain(value) => self.expr(value),
                        Payoff::Ledger(lines) => lines.iter_mut().for_each(|line| self.expr(&mut line.value)),
                    }
                }
            }
            StatementKind::If { condition, then, otherwise } => {
                self.expr(condition);
                self.block(then);
                otherwise.iter_mut().for_each(|block| self.block(block));
            }
            StatementKind::Repeat { from, to, body, .. } => {
                self.expr(from);
                self.expr(to);
                self.block(body);
            }
            StatementKind::Run { args, .. } => args.iter_mut().for_each(|arg| self.expr(arg)),
            StatementKind::End(outcome) => {
                if let Some(actual) = self.outcomes.get(&outcome.text) {
                    *outcome = actual.clone();
                }
            }
            StatementKind::Leave | StatementKind::Error => {}
        }
    }

    fn sight(&self, sight: Option<&mut Sight>) {
        sight.into_iter().flat_map(|sight| &mut sight.players).for_each(|player| self.player(player));
    }

    fn expr(&self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Ref(r) => {
                r.index.iter_mut().for_each(|index| self.expr(index));
                if let Some(owner) = &mut r.owner {
                    self.player(owner);
                } else if let Some(value) = self.numbers.get(&r.name.text) {
                    *expr = value.clone();
                } else if let Some(name) =
                    self.outcomes.get(&r.name.text).or_else(|| self.players.get(&r.name.text))
                {
                    r.name = name.clone();
                }
            }
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::Call { args, .. } => args.iter_mut().for_each(|arg| self.expr(arg)),
            ExprKind::Quantifier { body, .. } => self.expr(body),
            // Questions do not belong into play; they are reported where they stand.
            ExprKind::Number(_)
            | ExprKind::Prob { .. }
            | ExprKind::Mean { .. }
            | ExprKind::Value { .. }
            | ExprKind::Belief { .. }
            | ExprKind::Gain { .. }
            | ExprKind::Text(_)
            | ExprKind::Error => {}
        }
    }
}

/// Plain names that a formula mentions.
fn names(expr: &Expr, list: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Ref(r) => {
            if r.owner.is_none() {
                list.push(r.name.text.clone());
            }
            r.index.iter().for_each(|index| names(index, list));
        }
        ExprKind::Unary { operand, .. } => names(operand, list),
        ExprKind::Binary { left, right, .. } => {
            names(left, list);
            names(right, list);
        }
        ExprKind::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| names(part, list));
        }
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| names(arg, list)),
        ExprKind::Quantifier { body, .. } => names(body, list),
        _ => {}
    }
}

/// The counters of all `repeat`s in a block.
fn counters(block: &Block) -> Vec<(String, Span)> {
    let mut list = Vec::new();
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Repeat { counter, body, .. } => {
                list.push((counter.text.clone(), counter.span));
                list.extend(counters(body));
            }
            StatementKind::Together(inner) => list.extend(counters(inner)),
            StatementKind::If { then, otherwise, .. } => {
                list.extend(counters(then));
                otherwise.iter().for_each(|inner| list.extend(counters(inner)));
            }
            StatementKind::Choose(Choose { options: Options::Menu(arms), .. }) => {
                arms.iter()
                    .filter_map(|arm| arm.then.as_ref())
                    .for_each(|inner| list.extend(counters(inner)));
            }
            StatementKind::Chance(chance) => {
                let blocks = chance.arms.iter().filter_map(|arm| arm.then.as_ref());
                blocks.for_each(|inner| list.extend(counters(inner)));
            }
            _ => {}
        }
    }
    list
}
