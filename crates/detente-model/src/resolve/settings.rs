//! Lowers what variants and tests change.

use super::lower::Lower;
use super::{ForecastCode, Named, Scope, unknown};
use crate::elaborate::Settings;
use crate::model::Support;
use crate::program::{Dist, ParamValue};
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, Change, Item, ItemKind, TestStep};

/// A variant with its changes resolved.
#[derive(Debug)]
pub struct VariantCode {
    pub name: String,
    /// The player who can bring it about, if it is a lever.
    pub by: Option<usize>,
    pub support: Support,
    pub settings: Settings,
}

/// A test with its settings resolved; expectations stay in the tree.
#[derive(Debug)]
pub struct TestCode<'a> {
    pub name: String,
    pub support: Support,
    pub settings: Settings,
    pub expects: Vec<&'a ast::Expect>,
}

/// A hypothesis' own prior.
#[derive(Debug)]
pub struct HypothesisCode {
    pub prior: Option<Dist>,
    pub span: Span,
}

/// A correlation between two parameters.
#[derive(Debug)]
pub struct CorrelationCode {
    pub left: usize,
    pub right: usize,
    pub value: crate::program::Formula,
    pub support: Support,
}

/// What items say beside the game.
#[derive(Debug, Default)]
pub struct Extras<'a> {
    pub variants: Vec<VariantCode>,
    pub tests: Vec<TestCode<'a>>,
    pub hypotheses: Vec<HypothesisCode>,
    pub correlations: Vec<CorrelationCode>,
    pub estimates: Vec<usize>,
    /// The prior of the precision, with what is said of it.
    pub precision: Option<(Dist, Support)>,
    pub forecasts: Vec<ForecastCode<'a>>,
}

impl<'a> Lower<'a> {
    pub(super) fn lower_extras(&mut self, items: &'a [Item]) -> Extras<'a> {
        let mut extras = Extras::default();
        for item in items {
            match &item.kind {
                ItemKind::Variant(variant) => {
                    if let Some(code) = self.variant(item, variant, &extras.variants) {
                        extras.variants.push(code);
                    }
                }
                ItemKind::Test(test) => extras.tests.push(self.test(item, test)),
                ItemKind::Hypothesis(h) => {
                    let prior = h.prior.as_ref().map(|dist| self.dist(dist, &Scope::default()));
                    extras.hypotheses.push(HypothesisCode { prior, span: item.span });
                }
                ItemKind::Correlate(c) => {
                    let support = self.support(&c.caption, &item.doc, item.span);
                    let value = self.formula(&c.value, &Scope::default());
                    let (left, right) = (self.parameter(&c.left), self.parameter(&c.right));
                    if let (Some(left), Some(right)) = (left, right) {
                        extras.correlations.push(CorrelationCode { left, right, value, support });
                    }
                }
                ItemKind::Estimate(e) => {
                    self.support(&e.caption, &item.doc, item.span);
                    let found: Vec<usize> = e.params.iter().filter_map(|name| self.parameter(name)).collect();
                    extras.estimates.extend(found);
                }
                ItemKind::Precision(p) => {
                    let support = self.support(&p.caption, &item.doc, item.span);
                    let prior = self.dist(&p.prior, &Scope::default());
                    if let Some((_, first)) = &extras.precision {
                        self.duplicate("precision", item.span, first.span);
                    } else {
                        extras.precision = Some((prior, support));
                    }
                }
                // Their bodies are resolved with the games; here only what they cite counts.
                ItemKind::Observe(o) => drop(self.support(&o.caption, "", item.span)),
                ItemKind::Claim(c) => drop(self.support(&c.caption, "", item.span)),
                ItemKind::Ask(a) => drop(self.support(&a.caption, "", item.span)),
                _ => {}
            }
        }
        extras.forecasts = self.lower_forecasts(items);
        extras
    }

    /// Reports a name that is none of the declared ones that would fit.
    fn not_among(&mut self, name: &ast::Name, what: &str, fits: impl Fn(&Named) -> bool) {
        if name.text.is_empty() {
            return;
        }
        let values = self.names.values.iter().filter(|(_, (named, _))| fits(named));
        let known: Vec<&str> = values.map(|(name, _)| name.as_str()).collect();
        let diagnostic = unknown(&name.text, name.span, what, known);
        self.report(diagnostic);
    }

    fn parameter(&mut self, name: &ast::Name) -> Option<usize> {
        match self.names.values.get(&name.text) {
            Some((Named::Param(at), _)) => Some(*at),
            _ => {
                self.not_among(name, "is not a param", |named| matches!(named, Named::Param(_)));
                None
            }
        }
    }

    fn variant(
        &mut self,
        item: &Item,
        variant: &ast::Variant,
        before: &[VariantCode],
    ) -> Option<VariantCode> {
        let support = self.support(&variant.caption, &item.doc, item.span);
        let mut settings = Settings::default();
        for change in &variant.changes {
            match change {
                Change::Forbid { target, action, span } => self.forbid(target, action, *span, &mut settings),
                Change::Set(setting) => self.setting(setting, &mut settings),
                Change::Reveal { fact, to, span } => self.reveal(fact, to, *span, &mut settings),
            }
        }
        let by = match variant.by.as_ref().map(|name| self.names.player(name)) {
            Some(Ok(player)) => Some(player),
            Some(Err(diagnostic)) => {
                self.report_all(diagnostic);
                None
            }
            None => None,
        };
        let name = &variant.name;
        if name.text.is_empty() {
            return None;
        }
        if let Some(first) = before.iter().find(|v| v.name == name.text) {
            let first = first.support.span;
            self.duplicate(&name.text, name.span, first);
            return None;
        }
        Some(VariantCode { name: name.text.clone(), by, support, settings })
    }

    fn forbid(&mut self, target: &ast::Ref, action: &ast::Name, span: Span, settings: &mut Settings) {
        let event = match &target.owner {
            Some(_) => self.owned(target),
            None => {
                self.report(
                    Diagnostic::error("type-mismatch", "only a player's move can be forbidden")
                        .label(target.span, "not a move")
                        .help("write `forbid P.move == action`; for chance, `set` its probability"),
                );
                None
            }
        };
        let Some(event) = event else { return };
        if !target.index.is_empty() {
            self.report(
                Diagnostic::error("bad-index", "an action is forbidden in every repetition")
                    .label(target.span, "takes no index here"),
            );
            return;
        }
        let arms = &self.program.events[event].arms;
        match arms.iter().position(|a| *a == action.text) {
            Some(at) => settings.forbid.push((event, at as u32, span)),
            None => {
                let diagnostic = self.unknown_value(event, &action.text, action.span);
                self.report_all(diagnostic);
            }
        }
    }

    fn reveal(&mut self, fact: &ast::Ref, to: &[ast::Name], span: Span, settings: &mut Settings) {
        let Some(event) = self.owned(fact) else {
            if fact.owner.is_none() && !fact.name.text.is_empty() {
                self.not_private(&fact.name.text, span);
            }
            return;
        };
        if self.program.events[event].kind != detente_game::EventKind::Private {
            let name = self.program.event_name(event);
            self.not_private(&name, span);
            return;
        }
        for name in to {
            match self.names.player(name) {
                Ok(player) => settings.reveal.push((event, player)),
                Err(diagnostic) => self.report_all(diagnostic),
            }
        }
    }

    fn not_private(&mut self, name: &str, span: Span) {
        self.report(
            Diagnostic::error("type-mismatch", format!("`{name}` is not a private fact"))
                .label(span, "only a private fact can be revealed")
                .help("write `reveal P.fact to Q`; for a move, change who sees it in `play`"),
        );
    }

    fn setting(&mut self, setting: &ast::Setting, settings: &mut Settings) {
        let name = &setting.name;
        self.support(&setting.caption, "", setting.span);
        match self.names.values.get(&name.text).map(|(named, _)| *named) {
            Some(Named::Param(at)) => {
                let value = self.param_value(&setting.value);
                settings.params.insert(at, value);
            }
            Some(Named::Const(at)) => match self.param_value(&setting.value) {
                ParamValue::Fixed(value) => {
                    settings.consts.insert(at, value);
                }
                ParamValue::Prior { dist, .. } => self.report(
                    Diagnostic::error(
                        "structure-needs-const",
                        format!("`{}` is a const and has no prior", name.text),
                    )
                    .label(dist.span(), "a prior")
                    .help("set it to one number: `set n = 3`"),
                ),
                ParamValue::Missing => {}
            },
            _ => {
                let numbers = |named: &Named| matches!(named, Named::Param(_) | Named::Const(_));
                self.not_among(name, "is not a param or const", numbers);
            }
        }
    }

    fn test(&mut self, item: &Item, test: &'a ast::Test) -> TestCode<'a> {
        let support = self.support(&test.caption, &item.doc, item.span);
        let mut settings = Settings::default();
        let mut expects = Vec::new();
        for step in &test.steps {
            match step {
                TestStep::Set(setting) => self.setting(setting, &mut settings),
                TestStep::Expect(expect) => expects.push(expect),
            }
        }
        let name = support.label.clone();
        TestCode { name, support, settings, expects }
    }
}
