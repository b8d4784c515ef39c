//! All Nash equilibria of two players by cases over the sequence form: extreme ones, maximal subsets, indices.
//!
//! The one idea: this search shares nothing with the one that writes proofs, so it says more about what that one
//! found and finds all where that one gave up. Its cases are written down as a proof of their own, unless they are too
//! many.

use crate::outcomes;
use crate::polish::{Candidate, beliefs, component, solution};
use crate::settings::Progress;
use detente_exact::Q;
use detente_game::matrix::MatrixProof;
use detente_game::nash::{NashComponent, NashSets, Plan};
use detente_game::sequences::{SequenceProof, SequenceStep};
use detente_game::solution::{Component, Concept, Free, FreeWhat, Num, Solution, Status};
use detente_game::{Game, InfosetId, Numbers};
use detente_sequence::all::{self, Equilibria, Limits, Step};
use detente_sequence::form::{Form, Side};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Most actions of both players for which the search is tried where no proof was finished, and beside a proof.
const MOST: usize = 90;
const FEW: usize = 40;
/// Most cases of a piece beside a proof: some seconds at most.
const FEW_CASES: u64 = 300;
/// Most cases of a piece where no proof was finished: minutes at most.
const CASES: u64 = 20_000;
/// Most corners of one face.
const CORNERS: usize = 20_000;
/// Most pairs of plans whose outcomes are listed.
const LISTED: usize = 400;

/// Returns the extreme equilibria, maximal subsets and indices of a solution's components. `None` if the game has not
/// two players or is too large for a short search, or if the components are not those of the solution.
pub fn nash_sets(
    game: &Game,
    numbers: &Numbers,
    solution: &Solution,
    progress: &dyn Progress,
) -> Option<NashSets> {
    if solution.concept != Concept::Nash || solution.components.is_empty() {
        return None;
    }
    if let Some(proof) = &solution.certificate.matrix {
        return table(game, proof);
    }
    if let Some(proof) = &solution.certificate.sequences {
        return Some(written(game, proof));
    }
    let form = form(game, numbers, FEW)?;
    let found = search(&form, FEW_CASES, progress)?;
    let home = |c: &Component| {
        let reach = [0, 1].map(|p| reach_of(&form.sides[p], &c.profile));
        let [Some(first), Some(second)] = &reach else { return None };
        found.home([first, second])
    };
    let homes: Vec<usize> = solution.components.iter().map(home).collect::<Option<_>>()?;
    let all: BTreeSet<usize> = homes.iter().copied().collect();
    (all.len() == homes.len() && homes.len() == found.components.len()).then(|| sets(&form, &found, &homes))
}

/// The same of a table, where the proof says it.
fn table(game: &Game, proof: &MatrixProof) -> Option<NashSets> {
    let set = |p: usize| game.infosets.iter().position(|h| h.player.index() == p);
    let sets = [set(0)?, set(1)?];
    let plans = [0, 1].map(|p| {
        let one = |x: &Vec<Q>| vec![(InfosetId(sets[p] as u32), x.clone())];
        proof.strategies[p].iter().map(one).collect()
    });
    Some(NashSets { plans, components: joined(&proof.pieces, &proof.components, &proof.index) })
}

/// Components of pieces with their indices.
fn joined(pieces: &[[Vec<u32>; 2]], lists: &[Vec<u32>], index: &[Option<i64>]) -> Vec<NashComponent> {
    let component = |(list, index): (&Vec<u32>, &Option<i64>)| {
        let subsets: Vec<[Vec<u32>; 2]> = list.iter().map(|n| pieces[*n as usize].clone()).collect();
        let pairs = |[first, second]: &[Vec<u32>; 2]| -> Vec<(u32, u32)> {
            first.iter().flat_map(|x| second.iter().map(|y| (*x, *y))).collect()
        };
        let extreme: BTreeSet<(u32, u32)> = subsets.iter().flat_map(pairs).collect();
        NashComponent { index: *index, extreme: extreme.into_iter().collect(), subsets }
    };
    lists.iter().zip(index).map(component).collect()
}

/// The same of a proof over the sequence form.
fn written(game: &Game, proof: &SequenceProof) -> NashSets {
    let plans = [0, 1].map(|p| {
        let sets: Vec<usize> = sets_of(game, p);
        let one = |rows: &Vec<Vec<Q>>| -> Plan {
            let share = |(h, row): (&usize, &Vec<Q>)| {
                let all: Q = row.iter().cloned().sum();
                all.is_positive().then(|| (InfosetId(*h as u32), row.iter().map(|q| q / &all).collect()))
            };
            sets.iter().zip(rows).filter_map(share).collect()
        };
        proof.strategies[p].iter().map(one).collect()
    });
    NashSets { plans, components: joined(&proof.pieces, &proof.components, &proof.index) }
}

/// A player's information sets, in the game's order.
fn sets_of(game: &Game, p: usize) -> Vec<usize> {
    let own = |h: &usize| game.infosets[*h].player.index() == p && !game.infosets[*h].nodes.is_empty();
    (0..game.infosets.len()).filter(own).collect()
}

/// Returns all Nash equilibria if this search finds them; `reasons` say why no proof was finished.
pub fn solve(
    game: &Game,
    numbers: &Numbers,
    reasons: &[String],
    progress: &dyn Progress,
) -> Option<Solution> {
    let form = form(game, numbers, MOST)?;
    let found = search(&form, CASES, progress)?;
    let listed: Vec<Component> =
        (0..found.components.len()).map(|k| described(game, numbers, &form, &found, k)).collect();
    let order = crate::describe::order(&listed);
    let proof = proof(game, &form, &found, &order);
    let mut unresolved = vec![];
    if proof.is_none() {
        unresolved.push(
            "every case over the sequence form was decided, and the indices of these components sum to 1; but \
             there were too many to write down a proof for the referee"
                .to_string(),
        );
        unresolved.extend_from_slice(reasons);
    }
    let status = if proof.is_some() { Status::ExactComplete } else { Status::ExactSome };
    let mut order = order.into_iter().map(|k| listed[k].clone());
    let first = order.next()?;
    let mut solution = solution(game, numbers, Concept::Nash, status, unresolved, first);
    solution.components.extend(order);
    solution.certificate.sequences = proof;
    Some(solution)
}

/// The cases as a certificate writes them, components in this order. `None` if they were not written down.
fn proof(game: &Game, form: &Form, found: &Equilibria, order: &[usize]) -> Option<SequenceProof> {
    let action = |p: usize, slot: usize| -> Option<(u32, u32)> {
        let side = &form.sides[p];
        let set = (0..side.sets.len()).find(|k| side.range(*k).contains(&slot))?;
        Some((side.sets[set].0, (slot - side.range(set).start) as u32))
    };
    let weights = |p: usize, list: &[(usize, Q)]| {
        let one = |(slot, q): &(usize, Q)| action(1 - p, *slot).map(|(h, a)| (h, a, q.clone()));
        list.iter().map(one).collect::<Option<Vec<_>>>()
    };
    let step = |step: &Step| {
        Some(match step {
            Step::Branch(p, slot) => action(*p, *slot).map(|(h, a)| SequenceStep::Branch(h, a))?,
            Step::Refuted(p, list) => SequenceStep::Refuted(*p as u8, weights(*p, list)?),
            Step::Implied(p, list) => SequenceStep::Implied(*p as u8, weights(*p, list)?),
            Step::Piece(n) => SequenceStep::Piece(*n),
        })
    };
    let rows = |p: usize, reach: &Vec<Q>| -> Option<Vec<Vec<Q>>> {
        let side = &form.sides[p];
        let row = |h: usize| {
            let set = side.sets.iter().position(|set| set.index() == h)?;
            Some(reach[side.range(set)].to_vec())
        };
        sets_of(game, p).into_iter().map(row).collect()
    };
    let strategies = |p: usize| found.strategies[p].iter().map(|x| rows(p, x)).collect::<Option<Vec<_>>>();
    Some(SequenceProof {
        steps: found.steps.as_ref()?.iter().map(step).collect::<Option<_>>()?,
        strategies: [strategies(0)?, strategies(1)?],
        pieces: found.products.clone(),
        components: order.iter().map(|k| found.components[*k].products.clone()).collect(),
        index: order.iter().map(|k| found.components[*k].index).collect(),
    })
}

fn form(game: &Game, numbers: &Numbers, most: usize) -> Option<Form> {
    let actions: usize = game.infosets.iter().map(|h| h.actions.len()).sum();
    (game.players.len() == 2 && (1..=most).contains(&actions)).then(|| Form::new(game, numbers))
}

/// All of them, or nothing.
fn search(form: &Form, cases: u64, progress: &dyn Progress) -> Option<Equilibria> {
    let limits = Limits {
        cases,
        corners: CORNERS,
        keep_going: &|| progress.keep_going(0.5),
        share: &|count, work| {
            let job = |k: usize| -> Box<dyn FnOnce() + Send + '_> { Box::new(move || work(k)) };
            progress.each((0..count).map(job).collect());
        },
    };
    all::equilibria(form, &limits).filter(|found| found.complete && found.index_sum() == Some(1))
}

/// The reach of every slot under a profile; `None` where a probability is not exact.
fn reach_of(side: &Side, profile: &[Vec<Num>]) -> Option<Vec<Q>> {
    let mut reach = vec![Q::ONE; side.slots()];
    for (k, set) in side.sets.iter().enumerate() {
        let before = reach[side.parent[k] as usize].clone();
        for (s, p) in side.range(k).zip(&profile[set.index()]) {
            reach[s] = &before * p.exact.as_ref()?;
        }
    }
    Some(reach)
}

/// What a reach says at the sets that it comes to.
fn plan(side: &Side, reach: &[Q]) -> Plan {
    let at = |k: usize| {
        let before = &reach[side.parent[k] as usize];
        let row = || side.range(k).map(|s| &reach[s] / before).collect();
        before.is_positive().then(|| (side.sets[k], row()))
    };
    (0..side.sets.len()).filter_map(at).collect()
}

fn sets(form: &Form, found: &Equilibria, order: &[usize]) -> NashSets {
    let plans = [0, 1].map(|p| found.strategies[p].iter().map(|reach| plan(&form.sides[p], reach)).collect());
    let component = |k: &usize| {
        let c = &found.components[*k];
        let subsets = c.products.iter().map(|k| found.products[*k as usize].clone()).collect();
        NashComponent { index: c.index, extreme: c.extreme.clone(), subsets }
    };
    NashSets { plans, components: order.iter().map(component).collect() }
}

/// A pair of reaches as a profile; where a player excludes a set itself, its actions are alike.
fn profile(game: &Game, form: &Form, pair: [&Vec<Q>; 2]) -> Vec<Vec<Q>> {
    let even = |h: &detente_game::Infoset| vec![Q::new(1, h.actions.len() as i64); h.actions.len()];
    let mut profile: Vec<Vec<Q>> = game.infosets.iter().map(even).collect();
    for p in 0..2 {
        for (set, row) in plan(&form.sides[p], pair[p]) {
            profile[set.index()] = row;
        }
    }
    profile
}

/// A component: its simplest corner, and what varies.
fn described(game: &Game, numbers: &Numbers, form: &Form, found: &Equilibria, k: usize) -> Component {
    let c = &found.components[k];
    let pair = |(x, y): &(u32, u32)| [&found.strategies[0][*x as usize], &found.strategies[1][*y as usize]];
    let used = |reach: &Vec<Q>| reach.iter().filter(|q| q.is_positive()).count();
    let simple = c.extreme.iter().min_by_key(|e| {
        let [x, y] = pair(e);
        (used(x) + used(y), Reverse([x, y]))
    });
    let simple = simple.expect("a component has an extreme equilibrium");
    let mut shown = one(game, numbers, profile(game, form, pair(simple)));
    if c.extreme.len() == 1 {
        return shown;
    }
    shown.free = free(form, found, k);
    let listed = c.extreme.len() <= LISTED;
    let points = || -> Vec<Vec<Q>> {
        let point = |e: &(u32, u32)| {
            let outcomes = one(game, numbers, profile(game, form, pair(e))).outcomes;
            outcomes.into_iter().map(|n| n.exact).collect::<Option<Vec<Q>>>()
        };
        let all: BTreeSet<Vec<Q>> = c.extreme.iter().filter_map(point).collect();
        all.into_iter().collect()
    };
    let vertices = listed.then(|| outcomes::extreme(points()));
    (shown.outcome_set, shown.outcome_range, shown.outcome_vertices) =
        outcomes::summary(&shown.outcomes, vertices);
    shown
}

/// One equilibrium alone.
fn one(game: &Game, numbers: &Numbers, profile: Vec<Vec<Q>>) -> Component {
    let weight = |p: &Q| if p.is_positive() { (0, p.clone()) } else { (1, Q::ONE) };
    let tremble: Vec<Vec<(u32, Q)>> = profile.iter().map(|h| h.iter().map(weight).collect()).collect();
    let beliefs = beliefs(game, numbers, &tremble);
    let zero = Num::exact(Q::ZERO);
    let found = Candidate { profile, tremble, beliefs, gap_nash: zero.clone(), gap_sequential: zero };
    component(game, numbers, found, Concept::Nash)
}

/// Ranges of probabilities, over the plans that come to the set.
fn free(form: &Form, found: &Equilibria, k: usize) -> Vec<Free> {
    let mut list = vec![];
    for p in 0..2 {
        let numbers: BTreeSet<u32> = found.components[k]
            .products
            .iter()
            .flat_map(|n| found.products[*n as usize][p].iter().copied())
            .collect();
        let plans: Vec<Plan> =
            numbers.iter().map(|x| plan(&form.sides[p], &found.strategies[p][*x as usize])).collect();
        for set in &form.sides[p].sets {
            let rows: Vec<&Vec<Q>> =
                plans.iter().flatten().filter(|(h, _)| h == set).map(|(_, r)| r).collect();
            for a in 0..rows.first().map_or(0, |row| row.len()) {
                let all = rows.iter().map(|row| &row[a]);
                if let (Some(low), Some(high)) = (all.clone().min(), all.max())
                    && low != high
                {
                    list.push(Free {
                        what: FreeWhat::Action(set.0, a as u32),
                        low: Num::exact(low.clone()),
                        high: Num::exact(high.clone()),
                    });
                }
            }
        }
    }
    list.sort_by_key(|f| match f.what {
        FreeWhat::Action(h, a) | FreeWhat::Belief(h, a) => (h, a),
    });
    list
}
