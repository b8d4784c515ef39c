//! A case: the models that stand in one folder.
//!
//! The one idea: a single model is a case of one, so that commands need not tell them apart.

use super::model::read_any_model;
use crate::failure::Failure;
use crate::output::reason;
use detente_diag::Sources;
use detente_model::Model;
use std::path::{Path, PathBuf};

/// The models (`.det`) that a folder holds, by name.
///
/// # Errors
/// A folder that cannot be read.
pub fn models_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|e| {
        Failure::misuse(format!("cannot read `{}`: {}", folder.display(), reason(&e)), "check the path")
    })?;
    let model = |p: &PathBuf| p.extension().is_some_and(|e| e == "det");
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(model).collect();
    files.sort();
    Ok(files)
}

/// Short names of files, all different: their stems, or their paths where stems meet.
pub fn short_names(files: &[PathBuf]) -> Vec<String> {
    let stem = |f: &PathBuf| f.file_stem().map_or(String::new(), |s| s.to_string_lossy().into_owned());
    let stems: Vec<String> = files.iter().map(stem).collect();
    let mut different: Vec<&String> = stems.iter().collect();
    different.sort();
    different.dedup();
    match different.len() == stems.len() {
        true => stems,
        false => files.iter().map(|f| f.display().to_string()).collect(),
    }
}

/// The models of a case, by name: a folder's, or a single model.
///
/// # Errors
/// A folder without models, or whatever is wrong with one of them.
pub fn case_models(case: &Path) -> Result<Vec<(String, Model, Sources)>, Failure> {
    let files = case_files(case)?;
    let name = |file: &Path| file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let read = |file: &PathBuf| read_any_model(file).map(|(model, texts)| (name(file), model, texts));
    files.iter().map(read).collect()
}

/// The files of a case, in the order of [`case_models`].
///
/// # Errors
/// A folder that cannot be read, or that holds no model.
pub fn case_files(case: &Path) -> Result<Vec<PathBuf>, Failure> {
    let files = if case.is_dir() { models_in(case)? } else { vec![case.to_path_buf()] };
    match files.is_empty() {
        true => Err(Failure::misuse(
            format!("`{}` holds no model", case.display()),
            "a case is a folder with at least one .det file",
        )),
        false => Ok(files),
    }
}
