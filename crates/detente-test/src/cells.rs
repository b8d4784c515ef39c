//! All sequential equilibria of a tiny two-player game, by listing every cell.
//!
//! A cell is a support for every information set (actions of positive probability) and a
//! belief support for every information set. It is nonempty if three exact programs have
//! solutions, and with two players nothing else is needed:
//!
//! 1. *Orders*: trembles have integer orders, the members in a belief support have equal
//!    and smallest total order (Kreps and Wilson, "Sequential equilibria", 1982).
//! 2. *Weights of one player* (leading coefficients of its plans) for which the *other*
//!    player's choices are best at each of its sets, given the beliefs they imply.
//! 3. The same with the players exchanged.
//!
//! Nothing is pruned but belief supports without orders.

use crate::simplex::Program;
use detente_exact::Q;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// A nonempty cell with one equilibrium in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// `support[h]`: actions with positive probability, ascending.
    pub support: Vec<Vec<usize>>,
    /// `believed[h]`: positions of the members with positive belief, ascending.
    pub believed: Vec<Vec<usize>>,
    /// Probabilities of one equilibrium in the cell.
    pub profile: Vec<Vec<Q>>,
    /// Its beliefs, by member.
    pub beliefs: Vec<Vec<Q>>,
}

/// Most support profiles that are listed.
const MAX_SUPPORTS: usize = 1 << 14;

/// Lists every nonempty cell, supports first by size as binary numbers.
///
/// # Panics
/// If the game has not exactly two players, or more than 2^14 support profiles.
pub fn enumerate_two_block(game: &Game, numbers: &Numbers) -> Vec<Cell> {
    assert_eq!(game.players.len(), 2, "the weights of two players meet in linear rows");
    let sizes: Vec<usize> = game.infosets.iter().map(|h| (1 << h.actions.len()) - 1).collect();
    let count = sizes.iter().fold(1usize, |n, s| n.saturating_mul(*s));
    assert!(count <= MAX_SUPPORTS, "{count} support profiles are too many to list");
    let chance = chance_weights(game, numbers);
    let mut cells = Vec::new();
    for k in 0..count {
        let mut rest = k;
        let support: Vec<Vec<usize>> = sizes
            .iter()
            .map(|size| {
                let mask = rest % size + 1;
                rest /= size;
                bits(mask)
            })
            .collect();
        let search = Search { game, numbers, chance: &chance, support: &support };
        search.beliefs(&mut Vec::new(), &mut cells);
    }
    cells
}

fn bits(mask: usize) -> Vec<usize> {
    (0..usize::BITS as usize).filter(|b| mask >> b & 1 == 1).collect()
}

/// The product of chance probabilities to every node.
fn chance_weights(game: &Game, numbers: &Numbers) -> Vec<Q> {
    let ones = game.infosets.iter().map(|h| vec![Q::ONE; h.actions.len()]).collect();
    crate::play::weights(game, numbers, &ones, None)
}

struct Search<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    chance: &'a [Q],
    support: &'a [Vec<usize>],
}

impl Search<'_> {
    /// Chooses belief supports set by set as long as orders exist, then tests the cell.
    fn beliefs(&self, believed: &mut Vec<Vec<usize>>, cells: &mut Vec<Cell>) {
        if !self.orders_exist(believed) {
            return;
        }
        let h = believed.len();
        if h == self.game.infosets.len() {
            cells.extend(self.cell(believed));
            return;
        }
        for mask in 1..1usize << self.game.infosets[h].nodes.len() {
            believed.push(bits(mask));
            self.beliefs(believed, cells);
            believed.pop();
        }
    }

    /// The trembles by others on the path to a node.
    fn trembles(&self, node: NodeId, player: usize) -> Vec<(usize, usize)> {
        let moves = crate::play::moves_of_others(self.game, node, player);
        moves.into_iter().filter(|(h, a)| !self.support[*h].contains(a)).collect()
    }

    /// Whether orders of at least 1 make exactly the believed members lowest.
    fn orders_exist(&self, believed: &[Vec<usize>]) -> bool {
        let mut program = Program::default();
        // The order of a tremble is 1 plus its variable.
        let extra: Vec<Vec<usize>> = self
            .game
            .infosets
            .iter()
            .map(|h| h.actions.iter().map(|_| program.variable()).collect())
            .collect();
        let goal = program.variable();
        program.at_most(&[(goal, Q::ONE)], Q::ONE);
        for (set, members) in self.game.infosets.iter().zip(believed) {
            let order = |k: usize| self.trembles(set.nodes[k], set.player.index());
            let lowest = order(members[0]);
            for k in 0..set.nodes.len() {
                let this = order(k);
                // order(this) - order(lowest), its constant part on the right-hand side.
                let mut terms: Vec<_> = this.iter().map(|(h, a)| (extra[*h][*a], Q::ONE)).collect();
                terms.extend(lowest.iter().map(|(h, a)| (extra[*h][*a], Q::from(-1))));
                let constant = Q::from(lowest.len() as i64 - this.len() as i64);
                if members.contains(&k) {
                    program.equal(&terms, constant);
                } else {
                    program.at_least(&terms, constant + Q::ONE);
                }
            }
        }
        program.maximise(goal).is_some()
    }

    fn cell(&self, believed: &[Vec<usize>]) -> Option<Cell> {
        let weights = [self.weights(0, believed)?, self.weights(1, believed)?];
        let game = self.game;
        let mut profile = Vec::new();
        let mut beliefs = Vec::new();
        for (h, set) in game.infosets.iter().enumerate() {
            let own = &weights[set.player.index()];
            let before =
                last_move(game, set.nodes[0], set.player.index()).map_or(Q::ONE, |(g, b)| own[g][b].clone());
            let prob = |a: usize| {
                if self.support[h].contains(&a) { own[h][a].clone() / before.clone() } else { Q::ZERO }
            };
            profile.push((0..set.actions.len()).map(prob).collect());
            let other = 1 - set.player.index();
            let weight = |k: usize| {
                if !believed[h].contains(&k) {
                    return Q::ZERO;
                }
                let node = set.nodes[k];
                let plan = last_move(game, node, other).map_or(Q::ONE, |(g, b)| weights[other][g][b].clone());
                self.chance[node.index()].clone() * plan
            };
            let all: Vec<Q> = (0..set.nodes.len()).map(weight).collect();
            let total: Q = all.iter().sum();
            beliefs.push(all.into_iter().map(|w| w / total.clone()).collect());
        }
        Some(Cell { support: self.support.to_vec(), believed: believed.to_vec(), profile, beliefs })
    }

    /// Positive weights of `player`'s plans under which the other player's choices are best.
    /// `weights[h][a]` is filled for the sets of `player`.
    fn weights(&self, player: usize, believed: &[Vec<usize>]) -> Option<Vec<Vec<Q>>> {
        let game = self.game;
        let mut program = Program::default();
        let least = program.variable();
        let weight: Vec<Vec<usize>> =
            game.infosets.iter().map(|h| h.actions.iter().map(|_| program.variable()).collect()).collect();
        // Values are free: the difference of two variables.
        let value: Vec<(usize, usize)> =
            game.infosets.iter().map(|_| (program.variable(), program.variable())).collect();
        let one = program.variable();
        program.equal(&[(one, Q::ONE)], Q::ONE);
        program.at_most(&[(least, Q::ONE)], Q::ONE);
        for (h, set) in game.infosets.iter().enumerate() {
            if set.player.index() == player {
                for variable in &weight[h] {
                    program.at_least(&[(*variable, Q::ONE), (least, Q::from(-1))], Q::ZERO);
                    program.at_most(&[(*variable, Q::ONE)], Q::ONE);
                }
                let mut flow: Vec<_> = self.support[h].iter().map(|a| (weight[h][*a], Q::ONE)).collect();
                let before = last_move(game, set.nodes[0], player).map_or(one, |(g, b)| weight[g][b]);
                flow.push((before, Q::from(-1)));
                program.equal(&flow, Q::ZERO);
                continue;
            }
            for a in 0..set.actions.len() {
                let mut row = vec![(value[h].0, Q::ONE), (value[h].1, Q::from(-1))];
                let starts = believed[h].iter().map(|k| game.children(set.nodes[*k])[a]);
                let (ends, next) = self.live_ends(starts.collect(), player);
                for end in ends {
                    let plan = last_move(game, end, player).map_or(one, |(g, b)| weight[g][b]);
                    let pay = self.numbers.payoff(game, end, 1 - player).clone();
                    row.push((plan, -(self.chance[end.index()].clone() * pay)));
                }
                for g in next {
                    row.push((value[g].0, Q::from(-1)));
                    row.push((value[g].1, Q::ONE));
                }
                if self.support[h].contains(&a) {
                    program.equal(&row, Q::ZERO)
                } else {
                    program.at_least(&row, Q::ZERO)
                }
            }
        }
        let (best, point) = program.maximise(least)?;
        let read = |row: &Vec<usize>| row.iter().map(|v| point[*v].clone()).collect();
        best.is_positive().then(|| weight.iter().map(read).collect())
    }

    /// The ends of play, and the next sets of the player other than `mover`, that live
    /// paths lead to: `mover` trembles no more, the other does not move in between.
    fn live_ends(&self, starts: Vec<NodeId>, mover: usize) -> (Vec<NodeId>, Vec<usize>) {
        let (mut ends, mut next, mut stack) = (Vec::new(), Vec::new(), starts);
        while let Some(node) = stack.pop() {
            let children = self.game.children(node);
            match self.game.nodes[node.index()].kind {
                NodeKind::Terminal(_) => ends.push(node),
                NodeKind::Chance(_) => stack.extend(children),
                NodeKind::Decision(h) if self.game.infosets[h.index()].player.index() == mover => {
                    stack.extend(self.support[h.index()].iter().map(|a| children[*a]));
                }
                NodeKind::Decision(h) if !next.contains(&h.index()) => next.push(h.index()),
                NodeKind::Decision(_) => {}
            }
        }
        (ends, next)
    }
}

/// A player's last move on the path to a node.
fn last_move(game: &Game, node: NodeId, player: usize) -> Option<(usize, usize)> {
    let mut at = node;
    while let Some((parent, position)) = game.nodes[at.index()].parent {
        if let NodeKind::Decision(h) = game.nodes[parent.index()].kind
            && game.infosets[h.index()].player.index() == player
        {
            return Some((h.index(), position as usize));
        }
        at = parent;
    }
    None
}
