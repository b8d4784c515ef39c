//! The claims that do not follow from what was assumed, and what would rescue each.
//!
//! The one idea: a claim that fails is told as plainly as one that holds, with the least assumption under
//! which it would not.

use super::council::CouncilStudied;
use super::fill::{Studied, studied};
use super::verdicts::{moved, param_label, says};
use super::{Citation, Fallen};
use crate::flips::value_words;
use crate::number::{deviations, significant};
use detente_answer::claims::Column;
use detente_answer::flip::{Flip, Fragile};
use detente_answer::shares::Finding;
use detente_answer::verdict::Class;
use detente_answer::words::percent;
use detente_model::Model;
use detente_model::model::{Cited, Claim};

/// Within so many standard deviations one assumption alone is told, however near several together are.
const NEAR: f64 = 0.5;

/// What the draws say of a claim.
struct Drawn {
    finding: Finding,
    used: u64,
    holds: u64,
    fails: u64,
}

/// The claims of a game that are false at the base values or fail over the draws.
pub(super) fn fallen(m: &Studied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<Fallen> {
    let one = |(k, claim): (usize, &Claim)| {
        let drawn = studied(m, &claim.name).and_then(|(_, c)| {
            let first = c.columns.first()?;
            let (holds, fails) = (first.true_in_all, first.false_in_all);
            Some(Drawn { finding: first.finding, used: c.used, holds, fails })
        });
        let decision = &m.answers.claims[k];
        let base = if decision.applies { decision.class(Column::All) } else { Class::Undefined };
        let words = words(base, drawn.as_ref(), "equilibria")?;
        Some(told(&m.name, m.model, claim, (words, base), m.fragile.get(k), cite))
    };
    m.model.claims.iter().enumerate().filter_map(one).collect()
}

/// The claims about councils that are false at the base values or fail over the draws, in every theory.
pub(super) fn fallen_council(m: &CouncilStudied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<Fallen> {
    let one = |(claim, found): (&Claim, &detente_answer::ensemble::ClaimStudy)| {
        let (holds, fails) = (found.true_in_all, found.false_in_all);
        let drawn = Drawn { finding: found.finding, used: found.used, holds, fails };
        let base = if found.applies { found.base_class } else { Class::Undefined };
        let words = words(base, Some(&drawn), "theories")?;
        Some(told(&m.name, m.model, claim, (words, base), found.fragile.as_ref(), cite))
    };
    m.model.council_claims.iter().zip(&m.study.claims).filter_map(one).collect()
}

/// How plainly a claim does not follow; `None` where it does, or where it is open only.
fn words(base: Class, drawn: Option<&Drawn>, over: &str) -> Option<String> {
    let share = |n: u64, of: u64| percent(n as f64 / of.max(1) as f64);
    let drawn = drawn.filter(|d| d.used > 0);
    match (base, drawn) {
        (_, Some(d)) if d.finding == Finding::Fails => {
            Some(format!("Does not follow: false in all {over} in {} of the draws.", share(d.fails, d.used)))
        }
        (Class::FalseInAll, Some(d)) => Some(format!(
            "Does not follow at the base values; in {} of the draws it does.",
            share(d.holds, d.used)
        )),
        (Class::FalseInAll, None) => Some("Does not follow at the base values.".into()),
        _ => None,
    }
}

fn told(
    name: &str,
    model: &Model,
    claim: &Claim,
    (words, base): (String, Class),
    fragile: Option<&Fragile>,
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) -> Fallen {
    Fallen {
        model: name.into(),
        name: claim.name.clone(),
        says: says(claim).trim_end_matches('.').to_string(),
        cited: cite(&claim.support.citations),
        words,
        rescue: match base {
            Class::FalseInAll => rescue(model, fragile),
            Class::TrueInAll => {
                "It follows at the base values, which lie at the edge of where it does.".into()
            }
            Class::TrueInSome => "At the base values some of the equilibria or theories bear it out.".into(),
            Class::Undefined => "It speaks of other values than the base values.".into(),
        },
    }
}

/// The assumption that would rescue a claim which is false at the base values.
fn rescue(model: &Model, fragile: Option<&Fragile>) -> String {
    let alone = fragile.and_then(Fragile::weakest);
    let joint = fragile.and_then(|f| f.joint.as_ref());
    let near = |flip: &Flip| flip.deviations.unwrap_or(f64::INFINITY);
    match (alone, joint) {
        // One assumption is easier to judge than several, if it need not go much farther.
        (Some(flip), joint) if joint.is_none_or(|j| near(flip) <= (2.0 * j.distance).max(NEAR)) => {
            one(model, flip)
        }
        (_, Some(joint)) if joint.distance < crate::flips::EDGE => {
            "The base values lie on an edge: the slightest change of several numbers rescues it.".into()
        }
        (_, Some(joint)) => format!(
            "What would rescue it{}, together: {} ({} standard deviations away).",
            if joint.becomes == Class::TrueInSome { " in part" } else { "" },
            moved(model, joint),
            deviations(joint.distance)
        ),
        _ => {
            "No assumption within four standard deviations of the base values was found that would rescue it."
                .into()
        }
    }
}

fn one(model: &Model, flip: &Flip) -> String {
    let value = flip.nearest().unwrap_or(flip.base);
    let side = if value > flip.base { "above" } else { "below" };
    let far =
        flip.deviations.map_or(String::new(), |d| format!("; {} standard deviations away", deviations(d)));
    format!(
        "What would rescue it, at least in part: {} {side} {} (it is {}{far}).",
        param_label(model, &flip.param),
        value_words(value, flip.because()),
        significant(flip.base)
    )
}
