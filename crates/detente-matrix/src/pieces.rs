//! The search in independent pieces, which may be done on several threads.
//!
//! The one idea: the cases of the first branchings start searches of their own, and what these find is
//! put together in the order of the cases. So the proof is the same on any number of threads, number
//! for number: that of one search which does one case after the other.

use crate::game::{Bimatrix, Mixed};
use crate::proof::Step;
use crate::search::{Cases, Limits, Search};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Branchings before pieces are handed out: there are at most two to this many.
const DEPTH: u32 = 7;

/// Does pieces 0, 1, … of a number of pieces, each once, in any order and on any number of threads.
pub type Share<'a> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync + 'a;

/// Does all pieces one after the other.
pub fn in_turn(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

/// Finds all equilibria.
pub fn all(game: &Bimatrix, limits: &Limits) -> Cases {
    let tables = [game.replies_as_floats(0), game.replies_as_floats(1)];
    let mut top = Search::new(game, limits, &tables, limits.steps);
    top.begin(DEPTH);
    if top.rests.is_empty() {
        return top.found;
    }
    let first = top.found.steps.len() as u64;
    let one = |k: usize, most: u64| {
        let mut search = Search::new(game, limits, &tables, most);
        search.go_on(&top.rests[k]);
        search.found
    };
    let results: Vec<OnceLock<(u64, Cases)>> = top.rests.iter().map(|_| OnceLock::new()).collect();
    let done = |k: usize| results[..k].iter().filter_map(OnceLock::get).map(|(_, c)| c.steps.len() as u64);
    (limits.share)(results.len(), &|k| {
        // What is known to be used up already will be no less when this piece is put in its place.
        let most = limits.steps.saturating_sub(done(k).fold(first, u64::saturating_add));
        // A piece is done once.
        let _ = results[k].set((most, one(k, most)));
    });
    let mut joined = Joined::default();
    let (mut from, mut used) = (0, first);
    for (k, result) in results.into_iter().enumerate() {
        let rest = &top.rests[k];
        joined.take(&top.found.steps[from..rest.at], &top.found);
        from = rest.at;
        let most = limits.steps.saturating_sub(used);
        // A piece that took more than the others leave it is done once more with what there is; so the
        // limit ends every search at the same place.
        let fits = |(given, found): &(u64, Cases)| *given == most || found.steps.len() as u64 <= most;
        let found = result.into_inner().filter(fits).map_or_else(|| one(k, most), |(_, found)| found);
        used += found.steps.len() as u64;
        joined.take(&found.steps, &found);
        joined.found.complete &= found.complete;
    }
    joined.take(&top.found.steps[from..], &top.found);
    joined.found.complete &= top.found.complete;
    joined.found
}

/// What several searches found, numbered anew.
struct Joined {
    found: Cases,
    numbers: [BTreeMap<Mixed, u32>; 2],
    known: BTreeMap<[Vec<u32>; 2], u32>,
}

impl Default for Joined {
    fn default() -> Joined {
        let found = Cases { complete: true, ..Cases::default() };
        Joined { found, numbers: [BTreeMap::new(), BTreeMap::new()], known: BTreeMap::new() }
    }
}

impl Joined {
    /// Adds steps of a search, whose pieces and strategies are those of `of`.
    fn take(&mut self, steps: &[Step], of: &Cases) {
        for step in steps {
            let step = match step {
                Step::Piece(n) => Step::Piece(self.piece(&of.pieces[*n as usize], of)),
                other => other.clone(),
            };
            self.found.steps.push(step);
        }
    }

    fn piece(&mut self, piece: &[Vec<u32>; 2], of: &Cases) -> u32 {
        let piece = [0, 1].map(|player| {
            let (numbers, all) = (&mut self.numbers[player], &mut self.found.strategies[player]);
            let mut ids: Vec<u32> = vec![];
            for x in piece[player].iter().map(|x| &of.strategies[player][*x as usize]) {
                ids.push(*numbers.entry(x.clone()).or_insert_with(|| {
                    all.push(x.clone());
                    all.len() as u32 - 1
                }));
            }
            ids.sort_unstable();
            ids
        });
        let pieces = &mut self.found.pieces;
        *self.known.entry(piece.clone()).or_insert_with(|| {
            pieces.push(piece);
            pieces.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_exact::Q;

    /// Whole numbers that look like chance.
    fn table(size: usize, seed: u64, range: u64) -> Bimatrix {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Q::from(((state >> 33) % range) as i64)
        };
        let mut matrix = || (0..size).map(|_| (0..size).map(|_| draw()).collect()).collect::<Vec<Vec<Q>>>();
        let (first, second) = (matrix(), matrix());
        Bimatrix::new(first, &second).expect("two matrices of one size")
    }

    /// All pieces at once, the last first.
    fn backwards(count: usize, work: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            for k in (0..count).rev() {
                scope.spawn(move || work(k));
            }
        });
    }

    /// The search without any piece.
    fn whole(game: &Bimatrix, steps: u64) -> Cases {
        let tables = [game.replies_as_floats(0), game.replies_as_floats(1)];
        let limits = Limits { steps, keep_going: &|_| true, share: &in_turn };
        let mut search = Search::new(game, &limits, &tables, steps);
        search.begin(u32::MAX);
        search.found
    }

    #[test]
    fn pieces_on_any_threads_are_one_search() {
        for (seed, range) in (0..12).flat_map(|s| [(s, 4), (s, 1_000_000)]) {
            let game = table(9, seed, range);
            let by = |share: &Share| all(&game, &Limits { steps: u64::MAX, keep_going: &|_| true, share });
            let one = whole(&game, u64::MAX);
            assert!(one.complete);
            assert!(by(&in_turn) == one && by(&backwards) == one, "seed {seed}, payoffs below {range}");
        }
    }

    #[test]
    fn a_limit_ends_the_search_at_the_same_place_on_any_threads() {
        let game = table(11, 3, 1_000_000);
        let long = whole(&game, u64::MAX).steps.len() as u64;
        for steps in [long / 5, long / 2, long * 3 / 4] {
            let by = |share: &Share| all(&game, &Limits { steps, keep_going: &|_| true, share });
            let found = by(&in_turn);
            assert!(!found.complete && found.steps.contains(&Step::Open));
            assert!(found == by(&backwards), "{steps} of {long} steps");
        }
    }
}
