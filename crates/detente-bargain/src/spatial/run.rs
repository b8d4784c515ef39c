//! Playing the turns: everybody picks a target, offers meet in queues, each queue is an election.
//!
//! The one idea: all of a turn is computed from the positions at its start, and all move at once.
//! Source: KTAB (see `options.rs`).

use super::challenge::{best_target, gain, odds};
use super::election::election;
use super::offer::{UnitOffer, offers};
use super::options::{OfferModel, SpatialOptions, TargetView, Transition};
use super::table::{Table, risk_attitudes, utilities, utility, view};
use super::trace::{Challenge, Choice, Ending, Estimate, Offer, SpatialRun, Turn};
use super::vote::coalitions;
use crate::council::Council;
use detente_prob::uniform;
use thiserror::Error;

/// Positions nearer than this, in parts of a scale, count as one.
const SAME_POSITION: f64 = 1e-3;

/// Why the options do not fit the council.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SpatialError {
    #[error("the affinity table has {found} rows for {actors} actors; give one row per actor")]
    AffinityRows { actors: usize, found: usize },
    #[error("the affinity row of actor `{actor}` has {found} entries for {actors} actors")]
    AffinityColumns { actor: String, actors: usize, found: usize },
    #[error("an affinity of actor `{actor}` is {value}; it must lie between 0 and 1")]
    Affinity { actor: String, value: f64 },
    #[error("the affinities of actor `{actor}` sum to {sum}; they may sum to 1 at most")]
    AffinitySum { actor: String, sum: f64 },
    #[error("the {what} is {value}; it must be a number, 0 or above")]
    Option { what: &'static str, value: f64 },
}

/// Plays the model to its end and returns every turn: positions, challenges, offers and choices.
///
/// # Errors
/// [`SpatialError`] if the options do not fit the council.
pub fn run(council: &Council, options: &SpatialOptions) -> Result<SpatialRun, SpatialError> {
    check(council, options)?;
    Ok(Play::new(council, options, true).play())
}

/// Plays the model to its end and returns positions only: for ensembles, where time counts.
///
/// # Errors
/// [`SpatialError`] if the options do not fit the council.
pub fn settle(council: &Council, options: &SpatialOptions) -> Result<SpatialRun, SpatialError> {
    check(council, options)?;
    Ok(Play::new(council, options, false).play())
}

fn check(council: &Council, options: &SpatialOptions) -> Result<(), SpatialError> {
    let stop = &options.stop;
    let numbers = [
        ("least gain", options.least_gain),
        ("share of movement that counts as settled", stop.share),
        ("floor of the first turn's movement", stop.floor),
    ];
    for (what, value) in numbers {
        if !(value.is_finite() && value >= 0.0) {
            return Err(SpatialError::Option { what, value });
        }
    }
    let Some(affinity) = &options.affinity else { return Ok(()) };
    let actors = council.actors().len();
    if affinity.len() != actors {
        return Err(SpatialError::AffinityRows { actors, found: affinity.len() });
    }
    for (actor, row) in council.actors().iter().zip(affinity) {
        let actor = actor.name.clone();
        if row.len() != actors {
            return Err(SpatialError::AffinityColumns { actor, actors, found: row.len() });
        }
        if let Some(&value) = row.iter().find(|value| !(0.0..=1.0).contains(*value)) {
            return Err(SpatialError::Affinity { actor, value });
        }
        let sum: f64 = row.iter().sum();
        if sum > 1.0 + 1e-9 {
            return Err(SpatialError::AffinitySum { actor, sum });
        }
    }
    Ok(())
}

/// A run in progress.
struct Play<'a> {
    council: &'a Council,
    options: &'a SpatialOptions,
    table: Table,
    positions: Vec<f64>,
    ideals: Vec<f64>,
    traced: bool,
}

/// What all steps of one turn read.
struct Scene {
    /// `[position * actors + actor]`, from ideals to positions.
    distances: Vec<f64>,
    risk: Vec<f64>,
    /// What each position is truly worth to each actor.
    own: Vec<f64>,
}

impl<'a> Play<'a> {
    fn new(council: &'a Council, options: &'a SpatialOptions, traced: bool) -> Play<'a> {
        let table = Table::of(council);
        let positions = table.positions(council);
        let ideals = positions.clone();
        Play { council, options, table, positions, ideals, traced }
    }

    fn play(mut self) -> SpatialRun {
        let stop = self.options.stop;
        // The input itself is state 0, not what is left of it after scaling there and back.
        let mut positions = vec![self.council.data().position.clone()];
        let (mut winning, mut turns) = (Vec::new(), Vec::new());
        let (mut first, mut ending) = (0.0, Ending::TurnLimit);
        for step in 1..=stop.most_turns {
            let scene = self.scene();
            if self.traced {
                winning.push(self.winning(&scene));
            }
            let (next, turn) = self.turn(&scene, step as u64 - 1);
            turns.extend(turn);
            let moved = self.advance(next);
            positions.push(self.in_units());
            if step == 1 {
                first = moved + stop.floor;
            }
            let quiet = if first > 0.0 { moved / first < stop.share } else { true };
            if step >= stop.least_turns && quiet {
                ending = Ending::Settled;
                break;
            }
        }
        let last_winning = self.winning(&self.scene());
        if self.traced {
            winning.push(last_winning.clone());
        }
        SpatialRun { positions, winning, last_winning, turns, ending }
    }

    fn scene(&self) -> Scene {
        let distances = self.table.distances(&self.ideals, &self.positions);
        let mut own = Vec::new();
        utilities(&distances, &vec![0.0; self.table.actors], &mut own);
        let risk = risk_attitudes(&self.table, self.options, &own);
        utilities(&distances, &risk, &mut own);
        Scene { distances, risk, own }
    }

    /// Takes the new positions, lets ideals follow, and returns how far all moved together.
    fn advance(&mut self, next: Vec<f64>) -> f64 {
        let issues = self.table.issues;
        let steps = self.positions.chunks(issues).zip(next.chunks(issues));
        let moved = steps.map(|(old, new)| length(old, new)).sum();
        self.positions = next;
        match &self.options.affinity {
            None => self.ideals.clone_from(&self.positions),
            Some(affinity) => {
                let actors = self.table.actors;
                let mut ideals = vec![0.0; actors * issues];
                for (i, row) in affinity.iter().enumerate() {
                    let stay = (1.0 - row.iter().sum::<f64>()).max(0.0);
                    for k in 0..issues {
                        let follow: f64 = (0..actors).map(|j| row[j] * self.positions[j * issues + k]).sum();
                        ideals[i * issues + k] = follow + stay * self.ideals[i * issues + k];
                    }
                }
                self.ideals = ideals;
            }
        }
        moved
    }

    /// Returns the positions in the issues' units.
    fn in_units(&self) -> Vec<Vec<f64>> {
        self.positions.chunks(self.table.issues).map(|row| self.row_in_units(row)).collect()
    }

    fn row_in_units(&self, row: &[f64]) -> Vec<f64> {
        row.iter().enumerate().map(|(k, share)| self.council.from_unit(k, *share)).collect()
    }

    /// Returns the next positions and, if traced, how they came about.
    fn turn(&self, scene: &Scene, number: u64) -> (Vec<f64>, Option<Turn>) {
        let (challenges, on_table) = self.challenges(scene);
        let worth = self.worth_of_offers(scene, &on_table);
        let mut next = self.positions.clone();
        let mut choices = Vec::new();
        let issues = self.table.issues;
        for actor in 0..self.table.actors {
            let choice = self.choose(actor, &on_table, &worth, number);
            if let Some(index) = choice.queue[choice.taken] {
                let offer = &on_table[index];
                let to = if offer.initiator == actor { &offer.for_initiator } else { &offer.for_target };
                next[actor * issues..(actor + 1) * issues].copy_from_slice(to);
            }
            if self.traced {
                choices.push(choice);
            }
        }
        let turn = self.traced.then(|| Turn {
            neutral_utility: self.neutral(scene),
            risk: scene.risk.clone(),
            challenges,
            offers: on_table.iter().map(|offer| self.offer_in_units(offer)).collect(),
            choices,
        });
        (next, turn)
    }

    fn neutral(&self, scene: &Scene) -> Vec<Vec<f64>> {
        let n = self.table.actors;
        let worth = |i: usize, j: usize| utility(scene.distances[j * n + i], 0.0);
        (0..n).map(|i| (0..n).map(|j| worth(i, j)).collect()).collect()
    }

    fn offer_in_units(&self, offer: &UnitOffer) -> Offer {
        Offer {
            initiator: offer.initiator,
            target: offer.target,
            view: offer.view,
            initiator_position: self.row_in_units(&offer.for_initiator),
            target_position: self.row_in_units(&offer.for_target),
        }
    }

    /// Lets every actor pick its best target, and returns challenges (if traced) and offers.
    fn challenges(&self, scene: &Scene) -> (Vec<Challenge>, Vec<UnitOffer>) {
        let (table, options) = (&self.table, self.options);
        let (mut challenges, mut on_table) = (Vec::new(), Vec::new());
        let (mut scratch, mut mine, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        let needs_target = self.traced || options.offers != OfferModel::InitOnly;
        let adjust = options.risk_adjust;
        for i in 0..table.actors {
            view(&scene.distances, &scene.risk, i, adjust, &mut scratch, &mut mine);
            let Some((j, probability, best)) = best_target(table, options, &mine, i) else { continue };
            let mut target_odds = probability;
            if needs_target {
                view(&scene.distances, &scene.risk, j, adjust, &mut scratch, &mut theirs);
                target_odds = odds(table, options, &theirs, i, j);
            }
            let their_odds = match options.target_view {
                TargetView::AsPublished if needs_target => gain(table, &theirs, i, i, j, target_odds),
                _ => target_odds,
            };
            on_table.extend(offers(table, options, &self.positions, (i, j), (probability, their_odds)));
            if self.traced {
                let estimate = |viewer: usize, gainer: usize| {
                    let (seen, odds) =
                        if viewer == i { (&mine, probability) } else { (&theirs, target_odds) };
                    let gain = gain(table, seen, gainer, i, j, odds);
                    Estimate { viewer, gainer, probability: odds, gain }
                };
                let estimates = [estimate(i, i), estimate(i, j), estimate(j, i), estimate(j, j)];
                challenges.push(Challenge { initiator: i, target: j, probability, gain: best, estimates });
            }
        }
        (challenges, on_table)
    }

    /// Returns what the table after each offer is worth to each actor, `[offer * actors + actor]`; the
    /// last row is the status quo. The worth of a table is the mean over its positions.
    fn worth_of_offers(&self, scene: &Scene, on_table: &[UnitOffer]) -> Vec<f64> {
        let table = &self.table;
        let (n, issues) = (table.actors, table.issues);
        let mut worth = Vec::with_capacity((on_table.len() + 1) * n);
        let mut sums = vec![0.0; n];
        for offer in on_table {
            for (actor, sum) in sums.iter_mut().enumerate() {
                let ideal = &self.ideals[actor * issues..(actor + 1) * issues];
                let risk = scene.risk[actor];
                *sum = utility(table.distance(actor, ideal, &offer.for_initiator), risk)
                    + utility(table.distance(actor, ideal, &offer.for_target), risk);
            }
            for (place, row) in scene.own.chunks(n).enumerate() {
                if place != offer.initiator && place != offer.target {
                    sums.iter_mut().zip(row).for_each(|(sum, u)| *sum += u);
                }
            }
            worth.extend(sums.iter().map(|sum| sum / n as f64));
        }
        sums.fill(0.0);
        for row in scene.own.chunks(n) {
            sums.iter_mut().zip(row).for_each(|(sum, u)| *sum += u);
        }
        worth.extend(sums.iter().map(|sum| sum / n as f64));
        worth
    }

    /// Holds the election over one actor's queue, all actors voting with their capability.
    fn choose(&self, actor: usize, on_table: &[UnitOffer], worth: &[f64], turn: u64) -> Choice {
        let (n, options) = (self.table.actors, self.options);
        let mut queue = vec![None];
        let mut rows = worth[on_table.len() * n..].to_vec();
        for (index, offer) in on_table.iter().enumerate() {
            if offer.initiator == actor || offer.target == actor {
                queue.push(Some(index));
                rows.extend_from_slice(&worth[index * n..(index + 1) * n]);
            }
        }
        if queue.len() == 1 {
            return Choice { actor, queue, probability: vec![1.0], taken: 0 };
        }
        let strength = coalitions(options.voting, &self.table.capability, &rows);
        let probability = election(options.election, options.victory, &strength, queue.len());
        let taken = match options.transition {
            Transition::Deterministic => likeliest(&probability),
            Transition::Stochastic { seed, draw } => {
                let stream = format!("spatial/{}/{turn}", self.council.actors()[actor].name);
                drawn(&probability, uniform(seed, &stream, draw))
            }
        };
        Choice { actor, queue, probability, taken }
    }

    /// Returns the winning probability of each actor's position among all different positions.
    fn winning(&self, scene: &Scene) -> Vec<f64> {
        let (n, issues) = (self.table.actors, self.table.issues);
        let place = |i: usize| &self.positions[i * issues..(i + 1) * issues];
        let mut different: Vec<usize> = Vec::new();
        let mut held = Vec::with_capacity(n);
        for i in 0..n {
            let known = different.iter().position(|&j| length(place(i), place(j)) < SAME_POSITION);
            held.push(known.unwrap_or(different.len()));
            if known.is_none() {
                different.push(i);
            }
        }
        let mut rows = Vec::with_capacity(different.len() * n);
        for &j in &different {
            rows.extend_from_slice(&scene.own[j * n..(j + 1) * n]);
        }
        let strength = coalitions(self.options.voting, &self.table.capability, &rows);
        let chance = election(self.options.election, self.options.victory, &strength, different.len());
        held.iter().map(|&position| chance[position]).collect()
    }
}

fn length(from: &[f64], to: &[f64]) -> f64 {
    from.iter().zip(to).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

/// The first of the largest.
fn likeliest(probability: &[f64]) -> usize {
    let mut best = 0;
    for (index, p) in probability.iter().enumerate() {
        if *p > probability[best] {
            best = index;
        }
    }
    best
}

/// The entry in which the share `u` of all probability falls.
fn drawn(probability: &[f64], u: f64) -> usize {
    let mut sum = 0.0;
    for (index, p) in probability.iter().enumerate() {
        sum += p;
        if u < sum {
            return index;
        }
    }
    probability.len() - 1
}
