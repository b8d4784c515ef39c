//! The house rules that a machine can check: sizes, first lines, words.
//!
//! The one idea: a rule that is not checked is not a rule. Each finding names the file and the way
//! out.

use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this is warned about.
const WARN_LINES: usize = 600;
/// A file longer than this fails.
const MOST_LINES: usize = 1000;

/// Words that stand in no file, split so that this file may hold them, with the reason.
const WORDS: &[(&str, &str, &str)] = &[
    ("TO", "DO", "finish it, or describe it in docs/design"),
    ("FIX", "ME", "fix it, or describe it in docs/design"),
    ("XX", "X", "finish it"),
    ("HA", "CK", "say what the code does and why"),
    ("lorem", " ipsum", "write the text"),
    ("/wo", "rk/", "paths of one machine mean nothing to a reader"),
    ("/ho", "me/", "paths of one machine mean nothing to a reader"),
];

/// Calls that stand in no core crate, with the reason.
const CORE_CALLS: &[(&str, &str)] = &[
    ("println!(", "core crates print nothing; return a value"),
    ("eprintln!(", "core crates print nothing; return a value"),
    ("std::fs::", "core crates read no files; take the text"),
    ("std::env::", "core crates read no environment; take an argument"),
    ("Instant::now", "core crates read no clock; take a progress handle"),
    ("SystemTime::now", "core crates read no clock; take the date"),
];

/// The crates with an outside: they may print, read files and know the time.
const DOORS: &[&str] = &["detente-cli", "detente-test"];

/// Checks all files below `root`; prints findings and returns whether none is an error.
pub fn tidy(root: &Path) -> bool {
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort();
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        if name.ends_with(".rs") {
            rust_file(&name, &text, &mut errors, &mut warnings);
        }
        words(&name, &text, &mut errors);
    }
    readmes(root, &mut errors);
    for warning in &warnings {
        println!("    warning: {warning}");
    }
    for error in &errors {
        println!("    error: {error}");
    }
    println!("    {} files, {} errors, {} warnings", files.len(), errors.len(), warnings.len());
    errors.is_empty()
}

/// Text files that belong to the project, without what is built or fetched.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    const ENDINGS: [&str; 9] = ["rs", "md", "toml", "det", "efg", "nfg", "bib", "sh", "yml"];
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            let skipped =
                name == "target" || (name.starts_with('.') && name != ".ci") || name == "node_modules";
            if !skipped {
                collect(&path, files);
            }
        } else if ENDINGS.iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
            files.push(path);
        }
    }
}

fn rust_file(name: &str, text: &str, errors: &mut Vec<String>, warnings: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > MOST_LINES {
        errors.push(format!("{name} has {lines} lines; cut it in two (most: {MOST_LINES})"));
    } else if lines > WARN_LINES {
        warnings.push(format!("{name} has {lines} lines; aim for 150 to 300"));
    }
    if !text.starts_with("//!") {
        errors.push(format!("{name} does not start with `//!`; say what lives here and the one idea"));
    }
    let Some(part) = name.strip_prefix("crates/").and_then(|n| n.split_once("/src/")) else { return };
    if DOORS.contains(&part.0) {
        return;
    }
    // What follows the first test module is for tests only.
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    for (number, line) in code.lines().enumerate() {
        let bare = line.trim_start();
        if bare.starts_with("//") {
            continue;
        }
        for (call, why) in CORE_CALLS {
            if has_word(bare, call) {
                errors.push(format!("{name}:{}: `{call}`: {why}", number + 1));
            }
        }
    }
}

fn words(name: &str, text: &str, errors: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        for (start, end, way_out) in WORDS {
            let word = format!("{start}{end}");
            if has_word(line, &word) {
                errors.push(format!("{name}:{}: `{word}`: {way_out}", number + 1));
            }
        }
    }
}

/// Does the line hold the word on its own, not inside a longer one?
fn has_word(line: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let starts = word.starts_with(char::is_alphanumeric);
        let ends = word.ends_with(char::is_alphanumeric);
        let glued = (starts && letter(before)) || (ends && letter(after));
        !glued
    })
}

/// Every crate has a page of its own.
fn readmes(root: &Path, errors: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(root.join("crates")) else { return };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    for folder in folders {
        if !folder.join("README.md").is_file() {
            let name = folder.strip_prefix(root).unwrap_or(&folder).display();
            errors.push(format!("{name} has no README.md; say in 20 lines what the room is for"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert!(has_word("a B c", "B"));
        assert!(!has_word("aB c", "B") && !has_word("B_c", "B"));
        assert!(has_word("see /x/y", "/x/"));
    }

    #[test]
    fn a_file_without_a_first_line_is_an_error() {
        let (mut errors, mut warnings) = (vec![], vec![]);
        rust_file(
            "crates/detente-game/src/x.rs",
            "fn f() { eprintln!(\"\"); }\n",
            &mut errors,
            &mut warnings,
        );
        assert_eq!(errors.len(), 2);
        let long = "//! x\n".repeat(WARN_LINES + 1);
        rust_file("crates/detente-game/src/y.rs", &long, &mut errors, &mut warnings);
        assert_eq!((errors.len(), warnings.len()), (2, 1));
    }
}
