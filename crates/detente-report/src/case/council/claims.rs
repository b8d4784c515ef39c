//! Claims about councils as rows of the page's table of claims.

use super::super::fill::{after_sign, truth, verdict};
use super::super::verdicts::{cell_label, hang_on, least_change, says};
use super::super::{Citation, ClaimRow, Hang, OverPriors, Shares};
use super::CouncilStudied;
use super::tables::percent;
use crate::number::significant;
use detente_answer::ensemble::ClaimStudy;
use detente_answer::flip::Fragile;
use detente_answer::verdict::Class;
use detente_answer::witness::Place;
use detente_model::model::{Cited, Claim};

/// Numbers of a witness that are told.
const NUMBERS: usize = 6;

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
        says: says(claim),
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
        flip_distance: found.fragile.as_ref().filter(|_| found.applies).and_then(|f| flip_distance(f, found)),
        would_change: [witness(m, found), by_theories(found)].join(" ").trim().to_string(),
        flip: flip(m, found),
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
            let who = match tip.theories.len() == found.theories.len() {
                true => String::new(),
                false => format!("; it turns in {}", tip.theories.join(", ")),
            };
            let (name, at) = (cell_label(m.model, &tip.param), significant(tip.base));
            match (significant(tip.value) == at, tip.value > tip.base) {
                (true, above) => {
                    let side = if above { "above" } else { "below" };
                    format!(
                        "{word}, and on an edge: any value of {name} {side} {at}, where it is, changes that{who}"
                    )
                }
                (false, true) => {
                    format!("{word} while {name} stays below {} (it is {at}){who}", significant(tip.value))
                }
                (false, false) => {
                    format!("{word} while {name} stays above {} (it is {at}){who}", significant(tip.value))
                }
            }
        }
        None if found.fragile.as_ref().is_some_and(|f| f.joint.is_some()) => {
            format!(
                "{word}, and no single number was found to change that within its range; several together do"
            )
        }
        None => match otherwise(found) {
            Some(share) => format!(
                "{word}, and no single number was found to change that within its range; {share} of the draws say \
                 otherwise"
            ),
            None => format!("{word} by the shape of the table: nothing was found that changes it"),
        },
    }
}

/// How far the change that [`hangs_on`] tells of is, in standard deviations.
fn flip_distance(fragile: &Fragile, found: &ClaimStudy) -> Option<f64> {
    match found.tipping.first() {
        Some(tip) => fragile.alone.iter().find(|f| f.param == tip.param)?.deviations,
        None => fragile.joint.as_ref().map(|j| j.distance),
    }
}

/// The share of the draws in which the theories say otherwise together than at the base values.
fn otherwise(found: &ClaimStudy) -> Option<String> {
    let same = match found.base_class {
        Class::TrueInAll => found.true_in_all,
        Class::TrueInSome => found.true_in_some,
        Class::FalseInAll => found.false_in_all,
        Class::Undefined => return None,
    };
    let other = found.used.saturating_sub(same + found.undefined);
    (other > 0).then(|| percent(other as f64 / found.used as f64))
}

/// The least change of several numbers that overturns it, as a sentence.
fn flip(m: &CouncilStudied, found: &ClaimStudy) -> String {
    match found.fragile.as_ref().filter(|_| found.applies) {
        None => String::new(),
        Some(fragile) => match &fragile.joint {
            Some(joint) => least_change(m.model, fragile, joint),
            None => {
                let none =
                    "No change of the numbers within four standard deviations was found that overturns it.";
                let otherwise = otherwise(found).map_or(String::new(), |share| {
                    format!(" Farther out it is: {share} of the draws say otherwise.")
                });
                format!("{none}{otherwise}")
            }
        },
    }
}

/// Numbers at which it is false.
fn witness(m: &CouncilStudied, found: &ClaimStudy) -> String {
    let Some(witness) = &found.witness else {
        return match found.fragile {
            Some(_) => "No numbers were found at which it is false: it follows from the shape of the table, as far as \
                        the search sees."
                .into(),
            None => String::new(),
        };
    };
    let place = match witness.place {
        Place::Base => "at the base values",
        Place::Corner => "at these ends of the ranges, with all else at its base value",
        Place::Draw | Place::Doubled => "at these numbers, with all else at its base value",
    };
    let who = match (witness.in_all, found.theories.len()) {
        (_, 1) => String::new(),
        (true, _) => ", in every theory".into(),
        (false, _) => format!(", in {}", witness.theories.join(", ")),
    };
    let numbers: Vec<String> = witness
        .params
        .iter()
        .take(NUMBERS)
        .map(|(name, value)| format!("{} = {}", cell_label(m.model, name), significant(*value)))
        .collect();
    let more = match witness.params.len().saturating_sub(NUMBERS) {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let numbers = if numbers.is_empty() { String::new() } else { format!(": {}{more}", numbers.join(", ")) };
    format!("False {place}{who}{numbers}.")
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
        let names: Vec<&str> = found.tipping.iter().map(|t| t.param.as_str()).collect();
        hang_on(m.model, claim, &names, keys)
    };
    m.model.council_claims.iter().zip(&m.study.claims).map(one).collect()
}
