//! What a mediator can bring about, if everybody is to be honest and to obey.
//!
//! The one idea: the mediator's plan is a flow over its sequences, and "this disobedient plan does not gain"
//! is one linear row, added when it is violated (the linear program of Zhang and Sandholm, "Polynomial-time
//! optimal equilibria with a mediator in extensive-form games", 2022, with rows made when they are needed). A
//! plan that gains gains after some first lie or disobedience, so a plan per place of that suffices (`doubt`).
//! Floats go on from row to row and from number to number; the last basis is evaluated exactly.

use crate::device::{MOST_OUTCOMES, within};
use crate::doubt::{Cut, Doubt};
use crate::ends::{Doubts, Found, Row, Search};
use crate::flow::Flow;
use crate::interior::Going;
use crate::unfold::{Forks, Leaf, TooWide, Unfolded, chosen, unfold};
use detente_exact::Q;
use detente_game::device::{Wanted, What};
use detente_game::mediation::{Disobedience, Knows, MediatedEnd, MediatedRange, Mediation};
use detente_game::{Game, Numbers, PlayerId};

/// Returns the range of each number that is asked for; `None` if the caller stops it before any obeyed rule is known.
///
/// # Errors
/// The game unfolds too widely.
pub fn mediate(
    game: &Game,
    numbers: &Numbers,
    knows: Knows,
    asked: &Wanted,
    going: &Going,
) -> Result<Option<Mediation>, TooWide> {
    let unfolded = unfold(game, numbers, knows)?;
    let all: Vec<What> = match asked {
        Wanted::One(what) => vec![*what],
        Wanted::Objective(_) => vec![What::Objective],
        Wanted::All => {
            let keys = Some(game.outcome_keys().len()).filter(|count| *count <= MOST_OUTCOMES).unwrap_or(0);
            let outcomes = (0..keys as u32).map(What::Outcome);
            let players = (0..game.players.len() as u32).map(|p| What::Payoff(PlayerId(p)));
            outcomes.chain(players).chain([What::Total]).collect()
        }
    };
    let doubts = (0..game.players.len()).map(|p| Doubt::new(game, numbers, knows, &unfolded, p)).collect();
    let forks = unfolded.mediator.list.iter().map(|fork| (fork.before, fork.first, fork.count)).collect();
    let flow = Flow { forks, sequences: unfolded.mediator.sequences };
    let mut search = Search::new(flow, Doubted { doubts });
    let mut ranges = vec![];
    for (k, what) in all.iter().enumerate() {
        let mut number = vec![Q::ZERO; unfolded.mediator.sequences];
        for leaf in &unfolded.honest {
            number[leaf.said] += &(&leaf.share * &worth(game, numbers, asked, *what, leaf));
        }
        let minus: Vec<Q> = number.iter().map(|q| -q.clone()).collect();
        let part = |side: usize| within(going, (2 * k + side) as f64, 2.0 * all.len() as f64);
        let Some(high) = search.largest(&number, &part(0)) else { return Ok(None) };
        let Some(low) = search.largest(&minus, &part(1)) else { return Ok(None) };
        let high = told(game, knows, &unfolded, high);
        let mut low = told(game, knows, &unfolded, low);
        (low.value, low.bound) = (-low.value, -low.bound);
        ranges.push(MediatedRange { what: *what, low, high });
    }
    Ok(Some(Mediation { knows, objective: asked.terms(), ranges }))
}

/// What an end of play counts.
fn worth(game: &Game, numbers: &Numbers, asked: &Wanted, what: What, leaf: &Leaf) -> Q {
    let players = game.players.len();
    let pays = &numbers.payoffs[leaf.node.index() * players..(leaf.node.index() + 1) * players];
    match what {
        What::Outcome(o) if game.outcome_key(leaf.node) == Some(o as usize) => Q::ONE,
        What::Outcome(_) => Q::ZERO,
        What::Payoff(p) => pays[p.index()].clone(),
        What::Total => pays.iter().cloned().sum(),
        What::Objective => {
            let terms = asked.terms().into_iter();
            terms.map(|(term, weight)| weight * worth(game, numbers, &Wanted::All, term, leaf)).sum()
        }
    }
}

/// All players who may be doubted.
struct Doubted<'a> {
    doubts: Vec<Doubt<'a>>,
}

impl Doubts for Doubted<'_> {
    type Label = Disobeying;

    fn believed(&self, plan: &[f64], least: f64) -> Vec<(Disobeying, Row)> {
        self.doubts.iter().flat_map(|doubt| doubt.believed(plan, least)).map(Cut::told).collect()
    }

    fn certain(&self, plan: &[Q]) -> Vec<(Disobeying, Row)> {
        self.doubts.iter().flat_map(|doubt| doubt.certain(plan)).map(Cut::told).collect()
    }

    /// Players have too many ways to go their own way.
    fn all(&self) -> Option<Vec<(Disobeying, Row)>> {
        None
    }
}

/// A player, its plan (which choice at each fork), and what its condition was multiplied by.
#[derive(Clone)]
struct Disobeying {
    player: usize,
    plan: Vec<usize>,
    unit: Q,
}

impl Cut {
    fn told(self) -> (Disobeying, Row) {
        (Disobeying { player: self.player, plan: self.plan, unit: self.unit }, self.row)
    }
}

/// An end in terms of the game.
fn told(game: &Game, knows: Knows, unfolded: &Unfolded, found: Found<Disobeying>) -> MediatedEnd {
    let multipliers = found.multipliers.iter();
    MediatedEnd {
        value: found.value,
        bound: found.bound,
        rule: rule(&unfolded.mediator, &found.plan),
        multipliers: multipliers
            .map(|(way, y)| (disobedience(game, knows, unfolded, way), y * &way.unit))
            .collect(),
    }
}

/// A disobedient plan in words of the game, at the choices that it comes to itself.
fn disobedience(game: &Game, knows: Knows, unfolded: &Unfolded, way: &Disobeying) -> Disobedience {
    let (own, _) = &unfolded.doubted[way.player];
    let kept = own.kept(&way.plan);
    let comes = own.list.iter().zip(&way.plan).filter(|(fork, _)| kept[fork.before]);
    let plan = comes.map(|(fork, at)| (fork.key.clone(), chosen(game, knows, &fork.key, *at))).collect();
    Disobedience { player: PlayerId(way.player as u32), plan }
}

/// A plan as probabilities, wherever the mediator may come to speak.
fn rule(
    forks: &Forks<detente_game::mediation::Place>,
    x: &[Q],
) -> Vec<(detente_game::mediation::Place, Vec<Q>)> {
    let reached = forks.list.iter().filter(|fork| !x[fork.before].is_zero());
    reached
        .map(|fork| {
            let share = |s: usize| &x[s] / &x[fork.before];
            (fork.key.clone(), (fork.first..fork.first + fork.count).map(share).collect())
        })
        .collect()
}
