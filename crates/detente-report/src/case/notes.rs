//! What an author writes about a case in words: `case.md`, a few known headings.
//!
//! The one idea: the machine writes verdicts, people write scope and what is left out. A heading
//! that is not known is reported, so that no paragraph is lost in silence.

/// The words of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    pub title: String,
    pub question: String,
    pub date: String,
    pub cutoff: String,
    pub judgments: Vec<KeyNote>,
    pub scope: Vec<String>,
    pub known: Vec<String>,
    pub judged: Vec<String>,
    pub left_out: Vec<String>,
    /// What this version of the case says otherwise than the one before.
    pub changed: Vec<String>,
    /// Whose levers on what the report shows.
    pub levers: Vec<LeverNote>,
    /// Which planes of two parameters the report maps.
    pub maps: Vec<MapNote>,
    /// Headings that are not known.
    pub strange: Vec<String>,
}

/// A sentence of the bottom line, and the claim or hypothesis it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyNote {
    pub text: String,
    /// A name, or `model.name`.
    pub about: Option<String>,
    /// The verdict for which the sentence was written.
    pub expects: Option<String>,
}

/// `West on attack: c_talks, c_bar`: whose levers on which outcome, ask or claim, and which parameters
/// that player could change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeverNote {
    pub player: String,
    /// A name, or `model.name`.
    pub measure: String,
    /// Empty: those in the player's payoffs and on its actions.
    pub params: Vec<String>,
}

/// `deal by exposed in s4`: two parameters, to the right and upwards, and perhaps the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapNote {
    pub x: String,
    pub y: String,
    /// Empty: every model that has both.
    pub model: String,
}

/// The headings that `case.md` may have, as its author should write them.
pub const HEADINGS: [&str; 8] = [
    "Bottom line",
    "Scope",
    "What we know",
    "What we judge",
    "What this model leaves out",
    "What changed",
    "Levers",
    "Maps",
];

/// Reads the words of a case. Never fails.
///
/// The first heading is the title; the paragraph under it is the question. Lines such as
/// `date: 22 November 2026` and `information up to: 24 February 2022` stand under the title.
pub fn notes(text: &str) -> Notes {
    let mut notes = Notes::default();
    let mut section: Option<usize> = None;
    let mut lost = false;
    for block in blocks(text) {
        if let Some(heading) = block.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim().to_string();
            if notes.title.is_empty() {
                notes.title = heading;
                continue;
            }
            section = HEADINGS.iter().position(|h| h.eq_ignore_ascii_case(&heading));
            lost = section.is_none();
            if lost {
                notes.strange.push(heading);
            }
            continue;
        }
        let lower = block.to_ascii_lowercase();
        let value = || block.split_once(':').map_or("", |(_, v)| v).trim().to_string();
        match section {
            None if lower.starts_with("date:") => notes.date = value(),
            None if lower.starts_with("information up to:") => notes.cutoff = value(),
            None if lost => {}
            None if notes.question.is_empty() => notes.question = block,
            None => notes.scope.push(block),
            Some(0) => notes.judgments.push(key_note(&block)),
            Some(1) => notes.scope.push(block),
            Some(2) => notes.known.push(block),
            Some(3) => notes.judged.push(block),
            Some(4) => notes.left_out.push(block),
            Some(5) => notes.changed.push(block),
            Some(7) => match map_note(&block) {
                Some(note) => notes.maps.push(note),
                None => notes.strange.push(block),
            },
            Some(_) => match lever_note(&block) {
                Some(note) => notes.levers.push(note),
                None => notes.strange.push(block),
            },
        }
    }
    notes
}

/// Splits off `[name]` or `[name: verdict]` at the end of a sentence.
fn key_note(text: &str) -> KeyNote {
    let plain = || KeyNote { text: text.to_string(), ..KeyNote::default() };
    let Some((before, inside)) = text.strip_suffix(']').and_then(|t| t.rsplit_once('[')) else {
        return plain();
    };
    let (about, expects) = match inside.split_once(':') {
        Some((about, word)) => (about.trim(), Some(word.trim().to_string())),
        None => (inside.trim(), None),
    };
    let name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    if about.is_empty() || !about.chars().all(name) {
        return plain();
    }
    KeyNote { text: before.trim_end().to_string(), about: Some(about.to_string()), expects }
}

/// Reads `PLAYER on MEASURE` and perhaps `: PARAM, PARAM`.
fn lever_note(text: &str) -> Option<LeverNote> {
    let (head, params) = text.split_once(':').unwrap_or((text, ""));
    let (player, measure) = head.split_once(" on ")?;
    let word = |w: &str| !w.is_empty() && !w.contains(char::is_whitespace);
    let (player, measure) = (player.trim(), measure.trim());
    let params = params.split(',').map(str::trim).filter(|p| !p.is_empty()).map(String::from).collect();
    (word(player) && word(measure)).then(|| LeverNote {
        player: player.into(),
        measure: measure.into(),
        params,
    })
}

/// Reads `X by Y` and perhaps `in MODEL`.
fn map_note(text: &str) -> Option<MapNote> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let note = |x: &str, y: &str, model: &str| MapNote { x: x.into(), y: y.into(), model: model.into() };
    match words[..] {
        [x, "by", y] => Some(note(x, y, "")),
        [x, "by", y, "in", model] => Some(note(x, y, model)),
        _ => None,
    }
}

/// Headings, list items and paragraphs, each joined to one line.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let line = line.trim();
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        let key = line.to_ascii_lowercase();
        let alone = key.starts_with("date:") || key.starts_with("information up to:");
        if line.is_empty() {
            open = false;
        } else if line.starts_with('#') || alone {
            blocks.push(line.to_string());
            open = false;
        } else if let Some(item) = item {
            blocks.push(item.to_string());
            open = true;
        } else if let (true, Some(last)) = (open, blocks.last_mut()) {
            last.push(' ');
            last.push_str(line);
        } else {
            blocks.push(line.to_string());
            open = true;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_headings_are_filled_and_strange_ones_reported() {
        let text = "# A case\ndate: today\nInformation up to: yesterday\n\nDoes it\nwork?\n\n## Bottom line\n- One\n  more\n- Two. [s1.two: holds]\n\n## what this model leaves out\nMuch.\n\n## Odd\nlost\n";
        let n = notes(text);
        assert_eq!((n.title.as_str(), n.question.as_str()), ("A case", "Does it work?"));
        assert_eq!((n.date.as_str(), n.cutoff.as_str()), ("today", "yesterday"));
        let note = |text: &str, about: Option<&str>, expects: Option<&str>| KeyNote {
            text: text.into(),
            about: about.map(String::from),
            expects: expects.map(String::from),
        };
        let notes = [note("One more", None, None), note("Two.", Some("s1.two"), Some("holds"))];
        assert_eq!(n.judgments, notes);
        assert_eq!(n.left_out, ["Much."]);
        assert_eq!(n.strange, ["Odd"]);
    }

    #[test]
    fn levers_name_a_player_a_measure_and_its_numbers() {
        let n = notes("# A\n## Levers\n- West on s1.attack: a, b\n- NATO on enlarged\n- nobody\n");
        let note = |player: &str, measure: &str, params: &[&str]| LeverNote {
            player: player.into(),
            measure: measure.into(),
            params: params.iter().map(|p| p.to_string()).collect(),
        };
        assert_eq!(n.levers, [note("West", "s1.attack", &["a", "b"]), note("NATO", "enlarged", &[])]);
        assert_eq!(n.strange, ["nobody"]);
    }

    #[test]
    fn maps_name_two_parameters_and_perhaps_a_model() {
        let n = notes("# A\n## Maps\n- deal by exposed in s4\n- q by a\n- deal and exposed\n");
        let note = |x: &str, y: &str, model: &str| MapNote { x: x.into(), y: y.into(), model: model.into() };
        assert_eq!(n.maps, [note("deal", "exposed", "s4"), note("q", "a", "")]);
        assert_eq!(n.strange, ["deal and exposed"]);
    }

    #[test]
    fn only_names_in_brackets_are_references() {
        assert_eq!(key_note("A [see there].").about, None);
        assert_eq!(key_note("A [not this one]").about, None);
        assert_eq!(key_note("A [x]").about.as_deref(), Some("x"));
    }

    #[test]
    fn any_text_is_read() {
        for text in ["", "## Bottom line\n]\n\n[]\n\n[:]", "#", "- ", "\u{0}\n# \n\n##", "date:"] {
            notes(text);
        }
    }
}
