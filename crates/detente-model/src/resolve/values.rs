//! Lowers what has a value: constants, parameters, private facts, outcomes, functions, tables.

use super::lower::Lower;
use super::{Scope, unknown};
use crate::program::*;
use detente_diag::Diagnostic;
use detente_syntax::ast::{self, Item, ItemKind};
use indexmap::IndexSet;

impl<'a> Lower<'a> {
    pub(super) fn lower_values(&mut self, items: &'a [Item]) {
        let scope = Scope::default();
        for item in items {
            match &item.kind {
                ItemKind::Const(c) => {
                    let support = self.support(&c.caption, &item.doc, item.span);
                    let value = self.formula(&c.value, &scope);
                    self.program.consts.push(ConstDecl { name: c.name.text.clone(), support, value });
                }
                ItemKind::Param(p) => {
                    let support = self.support(&p.caption, &item.doc, item.span);
                    let value = self.param_value(&p.value);
                    self.check_unit(p.unit.as_ref());
                    let unit = p.unit.as_ref().map(|u| u.text.clone());
                    self.program.params.push(ParamDecl { name: p.name.text.clone(), unit, support, value });
                }
                ItemKind::Private(private) => self.lower_private(item, private),
                ItemKind::Joint(joint) => self.lower_joint(item, joint),
                ItemKind::Outcome(outcome) => self.lower_outcome(item, outcome),
                _ => {}
            }
        }
        for at in 0..self.functions.len() {
            let (item, function) = self.functions[at];
            let support = self.support(&function.caption, &item.doc, item.span);
            let args: Vec<String> = function.args.iter().map(|a| a.text.clone()).collect();
            let scope = Scope { args: args.clone(), counters: Vec::new() };
            let body = self.formula(&function.body, &scope);
            let name = function.name.text.clone();
            self.program.functions.push(FunctionDecl { name, args, body, support });
        }
        for at in 0..self.tables.len() {
            let (item, table) = self.tables[at];
            self.lower_table(item, table);
        }
    }

    pub(crate) fn param_value(&mut self, value: &ast::ParamValue) -> ParamValue {
        let scope = Scope::default();
        match value {
            ast::ParamValue::Prior { dist, at } => ParamValue::Prior {
                dist: self.dist(dist, &scope),
                at: at.as_ref().map(|e| self.formula(e, &scope)),
            },
            ast::ParamValue::Fixed(expr) => ParamValue::Fixed(self.formula(expr, &scope)),
            ast::ParamValue::Missing => ParamValue::Missing,
        }
    }

    pub(super) fn check_unit(&mut self, unit: Option<&ast::Name>) {
        let Some(unit) = unit else { return };
        if !unit.text.is_empty() && !self.names.units.contains_key(&unit.text) {
            let known: Vec<&str> = self.names.units.keys().map(String::as_str).collect();
            let mut diagnostic = unknown(&unit.text, unit.span, "is not a unit", known);
            if diagnostic.edits.is_empty() {
                diagnostic.help = Some(format!("declare it: `unit {}`", unit.text));
            }
            self.report(diagnostic);
        }
    }

    fn lower_private(&mut self, item: &Item, private: &ast::Private) {
        let Some((owner, _)) = self.names.players.get(&private.player.text).copied() else { return };
        let Some(event) = self.names.owned.get(&(owner, private.name.text.clone())).copied() else { return };
        let scope = Scope::default();
        let draw = match &private.values {
            ast::PrivateValues::Listed(arms) => PrivateDraw::Listed(
                arms.iter()
                    .filter_map(|arm| {
                        let at = self.program.events[event].arms.iter().position(|a| *a == arm.value.text)?;
                        Some((at as u32, self.weight(&arm.weight, &scope), arm.span))
                    })
                    .collect(),
            ),
            ast::PrivateValues::Split { dist, cells } => {
                PrivateDraw::Split { dist: self.dist(dist, &scope), cells: self.formula(cells, &scope) }
            }
            ast::PrivateValues::Missing => PrivateDraw::Missing,
        };
        self.program.privates.push(PrivateDecl { event, owner, draw, span: item.span });
    }

    fn lower_outcome(&mut self, item: &Item, outcome: &ast::Outcome) {
        let support = self.support(&outcome.caption, &item.doc, item.span);
        let pays = self.pays(&outcome.pays, None, &Scope::default());
        let paid: IndexSet<usize> = pays.iter().map(|p| p.player).collect();
        let missing: Vec<String> = (0..self.program.players.len())
            .filter(|p| !paid.contains(p))
            .map(|p| self.program.players[p].name.clone())
            .collect();
        if !missing.is_empty() && !outcome.name.text.is_empty() {
            let add = missing.iter().map(|p| format!("{p}: 0")).collect::<Vec<_>>().join(", ");
            self.report(
                Diagnostic::error(
                    "missing-payoff",
                    format!("outcome `{}` says nothing about {}", outcome.name.text, super::words(&missing)),
                )
                .label(outcome.name.span, "every player needs a payoff")
                .help(format!("add `{add}` if that is what is meant")),
            );
        }
        let name = outcome.name.text.clone();
        self.program.outcomes.push(OutcomeDecl { name, support, pays, span: outcome.name.span });
    }
}
