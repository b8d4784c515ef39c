//! Studies of councils on a terminal: settlements and doubts, drivers, flips, coalitions, levers, readings.
//!
//! The one idea: the same sentences and tables as on the page, row by row, so that the two never differ.

use crate::case::{CouncilPart, Grid};
use crate::number::significant;
use crate::paint::{Paint, pad, printable};
use detente_answer::ensemble::Pulls;
use detente_answer::ensemble::Variant;
use serde_json::{Value, json};

/// Returns studied councils as text.
pub fn study_text(parts: &[CouncilPart], colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    for part in parts {
        out.push_str(&format!("{}\n{}\n\n", paint.strong(&printable(&part.title)), printable(&part.about)));
        for issue in &part.issues {
            out.push_str(&format!(
                "{}\n  {}\n",
                paint.strong(&printable(&issue.title)),
                printable(&issue.answer)
            ));
            if !issue.link.is_empty() {
                out.push_str(&format!("  {}\n", printable(&issue.link)));
            }
            if !issue.bloc.is_empty() {
                out.push_str(&format!("  {}\n", printable(&issue.bloc)));
            }
            for table in [&issue.links, &issue.drivers, &issue.flips, &issue.coalition, &issue.power] {
                out.push_str(&grid_text(table, paint));
            }
            out.push('\n');
        }
        if !part.moves.is_empty() {
            out.push_str(&format!("{}\n", paint.strong("Who moves whom")));
            part.moves.iter().for_each(|m| out.push_str(&format!("  {}\n", printable(m))));
            out.push('\n');
        }
        out.push_str(&grid_text(&part.answers, paint));
    }
    out
}

/// A table in columns, each as wide as its widest cell.
fn grid_text(table: &Grid, paint: Paint) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let wide = |k: usize| {
        let cells = table.rows.iter().chain([&table.columns]).filter_map(|row| row.get(k));
        cells.map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(k, c)| pad(&printable(c), wide(k)));
        format!("    {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_string()
    };
    let mut out = format!("  {}\n", paint.faint(&printable(&table.caption)));
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        out.push_str(&line(row));
        out.push('\n');
    }
    out
}

/// Returns levers toward a goal as text: `goal` in words, theories by their words.
pub fn levers_text(goal: &str, theories: &[String], found: &Pulls, colour: bool) -> String {
    let paint = Paint { colour };
    let met: Vec<&str> =
        theories.iter().zip(&found.met).filter(|(_, met)| **met).map(|(t, _)| t.as_str()).collect();
    let mut out = match (met.len() == theories.len(), found.pulls.first()) {
        (true, _) => format!("{goal} holds already, in every theory.\n"),
        (_, None) => format!("{goal}: no single number of these actors brings it about in any theory.\n"),
        (_, Some(best)) => format!(
            "{goal}: cheapest by {} of {}, from {}; it works in {} of {} theories.\n",
            best.quantity,
            best.actor,
            significant(best.from),
            best.works,
            theories.len() - met.len(),
        ),
    };
    if !met.is_empty() && met.len() < theories.len() {
        out.push_str(&format!("Holds already in {}.\n", met.join(", ")));
    }
    let mut table = Grid {
        caption: "What each number must become, by theory; size in parts of the scale, of the full salience, of the \
                  actor's capability: a convention, not a price"
            .into(),
        columns: vec!["Change".into(), "Now".into(), "Size".into()],
        rows: vec![],
    };
    table.columns.extend(theories.iter().cloned());
    for pull in &found.pulls {
        let mut row = vec![
            format!("{} of {}", pull.quantity, pull.actor),
            significant(pull.from),
            format!("{:.2}", pull.size),
        ];
        let cells = pull.to.iter().zip(&found.met).map(|(to, met)| match (to, met) {
            (Some(to), _) => significant(*to),
            (None, true) => "met".into(),
            (None, false) => "-".into(),
        });
        row.extend(cells);
        table.rows.push(row);
    }
    out.push_str(&grid_text(&table, paint));
    out
}

/// One issue under all readings: its title, the readings, and the sentence on whether they agree.
pub struct Readings {
    pub title: String,
    pub variants: Vec<Variant>,
    pub agreement: String,
}

/// Returns readings as text: the sentence first.
pub fn readings_text(list: &[Readings], colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    for issue in list {
        out.push_str(&format!("{}\n{}\n", paint.strong(&printable(&issue.title)), issue.agreement));
        let mut table = Grid {
            caption: "Each reading by its own rule; then the weighted mean after each round".into(),
            columns: ["Reading", "Outcome", "Comes to rest", "Rounds", "Choices"].map(String::from).to_vec(),
            rows: vec![],
        };
        for v in &issue.variants {
            let rest = match v.settled {
                Some(true) => format!("after {}", v.rounds.len() - 1),
                Some(false) => "no".into(),
                None => "not played".into(),
            };
            let rounds: Vec<String> = v.rounds.iter().take(7).map(|r| format!("{:.2}", r.1)).collect();
            let more = if v.rounds.len() > 7 { " …" } else { "" };
            table.rows.push(vec![
                v.name.clone(),
                format!("{:.2}", v.outcome),
                rest,
                format!("{}{more}", rounds.join(" ")),
                v.choices.to_string(),
            ]);
        }
        out.push_str(&grid_text(&table, paint));
        out.push('\n');
    }
    out
}

/// Returns readings as JSON.
pub fn readings_json(list: &[Readings]) -> Value {
    let variant = |v: &Variant| {
        let rounds: Vec<Value> = v.rounds.iter().map(|r| json!({"median": r.0, "mean": r.1})).collect();
        json!({"name": v.name, "choices": v.choices, "outcome": v.outcome, "settled": v.settled, "rounds": rounds})
    };
    let issue = |i: &Readings| {
        json!({
            "title": i.title,
            "agreement": i.agreement,
            "readings": i.variants.iter().map(variant).collect::<Vec<_>>(),
        })
    };
    json!({"issues": list.iter().map(issue).collect::<Vec<_>>()})
}
