//! The index of a component, degenerate or not.
//!
//! A nondegenerate equilibrium with supports S and T of size k has index
//! (-1)^(k+1) sign(det A_ST) sign(det B_ST), for positive payoffs (Shapley, "A note on the
//! Lemke-Howson algorithm", 1974). The one idea for the others: perturb each player's payoffs from
//! strategy j by the factor 1 / (1 + e^j) for a symbol e. That leaves finitely many equilibria
//! near a component, each nondegenerate, and their indices sum to the component's. Indices of all
//! components sum to +1.

use crate::game::Bimatrix;
use detente_exact::Q;
use detente_exact::integer::{self, Integers};

/// Most pairs of supports that are tried for one extreme equilibrium.
const LIMIT: usize = 20_000;

/// The payoffs of a game, shifted to be positive.
pub struct Indexer<'a> {
    game: &'a Bimatrix,
    positive: [Vec<Vec<Q>>; 2],
}

impl<'a> Indexer<'a> {
    /// Prepares a game.
    pub fn new(game: &'a Bimatrix) -> Indexer<'a> {
        let positive = [0, 1].map(|player| {
            let rows = game.payoffs(player);
            let low = rows.iter().flatten().min().expect("a game has strategies");
            let shift = Q::ONE - low;
            rows.iter().map(|row| row.iter().map(|u| u + &shift).collect()).collect()
        });
        Indexer { game, positive }
    }

    /// What one extreme equilibrium adds to the index of its component: the sum over the perturbed
    /// equilibria that tend to it. `None` if there are too many supports to try.
    pub fn share(&self, pair: [&[Q]; 2]) -> Option<i64> {
        let used = pair.map(|x| (0..x.len()).filter(|i| x[*i].is_positive()).collect::<Vec<usize>>());
        let free = [0, 1].map(|player| {
            let replies = self.game.best_replies(player, pair[1 - player]);
            (0..replies.len()).filter(|i| replies[*i] && !pair[player][*i].is_positive()).collect::<Vec<_>>()
        });
        if free[0].len() >= 20 || free[1].len() >= 20 {
            return None;
        }
        let choices = [0, 1].map(|k| subsets(&used[k], &free[k]));
        let work: usize = (0..choices[0].len().max(choices[1].len()))
            .map(|size| {
                let count = |k: usize| choices[k].get(size).map_or(0, Vec::len);
                count(0).saturating_mul(count(1))
            })
            .fold(0, usize::saturating_add);
        if work > LIMIT {
            return None;
        }
        let tied = [0, 1].map(|k| {
            let mut all = [&used[k][..], &free[k][..]].concat();
            all.sort_unstable();
            all
        });
        let mut total = 0;
        for (first, second) in choices[0].iter().zip(&choices[1]) {
            for s in first {
                for t in second {
                    total += self.sign([s, t], &tied);
                }
            }
        }
        Some(total)
    }

    /// The index of the perturbed equilibrium with these supports; 0 if there is none.
    fn sign(&self, supports: [&[usize]; 2], tied: &[Vec<usize>; 2]) -> i64 {
        let mut sign = if supports[0].len() % 2 == 1 { 1 } else { -1 };
        for player in 0..2 {
            let rows = supports[player].iter();
            let matrix: Vec<Vec<Q>> = rows
                .map(|i| supports[1 - player].iter().map(|j| self.positive[player][*i][*j].clone()).collect())
                .collect();
            sign *= i64::from(integer::determinant_sign(&matrix));
            if sign == 0 {
                return 0;
            }
        }
        let stays = (0..2).all(|p| self.stays(p, supports[p], supports[1 - p], &tied[1 - p]));
        if stays { sign } else { 0 }
    }

    /// Whether the perturbed strategy of `player` exists: weights of `own` that make the `tied` strategies of the
    /// other which are in `best` pay 1, and the others less, in the lexicographic order.
    fn stays(&self, player: usize, own: &[usize], best: &[usize], tied: &[usize]) -> bool {
        let others = &self.positive[1 - player];
        let row = |k: &usize| own.iter().map(|i| others[*k][*i].clone()).chain([Q::ONE]).collect();
        let rows: Vec<Vec<Q>> = tied.iter().map(row).collect();
        let mut table = Integers::new(&rows);
        // `column[r]`: where the slack of a row went when the row took an own strategy.
        let mut column = vec![None; tied.len()];
        for c in 0..own.len() {
            let free = (0..tied.len())
                .find(|r| column[*r].is_none() && best.contains(&tied[*r]) && table.sign(*r, c) != 0);
            let Some(r) = free else { return false };
            table.pivot(r, c);
            column[r] = Some(c);
        }
        (0..tied.len()).all(|r| {
            if table.sign(r, own.len()) != 0 {
                return table.sign(r, own.len()) > 0;
            }
            // The first perturbation that matters: of a strategy in `best`, or the row's own.
            let signs = (0..tied.len()).map(|k| match column[k] {
                Some(c) => table.sign(r, c),
                None => i32::from(k == r),
            });
            signs.into_iter().find(|s| *s != 0).is_some_and(|s| s > 0)
        })
    }
}

/// All sets between `used` and `used` with `free`, by size.
fn subsets(used: &[usize], free: &[usize]) -> Vec<Vec<Vec<usize>>> {
    let mut by_size = vec![vec![]; used.len() + free.len() + 1];
    for bits in 0u32..1 << free.len() {
        let chosen = free.iter().enumerate().filter(|(k, _)| bits >> k & 1 == 1).map(|(_, i)| *i);
        let mut set: Vec<usize> = used.iter().copied().chain(chosen).collect();
        set.sort_unstable();
        by_size[set.len()].push(set);
    }
    by_size
}
