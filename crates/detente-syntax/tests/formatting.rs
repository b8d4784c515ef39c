//! The formatter: what it makes of a badly laid out model, and what it leaves alone.

mod common;

use detente_diag::FileId;
use detente_syntax::{format, parse};
use std::fs;

#[test]
fn the_three_design_models_are_already_formatted() {
    for (path, text) in common::corpus("accepted") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let designed = ["fearon-ultimatum", "audience-costs", "three-player-ladder"];
        if designed.iter().any(|stem| name.starts_with(stem)) {
            assert_eq!(format(&text), text, "{name}");
        }
    }
}

#[test]
fn formatted_texts_are_the_recorded_ones() {
    let mut wrong = Vec::new();
    for (path, text) in common::corpus("formatted") {
        let record = path.with_extension("out");
        let result = format(&text);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&record, &result).expect("the record can be written");
        }
        if fs::read_to_string(&record).ok().as_deref() != Some(result.as_str()) {
            wrong.push(format!("--- {} is now\n{result}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "run with UPDATE=1 if this is better\n{}", wrong.join("\n"));
}

#[test]
fn formatting_the_corpus_keeps_its_meaning_and_its_comments() {
    let comments = |text: &str| -> Vec<String> {
        let tree = parse(FileId(0), text).tree;
        let all = tree.tokens.iter().filter(|token| token.kind.is_comment());
        all.map(|token| token.text(text).trim_end().to_string()).collect()
    };
    for folder in ["accepted", "formatted"] {
        for (path, text) in common::corpus(folder) {
            let once = format(&text);
            assert_eq!(common::shape(&once), common::shape(&text), "{}", path.display());
            assert_eq!(comments(&once), comments(&text), "{}", path.display());
            assert_eq!(format(&once), once, "{}", path.display());
        }
    }
}

#[test]
fn late_sources_move_to_the_label() {
    let cases = [
        (
            "param q \"Q\" ~ beta(4, 6) at 0.4 @a[p. 1] @b\n",
            "param q \"Q\" @a[p. 1] @b ~ beta(4, 6) at 0.4\n",
        ),
        (
            "param q ~ beta(4, 6)\n  @a[p. 1]\n  assumed \"why\"\n",
            "param q @a[p. 1] assumed \"why\" ~ beta(4, 6)\n",
        ),
        ("param q assumed \"why\" = 1 @a // kept\n", "param q @a assumed \"why\" = 1  // kept\n"),
        ("param q = 1 // kept\n @a\n", "param q @a = 1  // kept\n"),
        ("claim c = p > 1 @a where q > 1 @b\n", "claim c @a @b = p > 1 where q > 1\n"),
    ];
    for (before, after) in cases {
        assert_eq!(format(before), after);
    }
}

#[test]
fn a_text_with_errors_is_left_alone() {
    assert_eq!(format("param  x  =  \n"), "param  x  =  \n");
}
