//! What happened at a table, in sentences.

use super::super::fill::called;
use super::CouncilStudied;
use detente_answer::ensemble::{CouncilStudy, Course, IssueStudy};

/// Movers named for each issue.
const MOVERS: usize = 2;
/// A move smaller than this part of the scale is not told.
const TOLD: f64 = 0.02;

/// A place on a scale: whole numbers on wide scales, two decimals on narrow ones.
pub fn place(issue: &IssueStudy, value: f64) -> String {
    let width = issue.marks.last().map_or(1.0, |m| m.0) - issue.marks.first().map_or(0.0, |m| m.0);
    let unit = if width >= 50.0 {
        1.0
    } else if width >= 5.0 {
        10.0
    } else {
        100.0
    };
    let rounded = (value * unit).round() / unit;
    if rounded == 0.0 { "0".into() } else { format!("{rounded}") }
}

/// `34 to 41`, or one number if both ends are written alike.
pub fn range(issue: &IssueStudy, (low, high): (f64, f64)) -> String {
    let (low, high) = (place(issue, low), place(issue, high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// Lowest and highest settlement over the theories, at the base values.
pub fn over_theories(issue: &IssueStudy) -> Option<(f64, f64)> {
    let known = || issue.base.iter().flatten().copied();
    Some((known().reduce(f64::min)?, known().reduce(f64::max)?))
}

/// Who sits there and who answers.
pub fn about(m: &CouncilStudied, at: usize, council: &CouncilStudy) -> String {
    let actors: Vec<&str> = m.model.councils[at].actors.iter().map(|a| a.name.as_str()).collect();
    let theories: Vec<&str> = council.theories.iter().map(|t| t.name.as_str()).collect();
    let restless: Vec<String> = council
        .theories
        .iter()
        .filter(|t| t.restless.is_some_and(|r| r > 0.005))
        .map(|t| format!("{} in {:.0} %", t.name, 100.0 * t.restless.unwrap_or(0.0)))
        .collect();
    let rest = match restless.is_empty() {
        true => String::new(),
        false => format!(
            " Share of draws in which a table was still moving when the turns ran out: {}.",
            restless.join(", ")
        ),
    };
    let lost = match m.study.undefined {
        0 => String::new(),
        n => format!(" {n} draws give no council and are left out."),
    };
    format!("{} actors: {}. Theories: {}.{rest}{lost}", actors.len(), actors.join(", "), theories.join(", "))
}

/// The settlement in one sentence: range over theories, the baselines, the marks nearby, both doubts.
pub fn settlement(council: &CouncilStudy, issue: &IssueStudy) -> String {
    let Some(ends) = over_theories(issue) else { return "No theory has an answer.".into() };
    let baselines: Vec<String> = super::tables::baselines(council, issue)
        .iter()
        .map(|(word, value)| format!("{word} {}", place(issue, *value)))
        .collect();
    let beside = if baselines.is_empty() { String::new() } else { format!(" ({})", baselines.join(", ")) };
    let middle = (ends.0 + ends.1) / 2.0;
    let near = issue.marks.iter().min_by(|a, b| (a.0 - middle).abs().total_cmp(&(b.0 - middle).abs()));
    let words = near
        .map_or(String::new(), |(value, words)| format!("; nearest to {} “{words}”", place(issue, *value)));
    let doubt = issue.doubt.map_or(String::new(), |d| {
        format!(
            " Over the draws: theories differ by medians of {}; the numbers leave 5 to 95 % from {}. {} of the variance is \
             about the theory.",
            range(issue, d.over_theories),
            range(issue, d.over_draws),
            super::tables::percent(d.share_of_theories),
        )
    });
    format!("Settles at {}{beside}{words}.{doubt}", range(issue, ends))
}

/// The power of a named coalition in one sentence; empty if none is named.
pub fn bloc(issue: &IssueStudy) -> String {
    let Some(bloc) = &issue.bloc else { return String::new() };
    let percent = super::tables::percent;
    format!(
        "{} hold {} of all weight. As one voter their power by counting is {} (Shapley–Shubik) or {} (Banzhaf); the members’ own powers sum to {}.",
        bloc.members.join(", "),
        percent(bloc.weight),
        percent(bloc.shapley_shubik),
        percent(bloc.banzhaf),
        percent(bloc.apart),
    )
}

/// Who moves most on each issue, toward whom, and at whose offer.
pub fn moves(council: &CouncilStudy) -> Vec<String> {
    let Some(course) = &council.course else { return vec![] };
    let mut list: Vec<String> =
        council.issues.iter().enumerate().filter_map(|(k, issue)| movers(course, k, issue)).collect();
    if list.is_empty() {
        list.push("In the spatial model nobody moves by more than 2 % of a scale.".into());
    }
    let turns = course.turns.len();
    list.push(match course.settled {
        true => format!("The spatial model’s table comes to rest after {turns} turns, at the base values."),
        false => {
            format!("The spatial model’s table is still moving after {turns} turns, at the base values.")
        }
    });
    list
}

fn movers(course: &Course, issue: usize, info: &IssueStudy) -> Option<String> {
    let last = course.positions.last()?;
    let width = info.marks.last()?.0 - info.marks.first()?.0;
    let moved = |a: usize| last[a][issue] - course.positions[0][a][issue];
    let mut order: Vec<usize> = (0..course.actors.len()).filter(|a| moved(*a).abs() > TOLD * width).collect();
    order.sort_by(|a, b| moved(*b).abs().total_cmp(&moved(*a).abs()));
    let told: Vec<String> = order.iter().take(MOVERS).map(|a| mover(course, issue, info, *a)).collect();
    (!told.is_empty()).then(|| format!("{}: {}.", called(&info.label, &info.name), told.join("; ")))
}

/// `Sweden goes from 20 to 48, mostly toward France, who pressed it in turns 1, 2`.
fn mover(course: &Course, issue: usize, info: &IssueStudy, actor: usize) -> String {
    let at = |state: usize| course.positions[state][actor][issue];
    let (from, to) = (at(0), at(course.positions.len() - 1));
    // With whom the actor went how far in the direction of the whole move.
    let way = (to - from).signum();
    let mut far = vec![(0.0f64, Vec::new(), 0usize); course.actors.len()];
    for (turn, happened) in course.turns.iter().enumerate() {
        for step in happened.steps.iter().filter(|s| s.actor == actor) {
            let along = way * (at(turn + 1) - at(turn));
            if along > 0.0 {
                far[step.with].0 += along;
                far[step.with].1.push((turn + 1).to_string());
                far[step.with].2 += usize::from(step.own);
            }
        }
    }
    let most = (0..far.len()).fold(0, |best, k| if far[k].0 > far[best].0 { k } else { best });
    let (distance, turns, own) = &far[most];
    let mut text = format!("{} goes from {} to {}", course.actors[actor], place(info, from), place(info, to));
    if *distance > 0.0 {
        let why = match *own * 2 > turns.len() {
            true => "by offers of its own to",
            false => "by offers that it took from",
        };
        let turn = if turns.len() == 1 { "turn" } else { "turns" };
        let shown = turns.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
        let more = if turns.len() > 4 { " and later" } else { "" };
        text.push_str(&format!(", mostly {why} {} ({turn} {shown}{more})", course.actors[most]));
    }
    text
}

/// The weakest link of those who hold the settlement, and what takes it out.
pub fn link(council: &CouncilStudy, issue: &IssueStudy) -> String {
    let Some(coalition) = &issue.coalition else { return String::new() };
    let side = if coalition.above { "at or above" } else { "below" };
    let hold = if coalition.members.len() == 1 { "holds" } else { "hold" };
    let head = format!(
        "{} {hold} the settlement {side} {}, with {} of all weight.",
        names(&coalition.members.iter().map(|m| m.actor.as_str()).collect::<Vec<_>>()),
        place(issue, coalition.line),
        super::tables::percent(coalition.weight)
    );
    let Some(weakest) = coalition.members.first() else { return head };
    let breaking: Vec<(usize, f64)> =
        weakest.breaks_at.iter().enumerate().filter_map(|(t, to)| Some((t, (*to)?))).collect();
    if breaking.is_empty() {
        return format!("{head} No single member’s move ends that in any theory.");
    }
    let by = |f: fn(f64, f64) -> f64| {
        breaking.iter().map(|(_, to)| (to - weakest.position).abs()).reduce(f).unwrap_or(0.0)
    };
    format!(
        "{head} Weakest link: {}. An inducement that moves its position by {} points (it stands at {}) takes the settlement \
         to the other side in {} of {} theories{}.",
        weakest.actor,
        range(issue, (by(f64::min), by(f64::max))),
        place(issue, weakest.position),
        breaking.len(),
        council.theories.len(),
        if weakest.needed { "; without it the others hold no majority of weight" } else { "" }
    )
}

/// `a`, `a and b`, `a, b and c`.
fn names(list: &[&str]) -> String {
    match list {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
