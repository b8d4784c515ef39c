//! A solution as text for a terminal: the strength first, then each equilibrium as a table.
//!
//! The one idea: what happens comes before what would happen. Sets that play reaches stand first,
//! the others under the heading "off the path".

use super::lines::rounding;
use super::open::open_lines;
use super::value::value_text;
use crate::names::{decision_name, member_names};
use crate::number::{full_num, short_num};
use crate::paint::{Paint, pad, printable};
use detente_exact::Q;
use detente_game::solution::{Component, Concept, FreeWhat, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, InfosetId, Numbers};
use std::fmt::Write;

/// Returns the word for a strength as the JSON writes it.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::ExactComplete => "exact-complete",
        Status::ExactSome => "exact-some",
        Status::Certified => "certified",
        Status::Numeric => "numeric",
    }
}

/// Returns the name of a concept in a sentence.
pub fn concept_name(concept: Concept) -> &'static str {
    match concept {
        Concept::Nash => "Nash",
        Concept::Spe => "subgame-perfect",
        Concept::Sequential => "sequential",
        Concept::Qre => "quantal response",
    }
}

/// Returns what a strength means, as one sentence without a full stop. Of a table it speaks of Nash equilibria,
/// which are all that stronger concepts can mean there.
pub fn status_sentence(game: &Game, solution: &Solution) -> String {
    let asked = concept_name(solution.concept);
    let is_stronger = matches!(solution.concept, Concept::Sequential | Concept::Spe);
    if is_stronger && game.is_strategic_form() {
        let sentence = sentence_of(concept_name(Concept::Nash), solution);
        return format!("{sentence} ({asked} means nothing more in a table)");
    }
    sentence_of(asked, solution)
}

fn sentence_of(concept: &str, solution: &Solution) -> String {
    if let (Some(logit), Status::Certified) = (&solution.certificate.logit, solution.status) {
        if !logit.weights.is_empty() {
            return format!(
                "a {concept} equilibrium at each player's own lambda, proven within the radii given"
            );
        }
        let lambda = full_num(&Num::exact(logit.lambda.clone()));
        return format!("a {concept} equilibrium at lambda {lambda}, proven within the radii given");
    }
    if let (None, Status::Certified, Concept::Qre) =
        (&solution.certificate.logit, solution.status, solution.concept)
    {
        let exact = |n: &Num| n.exact.as_ref().is_some_and(Q::is_zero);
        let how = if solution.components.iter().all(|c| exact(&c.gap_nash)) { "" } else { " up to its gap" };
        return format!(
            "that this point is a Nash equilibrium{how} is proven; that the logit path ends in it is computed"
        );
    }
    match solution.status {
        Status::ExactComplete => format!("these are all {concept} equilibria, proven"),
        Status::ExactSome => format!("each of these {concept} equilibria is proven; there may be others"),
        Status::Certified => format!("{concept} equilibria within a proven bound; there may be others"),
        Status::Numeric => format!("{concept} equilibria computed, not proven"),
    }
}

/// Returns the solution as text, ending in a newline. With `colour`, ANSI codes mark the headings.
pub fn solution_text(game: &Game, numbers: &Numbers, solution: &Solution, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let word = status_name(solution.status);
    let word = match solution.status {
        Status::ExactComplete => paint.good(word),
        Status::ExactSome | Status::Certified => paint.strong(word),
        Status::Numeric => paint.warn(word),
    };
    put(&mut out, &format!("{word}: {}.", status_sentence(game, solution)));
    if let Some(value) = value_text(game, numbers, solution) {
        put(&mut out, &value);
    }
    let count = match solution.components.len() {
        0 => "No equilibrium listed".to_string(),
        1 => "One equilibrium or connected set of equilibria".to_string(),
        n => format!("{n} connected sets of equilibria"),
    };
    put(&mut out, &format!("{count}; {}.", title(game)));
    if let Some(logit) = solution.certificate.logit.as_ref().filter(|l| !l.weights.is_empty()) {
        let each = game.players.iter().zip(&logit.weights);
        let each: Vec<String> = each
            .map(|(p, w)| format!("{} {}", printable(&p.name), full_num(&Num::exact(&logit.lambda * w))))
            .collect();
        put(&mut out, &format!("lambda: {}.", each.join(", ")));
    }
    if let Some(rounded) = rounding(numbers) {
        put(&mut out, &rounded);
    }
    for open in open_lines(&solution.unresolved) {
        put(&mut out, &format!("{} {}", paint.warn("unresolved:"), printable(&open)));
    }
    for repair in &game.repairs {
        put(&mut out, &format!("repaired: {}", printable(repair)));
    }
    let is_table = game.is_strategic_form();
    for (k, c) in solution.components.iter().enumerate() {
        out.push('\n');
        component(&mut out, game, k, c, is_table, paint);
    }
    out
}

fn title(game: &Game) -> String {
    if game.title.is_empty() { "untitled game".into() } else { printable(&game.title) }
}

fn put(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Writes one equilibrium; of a table without beliefs, which are but the others' probabilities.
pub(super) fn component(
    out: &mut String,
    game: &Game,
    position: usize,
    c: &Component,
    is_table: bool,
    paint: Paint,
) {
    let mut head = paint.strong(&format!("E{}", position + 1));
    match c.intuitive {
        Some(true) => head.push_str("  passes the intuitive criterion"),
        Some(false) => head.push_str("  fails the intuitive criterion"),
        None => {}
    }
    put(out, &head);
    let payoffs: Vec<String> = game
        .players
        .iter()
        .zip(&c.payoffs)
        .map(|(p, n)| format!("{} {}", printable(&p.name), full_num(n)))
        .collect();
    put(out, &format!("  payoffs   {}", payoffs.join("   ")));
    outcomes(out, game, c);
    let rows: Vec<Row> = (0..c.profile.len()).map(|h| row(game, c, h, is_table)).collect();
    let decision = rows.iter().map(|r| r.decision.chars().count()).max().unwrap_or(0);
    let set = rows.iter().map(|r| r.set.chars().count()).max().unwrap_or(0);
    for (reached, heading) in [(true, "on the path"), (false, "off the path")] {
        let mut part = rows.iter().filter(|r| r.reached == reached).peekable();
        if part.peek().is_some() {
            put(out, &format!("  {}", paint.faint(heading)));
        }
        for row in part {
            for line in row.lines(decision, set) {
                put(out, &if reached { line } else { paint.faint(&line) });
            }
        }
    }
    free(out, game, c, is_table);
    gaps(out, c, paint);
}

fn outcomes(out: &mut String, game: &Game, c: &Component) {
    let keys = game.outcome_keys();
    let width = keys.iter().map(|k| k.chars().count()).max().unwrap_or(0);
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| c.outcomes[*b].value.total_cmp(&c.outcomes[*a].value));
    let varies = c.outcome_set != OutcomeSet::Point;
    let mut never = Vec::new();
    let mut first = true;
    for k in order {
        let range = c.outcome_range.get(k).filter(|_| varies);
        if c.outcomes[k].value == 0.0 && range.is_none_or(|(_, high)| high.value == 0.0) {
            never.push(printable(&keys[k]));
            continue;
        }
        let head = if first { "outcomes" } else { "" };
        first = false;
        let mut line =
            format!("  {head:8}  {}  {}", pad(&printable(&keys[k]), width), full_num(&c.outcomes[k]));
        if let Some((low, high)) = range {
            let _ = write!(line, "   between {} and {}", short_num(low), short_num(high));
        }
        put(out, &line);
    }
    if !never.is_empty() {
        put(out, &format!("            never: {}", never.join(", ")));
    }
}

/// One information set in words.
struct Row {
    decision: String,
    set: String,
    plan: String,
    belief: String,
    reached: bool,
}

/// Widest description of an information set that stands in a column of its own.
const SET_COLUMN: usize = 40;

impl Row {
    /// The row as lines, given the widths of the columns.
    fn lines(&self, decision: usize, set: usize) -> Vec<String> {
        let name = pad(&self.decision, decision);
        let mut lines = Vec::new();
        let indent = if set <= SET_COLUMN {
            let gap = if set == 0 { "" } else { "  " };
            lines.push(format!("    {name}  {}{gap}{}", pad(&self.set, set), self.plan));
            decision + set + gap.len() + 6
        } else {
            let place = if self.set.is_empty() { String::new() } else { format!("at {}", self.set) };
            lines.push(format!("    {name}  {place}"));
            lines.push(format!("    {}  {}", pad("", decision), self.plan));
            decision + 6
        };
        if !self.belief.is_empty() {
            lines.push(format!("{}believes {}", " ".repeat(indent), self.belief));
        }
        lines
    }
}

fn row(game: &Game, c: &Component, h: usize, is_table: bool) -> Row {
    let set = &game.infosets[h];
    let id = InfosetId(h as u32);
    let plan: Vec<String> = c.profile[h]
        .iter()
        .enumerate()
        .filter(|(_, p)| p.value != 0.0)
        .map(|(a, p)| format!("{} {}", printable(game.action_name(id, a)), full_num(p)))
        .collect();
    let belief = match c.beliefs.get(h) {
        Some(weights) if weights.len() > 1 && !is_table => beliefs(game, id, weights),
        _ => String::new(),
    };
    Row {
        decision: printable(&game.event_name(set.event)),
        set: if set.label == decision_name(game, set.event) { String::new() } else { printable(&set.label) },
        plan: plan.join(", "),
        belief,
        reached: c.reached[h],
    }
}

/// Longest list of beliefs printed in full; the rest is summed up.
const BELIEFS_SHOWN: usize = 6;

/// Most pieces of a component whose conditions are shown.
const PIECES_SHOWN: usize = 12;

fn beliefs(game: &Game, id: InfosetId, weights: &[Num]) -> String {
    let names = member_names(game, id);
    let mut held: Vec<usize> = (0..weights.len()).filter(|k| weights[*k].value != 0.0).collect();
    held.sort_by(|a, b| weights[*b].value.total_cmp(&weights[*a].value));
    let mut parts: Vec<String> = held
        .iter()
        .take(BELIEFS_SHOWN)
        .map(|k| format!("{} {}", printable(&names[*k]), full_num(&weights[*k])))
        .collect();
    if held.len() > BELIEFS_SHOWN {
        parts.push(format!("and {} more", held.len() - BELIEFS_SHOWN));
    }
    parts.join(", ")
}

fn free(out: &mut String, game: &Game, c: &Component, is_table: bool) {
    let mut head = "free";
    for range in c.free.iter().filter(|f| !is_table || matches!(f.what, FreeWhat::Action(..))) {
        let what = match range.what {
            FreeWhat::Action(h, a) => {
                format!("{} {}", place(game, h), game.action_name(InfosetId(h), a as usize))
            }
            FreeWhat::Belief(h, k) => {
                format!("belief at {} in {}", place(game, h), member_names(game, InfosetId(h))[k as usize])
            }
        };
        let line = format!("{}: {} to {}", printable(&what), short_num(&range.low), short_num(&range.high));
        put(out, &format!("  {head:8}  {line}"));
        head = "";
    }
    let several = c.inequalities.len() > 1;
    for (k, piece) in c.inequalities.iter().take(PIECES_SHOWN).enumerate() {
        let mut word = match (several, k) {
            (false, _) => "where",
            (true, 0) => "either",
            (true, _) => "or    ",
        };
        for condition in piece {
            put(out, &format!("  {head:8}  {word} {}", printable(condition)));
            head = "";
            word = if several { "   and" } else { "  and" };
        }
    }
    if c.inequalities.len() > PIECES_SHOWN {
        let more = c.inequalities.len() - PIECES_SHOWN;
        put(out, &format!("            or {more} more pieces; --format json lists them all"));
    }
}

fn place(game: &Game, h: u32) -> String {
    let set = &game.infosets[h as usize];
    let owner = &game.players[set.player.index()].name;
    let name = format!("{owner}.{}", decision_name(game, set.event));
    if set.label.is_empty() { name } else { format!("{name} [{}]", set.label) }
}

/// Gaps are printed where they are not zero; a proven equilibrium has none.
fn gaps(out: &mut String, c: &Component, paint: Paint) {
    let worst = |num: &Num| num.value != 0.0 || num.radius.is_some();
    let mut parts = Vec::new();
    if worst(&c.gap_nash) {
        parts.push(format!("from one plan to another {}", full_num(&c.gap_nash)));
    }
    if let Some(gap) = c.gap_sequential.as_ref().filter(|g| worst(g)) {
        parts.push(format!("from one action to another {}", full_num(gap)));
    }
    if !parts.is_empty() {
        put(out, &paint.warn(&format!("  gap       largest gain {}", parts.join("; "))));
    }
}
