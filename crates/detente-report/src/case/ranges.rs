//! Where claims hold over the ranges, and where that changes: maps, and boxes in words.
//!
//! The one idea: a verdict such as *depends* is an answer only with the place where it changes, so each
//! part begins with that place in words; the picture and the tables are for those who doubt it.

use super::lines::lines_part;
use super::shares::{indices_part, outcomes_part};
use super::{AdvicePart, Grid, Studied};
use crate::chart;
use crate::map::{outcomes, percent};
use crate::number::{deviations, significant};
use detente_answer::flip::{Along, Fragile};
use detente_answer::sensitivity::{Findings, Said};
use detente_answer::sweep::Summary;
use detente_answer::words;
use detente_parametric::plane::{Map, Region};

/// Regions listed of one map.
const REGIONS: usize = 8;
/// A claim that is true, or false, in this share of the draws needs no box.
const NEARLY: f64 = 0.95;

/// What was computed of a model over its ranges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    pub maps: Vec<Map>,
    /// The uncertain parameters, in the order of the rules' inputs.
    pub params: Vec<String>,
    /// Per claim, where it holds among the draws, and its indices if they were computed.
    pub boxes: Vec<Findings>,
    /// How often the model was solved for the indices.
    pub solves: u64,
    /// Why the indices were not computed, as a sentence.
    pub bounded: Option<String>,
    /// What the draws say of each outcome.
    pub summary: Option<Summary>,
    /// Where the games change along each uncertain parameter.
    pub lines: Vec<Along>,
}

/// What happens over the draws, where claims hold and what overturns them, what they hang on, the values
/// at which play changes, and the maps.
pub(super) fn range_parts(m: &Studied) -> Vec<AdvicePart> {
    let mut parts: Vec<AdvicePart> = vec![];
    parts.extend(outcomes_part(m));
    parts.extend(boxes_part(m));
    parts.extend(tornado_part(m));
    parts.extend(lines_part(m));
    parts.extend(indices_part(m));
    parts.extend(m.ranges.maps.iter().map(|map| map_part(m, map)));
    parts
}

/// What overturns the claim of the model that falls first, one parameter at a time.
fn tornado_part(m: &Studied) -> Option<AdvicePart> {
    let alone = |f: &Fragile| f.weakest().and_then(|flip| flip.deviations).unwrap_or(f64::INFINITY);
    let near = m.fragile.iter().filter(|f| alone(f).is_finite());
    let claim = near.min_by(|a, b| alone(a).total_cmp(&alone(b)))?;
    let flip = claim.weakest()?;
    let words = if claim.label.is_empty() { &claim.claim } else { &claim.label };
    let info = m.model.params.iter().find(|p| p.name == flip.param);
    let label = info.map_or(String::new(), |p| p.support.label.clone());
    let called = if label.is_empty() { String::new() } else { format!(" (“{label}”)") };
    Some(AdvicePart {
        model: m.name.clone(),
        heading: "What overturns it, one assumption at a time".into(),
        answer: format!(
            "“{words}” falls first: it is enough that {}{called} is {} instead of {}, {} standard deviations away.",
            flip.param,
            flip.nearest().map(significant).unwrap_or_default(),
            significant(flip.base),
            deviations(alone(claim)),
        ),
        notes: vec![],
        tables: vec![],
        aside: false,
        chart: Some(chart::tornado(claim)),
    })
}

fn map_part(m: &Studied, map: &Map) -> AdvicePart {
    let named = |label: &str, name: &str| if label.is_empty() { name.to_string() } else { label.to_string() };
    let (x, y) = (named(&map.x.label, &map.x.param), named(&map.y.label, &map.y.param));
    let mut notes = vec![format!(
        "To the right: {x} ({}, {} to {}). Upwards: {y} ({}, {} to {}). All else is at its base value; {} of the \
         plane is proven.",
        map.x.param,
        significant(map.x.from),
        significant(map.x.to),
        map.y.param,
        significant(map.y.from),
        significant(map.y.to),
        percent(map.certified),
    )];
    if let Some((why, _)) = map.open.first() {
        notes.push(format!("What is not proven is left white, because {why}."));
    }
    // The base values have a sign of their own.
    let mut drawn = map.clone();
    drawn.marks.retain(|mark| !mark.label.is_empty());
    let mut chart = chart::map(&drawn, &format!("Who plays what: {} and {}", map.x.param, map.y.param));
    // The words of the whole map stand in the table.
    chart.description =
        "Within a region with one letter the same is played; lines are proven borders, the cross \
                         marks the base values."
            .into();
    AdvicePart {
        model: m.name.clone(),
        heading: format!("{} against {}", map.x.param, map.y.param),
        answer: map_answer(map),
        notes,
        tables: vec![region_grid(map)],
        aside: false,
        chart: Some(chart),
    }
}

/// What happens at the base values, how far that reaches, and what else there is.
fn map_answer(map: &Map) -> String {
    let here = map.marks.iter().find(|mark| mark.label.is_empty()).and_then(|mark| mark.region.as_ref());
    let region = map.regions.iter().find(|r| here == Some(&r.name));
    let many = |n: usize| if n == 1 { "One region".to_string() } else { format!("{n} regions") };
    let rest = |own: &Region| {
        let other = map.regions.iter().filter(|r| r.name != own.name);
        other.max_by(|a, b| a.area.total_cmp(&b.area)).map(|r| (r.name.clone(), r.area, played(r)))
    };
    match region {
        Some(own) => {
            let mut text = format!(
                "What happens at the base values ({}) happens on {} of the plane.",
                played(own),
                percent(own.area)
            );
            if let Some((_, area, other)) = rest(own) {
                text.push_str(&format!(" The largest other region has {} of it: {other}.", percent(area)));
            }
            text
        }
        None => format!(
            "{}; the base values lie on a border, or where nothing is proven.",
            many(map.regions.len())
        ),
    }
}

/// What each equilibrium of a region leads to.
fn played(region: &Region) -> String {
    let mut list: Vec<String> = region.equilibria.iter().map(|e| outcomes(e)).collect();
    // Equilibria that lead to the same are told once.
    list.sort();
    list.dedup();
    match list.len() {
        0 => "no equilibrium was found".into(),
        1 => list.concat(),
        _ => format!("several equilibria: {}", list.join("; or ")),
    }
}

fn region_grid(map: &Map) -> Grid {
    let rows = map.regions.iter().take(REGIONS).map(|r| vec![r.name.clone(), percent(r.area), played(r)]);
    let mut rows: Vec<Vec<String>> = rows.collect();
    if let Some(more) = map.regions.len().checked_sub(REGIONS).filter(|n| *n > 0) {
        let area: f64 = map.regions[REGIONS..].iter().map(|r| r.area).sum();
        rows.push(vec![format!("{more} more"), percent(area), String::new()]);
    }
    Grid {
        caption: "Regions, the largest first".into(),
        columns: ["Region", "Share of the plane", "What happens there"].map(String::from).to_vec(),
        rows,
    }
}

/// In which part of the ranges each claim holds.
fn boxes_part(m: &Studied) -> Option<AdvicePart> {
    let list: Vec<&Findings> = m.ranges.boxes.iter().filter(|f| f.known > 0).collect();
    if list.is_empty() {
        return None;
    }
    let label = |f: &Findings| if f.label.is_empty() { f.name.clone() } else { f.label.clone() };
    let open: Vec<&&Findings> = list.iter().filter(|f| f.mean < NEARLY && f.mean > 1.0 - NEARLY).collect();
    let told = open.iter().filter(|f| !f.boxes.is_empty() || !f.rules_against.is_empty()).count();
    let answer = match (open.len(), told) {
        (0, _) => "Every claim has one verdict nearly everywhere in the ranges.".to_string(),
        (n, 0) => format!(
            "{} of {} claims {} on the ranges, and no box of them says where.",
            n,
            list.len(),
            if n == 1 { "hangs" } else { "hang" }
        ),
        (n, told) => format!(
            "{} of {} claims {} on the ranges; for {told} a box says where.",
            n,
            list.len(),
            if n == 1 { "hangs" } else { "hang" }
        ),
    };
    let rows = list.iter().map(|f| {
        let nearly = !open.iter().any(|o| o.name == f.name);
        let (holds, fails) = match nearly {
            true => ("nearly the same everywhere".to_string(), String::new()),
            false => (
                condition(&m.ranges.params, f.boxes.first()).unwrap_or_else(|| "no box".into()),
                condition(&m.ranges.params, f.rules_against.first()).unwrap_or_else(|| "no box".into()),
            ),
        };
        vec![label(f), words::percent(f.mean), holds, fails]
    });
    Some(AdvicePart {
        model: m.name.clone(),
        heading: "Where its claims hold".into(),
        answer,
        notes: vec![],
        tables: vec![Grid {
            caption: "Boxes in the ranges of the parameters, found among the draws (PRIM; Friedman and Fisher 1999) \
                      and by a tree (CART; Breiman and others 1984)"
                .into(),
            columns: ["Claim", "True in, of the draws", "Holds", "Does not hold"].map(String::from).to_vec(),
            rows: rows.collect(),
        }],
        aside: false,
        chart: None,
    })
}

/// A rule for a cell: the condition, how dense it is, and how much it covers.
fn condition(params: &[String], said: Option<&Said>) -> Option<String> {
    let rule = &said?.rule;
    let names: Vec<&str> = params.iter().map(String::as_str).collect();
    let share = |part: usize, whole: usize| words::percent(part as f64 / whole.max(1) as f64);
    let (dense, covers) =
        (share(rule.measure.hits, rule.measure.n), share(rule.measure.hits, rule.measure.all_hits));
    Some(format!("{}: in {dense} of the draws there, {covers} of all such draws", rule.condition(&names)?))
}
