//! Maximal Nash subsets, connected components and extreme equilibria.
//!
//! The one idea: every maximal product of faces that consists of equilibria is a piece that the
//! search kept, since the case that holds an inner point of it keeps all of it; so pieces only
//! have to be closed and compared. Two of them touch only in shared corners (Winkels, "An algorithm
//! to determine all equilibrium points of a bimatrix game", 1979; Avis, Rosenberg, Savani and von
//! Stengel, "Enumeration of Nash equilibria for two-player games", 2010).

use crate::proof::Step;
use crate::search::Cases;
use std::collections::{BTreeMap, BTreeSet};

/// A pair of numbers of strategies: an extreme equilibrium.
pub type Pair = (u32, u32);

/// Keeps maximal pieces only; the proof then names those.
pub(crate) fn keep_maximal(cases: &mut Cases) {
    let replies = neighbours(&cases.pieces);
    let mut order: BTreeMap<[Vec<u32>; 2], u32> = BTreeMap::new();
    let mut maximal: Vec<[Vec<u32>; 2]> = vec![];
    let renamed: Vec<u32> = cases
        .pieces
        .iter()
        .map(|piece| {
            let first = common(&replies[1], &piece[1]);
            let second = common(&replies[0], &first);
            let closed = [first, second];
            *order.entry(closed.clone()).or_insert_with(|| {
                maximal.push(closed);
                maximal.len() as u32 - 1
            })
        })
        .collect();
    for step in &mut cases.steps {
        if let Step::Piece(piece) = step {
            *piece = renamed[*piece as usize];
        }
    }
    cases.pieces = maximal;
}

/// For each player and each strategy, the strategies of the other it is an equilibrium with.
fn neighbours(pieces: &[[Vec<u32>; 2]]) -> [BTreeMap<u32, BTreeSet<u32>>; 2] {
    let mut lists = [BTreeMap::new(), BTreeMap::new()];
    for piece in pieces {
        for player in 0..2 {
            for x in &piece[player] {
                let list: &mut BTreeSet<u32> = lists[player].entry(*x).or_default();
                list.extend(piece[1 - player].iter().copied());
            }
        }
    }
    lists
}

/// What all the listed strategies have in common.
fn common(lists: &BTreeMap<u32, BTreeSet<u32>>, of: &[u32]) -> Vec<u32> {
    let mut sets = of.iter().filter_map(|x| lists.get(x));
    let Some(first) = sets.next() else { return vec![] };
    let mut left: Vec<u32> = first.iter().copied().collect();
    for set in sets {
        left.retain(|y| set.contains(y));
    }
    left
}

/// The pieces of each connected component, in the order of their first piece.
pub fn components(pieces: &[[Vec<u32>; 2]]) -> Vec<Vec<u32>> {
    // The component of every strategy met so far; pieces that share one belong together.
    let mut parent: Vec<usize> = (0..pieces.len()).collect();
    let mut owner: [BTreeMap<u32, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
    for (k, piece) in pieces.iter().enumerate() {
        for player in 0..2 {
            for x in &piece[player] {
                let other = *owner[player].entry(*x).or_insert(k);
                let (a, b) = (root(&parent, k), root(&parent, other));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for k in 0..pieces.len() {
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

/// The extreme equilibria of some pieces, sorted and without repeats.
pub fn extreme(pieces: &[[Vec<u32>; 2]], of: &[u32]) -> Vec<Pair> {
    let mut pairs = BTreeSet::new();
    for piece in of.iter().map(|k| &pieces[*k as usize]) {
        for x in &piece[0] {
            pairs.extend(piece[1].iter().map(|y| (*x, *y)));
        }
    }
    pairs.into_iter().collect()
}
