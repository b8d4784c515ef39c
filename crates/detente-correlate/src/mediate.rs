//! What a mediator can bring about, if everybody is to be honest and to obey.
//!
//! The one idea: the mediator's plan is a flow over its sequences, and "this disobedient plan does not gain"
//! is one linear row; the plan that gains most is found by walking the doubted player's choices
//! backwards, and added until none gains. This is the linear program of Zhang and Sandholm
//! ("Polynomial-time optimal equilibria with a mediator in extensive-form games", 2022), with rows made
//! when they are needed.

use crate::unfold::{Forks, Leaf, TooWide, Unfolded, chosen, unfold};
use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, maximize};
use detente_game::device::What;
use detente_game::mediation::{Choice, Disobedience, Knows, MediatedEnd, MediatedRange, Mediation};
use detente_game::{Game, Numbers, PlayerId};
use std::collections::BTreeMap;

/// A disobedient plan, and what it gains per sequence of the mediator.
struct Cut {
    player: usize,
    plan: Vec<usize>,
    row: BTreeMap<usize, Q>,
}

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
    let mut cuts: Vec<Cut> = vec![];
    let mut ranges = vec![];
    for (k, what) in all.iter().enumerate() {
        let share = (k as f64 / all.len() as f64, 1.0 / all.len() as f64);
        let number = per_sequence(&unfolded.honest, |leaf| worth(game, numbers, *what, leaf));
        let minus = number.iter().map(|(s, q)| (*s, -q.clone())).collect();
        let mut program = Program { game, numbers, knows, unfolded: &unfolded, cuts: &mut cuts };
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
    numbers: &'a Numbers,
    knows: Knows,
    unfolded: &'a Unfolded,
    cuts: &'a mut Vec<Cut>,
}

impl Program<'_> {
    /// The obeyed rule that makes a number largest; `None` if the caller stops it.
    fn largest(&mut self, number: &BTreeMap<usize, Q>, keep_going: &dyn Fn() -> bool) -> Option<MediatedEnd> {
        let forks = &self.unfolded.mediator;
        let objective: Vec<(usize, Q)> = number.iter().map(|(s, q)| (*s, q.clone())).collect();
        loop {
            if !keep_going() {
                return None;
            }
            let mut lp = flows(forks);
            let flow_rows = lp.rows.len();
            for cut in self.cuts.iter() {
                lp.add_row(cut.row.iter().map(|(s, q)| (*s, q.clone())).collect(), Rel::Le, Q::ZERO);
            }
            let Outcome::Optimal { x, value, dual } = maximize(&lp, &objective) else {
                unreachable!("rules form a polytope that is not empty: it holds every Nash equilibrium")
            };
            let fresh: Vec<Cut> = (0..self.game.players.len()).filter_map(|p| self.gaining(p, &x)).collect();
            if fresh.is_empty() {
                let used = self.cuts.iter().zip(&dual[flow_rows..]).filter(|(_, y)| !y.is_zero());
                let multipliers = used.map(|(cut, y)| (self.told(cut), y.clone())).collect();
                return Some(MediatedEnd { value, rule: rule(forks, &x), multipliers });
            }
            self.cuts.extend(fresh);
        }
    }

    /// The plan by which a player gains most against this rule, if it gains.
    fn gaining(&self, player: usize, rule: &[Q]) -> Option<Cut> {
        let (own, leaves) = &self.unfolded.doubted[player];
        let players = self.game.players.len();
        let pay = |leaf: &Leaf| self.numbers.payoffs[leaf.node.index() * players + player].clone();
        let mut values = vec![Q::ZERO; own.sequences];
        for leaf in leaves.iter().filter(|leaf| !rule[leaf.said].is_zero()) {
            values[leaf.done] += &(&(&leaf.share * &rule[leaf.said]) * &pay(leaf));
        }
        let mut plan = vec![0usize; own.list.len()];
        for (k, fork) in own.list.iter().enumerate().rev() {
            let after = &values[fork.first..fork.first + fork.count];
            let best = (0..fork.count).reduce(|a, b| if after[b] > after[a] { b } else { a })?;
            plan[k] = best;
            let value = after[best].clone();
            values[fork.before] += &value;
        }
        let honest = per_sequence(&self.unfolded.honest, pay);
        let obeying: Q = honest.iter().map(|(s, q)| q * &rule[*s]).sum();
        if values[0] <= obeying {
            return None;
        }
        let kept = kept(own, &plan);
        let mut row = BTreeMap::new();
        for leaf in leaves.iter().filter(|leaf| kept[leaf.done]) {
            *row.entry(leaf.said).or_insert(Q::ZERO) += &(&leaf.share * &pay(leaf));
        }
        for (s, q) in honest {
            *row.entry(s).or_insert(Q::ZERO) -= &q;
        }
        row.retain(|_, q| !q.is_zero());
        Some(Cut { player, plan, row })
    }

    /// A disobedient plan in words of the game, at the choices that it comes to itself.
    fn told(&self, cut: &Cut) -> Disobedience {
        let (own, _) = &self.unfolded.doubted[cut.player];
        let kept = kept(own, &cut.plan);
        let comes = own.list.iter().zip(&cut.plan).filter(|(fork, _)| kept[fork.before]);
        let plan = comes
            .map(|(fork, at)| (fork.key.clone(), chosen(self.game, self.knows, &fork.key, *at)))
            .collect();
        Disobedience { player: PlayerId(cut.player as u32), plan }
    }
}

/// The sequences that a plan holds.
fn kept(own: &Forks<Choice>, plan: &[usize]) -> Vec<bool> {
    let mut kept = vec![false; own.sequences];
    kept[0] = true;
    for (fork, at) in own.list.iter().zip(plan) {
        kept[fork.first + at] = kept[fork.before];
    }
    kept
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
