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

mod double;
mod guide;
mod proof;
mod residue;
pub(crate) mod rows;
pub(crate) mod start;
pub(crate) mod table;

use crate::form::Form;
use crate::linear::{best_response, expected};
use detente_exact::Q;
use double::{Guess, Pair};
use guide::Guided;
use rows::{Beside, Rows, Variable};
use start::Powers;
use table::Table;

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

/// What decides the steps of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Floats, and residues for ties; longer floats from where these are in doubt.
    Floats,
    /// Floats of twice the digits, and residues for ties.
    Pairs,
    /// Whole numbers: every step is certain.
    Integers,
}

/// A table that the path runs through.
trait Pivoting {
    /// Brings the bonus down from without end until something else becomes as good as the chosen
    /// plan; returns what. `None` if nothing does while the bonus is positive.
    fn start(&mut self) -> Option<Variable>;

    /// Lets a variable rise; returns the one that falls to 0. `None` if it is none of the table's or
    /// nothing falls, neither of which happens on the path.
    fn enter(&mut self, variable: Variable) -> Option<Variable>;
}

/// Follows the path to a quasi-perfect equilibrium. `keep_going` is asked before each pivot.
///
/// Floats go first, and longer ones on from where these are in doubt; if what they end in is not proven, whole
/// numbers go.
///
/// `None` if the form has not two players or merged sets, or if the caller stopped.
pub fn quasi_perfect(form: &Form, keep_going: &dyn Fn() -> bool) -> Option<QuasiPerfect> {
    [By::Floats, By::Pairs, By::Integers].into_iter().find_map(|by| quasi_perfect_by(form, by, keep_going))
}

/// As [`quasi_perfect`], with steps decided in one way only; `None` also if that way fails.
pub fn quasi_perfect_by(form: &Form, by: By, keep_going: &dyn Fn() -> bool) -> Option<QuasiPerfect> {
    let merged = || form.sides.iter().flat_map(|s| &s.times).any(|t| *t != 1.0);
    if form.players() != 2 || merged() || !keep_going() {
        return None;
    }
    let first = start::against_all(form, 0);
    let second = start::against_trembling(form, 1, &first);
    let chosen = [&first[..], &second[..]];
    let rows = [Rows::new(form, 0, chosen, Beside::Nothing), Rows::new(form, 1, chosen, Beside::Bonus)];
    let (reach, pivots) = match by {
        By::Floats => in_floats(form, &rows, keep_going)?,
        By::Pairs => in_pairs(form, &rows, keep_going)?,
        By::Integers => {
            let mut tables = [Table::of(&rows[0]), Table::of(&rows[1])];
            let mut step = Step::first(&mut tables);
            follow(&mut tables, &mut step, u64::MAX, keep_going)?;
            ([tables[0].reach(&form.sides[0]), tables[1].reach(&form.sides[1])], step.pivots)
        }
    };
    // The path proves nothing by itself.
    if !proof::holds(form, &reach) {
        return None;
    }
    let (mut plan, mut tremble): (Vec<Vec<Q>>, Vec<Vec<(u32, Q)>>) = (vec![], vec![]);
    for (side, reach) in form.sides.iter().zip(&reach) {
        let list = leading(side, reach)?;
        plan.push(list.iter().map(|(order, p)| if *order == 0 { p.clone() } else { Q::ZERO }).collect());
        tremble.push(list);
    }
    let limit: Vec<Vec<Q>> =
        reach.iter().map(|r| r.iter().map(|powers| powers[0].clone()).collect()).collect();
    let stays = |p: usize| best_response(form, p, &limit) == expected(form, p, &limit, &plan[p]);
    (stays(0) && stays(1)).then_some(QuasiPerfect { plan, tremble, pivots })
}

/// How far a path is: what fell to 0 last, in which table, after how many steps.
struct Step {
    leaving: Option<Variable>,
    at: usize,
    pivots: u64,
}

impl Step {
    fn first(tables: &mut [impl Pivoting; 2]) -> Step {
        Step { leaving: tables[1].start(), at: 1, pivots: 0 }
    }
}

/// Pivots in turn until the bonus is gone. `None` if the caller stopped, if there would be more than `most`
/// steps, or if no variable falls; then the step says where that was.
fn follow(
    tables: &mut [impl Pivoting; 2],
    step: &mut Step,
    most: u64,
    keep_going: &dyn Fn() -> bool,
) -> Option<()> {
    while let Some(leaving) = step.leaving.filter(|v| *v != Variable::Bonus) {
        if step.pivots >= most || !keep_going() {
            return None;
        }
        step.leaving = Some(tables[1 - step.at].enter(leaving.partner())?);
        step.at = 1 - step.at;
        step.pivots += 1;
    }
    Some(())
}

/// The reach of all slots where a path ends, made exact, and the steps of the path.
type End = ([Vec<Powers>; 2], u64);

fn end<F: Guess>(form: &Form, tables: &[Guided<F>; 2], step: &Step) -> Option<End> {
    let reach = |p: usize| proof::reach(form, p, &tables[p].basic().collect());
    Some(([reach(0)?, reach(1)?], step.pivots))
}

/// The path in floats; where they leave a step in doubt, longer ones take over.
fn in_floats(form: &Form, rows: &[Rows; 2], keep_going: &dyn Fn() -> bool) -> Option<End> {
    let mut tables = [Guided::<f64>::new(&rows[0])?, Guided::<f64>::new(&rows[1])?];
    let mut step = Step::first(&mut tables);
    if follow(&mut tables, &mut step, MOST_GUIDED, keep_going).is_some() {
        return end(form, &tables, &step);
    }
    let mut tables = [tables[0].in_floats::<Pair>(&rows[0])?, tables[1].in_floats::<Pair>(&rows[1])?];
    follow(&mut tables, &mut step, MOST_GUIDED, keep_going)?;
    end(form, &tables, &step)
}

/// The path in floats of twice the digits.
fn in_pairs(form: &Form, rows: &[Rows; 2], keep_going: &dyn Fn() -> bool) -> Option<End> {
    let mut tables = [Guided::<Pair>::new(&rows[0])?, Guided::<Pair>::new(&rows[1])?];
    let mut step = Step::first(&mut tables);
    follow(&mut tables, &mut step, MOST_GUIDED, keep_going)?;
    end(form, &tables, &step)
}

/// Steps after which a path of floats is thought to run in a circle.
const MOST_GUIDED: u64 = 2_000_000;

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
