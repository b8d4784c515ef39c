//! The same levers in several models: rival readings of one case.
//!
//! The one idea: a model is a scenario. What helps in every rival is robust to which of them is right.

use super::robust::{Aim, Chosen, choose, rate};
use super::{AS_IS, Levers, PolicyRow};
use crate::ends::Ends;
use serde::{Deserialize, Serialize};

/// Levers that every one of several models has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Across {
    pub models: Vec<String>,
    /// The measure in each model at its base values, per policy that all models have.
    pub table: Vec<PolicyRow>,
    pub chosen: Chosen,
    /// Levers that some models lack.
    pub missing: Vec<String>,
}

/// Sets the levers of several models side by side; `None` if they share none, or want opposite things.
pub fn across(found: &[(String, Levers)]) -> Option<Across> {
    let (_, first) = found.first()?;
    if found.len() < 2 || found.iter().any(|(_, l)| l.more != first.more) {
        return None;
    }
    let cell = |levers: &Levers, policy: &str| -> Option<Option<Ends>> {
        levers.table.iter().find(|r| r.policy == policy).and_then(|r| r.cells.first().copied())
    };
    let names: Vec<&str> = first.table.iter().map(|r| r.policy.as_str()).collect();
    let shared = |name: &&&str| found.iter().all(|(_, l)| cell(l, name).is_some());
    let common: Vec<&str> = names.iter().filter(shared).copied().collect();
    if common.iter().all(|name| *name == AS_IS) {
        return None;
    }
    let cells: Vec<Vec<Option<Ends>>> =
        common.iter().map(|name| found.iter().map(|(_, l)| cell(l, name).flatten()).collect()).collect();
    let aim = Aim { more: first.more, threshold: first.threshold };
    let ratings = rate(&cells, aim);
    let mut missing: Vec<String> = found
        .iter()
        .flat_map(|(_, l)| &l.table)
        .map(|r| r.policy.clone())
        .filter(|p| !common.contains(&p.as_str()))
        .collect();
    missing.sort();
    missing.dedup();
    Some(Across {
        models: found.iter().map(|(name, _)| name.clone()).collect(),
        chosen: choose(&ratings, aim),
        table: common
            .iter()
            .zip(cells)
            .zip(ratings)
            .map(|((policy, cells), robust)| PolicyRow { policy: policy.to_string(), cells, robust })
            .collect(),
        missing,
    })
}
