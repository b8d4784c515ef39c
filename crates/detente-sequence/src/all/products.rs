//! From faces to maximal products and connected components.
//!
//! The one idea: whether two strategies are an equilibrium is decided by its definition for every
//! listed pair; a product is maximal if no listed strategy can be added. Two products touch if one
//! player has a strategy in both: all its best replies are then joined.

use super::Equilibria;
use super::search::Faces;
use crate::form::Form;
use crate::linear::gradient;
use detente_exact::Q;
use detente_exact::lp::{Lp, Rel, feasible};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of strategies per player: every mixture of the first with every mixture of the second is
/// an equilibrium.
pub type Product = [Vec<u32>; 2];

/// Numbers of two strategies: an extreme equilibrium.
pub type Pair = (u32, u32);

/// One connected component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Its maximal products.
    pub products: Vec<u32>,
    /// Its extreme equilibria, sorted.
    pub extreme: Vec<Pair>,
    /// Its index (Shapley, "A note on the Lemke-Howson algorithm", 1974); `None` where the search
    /// for it was ended.
    pub index: Option<i64>,
}

/// Products for which it is tested one by one which touch: their number squared programs.
const TESTED: usize = 200;

/// Joins faces: pairs of numbers of lists of corners. Says also which product each pair of faces is in.
pub fn join(
    form: &Form,
    lists: &[Vec<Vec<Vec<Q>>>; 2],
    faces: &BTreeSet<Faces>,
) -> (Equilibria, BTreeMap<Faces, u32>) {
    let mut strategies: [Vec<Vec<Q>>; 2] = [vec![], vec![]];
    let mut numbers: [BTreeMap<&[Q], u32>; 2] = [BTreeMap::new(), BTreeMap::new()];
    // A list belongs to many pairs: its strategies get their numbers once, and equal lists one number.
    let mut done: [BTreeMap<usize, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let mut alike: [BTreeMap<Vec<u32>, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let mut pairs_of: Vec<(Faces, [usize; 2])> = vec![];
    for face in faces {
        let pair = [0, 1].map(|p| {
            let (known, all, alike) = (&mut numbers[p], &mut strategies[p], &mut alike[p]);
            *done[p].entry(face[p]).or_insert_with(|| {
                let mut list: Vec<u32> = vec![];
                for x in &lists[p][face[p]] {
                    list.push(*known.entry(x).or_insert_with(|| {
                        all.push(x.clone());
                        all.len() as u32 - 1
                    }));
                }
                list.sort_unstable();
                let next = alike.len();
                *alike.entry(list).or_insert(next)
            })
        });
        pairs_of.push((*face, pair));
    }
    let pairs = Pairs::new(form, &strategies);
    let lists: [Vec<Vec<u32>>; 2] = alike.map(|alike| {
        let mut list: Vec<(usize, Vec<u32>)> =
            alike.into_iter().map(|(list, number)| (number, list)).collect();
        list.sort_unstable_by_key(|(number, _)| *number);
        list.into_iter().map(|(_, list)| list).collect()
    });
    let distinct: BTreeSet<[usize; 2]> = pairs_of.iter().map(|(_, pair)| *pair).collect();
    let closed = |[x, y]: [usize; 2]| pairs.closed(&[lists[0][x].clone(), lists[1][y].clone()]);
    let known: BTreeMap<[usize; 2], Product> =
        distinct.into_iter().map(|pair| (pair, closed(pair))).collect();
    let all: BTreeSet<&Product> = known.values().collect();
    let products: Vec<Product> = all.into_iter().cloned().collect();
    let place = |product: &Product| products.binary_search(product).map(|k| k as u32).ok();
    let place: BTreeMap<[usize; 2], Option<u32>> = known.iter().map(|(pair, p)| (*pair, place(p))).collect();
    let homes = pairs_of.iter().filter_map(|(face, pair)| Some((*face, (*place.get(pair)?)?))).collect();
    let mut complete = true;
    let groups = groups(&strategies, &products, &mut complete);
    let products: Vec<Product> = products.iter().map(|product| extreme(&strategies, product)).collect();
    let component = |list: Vec<u32>| {
        let pairs = |k: &u32| {
            let [first, second] = &products[*k as usize];
            first.iter().flat_map(|x| second.iter().map(|y| (*x, *y))).collect::<Vec<Pair>>()
        };
        let extreme: BTreeSet<Pair> = list.iter().flat_map(pairs).collect();
        Component { extreme: extreme.into_iter().collect(), products: list, index: None }
    };
    let components = groups.into_iter().map(component).collect();
    (Equilibria { strategies, products, components, complete, cases: 0, steps: None }, homes)
}

/// Which listed pairs are equilibria.
struct Pairs {
    /// For each player and strategy, the other's strategies it is an equilibrium with, sorted.
    partners: [Vec<Vec<u32>>; 2],
}

impl Pairs {
    fn new(form: &Form, strategies: &[Vec<Vec<Q>>; 2]) -> Pairs {
        // `replies[p][y][x]`: whether x of player p is a best reply to y of the other.
        let replies = [0, 1].map(|p| {
            let own = &strategies[p];
            let against = |y: &Vec<Q>| best_replies(form, p, own, y);
            strategies[1 - p].iter().map(against).collect::<Vec<Vec<bool>>>()
        });
        let both = |x: usize, y: usize| replies[0][y][x] && replies[1][x][y];
        let count = [strategies[0].len(), strategies[1].len()];
        let of = |p: usize, x: usize| -> Vec<u32> {
            let fits = |y: &usize| if p == 0 { both(x, *y) } else { both(*y, x) };
            (0..count[1 - p]).filter(fits).map(|y| y as u32).collect()
        };
        Pairs { partners: [0, 1].map(|p| (0..count[p]).map(|x| of(p, x)).collect()) }
    }

    /// The maximal product around one.
    fn closed(&self, product: &Product) -> Product {
        let first = self.common(1, &product[1]);
        let second = self.common(0, &first);
        [first, second]
    }

    /// What all these strategies of a player are an equilibrium with.
    fn common(&self, p: usize, of: &[u32]) -> Vec<u32> {
        let mut lists = of.iter().map(|x| &self.partners[p][*x as usize]);
        let Some(first) = lists.next() else { return vec![] };
        let mut left = first.clone();
        for list in lists {
            left.retain(|y| list.binary_search(y).is_ok());
        }
        left
    }
}

/// Which of a player's strategies are best replies to a reach of the other.
fn best_replies(form: &Form, p: usize, own: &[Vec<Q>], other: &[Q]) -> Vec<bool> {
    let mut reach = vec![vec![], vec![]];
    reach[1 - p] = other.to_vec();
    let gains = gradient(form, p, &reach);
    let side = &form.sides[p];
    let mut value = gains.clone();
    for k in (0..side.sets.len()).rev() {
        let best = side.range(k).map(|s| value[s].clone()).max().expect("a set has actions");
        value[side.parent[k] as usize] += &best;
    }
    let worth = |x: &Vec<Q>| -> Q {
        x.iter().zip(&gains).filter(|(x, _)| !x.is_zero()).map(|(x, gain)| x * gain).sum()
    };
    own.iter().map(|x| worth(x) == value[0]).collect()
}

/// The products of each connected component. Products that share a strategy touch; others are
/// tested, unless they are too many.
fn groups(strategies: &[Vec<Vec<Q>>; 2], products: &[Product], complete: &mut bool) -> Vec<Vec<u32>> {
    let mut parent: Vec<usize> = (0..products.len()).collect();
    let mut owner: [BTreeMap<u32, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
    for (k, product) in products.iter().enumerate() {
        for p in 0..2 {
            for x in &product[p] {
                let other = *owner[p].entry(*x).or_insert(k);
                unite(&mut parent, k, other);
            }
        }
    }
    let single = |k: usize| products[k].iter().all(|list| list.len() == 1);
    for a in 0..products.len() {
        for b in (0..a).filter(|b| !(single(a) && single(*b))) {
            if root(&parent, a) == root(&parent, b) {
                continue;
            }
            if products.len() > TESTED {
                *complete = false;
                continue;
            }
            let lists = |k: usize, p: usize| {
                products[k][p].iter().map(move |x| strategies[p][*x as usize].as_slice())
            };
            if (0..2).any(|p| meet(&lists(a, p).collect::<Vec<_>>(), &lists(b, p).collect::<Vec<_>>())) {
                unite(&mut parent, a, b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for k in 0..products.len() {
        groups.entry(root(&parent, k)).or_default().push(k as u32);
    }
    groups.into_values().collect()
}

fn root(parent: &[usize], mut k: usize) -> usize {
    while parent[k] != k {
        k = parent[k];
    }
    k
}

fn unite(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}

/// Whether the mixtures of two lists have a strategy in common.
pub(super) fn meet(one: &[&[Q]], other: &[&[Q]]) -> bool {
    let mut lp = Lp::with_variables(one.len() + other.len(), Some(Q::ZERO), None);
    let all = |from: usize, count: usize| (from..from + count).map(|v| (v, Q::ONE)).collect::<Vec<_>>();
    lp.add_row(all(0, one.len()), Rel::Eq, Q::ONE);
    lp.add_row(all(one.len(), other.len()), Rel::Eq, Q::ONE);
    for slot in 1..one[0].len() {
        let mine = one.iter().map(|x| x[slot].clone());
        let theirs = other.iter().map(|x| -&x[slot]);
        let row: Vec<(usize, Q)> = mine.chain(theirs).enumerate().filter(|(_, q)| !q.is_zero()).collect();
        if !row.is_empty() {
            lp.add_row(row, Rel::Eq, Q::ZERO);
        }
    }
    feasible(&lp).is_ok()
}

/// The product without strategies that are mixtures of its others. A strategy can only be a mixture of
/// those that use no slot but its own.
fn extreme(strategies: &[Vec<Vec<Q>>; 2], product: &Product) -> Product {
    [0, 1].map(|p| {
        let corner = |x: &u32| strategies[p][*x as usize].as_slice();
        let within = |y: &[Q], x: &[Q]| y.iter().zip(x).all(|(y, x)| y.is_zero() || !x.is_zero());
        let mut list = product[p].clone();
        let mut at = 0;
        while at < list.len() {
            let x = corner(&list[at]);
            let others = list.iter().filter(|y| **y != list[at]).map(corner);
            let others: Vec<&[Q]> = others.filter(|y| within(y, x)).collect();
            if others.len() > 1 && meet(&[x], &others) {
                list.remove(at);
            } else {
                at += 1;
            }
        }
        list
    })
}
