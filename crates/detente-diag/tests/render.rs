//! Both renderers show the same message; edits do what they say.

use detente_diag::{
    Diagnostic, Edit, FileId, Sources, Span, apply_edits, has_errors, render_json, render_terminal,
    render_terminal_all, sort,
};

fn span(start: u32, end: u32) -> Span {
    Span::new(FileId(0), start, end)
}

fn message() -> (Sources, Diagnostic) {
    let sources = Sources::single("crisis.det", "// ¶ first\nplay { endd win }\n");
    let diagnostic = Diagnostic::error("unknown-word", "`endd` is not a statement")
        .label(span(19, 23), "here")
        .label(span(12, 16), "inside of this")
        .help("did you mean `end`?")
        .edit(span(19, 23), "end");
    (sources, diagnostic)
}

#[test]
fn the_terminal_shows_line_label_and_help() {
    let (sources, diagnostic) = message();
    let text = render_terminal(&sources, &diagnostic, false);
    for part in ["error[unknown-word]", "crisis.det:2:8", "here", "inside of this", "help: did"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colour without being asked");
    assert!(render_terminal(&sources, &diagnostic, true).contains('\u{1b}'));
}

#[test]
fn the_count_stands_at_the_end() {
    let (sources, error) = message();
    let warning = Diagnostic::warning("unsourced-param", "nothing supports `p`");
    let text = render_terminal_all(&sources, &[error.clone(), warning.clone(), error], false);
    assert!(text.ends_with("2 errors, 1 warning\n"), "{text}");
    assert!(!has_errors(&[warning]));
    assert_eq!(render_terminal_all(&sources, &[], false), "");
}

#[test]
fn json_counts_lines_and_characters() {
    let (sources, diagnostic) = message();
    let json: serde_json::Value =
        serde_json::from_str(&render_json(&sources, &[diagnostic])).expect("it is JSON");
    let place = &json[0]["labels"][0]["span"];
    assert_eq!(place["file"], "crisis.det");
    assert_eq!(place["start"], 19);
    assert_eq!(place["from"], serde_json::json!({"line": 2, "column": 8}));
    assert_eq!(place["to"], serde_json::json!({"line": 2, "column": 12}));
    assert_eq!(json[0]["severity"], "error");
    assert_eq!(json[0]["edits"][0]["text"], "end");
    assert_eq!(json[0]["labels"][1]["primary"], false);
    // `¶` is two bytes and one column.
    assert_eq!(sources.place(FileId(0), 5).column, 5);
    assert_eq!(sources.place(FileId(0), 4).column, 4);
}

#[test]
fn edits_apply_in_any_order_and_never_twice() {
    let edit = |start, end, text: &str| Edit { span: span(start, end), text: text.to_string() };
    let edits = [edit(6, 7, "C"), edit(0, 1, "A"), edit(3, 3, "-"), edit(0, 2, "overlaps")];
    assert_eq!(apply_edits("a23 b c", &edits), "A23- b C");
    assert_eq!(apply_edits("short", &[edit(3, 99, "x")]), "short");
    assert_eq!(apply_edits("é", &[edit(1, 2, "x")]), "é");
}

#[test]
fn messages_are_sorted_by_place() {
    let at = |start| Diagnostic::error("syntax", format!("{start}")).label(span(start, start), "");
    let mut all = vec![Diagnostic::error("syntax", "nowhere"), at(9), at(2)];
    sort(&mut all);
    let order: Vec<&str> = all.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(order, ["2", "9", "nowhere"]);
}
