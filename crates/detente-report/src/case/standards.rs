//! The nine tradecraft standards of Intelligence Community Directive 203 (2015) as checks of a case.
//!
//! The one idea: each standard becomes questions that a machine can answer about the model's text and the
//! author's words, and each answer that is missing has a place. That a standard is met here does not make
//! an analysis good; that it is not met is worth an hour.

use super::notes::{KeyNote, Notes};
use crate::provenance::grade_words;
use detente_diag::{Sources, Span};
use detente_model::Model;
use detente_model::forecast::Forecasted;
use detente_model::model::{ParamInfo, ParamKind, Support};
use serde::Serialize;

/// A model of the case, with its name and its text.
pub struct Text<'m> {
    pub name: &'m str,
    pub model: &'m Model,
    pub texts: &'m Sources,
}

/// One standard, and what is missing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standard {
    /// 1 to 9, as the directive counts them.
    pub number: u8,
    pub title: &'static str,
    pub met: bool,
    pub missing: Vec<Missing>,
}

/// What is missing, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// File, line and column, or `case.md`.
    pub place: String,
    pub words: String,
}

/// What the directive asks, in its order.
const TITLES: [&str; 9] = [
    "Sources: quality and credibility are described",
    "Uncertainty is expressed and explained",
    "Information, assumptions and judgments are told apart",
    "Alternatives are analysed",
    "Relevance to the reader, and implications",
    "The argument is clear, the main message first",
    "Change from earlier judgments is explained",
    "Judgments are definite enough to be wrong",
    "Pictures can be read",
];

/// Words that promise without saying how much.
const VAGUE: [&str; 10] = [
    "may",
    "might",
    "could",
    "possibly",
    "perhaps",
    "cannot rule out",
    "a real possibility",
    "some chance",
    "potentially",
    "in principle",
];

/// Words for confidence, which never share a sentence with a likelihood.
const CONFIDENCE: [&str; 2] = ["confidence", "confident"];

/// Words for likelihood.
const LIKELIHOOD: [&str; 9] = [
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even",
    "likely",
    "very likely",
    "almost certain",
    "probable",
    "improbable",
];

/// Most messages kept for one standard and one model.
const MOST: usize = 40;

/// Checks a case. `page` says whether the author's words (`case.md`) exist.
pub fn standards(models: &[Text], notes: &Notes, page: bool) -> Vec<Standard> {
    let mut found: Vec<Vec<Missing>> = vec![Vec::new(); TITLES.len()];
    for text in models {
        sources(text, &mut found[0]);
        uncertainty(text, &mut found[1]);
        apart(text, &mut found[2]);
        clear(text, &mut found[5]);
        definite(text, &mut found[7]);
        pictures(text, &mut found[8]);
    }
    alternatives(models, &mut found[3]);
    words(models, notes, page, &mut found);
    let standard = |(at, missing): (usize, Vec<Missing>)| Standard {
        number: at as u8 + 1,
        title: TITLES[at],
        met: missing.is_empty(),
        missing,
    };
    found.into_iter().enumerate().map(standard).collect()
}

impl Text<'_> {
    fn at(&self, span: Span, words: String) -> Missing {
        let place = self.texts.place(span.file, span.start);
        let name = self.texts.get(span.file).map_or("", |file| file.name.as_str());
        Missing { place: format!("{name}:{}:{}", place.line, place.column), words }
    }
}

fn on_page(words: &str) -> Missing {
    Missing { place: "case.md".to_string(), words: words.to_string() }
}

fn push(list: &mut Vec<Missing>, one: Missing) {
    // Two models may share a bibliography and an included file.
    if !list.contains(&one) && list.len() < MOST {
        list.push(one);
    }
}

fn sources(text: &Text, missing: &mut Vec<Missing>) {
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

fn uncertainty(text: &Text, missing: &mut Vec<Missing>) {
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

fn apart(text: &Text, missing: &mut Vec<Missing>) {
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

fn alternatives(models: &[Text], missing: &mut Vec<Missing>) {
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

fn clear(text: &Text, missing: &mut Vec<Missing>) {
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

fn definite(text: &Text, missing: &mut Vec<Missing>) {
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

fn pictures(text: &Text, missing: &mut Vec<Missing>) {
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

/// What the author's own words must have.
fn words(models: &[Text], notes: &Notes, page: bool, found: &mut [Vec<Missing>]) {
    if !page {
        for (at, words) in [
            (2, "there is no case.md: known, assumed and judged are not told apart in words"),
            (4, "there is no case.md: nobody says which question this answers"),
            (5, "there is no case.md: no bottom line stands first"),
            (6, "there is no case.md: nothing is said of earlier judgments"),
        ] {
            found[at].push(on_page(words));
        }
        return;
    }
    let lacks =
        |list: &[String], heading: &str| list.is_empty().then(|| on_page(&format!("add `## {heading}`")));
    found[2].extend(lacks(&notes.known, "What we know"));
    found[2].extend(lacks(&notes.judged, "What we judge"));
    if notes.question.is_empty() {
        found[4].push(on_page("the question that the case answers does not stand under the title"));
    }
    if notes.cutoff.is_empty() {
        found[4].push(on_page("add `information up to: DATE` under the title"));
    }
    let forecasts = models.iter().any(|t| !t.model.forecasts.is_empty());
    let asked = models.iter().any(|t| !t.model.asks.is_empty() || !t.model.council_asks.is_empty());
    if !forecasts && !asked {
        found[4].push(on_page("no question and no forecast: what should the reader do with it?"));
    }
    if notes.judgments.is_empty() {
        found[5].push(on_page("add `## Bottom line`: the main message stands first"));
    }
    found[5].extend(lacks(&notes.left_out, "What this model leaves out"));
    found[6].extend(lacks(&notes.changed, "What changed"));
    for note in &notes.judgments {
        found[7].extend(sentence(note));
        if mixes(&note.text) {
            found[1].push(on_page(&format!(
                "likelihood and confidence share a sentence: “{}”",
                short(&note.text)
            )));
        }
    }
}

fn sentence(note: &KeyNote) -> Option<Missing> {
    if note.about.is_none() {
        let words = format!("no claim stands behind “{}”: end it with `[name: verdict]`", short(&note.text));
        return Some(on_page(&words));
    }
    let word = vague(&note.text).filter(|_| note.expects.is_none())?;
    Some(on_page(&format!("“{word}” in “{}”: say how likely, or `[name: verdict]`", short(&note.text))))
}

fn vague(text: &str) -> Option<&'static str> {
    let text = plain(text);
    VAGUE.into_iter().find(|word| text.contains(&format!(" {word} ")))
}

fn mixes(text: &str) -> bool {
    let text = plain(text);
    let has = |list: &[&str]| list.iter().any(|word| text.contains(&format!(" {word} ")));
    has(&CONFIDENCE) && has(&LIKELIHOOD)
}

/// Lower case, words apart by single spaces.
fn plain(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    format!("{} …", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_words_are_found_whole() {
        assert_eq!(vague("Finland may join."), Some("may"));
        assert_eq!(vague("Mayors join"), None);
        assert!(mixes("With high confidence it is likely"));
        assert!(!mixes("It is likely. The basis is moderate"));
    }
}
