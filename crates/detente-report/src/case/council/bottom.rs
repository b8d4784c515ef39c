//! What the bottom line says of councils.

use super::super::bottom::{finding_word, short_title, thousands};
use super::super::fill::called;
use super::super::{Judgment, link_id};
use super::CouncilStudied;
use super::claims::hangs_on;
use super::tables::{baselines, percent};
use super::words::{over_theories, place, range};
use detente_answer::ensemble::{ClaimStudy, CouncilStudy};
use detente_answer::shares::Finding;

/// Issues that the bottom line names for each council.
const ISSUES: usize = 1;

/// One judgment for each council: where its issues settle, and what became of the file's claims.
pub fn of_councils(councils: &[CouncilStudied]) -> Vec<Judgment> {
    let mut list = Vec::new();
    for m in councils {
        for (at, council) in m.study.councils.iter().enumerate() {
            list.push(Judgment {
                text: settles(m, council),
                number: if at == 0 { verdicts(m) } else { None },
                hangs_on: if at == 0 { nearest(m) } else { None },
                place: Some((link_id("council", &m.name, &council.name), short_title(m.model, &m.name))),
                ..Judgment::default()
            });
        }
    }
    list
}

/// What was found about a claim of a council; its own label is the sentence.
pub fn of_council_claim(m: &CouncilStudied, k: usize) -> Judgment {
    let claim = &m.study.claims[k];
    let label = called(&claim.label, &claim.name).trim_end_matches('.');
    let cited = !m.model.council_claims[k].support.citations.is_empty();
    let (word, share) = match claim.finding {
        Finding::Fails => ("false", claim.false_in_all as f64 / claim.used.max(1) as f64),
        _ => ("true", share_true(claim)),
    };
    Judgment {
        text: format!("{}“{label}”", if cited { "The author: " } else { "" }),
        about: Some(format!("“{label}”")),
        verdict: (claim.used > 0).then(|| finding_word(claim.finding).to_string()),
        number: (claim.used > 0).then(|| {
            format!("{word} in every theory in {} of {} draws", percent(share), thousands(claim.used))
        }),
        hangs_on: Some(at_base(m, claim)),
        place: Some((link_id("claim", &m.name, &claim.name), short_title(m.model, &m.name))),
        ..Judgment::default()
    }
}

fn settles(m: &CouncilStudied, council: &CouncilStudy) -> String {
    let head = called(&m.model.game.title, &m.name);
    let of = if m.study.councils.len() > 1 {
        format!(", {}", called(&council.label, &council.name))
    } else {
        String::new()
    };
    let issues: Vec<String> = council
        .issues
        .iter()
        .take(ISSUES)
        .filter_map(|issue| {
            let beside: Vec<String> = baselines(council, issue)
                .iter()
                .map(|(word, x)| format!("{word} {}", place(issue, *x)))
                .collect();
            let draws = issue
                .doubt
                .map_or(String::new(), |d| format!("; {} over the draws", range(issue, d.over_draws)));
            let ends = issue.marks.first().zip(issue.marks.last())?;
            Some(format!(
                "“{}” at {} ({}{draws}), {} being “{}” and {} “{}”",
                called(&issue.label, &issue.name),
                range(issue, over_theories(issue)?),
                beside.join(", "),
                place(issue, ends.0.0),
                ends.0.1,
                place(issue, ends.1.0),
                ends.1.1
            ))
        })
        .collect();
    let more = match council.issues.len().saturating_sub(ISSUES) {
        0 => String::new(),
        1 => " One more issue stands in its section.".into(),
        n => format!(" {n} more issues stand in its section."),
    };
    // A title that asks needs no second mark.
    let colon = if of.is_empty() && head.ends_with('?') { "" } else { ":" };
    format!("{head}{of}{colon} {} theories settle {}.{more}", council.theories.len(), issues.join("; "))
}

/// How many claims hold, fail and depend.
fn verdicts(m: &CouncilStudied) -> Option<String> {
    let claims = &m.study.claims;
    if claims.is_empty() || m.study.draws == 0 {
        return None;
    }
    let of = |f: Finding| claims.iter().filter(|c| c.finding == f).count();
    Some(format!(
        "Of {} claims {} in every theory wherever in the ranges the numbers lie, {} in every theory, {} on the numbers or the \
         theory ({} draws)",
        claims.len(),
        many(of(Finding::Holds), "holds", "hold"),
        many(of(Finding::Fails), "fails", "fail"),
        many(of(Finding::Depends), "depends", "depend"),
        thousands(m.study.draws)
    ))
}

fn many(count: usize, one: &str, more: &str) -> String {
    match count {
        0 => format!("none {one}"),
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    }
}

/// The open claim that is nearest to holding, and what it hangs on.
fn nearest(m: &CouncilStudied) -> Option<String> {
    let open = m.study.claims.iter().filter(|c| c.finding == Finding::Depends && c.used > 0);
    let claim = open.max_by(|a, b| share_true(a).total_cmp(&share_true(b)))?;
    let label = called(&claim.label, &claim.name).trim_end_matches('.');
    Some(format!(
        "nearest to holding: “{label}”, true in every theory in {} of {} draws, {}",
        percent(share_true(claim)),
        thousands(claim.used),
        at_base(m, claim)
    ))
}

/// What the verdict at the base values hangs on.
fn at_base(m: &CouncilStudied, claim: &ClaimStudy) -> String {
    let text = hangs_on(m, claim);
    if claim.applies { format!("at the base values {text}") } else { text }
}

fn share_true(claim: &ClaimStudy) -> f64 {
    claim.true_in_all as f64 / claim.used.max(1) as f64
}
