//! Lowers what forecasts say beside their formula: the base rate; and finds what resolves them.

use super::lower::Lower;
use super::{Scope, unknown};
use crate::model::Support;
use crate::program::{Dist, Weight};
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, Item, ItemKind};
use indexmap::IndexMap;

/// A forecast with its base rate lowered; its formula stays in the tree.
#[derive(Debug)]
pub struct ForecastCode<'a> {
    pub item: &'a Item,
    pub forecast: &'a ast::Forecast,
    pub base: Option<BaseCode>,
    pub resolution: Option<(&'a ast::Resolve, Support)>,
}

/// A base rate whose numbers are still formulas.
#[derive(Debug)]
pub struct BaseCode {
    pub value: BaseCodeValue,
    pub support: Support,
    pub span: Span,
}

/// The value of a base rate.
#[derive(Debug)]
pub enum BaseCodeValue {
    Dist(Dist),
    Arms(Vec<(ast::Name, Weight)>),
}

impl<'a> Lower<'a> {
    /// All forecasts, each with its resolution.
    pub(super) fn lower_forecasts(&mut self, items: &'a [Item]) -> Vec<ForecastCode<'a>> {
        let mut all: IndexMap<&str, ForecastCode<'a>> = IndexMap::new();
        let mut unnamed = Vec::new();
        for item in items {
            let ItemKind::Forecast(forecast) = &item.kind else { continue };
            self.support(&forecast.caption, "", item.span);
            let base = forecast.base.as_ref().map(|base| self.base(base));
            let code = ForecastCode { item, forecast, base, resolution: None };
            // A second one of the same name is reported with the questions.
            if forecast.name.text.is_empty() || all.contains_key(forecast.name.text.as_str()) {
                unnamed.push(code);
            } else {
                all.insert(&forecast.name.text, code);
            }
        }
        for item in items {
            let ItemKind::Resolve(resolve) = &item.kind else { continue };
            let support = self.support(&resolve.caption, &item.doc, item.span);
            let name = &resolve.name;
            let Some(code) = all.get_mut(name.text.as_str()) else {
                if !name.text.is_empty() {
                    let known: Vec<&str> = all.keys().copied().collect();
                    let diagnostic = unknown(&name.text, name.span, "is not a forecast", known);
                    self.report(diagnostic);
                }
                continue;
            };
            if let Some((first, _)) = &code.resolution {
                let diagnostic = again(resolve, first, item.span);
                self.report(diagnostic);
                continue;
            }
            code.resolution = Some((resolve, support));
        }
        all.into_values().chain(unnamed).collect()
    }

    fn base(&mut self, base: &ast::Base) -> BaseCode {
        let caption =
            ast::Caption { label: None, citations: base.citations.clone(), assumed: base.assumed.clone() };
        let support = self.support(&caption, "", base.span);
        let scope = Scope::default();
        let value = match &base.value {
            ast::BaseValue::Dist(dist) => BaseCodeValue::Dist(self.dist(dist, &scope)),
            ast::BaseValue::Arms(arms) => BaseCodeValue::Arms(
                arms.iter().map(|arm| (arm.value.clone(), self.weight(&arm.weight, &scope))).collect(),
            ),
        };
        BaseCode { value, support, span: base.span }
    }
}

/// Two resolutions of one forecast.
fn again(resolve: &ast::Resolve, first: &ast::Resolve, span: Span) -> Diagnostic {
    let name = &resolve.name.text;
    let (now, before) = (word(&resolve.value), word(&first.value));
    let message = match (now, before) {
        (Some(now), Some(before)) if now != before => {
            format!("`{name}` is resolved {before} and {now}")
        }
        _ => format!("`{name}` is resolved twice"),
    };
    Diagnostic::error("contradictory-resolutions", message)
        .label(span, "again here")
        .label(first.name.span, "first here")
        .help("a question is settled once: keep the one that holds, and say in its label what changed")
}

fn word(value: &ast::ResolveValue) -> Option<&str> {
    match value {
        ast::ResolveValue::Word(name) => Some(&name.text),
        ast::ResolveValue::Number(_) => None,
    }
}
