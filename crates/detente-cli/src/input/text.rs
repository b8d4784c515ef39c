//! Bytes into text: from a file or the standard input, of a size that can be held.
//!
//! The one idea: whatever cannot be read is said with its name and a way out.

use crate::failure::Failure;
use crate::output::reason;
use detente_game::formats::MAX_BYTES;
use std::io::Read as _;
use std::path::Path;

/// Reads a whole file as text; `-` is the standard input.
///
/// # Errors
/// A file that cannot be read, is too long, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    utf8(path, read_bytes(path)?)
}

pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let failed = |e: &std::io::Error| {
        Failure::misuse(
            format!("cannot read `{name}`: {}", reason(e)),
            "check the path, or use - for the standard input",
        )
    };
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    } else {
        if path.is_dir() {
            return Err(Failure::misuse(
                format!("cannot read `{name}`: it is a folder"),
                "name a file in it",
            ));
        }
        let file = std::fs::File::open(path).map_err(|e| failed(&e))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    }
    if bytes.len() > MAX_BYTES {
        return Err(Failure::input(
            format!("`{name}` is longer than {} MB", MAX_BYTES >> 20),
            "a game of this size cannot be held; make it smaller",
        ));
    }
    Ok(bytes)
}

pub(super) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    let name = path.display();
    String::from_utf8(bytes).map_err(|e| {
        let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        Failure::input(
            format!("`{name}` is not text: line {line} holds bytes that are not UTF-8"),
            "save it as UTF-8",
        )
    })
}
