//! Councils over their priors: what the theories say over many draws, and what would change it.
//!
//! The one idea: two kinds of doubt are kept apart. A spread over draws is doubt about the numbers of
//! the table; a spread over theories is doubt about how tables bargain. No number mixes them in silence.

pub mod bloc;
pub mod coalition;
pub mod course;
pub mod draws;
pub mod drivers;
pub mod flips;
pub mod overturn;
pub mod spread;
pub mod sweep;
pub mod verdicts;

pub use bloc::{BlocLink, BlocStudy, bloc};
pub use coalition::{CoalitionStudy, Member, PowerRow, coalition, power};
pub use course::{Course, CourseTurn, Press, Step, course};
pub use detente_bargain::expected_utility::Variant;
pub use draws::{Drawn, Plan, Table, take};
pub use drivers::{Driver, DriverKind, DriverStudy, drivers};
pub use flips::{Pull, Pulls, across, goals, pulls};
pub use overturn::{fragility, overturned};
pub use spread::{Doubt, Spread, doubt, spread};
pub use sweep::Tipping;
pub use verdicts::{AskStudy, ClaimStudy, asks, claims};

use crate::council::{Session, Sitting};
use crate::council_witness;
use detente_solve::Progress;
use serde::Serialize;

/// Everything found about the councils of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnsembleStudy {
    pub draws: u64,
    pub seed: u64,
    /// Draws that give no council, such as a formula that leaves its scale.
    pub undefined: u64,
    pub councils: Vec<CouncilStudy>,
    pub claims: Vec<ClaimStudy>,
    pub asks: Vec<AskStudy>,
}

/// One council.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CouncilStudy {
    pub name: String,
    pub label: String,
    pub theories: Vec<TheoryStudy>,
    pub issues: Vec<IssueStudy>,
    /// A run turn by turn at the base values, if a spatial theory is listed.
    pub course: Option<Course>,
}

/// One theory, and whether its tables come to rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TheoryStudy {
    /// The word by which a model names it.
    pub word: String,
    pub name: String,
    pub source: String,
    /// At the base values; `None` for theories that play no rounds.
    pub settled: Option<bool>,
    /// Share of draws in which its table was still in motion when the turns ran out.
    pub restless: Option<f64>,
}

/// One issue. Lists over theories follow [`CouncilStudy::theories`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IssueStudy {
    pub name: String,
    pub label: String,
    /// Numbers of the scale and what they mean, ascending.
    pub marks: Vec<(f64, String)>,
    /// Where each theory settles at the base values.
    pub base: Vec<Option<f64>>,
    /// Where it settles over the draws.
    pub spreads: Vec<Option<Spread>>,
    /// How much of the doubt is about theories.
    pub doubt: Option<Doubt>,
    /// What moves the settlement over the draws; `None` if nothing is uncertain or it never moves.
    pub drivers: Option<DriverStudy>,
    /// Single numbers of actors that bring the settlement to the other side of a mark.
    pub flips: Option<Pulls>,
    pub power: Vec<PowerRow>,
    pub coalition: Option<CoalitionStudy>,
    /// The coalition that the council or the command names.
    pub bloc: Option<BlocStudy>,
}

/// Settings of a whole study.
#[derive(Clone, Debug)]
pub struct Depth {
    pub plan: Plan,
    /// Base points behind each Sobol' index; 0 for none.
    pub points: usize,
    /// Whether flips, coalitions and tipping values are looked for.
    pub flips: bool,
}

/// Studies all councils of a model at the base point and over draws.
///
/// Stopped early, it rests on the draws made until then.
///
/// # Errors
/// Base values that make no council, or rank correlations that no distribution has.
pub fn study(session: &Session, depth: &Depth, progress: &dyn Progress) -> Result<EnsembleStudy, String> {
    let table = Table::new(session.model)?;
    let sittings = session.at(&table.base)?;
    let drawn = take(session, &table, &depth.plan, progress);
    let undefined = drawn.iter().filter(|d| d.is_none()).count() as u64;
    let mut councils = Vec::new();
    for at in 0..session.model.councils.len() {
        councils.push(council(session, &table, at, &sittings[at], &drawn, depth, progress));
    }
    let mut claims = claims(session, &table.base, &sittings, &drawn);
    if depth.flips {
        overturned(session, &table, &drawn, depth.plan.threads, &mut claims, progress);
        let found =
            council_witness::search(session, &table.sampler, depth.plan.seed, depth.plan.draws, progress);
        claims.iter_mut().zip(found).for_each(|(claim, witness)| claim.witness = witness);
    }
    Ok(EnsembleStudy {
        draws: drawn.len() as u64,
        seed: depth.plan.seed,
        undefined,
        councils,
        claims,
        asks: asks(session, &table.base, &sittings, &drawn),
    })
}

fn council(
    session: &Session,
    table: &Table,
    at: usize,
    sitting: &Sitting,
    drawn: &[Option<Drawn>],
    depth: &Depth,
    progress: &dyn Progress,
) -> CouncilStudy {
    let model = &session.model.councils[at];
    let listed = listed(session, at);
    let theories = listed.iter().map(|v| {
        let voice = &session.voices[at][*v];
        let played = sitting.played[*v].as_ref().ok();
        let settled = played.and_then(|p| p.settled);
        let runs: Vec<bool> = drawn.iter().flatten().filter_map(|d| d.settled[at][*v]).collect();
        let moving = runs.iter().filter(|s| !**s).count();
        TheoryStudy {
            word: voice.word.clone(),
            name: voice.named.name.into(),
            source: voice.named.source.into(),
            settled,
            restless: (!runs.is_empty()).then(|| moving as f64 / runs.len() as f64),
        }
    });
    let mut drivers = drivers(session, table, at, &listed, drawn, depth, progress);
    let issues = model.issues.iter().enumerate().map(|(issue, info)| {
        let base: Vec<Option<f64>> =
            listed.iter().map(|v| sitting.played[*v].as_ref().ok().map(|p| p.outcome[issue])).collect();
        let marks: Vec<(f64, String)> = info.marks.iter().map(|(x, w)| (x.to_f64(), w.clone())).collect();
        let how = (depth.plan.threads, progress);
        let flips = depth.flips.then(|| across(session, at, &sitting.council, issue, &marks, how));
        let flips = flips.flatten();
        IssueStudy {
            name: info.name.clone(),
            label: info.support.label.clone(),
            spreads: listed.iter().map(|v| spread(settlements(drawn, at, *v, issue))).collect(),
            doubt: doubt(drawn, at, &listed, issue),
            drivers: drivers.get_mut(issue).and_then(Option::take),
            power: power(&sitting.council, issue),
            coalition: coalition(&sitting.council, issue, &base, flips.as_ref()),
            bloc: depth
                .flips
                .then(|| bloc(session, table, (at, issue), &sitting.council, depth, progress))
                .flatten(),
            flips,
            base,
            marks,
        }
    });
    let issues = issues.collect();
    CouncilStudy {
        name: model.name.clone(),
        label: model.support.label.clone(),
        theories: theories.collect(),
        course: course(session, at, &sitting.council),
        issues,
    }
}

/// The theories that a council lists, as positions among its voices; others only answer where named.
pub fn listed(session: &Session, council: usize) -> Vec<usize> {
    let voices = &session.voices[council];
    (0..voices.len()).filter(|v| !voices[*v].only_named).collect()
}

/// Where one theory settled an issue in each draw.
pub(crate) fn settlements(drawn: &[Option<Drawn>], council: usize, voice: usize, issue: usize) -> Vec<f64> {
    drawn.iter().flatten().filter_map(|d| d.place(council, voice, issue)).collect()
}
