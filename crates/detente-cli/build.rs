//! Collects the pages of `docs/checks`, so that `detente explain` needs no file at run time.
//!
//! The one idea: the page in the repository is the page the program prints.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder =
        Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../../docs/checks");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut pages = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let slug = path.file_stem().and_then(|s| s.to_str()).unwrap_or("").to_string();
            if path.extension().is_some_and(|e| e == "md") && slug != "README" {
                println!("cargo:rerun-if-changed={}", path.display());
                pages.push((slug, path.canonicalize()?));
            }
        }
    }
    pages.sort();
    let mut code = String::from("/// Slug and text of every page.\npub const PAGES: &[(&str, &str)] = &[\n");
    for (slug, path) in pages {
        code.push_str(&format!("    ({slug:?}, include_str!({:?})),\n", path.display().to_string()));
    }
    code.push_str("];\n");
    let target = Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("pages.rs");
    fs::write(target, code)
}
