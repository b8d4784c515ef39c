//! From answered models to a report.
//!
//! The one idea: every sentence here is put together from computed parts and the author's own
//! labels; no number is made.

use super::council::CouncilStudied;
use super::notes::Notes;
use super::*;
use crate::asks::{Answers, column_words};
use crate::number::{short, short_num, significant};
use crate::solution::status_name;
use crate::tree::{View, panels};
use detente_answer::claims::{Column, Decision};
use detente_answer::drivers::Driver;
use detente_answer::flip::{Fragile, Joint};
use detente_answer::infer::ModelInference;
use detente_answer::shares::Finding;
use detente_answer::solved::Point;
use detente_answer::study::{ClaimStudy, ColumnStudy, Study};
use detente_answer::verdict::Class;
use detente_answer::witness::{Witness, place_words};
use detente_answer::words;
use detente_diag::{Sources, Span};
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::{Cited, Claim, ParamKind, Support};

/// One model of a case with everything that was found.
pub struct Studied<'m> {
    /// The file's name without its ending.
    pub name: String,
    pub model: &'m Model,
    pub texts: &'m Sources,
    pub point: &'m Point<'m>,
    pub answers: Answers,
    /// Per claim.
    pub witnesses: Vec<Option<Witness>>,
    /// Per claim, what overturns it.
    pub fragile: Vec<Fragile>,
    pub advice: Advice,
    pub ranges: Ranges,
    /// What the observations say, under quantal response too; `None` where nothing was observed.
    pub inference: Option<ModelInference>,
}

/// Most ends of a tree that the page shows; larger trees are folded to fewer.
const MOST_ENDS: usize = 64;
/// Parameters named of a joint change, those that move farthest.
const MOVES: usize = 4;
/// Beyond this many ends a table of what is played says more than folded pictures.
const DRAWN_ENDS: usize = 500;
/// Ends shown of a folded tree, in each of its pictures.
const FOLDED_ENDS: usize = 24;
/// Widest picture, in pixels: wider trees are cut into several, one under the other.
const WIDEST: f64 = 1500.0;
/// Most equilibria whose trees the page shows.
const MOST_TREES: usize = 3;

/// Puts the report together.
pub fn case_report(
    notes: &Notes,
    models: &[Studied],
    councils: &[CouncilStudied],
    run: RunNote,
) -> CaseReport {
    let all: Vec<&Model> = models.iter().map(|m| m.model).chain(councils.iter().map(|c| c.model)).collect();
    let keys = source_keys(&all);
    let cite = |list: &[Cited]| citations_of(&keys, list);
    let mut report = CaseReport {
        title: notes.title.clone(),
        question: notes.question.clone(),
        date: notes.date.clone(),
        cutoff: notes.cutoff.clone(),
        scope: notes.scope.clone(),
        left_out: notes.left_out.clone(),
        changed: notes.changed.clone(),
        run,
        ..CaseReport::default()
    };
    let plain = |text: &String| Statement { text: text.clone(), ..Statement::default() };
    report.known.extend(notes.known.iter().map(plain));
    report.judged.extend(notes.judged.iter().map(plain));
    for m in models {
        report.claims.extend(m.model.claims.iter().enumerate().map(|(k, c)| claim_row(m, k, c, &cite)));
        report.models.push(model_part(m));
        basis(&mut report, (&m.name, m.model, m.texts), &cite);
        report.evidence.extend(super::updates::evidence_parts(m, &cite));
        report.ranges.extend(super::ranges::range_parts(m));
        report.levers.extend(super::advice::lever_parts(m));
        report.indicators.extend(super::advice::indicator_parts(m));
        report.information.extend(super::advice::information_parts(m));
        report.hangs.extend(m.model.claims.iter().enumerate().map(|(k, c)| hang(m, k, c, &keys)));
    }
    for c in councils {
        report.councils.extend(super::council::council_parts(c, &cite));
        // A file with a game and a council has its parameters listed already.
        if !models.iter().any(|m| m.name == c.name) {
            basis(&mut report, (&c.name, c.model, c.texts), &cite);
        }
        report.hangs.extend(super::council::hangs(c, &keys));
    }
    report.sources = keys.iter().map(|key| source_row(&all, key)).collect();
    report.judgments = super::bottom::judgments(notes, models, councils);
    report
}

/// All keys that are cited, in the order of their first mention in the bibliographies.
fn source_keys(models: &[&Model]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in models.iter().flat_map(|m| m.sources.keys()) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

pub(super) fn citations_of(keys: &[String], list: &[Cited]) -> Vec<Citation> {
    let one = |c: &Cited| {
        let source = keys.iter().position(|k| *k == c.key)? + 1;
        Some(Citation { source, locator: c.locator.clone() })
    };
    list.iter().filter_map(one).collect()
}

fn source_row(models: &[&Model], key: &str) -> SourceRow {
    let Some(source) = models.iter().find_map(|m| m.sources.get(key)) else {
        return SourceRow { key: key.into(), reference: key.into(), ..SourceRow::default() };
    };
    let field = |name: &str| source.field(name).map(str::to_string);
    let place = field("journal").or_else(|| field("publisher")).or_else(|| field("organization"));
    let parts: Vec<String> = [field("author"), field("title"), place, source.year().map(str::to_string)]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    let reference = if parts.is_empty() { key.to_string() } else { parts.join(", ") };
    SourceRow {
        key: key.into(),
        reference,
        url: field("url"),
        via: field("via"),
        grade: field("grade"),
        note: field("note"),
    }
}

/// The label if there is one, else the name.
pub(super) fn called<'a>(label: &'a str, name: &'a str) -> &'a str {
    if label.is_empty() { name } else { label }
}

/// The label, or a name as words: `Russia.move` is “Russia’s move”, `c_bar` is “c bar”.
fn spoken(label: &str, name: &str) -> String {
    if label.is_empty() { name.replacen('.', "’s ", 1).replace('_', " ") } else { label.to_string() }
}

/// What stands after the item's own `=` or `~` in the text of the model.
pub(super) fn after_sign(texts: &Sources, span: Span) -> String {
    let text = texts.text(span);
    let (mut quoted, mut depth) = (false, 0_i32);
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' | '(' | '{' if !quoted => depth += 1,
            ']' | ')' | '}' if !quoted => depth -= 1,
            '=' | '~' if !quoted && depth == 0 => {
                let before = at.checked_sub(1).and_then(|i| bytes.get(i));
                let compares =
                    bytes.get(at + 1) == Some(&b'=') || matches!(before, Some(b'=' | b'<' | b'>' | b'!'));
                if !compares {
                    return text[at + 1..].split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn truth(class: Class) -> Truth {
    match class {
        Class::TrueInAll => Truth::All,
        Class::TrueInSome => Truth::Some,
        Class::FalseInAll => Truth::None,
        Class::Undefined => Truth::Undefined,
    }
}

pub(super) fn verdict(finding: Finding) -> Verdict {
    match finding {
        Finding::Holds => Verdict::Holds,
        Finding::Fails => Verdict::Fails,
        Finding::Depends => Verdict::Depends,
        Finding::Vacuous => Verdict::Vacuous,
    }
}

pub(super) fn studied<'m>(m: &'m Studied, name: &str) -> Option<(&'m Study, &'m ClaimStudy)> {
    let study = m.answers.study.as_ref()?;
    Some((study, study.claims.iter().find(|c| c.name == name)?))
}

fn claim_row(m: &Studied, k: usize, claim: &Claim, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> ClaimRow {
    let decision = &m.answers.claims[k];
    let found = studied(m, &claim.name);
    let drivers = found.map(|(_, c)| c.drivers.as_slice()).unwrap_or_default();
    ClaimRow {
        name: claim.name.clone(),
        says: match &claim.support.assumed {
            // What is not the source's own must not pass for it.
            Some(why) => format!("{} (assumed: {why})", called(&claim.support.label, &claim.name)),
            None => called(&claim.support.label, &claim.name).to_string(),
        },
        cited: cite(&claim.support.citations),
        formal: after_sign(m.texts, claim.support.span),
        model: m.name.clone(),
        base: decision
            .columns
            .iter()
            .map(|c| (column_words(c.column).to_string(), truth(decision.class(c.column))))
            .collect(),
        base_values: margins(decision),
        over_priors: found.and_then(|(s, c)| Some(over_priors(s, c, c.columns.first()?))),
        hangs_on: hangs_on(m, k, decision),
        would_change: would_change(m, k),
        flip: flip_words(m, k),
        drivers: drivers.iter().map(|d| driver_words(m.model, d)).collect(),
        other_drivers: found.map_or(String::new(), |(s, c)| others(c, s.draws)),
    }
}

fn margins(decision: &Decision) -> String {
    let ends: Vec<_> = decision.rows.iter().filter_map(|r| r.margin.as_ref()).collect();
    let Some(low) = ends.iter().map(|e| &e.0).min_by(|a, b| a.value.total_cmp(&b.value)) else {
        return String::new();
    };
    let high = ends.iter().map(|e| &e.1).max_by(|a, b| a.value.total_cmp(&b.value)).unwrap_or(low);
    let size = |n: &detente_game::solution::Num| short_num(n).trim_start_matches('-').replacen("≈-", "≈", 1);
    let range = |a: String, b: String| if a == b { a } else { format!("{a} to {b}") };
    match (low.value > 0.0, high.value < 0.0) {
        (true, _) => format!("met by {}", range(short_num(low), short_num(high))),
        (_, true) => format!("missed by {}", range(size(high), size(low))),
        // A strict comparison is missed by 0 where its sides are equal, a weak one met by 0.
        _ if low.value == 0.0 && high.value == 0.0 => "both sides are equal".into(),
        _ => format!("from missed by {} to met by {}", size(low), short_num(high)),
    }
}

fn over_priors(study: &Study, claim: &ClaimStudy, column: &ColumnStudy) -> OverPriors {
    let share = |n: u64| if claim.used == 0 { 0.0 } else { n as f64 / claim.used as f64 };
    let range = |(low, high): (f64, f64)| Range { low, high };
    OverPriors {
        draws: claim.used,
        verdict: verdict(column.finding),
        shares: Shares {
            all: share(column.true_in_all),
            some: share(column.true_in_some),
            none: share(column.false_in_all),
            undefined: share(column.undefined),
        },
        weighted: column.weighted.as_ref().map(|w| WeightedShares {
            verdict: verdict(w.finding),
            all: range(w.true_in_all),
            none: range(w.false_in_all),
        }),
        effective: study.effective,
        refuted: study.refuted.unwrap_or(0),
    }
}

pub(super) fn param_label(model: &Model, name: &str) -> String {
    let label = model.game.params.iter().find(|p| p.name == name).map_or("", |p| p.label.as_str());
    if label.is_empty() || label == name { name.to_string() } else { format!("“{label}” ({name})") }
}

/// A driver by name, and how strongly and which way it works.
fn driver_words(model: &Model, d: &Driver) -> (String, String) {
    let how = match d.direction {
        Some(c) if c > 0.0 => "helps it",
        Some(_) => "works against it",
        None => "works both ways",
    };
    (param_label(model, &d.param), format!("{how}, {:.2} ({:.2} to {:.2})", d.delta, d.low, d.high))
}

/// What is said of the parameters that are no drivers.
fn others(claim: &ClaimStudy, draws: u64) -> String {
    let draws = super::bottom::thousands(draws);
    match (claim.drivers.is_empty(), claim.indistinct) {
        (_, 0) => String::new(),
        (true, _) => format!("No parameter's effect can be told from 0 at {draws} draws."),
        (false, 1) => format!("One more cannot be told from 0 at {draws} draws."),
        (false, n) => format!("{n} more cannot be told from 0 at {draws} draws."),
    }
}

/// The least change of several parameters that overturns a claim, as a sentence.
fn flip_words(m: &Studied, k: usize) -> String {
    let Some(fragile) = m.fragile.get(k) else { return String::new() };
    let Some(joint) = &fragile.joint else {
        let none = "No change of the parameters within four standard deviations was found that overturns it.";
        let otherwise = match otherwise(m, k) {
            Some(share) => format!(" Farther out it is: {share} of the draws say otherwise."),
            None => String::new(),
        };
        return format!("{none}{otherwise} {}", crate::flips::steady_words(fragile));
    };
    least_change(m.model, fragile, joint)
}

/// The share of the draws in which a claim has another verdict than at the base values, in words; `None`
/// if there are none.
fn otherwise(m: &Studied, k: usize) -> Option<String> {
    let class = m.answers.claims[k].class(Column::All);
    let (_, found) = studied(m, &m.model.claims[k].name)?;
    let column = found.columns.first()?;
    let same = match class {
        Class::TrueInAll => column.true_in_all,
        Class::TrueInSome => column.true_in_some,
        Class::FalseInAll => column.false_in_all,
        Class::Undefined => return None,
    };
    let other = found.used.saturating_sub(same + column.undefined);
    (other > 0).then(|| words::percent(other as f64 / found.used as f64))
}

/// A joint change as a sentence, with what is proven about nearer ones.
pub(super) fn least_change(model: &Model, fragile: &Fragile, joint: &Joint) -> String {
    // The text of `detente flip` lists them all.
    let mut sorted: Vec<_> = joint.moves.iter().collect();
    sorted.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
    let mut moves: Vec<String> = sorted
        .iter()
        .take(MOVES)
        .map(|p| {
            let (from, to) = (significant(p.from), significant(p.to));
            format!("{} from {from} to {to}", param_label(model, &p.param))
        })
        .collect();
    if let Some(more) = sorted.len().checked_sub(MOVES).filter(|n| *n > 0) {
        moves.push(format!("and {more} more by less"));
    }
    format!(
        "The least change found that overturns it: {}; {} standard deviations, {}; there {}. {}",
        moves.join(", "),
        significant(joint.distance),
        crate::flips::plausible(joint.distance),
        crate::flips::becomes_words(joint, fragile.over),
        crate::flips::steady_words(fragile)
    )
}

/// What the verdict at the base values hangs on, as a clause that begins with the verdict.
pub(super) fn hangs_on(m: &Studied, k: usize, decision: &Decision) -> String {
    if !decision.applies {
        return "its own restriction is false at the base values".into();
    }
    let word = match decision.class(Column::All) {
        Class::TrueInAll => "true",
        Class::FalseInAll => "false",
        Class::TrueInSome => "true in some equilibria only",
        Class::Undefined => "undefined",
    };
    match m.fragile.get(k).and_then(Fragile::weakest) {
        Some(flip) => {
            let value = flip.nearest().unwrap_or(flip.base);
            let side = if value > flip.base { "below" } else { "above" };
            format!(
                "{word} while {} stays {side} {} (it is {})",
                param_label(m.model, &flip.param),
                crate::flips::value_words(value, flip.because()),
                significant(flip.base)
            )
        }
        None if several_do(m, k, decision) => {
            format!("{word}, and no single parameter changes that within its range; several together do")
        }
        None => format!("{word} by the structure of the game: nothing was found that changes it"),
    }
}

/// Whether anything was found that changes a verdict, by whichever of the searches.
fn several_do(m: &Studied, k: usize, decision: &Decision) -> bool {
    // A claim that is false at the base values has its witness there, which shows no change.
    let witness =
        decision.class(Column::All) == Class::TrueInAll && m.witnesses.get(k).is_some_and(Option::is_some);
    witness || m.fragile.get(k).is_some_and(|f| f.joint.is_some()) || otherwise(m, k).is_some()
}

/// The shortest text that is the number itself: a witness must be such that it can be tried.
fn lossless(q: &Q) -> String {
    let text = short(q);
    if text.starts_with('≈') { q.to_string() } else { text }
}

fn would_change(m: &Studied, k: usize) -> String {
    match m.witnesses.get(k).and_then(Option::as_ref) {
        Some(w) => {
            let values: Vec<String> =
                w.params.iter().map(|(name, q)| format!("{name} = {}", lossless(q))).collect();
            let values = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
            format!("False {}{values}.", place_words(w))
        }
        None => "No values were found at which it is false, not even in doubled ranges: it follows from the \
                 structure, as far as the search sees."
            .into(),
    }
}

fn model_part(m: &Studied) -> ModelPart {
    let own = &m.point.games[0];
    let keys = m.model.game.outcome_keys();
    let mut part = ModelPart {
        name: m.name.clone(),
        title: called(&m.model.game.title, &m.name).to_string(),
        paragraphs: m.model.doc.split("\n\n").map(str::to_string).filter(|p| !p.trim().is_empty()).collect(),
        strength: status_name(m.point.status()).into(),
        sees: super::tables::sees_grid(&m.model.game),
        answers: super::tables::asks_grid(m.model, &m.answers),
        ..ModelPart::default()
    };
    part.equilibria.caption = "Equilibria at the base values, with the probability of each outcome".into();
    part.equilibria.columns = std::iter::once(String::new()).chain(keys.iter().cloned()).collect();
    for (k, c) in own.solution.components.iter().enumerate() {
        let cells = c.outcomes.iter().map(super::tables::cell_num);
        part.equilibria.rows.push(std::iter::once(format!("E{}", k + 1)).chain(cells).collect());
    }
    let ends = m.model.game.num_terminals();
    if ends > DRAWN_ENDS {
        part.played = super::tables::played_grid(&m.model.game, &own.solution, MOST_TREES);
        return part;
    }
    let most = if ends > MOST_ENDS { FOLDED_ENDS } else { MOST_ENDS };
    for k in 0..own.solution.components.len().min(MOST_TREES) {
        let view = View::of(&own.solution, k);
        let whole = format!("{} at the base values, equilibrium E{}.", part.title, k + 1);
        for panel in panels(&m.model.game, &own.numbers, view.as_ref(), most, WIDEST).unwrap_or_default() {
            let mut caption = match (panel.name, &panel.after) {
                (Some(name), Some(after)) => format!("Picture {name}: goes on after {after}."),
                (Some(name), None) => format!("Picture {name}: {whole}"),
                (None, _) => whole.clone(),
            };
            if ends > most && panel.after.is_none() {
                caption.push_str(&format!(
                    " The tree has {ends} ends; branches that are rarely or never played are folded."
                ));
            }
            part.trees.push(TreePart { caption, scene: panel.scene });
        }
    }
    part
}

/// What is known, assumed and judged, and the table of parameters.
fn basis(
    report: &mut CaseReport,
    (name, model, texts): (&str, &Model, &Sources),
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) {
    for o in &model.observes {
        let statement = Statement {
            text: called(&o.support.label, &o.text).to_string(),
            why: o.support.assumed.clone(),
            cited: cite(&o.support.citations),
        };
        let list = if statement.cited.is_empty() { &mut report.assumed } else { &mut report.known };
        // Several models may see the same event.
        if !list.contains(&statement) {
            list.push(statement);
        }
    }
    let cells = cells(model);
    let mut assume = |text: String, support: &Support| {
        if let Some(why) = &support.assumed {
            let cited = cite(&support.citations);
            report.assumed.push(Statement { text, why: Some(why.clone()), cited });
        }
    };
    for (k, info) in model.params.iter().enumerate() {
        let label = called(&info.support.label, &info.name);
        if !cells.contains(&k) {
            assume(format!("{label} ({})", after_sign(texts, info.support.span)), &info.support);
        }
        report.parameters.push(ParameterRow {
            model: name.to_string(),
            name: info.name.clone(),
            label: info.support.label.clone(),
            prior: match info.kind {
                ParamKind::Fixed => "fixed".into(),
                _ => after_sign(texts, info.support.span),
            },
            base: short(&model.game.params[k].base),
            cited: cite(&info.support.citations),
            assumed: info.support.assumed.clone(),
        });
    }
    for council in &model.councils {
        for (text, support) in cell_groups(council) {
            assume(text, support);
        }
    }
    for (name, support) in &model.supports {
        assume(spoken(&support.label, name), support);
    }
    for h in &model.hypotheses {
        if h.prior.is_some() {
            let text = format!("{}: the analyst’s own prior", called(&h.support.label, &h.name));
            report.judged.push(Statement {
                text,
                why: h.support.assumed.clone(),
                cited: cite(&h.support.citations),
            });
        }
    }
}

/// The parameters that are cells of councils.
fn cells(model: &Model) -> Vec<usize> {
    let cells = model.councils.iter().flat_map(|c| c.cells());
    cells.filter_map(|cell| cell.param.map(|p| p.index())).collect()
}

/// What is assumed of the cells of a council, once for all cells with the same reason.
fn cell_groups(council: &detente_model::council::CouncilModel) -> Vec<(String, &Support)> {
    let mut groups: Vec<(&Support, usize)> = Vec::new();
    for cell in council.cells().filter(|c| c.support.assumed.is_some()) {
        let same = |s: &Support| s.assumed == cell.support.assumed && s.citations == cell.support.citations;
        match groups.iter_mut().find(|(s, _)| same(s)) {
            Some(group) => group.1 += 1,
            None => groups.push((&cell.support, 1)),
        }
    }
    let title = called(&council.support.label, &council.name);
    let words = |(support, count): (&'_ Support, usize)| match count {
        1 => format!("{title}: {}", support.label),
        n => format!("{title}: {n} cells, the first {}", support.label),
    };
    groups.into_iter().map(|(support, count)| (words((support, count)), support)).collect()
}

/// A claim with the sources and bare assumptions behind it: its own, and those of the parameters
/// that drive or flip it.
fn hang(m: &Studied, k: usize, claim: &Claim, keys: &[String]) -> Hang {
    let drivers = studied(m, &claim.name).map(|(_, c)| c.drivers.as_slice()).unwrap_or_default();
    let mut names: Vec<&str> = drivers.iter().map(|d| d.param.as_str()).collect();
    names.extend(m.fragile.get(k).and_then(Fragile::weakest).map(|f| f.param.as_str()));
    let mut sources: Vec<usize> =
        citations_of(keys, &claim.support.citations).iter().map(|c| c.source).collect();
    let mut assumptions: Vec<String> = Vec::new();
    for info in m.model.params.iter().filter(|i| names.contains(&i.name.as_str())) {
        sources.extend(citations_of(keys, &info.support.citations).iter().map(|c| c.source));
        if info.support.citations.is_empty() {
            assumptions.push(called(&info.support.label, &info.name).to_string());
        }
    }
    sources.sort_unstable();
    sources.dedup();
    Hang { conclusion: called(&claim.support.label, &claim.name).to_string(), sources, assumptions }
}
