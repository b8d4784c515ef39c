//! From a float's guess to whole weights that prove a case empty.
//!
//! The one idea: the proof only asks for strict signs, so rounding the guess to a few digits
//! keeps it a proof, and floats with a bound on their error can check it.

use crate::game::Bimatrix;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};

/// Which of a player's strategies are decided: unused, or a best reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub unused: Vec<bool>,
    pub best: Vec<bool>,
}

impl Marks {
    pub(crate) fn new(size: usize) -> Marks {
        Marks { unused: vec![false; size], best: vec![false; size] }
    }
}

/// Digits of the weights, tried one after the other.
const BITS: [u32; 3] = [10, 24, 44];

/// Relative error of a sum of at most a few thousand products of floats, far on the safe side.
const ERROR: f64 = 1e-11;

/// Rounds multipliers of the rows of `player`'s polytope to weights that prove that no strategy of
/// `player` fits. `table` is [`Bimatrix::replies_as_floats`], each entry within 1e-15 of the truth.
pub(crate) fn round(table: &[Vec<f64>], unused: &[bool], best: &[bool], rows: &[f64]) -> Option<Vec<i64>> {
    let total: f64 = rows.iter().sum();
    let count = best.iter().filter(|b| **b).count();
    if count == 0 {
        return unused.iter().all(|u| *u).then(|| vec![0; rows.len()]);
    }
    let share = total / count as f64;
    let weight = |(row, best): (&f64, &bool)| if *best { share - row } else { (-row).max(0.0) };
    let weights: Vec<f64> = rows.iter().zip(best).map(weight).collect();
    let largest = weights.iter().fold(0.0f64, |m, w| m.max(w.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return None;
    }
    let anchor = best.iter().position(|b| *b)?;
    for bits in BITS {
        let scale = (1u64 << bits) as f64 / largest;
        let mut list: Vec<i64> = weights.iter().map(|w| (w * scale).round() as i64).collect();
        list[anchor] -= list.iter().sum::<i64>();
        if surely_positive(table, unused, &list) {
            return Some(list);
        }
    }
    None
}

/// Whether the weighted sum is above 0 for every strategy that is not unused, error included.
fn surely_positive(table: &[Vec<f64>], unused: &[bool], weights: &[i64]) -> bool {
    let own = unused.len();
    let mut sums = vec![0.0f64; own];
    let mut sizes = 0.0f64;
    for (row, weight) in table.iter().zip(weights) {
        if *weight == 0 {
            continue;
        }
        let w = *weight as f64;
        sizes += w.abs();
        for (sum, u) in sums.iter_mut().zip(row) {
            *sum += w * u;
        }
    }
    // Entries are at most 3/2.
    let error = sizes * 2.0 * ERROR;
    sums.iter().zip(unused).all(|(sum, unused)| *unused || *sum > error)
}

/// What exact arithmetic says about a case.
pub(crate) enum Decided {
    /// Some strategy fits.
    Fits,
    /// None fits; the weights prove it, unless they are too long to be written down.
    Refuted(Option<Vec<i64>>),
}

/// Decides whether some strategy of `player` leaves out what is unused and makes the other's `best`
/// strategies best replies.
pub(crate) fn decide(game: &Bimatrix, player: usize, unused: &[bool], best: &[bool]) -> Decided {
    if unused.iter().all(|u| *u) {
        return Decided::Refuted(Some(vec![0; best.len()]));
    }
    // By the theorem of the alternative there are weights if there is no strategy.
    let wanted: Vec<bool> = unused.iter().map(|u| !u).collect();
    match weights(game, player, unused, best, &wanted, &vec![false; best.len()]) {
        Some(found) => Decided::Refuted(whole(&found)),
        None => Decided::Fits,
    }
}

/// Whole weights that show that `player` never uses the strategies `never` and that the other
/// player's strategies `always` are best replies, given what is decided.
pub(crate) fn implied(
    game: &Bimatrix,
    player: usize,
    marks: (&[bool], &[bool]),
    never: &[bool],
    always: &[bool],
) -> Option<Vec<i64>> {
    whole(&weights(game, player, marks.0, marks.1, never, always)?)
}

/// What weights show, given what is decided: own strategies never used, others always best replies.
pub(crate) fn shown(
    game: &Bimatrix,
    player: usize,
    (unused, best): (&[bool], &[bool]),
    weights: &[i64],
) -> (Vec<bool>, Vec<bool>) {
    let others = game.payoffs(1 - player);
    let sum = |i: usize| -> Q { others.iter().zip(weights).map(|(row, w)| &row[i] * &Q::from(*w)).sum() };
    let never = (0..unused.len()).map(|i| !unused[i] && sum(i).is_positive()).collect();
    let always = weights.iter().zip(best).map(|(w, best)| !best && *w > 0).collect();
    (never, always)
}

/// Weights on the other player's strategies: not negative but on best ones, at least 1 on `always`,
/// with sum 0; every own strategy's sum is not negative, and at least 1 on `never`.
fn weights(
    game: &Bimatrix,
    player: usize,
    unused: &[bool],
    best: &[bool],
    never: &[bool],
    always: &[bool],
) -> Option<Vec<Q>> {
    let others = game.payoffs(1 - player);
    let least = |wanted: bool| if wanted { Q::ONE } else { Q::ZERO };
    let mut lp = Lp::default();
    for (is_best, always) in best.iter().zip(always) {
        lp.add_variable((!is_best).then(|| least(*always)), None);
    }
    lp.add_row((0..best.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ZERO);
    for i in (0..unused.len()).filter(|i| !unused[*i]) {
        // Only differences count, since weights sum to 0.
        let low = others.iter().map(|row| &row[i]).min().expect("a game has strategies");
        let coefs = others.iter().enumerate().map(|(k, row)| (k, &row[i] - low));
        let coefs = coefs.filter(|(_, c)| !c.is_zero()).collect();
        lp.add_row(coefs, Rel::Ge, least(never[i]));
    }
    lp::feasible(&lp).ok()
}

/// Coprime whole numbers in the same ratio, if they fit.
fn whole(weights: &[Q]) -> Option<Vec<i64>> {
    let mut common = Q::ONE;
    for w in weights {
        common *= (&common * w).denominator();
    }
    weights.iter().map(|w| (w * &common).to_i64()).collect()
}
