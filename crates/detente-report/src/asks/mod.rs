//! Answers to questions and claims as text and JSON.
//!
//! The one idea: one row per equilibrium, and low to high over all of them, so that no number
//! stands without the equilibrium it came from.

use crate::asks::drawn::{ask_study, claim_study, grouped, overturned};
mod drawn;
mod evidence;
mod tests;
mod why;

pub use drawn::too_few;
pub use tests::tests_text;
pub use why::why_text;

use crate::number::{full_num, num_json, short_num, significant};
use crate::paint::{Paint, pad, printable};
use crate::solution::status_name;
use detente_answer::asked::{Answer, Content, NumberRow};
use detente_answer::claims::{Column, ColumnVerdict, Decision};
use detente_answer::evidence::Evidence;
use detente_answer::flip::Fragile;
use detente_answer::shares::Finding;
use detente_answer::solved::Point;
use detente_answer::study::Study;
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
