//! Whether the listed outcome vertices are the extreme points of a component's outcomes.
//!
//! The one idea: where the rows are linear, a cell's closure is a product of polytopes, and the
//! outcome distributions, linear in the weights of each, are mixtures of those at its vertices. A
//! vertex counts as reached where a line of equilibria comes to it.

mod cell;

use crate::combine::reduced;
use crate::joins::Contacts;
use crate::listed::Bounds;
use crate::poly::Poly;
use crate::rows::Rules;
use crate::state::State;
use crate::tree::StageTree;
use cell::{Cell, evaluated};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::solution::{Component, OutcomeSet};
use std::collections::{BTreeMap, BTreeSet};

/// Most vertices of a cell, and most distributions of a component, that are looked at.
const MAX_VERTICES: usize = 500;

/// An outcome distribution, by key.
pub type Distribution = Vec<Q>;

/// Numbers of weights.
type Weights = BTreeMap<u32, Q>;

/// Distributions that a component comes to and whose mixtures hold all it comes to.
type Corners = Option<Vec<Distribution>>;

/// Per stage and component, and what stays open about the last stage's.
#[derive(Default)]
pub struct Extremes {
    stages: Vec<Vec<Corners>>,
    pub open: BTreeSet<u32>,
}

impl Extremes {
    /// Compares a stage's cells with the vertices of `components`; they are none if the stage is
    /// nested. `below` has what is known of nested outcomes from the stage's own replay.
    pub fn add_stage(
        &mut self,
        at: &Contacts,
        components: Option<&[Component]>,
        tuples: &BTreeSet<Vec<u32>>,
        below: &[Option<Vec<Bounds>>],
        mut programs: usize,
    ) {
        let mut corners = Vec::new();
        for (k, cells) in at.certificate.components.iter().enumerate() {
            let mine = tuples.iter().filter(|t| t.iter().all(|c| cells.contains(c)));
            let mine: Vec<&Vec<u32>> = mine.collect();
            match components {
                None => {
                    let single = below.get(k).cloned().flatten().and_then(single);
                    let certain = single.filter(|_| at.certificate.components.len() == 1);
                    corners.push(certain.map(|d| vec![d]).or_else(|| {
                        let found = self.found(at, &mine, &mut programs)?;
                        let reached = |d: &Distribution| found.comes_to(at, d, &mut programs);
                        let all: Vec<Distribution> = found.spots.keys().cloned().collect();
                        all.iter().all(reached).then_some(all)
                    }));
                }
                Some(list) => {
                    let Some(c) = list.get(k).filter(|c| !c.outcome_vertices.is_empty()) else { continue };
                    let is_shown = listed(c).is_some_and(|vertices| {
                        self.found(at, &mine, &mut programs)
                            .is_some_and(|found| found.agrees(at, c, &vertices, &mut programs))
                    });
                    if !is_shown {
                        self.open.insert(k as u32);
                    }
                }
            }
        }
        self.stages.push(corners);
    }

    /// Every distribution at a vertex of one of the choices of cells.
    fn found(&self, at: &Contacts, tuples: &[&Vec<u32>], programs: &mut usize) -> Option<Found> {
        let mut found = Found::default();
        for tuple in tuples {
            *programs = programs.checked_sub(2)?;
            let state = at.state(tuple).ok()?;
            let cell = Cell::new(at, state)?;
            let place = found.cells.len();
            for (d, weights) in self.of_cell(at, &cell)? {
                found.spots.entry(d).or_default().push((place, weights));
            }
            found.cells.push(cell);
            if found.spots.len() > MAX_VERTICES {
                return None;
            }
        }
        Some(found)
    }

    /// The distributions at the vertices of a cell's closure.
    fn of_cell(&self, at: &Contacts, cell: &Cell) -> Option<Vec<(Distribution, Weights)>> {
        let tree = &at.rules.stages[at.stage as usize];
        let mut list = Vec::new();
        for pick in self.picks(at.rules, &cell.state, tree)? {
            let polys = outcome_polys(at.rules, &cell.state, tree, &pick)?;
            let open: BTreeSet<u32> = polys.iter().flat_map(|p| p.0.keys().flatten()).copied().collect();
            for weights in cell.vertices(&polys, &open)? {
                let value = |p: &Poly| evaluated(p, &weights);
                list.push((polys.iter().map(value).collect::<Option<Distribution>>()?, weights));
            }
            if list.len() > MAX_VERTICES {
                return None;
            }
        }
        Some(list)
    }

    /// Every choice of one corner for each nested stage that play may come to.
    fn picks(&self, rules: &Rules, state: &State, tree: &StageTree) -> Option<Vec<Pick<'_>>> {
        let mut picks: Vec<Pick> = vec![BTreeMap::new()];
        let live = tree.leaves.iter().filter(|l| rules.is_live(state, &l.path));
        let live = live.filter(|l| rules.product(state, &l.chance, &l.weights).is_some());
        for nested in live.filter_map(|l| l.nested) {
            let all = self.stages.get(nested as usize)?;
            let corners = match state.choice[nested as usize] {
                Some(k) => all.get(k as usize)?.as_ref()?,
                None if all.len() == 1 => all[0].as_ref()?,
                None => return None,
            };
            if picks.len() * corners.len() > MAX_VERTICES {
                return None;
            }
            let mut longer = Vec::new();
            for d in corners {
                longer.extend(picks.iter().cloned().map(|mut pick| {
                    pick.insert(nested, d);
                    pick
                }));
            }
            picks = longer;
        }
        Some(picks)
    }
}

/// Distributions of nested stages.
type Pick<'a> = BTreeMap<u32, &'a Distribution>;

/// Distributions of a component with where they were found: the cell and the weights there.
#[derive(Default)]
struct Found {
    cells: Vec<Cell>,
    spots: BTreeMap<Distribution, Vec<(usize, Weights)>>,
}

impl Found {
    /// Whether a line of equilibria comes to the distribution.
    fn comes_to(&self, at: &Contacts, d: &Distribution, programs: &mut usize) -> bool {
        self.spots.get(d).into_iter().flatten().any(|(cell, weights)| {
            let Some(left) = programs.checked_sub(1) else { return false };
            *programs = left;
            self.cells[*cell].comes_to(at, weights)
        })
    }

    /// Whether the listed vertices are reached, extreme, and span all that was found.
    fn agrees(&self, at: &Contacts, c: &Component, vertices: &[Distribution], programs: &mut usize) -> bool {
        if c.outcome_set == OutcomeSet::Enclosure || !vertices.iter().all(|v| self.comes_to(at, v, programs))
        {
            return false;
        }
        let mut mixes = |d: &Distribution, of: &[&Distribution]| {
            let left = programs.checked_sub(1)?;
            *programs = left;
            Some(is_mixture(d, of))
        };
        let is_extreme = |k: usize| {
            let others: Vec<&Distribution> =
                vertices.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, v)| v).collect();
            mixes(&vertices[k], &others) == Some(false)
        };
        if vertices.len() > 2 && !(0..vertices.len()).all(is_extreme) {
            return false;
        }
        let all: Vec<&Distribution> = vertices.iter().collect();
        self.spots.keys().filter(|d| !vertices.contains(d)).all(|d| mixes(d, &all) == Some(true))
    }
}

/// The probability of each outcome, with the picked distributions of nested stages.
fn outcome_polys(rules: &Rules, state: &State, tree: &StageTree, pick: &Pick) -> Option<Vec<Poly>> {
    let mut polys = vec![Poly::default(); rules.tree.game.outcome_keys().len()];
    for leaf in tree.leaves.iter().filter(|l| rules.is_live(state, &l.path)) {
        let Some((monomial, c)) = rules.product(state, &leaf.chance, &leaf.weights) else { continue };
        match leaf.nested {
            None => {
                let key = rules.tree.game.outcome_key(detente_game::NodeId(leaf.node))?;
                polys[key].add_term(monomial, c);
            }
            Some(nested) => {
                for (poly, q) in polys.iter_mut().zip(*pick.get(&nested)?) {
                    poly.add_term(monomial.clone(), &c * q);
                }
            }
        }
    }
    polys.iter().map(|p| reduced(rules, state, p).ok()).collect()
}

/// The listed vertices, if they are exact.
fn listed(c: &Component) -> Option<Vec<Distribution>> {
    c.outcome_vertices.iter().map(|v| v.iter().map(|n| n.exact.clone()).collect()).collect()
}

/// The one distribution within bounds.
fn single(bounds: Vec<Bounds>) -> Option<Distribution> {
    bounds.into_iter().map(|(low, high)| (low == high).then_some(low)).collect()
}

/// Whether a distribution is a mixture of others.
fn is_mixture(d: &Distribution, of: &[&Distribution]) -> bool {
    let mut program = Lp::with_variables(of.len(), Some(Q::ZERO), Some(Q::ONE));
    for (k, q) in d.iter().enumerate() {
        let coefs = of.iter().enumerate().map(|(j, v)| (j, v[k].clone())).collect();
        program.add_row(coefs, Rel::Eq, q.clone());
    }
    program.add_row((0..of.len()).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    lp::feasible(&program).is_ok()
}
