//! The grammar document and the cheat sheet say what the parser does.

mod common;

use detente_diag::FileId;
use detente_syntax::{NODE_KINDS, NodeKind, parse, words};
use std::collections::BTreeSet;
use std::fs;

fn document(name: &str) -> String {
    fs::read_to_string(common::root().join("docs").join(name)).expect("the document exists")
}

/// The fenced blocks of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    text.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap_or("").to_string()).collect()
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// The names on the left of a `=` at the beginning of a line.
fn productions(ebnf: &str) -> Vec<String> {
    ebnf.lines()
        .filter(|line| line.starts_with(is_letter))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_string())
        .collect()
}

/// Productions that are no nodes of their own: tokens, and lists of alternatives.
const NOT_NODES: [&str; 11] =
    ["ID", "NUM", "DATE", "STR", "CITE", "Weight", "Setting", "Statement", "Expr", "Mark", "OptionValue"];

#[test]
fn productions_and_nodes_are_the_same() {
    let grammar = blocks(&document("grammar.md"), "ebnf").concat();
    let written: BTreeSet<String> =
        productions(&grammar).into_iter().filter(|name| !NOT_NODES.contains(&name.as_str())).collect();
    let built: BTreeSet<String> =
        NODE_KINDS.iter().filter(|kind| **kind != NodeKind::Error).map(|kind| format!("{kind:?}")).collect();
    assert_eq!(written, built);
}

#[test]
fn every_name_on_a_right_side_is_a_production() {
    let grammar = blocks(&document("grammar.md"), "ebnf").concat();
    let known = productions(&grammar);
    let mut bare = String::new();
    let mut quoted = false;
    for line in grammar.lines() {
        // Comments and the prose of the tokens are no productions.
        let line = line.split("(*").next().unwrap_or("");
        if !NOT_NODES[..5].iter().any(|token| line.trim_start().starts_with(token)) {
            for c in line.chars() {
                quoted ^= c == '"';
                bare.push(if quoted { ' ' } else { c });
            }
        }
        bare.push('\n');
    }
    for word in bare.split(|c| !is_letter(c)).filter(|word| !word.is_empty()) {
        assert!(known.iter().any(|name| name == word), "`{word}` is not defined");
    }
}

#[test]
fn keywords_are_the_same() {
    let grammar = blocks(&document("grammar.md"), "ebnf").concat();
    let written: BTreeSet<&str> = grammar
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| word.len() > 1 && word.chars().all(is_letter))
        .collect();
    let lists: [&[&str]; 10] = [
        words::ITEM_HEADS,
        words::STATEMENT_HEADS,
        words::CHANGE_HEADS,
        words::COUNCIL_HEADS,
        words::STEP_HEADS,
        words::CASE_HEADS,
        words::OPERATOR_WORDS,
        words::CONTEXT_WORDS,
        words::QUESTION_WORDS,
        words::QUANTIFIER_WORDS,
    ];
    let known: BTreeSet<&str> = lists.concat().into_iter().collect();
    assert_eq!(written, known);
    let text = document("grammar.md");
    for word in words::BUILT_IN_NAMES {
        assert!(text.contains(&format!("`{word}`")), "`{word}` is not mentioned");
    }
}

#[test]
fn examples_parse_and_each_production_has_one() {
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for name in ["grammar.md", "cheatsheet.md"] {
        for example in blocks(&document(name), "detente") {
            let parsed = parse(FileId(0), &example);
            assert!(parsed.diagnostics.is_empty(), "{name}: {:#?}\n{example}", parsed.diagnostics);
            shown.extend(parsed.tree.nodes.iter().map(|node| format!("{:?}", node.kind)));
        }
    }
    for kind in NODE_KINDS {
        let name = format!("{kind:?}");
        assert!(*kind == NodeKind::Error || shown.contains(&name), "no example of {name}");
    }
}

/// After each group of productions stands an example that shows all of them.
#[test]
fn each_example_shows_the_productions_above_it() {
    let text = document("grammar.md");
    let start = text.find("## Captions").expect("the section exists");
    let mut waiting: Vec<String> = Vec::new();
    for part in text[start..].split("```").skip(1).step_by(2) {
        if let Some(ebnf) = part.strip_prefix("ebnf\n") {
            waiting.extend(productions(ebnf));
        } else if let Some(example) = part.strip_prefix("detente\n") {
            let tree = parse(FileId(0), example).tree;
            for name in waiting.drain(..) {
                let shown = tree.nodes.iter().any(|node| format!("{:?}", node.kind) == name);
                assert!(shown || NOT_NODES.contains(&name.as_str()), "no example of {name}");
            }
        }
    }
    assert!(waiting.is_empty(), "no example after {waiting:?}");
}

#[test]
fn the_cheat_sheet_fits_a_prompt() {
    assert!(document("cheatsheet.md").len() < 11_500);
}
