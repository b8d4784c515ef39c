//! The corpus: what must be accepted, and what must be rejected with which message.

mod common;

use detente_diag::{FileId, Sources, render_terminal_all};
use detente_syntax::parse;
use std::fs;

fn rendered(name: &str, text: &str) -> String {
    let sources = Sources::single(name, text);
    render_terminal_all(&sources, &parse(FileId(0), text).diagnostics, false)
}

#[test]
fn accepted_programs_give_no_message() {
    let files = common::corpus("accepted");
    assert!(files.len() >= 20, "only {} accepted programs", files.len());
    for (path, text) in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(rendered(&name, &text), "", "{name}");
    }
}

#[test]
fn rejected_programs_give_the_recorded_messages() {
    let files = common::corpus("rejected");
    assert!(files.len() >= 25, "only {} rejected programs", files.len());
    let mut wrong = Vec::new();
    for (path, text) in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let messages = rendered(&name, &text);
        assert_ne!(messages, "", "{name} is accepted");
        let record = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&record, &messages).expect("the record can be written");
        }
        if fs::read_to_string(&record).ok().as_deref() != Some(messages.as_str()) {
            wrong.push(format!("--- {name} now gives:\n{messages}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "messages differ; if the new ones are better, run again with UPDATE=1\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_slug_is_rejected_somewhere() {
    let mut seen: Vec<&str> = Vec::new();
    for (_, text) in common::corpus("rejected") {
        seen.extend(parse(FileId(0), &text).diagnostics.iter().map(|one| one.slug));
    }
    for (slug, _) in detente_syntax::SLUGS {
        // A file over 16 MiB does not belong into a corpus; `too_long` tests it.
        assert!(*slug == "too-large" || seen.contains(slug), "no program shows `{slug}`");
    }
    for slug in seen {
        assert!(detente_syntax::SLUGS.iter().any(|(known, _)| *known == slug), "`{slug}` is not in the list");
    }
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let text = " ".repeat(detente_syntax::MAX_TEXT + 1);
    let parsed = parse(FileId(0), &text);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].slug, "too-large");
    assert!(parsed.ast.items.is_empty());
}

/// What a repair promises: after the edits of a message it is gone.
#[test]
fn edits_repair_what_they_are_attached_to() {
    let mut repaired = 0;
    for (path, text) in common::corpus("rejected") {
        for diagnostic in parse(FileId(0), &text).diagnostics {
            if diagnostic.edits.is_empty() {
                continue;
            }
            let changed = detente_diag::apply_edits(&text, &diagnostic.edits);
            let count = |text: &str| {
                let all = parse(FileId(0), text).diagnostics;
                all.iter().filter(|one| one.slug == diagnostic.slug).count()
            };
            assert!(
                count(&changed) < count(&text),
                "{}: the edits of `{}` do not help:\n{changed}",
                path.display(),
                diagnostic.message
            );
            repaired += 1;
        }
    }
    assert!(repaired >= 10, "only {repaired} messages carry edits");
}
