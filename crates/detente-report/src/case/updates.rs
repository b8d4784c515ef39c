//! From computed evidence to the table of the page.

use super::fill::Studied;
use super::{Citation, EvidencePart, EvidenceStep, Range};
use crate::chart::{chart_svg, waterfall};
use crate::svg::SvgOptions;
use detente_answer::evidence::{Factor, Hypotheses, Update};
use detente_answer::infer::ModelInference;
use detente_answer::infer::pooled::{Pooled, PooledHypothesis};
use detente_answer::observed::in_order;
use detente_game::solution::Num;
use detente_model::model::Cited;

/// One part per hypothesis.
pub fn evidence_parts(m: &Studied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<EvidencePart> {
    let Some(evidence) = &m.answers.evidence else { return vec![] };
    let observes = in_order(m.model);
    let part = |(k, h): (usize, &Hypotheses)| {
        let drawn = over_draws(m, h);
        // The inference lists the same hypotheses first, in the same order.
        let smooth = drawn.map(|(pooled, _)| &pooled.smooth);
        let quantal = |n: usize| {
            let smooth = smooth.or(m.inference.as_ref().map(|found| &found.smooth))?;
            smooth.hypotheses.get(k)?.updates.get(n)
        };
        let rows = evidence.steps.iter().zip(&h.updates).zip(&observes).enumerate();
        let steps = rows.map(|(n, ((step, update), observe))| {
            let (bayes_factor, note) = match drawn {
                None => factor(update),
                Some(_) => (None, Some("in the draws".to_string())),
            };
            let told = drawn.and_then(|(_, told)| told.posterior.get(n).copied().flatten());
            EvidenceStep {
                date: step.date.clone().unwrap_or_else(|| "undated".into()),
                text: if step.label.is_empty() { step.text.clone() } else { step.label.clone() },
                cited: cite(&observe.support.citations),
                posterior: match drawn {
                    Some(_) => told.map(|(low, high)| Range { low, high }),
                    None => update
                        .own_posterior
                        .map(|(low, high)| Range { low, high })
                        .or_else(|| update.posterior.as_ref().map(range)),
                },
                bayes_factor,
                note,
                refuted: step.refuted.clone(),
                quantal_bits: quantal(n).and_then(|u| u.step_bits),
                quantal_posterior: quantal(n).and_then(|u| u.posterior),
            }
        });
        let own = drawn.map_or(h.own_prior, |(_, told)| told.prior);
        let prior = own.map(|(low, high)| Range { low, high });
        let mut warnings = match k {
            0 => m.inference.as_ref().map_or(vec![], |found| found.warnings.clone()),
            _ => vec![],
        };
        warnings.extend(drawn.map(|(pooled, _)| {
            format!(
                "A statement about the ranges, settled at the base values. Step by step it is followed over {} draws; \
                 the number above is over all of them.",
                pooled.draws
            )
        }));
        EvidencePart {
            model: m.name.clone(),
            name: h.name.clone(),
            pooled: super::bottom::pooled(m, &h.name),
            hypothesis: if h.label.is_empty() { h.name.clone() } else { h.label.clone() },
            prior: prior.or_else(|| h.prior.as_ref().map(range)).unwrap_or_default(),
            steps: steps.collect(),
            picture: m.inference.as_ref().filter(|_| drawn.is_none()).and_then(|found| picture(m, found, k)),
            warnings,
        }
    };
    evidence.hypotheses.iter().enumerate().map(part).collect()
}

/// Whether a hypothesis is settled at the base values whatever is seen: a statement about ranges alone.
pub fn is_settled(h: &Hypotheses) -> bool {
    let sure = |(low, high): &(Num, Num)| low.value == high.value && (low.value == 0.0 || low.value == 1.0);
    h.own_prior.is_none() && h.prior.as_ref().is_some_and(sure)
}

/// What draws say of such a hypothesis.
fn over_draws<'m>(m: &'m Studied, h: &Hypotheses) -> Option<(&'m Pooled, &'m PooledHypothesis)> {
    let pooled = m.inference.as_ref()?.pooled.as_ref().filter(|_| is_settled(h))?;
    Some((pooled, pooled.hypotheses.iter().find(|told| told.name == h.name)?))
}

fn picture(m: &Studied, found: &ModelInference, k: usize) -> Option<String> {
    let chart = waterfall(found, k)?;
    let id = format!("{}-{}", m.name, chart.slug);
    Some(chart_svg(&chart, &SvgOptions { inline_id: Some(id) }))
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
