//! One equilibrium by complementary pivoting: Lemke and Howson, "Equilibrium points of bimatrix
//! games", 1964.
//!
//! The one idea: drop one label and follow the only path; it ends at an equilibrium. Ties are broken
//! by the lexicographic rule (Charnes 1952), so the path never turns back, and all is whole numbers.

use crate::game::{Bimatrix, Mixed};
use detente_exact::Q;
use detente_exact::integer::{Entry, Integers};
use std::cmp::Ordering;

/// One player's polytope: own strategies, and a slack for each strategy of the other player.
struct Side {
    table: Integers,
    /// Label of the variable of each row and of each column. Labels are strategies of both players.
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    /// First label of the slacks, in the order of the rows at the start.
    slacks: usize,
    rows: usize,
}

/// The equilibrium at the end of the path that drops `label`: strategies of the first player are
/// counted first, then those of the second. `None` if there is no such strategy.
///
/// In a degenerate game it is an equilibrium that the lexicographic rule picks, and a corner.
pub fn lemke_howson(game: &Bimatrix, label: usize) -> Option<[Mixed; 2]> {
    let count = game.size(0) + game.size(1);
    if label >= count {
        return None;
    }
    let mut sides = [side(game, 0), side(game, 1)];
    // The label is nonbasic where it is the own strategy.
    let mut at = usize::from(label >= game.size(0));
    let mut entering = label;
    loop {
        let leaving = sides[at].enter(entering);
        if leaving == label {
            break;
        }
        entering = leaving;
        at = 1 - at;
    }
    let pair = [0, 1].map(|player| sides[player].strategy(game, player));
    debug_assert!(game.is_equilibrium([&pair[0], &pair[1]]));
    Some(pair)
}

/// The equilibria at the ends of the paths that drop each label, without repeats, in the order of
/// the first label that leads there.
pub fn accessible(game: &Bimatrix) -> Vec<[Mixed; 2]> {
    let mut found: Vec<[Mixed; 2]> = Vec::new();
    for label in 0..game.size(0) + game.size(1) {
        if let Some(pair) = lemke_howson(game, label)
            && !found.contains(&pair)
        {
            found.push(pair);
        }
    }
    found
}

fn side(game: &Bimatrix, player: usize) -> Side {
    let (own, rows) = (game.size(player), game.size(1 - player));
    let others = game.payoffs(1 - player);
    let low = others.iter().flatten().min().expect("a game has strategies").clone();
    // All payoffs at least 1: the polytope is bounded and best replies are kept.
    let shift = Q::ONE - low;
    let table: Vec<Vec<Q>> =
        others.iter().map(|row| row.iter().map(|u| u + &shift).chain([Q::ONE]).collect()).collect();
    let first = |player: usize| if player == 0 { 0 } else { game.size(0) };
    let labels = |start: usize, count: usize| (start..start + count).collect::<Vec<usize>>();
    Side {
        table: Integers::new(&table),
        basic: labels(first(1 - player), rows),
        nonbasic: labels(first(player), own),
        slacks: first(1 - player),
        rows,
    }
}

impl Side {
    /// Lets a nonbasic variable rise; returns the label of the one that falls to 0.
    fn enter(&mut self, label: usize) -> usize {
        let column =
            self.nonbasic.iter().position(|l| *l == label).expect("a dropped label is nonbasic on one side");
        let rows: Vec<usize> = (0..self.rows).filter(|r| self.table.sign(*r, column) > 0).collect();
        let row = rows
            .into_iter()
            .min_by(|a, b| self.compare(*a, *b, column))
            .expect("the polytope is bounded, so some row limits the variable");
        self.table.pivot(row, column);
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.nonbasic[column]
    }

    /// The lexicographic order of two rows' ratios to a column.
    fn compare(&self, one: usize, other: usize, column: usize) -> Ordering {
        let right = self.table.columns();
        let (below, above) = ((one, column), (other, column));
        let mut order = self.table.compare((Entry::At(one, right), below), (Entry::At(other, right), above));
        let mut slack = 0;
        while order == Ordering::Equal && slack < self.rows && one != other {
            let label = self.slacks + slack;
            let entry = |row: usize| match self.nonbasic.iter().position(|l| *l == label) {
                Some(column) => Entry::At(row, column),
                None if self.basic[row] == label => Entry::Denominator,
                None => Entry::Zero,
            };
            order = self.table.compare((entry(one), below), (entry(other), above));
            slack += 1;
        }
        order
    }

    /// The corner as a mixed strategy.
    fn strategy(&self, game: &Bimatrix, player: usize) -> Mixed {
        let first = if player == 0 { 0 } else { game.size(0) };
        let mut weights = vec![Q::ZERO; game.size(player)];
        for (row, label) in self.basic.iter().enumerate() {
            if let Some(weight) = label.checked_sub(first).and_then(|own| weights.get_mut(own)) {
                *weight = self.table.ratio(row, self.table.columns());
            }
        }
        let total: Q = weights.iter().cloned().sum();
        weights.iter().map(|w| w / &total).collect()
    }
}
