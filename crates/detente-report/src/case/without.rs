//! What flips, or loses its evidence, without each source.
//!
//! The one idea: a source is judged by what falls when it falls; conclusions that stand are counted only.

use super::{CaseReport, Grid};
use detente_answer::provenance::{Dropped, Fate};

/// Conclusions named in one cell; `detente sources drop` lists them all.
const TOLD: usize = 6;

/// Adds one row per source; each comes with what its models say without it.
pub fn add_without(report: &mut CaseReport, list: &[(String, Vec<(String, Dropped)>)], draws: u64) {
    let rows = list.iter().map(|(key, models)| {
        let number = report.sources.iter().position(|s| s.key == *key).map(|k| format!("[{}] ", k + 1));
        let called = |model: &str, c: &detente_answer::provenance::Conclusion| {
            let words = if c.label.is_empty() { &c.name } else { &c.label };
            format!("{words} ({model}): {} → {}", c.before, c.after)
        };
        let of = |fate: Fate| -> Vec<String> {
            let all = models.iter().flat_map(|(m, d)| d.conclusions.iter().map(move |c| (m, c)));
            all.filter(|(_, c)| c.fate == fate).map(|(m, c)| called(m, c)).collect()
        };
        let joined = |list: Vec<String>| match list.len() {
            0 => "nothing".to_string(),
            n if n > TOLD => format!("{}; and {} more", list[..TOLD].join("; "), n - TOLD),
            _ => list.join("; "),
        };
        let mut relayed: Vec<&str> =
            models.iter().flat_map(|(_, d)| d.keys.iter().skip(1)).map(String::as_str).collect();
        relayed.sort_unstable();
        relayed.dedup();
        let with =
            if relayed.is_empty() { String::new() } else { format!(", and {} with it", relayed.join(", ")) };
        vec![
            format!("{}{key}{with}", number.unwrap_or_default()),
            joined(of(Fate::Flips)),
            joined(of(Fate::LosesEvidence)),
            of(Fate::Stands).len().to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    report.without = Grid {
        caption: format!(
            "Answered again without each source, over {draws} draws: observations that it alone supports are removed, \
             and ranges that it alone supports are doubled"
        ),
        columns: ["Without", "Flips", "Loses its evidence", "Conclusions that stand"]
            .map(String::from)
            .to_vec(),
        rows,
    };
}
