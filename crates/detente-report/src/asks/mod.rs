//! Answers to questions and claims as text and JSON.
//!
//! The one idea: one row per equilibrium, and low to high over all of them, so that no number
//! stands without the equilibrium it came from.

mod evidence;
mod tests;
mod why;

pub use tests::tests_text;
pub use why::why_text;

use crate::flips::{alone_words, moves_words};
use crate::number::{full_num, num_json, short_num, significant};
use crate::paint::{Paint, pad, printable};
use crate::solution::status_name;
use detente_answer::asked::{Answer, Content, NumberRow};
use detente_answer::claims::{Column, ColumnVerdict, Decision};
use detente_answer::evidence::Evidence;
use detente_answer::flip::Fragile;
use detente_answer::shares::Finding;
use detente_answer::solved::Point;
use detente_answer::study::{AskStudy, ClaimStudy, ColumnStudy, Study};
use detente_answer::undefined::Undefined;
use detente_answer::verdict::{Class, Verdict};
use detente_answer::words;
use detente_game::Game;
use detente_game::solution::{Num, Status};
use serde_json::{Map, Value, json};

/// The answers of one model at one point, and over draws if there were any.
#[derive(Clone, Debug)]
pub struct Answers {
    pub asks: Vec<Answer>,
    pub claims: Vec<Decision>,
    pub study: Option<Study>,
    /// What the observations say of the hypotheses.
    pub evidence: Option<Evidence>,
    /// What overturns each claim; empty where it was not looked for.
    pub flips: Vec<Fragile>,
}

/// Returns the answers as one object.
pub fn answers_json(game: &Game, point: &Point, answers: &Answers) -> Value {
    let parameters: Map<String, Value> = game
        .params
        .iter()
        .zip(&point.params)
        .map(|(p, q)| (p.name.clone(), num_json(&Num::exact(q.clone()))))
        .collect();
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "parameters": parameters,
        "status": point.status(),
        "asks": answers.asks,
        "claims": answers.claims,
        "evidence": answers.evidence,
        "study": answers.study,
        "flips": answers.flips,
    })
}

/// Returns the answers as text, the strength first.
pub fn answers_text(game: &Game, point: &Point, answers: &Answers, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = vec![strength(point.status(), paint)];
    let title = if game.title.is_empty() { "untitled game".into() } else { printable(&game.title) };
    let concept =
        point.games.first().map(|g| crate::solution::concept_name(g.solution.concept)).unwrap_or("");
    lines.push(format!("{title}; {concept} equilibria."));
    for answer in &answers.asks {
        lines.push(String::new());
        ask(&mut lines, answer, paint);
        let drawn = answers.study.as_ref().and_then(|s| s.asks.iter().find(|a| a.name == answer.name));
        if let (Some(study), Some(drawn)) = (&answers.study, drawn) {
            ask_study(&mut lines, study, drawn);
        }
    }
    for decision in &answers.claims {
        lines.push(String::new());
        claim(&mut lines, decision, paint);
        let drawn = answers.study.as_ref().and_then(|s| s.claims.iter().find(|c| c.name == decision.name));
        if let (Some(study), Some(drawn)) = (&answers.study, drawn) {
            claim_study(&mut lines, study, drawn, paint);
        }
        if let Some(found) = answers.flips.iter().find(|f| f.claim == decision.name) {
            lines.push(format!("  {}", overturned(found)));
        }
    }
    if let Some(found) = &answers.evidence {
        evidence::evidence_lines(&mut lines, found, paint);
    }
    if answers.asks.is_empty() && answers.claims.is_empty() {
        lines.push("This model asks nothing; add an `ask` or a `claim`.".into());
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn strength(status: Status, paint: Paint) -> String {
    let text = words::strength(status);
    let word = status_name(status);
    let word = if status == Status::Numeric { paint.warn(word) } else { paint.good(word) };
    format!("{word}: {}.", text.split_once(": ").map_or(text, |(_, rest)| rest))
}

fn heading(name: &str, label: &str, paint: Paint) -> String {
    let label = if label.is_empty() { String::new() } else { format!("  {}", printable(label)) };
    format!("{}{label}", paint.strong(&printable(name)))
}

fn ask(lines: &mut Vec<String>, answer: &Answer, paint: Paint) {
    lines.push(heading(&answer.name, &answer.label, paint));
    let names: Vec<String> = answer.rows.iter().map(|r| r.equilibria.join(" with ")).collect();
    let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
    for (row, name) in answer.rows.iter().zip(&names) {
        let text = match &row.content {
            Content::Number(n) => number(n),
            Content::Statement(v) => verdict(v),
            Content::Undefined(u) => undefined(u),
        };
        lines.push(format!("  {}  {text}", pad(name, width)));
    }
    if let (Some(low), Some(high), true) = (&answer.low, &answer.high, answer.rows.len() > 1) {
        lines.push(format!("  {}  {} to {}", pad("all", width), short_num(low), short_num(high)));
    }
    if let Some(class) = answer.class {
        lines.push(format!("  {}  {}", pad("all", width), class_words(class)));
    }
    if answer.evidence {
        lines.push(paint.faint("  what seeing it tells, not what doing it brings about"));
    }
}

fn number(row: &NumberRow) -> String {
    let mut text = full_num(&row.value);
    if row.low != row.high {
        text.push_str(&format!("   between {} and {}", short_num(&row.low), short_num(&row.high)));
    }
    if !row.defined_everywhere {
        text.push_str("   (undefined at some points)");
    }
    if let Some(s) = &row.stake {
        let (low, high) = (significant(s.low), significant(s.high));
        let range = if low == high { low } else { format!("{low} to {high}") };
        text.push_str(&format!("   {range} of the stake of {}", printable(&s.player)));
    }
    text
}

fn undefined(u: &Undefined) -> String {
    let mut text = format!("undefined: {}", printable(&u.words));
    if let Some(limit) = &u.off_path {
        let (low, high) = (short_num(&limit.low), short_num(&limit.high));
        let range = if low == high { low } else { format!("{low} to {high}") };
        let may_vary = if limit.may_vary { ", other trembles may give others" } else { "" };
        text.push_str(&format!(" Off path: {range}{may_vary}."));
    }
    text
}

fn verdict(v: &Verdict) -> String {
    match v {
        Verdict::True => "true".into(),
        Verdict::False => "false".into(),
        Verdict::Mixed => "true at some points, false at others".into(),
        Verdict::Undecided { shown: Some(true) } => "true where shown, not decided everywhere".into(),
        Verdict::Undecided { shown: Some(false) } => "false where shown, not decided everywhere".into(),
        Verdict::Undecided { shown: None } => "not decided".into(),
        Verdict::Undefined(u) => undefined(u),
    }
}

/// Words for a statement over a set of equilibria.
pub fn class_words(class: Class) -> &'static str {
    match class {
        Class::TrueInAll => "true in all",
        Class::TrueInSome => "true in some only",
        Class::FalseInAll => "false in all",
        Class::Undefined => "undefined",
    }
}

/// The name of a column.
pub fn column_words(column: Column) -> &'static str {
    match column {
        Column::All => "all equilibria",
        Column::Intuitive => "those that do not fail the intuitive criterion",
        Column::NotRefuted => "those the observations leave",
    }
}

/// Words for what the draws say.
pub fn finding_words(finding: Finding) -> &'static str {
    match finding {
        Finding::Holds => "holds",
        Finding::Fails => "fails",
        Finding::Depends => "depends",
        Finding::Vacuous => "vacuous: its `where` leaves almost no draw",
    }
}

fn claim(lines: &mut Vec<String>, decision: &Decision, paint: Paint) {
    lines.push(format!("claim {}", heading(&decision.name, &decision.label, paint)));
    if !decision.applies {
        lines.push("  does not speak of these values: its `where` is false here".into());
        return;
    }
    let column = |c: &ColumnVerdict| {
        let class = decision.class(c.column);
        let words = class_words(class);
        let words = match class {
            Class::TrueInAll => paint.good(words),
            Class::FalseInAll => paint.bad(words),
            _ => paint.warn(words),
        };
        (words, String::new(), format!("{} ({})", column_words(c.column), c.count))
    };
    lines.extend(grouped(decision.columns.iter().map(column)));
    if !decision.complete {
        lines.push(paint.warn("  not all equilibria are known, so \"all\" is not claimed"));
    }
    for row in &decision.rows {
        let margin = row.margin.as_ref().map(|(low, high)| {
            let (low, high) = (short_num(low), short_num(high));
            let range = if low == high { low } else { format!("{low} to {high}") };
            format!("   by {range}")
        });
        let mut notes = String::new();
        if row.refuted {
            notes.push_str("   refuted by the observations");
        }
        if row.intuitive == Some(false) {
            notes.push_str("   fails the intuitive criterion");
        }
        let line = format!(
            "    {}  {}{}{notes}",
            row.equilibria.join(" with "),
            verdict(&row.verdict),
            margin.unwrap_or_default()
        );
        lines.push(paint.faint(&line));
    }
}

fn ask_study(lines: &mut Vec<String>, study: &Study, drawn: &AskStudy) {
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

fn claim_study(lines: &mut Vec<String>, study: &Study, drawn: &ClaimStudy, paint: Paint) {
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
fn overturned(found: &Fragile) -> String {
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
fn grouped(columns: impl Iterator<Item = (String, String, String)>) -> Vec<String> {
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
fn percents((low, high): (f64, f64)) -> String {
    let (low, high) = (words::percent(low), words::percent(high));
    if low == high { low } else { format!("{low} to {high}") }
}
