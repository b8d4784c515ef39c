//! Evaluates happenings and numbers on one play of a game.
//!
//! A play is the list of events from the root to a terminal with the arm each
//! took. A comparison with a move that was not made is false, `!=` too.

use crate::question::{Arithmetic, Function, Happening, PlayNumber};
use detente_exact::Q;
use detente_game::{EventId, Game, NodeId, NodeKind, OutcomeId};

/// One play, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// Events in order, each with the position of its arm in `Event::arms`.
    pub taken: Vec<(EventId, u32)>,
    /// The outcome, where play has ended in a named one.
    pub outcome: Option<OutcomeId>,
}

impl Play {
    /// Returns the play that leads to `node`.
    pub fn to_node(game: &Game, node: NodeId) -> Play {
        let mut taken = Vec::new();
        let mut at = node;
        while let Some((parent, position)) = game.nodes[at.index()].parent {
            match game.nodes[parent.index()].kind {
                NodeKind::Decision(set) => {
                    let set = &game.infosets[set.index()];
                    taken.push((set.event, set.actions[position as usize]));
                }
                NodeKind::Chance(chance) => {
                    let chance = &game.chances[chance.index()];
                    taken.push((chance.event, chance.arms[position as usize]));
                }
                NodeKind::Terminal(_) => {}
            }
            at = parent;
        }
        taken.reverse();
        let outcome = match game.nodes[node.index()].kind {
            NodeKind::Terminal(outcome) => outcome,
            _ => None,
        };
        Play { taken, outcome }
    }

    /// Returns the arm that an event took, if it took place.
    pub fn arm(&self, event: EventId) -> Option<u32> {
        self.taken.iter().find(|(e, _)| *e == event).map(|(_, arm)| *arm)
    }
}

impl Happening {
    /// Returns whether it is true of `play`. `params` and `tape` are the values of
    /// `detente_game::Numbers` at the point in question.
    pub fn holds(&self, game: &Game, params: &[Q], tape: &[Option<Q>], play: &Play) -> bool {
        let holds = |h: &Happening| h.holds(game, params, tape, play);
        match self {
            Happening::Const(truth) => *truth,
            Happening::Outcome(outcome) => play.outcome == Some(*outcome),
            Happening::Arm { event, arms } => play.arm(*event).is_some_and(|arm| arms.contains(&arm)),
            Happening::Made(event) => play.arm(*event).is_some(),
            Happening::Compare(relation, left, right) => {
                let left = left.at(game, params, tape, play);
                let right = right.at(game, params, tape, play);
                left.zip(right).is_some_and(|(a, b)| relation.holds(a.cmp(&b)))
            }
            Happening::And(parts) => parts.iter().all(holds),
            Happening::Or(parts) => parts.iter().any(holds),
            Happening::Not(part) => !holds(part),
        }
    }
}

impl PlayNumber {
    /// Returns its value in `play`; `None` where a move it speaks of was not made,
    /// or where it divides by zero. Irrational steps round to the nearest f64.
    pub fn at(&self, game: &Game, params: &[Q], tape: &[Option<Q>], play: &Play) -> Option<Q> {
        let at = |n: &PlayNumber| n.at(game, params, tape, play);
        match self {
            PlayNumber::Const(value) => Some(value.clone()),
            PlayNumber::Param(param) => params.get(param.index()).cloned(),
            PlayNumber::Value(event) => {
                let arm = play.arm(*event)?;
                let expr = game.events[event.index()].values.get(arm as usize)?;
                tape.get(expr.0 as usize).cloned().flatten()
            }
            PlayNumber::Duration => {
                let mut rounds: Vec<i64> = play
                    .taken
                    .iter()
                    .filter_map(|(e, _)| game.events[e.index()].round.first().copied())
                    .collect();
                rounds.sort_unstable();
                rounds.dedup();
                Some(Q::new(rounds.len() as i64, 1))
            }
            PlayNumber::Indicator(happening) => {
                Some(if happening.holds(game, params, tape, play) { Q::ONE } else { Q::ZERO })
            }
            PlayNumber::If(condition, a, b) => {
                if condition.holds(game, params, tape, play) {
                    at(a)
                } else {
                    at(b)
                }
            }
            PlayNumber::Undefined => None,
            PlayNumber::Neg(a) => at(a).map(|a| -a),
            PlayNumber::Binary(op, a, b) => combine(*op, &at(a)?, &at(b)?),
            PlayNumber::Function(f, a) => apply(*f, &at(a)?),
        }
    }
}

/// Largest whole exponent that is computed exactly.
const MAX_EXACT_POWER: i64 = 512;

/// Returns `a op b`; `None` where it has no value. An irrational power rounds to the nearest f64.
pub fn combine(op: Arithmetic, a: &Q, b: &Q) -> Option<Q> {
    match op {
        Arithmetic::Add => Some(a + b),
        Arithmetic::Sub => Some(a - b),
        Arithmetic::Mul => Some(a * b),
        Arithmetic::Div => a.checked_div(b),
        Arithmetic::Min => Some(a.min(b).clone()),
        Arithmetic::Max => Some(a.max(b).clone()),
        Arithmetic::Pow => match b.to_i64() {
            Some(whole) if whole.abs() <= MAX_EXACT_POWER => a.checked_pow(whole as i32),
            _ => Q::from_f64(libm::pow(a.to_f64(), b.to_f64())),
        },
    }
}

/// Returns `f(a)`; `None` where it has no value. An irrational value rounds to the nearest f64.
pub fn apply(f: Function, a: &Q) -> Option<Q> {
    match f {
        Function::Abs => Some(a.abs()),
        Function::Exp if a.is_zero() => Some(Q::ONE),
        Function::Exp => Q::from_f64(libm::exp(a.to_f64())),
        Function::Ln if !a.is_positive() => None,
        Function::Ln if a.is_one() => Some(Q::ZERO),
        Function::Ln => Q::from_f64(libm::log(a.to_f64())),
        Function::Sqrt if a.is_negative() => None,
        Function::Sqrt => a.exact_sqrt().or_else(|| Q::from_f64(a.to_f64().sqrt())),
    }
}
