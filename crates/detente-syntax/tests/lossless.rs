//! Any text: the tree keeps every byte, and nothing panics or hangs.

mod common;

use detente_diag::{FileId, Sources, Span, render_json, render_terminal_all};
use detente_syntax::{Tree, format, parse, words};
use proptest::prelude::*;

/// What must hold for every text.
fn check(text: &str) {
    let parsed = parse(FileId(0), text);
    let tokens = &parsed.tree.tokens;
    if text.len() <= detente_syntax::MAX_TEXT {
        let joined: String = tokens.iter().map(|token| token.text(text)).collect();
        assert_eq!(joined, text, "the tokens do not cover the text");
        assert_eq!(parsed.tree.text(text), text, "the tree lost something");
    }
    nodes_nest(&parsed.tree);
    let fits = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    for item in &parsed.ast.items {
        assert!(fits(item.span), "a span outside of the text");
    }
    for diagnostic in &parsed.diagnostics {
        assert!(!diagnostic.labels.is_empty(), "a message without a place");
        assert!(diagnostic.labels.iter().all(|label| fits(label.span)));
        assert!(diagnostic.edits.iter().all(|edit| fits(edit.span)));
    }
    let once = format(text);
    assert_eq!(format(&once), once, "formatting twice differs from once");
    if !detente_diag::has_errors(&parsed.diagnostics) {
        assert_eq!(common::shape(&once), common::shape(text), "the meaning changed");
    } else {
        assert_eq!(once, text, "a text with errors was changed");
    }
}

fn nodes_nest(tree: &Tree) {
    for node in &tree.nodes {
        let mut at = node.first;
        for child in &node.children {
            let child = &tree.nodes[*child as usize];
            assert!(child.first >= at && child.end <= node.end && child.first < child.end);
            at = child.end;
        }
    }
}

/// Words, signs and pieces that make interesting soups.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let lists: [&[&str]; 8] = [
        words::ITEM_HEADS,
        words::STATEMENT_HEADS,
        words::CHANGE_HEADS,
        words::COUNCIL_HEADS,
        words::OPERATOR_WORDS,
        words::CONTEXT_WORDS,
        words::QUESTION_WORDS,
        words::QUANTIFIER_WORDS,
    ];
    for list in lists {
        pieces.extend(list.iter().map(|word| word.to_string()));
    }
    let others = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        ".",
        "..",
        "|",
        "~",
        "=",
        "=>",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "^",
        "->",
        "&",
        ";",
        "#",
        "“",
        "≤",
        "A",
        "B",
        "x",
        "A.x",
        "p",
        "0",
        "1.5",
        "2022-02-24",
        "2022-13-40",
        "1e5",
        "\"label\"",
        "\"",
        "@k[p. 1]",
        "@k",
        "@",
        "@k[",
        "// c",
        "/// d",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "  ",
        "",
        "@k",
        "x = 1",
        "A: 1",
        "a => end o",
        "{ A: 1 }",
        "| 1 | 2 |\n",
        "\\",
        "é",
        "\u{0}",
        "\u{FEFF}",
    ];
    pieces.extend(others.iter().map(|piece| piece.to_string()));
    pieces
}

/// About two seconds in all; `FUZZ_CASES=20000` for a long run.
fn cases() -> u32 {
    let wanted = std::env::var("FUZZ_CASES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_soups(soup in proptest::collection::vec(
        (proptest::sample::select(pieces()), proptest::sample::select(vec!["", " ", " ", "\n"])),
        0..80,
    )) {
        let text: String = soup.iter().map(|(piece, gap)| format!("{piece}{gap}")).collect();
        check(&text);
    }

    /// The same tokens with other white space and comments between them.
    #[test]
    fn respaced_corpus(
        which in any::<prop::sample::Index>(),
        gaps in proptest::collection::vec(
            proptest::sample::select(vec![
                " ", " ", " ", " ", " ", " ", "", "\n", "\n", "\n\n\n", "  // c\n", "\n// own\n",
                "\n\n/// doc\n\n", " // c\n\n  // own\n", "\t",
            ]),
            400,
        ),
    ) {
        let files = common::corpus("accepted");
        let text = &which.get(&files).1;
        let tree = parse(FileId(0), text).tree;
        let mut result = String::new();
        for (at, token) in tree.tokens.iter().enumerate() {
            let piece = token.text(text);
            // Half of the gaps stay, so that many texts stay without errors.
            let stays = gaps[(at * 7) % gaps.len()].len() < 2 || piece.contains('\n');
            let space = piece.trim().is_empty();
            result.push_str(if space && !stays { gaps[at % gaps.len()] } else { piece });
        }
        check(&result);
    }

    #[test]
    fn mutated_corpus(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0..12usize, proptest::sample::select(pieces())), 1..5),
    ) {
        let mut files = common::corpus("accepted");
        files.extend(common::corpus("rejected"));
        let mut text = which.get(&files).1.clone();
        for (place, length, piece) in edits {
            let boundaries: Vec<usize> =
                text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = place.index(boundaries.len());
            let end = (at + length).min(boundaries.len() - 1);
            text.replace_range(boundaries[at]..boundaries[end], &piece);
        }
        check(&text);
    }
}

#[test]
fn the_corpus_is_kept_byte_for_byte() {
    for folder in ["accepted", "rejected"] {
        for (_, text) in common::corpus(folder) {
            check(&text);
        }
    }
}

#[test]
fn every_prefix_of_a_model_is_read() {
    for (path, text) in common::corpus("accepted") {
        if !path.ends_with("statements.det") && !path.ends_with("questions.det") {
            continue;
        }
        for (at, _) in text.char_indices() {
            let parsed = parse(FileId(0), &text[..at]);
            assert_eq!(parsed.tree.text(&text[..at]), text[..at]);
        }
    }
}

#[test]
fn deep_and_long_texts_end_in_an_error() {
    let deep = [
        format!("ask x = {}1", "(".repeat(100_000)),
        format!("ask x = {}1", "-".repeat(100_000)),
        format!("ask x = {}1", "not ".repeat(100_000)),
        format!("ask x = 1{}", " + 1".repeat(100_000)),
        format!("ask x = 1{}", " ^ 1".repeat(100_000)),
        format!("ask x = {}1", "f(".repeat(100_000)),
        format!("ask x = {}1", "x[".repeat(100_000)),
        format!("ask x = {}1", "if ".repeat(100_000)),
        format!("ask x = {}", "if a then b else ".repeat(100_000)),
        format!("ask x = prob({}", "prob(a given ".repeat(100_000)),
        format!("param x ~ {}1", "truncated(".repeat(100_000)),
        format!("play {{ {}", "if a { ".repeat(100_000)),
        format!("play {{ {}", "if a {} else ".repeat(100_000)),
        format!("play {{ {}", "A chooses x { a => ".repeat(100_000)),
        format!("play {{ {}", "together {".repeat(100_000)),
        format!("outcome o {{ {}", "{".repeat(100_000)),
    ];
    for text in deep {
        let parsed = parse(FileId(0), &text);
        let errors = parsed.diagnostics.iter().filter(|one| one.is_error()).count();
        assert!(errors >= 1, "accepted: {}", &text[..40]);
        assert!(errors <= 5, "{errors} messages about one slip: {}", &text[..40]);
        assert_eq!(parsed.tree.text(&text), text);
    }
}

#[test]
fn renderers_survive_any_span() {
    let sources = Sources::single("a.det", "é\n“x”\n");
    for start in 0..12 {
        for end in 0..12 {
            let diagnostic = detente_diag::Diagnostic::error("syntax", "m\u{1b}[31m")
                .label(Span::new(FileId(0), start, end), "here")
                .label(Span::new(FileId(7), start, end), "nowhere")
                .help("h");
            let text = render_terminal_all(&sources, std::slice::from_ref(&diagnostic), false);
            assert!(text.contains("error[syntax]") && !text.contains('\u{1b}'));
            assert!(render_json(&sources, &[diagnostic]).contains("\"line\""));
        }
    }
}

#[test]
fn large_junk_is_read_in_good_time() {
    // Each of these was, or could be, quadratic.
    let large = [
        "?a".repeat(50_000),
        format!("stage x {}", "{ ".repeat(50_000)),
        "param x = 1\n".repeat(20_000),
        format!("table t(A.x) =\n{}", "| a | 1 |\n".repeat(20_000)),
        format!("table t(A.x) =\n{}", "| a ".repeat(30_000)),
        "{".repeat(50_000),
        "play { endd ".repeat(50_000),
        "play {\n}\n".repeat(20_000),
        "assumed\n".repeat(50_000),
        "// c\n".repeat(30_000),
        format!("outcome o {{ {} }}", "A: 1,\n".repeat(50_000)),
    ];
    for text in large {
        let parsed = parse(FileId(0), &text);
        assert!(parsed.diagnostics.len() <= detente_syntax::MAX_MESSAGES + 1);
        assert!(format(&text).len() >= text.len() / 4);
    }
}
