//! Which entries of a bibliography the models around it cite.
//!
//! The one idea: a bibliography serves the models in its folder and below, so an entry is unused
//! only if none of their texts names its key.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders below the bibliography's that are looked into.
const DEPTH: usize = 3;
/// Files and folders looked at before giving up.
const MOST_FILES: usize = 500;
/// Longer models are not looked into.
const MOST_BYTES: u64 = 1 << 20;

/// Returns the keys that no model in the bibliography's folder, or below, cites; none if that
/// cannot be told.
pub fn uncited(bibliography: &Path, keys: &[&str]) -> Vec<String> {
    let folder = bibliography.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut left: BTreeSet<&str> = keys.iter().copied().collect();
    let mut seen = 0;
    let mut open: Vec<(PathBuf, usize)> = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let Ok(list) = std::fs::read_dir(&folder) else { return Vec::new() };
        for entry in list.flatten() {
            seen += 1;
            if seen > MOST_FILES {
                return Vec::new();
            }
            let path = entry.path();
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() && depth < DEPTH {
                open.push((path, depth + 1));
            } else if about.is_file() && path.extension().is_some_and(|e| e == "det" || e == "detente") {
                let text = std::fs::read_to_string(&path).ok().filter(|_| about.len() <= MOST_BYTES);
                let Some(text) = text else { return Vec::new() };
                left.retain(|key| !cites(&text, key));
            }
        }
    }
    keys.iter().filter(|key| left.contains(*key)).map(|key| (*key).to_string()).collect()
}

/// Does a text hold `@key`, and not only the beginning of a longer key?
fn cites(text: &str, key: &str) -> bool {
    let more = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.');
    let sign = format!("@{key}");
    text.match_indices(&sign).any(|(at, _)| !text[at + sign.len()..].starts_with(more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_only_whole() {
        assert!(cites("param x @harris2022[¶4] = 1", "harris2022"));
        assert!(!cites("param x @harris2022b = 1", "harris2022"));
    }
}
