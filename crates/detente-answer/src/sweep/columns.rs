//! Rows as columns of a table: their names, and what a cell holds.
//!
//! `docs/sweep-columns.md` describes them for readers of the file.

use super::identity::Identity;
use super::row::{Chances, Row, STRENGTHS};
use super::state::{CLASSES, place};
use crate::verdict::Class;

/// Selections of equilibria over which an outcome has a low and a high end.
type Ends = fn(&Chances) -> Option<(f64, f64)>;

/// The cells of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    Whole(Vec<u64>),
    Number(Vec<Option<f64>>),
    /// Words, and which of them stands in each row.
    Word(Vec<String>, Vec<Option<u16>>),
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub cells: Cells,
}

/// Words for classes in a file.
pub const CLASS_WORDS: [&str; 4] = ["true-in-all", "true-in-some", "false-in-all", "undefined"];

/// Returns the columns of some rows of a run.
pub fn columns(id: &Identity, rows: &[Row]) -> Vec<Column> {
    let mut list = vec![];
    let mut put = |name: String, cells: Cells| list.push(Column { name, cells });
    put("draw".into(), Cells::Whole(rows.iter().map(|r| r.draw).collect()));
    for (k, param) in id.params.iter().enumerate() {
        put(format!("param.{}", param.name), numbers(rows, |r| r.values.get(k).copied()));
    }
    put("strength".into(), words(&STRENGTHS, rows.iter().map(|r| Some(r.strength))));
    for (k, name) in ["equilibria", "equilibria.intuitive", "equilibria.not_refuted"].iter().enumerate() {
        put(name.to_string(), Cells::Whole(rows.iter().map(|r| r.equilibria[k]).collect()));
    }
    put("pattern".into(), patterns(rows));
    for (k, outcome) in id.outcomes.iter().enumerate() {
        let name = |what: &str| format!("outcome.{}.{what}", outcome.name);
        let mut selections: Vec<(&str, Ends)> = vec![("", |c| c.all), ("intuitive.", |c| c.intuitive)];
        if id.observed {
            selections.push(("not_refuted.", |c| c.not_refuted));
        }
        for (prefix, ends) in selections {
            let of = |r: &Row| ends(r.outcomes.get(k)?);
            put(name(&format!("{prefix}low")), numbers(rows, |r| of(r).map(|e| e.0)));
            put(name(&format!("{prefix}high")), numbers(rows, |r| of(r).map(|e| e.1)));
        }
        put(name("uniform"), numbers(rows, |r| r.outcomes.get(k)?.uniform));
        if id.logit.is_some() {
            put(name("logit"), numbers(rows, |r| r.outcomes.get(k)?.logit));
        }
    }
    for (k, claim) in id.claims.iter().enumerate() {
        for (c, column) in
            ["", ".intuitive", ".not_refuted"].iter().enumerate().take(2 + usize::from(id.observed))
        {
            let class = |r: &Row| Some(r.claims.get(k)?.as_ref()?.classes[c]);
            put(format!("claim.{}{column}", claim.name), classes(rows.iter().map(class)));
        }
        let margin = |r: &Row| r.claims.get(k)?.as_ref()?.margin;
        put(format!("claim.{}.margin", claim.name), numbers(rows, margin));
    }
    for (k, ask) in id.asks.iter().enumerate() {
        let bounds = |r: &Row| r.asks.get(k)?.bounds;
        put(format!("ask.{}.low", ask.name), numbers(rows, |r| bounds(r).map(|b| b.0)));
        put(format!("ask.{}.high", ask.name), numbers(rows, |r| bounds(r).map(|b| b.1)));
        put(format!("ask.{}.class", ask.name), classes(rows.iter().map(|r| r.asks.get(k)?.class)));
    }
    if id.observed {
        let ends = |r: &Row| r.observed.iter().copied().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        put("observed.low".into(), numbers(rows, |r| ends(r).map(|e| e.0)));
        put("observed.high".into(), numbers(rows, |r| ends(r).map(|e| e.1)));
    }
    list
}

fn numbers(rows: &[Row], of: impl Fn(&Row) -> Option<f64>) -> Cells {
    Cells::Number(rows.iter().map(of).collect())
}

fn words(names: &[&str], codes: impl Iterator<Item = Option<u16>>) -> Cells {
    Cells::Word(names.iter().map(|n| n.to_string()).collect(), codes.collect())
}

fn classes(list: impl Iterator<Item = Option<Class>>) -> Cells {
    debug_assert_eq!(CLASSES.len(), CLASS_WORDS.len());
    words(&CLASS_WORDS, list.map(|class| class.map(|c| place(c) as u16)))
}

/// Patterns as words; beyond 65,000 different ones in one group of rows a cell stays empty.
fn patterns(rows: &[Row]) -> Cells {
    let mut places: std::collections::BTreeMap<&str, u16> = std::collections::BTreeMap::new();
    let mut names = vec![];
    let mut codes = vec![];
    for row in rows {
        let Some(pattern) = row.pattern.as_deref() else {
            codes.push(None);
            continue;
        };
        let code = places.get(pattern).copied().or_else(|| {
            let next = u16::try_from(names.len()).ok()?;
            names.push(pattern.to_string());
            places.insert(pattern, next);
            Some(next)
        });
        codes.push(code);
    }
    Cells::Word(names, codes)
}
