//! The whole answer: maximal Nash subsets, connected components, their indices.

use crate::game::Bimatrix;
use crate::index::Indexer;
use crate::pieces;
use crate::search::{Cases, Limits};
use crate::sets::{self, Pair};
use detente_exact::Q;

/// One connected component of equilibria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its maximal Nash subsets, as numbers of [`Cases::pieces`].
    pub pieces: Vec<u32>,
    /// Its extreme equilibria, as numbers of [`Cases::strategies`].
    pub extreme: Vec<Pair>,
    /// Its index; `None` where too many supports would have to be tried.
    pub index: Option<i64>,
}

/// All Nash equilibria of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equilibria {
    /// The maximal Nash subsets and the proof; all equilibria if `complete`.
    pub cases: Cases,
    /// The connected components, in the order in which the search met them.
    pub components: Vec<Component>,
}

impl Equilibria {
    /// The sum of all indices, +1 in every game, if all are known.
    pub fn index_sum(&self) -> Option<i64> {
        self.components.iter().map(|c| c.index).sum()
    }

    /// Whether the search was complete and the indices, as far as they are known, agree with that.
    pub fn is_complete(&self) -> bool {
        self.cases.complete && self.index_sum().is_none_or(|sum| sum == 1)
    }
}

/// Finds all equilibria of a game, joins them into components, and computes their indices.
///
/// ```
/// use detente_exact::Q;
/// use detente_matrix::{Bimatrix, Limits, equilibria, in_turn};
/// let stakes = |a: i64, b: i64| vec![vec![Q::from(a), Q::ZERO], vec![Q::ZERO, Q::from(b)]];
/// let battle = Bimatrix::new(stakes(2, 1), &stakes(1, 2)).expect("two matrices of one size");
/// let found = equilibria(&battle, &Limits { steps: 1_000, keep_going: &|_| true, share: &in_turn });
/// assert_eq!(found.components.len(), 3);
/// assert_eq!(found.index_sum(), Some(1));
/// ```
pub fn equilibria(game: &Bimatrix, limits: &Limits) -> Equilibria {
    let mut cases = pieces::all(game, limits);
    sets::keep_maximal(&mut cases);
    let indexer = Indexer::new(game);
    let components = sets::components(&cases.pieces)
        .into_iter()
        .map(|pieces| {
            let extreme = sets::extreme(&cases.pieces, &pieces);
            let pair = |(x, y): &Pair| -> [&[Q]; 2] {
                [&cases.strategies[0][*x as usize], &cases.strategies[1][*y as usize]]
            };
            let index = extreme.iter().map(|e| indexer.share(pair(e))).sum();
            Component { pieces, extreme, index }
        })
        .collect();
    Equilibria { cases, components }
}
