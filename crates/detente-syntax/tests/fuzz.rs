//! The kept corpus of the fuzz target `model`: every prefix of every file has a lossless tree.
//!
//! Mutations of whole models are in `lossless.rs`.

use detente_diag::FileId;
use detente_syntax::parse;
use std::path::{Path, PathBuf};

#[test]
fn the_corpus_and_its_prefixes_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/model");
    let entries = std::fs::read_dir(folder).expect("the corpus is kept");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
    files.sort();
    assert!(files.len() > 2, "the corpus holds models and broken texts");
    for path in files {
        let bytes = std::fs::read(&path).expect("a readable file");
        let text = String::from_utf8_lossy(&bytes);
        let cuts = text.char_indices().map(|(at, _)| at).step_by(7).chain([text.len()]);
        for at in cuts {
            let part = &text[..at];
            assert_eq!(parse(FileId(0), part).tree.text(part), part, "{} up to {at}", path.display());
        }
    }
}
