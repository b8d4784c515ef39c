//! Levers as text and as JSON: the answer first, then the table, then who would choose what.
//!
//! The one idea: a cell is one number only where all equilibria agree; else it is low to high.

use crate::case::Grid;
use crate::number::significant;
use crate::paint::{Paint, pad, printable};
use detente_answer::ends::Ends;
use detente_answer::levers::across::Across;
use detente_answer::levers::policies::Kind;
use detente_answer::levers::robust::Chosen;
use detente_answer::levers::{AS_IS, Lever, Levers, PolicyRow};
use serde_json::{Value as Json, json};

/// Rows of the table on a terminal.
const ROWS: usize = 15;
/// Levers in a table of policies against scenarios.
const POLICIES: usize = 8;
/// Names in a list before the rest is counted.
const NAMES: usize = 3;

/// Levers of one model or several as one JSON object, see `docs/schema/levers.schema.json`.
pub fn levers_json(found: &[(String, Levers)], across: Option<&Across>, skipped: &[String]) -> Json {
    let models: Vec<Json> = found.iter().map(|(name, l)| json!({"model": name, "levers": l})).collect();
    json!({
        "format": "detente-levers",
        "version": 1,
        "detente": env!("CARGO_PKG_VERSION"),
        "models": models,
        "across": across,
        "skipped": skipped,
    })
}

/// Levers for reading. With `all`, every lever stands in the table.
pub fn levers_text(
    found: &[(String, Levers)],
    across: Option<&Across>,
    skipped: &[String],
    all: bool,
    colour: bool,
) -> String {
    let paint = Paint { colour };
    let mut lines: Vec<String> = vec![];
    for (name, levers) in found {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let head = if found.len() > 1 { Some(name.as_str()) } else { None };
        one_model(&mut lines, head, levers, all, paint);
    }
    if let Some(across) = across {
        lines.push(String::new());
        side_by_side(&mut lines, across, found, paint);
    }
    for name in skipped {
        lines.push(paint.faint(&format!("left out: {name}")));
    }
    lines.iter().map(|l| format!("{}\n", l.trim_end())).collect()
}

fn one_model(lines: &mut Vec<String>, head: Option<&str>, l: &Levers, all: bool, paint: Paint) {
    if let Some(head) = head {
        lines.push(paint.strong(&printable(head)));
    }
    lines.push(paint.strong(&lever_answer(l)));
    let better = if l.more { "More" } else { "Less" };
    lines.push(format!("{better} of it is taken as better: {}.", printable(&l.because)));
    let now = l.now.map_or("no value".to_string(), |e| measure_words(l, e));
    let drawn = match l.drawn_now {
        Some(e) if l.draws > 0 => format!("; on average over {} draws {}", l.draws, range(e)),
        _ => String::new(),
    };
    lines.push(format!("As things are: {now} at the base values{drawn}."));
    if l.incomplete > 0 {
        let n = l.incomplete;
        lines.push(
            paint.warn(&format!("{n} draws have no proven complete answer; they count against every lever.")),
        );
    }
    lines.push(String::new());
    table(lines, l, all, paint);
    lines.push(String::new());
    scenarios(lines, l, paint);
    for left in &l.left_out {
        lines.push(paint.faint(&format!("left out: {}", printable(left))));
    }
}

/// The answer in one or two sentences.
pub fn lever_answer(l: &Levers) -> String {
    let what =
        if l.label.is_empty() { l.measure.clone() } else { format!("{} (“{}”)", l.measure, l.label) };
    let what = printable(&what);
    let Some(best) = l.levers.first() else {
        return format!("{} has no lever on {what} in this model.", l.player);
    };
    let effect = best.drawn.as_ref().map(|d| d.effect).or(best.effect);
    let good = |e: Ends| if l.more { e.low } else { -e.high };
    if effect.is_none_or(|e| good(e) <= 0.0) {
        let most =
            effect.map_or(String::new(), |e| format!(" The best is {}, {}.", in_words(best), signed(e)));
        return printable(&format!("No lever of {} surely moves {what} the wanted way.{most}", l.player));
    }
    let base = match (l.now, best.after) {
        (Some(before), Some(after)) => match (measure_words(l, before), measure_words(l, after)) {
            (before, after) if before == after => format!("at the base values it stays {after}"),
            (before, after) => format!("{before} becomes {after} at the base values"),
        },
        _ => "undefined at the base values".to_string(),
    };
    let drawn = best.drawn.as_ref().map_or(String::new(), |d| {
        format!(
            "; {} on average over the draws, and it surely helps in {} of them",
            signed(d.effect),
            percent(d.helps.low)
        )
    });
    let cost = best.drawn.as_ref().and_then(|d| d.own_stakes).or(best.own_stakes);
    let cost = cost.map_or(String::new(), |e| format!(" {}", cost_words(&l.player, e)));
    printable(&format!(
        "{}’s strongest lever on {what} is {}: {base}{drawn}.{cost}",
        l.player,
        in_words(best)
    ))
}

/// A lever that the model declares speaks through its label; others are told in the words of the language.
fn in_words(lever: &Lever) -> String {
    match lever.kind {
        Kind::Lever if !lever.label.is_empty() => format!("“{}” ({})", lever.label, lever.name),
        _ => lever.name.clone(),
    }
}

fn cost_words(player: &str, e: Ends) -> String {
    let nothing = |x: f64| short(x) == "0";
    match e {
        _ if nothing(e.low) && nothing(e.high) => format!("It costs {player} nothing."),
        _ if e.high < 0.0 => format!("It costs {player} {} of its stake.", range(e.times(-1.0))),
        _ if e.low > 0.0 => format!("{player} gains {} of its stake by it.", range(e)),
        _ => format!("To {player} itself it is worth {} of its stake.", signed(e)),
    }
}

/// A measure in words: a statement is true, false, or true in some equilibria.
fn measure_words(l: &Levers, e: Ends) -> String {
    match (l.statement, e.low, e.high) {
        (true, 1.0, 1.0) => "true".into(),
        (true, 0.0, 0.0) => "false".into(),
        (true, 0.0, 1.0) => "true in some equilibria".into(),
        _ => range(e),
    }
}

/// Low to high, or one number where they agree.
pub fn range(e: Ends) -> String {
    if e.is_point() { short(e.low) } else { format!("{} to {}", short(e.low), short(e.high)) }
}

fn short(x: f64) -> String {
    let rounded = (x * 1e4).round() / 1e4;
    significant(rounded)
}

/// A change, with its sign.
pub fn signed(e: Ends) -> String {
    let one = |x: f64| {
        let text = short(x);
        if text.starts_with('-') || text == "0" { text.replace('-', "−") } else { format!("+{text}") }
    };
    if e.is_point() { one(e.low) } else { format!("{} to {}", one(e.low), one(e.high)) }
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0).round())
}

fn shares(e: Ends) -> String {
    let (low, high) = ((e.low * 100.0).round(), (e.high * 100.0).round());
    if low == high { format!("{low} %") } else { format!("{low}–{high} %") }
}

/// The table of levers, the strongest first.
pub fn lever_grid(l: &Levers) -> Grid {
    let drawn = l.levers.iter().any(|v| v.drawn.is_some());
    let mut columns = vec!["lever".to_string(), "effect".into(), "own value".into()];
    if drawn {
        let more = ["over draws", "±", "helps", "harms", "worst", "own value", "regret", "sturdy"];
        columns.extend(more.map(String::from));
    }
    let caption = "Effect: change at the base values, low to high over the equilibria. Own value: change of what the \
                   player gets, in its stakes. Helps, harms: share of draws, surely to possibly. Worst: the least \
                   helpful draw. Regret: mean distance from the best lever of the same draw. Sturdy: place by sure \
                   help, then by the worst draw.";
    let rows = l.levers.iter().map(|lever| lever_row(lever, drawn)).collect();
    Grid { caption: caption.into(), columns, rows }
}

fn table(lines: &mut Vec<String>, l: &Levers, all: bool, paint: Paint) {
    if l.levers.is_empty() {
        return;
    }
    let grid = lever_grid(l);
    let shown = if all { l.levers.len() } else { ROWS };
    let mut rows = vec![grid.columns];
    rows.extend(grid.rows.into_iter().take(shown));
    lines.extend(aligned(&rows, paint));
    if l.levers.len() > shown {
        lines.push(paint.faint(&format!("… and {} more; --all shows them", l.levers.len() - shown)));
    }
    lines.push(paint.faint(
        "effect: change at the base values; own value: change of what the player gets, in its stakes \
         (largest less smallest payoff).",
    ));
    if l.levers.iter().any(|v| v.drawn.is_some()) {
        lines.push(paint.faint(
            "helps, harms: share of draws, surely to possibly; worst: the least helpful draw; regret: mean \
             distance from the best of the same draw; sturdy: place by sure help, then by the worst draw.",
        ));
    }
    if l.levers.iter().any(|v| v.kind == Kind::Do) {
        lines.push(paint.faint("do: made without being foreseen. forbid, commit: foreseen, solved anew."));
    }
}

fn lever_row(lever: &Lever, drawn: bool) -> Vec<String> {
    let change = |e: Option<Ends>| e.map_or("undefined".into(), signed);
    let mut row = vec![printable(&lever.name), change(lever.effect), change(lever.own_stakes)];
    match &lever.drawn {
        Some(d) => row.extend([
            signed(d.effect),
            short(d.error),
            shares(d.helps),
            shares(d.harms),
            signed(Ends::point(d.worst)),
            change(d.own_stakes),
            range(d.regret),
            format!("{}", lever.robust_place),
        ]),
        None if drawn => row.extend(std::iter::repeat_n(String::new(), 8)),
        None => {}
    }
    row
}

/// Rows as columns, the first row as the heading.
pub(crate) fn aligned(rows: &[Vec<String>], paint: Paint) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |k: usize| rows.iter().filter_map(|r| r.get(k)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |(n, row): (usize, &Vec<String>)| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(c, w)| pad(c, *w)).collect();
        let text = format!("  {}", cells.join("  ").trim_end());
        if n == 0 { paint.faint(&text) } else { text }
    };
    rows.iter().enumerate().map(line).collect()
}

fn scenarios(lines: &mut Vec<String>, l: &Levers, paint: Paint) {
    if let Some(chosen) = &l.chosen_by_draws {
        lines.push(paint.strong(&format!("Over the {} draws", l.draws)));
        lines.extend(chosen_lines(chosen, &l.table, l.threshold, l.more));
    }
    if l.scenarios.len() < 2 {
        return;
    }
    lines.push(paint.strong("At the base values, if a hypothesis is true or false"));
    let grid = policy_grid(l);
    let mut rows = vec![grid.columns];
    rows.extend(grid.rows);
    lines.extend(aligned(&rows, paint));
    lines.extend(chosen_lines(&l.chosen, &l.table, l.threshold, l.more));
}

/// The policies against the scenarios: leaving things as they are, then the strongest levers.
pub fn policy_grid(l: &Levers) -> Grid {
    if l.scenarios.len() < 2 {
        return Grid::default();
    }
    let find = |name: &str| l.table.iter().find(|r| r.policy == name);
    let names = std::iter::once(AS_IS).chain(l.levers.iter().take(POLICIES).map(|v| v.name.as_str()));
    let rows: Vec<&PolicyRow> = names.filter_map(find).collect();
    let caption = "The measure if a hypothesis is true or false, at the base values; then the largest regret, the worst \
                   scenario, and the share of scenarios in which it is good enough.";
    Grid { caption: caption.into(), ..policies(&l.scenarios, &rows) }
}

/// What each rule would choose, in sentences.
pub fn rule_lines(l: &Levers) -> Vec<String> {
    match &l.chosen_by_draws {
        Some(chosen) => {
            let mut list = vec![format!("Over the {} draws:", l.draws)];
            list.extend(chosen_lines(chosen, &l.table, l.threshold, l.more));
            list
        }
        None => vec![],
    }
}

fn policies(scenarios: &[String], rows: &[&PolicyRow]) -> Grid {
    let mut columns = vec!["policy".to_string()];
    columns.extend(scenarios.iter().map(|s| printable(s)));
    columns.extend(["most regret", "worst", "good enough"].map(String::from));
    let row = |row: &&PolicyRow| {
        let mut cells = vec![printable(&row.policy)];
        cells.extend(row.cells.iter().map(|c| c.map_or("–".into(), range)));
        let rated = &row.robust;
        cells.push(rated.most_regret.map_or("–".into(), range));
        cells.push(rated.worst.map_or("–".into(), range));
        cells.push(rated.enough.map_or("–".into(), shares));
        cells
    };
    Grid { caption: String::new(), columns, rows: rows.iter().map(row).collect() }
}

fn chosen_lines(chosen: &Chosen, table: &[PolicyRow], threshold: f64, more: bool) -> Vec<String> {
    let list = |at: &[usize]| {
        let names: Vec<String> =
            at.iter().take(NAMES).filter_map(|k| table.get(*k)).map(|r| printable(&r.policy)).collect();
        if at.contains(&0) {
            let others = at.len() - 1;
            let same = if others > 0 { format!("; {others} levers do as well") } else { String::new() };
            return format!("nothing beats leaving things as they are{same}");
        }
        let rest = at.len().saturating_sub(NAMES);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        if names.is_empty() { "none".to_string() } else { format!("{}{more}", names.join(", ")) }
    };
    let side = if more { "at least" } else { "at most" };
    vec![
        format!("  best worst case (maximin): {}", list(&chosen.maximin)),
        format!("  smallest largest regret: {}", list(&chosen.minimax_regret)),
        format!("  most often {side} {}: {}", short(threshold), list(&chosen.satisficing)),
    ]
}

fn side_by_side(lines: &mut Vec<String>, across: &Across, found: &[(String, Levers)], paint: Paint) {
    let n = across.models.len();
    lines.push(paint.strong(&format!("The levers that all {n} models have, each model at its base values")));
    let rows: Vec<&PolicyRow> = across.table.iter().take(2 * ROWS).collect();
    let grid = policies(&across.models, &rows);
    let mut table = vec![grid.columns];
    table.extend(grid.rows);
    lines.extend(aligned(&table, paint));
    if let Some((_, first)) = found.first() {
        lines.extend(chosen_lines(&across.chosen, &across.table, first.threshold, first.more));
    }
}
