//! The author's own words: vague ones, and likelihood mixed with confidence in one sentence.

use super::{Missing, Text, on_page};
use crate::case::notes::{KeyNote, Notes};

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

/// What the author's own words must have.
pub(super) fn words(models: &[Text], notes: &Notes, page: bool, found: &mut [Vec<Missing>]) {
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

pub(super) fn sentence(note: &KeyNote) -> Option<Missing> {
    if note.about.is_none() {
        let words = format!("no claim stands behind “{}”: end it with `[name: verdict]`", short(&note.text));
        return Some(on_page(&words));
    }
    let word = vague(&note.text).filter(|_| note.expects.is_none())?;
    Some(on_page(&format!("“{word}” in “{}”: say how likely, or `[name: verdict]`", short(&note.text))))
}

pub(super) fn vague(text: &str) -> Option<&'static str> {
    let text = plain(text);
    VAGUE.into_iter().find(|word| text.contains(&format!(" {word} ")))
}

fn mixes(text: &str) -> bool {
    let text = plain(text);
    let has = |list: &[&str]| list.iter().any(|word| text.contains(&format!(" {word} ")));
    has(&CONFIDENCE) && has(&LIKELIHOOD)
}

/// Lower case, words apart by single spaces.
pub(super) fn plain(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub(super) fn short(text: &str) -> String {
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
