//! Who moved when, and why, theory by theory.
//!
//! The one idea: whatever a theory calls its rounds, a move is one actor on one issue, from a place to a
//! place, because of another actor.

use super::{MoveAnswer, TurnAnswer};
use detente_bargain::forecast::{Model as Theory, fits};
use detente_bargain::{Council, exchange, expected_utility, spatial};

/// Returns who moved when, by one theory; baselines have no turns.
pub(super) fn turns(council: &Council, theory: &Theory) -> Vec<TurnAnswer> {
    let actor = |at: usize| council.actors()[at].name.clone();
    let issue = |at: usize| council.issues()[at].name.clone();
    let mut turns: Vec<TurnAnswer> = Vec::new();
    if fits(council, theory).is_err() {
        return turns;
    }
    let mut add = |turn: usize, one: MoveAnswer| {
        while turns.len() < turn {
            turns.push(TurnAnswer { turn: turns.len() + 1, moves: Vec::new() });
        }
        turns[turn - 1].moves.push(one);
    };
    match theory {
        Theory::Mean | Theory::Median | Theory::TwoSides(_) => {}
        Theory::ExpectedUtility(options) => {
            for i in 0..council.issues().len() {
                let Ok(run) = expected_utility::run(council, i, options) else { continue };
                for (turn, round) in run.rounds.iter().enumerate() {
                    for shift in round.shifts.iter().filter(|s| s.from != s.to) {
                        let why = match shift.kind {
                            expected_utility::Kind::Confrontation => "loses a confrontation",
                            expected_utility::Kind::Compromise => "compromises",
                            expected_utility::Kind::Compelled => "is compelled",
                        };
                        let (from, to) = (shift.from, shift.to);
                        let (who, with) = (actor(shift.actor), actor(shift.rival));
                        add(
                            turn + 1,
                            MoveAnswer { actor: who, with, issue: issue(i), from, to, why: why.into() },
                        );
                    }
                }
            }
        }
        Theory::Spatial(options, _) => {
            let Ok(run) = spatial::run(council, options) else { return turns };
            for (turn, (step, before)) in run.turns.iter().zip(&run.positions).enumerate() {
                for one in step.moves() {
                    let side = if one.own_initiative { "takes its own offer" } else { "takes an offer" };
                    let why = format!("{side}, likeliest with {:.0} %", 100.0 * one.probability);
                    for (i, (from, to)) in before[one.actor].iter().zip(&one.to).enumerate() {
                        if from != to {
                            let (who, with) = (actor(one.actor), actor(one.with));
                            let why = why.clone();
                            add(
                                turn + 1,
                                MoveAnswer { actor: who, with, issue: issue(i), from: *from, to: *to, why },
                            );
                        }
                    }
                }
            }
        }
        Theory::Exchange(options) => {
            for trade in exchange::run(council, options).exchanges {
                for (one, other) in [(trade.first, trade.second), (trade.second, trade.first)] {
                    let why = format!("exchange for `{}`", issue(other.issue));
                    let (who, with) = (actor(one.actor), actor(other.actor));
                    let (from, to) = (one.from, one.to);
                    add(
                        trade.round + 1,
                        MoveAnswer { actor: who, with, issue: issue(one.issue), from, to, why },
                    );
                }
            }
        }
    }
    turns
}
