//! A two-player game as two matrices, and what follows from one mixed strategy.
//!
//! The one idea: both players are treated alike. `payoffs[k][own][other]` is what player `k`
//! gets from its own strategy against the other's, so nothing has to be said twice.

use detente_exact::Q;

/// A bimatrix game: two players who choose once, at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bimatrix {
    /// `payoffs[k][own][other]`: payoff of player `k`.
    payoffs: [Vec<Vec<Q>>; 2],
}

/// A mixed strategy: one probability per strategy.
pub type Mixed = Vec<Q>;

impl Bimatrix {
    /// The game in which the players get `first[i][j]` and `second[i][j]` if they play `i` and `j`.
    ///
    /// `None` unless both are matrices of the same size with at least one row and one column.
    pub fn new(first: Vec<Vec<Q>>, second: &[Vec<Q>]) -> Option<Bimatrix> {
        let (rows, columns) = (first.len(), first.first()?.len());
        let fits = |m: &[Vec<Q>]| m.len() == rows && m.iter().all(|r| r.len() == columns);
        if columns == 0 || !fits(&first) || !fits(second) {
            return None;
        }
        let turned = (0..columns).map(|j| second.iter().map(|r| r[j].clone()).collect()).collect();
        Some(Bimatrix { payoffs: [first, turned] })
    }

    /// Number of strategies of a player.
    pub fn size(&self, player: usize) -> usize {
        self.payoffs[player].len()
    }

    /// What `player` gets from `own` against `other`.
    pub fn payoff(&self, player: usize, own: usize, other: usize) -> &Q {
        &self.payoffs[player][own][other]
    }

    /// `payoffs[own][other]` of a player.
    pub fn payoffs(&self, player: usize) -> &[Vec<Q>] {
        &self.payoffs[player]
    }

    /// What each strategy of `player` gets against a mixed strategy of the other.
    pub fn against(&self, player: usize, other: &[Q]) -> Vec<Q> {
        let value = |row: &Vec<Q>| {
            let terms = row.iter().zip(other).filter(|(_, p)| !p.is_zero());
            terms.map(|(u, p)| u * p).sum()
        };
        self.payoffs[player].iter().map(value).collect()
    }

    /// Which strategies of `player` are best replies to a mixed strategy of the other.
    pub fn best_replies(&self, player: usize, other: &[Q]) -> Vec<bool> {
        let values = self.against(player, other);
        let best = values.iter().max().cloned();
        values.iter().map(|v| Some(v) == best.as_ref()).collect()
    }

    /// Whether two mixed strategies are a Nash equilibrium.
    pub fn is_equilibrium(&self, profile: [&[Q]; 2]) -> bool {
        (0..2).all(|k| {
            let best = self.best_replies(k, profile[1 - k]);
            profile[k].iter().zip(best).all(|(p, best)| best || p.is_zero())
        })
    }

    /// The sum of both payoffs if it is the same in every cell.
    pub fn constant_sum(&self) -> Option<Q> {
        let sum = |i: usize, j: usize| self.payoff(0, i, j) + self.payoff(1, j, i);
        let first = sum(0, 0);
        let cells = (0..self.size(0)).flat_map(|i| (0..self.size(1)).map(move |j| (i, j)));
        cells.into_iter().all(|(i, j)| sum(i, j) == first).then_some(first)
    }

    /// The other player's payoffs `[other][own]` as floats between 1/2 and 3/2, each own
    /// strategy's shifted and scaled by itself. This keeps best replies, and a catastrophe
    /// beside small stakes does not drown them.
    pub(crate) fn replies_as_floats(&self, player: usize) -> Vec<Vec<f64>> {
        let others = &self.payoffs[1 - player];
        let mut table = vec![vec![1.0; self.size(player)]; others.len()];
        for own in 0..self.size(player) {
            let column = || others.iter().map(|row| &row[own]);
            let low = column().min().expect("a game has strategies");
            let high = column().max().expect("a game has strategies");
            let range = high - low;
            if range.is_zero() {
                continue;
            }
            for (line, row) in table.iter_mut().zip(others) {
                line[own] = 0.5 + ((&row[own] - low) / &range).to_f64();
            }
        }
        table
    }
}
