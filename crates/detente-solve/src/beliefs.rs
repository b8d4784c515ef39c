//! Beliefs where Bayes' rule does not reach: which members of a set can lead.
//!
//! A set of leading members is possible if tremble orders exist that make them,
//! and only them, the least unlikely (Kreps and Wilson 1982; Streufert 2015 on
//! additive likelihood). That is a linear system; Farkas' lemma excludes the rest.

use crate::stage::{Stage, Weight};
use crate::state::State;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::certificate::Label;
use std::collections::BTreeMap;

/// Most classes of members of a set whose subsets are listed.
const MAX_CLASSES: usize = 10;

/// The zero actions on the path of a member, as a multiset difference needs them.
fn zeros(stage: &Stage, state: &State, set: usize, member: usize) -> Vec<Weight> {
    stage.sets[set].others[member].iter().copied().filter(|w| state.is_zero(*w)).collect()
}

/// Whether every belief over the members is consistent: each member has its own zero
/// action, which leads to no other set with several members, and to none whose value is known
/// already: it was measured while that action had a weight of its own.
pub fn any_belief(stage: &Stage, state: &State, set: usize) -> bool {
    let Some(own) = crate::rows::own_zeros(stage, state, set) else { return false };
    let measured = |g: usize| state.fixed.contains_key(&((stage.num_weights() + g) as Weight));
    let elsewhere = |w: &Weight| {
        (0..stage.sets.len()).any(|g| {
            g != set
                && (stage.sets[g].members.len() > 1 || measured(g))
                && stage.sets[g].members.iter().any(|m| stage.nodes[*m].path.iter().any(|(_, v)| v == w))
        })
    };
    // Other differing zero actions would weigh the members too; they must be positive.
    let only = (0..stage.sets[set].members.len()).all(|k| {
        zeros(stage, state, set, k)
            .iter()
            .all(|w| *w == own[k] || stage.sets[set].others.iter().all(|o| o.binary_search(w).is_ok()))
    });
    only && !own.iter().any(elsewhere)
}

/// A refuted set of leading members with the multipliers that refute it.
pub type Excluded = (Vec<u32>, Vec<(Label, Q)>);

/// Members that may lead, in classes that lead together or not at all: those whose paths
/// have the same zero actions. A member whose zero actions strictly contain another's has a
/// larger order, so it never leads. Every action on the paths that not all members share
/// must be decided.
fn classes(stage: &Stage, state: &State, set: usize) -> Vec<Vec<u32>> {
    let mut by_zeros: BTreeMap<Vec<Weight>, Vec<u32>> = BTreeMap::new();
    for k in 0..stage.sets[set].members.len() {
        by_zeros.entry(zeros(stage, state, set, k)).or_default().push(k as u32);
    }
    let contains = |big: &[Weight], small: &[Weight]| small.iter().all(|w| big.binary_search(w).is_ok());
    let beaten = |z: &[Weight]| by_zeros.keys().any(|other| other.len() < z.len() && contains(z, other));
    by_zeros.iter().filter(|(z, _)| !beaten(z)).map(|(_, members)| members.clone()).collect()
}

/// Lists the possible sets of leading members, and the impossible ones with a refutation.
/// `None` if there are too many to list.
pub fn options(stage: &Stage, state: &State, set: usize) -> Option<(Vec<Vec<u32>>, Vec<Excluded>)> {
    let classes = classes(stage, state, set);
    if classes.len() > MAX_CLASSES {
        return None;
    }
    let n = stage.sets[set].members.len();
    let (mut possible, mut excluded) = (vec![], vec![]);
    for mask in 1u32..1 << classes.len() {
        let chosen = classes.iter().enumerate().filter(|(c, _)| mask >> c & 1 == 1);
        let mut members: Vec<u32> = chosen.flat_map(|(_, class)| class.iter().copied()).collect();
        members.sort_unstable();
        let mut trial = state.clone();
        trial.leading[set] = Some((0..n).map(|k| members.contains(&(k as u32))).collect());
        match orders(stage, &trial) {
            Ok(_) => possible.push(members),
            Err(refutation) => excluded.push((members, refutation)),
        }
    }
    Some((possible, excluded))
}

/// Finds tremble orders for every zero action that agree with all chosen leading members.
pub fn orders(stage: &Stage, state: &State) -> Result<BTreeMap<Weight, Q>, Vec<(Label, Q)>> {
    let mut column: BTreeMap<Weight, usize> = BTreeMap::new();
    for w in 0..stage.num_weights() as Weight {
        if state.is_zero(w) {
            let c = column.len();
            column.insert(w, c);
        }
    }
    let mut lp = Lp::with_variables(column.len(), Some(Q::ZERO), None);
    let mut labels = vec![];
    for (w, c) in &column {
        let (s, a) = stage.owner[*w as usize];
        lp.add_row(vec![(*c, Q::ONE)], Rel::Ge, Q::ONE);
        labels.push(Label::AtLeastOne(stage.sets[s].game.0, a as u32));
    }
    for (s, chosen) in state.leading.iter().enumerate() {
        let Some(lead) = chosen.as_ref().filter(|_| !state.any[s]) else { continue };
        let first = lead.iter().position(|l| *l).expect("some member leads");
        for k in (0..lead.len()).filter(|k| *k != first) {
            let mut coefs: BTreeMap<usize, Q> = BTreeMap::new();
            for w in zeros(stage, state, s, k) {
                *coefs.entry(column[&w]).or_insert(Q::ZERO) += Q::ONE;
            }
            for w in zeros(stage, state, s, first) {
                *coefs.entry(column[&w]).or_insert(Q::ZERO) -= Q::ONE;
            }
            let node = |k: usize| stage.nodes[stage.sets[s].members[k]].game.0;
            let coefs: Vec<(usize, Q)> = coefs.into_iter().filter(|(_, q)| !q.is_zero()).collect();
            if lead[k] {
                lp.add_row(coefs, Rel::Eq, Q::ZERO);
                labels.push(Label::Equal(node(k), node(first)));
            } else {
                lp.add_row(coefs, Rel::Ge, Q::ONE);
                labels.push(Label::Larger(node(k), node(first)));
            }
        }
    }
    match lp::feasible(&lp) {
        Ok(x) => Ok(column.into_iter().map(|(w, c)| (w, x[c].clone())).collect()),
        Err(y) => {
            let used = labels.into_iter().zip(y).filter(|(_, q)| !q.is_zero());
            Err(used.map(|(l, q)| (l, -q)).collect())
        }
    }
}
