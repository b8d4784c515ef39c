//! The value of information as text and as JSON: what to learn, quietly or openly, and what to wait for.
//!
//! The one idea: a private value is never printed as a finding where noise could have made it, and a
//! public one that hurts is said to hurt.

use crate::case::Grid;
use crate::levers::{aligned, range, signed};
use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::ends::Ends;
use detente_answer::indicators::Indicator;
use detente_answer::voi::{FactWorth, MeanEnds, ParamWorth, Public, Voi, Worth};
use detente_game::Game;
use serde_json::{Value as Json, json};

/// Indicators shown per hypothesis.
const INDICATORS: usize = 3;
/// Most decisions of the plan that are shown.
const DECISIONS: usize = 6;

/// The value of information as one JSON object, see `docs/schema/voi.schema.json`.
pub fn voi_json(game: &Game, voi: &Voi) -> Json {
    json!({
        "format": "detente-voi",
        "version": 1,
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "voi": voi,
    })
}

/// The value of information for reading.
pub fn voi_text(voi: &Voi, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = vec![paint.strong(&voi_answer(voi))];
    let now = voi.value_now.map_or("no value".into(), range);
    lines.push(format!(
        "{} gets {now} at the base values; its stake is {}.",
        voi.player,
        significant(voi.stake)
    ));
    if voi.incomplete > 0 {
        lines.push(paint.warn(&format!(
            "{} of {} draws have no proven complete answer; they are left out.",
            voi.incomplete, voi.draws
        )));
    }
    facts(&mut lines, voi, paint);
    params(&mut lines, voi, paint);
    plan(&mut lines, voi, paint);
    waiting(&mut lines, voi, paint);
    lines.iter().map(|l| format!("{}\n", l.trim_end())).collect()
}

/// The answer in one or two sentences.
pub fn voi_answer(voi: &Voi) -> String {
    let facts = voi.facts.iter().filter_map(|f| {
        let drawn = f.private_drawn.as_ref().filter(|d| d.mean.low > d.error);
        let value = drawn.map(|d| d.mean).or(f.private_drawn.is_none().then_some(f.private).flatten());
        value.filter(|v| v.high > 0.0).map(|v| (f.name.as_str(), v))
    });
    let params = voi
        .params
        .iter()
        .filter_map(|p| p.private.as_ref().filter(|w| w.distinguishable).map(|w| (p.name.as_str(), w.value)));
    let best = facts.chain(params).max_by(|a, b| a.1.high.total_cmp(&b.1.high));
    let quietly = match best {
        Some((name, value)) => format!(
            "Quietly learnt, {name} is worth most to {}: {} ({} of its stake).",
            voi.player,
            range(value),
            in_stakes(voi, value)
        ),
        None => format!(
            "Nothing here is worth knowing to {} as long as nobody notices: no single parameter or private \
             fact changes what it should do, as far as these draws can tell.",
            voi.player
        ),
    };
    let hurts: Vec<&str> = voi
        .facts
        .iter()
        .flat_map(|f| {
            [(f.name.as_str(), f.to_player.base), (f.name.as_str(), f.to_all.as_ref().and_then(|p| p.base))]
        })
        .chain(voi.params.iter().map(|p| (p.name.as_str(), p.public)))
        .filter(|(_, e)| e.is_some_and(|e| e.high < 0.0))
        .map(|(name, _)| name)
        .collect();
    let mut names = hurts;
    names.dedup();
    let openly = match names.as_slice() {
        [] => String::new(),
        list => format!(" Openly known, {} would hurt it.", list.join(", ")),
    };
    printable(&format!("{quietly}{openly}"))
}

fn in_stakes(voi: &Voi, e: Ends) -> String {
    if voi.stake > 0.0 { range(e.times(1.0 / voi.stake)) } else { "–".into() }
}

fn facts(lines: &mut Vec<String>, voi: &Voi, paint: Paint) {
    if voi.facts.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(paint.strong("Private facts of others"));
    let head =
        ["fact", "quietly", "over draws", "openly, to it", "over draws", "openly, to all", "over draws"];
    let mut rows = vec![head.map(String::from).to_vec()];
    for fact in &voi.facts {
        rows.push(fact_row(fact));
    }
    lines.extend(aligned(&rows, paint));
    for fact in &voi.facts {
        let open: [(&str, Option<&Public>); 2] = [
            ("it alone learns it, and all know that", Some(&fact.to_player)),
            ("all learn it", fact.to_all.as_ref()),
        ];
        for (who, public) in open {
            if let Some(hurt) = public.and_then(hurts) {
                lines.push(paint.warn(&printable(&format!(
                    "  {}: if {who}, {} is worse off{hurt}.",
                    fact.name, voi.player
                ))));
            }
        }
    }
}

/// Private facts of others and what they are worth knowing.
pub fn fact_grid(voi: &Voi) -> Grid {
    let head =
        ["fact", "quietly", "over draws", "openly, to it", "over draws", "openly, to all", "over draws"];
    let caption = "Private facts of others. Quietly: the others play as before. Openly: the game solved anew with it \
                   known, less the game as it is; below 0 it hurts. Low to high over the equilibria, ± two standard errors.";
    Grid {
        caption: caption.into(),
        columns: head.map(String::from).to_vec(),
        rows: voi.facts.iter().map(fact_row).collect(),
    }
}

/// Parameters and what they are worth knowing.
pub fn param_grid(voi: &Voi) -> Grid {
    let used = voi.draws - voi.incomplete;
    let head = ["parameter", "quietly", "changes its plan", "openly, to all", "over the others' ranges"];
    let caption = "Parameters, if the player does not know them and the others do. Openly: all know it, less a game in \
                   which nobody does, the other parameters at their base values; then over draws of them, ± two \
                   standard errors.";
    Grid {
        caption: caption.into(),
        columns: head.map(String::from).to_vec(),
        rows: voi.params.iter().map(|p| param_row(p, used)).collect(),
    }
}

/// What each event would tell about one hypothesis.
pub fn indicator_grid(own: &[&Indicator]) -> Grid {
    let head = ["event", "expected bits", "probability of the hypothesis after each answer"];
    let row = |i: &&Indicator| {
        let bits = range(Ends { low: i.low, high: i.high });
        vec![printable(&i.event), bits, answers(i).unwrap_or_default()]
    };
    Grid {
        caption: "Low to high over the equilibria that the observations leave.".into(),
        columns: head.map(String::from).to_vec(),
        rows: own.iter().take(2 * INDICATORS).map(row).collect(),
    }
}

/// Where a public value is negative, in words.
fn hurts(public: &Public) -> Option<String> {
    let surely = public.base.is_some_and(|e| e.high < 0.0);
    let drawn = public.drawn.as_ref().filter(|d| d.negative.low > 0.0);
    let share = drawn.map(|d| {
        format!(" in {} % of the draws, whatever the equilibrium", (d.negative.low * 100.0).round())
    });
    match (surely, share) {
        (true, Some(share)) => Some(format!(" at the base values, and{share}")),
        (true, None) => Some(" at the base values".into()),
        (false, Some(share)) => Some(share),
        (false, None) => None,
    }
}

fn fact_row(fact: &FactWorth) -> Vec<String> {
    let base = |e: Option<Ends>| e.map_or("–".to_string(), signed);
    let drawn = |m: Option<&MeanEnds>| {
        m.map_or("–".into(), |m| format!("{} ± {}", signed(m.mean), significant(rounded(m.error))))
    };
    let public = |p: Option<&Public>| [base(p.and_then(|p| p.base)), drawn(p.and_then(|p| p.drawn.as_ref()))];
    let mut row = vec![printable(&fact.name), fact.private.map_or("–".into(), range), private_drawn(fact)];
    row.extend(public(Some(&fact.to_player)));
    row.extend(public(fact.to_all.as_ref()));
    row
}

fn private_drawn(fact: &FactWorth) -> String {
    match &fact.private_drawn {
        None => "–".into(),
        // Worked out exactly in each draw, so only the draws are in doubt.
        Some(m) => format!("{} ± {}", range(m.mean), significant(rounded(m.error))),
    }
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

fn worth(worth: Option<&Worth>, draws: u64) -> String {
    match worth {
        None => "–".into(),
        Some(w) if !w.distinguishable => format!("not distinguishable from 0 at N = {draws}"),
        Some(w) => format!("{} ± {}", range(w.value), significant(rounded(w.error))),
    }
}

fn params(lines: &mut Vec<String>, voi: &Voi, paint: Paint) {
    if voi.params.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(paint.strong("Parameters, if it does not know them and the others do"));
    let used = voi.draws - voi.incomplete;
    lines.push(format!("  all of them: {}", worth(voi.everything.as_ref(), used)));
    let grid = param_grid(voi);
    let mut rows = vec![grid.columns];
    rows.extend(grid.rows);
    lines.extend(aligned(&rows, paint));
    if voi.several > 0 {
        lines.push(paint.faint(&format!(
            "{} draws have several equilibria: low to high over the one best for it, the worst, and the first.",
            voi.several
        )));
    }
    lines.push(paint.faint(
        "quietly: the others play as before, ± two standard errors. openly: all know it, less a game in \
         which nobody does, the rest at the base values, then over draws of the rest.",
    ));
    for param in voi.params.iter().filter(|p| p.public.is_some_and(|e| e.high < 0.0)) {
        let words = format!("  {}: if all learn it, {} is worse off.", param.name, voi.player);
        lines.push(paint.warn(&printable(&words)));
    }
    for param in &voi.params {
        if let Some(why) = &param.open {
            lines.push(paint.faint(&printable(&format!("{}: no public value, {why}", param.name))));
        }
    }
}

fn param_row(param: &ParamWorth, draws: u64) -> Vec<String> {
    let changes = match param.private.as_ref().filter(|w| w.distinguishable) {
        Some(w) => format!("{} % of draws", range(w.changes.times(100.0))),
        None => String::new(),
    };
    let public = param.public.map_or("–".into(), signed);
    let drawn = param
        .public_drawn
        .as_ref()
        .map_or("–".into(), |m| format!("{} ± {}", signed(m.mean), significant(rounded(m.error))));
    vec![printable(&param.name), worth(param.private.as_ref(), draws), changes, public, drawn]
}

fn plan(lines: &mut Vec<String>, voi: &Voi, paint: Paint) {
    if voi.plan.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(paint.strong("Its best plan without knowing the parameters"));
    for (place, action) in voi.plan.iter().take(DECISIONS) {
        lines.push(printable(&format!("  {place}: {action}")));
    }
    if voi.plan.len() > DECISIONS {
        lines.push(format!("  and {} more decisions", voi.plan.len() - DECISIONS));
    }
}

fn waiting(lines: &mut Vec<String>, voi: &Voi, paint: Paint) {
    let mut names: Vec<&str> = voi.indicators.iter().map(|i| i.hypothesis.as_str()).collect();
    names.dedup();
    if names.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(paint.strong("What to wait for (expected bits at the base values, after what was observed)"));
    for name in names {
        let own: Vec<&Indicator> = voi.indicators.iter().filter(|i| i.hypothesis == name).collect();
        for indicator in own.iter().take(INDICATORS) {
            lines.push(printable(&format!("  {}", indicator_words(indicator))));
        }
    }
}

/// One indicator in words: what it would tell, and what each answer would mean.
pub fn indicator_words(indicator: &Indicator) -> String {
    let bits = range(Ends { low: indicator.low, high: indicator.high });
    let after = answers(indicator).map(|a| format!(" ({a})")).unwrap_or_default();
    format!("{} on {}: {bits} bits{after}", indicator.event, indicator.hypothesis)
}

/// The hypothesis after each answer, in the equilibrium in which the event tells most.
fn answers(indicator: &Indicator) -> Option<String> {
    let row = indicator.rows.iter().max_by(|a, b| a.bits.total_cmp(&b.bits))?;
    let seen = row.arms.iter().filter(|a| a.probability > 0.0);
    let list: Vec<String> =
        seen.map(|a| format!("{} → {}", a.name, significant(rounded(a.posterior)))).collect();
    Some(printable(&format!("{} in {}", list.join(", "), row.equilibrium)))
}
