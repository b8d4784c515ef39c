//! All equilibria of two players on the sequence form: extreme ones, maximal products, components.
//!
//! The one idea: each sequence is unused or a best reply, and both cases are linear: one in the own
//! reach, one in the other's. Deciding every sequence leaves a face of each player's polyhedron, and
//! every pair of points of the two is an equilibrium (Audet, Belhaiza and Hansen, "A new sequence form
//! approach for the enumeration and refinement of all extreme Nash equilibria for extensive form
//! games", International Game Theory Review, 2009). Faces are joined to maximal products, these to
//! components (Winkels, "An algorithm to determine all equilibrium points of a bimatrix game", 1979).
//! The same search with trembles finds finitely many equilibria, each with a sign; per component they
//! sum to its index, and over all components to +1.
//!
//! One file each: `search` decides sequences, `corners` lists a face, `products` joins faces, `index`
//! weighs components.

mod corners;
mod index;
mod products;
mod search;

use crate::form::Form;
use crate::lemke::start;
use crate::lemke::table::{Beside, Mode, Table};
use detente_exact::Q;
pub use products::{Component, Pair, Product};
pub use search::Step;
use search::search;

/// Limits of a search, and who watches it.
pub struct Limits<'a> {
    /// Most cases that are looked at in one piece of a search.
    pub cases: u64,
    /// Most corners of one face.
    pub corners: usize,
    /// Asked now and then; false stops the search.
    pub keep_going: &'a (dyn Fn() -> bool + Sync),
    /// Does pieces 0, 1, … of a number of pieces, each once, in any order; the result does not depend
    /// on it. [`in_turn`] is the plainest way.
    pub share: &'a Share<'a>,
}

/// Does all pieces of some work.
pub type Share<'a> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync + 'a;

/// Does pieces one after the other.
pub fn in_turn(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

/// The Nash equilibria of two players.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibria {
    /// Per player, the reach of every slot in each strategy that is a corner of some product.
    pub strategies: [Vec<Vec<Q>>; 2],
    /// The maximal products: all mixtures of some strategies of the first player with all of some of
    /// the second.
    pub products: Vec<Product>,
    /// The connected components, in the order of their first product.
    pub components: Vec<Component>,
    /// Whether every case was decided: then these are all equilibria.
    pub complete: bool,
    /// Cases looked at.
    pub cases: u64,
    /// The proof that every equilibrium lies in a product, where it was written down.
    pub steps: Option<Vec<Step>>,
}

impl Equilibria {
    /// The sum of all indices: +1 if every index is known and no component is missing.
    pub fn index_sum(&self) -> Option<i64> {
        self.components.iter().map(|c| c.index).sum()
    }
}

/// Finds all Nash equilibria. `None` if the form has not two players or has merged sets.
///
/// Plans that differ only where their owner's own earlier choice excludes them are one strategy.
pub fn equilibria(form: &Form, limits: &Limits) -> Option<Equilibria> {
    if form.players() != 2 || form.sides.iter().flat_map(|s| &s.times).any(|t| *t != 1.0) {
        return None;
    }
    // Any plan of the own player, and the other's best replies to it.
    let tables = [0, 1].map(|own| {
        let mut chosen = [vec![], vec![]];
        chosen[own] = start::against_all(form, own);
        chosen[1 - own] = start::against_trembling(form, 1 - own, &chosen[own]);
        Table::new(form, own, [&chosen[0], &chosen[1]], Beside::Values)
    });
    let exact = search(form, &tables, limits, Mode::Exact);
    let (mut found, homes) = products::join(form, &exact.lists, &exact.faces);
    found.complete &= exact.complete;
    found.cases = exact.cases;
    if exact.complete && exact.written {
        let named = |step: Step| match step {
            Step::Piece(n) => homes.get(exact.kept.get(n as usize)?).map(|home| Step::Piece(*home)),
            other => Some(other),
        };
        found.steps = exact.steps.into_iter().map(named).collect();
    }
    if exact.complete {
        let trembling = search(form, &tables, limits, Mode::Trembling);
        found.cases += trembling.cases;
        if trembling.complete {
            found.weigh(form, &trembling.points);
        }
    }
    Some(found)
}
