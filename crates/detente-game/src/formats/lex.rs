//! Tokens of `.efg` and `.nfg`: braces, quoted labels, words; commas and spaces separate.
//!
//! Tokens are read one at a time with one token of lookahead; positions are byte offsets
//! that become a line and a column only when an error needs them.

use super::error::{FormatError, shown};
use super::{MAX_BYTES, MAX_NUMBER_BITS};
use detente_exact::Q;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Open,
    Close,
    /// A label, without its quotes.
    Text(String),
    /// Anything else up to a separator: a number or a keyword.
    Word(String),
    End,
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Token::Open => "`{`".into(),
            Token::Close => "`}`".into(),
            Token::Text(text) => format!("the label {}", shown(text)),
            Token::Word(word) => shown(word),
            Token::End => "the end of the file".into(),
        }
    }
}

/// Longest number, in characters.
const MAX_NUMBER_LENGTH: usize = 1_300;
/// Numbers that do not fit a machine word may take this many bits together (256 MB).
const WIDE_BITS: usize = 1 << 31;

/// Reads tokens of one text.
pub(crate) struct Lexer<'a> {
    pub text: &'a str,
    /// Where reading goes on.
    next: usize,
    /// The current token and where it starts.
    pub token: Token,
    pub at: usize,
    /// Whether some label held control characters, now spaces.
    pub cleaned: bool,
    wide_bits: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at the first token.
    ///
    /// # Errors
    /// The text is too long, or starts with an unfinished label.
    pub fn new(text: &'a str) -> Result<Lexer<'a>, FormatError> {
        if text.len() > MAX_BYTES {
            let message = format!("the file has {} MB", text.len() >> 20);
            return Err(FormatError::game(
                message,
                format!("the limit is {} MB; write a smaller game", MAX_BYTES >> 20),
            ));
        }
        let mut lexer = Lexer { text, next: 0, token: Token::End, at: 0, cleaned: false, wide_bits: 0 };
        if text.starts_with('\u{feff}') {
            lexer.next = 3;
        }
        lexer.advance()?;
        Ok(lexer)
    }

    /// An error at the current token.
    pub fn error(&self, message: impl Into<String>, help: impl Into<String>) -> FormatError {
        FormatError::at(self.text, self.at, message, help)
    }

    /// An error that says what was expected instead of the current token.
    pub fn expected(&self, what: &str, help: &str) -> FormatError {
        self.error(format!("expected {what}, found {}", self.token.shown()), help)
    }

    /// Moves to the next token.
    pub fn advance(&mut self) -> Result<(), FormatError> {
        let bytes = self.text.as_bytes();
        while self.next < bytes.len() && (bytes[self.next].is_ascii_whitespace() || bytes[self.next] == b',')
        {
            self.next += 1;
        }
        self.at = self.next;
        self.token = match bytes.get(self.next) {
            None => Token::End,
            Some(b'{') => {
                self.next += 1;
                Token::Open
            }
            Some(b'}') => {
                self.next += 1;
                Token::Close
            }
            Some(b'"') => self.quoted()?,
            Some(_) => {
                let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'{' | b'}' | b'"' | b',');
                let length = bytes[self.next..].iter().position(stop).unwrap_or(bytes.len() - self.next);
                let word = &self.text[self.next..self.next + length];
                self.next += length;
                Token::Word(word.to_string())
            }
        };
        Ok(())
    }

    /// Reads a label; `\"` stands for a quotation mark inside it.
    fn quoted(&mut self) -> Result<Token, FormatError> {
        let bytes = self.text.as_bytes();
        let start = self.next + 1;
        let mut end = start;
        while end < bytes.len() && (bytes[end] != b'"' || bytes[end - 1] == b'\\') {
            end += 1;
        }
        if end >= bytes.len() {
            return Err(FormatError::at(
                self.text,
                self.at,
                "this label does not end",
                "add the closing quotation mark",
            ));
        }
        self.next = end + 1;
        let mut label = self.text[start..end].replace("\\\"", "\"");
        if label.contains(char::is_control) {
            self.cleaned = true;
            label = label.replace(char::is_control, " ");
        }
        Ok(Token::Text(label))
    }

    /// Takes a label, if one comes next.
    pub fn text_if_any(&mut self) -> Result<Option<String>, FormatError> {
        match std::mem::replace(&mut self.token, Token::End) {
            Token::Text(text) => {
                self.advance()?;
                Ok(Some(text))
            }
            other => {
                self.token = other;
                Ok(None)
            }
        }
    }

    /// Takes a label.
    pub fn text(&mut self, what: &str, help: &str) -> Result<String, FormatError> {
        self.text_if_any()?.ok_or_else(|| self.expected(what, help))
    }

    /// Takes what both formats start with, such as `EFG 2 R "title" { "Home" "Abroad" }`: the
    /// format's word and version, `R` or `D`, the title, the players. Returns the last two.
    pub fn header(
        &mut self,
        format: &str,
        version: &str,
        help: &str,
    ) -> Result<(String, Vec<String>), FormatError> {
        let start = [
            (format!("`{format}`"), &[format][..]),
            (format!("`{version}` (the format version)"), &[version]),
            ("`R` or `D`".into(), &["R", "D"]),
        ];
        for (what, choices) in start {
            match &self.token {
                Token::Word(word) if choices.contains(&word.as_str()) => self.advance()?,
                _ => return Err(self.expected(&what, help)),
            }
        }
        let title = self.text("the title in quotation marks", help)?;
        let players = self.labels("the players' labels in braces")?;
        if players.is_empty() {
            return Err(self.error("the game has no players", "list at least one in the header"));
        }
        Ok((title, players))
    }

    /// Takes a list of labels in braces.
    pub fn labels(&mut self, what: &str) -> Result<Vec<String>, FormatError> {
        const HELP: &str = "write labels in quotation marks between braces: { \"Home\" \"Abroad\" }";
        self.brace(Token::Open, what, HELP)?;
        let mut list = Vec::new();
        while self.token != Token::Close {
            list.push(self.text("a label", HELP)?);
        }
        self.advance()?;
        Ok(list)
    }

    /// Takes a brace.
    pub fn brace(&mut self, brace: Token, what: &str, help: &str) -> Result<(), FormatError> {
        if self.token != brace {
            return Err(self.expected(what, help));
        }
        self.advance()
    }

    /// Takes an exact number.
    pub fn number(&mut self, what: &str) -> Result<Q, FormatError> {
        const HELP: &str = "write an integer, a decimal such as 0.25 or a fraction such as 1/3";
        let Token::Word(word) = &self.token else { return Err(self.expected(what, HELP)) };
        if word.len() > MAX_NUMBER_LENGTH {
            return Err(self.error(format!("{what} has {} digits", word.len()), "round it to fewer digits"));
        }
        // `2.` and `2./3` are written by some programs; the point changes nothing.
        let plain = word.strip_suffix('.').unwrap_or(word);
        let Some(value) = Q::parse(plain) else { return Err(self.expected(what, HELP)) };
        if value.bits() > MAX_NUMBER_BITS {
            return Err(self.error(
                format!("{what} needs {} bits", value.bits()),
                "use a number closer to 1, in other units",
            ));
        }
        if value.bits() > 128 {
            self.wide_bits += value.bits();
            if self.wide_bits > WIDE_BITS {
                return Err(
                    self.error("the numbers of this file fill the memory", "round them to fewer digits")
                );
            }
        }
        self.advance()?;
        Ok(value)
    }

    /// Takes an integer from `low` to the largest 32-bit integer.
    pub fn integer(&mut self, low: i64, what: &str) -> Result<i64, FormatError> {
        let help = "write a whole number";
        let Token::Word(word) = &self.token else { return Err(self.expected(what, help)) };
        match word.parse::<i64>() {
            Ok(value) if (low..=i64::from(i32::MAX)).contains(&value) => {
                self.advance()?;
                Ok(value)
            }
            Ok(_) => Err(self.expected(what, &format!("write a whole number from {low} to {}", i32::MAX))),
            Err(_) => Err(self.expected(what, help)),
        }
    }
}
