//! One council as a table: theories across, issues down.

use super::turns::turns;
use super::{IssueAnswer, TableAnswer, TheoryAnswer};
use crate::council::{Sitting, Voice};
use detente_model::council::CouncilModel;

/// Returns a council of a model as a table; `trace` adds who moved whom.
pub(super) fn table_of(
    council: &CouncilModel,
    voices: &[Voice],
    sitting: &Sitting,
    trace: bool,
) -> TableAnswer {
    let issues = council
        .issues
        .iter()
        .map(|i| {
            let marks = i.marks.iter().map(|(value, words)| (value.to_f64(), words.clone())).collect();
            (i.name.clone(), i.support.label.clone(), marks)
        })
        .collect();
    table(&council.name, &council.support.label, issues, voices, sitting, trace)
}

/// Returns one council as a table; each issue comes with its name, its label and the marks of its scale.
pub(super) fn table(
    name: &str,
    label: &str,
    issues: Vec<(String, String, Vec<(f64, String)>)>,
    voices: &[Voice],
    sitting: &Sitting,
    trace: bool,
) -> TableAnswer {
    let shown: Vec<usize> = (0..voices.len()).filter(|v| !voices[*v].only_named).collect();
    let theories = shown.iter().map(|v| {
        let (voice, played) = (&voices[*v], &sitting.played[*v]);
        TheoryAnswer {
            word: voice.word.clone(),
            name: voice.named.name.to_string(),
            source: voice.named.source.to_string(),
            settled: played.as_ref().ok().and_then(|p| p.settled),
            problem: played.as_ref().err().cloned(),
            turns: if trace { turns(&sitting.council, &voice.named.model) } else { Vec::new() },
        }
    });
    let issues = issues.into_iter().enumerate().map(|(at, (name, label, marks))| {
        let settlements: Vec<Option<f64>> = shown
            .iter()
            .map(|v| sitting.played[*v].as_ref().ok().and_then(|p| p.outcome.get(at).copied()))
            .collect();
        let known = || settlements.iter().flatten().copied();
        let range = known().reduce(f64::min).zip(known().reduce(f64::max));
        IssueAnswer { name, label, marks, settlements, range, spreads: Vec::new() }
    });
    TableAnswer {
        name: name.to_string(),
        label: label.to_string(),
        actors: sitting.council.actors().iter().map(|a| a.name.clone()).collect(),
        theories: theories.collect(),
        issues: issues.collect(),
    }
}
