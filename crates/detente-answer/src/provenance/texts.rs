//! Does a text have what is cited from it? Locators against paragraphs and pages, digests against words.
//!
//! A paragraph is a block between blank lines, counted from 1; a page ends at a form feed. A digest is the
//! beginning of the SHA-256 of a paragraph with its white space made single, so a reader who has the text
//! can see that it is the one that was cited, though the text itself may not be copied.

use detente_model::bib::Source;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What became of one citation or digest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    pub key: String,
    /// `¶6`, `p. 34`, or the words of a locator that cannot be looked up.
    pub place: String,
    pub verdict: Verdict,
    /// The first words of what stands there, or what is wrong.
    pub words: String,
}

/// Whether a place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The place exists; where a digest is given, the words are the cited ones.
    Confirmed,
    /// The text has no such place, or other words stand there.
    Wrong,
    /// The locator names nothing that can be looked up in a plain text.
    NotChecked,
}

/// Digits of a digest that a bibliography needs at least.
const LEAST_DIGITS: usize = 4;
/// Digits that are proposed.
pub const DIGITS: usize = 12;

/// The paragraphs of a text, from 1.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        match (line.is_empty(), open) {
            (true, _) => open = false,
            (false, true) => {
                if let Some(last) = list.last_mut() {
                    last.push(' ');
                    last.push_str(&line);
                }
            }
            (false, false) => {
                list.push(line);
                open = true;
            }
        }
    }
    list
}

/// The digest of a paragraph: hexadecimal digits of its SHA-256.
pub fn digest(paragraph: &str) -> String {
    Sha256::digest(paragraph.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks the locators of a source, and its digests, against its text.
pub fn check(key: &str, source: &Source, locators: &[String], text: &str) -> Vec<Check> {
    let paragraphs = paragraphs(text);
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let mut checks = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for part in locators.iter().flat_map(|locator| locator.split([',', ';'])) {
        let part = part.trim().to_string();
        if part.is_empty() || seen.contains(&part) {
            continue;
        }
        seen.push(part.clone());
        checks.push(place(key, &part, &paragraphs, &pages));
    }
    for (number, wanted) in digests(source) {
        let (verdict, words) = match (number.checked_sub(1).and_then(|at| paragraphs.get(at)), wanted.len()) {
            (_, short) if short < LEAST_DIGITS => {
                (Verdict::NotChecked, format!("a digest needs at least {LEAST_DIGITS} digits"))
            }
            (None, _) => (Verdict::Wrong, format!("the text has {} paragraphs", paragraphs.len())),
            (Some(found), _) if digest(found).starts_with(&wanted) => (Verdict::Confirmed, opening(found)),
            (Some(found), _) => (
                Verdict::Wrong,
                format!("other words stand there: digest {}, {}", &digest(found)[..DIGITS], opening(found)),
            ),
        };
        checks.push(Check { key: key.to_string(), place: format!("digest of ¶{number}"), verdict, words });
    }
    checks
}

/// The digests of a source's entry: `digest = {6:ab12…, 7:cd34…}`.
pub fn digests(source: &Source) -> Vec<(usize, String)> {
    let field = source.field("digest").unwrap_or("");
    let pair = |part: &str| {
        let (number, digits) = part.split_once(':')?;
        Some((number.trim().trim_start_matches('¶').parse().ok()?, digits.trim().to_ascii_lowercase()))
    };
    field.split([',', ';']).filter_map(pair).collect()
}

fn place(key: &str, part: &str, paragraphs: &[String], pages: &[&str]) -> Check {
    let check =
        |verdict, words: String| Check { key: key.to_string(), place: part.to_string(), verdict, words };
    let numbers = |rest: &str| -> Option<(usize, usize)> {
        let mut ends =
            rest.trim().split(['-', '\u{2013}']).map(|end| end.trim().trim_start_matches('¶').parse().ok());
        let first = ends.next()??;
        let last = match ends.next() {
            Some(last) => last?,
            None => first,
        };
        (ends.next().is_none() && first >= 1 && first <= last).then_some((first, last))
    };
    if let Some(rest) = part.strip_prefix('¶').or_else(|| part.strip_prefix("para. ")) {
        return match numbers(rest) {
            Some((first, last)) if last <= paragraphs.len() => {
                check(Verdict::Confirmed, opening(&paragraphs[first - 1]))
            }
            Some(_) => check(Verdict::Wrong, format!("the text has {} paragraphs", paragraphs.len())),
            None => check(Verdict::NotChecked, "not a number of a paragraph".to_string()),
        };
    }
    if let Some(rest) = part.strip_prefix("pp.").or_else(|| part.strip_prefix("p.")) {
        return match numbers(rest) {
            _ if pages.len() < 2 => check(Verdict::NotChecked, "the text has no page breaks".to_string()),
            Some((first, last)) if last <= pages.len() => {
                check(Verdict::Confirmed, opening(pages[first - 1]))
            }
            Some(_) => check(Verdict::Wrong, format!("the text has {} pages", pages.len())),
            None => check(Verdict::NotChecked, "not a number of a page".to_string()),
        };
    }
    check(Verdict::NotChecked, "only paragraphs (¶6) and pages (p. 34) can be looked up".to_string())
}

/// The first words of a paragraph.
fn opening(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(9).collect();
    let more = text.split_whitespace().nth(9).is_some();
    format!("“{}{}”", words.join(" "), if more { " …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "A title\n\nFirst line\n  goes   on.\n\n\nThird.\n";

    fn source(digest: &str) -> Source {
        let read = detente_model::bib::read(&format!("@book{{a, digest = {{{digest}}}}}"));
        read.entries["a"].clone()
    }

    #[test]
    fn paragraphs_are_blocks_between_blank_lines() {
        assert_eq!(paragraphs(TEXT), ["A title", "First line goes on.", "Third."]);
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn places_are_looked_up() {
        let verdicts = |locator: &str| -> Vec<Verdict> {
            check("a", &source(""), &[locator.to_string()], TEXT).iter().map(|c| c.verdict).collect()
        };
        use super::Verdict::{Confirmed, NotChecked, Wrong};
        assert_eq!(verdicts("¶1, ¶3, ¶4"), [Confirmed, Confirmed, Wrong]);
        assert_eq!(verdicts("¶1-3, ¶3–4, ¶x"), [Confirmed, Wrong, NotChecked]);
        assert_eq!(verdicts("p. 3, tab. 2"), [NotChecked, NotChecked]);
        let pages = check("a", &source(""), &["p. 2, p. 3".to_string()], "one\u{c}two");
        assert_eq!(pages.iter().map(|c| c.verdict).collect::<Vec<_>>(), [Confirmed, Wrong]);
    }

    #[test]
    fn a_digest_tells_one_text_from_another() {
        let right = &digest("First line goes on.")[..8];
        let found = check("a", &source(&format!("2:{right}, 3:abcdef, 9:abcdef, 1:ab")), &[], TEXT);
        let verdicts: Vec<Verdict> = found.iter().map(|c| c.verdict).collect();
        assert_eq!(verdicts, [Verdict::Confirmed, Verdict::Wrong, Verdict::Wrong, Verdict::NotChecked]);
    }
}
