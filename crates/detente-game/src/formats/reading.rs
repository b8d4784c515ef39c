//! What a JSON reader says, in the words of this project.
//!
//! The library that reads JSON speaks of its own types ("expected u32"). Whoever wrote the document
//! needs to hear what stands there and what should.

use super::error::shown;

/// What is wrong with a document, without place and way out.
pub(crate) fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    syntax(text).map(str::to_string).unwrap_or_else(|| data(text))
}

/// Text that is no JSON.
fn syntax(text: &str) -> Option<&'static str> {
    Some(match text {
        "EOF while parsing a value" => "the text ends where a value should stand",
        "EOF while parsing a list" => "the text ends inside a list; `]` is missing",
        "EOF while parsing an object" => "the text ends inside an object; `}` is missing",
        "EOF while parsing a string" => "the text ends inside quotation marks",
        "expected `:`" => "`:` is missing between a name and its value",
        "expected `,` or `]`" => "`,` or `]` is missing in a list",
        "expected `,` or `}`" => "`,` or `}` is missing in an object",
        "expected `\"`" | "key must be a string" => "a name in quotation marks is missing",
        "expected ident" | "expected value" => "no value can begin like this",
        "trailing comma" => "a comma with nothing after it",
        "trailing characters" => "something follows after the end of the document",
        "recursion limit exceeded" => "it is nested too deeply",
        "number out of range" => "a number that is too large",
        "invalid number" => "this is no number",
        "invalid escape" | "unexpected end of hex escape" => "a backslash that begins no known sign",
        "invalid unicode code point" | "lone leading surrogate in hex escape" => {
            "an escaped sign that no alphabet holds"
        }
        _ if text.starts_with("control character") => {
            "a control character inside quotation marks; write it with a backslash"
        }
        _ => return None,
    })
}

/// JSON that is another document than the one that was asked for.
fn data(text: &str) -> String {
    let name = |rest: &str| shown(rest.split('`').nth(1).unwrap_or_default());
    if let Some(rest) = text.strip_prefix("missing field ") {
        return format!("the field {} is missing", name(rest));
    }
    if let Some(rest) = text.strip_prefix("duplicate field ") {
        return format!("the field {} stands twice", name(rest));
    }
    for (begin, kind) in [("unknown field ", "field"), ("unknown variant ", "word")] {
        if let Some(rest) = text.strip_prefix(begin) {
            // The name may hold anything, "expected" too; what is known stands at the end.
            let parted = rest.rsplit_once("`, expected ").or_else(|| rest.rsplit_once("`, there are no "));
            let (found, known) = parted.unwrap_or((rest, ""));
            let known = known.trim_start_matches("one of ");
            let found = shown(found.trim_start_matches('`'));
            return match known.starts_with('`') {
                true => format!("the {kind} {found} is not known here; known: {known}"),
                false => format!("the {kind} {found} is not known here"),
            };
        }
    }
    let parted = |begin: &str| text.strip_prefix(begin).and_then(|rest| rest.rsplit_once(", expected "));
    if let Some((count, wanted)) = parted("invalid length ") {
        return format!("{} here, where {} should stand", entries(count), wished(wanted));
    }
    match parted("invalid type: ").or_else(|| parted("invalid value: ")) {
        Some((found, wanted)) => {
            format!("{} stands where {} should", thing(found), wished(wanted))
        }
        None => text.to_string(),
    }
}

fn entries(count: &str) -> String {
    if count == "1" { "1 entry".to_string() } else { format!("{count} entries") }
}

/// What stands there.
fn thing(found: &str) -> String {
    let inside = |quote: char| found.split_once(quote).map_or("", |(_, rest)| rest.trim_end_matches(quote));
    match found {
        "sequence" => "a list".to_string(),
        "map" => "an object".to_string(),
        "null" | "unit value" | "Option value" => "`null`".to_string(),
        "unit variant" => "a word without a value".to_string(),
        "newtype variant" | "tuple variant" | "struct variant" => "a word with a value".to_string(),
        _ if found.starts_with("string ") => format!("the text {}", shown(inside('"'))),
        _ if found.starts_with("integer ") || found.starts_with("floating point ") => {
            format!("the number {}", shown(inside('`')))
        }
        _ => shown(inside('`')),
    }
}

/// What should stand there.
fn wished(wanted: &str) -> String {
    let last_number = || wanted.split(' ').find(|word| word.parse::<u64>().is_ok());
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative".to_string(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_string(),
        "f32" | "f64" => "a number".to_string(),
        "a string" | "string" | "str" => "a text".to_string(),
        "a boolean" | "bool" => "`true` or `false`".to_string(),
        "a sequence" => "a list".to_string(),
        "a map" => "an object".to_string(),
        "unit" | "unit value" => "`null`".to_string(),
        "string or map" | "variant identifier" => "a known word, or an object with one".to_string(),
        "field identifier" => "the name of a field".to_string(),
        _ if wanted.starts_with("unit variant ") => "the word alone".to_string(),
        _ if wanted.contains("tuple") || wanted.contains(" with ") || wanted.contains("array of") => {
            last_number().map_or("a list".to_string(), |n| format!("a list of {}", entries(n)))
        }
        _ if wanted.contains("struct ") || wanted.contains("enum ") => "an object".to_string(),
        own => own.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[serde(rename = "count")]
        _count: u32,
        #[serde(default, rename = "pair")]
        _pair: Option<(u32, bool)>,
        #[serde(default)]
        kind: Option<Kind>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Plain,
        Pair(u32, u32),
    }

    #[test]
    fn each_mistake_is_told_in_plain_words() {
        let cases = [
            (r#"{"count": []}"#, "a list stands where a whole number that is not negative should"),
            (r#"{"count": -1}"#, "the number `-1` stands where a whole number that is not negative should"),
            (
                r#"{"count": "a, expected b"}"#,
                "the text `a, expected b` stands where a whole number that is not negative should",
            ),
            (r#"{}"#, "the field `count` is missing"),
            (r#"{"count": 1, "count": 2}"#, "the field `count` stands twice"),
            (r#"{"size": 1}"#, "the field `size` is not known here; known: `count`, `pair`, `kind`"),
            (r#"{"count": 1, "pair": [1]}"#, "1 entry here, where a list of 2 entries should stand"),
            (r#"{"count": 1, "pair": [1, 2]}"#, "the number `2` stands where `true` or `false` should"),
            (r#"{"count": 1, "kind": "Odd"}"#, "the word `Odd` is not known here; known: `Plain` or `Pair`"),
            (
                r#"{"count": 1, "kind": {"Pair": [1]}}"#,
                "1 entry here, where a list of 2 entries should stand",
            ),
            (r#"{"count": 1"#, "the text ends inside an object; `}` is missing"),
            (r#"{"count": 1,}"#, "a comma with nothing after it"),
            (r#"{"count": 1} 2"#, "something follows after the end of the document"),
        ];
        for (text, words) in cases {
            let error = serde_json::from_str::<Shape>(text).expect_err(text);
            assert_eq!(in_words(&error), words, "{text}: {error}");
        }
        let good = serde_json::from_str::<Shape>(r#"{"count": 1, "kind": {"Pair": [1, 2]}}"#);
        assert_eq!(good.expect("all in order").kind, Some(Kind::Pair(1, 2)));
    }
}
