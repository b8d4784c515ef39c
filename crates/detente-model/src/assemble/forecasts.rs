//! Forecasts: their formula against the game, their evidence by date, their base rate and resolution.

use super::base_rate::base_rate;
use super::{Parts, day, to_council};
use crate::ask::Asker;
use crate::assemble::evidence::{Observed, evidence};
use crate::files::Gathered;
use crate::forecast::*;
use crate::model::{Day, Support};
use crate::question::{Body, Number, QueryKind};
use crate::resolve::{ForecastCode, Resolved as Names, unknown_value};
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, ItemKind};

/// Resolves all forecasts.
pub(super) fn forecasts<'a>(
    gathered: &'a Gathered,
    names: &'a Names<'a>,
    parts: &mut Parts,
    asker: &mut Asker<'a>,
) -> Vec<Forecast> {
    let items = gathered.items.iter();
    let observed: Observed<'a> = items
        .filter_map(|item| match &item.kind {
            ItemKind::Observe(observe) => Some((observe, item.span)),
            _ => None,
        })
        .collect();
    let mut list = Vec::new();
    for code in &names.extras.forecasts {
        parts.name(&code.forecast.name, asker);
        list.extend(forecast(code, names, &observed, asker));
    }
    list
}

fn forecast<'a>(
    code: &ForecastCode<'a>,
    names: &'a Names<'a>,
    observed: &Observed<'a>,
    asker: &mut Asker<'a>,
) -> Option<Forecast> {
    let text = code.forecast;
    let made = text.made.map(day);
    let deadline = dates(code, asker);
    let usable: Vec<usize> = (0..observed.len())
        .filter(|at| made.is_none_or(|made| observed[*at].0.date.is_some_and(|seen| day(seen) < made)))
        .collect();
    let all = std::mem::take(&mut asker.observations);
    asker.observations = usable.iter().map(|at| &observed[*at].0.event).collect();
    asker.before = made;
    let body = body(text, asker);
    asker.observations = all;
    asker.before = None;
    let (body, of_council) = body?;
    let base = code.base.as_ref().and_then(|base| base_rate(base, &body, names, asker));
    let resolution =
        code.resolution.as_ref().and_then(|(resolve, support)| resolution(resolve, support, &body, asker));
    let mut forecast = Forecast {
        name: text.name.text.clone(),
        deadline: deadline?,
        made,
        body,
        base,
        evidence: Vec::new(),
        later: Vec::new(),
        resolution,
        of_council,
        support: crate::resolve::support(&text.caption, &code.item.doc, code.item.span),
    };
    evidence(&mut forecast, &usable, observed, asker);
    Some(forecast)
}

/// Checks the dates of a forecast and of its resolution; returns the deadline.
fn dates(code: &ForecastCode, asker: &mut Asker) -> Option<Day> {
    let text = code.forecast;
    let wrong = |message: String| Diagnostic::error("forecast-dates", message);
    let name = &text.name;
    let Some(by) = text.by else {
        // A date that could not be read was reported.
        asker.report(
            wrong(format!("forecast `{}` has no deadline", name.text))
                .label(name.span, "until when?")
                .help("add the last day of the question after the label: `by 2023-12-31`"),
        );
        return None;
    };
    match text.made {
        None => asker.report(
            Diagnostic::warning(
                "undated-forecast",
                format!("forecast `{}` does not say when it was made", name.text),
            )
            .label(name.span, "it may use all observations, and cannot be scored")
            .help("add the day on which it was made after the label: `made 2022-02-25`"),
        ),
        Some(made) if day(by) < day(made) => asker.report(
            wrong(format!("forecast `{}` was made after its deadline", name.text))
                .label(made.span, "made on this day")
                .label(by.span, "the last day of the question")
                .help("a forecast comes before what it speaks of: correct one of the dates"),
        ),
        Some(_) => {}
    }
    if let Some((resolve, _)) = &code.resolution
        && let Some(date) = resolve.date
    {
        let yes = matches!(&resolve.value, ast::ResolveValue::Word(word) if word.text == "yes");
        if let Some(made) = text.made
            && day(date) < day(made)
        {
            asker.report(
                wrong(format!("`{}` was resolved before it was made", name.text))
                    .label(date.span, "resolved on this day")
                    .label(made.span, "made on this day")
                    .help("what has happened cannot be forecast: correct one of the dates"),
            );
        } else if yes && day(by) < day(date) {
            asker.report(
                wrong(format!("`{}` is resolved `yes` after its deadline", name.text))
                    .label(date.span, "resolved on this day")
                    .label(by.span, "the last day of the question")
                    .help("if it happened after the deadline the answer is `no`; if before, give the day on which it did"),
            );
        }
    }
    Some(day(by))
}

/// Resolves what is forecast; says whether a council is asked.
fn body<'a>(text: &'a ast::Forecast, asker: &mut Asker<'a>) -> Option<(Forecasted, bool)> {
    let room = asker.base;
    match &text.value {
        ast::ForecastValue::Plain(expr) => {
            let body = asker.body(expr, room)?;
            let of_council = to_council(&body, asker);
            let body = match body {
                Body::Number(number) if is_probability(&number) => Forecasted::Probability(number),
                Body::Number(number) if is_number(&number) => Forecasted::Number(number),
                _ => {
                    asker.report(
                        Diagnostic::error(
                            "type-mismatch",
                            "a forecast is a probability, or one number that will be known",
                        )
                        .label(expr.span, "neither of them")
                        .help("write `prob(X given observed)`, or `mean(P.move)` for a number"),
                    );
                    return None;
                }
            };
            if let Some(span) = text.ordered {
                asker.report(
                    Diagnostic::error("type-mismatch", "`ordered` belongs to a list of alternatives")
                        .label(span, "here one thing is forecast")
                        .help("leave it out, or list the alternatives: `= { none: prob(peace), war: rest }`"),
                );
            }
            Some((body, of_council))
        }
        ast::ForecastValue::Arms { arms, span } => {
            let ordered = text.ordered.is_some();
            Some((Forecasted::Alternatives { ordered, arms: alternatives(arms, *span, asker)? }, false))
        }
    }
}

fn alternatives<'a>(
    arms: &'a [ast::PrivateArm],
    span: Span,
    asker: &mut Asker<'a>,
) -> Option<Vec<(String, Option<Number>)>> {
    let room = asker.base;
    let mut list: Vec<(String, Option<Number>)> = Vec::new();
    let mut rest: Option<Span> = None;
    let mut sound = true;
    for arm in arms {
        let name = &arm.value;
        if let Some(first) = arms.iter().find(|one| one.value.text == name.text)
            && first.value.span != name.span
        {
            asker.report(
                Diagnostic::error("duplicate-name", format!("`{}` is declared twice", name.text))
                    .label(name.span, "declared again here")
                    .label(first.value.span, "declared here first")
                    .help("give one of them another name"),
            );
            sound = false;
        }
        let number = match &arm.weight {
            ast::Weight::Rest(here) => {
                if let Some(first) = rest {
                    asker.report(
                        Diagnostic::error("probabilities", "only one alternative can take the rest")
                            .label(*here, "the second `rest`")
                            .label(first, "the first")
                            .help("give one of them a probability"),
                    );
                    sound = false;
                }
                rest = rest.or(Some(*here));
                None
            }
            ast::Weight::Expr(expr) => {
                let number = asker.number(expr, room)?;
                if !is_probability(&number) {
                    asker.report(
                        Diagnostic::error("type-mismatch", "an alternative has a probability")
                            .label(expr.span, "not a probability of the game")
                            .help("write `prob(X given observed)`"),
                    );
                    sound = false;
                }
                Some(number)
            }
        };
        list.push((name.text.clone(), number));
    }
    if list.len() < 2 {
        asker.report(
            Diagnostic::error("probabilities", "a list of alternatives needs at least two")
                .label(span, if list.is_empty() { "none here" } else { "only one here" })
                .help("add `other: rest`, or forecast one probability: `= prob(war)`"),
        );
        return None;
    }
    sound.then_some(list)
}

/// Is it a probability, or arithmetic over probabilities and parameters?
fn is_probability(number: &Number) -> bool {
    let mut sound = true;
    number.queries(&mut |query| {
        sound &= matches!(query.kind, QueryKind::Prob(_) | QueryKind::Belief { .. });
    });
    let mut council = false;
    number.council_queries(&mut |_| council = true);
    sound && !council
}

/// Is it one number that will be known: the mean of a number of the play, or an answer of a council?
fn is_number(number: &Number) -> bool {
    match number {
        Number::Query(query) => matches!(query.kind, QueryKind::Mean(_)),
        Number::Council(_) => true,
        _ => false,
    }
}

fn resolution(
    resolve: &ast::Resolve,
    support: &Support,
    body: &Forecasted,
    asker: &mut Asker,
) -> Option<Resolution> {
    let value = match (&resolve.value, body) {
        (ast::ResolveValue::Word(word), _) if word.text == "void" => Resolved::Void,
        (ast::ResolveValue::Word(word), Forecasted::Probability(_)) if word.text == "yes" => Resolved::Yes,
        (ast::ResolveValue::Word(word), Forecasted::Probability(_)) if word.text == "no" => Resolved::No,
        (ast::ResolveValue::Word(word), Forecasted::Alternatives { arms, .. }) => {
            match arms.iter().position(|(name, _)| *name == word.text) {
                Some(at) => Resolved::Alternative(at),
                None => {
                    let mut list: Vec<String> = arms.iter().map(|(name, _)| name.clone()).collect();
                    list.push("void".to_string());
                    asker.report(unknown_value(&resolve.name.text, &list, &word.text, word.span));
                    return None;
                }
            }
        }
        (ast::ResolveValue::Number(expr), Forecasted::Number(_)) => {
            let Some(value) = asker.constant(expr) else {
                asker.report(
                    Diagnostic::error("type-mismatch", "what happened is one number")
                        .label(expr.span, "not a number")
                        .help("write the number that became known: `resolve losses 0.4 on 2023-04-04`"),
                );
                return None;
            };
            Resolved::Number(value)
        }
        (value, body) => {
            let span = match value {
                ast::ResolveValue::Word(word) => word.span,
                ast::ResolveValue::Number(expr) => expr.span,
            };
            let help = match body {
                Forecasted::Probability(_) => "write `yes`, `no` or `void`",
                Forecasted::Alternatives { .. } => "write the name of an alternative, or `void`",
                Forecasted::Number(_) => "write the number that became known, or `void`",
            };
            // A word that is missing was reported by the parser.
            if span.end > span.start {
                let message = format!("`{}` cannot be resolved like this", resolve.name.text);
                asker.report(
                    Diagnostic::error("type-mismatch", message).label(span, "does not fit").help(help),
                );
            }
            return None;
        }
    };
    Some(Resolution { value, date: day(resolve.date?), support: support.clone() })
}
