//! What a step needs of the state before it may be taken.
//!
//! The one idea: these rules are about the shape of the game and of the steps above, so they are
//! the same at a point and over a range.

use crate::field::Field;
use crate::rows::Rules;
use crate::scales::Scales;
use crate::state::{State, Status};
use detente_game::certificate::Proof;

/// The id of an action that may be decided here.
pub fn undecided<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    set: u32,
    action: u32,
) -> Result<u32, String> {
    let a = rules.action(stage, set, action)?;
    if state.is_decided(a) {
        return Err(format!("action {action} of set {set} is already decided"));
    }
    if !rules.sequential && !rules.surely_entered(state, set) {
        return Err(format!("the owner may not play to set {set}, so nothing is decided there"));
    }
    Ok(a)
}

/// As [`undecided`]; also an action of the opposite status is allowed if the step
/// is the last before `Refuted`, for then the step itself is the contradiction.
pub fn undecided_or<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    (set, action): (u32, u32),
    opposite: Status,
    then: &Proof,
) -> Result<u32, String> {
    let a = rules.action(stage, set, action)?;
    let entered = rules.sequential || rules.surely_entered(state, set);
    let contradicts = state.status[a as usize] == opposite && matches!(then, Proof::Refuted { .. });
    if entered && contradicts { Ok(a) } else { undecided(rules, state, stage, set, action) }
}

/// Whether the step says that a `Positive` action must be `Zero`, which ends the case.
pub fn contradicted<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    (set, action): (u32, u32),
    then: &Proof,
) -> Result<bool, String> {
    let a = rules.action(stage, set, action)?;
    let ends = matches!(then, Proof::Refuted { combination } if combination.is_empty());
    let entered = rules.sequential || rules.surely_entered(state, set);
    Ok(ends && entered && state.status[a as usize] == Status::Positive)
}

/// Refuses a change of leading members that would change a fixed value. A set with one
/// member is led by it whatever leads before, so its value stays.
pub fn free_value<N: Field>(rules: &Rules<N>, state: &State<N>, stage: u32, set: u32) -> Result<(), String> {
    rules.data(stage, set)?;
    if !rules.sequential {
        return Err("beliefs are a matter of sequential proofs".into());
    }
    if !state.units.is_empty() {
        return Err("beliefs come before the scale of trembles".into());
    }
    if state.lead[set as usize].is_some() {
        return Err(format!("the leading members of set {set} are already chosen"));
    }
    for data in rules.stages[stage as usize].sets.iter().filter(|d| d.members.len() > 1) {
        let mut at = Some(data);
        while let Some(d) = at {
            let fixed = state.fixed[rules.value_id(data.set) as usize].is_some();
            if d.set == set && fixed {
                return Err(format!("the value of set {} is already fixed", data.set));
            }
            at = d.before.map(|a| rules.set(rules.tree.set_of[a as usize]));
        }
    }
    Ok(())
}

/// Checks that a number for this variable keeps its meaning in every case below.
pub fn keeps_meaning<N: Field>(rules: &Rules<N>, state: &State<N>, variable: u32) -> Result<(), String> {
    if !rules.sequential {
        return Ok(());
    }
    if rules.is_value(variable) {
        let set = variable - rules.tree.set_of.len() as u32;
        rules.leading(state, set)?;
        let data = rules.set(set);
        let open = |a: &&u32| !state.is_decided(**a) && !data.shared.contains(a);
        return match data.members.iter().flat_map(|m| &m.path).find(open) {
            None => Ok(()),
            Some(a) => Err(format!("action {a} on the way to set {set} is undecided")),
        };
    }
    let mut at = Some(variable);
    while let Some(a) = at {
        if !state.is_decided(a) {
            return Err(format!("action {a} on the way is undecided"));
        }
        at = rules.before(a);
    }
    Ok(())
}

/// Checks that these trembles have a scale of their own, with nothing left to decide that
/// could give them another; returns their ids in order.
pub fn scale<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    stage: u32,
    group: &[(u32, u32)],
) -> Result<Vec<u32>, String> {
    let actions = group.iter().map(|(h, a)| rules.action(stage, *h, *a));
    let mut ids = actions.collect::<Result<Vec<u32>, String>>()?;
    ids.sort_unstable();
    let tree = &rules.stages[stage as usize];
    for data in &tree.sets {
        if let Some(a) = rules.tree.actions(data.set).find(|a| !state.is_decided(*a)) {
            return Err(format!("action {a} is undecided, so trembles have no scale yet"));
        }
        for k in 0..data.terms.len() as u32 {
            rules.best(state, data, k)?;
        }
    }
    match Scales::new(rules, state, tree, &[]).has(&ids) {
        true => Ok(ids),
        false => Err("these trembles have no scale of their own".into()),
    }
}
