//! Models from disk: with their includes, without a source, or from a text made of another file.
//!
//! The one idea: a model with an error is shown whole; one with warnings only counts them here.

use super::text::read_text;
use super::{Read, read};
use crate::failure::Failure;
use crate::output::error_colour;
use detente_diag::{Sources, has_errors, render_terminal_all};
use detente_model::files::Files;
use detente_model::{Limits, Model};
use std::path::Path;

/// Reads a model with a game to play, and its texts. Its warnings are counted on the error stream.
///
/// # Errors
/// As [`read_any_model`], or a model that holds a council only.
pub fn read_model(path: &Path) -> Result<(Model, Sources), Failure> {
    let (model, sources) = read_any_model(path)?;
    Ok((playable(path, model)?, sources))
}

/// A council has no game to solve.
pub(super) fn playable(path: &Path, model: Model) -> Result<Model, Failure> {
    match model.has_play() {
        true => Ok(model),
        false => Err(Failure::misuse(
            format!("`{}` holds a council and no `play`: there is no game to solve", path.display()),
            "`detente bargain` answers it; add `play { ... }` for a game",
        )),
    }
}

/// Reads a model, with or without a game, and its texts. Its warnings are counted on the error stream.
///
/// # Errors
/// Whatever is wrong with the file, or a file that holds a game without questions.
pub fn read_any_model(path: &Path) -> Result<(Model, Sources), Failure> {
    match read(path)? {
        Read::Model(loaded) => finished(path, *loaded),
        Read::Game(_) => Err(Failure::misuse(
            format!("`{}` is a game, not a model: it asks nothing", path.display()),
            "write a model with `ask` or `claim`, or use `detente solve` here",
        )),
    }
}

/// Reads a model from a text that was made of another file.
///
/// # Errors
/// As [`read_any_model`].
pub fn read_model_text(path: &Path, text: String) -> Result<(Model, Sources), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let files = Disk { main: (name.clone(), text) };
    finished(path, detente_model::load(&files, &name, Limits::default()))
}

/// The files of a model on disk; the main one was read before.
pub(super) struct Disk {
    pub(super) main: (String, String),
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.main.0 {
            return Ok(self.main.1.clone());
        }
        read_text(Path::new(path)).map_err(|failure| match failure {
            Failure::Input(text) | Failure::Misuse(text) => {
                // The first line without its heading; the place is shown by the caller.
                let line = text.lines().next().unwrap_or("").trim_start_matches("error: ");
                line.split_once(": ").map_or(line, |(_, reason)| reason).to_string()
            }
            Failure::Interrupted | Failure::InterruptedKept | Failure::Unheard => "interrupted".to_string(),
        })
    }

    fn uncited(&self, path: &str, keys: &[&str]) -> Vec<String> {
        crate::sources::uncited(Path::new(path), keys)
    }
}

/// Returns a model without errors; its warnings are only counted here, `check` shows them.
pub(super) fn finished(path: &Path, loaded: detente_model::Loaded) -> Result<(Model, Sources), Failure> {
    match loaded.model {
        Some(model) if !has_errors(&loaded.diagnostics) => {
            let count = loaded.diagnostics.len();
            if count > 0 {
                let warnings = if count == 1 { "warning" } else { "warnings" };
                anstream::eprintln!(
                    "note: {count} {warnings}; `detente check {}` shows them",
                    path.display()
                );
            }
            Ok((model, loaded.sources))
        }
        _ => {
            let text = render_terminal_all(&loaded.sources, &loaded.diagnostics, error_colour());
            Err(Failure::Input(text.trim_end().to_string()))
        }
    }
}

/// Where a span stands, for a message: file, line and column.
pub fn place(sources: &Sources, span: detente_diag::Span) -> String {
    let place = sources.place(span.file, span.start);
    let name = sources.get(span.file).map_or("", |f| f.name.as_str());
    format!("{name}, line {}, column {}", place.line, place.column)
}

/// Reads a distribution as a model writes it after `~`; `None` if it is none.
pub fn prior(text: &str) -> Option<detente_prob::Prior> {
    struct One(String);
    impl Files for One {
        fn read(&self, _path: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    if text.contains(['\n', '\r']) || text.contains("//") {
        return None;
    }
    let model = format!(
        "game \"one\"\nplayers A \"a\"\nparam it \"it\" assumed \"asked for\" ~ {text}\n\
         outcome o \"o\" {{ A: it }}\nplay {{ A chooses m {{ a => end o, b => end o }} }}\n"
    );
    let loaded = detente_model::load(&One(model), "prior.det", Limits::default());
    loaded.model?.game.params.into_iter().next()?.prior
}

/// Reads a model without what hangs on the sources of these keys alone.
///
/// # Errors
/// A model that has no sense without them.
pub fn model_without(
    path: &Path,
    keys: &[String],
    ranges: &std::collections::BTreeMap<String, (f64, f64)>,
    widen: bool,
) -> Result<(Model, detente_model::without::Removed), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let files = Disk { main: (name.clone(), read_text(path)?) };
    let (loaded, removed) =
        detente_model::without::load_without(&files, &name, Limits::default(), keys, ranges, widen);
    match loaded.model {
        Some(model) => Ok((model, removed)),
        None => Err(Failure::Input(format!(
            "{}error: without the source `{}` has no sense",
            render_terminal_all(&loaded.sources, &loaded.diagnostics, error_colour()),
            path.display()
        ))),
    }
}
