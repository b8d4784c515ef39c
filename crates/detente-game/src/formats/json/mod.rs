//! The game as JSON: everything it holds, in the form of its own data types.
//!
//! ```json
//! { "detente-game": 1, "sha256": "…", "game": { "title": "…", "players": [] } }
//! ```
//! What the author of a game file said of it stands beside the game as `comment`. The schema is `docs/schema/game.schema.json`. The digest is that of the game; a file
//! edited by hand leaves it out. Since the arrays refer to each other by position, a
//! document is believed only after [`validate`] has checked every reference.

mod bits;
mod tables;
mod tree;

use super::error::FormatError;
use super::reading::in_words;
use super::{MAX_BYTES, MAX_NUMBER_BITS};
use crate::game::Game;
use serde::{Deserialize, Serialize};

/// The version this crate reads and writes.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "detente-game")]
    version: u32,
    sha256: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    comment: &'a str,
    game: &'a Game,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "detente-game")]
    version: u32,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    comment: String,
    game: Game,
}

/// Writes a game, parameters, ledgers and all, on one line.
pub fn write(game: &Game) -> String {
    let document = Written { version: VERSION, sha256: game.sha256(), comment: &game.comment, game };
    serde_json::to_string(&document).expect("a game is plain data and always serializes")
}

/// Reads a game and checks that it is one.
///
/// # Errors
/// Text that is not such a document, another version, a digest of another game, or a game
/// that contradicts itself; see [`validate`].
pub fn read(text: &str) -> Result<Game, FormatError> {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} MB", text.len() >> 20);
        return Err(FormatError::game(
            message,
            format!("the limit is {} MB; write a smaller game", MAX_BYTES >> 20),
        ));
    }
    refuse_huge_numbers(text)?;
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with('[') {
        // The library would take a list for the fields in their order, and complain about the first.
        return Err(foreign(text, start, "this is no game of detente: a list stands where an object should"));
    }
    let document: Document = serde_json::from_str(text).map_err(|error| {
        let offset = line_start(text, error.line()) + error.column().saturating_sub(1);
        // Whoever wrote another JSON needs to hear what was expected, not which field came first.
        let kind = match error.classify() {
            serde_json::error::Category::Data => "this is no game of detente",
            _ => "this is no JSON",
        };
        foreign(text, offset, &format!("{kind}: {}", in_words(&error)))
    })?;
    if document.version != VERSION {
        return Err(FormatError::path(
            "detente-game",
            format!("version {} of the format", document.version),
            format!("this program reads version {VERSION}"),
        ));
    }
    validate(&document.game)?;
    if document.sha256.is_some_and(|digest| digest != document.game.sha256()) {
        return Err(FormatError::path(
            "sha256",
            "this is the digest of another game",
            "if you edited the game, remove the field `sha256`",
        ));
    }
    Ok(Game { comment: document.comment, ..document.game })
}

/// A document that is none of ours.
fn foreign(text: &str, offset: usize, message: &str) -> FormatError {
    let help = "a game looks like {\"detente-game\": 1, \"game\": {...}}; `detente convert` writes one";
    FormatError::at(text, offset, message, help)
}

/// Checks everything that solvers rely on: every reference has a target, the tree is a
/// tree with parents before children, names are unique, probabilities at the base values
/// are positive and sum to 1, numbers stay within bounds, and recall is perfect.
///
/// # Errors
/// The first contradiction, with its path into the document.
pub fn validate(game: &Game) -> Result<(), FormatError> {
    tables::check(game)?;
    tree::check(game)?;
    bits::check(game)?;
    crate::recall::check(game).map_err(|error| {
        let path = format!("game.infosets[{}]", error.infoset.0);
        FormatError::path(
            path,
            error.to_string(),
            "split the set into one per history that its owner remembers",
        )
    })
}

/// Refuses numbers that would fill the memory before any check could look at them.
fn refuse_huge_numbers(text: &str) -> Result<(), FormatError> {
    const MAX_DIGITS: usize = MAX_NUMBER_BITS / 3;
    const MAX_BIG_EXPONENTS: usize = 10_000;
    let (mut digits, mut big_exponents, mut exponent) = (0usize, 0usize, false);
    for (k, byte) in text.bytes().enumerate() {
        if byte.is_ascii_digit() {
            digits += 1;
            big_exponents += usize::from(exponent && digits == 3);
        } else {
            let stays = exponent && digits == 0 && matches!(byte, b'+' | b'-');
            exponent = stays || (digits > 0 && matches!(byte, b'e' | b'E'));
            digits = 0;
        }
        if digits > MAX_DIGITS || big_exponents > MAX_BIG_EXPONENTS {
            return Err(FormatError::at(
                text,
                k,
                "a number with too many digits",
                "round it to fewer digits",
            ));
        }
    }
    Ok(())
}

fn line_start(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum()
}
