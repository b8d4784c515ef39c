//! Parts whose rows multiply weights of different players.
//!
//! Values are eliminated, the last weight of each set is written by the others, and
//! what remains is a square polynomial system in [0, 1]: bisect, drop boxes where an
//! equation cannot be zero or an inequality cannot hold, and prove single roots by
//! Krawczyk's test (Krawczyk 1969). A root that is rational is recognised and checked.

use crate::boxes::{Bound, Hunt, Quick};
use crate::cells::{Cell, Tree, Value};
use crate::leaf;
use crate::relax::{self, Combination, Relaxation};
use crate::rows::{Named, Poly, add_scaled};
use crate::scales;
use crate::search::Search;
use crate::stage::{Mono, Stage};
use crate::state::{State, Var, variable};
use detente_exact::Q;
use detente_game::certificate::{BoxProof, BoxStep, Proof, Row};
use detente_game::solution::Concept;
use std::collections::{BTreeMap, BTreeSet};

/// Most unknowns of one system.
const MAX_UNKNOWNS: usize = 10;

/// A reduced polynomial with the combination it comes from.
#[derive(Clone)]
pub struct Reduced {
    pub poly: Poly,
    pub combination: Combination,
}

/// Solves a decided part with products.
pub fn solve(
    search: &mut Search,
    state: State,
    vars: Vec<Var>,
    strict: Vec<Var>,
    rows: Vec<Named>,
) -> (Proof, Tree) {
    let derived = relax::eliminate(search.stage, &rows);
    let weights = search.stage.num_weights() as Var;
    let free_of_values = |p: &Poly| p.keys().flatten().all(|v| *v < weights);
    if let Some(found) = linear(search, &state, &vars, &strict, &rows, &derived) {
        return found;
    }
    let mut equations = vec![];
    let mut basis: Vec<(Mono, Poly)> = vec![];
    for (_, d) in derived.iter().filter(|(_, d)| free_of_values(&d.poly)) {
        let combination: Combination = d.combination.clone().into_iter().collect();
        if let Some(sign) = one_sign(search, &state, &d.poly) {
            return (refuted_by(combination, -sign), Tree::Empty);
        }
        let poly = reduce(search.stage, &state, &d.poly);
        // An equation that follows from the others says nothing, and could not be told from 0 at a root.
        let rest = remainder(&basis, &poly);
        if rest.is_empty() {
            continue;
        }
        if let Some(pivot) = rest.keys().next_back().filter(|m| !m.is_empty()).cloned() {
            basis.push((pivot, rest));
        }
        equations.push(Reduced { poly, combination });
    }
    let mut inequalities = vec![];
    for r in rows.iter().filter(|r| !r.equality) {
        let Some((poly, combination)) = without_values(weights, r, &derived) else {
            return search.leave_open("a condition with products of unknown values");
        };
        if one_sign(search, &state, &poly) == Some(-1) {
            return (refuted_by(combination, 1), Tree::Empty);
        }
        let poly = reduce(search.stage, &state, &poly);
        // What is left may be a number: one below 0 rules the part out.
        let holds = |p: &Poly| crate::describe::constant(p).is_some_and(|q| !q.is_negative());
        if !holds(&poly) && !holds(&remainder(&basis, &poly)) {
            inequalities.push(Reduced { poly, combination });
        }
    }
    if equations.iter().chain(&inequalities).all(|r| r.poly.keys().all(|m| m.len() <= 1)) {
        return reduced_linear(search, state, vars, strict, &rows, &equations, &inequalities, vec![]);
    }
    if let Some((equations, inequalities, units)) =
        by_scales(search, &state, &rows, &equations, &inequalities)
    {
        return reduced_linear(search, state, vars, strict, &rows, &equations, &inequalities, units);
    }
    if let Some(found) = crate::units::solve(search, &state, &vars, &strict, &rows, &equations) {
        return found;
    }
    let products = equations.iter().any(|r| r.poly.keys().any(|m| m.len() > 1));
    if products && let Some(found) = crate::given::solve(search, &state, &vars, &strict, &rows, &equations) {
        return found;
    }
    let inequalities = crate::idle::without(&equations, inequalities);
    if equations.iter().chain(&inequalities).all(|r| r.poly.keys().all(|m| m.len() <= 1)) {
        return reduced_linear(search, state, vars, strict, &rows, &equations, &inequalities, vec![]);
    }
    let unknowns: BTreeSet<Var> =
        equations.iter().chain(&inequalities).flat_map(|r| r.poly.keys().flatten().copied()).collect();
    let unknowns: Vec<Var> = unknowns.into_iter().collect();
    if unknowns.len() > MAX_UNKNOWNS {
        return search.leave_case(&state, "a polynomial system with too many unknown probabilities");
    }
    let Some(square) = independent(&equations, &unknowns) else {
        if let Some(proof) =
            crate::barren::refuted(search, &state, &strict, &unknowns, &equations, &inequalities)
        {
            return (proof, Tree::Empty);
        }
        return search.leave_case(
            &state,
            "a system with products of unknown probabilities and a continuum of solutions",
        );
    };
    hunt(search, state, vars, strict, rows, &unknowns, square, equations, inequalities)
}

/// The sign of a polynomial that is surely not 0: all coefficients have it, and one product is positive.
fn one_sign(search: &Search, state: &State, poly: &Poly) -> Option<i32> {
    let sign = poly.values().next()?.signum();
    let positive = |m: &Mono| m.iter().all(|v| search.positive(state, *v));
    (poly.values().all(|q| q.signum() == sign) && poly.keys().any(positive)).then_some(sign)
}

fn refuted_by(combination: Combination, sign: i32) -> Proof {
    let factor = Q::from(i64::from(sign));
    Proof::Refuted { combination: combination.into_iter().map(|(row, q)| (row, q * &factor)).collect() }
}

/// What is left of a polynomial once those of the basis are subtracted from it at their pivots.
fn remainder(basis: &[(Mono, Poly)], poly: &Poly) -> Poly {
    let mut rest = poly.clone();
    for (pivot, unit) in basis {
        if let Some(q) = rest.get(pivot).cloned() {
            add_scaled(&mut rest, unit, &-(q / &unit[pivot]));
        }
    }
    rest
}

/// Whether the unknowns give some weights of a set and leave others free, as where two actions of it count
/// alike.
fn is_half_known(search: &Search, state: &State, unknowns: &[Var]) -> bool {
    let stage = search.stage;
    (0..stage.sets.len()).filter(|s| !state.behind_zero(stage, *s)).any(|s| {
        let open = stage.weights(s).filter(|w| !state.is_zero(*w) && state.known(*w).is_none());
        let given: Vec<bool> = open
            .map(|w| {
                let alone = Poly::from([(Mono::from_slice(&[state.resolve(w)]), Q::ONE)]);
                reduce(stage, state, &alone).keys().flatten().all(|v| unknowns.contains(v))
            })
            .collect();
        given.contains(&true) && given.contains(&false)
    })
}

/// Solves the part by a linear program if no products are left once values are eliminated.
fn linear(
    search: &mut Search,
    state: &State,
    vars: &[Var],
    strict: &[Var],
    rows: &[Named],
    derived: &[(Mono, relax::Derived)],
) -> Option<(Proof, Tree)> {
    let weights = search.stage.num_weights() as Var;
    let mut list: Vec<(Poly, bool, Combination)> = vec![];
    for (_, d) in derived {
        if d.poly.keys().flatten().all(|v| *v < weights) {
            list.push((d.poly.clone(), true, d.combination.clone().into_iter().collect()));
        }
    }
    for r in rows.iter().filter(|r| !r.equality) {
        let (poly, combination) = without_values(weights, r, derived)?;
        list.push((poly, false, combination));
    }
    list.retain(|(p, _, _)| !p.is_empty());
    if list.iter().any(|(p, _, _)| p.keys().any(|m| m.len() > 1)) {
        return None;
    }
    // The rows are named by their place in the list while the program is solved.
    let named: Vec<Named> = list
        .iter()
        .enumerate()
        .map(|(k, (poly, equality, _))| Named {
            row: Row::Flow(k as u32),
            poly: poly.clone(),
            equality: *equality,
        })
        .collect();
    let relaxation = Relaxation::new(search.stage, &named);
    Some(match relaxation.strictly(strict) {
        Err(y) => {
            let mut total: BTreeMap<Row, Q> = BTreeMap::new();
            for (row, q) in y {
                let Row::Flow(k) = row else { unreachable!("named above") };
                for (r, c) in &list[k as usize].2 {
                    *total.entry(*r).or_insert(Q::ZERO) += c * &q;
                }
            }
            total.retain(|_, q| !q.is_zero());
            (Proof::Refuted { combination: total.into_iter().collect() }, Tree::Empty)
        }
        Ok(x) => {
            let vars: Vec<Var> = vars.iter().copied().filter(|v| *v < weights).collect();
            let point = leaf::point(search, &relaxation, &vars, &x);
            let strict = strict.to_vec();
            leaf::keep(search, Cell { state: state.clone(), vars, rows: named, strict, point, linear: true })
        }
    })
}

/// Reduced equations and inequalities, and what sets the scale of their trembles.
type Scaled = (Vec<Reduced>, Vec<Reduced>, Vec<Named>);

/// Sets the scale of trembles that are known only relative to each other, if no product is
/// left then.
fn by_scales(
    search: &Search,
    state: &State,
    rows: &[Named],
    equations: &[Reduced],
    inequalities: &[Reduced],
) -> Option<Scaled> {
    if search.concept != Concept::Sequential {
        return None;
    }
    let groups = scales::groups(search.stage, state, rows);
    let scaled = |list: &[Reduced]| -> Option<Vec<Reduced>> {
        list.iter()
            .map(|r| {
                let poly = groups.iter().fold(r.poly.clone(), |p, g| scales::normalised(&p, g));
                let is_linear = poly.keys().all(|m| m.len() <= 1);
                is_linear.then(|| Reduced { poly, combination: r.combination.clone() })
            })
            .collect()
    };
    let units = groups
        .iter()
        .map(|g| Named { row: Row::Flow(u32::MAX), poly: scales::unit(g), equality: true })
        .collect();
    Some((scaled(equations)?, scaled(inequalities)?, units))
}

/// Solves a part whose products cancel once the last weight of each set is written by the
/// others. Only a found point is a proof here: a refutation would need more than rows.
#[allow(clippy::too_many_arguments)]
fn reduced_linear(
    search: &mut Search,
    state: State,
    vars: Vec<Var>,
    strict: Vec<Var>,
    rows: &[Named],
    equations: &[Reduced],
    inequalities: &[Reduced],
    units: Vec<Named>,
) -> (Proof, Tree) {
    let weights = search.stage.num_weights() as Var;
    let flows = rows.iter().filter(|r| matches!(r.row, Row::Flow(_)) && r.poly.keys().all(|m| m.len() <= 1));
    let mut named: Vec<Named> = flows.cloned().chain(units).collect();
    for (list, equality) in [(equations, true), (inequalities, false)] {
        let name = |r: &Reduced| r.combination.first().map_or(Row::Flow(0), |(row, _)| *row);
        named.extend(list.iter().map(|r| Named { row: name(r), poly: r.poly.clone(), equality }));
    }
    let relaxation = Relaxation::new(search.stage, &named);
    match relaxation.strictly(&strict) {
        Err(_) => {
            match refuted_whole(search, &state, &vars, rows, equations, inequalities) {
                Some(proof) => (proof, Tree::Empty),
                // A weight that must be above 0 may be 0, which shows once weights are numbers.
                None => crate::given::solve(search, &state, &vars, &strict, rows, equations).unwrap_or_else(
                    || search.leave_open("a polynomial system that only cancels after substitution"),
                ),
            }
        }
        Ok(x) => {
            let vars: Vec<Var> = vars.into_iter().filter(|v| *v < weights).collect();
            let point = leaf::point(search, &relaxation, &vars, &x);
            leaf::keep(search, Cell { state, vars, rows: named, strict, point, linear: true })
        }
    }
}

/// Refutes a part by one combination that is below 0 wherever weights are within [0, 1], once
/// the last weight of each set is written by the others: a search of a single box.
fn refuted_whole(
    search: &Search,
    state: &State,
    vars: &[Var],
    rows: &[Named],
    equations: &[Reduced],
    inequalities: &[Reduced],
) -> Option<Proof> {
    let list: Vec<(&Reduced, bool)> =
        equations.iter().map(|r| (r, true)).chain(inequalities.iter().map(|r| (r, false))).collect();
    if list.iter().any(|(r, _)| r.poly.keys().any(|m| m.len() > 1)) {
        return None;
    }
    // The rows are named by their place in the list while the program is solved.
    let named: Vec<Named> = (list.iter().enumerate())
        .map(|(k, (r, equality))| Named {
            row: Row::Flow(k as u32),
            poly: r.poly.clone(),
            equality: *equality,
        })
        .collect();
    let multipliers = Relaxation::new(search.stage, &named).feasible().err()?;
    let (mut poly, mut total) = (Poly::new(), BTreeMap::new());
    for (row, q) in multipliers {
        let Row::Flow(k) = row else { unreachable!("named above") };
        add_scaled(&mut poly, &list[k as usize].0.poly, &q);
        for (r, c) in &list[k as usize].0.combination {
            *total.entry(*r).or_insert(Q::ZERO) += c * &q;
        }
    }
    total.retain(|_, q| !q.is_zero());
    // Where a scale was set, the rows say less than what was combined.
    let mut again = Poly::new();
    for (row, q) in &total {
        add_scaled(&mut again, &rows.iter().find(|r| r.row == *row)?.poly, q);
    }
    if reduce(search.stage, state, &again) != poly {
        return None;
    }
    let mut unknowns: Vec<Var> = poly.keys().flatten().copied().collect();
    if unknowns.is_empty() {
        let weight = |v: &&Var| (**v as usize) < search.stage.num_weights() && state.known(**v).is_none();
        unknowns.push(state.resolve(*vars.iter().find(weight)?));
    }
    let boxes = BoxProof {
        variables: unknowns.iter().map(|v| variable(search.stage, *v)).collect(),
        equations: vec![vec![]; unknowns.len()],
        inequalities: vec![total.into_iter().collect()],
        root: BoxStep::Violated(0),
    };
    (unknowns.len() <= MAX_UNKNOWNS).then_some(Proof::Boxes { boxes })
}

/// Removes values from a `>=` row by subtracting equations solved for them.
fn without_values(
    weights: Var,
    row: &Named,
    derived: &[(Mono, relax::Derived)],
) -> Option<(Poly, Combination)> {
    let mut poly = row.poly.clone();
    let mut combination = BTreeMap::from([(row.row, Q::ONE)]);
    for (pivot, d) in derived {
        let Some(q) = poly.get(pivot).cloned() else { continue };
        if !pivot.iter().any(|v| *v >= weights) {
            continue;
        }
        add_scaled(&mut poly, &d.poly, &-q.clone());
        for (r, c) in &d.combination {
            *combination.entry(*r).or_insert(Q::ZERO) -= c * &q;
        }
    }
    combination.retain(|_, q| !q.is_zero());
    poly.keys().flatten().all(|v| *v < weights).then(|| (poly, combination.into_iter().collect()))
}

/// Writes the weight of each set's last action by the others, until none is left.
pub fn reduce(stage: &Stage, state: &State, poly: &Poly) -> Poly {
    let mut poly = poly.clone();
    for s in (0..stage.sets.len()).rev() {
        let left: Vec<Var> = stage.weights(s).filter(|w| !state.is_zero(*w)).collect();
        let last = *left.last().expect("a set keeps an action");
        if left.len() == 1 || state.fixed.contains_key(&last) {
            continue;
        }
        let mut instead = Poly::new();
        let add = |p: &mut Poly, v: Option<Var>, q: Q| {
            let (mono, q) = match v {
                Some(v) => match state.known(v) {
                    Some(value) => (Mono::new(), q * value),
                    None => (Mono::from_slice(&[state.resolve(v)]), q),
                },
                None => (Mono::new(), q),
            };
            *p.at(mono, Q::ZERO) += q;
        };
        add(&mut instead, stage.sets[s].before, Q::ONE);
        for v in &left[..left.len() - 1] {
            add(&mut instead, Some(*v), -Q::ONE);
        }
        let mut out = Poly::new();
        for (m, q) in &poly {
            match m.iter().position(|v| *v == last) {
                None => *out.at(m.clone(), Q::ZERO) += q,
                Some(k) => {
                    for (n, c) in &instead {
                        let mut mono = m.clone();
                        mono.remove(k);
                        mono.extend(n.iter().copied());
                        mono.sort_unstable();
                        *out.at(mono, Q::ZERO) += q * c;
                    }
                }
            }
        }
        out.retain(|_, q| !q.is_zero());
        poly = out;
    }
    poly
}

/// Picks as many equations as unknowns whose slopes are independent at a generic point.
pub fn independent(equations: &[Reduced], unknowns: &[Var]) -> Option<Vec<usize>> {
    let point: Vec<f64> =
        (0..unknowns.len()).map(|k| 0.3137 + 0.4 * ((k as f64 * 0.618_034) % 1.0)).collect();
    let mut basis: Vec<Vec<f64>> = vec![];
    let mut picked = vec![];
    for (e, r) in equations.iter().enumerate() {
        let f = Quick::new(&r.poly, unknowns);
        let mut row: Vec<f64> = (0..unknowns.len()).map(|k| f.slope_at(&point, k)).collect();
        let size = row.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        for b in &basis {
            let at = b.iter().position(|x| *x != 0.0).expect("a basis row has a pivot");
            let factor = row[at] / b[at];
            row.iter_mut().zip(b).for_each(|(x, y)| *x -= factor * y);
            row[at] = 0.0;
        }
        let at = (0..row.len()).max_by(|a, b| row[*a].abs().total_cmp(&row[*b].abs()))?;
        if row[at].abs() > 1e-7 * size.max(1e-300) {
            // Only the pivot's place matters: clear smaller noise before it.
            for x in row.iter_mut().take(at) {
                if x.abs() < 1e-12 * size {
                    *x = 0.0;
                }
            }
            basis.push(row);
            picked.push(e);
        }
    }
    (picked.len() == unknowns.len()).then_some(picked)
}

#[allow(clippy::too_many_arguments)]
fn hunt(
    search: &mut Search,
    state: State,
    vars: Vec<Var>,
    strict: Vec<Var>,
    rows: Vec<Named>,
    unknowns: &[Var],
    square: Vec<usize>,
    equations: Vec<Reduced>,
    mut inequalities: Vec<Reduced>,
) -> (Proof, Tree) {
    inequalities.extend(beyond(&equations, &square));
    let chosen: Vec<&Reduced> = square.iter().map(|k| &equations[*k]).collect();
    let weights = bounds(search.stage, &state, &strict, unknowns);
    let stage = search.stage;
    let owners = unknowns.iter().map(|v| stage.sets[stage.owner[*v as usize].0].player).collect();
    let mut hunt = Hunt::new(unknowns, &chosen, &inequalities, weights, owners);
    let step = hunt.search(&|| search.progress.keep_going(search.done));
    if !hunt.left.is_empty() {
        search.leave_boxes(&state, unknowns, &hunt.left);
    }
    if !hunt.roots.is_empty() && is_half_known(search, &state, unknowns) {
        return search.leave_case(
            &state,
            "a root of a polynomial system with a continuum of ways to mix actions that count alike",
        );
    }
    let mut trees = vec![];
    let mut ids = vec![];
    for root in &hunt.roots {
        let mut point: BTreeMap<Var, Value> = BTreeMap::new();
        for (v, value) in unknowns.iter().zip(&root.value) {
            point.insert(*v, value.clone());
        }
        complete(search.stage, &state, &mut point);
        let cell = Cell {
            state: state.clone(),
            vars: vars.clone(),
            rows: rows.clone(),
            strict: strict.clone(),
            point,
            linear: false,
        };
        let (_, tree) = leaf::keep(search, cell);
        if let Tree::Cell(id) = tree {
            ids.push(id as u32);
        }
        trees.push(tree);
    }
    let boxes = BoxProof {
        variables: unknowns.iter().map(|v| variable(search.stage, *v)).collect(),
        equations: chosen.iter().map(|r| r.combination.clone()).collect(),
        inequalities: inequalities.iter().map(|r| r.combination.clone()).collect(),
        root: renumber(step, &ids),
    };
    (Proof::Boxes { boxes }, Tree::union(trees))
}

/// Equations beyond the square ones: they bind from both sides.
pub fn beyond(equations: &[Reduced], square: &[usize]) -> Vec<Reduced> {
    let mut list = vec![];
    for r in equations.iter().enumerate().filter(|(k, _)| !square.contains(k)).map(|(_, r)| r) {
        for sign in [Q::ONE, -Q::ONE] {
            let poly = r.poly.iter().map(|(m, q)| (m.clone(), q * &sign)).collect();
            let combination = r.combination.iter().map(|(row, q)| (*row, q * &sign)).collect();
            list.push(Reduced { poly, combination });
        }
    }
    list
}

/// The weights of actions that are not zero, where the unknowns give them.
pub fn bounds(stage: &Stage, state: &State, strict: &[Var], unknowns: &[Var]) -> Vec<Bound> {
    let mut list = vec![];
    for (s, set) in stage.sets.iter().enumerate().filter(|(s, _)| !state.behind_zero(stage, *s)) {
        for w in stage.weights(s).filter(|w| !state.is_zero(*w) && state.known(*w).is_none()) {
            let alone = Poly::from([(Mono::from_slice(&[state.resolve(w)]), Q::ONE)]);
            let poly = reduce(stage, state, &alone);
            if poly.keys().flatten().all(|v| unknowns.contains(v)) {
                let strict = strict.contains(&state.resolve(w));
                let (infoset, action) = (set.game.0, stage.owner[w as usize].1 as u32);
                list.push(Bound { infoset, action, weight: Quick::new(&poly, unknowns), strict });
            }
        }
    }
    list
}

/// Replaces positions of roots by cell numbers.
fn renumber(step: BoxStep, ids: &[u32]) -> BoxStep {
    match step {
        BoxStep::Bisect(k, a, b) => {
            BoxStep::Bisect(k, Box::new(renumber(*a, ids)), Box::new(renumber(*b, ids)))
        }
        BoxStep::Shrink { low, high, then } => {
            BoxStep::Shrink { low, high, then: Box::new(renumber(*then, ids)) }
        }
        BoxStep::Cuts { cuts, then } => BoxStep::Cuts { cuts, then: Box::new(renumber(*then, ids)) },
        BoxStep::Root { low, high, cell } => BoxStep::Root { low, high, cell: ids[cell as usize] },
        other => other,
    }
}

/// Computes the weights that were written by others.
fn complete(stage: &Stage, state: &State, point: &mut BTreeMap<Var, Value>) {
    for s in 0..stage.sets.len() {
        let left: Vec<Var> = stage.weights(s).filter(|w| !state.is_zero(*w)).collect();
        let last = *left.last().expect("a set keeps an action");
        let get = |v: &Var, point: &BTreeMap<Var, Value>| match state.known(*v) {
            Some(q) => Some(Value::Exact(q.clone())),
            None => point.get(&state.resolve(*v)).cloned(),
        };
        if get(&last, point).is_some() {
            continue;
        }
        let mut total = match stage.sets[s].before {
            None => Some(Value::Exact(Q::ONE)),
            Some(b) => get(&b, point),
        };
        for v in &left[..left.len() - 1] {
            total = total.zip(get(v, point)).map(|(t, x)| minus(&t, &x));
        }
        if let Some(value) = total {
            point.insert(last, value);
        }
    }
}

fn minus(a: &Value, b: &Value) -> Value {
    let ends = |v: &Value| match v {
        Value::Exact(q) => (q.clone(), q.clone()),
        Value::Within(l, h) => (l.clone(), h.clone()),
    };
    let ((al, ah), (bl, bh)) = (ends(a), ends(b));
    let (low, high) = (&al - &bh, &ah - &bl);
    if low == high { Value::Exact(low) } else { Value::Within(low, high) }
}
