//! Base rates: what anybody could have said without the model, checked against what is forecast.

use crate::ask::Asker;
use crate::elaborate::{constant_value, prior_value};
use crate::forecast::{BaseRate, BaseValue, Forecasted};
use crate::program::{Dist, Weight};
use crate::question::Number;
use crate::resolve::{BaseCode, BaseCodeValue, Resolved as Names, unknown_value};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_syntax::ast;

/// The base rate of a forecast; `None` after a message.
pub(super) fn base_rate(
    base: &BaseCode,
    body: &Forecasted,
    names: &Names,
    asker: &mut Asker,
) -> Option<BaseRate> {
    let program = &names.program;
    let mismatch = |message: &str, span: Span, help: &str| {
        Diagnostic::error("type-mismatch", message).label(span, "this base rate").help(help)
    };
    let value = match (&base.value, body) {
        (BaseCodeValue::Arms(arms), Forecasted::Alternatives { arms: wanted, .. }) => {
            base_arms(arms, wanted, base.span, names, asker)?
        }
        (BaseCodeValue::Arms(_), _) => {
            asker.report(mismatch(
                "a list of base rates belongs to a list of alternatives",
                base.span,
                "write one number: `base 0.1`",
            ));
            return None;
        }
        (BaseCodeValue::Dist(_), Forecasted::Alternatives { arms, .. }) => {
            let list: Vec<&str> = arms.iter().map(|(name, _)| name.as_str()).collect();
            asker.report(mismatch(
                "each alternative needs a base rate",
                base.span,
                &format!("write `base {{ {}: 0.5, … }}`", list[0]),
            ));
            return None;
        }
        (BaseCodeValue::Dist(Dist::Point(formula)), _) => {
            let value = known(constant_value(program, formula), asker)?;
            if matches!(body, Forecasted::Probability(_)) {
                within(&value, formula.span, asker)?;
            }
            BaseValue::Point(value)
        }
        (BaseCodeValue::Dist(dist), Forecasted::Number(_)) => {
            BaseValue::Distribution(known(prior_value(program, dist), asker)?)
        }
        (BaseCodeValue::Dist(dist), Forecasted::Probability(_)) => {
            asker.report(mismatch(
                "the base rate of an event is one number",
                dist.span(),
                "write how often such events happened: `base 0.1`",
            ));
            return None;
        }
    };
    Some(BaseRate { value, support: base.support.clone() })
}

fn base_arms(
    arms: &[(ast::Name, Weight)],
    wanted: &[(String, Option<Number>)],
    span: Span,
    names: &Names,
    asker: &mut Asker,
) -> Option<BaseValue> {
    let list: Vec<String> = wanted.iter().map(|(name, _)| name.clone()).collect();
    let mut values: Vec<Option<Q>> = vec![None; list.len()];
    let mut rest: Option<usize> = None;
    for (name, weight) in arms {
        let Some(at) = list.iter().position(|one| *one == name.text) else {
            asker.report(unknown_value("the forecast", &list, &name.text, name.span));
            return None;
        };
        match weight {
            Weight::Rest(_) => rest = Some(at),
            Weight::Formula(formula) => {
                let value = known(constant_value(&names.program, formula), asker)?;
                within(&value, formula.span, asker)?;
                values[at] = Some(value);
            }
        }
    }
    let sum = values.iter().flatten().fold(Q::ZERO, |sum, value| &sum + value);
    if let Some(at) = rest {
        values[at] = Some(&Q::ONE - &sum);
    }
    let full: Option<Vec<Q>> = values.into_iter().collect();
    let total = full.as_ref().map(|all| all.iter().fold(Q::ZERO, |sum, value| &sum + value));
    match (full, total) {
        (Some(full), Some(total)) if total == Q::ONE && !full.iter().any(Q::is_negative) => {
            Some(BaseValue::Alternatives(full))
        }
        _ => {
            asker.report(
                Diagnostic::error("probabilities", "the base rates do not add up to 1")
                    .label(span, "one for each alternative")
                    .help("give every alternative a rate, the last one `rest`"),
            );
            None
        }
    }
}

/// A probability, or a message.
fn within(value: &Q, span: Span, asker: &mut Asker) -> Option<()> {
    if !value.is_negative() && *value <= Q::ONE {
        return Some(());
    }
    asker.report(
        Diagnostic::error("prior-leaks", "a base rate is a probability")
            .label(span, "outside 0 to 1")
            .help("write how often such events happened, as a number between 0 and 1"),
    );
    None
}

fn known<T>(found: Result<T, Vec<Diagnostic>>, asker: &mut Asker) -> Option<T> {
    match found {
        Ok(value) => Some(value),
        Err(diagnostics) => {
            asker.diagnostics.extend(diagnostics);
            None
        }
    }
}
