//! The rows of a state: polynomials that are zero or nonnegative in every
//! equilibrium that agrees with the state. The meaning of each row is written
//! in `detente_game::certificate`.

use crate::flat::Flat;
use crate::stage::{End, Entry, Kind, Mono, Stage};
use crate::state::{State, Status, Var};
use detente_exact::Q;
use detente_game::certificate::Row;
use detente_game::solution::Concept;
use std::collections::BTreeMap;

/// A polynomial: coefficient per product of variables; the empty product is the constant.
pub type Poly = Flat<Mono, Q>;

/// A row with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub row: Row,
    pub poly: Poly,
    pub equality: bool,
}

/// Adds `factor * mono` with fixed variables replaced by their numbers.
fn add_term(poly: &mut Poly, state: &State, mono: &[Var], mut factor: Q) {
    let mut rest = Mono::new();
    for v in mono {
        match state.known(*v) {
            Some(q) if q.is_zero() => return,
            Some(q) if q.is_one() => {}
            Some(q) => factor = &factor * q,
            None => rest.push(state.resolve(*v)),
        }
    }
    if factor.is_zero() {
        return;
    }
    if rest.len() > 1 {
        rest.sort_unstable();
    }
    *poly.at(rest, Q::ZERO) += factor;
}

/// Removes zero coefficients.
fn tidy(mut poly: Poly) -> Poly {
    poly.retain(|_, q| !q.is_zero());
    poly
}

/// A number plus a multiple of another; nothing where that is 0.
pub fn sum(before: Option<Q>, q: &Q, factor: &Q) -> Option<Q> {
    let mut total = q * factor;
    if let Some(before) = before {
        total += before;
    }
    (!total.is_zero()).then_some(total)
}

/// Adds `factor * other` to `poly`.
pub fn add_scaled(poly: &mut Poly, other: &Poly, factor: &Q) {
    poly.merge(other, |before, q| sum(before, q, factor));
}

/// Which members of a set a row starts from.
fn live_members(stage: &Stage, state: &State, concept: Concept, set: usize) -> Option<Vec<bool>> {
    if concept == Concept::Sequential {
        return state.leading(stage, set);
    }
    let alive = |o: &Vec<u32>| o.iter().all(|w| !state.is_zero(*w));
    Some(stage.sets[set].others.iter().map(alive).collect())
}

/// The payoff of the row's owner at an entry, if its nested stage's component is chosen.
fn payoff<'a>(stage: &'a Stage, state: &State, entry: &Entry, player: usize) -> Option<&'a Q> {
    match &stage.nodes[entry.end].kind {
        Kind::End(End::Payoffs(u)) => Some(&u[player]),
        Kind::End(End::Nested(k)) => state.choice[*k].map(|c| &stage.nested[*k].1[c][player]),
        _ => unreachable!("entries end at ends"),
    }
}

/// Returns `Best(set, action)` without its equality flag, or `None` while it cannot be
/// written: leading members or a nested choice are open.
fn best_poly(
    stage: &Stage,
    state: &State,
    concept: Concept,
    set: usize,
    action: usize,
    live: &[bool],
) -> Option<Poly> {
    let info = &stage.sets[set];
    let relative = concept == Concept::Sequential;
    let shared: &[Var] = if relative { &info.shared } else { &[] };
    let mut poly = Poly::new();
    let value = |s: usize| (stage.num_weights() + s) as Var;
    add_term(&mut poly, state, &[value(set)], Q::ONE);
    for e in &info.entries[action] {
        if !live[e.member] || e.between.iter().any(|w| state.is_zero(*w)) {
            continue;
        }
        let factor = match &e.pay {
            Some(pay) => pay.clone(),
            None => -(&e.chance * payoff(stage, state, e, info.player)?),
        };
        if !factor.is_zero() {
            if shared.is_empty() {
                add_term(&mut poly, state, &e.mono, factor);
            } else {
                let mono: Mono = e.mono.iter().copied().filter(|w| !shared.contains(w)).collect();
                add_term(&mut poly, state, &mono, factor);
            }
        }
    }
    let mut entered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in &info.next[action] {
        if live[n.member] && !n.between.iter().any(|w| state.is_zero(*w)) {
            entered.entry(n.set).or_default().push(n.enters);
        }
    }
    for (g, enters) in entered {
        if concept == Concept::Sequential {
            // The next set's own leading members must be those entered, or its value would
            // be measured on another scale.
            let there = state.leading(stage, g)?;
            let same = there.iter().enumerate().all(|(k, l)| *l == enters.contains(&k));
            if !same {
                return None;
            }
        }
        let mut mono: Mono = Mono::new();
        if relative {
            mono.extend(stage.sets[g].shared.iter().copied().filter(|w| !shared.contains(w)));
        }
        mono.push(value(g));
        add_term(&mut poly, state, &mono, -Q::ONE);
    }
    Some(tidy(poly))
}

/// Returns all `Best` rows of a set that can be written in this state.
pub fn best_rows(stage: &Stage, state: &State, concept: Concept, set: usize) -> Vec<Named> {
    let name = stage.sets[set].game.0;
    let Some(live) = live_members(stage, state, concept, set) else { return vec![] };
    let polys: Vec<Option<Poly>> =
        (0..stage.sets[set].actions).map(|a| best_poly(stage, state, concept, set, a, &live)).collect();
    let unplayed = concept != Concept::Sequential && state.behind_zero(stage, set);
    let indifferent = !unplayed && is_indifferent(stage, state, set, &polys);
    let mut rows = vec![];
    for (a, poly) in polys.into_iter().enumerate() {
        let Some(poly) = poly else { continue };
        let status = state.status[stage.weight(set, a) as usize];
        let equality = !unplayed && (status == Status::Positive || (indifferent && status != Status::Zero));
        rows.push(Named { row: Row::Best(name, a as u32), poly, equality });
    }
    rows
}

/// Whether all remaining actions have the same row: the owner does not care.
fn is_indifferent(stage: &Stage, state: &State, set: usize, polys: &[Option<Poly>]) -> bool {
    let mut left = stage.weights(set).zip(polys).filter(|(w, _)| !state.is_zero(*w)).map(|(_, p)| p);
    let Some(Some(first)) = left.next() else { return false };
    left.all(|p| p.as_ref() == Some(first))
}

/// Whether the owner of the set is indifferent among all actions that are not zero.
pub fn indifferent(stage: &Stage, state: &State, concept: Concept, set: usize) -> bool {
    if concept == Concept::Sequential && !state.leading_is_final(stage, set) {
        return indifferent_at_every_member(stage, state, set);
    }
    let Some(live) = live_members(stage, state, concept, set) else { return false };
    let poly = |a: usize| best_poly(stage, state, concept, set, a, &live);
    let mut left = (0..stage.sets[set].actions).filter(|a| !state.is_zero(stage.weight(set, *a))).map(poly);
    let Some(Some(first)) = left.next() else { return false };
    left.all(|p| p.as_ref() == Some(&first))
}

/// The same under Nash where rows written in this state show it: every remaining action has its row there.
pub fn seen_indifferent(stage: &Stage, state: &State, set: usize, rows: &[Named]) -> Option<bool> {
    let name = stage.sets[set].game.0;
    let of_set = |r: &&Named| match r.row {
        Row::Best(h, a) => h == name && !state.is_zero(stage.weight(set, a as usize)),
        _ => false,
    };
    let mut left = rows.iter().filter(of_set);
    let first = &left.next()?.poly;
    let (mut count, mut same) = (1, true);
    for r in left {
        count += 1;
        same &= r.poly == *first;
    }
    (count == stage.weights(set).filter(|w| !state.is_zero(*w)).count()).then_some(same)
}

/// Whether all actions of the set are alike whichever member leads, so that beliefs there
/// do not matter.
pub fn indifferent_at_every_member(stage: &Stage, state: &State, set: usize) -> bool {
    let info = &stage.sets[set];
    if info.next.iter().any(|n| !n.is_empty()) {
        return false;
    }
    (0..info.members.len()).all(|k| {
        let mut alone = state.clone();
        alone.leading[set] = Some((0..info.members.len()).map(|j| j == k).collect());
        let Some(live) = live_members(stage, &alone, Concept::Sequential, set) else { return false };
        let polys: Vec<Option<Poly>> =
            (0..info.actions).map(|a| best_poly(stage, &alone, Concept::Sequential, set, a, &live)).collect();
        // Actions that are zero count too: they must not have been better.
        polys[0].is_some() && polys.iter().all(|p| *p == polys[0])
    })
}

/// Returns the `Flow` row of a set, or `None` if it says nothing.
pub fn flow_row(stage: &Stage, state: &State, concept: Concept, set: usize) -> Option<Named> {
    if concept != Concept::Sequential && state.behind_zero(stage, set) {
        return None;
    }
    let mut poly = Poly::new();
    for w in stage.weights(set).filter(|w| !state.is_zero(*w)) {
        add_term(&mut poly, state, &[w], Q::ONE);
    }
    match stage.sets[set].before {
        Some(b) => add_term(&mut poly, state, &[b], -Q::ONE),
        None => add_term(&mut poly, state, &[], -Q::ONE),
    }
    let poly = tidy(poly);
    (!poly.is_empty()).then(|| Named { row: Row::Flow(stage.sets[set].game.0), poly, equality: true })
}

/// The own zero action of each member of a set with free beliefs: the first zero action
/// on its path that no other member shares.
pub fn own_zeros(stage: &Stage, state: &State, set: usize) -> Option<Vec<u32>> {
    let others = &stage.sets[set].others;
    (0..others.len())
        .map(|k| {
            let path = stage.nodes[stage.sets[set].members[k]].path.iter();
            let player = stage.sets[set].player;
            path.filter(|(p, _)| *p != player).map(|(_, w)| *w).find(|w| {
                state.is_zero(*w)
                    && others.iter().enumerate().all(|(j, o)| j == k || o.binary_search(w).is_err())
            })
        })
        .collect()
}

/// Returns the `Belief` row of a set with free beliefs.
pub fn belief_row(stage: &Stage, state: &State, set: usize) -> Option<Named> {
    if !state.any[set] {
        return None;
    }
    let mut poly = Poly::new();
    for w in own_zeros(stage, state, set)? {
        add_term(&mut poly, state, &[w], Q::ONE);
    }
    add_term(&mut poly, state, &[], -Q::ONE);
    Some(Named { row: Row::Belief(stage.sets[set].game.0), poly: tidy(poly), equality: true })
}

/// Writes newly fixed numbers into rows, as if they had been made anew. A set whose owner
/// has become indifferent has equalities from now on. Returns whether there are new equalities.
pub fn insert_fixed(stage: &Stage, state: &State, concept: Concept, rows: &mut Vec<Named>) -> bool {
    let mut touched = false;
    for r in rows.iter_mut() {
        if r.poly.keys().flatten().any(|v| state.fixed.contains_key(v)) {
            let mut poly = Poly::new();
            for (mono, q) in &r.poly {
                add_term(&mut poly, state, mono, q.clone());
            }
            r.poly = tidy(poly);
            touched = true;
        }
    }
    if !touched {
        return false;
    }
    rows.retain(|r| !(matches!(r.row, Row::Flow(_)) && r.poly.is_empty()));
    let equalities = |rows: &[Named]| rows.iter().filter(|r| r.equality).count();
    let before = equalities(rows);
    let mut from = 0;
    while from < rows.len() {
        let Row::Best(h, _) = rows[from].row else {
            from += 1;
            continue;
        };
        let same = rows[from..].iter().take_while(|r| matches!(r.row, Row::Best(g, _) if g == h)).count();
        mark_indifferent(stage, state, concept, &mut rows[from..from + same]);
        from += same;
    }
    equalities(rows) > before
}

/// Turns the rows of one set into equalities if all of its remaining actions have the same.
fn mark_indifferent(stage: &Stage, state: &State, concept: Concept, rows: &mut [Named]) {
    let Row::Best(h, _) = rows[0].row else { return };
    let set = stage.set_of(h);
    let left = |r: &Named| match r.row {
        Row::Best(_, a) => !state.is_zero(stage.weight(set, a as usize)),
        _ => false,
    };
    let missing =
        stage.weights(set).filter(|w| !state.is_zero(*w)).count() != rows.iter().filter(|r| left(r)).count();
    let unplayed = concept != Concept::Sequential && state.behind_zero(stage, set);
    if missing || unplayed {
        return;
    }
    let mut list = rows.iter().filter(|r| left(r)).map(|r| &r.poly);
    let first = list.next();
    if list.all(|p| Some(p) == first) {
        rows.iter_mut().filter(|r| left(r)).for_each(|r| r.equality = true);
    }
}

/// Returns every row of the given sets.
pub fn all_rows(stage: &Stage, state: &State, concept: Concept, sets: &[usize]) -> Vec<Named> {
    let actions: usize = sets.iter().map(|s| stage.sets[*s].actions).sum();
    let mut rows = Vec::with_capacity(actions + sets.len());
    for &s in sets {
        rows.extend(flow_row(stage, state, concept, s));
        rows.extend(belief_row(stage, state, s));
        rows.extend(best_rows(stage, state, concept, s));
    }
    rows
}
