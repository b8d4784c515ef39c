//! Where play changes along the parameters that matter, one at a time.
//!
//! The one idea: a driver is a name until the value is known at which something changes, and what is
//! played on each side of it. Values are exact where they are rational; what is not proven is said.

use super::fill::{called, studied};
use super::{AdvicePart, Grid, Studied};
use crate::map::short;
use crate::number::{self, significant};
use detente_answer::flip::{Along, Flip, Fragile};
use detente_answer::words::percent;
use detente_parametric::Thresholds;
use detente_parametric::thresholds::{Chance, Equilibrium, Piece, Threshold, Value};

/// Parameters of one model whose lines are told.
const PARAMS: usize = 4;
/// Values told of one parameter.
const VALUES: usize = 4;
/// Equilibria told on one side of a value.
const SIDES: usize = 3;
/// Reasons told of one value.
const REASONS: usize = 1;
/// Two numbers so near, in parts of the range, are one value.
const SAME: f64 = 1e-9;

/// One row: the value, what stands in the cells, and how far it is from the base value in deviations.
struct Told {
    at: f64,
    cells: Vec<String>,
}

/// The part on thresholds; nothing where no line is known.
pub(super) fn lines_part(m: &Studied) -> Option<AdvicePart> {
    let chosen = params_that_matter(m);
    let mut rows = vec![];
    let (mut open, mut still, mut told) = (vec![], vec![], vec![]);
    for param in &chosen {
        let own: Vec<&Along> = m.ranges.lines.iter().filter(|l| l.found.param == *param).collect();
        let mut list: Vec<Told> = own.iter().flat_map(|along| of_line(m, along)).collect();
        list.extend(crossings(m, param, &own));
        list.sort_by(|a, b| a.at.total_cmp(&b.at));
        let list = merged(list);
        let Some(first) = own.first() else { continue };
        told.push(param.clone());
        match list.is_empty() {
            true => still.push(param.clone()),
            false => rows.extend(shown(list, first.found.base.to_f64())),
        }
        open.extend(own.iter().flat_map(|along| gaps(m, along)));
    }
    if told.is_empty() {
        return None;
    }
    let mut notes = vec![];
    if !still.is_empty() {
        notes.push(format!("Nothing that is played changes along {} alone.", still.join(", ")));
    }
    let proven =
        "Between the values of one parameter the set of equilibria is proven to stay the same in outline";
    notes.push(match open.is_empty() {
        true => format!("{proven}: there are no others in its range."),
        false => format!(
            "{proven}, but for what is open: {}. The search here is bounded; `detente thresholds` goes on.",
            open.join("; ")
        ),
    });
    let columns = ["Parameter", "Value", "What turns there", "Just below", "Just above", "Claims that turn"];
    Some(AdvicePart {
        model: m.name.clone(),
        heading: "Values at which play changes".into(),
        answer: answer(m, &told),
        notes,
        tables: vec![Grid {
            caption: "One parameter at a time, all others at their base values; probabilities of the outcomes in each \
                      equilibrium"
                .into(),
            columns: columns.map(String::from).to_vec(),
            rows,
        }],
        aside: false,
        chart: None,
    })
}

/// Those that overturn a claim alone first, the nearest first; then the strongest drivers.
fn params_that_matter(m: &Studied) -> Vec<String> {
    let mut flips: Vec<&Flip> = m.fragile.iter().filter_map(Fragile::weakest).collect();
    flips.sort_by(|a, b| a.deviations.unwrap_or(f64::MAX).total_cmp(&b.deviations.unwrap_or(f64::MAX)));
    let mut list: Vec<String> = flips.iter().map(|f| f.param.clone()).collect();
    let found = m.model.claims.iter().filter_map(|c| studied(m, &c.name));
    let mut drivers: Vec<_> = found.flat_map(|(_, c)| c.drivers.iter()).collect();
    drivers.sort_by(|a, b| b.delta.total_cmp(&a.delta));
    list.extend(drivers.iter().map(|d| d.param.clone()));
    let mut seen: Vec<String> = vec![];
    for param in list {
        let known = m.ranges.lines.iter().any(|l| l.found.param == param);
        if known && !seen.contains(&param) {
            seen.push(param);
        }
    }
    seen.truncate(PARAMS);
    seen
}

fn answer(m: &Studied, told: &[String]) -> String {
    let of = |param: &&String| {
        let flips = m.fragile.iter().flat_map(|f| &f.alone).filter(|t| t.param == **param);
        flips.filter_map(|t| t.deviations).fold(f64::INFINITY, f64::min)
    };
    let names = match told {
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    };
    let near = told.iter().min_by(|a, b| of(a).total_cmp(&of(b))).filter(|p| of(p).is_finite());
    match near {
        Some(param) => format!(
            "The parameters that matter most here are {names}; {param} is the one whose change turns a claim soonest, {} \
             standard deviations away.",
            number::deviations(of(&param))
        ),
        None => {
            format!("The parameters that matter most here are {names}; none of them alone turns a claim.")
        }
    }
}

/// The thresholds of one line that change what is played, or turn a claim.
fn of_line(m: &Studied, along: &Along) -> Vec<Told> {
    let line = &along.found;
    let game = along.variant.and_then(|v| m.model.variants.get_index(v)).map(|(name, _)| name.as_str());
    let one = |t: &Threshold| {
        let turned = turning(m, line, t.at.value);
        // Of a variant only what bears on a claim is told.
        if turned.is_empty() && (!t.matters || along.variant.is_some()) {
            return None;
        }
        let below = line.pieces.iter().find(|p| same(line, p.to.value, t.at.value));
        let above = line.pieces.iter().find(|p| same(line, p.from.value, t.at.value));
        let beyond = |end: &detente_exact::Q| match same(line, end.to_f64(), t.at.value) {
            true => "outside the range".to_string(),
            false => "not known".to_string(),
        };
        let below = below.map_or(beyond(&line.from), |p| side(p, |c| &c.to));
        let above = above.map_or(beyond(&line.to), |p| side(p, |c| &c.from));
        let (below, above) =
            if below == above { (below, "the same outcomes".into()) } else { (below, above) };
        let place = game.map_or(String::new(), |v| format!("in variant {v}: "));
        Some(Told {
            at: t.at.value,
            cells: vec![
                line.param.clone(),
                exactly(&t.at),
                format!("{place}{}", why(t)),
                below,
                above,
                turned.join(", "),
            ],
        })
    };
    line.thresholds.iter().filter_map(one).collect()
}

/// Values at which a claim turns though the same is played on both sides: a number crosses its bar.
fn crossings(m: &Studied, param: &str, lines: &[&Along]) -> Vec<Told> {
    let Some(first) = lines.first() else { return vec![] };
    let line = &first.found;
    let known = |x: f64| lines.iter().flat_map(|l| &l.found.thresholds).any(|t| same(line, t.at.value, x));
    let flips = m.fragile.iter().flat_map(|f| &f.alone).filter(|t| t.param == param);
    let mut values: Vec<f64> =
        flips.flat_map(|t| [t.below, t.above]).flatten().filter(|x| !known(*x)).collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| same(line, *a, *b));
    let row = |x: f64| Told {
        at: x,
        cells: vec![
            param.to_string(),
            significant(x),
            "a number crosses a claim’s bar; what is played stays".into(),
            String::new(),
            String::new(),
            turning(m, line, x).join(", "),
        ],
    };
    values.into_iter().map(row).collect()
}

/// One row for one value at which the same changes in several games.
fn merged(list: Vec<Told>) -> Vec<Told> {
    let mut rows: Vec<Told> = vec![];
    for told in list {
        match rows.last_mut() {
            Some(last) if last.cells[1] == told.cells[1] && last.cells[3..] == told.cells[3..] => {
                last.cells[2] = format!("{}; {}", last.cells[2], told.cells[2]);
            }
            _ => rows.push(told),
        }
    }
    rows
}

/// The claims whose verdict turns at that value.
fn turning(m: &Studied, line: &Thresholds, x: f64) -> Vec<String> {
    let turns = |f: &&Fragile| {
        let own = f.alone.iter().filter(|t| t.param == line.param);
        own.flat_map(|t| [t.below, t.above]).flatten().any(|v| same(line, v, x))
    };
    m.fragile.iter().filter(turns).map(|f| f.claim.clone()).collect()
}

fn same(line: &Thresholds, a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * (&line.to - &line.from).to_f64().abs()
}

/// The nearest to the base value, in their order; how many more there are stands in a row.
fn shown(mut list: Vec<Told>, base: f64) -> Vec<Vec<String>> {
    let more = list.len().saturating_sub(VALUES);
    if more > 0 {
        let mut far: Vec<f64> = list.iter().map(|t| (t.at - base).abs()).collect();
        far.sort_by(f64::total_cmp);
        let limit = far[VALUES - 1];
        list.retain(|t| (t.at - base).abs() <= limit);
    }
    let param = list.first().and_then(|t| t.cells.first()).cloned().unwrap_or_default();
    let mut rows: Vec<Vec<String>> = list.into_iter().map(|t| t.cells).collect();
    // The name stands once; the base value beside it.
    for (k, row) in rows.iter_mut().enumerate() {
        row[0] = if k == 0 { format!("{param} (base {})", significant(base)) } else { String::new() };
    }
    if more > 0 {
        let mut row = vec![String::new(); 6];
        row[2] = format!("{more} more, farther away");
        rows.push(row);
    }
    rows
}

fn why(t: &Threshold) -> String {
    let mut words: Vec<String> = vec![];
    for reason in t.reasons.iter().filter(|r| r.actions.len() > 1).chain(&t.reasons) {
        let one = short(reason);
        if !words.contains(&one) {
            words.push(one);
        }
    }
    let more = words.len().saturating_sub(REASONS);
    words.truncate(REASONS);
    if more > 0 {
        words.push(format!("and {more} more of the kind"));
    }
    if words.is_empty() { "the set of equilibria changes".into() } else { words.join("; ") }
}

/// What is played on one side of a value, told once for equilibria that lead to the same.
fn side(piece: &Piece, end: impl Fn(&Chance) -> &detente_parametric::thresholds::Range) -> String {
    let one = |e: &Equilibrium| {
        let chances = e.outcomes.iter().filter(|c| end(c).high > 0.0);
        let words = chances.map(|c| {
            let (low, high) = (percent(end(c).low), percent(end(c).high));
            if low == high {
                format!("{} {low}", c.outcome)
            } else {
                format!("{} {low} to {high}", c.outcome)
            }
        });
        words.collect::<Vec<_>>().join(", ")
    };
    let mut list: Vec<String> = vec![];
    for words in piece.equilibria.iter().map(one) {
        if !list.contains(&words) {
            list.push(words);
        }
    }
    let more = list.len().saturating_sub(SIDES);
    list.truncate(SIDES);
    if more > 0 {
        list.push(format!("{more} more"));
    }
    list.join("; or ")
}

fn exactly(value: &Value) -> String {
    match &value.exact {
        Some(q) => number::short(q),
        None => format!("≈{}", significant(value.value)),
    }
}

/// What is open along a line.
fn gaps(m: &Studied, along: &Along) -> Vec<String> {
    let line = &along.found;
    let game = along.variant.and_then(|v| m.model.variants.get_index(v)).map(|(name, _)| name.as_str());
    let place = game.map_or(String::new(), |v| format!(" in variant {v}"));
    let width: f64 = line.gaps.iter().map(|g| g.width).sum();
    let whole = (&line.to - &line.from).to_f64();
    let Some(first) = line.gaps.first() else { return vec![] };
    let how_much = match (line.gaps.len(), width > 0.0) {
        (1, false) => format!("the point {} = {}", line.param, significant(first.from.value)),
        (n, false) => format!("{n} points of {}", line.param),
        (_, true) => format!("{} of the range of {}", percent(width / whole), line.param),
    };
    vec![format!("{how_much}{place} ({})", first.why.trim_end_matches('.'))]
}

/// A claim by what it says, for other sections.
pub(super) fn label(f: &Fragile) -> &str {
    called(&f.label, &f.claim)
}
