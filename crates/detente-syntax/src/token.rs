//! The pieces that a text falls into.
//!
//! The one idea: tokens cover the text without gaps, so that putting them
//! together again gives the text, byte for byte.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Spaces, tabs and line breaks.
    Space,
    /// `// …` up to the end of the line.
    Comment,
    /// `/// …` up to the end of the line.
    DocComment,
    /// A name or a keyword.
    Word,
    /// `12`, `0.25`, `1e-9`
    Number,
    /// `2022-02-24`
    Date,
    /// `"…"`
    String,
    /// `@key[locator]`
    Citation,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `|`
    Pipe,
    /// `~`
    Tilde,
    /// `=`
    Assign,
    /// `=>`
    Arrow,
    /// `==`
    EqualEqual,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// A character the language does not use; reported by the lexer.
    Unknown,
    /// The end of the text; never in the list of tokens.
    End,
}

impl TokenKind {
    /// Does the parser pass over it?
    pub fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Space | TokenKind::Comment | TokenKind::DocComment | TokenKind::Unknown)
    }

    /// Is it a comment of either kind?
    pub fn is_comment(self) -> bool {
        matches!(self, TokenKind::Comment | TokenKind::DocComment)
    }
}

/// One token: `text[start..end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Token {
    /// The token's characters.
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}
