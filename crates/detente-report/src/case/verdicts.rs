//! What was found about each claim, in words.
//!
//! The one idea: a verdict never stands alone. Beside it stand the value at which it turns, the least change
//! that overturns it, what drives it, and a point at which it is false; each was computed elsewhere.

use super::fill::{Studied, after_sign, called, citations_of, studied, truth, verdict};
use super::{Citation, ClaimRow, Hang, OverPriors, Range, Shares, WeightedShares};
use crate::asks::column_words;
use crate::number::{deviations, short, short_num, significant};
use detente_answer::claims::{Column, Decision};
use detente_answer::drivers::Driver;
use detente_answer::flip::{Fragile, Joint, Over};
use detente_answer::study::{ClaimStudy, ColumnStudy, Study};
use detente_answer::verdict::Class;
use detente_answer::witness::place_words;
use detente_answer::words;
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::{Cited, Claim};

/// Parameters named of a joint change, those that move farthest.
const MOVES: usize = 4;

pub(super) fn claim_row(
    m: &Studied,
    k: usize,
    claim: &Claim,
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) -> ClaimRow {
    let decision = &m.answers.claims[k];
    let found = studied(m, &claim.name);
    let drivers = found.map(|(_, c)| c.drivers.as_slice()).unwrap_or_default();
    ClaimRow {
        name: claim.name.clone(),
        says: says(claim),
        cited: cite(&claim.support.citations),
        formal: after_sign(m.texts, claim.support.span),
        model: m.name.clone(),
        base: match decision.applies {
            true => decision
                .columns
                .iter()
                .map(|c| (column_words(c.column).to_string(), truth(decision.class(c.column))))
                .collect(),
            false => vec![],
        },
        base_values: match decision.applies {
            true => margins(decision),
            false => "does not speak of the base values".into(),
        },
        over_priors: found.and_then(|(s, c)| Some(over_priors(s, c, c.columns.first()?))),
        hangs_on: hangs_on(m, k, decision),
        flip_distance: m.fragile.get(k).filter(|_| decision.applies).and_then(flip_distance),
        would_change: would_change(m, k),
        flip: flip_words(m, k),
        drivers: drivers.iter().map(driver_words).collect(),
        other_drivers: found.map_or(String::new(), |(s, c)| others(c, s.draws)),
    }
}

fn margins(decision: &Decision) -> String {
    let ends: Vec<_> = decision.rows.iter().filter_map(|r| r.margin.as_ref()).collect();
    let Some(low) = ends.iter().map(|e| &e.0).min_by(|a, b| a.value.total_cmp(&b.value)) else {
        return String::new();
    };
    let high = ends.iter().map(|e| &e.1).max_by(|a, b| a.value.total_cmp(&b.value)).unwrap_or(low);
    let size = |n: &detente_game::solution::Num| short_num(n).trim_start_matches('-').replacen("≈-", "≈", 1);
    let range = |a: String, b: String| if a == b { a } else { format!("{a} to {b}") };
    match (low.value > 0.0, high.value < 0.0) {
        (true, _) => format!("met by {}", range(short_num(low), short_num(high))),
        (_, true) => format!("missed by {}", range(size(high), size(low))),
        // A strict comparison is missed by 0 where its sides are equal, a weak one met by 0.
        _ if low.value == 0.0 && high.value == 0.0 => "both sides are equal".into(),
        _ => format!("from missed by {} to met by {}", size(low), short_num(high)),
    }
}

fn over_priors(study: &Study, claim: &ClaimStudy, column: &ColumnStudy) -> OverPriors {
    let share = |n: u64| if claim.used == 0 { 0.0 } else { n as f64 / claim.used as f64 };
    let range = |(low, high): (f64, f64)| Range { low, high };
    OverPriors {
        draws: claim.used,
        verdict: verdict(column.finding),
        shares: Shares {
            all: share(column.true_in_all),
            some: share(column.true_in_some),
            none: share(column.false_in_all),
            undefined: share(column.undefined),
        },
        weighted: column.weighted.as_ref().map(|w| WeightedShares {
            verdict: verdict(w.finding),
            all: range(w.true_in_all),
            none: range(w.false_in_all),
        }),
        effective: study.effective,
        refuted: study.refuted.unwrap_or(0),
    }
}

pub(super) fn param_label(model: &Model, name: &str) -> String {
    let label = model.game.params.iter().find(|p| p.name == name).map_or("", |p| p.label.as_str());
    if label.is_empty() || label == name { name.to_string() } else { format!("“{label}” ({name})") }
}

/// The same, but the cell of a council by its label alone, which says as much as its long name.
pub(super) fn cell_label(model: &Model, name: &str) -> String {
    let label = model.game.params.iter().find(|p| p.name == name).map_or("", |p| p.label.as_str());
    let cell = name.contains('.') && !label.is_empty();
    if cell { label.to_string() } else { param_label(model, name) }
}

/// A driver by name, and how strongly and which way it works.
fn driver_words(d: &Driver) -> (String, String) {
    let how = match d.direction {
        Some(c) if c > 0.0 => "for it",
        Some(_) => "against it",
        None => "both ways",
    };
    (d.param.clone(), format!("{how}, {:.2} ({:.2} to {:.2})", d.delta, d.low, d.high))
}

/// What is said of the parameters that are no drivers.
fn others(claim: &ClaimStudy, draws: u64) -> String {
    let draws = super::bottom::thousands(draws);
    match (claim.drivers.is_empty(), claim.indistinct) {
        (_, 0) => String::new(),
        (true, _) => format!("No parameter's effect can be told from 0 at {draws} draws."),
        (false, 1) => format!("One more cannot be told from 0 at {draws} draws."),
        (false, n) => format!("{n} more cannot be told from 0 at {draws} draws."),
    }
}

/// The least change of several parameters that overturns a claim, as a sentence.
fn flip_words(m: &Studied, k: usize) -> String {
    let Some(fragile) = m.fragile.get(k) else { return String::new() };
    let Some(joint) = &fragile.joint else {
        let none = "No change of the parameters within four standard deviations was found that overturns it.";
        let otherwise = match otherwise(m, k) {
            Some(share) => format!(" Farther out it is: {share} of the draws say otherwise."),
            None => String::new(),
        };
        return format!("{none}{otherwise} {}", crate::flips::steady_words(fragile));
    };
    least_change(m.model, fragile, joint)
}

/// The share of the draws in which a claim has another verdict than at the base values, in words; `None`
/// if there are none.
fn otherwise(m: &Studied, k: usize) -> Option<String> {
    let class = m.answers.claims[k].class(Column::All);
    let (_, found) = studied(m, &m.model.claims[k].name)?;
    let column = found.columns.first()?;
    let same = match class {
        Class::TrueInAll => column.true_in_all,
        Class::TrueInSome => column.true_in_some,
        Class::FalseInAll => column.false_in_all,
        Class::Undefined => return None,
    };
    let other = found.used.saturating_sub(same + column.undefined);
    (other > 0).then(|| words::percent(other as f64 / found.used as f64))
}

/// A joint change as a sentence, with what is proven about nearer ones.
pub(super) fn least_change(model: &Model, fragile: &Fragile, joint: &Joint) -> String {
    if joint.distance < crate::flips::EDGE {
        return format!(
            "The base values lie on an edge: where several numbers change ever so slightly, {}.",
            crate::flips::becomes_words(joint, fragile.over)
        );
    }
    // What is not proven of any theory is said once, where the council stands.
    let proven = match fragile.over {
        Over::Theories => String::new(),
        Over::Equilibria => format!(" {}", crate::flips::steady_words(fragile)),
    };
    format!(
        "The least change found that overturns it: {}; {} standard deviations, {}; there {}.{proven}",
        moved(model, joint),
        deviations(joint.distance),
        crate::flips::plausible(joint.distance),
        crate::flips::becomes_words(joint, fragile.over),
    )
}

/// What moves in a joint change, the farthest first.
pub(super) fn moved(model: &Model, joint: &Joint) -> String {
    // The text of `detente flip` lists them all.
    let mut sorted: Vec<_> = joint.moves.iter().collect();
    sorted.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
    let mut moves: Vec<String> = sorted
        .iter()
        .take(MOVES)
        .map(|p| {
            let (from, to) = (significant(p.from), significant(p.to));
            format!("{} from {from} to {to}", cell_label(model, &p.param))
        })
        .collect();
    if let Some(more) = sorted.len().checked_sub(MOVES).filter(|n| *n > 0) {
        moves.push(format!("and {more} more by less"));
    }
    moves.join(", ")
}

/// What the verdict at the base values hangs on, as a clause that begins with the verdict.
pub(super) fn hangs_on(m: &Studied, k: usize, decision: &Decision) -> String {
    if !decision.applies {
        return "its own restriction is false at the base values".into();
    }
    let word = match decision.class(Column::All) {
        Class::TrueInAll => "true",
        Class::FalseInAll => "false",
        Class::TrueInSome => "true in some equilibria only",
        Class::Undefined => "undefined",
    };
    match m.fragile.get(k).and_then(Fragile::weakest) {
        Some(flip) => {
            let value = flip.nearest().unwrap_or(flip.base);
            let side = if value > flip.base { "below" } else { "above" };
            format!(
                "{word} while {} stays {side} {} (it is {})",
                param_label(m.model, &flip.param),
                crate::flips::value_words(value, flip.because()),
                significant(flip.base)
            )
        }
        None if several_do(m, k, decision) => {
            format!("{word}, and no single parameter changes that within its range; several together do")
        }
        None => format!("{word} by the structure of the game: nothing was found that changes it"),
    }
}

/// How far the nearest flip is: of one parameter alone, or of several together where none does it alone.
fn flip_distance(fragile: &Fragile) -> Option<f64> {
    match fragile.weakest() {
        Some(flip) => flip.deviations,
        None => fragile.joint.as_ref().map(|j| j.distance),
    }
}

/// Whether anything was found that changes a verdict, by whichever of the searches.
fn several_do(m: &Studied, k: usize, decision: &Decision) -> bool {
    // A claim that is false at the base values has its witness there, which shows no change.
    let witness =
        decision.class(Column::All) == Class::TrueInAll && m.witnesses.get(k).is_some_and(Option::is_some);
    witness || m.fragile.get(k).is_some_and(|f| f.joint.is_some()) || otherwise(m, k).is_some()
}

/// The shortest text that is the number itself: a witness must be such that it can be tried.
fn lossless(q: &Q) -> String {
    let text = short(q);
    if text.starts_with('≈') { q.to_string() } else { text }
}

fn would_change(m: &Studied, k: usize) -> String {
    match m.witnesses.get(k).and_then(Option::as_ref) {
        Some(w) => {
            let values: Vec<String> =
                w.params.iter().map(|(name, q)| format!("{name} = {}", lossless(q))).collect();
            let values = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
            format!("False {}{values}.", place_words(w))
        }
        None => "No values were found at which it is false, not even in doubled ranges: it follows from the \
                 structure, as far as the search sees."
            .into(),
    }
}

/// A claim with the sources and bare assumptions behind it: its own, and those of the parameters
/// that drive or flip it.
pub(super) fn hang(m: &Studied, k: usize, claim: &Claim, keys: &[String]) -> Hang {
    let drivers = studied(m, &claim.name).map(|(_, c)| c.drivers.as_slice()).unwrap_or_default();
    let mut names: Vec<&str> = drivers.iter().map(|d| d.param.as_str()).collect();
    names.extend(m.fragile.get(k).and_then(Fragile::weakest).map(|f| f.param.as_str()));
    hang_on(m.model, claim, &names, keys)
}

/// What a claim says. What is not the source's own must not pass for it.
pub(super) fn says(claim: &Claim) -> String {
    let label = called(&claim.support.label, &claim.name);
    match &claim.support.assumed {
        Some(why) => format!("{label} (assumed: {why})"),
        None => label.to_string(),
    }
}

/// A claim's own sources, and the sources and bare assumptions of these parameters.
pub(super) fn hang_on(model: &Model, claim: &Claim, names: &[&str], keys: &[String]) -> Hang {
    let mut sources: Vec<usize> =
        citations_of(keys, &claim.support.citations).iter().map(|c| c.source).collect();
    let mut assumptions: Vec<String> = Vec::new();
    for info in model.params.iter().filter(|i| names.contains(&i.name.as_str())) {
        sources.extend(citations_of(keys, &info.support.citations).iter().map(|c| c.source));
        if info.support.citations.is_empty() {
            assumptions.push(called(&info.support.label, &info.name).to_string());
        }
    }
    sources.sort_unstable();
    sources.dedup();
    Hang { conclusion: called(&claim.support.label, &claim.name).to_string(), sources, assumptions }
}
