//! A coalition that somebody names: its power as one voter, and what takes its weakest member out.
//!
//! The one idea: power by counting does not ask what members want; the inducement does. Both stand side by
//! side, the second for each theory and under each draw.

use super::coalition::voting;
use super::draws::{Table, spread_out};
use super::spread::{Spread, spread};
use super::{Depth, listed};
use crate::council::{Session, seated};
use detente_bargain::Council;
use detente_bargain::coalition::{Breaking, breaking, stands_above};
use detente_bargain::forecast::at_draw;
use detente_solve::Progress;
use serde::Serialize;

/// Draws looked at: each asks every theory some dozens of times.
const MOST_DRAWS: u64 = 200;

/// A named coalition on one issue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlocStudy {
    pub members: Vec<String>,
    /// Share of all weight, capability times salience.
    pub weight: f64,
    /// Shapley-Shubik index of all members as one voter.
    pub shapley_shubik: f64,
    /// Banzhaf index of all members as one voter, where all indices sum to 1.
    pub banzhaf: f64,
    /// The sum of the members' Shapley-Shubik indices as voters of their own.
    pub apart: f64,
    /// The middle of the scale, and whether the coalition wants the settlement at or above it.
    pub line: f64,
    pub above: bool,
    /// Draws behind the shares below.
    pub draws: u64,
    /// By theory, in the order of the council's.
    pub links: Vec<BlocLink>,
}

/// What one theory says of a coalition's cohesion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlocLink {
    /// At the base values: the settlement lies across the line already.
    pub broken: Option<bool>,
    /// At the base values: whose move alone breaks the coalition soonest, and how far it must go, in points.
    pub weakest: Option<String>,
    pub inducement: Option<f64>,
    /// Share of draws in which the settlement lies across the line already.
    pub broken_share: Option<f64>,
    /// Share of draws in which no member alone can break the coalition.
    pub unbreakable_share: Option<f64>,
    /// `[member]`: share of draws in which it is the weakest link.
    pub weakest_share: Vec<f64>,
    /// The least inducement over the draws in which there is one.
    pub spread: Option<Spread>,
}

/// Studies the coalition that a council names, on one issue; `None` if it names none or nobody cares about
/// the issue.
pub fn bloc(
    session: &Session,
    table: &Table,
    (at, issue): (usize, usize),
    council: &Council,
    depth: &Depth,
    progress: &dyn Progress,
) -> Option<BlocStudy> {
    let members = session.coalitions[at].as_slice();
    let voting = voting(council, issue).filter(|_| !members.is_empty())?;
    let (apart, together) = (voting.power(), voting.joined(members).power());
    let scale = &council.issues()[issue];
    let line = scale.low + (scale.high - scale.low) / 2.0;
    let theories = listed(session, at);
    let look = |council: &Council, draw: u64| -> Vec<Option<Breaking>> {
        let one = |v: &usize| {
            let theory = at_draw(&session.voices[at][*v].named.model, draw);
            breaking(council, &theory, issue, members, line).ok()
        };
        theories.iter().map(one).collect()
    };
    let count = depth.plan.draws.min(MOST_DRAWS);
    let drawn = spread_out(count, depth.plan.threads, progress, |index| {
        let point = table.point(&table.sampler.values(depth.plan.seed, index));
        let council = seated(&session.model.councils[at], &session.model.game, &point).ok()?;
        Some(look(&council, index + 1))
    });
    let name = |member: usize| council.actors()[members[member]].name.clone();
    let links = look(council, 0).into_iter().enumerate().map(|(theory, now)| {
        let found: Vec<&Breaking> = drawn.iter().flatten().filter_map(|by| by[theory].as_ref()).collect();
        let weakest = now.as_ref().filter(|b| !b.broken).and_then(Breaking::weakest);
        let (broken_share, unbreakable_share, weakest_share, spread) = shares(&found, members.len());
        BlocLink {
            broken: now.as_ref().map(|b| b.broken),
            weakest: weakest.map(|(member, _)| name(member)),
            inducement: weakest.map(|(_, size)| size),
            broken_share,
            unbreakable_share,
            weakest_share,
            spread,
        }
    });
    Some(BlocStudy {
        members: (0..members.len()).map(name).collect(),
        weight: voting.joined(members).weights()[0] as f64 / voting.total().max(1) as f64,
        shapley_shubik: together.shapley_shubik[0],
        banzhaf: together.banzhaf_share[0],
        apart: members.iter().map(|a| apart.shapley_shubik[*a]).sum(),
        line,
        above: stands_above(council, issue, members, line),
        draws: drawn.len() as u64,
        links: links.collect(),
    })
}

/// Shares of draws: broken, unbreakable, each member the weakest; and the inducement over the others.
fn shares(found: &[&Breaking], members: usize) -> (Option<f64>, Option<f64>, Vec<f64>, Option<Spread>) {
    if found.is_empty() {
        return (None, None, vec![0.0; members], None);
    }
    let share = |count: usize| count as f64 / found.len() as f64;
    let whole: Vec<&&Breaking> = found.iter().filter(|b| !b.broken).collect();
    let links: Vec<(usize, f64)> = whole.iter().filter_map(|b| b.weakest()).collect();
    let by_member = |member: usize| share(links.iter().filter(|(at, _)| *at == member).count());
    (
        Some(share(found.len() - whole.len())),
        Some(share(whole.len() - links.len())),
        (0..members).map(by_member).collect(),
        spread(links.iter().map(|(_, size)| *size).collect()),
    )
}
