//! What each standard asks of the model's text: sources, doubt, assumptions, alternatives, clear words.

use super::{Missing, Text, push};
use crate::case::standards::language::vague;
use crate::provenance::grade_words;
use detente_model::forecast::Forecasted;
use detente_model::model::{ParamInfo, ParamKind, Support};

pub(super) fn sources(text: &Text, missing: &mut Vec<Missing>) {
    let model = text.model;
    let bibliography = model.bibliographies.first().map_or("the bibliography", String::as_str);
    for (key, source) in &model.sources {
        let mut lack = |words: String| push(missing, Missing { place: bibliography.to_string(), words });
        match source.field("grade") {
            None => lack(format!("`{key}` has no grade: add `grade = {{B3}}` (A to F, 1 to 6)")),
            Some(grade) if grade_words(grade).is_none() => {
                lack(format!("the grade `{grade}` of `{key}` is none"))
            }
            Some(_) => {}
        }
        if source.field("note").is_none() {
            lack(format!("`{key}` has no `note` on what affects its quality: access, age, bias"));
        }
        if source.field("via").is_none()
            && source.field("url").is_none()
            && source.field("publisher").is_none()
            && source.field("journal").is_none()
        {
            lack(format!("`{key}` does not say how it can be had: `url`, `journal`, `publisher` or `via`"));
        }
    }
    let cited = model.claims.iter().chain(&model.council_claims).any(|c| !c.support.citations.is_empty());
    if model.sources.is_empty() && !cited {
        let span = model.params.first().map(|p| p.support.span).unwrap_or_default();
        push(missing, text.at(span, "the model names no source".to_string()));
    }
}

pub(super) fn uncertainty(text: &Text, missing: &mut Vec<Missing>) {
    let model = text.model;
    let fixed = |info: &&ParamInfo| info.kind == ParamKind::Fixed && info.support.assumed.is_none();
    for info in model.params.iter().filter(fixed) {
        let words =
            format!("`{}` is one number: give it a range, or say in `assumed` why it has none", info.name);
        push(missing, text.at(info.support.span, words));
    }
    for forecast in model.forecasts.iter().filter(|f| f.base.is_none()) {
        let words = format!("forecast `{}` has no base rate to be read beside", forecast.name);
        push(missing, text.at(forecast.support.span, words));
    }
    let drawn = model.params.iter().any(|info| info.kind == ParamKind::Prior);
    if !drawn && !model.params.is_empty() {
        let span = model.params[0].support.span;
        push(missing, text.at(span, "no number of this model is uncertain".to_string()));
    }
}

pub(super) fn apart(text: &Text, missing: &mut Vec<Missing>) {
    let model = text.model;
    let bare = |support: &Support| support.citations.is_empty() && support.assumed.is_none();
    for info in model.params.iter().filter(|i| !matches!(i.kind, ParamKind::Formula(_)) && bare(&i.support)) {
        push(
            missing,
            text.at(info.support.span, format!("`{}` is neither cited nor said to be assumed", info.name)),
        );
    }
    for claim in model.claims.iter().chain(&model.council_claims).filter(|c| bare(&c.support)) {
        push(
            missing,
            text.at(
                claim.support.span,
                format!("whose statement is claim `{}`? cite it, or say `assumed`", claim.name),
            ),
        );
    }
    for observe in model.observes.iter().filter(|o| bare(&o.support)) {
        push(missing, text.at(observe.support.span, "an observation without a source".to_string()));
    }
    for forecast in &model.forecasts {
        if let Some(base) = forecast.base.as_ref().filter(|b| bare(&b.support)) {
            push(
                missing,
                text.at(base.support.span, format!("the base rate of `{}` has no source", forecast.name)),
            );
        }
        if let Some(resolution) = forecast.resolution.as_ref().filter(|r| bare(&r.support)) {
            push(
                missing,
                text.at(
                    resolution.support.span,
                    format!("the resolution of `{}` has no source", forecast.name),
                ),
            );
        }
    }
}

pub(super) fn alternatives(models: &[Text], missing: &mut Vec<Missing>) {
    let hypotheses: usize = models.iter().map(|t| t.model.hypotheses.len()).sum();
    let variants: usize = models.iter().map(|t| t.model.variants.len()).sum();
    let theories = models.iter().any(|t| !t.model.councils.is_empty());
    let place = models.first().map_or_else(|| "the case".to_string(), |t| t.name.to_string());
    if hypotheses == 0 && variants == 0 && !theories {
        missing.push(Missing {
            place: place.clone(),
            words: "no `hypothesis`, no `variant` and no rival theory: what else could it be?".to_string(),
        });
    }
    for text in models {
        for hypothesis in &text.model.hypotheses {
            if text.model.observes.is_empty() {
                let words = format!("hypothesis `{}` meets no observation", hypothesis.name);
                push(missing, text.at(hypothesis.support.span, words));
            }
        }
    }
    let claims: usize = models.iter().map(|t| t.model.claims.len() + t.model.council_claims.len()).sum();
    if claims < 2 {
        missing.push(Missing { place, words: "fewer than two claims that could fail".to_string() });
    }
}

pub(super) fn clear(text: &Text, missing: &mut Vec<Missing>) {
    let model = text.model;
    if model.doc.is_empty() && model.has_play() {
        let span = model.params.first().map(|p| p.support.span).unwrap_or_default();
        push(missing, text.at(span, "the model has no description: write `///` above `game`".to_string()));
    }
    for claim in model.claims.iter().chain(&model.council_claims).filter(|c| c.support.label.is_empty()) {
        push(missing, text.at(claim.support.span, format!("claim `{}` has no sentence", claim.name)));
    }
    for ask in model.asks.iter().chain(&model.council_asks).filter(|a| a.support.label.is_empty()) {
        push(missing, text.at(ask.support.span, format!("question `{}` has no words", ask.name)));
    }
}

pub(super) fn definite(text: &Text, missing: &mut Vec<Missing>) {
    let model = text.model;
    for claim in model.claims.iter().chain(&model.council_claims) {
        // What is tested may be said in brackets behind what the source says.
        let tested = claim.support.label.contains("(tested") || claim.support.label.contains("(read as");
        if let Some(word) = vague(&claim.support.label).filter(|_| !tested) {
            push(
                missing,
                text.at(claim.support.span, format!("claim `{}` says “{word}”: what is tested?", claim.name)),
            );
        }
    }
    for forecast in &model.forecasts {
        if forecast.made.is_none() {
            push(
                missing,
                text.at(
                    forecast.support.span,
                    format!("forecast `{}` does not say when it was made", forecast.name),
                ),
            );
        }
        if forecast.support.doc.is_empty() {
            push(
                missing,
                text.at(
                    forecast.support.span,
                    format!(
                        "forecast `{}` does not say how it is decided: write `///` above it",
                        forecast.name
                    ),
                ),
            );
        }
        if let Forecasted::Alternatives { arms, .. } = &forecast.body
            && !arms.iter().any(|(_, number)| number.is_none())
        {
            push(
                missing,
                text.at(forecast.support.span, format!("no alternative of `{}` takes `rest`", forecast.name)),
            );
        }
    }
}

pub(super) fn pictures(text: &Text, missing: &mut Vec<Missing>) {
    let game = &text.model.game;
    for (kind, name, label) in game
        .players
        .iter()
        .map(|p| ("player", &p.name, &p.label))
        .chain(game.outcomes.iter().map(|o| ("outcome", &o.name, &o.label)))
    {
        if label.is_empty() {
            let span = text.model.supports.get(name).map(|s| s.span).unwrap_or_default();
            push(missing, text.at(span, format!("{kind} `{name}` has no label for the pictures")));
        }
    }
}
