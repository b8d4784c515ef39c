//! Rationalizable plans and dominance among equilibria: textbook tables, and what holds in every game.

use detente_correlate::Plans;
use detente_exact::Q;
use detente_game::Game;
use detente_game::reason::{Rationalizable, Selection};
use detente_refine::{rationalizable, selection};
use detente_test::builder::numbered;
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};

/// A table of two players: payoffs row by row.
fn table(rows: usize, columns: usize, pays: &[(i64, i64)]) -> Game {
    let mut tree = TreeBuilder::new("table", &["Row", "Column"]);
    let (r, c) = (numbered("r", rows), numbered("c", columns));
    let (row, column) = (tree.decision_event(0, "row", &r), tree.decision_event(1, "column", &c));
    let (row, column) = (tree.infoset(row, "row"), tree.infoset(column, "column"));
    let root = tree.decision(None, row);
    for i in 0..rows {
        let below = tree.decision(Some((root, i as u32)), column);
        for j in 0..columns {
            let (a, b) = pays[i * columns + j];
            tree.end(Some((below, j as u32)), None, &[Q::from(a), Q::from(b)]);
        }
    }
    tree.finish()
}

fn left(game: &Game) -> Rationalizable {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let plans = Plans::new(game, &numbers).expect("small");
    let found = rationalizable(&plans, &|_| true).expect("not stopped");
    detente_verify::verify_rationalizable(game, &numbers, &found).expect("the referee agrees");
    let mut other = found.clone();
    other.left.pop();
    assert!(detente_verify::verify_rationalizable(game, &numbers, &other).is_err());
    found
}

fn compared(game: &Game) -> Selection {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let found = selection(&Plans::new(game, &numbers).expect("small"));
    detente_verify::verify_selection(game, &numbers, &found).expect("the referee agrees");
    found
}

/// Bernheim 1984, figure 1 in spirit: a row that only a mixture beats takes a column with it.
#[test]
fn a_mixture_beats_what_no_plan_beats() {
    let game = table(3, 2, &[(4, 1), (0, 2), (0, 2), (4, 1), (1, 9), (1, 0)]);
    let found = left(&game);
    assert_eq!(found.rounds.len(), 1);
    let beaten = &found.rounds[0][0];
    assert_eq!(beaten.plan[0], Some(2));
    assert_eq!(beaten.mixture.len(), 2);
    assert_eq!(found.left.len(), 4);
}

#[test]
fn the_prisoners_have_one_plan_each() {
    let found = left(&table(2, 2, &[(2, 2), (0, 3), (3, 0), (1, 1)]));
    assert_eq!(found.left.len(), 2);
    assert!(found.left.iter().all(|best| best.plan.contains(&Some(1))));
}

/// Stag hunt: hunting stag pays more for both, hare is safer (Harsanyi and Selten 1988).
#[test]
fn the_stag_pays_more_and_the_hare_risks_less() {
    let found = compared(&table(2, 2, &[(9, 9), (0, 8), (8, 0), (7, 7)]));
    assert_eq!(found.equilibria.len(), 2);
    assert!(found.equilibria.iter().all(|e| e.strict));
    let stag = found.equilibria.iter().position(|e| e.payoffs[0] == Q::from(9)).expect("stag") as u32;
    assert_eq!(found.payoff, vec![(stag, 1 - stag)]);
    // Leaving stag alone costs 1 each, leaving hare alone 7 each.
    let risk = &found.risk[0];
    let (of_stag, of_hare) = match risk.pair.0 == stag {
        true => (&risk.products.0, &risk.products.1),
        false => (&risk.products.1, &risk.products.0),
    };
    assert_eq!((of_stag, of_hare), (&Q::from(1), &Q::from(49)));
}

/// Osborne and Rubinstein, "A Course in Game Theory", 1994, figure 58.1: three players with the same interest. The table
/// M2 is best if the others play (U, L) or (D, R), a half each, and against no independent beliefs: it needs
/// p q = (1 - p)(1 - q), so q = 1 - p, and then brings at most 2 where M4 brings 3.
#[test]
fn some_plans_need_correlated_beliefs() {
    let text = r#"NFG 1 R "Four tables" { "One" "Two" "Three" }
{ { "U" "D" } { "L" "R" } { "M1" "M2" "M3" "M4" } }
""
8 8 8  0 0 0  0 0 0  0 0 0
4 4 4  0 0 0  0 0 0  4 4 4
0 0 0  0 0 0  0 0 0  8 8 8
3 3 3  3 3 3  3 3 3  3 3 3
"#;
    let game = detente_game::formats::nfg::read(text).expect("a valid table");
    let found = left(&game);
    assert_eq!((found.left.len(), found.independent.len()), (8, 7));
    let third = |list: &[detente_game::reason::Best]| -> Vec<Option<u32>> {
        list.iter().filter(|b| b.player.index() == 2).map(|b| b.plan[2]).collect()
    };
    assert_eq!(third(&found.independent), vec![Some(0), Some(2), Some(3)]);
    let numbers = game.numbers(&[]).expect("constants");
    let mut other = found.clone();
    let needy = found.left.iter().find(|b| b.player.index() == 2 && b.plan[2] == Some(1)).expect("M2");
    other.independent.push(needy.clone());
    assert!(detente_verify::verify_rationalizable(&game, &numbers, &other).is_err());
}

/// Every plan of an equilibrium without mixing is rationalizable, whatever the game.
#[test]
fn equilibria_are_rationalizable() {
    for seed in 0..12 {
        for shape in [
            Shape::Table { players: 3, strategies: 3, payoffs: Payoffs::Integers(5) },
            Shape::General { players: 2, infosets: 4, menu: 2, payoffs: Payoffs::Integers(4) },
        ] {
            let game = random_game(seed, shape);
            let left = left(&game);
            for point in compared(&game).equilibria {
                for p in 0..game.players.len() {
                    let own: Vec<Option<u32>> = point
                        .plan
                        .iter()
                        .enumerate()
                        .map(|(h, a)| a.filter(|_| game.infosets[h].player.index() == p))
                        .collect();
                    assert!(left.left.iter().any(|best| best.plan == own), "{}", game.title);
                    let independent = left.independent.iter().any(|best| best.plan == own);
                    assert_eq!(independent, game.players.len() > 2, "{}", game.title);
                }
            }
        }
    }
}
