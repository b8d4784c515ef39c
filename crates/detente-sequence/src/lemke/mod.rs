//! One equilibrium of two players by complementary pivoting on the sequence form, with its trembles.
//!
//! The one idea: each sequence is unused or a best reply. Pay the first player a bonus for one plan,
//! so large that nothing else is worth thinking of; then there is one equilibrium, and as the bonus
//! shrinks it moves along a path of such pairs until the bonus is gone (Lemke, "Bimatrix equilibrium
//! points and mathematical programming", 1965; Koller, Megiddo and von Stengel, "Efficient
//! computation of equilibria for extensive two-person games", 1996). The bonus is in one of two tables
//! only, so these are pivoted in turn as in Lemke and Howson, "Equilibrium points of bimatrix games",
//! 1964.
//!
//! Every sequence of k actions is used with at least e^k for a symbol e that is smaller than every
//! positive number. The end of the path is then quasi-perfect, and with the trembles found on the
//! way a sequential equilibrium (Miltersen and Sørensen, "Computing a quasi-perfect equilibrium of a
//! two-player game", Economic Theory, 2010). What ties are left the lexicographic rule breaks, so the
//! path never turns back.

pub(crate) mod start;
pub(crate) mod table;

use crate::form::Form;
use crate::linear::{best_response, expected};
use detente_exact::Q;
use table::{Beside, Table, Variable};

/// A quasi-perfect equilibrium of two players.
#[derive(Clone, Debug, PartialEq)]
pub struct QuasiPerfect {
    /// Probability of each slot where its set is reached, per player; 1 for the empty sequence.
    pub plan: Vec<Vec<Q>>,
    /// How the probability of each slot vanishes, per player: order and weight of the leading
    /// power of e. Order 0 where the slot is played.
    pub tremble: Vec<Vec<(u32, Q)>>,
    /// Steps of the path.
    pub pivots: u64,
}

/// Follows the path to a quasi-perfect equilibrium. `keep_going` is asked before each pivot.
///
/// `None` if the form has not two players or merged sets, or if the caller stopped.
pub fn quasi_perfect(form: &Form, keep_going: &dyn Fn() -> bool) -> Option<QuasiPerfect> {
    let merged = || form.sides.iter().flat_map(|s| &s.times).any(|t| *t != 1.0);
    if form.players() != 2 || merged() {
        return None;
    }
    let first = start::against_all(form, 0);
    let second = start::against_trembling(form, 1, &first);
    let chosen = [&first[..], &second[..]];
    let mut tables =
        [Table::new(form, 0, chosen, Beside::Nothing), Table::new(form, 1, chosen, Beside::Bonus)];
    let mut pivots = 0;
    if let Some(mut leaving) = tables[1].start() {
        let mut at = 1;
        while leaving != Variable::Bonus {
            if !keep_going() {
                return None;
            }
            at = 1 - at;
            pivots += 1;
            leaving = tables[at].enter(leaving.partner())?;
        }
    }
    let reach: Vec<Vec<Vec<Q>>> = tables.iter().zip(&form.sides).map(|(t, side)| t.reach(side)).collect();
    let (mut plan, mut tremble): (Vec<Vec<Q>>, Vec<Vec<(u32, Q)>>) = (vec![], vec![]);
    for (side, reach) in form.sides.iter().zip(&reach) {
        let list = leading(side, reach)?;
        plan.push(list.iter().map(|(order, p)| if *order == 0 { p.clone() } else { Q::ZERO }).collect());
        tremble.push(list);
    }
    let limit: Vec<Vec<Q>> =
        reach.iter().map(|r| r.iter().map(|powers| powers[0].clone()).collect()).collect();
    // The path proves nothing by itself: neither may gain.
    let stays = |p: usize| best_response(form, p, &limit) == expected(form, p, &limit, &plan[p]);
    (stays(0) && stays(1)).then_some(QuasiPerfect { plan, tremble, pivots })
}

/// Order and weight of each slot's probability given its set: its reach, a polynomial in e, over
/// that of the slot before. `None` if a reach has no positive leading coefficient.
fn leading(side: &crate::form::Side, reach: &[Vec<Q>]) -> Option<Vec<(u32, Q)>> {
    let first = |s: usize| {
        let order = reach[s].iter().position(|c| !c.is_zero())?;
        reach[s][order].is_positive().then(|| (order, reach[s][order].clone()))
    };
    let mut list = vec![(0, Q::ONE); side.slots()];
    for k in 0..side.sets.len() {
        let before = first(side.parent[k] as usize)?;
        for s in side.range(k) {
            let here = first(s)?;
            list[s] = (here.0.checked_sub(before.0)? as u32, &here.1 / &before.1);
        }
    }
    Some(list)
}
