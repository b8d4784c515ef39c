//! From answered models to a report.
//!
//! The one idea: every sentence here is put together from computed parts and the author's own
//! labels; no number is made.

use super::basis::basis;
use super::council::CouncilStudied;
use super::notes::Notes;
use super::played::model_part;
use super::verdicts::{claim_row, hang};
use super::*;
use crate::asks::Answers;
use detente_answer::flip::Fragile;
use detente_answer::infer::ModelInference;
use detente_answer::shares::Finding;
use detente_answer::solved::Point;
use detente_answer::study::{ClaimStudy, Study};
use detente_answer::verdict::Class;
use detente_answer::witness::Witness;
use detente_diag::{Sources, Span};
use detente_model::Model;
use detente_model::model::Cited;

/// One model of a case with everything that was found.
pub struct Studied<'m> {
    /// The file's name without its ending.
    pub name: String,
    pub model: &'m Model,
    pub texts: &'m Sources,
    pub point: &'m Point<'m>,
    pub answers: Answers,
    /// Per claim.
    pub witnesses: Vec<Option<Witness>>,
    /// Per claim, what overturns it.
    pub fragile: Vec<Fragile>,
    pub advice: Advice,
    pub ranges: Ranges,
    /// What the observations say, under quantal response too; `None` where nothing was observed.
    pub inference: Option<ModelInference>,
}

/// Puts the report together.
pub fn case_report(
    notes: &Notes,
    models: &[Studied],
    councils: &[CouncilStudied],
    run: RunNote,
) -> CaseReport {
    let all: Vec<&Model> = models.iter().map(|m| m.model).chain(councils.iter().map(|c| c.model)).collect();
    let keys = source_keys(&all);
    let cite = |list: &[Cited]| citations_of(&keys, list);
    let mut report = CaseReport {
        title: notes.title.clone(),
        question: notes.question.clone(),
        date: notes.date.clone(),
        cutoff: notes.cutoff.clone(),
        scope: notes.scope.clone(),
        left_out: notes.left_out.clone(),
        changed: notes.changed.clone(),
        run,
        ..CaseReport::default()
    };
    let plain = |text: &String| Statement { text: text.clone(), ..Statement::default() };
    report.known.extend(notes.known.iter().map(plain));
    report.judged.extend(notes.judged.iter().map(plain));
    for m in models {
        report.claims.extend(m.model.claims.iter().enumerate().map(|(k, c)| claim_row(m, k, c, &cite)));
        report.fallen.extend(super::rescue::fallen(m, &cite));
        report.models.push(model_part(m));
        basis(&mut report, (&m.name, m.model, m.texts), &cite);
        report.evidence.extend(super::updates::evidence_parts(m, &cite));
        report.ranges.extend(super::ranges::range_parts(m));
        report.levers.extend(super::advice::lever_parts(m));
        report.indicators.extend(super::advice::indicator_parts(m));
        report.information.extend(super::advice::information_parts(m));
        report.hangs.extend(m.model.claims.iter().enumerate().map(|(k, c)| hang(m, k, c, &keys)));
    }
    for c in councils {
        report.fallen.extend(super::rescue::fallen_council(c, &cite));
        report.councils.extend(super::council::council_parts(c, &cite));
        // A file with a game and a council has its parameters listed already.
        if !models.iter().any(|m| m.name == c.name) {
            basis(&mut report, (&c.name, c.model, c.texts), &cite);
        }
        report.hangs.extend(super::council::hangs(c, &keys));
    }
    report.sources = keys.iter().map(|key| source_row(&all, key)).collect();
    report.judgments = super::bottom::judgments(notes, models, councils);
    report
}

/// All keys that are cited, in the order of their first mention in the bibliographies.
fn source_keys(models: &[&Model]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in models.iter().flat_map(|m| m.sources.keys()) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

pub(super) fn citations_of(keys: &[String], list: &[Cited]) -> Vec<Citation> {
    let one = |c: &Cited| {
        let source = keys.iter().position(|k| *k == c.key)? + 1;
        Some(Citation { source, locator: c.locator.clone() })
    };
    list.iter().filter_map(one).collect()
}

fn source_row(models: &[&Model], key: &str) -> SourceRow {
    let Some(source) = models.iter().find_map(|m| m.sources.get(key)) else {
        return SourceRow { key: key.into(), reference: key.into(), ..SourceRow::default() };
    };
    let field = |name: &str| source.field(name).map(str::to_string);
    let place = field("journal").or_else(|| field("publisher")).or_else(|| field("organization"));
    let parts: Vec<String> = [field("author"), field("title"), place, source.year().map(str::to_string)]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    let reference = if parts.is_empty() { key.to_string() } else { parts.join(", ") };
    SourceRow {
        key: key.into(),
        reference,
        url: field("url"),
        via: field("via"),
        grade: field("grade"),
        note: field("note"),
    }
}

/// The label if there is one, else the name.
pub(super) fn called<'a>(label: &'a str, name: &'a str) -> &'a str {
    if label.is_empty() { name } else { label }
}

/// What stands after the item's own `=` or `~` in the text of the model.
pub(super) fn after_sign(texts: &Sources, span: Span) -> String {
    let text = texts.text(span);
    let (mut quoted, mut depth) = (false, 0_i32);
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' | '(' | '{' if !quoted => depth += 1,
            ']' | ')' | '}' if !quoted => depth -= 1,
            '=' | '~' if !quoted && depth == 0 => {
                let before = at.checked_sub(1).and_then(|i| bytes.get(i));
                let compares =
                    bytes.get(at + 1) == Some(&b'=') || matches!(before, Some(b'=' | b'<' | b'>' | b'!'));
                if !compares {
                    return text[at + 1..].split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn truth(class: Class) -> Truth {
    match class {
        Class::TrueInAll => Truth::All,
        Class::TrueInSome => Truth::Some,
        Class::FalseInAll => Truth::None,
        Class::Undefined => Truth::Undefined,
    }
}

pub(super) fn verdict(finding: Finding) -> Verdict {
    match finding {
        Finding::Holds => Verdict::Holds,
        Finding::Fails => Verdict::Fails,
        Finding::Depends => Verdict::Depends,
        Finding::Vacuous => Verdict::Vacuous,
    }
}

pub(super) fn studied<'m>(m: &'m Studied, name: &str) -> Option<(&'m Study, &'m ClaimStudy)> {
    let study = m.answers.study.as_ref()?;
    Some((study, study.claims.iter().find(|c| c.name == name)?))
}
