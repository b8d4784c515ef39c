//! The table of concepts in words: for `--concept help`, and for `--help`.
//!
//! The one idea: both are read off the table, so neither can forget a concept.

use crate::concepts::{Row, TABLE};
use std::ffi::OsString;
use std::fmt::Write;

/// Whether a call asks for the table: it then needs no file.
pub fn help_wanted(call: impl Iterator<Item = OsString>) -> bool {
    let words: Vec<OsString> = call.skip(1).take_while(|word| word != "--").collect();
    words.iter().any(|word| word == "--concept=help")
        || words.windows(2).any(|pair| pair[0] == "--concept" && pair[1] == "help")
}

/// The whole table, for reading.
pub fn overview() -> String {
    let mut text = "Concepts for `detente solve GAME --concept NAME`, and when to use which.\n\n".to_string();
    for (title, rows) in groups() {
        let _ = writeln!(text, "{title}\n");
        for row in rows {
            let _ = writeln!(text, "  {}\n      {}", row.written(), row.means);
            let _ = writeln!(text, "      use:    {}\n      answer: {}", row.when, row.how);
            if !row.takes.is_empty() {
                let flags: Vec<&str> = row.takes.iter().map(|flag| flag.name()).collect();
                let _ = writeln!(text, "      takes:  {}", flags.join(", "));
            }
        }
        text.push('\n');
    }
    text.push_str(
        "Without --concept: all sequential equilibria of a small game; of a large zero-sum game one\n\
         equilibrium with its gap (--all looks for all of them nevertheless).\n\
         Other commands (ask, why, sweep …) take the first four.\n",
    );
    text
}

fn groups() -> [(&'static str, Vec<&'static Row>); 2] {
    let (lists, others): (Vec<&Row>, Vec<&Row>) = TABLE.iter().partition(|row| row.lists.is_some());
    [("Equilibria, for every command that solves", lists), ("For `detente solve` only", others)]
}

/// What every command takes, in one line each, for `--help`.
pub fn common_help() -> String {
    let [(_, rows), _] = groups();
    lines("Which concept; `detente solve` takes more of them".to_string(), &rows)
}

/// All of them in one line each, for `detente solve --help`.
pub fn long_help() -> String {
    let mut text = "Which concept; `--concept help` says when to use which".to_string();
    for (title, rows) in groups() {
        let _ = write!(text, "\n{title}:");
        text = lines(text, &rows);
    }
    text
}

fn lines(mut text: String, rows: &[&Row]) -> String {
    let width = rows.iter().map(|row| row.written().len()).max().unwrap_or_default();
    for row in rows {
        let short = row.means.split_once(": ").map_or(row.means, |(name, _)| name);
        let _ = write!(text, "\n- {:width$}  {short}", row.written());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_asked_for_in_either_spelling_only() {
        let wanted = |call: &[&str]| help_wanted(call.iter().map(OsString::from));
        assert!(wanted(&["detente", "solve", "--concept", "help"]));
        assert!(wanted(&["detente", "solve", "x.efg", "--concept=help"]));
        assert!(!wanted(&["detente", "solve", "help", "--concept", "nash"]));
        assert!(!wanted(&["detente", "fmt", "--", "--concept", "help"]));
    }

    #[test]
    fn every_concept_stands_in_both_texts() {
        for row in TABLE {
            assert!(overview().contains(row.means) && overview().contains(row.when), "{}", row.name);
            assert!(long_help().contains(&row.written()), "{}", row.name);
            let common = common_help().contains(&format!("- {} ", row.written()));
            assert_eq!(common, row.lists.is_some(), "{}", row.name);
        }
    }
}
