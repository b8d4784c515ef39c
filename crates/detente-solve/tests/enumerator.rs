//! Against a solver that prunes nothing: every support with every belief support.
//!
//! The unpruned enumerator lists cells, each a pattern of positive probabilities and
//! beliefs, with one equilibrium. Each of those must lie in a component, the equilibrium
//! that a component prints must have the pattern of a listed cell, and where all
//! equilibria of a component end in one distribution, both sides have the same ones.

mod differential;

use detente_game::solution::{Concept, Num, Solution};
use detente_game::{Game, NodeKind};
use detente_test::random::Payoffs;
use detente_test::{Cell, Shape, enumerate_two_block};
use differential::{EXACT, Point, Tally, distinct, each_game, ends, near, numbers, seeds, values, with_room};

fn shapes(payoffs: Payoffs) -> Vec<Shape> {
    vec![
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
        Shape::Signalling { types: 3, messages: 2, replies: 2, payoffs },
        Shape::General { players: 2, infosets: 4, menu: 2, payoffs },
        Shape::General { players: 2, infosets: 3, menu: 3, payoffs },
        Shape::PrivateTypes { players: 2, types: 2, actions: 2, payoffs },
        Shape::PerfectInformation { players: 2, decisions: 4, menu: 2, payoffs },
        Shape::TwoSided { moves: 2, payoffs },
        Shape::Table { players: 2, strategies: 3, payoffs },
    ]
}

/// Positions of the positive numbers of each row.
fn pattern(rows: &[Vec<Num>]) -> Vec<Vec<usize>> {
    rows.iter().map(|r| (0..r.len()).filter(|k| r[*k].value > 0.0).collect()).collect()
}

fn compare(tally: &mut Tally, game: &Game, cells: &[Cell], solution: &Solution) {
    for cell in cells {
        let point = Point::exact(&cell.profile, Some(&cell.beliefs));
        tally.inside(game, solution, &point, EXACT, &format!("{cell:?}"));
    }
    for c in &solution.components {
        let (support, believed) = (pattern(&c.profile), pattern(&c.beliefs));
        let listed = cells.iter().any(|cell| cell.support == support && cell.believed == believed);
        tally.expect(listed, || format!("{}: no cell has {support:?} {believed:?}", game.title));
    }
}

/// For almost all payoffs the equilibria end in finitely many distributions (Kreps and
/// Wilson, "Sequential equilibria", 1982), so each component ends in one of them.
fn same_ends(tally: &mut Tally, game: &Game, cells: &[Cell], solution: &Solution) {
    let slow = distinct(cells.iter().map(|c| ends(game, &Point::exact(&c.profile, None).profile)));
    let fast = distinct(solution.components.iter().map(|c| ends(game, &values(&c.profile))));
    let known = fast.iter().all(|f| slow.iter().any(|s| near(f, s, 1e-7)));
    tally.expect(known && fast.len() == slow.len(), || {
        format!("{}: {} ways to end, {} by the enumerator", game.title, fast.len(), slow.len())
    });
}

/// Whether a player gets the same at two ends, as happens even with random decimals.
fn has_ties(game: &Game) -> bool {
    let numbers = numbers(game);
    let players = game.players.len();
    let is_end = |k: &usize| matches!(game.nodes[*k].kind, NodeKind::Terminal(_));
    (0..players).any(|p| {
        let mut paid: Vec<_> =
            (0..game.nodes.len()).filter(is_end).map(|k| &numbers.payoffs[k * players + p]).collect();
        let ends = paid.len();
        paid.sort();
        paid.dedup();
        paid.len() < ends
    })
}

/// Compares both sides on all games with these payoffs; one test each, so that they share threads.
fn agree(payoffs: Payoffs) {
    with_room(move || {
        let mut tally = Tally::default();
        each_game(&shapes(payoffs), seeds(64), |_, game| {
            let cells = enumerate_two_block(game, &numbers(game));
            let Some(solution) = tally.solve(game, Concept::Sequential, true) else { return };
            compare(&mut tally, game, &cells, &solution);
            if payoffs == Payoffs::Decimals && !has_ties(game) {
                same_ends(&mut tally, game, &cells, &solution);
            }
        });
        tally.finish("cells");
    });
}

#[test]
fn cells_and_components_agree() {
    agree(Payoffs::Decimals);
}

#[test]
fn cells_and_components_agree_with_ties() {
    agree(Payoffs::Integers(2));
}
