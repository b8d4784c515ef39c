//! One equilibrium of a cell, as functions of the parameters.
//!
//! The one idea: at the center, a linear program finds a corner of the cell with room to its strict
//! conditions. The corner is where some rows hold with equality; solving these equations as
//! functions gives the equilibrium near by, and the other rows are signs to be asked.

mod corner;

use super::{Field, Solved, Stop, Support, combined, no_support, set_id};
use crate::cell;
use crate::combine::reduced;
use crate::poly::Poly;
use crate::rows::{Rules, Sum};
use crate::state::{Lead, State, Status};
use corner::corner;
use detente_game::InfosetId;
use detente_game::certificate::Row;
use std::collections::{BTreeMap, BTreeSet};

/// What keeps an equilibrium from changing its supports: a number above 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Margin {
    /// An unused action earns less than the used ones.
    Worse(InfosetId, u32),
    /// A used action has a positive probability.
    Used(InfosetId, u32),
}

/// One equilibrium with given supports.
#[derive(Clone, Debug)]
pub struct Place<N> {
    /// Probability of each outcome key of the game.
    pub outcomes: Vec<N>,
    /// Whether the outcomes are the same all over the cell.
    pub fixed: bool,
    pub margins: Vec<(Margin, N)>,
    /// Probability of each action, by set and action; `None` where the stage does not say.
    pub profile: Vec<Option<Vec<N>>>,
    /// By set, whether these probabilities are the same all over the cell: equations alone, or a
    /// menu of one used action, leave no others.
    pub pinned: Vec<bool>,
}

/// One condition of a cell.
struct Condition<N> {
    poly: Poly<N>,
    equation: bool,
    margin: Option<Margin>,
}

/// Finds an equilibrium of a decided state.
///
/// # Errors
/// The state is not settled, is empty, or its rows are not linear.
pub fn find<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    solved: &[Solved<N>],
) -> Result<Place<N>, Stop> {
    let tree = &rules.stages[stage as usize];
    if let Some(why) = cell::unsettled(rules, state, tree, &[]).into_iter().flatten().next() {
        return Err(Stop::Never(why));
    }
    let conditions = conditions(rules, state, stage)?;
    let (values, sole) = corner(rules, state, &conditions)?;
    let weight = |a: u32| evaluate(&rules.weight_poly(state, a), &values);
    let mut margins: Vec<(Margin, N)> = vec![];
    for c in &conditions {
        if let Some(margin) = &c.margin {
            margins.push((margin.clone(), evaluate(&c.poly, &values)));
        }
    }
    let mut profile = vec![None; rules.tree.game.infosets.len()];
    let mut pinned = vec![false; profile.len()];
    let known = |a: u32| rules.weight_poly(state, a).0.keys().flatten().all(|v| sole.contains(v));
    for data in &tree.sets {
        let before = data.before.map_or(N::one(), &weight);
        let mut row = vec![];
        for (k, a) in rules.tree.actions(data.set).enumerate() {
            let used = state.status[a as usize] != Status::Zero;
            let share = if used { weight(a).over(&before) } else { Some(N::zero()) };
            let sole = state.is_single(data.set);
            match share {
                _ if used && sole => row.push(N::one()),
                Some(share) => {
                    if state.status[a as usize] == Status::Positive {
                        margins.push((Margin::Used(set_id(data.set), k as u32), weight(a)));
                    }
                    row.push(share);
                }
                None => break,
            }
        }
        if row.len() == rules.tree.actions(data.set).len() {
            profile[data.set as usize] = Some(row);
            let all = data.before.is_none_or(known) && rules.tree.actions(data.set).all(known);
            pinned[data.set as usize] = all || state.is_single(data.set);
        }
    }
    for inner in nested(rules, state, stage) {
        let chosen = &solved[inner.0].components[inner.1].places;
        if let Some(first) = chosen.first() {
            first.lend(chosen.len() == 1, &mut profile, &mut pinned);
        }
        margins.extend(chosen.iter().flat_map(|p| p.margins.clone()));
    }
    let (outcomes, fixed) = outcomes(rules, state, stage, solved, &weight)?;
    Ok(Place { outcomes, fixed, margins, profile, pinned })
}

impl<N: Field> Place<N> {
    /// Fills in what is not said yet with the play of a nested stage; `only`: it has no other cell.
    pub(super) fn lend(&self, only: bool, profile: &mut [Option<Vec<N>>], pinned: &mut [bool]) {
        for (h, mine) in profile.iter_mut().enumerate().filter(|(_, mine)| mine.is_none()) {
            mine.clone_from(&self.profile[h]);
            pinned[h] = only && self.pinned[h];
        }
    }
}

/// The nested stages with the component that the state plays there.
fn nested<N: Field>(rules: &Rules<N>, state: &State<N>, stage: u32) -> Vec<(usize, usize)> {
    let inner: BTreeSet<u32> = rules.stages[stage as usize].leaves.iter().filter_map(|l| l.nested).collect();
    let chosen = |s: &u32| {
        let single = rules.vectors[*s as usize].len() == 1;
        state.choice[*s as usize].or(single.then_some(0)).map(|k| (*s as usize, k as usize))
    };
    inner.iter().filter_map(chosen).collect()
}

/// The rows of every set, and the scales.
fn conditions<N: Field>(rules: &Rules<N>, state: &State<N>, stage: u32) -> Result<Vec<Condition<N>>, Stop> {
    let mut list: Vec<Condition<N>> = vec![];
    let mut add = |row: Row, margin: Option<Margin>| -> Result<(), String> {
        let poly = rules.row(state, stage, row)?;
        let equation = rules.is_equation(state, row)?;
        let margin = margin.filter(|_| !equation && !poly.is_zero());
        list.push(Condition { poly, equation, margin });
        Ok(())
    };
    for data in &rules.stages[stage as usize].sets {
        add(Row::Flow(data.set), None)?;
        if let Some(Lead::Any(_)) = &state.lead[data.set as usize] {
            add(Row::Belief(data.set), None)?;
        }
        let beaten = |a: u32| state.is_zero(a) && state.dominated[a as usize];
        let one_left = rules.tree.actions(data.set).filter(|a| !beaten(*a)).count() == 1;
        for k in 0..data.terms.len() as u32 {
            match add(Row::Best(data.set, k), Some(Margin::Worse(set_id(data.set), k))) {
                // Without rows: one action is left whatever is believed.
                Err(_) if rules.sequential && one_left => break,
                other => other?,
            }
        }
    }
    for group in &state.units {
        let first = group.first().copied().unwrap_or_default();
        let set = rules.tree.set_of[first as usize];
        add(Row::Unit(set, first - rules.tree.offset[set as usize]), None)?;
    }
    Ok(list)
}

/// A polynomial's value where every variable is a function.
fn evaluate<N: Field>(poly: &Poly<N>, values: &BTreeMap<u32, N>) -> N {
    let mut total = N::zero();
    for (monomial, c) in &poly.0 {
        let mut product = c.clone();
        for v in monomial {
            product = product.times(values.get(v).unwrap_or(&N::one()));
        }
        total = total.plus(&product);
    }
    total
}

/// The outcome probabilities at the point, and whether they are those of the whole cell.
fn outcomes<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    solved: &[Solved<N>],
    weight: &impl Fn(u32) -> N,
) -> Result<(Vec<N>, bool), Stop> {
    let tree = &rules.stages[stage as usize];
    let mut total = vec![N::zero(); rules.tree.game.outcome_keys().len()];
    let mut enters = false;
    let mut fixed = true;
    let played = nested(rules, state, stage);
    for leaf in tree.leaves.iter().filter(|l| rules.is_live(state, &l.path)) {
        let share = leaf.weights.iter().fold(leaf.chance.clone(), |p, a| p.times(&weight(*a)));
        if let Some(inner) = leaf.nested {
            enters = true;
            let (s, k) = *played
                .iter()
                .find(|(s, _)| *s == inner as usize)
                .ok_or_else(|| Stop::Here("a nested subgame is not chosen".to_string()))?;
            let places = &solved[s].components[k].places;
            let Some(first) = places.first() else { continue };
            fixed &= places.len() == 1 && first.fixed;
            for (t, o) in total.iter_mut().zip(&first.outcomes) {
                *t = t.plus(&share.times(o));
            }
        } else if let Some(key) = rules.tree.game.outcome_key(detente_game::NodeId(leaf.node))
            && let Some(t) = total.get_mut(key)
        {
            *t = t.plus(&share);
        }
    }
    if !enters {
        fixed = cell::outcomes(rules, state, tree)?.iter().all(Option::is_some);
    }
    Ok((total, fixed))
}

/// The payoffs of every player at the stage's root, where they are the same all over the cell.
///
/// # Errors
/// They vary.
pub fn payoffs<N: Field>(rules: &Rules<N>, state: &State<N>, stage: u32) -> Result<Vec<N>, Stop> {
    let tree = &rules.stages[stage as usize];
    let mut list = vec![];
    for player in 0..rules.tree.game.players.len() {
        let direct = cell::payoff_by_leaves(rules, state, tree, player)?;
        if let Some(number) = reduced(rules, state, &direct)?.as_constant() {
            list.push(number);
            continue;
        }
        let mut by_values = Poly::default();
        let sum = Sum::from_root(N::one());
        rules.add_terms(state, player, &tree.first[player], None, &sum, &mut by_values)?;
        let number = reduced(rules, state, &by_values)?.as_constant();
        list.push(number.ok_or_else(|| Stop::Here("the payoffs of a nested subgame vary".into()))?);
    }
    Ok(list)
}

/// The supports of the cell: undecided actions of a settled state may be used or not.
pub fn supports<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    solved: &[Solved<N>],
) -> Result<BTreeSet<Support>, Stop> {
    let mut lists: Vec<BTreeSet<Support>> = vec![];
    for data in &rules.stages[stage as usize].sets {
        let entered = rules.sequential || rules.surely_entered(state, data.set);
        if !entered {
            continue;
        }
        let mut rows: Vec<Vec<bool>> = vec![vec![]];
        for a in rules.tree.actions(data.set) {
            let may: &[bool] = match state.status[a as usize] {
                Status::Zero => &[false],
                Status::Positive => &[true],
                Status::Undecided => &[false, true],
            };
            rows =
                rows.iter().flat_map(|r| may.iter().map(|used| [r.as_slice(), &[*used]].concat())).collect();
            if rows.len() > super::MAX_SUPPORTS {
                return Err(Stop::Never("too many supports to list".into()));
            }
        }
        let of = |row: Vec<bool>| {
            let mut support = no_support(rules.tree.game);
            support[data.set as usize] = Some(row);
            support
        };
        lists.push(rows.into_iter().filter(|r| r.contains(&true)).map(of).collect());
    }
    for (s, k) in nested(rules, state, stage) {
        lists.push(solved[s].components[k].supports.clone());
    }
    let lists: Vec<&BTreeSet<Support>> = lists.iter().collect();
    combined(BTreeSet::from([no_support(rules.tree.game)]), &lists)
}
