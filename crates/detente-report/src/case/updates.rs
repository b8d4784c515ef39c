//! From computed evidence to the table of the page.

use super::fill::Studied;
use super::{Citation, EvidencePart, EvidenceStep, Range};
use detente_answer::evidence::{Factor, Update};
use detente_answer::observed::in_order;
use detente_game::solution::Num;
use detente_model::model::Cited;

/// One part per hypothesis.
pub fn evidence_parts(m: &Studied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<EvidencePart> {
    let Some(evidence) = &m.answers.evidence else { return vec![] };
    let observes = in_order(m.model);
    let part = |h: &detente_answer::evidence::Hypotheses| {
        let steps = evidence.steps.iter().zip(&h.updates).zip(&observes).map(|((step, update), observe)| {
            let (bayes_factor, note) = factor(update);
            EvidenceStep {
                date: step.date.clone().unwrap_or_else(|| "undated".into()),
                text: if step.label.is_empty() { step.text.clone() } else { step.label.clone() },
                cited: cite(&observe.support.citations),
                posterior: update
                    .own_posterior
                    .map(|(low, high)| Range { low, high })
                    .or_else(|| update.posterior.as_ref().map(range)),
                bayes_factor,
                note,
                refuted: step.refuted.clone(),
            }
        });
        let prior = h.own_prior.map(|(low, high)| Range { low, high });
        EvidencePart {
            model: m.name.clone(),
            name: h.name.clone(),
            pooled: super::bottom::pooled(m, &h.name),
            hypothesis: if h.label.is_empty() { h.name.clone() } else { h.label.clone() },
            prior: prior.or_else(|| h.prior.as_ref().map(range)).unwrap_or_default(),
            steps: steps.collect(),
        }
    };
    evidence.hypotheses.iter().map(part).collect()
}

fn range((low, high): &(Num, Num)) -> Range {
    Range { low: low.value, high: high.value }
}

/// The range of factors over the equilibria that remain, and words where there is none.
fn factor(update: &Update) -> (Option<Range>, Option<String>) {
    let mut range: Option<Range> = None;
    let mut notes: Vec<String> = Vec::new();
    for row in &update.rows {
        match &row.step {
            Factor::Ratio { low, high, .. } => {
                let so_far = range.unwrap_or(Range { low: low.value, high: high.value });
                range = Some(Range { low: so_far.low.min(low.value), high: so_far.high.max(high.value) });
            }
            Factor::ImpossibleUnder => notes.push("impossible under the hypothesis".into()),
            Factor::ImpossibleOtherwise => notes.push("impossible unless the hypothesis is true".into()),
            Factor::Undefined => notes.push("undefined in some equilibrium".into()),
        }
    }
    notes.dedup();
    (range, (!notes.is_empty()).then(|| notes.join("; ")))
}
