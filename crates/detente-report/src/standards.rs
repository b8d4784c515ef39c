//! The nine tradecraft standards as text and as JSON.

use crate::case::standards::Standard;
use crate::paint::{Paint, printable};
use serde_json::{Value as Json, json};

/// Most places printed for one standard; all stand in the JSON.
const MOST: usize = 8;

/// The standards as one JSON object, see `docs/schema/standards.schema.json`.
pub fn standards_json(standards: &[Standard]) -> Json {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": "detente-icd203",
        "version": 1,
        "met": standards.iter().filter(|s| s.met).count(),
        "standards": standards,
    })
}

/// The standards for reading: how many are met, then each with what is missing.
pub fn standards_text(standards: &[Standard], colour: bool) -> String {
    let paint = Paint { colour };
    let met = standards.iter().filter(|s| s.met).count();
    let head = format!("{met} of {} tradecraft standards of ICD 203 are met\n", standards.len());
    let mut out = if met == standards.len() { paint.good(&head) } else { paint.warn(&head) };
    for s in standards {
        let word = if s.met { paint.good("met    ") } else { paint.bad("missing") };
        out.push_str(&format!("{word}  {} {}\n", s.number, s.title));
        for one in s.missing.iter().take(MOST) {
            out.push_str(&format!("           {}: {}\n", printable(&one.place), printable(&one.words)));
        }
        if s.missing.len() > MOST {
            out.push_str(&paint.faint(&format!("           and {} more\n", s.missing.len() - MOST)));
        }
    }
    out
}
