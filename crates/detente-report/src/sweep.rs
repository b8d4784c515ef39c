//! A sweep as text and as JSON.
//!
//! The one idea: how strongly the draws are answered comes first, and no probability stands without
//! the equilibria it was taken over.

use crate::asks::{class_words, column_words, finding_words, too_few};
use crate::number::significant;
use crate::paint::{Paint, pad, printable};
use detente_answer::claims::Column;
use detente_answer::shares::Finding;
use detente_answer::study::ColumnStudy;
use detente_answer::sweep::summary::{AskSummary, Between, ClaimSummary, Count, Mean, OutcomeSummary};
use detente_answer::sweep::{Block, Identity, Summary};
use detente_answer::verdict::Class;
use detente_answer::words::percent;
use serde_json::{Value, json};

/// Most kinds of sets of equilibria that are printed; all that are counted stand in the JSON.
const PATTERNS: usize = 6;

/// A sweep as one JSON object, see `docs/schema/sweep.schema.json`.
pub fn sweep_json(id: &Identity, blocks: &[Block], summary: &Summary) -> Value {
    json!({
        "format": {"name": "detente-sweep-summary", "version": 1},
        "run": id,
        "blocks": blocks,
        "summary": summary,
    })
}

/// A sweep for reading.
pub fn sweep_text(id: &Identity, blocks: &[Block], summary: &Summary, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = vec![strength(id, summary, paint)];
    lines.push(origin(id, blocks, summary));
    for why in summary.open.iter().take(3) {
        lines.push(paint.warn(&format!("  undefined in {}: {}", draws(why.draws), printable(&why.what))));
    }
    for why in summary.exact.iter().take(3) {
        lines.push(paint.faint(&format!(
            "  solved one by one: {}, {}",
            draws(why.draws),
            printable(&why.what)
        )));
    }
    if let (Some(refuted), Some(effective)) = (summary.refuted, summary.effective) {
        lines.push(format!(
            "The observations are impossible in {}; weighted by their probability, the draws are worth {} equal ones.",
            draws(refuted),
            significant(effective)
        ));
    }
    lines.push(String::new());
    lines.push(paint.strong("outcomes: probability over the priors, lowest to highest over the equilibria"));
    summary.outcomes.iter().for_each(|o| outcome(&mut lines, o, summary.draws));
    for ask in &summary.asks {
        lines.push(String::new());
        self::ask(&mut lines, ask, summary.draws, paint);
    }
    for claim in &summary.claims {
        lines.push(String::new());
        self::claim(&mut lines, claim, summary.draws, paint);
    }
    if !summary.hypotheses.is_empty() {
        lines.push(String::new());
        lines.push(paint.strong("hypotheses, given everything observed"));
        for h in &summary.hypotheses {
            lines.push(format!("  {}  {}, {}", printable(&h.name), percents(h.low, h.high), h.words));
        }
    }
    lines.push(String::new());
    patterns(&mut lines, &summary.patterns, summary.draws, paint);
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn strength(id: &Identity, summary: &Summary, paint: Paint) -> String {
    let complete = summary.strengths.first().map_or(0, |c| c.draws);
    let concept = crate::solution::concept_name(id.concept);
    if complete == summary.draws {
        let word = paint.good("exact-complete");
        return format!("{word}: all {concept} equilibria of every draw, proven.");
    }
    let share = percent(complete as f64 / summary.draws.max(1) as f64);
    let others = summary.strengths.iter().skip(1).filter(|c| c.draws > 0);
    let others: Vec<String> = others.map(|c| format!("{} {}", thousands(c.draws), c.what)).collect();
    format!(
        "{} in {share} of the draws: all {concept} equilibria, proven. The rest count as undefined ({}).",
        paint.warn("exact-complete"),
        others.join(", ")
    )
}

fn origin(id: &Identity, blocks: &[Block], summary: &Summary) -> String {
    let title = if id.title.is_empty() { "untitled game".into() } else { printable(&id.title) };
    let points = if id.sampler == "sobol" { "scrambled Sobol' points" } else { "random points" };
    let part = match blocks {
        _ if summary.draws == id.draws => draws(id.draws),
        [one] => format!("draws {} to {} of {}", thousands(one.from), thousands(one.to), thousands(id.draws)),
        _ => format!("{} of {}", thousands(summary.draws), draws(id.draws)),
    };
    let tied = if id.correlated { ", correlated as declared" } else { "" };
    format!("{title}; {part}; {} parameters{tied}, {points}, seed {}.", id.params.len(), id.seed)
}

fn outcome(lines: &mut Vec<String>, o: &OutcomeSummary, draws: u64) {
    let label = if o.label.is_empty() { String::new() } else { format!("  {}", printable(&o.label)) };
    lines.push(format!("  {}  {}{label}", printable(&o.name), between(&o.all)));
    let shown = between(&o.all);
    let mut row = |what: &str, value: String, known: u64| {
        let known = match known == draws {
            true => String::new(),
            false => format!("  (in {} of the draws)", percent(known as f64 / draws.max(1) as f64)),
        };
        lines.push(format!("      {}  {value}{known}", pad(what, 38)));
    };
    if let Some(b) = o.intuitive.as_ref().filter(|b| between(b) != shown) {
        row("not failing the intuitive criterion", between(b), b.low.draws);
    }
    if let Some(b) = o.not_refuted.as_ref().filter(|b| between(b) != shown) {
        row("not refuted by the observations", between(b), b.low.draws);
    }
    if let Some(m) = o.uniform.as_ref().filter(|_| o.all.low.value != o.all.high.value) {
        row("every component of equilibria alike", mean(m), m.draws);
    }
    if let Some(m) = &o.logit {
        row("the principal logit branch", mean(m), m.draws);
    }
}

fn mean(m: &Mean) -> String {
    format!("{} ± {}", percent(m.value), percent(m.within))
}

fn between(b: &Between) -> String {
    let (low, high) = (percent(b.low.value), percent(b.high.value));
    let within = percent(b.low.within.max(b.high.within));
    // Seen nowhere is not the same as an interval without width.
    if low == high && b.low.within.max(b.high.within) == 0.0 {
        return format!("{low} in every draw");
    }
    if low == high { format!("{low} ± {within}") } else { format!("{low} to {high}, each ± {within}") }
}

fn percents(low: f64, high: f64) -> String {
    let (low, high) = (percent(low), percent(high));
    if low == high { low } else { format!("{low} to {high}") }
}

fn heading(name: &str, label: &str, paint: Paint) -> String {
    let label = if label.is_empty() { String::new() } else { format!("  {}", printable(label)) };
    format!("{}{label}", paint.strong(&printable(name)))
}

fn ask(lines: &mut Vec<String>, ask: &AskSummary, all: u64, paint: Paint) {
    lines.push(heading(&ask.name, &ask.label, paint));
    if let Some(p) = &ask.pooled {
        lines.push(format!("  {}, {}", percents(p.low, p.high), p.words));
    }
    if let (Some(low), Some(high)) = (&ask.low, &ask.high) {
        let three = |q: &[f64; 3]| q.iter().map(|x| significant(*x)).collect::<Vec<_>>().join(", ");
        match low == high {
            true => lines.push(format!("  5, 50 and 95 % of the draws: {}", three(low))),
            false => lines.push(format!(
                "  5, 50 and 95 % of the draws: low end {}; high end {}",
                three(low),
                three(high)
            )),
        }
    }
    if let Some(counts) = ask.classes {
        let names = [Class::TrueInAll, Class::TrueInSome, Class::FalseInAll, Class::Undefined];
        let list: Vec<String> =
            names.iter().zip(counts).map(|(c, n)| format!("{} {}", class_words(*c), share(n, all))).collect();
        lines.push(format!("  {}", list.join(", ")));
    } else if ask.undefined > 0 {
        lines.push(format!("  undefined in some equilibrium in {}", draws(ask.undefined)));
    }
}

fn claim(lines: &mut Vec<String>, claim: &ClaimSummary, draws: u64, paint: Paint) {
    lines.push(format!("claim {}", heading(&claim.name, &claim.label, paint)));
    if claim.used < draws {
        lines.push(format!("  its `where` leaves {}", self::draws(claim.used)));
    }
    let mut said: Vec<(String, Vec<&str>)> = vec![];
    for column in &claim.columns {
        let text = column_text(claim.used, column, paint);
        match said.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(column_words(column.column)),
            None => said.push((text, vec![column_words(column.column)])),
        }
    }
    // One line where all columns say the same.
    for (text, names) in &said {
        match said.len() {
            1 => lines.push(format!("  {text}")),
            _ => lines.push(format!("  {}\n    {text}", names.join(", "))),
        }
    }
    debug_assert!(claim.columns.first().is_none_or(|c| c.column == Column::All));
}

fn column_text(used: u64, c: &ColumnStudy, paint: Paint) -> String {
    let words = finding_words(c.finding);
    let words = match c.finding {
        Finding::Holds => paint.good(words),
        Finding::Fails => paint.bad(words),
        Finding::Depends | Finding::Vacuous => paint.warn(words),
    };
    let mut text = format!(
        "{words}: true in all {}, in some only {}, false in all {}, undefined {}",
        share(c.true_in_all, used),
        share(c.true_in_some, used),
        share(c.false_in_all, used),
        share(c.undefined, used)
    );
    text.push_str(too_few(used, c));
    if let Some(w) = &c.weighted {
        let shares = percents(w.true_in_all.0, w.true_in_all.1);
        text.push_str(&format!(
            "; weighted by the evidence it {}: true in {shares}",
            finding_words(w.finding)
        ));
    }
    text
}

fn patterns(lines: &mut Vec<String>, patterns: &[Count], all: u64, paint: Paint) {
    lines.push(paint.strong("kinds of sets: which outcomes can happen, equilibria separated by |"));
    for p in patterns.iter().take(PATTERNS) {
        lines.push(format!("  {}  {}", pad(&share(p.draws, all), 8), printable(&p.what)));
    }
    if patterns.len() > PATTERNS {
        lines.push(format!("  and {} rarer kinds", patterns.len() - PATTERNS));
    }
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "0 %".into() } else { percent(part as f64 / whole as f64) }
}

fn draws(n: u64) -> String {
    if n == 1 { "1 draw".into() } else { format!("{} draws", thousands(n)) }
}

/// A count with commas between thousands.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn counts_are_readable() {
        let shown: Vec<String> = [0, 999, 1000, 12_345, 10_000_000].iter().map(|n| thousands(*n)).collect();
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "10,000,000"]);
    }
}
