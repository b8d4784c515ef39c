//! Functions and tables of the game, used in questions.
//!
//! The one idea: a function is written out with its arguments in place, and the result is resolved
//! as if the author had written it there. A table becomes a choice between its entries.

use super::{Asker, Place, Room};
use crate::question::{Happening, Number, PlayNumber, Relation};
use crate::resolve::{Callee, arity, words};
use detente_diag::{Diagnostic, Span, nearest};
use detente_syntax::ast::{self, Expr, ExprKind, Name, Ref};

/// Parts of formulas that all calls in all questions may write out.
const MOST_PARTS: usize = 200_000;
/// Functions that may call each other in a row.
const MOST_CALLS: usize = 24;

/// One entry of a table: what each argument must equal, and the value.
struct Entry<'t> {
    keys: Vec<&'t Expr>,
    value: &'t Expr,
}

impl<'a> Asker<'a> {
    /// What a name before `(` stands for, if the game declares it.
    pub(super) fn callee(&mut self, name: &Name) -> Option<Callee> {
        let callee = self.names.calls.get(&name.text).map(|(callee, _)| *callee)?;
        self.used.push(name.text.clone());
        Some(callee)
    }

    /// Writes a function out and resolves the result by `read`.
    pub(super) fn through<T>(
        &mut self,
        at: usize,
        name: &Name,
        args: &[Expr],
        read: impl FnOnce(&mut Self, &Expr) -> Option<T>,
    ) -> Option<T> {
        let function = self.functions[at];
        if function.args.len() != args.len() {
            self.report(arity(&name.text, name.span, function.args.len(), args.len()));
            return None;
        }
        let mut left = MOST_PARTS.saturating_sub(self.effort);
        let whole = write_out(&function.body, &function.args, args, &mut left);
        self.effort = MOST_PARTS - left;
        if left == 0 || self.calls == MOST_CALLS {
            self.report(
                Diagnostic::error("too-large", "this formula is too long to be written out")
                    .label(name.span, "calls functions that call functions ...")
                    .help("let functions call each other less often"),
            );
            return None;
        }
        self.calls += 1;
        let found = read(self, &whole);
        self.calls -= 1;
        found
    }

    /// A table within one play: the entry that fits what happened.
    pub(super) fn table_number(
        &mut self,
        at: usize,
        name: &Name,
        args: &[Expr],
        place: &Place<'a>,
    ) -> Option<PlayNumber> {
        let mut choices = Vec::new();
        for entry in self.entries(at, name, args)? {
            let mut fits = Vec::new();
            for (arg, key) in args.iter().zip(entry.keys) {
                fits.push(self.fits(arg, key, place)?);
            }
            choices.push((Happening::And(fits), self.play_number(entry.value, place)?));
        }
        let choose = |rest, (fits, value)| PlayNumber::If(Box::new(fits), Box::new(value), Box::new(rest));
        Some(choices.into_iter().rev().fold(PlayNumber::Undefined, choose))
    }

    /// Does an argument equal a key? A key that it cannot equal simply does not fit.
    fn fits(&mut self, arg: &Expr, key: &Expr, place: &Place<'a>) -> Option<Happening> {
        if let (Some(decl), Some(word)) = (self.named_event(arg), bare_word(key))
            && !self.program.events[decl].arms.iter().any(|arm| arm == word)
        {
            return Some(Happening::Const(false));
        }
        self.comparison(Relation::Equal, arg, key, place)
    }

    /// A table outside of any play: its arguments must be names of values, or numbers.
    pub(super) fn table_constant(
        &mut self,
        at: usize,
        name: &Name,
        args: &[Expr],
        room: Room<'a>,
    ) -> Option<Number> {
        if let Some(varies) = args.iter().find(|a| bare_word(a).is_none() && self.constant(a).is_none()) {
            let table = &name.text;
            self.report(
                Diagnostic::error("type-mismatch", format!("which entry of `{table}` is not known here"))
                    .label(varies.span, "differs from play to play")
                    .help(format!("ask for `mean({table}(...))`, or name the entry")),
            );
            return None;
        }
        for entry in self.entries(at, name, args)? {
            let fits = |asker: &mut Self, (arg, key): (&Expr, &Expr)| match (bare_word(arg), bare_word(key)) {
                (Some(a), Some(b)) if a == b => true,
                _ => asker.constant(arg).is_some_and(|a| asker.constant(key) == Some(a)),
            };
            if args.iter().zip(entry.keys).all(|pair| fits(self, pair)) {
                return self.number(entry.value, room);
            }
        }
        let span = args.iter().map(|a| a.span).reduce(Span::to).unwrap_or(name.span);
        let mut keys: Vec<&str> = Vec::new();
        for key in self.entries(at, name, args)?.into_iter().flat_map(|entry| entry.keys) {
            keys.extend(bare_word(key).filter(|word| !keys.contains(word)));
        }
        let near = args.iter().filter_map(bare_word).find(|word| !keys.contains(word));
        let help = match near.and_then(|word| nearest(word, keys.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its entries: {}", words(&keys)),
        };
        self.report(
            Diagnostic::error("unknown-value", format!("table `{}` has no such entry", name.text))
                .label(span, "not one of its keys")
                .help(help),
        );
        None
    }

    /// The entries of a table, row by row.
    fn entries(&mut self, at: usize, name: &Name, args: &[Expr]) -> Option<Vec<Entry<'a>>> {
        let table: &'a ast::Table = self.tables[at];
        if table.keys.len() != args.len() {
            self.report(arity(&name.text, name.span, table.keys.len(), args.len()));
            return None;
        }
        let value = |cell: &'a ast::TableCell| cell.value.as_ref();
        let heads: Vec<&Expr> = match (args.len(), table.rows.first()) {
            (2, Some(head)) => head.cells.iter().skip(1).filter_map(value).collect(),
            _ => Vec::new(),
        };
        let mut entries = Vec::new();
        for row in table.rows.iter().skip(args.len() - 1) {
            let Some(key) = row.cells.first().and_then(value) else { continue };
            for (column, cell) in row.cells[1..].iter().enumerate() {
                let keys = [key].into_iter().chain(heads.get(column).copied()).collect();
                entries.extend(value(cell).map(|value| Entry { keys, value }));
            }
        }
        Some(entries)
    }
}

/// A word on its own: the name of a value, or of a declaration.
pub(super) fn bare_word(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Ref(r) if r.owner.is_none() && r.index.is_empty() => Some(&r.name.text),
        _ => None,
    }
}

/// Copies a function's body with its arguments in place, as long as `left` allows.
fn write_out(body: &Expr, names: &[Name], args: &[Expr], left: &mut usize) -> Expr {
    let argument = bare_word(body).and_then(|word| names.iter().position(|n| n.text == word));
    if let Some(at) = argument {
        *left = left.saturating_sub(parts(&args[at]));
        return if *left == 0 { cut(body.span) } else { args[at].clone() };
    }
    *left = left.saturating_sub(1);
    if *left == 0 {
        return cut(body.span);
    }
    let boxed = |e: &Expr, left: &mut usize| Box::new(write_out(e, names, args, left));
    let list = |es: &[Expr], left: &mut usize| es.iter().map(|e| write_out(e, names, args, left)).collect();
    let kind = match &body.kind {
        ExprKind::Ref(r) => ExprKind::Ref(Ref { index: list(&r.index, left), ..r.clone() }),
        ExprKind::Unary { op, operand } => ExprKind::Unary { op: *op, operand: boxed(operand, left) },
        ExprKind::Binary { op, op_span, left: a, right: b } => {
            let (a, b) = (boxed(a, left), boxed(b, left));
            ExprKind::Binary { op: *op, op_span: *op_span, left: a, right: b }
        }
        ExprKind::If { condition, then, otherwise } => ExprKind::If {
            condition: boxed(condition, left),
            then: boxed(then, left),
            otherwise: boxed(otherwise, left),
        },
        ExprKind::Call { name, args, variant } => {
            ExprKind::Call { name: name.clone(), args: list(args, left), variant: variant.clone() }
        }
        ExprKind::Quantifier { kind, body } => ExprKind::Quantifier { kind: *kind, body: boxed(body, left) },
        // Numbers; a function of the game holds no questions.
        other => other.clone(),
    };
    Expr { kind, span: body.span }
}

fn cut(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, span }
}

/// How many parts a formula has.
fn parts(expr: &Expr) -> usize {
    let sum = |es: &[Expr]| es.iter().map(parts).sum::<usize>();
    1 + match &expr.kind {
        ExprKind::Ref(r) => sum(&r.index),
        ExprKind::Unary { operand, .. } => parts(operand),
        ExprKind::Binary { left, right, .. } => parts(left) + parts(right),
        ExprKind::If { condition, then, otherwise } => parts(condition) + parts(then) + parts(otherwise),
        ExprKind::Call { args, .. } => sum(args),
        ExprKind::Quantifier { body, .. } => parts(body),
        _ => 0,
    }
}
