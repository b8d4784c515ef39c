//! Cells glued into connected components.
//!
//! A component is a list of products; a product has one factor per independent
//! part; a factor is a connected list of cells. Two cells touch if some
//! equilibrium of the smaller one (fewer actions used) is a limit of equilibria
//! of the larger one; `contact` finds such points, and they go into the certificate.

use crate::cells::{Cell, Tree};
use crate::contact::{self, meets};
use crate::rows::Poly;
use crate::stage::Stage;
use crate::state::{State, Status, Var};
use detente_exact::Q;
use detente_game::certificate;
use detente_game::solution::Concept;
use std::cell::{OnceCell, RefCell};

/// One cell per factor: a whole equilibrium of the stage.
pub type Choice = Vec<usize>;

/// Independent factors, each a connected list of cells.
#[derive(Clone, Debug)]
pub struct Product {
    pub factors: Vec<Vec<usize>>,
}

/// A connected component of the stage's equilibria.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    pub products: Vec<Product>,
}

/// Most whole choices of a product that are compared.
const MAX_CHOICES: usize = 1_000;
/// Most pairs of whole choices compared when two products are tested for contact.
const MAX_PAIRS: usize = 40_000;

impl Product {
    /// Lists choices of one cell per factor, up to a limit.
    pub fn choices(&self, most: usize) -> Vec<Choice> {
        let mut list: Vec<Choice> = vec![vec![]];
        for factor in &self.factors {
            let mut longer = vec![];
            for c in &list {
                for cell in factor {
                    if longer.len() < most {
                        longer.push(c.iter().copied().chain([*cell]).collect());
                    }
                }
            }
            list = longer;
        }
        list
    }
}

/// Where contact is tested, and whether a test was too large to be made.
struct Contact<'a> {
    stage: &'a Stage,
    concept: Concept,
    cells: &'a [Cell],
    gave_up: std::cell::Cell<bool>,
    found: RefCell<Vec<certificate::Join>>,
}

/// The connected components of a search tree.
pub struct Connected {
    pub components: Vec<Joined>,
    /// Where their cells touch.
    pub joins: Vec<certificate::Join>,
    /// Whether every contact was tested. Without that, two listed components may be one.
    pub tested: bool,
}

/// Returns the connected components of a search tree.
pub fn components(stage: &Stage, concept: Concept, cells: &[Cell], tree: &Tree) -> Connected {
    let contact =
        Contact { stage, concept, cells, gave_up: std::cell::Cell::new(false), found: RefCell::new(vec![]) };
    let components = connected(&contact, tree);
    Connected { components, joins: contact.found.into_inner(), tested: !contact.gave_up.get() }
}

fn connected(at: &Contact, tree: &Tree) -> Vec<Joined> {
    match tree {
        Tree::Empty => vec![],
        Tree::Cell(c) => vec![Joined { products: vec![Product { factors: vec![vec![*c]] }] }],
        Tree::Product(list) => {
            let mut all = vec![Joined { products: vec![Product { factors: vec![] }] }];
            for t in list {
                let parts = connected(at, t);
                all = all.iter().flat_map(|a| parts.iter().map(|b| times(a, b))).collect();
            }
            all
        }
        Tree::Union(list) => {
            let parts = list.iter().flat_map(|t| connected(at, t)).collect();
            glue(at, parts)
        }
    }
}

fn times(a: &Joined, b: &Joined) -> Joined {
    let mut products = vec![];
    for p in &a.products {
        for q in &b.products {
            products.push(Product { factors: p.factors.iter().chain(&q.factors).cloned().collect() });
        }
    }
    Joined { products }
}

/// A part with what contact tests ask of it again and again.
struct Piece<'a> {
    joined: Joined,
    /// Per product: which statuses each action takes.
    masks: Vec<Vec<u8>>,
    /// Per product: its whole choices, made when first compared.
    wholes: Vec<OnceCell<Vec<(Choice, Whole<'a>)>>>,
}

impl<'a> Piece<'a> {
    fn new(cells: &[Cell], joined: Joined) -> Piece<'a> {
        let masks = joined.products.iter().map(|p| statuses(cells, p)).collect();
        let wholes = joined.products.iter().map(|_| OnceCell::new()).collect();
        Piece { joined, masks, wholes }
    }

    fn wholes(&self, at: &Contact<'a>, product: usize) -> &[(Choice, Whole<'a>)] {
        self.wholes[product].get_or_init(|| {
            let product = &self.joined.products[product];
            let all = product.factors.iter().fold(1usize, |n, f| n.saturating_mul(f.len()));
            if all > MAX_CHOICES {
                at.gave_up.set(true);
            }
            let whole = |c: Choice| {
                let whole = Whole::new(at.cells, &c);
                (c, whole)
            };
            product.choices(MAX_CHOICES).into_iter().map(whole).collect()
        })
    }
}

/// Joins parts that touch, until none do.
fn glue<'a>(at: &Contact<'a>, parts: Vec<Joined>) -> Vec<Joined> {
    let mut groups: Vec<Vec<Piece<'a>>> = vec![];
    for part in parts {
        let part = Piece::new(at.cells, part);
        let (touching, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|g| g.iter().any(|other| touch(at, other, &part)));
        let mut merged: Vec<Piece> = touching.into_iter().flatten().collect();
        merged.push(part);
        rest.push(merged);
        groups = rest;
    }
    groups.into_iter().map(|g| flatten(g.into_iter().map(|p| p.joined).collect())).collect()
}

fn flatten(group: Vec<Joined>) -> Joined {
    let single = |j: &Joined| j.products.len() == 1 && j.products[0].factors.len() == 1;
    if group.iter().all(single) {
        let all = group.into_iter().flat_map(|j| j.products).flat_map(|p| p.factors).flatten();
        return Joined { products: vec![Product { factors: vec![all.collect()] }] };
    }
    Joined { products: group.into_iter().flat_map(|j| j.products).collect() }
}

/// Which statuses each action takes in some cell of a product: bit 0 zero, bit 1 positive.
fn statuses(cells: &[Cell], p: &Product) -> Vec<u8> {
    let mut mask = vec![];
    for cell in p.factors.iter().flatten().map(|c| &cells[*c]) {
        mask.resize(cell.state.status.len(), 0);
        for (m, s) in mask.iter_mut().zip(&cell.state.status) {
            *m |= match s {
                Status::Zero => 1,
                Status::Positive => 2,
                Status::Undecided => 0,
            };
        }
    }
    mask
}

/// Whether no choice of `large` can use all actions that some choice of `small` uses.
fn cannot_cover(large: &[u8], small: &[u8]) -> bool {
    large.iter().zip(small).any(|(l, s)| *l == 1 && *s == 2)
}

fn touch<'a>(at: &Contact<'a>, a: &Piece<'a>, b: &Piece<'a>) -> bool {
    let (stage, concept) = (at.stage, at.concept);
    let mut pairs = 0;
    for (p, mine) in a.masks.iter().enumerate() {
        for (q, theirs) in b.masks.iter().enumerate() {
            if cannot_cover(mine, theirs) && cannot_cover(theirs, mine) {
                continue;
            }
            for (theirs, y) in b.wholes(at, q) {
                for (mine, x) in a.wholes(at, p) {
                    pairs += 1;
                    if pairs > MAX_PAIRS {
                        at.gave_up.set(true);
                        return false;
                    }
                    let join = |from: &Choice, to: &Choice, found: contact::Line| certificate::Join {
                        from: from.iter().map(|c| *c as u32).collect(),
                        to: to.iter().map(|c| *c as u32).collect(),
                        start: contact::named(stage, found.start),
                        end: contact::named(stage, found.end),
                    };
                    let hit = if x.same_point(stage, y) {
                        Some(join(mine, theirs, contact::at_point(stage, x, y)))
                    } else if x.covers(y) {
                        meets(stage, concept, x, y).map(|l| join(mine, theirs, l))
                    } else if y.covers(x) {
                        meets(stage, concept, y, x).map(|l| join(theirs, mine, l))
                    } else {
                        None
                    };
                    if let Some(hit) = hit {
                        at.found.borrow_mut().push(hit);
                        return true;
                    }
                }
            }
        }
    }
    false
}

/// A choice of cells seen as one cell.
pub struct Whole<'a> {
    pub cells: Vec<&'a Cell>,
    pub state: State,
}

impl<'a> Whole<'a> {
    /// Merges the decisions of the chosen cells.
    pub fn new(cells: &'a [Cell], choice: &Choice) -> Whole<'a> {
        let list: Vec<&Cell> = choice.iter().map(|c| &cells[*c]).collect();
        let mut state = list[0].state.clone();
        for cell in &list[1..] {
            for (mine, theirs) in state.status.iter_mut().zip(&cell.state.status) {
                if *mine == Status::Undecided {
                    *mine = *theirs;
                }
            }
            for (mine, theirs) in state.choice.iter_mut().zip(&cell.state.choice) {
                *mine = mine.or(*theirs);
            }
            for (mine, theirs) in state.leading.iter_mut().zip(&cell.state.leading) {
                if mine.is_none() {
                    mine.clone_from(theirs);
                }
            }
            for (mine, theirs) in state.any.iter_mut().zip(&cell.state.any) {
                *mine |= theirs;
            }
            state.fixed.extend(cell.state.fixed.iter().map(|(v, q)| (*v, q.clone())));
        }
        state.align(&list.iter().map(|c| &c.state).collect::<Vec<_>>());
        Whole { cells: list, state }
    }

    /// Whether both show the very same profile and one of them is a single root.
    fn same_point(&self, stage: &Stage, other: &Whole) -> bool {
        let single = |w: &Whole| w.cells.iter().any(|c| !c.linear);
        let zero = || crate::cells::Value::Exact(Q::ZERO);
        let at =
            |w: &Whole, v: Var| if w.vanishes(stage, v) { zero() } else { value_at(w, v).unwrap_or(zero()) };
        (single(self) || single(other))
            && self.state.choice == other.state.choice
            && (0..stage.num_weights() as Var).all(|v| at(self, v) == at(other, v))
    }

    /// Whether this one's supports and beliefs contain the other's.
    fn covers(&self, other: &Whole) -> bool {
        let status = self.state.status.iter().zip(&other.state.status);
        let lead = self.state.leading.iter().zip(&other.state.leading);
        self.cells.iter().chain(&other.cells).all(|c| c.linear)
            && self.state.choice == other.state.choice
            && status.into_iter().all(|(a, b)| !(*a == Status::Zero && *b == Status::Positive))
            && lead.into_iter().all(|(a, b)| match (a, b) {
                (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| *a || !*b),
                _ => true,
            })
    }

    /// Whether the weight is 0 at every point: a zero action, or behind one.
    pub fn vanishes(&self, stage: &Stage, w: Var) -> bool {
        let set = stage.owner[w as usize].0;
        self.state.is_zero(w) || self.state.behind_zero(stage, set)
    }

    /// The zero actions on the path of the set's leading members: the scale of its value.
    pub fn scale(&self, stage: &Stage, set: usize) -> Vec<u32> {
        let Some(lead) = self.state.leading(stage, set) else { return vec![] };
        let first = lead.iter().position(|l| *l).unwrap_or(0);
        stage.sets[set].others[first].iter().copied().filter(|w| self.state.is_zero(*w)).collect()
    }

    /// Rows of all cells and fixed numbers, as polynomials with their equality flag.
    pub fn conditions(&self) -> Vec<(Poly, bool, certificate::Row)> {
        let rows = self.cells.iter().flat_map(|c| &c.rows);
        rows.map(|r| (r.poly.clone(), r.equality, r.row)).collect()
    }
}

/// The point of a choice: fixed numbers and the cells' sample points.
pub fn value_at(whole: &Whole, v: Var) -> Option<crate::cells::Value> {
    let v = whole.state.resolve(v);
    if let Some(q) = whole.state.fixed.get(&v) {
        return Some(crate::cells::Value::Exact(q.clone()));
    }
    whole.cells.iter().find_map(|c| c.point.get(&v).cloned())
}
