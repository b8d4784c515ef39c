//! The game's numbers as functions: its tape evaluated over another kind of number.
//!
//! The one idea: whatever does not depend on the free parameters keeps the exact value that it has
//! at a point, rounded steps included; the rest is computed step by step.

use detente_exact::Q;
use detente_game::{Game, Op};
use detente_verify::over::Field;

/// Numbers that can stand for parameters. Besides what rows need, irrational steps.
pub trait Number: Field {
    /// An irrational step of the tape; `None` if this kind of number has none.
    fn irrational(op: &Op, operands: &[Self]) -> Option<Self>;
    /// Whether it is 0, as far as this kind of number can tell.
    fn vanishes(&self) -> bool;
}

/// A game's numbers, laid out as in [`detente_game::Numbers`].
pub struct Functions<N> {
    pub chance: Vec<Vec<N>>,
    pub payoffs: Vec<N>,
}

/// Evaluates a game where its parameters are these numbers.
///
/// # Errors
/// In words: a formula without a value, an irrational step, or probabilities that are none.
pub fn functions<N: Number>(game: &Game, base: &[Q], params: &[Option<N>]) -> Result<Functions<N>, String> {
    let fixed = game.tape.eval_exact(base);
    let mut free: Vec<bool> = Vec::with_capacity(game.tape.ops.len());
    let mut values: Vec<Result<N, String>> = Vec::with_capacity(game.tape.ops.len());
    for (k, op) in game.tape.ops.iter().enumerate() {
        let depends = match op {
            Op::Param(p) => params[p.index()].is_some(),
            other => other.operands().iter().any(|id| free[id.0 as usize]),
        };
        let value = match (op, depends) {
            (_, false) => match &fixed[k] {
                Ok((value, _)) => Ok(N::of(value)),
                Err(error) => Err(error.to_string()),
            },
            (Op::Param(p), true) => params[p.index()].clone().ok_or_else(String::new),
            (op, true) => step(op, &values),
        };
        free.push(depends);
        values.push(value);
    }
    let at = |id: detente_game::ExprId| values[id.0 as usize].clone();
    let mut chance = Vec::with_capacity(game.chances.len());
    for c in &game.chances {
        let probs = c.probs.iter().map(|e| at(*e)).collect::<Result<Vec<N>, String>>()?;
        let name = || game.event_name(c.event);
        if probs.iter().any(|p| p.sign() != Some(1)) {
            return Err(format!("a probability of `{}` may not be above 0", name()));
        }
        let sum = probs.iter().fold(N::zero(), |s, p| s.plus(p)).minus(&N::one());
        if !sum.vanishes() {
            return Err(format!("the probabilities of `{}` may not sum to 1", name()));
        }
        chance.push(probs);
    }
    let players = game.players.len();
    let mut payoffs = vec![N::zero(); game.nodes.len() * players];
    for (i, node) in game.nodes.iter().enumerate() {
        if let Some((parent, _)) = node.parent {
            for p in 0..players {
                payoffs[i * players + p] = payoffs[parent.index() * players + p].clone();
            }
        }
        for pay in &game.pay_lists[node.pays.index()] {
            let slot = &mut payoffs[i * players + pay.player.index()];
            *slot = slot.plus(&at(pay.amount)?);
        }
    }
    Ok(Functions { chance, payoffs })
}

/// One operation that depends on a free parameter.
fn step<N: Number>(op: &Op, values: &[Result<N, String>]) -> Result<N, String> {
    let get = |id: &detente_game::ExprId| values[id.0 as usize].clone();
    let unsure = |what: &str| format!("{what} is not decided here");
    let truth = |b: bool| if b { N::one() } else { N::zero() };
    match op {
        Op::Neg(a) => Ok(get(a)?.negated()),
        Op::Add(a, b) => Ok(get(a)?.plus(&get(b)?)),
        Op::Sub(a, b) => Ok(get(a)?.minus(&get(b)?)),
        Op::Mul(a, b) => Ok(get(a)?.times(&get(b)?)),
        Op::Div(a, b) => get(a)?.over(&get(b)?).ok_or_else(|| unsure("whether a divisor is 0")),
        Op::Min(a, b) => get(a)?.sorted(&get(b)?).map(|s| s.1).ok_or_else(|| unsure("a minimum")),
        Op::Max(a, b) => get(a)?.sorted(&get(b)?).map(|s| s.0).ok_or_else(|| unsure("a maximum")),
        Op::Less(a, b) => {
            let sign = get(a)?.minus(&get(b)?).sign().ok_or_else(|| unsure("a comparison"))?;
            Ok(truth(sign < 0))
        }
        Op::Equal(a, b) => {
            let sign = get(a)?.minus(&get(b)?).sign().ok_or_else(|| unsure("a comparison"))?;
            Ok(truth(sign == 0))
        }
        Op::If(c, a, b) => match get(c)?.sign().ok_or_else(|| unsure("a condition"))? {
            0 => get(b),
            _ => get(a),
        },
        Op::Pow(a, b) => {
            let (base, exponent) = (get(a)?, get(b)?);
            let whole = exponent.minus(&N::of(&exponent.center())).is_zero();
            match exponent.center().to_i64().filter(|e| whole && e.abs() <= 64) {
                Some(times) => {
                    let power = (0..times.abs()).fold(N::one(), |p, _| p.times(&base));
                    let inverse = || N::one().over(&power).ok_or_else(|| unsure("whether a divisor is 0"));
                    if times < 0 { inverse() } else { Ok(power) }
                }
                None => N::irrational(op, &[base, exponent]).ok_or_else(irrational),
            }
        }
        Op::Exp(a) | Op::Ln(a) | Op::Sqrt(a) => N::irrational(op, &[get(a)?]).ok_or_else(irrational),
        Op::Const(q) => Ok(N::of(q)),
        Op::Param(_) => Err("a parameter without a number".into()),
    }
}

fn irrational() -> String {
    "a root, logarithm or power has no value here".into()
}
