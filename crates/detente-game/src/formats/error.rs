//! The one error of all readers and writers: where, what, and the way out.

use std::fmt;

/// Why a file is not a game this crate can hold, or a game does not fit a file format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}; {help}")]
#[non_exhaustive]
pub struct FormatError {
    pub place: Place,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it, without a full stop.
    pub help: String,
}

/// Where in a document something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Line and column, both from 1; columns count characters.
    Text { line: usize, column: usize },
    /// A path into a JSON document, such as `game.nodes[3].parent`.
    Path(String),
    /// The game as a whole.
    Game,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Text { line, column } => write!(out, "line {line}, column {column}"),
            Place::Path(path) => out.write_str(path),
            Place::Game => out.write_str("the game"),
        }
    }
}

impl FormatError {
    /// An error at a byte position of `text`.
    pub(crate) fn at(
        text: &str,
        offset: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> FormatError {
        let before: String = String::from_utf8_lossy(&text.as_bytes()[..offset.min(text.len())]).into_owned();
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        FormatError { place: Place::Text { line, column }, message: message.into(), help: help.into() }
    }

    /// An error at a path into a JSON document.
    pub(crate) fn path(
        path: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> FormatError {
        FormatError { place: Place::Path(path.into()), message: message.into(), help: help.into() }
    }

    /// An error about the game as a whole.
    pub(crate) fn game(message: impl Into<String>, help: impl Into<String>) -> FormatError {
        FormatError { place: Place::Game, message: message.into(), help: help.into() }
    }
}

/// Shows a piece of input inside a message: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { '?' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push_str("...");
    }
    format!("`{short}`")
}
