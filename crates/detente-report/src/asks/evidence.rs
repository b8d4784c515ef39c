//! What the observations say of the hypotheses: the factor first, then prior to posterior.

use crate::number::{short_num, significant};
use crate::paint::{Paint, printable};
use detente_answer::evidence::{Evidence, Factor, Hypotheses, Step, Update};
use detente_answer::words::percent;
use detente_game::solution::Num;

/// Adds one block per hypothesis, one line per observation.
pub fn evidence_lines(lines: &mut Vec<String>, evidence: &Evidence, paint: Paint) {
    if evidence.steps.is_empty() {
        return;
    }
    if evidence.hypotheses.is_empty() {
        lines.push(String::new());
        lines.push(paint.strong("observations"));
        for step in &evidence.steps {
            lines.push(format!("  {}{}", observed(step), refuted(step)));
        }
    }
    for h in &evidence.hypotheses {
        lines.push(String::new());
        let label = if h.label.is_empty() { String::new() } else { format!("  {}", printable(&h.label)) };
        lines.push(format!("evidence on {}{label}", paint.strong(&printable(&h.name))));
        lines.push(format!("  before: {}", prior(h)));
        for (step, update) in evidence.steps.iter().zip(&h.updates) {
            lines.push(format!("  {}{}", observed(step), refuted(step)));
            for row in &update.rows {
                lines.push(paint.faint(&format!("    {}  {}", row.equilibrium, factor(&row.step))));
            }
            lines.push(format!("    after: {}", posterior(update)));
        }
    }
}

fn observed(step: &Step) -> String {
    let what = if step.label.is_empty() { &step.text } else { &step.label };
    match &step.date {
        Some(date) => format!("{date}  {}", printable(what)),
        None => printable(what),
    }
}

fn refuted(step: &Step) -> String {
    if step.refuted.is_empty() { String::new() } else { format!("   refutes {}", step.refuted.join(", ")) }
}

fn prior(h: &Hypotheses) -> String {
    let game = h.prior.as_ref().map(|(low, high)| format!("{} in the game", numbers(low, high)));
    let own = h.own_prior.map(|ends| format!("{} by the analyst’s own prior", percents(ends)));
    let parts: Vec<String> = [game, own].into_iter().flatten().collect();
    if parts.is_empty() { "no prior".into() } else { parts.join(", ") }
}

fn posterior(update: &Update) -> String {
    let game = update.posterior.as_ref().map(|(low, high)| format!("{} in the game", numbers(low, high)));
    let own = update.own_posterior.map(|ends| format!("{} by the analyst’s own prior", percents(ends)));
    let parts: Vec<String> = [game, own].into_iter().flatten().collect();
    if parts.is_empty() { "undefined: every equilibrium is refuted".into() } else { parts.join(", ") }
}

fn numbers(low: &Num, high: &Num) -> String {
    if low == high { short_num(low) } else { format!("{} to {}", short_num(low), short_num(high)) }
}

fn percents((low, high): (f64, f64)) -> String {
    let (low, high) = (percent(low), percent(high));
    if low == high { low } else { format!("{low} to {high}") }
}

fn factor(factor: &Factor) -> String {
    match factor {
        Factor::Ratio { low, high, bits } => {
            let side = match (bits.0 >= 0.0, bits.1 <= 0.0) {
                (true, true) => "says nothing",
                (true, false) => "speaks for it",
                (false, true) => "speaks against it",
                (false, false) => "speaks either way",
            };
            let size = |b: f64| significant(b.abs());
            let (a, b) = (size(bits.0), size(bits.1));
            let bits = if a == b { a } else { format!("{a} to {b}") };
            format!("Bayes factor {}: {side}, {bits} bits", numbers(low, high))
        }
        Factor::ImpossibleUnder => "impossible if it is true".into(),
        Factor::ImpossibleOtherwise => "impossible unless it is true".into(),
        Factor::Undefined => "no factor: it was certain or impossible before".into(),
    }
}
