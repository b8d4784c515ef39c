//! Evidence as terminal text: short sentences, the answer first.

use crate::evidence::{Evidence, Factor, Hypotheses};
use crate::words::{interval, short, strength};
use std::fmt::Write;

/// Evidence as text: per hypothesis, what each observation says.
pub fn evidence_text(evidence: &Evidence) -> String {
    let mut out = format!("{}.\n", strength(evidence.strength));
    if evidence.steps.is_empty() {
        out.push_str("Nothing has been observed.\n");
        return out;
    }
    for h in &evidence.hypotheses {
        hypothesis(&mut out, evidence, h);
    }
    for step in &evidence.steps {
        if !step.refuted.is_empty() {
            let _ = writeln!(
                out,
                "\"{}\" refutes {}.",
                step_name(&step.label, &step.text),
                step.refuted.join(", ")
            );
        }
    }
    out
}

fn step_name<'a>(label: &'a str, text: &'a str) -> &'a str {
    if label.is_empty() { text } else { label }
}

fn hypothesis(out: &mut String, evidence: &Evidence, h: &Hypotheses) {
    let title = if h.label.is_empty() { &h.name } else { &h.label };
    let _ = writeln!(out, "\n{title}");
    if let Some((low, high)) = &h.prior {
        let _ = writeln!(out, "  before: {}", interval(low, high));
    }
    if let Some((low, high)) = h.own_prior {
        let _ = writeln!(out, "  own prior: {}", floats(low, high));
    }
    for (step, update) in evidence.steps.iter().zip(&h.updates) {
        let date = step.date.as_deref().unwrap_or("undated");
        let _ = writeln!(out, "  {date}  {}", step_name(&step.label, &step.text));
        for row in &update.rows {
            let _ = writeln!(
                out,
                "    {}: {}; so far {}; now {}",
                row.equilibrium,
                factor(&row.step),
                factor(&row.total),
                interval(&row.posterior.0, &row.posterior.1)
            );
        }
        match (&update.posterior, update.own_posterior) {
            (None, _) => out.push_str("    no equilibrium is left\n"),
            (_, Some((low, high))) => {
                let _ = writeln!(out, "    from the own prior: {}", floats(low, high));
            }
            _ => {}
        }
    }
}

fn floats(low: f64, high: f64) -> String {
    if low == high { short(low) } else { format!("{} to {}", short(low), short(high)) }
}

/// A Bayes factor in words.
pub fn factor(f: &Factor) -> String {
    match f {
        Factor::Ratio { low, high, bits } => {
            let bits = floats(bits.0, bits.1);
            format!("factor {} ({bits} bits)", interval(low, high))
        }
        Factor::ImpossibleUnder => "impossible under this hypothesis".into(),
        Factor::ImpossibleOtherwise => "impossible unless this hypothesis is true".into(),
        Factor::Undefined => "factor undefined".into(),
    }
}
