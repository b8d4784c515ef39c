//! Checks that a game's numbers can be computed: bounded size, and defined at the base.
//!
//! A short tape can square a number forty times. Before anything is evaluated, an upper
//! bound on the size of every value follows from the bounds of its operands.

use super::super::error::FormatError;
use super::super::size::oversized_payoff;
use super::super::{MAX_NUMBER_BITS, size};
use crate::game::Game;
use crate::tape::Op;
use detente_exact::Q;

/// Bound for one value of the tape, in bits; intermediate results may be larger than payoffs.
const MAX_VALUE_BITS: u64 = 1 << 20;
/// Bound for all values together (1 GB).
const MAX_TAPE_BITS: u64 = 1 << 33;
/// Size of a rational that was rounded to a float: mantissa and largest exponent.
const FLOAT_BITS: u64 = 1200;
/// Assumed size of a parameter, at least: a typical draw.
const DRAW_BITS: u64 = 128;
/// Largest exponent for which a power is exact.
const MAX_EXPONENT: u64 = 512;

/// Checks the tape's size, then evaluates the game at the base values.
pub(crate) fn check(game: &Game) -> Result<(), FormatError> {
    for (k, param) in game.params.iter().enumerate() {
        if param.base.bits() > MAX_NUMBER_BITS {
            return Err(too_large(format!("game.params[{k}].base")));
        }
    }
    tape(game)?;
    let values: Vec<Option<Q>> =
        game.tape.eval_exact(&game.base_params()).into_iter().map(|v| v.ok().map(|v| v.0)).collect();
    let value = |id: crate::ExprId| values[id.0 as usize].clone().unwrap_or(Q::ZERO);
    for (k, chance) in game.chances.iter().enumerate() {
        let probs: Vec<Q> = chance.probs.iter().map(|p| value(*p)).collect();
        if size::sum(probs.iter()).is_none() {
            return Err(too_large(format!("game.chances[{k}].probs")));
        }
    }
    let amounts: Vec<Vec<(usize, Q)>> = game
        .pay_lists
        .iter()
        .map(|list| list.iter().map(|p| (p.player.index(), value(p.amount))).collect())
        .collect();
    if let Some(node) = oversized_payoff(game, &amounts) {
        return Err(too_large(format!("game.nodes[{}].pays", node.0)));
    }
    game.numbers(&game.base_params()).map_err(|error| {
        FormatError::path(
            "game",
            format!("at the base values, {error}"),
            "correct the formula or the base values",
        )
    })?;
    Ok(())
}

fn too_large(path: String) -> FormatError {
    FormatError::path(path, "a number with too many digits", "round the numbers it is made of")
}

fn tape(game: &Game) -> Result<(), FormatError> {
    let mut bits: Vec<u64> = Vec::with_capacity(game.tape.ops.len());
    let mut total = 0u64;
    for (k, op) in game.tape.ops.iter().enumerate() {
        let b = |id: &crate::ExprId| bits[id.0 as usize];
        let bound = match op {
            Op::Const(q) => q.bits() as u64,
            Op::Param(p) => DRAW_BITS.max(game.params[p.index()].base.bits() as u64),
            Op::Neg(a) => b(a),
            Op::Add(x, y) | Op::Sub(x, y) => b(x) + b(y) + 2,
            Op::Mul(x, y) | Op::Div(x, y) => b(x) + b(y),
            Op::Pow(x, y) => b(x).saturating_mul(largest_exponent(game, *y)).max(FLOAT_BITS),
            Op::Min(x, y) | Op::Max(x, y) | Op::If(_, x, y) => b(x).max(b(y)),
            Op::Exp(_) | Op::Ln(_) => FLOAT_BITS,
            Op::Sqrt(a) => b(a).max(FLOAT_BITS),
            Op::Less(..) | Op::Equal(..) => 2,
        };
        total = total.saturating_add(bound);
        if bound > MAX_VALUE_BITS || total > MAX_TAPE_BITS {
            return Err(too_large(format!("game.tape.ops[{k}]")));
        }
        bits.push(bound);
    }
    Ok(())
}

fn largest_exponent(game: &Game, id: crate::ExprId) -> u64 {
    let constant = game.tape.as_const(id).map(|q| q.to_f64().abs());
    constant.filter(|e| *e <= MAX_EXPONENT as f64).map_or(MAX_EXPONENT, |e| e.ceil() as u64)
}
