//! Whether two cells touch, and where.
//!
//! For polyhedra that is a linear program: a point `d` of the smaller cell that satisfies the
//! larger cell's rows, and a point `c` of the larger cell from which `d` is approached along a
//! straight line. On that line the weights that vanish keep the ratios they have at `c`, so
//! beliefs there must be those of `c`.

use crate::cells::Value;
use crate::join::{Whole, value_at};
use crate::rows::Poly;
use crate::stage::Stage;
use crate::state::{Status, Var};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::certificate::Weights;
use detente_game::solution::Concept;
use std::collections::BTreeMap;

/// A way to a point of one cell through another.
pub struct Line {
    pub start: BTreeMap<Var, Q>,
    pub end: BTreeMap<Var, Q>,
}

/// Writes weights as certificates do.
pub fn named(stage: &Stage, weights: BTreeMap<Var, Q>) -> Weights {
    let weights = weights.into_iter().filter(|(v, _)| (*v as usize) < stage.num_weights());
    weights
        .map(|(v, q)| {
            let (set, action) = stage.owner[v as usize];
            (stage.sets[set].game.0, action as u32, q)
        })
        .collect()
}

/// The line that is a single point of both choices.
pub fn at_point(stage: &Stage, a: &Whole, b: &Whole) -> Line {
    let point = |whole: &Whole| -> BTreeMap<Var, Q> {
        let weights = 0..stage.num_weights() as Var;
        let exact = |v: Var| match value_at(whole, v)? {
            Value::Exact(q) => Some((whole.state.resolve(v), q)),
            Value::Within(..) => None,
        };
        weights.filter_map(exact).collect()
    };
    Line { start: point(a), end: point(b) }
}

/// The columns of the contact program.
struct Columns {
    lp: Lp,
    of: BTreeMap<(u8, Var), usize>,
}

impl Columns {
    fn get(&mut self, copy: u8, v: Var, weights: usize) -> usize {
        let lp = &mut self.lp;
        *self.of.entry((copy, v)).or_insert_with(|| {
            let low = ((v as usize) < weights).then_some(Q::ZERO);
            lp.add_variable(low, None)
        })
    }

    fn require(&mut self, poly: &Poly, equality: bool, weights: usize, column: impl Fn(Var) -> Option<u8>) {
        let mut coefs = vec![];
        let mut rhs = Q::ZERO;
        for (m, q) in poly {
            match m[..] {
                [] => rhs = -q.clone(),
                [v] => {
                    if let Some(copy) = column(v) {
                        let c = self.get(copy, v, weights);
                        coefs.push((c, q.clone()));
                    }
                }
                _ => unreachable!("only linear cells are compared"),
            }
        }
        self.lp.add_row(coefs, if equality { Rel::Eq } else { Rel::Ge }, rhs);
    }
}

/// Returns a point of the smaller cell `d` that is a limit of points of `c`, if there is one.
pub fn meets(stage: &Stage, concept: Concept, c: &Whole, d: &Whole) -> Option<Line> {
    use detente_game::certificate::Row;
    let weights = stage.num_weights();
    let mut cols = Columns { lp: Lp::default(), of: BTreeMap::new() };
    let newly_zero = |v: Var| d.vanishes(stage, v) && !c.vanishes(stage, v);
    let sequential = concept == Concept::Sequential;
    let rescaled: Vec<bool> =
        (0..stage.sets.len()).map(|s| sequential && c.scale(stage, s) != d.scale(stage, s)).collect();
    // Copy 0 is d, copy 1 is c, copy 2 holds values of c's rows where their scale vanishes at d.
    for (poly, equality, row) in d.conditions() {
        if let Row::Belief(h) = row {
            let set = stage.set_of(h);
            if !c.state.any[set] {
                continue;
            }
        }
        let strict_in_c = match row {
            Row::Best(h, a) => {
                let set = stage.set_of(h);
                c.state.status[stage.weight(set, a as usize) as usize] == Status::Positive
            }
            _ => false,
        };
        cols.require(&poly, equality || strict_in_c, weights, |_| Some(0));
    }
    for (poly, equality, row) in c.conditions() {
        cols.require(&poly, equality, weights, |_| Some(1));
        if let Row::Belief(h) = row {
            let set = stage.set_of(h);
            if !d.state.any[set] {
                continue;
            }
        }
        cols.require(&poly, equality, weights, |v| {
            if v as usize >= weights {
                Some(if rescaled[v as usize - weights] { 2 } else { 0 })
            } else if newly_zero(v) {
                None
            } else {
                Some(0)
            }
        });
    }
    for (copy, whole) in [(0, d), (1, c)] {
        for (v, q) in &whole.state.fixed {
            if let Some(col) = cols.of.get(&(copy, *v)).copied() {
                cols.lp.add_row(vec![(col, Q::ONE)], Rel::Eq, q.clone());
            }
        }
    }
    // A number fixed in c must be d's number too, unless it vanishes there.
    for (v, q) in &c.state.fixed {
        let value = *v as usize >= weights;
        if (value && rescaled[*v as usize - weights]) || (!value && newly_zero(*v)) {
            let vanishes = !value && !q.is_zero();
            if vanishes {
                return None;
            }
            continue;
        }
        match d.state.fixed.get(v) {
            Some(other) if other != q => return None,
            Some(_) => {}
            None => {
                let col = cols.get(0, *v, weights);
                cols.lp.add_row(vec![(col, Q::ONE)], Rel::Eq, q.clone());
            }
        }
    }
    for v in 0..weights as Var {
        let first_level =
            newly_zero(v) && d.state.is_zero(v) && !d.state.behind_zero(stage, stage.owner[v as usize].0);
        if sequential && first_level && cols.of.contains_key(&(0, v)) {
            let (x, y) = (cols.get(0, v, weights), cols.get(1, v, weights));
            cols.lp.add_row(vec![(x, Q::ONE), (y, -Q::ONE)], Rel::Eq, Q::ZERO);
        }
    }
    let t = cols.lp.add_variable(Some(Q::ZERO), Some(Q::ONE));
    for (copy, whole) in [(0u8, d), (1, c)] {
        for v in whole.cells.iter().flat_map(|k| &k.strict) {
            if let Some(col) = cols.of.get(&(copy, *v)).copied() {
                cols.lp.add_row(vec![(col, Q::ONE), (t, -Q::ONE)], Rel::Ge, Q::ZERO);
            }
        }
    }
    match lp::maximize(&cols.lp, &[(t, Q::ONE)]) {
        Outcome::Optimal { value, x, .. } if value.is_positive() => {
            let copy = |wanted: u8| {
                let mine = cols.of.iter().filter(|((copy, _), _)| *copy == wanted);
                mine.map(|((_, v), column)| (*v, x[*column].clone())).collect()
            };
            Some(Line { start: copy(1), end: copy(0) })
        }
        _ => None,
    }
}
