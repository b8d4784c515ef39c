//! A map of two parameters as text and as JSON; the picture is [`crate::chart::map`].
//!
//! The one idea: the share that is proven comes first, then regions by size, then the borders with
//! who is indifferent there.

use crate::number::{self, significant};
use crate::paint::Paint;
use detente_game::Game;
use detente_parametric::plane::{Corner, Curve, Map, Region, Seen};
use detente_parametric::reasons::Reason;
use serde_json::{Value as Json, json};

/// Regions, borders and corners named in the text; all stand in the JSON.
const NAMED: usize = 12;
/// Reasons named for one border.
const REASONS: usize = 2;

/// A map as one JSON object, see `docs/schema/map.schema.json`.
pub fn map_json(game: &Game, map: &Map, concept: &str) -> Json {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "concept": concept,
        "map": map,
    })
}

/// A map in words.
pub fn map_text(map: &Map, concept: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let concept = if concept.is_empty() { String::new() } else { format!("{concept} ") };
    let mut text = format!(
        "{} of the plane is proven: within each region the same {concept}equilibria are played.\n\
         {} from {} to {}, {} from {} to {}; resolution 1/{}, {} proofs.\n",
        paint.strong(&percent(map.certified)),
        map.x.param,
        significant(map.x.from),
        significant(map.x.to),
        map.y.param,
        significant(map.y.from),
        significant(map.y.to),
        map.resolution,
        map.solved,
    );
    let base = map.marks.iter().find(|m| m.label.is_empty());
    for region in map.regions.iter().take(NAMED) {
        let here = base.is_some_and(|m| m.region.as_ref() == Some(&region.name));
        text.push_str(&described(region, here, paint));
    }
    if map.regions.len() > NAMED {
        text.push_str(&format!("\n{} smaller regions more\n", map.regions.len() - NAMED));
    }
    if !map.curves.is_empty() {
        text.push_str(&format!("\n{}\n", paint.strong("Borders")));
        map.curves.iter().take(NAMED).for_each(|c| text.push_str(&border(c)));
        if map.curves.len() > NAMED {
            text.push_str(&format!("  and {} more\n", map.curves.len() - NAMED));
        }
    }
    if !map.corners.is_empty() {
        text.push_str(&format!("\n{}\n", paint.strong("Corners")));
        map.corners.iter().take(NAMED).for_each(|c| text.push_str(&corner(map, c)));
        if map.corners.len() > NAMED {
            text.push_str(&format!("  and {} more\n", map.corners.len() - NAMED));
        }
    }
    for mark in map.marks.iter().filter(|m| !m.label.is_empty()) {
        let place =
            mark.region.as_ref().map_or("on a border or not proven".to_string(), |r| format!("in {r}"));
        text.push_str(&format!(
            "\n{}: {} {}, {} {}: {place}\n",
            mark.label,
            map.x.param,
            significant(mark.x),
            map.y.param,
            significant(mark.y)
        ));
    }
    for (why, count) in map.open.iter().take(2) {
        let boxes = if *count == 1 { "1 box is" } else { &format!("{count} boxes are") };
        text.push_str(&format!("\nopen: {boxes} not proven because {why}\n"));
    }
    text
}

fn described(region: &Region, here: bool, paint: Paint) -> String {
    let here = if here { "  (base values)" } else { "" };
    let head = format!("{}  {}", region.name, percent(region.area));
    let mut text = format!("\n{}{here}\n", paint.strong(&head));
    if region.equilibria.len() > 1 {
        text.push_str(&format!("  {} equilibria overlap here\n", region.equilibria.len()));
    }
    for equilibrium in &region.equilibria {
        text.push_str(&format!("  {}\n", outcomes(equilibrium)));
        let formula = |s: &Seen| {
            let moves = significant(s.low) != significant(s.high);
            s.formula.as_ref().filter(|_| moves).map(|f| format!("{} = {f}", s.outcome))
        };
        let formulas: Vec<String> = equilibrium.iter().filter_map(formula).collect();
        formulas.iter().for_each(|f| text.push_str(&format!("    {f}\n")));
    }
    text
}

fn border(curve: &Curve) -> String {
    let mut reasons: Vec<String> = vec![];
    for reason in curve.reasons.iter().filter(|r| r.actions.len() > 1).chain(&curve.reasons) {
        let words = short(reason);
        if !reasons.contains(&words) {
            reasons.push(words);
        }
    }
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more of the kind"));
    }
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    format!("  {} | {}  {}{why}\n", curve.between.0, curve.between.1, curve.equation)
}

/// A reason without the whole way to its information set.
pub(crate) fn short(reason: &Reason) -> String {
    match reason.at.chars().count() {
        0..=60 => reason.words.clone(),
        _ => reason.words.replace(&format!(" at {}", reason.at), ""),
    }
}

fn corner(map: &Map, corner: &Corner) -> String {
    let place = match &corner.exact {
        Some((x, y)) => {
            format!("{} = {}, {} = {}", map.x.param, number::short(x), map.y.param, number::short(y))
        }
        None => format!(
            "{} ≈ {:.9}, {} ≈ {:.9}",
            map.x.param,
            (corner.low.0 + corner.high.0) / 2.0,
            map.y.param,
            (corner.low.1 + corner.high.1) / 2.0
        ),
    };
    format!("  {place}: {} meet\n", corner.regions.join(", "))
}

/// A share for a reader; what is not quite all is not called all.
pub(crate) fn percent(share: f64) -> String {
    let rounded = (share * 1000.0).round() / 10.0;
    match share < 1.0 && rounded >= 100.0 {
        true => "more than 99.9 %".into(),
        false => format!("{rounded:.1} %"),
    }
}

/// What one equilibrium leads to.
pub(crate) fn outcomes(list: &[Seen]) -> String {
    let one = |s: &Seen| match significant(s.low) == significant(s.high) {
        true => format!("{} {}", s.outcome, significant(s.low)),
        false => format!("{} {} to {}", s.outcome, significant(s.low), significant(s.high)),
    };
    let list: Vec<String> = list.iter().map(one).collect();
    if list.is_empty() { "no outcome has a name".into() } else { list.join(", ") }
}
