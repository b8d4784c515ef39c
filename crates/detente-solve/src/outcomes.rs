//! Reach, payoffs and outcome distributions, at a point and over a component.

use crate::cells::{Cell, Value};
use crate::join::Whole;
use crate::polytope;
use crate::rows::Poly;
use crate::stage::{End, Kind, Mono, Stage};
use crate::stages::Solved;
use crate::state::Var;
use detente_exact::lp::{self, Lp, Rel};
use detente_exact::{Interval, Q, Scalar};
use detente_game::solution::{Num, OutcomeSet};
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::{BTreeMap, BTreeSet};

/// Most vertices kept while outcome distributions are enumerated.
const MAX_VERTICES: usize = 2_000;

/// The interval of a number.
fn interval(v: &Value) -> Interval {
    match v {
        Value::Exact(q) => Interval::from_q(q),
        Value::Within(low, high) => Interval::from_q(low).hull(Interval::from_q(high)),
    }
}

fn from_interval(i: &Interval) -> Value {
    match (Q::from_f64(i.lo()), Q::from_f64(i.hi())) {
        (Some(low), Some(high)) => Value::Within(low, high),
        _ => Value::Within(Q::ZERO, Q::ONE),
    }
}

/// Product of two numbers.
pub fn product(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Exact(x), Value::Exact(y)) => Value::Exact(x * y),
        (Value::Exact(x), other) | (other, Value::Exact(x)) if *x == Q::ONE => other.clone(),
        (Value::Exact(x), _) | (_, Value::Exact(x)) if x.is_zero() => Value::Exact(Q::ZERO),
        _ => from_interval(&interval(a).mul(&interval(b))),
    }
}

/// Sum of two numbers.
pub fn sum(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Exact(x), Value::Exact(y)) => Value::Exact(x + y),
        (Value::Exact(x), other) | (other, Value::Exact(x)) if x.is_zero() => other.clone(),
        _ => from_interval(&interval(a).add(&interval(b))),
    }
}

/// Quotient of two numbers; `None` if the divisor may be 0.
pub fn quotient(a: &Value, b: &Value) -> Option<Value> {
    match (a, b) {
        (Value::Exact(x), Value::Exact(y)) => x.checked_div(y).map(Value::Exact),
        _ => interval(a).div(&interval(b)).map(|i| from_interval(&i)),
    }
}

/// Whether a number is certainly positive.
pub fn is_positive(v: &Value) -> bool {
    match v {
        Value::Exact(q) => q.is_positive(),
        Value::Within(low, _) => low.is_positive(),
    }
}

/// Numbers scaled to sum to 1; evenly if all are 0.
pub fn normalized(list: &[&Value]) -> Vec<Value> {
    let total = list.iter().fold(Value::Exact(Q::ZERO), |t, v| sum(&t, v));
    let even = || Value::Exact(Q::ONE / Q::from(list.len() as i64));
    list.iter().map(|v| quotient(v, &total).unwrap_or_else(even)).collect()
}

/// Probability of reaching each node under a profile.
pub fn reach(game: &Game, numbers: &Numbers, profile: &[Vec<Value>]) -> Vec<Value> {
    let mut reach = vec![Value::Exact(Q::ONE); game.nodes.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        let Some((parent, k)) = node.parent else { continue };
        let step = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => profile[h.index()][k as usize].clone(),
            NodeKind::Chance(c) => Value::Exact(numbers.chance[c.index()][k as usize].clone()),
            NodeKind::Terminal(_) => unreachable!("terminals have no children"),
        };
        reach[n] = product(&reach[parent.index()], &step);
    }
    reach
}

/// Probability per outcome key.
pub fn distribution(game: &Game, reach: &[Value]) -> Vec<Num> {
    let mut totals = vec![Value::Exact(Q::ZERO); game.outcome_count()];
    for n in 0..game.nodes.len() {
        if let Some(k) = game.outcome_key(NodeId(n as u32)) {
            totals[k] = sum(&totals[k], &reach[n]);
        }
    }
    totals.iter().map(Value::num).collect()
}

/// Expected payoff per player.
pub fn payoffs(game: &Game, numbers: &Numbers, reach: &[Value]) -> Vec<Num> {
    let n = game.players.len();
    let mut totals = vec![Value::Exact(Q::ZERO); n];
    for (x, node) in game.nodes.iter().enumerate() {
        if matches!(node.kind, NodeKind::Terminal(_)) {
            for (p, total) in totals.iter_mut().enumerate() {
                let u = Value::Exact(numbers.payoffs[x * n + p].clone());
                *total = sum(total, &product(&reach[x], &u));
            }
        }
    }
    totals.iter().map(Value::num).collect()
}

/// The stage's ends as polynomials in plan weights: (end node, probability).
fn end_polys(stage: &Stage, whole: &Whole) -> Vec<(usize, Mono, Q)> {
    let mut list = vec![];
    for (x, node) in stage.nodes.iter().enumerate() {
        if !matches!(node.kind, Kind::End(_)) || node.path.iter().any(|(_, w)| whole.state.is_zero(*w)) {
            continue;
        }
        let mut last: BTreeMap<usize, Var> = BTreeMap::new();
        for (p, w) in &node.path {
            last.insert(*p, *w);
        }
        let mut q = node.chance.clone();
        let mut mono = Mono::new();
        for w in last.into_values() {
            match whole.state.known(w) {
                Some(value) => q *= value,
                None => mono.push(whole.state.resolve(w)),
            }
        }
        if !q.is_zero() {
            list.push((x, mono, q));
        }
    }
    list
}

/// Payoffs of the stage if they are the same at all points of the choice of cells.
pub fn stage_payoffs(stage: &Stage, whole: &Whole) -> Option<Vec<Q>> {
    let ends = end_polys(stage, whole);
    let mut u = vec![];
    for p in 0..stage.players {
        let poly = payoff(stage, whole, p, &ends);
        if !whole.cells.iter().all(|c| shows_payoff(stage, c, p)) {
            return None;
        }
        u.push(single_value(stage, whole, &poly)?);
    }
    Some(u)
}

/// Whether a cell's own decisions show a player's payoff, as a proof must: the probabilities
/// cancel, or the values of the player's first sets are known numbers.
fn shows_payoff(stage: &Stage, cell: &Cell, player: usize) -> bool {
    let value = |s: usize| (stage.num_weights() + s) as Var;
    let mut first = (0..stage.sets.len())
        .filter(|s| stage.sets[*s].player == player && stage.sets[*s].before.is_none())
        .peekable();
    if first.peek().is_some() && first.all(|s| cell.state.fixed.contains_key(&value(s))) {
        return true;
    }
    let alone = Whole { cells: vec![cell], state: cell.state.clone() };
    let poly = payoff(stage, &alone, player, &end_polys(stage, &alone));
    crate::describe::constant(&crate::roots::reduce(stage, &cell.state, &poly)).is_some()
}

/// A player's expected payoff as a polynomial of what is not known.
fn payoff(stage: &Stage, whole: &Whole, player: usize, ends: &[(usize, Mono, Q)]) -> Poly {
    let mut poly = Poly::new();
    for (x, mono, q) in ends {
        let pay = match &stage.nodes[*x].kind {
            Kind::End(End::Payoffs(u)) => &u[player],
            Kind::End(End::Nested(k)) => &stage.nested[*k].1[whole.state.choice[*k].unwrap_or(0)][player],
            _ => unreachable!("ends only"),
        };
        *poly.at(mono.clone(), Q::ZERO) += q * pay;
    }
    poly.retain(|_, q| !q.is_zero());
    poly
}

/// The value of a polynomial if it is the same all over the choice of cells.
fn single_value(stage: &Stage, whole: &Whole, poly: &Poly) -> Option<Q> {
    if let Some(q) = crate::describe::constant(poly) {
        return Some(q);
    }
    let mut total = poly.get(&Mono::new()).cloned().unwrap_or(Q::ZERO);
    let mut rest = poly.clone();
    rest.remove(&Mono::new());
    for cell in &whole.cells {
        let mine: Poly = rest
            .iter()
            .filter(|(m, _)| m.iter().all(|v| cell.vars.contains(v)))
            .map(|(m, q)| (m.clone(), q.clone()))
            .collect();
        if mine.is_empty() {
            continue;
        }
        rest.retain(|m, _| !mine.contains_key(m));
        let one = polytope::Form { constant: Q::ONE, ..Default::default() };
        let (low, high) =
            polytope::ratio_range(cell, stage.num_weights(), &polytope::Form::from_poly(&mine)?, &one)?;
        if low != high {
            return None;
        }
        total += low;
    }
    rest.is_empty().then_some(total)
}

/// Extreme outcome distributions of a component of a stage, or `None` if they cannot be listed.
pub fn vertices(game: &Game, solved: &[Solved], at: usize, k: usize) -> Option<Vec<Vec<Q>>> {
    let s = &solved[at];
    let mut all: BTreeSet<Vec<Q>> = BTreeSet::new();
    for p in &s.joined[k].products {
        let choices = p.choices(MAX_VERTICES);
        if choices.len() >= MAX_VERTICES {
            return None;
        }
        for choice in choices {
            let whole = Whole::new(&s.cells, &choice);
            all.extend(choice_vertices(game, solved, at, &whole)?);
            if all.len() > MAX_VERTICES {
                return None;
            }
        }
    }
    Some(extreme(all.into_iter().collect()))
}

/// The weights of a cell that is a root of a polynomial system, where they are rational: it is isolated, so
/// that they are all there is of it.
fn root(cell: &Cell, of: &BTreeSet<Var>) -> Option<BTreeMap<Var, Q>> {
    let exact = |v: &Var| match cell.point.get(v)? {
        Value::Exact(q) => Some((*v, q.clone())),
        Value::Within(..) => None,
    };
    if cell.linear { None } else { of.iter().map(exact).collect() }
}

fn choice_vertices(game: &Game, solved: &[Solved], at: usize, whole: &Whole) -> Option<Vec<Vec<Q>>> {
    let s = &solved[at];
    let ends = end_polys(&s.stage, whole);
    let open: BTreeSet<Var> = ends.iter().flat_map(|(_, m, _)| m.iter().copied()).collect();
    // Each factor's points: vertices of its polyhedron in the weights that matter.
    let mut points: Vec<BTreeMap<Var, Q>> = vec![BTreeMap::new()];
    for cell in &whole.cells {
        let mine: BTreeSet<Var> = open.iter().copied().filter(|v| cell.vars.contains(v)).collect();
        if mine.is_empty() {
            continue;
        }
        let list = match root(cell, &mine) {
            Some(point) => vec![point],
            None => polytope::vertices(cell, s.stage.num_weights(), &mine, MAX_VERTICES)?,
        };
        let list: BTreeSet<Vec<(Var, Q)>> =
            list.into_iter().map(|x| mine.iter().map(|v| (*v, x[v].clone())).collect()).collect();
        points = points
            .iter()
            .flat_map(|p| {
                list.iter()
                    .map(move |x| p.iter().map(|(v, q)| (*v, q.clone())).chain(x.iter().cloned()).collect())
            })
            .collect();
        if points.len() > MAX_VERTICES {
            return None;
        }
    }
    // Each reached nested stage adds its own extreme distributions.
    let mut below: BTreeMap<usize, Vec<Vec<Q>>> = BTreeMap::new();
    for (x, _, _) in &ends {
        if let Kind::End(End::Nested(n)) = s.stage.nodes[*x].kind {
            let option = whole.state.choice[n].unwrap_or(0);
            below.insert(n, vertices(game, solved, s.stage.nested[n].0, option)?);
        }
    }
    let mut picks: Vec<BTreeMap<usize, &Vec<Q>>> = vec![BTreeMap::new()];
    for (n, list) in &below {
        picks = picks
            .iter()
            .flat_map(|p| {
                list.iter().map(move |d| p.iter().map(|(k, v)| (*k, *v)).chain([(*n, d)]).collect())
            })
            .collect();
        if picks.len() * points.len() > MAX_VERTICES {
            return None;
        }
    }
    let keys = game.outcome_count();
    let mut out = vec![];
    for point in &points {
        for pick in &picks {
            let mut dist = vec![Q::ZERO; keys];
            for (x, mono, q) in &ends {
                let weight = mono.iter().fold(q.clone(), |t, v| t * &point[v]);
                match &s.stage.nodes[*x].kind {
                    Kind::End(End::Nested(n)) => {
                        for (total, d) in dist.iter_mut().zip(pick[n]) {
                            *total += &weight * d;
                        }
                    }
                    _ => {
                        let key =
                            game.outcome_key(s.stage.nodes[*x].game).expect("an end has an outcome key");
                        dist[key] += weight;
                    }
                }
            }
            out.push(dist);
        }
    }
    Some(out)
}

/// Removes points that are mixtures of the others.
pub fn extreme(mut points: Vec<Vec<Q>>) -> Vec<Vec<Q>> {
    points.sort();
    points.dedup();
    let mut k = 0;
    while points.len() > 2 && points.len() <= 200 && k < points.len() {
        let rest: Vec<&Vec<Q>> = points.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, p)| p).collect();
        let mut lp = Lp::with_variables(rest.len(), Some(Q::ZERO), Some(Q::ONE));
        for d in 0..points[k].len() {
            let coefs = rest.iter().enumerate().map(|(j, p)| (j, p[d].clone())).collect();
            lp.add_row(coefs, Rel::Eq, points[k][d].clone());
        }
        lp.add_row((0..rest.len()).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        if lp::feasible(&lp).is_ok() {
            points.remove(k);
        } else {
            k += 1;
        }
    }
    points.reverse();
    points
}

/// The shape of the outcome set, the range per outcome and the listed extremes.
pub fn summary(point: &[Num], vertices: Option<Vec<Vec<Q>>>) -> (OutcomeSet, Vec<(Num, Num)>, Vec<Vec<Num>>) {
    let own = || point.iter().map(|n| (n.clone(), n.clone())).collect::<Vec<_>>();
    let exact = point.iter().all(|n| n.exact.is_some());
    let Some(list) = vertices else {
        if !exact {
            // A certified root is isolated: its outcome is one point, known within its box.
            return (OutcomeSet::Point, own(), vec![]);
        }
        let whole = point.iter().map(|_| (Num::exact(Q::ZERO), Num::exact(Q::ONE))).collect();
        return (OutcomeSet::Enclosure, whole, vec![]);
    };
    if list.len() <= 1 {
        return (OutcomeSet::Point, own(), vec![]);
    }
    let range = (0..point.len())
        .map(|k| {
            let column = list.iter().map(|v| &v[k]);
            let low = column.clone().min().expect("not empty").clone();
            let high = column.max().expect("not empty").clone();
            (Num::exact(low), Num::exact(high))
        })
        .collect();
    let set = if list.len() == 2 { OutcomeSet::Segment } else { OutcomeSet::Polytope };
    let listed = list.into_iter().map(|v| v.into_iter().map(Num::exact).collect()).collect();
    (set, range, listed)
}
