//! Who holds a settlement where it is, and whose leaving ends it.
//!
//! The one idea: power by counting says who is needed; what each theory needs a member to give up says
//! what breaking it costs. The weakest link is the member whom the least inducement takes out.

use super::flips::Pulls;
use detente_bargain::Council;
use detente_bargain::baseline::baselines;
use detente_bargain::coalition::{links, margins};
use detente_bargain::power::{Voting, majority, whole_weights};
use serde::Serialize;

/// Weights are counted in this many parts of all weight.
const PARTS: f64 = 10_000.0;

/// The power of one actor on one issue, weights being capability times salience.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerRow {
    pub actor: String,
    /// Share of all weight.
    pub weight: f64,
    /// Shapley-Shubik index: the share of orders of joining in which the actor makes the majority.
    pub shapley_shubik: f64,
    /// Banzhaf index, scaled to sum to 1.
    pub banzhaf: f64,
}

/// The actors who stand on the settlement's side of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoalitionStudy {
    /// The line, and whether the settlement lies at or above it.
    pub line: f64,
    pub above: bool,
    /// Share of all weight that the members hold.
    pub weight: f64,
    /// The weakest link first.
    pub members: Vec<Member>,
}

/// A member of a coalition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Member {
    pub actor: String,
    pub weight: f64,
    /// Without it the others hold no majority of all weight.
    pub needed: bool,
    /// How much better it finds the settlement than what the outsiders want: salience times nearness.
    pub margin: f64,
    /// By theory: where its position must go for the settlement to leave; `None` if no move of it alone
    /// is enough.
    pub breaks_at: Vec<Option<f64>>,
    /// Its position now.
    pub position: f64,
}

/// Returns the vote by simple majority of weight; `None` if nobody cares about the issue.
pub(super) fn voting(council: &Council, issue: usize) -> Option<Voting> {
    let weights: Vec<f64> = (0..council.actors().len()).map(|a| council.weight(a, issue)).collect();
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return None;
    }
    let parts: Vec<f64> = weights.iter().map(|w| w / sum * PARTS).collect();
    let whole = whole_weights(&parts, 0).ok()?;
    let quota = majority(&whole);
    Voting::new(whole, quota).ok()
}

/// Counts power under a simple majority of weight; empty if nobody cares about the issue or there are
/// more actors than can be counted.
pub fn power(council: &Council, issue: usize) -> Vec<PowerRow> {
    let Some(voting) = voting(council, issue) else { return Vec::new() };
    let power = voting.power();
    let rows = council.actors().iter().enumerate().map(|(a, actor)| PowerRow {
        actor: actor.name.clone(),
        weight: voting.weights()[a] as f64 / voting.total().max(1) as f64,
        shapley_shubik: power.shapley_shubik[a],
        banzhaf: power.banzhaf_share[a],
    });
    rows.collect()
}

/// Looks at those who stand on the side of a line where the theories settle in the mean.
///
/// `flips` tells what moves the settlement of each theory across the line; `None` if there are no
/// outsiders or no theory has an answer.
pub fn coalition(
    council: &Council,
    issue: usize,
    base: &[Option<f64>],
    flips: Option<&Pulls>,
) -> Option<CoalitionStudy> {
    let known: Vec<f64> = base.iter().flatten().copied().collect();
    if known.is_empty() {
        return None;
    }
    let place = known.iter().sum::<f64>() / known.len() as f64;
    let scale = &council.issues()[issue];
    let line = scale.low + (scale.high - scale.low) / 2.0;
    let above = place >= line;
    let inside = |a: &usize| (council.position(*a, issue) >= line) == above;
    let all = 0..council.actors().len();
    let (members, outsiders): (Vec<usize>, Vec<usize>) = all.partition(inside);
    let weight = |list: &[usize]| list.iter().map(|a| council.weight(*a, issue)).sum::<f64>();
    let (own, other) = (weight(&members), weight(&outsiders));
    if members.is_empty() || other <= 0.0 || own <= 0.0 {
        return None;
    }
    let mut settled: Vec<f64> = baselines(council).iter().map(|b| b.mean).collect();
    let mut rival = settled.clone();
    settled[issue] = place;
    rival[issue] =
        outsiders.iter().map(|a| council.weight(*a, issue) * council.position(*a, issue)).sum::<f64>()
            / other;
    let margins = margins(council, &settled, &rival).ok()?;
    let links = links(&voting(council, issue)?, &members, &margins).ok()?;
    let mut rows: Vec<Member> = links
        .iter()
        .map(|link| {
            let name = &council.actors()[link.actor].name;
            let pull =
                flips.and_then(|f| f.pulls.iter().find(|p| p.actor == *name && p.quantity == "position"));
            Member {
                actor: name.clone(),
                weight: council.weight(link.actor, issue) / (own + other),
                needed: link.needed,
                margin: link.margin,
                breaks_at: pull.map_or_else(|| vec![None; base.len()], |p| p.to.clone()),
                position: council.position(link.actor, issue),
            }
        })
        .collect();
    // The stable sort keeps the order of the links where inducements do not tell members apart.
    rows.sort_by(|a, b| {
        let works = |m: &Member| m.breaks_at.iter().flatten().count();
        works(b).cmp(&works(a)).then(ask(a).total_cmp(&ask(b)))
    });
    Some(CoalitionStudy { line, above, weight: own / (own + other), members: rows })
}

/// The most that any theory asks a member to give up.
fn ask(member: &Member) -> f64 {
    member.breaks_at.iter().flatten().map(|to| (to - member.position).abs()).fold(0.0, f64::max)
}
