//! Information sets that play the same part are merged.
//!
//! The one idea: colour the sets, and split colours until sets of one colour see the same leaves
//! and the same colours before and after them. Such a partition is equitable, and then a linear
//! program over the classes has the optimum of the whole one (Grohe, Kersting, Mladenov and
//! Selman, "Dimension reduction via colour refinement", 2014). Cards of one rank in two suits
//! are the everyday case. What is found here is never trusted: gaps are computed on the whole game.

use crate::form::{Form, Side};
use detente_exact::Q;
use std::collections::BTreeMap;

/// A smaller form, and where each slot of the whole one went.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    pub form: Form,
    /// `class[p][s]`: the slot of the smaller form that stands for slot `s` of player `p`.
    pub class: Vec<Vec<u32>>,
}

/// Merges sets of equal colour. Actions keep their order within a set.
pub fn merge(form: &Form) -> Merged {
    quotients(form, &refine(form, &worths(&[form])))
}

/// Merges sets that play the same part in every one of these draws of a tree, in all of them alike.
/// `None` if the forms are not of one tree.
pub fn merge_draws(forms: &[&Form]) -> Option<Vec<Merged>> {
    let first = forms.first()?;
    if !forms.iter().all(|form| form.sides == first.sides && form.leaves == first.leaves) {
        return None;
    }
    let colours = refine(first, &worths(forms));
    Some(forms.iter().map(|form| quotients(form, &colours)).collect())
}

/// One set per colour, with the leaves that the first of each colour sees.
fn quotients(form: &Form, colours: &[Vec<u32>]) -> Merged {
    let players = form.players();
    let mut class = Vec::with_capacity(players);
    let mut sides = Vec::with_capacity(players);
    let mut kept = Vec::with_capacity(players);
    for p in 0..players {
        let (side, slots, stands) = quotient(&form.sides[p], &colours[p]);
        sides.push(side);
        class.push(slots);
        kept.push(stands);
    }
    let mut merged = Form { sides, leaves: vec![], weights: vec![], constant_sum: form.constant_sum };
    // A class sees the leaves of the set that stands for it. For each player the leaf list must
    // give that player's own row, so a leaf is kept once per player whose slot stands for its
    // class, with weights for that player only.
    let mut leaves: BTreeMap<Vec<u32>, Vec<Q>> = BTreeMap::new();
    for l in 0..form.num_leaves() {
        let slots = &form.leaves[l * players..(l + 1) * players];
        let key: Vec<u32> = slots.iter().enumerate().map(|(p, s)| class[p][*s as usize]).collect();
        for p in (0..players).filter(|p| kept[*p][slots[*p] as usize]) {
            let held = leaves.entry(key.clone()).or_insert_with(|| vec![Q::ZERO; players]);
            held[p] += &form.weights[l * players + p];
        }
    }
    for (slots, weights) in leaves {
        merged.leaves.extend(slots);
        merged.weights.extend(weights);
    }
    Merged { form: merged, class }
}

/// Colours per player and set, until nothing splits.
fn refine(form: &Form, worth: &[u32]) -> Vec<Vec<u32>> {
    let players = form.players();
    let rows: Vec<Vec<Vec<u32>>> = (0..players).map(|p| rows(form, p)).collect();
    let children: Vec<Vec<Vec<u32>>> = form.sides.iter().map(children).collect();
    let mut colours: Vec<Vec<u32>> = form.sides.iter().map(|s| vec![0; s.sets.len()]).collect();
    let mut count = 0;
    loop {
        let slots: Vec<Vec<(u32, u32)>> =
            form.sides.iter().zip(&colours).map(|(side, colour)| slot_colours(side, colour)).collect();
        let mut next = 0;
        let mut fresh = Vec::with_capacity(players);
        for p in 0..players {
            let side = &form.sides[p];
            let mut names: BTreeMap<Vec<Vec<u32>>, u32> = BTreeMap::new();
            let mut own = Vec::with_capacity(side.sets.len());
            for k in 0..side.sets.len() {
                let (before, action) = slots[p][side.parent[k] as usize];
                let mut signature = vec![vec![colours[p][k], before, action]];
                for s in side.range(k) {
                    let mut seen: Vec<Vec<u32>> = rows[p][s]
                        .iter()
                        .map(|l| leaf_signature(form, &slots, worth, *l as usize, p))
                        .collect();
                    seen.sort_unstable();
                    let mut after: Vec<u32> =
                        children[p][s].iter().map(|c| colours[p][*c as usize]).collect();
                    after.sort_unstable();
                    signature.push(vec![u32::MAX]);
                    signature.extend(seen);
                    signature.push(after);
                }
                let fresh_name = next + names.len() as u32;
                own.push(*names.entry(signature).or_insert(fresh_name));
            }
            next += names.len() as u32;
            fresh.push(own);
        }
        colours = fresh;
        if next == count {
            return colours;
        }
        count = next;
    }
}

/// What a leaf looks like from player `p`: its weights, and the others' colours.
fn leaf_signature(form: &Form, slots: &[Vec<(u32, u32)>], worth: &[u32], leaf: usize, p: usize) -> Vec<u32> {
    let players = form.players();
    let mut signature = vec![worth[leaf]];
    for q in (0..players).filter(|q| *q != p) {
        let (colour, action) = slots[q][form.leaves[leaf * players + q] as usize];
        signature.extend([colour, action]);
    }
    signature
}

/// Leaves with equal weights, in every draw, get equal numbers.
fn worths(forms: &[&Form]) -> Vec<u32> {
    let (players, count) = (forms[0].players(), forms[0].num_leaves());
    let mut names: BTreeMap<Vec<&[Q]>, u32> = BTreeMap::new();
    let leaves = (0..count).map(|l| {
        let weights = forms.iter().map(|form| &form.weights[l * players..(l + 1) * players]).collect();
        let fresh = names.len() as u32;
        *names.entry(weights).or_insert(fresh)
    });
    leaves.collect()
}

/// The leaves in each slot of a player.
pub(crate) fn rows(form: &Form, p: usize) -> Vec<Vec<u32>> {
    let mut rows = vec![vec![]; form.sides[p].slots()];
    for l in 0..form.num_leaves() {
        rows[form.leaves[l * form.players() + p] as usize].push(l as u32);
    }
    rows
}

/// The sets that follow each slot.
fn children(side: &Side) -> Vec<Vec<u32>> {
    let mut children = vec![vec![]; side.slots()];
    for (k, parent) in side.parent.iter().enumerate() {
        children[*parent as usize].push(k as u32);
    }
    children
}

/// A slot's colour: its set's, with the action's place. The empty sequence has one of its own.
fn slot_colours(side: &Side, colours: &[u32]) -> Vec<(u32, u32)> {
    let mut slots = vec![(u32::MAX, 0); side.slots()];
    for (k, colour) in colours.iter().enumerate() {
        for (action, s) in side.range(k).enumerate() {
            slots[s] = (*colour, action as u32);
        }
    }
    slots
}

/// One set per colour; the class of each slot; and which slots stand for their class.
fn quotient(side: &Side, colours: &[u32]) -> (Side, Vec<u32>, Vec<bool>) {
    let mut small = Side { sets: vec![], start: vec![1], parent: vec![], times: vec![] };
    let mut place: BTreeMap<u32, usize> = BTreeMap::new();
    let mut class = vec![0u32; side.slots()];
    let mut stands = vec![false; side.slots()];
    stands[0] = true;
    for (k, colour) in colours.iter().enumerate() {
        let parent = side.parent[k] as usize;
        let at = *place.entry(*colour).or_insert_with(|| {
            small.sets.push(side.sets[k]);
            small.parent.push(class[parent]);
            small.times.push(0.0);
            small.start.push(small.slots() as u32 + side.range(k).len() as u32);
            for s in side.range(k) {
                stands[s] = true;
            }
            small.sets.len() - 1
        });
        // Copies are counted behind the slot that stands for the parent's class.
        if stands[parent] {
            small.times[at] += 1.0;
        }
        for (action, s) in side.range(k).enumerate() {
            class[s] = small.start[at] + action as u32;
        }
    }
    (small, class, stands)
}
