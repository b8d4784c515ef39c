//! Thresholds as text and as JSON.
//!
//! The one idea: the range is read from left to right, pieces and what happens between them in
//! turn; the word for the strength comes first.

use crate::number::{self, significant};
use crate::paint::Paint;
use detente_game::Game;
use detente_parametric::Thresholds;
use detente_parametric::reasons::Reason;
use detente_parametric::thresholds::{Chance, Equilibrium, Gap, Piece, Range, Threshold, Value};
use serde_json::{Value as Json, json};

/// Most reasons printed for one threshold; all stand in the JSON.
const REASONS: usize = 3;

/// Thresholds as one JSON object, see `docs/schema/thresholds.schema.json`.
pub fn thresholds_json(game: &Game, found: &[Thresholds], concept: &str) -> Json {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "concept": concept,
        "thresholds": found,
    })
}

/// Thresholds for reading.
pub fn thresholds_text(found: &[Thresholds], concept: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let list: Vec<String> = found.iter().map(|t| one(t, concept, paint)).collect();
    list.join("\n")
}

fn one(t: &Thresholds, concept: &str, paint: Paint) -> String {
    let range = format!("from {} to {}", number::short(&t.from), number::short(&t.to));
    let count = match t.thresholds.len() {
        0 => format!("The set of {concept} equilibria does not change in outline"),
        1 => format!("The set of {concept} equilibria changes at one value"),
        n => format!("The set of {concept} equilibria changes at {n} values"),
    };
    let strength = match (t.complete, t.thresholds.is_empty()) {
        (true, true) => format!("{}: {count}: proven.", paint.good("exact-complete")),
        (true, false) => format!("{}: {count} and nowhere else: proven.", paint.good("exact-complete")),
        (false, _) => {
            format!("{}: {count} where that is proven; the gaps are open.", paint.warn("exact-some"))
        }
    };
    let mut text = format!(
        "{}  {}, {range}; base value {}\n{strength}\n",
        paint.strong(&t.param),
        t.label,
        number::short(&t.base)
    );
    let mut at: Vec<(f64, u8, String)> = vec![];
    at.extend(t.pieces.iter().map(|p| (p.from.value, 2, piece(t, p, paint))));
    at.extend(t.thresholds.iter().map(|h| (h.at.value, 0, threshold(t, h, paint))));
    at.extend(t.gaps.iter().map(|g| (g.from.value, 1, gap(t, g, paint))));
    at.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    at.iter().for_each(|(_, _, part)| text.push_str(part));
    text
}

/// Who is indifferent, those of one decision together, the clearest first.
fn reasons(h: &Threshold) -> Vec<String> {
    let mut groups: Vec<(&Reason, usize)> = vec![];
    for reason in &h.reasons {
        let same = |g: &&mut (&Reason, usize)| {
            let mut sorted = [g.0.actions.clone(), reason.actions.clone()];
            sorted.iter_mut().for_each(|list| list.sort());
            g.0.decision == reason.decision && sorted[0] == sorted[1]
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.1 += 1,
            None => groups.push((reason, 1)),
        }
    }
    groups.sort_by_key(|(reason, _)| std::cmp::Reverse(reason.actions.len()));
    let words = |(reason, count): &(&Reason, usize)| match count {
        1 => reason.words.clone(),
        n => {
            let place = format!("{} at {}", reason.decision, reason.at);
            reason.words.replace(&place, &format!("{} at {n} information sets", reason.decision))
        }
    };
    groups.iter().map(words).collect()
}

/// A value as it stands in a sentence, irrational ones as long as they are known.
fn exactly(value: &Value) -> String {
    match (&value.exact, &value.root) {
        (Some(q), _) if q.to_string().len() <= 18 => q.to_string(),
        (None, Some(root)) => {
            let polynomial = detente_parametric::thresholds::polynomial_text(&root.polynomial);
            format!("{:.12}… (the root of {polynomial})", value.value)
        }
        _ => match &value.zero {
            Some(zero) => format!("{:.12}… (where {})", value.value, zero.equation),
            None => format!("≈{}", significant(value.value)),
        },
    }
}

fn short(value: &Value) -> String {
    match &value.exact {
        Some(q) => number::short(q),
        None => format!("≈{}", significant(value.value)),
    }
}

fn piece(t: &Thresholds, p: &Piece, paint: Paint) -> String {
    let base = t.base.to_f64();
    let here = if p.from.value < base && base < p.to.value { "  (base value)" } else { "" };
    let head = format!("{} < {} < {}{here}", short(&p.from), t.param, short(&p.to));
    let mut text = format!("\n{}\n", paint.strong(&head));
    for e in &p.equilibria {
        text.push_str(&format!("  {}  {}\n", e.name, outcomes(e)));
    }
    text
}

fn outcomes(e: &Equilibrium) -> String {
    let shown = |o: &&Chance| o.from.high > 0.0 || o.to.high > 0.0;
    let list: Vec<String> = e.outcomes.iter().filter(shown).map(chance).collect();
    let note = if e.varies { "  (ranges within the component)" } else { "" };
    format!("{}{note}", list.join("   "))
}

fn chance(o: &Chance) -> String {
    let (from, to) = (range(&o.from), range(&o.to));
    if from == to { format!("{} {from}", o.outcome) } else { format!("{} {from} → {to}", o.outcome) }
}

fn range(r: &Range) -> String {
    match r.low == r.high {
        true => significant(r.low),
        false => format!("{} to {}", significant(r.low), significant(r.high)),
    }
}

fn threshold(t: &Thresholds, h: &Threshold, paint: Paint) -> String {
    let mut words = reasons(h);
    let more = words.len().saturating_sub(REASONS);
    words.truncate(REASONS);
    if more > 0 {
        words.push(format!("and {more} more of the kind"));
    }
    let why = if words.is_empty() { String::from("the set changes") } else { words.join("; ") };
    let aside = if h.matters { "" } else { " Only replies that are not called for change." };
    let at = format!("{} = {}", t.param, exactly(&h.at));
    let mut text = format!("\n{}: {why}.{aside}\n", paint.warn(&at));
    if let Some(note) = &h.note {
        text.push_str(&format!("  {note}\n"));
    }
    if let Some(here) = h.here.as_ref().filter(|_| h.matters) {
        for (k, e) in here.equilibria.iter().enumerate() {
            let shown = e.iter().filter(|(_, r)| r.high > 0.0);
            let list: Vec<String> = shown.map(|(name, r)| format!("{name} {}", range(r))).collect();
            text.push_str(&format!(
                "  there, component {} of {}: {}\n",
                k + 1,
                here.equilibria.len(),
                list.join("   ")
            ));
        }
    }
    text
}

fn gap(t: &Thresholds, g: &Gap, paint: Paint) -> String {
    let place = match g.from == g.to {
        true => format!("{} = {}", t.param, exactly(&g.from)),
        false => format!(
            "{} from {} to {} (width {})",
            t.param,
            short(&g.from),
            short(&g.to),
            significant(g.width)
        ),
    };
    format!("\n{} {place}: {}\n", paint.bad("gap"), g.why)
}
