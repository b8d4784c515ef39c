//! Any bytes as a model: a tree that gives back the text, with errors, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let parsed = detente_syntax::parse(detente_diag::FileId(0), text);
        if text.len() <= detente_syntax::MAX_TEXT {
            assert_eq!(parsed.tree.text(text), text, "the tree is lossless");
        }
    }
});
