//! Why a player acts as it does: sentences, then a table by the author's labels.

use crate::flips::value_words;
use crate::number::{full_num, short_num, significant};
use crate::paint::{Paint, pad, printable};
use detente_answer::flip::Flip;
use detente_answer::why::{Action, Comparison, Why};
use detente_game::solution::Num;

/// Returns explanations as text, the strength first.
pub fn why_text(list: &[Why], colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = Vec::new();
    if let Some(first) = list.first() {
        lines.push(format!("{}.", detente_answer::words::strength(first.strength)));
    }
    for why in list {
        lines.push(String::new());
        explain(&mut lines, why, paint);
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn explain(lines: &mut Vec<String>, why: &Why, paint: Paint) {
    let place = if why.infoset.is_empty() || why.decision.ends_with(&why.infoset) {
        String::new()
    } else {
        format!(" at {}", printable(&why.infoset))
    };
    let path = if why.reached { "" } else { ", off the path" };
    lines.push(paint.strong(&format!("{}{place}, in {}{path}", printable(&why.decision), why.equilibrium)));
    let player = printable(&why.player);
    if why.knows.is_empty() {
        lines.push(format!("  {player} has seen nothing yet."));
    } else {
        lines.push(format!("  {player} knows {}.", printable(&why.knows.join(", "))));
    }
    for belief in &why.believes {
        let arms: Vec<String> = belief
            .arms
            .iter()
            .filter(|(_, _, high)| high.value > 0.0)
            .map(|(name, low, high)| format!("{} {}", printable(name), range(low, high)))
            .collect();
        lines.push(format!("  It believes {}: {}.", printable(&belief.event), arms.join(", ")));
    }
    let chosen: Vec<String> = why
        .actions
        .iter()
        .filter(|a| a.probability.1.value > 0.0)
        .map(|a| match range(&a.probability.0, &a.probability.1).as_str() {
            "1" => printable(&a.name),
            p => format!("{} with probability {p}", printable(&a.name)),
        })
        .collect();
    lines.push(format!("  It chooses {}.", chosen.join(", ")));
    table(lines, &why.actions);
    if let Some(c) = &why.comparison {
        comparison(lines, c);
    }
    flips(lines, &why.flips);
}

fn range(low: &Num, high: &Num) -> String {
    if low == high { short_num(low) } else { format!("{} to {}", short_num(low), short_num(high)) }
}

/// Actions in rows, labels of payments in columns.
fn table(lines: &mut Vec<String>, actions: &[Action]) {
    let mut labels: Vec<&str> = Vec::new();
    for (label, _) in actions.iter().flat_map(|a| &a.ledger) {
        if !labels.contains(&label.as_str()) {
            labels.push(label);
        }
    }
    let single = labels.len() < 2;
    let mut grid = vec![vec![String::new(), "probability".into(), "earns".into()]];
    if !single {
        grid[0].extend(labels.iter().map(|l| printable(l)));
    }
    for a in actions {
        let mut row = vec![printable(&a.name), range(&a.probability.0, &a.probability.1), full_num(&a.earns)];
        if !single {
            row.extend(labels.iter().map(|label| {
                a.ledger.iter().find(|(l, _)| l == label).map_or("-".into(), |(_, n)| short_num(n))
            }));
        }
        grid.push(row);
    }
    let widths: Vec<usize> =
        (0..grid[0].len()).map(|k| grid.iter().map(|r| r[k].chars().count()).max().unwrap_or(0)).collect();
    for row in grid {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(c, w)| pad(c, *w)).collect();
        lines.push(format!("    {}", cells.join("   ")));
    }
}

fn comparison(lines: &mut Vec<String>, c: &Comparison) {
    let (best, rival) = (printable(&c.best), printable(&c.rival));
    if c.lead.exact.as_ref().is_some_and(|q| q.is_zero()) {
        lines.push(format!("  {best} and {rival} earn the same, so it may mix."));
    } else {
        lines.push(format!("  {best} beats {rival}, the next best, by {}.", full_num(&c.lead)));
    }
    let parts: Vec<String> = c
        .by_label
        .iter()
        .filter(|(_, n)| n.value != 0.0)
        .map(|(label, n)| {
            let sign = if n.value > 0.0 { "+" } else { "" };
            format!("{} {sign}{}", printable(label), short_num(n))
        })
        .collect();
    if parts.len() > 1 {
        lines.push(format!("  Of that difference: {}.", parts.join(", ")));
    }
}

fn flips(lines: &mut Vec<String>, flips: &[Flip]) {
    if flips.is_empty() {
        return;
    }
    let mut found: Vec<&Flip> = flips.iter().filter(|f| f.nearest().is_some()).collect();
    let far = |f: &Flip| f.deviations.unwrap_or(f64::MAX);
    found.sort_by(|a, b| far(a).total_cmp(&far(b)));
    if found.is_empty() {
        lines.push("  No single parameter ends this choice within its range.".into());
        return;
    }
    lines.push("  It would end if one parameter alone changed:".into());
    for flip in found {
        let sides =
            [(flip.below, &flip.below_because, "fell to"), (flip.above, &flip.above_because, "rose to")];
        let ends: Vec<String> = sides
            .into_iter()
            .filter_map(|(value, why, word)| Some(format!("{word} {}", value_words(value?, why.as_ref()))))
            .collect();
        let name = printable(&flip.param);
        lines.push(format!("    {name} {} (it is {})", ends.join(" or "), significant(flip.base)));
    }
}
