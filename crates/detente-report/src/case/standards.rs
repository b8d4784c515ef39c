//! The nine tradecraft standards of Intelligence Community Directive 203 (2015) as checks of a case.
//!
//! The one idea: each standard becomes questions that a machine can answer about the model's text and the
//! author's words, and each answer that is missing has a place. That a standard is met here does not make
//! an analysis good; that it is not met is worth an hour.

mod language;
mod statements;

use super::notes::Notes;
use detente_diag::{Sources, Span};
use detente_model::Model;
use language::words;
use serde::Serialize;
use statements::{alternatives, apart, clear, definite, pictures, sources, uncertainty};

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
