//! Questions and claims over the draws.

use super::{column_words, finding_words};
use crate::flips::{alone_words, moves_words};
use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::flip::Fragile;
use detente_answer::shares::Finding;
use detente_answer::study::{AskStudy, ClaimStudy, ColumnStudy, Study};
use detente_answer::words;

pub(super) fn ask_study(lines: &mut Vec<String>, study: &Study, drawn: &AskStudy) {
    let draws = study.draws;
    if let Some(p) = &drawn.pooled {
        lines.push(format!("  over {draws} draws: {}, {}", percents((p.low, p.high)), p.words));
    }
    if let (Some(low), Some(high)) = (&drawn.low, &drawn.high) {
        let three = |q: &[f64; 3]| q.iter().map(|x| significant(*x)).collect::<Vec<_>>().join(", ");
        if low == high {
            lines.push(format!("  5, 50 and 95 % of the draws: {}", three(low)));
        } else {
            lines.push(format!(
                "  5, 50 and 95 % of the draws: low end {}; high end {}",
                three(low),
                three(high)
            ));
        }
    }
    if let Some([all, some, none, undefined]) = drawn.classes {
        lines.push(format!(
            "  over {draws} draws: true in all {all}, in some {some}, false in all {none}, undefined {undefined}"
        ));
    } else if drawn.undefined > 0 {
        lines.push(format!("  undefined in {} of {draws} draws", drawn.undefined));
    }
}

pub(super) fn claim_study(lines: &mut Vec<String>, study: &Study, drawn: &ClaimStudy, paint: Paint) {
    let left = if drawn.used == study.draws {
        String::new()
    } else {
        format!(", of which its `where` leaves {}", drawn.used)
    };
    lines.push(format!("  over {} draws{left}:", study.draws));
    let column = |c: &ColumnStudy| {
        let words = finding_words(c.finding);
        let words = match c.finding {
            Finding::Holds => paint.good(words),
            Finding::Fails => paint.bad(words),
            Finding::Depends | Finding::Vacuous => paint.warn(words),
        };
        (words, column_study(drawn.used, c), column_words(c.column).to_string())
    };
    lines.extend(grouped(drawn.columns.iter().map(column)));
    if !drawn.drivers.is_empty() {
        let list: Vec<String> =
            drawn.drivers.iter().map(|d| format!("{} ({})", printable(&d.param), d.words())).collect();
        lines.push(format!("  driven by: {}", list.join("; ")));
    }
    if drawn.indistinct > 0 {
        let draws = study.draws;
        let who = if drawn.drivers.is_empty() { "no parameter's effect can" } else { "the others cannot" };
        lines.push(paint.faint(&format!("  {who} be told from 0 at {draws} draws")));
    }
}

/// What overturns a claim, in one line: one parameter alone, and the least change of several.
pub(super) fn overturned(found: &Fragile) -> String {
    let alone = found.weakest().and_then(|f| Some(format!("{} {}", printable(&f.param), alone_words(f)?)));
    let joint = found.joint.as_ref().filter(|j| j.moves.len() > 1).map(|j| {
        format!("several: {} ({} standard deviations)", moves_words(&j.moves), significant(j.distance))
    });
    let parts: Vec<String> = [alone.map(|a| format!("alone: {a}")), joint].into_iter().flatten().collect();
    match parts.is_empty() {
        true => "flips: none in range".into(),
        false => format!("flips: {}", parts.join("; ")),
    }
}

/// Said of few draws, of which all agree and yet none can make a claim hold or fail.
pub fn too_few(used: u64, c: &ColumnStudy) -> &'static str {
    let agree = c.true_in_all == used || c.false_in_all == used;
    match c.finding {
        Finding::Depends if agree && used > 0 => "; 59 draws that agree are the fewest that can decide",
        _ => "",
    }
}

fn column_study(used: u64, c: &ColumnStudy) -> String {
    let share = |n: u64| if used == 0 { "0 %".into() } else { words::percent(n as f64 / used as f64) };
    let mut text = format!(
        "true in all {}, in some {}, false {}, undefined {}",
        share(c.true_in_all),
        share(c.true_in_some),
        share(c.false_in_all),
        share(c.undefined)
    );
    text.push_str(too_few(used, c));
    if let Some(w) = &c.weighted {
        text.push_str(&format!(
            "; weighted by the evidence it {}: true in {}",
            finding_words(w.finding),
            percents(w.true_in_all)
        ));
    }
    text
}

/// One line per finding with the columns that share it, and its details below.
pub(super) fn grouped(columns: impl Iterator<Item = (String, String, String)>) -> Vec<String> {
    let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
    for (finding, details, name) in columns {
        match groups.iter_mut().find(|(f, d, _)| (f, d) == (&finding, &details)) {
            Some((_, _, names)) => names.push(name),
            None => groups.push((finding, details, vec![name])),
        }
    }
    let mut lines = Vec::new();
    for (finding, details, names) in groups {
        lines.push(format!("  {finding}: {}", names.join(", ")));
        if !details.is_empty() {
            lines.push(format!("    {details}"));
        }
    }
    lines
}

/// A range of shares, one where both ends are shown alike.
pub(super) fn percents((low, high): (f64, f64)) -> String {
    let (low, high) = (words::percent(low), words::percent(high));
    if low == high { low } else { format!("{low} to {high}") }
}
