//! Reads models from the disk for the tests of this crate.
#![allow(dead_code)]

use detente_diag::render_terminal_all;
use detente_model::{Files, Limits, Loaded, load};
use std::path::{Path, PathBuf};

/// Files of one folder of the disk, named relative to it.
pub struct Disk {
    pub folder: PathBuf,
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.folder.join(path)).map_err(|_| "no such file".to_string())
    }
}

/// Files in memory: one model, and a bibliography that has every key asked for.
pub struct Memory {
    pub files: Vec<(String, String)>,
}

impl Files for Memory {
    /// `own.bib` belongs to the model alone.
    fn uncited(&self, path: &str, keys: &[&str]) -> Vec<String> {
        if path == "own.bib" { keys.iter().map(|k| k.to_string()).collect() } else { Vec::new() }
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.files.iter().find(|(name, _)| name == path);
        found.map(|(_, text)| text.clone()).ok_or_else(|| "no such file".to_string())
    }
}

/// The repository's top folder.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files of a folder under `tests/` with this ending, sorted.
pub fn corpus(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = top().join("tests").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    files.sort();
    files
}

/// Loads a file of the repository.
pub fn load_file(path: &Path) -> Loaded {
    let folder = path.parent().expect("a file has a folder").to_path_buf();
    let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    load(&Disk { folder }, &name, Limits::default())
}

/// Loads a text with a bibliography that knows `key`.
pub fn load_text(text: &str) -> Loaded {
    let files = vec![
        ("model.det".to_string(), text.to_string()),
        ("refs.bib".to_string(), "@book{key, title = {A source}, year = 2000}".to_string()),
    ];
    load(&Memory { files }, "model.det", Limits::default())
}

/// Messages as a terminal shows them.
pub fn rendered(loaded: &Loaded) -> String {
    render_terminal_all(&loaded.sources, &loaded.diagnostics, false)
}
