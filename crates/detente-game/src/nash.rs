//! The set of Nash equilibria of two players as polyhedra, as plain data.
//!
//! The one idea: if two equilibria share a player's plan, and each plan of one is an equilibrium with each of the
//! other, so are their mixtures; so the whole set is a union of products of polytopes, its **maximal Nash subsets**
//! (Winkels, "An algorithm to determine all equilibrium points of a bimatrix game", 1979), whose corners are the
//! **extreme equilibria**.

use crate::InfosetId;
use detente_exact::Q;

/// What a player does at each set that its own earlier choices reach: a probability per action.
pub type Plan = Vec<(InfosetId, Vec<Q>)>;

/// One connected component of Nash equilibria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NashComponent {
    /// Its index (Shapley, "A note on the Lemke-Howson algorithm", 1974), if known. Indices sum to +1.
    pub index: Option<i64>,
    /// Its extreme equilibria: numbers of a plan of the first and of the second player.
    pub extreme: Vec<(u32, u32)>,
    /// Its maximal Nash subsets: every mixture of these plans of the first player with every mixture of these of
    /// the second is an equilibrium.
    pub subsets: Vec<[Vec<u32>; 2]>,
}

/// The set of Nash equilibria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NashSets {
    /// Per player, the plans that are corners of some subset.
    pub plans: [Vec<Plan>; 2],
    /// In the order of the solution's components.
    pub components: Vec<NashComponent>,
}

impl NashSets {
    /// The sum of all indices: +1 if all are known and no component is missing.
    pub fn index_sum(&self) -> Option<i64> {
        self.components.iter().map(|c| c.index).sum()
    }
}
