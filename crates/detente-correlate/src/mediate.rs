//! What a mediator can bring about, if everybody is to be honest and to obey.
//!
//! The one idea: the mediator's plan is a flow over its sequences, and "this disobedient plan does not gain"
//! is one linear row, added when it is violated (the linear program of Zhang and Sandholm, "Polynomial-time
//! optimal equilibria with a mediator in extensive-form games", 2022, with rows made when they are needed). A
//! plan that gains gains after some first lie or disobedience, so a plan per place of that suffices (`doubt`).
//! Floats go on from row to row and from number to number; the last basis is evaluated exactly.

use crate::doubt::{Cut, Doubt};
use crate::unfold::{Forks, Leaf, TooWide, Unfolded, chosen, unfold};
use detente_exact::Q;
use detente_exact::lp::{Growing, Lp, Outcome, Rel};
use detente_game::device::What;
use detente_game::mediation::{Disobedience, Knows, MediatedEnd, MediatedRange, Mediation};
use detente_game::{Game, Numbers, PlayerId};
use std::collections::BTreeMap;

/// Returns the range of each number, or of one alone; `None` if the caller stops it.
///
/// # Errors
/// The game unfolds too widely.
pub fn mediate(
    game: &Game,
    numbers: &Numbers,
    knows: Knows,
    only: Option<What>,
    keep_going: &dyn Fn(f64) -> bool,
) -> Result<Option<Mediation>, TooWide> {
    let unfolded = unfold(game, numbers, knows)?;
    let all: Vec<What> = match only {
        Some(what) => vec![what],
        None => {
            let outcomes = (0..game.outcome_keys().len() as u32).map(What::Outcome);
            let players = (0..game.players.len() as u32).map(|p| What::Payoff(PlayerId(p)));
            outcomes.chain(players).chain([What::Total]).collect()
        }
    };
    let mut program = Program::new(game, numbers, knows, &unfolded);
    let mut ranges = vec![];
    for (k, what) in all.iter().enumerate() {
        let share = (k as f64 / all.len() as f64, 1.0 / all.len() as f64);
        let number = per_sequence(&unfolded.honest, |leaf| worth(game, numbers, *what, leaf));
        let minus = number.iter().map(|(s, q)| (*s, -q.clone())).collect();
        let Some(high) = program.largest(&number, &|| keep_going(share.0)) else { return Ok(None) };
        let halfway = share.0 + share.1 / 2.0;
        let Some(mut low) = program.largest(&minus, &|| keep_going(halfway)) else { return Ok(None) };
        low.value = -low.value;
        ranges.push(MediatedRange { what: *what, low, high });
    }
    Ok(Some(Mediation { knows, ranges }))
}

/// What an end of play counts.
fn worth(game: &Game, numbers: &Numbers, what: What, leaf: &Leaf) -> Q {
    let players = game.players.len();
    let pays = &numbers.payoffs[leaf.node.index() * players..(leaf.node.index() + 1) * players];
    match what {
        What::Outcome(o) if game.outcome_key(leaf.node) == Some(o as usize) => Q::ONE,
        What::Outcome(_) => Q::ZERO,
        What::Payoff(p) => pays[p.index()].clone(),
        What::Total => pays.iter().cloned().sum(),
    }
}

/// Sums of chance's share times a number, per sequence of the mediator.
fn per_sequence(leaves: &[Leaf], number: impl Fn(&Leaf) -> Q) -> BTreeMap<usize, Q> {
    let mut sums: BTreeMap<usize, Q> = BTreeMap::new();
    for leaf in leaves {
        *sums.entry(leaf.said).or_insert(Q::ZERO) += &(&leaf.share * &number(leaf));
    }
    sums
}

struct Program<'a> {
    game: &'a Game,
    knows: Knows,
    unfolded: &'a Unfolded,
    doubts: Vec<Doubt<'a>>,
    cuts: Vec<Cut>,
    growing: Growing,
}

impl<'a> Program<'a> {
    fn new(game: &'a Game, numbers: &Numbers, knows: Knows, unfolded: &'a Unfolded) -> Program<'a> {
        let doubts = (0..game.players.len()).map(|p| Doubt::new(game, numbers, knows, unfolded, p)).collect();
        let growing = Growing::new(flows(&unfolded.mediator));
        Program { game, knows, unfolded, doubts, cuts: vec![], growing }
    }

    /// The obeyed rule that makes a number largest; `None` if the caller stops it.
    fn largest(&mut self, number: &BTreeMap<usize, Q>, keep_going: &dyn Fn() -> bool) -> Option<MediatedEnd> {
        let forks = &self.unfolded.mediator;
        self.growing.aim(number.iter().map(|(s, q)| (*s, q.clone())).collect());
        loop {
            if !keep_going() {
                return None;
            }
            if let Some(x) = self.growing.believed() {
                let fresh: Vec<Cut> = self.doubts.iter().flat_map(|doubt| doubt.believed(&x)).collect();
                if self.add(fresh) {
                    continue;
                }
            }
            let Outcome::Optimal { x, value, dual } = self.growing.optimum() else {
                unreachable!("rules form a polytope that is not empty: it holds every Nash equilibrium")
            };
            let fresh: Vec<Cut> = self.doubts.iter().flat_map(|doubt| doubt.certain(&x)).collect();
            if !self.add(fresh) {
                let rows = self.growing.lp().rows.len() - self.cuts.len();
                let used = self.cuts.iter().zip(&dual[rows..]).filter(|(_, y)| !y.is_zero());
                let multipliers = used.map(|(cut, y)| (self.told(cut), y * &cut.unit)).collect();
                return Some(MediatedEnd { value, rule: rule(forks, &x), multipliers });
            }
        }
    }

    /// Adds the cuts that are new; whether there was one.
    fn add(&mut self, fresh: Vec<Cut>) -> bool {
        let before = self.cuts.len();
        for cut in fresh {
            if !self.cuts.iter().any(|held| held.player == cut.player && held.row == cut.row) {
                self.growing.add_row(cut.row.clone(), Rel::Le, Q::ZERO);
                self.cuts.push(cut);
            }
        }
        self.cuts.len() > before
    }

    /// A disobedient plan in words of the game, at the choices that it comes to itself.
    fn told(&self, cut: &Cut) -> Disobedience {
        let (own, _) = &self.unfolded.doubted[cut.player];
        let kept = own.kept(&cut.plan);
        let comes = own.list.iter().zip(&cut.plan).filter(|(fork, _)| kept[fork.before]);
        let plan = comes
            .map(|(fork, at)| (fork.key.clone(), chosen(self.game, self.knows, &fork.key, *at)))
            .collect();
        Disobedience { player: PlayerId(cut.player as u32), plan }
    }
}

/// The mediator's plans: what comes to a fork goes on through one of its sequences.
fn flows<K>(forks: &Forks<K>) -> Lp {
    let mut lp = Lp::with_variables(forks.sequences, Some(Q::ZERO), None);
    lp.add_row(vec![(0, Q::ONE)], Rel::Eq, Q::ONE);
    for fork in &forks.list {
        let mut row: Vec<(usize, Q)> = (fork.first..fork.first + fork.count).map(|s| (s, Q::ONE)).collect();
        row.push((fork.before, -Q::ONE));
        lp.add_row(row, Rel::Eq, Q::ZERO);
    }
    lp
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
