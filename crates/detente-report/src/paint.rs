//! Terminal emphasis: bold, faint and two colours, or nothing at all.
//!
//! The one idea: text is built the same way with and without colour, so a pipe and a terminal read
//! the same words.

/// Whether escape codes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// True on a terminal that wants colour.
    pub colour: bool,
}

impl Paint {
    /// The most important words.
    pub fn strong(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// What may be skipped.
    pub fn faint(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Good news.
    pub fn good(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// A warning.
    pub fn warn(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// Bad news.
    pub fn bad(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

/// Pads `text` with spaces to `width` characters.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let used = text.chars().count();
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

/// Returns text from a model with control characters made visible, so that a name cannot move
/// the cursor or hide words.
pub fn printable(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_string();
    }
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}
