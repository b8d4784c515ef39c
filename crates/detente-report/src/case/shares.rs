//! What happens over the draws, and which doubts it hangs on.
//!
//! The one idea: a probability stands as lowest and highest over the equilibria, with what other ways of
//! choosing among them would say beside it; an index that noise could have made is not printed.

use super::lines::label;
use super::{AdvicePart, Grid, Studied};
use crate::sweep::thousands;
use detente_answer::sensitivity::{Effect, Findings};
use detente_answer::sweep::Summary;
use detente_answer::sweep::summary::{Between, Mean, OutcomeSummary};
use detente_answer::words::percent;

/// Parameters told of one claim.
const PARAMS: usize = 3;

/// The part on the outcomes over the draws; nothing where there is one outcome only.
pub(super) fn outcomes_part(m: &Studied) -> Option<AdvicePart> {
    let said = m.ranges.summary.as_ref().filter(|s| s.draws > 0 && s.outcomes.len() > 1)?;
    let most = said.outcomes.iter().max_by(|a, b| a.all.low.value.total_cmp(&b.all.low.value))?;
    let several = said.outcomes.iter().any(|o| o.all.low.value != o.all.high.value);
    let mut notes = vec![];
    if !several {
        notes.push(
            "All equilibria of a draw lead to the same, so no way of choosing among them matters.".into(),
        );
    }
    let complete = said.strengths.first().map_or(0, |c| c.draws);
    if complete < said.draws {
        notes.push(format!(
            "In {} of {} draws not all equilibria are proven; there every probability counts as 0 % to 100 %.",
            thousands(said.draws - complete),
            thousands(said.draws)
        ));
    }
    let exact: u64 = said.exact.iter().map(|c| c.draws).sum();
    if exact > 0 {
        notes.push(format!("{} draws lay near a tie and were solved one by one.", thousands(exact)));
    }
    Some(AdvicePart {
        model: m.name.clone(),
        heading: "What happens over the draws".into(),
        answer: format!(
            "Likeliest over {} draws: {}, {}.",
            thousands(said.draws),
            named(most),
            between(&most.all)
        ),
        notes,
        tables: vec![outcome_grid(said, several)],
        aside: false,
        chart: None,
    })
}

fn named(o: &OutcomeSummary) -> String {
    if o.label.is_empty() { o.name.clone() } else { format!("“{}” ({})", o.label, o.name) }
}

/// Columns that say the same as the first everywhere are left out, and it is said.
fn outcome_grid(said: &Summary, several: bool) -> Grid {
    type Cell = fn(&OutcomeSummary) -> Option<String>;
    let all: [(&str, Cell); 3] = [
        ("Passing the intuitive criterion", |o| o.intuitive.as_ref().map(between)),
        ("Not refuted by the observations", |o| o.not_refuted.as_ref().map(between)),
        ("Every equilibrium component alike", |o| o.uniform.as_ref().map(mean)),
    ];
    let beside: Vec<(&str, Cell)> = match several {
        false => vec![],
        true => all
            .into_iter()
            .filter(|(_, cell)| {
                said.outcomes.iter().any(|o| cell(o).is_some_and(|text| text != between(&o.all)))
            })
            .collect(),
    };
    let head = if several { "All equilibria, lowest to highest" } else { "Probability" };
    let columns = ["Outcome", head].into_iter().chain(beside.iter().map(|(word, _)| *word));
    let row = |o: &OutcomeSummary| {
        let rest = beside.iter().map(|(_, cell)| cell(o).unwrap_or_else(|| "none".into()));
        [named(o), between(&o.all)].into_iter().chain(rest).collect()
    };
    let mut rows: Vec<&OutcomeSummary> = said.outcomes.iter().collect();
    rows.sort_by(|a, b| b.all.high.value.total_cmp(&a.all.high.value));
    Grid {
        caption: "Probability of each outcome over the priors; ± is half of a 95 % interval for the number of draws".into(),
        columns: columns.map(String::from).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}

fn mean(m: &Mean) -> String {
    format!("{} (± {})", percent(m.value), percent(m.within))
}

fn between(b: &Between) -> String {
    let (low, high) = (percent(b.low.value), percent(b.high.value));
    let within = percent(b.low.within.max(b.high.within));
    if low == high { format!("{low} (± {within})") } else { format!("{low} to {high} (± {within})") }
}

/// The part on Sobol' indices or Shapley effects of the claims.
pub(super) fn indices_part(m: &Studied) -> Option<AdvicePart> {
    let known: Vec<(&Findings, Vec<Index>)> =
        m.ranges.boxes.iter().filter_map(|f| Some((f, indices(f)?))).collect();
    if known.is_empty() {
        let why = m.ranges.bounded.clone()?;
        return Some(AdvicePart {
            model: m.name.clone(),
            heading: "Which doubts matter".into(),
            answer: why,
            ..AdvicePart::default()
        });
    }
    let solves = thousands(m.ranges.solves);
    let how = match known.iter().any(|(f, _)| f.sobol.is_some()) {
        true => {
            "(Saltelli and others 2010). With others: what would be left if all others were known; alone: what would be gone if it were"
        }
        false => {
            "(Shapley effects: Song, Nelson and Staum 2016): the fair share of each, though they hang together"
        }
    };
    let mut notes = vec![format!(
        "Shares of the variance of “true in all equilibria” over the priors, with 95 % intervals, from {solves} more \
         points {how}."
    )];
    let left_out: Vec<&str> =
        m.ranges.boxes.iter().filter(|f| indices(f).is_none()).map(|f| f.name.as_str()).collect();
    if !left_out.is_empty() {
        notes.push(format!(
            "Not for {}: it does not speak of every draw, or says nearly the same of all.",
            left_out.join(", ")
        ));
    }
    let rows = known.iter().map(|(f, list)| row_of(m, f, list)).collect();
    Some(AdvicePart {
        model: m.name.clone(),
        heading: "Which doubts matter".into(),
        answer: strongest(m, &known),
        notes,
        tables: vec![Grid {
            caption: match known.iter().any(|(f, _)| f.sobol.is_some()) {
                true => "Sobol’ indices of each claim: total (with others), then first (alone)".into(),
                false => "Shapley effects of each claim".into(),
            },
            columns: ["Claim", "Strongest", "Second", "Third", "The rest"].map(String::from).to_vec(),
            rows,
        }],
        aside: false,
        chart: None,
    })
}

/// One parameter's share: alone, and with all others; a Shapley effect stands in both places.
struct Index<'a> {
    param: &'a str,
    first: &'a Effect,
    total: &'a Effect,
}

fn indices(f: &Findings) -> Option<Vec<Index<'_>>> {
    let mut list: Vec<Index> = match (&f.sobol, &f.shapley) {
        (Some(rows), _) => {
            rows.iter().map(|r| Index { param: &r.param, first: &r.first, total: &r.total }).collect()
        }
        (None, Some(rows)) => {
            rows.iter().map(|r| Index { param: &r.param, first: &r.effect, total: &r.effect }).collect()
        }
        (None, None) => return None,
    };
    list.sort_by(|a, b| b.total.raw().total_cmp(&a.total.raw()));
    Some(list)
}

/// One row per claim: the strongest parameters, then what is said of the rest.
fn row_of(m: &Studied, f: &Findings, list: &[Index]) -> Vec<String> {
    let told = |i: &&Index| i.total.estimate().is_some();
    let claim = m.fragile.iter().find(|x| x.claim == f.name).map_or(f.name.as_str(), label);
    let mut row = vec![claim.to_string()];
    row.extend(list.iter().filter(told).take(PARAMS).map(|i| match std::ptr::eq(i.first, i.total) {
        true => format!("{}: {}", i.param, cell(i.total)),
        false => format!("{}: {}; alone {}", i.param, cell(i.total), cell(i.first)),
    }));
    row.resize(1 + PARAMS, String::new());
    let weaker = list.iter().filter(told).count().saturating_sub(PARAMS);
    let noise: Vec<&Index> = list.iter().filter(|i| !told(i)).collect();
    let most = noise.iter().map(|i| bound(i.total)).fold(0.0, f64::max);
    let mut rest = vec![];
    if weaker > 0 {
        rest.push(format!("{weaker} weaker"));
    }
    if !noise.is_empty() {
        rest.push(format!(
            "{} not distinguishable from 0 at this N (at most {})",
            noise.len(),
            percent(most)
        ));
    }
    row.push(rest.join("; "));
    row
}

fn cell(e: &Effect) -> String {
    match e {
        Effect::Found { estimate, low, high } => {
            format!("{} ({} to {})", percent(estimate.min(1.0)), percent(*low), percent(high.min(1.0)))
        }
        Effect::Indistinct { high, .. } => format!("not told from 0 (at most {})", percent(high.min(1.0))),
    }
}

fn bound(e: &Effect) -> f64 {
    match e {
        Effect::Found { high, .. } | Effect::Indistinct { high, .. } => high.min(1.0),
    }
}

/// The parameter that carries most of the doubt about any claim.
fn strongest(m: &Studied, known: &[(&Findings, Vec<Index>)]) -> String {
    let best = known.iter().filter_map(|(f, list)| {
        let first = list.first().filter(|i| i.total.estimate().is_some())?;
        Some((f, first.param, first.total.raw()))
    });
    let Some((f, param, share)) = best.max_by(|a, b| a.2.total_cmp(&b.2)) else {
        return "No single doubt stands out: no share of any claim’s variance is told from 0.".into();
    };
    let claim = m.fragile.iter().find(|x| x.claim == f.name).map_or(f.name.as_str(), label);
    let share = if share >= 0.995 { "nearly all".to_string() } else { percent(share) };
    format!(
        "{param} carries most: {share} of the doubt about “{}” goes with it, alone or together with others.",
        claim.trim_end_matches('.')
    )
}
