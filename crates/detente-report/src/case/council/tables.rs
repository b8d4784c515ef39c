//! The tables of a council.

use super::super::Grid;
use super::super::fill::called;
use super::super::verdicts::param_label;
use super::words::{over_theories, place, range};
use crate::number::significant;
use detente_answer::ensemble::{CouncilStudy, Driver, DriverKind, EnsembleStudy, IssueStudy};
use detente_model::Model;

/// Rows of the table of flips.
const FLIPS: usize = 8;

/// A share as a whole percentage that never rounds to certainty.
pub fn percent(share: f64) -> String {
    super::super::frame::percent(share).replace('\u{2009}', " ")
}

/// Weighted mean and median where the council lists them.
pub fn baselines(council: &CouncilStudy, issue: &IssueStudy) -> Vec<(&'static str, f64)> {
    let find = |word: &'static str| {
        let at = council.theories.iter().position(|t| t.word == word)?;
        Some((word, issue.base[at]?))
    };
    ["mean", "median"].into_iter().filter_map(find).collect()
}

fn columns(list: &[&str]) -> Vec<String> {
    list.iter().map(|c| c.to_string()).collect()
}

/// Issues in rows, the range over theories beside mean and median.
pub fn settlements(council: &CouncilStudy, draws: u64) -> Grid {
    let rows = council.issues.iter().map(|issue| {
        let base = |word: &str| {
            let at = council.theories.iter().position(|t| t.word == word);
            at.and_then(|at| issue.base[at]).map_or(String::new(), |x| place(issue, x))
        };
        let doubt = issue.doubt.as_ref();
        let marks: Vec<String> =
            issue.marks.iter().map(|(x, words)| format!("{} {words}", place(issue, *x))).collect();
        vec![
            called(&issue.label, &issue.name).to_string(),
            over_theories(issue).map_or("none".into(), |ends| range(issue, ends)),
            base("mean"),
            base("median"),
            doubt.map_or(String::new(), |d| range(issue, d.over_draws)),
            doubt.map_or(String::new(), |d| percent(d.share_of_theories)),
            marks.join("; "),
        ]
    });
    Grid {
        caption: format!(
            "Where each issue settles. Over the theories: lowest and highest at the base values. Over the draws: 5 to 95 % of \
             the mean over theories, in {draws} draws. About the theory: the share of all variance that lies between \
             theories; the rest is about the numbers."
        ),
        columns: columns(&[
            "Issue",
            "Over the theories",
            "Mean",
            "Median",
            "Over the draws",
            "About the theory",
            "The scale",
        ]),
        rows: rows.collect(),
    }
}

/// Shares of variance of an issue: Sobol' indices, or Shapley effects where inputs are tied.
pub fn drivers(model: &Model, issue: &IssueStudy) -> Grid {
    let Some(study) = &issue.drivers else { return Grid::default() };
    let tied = study.kind == DriverKind::Shapley;
    let row = |name: String, d: &Driver| {
        let way = match d.way {
            Some(way) if d.total.estimate().is_some() => {
                if way > 0.0 {
                    "raises it"
                } else {
                    "lowers it"
                }
            }
            _ => "",
        };
        let first = d.first.map(|first| first.to_string());
        let shares = first.into_iter().chain([d.total.to_string()]);
        std::iter::once(name).chain(shares).chain([way.to_string()]).collect::<Vec<String>>()
    };
    let mut rows = Vec::new();
    rows.extend(study.theory.iter().map(|d| row("the choice of theory".into(), d)));
    // What cannot be told from nothing is one row, not many.
    let found = study.inputs.iter().filter(|d| d.total.estimate().is_some());
    rows.extend(found.map(|d| row(param_label(model, &d.param), d)));
    rows.extend(study.rest.iter().map(|d| row(format!("all {} others together", study.rest_count), d)));
    let left = "Inputs not listed are not distinguishable from 0 or stand among the others.";
    let (caption, titles): (String, &[&str]) = match tied {
        false => (
            format!(
                "What moves it over the draws: Sobol’ indices with 95 % intervals from {} base points. Alone: the share of variance that would go if it were known; with others: the share that would stay if all else were known. {left}",
                study.points
            ),
            &["Input", "Alone", "With others", "Way"],
        ),
        true => (
            format!(
                "What moves it over the draws: Shapley effects with 95 % intervals from {} orders, since some inputs are correlated. The share of an input is the mean, over all orders of learning, of the variance that it takes away; all shares sum to 1. {left}",
                study.points
            ),
            &["Input", "Share", "Way"],
        ),
    };
    Grid { caption, columns: columns(titles), rows }
}

/// Numbers of actors that bring the settlement across the nearest mark.
pub fn flips(council: &CouncilStudy, issue: &IssueStudy) -> Grid {
    let Some(flips) = &issue.flips else { return Grid::default() };
    let rows = flips.pulls.iter().take(FLIPS).map(|pull| {
        let ends = pull.to.iter().flatten().copied();
        let (low, high) =
            (ends.clone().fold(f64::INFINITY, f64::min), ends.fold(f64::NEG_INFINITY, f64::max));
        let to = if significant(low) == significant(high) {
            significant(low)
        } else {
            format!("{} to {}", significant(low), significant(high))
        };
        let which: Vec<&str> = council
            .theories
            .iter()
            .zip(&pull.to)
            .filter(|(_, to)| to.is_some())
            .map(|(t, _)| t.word.as_str())
            .collect();
        vec![
            format!("{} of {}", pull.quantity, pull.actor),
            significant(pull.from),
            to,
            format!("{} of {}: {}", pull.works, council.theories.len(), which.join(", ")),
        ]
    });
    Grid {
        caption: "Single changes that bring the settlement to the other side of the nearest mark, one at a time: those that \
                  work in most theories first, then the smallest"
            .into(),
        columns: columns(&["Change", "Now", "Must become", "Works in"]),
        rows: rows.collect(),
    }
}

/// Shapley-Shubik and Banzhaf power.
pub fn power(issue: &IssueStudy) -> Grid {
    let mut rows: Vec<_> = issue.power.iter().collect();
    rows.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let cells = |p: &&detente_answer::ensemble::PowerRow| {
        vec![p.actor.clone(), percent(p.weight), percent(p.shapley_shubik), percent(p.banzhaf)]
    };
    Grid {
        caption:
            "Power by counting, if more than half of all weight decided; weight is capability times salience"
                .into(),
        columns: columns(&["Actor", "Weight", "Shapley–Shubik", "Banzhaf"]),
        rows: rows.iter().map(cells).collect(),
    }
}

/// The members of a coalition, the weakest link first.
pub fn coalition(council: &CouncilStudy, issue: &IssueStudy) -> Grid {
    let Some(coalition) = &issue.coalition else { return Grid::default() };
    let rows = coalition.members.iter().map(|m| {
        let works = m.breaks_at.iter().flatten().count();
        let ends = m.breaks_at.iter().flatten().copied();
        let (low, high) =
            (ends.clone().fold(f64::INFINITY, f64::min), ends.fold(f64::NEG_INFINITY, f64::max));
        let at = if works == 0 { "no move of its own".into() } else { range(issue, (low, high)) };
        vec![
            m.actor.clone(),
            percent(m.weight),
            if m.needed { "yes" } else { "no" }.into(),
            place(issue, m.position),
            at,
            format!("{works} of {}", council.theories.len()),
        ]
    });
    Grid {
        caption: "Who holds the settlement on its side of the middle, the weakest link first".into(),
        columns: columns(&[
            "Member",
            "Weight",
            "Needed for half",
            "Stands at",
            "Breaks it at",
            "In theories",
        ]),
        rows: rows.collect(),
    }
}

/// What each theory says of the coalition that was named.
pub fn bloc(council: &CouncilStudy, issue: &IssueStudy) -> Grid {
    let Some(bloc) = &issue.bloc else { return Grid::default() };
    let share = |share: Option<f64>| share.map_or(String::new(), percent);
    let rows = council.theories.iter().zip(&bloc.links).map(|(theory, link)| {
        let now = match (&link.weakest, link.inducement, link.broken) {
            (_, _, None) => "no answer".into(),
            (_, _, Some(true)) => "broken already".into(),
            (Some(actor), Some(size), _) => format!("{actor}, by {}", place(issue, size)),
            _ => "nobody alone".into(),
        };
        let mut order: Vec<usize> =
            (0..bloc.members.len()).filter(|m| link.weakest_share[*m] > 0.0).collect();
        order.sort_by(|a, b| link.weakest_share[*b].total_cmp(&link.weakest_share[*a]));
        let weakest: Vec<String> = order
            .iter()
            .map(|m| format!("{} {}", bloc.members[*m], percent(link.weakest_share[*m])))
            .collect();
        vec![
            theory.word.clone(),
            now,
            weakest.join(", "),
            link.spread.map_or(String::new(), |s| range(issue, (s.low, s.high))),
            share(link.broken_share),
            share(link.unbreakable_share),
        ]
    });
    Grid {
        caption: format!(
            "The coalition of {}: the weakest link is the member whose move alone, the least of all, brings the settlement across {}. Over {} draws: how often each is the weakest, 5 to 95 % of that least move where there is one, how often the coalition is broken already, and how often nobody alone can break it",
            bloc.members.join(", "),
            place(issue, bloc.line),
            bloc.draws
        ),
        columns: columns(&[
            "Theory",
            "Weakest link now",
            "Over the draws",
            "By how much",
            "Broken already",
            "Nobody alone",
        ]),
        rows: rows.collect(),
    }
}

/// The questions with their answers, as ranges over theories.
pub fn answers(study: &EnsembleStudy) -> Grid {
    let rows = study.asks.iter().map(|ask| {
        let ends = |list: Vec<f64>| {
            let low = list.iter().copied().reduce(f64::min);
            let high = list.iter().copied().reduce(f64::max);
            match (low, high) {
                (Some(a), Some(b)) if significant(a) == significant(b) => significant(a),
                (Some(a), Some(b)) => format!("{} to {}", significant(a), significant(b)),
                _ => "no answer".into(),
            }
        };
        let spreads = || ask.spreads.iter().flatten();
        vec![
            called(&ask.label, &ask.name).to_string(),
            ends(ask.base.iter().flatten().copied().collect()),
            ends(spreads().map(|s| s.middle).collect()),
            ends(spreads().flat_map(|s| [s.low, s.high]).collect()),
        ]
    });
    Grid {
        caption: "Questions asked; ranges are over the theories".into(),
        columns: columns(&[
            "Question",
            "At the base values",
            "Medians over the draws",
            "5 to 95 % over the draws",
        ]),
        rows: rows.collect(),
    }
}
