//! Whether conditions on what is free leave an equilibrium out.
//!
//! The one idea: a component is listed as a union of pieces. Where a linear program over the rows
//! of each choice of cells shows that all conditions of some piece hold there, the union holds the
//! whole component. That everything in a piece is an equilibrium is another matter.

use crate::joins::Contacts;
use crate::numbers::is_text_of;
use crate::poly::Poly;
use crate::program::Program;
use crate::rows::Rules;
use crate::shares::member_weights;
use crate::state::State;
use detente_exact::Q;
use detente_game::certificate::Proof;
use detente_game::solution::{Component, Condition, Factor};
use std::collections::{BTreeMap, BTreeSet};

/// Positions of pieces.
type Pieces = BTreeSet<usize>;

/// Choices of cells of a stage with the pieces that each fits.
pub type Fitting = Vec<(Vec<u32>, Pieces)>;

/// Per component and stage: the sets of pieces that some choice of cells fits.
pub struct Fits(Vec<Vec<BTreeSet<Pieces>>>);

/// Most combinations of choices in several stages that are compared.
const MAX_COMBINATIONS: usize = 4_096;

impl Fits {
    pub fn new(components: usize) -> Fits {
        Fits(vec![Vec::new(); components])
    }

    /// Compares one stage's choices of cells with the pieces of the components that use them.
    pub fn add_stage(
        &mut self,
        at: &Contacts,
        components: &[Component],
        used: &[Vec<BTreeSet<u32>>],
        tuples: &BTreeSet<Vec<u32>>,
        mut programs: usize,
    ) -> Vec<Fitting> {
        let mut all = vec![Fitting::new(); components.len()];
        for (k, c) in components.iter().enumerate().filter(|(_, c)| !c.conditions.is_empty()) {
            let cells = &used[k][at.stage as usize];
            let mine = tuples.iter().filter(|t| t.iter().all(|cell| cells.contains(cell)));
            let (distinct, mut alone) = (Distinct::new(c), BTreeMap::new());
            let mut pieces = |t: &Vec<u32>| pieces_at(at, &distinct, t, &mut alone, &mut programs);
            all[k] = mine.map(|t| (t.clone(), pieces(t))).collect();
            self.0[k].push(all[k].iter().map(|(_, pieces)| pieces.clone()).collect());
        }
        all
    }

    /// Components with conditions that are not shown to hold all their equilibria.
    pub fn open(&self, rules: &Rules, components: &[Component]) -> BTreeSet<u32> {
        let with = components.iter().zip(0..).filter(|(c, _)| !c.inequalities.is_empty());
        let open = with.filter(|(c, k)| {
            let mut all: BTreeSet<Pieces> = BTreeSet::from([(0..c.conditions.len()).collect()]);
            for stage in &self.0[*k as usize] {
                if all.len() * stage.len() > MAX_COMBINATIONS {
                    return true;
                }
                all = all.iter().flat_map(|a| stage.iter().map(move |b| a & b)).collect();
            }
            all.is_empty() || all.contains(&Pieces::new()) || !is_text_of(rules.tree.game, c)
        });
        open.map(|(_, k)| k).collect()
    }
}

/// The conditions of a component, each once, and which of them each piece has.
struct Distinct<'a> {
    conditions: Vec<&'a Condition>,
    pieces: Vec<Vec<usize>>,
}

impl<'a> Distinct<'a> {
    fn new(c: &'a Component) -> Distinct<'a> {
        let mut place = BTreeMap::new();
        let mut conditions = Vec::new();
        let mut number = |condition: &'a Condition| {
            let key = (&condition.terms, &condition.constant, condition.equality);
            *place.entry(key).or_insert_with(|| {
                conditions.push(condition);
                conditions.len() - 1
            })
        };
        let pieces = c.conditions.iter().map(|piece| piece.iter().map(&mut number).collect()).collect();
        Distinct { conditions, pieces }
    }

    fn all(&self, holds: impl FnMut(&Condition) -> bool) -> Vec<bool> {
        self.conditions.iter().copied().map(holds).collect()
    }

    /// The pieces of whose conditions none fails.
    fn fitting(&self, held: &[bool]) -> Pieces {
        (0..self.pieces.len()).filter(|p| self.pieces[*p].iter().all(|k| held[*k])).collect()
    }
}

/// The pieces all of whose conditions about this stage hold in a choice of cells. What holds in
/// one of the cells alone is kept in `alone`.
fn pieces_at(
    at: &Contacts,
    distinct: &Distinct,
    cells: &[u32],
    alone: &mut BTreeMap<u32, Vec<bool>>,
    programs: &mut usize,
) -> Pieces {
    if let Proof::PerfectInformation { .. } = at.certificate.proof {
        return distinct.fitting(&distinct.all(|condition| !is_about(at, condition)));
    }
    if cells.len() > 1 {
        let mut held = vec![false; distinct.conditions.len()];
        for cell in cells {
            let list = alone.entry(*cell).or_insert_with(|| held_at(at, distinct, &[*cell], programs));
            held.iter_mut().zip(list).for_each(|(all, one)| *all |= *one);
        }
        let fitting = distinct.fitting(&held);
        if !fitting.is_empty() {
            return fitting;
        }
    }
    distinct.fitting(&held_at(at, distinct, cells, programs))
}

/// Which conditions about this stage hold in a choice of cells.
fn held_at(at: &Contacts, distinct: &Distinct, cells: &[u32], programs: &mut usize) -> Vec<bool> {
    let Ok(state) = at.state(cells) else { return vec![false; distinct.conditions.len()] };
    let tree = &at.rules.stages[at.stage as usize];
    let mut program: Option<Program> = None;
    distinct.all(|condition| {
        if !is_about(at, condition) {
            return true;
        }
        let Some(poly) = polynomial(at.rules, &state, condition) else { return false };
        let signs = [-Q::ONE, Q::ONE];
        signs.into_iter().take(if condition.equality { 2 } else { 1 }).all(|sign| {
            let mut excess = Poly::default();
            excess.add_scaled(&poly, &sign);
            let reduced = crate::combine::reduced(at.rules, &state, &excess).unwrap_or(excess);
            if let Some(q) = reduced.as_constant() {
                return !q.is_positive();
            }
            if *programs == 0 {
                return false;
            }
            *programs -= 1;
            let program = program.get_or_insert_with(|| Program::new(at.rules, &state, tree));
            program.maximum(&reduced).is_some_and(|top| !top.is_positive())
        })
    })
}

fn set_of(factor: &Factor) -> u32 {
    match *factor {
        Factor::Action(h, _) | Factor::Belief(h, _) | Factor::Tremble(h, _) => h,
    }
}

/// Whether a condition speaks of sets of this stage. One that speaks of several stages' sets is
/// about each of them, and then not shown.
fn is_about(at: &Contacts, condition: &Condition) -> bool {
    let sets = condition.terms.iter().flat_map(|(list, _)| list).map(set_of);
    condition.terms.is_empty()
        || sets
            .into_iter()
            .any(|h| matches!(at.rules.place.get(h as usize), Some(Some((s, _))) if *s == at.stage))
}

/// A polynomial in weights with the sign of the condition's sum; `None` if there is none.
fn polynomial(rules: &Rules, state: &State, condition: &Condition) -> Option<Poly> {
    match condition.terms.first().map(|(list, _)| &list[..]) {
        Some([Factor::Belief(h, _)]) => of_beliefs(rules, state, condition, *h),
        _ => {
            let mut poly = Poly::constant(condition.constant.clone());
            for (list, c) in &condition.terms {
                poly.add_scaled(&product(rules, state, list)?, c);
            }
            Some(poly)
        }
    }
}

/// Probabilities along an owner's path make up a weight.
fn product(rules: &Rules, state: &State, list: &[Factor]) -> Option<Poly> {
    let mut ids = Vec::with_capacity(list.len());
    for factor in list {
        let Factor::Action(h, a) = factor else { return None };
        rules.place.get(*h as usize).copied().flatten()?;
        ids.push(rules.tree.action(*h, *a)?);
    }
    let last = *ids.last()?;
    let mut at = Some(last);
    while let Some(a) = at {
        match ids.last() {
            Some(next) if *next == a => drop(ids.pop()),
            _ if state.is_single(rules.tree.set_of[a as usize]) && !state.is_zero(a) => {}
            _ => return None,
        }
        if state.is_zero(a) {
            return Some(Poly::default());
        }
        at = rules.before(a);
    }
    ids.is_empty().then(|| rules.weight_poly(state, last))
}

/// A condition on beliefs at one set, times the weight of the set.
pub fn of_beliefs(rules: &Rules, state: &State, condition: &Condition, set: u32) -> Option<Poly> {
    rules.place.get(set as usize).copied().flatten()?;
    let (shares, total) = member_weights(rules, state, rules.set(set)).ok().filter(|_| rules.sequential)?;
    let mut poly = Poly::default();
    poly.add_scaled(&total, &condition.constant);
    for (list, c) in &condition.terms {
        match list[..] {
            [Factor::Belief(h, k)] if h == set => poly.add_scaled(shares.get(k as usize)?, c),
            _ => return None,
        }
    }
    Some(poly)
}
