//! A component as numbers a reader can use: one equilibrium of it, what varies,
//! payoffs, and where play ends.

use crate::cells::{Cell, Value};
use crate::join::{Joined, Whole, value_at};
use crate::rows::Poly;
use crate::stage::{Mono, Stage};
use crate::stages::Solved;
use crate::state::{Status, Var};
use crate::{conditions, outcomes};
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Free, FreeWhat, Num, OutcomeSet};
use detente_game::{Game, Numbers};
use std::collections::BTreeMap;

/// Returns the components of the whole game, one per component of the last stage.
pub fn components(game: &Game, numbers: &Numbers, concept: Concept, solved: &[Solved]) -> Vec<Component> {
    let top = solved.len() - 1;
    (0..solved[top].joined.len()).map(|k| component(game, numbers, concept, solved, k)).collect()
}

/// Returns the printing order: by outcome probabilities, descending, then the profile.
pub fn order(list: &[Component]) -> Vec<usize> {
    let mut index: Vec<usize> = (0..list.len()).collect();
    let key = |c: &Component| -> Vec<f64> {
        c.outcomes.iter().chain(c.profile.iter().flatten()).map(|n| -n.value).collect()
    };
    let compare = |a: &Vec<f64>, b: &Vec<f64>| {
        let pairs = a.iter().zip(b).map(|(x, y)| x.total_cmp(y));
        pairs.fold(std::cmp::Ordering::Equal, |so_far, next| so_far.then(next))
    };
    index.sort_by(|a, b| compare(&key(&list[*a]), &key(&list[*b])).then(a.cmp(b)));
    index
}

/// The choice of cells that shows a component: the one that uses the fewest actions.
pub fn sample<'a>(stage: &Stage, cells: &'a [Cell], joined: &Joined) -> Whole<'a> {
    let mut best: Option<(usize, Vec<usize>)> = None;
    for p in &joined.products {
        let choice: Vec<usize> = p
            .factors
            .iter()
            .map(|f| {
                *f.iter().min_by_key(|c| (used(stage, &cells[**c]), **c)).expect("factors are not empty")
            })
            .collect();
        let size = choice.iter().map(|c| used(stage, &cells[*c])).sum();
        if best.as_ref().is_none_or(|(s, _)| size < *s) {
            best = Some((size, choice));
        }
    }
    Whole::new(cells, &best.expect("a component has products").1)
}

fn used(_stage: &Stage, cell: &Cell) -> usize {
    cell.state.status.iter().filter(|s| **s != Status::Zero).count()
}

/// What varies over a component: ranges, and conditions per convex piece.
struct Varying {
    free: Vec<Free>,
    pieces: Option<Vec<conditions::Piece>>,
}

/// Everything about one equilibrium of the whole game.
struct Assessment {
    profile: Vec<Vec<Value>>,
    tremble: Vec<Vec<(u32, Value)>>,
    beliefs: Vec<Vec<Value>>,
}

fn component(game: &Game, numbers: &Numbers, concept: Concept, solved: &[Solved], k: usize) -> Component {
    let mut a = Assessment {
        profile: game.infosets.iter().map(|h| vec![Value::Exact(Q::ZERO); h.actions.len()]).collect(),
        tremble: game.infosets.iter().map(|h| vec![(1, Value::Exact(Q::ONE)); h.actions.len()]).collect(),
        beliefs: game.infosets.iter().map(|_| vec![]).collect(),
    };
    let mut varies = Varying { free: vec![], pieces: Some(vec![conditions::Piece::new()]) };
    let top = solved.len() - 1;
    fill(game, solved, top, k, concept, &mut a, &mut varies);
    let Varying { free, pieces } = varies;
    let profile: Vec<Vec<Num>> = a.profile.iter().map(|h| h.iter().map(Value::num).collect()).collect();
    let reach = outcomes::reach(game, numbers, &a.profile);
    let reached: Vec<bool> = game
        .infosets
        .iter()
        .map(|h| h.nodes.iter().any(|n| outcomes::is_positive(&reach[n.index()])))
        .collect();
    // An equilibrium that exists by proof has no gap, even if its numbers are irrational.
    let zero = Num::exact(Q::ZERO);
    let vertices = outcomes::vertices(game, solved, top, k);
    let point = outcomes::distribution(game, &reach);
    let (set, ranges, listed) = outcomes::summary(&point, vertices);
    let pieces = if free.is_empty() { vec![] } else { pieces.unwrap_or_default() };
    let mut c = Component {
        profile,
        beliefs: a.beliefs.iter().map(|h| h.iter().map(Value::num).collect()).collect(),
        reached,
        payoffs: outcomes::payoffs(game, numbers, &reach),
        outcomes: point,
        outcome_range: ranges,
        outcome_set: set,
        outcome_vertices: listed,
        free,
        inequalities: pieces.iter().map(|p| p.keys().cloned().collect()).collect(),
        conditions: pieces.into_iter().map(|p| p.into_values().collect()).collect(),
        intuitive: None,
        tremble: a.tremble.iter().map(|h| h.iter().map(|(o, v)| (*o, v.num())).collect()).collect(),
        gap_nash: zero.clone(),
        gap_sequential: (concept == Concept::Sequential).then_some(zero),
    };
    if c.outcome_set == OutcomeSet::Point {
        c.outcome_vertices.clear();
    }
    if concept != Concept::Sequential {
        only_bayes(game, &reach, &mut c);
    }
    c
}

/// Turns a sequential equilibrium into the profile it is: no beliefs off the path.
pub fn without_beliefs(c: &mut Component) {
    for (h, reached) in c.reached.iter().enumerate() {
        if !reached {
            c.beliefs[h] = vec![];
        }
    }
    c.free.retain(|f| matches!(f.what, FreeWhat::Action(..)));
    c.gap_sequential = None;
    c.intuitive = None;
}

/// Under Nash, beliefs exist on the path only, by Bayes' rule.
fn only_bayes(game: &Game, reach: &[Value], c: &mut Component) {
    for (h, set) in game.infosets.iter().enumerate() {
        c.beliefs[h] = if c.reached[h] {
            let list: Vec<&Value> = set.nodes.iter().map(|n| &reach[n.index()]).collect();
            outcomes::normalized(&list).iter().map(Value::num).collect()
        } else {
            vec![]
        };
    }
}

/// Writes the sample of one component of one stage, and of the components it chooses below.
fn fill(
    game: &Game,
    solved: &[Solved],
    at: usize,
    k: usize,
    concept: Concept,
    a: &mut Assessment,
    all: &mut Varying,
) {
    let s = &solved[at];
    let joined = &s.joined[k];
    let whole = sample(&s.stage, &s.cells, joined);
    let orders = crate::beliefs::orders(&s.stage, &whole.state).unwrap_or_default();
    let orders = whole_numbers(&orders);
    for (set, info) in s.stage.sets.iter().enumerate() {
        let h = info.game.index();
        let unplayed = concept != Concept::Sequential && whole.state.behind_zero(&s.stage, set);
        for act in (0..info.actions).filter(|_| !unplayed) {
            let w = s.stage.weight(set, act);
            let share = conditional(&s.stage, &whole, set, w);
            if whole.state.is_zero(w) {
                a.tremble[h][act] = tremble_of_zero(&s.stage, &whole, set, w, &orders, share);
            } else {
                a.profile[h][act] = share.clone();
                a.tremble[h][act] = (0, share);
            }
        }
        settle_unplayed(&mut a.profile[h]);
        for act in 0..info.actions {
            if !is_zero_value(&a.profile[h][act]) {
                a.tremble[h][act] = (0, a.profile[h][act].clone());
            } else if a.tremble[h][act].0 == 0 {
                a.tremble[h][act] = (1, Value::Exact(Q::ONE));
            }
        }
        a.beliefs[h] = beliefs_of(&s.stage, &whole, set, &orders, game);
    }
    let varies = crate::ranges::ranges(game, s, joined, concept);
    if !varies.is_empty() {
        let here = conditions::pieces(game, s, joined, concept, &varies);
        all.pieces = here.zip(all.pieces.take()).and_then(|(a, b)| conditions::combined(&a, &b));
    }
    all.free.extend(varies);
    for (n, (stage, options)) in s.stage.nested.iter().enumerate() {
        let option = whole.state.choice[n].unwrap_or(0).min(options.len() - 1);
        fill(game, solved, *stage, option, concept, a, all);
    }
}

/// Scales orders to whole numbers.
fn whole_numbers(orders: &BTreeMap<u32, Q>) -> BTreeMap<u32, u32> {
    let mut scale = 1i64;
    while scale < 5_040 && orders.values().any(|q| (q * &Q::from(scale)).to_f64().fract() != 0.0) {
        scale += 1;
    }
    orders.iter().map(|(w, q)| (*w, (q * &Q::from(scale)).to_f64().round() as u32)).collect()
}

fn is_zero_value(v: &Value) -> bool {
    matches!(v, Value::Exact(q) if q.is_zero())
}

/// A set never weighed by anything plays its actions evenly.
fn settle_unplayed(shares: &mut [Value]) {
    if shares.iter().all(is_zero_value) {
        let even = Q::ONE / Q::from(shares.len() as i64);
        shares.iter_mut().for_each(|v| *v = Value::Exact(even.clone()));
    }
}

/// The weight of an action relative to the weight with which its owner comes to the set.
pub fn conditional(stage: &Stage, whole: &Whole, set: usize, w: Var) -> Value {
    let siblings: Vec<Var> = stage.weights(set).filter(|v| !whole.state.is_zero(*v)).collect();
    if siblings[..] == [w] {
        return Value::Exact(Q::ONE);
    }
    let zero = Value::Exact(Q::ZERO);
    let own = value_at(whole, w).unwrap_or(zero.clone());
    let before = match stage.sets[set].before {
        Some(b) => value_at(whole, b).unwrap_or(Value::Exact(Q::ONE)),
        None => Value::Exact(Q::ONE),
    };
    outcomes::quotient(&own, &before).unwrap_or(zero)
}

fn tremble_of_zero(
    stage: &Stage,
    whole: &Whole,
    set: usize,
    w: Var,
    orders: &BTreeMap<u32, u32>,
    share: Value,
) -> (u32, Value) {
    let _ = (stage, set);
    let order = orders.get(&w).copied().unwrap_or(1).max(1);
    if is_zero_value(&share) {
        // A free belief that is 0 here: this tremble vanishes faster than its rivals.
        let free = (0..stage.sets.len()).any(|g| {
            whole.state.any[g]
                && crate::rows::own_zeros(stage, &whole.state, g).is_some_and(|l| l.contains(&w))
        });
        return (if free { order + 1 } else { order }, Value::Exact(Q::ONE));
    }
    (order, share)
}

/// Beliefs by the leading members' weights.
fn beliefs_of(
    stage: &Stage,
    whole: &Whole,
    set: usize,
    orders: &BTreeMap<u32, u32>,
    game: &Game,
) -> Vec<Value> {
    let info = &stage.sets[set];
    let n = info.members.len();
    if n == 1 {
        return vec![Value::Exact(Q::ONE)];
    }
    // Where no rule says who leads, the trembles shown do.
    let lead = whole.state.leading(stage, set).unwrap_or_else(|| least_trembled(stage, whole, set, orders));
    let leaders: Vec<Mono> = (0..n).filter(|k| lead[*k]).map(|k| member_mono(stage, set, k)).collect();
    // What all leading members share cancels, and may even be 0.
    let shared = |w: &Var| leaders.iter().all(|m| m.contains(w));
    let list: Vec<Value> = (0..n)
        .map(|k| if lead[k] { member_weight(stage, whole, set, k, shared) } else { Value::Exact(Q::ZERO) })
        .collect();
    let shares = outcomes::normalized(&list.iter().collect::<Vec<_>>());
    let mut out = vec![Value::Exact(Q::ZERO); n];
    for (k, share) in shares.into_iter().enumerate() {
        out[place_of_member(game, stage, set, k)] = share;
    }
    out
}

/// The members with the smallest sum of tremble orders on their path.
fn least_trembled(stage: &Stage, whole: &Whole, set: usize, orders: &BTreeMap<u32, u32>) -> Vec<bool> {
    let order = |w: &Var| orders.get(w).copied().unwrap_or(1).max(1);
    let zero = |w: &&Var| whole.state.is_zero(**w);
    let sum = |path: &Vec<Var>| -> u32 { path.iter().filter(zero).map(order).sum() };
    let sums: Vec<u32> = stage.sets[set].others.iter().map(sum).collect();
    let least = sums.iter().min().copied().unwrap_or(0);
    sums.into_iter().map(|s| s == least).collect()
}

/// The position in the game of a stage's member: their orders may differ.
pub fn place_of_member(game: &Game, stage: &Stage, set: usize, k: usize) -> usize {
    let info = &stage.sets[set];
    let node = stage.nodes[info.members[k]].game;
    let members = &game.infosets[info.game.index()].nodes;
    members.iter().position(|m| *m == node).expect("a member of its set")
}

fn member_weight(stage: &Stage, whole: &Whole, set: usize, k: usize, skip: impl Fn(&Var) -> bool) -> Value {
    let node = &stage.nodes[stage.sets[set].members[k]];
    let mut weight = Value::Exact(node.chance.clone());
    for w in member_mono(stage, set, k).into_iter().filter(|w| !skip(w)) {
        let factor = value_at(whole, w).unwrap_or(Value::Exact(Q::ONE));
        weight = outcomes::product(&weight, &factor);
    }
    weight
}

/// The last action of every other player on a member's path.
pub fn member_mono(stage: &Stage, set: usize, k: usize) -> Mono {
    let node = &stage.nodes[stage.sets[set].members[k]];
    let mut last: BTreeMap<usize, Var> = BTreeMap::new();
    for (p, w) in node.path.iter().filter(|(p, _)| *p != stage.sets[set].player) {
        last.insert(*p, *w);
    }
    last.into_values().collect()
}

/// Returns the payoff vector of a component if all its points have the same one.
pub fn single_payoffs(stage: &Stage, cells: &[Cell], joined: &Joined) -> Option<Vec<Q>> {
    let mut found: Option<Vec<Q>> = None;
    for p in &joined.products {
        for choice in p.choices(2_000) {
            let whole = Whole::new(cells, &choice);
            let u = outcomes::stage_payoffs(stage, &whole)?;
            match &found {
                None => found = Some(u),
                Some(before) if *before == u => {}
                Some(_) => return None,
            }
        }
    }
    found
}

/// Whether a polynomial is a number.
pub fn constant(poly: &Poly) -> Option<Q> {
    if poly.keys().all(|m| m.is_empty()) {
        return Some(poly.get(&Mono::new()).cloned().unwrap_or(Q::ZERO));
    }
    None
}
