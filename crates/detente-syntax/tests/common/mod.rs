//! Where the corpus lies, and how it is read. Shared by the test files.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files of a folder below `tests/syntax` that end in `.det`, with their texts, sorted by name.
pub fn corpus(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = root().join("tests/syntax").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the corpus lies in the repository")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "det"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).expect("a corpus file can be read");
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// The tree as text, without spans: two texts that mean the same give the same.
pub fn shape(text: &str) -> String {
    let parsed = detente_syntax::parse(detente_diag::FileId(0), text);
    let full = format!("{:#?}", parsed.ast);
    let mut lines = Vec::new();
    let mut inside = 0;
    for line in full.lines() {
        let line = line.trim();
        if line.ends_with("Span {") {
            inside = 1;
        } else if inside > 0 {
            inside += usize::from(line.ends_with('{') || line.ends_with('('));
            inside -= usize::from(line.starts_with('}') || line.starts_with(')'));
        } else {
            lines.push(line);
        }
    }
    lines.join("\n")
}
