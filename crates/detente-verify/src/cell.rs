//! Leaves: what a cell must show before it counts as one connected piece of equilibria.
//!
//! The one idea: with all actions decided and all rows linear, the equilibria left are
//! a convex set of plan weights, so nothing separate can hide in the cell.

use crate::combine::reduced;
use crate::field::Field;
use crate::idle::Ranges;
use crate::poly::Poly;
use crate::rows::{Rules, Sum};
use crate::scales::Scales;
use crate::state::State;
use crate::tree::{SetData, StageTree};
use detente_exact::Q;
use detente_game::certificate::Row;
use std::collections::BTreeMap;

/// Returns for each set of the stage why it is not settled, if so.
pub fn unsettled<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: &StageTree<N>,
    boxed: &[u32],
) -> Vec<Option<String>> {
    let none = Scales::none();
    let ranges = if rules.sequential { None } else { Some(Ranges::new(rules, state, stage)) };
    let open = |plain: bool, scales: &Scales| -> Vec<Option<String>> {
        let one =
            |data: &SetData<N>| set_is_open(rules, state, data.set, boxed, plain, scales, ranges.as_ref());
        stage.sets.iter().map(one).collect()
    };
    let mut relative = open(false, &none);
    if rules.sequential && relative.iter().any(Option::is_some) {
        relative = open(false, &Scales::new(rules, state, stage, boxed));
    }
    if relative.iter().all(Option::is_none) || stage.sets.iter().all(|s| s.shared.is_empty()) {
        return relative;
    }
    // A player's rows may be linear in either scale, but all of them in the same one.
    let plain = open(true, &none);
    let by_plain: Vec<u32> =
        stage.sets.iter().zip(&plain).filter(|(_, p)| p.is_some()).map(|(s, _)| s.player).collect();
    let choice = stage.sets.iter().zip(relative).zip(plain);
    choice.map(|((s, r), p)| if by_plain.contains(&s.player) { r } else { p }).collect()
}

fn set_is_open<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    set: u32,
    boxed: &[u32],
    plain: bool,
    scales: &Scales,
    ranges: Option<&Ranges<N>>,
) -> Option<String> {
    let data = rules.set(set);
    let beaten = |a: u32| state.is_zero(a) && state.dominated[a as usize];
    if rules.uncut[set as usize].iter().any(|a| !rules.is_strict(state, *a)) {
        return Some(format!(
            "set {set} is in a subgame that may not be reached, and has no stage of its own"
        ));
    }
    if rules.sequential && rules.tree.actions(set).filter(|a| !beaten(*a)).count() == 1 {
        // Whatever is believed, one action is left, and beliefs consistent with one profile
        // form a connected set.
        return None;
    }
    let mut rows = Vec::new();
    for k in 0..data.terms.len() as u32 {
        let row = if plain { rules.best_plain(state, data, k) } else { rules.best(state, data, k) };
        match row {
            Ok(row) => rows.push(row),
            Err(why) => return Some(why),
        }
    }
    let plainly = |p: &Poly<N>| p.0.keys().all(|m| m.iter().filter(|v| !boxed.contains(v)).count() <= 1);
    let bound = |k: usize| rules.is_equation(state, Row::Best(set, k as u32)) != Ok(false);
    let linear = |k: usize, p: &Poly<N>| {
        let fits = |r: Poly<N>| {
            let idle = || !bound(k) && ranges.is_some_and(|ranges| ranges.imply(rules, &r));
            plainly(&scales.normalised(&r)) || idle()
        };
        plainly(p) || reduced(rules, state, p).is_ok_and(fits)
    };
    let all = rows.iter().enumerate().all(|(k, row)| linear(k, row));
    if !all && !linear_without_value(rules, state, data, &rows, &linear) {
        return Some(format!("a row of set {set} is not linear in what is left"));
    }
    let entered = rules.sequential || rules.surely_entered(state, set);
    let decided = rules.tree.actions(set).all(|a| state.is_decided(a));
    if decided && entered || !rules.sequential && rules.behind_zero(state, set) {
        return None;
    }
    let mut live = rules.tree.actions(set).zip(&rows).filter(|(a, _)| !entered || !state.is_zero(*a));
    let first = live.next().map(|(_, row)| row);
    match live.all(|(_, row)| Some(row) == first) {
        true => None,
        false => Some(format!("set {set} has undecided actions")),
    }
}

/// Whether the rows of a set are linear once one that is 0 is subtracted from the others. The
/// value then follows from the weights; no other set may use it.
fn linear_without_value<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    data: &SetData<N>,
    rows: &[Poly<N>],
    linear: &dyn Fn(usize, &Poly<N>) -> bool,
) -> bool {
    let is_zero = |k: &usize| rules.is_equation(state, Row::Best(data.set, *k as u32)) == Ok(true);
    let Some(zero) = (0..rows.len()).find(is_zero).filter(|_| data.before.is_none()) else { return false };
    rows.iter().enumerate().all(|(k, row)| {
        let mut rest = row.clone();
        rest.add_scaled(&rows[zero], &N::one().negated());
        linear(k, &rest)
    })
}

/// Checks that every player's expected payoff at the stage's root is the listed one.
pub fn check_payoffs(rules: &Rules, state: &State, stage: &StageTree, listed: &[Q]) -> Result<(), String> {
    for (player, payoff) in listed.iter().enumerate() {
        let direct = payoff_by_leaves(rules, state, stage, player)?;
        if is_number(rules, state, &direct, payoff)? {
            continue;
        }
        let mut by_values = Poly::default();
        rules.add_terms(
            state,
            player,
            &stage.first[player],
            None,
            &Sum::from_root(Q::ONE),
            &mut by_values,
        )?;
        if !is_number(rules, state, &by_values, payoff)? {
            return Err(format!(
                "the payoff of player {player} in a nested cell is not shown to be {payoff}"
            ));
        }
    }
    Ok(())
}

fn is_number(rules: &Rules, state: &State, poly: &Poly, number: &Q) -> Result<bool, String> {
    Ok(reduced(rules, state, poly)?.as_constant().as_ref() == Some(number))
}

pub fn payoff_by_leaves<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: &StageTree<N>,
    player: usize,
) -> Result<Poly<N>, String> {
    let mut poly = Poly::default();
    for leaf in stage.leaves.iter().filter(|l| rules.is_live(state, &l.path)) {
        let payoff = match leaf.nested {
            Some(nested) => rules.nested_payoff(state, nested, player)?,
            None => rules.tree.payoff(leaf.node, player),
        };
        if let Some((monomial, c)) = rules.product(state, &leaf.chance.times(payoff), &leaf.weights) {
            poly.add_term(monomial, c);
        }
    }
    Ok(poly)
}

/// Returns the probability of each outcome key that is one number over the whole cell.
/// `None` for the others, and for all if play may enter a nested stage.
pub fn outcomes<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: &StageTree<N>,
) -> Result<Vec<Option<N>>, String> {
    let keys = rules.tree.game.outcome_keys().len();
    let live: Vec<_> = stage.leaves.iter().filter(|l| rules.is_live(state, &l.path)).collect();
    if live.iter().any(|l| l.nested.is_some()) {
        return Ok(vec![None; keys]);
    }
    let mut polys = vec![Poly::default(); keys];
    for leaf in live {
        let key = rules.tree.game.outcome_key(detente_game::NodeId(leaf.node));
        if let Some((monomial, c)) = rules.product(state, &leaf.chance, &leaf.weights)
            && let Some(poly) = key.and_then(|k| polys.get_mut(k))
        {
            poly.add_term(monomial, c);
        }
    }
    polys.iter().map(|p| Ok(reduced(rules, state, p)?.as_constant())).collect()
}

/// Returns the one payoff vector of a stage with perfect information, by backward induction.
///
/// # Errors
/// Tied best actions give somebody different payoffs.
pub fn perfect_payoffs(rules: &Rules, stage: &StageTree) -> Result<Vec<Q>, String> {
    let state = State::new(rules.tree, rules.vectors.len());
    let players = rules.tree.game.players.len();
    // Sets are listed parents first, so the backward pass meets successors first.
    let nested: BTreeMap<u32, u32> = stage.leaves.iter().filter_map(|l| Some((l.node, l.nested?))).collect();
    let mut values: BTreeMap<u32, Vec<Q>> = BTreeMap::new();
    for data in stage.sets.iter().rev() {
        let member = data.members.first().ok_or("a set has no member")?;
        let mut chosen: Option<Vec<Q>> = None;
        for child in rules.tree.game.children(detente_game::NodeId(member.node)) {
            let vector = vector_at(rules, &state, &values, child.0, players, &nested)?;
            let owner = data.player as usize;
            chosen = Some(match chosen {
                Some(old) if old[owner] > vector[owner] => old,
                Some(old) if old[owner] == vector[owner] && old != vector => {
                    return Err(format!("set {} has a tie with different payoffs", data.set));
                }
                _ => vector,
            });
        }
        values.insert(member.node, chosen.ok_or("a decision without actions")?);
    }
    vector_at(rules, &state, &values, stage.root, players, &nested)
}

/// The payoff vector of a node: a known decision, an end, or a mixture of them by chance.
fn vector_at(
    rules: &Rules,
    state: &State,
    values: &BTreeMap<u32, Vec<Q>>,
    node: u32,
    players: usize,
    nested: &BTreeMap<u32, u32>,
) -> Result<Vec<Q>, String> {
    use detente_game::NodeKind;
    let mut sum = vec![Q::ZERO; players];
    let mut stack = vec![(node, Q::ONE)];
    while let Some((node, chance)) = stack.pop() {
        let add = |sum: &mut Vec<Q>, vector: &dyn Fn(usize) -> Result<Q, String>| {
            for (p, s) in sum.iter_mut().enumerate() {
                *s += &(&chance * &vector(p)?);
            }
            Ok::<(), String>(())
        };
        if let Some(nested) = nested.get(&node) {
            add(&mut sum, &|p| rules.nested_payoff(state, *nested, p).cloned())?;
            continue;
        }
        match rules.tree.kind(node) {
            NodeKind::Terminal(_) => add(&mut sum, &|p| Ok(rules.tree.payoff(node, p).clone()))?,
            NodeKind::Decision(_) => {
                let vector = values.get(&node).ok_or("a later decision has no value")?;
                add(&mut sum, &|p| Ok(vector[p].clone()))?;
            }
            NodeKind::Chance(c) => {
                let children = rules.tree.game.children(detente_game::NodeId(node));
                for (child, p) in children.iter().zip(&rules.tree.chance[c.index()]) {
                    stack.push((child.0, &chance * p));
                }
            }
        }
    }
    Ok(sum)
}
