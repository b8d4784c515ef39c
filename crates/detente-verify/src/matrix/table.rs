//! A game in which two players choose once, as two tables, read off its tree.

use detente_exact::Q;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// The payoffs of both players, and whole numbers in proportion to their differences.
pub(crate) struct Table {
    /// The information set of each player.
    pub sets: [usize; 2],
    /// `payoffs[p][own][other]`.
    pub payoffs: [Vec<Vec<Q>>; 2],
    /// `stakes[p][own][other]`: what the other player gets there, less the lowest it gets against
    /// `own`, times a positive number of that `own`; `None` where that is too long.
    pub stakes: [Vec<Option<Vec<i128>>>; 2],
    /// Probabilities of outcome keys in the cell `first * columns + second`; they sum to 1.
    pub outcomes: Vec<Vec<(usize, Q)>>,
}

/// Whole numbers up to this size can be multiplied by 64-bit weights and summed.
const LARGEST: i128 = 1 << 50;

impl Table {
    /// Reads the tables.
    ///
    /// # Errors
    /// The game is not of this kind.
    pub(crate) fn new(game: &Game, numbers: &Numbers) -> Result<Table, String> {
        let wrong = || "a proof for strategic games is about a game that is none".to_string();
        let [one, two] = &game.infosets[..] else { return Err(wrong()) };
        let NodeKind::Decision(root) = game.nodes[0].kind else { return Err(wrong()) };
        if game.players.len() != 2 || one.player == two.player || root.index() > 1 {
            return Err(wrong());
        }
        let (leads, follows) = (root.index(), 1 - root.index());
        let set = |player: usize| usize::from(game.infosets[0].player.index() != player);
        let sets = [set(0), set(1)];
        let size = |player: usize| game.infosets[sets[player]].actions.len();
        let mut payoffs = [vec![vec![Q::ZERO; size(1)]; size(0)], vec![vec![Q::ZERO; size(0)]; size(1)]];
        let mut outcomes = vec![vec![]; size(0) * size(1)];
        let middle = game.children(NodeId(0));
        if game.infosets[leads].nodes != [NodeId(0)] || game.infosets[follows].nodes != middle {
            return Err(wrong());
        }
        for (a, node) in middle.iter().enumerate() {
            let ends = game.children(*node);
            if ends.len() != game.infosets[follows].actions.len() {
                return Err(wrong());
            }
            for (b, end) in ends.iter().enumerate() {
                let (i, j) = if sets[0] == leads { (a, b) } else { (b, a) };
                let cell = &mut outcomes[i * size(1) + j];
                expect(game, numbers, *end, &Q::ONE, &mut |node, chance| {
                    payoffs[0][i][j] += chance * numbers.payoff(game, node, 0);
                    payoffs[1][j][i] += chance * numbers.payoff(game, node, 1);
                    cell.push((game.outcome_key(node)?, chance.clone()));
                    Some(())
                })
                .ok_or_else(wrong)?;
            }
        }
        if size(0) == 0 || size(1) == 0 {
            return Err(wrong());
        }
        let stakes = [0, 1].map(|p: usize| {
            let others = &payoffs[1 - p];
            (0..payoffs[p].len()).map(|i| stakes(others.iter().map(|row| &row[i]).collect())).collect()
        });
        Ok(Table { sets, payoffs, stakes, outcomes })
    }

    /// Number of strategies of a player.
    pub(crate) fn size(&self, player: usize) -> usize {
        self.payoffs[player].len()
    }

    /// Which strategies of `player` are best replies to a mixed strategy of the other.
    pub(crate) fn replies(&self, player: usize, other: &[Q]) -> Vec<bool> {
        let value = |row: &Vec<Q>| -> Q {
            row.iter().zip(other).filter(|(_, p)| !p.is_zero()).map(|(u, p)| u * p).sum()
        };
        let values: Vec<Q> = self.payoffs[player].iter().map(value).collect();
        let best = values.iter().max();
        values.iter().map(|v| Some(v) == best).collect()
    }

    /// The sign of the sum of weight times the other player's payoff against `own`; the weights sum
    /// to 0.
    pub(crate) fn sign(&self, player: usize, own: usize, weights: &[i64]) -> i32 {
        if let Some(stakes) = &self.stakes[player][own] {
            let sum = stakes.iter().zip(weights).map(|(s, w)| s * i128::from(*w)).sum::<i128>();
            return sum.signum() as i32;
        }
        let others = &self.payoffs[1 - player];
        let sum: Q = others.iter().zip(weights).map(|(row, w)| &row[own] * &Q::from(*w)).sum();
        sum.signum()
    }

    /// Whether the payoffs sum to the same number in every cell.
    pub(crate) fn is_constant_sum(&self) -> bool {
        let sum = |i: usize, j: usize| &self.payoffs[0][i][j] + &self.payoffs[1][j][i];
        let all = sum(0, 0);
        (0..self.size(0)).all(|i| (0..self.size(1)).all(|j| sum(i, j) == all))
    }
}

/// Visits every end below a node with its probability. `None` if somebody decides there, or the visitor says so.
fn expect(
    game: &Game,
    numbers: &Numbers,
    node: NodeId,
    reach: &Q,
    visit: &mut dyn FnMut(NodeId, &Q) -> Option<()>,
) -> Option<()> {
    match game.nodes[node.index()].kind {
        NodeKind::Terminal(_) => visit(node, reach),
        NodeKind::Decision(_) => None,
        NodeKind::Chance(c) => {
            let children = game.children(node);
            (0..children.len()).try_for_each(|k| {
                expect(game, numbers, children[k], &(reach * &numbers.chance[c.index()][k]), visit)
            })
        }
    }
}

/// Differences from the lowest number, scaled to whole numbers, unless they are long.
fn stakes(list: Vec<&Q>) -> Option<Vec<i128>> {
    let low = list.iter().min()?;
    let differences: Vec<Q> = list.iter().map(|q| *q - *low).collect();
    let mut common = Q::ONE;
    for q in &differences {
        common *= (&common * q).denominator();
    }
    let whole = |q: &Q| (q * &common).to_i64().map(i128::from).filter(|x| *x <= LARGEST);
    differences.iter().map(whole).collect()
}
