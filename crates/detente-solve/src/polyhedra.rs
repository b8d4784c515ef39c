//! All Nash equilibria of two players by cases over the sequence form: extreme ones, maximal subsets, indices.
//!
//! The one idea: this search shares nothing with the one that writes proofs, so it says more about what that one
//! found and finds all where that one gave up; what it says of completeness no referee replays, and the answer says so.

use crate::outcomes;
use crate::polish::{Candidate, beliefs, component, solution};
use crate::settings::Progress;
use detente_exact::Q;
use detente_game::matrix::MatrixProof;
use detente_game::nash::{NashComponent, NashSets, Plan};
use detente_game::solution::{Component, Concept, Free, FreeWhat, Num, Solution, Status};
use detente_game::{Game, InfosetId, Numbers};
use detente_sequence::all::{self, Equilibria, Limits};
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
    let component = |(pieces, index): (&Vec<u32>, &Option<i64>)| {
        let subsets: Vec<[Vec<u32>; 2]> = pieces.iter().map(|n| proof.pieces[*n as usize].clone()).collect();
        let pairs = |[first, second]: &[Vec<u32>; 2]| -> Vec<(u32, u32)> {
            first.iter().flat_map(|x| second.iter().map(|y| (*x, *y))).collect()
        };
        let extreme: BTreeSet<(u32, u32)> = subsets.iter().flat_map(pairs).collect();
        NashComponent { index: *index, extreme: extreme.into_iter().collect(), subsets }
    };
    let components = proof.components.iter().zip(&proof.index).map(component).collect();
    Some(NashSets { plans, components })
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
    let mut order = order.into_iter().map(|k| listed[k].clone());
    let mut unresolved = vec![
        "every case over the sequence form was decided, and the indices of these components sum to 1; but no proof \
         that they are all is written down for the referee"
            .to_string(),
    ];
    unresolved.extend_from_slice(reasons);
    let first = order.next()?;
    let mut solution = solution(game, numbers, Concept::Nash, Status::ExactSome, unresolved, first);
    solution.components.extend(order);
    Some(solution)
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
