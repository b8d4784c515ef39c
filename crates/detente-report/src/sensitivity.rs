//! What an answer hangs on, as text and as JSON.
//!
//! The one idea: a share of variance that noise could have made is not printed as a number; the
//! inputs concerned stand in one line, with the most that it can be.

use crate::number::significant;
use crate::paint::{Paint, pad, printable};
use detente_answer::sensitivity::{Effect, Findings, Said};
use detente_answer::sweep::Identity;
use detente_answer::words::percent;
use serde_json::{Value, json};

/// Most rules of one kind that are printed; all stand in the JSON.
const RULES: usize = 3;

/// Where the draws came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Draws behind measures and rules.
    pub draws: u64,
    /// Solves behind indices and effects; 0 for a table alone.
    pub solves: u64,
    /// Draws that the table holds beyond those that were used.
    pub left_out: u64,
}

/// Findings as one JSON object, see `docs/schema/sensitivity.schema.json`.
pub fn sensitivity_json(id: &Identity, origin: &Origin, found: &[Findings]) -> Value {
    json!({
        "format": {"name": "detente-sensitivity", "version": 1},
        "run": id,
        "draws": origin.draws,
        "solves": origin.solves,
        "left_out": origin.left_out,
        "targets": found,
    })
}

/// Findings for reading.
pub fn sensitivity_text(id: &Identity, origin: &Origin, found: &[Findings], colour: bool) -> String {
    let paint = Paint { colour };
    let title = if id.title.is_empty() { "untitled game".into() } else { printable(&id.title) };
    let mut lines = vec![match origin.solves {
        0 => format!("{title}: what {} draws of a table tell.", crate::sweep::thousands(origin.draws)),
        n => format!(
            "{title}: what {} draws tell, and {} more solved for the indices.",
            crate::sweep::thousands(origin.draws),
            crate::sweep::thousands(n)
        ),
    }];
    if origin.left_out > 0 {
        let left = crate::sweep::thousands(origin.left_out);
        lines.push(
            paint.faint(&format!("The table holds {left} more draws; the first ones are enough here.")),
        );
    }
    lines.push(
        paint.faint(
            "Shares of variance with their 95 % intervals. Low and high over the equilibria stay apart.",
        ),
    );
    for target in found {
        lines.push(String::new());
        one(&mut lines, target, paint);
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn one(lines: &mut Vec<String>, f: &Findings, paint: Paint) {
    let label = if f.label.is_empty() { String::new() } else { format!("  {}", printable(&f.label)) };
    lines.push(format!("{}{label}", paint.strong(&printable(&f.name))));
    let mean = match f.what.split_once("1 where ") {
        Some((_, what)) => {
            format!("{} in {} of the draws", what.trim_end_matches(", else 0"), percent(f.mean))
        }
        None if f.what.ends_with("value") || f.what.contains("value over") => {
            format!("{}; mean {}", f.what, significant(f.mean))
        }
        None => format!("{}; mean {}", f.what, percent(f.mean)),
    };
    lines.push(format!("  {mean}"));
    if let Some(rows) = &f.sobol {
        let list: Vec<Row> = rows
            .iter()
            .map(|r| Row { param: &r.param, sort: &r.total, cells: vec![&r.first, &r.total] })
            .collect();
        table(lines, "Sobol' indices", &["alone", "alone or together with others"], list, paint);
    }
    if let Some(rows) = &f.shapley {
        let list: Vec<Row> =
            rows.iter().map(|r| Row { param: &r.param, sort: &r.effect, cells: vec![&r.effect] }).collect();
        table(lines, "Shapley effects", &["fair share"], list, paint);
    }
    if let Some(rows) = f.given.as_ref() {
        let list: Vec<Row> = rows
            .iter()
            .map(|r| Row { param: &r.param, sort: &r.delta, cells: vec![&r.delta, &r.first] })
            .collect();
        table(lines, "from the draws", &["moves the distribution (delta)", "alone"], list, paint);
    }
    rules(lines, "boxes (PRIM)", &f.boxes, paint);
    rules(lines, "rules (CART)", &f.rules, paint);
    rules(lines, "and against", &f.rules_against, paint);
    for note in &f.notes {
        lines.push(paint.faint(&format!("  {note}")));
    }
}

/// A line of a table: a parameter and its effects; `sort` decides the order and who is left out.
struct Row<'a> {
    param: &'a str,
    sort: &'a Effect,
    cells: Vec<&'a Effect>,
}

fn table(lines: &mut Vec<String>, title: &str, heads: &[&str], mut rows: Vec<Row>, paint: Paint) {
    const WIDTH: usize = 32;
    rows.sort_by(|a, b| b.sort.raw().total_cmp(&a.sort.raw()));
    let (found, noise): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|r| r.cells.iter().any(|e| e.estimate().is_some()));
    let width = found.iter().map(|r| r.param.chars().count()).max().unwrap_or(0).max(title.chars().count());
    if !found.is_empty() {
        let heads: Vec<String> = heads.iter().map(|h| pad(h, WIDTH)).collect();
        lines.push(paint.faint(&format!("  {}  {}", pad(title, width), heads.join("  "))));
    }
    for row in &found {
        let cells: Vec<String> = row.cells.iter().map(|e| pad(&cell(e), WIDTH)).collect();
        lines.push(format!("  {}  {}", pad(row.param, width), cells.join("  ")));
    }
    if !noise.is_empty() {
        let most = noise.iter().flat_map(|r| &r.cells).map(|e| bound(e)).fold(0.0, f64::max);
        let names: Vec<&str> = noise.iter().map(|r| r.param).collect();
        let title = if found.is_empty() { format!("{title}: ") } else { String::new() };
        lines.push(paint.faint(&format!(
            "  {title}not distinguishable from 0 at this N (at most {:.2}): {}",
            (most * 100.0).ceil() / 100.0,
            names.join(", ")
        )));
    }
}

fn cell(e: &Effect) -> String {
    match e {
        Effect::Found { .. } => e.to_string(),
        Effect::Indistinct { high, .. } => {
            format!("not told from 0 (at most {:.2})", (high * 100.0).ceil() / 100.0)
        }
    }
}

fn bound(e: &Effect) -> f64 {
    match e {
        Effect::Found { high, .. } | Effect::Indistinct { high, .. } => *high,
    }
}

fn rules(lines: &mut Vec<String>, title: &str, list: &[Said], paint: Paint) {
    if list.is_empty() {
        return;
    }
    lines.push(paint.faint(&format!("  {title}")));
    for said in list.iter().take(RULES) {
        lines.push(format!("    {}", printable(&said.sentence)));
    }
    if list.len() > RULES {
        lines.push(format!("    and {} smaller ones", list.len() - RULES));
    }
}
