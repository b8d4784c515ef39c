//! What overturns claims, for reading and as JSON.
//!
//! The one idea: the claim that falls first stands first, with the least change that overturns it in
//! the units of its parameters; then each parameter alone.

use crate::number::{self, significant};
use crate::paint::{Paint, pad, printable};
use crate::sweep::thousands;
use detente_answer::flip::{Cause, Flip, Fragile, Joint, Move, Over};
use detente_answer::verdict::Class;
use detente_game::Game;
use serde_json::{Value as Json, json};

/// A change this near, in standard deviations, is no change that a reader could see.
pub(crate) const EDGE: f64 = 1e-4;

/// The claims of one model with what overturns them.
pub struct ModelFlips<'a> {
    /// The file's name without its ending.
    pub model: String,
    pub game: &'a Game,
    pub found: Vec<Fragile>,
}

/// All claims, the most fragile first.
fn ranked<'a>(models: &'a [ModelFlips]) -> Vec<(&'a str, &'a Fragile)> {
    let mut all: Vec<(&str, &Fragile)> =
        models.iter().flat_map(|m| m.found.iter().map(|f| (m.model.as_str(), f))).collect();
    // Where nothing near was found, the parameter that does most alone decides.
    let alone = |f: &Fragile| f.weakest().and_then(|t| t.deviations).unwrap_or(f64::MAX);
    all.sort_by(|(_, a), (_, b)| a.distance().total_cmp(&b.distance()).then(alone(a).total_cmp(&alone(b))));
    all
}

/// The most fragile claim.
pub fn weakest<'a>(models: &'a [ModelFlips]) -> Option<&'a Fragile> {
    ranked(models).first().map(|(_, f)| *f)
}

/// Flips as one JSON object, see `docs/schema/flips.schema.json`.
pub fn flips_json(models: &[ModelFlips]) -> Json {
    let games: Vec<Json> = models
        .iter()
        .map(|m| json!({"model": m.model, "title": m.game.title, "sha256": m.game.sha256()}))
        .collect();
    let claims: Vec<Json> = ranked(models)
        .into_iter()
        .map(|(model, f)| {
            let mut row = serde_json::to_value(f).expect("plain data always serializes");
            row["model"] = json!(model);
            row
        })
        .collect();
    json!({"detente": env!("CARGO_PKG_VERSION"), "games": games, "claims": claims})
}

/// Flips for reading: a table of all claims where there are several, then each.
pub fn flips_text(models: &[ModelFlips], colour: bool) -> String {
    let paint = Paint { colour };
    let list = ranked(models);
    let mut parts: Vec<String> = vec![];
    if list.len() > 1 {
        parts.push(table(&list, models.len() > 1, paint));
    }
    parts.extend(list.iter().map(|(model, f)| {
        let place = if models.len() > 1 { format!(" ({})", printable(model)) } else { String::new() };
        fragile(f, &place, paint)
    }));
    parts.join("\n")
}

fn table(list: &[(&str, &Fragile)], several: bool, paint: Paint) -> String {
    let head = ["claim", "now", "safe to", "flips at", "the least change found that overturns it"];
    let mut rows: Vec<[String; 5]> = vec![head.map(String::from)];
    for (model, f) in list {
        let name = if several { format!("{model}: {}", f.claim) } else { f.claim.clone() };
        let (far, moves) = match &f.joint {
            Some(j) if j.distance < EDGE => {
                ("0".into(), "the slightest: the base values lie on an edge".into())
            }
            Some(j) => (significant(j.distance), moves_words(&j.moves)),
            None => (beyond(), "none found".into()),
        };
        let steady = f.steady.map_or("-".into(), below);
        rows.push([printable(&name), class_word(f.class).into(), steady, far, moves]);
    }
    let width = |k: usize| rows.iter().map(|r| r[k].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text =
        String::from("The most fragile claim first; distances in standard deviations of the priors.\n");
    for (k, row) in rows.iter().enumerate() {
        let cells: Vec<String> = (0..4).map(|c| pad(&row[c], widths[c])).collect();
        let line = format!("  {}  {}", cells.join("  "), row[4]);
        text.push_str(&if k == 0 { paint.faint(&line) } else { line });
        text.push('\n');
    }
    text
}

fn beyond() -> String {
    "over 4".into()
}

/// The verdict at the base values in one or two words.
pub fn class_word(class: Class) -> &'static str {
    match class {
        Class::TrueInAll => "true",
        Class::TrueInSome => "true in some",
        Class::FalseInAll => "false",
        Class::Undefined => "undefined",
    }
}

fn fragile(f: &Fragile, place: &str, paint: Paint) -> String {
    let verdict = match f.class {
        Class::TrueInAll => "True",
        Class::TrueInSome => &format!("True in some {} only", over_words(f.over)),
        Class::FalseInAll => "False",
        Class::Undefined => "Undefined",
    };
    let mut text =
        format!("{}{place}  {}\n  {verdict} at the base values. ", paint.strong(&f.claim), f.label);
    text.push_str(&match &f.joint {
        None => "Nothing was found that changes this within four standard deviations.\n".to_string(),
        Some(joint) => joint_text(joint, f.over),
    });
    text.push_str(&format!("  {}\n", steady_words(f)));
    let mut alone: Vec<&Flip> = f.alone.iter().filter(|t| t.nearest().is_some()).collect();
    alone.sort_by(|a, b| a.deviations.unwrap_or(f64::MAX).total_cmp(&b.deviations.unwrap_or(f64::MAX)));
    if alone.is_empty() {
        text.push_str("  No parameter alone changes it within its range.\n");
    } else {
        text.push_str("  One alone:\n");
    }
    for t in alone {
        for (value, because, side) in
            [(t.below, &t.below_because, "below"), (t.above, &t.above_because, "above")]
        {
            if let Some(value) = value {
                text.push_str(&alone_text(t, value, because.as_ref(), side));
            }
        }
    }
    text
}

/// A tipping value: exact where it is a threshold.
pub fn value_words(value: f64, because: Option<&Cause>) -> String {
    because.and_then(|c| c.exact.as_ref()).map_or_else(|| significant(value), number::short)
}

fn alone_text(t: &Flip, value: f64, because: Option<&Cause>, side: &str) -> String {
    let at = value_words(value, because);
    let why = match because.map(|c| c.words.as_slice()) {
        Some([first, ..]) => format!(": {first}"),
        Some([]) | None => String::from(": a number crosses its bar"),
    };
    let name = printable(&t.param);
    format!("    {name} {side} {at} (base {}){why}\n", significant(t.base))
}

/// The flip of one parameter that is nearest, as `q above 2/3 (it is 0.4)`.
pub fn alone_words(flip: &Flip) -> Option<String> {
    let value = flip.nearest()?;
    let side = if value > flip.base { "above" } else { "below" };
    Some(format!("{side} {} (it is {})", value_words(value, flip.because()), significant(flip.base)))
}

/// The moves of a joint change, as `q from 0.4 to 0.667, a from …`.
pub fn moves_words(moves: &[Move]) -> String {
    let one =
        |m: &Move| format!("{} from {} to {}", printable(&m.param), significant(m.from), significant(m.to));
    moves.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// How far nothing overturns a claim, and what ended at its budget before that was known, as sentences.
pub fn steady_words(f: &Fragile) -> String {
    [vec![proven_words(f)], limit_words(f)].concat().join(" ")
}

/// Which searches ended at their budget, and what that leaves open.
fn limit_words(f: &Fragile) -> Vec<String> {
    let mut list = vec![];
    let nearest = f.joint.as_ref().is_some_and(|j| f.steady.is_some_and(|d| d >= j.distance * 0.999));
    if let Some(budget) = f.stopped.filter(|_| !nearest) {
        list.push(format!(
            "The search for joint changes stopped at its budget of {} nodes; a nearer one may exist.",
            thousands(budget)
        ));
    }
    let open = || f.alone.iter().filter_map(|t| Some((t.param.as_str(), t.open.as_deref()?)));
    let why = open().map(|(_, why)| why).find(|why| why.contains("budget"));
    if let Some(why) = why {
        let names: Vec<String> =
            open().filter(|(_, own)| *own == why).map(|(name, _)| printable(name)).collect();
        list.push(format!(
            "Along {} {}: a change that returns at once may be missed there.",
            names.join(", "),
            printable(why)
        ));
    }
    list
}

fn proven_words(f: &Fragile) -> String {
    let found = f.joint.as_ref().map_or(f64::INFINITY, |j| j.distance);
    match (f.steady, &f.unproven) {
        (Some(d), _) if d >= found.min(4.0) * 0.999 => {
            format!("None is nearer: proven within {} standard deviations.", significant(d))
        }
        (Some(d), _) => format!("Proven: no change within {} standard deviations does.", below(d)),
        (None, Some(why)) => format!("How far nothing overturns it is not proven: {}.", printable(why)),
        (None, None) => "How far nothing overturns it is not proven.".into(),
    }
}

/// A bound in a few digits, rounded down so that it stays true.
fn below(d: f64) -> String {
    let unit = if d >= 0.1 { 100.0 } else { 10_000.0 };
    significant((d * unit).floor() / unit)
}

/// How far out a change is, by the priors.
pub fn plausible(distance: f64) -> &'static str {
    match distance {
        d if d < 1.0 => "well within what the priors allow",
        d if d < 2.0 => "within what the priors allow",
        d if d < 3.0 => "a stretch of the priors",
        _ => "at the edge of what the priors allow",
    }
}

/// What a claim is decided over, in a word.
pub fn over_words(over: Over) -> &'static str {
    match over {
        Over::Equilibria => "equilibria",
        Over::Theories => "theories",
    }
}

/// What the claim becomes at the tipped point.
pub fn becomes_words(joint: &Joint, over: Over) -> String {
    match joint.becomes {
        Class::TrueInAll => "it becomes true".into(),
        Class::TrueInSome => format!("it becomes true in some {} only", over_words(over)),
        Class::FalseInAll => "it becomes false".into(),
        Class::Undefined => "it can no longer be decided".into(),
    }
}

fn joint_text(joint: &Joint, over: Over) -> String {
    if joint.distance < EDGE {
        let becomes = becomes_words(joint, over);
        return format!(
            "The base values lie on an edge: where several numbers change ever so slightly, {becomes}.\n"
        );
    }
    let mut text = format!(
        "The least change found that overturns it lies {} standard deviations away, {}; there {}:\n",
        significant(joint.distance),
        plausible(joint.distance),
        becomes_words(joint, over)
    );
    for m in &joint.moves {
        let way = if m.to > m.from { "rises" } else { "falls" };
        let title = if m.label.is_empty() { String::new() } else { format!(" ({})", printable(&m.label)) };
        text.push_str(&format!(
            "    {} {way} from {} to {}{title}; allowed {} to {} ({}), {} beyond\n",
            printable(&m.param),
            significant(m.from),
            significant(m.to),
            significant(m.range.0),
            significant(m.range.1),
            printable(&m.source),
            detente_answer::words::percent(m.beyond)
        ));
    }
    text
}
