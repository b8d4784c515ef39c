//! Evidence, explanations, tests and robustness as terminal text: short sentences, the answer first.

use crate::evidence::{Evidence, Factor, Hypotheses};
use crate::examine::ClaimFindings;
use crate::flips::Flip;
use crate::tests::TestResult;
use crate::verdict::Verdict;
use crate::why::{Action, Why};
use crate::witness::{Place, Witness};
use crate::words::{interval, number, short, strength};
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

/// Explanations as text, one paragraph each.
pub fn why_text(list: &[Why]) -> String {
    let Some(first) = list.first() else { return "Nobody decides this.\n".into() };
    let mut out = format!("{}.\n", strength(first.strength));
    for why in list {
        out.push('\n');
        out.push_str(&sentences(why).join("\n"));
        out.push('\n');
    }
    out
}

/// One explanation as sentences.
pub fn sentences(why: &Why) -> Vec<String> {
    let mut list = vec![verdict(why)];
    let place = if why.reached { "" } else { " This is off the path of play." };
    let seen = if why.knows.is_empty() { "nothing yet".into() } else { why.knows.join(", ") };
    list.push(format!("  {} has seen: {seen}.{place}", why.player));
    for b in &why.believes {
        let arms: Vec<String> =
            b.arms.iter().map(|(n, low, high)| format!("{n} {}", interval(low, high))).collect();
        list.push(format!("  It believes of {}: {}.", b.event, arms.join(", ")));
    }
    for a in &why.actions {
        list.push(action(a));
    }
    if let Some(c) = &why.comparison
        && !c.by_label.is_empty()
    {
        let parts: Vec<String> = c.by_label.iter().map(|(n, v)| format!("{n} {}", signed(v))).collect();
        list.push(format!("  {} less {}, by label: {}.", c.best, c.rival, parts.join(", ")));
    }
    list.extend(flip_sentence(&why.flips, "this choice"));
    list
}

fn verdict(why: &Why) -> String {
    let head = format!("{}: {} at {} ({})", why.equilibrium, why.player, why.decision, why.infoset);
    let used: Vec<&Action> = why.actions.iter().filter(|a| a.probability.1.value > 0.0).collect();
    let what = match used.as_slice() {
        [one] => format!("plays {}", one.name),
        many => {
            let parts: Vec<String> = many
                .iter()
                .map(|a| format!("{} with {}", a.name, interval(&a.probability.0, &a.probability.1)))
                .collect();
            format!("mixes {}", parts.join(", "))
        }
    };
    match &why.comparison {
        Some(c) if c.lead.value == 0.0 => {
            format!("{head} {what}: {} and {} are equally good.", c.best, c.rival)
        }
        Some(c) => format!("{head} {what}: {} is better than {} by {}.", c.best, c.rival, number(&c.lead)),
        None => format!("{head} {what}."),
    }
}

fn action(a: &Action) -> String {
    let labels: Vec<String> = a.ledger.iter().map(|(n, v)| format!("{n} {}", signed(v))).collect();
    let detail = if a.ledger.len() > 1 { format!(" ({})", labels.join(", ")) } else { String::new() };
    format!("  {} earns {}{detail}.", a.name, number(&a.earns))
}

fn signed(n: &detente_game::solution::Num) -> String {
    let text = number(n);
    if n.value > 0.0 { format!("+{text}") } else { text }
}

/// What single change would end an answer; nothing if no search was made.
fn flip_sentence(flips: &[Flip], what: &str) -> Option<String> {
    if flips.is_empty() {
        return None;
    }
    let found: Vec<String> = flips
        .iter()
        .filter_map(|f| f.nearest().map(|at| format!("{} at {} (now {})", f.param, short(at), short(f.base))))
        .collect();
    Some(if found.is_empty() {
        format!("  No change of one parameter within its range would end {what}.")
    } else {
        format!("  One change alone would end {what}: {}.", found.join("; "))
    })
}

/// What would change a claim's verdict, as sentences.
pub fn robustness_text(claim: &ClaimFindings) -> String {
    let mut out = match &claim.witness {
        Some(w) => witness(w),
        None => {
            "  No failure witness, in the ranges or doubled through zero: it follows from the structure, \
                 as far as the search sees.\n"
                .into()
        }
    };
    if let Some(sentence) = flip_sentence(&claim.flips, "this verdict") {
        let _ = writeln!(out, "{sentence}");
    }
    out
}

fn witness(w: &Witness) -> String {
    let place = match w.place {
        Place::Base => "at the base values",
        Place::Corner => "at a corner of the ranges",
        Place::Draw => "at a draw",
        Place::Doubled => "only outside the ranges, doubled through zero",
    };
    let scope = if w.in_all { "in every equilibrium" } else { "in some equilibrium" };
    let params: Vec<String> = w.params.iter().map(|(n, q)| format!("{n} = {}", short(q.to_f64()))).collect();
    format!("  It is false {place}, {scope}: {}.\n", params.join(", "))
}

/// Test results as text: one line per test, and what failed below.
pub fn tests_text(results: &[TestResult]) -> String {
    let failed = results.iter().filter(|r| !r.passed).count();
    let mut out = match (results.len(), failed) {
        (0, _) => "This model has no tests.\n".to_string(),
        (n, 0) => format!("All {n} tests passed.\n"),
        (n, k) => format!("{k} of {n} tests failed.\n"),
    };
    for r in results {
        let word = if r.passed { "passed" } else { "FAILED" };
        let status = r.strength.map(|s| format!(" ({})", strength(s))).unwrap_or_default();
        let _ = writeln!(out, "  {word}  {}{status}", r.name);
        if let Some(e) = &r.error {
            let _ = writeln!(out, "    {}", e.words);
        }
        for e in r.expects.iter().filter(|e| !e.passed) {
            let _ = writeln!(out, "    expected: {}", e.text);
            for f in &e.failing {
                let names = f.equilibria.join(" with ");
                let what = match (&f.verdict, f.found) {
                    (Verdict::Undefined(u), _) => u.words.clone(),
                    (_, Some((low, high))) => format!("found {}", floats(low, high)),
                    (Verdict::Undecided { .. }, None) => "not decided at every point".into(),
                    (_, None) => "false".into(),
                };
                let _ = writeln!(out, "      {names}: {what}");
            }
        }
    }
    out
}
