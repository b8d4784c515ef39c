//! The words of the language.
//!
//! The one idea: only the operator words are reserved everywhere. A head
//! (`param`, `end` …) is a keyword only where an item or a statement begins,
//! so a player may `leave` and a parameter may be called `step`.

/// Words that begin an item.
pub const ITEM_HEADS: &[&str] = &[
    "game",
    "bibliography",
    "include",
    "unit",
    "players",
    "const",
    "param",
    "private",
    "correlate",
    "fn",
    "table",
    "outcome",
    "play",
    "stage",
    "case",
    "observe",
    "hypothesis",
    "claim",
    "ask",
    "forecast",
    "resolve",
    "council",
    "variant",
    "lever",
    "estimate",
    "precision",
    "test",
];

/// Words that begin a statement of `play`; a move begins with a player's name.
pub const STATEMENT_HEADS: &[&str] = &["chance", "together", "tell", "pay", "if", "repeat", "leave", "end"];

/// Words that begin a line of a `variant` or a `lever`.
pub const CHANGE_HEADS: &[&str] = &["forbid", "set", "reveal"];

/// Words that begin an entry of a `council`.
pub const COUNCIL_HEADS: &[&str] = &["issue", "actor", "capability", "position", "salience", "option"];

/// Words that begin a line of a `test`.
pub const STEP_HEADS: &[&str] = &["set", "expect"];

/// Words that begin a line of a `case`.
pub const CASE_HEADS: &[&str] = &["set", "observe"];

/// What a name of a `stage` may stand for.
pub const FORMAL_KINDS: &[&str] = &["player", "number", "outcome"];

/// Words that can never be names.
pub const OPERATOR_WORDS: &[&str] = &["and", "or", "not", "if", "then", "else", "given", "do"];

/// Words with a meaning in one place only; elsewhere they are ordinary names.
pub const CONTEXT_WORDS: &[&str] = &[
    "chooses",
    "hidden",
    "from",
    "seen",
    "by",
    "to",
    "in",
    "points",
    "rest",
    "assumed",
    "split",
    "at",
    "on",
    "prior",
    "where",
    "near",
    "within",
    "some",
    "as",
    "evidence",
    "over",
    "truncated",
    "discrete",
    "scale",
    "out",
    "of",
    "each",
    "ordered",
    "base",
];

/// Questions; keywords only before `(`.
pub const QUESTION_WORDS: &[&str] = &["prob", "mean", "value", "belief", "gain"];

/// Questions to councils; ordinary names elsewhere.
pub const COUNCIL_QUESTIONS: &[&str] = &[
    "settlement",
    "position",
    "stated",
    "distance",
    "power",
    "winner",
    "capability",
    "salience",
    "inducement",
    "weakest",
];

/// Questions about a move that may be made more than once; keywords only before `(`.
pub const QUANTIFIER_WORDS: &[&str] = &["any", "all", "first", "last", "made"];

/// Names with a given meaning in questions: all observations, and the number
/// of repetitions played.
pub const BUILT_IN_NAMES: &[&str] = &["observed", "duration"];

/// Is the word never a name?
pub fn is_operator(word: &str) -> bool {
    // The signs of other languages are read as the words they stand for.
    OPERATOR_WORDS.contains(&word) || matches!(word, "&&" | "&" | "!")
}
