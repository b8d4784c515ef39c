//! Bibliographies: a small tolerant reader of `.bib` files.
//!
//! It reads what a report needs (author, title, year, url) and three fields of
//! our own: `via` (who relays it), `grade` (A-F and 1-6), `digest` (paragraph
//! digests). Anything it does not understand it skips to the next `@`.

use indexmap::IndexMap;

/// Entries by key, in the order of the files.
pub type Bibliography = IndexMap<String, Source>;

/// One entry of a bibliography.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The kind of entry, in lower case: `article`, `book`, `online`.
    pub kind: String,
    /// All fields, names in lower case, values without braces.
    pub fields: IndexMap<String, String>,
}

impl Source {
    /// Returns a field's text, or nothing.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// Returns the year, taken from `year` or from the front of `date`.
    pub fn year(&self) -> Option<&str> {
        self.field("year").or_else(|| self.field("date").and_then(|d| d.get(..4)))
    }
}

/// What was read from one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub entries: Bibliography,
    /// Keys that occur more than once; the first entry counts.
    pub repeated: Vec<String>,
    /// Byte offsets of entries that could not be read.
    pub broken: Vec<usize>,
}

/// Reads a bibliography. Never fails: what cannot be read is listed in `broken`.
pub fn read(text: &str) -> Read {
    let mut result = Read::default();
    let mut at = 0;
    while let Some(offset) = text[at..].find('@') {
        let start = at + offset;
        at = start + 1;
        let mut cursor = Cursor { text, at };
        let kind = cursor.word().to_lowercase();
        if kind == "comment" || kind == "preamble" || kind == "string" {
            continue;
        }
        match cursor.entry(kind) {
            Some((key, source)) => {
                at = cursor.at;
                if result.entries.contains_key(&key) {
                    result.repeated.push(key);
                } else {
                    result.entries.insert(key, source);
                }
            }
            None => result.broken.push(start),
        }
    }
    result
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        self.skip_space();
        if self.peek()? == wanted {
            self.bump();
            return Some(());
        }
        None
    }

    fn word(&mut self) -> &'a str {
        self.skip_space();
        let start = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !"{}(),=\"#%@".contains(c)) {
            self.bump();
        }
        &self.text[start..self.at]
    }

    fn entry(&mut self, kind: String) -> Option<(String, Source)> {
        self.take('{')?;
        let key = self.word().to_string();
        if key.is_empty() {
            return None;
        }
        let mut source = Source { kind, fields: IndexMap::new() };
        loop {
            self.skip_space();
            match self.bump()? {
                '}' => return Some((key, source)),
                ',' => {}
                _ => return None,
            }
            self.skip_space();
            if self.peek()? == '}' {
                continue;
            }
            let name = self.word().to_lowercase();
            self.take('=')?;
            let value = self.value()?;
            if name.is_empty() {
                return None;
            }
            source.fields.entry(name).or_insert(value);
        }
    }

    fn value(&mut self) -> Option<String> {
        let mut value = String::new();
        loop {
            self.skip_space();
            match self.peek()? {
                '{' => value.push_str(&self.braced()?),
                '"' => value.push_str(&self.quoted()?),
                _ => value.push_str(self.word()),
            }
            self.skip_space();
            if self.peek()? != '#' {
                return Some(tidy(&value));
            }
            self.bump();
        }
    }

    fn braced(&mut self) -> Option<String> {
        self.take('{')?;
        let (start, mut depth) = (self.at, 1);
        loop {
            let end = self.at;
            match self.bump()? {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(self.text[start..end].to_string());
            }
        }
    }

    fn quoted(&mut self) -> Option<String> {
        self.take('"')?;
        let (start, mut depth) = (self.at, 0);
        loop {
            let end = self.at;
            match self.bump()? {
                '{' => depth += 1,
                '}' => depth -= 1,
                '"' if depth == 0 => return Some(self.text[start..end].to_string()),
                _ => {}
            }
        }
    }
}

/// Removes inner braces, joins lines, turns `\&` into `&` and so on.
fn tidy(value: &str) -> String {
    let plain: String = value.replace("--", "\u{2013}").chars().filter(|c| !"{}\\".contains(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_our_own_fields() {
        let text = r#"
            % a comment
            @Article{fearon1995, author = {Fearon, James D.}, title = "Rationalist {E}xplanations for War",
              year = 1995, pages = {379--414}, }
            @comment{ignored}
            @online{post2024,
              title = {A post}, date = {2024-02-13}, via = {baghai2024}, grade = {C3},
              digest = {6:ab12, 7:cd34}
            }
        "#;
        let read = read(text);
        assert_eq!(read.entries.keys().collect::<Vec<_>>(), ["fearon1995", "post2024"]);
        let fearon = &read.entries["fearon1995"];
        assert_eq!(fearon.kind, "article");
        assert_eq!(fearon.field("title"), Some("Rationalist Explanations for War"));
        assert_eq!(fearon.field("pages"), Some("379\u{2013}414"));
        assert_eq!(fearon.year(), Some("1995"));
        let post = &read.entries["post2024"];
        assert_eq!((post.year(), post.field("grade")), (Some("2024"), Some("C3")));
        assert!(read.broken.is_empty());
    }

    #[test]
    fn broken_text_is_listed_and_skipped() {
        let read = read("@book{ } @book{a, title = {open \n @book{b, title={x}} @book{b, title={y}}");
        assert_eq!(read.broken.len(), 2);
        assert_eq!(read.entries.keys().collect::<Vec<_>>(), ["b"]);
        assert_eq!(read.repeated, ["b"]);
        assert_eq!(super::read("@").broken, [0]);
        assert!(super::read("\u{fffd}@\u{e9}{\u{e9},t=\"\u{e9}").entries.is_empty());
    }
}
