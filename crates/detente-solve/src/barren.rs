//! Parts with too many equations for some players and too few for others.
//!
//! The one idea: a player who mixes more actions than the others' weights can make indifferent has no
//! equilibrium in almost all games. The equations that bind only some players' weights are looked at alone:
//! where they have no common root, the whole part has none, however free the other weights are.

use crate::boxes::Hunt;
use crate::roots::{Reduced, beyond, bounds, independent};
use crate::search::Search;
use crate::state::{State, Var, variable};
use detente_game::certificate::{BoxProof, Proof};
use std::collections::BTreeSet;

/// Most players whose subsets are tried.
const MAX_PLAYERS: usize = 6;

/// Refutes the part by equations in the weights of some players, if that can be done.
pub fn refuted(
    search: &Search,
    state: &State,
    strict: &[Var],
    unknowns: &[Var],
    equations: &[Reduced],
    inequalities: &[Reduced],
) -> Option<Proof> {
    let owner = |v: &Var| search.stage.sets[search.stage.owner[*v as usize].0].player;
    let players: Vec<usize> = unknowns.iter().map(owner).collect::<BTreeSet<usize>>().into_iter().collect();
    if players.len() > MAX_PLAYERS {
        return None;
    }
    let mut subsets: Vec<u32> = (1..(1u32 << players.len()) - 1).collect();
    subsets.sort_by_key(|s| (s.count_ones(), *s));
    subsets.into_iter().find_map(|subset| {
        let member = |p: usize| players.iter().position(|q| *q == p).is_some_and(|k| subset >> k & 1 == 1);
        let own: Vec<Var> = unknowns.iter().copied().filter(|v| member(owner(v))).collect();
        let within = |r: &&Reduced| r.poly.keys().flatten().all(|v| own.contains(v));
        let list: Vec<Reduced> = equations.iter().filter(within).cloned().collect();
        if list.len() <= own.len() {
            return None;
        }
        let square = independent(&list, &own)?;
        let mut sides: Vec<Reduced> = inequalities.iter().filter(within).cloned().collect();
        sides.extend(beyond(&list, &square));
        alone(search, state, strict, &own, &square, &list, &sides)
    })
}

/// Refutes these equations in these unknowns.
fn alone(
    search: &Search,
    state: &State,
    strict: &[Var],
    unknowns: &[Var],
    square: &[usize],
    equations: &[Reduced],
    inequalities: &[Reduced],
) -> Option<Proof> {
    let chosen: Vec<&Reduced> = square.iter().map(|k| &equations[*k]).collect();
    let stage = search.stage;
    let owners = unknowns.iter().map(|v| stage.sets[stage.owner[*v as usize].0].player).collect();
    let weights = bounds(stage, state, strict, unknowns);
    let mut hunt = Hunt::new(unknowns, &chosen, inequalities, weights, owners);
    let root = hunt.search(&|| search.progress.keep_going(search.done));
    if !hunt.left.is_empty() || !hunt.roots.is_empty() {
        return None;
    }
    let boxes = BoxProof {
        variables: unknowns.iter().map(|v| variable(stage, *v)).collect(),
        equations: chosen.iter().map(|r| r.combination.clone()).collect(),
        inequalities: inequalities.iter().map(|r| r.combination.clone()).collect(),
        root,
    };
    Some(Proof::Boxes { boxes })
}
