//! Sources as text and as JSON: the list, checks against texts, and what falls without one.
//!
//! The one idea: a reader who doubts a source sees at once how much hangs on it.

use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::provenance::texts::{Check, Verdict};
use detente_answer::provenance::{Dropped, Fate};
use detente_model::Model;
use detente_model::model::Support;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// One source of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Listed {
    pub key: String,
    pub author: Option<String>,
    pub title: Option<String>,
    /// As the bibliography has it: `2022-02-24`, or a year.
    pub date: Option<String>,
    /// `article`, `book`, `online`.
    pub kind: String,
    pub grade: Option<String>,
    /// The grade in words; nothing if it is none.
    pub grade_words: Option<String>,
    /// Who relays it, the nearest first: keys of other sources, or words.
    pub via: Vec<String>,
    pub note: Option<String>,
    /// How often numbers, claims, observations and other items cite it.
    pub numbers: usize,
    pub claims: usize,
    pub observations: usize,
    pub others: usize,
    /// What is cited of it, as written.
    pub locators: Vec<String>,
}

/// The sources of a case, in the order of its bibliographies.
pub fn listed(models: &[&Model]) -> Vec<Listed> {
    let mut list: Vec<Listed> = Vec::new();
    for model in models {
        for (key, source) in &model.sources {
            if list.iter().any(|one| one.key == *key) {
                continue;
            }
            let field = |name: &str| source.field(name).map(str::to_string);
            let date = field("date").or_else(|| {
                let year = field("year")?;
                Some(field("month").map_or(year.clone(), |month| format!("{month} {year}")))
            });
            list.push(Listed {
                key: key.clone(),
                author: field("author").or_else(|| field("organization")),
                title: field("title"),
                date,
                kind: source.kind.clone(),
                grade_words: source.field("grade").and_then(grade_words),
                grade: field("grade"),
                via: relayed(model, key),
                note: field("note"),
                ..Listed::default()
            });
        }
    }
    for model in models {
        count(model, &mut list);
    }
    list
}

/// Reliability A to F and credibility 1 to 6 in words (NATO's Admiralty code).
pub fn grade_words(grade: &str) -> Option<String> {
    let mut letters = grade.trim().chars();
    let source = match letters.next()?.to_ascii_uppercase() {
        'A' => "completely reliable source",
        'B' => "usually reliable source",
        'C' => "fairly reliable source",
        'D' => "not usually reliable source",
        'E' => "unreliable source",
        'F' => "source that cannot be judged",
        _ => return None,
    };
    let information = match letters.next()? {
        '1' => "confirmed",
        '2' => "probably true",
        '3' => "possibly true",
        '4' => "doubtful",
        '5' => "improbable",
        '6' => "cannot be judged",
        _ => return None,
    };
    letters.next().is_none().then(|| format!("{source}, information {information}"))
}

/// Who relays a source, and who relays that.
fn relayed(model: &Model, key: &str) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut at = key.to_string();
    while let Some(via) = model.sources.get(&at).and_then(|s| s.field("via")) {
        if chain.iter().any(|seen| seen == via) {
            break;
        }
        chain.push(via.to_string());
        at = via.to_string();
    }
    chain
}

/// What cites a source.
#[derive(Clone, Copy)]
enum By {
    Number,
    Claim,
    Observation,
    Other,
}

fn count(model: &Model, list: &mut [Listed]) {
    let mut add = |support: &Support, by: By| {
        for cited in &support.citations {
            let Some(one) = list.iter_mut().find(|one| one.key == cited.key) else { continue };
            match by {
                By::Number => one.numbers += 1,
                By::Claim => one.claims += 1,
                By::Observation => one.observations += 1,
                By::Other => one.others += 1,
            }
            one.locators.extend(cited.locator.clone());
        }
    };
    model.params.iter().for_each(|p| add(&p.support, By::Number));
    model.consts.iter().for_each(|c| add(&c.support, By::Number));
    model.councils.iter().flat_map(|c| c.cells()).for_each(|cell| add(&cell.support, By::Number));
    model.claims.iter().chain(&model.council_claims).for_each(|c| add(&c.support, By::Claim));
    model.observes.iter().for_each(|o| add(&o.support, By::Observation));
    model.supports.values().for_each(|s| add(s, By::Other));
    model.asks.iter().chain(&model.council_asks).for_each(|a| add(&a.support, By::Other));
    model.hypotheses.iter().for_each(|h| add(&h.support, By::Other));
    for forecast in &model.forecasts {
        add(&forecast.support, By::Other);
        forecast.base.iter().for_each(|b| add(&b.support, By::Number));
        forecast.resolution.iter().for_each(|r| add(&r.support, By::Observation));
    }
}

/// The list as one JSON object, see `docs/schema/sources.schema.json`.
pub fn sources_json(list: &[Listed]) -> Json {
    document(json!({"sources": list}))
}

/// Checks as one JSON object.
pub fn checks_json(checks: &[Check], unread: &[String]) -> Json {
    document(json!({"checks": checks, "unread": unread}))
}

/// What falls without a source, as one JSON object; by model.
pub fn dropped_json(models: &[(String, Dropped)]) -> Json {
    let list: Vec<Json> =
        models.iter().map(|(model, found)| json!({"model": model, "without": found})).collect();
    document(json!({"dropped": list}))
}

fn document(mut body: Json) -> Json {
    body["detente"] = json!(env!("CARGO_PKG_VERSION"));
    body["format"] = json!("detente-sources");
    body["version"] = json!(1);
    body
}

/// The list for reading.
pub fn sources_text(list: &[Listed], colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = match list.len() {
        0 => return "no source is named: add `bibliography \"refs.bib\"`\n".to_string(),
        1 => "1 source\n".to_string(),
        n => format!("{n} sources\n"),
    };
    for one in list {
        let named = [one.author.as_deref(), one.title.as_deref(), one.date.as_deref()];
        let named: Vec<String> = named.into_iter().flatten().map(printable).collect();
        out.push_str(&format!(
            "\n{}  {} ({})\n",
            paint.strong(&printable(&one.key)),
            named.join(", "),
            printable(&one.kind)
        ));
        match (&one.grade, &one.grade_words) {
            (Some(grade), Some(words)) => out.push_str(&format!("  {}: {words}\n", printable(grade))),
            (Some(grade), None) => out.push_str(&paint.warn(&format!(
                "  grade `{}` is none: write A to F and 1 to 6, such as B3\n",
                printable(grade)
            ))),
            (None, _) => out.push_str(&paint.warn("  not graded: add `grade = {B3}` (A to F, 1 to 6)\n")),
        }
        if !one.via.is_empty() {
            let chain: Vec<String> = one.via.iter().map(|via| printable(via)).collect();
            out.push_str(&format!("  at second hand, via {}\n", chain.join(" <- ")));
        }
        if let Some(note) = &one.note {
            out.push_str(&paint.faint(&format!("  {}\n", printable(note))));
        }
        let total = one.numbers + one.claims + one.observations + one.others;
        let words = match total {
            0 => "nothing cites it".to_string(),
            _ => format!(
                "cited {total} times: {} numbers, {} claims, {} observations, {} other items",
                one.numbers, one.claims, one.observations, one.others
            ),
        };
        out.push_str(&format!("  {words}\n"));
    }
    out
}

/// Checks for reading; what is wrong comes first.
pub fn checks_text(checks: &[Check], unread: &[String], proposals: &[String], colour: bool) -> String {
    let paint = Paint { colour };
    let count = |verdict: Verdict| checks.iter().filter(|c| c.verdict == verdict).count();
    let (wrong, good, open) = (count(Verdict::Wrong), count(Verdict::Confirmed), count(Verdict::NotChecked));
    let head = format!("{good} confirmed, {wrong} wrong, {open} not checked\n");
    let mut out = if wrong > 0 { paint.bad(&head) } else { paint.good(&head) };
    let mut sorted: Vec<&Check> = checks.iter().collect();
    sorted.sort_by_key(|c| match c.verdict {
        Verdict::Wrong => 0,
        Verdict::NotChecked => 1,
        Verdict::Confirmed => 2,
    });
    for c in sorted {
        let word = match c.verdict {
            Verdict::Wrong => paint.bad("wrong"),
            Verdict::NotChecked => paint.warn("not checked"),
            Verdict::Confirmed => paint.good("confirmed"),
        };
        out.push_str(&format!(
            "  {word}  {} {}: {}\n",
            printable(&c.key),
            printable(&c.place),
            printable(&c.words)
        ));
    }
    for key in unread {
        out.push_str(&paint.warn(&format!("  no text of `{}` was given\n", printable(key))));
    }
    for line in proposals {
        out.push_str(&paint.faint(&format!("  {}\n", printable(line))));
    }
    out
}

/// What falls without a source, for reading: the flips first.
pub fn dropped_text(models: &[(String, Dropped)], key: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let all: Vec<_> =
        models.iter().flat_map(|(model, d)| d.conclusions.iter().map(move |c| (model, c))).collect();
    let count = |fate: Fate| all.iter().filter(|(_, c)| c.fate == fate).count();
    let (flips, blind) = (count(Fate::Flips), count(Fate::LosesEvidence));
    let bare = all.iter().filter(|(_, c)| c.unsupported).count();
    let mut out = format!(
        "without `{}`: {} of {} conclusions flip, {blind} lose their evidence, {bare} lose their support\n",
        printable(key),
        if flips > 0 { paint.bad(&flips.to_string()) } else { paint.good("0") },
        all.len()
    );
    if let Some((_, first)) = models.iter().find(|(_, d)| d.keys.len() > 1) {
        out.push_str(&format!("  with it falls what it relays: {}\n", first.keys[1..].join(", ")));
    }
    for (model, d) in models {
        out.push_str(&format!("\n{}\n", paint.strong(&printable(model))));
        let mut sorted: Vec<_> = d.conclusions.iter().collect();
        sorted.sort_by_key(|c| match c.fate {
            Fate::Flips => 0,
            Fate::LosesEvidence => 1,
            Fate::Stands => 2,
        });
        for c in sorted {
            let fate = match c.fate {
                Fate::Flips => paint.bad("flips"),
                Fate::LosesEvidence => paint.warn("loses its evidence"),
                Fate::Stands => paint.good("stands"),
            };
            let bare = if c.unsupported { "; nothing else supports the statement" } else { "" };
            out.push_str(&format!("  {fate}  {} {}{bare}\n", c.kind, printable(&c.name)));
            match c.fate {
                Fate::Stands => out.push_str(&paint.faint(&format!("    {}\n", c.after))),
                _ => out.push_str(&format!("    {} -> {}\n", c.before, c.after)),
            }
        }
        if !d.observations.is_empty() {
            out.push_str(
                &paint.faint(&format!("  observations removed: {}\n", printable(&d.observations.join("; ")))),
            );
        }
        if !d.widened.is_empty() {
            let range = |(a, b): (f64, f64)| {
                if a == b { significant(a) } else { format!("{} to {}", significant(a), significant(b)) }
            };
            let list: Vec<String> = d
                .widened
                .iter()
                .map(|w| format!("{} {} -> {}", printable(&w.param), range(w.stated), range(w.now)))
                .collect();
            out.push_str(&paint.faint(&format!("  ranges given up: {}\n", list.join("; "))));
        }
        if !d.kept.is_empty() {
            out.push_str(&paint.warn(&format!(
                "  ranges kept, because the model has no sense beyond them: {}\n",
                d.kept.join(", ")
            )));
        }
        if !d.assumed.is_empty() {
            out.push_str(&paint.faint(&format!(
                "  ranges that now stand on their assumption alone (--widen gives them up): {}\n",
                printable(&d.assumed.join(", "))
            )));
        }
        if !d.structure.is_empty() {
            out.push_str(&paint.faint(&format!(
                "  kept, though nothing else supports it: {}\n",
                printable(&d.structure.join(", "))
            )));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grade_words;

    #[test]
    fn grades_are_read_or_refused() {
        assert_eq!(grade_words("B3").as_deref(), Some("usually reliable source, information possibly true"));
        assert_eq!(
            grade_words("f6").as_deref(),
            Some("source that cannot be judged, information cannot be judged")
        );
        assert_eq!(
            (grade_words("B7"), grade_words("G1"), grade_words("B"), grade_words("B33")),
            (None, None, None, None)
        );
    }
}
