//! An inference as text and as JSON.
//!
//! The one idea: what is believed after everything stands first, under each assumption beside the
//! others; then how each observation moved it, in bits; then what all observations say of all
//! hypotheses, the most telling one marked.

use crate::fit::aligned;
use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::evidence::{Factor, Step};
use detente_answer::infer::matrix::{Cell, Kind, Matrix};
use detente_answer::infer::rivals::{Rival, Rivals};
use detente_answer::infer::smooth::Smooth;
use detente_answer::infer::{Inference, ModelInference};
use detente_answer::words::{percent, strength};
use serde_json::{Value, json};

/// An inference as one JSON object, see `docs/schema/infer.schema.json`.
pub fn infer_json(found: &Inference, concept: &str) -> Value {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": {"name": "detente-infer", "version": 1},
        "concept": concept,
        "models": found.models,
        "matrix": found.matrix,
        "rivals": found.rivals,
    })
}

/// An inference for reading.
pub fn infer_text(found: &Inference, concept: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = vec![];
    if let Some(rivals) = &found.rivals {
        rival_lines(&mut lines, rivals, paint);
    }
    for model in &found.models {
        model_lines(&mut lines, model, concept, paint);
    }
    matrix_lines(&mut lines, &found.matrix, paint);
    lines.push(String::new());
    lines.join("\n")
}

fn model_lines(lines: &mut Vec<String>, m: &ModelInference, concept: &str, paint: Paint) {
    let count = match m.equilibria.len() {
        1 => format!("one {concept} equilibrium"),
        n => format!("{n} {concept} equilibria"),
    };
    lines.push(paint.strong(&printable(&m.title)));
    lines.push(format!("{}: {count} at the base values", strength(m.exact.strength)));
    lines.extend(m.warnings.iter().map(|w| format!("{}: {}", paint.warn("warning"), printable(w))));
    lines.push(String::new());
    lines.push(paint.strong(&match m.exact.steps.len() {
        1 => "after one observation".to_string(),
        n => format!("after {n} observations"),
    }));
    if m.exact.hypotheses.is_empty() {
        lines.push("  nothing to weigh: the model has no hypothesis and no private fact".into());
    }
    let mut rows = vec![["".to_string(), "exact".into(), "quantal".into()].to_vec()];
    if m.pooled.is_some() {
        rows[0].extend(["exact, draws".to_string(), "quantal, draws".into()]);
    }
    let last = m.exact.steps.len().saturating_sub(1);
    for (k, h) in m.exact.hypotheses.iter().enumerate() {
        let mut row = vec![h.name.clone()];
        row.push(
            h.updates
                .get(last)
                .and_then(|u| u.posterior.as_ref())
                .map_or("refuted".into(), |(a, b)| percents(a.value, b.value)),
        );
        row.push(at_end(&m.smooth, k));
        if let Some(pooled) = &m.pooled {
            let exact = pooled.hypotheses[k].posterior.last().copied().flatten();
            row.push(exact.map_or("refuted".into(), |(a, b)| percents(a, b)));
            row.push(at_end(&pooled.smooth, k));
        }
        rows.push(row);
    }
    if rows.len() > 1 {
        aligned(lines, &rows);
    }
    let own: Vec<String> =
        m.exact.hypotheses.iter().enumerate().filter_map(|(k, h)| own(m, k, &h.name)).collect();
    if !own.is_empty() {
        lines.push("  by the analyst’s own priors:".into());
        lines.extend(own);
    }
    lines.push(precision(&m.smooth, "base values"));
    if let Some(p) = &m.pooled {
        lines.push(precision(&p.smooth, "draws"));
        lines.push(format!(
            "  {} draws: {} proven, of which {} refuted; worth {} in effect (exact), {} (quantal)",
            p.draws,
            p.proven,
            p.refuted,
            significant(p.effective),
            significant(p.smooth.effective)
        ));
    }
    for (k, h) in m.exact.hypotheses.iter().enumerate() {
        lines.push(String::new());
        let label = if h.label.is_empty() { String::new() } else { format!("  {}", printable(&h.label)) };
        lines.push(format!("evidence on {}{label}", paint.strong(&printable(&h.name))));
        let before = h.prior.as_ref().map_or("unknown".into(), |(a, b)| percents(a.value, b.value));
        lines.push(format!("  before: {before} in the game"));
        for (n, (step, update)) in m.exact.steps.iter().zip(&h.updates).enumerate() {
            lines.push(format!("  {}{}", observed(step), refuted(step, m.equilibria.len())));
            for row in &update.rows {
                let after = percents(row.posterior.0.value, row.posterior.1.value);
                let words = format!("    {:<9}{}", row.equilibrium, bits_of(&row.step));
                lines.push(format!("{words:<48} after: {after}"));
            }
            if let Some(u) = m.smooth.hypotheses.get(k).and_then(|s| s.updates.get(n)) {
                let after = u.posterior.map_or("undefined".into(), percent);
                let words = format!("    quantal  {}", plain_bits(u.step_bits));
                lines.push(format!("{words:<48} after: {after}"));
            }
        }
    }
    lines.push(String::new());
}

fn at_end(smooth: &Smooth, k: usize) -> String {
    let last = smooth.hypotheses.get(k).and_then(|h| h.updates.last());
    last.and_then(|u| u.posterior).map_or("undefined".into(), percent)
}

/// Posteriors by the analyst's own prior, under each assumption.
fn own(m: &ModelInference, k: usize, name: &str) -> Option<String> {
    let prior = m.exact.hypotheses[k].own_prior?;
    let mut parts = vec![];
    let last = m.exact.hypotheses[k].updates.last();
    if let Some((a, b)) = last.and_then(|u| u.own_posterior) {
        parts.push(format!("exact {}", percents(a, b)));
    }
    let smooth = |s: &Smooth| s.hypotheses.get(k)?.updates.last()?.own_posterior;
    if let Some((a, b)) = smooth(&m.smooth) {
        parts.push(format!("quantal {}", percents(a, b)));
    }
    if let Some((a, b)) = m.pooled.as_ref().and_then(|p| smooth(&p.smooth)) {
        parts.push(format!("quantal over draws {}", percents(a, b)));
    }
    Some(format!("    {name}: {} before; {}", percents(prior.0, prior.1), parts.join(", ")))
}

fn precision(s: &Smooth, where_: &str) -> String {
    let three =
        |x: &[f64; 3]| format!("{} ({} to {})", significant(x[1]), significant(x[0]), significant(x[2]));
    let after = s.lambda_after.as_ref().map_or("unknown".into(), three);
    format!(
        "  λ at the {where_}: {} before, {after} after the observations; prior {}",
        three(&s.lambda_before),
        s.lambda_prior
    )
}

fn observed(step: &Step) -> String {
    let what = if step.label.is_empty() { &step.text } else { &step.label };
    match &step.date {
        Some(date) => format!("{date}  {}", printable(what)),
        None => printable(what),
    }
}

fn refuted(step: &Step, all: usize) -> String {
    match step.refuted.len() {
        0 => String::new(),
        n if n == all => "   refutes every equilibrium".into(),
        _ => format!("   refutes {}", step.refuted.join(", ")),
    }
}

fn percents(a: f64, b: f64) -> String {
    let (low, high) = (percent(a), percent(b));
    if low == high { low } else { format!("{low} to {high}") }
}

/// Bits with their sign: for (+) or against (−).
pub fn signed(bits: f64) -> String {
    let size = significant(bits.abs());
    match size.as_str() {
        "0" => size,
        _ if bits < 0.0 => format!("−{size}"),
        _ => format!("+{size}"),
    }
}

fn span((a, b): (f64, f64)) -> String {
    let (low, high) = (signed(a), signed(b));
    if low == high { low } else { format!("{low} to {high}") }
}

fn bits_of(factor: &Factor) -> String {
    match factor {
        Factor::Ratio { bits, .. } => format!("{} bits", span(*bits)),
        Factor::ImpossibleUnder => "impossible if it is true".into(),
        Factor::ImpossibleOtherwise => "impossible unless it is true".into(),
        Factor::Undefined => "no factor: it was certain or impossible before".into(),
    }
}

fn plain_bits(bits: Option<f64>) -> String {
    bits.map_or("no factor".into(), |b| format!("{} bits", signed(b)))
}

fn rival_lines(lines: &mut Vec<String>, rivals: &Rivals, paint: Paint) {
    let over = if rivals.over_draws { "averaged over the priors’ draws" } else { "at the base values" };
    lines.push(paint.strong(&format!("models against each other, likelihoods {over}")));
    let mut rows = vec![
        ["", "prior", "after, exact", "after, quantal", "log2 likelihood, exact", "quantal"]
            .map(String::from)
            .to_vec(),
    ];
    let log = |x: Option<f64>| x.map_or("impossible".into(), signed);
    for r in &rivals.models {
        let Some(last) = r.steps.last() else { continue };
        let (a, b) = (log(last.exact.0), log(last.exact.1));
        rows.push(vec![
            r.name.clone(),
            percent(r.prior),
            last.exact_posterior.map_or("undefined".into(), |(a, b)| percents(a, b)),
            percent(last.smooth_posterior),
            if a == b { a } else { format!("{a} to {b}") },
            signed(last.smooth),
        ]);
    }
    aligned(lines, &rows);
    let all_impossible = |r: &Rival| r.steps.last().is_some_and(|s| s.exact.1.is_none());
    if rivals.models.iter().all(all_impossible) {
        lines.push("  No model allows everything that was seen in any exact equilibrium.".into());
    }
    lines.push(String::new());
}

fn matrix_lines(lines: &mut Vec<String>, matrix: &Matrix, paint: Paint) {
    if matrix.columns.is_empty() || matrix.rows.is_empty() {
        return;
    }
    lines.push(paint.strong("hypotheses and observations, bits for (+) or against (−)"));
    let mut rows = vec![vec!["".to_string()]];
    rows[0].extend(matrix.columns.iter().map(|c| match c.kind {
        Kind::Model => format!("model {}", c.name),
        _ => c.name.clone(),
    }));
    rows[0].push("tells apart".into());
    for row in &matrix.rows {
        let name = if row.label.is_empty() { &row.text } else { &row.label };
        let date = row.date.as_ref().map_or(String::new(), |d| format!("{d} "));
        let mut cells = vec![format!("{date}{}", shortened(&printable(name)))];
        cells.extend(row.cells.iter().map(cell));
        cells.push(significant(row.diagnosticity));
        rows.push(cells);
    }
    aligned(lines, &rows);
    lines.push(
        "  Exact equilibrium at the base values | quantal response (over the draws if there are any).".into(),
    );
    lines.push("  “tells apart”: largest minus smallest under quantal response.".into());
}

fn cell(cell: &Cell) -> String {
    let exact = match (&cell.exact, cell.impossible_if_true.is_empty(), cell.impossible_if_false.is_empty()) {
        (Some(bits), true, true) => span(*bits),
        (Some(bits), ..) => format!("{} or excluded", span(*bits)),
        (None, false, _) => "impossible".into(),
        (None, true, false) => "only if true".into(),
        (None, true, true) => "–".into(),
    };
    let smooth = cell.pooled.or(cell.smooth).map_or("–".into(), signed);
    format!("{exact} | {smooth}")
}

fn shortened(text: &str) -> String {
    const MOST: usize = 34;
    if text.chars().count() <= MOST {
        return text.into();
    }
    let cut: String = text.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}
