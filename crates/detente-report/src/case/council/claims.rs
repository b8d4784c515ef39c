//! Claims about councils as rows of the page's table of claims.

use super::super::fill::{after_sign, called, citations_of, param_label, truth, verdict};
use super::super::{Citation, ClaimRow, Hang, OverPriors, Shares};
use super::CouncilStudied;
use super::tables::percent;
use crate::number::significant;
use detente_answer::ensemble::ClaimStudy;
use detente_answer::verdict::Class;
use detente_model::model::{Cited, Claim};

/// One row for each claim of the file.
pub fn claim_rows(m: &CouncilStudied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<ClaimRow> {
    m.model
        .council_claims
        .iter()
        .zip(&m.study.claims)
        .map(|(claim, found)| row(m, claim, found, cite))
        .collect()
}

fn row(
    m: &CouncilStudied,
    claim: &Claim,
    found: &ClaimStudy,
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) -> ClaimRow {
    let n = found.used.max(1) as f64;
    let by_theory = |at: usize| match found.theories[at].as_str() {
        "" => "needs no theory".to_string(),
        word => word.to_string(),
    };
    let alike = found.base.windows(2).all(|w| w[0] == w[1]);
    let mut base = vec![];
    if found.applies {
        let what = if found.theories.len() > 1 { "all theories".to_string() } else { by_theory(0) };
        base.push((what, truth(found.base_class)));
    }
    let against: Vec<String> = found
        .theories
        .iter()
        .zip(&found.base)
        .filter(|(_, b)| **b == Some(false))
        .map(|(t, _)| t.clone())
        .collect();
    ClaimRow {
        name: found.name.clone(),
        says: called(&found.label, &found.name).to_string(),
        cited: cite(&claim.support.citations),
        formal: after_sign(m.texts, claim.support.span),
        model: m.name.clone(),
        base,
        base_values: match (found.applies, alike) {
            (false, _) => "does not speak of the base values".into(),
            (true, true) => String::new(),
            (true, false) => format!("false in {}", against.join(", ")),
        },
        over_priors: (m.study.draws > 0).then(|| OverPriors {
            draws: found.used,
            verdict: verdict(found.finding),
            shares: Shares {
                all: found.true_in_all as f64 / n,
                some: found.true_in_some as f64 / n,
                none: found.false_in_all as f64 / n,
                undefined: found.undefined as f64 / n,
            },
            weighted: None,
            effective: None,
            refuted: 0,
        }),
        hangs_on: hangs_on(m, found),
        would_change: by_theories(found),
        flip: String::new(),
        drivers: vec![],
        other_drivers: String::new(),
    }
}

/// The assumption that the verdict hangs on at the base values.
pub fn hangs_on(m: &CouncilStudied, found: &ClaimStudy) -> String {
    if !found.applies {
        return "its own restriction is false at the base values".into();
    }
    let word = match found.base_class {
        Class::TrueInAll => "true",
        Class::FalseInAll => "false",
        Class::TrueInSome => "true in some theories only",
        Class::Undefined => "undefined",
    };
    match found.tipping.first() {
        Some(tip) => {
            let side = if tip.value > tip.base { "below" } else { "above" };
            let who = match tip.theories.len() == found.theories.len() {
                true => String::new(),
                false => format!("; it turns in {}", tip.theories.join(", ")),
            };
            format!(
                "{word} while {} stays {side} {} (it is {}){who}",
                param_label(m.model, &tip.param),
                significant(tip.value),
                significant(tip.base)
            )
        }
        None if found.true_in_all < found.used && found.false_in_all < found.used => {
            format!("{word}, and no single number changes that within its range; several together do")
        }
        None => format!("{word} by the shape of the table: nothing was found that changes it"),
    }
}

/// In what share of the draws each theory says that it is false.
fn by_theories(found: &ClaimStudy) -> String {
    let parts: Vec<String> = found
        .theories
        .iter()
        .zip(&found.shares)
        .filter_map(|(word, share)| {
            let name = if word.is_empty() { "without a theory" } else { word };
            share.map(|s| format!("{name} {}", percent(1.0 - s)))
        })
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("Share of draws in which it is false, by theory: {}.", parts.join(", "))
    }
}

/// Which sources and bare assumptions each claim hangs on: its own, and those of what tips it.
pub fn hangs(m: &CouncilStudied, keys: &[String]) -> Vec<Hang> {
    let one = |(claim, found): (&Claim, &ClaimStudy)| {
        let mut sources: Vec<usize> =
            citations_of(keys, &claim.support.citations).iter().map(|c| c.source).collect();
        let mut assumptions = Vec::new();
        let names: Vec<&str> = found.tipping.iter().map(|t| t.param.as_str()).collect();
        for info in m.model.params.iter().filter(|i| names.contains(&i.name.as_str())) {
            sources.extend(citations_of(keys, &info.support.citations).iter().map(|c| c.source));
            if info.support.citations.is_empty() {
                assumptions.push(called(&info.support.label, &info.name).to_string());
            }
        }
        sources.sort_unstable();
        sources.dedup();
        Hang { conclusion: called(&claim.support.label, &claim.name).to_string(), sources, assumptions }
    };
    m.model.council_claims.iter().zip(&m.study.claims).map(one).collect()
}
